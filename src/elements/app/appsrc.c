// SPDX-License-Identifier: MIT
//
// appsrc: a source whose data comes from the application.
//
//     push_buffer() --> [ queue of caps, buffers, lists, events ] --> create() --> [src]
//
// Two threads meet at the queue: the application's, which may wait for room (block), and the
// streaming thread, which waits for data. Caps and segments travel in the queue, so that they
// take effect in front of the buffer they were set for.
// Lock order: stream lock, our lock, object lock. Our lock is never held while the
// application's functions run.
// Read next: app/app_src.h, elements/app/app_src_api.c.

#include <stdlib.h>

#include "core/enums.h"
#include "elements/app/appsrc_priv.h"

GM_DEBUG_CATEGORY_DEFINE(appsrc_debug, "appsrc", 0, "data from the application");
#define GM_CAT_DEFAULT appsrc_debug

// ---- levels (all under lock) -----------------------------------------------------------------

typedef struct {
    uint64_t    bytes;
    unsigned    buffers;
    GmClockTime start, end; // first time stamp, end of the last; NONE: unknown
} Amount;

static void appsrc_count_buffer(Amount *amount, GmBuffer *buffer)
{
    GmClockTime time = GM_BUFFER_DTS_OR_PTS(buffer);

    amount->buffers++;
    amount->bytes += gm_buffer_get_size(buffer);
    if (!GM_CLOCK_TIME_IS_VALID(time))
        return;
    if (!GM_CLOCK_TIME_IS_VALID(amount->start))
        amount->start = time;
    amount->end = GM_BUFFER_DURATION_IS_VALID(buffer) ? time + GM_BUFFER_DURATION(buffer) : time;
}

static Amount appsrc_amount(GmMiniObject *item)
{
    Amount amount = { 0, 0, GM_CLOCK_TIME_NONE, GM_CLOCK_TIME_NONE };

    if (GM_IS_BUFFER(item))
        appsrc_count_buffer(&amount, GM_BUFFER_CAST(item));
    else if (GM_IS_BUFFER_LIST(item))
        for (unsigned i = 0; i < gm_buffer_list_length(GM_BUFFER_LIST_CAST(item)); i++)
            appsrc_count_buffer(&amount, gm_buffer_list_get(GM_BUFFER_LIST_CAST(item), i));
    return amount;
}

// Running time of `time`, moved into the segment first.
static GmClockTime appsrc_running_time(const GmSegment *segment, GmClockTime time)
{
    if (GM_CLOCK_TIME_IS_VALID(segment->stop) && time > segment->stop)
        time = segment->stop;
    else if (time < segment->start)
        time = segment->start;
    return gm_segment_to_running_time(segment, GM_FORMAT_TIME, time);
}

static void appsrc_update_time(AppSrc *s)
{
    bool known = GM_CLOCK_TIME_IS_VALID(s->in_time) && GM_CLOCK_TIME_IS_VALID(s->out_time);

    if (known)
        s->queued_time = s->in_time > s->out_time ? s->in_time - s->out_time : 0;
}

static void appsrc_item_came(AppSrc *s, GmMiniObject *item)
{
    Amount amount = appsrc_amount(item);

    s->queued_bytes += amount.bytes;
    s->queued_buffers += amount.buffers;
    if (s->in_segment.format != GM_FORMAT_TIME || !GM_CLOCK_TIME_IS_VALID(amount.end))
        return;
    s->in_time = appsrc_running_time(&s->in_segment, amount.end);
    if (s->queued_buffers == 1) // nothing has left yet: time counts from this buffer's start
        s->out_time = appsrc_running_time(&s->in_segment, amount.start);
    appsrc_update_time(s);
}

// `out`: it goes on its way; else it is thrown away.
static void appsrc_item_goes(AppSrc *s, GmMiniObject *item, bool out)
{
    Amount amount = appsrc_amount(item);
    const GmSegment *segment = s->out_segment.format == GM_FORMAT_UNDEFINED ? &s->in_segment
                                                                            : &s->out_segment;

    s->queued_bytes -= amount.bytes;
    s->queued_buffers -= amount.buffers;
    if (segment->format == GM_FORMAT_TIME && GM_CLOCK_TIME_IS_VALID(amount.end)) {
        s->out_time = appsrc_running_time(segment, amount.end);
        appsrc_update_time(s);
    }
    if (s->queued_buffers == 0)
        s->queued_time = 0;
    if (out && s->now.stream_type == GM_APP_STREAM_TYPE_RANDOM_ACCESS)
        s->offset += amount.bytes;
}

static bool appsrc_is_full(const AppSrc *s)
{
    return (s->now.max_bytes && s->queued_bytes >= s->now.max_bytes) ||
           (s->now.max_buffers && s->queued_buffers >= s->now.max_buffers) ||
           (s->now.max_time && s->queued_time >= s->now.max_time);
}

static bool appsrc_is_low(const AppSrc *s)
{
    unsigned percent = s->now.min_percent;

    return percent && ((s->now.max_bytes && s->queued_bytes * 100 / s->now.max_bytes <= percent) ||
                       (s->now.max_buffers &&
                        s->queued_buffers * 100 / s->now.max_buffers <= percent) ||
                       (s->now.max_time && s->queued_time * 100 / s->now.max_time <= percent));
}

// Empties the queue; the last caps in it stay, they count for what comes next.
static void appsrc_flush(AppSrc *s)
{
    GmMiniObject *caps = NULL;

    while (s->queue.count > 0) {
        GmMiniObject *item = gm_app_queue_remove(&s->queue, 0);
        if (GM_IS_CAPS(item)) {
            gm_mini_object_replace(&caps, item);
        }
        if (item)
            gm_mini_object_unref(item);
    }
    if (caps)
        gm_app_queue_push(&s->queue, caps);
    s->queued_bytes = s->queued_time = 0;
    s->queued_buffers = 0;
    s->in_time = s->out_time = GM_CLOCK_TIME_NONE;
    s->discont_in = s->discont_out = false;
    gm_cond_broadcast(&s->cond);
}

// ---- asking the application (under lock, released meanwhile) -----------------------------------

static void appsrc_need_data(AppSrc *s, unsigned size)
{
    AppCallbacks *callbacks = gm_app_callbacks_ref(s->callbacks);
    bool emit = s->now.emit_signals;

    gm_mutex_unlock(&s->lock);
    if (callbacks && callbacks->src.need_data)
        callbacks->src.need_data(GM_APP_SRC(s->element), size, callbacks->user_data);
    else if (emit)
        gm_signal_emit_by_name(s->element, "need-data", size);
    gm_app_callbacks_unref(callbacks);
    gm_mutex_lock(&s->lock);
}

static void appsrc_enough_data(AppSrc *s)
{
    AppCallbacks *callbacks = gm_app_callbacks_ref(s->callbacks);
    bool emit = s->now.emit_signals;

    gm_mutex_unlock(&s->lock);
    if (callbacks && callbacks->src.enough_data)
        callbacks->src.enough_data(GM_APP_SRC(s->element), callbacks->user_data);
    else if (emit)
        gm_signal_emit_by_name(s->element, "enough-data");
    gm_app_callbacks_unref(callbacks);
    gm_mutex_lock(&s->lock);
}

static bool appsrc_seek_data(AppSrc *s, uint64_t offset)
{
    AppCallbacks *callbacks = gm_app_callbacks_ref(s->callbacks);
    bool emit = s->now.emit_signals, ok = false;

    gm_mutex_unlock(&s->lock);
    if (callbacks && callbacks->src.seek_data)
        ok = callbacks->src.seek_data(GM_APP_SRC(s->element), offset, callbacks->user_data);
    else if (emit)
        gm_signal_emit_by_name(s->element, "seek-data", offset, &ok);
    gm_app_callbacks_unref(callbacks);
    gm_mutex_lock(&s->lock);
    return ok;
}

// ---- data in: the application's thread ---------------------------------------------------------

// Takes a buffer or list, gives it or a copy whose first buffer may be written to.
static GmMiniObject *appsrc_first_writable(GmMiniObject *item, GmBuffer **first)
{
    if (GM_IS_BUFFER_LIST(item)) {
        GmBufferList *list = gm_buffer_list_make_writable(GM_BUFFER_LIST_CAST(item));
        *first = gm_buffer_list_get_writable(list, 0);
        return GM_MINI_OBJECT_CAST(list);
    }
    *first = gm_buffer_make_writable(GM_BUFFER_CAST(item));
    return GM_MINI_OBJECT_CAST(*first);
}

static GmMiniObject *appsrc_mark_discont(GmMiniObject *item)
{
    GmBuffer *first;

    item = appsrc_first_writable(item, &first);
    GM_BUFFER_FLAG_SET(first, GM_BUFFER_FLAG_DISCONT);
    return item;
}

// do-timestamp: the time is that of the push, not that of leaving the queue.
static GmMiniObject *appsrc_stamp(AppSrc *s, GmMiniObject *item)
{
    GmBuffer *first = GM_IS_BUFFER(item) ? GM_BUFFER_CAST(item)
                                         : gm_buffer_list_get(GM_BUFFER_LIST_CAST(item), 0);

    if (GM_BUFFER_DTS_IS_VALID(first) || GM_BUFFER_PTS_IS_VALID(first) ||
        !gm_base_src_get_do_timestamp(GM_BASE_SRC(s->element)))
        return item;
    GmClock *clock = gm_element_get_clock(s->element);
    if (!clock) {
        GM_WARNING_OBJECT(s->element, "do-timestamp, but no clock yet: it comes with PLAYING");
        return item;
    }
    GmClockTime now = gm_clock_get_time(clock), base = gm_element_get_base_time(s->element);
    gm_object_unref(clock);
    item = appsrc_first_writable(item, &first);
    GM_BUFFER_PTS(first) = GM_BUFFER_DTS(first) = now > base ? now - base : 0;
    return item;
}

// Drops the oldest buffer or list. False: there is none.
static bool appsrc_leak_oldest(AppSrc *s)
{
    for (unsigned i = 0; i < s->queue.count; i++) {
        GmMiniObject *item = gm_app_queue_peek(&s->queue, i);
        if (!GM_IS_BUFFER(item) && !GM_IS_BUFFER_LIST(item))
            continue;
        gm_app_queue_remove(&s->queue, i);
        appsrc_item_goes(s, item, false);
        s->dropped += appsrc_amount(item).buffers;
        gm_mini_object_unref(item);
        s->discont_out = true;
        return true;
    }
    return false;
}

// Waits for or makes room. CUSTOM_SUCCESS: the newcomer is dropped.
static GmFlowReturn appsrc_make_room(AppSrc *s)
{
    bool told = false;

    for (;;) {
        if (s->flushing)
            return GM_FLOW_FLUSHING;
        if (s->is_eos)
            return GM_FLOW_EOS;
        if (!appsrc_is_full(s))
            return GM_FLOW_OK;
        if (!told) {
            told = true;
            appsrc_enough_data(s);
            if (s->flushing || s->is_eos || !appsrc_is_full(s))
                continue;
        }
        if (s->now.leaky == GM_APP_LEAKY_TYPE_UPSTREAM)
            return GM_FLOW_CUSTOM_SUCCESS;
        if (s->now.leaky == GM_APP_LEAKY_TYPE_DOWNSTREAM) {
            if (!appsrc_leak_oldest(s))
                return GM_FLOW_OK;
        } else if (s->now.block) {
            gm_cond_wait(&s->cond, &s->lock, GM_WAIT_APP, s->element);
        } else {
            return GM_FLOW_OK; // it was told; the queue grows
        }
    }
}

GmFlowReturn gm_appsrc_push_item(AppSrc *s, GmMiniObject *item)
{
    item = appsrc_stamp(s, item);
    gm_mutex_lock(&s->lock);
    GmFlowReturn ret = appsrc_make_room(s);
    if (ret == GM_FLOW_CUSTOM_SUCCESS) {
        s->dropped += appsrc_amount(item).buffers;
        s->discont_in = true;
        ret = GM_FLOW_EOS; // as 1.22 answers
    } else if (ret == GM_FLOW_OK) {
        if (s->segment_pending)
            gm_app_queue_push(&s->queue,
                              GM_MINI_OBJECT_CAST(gm_event_new_segment(&s->in_segment)));
        s->segment_pending = false;
        if (s->discont_in)
            item = appsrc_mark_discont(item);
        s->discont_in = false;
        appsrc_item_came(s, item);
        gm_app_queue_push(&s->queue, item);
        item = NULL;
        gm_cond_broadcast(&s->cond);
    }
    gm_mutex_unlock(&s->lock);
    if (item)
        gm_mini_object_unref(item);
    return ret;
}

static bool appsrc_send_event(GmElement *el, GmEvent *event)
{
    AppSrc *s = gm_priv(el);

    if (GM_EVENT_TYPE(event) == GM_EVENT_FLUSH_STOP) {
        gm_mutex_lock(&s->lock);
        appsrc_flush(s);
        gm_mutex_unlock(&s->lock);
    } else if (GM_EVENT_IS_SERIALIZED(event)) {
        gm_mutex_lock(&s->lock);
        gm_app_queue_push(&s->queue, GM_MINI_OBJECT_CAST(event));
        gm_cond_broadcast(&s->cond);
        gm_mutex_unlock(&s->lock);
        return true;
    }
    return gm_base_src_class.send_event(el, event);
}

// ---- data out: the streaming thread ------------------------------------------------------------

static bool appsrc_negotiate(GmBaseSrc *src)
{
    AppSrc *s = gm_priv(src);

    gm_mutex_lock(&s->lock);
    GmCaps *caps = s->current_caps ? gm_caps_ref(s->current_caps) : NULL;
    gm_mutex_unlock(&s->lock);
    if (!caps)
        return gm_base_src_ops.negotiate(src);
    bool ok = gm_base_src_set_caps(src, caps);
    gm_caps_unref(caps);
    return ok;
}

// Takes caps (NULL: any). Under lock, released meanwhile.
static void appsrc_caps_come_out(AppSrc *s, GmCaps *caps)
{
    bool changed = caps && s->current_caps ? !gm_caps_is_equal(caps, s->current_caps)
                                           : caps != s->current_caps;

    gm_caps_replace(&s->current_caps, caps);
    if (caps)
        gm_caps_unref(caps);
    if (!changed)
        return;
    gm_mutex_unlock(&s->lock);
    appsrc_negotiate(GM_BASE_SRC(s->element));
    gm_mutex_lock(&s->lock);
}

// Takes event. Under lock, released meanwhile. False: a segment that cannot be.
static bool appsrc_event_comes_out(AppSrc *s, GmEvent *event)
{
    GmBaseSrc *src = GM_BASE_SRC(s->element);
    GmSegment segment = s->in_segment;
    bool ok = true;

    if (GM_EVENT_TYPE(event) == GM_EVENT_SEGMENT) {
        gm_event_copy_segment(event, &segment);
        gm_event_unref(event);
        if (gm_segment_is_equal(&segment, &s->out_segment))
            return true;
        ok = gm_base_src_new_segment(src, &segment);
        if (ok)
            s->out_segment = segment;
        return ok;
    }
    gm_mutex_unlock(&s->lock);
    // Serialised events belong behind a segment.
    GmEvent *sticky = gm_pad_get_sticky_event(src->srcpad, GM_EVENT_SEGMENT, 0);
    if (sticky)
        gm_event_unref(sticky);
    else
        gm_pad_push_event(src->srcpad, gm_event_new_segment(&segment));
    gm_pad_push_event(src->srcpad, event);
    gm_mutex_lock(&s->lock);
    return ok;
}

// The next buffer (in *buf) or list (submitted) of the queue, with what stands before it done.
// GM_FLOW_CUSTOM_SUCCESS: there is none.
static GmFlowReturn appsrc_take(AppSrc *s, GmBuffer **buf)
{
    while (s->queue.count > 0 && !s->flushing) {
        GmMiniObject *item = gm_app_queue_remove(&s->queue, 0);
        if (!item || GM_IS_CAPS(item)) {
            appsrc_caps_come_out(s, (GmCaps *)item);
            continue;
        }
        if (GM_IS_EVENT(item)) {
            if (!appsrc_event_comes_out(s, GM_EVENT_CAST(item)))
                return GM_FLOW_ERROR;
            continue;
        }
        appsrc_item_goes(s, item, true);
        gm_cond_broadcast(&s->cond);
        if (s->discont_out)
            item = appsrc_mark_discont(item);
        s->discont_out = false;
        if (GM_IS_BUFFER_LIST(item)) {
            gm_base_src_submit_buffer_list(GM_BASE_SRC(s->element), GM_BUFFER_LIST_CAST(item));
            *buf = NULL;
        } else {
            *buf = GM_BUFFER_CAST(item);
        }
        return GM_FLOW_OK;
    }
    return s->flushing ? GM_FLOW_FLUSHING : GM_FLOW_CUSTOM_SUCCESS;
}

// The application may have said something new of the length of its stream.
static void appsrc_update_duration(AppSrc *s, GmBaseSrc *src)
{
    uint64_t duration;

    GM_OBJECT_LOCK(src);
    duration = src->segment.format == GM_FORMAT_BYTES ? (uint64_t)s->set.size
               : src->segment.format == GM_FORMAT_TIME ? s->set.duration
                                                       : src->segment.duration;
    bool changed = duration != src->segment.duration;
    src->segment.duration = duration;
    GM_OBJECT_UNLOCK(src);
    if (changed)
        gm_element_post_message(s->element, gm_message_new_duration_changed(GM_OBJECT(src)));
}

static GmFlowReturn appsrc_create(GmBaseSrc *src, uint64_t offset, unsigned size, GmBuffer **buf)
{
    AppSrc *s = gm_priv(src);
    GmFlowReturn ret = GM_FLOW_CUSTOM_SUCCESS;
    bool seek_failed = false;

    appsrc_update_duration(s, src);
    gm_mutex_lock(&s->lock);
    if (s->flushing) {
        ret = GM_FLOW_FLUSHING;
    } else if (s->now.stream_type == GM_APP_STREAM_TYPE_RANDOM_ACCESS && s->offset != offset) {
        seek_failed = !appsrc_seek_data(s, offset);
        if (seek_failed)
            ret = GM_FLOW_ERROR;
        s->offset = offset;
        s->is_eos = false;
    }
    while (ret == GM_FLOW_CUSTOM_SUCCESS) {
        ret = appsrc_take(s, buf);
        if (ret != GM_FLOW_CUSTOM_SUCCESS)
            break;
        appsrc_need_data(s, size);
        if (s->flushing)
            ret = GM_FLOW_FLUSHING;
        else if (s->queue.count > 0)
            continue;
        else if (s->is_eos)
            ret = GM_FLOW_EOS;
        else
            gm_cond_wait(&s->cond, &s->lock, GM_WAIT_APP, s->element);
    }
    if (ret == GM_FLOW_OK && appsrc_is_low(s))
        appsrc_need_data(s, size);
    gm_mutex_unlock(&s->lock);
    if (seek_failed)
        GM_ELEMENT_ERROR(src, RESOURCE, READ, ("failed to seek"),
                         ("the application refused offset %" PRIu64, offset));
    else if (ret == GM_FLOW_ERROR)
        GM_ELEMENT_ERROR(src, LIBRARY, SETTINGS, (NULL),
                         ("Failed to configure the provided input segment."));
    return ret;
}

// ---- the rest of a source -----------------------------------------------------------------------

static bool appsrc_set_flushing(GmBaseSrc *src, bool flushing)
{
    AppSrc *s = gm_priv(src);

    gm_mutex_lock(&s->lock);
    s->flushing = flushing;
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
    return true;
}

static bool appsrc_unlock(GmBaseSrc *src)
{
    return appsrc_set_flushing(src, true);
}

static bool appsrc_unlock_stop(GmBaseSrc *src)
{
    return appsrc_set_flushing(src, false);
}

static bool appsrc_start(GmBaseSrc *src)
{
    AppSrc *s = gm_priv(src);

    gm_mutex_lock(&s->lock);
    s->offset = UINT64_MAX; // random access begins with a seek
    s->flushing = false;
    s->segment_pending = false;
    GmFormat format = (GmFormat)s->now.format;
    gm_segment_init(&s->in_segment, format);
    gm_segment_init(&s->out_segment, format);
    gm_mutex_unlock(&s->lock);
    gm_base_src_set_format(src, format);
    return true;
}

static bool appsrc_stop(GmBaseSrc *src)
{
    AppSrc *s = gm_priv(src);

    gm_mutex_lock(&s->lock);
    s->is_eos = false;
    s->flushing = true;
    appsrc_flush(s);
    gm_mutex_unlock(&s->lock);
    return true;
}

static bool appsrc_is_seekable(GmBaseSrc *src)
{
    return gm_app_src_get_stream_type(GM_APP_SRC(src)) != GM_APP_STREAM_TYPE_STREAM;
}

static bool appsrc_get_size(GmBaseSrc *src, uint64_t *size)
{
    *size = (uint64_t)gm_app_src_get_size(GM_APP_SRC(src));
    return true;
}

static bool appsrc_do_seek(GmBaseSrc *src, GmSegment *segment)
{
    AppSrc *s = gm_priv(src);

    if (!appsrc_is_seekable(src))
        return true;
    gm_mutex_lock(&s->lock);
    bool ok = appsrc_seek_data(s, segment->position);
    if (ok) {
        appsrc_flush(s);
        s->in_segment = s->out_segment = *segment;
        s->segment_pending = s->is_eos = false;
    }
    gm_mutex_unlock(&s->lock);
    return ok;
}

static bool appsrc_query_duration(AppSrc *s, GmQuery *query)
{
    GmFormat format;

    gm_query_parse_duration(query, &format, NULL);
    GM_OBJECT_LOCK(s->element);
    int64_t bytes = s->set.size, time = (int64_t)s->set.duration;
    GM_OBJECT_UNLOCK(s->element);
    if (format == GM_FORMAT_BYTES)
        gm_query_set_duration(query, format, bytes);
    else if (format == GM_FORMAT_TIME && time != -1)
        gm_query_set_duration(query, format, time);
    else
        return false;
    return true;
}

static bool appsrc_query(GmBaseSrc *src, GmQuery *query)
{
    AppSrc *s = gm_priv(src);
    GmClockTime min, max;
    bool live;

    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_LATENCY: {
        bool ok = gm_base_src_query_latency(src, &live, &min, &max);
        gm_mutex_lock(&s->lock);
        if (s->now.min_latency != -1) {
            min = (GmClockTime)s->now.min_latency;
            max = (GmClockTime)s->now.max_latency;
        }
        gm_mutex_unlock(&s->lock);
        gm_query_set_latency(query, live, min, max);
        return ok;
    }
    case GM_QUERY_SCHEDULING:
        gm_query_set_scheduling(query, GM_SCHEDULING_FLAG_SEEKABLE, 1, -1, 0);
        gm_query_add_scheduling_mode(query, GM_PAD_MODE_PUSH);
        if (gm_app_src_get_stream_type(GM_APP_SRC(src)) == GM_APP_STREAM_TYPE_RANDOM_ACCESS)
            gm_query_add_scheduling_mode(query, GM_PAD_MODE_PULL);
        return true;
    case GM_QUERY_DURATION:
        return appsrc_query_duration(s, query);
    default:
        return gm_base_src_ops.query(src, query);
    }
}

static GmCaps *appsrc_get_caps(GmBaseSrc *src, GmCaps *filter)
{
    GmCaps *caps = gm_app_src_get_caps(GM_APP_SRC(src));

    if (!caps)
        return filter ? gm_caps_ref(filter) : gm_caps_new_any();
    if (filter) {
        GmCaps *narrowed = gm_caps_intersect_full(filter, caps, GM_CAPS_INTERSECT_FIRST);
        gm_caps_unref(caps);
        caps = narrowed;
    }
    return caps;
}

// ---- the manifest -------------------------------------------------------------------------------

static void appsrc_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    AppSrc *s = gm_priv(obj);

    if (strcmp(prop->name, "caps") == 0) {
        gm_app_src_set_caps(GM_APP_SRC(obj), gm_value_get_caps(value));
        return;
    }
    gm_mutex_lock(&s->lock);
    GM_OBJECT_LOCK(obj);
    bool latency = s->now.min_latency != s->set.min_latency ||
        s->now.max_latency != s->set.max_latency;
    bool live = s->set.is_live;
    s->now = s->set;
    GM_OBJECT_UNLOCK(obj);
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
    if (strcmp(prop->name, "is-live") == 0)
        gm_base_src_set_live(GM_BASE_SRC(obj), live);
    if (latency)
        gm_element_post_message(s->element, gm_message_new_latency(obj));
}

static void appsrc_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    AppSrc *s = gm_priv(obj);

    if (strcmp(prop->name, "caps") == 0) {
        GmCaps *caps = gm_app_src_get_caps(GM_APP_SRC(obj));
        gm_value_set_caps(value, caps);
        if (caps)
            gm_caps_unref(caps);
        return;
    }
    gm_mutex_lock(&s->lock);
    uint64_t n = strcmp(prop->name, "current-level-bytes") == 0     ? s->queued_bytes
                 : strcmp(prop->name, "current-level-buffers") == 0 ? s->queued_buffers
                 : strcmp(prop->name, "dropped") == 0               ? s->dropped
                                                                    : s->queued_time;
    gm_mutex_unlock(&s->lock);
    gm_value_set_uint64(value, n);
}

static void appsrc_init(GmObject *obj)
{
    AppSrc *s = gm_priv(obj);

    s->element = GM_ELEMENT(obj);
    gm_mutex_init(&s->lock);
    gm_cond_init(&s->cond);
    s->now = s->set;
    s->in_time = s->out_time = GM_CLOCK_TIME_NONE;
}

static void appsrc_finalize(GmObject *obj)
{
    AppSrc *s = gm_priv(obj);

    gm_app_queue_free(&s->queue);
    gm_app_callbacks_unref(s->callbacks);
    gm_caps_replace(&s->current_caps, NULL);
    gm_caps_replace(&s->last_caps, NULL);
    gm_cond_clear(&s->cond);
    gm_mutex_clear(&s->lock);
}

static const GmEnumTable appsrc_stream_type = {
    "GmAppStreamType",
    (const GmEnumValue[]){ { GM_APP_STREAM_TYPE_STREAM, "GM_APP_STREAM_TYPE_STREAM", "stream" },
                           { GM_APP_STREAM_TYPE_SEEKABLE, "GM_APP_STREAM_TYPE_SEEKABLE",
                             "seekable" },
                           { GM_APP_STREAM_TYPE_RANDOM_ACCESS, "GM_APP_STREAM_TYPE_RANDOM_ACCESS",
                             "random-access" },
                           { 0, NULL, NULL } },
    false
};

static const GmEnumTable appsrc_leaky_type = {
    "GmAppLeakyType",
    (const GmEnumValue[]){ { GM_APP_LEAKY_TYPE_NONE, "GM_APP_LEAKY_TYPE_NONE", "none" },
                           { GM_APP_LEAKY_TYPE_UPSTREAM, "GM_APP_LEAKY_TYPE_UPSTREAM", "upstream" },
                           { GM_APP_LEAKY_TYPE_DOWNSTREAM, "GM_APP_LEAKY_TYPE_DOWNSTREAM",
                             "downstream" },
                           { 0, NULL, NULL } },
    false
};

static const GmStaticPadTemplate appsrc_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC }, { 0 }
};

#define LIVE (GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING)
static const GmProperty appsrc_props[] = {
    { "block", "Block push-buffer when max-bytes are queued", GM_FIELD(AppSrc, set.block),
      .flags = LIVE },
    { "caps", "The allowed caps for the src pad", GM_COMPUTED(GM_TYPE_CAPS), .flags = LIVE },
    { "current-level-buffers", "The number of currently queued buffers",
      GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { "current-level-bytes", "The number of currently queued bytes", GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { "current-level-time", "The amount of currently queued time", GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { "dropped", "Number of buffers leaked since the element was made", GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { "duration", "The duration of the data stream in nanoseconds (GM_CLOCK_TIME_NONE if unknown)",
      GM_FIELD(AppSrc, set.duration), .def = "18446744073709551615", .flags = LIVE },
    { "emit-signals", "Emit need-data, enough-data and seek-data signals",
      GM_FIELD(AppSrc, set.emit_signals), .def = "true", .flags = LIVE },
    { "format", "The format of the segment events and seek",
      GM_ENUM_FIELD(AppSrc, set.format, &gm_format_enum), .def = "bytes" },
    { "handle-segment-change",
      "Whether to detect and handle changed time format GmSegment in GmSample. "
      "User should set valid GmSegment in GmSample. Must set format property as \"time\" to enable "
      "this property", GM_FIELD(AppSrc, set.handle_segment_change) },
    { "is-live", "Whether to act as a live source", GM_FIELD(AppSrc, set.is_live) },
    { "leaky-type", "Whether to drop buffers once the internal queue is full",
      GM_ENUM_FIELD(AppSrc, set.leaky, &appsrc_leaky_type), .def = "none", .flags = LIVE },
    { "max-buffers", "The maximum number of buffers to queue internally (0 = unlimited)",
      GM_FIELD(AppSrc, set.max_buffers), .flags = LIVE },
    { "max-bytes", "The maximum number of bytes to queue internally (0 = unlimited)",
      GM_FIELD(AppSrc, set.max_bytes), .def = "200000", .flags = LIVE },
    { "max-latency", "The maximum latency (-1 = unlimited)", GM_FIELD(AppSrc, set.max_latency),
      .def = "-1", .min = -1, .max = (double)INT64_MAX, .flags = LIVE },
    { "max-time", "The maximum amount of time to queue internally (0 = unlimited)",
      GM_FIELD(AppSrc, set.max_time), .flags = LIVE },
    { "min-latency", "The minimum latency (-1 = default)", GM_FIELD(AppSrc, set.min_latency),
      .def = "-1", .min = -1, .max = (double)INT64_MAX, .flags = LIVE },
    { "min-percent", "Emit need-data when queued bytes drops below this percent of max-bytes",
      GM_FIELD(AppSrc, set.min_percent), .max = 100, .flags = LIVE },
    { "size", "The size of the data stream in bytes (-1 if unknown)", GM_FIELD(AppSrc, set.size),
      .def = "-1", .min = -1, .max = (double)INT64_MAX, .flags = LIVE },
    { "stream-type", "the type of the stream",
      GM_ENUM_FIELD(AppSrc, set.stream_type, &appsrc_stream_type), .def = "stream" },
    { 0 }
};

static int appsrc_push_action(GmObject *obj, void *item, void *data)
{
    (void)data;
    return gm_appsrc_push_item(gm_priv(obj), gm_mini_object_ref(item));
}

static int appsrc_push_sample_action(GmObject *obj, void *sample, void *data)
{
    (void)data;
    return gm_app_src_push_sample(GM_APP_SRC(obj), sample);
}

static int appsrc_end_of_stream_action(GmObject *obj, void *data)
{
    (void)data;
    return gm_app_src_end_of_stream(GM_APP_SRC(obj));
}

static const GmSignal appsrc_signals[] = {
    { "need-data", gm_marshal_uint, "void (GmElement *src, unsigned length, void *user_data)",
      NULL },
    { "enough-data", gm_marshal_void, "void (GmElement *src, void *user_data)", NULL },
    { "seek-data", gm_marshal_uint64__bool,
      "bool (GmElement *src, uint64_t offset, void *user_data)",
      NULL },
    { "push-buffer", gm_marshal_pointer__int, "GmFlowReturn (GmElement *src, GmBuffer *buffer)",
      GM_CALLBACK(appsrc_push_action) },
    { "push-buffer-list", gm_marshal_pointer__int,
      "GmFlowReturn (GmElement *src, GmBufferList *list)",
      GM_CALLBACK(appsrc_push_action) },
    { "push-sample", gm_marshal_pointer__int, "GmFlowReturn (GmElement *src, GmSample *sample)",
      GM_CALLBACK(appsrc_push_sample_action) },
    { "end-of-stream", gm_marshal__int, "GmFlowReturn (GmElement *src)",
      GM_CALLBACK(appsrc_end_of_stream_action) },
    { 0 }
};

static const GmBaseSrcOps appsrc_ops = {
    .get_caps = appsrc_get_caps,
    .negotiate = appsrc_negotiate,
    .start = appsrc_start,
    .stop = appsrc_stop,
    .unlock = appsrc_unlock,
    .unlock_stop = appsrc_unlock_stop,
    .do_seek = appsrc_do_seek,
    .is_seekable = appsrc_is_seekable,
    .get_size = appsrc_get_size,
    .query = appsrc_query,
    .create = appsrc_create,
};

const GmElementClass gm_appsrc_class = {
    .name = "appsrc",
    .type_name = "GmAppSrc",
    .parent = &gm_base_src_class.object,
    .longname = "AppSrc",
    .klass = "Generic/Source",
    .description = "Allow the application to feed buffers to a pipeline",
    .author = "The GstMini authors",
    .priv_size = sizeof(AppSrc),
    .props = appsrc_props,
    .signals = appsrc_signals,
    .pads = appsrc_pads,
    .init = appsrc_init,
    .finalize = appsrc_finalize,
    .set_property = appsrc_set_property,
    .get_property = appsrc_get_property,
    .send_event = appsrc_send_event,
    .src = &appsrc_ops,
};
