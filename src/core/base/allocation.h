// SPDX-License-Identifier: MIT
//
// allocation: where a base class gets its output buffers from: a pool, an allocator and its
// parameters, as the last ALLOCATION query decided. Embedded in GmBaseSrc, GmBaseTransform and
// GmAggregator; element authors ask through gm_base_*_get_buffer_pool and _get_allocator.
// Read next: core/base/base_src.h.
#ifndef GM_CORE_BASE_ALLOCATION_H
#define GM_CORE_BASE_ALLOCATION_H

#include "core/memory.h"
#include "core/types.h"

// Guarded by the object lock of the element that embeds it. All zero: nothing decided yet.
typedef struct {
    GmBufferPool      *pool;      // counted, active while set; NULL: no pool
    GmAllocator       *allocator; // counted; NULL: the default allocator
    GmAllocationParams params;
} GmBaseAllocation;

#endif
