// SPDX-License-Identifier: MIT
//
// valve: lets a stream through or drops it.
//
//     [sink]  -->  valve drop=true  -X->  [src]
//
// What was dropped is not lost for ever where it is sticky: caps, segment and the like are sent
// when the valve opens, and the first buffer carries DISCONT.
// Read next: elements/core/tee.c.

#include "gstmini-element.h"

enum { DROP_ALL, FORWARD_STICKY, TRANSFORM_TO_GAP };

static const GmEnumTable valve_drop_mode = {
    "GmValveDropMode",
    (const GmEnumValue[]){ { DROP_ALL, "Drop all buffers and events", "drop-all" },
                           { FORWARD_STICKY, "Drop all buffers but forward sticky events",
                             "forward-sticky-events" },
                           { TRANSFORM_TO_GAP,
                             "Convert all dropped buffers into gap events and forward "
                             "sticky events", "transform-to-gap" },
                           { 0, NULL, NULL } },
    false
};

typedef struct {
    _Atomic bool     drop;
    int              mode;    // frozen while streaming
    _Atomic uint64_t dropped; // buffers
    // the streaming thread's
    bool discont, repush;
    GmPad *srcpad;
} Valve;

static bool valve_forward(GmPad *pad, GmEvent **event, void *user_data)
{
    Valve *s = user_data;

    (void)pad;
    if (!gm_pad_push_event(s->srcpad, gm_event_ref(*event)))
        s->repush = true;
    return true;
}

// Downstream has missed sticky events.
static void valve_catch_up(Valve *s, GmPad *sinkpad)
{
    if (!s->repush)
        return;
    s->repush = false;
    gm_pad_sticky_events_foreach(sinkpad, valve_forward, s);
}

static GmFlowReturn valve_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    Valve *s = gm_priv(parent);
    GmFlowReturn ret = GM_FLOW_OK;

    if (s->drop) {
        if (s->mode == TRANSFORM_TO_GAP && GM_BUFFER_PTS_IS_VALID(buffer))
            gm_pad_push_event(s->srcpad,
                              gm_event_new_gap(GM_BUFFER_PTS(buffer), GM_BUFFER_DURATION(buffer)));
        gm_buffer_unref(buffer);
        s->dropped++;
        s->discont = true;
    } else {
        if (s->discont) {
            buffer = gm_buffer_make_writable(buffer);
            GM_BUFFER_FLAG_SET(buffer, GM_BUFFER_FLAG_DISCONT);
        }
        s->discont = false;
        valve_catch_up(s, pad);
        ret = gm_pad_push(s->srcpad, buffer);
    }
    // Closed meanwhile: what downstream said no longer matters.
    return s->drop ? GM_FLOW_OK : ret;
}

static bool valve_drops_event(Valve *s, GmEvent *event)
{
    if (!s->drop || s->mode == DROP_ALL)
        return s->drop;
    return !GM_EVENT_IS_STICKY(event) &&
           !(s->mode == TRANSFORM_TO_GAP && GM_EVENT_TYPE(event) == GM_EVENT_GAP);
}

static bool valve_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    Valve *s = gm_priv(parent);
    bool sticky = GM_EVENT_IS_STICKY(event), ok = true;

    if (valve_drops_event(s, event)) {
        s->repush |= sticky;
        gm_event_unref(event);
    } else {
        valve_catch_up(s, pad);
        ok = gm_pad_event_default(pad, parent, event);
    }
    if (!s->drop)
        return ok;
    s->repush |= sticky && s->mode == DROP_ALL;
    return true;
}

static bool valve_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    if (GM_QUERY_IS_SERIALIZED(query) && ((Valve *)gm_priv(parent))->drop)
        return false;
    return gm_pad_query_default(pad, parent, query);
}

static void valve_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    (void)value;
    if (strcmp(prop->name, "drop") == 0) // an allocation query that failed may work now
        gm_pad_push_event(gm_element_peek_static_pad(GM_ELEMENT(obj), "sink"),
                          gm_event_new_reconfigure());
}

static void valve_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    if (strcmp(prop->name, "dropped") == 0)
        gm_value_set_uint64(value, ((Valve *)gm_priv(obj))->dropped);
}

static GmStateChangeReturn valve_change_state(GmElement *el, GmStateChange transition)
{
    Valve *s = gm_priv(el);
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);

    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY)
        s->repush = s->discont = false;
    return ret;
}

static void valve_init(GmObject *obj)
{
    ((Valve *)gm_priv(obj))->srcpad = gm_element_peek_static_pad(GM_ELEMENT(obj), "src");
}

static const GmStaticPadTemplate valve_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = valve_chain, .event = valve_event,
      .query = valve_query, .pad_flags = GM_PAD_FLAG_PROXY_CAPS | GM_PAD_FLAG_PROXY_ALLOCATION },
    { .name_template = "src", .direction = GM_PAD_SRC, .query = valve_query,
      .pad_flags = GM_PAD_FLAG_PROXY_CAPS },
    { 0 }
};

static const GmProperty valve_props[] = {
    { "drop", "Whether to drop buffers and events or let them through", GM_FIELD(Valve, drop),
      .flags = GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING },
    { "drop-mode", "The drop mode to use", GM_ENUM_FIELD(Valve, mode, &valve_drop_mode),
      .def = "drop-all" },
    { "dropped", "Number of buffers dropped since the element was made",
      GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { 0 }
};

const GmElementClass gm_valve_class = {
    .name = "valve",
    .type_name = "GmValve",
    .parent = &gm_element_class.object,
    .longname = "Valve element",
    .klass = "Filter",
    .description = "Drops buffers and events or lets them through",
    .author = "The GstMini authors",
    .priv_size = sizeof(Valve),
    .props = valve_props,
    .pads = valve_pads,
    .init = valve_init,
    .set_property = valve_set_property,
    .get_property = valve_get_property,
    .change_state = valve_change_state,
};
