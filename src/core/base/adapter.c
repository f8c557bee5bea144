// SPDX-License-Identifier: MIT
//
// adapter: an array of buffers, of which the first `skip` bytes are gone.
//
//     bufs[head] … bufs[head + n - 1]        assembled: the first bytes once more, in one piece
#include "core/base/adapter.h"

#include <stdlib.h>
#include <string.h>

#include "core/object.h"
#include "core/util.h"

enum adapter_stamp { ADAPTER_PTS, ADAPTER_DTS, ADAPTER_OFFSET, ADAPTER_N_STAMPS };

struct GmAdapter {
    GmObject   object;
    GmBuffer **bufs;
    unsigned   head, n, room;
    size_t     size, skip;
    uint8_t   *assembled;
    size_t     assembled_len, assembled_room;
    GmMapInfo  map; // of the first buffer, while map.memory is set
    // The last known pts, dts, offset, and how many bytes ago; the same at the last DISCONT.
    uint64_t   last[ADAPTER_N_STAMPS], distance[ADAPTER_N_STAMPS], discont[ADAPTER_N_STAMPS];
    uint64_t   discont_distance;
};
#define ADAPTER_IS(a) gm_object_is_a((a), &gm_adapter_class)

// Both unknowns, of times and of offsets, are all ones.
static uint64_t adapter_stamp(const GmBuffer *b, enum adapter_stamp which)
{
    return which == ADAPTER_PTS ? b->pts : which == ADAPTER_DTS ? b->dts : b->offset;
}

static void adapter_drop(GmAdapter *a)
{
    gm_adapter_unmap(a);
    while (a->n > 0)
        gm_buffer_unref(a->bufs[a->head + --a->n]);
}

static void adapter_init(GmObject *obj)
{
    gm_adapter_clear((GmAdapter *)obj);
}

static void adapter_finalize(GmObject *obj)
{
    GmAdapter *a = (GmAdapter *)obj;
    adapter_drop(a);
    free(a->bufs);
    free(a->assembled);
}

const GmObjectClass gm_adapter_class = {
    .name = "adapter", .type_name = "GmAdapter", .parent = &gm_object_class,
    .instance_size = sizeof(GmAdapter), .init = adapter_init, .finalize = adapter_finalize,
};

GmAdapter *gm_adapter_new(void)
{
    return gm_object_ref_sink(gm_object_new(&gm_adapter_class, NULL, NULL));
}

void gm_adapter_clear(GmAdapter *adapter)
{
    if (!GM_REQUIRE(ADAPTER_IS(adapter))) return;
    adapter_drop(adapter);
    adapter->head = 0;
    adapter->size = adapter->skip = adapter->assembled_len = 0;
    for (int i = 0; i < ADAPTER_N_STAMPS; i++) {
        adapter->last[i] = adapter->discont[i] = UINT64_MAX;
        adapter->distance[i] = 0;
    }
    adapter->discont_distance = 0;
}

// A buffer has become the first one.
static void adapter_note(GmAdapter *a, const GmBuffer *b)
{
    bool discont = GM_BUFFER_FLAG_IS_SET(b, GM_BUFFER_FLAG_DISCONT);
    for (int i = 0; i < ADAPTER_N_STAMPS; i++) {
        uint64_t stamp = adapter_stamp(b, i);
        if (stamp != UINT64_MAX) {
            a->last[i] = stamp;
            a->distance[i] = 0;
        }
        if (discont)
            a->discont[i] = stamp;
    }
    if (discont)
        a->discont_distance = 0;
}

static void adapter_advance(GmAdapter *a, uint64_t bytes)
{
    for (int i = 0; i < ADAPTER_N_STAMPS; i++)
        a->distance[i] += bytes;
    a->discont_distance += bytes;
}

void gm_adapter_push(GmAdapter *adapter, GmBuffer *buf)
{
    GmAdapter *a = adapter;
    if (!GM_REQUIRE(ADAPTER_IS(a) && GM_IS_BUFFER(buf))) return;
    if (a->head + a->n == a->room && a->head > a->n) {
        memmove(a->bufs, a->bufs + a->head, a->n * sizeof *a->bufs);
        a->head = 0;
    } else if (a->head + a->n == a->room) {
        a->room = a->room ? 2 * a->room : 16;
        a->bufs = gm_renew(GmBuffer *, a->bufs, a->room);
    }
    a->bufs[a->head + a->n++] = buf;
    a->size += gm_buffer_get_size(buf);
    if (a->n == 1)
        adapter_note(a, buf);
}

// ---- bytes -------------------------------------------------------------------------------

static void adapter_copy(GmAdapter *a, uint8_t *dest, size_t skip, size_t size)
{
    for (unsigned i = a->head; size > 0; i++) {
        size_t all = gm_buffer_get_size(a->bufs[i]);
        if (skip >= all) {
            skip -= all;
            continue;
        }
        size_t n = gm_buffer_extract(a->bufs[i], skip, dest, all - skip < size ? all - skip : size);
        if (n == 0)
            return;
        dest += n;
        size -= n;
        skip = 0;
    }
}

const void *gm_adapter_map(GmAdapter *adapter, size_t size)
{
    GmAdapter *a = adapter;
    if (!GM_REQUIRE(ADAPTER_IS(a) && size > 0)) return NULL;
    gm_adapter_unmap(a);
    if (size > a->size)
        return NULL;
    if (a->assembled_len >= size)
        return a->assembled;
    if (gm_buffer_get_size(a->bufs[a->head]) >= a->skip + size) {
        if (!gm_buffer_map(a->bufs[a->head], &a->map, GM_MAP_READ))
            return NULL;
        return a->map.data + a->skip;
    }
    if (a->assembled_room < size) {
        a->assembled_room = (size / 4096 + 1) * 4096;
        a->assembled = gm_realloc(a->assembled, a->assembled_room);
    }
    // What was put together before is still there.
    adapter_copy(a, a->assembled + a->assembled_len, a->skip + a->assembled_len,
                 size - a->assembled_len);
    a->assembled_len = size;
    return a->assembled;
}

void gm_adapter_unmap(GmAdapter *adapter)
{
    if (!GM_REQUIRE(ADAPTER_IS(adapter))) return;
    if (adapter->map.memory)
        gm_buffer_unmap(adapter->bufs[adapter->head], &adapter->map);
    adapter->map.memory = NULL;
}

void gm_adapter_copy(GmAdapter *adapter, void *dest, size_t offset, size_t size)
{
    if (!GM_REQUIRE(ADAPTER_IS(adapter) && size > 0)) return;
    if (!GM_REQUIRE(offset <= adapter->size && size <= adapter->size - offset)) return;
    adapter_copy(adapter, dest, adapter->skip + offset, size);
}

void gm_adapter_flush(GmAdapter *adapter, size_t flush)
{
    GmAdapter *a = adapter;
    if (!GM_REQUIRE(ADAPTER_IS(a) && flush <= a->size)) return;
    if (flush == 0)
        return;
    gm_adapter_unmap(a);
    a->size -= flush;
    a->assembled_len = 0;
    // Distances are counted from the start of the first buffer while buffers go.
    adapter_advance(a, -(uint64_t)a->skip);
    flush += a->skip;
    size_t first;
    while (a->n > 0 && flush >= (first = gm_buffer_get_size(a->bufs[a->head]))) {
        adapter_advance(a, first);
        flush -= first;
        gm_buffer_unref(a->bufs[a->head++]);
        if (--a->n > 0)
            adapter_note(a, a->bufs[a->head]);
        else
            a->head = 0;
    }
    a->skip = flush;
    adapter_advance(a, flush);
}

size_t gm_adapter_available(GmAdapter *adapter)
{
    return GM_REQUIRE(ADAPTER_IS(adapter)) ? adapter->size : 0;
}

size_t gm_adapter_available_fast(GmAdapter *adapter)
{
    if (!GM_REQUIRE(ADAPTER_IS(adapter))) return 0;
    if (adapter->size == 0 || adapter->assembled_len > 0)
        return adapter->assembled_len;
    unsigned i = adapter->head;
    while (gm_buffer_get_size(adapter->bufs[i]) == 0)
        i++;
    return gm_buffer_get_size(adapter->bufs[i]) - adapter->skip;
}

// ---- buffers -----------------------------------------------------------------------------

// What the i-th buffer has of the next *left bytes: itself, or the part.
static GmBuffer *adapter_piece(GmAdapter *a, unsigned i, size_t *left)
{
    GmBuffer *b = a->bufs[a->head + i];
    size_t skip = i == 0 ? a->skip : 0, all = gm_buffer_get_size(b);
    size_t n = all - skip < *left ? all - skip : *left;
    *left -= n;
    return n == all ? gm_buffer_ref(b) : gm_buffer_copy_region(b, GM_BUFFER_COPY_ALL, skip, n);
}

static bool adapter_copy_meta(GmBuffer *buffer, GmMeta **meta, void *user_data)
{
    GmMetaTransformCopy data = { false, 0, SIZE_MAX };
    const GmMetaInfo *info = (*meta)->info;
    const char *const *tags = gm_meta_api_type_get_tags(info->api);
    for (; tags != NULL && *tags != NULL; tags++)
        if (strcmp(*tags, GM_META_TAG_MEMORY_STR) == 0 ||
            strcmp(*tags, GM_META_TAG_MEMORY_REFERENCE_STR) == 0)
            return true;
    if (info->transform_func)
        info->transform_func(user_data, *meta, buffer, gm_meta_transform_copy_quark(), &data);
    return true;
}

GmBuffer *gm_adapter_get_buffer(GmAdapter *adapter, size_t nbytes)
{
    GmAdapter *a = adapter;
    size_t left = nbytes;
    if (!GM_REQUIRE(ADAPTER_IS(a) && nbytes > 0)) return NULL;
    if (nbytes > a->size)
        return NULL;
    if (gm_buffer_get_size(a->bufs[a->head]) >= nbytes + a->skip)
        return adapter_piece(a, 0, &left);
    GmMapInfo info;
    GmBuffer *b = gm_buffer_new_allocate(NULL, nbytes, NULL);
    if (b == NULL || !gm_buffer_map(b, &info, GM_MAP_WRITE))
        return b;
    adapter_copy(a, info.data, a->skip, nbytes);
    gm_buffer_unmap(b, &info);
    for (size_t i = 0, seen = 0; i < a->n && seen < nbytes + a->skip; i++) {
        gm_buffer_foreach_meta(a->bufs[a->head + i], adapter_copy_meta, b);
        seen += gm_buffer_get_size(a->bufs[a->head + i]);
    }
    return b;
}

GmBuffer *gm_adapter_get_buffer_fast(GmAdapter *adapter, size_t nbytes)
{
    GmAdapter *a = adapter;
    size_t left = nbytes;
    if (!GM_REQUIRE(ADAPTER_IS(a) && nbytes > 0)) return NULL;
    if (nbytes > a->size)
        return NULL;
    GmBuffer *b = adapter_piece(a, 0, &left);
    for (unsigned i = 1; b != NULL && left > 0; i++) {
        GmBuffer *next = a->bufs[a->head + i];
        size_t all = gm_buffer_get_size(next), n = all < left ? all : left;
        b = gm_buffer_make_writable(b);
        gm_buffer_copy_into(b, next, GM_BUFFER_COPY_MEMORY | GM_BUFFER_COPY_META, 0, n);
        left -= n;
    }
    return b;
}

GmList *gm_adapter_get_list(GmAdapter *adapter, size_t nbytes)
{
    GmList *list = NULL;
    if (!GM_REQUIRE(ADAPTER_IS(adapter) && nbytes <= adapter->size)) return NULL;
    for (unsigned i = 0; nbytes > 0; i++)
        list = gm_list_prepend(list, adapter_piece(adapter, i, &nbytes));
    return gm_list_reverse(list);
}

GmBufferList *gm_adapter_get_buffer_list(GmAdapter *adapter, size_t nbytes)
{
    if (!GM_REQUIRE(ADAPTER_IS(adapter))) return NULL;
    if (nbytes > adapter->size)
        return NULL;
    GmBufferList *list = gm_buffer_list_new();
    for (unsigned i = 0; nbytes > 0; i++)
        gm_buffer_list_add(list, adapter_piece(adapter, i, &nbytes));
    return list;
}

void *gm_adapter_take(GmAdapter *adapter, size_t nbytes)
{
    if (!GM_REQUIRE(ADAPTER_IS(adapter) && nbytes > 0)) return NULL;
    void *data = nbytes <= adapter->size ? malloc(nbytes) : NULL;
    if (data == NULL)
        return NULL;
    adapter_copy(adapter, data, adapter->skip, nbytes);
    gm_adapter_flush(adapter, nbytes);
    return data;
}

// Flushes what a get function gave.
static void *adapter_taken(GmAdapter *a, void *given, size_t nbytes)
{
    if (given != NULL)
        gm_adapter_flush(a, nbytes);
    return given;
}

GmBuffer *gm_adapter_take_buffer(GmAdapter *adapter, size_t nbytes)
{
    return adapter_taken(adapter, gm_adapter_get_buffer(adapter, nbytes), nbytes);
}

GmBuffer *gm_adapter_take_buffer_fast(GmAdapter *adapter, size_t nbytes)
{
    return adapter_taken(adapter, gm_adapter_get_buffer_fast(adapter, nbytes), nbytes);
}

GmList *gm_adapter_take_list(GmAdapter *adapter, size_t nbytes)
{
    return adapter_taken(adapter, gm_adapter_get_list(adapter, nbytes), nbytes);
}

GmBufferList *gm_adapter_take_buffer_list(GmAdapter *adapter, size_t nbytes)
{
    return adapter_taken(adapter, gm_adapter_get_buffer_list(adapter, nbytes), nbytes);
}

// ---- stamps ------------------------------------------------------------------------------

static uint64_t adapter_prev(GmAdapter *a, enum adapter_stamp which, size_t offset,
                             uint64_t *distance)
{
    if (!GM_REQUIRE(ADAPTER_IS(a))) return UINT64_MAX;
    uint64_t stamp = a->last[which], ago = a->distance[which] + offset;
    size_t   read = 0;
    for (unsigned i = 0; i < a->n && offset > 0 && read < offset + a->skip; i++) {
        const GmBuffer *b = a->bufs[a->head + i];
        if (adapter_stamp(b, which) != UINT64_MAX) {
            stamp = adapter_stamp(b, which);
            ago = a->skip + offset - read;
        }
        read += gm_buffer_get_size(a->bufs[a->head + i]);
    }
    if (distance)
        *distance = ago;
    return stamp;
}

GmClockTime gm_adapter_prev_pts(GmAdapter *adapter, uint64_t *distance)
{
    return adapter_prev(adapter, ADAPTER_PTS, 0, distance);
}

GmClockTime gm_adapter_prev_dts(GmAdapter *adapter, uint64_t *distance)
{
    return adapter_prev(adapter, ADAPTER_DTS, 0, distance);
}

GmClockTime gm_adapter_prev_pts_at_offset(GmAdapter *adapter, size_t offset, uint64_t *distance)
{
    return adapter_prev(adapter, ADAPTER_PTS, offset, distance);
}

GmClockTime gm_adapter_prev_dts_at_offset(GmAdapter *adapter, size_t offset, uint64_t *distance)
{
    return adapter_prev(adapter, ADAPTER_DTS, offset, distance);
}

uint64_t gm_adapter_prev_offset(GmAdapter *adapter, uint64_t *distance)
{
    return adapter_prev(adapter, ADAPTER_OFFSET, 0, distance);
}

GmClockTime gm_adapter_pts_at_discont(GmAdapter *adapter)
{
    return GM_REQUIRE(ADAPTER_IS(adapter)) ? adapter->discont[ADAPTER_PTS] : GM_CLOCK_TIME_NONE;
}

GmClockTime gm_adapter_dts_at_discont(GmAdapter *adapter)
{
    return GM_REQUIRE(ADAPTER_IS(adapter)) ? adapter->discont[ADAPTER_DTS] : GM_CLOCK_TIME_NONE;
}

uint64_t gm_adapter_offset_at_discont(GmAdapter *adapter)
{
    return GM_REQUIRE(ADAPTER_IS(adapter)) ? adapter->discont[ADAPTER_OFFSET] : UINT64_MAX;
}

uint64_t gm_adapter_distance_from_discont(GmAdapter *adapter)
{
    return GM_REQUIRE(ADAPTER_IS(adapter)) ? adapter->discont_distance : 0;
}

ssize_t gm_adapter_masked_scan_uint32_peek(GmAdapter *adapter, uint32_t mask, uint32_t pattern,
                                           size_t offset, size_t size, uint32_t *value)
{
    GmAdapter *a = adapter;
    if (!GM_REQUIRE(ADAPTER_IS(a) && size > 0 && (~mask & pattern) == 0)) return -1;
    if (!GM_REQUIRE(offset <= a->size && size <= a->size - offset)) return -1;
    size_t   skip = a->skip + offset, done = 0;
    uint32_t state = ~pattern;
    for (unsigned i = a->head; done < size; i++) {
        GmMapInfo info;
        size_t all = gm_buffer_get_size(a->bufs[i]);
        if (skip >= all) {
            skip -= all;
            continue;
        }
        if (!gm_buffer_map(a->bufs[i], &info, GM_MAP_READ))
            return -1;
        for (size_t at = skip; at < all && done < size; at++) {
            state = state << 8 | info.data[at];
            if (++done < 4 || (state & mask) != pattern)
                continue;
            gm_buffer_unmap(a->bufs[i], &info);
            if (value)
                *value = state;
            return (ssize_t)(offset + done - 4);
        }
        gm_buffer_unmap(a->bufs[i], &info);
        skip = 0;
    }
    return -1;
}
