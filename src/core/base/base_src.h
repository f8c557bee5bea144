// SPDX-License-Identifier: MIT
//
// base_src: the parent of every source: it owns the src pad, its streaming thread and segment,
// and asks the element for one buffer after the other.
//
//      GmBaseSrcOps                                  loop, in the pad's task
//      create / fill  <--  buffer 1, 2, 3 …  <--  [ wait live, seek, clip, sync ]  -->  srcpad
//
// An element gives a table of operations in its manifest (.parent = &gm_base_src_class.object,
// .src = &ops). Every slot may be NULL: the default in gm_base_src_ops then serves; an operation
// that wants the default too calls it: gm_base_src_ops.event (src, event). Only fill (or create)
// is needed. GstPushSrc is merged: a push source ignores offset and length.
//
// The pads table needs one always-pad "src". The base class sets that pad's functions.
//
// Threads: create, fill, alloc, get_times, negotiate, do_seek run with the stream lock held
// (the streaming thread, or the seeking thread while the former is stopped). start, stop run in
// the thread of the state change. unlock, unlock_stop, query, event: any thread, at any time.
// Unless said otherwise the functions below may be called from any thread and never block. Misuse
// is a critical, the neutral result, and nothing taken.
// Read next: core/base/base_src_loop.c; elements: src/elements/core/fakesrc.c.
#ifndef GM_CORE_BASE_BASE_SRC_H
#define GM_CORE_BASE_BASE_SRC_H

#include "core/base/allocation.h"
#include "core/clock.h"
#include "core/element.h"
#include "core/segment.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmBaseSrc    GmBaseSrc;
typedef struct GmBaseSrcOps GmBaseSrcOps;

typedef enum {
    GM_BASE_SRC_FLAG_STARTING = GM_ELEMENT_FLAG_LAST << 0, // start has begun
    GM_BASE_SRC_FLAG_STARTED  = GM_ELEMENT_FLAG_LAST << 1, // … and is complete
    GM_BASE_SRC_FLAG_LAST     = GM_ELEMENT_FLAG_LAST << 6
} GmBaseSrcFlags;

// What an element may do itself. Signatures, duties and ownership are GstBaseSrcClass's.
struct GmBaseSrcOps {
    // Caps the source can make now, narrowed by filter (borrowed, may be NULL). Gives caps.
    // Default: the pad's template caps, or the current caps.
    GmCaps *(*get_caps)(GmBaseSrc *src, GmCaps *filter);
    // Agrees on caps with downstream; false: not negotiated. Default: intersect, fixate, set.
    bool (*negotiate)(GmBaseSrc *src);
    GmCaps *(*fixate)(GmBaseSrc *src, GmCaps *caps); // takes caps, gives fixed ones
    bool (*set_caps)(GmBaseSrc *src, GmCaps *caps);  // output will have `caps` (borrowed)
    // Reads the answer of the ALLOCATION query and leaves one pool and allocator in it.
    bool (*decide_allocation)(GmBaseSrc *src, GmQuery *query);
    // READY to PAUSED / back: open and close. False must come with an error message.
    bool (*start)(GmBaseSrc *src);
    bool (*stop)(GmBaseSrc *src);
    // Stream times between which `buffer` is to be pushed; NONE: no waiting. Live only.
    void (*get_times)(GmBaseSrc *src, GmBuffer *buffer, GmClockTime *start, GmClockTime *end);
    bool (*get_size)(GmBaseSrc *src, uint64_t *size); // in the format of set_format
    bool (*is_seekable)(GmBaseSrc *src);              // default: false
    bool (*prepare_seek_segment)(GmBaseSrc *src, GmEvent *seek, GmSegment *segment);
    bool (*do_seek)(GmBaseSrc *src, GmSegment *segment); // go to segment->position
    // A create under way must come back at once with GM_FLOW_FLUSHING, and so must all
    // further ones until unlock_stop.
    bool (*unlock)(GmBaseSrc *src);
    bool (*unlock_stop)(GmBaseSrc *src);
    bool (*query)(GmBaseSrc *src, GmQuery *query); // chain up for what is not answered
    bool (*event)(GmBaseSrc *src, GmEvent *event); // borrows event; chain up for seeks
    // Gives the next buffer in *buf, at most `size` bytes from `offset` (both meaningless to
    // push sources). A pull caller's buffer may come in *buf: then it is to be filled.
    // EOS: no more. Default: alloc, then fill.
    GmFlowReturn (*create)(GmBaseSrc *src, uint64_t offset, unsigned size, GmBuffer **buf);
    GmFlowReturn (*alloc)(GmBaseSrc *src, uint64_t offset, unsigned size, GmBuffer **buf);
    GmFlowReturn (*fill)(GmBaseSrc *src, uint64_t offset, unsigned size, GmBuffer *buf);
};

struct GmBaseSrc {
    GmElement element;
    GmPad    *srcpad; // owned by the element's pad list

    // guarded by live_lock
    GmMutex live_lock;
    GmCond  live_cond;
    bool    is_live;      // produces only in PLAYING
    bool    live_running; // a live source in PLAYING
    _Atomic bool flushing; // private: every wait of this source returns at once

    // guarded by the object lock
    unsigned  blocksize; // bytes that a push-mode create is asked for
    bool      can_activate_push;
    bool      random_access; // pull mode is possible
    GmClockID clock_id;      // the clock wait under way, or NULL

    // stream lock and object lock to write, one of them to read
    GmSegment segment;
    // stream lock
    bool      need_newsegment;
    int       num_buffers;      // -1: no limit
    int       num_buffers_left;
    bool      running; // sends until EOS or an error
    GmEvent  *pending_seek; // a seek that came in READY, performed at the start

    // private ----------------------------------------------------------------------------
    GmBaseSrcOps ops; // the manifest's, NULLs filled with the defaults; constant
    bool discont, forced_eos, in_create, automatic_eos, do_timestamp, async_start;
    _Atomic bool      dynamic_size;
    _Atomic bool      pending_eos;    // an EOS event of the application's waits for the loop
    _Atomic bool      have_events;    // pending_events is not empty
    bool              resume_eos;     // object lock: unlocked for eos_event: the loop sends that
    _Atomic bool      stream_start_pending;
    GmFlowReturn      start_result;   // CUSTOM_SUCCESS while a start is under way; live_lock
    struct GmList    *pending_events; // GmEvent; object lock
    GmEvent          *eos_event;      // object lock
    GmBufferList     *pending_list;   // of submit_buffer_list; stream lock
    bool              segment_pending; // object lock
    uint32_t          segment_seqnum, seek_seqnum, seqnum; // object lock
    GmClockTime       latency;   // pseudo-live: how late the first buffer came
    GmClockTimeDiff   ts_offset; // pseudo-live
    GmBaseAllocation  alloc;     // object lock
};

extern const GmElementClass gm_base_src_class;
extern const GmBaseSrcOps   gm_base_src_ops; // the defaults

// Casts are unchecked; GM_IS_BASE_SRC checks (NULL: false). The others read the struct:
// not NULL, no lock taken.
#define GM_BASE_SRC_CAST(obj) ((GmBaseSrc *)(obj))
#define GM_BASE_SRC(obj) ((GmBaseSrc *)(obj))
#define GM_IS_BASE_SRC(obj) gm_object_is_a((obj), &gm_base_src_class.object)
#define GM_BASE_SRC_PAD(obj) (GM_BASE_SRC_CAST(obj)->srcpad)
#define GM_BASE_SRC_IS_STARTED(obj) GM_OBJECT_FLAG_IS_SET((obj), GM_BASE_SRC_FLAG_STARTED)
#define GM_BASE_SRC_IS_STARTING(obj) GM_OBJECT_FLAG_IS_SET((obj), GM_BASE_SRC_FLAG_STARTING)

// Blocks until a live source is in PLAYING: for a create that may only run then. Takes the live
// lock (GStreamer's wants it held). GM_FLOW_FLUSHING: the source stops.
GmFlowReturn gm_base_src_wait_playing(GmBaseSrc *src);

// Settings of the element, normally made in init. live: no data in PAUSED (default false).
// format: of segment, offsets and get_size (default GM_FORMAT_BYTES); in NULL or READY only.
// dynamic_size: ask get_size again before each read (default true). automatic_eos: EOS once the
// segment or the size is used up (default true). async: start ends later with start_complete.
// do_timestamp: stamp each buffer with the running time of now. blocksize: bytes, default 4096.
void     gm_base_src_set_live(GmBaseSrc *src, bool live);
bool     gm_base_src_is_live(GmBaseSrc *src);
void     gm_base_src_set_format(GmBaseSrc *src, GmFormat format);
void     gm_base_src_set_dynamic_size(GmBaseSrc *src, bool dynamic);
void     gm_base_src_set_automatic_eos(GmBaseSrc *src, bool automatic_eos);
void     gm_base_src_set_async(GmBaseSrc *src, bool async);
bool     gm_base_src_is_async(GmBaseSrc *src);
void     gm_base_src_set_blocksize(GmBaseSrc *src, unsigned blocksize);
unsigned gm_base_src_get_blocksize(GmBaseSrc *src);
void     gm_base_src_set_do_timestamp(GmBaseSrc *src, bool timestamp);
bool     gm_base_src_get_do_timestamp(GmBaseSrc *src);

// Negotiates now (streaming thread). False: downstream refused.
bool gm_base_src_negotiate(GmBaseSrc *src);
// Ends the start of an asynchronous source: `ret` other than OK fails it.
void gm_base_src_start_complete(GmBaseSrc *src, GmFlowReturn ret);
// Blocks until start_complete was called; its result.
GmFlowReturn gm_base_src_start_wait(GmBaseSrc *src);
// The latency this source adds; the pointers may be NULL.
bool gm_base_src_query_latency(GmBaseSrc *src, bool *live, GmClockTime *min_latency,
                               GmClockTime *max_latency);
// A new segment (borrowed) goes out before the next buffer. Streaming thread. False: not of the
// format of set_format.
bool gm_base_src_new_segment(GmBaseSrc *src, const GmSegment *segment);
// As new_segment for TIME streams that go on without a break (a new playlist entry).
bool gm_base_src_new_seamless_segment(GmBaseSrc *src, int64_t start, int64_t stop, int64_t time);
// Sets the output caps (borrowed) and sends them. Streaming thread. False: set_caps refused, or
// the event could not be sent.
bool gm_base_src_set_caps(GmBaseSrc *src, GmCaps *caps);
GmBufferPool *gm_base_src_get_buffer_pool(GmBaseSrc *src); // gives a reference, or NULL
// Gives a reference in *allocator (may come out NULL: the default); both may be NULL.
void gm_base_src_get_allocator(GmBaseSrc *src, GmAllocator **allocator,
                               GmAllocationParams *params);
// Inside create, which then returns OK with *buf left NULL: takes a list to push instead.
void gm_base_src_submit_buffer_list(GmBaseSrc *src, GmBufferList *buffer_list);

#ifdef __cplusplus
}
#endif
#endif
