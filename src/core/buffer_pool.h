// SPDX-License-Identifier: MIT
//
// buffer_pool: buffers that come back: acquire, send, and the last unref returns them.
//
//     set_config --> set_active(true) --> acquire --> … unref … --> back in the pool
//
// The configuration is a structure (caps, size, min- and max-buffers, allocator, options) that
// is frozen while the pool is active or buffers are out. A pool that is inactive or flushing
// answers acquire with GM_FLOW_FLUSHING and wakes whoever waits.
// Unless said otherwise: any thread, never blocks; misuse is a critical, the neutral result, and
// nothing taken. Derived pools fill GmBufferPoolClass; a hook
// left NULL is the default's.
// Read next: core/buffer.h, core/query.h (the allocation query proposes pools).
#ifndef GM_CORE_BUFFER_POOL_H
#define GM_CORE_BUFFER_POOL_H

#include "core/buffer.h"
#include "core/pad.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_BUFFER_POOL_ACQUIRE_FLAG_NONE     = 0,
    GM_BUFFER_POOL_ACQUIRE_FLAG_KEY_UNIT = 1 << 0, // for pools that care
    GM_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT = 1 << 1, // GM_FLOW_EOS instead of waiting
    GM_BUFFER_POOL_ACQUIRE_FLAG_DISCONT  = 1 << 2,
    GM_BUFFER_POOL_ACQUIRE_FLAG_LAST     = 1 << 16
} GmBufferPoolAcquireFlags;

typedef struct {
    GmFormat format;      // of start and stop: hints for pools that care
    int64_t  start, stop;
    unsigned flags; // GmBufferPoolAcquireFlags
} GmBufferPoolAcquireParams;

struct GmBufferPool {
    GmObject    object;
    _Atomic int flushing; // inactive, or told to flush
    struct GmBufferPoolState *state; // internal
};
// Casts are unchecked; GM_IS_BUFFER_POOL checks (NULL: false). The others read the
// struct: not NULL, no lock taken.
#define GM_BUFFER_POOL(obj) ((GmBufferPool *)(obj))
#define GM_BUFFER_POOL_CAST(obj) ((GmBufferPool *)(obj))
#define GM_IS_BUFFER_POOL(obj) gm_object_is_a((obj), &gm_buffer_pool_class.object)
#define GM_BUFFER_POOL_IS_FLUSHING(pool) (atomic_load(&(pool)->flushing) != 0)

typedef struct {
    union { GmObjectClass object; struct { GM_OBJECT_CLASS_FIELDS; }; };
    const char **(*get_options)(GmBufferPool *pool);                 // NULL-ended, constant
    bool (*set_config)(GmBufferPool *pool, GmStructure *config);     // borrows config
    bool (*start)(GmBufferPool *pool);                               // makes min-buffers
    bool (*stop)(GmBufferPool *pool);                                // frees the idle ones
    GmFlowReturn (*acquire_buffer)(GmBufferPool *pool, GmBuffer **buffer,
                                   GmBufferPoolAcquireParams *params);
    GmFlowReturn (*alloc_buffer)(GmBufferPool *pool, GmBuffer **buffer,
                                 GmBufferPoolAcquireParams *params);
    void (*reset_buffer)(GmBufferPool *pool, GmBuffer *buffer);      // to its state when new
    void (*release_buffer)(GmBufferPool *pool, GmBuffer *buffer);    // takes buffer
    void (*free_buffer)(GmBufferPool *pool, GmBuffer *buffer);       // takes buffer
    void (*flush_start)(GmBufferPool *pool);
    void (*flush_stop)(GmBufferPool *pool);
} GmBufferPoolClass;
extern const GmBufferPoolClass gm_buffer_pool_class;
// The pool's own class, unchecked.
#define GM_BUFFER_POOL_GET_CLASS(obj) ((const GmBufferPoolClass *)GM_OBJECT_CAST(obj)->klass)

GmBufferPool *gm_buffer_pool_new(void); // gives
// Takes config. False: the pool is active, or buffers are out, or the configuration was
// refused or had to be changed (get_config then gives what would do).
bool gm_buffer_pool_set_config(GmBufferPool *pool, GmStructure *config);
GmStructure *gm_buffer_pool_get_config(GmBufferPool *pool); // gives a copy
const char **gm_buffer_pool_get_options(GmBufferPool *pool); // NULL-ended, borrowed
bool gm_buffer_pool_has_option(GmBufferPool *pool, const char *option);
// Activating makes the minimum of buffers; it needs a configuration. Deactivating wakes acquires
// and frees the buffers, those that are out when they come back. False: start/stop failed.
bool gm_buffer_pool_set_active(GmBufferPool *pool, bool active);
bool gm_buffer_pool_is_active(GmBufferPool *pool);
// true: acquires end with FLUSHING until false. No effect on an inactive pool.
void gm_buffer_pool_set_flushing(GmBufferPool *pool, bool flushing);
// Gives *buffer on GM_FLOW_OK. May block (GM_WAIT_POOL) while max-buffers are out.
// GM_FLOW_FLUSHING: inactive or flushing; GM_FLOW_EOS: DONTWAIT and none free; GM_FLOW_ERROR.
GmFlowReturn gm_buffer_pool_acquire_buffer(GmBufferPool *pool, GmBuffer **buffer,
                                           GmBufferPoolAcquireParams *params);
void gm_buffer_pool_release_buffer(GmBufferPool *pool, GmBuffer *buffer); // what unref calls

// ---- configuration: max_buffers 0 is "no limit"; getters lend -----------------------------

// set: caps are borrowed (NULL or fixed), size in bytes, min <= max unless max is 0; allocator or
// params is not NULL. get: results may be NULL; false: size or a number is missing. An option is a
// name, kept once.
void gm_buffer_pool_config_set_params(GmStructure *config, GmCaps *caps, unsigned size,
                                      unsigned min_buffers, unsigned max_buffers);
bool gm_buffer_pool_config_get_params(GmStructure *config, GmCaps **caps, unsigned *size,
                                      unsigned *min_buffers, unsigned *max_buffers);
void gm_buffer_pool_config_set_allocator(GmStructure *config, GmAllocator *allocator,
                                         const GmAllocationParams *params);
bool gm_buffer_pool_config_get_allocator(GmStructure *config, GmAllocator **allocator,
                                         GmAllocationParams *params);
unsigned gm_buffer_pool_config_n_options(GmStructure *config);
void gm_buffer_pool_config_add_option(GmStructure *config, const char *option);
const char *gm_buffer_pool_config_get_option(GmStructure *config, unsigned index); // NULL: none
bool gm_buffer_pool_config_has_option(GmStructure *config, const char *option);
// Whether config still has these caps, and at least this size and minimum.
bool gm_buffer_pool_config_validate_params(GmStructure *config, GmCaps *caps, unsigned size,
                                           unsigned min_buffers, unsigned max_buffers);

#ifdef __cplusplus
}
#endif
#endif
