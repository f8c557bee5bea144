// SPDX-License-Identifier: MIT
//
// base_sink: the parent of every sink: it prerolls, waits for the clock, drops what is late,
// reports QoS, and hands each buffer to the element's render at its time.
//
//      sinkpad --> prepare --> [ preroll: block in PAUSED ] --> [ wait for the clock ] --> render
//                              first buffer: preroll op         late: dropped, QoS event
//
// An element gives a table of operations in its manifest (.parent = &gm_base_sink_class.object,
// .sink = &ops). Every slot may be NULL: the default in gm_base_sink_ops serves, and may be
// called from an operation of one's own: gm_base_sink_ops.event (sink, event).
//
// The pads table needs one always-pad "sink". The base class sets that pad's functions.
//
// Locks, outer first: stream lock, preroll_lock, object lock. prepare, preroll, render, event
// (serialised ones), wait_event run in the streaming thread with stream lock and preroll lock
// held; a render that blocks by itself must return when unlock is called and may then wait with
// gm_base_sink_wait_preroll. Unless said otherwise functions are for any thread and never block.
// Misuse is a critical and the neutral result.
// Read next: core/base/base_sink.c, base_sink_sync.c (time), base_sink_step.c.
#ifndef GM_CORE_BASE_BASE_SINK_H
#define GM_CORE_BASE_BASE_SINK_H

#include "core/clock.h"
#include "core/element.h"
#include "core/segment.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmBaseSink    GmBaseSink;
typedef struct GmBaseSinkOps GmBaseSinkOps;

// A step (GM_EVENT_STEP): what is left of it and how it was asked for.
typedef struct {
    bool     valid, flush, intermediate, need_preroll;
    uint32_t seqnum;
    GmFormat format;
    uint64_t amount, position, duration, start, start_start, start_stop;
    double   rate, start_rate;
} GmBaseSinkStep;

// What an element may do itself. Signatures, duties and ownership are GstBaseSinkClass's.
struct GmBaseSinkOps {
    GmCaps *(*get_caps)(GmBaseSink *sink, GmCaps *filter); // gives caps; default: template
    bool (*set_caps)(GmBaseSink *sink, GmCaps *caps);      // input will have `caps` (borrowed)
    GmCaps *(*fixate)(GmBaseSink *sink, GmCaps *caps);     // pull mode: takes, gives fixed
    // Starts or stops the thread that drives pull mode. Default: a task on the sink pad.
    bool (*activate_pull)(GmBaseSink *sink, bool active);
    // Times of `buffer` in the segment's format, NONE for no sync. Default: pts and duration.
    void (*get_times)(GmBaseSink *sink, GmBuffer *buffer, GmClockTime *start, GmClockTime *end);
    bool (*propose_allocation)(GmBaseSink *sink, GmQuery *query);
    // NULL to READY / back: open and close. False must come with an error message.
    bool (*start)(GmBaseSink *sink);
    bool (*stop)(GmBaseSink *sink);
    // A render under way must come back; see gm_base_sink_wait_preroll.
    bool (*unlock)(GmBaseSink *sink);
    bool (*unlock_stop)(GmBaseSink *sink);
    bool (*query)(GmBaseSink *sink, GmQuery *query); // chain up for what is not answered
    bool (*event)(GmBaseSink *sink, GmEvent *event); // takes event; chain up
    // Waits until the time of an EOS or GAP event (borrowed). Chain up first.
    GmFlowReturn (*wait_event)(GmBaseSink *sink, GmEvent *event);
    // All borrow. prepare: before the wait for the clock. preroll: the first in PAUSED.
    GmFlowReturn (*prepare)(GmBaseSink *sink, GmBuffer *buffer);
    GmFlowReturn (*prepare_list)(GmBaseSink *sink, GmBufferList *list);
    GmFlowReturn (*preroll)(GmBaseSink *sink, GmBuffer *buffer);
    GmFlowReturn (*render)(GmBaseSink *sink, GmBuffer *buffer);
    GmFlowReturn (*render_list)(GmBaseSink *sink, GmBufferList *list); // default: one by one
};

struct GmBaseSink {
    GmElement element;
    GmPad    *sinkpad;  // owned by the element's pad list
    _Atomic int pad_mode; // a GmPadMode; read by the streaming thread without a lock

    uint64_t offset; // of the next pull; stream lock
    bool     can_activate_pull, can_activate_push;

    // guarded by preroll_lock
    GmMutex preroll_lock;
    GmCond  preroll_cond;
    _Atomic bool eos;      // got EOS
    bool    need_preroll;  // the next thing that arrives blocks
    bool    have_preroll;  // a thread is blocked
    bool    playing_async; // will be PLAYING once prerolled

    // stream lock and object lock to write, one of them to read
    _Atomic bool have_newsegment;
    GmSegment segment;

    // guarded by the object lock
    GmClockID clock_id; // the clock wait under way, or NULL
    bool      sync;
    bool      flushing, running;
    int64_t   max_lateness; // ns; -1: no limit

    // private ----------------------------------------------------------------------------
    GmBaseSinkOps ops; // the manifest's, NULLs filled with the defaults; constant
    // object lock
    bool            qos_enabled, async_enabled, drop_out_of_segment, last_sample_enabled;
    bool            have_latency;
    _Atomic bool    to_playing;
    GmClockTimeDiff ts_offset; // ns
    GmClockTime     render_delay, processing_deadline, latency;
    uint64_t        throttle_time, max_bitrate;
    unsigned        blocksize;
    GmBuffer       *last_buffer;
    GmBufferList   *last_list;
    GmCaps         *last_caps, *caps;
    // preroll lock
    bool            call_preroll, committed, received_eos, step_unlock;
    GmBaseSinkStep  current_step, pending_step;
    uint32_t        seqnum; // of the last EOS
    GmClockTime     current_sstart, current_sstop; // stream time of what is shown; object lock
    GmClockTime     current_rstart, current_rstop; // running time
    GmClockTimeDiff current_jitter;
    GmClockTime     eos_rtime, last_render_time, earliest_in_time;
    GmClockTime     prev_rstart, last_left, avg_pt, avg_in_diff;
    double          avg_rate;
    uint64_t        rendered, dropped;
    GmClockTime     rc_time, rc_next; // max-bitrate: since when, and when the next may go
    uint64_t        rc_accumulated;
    GmClockID       cached_clock_id; // used again and again
};

extern const GmElementClass gm_base_sink_class;
extern const GmBaseSinkOps  gm_base_sink_ops; // the defaults

// Casts are unchecked; GM_IS_BASE_SINK checks (NULL: false). The others read the
// struct: not NULL, no lock taken.
#define GM_BASE_SINK_CAST(obj) ((GmBaseSink *)(obj))
#define GM_BASE_SINK(obj) ((GmBaseSink *)(obj))
#define GM_IS_BASE_SINK(obj) gm_object_is_a((obj), &gm_base_sink_class.object)
#define GM_BASE_SINK_PAD(obj) (GM_BASE_SINK_CAST(obj)->sinkpad)
#define GM_BASE_SINK_GET_PREROLL_LOCK(obj) (&GM_BASE_SINK_CAST(obj)->preroll_lock)
#define GM_BASE_SINK_PREROLL_LOCK(obj) gm_mutex_lock(GM_BASE_SINK_GET_PREROLL_LOCK(obj))
#define GM_BASE_SINK_PREROLL_UNLOCK(obj) gm_mutex_unlock(GM_BASE_SINK_GET_PREROLL_LOCK(obj))

// Preroll with `obj` (a buffer, list or event, borrowed): commits the state and blocks while in
// PAUSED. Streaming thread, preroll lock held. GM_FLOW_FLUSHING: leave.
GmFlowReturn gm_base_sink_do_preroll(GmBaseSink *sink, GmMiniObject *obj);
// Blocks (GM_WAIT_PREROLL) until PLAYING again. Preroll lock held. FLUSHING: leave.
GmFlowReturn gm_base_sink_wait_preroll(GmBaseSink *sink);
// Blocks until the clock reaches running time `time`, latency and offsets added; preroll lock
// held. *jitter (may be NULL): negative: early. GM_CLOCK_BADTIME without clock or sync.
GmClockReturn gm_base_sink_wait_clock(GmBaseSink *sink, GmClockTime time, GmClockTimeDiff *jitter);
// As wait_clock, and again after each unlock, prerolling in between. OK or FLUSHING.
GmFlowReturn gm_base_sink_wait(GmBaseSink *sink, GmClockTime time, GmClockTimeDiff *jitter);

// Properties as functions; defaults: sync true, max_lateness -1, qos false, async true,
// ts_offset 0, last_sample true, drop_out_of_segment true, blocksize 4096, delays (ns), throttle
// (ns) and max_bitrate (bit/s) 0, processing_deadline 20 ms.
void            gm_base_sink_set_sync(GmBaseSink *sink, bool sync);
bool            gm_base_sink_get_sync(GmBaseSink *sink);
void            gm_base_sink_set_drop_out_of_segment(GmBaseSink *sink, bool drop);
bool            gm_base_sink_get_drop_out_of_segment(GmBaseSink *sink);
void            gm_base_sink_set_max_lateness(GmBaseSink *sink, int64_t max_lateness);
int64_t         gm_base_sink_get_max_lateness(GmBaseSink *sink);
void            gm_base_sink_set_qos_enabled(GmBaseSink *sink, bool enabled);
bool            gm_base_sink_is_qos_enabled(GmBaseSink *sink);
void            gm_base_sink_set_async_enabled(GmBaseSink *sink, bool enabled);
bool            gm_base_sink_is_async_enabled(GmBaseSink *sink);
void            gm_base_sink_set_ts_offset(GmBaseSink *sink, GmClockTimeDiff offset);
GmClockTimeDiff gm_base_sink_get_ts_offset(GmBaseSink *sink);
void            gm_base_sink_set_last_sample_enabled(GmBaseSink *sink, bool enabled);
bool            gm_base_sink_is_last_sample_enabled(GmBaseSink *sink);
void            gm_base_sink_set_render_delay(GmBaseSink *sink, GmClockTime delay);
GmClockTime     gm_base_sink_get_render_delay(GmBaseSink *sink);
void            gm_base_sink_set_blocksize(GmBaseSink *sink, unsigned blocksize);
unsigned        gm_base_sink_get_blocksize(GmBaseSink *sink);
void            gm_base_sink_set_throttle_time(GmBaseSink *sink, uint64_t throttle);
uint64_t        gm_base_sink_get_throttle_time(GmBaseSink *sink);
void            gm_base_sink_set_max_bitrate(GmBaseSink *sink, uint64_t max_bitrate);
uint64_t        gm_base_sink_get_max_bitrate(GmBaseSink *sink);
void            gm_base_sink_set_processing_deadline(GmBaseSink *sink, GmClockTime deadline);
GmClockTime     gm_base_sink_get_processing_deadline(GmBaseSink *sink);

GmSample *gm_base_sink_get_last_sample(GmBaseSink *sink); // gives, or NULL
// Gives "application/x-gm-base-sink-stats": average-rate, dropped, rendered.
GmStructure *gm_base_sink_get_stats(GmBaseSink *sink);
// Asks upstream for its latency (may block as queries do); live: synchronised; upstream_live:
// upstream said so. Pointers may be NULL. False: no answer.
bool gm_base_sink_query_latency(GmBaseSink *sink, bool *live, bool *upstream_live,
                                GmClockTime *min_latency, GmClockTime *max_latency);
GmClockTime gm_base_sink_get_latency(GmBaseSink *sink); // as the pipeline has set it

#ifdef __cplusplus
}
#endif
#endif
