// SPDX-License-Identifier: MIT
//
// base_src_loop: the streaming thread: one turn makes and pushes one buffer.
//
//      turn:  flushing? -> stream-start -> negotiate -> get a buffer -> segment, events
//             -> position -> push -> on a flow return other than OK: pause, EOS or error
//
//      get a buffer:  wait for PLAYING (live) -> at the end? -> create -> stamp -> wait (live)
#include "core/base/base_src_priv.h"

#define NONE ((uint64_t)-1)

GmFlowReturn gm_base_src_wait_playing_unlocked(GmBaseSrc *src)
{
    while (!src->live_running && !src->flushing)
        gm_cond_wait(&src->live_cond, &src->live_lock, GM_WAIT_STATE, src);
    return src->flushing ? GM_FLOW_FLUSHING : GM_FLOW_OK;
}

GmFlowReturn gm_base_src_wait_playing(GmBaseSrc *src)
{
    if (!GM_REQUIRE(src != NULL))
        return GM_FLOW_ERROR;
    gm_mutex_lock(&src->live_lock);
    GmFlowReturn ret = gm_base_src_wait_playing_unlocked(src);
    gm_mutex_unlock(&src->live_lock);
    return ret;
}

GmFlowReturn gm_base_src_default_alloc(GmBaseSrc *src, uint64_t offset, unsigned size,
                                       GmBuffer **buf)
{
    (void)offset;
    return gm_base_alloc_acquire(&src->element, &src->alloc, size, buf);
}

GmFlowReturn gm_base_src_default_create(GmBaseSrc *src, uint64_t offset, unsigned size,
                                        GmBuffer **buf)
{
    GmBuffer *made = *buf;
    GmFlowReturn ret = GM_FLOW_OK;

    if (src->ops.fill == NULL)
        return GM_FLOW_NOT_SUPPORTED;
    if (made == NULL)
        ret = src->ops.alloc(src, offset, size, &made);
    if (ret == GM_FLOW_OK && size > 0) {
        ret = src->ops.fill(src, offset, size, made);
        if (ret != GM_FLOW_OK && *buf == NULL)
            gm_buffer_unref(made);
    }
    if (ret == GM_FLOW_OK)
        *buf = made;
    return ret;
}

void gm_base_src_submit_buffer_list(GmBaseSrc *src, GmBufferList *buffer_list)
{
    if (!GM_REQUIRE(src != NULL) || !GM_REQUIRE(buffer_list != NULL) ||
        !GM_REQUIRE(src->pending_list == NULL))
        return;
    src->pending_list = gm_buffer_list_make_writable(buffer_list);
}

// ---- segments -------------------------------------------------------------------------------

bool gm_base_src_new_segment(GmBaseSrc *src, const GmSegment *segment)
{
    if (!GM_REQUIRE(src != NULL) || !GM_REQUIRE(segment != NULL))
        return false;
    GM_OBJECT_LOCK(src);
    bool ok = src->segment.format != GM_FORMAT_UNDEFINED && src->segment.format == segment->format;
    if (ok) {
        src->segment = *segment;
        src->segment_pending = true;
        src->segment_seqnum = gm_util_seqnum_next();
    }
    GM_OBJECT_UNLOCK(src);
    src->running = src->running || ok;
    return ok;
}

bool gm_base_src_new_seamless_segment(GmBaseSrc *src, int64_t start, int64_t stop, int64_t time)
{
    if (!GM_REQUIRE(src != NULL))
        return false;
    GM_OBJECT_LOCK(src);
    GmSegment *s = &src->segment;
    s->base = gm_segment_to_running_time(s, s->format, s->position);
    s->position = s->start = (uint64_t)start;
    s->stop = (uint64_t)stop;
    s->time = (uint64_t)time;
    src->segment_pending = true;
    src->segment_seqnum = gm_util_seqnum_next();
    GM_OBJECT_UNLOCK(src);
    src->discont = src->running = true;
    return true;
}

bool gm_base_src_update_length(GmBaseSrc *src, uint64_t offset, unsigned *length, bool force)
{
    GM_OBJECT_LOCK(src); // a query may be here at the same time
    bool bytes = src->segment.format == GM_FORMAT_BYTES;
    uint64_t size = src->segment.duration, stop = src->segment.stop;
    GM_OBJECT_UNLOCK(src);
    if (!bytes)
        return true;
    // Unknown is the largest number, so that the smaller one is the end.
    uint64_t end = src->automatic_eos && size < stop ? size : stop;
    if (end != NONE && (offset + *length >= end || offset >= end || force)) {
        if (src->ops.get_size != NULL && !src->ops.get_size(src, &size)) // it may have grown
            size = NONE;
        end = src->automatic_eos && size < stop ? size : stop;
        if (end != NONE && offset >= end)
            return false;
        if (end != NONE && offset + *length >= end)
            *length = (unsigned)(end - offset);
    }
    gm_base_set(src, &src->segment.duration, &size, sizeof(size));
    return true;
}

// ---- time -----------------------------------------------------------------------------------

// A source whose get_times gives a start is pseudo-live: it makes buffers at will and the base
// class holds each back until its time. How late the first is made is the latency.
static bool base_src_learn_latency(GmBaseSrc *src, GmClockTime timestamp, GmClockTime start)
{
    bool first = src->latency == NONE, pseudo_live = start != NONE && src->is_live;
    if (timestamp != NONE && pseudo_live)
        src->latency = timestamp <= start ? start - timestamp : 0;
    else if (first)
        src->latency = 0;
    return first;
}

static void base_src_stamp(GmBaseSrc *src, GmBuffer *buf, bool first, GmClockTime running_time)
{
    GmClockTime dts = GM_BUFFER_DTS(buf), pts = GM_BUFFER_PTS(buf);
    if (dts == NONE) {
        if (src->do_timestamp)
            dts = running_time;
        else if (first && pts == NONE)
            dts = src->segment.start != NONE ? src->segment.start : 0;
        GM_BUFFER_DTS(buf) = dts;
    }
    if (pts == NONE)
        GM_BUFFER_PTS(buf) = dts;
}

// Stamps buf and, for live sources with get_times, waits. Live lock held, given up in the wait.
static GmClockReturn base_src_sync(GmBaseSrc *src, GmBuffer *buf)
{
    GmClockTime start = NONE, end = NONE;

    if (src->ops.get_times != NULL)
        src->ops.get_times(src, buf, &start, &end);
    GmClockTime timestamp = GM_BUFFER_DTS(buf) != NONE ? GM_BUFFER_DTS(buf) : GM_BUFFER_PTS(buf);

    GM_OBJECT_LOCK(src);
    bool first = base_src_learn_latency(src, timestamp, start), live = src->is_live;
    GmClockTime base_time = (GmClockTime)src->element.base_time;
    GmClock *clock = src->element.clock != NULL ? gm_object_ref(src->element.clock) : NULL;
    GM_OBJECT_UNLOCK(src);
    if (clock == NULL)
        return GM_CLOCK_OK;

    if (first || (src->do_timestamp && GM_BUFFER_DTS(buf) == NONE)) {
        GmClockTime now = gm_clock_get_time(clock) - base_time;
        if (first)
            src->ts_offset = live && start != NONE && timestamp != NONE
                                 ? GM_CLOCK_DIFF(timestamp, now) : 0;
        base_src_stamp(src, buf, first, now);
    } else if (GM_BUFFER_PTS(buf) == NONE) {
        GM_BUFFER_PTS(buf) = GM_BUFFER_DTS(buf);
    }
    GmClockReturn ret = GM_CLOCK_OK;
    if (start != NONE) {
        uint64_t shift = live ? (uint64_t)src->ts_offset : 0;
        if (GM_BUFFER_PTS(buf) != NONE)
            GM_BUFFER_PTS(buf) += shift;
        if (GM_BUFFER_DTS(buf) != NONE)
            GM_BUFFER_DTS(buf) += shift;
        GmClockID id = gm_clock_new_single_shot_id(clock, start + shift + base_time);
        src->clock_id = id;
        gm_mutex_unlock(&src->live_lock);
        ret = gm_clock_id_wait(id, NULL);
        gm_mutex_lock(&src->live_lock);
        src->clock_id = NULL;
        gm_clock_id_unref(id);
    }
    gm_object_unref(clock);
    return ret;
}

// ---- one buffer -----------------------------------------------------------------------------

// Whether create may run: OK, or why not. Live lock held.
static GmFlowReturn base_src_before_create(GmBaseSrc *src, uint64_t offset, unsigned *length)
{
    if (src->is_live && !src->live_running && gm_base_src_wait_playing_unlocked(src) != GM_FLOW_OK)
        return GM_FLOW_FLUSHING;
    if (!GM_BASE_SRC_IS_STARTED(src) && !GM_BASE_SRC_IS_STARTING(src))
        return GM_FLOW_FLUSHING;
    if (!gm_base_src_update_length(src, offset, length, false))
        return GM_FLOW_EOS;
    if (src->segment.format == GM_FORMAT_BYTES)
        gm_base_set(src, &src->segment.position, &offset, sizeof(offset));
    if (src->num_buffers_left == 0)
        return GM_FLOW_EOS;
    if (src->num_buffers_left > 0)
        src->num_buffers_left--;
    src->forced_eos = src->pending_eos;
    return src->forced_eos ? GM_FLOW_EOS : GM_FLOW_OK;
}

// What create gave is fine unless the world has changed meanwhile. Live lock held.
static GmFlowReturn base_src_after_create(GmBaseSrc *src, GmFlowReturn ret)
{
    if (src->is_live && !src->live_running && gm_base_src_wait_playing_unlocked(src) != GM_FLOW_OK)
        return GM_FLOW_FLUSHING;
    src->forced_eos = src->pending_eos;
    return src->forced_eos ? GM_FLOW_EOS : ret;
}

// The puller wants his own buffer filled, the source gave another.
static bool base_src_copy_into(GmBaseSrc *src, GmBuffer *made, GmBuffer *wanted)
{
    GmMapInfo info;
    if (!gm_buffer_map(wanted, &info, GM_MAP_WRITE)) {
        GM_ELEMENT_ERROR(src, RESOURCE, BUSY, ("Failed to map buffer."),
                         ("failed to map result buffer in WRITE mode"));
        return false;
    }
    size_t n = gm_buffer_extract(made, 0, info.data, info.size);
    gm_buffer_unmap(wanted, &info);
    gm_buffer_set_size(wanted, (ptrdiff_t)n);
    gm_buffer_copy_into(wanted, made, GM_BUFFER_COPY_METADATA, 0, (size_t)-1);
    return true;
}

// Makes sense of what create left: OK and *made set, or an error that was posted.
static GmFlowReturn base_src_adopt(GmBaseSrc *src, GmBuffer *wanted, GmBuffer **made)
{
    if (wanted != NULL && *made != wanted) {
        bool ok = base_src_copy_into(src, *made, wanted);
        gm_buffer_unref(*made);
        *made = wanted;
        return ok ? GM_FLOW_OK : GM_FLOW_ERROR;
    }
    if (*made == NULL && src->pending_list != NULL &&
        gm_buffer_list_length(src->pending_list) > 0) {
        *made = gm_buffer_list_get_writable(src->pending_list, 0);
    } else if (*made == NULL) {
        GM_ELEMENT_ERROR(src, STREAM, FAILED, ("Internal data flow error."),
                         ("Subclass %s neither returned a buffer nor submitted a buffer list "
                          "from its create function", gm_object_get_type_name(src)));
        return GM_FLOW_ERROR;
    }
    return GM_FLOW_OK;
}

// Gives *buf for offset and length (or fills the one there). Live lock held.
static GmFlowReturn base_src_get_range(GmBaseSrc *src, uint64_t offset, unsigned length,
                                       GmBuffer **buf)
{
    GmClockReturn status = GM_CLOCK_OK;
    GmBuffer *made, *wanted = *buf;

    do {
        gm_clear_mini_object((GmMiniObject **)&src->pending_list);
        GmFlowReturn ret = base_src_before_create(src, offset, &length);
        if (ret != GM_FLOW_OK)
            return ret;
        made = wanted;
        gm_mutex_unlock(&src->live_lock);
        GmFlowReturn created = src->ops.create(src, offset, length, &made);
        gm_mutex_lock(&src->live_lock);
        ret = base_src_after_create(src, created);
        bool own = created == GM_FLOW_OK && made != NULL && made != wanted;
        if (ret == GM_FLOW_OK) {
            ret = base_src_adopt(src, wanted, &made);
            own = own && made != wanted;
        }
        if (ret == GM_FLOW_OK) {
            if (offset == 0 && src->segment.time == 0 && GM_BUFFER_DTS(made) == NONE &&
                !src->is_live) {
                if (own)
                    made = gm_buffer_make_writable(made);
                GM_BUFFER_DTS(made) = 0;
            }
            status = base_src_sync(src, made);
            if (src->flushing || (status == GM_CLOCK_UNSCHEDULED && !src->live_running))
                ret = GM_FLOW_FLUSHING;
        }
        if (own && (ret != GM_FLOW_OK || status == GM_CLOCK_UNSCHEDULED))
            gm_buffer_unref(made);
        if (ret != GM_FLOW_OK)
            return ret;
    } while (status == GM_CLOCK_UNSCHEDULED);
    *buf = made;
    return GM_FLOW_OK;
}

GmFlowReturn gm_base_src_getrange(GmPad *pad, GmObject *parent, uint64_t offset, unsigned length,
                                  GmBuffer **buf)
{
    GmBaseSrc *src = GM_BASE_SRC_CAST(parent);

    (void)pad;
    gm_mutex_lock(&src->live_lock);
    GmFlowReturn ret = src->flushing ? GM_FLOW_FLUSHING
                                     : base_src_get_range(src, offset, length, buf);
    gm_mutex_unlock(&src->live_lock);
    return ret;
}

// ---- one turn of the loop -------------------------------------------------------------------

void gm_base_src_send_stream_start(GmBaseSrc *src)
{
    if (!src->stream_start_pending)
        return;
    char *id = gm_pad_create_stream_id(src->srcpad, &src->element, NULL);
    GmEvent *event = gm_event_new_stream_start(id);
    gm_event_set_group_id(event, gm_util_group_id_next());
    src->stream_start_pending = false;
    gm_pad_push_event(src->srcpad, event);
    gm_free(id);
}

// What has to go out before the next buffer. Live lock held: a seek waits for us.
static void base_src_push_events(GmBaseSrc *src)
{
    if (src->segment_pending) {
        GmSegment segment;
        gm_base_get(src, &src->segment, &segment, sizeof(segment));
        GmEvent *event = gm_event_new_segment(&segment);
        gm_event_set_seqnum(event, src->segment_seqnum);
        src->segment_seqnum = gm_util_seqnum_next();
        gm_pad_push_event(src->srcpad, event);
        src->segment_pending = false;
    }
    if (!src->have_events)
        return;
    GM_OBJECT_LOCK(src);
    GmList *events = src->pending_events;
    src->pending_events = NULL;
    src->have_events = false;
    GM_OBJECT_UNLOCK(src);
    for (GmList *l = events; l != NULL; l = l->next)
        gm_pad_push_event(src->srcpad, l->data);
    gm_list_free(events);
}

// Moves the segment's position behind buf. True: that is the end of the segment.
static bool base_src_advance(GmBaseSrc *src, GmBuffer *buf, uint64_t position)
{
    GmSegment *s = &src->segment;
    bool forward = s->rate >= 0, eos = false;

    if (s->format == GM_FORMAT_BYTES) {
        position += forward ? gm_buffer_get_size(buf) : 0;
    } else if (s->format == GM_FORMAT_TIME) {
        position = GM_BUFFER_PTS(buf) != NONE ? GM_BUFFER_PTS(buf) : s->position;
        if (GM_BUFFER_DURATION(buf) != NONE && forward)
            position += GM_BUFFER_DURATION(buf);
    } else if (s->format == GM_FORMAT_DEFAULT) {
        position = forward ? GM_BUFFER_OFFSET_END(buf) : GM_BUFFER_OFFSET(buf);
    } else {
        position = NONE;
    }
    if (position == NONE)
        return false;
    if (forward ? s->stop != NONE && position >= s->stop : position <= s->start) {
        eos = src->automatic_eos;
        position = forward ? s->stop : s->start;
    }
    src->discont = src->discont || !forward;
    gm_base_set(src, &s->position, &position, sizeof(position));
    return eos;
}

// The stream stops here with `ret`: tells downstream and the application.
static void base_src_pause(GmBaseSrc *src, GmFlowReturn ret)
{
    GmFormat format = src->segment.format;
    int64_t position = (int64_t)src->segment.position;
    GmEvent *event;

    src->running = false;
    gm_pad_pause_task(src->srcpad);
    if (ret != GM_FLOW_NOT_LINKED && ret > GM_FLOW_EOS) {
        src->running = gm_base_src_resume_for_eos(src);
        return;
    }
    if (ret == GM_FLOW_EOS && src->forced_eos) {
        GM_OBJECT_LOCK(src);
        event = gm_event_steal(&src->eos_event);
        GM_OBJECT_UNLOCK(src);
        src->forced_eos = false;
    } else if (ret == GM_FLOW_EOS && (src->segment.flags & GM_SEGMENT_FLAG_SEGMENT)) {
        GmMessage *message = gm_message_new_segment_done(GM_OBJECT(src), format, position);
        gm_message_set_seqnum(message, src->seqnum);
        gm_element_post_message(&src->element, message);
        event = gm_event_new_segment_done(format, position);
        gm_event_set_seqnum(event, src->seqnum);
    } else {
        if (ret != GM_FLOW_EOS)
            GM_ELEMENT_FLOW_ERROR(src, ret);
        event = gm_event_new_eos();
        gm_event_set_seqnum(event, src->seqnum);
    }
    if (event != NULL)
        gm_pad_push_event(src->srcpad, event);
}

// Where the next read begins, and how long it is: backwards before the position.
static uint64_t base_src_next_read(GmBaseSrc *src, unsigned *length)
{
    GmSegment *s = &src->segment;
    *length = src->blocksize;
    if (s->format != GM_FORMAT_BYTES)
        return NONE;
    if (s->rate >= 0)
        return s->position;
    if (s->position > s->start + *length)
        return s->position - *length;
    *length = (unsigned)(s->position - s->start);
    return s->start;
}

// Gives a buffer to push (or leaves a list pending). Live lock held.
static GmFlowReturn base_src_next_buffer(GmBaseSrc *src, GmBuffer **buf, bool *eos)
{
    unsigned length;

    if (src->flushing || GM_PAD_IS_FLUSHING(src->srcpad))
        return GM_FLOW_FLUSHING;
    uint64_t position = base_src_next_read(src, &length);
    GmFlowReturn ret = base_src_get_range(src, position, length, buf);
    if (ret != GM_FLOW_OK)
        return ret;
    base_src_push_events(src);
    *eos = base_src_advance(src, *buf, position);
    if (src->discont) {
        if (src->pending_list == NULL)
            *buf = gm_buffer_make_writable(*buf);
        GM_BUFFER_FLAG_SET(*buf, GM_BUFFER_FLAG_DISCONT);
        src->discont = false;
    }
    return GM_FLOW_OK;
}

void gm_base_src_loop(void *data)
{
    GmPad *pad = data;
    GmBaseSrc *src = GM_BASE_SRC_CAST(GM_OBJECT_PARENT(pad));
    GmBuffer *buf = NULL;
    bool eos = false;

    if (!src->flushing && GM_PAD_IS_EOS(pad)) {
        gm_pad_pause_task(pad);
        return;
    }
    GmFlowReturn ret = src->flushing || GM_PAD_IS_FLUSHING(pad) ? GM_FLOW_FLUSHING : GM_FLOW_OK;
    if (ret == GM_FLOW_OK)
        gm_base_src_send_stream_start(src);
    if (ret == GM_FLOW_OK && gm_pad_check_reconfigure(pad) &&
        !gm_base_src_negotiate_unlocked(src)) {
        gm_pad_mark_reconfigure(pad);
        ret = GM_PAD_IS_FLUSHING(pad) ? GM_FLOW_FLUSHING : GM_FLOW_NOT_NEGOTIATED;
    }
    if (ret == GM_FLOW_OK) {
        gm_mutex_lock(&src->live_lock);
        ret = base_src_next_buffer(src, &buf, &eos);
        gm_mutex_unlock(&src->live_lock);
        if (ret == GM_FLOW_OK) {
            GmBufferList *list = src->pending_list;
            src->pending_list = NULL;
            ret = list != NULL ? gm_pad_push_list(pad, list) : gm_pad_push(pad, buf);
            if (ret == GM_FLOW_NOT_NEGOTIATED && gm_pad_needs_reconfigure(pad))
                return; // once more: new caps have come
        }
    }
    if (ret == GM_FLOW_OK && eos && !src->segment_pending)
        ret = GM_FLOW_EOS;
    if (ret != GM_FLOW_OK)
        base_src_pause(src, ret);
}
