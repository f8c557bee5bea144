// SPDX-License-Identifier: MIT
//
// identity: passes everything on unchanged, and can look, wait, drop or fail on request.
//
//     [sink]  -->  identity sync=true  -->  [src]
//
// The element to put between two others to see what passes, to slow a stream down, to make it
// keep time, or to test how a pipeline behaves when something goes wrong.
// Read next: core/base/base_transform.h.

#include <stdlib.h>

#include "elements/core/last_message.h"

static const GmEnumTable identity_buffer_flags = {
    "GmBufferFlags",
    (const GmEnumValue[]){ { GM_BUFFER_FLAG_LIVE, "GM_BUFFER_FLAG_LIVE", "live" },
                           { GM_BUFFER_FLAG_DECODE_ONLY, "GM_BUFFER_FLAG_DECODE_ONLY",
                             "decode-only" },
                           { GM_BUFFER_FLAG_DISCONT, "GM_BUFFER_FLAG_DISCONT", "discont" },
                           { GM_BUFFER_FLAG_RESYNC, "GM_BUFFER_FLAG_RESYNC", "resync" },
                           { GM_BUFFER_FLAG_CORRUPTED, "GM_BUFFER_FLAG_CORRUPTED", "corrupted" },
                           { GM_BUFFER_FLAG_MARKER, "GM_BUFFER_FLAG_MARKER", "marker" },
                           { GM_BUFFER_FLAG_HEADER, "GM_BUFFER_FLAG_HEADER", "header" },
                           { GM_BUFFER_FLAG_GAP, "GM_BUFFER_FLAG_GAP", "gap" },
                           { GM_BUFFER_FLAG_DROPPABLE, "GM_BUFFER_FLAG_DROPPABLE", "droppable" },
                           { GM_BUFFER_FLAG_DELTA_UNIT, "GM_BUFFER_FLAG_DELTA_UNIT", "delta-unit" },
                           { 0, NULL, NULL } },
    true
};

typedef struct {
    // properties: frozen while streaming, but for the atomic ones
    bool         check_imperfect_timestamp, check_imperfect_offset, single_segment, dump;
    bool         signal_handoffs, drop_allocation, sync_set;
    _Atomic bool silent;
    int          datarate, drop_buffer_flags, eos_after, error_after;
    float        drop_probability;
    unsigned     sleep_time; // µs
    int64_t      ts_offset;
    // guarded by the object lock
    char      *last_message;
    bool       sync, flushing, blocked;
    GmCond     cond; // flushing or blocked changed
    GmClockID  clock_id;
    GmClockTime upstream_latency;
    uint64_t   num_bytes, num_buffers;
    GmSegment  seek_segment; // single-segment: what the last seek asked for
    // streaming thread only
    uint64_t    offset;
    GmClockTime prev_timestamp, prev_duration;
    uint64_t    prev_offset, prev_offset_end;
    int         eos_left, error_left;
    unsigned    random;
} Identity;

// ---- what it can report ---------------------------------------------------------------------

static void identity_report_imperfect(GmBaseTransform *trans, const char *name, GmBuffer *buffer)
{
    Identity *s = gm_priv(trans);
    GmStructure *st = gm_structure_new(
        name, "prev-timestamp", GM_TYPE_UINT64, s->prev_timestamp, "prev-duration", GM_TYPE_UINT64,
        s->prev_duration, "prev-offset", GM_TYPE_UINT64, s->prev_offset, "prev-offset-end",
        GM_TYPE_UINT64, s->prev_offset_end, "cur-timestamp", GM_TYPE_UINT64, GM_BUFFER_PTS(buffer),
        "cur-duration", GM_TYPE_UINT64, GM_BUFFER_DURATION(buffer), "cur-offset", GM_TYPE_UINT64,
        GM_BUFFER_OFFSET(buffer), "cur-offset-end", GM_TYPE_UINT64, GM_BUFFER_OFFSET_END(buffer),
        NULL);

    gm_element_post_message(GM_ELEMENT(trans), gm_message_new_element(GM_OBJECT(trans), st));
}

// Whether this buffer begins where the last one ended, in time and in offset.
static void identity_check_perfect(GmBaseTransform *trans, GmBuffer *buffer)
{
    Identity *s = gm_priv(trans);
    GmClockTime pts = GM_BUFFER_PTS(buffer);
    uint64_t offset = GM_BUFFER_OFFSET(buffer);

    if (s->check_imperfect_timestamp && GM_CLOCK_TIME_IS_VALID(pts) &&
        GM_CLOCK_TIME_IS_VALID(s->prev_timestamp) && GM_CLOCK_TIME_IS_VALID(s->prev_duration) &&
        s->prev_timestamp + s->prev_duration != pts)
        identity_report_imperfect(trans, "imperfect-timestamp", buffer);
    if (s->check_imperfect_offset && s->prev_offset_end != offset &&
        s->prev_offset_end != GM_BUFFER_OFFSET_NONE && offset != GM_BUFFER_OFFSET_NONE)
        identity_report_imperfect(trans, "imperfect-offset", buffer);
    s->prev_timestamp = pts;
    s->prev_duration = GM_BUFFER_DURATION(buffer);
    s->prev_offset = offset;
    s->prev_offset_end = GM_BUFFER_OFFSET_END(buffer);
}

// ---- waiting -----------------------------------------------------------------------------------

// Waits for PLAYING and then for the time of the buffer.
static GmFlowReturn identity_do_sync(GmBaseTransform *trans, GmClockTime running_time)
{
    Identity *s = gm_priv(trans);
    GmElement *el = GM_ELEMENT(trans);
    GmFlowReturn ret = GM_FLOW_OK;

    if (trans->segment.format != GM_FORMAT_TIME)
        return GM_FLOW_OK;
    GM_OBJECT_LOCK(trans);
    if (!s->sync) {
        GM_OBJECT_UNLOCK(trans);
        return GM_FLOW_OK;
    }
    while (s->blocked && !s->flushing)
        gm_cond_wait(&s->cond, GM_OBJECT_GET_LOCK(trans), GM_WAIT_PREROLL, trans);
    if (!s->flushing && el->clock) {
        GmClockTime time = running_time + (GmClockTime)el->base_time + s->upstream_latency;
        if (s->ts_offset < 0 && (GmClockTime)-s->ts_offset > time)
            time = 0;
        else
            time += (GmClockTime)s->ts_offset;
        GmClockID id = s->clock_id = gm_clock_new_single_shot_id(el->clock, time);
        GM_OBJECT_UNLOCK(trans);
        GmClockReturn waited = gm_clock_id_wait(id, NULL);
        GM_OBJECT_LOCK(trans);
        s->clock_id = NULL;
        gm_clock_id_unref(id);
        if (waited == GM_CLOCK_UNSCHEDULED)
            ret = GM_FLOW_FLUSHING;
    }
    if (s->flushing)
        ret = GM_FLOW_FLUSHING;
    GM_OBJECT_UNLOCK(trans);
    return ret;
}

// sleep-time, but woken when the element stops.
static GmFlowReturn identity_sleep(GmBaseTransform *trans)
{
    Identity *s = gm_priv(trans);
    GmClockTime deadline = gm_sync_now() + s->sleep_time * (GmClockTime)GM_USECOND;

    GM_OBJECT_LOCK(trans);
    while (!s->flushing && gm_cond_wait_until(&s->cond, GM_OBJECT_GET_LOCK(trans), deadline,
                                              GM_WAIT_CLOCK, trans))
        ;
    bool flushing = s->flushing;
    GM_OBJECT_UNLOCK(trans);
    return flushing ? GM_FLOW_FLUSHING : GM_FLOW_OK;
}

static void identity_set_flushing(Identity *s, void *el, bool flushing)
{
    GM_OBJECT_LOCK(el);
    s->flushing = flushing;
    if (flushing && s->clock_id)
        gm_clock_id_unschedule(s->clock_id);
    gm_cond_broadcast(&s->cond);
    GM_OBJECT_UNLOCK(el);
}

// ---- data --------------------------------------------------------------------------------------

static bool identity_wants_drop(Identity *s, GmBuffer *buffer)
{
    if (s->drop_buffer_flags && GM_BUFFER_FLAG_IS_SET(buffer, (unsigned)s->drop_buffer_flags))
        return true;
    if (s->drop_probability <= 0)
        return false;
    s->random = s->random * 1664525u + 1013904223u; // Numerical Recipes' generator
    return (float)(s->random >> 8) / (float)(1u << 24) < s->drop_probability;
}

static GmFlowReturn identity_drop(GmBaseTransform *trans, GmBuffer *buffer)
{
    Identity *s = gm_priv(trans);

    if (!s->silent)
        gm_last_message_set(trans, &s->last_message,
                            gm_last_message_for_buffer("dropping  ", trans->sinkpad, buffer));
    if (GM_BUFFER_PTS_IS_VALID(buffer))
        gm_pad_push_event(trans->srcpad,
                          gm_event_new_gap(GM_BUFFER_PTS(buffer), GM_BUFFER_DURATION(buffer)));
    return GM_BASE_TRANSFORM_FLOW_DROPPED;
}

// Running time of a time stamp; of the buffer's end when playing backwards.
static GmClockTime identity_running_time(const GmSegment *segment, GmClockTime time,
                                         GmClockTime duration)
{
    if (segment->format != GM_FORMAT_TIME || !GM_CLOCK_TIME_IS_VALID(time))
        return GM_CLOCK_TIME_NONE;
    if (segment->rate < 0 && GM_CLOCK_TIME_IS_VALID(duration))
        time += duration;
    return gm_segment_to_running_time(segment, GM_FORMAT_TIME, time);
}

static void identity_show(GmBaseTransform *trans, GmBuffer *buffer)
{
    Identity *s = gm_priv(trans);
    GmMapInfo map;

    if (s->dump && gm_buffer_map(buffer, &map, GM_MAP_READ)) {
        gm_util_dump_mem(map.data, (unsigned)map.size);
        gm_buffer_unmap(buffer, &map);
    }
    if (!s->silent)
        gm_last_message_set(trans, &s->last_message,
                            gm_last_message_for_buffer("chain  ", trans->sinkpad, buffer));
    if (s->datarate > 0) {
        GmClockTime size = gm_buffer_get_size(buffer);
        GM_BUFFER_PTS(buffer) = GM_BUFFER_DTS(buffer) =
            gm_util_uint64_scale_int(s->offset, GM_SECOND, s->datarate);
        GM_BUFFER_DURATION(buffer) = size * (GmClockTime)GM_SECOND / (GmClockTime)s->datarate;
    }
    if (s->signal_handoffs)
        gm_signal_emit_by_name(trans, "handoff", buffer);
}

static GmFlowReturn identity_transform_ip(GmBaseTransform *trans, GmBuffer *buffer)
{
    Identity *s = gm_priv(trans);

    identity_check_perfect(trans, buffer);
    if (s->error_left >= 0 && s->error_left-- == 1) {
        GM_ELEMENT_ERROR(trans, CORE, FAILED, ("Failed after iterations as requested."), (NULL));
        return GM_FLOW_ERROR;
    }
    if (s->eos_left >= 0 && s->eos_left-- == 1)
        return GM_FLOW_EOS;
    if (identity_wants_drop(s, buffer))
        return identity_drop(trans, buffer);
    identity_show(trans, buffer);

    GmClockTime duration = GM_BUFFER_DURATION(buffer);
    GmClockTime dts = identity_running_time(&trans->segment, GM_BUFFER_DTS(buffer), duration);
    GmClockTime pts = identity_running_time(&trans->segment, GM_BUFFER_PTS(buffer), duration);
    GmFlowReturn ret = identity_do_sync(trans, GM_CLOCK_TIME_IS_VALID(dts)   ? dts
                                               : GM_CLOCK_TIME_IS_VALID(pts) ? pts
                                                                             : 0);
    if (ret == GM_FLOW_OK && s->sleep_time > 0)
        ret = identity_sleep(trans);
    if (ret == GM_FLOW_OK && s->single_segment && trans->segment.format == GM_FORMAT_TIME) {
        GM_BUFFER_DTS(buffer) = dts;
        GM_BUFFER_PTS(buffer) = pts;
        GM_BUFFER_OFFSET(buffer) = GM_BUFFER_OFFSET_END(buffer) = GM_BUFFER_OFFSET_NONE;
    }
    size_t size = gm_buffer_get_size(buffer);
    s->offset += size;
    GM_OBJECT_LOCK(trans);
    s->num_bytes += size;
    s->num_buffers++;
    GM_OBJECT_UNLOCK(trans);
    return ret;
}

// ---- events and queries ------------------------------------------------------------------------

// single-segment: downstream sees one segment from 0 without end; the real ones stay here.
static void identity_eat_segment(GmBaseTransform *trans, GmEvent *event)
{
    Identity *s = gm_priv(trans);
    bool first = !trans->have_segment;

    gm_event_copy_segment(event, &trans->segment);
    trans->have_segment = true;
    if (!first)
        return;
    GmSegment segment;
    gm_segment_init(&segment, trans->segment.format);
    GM_OBJECT_LOCK(trans);
    if (s->seek_segment.format != GM_FORMAT_UNDEFINED) {
        segment.time = s->seek_segment.time;
        segment.base = s->seek_segment.base;
        gm_segment_init(&s->seek_segment, GM_FORMAT_UNDEFINED);
    }
    GM_OBJECT_UNLOCK(trans);
    GmEvent *one = gm_event_new_segment(&segment);
    gm_event_set_seqnum(one, gm_event_get_seqnum(event));
    gm_pad_event_default(trans->sinkpad, GM_OBJECT(trans), one);
}

// Gives the event that goes on (perhaps another one), or NULL when it ends here.
static GmEvent *identity_gap(GmBaseTransform *trans, GmEvent *event)
{
    Identity *s = gm_priv(trans);
    GmClockTime start, duration, running;
    uint64_t from, to;

    gm_event_parse_gap(event, &start, &duration);
    running = identity_running_time(&trans->segment, start, GM_CLOCK_TIME_NONE);
    identity_do_sync(trans, GM_CLOCK_TIME_IS_VALID(running) ? running : 0);
    if (!s->single_segment)
        return event;
    gm_event_unref(event);
    if (GM_CLOCK_TIME_IS_VALID(running))
        return gm_event_new_gap(running, duration);
    if (GM_CLOCK_TIME_IS_VALID(duration) &&
        gm_segment_clip(&trans->segment, GM_FORMAT_TIME, start, start + duration, &from, &to))
        return gm_event_new_gap(from, to - from);
    return NULL;
}

static bool identity_sink_event(GmBaseTransform *trans, GmEvent *event)
{
    Identity *s = gm_priv(trans);

    if (!s->silent)
        gm_last_message_set(trans, &s->last_message,
                            gm_last_message_for_event(trans->sinkpad, event));
    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_SEGMENT:
        s->prev_timestamp = s->prev_duration = GM_CLOCK_TIME_NONE;
        s->prev_offset = s->prev_offset_end = GM_BUFFER_OFFSET_NONE;
        if (!s->single_segment)
            break;
        identity_eat_segment(trans, event);
        gm_event_unref(event);
        return true;
    case GM_EVENT_GAP:
        if (!trans->have_segment || trans->segment.format != GM_FORMAT_TIME)
            break;
        event = identity_gap(trans, event);
        if (!event)
            return true;
        break;
    case GM_EVENT_FLUSH_START:
        identity_set_flushing(s, trans, true);
        break;
    case GM_EVENT_FLUSH_STOP:
        identity_set_flushing(s, trans, false);
        trans->have_segment = false;
        break;
    default:
        break;
    }
    return gm_base_transform_ops.sink_event(trans, event);
}

static bool identity_src_event(GmBaseTransform *trans, GmEvent *event)
{
    Identity *s = gm_priv(trans);

    if (GM_EVENT_TYPE(event) == GM_EVENT_SEEK) {
        double rate;
        GmFormat format;
        GmSeekFlags flags;
        GmSeekType start_type, stop_type;
        int64_t start, stop;
        gm_event_parse_seek(event, &rate, &format, &flags, &start_type, &start, &stop_type, &stop);
        GM_OBJECT_LOCK(trans);
        gm_segment_init(&s->seek_segment, format);
        bool ok = gm_segment_do_seek(&s->seek_segment, rate, format, flags, start_type,
                                     (uint64_t)start, stop_type, (uint64_t)stop, NULL);
        GM_OBJECT_UNLOCK(trans);
        if (!ok) {
            gm_event_unref(event);
            return false;
        }
    }
    return gm_base_transform_ops.src_event(trans, event);
}

static bool identity_query(GmBaseTransform *trans, GmPadDirection direction, GmQuery *query)
{
    Identity *s = gm_priv(trans);
    bool live = false, ok;
    GmClockTime min = 0, max = 0;

    if (GM_QUERY_TYPE(query) == GM_QUERY_ALLOCATION && s->drop_allocation)
        return false;
    ok = gm_base_transform_ops.query(trans, direction, query);
    if (GM_QUERY_TYPE(query) != GM_QUERY_LATENCY)
        return ok;
    if (ok)
        gm_query_parse_latency(query, &live, &min, &max);
    GM_OBJECT_LOCK(trans);
    bool sync = s->sync;
    s->upstream_latency = live ? min : 0;
    GM_OBJECT_UNLOCK(trans);
    if (sync && live && max < min)
        GM_ELEMENT_WARNING(trans, CORE, CLOCK, (NULL),
                           ("Impossible to configure latency before identity sync=true: max %"
                            GM_TIME_FORMAT " < min %" GM_TIME_FORMAT
                            ". Add queues or other buffering elements.",
                            GM_TIME_ARGS(max), GM_TIME_ARGS(min)));
    if (!live) // nothing limits a source that is not live
        max = GM_CLOCK_TIME_NONE;
    gm_query_set_latency(query, live || sync, min, max);
    return true;
}

static bool identity_accept_caps(GmBaseTransform *trans, GmPadDirection direction, GmCaps *caps)
{
    return gm_pad_peer_query_accept_caps(
        direction == GM_PAD_SRC ? trans->sinkpad : trans->srcpad, caps);
}

// ---- states ------------------------------------------------------------------------------------

static bool identity_start(GmBaseTransform *trans)
{
    Identity *s = gm_priv(trans);

    if (s->eos_after != -1 && s->error_after != -1) {
        GM_ELEMENT_ERROR(trans, CORE, FAILED, ("eos-after and error-after can't both be defined."),
                         (NULL));
        return false;
    }
    s->offset = 0;
    s->prev_timestamp = s->prev_duration = GM_CLOCK_TIME_NONE;
    s->prev_offset = s->prev_offset_end = GM_BUFFER_OFFSET_NONE;
    s->error_left = s->error_after;
    s->eos_left = s->eos_after;
    return true;
}

static bool identity_stop(GmBaseTransform *trans)
{
    Identity *s = gm_priv(trans);

    GM_OBJECT_LOCK(trans);
    free(s->last_message);
    s->last_message = NULL;
    GM_OBJECT_UNLOCK(trans);
    return true;
}

static void identity_set_blocked(Identity *s, void *el, bool blocked)
{
    GM_OBJECT_LOCK(el);
    s->blocked = blocked;
    gm_cond_broadcast(&s->cond);
    GM_OBJECT_UNLOCK(el);
}

// With sync=true the element behaves as a live one: it gives nothing in PAUSED.
static GmStateChangeReturn identity_change_state(GmElement *el, GmStateChange transition)
{
    Identity *s = gm_priv(el);

    switch (transition) {
    case GM_STATE_CHANGE_READY_TO_PAUSED:
        identity_set_flushing(s, el, false);
        identity_set_blocked(s, el, true);
        GM_OBJECT_LOCK(el);
        s->num_bytes = s->num_buffers = 0;
        GM_OBJECT_UNLOCK(el);
        break;
    case GM_STATE_CHANGE_PAUSED_TO_PLAYING:
        identity_set_blocked(s, el, false);
        break;
    case GM_STATE_CHANGE_PAUSED_TO_READY:
        identity_set_flushing(s, el, true);
        identity_set_blocked(s, el, false);
        break;
    default:
        break;
    }
    GmStateChangeReturn ret = gm_base_transform_class.change_state(el, transition);
    if (transition == GM_STATE_CHANGE_PLAYING_TO_PAUSED)
        identity_set_blocked(s, el, true);
    if (ret == GM_STATE_CHANGE_SUCCESS && s->sync_set &&
        (transition == GM_STATE_CHANGE_READY_TO_PAUSED ||
         transition == GM_STATE_CHANGE_PLAYING_TO_PAUSED))
        ret = GM_STATE_CHANGE_NO_PREROLL;
    return ret;
}

static GmClock *identity_provide_clock(GmElement *el)
{
    return ((Identity *)gm_priv(el))->sync_set ? gm_system_clock_obtain() : NULL;
}

// ---- the manifest ------------------------------------------------------------------------------

static void identity_set_sync(GmObject *obj, Identity *s)
{
    GM_OBJECT_LOCK(obj);
    bool changed = s->sync != s->sync_set, sync = s->sync = s->sync_set;
    if (sync)
        GM_OBJECT_FLAG_SET(obj, GM_ELEMENT_FLAG_PROVIDE_CLOCK);
    else
        GM_OBJECT_FLAG_UNSET(obj, GM_ELEMENT_FLAG_PROVIDE_CLOCK);
    GM_OBJECT_UNLOCK(obj);
    if (!changed)
        return;
    GmClock *clock = gm_system_clock_obtain();
    gm_element_post_message(GM_ELEMENT(obj), sync ? gm_message_new_clock_provide(obj, clock, true)
                                                  : gm_message_new_clock_lost(obj, clock));
    gm_object_unref(clock);
}

static void identity_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    Identity *s = gm_priv(obj);

    (void)value;
    if (strcmp(prop->name, "sync") == 0)
        identity_set_sync(obj, s);
    gm_base_transform_set_passthrough(GM_BASE_TRANSFORM(obj), s->datarate == 0 &&
                                      !s->single_segment);
}

static void identity_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    Identity *s = gm_priv(obj);

    if (strcmp(prop->name, "stats") != 0)
        return;
    GM_OBJECT_LOCK(obj);
    GmStructure *stats = gm_structure_new("application/x-identity-stats", "num-bytes",
                                          GM_TYPE_UINT64,
                                          s->num_bytes, "num-buffers", GM_TYPE_UINT64,
                                          s->num_buffers, NULL);
    GM_OBJECT_UNLOCK(obj);
    gm_value_set_structure(value, stats);
    gm_structure_free(stats);
}

static void identity_init(GmObject *obj)
{
    Identity *s = gm_priv(obj);

    gm_cond_init(&s->cond);
    s->random = 1;
    gm_segment_init(&s->seek_segment, GM_FORMAT_UNDEFINED);
    gm_base_transform_set_gap_aware(GM_BASE_TRANSFORM(obj), true);
    gm_base_transform_set_passthrough(GM_BASE_TRANSFORM(obj), true);
}

static void identity_finalize(GmObject *obj)
{
    Identity *s = gm_priv(obj);

    gm_cond_clear(&s->cond);
}

static const GmStaticPadTemplate identity_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK },
    { .name_template = "src", .direction = GM_PAD_SRC },
    { 0 }
};

static const GmProperty identity_props[] = {
    { "check-imperfect-offset", "Send element messages if offset and offset_end do not match up",
      GM_FIELD(Identity, check_imperfect_offset) },
    { "check-imperfect-timestamp",
      "Send element messages if timestamps and durations do not match up",
      GM_FIELD(Identity, check_imperfect_timestamp) },
    { "datarate", "(Re)timestamps buffers with number of bytes per second (0 = inactive)",
      GM_FIELD(Identity, datarate), .max = INT_MAX },
    { "drop-allocation", "Don't forward allocation queries", GM_FIELD(Identity, drop_allocation) },
    { "drop-buffer-flags", "Drop buffers with the given flags",
      GM_FLAGS_FIELD(Identity, drop_buffer_flags, &identity_buffer_flags) },
    { "drop-probability", "The Probability a buffer is dropped",
      GM_FIELD(Identity, drop_probability),
      .max = 1 },
    { "dump", "Dump buffer contents to stdout", GM_FIELD(Identity, dump) },
    { "eos-after", "EOS after N buffers", GM_FIELD(Identity, eos_after), .def = "-1", .min = -1,
      .max = INT_MAX },
    { "error-after", "Error after N buffers", GM_FIELD(Identity, error_after), .def = "-1",
      .min = -1,
      .max = INT_MAX },
    { "last-message", "last-message", GM_FIELD(Identity, last_message),
      .flags = GM_PARAM_READABLE },
    { "signal-handoffs", "Send a signal before pushing the buffer",
      GM_FIELD(Identity, signal_handoffs),
      .def = "true" },
    { "silent", "silent", GM_FIELD(Identity, silent), .def = "true" },
    { "single-segment", "Timestamp buffers and eat segments so as to appear as one segment",
      GM_FIELD(Identity, single_segment) },
    { "sleep-time", "Microseconds to sleep between processing", GM_FIELD(Identity, sleep_time) },
    { "stats", "Statistics", GM_COMPUTED(GM_TYPE_STRUCTURE), .flags = GM_PARAM_READABLE },
    { "sync", "Synchronize to pipeline clock", GM_FIELD(Identity, sync_set) },
    { "ts-offset", "Timestamp offset in nanoseconds for synchronisation, negative for earlier sync",
      GM_FIELD(Identity, ts_offset) },
    { 0 }
};

static const GmSignal identity_signals[] = {
    { "handoff", gm_marshal_pointer, "void (GmElement *el, GmBuffer *buffer, void *user_data)",
      NULL },
    { 0 }
};

static const GmBaseTransformOps identity_ops = {
    .start = identity_start,
    .stop = identity_stop,
    .sink_event = identity_sink_event,
    .src_event = identity_src_event,
    .query = identity_query,
    .accept_caps = identity_accept_caps,
    .transform_ip = identity_transform_ip,
};

const GmElementClass gm_identity_class = {
    .name = "identity",
    .type_name = "GmIdentity",
    .parent = &gm_base_transform_class.object,
    .longname = "Identity",
    .klass = "Generic",
    .description = "Pass data without modification",
    .author = "The GstMini authors",
    .priv_size = sizeof(Identity),
    .props = identity_props,
    .signals = identity_signals,
    .pads = identity_pads,
    .init = identity_init,
    .finalize = identity_finalize,
    .set_property = identity_set_property,
    .get_property = identity_get_property,
    .change_state = identity_change_state,
    .provide_clock = identity_provide_clock,
    .transform = &identity_ops,
};
