// SPDX-License-Identifier: MIT
//
// aggregator_pad: a sink pad of an aggregator: its queue, filled by upstream's thread, emptied by
// the src task; serialised events and queries wait in it for their turn.
//
//      upstream --> [ event, buffer, buffer, event, … ] --> clip --> peek / pop in aggregate
//      blocks when full: one buffer; live: two, or as much as the latency lasts
#include "core/base/aggregator_priv.h"

void gm_aggregator_pad_flush_queue(GmAggregatorPad *pad, GmFlowReturn ret, bool all)
{
    GmList *next;

    pad->flow_return = ret;
    for (GmList *l = pad->queue; l != NULL; l = next) {
        next = l->next;
        bool sticky = GM_IS_EVENT(l->data) && GM_EVENT_IS_STICKY(l->data) &&
                      GM_EVENT_TYPE(l->data) != GM_EVENT_EOS &&
                      GM_EVENT_TYPE(l->data) != GM_EVENT_SEGMENT;
        if (sticky && !all)
            continue;
        if (!GM_IS_QUERY(l->data))
            gm_mini_object_unref(l->data);
        pad->queue = gm_list_delete_link(pad->queue, l);
    }
    pad->num_buffers = 0;
    gm_clear_mini_object((GmMiniObject **)&pad->clipped);
}

void gm_aggregator_pad_reset(GmAggregator *agg, GmAggregatorPad *pad)
{
    const GmAggregatorPadClass *klass = (const GmAggregatorPadClass *)pad->pad.object.klass;

    LOCK(agg);
    pad->eos = pad->waited_once = false;
    pad->first_buffer = true;
    pad->head_position = pad->head_time = pad->tail_time = NONE;
    pad->flow_return = GM_FLOW_OK;
    gm_segment_init(&pad->segment, GM_FORMAT_UNDEFINED);
    gm_segment_init(&pad->head_segment, GM_FORMAT_UNDEFINED);
    if (!agg->running)
        gm_clear_mini_object((GmMiniObject **)&pad->peeked);
    UNLOCK(agg);
    if (klass->flush != NULL)
        klass->flush(pad, agg);
}

bool gm_aggregator_pad_has_data(GmAggregatorPad *pad)
{
    return pad->clipped != NULL || (pad->queue != NULL && GM_IS_BUFFER(pad->queue->data));
}

static GmClockTime aggpad_running_time(const GmSegment *segment, GmClockTime time)
{
    return time != NONE && segment->format == GM_FORMAT_TIME
               ? gm_segment_to_running_time(segment, GM_FORMAT_TIME, time) : NONE;
}

static GmClockTime aggpad_end_of(GmBuffer *buf, GmClockTime otherwise)
{
    GmClockTime time = GM_BUFFER_DTS(buf) != NONE ? GM_BUFFER_DTS(buf) : GM_BUFFER_PTS(buf);
    if (time == NONE)
        time = otherwise;
    return time != NONE && GM_BUFFER_DURATION(buf) != NONE ? time + GM_BUFFER_DURATION(buf) : time;
}

static bool aggpad_has_space(GmAggregator *agg, GmAggregatorPad *pad)
{
    GmClockTime limit = agg->latency + agg->peer_latency_min;
    if (pad->num_buffers == 0 || (gm_aggregator_is_live(agg) && pad->num_buffers < 2))
        return true;
    bool known = pad->head_time != NONE && pad->tail_time != NONE &&
        pad->head_time > pad->tail_time;
    return limit != 0 && (known ? pad->head_time - pad->tail_time : 0) <= limit;
}

// The output starts where start-time-selection says, at the latest with the first input.
static void aggpad_first_output_time(GmAggregator *agg, GmAggregatorPad *pad, GmBuffer *buf)
{
    GmClockTime start = 0, pts = GM_BUFFER_PTS(buf);
    const GmSegment *s = &pad->head_segment;

    if (agg->start_time_selection == GM_AGGREGATOR_START_TIME_SELECTION_SET)
        start = agg->start_time != NONE ? agg->start_time : 0;
    else if (agg->start_time_selection == GM_AGGREGATOR_START_TIME_SELECTION_FIRST &&
             s->format == GM_FORMAT_TIME)
        start = pts == NONE ? NONE : aggpad_running_time(s, pts < s->start ? s->start : pts);
    GM_OBJECT_LOCK(agg);
    if (start != NONE && (agg->segment.position == NONE || start < agg->segment.position))
        agg->segment.position = start;
    GM_OBJECT_UNLOCK(agg);
}

GmFlowReturn gm_aggregator_pad_enqueue(GmAggregator *agg, GmAggregatorPad *pad, GmBuffer *buf,
                                       bool front)
{
    LOCK(agg);
    if (pad->first_buffer)
        agg->has_peer_latency = false; // a new input: ask again
    pad->first_buffer = false;
    while (pad->flow_return == GM_FLOW_OK && !front && !aggpad_has_space(agg, pad))
        gm_cond_wait(&agg->src_cond, &agg->src_lock, GM_WAIT_QUEUE_FULL, pad);
    GmFlowReturn ret = pad->flow_return;
    if (ret == GM_FLOW_OK) {
        if (agg->first_buffer)
            aggpad_first_output_time(agg, pad, buf);
        pad->queue = front ? gm_list_prepend(pad->queue, buf) : gm_list_append(pad->queue, buf);
        pad->num_buffers++;
        if (!front) {
            pad->head_position = aggpad_end_of(buf, pad->head_position);
            pad->head_time = aggpad_running_time(&pad->head_segment, pad->head_position);
            if (pad->tail_time == NONE)
                pad->tail_time = pad->head_time;
        }
        gm_aggregator_wake(agg);
    } else {
        gm_buffer_unref(buf);
    }
    UNLOCK(agg);
    return ret;
}

// ---- what aggregate sees ------------------------------------------------------------------------

// Clips until there is a buffer or none is left. Locked; clip itself runs unlocked.
static void aggpad_clip(GmAggregator *agg, GmAggregatorPad *pad)
{
    while (pad->clipped == NULL && pad->queue != NULL && GM_IS_BUFFER(pad->queue->data)) {
        GmBuffer *buf = pad->queue->data;
        pad->queue = gm_list_delete_link(pad->queue, pad->queue);
        pad->tail_time = aggpad_running_time(&pad->segment, aggpad_end_of(buf, NONE));
        if (agg->ops.clip != NULL) {
            UNLOCK(agg);
            buf = agg->ops.clip(agg, pad, buf);
            LOCK(agg);
        }
        if (buf == NULL && pad->num_buffers > 0) {
            pad->num_buffers--;
            gm_aggregator_wake(agg);
        }
        if (pad->flow_return != GM_FLOW_OK) // flushed meanwhile
            gm_clear_mini_object((GmMiniObject **)&buf);
        pad->clipped = buf;
    }
}

// The next buffer: taken out, or one more reference. NULL: none. What aggregate has peeked it can
// also pop, even if the pad is flushed in between.
static GmBuffer *aggpad_get(GmAggregatorPad *pad, bool take)
{
    GmAggregator *agg = (GmAggregator *)gm_pad_get_parent_element(&pad->pad);
    GmBuffer *buf = NULL;

    if (agg == NULL)
        return NULL;
    LOCK(agg);
    if (pad->peeked == NULL) {
        if (pad->flow_return == GM_FLOW_OK)
            aggpad_clip(agg, pad);
        if (pad->clipped != NULL)
            pad->peeked = gm_buffer_ref(pad->clipped);
    }
    if (pad->peeked != NULL)
        buf = gm_buffer_ref(pad->peeked);
    if (take)
        gm_clear_mini_object((GmMiniObject **)&pad->peeked);
    if (take && pad->clipped != NULL) { // else a flush was faster
        gm_clear_mini_object((GmMiniObject **)&pad->clipped);
        pad->num_buffers--;
        gm_aggregator_wake(agg);
    }
    UNLOCK(agg);
    gm_object_unref(agg);
    return buf;
}

GmBuffer *gm_aggregator_pad_peek_buffer(GmAggregatorPad *pad)
{
    return GM_REQUIRE(pad != NULL) ? aggpad_get(pad, false) : NULL;
}

GmBuffer *gm_aggregator_pad_pop_buffer(GmAggregatorPad *pad)
{
    return GM_REQUIRE(pad != NULL) ? aggpad_get(pad, true) : NULL;
}

bool gm_aggregator_pad_drop_buffer(GmAggregatorPad *pad)
{
    GmBuffer *buf = gm_aggregator_pad_pop_buffer(pad);
    bool dropped = buf != NULL;
    gm_clear_mini_object((GmMiniObject **)&buf);
    return dropped;
}

bool gm_aggregator_pad_has_buffer(GmAggregatorPad *pad)
{
    GmBuffer *buf = gm_aggregator_pad_peek_buffer(pad);
    bool has = buf != NULL;
    gm_clear_mini_object((GmMiniObject **)&buf);
    return has;
}

// Reads a condition of the pad under its aggregator's lock.
static bool aggpad_test(GmAggregatorPad *pad, bool (*test)(GmAggregator *, GmAggregatorPad *))
{
    GmAggregator *agg = pad != NULL ? (GmAggregator *)gm_pad_get_parent_element(&pad->pad) : NULL;
    if (!GM_REQUIRE(agg != NULL))
        return false;
    LOCK(agg);
    bool result = test(agg, pad);
    UNLOCK(agg);
    gm_object_unref(agg);
    return result;
}

static bool aggpad_is_eos(GmAggregator *agg, GmAggregatorPad *pad)
{
    (void)agg;
    return pad->eos && !gm_aggregator_pad_has_data(pad);
}

static bool aggpad_is_inactive(GmAggregator *agg, GmAggregatorPad *pad)
{
    return agg->ignore_inactive_pads && gm_aggregator_is_live(agg) && pad->first_buffer &&
           pad->waited_once;
}

bool gm_aggregator_pad_is_eos(GmAggregatorPad *pad)
{
    return aggpad_test(pad, aggpad_is_eos);
}

bool gm_aggregator_pad_is_inactive(GmAggregatorPad *pad)
{
    return aggpad_test(pad, aggpad_is_inactive);
}

// ---- events and queries in the src task -----------------------------------------------------

static void aggpad_skip_buffers(GmAggregator *agg, GmAggregatorPad *pad)
{
    const GmAggregatorPadClass *klass = (const GmAggregatorPadClass *)pad->pad.object.klass;

    if (klass->skip_buffer == NULL)
        return;
    LOCK(agg);
    while (pad->queue != NULL && GM_IS_BUFFER(pad->queue->data) &&
           klass->skip_buffer(pad, agg, pad->queue->data)) {
        gm_mini_object_unref(pad->queue->data);
        pad->queue = gm_list_delete_link(pad->queue, pad->queue);
        pad->num_buffers--;
        gm_aggregator_wake(agg);
    }
    UNLOCK(agg);
}

bool gm_aggregator_pad_handle_events(GmElement *el, GmPad *gmpad, void *live)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(el);
    GmAggregatorPad *pad = GM_AGGREGATOR_PAD_CAST(gmpad);

    LOCK(agg);
    gm_clear_mini_object((GmMiniObject **)&pad->peeked); // aggregate is done with it
    while (pad->clipped == NULL && pad->queue != NULL && !GM_IS_BUFFER(pad->queue->data)) {
        void *item = pad->queue->data;
        bool is_event = GM_IS_EVENT(item), ok;
        bool is_caps = is_event && GM_EVENT_TYPE(item) == GM_EVENT_CAPS;
        if (is_event) // a GAP becomes a buffer in its place, hence out of the queue first
            pad->queue = gm_list_delete_link(pad->queue, pad->queue);
        pad->handling = is_event ? NULL : item;
        UNLOCK(agg);
        ok = is_event ? agg->ops.sink_event(agg, pad, item) : agg->ops.sink_query(agg, pad, item);
        LOCK(agg);
        pad->handling = NULL;
        if (is_caps)
            pad->negotiated = ok;
        // A query is upstream's: still there, or gone if upstream was flushed meanwhile.
        if (!is_event && pad->queue != NULL && pad->queue->data == item) {
            pad->query_result = ok;
            pad->queue = gm_list_delete_link(pad->queue, pad->queue);
        }
        gm_aggregator_wake(agg);
    }
    UNLOCK(agg);
    if (*(bool *)live)
        aggpad_skip_buffers(agg, pad);
    return true;
}

// ---- upstream's side ----------------------------------------------------------------------------

GmFlowReturn gm_aggregator_default_sink_event_pre_queue(GmAggregator *agg, GmAggregatorPad *pad,
                                                        GmEvent *event)
{
    if (!GM_EVENT_IS_SERIALIZED(event) || GM_EVENT_TYPE(event) == GM_EVENT_FLUSH_STOP)
        return agg->ops.sink_event(agg, pad, event) ? GM_FLOW_OK : GM_FLOW_ERROR;
    LOCK(agg);
    GmFlowReturn ret = pad->flow_return;
    if (ret == GM_FLOW_OK) {
        if (GM_EVENT_TYPE(event) == GM_EVENT_SEGMENT) {
            gm_event_copy_segment(event, &pad->head_segment);
            pad->head_position = pad->head_segment.position;
            pad->head_time = aggpad_running_time(&pad->head_segment, pad->head_position);
        }
        pad->queue = gm_list_append(pad->queue, event);
        gm_aggregator_wake(agg);
    }
    UNLOCK(agg);
    if (ret != GM_FLOW_OK) {
        if (GM_EVENT_IS_STICKY(event))
            gm_pad_store_sticky_event(&pad->pad, event);
        gm_event_unref(event);
    }
    return ret;
}

bool gm_aggregator_default_sink_query_pre_queue(GmAggregator *agg, GmAggregatorPad *pad,
                                                GmQuery *query)
{
    if (!GM_QUERY_IS_SERIALIZED(query))
        return agg->ops.sink_query(agg, pad, query);
    LOCK(agg);
    pad->query_result = false;
    if (pad->flow_return == GM_FLOW_OK) {
        pad->queue = gm_list_append(pad->queue, query);
        gm_aggregator_wake(agg);
        // It lies on the caller's stack: not before the task has let go of it.
        while (pad->handling == query ||
               (pad->flow_return == GM_FLOW_OK && gm_list_find(pad->queue, query) != NULL))
            gm_cond_wait(&agg->src_cond, &agg->src_lock, GM_WAIT_QUEUE_FULL, pad);
    }
    bool result = pad->query_result && pad->flow_return == GM_FLOW_OK;
    UNLOCK(agg);
    return result;
}

// Whether all sink pads have seen the flush event of this seek.
static bool aggpad_all_flushed(GmAggregator *agg, size_t offset, uint32_t seqnum)
{
    bool all = true;
    GM_OBJECT_LOCK(agg);
    for (GmList *l = agg->element.sinkpads; l != NULL; l = l->next)
        all = all && *(uint32_t *)((char *)l->data + offset) == seqnum;
    GM_OBJECT_UNLOCK(agg);
    return all;
}

static void aggpad_flush_start(GmAggregator *agg, GmAggregatorPad *pad, GmEvent *event)
{
    LOCK(agg);
    gm_aggregator_pad_flush_queue(pad, GM_FLOW_FLUSHING, false);
    pad->flush_start_seqnum = gm_event_get_seqnum(event);
    bool all = !agg->flushing &&
               aggpad_all_flushed(agg, offsetof(GmAggregatorPad, flush_start_seqnum),
                                  pad->flush_start_seqnum);
    agg->flushing = agg->flushing || all;
    gm_aggregator_wake(agg);
    UNLOCK(agg);
    if (all)
        gm_aggregator_stop_task(agg, event);
    else
        gm_event_unref(event);
}

static void aggpad_flush_stop(GmAggregator *agg, GmAggregatorPad *pad, GmEvent *event)
{
    gm_aggregator_pad_reset(agg, pad);
    LOCK(agg);
    pad->flush_stop_seqnum = gm_event_get_seqnum(event);
    bool all = agg->flushing && aggpad_all_flushed(agg,
                                                   offsetof(GmAggregatorPad, flush_stop_seqnum),
                                                   pad->flush_stop_seqnum);
    if (all) {
        agg->flushing = agg->got_eos_event = false;
        agg->send_segment = agg->send_eos = true;
    }
    UNLOCK(agg);
    if (!all) {
        gm_event_unref(event);
        return;
    }
    if (agg->ops.flush != NULL)
        agg->ops.flush(agg);
    gm_pad_push_event(agg->srcpad, event);
    gm_aggregator_start_task(agg);
}

// A GAP is an empty buffer that says where nothing is.
static bool aggpad_gap(GmAggregator *agg, GmAggregatorPad *pad, GmEvent *event)
{
    GmClockTime pts, duration;
    gm_event_parse_gap(event, &pts, &duration);
    GmClockTime end = duration != NONE ? pts + duration : NONE;
    if (!gm_segment_clip(&pad->segment, GM_FORMAT_TIME, pts, end, &pts, &end))
        return false;
    GmBuffer *buf = gm_buffer_new();
    GM_BUFFER_PTS(buf) = pts;
    GM_BUFFER_DURATION(buf) = end != NONE && pts != NONE ? end - pts : NONE;
    GM_BUFFER_FLAG_SET(buf, GM_BUFFER_FLAG_GAP | GM_BUFFER_FLAG_DROPPABLE);
    return gm_aggregator_pad_enqueue(agg, pad, buf, true) == GM_FLOW_OK;
}

bool gm_aggregator_default_sink_event(GmAggregator *agg, GmAggregatorPad *pad, GmEvent *event)
{
    bool ok = true;

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_FLUSH_START:
        aggpad_flush_start(agg, pad, event);
        return true;
    case GM_EVENT_FLUSH_STOP:
        aggpad_flush_stop(agg, pad, event);
        return true;
    case GM_EVENT_EOS:
    case GM_EVENT_STREAM_START:
        LOCK(agg);
        pad->eos = GM_EVENT_TYPE(event) == GM_EVENT_EOS;
        gm_aggregator_wake(agg);
        UNLOCK(agg);
        break;
    case GM_EVENT_SEGMENT:
        LOCK(agg);
        GM_OBJECT_LOCK(pad);
        gm_event_copy_segment(event, &pad->segment);
        GM_OBJECT_UNLOCK(pad);
        pad->tail_time = pad->head_time;
        agg->seqnum = gm_event_get_seqnum(event);
        UNLOCK(agg);
        break;
    case GM_EVENT_GAP:
        ok = aggpad_gap(agg, pad, event);
        break;
    case GM_EVENT_TAG:
        break;
    default:
        return gm_pad_event_default(&pad->pad, GM_OBJECT(agg), event);
    }
    gm_event_unref(event);
    return ok;
}

bool gm_aggregator_default_sink_query(GmAggregator *agg, GmAggregatorPad *pad, GmQuery *query)
{
    if (GM_QUERY_TYPE(query) != GM_QUERY_ALLOCATION)
        return gm_pad_query_default(&pad->pad, GM_OBJECT(agg), query);
    if (!pad->negotiated || agg->ops.propose_allocation == NULL)
        return false;
    GM_OBJECT_LOCK(agg);
    GmQuery *decided = agg->allocation_query != NULL ? gm_query_ref(agg->allocation_query) : NULL;
    GM_OBJECT_UNLOCK(agg);
    bool ok = agg->ops.propose_allocation(agg, pad, decided, query);
    gm_clear_mini_object((GmMiniObject **)&decided);
    return ok;
}

// ---- the class ------------------------------------------------------------------------------

static GmFlowReturn aggpad_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    return gm_aggregator_pad_enqueue(GM_AGGREGATOR_CAST(parent), GM_AGGREGATOR_PAD_CAST(pad),
                                     buffer,
                                     false);
}

static GmFlowReturn aggpad_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(parent);
    return agg->ops.sink_event_pre_queue(agg, GM_AGGREGATOR_PAD_CAST(pad), event);
}

static bool aggpad_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(parent);
    return agg->ops.sink_query_pre_queue(agg, GM_AGGREGATOR_PAD_CAST(pad), query);
}

static bool aggpad_activate_mode(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    GmAggregator *agg = GM_AGGREGATOR_CAST(parent);
    GmAggregatorPad *aggpad = GM_AGGREGATOR_PAD_CAST(pad);

    LOCK(agg);
    if (active)
        aggpad->flow_return = GM_FLOW_OK;
    else
        gm_aggregator_pad_flush_queue(aggpad, GM_FLOW_FLUSHING, true);
    gm_aggregator_wake(agg);
    UNLOCK(agg);
    return mode == GM_PAD_MODE_PUSH;
}

static void aggpad_init(GmObject *obj)
{
    GmAggregatorPad *pad = GM_AGGREGATOR_PAD_CAST(obj);

    pad->first_buffer = true;
    pad->head_position = pad->head_time = pad->tail_time = NONE;
    gm_segment_init(&pad->segment, GM_FORMAT_UNDEFINED);
    gm_segment_init(&pad->head_segment, GM_FORMAT_UNDEFINED);
}

void gm_aggregator_pad_set_functions(GmPad *pad)
{
    gm_pad_set_chain_function(pad, aggpad_chain);
    gm_pad_set_event_full_function(pad, aggpad_event);
    gm_pad_set_query_function(pad, aggpad_query);
    gm_pad_set_activatemode_function(pad, aggpad_activate_mode);
}

static void aggpad_dispose(GmObject *obj)
{
    gm_aggregator_pad_flush_queue(GM_AGGREGATOR_PAD_CAST(obj), GM_FLOW_FLUSHING, true);
    gm_clear_mini_object((GmMiniObject **)&GM_AGGREGATOR_PAD_CAST(obj)->peeked);
}

const GmAggregatorPadClass gm_aggregator_pad_class = {
    .name = "GmAggregatorPad",
    .parent = &gm_pad_class,
    .instance_size = sizeof(GmAggregatorPad),
    .init = aggpad_init,
    .dispose = aggpad_dispose,
};
