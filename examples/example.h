// SPDX-License-Identifier: MIT
//
// example.h: what the numbered examples share: a banner that says what to watch for, claims that
// are checked, a log with clock times, and a record of what passes a pad.
//
// An example ends with `return example_end ();`: 0 when every claim held, 1 when one did not.
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <gstmini.h>
#include <stdlib.h>
#include <string.h>

static unsigned example_claims, example_broken;
static GmElement *example_clock_owner; // whose running time example_log prints

GM_UNUSED static void example_rule(void)
{
    puts("================================================================================");
}

// Title, the pipeline as a sketch, and what to watch for: lines separated by '\n'.
GM_UNUSED static void example_begin(const char *title, const char *pipeline, const char *watch_for)
{
    example_rule();
    printf("%s\n\n    %s\n\nWatch for:\n", title, pipeline);
    while (*watch_for) {
        int n = (int)strcspn(watch_for, "\n");
        printf("  - %.*s\n", n, watch_for);
        watch_for += watch_for[n] ? n + 1 : n;
    }
    example_rule();
    fflush(stdout);
}

// States a claim and checks it.
GM_UNUSED static bool example_expect(bool holds, const char *format, ...) GM_PRINTF(2, 3);
GM_UNUSED static bool example_expect(bool holds, const char *format, ...)
{
    va_list args;

    example_claims++;
    if (!holds)
        example_broken++;
    printf("  [%s] ", holds ? "ok" : "NOT SO");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
    return holds;
}

GM_UNUSED static int example_end(void)
{
    gm_deinit(); // so that valgrind and the sanitizers see what the example itself has left
    if (example_broken)
        printf("\n%u of %u claims did not hold.\n", example_broken, example_claims);
    else
        printf("\nAll %u claims hold.\n", example_claims);
    return example_broken || example_claims == 0;
}

// "[1.234s] camera: Generated frame 30": the time is the running time of example_clock_owner, and
// 0.000 until it plays. `depth` indents: how deep in the call stack of a push the line is.
GM_UNUSED static void example_log_at(unsigned depth, const char *name, const char *format, ...)
    GM_PRINTF(3, 4);
GM_UNUSED static void example_log_at(unsigned depth, const char *name, const char *format, ...)
{
    GmClockTime time = GM_CLOCK_TIME_NONE;
    va_list args;
    char text[400];

    if (example_clock_owner)
        time = gm_element_get_current_running_time(example_clock_owner);
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    // One write per line: lines of several threads do not mix.
    printf("[%.3fs] %*s%s: %s\n", GM_CLOCK_TIME_IS_VALID(time) ? (double)time / GM_SECOND : 0.0,
           (int)(2 * depth), "", name, text);
    fflush(stdout);
}
#define example_log(name, ...) example_log_at(0, (name), __VA_ARGS__)

// Builds a launch line; ends the program when it is wrong.
GM_UNUSED static GmElement *example_launch(const char *line)
{
    GmError *error = NULL;
    GmElement *pipeline = gm_parse_launch(line, &error);

    if (!pipeline || error) {
        fprintf(stderr, "cannot build \"%s\": %s\n", line, error ? error->message : "?");
        exit(2);
    }
    example_clock_owner = pipeline;
    return pipeline;
}

// An element of a pipeline by name, with a reference; ends the program when it is not there.
GM_UNUSED static GmElement *example_get(GmElement *pipeline, const char *name)
{
    GmElement *el = gm_bin_get_by_name((GmBin *)pipeline, name);

    if (!el) {
        fprintf(stderr, "no element named \"%s\"\n", name);
        exit(2);
    }
    return el;
}

// Waits for EOS or an error, at most `seconds`. True: EOS.
GM_UNUSED static bool example_wait_eos(GmElement *pipeline, double seconds)
{
    GmBus *bus = gm_element_get_bus(pipeline);
    GmMessage *message = gm_bus_timed_pop_filtered(bus, (GmClockTime)(seconds * GM_SECOND),
                                                   GM_MESSAGE_EOS | GM_MESSAGE_ERROR);
    bool eos = message && GM_MESSAGE_TYPE(message) == GM_MESSAGE_EOS;

    if (message && !eos) {
        GmError *error;
        char *debug;
        gm_message_parse_error(message, &error, &debug);
        printf("ERROR from %s: %s (%s)\n", GM_OBJECT_NAME(GM_MESSAGE_SRC(message)), error->message,
               debug ? debug : "");
        gm_error_free(error);
        free(debug);
    }
    if (message)
        gm_message_unref(message);
    gm_object_unref(bus);
    return eos;
}

// Lets `seconds` pass, or less if an error comes.
GM_UNUSED static void example_run_for(GmElement *pipeline, double seconds)
{
    GmBus *bus = gm_element_get_bus(pipeline);
    GmMessage *message =
        gm_bus_timed_pop_filtered(bus, (GmClockTime)(seconds * GM_SECOND), GM_MESSAGE_ERROR);

    if (message)
        gm_message_unref(message);
    gm_object_unref(bus);
}

// Plays a pipeline to its end and takes it down. True: EOS came in time.
GM_UNUSED static bool example_play(GmElement *pipeline, double seconds)
{
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    bool eos = example_wait_eos(pipeline, seconds);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    return eos;
}

// ---- what passed a pad ---------------------------------------------------------------------------

#define EXAMPLE_TRACK_MAX 4096
typedef struct {
    unsigned    count;
    GmClockTime at[EXAMPLE_TRACK_MAX];  // gm_util_get_timestamp when it passed
    GmClockTime pts[EXAMPLE_TRACK_MAX];
    unsigned    flags[EXAMPLE_TRACK_MAX];
} ExampleTrack; // written by the streaming thread; read when the pipeline is down

GM_UNUSED static GmPadProbeReturn example_track_probe(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    ExampleTrack *track = data;
    GmBuffer *buffer = GM_PAD_PROBE_INFO_BUFFER(info);

    (void)pad;
    if (track->count < EXAMPLE_TRACK_MAX) {
        track->at[track->count] = gm_util_get_timestamp();
        track->pts[track->count] = GM_BUFFER_PTS(buffer);
        track->flags[track->count] = GM_MINI_OBJECT_FLAGS(buffer);
        track->count++;
    }
    return GM_PAD_PROBE_OK;
}

// Records every buffer that passes the pad "element.pad" of a pipeline. free () it afterwards.
GM_UNUSED static ExampleTrack *example_track(GmElement *pipeline, const char *element, const char *pad_name)
{
    ExampleTrack *track = calloc(1, sizeof *track);
    GmElement *el = example_get(pipeline, element);
    GmPad *pad = gm_element_get_static_pad(el, pad_name);

    if (!track || !pad) {
        fprintf(stderr, "no pad %s.%s\n", element, pad_name);
        exit(2);
    }
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, example_track_probe, track, NULL);
    gm_object_unref(pad);
    gm_object_unref(el);
    return track;
}

// The longest time between two buffers, in ms.
GM_UNUSED static double example_max_gap_ms(const ExampleTrack *track)
{
    GmClockTime longest = 0;

    for (unsigned i = 1; i < track->count; i++)
        if (track->at[i] - track->at[i - 1] > longest)
            longest = track->at[i] - track->at[i - 1];
    return (double)longest / GM_MSECOND;
}

// ---- how busy the machine is -----------------------------------------------------------------------

// A thread that does nothing but wake every 5 ms, and how late it was at worst: what a claim about
// times may be off by on this machine, in this run.
typedef struct {
    GmThread    *thread;
    _Atomic bool stop;
    GmClockTime  worst;
} ExampleLateness;

GM_UNUSED static void *example_lateness_loop(void *data)
{
    ExampleLateness *l = data;
    GmClockTime next = gm_sync_now();

    while (!l->stop) {
        next += 5 * GM_MSECOND;
        gm_sync_sleep_until(next);
        GmClockTime now = gm_sync_now();
        if (now - next > l->worst)
            l->worst = now - next;
        if (now - next > 5 * GM_MSECOND)
            next = now;
    }
    return NULL;
}

GM_UNUSED static ExampleLateness *example_lateness_start(void)
{
    ExampleLateness *l = calloc(1, sizeof *l);
    l->thread = gm_thread_try_new("lateness", example_lateness_loop, l, NULL);
    return l;
}

// Ends the thread; gives the worst lateness in ms.
GM_UNUSED static double example_lateness_end(ExampleLateness *l)
{
    l->stop = true;
    if (l->thread)
        gm_thread_join(l->thread);
    double worst = (double)l->worst / GM_MSECOND;
    free(l);
    return worst;
}

// Claims that a gap is no longer than `limit` ms. On a busy machine, where even an idle thread woke
// later than 2 ms, that lateness is granted on top, and said.
GM_UNUSED static void example_expect_gap(const char *what, double gap, double limit, double lateness)
{
    if (gap <= limit || lateness < 2)
        example_expect(gap <= limit, "%s: longest gap %.1f ms <= %.0f ms", what, gap, limit);
    else
        example_expect(gap <= limit + 2 * lateness,
                       "%s: longest gap %.1f ms <= %.0f ms and what this busy machine adds (it woke an idle "
                       "thread %.1f ms late)", what, gap, limit, lateness);
}

#endif
