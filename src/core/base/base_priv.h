// SPDX-License-Identifier: MIT
//
// base_priv: what the base classes share: filling operation tables, agreeing on a pool and an
// allocator, and reading a setting under the object lock. Internal to core/base.
#ifndef GM_CORE_BASE_BASE_PRIV_H
#define GM_CORE_BASE_BASE_PRIV_H

#include "core/base/allocation.h"
#include "core/buffer.h"
#include "core/buffer_list.h"
#include "core/buffer_pool.h"
#include "core/caps.h"
#include "core/element.h"
#include "core/element_priv.h" // defaults: so that elements can call gm_base_*_class.query etc.
#include "core/error.h"
#include "core/event.h"
#include "core/list.h"
#include "core/message.h"
#include "core/query.h"
#include "core/structure.h"
#include "core/util.h"
#include "core/value.h"

// The part of a query's answer that deals with one class of operations: the element's
// decide_allocation, called with the element as its first argument.
typedef bool (*GmBaseDecide)(GmElement *el, GmQuery *query);

// Fills `merged` (size bytes, of which the first `slots` are function pointers): each slot from
// the nearest class of obj, up to and including root, that has it. Bytes after the slots
// come from the nearest class that has a table.
void gm_base_merge_ops(GmObject *obj, const GmElementClass *root, void *merged, size_t slots,
                       size_t size);
// The pad `name` of el, borrowed; its absence is a critical and NULL.
GmPad *gm_base_get_pad(GmElement *el, const char *name);

// Copies `size` bytes of a setting to / from the element under the object lock.
void gm_base_set(void *el, void *field, const void *value, size_t size);
void gm_base_get(void *el, const void *field, void *value, size_t size);

// Defines the two functions of a setting that is nothing but a field under the object lock.
#define GM_BASE_SETTING(T, C, field, setter, getter)                                          \
    void setter(T *el, C value)                                                               \
    {                                                                                         \
        if (GM_REQUIRE(el != NULL))                                                           \
            gm_base_set(el, &el->field, &value, sizeof(value));                               \
    }                                                                                         \
    C getter(T *el)                                                                           \
    {                                                                                         \
        C value = 0;                                                                          \
        if (GM_REQUIRE(el != NULL))                                                           \
            gm_base_get(el, &el->field, &value, sizeof(value));                               \
        return value;                                                                         \
    }

// Replaces what is decided; activates the new pool, stops the old one. All NULL: forgets it.
// False: the pool cannot be activated; nothing changed.
bool gm_base_alloc_set(GmElement *el, GmBaseAllocation *alloc, GmBufferPool *pool,
                       GmAllocator *allocator, const GmAllocationParams *params);
// Asks downstream of srcpad for caps (may be NULL) unless query is given, lets `decide` choose,
// and sets the result. *result (may be NULL) gives the query.
bool gm_base_alloc_negotiate(GmElement *el, GmBaseAllocation *alloc, GmPad *srcpad, GmCaps *caps,
                             GmBaseDecide decide, GmQuery **result);
// The default decide_allocation: the first allocator and the first pool, configured.
bool gm_base_alloc_decide(GmElement *el, GmQuery *query);
void gm_base_alloc_set_flushing(GmElement *el, GmBaseAllocation *alloc, bool flushing);
// A buffer from the pool, else of `size` bytes from the allocator.
GmFlowReturn gm_base_alloc_acquire(GmElement *el, GmBaseAllocation *alloc, size_t size,
                                   GmBuffer **buffer);
GmBufferPool *gm_base_alloc_get_pool(GmElement *el, GmBaseAllocation *alloc);
void gm_base_alloc_get_allocator(GmElement *el, GmBaseAllocation *alloc, GmAllocator **allocator,
                                 GmAllocationParams *params);

#endif
