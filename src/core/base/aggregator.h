// SPDX-License-Identifier: MIT
//
// aggregator: the parent of elements with several inputs and one output: mixers, batchers, muxers.
//
//      sink_0 --> [queue] --\.
//      sink_1 --> [queue] ---+--> aggregate, in the src pad's task --> finish_buffer --> srcpad
//      sink_2 --> [queue] --/
//
// aggregate is called when every pad has a buffer or is at its end and, with a live input, when
// the time of the next output plus latency has come even if some pad has none (timeout true).
// Serialised events stay in each pad's queue in their order and take effect between buffers.
//
// An element gives a table of operations in its manifest (.parent = &gm_aggregator_class.object,
// .aggregator = &ops). Every slot but aggregate may be NULL: the default in gm_aggregator_ops
// serves, and may be called from an operation of one's own.
//
// The pads table needs one always-pad "src" and request rows as "sink_%u"; each sink pad is a
// GmAggregatorPad (or what the row's pad_class derives from it). The base class sets functions.
//
// Threads: clip, sink_event_pre_queue run in upstream's streaming threads, aggregate, sink_event,
// sink_query (serialised), caps and allocation operations in the src task; others in any.
// Unless said otherwise functions are for any thread and never block. Misuse is a critical and the
// neutral result.
// Read next: core/base/aggregator.c, core/base/aggregator_pad.c.
#ifndef GM_CORE_BASE_AGGREGATOR_H
#define GM_CORE_BASE_AGGREGATOR_H

#include "core/base/allocation.h"
#include "core/clock.h"
#include "core/element.h"
#include "core/pad.h"
#include "core/segment.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmAggregator         GmAggregator;
typedef struct GmAggregatorOps      GmAggregatorOps;
typedef struct GmAggregatorPad      GmAggregatorPad;
typedef struct GmAggregatorPadClass GmAggregatorPadClass;

// aggregate cannot go on before more input arrives.
#define GM_AGGREGATOR_FLOW_NEED_DATA GM_FLOW_CUSTOM_ERROR

typedef enum {
    GM_AGGREGATOR_START_TIME_SELECTION_ZERO,  // output starts at running time 0
    GM_AGGREGATOR_START_TIME_SELECTION_FIRST, // … at that of the first buffer
    GM_AGGREGATOR_START_TIME_SELECTION_SET    // … at property start-time
} GmAggregatorStartTimeSelection;

struct GmAggregatorPad {
    GmPad     pad;
    GmSegment segment; // of the buffers that aggregate sees; object lock

    // private: guarded by the aggregator's src_lock
    struct GmList *queue;   // of buffers, events, queries (borrowed from upstream's stack)
    GmBuffer      *clipped; // clipped and ready
    GmBuffer      *peeked;  // what aggregate has seen and not popped yet
    unsigned       num_buffers;
    GmFlowReturn   flow_return; // what the next push gets when it is not OK
    bool           first_buffer, eos, negotiated, waited_once, query_result;
    GmClockTime    head_position, head_time, tail_time; // of what arrives; running times
    GmSegment      head_segment; // of what arrives
    uint32_t       flush_start_seqnum, flush_stop_seqnum;
    void          *handling; // the query the src task is busy with
};

struct GmAggregatorPadClass {
    union {
        GmObjectClass object;
        struct { GM_OBJECT_CLASS_FIELDS; };
    };
    // Drops what belongs to the old segment. Called after a flush, in any thread.
    GmFlowReturn (*flush)(GmAggregatorPad *pad, GmAggregator *aggregator);
    // True: `buffer` (borrowed) is dropped before aggregate sees it.
    bool (*skip_buffer)(GmAggregatorPad *pad, GmAggregator *aggregator, GmBuffer *buffer);
};

// What an element may do itself. Signatures, duties and ownership are GstAggregatorClass's.
struct GmAggregatorOps {
    GmFlowReturn (*flush)(GmAggregator *agg); // after a flushing seek, all flush-stops came
    // Takes buf; gives the part inside the pad's segment, NULL to drop it.
    GmBuffer *(*clip)(GmAggregator *agg, GmAggregatorPad *pad, GmBuffer *buf);
    GmFlowReturn (*finish_buffer)(GmAggregator *agg, GmBuffer *buffer); // takes; chain up
    bool (*sink_event)(GmAggregator *agg, GmAggregatorPad *pad, GmEvent *event); // takes; chain up
    bool (*sink_query)(GmAggregator *agg, GmAggregatorPad *pad, GmQuery *query); // chain up
    bool (*src_event)(GmAggregator *agg, GmEvent *event); // takes; chain up
    bool (*src_query)(GmAggregator *agg, GmQuery *query); // chain up
    bool (*src_activate)(GmAggregator *agg, GmPadMode mode, bool active);
    // Needed. Looks at the pads (peek, pop), makes output, calls finish_buffer. EOS: that was
    // all. GM_AGGREGATOR_FLOW_NEED_DATA: wait for more.
    GmFlowReturn (*aggregate)(GmAggregator *agg, bool timeout);
    bool (*start)(GmAggregator *agg); // READY to PAUSED
    bool (*stop)(GmAggregator *agg);  // PAUSED to READY
    // Running time of the next output, NONE (the default): wait for all pads.
    GmClockTime (*get_next_time)(GmAggregator *agg);
    // Gives a floating pad. Default: by the template, named after it.
    GmAggregatorPad *(*create_new_pad)(GmAggregator *agg, GmPadTemplate *templ,
                                       const char *req_name, const GmCaps *caps);
    // Gives *ret: what the output could be of `caps` (borrowed: what downstream takes).
    GmFlowReturn (*update_src_caps)(GmAggregator *agg, GmCaps *caps, GmCaps **ret);
    GmCaps *(*fixate_src_caps)(GmAggregator *agg, GmCaps *caps); // takes, gives fixed
    bool (*negotiated_src_caps)(GmAggregator *agg, GmCaps *caps);
    bool (*decide_allocation)(GmAggregator *agg, GmQuery *query);
    bool (*propose_allocation)(GmAggregator *agg, GmAggregatorPad *pad, GmQuery *decide_query,
                               GmQuery *query);
    bool (*negotiate)(GmAggregator *agg);
    // A sink pad's event or query before it is queued (upstream's thread). Chain up.
    GmFlowReturn (*sink_event_pre_queue)(GmAggregator *agg, GmAggregatorPad *pad, GmEvent *event);
    bool (*sink_query_pre_queue)(GmAggregator *agg, GmAggregatorPad *pad, GmQuery *query);
    GmFlowReturn (*finish_buffer_list)(GmAggregator *agg, GmBufferList *list);
};

struct GmAggregator {
    GmElement element;
    GmPad    *srcpad; // owned by the element's pad list

    // private ----------------------------------------------------------------------------
    GmAggregatorOps ops; // the manifest's, NULLs filled with the defaults; constant
    // guarded by src_lock, which also guards the pads' queues; taken before object locks
    GmMutex     src_lock;
    GmCond      src_cond; // input came or went, flush, or a new latency
    GmClockID   aggregate_id; // the clock wait under way, or NULL
    _Atomic bool running, send_eos, got_eos_event; // the task looks without the lock, too
    bool        has_peer_latency, peer_latency_live, first_buffer;
    GmClockTime peer_latency_min, peer_latency_max;
    GmClockTime sub_latency_min, sub_latency_max; // of set_latency
    _Atomic uint64_t latency, upstream_latency_min; // properties, ns; any thread sets them
    // object lock
    GmSegment   segment; // of the output
    _Atomic uint64_t start_time; // property, ns
    _Atomic int  start_time_selection;
    int          next_pad_serial;
    _Atomic bool ignore_inactive_pads, flushing, send_stream_start, send_segment;
    uint32_t    seqnum, seek_seqnum;
    GmBaseAllocation alloc;
    GmQuery    *allocation_query; // as decided, or NULL
    GmCaps     *srccaps; // src task: to be sent before the next buffer
};

extern const GmElementClass       gm_aggregator_class;
extern const GmAggregatorPadClass gm_aggregator_pad_class;
extern const GmAggregatorOps      gm_aggregator_ops; // the defaults

// Casts are unchecked; GM_IS_AGGREGATOR checks (NULL: false). The others read the
// struct: not NULL, no lock taken.
#define GM_AGGREGATOR_CAST(obj) ((GmAggregator *)(obj))
#define GM_AGGREGATOR(obj) ((GmAggregator *)(obj))
#define GM_IS_AGGREGATOR(obj) gm_object_is_a((obj), &gm_aggregator_class.object)
#define GM_AGGREGATOR_PAD(obj) ((GmAggregatorPad *)(obj))
#define GM_AGGREGATOR_PAD_CAST(obj) ((GmAggregatorPad *)(obj))
#define GM_IS_AGGREGATOR_PAD(obj) gm_object_is_a((obj), &gm_aggregator_pad_class.object)
#define GM_AGGREGATOR_SRC_PAD(agg) (GM_AGGREGATOR_CAST(agg)->srcpad)

// The oldest buffer of a pad, clipped: peek gives another reference, pop takes it out, drop
// throws it away (true: there was one). NULL / false: none there.
GmBuffer *gm_aggregator_pad_peek_buffer(GmAggregatorPad *pad);
GmBuffer *gm_aggregator_pad_pop_buffer(GmAggregatorPad *pad);
bool gm_aggregator_pad_drop_buffer(GmAggregatorPad *pad);
bool gm_aggregator_pad_has_buffer(GmAggregatorPad *pad);
bool gm_aggregator_pad_is_eos(GmAggregatorPad *pad);      // at EOS and nothing left
bool gm_aggregator_pad_is_inactive(GmAggregatorPad *pad); // live: has not yet got a buffer

// Pushes output (takes it) after stream-start, caps, segment, tags. From aggregate; may block.
GmFlowReturn gm_aggregator_finish_buffer(GmAggregator *agg, GmBuffer *buffer);
GmFlowReturn gm_aggregator_finish_buffer_list(GmAggregator *agg, GmBufferList *list);
void gm_aggregator_set_src_caps(GmAggregator *agg, GmCaps *caps); // borrows; sent at once
bool gm_aggregator_negotiate(GmAggregator *agg); // src task. False: not negotiated, try again
// Latency of the element itself in ns (min valid, <= max), added to the property's; posts a LATENCY
// message when it changed.
void gm_aggregator_set_latency(GmAggregator *agg, GmClockTime min_latency,
                               GmClockTime max_latency);
// What inputs have to wait at most, NONE when no input is live. May block for queries upstream.
GmClockTime gm_aggregator_get_latency(GmAggregator *agg);
GmBufferPool *gm_aggregator_get_buffer_pool(GmAggregator *agg); // gives, or NULL
// Gives a reference in *allocator (may come out NULL: the default); both may be NULL.
void gm_aggregator_get_allocator(GmAggregator *agg, GmAllocator **allocator,
                                 GmAllocationParams *params);
// A get_next_time for outputs that follow each other: the segment's position.
GmClockTime gm_aggregator_simple_get_next_time(GmAggregator *agg);
void gm_aggregator_update_segment(GmAggregator *agg, const GmSegment *segment); // borrows
// Whether pads that never got a buffer hold up aggregate (default false: they do).
void gm_aggregator_set_ignore_inactive_pads(GmAggregator *agg, bool ignore);
bool gm_aggregator_get_ignore_inactive_pads(GmAggregator *agg);

#ifdef __cplusplus
}
#endif
#endif
