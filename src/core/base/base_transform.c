// SPDX-License-Identifier: MIT
//
// base_transform: a buffer's way through, events, activation, settings.
//
// Read next: base_transform_caps.c (negotiation).
#include "core/base/base_transform_priv.h"

// ---- settings -------------------------------------------------------------------------------

#define SETTING(field, setter, getter) \
    GM_BASE_SETTING(GmBaseTransform, bool, field, setter, getter)
SETTING(qos_enabled, gm_base_transform_set_qos_enabled, gm_base_transform_is_qos_enabled)

void gm_base_transform_set_passthrough(GmBaseTransform *trans, bool passthrough)
{
    if (!GM_REQUIRE(trans != NULL))
        return;
    const GmBaseTransformOps *ops = &trans->ops;
    bool can_work = ops->transform_ip != NULL || ops->transform != NULL ||
                    ops->generate_output != gm_base_transform_ops.generate_output;
    passthrough = passthrough || (trans->passthrough && !can_work);
    gm_base_set(trans, &trans->passthrough, &passthrough, sizeof(passthrough));
}

bool gm_base_transform_is_passthrough(GmBaseTransform *trans)
{
    return GM_REQUIRE(trans != NULL) && trans->passthrough;
}

void gm_base_transform_set_in_place(GmBaseTransform *trans, bool in_place)
{
    if (GM_REQUIRE(trans != NULL) &&
        (in_place ? trans->ops.transform_ip != NULL : trans->ops.transform != NULL))
        gm_base_set(trans, &trans->always_in_place, &in_place, sizeof(in_place));
}

bool gm_base_transform_is_in_place(GmBaseTransform *trans)
{
    return GM_REQUIRE(trans != NULL) && trans->always_in_place;
}

void gm_base_transform_set_prefer_passthrough(GmBaseTransform *trans, bool prefer_passthrough)
{
    if (GM_REQUIRE(trans != NULL))
        gm_base_set(trans, &trans->prefer_passthrough, &prefer_passthrough, sizeof(bool));
}

void gm_base_transform_set_gap_aware(GmBaseTransform *trans, bool gap_aware)
{
    if (GM_REQUIRE(trans != NULL))
        gm_base_set(trans, &trans->gap_aware, &gap_aware, sizeof(gap_aware));
}

void gm_base_transform_update_qos(GmBaseTransform *trans, double proportion, GmClockTimeDiff diff,
                                  GmClockTime timestamp)
{
    if (!GM_REQUIRE(trans != NULL) || !GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(timestamp)))
        return;
    GM_OBJECT_LOCK(trans);
    trans->proportion = proportion;
    trans->earliest_time = timestamp + (GmClockTime)diff;
    GM_OBJECT_UNLOCK(trans);
}

void gm_base_transform_reconfigure_sink(GmBaseTransform *trans)
{
    if (GM_REQUIRE(trans != NULL))
        gm_pad_push_event(trans->sinkpad, gm_event_new_reconfigure());
}

void gm_base_transform_reconfigure_src(GmBaseTransform *trans)
{
    if (GM_REQUIRE(trans != NULL))
        gm_pad_mark_reconfigure(trans->srcpad);
}

GmBufferPool *gm_base_transform_get_buffer_pool(GmBaseTransform *trans)
{
    return GM_REQUIRE(trans != NULL) ? gm_base_alloc_get_pool(&trans->element, &trans->alloc)
                                     : NULL;
}

void gm_base_transform_get_allocator(GmBaseTransform *trans, GmAllocator **allocator,
                                     GmAllocationParams *params)
{
    if (GM_REQUIRE(trans != NULL))
        gm_base_alloc_get_allocator(&trans->element, &trans->alloc, allocator, params);
}

// ---- output buffers ---------------------------------------------------------------------------

static bool transform_unit_size(GmBaseTransform *trans, GmCaps *caps, size_t *size)
{
    for (int i = 0; i < 2; i++) {
        if (trans->cache_caps[i] == NULL) {
            if (!trans->ops.get_unit_size(trans, caps, size))
                return false;
            trans->cache_caps[i] = gm_caps_ref(caps);
            trans->cache_size[i] = *size;
        }
        *size = trans->cache_size[i];
        if (trans->cache_caps[i] == caps)
            return true;
    }
    return trans->ops.get_unit_size(trans, caps, size);
}

static bool transform_default_size(GmBaseTransform *trans, GmPadDirection direction, GmCaps *caps,
                                   size_t size, GmCaps *othercaps, size_t *othersize)
{
    size_t unit, otherunit;

    (void)direction;
    *othersize = size;
    if (trans->ops.get_unit_size == NULL)
        return true;
    if (!transform_unit_size(trans, caps, &unit) ||
        !transform_unit_size(trans, othercaps, &otherunit))
        return false;
    if (unit == 0 || size % unit != 0) {
        gm_critical(__func__, "%s: size %zu is not a multiple of unit size %zu",
                    GM_ELEMENT_NAME(trans), size, unit);
        return false;
    }
    *othersize = size / unit * otherunit;
    return true;
}

static bool transform_default_meta(GmBaseTransform *trans, GmBuffer *outbuf, GmMeta *meta,
                                   GmBuffer *inbuf)
{
    (void)trans;
    (void)outbuf;
    (void)inbuf;
    return gm_meta_api_type_get_tags(meta->info->api) == NULL; // it depends on nothing
}

typedef struct { GmBaseTransform *trans; GmBuffer *outbuf; } TransformMetas;

static bool transform_copy_meta(GmBuffer *inbuf, GmMeta **meta, void *user_data)
{
    TransformMetas *to = user_data;
    const GmMetaInfo *info = (*meta)->info;
    GmMetaTransformCopy copy = { false, 0, (size_t)-1 };

    if (to->trans->ops.transform_meta(to->trans, to->outbuf, *meta, inbuf) &&
        info->transform_func != NULL)
        info->transform_func(to->outbuf, *meta, inbuf, gm_meta_transform_copy_quark(), &copy);
    return true;
}

static bool transform_default_copy_metadata(GmBaseTransform *trans, GmBuffer *input,
                                            GmBuffer *outbuf)
{
    TransformMetas to = { trans, outbuf };
    if (!gm_buffer_is_writable(outbuf))
        return false;
    gm_buffer_copy_into(outbuf, input, GM_BUFFER_COPY_FLAGS | GM_BUFFER_COPY_TIMESTAMPS, 0,
                        (size_t)-1);
    if (!trans->gap_aware)
        GM_BUFFER_FLAG_UNSET(outbuf, GM_BUFFER_FLAG_GAP);
    gm_buffer_foreach_meta(input, transform_copy_meta, &to);
    return true;
}

static GmFlowReturn transform_default_prepare(GmBaseTransform *trans, GmBuffer *input,
                                              GmBuffer **outbuf)
{
    *outbuf = input;
    if (trans->passthrough)
        return GM_FLOW_OK;
    if (trans->alloc.pool == NULL && trans->ops.transform_ip != NULL && trans->always_in_place) {
        if (!gm_buffer_is_writable(input))
            *outbuf = gm_buffer_copy(input);
        return GM_FLOW_OK;
    }
    *outbuf = NULL;
    size_t size = 0;
    if (trans->alloc.pool == NULL) {
        GmCaps *incaps = gm_pad_get_current_caps(trans->sinkpad);
        GmCaps *outcaps = gm_pad_get_current_caps(trans->srcpad);
        bool known = incaps != NULL && outcaps != NULL;
        bool ok = known && trans->ops.transform_size(trans, GM_PAD_SINK, incaps,
                                                     gm_buffer_get_size(input), outcaps, &size);
        gm_clear_mini_object((GmMiniObject **)&incaps);
        gm_clear_mini_object((GmMiniObject **)&outcaps);
        if (!ok) // caps vanish only when the pad is being stopped
            return known ? GM_FLOW_ERROR : GM_FLOW_FLUSHING;
    }
    GmFlowReturn ret = gm_base_alloc_acquire(&trans->element, &trans->alloc, size, outbuf);
    if (ret == GM_FLOW_OK && !trans->ops.copy_metadata(trans, input, *outbuf))
        GM_ELEMENT_WARNING(trans, STREAM, NOT_IMPLEMENTED, ("could not copy metadata"), (NULL));
    return ret;
}

// ---- the way through ------------------------------------------------------------------------

// Whether downstream has said (QoS) that it cannot show this one in time. Then tells so.
static bool transform_is_late(GmBaseTransform *trans, GmBuffer *input)
{
    GmSegment *s = &trans->segment;
    GmClockTime pts = GM_BUFFER_PTS(input);

    if (s->format != GM_FORMAT_TIME)
        return false;
    GM_OBJECT_LOCK(trans);
    GmClockTime earliest = trans->qos_enabled ? trans->earliest_time : NONE;
    double proportion = trans->proportion;
    GM_OBJECT_UNLOCK(trans);
    if (earliest == NONE)
        return false;
    GmClockTime running = gm_segment_to_running_time(s, GM_FORMAT_TIME, pts);
    if (running == NONE || running > earliest)
        return false;
    trans->dropped++;
    GmMessage *message = gm_message_new_qos(GM_OBJECT(trans), false, running,
                                            gm_segment_to_stream_time(s, GM_FORMAT_TIME, pts), pts,
                                            GM_BUFFER_DURATION(input));
    gm_message_set_qos_values(message, GM_CLOCK_DIFF(running, earliest), proportion, 1000000);
    gm_message_set_qos_stats(message, GM_FORMAT_BUFFERS, trans->processed, trans->dropped);
    gm_element_post_message(&trans->element, message);
    return true;
}

GmFlowReturn gm_base_transform_default_submit_input_buffer(GmBaseTransform *trans, bool is_discont,
                                                           GmBuffer *input)
{
    (void)is_discont;
    GmFlowReturn ret = GM_FLOW_OK;
    if (!gm_base_transform_reconfigure_unlocked(trans) ||
        (!trans->negotiated && !trans->passthrough && trans->ops.set_caps != NULL))
        ret = GM_PAD_IS_FLUSHING(trans->srcpad) ? GM_FLOW_FLUSHING : GM_FLOW_NOT_NEGOTIATED;
    else if (transform_is_late(trans, input))
        ret = GM_BASE_TRANSFORM_FLOW_DROPPED;
    // The stream lock guards queued_buf.
    GmBuffer *done = input;
    if (ret == GM_FLOW_OK) {
        done = trans->queued_buf;
        trans->queued_buf = input;
    }
    if (done != NULL)
        gm_buffer_unref(done);
    return ret;
}

static GmFlowReturn transform_default_generate(GmBaseTransform *trans, GmBuffer **outbuf)
{
    const GmBaseTransformOps *ops = &trans->ops;
    GmBuffer *input = trans->queued_buf;

    trans->queued_buf = NULL;
    if (input == NULL)
        return GM_FLOW_OK;
    GmFlowReturn ret = ops->prepare_output_buffer(trans, input, outbuf);
    if (ret != GM_FLOW_OK || *outbuf == NULL) {
        gm_buffer_unref(input);
        *outbuf = NULL;
        return ret;
    }
    if (trans->passthrough) {
        if (!ops->no_transform_ip_on_passthrough && ops->transform_ip != NULL)
            ret = ops->transform_ip(trans, *outbuf);
    } else if (ops->transform_ip != NULL && trans->always_in_place) {
        ret = ops->transform_ip(trans, *outbuf);
    } else {
        ret = ops->transform != NULL ? ops->transform(trans, input, *outbuf)
                                     : GM_FLOW_NOT_SUPPORTED;
    }
    if (*outbuf != input)
        gm_buffer_unref(input);
    return ret;
}

static GmClockTime transform_end(GmBuffer *buf)
{
    GmClockTime pts = GM_BUFFER_PTS(buf), duration = GM_BUFFER_DURATION(buf);
    return pts != NONE && duration != NONE ? pts + duration : pts;
}

static GmFlowReturn transform_submit(GmBaseTransform *trans, GmBuffer *buffer)
{
    if (trans->ops.before_transform != NULL)
        trans->ops.before_transform(trans, buffer);
    if (GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_DISCONT))
        trans->discont = true;
    return trans->ops.submit_input_buffer(trans, trans->discont, buffer);
}

// Takes outbuf, gives it ready to go on.
static GmBuffer *transform_finish(GmBaseTransform *trans, GmBuffer *outbuf)
{
    if (trans->discont && !GM_BUFFER_FLAG_IS_SET(outbuf, GM_BUFFER_FLAG_DISCONT)) {
        outbuf = gm_buffer_make_writable(outbuf);
        GM_BUFFER_FLAG_SET(outbuf, GM_BUFFER_FLAG_DISCONT);
    }
    trans->discont = false;
    trans->processed++;
    return outbuf;
}

static GmFlowReturn transform_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    GmBaseTransform *trans = GM_BASE_TRANSFORM_CAST(parent);
    GmClockTime position = transform_end(buffer);
    GmFlowReturn ret = transform_submit(trans, buffer);
    GmBuffer *outbuf = NULL;

    (void)pad;
    while (ret == GM_FLOW_OK) {
        outbuf = NULL;
        ret = trans->ops.generate_output(trans, &outbuf);
        if (outbuf == NULL)
            break;
        if (ret != GM_FLOW_OK) {
            gm_buffer_unref(outbuf);
            break;
        }
        if (trans->segment.format == GM_FORMAT_TIME) {
            GmClockTime out = GM_BUFFER_PTS(outbuf) != NONE ? transform_end(outbuf) : position;
            GM_OBJECT_LOCK(trans);
            if (position != NONE)
                trans->segment.position = position;
            if (out != NONE)
                trans->position_out = out;
            GM_OBJECT_UNLOCK(trans);
        }
        ret = gm_pad_push(trans->srcpad, transform_finish(trans, outbuf));
    }
    if (ret == GM_BASE_TRANSFORM_FLOW_DROPPED) {
        trans->discont = true;
        ret = GM_FLOW_OK;
    }
    return ret;
}

static GmFlowReturn transform_getrange(GmPad *pad, GmObject *parent, uint64_t offset,
                                       unsigned length, GmBuffer **buffer)
{
    GmBaseTransform *trans = GM_BASE_TRANSFORM_CAST(parent);
    GmFlowReturn ret;

    (void)pad;
    for (;;) {
        GmBuffer *input = NULL, *outbuf = NULL;
        ret = trans->ops.generate_output(trans, &outbuf);
        if (outbuf != NULL && ret == GM_FLOW_OK) {
            *buffer = transform_finish(trans, outbuf);
            return GM_FLOW_OK;
        }
        if (ret == GM_FLOW_OK || ret == GM_BASE_TRANSFORM_FLOW_DROPPED)
            ret = gm_pad_pull_range(trans->sinkpad, offset, length, &input);
        if (outbuf != NULL)
            gm_buffer_unref(outbuf);
        if (ret != GM_FLOW_OK)
            return ret;
        offset += gm_buffer_get_size(input);
        ret = transform_submit(trans, input);
        if (ret != GM_FLOW_OK && ret != GM_BASE_TRANSFORM_FLOW_DROPPED)
            return ret;
    }
}

// ---- events -----------------------------------------------------------------------------------

static void transform_reset(GmBaseTransform *trans)
{
    GM_OBJECT_LOCK(trans);
    trans->proportion = 1.0;
    trans->earliest_time = trans->position_out = NONE;
    gm_segment_init(&trans->segment, GM_FORMAT_UNDEFINED);
    GM_OBJECT_UNLOCK(trans);
    trans->discont = trans->have_segment = false;
    trans->processed = trans->dropped = 0;
}

static bool transform_default_sink_event(GmBaseTransform *trans, GmEvent *event)
{
    GmCaps *caps;
    bool ok;

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_FLUSH_STOP:
        transform_reset(trans);
        break;
    case GM_EVENT_CAPS: // ours go on instead
        gm_event_parse_caps(event, &caps);
        gm_pad_check_reconfigure(trans->srcpad);
        ok = gm_base_transform_setcaps(trans, caps);
        if (!ok)
            gm_pad_mark_reconfigure(trans->srcpad);
        gm_event_unref(event);
        return ok;
    case GM_EVENT_SEGMENT:
        GM_OBJECT_LOCK(trans); // a query reads it at any time
        gm_event_copy_segment(event, &trans->segment);
        GM_OBJECT_UNLOCK(trans);
        trans->have_segment = true;
        break;
    default:
        break;
    }
    return gm_pad_push_event(trans->srcpad, event);
}

static bool transform_default_src_event(GmBaseTransform *trans, GmEvent *event)
{
    if (GM_EVENT_TYPE(event) == GM_EVENT_QOS) {
        double proportion;
        GmClockTimeDiff diff;
        GmClockTime timestamp;
        gm_event_parse_qos(event, NULL, &proportion, &diff, &timestamp);
        gm_base_transform_update_qos(trans, proportion, diff, timestamp);
    }
    return gm_pad_push_event(trans->sinkpad, event);
}

static bool transform_pad_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    GmBaseTransform *trans = GM_BASE_TRANSFORM_CAST(parent);
    return (GM_PAD_IS_SINK(pad) ? trans->ops.sink_event : trans->ops.src_event)(trans, event);
}

static bool transform_pad_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    GmBaseTransform *trans = GM_BASE_TRANSFORM_CAST(parent);
    return trans->ops.query(trans, GM_PAD_DIRECTION(pad), query);
}

// ---- activation ---------------------------------------------------------------------------------

static bool transform_activate(GmBaseTransform *trans, GmPadMode mode, bool active)
{
    bool ok = true;
    if (active) {
        if (trans->pad_mode == GM_PAD_MODE_NONE && trans->ops.start != NULL)
            ok = trans->ops.start(trans);
        trans->negotiated = false;
        transform_reset(trans);
    } else {
        GM_PAD_STREAM_LOCK(trans->sinkpad); // whoever is inside has left
        GM_PAD_STREAM_UNLOCK(trans->sinkpad);
        if (trans->ops.passthrough_on_same_caps)
            gm_base_transform_set_passthrough(trans, false);
        for (int i = 0; i < 2; i++)
            gm_clear_mini_object((GmMiniObject **)&trans->cache_caps[i]);
        gm_clear_mini_object((GmMiniObject **)&trans->queued_buf);
        if (trans->pad_mode != GM_PAD_MODE_NONE && trans->ops.stop != NULL)
            ok = trans->ops.stop(trans);
        gm_base_alloc_set(&trans->element, &trans->alloc, NULL, NULL, NULL);
        gm_base_transform_set_allocation_query(trans, NULL);
    }
    if (ok)
        trans->pad_mode = active ? mode : GM_PAD_MODE_NONE;
    return ok;
}

// Push starts at the sink pad; pull at the source pad, and goes on upstream first.
static bool transform_activate_mode(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    GmBaseTransform *trans = GM_BASE_TRANSFORM_CAST(parent);
    if (GM_PAD_IS_SINK(pad))
        return mode != GM_PAD_MODE_PUSH || transform_activate(trans, mode, active);
    return mode != GM_PAD_MODE_PULL ||
           (gm_pad_activate_mode(trans->sinkpad, mode, active) &&
            transform_activate(trans, mode, active));
}

// ---- the class ------------------------------------------------------------------------------

const GmBaseTransformOps gm_base_transform_ops = {
    .transform_caps = gm_base_transform_default_transform_caps,
    .fixate_caps = gm_base_transform_default_fixate_caps,
    .accept_caps = gm_base_transform_default_accept_caps,
    .query = gm_base_transform_default_query,
    .decide_allocation = gm_base_transform_default_decide_allocation,
    .propose_allocation = gm_base_transform_default_propose_allocation,
    .transform_size = transform_default_size,
    .sink_event = transform_default_sink_event,
    .src_event = transform_default_src_event,
    .prepare_output_buffer = transform_default_prepare,
    .copy_metadata = transform_default_copy_metadata,
    .transform_meta = transform_default_meta,
    .submit_input_buffer = gm_base_transform_default_submit_input_buffer,
    .generate_output = transform_default_generate,
};

static void base_transform_init(GmObject *obj)
{
    GmBaseTransform *trans = GM_BASE_TRANSFORM_CAST(obj);
    GmPad **pads[2] = { &trans->sinkpad, &trans->srcpad };

    gm_base_merge_ops(obj, &gm_base_transform_class, &trans->ops,
                      offsetof(GmBaseTransformOps, passthrough_on_same_caps) / sizeof(GmCallback),
                      sizeof(trans->ops));
    for (int i = 0; i < 2; i++) {
        *pads[i] = gm_base_get_pad(&trans->element, i == 0 ? "sink" : "src");
        if (*pads[i] == NULL)
            return;
        gm_pad_set_event_function(*pads[i], transform_pad_event);
        gm_pad_set_query_function(*pads[i], transform_pad_query);
        gm_pad_set_activatemode_function(*pads[i], transform_activate_mode);
    }
    gm_pad_set_chain_function(trans->sinkpad, transform_chain);
    gm_pad_set_getrange_function(trans->srcpad, transform_getrange);
    trans->prefer_passthrough = true;
    // Without a way to copy work in place; without any way to work pass through.
    trans->always_in_place = trans->ops.transform == NULL;
    trans->passthrough = trans->ops.transform == NULL && trans->ops.transform_ip == NULL;
    transform_reset(trans);
}

static const GmProperty base_transform_props[] = {
    { "qos", "Handle Quality-of-Service events", GM_FIELD(GmBaseTransform, qos_enabled) },
    { 0 }
};

const GmElementClass gm_base_transform_class = {
    .name = "GmBaseTransform",
    .parent = &gm_element_class.object,
    .instance_size = sizeof(GmBaseTransform),
    .props = base_transform_props,
    .init = base_transform_init,
    .transform = &gm_base_transform_ops,
    .change_state = gm_element_default_change_state,
    .send_event = gm_element_default_send_event,
    .query = gm_element_default_query,
};
