// SPDX-License-Identifier: MIT
//
// segment: see core/segment.h.
//
// All four conversions have one shape: the distance from a reference point, stretched by a rate,
// added to or taken from an origin. Times are unsigned, so a result below zero is told by its
// distance from zero and the sign -1.
#include "core/segment.h"

#include <math.h>
#include <stdlib.h>

#include "core/util.h"

GmSegment *gm_segment_new(void)
{
    GmSegment *segment = gm_new(GmSegment, 1);
    gm_segment_init(segment, GM_FORMAT_UNDEFINED);
    return segment;
}

GmSegment *gm_segment_copy(const GmSegment *segment)
{
    return gm_memdup(segment, sizeof *segment);
}

void gm_segment_copy_into(const GmSegment *src, GmSegment *dest)
{
    if (!GM_REQUIRE(src != NULL && dest != NULL)) return;
    *dest = *src;
}

void gm_segment_free(GmSegment *segment)
{
    free(segment);
}

void gm_segment_init(GmSegment *segment, GmFormat format)
{
    if (!GM_REQUIRE(segment != NULL)) return;
    *segment = (GmSegment) {
        .rate = 1.0, .applied_rate = 1.0, .format = format,
        .stop = UINT64_MAX, .duration = UINT64_MAX,
    };
}

bool gm_segment_is_equal(const GmSegment *a, const GmSegment *b)
{
    if (!GM_REQUIRE(a != NULL && b != NULL)) return false;
    return a->flags == b->flags && a->rate == b->rate && a->applied_rate == b->applied_rate &&
           a->format == b->format && a->base == b->base && a->offset == b->offset &&
           a->start == b->start && a->stop == b->stop && a->time == b->time &&
           a->position == b->position && a->duration == b->duration;
}

// origin + distance, or origin - distance: its absolute value, and its sign.
static inline int segment_move(uint64_t origin, uint64_t distance, bool forward, uint64_t *result)
{
    if (GM_LIKELY(forward))
        *result = origin + distance;
    else if (origin >= distance)
        *result = origin - distance;
    else {
        *result = distance - origin;
        return -1;
    }
    return 1;
}

static inline bool segment_has(const GmSegment *segment, uint64_t position)
{
    return position >= segment->start && (segment->stop == UINT64_MAX || position <= segment->stop);
}

static inline int segment_running_time(const GmSegment *segment, uint64_t position,
                                       uint64_t *running_time)
{
    uint64_t ref = segment->start + segment->offset;
    bool after = position >= ref;
    if (GM_UNLIKELY(!(segment->rate > 0.0))) {
        ref = segment->stop;
        if (ref == UINT64_MAX && segment->duration != UINT64_MAX)
            ref = segment->start + segment->duration;
        if (!GM_REQUIRE(ref != UINT64_MAX && ref >= segment->offset)) return 0;
        ref -= segment->offset;
        after = position <= ref;
    }
    uint64_t distance = position >= ref ? position - ref : ref - position;
    if (GM_UNLIKELY(segment->rate != 1.0 && segment->rate != -1.0))
        distance = (uint64_t)((double)distance / fabs(segment->rate));
    return segment_move(segment->base, distance, after, running_time);
}

int gm_segment_to_running_time_full(const GmSegment *segment, GmFormat format,
                                    uint64_t position, uint64_t *running_time)
{
    uint64_t ignored;
    if (running_time == NULL)
        running_time = &ignored;
    *running_time = UINT64_MAX;
    if (position == UINT64_MAX)
        return 0;
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return 0;
    return segment_running_time(segment, position, running_time);
}

uint64_t gm_segment_to_running_time(const GmSegment *segment, GmFormat format, uint64_t position)
{
    uint64_t result;
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return UINT64_MAX;
    if (position == UINT64_MAX || !segment_has(segment, position))
        return UINT64_MAX;
    uint64_t first = segment->start + segment->offset;
    if (GM_LIKELY(segment->rate == 1.0 && position >= first)) // nearly every buffer
        return segment->base + (position - first);
    return segment_running_time(segment, position, &result) == 1 ? result : UINT64_MAX;
}

int gm_segment_to_stream_time_full(const GmSegment *segment, GmFormat format, uint64_t position,
                                   uint64_t *stream_time)
{
    if (!GM_REQUIRE(stream_time != NULL)) return 0;
    *stream_time = UINT64_MAX;
    if (position == UINT64_MAX)
        return 0;
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return 0;
    bool forward = segment->applied_rate > 0.0;
    uint64_t ref = forward ? segment->start : segment->stop;
    // Played backwards upstream, stream time counts down to the stop of the segment.
    if (segment->time == UINT64_MAX || (!forward && ref == UINT64_MAX))
        return 0;
    uint64_t distance = position >= ref ? position - ref : ref - position;
    if (GM_UNLIKELY(fabs(segment->applied_rate) != 1.0))
        distance = (uint64_t)((double)distance * fabs(segment->applied_rate));
    bool after = forward ? position > ref : position <= ref;
    return segment_move(segment->time, distance, after, stream_time);
}

uint64_t gm_segment_to_stream_time(const GmSegment *segment, GmFormat format, uint64_t position)
{
    uint64_t result;
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return UINT64_MAX;
    if (!segment_has(segment, position))
        return UINT64_MAX;
    return gm_segment_to_stream_time_full(segment, format, position, &result) == 1 ? result
                                                                                   : UINT64_MAX;
}

int gm_segment_position_from_stream_time_full(const GmSegment *segment, GmFormat format,
                                              uint64_t stream_time, uint64_t *position)
{
    if (!GM_REQUIRE(position != NULL)) return 0;
    *position = UINT64_MAX;
    if (stream_time == UINT64_MAX)
        return 0;
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return -1;
    bool forward = segment->applied_rate > 0.0;
    uint64_t origin = forward ? segment->start : segment->stop, time = segment->time;
    if (time == UINT64_MAX || (!forward && origin == UINT64_MAX))
        return 0;
    bool later = stream_time > time;
    uint64_t distance = later ? stream_time - time : time - stream_time;
    if (GM_UNLIKELY(fabs(segment->applied_rate) != 1.0))
        distance = (uint64_t)((double)distance / fabs(segment->applied_rate));
    return segment_move(origin, distance, forward ? later : stream_time < time, position);
}

int gm_segment_position_from_running_time_full(const GmSegment *segment, GmFormat format,
                                               uint64_t running_time, uint64_t *position)
{
    if (!GM_REQUIRE(position != NULL)) return 0;
    *position = UINT64_MAX;
    if (running_time == UINT64_MAX)
        return 0;
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return 0;
    bool later = running_time >= segment->base;
    uint64_t distance = later ? running_time - segment->base : segment->base - running_time;
    if (GM_UNLIKELY(fabs(segment->rate) != 1.0))
        distance = (uint64_t)ceil((double)distance * fabs(segment->rate));
    if (GM_LIKELY(segment->rate > 0.0))
        return segment_move(segment->start + segment->offset, distance, later, position);
    // Backwards: the offset is taken last, as it may reach beyond the stop.
    if (later)
        return segment_move(segment->stop, distance + segment->offset, false, position);
    return segment_move(segment->stop + distance, segment->offset, false, position);
}

uint64_t gm_segment_position_from_stream_time(const GmSegment *segment, GmFormat format,
                                              uint64_t stream_time)
{
    uint64_t position;
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return UINT64_MAX;
    int sign = gm_segment_position_from_stream_time_full(segment, format, stream_time, &position);
    return sign == 1 && segment_has(segment, position) ? position : UINT64_MAX;
}

uint64_t gm_segment_position_from_running_time(const GmSegment *segment, GmFormat format,
                                               uint64_t running_time)
{
    uint64_t position;
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return UINT64_MAX;
    int sign = gm_segment_position_from_running_time_full(segment, format, running_time, &position);
    return sign == 1 && segment_has(segment, position) ? position : UINT64_MAX;
}

bool gm_segment_set_running_time(GmSegment *segment, GmFormat format, uint64_t running_time)
{
    uint64_t position = gm_segment_position_from_running_time(segment, format, running_time);
    if (position == UINT64_MAX)
        return false;
    bool forward = segment->rate > 0.0;
    segment->time = gm_segment_to_stream_time(segment, format, forward ? position : segment->start);
    if (forward)
        segment->start = position;
    else
        segment->stop = position;
    segment->base = running_time;
    return true;
}

bool gm_segment_offset_running_time(GmSegment *segment, GmFormat format, int64_t offset)
{
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return false;
    if (offset >= 0) {
        segment->base += (uint64_t)offset;
        return true;
    }
    uint64_t back = -(uint64_t)offset;
    if (segment->base > back) {
        segment->base -= back;
        return true;
    }
    // More than base can give: skip the beginning of the segment.
    back -= segment->base;
    segment->base = 0;
    uint64_t position = gm_segment_position_from_running_time(segment, format, back);
    if (position == UINT64_MAX)
        return false;
    segment->offset = position - segment->start;
    return true;
}

bool gm_segment_clip(const GmSegment *segment, GmFormat format, uint64_t start, uint64_t stop,
                     uint64_t *clip_start, uint64_t *clip_stop)
{
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return false;
    uint64_t first = segment->start, last = segment->stop;
    // What only touches an end is outside, unless the segment or the range is a point.
    if (last != UINT64_MAX && start != UINT64_MAX &&
        (start > last || (first != last && start == last)))
        return false;
    if (stop != UINT64_MAX && (stop < first || (start != stop && stop == first)))
        return false;
    if (clip_start != NULL)
        *clip_start = start == UINT64_MAX || start > first ? start : first;
    if (clip_stop != NULL) // unknown is the largest number
        *clip_stop = stop < last ? stop : last;
    return true;
}

// One end of a seek: `value` by its type. *changed: whether the seek says something about it.
static uint64_t segment_seek_end(const GmSegment *segment, GmSeekType type, uint64_t value,
                                 uint64_t current, bool *changed)
{
    *changed = type == GM_SEEK_TYPE_SET ||
               (type == GM_SEEK_TYPE_END && segment->duration != UINT64_MAX);
    if (!*changed)
        return current;
    return type == GM_SEEK_TYPE_END ? segment->duration + value : value;
}

bool gm_segment_do_seek(GmSegment *segment, double rate, GmFormat format, GmSeekFlags flags,
                        GmSeekType start_type, uint64_t start, GmSeekType stop_type,
                        uint64_t stop, bool *update)
{
    if (!GM_REQUIRE(rate != 0.0)) return false;
    if (!GM_REQUIRE(segment != NULL && segment->format == format)) return false;
    if (flags & GM_SEEK_FLAG_INSTANT_RATE_CHANGE)
        return false;
    uint64_t duration = segment->duration, position = segment->position, base = 0;
    bool new_start, new_stop;

    if (start_type == GM_SEEK_TYPE_SET && start == UINT64_MAX)
        start = 0;
    start = segment_seek_end(segment, start_type, start, segment->start, &new_start);
    if (duration != UINT64_MAX)
        start = start < duration ? start : duration;
    else if ((int64_t)start < 0)
        start = 0;
    stop = segment_seek_end(segment, stop_type, stop, segment->stop, &new_stop);
    if (stop != UINT64_MAX) {
        if ((int64_t)stop < 0)
            stop = 0;
        if (duration != UINT64_MAX && (int64_t)stop > (int64_t)duration)
            stop = duration;
        if (!GM_REQUIRE(start <= stop)) return false;
    }

    if (!(flags & GM_SEEK_FLAG_FLUSH)) {
        // Running time goes on from where the segment was.
        position = position > segment->stop ? segment->stop : position;
        position = position < segment->start ? segment->start : position;
        base = gm_segment_to_running_time(segment, format, position);
    }
    if (new_start && rate > 0.0)
        position = start;
    if (new_stop && rate < 0.0)
        position = stop != UINT64_MAX ? stop : duration != UINT64_MAX ? duration : 0;
    if (update != NULL)
        *update = position != segment->position;

    segment->flags = (GmSegmentFlags)((unsigned)flags &
        (GM_SEGMENT_FLAG_RESET | GM_SEGMENT_FLAG_SEGMENT | GM_SEGMENT_INSTANT_FLAGS));
    segment->rate = rate;
    segment->applied_rate = 1.0;
    segment->base = base;
    uint64_t end = stop != UINT64_MAX ? stop : duration != UINT64_MAX ? duration : position;
    segment->offset = rate > 0.0 ? position - start : end - position;
    segment->start = segment->time = start;
    segment->stop = stop;
    segment->position = position;
    return true;
}
