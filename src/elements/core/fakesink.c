// SPDX-License-Identifier: MIT
//
// fakesink: takes everything and does nothing with it.
//
//     [sink]  -->  fakesink sync=true
//
// The sink to try a pipeline with. With sync=true it keeps time like a real one; its signals
// hand every buffer to the application before it goes.
// Read next: core/base/base_sink.h.

#include <stdlib.h>
#include <string.h>

#include "elements/core/last_message.h"

static const GmEnumTable fakesink_state_error = {
    "GmFakeSinkStateError",
    (const GmEnumValue[]){ { 0, "No state change errors", "none" },
                           { 1, "Fail state change from NULL to READY", "null-to-ready" },
                           { 2, "Fail state change from READY to PAUSED", "ready-to-paused" },
                           { 3, "Fail state change from PAUSED to PLAYING", "paused-to-playing" },
                           { 4, "Fail state change from PLAYING to PAUSED", "playing-to-paused" },
                           { 5, "Fail state change from PAUSED to READY", "paused-to-ready" },
                           { 6, "Fail state change from READY to NULL", "ready-to-null" },
                           { 0, NULL, NULL } },
    false
};

typedef struct {
    // properties: frozen while streaming, but for the atomic ones
    int          num_buffers, state_error;
    bool         signal_handoffs, can_push, can_pull;
    _Atomic bool silent, dump;
    char        *last_message; // guarded by the object lock
    int          num_left;     // streaming thread only
} FakeSink;

static GmFlowReturn fakesink_show(GmBaseSink *sink, GmBuffer *buffer, const char *verb,
                                  const char *signal)
{
    FakeSink *s = gm_priv(sink);

    if (!s->silent)
        gm_last_message_set(sink, &s->last_message,
                            gm_last_message_for_buffer(verb, sink->sinkpad, buffer));
    if (s->signal_handoffs)
        gm_signal_emit_by_name(sink, signal, buffer, sink->sinkpad);
    return GM_FLOW_OK;
}

static GmFlowReturn fakesink_preroll(GmBaseSink *sink, GmBuffer *buffer)
{
    FakeSink *s = gm_priv(sink);

    if (s->num_left == 0)
        return GM_FLOW_EOS;
    return fakesink_show(sink, buffer, "preroll  ", "preroll-handoff");
}

static GmFlowReturn fakesink_render(GmBaseSink *sink, GmBuffer *buffer)
{
    FakeSink *s = gm_priv(sink);
    GmMapInfo map;

    if (s->num_left == 0)
        return GM_FLOW_EOS;
    if (s->num_left > 0)
        s->num_left--;
    fakesink_show(sink, buffer, "chain  ", "handoff");
    if (s->dump && gm_buffer_map(buffer, &map, GM_MAP_READ)) {
        gm_util_dump_mem(map.data, (unsigned)map.size);
        gm_buffer_unmap(buffer, &map);
    }
    return s->num_left == 0 ? GM_FLOW_EOS : GM_FLOW_OK;
}

static bool fakesink_event(GmBaseSink *sink, GmEvent *event)
{
    FakeSink *s = gm_priv(sink);

    if (!s->silent)
        gm_last_message_set(sink, &s->last_message,
                            gm_last_message_for_event(sink->sinkpad, event));
    return gm_base_sink_ops.event(sink, event);
}

// Downstream of a seek in bytes a source may ask: positions can be sought in any format.
static bool fakesink_query(GmBaseSink *sink, GmQuery *query)
{
    if (GM_QUERY_TYPE(query) == GM_QUERY_SEEKING) {
        GmFormat format;
        gm_query_parse_seeking(query, &format, NULL, NULL, NULL);
        gm_query_set_seeking(query, format, false, 0, -1);
        return true;
    }
    return gm_base_sink_ops.query(sink, query);
}

static GmStateChangeReturn fakesink_change_state(GmElement *el, GmStateChange transition)
{
    static const GmStateChange failing[] = {
        GM_STATE_CHANGE_NULL_TO_NULL,      GM_STATE_CHANGE_NULL_TO_READY,
        GM_STATE_CHANGE_READY_TO_PAUSED,   GM_STATE_CHANGE_PAUSED_TO_PLAYING,
        GM_STATE_CHANGE_PLAYING_TO_PAUSED, GM_STATE_CHANGE_PAUSED_TO_READY,
        GM_STATE_CHANGE_READY_TO_NULL
    };
    FakeSink *s = gm_priv(el);

    if (s->state_error > 0 && transition == failing[s->state_error]) {
        GM_ELEMENT_ERROR(el, CORE, STATE_CHANGE, (NULL),
                         ("erroring out on state change as requested"));
        return GM_STATE_CHANGE_FAILURE;
    }
    if (transition == GM_STATE_CHANGE_READY_TO_PAUSED)
        s->num_left = s->num_buffers;
    GmStateChangeReturn ret = gm_base_sink_class.change_state(el, transition);
    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY) {
        GM_OBJECT_LOCK(el);
        free(s->last_message);
        s->last_message = NULL;
        GM_OBJECT_UNLOCK(el);
    }
    return ret;
}

static void fakesink_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    FakeSink *s = gm_priv(obj);

    (void)prop;
    (void)value;
    GM_OBJECT_LOCK(obj);
    GM_BASE_SINK(obj)->can_activate_push = s->can_push;
    GM_BASE_SINK(obj)->can_activate_pull = s->can_pull;
    GM_OBJECT_UNLOCK(obj);
}

static void fakesink_init(GmObject *obj)
{
    gm_base_sink_set_sync(GM_BASE_SINK(obj), false);
}

static const GmStaticPadTemplate fakesink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK }, { 0 }
};

#define LIVE (GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING)
static const GmProperty fakesink_props[] = {
    { "can-activate-pull", "Can activate in pull mode", GM_FIELD(FakeSink, can_pull) },
    { "can-activate-push", "Can activate in push mode", GM_FIELD(FakeSink, can_push),
      .def = "true" },
    { "dump", "Dump buffer contents to stdout", GM_FIELD(FakeSink, dump), .flags = LIVE },
    { "last-message", "The message describing current status", GM_FIELD(FakeSink, last_message),
      .flags = GM_PARAM_READABLE },
    { "num-buffers", "Number of buffers to accept going EOS", GM_FIELD(FakeSink, num_buffers),
      .def = "-1", .min = -1, .max = INT_MAX },
    { "signal-handoffs", "Send a signal before unreffing the buffer",
      GM_FIELD(FakeSink, signal_handoffs) },
    { "silent", "Don't produce last_message events", GM_FIELD(FakeSink, silent), .def = "true",
      .flags = LIVE },
    { "state-error", "Generate a state change error",
      GM_ENUM_FIELD(FakeSink, state_error, &fakesink_state_error), .def = "none" },
    { 0 }
};

static const GmSignal fakesink_signals[] = {
    { "handoff", gm_marshal_pointer2,
      "void (GmElement *el, GmBuffer *buffer, GmPad *pad, void *user_data)",
      NULL },
    { "preroll-handoff", gm_marshal_pointer2,
      "void (GmElement *el, GmBuffer *buffer, GmPad *pad, void *user_data)", NULL },
    { 0 }
};

static const GmBaseSinkOps fakesink_ops = {
    .event = fakesink_event,
    .query = fakesink_query,
    .preroll = fakesink_preroll,
    .render = fakesink_render,
};

const GmElementClass gm_fakesink_class = {
    .name = "fakesink",
    .type_name = "GmFakeSink",
    .parent = &gm_base_sink_class.object,
    .longname = "Fake Sink",
    .klass = "Sink",
    .description = "Black hole for data",
    .author = "The GstMini authors",
    .priv_size = sizeof(FakeSink),
    .props = fakesink_props,
    .signals = fakesink_signals,
    .pads = fakesink_pads,
    .init = fakesink_init,
    .set_property = fakesink_set_property,
    .change_state = fakesink_change_state,
    .sink = &fakesink_ops,
};
