// SPDX-License-Identifier: MIT
//
// app_sink: how an application takes data out of a pipeline.
//
//      pipeline                                    application
//      sink  -->  [ appsink: queue of samples ]  -->  gm_app_sink_pull_sample
//
// A GmAppSink is the element "appsink": make it by name, then cast it. Samples come out with
// the caps and the segment that were in force for them. The queue has no bound unless
// max_buffers is set; then the stream waits for a pull, or drops the oldest.
//
// Threads: any. Callbacks and signals run in the streaming thread without a lock of appsink and
// may pull. Functions are GstAppSink's; unless said otherwise they do not block. Misuse is a
// critical and the neutral result.
// Read next: app/app_src.h, elements/app/appsink.c.
#ifndef GM_APP_APP_SINK_H
#define GM_APP_APP_SINK_H

#include "core/element.h"
#include "core/sample.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmAppSink GmAppSink; // a GmElement; nothing of it is public
extern const GmElementClass gm_appsink_class;
// Casts are unchecked; GM_IS_APP_SINK checks (NULL: false).
#define GM_APP_SINK(obj) ((GmAppSink *)(obj))
#define GM_APP_SINK_CAST(obj) ((GmAppSink *)(obj))
#define GM_IS_APP_SINK(obj) gm_object_is_a((obj), &gm_appsink_class.object)

// Each may be NULL; a callback that is set replaces the signal of its name.
typedef struct {
    void (*eos)(GmAppSink *appsink, void *user_data); // all samples were pulled
    GmFlowReturn (*new_preroll)(GmAppSink *appsink, void *user_data);
    GmFlowReturn (*new_sample)(GmAppSink *appsink, void *user_data);
    // A serialised event is in the queue: pull_object gives it. True: appsink itself is not to
    // look at it.
    bool (*new_event)(GmAppSink *appsink, void *user_data);
} GmAppSinkCallbacks;

// Copies callbacks. notify (may be NULL) runs when they are replaced or appsink ends.
void gm_app_sink_set_callbacks(GmAppSink *appsink, GmAppSinkCallbacks *callbacks, void *user_data,
                               GmDestroyNotify notify);

// Block (the try_ forms at most `timeout` ns) until there is something; give it. NULL: EOS and
// nothing left, stopped, or the time has passed. preroll: the buffer that prerolled, once; it
// comes again as the first sample. sample: skips events. object: a sample or a GmEvent.
GmSample     *gm_app_sink_pull_preroll(GmAppSink *appsink);
GmSample     *gm_app_sink_pull_sample(GmAppSink *appsink);
GmMiniObject *gm_app_sink_pull_object(GmAppSink *appsink);
GmSample     *gm_app_sink_try_pull_preroll(GmAppSink *appsink, GmClockTime timeout);
GmSample     *gm_app_sink_try_pull_sample(GmAppSink *appsink, GmClockTime timeout);
GmMiniObject *gm_app_sink_try_pull_object(GmAppSink *appsink, GmClockTime timeout);

// EOS came and every sample was pulled, or the element is stopped.
bool gm_app_sink_is_eos(GmAppSink *appsink);

// The properties as functions. Defaults: no caps (any), emit_signals false, max_buffers 0 (no
// bound), drop false, buffer lists false (they come buffer by buffer), wait_on_eos true (EOS
// waits for the last pull). set_caps copies; get_caps gives, or NULL.
void     gm_app_sink_set_caps(GmAppSink *appsink, const GmCaps *caps);
GmCaps  *gm_app_sink_get_caps(GmAppSink *appsink);
void     gm_app_sink_set_emit_signals(GmAppSink *appsink, bool emit);
bool     gm_app_sink_get_emit_signals(GmAppSink *appsink);
void     gm_app_sink_set_max_buffers(GmAppSink *appsink, unsigned max);
unsigned gm_app_sink_get_max_buffers(GmAppSink *appsink);
void     gm_app_sink_set_drop(GmAppSink *appsink, bool drop);
bool     gm_app_sink_get_drop(GmAppSink *appsink);
void     gm_app_sink_set_buffer_list_support(GmAppSink *appsink, bool enable_lists);
bool     gm_app_sink_get_buffer_list_support(GmAppSink *appsink);
void     gm_app_sink_set_wait_on_eos(GmAppSink *appsink, bool wait);
bool     gm_app_sink_get_wait_on_eos(GmAppSink *appsink);

#ifdef __cplusplus
}
#endif
#endif
