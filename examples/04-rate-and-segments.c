// SPDX-License-Identifier: MIT
//
// 04-rate-and-segments: from the time in the stream to the time on the clock.
//
//     running time = (PTS - start) / |rate| + base
//     backwards    = (stop - end of the buffer) / |rate| + base
//
//     appsrc, a segment with each run of buffers  -->  fakesink sync=true       test clock
//
// What the sink waits for is read from the clock and compared with the formula and with
// gm_segment_to_running_time.
// Limit: applied_rate and offset stay at their defaults; seeks, which set them, are example 25.

#include "app/app_src.h"
#include "example.h"

#define LENGTH 2 // of each buffer, in s

typedef struct {
    double      rate;
    GmClockTime start, stop, base; // in s
    GmClockTime pts[4];            // in s
} Part;

typedef struct {
    const char *title;
    unsigned    n_parts, skipped; // skipped: buffers outside of their segment
    Part        parts[2];
} Case;

static const Case cases[] = {
    { "rate 1, start 0", 1, 0, { { 1.0, 0, 100, 0, { 0, 2, 4, 6 } } } },
    { "rate 0.5: slow motion", 1, 0, { { 0.5, 0, 100, 0, { 0, 2, 4, 6 } } } },
    { "rate 2: twice as fast", 1, 0, { { 2.0, 0, 100, 0, { 0, 2, 4, 6 } } } },
    { "start 5 s: what lies before it is not shown", 1, 1, { { 1.0, 5, 100, 0, { 3, 5, 7, 9 } } } },
    { "rate -1, stop 8 s: the clock still goes forward", 1, 0,
      { { -1.0, 0, 8, 0, { 6, 4, 2, 0 } } } },
    { "two segments: base says where the second one goes on", 2, 0,
      { { 1.0, 0, 100, 0, { 0, 2, 4, 6 } }, { 2.0, 20, 100, 8, { 20, 22, 24, 26 } } } },
};

static GmSegment segment_of(const Part *part)
{
    GmSegment segment;

    gm_segment_init(&segment, GM_FORMAT_TIME);
    segment.rate = part->rate;
    segment.start = part->start * GM_SECOND;
    segment.stop = part->stop * GM_SECOND;
    segment.time = segment.start;
    segment.base = part->base * GM_SECOND;
    segment.position = part->rate > 0 ? segment.start : segment.stop;
    return segment;
}

// The position that is due first, in s: a buffer's begin, or its end when we play backwards.
static GmClockTime first_position(const Part *part, GmClockTime pts)
{
    return part->rate > 0 ? pts : pts + LENGTH;
}

static double formula(const Part *part, GmClockTime pts)
{
    double position = (double)first_position(part, pts);

    if (part->rate > 0)
        return (position - (double)part->start) / part->rate + (double)part->base;
    return ((double)part->stop - position) / -part->rate + (double)part->base;
}

static void feed(GmAppSrc *src, const Case *c)
{
    for (unsigned p = 0; p < c->n_parts; p++) {
        GmSegment segment = segment_of(&c->parts[p]);
        for (unsigned i = 0; i < GM_LEN(c->parts[p].pts); i++) {
            GmBuffer *buffer = gm_buffer_new();
            GM_BUFFER_PTS(buffer) = c->parts[p].pts[i] * GM_SECOND;
            GM_BUFFER_DURATION(buffer) = LENGTH * GM_SECOND;
            GmSample *sample = gm_sample_new(buffer, NULL, &segment, NULL);
            gm_app_src_push_sample(src, sample);
            gm_sample_unref(sample);
            gm_buffer_unref(buffer);
        }
    }
}

// What the sink waits for next, in s of running time (base time is 0 here); -1: it does not.
static double next_wait(GmTestClock *clock)
{
    GmList *pending = NULL;
    double target = -1;

    if (!gm_test_clock_timed_wait_for_multiple_pending_ids(clock, 1, 10000, &pending))
        return target;
    target = (double)gm_clock_id_get_time(pending->data) / GM_SECOND;
    gm_list_free_full(pending, (GmDestroyNotify)gm_clock_id_unref);
    gm_test_clock_crank(clock);
    return target;
}

static void check_part(GmTestClock *clock, const Case *c, const Part *part, bool *right)
{
    GmSegment segment = segment_of(part);

    for (unsigned i = 0; i < GM_LEN(part->pts); i++) {
        GmClockTime position = first_position(part, part->pts[i]);
        GmClockTime running =
            gm_segment_to_running_time(&segment, GM_FORMAT_TIME, position * GM_SECOND);
        if (!GM_CLOCK_TIME_IS_VALID(running)) {
            printf("  PTS %2" PRIu64 ": outside of the segment, dropped\n", part->pts[i]);
            *right &= i < c->skipped;
            continue;
        }
        double waited = next_wait(clock), want = formula(part, part->pts[i]);
        printf("  PTS %2" PRIu64 ": (%" PRIu64 " - %" PRIu64 ") / %g + %" PRIu64
               " = %4.1f s; the sink waited for %4.1f s\n",
               part->pts[i], part->rate > 0 ? position : part->stop,
               part->rate > 0 ? part->start : position, part->rate > 0 ? part->rate : -part->rate,
               part->base, want, waited);
        *right &= waited == want && (double)running / GM_SECOND == want;
    }
}

static bool play(const Case *c)
{
    GmTestClock *clock = GM_TEST_CLOCK(gm_test_clock_new());
    GmElement *pipeline =
        example_launch("appsrc name=source format=time handle-segment-change=true ! "
                       "fakesink sync=true");
    GmElement *source = example_get(pipeline, "source");
    bool right = true;

    gm_pipeline_use_clock(GM_PIPELINE(pipeline), GM_CLOCK(clock));
    feed(GM_APP_SRC(source), c);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    for (unsigned p = 0; p < c->n_parts; p++)
        check_part(clock, c, &c->parts[p], &right);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    gm_object_unref(source);
    gm_object_unref(pipeline);
    gm_object_unref(clock);
    return right;
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    example_begin("04 Rate and segments: the only formula",
                  "appsrc (buffers 2 s apart)  -->  fakesink sync=true,   clock turned by hand",
                  "rate 2 halves the waits, rate 0.5 doubles them\n"
                  "backwards the PTS fall and the running time grows; a buffer's end is due first\n"
                  "a second segment goes on at its base, whatever its PTS are");
    for (unsigned i = 0; i < GM_LEN(cases); i++) {
        printf("\n%s\n", cases[i].title);
        example_expect(play(&cases[i]), "all waits as the formula says");
    }
    puts("\n"
         "GStreamer: gst_segment_to_running_time () computes this; each sink applies it to every\n"
         "buffer. Upstream changes rate by a new segment event, the buffers keep their PTS.");
    return example_end();
}
