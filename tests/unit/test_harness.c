// SPDX-License-Identifier: MIT
//
// GmHarness: each function once, on elements that come with the library.
#include "gmtest.h"
#include "gstmini-element.h"
#include "check/harness.h"

static GmBuffer *buffer_of(const char *text)
{
    GmBuffer *buf = gm_buffer_new_allocate(NULL, strlen(text), NULL);
    gm_buffer_fill(buf, 0, text, strlen(text));
    return buf;
}

GM_TEST(harness, push_and_pull)
{
    GmHarness *h = gm_harness_new("identity");
    gm_harness_set_src_caps_str(h, "test/x");
    GmBuffer *buf = gm_harness_create_buffer(h, 42);
    GM_BUFFER_PTS(buf) = 123;
    cr_assert_eq(gm_harness_push(h, buf), GM_FLOW_OK);
    cr_assert_eq(gm_harness_get_last_pushed_timestamp(h), 123u);
    cr_assert_eq(gm_harness_buffers_in_queue(h), 1u);
    GmBuffer *out = gm_harness_pull(h);
    cr_assert_eq(gm_buffer_get_size(out), 42u);
    gm_buffer_unref(out);
    cr_assert_null(gm_harness_try_pull(h));
    cr_assert_eq(gm_harness_buffers_received(h), 1u);
    gm_harness_set_drop_buffers(h, true);
    gm_harness_push(h, gm_harness_create_buffer(h, 1));
    cr_assert_eq(gm_harness_buffers_received(h), 2u);
    cr_assert_eq(gm_harness_buffers_in_queue(h), 0u);
    gm_harness_teardown(h);
}

GM_TEST(harness, events_both_ways)
{
    GmHarness *h = gm_harness_new("identity");
    gm_harness_set_src_caps_str(h, "test/x");
    GmEventType expected[] = { GM_EVENT_STREAM_START, GM_EVENT_CAPS, GM_EVENT_SEGMENT };
    cr_assert_eq(gm_harness_events_in_queue(h), 3u);
    for (size_t i = 0; i < GM_LEN(expected); i++) {
        GmEvent *event = gm_harness_pull_event(h);
        cr_assert_eq(GM_EVENT_TYPE(event), expected[i]);
        gm_event_unref(event);
    }
    cr_assert_null(gm_harness_try_pull_event(h));
    GmEvent *reconfigure;
    while ((reconfigure = gm_harness_try_pull_upstream_event(h)) != NULL)
        gm_event_unref(reconfigure);
    gm_harness_push_upstream_event(h, gm_event_new_navigation(gm_structure_new_empty("x")));
    GmEvent *event = gm_harness_pull_upstream_event(h);
    cr_assert_eq(GM_EVENT_TYPE(event), GM_EVENT_NAVIGATION);
    gm_event_unref(event);
    gm_harness_teardown(h);
}

GM_TEST(harness, take_all_data)
{
    GmHarness *h = gm_harness_new("identity");
    size_t size;
    gm_harness_set_src_caps_str(h, "test/x");
    cr_assert_null(gm_harness_take_all_data(h, &size));
    gm_harness_push(h, buffer_of("ab"));
    gm_harness_push(h, buffer_of("cd"));
    uint8_t *data = gm_harness_take_all_data(h, &size);
    cr_assert_eq(size, 4u);
    cr_assert_eq(memcmp(data, "abcd", 4), 0);
    gm_free(data);
    gm_harness_teardown(h);
}

GM_TEST(harness, latency)
{
    GmHarness *h = gm_harness_new("identity");
    gm_harness_set_upstream_latency(h, 77);
    cr_assert_eq(gm_harness_query_latency(h), 77u);
    gm_harness_teardown(h);
}

GM_TEST(harness, parse_find_set_get)
{
    GmHarness *h = gm_harness_new_parse("identity ! queue max-size-buffers=7");
    unsigned n = 0;
    gm_harness_get(h, "queue", "max-size-buffers", &n, NULL);
    cr_assert_eq(n, 7u);
    gm_harness_set(h, "queue", "max-size-buffers", 9u, NULL);
    gm_harness_get(h, "queue", "max-size-buffers", &n, NULL);
    cr_assert_eq(n, 9u);
    gm_harness_set_src_caps_str(h, "test/x");
    gm_harness_push(h, buffer_of("x"));
    gm_buffer_unref(gm_harness_pull(h));
    cr_assert_null(gm_harness_find_element(h, "fakesink"));
    gm_harness_teardown(h);
}

GM_TEST(harness, source_before)
{
    GmHarness *h = gm_harness_new("identity");
    GmBuffer *out;
    gm_harness_add_src_parse(h, "fakesrc num-buffers=3 sizetype=fixed sizemax=8", false);
    cr_assert_eq(gm_harness_src_crank_and_push_many(h, 0, 3), GM_FLOW_OK);
    for (int i = 0; i < 3; i++) {
        out = gm_harness_pull(h);
        cr_assert_eq(gm_buffer_get_size(out), 8u);
        gm_buffer_unref(out);
    }
    cr_assert(gm_harness_src_push_event(h)); // EOS
    cr_assert(gm_harness_pull_until_eos(h, &out));
    cr_assert_null(out);
    gm_harness_teardown(h);
}

GM_TEST(harness, sink_after)
{
    GmHarness *h = gm_harness_new("identity");
    GmStructure *stats;
    uint64_t rendered;
    gm_harness_add_sink(h, "fakesink");
    gm_harness_set_src_caps_str(h, "test/x");
    gm_harness_push(h, buffer_of("x"));
    gm_harness_push(h, buffer_of("y"));
    cr_assert_eq(gm_harness_sink_push_many(h, 2), GM_FLOW_OK);
    gm_object_get(h->sink_harness->element, "stats", &stats, NULL);
    cr_assert(gm_structure_get_uint64(stats, "rendered", &rendered));
    cr_assert_eq(rendered, 2u);
    gm_structure_free(stats);
    gm_harness_teardown(h);
}

static GmPadProbeReturn count_probe(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)pad;
    (void)info;
    ++*(int *)data;
    return GM_PAD_PROBE_OK;
}

GM_TEST(harness, probe)
{
    GmHarness *h = gm_harness_new("identity");
    int n = 0;
    gm_harness_set_src_caps_str(h, "test/x");
    gm_harness_add_probe(h, "identity", "src", GM_PAD_PROBE_TYPE_BUFFER, count_probe, &n, NULL);
    gm_buffer_unref(gm_harness_push_and_pull(h, buffer_of("x")));
    cr_assert_eq(n, 1);
    gm_harness_teardown(h);
}

static void *push_two(void *data)
{
    GmHarness *h = data;
    gm_harness_push(h, buffer_of("1"));
    gm_harness_push(h, buffer_of("2"));
    return NULL;
}

GM_TEST(harness, blocking_push_mode)
{
    GmHarness *h = gm_harness_new("identity");
    gm_harness_set_src_caps_str(h, "test/x");
    gm_harness_set_blocking_push_mode(h);
    GmThread *thread = gm_thread_try_new("push", push_two, h, NULL);
    GmBuffer *one = gm_harness_pull(h), *two = gm_harness_pull(h);
    gm_thread_join(thread);
    cr_assert_eq(gm_harness_buffers_received(h), 2u);
    gm_buffer_unref(one);
    gm_buffer_unref(two);
    gm_harness_teardown(h);
}

GM_TEST(harness, unknown_element)
{
    gm_test_expect_criticals(1);
    cr_assert_null(gm_harness_new("nosuchelement"));
}

GM_TEST(harness, sink_waits_on_the_test_clock)
{
    GmHarness *h = gm_harness_new("fakesink");
    gm_object_set(h->element, "sync", true, NULL);
    gm_harness_set_src_caps_str(h, "test/x");
    gm_harness_set_time(h, 5);
    GmTestClock *clock = gm_harness_get_testclock(h);
    cr_assert_eq(gm_clock_get_time((GmClock *)clock), 5u);
    gm_object_unref(clock);
    gm_harness_use_systemclock(h);
    cr_assert_null(gm_harness_get_testclock(h));
    gm_harness_teardown(h);
}
