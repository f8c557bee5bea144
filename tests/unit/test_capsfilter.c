// SPDX-License-Identifier: MIT
// capsfilter: what passes, preferences, caps for sources that have none, changes while it plays.
#include "elementtest.h"

static char *caps_text(GmCaps *caps)
{
    char *text = gm_caps_to_string(caps);

    gm_caps_unref(caps);
    return text;
}

static void set_filter(GmHarness *h, const char *text)
{
    GmCaps *caps = gm_caps_from_string(text);

    gm_harness_set(h, "capsfilter", "caps", caps, NULL);
    gm_caps_unref(caps);
}

static bool accepts(GmPad *pad, const char *text)
{
    GmCaps *caps = gm_caps_from_string(text);
    bool ok = gm_pad_query_accept_caps(pad, caps);

    gm_caps_unref(caps);
    return ok;
}

GM_TEST(capsfilter, the_property_and_its_null)
{
    GmElement *filter = gm_object_ref_sink(gm_element_factory_make("capsfilter", NULL));
    GmCaps *caps = gm_caps_from_string("audio/x-raw, rate=(int)44100"), *got = NULL;
    gm_object_set(filter, "caps", caps, NULL);
    gm_object_get(filter, "caps", &got, NULL);
    cr_assert(gm_caps_is_equal(got, caps));
    gm_caps_unref(got);
    gm_object_set(filter, "caps", NULL, NULL);
    gm_object_get(filter, "caps", &got, NULL);
    cr_assert(gm_caps_is_any(got));
    gm_caps_unref(got);
    gm_caps_unref(caps);
    gm_object_unref(filter);
}

GM_TEST(capsfilter, answers_queries_of_both_pads)
{
    GmElement *filter = gm_object_ref_sink(gm_element_factory_make("capsfilter", NULL));
    GmCaps *caps = gm_caps_from_string("audio/x-raw, rate=(int)44100");
    GmCaps *other = gm_caps_from_string("video/x-raw");
    gm_object_set(filter, "caps", caps, NULL);
    static const char *const names[] = { "sink", "src" };
    for (size_t i = 0; i < GM_LEN(names); i++) {
        GmPad *pad = gm_element_get_static_pad(filter, names[i]);
        cr_assert(accepts(pad, "audio/x-raw, rate=(int)44100"));
        cr_assert_not(accepts(pad, "audio/x-raw, rate=(int)48000"));
        cr_assert_not(accepts(pad, "video/x-raw"));
        GmCaps *none = gm_pad_query_caps(pad, other);
        cr_assert(gm_caps_is_empty(none));
        gm_caps_unref(none);
        gm_object_unref(pad);
    }
    gm_caps_unref(other);
    gm_caps_unref(caps);
    gm_object_unref(filter);
}

GM_TEST(capsfilter, its_own_order_comes_first)
{
    GmHarness *h = gm_harness_new("capsfilter");
    set_filter(h, "video/x-raw, format=RGB; video/x-raw, format=GRAY8");
    gm_harness_set_sink_caps_str(h, "video/x-raw, format={ GRAY8, I420, RGB }");
    char *text = caps_text(gm_pad_peer_query_caps(h->srcpad, NULL));
    cr_assert_str_eq(text, "video/x-raw, format=(string)RGB; video/x-raw, format=(string)GRAY8");
    free(text);
    gm_harness_teardown(h);
}

GM_TEST(capsfilter, refuses_what_does_not_fit)
{
    GmHarness *h = gm_harness_new("capsfilter");
    set_filter(h, "test/x-numbers, input=(int)1");
    gm_harness_set_src_caps_str(h, "test/x-numbers, input=(int)2");
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_NOT_NEGOTIATED);
    gm_harness_teardown(h);
}

GM_TEST(capsfilter, gives_caps_to_a_source_without)
{
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(
        "fakesrc num-buffers=1 ! test/x-numbers,input=(int)3 ! appsink name=sink sync=false", NULL));
    GmElement *sink = gm_bin_get_by_name(GM_BIN(pipe), "sink");
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    GmSample *sample = gm_app_sink_try_pull_sample(GM_APP_SINK(sink), 10 * SECOND);
    cr_assert_not_null(sample);
    char *text = gm_caps_to_string(gm_sample_get_caps(sample));
    cr_assert_str_eq(text, "test/x-numbers, input=(int)3");
    free(text);
    gm_sample_unref(sample);
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(sink);
    gm_object_unref(pipe);
}

GM_TEST(capsfilter, says_what_is_missing_when_caps_are_not_fixed)
{
    play_fails("fakesrc num-buffers=1 ! audio/x-raw,rate=[1,2] ! fakesink",
               "Filter caps do not completely specify the output format | ");
    play_fails("fakesrc num-buffers=1 ! audio/x-raw,rate=[1,2] ! fakesink",
               "Output caps are unfixed: audio/x-raw, rate=(int)[ 1, 2 ]");
    play_fails("fakesrc num-buffers=1 ! capsfilter ! fakesink", "Output caps are unfixed: ANY");
}

// The next event out of h: its type.
static GmEventType next_event(GmHarness *h)
{
    GmEvent *event = gm_harness_try_pull_event(h);
    GmEventType type = event ? GM_EVENT_TYPE(event) : GM_EVENT_UNKNOWN;

    if (event)
        gm_event_unref(event);
    return type;
}

static GmEvent *comment(void)
{
    return gm_event_new_tag(gm_tag_list_new(GM_TAG_COMMENT, "a comment", NULL));
}

GM_TEST(capsfilter, what_comes_before_caps_waits_for_the_first_buffer)
{
    GmHarness *h = gm_harness_new("capsfilter");
    GmCaps *caps = gm_caps_from_string("test/x-numbers");
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_harness_push_event(h, gm_event_new_stream_start("test"));
    cr_assert_eq(next_event(h), GM_EVENT_STREAM_START);
    gm_harness_push_event(h, comment());
    cr_assert_eq(next_event(h), GM_EVENT_UNKNOWN);
    gm_harness_push_event(h, gm_event_new_caps(caps));
    cr_assert_eq(next_event(h), GM_EVENT_CAPS);
    cr_assert_eq(next_event(h), GM_EVENT_UNKNOWN);
    gm_harness_push_event(h, gm_event_new_segment(&segment));
    cr_assert_eq(next_event(h), GM_EVENT_SEGMENT);
    gm_harness_push(h, numbered(0));
    cr_assert_eq(next_event(h), GM_EVENT_TAG);
    cr_assert_eq(pull_number(h), 0);
    gm_caps_unref(caps);
    gm_harness_teardown(h);
}

GM_TEST(capsfilter, eos_takes_along_what_waits)
{
    GmHarness *h = gm_harness_new("capsfilter");
    gm_harness_push_event(h, gm_event_new_stream_start("test"));
    gm_harness_push_event(h, comment());
    gm_harness_push_event(h, gm_event_new_eos());
    cr_assert_eq(next_event(h), GM_EVENT_STREAM_START);
    cr_assert_eq(next_event(h), GM_EVENT_TAG);
    cr_assert_eq(next_event(h), GM_EVENT_EOS);
    gm_harness_teardown(h);
}

GM_TEST(capsfilter, events_that_wait_are_freed_with_it)
{
    GmHarness *h = gm_harness_new("capsfilter");
    gm_harness_push_event(h, gm_event_new_stream_start("test"));
    gm_harness_push_event(h, comment());
    gm_harness_teardown(h); // the census sees to it
}

GM_TEST(capsfilter, a_change_while_playing_renegotiates)
{
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(
        "videotestsrc ! capsfilter name=f caps=video/x-raw,format=GRAY8,width=16,height=16 ! "
        "appsink name=sink sync=false max-buffers=1", NULL));
    GmElement *sink = gm_bin_get_by_name(GM_BIN(pipe), "sink");
    GmElement *filter = gm_bin_get_by_name(GM_BIN(pipe), "f");
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    int width = 16;
    for (int i = 0; i < 20 && width == 16; i++) { // what is under way still has the old size
        GmSample *sample = gm_app_sink_try_pull_sample(GM_APP_SINK(sink), 10 * SECOND);
        cr_assert_not_null(sample);
        gm_structure_get_int(gm_caps_get_structure(gm_sample_get_caps(sample), 0), "width", &width);
        if (i == 0) {
            cr_assert_eq(width, 16);
            cr_assert(gm_object_set_from_string(filter, "caps", "video/x-raw,format=GRAY8,width=32,height=16",
                                                NULL));
        }
        gm_sample_unref(sample);
    }
    cr_assert_eq(width, 32);
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(filter);
    gm_object_unref(sink);
    gm_object_unref(pipe);
}

GM_TEST(capsfilter, delayed_mode_takes_the_old_caps_until_the_new_have_come)
{
    GmHarness *h = gm_harness_new("capsfilter");
    GmPad *pad = gm_pad_get_peer(h->srcpad);
    gm_harness_set(h, "capsfilter", "caps-change-mode", 1, NULL);
    set_filter(h, "test/x-numbers, input=(int)1");
    gm_harness_set_src_caps_str(h, "test/x-numbers, input=(int)1");
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_OK);
    set_filter(h, "test/x-numbers, input=(int)2");
    cr_assert(accepts(pad, "test/x-numbers, input=(int)1"));
    cr_assert(accepts(pad, "test/x-numbers, input=(int)2"));
    cr_assert_not(accepts(pad, "test/x-numbers, input=(int)3"));
    cr_assert_eq(gm_harness_push(h, numbered(1)), GM_FLOW_OK);
    gm_harness_set_src_caps_str(h, "test/x-numbers, input=(int)2");
    cr_assert_eq(gm_harness_push(h, numbered(2)), GM_FLOW_OK);
    cr_assert_not(accepts(pad, "test/x-numbers, input=(int)1"));
    gm_object_unref(pad);
    gm_harness_teardown(h);
}
