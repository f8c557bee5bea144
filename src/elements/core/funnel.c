// SPDX-License-Identifier: MIT
//
// funnel: many streams in, one out, in the order in which they come.
//
//     [sink_0] --┐
//     [sink_1] --┼--> [src]     the src pad's stream lock lets one upstream thread in at a time
//     [sink_2] --┘
//
// When the pad that speaks changes, its caps and segment go first. EOS goes out when every pad
// has had it.
// Read next: elements/core/concat.c, elements/core/inputselector.c.

#include <stdlib.h>

#include "gstmini-element.h"

typedef struct {
    _Atomic bool forward_sticky; // property
    GmPad       *srcpad;
    GmPad       *last;  // the pad that spoke last, counted; guarded by the src pad's stream lock
    unsigned     count; // object lock
} Funnel;

typedef struct { bool eos; } Input; // a sink pad's; object lock

static bool funnel_all_eos(Funnel *s, GmElement *el)
{
    bool all = el->numsinkpads > 0;

    (void)s;
    for (GmList *l = el->sinkpads; l && all; l = l->next)
        all = ((Input *)gm_pad_get_element_private(l->data))->eos;
    return all;
}

static bool funnel_forward(GmPad *pad, GmEvent **event, void *user_data)
{
    (void)pad;
    if (GM_EVENT_TYPE(*event) != GM_EVENT_EOS)
        gm_pad_push_event(user_data, gm_event_ref(*event));
    return true;
}

// Stream lock of the src pad held: `pad` is about to speak.
static void funnel_switch(Funnel *s, GmPad *pad)
{
    if (s->last && (s->last == pad || !s->forward_sticky))
        return;
    gm_object_replace((GmObject **)&s->last, GM_OBJECT(pad));
    gm_pad_sticky_events_foreach(pad, funnel_forward, s->srcpad);
}

static GmFlowReturn funnel_push(GmPad *pad, GmObject *parent, GmMiniObject *data)
{
    Funnel *s = gm_priv(parent);

    GM_PAD_STREAM_LOCK(s->srcpad);
    funnel_switch(s, pad);
    GmFlowReturn ret = GM_IS_BUFFER_LIST(data) ? gm_pad_push_list(s->srcpad,
                                                                  GM_BUFFER_LIST_CAST(data))
                                               : gm_pad_push(s->srcpad, GM_BUFFER_CAST(data));
    GM_PAD_STREAM_UNLOCK(s->srcpad);
    return ret;
}

static GmFlowReturn funnel_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    return funnel_push(pad, parent, GM_MINI_OBJECT_CAST(buffer));
}

static GmFlowReturn funnel_chain_list(GmPad *pad, GmObject *parent, GmBufferList *list)
{
    return funnel_push(pad, parent, GM_MINI_OBJECT_CAST(list));
}

static bool funnel_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    Funnel *s = gm_priv(parent);
    GmEventType type = GM_EVENT_TYPE(event);
    bool lock = GM_EVENT_IS_SERIALIZED(event) || GM_EVENT_IS_STICKY(event);
    bool forward = true, ok = true;

    if (lock)
        GM_PAD_STREAM_LOCK(s->srcpad);
    if (type == GM_EVENT_EOS || type == GM_EVENT_FLUSH_STOP) {
        GM_OBJECT_LOCK(parent);
        ((Input *)gm_pad_get_element_private(pad))->eos = type == GM_EVENT_EOS;
        forward = type != GM_EVENT_EOS || funnel_all_eos(s, GM_ELEMENT(parent));
        GM_OBJECT_UNLOCK(parent);
    } else if (GM_EVENT_IS_STICKY(event)) {
        forward = pad == s->last; // others are sent when their pad speaks
    }
    if (forward && GM_EVENT_IS_SERIALIZED(event) && type != GM_EVENT_FLUSH_STOP)
        funnel_switch(s, pad);
    if (forward)
        ok = gm_pad_push_event(s->srcpad, event);
    else
        gm_event_unref(event);
    if (lock)
        GM_PAD_STREAM_UNLOCK(s->srcpad);
    return ok;
}

static GmPad *funnel_request_new_pad(GmElement *el, GmPadTemplate *templ, const char *wanted,
                                     const GmCaps *caps)
{
    Funnel *s = gm_priv(el);
    char name[24];

    (void)caps;
    GM_OBJECT_LOCK(el);
    unsigned index = s->count, asked;
    if (wanted && sscanf(wanted, "sink_%u", &asked) == 1)
        index = asked;
    if (index >= s->count)
        s->count = index + 1;
    GM_OBJECT_UNLOCK(el);
    snprintf(name, sizeof name, "sink_%u", index);
    GmPad *pad = gm_pad_new_from_template(templ, name);
    Input *input = gm_new0(Input, 1);
    gm_object_set_data_full(pad, "funnel-input", input, free);
    gm_pad_set_element_private(pad, input);
    gm_pad_set_active(pad, true);
    gm_element_add_pad(el, pad);
    return pad;
}

static void funnel_release_pad(GmElement *el, GmPad *pad)
{
    Funnel *s = gm_priv(el);
    bool had_eos = ((Input *)gm_pad_get_element_private(pad))->eos;

    gm_object_ref(pad);
    gm_pad_set_active(pad, false);
    gm_element_remove_pad(el, pad);
    gm_object_unref(pad);
    GM_OBJECT_LOCK(el);
    bool eos = !had_eos && funnel_all_eos(s, el); // it was the one the others waited for
    GM_OBJECT_UNLOCK(el);
    if (eos)
        gm_pad_push_event(s->srcpad, gm_event_new_eos());
}

static GmStateChangeReturn funnel_change_state(GmElement *el, GmStateChange transition)
{
    Funnel *s = gm_priv(el);
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);

    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY) {
        GM_OBJECT_LOCK(el);
        for (GmList *l = el->sinkpads; l; l = l->next)
            ((Input *)gm_pad_get_element_private(l->data))->eos = false;
        GM_OBJECT_UNLOCK(el);
        gm_object_replace((GmObject **)&s->last, NULL);
    }
    return ret;
}

static void funnel_init(GmObject *obj)
{
    ((Funnel *)gm_priv(obj))->srcpad = gm_element_peek_static_pad(GM_ELEMENT(obj), "src");
}

static void funnel_dispose(GmObject *obj)
{
    gm_object_replace((GmObject **)&((Funnel *)gm_priv(obj))->last, NULL);
}

static const GmStaticPadTemplate funnel_pads[] = {
    { .name_template = "sink_%u", .direction = GM_PAD_SINK, .presence = GM_PAD_REQUEST,
      .chain = funnel_chain, .chain_list = funnel_chain_list, .event = funnel_event,
      .pad_flags = GM_PAD_FLAG_PROXY_CAPS | GM_PAD_FLAG_PROXY_ALLOCATION },
    { .name_template = "src", .direction = GM_PAD_SRC, .pad_flags = GM_PAD_FLAG_FIXED_CAPS },
    { 0 }
};

static const GmProperty funnel_props[] = {
    { "forward-sticky-events", "Forward sticky events on stream changes",
      GM_FIELD(Funnel, forward_sticky),
      .def = "true" },
    { 0 }
};

const GmElementClass gm_funnel_class = {
    .name = "funnel",
    .type_name = "GmFunnel",
    .parent = &gm_element_class.object,
    .longname = "Funnel pipe fitting",
    .klass = "Generic",
    .description = "N-to-1 pipe fitting",
    .author = "The GstMini authors",
    .priv_size = sizeof(Funnel),
    .props = funnel_props,
    .pads = funnel_pads,
    .init = funnel_init,
    .dispose = funnel_dispose,
    .request_new_pad = funnel_request_new_pad,
    .release_pad = funnel_release_pad,
    .change_state = funnel_change_state,
};
