// SPDX-License-Identifier: MIT
//
// base_sink_step: stepping: showing a number of buffers, or a length of time, while paused.
//
//      STEP event -> pending_step -> [next object: start] -> current_step -> [amount reached:
//      stop] -> step-done message, back to preroll
//
// A flushing step skips data as fast as it comes; the other kind plays it. While a step is under
// way the segment's rate is multiplied by the step's.
#include "core/base/base_sink_priv.h"

static void base_sink_post_step(GmBaseSink *sink, GmMessage *message, uint32_t seqnum)
{
    gm_message_set_seqnum(message, seqnum);
    gm_element_post_message(&sink->element, message);
}

void gm_base_sink_start_step(GmBaseSink *sink)
{
    GmBaseSinkStep *s = &sink->current_step;
    GmSegment *seg = &sink->segment;

    GM_OBJECT_LOCK(sink);
    *s = sink->pending_step;
    sink->pending_step.valid = false;
    GM_OBJECT_UNLOCK(sink);
    base_sink_post_step(sink, gm_message_new_step_start(GM_OBJECT(sink), true, s->format, s->amount,
                                                        s->rate, s->flush, s->intermediate),
                        s->seqnum);
    s->start = gm_element_get_start_time(&sink->element);
    gm_segment_set_running_time(seg, GM_FORMAT_TIME, s->start);
    s->start_rate = seg->rate;
    seg->rate *= s->rate;
    s->start_stop = seg->stop;
    s->start_start = seg->start;
    if (s->format != GM_FORMAT_TIME || s->flush)
        return;
    // Playing towards the end of the step is playing a segment that ends there.
    uint64_t end = seg->rate > 0 ? seg->stop : seg->start;
    if (s->amount != NONE)
        end = gm_segment_position_from_running_time(seg, GM_FORMAT_TIME, s->start + s->amount);
    if (seg->rate > 0)
        seg->stop = end;
    else
        seg->time = seg->start = end;
    seg->position = end;
}

void gm_base_sink_stop_step(GmBaseSink *sink, GmClockTime rstart, GmClockTime rstop, bool eos)
{
    GmBaseSinkStep *s = &sink->current_step;
    GmSegment *seg = &sink->segment;
    GmClockTime stop = seg->rate > 0 ? rstart : rstop;

    s->duration = stop == NONE ? s->position : stop - s->start;
    GmClockTime position = s->start + s->duration;
    gm_segment_set_running_time(seg, GM_FORMAT_TIME, position);
    if (s->flush)
        seg->base = s->start; // skipped data took no running time
    else
        gm_element_set_start_time(&sink->element, position);
    seg->rate = s->start_rate;
    if (seg->rate > 0)
        seg->stop = s->start_stop;
    else
        seg->start = s->start_start;
    base_sink_post_step(sink, gm_message_new_step_done(GM_OBJECT(sink), s->format, s->amount,
                                                       s->rate, s->flush, s->intermediate,
                                                       s->duration, eos),
                        s->seqnum);
    if (!s->intermediate)
        sink->need_preroll = s->need_preroll;
    s->valid = false;
}

bool gm_base_sink_handle_step(GmBaseSink *sink, GmBaseSinkTimes *t, uint64_t *cstart,
                              uint64_t *cstop)
{
    GmBaseSinkStep *s = &sink->current_step;
    GmSegment *seg = &sink->segment;
    bool forward = seg->rate > 0;
    GmClockTime *first = forward ? &t->rstart : &t->rstop, *last = forward ? &t->rstop : &t->rstart;

    if (s->amount == NONE)
        return false;
    if (s->format == GM_FORMAT_BUFFERS) {
        if (s->position >= s->amount)
            return true;
        s->position++;
    } else if (s->format == GM_FORMAT_TIME) {
        if (forward ? seg->stop == *cstop : seg->start == *cstart)
            *last = *first + s->amount;
        GmClockTime end = s->start + s->amount;
        double rate = seg->rate < 0 ? -seg->rate : seg->rate;
        s->position = *first - s->start;
        if (rate != 1.0)
            s->position = (uint64_t)((double)s->position / rate);
        if ((s->flush && s->position >= s->amount) || *last >= end) {
            *first = end;
            *(forward ? cstart : cstop) =
                gm_segment_position_from_running_time(seg, GM_FORMAT_TIME, end);
            return true;
        }
    }
    return false;
}

bool gm_base_sink_perform_step(GmBaseSink *sink, GmEvent *event)
{
    GmBaseSinkStep s = { .valid = true, .seqnum = gm_event_get_seqnum(event) };

    gm_event_parse_step(event, &s.format, &s.amount, &s.rate, &s.flush, &s.intermediate);
    base_sink_post_step(sink, gm_message_new_step_start(GM_OBJECT(sink), false, s.format, s.amount,
                                                        s.rate, s.flush, s.intermediate),
                        s.seqnum);
    if (s.flush && sink->ops.unlock != NULL)
        sink->ops.unlock(sink);
    GM_BASE_SINK_PREROLL_LOCK(sink);
    if (s.flush && sink->ops.unlock_stop != NULL)
        sink->ops.unlock_stop(sink);
    GM_OBJECT_LOCK(sink);
    s.need_preroll = s.flush && sink->async_enabled;
    sink->pending_step = s;
    if (s.flush)
        sink->current_step.valid = false;
    GM_OBJECT_UNLOCK(sink);
    if (s.flush) {
        sink->need_preroll = false;
        gm_base_sink_lose_state(sink);
        sink->current_sstart = sink->current_sstop = sink->eos_rtime = NONE;
        sink->call_preroll = true;
        gm_base_sink_set_last(sink, NULL, NULL);
        gm_base_sink_reset_qos(sink);
        if (sink->clock_id != NULL)
            gm_clock_id_unschedule(sink->clock_id);
        if (sink->have_preroll) {
            sink->step_unlock = true;
            gm_cond_broadcast(&sink->preroll_cond);
        }
    }
    GM_BASE_SINK_PREROLL_UNLOCK(sink);
    return true;
}
