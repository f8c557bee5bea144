// SPDX-License-Identifier: MIT
//
// 03-sync-by-hand: when a sink shows a buffer: base time + running time, on the pipeline's clock.
//
//     application --5 buffers, 2 s apart-->  appsrc  -->  fakesink sync=true      test clock
//
// The clock is turned by hand: the example waits until the sink waits, looks which time it waits
// for, and sets the clock to just that. So ten seconds take milliseconds, and are exact.
// The clock stands at 100 s when the pipeline begins to play: that is its base time.
// Limit: without a duration the sink cannot know when the last buffer ends; these have 2 s each.

#include "app/app_src.h"
#include "example.h"

#define START (100 * GM_SECOND)
#define BUFFERS 5

typedef struct {
    GmTestClock *clock;
    unsigned     n_targets, n_shown;
    GmClockTime  targets[16], shown[16]; // as running times
} Run;

static void on_handoff(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    Run *run = data;

    (void)pad;
    (void)buffer;
    run->shown[run->n_shown++] = gm_clock_get_time(GM_CLOCK(run->clock)) - START;
    example_log(GM_OBJECT_NAME(sink), "shown");
}

static void feed(GmAppSrc *src, GmClockTime first)
{
    for (unsigned i = 0; i < BUFFERS; i++) {
        GmBuffer *buffer = gm_buffer_new();
        if (GM_CLOCK_TIME_IS_VALID(first)) {
            GM_BUFFER_PTS(buffer) = first + i * 2 * GM_SECOND;
            GM_BUFFER_DURATION(buffer) = 2 * GM_SECOND;
        }
        gm_app_src_push_buffer(src, buffer);
    }
    gm_app_src_end_of_stream(src);
}

// Plays five buffers from `first` on (NONE: without PTS); `waits`: how often the sink will wait.
static Run play(const char *title, GmClockTime first, unsigned waits)
{
    Run run = { .clock = GM_TEST_CLOCK(gm_test_clock_new_with_start_time(START)) };
    GmElement *pipeline = example_launch("appsrc name=source format=time ! "
                                         "fakesink name=sink sync=true signal-handoffs=true");
    GmElement *source = example_get(pipeline, "source"), *sink = example_get(pipeline, "sink");

    printf("\n%s\n", title);
    gm_pipeline_use_clock(GM_PIPELINE(pipeline), GM_CLOCK(run.clock));
    gm_signal_connect(sink, "handoff", on_handoff, &run);
    feed(GM_APP_SRC(source), first);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    for (unsigned i = 0; i < waits; i++) {
        GmList *pending = NULL;
        if (!gm_test_clock_timed_wait_for_multiple_pending_ids(run.clock, 1, 10000, &pending))
            break; // nobody waits: the claims below will say so
        GmClockTime target = gm_clock_id_get_time(pending->data);
        run.targets[run.n_targets++] = target - START;
        example_log("sink", "waits for clock time %.0f s = base time %.0f + running time %.0f",
                    (double)target / GM_SECOND, (double)gm_element_get_base_time(sink) / GM_SECOND,
                    (double)(target - START) / GM_SECOND);
        gm_list_free_full(pending, (GmDestroyNotify)gm_clock_id_unref);
        gm_test_clock_crank(run.clock);
    }
    example_expect(example_wait_eos(pipeline, 10),
                   "the stream ended after %u waits", run.n_targets);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    gm_object_unref(source);
    gm_object_unref(sink);
    gm_object_unref(pipeline);
    gm_object_unref(run.clock);
    return run;
}

// Whether the waits were for first, first + 2 s, … and each buffer was shown just then.
static bool every_two_seconds(const Run *run, GmClockTime first)
{
    bool right = run->n_targets == BUFFERS + 1 && run->n_shown == BUFFERS;

    for (unsigned i = 0; right && i < BUFFERS; i++)
        right = run->targets[i] == first + i * 2 * GM_SECOND && run->shown[i] == run->targets[i];
    return right;
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    example_begin("03 Synchronisation by hand",
                  "appsrc (5 buffers, 2 s apart)  -->  fakesink sync=true,   clock turned by hand",
                  "the sink waits for 100 s + PTS: base time + running time\n"
                  "without PTS it waits for nothing: all five come at once\n"
                  "with PTS from 5 s on there are five seconds of nothing first");
    // The sixth wait is for the end: EOS is reported when the last buffer has been on for its 2 s.
    Run plain = play("PTS 0, 2, 4, 6, 8 s", 0, BUFFERS + 1);
    Run late = play("PTS 5, 7, 9, 11, 13 s", 5 * GM_SECOND, BUFFERS + 1);
    Run none = play("no PTS", GM_CLOCK_TIME_NONE, 0);

    puts("");
    example_expect(every_two_seconds(&plain, 0),
                   "PTS from 0: shown at running time 0, 2, 4, 6, 8 s");
    example_expect(plain.targets[BUFFERS] == (GmClockTime)(10 * GM_SECOND),
                   "… and EOS at 10 s, when the last one is over");
    example_expect(every_two_seconds(&late, 5 * GM_SECOND),
                   "PTS from 5 s: the first is shown at 5 s");
    bool at_once = none.n_shown == BUFFERS;
    for (unsigned i = 0; i < none.n_shown; i++)
        at_once &= none.shown[i] == 0;
    example_expect(at_once, "no PTS: %u buffers shown at running time 0", none.n_shown);
    puts("\nGStreamer: GstBaseSink waits for base time + running time + latency in the same way\n"
         "(gst_base_sink_do_sync); appsrc without PTS \"plays\" everything at once there, too.");
    return example_end();
}
