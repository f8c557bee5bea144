// SPDX-License-Identifier: MIT
//
// base_src_seek: flushing, seeks, and events from downstream and from the application.
//
//      seek:  flush-start (or pause) -> unlock -> [stream lock] do_seek -> flush-stop
//             -> new segment pending -> the task starts again
//
// The events and messages of a seek carry its seqnum, so that a player can tell its own seeks'
// effects from others'.
#include "core/base/base_src_priv.h"

void gm_base_src_drop_pending(GmBaseSrc *src)
{
    GM_OBJECT_LOCK(src);
    GmList *events = src->pending_events;
    GmEvent *eos = gm_event_steal(&src->eos_event);
    src->pending_events = NULL;
    src->have_events = src->pending_eos = src->resume_eos = false;
    src->forced_eos = false;
    GM_OBJECT_UNLOCK(src);
    gm_list_free_full(events, (GmDestroyNotify)gm_mini_object_unref);
    gm_clear_event(&eos);
}

bool gm_base_src_set_flushing(GmBaseSrc *src, bool flushing)
{
    if (flushing) {
        gm_base_alloc_set_flushing(&src->element, &src->alloc, true);
        if (src->ops.unlock != NULL)
            src->ops.unlock(src);
    }
    gm_mutex_lock(&src->live_lock);
    src->flushing = flushing;
    if (flushing && src->clock_id != NULL)
        gm_clock_id_unschedule(src->clock_id);
    gm_cond_broadcast(&src->live_cond);
    gm_mutex_unlock(&src->live_lock);
    if (!flushing) {
        gm_base_src_drop_pending(src);
        gm_base_alloc_set_flushing(&src->element, &src->alloc, false);
        GM_PAD_STREAM_LOCK(src->srcpad);
        if (src->ops.unlock_stop != NULL)
            src->ops.unlock_stop(src);
        GM_PAD_STREAM_UNLOCK(src->srcpad);
    }
    return true;
}

bool gm_base_src_default_do_seek(GmBaseSrc *src, GmSegment *segment)
{
    (void)src;
    if (segment->format != GM_FORMAT_BYTES && segment->start != 0)
        return false;
    segment->time = segment->start;
    return true;
}

bool gm_base_src_default_prepare_seek_segment(GmBaseSrc *src, GmEvent *seek, GmSegment *segment)
{
    double rate;
    GmFormat format;
    GmSeekFlags flags;
    GmSeekType type[2];
    int64_t value[2];

    gm_event_parse_seek(seek, &rate, &format, &flags, &type[0], &value[0], &type[1], &value[1]);
    for (int i = 0; i < 2 && format != segment->format; i++) {
        if (type[i] == GM_SEEK_TYPE_NONE)
            continue;
        if (!gm_pad_query_convert(src->srcpad, format, value[i], segment->format, &value[i]))
            return false;
        type[i] = GM_SEEK_TYPE_SET;
    }
    return gm_segment_do_seek(segment, rate, segment->format, flags, type[0], (uint64_t)value[0],
                              type[1], (uint64_t)value[1], NULL) ||
           format == segment->format;
}

static void base_src_push_flush(GmBaseSrc *src, GmEvent *event, uint32_t seqnum)
{
    gm_event_set_seqnum(event, seqnum);
    gm_pad_push_event(src->srcpad, event);
}

// The segment is agreed: stream lock held. Makes it current, has it announced.
static void base_src_take_segment(GmBaseSrc *src, const GmSegment *segment, uint32_t seqnum)
{
    GM_OBJECT_LOCK(src);
    src->segment = *segment;
    src->segment_pending = true;
    src->segment_seqnum = seqnum;
    GM_OBJECT_UNLOCK(src);
    if (segment->flags & GM_SEGMENT_FLAG_SEGMENT) {
        GmMessage *message = gm_message_new_segment_start(GM_OBJECT(src), segment->format,
                                                          (int64_t)segment->position);
        gm_message_set_seqnum(message, seqnum);
        gm_element_post_message(&src->element, message);
    }
}

bool gm_base_src_perform_seek(GmBaseSrc *src, GmEvent *event, bool unlock)
{
    GmFormat seek_format = GM_FORMAT_UNDEFINED, format = src->segment.format;
    GmSeekFlags flags = GM_SEEK_FLAG_NONE;
    GmSeekType start_type, stop_type;
    GmSegment segment;
    bool ok = true, prepared = false;

    if (event != NULL) {
        gm_event_parse_seek(event, NULL, &seek_format, &flags, &start_type, NULL, &stop_type,
                            NULL);
        // An absolute seek in another format can be refused before anything is disturbed.
        if (seek_format != format && start_type <= GM_SEEK_TYPE_SET &&
            stop_type <= GM_SEEK_TYPE_SET) {
            gm_segment_init(&segment, format);
            if (!src->ops.prepare_seek_segment(src, event, &segment))
                return false;
            prepared = true;
        }
    }
    uint32_t seqnum = event != NULL ? gm_event_get_seqnum(event) : gm_util_seqnum_next();
    if (flags & GM_SEEK_FLAG_FLUSH)
        base_src_push_flush(src, gm_event_new_flush_start(), seqnum);
    else
        gm_pad_pause_task(src->srcpad);
    if (unlock)
        gm_base_src_set_flushing(src, true);
    GM_PAD_STREAM_LOCK(src->srcpad); // now the task is outside of create
    src->seqnum = seqnum;
    if (unlock)
        gm_base_src_set_flushing(src, false);
    if (!prepared) {
        gm_base_get(src, &src->segment, &segment, sizeof(segment));
        if (event != NULL)
            ok = (seek_format == format ? gm_base_src_default_prepare_seek_segment
                                        : src->ops.prepare_seek_segment)(src, event, &segment);
    }
    ok = ok && src->ops.do_seek(src, &segment);
    if (flags & GM_SEEK_FLAG_FLUSH)
        base_src_push_flush(src, gm_event_new_flush_stop(true), seqnum);
    ok = ok && segment.format == format;
    if (ok)
        base_src_take_segment(src, &segment, seqnum);
    src->discont = src->running = true;
    ok = gm_pad_start_task(src->srcpad, gm_base_src_loop, src->srcpad, NULL) && ok;
    GM_PAD_STREAM_UNLOCK(src->srcpad);
    return ok;
}

bool gm_base_src_default_event(GmBaseSrc *src, GmEvent *event)
{
    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_SEEK:
        return gm_base_src_seekable(src) && gm_base_src_perform_seek(src, event, true);
    case GM_EVENT_FLUSH_START:
        return gm_base_src_set_flushing(src, true);
    case GM_EVENT_FLUSH_STOP:
        return gm_base_src_set_flushing(src, false);
    case GM_EVENT_QOS:
    case GM_EVENT_RECONFIGURE:
    case GM_EVENT_LATENCY:
        return true;
    default:
        return false;
    }
}

// ---- events from the application ------------------------------------------------------------

static bool base_src_send_flush_stop(GmBaseSrc *src, GmEvent *event)
{
    GM_PAD_STREAM_LOCK(src->srcpad);
    gm_base_src_set_flushing(src, false);
    bool ok = gm_pad_push_event(src->srcpad, event);
    gm_mutex_lock(&src->live_lock);
    src->segment_pending = true;
    if (GM_PAD_MODE(src->srcpad) == GM_PAD_MODE_PUSH && (!src->is_live || src->live_running))
        gm_pad_start_task(src->srcpad, gm_base_src_loop, src->srcpad, NULL);
    gm_mutex_unlock(&src->live_lock);
    GM_PAD_STREAM_UNLOCK(src->srcpad);
    return ok;
}

static void base_src_set_pending_eos(GmBaseSrc *src, GmEvent *event)
{
    GM_OBJECT_LOCK(src);
    gm_event_take(&src->eos_event, event);
    src->pending_eos = true;
    GM_OBJECT_UNLOCK(src);
}

// The stream ends here: create is interrupted, and the loop sends this very event. A puller
// just gets GM_FLOW_EOS. The caller holds the state lock: to wait here for a thread that is
// blocked downstream, say in preroll, would be for ever.
static bool base_src_send_eos(GmBaseSrc *src, GmEvent *event)
{
    if (GM_PAD_MODE(src->srcpad) == GM_PAD_MODE_PUSH) {
        gm_base_src_set_flushing(src, true);
        GM_OBJECT_LOCK(src);
        gm_event_take(&src->eos_event, event);
        src->resume_eos = true;
        GM_OBJECT_UNLOCK(src);
        return gm_pad_start_task(src->srcpad, gm_base_src_loop, src->srcpad, NULL);
    }
    base_src_set_pending_eos(src, event);
    if (src->ops.unlock != NULL)
        src->ops.unlock(src);
    GM_PAD_STREAM_LOCK(src->srcpad);
    if (src->ops.unlock_stop != NULL)
        src->ops.unlock_stop(src);
    GM_PAD_STREAM_UNLOCK(src->srcpad);
    return true;
}

bool gm_base_src_resume_for_eos(GmBaseSrc *src)
{
    GM_OBJECT_LOCK(src);
    GmEvent *event = src->resume_eos ? gm_event_steal(&src->eos_event) : NULL;
    src->resume_eos = false;
    GM_OBJECT_UNLOCK(src);
    if (event == NULL)
        return false;
    gm_base_src_set_flushing(src, false);
    base_src_set_pending_eos(src, event);
    return gm_pad_start_task(src->srcpad, gm_base_src_loop, src->srcpad, NULL);
}

static bool base_src_send_seek(GmBaseSrc *src, GmEvent *event)
{
    bool ok = GM_PAD_MODE(src->srcpad) != GM_PAD_MODE_PULL;
    if (GM_PAD_MODE(src->srcpad) == GM_PAD_MODE_PUSH) {
        ok = gm_base_src_perform_seek(src, event, true);
    } else if (ok) { // not started: remember it
        GM_OBJECT_LOCK(src);
        gm_event_replace(&src->pending_seek, event);
        GM_OBJECT_UNLOCK(src);
    }
    gm_event_unref(event);
    return ok;
}

bool gm_base_src_send_event(GmElement *element, GmEvent *event)
{
    GmBaseSrc *src = GM_BASE_SRC_CAST(element);
    bool ok;

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_FLUSH_START:
        ok = gm_pad_push_event(src->srcpad, event);
        gm_base_src_set_flushing(src, true);
        return ok;
    case GM_EVENT_FLUSH_STOP:
        return base_src_send_flush_stop(src, event);
    case GM_EVENT_EOS:
        return base_src_send_eos(src, event);
    case GM_EVENT_SEEK:
        return base_src_send_seek(src, event);
    case GM_EVENT_TAG:
    case GM_EVENT_SINK_MESSAGE:
    case GM_EVENT_CUSTOM_DOWNSTREAM:
    case GM_EVENT_CUSTOM_BOTH:
    case GM_EVENT_PROTECTION: // in line with the data: the loop sends them
        GM_OBJECT_LOCK(src);
        src->pending_events = gm_list_append(src->pending_events, event);
        src->have_events = true;
        GM_OBJECT_UNLOCK(src);
        return true;
    case GM_EVENT_CUSTOM_DOWNSTREAM_OOB:
    case GM_EVENT_CUSTOM_BOTH_OOB:
        return gm_pad_push_event(src->srcpad, event);
    default:
        gm_event_unref(event);
        return false;
    }
}
