// SPDX-License-Identifier: MIT
//
// Events on pads: the sticky store, order, flushing, EOS, offsets, caps that are not accepted.
#include "padtest.h"

static unsigned count_sticky(GmPad *pad)
{
    unsigned n = 0;
    static const GmEventType types[] = { GM_EVENT_STREAM_START, GM_EVENT_CAPS, GM_EVENT_SEGMENT,
                                         GM_EVENT_EOS };
    for (size_t i = 0; i < GM_LEN(types); i++) {
        GmEvent *event = gm_pad_get_sticky_event(pad, types[i], 0);
        if (event != NULL) {
            n++;
            gm_event_unref(event);
        }
    }
    return n;
}

GM_TEST(pad_events, inactive_pads_store_nothing)
{
    GmPad *src = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    GmEvent *event = gm_event_new_stream_start("x");

    cr_assert_eq(gm_pad_store_sticky_event(src, event), GM_FLOW_FLUSHING);
    cr_assert_not(gm_pad_push_event(src, event));
    cr_assert_eq(count_sticky(src), 0);
    gm_object_unref(src);
}

GM_TEST(pad_events, sticky_events_push_without_a_link_others_do_not)
{
    GmPad *src, *sink;

    padtest_make(&src, &sink);
    cr_assert(gm_pad_push_event(src, gm_event_new_stream_start("x")));
    cr_assert_eq(count_sticky(src), 1);
    cr_assert_not(gm_pad_push_event(src, gm_event_new_gap(0, 1)));
    cr_assert_not(gm_pad_push_event(sink, gm_event_new_navigation(gm_structure_new_empty("n"))));
    cr_assert(gm_pad_push_event(sink, gm_event_new_latency(1)), "latency is never an error");
    padtest_free(src, sink);
}

GM_TEST(pad_events, wrong_direction_is_reported)
{
    GmPad *src, *sink;

    padtest_make(&src, &sink);
    gm_test_expect_criticals(2);
    cr_assert_not(gm_pad_push_event(sink, gm_event_new_eos()));
    cr_assert_not(gm_pad_send_event(src, gm_event_new_eos()));
    padtest_free(src, sink);
}

GM_TEST(pad_events, misordering_is_reported)
{
    GmPad *src, *sink;
    GmCaps *caps = gm_caps_from_string("video/x-raw");

    padtest_make(&src, &sink);
    padtest_start_stream(src);
    gm_test_expect_criticals(1);
    gm_pad_push_event(src, gm_event_new_caps(caps)); // after the segment: too late
    cr_assert_eq(count_sticky(src), 3);
    gm_caps_unref(caps);
    padtest_free(src, sink);
}

GM_TEST(pad_events, eos_refuses_data_until_flush_stop)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    cr_assert(gm_pad_push_event(src, gm_event_new_eos()));
    cr_assert(GM_PAD_IS_EOS(src) && GM_PAD_IS_EOS(sink));
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_EOS);
    cr_assert_eq(gm_pad_chain(sink, gm_buffer_new()), GM_FLOW_EOS);
    cr_assert_eq(gm_pad_get_last_flow_return(src), GM_FLOW_EOS);
    cr_assert_not(gm_pad_push_event(src, padtest_segment()), "nothing sticky after eos");
    cr_assert(gm_pad_push_event(src, gm_event_new_flush_start()));
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_FLUSHING);
    cr_assert(gm_pad_push_event(src, gm_event_new_flush_stop(true)));
    cr_assert_not(GM_PAD_IS_EOS(src) || GM_PAD_IS_EOS(sink));
    cr_assert_eq(count_sticky(src), 1, "stream-start stays, segment and eos are gone");
    cr_assert(gm_pad_push_event(src, padtest_segment()));
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    padtest_free(src, sink);
}

GM_TEST(pad_events, stream_start_begins_again_after_eos)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    cr_assert(gm_pad_push_event(src, gm_event_new_eos()));
    cr_assert(gm_pad_push_event(src, gm_event_new_stream_start("second")));
    cr_assert_not(GM_PAD_IS_EOS(src) || GM_PAD_IS_EOS(sink));
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    char *id = gm_pad_get_stream_id(sink);
    cr_assert_str_eq(id, "second");
    gm_free(id);
    padtest_free(src, sink);
}

GM_TEST(pad_events, flushes_go_round_once)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    cr_assert(gm_pad_push_event(src, gm_event_new_flush_start()));
    cr_assert(GM_PAD_IS_FLUSHING(src) && GM_PAD_IS_FLUSHING(sink));
    cr_assert_eq(events_seen, 1);
    cr_assert_not(gm_pad_push_event(src, gm_event_new_flush_start()), "flushing already");
    cr_assert_eq(events_seen, 1);
    cr_assert(gm_pad_push_event(src, gm_event_new_flush_stop(false)));
    cr_assert_eq(events_seen, 2);
    padtest_free(src, sink);
}

GM_TEST(pad_events, flush_stop_does_not_wake_an_inactive_pad)
{
    GmPad *src = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    GmPad *sink = gm_object_ref_sink(gm_pad_new("sink", GM_PAD_SINK));

    cr_assert_not(gm_pad_push_event(src, gm_event_new_flush_stop(true)));
    cr_assert_not(gm_pad_send_event(sink, gm_event_new_flush_stop(true)));
    cr_assert(GM_PAD_IS_FLUSHING(src) && GM_PAD_IS_FLUSHING(sink));
    gm_object_unref(src);
    gm_object_unref(sink);
}

static bool refuse_event(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED, GmEvent *event)
{
    bool caps = GM_EVENT_TYPE(event) == GM_EVENT_CAPS;
    gm_event_unref(event);
    return !caps;
}

GM_TEST(pad_events, refused_caps_make_the_push_not_negotiated)
{
    GmPad *src, *sink;
    GmCaps *caps = gm_caps_from_string("video/x-raw");

    padtest_make(&src, &sink);
    gm_pad_set_event_function(sink, refuse_event);
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    cr_assert(gm_pad_push_event(src, gm_event_new_stream_start("x")));
    cr_assert(gm_pad_push_event(src, gm_event_new_caps(caps)), "it is stored: no failure yet");
    cr_assert_not(gm_pad_has_current_caps(sink));
    cr_assert(gm_pad_push_event(src, padtest_segment()));
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_NOT_NEGOTIATED);
    cr_assert_eq(chained, 0);
    gm_caps_unref(caps);
    padtest_free(src, sink);
}

GM_TEST(pad_events, caps_outside_the_template_are_not_accepted)
{
    GmCaps *video = gm_caps_from_string("video/x-raw"), *audio = gm_caps_from_string("audio/x-raw");
    GmPadTemplate *templ =
        gm_object_ref_sink(gm_pad_template_new("sink", GM_PAD_SINK, GM_PAD_ALWAYS, video));
    GmPad *sink = gm_object_ref_sink(gm_pad_new_from_template(templ, "sink"));

    gm_pad_set_active(sink, true);
    cr_assert(gm_pad_query_accept_caps(sink, video));
    cr_assert_not(gm_pad_query_accept_caps(sink, audio));
    cr_assert(gm_pad_send_event(sink, gm_event_new_stream_start("x")));
    cr_assert_not(gm_pad_send_event(sink, gm_event_new_caps(audio)));
    cr_assert(gm_pad_send_event(sink, gm_event_new_caps(video)));
    gm_object_unref(sink);
    gm_object_unref(templ);
    gm_caps_unref(video);
    gm_caps_unref(audio);
}

static int caps_notified;
static void on_caps(GmPad *pad GM_UNUSED, void *row GM_UNUSED, void *data GM_UNUSED)
{
    caps_notified++;
}

GM_TEST(pad_events, caps_are_notified_when_they_come_and_go)
{
    GmPad *src, *sink;
    GmCaps *caps = gm_caps_from_string("video/x-raw");

    padtest_make(&src, &sink);
    gm_signal_connect(src, "notify::caps", on_caps, NULL);
    gm_pad_push_event(src, gm_event_new_stream_start("x"));
    gm_pad_push_event(src, gm_event_new_caps(caps));
    cr_assert_eq(caps_notified, 1);
    gm_pad_set_active(src, false);
    cr_assert_eq(caps_notified, 2);
    gm_caps_unref(caps);
    padtest_free(src, sink);
}

static bool drop_segment(GmPad *pad GM_UNUSED, GmEvent **event, void *data)
{
    ++*(int *)data;
    if (GM_EVENT_TYPE(*event) == GM_EVENT_SEGMENT) {
        gm_event_unref(*event);
        *event = NULL;
    }
    return true;
}

GM_TEST(pad_events, foreach_may_drop)
{
    GmPad *src, *sink;
    int visited = 0;

    padtest_make(&src, &sink);
    padtest_start_stream(src);
    gm_pad_sticky_events_foreach(src, drop_segment, &visited);
    cr_assert_eq(visited, 2);
    cr_assert_eq(count_sticky(src), 1);
    padtest_free(src, sink);
}

GM_TEST(pad_events, tags_of_one_scope_replace_each_other_customs_by_name)
{
    GmPad *src, *sink;

    padtest_make(&src, &sink);
    padtest_start_stream(src);
    for (int i = 0; i < 2; i++) {
        gm_pad_push_event(src, gm_event_new_custom(GM_EVENT_CUSTOM_DOWNSTREAM_STICKY,
                                                   gm_structure_new_empty("one")));
        gm_pad_push_event(src, gm_event_new_custom(GM_EVENT_CUSTOM_DOWNSTREAM_STICKY,
                                                   gm_structure_new_empty("two")));
    }
    GmEvent *second = gm_pad_get_sticky_event(src, GM_EVENT_CUSTOM_DOWNSTREAM_STICKY, 1);
    cr_assert(gm_event_has_name(second, "two"));
    gm_event_unref(second);
    cr_assert_null(gm_pad_get_sticky_event(src, GM_EVENT_CUSTOM_DOWNSTREAM_STICKY, 2));
    padtest_free(src, sink);
}

GM_TEST(pad_events, an_offset_moves_the_segment_once_per_change)
{
    GmPad *src, *sink;
    const GmSegment *segment;

    padtest_link(&src, &sink);
    gm_pad_set_offset(src, 3 * GM_SECOND);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    GmEvent *event = gm_pad_get_sticky_event(sink, GM_EVENT_SEGMENT, 0);
    GmEvent *before = gm_pad_get_sticky_event(src, GM_EVENT_SEGMENT, 0);
    gm_event_parse_segment(event, &segment);
    cr_assert_eq(segment->base, 3 * GM_SECOND);
    cr_assert_eq(gm_event_get_seqnum(event), gm_event_get_seqnum(before));
    gm_event_parse_segment(before, &segment);
    cr_assert_eq(segment->base, 0, "the source's own is as it was");
    gm_event_unref(event);
    gm_event_unref(before);
    int seen = events_seen;
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(events_seen, seen);
    padtest_free(src, sink);
}

GM_TEST(pad_events, reactivating_the_sink_brings_everything_again)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    gm_pad_set_active(sink, false);
    cr_assert_eq(count_sticky(sink), 0);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_FLUSHING);
    gm_pad_set_active(sink, true);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(count_sticky(sink), 2);
    padtest_free(src, sink);
}

static GmPad *relink_src, *relink_old, *relink_new;

static GmPadProbeReturn relink_when_idle(GmPad *pad GM_UNUSED, GmPadProbeInfo *info GM_UNUSED,
                                         void *data GM_UNUSED)
{
    cr_assert(gm_pad_unlink(relink_src, relink_old));
    cr_assert_eq(gm_pad_link(relink_src, relink_new), GM_PAD_LINK_OK);
    return GM_PAD_PROBE_REMOVE;
}

static bool relink_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    if (GM_EVENT_TYPE(event) == GM_EVENT_STREAM_START)
        gm_pad_add_probe(relink_src, GM_PAD_PROBE_TYPE_IDLE, relink_when_idle, NULL, NULL);
    return padtest_event(pad, parent, event);
}

// The pad is idle between two sticky events: one that the old peer has got is not done for the new.
GM_TEST(pad_events, relinked_between_two_sticky_events)
{
    padtest_make(&relink_src, &relink_old);
    relink_new = gm_object_ref_sink(gm_pad_new("new", GM_PAD_SINK));
    gm_pad_set_chain_function(relink_new, padtest_chain);
    gm_pad_set_event_function(relink_new, padtest_event);
    gm_pad_set_event_function(relink_old, relink_event);
    gm_pad_set_active(relink_new, true);
    padtest_start_stream(relink_src);
    cr_assert_eq(gm_pad_link(relink_src, relink_old), GM_PAD_LINK_OK);
    chained = events_seen = 0;
    cr_assert_eq(gm_pad_push(relink_src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(chained, 1);
    const GmEventType expected[] = { GM_EVENT_STREAM_START, GM_EVENT_STREAM_START, GM_EVENT_SEGMENT };
    cr_assert_eq(events_seen, 3);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(seen_types[i], expected[i]);
    gm_pad_set_active(relink_new, false);
    gm_object_unref(relink_new);
    padtest_free(relink_src, relink_old);
}
