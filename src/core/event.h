// SPDX-License-Identifier: MIT
//
// event: news that travels along the pads, with the data or against it.
//
//     downstream  --> stream-start, caps, segment, tag, gap, eos      (serialised with buffers)
//     both ways       flush-start (passes by), flush-stop
//     upstream    <-- seek, qos, latency, step, reconfigure, navigation
//
// The type's number says how the event travels (the flags in its low byte) and in which order
// the sticky ones, which a pad keeps, are sent again (the number above). The contents are a
// GmStructure with GStreamer's names of structure and fields.
//
// Rules: an event is a mini-object. Unless said otherwise: any thread, never blocks; new gives;
// parse borrows the event, its result pointers may be NULL, and strings and objects it gives out
// are borrowed from the event (valid as long as that is held); set needs a writable event. Misuse,
// also a function for one type on an event of another: a critical, NULL or no result, nothing
// taken or changed. Times are ns.
// Read next: core/pad.h (how events get on).
#ifndef GM_CORE_EVENT_H
#define GM_CORE_EVENT_H

#include "core/enums.h"
#include "core/mini_object.h"
#include "core/segment.h"
#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_EVENT_TYPE_UPSTREAM     = 1 << 0,
    GM_EVENT_TYPE_DOWNSTREAM   = 1 << 1,
    GM_EVENT_TYPE_SERIALIZED   = 1 << 2, // keeps its place among buffers
    GM_EVENT_TYPE_STICKY       = 1 << 3, // pads keep the last one
    GM_EVENT_TYPE_STICKY_MULTI = 1 << 4  // … the last one of each name
} GmEventTypeFlags;
#define GM_EVENT_TYPE_BOTH 3 // upstream and downstream
#define GM_EVENT_NUM_SHIFT 8
// A type from a number, which orders sticky events, and flags.
#define GM_EVENT_MAKE_TYPE(num, flags) (((num) << GM_EVENT_NUM_SHIFT) | (flags))

// Flags: 1 up, 2 down, 3 both; 4 serialised; 8 sticky; 16 sticky-multi.
typedef enum {
    GM_EVENT_UNKNOWN                  = 0,
    GM_EVENT_FLUSH_START              = GM_EVENT_MAKE_TYPE(10, 3),
    GM_EVENT_FLUSH_STOP               = GM_EVENT_MAKE_TYPE(20, 3 | 4),
    GM_EVENT_STREAM_START             = GM_EVENT_MAKE_TYPE(40, 2 | 4 | 8),
    GM_EVENT_CAPS                     = GM_EVENT_MAKE_TYPE(50, 2 | 4 | 8),
    GM_EVENT_SEGMENT                  = GM_EVENT_MAKE_TYPE(70, 2 | 4 | 8),
    GM_EVENT_STREAM_COLLECTION        = GM_EVENT_MAKE_TYPE(75, 2 | 4 | 8 | 16),
    GM_EVENT_TAG                      = GM_EVENT_MAKE_TYPE(80, 2 | 4 | 8 | 16),
    GM_EVENT_BUFFERSIZE               = GM_EVENT_MAKE_TYPE(90, 2 | 4 | 8),
    GM_EVENT_SINK_MESSAGE             = GM_EVENT_MAKE_TYPE(100, 2 | 4 | 8 | 16),
    GM_EVENT_STREAM_GROUP_DONE        = GM_EVENT_MAKE_TYPE(105, 2 | 4 | 8),
    GM_EVENT_EOS                      = GM_EVENT_MAKE_TYPE(110, 2 | 4 | 8),
    GM_EVENT_TOC                      = GM_EVENT_MAKE_TYPE(120, 2 | 4 | 8 | 16),
    GM_EVENT_PROTECTION               = GM_EVENT_MAKE_TYPE(130, 2 | 4 | 8 | 16),
    GM_EVENT_SEGMENT_DONE             = GM_EVENT_MAKE_TYPE(150, 2 | 4),
    GM_EVENT_GAP                      = GM_EVENT_MAKE_TYPE(160, 2 | 4),
    GM_EVENT_INSTANT_RATE_CHANGE      = GM_EVENT_MAKE_TYPE(180, 2 | 8),
    GM_EVENT_QOS                      = GM_EVENT_MAKE_TYPE(190, 1),
    GM_EVENT_SEEK                     = GM_EVENT_MAKE_TYPE(200, 1),
    GM_EVENT_NAVIGATION               = GM_EVENT_MAKE_TYPE(210, 1),
    GM_EVENT_LATENCY                  = GM_EVENT_MAKE_TYPE(220, 1),
    GM_EVENT_STEP                     = GM_EVENT_MAKE_TYPE(230, 1),
    GM_EVENT_RECONFIGURE              = GM_EVENT_MAKE_TYPE(240, 1),
    GM_EVENT_TOC_SELECT               = GM_EVENT_MAKE_TYPE(250, 1),
    GM_EVENT_SELECT_STREAMS           = GM_EVENT_MAKE_TYPE(260, 1),
    GM_EVENT_INSTANT_RATE_SYNC_TIME   = GM_EVENT_MAKE_TYPE(261, 1),
    GM_EVENT_CUSTOM_UPSTREAM          = GM_EVENT_MAKE_TYPE(270, 1),
    GM_EVENT_CUSTOM_DOWNSTREAM        = GM_EVENT_MAKE_TYPE(280, 2 | 4),
    GM_EVENT_CUSTOM_DOWNSTREAM_OOB    = GM_EVENT_MAKE_TYPE(290, 2),
    GM_EVENT_CUSTOM_DOWNSTREAM_STICKY = GM_EVENT_MAKE_TYPE(300, 2 | 4 | 8 | 16),
    GM_EVENT_CUSTOM_BOTH              = GM_EVENT_MAKE_TYPE(310, 3 | 4),
    GM_EVENT_CUSTOM_BOTH_OOB          = GM_EVENT_MAKE_TYPE(320, 3)
} GmEventType;

typedef enum {
    GM_STREAM_FLAG_NONE     = 0,
    GM_STREAM_FLAG_SPARSE   = 1 << 0, // long gaps, as subtitles have
    GM_STREAM_FLAG_SELECT   = 1 << 1, // wanted unless the user says otherwise
    GM_STREAM_FLAG_UNSELECT = 1 << 2  // not wanted …
} GmStreamFlags;
typedef enum {
    GM_QOS_TYPE_OVERFLOW  = 0, // data comes too fast
    GM_QOS_TYPE_UNDERFLOW = 1, // … too late
    GM_QOS_TYPE_THROTTLE  = 2  // fewer buffers are wanted than come
} GmQOSType;
typedef enum { GM_GAP_FLAG_MISSING_DATA = 1 << 0 } GmGapFlags;

struct GmEvent {
    GmMiniObject mini_object;
    GmEventType  type;
    uint64_t     timestamp; // not used by the engine; GM_CLOCK_TIME_NONE
    uint32_t     seqnum; // the same for all events and messages that follow from one cause
    // internal
    GmStructure *structure; // or NULL
    int64_t      running_time_offset;
};

// Casts are unchecked; GM_IS_EVENT checks (NULL: false). The others read the struct:
// not NULL, no lock taken.
#define GM_EVENT_CAST(obj) ((GmEvent *)(obj))
#define GM_EVENT(obj) ((GmEvent *)(obj))
#define GM_IS_EVENT(obj) ((obj) != NULL && GM_MINI_OBJECT_TYPE(obj) == GM_TYPE_EVENT)
#define GM_EVENT_TYPE(event) (GM_EVENT_CAST(event)->type)
#define GM_EVENT_TYPE_NAME(event) gm_event_type_get_name(GM_EVENT_TYPE(event))
#define GM_EVENT_TIMESTAMP(event) (GM_EVENT_CAST(event)->timestamp)
#define GM_EVENT_SEQNUM(event) (GM_EVENT_CAST(event)->seqnum)
#define GM_EVENT_IS_UPSTREAM(ev) (!!(GM_EVENT_TYPE(ev) & GM_EVENT_TYPE_UPSTREAM))
#define GM_EVENT_IS_DOWNSTREAM(ev) (!!(GM_EVENT_TYPE(ev) & GM_EVENT_TYPE_DOWNSTREAM))
#define GM_EVENT_IS_SERIALIZED(ev) (!!(GM_EVENT_TYPE(ev) & GM_EVENT_TYPE_SERIALIZED))
#define GM_EVENT_IS_STICKY(ev) (!!(GM_EVENT_TYPE(ev) & GM_EVENT_TYPE_STICKY))

// The mini-object functions, typed (core/mini_object.h).
#define gm_event_ref(event) ((GmEvent *)gm_mini_object_ref(GM_MINI_OBJECT_CAST(event)))
#define gm_event_unref(event) gm_mini_object_unref(GM_MINI_OBJECT_CAST(event))
#define gm_clear_event(event_p) gm_clear_mini_object((GmMiniObject **)(event_p))
#define gm_event_copy(event) \
    ((GmEvent *)gm_mini_object_copy((const GmMiniObject *)(event)))
#define gm_event_is_writable(event) gm_mini_object_is_writable(GM_MINI_OBJECT_CAST(event))
#define gm_event_make_writable(event) \
    ((GmEvent *)gm_mini_object_make_writable(GM_MINI_OBJECT_CAST(event)))
#define gm_event_replace(old_p, event) \
    gm_mini_object_replace((GmMiniObject **)(old_p), GM_MINI_OBJECT_CAST(event))
#define gm_event_steal(old_p) ((GmEvent *)gm_mini_object_steal((GmMiniObject **)(old_p)))
#define gm_event_take(old_p, event) \
    gm_mini_object_take((GmMiniObject **)(old_p), GM_MINI_OBJECT_CAST(event))

// Names as GStreamer's ("flush-start"); "unknown" for no type.
const char *gm_event_type_get_name(GmEventType type);
GmQuark gm_event_type_to_quark(GmEventType type); // of that name; 0 for no type
GmEventTypeFlags gm_event_type_get_flags(GmEventType type);
// Sticky events are stored and sent again in ascending order of this.
unsigned gm_event_type_to_sticky_ordering(GmEventType type);

// Takes structure (may be NULL).
GmEvent *gm_event_new_custom(GmEventType type, GmStructure *structure);
const GmStructure *gm_event_get_structure(GmEvent *event); // borrowed, or NULL
GmStructure *gm_event_writable_structure(GmEvent *event);  // borrowed; made if there is none
bool gm_event_has_name(GmEvent *event, const char *name);  // of the structure
bool gm_event_has_name_id(GmEvent *event, GmQuark name);
uint32_t gm_event_get_seqnum(GmEvent *event);
void gm_event_set_seqnum(GmEvent *event, uint32_t seqnum); // not 0
// What pads on the way have added to the running times that the event speaks of.
int64_t gm_event_get_running_time_offset(GmEvent *event);
void gm_event_set_running_time_offset(GmEvent *event, int64_t offset);

// ---- downstream -------------------------------------------------------------------------

// stream_id: not NULL, unique for the stream. group_id: streams that play together have one
// (gm_util_group_id_next); parse false: there is none.
GmEvent *gm_event_new_stream_start(const char *stream_id);
void gm_event_parse_stream_start(GmEvent *event, const char **stream_id);
void gm_event_set_stream_flags(GmEvent *event, GmStreamFlags flags);
void gm_event_parse_stream_flags(GmEvent *event, GmStreamFlags *flags);
void gm_event_set_group_id(GmEvent *event, unsigned group_id);
bool gm_event_parse_group_id(GmEvent *event, unsigned *group_id);
GmEvent *gm_event_new_stream_group_done(unsigned group_id);
void gm_event_parse_stream_group_done(GmEvent *event, unsigned *group_id);

// flush-start: drop what you hold, refuse data; flush-stop: go on; eos: no more data.
GmEvent *gm_event_new_flush_start(void);
GmEvent *gm_event_new_flush_stop(bool reset_time); // reset_time: running time restarts at 0
void gm_event_parse_flush_stop(GmEvent *event, bool *reset_time);
GmEvent *gm_event_new_eos(void);

// caps: fixed, borrowed (gets a reference).
GmEvent *gm_event_new_caps(GmCaps *caps);
void gm_event_parse_caps(GmEvent *event, GmCaps **caps);
// segment: copied; not of format UNDEFINED.
GmEvent *gm_event_new_segment(const GmSegment *segment);
void gm_event_parse_segment(GmEvent *event, const GmSegment **segment);
void gm_event_copy_segment(GmEvent *event, GmSegment *segment);
// The end of a segment that was asked for with GM_SEEK_FLAG_SEGMENT; position in format units.
GmEvent *gm_event_new_segment_done(GmFormat format, int64_t position);
void gm_event_parse_segment_done(GmEvent *event, GmFormat *format, int64_t *position);
GmEvent *gm_event_new_tag(GmTagList *taglist); // takes
void gm_event_parse_tag(GmEvent *event, GmTagList **taglist);
// No data from timestamp (valid) on for duration (may be NONE).
GmEvent *gm_event_new_gap(GmClockTime timestamp, GmClockTime duration);
void gm_event_parse_gap(GmEvent *event, GmClockTime *timestamp, GmClockTime *duration);
void gm_event_set_gap_flags(GmEvent *event, GmGapFlags flags);
void gm_event_parse_gap_flags(GmEvent *event, GmGapFlags *flags);
// How much should be buffered, in format units (-1: default); async: in a thread of its own.
GmEvent *gm_event_new_buffer_size(GmFormat format, int64_t minsize, int64_t maxsize,
                                  bool async);
void gm_event_parse_buffer_size(GmEvent *event, GmFormat *format, int64_t *minsize,
                                int64_t *maxsize, bool *async);
// A message the sink posts when the data before it has been played; parse gives a reference.
GmEvent *gm_event_new_sink_message(const char *name, GmMessage *msg);
void gm_event_parse_sink_message(GmEvent *event, GmMessage **msg);
// How to decrypt what follows. data gets a reference; origin may be NULL.
GmEvent *gm_event_new_protection(const char *system_id, GmBuffer *data, const char *origin);
void gm_event_parse_protection(GmEvent *event, const char **system_id, GmBuffer **data,
                               const char **origin);
// Sinks are to change rate at once: new rate / segment's rate (not 0), and trick mode flags.
GmEvent *gm_event_new_instant_rate_change(double rate_multiplier, GmSegmentFlags new_flags);
void gm_event_parse_instant_rate_change(GmEvent *event, double *rate_multiplier,
                                        GmSegmentFlags *new_flags);

// ---- upstream ---------------------------------------------------------------------------

// proportion: how fast data comes (> 1: too slow); diff: how late; -timestamp <= diff.
GmEvent *gm_event_new_qos(GmQOSType type, double proportion, GmClockTimeDiff diff,
                          GmClockTime timestamp);
void gm_event_parse_qos(GmEvent *event, GmQOSType *type, double *proportion,
                        GmClockTimeDiff *diff, GmClockTime *timestamp);
// rate: not 0, negative: backwards; start and stop in format units, by their types.
GmEvent *gm_event_new_seek(double rate, GmFormat format, GmSeekFlags flags,
                           GmSeekType start_type, int64_t start, GmSeekType stop_type,
                           int64_t stop);
void gm_event_parse_seek(GmEvent *event, double *rate, GmFormat *format, GmSeekFlags *flags,
                         GmSeekType *start_type, int64_t *start, GmSeekType *stop_type,
                         int64_t *stop);
// Least distance of key frames to show in trick mode; 0: none asked.
void gm_event_set_seek_trickmode_interval(GmEvent *event, GmClockTime interval);
void gm_event_parse_seek_trickmode_interval(GmEvent *event, GmClockTime *interval);
GmEvent *gm_event_new_navigation(GmStructure *structure); // takes; not NULL
// The latency all sinks are to use; valid.
GmEvent *gm_event_new_latency(GmClockTime latency);
void gm_event_parse_latency(GmEvent *event, GmClockTime *latency);
// Skip `amount` format units at `rate` (> 0); intermediate: more steps follow.
GmEvent *gm_event_new_step(GmFormat format, uint64_t amount, double rate, bool flush,
                           bool intermediate);
void gm_event_parse_step(GmEvent *event, GmFormat *format, uint64_t *amount, double *rate,
                         bool *flush, bool *intermediate);
GmEvent *gm_event_new_reconfigure(void); // renegotiate: what is downstream has changed
// From which running time on the new rate counts.
GmEvent *gm_event_new_instant_rate_sync_time(double rate_multiplier, GmClockTime running_time,
                                             GmClockTime upstream_running_time);
void gm_event_parse_instant_rate_sync_time(GmEvent *event, double *rate_multiplier,
                                           GmClockTime *running_time,
                                           GmClockTime *upstream_running_time);

#ifdef __cplusplus
}
#endif
#endif
