// SPDX-License-Identifier: MIT
//
// buffer: the memories of a buffer, their bytes, and copies. Metas are in buffer_meta.c.
//
// A memory in a buffer is held exclusively (one share of its lock) and has the buffer as
// parent. That makes two things true: a memory is writable only if its buffer is, and a memory
// in two buffers cannot be mapped for writing: gm_memory_make_mapped then copies it.
// Read next: core/buffer_meta.c, core/buffer_pool.c.
#define GM_CAT_DEFAULT buffer_debug
#include "core/buffer_priv.h"

#include <stdlib.h>
#include <string.h>

#include "core/buffer_pool.h"
#include "core/log.h"
#include "core/util.h"

GM_DEBUG_CATEGORY_DEFINE(buffer_debug, "buffer", 0, "buffers");

// ---- making ------------------------------------------------------------------------------

static GmMiniObject *buffer_copy_with(const GmMiniObject *obj, unsigned flags)
{
    GmBuffer *copy = gm_buffer_new();
    if (!gm_buffer_copy_into(copy, GM_BUFFER(obj), flags, 0, SIZE_MAX)) {
        gm_buffer_unref(copy);
        return NULL;
    }
    GM_BUFFER_FLAG_UNSET(copy, GM_BUFFER_FLAG_TAG_MEMORY);
    return &copy->mini_object;
}

static GmMiniObject *buffer_copy(const GmMiniObject *obj)
{
    return buffer_copy_with(obj, GM_BUFFER_COPY_ALL);
}

static bool buffer_dispose(GmMiniObject *obj)
{
    GmBufferPool *pool = GM_BUFFER(obj)->pool;
    if (pool == NULL)
        return true;
    gm_buffer_ref(obj);
    gm_buffer_pool_release_buffer(pool, GM_BUFFER(obj));
    return false;
}

static void buffer_free(GmMiniObject *obj)
{
    GmBuffer *b = GM_BUFFER(obj);
    gm_buffer_free_metas(b);
    for (unsigned i = 0; i < b->n_mem; i++)
        gm_mini_object_disown(&b->mem[i]->mini_object, &b->mini_object);
    free(b);
}

GmBuffer *gm_buffer_new(void)
{
    GmBuffer *b = gm_malloc(sizeof *b);
    gm_mini_object_init(&b->mini_object, 0, GM_TYPE_BUFFER, buffer_copy, buffer_dispose,
                        buffer_free);
    b->pool = NULL;
    b->pts = b->dts = b->duration = GM_CLOCK_TIME_NONE;
    b->offset = b->offset_end = GM_BUFFER_OFFSET_NONE;
    b->metas = NULL;
    b->metas_tail = &b->metas;
    b->n_mem = 0;
    return b;
}

// A buffer of one new memory (taken; nobody else has it).
static GmBuffer *buffer_new_with(GmMemory *mem)
{
    if (mem == NULL)
        return NULL;
    GmBuffer *b = gm_buffer_new();
    if (gm_mini_object_adopt(&mem->mini_object, &b->mini_object))
        b->mem[b->n_mem++] = mem;
    return b;
}

GmBuffer *gm_buffer_new_allocate(GmAllocator *allocator, size_t size, GmAllocationParams *params)
{
    return size ? buffer_new_with(gm_allocator_alloc(allocator, size, params)) : gm_buffer_new();
}

GmBuffer *gm_buffer_new_wrapped_full(GmMemoryFlags flags, void *data, size_t maxsize,
                                     size_t offset, size_t size, void *user_data,
                                     GmDestroyNotify notify)
{
    return buffer_new_with(
        gm_memory_new_wrapped(flags, data, maxsize, offset, size, user_data, notify));
}

GmBuffer *gm_buffer_new_wrapped(void *data, size_t size)
{
    return gm_buffer_new_wrapped_full(0, data, size, 0, size, data, free);
}

GmBuffer *gm_buffer_new_memdup(const void *data, size_t size)
{
    GmBuffer *b = gm_buffer_new_allocate(NULL, size, NULL);
    if (b)
        gm_buffer_fill(b, 0, data, size);
    return b;
}

// ---- memories ----------------------------------------------------------------------------

// Turns a length of -1 into a number. False: the range is not inside the buffer.
static bool buffer_range(const GmBuffer *b, unsigned idx, int *length)
{
    if (*length == -1 && idx <= b->n_mem && (idx < b->n_mem || idx == 0))
        *length = (int)(b->n_mem - idx);
    else if (*length <= 0)
        return false;
    return idx + (unsigned)*length <= b->n_mem;
}

// Puts mem (taken and locked; may be NULL) in the place of `length` memories.
static void buffer_replace(GmBuffer *b, unsigned idx, unsigned length, GmMemory *mem)
{
    GmMemory *old[GM_BUFFER_MEM_MAX];
    unsigned  n = mem != NULL;
    memcpy(old, b->mem + idx, length * sizeof *old);
    memmove(b->mem + idx + n, b->mem + idx + length, (b->n_mem - idx - length) * sizeof *b->mem);
    b->n_mem += n - length;
    if (mem) {
        gm_mini_object_add_parent(&mem->mini_object, &b->mini_object);
        b->mem[idx] = mem;
    }
    for (unsigned i = 0; i < length; i++)
        gm_mini_object_disown(&old[i]->mini_object, &b->mini_object);
    GM_BUFFER_FLAG_SET(b, GM_BUFFER_FLAG_TAG_MEMORY);
}

// Takes mem, gives it or a copy, locked for a buffer. NULL: somebody maps it for writing and
// it cannot be copied.
static GmMemory *buffer_own(GmMemory *mem)
{
    if (gm_memory_lock(mem, GM_LOCK_FLAG_EXCLUSIVE))
        return mem;
    GmMemory *copy = gm_memory_copy(mem, 0, -1);
    gm_memory_unref(mem);
    if (copy)
        gm_memory_lock(copy, GM_LOCK_FLAG_EXCLUSIVE);
    else
        GM_WARNING("a memory that is mapped for writing cannot be put into a buffer");
    return copy;
}

enum buffer_op { BUFFER_FILL, BUFFER_EXTRACT, BUFFER_COMPARE, BUFFER_SET };

// Does `op` between the bytes from `offset` on and `bytes`, memory by memory. Returns how many
// bytes; for BUFFER_COMPARE it stops at a difference and sets *arg.
static size_t buffer_each(GmBuffer *b, enum buffer_op op, size_t offset, uint8_t *bytes,
                          size_t size, int *arg)
{
    size_t left = size;
    bool   writes = op == BUFFER_FILL || op == BUFFER_SET;
    for (unsigned i = 0; i < b->n_mem && left > 0; i++) {
        size_t n = b->mem[i]->size - offset;
        if (offset >= b->mem[i]->size) {
            offset -= b->mem[i]->size;
            continue;
        }
        GmMapInfo info;
        GmMemory *old = b->mem[i];
        GmMemory *mem = gm_memory_make_mapped(gm_memory_ref(old), &info,
                                              writes ? GM_MAP_WRITE : GM_MAP_READ);
        if (mem == NULL)
            break;
        n = n < left ? n : left;
        uint8_t *data = info.data + offset;
        if (op == BUFFER_FILL)
            memcpy(data, bytes, n);
        else if (op == BUFFER_EXTRACT)
            memcpy(bytes, data, n);
        else if (op == BUFFER_SET)
            memset(data, *arg, n);
        else
            *arg = memcmp(data, bytes, n);
        gm_memory_unmap(mem, &info);
        if (mem != old && writes)
            buffer_replace(b, i, 1, buffer_own(mem));
        else
            gm_memory_unref(mem);
        left -= n;
        offset = 0;
        if (bytes)
            bytes += n;
        if (op == BUFFER_COMPARE && *arg != 0)
            break;
    }
    return size - left;
}

// Gives one memory with the bytes of a range. NULL: empty range, or it could not be made.
static GmMemory *buffer_merge(GmBuffer *b, unsigned idx, unsigned length)
{
    GmMemory **part = b->mem + idx;
    size_t before = 0, offset = 0, size = 0;
    bool   span = true;
    if (length < 2)
        return length ? gm_memory_ref(*part) : NULL;
    for (unsigned i = 0; i < idx; i++)
        before += b->mem[i]->size;
    for (unsigned i = 0; i < length; size += part[i++]->size)
        if (i > 0 && span)
            span = gm_memory_is_span(part[i - 1], part[i], i == 1 ? &offset : NULL);
    // Neighbours in one memory: show that piece of it instead of copying.
    if (span) {
        GmMemory *whole = (*part)->parent, *shared = NULL;
        if (!GM_MEMORY_IS_NO_SHARE(whole))
            shared = gm_memory_share(whole, (ssize_t)offset, (ssize_t)size);
        return shared ? shared : gm_memory_copy(whole, (ssize_t)offset, (ssize_t)size);
    }
    GmMapInfo to;
    GmMemory *merged = gm_allocator_alloc(NULL, size, NULL);
    bool ok = merged != NULL && gm_memory_map(merged, &to, GM_MAP_WRITE);
    if (ok) {
        ok = buffer_each(b, BUFFER_EXTRACT, before, to.data, size, NULL) == size;
        gm_memory_unmap(merged, &to);
    }
    if (merged != NULL && !ok)
        gm_clear_mini_object((GmMiniObject **)&merged);
    return merged;
}

// Adds mem, taken and locked. More than the maximum are merged into one first.
static bool buffer_add(GmBuffer *b, unsigned idx, GmMemory *mem)
{
    if (b->n_mem == GM_BUFFER_MEM_MAX) {
        GmMemory *all = buffer_merge(b, 0, b->n_mem);
        if (all == NULL) {
            gm_memory_unlock(mem, GM_LOCK_FLAG_EXCLUSIVE);
            gm_memory_unref(mem);
            return false;
        }
        gm_memory_lock(all, GM_LOCK_FLAG_EXCLUSIVE);
        buffer_replace(b, 0, b->n_mem, all);
        idx = idx ? 1 : 0;
    }
    buffer_replace(b, idx < b->n_mem ? idx : b->n_mem, 0, mem);
    return true;
}

unsigned gm_buffer_get_max_memory(void)
{
    return GM_BUFFER_MEM_MAX;
}

unsigned gm_buffer_n_memory(GmBuffer *buffer)
{
    return GM_REQUIRE(GM_IS_BUFFER(buffer)) ? buffer->n_mem : 0;
}

bool gm_buffer_has_flags(GmBuffer *buffer, unsigned flags)
{
    return GM_REQUIRE(buffer != NULL) && (GM_BUFFER_FLAGS(buffer) & flags) == flags;
}

bool gm_buffer_set_flags(GmBuffer *buffer, unsigned flags)
{
    if (!GM_REQUIRE(buffer != NULL)) return false;
    GM_MINI_OBJECT_FLAG_SET(buffer, flags);
    return true;
}

bool gm_buffer_unset_flags(GmBuffer *buffer, unsigned flags)
{
    if (!GM_REQUIRE(buffer != NULL)) return false;
    GM_MINI_OBJECT_FLAG_UNSET(buffer, flags);
    return true;
}

void gm_buffer_insert_memory(GmBuffer *buffer, int idx, GmMemory *mem)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && gm_buffer_is_writable(buffer) && mem != NULL)) return;
    if (!GM_REQUIRE(idx == -1 || (idx >= 0 && (unsigned)idx <= buffer->n_mem))) return;
    GmMemory *own = buffer_own(mem);
    if (own)
        buffer_add(buffer, idx < 0 ? buffer->n_mem : (unsigned)idx, own);
}

void gm_buffer_replace_memory_range(GmBuffer *buffer, unsigned idx, int length, GmMemory *mem)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && gm_buffer_is_writable(buffer))) return;
    if (!GM_REQUIRE(buffer_range(buffer, idx, &length))) return;
    buffer_replace(buffer, idx, (unsigned)length, mem ? buffer_own(mem) : NULL);
}

void gm_buffer_remove_memory_range(GmBuffer *buffer, unsigned idx, int length)
{
    gm_buffer_replace_memory_range(buffer, idx, length, NULL);
}

void gm_buffer_remove_all_memory(GmBuffer *buffer)
{
    if (gm_buffer_n_memory(buffer) > 0)
        gm_buffer_remove_memory_range(buffer, 0, -1);
}

GmMemory *gm_buffer_peek_memory(GmBuffer *buffer, unsigned idx)
{
    return GM_REQUIRE(GM_IS_BUFFER(buffer) && idx < buffer->n_mem) ? buffer->mem[idx] : NULL;
}

GmMemory *gm_buffer_get_memory_range(GmBuffer *buffer, unsigned idx, int length)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && buffer_range(buffer, idx, &length))) return NULL;
    return buffer_merge(buffer, idx, (unsigned)length);
}

bool gm_buffer_find_memory(GmBuffer *buffer, size_t offset, size_t size, unsigned *idx,
                           unsigned *length, size_t *skip)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && idx && length && skip)) return false;
    unsigned i = 0;
    for (; i < buffer->n_mem && buffer->mem[i]->size <= offset; i++)
        offset -= buffer->mem[i]->size;
    *idx = i;
    *skip = offset;
    *length = buffer->n_mem - i;
    if (size == SIZE_MAX)
        return i < buffer->n_mem;
    for (size_t found = 0; i < buffer->n_mem; i++) {
        found += buffer->mem[i]->size;
        *length = i - *idx + 1;
        if (found - *skip >= size)
            return true;
    }
    return false;
}

bool gm_buffer_is_memory_range_writable(GmBuffer *buffer, unsigned idx, int length)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && buffer_range(buffer, idx, &length))) return false;
    for (unsigned i = idx; i < idx + (unsigned)length; i++)
        if (!gm_memory_is_writable(buffer->mem[i]))
            return false;
    return true;
}

size_t gm_buffer_get_sizes_range(GmBuffer *buffer, unsigned idx, int length, size_t *offset,
                                 size_t *maxsize)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && buffer_range(buffer, idx, &length))) return 0;
    // `room`: what lies free before the first and behind the last byte seen so far.
    size_t size = 0, offs = 0, room = 0;
    for (unsigned i = idx; i < idx + (unsigned)length; i++) {
        const GmMemory *m = buffer->mem[i];
        if (size == 0 && (m->size > 0 || length == 1))
            offs = room + m->offset;
        size += m->size;
        room = m->size > 0 || length == 1 ? m->maxsize - m->offset - m->size : room + m->maxsize;
    }
    if (offset)
        *offset = offs;
    if (maxsize)
        *maxsize = offs + size + room;
    return size;
}

size_t gm_buffer_get_size(GmBuffer *buffer)
{
    size_t size = 0;
    for (unsigned i = 0; i < gm_buffer_n_memory(buffer); i++)
        size += buffer->mem[i]->size;
    return size;
}

bool gm_buffer_resize_range(GmBuffer *buffer, unsigned idx, int length, ssize_t offset,
                            ssize_t size)
{
    size_t before = 0, room = 0;
    int    asked = length;
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && gm_buffer_is_writable(buffer))) return false;
    if (!GM_REQUIRE(size >= -1 && buffer_range(buffer, idx, &length))) return false;
    ssize_t now = (ssize_t)gm_buffer_get_sizes_range(buffer, idx, asked, &before, &room);
    ssize_t end = (ssize_t)before + offset;
    if (!GM_REQUIRE(end >= 0 && end <= (ssize_t)room)) return false;
    if (!GM_REQUIRE(size != -1 || now >= offset)) return false;
    size = size == -1 ? now - offset : size;
    if (!GM_REQUIRE(end + size <= (ssize_t)room)) return false;
    if (offset == 0 && size == now)
        return true;
    for (unsigned i = idx; i < idx + (unsigned)length; i++) {
        GmMemory *mem = buffer->mem[i];
        ssize_t old = (ssize_t)mem->size, skip = offset, keep;
        bool last = i + 1 == idx + (unsigned)length, all = !last && old <= offset;
        keep = last ? size : all ? 0 : old - offset < size ? old - offset : size;
        skip = all ? 0 : offset;
        offset = all ? offset - old : 0;
        size -= keep;
        if (skip == 0 && keep == old)
            continue;
        if (gm_memory_is_writable(mem)) {
            gm_memory_resize(mem, skip, (size_t)keep);
            continue;
        }
        GmMemory *part = GM_MEMORY_IS_NO_SHARE(mem) ? NULL : gm_memory_share(mem, skip, keep);
        if (part == NULL)
            part = gm_memory_copy(mem, skip, keep);
        if (part == NULL)
            return false;
        gm_memory_lock(part, GM_LOCK_FLAG_EXCLUSIVE);
        buffer_replace(buffer, i, 1, part);
    }
    return true;
}

// ---- bytes -------------------------------------------------------------------------------

bool gm_buffer_map_range(GmBuffer *buffer, unsigned idx, int length, GmMapInfo *info,
                         GmMapFlags flags)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && info != NULL)) return false;
    *info = (GmMapInfo)GM_MAP_INFO_INIT;
    if (!GM_REQUIRE(buffer_range(buffer, idx, &length))) return false;
    bool writable = gm_buffer_is_writable(buffer);
    if (!GM_REQUIRE(writable || !(flags & GM_MAP_WRITE))) return false;
    GmMemory *mem = buffer_merge(buffer, idx, (unsigned)length);
    if (mem == NULL)
        return length == 0; // an empty buffer shows nothing, successfully
    GmMemory *mapped = gm_memory_make_mapped(mem, info, flags);
    if (mapped == NULL)
        return false;
    if ((length > 1 || mapped != mem) && writable) {
        gm_memory_lock(mapped, GM_LOCK_FLAG_EXCLUSIVE);
        buffer_replace(buffer, idx, (unsigned)length, gm_memory_ref(mapped));
    }
    return true;
}

bool gm_buffer_map(GmBuffer *buffer, GmMapInfo *info, GmMapFlags flags)
{
    return gm_buffer_map_range(buffer, 0, -1, info, flags);
}

void gm_buffer_unmap(GmBuffer *buffer, GmMapInfo *info)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && info != NULL)) return;
    GmMemory *mem = info->memory;
    if (mem == NULL)
        return;
    gm_memory_unmap(mem, info);
    gm_memory_unref(mem);
}

size_t gm_buffer_fill(GmBuffer *buffer, size_t offset, const void *src, size_t size)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && gm_buffer_is_writable(buffer))) return 0;
    if (!GM_REQUIRE(src != NULL || size == 0)) return 0;
    return buffer_each(buffer, BUFFER_FILL, offset, (uint8_t *)src, size, NULL);
}

size_t gm_buffer_extract(GmBuffer *buffer, size_t offset, void *dest, size_t size)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && dest != NULL)) return 0;
    return buffer_each(buffer, BUFFER_EXTRACT, offset, dest, size, NULL);
}

int gm_buffer_memcmp(GmBuffer *buffer, size_t offset, const void *mem, size_t size)
{
    int result = 0;
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && mem != NULL)) return 0;
    size_t seen = buffer_each(buffer, BUFFER_COMPARE, offset, (uint8_t *)mem, size, &result);
    return result == 0 && seen < size ? -1 : result; // a buffer that ends earlier is less
}

size_t gm_buffer_memset(GmBuffer *buffer, size_t offset, uint8_t val, size_t size)
{
    int value = val;
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && gm_buffer_is_writable(buffer))) return 0;
    return buffer_each(buffer, BUFFER_SET, offset, NULL, size, &value);
}

void gm_buffer_extract_dup(GmBuffer *buffer, size_t offset, size_t size, void **dest,
                           size_t *dest_size)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && dest != NULL && dest_size != NULL)) return;
    size_t all = gm_buffer_get_size(buffer);
    *dest_size = offset >= all ? 0 : all - offset < size ? all - offset : size;
    *dest = *dest_size ? malloc(*dest_size) : NULL;
    *dest_size = *dest ? gm_buffer_extract(buffer, offset, *dest, *dest_size) : 0;
}

// ---- copying -----------------------------------------------------------------------------

static bool buffer_copy_memories(GmBuffer *dest, GmBuffer *src, unsigned flags, size_t skip,
                                 size_t left)
{
    for (unsigned i = 0; i < src->n_mem && left > 0; i++) {
        GmMemory *mem = src->mem[i], *part = NULL;
        if (mem->size <= skip) {
            skip -= mem->size;
            continue;
        }
        size_t n = mem->size - skip < left ? mem->size - skip : left;
        bool   copy = (flags & GM_BUFFER_COPY_DEEP) || GM_MEMORY_IS_NO_SHARE(mem);
        if (!copy && n == mem->size) {
            part = buffer_own(gm_memory_ref(mem));
        } else {
            if (!copy)
                part = gm_memory_share(mem, (ssize_t)skip, (ssize_t)n);
            if (part == NULL)
                part = gm_memory_copy(mem, (ssize_t)skip, (ssize_t)n);
            if (part != NULL)
                gm_memory_lock(part, GM_LOCK_FLAG_EXCLUSIVE);
        }
        if (part == NULL || !buffer_add(dest, dest->n_mem, part))
            return false;
        left -= n;
        skip = 0;
    }
    return true;
}

bool gm_buffer_copy_into(GmBuffer *dest, GmBuffer *src, unsigned flags, size_t offset, size_t size)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(dest) && GM_IS_BUFFER(src))) return false;
    if (dest == src)
        return true;
    size_t all = gm_buffer_get_size(src);
    if (!GM_REQUIRE(gm_buffer_is_writable(dest) && offset <= all)) return false;
    size = size == SIZE_MAX ? all - offset : size;
    if (!GM_REQUIRE(size <= all - offset)) return false;
    bool whole = size == all;
    if (flags & GM_BUFFER_COPY_FLAGS)
        GM_BUFFER_FLAGS(dest) = (GM_BUFFER_FLAGS(src) & ~(unsigned)GM_BUFFER_FLAG_TAG_MEMORY) |
                                (GM_BUFFER_FLAGS(dest) & GM_BUFFER_FLAG_TAG_MEMORY);
    if (flags & GM_BUFFER_COPY_TIMESTAMPS) {
        // The times of the whole are those of its first part, but for their ends.
        dest->pts = offset ? GM_CLOCK_TIME_NONE : src->pts;
        dest->dts = offset ? GM_CLOCK_TIME_NONE : src->dts;
        dest->offset = offset ? GM_BUFFER_OFFSET_NONE : src->offset;
        if (offset || whole) {
            dest->duration = offset ? GM_CLOCK_TIME_NONE : src->duration;
            dest->offset_end = offset ? GM_BUFFER_OFFSET_NONE : src->offset_end;
        }
    }
    if (flags & GM_BUFFER_COPY_MEMORY) {
        unsigned had = dest->n_mem;
        bool ok = buffer_copy_memories(dest, src, flags, offset, size);
        if (ok && (flags & GM_BUFFER_COPY_MERGE) && dest->n_mem > 1) {
            GmMemory *one = buffer_merge(dest, 0, dest->n_mem);
            ok = one != NULL && gm_memory_lock(one, GM_LOCK_FLAG_EXCLUSIVE);
            if (ok)
                buffer_replace(dest, 0, dest->n_mem, one);
        }
        if (!ok && had < dest->n_mem)
            buffer_replace(dest, had, dest->n_mem - had, NULL);
        if (!ok)
            return false;
    }
    if (flags & GM_BUFFER_COPY_META)
        gm_buffer_copy_metas(dest, src, flags, !whole, offset, size);
    return true;
}

GmBuffer *gm_buffer_copy_deep(const GmBuffer *buffer)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer))) return NULL;
    unsigned flags = GM_BUFFER_COPY_ALL | GM_BUFFER_COPY_DEEP;
    return GM_BUFFER(buffer_copy_with(&buffer->mini_object, flags));
}

GmBuffer *gm_buffer_copy_region(GmBuffer *buffer, unsigned flags, size_t offset, size_t size)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer))) return NULL;
    GmBuffer *copy = gm_buffer_new();
    if (!gm_buffer_copy_into(copy, buffer, flags, offset, size))
        gm_clear_buffer(&copy);
    return copy;
}

GmBuffer *gm_buffer_append_region(GmBuffer *buf1, GmBuffer *buf2, ssize_t offset, ssize_t size)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buf1) && GM_IS_BUFFER(buf2))) return NULL;
    buf1 = gm_buffer_make_writable(buf1);
    buf2 = gm_buffer_make_writable(buf2);
    gm_buffer_resize(buf2, offset, size);
    for (unsigned i = 0; i < buf2->n_mem; i++)
        gm_buffer_append_memory(buf1, gm_memory_ref(buf2->mem[i]));
    gm_buffer_remove_all_memory(buf2);
    gm_buffer_unref(buf2);
    return buf1;
}
