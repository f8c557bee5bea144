// SPDX-License-Identifier: MIT
//
// base_sink_sync: an object's way from the pad to render: its times, preroll, the wait for the
// clock, and what is done when it is late.
//
//      buffer --> times --> late already? --> preroll --> prepare --> wait --> late? --> render
//                                              ^                       |
//                                              +--- unlocked: again ---+
#include "core/base/base_sink_priv.h"

// Averages over the last 8 values; slower (n) and faster (p) ones for the QoS proportion.
#define AVERAGE(avg, value, weight) (((avg) * ((weight)-1) + (value)) / (weight))

void gm_base_sink_default_get_times(GmBaseSink *sink, GmBuffer *buf, GmClockTime *start,
                                    GmClockTime *end)
{
    (void)sink;
    GmClockTime time = GM_BUFFER_DTS(buf) != NONE ? GM_BUFFER_DTS(buf) : GM_BUFFER_PTS(buf);
    if (time == NONE)
        return;
    *start = time;
    if (GM_BUFFER_DURATION(buf) != NONE)
        *end = time + GM_BUFFER_DURATION(buf);
}

// EOS has the time at which what was shown last ends.
static void base_sink_eos_times(GmBaseSink *sink, GmBaseSinkTimes *t)
{
    GmSegment *s = &sink->segment;
    bool forward = s->rate >= 0;
    t->sstart = forward ? sink->current_sstop : sink->current_sstart;
    if (t->sstart == NONE)
        t->sstart = gm_segment_to_stream_time(s, s->format, forward ? s->stop : s->start);
    t->sstop = t->sstart;
    t->rstart = t->rstop = t->rnext = sink->eos_rtime;
    t->do_sync = sink->eos_rtime != NONE;
    t->step_end = sink->current_step.valid;
}

// Start and end in the segment's format. False: an event that has none.
static bool base_sink_object_times(GmBaseSink *sink, GmMiniObject *obj, GmClockTime *start,
                                   GmClockTime *stop, bool *do_sync)
{
    *do_sync = true;
    if (GM_IS_EVENT(obj)) {
        if (GM_EVENT_TYPE(obj) != GM_EVENT_GAP)
            return false;
        GmClockTime duration;
        gm_event_parse_gap(GM_EVENT(obj), start, &duration);
        if (*start != NONE && duration != NONE)
            *stop = *start + duration;
        return true;
    }
    sink->ops.get_times(sink, GM_BUFFER(obj), start, stop);
    if (*start == NONE) {
        *do_sync = false;
        gm_base_sink_default_get_times(sink, GM_BUFFER(obj), start, stop);
    }
    return true;
}

bool gm_base_sink_get_sync_times(GmBaseSink *sink, GmMiniObject *obj, GmBaseSinkTimes *t)
{
    GmSegment *s = &sink->segment;
    bool is_eos = GM_IS_EVENT(obj) && GM_EVENT_TYPE(obj) == GM_EVENT_EOS, again = true;

    while (again) {
        GmClockTime start = NONE, stop = NONE;
        uint64_t cstart, cstop;
        bool stepping = sink->current_step.valid;
        *t = (GmBaseSinkTimes){ NONE, NONE, NONE, NONE, NONE, true, false, false };
        if (is_eos) {
            base_sink_eos_times(sink, t);
        } else {
            if (!base_sink_object_times(sink, obj, &start, &stop, &t->do_sync))
                return false;
            bool inside = gm_segment_clip(s, s->format, start, stop, &cstart, &cstop);
            uint64_t position = stop != NONE && cstop != NONE ? cstop : cstart;
            if (inside)
                gm_base_set(sink, &s->position, &position, sizeof(position));
            else if (stepping)
                cstart = cstop = s->rate > 0 ? s->stop : s->start;
            else
                return false;
            t->rstart = gm_segment_to_running_time(s, s->format, cstart);
            t->rstop = gm_segment_to_running_time(s, s->format, cstop);
            if (s->rate < 0 && t->rstop != NONE && !stepping) {
                GmClockTime first = t->rstop; // backwards, the end comes first
                t->rstop = t->rstart;
                t->rstart = first;
            }
            t->rnext = stop != NONE ? t->rstop : t->rstart;
            if (stepping) {
                t->step_end = gm_base_sink_handle_step(sink, t, &cstart, &cstop);
                t->stepped = !t->step_end && sink->current_step.flush;
            }
            t->sstart = gm_segment_to_stream_time(s, s->format, cstart);
            t->sstop = gm_segment_to_stream_time(s, s->format, cstop);
        }
        // A flushing step that ends here changes the segment: look at the times afresh.
        again = t->step_end && sink->current_step.flush;
        if (again) {
            gm_base_sink_stop_step(sink, t->rstart, t->rstop, is_eos);
            t->step_end = false;
            again = !GM_IS_EVENT(obj);
        }
    }
    return true;
}

// ---- waiting --------------------------------------------------------------------------------

GmClockTime gm_base_sink_adjust_time(GmBaseSink *sink, GmClockTime time)
{
    if (time == NONE)
        return NONE;
    GM_OBJECT_LOCK(sink); // a latency event or the application may change them
    GmClockTimeDiff t = (GmClockTimeDiff)(time + sink->latency) + sink->ts_offset;
    GmClockTimeDiff render_delay = (GmClockTimeDiff)sink->render_delay;
    GM_OBJECT_UNLOCK(sink);
    t = (t < 0 ? 0 : t) - render_delay;
    return t < 0 ? 0 : (GmClockTime)t;
}

GmClockReturn gm_base_sink_wait_clock(GmBaseSink *sink, GmClockTime time, GmClockTimeDiff *jitter)
{
    if (!GM_REQUIRE(sink != NULL) || time == NONE)
        return GM_CLOCK_BADTIME;
    GM_OBJECT_LOCK(sink);
    GmClock *clock = sink->element.clock;
    if (!sink->sync || clock == NULL) {
        GM_OBJECT_UNLOCK(sink);
        return GM_CLOCK_BADTIME;
    }
    time += (GmClockTime)sink->element.base_time;
    if (sink->cached_clock_id == NULL || !gm_clock_id_uses_clock(sink->cached_clock_id, clock) ||
        !gm_clock_single_shot_id_reinit(clock, sink->cached_clock_id, time)) {
        if (sink->cached_clock_id != NULL)
            gm_clock_id_unref(sink->cached_clock_id);
        sink->cached_clock_id = gm_clock_new_single_shot_id(clock, time);
    }
    GM_OBJECT_UNLOCK(sink);
    // Unlocked while waiting; who wants us to stop unschedules clock_id under the lock.
    sink->clock_id = sink->cached_clock_id;
    GM_BASE_SINK_PREROLL_UNLOCK(sink);
    GmClockReturn ret = gm_clock_id_wait(sink->clock_id, jitter);
    GM_BASE_SINK_PREROLL_LOCK(sink);
    sink->clock_id = NULL;
    return ret;
}

GmFlowReturn gm_base_sink_wait_preroll(GmBaseSink *sink)
{
    if (!GM_REQUIRE(sink != NULL))
        return GM_FLOW_ERROR;
    sink->have_preroll = true;
    gm_cond_wait(&sink->preroll_cond, &sink->preroll_lock, GM_WAIT_PREROLL, sink);
    sink->have_preroll = false;
    if (sink->flushing)
        return GM_FLOW_FLUSHING;
    bool stepped = sink->step_unlock;
    sink->step_unlock = false;
    return stepped ? GM_FLOW_STEP : GM_FLOW_OK;
}

GmFlowReturn gm_base_sink_wait(GmBaseSink *sink, GmClockTime time, GmClockTimeDiff *jitter)
{
    GmClockReturn status;
    if (!GM_REQUIRE(sink != NULL))
        return GM_FLOW_ERROR;
    do {
        while (sink->need_preroll)
            if (gm_base_sink_wait_preroll(sink) == GM_FLOW_FLUSHING)
                return GM_FLOW_FLUSHING;
        status = gm_base_sink_wait_clock(sink, gm_base_sink_adjust_time(sink, time), jitter);
        if (status != GM_CLOCK_BADTIME && sink->flushing)
            return GM_FLOW_FLUSHING;
    } while (status == GM_CLOCK_UNSCHEDULED);
    return GM_FLOW_OK;
}

// ---- lateness and quality of service --------------------------------------------------------

static bool base_sink_is_too_late(GmBaseSink *sink, GmMiniObject *obj, const GmBaseSinkTimes *t,
                                  GmClockReturn status, GmClockTimeDiff jitter, bool render)
{
    bool late = false;
    if (status == GM_CLOCK_EARLY && sink->max_lateness != -1) {
        if (!GM_IS_BUFFER(obj) || t->rstart == NONE)
            return false;
        GmClockTime limit = (GmClockTime)sink->max_lateness;
        if (t->rstop != NONE)
            limit += t->rstop;
        else
            limit += t->rstart + (sink->avg_in_diff != NONE ? sink->avg_in_diff : 0);
        late = t->rstart + (GmClockTime)jitter > limit;
        if (late && sink->last_render_time != NONE &&
            t->rstart - sink->last_render_time > (GmClockTime)GM_SECOND) {
            late = false; // once a second show something, however late
            GM_ELEMENT_WARNING(sink, CORE, CLOCK, ("A lot of buffers are being dropped."),
                               ("There may be a timestamping problem, or this computer is too "
                                "slow."));
        }
    }
    if (render && (!late || sink->last_render_time == NONE)) {
        sink->last_render_time = t->rstart;
        if (sink->throttle_time > 0)
            sink->earliest_in_time = t->rstart + sink->throttle_time;
    }
    return late;
}

void gm_base_sink_reset_qos(GmBaseSink *sink)
{
    sink->last_render_time = sink->prev_rstart = sink->earliest_in_time = NONE;
    sink->last_left = sink->avg_pt = sink->avg_in_diff = NONE;
    sink->avg_rate = -1.0;
    sink->rendered = sink->dropped = 0;
}

// Tells upstream how fast it is compared to how fast it should be: time spent on a buffer
// (since the last one left) over the distance of buffers.
static void base_sink_perform_qos(GmBaseSink *sink, bool dropped)
{
    GmClockTime start = sink->current_rstart;
    if (sink->current_step.valid || !sink->qos_enabled || start == NONE)
        return;
    GmClockTimeDiff jitter = sink->current_jitter;
    if (jitter < 0 && start < (GmClockTime)-jitter)
        jitter = -(GmClockTimeDiff)start;
    GmClockTime entered = start + (GmClockTime)jitter, pt = sink->avg_pt;
    if (sink->last_left != NONE)
        pt = entered > sink->last_left ? entered - sink->last_left : 0;
    sink->avg_pt = sink->avg_pt == NONE ? pt : AVERAGE(sink->avg_pt, pt, 8);
    double rate = 1.0;
    if (sink->avg_in_diff != NONE && sink->avg_in_diff != 0)
        rate = (double)sink->avg_pt / (double)sink->avg_in_diff;
    if (sink->last_left != NONE) {
        if (dropped || sink->avg_rate < 0)
            sink->avg_rate = rate;
        else
            sink->avg_rate = AVERAGE(sink->avg_rate, rate, rate > 1.0 ? 4 : 16);
    }
    if (sink->avg_rate >= 0) {
        GmClockTimeDiff diff =
            sink->throttle_time > 0 ? (GmClockTimeDiff)sink->throttle_time : jitter;
        GmQOSType type = sink->throttle_time > 0 ? GM_QOS_TYPE_THROTTLE
                         : jitter <= 0           ? GM_QOS_TYPE_OVERFLOW
                                                 : GM_QOS_TYPE_UNDERFLOW;
        gm_pad_push_event(sink->sinkpad, gm_event_new_qos(type, sink->avg_rate, diff, start));
    }
    sink->last_left = jitter < 0 ? start : entered;
}

static void base_sink_drop(GmBaseSink *sink, GmBuffer *buf)
{
    sink->dropped++;
    if (!sink->qos_enabled)
        return;
    GmMessage *message =
        gm_message_new_qos(GM_OBJECT(sink), sink->sync, sink->current_rstart, sink->current_sstart,
                           GM_BUFFER_PTS(buf), GM_BUFFER_DURATION(buf));
    gm_message_set_qos_values(message, sink->current_jitter, sink->avg_rate, 1000000);
    gm_message_set_qos_stats(message, GM_FORMAT_BUFFERS, sink->rendered, sink->dropped);
    gm_element_post_message(&sink->element, message);
}

// ---- the way through ------------------------------------------------------------------------

// Waits for rstart. UNSCHEDULED: something has changed, preroll again. BADTIME: no waiting.
static GmClockReturn base_sink_wait_start(GmBaseSink *sink, GmClockTime rstart,
                                          GmClockTimeDiff *jitter)
{
    GmClockTime time = gm_base_sink_adjust_time(sink, rstart);
    if (sink->rc_next == NONE || (time != NONE && time >= sink->rc_next)) {
        sink->rc_time = time;
        sink->rc_accumulated = 0;
    } else {
        time = sink->rc_next; // max-bitrate holds it back
    }
    return gm_base_sink_wait_clock(sink, time, jitter);
}

GmFlowReturn gm_base_sink_do_sync(GmBaseSink *sink, GmMiniObject *obj, bool *late, bool *step_end)
{
    GmBaseSinkTimes t;
    GmClockTimeDiff jitter = 0;
    bool look = true;

    for (;;) {
        if (look) {
            sink->current_rstart = NONE;
            bool inside = gm_base_sink_get_sync_times(sink, obj, &t);
            *step_end = t.step_end;
            *late = t.stepped;
            if (t.stepped || !inside)
                return GM_FLOW_OK;
            sink->current_rstart = t.rstart;
            sink->current_rstop = t.rstop != NONE ? t.rstop : t.rstart;
            sink->eos_rtime = t.do_sync ? t.rnext : NONE;
            if (sink->prev_rstart != NONE && sink->prev_rstart < t.rstart) {
                GmClockTime diff = t.rstart - sink->prev_rstart;
                sink->avg_in_diff = sink->avg_in_diff == NONE ? diff
                                                              : AVERAGE(sink->avg_in_diff, diff, 8);
            }
            sink->prev_rstart = t.rstart;
            *late = sink->earliest_in_time != NONE && t.rstart < sink->earliest_in_time;
            if (*late)
                return GM_FLOW_OK;
        }
        GmFlowReturn ret = gm_base_sink_do_preroll(sink, obj);
        if (ret != GM_FLOW_OK) {
            *step_end = false;
            return ret;
        }
        look = sink->pending_step.valid && !sink->current_step.valid;
        if (look) {
            gm_base_sink_start_step(sink);
            continue;
        }
        GM_OBJECT_LOCK(sink);
        sink->current_sstart = t.sstart;
        sink->current_sstop = t.sstop != NONE ? t.sstop : t.sstart;
        GM_OBJECT_UNLOCK(sink);
        if (!t.do_sync)
            return GM_FLOW_OK;
        GmClockReturn status = base_sink_wait_start(sink, t.rstart, &jitter);
        if (status == GM_CLOCK_BADTIME)
            return GM_FLOW_OK;
        if (sink->flushing)
            return GM_FLOW_FLUSHING;
        if (status != GM_CLOCK_UNSCHEDULED) {
            sink->current_jitter = jitter;
            *late = base_sink_is_too_late(sink, obj, &t, status, jitter, true);
            return GM_FLOW_OK;
        }
        sink->call_preroll = true;
    }
}

// Calls prepare, unless the object is late already. *prepared: it was called.
static GmFlowReturn base_sink_prepare(GmBaseSink *sink, GmMiniObject *obj, GmBuffer *buf,
                                      bool is_list, bool *late, bool *prepared)
{
    GmBaseSinkTimes t;
    if (sink->ops.prepare == NULL && sink->ops.prepare_list == NULL)
        return GM_FLOW_OK;
    bool inside = gm_base_sink_get_sync_times(sink, &buf->mini_object, &t);
    if (inside && t.stepped) {
        *late = true;
        return GM_FLOW_OK;
    }
    GmClockTime now = NONE;
    if (inside && t.do_sync && sink->sync && GM_STATE(sink) == GM_STATE_PLAYING)
        now = gm_element_get_current_running_time(&sink->element);
    if (now != NONE)
        *late = base_sink_is_too_late(sink, &buf->mini_object, &t, GM_CLOCK_EARLY,
                                      GM_CLOCK_DIFF(gm_base_sink_adjust_time(sink, t.rstart), now),
                                      false);
    GmFlowReturn ret = gm_base_sink_do_preroll(sink, obj);
    if (ret != GM_FLOW_OK || *late)
        return ret;
    *prepared = true;
    if (is_list)
        return sink->ops.prepare_list != NULL
                   ? sink->ops.prepare_list(sink, (GmBufferList *)obj) : GM_FLOW_OK;
    return sink->ops.prepare != NULL ? sink->ops.prepare(sink, buf) : GM_FLOW_OK;
}

static GmFlowReturn base_sink_render(GmBaseSink *sink, GmMiniObject *obj, GmBuffer *buf,
                                     bool is_list)
{
    GmFlowReturn ret = GM_FLOW_OK;
    GmBufferList *list = is_list ? (GmBufferList *)obj : NULL;

    if (sink->max_bitrate != 0) {
        sink->rc_accumulated += is_list ? gm_buffer_list_calculate_size(list)
                                        : gm_buffer_get_size(buf);
        sink->rc_next = sink->rc_time + gm_util_uint64_scale(sink->rc_accumulated,
                                                             8 * (uint64_t)GM_SECOND,
                                                             sink->max_bitrate);
    }
    if (sink->last_sample_enabled)
        gm_base_sink_set_last(sink, buf, list);
    if (is_list)
        ret = sink->ops.render_list(sink, list);
    else if (sink->ops.render != NULL)
        ret = sink->ops.render(sink, buf);
    return ret;
}

GmFlowReturn gm_base_sink_show(GmBaseSink *sink, GmMiniObject *obj, GmBuffer *buf, bool is_list)
{
    bool late = false, prepared = false, step_end;
    GmFlowReturn ret = base_sink_prepare(sink, obj, buf, is_list, &late, &prepared);

    if (ret != GM_FLOW_OK)
        return ret;
    bool skip = late;
    do {
        step_end = false;
        ret = GM_FLOW_OK;
        if (!skip) {
            late = false;
            ret = gm_base_sink_do_sync(sink, &buf->mini_object, &late, &step_end);
            late = late && !prepared;
        }
        skip = false;
        if (ret == GM_FLOW_OK && late) {
            base_sink_drop(sink, buf);
        } else if (ret == GM_FLOW_OK) {
            ret = base_sink_render(sink, obj, buf, is_list);
            if (ret == GM_FLOW_STEP)
                continue;
            if (sink->flushing)
                return GM_FLOW_FLUSHING;
            sink->rendered++;
        }
        if (step_end)
            gm_base_sink_stop_step(sink, sink->current_rstart, sink->current_rstop, sink->eos);
    } while (ret == GM_FLOW_STEP || step_end);
    base_sink_perform_qos(sink, late);
    return ret;
}
