// SPDX-License-Identifier: MIT
//
// 17-pause-resume: a pause of a second: running time stands still, base time moves by that second.
//
//     videotestsrc 10/s  -->  fakesink sync=true       test clock, turned by hand
//
// The clock cannot be stopped, so the pipeline does two things: on the way to PAUSED it remembers
// the running time (start time), on the way to PLAYING it sets base time = clock - start time.
// The frame that waited goes on waiting for the rest of its time. The second run switches that off
// (start time NONE): the clock has run on, and nine frames are late at once.
// Limit: nothing here is live; a camera would go on making frames, which are lost in PAUSED.

#include "example.h"

#define START (100 * GM_SECOND)
#define PERIOD (100 * GM_MSECOND)
#define PAUSE GM_SECOND

typedef struct {
    GmTestClock *clock;
    GmElement   *pipeline; // borrowed
    unsigned     n_shown, late;
    GmClockTime  pts[32], at[32]; // each frame and the running time it was shown at
} Run; // written by the streaming thread; read when the pipeline is down

static void on_render(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    Run *run = data;
    GmClockTime at = gm_clock_get_time(GM_CLOCK(run->clock)) - gm_element_get_base_time(sink);
    GmClockTime pts = GM_BUFFER_PTS(buffer);

    (void)pad;
    run->pts[run->n_shown] = pts;
    run->at[run->n_shown++] = at;
    run->late += at > pts;
    example_log(GM_OBJECT_NAME(sink), "shows %.1f s%s", (double)pts / GM_SECOND,
                at > pts ? " late" : "");
}

static double seconds(GmClockTime time)
{
    return (double)time / GM_SECOND;
}

// The clock time that the sink waits for; NONE after 20 s without.
static GmClockTime next_wait(GmTestClock *clock)
{
    gm_test_clock_timed_wait_for_multiple_pending_ids(clock, 1, 20000, NULL);
    return gm_test_clock_get_next_entry_time(clock);
}

static void turn(GmTestClock *clock, unsigned frames)
{
    while (frames-- && GM_CLOCK_TIME_IS_VALID(next_wait(clock)))
        gm_test_clock_crank(clock);
}

// Four frames, a pause of a second, and some frames more. `keep`: with the pipeline's bookkeeping.
static Run play(const char *title, bool keep)
{
    Run run = { .clock = GM_TEST_CLOCK(gm_test_clock_new_with_start_time(START)) };
    GmElement *pipeline = example_launch(
        "videotestsrc ! video/x-raw,width=16,height=16,framerate=10/1 ! "
        "fakesink name=sink sync=true signal-handoffs=true");
    GmElement *sink = example_get(pipeline, "sink");

    printf("\n%s\n", title);
    run.pipeline = pipeline;
    gm_pipeline_use_clock(GM_PIPELINE(pipeline), GM_CLOCK(run.clock));
    gm_signal_connect(sink, "handoff", on_render, &run);
    if (!keep) {
        gm_element_set_start_time(pipeline, GM_CLOCK_TIME_NONE);
        gm_element_set_base_time(pipeline, START);
    }
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    turn(run.clock, 4);
    GmClockTime target = next_wait(run.clock), base = gm_element_get_base_time(pipeline);
    GmClockTime before = gm_element_get_current_running_time(pipeline);

    gm_element_set_state(pipeline, GM_STATE_PAUSED);
    GmStateChangeReturn paused = gm_element_get_state(pipeline, NULL, NULL, 20 * GM_SECOND);
    puts("  -- PAUSED; the clock runs on for 1 s --");
    gm_test_clock_advance_time(run.clock, PAUSE);
    GmClockTime meanwhile = keep ? gm_element_get_start_time(pipeline) : GM_CLOCK_TIME_NONE;

    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    GmClockTime target_after = next_wait(run.clock), base_after = gm_element_get_base_time(pipeline);
    GmClockTime after = gm_element_get_current_running_time(pipeline);
    turn(run.clock, keep ? 4 : 12); // a test clock holds late waits, too, until it is turned
    next_wait(run.clock);
    gm_element_set_state(pipeline, GM_STATE_NULL);

    printf("  running time %.1f s before and %.1f s after; base time %.1f s, then %.1f s\n",
           seconds(before), seconds(after), seconds(base), seconds(base_after));
    example_expect(paused == GM_STATE_CHANGE_SUCCESS && before == 3 * PERIOD,
                   "paused at running time 0.3 s");
    if (keep) {
        example_expect(meanwhile == before && after == before,
                       "running time is 0.3 s before, during and after the pause");
        example_expect(base_after == base + PAUSE, "base time moved by exactly 1 s");
        example_expect(target_after == target + PAUSE,
                       "the frame that waited for %.1f s on the clock now waits for %.1f s",
                       seconds(target), seconds(target_after));
    } else {
        example_expect(base_after == base && after == before + PAUSE,
                       "base time stayed, running time has run on by the second");
    }
    gm_object_unref(sink);
    gm_object_unref(pipeline);
    gm_object_unref(run.clock);
    return run;
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    example_begin("17 Pause and resume: time that does not count",
                  "videotestsrc 10/s  -->  fakesink sync=true,   clock turned by hand",
                  "running time is the same before and after the pause\n"
                  "base time is a second later: running time = clock time - base time\n"
                  "without that: nine frames at once, all late");
    Run kept = play("a pause of 1 s", true);
    Run lost = play("the same with start time NONE: base time is the application's business", false);

    puts("");
    bool in_time = kept.n_shown == 8;
    for (unsigned i = 0; i < kept.n_shown; i++)
        in_time &= kept.pts[i] == i * (GmClockTime)PERIOD && kept.at[i] == kept.pts[i];
    example_expect(in_time, "%u frames, each shown once and at its own running time", kept.n_shown);
    example_expect(lost.late == 9 && lost.pts[4] == 4 * PERIOD && lost.at[4] == 13 * PERIOD,
                   "without it %u frames were late, the first by 0.9 s", lost.late);
    puts("\nGStreamer: GstPipeline does this in its PLAYING_TO_PAUSED and PAUSED_TO_PLAYING.\n"
         "gst_element_set_start_time (pipeline, GST_CLOCK_TIME_NONE) is for several pipelines that\n"
         "share one base time.");
    return example_end();
}
