// SPDX-License-Identifier: MIT
//
// base_transform: the parent of elements with one input and one output: it negotiates both sides,
// gets output buffers, and calls the element's transform for each input buffer.
//
//      sinkpad --> submit_input_buffer --> generate_output --> srcpad
//                                  passthrough: nothing, or transform_ip on the same buffer
//                                  in place:    transform_ip on a writable buffer
//                                  copy:        prepare_output_buffer, transform
//
// An element gives a table of operations in its manifest (.parent =
// &gm_base_transform_class.object, .transform = &ops). Every slot may be NULL: the default in
// gm_base_transform_ops serves, and may be called from an operation of one's own:
// gm_base_transform_ops.sink_event (trans, event). One with only transform_ip works in place;
// one with only transform copies; one with neither passes through.
//
// The pads table needs always-pads "sink" and "src"; the base class sets their functions.
//
// Threads: transforming operations run in the streaming thread; the caps operations may run in
// any thread, several at once, and must look at their arguments only. start and stop: the
// thread of the state change. Unless said otherwise functions are for any thread and never block.
// Misuse is a critical and the neutral result.
// Read next: core/base/base_transform.c.
#ifndef GM_CORE_BASE_BASE_TRANSFORM_H
#define GM_CORE_BASE_BASE_TRANSFORM_H

#include "core/base/allocation.h"
#include "core/element.h"
#include "core/segment.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmBaseTransform    GmBaseTransform;
typedef struct GmBaseTransformOps GmBaseTransformOps;

// Return of transform / transform_ip: no output for this buffer, which is not an error.
#define GM_BASE_TRANSFORM_FLOW_DROPPED GM_FLOW_CUSTOM_SUCCESS

// What an element may do itself. Signatures, duties and ownership are GstBaseTransformClass's.
struct GmBaseTransformOps {
    // Caps the other pad can have when the pad of `direction` has `caps`, narrowed by filter
    // (both borrowed). Gives caps. Default: the same.
    GmCaps *(*transform_caps)(GmBaseTransform *trans, GmPadDirection direction, GmCaps *caps,
                              GmCaps *filter);
    // Picks one of othercaps (takes them, gives fixed ones) for `caps` on `direction`.
    GmCaps *(*fixate_caps)(GmBaseTransform *trans, GmPadDirection direction, GmCaps *caps,
                           GmCaps *othercaps);
    bool (*accept_caps)(GmBaseTransform *trans, GmPadDirection direction, GmCaps *caps);
    bool (*set_caps)(GmBaseTransform *trans, GmCaps *incaps, GmCaps *outcaps);
    bool (*query)(GmBaseTransform *trans, GmPadDirection direction, GmQuery *query);
    bool (*decide_allocation)(GmBaseTransform *trans, GmQuery *query);
    bool (*filter_meta)(GmBaseTransform *trans, GmQuery *query, GmType api,
                        const GmStructure *params);
    // decide_query: what we got from downstream, NULL in passthrough.
    bool (*propose_allocation)(GmBaseTransform *trans, GmQuery *decide_query, GmQuery *query);
    // Bytes of a buffer of othercaps for one of `size` bytes of caps. Default: whole units.
    bool (*transform_size)(GmBaseTransform *trans, GmPadDirection direction, GmCaps *caps,
                           size_t size, GmCaps *othercaps, size_t *othersize);
    bool (*get_unit_size)(GmBaseTransform *trans, GmCaps *caps, size_t *size);
    bool (*start)(GmBaseTransform *trans);
    bool (*stop)(GmBaseTransform *trans);
    bool (*sink_event)(GmBaseTransform *trans, GmEvent *event); // takes event; chain up
    bool (*src_event)(GmBaseTransform *trans, GmEvent *event);  // takes event; chain up
    // Gives a buffer to write to in *outbuf; may give `input` itself (no new reference).
    GmFlowReturn (*prepare_output_buffer)(GmBaseTransform *trans, GmBuffer *input,
                                          GmBuffer **outbuf);
    bool (*copy_metadata)(GmBaseTransform *trans, GmBuffer *input, GmBuffer *outbuf);
    // Whether `meta` of inbuf goes to outbuf.
    bool (*transform_meta)(GmBaseTransform *trans, GmBuffer *outbuf, GmMeta *meta,
                           GmBuffer *inbuf);
    void (*before_transform)(GmBaseTransform *trans, GmBuffer *buffer);
    // Both borrow. GM_BASE_TRANSFORM_FLOW_DROPPED: nothing comes out.
    GmFlowReturn (*transform)(GmBaseTransform *trans, GmBuffer *inbuf, GmBuffer *outbuf);
    GmFlowReturn (*transform_ip)(GmBaseTransform *trans, GmBuffer *buf);
    GmFlowReturn (*submit_input_buffer)(GmBaseTransform *trans, bool is_discont,
                                        GmBuffer *input); // takes input
    // Called until *outbuf stays NULL; gives *outbuf.
    GmFlowReturn (*generate_output)(GmBaseTransform *trans, GmBuffer **outbuf);

    bool passthrough_on_same_caps; // equal caps on both pads switch passthrough on
    // GStreamer's transform_ip_on_passthrough, turned round so that zero is its default:
    // false: transform_ip also sees the (perhaps not writable) buffers of passthrough.
    bool no_transform_ip_on_passthrough;
};

struct GmBaseTransform {
    GmElement element;
    GmPad    *sinkpad, *srcpad; // owned by the element's pad list

    // stream lock
    bool      have_segment;
    GmSegment segment;
    GmBuffer *queued_buf; // submit_input_buffer leaves it here for generate_output

    // private ----------------------------------------------------------------------------
    GmBaseTransformOps ops; // the manifest's, NULLs filled with the defaults; constant
    // object lock
    bool        passthrough, always_in_place, prefer_passthrough, gap_aware, qos_enabled;
    double      proportion;
    GmClockTime earliest_time;
    GmBaseAllocation alloc;
    GmQuery    *query; // the decided ALLOCATION query, or NULL
    // stream lock
    GmPadMode   pad_mode;
    bool        negotiated, discont;
    GmCaps     *cache_caps[2]; // of get_unit_size
    size_t      cache_size[2];
    uint64_t    processed, dropped;
    GmClockTime position_out;
};

extern const GmElementClass     gm_base_transform_class;
extern const GmBaseTransformOps gm_base_transform_ops; // the defaults

// Casts are unchecked; GM_IS_BASE_TRANSFORM checks (NULL: false). The others read the
// struct: not NULL, no lock taken.
#define GM_BASE_TRANSFORM_CAST(obj) ((GmBaseTransform *)(obj))
#define GM_BASE_TRANSFORM(obj) ((GmBaseTransform *)(obj))
#define GM_IS_BASE_TRANSFORM(obj) gm_object_is_a((obj), &gm_base_transform_class.object)
#define GM_BASE_TRANSFORM_SINK_PAD(obj) (GM_BASE_TRANSFORM_CAST(obj)->sinkpad)
#define GM_BASE_TRANSFORM_SRC_PAD(obj) (GM_BASE_TRANSFORM_CAST(obj)->srcpad)

// How buffers go through: see the sketch above. A change renegotiates before the next buffer.
void gm_base_transform_set_passthrough(GmBaseTransform *trans, bool passthrough);
bool gm_base_transform_is_passthrough(GmBaseTransform *trans);
void gm_base_transform_set_in_place(GmBaseTransform *trans, bool in_place);
bool gm_base_transform_is_in_place(GmBaseTransform *trans);
// Whether a possible passthrough is preferred over a conversion (default true).
void gm_base_transform_set_prefer_passthrough(GmBaseTransform *trans, bool prefer_passthrough);
// The element handles GM_BUFFER_FLAG_GAP itself; else the flag is removed from output.
void gm_base_transform_set_gap_aware(GmBaseTransform *trans, bool gap_aware);
// Whether late buffers are dropped before transform on the word of downstream QoS events.
void gm_base_transform_set_qos_enabled(GmBaseTransform *trans, bool enabled);
bool gm_base_transform_is_qos_enabled(GmBaseTransform *trans);
// As if a QoS event had come (core/event.h: proportion, diff and timestamp in ns).
void gm_base_transform_update_qos(GmBaseTransform *trans, double proportion, GmClockTimeDiff diff,
                                  GmClockTime timestamp);
// Asks upstream / ourselves to negotiate again before the next buffer.
void gm_base_transform_reconfigure_sink(GmBaseTransform *trans);
void gm_base_transform_reconfigure_src(GmBaseTransform *trans);
// Renegotiates now if something asked for it. Streaming thread. False: not negotiated.
bool gm_base_transform_reconfigure(GmBaseTransform *trans);
// Sets the output caps (borrowed) and sends them. Streaming thread. False: the event was refused.
bool gm_base_transform_update_src_caps(GmBaseTransform *trans, GmCaps *updated_caps);
GmBufferPool *gm_base_transform_get_buffer_pool(GmBaseTransform *trans); // gives, or NULL
// Gives a reference in *allocator (may come out NULL: the default); both may be NULL.
void gm_base_transform_get_allocator(GmBaseTransform *trans, GmAllocator **allocator,
                                     GmAllocationParams *params);

#ifdef __cplusplus
}
#endif
#endif
