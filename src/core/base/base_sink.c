// SPDX-License-Identifier: MIT
//
// base_sink: what arrives on the pad (buffers, events), preroll, and the states.
//
//      READY -> PAUSED     ASYNC until something arrives; that thread then commits the state
//                          itself and blocks (GM_WAIT_PREROLL)
//      PAUSED -> PLAYING   wakes it; not prerolled yet: ASYNC until it is
//      PLAYING -> PAUSED   ends the wait for the clock; ASYNC unless something is blocked already
//      PAUSED -> READY     flushing: every wait ends
//
// Read next: base_sink_sync.c (times and waiting), base_sink_step.c, base_sink_query.c.
#include "core/base/base_sink_priv.h"

void gm_base_sink_set_last(GmBaseSink *sink, GmBuffer *buffer, GmBufferList *list)
{
    GM_OBJECT_LOCK(sink);
    GmBuffer *old = sink->last_buffer;
    GmBufferList *old_list = sink->last_list;
    sink->last_buffer = buffer != NULL ? gm_buffer_ref(buffer) : NULL;
    sink->last_list = list != NULL ? gm_buffer_list_ref(list) : NULL;
    gm_mini_object_replace((GmMiniObject **)&sink->last_caps,
                           (GmMiniObject *)(buffer != NULL ? sink->caps : NULL));
    GM_OBJECT_UNLOCK(sink);
    // Outside of the lock: freeing may call back into a pool.
    gm_clear_mini_object((GmMiniObject **)&old);
    gm_clear_mini_object((GmMiniObject **)&old_list);
}

// ---- preroll --------------------------------------------------------------------------------

static void base_sink_post_state(GmBaseSink *sink, GmState old, GmState now, GmState pending)
{
    gm_element_post_message(&sink->element,
                            gm_message_new_state_changed(GM_OBJECT(sink), old, now, pending));
}

// The thread that prerolled takes the sink to the state it was going to. False: it is stopping.
static bool base_sink_commit_state(GmBaseSink *sink)
{
    GmElement *el = &sink->element;

    sink->playing_async = false;
    GM_OBJECT_LOCK(sink);
    GmState current = el->current_state, next = el->next_state, pending = el->pending_state;
    bool to_playing = pending == GM_STATE_PLAYING, stop = pending == GM_STATE_NULL ||
                                                         pending == GM_STATE_READY;
    bool through_paused = current == GM_STATE_READY;
    if (to_playing || pending == GM_STATE_PAUSED) {
        sink->need_preroll = !to_playing;
        sink->committed = true;
        el->current_state = pending;
        el->next_state = el->pending_state = GM_STATE_VOID_PENDING;
        el->last_return = GM_STATE_CHANGE_SUCCESS;
    } else if (stop || (current != GM_STATE_PLAYING && current != GM_STATE_PAUSED)) {
        sink->need_preroll = false;
        sink->flushing = true;
    } else {
        sink->need_preroll = current == GM_STATE_PAUSED;
    }
    sink->have_latency = sink->have_latency || !stop;
    GM_OBJECT_UNLOCK(sink);
    if (stop)
        return false;
    if (pending != GM_STATE_VOID_PENDING) {
        if (!to_playing || through_paused)
            base_sink_post_state(sink, current, next,
                                 to_playing ? pending : GM_STATE_VOID_PENDING);
        gm_element_post_message(el, gm_message_new_async_done(GM_OBJECT(sink), NONE));
    }
    if (to_playing) {
        if (through_paused) {
            const GmElementClass *klass = GM_ELEMENT_GET_CLASS(sink);
            GmStateChangeReturn (*change_state)(GmElement *, GmStateChange) =
                (GmStateChangeReturn(*)(GmElement *, GmStateChange))gm_object_class_lookup(
                    &klass->object, offsetof(GmElementClass, change_state),
                    &gm_element_class.object);
            sink->have_preroll = true;
            GM_BASE_SINK_PREROLL_UNLOCK(sink);
            change_state(el, GM_STATE_CHANGE_PAUSED_TO_PLAYING);
            GM_BASE_SINK_PREROLL_LOCK(sink);
            if (sink->flushing)
                return false;
        }
        base_sink_post_state(sink, next, pending, GM_STATE_VOID_PENDING);
    }
    gm_element_post_message(el, gm_message_new_latency(GM_OBJECT(sink)));
    GM_STATE_BROADCAST(sink);
    return true;
}

// Shows the element what it prerolls with, once.
static GmFlowReturn base_sink_call_preroll(GmBaseSink *sink, GmMiniObject *obj)
{
    GmBufferList *list = GM_IS_BUFFER_LIST(obj) ? (GmBufferList *)obj : NULL;
    GmBuffer *buf = list != NULL ? gm_buffer_list_get(list, 0)
                    : GM_IS_BUFFER(obj) ? GM_BUFFER(obj) : NULL;
    GmFlowReturn ret = GM_FLOW_OK;

    if (buf == NULL)
        return GM_FLOW_OK;
    if (sink->last_sample_enabled)
        gm_base_sink_set_last(sink, buf, list);
    if (sink->ops.prepare != NULL)
        ret = sink->ops.prepare(sink, buf);
    if (ret == GM_FLOW_OK && sink->ops.preroll != NULL)
        ret = sink->ops.preroll(sink, buf);
    if (ret == GM_FLOW_OK)
        sink->call_preroll = false;
    else
        gm_element_abort_state(&sink->element);
    return ret;
}

GmFlowReturn gm_base_sink_do_preroll(GmBaseSink *sink, GmMiniObject *obj)
{
    if (!GM_REQUIRE(sink != NULL))
        return GM_FLOW_ERROR;
    while (sink->need_preroll) {
        GmFlowReturn ret = sink->call_preroll ? base_sink_call_preroll(sink, obj) : GM_FLOW_OK;
        if (ret != GM_FLOW_OK)
            return ret;
        if (sink->playing_async && !base_sink_commit_state(sink))
            return GM_FLOW_FLUSHING;
        if (sink->need_preroll) {
            ret = gm_base_sink_wait_preroll(sink);
            if (ret != GM_FLOW_OK && ret != GM_FLOW_STEP)
                return ret;
        }
    }
    return GM_FLOW_OK;
}

// ---- flushing -------------------------------------------------------------------------------

static void base_sink_set_flushing(GmBaseSink *sink, bool flushing)
{
    if (flushing && sink->ops.unlock != NULL)
        sink->ops.unlock(sink);
    GM_BASE_SINK_PREROLL_LOCK(sink);
    sink->flushing = flushing;
    if (flushing) {
        if (sink->ops.unlock_stop != NULL)
            sink->ops.unlock_stop(sink);
        sink->need_preroll = true;
        if (sink->clock_id != NULL)
            gm_clock_id_unschedule(sink->clock_id);
        sink->eos = sink->received_eos = sink->have_preroll = sink->step_unlock = false;
        GM_OBJECT_LOCK(sink);
        sink->have_latency = sink->have_latency && !sink->async_enabled;
        GM_OBJECT_UNLOCK(sink);
        gm_cond_broadcast(&sink->preroll_cond);
    }
    GM_BASE_SINK_PREROLL_UNLOCK(sink);
}

// Back to prerolling. The running time stands still from here on.
void gm_base_sink_lose_state(GmBaseSink *sink)
{
    if (!sink->async_enabled) {
        sink->have_latency = true;
        return;
    }
    sink->playing_async = true;
    GmClockTime now = GM_STATE(sink) == GM_STATE_PLAYING
                          ? gm_element_get_current_running_time(&sink->element) : NONE;
    if (now != NONE && gm_element_get_start_time(&sink->element) != NONE)
        gm_element_set_start_time(&sink->element, now);
    gm_element_lost_state(&sink->element);
}

static void base_sink_flush_start(GmBaseSink *sink)
{
    base_sink_set_flushing(sink, true);
    GM_PAD_STREAM_LOCK(sink->sinkpad); // the streaming thread has left
    gm_base_sink_reset_qos(sink);
    sink->playing_async = true;
    if (!sink->async_enabled)
        gm_element_set_start_time(&sink->element, 0);
    gm_base_sink_lose_state(sink);
    gm_base_sink_set_last(sink, NULL, NULL);
    GM_PAD_STREAM_UNLOCK(sink->sinkpad);
}

static void base_sink_flush_stop(GmBaseSink *sink, bool reset_time)
{
    base_sink_set_flushing(sink, false);
    GM_OBJECT_LOCK(sink);
    sink->current_sstart = sink->current_sstop = sink->eos_rtime = NONE;
    sink->call_preroll = true;
    sink->current_step.valid = sink->pending_step.valid = false;
    if (sink->pad_mode == GM_PAD_MODE_PUSH) {
        sink->have_newsegment = false;
        if (reset_time) {
            gm_segment_init(&sink->segment, GM_FORMAT_UNDEFINED);
            sink->element.start_time = 0;
        }
    }
    GM_OBJECT_UNLOCK(sink);
    if (reset_time)
        gm_element_post_message(&sink->element, gm_message_new_reset_time(GM_OBJECT(sink), 0));
}

// ---- events ---------------------------------------------------------------------------------

static GmFlowReturn base_sink_default_wait_event(GmBaseSink *sink, GmEvent *event)
{
    bool late, step_end;
    return gm_base_sink_do_sync(sink, &event->mini_object, &late, &step_end);
}

// Posts for a serialised event that becomes a message with its seqnum.
static void base_sink_post_for(GmBaseSink *sink, GmEvent *event, GmMessage *message)
{
    gm_message_set_seqnum(message, gm_event_get_seqnum(event));
    gm_element_post_message(&sink->element, message);
}

static bool base_sink_event_eos(GmBaseSink *sink, GmEvent *event)
{
    sink->received_eos = true;
    if (sink->ops.wait_event(sink, event) != GM_FLOW_OK)
        return false;
    GM_OBJECT_LOCK(sink);
    sink->eos = true;
    GM_OBJECT_UNLOCK(sink);
    sink->seqnum = gm_event_get_seqnum(event);
    base_sink_post_for(sink, event, gm_message_new_eos(GM_OBJECT(sink)));
    return true;
}

static bool base_sink_event_caps(GmBaseSink *sink, GmEvent *event)
{
    GmCaps *caps, *current = gm_pad_get_current_caps(sink->sinkpad);
    gm_event_parse_caps(event, &caps);
    bool same = current != NULL && gm_caps_is_equal(current, caps);
    bool ok = same || sink->ops.set_caps == NULL || sink->ops.set_caps(sink, caps);
    if (ok) {
        GM_OBJECT_LOCK(sink);
        gm_mini_object_replace((GmMiniObject **)&sink->caps, (GmMiniObject *)caps);
        GM_OBJECT_UNLOCK(sink);
    }
    gm_clear_mini_object((GmMiniObject **)&current);
    return ok;
}

static void base_sink_event_segment(GmBaseSink *sink, GmEvent *event)
{
    GM_OBJECT_LOCK(sink);
    GmSegment *s = &sink->segment;
    gm_event_copy_segment(event, s);
    if (s->position < s->start)
        s->position = s->start;
    if (s->position > s->stop)
        s->position = s->stop;
    sink->have_newsegment = true;
    gm_base_sink_reset_qos(sink);
    GM_OBJECT_UNLOCK(sink);
}

static void base_sink_event_stream_start(GmBaseSink *sink, GmEvent *event)
{
    unsigned group;
    GmMessage *message = gm_message_new_stream_start(GM_OBJECT(sink));
    if (gm_event_parse_group_id(event, &group))
        gm_message_set_group_id(message, group);
    base_sink_post_for(sink, event, message);
}

static bool base_sink_default_event(GmBaseSink *sink, GmEvent *event)
{
    bool ok = true, reset_time;
    GmTagList *tags;
    GmMessage *message = NULL;

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_FLUSH_START:
        base_sink_flush_start(sink);
        break;
    case GM_EVENT_FLUSH_STOP:
        gm_event_parse_flush_stop(event, &reset_time);
        base_sink_flush_stop(sink, reset_time);
        break;
    case GM_EVENT_EOS:
        ok = base_sink_event_eos(sink, event);
        break;
    case GM_EVENT_GAP:
        ok = sink->ops.wait_event(sink, event) == GM_FLOW_OK;
        break;
    case GM_EVENT_CAPS:
        ok = base_sink_event_caps(sink, event);
        break;
    case GM_EVENT_SEGMENT:
        base_sink_event_segment(sink, event);
        break;
    case GM_EVENT_STREAM_START:
        base_sink_event_stream_start(sink, event);
        break;
    case GM_EVENT_TAG:
        gm_event_parse_tag(event, &tags);
        gm_element_post_message(&sink->element,
                                gm_message_new_tag(GM_OBJECT(sink), gm_tag_list_ref(tags)));
        break;
    case GM_EVENT_SINK_MESSAGE:
        gm_event_parse_sink_message(event, &message);
        if (message != NULL)
            gm_element_post_message(&sink->element, message);
        break;
    default:
        break;
    }
    gm_event_unref(event);
    return ok;
}

static bool base_sink_pad_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    GmBaseSink *sink = GM_BASE_SINK_CAST(parent);
    bool ok = false;

    (void)pad;
    if (!GM_EVENT_IS_SERIALIZED(event) || GM_EVENT_TYPE(event) == GM_EVENT_FLUSH_STOP)
        return sink->ops.event(sink, event);
    GM_BASE_SINK_PREROLL_LOCK(sink);
    if (sink->flushing || sink->received_eos)
        gm_event_unref(event);
    else
        ok = sink->ops.event(sink, event);
    GM_BASE_SINK_PREROLL_UNLOCK(sink);
    return ok;
}

// ---- buffers --------------------------------------------------------------------------------

static bool base_sink_outside_segment(GmBaseSink *sink, GmBuffer *buf)
{
    GmClockTime start = NONE, end = NONE, pts = GM_BUFFER_PTS(buf);
    GmSegment *s = &sink->segment;

    if (s->format != GM_FORMAT_TIME || !sink->drop_out_of_segment)
        return false;
    sink->ops.get_times(sink, buf, &start, &end);
    if (start == NONE)
        gm_base_sink_default_get_times(sink, buf, &start, &end);
    if (start == NONE)
        return false;
    if (pts == NONE)
        pts = start;
    return !gm_segment_clip(s, s->format, pts, end != NONE ? pts + (end - start) : NONE, NULL,
                            NULL);
}

// Takes obj. Preroll lock held.
static GmFlowReturn base_sink_chain_unlocked(GmBaseSink *sink, GmMiniObject *obj, bool is_list)
{
    GmFlowReturn ret = GM_FLOW_OK;
    GmBuffer *buf = !is_list ? GM_BUFFER(obj)
                    : gm_buffer_list_length((GmBufferList *)obj) > 0
                        ? gm_buffer_list_get((GmBufferList *)obj, 0) : NULL;

    if (sink->flushing) {
        ret = GM_FLOW_FLUSHING;
    } else if (sink->received_eos) {
        ret = GM_FLOW_EOS;
    } else if (buf != NULL) {
        if (!sink->have_newsegment) {
            if (gm_base_sink_get_sync(sink))
                GM_ELEMENT_WARNING(sink, STREAM, FAILED, ("Internal data flow problem."),
                                   ("Received buffer without a new-segment. Assuming timestamps "
                                    "start from 0."));
            GM_OBJECT_LOCK(sink);
            sink->segment.start = 0;
            sink->segment.stop = NONE;
            sink->have_newsegment = true;
            GM_OBJECT_UNLOCK(sink);
        }
        if (!base_sink_outside_segment(sink, buf))
            ret = gm_base_sink_show(sink, obj, buf, is_list);
    }
    gm_mini_object_unref(obj);
    return ret;
}

static GmFlowReturn base_sink_chain_object(GmBaseSink *sink, GmMiniObject *obj, bool is_list)
{
    if (sink->pad_mode != GM_PAD_MODE_PUSH) {
        gm_mini_object_unref(obj);
        return GM_FLOW_EOS;
    }
    GM_BASE_SINK_PREROLL_LOCK(sink);
    GmFlowReturn ret = base_sink_chain_unlocked(sink, obj, is_list);
    GM_BASE_SINK_PREROLL_UNLOCK(sink);
    return ret;
}

static GmFlowReturn base_sink_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    (void)pad;
    return base_sink_chain_object(GM_BASE_SINK_CAST(parent), &buffer->mini_object, false);
}

static GmFlowReturn base_sink_chain_list(GmPad *pad, GmObject *parent, GmBufferList *list)
{
    GmBaseSink *sink = GM_BASE_SINK_CAST(parent);
    GmFlowReturn ret = GM_FLOW_OK;

    if (sink->ops.render_list != NULL)
        return base_sink_chain_object(sink, (GmMiniObject *)list, true);
    for (unsigned i = 0; i < gm_buffer_list_length(list) && ret == GM_FLOW_OK; i++)
        ret = base_sink_chain(pad, parent, gm_buffer_ref(gm_buffer_list_get(list, i)));
    gm_buffer_list_unref(list);
    return ret;
}

// ---- pull mode ------------------------------------------------------------------------------

static void base_sink_loop(void *data)
{
    GmPad *pad = data;
    GmBaseSink *sink = GM_BASE_SINK_CAST(GM_OBJECT_PARENT(pad));
    GmSegment *s = &sink->segment;
    GmBuffer *buf = NULL;
    GmFlowReturn ret = gm_pad_pull_range(pad, s->position,
                                         sink->blocksize != 0 ? sink->blocksize : UINT_MAX, &buf);

    if (ret == GM_FLOW_OK) {
        s->position += gm_buffer_get_size(buf);
        GM_BASE_SINK_PREROLL_LOCK(sink);
        ret = base_sink_chain_unlocked(sink, &buf->mini_object, false);
        GM_BASE_SINK_PREROLL_UNLOCK(sink);
    }
    if (ret == GM_FLOW_OK)
        return;
    gm_pad_pause_task(pad);
    if (ret != GM_FLOW_NOT_LINKED && ret > GM_FLOW_EOS)
        return;
    if (ret == GM_FLOW_EOS && (s->flags & GM_SEGMENT_FLAG_SEGMENT)) {
        gm_element_post_message(&sink->element,
                                gm_message_new_segment_done(GM_OBJECT(sink), s->format,
                                                            (int64_t)s->position));
        return;
    }
    if (ret != GM_FLOW_EOS)
        GM_ELEMENT_FLOW_ERROR(sink, ret);
    base_sink_pad_event(pad, GM_OBJECT(sink), gm_event_new_eos());
}

static bool base_sink_default_activate_pull(GmBaseSink *sink, bool active)
{
    return active ? gm_pad_start_task(sink->sinkpad, base_sink_loop, sink->sinkpad, NULL)
                  : gm_pad_stop_task(sink->sinkpad);
}

static GmCaps *base_sink_default_fixate(GmBaseSink *sink, GmCaps *caps)
{
    (void)sink;
    return gm_caps_fixate(caps);
}

static bool base_sink_negotiate_pull(GmBaseSink *sink)
{
    GmCaps *caps = gm_pad_get_allowed_caps(sink->sinkpad);
    bool ok = caps != NULL && gm_caps_is_any(caps);
    if (!ok && caps != NULL && !gm_caps_is_empty(caps)) {
        caps = sink->ops.fixate(sink, caps);
        ok = gm_caps_is_fixed(caps) && gm_pad_send_event(sink->sinkpad, gm_event_new_caps(caps));
    }
    gm_clear_mini_object((GmMiniObject **)&caps);
    return ok;
}

static bool base_sink_activate(GmPad *pad, GmObject *parent)
{
    GmBaseSink *sink = GM_BASE_SINK_CAST(parent);
    bool pull = false;

    base_sink_set_flushing(sink, false);
    if (sink->can_activate_pull) {
        GmQuery *query = gm_query_new_scheduling();
        pull = gm_pad_peer_query(pad, query) &&
               gm_query_has_scheduling_mode(query, GM_PAD_MODE_PULL);
        gm_query_unref(query);
        if (pull) {
            sink->pad_mode = GM_PAD_MODE_PULL;
            pull = base_sink_negotiate_pull(sink) &&
                   gm_pad_activate_mode(pad, GM_PAD_MODE_PULL, true);
        }
    }
    bool ok = pull || gm_pad_activate_mode(pad, GM_PAD_MODE_PUSH, true);
    if (!ok)
        base_sink_set_flushing(sink, true);
    return ok;
}

static bool base_sink_activate_mode(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    GmBaseSink *sink = GM_BASE_SINK_CAST(parent);
    bool pull = mode == GM_PAD_MODE_PULL, ok = pull || !active || sink->can_activate_push;

    if (!active)
        base_sink_set_flushing(sink, true);
    if (active && pull) {
        int64_t duration;
        gm_segment_init(&sink->segment, GM_FORMAT_BYTES);
        sink->have_newsegment = true;
        if (gm_pad_peer_query_duration(pad, GM_FORMAT_BYTES, &duration))
            sink->segment.duration = (uint64_t)duration;
    }
    if (active)
        sink->pad_mode = ok ? mode : GM_PAD_MODE_NONE;
    if (pull)
        ok = sink->ops.activate_pull(sink, active);
    if (!active || !ok)
        sink->pad_mode = GM_PAD_MODE_NONE;
    return ok;
}

// ---- states ---------------------------------------------------------------------------------

// The next thing to arrive blocks. Gives ASYNC if the application has to wait for that.
static GmStateChangeReturn base_sink_want_preroll(GmBaseSink *sink)
{
    sink->need_preroll = sink->playing_async = sink->call_preroll = true;
    sink->committed = false;
    if (!sink->async_enabled)
        return GM_STATE_CHANGE_SUCCESS;
    gm_element_post_message(&sink->element, gm_message_new_async_start(GM_OBJECT(sink)));
    return GM_STATE_CHANGE_ASYNC;
}

static GmStateChangeReturn base_sink_to_paused(GmBaseSink *sink)
{
    GM_BASE_SINK_PREROLL_LOCK(sink);
    GM_OBJECT_LOCK(sink); // queries read these
    sink->have_newsegment = sink->have_preroll = sink->step_unlock = false;
    gm_segment_init(&sink->segment, GM_FORMAT_UNDEFINED);
    sink->offset = sink->latency = 0;
    sink->current_sstart = sink->current_sstop = sink->eos_rtime = sink->rc_next = NONE;
    sink->have_latency |= !sink->async_enabled;
    GM_OBJECT_UNLOCK(sink);
    sink->eos = sink->received_eos = false;
    sink->current_step.valid = sink->pending_step.valid = false;
    gm_base_sink_reset_qos(sink);
    GmStateChangeReturn ret = base_sink_want_preroll(sink);
    if (!sink->async_enabled)
        gm_element_post_message(&sink->element, gm_message_new_latency(GM_OBJECT(sink)));
    GM_BASE_SINK_PREROLL_UNLOCK(sink);
    return ret;
}

static GmStateChangeReturn base_sink_to_playing(GmBaseSink *sink)
{
    GmStateChangeReturn ret = GM_STATE_CHANGE_SUCCESS;

    GM_BASE_SINK_PREROLL_LOCK(sink);
    sink->to_playing = true;
    if (!sink->have_preroll && !sink->received_eos) {
        ret = base_sink_want_preroll(sink);
    } else {
        sink->playing_async = sink->need_preroll = false;
        if (sink->eos) { // it came while paused: say so now
            GmMessage *message = gm_message_new_eos(GM_OBJECT(sink));
            gm_message_set_seqnum(message, sink->seqnum);
            gm_element_post_message(&sink->element, message);
        } else {
            gm_cond_broadcast(&sink->preroll_cond);
        }
    }
    GM_BASE_SINK_PREROLL_UNLOCK(sink);
    return ret;
}

static GmStateChangeReturn base_sink_playing_to_paused(GmBaseSink *sink)
{
    GmStateChangeReturn ret = GM_STATE_CHANGE_SUCCESS;

    if (sink->ops.unlock != NULL)
        sink->ops.unlock(sink);
    GM_BASE_SINK_PREROLL_LOCK(sink);
    if (sink->ops.unlock_stop != NULL)
        sink->ops.unlock_stop(sink);
    if (sink->clock_id != NULL)
        gm_clock_id_unschedule(sink->clock_id);
    if (sink->have_preroll || sink->received_eos)
        sink->playing_async = sink->need_preroll = false;
    else if (GM_STATE_TARGET(sink) > GM_STATE_READY)
        ret = base_sink_want_preroll(sink);
    gm_base_sink_reset_qos(sink);
    GM_BASE_SINK_PREROLL_UNLOCK(sink);
    return ret;
}

static void base_sink_to_ready(GmBaseSink *sink)
{
    GM_BASE_SINK_PREROLL_LOCK(sink);
    GM_OBJECT_LOCK(sink);
    sink->have_newsegment = sink->have_latency = false;
    sink->current_sstart = sink->current_sstop = NONE;
    if (sink->cached_clock_id != NULL)
        gm_clock_id_unref(sink->cached_clock_id);
    sink->cached_clock_id = NULL;
    gm_clear_mini_object((GmMiniObject **)&sink->caps);
    GM_OBJECT_UNLOCK(sink);
    gm_base_sink_set_last(sink, NULL, NULL);
    sink->call_preroll = false;
    if (!sink->committed && sink->async_enabled) { // nobody need wait any longer
        base_sink_post_state(sink, GM_STATE_PLAYING, GM_STATE_PAUSED, GM_STATE_READY);
        gm_element_post_message(&sink->element, gm_message_new_async_done(GM_OBJECT(sink), NONE));
    }
    sink->committed = true;
    GM_BASE_SINK_PREROLL_UNLOCK(sink);
}

static GmStateChangeReturn base_sink_change_state(GmElement *el, GmStateChange transition)
{
    GmBaseSink *sink = GM_BASE_SINK_CAST(el);
    GmStateChangeReturn ret = GM_STATE_CHANGE_SUCCESS;

    if (transition == GM_STATE_CHANGE_NULL_TO_READY && sink->ops.start != NULL &&
        !sink->ops.start(sink)) {
        GM_ELEMENT_ERROR(sink, CORE, STATE_CHANGE, (NULL), ("Failed to start"));
        return GM_STATE_CHANGE_FAILURE;
    }
    if (transition == GM_STATE_CHANGE_READY_TO_PAUSED)
        ret = base_sink_to_paused(sink);
    else if (transition == GM_STATE_CHANGE_PAUSED_TO_PLAYING)
        ret = base_sink_to_playing(sink);
    if (gm_element_class.change_state(el, transition) == GM_STATE_CHANGE_FAILURE)
        return GM_STATE_CHANGE_FAILURE;
    sink->to_playing = false;
    if (transition == GM_STATE_CHANGE_PLAYING_TO_PAUSED)
        ret = base_sink_playing_to_paused(sink);
    else if (transition == GM_STATE_CHANGE_PAUSED_TO_READY)
        base_sink_to_ready(sink);
    else if (transition == GM_STATE_CHANGE_READY_TO_NULL && sink->ops.stop != NULL)
        sink->ops.stop(sink);
    return ret;
}

// ---- the class ------------------------------------------------------------------------------

const GmBaseSinkOps gm_base_sink_ops = {
    .get_caps = gm_base_sink_default_get_caps,
    .fixate = base_sink_default_fixate,
    .activate_pull = base_sink_default_activate_pull,
    .get_times = gm_base_sink_default_get_times,
    .query = gm_base_sink_default_query,
    .event = base_sink_default_event,
    .wait_event = base_sink_default_wait_event,
};

static bool base_sink_pad_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    (void)pad;
    return GM_BASE_SINK_CAST(parent)->ops.query(GM_BASE_SINK_CAST(parent), query);
}

static void base_sink_init(GmObject *obj)
{
    GmBaseSink *sink = GM_BASE_SINK_CAST(obj);

    gm_base_merge_ops(obj, &gm_base_sink_class, &sink->ops, sizeof(sink->ops) / sizeof(GmCallback),
                      sizeof(sink->ops));
    gm_mutex_init(&sink->preroll_lock);
    gm_cond_init(&sink->preroll_cond);
    sink->can_activate_push = sink->drop_out_of_segment = true;
    sink->current_sstart = sink->current_sstop = sink->eos_rtime = sink->rc_next = NONE;
    gm_segment_init(&sink->segment, GM_FORMAT_UNDEFINED);
    gm_base_sink_reset_qos(sink);
    GM_OBJECT_FLAG_SET(sink, GM_ELEMENT_FLAG_SINK);
    sink->sinkpad = gm_base_get_pad(&sink->element, "sink");
    if (sink->sinkpad == NULL)
        return;
    gm_pad_set_query_function(sink->sinkpad, base_sink_pad_query);
    gm_pad_set_activate_function(sink->sinkpad, base_sink_activate);
    gm_pad_set_activatemode_function(sink->sinkpad, base_sink_activate_mode);
    gm_pad_set_event_function(sink->sinkpad, base_sink_pad_event);
    gm_pad_set_chain_function(sink->sinkpad, base_sink_chain);
    gm_pad_set_chain_list_function(sink->sinkpad, base_sink_chain_list);
}

static void base_sink_finalize(GmObject *obj)
{
    GmBaseSink *sink = GM_BASE_SINK_CAST(obj);

    gm_base_sink_set_last(sink, NULL, NULL);
    gm_mutex_clear(&sink->preroll_lock);
    gm_cond_clear(&sink->preroll_cond);
}

static void base_sink_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    (void)value;
    GmBaseSink *sink = GM_BASE_SINK_CAST(obj);
    if (prop->type == GM_TYPE_BOOLEAN && !sink->last_sample_enabled)
        gm_base_sink_set_last(sink, NULL, NULL);
}

static void base_sink_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    GmBaseSink *sink = GM_BASE_SINK_CAST(obj);
    if (prop->type == GM_TYPE_SAMPLE)
        gm_value_take_boxed(value, gm_base_sink_get_last_sample(sink));
    else
        gm_value_take_boxed(value, gm_base_sink_get_stats(sink));
}

#define READ_ONLY .flags = GM_PARAM_READABLE
static const GmProperty base_sink_props[] = {
    { "sync", "Sync on the clock", GM_FIELD(GmBaseSink, sync), .def = "true" },
    { "max-lateness", "Maximum number of nanoseconds that a buffer can be late before it is "
      "dropped (-1 unlimited)", GM_FIELD(GmBaseSink, max_lateness), .def = "-1",
      .min = -1, .max = (double)INT64_MAX },
    { "qos", "Generate Quality-of-Service events upstream", GM_FIELD(GmBaseSink, qos_enabled) },
    { "async", "Go asynchronously to PAUSED", GM_FIELD(GmBaseSink, async_enabled), .def = "true" },
    { "ts-offset", "Timestamp offset in nanoseconds", GM_FIELD(GmBaseSink, ts_offset) },
    { "enable-last-sample", "Enable the last-sample property",
      GM_FIELD(GmBaseSink, last_sample_enabled), .def = "true" },
    { "last-sample", "The last sample received in the sink", GM_COMPUTED(GM_TYPE_SAMPLE),
      READ_ONLY },
    { "blocksize", "Size in bytes to pull per buffer (0 = default)",
      GM_FIELD(GmBaseSink, blocksize), .def = "4096" },
    { "render-delay", "Additional render delay of the sink in nanoseconds",
      GM_FIELD(GmBaseSink, render_delay) },
    { "throttle-time", "The time to keep between rendered buffers (0 = disabled)",
      GM_FIELD(GmBaseSink, throttle_time) },
    { "max-bitrate", "The maximum bits per second to render (0 = disabled)",
      GM_FIELD(GmBaseSink, max_bitrate) },
    { "processing-deadline", "Maximum processing time for a buffer in nanoseconds",
      GM_FIELD(GmBaseSink, processing_deadline), .def = "20000000" },
    { "stats", "Sink Statistics", GM_COMPUTED(GM_TYPE_STRUCTURE), READ_ONLY },
    { 0 }
};

const GmElementClass gm_base_sink_class = {
    .name = "GmBaseSink",
    .parent = &gm_element_class.object,
    .instance_size = sizeof(GmBaseSink),
    .props = base_sink_props,
    .init = base_sink_init,
    .finalize = base_sink_finalize,
    .set_property = base_sink_set_property,
    .get_property = base_sink_get_property,
    .sink = &gm_base_sink_ops,
    .change_state = base_sink_change_state,
    .send_event = gm_base_sink_send_event,
    .query = gm_base_sink_element_query,
};
