// SPDX-License-Identifier: MIT
//
// 15-latency-budget: a live sink is in time only if every element says how long it holds a frame.
//
//     livesrc 30 fps (33 ms)  -->  encoder that holds 2 frames  -->  fakesink sync=true
//
// A frame of a live source is there only when its time is over, and an encoder that looks ahead
// keeps it for two more. A sink that shows frames at their running time would find each one late. So
// the pipeline asks (LATENCY query) what each element needs, adds it up, and tells the sinks to show
// everything that much later. An element that does not answer breaks the sum.
// The clock is turned by hand, so that "late" means late by the nanosecond.
// Limit: one branch. With several, all sinks get the sum of the slowest one.

#include "example.h"
#include "gstmini-element.h"

#define START (100 * GM_SECOND)
#define FRAMES 30
#define HELD 2

static _Atomic bool encoder_answers;

// ---- the encoder: gives out frame n when frame n + 2 comes --------------------------------------

typedef struct {
    GmBuffer *held[HELD]; // oldest first; stream lock
} Encoder;

static GmFlowReturn encoder_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    Encoder *e = gm_priv(parent);
    GmBuffer *oldest = e->held[0];

    (void)pad;
    for (unsigned i = 1; i < HELD; i++)
        e->held[i - 1] = e->held[i];
    e->held[HELD - 1] = buffer;
    if (!oldest)
        return GM_FLOW_OK;
    return gm_pad_push(gm_element_peek_static_pad(GM_ELEMENT(parent), "src"), oldest);
}

// What upstream needs, and two frames more. Rounded up: a nanosecond too little is late.
static bool encoder_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    GmClockTime min, max, own = (HELD * GM_SECOND + 29) / 30;
    bool live;

    if (GM_QUERY_TYPE(query) != GM_QUERY_LATENCY || !encoder_answers)
        return gm_pad_query_default(pad, parent, query); // passed on, with nothing added
    if (!gm_pad_peer_query(gm_element_peek_static_pad(GM_ELEMENT(parent), "sink"), query))
        return false;
    gm_query_parse_latency(query, &live, &min, &max);
    gm_query_set_latency(query, live, min + own, GM_CLOCK_TIME_IS_VALID(max) ? max + own : max);
    return true;
}

static GmStateChangeReturn encoder_change_state(GmElement *el, GmStateChange transition)
{
    Encoder *e = gm_priv(el);
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);

    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY)
        for (unsigned i = 0; i < HELD; i++)
            gm_clear_buffer(&e->held[i]);
    return ret;
}

static const GmStaticPadTemplate encoder_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = encoder_chain },
    { .name_template = "src", .direction = GM_PAD_SRC, .query = encoder_query },
    { 0 }
};
static const GmElementClass encoder_class = {
    .name = "lookahead", .type_name = "GmExampleLookahead", .parent = &gm_element_class.object,
    .longname = "Example encoder", .klass = "Codec/Encoder/Video",
    .description = "Holds two frames", .author = "The GstMini authors",
    .priv_size = sizeof(Encoder), .pads = encoder_pads, .change_state = encoder_change_state,
};

// ---- the two runs -------------------------------------------------------------------------------

typedef struct {
    GmClock        *clock;   // borrowed
    GmClockTime     latency; // what the sink was told
    unsigned        shown, late;
    GmClockTimeDiff least, most; // lateness in ns
} Run; // written by the streaming thread; read when that waits, or is gone

static void on_render(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    Run *run = data;
    GmClockTime now = gm_clock_get_time(run->clock) - gm_element_get_base_time(sink);
    GmClockTimeDiff late;

    (void)pad;
    run->latency = gm_base_sink_get_latency((GmBaseSink *)sink);
    late = (GmClockTimeDiff)(now - (GM_BUFFER_PTS(buffer) + run->latency));
    run->late += late > 0;
    run->least = run->shown == 0 || late < run->least ? late : run->least;
    run->most = run->shown == 0 || late > run->most ? late : run->most;
    if (run->shown++ < 3)
        example_log(GM_OBJECT_NAME(sink), "shows the frame of %.3f s, %.1f ms late",
                    (double)GM_BUFFER_PTS(buffer) / GM_SECOND, (double)late / GM_MSECOND);
}

static Run play(bool answers, GmClockTime *asked)
{
    GmTestClock *clock = GM_TEST_CLOCK(gm_test_clock_new_with_start_time(START));
    Run run = { .clock = GM_CLOCK(clock) };
    GmQuery *query = gm_query_new_latency();

    printf("\nthe encoder %s\n", answers ? "answers: two frames" : "does not answer the query");
    encoder_answers = answers;
    // The deadline is what a sink reckons for showing a frame, 20 ms by default: not needed here.
    GmElement *pipeline = example_launch("livesrc fps=30 width=32 height=32 ! lookahead ! "
                                         "fakesink name=sink sync=true signal-handoffs=true "
                                         "processing-deadline=0");
    GmElement *sink = example_get(pipeline, "sink");
    gm_pipeline_use_clock(GM_PIPELINE(pipeline), GM_CLOCK(clock));
    gm_signal_connect(sink, "handoff", on_render, &run);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    // In turns the camera waits for the next frame, and the sink for the time to show one.
    while (gm_test_clock_timed_wait_for_multiple_pending_ids(clock, 1, 20000, NULL) &&
           run.shown < FRAMES)
        gm_test_clock_crank(clock);
    *asked = GM_CLOCK_TIME_NONE;
    if (gm_element_query(pipeline, query))
        gm_query_parse_latency(query, NULL, asked, NULL);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    printf("  latency of the pipeline: %.1f ms; %u of %u frames late, by %.1f to %.1f ms\n",
           (double)run.latency / GM_MSECOND, run.late, run.shown, (double)run.least / GM_MSECOND,
           (double)run.most / GM_MSECOND);
    gm_query_unref(query);
    gm_object_unref(sink);
    gm_object_unref(pipeline);
    gm_object_unref(clock);
    return run;
}

int main(int argc, char **argv)
{
    const GmClockTime frame = GM_SECOND / 30, two = (HELD * GM_SECOND + 29) / 30;
    GmClockTime asked_without, asked_with;

    gm_init(&argc, &argv);
    gm_element_register(NULL, "lookahead", GM_RANK_NONE, &encoder_class);
    example_begin("15 The latency budget: who needs how long",
                  "livesrc 30 fps  -->  encoder that holds 2 frames  -->  fakesink sync=true",
                  "the pipeline's latency is the sum of what its elements say\n"
                  "the encoder says nothing: every frame is late, and by the same: what it holds\n"
                  "it says two frames: none is late");
    Run without = play(false, &asked_without);
    Run with = play(true, &asked_with);

    puts("");
    example_expect(without.latency == frame && asked_without == frame,
                   "without an answer: latency is the camera's frame alone, 33 ms");
    example_expect(without.shown == FRAMES && without.late == FRAMES,
                   "... and all %u frames are late", without.late);
    example_expect(without.least == (GmClockTimeDiff)two && without.most == without.least,
                   "... each by the same: the two frames that nobody reckoned with");
    example_expect(with.latency == frame + two && asked_with == with.latency,
                   "with it: latency is the sum, 33 + 67 = %.0f ms", (double)with.latency / GM_MSECOND);
    example_expect(with.shown == FRAMES && with.late == 0 && with.least == 0 && with.most == 0,
                   "... and %u of %u frames are late", with.late, with.shown);
    puts("\nGStreamer: the same query and sum (gst_bin_do_latency_func). A video decoder that reorders\n"
         "calls gst_video_decoder_set_latency; an element that forgets it looks like this.");
    return example_end();
}
