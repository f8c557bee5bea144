// SPDX-License-Identifier: MIT
//
// capsfilter: lets only streams of certain caps pass; what "! video/x-raw,width=320 !" makes.
//
//     [sink]  -->  capsfilter caps=video/x-raw,width=320  -->  [src]
//
// It changes nothing in the data. It narrows what the neighbours may agree on, and puts its own
// order of preference first.
// Read next: core/base/base_transform.h.

#include <stdlib.h>

#include "gstmini-element.h"

enum { MODE_IMMEDIATE, MODE_DELAYED };

static const GmEnumTable capsfilter_mode = {
    "GmCapsFilterCapsChangeMode",
    (const GmEnumValue[]){ { MODE_IMMEDIATE, "Only accept the current filter caps", "immediate" },
                           { MODE_DELAYED, "Temporarily accept previous filter caps", "delayed" },
                           { 0, NULL, NULL } },
    false
};

typedef struct {
    // guarded by the object lock
    GmCaps *caps;     // NULL: anything
    int     mode;
    GmCaps *previous; // delayed mode: still accepted until the new ones are negotiated
    // streaming thread only
    bool    got_caps; // from upstream
    GmList *waiting;  // sticky events that came before caps; newest first
} CapsFilter;

// The filter as it is now, with a reference; NULL: anything passes.
static GmCaps *capsfilter_get(GmBaseTransform *trans, GmCaps **previous)
{
    CapsFilter *s = gm_priv(trans);

    GM_OBJECT_LOCK(trans);
    GmCaps *caps = s->caps ? gm_caps_ref(s->caps) : NULL;
    *previous = s->previous ? gm_caps_ref(s->previous) : NULL;
    GM_OBJECT_UNLOCK(trans);
    return caps;
}

static GmCaps *capsfilter_transform_caps(GmBaseTransform *trans, GmPadDirection direction,
                                         GmCaps *caps, GmCaps *filter)
{
    GmCaps *previous, *mine = capsfilter_get(trans, &previous);

    (void)direction;
    if (mine && filter) {
        GmCaps *narrowed = gm_caps_intersect_full(filter, mine, GM_CAPS_INTERSECT_FIRST);
        gm_caps_unref(mine);
        mine = narrowed;
    }
    GmCaps *result = mine ? gm_caps_intersect_full(mine, caps, GM_CAPS_INTERSECT_FIRST)
                   : filter ? gm_caps_intersect_full(filter, caps, GM_CAPS_INTERSECT_FIRST)
                            : gm_caps_ref(caps);
    if (previous) {
        GmCaps *old = gm_caps_intersect_full(previous, caps, GM_CAPS_INTERSECT_FIRST);
        result = gm_caps_merge(result, old);
        gm_caps_unref(previous);
    }
    if (mine)
        gm_caps_unref(mine);
    return result;
}

static bool capsfilter_accept_caps(GmBaseTransform *trans, GmPadDirection direction, GmCaps *caps)
{
    GmCaps *previous, *mine = capsfilter_get(trans, &previous);
    bool ok = !mine || gm_caps_can_intersect(caps, mine);

    if (ok && !previous) // an event that reaches both ends must be acceptable there too
        ok = gm_base_transform_ops.accept_caps(trans, direction, caps);
    if (!ok && previous)
        ok = gm_caps_can_intersect(caps, previous);
    if (mine)
        gm_caps_unref(mine);
    if (previous)
        gm_caps_unref(previous);
    return ok;
}

// Sends on what had to wait for caps.
static void capsfilter_send_waiting(GmBaseTransform *trans)
{
    CapsFilter *s = gm_priv(trans);
    GmList *events = gm_list_reverse(s->waiting);

    s->waiting = NULL;
    for (GmList *l = events; l; l = l->next)
        gm_base_transform_ops.sink_event(trans, l->data);
    gm_list_free(events);
}

// A flush ends the segment that waits, not the tags.
static void capsfilter_forget_position(CapsFilter *s)
{
    for (GmList *l = s->waiting, *next; l; l = next) {
        next = l->next;
        if (GM_EVENT_TYPE(l->data) != GM_EVENT_SEGMENT)
            continue;
        gm_event_unref(l->data);
        s->waiting = gm_list_delete_link(s->waiting, l);
    }
}

// Caps that have passed are the ones that count from now on. (No set_caps: with one, the base
// class would refuse data that comes without any caps.)
static void capsfilter_caps_passed(GmBaseTransform *trans, GmEvent *event)
{
    CapsFilter *s = gm_priv(trans);
    GmCaps *done = NULL, *caps;

    gm_event_parse_caps(event, &caps);
    GM_OBJECT_LOCK(trans);
    if (s->previous && s->caps && gm_caps_can_intersect(caps, s->caps)) {
        done = s->previous;
        s->previous = NULL;
    }
    GM_OBJECT_UNLOCK(trans);
    if (done)
        gm_caps_unref(done);
}

static bool capsfilter_sink_event(GmBaseTransform *trans, GmEvent *event)
{
    CapsFilter *s = gm_priv(trans);
    GmEventType type = GM_EVENT_TYPE(event);

    switch (type) {
    case GM_EVENT_CAPS:
        s->got_caps = true;
        capsfilter_caps_passed(trans, event);
        break;
    case GM_EVENT_FLUSH_STOP:
        capsfilter_forget_position(s);
        break;
    case GM_EVENT_EOS:
        capsfilter_send_waiting(trans);
        break;
    default:
        // Caps go first; the ones this filter may make come with the first buffer.
        if (GM_EVENT_IS_STICKY(event) && type > GM_EVENT_CAPS && !s->got_caps) {
            s->waiting = gm_list_prepend(s->waiting, event);
            return true;
        }
    }
    return gm_base_transform_ops.sink_event(trans, event);
}

static bool capsfilter_stop(GmBaseTransform *trans)
{
    CapsFilter *s = gm_priv(trans);

    gm_list_free_full(s->waiting, (GmDestroyNotify)gm_mini_object_unref);
    s->waiting = NULL;
    s->got_caps = false;
    return true;
}

// A source without caps of its own gets those of the filter, if they are fixed.
static GmFlowReturn capsfilter_make_caps(GmBaseTransform *trans)
{
    GmCaps *caps = gm_pad_get_allowed_caps(trans->srcpad);
    GmFlowReturn ret = GM_FLOW_OK;

    if (!caps) // not linked: the push will say so
        return GM_FLOW_OK;
    if (!gm_caps_is_empty(caps) && gm_caps_is_fixed(caps)) {
        if (!gm_base_transform_update_src_caps(trans, caps))
            ret = GM_FLOW_NOT_NEGOTIATED;
    } else {
        char *text = gm_caps_to_string(caps);
        GM_ELEMENT_ERROR(trans, STREAM, FORMAT,
                         ("Filter caps do not completely specify the output format"),
                         ("Output caps are unfixed: %s; a source without caps needs fixed ones "
                          "here",
                          text));
        free(text);
        ret = GM_FLOW_ERROR;
    }
    gm_caps_unref(caps);
    return ret;
}

static GmFlowReturn capsfilter_prepare_output_buffer(GmBaseTransform *trans, GmBuffer *input,
                                                     GmBuffer **out)
{
    CapsFilter *s = gm_priv(trans);
    GmFlowReturn ret = GM_FLOW_OK;

    *out = input;
    if (!s->got_caps && !gm_pad_has_current_caps(trans->srcpad) &&
        GM_PAD_MODE(trans->srcpad) == GM_PAD_MODE_PUSH)
        ret = capsfilter_make_caps(trans);
    if (ret == GM_FLOW_OK && s->waiting)
        capsfilter_send_waiting(trans);
    return ret;
}

static GmFlowReturn capsfilter_transform_ip(GmBaseTransform *trans, GmBuffer *buffer)
{
    (void)trans;
    (void)buffer;
    return GM_FLOW_OK;
}

static void capsfilter_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    CapsFilter *s = gm_priv(obj);

    if (strcmp(prop->name, "caps") != 0)
        return;
    const GmCaps *wanted = gm_value_get_caps(value);
    GmCaps *caps = wanted ? gm_caps_ref((GmCaps *)wanted) : NULL;
    GM_OBJECT_LOCK(obj);
    GmCaps *old = s->caps, *older = NULL;
    s->caps = caps;
    if (s->mode == MODE_DELAYED) {
        older = s->previous;
        s->previous = old;
        old = NULL;
    }
    GM_OBJECT_UNLOCK(obj);
    if (old)
        gm_caps_unref(old);
    if (older)
        gm_caps_unref(older);
    gm_base_transform_reconfigure_sink(GM_BASE_TRANSFORM(obj));
    gm_base_transform_reconfigure_src(GM_BASE_TRANSFORM(obj));
}

static void capsfilter_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    CapsFilter *s = gm_priv(obj);

    if (strcmp(prop->name, "caps") != 0)
        return;
    GmCaps *any = NULL;
    GM_OBJECT_LOCK(obj);
    if (s->caps)
        gm_value_set_caps(value, s->caps);
    else
        any = gm_caps_new_any();
    if (any)
        gm_value_set_caps(value, any);
    GM_OBJECT_UNLOCK(obj);
    if (any)
        gm_caps_unref(any);
}

static void capsfilter_init(GmObject *obj)
{
    gm_base_transform_set_gap_aware(GM_BASE_TRANSFORM(obj), true);
    gm_base_transform_set_prefer_passthrough(GM_BASE_TRANSFORM(obj), false);
}

static void capsfilter_finalize(GmObject *obj)
{
    CapsFilter *s = gm_priv(obj);

    gm_caps_replace(&s->caps, NULL);
    gm_caps_replace(&s->previous, NULL);
}

static const GmStaticPadTemplate capsfilter_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK },
    { .name_template = "src", .direction = GM_PAD_SRC },
    { 0 }
};

#define LIVE (GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING)
static const GmProperty capsfilter_props[] = {
    { "caps", "Restrict the possible allowed capabilities (NULL means ANY). Setting this property "
              "takes a reference to the supplied GmCaps object.",
      GM_COMPUTED(GM_TYPE_CAPS), .flags = LIVE },
    { "caps-change-mode", "Filter caps change behaviour",
      GM_ENUM_FIELD(CapsFilter, mode, &capsfilter_mode), .def = "immediate", .flags = LIVE },
    { 0 }
};

static const GmBaseTransformOps capsfilter_ops = {
    .transform_caps = capsfilter_transform_caps,
    .accept_caps = capsfilter_accept_caps,
    .stop = capsfilter_stop,
    .sink_event = capsfilter_sink_event,
    .prepare_output_buffer = capsfilter_prepare_output_buffer,
    .transform_ip = capsfilter_transform_ip,
};

const GmElementClass gm_capsfilter_class = {
    .name = "capsfilter",
    .type_name = "GmCapsFilter",
    .parent = &gm_base_transform_class.object,
    .longname = "CapsFilter",
    .klass = "Generic",
    .description = "Pass data without modification, limiting formats",
    .author = "The GstMini authors",
    .priv_size = sizeof(CapsFilter),
    .props = capsfilter_props,
    .pads = capsfilter_pads,
    .init = capsfilter_init,
    .finalize = capsfilter_finalize,
    .set_property = capsfilter_set_property,
    .get_property = capsfilter_get_property,
    .transform = &capsfilter_ops,
};
