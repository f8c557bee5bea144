// SPDX-License-Identifier: MIT
//
// event: see core/event.h. The contents of each type are a line of the table below.
#include "core/event.h"

#include <string.h>

#include "core/buffer.h"
#include "core/caps.h"
#include "core/error.h"
#include "core/form_priv.h"
#include "core/message.h"
#include "core/structure.h"
#include "core/tag_list.h"
#include "core/util.h"

static GmForm event_forms[] = {
    { .type = GM_EVENT_UNKNOWN, .type_name = "unknown" },
    { .type = GM_EVENT_FLUSH_START, .type_name = "flush-start" },
    { .type = GM_EVENT_FLUSH_STOP, .type_name = "flush-stop",
      .spec = "GstEventFlushStop reset-time:b" },
    { .type = GM_EVENT_STREAM_START, .type_name = "stream-start",
      .spec = "GstEventStreamStart stream-id:s flags:T ? group-id:u" },
    { .type = GM_EVENT_CAPS, .type_name = "caps", .spec = "GstEventCaps caps:C" },
    { .type = GM_EVENT_SEGMENT, .type_name = "segment", .spec = "GstEventSegment segment:Y" },
    { .type = GM_EVENT_STREAM_COLLECTION, .type_name = "stream-collection" },
    { .type = GM_EVENT_TAG, .type_name = "tag", .spec = "GstTagList-stream taglist:L" },
    { .type = GM_EVENT_BUFFERSIZE, .type_name = "buffersize",
      .spec = "GstEventBufferSize format:F minsize:l maxsize:l async:b" },
    { .type = GM_EVENT_SINK_MESSAGE, .type_name = "sink-message",
      .spec = "GstEventSinkMessage message:M" },
    { .type = GM_EVENT_STREAM_GROUP_DONE, .type_name = "stream-group-done",
      .spec = "GstEventStreamGroupDone group-id:u" },
    { .type = GM_EVENT_EOS, .type_name = "eos" },
    { .type = GM_EVENT_TOC, .type_name = "toc" },
    { .type = GM_EVENT_PROTECTION, .type_name = "protection",
      .spec = "GstProtectionEvent data:D system_id:s ? origin:s" },
    { .type = GM_EVENT_SEGMENT_DONE, .type_name = "segment-done",
      .spec = "GstEventSegmentDone format:F position:l" },
    { .type = GM_EVENT_GAP, .type_name = "gap",
      .spec = "GstEventGap timestamp:U duration:U ? gap-flags:G" },
    { .type = GM_EVENT_INSTANT_RATE_CHANGE, .type_name = "instant-rate-change",
      .spec = "GstEventInstantRateChange rate:d flags:g" },
    { .type = GM_EVENT_QOS, .type_name = "qos",
      .spec = "GstEventQOS type:Q proportion:d diff:l timestamp:U" },
    { .type = GM_EVENT_SEEK, .type_name = "seek",
      .spec = "GstEventSeek rate:d format:F flags:K cur-type:k cur:l stop-type:k stop:l "
              "trickmode-interval:U" },
    { .type = GM_EVENT_NAVIGATION, .type_name = "navigation" },
    { .type = GM_EVENT_LATENCY, .type_name = "latency", .spec = "GstEventLatency latency:U" },
    { .type = GM_EVENT_STEP, .type_name = "step",
      .spec = "GstEventStep format:F amount:U rate:d flush:b intermediate:b" },
    { .type = GM_EVENT_RECONFIGURE, .type_name = "reconfigure" },
    { .type = GM_EVENT_TOC_SELECT, .type_name = "toc-select" },
    { .type = GM_EVENT_SELECT_STREAMS, .type_name = "select-streams" },
    { .type = GM_EVENT_INSTANT_RATE_SYNC_TIME, .type_name = "instant-rate-sync-time",
      .spec = "GstEventInstantRateSyncTime rate:d running-time:U upstream-running-time:U" },
    { .type = GM_EVENT_CUSTOM_UPSTREAM, .type_name = "custom-upstream" },
    { .type = GM_EVENT_CUSTOM_DOWNSTREAM, .type_name = "custom-downstream" },
    { .type = GM_EVENT_CUSTOM_DOWNSTREAM_OOB, .type_name = "custom-downstream-oob" },
    { .type = GM_EVENT_CUSTOM_DOWNSTREAM_STICKY, .type_name = "custom-downstream-sticky" },
    { .type = GM_EVENT_CUSTOM_BOTH, .type_name = "custom-both" },
    { .type = GM_EVENT_CUSTOM_BOTH_OOB, .type_name = "custom-both-oob" },
};

const char *gm_event_type_get_name(GmEventType type)
{
    return gm_form_type_name(event_forms, GM_LEN(event_forms), (int)type);
}

GmQuark gm_event_type_to_quark(GmEventType type)
{
    return gm_form_type_quark(event_forms, GM_LEN(event_forms), (int)type);
}

GmEventTypeFlags gm_event_type_get_flags(GmEventType type)
{
    return (GmEventTypeFlags)((unsigned)type & ((1u << GM_EVENT_NUM_SHIFT) - 1));
}

unsigned gm_event_type_to_sticky_ordering(GmEventType type)
{
    // Its number is too high for what it is: it belongs right behind the segment.
    return type == GM_EVENT_INSTANT_RATE_CHANGE ? GM_EVENT_SEGMENT + 1u : (unsigned)type;
}

// ---- life -------------------------------------------------------------------------------

static void event_free(GmMiniObject *obj)
{
    GmEvent *event = (GmEvent *)obj;
    if (event->structure != NULL) {
        gm_structure_set_parent_refcount(event->structure, NULL);
        gm_structure_free(event->structure);
    }
    gm_free(event);
}

static GmMiniObject *event_copy(const GmMiniObject *obj)
{
    const GmEvent *event = (const GmEvent *)obj;
    GmEvent *copy = gm_event_new_custom(event->type, event->structure
                                                         ? gm_structure_copy(event->structure)
                                                         : NULL);
    copy->timestamp = event->timestamp;
    copy->seqnum = event->seqnum;
    copy->running_time_offset = event->running_time_offset;
    return &copy->mini_object;
}

GmEvent *gm_event_new_custom(GmEventType type, GmStructure *structure)
{
    GmEvent *event = gm_new(GmEvent, 1);
    gm_mini_object_init(&event->mini_object, 0, GM_TYPE_EVENT, event_copy, NULL, event_free);
    event->type = type;
    event->timestamp = GM_CLOCK_TIME_NONE;
    event->seqnum = gm_util_seqnum_next();
    event->structure = NULL;
    event->running_time_offset = 0;
    if (structure != NULL) {
        if (!GM_REQUIRE(gm_structure_set_parent_refcount(structure,
                                                         &event->mini_object.refcount))) {
            gm_event_unref(event);
            return NULL;
        }
        event->structure = structure;
    }
    return event;
}

// An event with the values of its form, in order.
static GmEvent *event_new(GmEventType type, ...)
{
    va_list values;
    va_start(values, type);
    GmForm *form = gm_form_find(event_forms, GM_LEN(event_forms), (int)type);
    GmEvent *event = gm_event_new_custom(type, gm_form_new(form, values));
    va_end(values);
    return event;
}

static bool event_is(const char *func, GmEvent *event, GmEventType type)
{
    return GM_LIKELY(GM_IS_EVENT(event) && event->type == type) ||
           gm_critical_failed(func, "GM_IS_EVENT (event) && event is of the function's type");
}

// n fields from `first` on, or all initial ones, to the pointers. False: one is missing.
static bool event_get(const char *func, GmEvent *event, GmEventType type, const char *first,
                      unsigned n, ...)
{
    if (!event_is(func, event, type))
        return false;
    va_list pointers;
    va_start(pointers, n);
    GmForm *form = gm_form_find(event_forms, GM_LEN(event_forms), (int)type);
    bool all = gm_form_get(form, event->structure, first, n, pointers);
    va_end(pointers);
    return all;
}

static void event_set(const char *func, GmEvent *event, GmEventType type, const char *field, ...)
{
    if (!event_is(func, event, type))
        return;
    if (!gm_event_is_writable(event)) {
        gm_critical_failed(func, "gm_event_is_writable (event)");
        return;
    }
    va_list values;
    va_start(values, field);
    gm_form_set(gm_form_find(event_forms, GM_LEN(event_forms), (int)type), event->structure,
                field, 1, values);
    va_end(values);
}

const GmStructure *gm_event_get_structure(GmEvent *event)
{
    if (!GM_REQUIRE(GM_IS_EVENT(event))) return NULL;
    return event->structure;
}

GmStructure *gm_event_writable_structure(GmEvent *event)
{
    if (!GM_REQUIRE(GM_IS_EVENT(event) && gm_event_is_writable(event))) return NULL;
    if (event->structure == NULL) {
        event->structure = gm_structure_new_empty(gm_event_type_get_name(event->type));
        gm_structure_set_parent_refcount(event->structure, &event->mini_object.refcount);
    }
    return event->structure;
}

bool gm_event_has_name(GmEvent *event, const char *name)
{
    if (!GM_REQUIRE(GM_IS_EVENT(event) && name != NULL)) return false;
    return event->structure != NULL && gm_structure_has_name(event->structure, name);
}

bool gm_event_has_name_id(GmEvent *event, GmQuark name)
{
    if (!GM_REQUIRE(GM_IS_EVENT(event) && name != 0)) return false;
    return event->structure != NULL && gm_structure_get_name_id(event->structure) == name;
}

uint32_t gm_event_get_seqnum(GmEvent *event)
{
    if (!GM_REQUIRE(GM_IS_EVENT(event))) return GM_SEQNUM_INVALID;
    return event->seqnum;
}

void gm_event_set_seqnum(GmEvent *event, uint32_t seqnum)
{
    if (!GM_REQUIRE(GM_IS_EVENT(event) && seqnum != GM_SEQNUM_INVALID)) return;
    if (!GM_REQUIRE(gm_event_is_writable(event))) return;
    event->seqnum = seqnum;
}

int64_t gm_event_get_running_time_offset(GmEvent *event)
{
    if (!GM_REQUIRE(GM_IS_EVENT(event))) return 0;
    return event->running_time_offset;
}

void gm_event_set_running_time_offset(GmEvent *event, int64_t offset)
{
    if (!GM_REQUIRE(GM_IS_EVENT(event) && gm_event_is_writable(event))) return;
    event->running_time_offset = offset;
}

// ---- downstream -------------------------------------------------------------------------

GmEvent *gm_event_new_stream_start(const char *stream_id)
{
    if (!GM_REQUIRE(stream_id != NULL)) return NULL;
    return event_new(GM_EVENT_STREAM_START, stream_id, GM_STREAM_FLAG_NONE);
}

void gm_event_parse_stream_start(GmEvent *event, const char **stream_id)
{
    event_get(__func__, event, GM_EVENT_STREAM_START, "stream-id", 1, stream_id);
}

void gm_event_set_stream_flags(GmEvent *event, GmStreamFlags flags)
{
    event_set(__func__, event, GM_EVENT_STREAM_START, "flags", flags);
}

void gm_event_parse_stream_flags(GmEvent *event, GmStreamFlags *flags)
{
    event_get(__func__, event, GM_EVENT_STREAM_START, "flags", 1, flags);
}

void gm_event_set_group_id(GmEvent *event, unsigned group_id)
{
    if (!GM_REQUIRE(group_id != GM_GROUP_ID_INVALID)) return;
    event_set(__func__, event, GM_EVENT_STREAM_START, "group-id", group_id);
}

bool gm_event_parse_group_id(GmEvent *event, unsigned *group_id)
{
    unsigned id;
    if (!event_get(__func__, event, GM_EVENT_STREAM_START, "group-id", 1, &id))
        return false;
    if (group_id != NULL)
        *group_id = id;
    return true;
}

GmEvent *gm_event_new_stream_group_done(unsigned group_id)
{
    if (!GM_REQUIRE(group_id != GM_GROUP_ID_INVALID)) return NULL;
    return event_new(GM_EVENT_STREAM_GROUP_DONE, group_id);
}

void gm_event_parse_stream_group_done(GmEvent *event, unsigned *group_id)
{
    event_get(__func__, event, GM_EVENT_STREAM_GROUP_DONE, NULL, 0, group_id);
}

GmEvent *gm_event_new_flush_start(void)
{
    return gm_event_new_custom(GM_EVENT_FLUSH_START, NULL);
}

GmEvent *gm_event_new_flush_stop(bool reset_time)
{
    return event_new(GM_EVENT_FLUSH_STOP, reset_time);
}

void gm_event_parse_flush_stop(GmEvent *event, bool *reset_time)
{
    event_get(__func__, event, GM_EVENT_FLUSH_STOP, NULL, 0, reset_time);
}

GmEvent *gm_event_new_eos(void)
{
    return gm_event_new_custom(GM_EVENT_EOS, NULL);
}

GmEvent *gm_event_new_caps(GmCaps *caps)
{
    if (!GM_REQUIRE(caps != NULL && gm_caps_is_fixed(caps))) return NULL;
    return event_new(GM_EVENT_CAPS, caps);
}

void gm_event_parse_caps(GmEvent *event, GmCaps **caps)
{
    event_get(__func__, event, GM_EVENT_CAPS, NULL, 0, caps);
}

GmEvent *gm_event_new_segment(const GmSegment *segment)
{
    if (!GM_REQUIRE(segment != NULL && segment->rate != 0.0)) return NULL;
    if (!GM_REQUIRE(segment->applied_rate != 0.0)) return NULL;
    if (!GM_REQUIRE(segment->format != GM_FORMAT_UNDEFINED)) return NULL;
    return event_new(GM_EVENT_SEGMENT, segment);
}

void gm_event_parse_segment(GmEvent *event, const GmSegment **segment)
{
    event_get(__func__, event, GM_EVENT_SEGMENT, NULL, 0, segment);
}

void gm_event_copy_segment(GmEvent *event, GmSegment *segment)
{
    const GmSegment *src;
    if (event_get(__func__, event, GM_EVENT_SEGMENT, NULL, 0, &src) && segment != NULL)
        gm_segment_copy_into(src, segment);
}

GmEvent *gm_event_new_segment_done(GmFormat format, int64_t position)
{
    return event_new(GM_EVENT_SEGMENT_DONE, format, position);
}

void gm_event_parse_segment_done(GmEvent *event, GmFormat *format, int64_t *position)
{
    event_get(__func__, event, GM_EVENT_SEGMENT_DONE, NULL, 0, format, position);
}

GmEvent *gm_event_new_tag(GmTagList *taglist)
{
    if (!GM_REQUIRE(taglist != NULL)) return NULL;
    GmEvent *event = event_new(GM_EVENT_TAG, taglist);
    if (gm_tag_list_get_scope(taglist) == GM_TAG_SCOPE_GLOBAL) // pads keep one of each name
        gm_structure_set_name(event->structure, "GstTagList-global");
    gm_tag_list_unref(taglist);
    return event;
}

void gm_event_parse_tag(GmEvent *event, GmTagList **taglist)
{
    event_get(__func__, event, GM_EVENT_TAG, NULL, 0, taglist);
}

GmEvent *gm_event_new_gap(GmClockTime timestamp, GmClockTime duration)
{
    if (!GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(timestamp))) return NULL;
    return event_new(GM_EVENT_GAP, timestamp, duration);
}

void gm_event_parse_gap(GmEvent *event, GmClockTime *timestamp, GmClockTime *duration)
{
    event_get(__func__, event, GM_EVENT_GAP, NULL, 0, timestamp, duration);
}

void gm_event_set_gap_flags(GmEvent *event, GmGapFlags flags)
{
    event_set(__func__, event, GM_EVENT_GAP, "gap-flags", flags);
}

void gm_event_parse_gap_flags(GmEvent *event, GmGapFlags *flags)
{
    event_get(__func__, event, GM_EVENT_GAP, "gap-flags", 1, flags);
}

GmEvent *gm_event_new_buffer_size(GmFormat format, int64_t minsize, int64_t maxsize, bool async)
{
    return event_new(GM_EVENT_BUFFERSIZE, format, minsize, maxsize, async);
}

void gm_event_parse_buffer_size(GmEvent *event, GmFormat *format, int64_t *minsize,
                                int64_t *maxsize, bool *async)
{
    event_get(__func__, event, GM_EVENT_BUFFERSIZE, NULL, 0, format, minsize, maxsize, async);
}

GmEvent *gm_event_new_sink_message(const char *name, GmMessage *msg)
{
    if (!GM_REQUIRE(name != NULL && msg != NULL)) return NULL;
    GmEvent *event = event_new(GM_EVENT_SINK_MESSAGE, msg);
    gm_structure_set_name(event->structure, name);
    return event;
}

void gm_event_parse_sink_message(GmEvent *event, GmMessage **msg)
{
    event_get(__func__, event, GM_EVENT_SINK_MESSAGE, NULL, 0, msg);
    if (msg != NULL && GM_IS_EVENT(event) && event->type == GM_EVENT_SINK_MESSAGE && *msg != NULL)
        gm_message_ref(*msg);
}

GmEvent *gm_event_new_protection(const char *system_id, GmBuffer *data, const char *origin)
{
    if (!GM_REQUIRE(system_id != NULL && data != NULL)) return NULL;
    GmEvent *event = event_new(GM_EVENT_PROTECTION, data, system_id);
    // Pads keep one for each origin and system.
    char *name = gm_strdup_printf("GstProtectionEvent%s%s-%s", origin ? "-" : "",
                                  origin ? origin : "", system_id);
    gm_structure_set_name(event->structure, name);
    gm_free(name);
    if (origin != NULL)
        event_set(__func__, event, GM_EVENT_PROTECTION, "origin", origin);
    return event;
}

void gm_event_parse_protection(GmEvent *event, const char **system_id, GmBuffer **data,
                               const char **origin)
{
    event_get(__func__, event, GM_EVENT_PROTECTION, "data", 3, data, system_id, origin);
}

GmEvent *gm_event_new_instant_rate_change(double rate_multiplier, GmSegmentFlags new_flags)
{
    if (!GM_REQUIRE(rate_multiplier != 0.0)) return NULL;
    return event_new(GM_EVENT_INSTANT_RATE_CHANGE, rate_multiplier, new_flags);
}

void gm_event_parse_instant_rate_change(GmEvent *event, double *rate_multiplier,
                                        GmSegmentFlags *new_flags)
{
    event_get(__func__, event, GM_EVENT_INSTANT_RATE_CHANGE, NULL, 0, rate_multiplier, new_flags);
}

// ---- upstream ---------------------------------------------------------------------------

GmEvent *gm_event_new_qos(GmQOSType type, double proportion, GmClockTimeDiff diff,
                          GmClockTime timestamp)
{
    if (!GM_REQUIRE(diff >= 0 || (GmClockTime)-diff <= timestamp)) return NULL;
    return event_new(GM_EVENT_QOS, type, proportion, diff, timestamp);
}

void gm_event_parse_qos(GmEvent *event, GmQOSType *type, double *proportion,
                        GmClockTimeDiff *diff, GmClockTime *timestamp)
{
    GmClockTimeDiff late;
    GmClockTime time;
    if (!event_get(__func__, event, GM_EVENT_QOS, NULL, 0, type, proportion, &late, &time))
        return;
    if (diff != NULL)
        *diff = late;
    if (timestamp == NULL)
        return;
    // The offsets on the way may have moved it below zero, or time + diff: neither may be.
    int64_t offset = event->running_time_offset;
    time = offset >= 0 || time > (GmClockTime)-offset ? time + (GmClockTime)offset : 0;
    *timestamp = late < 0 && time < (GmClockTime)-late ? (GmClockTime)-late : time;
}

GmEvent *gm_event_new_seek(double rate, GmFormat format, GmSeekFlags flags,
                           GmSeekType start_type, int64_t start, GmSeekType stop_type,
                           int64_t stop)
{
    if (!GM_REQUIRE(rate != 0.0)) return NULL;
    // A change of rate in place changes nothing else and flushes nothing.
    if (!GM_REQUIRE((flags & GM_SEEK_FLAG_INSTANT_RATE_CHANGE) == 0 ||
                    (start_type == GM_SEEK_TYPE_NONE && stop_type == GM_SEEK_TYPE_NONE &&
                     (flags & GM_SEEK_FLAG_FLUSH) == 0)))
        return NULL;
    return event_new(GM_EVENT_SEEK, rate, format, flags, start_type, start, stop_type, stop,
                     UINT64_C(0));
}

void gm_event_parse_seek(GmEvent *event, double *rate, GmFormat *format, GmSeekFlags *flags,
                         GmSeekType *start_type, int64_t *start, GmSeekType *stop_type,
                         int64_t *stop)
{
    event_get(__func__, event, GM_EVENT_SEEK, "rate", 7, rate, format, flags, start_type, start,
              stop_type, stop);
}

void gm_event_set_seek_trickmode_interval(GmEvent *event, GmClockTime interval)
{
    if (!GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(interval))) return;
    event_set(__func__, event, GM_EVENT_SEEK, "trickmode-interval", interval);
}

void gm_event_parse_seek_trickmode_interval(GmEvent *event, GmClockTime *interval)
{
    event_get(__func__, event, GM_EVENT_SEEK, "trickmode-interval", 1, interval);
}

GmEvent *gm_event_new_navigation(GmStructure *structure)
{
    if (!GM_REQUIRE(structure != NULL)) return NULL;
    return gm_event_new_custom(GM_EVENT_NAVIGATION, structure);
}

GmEvent *gm_event_new_latency(GmClockTime latency)
{
    if (!GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(latency))) return NULL;
    return event_new(GM_EVENT_LATENCY, latency);
}

void gm_event_parse_latency(GmEvent *event, GmClockTime *latency)
{
    event_get(__func__, event, GM_EVENT_LATENCY, NULL, 0, latency);
}

GmEvent *gm_event_new_step(GmFormat format, uint64_t amount, double rate, bool flush,
                           bool intermediate)
{
    if (!GM_REQUIRE(rate > 0.0)) return NULL;
    return event_new(GM_EVENT_STEP, format, amount, rate, flush, intermediate);
}

void gm_event_parse_step(GmEvent *event, GmFormat *format, uint64_t *amount, double *rate,
                         bool *flush, bool *intermediate)
{
    event_get(__func__, event, GM_EVENT_STEP, NULL, 0, format, amount, rate, flush, intermediate);
}

GmEvent *gm_event_new_reconfigure(void)
{
    return gm_event_new_custom(GM_EVENT_RECONFIGURE, NULL);
}

GmEvent *gm_event_new_instant_rate_sync_time(double rate_multiplier, GmClockTime running_time,
                                             GmClockTime upstream_running_time)
{
    if (!GM_REQUIRE(rate_multiplier != 0.0 && GM_CLOCK_TIME_IS_VALID(running_time))) return NULL;
    if (!GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(upstream_running_time))) return NULL;
    return event_new(GM_EVENT_INSTANT_RATE_SYNC_TIME, rate_multiplier, running_time,
                     upstream_running_time);
}

void gm_event_parse_instant_rate_sync_time(GmEvent *event, double *rate_multiplier,
                                           GmClockTime *running_time,
                                           GmClockTime *upstream_running_time)
{
    event_get(__func__, event, GM_EVENT_INSTANT_RATE_SYNC_TIME, NULL, 0, rate_multiplier,
              running_time, upstream_running_time);
}
