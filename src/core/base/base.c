// SPDX-License-Identifier: MIT
//
// base: see base_priv.h. The allocation part is the same dialogue for every producer of buffers:
//
//      producer -- ALLOCATION query --> downstream      "this is what I would like"
//      decide_allocation (query)                        "this is what we take"
//      pool configured, activated, kept                 until caps or links change
#include <string.h>

#include "core/base/base_priv.h"

void gm_base_merge_ops(GmObject *obj, const GmElementClass *root, void *merged, size_t slots,
                       size_t size)
{
    bool first = true;
    for (const GmObjectClass *k = obj->klass;; k = k->parent) {
        const char *ops = ((const GmElementClass *)k)->ops;
        if (ops != NULL && first) {
            memcpy(merged, ops, size);
            first = false;
        } else if (ops != NULL) {
            for (size_t i = 0; i < slots; i++) {
                GmCallback f;
                memcpy(&f, (char *)merged + i * sizeof(f), sizeof(f));
                if (f == NULL)
                    memcpy((char *)merged + i * sizeof(f), ops + i * sizeof(f), sizeof(f));
            }
        }
        if (k == &root->object)
            return;
    }
}

GmPad *gm_base_get_pad(GmElement *el, const char *name)
{
    GmPad *pad = gm_element_get_static_pad(el, name);
    if (pad == NULL) {
        gm_critical(__func__, "class %s has no always-pad \"%s\"", el->object.klass->name, name);
        return NULL;
    }
    gm_object_unref(pad); // the element's own reference stays
    return pad;
}

void gm_base_set(void *el, void *field, const void *value, size_t size)
{
    GM_OBJECT_LOCK(el);
    memcpy(field, value, size);
    GM_OBJECT_UNLOCK(el);
}

void gm_base_get(void *el, const void *field, void *value, size_t size)
{
    GM_OBJECT_LOCK(el);
    memcpy(value, field, size);
    GM_OBJECT_UNLOCK(el);
}

bool gm_base_alloc_set(GmElement *el, GmBaseAllocation *alloc, GmBufferPool *pool,
                       GmAllocator *allocator, const GmAllocationParams *params)
{
    GmBaseAllocation next = { pool, allocator, { 0 } };
    if (pool != NULL && !gm_buffer_pool_set_active(pool, true))
        return false;
    if (params != NULL)
        next.params = *params;
    if (pool != NULL)
        gm_object_ref(pool);
    if (allocator != NULL)
        gm_object_ref(allocator);
    GM_OBJECT_LOCK(el);
    GmBaseAllocation old = *alloc;
    *alloc = next;
    GM_OBJECT_UNLOCK(el);
    if (old.pool != NULL) {
        if (old.pool != pool)
            gm_buffer_pool_set_active(old.pool, false);
        gm_object_unref(old.pool);
    }
    if (old.allocator != NULL)
        gm_object_unref(old.allocator);
    return true;
}

bool gm_base_alloc_negotiate(GmElement *el, GmBaseAllocation *alloc, GmPad *srcpad, GmCaps *caps,
                             GmBaseDecide decide, GmQuery **result)
{
    GmBufferPool *pool = NULL;
    GmAllocator *allocator = NULL;
    GmAllocationParams params = { 0 };
    GmQuery *query = gm_query_new_allocation(caps, true);

    gm_pad_peer_query(srcpad, query); // no answer is an answer: we choose alone
    bool ok = decide(el, query);
    if (ok) {
        if (gm_query_get_n_allocation_params(query) > 0)
            gm_query_parse_nth_allocation_param(query, 0, &allocator, &params);
        if (gm_query_get_n_allocation_pools(query) > 0)
            gm_query_parse_nth_allocation_pool(query, 0, &pool, NULL, NULL, NULL);
        ok = gm_base_alloc_set(el, alloc, pool, allocator, &params);
        gm_clear_object((GmObject **)&allocator);
        gm_clear_object((GmObject **)&pool);
    }
    if (ok && result != NULL)
        *result = query;
    else
        gm_query_unref(query);
    return ok;
}

// Configures *pool; a pool that cannot do it is replaced by a plain one.
static bool base_configure_pool(GmBufferPool **pool, GmCaps *caps, const unsigned sizes[3],
                                GmAllocator *allocator, GmAllocationParams *params)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        GmStructure *config = gm_buffer_pool_get_config(*pool);
        gm_buffer_pool_config_set_params(config, caps, sizes[0], sizes[1], sizes[2]);
        gm_buffer_pool_config_set_allocator(config, allocator, params);
        if (gm_buffer_pool_set_config(*pool, config))
            return true;
        // The pool has changed what it cannot do: fine, as long as the buffers fit.
        config = gm_buffer_pool_get_config(*pool);
        if (gm_buffer_pool_config_validate_params(config, caps, sizes[0], sizes[1], sizes[2]))
            return gm_buffer_pool_set_config(*pool, config);
        gm_structure_free(config);
        gm_object_unref(*pool);
        *pool = gm_buffer_pool_new();
    }
    return false;
}

bool gm_base_alloc_decide(GmElement *el, GmQuery *query)
{
    GmCaps *caps;
    GmBufferPool *pool = NULL;
    GmAllocator *allocator = NULL;
    GmAllocationParams params = { 0 };
    unsigned sizes[3] = { 0 }; // of a buffer; least and most buffers

    gm_query_parse_allocation(query, &caps, NULL);
    if (gm_query_get_n_allocation_params(query) > 0) {
        gm_query_parse_nth_allocation_param(query, 0, &allocator, &params);
        gm_query_set_nth_allocation_param(query, 0, allocator, &params);
    } else {
        gm_query_add_allocation_param(query, NULL, &params);
    }
    bool ok = true;
    if (gm_query_get_n_allocation_pools(query) > 0) {
        gm_query_parse_nth_allocation_pool(query, 0, &pool, &sizes[0], &sizes[1], &sizes[2]);
        if (pool == NULL)
            pool = gm_buffer_pool_new();
        ok = base_configure_pool(&pool, caps, sizes, allocator, &params);
        if (ok)
            gm_query_set_nth_allocation_pool(query, 0, pool, sizes[0], sizes[1], sizes[2]);
        else
            GM_ELEMENT_ERROR(el, RESOURCE, SETTINGS, ("Failed to configure the buffer pool"),
                             ("Configuration is most likely invalid, please report this issue."));
        gm_object_unref(pool);
    }
    gm_clear_object((GmObject **)&allocator);
    return ok;
}

void gm_base_alloc_set_flushing(GmElement *el, GmBaseAllocation *alloc, bool flushing)
{
    GmBufferPool *pool = gm_base_alloc_get_pool(el, alloc);
    if (pool != NULL) {
        gm_buffer_pool_set_flushing(pool, flushing);
        gm_object_unref(pool);
    }
}

GmFlowReturn gm_base_alloc_acquire(GmElement *el, GmBaseAllocation *alloc, size_t size,
                                   GmBuffer **buffer)
{
    GmAllocator *allocator;
    GmAllocationParams params;
    GmBufferPool *pool = gm_base_alloc_get_pool(el, alloc);
    if (pool != NULL) {
        GmFlowReturn ret = gm_buffer_pool_acquire_buffer(pool, buffer, NULL);
        gm_object_unref(pool);
        return ret;
    }
    gm_base_alloc_get_allocator(el, alloc, &allocator, &params);
    *buffer = size == (unsigned)-1 ? NULL : gm_buffer_new_allocate(allocator, size, &params);
    gm_clear_object((GmObject **)&allocator);
    return *buffer != NULL ? GM_FLOW_OK : GM_FLOW_ERROR;
}

GmBufferPool *gm_base_alloc_get_pool(GmElement *el, GmBaseAllocation *alloc)
{
    GM_OBJECT_LOCK(el);
    GmBufferPool *pool = alloc->pool != NULL ? gm_object_ref(alloc->pool) : NULL;
    GM_OBJECT_UNLOCK(el);
    return pool;
}

void gm_base_alloc_get_allocator(GmElement *el, GmBaseAllocation *alloc, GmAllocator **allocator,
                                 GmAllocationParams *params)
{
    GM_OBJECT_LOCK(el);
    if (allocator != NULL)
        *allocator = alloc->allocator != NULL ? gm_object_ref(alloc->allocator) : NULL;
    if (params != NULL)
        *params = alloc->params;
    GM_OBJECT_UNLOCK(el);
}
