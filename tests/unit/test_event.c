// SPDX-License-Identifier: MIT
//
// Events: what was put in comes out; names, flags and text are GStreamer's.
#include "core/event.h"

#include <stdlib.h>

#include "core/caps.h"
#include "core/structure.h"
#include "core/tag_list.h"
#include "gmtest.h"

static void expect_text(GmEvent *event, const char *text)
{
    char *is = gm_structure_to_string(gm_event_get_structure(event));
    cr_expect_str_eq(is, text);
    free(is);
}

GM_TEST(event, types)
{
    cr_assert_str_eq(gm_event_type_get_name(GM_EVENT_FLUSH_START), "flush-start");
    cr_assert_str_eq(gm_event_type_get_name(GM_EVENT_CUSTOM_DOWNSTREAM_STICKY),
                     "custom-downstream-sticky");
    cr_assert_str_eq(gm_event_type_get_name((GmEventType)12345), "unknown");
    cr_assert_eq(GM_EVENT_SEGMENT, 17934); // the real library's numbers
    cr_assert_eq(GM_EVENT_SEEK, 51201);
    cr_assert_eq(GM_EVENT_TAG, 20510);
    cr_assert_eq(gm_event_type_to_sticky_ordering(GM_EVENT_INSTANT_RATE_CHANGE),
                 GM_EVENT_SEGMENT + 1);
    GmEvent *e = gm_event_new_eos();
    cr_assert(GM_EVENT_IS_STICKY(e) && GM_EVENT_IS_DOWNSTREAM(e) && GM_EVENT_IS_SERIALIZED(e));
    cr_assert_not(GM_EVENT_IS_UPSTREAM(e));
    cr_assert_null(gm_event_get_structure(e));
    gm_event_unref(e);
}

GM_TEST(event, seek)
{
    GmEvent *e = gm_event_new_seek(1.5, GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH |
                                   GM_SEEK_FLAG_KEY_UNIT, GM_SEEK_TYPE_SET, 1,
                                   GM_SEEK_TYPE_NONE, -1);
    expect_text(e, "GstEventSeek, rate=(double)1.5, format=(GstFormat)time, "
                "flags=(GstSeekFlags)GST_SEEK_FLAG_FLUSH+GST_SEEK_FLAG_KEY_UNIT, "
                "cur-type=(GstSeekType)set, cur=(gint64)1, stop-type=(GstSeekType)none, "
                "stop=(gint64)-1, trickmode-interval=(guint64)0;");
    double rate;
    GmFormat format;
    GmSeekFlags flags;
    GmSeekType start_type, stop_type;
    int64_t start, stop;
    GmClockTime interval;
    gm_event_set_seek_trickmode_interval(e, 40);
    gm_event_parse_seek(e, &rate, &format, &flags, &start_type, &start, &stop_type, &stop);
    gm_event_parse_seek_trickmode_interval(e, &interval);
    cr_assert(rate == 1.5 && format == GM_FORMAT_TIME && start == 1 && stop == -1);
    cr_assert(flags == (GM_SEEK_FLAG_FLUSH | GM_SEEK_FLAG_KEY_UNIT) && interval == 40);
    cr_assert(start_type == GM_SEEK_TYPE_SET && stop_type == GM_SEEK_TYPE_NONE);
    gm_event_unref(e);
}

GM_TEST(event, stream_start_segment_caps)
{
    GmEvent *e = gm_event_new_stream_start("abc");
    unsigned group = 1;
    const char *id;
    cr_assert_not(gm_event_parse_group_id(e, &group));
    gm_event_set_group_id(e, 7);
    gm_event_set_stream_flags(e, GM_STREAM_FLAG_SPARSE);
    GmStreamFlags flags;
    gm_event_parse_stream_flags(e, &flags);
    gm_event_parse_stream_start(e, &id);
    cr_assert(gm_event_parse_group_id(e, &group) && group == 7 && flags == GM_STREAM_FLAG_SPARSE);
    cr_assert_str_eq(id, "abc");
    GmEvent *copy = gm_event_copy(e);
    cr_assert_eq(gm_event_get_seqnum(copy), gm_event_get_seqnum(e));
    gm_event_unref(e);
    gm_event_parse_stream_start(copy, &id);
    cr_assert_str_eq(id, "abc");
    gm_event_unref(copy);

    GmSegment s, out;
    gm_segment_init(&s, GM_FORMAT_TIME);
    s.start = 12;
    e = gm_event_new_segment(&s);
    const GmSegment *in;
    gm_event_parse_segment(e, &in);
    gm_event_copy_segment(e, &out);
    cr_assert(gm_segment_is_equal(in, &s) && gm_segment_is_equal(&out, &s));
    gm_event_unref(e);

    GmCaps *caps = gm_caps_from_string("video/x-raw"), *got;
    e = gm_event_new_caps(caps);
    gm_event_parse_caps(e, &got);
    cr_assert_eq(got, caps);
    gm_event_unref(e);
    gm_caps_unref(caps);
}

GM_TEST(event, qos_timestamps_follow_the_offset)
{
    GmEvent *e = gm_event_new_qos(GM_QOS_TYPE_UNDERFLOW, 0.5, -10, 100);
    GmQOSType type;
    double proportion;
    GmClockTimeDiff diff;
    GmClockTime time;
    gm_event_parse_qos(e, &type, &proportion, &diff, &time);
    cr_assert(type == GM_QOS_TYPE_UNDERFLOW && proportion == 0.5 && diff == -10 && time == 100);
    gm_event_set_running_time_offset(e, 20);
    gm_event_parse_qos(e, NULL, NULL, NULL, &time);
    cr_assert_eq(time, 120);
    gm_event_set_running_time_offset(e, -200);
    gm_event_parse_qos(e, NULL, NULL, NULL, &time);
    cr_assert_eq(time, 10, "timestamp + diff is not below zero");
    gm_event_unref(e);
}

GM_TEST(event, gap_step_latency_tag)
{
    GmEvent *e = gm_event_new_gap(1, 2);
    expect_text(e, "GstEventGap, timestamp=(guint64)1, duration=(guint64)2;");
    GmGapFlags flags = GM_GAP_FLAG_MISSING_DATA;
    gm_event_parse_gap_flags(e, &flags);
    cr_assert_eq((int)flags, 0);
    gm_event_unref(e);
    e = gm_event_new_step(GM_FORMAT_BUFFERS, 3, 2.0, true, false);
    uint64_t amount;
    bool flush, intermediate;
    gm_event_parse_step(e, NULL, &amount, NULL, &flush, &intermediate);
    cr_assert(amount == 3 && flush && !intermediate);
    gm_event_unref(e);
    e = gm_event_new_latency(5);
    GmClockTime latency;
    gm_event_parse_latency(e, &latency);
    cr_assert_eq(latency, 5);
    gm_event_unref(e);
    GmTagList *tags = gm_tag_list_new_empty(), *got;
    e = gm_event_new_tag(tags);
    gm_event_parse_tag(e, &got);
    cr_assert(got == tags && gm_event_has_name(e, "GstTagList-stream"));
    gm_event_unref(e);
}

GM_TEST(event, misuse)
{
    gm_test_expect_criticals(4);
    cr_assert_null(gm_event_new_gap(GM_CLOCK_TIME_NONE, 1));
    cr_assert_null(gm_event_new_seek(0.0, GM_FORMAT_TIME, 0, 0, 0, 0, 0));
    GmEvent *e = gm_event_new_eos();
    gm_event_parse_latency(e, NULL);
    gm_event_ref(e);
    gm_event_set_seqnum(e, 5);
    cr_assert_neq(gm_event_get_seqnum(e), 5, "not writable");
    gm_event_unref(e);
    gm_event_unref(e);
}
