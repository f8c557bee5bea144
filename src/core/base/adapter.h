// SPDX-License-Identifier: MIT
//
// adapter: buffers of any size go in, exactly the bytes that are asked for come out. What
// parsers and depayloaders use.
//
//     push [..][....][.] -->  |skip| ......... |  --> map / copy / take n bytes, flush
//
// It remembers the last pts, dts and offset before each byte and how far away they are.
// Not thread-safe: one thread at a time. Never blocks. All functions that give n bytes give
// NULL when n is 0 or more than gm_adapter_available. Misuse is a critical, the neutral result,
// and nothing taken.
// Read next: core/buffer.h; GM_BUFFER_FLAG_DISCONT there.
#ifndef GM_BASE_ADAPTER_H
#define GM_BASE_ADAPTER_H

#include "core/buffer_list.h"
#include "core/list.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmAdapter GmAdapter; // an object: gm_object_unref ends it
extern const GmObjectClass gm_adapter_class;

GmAdapter *gm_adapter_new(void);                           // gives an empty one
void gm_adapter_clear(GmAdapter *adapter);                 // forgets all
void gm_adapter_push(GmAdapter *adapter, GmBuffer *buf);   // takes buf
// The first `size` bytes as one piece (copied together if they lie in several buffers), valid
// until unmap or the next call that changes the adapter.
const void *gm_adapter_map(GmAdapter *adapter, size_t size);
void gm_adapter_unmap(GmAdapter *adapter);
// Copies to dest / drops the first bytes: no more than there are.
void gm_adapter_copy(GmAdapter *adapter, void *dest, size_t offset, size_t size);
void gm_adapter_flush(GmAdapter *adapter, size_t flush);
size_t gm_adapter_available(GmAdapter *adapter);
size_t gm_adapter_available_fast(GmAdapter *adapter);      // without copying: in the first buffer

// take: gives and flushes; get: gives and keeps. _fast may give a buffer of several memories;
// the lists hold the original buffers, cut at the ends.
void *gm_adapter_take(GmAdapter *adapter, size_t nbytes); // free ()
GmBuffer *gm_adapter_take_buffer(GmAdapter *adapter, size_t nbytes);
GmBuffer *gm_adapter_take_buffer_fast(GmAdapter *adapter, size_t nbytes);
GmList *gm_adapter_take_list(GmAdapter *adapter, size_t nbytes); // of GmBuffer *
GmBufferList *gm_adapter_take_buffer_list(GmAdapter *adapter, size_t nbytes);
GmBuffer *gm_adapter_get_buffer(GmAdapter *adapter, size_t nbytes);
GmBuffer *gm_adapter_get_buffer_fast(GmAdapter *adapter, size_t nbytes);
GmList *gm_adapter_get_list(GmAdapter *adapter, size_t nbytes);
GmBufferList *gm_adapter_get_buffer_list(GmAdapter *adapter, size_t nbytes);

// The last known time/offset before the first byte (or byte `offset`); *distance (may be NULL):
// bytes from there. NONE, GM_BUFFER_OFFSET_NONE: unknown. At the last DISCONT buffer: the three
// that follow, and how many bytes ago that was.
GmClockTime gm_adapter_prev_pts(GmAdapter *adapter, uint64_t *distance);
GmClockTime gm_adapter_prev_dts(GmAdapter *adapter, uint64_t *distance);
GmClockTime gm_adapter_prev_pts_at_offset(GmAdapter *adapter, size_t offset, uint64_t *distance);
GmClockTime gm_adapter_prev_dts_at_offset(GmAdapter *adapter, size_t offset, uint64_t *distance);
uint64_t gm_adapter_prev_offset(GmAdapter *adapter, uint64_t *distance);
GmClockTime gm_adapter_pts_at_discont(GmAdapter *adapter);
GmClockTime gm_adapter_dts_at_discont(GmAdapter *adapter);
uint64_t gm_adapter_offset_at_discont(GmAdapter *adapter);
uint64_t gm_adapter_distance_from_discont(GmAdapter *adapter);

// Where in [offset, offset + size) four bytes, read big-endian and masked, equal `pattern`; -1:
// nowhere. *value (may be NULL): the four bytes unmasked.
ssize_t gm_adapter_masked_scan_uint32_peek(GmAdapter *adapter, uint32_t mask, uint32_t pattern,
                                           size_t offset, size_t size, uint32_t *value);
#define gm_adapter_masked_scan_uint32(a, m, p, o, s) \
    gm_adapter_masked_scan_uint32_peek((a), (m), (p), (o), (s), NULL)

#ifdef __cplusplus
}
#endif
#endif
