// SPDX-License-Identifier: MIT
//
// base_src_query: answers to queries, and the negotiation of caps and allocation.
#include "core/base/base_src_priv.h"

bool gm_base_src_seekable(GmBaseSrc *src)
{
    return src->ops.is_seekable != NULL && src->ops.is_seekable(src);
}

static bool base_src_query_position(GmBaseSrc *src, GmQuery *query)
{
    GmFormat format;
    GM_OBJECT_LOCK(src);
    GmSegment s = src->segment;
    GM_OBJECT_UNLOCK(src);

    gm_query_parse_position(query, &format, NULL);
    int64_t position = -1;
    if (format == GM_FORMAT_PERCENT) {
        if (s.position != (uint64_t)-1 && s.duration != (uint64_t)-1)
            position = s.position >= s.duration
                           ? GM_FORMAT_PERCENT_MAX
                           : (int64_t)gm_util_uint64_scale(GM_FORMAT_PERCENT_MAX, s.position,
                                                           s.duration);
    } else {
        position = (int64_t)gm_segment_to_stream_time(&s, s.format, s.position);
        if (position != -1 &&
            !gm_pad_query_convert(src->srcpad, s.format, position, format, &position))
            return false;
    }
    gm_query_set_position(query, format, position);
    return true;
}

static bool base_src_query_duration(GmBaseSrc *src, GmQuery *query)
{
    GmFormat format;
    int64_t duration = GM_FORMAT_PERCENT_MAX;
    unsigned length = 0;

    gm_query_parse_duration(query, &format, NULL);
    if (format != GM_FORMAT_PERCENT) {
        gm_base_src_update_length(src, 0, &length, src->dynamic_size);
        gm_base_get(src, &src->segment.duration, &duration, sizeof(duration));
        if (duration != -1 && !gm_pad_query_convert(src->srcpad, src->segment.format, duration,
                                                    format, &duration))
            return false;
    }
    gm_query_set_duration(query, format, duration);
    return true;
}

static bool base_src_query_segment(GmBaseSrc *src, GmQuery *query)
{
    GM_OBJECT_LOCK(src);
    GmSegment s = src->segment;
    GM_OBJECT_UNLOCK(src);
    uint64_t stop = s.stop == (uint64_t)-1 ? s.duration
                                           : gm_segment_to_stream_time(&s, s.format, s.stop);
    uint64_t start = gm_segment_to_stream_time(&s, s.format, s.start);
    gm_query_set_segment(query, s.rate, s.format, (int64_t)start, (int64_t)stop);
    return true;
}

// Whether pull mode is possible shows only once the source was started: downstream asks before.
static bool base_src_query_scheduling(GmBaseSrc *src, GmQuery *query)
{
    if (!GM_BASE_SRC_IS_STARTED(src) && gm_base_src_start(src) &&
        gm_base_src_start_wait(src) == GM_FLOW_OK)
        gm_base_src_stop(src);
    gm_query_set_scheduling(query, GM_SCHEDULING_FLAG_SEEKABLE, 1, -1, 0);
    if (src->random_access)
        gm_query_add_scheduling_mode(query, GM_PAD_MODE_PULL);
    gm_query_add_scheduling_mode(query, GM_PAD_MODE_PUSH);
    return true;
}

static bool base_src_query_caps(GmBaseSrc *src, GmQuery *query)
{
    GmCaps *filter, *caps = NULL;
    if (GM_PAD_IS_FIXED_CAPS(src->srcpad))
        caps = gm_pad_get_current_caps(src->srcpad);
    if (caps == NULL) {
        gm_query_parse_caps(query, &filter);
        caps = src->ops.get_caps(src, filter);
    }
    if (caps == NULL)
        return false;
    gm_query_set_caps_result(query, caps);
    gm_caps_unref(caps);
    return true;
}

bool gm_base_src_default_query(GmBaseSrc *src, GmQuery *query)
{
    GmFormat format, dest_format;
    int64_t value;
    bool live;
    GmClockTime min, max;

    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_POSITION:
        return base_src_query_position(src, query);
    case GM_QUERY_DURATION:
        return base_src_query_duration(src, query);
    case GM_QUERY_SEGMENT:
        return base_src_query_segment(src, query);
    case GM_QUERY_SCHEDULING:
        return base_src_query_scheduling(src, query);
    case GM_QUERY_CAPS:
        return base_src_query_caps(src, query);
    case GM_QUERY_SEEKING:
        gm_query_parse_seeking(query, &format, NULL, NULL, NULL);
        if (format != src->segment.format)
            return false;
        gm_base_get(src, &src->segment.duration, &value, sizeof(value));
        gm_query_set_seeking(query, format, gm_base_src_seekable(src), 0, value);
        return true;
    case GM_QUERY_FORMATS:
        gm_query_set_formats(query, 3, GM_FORMAT_DEFAULT, GM_FORMAT_BYTES, GM_FORMAT_PERCENT);
        return true;
    case GM_QUERY_CONVERT:
        gm_query_parse_convert(query, &format, &value, &dest_format, NULL);
        gm_query_set_convert(query, format, value, dest_format, value);
        return format == dest_format;
    case GM_QUERY_LATENCY:
        gm_base_src_query_latency(src, &live, &min, &max);
        gm_query_set_latency(query, live, min, max);
        return true;
    default:
        return false;
    }
}

// ---- negotiation --------------------------------------------------------------------------

bool gm_base_src_set_caps(GmBaseSrc *src, GmCaps *caps)
{
    if (!GM_REQUIRE(src != NULL) || !GM_REQUIRE(caps != NULL))
        return false;
    gm_base_src_send_stream_start(src);
    GmCaps *current = gm_pad_get_current_caps(src->srcpad);
    bool ok = current != NULL && gm_caps_is_equal(current, caps);
    if (!ok)
        ok = (src->ops.set_caps == NULL || src->ops.set_caps(src, caps)) &&
             gm_pad_push_event(src->srcpad, gm_event_new_caps(caps));
    gm_clear_mini_object((GmMiniObject **)&current);
    return ok;
}

bool gm_base_src_default_negotiate(GmBaseSrc *src)
{
    GmCaps *ours = gm_pad_query_caps(src->srcpad, NULL);
    bool ok = ours == NULL || gm_caps_is_any(ours);

    if (!ok && gm_caps_is_empty(ours)) {
        GM_ELEMENT_ERROR(src, STREAM, FORMAT, ("No supported formats found"),
                         ("This element did not produce valid caps"));
        ok = true;
    } else if (!ok) {
        GmCaps *caps = gm_pad_peer_query_caps(src->srcpad, ours);
        if (gm_caps_is_any(caps)) {
            ok = true;
        } else if (!gm_caps_is_empty(caps)) {
            caps = src->ops.fixate(src, caps);
            ok = gm_caps_is_fixed(caps) && gm_base_src_set_caps(src, caps);
        }
        gm_caps_unref(caps);
    }
    gm_clear_mini_object((GmMiniObject **)&ours);
    return ok;
}

static bool base_src_decide(GmElement *el, GmQuery *query)
{
    return GM_BASE_SRC_CAST(el)->ops.decide_allocation(GM_BASE_SRC_CAST(el), query);
}

bool gm_base_src_negotiate_unlocked(GmBaseSrc *src)
{
    if (!src->ops.negotiate(src))
        return false;
    GmCaps *caps = gm_pad_get_current_caps(src->srcpad);
    bool ok = gm_base_alloc_negotiate(&src->element, &src->alloc, src->srcpad, caps,
                                      base_src_decide, NULL);
    gm_clear_mini_object((GmMiniObject **)&caps);
    return ok;
}

bool gm_base_src_negotiate(GmBaseSrc *src)
{
    if (!GM_REQUIRE(src != NULL))
        return false;
    GM_PAD_STREAM_LOCK(src->srcpad);
    gm_pad_check_reconfigure(src->srcpad);
    bool ok = gm_base_src_negotiate_unlocked(src);
    if (!ok)
        gm_pad_mark_reconfigure(src->srcpad);
    GM_PAD_STREAM_UNLOCK(src->srcpad);
    return ok;
}
