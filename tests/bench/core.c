// SPDX-License-Identifier: MIT
//
// core: what the hot paths cost, one line "nanoseconds<TAB>row" for each. run.sh builds this text
// against GstMini and, renamed by tests/peers/run-both.sh, against GStreamer, runs the two in turn
// and prints medians and ratios. An argument runs the rows whose name contains it: for perf.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gstmini.h"

#define MAX_LINKS 50

typedef void (*Work)(unsigned n);

static const char *wanted;

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double run(Work work, unsigned n)
{
    double start = seconds();

    work(n);
    return seconds() - start;
}

// Nanoseconds for one: the best of several pieces of some milliseconds, since other programs
// that get a turn only ever make it slower.
static double cost(Work work)
{
    unsigned n = 100;

    while (run(work, n) < 0.004)
        n *= 2;
    double best = run(work, n);
    for (unsigned i = 0; i < 7; i++)
        best = fmin(best, run(work, n));
    return best / n * 1e9;
}

static int asked(const char *name)
{
    return wanted == NULL || strstr(name, wanted) != NULL;
}

static void row(const char *name, double ns)
{
    printf("%.2f\t%s\n", ns, name);
}

static void measure(const char *name, Work work)
{
    if (asked(name))
        row(name, cost(work));
}

// ---- pads without elements ---------------------------------------------------------------------

static GmPad *source;
static GmBuffer *one_buffer;
static GmEvent *one_event;

static GmFlowReturn chain_on(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    (void)parent;
    return gm_pad_push(gm_pad_get_element_private(pad), buffer);
}

static GmFlowReturn chain_end(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    (void)pad, (void)parent;
    gm_buffer_unref(buffer);
    return GM_FLOW_OK;
}

static GM_BOOL event_on(GmPad *pad, GmObject *parent, GmEvent *event)
{
    (void)parent;
    return gm_pad_push_event(gm_pad_get_element_private(pad), event);
}

static GM_BOOL event_end(GmPad *pad, GmObject *parent, GmEvent *event)
{
    (void)pad, (void)parent;
    gm_event_unref(event);
    return 1;
}

static GmPad *pad_new(const char *name, GmPadDirection direction)
{
    GmPad *pad = gm_pad_new(name, direction);

    if (direction == GM_PAD_SINK) {
        gm_pad_set_chain_function(pad, chain_end);
        gm_pad_set_event_function(pad, event_end);
    }
    return pad;
}

static void join(GmPad *src, GmPad *sink)
{
    if (GM_PAD_LINK_FAILED(gm_pad_link(src, sink)))
        abort();
}

static void start_stream(GmPad *pad)
{
    GmSegment segment;

    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_pad_push_event(pad, gm_event_new_stream_start("bench"));
    gm_pad_push_event(pad, gm_event_new_segment(&segment));
}

static void push_buffers(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        gm_pad_push(source, gm_buffer_ref(one_buffer));
}

static void push_events(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        gm_pad_push_event(source, gm_event_ref(one_event));
}

// What one push costs more behind a row of passthrough pads.
static double links_cost(unsigned links)
{
    GmPad *pads[2 * MAX_LINKS + 2];

    for (unsigned i = 0; i <= links; i++) {
        pads[2 * i] = pad_new("src", GM_PAD_SRC);
        pads[2 * i + 1] = pad_new("sink", GM_PAD_SINK);
        join(pads[2 * i], pads[2 * i + 1]);
        gm_pad_set_active(pads[2 * i], 1);
        gm_pad_set_active(pads[2 * i + 1], 1);
        if (i > 0) {
            gm_pad_set_element_private(pads[2 * i - 1], pads[2 * i]);
            gm_pad_set_chain_function(pads[2 * i - 1], chain_on);
            gm_pad_set_event_function(pads[2 * i - 1], event_on);
        }
    }
    source = pads[0];
    start_stream(source);
    double ns = cost(push_buffers);
    for (unsigned i = 0; i < 2 * links + 2; i++) {
        gm_pad_set_active(pads[i], 0);
        gm_object_unref(pads[i]);
    }
    return ns;
}

static void links(void)
{
    if (!asked("pad push"))
        return;
    double none = links_cost(0);
    row("pad push, one link", none);
    row("pad push, per link of 10", (links_cost(10) - none) / 10);
    row("pad push, per link of 50", (links_cost(50) - none) / 50);
}

// ---- an element between two pads ---------------------------------------------------------------

// The element `text` in PLAYING between `source` and pads that take everything.
static double element_cost(const char *text, Work work)
{
    GmElement *el = gm_parse_launch(text, NULL);
    GmPad *elsink = gm_element_get_static_pad(el, "sink");
    GmPad *elsrc = gm_element_get_static_pad(el, "src"), *sink = NULL;

    source = pad_new("src", GM_PAD_SRC);
    join(source, elsink);
    gm_pad_set_active(source, 1);
    if (elsrc != NULL) {
        sink = pad_new("sink", GM_PAD_SINK);
        join(elsrc, sink);
        gm_pad_set_active(sink, 1);
    }
    gm_element_set_state(el, GM_STATE_PLAYING);
    start_stream(source);
    double ns = cost(work);
    gm_element_set_state(el, GM_STATE_NULL);
    gm_pad_set_active(source, 0);
    gm_object_unref(source);
    gm_object_unref(elsink);
    if (elsrc != NULL) {
        gm_pad_set_active(sink, 0);
        gm_object_unref(sink);
        gm_object_unref(elsrc);
    }
    gm_object_unref(el);
    return ns;
}

static void elements(void)
{
    if (asked("event through identity"))
        row("event through identity", element_cost("identity", push_events));
    if (asked("buffer through identity"))
        row("buffer through identity", element_cost("identity", push_buffers));
    if (asked("queue"))
        row("queue, per buffer pushed", element_cost("queue", push_buffers));
}

// ---- playing pipelines -------------------------------------------------------------------------

// Nanoseconds per buffer from PLAYING to the end of the stream.
static double pipeline_run(const char *before, unsigned identities, const char *after)
{
    const unsigned n = 20000;
    char text[2000];

    int at = snprintf(text, sizeof text, "fakesrc num-buffers=%u %s", n, before);
    for (unsigned i = 0; i < identities; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, " ! identity");
    snprintf(text + at, sizeof text - (size_t)at, " %s", after);
    GmElement *pipeline = gm_parse_launch(text, NULL);
    GmBus *bus = gm_element_get_bus(pipeline);
    double start = seconds();
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    GmMessage *message =
        gm_bus_timed_pop_filtered(bus, GM_CLOCK_TIME_NONE, GM_MESSAGE_EOS | GM_MESSAGE_ERROR);
    double took = seconds() - start;
    if (GM_MESSAGE_TYPE(message) != GM_MESSAGE_EOS)
        took = NAN;
    gm_message_unref(message);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(pipeline);
    return took / n * 1e9;
}

static double pipeline_cost(const char *before, unsigned identities, const char *after)
{
    double best = pipeline_run(before, identities, after);

    for (unsigned i = 0; i < 4; i++)
        best = fmin(best, pipeline_run(before, identities, after));
    return best;
}

static void pipelines(void)
{
    if (asked("fakesrc, fakesink") || asked("identity in a chain")) {
        double none = pipeline_cost("", 0, "! fakesink");
        row("fakesrc, fakesink, per buffer", none);
        row("one more identity in a chain", (pipeline_cost("", 10, "! fakesink") - none) / 10);
    }
    if (asked("tee, 8 fakesinks"))
        row("tee, 8 fakesinks, per buffer",
            pipeline_cost("! tee name=t", 0,
                          "t. ! fakesink async=false t. ! fakesink async=false "
                          "t. ! fakesink async=false t. ! fakesink async=false "
                          "t. ! fakesink async=false t. ! fakesink async=false "
                          "t. ! fakesink async=false t. ! fakesink async=false"));
}

// ---- things ------------------------------------------------------------------------------------

static void buffer_empty(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        gm_buffer_unref(gm_buffer_new());
}

static void buffer_64(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        gm_buffer_unref(gm_buffer_new_allocate(NULL, 64, NULL));
}

static void buffer_1000(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        gm_buffer_unref(gm_buffer_new_allocate(NULL, 1000, NULL));
}

static void buffer_copy(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        gm_buffer_unref(gm_buffer_copy(one_buffer));
}

static void buffer_map(unsigned n)
{
    GmMapInfo info;

    for (unsigned i = 0; i < n; i++) {
        gm_buffer_map(one_buffer, &info, GM_MAP_READ);
        gm_buffer_unmap(one_buffer, &info);
    }
}

static GmBufferPool *pool;

static void pool_cycle(unsigned n)
{
    GmBuffer *buffer;

    for (unsigned i = 0; i < n; i++) {
        gm_buffer_pool_acquire_buffer(pool, &buffer, NULL);
        gm_buffer_unref(buffer);
    }
}

static void pool_row(void)
{
    pool = gm_buffer_pool_new();
    GmStructure *config = gm_buffer_pool_get_config(pool);
    gm_buffer_pool_config_set_params(config, NULL, 64, 2, 0);
    gm_buffer_pool_set_config(pool, config);
    gm_buffer_pool_set_active(pool, 1);
    measure("pool acquire, release", pool_cycle);
    gm_buffer_pool_set_active(pool, 0);
    gm_object_unref(pool);
}

static GmBus *bus;

static void bus_cycle(unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        gm_bus_post(bus, gm_message_new_application(NULL, gm_structure_new_empty("bench")));
        gm_message_unref(gm_bus_pop(bus));
    }
}

static GmSegment segment;

static void event_segment(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        gm_event_unref(gm_event_new_segment(&segment));
}

static volatile uint64_t result;

static void running_time(unsigned n)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < n; i++)
        sum += gm_segment_to_running_time(&segment, GM_FORMAT_TIME, i);
    result = sum;
}

#define FIXED "video/x-raw, format=(string)I420, width=(int)320, height=(int)240, framerate=(fraction)30/1"
static GmCaps *caps_a, *caps_b;

static void caps_meet(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        gm_caps_unref(gm_caps_intersect(caps_a, caps_b));
}

static void caps_read(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        gm_caps_unref(gm_caps_from_string(FIXED));
}

static void caps_row(const char *name, const char *a, const char *b)
{
    caps_a = gm_caps_from_string(a);
    caps_b = gm_caps_from_string(b);
    measure(name, caps_meet);
    gm_caps_unref(caps_a);
    gm_caps_unref(caps_b);
}

int main(int argc, char **argv)
{
    wanted = argc > 1 ? argv[1] : NULL;
    gm_init(NULL, NULL);
    one_buffer = gm_buffer_new_allocate(NULL, 64, NULL);
    one_event = gm_event_new_custom(GM_EVENT_CUSTOM_DOWNSTREAM, gm_structure_new_empty("bench"));
    bus = gm_bus_new();
    gm_segment_init(&segment, GM_FORMAT_TIME);

    links();
    elements();
    pipelines();
    measure("buffer new, unref: empty", buffer_empty);
    measure("buffer new, unref: 64 bytes", buffer_64);
    measure("buffer new, unref: 1000 bytes", buffer_1000);
    pool_row();
    measure("buffer copy, shallow", buffer_copy);
    measure("buffer map, unmap", buffer_map);
    measure("message new, post, pop", bus_cycle);
    measure("segment event new, unref", event_segment);
    measure("segment to running time", running_time);
    caps_row("caps intersect, list and range",
             "video/x-raw, format=(string){ I420, NV12, RGB }, width=(int)[ 1, 1920 ]",
             "video/x-raw, format=(string){ RGB, I420 }, width=(int)[ 320, 4096 ]");
    caps_row("caps intersect, fixed", FIXED, FIXED);
    measure("caps from string", caps_read);
    gm_object_unref(bus);
    gm_event_unref(one_event);
    gm_buffer_unref(one_buffer);
    return 0;
}
