// SPDX-License-Identifier: MIT
//
// Short pipelines through paths that no other test takes: a sink that pulls, segment seeks, a
// sink that plays backwards.
#include "gmtest.h"
#include "gstmini-element.h"
#include "check/harness.h"

// What passes the sink pad of element "s".
typedef struct { unsigned buffers, segments; uint64_t bytes; GmClockTime first, last; double rate; } Seen;

static GmPadProbeReturn flow_seen(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    Seen *seen = data;
    (void)pad;
    if (info->type & GM_PAD_PROBE_TYPE_BUFFER) {
        GmBuffer *buf = GM_PAD_PROBE_INFO_BUFFER(info);
        seen->first = seen->buffers++ == 0 ? GM_BUFFER_PTS(buf) : seen->first;
        seen->last = GM_BUFFER_PTS(buf);
        seen->bytes += gm_buffer_get_size(buf);
    } else if (GM_EVENT_TYPE(GM_PAD_PROBE_INFO_EVENT(info)) == GM_EVENT_SEGMENT) {
        const GmSegment *segment;
        gm_event_parse_segment(GM_PAD_PROBE_INFO_EVENT(info), &segment);
        seen->segments++;
        seen->rate = segment->rate;
    }
    return GM_PAD_PROBE_OK;
}

static GmElement *flow_pipeline(const char *line, Seen *seen)
{
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(line, NULL));
    GmElement *sink = gm_bin_get_by_name(GM_BIN(pipe), "s");
    GmPad *pad = gm_element_get_static_pad(sink, "sink");
    *seen = (Seen){ 0 };
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, flow_seen,
                     seen, NULL);
    gm_object_unref(pad);
    gm_object_unref(sink);
    return pipe;
}

static void flow_expect(GmElement *pipe, GmMessageType type)
{
    GmBus *bus = gm_pipeline_get_bus(GM_PIPELINE(pipe));
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 20 * (GmClockTime)GM_SECOND,
                                                   type | GM_MESSAGE_ERROR);
    cr_assert_not_null(message);
    cr_assert_eq(GM_MESSAGE_TYPE(message), type, "%s", GM_MESSAGE_TYPE_NAME(message));
    gm_message_unref(message);
    gm_object_unref(bus);
}

static void flow_end(GmElement *pipe)
{
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(pipe);
}

// The sink's own thread pulls what the source makes.
GM_TEST(gaps_flow, sink_pulls)
{
    Seen seen;
    GmElement *pipe = flow_pipeline("fakesrc num-buffers=3 can-activate-pull=true sizetype=fixed "
                                    "sizemax=10 ! identity ! fakesink name=s sync=false "
                                    "can-activate-pull=true can-activate-push=false", &seen);
    GmElement *sink = gm_bin_get_by_name(GM_BIN(pipe), "s");
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    flow_expect(pipe, GM_MESSAGE_EOS);
    cr_assert_eq(GM_BASE_SINK(sink)->pad_mode, GM_PAD_MODE_PULL);
    cr_assert_eq(seen.buffers, 3u);
    gm_object_unref(sink);
    flow_end(pipe);
}

#define VIDEO "videotestsrc name=v ! video/x-raw,framerate=10/1,width=16,height=16 ! " \
              "fakesink name=s sync=false"

static void flow_seek(GmElement *pipe, double rate, GmSeekFlags flags, int64_t start, int64_t stop)
{
    cr_assert(gm_element_seek(pipe, rate, GM_FORMAT_TIME, flags, GM_SEEK_TYPE_SET, start,
                              GM_SEEK_TYPE_SET, stop));
}

// A segment seek ends in SEGMENT_DONE, the next one, not flushing, goes on from there to EOS.
GM_TEST(gaps_flow, segment_seeks)
{
    Seen seen;
    GmElement *pipe = flow_pipeline(VIDEO, &seen);
    gm_element_set_state(pipe, GM_STATE_PAUSED);
    gm_element_get_state(pipe, NULL, NULL, GM_CLOCK_TIME_NONE);
    flow_seek(pipe, 1.0, GM_SEEK_FLAG_FLUSH | GM_SEEK_FLAG_SEGMENT, GM_SECOND, 2 * GM_SECOND);
    gm_element_get_state(pipe, NULL, NULL, GM_CLOCK_TIME_NONE);
    seen.buffers = 1; // the one that prerolled
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    flow_expect(pipe, GM_MESSAGE_SEGMENT_DONE);
    cr_assert_eq(seen.buffers, 10u);
    cr_assert_eq(seen.last, 1900 * (GmClockTime)GM_MSECOND);
    seen.buffers = 0;
    flow_seek(pipe, 0.5, GM_SEEK_FLAG_SEGMENT, 0, GM_SECOND / 2);
    flow_expect(pipe, GM_MESSAGE_SEGMENT_DONE);
    cr_assert_eq(seen.buffers, 5u);
    cr_assert_eq(seen.first, 0u);
    cr_assert_float_eq(seen.rate, 0.5, 1e-9);
    seen.buffers = 0;
    flow_seek(pipe, -1.0, GM_SEEK_FLAG_NONE, 0, GM_SECOND);
    flow_expect(pipe, GM_MESSAGE_EOS);
    cr_assert_eq(seen.buffers, 11u); // the original, too, starts with the picture at the stop
    cr_assert_eq(seen.last, 0u);
    flow_end(pipe);
}

// num-buffers counts over all seeks: none is left for the second round.
GM_TEST(gaps_flow, num_buffers_counts_over_seeks)
{
    Seen seen;
    GmElement *pipe = flow_pipeline("videotestsrc num-buffers=3 ! fakesink name=s sync=false",
                                    &seen);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    flow_expect(pipe, GM_MESSAGE_EOS);
    cr_assert_eq(seen.buffers, 3u);
    cr_assert(gm_element_seek_simple(pipe, GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH, 0));
    flow_expect(pipe, GM_MESSAGE_EOS);
    cr_assert_eq(seen.buffers, 3u);
    flow_end(pipe);
}

// Played backwards, the position goes from the end towards 0, not beyond what was shown.
GM_TEST(gaps_flow, position_backwards)
{
    Seen seen;
    int64_t position;
    GmElement *pipe = flow_pipeline(VIDEO, &seen);
    GmTestClock *clock = GM_TEST_CLOCK(gm_test_clock_new());
    GmElement *sink = gm_bin_get_by_name(GM_BIN(pipe), "s");
    gm_object_set(sink, "sync", true, NULL);
    gm_pipeline_use_clock(GM_PIPELINE(pipe), (GmClock *)clock);
    gm_element_set_state(pipe, GM_STATE_PAUSED);
    gm_element_get_state(pipe, NULL, NULL, GM_CLOCK_TIME_NONE);
    flow_seek(pipe, -1.0, GM_SEEK_FLAG_FLUSH, 0, GM_SECOND);
    gm_element_get_state(pipe, NULL, NULL, GM_CLOCK_TIME_NONE);
    cr_assert(gm_element_query_position(pipe, GM_FORMAT_TIME, &position));
    cr_assert_eq(position, GM_SECOND);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    gm_test_clock_crank(clock);
    gm_test_clock_wait_for_next_pending_id(clock, NULL);
    cr_assert_eq(gm_test_clock_get_next_entry_time(clock), (GmClockTime)(100 * GM_MSECOND));
    gm_test_clock_set_time(clock, (GmClockTime)(40 * GM_MSECOND));
    cr_assert(gm_element_query_position(pipe, GM_FORMAT_TIME, &position));
    cr_assert_eq(position, 960 * GM_MSECOND, "%" PRId64, position);
    gm_object_unref(sink);
    flow_end(pipe);
    gm_object_unref(clock);
}
