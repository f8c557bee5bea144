// SPDX-License-Identifier: MIT
//
// 16-two-sinks-one-clock: picture and sound stay together because both sinks follow one clock.
//
//     videotestsrc  -->  fakesink "picture"     one pipeline: one clock, one base time
//     audiotestsrc  -->  fakesink "sound"       or two pipelines, each with a clock of its own
//
// Both sinks compute base time + running time on the same clock, so what has the same running time
// is shown at the same instant: skew 0, for as long as it plays. A crystal of its own runs a little
// too fast: the second run gives the sound a clock that is 500 ppm fast (its calibration), and the
// sound leads by half a millisecond more each second.
// "World time" is the time that both clocks are driven by; it is turned by hand.
// Limit: a real sound card is the pipeline's clock itself (provide-clock), or follows it
// (gm_clock_set_master); neither is shown here.

#include "example.h"

#define START (100 * GM_SECOND)
#define FRAMES 60 // of a second each
#define PPM 500

#define PICTURE "videotestsrc ! video/x-raw,width=16,height=16,framerate=1/1 ! " \
                "fakesink name=picture sync=true signal-handoffs=true"
#define SOUND   "audiotestsrc samplesperbuffer=8000 ! audio/x-raw,rate=8000,channels=1 ! " \
                "fakesink name=sound sync=true signal-handoffs=true"

typedef struct {
    GmTestClock *clock; // borrowed
    unsigned     count;
    GmClockTime  at[FRAMES + 2]; // world time of each frame
} Shown; // written by the sink's thread; read when it waits on its clock

static void on_render(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    Shown *shown = data;

    (void)sink;
    (void)buffer;
    (void)pad;
    if (shown->count < GM_LEN(shown->at))
        shown->at[shown->count++] = gm_clock_get_internal_time(GM_CLOCK(shown->clock));
}

static void watch(GmElement *pipeline, const char *name, GmTestClock *clock, Shown *shown)
{
    GmElement *sink = example_get(pipeline, name);

    shown->clock = clock;
    gm_signal_connect(sink, "handoff", on_render, shown);
    gm_object_unref(sink);
}

// How much later than the sound the picture of frame n came, in world time.
static GmClockTimeDiff skew(const Shown *picture, const Shown *sound, unsigned n)
{
    return (GmClockTimeDiff)(picture->at[n] - sound->at[n]);
}

static void one_clock(void)
{
    Shown picture = { 0 }, sound = { 0 };
    GmTestClock *clock = GM_TEST_CLOCK(gm_test_clock_new_with_start_time(START));
    GmElement *pipeline = example_launch(PICTURE " " SOUND);
    GmClockTimeDiff worst = 0;
    bool in_time;

    puts("\none pipeline, one clock");
    gm_pipeline_use_clock(GM_PIPELINE(pipeline), GM_CLOCK(clock));
    watch(pipeline, "picture", clock, &picture);
    watch(pipeline, "sound", clock, &sound);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    // Both sinks wait; the earlier one is woken, at its own time.
    while ((in_time = gm_test_clock_timed_wait_for_multiple_pending_ids(clock, 2, 20000, NULL)) &&
           (picture.count < FRAMES || sound.count < FRAMES))
        gm_test_clock_crank(clock);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    for (unsigned n = 0; n < FRAMES; n++)
        if (llabs(skew(&picture, &sound, n)) > worst)
            worst = llabs(skew(&picture, &sound, n));
    example_expect(in_time && picture.count >= FRAMES && sound.count >= FRAMES,
                   "%u frames of each in %u s", FRAMES, FRAMES);
    example_expect(worst == 0, "the worst skew is %" PRId64 " ns", (int64_t)worst);
    gm_object_unref(pipeline);
    gm_object_unref(clock);
}

// A pipeline on a clock of its own, with the base time that it is told.
static GmElement *start(const char *line, const char *sink, GmTestClock *clock, Shown *shown)
{
    GmElement *pipeline = example_launch(line);

    gm_pipeline_use_clock(GM_PIPELINE(pipeline), GM_CLOCK(clock));
    gm_element_set_start_time(pipeline, GM_CLOCK_TIME_NONE);
    gm_element_set_base_time(pipeline, START);
    watch(pipeline, sink, clock, shown);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    return pipeline;
}

// The world time that the next wait on this clock ends at; NONE after 20 s without.
static GmClockTime next_wait(GmTestClock *clock)
{
    GmClockTime num, denom, internal, external;

    if (!gm_test_clock_timed_wait_for_multiple_pending_ids(clock, 1, 20000, NULL))
        return GM_CLOCK_TIME_NONE;
    gm_clock_get_calibration(GM_CLOCK(clock), &internal, &external, &num, &denom);
    return gm_clock_unadjust_with_calibration(NULL, gm_test_clock_get_next_entry_time(clock),
                                              internal, external, num, denom);
}

static void two_clocks(void)
{
    Shown picture = { 0 }, sound = { 0 };
    GmTestClock *clocks[] = { GM_TEST_CLOCK(gm_test_clock_new_with_start_time(START)),
                              GM_TEST_CLOCK(gm_test_clock_new_with_start_time(START)) };
    GmClockTime next[2];
    bool as_set = true;

    printf("\ntwo pipelines, two clocks, that of the sound %d ppm fast\n", PPM);
    gm_clock_set_calibration(GM_CLOCK(clocks[1]), START, START, 1000000 + PPM, 1000000);
    GmElement *a = start(PICTURE, "picture", clocks[0], &picture);
    GmElement *b = start(SOUND, "sound", clocks[1], &sound);
    while (GM_CLOCK_TIME_IS_VALID(next[0] = next_wait(clocks[0])) &&
           GM_CLOCK_TIME_IS_VALID(next[1] = next_wait(clocks[1])) &&
           (picture.count < FRAMES || sound.count < FRAMES)) {
        GmClockID id;
        unsigned first = next[1] < next[0]; // whose wait ends first
        gm_test_clock_set_time(clocks[0], next[first]); // the world's time is that of both
        gm_test_clock_set_time(clocks[1], next[first]);
        gm_test_clock_peek_next_pending_id(clocks[first], &id);
        gm_test_clock_process_id(clocks[first], id);
    }
    gm_element_set_state(a, GM_STATE_NULL);
    gm_element_set_state(b, GM_STATE_NULL);
    bool all = picture.count >= FRAMES && sound.count >= FRAMES;
    example_expect(all, "%u frames of each", FRAMES);
    for (unsigned n = 0; all && n < FRAMES; n++) {
        // A clock that is fast by p reaches running time t at t / (1 + p): earlier by t * p / (1 + p).
        GmClockTime is = (GmClockTime)skew(&picture, &sound, n);
        GmClockTime should = gm_util_uint64_scale(n * (GmClockTime)GM_SECOND, PPM, 1000000 + PPM);
        as_set &= is + 2 >= should && is <= should + 2;
        if (n % 20 == 0 || n == FRAMES - 1)
            printf("  after %2u s the sound leads by %6.3f ms\n", n, (double)is / GM_MSECOND);
    }
    example_expect(all && skew(&picture, &sound, 0) == 0, "they start together");
    example_expect(as_set, "skew grows by %d ppm: at every frame within 2 ns of what was set", PPM);
    gm_object_unref(a);
    gm_object_unref(b);
    gm_object_unref(clocks[0]);
    gm_object_unref(clocks[1]);
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    example_begin("16 Two sinks, one clock: why lips move with the voice",
                  "videotestsrc  -->  picture      audiotestsrc  -->  sound",
                  "one clock: both wait for the same instant, a minute long\n"
                  "two clocks, one 500 ppm fast: 0.5 ms more apart each second\n"
                  "30 ms after a minute; from about 45 ms on people notice");
    one_clock();
    two_clocks();
    puts("\nGStreamer: GstPipeline gives all its elements one clock and one base time. Clocks that\n"
         "are not the pipeline's are slaved: gst_clock_set_master estimates rate and offset.");
    return example_end();
}
