// SPDX-License-Identifier: MIT
// appsrc and appsink: the two ends of a pipeline that the application holds.
#include "check/harness.h"
#include "gmtest.h"
#include "gstmini.h"

#define SECOND ((GmClockTime)GM_SECOND)

static GmBuffer *numbered(unsigned n)
{
    GmBuffer *buffer = gm_buffer_new_allocate(NULL, 4, NULL);

    gm_buffer_fill(buffer, 0, &n, sizeof n);
    GM_BUFFER_PTS(buffer) = n * SECOND;
    GM_BUFFER_DURATION(buffer) = SECOND;
    return buffer;
}

static unsigned number_of(GmBuffer *buffer)
{
    unsigned n = ~0u;

    gm_buffer_extract(buffer, 0, &n, sizeof n);
    return n;
}

// A pipeline "appsrc ! … ! appsink" without clock sync.
typedef struct {
    GmElement *pipe;
    GmAppSrc  *src;
    GmAppSink *sink;
} Both;

static Both both_new(const char *between, GmState state)
{
    Both b;
    GmError *error = NULL;
    char *line = gm_strdup_printf("appsrc name=src format=time ! %s appsink name=sink sync=false",
                                  between);

    b.pipe = gm_parse_launch(line, &error);
    cr_assert_null(error, "%s", error ? error->message : "");
    free(line);
    b.src = GM_APP_SRC(gm_bin_get_by_name(GM_BIN(b.pipe), "src"));
    b.sink = GM_APP_SINK(gm_bin_get_by_name(GM_BIN(b.pipe), "sink"));
    gm_element_set_state(b.pipe, state);
    return b;
}

static void both_free(Both *b)
{
    cr_assert_eq(gm_element_set_state(b->pipe, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    gm_object_unref(b->src);
    gm_object_unref(b->sink);
    gm_object_unref(b->pipe);
}

static unsigned pull_number(GmAppSink *sink)
{
    GmSample *sample = gm_app_sink_try_pull_sample(sink, 10 * SECOND);

    cr_assert_not_null(sample);
    unsigned n = number_of(gm_sample_get_buffer(sample));
    gm_sample_unref(sample);
    return n;
}

GM_TEST(app, buffers_come_out_in_order_with_caps_and_segment)
{
    Both b = both_new("", GM_STATE_PLAYING);
    GmCaps *caps = gm_caps_from_string("test/x-numbers, n=(int)1");
    gm_app_src_set_caps(b.src, caps);
    for (unsigned i = 0; i < 5; i++)
        cr_assert_eq(gm_app_src_push_buffer(b.src, numbered(i)), GM_FLOW_OK);
    cr_assert_eq(gm_app_src_end_of_stream(b.src), GM_FLOW_OK);
    cr_assert_eq(gm_app_src_push_buffer(b.src, numbered(9)), GM_FLOW_EOS);
    for (unsigned i = 0; i < 5; i++) {
        GmSample *sample = gm_app_sink_pull_sample(b.sink);
        cr_assert_eq(number_of(gm_sample_get_buffer(sample)), i);
        cr_assert(gm_caps_is_equal(gm_sample_get_caps(sample), caps));
        cr_assert_eq(gm_sample_get_segment(sample)->format, GM_FORMAT_TIME);
        gm_sample_unref(sample);
    }
    cr_assert_null(gm_app_sink_pull_sample(b.sink));
    cr_assert(gm_app_sink_is_eos(b.sink));
    GmMessage *eos = gm_bus_timed_pop_filtered(gm_element_get_bus(b.pipe), 10 * SECOND,
                                               GM_MESSAGE_EOS | GM_MESSAGE_ERROR);
    cr_assert_eq(GM_MESSAGE_TYPE(eos), GM_MESSAGE_EOS);
    gm_object_unref(GM_ELEMENT_BUS(b.pipe));
    gm_message_unref(eos);
    gm_caps_unref(caps);
    both_free(&b);
}

GM_TEST(app, caps_change_in_front_of_the_buffer_they_were_set_for)
{
    Both b = both_new("", GM_STATE_PLAYING);
    for (unsigned i = 0; i < 6; i++) {
        GmCaps *caps = gm_caps_new_simple("test/x-numbers", "n", GM_TYPE_INT, (int)(i / 2), NULL);
        gm_app_src_set_caps(b.src, caps);
        gm_caps_unref(caps);
        gm_app_src_push_buffer(b.src, numbered(i));
    }
    for (unsigned i = 0; i < 6; i++) {
        GmSample *sample = gm_app_sink_pull_sample(b.sink);
        int n = -1;
        gm_structure_get_int(gm_caps_get_structure(gm_sample_get_caps(sample), 0), "n", &n);
        cr_assert_eq(n, (int)(i / 2), "buffer %u has caps %d", i, n);
        gm_sample_unref(sample);
    }
    both_free(&b);
}

GM_TEST(app, samples_set_caps_and_segment)
{
    Both b = both_new("", GM_STATE_PLAYING);
    gm_object_set(b.src, "handle-segment-change", true, NULL);
    GmCaps *caps = gm_caps_from_string("test/x-a");
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    segment.start = segment.time = 3 * SECOND;
    GmBuffer *buffer = numbered(4);
    GmSample *sample = gm_sample_new(buffer, caps, &segment, NULL);
    cr_assert_eq(gm_app_src_push_sample(b.src, sample), GM_FLOW_OK);
    gm_sample_unref(sample);
    gm_buffer_unref(buffer);
    sample = gm_app_sink_pull_sample(b.sink);
    cr_assert(gm_caps_is_equal(gm_sample_get_caps(sample), caps));
    cr_assert_eq(gm_sample_get_segment(sample)->start, 3 * SECOND);
    gm_sample_unref(sample);
    gm_caps_unref(caps);
    both_free(&b);
}

GM_TEST(app, a_list_comes_buffer_by_buffer_or_whole)
{
    for (int whole = 0; whole < 2; whole++) {
        Both b = both_new("", GM_STATE_PLAYING);
        gm_app_sink_set_buffer_list_support(b.sink, whole);
        GmBufferList *list = gm_buffer_list_new();
        gm_buffer_list_add(list, numbered(0));
        gm_buffer_list_add(list, numbered(1));
        cr_assert_eq(gm_app_src_push_buffer_list(b.src, list), GM_FLOW_OK);
        cr_assert_eq(gm_app_src_push_buffer_list(b.src, gm_buffer_list_new()), GM_FLOW_OK);
        if (whole) {
            GmSample *sample = gm_app_sink_pull_sample(b.sink);
            cr_assert_eq(gm_buffer_list_length(gm_sample_get_buffer_list(sample)), 2);
            cr_assert_null(gm_sample_get_buffer(sample));
            gm_sample_unref(sample);
        } else {
            cr_assert_eq(pull_number(b.sink), 0);
            cr_assert_eq(pull_number(b.sink), 1);
        }
        both_free(&b);
    }
}

// ---- bounds -------------------------------------------------------------------------------------

typedef struct { int enough, need, seeks; uint64_t offset; int allow; } Count; // allow: so many seeks

static void count_enough(GmAppSrc *src, void *data)
{
    (void)src;
    ((Count *)data)->enough++;
}

static void count_need(GmAppSrc *src, unsigned length, void *data)
{
    (void)src;
    (void)length;
    ((Count *)data)->need++;
}

static bool count_seek(GmAppSrc *src, uint64_t offset, void *data)
{
    Count *count = data;

    (void)src;
    count->seeks++;
    count->offset = offset;
    return count->seeks <= count->allow;
}

GM_TEST(app, levels_and_enough_data)
{
    GmElement *el = gm_element_factory_make("appsrc", NULL);
    GmAppSrc *src = GM_APP_SRC(el);
    Count count = { 0 };
    GmAppSrcCallbacks callbacks = { .enough_data = count_enough };

    gm_object_ref_sink(el);
    gm_object_set(el, "format", GM_FORMAT_TIME, NULL);
    gm_app_src_set_callbacks(src, &callbacks, &count, NULL);
    gm_app_src_set_max_buffers(src, 2);
    cr_assert_eq(gm_app_src_get_max_buffers(src), 2);
    cr_assert_eq(gm_app_src_get_max_bytes(src), 200000);
    for (unsigned i = 0; i < 3; i++)
        cr_assert_eq(gm_app_src_push_buffer(src, numbered(i)), GM_FLOW_OK);
    cr_assert_eq(count.enough, 1, "told %d times", count.enough);
    cr_assert_eq(gm_app_src_get_current_level_buffers(src), 3);
    cr_assert_eq(gm_app_src_get_current_level_bytes(src), 12);
    uint64_t bytes = 0;
    gm_object_get(el, "current-level-bytes", &bytes, NULL);
    cr_assert_eq(bytes, 12);
    gm_object_unref(el);
}

GM_TEST(app, time_level)
{
    GmHarness *h = gm_harness_new("appsrc");
    GmAppSrc *src = GM_APP_SRC(h->element);
    gm_object_set(src, "format", GM_FORMAT_TIME, "max-time", (uint64_t)(2 * SECOND), NULL);
    gm_element_set_state(h->element, GM_STATE_READY);
    gm_harness_set_blocking_push_mode(h);
    gm_harness_play(h);
    for (unsigned i = 0; i < 4; i++)
        gm_app_src_push_buffer(src, numbered(i));
    for (unsigned i = 0; i < 4; i++) {
        GmBuffer *buffer = gm_harness_pull(h);
        cr_assert_eq(number_of(buffer), i);
        gm_buffer_unref(buffer);
    }
    cr_assert_eq(gm_app_src_get_current_level_time(src), 0);
    gm_harness_teardown(h);
}

// Not started: nothing leaves the queue.
static GmAppSrc *full_source(GmAppLeakyType leaky)
{
    GmAppSrc *src = GM_APP_SRC(gm_object_ref_sink(gm_element_factory_make("appsrc", NULL)));

    gm_object_set(src, "format", GM_FORMAT_TIME, NULL);
    gm_app_src_set_max_buffers(src, 2);
    gm_app_src_set_leaky_type(src, leaky);
    cr_assert_eq(gm_app_src_get_leaky_type(src), leaky);
    gm_app_src_push_buffer(src, numbered(0));
    gm_app_src_push_buffer(src, numbered(1));
    return src;
}

GM_TEST(app, leaky_upstream_drops_the_new)
{
    GmAppSrc *src = full_source(GM_APP_LEAKY_TYPE_UPSTREAM);
    uint64_t dropped = 0;
    cr_assert_eq(gm_app_src_push_buffer(src, numbered(2)), GM_FLOW_EOS); // as 1.22.0
    cr_assert_eq(gm_app_src_get_current_level_buffers(src), 2);
    gm_object_get(src, "dropped", &dropped, NULL);
    cr_assert_eq(dropped, 1);
    GmHarness *h = gm_harness_new_with_element(GM_ELEMENT(src), NULL, "src");
    gm_harness_play(h);
    for (unsigned i = 0; i < 2; i++) {
        GmBuffer *buffer = gm_harness_pull(h);
        cr_assert_eq(number_of(buffer), i);
        gm_buffer_unref(buffer);
    }
    gm_app_src_push_buffer(src, numbered(3));
    GmBuffer *buffer = gm_harness_pull(h);
    cr_assert_eq(number_of(buffer), 3);
    cr_assert(GM_BUFFER_IS_DISCONT(buffer));
    gm_buffer_unref(buffer);
    gm_harness_teardown(h);
    gm_object_unref(src);
}

GM_TEST(app, leaky_downstream_drops_the_old)
{
    GmAppSrc *src = full_source(GM_APP_LEAKY_TYPE_DOWNSTREAM);
    cr_assert_eq(gm_app_src_push_buffer(src, numbered(2)), GM_FLOW_OK);
    cr_assert_eq(gm_app_src_get_current_level_buffers(src), 2);
    GmHarness *h = gm_harness_new_with_element(GM_ELEMENT(src), NULL, "src");
    gm_harness_play(h);
    for (unsigned i = 1; i < 3; i++) {
        GmBuffer *buffer = gm_harness_pull(h);
        cr_assert_eq(number_of(buffer), i);
        cr_assert_eq(GM_BUFFER_IS_DISCONT(buffer), i == 1);
        gm_buffer_unref(buffer);
    }
    gm_harness_teardown(h);
    gm_object_unref(src);
}

static void *push_one(void *src)
{
    return (void *)(intptr_t)gm_app_src_push_buffer(src, numbered(2));
}

GM_TEST(app, a_blocked_push_goes_on_with_room_and_ends_with_the_state)
{
    GmAppSrc *src = full_source(GM_APP_LEAKY_TYPE_NONE);
    gm_object_set(src, "block", true, NULL);
    GmThread *pusher = gm_thread_try_new("pusher", push_one, src, NULL);
    gm_app_src_set_max_buffers(src, 3);
    cr_assert_eq((intptr_t)gm_thread_join(pusher), GM_FLOW_OK);
    // Full again: only a stop helps.
    gm_element_set_state(GM_ELEMENT(src), GM_STATE_READY);
    gm_element_set_state(GM_ELEMENT(src), GM_STATE_PAUSED);
    gm_app_src_set_max_buffers(src, 1);
    for (unsigned i = 0; gm_app_src_get_current_level_buffers(src) < 1 && i < 2; i++) {
        gm_object_set(src, "block", false, NULL);
        gm_app_src_push_buffer(src, numbered(i));
        gm_object_set(src, "block", true, NULL);
    }
    pusher = gm_thread_try_new("pusher", push_one, src, NULL);
    cr_assert_eq(gm_element_set_state(GM_ELEMENT(src), GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    intptr_t ret = (intptr_t)gm_thread_join(pusher);
    cr_assert(ret == GM_FLOW_FLUSHING || ret == GM_FLOW_OK);
    cr_assert_eq(gm_app_src_push_buffer(src, numbered(1)), GM_FLOW_FLUSHING);
    cr_assert_eq(gm_app_src_end_of_stream(src), GM_FLOW_FLUSHING);
    gm_object_unref(src);
}

// ---- asked for data, and for places --------------------------------------------------------------

static void feed(GmElement *src, unsigned length, void *data)
{
    unsigned *next = data;
    int ret = -1;

    (void)length;
    if (*next < 3) {
        GmBuffer *buffer = numbered((*next)++);
        gm_signal_emit_by_name(src, "push-buffer", buffer, &ret);
        gm_buffer_unref(buffer);
    } else {
        gm_signal_emit_by_name(src, "end-of-stream", &ret);
    }
    cr_assert_eq(ret, GM_FLOW_OK);
}

GM_TEST(app, need_data_signal_and_actions)
{
    Both b = both_new("", GM_STATE_READY);
    unsigned next = 0;
    gm_signal_connect(b.src, "need-data", feed, &next);
    gm_element_set_state(b.pipe, GM_STATE_PLAYING);
    for (unsigned i = 0; i < 3; i++) {
        GmSample *sample = NULL;
        gm_signal_emit_by_name(b.sink, "try-pull-sample", (uint64_t)(10 * SECOND), &sample);
        cr_assert_not_null(sample);
        cr_assert_eq(number_of(gm_sample_get_buffer(sample)), i);
        gm_sample_unref(sample);
    }
    GmSample *sample = GM_SAMPLE(&b);
    gm_signal_emit_by_name(b.sink, "pull-sample", &sample);
    cr_assert_null(sample);
    both_free(&b);
}

GM_TEST(app, seek_asks_the_application)
{
    Both b = both_new("", GM_STATE_READY);
    Count count = { .allow = 10 };
    GmAppSrcCallbacks callbacks = { .need_data = count_need, .seek_data = count_seek };
    gm_app_src_set_callbacks(b.src, &callbacks, &count, NULL);
    gm_app_src_set_stream_type(b.src, GM_APP_STREAM_TYPE_SEEKABLE);
    gm_element_set_state(b.pipe, GM_STATE_PAUSED);
    gm_app_src_push_buffer(b.src, numbered(0));
    cr_assert_eq(gm_element_get_state(b.pipe, NULL, NULL, 10 * SECOND), GM_STATE_CHANGE_SUCCESS);
    int seeks = count.seeks;
    cr_assert(gm_element_seek_simple(GM_ELEMENT(b.pipe), GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH,
                                     7 * GM_SECOND));
    cr_assert_eq(count.seeks, seeks + 1);
    cr_assert_eq(count.offset, 7 * SECOND);
    gm_app_src_push_buffer(b.src, numbered(7));
    GmSample *sample = gm_app_sink_pull_preroll(b.sink);
    cr_assert_eq(number_of(gm_sample_get_buffer(sample)), 7);
    gm_sample_unref(sample);
    both_free(&b);
}

GM_TEST(app, refused_seek_of_random_access_is_an_error)
{
    Both b = both_new("", GM_STATE_READY);
    Count count = { .allow = 1 }; // the first is that of the start
    GmAppSrcCallbacks callbacks = { .seek_data = count_seek };
    gm_object_set(b.src, "format", GM_FORMAT_BYTES, NULL);
    gm_app_src_set_callbacks(b.src, &callbacks, &count, NULL);
    gm_app_src_set_stream_type(b.src, GM_APP_STREAM_TYPE_RANDOM_ACCESS);
    gm_element_set_state(b.pipe, GM_STATE_PLAYING);
    GmBus *bus = gm_element_get_bus(b.pipe);
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 10 * SECOND, GM_MESSAGE_ERROR);
    cr_assert_not_null(message);
    GmError *error;
    gm_message_parse_error(message, &error, NULL);
    cr_assert_str_eq(error->message, "failed to seek");
    gm_error_free(error);
    gm_message_unref(message);
    gm_object_unref(bus);
    both_free(&b);
}

GM_TEST(app, serialised_events_travel_between_buffers)
{
    Both b = both_new("", GM_STATE_PLAYING);
    gm_app_src_push_buffer(b.src, numbered(0));
    GmStructure *s = gm_structure_new_empty("mark");
    gm_element_send_event(GM_ELEMENT(b.src), gm_event_new_custom(GM_EVENT_CUSTOM_DOWNSTREAM, s));
    gm_app_src_push_buffer(b.src, numbered(1));
    GmString *seen = gm_string_new(NULL);
    for (unsigned samples = 0; samples < 2;) {
        GmMiniObject *object = gm_app_sink_pull_object(b.sink);
        cr_assert_not_null(object);
        bool sample = GM_IS_SAMPLE(object);
        samples += sample;
        gm_string_append_printf(seen, "%s ", sample ? "sample"
                                : gm_event_type_get_name(GM_EVENT_TYPE(object)));
        gm_mini_object_unref(object);
    }
    cr_assert_str_eq(seen->str, "stream-start segment sample custom-downstream sample ");
    gm_string_free(seen, true);
    both_free(&b);
}

// ---- appsink ------------------------------------------------------------------------------------

GM_TEST(app, preroll_comes_once_and_is_the_first_sample)
{
    Both b = both_new("", GM_STATE_PAUSED);
    gm_app_src_push_buffer(b.src, numbered(0));
    GmSample *sample = gm_app_sink_pull_preroll(b.sink);
    cr_assert_eq(number_of(gm_sample_get_buffer(sample)), 0);
    gm_sample_unref(sample);
    cr_assert_null(gm_app_sink_try_pull_preroll(b.sink, 1000));
    cr_assert_null(gm_app_sink_try_pull_sample(b.sink, 1000)); // PAUSED: it is not rendered yet
    gm_element_set_state(b.pipe, GM_STATE_PLAYING);
    cr_assert_eq(pull_number(b.sink), 0);
    both_free(&b);
}

GM_TEST(app, max_buffers_with_drop_keeps_the_newest)
{
    GmHarness *h = gm_harness_new("appsink");
    GmAppSink *sink = GM_APP_SINK(h->element);
    gm_object_set(sink, "sync", false, "max-buffers", 2u, "drop", true, NULL);
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    for (unsigned i = 0; i < 5; i++)
        cr_assert_eq(gm_harness_push(h, numbered(i)), GM_FLOW_OK);
    uint64_t dropped = 0;
    gm_object_get(sink, "dropped", &dropped, NULL);
    cr_assert_eq(dropped, 3);
    cr_assert_eq(pull_number(sink), 3);
    cr_assert_eq(pull_number(sink), 4);
    gm_harness_teardown(h);
}

GM_TEST(app, max_buffers_makes_the_stream_wait)
{
    Both b = both_new("", GM_STATE_READY);
    gm_app_sink_set_max_buffers(b.sink, 1);
    gm_element_set_state(b.pipe, GM_STATE_PLAYING);
    for (unsigned i = 0; i < 4; i++)
        gm_app_src_push_buffer(b.src, numbered(i));
    for (unsigned i = 0; i < 3; i++)
        cr_assert_eq(pull_number(b.sink), i);
    both_free(&b); // the stream waits for room for the fourth, or has it: NULL is reached
}

GM_TEST(app, state_change_ends_a_pull)
{
    Both b = both_new("", GM_STATE_PLAYING);
    GmThread *puller = gm_thread_try_new("puller", (GmThreadFunc)(void *(*)(void *))
                                         gm_app_sink_pull_sample, b.sink, NULL);
    both_free(&(Both){ b.pipe, b.src, gm_object_ref(b.sink) });
    cr_assert_null(gm_thread_join(puller));
    gm_object_unref(b.sink);
}

static int told_eos;
static void on_eos(GmAppSink *sink, void *data)
{
    (void)sink;
    (void)data;
    told_eos++;
}

static GmFlowReturn stop_at_two(GmAppSink *sink, void *data)
{
    unsigned *n = data;
    GmSample *sample = gm_app_sink_pull_sample(sink);

    gm_sample_unref(sample);
    return ++*n == 2 ? GM_FLOW_EOS : GM_FLOW_OK;
}

static void count_notify(void *data)
{
    (*(unsigned *)data) += 100;
}

GM_TEST(app, callbacks_pull_and_their_result_goes_upstream)
{
    GmHarness *h = gm_harness_new("appsink");
    GmAppSink *sink = GM_APP_SINK(h->element);
    unsigned n = 0;
    GmAppSinkCallbacks callbacks = { .new_sample = stop_at_two, .eos = on_eos };
    gm_object_set(sink, "sync", false, NULL);
    gm_app_sink_set_callbacks(sink, &callbacks, &n, count_notify);
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_push(h, numbered(1)), GM_FLOW_EOS);
    told_eos = 0;
    gm_harness_push_event(h, gm_event_new_eos());
    cr_assert_eq(told_eos, 1);
    gm_harness_teardown(h);
    cr_assert_eq(n, 102, "the destroy notify ran once");
}

GM_TEST(app, caps_of_appsink_limit_what_comes)
{
    Both b = both_new("", GM_STATE_READY);
    GmCaps *caps = gm_caps_from_string("test/x-a");
    gm_app_sink_set_caps(b.sink, caps);
    GmCaps *got = gm_app_sink_get_caps(b.sink);
    cr_assert(gm_caps_is_equal(caps, got));
    gm_caps_unref(caps);
    gm_caps_unref(got);
    caps = gm_caps_from_string("test/x-b");
    gm_app_src_set_caps(b.src, caps);
    gm_caps_unref(caps);
    gm_app_src_push_buffer(b.src, numbered(0));
    gm_element_set_state(b.pipe, GM_STATE_PLAYING);
    GmBus *bus = gm_element_get_bus(b.pipe);
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 10 * SECOND, GM_MESSAGE_ERROR);
    cr_assert_not_null(message);
    char *debug;
    GmError *error;
    gm_message_parse_error(message, &error, &debug);
    cr_assert_str_eq(error->message, "Internal data stream error.");
    cr_assert(strstr(debug, "not-negotiated (-4)") != NULL, "%s", debug);
    gm_error_free(error);
    free(debug);
    gm_message_unref(message);
    gm_object_unref(bus);
    both_free(&b);
}

GM_TEST(app, misuse_is_a_critical)
{
    gm_test_expect_criticals(4);
    cr_assert_eq(gm_app_src_push_buffer(NULL, NULL), GM_FLOW_ERROR);
    cr_assert_null(gm_app_sink_pull_sample(NULL));
    GmElement *el = gm_object_ref_sink(gm_element_factory_make("queue", NULL));
    cr_assert_eq(gm_app_src_end_of_stream(GM_APP_SRC(el)), GM_FLOW_ERROR);
    cr_assert_not(gm_app_sink_is_eos(GM_APP_SINK(el)));
    gm_object_unref(el);
}
