// SPDX-License-Identifier: MIT
//
// GmBaseSrc: num-buffers, EOS of all kinds, errors, seeks, live sources on a test clock.
#include "gmtest.h"
#include "gstmini-element.h"
#include "check/harness.h"

typedef struct {
    int     made, starts, stops, unlocks;
    bool    refuse_caps, fail_start, block;
    GmMutex lock;
    GmCond  cond;
    bool    unlocked;
} TestSrc;

static bool src_start(GmBaseSrc *src)
{
    TestSrc *s = gm_priv(src);
    s->starts++;
    return !s->fail_start;
}

static bool src_stop(GmBaseSrc *src)
{
    ((TestSrc *)gm_priv(src))->stops++;
    return true;
}

static bool src_is_seekable(GmBaseSrc *src)
{
    (void)src;
    return true;
}

static bool src_do_seek(GmBaseSrc *src, GmSegment *segment)
{
    (void)src;
    segment->time = segment->start;
    return true;
}

static bool src_unlock(GmBaseSrc *src)
{
    TestSrc *s = gm_priv(src);
    gm_mutex_lock(&s->lock);
    s->unlocks++;
    s->unlocked = true;
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
    return true;
}

static bool src_unlock_stop(GmBaseSrc *src)
{
    ((TestSrc *)gm_priv(src))->unlocked = false;
    return true;
}

// One buffer of 10 ms after the other; with `block` it never comes back by itself.
static GmFlowReturn src_create(GmBaseSrc *src, uint64_t offset, unsigned size, GmBuffer **buf)
{
    TestSrc *s = gm_priv(src);
    (void)offset;
    (void)size;
    gm_mutex_lock(&s->lock);
    s->made++;
    gm_cond_broadcast(&s->cond);
    while (s->block && !s->unlocked)
        gm_cond_wait(&s->cond, &s->lock, GM_WAIT_APP, src);
    bool flushing = s->block;
    gm_mutex_unlock(&s->lock);
    if (flushing)
        return GM_FLOW_FLUSHING;
    *buf = gm_buffer_new_allocate(NULL, 8, NULL);
    if (src->segment.format == GM_FORMAT_TIME) {
        GM_BUFFER_PTS(*buf) = src->segment.position;
        GM_BUFFER_DURATION(*buf) = 10 * (GmClockTime)GM_MSECOND;
    }
    return GM_FLOW_OK;
}

static bool src_set_caps(GmBaseSrc *src, GmCaps *caps)
{
    (void)caps;
    return !((TestSrc *)gm_priv(src))->refuse_caps;
}

static void src_get_times(GmBaseSrc *src, GmBuffer *buffer, GmClockTime *start, GmClockTime *end)
{
    if (gm_base_src_is_live(src)) {
        *start = GM_BUFFER_PTS(buffer);
        *end = *start + GM_BUFFER_DURATION(buffer);
    }
}

static const GmBaseSrcOps src_ops = {
    .start = src_start, .stop = src_stop, .is_seekable = src_is_seekable, .do_seek = src_do_seek,
    .unlock = src_unlock, .unlock_stop = src_unlock_stop, .create = src_create,
    .set_caps = src_set_caps, .get_times = src_get_times,
};

static void src_init(GmObject *obj)
{
    TestSrc *s = gm_priv(obj);
    gm_mutex_init(&s->lock);
    gm_cond_init(&s->cond);
    gm_base_src_set_format(GM_BASE_SRC(obj), GM_FORMAT_TIME);
}

static const GmStaticPadTemplate src_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC, .static_caps = "video/x-test" }, { 0 }
};

static const GmElementClass test_src_class = {
    .name = "testbasesrc", .type_name = "TestBaseSrc", .parent = &gm_base_src_class.object,
    .priv_size = sizeof(TestSrc), .init = src_init, .pads = src_pads, .src = &src_ops,
};

static GmElement *src_new(void)
{
    return gm_object_ref_sink(gm_object_new(&test_src_class.object, NULL));
}

static GmHarness *src_harness(GmElement *src)
{
    return gm_harness_new_with_element(src, NULL, "src");
}

static unsigned count_until_eos(GmHarness *h)
{
    GmBuffer *buf;
    unsigned n = 0;
    while (gm_harness_pull_until_eos(h, &buf) && buf != NULL) {
        n++;
        gm_buffer_unref(buf);
    }
    return n;
}

// The next event of `type`, others dropped.
static GmEvent *pull_event_of(GmHarness *h, GmEventType type)
{
    GmEvent *event;
    while ((event = gm_harness_pull_event(h)) != NULL && GM_EVENT_TYPE(event) != type)
        gm_event_unref(event);
    return event;
}

GM_TEST(base_src, num_buffers_then_eos)
{
    GmElement *src = src_new();
    GmHarness *h = src_harness(src);
    TestSrc *s = gm_priv(src);

    gm_object_set(src, "num-buffers", 5, NULL);
    gm_harness_play(h);
    cr_assert_eq(count_until_eos(h), 5u);
    GmEventType expected[] = { GM_EVENT_STREAM_START, GM_EVENT_CAPS, GM_EVENT_SEGMENT, GM_EVENT_EOS };
    for (size_t i = 0; i < GM_LEN(expected); i++) {
        GmEvent *event = gm_harness_pull_event(h);
        cr_assert_eq(GM_EVENT_TYPE(event), expected[i], "event %zu is %s", i,
                     GM_EVENT_TYPE_NAME(event));
        gm_event_unref(event);
    }
    cr_assert_eq(s->starts, 1);
    gm_harness_teardown(h);
    cr_assert_eq(s->stops, 1);
    gm_object_unref(src);
}

GM_TEST(base_src, position_and_discont)
{
    GmElement *src = src_new();
    GmHarness *h = src_harness(src);

    gm_object_set(src, "num-buffers", 2, NULL);
    gm_harness_play(h);
    GmBuffer *first = gm_harness_pull(h), *second = gm_harness_pull(h);
    cr_assert(GM_BUFFER_FLAG_IS_SET(first, GM_BUFFER_FLAG_DISCONT));
    cr_assert_not(GM_BUFFER_FLAG_IS_SET(second, GM_BUFFER_FLAG_DISCONT));
    cr_assert_eq(GM_BUFFER_PTS(second), 10 * (uint64_t)GM_MSECOND);
    gm_buffer_unref(first);
    gm_buffer_unref(second);
    gm_harness_teardown(h);
    gm_object_unref(src);
}

// The application ends the stream: its own event comes out, though create is blocked.
GM_TEST(base_src, eos_from_application_interrupts_create)
{
    GmElement *src = src_new();
    TestSrc *s = gm_priv(src);
    GmHarness *h = src_harness(src);

    s->block = true;
    gm_harness_play(h);
    gm_mutex_lock(&s->lock);
    while (s->made == 0)
        gm_cond_wait(&s->cond, &s->lock, GM_WAIT_APP, src);
    gm_mutex_unlock(&s->lock);
    GmEvent *eos = gm_event_new_eos();
    uint32_t seqnum = gm_event_get_seqnum(eos);
    cr_assert(gm_element_send_event(src, eos));
    GmEvent *got = pull_event_of(h, GM_EVENT_EOS);
    cr_assert_eq(gm_event_get_seqnum(got), seqnum);
    cr_assert_geq(s->unlocks, 1);
    gm_event_unref(got);
    gm_harness_teardown(h);
    gm_object_unref(src);
}

// NULL is reachable while create blocks.
GM_TEST(base_src, stop_while_blocked)
{
    GmElement *src = src_new();
    TestSrc *s = gm_priv(src);
    GmHarness *h = src_harness(src);

    s->block = true;
    gm_harness_play(h);
    gm_mutex_lock(&s->lock);
    while (s->made == 0)
        gm_cond_wait(&s->cond, &s->lock, GM_WAIT_APP, src);
    gm_mutex_unlock(&s->lock);
    gm_harness_teardown(h);
    cr_assert_eq(GM_STATE(src), GM_STATE_NULL);
    cr_assert_eq(s->stops, 1);
    gm_object_unref(src);
}

static void assert_error(GmBus *bus, const char *text, const char *debug_part)
{
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 5 * (GmClockTime)GM_SECOND,
                                                   GM_MESSAGE_ERROR);
    GmError *error = NULL;
    char *debug = NULL;
    cr_assert_not_null(message, "no error came");
    gm_message_parse_error(message, &error, &debug);
    cr_assert_str_eq(error->message, text);
    cr_assert_not_null(strstr(debug, debug_part), "debug: %s", debug);
    gm_error_free(error);
    gm_free(debug);
    gm_message_unref(message);
}

GM_TEST(base_src, not_negotiated_error)
{
    GmElement *src = src_new();
    GmBus *bus = gm_bus_new();
    GmHarness *h = src_harness(src);

    ((TestSrc *)gm_priv(src))->refuse_caps = true;
    gm_element_set_bus(src, bus);
    gm_harness_play(h);
    assert_error(bus, "Internal data stream error.",
                 "streaming stopped, reason not-negotiated (-4)");
    gm_event_unref(pull_event_of(h, GM_EVENT_EOS)); // an error ends the stream too
    gm_element_set_bus(src, NULL);
    gm_harness_teardown(h);
    gm_object_unref(bus);
    gm_object_unref(src);
}

GM_TEST(base_src, start_failure_is_reported)
{
    GmElement *src = src_new();
    GmBus *bus = gm_bus_new();

    ((TestSrc *)gm_priv(src))->fail_start = true;
    gm_element_set_bus(src, bus);
    cr_assert_eq(gm_element_set_state(src, GM_STATE_PAUSED), GM_STATE_CHANGE_FAILURE);
    assert_error(bus, "An element failed to change its state.", "Failed to start");
    gm_element_set_state(src, GM_STATE_NULL);
    gm_element_set_bus(src, NULL);
    gm_object_unref(bus);
    gm_object_unref(src);
}

GM_TEST(base_src, flushing_seek_restarts_with_its_seqnum)
{
    GmElement *src = src_new();
    GmHarness *h = src_harness(src);
    const GmSegment *segment;

    gm_object_set(src, "num-buffers", 3, NULL);
    gm_harness_play(h);
    cr_assert_eq(count_until_eos(h), 3u);
    gm_event_unref(pull_event_of(h, GM_EVENT_EOS));
    gm_object_set(src, "num-buffers", -1, NULL);
    GM_BASE_SRC(src)->num_buffers_left = -1;
    GmEvent *seek = gm_event_new_seek(1.0, GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH, GM_SEEK_TYPE_SET,
                                      GM_SECOND, GM_SEEK_TYPE_SET, GM_SECOND + 20 * GM_MSECOND);
    uint32_t seqnum = gm_event_get_seqnum(seek);
    cr_assert(gm_harness_push_upstream_event(h, seek));
    GmEventType expected[] = { GM_EVENT_FLUSH_START, GM_EVENT_FLUSH_STOP, GM_EVENT_SEGMENT,
                               GM_EVENT_EOS };
    for (size_t i = 0; i < GM_LEN(expected); i++) {
        GmEvent *event = gm_harness_pull_event(h);
        cr_assert_eq(GM_EVENT_TYPE(event), expected[i], "event %zu is %s", i,
                     GM_EVENT_TYPE_NAME(event));
        cr_assert_eq(gm_event_get_seqnum(event), seqnum, "%s", GM_EVENT_TYPE_NAME(event));
        if (i == 2) {
            gm_event_parse_segment(event, &segment);
            cr_assert_eq(segment->start, (uint64_t)GM_SECOND);
            cr_assert_eq(segment->base, 0u);
        }
        gm_event_unref(event);
    }
    cr_assert_eq(gm_harness_buffers_in_queue(h), 2u); // 1.00 and 1.01
    gm_harness_teardown(h);
    gm_object_unref(src);
}

GM_TEST(base_src, segment_seek_posts_segment_done)
{
    GmElement *src = src_new();
    GmBus *bus = gm_bus_new();
    GmHarness *h = src_harness(src);

    gm_element_set_bus(src, bus);
    cr_assert(gm_element_seek(src, 1.0, GM_FORMAT_TIME, GM_SEEK_FLAG_SEGMENT, GM_SEEK_TYPE_SET, 0,
                              GM_SEEK_TYPE_SET, 30 * GM_MSECOND)); // in NULL: kept for the start
    gm_harness_play(h);
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 5 * (GmClockTime)GM_SECOND,
                                                   GM_MESSAGE_SEGMENT_DONE);
    GmFormat format;
    int64_t position;
    cr_assert_not_null(message);
    gm_message_parse_segment_done(message, &format, &position);
    cr_assert_eq(position, 30 * GM_MSECOND);
    gm_message_unref(message);
    gm_event_unref(pull_event_of(h, GM_EVENT_SEGMENT_DONE));
    gm_element_set_bus(src, NULL);
    gm_harness_teardown(h);
    gm_object_unref(bus);
    gm_object_unref(src);
}

// A live source makes nothing in PAUSED, and its buffers come when their time has come.
GM_TEST(base_src, live_source_waits_for_playing_and_clock)
{
    GmElement *src = src_new();
    gm_base_src_set_live(GM_BASE_SRC(src), true);
    GmHarness *h = src_harness(src);

    cr_assert_eq(gm_element_set_state(src, GM_STATE_PAUSED), GM_STATE_CHANGE_NO_PREROLL);
    gm_harness_play(h);
    GmTestClock *clock = gm_harness_get_testclock(h);
    cr_assert(gm_harness_crank_single_clock_wait(h));
    gm_buffer_unref(gm_harness_pull(h)); // the one at 0
    gm_test_clock_wait_for_next_pending_id(clock, NULL);
    cr_assert_eq(gm_test_clock_get_next_entry_time(clock), 10 * (uint64_t)GM_MSECOND);
    cr_assert_eq(gm_harness_buffers_received(h), 1u);
    cr_assert(gm_harness_crank_single_clock_wait(h));
    GmBuffer *buf = gm_harness_pull(h);
    cr_assert_eq(GM_BUFFER_PTS(buf), 10 * (uint64_t)GM_MSECOND);
    gm_buffer_unref(buf);
    cr_assert_eq(gm_element_set_state(src, GM_STATE_PAUSED), GM_STATE_CHANGE_NO_PREROLL);
    gm_object_unref(clock);
    gm_harness_teardown(h);
    gm_object_unref(src);
}

GM_TEST(base_src, settings_and_queries)
{
    GmElement *src = src_new();
    bool live;
    GmClockTime min, max;

    gm_object_set(src, "do-timestamp", true, "blocksize", 99u, NULL);
    cr_assert(gm_base_src_get_do_timestamp(GM_BASE_SRC(src)));
    cr_assert_eq(gm_base_src_get_blocksize(GM_BASE_SRC(src)), 99u);
    cr_assert(gm_base_src_query_latency(GM_BASE_SRC(src), &live, &min, &max));
    cr_assert_not(live);
    cr_assert_eq(min, 0u);
    gm_test_expect_criticals(1);
    gm_base_src_set_live(NULL, true);
    gm_object_unref(src);
}
