// SPDX-License-Identifier: MIT
//
// memory: what all memories have in common, the registry of allocators, and the allocator of
// ordinary memory, which makes head and bytes in one block:
//
//     malloc: [GmMemory, data pointer, notify | prefix | bytes … | padding]
//
// Read next: core/buffer.c.
#define GM_CAT_DEFAULT memory_debug
#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

#include "core/list.h"
#include "core/log.h"
#include "core/util.h"

GM_DEBUG_CATEGORY_DEFINE(memory_debug, "memory", 0, "memories and their allocators");

// ---- registry ----------------------------------------------------------------------------

typedef struct {
    char        *name;
    GmAllocator *allocator;
} MemoryEntry;

static GmMutex      memory_lock = GM_MUTEX_INIT; // guards the two below
static GmList      *memory_allocators;           // of MemoryEntry *, newest first
static _Atomic(GmAllocator *) memory_default;    // NULL: sysmem
static GmAllocator *memory_sysmem;               // never ends: its memories hold no reference
static GmOnce       memory_once;

static void memory_sysmem_make(void);

static GmAllocator *memory_get_sysmem(void)
{
    gm_once(&memory_once, memory_sysmem_make);
    return memory_sysmem;
}

void gm_allocator_register(const char *name, GmAllocator *allocator)
{
    if (!GM_REQUIRE(name != NULL && GM_IS_ALLOCATOR(allocator))) return;
    MemoryEntry *entry = gm_new(MemoryEntry, 1);
    *entry = (MemoryEntry){ gm_strdup(name), allocator };
    GM_OBJECT_FLAG_SET(allocator, GM_OBJECT_FLAG_MAY_BE_LEAKED);
    gm_mutex_lock(&memory_lock);
    memory_allocators = gm_list_prepend(memory_allocators, entry);
    gm_mutex_unlock(&memory_lock);
}

GmAllocator *gm_allocator_find(const char *name)
{
    GmAllocator *sysmem = memory_get_sysmem(), *found = NULL;
    gm_mutex_lock(&memory_lock);
    if (name == NULL)
        found = memory_default ? memory_default : sysmem;
    else if (strcmp(name, GM_ALLOCATOR_SYSMEM) == 0)
        found = sysmem;
    for (GmList *l = memory_allocators; l != NULL && found == NULL; l = l->next)
        if (strcmp(((MemoryEntry *)l->data)->name, name) == 0)
            found = ((MemoryEntry *)l->data)->allocator;
    if (found)
        gm_object_ref(found);
    gm_mutex_unlock(&memory_lock);
    return found;
}

void gm_allocator_set_default(GmAllocator *allocator)
{
    if (!GM_REQUIRE(GM_IS_ALLOCATOR(allocator))) return;
    gm_mutex_lock(&memory_lock);
    GmAllocator *old = memory_default;
    memory_default = allocator;
    gm_mutex_unlock(&memory_lock);
    if (old)
        gm_object_unref(old);
}

// ---- allocators --------------------------------------------------------------------------

const GmAllocatorClass gm_allocator_class = {
    .name = "allocator", .type_name = "GmAllocator", .parent = &gm_object_class,
    .instance_size = sizeof(GmAllocator),
};

void gm_allocation_params_init(GmAllocationParams *params)
{
    if (!GM_REQUIRE(params != NULL)) return;
    *params = (GmAllocationParams){ 0 };
}

GmMemory *gm_allocator_alloc(GmAllocator *allocator, size_t size, GmAllocationParams *params)
{
    GmAllocationParams none = { 0 };
    if (!GM_REQUIRE(params == NULL || ((params->align + 1) & params->align) == 0)) return NULL;
    GmAllocator *used = allocator, *found = NULL;
    if (used == NULL && atomic_load_explicit(&memory_default, memory_order_relaxed) == NULL)
        used = memory_get_sysmem();
    else if (used == NULL)
        used = found = gm_allocator_find(NULL);
    GmMemory *(*alloc)(GmAllocator *, size_t, GmAllocationParams *);
    alloc = (GmMemory * (*)(GmAllocator *, size_t, GmAllocationParams *)) gm_object_class_lookup(
        used->object.klass, offsetof(GmAllocatorClass, alloc), &gm_allocator_class.object);
    GmMemory *mem = alloc ? alloc(used, size, params ? params : &none) : NULL;
    if (mem == NULL)
        GM_ERROR_OBJECT(used, "could not allocate %zu bytes", size);
    if (found != NULL)
        gm_object_unref(found);
    return mem;
}

void gm_allocator_free(GmAllocator *allocator, GmMemory *memory)
{
    if (!GM_REQUIRE(GM_IS_ALLOCATOR(allocator) && memory && memory->allocator == allocator)) return;
    void (*release)(GmAllocator *, GmMemory *);
    release = (void (*)(GmAllocator *, GmMemory *))gm_object_class_lookup(
        allocator->object.klass, offsetof(GmAllocatorClass, free), &gm_allocator_class.object);
    if (release)
        release(allocator, memory);
}

// ---- memories ----------------------------------------------------------------------------

static GmMiniObject *memory_copy_object(const GmMiniObject *obj)
{
    return GM_MINI_OBJECT_CAST(gm_memory_copy(GM_MEMORY_CAST(obj), 0, -1));
}

static void memory_free(GmMiniObject *obj)
{
    GmMemory    *mem = GM_MEMORY_CAST(obj), *parent = mem->parent;
    GmAllocator *allocator = mem->allocator;
    gm_allocator_free(allocator, mem);
    if (allocator != memory_sysmem)
        gm_object_unref(allocator);
    if (parent) {
        gm_memory_unlock(parent, GM_LOCK_FLAG_EXCLUSIVE);
        gm_memory_unref(parent);
    }
}

void gm_memory_init(GmMemory *mem, GmMemoryFlags flags, GmAllocator *allocator, GmMemory *parent,
                    size_t maxsize, size_t align, size_t offset, size_t size)
{
    if (!GM_REQUIRE(mem != NULL && allocator != NULL)) return;
    gm_mini_object_init(&mem->mini_object, (unsigned)flags | GM_MINI_OBJECT_FLAG_LOCKABLE,
                        GM_TYPE_MEMORY, memory_copy_object, NULL, memory_free);
    mem->allocator = allocator == memory_sysmem ? allocator : gm_object_ref(allocator);
    if (parent) {
        gm_memory_lock(parent, GM_LOCK_FLAG_EXCLUSIVE);
        gm_memory_ref(parent);
    }
    mem->parent = parent;
    mem->maxsize = maxsize;
    mem->align = align;
    mem->offset = offset;
    mem->size = size;
}

bool gm_memory_is_type(GmMemory *mem, const char *mem_type)
{
    if (!GM_REQUIRE(mem != NULL && mem_type != NULL)) return false;
    return gm_strcmp0(mem->allocator->mem_type, mem_type) == 0;
}

size_t gm_memory_get_sizes(GmMemory *mem, size_t *offset, size_t *maxsize)
{
    if (!GM_REQUIRE(mem != NULL)) return 0;
    if (offset)
        *offset = mem->offset;
    if (maxsize)
        *maxsize = mem->maxsize;
    return mem->size;
}

void gm_memory_resize(GmMemory *mem, ssize_t offset, size_t size)
{
    if (!GM_REQUIRE(mem != NULL && gm_memory_is_writable(mem))) return;
    if (!GM_REQUIRE(offset >= 0 || mem->offset >= (size_t)-offset)) return;
    if (!GM_REQUIRE(mem->offset + (size_t)offset + size <= mem->maxsize)) return;
    // What is left behind is data, no longer zeros.
    if (offset > 0)
        GM_MEMORY_FLAG_UNSET(mem, GM_MEMORY_FLAG_ZERO_PREFIXED);
    if (offset + (ssize_t)size < (ssize_t)mem->size)
        GM_MEMORY_FLAG_UNSET(mem, GM_MEMORY_FLAG_ZERO_PADDED);
    mem->offset += (size_t)offset;
    mem->size = size;
}

bool gm_memory_map(GmMemory *mem, GmMapInfo *info, GmMapFlags flags)
{
    if (!GM_REQUIRE(mem != NULL && info != NULL)) return false;
    *info = (GmMapInfo)GM_MAP_INFO_INIT;
    if (!gm_memory_lock(mem, (GmLockFlags)flags)) {
        GM_DEBUG("memory %p: refused for flags %x", (void *)mem, (unsigned)flags);
        return false;
    }
    GmAllocator *a = mem->allocator;
    info->flags = flags;
    info->memory = mem;
    info->size = mem->size;
    info->maxsize = mem->maxsize - mem->offset;
    if (a->mem_map_full)
        info->data = a->mem_map_full(mem, info, mem->maxsize);
    else if (a->mem_map)
        info->data = a->mem_map(mem, mem->maxsize, flags);
    if (info->data == NULL) {
        GM_INFO("memory %p: its allocator %s cannot map it", (void *)mem, a->mem_type);
        gm_memory_unlock(mem, (GmLockFlags)flags);
        *info = (GmMapInfo)GM_MAP_INFO_INIT;
        return false;
    }
    info->data += mem->offset;
    return true;
}

void gm_memory_unmap(GmMemory *mem, GmMapInfo *info)
{
    if (!GM_REQUIRE(mem != NULL && info != NULL && info->memory == mem)) return;
    if (mem->allocator->mem_unmap_full)
        mem->allocator->mem_unmap_full(mem, info);
    else if (mem->allocator->mem_unmap)
        mem->allocator->mem_unmap(mem);
    gm_memory_unlock(mem, (GmLockFlags)info->flags);
}

GmMemory *gm_memory_make_mapped(GmMemory *mem, GmMapInfo *info, GmMapFlags flags)
{
    if (gm_memory_map(mem, info, flags))
        return mem;
    GmMemory *copy = gm_memory_copy(mem, 0, -1);
    gm_memory_unref(mem);
    if (copy == NULL || gm_memory_map(copy, info, flags))
        return copy;
    gm_memory_unref(copy);
    return NULL;
}

GmMemory *gm_memory_copy(GmMemory *mem, ssize_t offset, ssize_t size)
{
    if (!GM_REQUIRE(mem != NULL)) return NULL;
    if (mem->allocator->mem_copy)
        return mem->allocator->mem_copy(mem, offset, size);
    GmMapInfo from, to;
    if (!gm_memory_map(mem, &from, GM_MAP_READ))
        return NULL;
    if (size == -1)
        size = (ssize_t)from.size > offset ? (ssize_t)from.size - offset : 0;
    bool own = !GM_OBJECT_FLAG_IS_SET(mem->allocator, GM_ALLOCATOR_FLAG_CUSTOM_ALLOC);
    GmAllocationParams params = { .align = mem->align };
    GmMemory *copy = gm_allocator_alloc(own ? mem->allocator : NULL, (size_t)size, &params);
    if (copy != NULL && gm_memory_map(copy, &to, GM_MAP_WRITE)) {
        memcpy(to.data, from.data + offset, (size_t)size);
        gm_memory_unmap(copy, &to);
    } else if (copy != NULL) {
        gm_memory_unref(copy);
        copy = NULL;
    }
    gm_memory_unmap(mem, &from);
    return copy;
}

GmMemory *gm_memory_share(GmMemory *mem, ssize_t offset, ssize_t size)
{
    if (!GM_REQUIRE(mem != NULL && !GM_MEMORY_IS_NO_SHARE(mem))) return NULL;
    // Two exclusive locks stand for two holders: that fails while somebody has it mapped for
    // writing, and as long as the part lives nobody may.
    GmMemory *part = NULL;
    if (!gm_memory_lock(mem, GM_LOCK_FLAG_EXCLUSIVE))
        return NULL;
    if (gm_memory_lock(mem, GM_LOCK_FLAG_EXCLUSIVE)) {
        part = mem->allocator->mem_share ? mem->allocator->mem_share(mem, offset, size) : NULL;
        gm_memory_unlock(mem, GM_LOCK_FLAG_EXCLUSIVE);
    }
    gm_memory_unlock(mem, GM_LOCK_FLAG_EXCLUSIVE);
    return part;
}

bool gm_memory_is_span(GmMemory *mem1, GmMemory *mem2, size_t *offset)
{
    if (!GM_REQUIRE(mem1 != NULL && mem2 != NULL)) return false;
    return mem1->allocator == mem2->allocator && mem1->parent != NULL &&
           mem1->parent == mem2->parent && mem1->allocator->mem_is_span != NULL &&
           mem1->allocator->mem_is_span(mem1, mem2, offset);
}

// ---- ordinary memory ---------------------------------------------------------------------

typedef struct {
    GmMemory        mem;
    uint8_t        *data;
    void           *user_data;
    GmDestroyNotify notify;
} MemorySystem;

static GmMemory *memory_sysmem_alloc(GmAllocator *allocator, size_t size,
                                     GmAllocationParams *params)
{
    size_t align = params->align | 15, maxsize, block;
    if (__builtin_add_overflow(size, params->prefix + params->padding, &maxsize) ||
        __builtin_add_overflow(maxsize, sizeof(MemorySystem) + align, &block))
        return NULL;
    MemorySystem *sys = malloc(block);
    if (sys == NULL)
        return NULL;
    sys->data = (uint8_t *)(((uintptr_t)(sys + 1) + align) & ~(uintptr_t)align);
    sys->user_data = NULL;
    sys->notify = NULL;
    if (params->flags & GM_MEMORY_FLAG_ZERO_PREFIXED)
        memset(sys->data, 0, params->prefix);
    if (params->flags & GM_MEMORY_FLAG_ZERO_PADDED)
        memset(sys->data + params->prefix + size, 0, params->padding);
    gm_memory_init(&sys->mem, params->flags, allocator, NULL, maxsize, align, params->prefix, size);
    return &sys->mem;
}

static void memory_sysmem_free(GmAllocator *allocator, GmMemory *mem)
{
    MemorySystem *sys = (MemorySystem *)mem;
    (void)allocator;
    if (sys->notify)
        sys->notify(sys->user_data);
    free(sys);
}

static void *memory_sysmem_map(GmMemory *mem, size_t maxsize, GmMapFlags flags)
{
    (void)maxsize;
    (void)flags;
    return ((MemorySystem *)mem)->data;
}

// Needs no lock: what is mapped for writing can still be copied.
static GmMemory *memory_sysmem_copy(GmMemory *mem, ssize_t offset, ssize_t size)
{
    size_t skip = mem->offset + (size_t)offset;
    size_t n = size == -1 ? mem->size - (size_t)offset : (size_t)size;
    GmAllocationParams params = { .align = mem->align };
    GmMemory *copy = gm_allocator_alloc(mem->allocator, n, &params);
    if (copy != NULL)
        memcpy(((MemorySystem *)copy)->data, ((MemorySystem *)mem)->data + skip, n);
    return copy;
}

static GmMemory *memory_sysmem_wrap(unsigned flags, GmMemory *parent, uint8_t *data,
                                    size_t maxsize, size_t align, size_t offset, size_t size)
{
    MemorySystem *sys = gm_new(MemorySystem, 1);
    gm_memory_init(&sys->mem, (GmMemoryFlags)flags, memory_get_sysmem(), parent, maxsize, align,
                   offset, size);
    sys->data = data;
    sys->user_data = NULL;
    sys->notify = NULL;
    return &sys->mem;
}

static GmMemory *memory_sysmem_share(GmMemory *mem, ssize_t offset, ssize_t size)
{
    GmMemory *parent = mem->parent ? mem->parent : mem;
    return memory_sysmem_wrap(GM_MINI_OBJECT_FLAGS(parent) | GM_MEMORY_FLAG_READONLY, parent,
                              ((MemorySystem *)mem)->data, mem->maxsize, mem->align,
                              mem->offset + (size_t)offset,
                              size == -1 ? mem->size - (size_t)offset : (size_t)size);
}

static bool memory_sysmem_is_span(GmMemory *mem1, GmMemory *mem2, size_t *offset)
{
    if (offset)
        *offset = mem1->offset - mem1->parent->offset;
    return ((MemorySystem *)mem1)->data + mem1->offset + mem1->size ==
           ((MemorySystem *)mem2)->data + mem2->offset;
}

static const GmAllocatorClass memory_sysmem_class = {
    .name = "allocatorsysmem", .type_name = "GmAllocatorSysmem",
    .parent = &gm_allocator_class.object, .instance_size = sizeof(GmAllocator),
    .alloc = memory_sysmem_alloc, .free = memory_sysmem_free,
};

static void memory_sysmem_make(void)
{
    memory_sysmem = gm_object_ref_sink(gm_object_new(&memory_sysmem_class.object, NULL, NULL));
    GM_OBJECT_FLAG_SET(memory_sysmem, GM_OBJECT_FLAG_MAY_BE_LEAKED);
    memory_sysmem->mem_type = GM_ALLOCATOR_SYSMEM;
    memory_sysmem->mem_map = memory_sysmem_map;
    memory_sysmem->mem_copy = memory_sysmem_copy;
    memory_sysmem->mem_share = memory_sysmem_share;
    memory_sysmem->mem_is_span = memory_sysmem_is_span;
}

GmMemory *gm_memory_new_wrapped(GmMemoryFlags flags, void *data, size_t maxsize, size_t offset,
                                size_t size, void *user_data, GmDestroyNotify notify)
{
    if (!GM_REQUIRE(data != NULL && offset + size <= maxsize)) return NULL;
    GmMemory *mem = memory_sysmem_wrap(flags, NULL, data, maxsize, 0, offset, size);
    ((MemorySystem *)mem)->user_data = user_data;
    ((MemorySystem *)mem)->notify = notify;
    return mem;
}
