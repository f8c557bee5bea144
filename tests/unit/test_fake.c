// SPDX-License-Identifier: MIT
// fakesrc and fakesink.
#include "elementtest.h"

static void count_handoff(GmElement *el, GmBuffer *buffer, GmPad *pad, void *data)
{
    (void)el;
    (void)buffer;
    (void)pad;
    ++*(unsigned *)data;
}

// Runs a line whose sink is called "s"; how many handoffs it gave.
static unsigned handoffs(const char *line)
{
    unsigned n = 0;
    GmError *error = NULL;
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(line, &error));
    cr_assert_null(error, "%s", error ? error->message : "");
    GmElement *sink = gm_bin_get_by_name(GM_BIN(pipe), "s");
    gm_object_set(sink, "signal-handoffs", true, NULL);
    gm_signal_connect(sink, "handoff", count_handoff, &n);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    GmBus *bus = gm_element_get_bus(pipe);
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 20 * SECOND, GM_MESSAGE_EOS | GM_MESSAGE_ERROR);
    cr_assert_eq(GM_MESSAGE_TYPE(message), GM_MESSAGE_EOS);
    gm_message_unref(message);
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(sink);
    gm_object_unref(pipe);
    return n;
}

GM_TEST(fake, number_of_buffers)
{
    cr_assert_eq(handoffs("fakesrc num-buffers=7 ! fakesink name=s"), 7);
    cr_assert_eq(handoffs("fakesrc num-buffers=0 ! fakesink name=s"), 0);
    cr_assert_eq(handoffs("fakesrc ! fakesink name=s num-buffers=3"), 3);
    cr_assert_eq(handoffs("fakesrc num-buffers=5 can-activate-push=false ! fakesink name=s "
                          "can-activate-pull=true can-activate-push=false"), 5);
}

static GmHarness *source(const char *line)
{
    GmHarness *h = gm_harness_new_parse(line);
    gm_harness_play(h);
    return h;
}

GM_TEST(fake, sizes)
{
    static const struct { const char *line; size_t min, max; } cases[] = {
        { "fakesrc num-buffers=5", 0, 0 },
        { "fakesrc num-buffers=5 sizetype=fixed sizemax=8192", 8192, 8192 },
        { "fakesrc num-buffers=5 sizetype=random sizemin=4096 sizemax=8192", 4096, 8192 },
        { "fakesrc num-buffers=5 data=subbuffer sizetype=fixed sizemax=1000 parentsize=2500", 1000, 1000 },
    };
    for (size_t i = 0; i < GM_LEN(cases); i++) {
        GmHarness *h = source(cases[i].line);
        for (int n = 0; n < 5; n++) {
            GmBuffer *buffer = gm_harness_pull(h);
            size_t size = gm_buffer_get_size(buffer);
            cr_assert(size >= cases[i].min && size <= cases[i].max, "%s: %zu", cases[i].line, size);
            gm_buffer_unref(buffer);
        }
        gm_harness_teardown(h);
    }
}

GM_TEST(fake, fill)
{
    GmHarness *h = source("fakesrc num-buffers=2 sizetype=fixed sizemax=300 filltype=pattern-span");
    uint8_t bytes[300];
    for (int n = 0; n < 2; n++) {
        GmBuffer *buffer = gm_harness_pull(h);
        gm_buffer_extract(buffer, 0, bytes, sizeof bytes);
        for (int i = 0; i < 300; i++)
            cr_assert_eq(bytes[i], (uint8_t)(n * 300 + i));
        gm_buffer_unref(buffer);
    }
    gm_harness_teardown(h);
}

GM_TEST(fake, datarate_stamps)
{
    GmHarness *h = source("fakesrc num-buffers=3 sizetype=fixed sizemax=500 datarate=1000 format=time");
    for (unsigned n = 0; n < 3; n++) {
        GmBuffer *buffer = gm_harness_pull(h);
        cr_assert_eq(GM_BUFFER_PTS(buffer), n * SECOND / 2);
        cr_assert_eq(GM_BUFFER_DURATION(buffer), SECOND / 2);
        gm_buffer_unref(buffer);
    }
    gm_harness_teardown(h);
}

GM_TEST(fake, live_has_no_preroll)
{
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch("fakesrc is-live=true ! fakesink", NULL));
    cr_assert_eq(gm_element_set_state(pipe, GM_STATE_PAUSED), GM_STATE_CHANGE_NO_PREROLL);
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(pipe);
}

GM_TEST(fake, used_again)
{
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch("fakesrc num-buffers=10 ! fakesink", NULL));
    GmBus *bus = gm_element_get_bus(pipe);
    for (int i = 0; i < 3; i++) {
        gm_element_set_state(pipe, GM_STATE_PLAYING);
        GmMessage *eos = gm_bus_timed_pop_filtered(bus, 10 * SECOND, GM_MESSAGE_EOS);
        cr_assert_not_null(eos);
        gm_message_unref(eos);
        gm_element_set_state(pipe, GM_STATE_NULL);
    }
    gm_object_unref(bus);
    gm_object_unref(pipe);
}

// What lies outside of the segment is not shown.
GM_TEST(fake, sink_clips)
{
    GmHarness *h = gm_harness_new("fakesink");
    unsigned n = 0;
    gm_object_set(h->element, "async", false, "signal-handoffs", true, NULL);
    gm_signal_connect(h->element, "handoff", count_handoff, &n);
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    segment.start = segment.time = 1000 * SECOND;
    segment.stop = 2000 * SECOND;
    gm_harness_push_event(h, gm_event_new_segment(&segment));
    gm_harness_push(h, numbered(500));
    cr_assert_eq(n, 0);
    gm_harness_push(h, numbered(1000));
    cr_assert_eq(n, 1);
    gm_harness_push(h, numbered(2000));
    cr_assert_eq(n, 1);
    gm_harness_teardown(h);
}

GM_TEST(fake, sink_refuses_after_eos_until_a_flush)
{
    GmHarness *h = gm_harness_new("fakesink");
    gm_object_set(h->element, "async", false, NULL);
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_OK);
    gm_harness_push_event(h, gm_event_new_eos());
    cr_assert_eq(gm_harness_push(h, numbered(1)), GM_FLOW_EOS);
    gm_harness_push_event(h, gm_event_new_flush_start());
    gm_harness_push_event(h, gm_event_new_flush_stop(true));
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_harness_push_event(h, gm_event_new_segment(&segment));
    cr_assert_eq(gm_harness_push(h, numbered(2)), GM_FLOW_OK);
    gm_harness_teardown(h);
}

GM_TEST(fake, state_errors)
{
    play_fails("fakesrc ! fakesink state-error=null-to-ready", "erroring out on state change as requested");
    play_fails("fakesrc ! fakesink state-error=ready-to-paused", "erroring out on state change as requested");
}

static void on_notify(GmObject *obj, const GmProperty *prop, void *data)
{
    (void)obj;
    (void)prop;
    ++*(unsigned *)data;
}

GM_TEST(fake, last_message_is_notified)
{
    GmHarness *h = gm_harness_new("fakesink");
    unsigned n = 0;
    char *text = NULL;
    gm_object_set(h->element, "silent", false, NULL);
    gm_signal_connect(h->element, "notify::last-message", on_notify, &n);
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    gm_harness_push(h, numbered(1));
    gm_object_get(h->element, "last-message", &text, NULL);
    cr_assert_geq(n, 4); // three events and a buffer
    cr_assert(strstr(text, "chain   ******* (fakesink0:sink) (4 bytes, dts: none, pts: 0:00:01.000000000, "
                           "duration: 0:00:01.000000000") == text, "%s", text);
    free(text);
    gm_harness_teardown(h);
}
