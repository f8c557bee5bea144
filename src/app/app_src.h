// SPDX-License-Identifier: MIT
//
// app_src: how an application puts data of its own into a pipeline.
//
//      application                          pipeline
//      gm_app_src_push_buffer  -->  [ appsrc: queue ]  -->  src
//         ^  need-data, enough-data, seek-data  |
//         └---------------------------------------┘
//
// A GmAppSrc is the element "appsrc": make it by name, then cast it. Two ways to feed it: push
// when you like, bounded by "block", or push when need-data asks and stop at enough-data.
//
// Threads: any. Callbacks and signals run in the streaming thread (need_data, seek_data) or in
// the pushing one (enough_data), without a lock of appsrc, and may push. Unless said otherwise
// nothing here blocks. Flow returns: FLUSHING, the element stops or was stopped; EOS, after
// end_of_stream. Functions are GstAppSrc's. Misuse is a critical and the neutral result
// (GM_FLOW_ERROR).
// Read next: app/app_sink.h, elements/app/appsrc.c.
#ifndef GM_APP_APP_SRC_H
#define GM_APP_APP_SRC_H

#include "core/element.h"
#include "core/sample.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmAppSrc GmAppSrc; // a GmElement; nothing of it is public
extern const GmElementClass gm_appsrc_class;
// Casts are unchecked; GM_IS_APP_SRC checks (NULL: false).
#define GM_APP_SRC(obj) ((GmAppSrc *)(obj))
#define GM_APP_SRC_CAST(obj) ((GmAppSrc *)(obj))
#define GM_IS_APP_SRC(obj) gm_object_is_a((obj), &gm_appsrc_class.object)

typedef enum {
    GM_APP_STREAM_TYPE_STREAM,       // no seeking
    GM_APP_STREAM_TYPE_SEEKABLE,     // seek_data says where to go on
    GM_APP_STREAM_TYPE_RANDOM_ACCESS // seeks are frequent and cheap: pull mode works
} GmAppStreamType;

typedef enum {
    GM_APP_LEAKY_TYPE_NONE,
    GM_APP_LEAKY_TYPE_UPSTREAM,  // a full queue drops what is pushed
    GM_APP_LEAKY_TYPE_DOWNSTREAM // … drops its oldest buffer
} GmAppLeakyType;

// Each may be NULL; a callback that is set replaces the signal of its name.
typedef struct {
    void (*need_data)(GmAppSrc *src, unsigned length, void *user_data); // length: a hint, or -1
    void (*enough_data)(GmAppSrc *src, void *user_data);
    // Go on at `offset` (of "format"). False: cannot.
    bool (*seek_data)(GmAppSrc *src, uint64_t offset, void *user_data);
} GmAppSrcCallbacks;

// Copies callbacks. notify (may be NULL) runs when they are replaced or appsrc ends.
void gm_app_src_set_callbacks(GmAppSrc *appsrc, GmAppSrcCallbacks *callbacks, void *user_data,
                              GmDestroyNotify notify);

// Put data into the queue. push_buffer and push_buffer_list take theirs, whatever they return
// (but on misuse); push_sample borrows, and first sets the sample's caps and, with
// "handle-segment-change", its segment. Block only with "block" set, until there is room, EOS or
// a stop.
GmFlowReturn gm_app_src_push_buffer(GmAppSrc *appsrc, GmBuffer *buffer);
GmFlowReturn gm_app_src_push_buffer_list(GmAppSrc *appsrc, GmBufferList *buffer_list);
GmFlowReturn gm_app_src_push_sample(GmAppSrc *appsrc, GmSample *sample);
// No more data: EOS goes out behind what is queued. OK, or FLUSHING.
GmFlowReturn gm_app_src_end_of_stream(GmAppSrc *appsrc);

// The properties as functions. Sizes in bytes (-1: unknown), times in ns (GM_CLOCK_TIME_NONE:
// unknown); a maximum of 0 is none. Defaults: max_bytes 200000, others none; latency -1, -1:
// what the base class says; emit_signals true. set_caps copies and takes effect behind what is
// queued; get_caps gives, or NULL.
void     gm_app_src_set_caps(GmAppSrc *appsrc, const GmCaps *caps);
GmCaps  *gm_app_src_get_caps(GmAppSrc *appsrc);
void     gm_app_src_set_size(GmAppSrc *appsrc, int64_t size);
int64_t  gm_app_src_get_size(GmAppSrc *appsrc);
void     gm_app_src_set_duration(GmAppSrc *appsrc, GmClockTime duration);
GmClockTime gm_app_src_get_duration(GmAppSrc *appsrc);
void     gm_app_src_set_stream_type(GmAppSrc *appsrc, GmAppStreamType type);
GmAppStreamType gm_app_src_get_stream_type(GmAppSrc *appsrc);
void     gm_app_src_set_max_bytes(GmAppSrc *appsrc, uint64_t max);
uint64_t gm_app_src_get_max_bytes(GmAppSrc *appsrc);
void     gm_app_src_set_max_buffers(GmAppSrc *appsrc, uint64_t max);
uint64_t gm_app_src_get_max_buffers(GmAppSrc *appsrc);
void     gm_app_src_set_max_time(GmAppSrc *appsrc, GmClockTime max);
GmClockTime gm_app_src_get_max_time(GmAppSrc *appsrc);
void     gm_app_src_set_leaky_type(GmAppSrc *appsrc, GmAppLeakyType leaky);
GmAppLeakyType gm_app_src_get_leaky_type(GmAppSrc *appsrc);
void     gm_app_src_set_latency(GmAppSrc *appsrc, uint64_t min, uint64_t max); // posts "latency"
void     gm_app_src_get_latency(GmAppSrc *appsrc, uint64_t *min, uint64_t *max); // or NULL
void     gm_app_src_set_emit_signals(GmAppSrc *appsrc, bool emit);
bool     gm_app_src_get_emit_signals(GmAppSrc *appsrc);
// What is queued now.
uint64_t    gm_app_src_get_current_level_bytes(GmAppSrc *appsrc);
uint64_t    gm_app_src_get_current_level_buffers(GmAppSrc *appsrc);
GmClockTime gm_app_src_get_current_level_time(GmAppSrc *appsrc);

#ifdef __cplusplus
}
#endif
#endif
