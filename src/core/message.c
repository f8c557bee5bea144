// SPDX-License-Identifier: MIT
//
// message: see core/message.h. The contents of each type are a line of the table below.
#include "core/message.h"

#include "core/caps.h"
#include "core/context.h"
#include "core/error.h"
#include "core/form_priv.h"
#include "core/structure.h"
#include "core/tag_list.h"
#include "core/util.h"

static GmForm message_forms[] = {
    { .type = GM_MESSAGE_UNKNOWN, .type_name = "unknown" },
    { .type = GM_MESSAGE_EOS, .type_name = "eos" },
    { .type = GM_MESSAGE_ERROR, .type_name = "error",
      .spec = "GstMessageError gerror:E debug:s ? details:X" },
    { .type = GM_MESSAGE_WARNING, .type_name = "warning",
      .spec = "GstMessageWarning gerror:E debug:s ? details:X" },
    { .type = GM_MESSAGE_INFO, .type_name = "info",
      .spec = "GstMessageInfo gerror:E debug:s ? details:X" },
    { .type = GM_MESSAGE_TAG, .type_name = "tag", .spec = "GstMessageTag taglist:L" },
    { .type = GM_MESSAGE_BUFFERING, .type_name = "buffering",
      .spec = "GstMessageBuffering buffer-percent:i buffering-mode:B avg-in-rate:i "
              "avg-out-rate:i buffering-left:l" },
    { .type = GM_MESSAGE_STATE_CHANGED, .type_name = "state-changed",
      .spec = "GstMessageStateChanged old-state:S new-state:S pending-state:S" },
    { .type = GM_MESSAGE_STATE_DIRTY, .type_name = "state-dirty" },
    { .type = GM_MESSAGE_STEP_DONE, .type_name = "step-done",
      .spec = "GstMessageStepDone format:F amount:U rate:d flush:b intermediate:b duration:U "
              "eos:b" },
    { .type = GM_MESSAGE_CLOCK_PROVIDE, .type_name = "clock-provide",
      .spec = "GstMessageClockProvide clock:o ready:b" },
    { .type = GM_MESSAGE_CLOCK_LOST, .type_name = "clock-lost",
      .spec = "GstMessageClockLost clock:o" },
    { .type = GM_MESSAGE_NEW_CLOCK, .type_name = "new-clock",
      .spec = "GstMessageNewClock clock:o" },
    { .type = GM_MESSAGE_STRUCTURE_CHANGE, .type_name = "structure-change",
      .spec = "GstMessageStructureChange type:c owner:o busy:b" },
    { .type = GM_MESSAGE_STREAM_STATUS, .type_name = "stream-status",
      .spec = "GstMessageStreamStatus type:t owner:o" },
    { .type = GM_MESSAGE_APPLICATION, .type_name = "application" },
    { .type = GM_MESSAGE_ELEMENT, .type_name = "element" },
    { .type = GM_MESSAGE_SEGMENT_START, .type_name = "segment-start",
      .spec = "GstMessageSegmentStart format:F position:l" },
    { .type = GM_MESSAGE_SEGMENT_DONE, .type_name = "segment-done",
      .spec = "GstMessageSegmentDone format:F position:l" },
    { .type = GM_MESSAGE_DURATION_CHANGED, .type_name = "duration-changed",
      .spec = "GstMessageDurationChanged" },
    { .type = GM_MESSAGE_LATENCY, .type_name = "latency" },
    { .type = GM_MESSAGE_ASYNC_START, .type_name = "async-start" },
    { .type = GM_MESSAGE_ASYNC_DONE, .type_name = "async-done",
      .spec = "GstMessageAsyncDone running-time:U" },
    { .type = GM_MESSAGE_REQUEST_STATE, .type_name = "request-state",
      .spec = "GstMessageRequestState new-state:S" },
    { .type = GM_MESSAGE_STEP_START, .type_name = "step-start",
      .spec = "GstMessageStepStart active:b format:F amount:U rate:d flush:b intermediate:b" },
    { .type = GM_MESSAGE_QOS, .type_name = "qos",
      .spec = "GstMessageQOS live:b running-time:U stream-time:U timestamp:U duration:U "
              "jitter:l proportion:d quality:i format:F processed:U dropped:U" },
    { .type = GM_MESSAGE_PROGRESS, .type_name = "progress",
      .spec = "GstMessageProgress type:p code:s text:s percent:i timeout:i" },
    { .type = GM_MESSAGE_TOC, .type_name = "toc" },
    { .type = GM_MESSAGE_RESET_TIME, .type_name = "reset-time",
      .spec = "GstMessageResetTime running-time:U" },
    { .type = GM_MESSAGE_STREAM_START, .type_name = "stream-start",
      .spec = "GstMessageStreamStart ? group-id:u" },
    { .type = GM_MESSAGE_NEED_CONTEXT, .type_name = "need-context",
      .spec = "GstMessageNeedContext context-type:s" },
    { .type = GM_MESSAGE_HAVE_CONTEXT, .type_name = "have-context",
      .spec = "GstMessageHaveContext context:x" },
    { .type = GM_MESSAGE_DEVICE_ADDED, .type_name = "device-added" },
    { .type = GM_MESSAGE_DEVICE_REMOVED, .type_name = "device-removed" },
    { .type = GM_MESSAGE_DEVICE_CHANGED, .type_name = "device-changed" },
    { .type = GM_MESSAGE_PROPERTY_NOTIFY, .type_name = "property-notify",
      .spec = "GstMessagePropertyNotify property-name:s" },
    { .type = GM_MESSAGE_STREAM_COLLECTION, .type_name = "stream-collection" },
    { .type = GM_MESSAGE_STREAMS_SELECTED, .type_name = "streams-selected" },
    { .type = GM_MESSAGE_REDIRECT, .type_name = "redirect" },
    { .type = GM_MESSAGE_INSTANT_RATE_REQUEST, .type_name = "instant-rate-request",
      .spec = "GstMessageInstantRateRequest rate:d" },
};

const char *gm_message_type_get_name(GmMessageType type)
{
    return gm_form_type_name(message_forms, GM_LEN(message_forms), type);
}

GmQuark gm_message_type_to_quark(GmMessageType type)
{
    return gm_form_type_quark(message_forms, GM_LEN(message_forms), type);
}

// ---- life -------------------------------------------------------------------------------

// Somebody waits in gm_bus_post for the message to be done with: it goes back to the bus.
static bool message_dispose(GmMiniObject *obj)
{
    GmMessage *message = (GmMessage *)obj;
    if (!GM_MINI_OBJECT_FLAG_IS_SET(message, GM_MESSAGE_FLAG_ASYNC_DELIVERY))
        return true;
    gm_message_ref(message);
    GM_MESSAGE_LOCK(message);
    GM_MESSAGE_SIGNAL(message);
    GM_MESSAGE_UNLOCK(message);
    return false;
}

static void message_free(GmMiniObject *obj)
{
    GmMessage *message = (GmMessage *)obj;
    gm_clear_object(&message->src);
    if (message->structure != NULL) {
        gm_structure_set_parent_refcount(message->structure, NULL);
        gm_structure_free(message->structure);
    }
    gm_mutex_clear(&message->lock);
    gm_cond_clear(&message->cond);
    gm_free(message);
}

static GmMiniObject *message_copy(const GmMiniObject *obj)
{
    const GmMessage *message = (const GmMessage *)obj;
    GmMessage *copy = gm_message_new_custom(message->type, message->src,
                                            message->structure
                                                ? gm_structure_copy(message->structure)
                                                : NULL);
    copy->timestamp = message->timestamp;
    copy->seqnum = message->seqnum;
    return &copy->mini_object;
}

GmMessage *gm_message_new_custom(GmMessageType type, GmObject *src, GmStructure *structure)
{
    GmMessage *message = gm_new(GmMessage, 1);
    gm_mini_object_init(&message->mini_object, 0, GM_TYPE_MESSAGE, message_copy,
                        message_dispose, message_free);
    message->type = type;
    message->timestamp = GM_CLOCK_TIME_NONE;
    message->src = src ? gm_object_ref(src) : NULL;
    message->seqnum = gm_util_seqnum_next();
    message->structure = NULL;
    gm_mutex_init(&message->lock);
    gm_cond_init(&message->cond);
    if (structure != NULL) {
        if (!GM_REQUIRE(gm_structure_set_parent_refcount(structure,
                                                         &message->mini_object.refcount))) {
            gm_message_unref(message);
            return NULL;
        }
        message->structure = structure;
    }
    return message;
}

// A message with the values of its form, in order.
static GmMessage *message_new(GmMessageType type, GmObject *src, ...)
{
    va_list values;
    va_start(values, src);
    GmForm *form = gm_form_find(message_forms, GM_LEN(message_forms), type);
    GmMessage *message = gm_message_new_custom(type, src, gm_form_new(form, values));
    va_end(values);
    return message;
}

static bool message_is(const char *func, GmMessage *message, GmMessageType type)
{
    return GM_LIKELY(GM_IS_MESSAGE(message) && message->type == type) ||
           gm_critical_failed(func, "GM_IS_MESSAGE (message) && message is of the function's type");
}

// n fields from `first` on, or all initial ones, to the pointers. False: one is missing.
static bool message_get(const char *func, GmMessage *message, GmMessageType type,
                        const char *first, unsigned n, ...)
{
    if (!message_is(func, message, type))
        return false;
    va_list pointers;
    va_start(pointers, n);
    GmForm *form = gm_form_find(message_forms, GM_LEN(message_forms), type);
    bool all = gm_form_get(form, message->structure, first, n, pointers);
    va_end(pointers);
    return all;
}

static void message_set(const char *func, GmMessage *message, GmMessageType type,
                        const char *first, unsigned n, ...)
{
    if (!message_is(func, message, type))
        return;
    if (!gm_message_is_writable(message)) {
        gm_critical_failed(func, "gm_message_is_writable (message)");
        return;
    }
    va_list values;
    va_start(values, n);
    gm_form_set(gm_form_find(message_forms, GM_LEN(message_forms), type), message->structure,
                first, n, values);
    va_end(values);
}

const GmStructure *gm_message_get_structure(GmMessage *message)
{
    if (!GM_REQUIRE(GM_IS_MESSAGE(message))) return NULL;
    return message->structure;
}

GmStructure *gm_message_writable_structure(GmMessage *message)
{
    if (!GM_REQUIRE(GM_IS_MESSAGE(message) && gm_message_is_writable(message))) return NULL;
    if (message->structure == NULL) {
        message->structure = gm_structure_new_empty(gm_message_type_get_name(message->type));
        gm_structure_set_parent_refcount(message->structure, &message->mini_object.refcount);
    }
    return message->structure;
}

bool gm_message_has_name(GmMessage *message, const char *name)
{
    if (!GM_REQUIRE(GM_IS_MESSAGE(message) && name != NULL)) return false;
    return message->structure != NULL && gm_structure_has_name(message->structure, name);
}

uint32_t gm_message_get_seqnum(GmMessage *message)
{
    if (!GM_REQUIRE(GM_IS_MESSAGE(message))) return GM_SEQNUM_INVALID;
    return message->seqnum;
}

void gm_message_set_seqnum(GmMessage *message, uint32_t seqnum)
{
    if (!GM_REQUIRE(GM_IS_MESSAGE(message) && seqnum != GM_SEQNUM_INVALID)) return;
    if (!GM_REQUIRE(gm_message_is_writable(message))) return;
    message->seqnum = seqnum;
}

// ---- end, errors, tags ------------------------------------------------------------------

GmMessage *gm_message_new_eos(GmObject *src)
{
    return message_new(GM_MESSAGE_EOS, src);
}

static GmMessage *message_new_report(GmMessageType type, GmObject *src, GmError *error,
                                     const char *debug, GmStructure *details)
{
    GmMessage *message = message_new(type, src, error, debug);
    if (details != NULL) {
        GmValue value = GM_VALUE_INIT;
        gm_value_init(&value, GM_TYPE_STRUCTURE);
        gm_value_take_boxed(&value, details);
        gm_structure_take_value(message->structure, "details", &value);
    }
    return message;
}

static void message_parse_report(const char *func, GmMessage *message, GmMessageType type,
                                 GmError **error, char **debug)
{
    GmError *e = NULL;
    const char *text = NULL;
    message_get(func, message, type, NULL, 0, &e, &text);
    if (error != NULL)
        *error = gm_error_copy(e);
    if (debug != NULL)
        *debug = gm_strdup(text);
}

GmMessage *gm_message_new_error(GmObject *src, GmError *error, const char *debug)
{
    return message_new_report(GM_MESSAGE_ERROR, src, error, debug, NULL);
}

GmMessage *gm_message_new_error_with_details(GmObject *src, GmError *error, const char *debug,
                                             GmStructure *details)
{
    return message_new_report(GM_MESSAGE_ERROR, src, error, debug, details);
}

void gm_message_parse_error(GmMessage *message, GmError **error, char **debug)
{
    message_parse_report(__func__, message, GM_MESSAGE_ERROR, error, debug);
}

void gm_message_parse_error_details(GmMessage *message, const GmStructure **structure)
{
    message_get(__func__, message, GM_MESSAGE_ERROR, "details", 1, structure);
}

GmMessage *gm_message_new_warning(GmObject *src, GmError *error, const char *debug)
{
    return message_new_report(GM_MESSAGE_WARNING, src, error, debug, NULL);
}

GmMessage *gm_message_new_warning_with_details(GmObject *src, GmError *error,
                                               const char *debug, GmStructure *details)
{
    return message_new_report(GM_MESSAGE_WARNING, src, error, debug, details);
}

void gm_message_parse_warning(GmMessage *message, GmError **error, char **debug)
{
    message_parse_report(__func__, message, GM_MESSAGE_WARNING, error, debug);
}

void gm_message_parse_warning_details(GmMessage *message, const GmStructure **structure)
{
    message_get(__func__, message, GM_MESSAGE_WARNING, "details", 1, structure);
}

GmMessage *gm_message_new_info(GmObject *src, GmError *error, const char *debug)
{
    return message_new_report(GM_MESSAGE_INFO, src, error, debug, NULL);
}

GmMessage *gm_message_new_info_with_details(GmObject *src, GmError *error, const char *debug,
                                            GmStructure *details)
{
    return message_new_report(GM_MESSAGE_INFO, src, error, debug, details);
}

void gm_message_parse_info(GmMessage *message, GmError **error, char **debug)
{
    message_parse_report(__func__, message, GM_MESSAGE_INFO, error, debug);
}

void gm_message_parse_info_details(GmMessage *message, const GmStructure **structure)
{
    message_get(__func__, message, GM_MESSAGE_INFO, "details", 1, structure);
}

GmMessage *gm_message_new_tag(GmObject *src, GmTagList *tag_list)
{
    if (!GM_REQUIRE(tag_list != NULL)) return NULL;
    GmMessage *message = message_new(GM_MESSAGE_TAG, src, tag_list);
    gm_tag_list_unref(tag_list);
    return message;
}

void gm_message_parse_tag(GmMessage *message, GmTagList **tag_list)
{
    if (!GM_REQUIRE(tag_list != NULL)) return;
    if (message_get(__func__, message, GM_MESSAGE_TAG, NULL, 0, tag_list))
        gm_tag_list_ref(*tag_list);
}

// ---- states -----------------------------------------------------------------------------

GmMessage *gm_message_new_state_changed(GmObject *src, GmState oldstate, GmState newstate,
                                        GmState pending)
{
    return message_new(GM_MESSAGE_STATE_CHANGED, src, oldstate, newstate, pending);
}

void gm_message_parse_state_changed(GmMessage *message, GmState *oldstate, GmState *newstate,
                                    GmState *pending)
{
    message_get(__func__, message, GM_MESSAGE_STATE_CHANGED, NULL, 0, oldstate, newstate, pending);
}

GmMessage *gm_message_new_state_dirty(GmObject *src)
{
    return message_new(GM_MESSAGE_STATE_DIRTY, src);
}

GmMessage *gm_message_new_request_state(GmObject *src, GmState state)
{
    return message_new(GM_MESSAGE_REQUEST_STATE, src, state);
}

void gm_message_parse_request_state(GmMessage *message, GmState *state)
{
    message_get(__func__, message, GM_MESSAGE_REQUEST_STATE, NULL, 0, state);
}

GmMessage *gm_message_new_async_start(GmObject *src)
{
    return message_new(GM_MESSAGE_ASYNC_START, src);
}

GmMessage *gm_message_new_async_done(GmObject *src, GmClockTime running_time)
{
    return message_new(GM_MESSAGE_ASYNC_DONE, src, running_time);
}

void gm_message_parse_async_done(GmMessage *message, GmClockTime *running_time)
{
    message_get(__func__, message, GM_MESSAGE_ASYNC_DONE, NULL, 0, running_time);
}

GmMessage *gm_message_new_structure_change(GmObject *src, GmStructureChangeType type,
                                           GmElement *owner, bool busy)
{
    if (!GM_REQUIRE(GM_IS_PAD(src) && GM_IS_ELEMENT(owner))) return NULL;
    return message_new(GM_MESSAGE_STRUCTURE_CHANGE, src, type, owner, busy);
}

void gm_message_parse_structure_change(GmMessage *message, GmStructureChangeType *type,
                                       GmElement **owner, bool *busy)
{
    message_get(__func__, message, GM_MESSAGE_STRUCTURE_CHANGE, NULL, 0, type, owner, busy);
}

GmMessage *gm_message_new_stream_status(GmObject *src, GmStreamStatusType type,
                                        GmElement *owner)
{
    return message_new(GM_MESSAGE_STREAM_STATUS, src, type, owner);
}

void gm_message_parse_stream_status(GmMessage *message, GmStreamStatusType *type,
                                    GmElement **owner)
{
    message_get(__func__, message, GM_MESSAGE_STREAM_STATUS, NULL, 0, type, owner);
}

void gm_message_set_stream_status_object(GmMessage *message, const GmValue *object)
{
    if (message_is(__func__, message, GM_MESSAGE_STREAM_STATUS))
        gm_structure_set_value(message->structure, "object", object);
}

const GmValue *gm_message_get_stream_status_object(GmMessage *message)
{
    if (!message_is(__func__, message, GM_MESSAGE_STREAM_STATUS))
        return NULL;
    return gm_structure_get_value(message->structure, "object");
}

// ---- clock, latency, time ---------------------------------------------------------------

GmMessage *gm_message_new_clock_provide(GmObject *src, GmClock *clock, bool ready)
{
    return message_new(GM_MESSAGE_CLOCK_PROVIDE, src, clock, ready);
}

void gm_message_parse_clock_provide(GmMessage *message, GmClock **clock, bool *ready)
{
    message_get(__func__, message, GM_MESSAGE_CLOCK_PROVIDE, NULL, 0, clock, ready);
}

GmMessage *gm_message_new_clock_lost(GmObject *src, GmClock *clock)
{
    return message_new(GM_MESSAGE_CLOCK_LOST, src, clock);
}

void gm_message_parse_clock_lost(GmMessage *message, GmClock **clock)
{
    message_get(__func__, message, GM_MESSAGE_CLOCK_LOST, NULL, 0, clock);
}

GmMessage *gm_message_new_new_clock(GmObject *src, GmClock *clock)
{
    return message_new(GM_MESSAGE_NEW_CLOCK, src, clock);
}

void gm_message_parse_new_clock(GmMessage *message, GmClock **clock)
{
    message_get(__func__, message, GM_MESSAGE_NEW_CLOCK, NULL, 0, clock);
}

GmMessage *gm_message_new_latency(GmObject *src)
{
    return message_new(GM_MESSAGE_LATENCY, src);
}

GmMessage *gm_message_new_reset_time(GmObject *src, GmClockTime running_time)
{
    if (!GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(running_time))) return NULL;
    return message_new(GM_MESSAGE_RESET_TIME, src, running_time);
}

void gm_message_parse_reset_time(GmMessage *message, GmClockTime *running_time)
{
    message_get(__func__, message, GM_MESSAGE_RESET_TIME, NULL, 0, running_time);
}

GmMessage *gm_message_new_duration_changed(GmObject *src)
{
    return message_new(GM_MESSAGE_DURATION_CHANGED, src);
}

GmMessage *gm_message_new_instant_rate_request(GmObject *src, double rate_multiplier)
{
    if (!GM_REQUIRE(rate_multiplier != 0.0)) return NULL;
    return message_new(GM_MESSAGE_INSTANT_RATE_REQUEST, src, rate_multiplier);
}

void gm_message_parse_instant_rate_request(GmMessage *message, double *rate_multiplier)
{
    message_get(__func__, message, GM_MESSAGE_INSTANT_RATE_REQUEST, NULL, 0, rate_multiplier);
}

// ---- stream and segment -----------------------------------------------------------------

GmMessage *gm_message_new_stream_start(GmObject *src)
{
    return message_new(GM_MESSAGE_STREAM_START, src);
}

void gm_message_set_group_id(GmMessage *message, unsigned group_id)
{
    if (!GM_REQUIRE(group_id != GM_GROUP_ID_INVALID)) return;
    message_set(__func__, message, GM_MESSAGE_STREAM_START, "group-id", 1, group_id);
}

bool gm_message_parse_group_id(GmMessage *message, unsigned *group_id)
{
    unsigned id = GM_GROUP_ID_INVALID;
    bool has = message_get(__func__, message, GM_MESSAGE_STREAM_START, "group-id", 1, &id);
    if (group_id != NULL)
        *group_id = id;
    return has;
}

GmMessage *gm_message_new_segment_start(GmObject *src, GmFormat format, int64_t position)
{
    return message_new(GM_MESSAGE_SEGMENT_START, src, format, position);
}

void gm_message_parse_segment_start(GmMessage *message, GmFormat *format, int64_t *position)
{
    message_get(__func__, message, GM_MESSAGE_SEGMENT_START, NULL, 0, format, position);
}

GmMessage *gm_message_new_segment_done(GmObject *src, GmFormat format, int64_t position)
{
    return message_new(GM_MESSAGE_SEGMENT_DONE, src, format, position);
}

void gm_message_parse_segment_done(GmMessage *message, GmFormat *format, int64_t *position)
{
    message_get(__func__, message, GM_MESSAGE_SEGMENT_DONE, NULL, 0, format, position);
}

GmMessage *gm_message_new_step_start(GmObject *src, bool active, GmFormat format,
                                     uint64_t amount, double rate, bool flush,
                                     bool intermediate)
{
    return message_new(GM_MESSAGE_STEP_START, src, active, format, amount, rate, flush,
                       intermediate);
}

void gm_message_parse_step_start(GmMessage *message, bool *active, GmFormat *format,
                                 uint64_t *amount, double *rate, bool *flush,
                                 bool *intermediate)
{
    message_get(__func__, message, GM_MESSAGE_STEP_START, NULL, 0, active, format, amount, rate,
                flush, intermediate);
}

GmMessage *gm_message_new_step_done(GmObject *src, GmFormat format, uint64_t amount,
                                    double rate, bool flush, bool intermediate,
                                    uint64_t duration, bool eos)
{
    return message_new(GM_MESSAGE_STEP_DONE, src, format, amount, rate, flush, intermediate,
                       duration, eos);
}

void gm_message_parse_step_done(GmMessage *message, GmFormat *format, uint64_t *amount,
                                double *rate, bool *flush, bool *intermediate,
                                uint64_t *duration, bool *eos)
{
    message_get(__func__, message, GM_MESSAGE_STEP_DONE, NULL, 0, format, amount, rate, flush,
                intermediate, duration, eos);
}

// ---- buffering, quality, progress -------------------------------------------------------

GmMessage *gm_message_new_buffering(GmObject *src, int percent)
{
    if (!GM_REQUIRE(percent >= 0 && percent <= 100)) return NULL;
    return message_new(GM_MESSAGE_BUFFERING, src, percent, GM_BUFFERING_STREAM, -1, -1,
                       percent == 100 ? INT64_C(0) : INT64_C(-1));
}

void gm_message_parse_buffering(GmMessage *message, int *percent)
{
    message_get(__func__, message, GM_MESSAGE_BUFFERING, "buffer-percent", 1, percent);
}

void gm_message_set_buffering_stats(GmMessage *message, GmBufferingMode mode, int avg_in,
                                    int avg_out, int64_t buffering_left)
{
    message_set(__func__, message, GM_MESSAGE_BUFFERING, "buffering-mode", 4, mode, avg_in,
                avg_out, buffering_left);
}

void gm_message_parse_buffering_stats(GmMessage *message, GmBufferingMode *mode, int *avg_in,
                                      int *avg_out, int64_t *buffering_left)
{
    message_get(__func__, message, GM_MESSAGE_BUFFERING, "buffering-mode", 4, mode, avg_in,
                avg_out, buffering_left);
}

GmMessage *gm_message_new_qos(GmObject *src, bool live, uint64_t running_time,
                              uint64_t stream_time, uint64_t timestamp, uint64_t duration)
{
    return message_new(GM_MESSAGE_QOS, src, live, running_time, stream_time, timestamp, duration,
                       INT64_C(0), 1.0, 1000000, GM_FORMAT_UNDEFINED, UINT64_MAX, UINT64_MAX);
}

void gm_message_parse_qos(GmMessage *message, bool *live, uint64_t *running_time,
                          uint64_t *stream_time, uint64_t *timestamp, uint64_t *duration)
{
    message_get(__func__, message, GM_MESSAGE_QOS, "live", 5, live, running_time, stream_time,
                timestamp, duration);
}

void gm_message_set_qos_values(GmMessage *message, int64_t jitter, double proportion,
                               int quality)
{
    message_set(__func__, message, GM_MESSAGE_QOS, "jitter", 3, jitter, proportion, quality);
}

void gm_message_parse_qos_values(GmMessage *message, int64_t *jitter, double *proportion,
                                 int *quality)
{
    message_get(__func__, message, GM_MESSAGE_QOS, "jitter", 3, jitter, proportion, quality);
}

void gm_message_set_qos_stats(GmMessage *message, GmFormat format, uint64_t processed,
                              uint64_t dropped)
{
    message_set(__func__, message, GM_MESSAGE_QOS, "format", 3, format, processed, dropped);
}

void gm_message_parse_qos_stats(GmMessage *message, GmFormat *format, uint64_t *processed,
                                uint64_t *dropped)
{
    message_get(__func__, message, GM_MESSAGE_QOS, "format", 3, format, processed, dropped);
}

GmMessage *gm_message_new_progress(GmObject *src, GmProgressType type, const char *code,
                                   const char *text)
{
    if (!GM_REQUIRE(code != NULL && text != NULL)) return NULL;
    int percent = type == GM_PROGRESS_TYPE_COMPLETE || type == GM_PROGRESS_TYPE_CANCELED ||
                  type == GM_PROGRESS_TYPE_ERROR ? 100 : 0;
    return message_new(GM_MESSAGE_PROGRESS, src, type, code, text, percent, -1);
}

void gm_message_parse_progress(GmMessage *message, GmProgressType *type, char **code,
                               char **text)
{
    const char *c = NULL, *t = NULL;
    message_get(__func__, message, GM_MESSAGE_PROGRESS, "type", 3, type, &c, &t);
    if (code != NULL)
        *code = gm_strdup(c);
    if (text != NULL)
        *text = gm_strdup(t);
}

// ---- element, application, context, properties ------------------------------------------

GmMessage *gm_message_new_application(GmObject *src, GmStructure *structure)
{
    if (!GM_REQUIRE(structure != NULL)) return NULL;
    return gm_message_new_custom(GM_MESSAGE_APPLICATION, src, structure);
}

GmMessage *gm_message_new_element(GmObject *src, GmStructure *structure)
{
    if (!GM_REQUIRE(structure != NULL)) return NULL;
    return gm_message_new_custom(GM_MESSAGE_ELEMENT, src, structure);
}

GmMessage *gm_message_new_need_context(GmObject *src, const char *context_type)
{
    if (!GM_REQUIRE(context_type != NULL)) return NULL;
    return message_new(GM_MESSAGE_NEED_CONTEXT, src, context_type);
}

bool gm_message_parse_context_type(GmMessage *message, const char **context_type)
{
    return message_get(__func__, message, GM_MESSAGE_NEED_CONTEXT, NULL, 0, context_type);
}

GmMessage *gm_message_new_have_context(GmObject *src, GmContext *context)
{
    if (!GM_REQUIRE(context != NULL)) return NULL;
    GmMessage *message = message_new(GM_MESSAGE_HAVE_CONTEXT, src, context);
    gm_context_unref(context);
    return message;
}

void gm_message_parse_have_context(GmMessage *message, GmContext **context)
{
    if (message_get(__func__, message, GM_MESSAGE_HAVE_CONTEXT, NULL, 0, context) && context)
        gm_context_ref(*context);
}

GmMessage *gm_message_new_property_notify(GmObject *src, const char *property_name,
                                          GmValue *val)
{
    if (!GM_REQUIRE(src != NULL && property_name != NULL)) return NULL;
    GmMessage *message = message_new(GM_MESSAGE_PROPERTY_NOTIFY, src, property_name);
    if (val != NULL)
        gm_structure_take_value(message->structure, "property-value", val);
    return message;
}

void gm_message_parse_property_notify(GmMessage *message, GmObject **object,
                                      const char **property_name,
                                      const GmValue **property_value)
{
    if (!message_get(__func__, message, GM_MESSAGE_PROPERTY_NOTIFY, NULL, 0, property_name))
        return;
    if (object != NULL)
        *object = message->src;
    if (property_value != NULL)
        *property_value = gm_structure_get_value(message->structure, "property-value");
}
