// SPDX-License-Identifier: MIT
//
// GmBaseSink: preroll, states, the clock, lateness, QoS, EOS, gaps, steps, position.
#include "gmtest.h"
#include "gstmini-element.h"
#include "check/test_clock.h"

typedef struct { int prerolls, renders, starts, stops; GmFlowReturn ret; } TestSink;

static GmFlowReturn sink_preroll(GmBaseSink *sink, GmBuffer *buf)
{
    (void)buf;
    ((TestSink *)gm_priv(sink))->prerolls++;
    return GM_FLOW_OK;
}

static GmFlowReturn sink_render(GmBaseSink *sink, GmBuffer *buf)
{
    TestSink *t = gm_priv(sink);
    (void)buf;
    t->renders++;
    return t->ret;
}

static bool sink_start(GmBaseSink *sink)
{
    ((TestSink *)gm_priv(sink))->starts++;
    return true;
}

static bool sink_stop(GmBaseSink *sink)
{
    ((TestSink *)gm_priv(sink))->stops++;
    return true;
}

static const GmBaseSinkOps sink_ops = { .preroll = sink_preroll, .render = sink_render,
                                        .start = sink_start, .stop = sink_stop };
static const GmStaticPadTemplate sink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .static_caps = "ANY" }, { 0 }
};
static const GmElementClass test_sink_class = {
    .name = "testbasesink", .parent = &gm_base_sink_class.object, .priv_size = sizeof(TestSink),
    .pads = sink_pads, .sink = &sink_ops,
};

// A pipeline with one sink on a test clock, fed by the test through a pad of its own.
typedef struct {
    GmElement   *pipe, *sink;
    GmPad       *src;
    GmTestClock *clock;
    GmBus       *bus;
    TestSink    *t;
    GmThread    *thread;
    GmMiniObject *item;
    GmFlowReturn ret;
} Rig;

static void rig_init(Rig *r, bool sync)
{
    *r = (Rig){ .pipe = gm_object_ref_sink(gm_pipeline_new(NULL)) };
    r->sink = gm_object_new(&test_sink_class.object, NULL);
    r->t = gm_priv(r->sink);
    r->clock = GM_TEST_CLOCK(gm_test_clock_new());
    gm_bin_add(GM_BIN(r->pipe), r->sink);
    gm_pipeline_use_clock(GM_PIPELINE(r->pipe), (GmClock *)r->clock);
    gm_object_set(r->sink, "sync", sync, NULL);
    r->bus = gm_pipeline_get_bus(GM_PIPELINE(r->pipe));
    r->src = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    GmPad *pad = gm_element_get_static_pad(r->sink, "sink");
    cr_assert_eq(gm_pad_link(r->src, pad), GM_PAD_LINK_OK);
    gm_object_unref(pad);
    gm_pad_set_active(r->src, true);
}

static void rig_events(Rig *r, double rate)
{
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    segment.rate = rate;
    if (rate < 0)
        segment.stop = 10 * (uint64_t)GM_SECOND;
    gm_pad_push_event(r->src, gm_event_new_stream_start("test"));
    gm_pad_push_event(r->src, gm_event_new_segment(&segment));
}

static void *rig_thread(void *data)
{
    Rig *r = data;
    if (GM_IS_EVENT(r->item))
        r->ret = gm_pad_push_event(r->src, GM_EVENT(r->item)) ? GM_FLOW_OK : GM_FLOW_ERROR;
    else
        r->ret = gm_pad_push(r->src, GM_BUFFER(r->item));
    return NULL;
}

// Pushes in a thread of its own, as the push blocks.
static void rig_push_async(Rig *r, void *item)
{
    r->item = item;
    r->thread = gm_thread_try_new("pusher", rig_thread, r, NULL);
}

static GmFlowReturn rig_join(Rig *r)
{
    gm_thread_join(r->thread);
    return r->ret;
}

static void rig_clear(Rig *r)
{
    gm_element_set_state(r->pipe, GM_STATE_NULL);
    gm_pad_set_active(r->src, false);
    GmPad *peer = gm_pad_get_peer(r->src);
    gm_pad_unlink(r->src, peer);
    gm_object_unref(peer);
    gm_object_unref(r->src);
    gm_object_unref(r->bus);
    gm_object_unref(r->pipe);
    gm_object_unref(r->clock);
}

static GmBuffer *buffer_at(GmClockTimeDiff pts)
{
    GmBuffer *buf = gm_buffer_new();
    GM_BUFFER_PTS(buf) = (GmClockTime)pts;
    GM_BUFFER_DURATION(buf) = (GmClockTime)(10 * GM_MSECOND);
    return buf;
}

static GmMessage *rig_wait(Rig *r, GmMessageType type)
{
    return gm_bus_timed_pop_filtered(r->bus, 10 * (GmClockTime)GM_SECOND, type);
}

GM_TEST(base_sink, prerolls_then_plays)
{
    Rig r;
    GmState state;
    rig_init(&r, false);
    cr_assert_eq(gm_element_set_state(r.pipe, GM_STATE_PAUSED), GM_STATE_CHANGE_ASYNC);
    rig_events(&r, 1.0);
    rig_push_async(&r, buffer_at(0));
    cr_assert_eq(gm_element_get_state(r.pipe, &state, NULL, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(state, GM_STATE_PAUSED);
    cr_assert_eq(r.t->prerolls, 1);
    cr_assert_eq(r.t->renders, 0);
    gm_element_set_state(r.pipe, GM_STATE_PLAYING);
    cr_assert_eq(rig_join(&r), GM_FLOW_OK);
    cr_assert_eq(r.t->renders, 1);
    rig_clear(&r);
}

GM_TEST(base_sink, null_wakes_preroll)
{
    Rig r;
    rig_init(&r, false);
    gm_element_set_state(r.pipe, GM_STATE_PAUSED);
    rig_events(&r, 1.0);
    rig_push_async(&r, buffer_at(0));
    gm_element_get_state(r.pipe, NULL, NULL, GM_CLOCK_TIME_NONE);
    gm_element_set_state(r.pipe, GM_STATE_NULL);
    cr_assert_eq(rig_join(&r), GM_FLOW_FLUSHING);
    cr_assert_eq(r.t->starts, 1);
    cr_assert_eq(r.t->stops, 1);
    rig_clear(&r);
}

GM_TEST(base_sink, null_before_preroll)
{
    Rig r;
    rig_init(&r, false);
    cr_assert_eq(gm_element_set_state(r.pipe, GM_STATE_PAUSED), GM_STATE_CHANGE_ASYNC);
    cr_assert_eq(gm_element_set_state(r.pipe, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    rig_clear(&r);
}

// To PLAYING at 0; returns with the buffer at 0 shown.
static void rig_play(Rig *r)
{
    gm_element_set_state(r->pipe, GM_STATE_PLAYING);
    rig_events(r, 1.0);
    rig_push_async(r, buffer_at(0));
    gm_element_get_state(r->pipe, NULL, NULL, GM_CLOCK_TIME_NONE);
    if (gm_base_sink_get_sync(GM_BASE_SINK(r->sink)))
        gm_test_clock_crank(r->clock);
    cr_assert_eq(rig_join(r), GM_FLOW_OK);
}

GM_TEST(base_sink, waits_for_the_clock)
{
    Rig r;
    int64_t position;
    rig_init(&r, true);
    rig_play(&r);
    rig_push_async(&r, buffer_at(100 * GM_MSECOND));
    gm_test_clock_wait_for_next_pending_id(r.clock, NULL);
    cr_assert_eq(gm_test_clock_get_next_entry_time(r.clock), (GmClockTime)(100 * GM_MSECOND));
    cr_assert_eq(r.t->renders, 1);
    gm_test_clock_set_time(r.clock, (GmClockTime)(40 * GM_MSECOND));
    cr_assert(gm_element_query_position(r.sink, GM_FORMAT_TIME, &position));
    cr_assert_eq(position, 40 * GM_MSECOND);
    gm_test_clock_crank(r.clock);
    cr_assert_eq(rig_join(&r), GM_FLOW_OK);
    cr_assert_eq(r.t->renders, 2);
    rig_clear(&r);
}

GM_TEST(base_sink, null_wakes_the_clock_wait)
{
    Rig r;
    rig_init(&r, true);
    rig_play(&r);
    rig_push_async(&r, buffer_at(GM_SECOND));
    gm_test_clock_wait_for_next_pending_id(r.clock, NULL);
    gm_element_set_state(r.pipe, GM_STATE_NULL);
    cr_assert_eq(rig_join(&r), GM_FLOW_FLUSHING);
    rig_clear(&r);
}

GM_TEST(base_sink, pause_unschedules_and_prerolls_again)
{
    Rig r;
    rig_init(&r, true);
    rig_play(&r);
    rig_push_async(&r, buffer_at(GM_SECOND));
    gm_test_clock_wait_for_next_pending_id(r.clock, NULL);
    gm_element_set_state(r.pipe, GM_STATE_PAUSED);
    cr_assert_eq(gm_element_get_state(r.pipe, NULL, NULL, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(r.t->prerolls, 2);
    gm_element_set_state(r.pipe, GM_STATE_PLAYING);
    gm_test_clock_crank(r.clock);
    cr_assert_eq(rig_join(&r), GM_FLOW_OK);
    rig_clear(&r);
}

GM_TEST(base_sink, late_buffers_are_dropped_and_reported)
{
    Rig r;
    uint64_t dropped;
    int64_t jitter;
    rig_init(&r, true);
    gm_object_set(r.sink, "max-lateness", (int64_t)(20 * GM_MSECOND), "qos", true, NULL);
    rig_play(&r);
    gm_test_clock_set_time(r.clock, (GmClockTime)(500 * GM_MSECOND));
    rig_push_async(&r, buffer_at(100 * GM_MSECOND));
    gm_test_clock_crank(r.clock);
    cr_assert_eq(rig_join(&r), GM_FLOW_OK);
    cr_assert_eq(r.t->renders, 1);
    GmMessage *message = rig_wait(&r, GM_MESSAGE_QOS);
    cr_assert_not_null(message);
    gm_message_parse_qos_stats(message, NULL, NULL, &dropped);
    gm_message_parse_qos_values(message, &jitter, NULL, NULL);
    cr_assert_eq(dropped, 1u);
    cr_assert_eq(jitter, 400 * GM_MSECOND);
    gm_message_unref(message);
    GmStructure *stats = gm_base_sink_get_stats(GM_BASE_SINK(r.sink));
    gm_structure_get_uint64(stats, "dropped", &dropped);
    cr_assert_eq(dropped, 1u);
    gm_structure_free(stats);
    rig_clear(&r);
}

GM_TEST(base_sink, eos_message_only_in_playing)
{
    Rig r;
    rig_init(&r, false);
    gm_element_set_state(r.pipe, GM_STATE_PAUSED);
    rig_events(&r, 1.0);
    GmEvent *eos = gm_event_new_eos();
    uint32_t seqnum = gm_event_get_seqnum(eos);
    rig_push_async(&r, eos); // prerolls
    cr_assert_eq(gm_element_get_state(r.pipe, NULL, NULL, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_SUCCESS);
    cr_assert_null(gm_bus_pop_filtered(r.bus, GM_MESSAGE_EOS));
    gm_element_set_state(r.pipe, GM_STATE_PLAYING);
    GmMessage *message = rig_wait(&r, GM_MESSAGE_EOS);
    cr_assert_not_null(message);
    cr_assert_eq(gm_message_get_seqnum(message), seqnum);
    gm_message_unref(message);
    rig_join(&r);
    cr_assert_eq(gm_pad_push(r.src, buffer_at(0)), GM_FLOW_EOS);
    rig_clear(&r);
}

// EOS waits until the last buffer has been shown to its end.
GM_TEST(base_sink, eos_waits_for_the_last_buffer)
{
    Rig r;
    rig_init(&r, true);
    rig_play(&r);
    rig_push_async(&r, gm_event_new_eos());
    gm_test_clock_wait_for_next_pending_id(r.clock, NULL);
    cr_assert_eq(gm_test_clock_get_next_entry_time(r.clock), (GmClockTime)(10 * GM_MSECOND));
    cr_assert_null(gm_bus_pop_filtered(r.bus, GM_MESSAGE_EOS));
    gm_test_clock_crank(r.clock);
    rig_join(&r);
    GmMessage *message = rig_wait(&r, GM_MESSAGE_EOS);
    cr_assert_not_null(message);
    gm_message_unref(message);
    rig_clear(&r);
}

GM_TEST(base_sink, gap_prerolls)
{
    Rig r;
    rig_init(&r, false);
    gm_element_set_state(r.pipe, GM_STATE_PAUSED);
    rig_events(&r, 1.0);
    rig_push_async(&r, gm_event_new_gap(0, (GmClockTime)GM_SECOND));
    cr_assert_eq(gm_element_get_state(r.pipe, NULL, NULL, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_SUCCESS);
    gm_element_set_state(r.pipe, GM_STATE_PLAYING);
    cr_assert_eq(rig_join(&r), GM_FLOW_OK);
    cr_assert_eq(r.t->renders, 0);
    rig_clear(&r);
}

GM_TEST(base_sink, flush_wakes_and_needs_preroll_again)
{
    Rig r;
    rig_init(&r, true);
    rig_play(&r);
    rig_push_async(&r, buffer_at(GM_SECOND));
    gm_test_clock_wait_for_next_pending_id(r.clock, NULL);
    gm_pad_push_event(r.src, gm_event_new_flush_start());
    cr_assert_eq(rig_join(&r), GM_FLOW_FLUSHING);
    gm_pad_push_event(r.src, gm_event_new_flush_stop(true));
    cr_assert_eq(gm_element_get_state(r.pipe, NULL, NULL, 0), GM_STATE_CHANGE_ASYNC);
    rig_events(&r, 1.0);
    rig_push_async(&r, buffer_at(0));
    cr_assert_eq(gm_element_get_state(r.pipe, NULL, NULL, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_SUCCESS);
    gm_test_clock_crank(r.clock);
    cr_assert_eq(rig_join(&r), GM_FLOW_OK);
    rig_clear(&r);
}

GM_TEST(base_sink, out_of_segment_is_dropped)
{
    Rig r;
    GmSegment segment;
    rig_init(&r, false);
    rig_play(&r);
    gm_segment_init(&segment, GM_FORMAT_TIME);
    segment.start = (uint64_t)GM_SECOND;
    gm_pad_push_event(r.src, gm_event_new_segment(&segment));
    cr_assert_eq(gm_pad_push(r.src, buffer_at(0)), GM_FLOW_OK);
    cr_assert_eq(r.t->renders, 1);
    cr_assert_eq(gm_pad_push(r.src, buffer_at(GM_SECOND)), GM_FLOW_OK);
    cr_assert_eq(r.t->renders, 2);
    rig_clear(&r);
}

GM_TEST(base_sink, last_sample)
{
    Rig r;
    GmSample *sample;
    rig_init(&r, false);
    rig_play(&r);
    gm_object_get(r.sink, "last-sample", &sample, NULL);
    cr_assert_not_null(sample);
    cr_assert_eq(GM_BUFFER_PTS(gm_sample_get_buffer(sample)), 0u);
    gm_sample_unref(sample);
    gm_object_set(r.sink, "enable-last-sample", false, NULL);
    cr_assert_null(gm_base_sink_get_last_sample(GM_BASE_SINK(r.sink)));
    rig_clear(&r);
}

GM_TEST(base_sink, step_buffers_in_paused)
{
    Rig r;
    bool active, eos;
    uint64_t amount;
    rig_init(&r, false);
    gm_element_set_state(r.pipe, GM_STATE_PAUSED);
    rig_events(&r, 1.0);
    rig_push_async(&r, buffer_at(0));
    gm_element_get_state(r.pipe, NULL, NULL, GM_CLOCK_TIME_NONE);
    // One buffer is skipped, the next prerolls.
    cr_assert(gm_element_send_event(r.sink, gm_event_new_step(GM_FORMAT_BUFFERS, 1, 1.0, true, false)));
    cr_assert_eq(rig_join(&r), GM_FLOW_OK);
    rig_push_async(&r, buffer_at(10 * GM_MSECOND));
    GmMessage *message = rig_wait(&r, GM_MESSAGE_STEP_START);
    gm_message_parse_step_start(message, &active, NULL, NULL, NULL, NULL, NULL);
    cr_assert_not(active);
    gm_message_unref(message);
    message = rig_wait(&r, GM_MESSAGE_STEP_DONE);
    cr_assert_not_null(message);
    gm_message_parse_step_done(message, NULL, &amount, NULL, NULL, NULL, NULL, &eos);
    cr_assert_eq(amount, 1u);
    cr_assert_not(eos);
    gm_message_unref(message);
    cr_assert_eq(gm_element_get_state(r.pipe, NULL, NULL, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(r.t->renders, 0);
    gm_element_set_state(r.pipe, GM_STATE_NULL);
    cr_assert_eq(rig_join(&r), GM_FLOW_FLUSHING);
    rig_clear(&r);
}

GM_TEST(base_sink, render_error_goes_upstream)
{
    Rig r;
    rig_init(&r, false);
    rig_play(&r);
    r.t->ret = GM_FLOW_ERROR;
    cr_assert_eq(gm_pad_push(r.src, buffer_at(0)), GM_FLOW_ERROR);
    rig_clear(&r);
}

GM_TEST(base_sink, async_false_needs_no_preroll)
{
    Rig r;
    rig_init(&r, false);
    gm_object_set(r.sink, "async", false, NULL);
    cr_assert_eq(gm_element_set_state(r.pipe, GM_STATE_PLAYING), GM_STATE_CHANGE_SUCCESS);
    rig_events(&r, 1.0);
    cr_assert_eq(gm_pad_push(r.src, buffer_at(0)), GM_FLOW_OK);
    cr_assert_eq(r.t->renders, 1);
    rig_clear(&r);
}
