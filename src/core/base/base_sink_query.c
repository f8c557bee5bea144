// SPDX-License-Identifier: MIT
//
// base_sink_query: settings, latency, position, events from the application, queries.
#include "core/base/base_sink_priv.h"

#define SETTING(C, field, setter, getter) \
    GM_BASE_SETTING(GmBaseSink, C, field, gm_base_sink_##setter, gm_base_sink_##getter)
SETTING(bool, sync, set_sync, get_sync)
SETTING(bool, drop_out_of_segment, set_drop_out_of_segment, get_drop_out_of_segment)
SETTING(int64_t, max_lateness, set_max_lateness, get_max_lateness)
SETTING(bool, qos_enabled, set_qos_enabled, is_qos_enabled)
SETTING(bool, async_enabled, set_async_enabled, is_async_enabled)
SETTING(GmClockTimeDiff, ts_offset, set_ts_offset, get_ts_offset)
SETTING(bool, last_sample_enabled, set_last_sample_enabled, is_last_sample_enabled)
SETTING(GmClockTime, render_delay, set_render_delay, get_render_delay)
SETTING(unsigned, blocksize, set_blocksize, get_blocksize)
SETTING(uint64_t, throttle_time, set_throttle_time, get_throttle_time)
SETTING(uint64_t, max_bitrate, set_max_bitrate, get_max_bitrate)
SETTING(GmClockTime, processing_deadline, set_processing_deadline, get_processing_deadline)

GmClockTime gm_base_sink_get_latency(GmBaseSink *sink)
{
    GmClockTime latency = 0;
    if (GM_REQUIRE(sink != NULL))
        gm_base_get(sink, &sink->latency, &latency, sizeof(latency));
    return latency;
}

GmSample *gm_base_sink_get_last_sample(GmBaseSink *sink)
{
    GmSample *sample = NULL;
    if (!GM_REQUIRE(sink != NULL))
        return NULL;
    GM_OBJECT_LOCK(sink);
    if (sink->last_buffer != NULL) {
        sample = gm_sample_new(sink->last_buffer, sink->last_caps, &sink->segment, NULL);
        gm_sample_set_buffer_list(sample, sink->last_list);
    }
    GM_OBJECT_UNLOCK(sink);
    return sample;
}

GmStructure *gm_base_sink_get_stats(GmBaseSink *sink)
{
    if (!GM_REQUIRE(sink != NULL))
        return NULL;
    return gm_structure_new("application/x-gm-base-sink-stats", "average-rate", GM_TYPE_DOUBLE,
                            sink->avg_rate, "dropped", GM_TYPE_UINT64, sink->dropped, "rendered",
                            GM_TYPE_UINT64, sink->rendered, NULL);
}

bool gm_base_sink_query_latency(GmBaseSink *sink, bool *live, bool *upstream_live,
                                GmClockTime *min_latency, GmClockTime *max_latency)
{
    bool us_live = false;
    GmClockTime min = 0, max = NONE;

    if (!GM_REQUIRE(sink != NULL))
        return false;
    GM_OBJECT_LOCK(sink);
    bool sync = sink->sync, ok = sink->have_latency; // before preroll upstream may not know
    GmClockTime render_delay = sink->render_delay, deadline = sink->processing_deadline;
    GM_OBJECT_UNLOCK(sink);
    if (ok) {
        GmQuery *query = gm_query_new_latency();
        ok = gm_pad_peer_query(sink->sinkpad, query);
        if (ok)
            gm_query_parse_latency(query, &us_live, &min, &max);
        gm_query_unref(query);
        if (!us_live) {
            min = 0;
            max = NONE;
        } else if (sync && max != NONE && min + deadline > max) {
            GM_ELEMENT_WARNING(sink, CORE, CLOCK,
                               ("Pipeline construction is invalid, please add queues."),
                               ("Not enough buffering available for the processing deadline of %"
                                GM_TIME_FORMAT ", add enough queues to buffer %" GM_TIME_FORMAT
                                " additional data. Shortening processing latency to %"
                                GM_TIME_FORMAT ".", GM_TIME_ARGS(deadline),
                                GM_TIME_ARGS(min + deadline - max), GM_TIME_ARGS(max - min)));
            min = max;
        } else if (sync) {
            min += deadline;
        }
        min += sync ? render_delay : 0;
        max += sync && max != NONE ? render_delay : 0;
    }
    if (!ok && sync)
        return false;
    if (live != NULL)
        *live = sync;
    if (upstream_live != NULL)
        *upstream_live = us_live;
    if (min_latency != NULL)
        *min_latency = min;
    if (max_latency != NULL)
        *max_latency = max;
    return true;
}

// ---- events from the application ------------------------------------------------------------

bool gm_base_sink_send_event(GmElement *el, GmEvent *event)
{
    GmBaseSink *sink = GM_BASE_SINK_CAST(el);
    bool forward = GM_EVENT_IS_UPSTREAM(event);

    if (GM_EVENT_TYPE(event) == GM_EVENT_LATENCY) {
        GmClockTime latency;
        gm_event_parse_latency(event, &latency);
        GM_OBJECT_LOCK(sink);
        sink->latency = latency;
        forward = forward && sink->have_latency;
        GM_OBJECT_UNLOCK(sink);
    } else if (GM_EVENT_TYPE(event) == GM_EVENT_STEP) {
        bool ok = gm_base_sink_perform_step(sink, event);
        gm_event_unref(event);
        return ok;
    }
    if (forward)
        return gm_pad_push_event(sink->sinkpad, event);
    gm_event_unref(event);
    return true;
}

// ---- position -------------------------------------------------------------------------------

// Where playback is: what was shown last (at EOS, or without a running clock), else computed
// from the clock and limited by what was shown. Gives NONE if only upstream may know.
static int64_t base_sink_position(GmBaseSink *sink, GmFormat *format)
{
    GM_OBJECT_LOCK(sink);
    GmSegment s = sink->segment;
    GmElement *el = &sink->element;
    bool eos = sink->eos, newsegment = sink->have_newsegment;
    bool clocked = sink->sync && el->clock != NULL;
    bool paused = GM_STATE(sink) != GM_STATE_PLAYING ||
        GM_STATE_PENDING(sink) != GM_STATE_VOID_PENDING;
    paused = paused && !(clocked && sink->to_playing);
    GmClockTime sstart = sink->current_sstart, sstop = sink->current_sstop;
    GmClockTime now = paused ? el->start_time : NONE, latency = sink->latency;
    GM_OBJECT_UNLOCK(sink);

    *format = s.format;
    if (!newsegment)
        return -1;
    if (!paused && clocked)
        now = gm_element_get_current_running_time(el);
    bool seen = eos || now == NONE;
    bool take_start = seen == (s.rate > 0); // seen: the begin of the last; else its end limits
    int64_t last = (int64_t)(take_start ? sstart : sstop);
    if (last == -1)
        last = (int64_t)(seen ? sstart : take_start ? sstop : sstart);
    if (s.format != GM_FORMAT_TIME)
        last = (int64_t)gm_segment_to_stream_time(&s, s.format, s.position);
    if (seen)
        return last;
    if (s.format != GM_FORMAT_TIME)
        return -1; // the clock says nothing about bytes: upstream knows where it reads
    int64_t since = (int64_t)(now - s.base - latency), time = s.time != NONE ? (int64_t)s.time : 0;
    double rate = s.rate * s.applied_rate;
    if (rate < 0 && s.stop != NONE)
        time += (int64_t)(s.stop - s.start);
    int64_t cur = time + (int64_t)s.offset + (int64_t)((double)(since < 0 ? 0 : since) * rate);
    if (last != -1 && (rate > 0 ? last < cur : last > cur))
        cur = last;
    return cur;
}

static bool base_sink_query_position(GmBaseSink *sink, GmQuery *query)
{
    GmFormat format, own;
    int64_t duration;

    gm_query_parse_position(query, &format, NULL);
    int64_t cur = base_sink_position(sink, &own);
    if (cur == -1)
        return sink->have_newsegment && gm_pad_peer_query(sink->sinkpad, query);
    if (format == GM_FORMAT_PERCENT) {
        if (!gm_pad_peer_query_duration(sink->sinkpad, own, &duration) || duration <= 0)
            return false;
        cur = (int64_t)gm_util_uint64_scale(GM_FORMAT_PERCENT_MAX, (uint64_t)cur,
                                            (uint64_t)duration);
    } else if (own != format && !gm_pad_query_convert(sink->sinkpad, own, cur, format, &cur)) {
        return gm_pad_peer_query(sink->sinkpad, query);
    }
    gm_query_set_position(query, format, cur);
    return true;
}

bool gm_base_sink_element_query(GmElement *el, GmQuery *query)
{
    GmBaseSink *sink = GM_BASE_SINK_CAST(el);
    GmFormat format;
    bool live;
    GmClockTime min, max;

    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_POSITION:
        return base_sink_query_position(sink, query);
    case GM_QUERY_DURATION:
        gm_query_parse_duration(query, &format, NULL);
        if (gm_pad_peer_query(sink->sinkpad, query))
            return true;
        if (format != GM_FORMAT_PERCENT)
            return false;
        gm_query_set_duration(query, format, GM_FORMAT_PERCENT_MAX);
        return true;
    case GM_QUERY_LATENCY:
        if (!gm_base_sink_query_latency(sink, &live, NULL, &min, &max))
            return false;
        gm_query_set_latency(query, live, min, max);
        return true;
    default:
        return gm_pad_peer_query(sink->sinkpad, query);
    }
}

// ---- queries on the pad ---------------------------------------------------------------------

GmCaps *gm_base_sink_default_get_caps(GmBaseSink *sink, GmCaps *filter)
{
    GmCaps *caps = gm_pad_get_pad_template_caps(sink->sinkpad);
    if (filter != NULL) {
        GmCaps *both = gm_caps_intersect_full(filter, caps, GM_CAPS_INTERSECT_FIRST);
        gm_caps_unref(caps);
        return both;
    }
    return caps;
}

// In pull mode the sink itself has chosen the caps, a pad of fixed caps keeps its: no others.
static GmCaps *base_sink_caps(GmBaseSink *sink, GmCaps *filter)
{
    GmCaps *caps = NULL;
    if (sink->pad_mode == GM_PAD_MODE_PULL || GM_PAD_IS_FIXED_CAPS(sink->sinkpad))
        caps = gm_pad_get_current_caps(sink->sinkpad);
    return caps != NULL ? caps : sink->ops.get_caps(sink, filter);
}

// Upstream wants its buffers back: keeps a copy of the last one instead.
static void base_sink_drain(GmBaseSink *sink)
{
    GM_OBJECT_LOCK(sink);
    GmBuffer *old = sink->last_buffer;
    GmBufferList *old_list = sink->last_list;
    if (old != NULL)
        sink->last_buffer = gm_buffer_copy_deep(old);
    if (old_list != NULL)
        sink->last_list = gm_buffer_list_copy_deep(old_list);
    GM_OBJECT_UNLOCK(sink);
    gm_clear_mini_object((GmMiniObject **)&old);
    gm_clear_mini_object((GmMiniObject **)&old_list);
}

bool gm_base_sink_default_query(GmBaseSink *sink, GmQuery *query)
{
    GmCaps *caps, *ours;

    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_ALLOCATION:
        base_sink_drain(sink);
        return sink->ops.propose_allocation != NULL && sink->ops.propose_allocation(sink, query);
    case GM_QUERY_DRAIN:
        base_sink_drain(sink);
        return true;
    case GM_QUERY_CAPS:
        gm_query_parse_caps(query, &caps);
        ours = base_sink_caps(sink, caps);
        gm_query_set_caps_result(query, ours);
        gm_caps_unref(ours);
        return true;
    case GM_QUERY_ACCEPT_CAPS:
        gm_query_parse_accept_caps(query, &caps);
        ours = base_sink_caps(sink, NULL);
        gm_query_set_accept_caps_result(query, gm_caps_is_subset(caps, ours));
        gm_caps_unref(ours);
        return true;
    case GM_QUERY_POSITION:
        return gm_base_sink_element_query(&sink->element, query);
    default:
        return gm_pad_query_default(sink->sinkpad, GM_OBJECT(sink), query);
    }
}
