// SPDX-License-Identifier: MIT
// identity: passes on; and what its properties make of that.
#include "elementtest.h"

static GmHarness *identity_new(const char *properties)
{
    char *line = gm_strdup_printf("identity %s", properties);
    GmHarness *h = gm_harness_new_parse(line);

    free(line);
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    return h;
}

GM_TEST(identity, the_same_buffer)
{
    GmHarness *h = identity_new("");
    GmBuffer *in = numbered(1), *out = gm_harness_push_and_pull(h, in);
    cr_assert_eq(in, out);
    cr_assert_eq(GM_MINI_OBJECT_REFCOUNT_VALUE(out), 1);
    gm_buffer_unref(out);
    gm_harness_teardown(h);
}

static void on_handoff(GmElement *el, GmBuffer *buffer, void *data)
{
    (void)el;
    *(unsigned *)data = number_of(buffer);
}

GM_TEST(identity, handoff)
{
    GmHarness *h = gm_harness_new("identity");
    unsigned seen = 99;
    gm_signal_connect(h->element, "handoff", on_handoff, &seen);
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    gm_buffer_unref(gm_harness_push_and_pull(h, numbered(5)));
    cr_assert_eq(seen, 5);
    gm_object_set(h->element, "signal-handoffs", false, NULL);
    gm_buffer_unref(gm_harness_push_and_pull(h, numbered(6)));
    cr_assert_eq(seen, 5);
    gm_harness_teardown(h);
}

static void *push_far(void *h)
{
    return (void *)(intptr_t)gm_harness_push(h, numbered(1000));
}

GM_TEST(identity, sync_waits_for_the_time)
{
    GmHarness *h = identity_new("sync=true");
    GmThread *pusher = gm_thread_try_new("pusher", push_far, h, NULL);
    cr_assert(gm_harness_wait_for_clock_id_waits(h, 1, 10));
    cr_assert_eq(gm_harness_buffers_received(h), 0);
    cr_assert(gm_harness_crank_single_clock_wait(h));
    cr_assert_eq((intptr_t)gm_thread_join(pusher), GM_FLOW_OK);
    GmTestClock *clock = gm_harness_get_testclock(h);
    cr_assert_eq(gm_clock_get_time((GmClock *)clock), 1000 * SECOND);
    gm_object_unref(clock);
    gm_harness_teardown(h);
}

GM_TEST(identity, a_state_change_ends_the_wait_for_the_clock)
{
    GmHarness *h = identity_new("sync=true");
    GmThread *pusher = gm_thread_try_new("pusher", push_far, h, NULL);
    cr_assert(gm_harness_wait_for_clock_id_waits(h, 1, 10));
    gm_element_set_state(h->element, GM_STATE_NULL);
    cr_assert_eq((intptr_t)gm_thread_join(pusher), GM_FLOW_FLUSHING);
    gm_harness_teardown(h);
}

GM_TEST(identity, drops)
{
    GmHarness *h = identity_new("drop-probability=1");
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_buffers_received(h), 0);
    gm_harness_teardown(h);
    h = identity_new("drop-buffer-flags=discont");
    GmBuffer *buffer = numbered(1);
    GM_BUFFER_FLAG_SET(buffer, GM_BUFFER_FLAG_DISCONT);
    gm_harness_push(h, buffer);
    gm_harness_push(h, numbered(2));
    cr_assert_eq(pull_number(h), 2);
    cr_assert_eq(gm_harness_buffers_received(h), 1);
    gm_harness_teardown(h);
}

GM_TEST(identity, eos_after_and_error_after)
{
    GmHarness *h = identity_new("eos-after=2");
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_push(h, numbered(1)), GM_FLOW_EOS);
    gm_harness_teardown(h);
    play_fails("fakesrc num-buffers=10 ! identity error-after=3 ! fakesink",
               "Failed after iterations as requested.");
}

GM_TEST(identity, datarate_and_offsets)
{
    GmHarness *h = identity_new("datarate=4");
    GmBuffer *buffer = gm_harness_push_and_pull(h, numbered(9));
    cr_assert_eq(GM_BUFFER_PTS(buffer), 0);
    cr_assert_eq(GM_BUFFER_DURATION(buffer), SECOND);
    gm_buffer_unref(buffer);
    buffer = gm_harness_push_and_pull(h, numbered(9));
    cr_assert_eq(GM_BUFFER_PTS(buffer), SECOND);
    gm_buffer_unref(buffer);
    gm_harness_teardown(h);
}

GM_TEST(identity, single_segment_makes_times_running_times)
{
    GmHarness *h = identity_new("single-segment=true");
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    segment.start = segment.time = 10 * SECOND;
    segment.base = 2 * SECOND;
    gm_harness_push_event(h, gm_event_new_segment(&segment));
    GmBuffer *buffer = gm_harness_push_and_pull(h, numbered(11));
    cr_assert_eq(GM_BUFFER_PTS(buffer), 3 * SECOND);
    gm_buffer_unref(buffer);
    gm_harness_teardown(h);
}
