// SPDX-License-Identifier: MIT
// valve, funnel, concat, output-selector.
#include "elementtest.h"

// ---- valve --------------------------------------------------------------------------------------

GM_TEST(selectors, valve_drops_and_catches_up)
{
    GmHarness *h = gm_harness_new_parse("valve drop=true");
    uint64_t dropped = 0;
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_buffers_received(h), 0);
    cr_assert_eq(gm_harness_events_received(h), 0);
    gm_harness_set(h, "valve", "drop", false, NULL);
    gm_harness_push(h, numbered(1));
    GmBuffer *buffer = gm_harness_pull(h);
    cr_assert_eq(number_of(buffer), 1);
    cr_assert(GM_BUFFER_IS_DISCONT(buffer));
    gm_buffer_unref(buffer);
    cr_assert_eq(gm_harness_events_received(h), 3); // stream-start, caps, segment
    gm_harness_get(h, "valve", "dropped", &dropped, NULL);
    cr_assert_eq(dropped, 1);
    gm_harness_teardown(h);
}

GM_TEST(selectors, valve_forwards_sticky_events_or_makes_gaps)
{
    GmHarness *h = gm_harness_new_parse("valve drop=true drop-mode=forward-sticky-events");
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    gm_harness_push(h, numbered(0));
    cr_assert_eq(gm_harness_events_received(h), 3);
    gm_harness_teardown(h);
    h = gm_harness_new_parse("valve drop=true drop-mode=transform-to-gap");
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    gm_harness_push(h, numbered(2));
    cr_assert_eq(gm_harness_buffers_received(h), 0);
    cr_assert_eq(pull_event_type(h), GM_EVENT_GAP);
    gm_harness_teardown(h);
}

GM_TEST(selectors, closed_valve_refuses_serialised_queries)
{
    GmHarness *h = gm_harness_new_parse("valve drop=true");
    GmQuery *query = gm_query_new_drain();
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    cr_assert_not(gm_pad_peer_query(h->srcpad, query));
    gm_query_unref(query);
    gm_harness_teardown(h);
}

// ---- N to 1 -------------------------------------------------------------------------------------

// Two inputs of an element with request sink pads; what comes out is in a's queue.
typedef struct { GmHarness *a, *b; } Two;

static Two two_new(const char *name)
{
    Two t;
    GmElement *el = gm_element_factory_make(name, NULL);

    t.a = gm_harness_new_with_element(el, "sink_0", "src");
    t.b = gm_harness_new_with_element(el, "sink_1", NULL);
    gm_harness_play(t.a);
    gm_harness_set_src_caps_str(t.a, "test/x-numbers, input=(int)0");
    return t;
}

static void two_free(Two *t)
{
    gm_harness_teardown(t->b);
    gm_harness_teardown(t->a);
}

static int input_of_caps(GmHarness *h)
{
    GmCaps *caps = gm_pad_get_current_caps(h->sinkpad);
    int n = -1;

    gm_structure_get_int(gm_caps_get_structure(caps, 0), "input", &n);
    gm_caps_unref(caps);
    return n;
}

GM_TEST(selectors, funnel_sends_the_events_of_who_speaks)
{
    Two t = two_new("funnel");
    gm_harness_set_src_caps_str(t.b, "test/x-numbers, input=(int)1");
    for (unsigned i = 0; i < 4; i++) {
        cr_assert_eq(gm_harness_push(i % 2 ? t.b : t.a, numbered(i)), GM_FLOW_OK);
        cr_assert_eq(pull_number(t.a), i);
        cr_assert_eq(input_of_caps(t.a), (int)(i % 2));
    }
    two_free(&t);
}

GM_TEST(selectors, funnel_ends_when_all_have_ended)
{
    Two t = two_new("funnel");
    gm_harness_set_src_caps_str(t.b, "test/x-numbers, input=(int)1");
    gm_harness_push(t.a, numbered(0));
    gm_harness_push_event(t.a, gm_event_new_eos());
    cr_assert_eq(gm_harness_push(t.b, numbered(1)), GM_FLOW_OK);
    GmEvent *event;
    while ((event = gm_harness_try_pull_event(t.a))) {
        cr_assert_neq(GM_EVENT_TYPE(event), GM_EVENT_EOS);
        gm_event_unref(event);
    }
    gm_harness_push_event(t.b, gm_event_new_eos());
    cr_assert_eq(pull_event_type(t.a), GM_EVENT_EOS);
    two_free(&t);
}

GM_TEST(selectors, concat_puts_one_behind_the_other)
{
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(
        "concat name=c ! appsink name=sink sync=false appsrc name=a format=time ! c. "
        "appsrc name=b format=time ! c.", NULL));
    GmElement *a = gm_bin_get_by_name(GM_BIN(pipe), "a"), *b = gm_bin_get_by_name(GM_BIN(pipe), "b");
    GmElement *sink = gm_bin_get_by_name(GM_BIN(pipe), "sink");
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    gm_app_src_push_buffer(GM_APP_SRC(b), numbered(0)); // waits for the end of the other
    gm_app_src_end_of_stream(GM_APP_SRC(b));
    for (unsigned i = 0; i < 3; i++)
        gm_app_src_push_buffer(GM_APP_SRC(a), numbered(i));
    gm_app_src_end_of_stream(GM_APP_SRC(a));
    static const unsigned wanted[] = { 0, 1, 2, 0 };
    for (unsigned i = 0; i < 4; i++) {
        GmSample *sample = gm_app_sink_try_pull_sample(GM_APP_SINK(sink), 10 * SECOND);
        cr_assert_not_null(sample);
        cr_assert_eq(number_of(gm_sample_get_buffer(sample)), wanted[i]);
        cr_assert_eq(gm_sample_get_segment(sample)->base, i == 3 ? 3 * SECOND : 0);
        gm_sample_unref(sample);
    }
    cr_assert_null(gm_app_sink_try_pull_sample(GM_APP_SINK(sink), 10 * SECOND));
    cr_assert(gm_app_sink_is_eos(GM_APP_SINK(sink)));
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(a);
    gm_object_unref(b);
    gm_object_unref(sink);
    gm_object_unref(pipe);
}

GM_TEST(selectors, a_stream_that_waits_in_concat_is_woken_by_the_state)
{
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(
        "concat name=c ! fakesink fakesrc ! c. fakesrc ! c.", NULL));
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    cr_assert_eq(gm_element_get_state(pipe, NULL, NULL, 10 * SECOND), GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(gm_element_set_state(pipe, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    gm_object_unref(pipe);
}

GM_TEST(selectors, concat_wants_one_format)
{
    play_fails("concat name=c ! fakesink fakesrc num-buffers=1 ! c. fakesrc num-buffers=1 format=time ! c.",
               "Operating in bytes format but new pad has time");
}

// ---- output-selector ------------------------------------------------------------------------------

GM_TEST(selectors, output_selector_switches_with_the_next_buffer)
{
    GmElement *el = gm_element_factory_make("output-selector", NULL);
    GmHarness *a = gm_harness_new_with_element(el, "sink", "src_%u");
    GmHarness *b = gm_harness_new_with_element(el, NULL, "src_%u");
    gm_harness_play(a);
    gm_object_set(el, "resend-latest", true, NULL);
    gm_harness_set_src_caps_str(a, "test/x-numbers");
    gm_harness_push(a, numbered(0));
    cr_assert_eq(pull_number(a), 0);
    GmPad *second = gm_pad_get_peer(b->sinkpad), *active = NULL;
    gm_object_set(el, "active-pad", second, NULL);
    gm_object_get(el, "active-pad", &active, NULL);
    cr_assert_eq(active, second);
    gm_object_unref(active);
    gm_harness_push(a, numbered(1));
    cr_assert_eq(pull_number(b), 0); // the latest again
    cr_assert_eq(pull_number(b), 1);
    cr_assert_eq(gm_harness_buffers_received(a), 1);
    gm_object_unref(second);
    gm_harness_teardown(b);
    gm_harness_teardown(a);
}
