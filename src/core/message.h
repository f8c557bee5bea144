// SPDX-License-Identifier: MIT
//
// message: what elements tell the application, over the bus.
//
//     element --gm_element_post_message--> bin … pipeline --> bus --> application
//
// A message says what (type), who (src), and more in a GmStructure with GStreamer's names.
//
// Rules: a message is a mini-object. Unless said otherwise: any thread, never blocks; new gives,
// and borrows src (it gets a reference; may be NULL) and all other objects; parse borrows the
// message, its result pointers may be NULL, and strings and objects it gives out are borrowed
// from the message except where "gives" is said; set needs a writable message. Misuse, also a
// function for one type on a message of another: a critical, NULL or no result, nothing taken.
// Times are ns.
// Read next: core/bus.h.
#ifndef GM_CORE_MESSAGE_H
#define GM_CORE_MESSAGE_H

#include "core/element.h"
#include "core/mini_object.h"
#include "core/query.h"
#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_MESSAGE_UNKNOWN          = 0,
    GM_MESSAGE_EOS              = 1 << 0, // of a bin: all its sinks are at the end
    GM_MESSAGE_ERROR            = 1 << 1,
    GM_MESSAGE_WARNING          = 1 << 2,
    GM_MESSAGE_INFO             = 1 << 3,
    GM_MESSAGE_TAG              = 1 << 4,
    GM_MESSAGE_BUFFERING        = 1 << 5,
    GM_MESSAGE_STATE_CHANGED    = 1 << 6,
    GM_MESSAGE_STATE_DIRTY      = 1 << 7, // a child changed state by itself
    GM_MESSAGE_STEP_DONE        = 1 << 8,
    GM_MESSAGE_CLOCK_PROVIDE    = 1 << 9,
    GM_MESSAGE_CLOCK_LOST       = 1 << 10,
    GM_MESSAGE_NEW_CLOCK        = 1 << 11,
    GM_MESSAGE_STRUCTURE_CHANGE = 1 << 12,
    GM_MESSAGE_STREAM_STATUS    = 1 << 13,
    GM_MESSAGE_APPLICATION      = 1 << 14,
    GM_MESSAGE_ELEMENT          = 1 << 15,
    GM_MESSAGE_SEGMENT_START    = 1 << 16,
    GM_MESSAGE_SEGMENT_DONE     = 1 << 17,
    GM_MESSAGE_DURATION_CHANGED = 1 << 18,
    GM_MESSAGE_LATENCY          = 1 << 19, // it changed: gm_bin_recalculate_latency
    GM_MESSAGE_ASYNC_START      = 1 << 20, // to the bin: wait for me
    GM_MESSAGE_ASYNC_DONE       = 1 << 21, // prerolled
    GM_MESSAGE_REQUEST_STATE    = 1 << 22, // the application should set that state
    GM_MESSAGE_STEP_START       = 1 << 23,
    GM_MESSAGE_QOS              = 1 << 24,
    GM_MESSAGE_PROGRESS         = 1 << 25,
    GM_MESSAGE_TOC              = 1 << 26,
    GM_MESSAGE_RESET_TIME       = 1 << 27, // to the pipeline: running time restarts
    GM_MESSAGE_STREAM_START     = 1 << 28,
    GM_MESSAGE_NEED_CONTEXT     = 1 << 29,
    GM_MESSAGE_HAVE_CONTEXT     = 1 << 30,
    GM_MESSAGE_EXTENDED         = INT_MIN, // not a mask from here on: an offset and a number
    GM_MESSAGE_DEVICE_ADDED     = GM_MESSAGE_EXTENDED + 1,
    GM_MESSAGE_DEVICE_REMOVED   = GM_MESSAGE_EXTENDED + 2,
    GM_MESSAGE_PROPERTY_NOTIFY  = GM_MESSAGE_EXTENDED + 3,
    GM_MESSAGE_STREAM_COLLECTION = GM_MESSAGE_EXTENDED + 4,
    GM_MESSAGE_STREAMS_SELECTED = GM_MESSAGE_EXTENDED + 5,
    GM_MESSAGE_REDIRECT         = GM_MESSAGE_EXTENDED + 6,
    GM_MESSAGE_DEVICE_CHANGED   = GM_MESSAGE_EXTENDED + 7,
    GM_MESSAGE_INSTANT_RATE_REQUEST = GM_MESSAGE_EXTENDED + 8,
    GM_MESSAGE_ANY              = -1
} GmMessageType;

typedef enum {
    GM_STRUCTURE_CHANGE_TYPE_PAD_LINK   = 0,
    GM_STRUCTURE_CHANGE_TYPE_PAD_UNLINK = 1
} GmStructureChangeType;
typedef enum {
    GM_STREAM_STATUS_TYPE_CREATE  = 0, // a thread is about to be made
    GM_STREAM_STATUS_TYPE_ENTER   = 1, // it runs (posted by itself)
    GM_STREAM_STATUS_TYPE_LEAVE   = 2, // it ends (posted by itself)
    GM_STREAM_STATUS_TYPE_DESTROY = 3,
    GM_STREAM_STATUS_TYPE_START   = 8, // its task was started
    GM_STREAM_STATUS_TYPE_PAUSE   = 9,
    GM_STREAM_STATUS_TYPE_STOP    = 10
} GmStreamStatusType;
typedef enum {
    GM_PROGRESS_TYPE_START    = 0,
    GM_PROGRESS_TYPE_CONTINUE = 1,
    GM_PROGRESS_TYPE_COMPLETE = 2,
    GM_PROGRESS_TYPE_CANCELED = 3,
    GM_PROGRESS_TYPE_ERROR    = 4
} GmProgressType;

// The poster waits in gm_bus_post until the message is freed; the bus sets it.
#define GM_MESSAGE_FLAG_ASYNC_DELIVERY (GM_MINI_OBJECT_FLAG_LAST << 0)

struct GmMessage {
    GmMiniObject  mini_object;
    GmMessageType type;
    uint64_t      timestamp; // not used by the engine; GM_CLOCK_TIME_NONE
    GmObject     *src; // counted, or NULL
    uint32_t      seqnum; // of the event or message it follows from
    // internal
    GmStructure  *structure; // or NULL
    // For the bus: a post that waits until the message is freed (GM_BUS_ASYNC).
    GmMutex       lock;
    GmCond        cond;
};

// Casts are unchecked; GM_IS_MESSAGE checks (NULL: false). The others read the struct:
// not NULL, no lock taken.
#define GM_MESSAGE_CAST(obj) ((GmMessage *)(obj))
#define GM_MESSAGE(obj) ((GmMessage *)(obj))
#define GM_IS_MESSAGE(obj) ((obj) != NULL && GM_MINI_OBJECT_TYPE(obj) == GM_TYPE_MESSAGE)
#define GM_MESSAGE_TYPE(message) (GM_MESSAGE_CAST(message)->type)
#define GM_MESSAGE_TYPE_IS_EXTENDED(message) (GM_MESSAGE_TYPE(message) < 0)
#define GM_MESSAGE_TYPE_NAME(message) gm_message_type_get_name(GM_MESSAGE_TYPE(message))
#define GM_MESSAGE_TIMESTAMP(message) (GM_MESSAGE_CAST(message)->timestamp)
#define GM_MESSAGE_SRC(message) (GM_MESSAGE_CAST(message)->src)
#define GM_MESSAGE_SEQNUM(message) (GM_MESSAGE_CAST(message)->seqnum)
#define GM_MESSAGE_SRC_NAME(message) \
    (GM_MESSAGE_SRC(message) ? GM_OBJECT_NAME(GM_MESSAGE_SRC(message)) : "(NULL)")
#define GM_MESSAGE_GET_LOCK(message) (&GM_MESSAGE_CAST(message)->lock)
#define GM_MESSAGE_LOCK(message) gm_mutex_lock(GM_MESSAGE_GET_LOCK(message))
#define GM_MESSAGE_UNLOCK(message) gm_mutex_unlock(GM_MESSAGE_GET_LOCK(message))
#define GM_MESSAGE_GET_COND(message) (&GM_MESSAGE_CAST(message)->cond)
#define GM_MESSAGE_WAIT(message)                                                              \
    gm_cond_wait(GM_MESSAGE_GET_COND(message), GM_MESSAGE_GET_LOCK(message), GM_WAIT_BUS, message)
#define GM_MESSAGE_SIGNAL(message) gm_cond_signal(GM_MESSAGE_GET_COND(message))

// The mini-object functions, typed (core/mini_object.h).
#define gm_message_ref(msg) ((GmMessage *)gm_mini_object_ref(GM_MINI_OBJECT_CAST(msg)))
#define gm_message_unref(msg) gm_mini_object_unref(GM_MINI_OBJECT_CAST(msg))
#define gm_clear_message(msg_p) gm_clear_mini_object((GmMiniObject **)(msg_p))
#define gm_message_copy(msg) \
    ((GmMessage *)gm_mini_object_copy((const GmMiniObject *)(msg)))
#define gm_message_is_writable(msg) gm_mini_object_is_writable(GM_MINI_OBJECT_CAST(msg))
#define gm_message_make_writable(msg) \
    ((GmMessage *)gm_mini_object_make_writable(GM_MINI_OBJECT_CAST(msg)))
#define gm_message_replace(old_p, msg) \
    gm_mini_object_replace((GmMiniObject **)(old_p), GM_MINI_OBJECT_CAST(msg))
#define gm_message_take(old_p, msg) \
    gm_mini_object_take((GmMiniObject **)(old_p), GM_MINI_OBJECT_CAST(msg))

// Names as GStreamer's ("state-changed"); "unknown" for no type.
const char *gm_message_type_get_name(GmMessageType type);
GmQuark gm_message_type_to_quark(GmMessageType type);

// Takes structure (may be NULL).
GmMessage *gm_message_new_custom(GmMessageType type, GmObject *src, GmStructure *structure);
const GmStructure *gm_message_get_structure(GmMessage *message); // borrowed, or NULL
GmStructure *gm_message_writable_structure(GmMessage *message);  // borrowed
bool gm_message_has_name(GmMessage *message, const char *name);  // of the structure
uint32_t gm_message_get_seqnum(GmMessage *message);
void gm_message_set_seqnum(GmMessage *message, uint32_t seqnum); // not 0

// ---- end, errors, tags ------------------------------------------------------------------

GmMessage *gm_message_new_eos(GmObject *src); // posted by sinks and bins
// error is copied, debug (may be NULL) too; details (may be NULL) are taken. parse gives both:
// gm_error_free, free; details are borrowed.
GmMessage *gm_message_new_error(GmObject *src, GmError *error, const char *debug);
GmMessage *gm_message_new_error_with_details(GmObject *src, GmError *error, const char *debug,
                                             GmStructure *details);
void gm_message_parse_error(GmMessage *message, GmError **error, char **debug);
void gm_message_parse_error_details(GmMessage *message, const GmStructure **structure);
GmMessage *gm_message_new_warning(GmObject *src, GmError *error, const char *debug);
GmMessage *gm_message_new_warning_with_details(GmObject *src, GmError *error,
                                               const char *debug, GmStructure *details);
void gm_message_parse_warning(GmMessage *message, GmError **error, char **debug);
void gm_message_parse_warning_details(GmMessage *message, const GmStructure **structure);
GmMessage *gm_message_new_info(GmObject *src, GmError *error, const char *debug);
GmMessage *gm_message_new_info_with_details(GmObject *src, GmError *error, const char *debug,
                                            GmStructure *details);
void gm_message_parse_info(GmMessage *message, GmError **error, char **debug);
void gm_message_parse_info_details(GmMessage *message, const GmStructure **structure);
GmMessage *gm_message_new_tag(GmObject *src, GmTagList *tag_list); // takes tag_list
void gm_message_parse_tag(GmMessage *message, GmTagList **tag_list); // gives

// ---- states -----------------------------------------------------------------------------

// What an element or bin has reached; states as in core/element.h, pending VOID_PENDING: arrived.
GmMessage *gm_message_new_state_changed(GmObject *src, GmState oldstate, GmState newstate,
                                        GmState pending);
void gm_message_parse_state_changed(GmMessage *message, GmState *oldstate, GmState *newstate,
                                    GmState *pending);
GmMessage *gm_message_new_state_dirty(GmObject *src);
GmMessage *gm_message_new_request_state(GmObject *src, GmState state);
void gm_message_parse_request_state(GmMessage *message, GmState *state);
GmMessage *gm_message_new_async_start(GmObject *src);
// running_time: where to start playing; NONE: the pipeline chooses.
GmMessage *gm_message_new_async_done(GmObject *src, GmClockTime running_time);
void gm_message_parse_async_done(GmMessage *message, GmClockTime *running_time);
// Posted before and after links change; busy: about to begin.
GmMessage *gm_message_new_structure_change(GmObject *src, GmStructureChangeType type,
                                           GmElement *owner, bool busy);
void gm_message_parse_structure_change(GmMessage *message, GmStructureChangeType *type,
                                       GmElement **owner, bool *busy);
// What a streaming thread does; `object` is its task, as a value (copied).
GmMessage *gm_message_new_stream_status(GmObject *src, GmStreamStatusType type,
                                        GmElement *owner);
void gm_message_parse_stream_status(GmMessage *message, GmStreamStatusType *type,
                                    GmElement **owner);
void gm_message_set_stream_status_object(GmMessage *message, const GmValue *object);
const GmValue *gm_message_get_stream_status_object(GmMessage *message);

// ---- clock, latency, time ---------------------------------------------------------------

// An element can / can no longer provide a clock (ready: now); the pipeline has chosen one. Parsed
// clocks are borrowed. reset_time: valid.
GmMessage *gm_message_new_clock_provide(GmObject *src, GmClock *clock, bool ready);
void gm_message_parse_clock_provide(GmMessage *message, GmClock **clock, bool *ready);
GmMessage *gm_message_new_clock_lost(GmObject *src, GmClock *clock);
void gm_message_parse_clock_lost(GmMessage *message, GmClock **clock);
GmMessage *gm_message_new_new_clock(GmObject *src, GmClock *clock);
void gm_message_parse_new_clock(GmMessage *message, GmClock **clock);
GmMessage *gm_message_new_latency(GmObject *src);
GmMessage *gm_message_new_reset_time(GmObject *src, GmClockTime running_time);
void gm_message_parse_reset_time(GmMessage *message, GmClockTime *running_time);
GmMessage *gm_message_new_duration_changed(GmObject *src);
GmMessage *gm_message_new_instant_rate_request(GmObject *src, double rate_multiplier);
void gm_message_parse_instant_rate_request(GmMessage *message, double *rate_multiplier);

// ---- stream and segment -------------------------------------------------------------------

// group_id: not GM_GROUP_ID_INVALID. position in format units; segment-done: of a segment seek.
// Steps: amount and duration (what it took of the stream, ns) as asked and done; active: it begins
// now, else it is queued; eos: it met the end.
GmMessage *gm_message_new_stream_start(GmObject *src);
void gm_message_set_group_id(GmMessage *message, unsigned group_id);
bool gm_message_parse_group_id(GmMessage *message, unsigned *group_id); // false: none
// Begin and end of a segment seek.
GmMessage *gm_message_new_segment_start(GmObject *src, GmFormat format, int64_t position);
void gm_message_parse_segment_start(GmMessage *message, GmFormat *format, int64_t *position);
GmMessage *gm_message_new_segment_done(GmObject *src, GmFormat format, int64_t position);
void gm_message_parse_segment_done(GmMessage *message, GmFormat *format, int64_t *position);
GmMessage *gm_message_new_step_start(GmObject *src, bool active, GmFormat format,
                                     uint64_t amount, double rate, bool flush,
                                     bool intermediate);
void gm_message_parse_step_start(GmMessage *message, bool *active, GmFormat *format,
                                 uint64_t *amount, double *rate, bool *flush,
                                 bool *intermediate);
GmMessage *gm_message_new_step_done(GmObject *src, GmFormat format, uint64_t amount,
                                    double rate, bool flush, bool intermediate,
                                    uint64_t duration, bool eos);
void gm_message_parse_step_done(GmMessage *message, GmFormat *format, uint64_t *amount,
                                double *rate, bool *flush, bool *intermediate,
                                uint64_t *duration, bool *eos);

// ---- buffering, quality, progress -----------------------------------------------------------

// percent 0..100; stats as gm_query_set_buffering_stats.
GmMessage *gm_message_new_buffering(GmObject *src, int percent);
void gm_message_parse_buffering(GmMessage *message, int *percent);
void gm_message_set_buffering_stats(GmMessage *message, GmBufferingMode mode, int avg_in,
                                    int avg_out, int64_t buffering_left);
void gm_message_parse_buffering_stats(GmMessage *message, GmBufferingMode *mode, int *avg_in,
                                      int *avg_out, int64_t *buffering_left);
// A buffer was dropped or quality lowered. jitter: ns, how late; proportion: long-term rate wanted,
// 1.0 is well; quality: 1000000 is the default one; processed, dropped: counts in format units.
GmMessage *gm_message_new_qos(GmObject *src, bool live, uint64_t running_time,
                              uint64_t stream_time, uint64_t timestamp, uint64_t duration);
void gm_message_parse_qos(GmMessage *message, bool *live, uint64_t *running_time,
                          uint64_t *stream_time, uint64_t *timestamp, uint64_t *duration);
void gm_message_set_qos_values(GmMessage *message, int64_t jitter, double proportion,
                               int quality);
void gm_message_parse_qos_values(GmMessage *message, int64_t *jitter, double *proportion,
                                 int *quality);
void gm_message_set_qos_stats(GmMessage *message, GmFormat format, uint64_t processed,
                              uint64_t dropped);
void gm_message_parse_qos_stats(GmMessage *message, GmFormat *format, uint64_t *processed,
                                uint64_t *dropped);
// code: for programs, text: for people; parse gives copies.
GmMessage *gm_message_new_progress(GmObject *src, GmProgressType type, const char *code,
                                   const char *text);
void gm_message_parse_progress(GmMessage *message, GmProgressType *type, char **code,
                               char **text);

// ---- element, application, context, properties ------------------------------------------------

GmMessage *gm_message_new_application(GmObject *src, GmStructure *structure); // takes structure
GmMessage *gm_message_new_element(GmObject *src, GmStructure *structure);     // takes structure
// need: somebody below should set a context of that type. parse false: not that type of message.
GmMessage *gm_message_new_need_context(GmObject *src, const char *context_type);
bool gm_message_parse_context_type(GmMessage *message, const char **context_type);
GmMessage *gm_message_new_have_context(GmObject *src, GmContext *context); // takes context
void gm_message_parse_have_context(GmMessage *message, GmContext **context); // gives
// val (may be NULL) is taken: its contents are moved into the message.
GmMessage *gm_message_new_property_notify(GmObject *src, const char *property_name,
                                          GmValue *val);
void gm_message_parse_property_notify(GmMessage *message, GmObject **object,
                                      const char **property_name,
                                      const GmValue **property_value);

#ifdef __cplusplus
}
#endif
#endif
