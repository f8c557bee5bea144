// SPDX-License-Identifier: MIT
//
// buffer: one piece of data on its way: timestamps, flags, up to 16 memories, metas.
//
//     GmBuffer [pts dts duration offset] --> GmMemory, GmMemory, …   (the bytes, shared freely)
//                                        --> GmMeta, GmMeta, …
//
// A copy of a buffer shares the memories: only who maps for writing pays for a copy of bytes.
// Rules: everything that changes a buffer needs a writable one (gm_buffer_make_writable);
// mapping for writing needs that too. In the fields below, `take` and `give` as in the
// contract: memories passed in are taken, except where a comment says "borrowed".
// Index ranges: `idx` and `length` count memories, length -1 is "to the end".
// Unless said otherwise: any thread that may use the buffer, never blocks. Misuse (a buffer that is
// not writable, a range outside) is a critical, the neutral result, and nothing taken.
// Read next: core/meta.h, core/buffer_pool.h.
#ifndef GM_CORE_BUFFER_H
#define GM_CORE_BUFFER_H

#include "core/memory.h"
#include "core/meta.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_BUFFER_FLAG_LIVE          = GM_MINI_OBJECT_FLAG_LAST << 0, // to be thrown away in PAUSED
    GM_BUFFER_FLAG_DECODE_ONLY   = GM_MINI_OBJECT_FLAG_LAST << 1, // not to be shown
    GM_BUFFER_FLAG_DISCONT       = GM_MINI_OBJECT_FLAG_LAST << 2, // does not follow the last one
    GM_BUFFER_FLAG_RESYNC        = GM_MINI_OBJECT_FLAG_LAST << 3, // its times start anew
    GM_BUFFER_FLAG_CORRUPTED     = GM_MINI_OBJECT_FLAG_LAST << 4,
    GM_BUFFER_FLAG_MARKER        = GM_MINI_OBJECT_FLAG_LAST << 5, // meaning is the format's
    GM_BUFFER_FLAG_HEADER        = GM_MINI_OBJECT_FLAG_LAST << 6, // e.g. also found in caps
    GM_BUFFER_FLAG_GAP           = GM_MINI_OBJECT_FLAG_LAST << 7, // silence, nothing new
    GM_BUFFER_FLAG_DROPPABLE     = GM_MINI_OBJECT_FLAG_LAST << 8, // no other depends on it
    GM_BUFFER_FLAG_DELTA_UNIT    = GM_MINI_OBJECT_FLAG_LAST << 9, // depends on earlier ones
    GM_BUFFER_FLAG_TAG_MEMORY    = GM_MINI_OBJECT_FLAG_LAST << 10, // memories were changed
    GM_BUFFER_FLAG_SYNC_AFTER    = GM_MINI_OBJECT_FLAG_LAST << 11, // to disk after this one
    GM_BUFFER_FLAG_NON_DROPPABLE = GM_MINI_OBJECT_FLAG_LAST << 12,
    GM_BUFFER_FLAG_LAST          = GM_MINI_OBJECT_FLAG_LAST << 16
} GmBufferFlags;

#define GM_BUFFER_OFFSET_NONE UINT64_MAX
#define GM_BUFFER_MEM_MAX 16   // more memories than this are merged into one
#define GM_BUFFER_META_ROOM 16 // words inside the buffer for its first small meta

struct GmBuffer {
    GmMiniObject  mini_object;
    GmBufferPool *pool; // a reference while the buffer is out of its pool, else NULL
    GmClockTime   pts, dts, duration; // ns; when to show, when to decode; NONE: unknown
    uint64_t      offset, offset_end; // media units; GM_BUFFER_OFFSET_NONE: unknown
    // internal: read and changed through the functions below
    struct GmMetaItem *metas, **metas_tail; // in the order of adding
    unsigned           n_mem;
    GmMemory          *mem[GM_BUFFER_MEM_MAX];
    uint64_t           meta_room[GM_BUFFER_META_ROOM];
};

// Casts are unchecked; GM_IS_BUFFER checks (NULL: false). The others read the struct:
// not NULL, no lock taken.
#define GM_BUFFER_CAST(obj) ((GmBuffer *)(obj))
#define GM_BUFFER(obj) ((GmBuffer *)(obj))
#define GM_IS_BUFFER(obj) ((obj) != NULL && GM_MINI_OBJECT_TYPE(obj) == GM_TYPE_BUFFER)
#define GM_BUFFER_FLAGS(buf) GM_MINI_OBJECT_FLAGS(buf)
#define GM_BUFFER_FLAG_IS_SET(buf, flag) GM_MINI_OBJECT_FLAG_IS_SET(buf, flag)
#define GM_BUFFER_FLAG_SET(buf, flag) GM_MINI_OBJECT_FLAG_SET(buf, flag)
#define GM_BUFFER_FLAG_UNSET(buf, flag) GM_MINI_OBJECT_FLAG_UNSET(buf, flag)
#define GM_BUFFER_PTS(buf) (GM_BUFFER_CAST(buf)->pts)
#define GM_BUFFER_DTS(buf) (GM_BUFFER_CAST(buf)->dts)
#define GM_BUFFER_DTS_OR_PTS(buf) \
    (GM_BUFFER_DTS_IS_VALID(buf) ? GM_BUFFER_DTS(buf) : GM_BUFFER_PTS(buf))
#define GM_BUFFER_DURATION(buf) (GM_BUFFER_CAST(buf)->duration)
#define GM_BUFFER_OFFSET(buf) (GM_BUFFER_CAST(buf)->offset)
#define GM_BUFFER_OFFSET_END(buf) (GM_BUFFER_CAST(buf)->offset_end)
#define GM_BUFFER_PTS_IS_VALID(buf) GM_CLOCK_TIME_IS_VALID(GM_BUFFER_PTS(buf))
#define GM_BUFFER_DTS_IS_VALID(buf) GM_CLOCK_TIME_IS_VALID(GM_BUFFER_DTS(buf))
#define GM_BUFFER_DURATION_IS_VALID(buf) GM_CLOCK_TIME_IS_VALID(GM_BUFFER_DURATION(buf))
#define GM_BUFFER_OFFSET_IS_VALID(buf) (GM_BUFFER_OFFSET(buf) != GM_BUFFER_OFFSET_NONE)
#define GM_BUFFER_OFFSET_END_IS_VALID(buf) (GM_BUFFER_OFFSET_END(buf) != GM_BUFFER_OFFSET_NONE)
#define GM_BUFFER_IS_DISCONT(buf) GM_BUFFER_FLAG_IS_SET(buf, GM_BUFFER_FLAG_DISCONT)

// ---- making ------------------------------------------------------------------------------

unsigned gm_buffer_get_max_memory(void); // GM_BUFFER_MEM_MAX
GmBuffer *gm_buffer_new(void); // no memory, no times; never NULL
// With one memory of gm_allocator_alloc (none if size is 0). NULL: it could not be allocated.
GmBuffer *gm_buffer_new_allocate(GmAllocator *allocator, size_t size, GmAllocationParams *params);
GmBuffer *gm_buffer_new_wrapped(void *data, size_t size); // takes data: malloc'ed
GmBuffer *gm_buffer_new_wrapped_full(GmMemoryFlags flags, void *data, size_t maxsize,
                                     size_t offset, size_t size, void *user_data,
                                     GmDestroyNotify notify); // see gm_memory_new_wrapped
GmBuffer *gm_buffer_new_memdup(const void *data, size_t size); // copies data

// The mini-object functions, typed (core/mini_object.h).
#define gm_buffer_ref(b) GM_BUFFER_CAST(gm_mini_object_ref(GM_MINI_OBJECT_CAST(b)))
static inline void gm_buffer_unref(GmBuffer *b) { gm_mini_object_unref(GM_MINI_OBJECT_CAST(b)); }
#define gm_clear_buffer(p) gm_clear_mini_object((GmMiniObject **)(p))
#define gm_buffer_replace(oldp, b) \
    gm_mini_object_replace((GmMiniObject **)(oldp), GM_MINI_OBJECT_CAST(b))
#define gm_buffer_is_writable(b) gm_mini_object_is_writable(GM_MINI_OBJECT_CAST(b))
// Takes b, gives b or, if others hold it too, a copy that shares the memories.
#define gm_buffer_make_writable(b) \
    GM_BUFFER_CAST(gm_mini_object_make_writable(GM_MINI_OBJECT_CAST(b)))

// ---- memories ----------------------------------------------------------------------------

// Inserting into a buffer that has GM_BUFFER_MEM_MAX memories first merges them (a copy). A memory
// that is mapped for writing is copied; if that fails, it is dropped and logged.
unsigned gm_buffer_n_memory(GmBuffer *buffer);
void gm_buffer_insert_memory(GmBuffer *buffer, int idx, GmMemory *mem); // idx -1: at the end
#define gm_buffer_prepend_memory(b, m) gm_buffer_insert_memory((b), 0, (m))
#define gm_buffer_append_memory(b, m) gm_buffer_insert_memory((b), -1, (m))
// Takes mem; NULL: only removes.
void gm_buffer_replace_memory_range(GmBuffer *buffer, unsigned idx, int length, GmMemory *mem);
#define gm_buffer_replace_memory(b, i, m) gm_buffer_replace_memory_range((b), (i), 1, (m))
#define gm_buffer_replace_all_memory(b, m) gm_buffer_replace_memory_range((b), 0, -1, (m))
void gm_buffer_remove_memory_range(GmBuffer *buffer, unsigned idx, int length);
#define gm_buffer_remove_memory(b, i) gm_buffer_remove_memory_range((b), (i), 1)
void gm_buffer_remove_all_memory(GmBuffer *buffer);
GmMemory *gm_buffer_peek_memory(GmBuffer *buffer, unsigned idx); // borrowed
// Gives one memory that holds the bytes of the range: the memory itself or a merged copy. The
// buffer stays as it is. NULL: there is none, or a copy could not be made.
GmMemory *gm_buffer_get_memory_range(GmBuffer *buffer, unsigned idx, int length);
#define gm_buffer_get_memory(b, i) gm_buffer_get_memory_range((b), (i), 1)
#define gm_buffer_get_all_memory(b) gm_buffer_get_memory_range((b), 0, -1)
// The memories [*idx, *idx + *length) that hold bytes [offset, offset + size) (size -1: to the
// end), the first byte *skip bytes into the first of them. False: not so many bytes.
bool gm_buffer_find_memory(GmBuffer *buffer, size_t offset, size_t size, unsigned *idx,
                           unsigned *length, size_t *skip);
bool gm_buffer_is_memory_range_writable(GmBuffer *buffer, unsigned idx, int length);
#define gm_buffer_is_all_memory_writable(b) gm_buffer_is_memory_range_writable((b), 0, -1)

// Return the size; *offset: what lies before the data, *maxsize: all that could be made visible;
// in bytes.
size_t gm_buffer_get_sizes_range(GmBuffer *buffer, unsigned idx, int length, size_t *offset,
                                 size_t *maxsize);
#define gm_buffer_get_sizes(b, o, m) gm_buffer_get_sizes_range((b), 0, -1, (o), (m))
size_t gm_buffer_get_size(GmBuffer *buffer);
// Moves the start by `offset` bytes and sets the size (-1: what is left). False: out of range.
bool gm_buffer_resize_range(GmBuffer *buffer, unsigned idx, int length, ssize_t offset,
                            ssize_t size);
#define gm_buffer_resize(b, o, s) gm_buffer_resize_range((b), 0, -1, (o), (s))
#define gm_buffer_set_size(b, s) gm_buffer_resize_range((b), 0, -1, 0, (s))

// ---- bytes -------------------------------------------------------------------------------

// Shows the bytes of a range as one piece. Several memories are merged; a writable buffer keeps
// the merged one. GM_MAP_WRITE needs a writable buffer; a memory shared with others is
// replaced by a copy. False: not possible, *info is cleared. unmap with the same info.
bool gm_buffer_map_range(GmBuffer *buffer, unsigned idx, int length, GmMapInfo *info,
                         GmMapFlags flags);
bool gm_buffer_map(GmBuffer *buffer, GmMapInfo *info, GmMapFlags flags); // of all memories
void gm_buffer_unmap(GmBuffer *buffer, GmMapInfo *info);

// Write to, read from, compare with, set bytes from `offset` on without merging. fill, extract
// and memset return the number of bytes done (fewer at the end of the buffer); memcmp: 0 equal,
// else differs; what lies beyond the buffer's end is not compared.
size_t gm_buffer_fill(GmBuffer *buffer, size_t offset, const void *src, size_t size);
size_t gm_buffer_extract(GmBuffer *buffer, size_t offset, void *dest, size_t size);
int gm_buffer_memcmp(GmBuffer *buffer, size_t offset, const void *mem, size_t size);
size_t gm_buffer_memset(GmBuffer *buffer, size_t offset, uint8_t val, size_t size);
// *dest: a copy to free (), *dest_size bytes (NULL and 0 if there are none).
void gm_buffer_extract_dup(GmBuffer *buffer, size_t offset, size_t size, void **dest,
                           size_t *dest_size);

// GmBufferFlags and those of the kind of data.
#define gm_buffer_get_flags(b) GM_BUFFER_FLAGS(b)
bool gm_buffer_has_flags(GmBuffer *buffer, unsigned flags);   // whether all of them are set
bool gm_buffer_set_flags(GmBuffer *buffer, unsigned flags);   // true; buffer is writable
bool gm_buffer_unset_flags(GmBuffer *buffer, unsigned flags); // true; buffer is writable

// ---- copying -----------------------------------------------------------------------------

typedef enum {
    GM_BUFFER_COPY_NONE       = 0,
    GM_BUFFER_COPY_FLAGS      = 1 << 0,
    GM_BUFFER_COPY_TIMESTAMPS = 1 << 1, // pts, dts, duration, offset, offset_end
    GM_BUFFER_COPY_META       = 1 << 2,
    GM_BUFFER_COPY_MEMORY     = 1 << 3, // shared where possible
    GM_BUFFER_COPY_MERGE      = 1 << 4, // into one memory
    GM_BUFFER_COPY_DEEP       = 1 << 5, // never share
    GM_BUFFER_COPY_METADATA   = 7,      // flags, timestamps, metas
    GM_BUFFER_COPY_ALL        = 15      // and memory
} GmBufferCopyFlags;

// Adds to dest what `flags` say of [offset, offset + size) of src (size -1: to the end); the
// memories are appended. False: out of range, or a copy could not be made.
bool gm_buffer_copy_into(GmBuffer *dest, GmBuffer *src, unsigned flags, size_t offset, size_t size);
#define gm_buffer_copy(b) GM_BUFFER_CAST(gm_mini_object_copy(GM_MINI_OBJECT_CAST(b)))
GmBuffer *gm_buffer_copy_deep(const GmBuffer *buffer); // gives; NULL: no memory for the bytes
// As copy_into, into a new buffer: gives, or NULL.
GmBuffer *gm_buffer_copy_region(GmBuffer *buffer, unsigned flags, size_t offset, size_t size);
// Take both, give buf1 with the memories of (a region of) buf2 at the end.
GmBuffer *gm_buffer_append_region(GmBuffer *buf1, GmBuffer *buf2, ssize_t offset, ssize_t size);
#define gm_buffer_append(b1, b2) gm_buffer_append_region((b1), (b2), 0, -1)

// ---- metas: all returned ones are borrowed -----------------------------------------------

// `params` goes to the meta's init function. NULL: that failed.
GmMeta *gm_buffer_add_meta(GmBuffer *buffer, const GmMetaInfo *info, void *params);
GmMeta *gm_buffer_get_meta(GmBuffer *buffer, GmType api);        // the first of that API
unsigned gm_buffer_get_n_meta(GmBuffer *buffer, GmType api_type);
bool gm_buffer_remove_meta(GmBuffer *buffer, GmMeta *meta);      // false: it is not there
// *state is NULL at the start; returns NULL at the end. Nothing may be removed meanwhile.
GmMeta *gm_buffer_iterate_meta(GmBuffer *buffer, void **state);
GmMeta *gm_buffer_iterate_meta_filtered(GmBuffer *buffer, void **state, GmType meta_api_type);
// func may set *meta to NULL to remove it; it returns false to stop, and so does foreach.
typedef bool (*GmBufferForeachMetaFunc)(GmBuffer *buffer, GmMeta **meta, void *user_data);
bool gm_buffer_foreach_meta(GmBuffer *buffer, GmBufferForeachMetaFunc func, void *user_data);

// Keeps another buffer (borrowed, gets a reference) alive as long as this one: a part of it.
typedef struct { GmMeta parent; GmBuffer *buffer; } GmParentBufferMeta;
// The API, the implementation; add: buffer is writable; get: the first, or NULL.
GmType gm_parent_buffer_meta_api_get_type(void);
const GmMetaInfo *gm_parent_buffer_meta_get_info(void);
GmParentBufferMeta *gm_buffer_add_parent_buffer_meta(GmBuffer *buffer, GmBuffer *ref);
#define gm_buffer_get_parent_buffer_meta(b) \
    ((GmParentBufferMeta *)gm_buffer_get_meta((b), gm_parent_buffer_meta_api_get_type()))

// A time of another clock; `reference` says which.
typedef struct {
    GmMeta      parent;
    GmCaps     *reference;           // counted
    GmClockTime timestamp, duration; // ns; duration may be NONE
} GmReferenceTimestampMeta;
// The API, the implementation; add borrows reference (gets a reference), timestamp is valid; get:
// the first whose reference is a subset of this one (NULL: the first of all), or NULL.
GmType gm_reference_timestamp_meta_api_get_type(void);
const GmMetaInfo *gm_reference_timestamp_meta_get_info(void);
GmReferenceTimestampMeta *gm_buffer_add_reference_timestamp_meta(GmBuffer *buffer,
                                                                 GmCaps *reference,
                                                                 GmClockTime timestamp,
                                                                 GmClockTime duration);
GmReferenceTimestampMeta *gm_buffer_get_reference_timestamp_meta(GmBuffer *buffer,
                                                                 GmCaps *reference);

#ifdef __cplusplus
}
#endif
#endif
