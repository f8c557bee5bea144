// SPDX-License-Identifier: MIT
//
// buffer_pool: idle buffers in order of return, a count of those that exist and of those that
// are out, and a condition for whoever waits.
//
// Two locks: `config_lock` (recursive: hooks run under it) guards configuration and start/stop;
// `lock` guards the idle buffers and is a leaf. config_lock is taken first.
#define GM_CAT_DEFAULT pool_debug
#include "core/buffer_pool.h"

#include <stdlib.h>
#include <string.h>

#include "core/caps.h"
#include "core/log.h"
#include "core/structure.h"
#include "core/util.h"
#include "core/value.h"

GM_DEBUG_CATEGORY_DEFINE(pool_debug, "bufferpool", 0, "buffer pools");

typedef struct GmBufferPoolState {
    GmRecMutex config_lock;
    // guarded by config_lock, frozen while active
    GmStructure       *config;
    bool               configured, active, started;
    unsigned           size, min, max;
    GmAllocator       *allocator;
    GmAllocationParams params;
    // guarded by lock
    GmMutex   lock;
    GmCond    cond;
    GmBuffer **idle; // oldest first
    unsigned  n_idle, room;
    unsigned  news; // counts what a waiter should know: a return, an end, a flush
    // atomic
    _Atomic unsigned made; // buffers that exist
    _Atomic int      out;  // acquired, plus acquire calls under way
} PoolState;

// The hook of the pool's class or its parents; NULL if there is none.
#define POOL_HOOK(pool, hook) \
    ((__typeof__(gm_buffer_pool_class.hook))gm_object_class_lookup((pool)->object.klass, \
        offsetof(GmBufferPoolClass, hook), &gm_buffer_pool_class.object))

// ---- buffers in and out ------------------------------------------------------------------

static void pool_tell(PoolState *s)
{
    gm_mutex_lock(&s->lock);
    s->news++;
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
}

static bool pool_mark_meta(GmBuffer *buffer, GmMeta **meta, void *user_data)
{
    (void)buffer;
    (void)user_data;
    GM_META_FLAG_SET(*meta, GM_META_FLAG_POOLED | GM_META_FLAG_LOCKED);
    return true;
}

// Makes one more buffer. GM_FLOW_EOS: there are as many as there may be.
static GmFlowReturn pool_make(GmBufferPool *pool, GmBuffer **buffer,
                              GmBufferPoolAcquireParams *params)
{
    PoolState *s = pool->state;
    if (atomic_fetch_add(&s->made, 1) >= s->max && s->max > 0) {
        atomic_fetch_sub(&s->made, 1);
        return GM_FLOW_EOS;
    }
    GmFlowReturn ret = POOL_HOOK(pool, alloc_buffer)(pool, buffer, params);
    if (ret != GM_FLOW_OK) {
        GM_WARNING_OBJECT(pool, "could not make a buffer of %u bytes", s->size);
        atomic_fetch_sub(&s->made, 1);
        return ret;
    }
    gm_buffer_foreach_meta(*buffer, pool_mark_meta, NULL);
    GM_BUFFER_FLAG_UNSET(*buffer, GM_BUFFER_FLAG_TAG_MEMORY);
    return ret;
}

static void pool_end_buffer(GmBufferPool *pool, GmBuffer *buffer)
{
    atomic_fetch_sub(&pool->state->made, 1);
    POOL_HOOK(pool, free_buffer)(pool, buffer);
}

static GmBuffer *pool_pop(PoolState *s, unsigned *news)
{
    GmBuffer *buffer = NULL;
    gm_mutex_lock(&s->lock);
    *news = s->news;
    if (s->n_idle > 0) {
        buffer = s->idle[0];
        memmove(s->idle, s->idle + 1, --s->n_idle * sizeof *s->idle);
    }
    gm_mutex_unlock(&s->lock);
    return buffer;
}

static GmFlowReturn pool_default_alloc(GmBufferPool *pool, GmBuffer **buffer,
                                       GmBufferPoolAcquireParams *params)
{
    PoolState *s = pool->state;
    (void)params;
    *buffer = gm_buffer_new_allocate(s->allocator, s->size, &s->params);
    return *buffer ? GM_FLOW_OK : GM_FLOW_ERROR;
}

static GmFlowReturn pool_default_acquire(GmBufferPool *pool, GmBuffer **buffer,
                                         GmBufferPoolAcquireParams *params)
{
    PoolState *s = pool->state;
    while (!GM_BUFFER_POOL_IS_FLUSHING(pool)) {
        unsigned seen;
        *buffer = pool_pop(s, &seen);
        if (*buffer)
            return GM_FLOW_OK;
        GmFlowReturn ret = pool_make(pool, buffer, params);
        if (ret != GM_FLOW_EOS)
            return ret;
        if (params && (params->flags & GM_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT))
            return ret;
        gm_mutex_lock(&s->lock);
        while (s->news == seen && !GM_BUFFER_POOL_IS_FLUSHING(pool))
            gm_cond_wait(&s->cond, &s->lock, GM_WAIT_POOL, pool);
        gm_mutex_unlock(&s->lock);
    }
    return GM_FLOW_FLUSHING;
}

static bool pool_drop_meta(GmBuffer *buffer, GmMeta **meta, void *user_data)
{
    (void)buffer;
    (void)user_data;
    if (!GM_META_FLAG_IS_SET(*meta, GM_META_FLAG_POOLED)) {
        GM_META_FLAG_UNSET(*meta, GM_META_FLAG_LOCKED);
        *meta = NULL;
    }
    return true;
}

static void pool_default_reset(GmBufferPool *pool, GmBuffer *buffer)
{
    GM_BUFFER_FLAGS(buffer) &= GM_BUFFER_FLAG_TAG_MEMORY;
    buffer->pts = buffer->dts = buffer->duration = GM_CLOCK_TIME_NONE;
    buffer->offset = buffer->offset_end = GM_BUFFER_OFFSET_NONE;
    size_t offset, maxsize;
    gm_buffer_get_sizes(buffer, &offset, &maxsize);
    if (!GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_TAG_MEMORY) &&
        maxsize >= pool->state->size)
        gm_buffer_resize(buffer, -(ssize_t)offset, (ssize_t)pool->state->size);
    gm_buffer_foreach_meta(buffer, pool_drop_meta, NULL);
}

static void pool_default_release(GmBufferPool *pool, GmBuffer *buffer)
{
    PoolState *s = pool->state;
    // Only a buffer that is as it was made may be used again.
    if (GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_TAG_MEMORY) ||
        gm_buffer_get_size(buffer) != s->size || !gm_buffer_is_all_memory_writable(buffer)) {
        GM_DEBUG_OBJECT(pool, "discarding %p: its memory was changed", (void *)buffer);
        pool_end_buffer(pool, buffer);
        pool_tell(s);
        return;
    }
    gm_mutex_lock(&s->lock);
    if (s->n_idle == s->room) {
        s->room = s->room ? 2 * s->room : 8;
        s->idle = gm_renew(GmBuffer *, s->idle, s->room);
    }
    s->idle[s->n_idle++] = buffer;
    gm_mutex_unlock(&s->lock);
    pool_tell(s);
}

static void pool_default_free(GmBufferPool *pool, GmBuffer *buffer)
{
    (void)pool;
    gm_buffer_unref(buffer);
}

// ---- starting and stopping ---------------------------------------------------------------

static bool pool_default_start(GmBufferPool *pool)
{
    for (unsigned i = 0; i < pool->state->min; i++) {
        GmBuffer *buffer;
        if (pool_make(pool, &buffer, NULL) != GM_FLOW_OK)
            return false;
        POOL_HOOK(pool, release_buffer)(pool, buffer);
    }
    return true;
}

static bool pool_default_stop(GmBufferPool *pool)
{
    GmBuffer *buffer;
    unsigned  news;
    while ((buffer = pool_pop(pool->state, &news)) != NULL)
        pool_end_buffer(pool, buffer);
    return atomic_load(&pool->state->made) == 0;
}

static bool pool_stop(GmBufferPool *pool)
{
    PoolState *s = pool->state;
    if (s->started && !POOL_HOOK(pool, stop)(pool))
        return false;
    s->started = false;
    return true;
}

static void pool_flush(GmBufferPool *pool, bool flushing)
{
    void (*hook)(GmBufferPool *);
    if (GM_BUFFER_POOL_IS_FLUSHING(pool) == flushing)
        return;
    if (flushing) {
        atomic_store(&pool->flushing, 1);
        pool_tell(pool->state);
        hook = POOL_HOOK(pool, flush_start);
    } else {
        hook = POOL_HOOK(pool, flush_stop);
    }
    if (hook)
        hook(pool);
    atomic_store(&pool->flushing, flushing);
}

static void pool_came_back(GmBufferPool *pool)
{
    PoolState *s = pool->state;
    if (atomic_fetch_sub(&s->out, 1) > 1 || !GM_BUFFER_POOL_IS_FLUSHING(pool))
        return;
    // The last one of a pool that is no longer active: end what set_active could not.
    gm_rec_mutex_lock(&s->config_lock);
    if (!s->active)
        pool_stop(pool);
    gm_rec_mutex_unlock(&s->config_lock);
}

bool gm_buffer_pool_set_active(GmBufferPool *pool, bool active)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_POOL(pool))) return false;
    PoolState *s = pool->state;
    bool ok = true;
    gm_rec_mutex_lock(&s->config_lock);
    if (s->active != active && !s->configured) {
        GM_ERROR_OBJECT(pool, "a pool cannot be used without a configuration");
        ok = false;
    } else if (s->active != active && active) {
        ok = s->started || POOL_HOOK(pool, start)(pool);
        if (ok) {
            s->started = s->active = true;
            pool_flush(pool, false);
        } else {
            GM_ERROR_OBJECT(pool, "could not make the first %u buffers", s->min);
        }
    } else if (s->active != active) {
        pool_flush(pool, true);
        ok = atomic_load(&s->out) != 0 || pool_stop(pool);
        s->active = !ok;
    }
    gm_rec_mutex_unlock(&s->config_lock);
    return ok;
}

bool gm_buffer_pool_is_active(GmBufferPool *pool)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_POOL(pool))) return false;
    gm_rec_mutex_lock(&pool->state->config_lock);
    bool active = pool->state->active;
    gm_rec_mutex_unlock(&pool->state->config_lock);
    return active;
}

void gm_buffer_pool_set_flushing(GmBufferPool *pool, bool flushing)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_POOL(pool))) return;
    gm_rec_mutex_lock(&pool->state->config_lock);
    if (pool->state->active)
        pool_flush(pool, flushing);
    else
        GM_WARNING_OBJECT(pool, "cannot change flushing of a pool that is not active");
    gm_rec_mutex_unlock(&pool->state->config_lock);
}

GmFlowReturn gm_buffer_pool_acquire_buffer(GmBufferPool *pool, GmBuffer **buffer,
                                           GmBufferPoolAcquireParams *params)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_POOL(pool) && buffer != NULL)) return GM_FLOW_ERROR;
    *buffer = NULL;
    atomic_fetch_add(&pool->state->out, 1);
    GmFlowReturn ret = POOL_HOOK(pool, acquire_buffer)(pool, buffer, params);
    if (ret == GM_FLOW_OK)
        (*buffer)->pool = gm_object_ref(pool);
    else
        pool_came_back(pool);
    return ret;
}

void gm_buffer_pool_release_buffer(GmBufferPool *pool, GmBuffer *buffer)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_POOL(pool) && buffer != NULL)) return;
    if (buffer->pool != pool)
        return;
    buffer->pool = NULL;
    POOL_HOOK(pool, reset_buffer)(pool, buffer);
    POOL_HOOK(pool, release_buffer)(pool, buffer);
    pool_came_back(pool);
    gm_object_unref(pool);
}

// ---- the object and its configuration ----------------------------------------------------

static bool pool_default_set_config(GmBufferPool *pool, GmStructure *config)
{
    PoolState *s = pool->state;
    GmAllocator *allocator;
    if (!gm_buffer_pool_config_get_params(config, NULL, &s->size, &s->min, &s->max) ||
        !gm_buffer_pool_config_get_allocator(config, &allocator, &s->params)) {
        GM_WARNING_OBJECT(pool, "the configuration lacks size, min-buffers or max-buffers");
        return false;
    }
    gm_object_replace((GmObject **)&s->allocator, (GmObject *)allocator);
    atomic_store(&s->made, 0);
    return true;
}

static void pool_init(GmObject *obj)
{
    GmBufferPool *pool = GM_BUFFER_POOL(obj);
    PoolState *s = pool->state = gm_new0(PoolState, 1);
    gm_rec_mutex_init(&s->config_lock);
    gm_mutex_init(&s->lock);
    gm_cond_init(&s->cond);
    pool->flushing = 1;
    s->config = gm_structure_new_empty("GmBufferPoolConfig");
    gm_buffer_pool_config_set_params(s->config, NULL, 0, 0, 0);
    gm_buffer_pool_config_set_allocator(s->config, NULL, &s->params);
}

static void pool_dispose(GmObject *obj)
{
    if (GM_BUFFER_POOL(obj)->state->started)
        gm_buffer_pool_set_active(GM_BUFFER_POOL(obj), false);
}

static void pool_finalize(GmObject *obj)
{
    PoolState *s = GM_BUFFER_POOL(obj)->state;
    gm_structure_free(s->config);
    gm_object_replace((GmObject **)&s->allocator, NULL);
    gm_rec_mutex_clear(&s->config_lock);
    gm_mutex_clear(&s->lock);
    gm_cond_clear(&s->cond);
    free(s->idle);
    free(s);
}

const GmBufferPoolClass gm_buffer_pool_class = {
    .name = "bufferpool", .type_name = "GmBufferPool", .parent = &gm_object_class,
    .instance_size = sizeof(GmBufferPool),
    .init = pool_init, .dispose = pool_dispose, .finalize = pool_finalize,
    .set_config = pool_default_set_config, .start = pool_default_start,
    .stop = pool_default_stop, .acquire_buffer = pool_default_acquire,
    .alloc_buffer = pool_default_alloc, .reset_buffer = pool_default_reset,
    .release_buffer = pool_default_release, .free_buffer = pool_default_free,
};

GmBufferPool *gm_buffer_pool_new(void)
{
    return gm_object_ref_sink(gm_object_new(&gm_buffer_pool_class.object, NULL, NULL));
}

bool gm_buffer_pool_set_config(GmBufferPool *pool, GmStructure *config)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_POOL(pool) && config != NULL)) return false;
    PoolState *s = pool->state;
    bool ok = false;
    gm_rec_mutex_lock(&s->config_lock);
    if (s->configured && gm_structure_is_equal(config, s->config)) {
        ok = true;
    } else if (s->active || atomic_load(&s->out) != 0) {
        GM_INFO_OBJECT(pool, "cannot change the configuration: active, or buffers are out");
    } else {
        ok = POOL_HOOK(pool, set_config)(pool, config);
        s->configured |= ok;
        GmStructure *old = s->config;
        s->config = config;
        config = old;
    }
    gm_structure_free(config);
    gm_rec_mutex_unlock(&s->config_lock);
    return ok;
}

GmStructure *gm_buffer_pool_get_config(GmBufferPool *pool)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_POOL(pool))) return NULL;
    gm_rec_mutex_lock(&pool->state->config_lock);
    GmStructure *copy = gm_structure_copy(pool->state->config);
    gm_rec_mutex_unlock(&pool->state->config_lock);
    return copy;
}

const char **gm_buffer_pool_get_options(GmBufferPool *pool)
{
    static const char *none[] = { NULL };
    if (!GM_REQUIRE(GM_IS_BUFFER_POOL(pool))) return none;
    const char **(*hook)(GmBufferPool *) = POOL_HOOK(pool, get_options);
    return hook ? hook(pool) : none;
}

bool gm_buffer_pool_has_option(GmBufferPool *pool, const char *option)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_POOL(pool) && option != NULL)) return false;
    for (const char **o = gm_buffer_pool_get_options(pool); *o != NULL; o++)
        if (strcmp(*o, option) == 0)
            return true;
    return false;
}

void gm_buffer_pool_config_set_params(GmStructure *config, GmCaps *caps, unsigned size,
                                      unsigned min_buffers, unsigned max_buffers)
{
    if (!GM_REQUIRE(config != NULL && (max_buffers == 0 || min_buffers <= max_buffers))) return;
    if (!GM_REQUIRE(caps == NULL || gm_caps_is_fixed(caps))) return;
    gm_structure_set(config, "caps", GM_TYPE_CAPS, caps, "size", GM_TYPE_UINT, size,
                     "min-buffers", GM_TYPE_UINT, min_buffers, "max-buffers", GM_TYPE_UINT,
                     max_buffers, NULL);
}

bool gm_buffer_pool_config_get_params(GmStructure *config, GmCaps **caps, unsigned *size,
                                      unsigned *min_buffers, unsigned *max_buffers)
{
    unsigned unused;
    if (!GM_REQUIRE(config != NULL)) return false;
    const GmValue *value = gm_structure_get_value(config, "caps");
    if (caps)
        *caps = value ? gm_value_get_boxed(value) : NULL;
    return gm_structure_get_uint(config, "size", size ? size : &unused) &&
           gm_structure_get_uint(config, "min-buffers", min_buffers ? min_buffers : &unused) &&
           gm_structure_get_uint(config, "max-buffers", max_buffers ? max_buffers : &unused);
}

void gm_buffer_pool_config_set_allocator(GmStructure *config, GmAllocator *allocator,
                                         const GmAllocationParams *params)
{
    if (!GM_REQUIRE(config != NULL && (allocator != NULL || params != NULL))) return;
    GmAllocationParams p = params != NULL ? *params : (GmAllocationParams){ 0 };
    gm_structure_set(config, "allocator", GM_TYPE_OBJECT, allocator, "flags", GM_TYPE_UINT,
                     (unsigned)p.flags, "align", GM_TYPE_UINT64, (uint64_t)p.align, "prefix",
                     GM_TYPE_UINT64, (uint64_t)p.prefix, "padding", GM_TYPE_UINT64,
                     (uint64_t)p.padding, NULL);
}

bool gm_buffer_pool_config_get_allocator(GmStructure *config, GmAllocator **allocator,
                                         GmAllocationParams *params)
{
    if (!GM_REQUIRE(config != NULL)) return false;
    const GmValue *object = gm_structure_get_value(config, "allocator");
    unsigned flags = 0;
    uint64_t align = 0, prefix = 0, padding = 0;
    gm_structure_get_uint(config, "flags", &flags);
    gm_structure_get_uint64(config, "align", &align);
    gm_structure_get_uint64(config, "prefix", &prefix);
    gm_structure_get_uint64(config, "padding", &padding);
    if (allocator)
        *allocator = object ? gm_value_get_object(object) : NULL;
    if (params)
        *params = (GmAllocationParams){ (GmMemoryFlags)flags, align, prefix, padding };
    return true;
}

unsigned gm_buffer_pool_config_n_options(GmStructure *config)
{
    if (!GM_REQUIRE(config != NULL)) return 0;
    const GmValue *array = gm_structure_get_value(config, "options");
    return array ? gm_value_array_get_size(array) : 0;
}

const char *gm_buffer_pool_config_get_option(GmStructure *config, unsigned index)
{
    if (index >= gm_buffer_pool_config_n_options(config))
        return NULL;
    const GmValue *array = gm_structure_get_value(config, "options");
    return gm_value_get_string(gm_value_array_get_value(array, index));
}

bool gm_buffer_pool_config_has_option(GmStructure *config, const char *option)
{
    for (unsigned i = gm_buffer_pool_config_n_options(config); i-- > 0;)
        if (gm_strcmp0(gm_buffer_pool_config_get_option(config, i), option) == 0)
            return true;
    return false;
}

void gm_buffer_pool_config_add_option(GmStructure *config, const char *option)
{
    if (!GM_REQUIRE(config != NULL && option != NULL)) return;
    if (gm_buffer_pool_config_has_option(config, option))
        return;
    GmValue array = GM_VALUE_INIT, text = GM_VALUE_INIT;
    const GmValue *old = gm_structure_get_value(config, "options");
    if (old)
        gm_value_init_and_copy(&array, old);
    else
        gm_value_init(&array, GM_TYPE_ARRAY);
    gm_value_init(&text, GM_TYPE_STRING);
    gm_value_set_string(&text, option);
    gm_value_array_append_and_take_value(&array, &text);
    gm_structure_take_value(config, "options", &array);
}

bool gm_buffer_pool_config_validate_params(GmStructure *config, GmCaps *caps, unsigned size,
                                           unsigned min_buffers, unsigned max_buffers)
{
    GmCaps  *has_caps;
    unsigned has_size, has_min;
    (void)max_buffers; // GStreamer asks for nothing here either
    if (!gm_buffer_pool_config_get_params(config, &has_caps, &has_size, &has_min, NULL))
        return false;
    bool same = caps == has_caps || (caps && has_caps && gm_caps_is_equal(caps, has_caps));
    return same && has_size >= size && has_min >= min_buffers;
}
