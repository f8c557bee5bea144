// SPDX-License-Identifier: MIT
//
// memory: a counted piece of bytes, and the allocators that make them.
//
//     |<------------------- maxsize ------------------->|
//     |<-- offset (prefix) -->|<---- size ---->| padding |
//     data                    what map () shows
//
// A memory says where bytes are; its allocator knows how to reach them (map), share and copy
// them. Whoever writes an allocator of another kind (shared memory, dmabuf) derives a class
// from gm_allocator_class, sets the mem_* functions in init and starts each memory with
// gm_memory_init.
// Rules: a memory is mapped before use and unmapped after, by the same number of calls; while
// somebody holds it exclusively (a buffer), only one holder may map it for writing.
// Unless said otherwise: any thread, never blocks. Payload that cannot be allocated is NULL and
// a line in the log, never the end of the process. Misuse is a critical, the neutral result, and
// nothing taken.
// Read next: core/buffer.h.
#ifndef GM_CORE_MEMORY_H
#define GM_CORE_MEMORY_H

#include <sys/types.h>

#include "core/mini_object.h"
#include "core/object.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_MEMORY_FLAG_READONLY              = GM_MINI_OBJECT_FLAG_LOCK_READONLY,
    GM_MEMORY_FLAG_NO_SHARE              = GM_MINI_OBJECT_FLAG_LAST << 0, // copied, not shared
    GM_MEMORY_FLAG_ZERO_PREFIXED         = GM_MINI_OBJECT_FLAG_LAST << 1, // prefix is zeroed
    GM_MEMORY_FLAG_ZERO_PADDED           = GM_MINI_OBJECT_FLAG_LAST << 2, // padding is zeroed
    GM_MEMORY_FLAG_PHYSICALLY_CONTIGUOUS = GM_MINI_OBJECT_FLAG_LAST << 3,
    GM_MEMORY_FLAG_NOT_MAPPABLE          = GM_MINI_OBJECT_FLAG_LAST << 4, // map gives false
    GM_MEMORY_FLAG_LAST                  = GM_MINI_OBJECT_FLAG_LAST << 16
} GmMemoryFlags;

struct GmMemory {
    GmMiniObject mini_object;
    GmAllocator *allocator; // a reference; constant, as all below but offset and size
    GmMemory    *parent;    // of a shared part: the whole (a reference); else NULL
    size_t       maxsize, align, offset, size; // bytes; align: a power of two minus one
};

// Casts are unchecked. The others read the struct: not NULL, no lock taken.
#define GM_MEMORY_CAST(mem) ((GmMemory *)(mem))
#define GM_MEMORY_FLAGS(mem) GM_MINI_OBJECT_FLAGS(mem)
#define GM_MEMORY_FLAG_IS_SET(mem, flag) GM_MINI_OBJECT_FLAG_IS_SET(mem, flag)
#define GM_MEMORY_FLAG_UNSET(mem, flag) GM_MINI_OBJECT_FLAG_UNSET(mem, flag)
#define GM_MEMORY_IS_READONLY(mem) GM_MEMORY_FLAG_IS_SET(mem, GM_MEMORY_FLAG_READONLY)
#define GM_MEMORY_IS_NO_SHARE(mem) GM_MEMORY_FLAG_IS_SET(mem, GM_MEMORY_FLAG_NO_SHARE)
#define GM_MEMORY_IS_NOT_MAPPABLE(mem) GM_MEMORY_FLAG_IS_SET(mem, GM_MEMORY_FLAG_NOT_MAPPABLE)

typedef enum {
    GM_MAP_READ      = GM_LOCK_FLAG_READ,
    GM_MAP_WRITE     = GM_LOCK_FLAG_WRITE,
    GM_MAP_READWRITE = GM_MAP_READ | GM_MAP_WRITE,
    GM_MAP_FLAG_LAST = 1 << 16
} GmMapFlags;

// Filled by a map call, given back to the unmap call that ends it.
typedef struct {
    GmMemory  *memory;
    GmMapFlags flags;
    uint8_t   *data;
    size_t     size;         // valid bytes at data
    size_t     maxsize;      // bytes that may be touched at data
    void      *user_data[4]; // of the allocator
} GmMapInfo;
#define GM_MAP_INFO_INIT { 0 }

// ---- allocators --------------------------------------------------------------------------

// What an allocator of another kind does. map: gives the address of the first byte of the whole
// memory (lent until unmap), or NULL; full: info->flags say what for, user_data is free for use.
// copy, share: of size bytes (-1: to the end) from offset on; give a memory, or NULL. is_span:
// mem2 follows mem1; *offset is mem1's in their parent. May be called in any thread.
typedef void *(*GmMemoryMapFunction)(GmMemory *mem, size_t maxsize, GmMapFlags flags);
typedef void *(*GmMemoryMapFullFunction)(GmMemory *mem, GmMapInfo *info, size_t maxsize);
typedef void (*GmMemoryUnmapFunction)(GmMemory *mem);
typedef void (*GmMemoryUnmapFullFunction)(GmMemory *mem, GmMapInfo *info);
typedef GmMemory *(*GmMemoryCopyFunction)(GmMemory *mem, ssize_t offset, ssize_t size);
typedef GmMemory *(*GmMemoryShareFunction)(GmMemory *mem, ssize_t offset, ssize_t size);
typedef bool (*GmMemoryIsSpanFunction)(GmMemory *mem1, GmMemory *mem2, size_t *offset);

#define GM_ALLOCATOR_SYSMEM "SystemMemory"

typedef struct {
    GmMemoryFlags flags;
    size_t        align;   // of the data: a power of two minus one
    size_t        prefix;  // bytes before the data
    size_t        padding; // bytes after it
} GmAllocationParams;

typedef enum {
    GM_ALLOCATOR_FLAG_CUSTOM_ALLOC = GM_OBJECT_FLAG_LAST << 0, // it has functions of its own
    GM_ALLOCATOR_FLAG_LAST         = GM_OBJECT_FLAG_LAST << 16
} GmAllocatorFlags;

struct GmAllocator {
    GmObject    object;
    const char *mem_type; // lives as long as the allocator
    GmMemoryMapFunction    mem_map;   // the start of the whole memory, not of its offset
    GmMemoryUnmapFunction  mem_unmap;
    GmMemoryCopyFunction   mem_copy;  // NULL: maps, allocates, copies the bytes
    GmMemoryShareFunction  mem_share; // NULL: such memory cannot be shared
    GmMemoryIsSpanFunction mem_is_span; // NULL: never
    GmMemoryMapFullFunction   mem_map_full;   // NULL: mem_map
    GmMemoryUnmapFullFunction mem_unmap_full; // NULL: mem_unmap
};

typedef struct {
    union { GmObjectClass object; struct { GM_OBJECT_CLASS_FIELDS; }; };
    // Gives a memory (NULL: none to be had) / takes one nobody holds any more. params: not NULL.
    GmMemory *(*alloc)(GmAllocator *allocator, size_t size, GmAllocationParams *params);
    void (*free)(GmAllocator *allocator, GmMemory *memory);
} GmAllocatorClass;
extern const GmAllocatorClass gm_allocator_class;
// Casts are unchecked; GM_IS_ALLOCATOR checks (NULL: false).
#define GM_ALLOCATOR(obj) ((GmAllocator *)(obj))
#define GM_ALLOCATOR_CAST(obj) ((GmAllocator *)(obj))
#define GM_IS_ALLOCATOR(obj) gm_object_is_a((obj), &gm_allocator_class.object)

// Takes `allocator`; it stays registered under `name` for the life of the process, found before
// earlier ones of that name.
void gm_allocator_register(const char *name, GmAllocator *allocator);
GmAllocator *gm_allocator_find(const char *name); // gives; NULL name: the default one
void gm_allocator_set_default(GmAllocator *allocator); // takes; used where NULL is passed

void gm_allocation_params_init(GmAllocationParams *params); // all zero

// A memory of `size` bytes, not initialised. NULL allocator: the default; NULL params: zeros.
// NULL: it could not be allocated (the log says why).
GmMemory *gm_allocator_alloc(GmAllocator *allocator, size_t size, GmAllocationParams *params);
void gm_allocator_free(GmAllocator *allocator, GmMemory *memory); // what the last unref calls
// Bytes of the caller's: [data + offset, + size) are valid, [data, + maxsize) may be touched.
// `notify (user_data)` (may be NULL) runs when the memory is freed. Never NULL but for misuse.
GmMemory *gm_memory_new_wrapped(GmMemoryFlags flags, void *data, size_t maxsize, size_t offset,
                                size_t size, void *user_data, GmDestroyNotify notify);

// ---- memories ----------------------------------------------------------------------------

// For allocators: fills the head of a new memory. Borrows (and refs) allocator and parent; the
// parent gets an exclusive lock until the memory is freed.
void gm_memory_init(GmMemory *mem, GmMemoryFlags flags, GmAllocator *allocator, GmMemory *parent,
                    size_t maxsize, size_t align, size_t offset, size_t size);
bool gm_memory_is_type(GmMemory *mem, const char *mem_type); // of its allocator
// The mini-object functions, typed (core/mini_object.h). Writable: at most one exclusive holder.
#define gm_memory_ref(m) GM_MEMORY_CAST(gm_mini_object_ref(GM_MINI_OBJECT_CAST(m)))
static inline void gm_memory_unref(GmMemory *m) { gm_mini_object_unref(GM_MINI_OBJECT_CAST(m)); }
#define gm_memory_lock(m, f) gm_mini_object_lock(GM_MINI_OBJECT_CAST(m), (f))
#define gm_memory_unlock(m, f) gm_mini_object_unlock(GM_MINI_OBJECT_CAST(m), (f))
#define gm_memory_is_writable(m) gm_mini_object_is_writable(GM_MINI_OBJECT_CAST(m))
#define gm_memory_make_writable(m) \
    GM_MEMORY_CAST(gm_mini_object_make_writable(GM_MINI_OBJECT_CAST(m)))

// Returns size; offset and maxsize may be NULL.
size_t gm_memory_get_sizes(GmMemory *mem, size_t *offset, size_t *maxsize);
// Moves the start by `offset` (negative: into the prefix) and sets the size; both stay inside
// maxsize, mem is writable: else a critical.
void gm_memory_resize(GmMemory *mem, ssize_t offset, size_t size);
// Shows the bytes. False: not in this mode (read-only, or locked by others), or the allocator
// cannot map it; *info is then cleared.
bool gm_memory_map(GmMemory *mem, GmMapInfo *info, GmMapFlags flags);
// Ends one map, with its info.
void gm_memory_unmap(GmMemory *mem, GmMapInfo *info);
// Takes mem, gives a mapped memory: mem or, if that cannot be mapped so, a copy. NULL: neither.
GmMemory *gm_memory_make_mapped(GmMemory *mem, GmMapInfo *info, GmMapFlags flags) GM_MUST_CHECK;
// Give a new memory of `size` bytes (-1: to the end) from `offset` on: a copy / the same bytes
// (as long as both live, neither can be mapped for writing). NULL: not possible.
GmMemory *gm_memory_copy(GmMemory *mem, ssize_t offset, ssize_t size) GM_MUST_CHECK;
GmMemory *gm_memory_share(GmMemory *mem, ssize_t offset, ssize_t size) GM_MUST_CHECK;
// Whether mem2 follows mem1 directly in a common parent; *offset is then mem1's start in it.
bool gm_memory_is_span(GmMemory *mem1, GmMemory *mem2, size_t *offset);

#ifdef __cplusplus
}
#endif
#endif
