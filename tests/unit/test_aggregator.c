// SPDX-License-Identifier: MIT
//
// GmAggregator: several inputs, order of events, EOS, flush, live timeout on a test clock.
#include "gmtest.h"
#include "gstmini-element.h"
#include "check/harness.h"

typedef struct { int turns, timeouts; GmFlowReturn ret; bool flush, same; } TestAgg;

typedef struct { unsigned pads, eos; bool any; GmClockTime pts; } Sum;

static bool agg_take(GmElement *el, GmPad *pad, void *data)
{
    Sum *sum = data;
    GmAggregatorPad *aggpad = GM_AGGREGATOR_PAD(pad);
    GmBuffer *buf = gm_aggregator_pad_pop_buffer(aggpad);
    (void)el;
    sum->pads++;
    if (buf == NULL) {
        sum->eos += gm_aggregator_pad_is_eos(aggpad);
        return true;
    }
    if (sum->pts == GM_CLOCK_TIME_NONE || GM_BUFFER_PTS(buf) < sum->pts)
        sum->pts = GM_BUFFER_PTS(buf);
    sum->any = true;
    gm_buffer_unref(buf);
    return true;
}

// A flush between peek and pop.
static bool agg_flush_and_take(GmElement *el, GmPad *pad, void *same)
{
    GmBuffer *peeked = gm_aggregator_pad_peek_buffer(GM_AGGREGATOR_PAD(pad));
    (void)el;
    gm_pad_send_event(pad, gm_event_new_flush_start());
    GmBuffer *popped = gm_aggregator_pad_pop_buffer(GM_AGGREGATOR_PAD(pad));
    *(bool *)same = peeked != NULL && peeked == popped;
    gm_clear_mini_object((GmMiniObject **)&peeked);
    gm_clear_mini_object((GmMiniObject **)&popped);
    return false;
}

// Takes one buffer of each pad, gives one empty buffer for all.
static GmFlowReturn agg_aggregate(GmAggregator *agg, bool timeout)
{
    TestAgg *t = gm_priv(agg);
    Sum sum = { .pts = GM_CLOCK_TIME_NONE };
    t->turns++;
    t->timeouts += timeout;
    if (t->flush) {
        gm_element_foreach_sink_pad(&agg->element, agg_flush_and_take, &t->same);
        return GM_FLOW_EOS;
    }
    gm_element_foreach_sink_pad(&agg->element, agg_take, &sum);
    if (t->ret != GM_FLOW_OK)
        return t->ret;
    if (!sum.any && sum.eos == sum.pads)
        return GM_FLOW_EOS;
    GmBuffer *out = gm_buffer_new();
    GM_OBJECT_LOCK(agg);
    GM_BUFFER_PTS(out) = sum.any ? sum.pts : agg->segment.position;
    agg->segment.position = GM_BUFFER_PTS(out) + 10 * (GmClockTime)GM_MSECOND;
    GM_OBJECT_UNLOCK(agg);
    return gm_aggregator_finish_buffer(agg, out);
}

static GmClockTime agg_get_next_time(GmAggregator *agg)
{
    return gm_aggregator_simple_get_next_time(agg);
}

static const GmAggregatorOps agg_ops = { .aggregate = agg_aggregate,
                                         .get_next_time = agg_get_next_time };
static const GmStaticPadTemplate agg_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC, .static_caps = "test/x" },
    { .name_template = "sink_%u", .direction = GM_PAD_SINK, .presence = GM_PAD_REQUEST,
      .static_caps = "ANY", .pad_class = &gm_aggregator_pad_class.object },
    { 0 }
};
static const GmElementClass test_agg_class = {
    .name = "testagg", .parent = &gm_aggregator_class.object, .priv_size = sizeof(TestAgg),
    .pads = agg_pads, .aggregator = &agg_ops,
};

// Two harnesses on one element: the first takes the output.
typedef struct { GmElement *el; GmHarness *a, *b; TestAgg *t; } Rig;

static void rig_init(Rig *r, bool live)
{
    r->el = gm_object_ref_sink(gm_object_new(&test_agg_class.object, NULL));
    r->t = gm_priv(r->el);
    r->a = gm_harness_new_with_element(r->el, "sink_0", "src");
    r->b = gm_harness_new_with_element(r->el, "sink_1", NULL);
    gm_harness_set_live(r->a, live);
    gm_harness_set_live(r->b, live);
    gm_harness_set_src_caps_str(r->a, "test/x");
    gm_harness_set_src_caps_str(r->b, "test/x");
}

static void rig_clear(Rig *r)
{
    gm_harness_teardown(r->b);
    gm_harness_teardown(r->a);
    gm_object_unref(r->el);
}

static GmBuffer *buffer_at(GmClockTimeDiff pts)
{
    GmBuffer *buf = gm_buffer_new();
    GM_BUFFER_PTS(buf) = (GmClockTime)pts;
    GM_BUFFER_DURATION(buf) = (GmClockTime)(10 * GM_MSECOND);
    return buf;
}

GM_TEST(aggregator, waits_for_all_pads)
{
    Rig r;
    rig_init(&r, false);
    cr_assert_eq(gm_harness_push(r.a, buffer_at(0)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_buffers_received(r.a), 0u);
    cr_assert_eq(gm_harness_push(r.b, buffer_at(5)), GM_FLOW_OK);
    GmBuffer *out = gm_harness_pull(r.a);
    cr_assert_eq(GM_BUFFER_PTS(out), 0u);
    gm_buffer_unref(out);
    GmEventType expected[] = { GM_EVENT_STREAM_START, GM_EVENT_CAPS, GM_EVENT_SEGMENT };
    for (size_t i = 0; i < GM_LEN(expected); i++) {
        GmEvent *event = gm_harness_pull_event(r.a);
        cr_assert_eq(GM_EVENT_TYPE(event), expected[i], "event %zu is %s", i,
                     GM_EVENT_TYPE_NAME(event));
        gm_event_unref(event);
    }
    rig_clear(&r);
}

GM_TEST(aggregator, eos_when_all_are_at_their_end)
{
    Rig r;
    GmBuffer *out;
    rig_init(&r, false);
    gm_harness_push_event(r.b, gm_event_new_eos());
    gm_harness_push(r.a, buffer_at(0)); // b no longer holds it up
    gm_buffer_unref(gm_harness_pull(r.a));
    gm_harness_push_event(r.a, gm_event_new_eos());
    cr_assert(gm_harness_pull_until_eos(r.a, &out));
    cr_assert_null(out);
    rig_clear(&r);
}

GM_TEST(aggregator, error_reaches_upstream)
{
    Rig r;
    rig_init(&r, false);
    r.t->ret = GM_FLOW_ERROR;
    gm_harness_push(r.a, buffer_at(0));
    gm_harness_push(r.b, buffer_at(0));
    GmBuffer *out;
    cr_assert(gm_harness_pull_until_eos(r.a, &out)); // an error ends the output
    cr_assert_null(out);
    GmFlowReturn ret;
    do // the queue may still have room for one
        ret = gm_harness_push(r.a, buffer_at(0));
    while (ret == GM_FLOW_OK);
    cr_assert_eq(ret, GM_FLOW_ERROR);
    rig_clear(&r);
}

GM_TEST(aggregator, gap_counts_as_input)
{
    Rig r;
    rig_init(&r, false);
    gm_harness_push(r.a, buffer_at(20));
    cr_assert(gm_harness_push_event(r.b, gm_event_new_gap(30, 10)));
    GmBuffer *out = gm_harness_pull(r.a);
    cr_assert_eq(GM_BUFFER_PTS(out), 20u);
    gm_buffer_unref(out);
    rig_clear(&r);
}

GM_TEST(aggregator, released_pad_no_longer_holds_up)
{
    Rig r;
    rig_init(&r, false);
    gm_harness_push(r.a, buffer_at(0));
    gm_harness_teardown(r.b);
    gm_buffer_unref(gm_harness_pull(r.a));
    cr_assert_eq(r.el->numsinkpads, 1);
    gm_harness_teardown(r.a);
    gm_object_unref(r.el);
}

GM_TEST(aggregator, flushing_all_inputs_flushes_the_output)
{
    Rig r;
    GmEvent *event;
    rig_init(&r, false);
    gm_harness_push(r.a, buffer_at(0));
    gm_harness_push(r.b, buffer_at(0));
    gm_buffer_unref(gm_harness_pull(r.a));
    while ((event = gm_harness_try_pull_event(r.a)) != NULL)
        gm_event_unref(event);
    GmEvent *start = gm_event_new_flush_start();
    gm_harness_push_event(r.a, gm_event_ref(start));
    cr_assert_eq(gm_harness_events_in_queue(r.a), 0u); // b is still to come
    gm_harness_push_event(r.b, start);
    event = gm_harness_pull_event(r.a);
    cr_assert_eq(GM_EVENT_TYPE(event), GM_EVENT_FLUSH_START);
    gm_event_unref(event);
    GmEvent *stop = gm_event_new_flush_stop(true);
    gm_harness_push_event(r.a, gm_event_ref(stop));
    gm_harness_push_event(r.b, stop);
    event = gm_harness_pull_event(r.a);
    cr_assert_eq(GM_EVENT_TYPE(event), GM_EVENT_FLUSH_STOP);
    gm_event_unref(event);
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_harness_push_event(r.a, gm_event_new_segment(&segment));
    gm_harness_push_event(r.b, gm_event_new_segment(&segment));
    gm_harness_push(r.a, buffer_at(0));
    gm_harness_push(r.b, buffer_at(0));
    gm_buffer_unref(gm_harness_pull(r.a));
    rig_clear(&r);
}

// A live input that is late is not waited for beyond the latency.
GM_TEST(aggregator, live_timeout)
{
    Rig r;
    rig_init(&r, true);
    gm_object_set(r.el, "latency", (uint64_t)(50 * GM_MSECOND), NULL);
    cr_assert_eq(gm_harness_query_latency(r.a), (GmClockTime)(50 * GM_MSECOND));
    cr_assert_eq(gm_harness_push(r.a, buffer_at(0)), GM_FLOW_OK);
    GmTestClock *clock = gm_harness_get_testclock(r.a);
    gm_test_clock_wait_for_next_pending_id(clock, NULL);
    cr_assert_eq(gm_test_clock_get_next_entry_time(clock), (GmClockTime)(50 * GM_MSECOND));
    cr_assert_eq(r.t->turns, 0);
    gm_test_clock_crank(clock);
    gm_buffer_unref(gm_harness_pull(r.a));
    cr_assert_eq(r.t->timeouts, 1);
    gm_object_unref(clock);
    rig_clear(&r);
}

GM_TEST(aggregator, null_wakes_a_blocked_input)
{
    Rig r;
    rig_init(&r, false);
    gm_harness_push(r.a, buffer_at(0));
    gm_element_set_state(r.el, GM_STATE_NULL); // would wait for ever on a task that does not end
    cr_assert_eq(gm_harness_push(r.a, buffer_at(0)), GM_FLOW_FLUSHING);
    rig_clear(&r);
}

GM_TEST(aggregator, pad_names)
{
    GmElement *el = gm_object_ref_sink(gm_object_new(&test_agg_class.object, NULL));
    GmPad *pads[3] = { gm_element_request_pad_simple(el, "sink_%u"),
                       gm_element_request_pad_simple(el, "sink_7"),
                       gm_element_request_pad_simple(el, "sink_%u") };
    const char *names[3] = { "sink_0", "sink_7", "sink_8" };
    for (int i = 0; i < 3; i++) {
        cr_assert_str_eq(GM_OBJECT_NAME(pads[i]), names[i]);
        cr_assert(GM_IS_AGGREGATOR_PAD(pads[i]));
        gm_element_release_request_pad(el, pads[i]);
        gm_object_unref(pads[i]);
    }
    gm_object_unref(el);
}

// A buffer that aggregate has peeked can be popped, even if the pad was flushed in between.
GM_TEST(aggregator, pops_what_it_peeked)
{
    Rig r;
    GmBuffer *out;
    rig_init(&r, false);
    r.t->flush = true;
    gm_harness_push(r.a, buffer_at(0));
    gm_harness_push(r.b, buffer_at(0));
    cr_assert(gm_harness_pull_until_eos(r.a, &out));
    cr_assert_null(out);
    cr_assert(r.t->same);
    rig_clear(&r);
}

// Inputs that cannot be sought fail no seek: the other inputs and the output are flushed anyway.
GM_TEST(aggregator, seeks_although_inputs_cannot)
{
    GmElement *pipe = gm_object_ref_sink(gm_pipeline_new(NULL)), *src[2];
    GmElement *agg = gm_object_new(&test_agg_class.object, NULL);
    GmElement *sink = gm_element_factory_make("fakesink", NULL);
    GmBus *bus = gm_pipeline_get_bus(GM_PIPELINE(pipe));
    gm_object_set(sink, "sync", false, NULL);
    gm_bin_add_many(GM_BIN(pipe), agg, sink, NULL);
    for (int i = 0; i < 2; i++) {
        src[i] = gm_element_factory_make("fakesrc", NULL); // says it is not seekable
        gm_object_set(src[i], "format", GM_FORMAT_TIME, NULL);
        gm_bin_add(GM_BIN(pipe), src[i]);
        cr_assert(gm_element_link(src[i], agg));
    }
    cr_assert(gm_element_link(agg, sink));
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    for (int i = 0; i < 10; i++) {
        cr_assert_eq(gm_element_get_state(pipe, NULL, NULL, GM_CLOCK_TIME_NONE),
                     GM_STATE_CHANGE_SUCCESS); // a buffer came through after each seek
        cr_assert(gm_element_seek_simple(sink, GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH, 0));
    }
    cr_assert_null(gm_bus_pop_filtered(bus, GM_MESSAGE_ERROR));
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(pipe);
}
