// SPDX-License-Identifier: MIT
//
// output-selector: one stream in, out of the src pad that is chosen.
//
//                          ┌-->  [src_0]
//     [sink]  -->  chosen -┤
//                          └     [src_1]    set "active-pad" to it: the next
//                                           buffer goes there, behind a new segment
// Read next: elements/core/inputselector.c, elements/core/tee.c.

#include "gstmini-element.h"

enum { NEGOTIATE_NONE, NEGOTIATE_ALL, NEGOTIATE_ACTIVE };

static const GmEnumTable outputselector_mode = {
    "GmOutputSelectorPadNegotiationMode",
    (const GmEnumValue[]){ { NEGOTIATE_NONE, "None", "none" },
                           { NEGOTIATE_ALL, "All", "all" },
                           { NEGOTIATE_ACTIVE, "Active", "active" },
                           { 0, NULL, NULL } },
    false
};

typedef struct {
    GmElement *element;
    GmPad     *sinkpad;
    _Atomic bool resend_latest; // properties
    _Atomic int  mode;
    // guarded by the object lock
    GmPad     *active, *pending; // counted; pending: chosen, switched to with the next buffer
    GmBuffer  *latest;
    unsigned   count;
    GmSegment  segment; // the streaming thread's
} OutputSelector;

// The pad that counts, with a reference, or NULL.
static GmPad *outputselector_get_active(OutputSelector *s)
{
    GM_OBJECT_LOCK(s->element);
    GmPad *pad = s->pending ? s->pending : s->active;
    if (pad)
        gm_object_ref(pad);
    GM_OBJECT_UNLOCK(s->element);
    return pad;
}

static bool outputselector_forward(GmPad *pad, GmEvent **event, void *user_data)
{
    (void)pad;
    gm_pad_push_event(user_data, gm_event_ref(*event));
    return true;
}

// Carries out the pending choice, if there is one. An unlinked pad is not switched to.
static bool outputselector_switch(OutputSelector *s)
{
    GM_OBJECT_LOCK(s->element);
    GmPad *pad = s->pending, *old = NULL;
    s->pending = NULL;
    if (pad && GM_PAD_PEER(pad)) {
        old = s->active;
        s->active = gm_object_ref(pad);
    }
    bool done = pad && s->active == pad;
    GmBuffer *latest = done && s->resend_latest && s->latest ? gm_buffer_ref(s->latest) : NULL;
    GM_OBJECT_UNLOCK(s->element);
    if (old)
        gm_object_unref(old);
    if (done) {
        gm_object_notify(s->element, "active-pad");
        gm_pad_sticky_events_foreach(s->sinkpad, outputselector_forward, pad);
        if (latest && GM_BUFFER_PTS_IS_VALID(latest))
            s->segment.position = GM_BUFFER_PTS(latest);
        if (s->segment.format != GM_FORMAT_UNDEFINED)
            gm_pad_push_event(pad, gm_event_new_segment(&s->segment));
        if (latest)
            gm_pad_push(pad, latest);
    }
    if (pad)
        gm_object_unref(pad);
    return pad != NULL;
}

static GmFlowReturn outputselector_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    OutputSelector *s = gm_priv(parent);

    (void)pad;
    while (outputselector_switch(s)) // a probe may choose again while we switch
        ;
    GM_OBJECT_LOCK(parent);
    GmPad *active = s->active ? gm_object_ref(s->active) : NULL;
    if (active)
        gm_buffer_replace(&s->latest, s->resend_latest ? buffer : NULL);
    GM_OBJECT_UNLOCK(parent);
    if (!active) {
        gm_buffer_unref(buffer);
        return GM_FLOW_OK;
    }
    if (GM_BUFFER_PTS_IS_VALID(buffer))
        s->segment.position = GM_BUFFER_PTS(buffer) +
                              (GM_BUFFER_DURATION_IS_VALID(buffer) ? GM_BUFFER_DURATION(buffer)
                                                                   : 0);
    GmFlowReturn ret = gm_pad_push(active, buffer);
    gm_object_unref(active);
    return ret;
}

static bool outputselector_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    OutputSelector *s = gm_priv(parent);

    if (GM_EVENT_TYPE(event) == GM_EVENT_SEGMENT)
        gm_event_copy_segment(event, &s->segment);
    if (s->mode == NEGOTIATE_ALL)
        return gm_pad_event_default(pad, parent, event);
    GmPad *active = s->mode == NEGOTIATE_ACTIVE ? outputselector_get_active(s) : NULL;
    if (!active) {
        gm_event_unref(event);
        return true;
    }
    bool ok = gm_pad_push_event(active, event);
    gm_object_unref(active);
    return ok;
}

static bool outputselector_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    OutputSelector *s = gm_priv(parent);
    bool caps = GM_QUERY_TYPE(query) == GM_QUERY_CAPS ||
        GM_QUERY_TYPE(query) == GM_QUERY_ACCEPT_CAPS;

    if (caps && s->mode == NEGOTIATE_ALL)
        return GM_QUERY_TYPE(query) == GM_QUERY_CAPS ? gm_pad_proxy_query_caps(pad, query)
                                                     : gm_pad_proxy_query_accept_caps(pad, query);
    GmPad *active = caps && s->mode == NEGOTIATE_ACTIVE ? outputselector_get_active(s) : NULL;
    bool ok = active ? gm_pad_peer_query(active, query) : gm_pad_query_default(pad, parent, query);
    if (active)
        gm_object_unref(active);
    return ok;
}

static GmPad *outputselector_request_new_pad(GmElement *el, GmPadTemplate *templ,
                                             const char *wanted,
                                             const GmCaps *caps)
{
    OutputSelector *s = gm_priv(el);
    char name[24];

    (void)wanted;
    (void)caps;
    GM_OBJECT_LOCK(el);
    snprintf(name, sizeof name, "src_%u", s->count++);
    GM_OBJECT_UNLOCK(el);
    GmPad *pad = gm_pad_new_from_template(templ, name);
    gm_pad_set_active(pad, true);
    gm_pad_sticky_events_foreach(s->sinkpad, outputselector_forward, pad);
    gm_element_add_pad(el, pad);
    GM_OBJECT_LOCK(el);
    bool first = !s->active;
    if (first)
        s->active = gm_object_ref(pad);
    GM_OBJECT_UNLOCK(el);
    if (first)
        gm_object_notify(el, "active-pad");
    return pad;
}

static void outputselector_release_pad(GmElement *el, GmPad *pad)
{
    OutputSelector *s = gm_priv(el);

    gm_object_ref(pad);
    GM_OBJECT_LOCK(el);
    bool was_active = s->active == pad, was_pending = s->pending == pad;
    if (was_active)
        s->active = NULL;
    if (was_pending)
        s->pending = NULL;
    GM_OBJECT_UNLOCK(el);
    if (was_active)
        gm_object_unref(pad);
    if (was_pending)
        gm_object_unref(pad);
    if (was_active)
        gm_object_notify(el, "active-pad");
    gm_pad_set_active(pad, false);
    gm_element_remove_pad(el, pad);
    gm_object_unref(pad);
}

static void outputselector_reset(OutputSelector *s)
{
    GM_OBJECT_LOCK(s->element);
    GmPad *pending = s->pending;
    GmBuffer *latest = s->latest;
    s->pending = NULL;
    s->latest = NULL;
    GM_OBJECT_UNLOCK(s->element);
    gm_segment_init(&s->segment, GM_FORMAT_UNDEFINED);
    if (pending)
        gm_object_unref(pending);
    if (latest)
        gm_buffer_unref(latest);
}

static GmStateChangeReturn outputselector_change_state(GmElement *el, GmStateChange transition)
{
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);

    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY)
        outputselector_reset(gm_priv(el));
    return ret;
}

static void outputselector_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    OutputSelector *s = gm_priv(obj);
    GmPad *pad = prop->computed ? gm_value_get_object(value) : NULL;

    if (!pad || !GM_REQUIRE(gm_object_has_as_parent(GM_OBJECT(pad), obj)))
        return;
    GM_OBJECT_LOCK(obj);
    GmPad *old = s->pending;
    s->pending = s->active == pad ? NULL : gm_object_ref(pad);
    GM_OBJECT_UNLOCK(obj);
    if (old)
        gm_object_unref(old);
}

static void outputselector_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    GmPad *pad = prop->computed ? outputselector_get_active(gm_priv(obj)) : NULL;

    if (prop->computed)
        gm_value_take_object(value, pad);
}

static void outputselector_init(GmObject *obj)
{
    OutputSelector *s = gm_priv(obj);

    s->element = GM_ELEMENT(obj);
    s->sinkpad = gm_element_peek_static_pad(s->element, "sink");
    gm_segment_init(&s->segment, GM_FORMAT_UNDEFINED);
}

static void outputselector_dispose(GmObject *obj)
{
    OutputSelector *s = gm_priv(obj);

    outputselector_reset(s);
    gm_object_replace((GmObject **)&s->active, NULL);
}

static const GmStaticPadTemplate outputselector_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = outputselector_chain,
      .event = outputselector_event, .query = outputselector_query,
      .pad_flags = GM_PAD_FLAG_PROXY_CAPS }, // caps events go on
    { .name_template = "src_%u", .direction = GM_PAD_SRC, .presence = GM_PAD_REQUEST },
    { 0 }
};

#define LIVE (GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING)
static const GmProperty outputselector_props[] = {
    { "active-pad", "Currently active src pad", GM_COMPUTED(GM_TYPE_OBJECT),
      .object_class = &gm_pad_class,
      .flags = LIVE },
    { "resend-latest", "Resend latest buffer after a switch to a new pad",
      GM_FIELD(OutputSelector, resend_latest), .flags = LIVE },
    { "pad-negotiation-mode", "The mode to be used for pad negotiation",
      GM_ENUM_FIELD(OutputSelector, mode, &outputselector_mode), .def = "all", .flags = LIVE },
    { 0 }
};

const GmElementClass gm_output_selector_class = {
    .name = "output-selector",
    .type_name = "GmOutputSelector",
    .parent = &gm_element_class.object,
    .longname = "Output selector",
    .klass = "Generic",
    .description = "1-to-N output stream selector",
    .author = "The GstMini authors",
    .priv_size = sizeof(OutputSelector),
    .props = outputselector_props,
    .pads = outputselector_pads,
    .init = outputselector_init,
    .dispose = outputselector_dispose,
    .set_property = outputselector_set_property,
    .get_property = outputselector_get_property,
    .request_new_pad = outputselector_request_new_pad,
    .release_pad = outputselector_release_pad,
    .change_state = outputselector_change_state,
};
