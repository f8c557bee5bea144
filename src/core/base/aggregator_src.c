// SPDX-License-Identifier: MIT
//
// aggregator_src: the source side: what goes out before a buffer, negotiation, latency, seeks.
#include "core/base/aggregator_priv.h"

static void aggregator_push_before(GmAggregator *agg, bool up_to_caps)
{
    GmEvent *segment = NULL;

    if (agg->send_stream_start) {
        char *id = gm_strdup_printf("agg-%08x", gm_util_seqnum_next());
        agg->send_stream_start = false;
        gm_pad_push_event(agg->srcpad, gm_event_new_stream_start(id));
        gm_free(id);
    }
    if (agg->srccaps != NULL)
        gm_pad_push_event(agg->srcpad, gm_event_new_caps(agg->srccaps));
    gm_clear_mini_object((GmMiniObject **)&agg->srccaps);
    if (up_to_caps)
        return;
    GM_OBJECT_LOCK(agg);
    if (agg->send_segment && !agg->flushing) {
        segment = gm_event_new_segment(&agg->segment);
        if (agg->seqnum == 0)
            agg->seqnum = gm_event_get_seqnum(segment);
        gm_event_set_seqnum(segment, agg->seqnum);
        agg->send_segment = false;
    }
    GM_OBJECT_UNLOCK(agg);
    if (segment != NULL)
        gm_pad_push_event(agg->srcpad, segment);
}

void gm_aggregator_set_src_caps(GmAggregator *agg, GmCaps *caps)
{
    if (!GM_REQUIRE(agg != NULL) || !GM_REQUIRE(caps != NULL))
        return;
    GM_PAD_STREAM_LOCK(agg->srcpad);
    GmCaps *old = gm_pad_get_current_caps(agg->srcpad);
    if (old == NULL || !gm_caps_is_equal(caps, old)) {
        gm_mini_object_replace((GmMiniObject **)&agg->srccaps, (GmMiniObject *)caps);
        aggregator_push_before(agg, true);
    }
    gm_clear_mini_object((GmMiniObject **)&old);
    GM_PAD_STREAM_UNLOCK(agg->srcpad);
}

GmFlowReturn gm_aggregator_default_finish_buffer(GmAggregator *agg, GmBuffer *buffer)
{
    aggregator_push_before(agg, false);
    if (!agg->flushing && gm_pad_is_active(agg->srcpad))
        return gm_pad_push(agg->srcpad, buffer);
    gm_buffer_unref(buffer);
    return GM_FLOW_OK;
}

GmFlowReturn gm_aggregator_default_finish_buffer_list(GmAggregator *agg, GmBufferList *list)
{
    aggregator_push_before(agg, false);
    if (!agg->flushing && gm_pad_is_active(agg->srcpad))
        return gm_pad_push_list(agg->srcpad, list);
    gm_buffer_list_unref(list);
    return GM_FLOW_OK;
}

GmFlowReturn gm_aggregator_finish_buffer(GmAggregator *agg, GmBuffer *buffer)
{
    return GM_REQUIRE(agg != NULL) ? agg->ops.finish_buffer(agg, buffer) : GM_FLOW_ERROR;
}

GmFlowReturn gm_aggregator_finish_buffer_list(GmAggregator *agg, GmBufferList *list)
{
    return GM_REQUIRE(agg != NULL) ? agg->ops.finish_buffer_list(agg, list) : GM_FLOW_ERROR;
}

void gm_aggregator_push_eos(GmAggregator *agg)
{
    aggregator_push_before(agg, false);
    GmEvent *event = gm_event_new_eos();
    LOCK(agg);
    agg->send_eos = false;
    if (agg->seqnum != 0)
        gm_event_set_seqnum(event, agg->seqnum);
    UNLOCK(agg);
    gm_pad_push_event(agg->srcpad, event);
}

void gm_aggregator_update_segment(GmAggregator *agg, const GmSegment *segment)
{
    if (!GM_REQUIRE(agg != NULL) || !GM_REQUIRE(segment != NULL))
        return;
    GM_OBJECT_LOCK(agg);
    agg->segment = *segment;
    agg->send_segment = true;
    GM_OBJECT_UNLOCK(agg);
}

GmClockTime gm_aggregator_simple_get_next_time(GmAggregator *agg)
{
    if (!GM_REQUIRE(agg != NULL))
        return NONE;
    GM_OBJECT_LOCK(agg);
    GmSegment *s = &agg->segment;
    GmClockTime position = s->position == NONE || s->position < s->start ? s->start : s->position;
    if (s->stop != NONE && position > s->stop)
        position = s->stop;
    GmClockTime time = gm_segment_to_running_time(s, GM_FORMAT_TIME, position);
    GM_OBJECT_UNLOCK(agg);
    return time;
}

// ---- negotiation ----------------------------------------------------------------------------

static bool aggregator_decide(GmElement *el, GmQuery *query)
{
    return GM_AGGREGATOR_CAST(el)->ops.decide_allocation(GM_AGGREGATOR_CAST(el), query);
}

bool gm_aggregator_default_negotiate(GmAggregator *agg)
{
    GmCaps *templ = gm_pad_get_pad_template_caps(agg->srcpad), *caps = NULL;
    GmCaps *downstream = gm_pad_peer_query_caps(agg->srcpad, templ);
    bool ok = !gm_caps_is_empty(downstream);

    GmFlowReturn ret = ok ? agg->ops.update_src_caps(agg, downstream, &caps) : GM_FLOW_OK;
    ok = ok && ret >= GM_FLOW_OK && caps != NULL && !gm_caps_is_empty(caps);
    if (ok && !gm_caps_is_any(caps)) {
        if (!gm_caps_is_fixed(caps))
            caps = agg->ops.fixate_src_caps(agg, caps);
        ok = caps != NULL && (agg->ops.negotiated_src_caps == NULL ||
                              agg->ops.negotiated_src_caps(agg, caps));
        if (ok) {
            GmQuery *query = NULL;
            gm_aggregator_set_src_caps(agg, caps);
            ok = gm_base_alloc_negotiate(&agg->element, &agg->alloc, agg->srcpad, caps,
                                         aggregator_decide, &query);
            GM_OBJECT_LOCK(agg);
            GmQuery *old = agg->allocation_query;
            agg->allocation_query = query;
            GM_OBJECT_UNLOCK(agg);
            gm_clear_mini_object((GmMiniObject **)&old);
        }
    }
    gm_caps_unref(templ);
    gm_caps_unref(downstream);
    gm_clear_mini_object((GmMiniObject **)&caps);
    return ok || ret == GM_AGGREGATOR_FLOW_NEED_DATA;
}

bool gm_aggregator_negotiate(GmAggregator *agg)
{
    if (!GM_REQUIRE(agg != NULL))
        return false;
    GM_PAD_STREAM_LOCK(agg->srcpad);
    gm_pad_check_reconfigure(agg->srcpad);
    bool ok = agg->ops.negotiate(agg);
    if (!ok)
        gm_pad_mark_reconfigure(agg->srcpad);
    GM_PAD_STREAM_UNLOCK(agg->srcpad);
    return ok;
}

GmBufferPool *gm_aggregator_get_buffer_pool(GmAggregator *agg)
{
    return GM_REQUIRE(agg != NULL) ? gm_base_alloc_get_pool(&agg->element, &agg->alloc) : NULL;
}

void gm_aggregator_get_allocator(GmAggregator *agg, GmAllocator **allocator,
                                 GmAllocationParams *params)
{
    if (GM_REQUIRE(agg != NULL))
        gm_base_alloc_get_allocator(&agg->element, &agg->alloc, allocator, params);
}

// ---- latency ----------------------------------------------------------------------------------

// Asks upstream and adds our own. Locked, given up for the query.
static bool aggregator_query_latency(GmAggregator *agg, GmQuery *query)
{
    bool live;
    GmClockTime min, max;

    UNLOCK(agg);
    bool ok = gm_pad_query_default(agg->srcpad, GM_OBJECT(agg), query);
    if (ok)
        gm_query_parse_latency(query, &live, &min, &max);
    ok = ok && min != NONE;
    if (ok && agg->upstream_latency_min > min) {
        max += max != NONE ? agg->upstream_latency_min - min : 0;
        min = agg->upstream_latency_min;
    }
    if (ok && max != NONE && min > max) {
        GM_ELEMENT_WARNING(agg, CORE, CLOCK, (NULL),
                           ("Impossible to configure latency: max %" GM_TIME_FORMAT " < min %"
                            GM_TIME_FORMAT ". Add queues or other buffering elements.",
                            GM_TIME_ARGS(max), GM_TIME_ARGS(min)));
        ok = false;
    }
    LOCK(agg);
    if (!ok)
        return false;
    agg->peer_latency_live = live;
    agg->peer_latency_min = min;
    agg->peer_latency_max = max;
    agg->has_peer_latency = true;
    min += agg->latency + agg->sub_latency_min;
    max = max != NONE && agg->sub_latency_max != NONE ? max + agg->sub_latency_max + agg->latency
                                                      : NONE;
    gm_aggregator_wake(agg);
    gm_query_set_latency(query, live, min, max);
    return true;
}

GmClockTime gm_aggregator_latency_unlocked(GmAggregator *agg)
{
    if (!agg->has_peer_latency) {
        GmQuery *query = gm_query_new_latency();
        aggregator_query_latency(agg, query);
        gm_query_unref(query);
    }
    if (!agg->has_peer_latency || !agg->peer_latency_live)
        return NONE;
    return agg->peer_latency_min + agg->latency + agg->sub_latency_min;
}

GmClockTime gm_aggregator_get_latency(GmAggregator *agg)
{
    if (!GM_REQUIRE(agg != NULL))
        return NONE;
    LOCK(agg);
    GmClockTime latency = gm_aggregator_latency_unlocked(agg);
    UNLOCK(agg);
    return latency;
}

void gm_aggregator_set_latency(GmAggregator *agg, GmClockTime min_latency, GmClockTime max_latency)
{
    if (!GM_REQUIRE(agg != NULL) || !GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(min_latency)) ||
        !GM_REQUIRE(max_latency >= min_latency))
        return;
    LOCK(agg);
    bool changed = agg->sub_latency_min != min_latency || agg->sub_latency_max != max_latency;
    agg->sub_latency_min = min_latency;
    agg->sub_latency_max = max_latency;
    gm_aggregator_wake(agg);
    UNLOCK(agg);
    if (changed)
        gm_element_post_message(&agg->element, gm_message_new_latency(GM_OBJECT(agg)));
}

bool gm_aggregator_default_src_query(GmAggregator *agg, GmQuery *query)
{
    GmFormat format;

    if (GM_QUERY_TYPE(query) == GM_QUERY_SEEKING) {
        gm_query_parse_seeking(query, &format, NULL, NULL, NULL);
        gm_query_set_seeking(query, format, false, 0, -1);
        return true;
    }
    if (GM_QUERY_TYPE(query) != GM_QUERY_LATENCY)
        return gm_pad_query_default(agg->srcpad, GM_OBJECT(agg), query);
    LOCK(agg);
    bool ok = aggregator_query_latency(agg, query);
    UNLOCK(agg);
    return ok;
}

// ---- events -----------------------------------------------------------------------------------

typedef struct { GmEvent *event; bool only_active, all, any; } AggregatorForward;

// Whether upstream says that no seek can ever succeed; then a failed one counts for nothing.
static bool aggregator_cannot_seek(GmPad *pad, GmEvent *event)
{
    bool seekable = true;
    GmQuery *query = gm_query_new_seeking(GM_FORMAT_TIME);
    if (GM_EVENT_TYPE(event) == GM_EVENT_SEEK && gm_pad_peer_query(pad, query))
        gm_query_parse_seeking(query, NULL, &seekable, NULL, NULL);
    gm_query_unref(query);
    return !seekable;
}

static bool aggregator_forward(GmElement *el, GmPad *pad, void *data)
{
    AggregatorForward *f = data;

    (void)el;
    if (gm_pad_is_linked(pad) &&
        (!f->only_active || !GM_AGGREGATOR_PAD_CAST(pad)->first_buffer)) {
        bool ok = gm_pad_push_event(pad, gm_event_ref(f->event));
        f->any = f->any || ok;
        f->all = f->all && (ok || aggregator_cannot_seek(pad, f->event));
    }
    return true;
}

static bool aggregator_seek(GmAggregator *agg, GmEvent *event)
{
    AggregatorForward f = { event, false, true, false };
    double rate;
    GmFormat format;
    GmSeekFlags flags;
    GmSeekType start_type, stop_type;
    int64_t start, stop;
    uint32_t seqnum = gm_event_get_seqnum(event);

    gm_event_parse_seek(event, &rate, &format, &flags, &start_type, &start, &stop_type, &stop);
    bool flush = flags & GM_SEEK_FLAG_FLUSH;
    LOCK(agg); // of first_buffer
    GM_OBJECT_LOCK(agg);
    bool known = agg->seek_seqnum == seqnum; // several sinks send one seek: once is enough
    if (!known) {
        agg->seek_seqnum = seqnum;
        gm_segment_do_seek(&agg->segment, rate, format, flags, start_type, (uint64_t)start,
                           stop_type, (uint64_t)stop, NULL);
        agg->first_buffer = false;
        agg->flushing = agg->flushing || flush;
    }
    GM_OBJECT_UNLOCK(agg);
    UNLOCK(agg);
    if (known)
        return true;
    if (flush) {
        GmEvent *flush_start = gm_event_new_flush_start();
        gm_event_set_seqnum(flush_start, seqnum);
        gm_aggregator_stop_task(agg, flush_start);
    }
    gm_element_foreach_sink_pad(&agg->element, aggregator_forward, &f);
    if (flush && !f.any) { // nobody seeks, so nobody will send a flush-stop
        LOCK(agg);
        agg->flushing = false;
        agg->send_segment = agg->send_eos = true; // the flush takes the segment away
        UNLOCK(agg);
        GmEvent *flush_stop = gm_event_new_flush_stop(true);
        gm_event_set_seqnum(flush_stop, seqnum);
        gm_pad_push_event(agg->srcpad, flush_stop);
        gm_aggregator_start_task(agg);
    }
    return f.all;
}

bool gm_aggregator_default_src_event(GmAggregator *agg, GmEvent *event)
{
    AggregatorForward f = { event, GM_EVENT_TYPE(event) == GM_EVENT_QOS, true, false };
    bool ok = GM_EVENT_TYPE(event) == GM_EVENT_RECONFIGURE;

    if (GM_EVENT_TYPE(event) == GM_EVENT_SEEK) {
        ok = aggregator_seek(agg, event);
    } else if (!ok && GM_EVENT_TYPE(event) != GM_EVENT_NAVIGATION) {
        gm_element_foreach_sink_pad(&agg->element, aggregator_forward, &f);
        ok = f.all;
    }
    gm_event_unref(event);
    return ok;
}
