// SPDX-License-Identifier: MIT
//
// aggregator: the src task, pads on request, states, the class.
//
//      turn of the task:  events of all pads -> all ready, or time's up? -> negotiate -> aggregate
//
// Read next: aggregator_pad.c (input), aggregator_src.c (output).
#include <string.h>

#include "core/base/aggregator_priv.h"

bool gm_aggregator_is_live(GmAggregator *agg)
{
    return agg->has_peer_latency && agg->peer_latency_live;
}

void gm_aggregator_wake(GmAggregator *agg)
{
    if (agg->aggregate_id != NULL)
        gm_clock_id_unschedule(agg->aggregate_id);
    gm_cond_broadcast(&agg->src_cond);
}

// ---- when to aggregate --------------------------------------------------------------------------

// Locked. *events: something is to be handled before that can be said.
static bool aggregator_ready(GmAggregator *agg, bool *events)
{
    bool all = true, live = gm_aggregator_is_live(agg);
    unsigned n = 0;

    *events = false;
    GM_OBJECT_LOCK(agg);
    all = agg->element.sinkpads != NULL;
    for (GmList *l = agg->element.sinkpads; l != NULL && !*events; l = l->next) {
        GmAggregatorPad *pad = l->data;
        bool data = gm_aggregator_pad_has_data(pad);
        *events = !data && pad->queue != NULL;
        if (!*events && agg->ignore_inactive_pads && live && pad->waited_once &&
            pad->first_buffer && !pad->eos)
            continue;
        n += data || pad->eos;
        all = all && (data || pad->eos);
    }
    GM_OBJECT_UNLOCK(agg);
    bool ready = all && !*events && n > 0;
    if (ready)
        agg->first_buffer = false;
    return ready;
}

// Waits until the time of the next output has come, or something changes. Locked, given up
// meanwhile. True: time's up.
static bool aggregator_wait_time(GmAggregator *agg, GmClockTime start, GmClockTime latency)
{
    GM_OBJECT_LOCK(agg);
    GmClock *clock = agg->element.clock != NULL ? gm_object_ref(agg->element.clock) : NULL;
    GmClockTime base = (GmClockTime)agg->element.base_time;
    GM_OBJECT_UNLOCK(agg);
    bool first = agg->first_buffer &&
                 agg->start_time_selection == GM_AGGREGATOR_START_TIME_SELECTION_FIRST;
    if (clock == NULL || latency == NONE || start == NONE || first) {
        gm_clear_object((GmObject **)&clock);
        gm_cond_wait(&agg->src_cond, &agg->src_lock, GM_WAIT_QUEUE_EMPTY, agg);
        return false;
    }
    GmClockID id = gm_clock_new_single_shot_id(clock, base + start + latency);
    gm_object_unref(clock);
    agg->aggregate_id = id;
    UNLOCK(agg);
    GmClockReturn status = gm_clock_id_wait(id, NULL);
    LOCK(agg);
    agg->aggregate_id = NULL;
    gm_clock_id_unref(id);
    if (status != GM_CLOCK_OK && status != GM_CLOCK_EARLY)
        return false;
    GM_OBJECT_LOCK(agg);
    for (GmList *l = agg->element.sinkpads; l != NULL; l = l->next)
        ((GmAggregatorPad *)l->data)->waited_once = true;
    GM_OBJECT_UNLOCK(agg);
    return true;
}

static bool aggregator_wait_and_check(GmAggregator *agg, bool *timeout)
{
    bool events, ready;

    *timeout = false;
    LOCK(agg);
    GmClockTime latency = gm_aggregator_latency_unlocked(agg);
    ready = aggregator_ready(agg, &events);
    if (!ready && !events && agg->running && agg->send_eos) {
        UNLOCK(agg);
        GmClockTime start = agg->ops.get_next_time != NULL ? agg->ops.get_next_time(agg) : NONE;
        LOCK(agg);
        ready = aggregator_ready(agg, &events); // it may have come meanwhile
        if (!ready && !events && agg->running && agg->send_eos && !agg->got_eos_event) {
            *timeout = aggregator_wait_time(agg, start, latency);
            ready = *timeout || aggregator_ready(agg, &events);
        }
    }
    UNLOCK(agg);
    return ready;
}

static bool aggregator_flush_pad(GmElement *el, GmPad *pad, void *ret)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(el);
    LOCK(agg);
    gm_aggregator_pad_flush_queue(GM_AGGREGATOR_PAD_CAST(pad), *(GmFlowReturn *)ret, true);
    gm_aggregator_wake(agg);
    UNLOCK(agg);
    return true;
}

static GmFlowReturn aggregator_turn(GmAggregator *agg, bool timeout)
{
    GmFlowReturn ret = GM_FLOW_OK;
    if (gm_pad_check_reconfigure(agg->srcpad) && !agg->ops.negotiate(agg)) {
        gm_pad_mark_reconfigure(agg->srcpad);
        ret = GM_PAD_IS_FLUSHING(agg->srcpad) ? GM_FLOW_FLUSHING : GM_FLOW_NOT_NEGOTIATED;
    }
    return timeout || ret == GM_FLOW_OK ? agg->ops.aggregate(agg, timeout) : ret;
}

static void aggregator_task(void *data)
{
    GmAggregator *agg = data;
    GmFlowReturn ret = GM_FLOW_OK;

    while (agg->running && agg->send_eos && ret == GM_FLOW_OK) {
        LOCK(agg);
        bool timeout, live = gm_aggregator_is_live(agg);
        UNLOCK(agg);
        gm_element_foreach_sink_pad(&agg->element, gm_aggregator_pad_handle_events, &live);
        if (agg->got_eos_event) {
            gm_aggregator_push_eos(agg);
            continue;
        }
        if (!aggregator_wait_and_check(agg, &timeout))
            continue;
        ret = aggregator_turn(agg, timeout);
        if (ret == GM_AGGREGATOR_FLOW_NEED_DATA)
            ret = GM_FLOW_OK;
        if (ret == GM_FLOW_EOS || ret == GM_FLOW_ERROR)
            gm_aggregator_push_eos(agg);
    }
    // Upstream learns the reason with its next buffer; a flush restarts the task.
    if (ret != GM_FLOW_OK && !(ret == GM_FLOW_FLUSHING && agg->flushing))
        gm_element_foreach_sink_pad(&agg->element, aggregator_flush_pad, &ret);
    gm_pad_pause_task(agg->srcpad);
}

void gm_aggregator_start_task(GmAggregator *agg)
{
    LOCK(agg);
    agg->running = true;
    UNLOCK(agg);
    gm_pad_start_task(agg->srcpad, aggregator_task, agg, NULL);
}

void gm_aggregator_stop_task(GmAggregator *agg, GmEvent *flush_start)
{
    LOCK(agg);
    agg->running = false;
    gm_aggregator_wake(agg);
    UNLOCK(agg);
    if (flush_start != NULL)
        gm_pad_push_event(agg->srcpad, flush_start);
    gm_pad_stop_task(agg->srcpad);
}

// ---- pads ---------------------------------------------------------------------------------------

static GmAggregatorPad *aggregator_default_create_new_pad(GmAggregator *agg, GmPadTemplate *templ,
                                                          const char *req_name, const GmCaps *caps)
{
    unsigned serial;
    char end;

    (void)caps;
    if (templ->direction != GM_PAD_SINK || templ->presence != GM_PAD_REQUEST)
        return NULL;
    GM_OBJECT_LOCK(agg);
    if (req_name == NULL || sscanf(req_name, "sink_%u%c", &serial, &end) != 1)
        serial = (unsigned)agg->next_pad_serial;
    if ((int)serial >= agg->next_pad_serial)
        agg->next_pad_serial = (int)serial + 1;
    if (templ->pad_class == NULL)
        templ->pad_class = &gm_aggregator_pad_class.object;
    GM_OBJECT_UNLOCK(agg);
    char *name = gm_strdup_printf("sink_%u", serial);
    GmPad *pad = gm_pad_new_from_template(templ, name);
    gm_free(name);
    return GM_AGGREGATOR_PAD_CAST(pad);
}

static GmPad *aggregator_request_new_pad(GmElement *el, GmPadTemplate *templ, const char *name,
                                         const GmCaps *caps)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(el);
    GmAggregatorPad *pad = agg->ops.create_new_pad(agg, templ, name, caps);

    if (pad == NULL)
        return NULL;
    gm_aggregator_pad_set_functions(&pad->pad);
    return gm_element_add_pad(el, &pad->pad) ? &pad->pad : NULL;
}

static void aggregator_release_pad(GmElement *el, GmPad *pad)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(el);

    LOCK(agg);
    gm_aggregator_pad_flush_queue(GM_AGGREGATOR_PAD_CAST(pad), GM_FLOW_FLUSHING, true);
    agg->has_peer_latency = false;
    gm_aggregator_wake(agg);
    UNLOCK(agg);
    gm_element_remove_pad(el, pad);
    LOCK(agg);
    gm_aggregator_wake(agg); // the others may be ready now
    UNLOCK(agg);
}

// ---- states -------------------------------------------------------------------------------------

static void aggregator_reset(GmAggregator *agg)
{
    LOCK(agg);
    agg->send_stream_start = agg->send_segment = agg->send_eos = agg->first_buffer = true;
    agg->has_peer_latency = agg->peer_latency_live = false;
    agg->got_eos_event = false; // each by itself: clang does not chain _Atomic bools
    agg->flushing = false;
    agg->peer_latency_min = agg->peer_latency_max = 0;
    gm_segment_init(&agg->segment, GM_FORMAT_TIME);
    agg->segment.position = NONE;
    agg->seqnum = 0;
    UNLOCK(agg);
    gm_clear_mini_object((GmMiniObject **)&agg->srccaps);
    gm_clear_mini_object((GmMiniObject **)&agg->allocation_query);
    gm_base_alloc_set(&agg->element, &agg->alloc, NULL, NULL, NULL);
}

static bool aggregator_stop_pad(GmElement *el, GmPad *pad, void *data)
{
    GmFlowReturn flushing = GM_FLOW_FLUSHING;

    (void)data;
    gm_aggregator_pad_reset(GM_AGGREGATOR_CAST(el), GM_AGGREGATOR_PAD_CAST(pad));
    GM_AGGREGATOR_PAD_CAST(pad)->negotiated = false;
    return aggregator_flush_pad(el, pad, &flushing);
}

static GmStateChangeReturn aggregator_change_state(GmElement *el, GmStateChange transition)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(el);

    if (transition == GM_STATE_CHANGE_READY_TO_PAUSED) {
        aggregator_reset(agg);
        if (agg->ops.start != NULL && !agg->ops.start(agg))
            return GM_STATE_CHANGE_FAILURE;
    }
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);
    if (ret != GM_STATE_CHANGE_FAILURE && transition == GM_STATE_CHANGE_PAUSED_TO_READY) {
        gm_element_foreach_sink_pad(el, aggregator_stop_pad, NULL);
        if (agg->ops.stop != NULL)
            agg->ops.stop(agg);
        aggregator_reset(agg);
    }
    LOCK(agg); // there may be a clock now
    gm_aggregator_wake(agg);
    UNLOCK(agg);
    return ret;
}

static bool aggregator_send_event(GmElement *el, GmEvent *event)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(el);

    if (GM_EVENT_TYPE(event) == GM_EVENT_EOS) {
        LOCK(agg);
        agg->got_eos_event = true;
        gm_aggregator_wake(agg);
        UNLOCK(agg);
    }
    return gm_element_class.send_event(el, event);
}

// ---- the class ------------------------------------------------------------------------------

static bool aggregator_src_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    (void)pad;
    return GM_AGGREGATOR_CAST(parent)->ops.src_event(GM_AGGREGATOR_CAST(parent), event);
}

static bool aggregator_src_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    (void)pad;
    return GM_AGGREGATOR_CAST(parent)->ops.src_query(GM_AGGREGATOR_CAST(parent), query);
}

static bool aggregator_activate_mode(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(parent);

    (void)pad;
    if (agg->ops.src_activate != NULL && !agg->ops.src_activate(agg, mode, active))
        return false;
    if (active && mode != GM_PAD_MODE_PUSH)
        return false;
    if (active)
        gm_aggregator_start_task(agg);
    else
        gm_aggregator_stop_task(agg, NULL);
    return true;
}

static GmFlowReturn aggregator_default_update_src_caps(GmAggregator *agg, GmCaps *caps,
                                                       GmCaps **ret)
{
    (void)agg;
    *ret = gm_caps_ref(caps);
    return GM_FLOW_OK;
}

static GmCaps *aggregator_default_fixate(GmAggregator *agg, GmCaps *caps)
{
    (void)agg;
    return gm_caps_fixate(caps);
}

static bool aggregator_default_decide(GmAggregator *agg, GmQuery *query)
{
    return gm_base_alloc_decide(&agg->element, query);
}

const GmAggregatorOps gm_aggregator_ops = {
    .finish_buffer = gm_aggregator_default_finish_buffer,
    .finish_buffer_list = gm_aggregator_default_finish_buffer_list,
    .sink_event = gm_aggregator_default_sink_event,
    .sink_query = gm_aggregator_default_sink_query,
    .sink_event_pre_queue = gm_aggregator_default_sink_event_pre_queue,
    .sink_query_pre_queue = gm_aggregator_default_sink_query_pre_queue,
    .src_event = gm_aggregator_default_src_event,
    .src_query = gm_aggregator_default_src_query,
    .create_new_pad = aggregator_default_create_new_pad,
    .update_src_caps = aggregator_default_update_src_caps,
    .fixate_src_caps = aggregator_default_fixate,
    .decide_allocation = aggregator_default_decide,
    .negotiate = gm_aggregator_default_negotiate,
};

GM_BASE_SETTING(GmAggregator, bool, ignore_inactive_pads, gm_aggregator_set_ignore_inactive_pads,
                gm_aggregator_get_ignore_inactive_pads)

static void aggregator_init(GmObject *obj)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(obj);

    gm_base_merge_ops(obj, &gm_aggregator_class, &agg->ops, sizeof(agg->ops) / sizeof(GmCallback),
                      sizeof(agg->ops));
    gm_mutex_init(&agg->src_lock);
    gm_cond_init(&agg->src_cond);
    aggregator_reset(agg);
    agg->srcpad = gm_base_get_pad(&agg->element, "src");
    if (agg->srcpad == NULL || !GM_REQUIRE(agg->ops.aggregate != NULL))
        return;
    gm_pad_set_event_function(agg->srcpad, aggregator_src_event);
    gm_pad_set_query_function(agg->srcpad, aggregator_src_query);
    gm_pad_set_activatemode_function(agg->srcpad, aggregator_activate_mode);
}

static void aggregator_finalize(GmObject *obj)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(obj);
    aggregator_reset(agg);
    gm_mutex_clear(&agg->src_lock);
    gm_cond_clear(&agg->src_cond);
}

// A new latency ends the waits that went by the old one.
static void aggregator_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(obj);

    (void)value;
    if (strcmp(prop->name, "latency") != 0)
        return;
    LOCK(agg);
    gm_aggregator_wake(agg);
    UNLOCK(agg);
    gm_element_post_message(&agg->element, gm_message_new_latency(obj));
}

static const GmEnumValue aggregator_start_times[] = {
    { GM_AGGREGATOR_START_TIME_SELECTION_ZERO, "Start at 0 running time (default)", "zero" },
    { GM_AGGREGATOR_START_TIME_SELECTION_FIRST, "Start at first observed input running time",
      "first" },
    { GM_AGGREGATOR_START_TIME_SELECTION_SET, "Set start time with start-time property", "set" },
    { 0, NULL, NULL }
};
static const GmEnumTable aggregator_start_time_table = { "GmAggregatorStartTimeSelection",
                                                         aggregator_start_times, false };

static const GmProperty aggregator_props[] = {
    { "latency", "Additional latency in live mode to allow upstream to take longer to produce "
      "buffers for the current position (in nanoseconds)", GM_FIELD(GmAggregator, latency) },
    { "min-upstream-latency", "Least latency assumed of live inputs that may be added later "
      "(nanoseconds)", GM_FIELD(GmAggregator, upstream_latency_min) },
    { "start-time-selection", "Decides which start time is output",
      GM_ENUM_FIELD(GmAggregator, start_time_selection, &aggregator_start_time_table),
      .def = "zero" },
    { "start-time", "Start time to use if start-time-selection=set",
      GM_FIELD(GmAggregator, start_time), .def = "18446744073709551615" },
    { 0 }
};

const GmElementClass gm_aggregator_class = {
    .name = "GmAggregator",
    .parent = &gm_element_class.object,
    .instance_size = sizeof(GmAggregator),
    .props = aggregator_props,
    .init = aggregator_init,
    .finalize = aggregator_finalize,
    .set_property = aggregator_set_property,
    .aggregator = &gm_aggregator_ops,
    .request_new_pad = aggregator_request_new_pad,
    .release_pad = aggregator_release_pad,
    .change_state = aggregator_change_state,
    .send_event = aggregator_send_event,
    .query = gm_element_default_query,
};
