// SPDX-License-Identifier: MIT
//
// concat: one stream after the other, as if they were one.
//
//     [sink_0] ████▌            ┌─ EOS of sink_0: sink_1 is let in, its segment moved to follow
//     [sink_1]      ██████      │
//     [src]    ████▌██████  <───┘
//
// The upstream threads of the pads that are not up yet wait inside; EOS goes out after the last.
// Read next: elements/core/funnel.c.

#include <stdlib.h>

#include "gstmini-element.h"

typedef struct {
    GmElement *element;
    GmPad     *srcpad;
    bool       adjust_base; // property; object lock

    // guarded by lock
    GmMutex  lock;
    GmCond   cond; // another pad is up, or one flushes
    GmPad   *current; // counted; NULL: none
    GmFormat format;  // of all streams; UNDEFINED: not known yet
    uint64_t start_offset; // where in running time (or bytes) the current stream begins
    uint64_t last_stop;    // of the current stream; GM_CLOCK_TIME_NONE: nothing came
    unsigned count;
} Concat;

typedef struct {
    GmSegment segment;
    bool      flushing; // lock
} Input;

static Input *concat_input(GmPad *pad)
{
    return gm_pad_get_element_private(pad);
}

static bool concat_adjusts(Concat *s)
{
    GM_OBJECT_LOCK(s->element);
    bool adjust = s->adjust_base;
    GM_OBJECT_UNLOCK(s->element);
    return adjust;
}

// The pad after `pad` (NULL: the first), with a reference; NULL: none.
static GmPad *concat_next_pad(Concat *s, GmPad *pad)
{
    GM_OBJECT_LOCK(s->element);
    GmList *l = s->element->sinkpads;
    for (; l && pad && l->data != pad; l = l->next)
        ;
    if (l && pad)
        l = l->next;
    GmPad *next = l ? gm_object_ref(l->data) : NULL;
    GM_OBJECT_UNLOCK(s->element);
    return next;
}

// Waits until pad's turn has come. False: it flushes.
static bool concat_wait(Concat *s, GmPad *pad)
{
    Input *input = concat_input(pad);

    gm_mutex_lock(&s->lock);
    while (!input->flushing && s->current != pad) {
        if (!s->current && s->element->numsinkpads == 1) {
            s->current = gm_object_ref(pad); // the only one, used again after its EOS
            break;
        }
        gm_cond_wait(&s->cond, &s->lock, GM_WAIT_QUEUE_FULL, s->element);
    }
    bool ok = !input->flushing;
    gm_mutex_unlock(&s->lock);
    return ok;
}

// Under lock: the current stream is over. False: it was the last.
static bool concat_switch(Concat *s)
{
    GmPad *old = s->current;
    GmSegment *segment = &concat_input(old)->segment;
    uint64_t stop = s->last_stop;

    if (stop == GM_CLOCK_TIME_NONE)
        stop = segment->stop;
    if (stop == GM_CLOCK_TIME_NONE)
        stop = segment->start;
    if (stop > segment->stop)
        stop = segment->stop;
    if (segment->format == GM_FORMAT_TIME)
        stop = gm_segment_to_running_time(segment, segment->format, stop);
    else
        stop += segment->start;
    if (stop != GM_CLOCK_TIME_NONE)
        s->start_offset += stop;
    s->current = concat_next_pad(s, old);
    s->last_stop = GM_CLOCK_TIME_NONE;
    gm_object_unref(old);
    gm_cond_broadcast(&s->cond);
    return s->current != NULL;
}

static GmFlowReturn concat_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    Concat *s = gm_priv(parent);

    if (!concat_wait(s, pad)) {
        gm_buffer_unref(buffer);
        return GM_FLOW_FLUSHING;
    }
    gm_mutex_lock(&s->lock);
    if (s->last_stop == GM_CLOCK_TIME_NONE)
        s->last_stop = concat_input(pad)->segment.start;
    if (s->format == GM_FORMAT_TIME) {
        GmClockTime end = GM_BUFFER_PTS(buffer);
        if (GM_CLOCK_TIME_IS_VALID(end) && GM_BUFFER_DURATION_IS_VALID(buffer))
            end += GM_BUFFER_DURATION(buffer);
        if (GM_CLOCK_TIME_IS_VALID(end) && end > s->last_stop)
            s->last_stop = end;
    } else {
        s->last_stop += gm_buffer_get_size(buffer);
    }
    gm_mutex_unlock(&s->lock);
    return gm_pad_push(s->srcpad, buffer);
}

// Takes a segment event, gives the one that goes out; NULL: it cannot be.
static GmEvent *concat_segment(Concat *s, GmPad *pad, GmEvent *event)
{
    Input *input = concat_input(pad);
    uint32_t seqnum = gm_event_get_seqnum(event);
    GmSegment segment;

    gm_event_copy_segment(event, &segment);
    gm_event_unref(event);
    gm_mutex_lock(&s->lock);
    GmFormat format = s->format;
    if (format == GM_FORMAT_UNDEFINED)
        s->format = segment.format;
    input->segment = segment;
    gm_mutex_unlock(&s->lock);
    if (segment.format != GM_FORMAT_TIME && segment.format != GM_FORMAT_BYTES) {
        GM_ELEMENT_ERROR(s->element, CORE, FAILED, (NULL),
                         ("Can only operate in TIME or BYTES format"));
        return NULL;
    }
    if (format != GM_FORMAT_UNDEFINED && format != segment.format) {
        GM_ELEMENT_ERROR(s->element, CORE, FAILED, (NULL),
                         ("Operating in %s format but new pad has %s", gm_format_get_name(format),
                          gm_format_get_name(segment.format)));
        return NULL;
    }
    if (!concat_wait(s, pad))
        return NULL;
    if (concat_adjusts(s)) {
        segment.duration = UINT64_MAX;
        if (segment.format == GM_FORMAT_TIME) {
            segment.base += s->start_offset;
        } else {
            segment.start += s->start_offset;
            if (segment.stop != UINT64_MAX)
                segment.stop += s->start_offset;
        }
    }
    event = gm_event_new_segment(&segment);
    gm_event_set_seqnum(event, seqnum);
    return event;
}

static bool concat_eos(Concat *s, GmPad *pad, GmEvent *event)
{
    if (!concat_wait(s, pad)) {
        gm_event_unref(event);
        return false;
    }
    gm_mutex_lock(&s->lock);
    bool more = concat_switch(s);
    gm_mutex_unlock(&s->lock);
    gm_object_notify(s->element, "active-pad");
    if (!more)
        return gm_pad_push_event(s->srcpad, event);
    gm_event_unref(event);
    gm_element_post_message(s->element, gm_message_new_duration_changed(GM_OBJECT(s->element)));
    return true;
}

// Flush events of the current pad go on; *event as gm_pad_event_default takes it.
static bool concat_flush(Concat *s, GmPad *pad, GmEvent *event)
{
    bool start = GM_EVENT_TYPE(event) == GM_EVENT_FLUSH_START, reset = false;

    gm_mutex_lock(&s->lock);
    concat_input(pad)->flushing = start;
    gm_cond_broadcast(&s->cond);
    bool forward = s->current == pad || s->element->numsinkpads == 1;
    if (!start) {
        gm_segment_init(&concat_input(pad)->segment, GM_FORMAT_UNDEFINED);
        gm_event_parse_flush_stop(event, &reset);
    }
    if (forward && reset) {
        s->start_offset = 0;
        s->last_stop = GM_CLOCK_TIME_NONE;
    }
    gm_mutex_unlock(&s->lock);
    if (forward)
        return gm_pad_push_event(s->srcpad, event);
    gm_event_unref(event);
    return true;
}

static bool concat_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    Concat *s = gm_priv(parent);

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_FLUSH_START:
    case GM_EVENT_FLUSH_STOP:
        return concat_flush(s, pad, event);
    case GM_EVENT_EOS:
        return concat_eos(s, pad, event);
    case GM_EVENT_SEGMENT:
        event = concat_segment(s, pad, event);
        return event && gm_pad_push_event(s->srcpad, event);
    default:
        if (GM_EVENT_IS_SERIALIZED(event) && !concat_wait(s, pad)) {
            gm_event_unref(event);
            return false;
        }
        return gm_pad_push_event(s->srcpad, event);
    }
}

static bool concat_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    if (GM_QUERY_IS_SERIALIZED(query) && !concat_wait(gm_priv(parent), pad))
        return false;
    return gm_pad_query_default(pad, parent, query);
}

// Seeks and QoS concern the stream that is up.
static bool concat_src_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    Concat *s = gm_priv(parent);

    if (GM_EVENT_TYPE(event) != GM_EVENT_SEEK && GM_EVENT_TYPE(event) != GM_EVENT_QOS)
        return gm_pad_event_default(pad, parent, event);
    gm_mutex_lock(&s->lock);
    GmPad *current = s->current ? gm_object_ref(s->current) : NULL;
    gm_mutex_unlock(&s->lock);
    if (!current && GM_EVENT_TYPE(event) == GM_EVENT_SEEK && s->element->numsinkpads == 1)
        current = concat_next_pad(s, NULL);
    if (!current) {
        gm_event_unref(event);
        return false;
    }
    bool ok = gm_pad_push_event(current, event);
    gm_object_unref(current);
    return ok;
}

static bool concat_sink_activate_mode(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    Concat *s = gm_priv(parent);

    if (mode != GM_PAD_MODE_PUSH)
        return false;
    gm_mutex_lock(&s->lock);
    concat_input(pad)->flushing = !active;
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
    return true;
}

static GmPad *concat_request_new_pad(GmElement *el, GmPadTemplate *templ, const char *wanted,
                                     const GmCaps *caps)
{
    Concat *s = gm_priv(el);
    char name[24];

    (void)caps;
    (void)wanted;
    gm_mutex_lock(&s->lock);
    snprintf(name, sizeof name, "sink_%u", s->count++);
    gm_mutex_unlock(&s->lock);
    GmPad *pad = gm_pad_new_from_template(templ, name);
    Input *input = gm_new0(Input, 1);
    gm_segment_init(&input->segment, GM_FORMAT_UNDEFINED);
    gm_object_set_data_full(pad, "concat-input", input, free);
    gm_pad_set_element_private(pad, input);
    gm_element_add_pad(el, pad);
    gm_pad_set_active(pad, true);
    gm_mutex_lock(&s->lock);
    bool first = !s->current;
    if (first)
        s->current = gm_object_ref(pad);
    gm_mutex_unlock(&s->lock);
    if (first)
        gm_object_notify(el, "active-pad");
    return pad;
}

static void concat_release_pad(GmElement *el, GmPad *pad)
{
    Concat *s = gm_priv(el);
    bool eos = false;

    gm_object_ref(pad);
    gm_pad_set_active(pad, false);
    gm_mutex_lock(&s->lock);
    bool current = s->current == pad;
    if (current)
        eos = !concat_switch(s);
    gm_mutex_unlock(&s->lock);
    gm_element_remove_pad(el, pad);
    gm_object_unref(pad);
    if (!current)
        return;
    gm_object_notify(el, "active-pad");
    if (GM_STATE(el) <= GM_STATE_READY)
        return;
    if (eos)
        gm_pad_push_event(s->srcpad, gm_event_new_eos());
    else
        gm_element_post_message(el, gm_message_new_duration_changed(GM_OBJECT(el)));
}

static GmStateChangeReturn concat_change_state(GmElement *el, GmStateChange transition)
{
    Concat *s = gm_priv(el);

    if (transition == GM_STATE_CHANGE_READY_TO_PAUSED) {
        gm_mutex_lock(&s->lock);
        s->format = GM_FORMAT_UNDEFINED;
        s->start_offset = 0;
        s->last_stop = GM_CLOCK_TIME_NONE;
        GmPad *first = concat_next_pad(s, NULL);
        if (s->current)
            gm_object_unref(s->current);
        s->current = first;
        gm_mutex_unlock(&s->lock);
    }
    return gm_element_class.change_state(el, transition);
}

static void concat_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    Concat *s = gm_priv(obj);

    if (!prop->computed)
        return;
    gm_mutex_lock(&s->lock);
    gm_value_set_object(value, s->current);
    gm_mutex_unlock(&s->lock);
}

static void concat_init(GmObject *obj)
{
    Concat *s = gm_priv(obj);

    s->element = GM_ELEMENT(obj);
    s->srcpad = gm_element_peek_static_pad(s->element, "src");
    gm_mutex_init(&s->lock);
    gm_cond_init(&s->cond);
    s->last_stop = GM_CLOCK_TIME_NONE;
}

static void concat_dispose(GmObject *obj)
{
    gm_object_replace((GmObject **)&((Concat *)gm_priv(obj))->current, NULL);
}

static void concat_finalize(GmObject *obj)
{
    Concat *s = gm_priv(obj);

    gm_cond_clear(&s->cond);
    gm_mutex_clear(&s->lock);
}

static const GmStaticPadTemplate concat_pads[] = {
    { .name_template = "sink_%u", .direction = GM_PAD_SINK, .presence = GM_PAD_REQUEST,
      .chain = concat_chain, .event = concat_event, .query = concat_query,
      .activate_mode = concat_sink_activate_mode,
      .pad_flags = GM_PAD_FLAG_PROXY_CAPS | GM_PAD_FLAG_PROXY_ALLOCATION },
    { .name_template = "src", .direction = GM_PAD_SRC, .event = concat_src_event,
      .pad_flags = GM_PAD_FLAG_FIXED_CAPS },
    { 0 }
};

static const GmProperty concat_props[] = {
    { "active-pad", "Currently active sink pad", GM_COMPUTED(GM_TYPE_OBJECT),
      .object_class = &gm_pad_class,
      .flags = GM_PARAM_READABLE },
    { "adjust-base", "Adjust the base value of segments to ensure they are adjacent",
      GM_FIELD(Concat, adjust_base), .def = "true",
      .flags = GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING },
    { 0 }
};

const GmElementClass gm_concat_class = {
    .name = "concat",
    .type_name = "GmConcat",
    .parent = &gm_element_class.object,
    .longname = "Concat",
    .klass = "Generic",
    .description = "Concatenate multiple streams",
    .author = "The GstMini authors",
    .priv_size = sizeof(Concat),
    .props = concat_props,
    .pads = concat_pads,
    .init = concat_init,
    .dispose = concat_dispose,
    .finalize = concat_finalize,
    .get_property = concat_get_property,
    .request_new_pad = concat_request_new_pad,
    .release_pad = concat_release_pad,
    .change_state = concat_change_state,
};
