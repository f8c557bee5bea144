// SPDX-License-Identifier: MIT
//
// segment: the piece of a stream that is being played, and how its timestamps map to time.
//
//     buffer timestamp --to_running_time--> running time   (what the clock counts, synchronises)
//                      --to_stream_time---> stream time    (position in the medium, 0..duration)
//
//     running time = (timestamp - start - offset) / |rate| + base           rate > 0
//                    (stop - offset - timestamp) / |rate| + base            rate < 0
//     stream time  = (timestamp - start) * |applied_rate| + time            applied_rate > 0
//
// A segment is a plain struct in the caller's memory. Unless said otherwise: any thread, never
// blocks, `segment` is borrowed, not NULL, and `format` must be the segment's (misuse: a critical,
// the neutral result, no change). (uint64_t)-1 means "unknown" in every field and argument but
// `time` of arithmetic.
// Read next: core/event.h (the segment event), core/clock.h.
#ifndef GM_CORE_SEGMENT_H
#define GM_CORE_SEGMENT_H

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_SEEK_TYPE_NONE = 0, // no change
    GM_SEEK_TYPE_SET  = 1, // absolute
    GM_SEEK_TYPE_END  = 2  // relative to the duration
} GmSeekType;

typedef enum {
    GM_SEEK_FLAG_NONE                       = 0,
    GM_SEEK_FLAG_FLUSH                      = 1 << 0, // throw away what is under way
    GM_SEEK_FLAG_ACCURATE                   = 1 << 1, // exactly there, however long it takes
    GM_SEEK_FLAG_KEY_UNIT                   = 1 << 2, // to a key frame near by
    GM_SEEK_FLAG_SEGMENT                    = 1 << 3, // SEGMENT_DONE instead of EOS at the end
    GM_SEEK_FLAG_TRICKMODE                  = 1 << 4, // frames may be left out
    GM_SEEK_FLAG_SKIP                       = 1 << 4, // its older name
    GM_SEEK_FLAG_SNAP_BEFORE                = 1 << 5,
    GM_SEEK_FLAG_SNAP_AFTER                 = 1 << 6,
    GM_SEEK_FLAG_SNAP_NEAREST               = 3 << 5,
    GM_SEEK_FLAG_TRICKMODE_KEY_UNITS        = 1 << 7,
    GM_SEEK_FLAG_TRICKMODE_NO_AUDIO         = 1 << 8,
    GM_SEEK_FLAG_TRICKMODE_FORWARD_PREDICTED = 1 << 9,
    GM_SEEK_FLAG_INSTANT_RATE_CHANGE        = 1 << 10 // only the rate, without a flush
} GmSeekFlags;

typedef enum {
    GM_SEGMENT_FLAG_NONE                = GM_SEEK_FLAG_NONE,
    GM_SEGMENT_FLAG_RESET               = GM_SEEK_FLAG_FLUSH,
    GM_SEGMENT_FLAG_TRICKMODE           = GM_SEEK_FLAG_TRICKMODE,
    GM_SEGMENT_FLAG_SKIP                = GM_SEEK_FLAG_TRICKMODE,
    GM_SEGMENT_FLAG_SEGMENT             = GM_SEEK_FLAG_SEGMENT,
    GM_SEGMENT_FLAG_TRICKMODE_KEY_UNITS = GM_SEEK_FLAG_TRICKMODE_KEY_UNITS,
    GM_SEGMENT_FLAG_TRICKMODE_FORWARD_PREDICTED = GM_SEEK_FLAG_TRICKMODE_FORWARD_PREDICTED,
    GM_SEGMENT_FLAG_TRICKMODE_NO_AUDIO  = GM_SEEK_FLAG_TRICKMODE_NO_AUDIO
} GmSegmentFlags;
// The flags an instant rate change carries over to the segment.
#define GM_SEGMENT_INSTANT_FLAGS                                                              \
    (GM_SEGMENT_FLAG_TRICKMODE | GM_SEGMENT_FLAG_TRICKMODE_KEY_UNITS |                        \
     GM_SEGMENT_FLAG_TRICKMODE_FORWARD_PREDICTED | GM_SEGMENT_FLAG_TRICKMODE_NO_AUDIO)

// The fields are the segment: read and write them freely. Positions are in `format` units.
struct GmSegment {
    GmSegmentFlags flags;
    double   rate;         // playback rate still to be applied by sinks; never 0
    double   applied_rate; // rate already applied to the timestamps upstream
    GmFormat format;
    uint64_t base;     // running time at which the segment begins to play
    uint64_t offset;   // already played part, from start (or stop, backwards)
    uint64_t start;    // first position
    uint64_t stop;     // one past the last position, or unknown
    uint64_t time;     // stream time of start
    uint64_t position; // the last position seen
    uint64_t duration; // of the whole stream, or unknown
};

GmSegment *gm_segment_new(void);                     // gives; format UNDEFINED; gm_segment_free
GmSegment *gm_segment_copy(const GmSegment *segment); // gives
void gm_segment_copy_into(const GmSegment *src, GmSegment *dest); // dest: any memory
void gm_segment_free(GmSegment *segment); // takes; NULL is fine
// Rate 1.0, everything else 0 or unknown.
void gm_segment_init(GmSegment *segment, GmFormat format);
// All fields alike. Both not NULL.
bool gm_segment_is_equal(const GmSegment *s0, const GmSegment *s1);

// Position to time. Unknown (GM_CLOCK_TIME_NONE) when outside start..stop.
uint64_t gm_segment_to_running_time(const GmSegment *segment, GmFormat format,
                                    uint64_t position);
uint64_t gm_segment_to_stream_time(const GmSegment *segment, GmFormat format, uint64_t position);
// The same without clipping: 1 and the time, or -1 and how far it lies before zero (the time is
// minus that), or 0 when it is unknown. running_time may be NULL, stream_time not.
int gm_segment_to_running_time_full(const GmSegment *segment, GmFormat format,
                                    uint64_t position, uint64_t *running_time);
int gm_segment_to_stream_time_full(const GmSegment *segment, GmFormat format, uint64_t position,
                                   uint64_t *stream_time);

// Time to position: the inverse of the four above, same results.
uint64_t gm_segment_position_from_running_time(const GmSegment *segment, GmFormat format,
                                               uint64_t running_time);
uint64_t gm_segment_position_from_stream_time(const GmSegment *segment, GmFormat format,
                                              uint64_t stream_time);
int gm_segment_position_from_running_time_full(const GmSegment *segment, GmFormat format,
                                               uint64_t running_time, uint64_t *position);
int gm_segment_position_from_stream_time_full(const GmSegment *segment, GmFormat format,
                                              uint64_t stream_time, uint64_t *position);

// Cuts the segment so that it begins at running_time. False: that is outside, nothing changed.
bool gm_segment_set_running_time(GmSegment *segment, GmFormat format, uint64_t running_time);
// Shifts the running times of the segment. False: a negative offset beyond the segment's end.
bool gm_segment_offset_running_time(GmSegment *segment, GmFormat format, int64_t offset);

// The part of start..stop (either may be unknown) inside the segment. False: nothing of it.
// clip_start and clip_stop may be NULL.
bool gm_segment_clip(const GmSegment *segment, GmFormat format, uint64_t start, uint64_t stop,
                     uint64_t *clip_start, uint64_t *clip_stop);
// Changes the segment as a seek asks: rate (not 0), start and stop by their types (relative to
// duration for END; int64_t passed as uint64_t), base kept running unless FLUSH. *update (may be
// NULL): whether the position changed, so that the element has to jump. False: an instant
// rate change (nothing to do here), or start > stop (critical); nothing changed.
bool gm_segment_do_seek(GmSegment *segment, double rate, GmFormat format, GmSeekFlags flags,
                        GmSeekType start_type, uint64_t start, GmSeekType stop_type,
                        uint64_t stop, bool *update);

#ifdef __cplusplus
}
#endif
#endif
