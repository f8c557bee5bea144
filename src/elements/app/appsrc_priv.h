// SPDX-License-Identifier: MIT
//
// appsrc_priv: the state of an appsrc, for its element (appsrc.c) and its C functions
// (app_src_api.c).
#ifndef GM_ELEMENTS_APP_APPSRC_PRIV_H
#define GM_ELEMENTS_APP_APPSRC_PRIV_H

#include "elements/app/app_queue.h"

typedef struct {
    bool     block, emit_signals, handle_segment_change, is_live;
    int      format, leaky, stream_type;
    unsigned min_percent;
    uint64_t max_bytes, max_buffers, max_time, duration;
    int64_t  size, min_latency, max_latency;
} AppSrcSettings;

typedef struct {
    GmElement     *element;
    AppSrcSettings set;       // the properties, guarded by the object lock
    GmCaps        *last_caps; // as set by the application; object lock

    // guarded by lock
    GmMutex        lock;
    GmCond         cond; // anything below has changed
    AppSrcSettings now;  // a copy of set
    AppQueue       queue; // of caps (NULL: any), buffers, lists, events
    AppCallbacks  *callbacks;
    GmCaps        *current_caps; // of what leaves the queue
    uint64_t       queued_bytes, queued_buffers, queued_time, dropped, offset;
    GmSegment      in_segment, out_segment; // at the two ends of the queue
    GmClockTime    in_time, out_time;       // running times there; NONE: unknown
    bool           flushing, is_eos, segment_pending;
    bool           discont_in, discont_out; // something was dropped at that end
} AppSrc;

// Takes a buffer or a list that is not empty.
GmFlowReturn gm_appsrc_push_item(AppSrc *s, GmMiniObject *item);

#endif
