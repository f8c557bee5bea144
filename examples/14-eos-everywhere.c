// SPDX-License-Identifier: MIT
//
// 14-eos-everywhere: the end comes when the last branch has ended; and nobody may swallow it.
//
//     fakesrc, 5 buffers   -->  sink "short"         the bus has EOS after both
//     fakesrc, 50 buffers  -->  sink "long"
//
//     appsrc, 45 frames of 0.1 s  -->  hlssegmenter, 2 s  -->  sink        2 s + 2 s + 0.5 s
//
// A sink tells its bin that it is through; the bin tells the application when all its sinks
// have. An element that keeps data must send it on when it sees EOS, before the EOS.
// Option: --target SECONDS sets the segments' duration (default 2).
// Limit: EOS of a live pipeline is asked for by the application (gm_element_send_event); not here.

#include <math.h>

#include "app/app_src.h"
#include "example.h"

// The long branch stops after three buffers until the short one has ended.
static GmMutex lock = GM_MUTEX_INIT;
static GmCond  opened = GM_COND_INIT;
static bool    gate_open; // guarded by lock

static GmPadProbeReturn gate(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    unsigned *passed = data;

    (void)info;
    gm_mutex_lock(&lock);
    while (++*passed > 3 && !gate_open)
        gm_cond_wait(&opened, &lock, GM_WAIT_APP, pad);
    gm_mutex_unlock(&lock);
    return GM_PAD_PROBE_OK;
}

static void count(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *counter)
{
    (void)sink;
    (void)buffer;
    (void)pad;
    ++*(_Atomic unsigned *)counter;
}

// The next EOS: "short" or "long" when the bin forwards a sink's, "pipeline" for the real one.
static void next_eos(GmBus *bus, char *who, size_t size)
{
    GmMessage *message, *inner = NULL;

    snprintf(who, size, "nobody");
    while ((message = gm_bus_timed_pop_filtered(bus, 20 * GM_SECOND,
                                                GM_MESSAGE_EOS | GM_MESSAGE_ELEMENT))) {
        bool eos = GM_MESSAGE_TYPE(message) == GM_MESSAGE_EOS;
        if (eos)
            snprintf(who, size, "pipeline");
        else if (gm_message_has_name(message, "GmBinForwarded") &&
                 gm_structure_get(gm_message_get_structure(message), "message", GM_TYPE_MESSAGE,
                                  &inner, NULL)) {
            eos = GM_MESSAGE_TYPE(inner) == GM_MESSAGE_EOS;
            if (eos)
                snprintf(who, size, "%s", GM_MESSAGE_SRC_NAME(inner));
            gm_message_unref(inner);
        }
        gm_message_unref(message);
        if (eos)
            return;
    }
}

static void two_branches(void)
{
    GmElement *pipeline =
        example_launch("fakesrc num-buffers=5 ! fakesink name=short signal-handoffs=true "
                       "fakesrc num-buffers=50 ! fakesink name=long signal-handoffs=true");
    GmElement *sinks[2] = { example_get(pipeline, "short"), example_get(pipeline, "long") };
    GmPad *pad = gm_element_get_static_pad(sinks[1], "sink");
    GmBus *bus = gm_element_get_bus(pipeline);
    _Atomic unsigned counts[2] = { 0, 0 };
    unsigned passed = 0;
    char first[20], second[20], third[20];

    puts("\ntwo branches, 5 and 50 buffers");
    gm_object_set(pipeline, "message-forward", true, NULL);
    for (unsigned i = 0; i < 2; i++)
        gm_signal_connect(sinks[i], "handoff", count, &counts[i]);
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, gate, &passed, NULL);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    next_eos(bus, first, sizeof first);
    unsigned behind = counts[1];
    printf("  EOS from %s: it has %u buffers, the other sink %u of 50\n", first, counts[0], behind);
    GmMessage *early = gm_bus_timed_pop_filtered(bus, 100 * GM_MSECOND, GM_MESSAGE_EOS);
    gm_mutex_lock(&lock);
    gate_open = true;
    gm_cond_broadcast(&opened);
    gm_mutex_unlock(&lock);
    next_eos(bus, second, sizeof second);
    next_eos(bus, third, sizeof third);
    printf("  EOS from %s, then from %s: %u and %u buffers\n", second, third, counts[0], counts[1]);

    example_expect(strcmp(first, "short") == 0 && counts[0] == 5 && behind <= 3,
                   "the short branch ended first");
    example_expect(early == NULL, "that was no EOS for the application");
    example_expect(strcmp(second, "long") == 0 && strcmp(third, "pipeline") == 0 && counts[1] == 50,
                   "the application's EOS came after the last sink's");
    if (early)
        gm_message_unref(early);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    gm_object_unref(pad);
    gm_object_unref(bus);
    gm_object_unref(sinks[0]);
    gm_object_unref(sinks[1]);
    gm_object_unref(pipeline);
}

// ---- the tail of a segmenter ------------------------------------------------------------------

#define FRAMES 45
#define FRAME_TIME (100 * GM_MSECOND)

typedef struct {
    unsigned    segments;
    GmClockTime total, last; // durations
    size_t      bytes;
} Tail; // written by the streaming thread; read when the pipeline is down

static void on_segment(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    Tail *tail = data;

    (void)sink;
    (void)pad;
    tail->last = GM_BUFFER_DURATION(buffer);
    tail->total += tail->last;
    tail->bytes += gm_buffer_get_size(buffer);
    printf("  segment %u: %zu frames, %.1f s\n", tail->segments++, gm_buffer_get_size(buffer),
           (double)tail->last / GM_SECOND);
}

static void segmenter_tail(double target)
{
    GmElement *pipeline =
        example_launch("appsrc name=source format=time ! hlssegmenter name=segmenter ! "
                       "fakesink name=sink signal-handoffs=true");
    GmElement *source = example_get(pipeline, "source"), *sink = example_get(pipeline, "sink");
    GmElement *segmenter = example_get(pipeline, "segmenter");
    unsigned per_segment = (unsigned)ceil(target * 10 - 1e-6);
    unsigned want = (FRAMES + per_segment - 1) / per_segment;
    unsigned rest = FRAMES - (want - 1) * per_segment; // frames in the last one
    Tail tail = { 0 };

    printf("\n%d frames of 0.1 s into segments of %g s\n", FRAMES, target);
    gm_object_set(segmenter, "target-duration", target, NULL);
    gm_signal_connect(sink, "handoff", on_segment, &tail);
    for (unsigned i = 0; i < FRAMES; i++) {
        GmBuffer *frame = gm_buffer_new_memdup("#", 1); // one byte each: bytes count frames
        GM_BUFFER_PTS(frame) = i * FRAME_TIME;
        GM_BUFFER_DURATION(frame) = FRAME_TIME;
        gm_app_src_push_buffer(GM_APP_SRC(source), frame);
    }
    gm_app_src_end_of_stream(GM_APP_SRC(source));
    bool eos = example_play(pipeline, 20);

    example_expect(eos && tail.segments == want, "%u segments", tail.segments);
    example_expect(tail.last == rest * FRAME_TIME,
                   "the last one has %.1f s: what was left, and not lost",
                   (double)tail.last / GM_SECOND);
    example_expect(tail.bytes == FRAMES && tail.total == FRAMES * FRAME_TIME,
                   "%zu frames, %.1f s in all",
                   tail.bytes, (double)tail.total / GM_SECOND);
    gm_object_unref(source);
    gm_object_unref(segmenter);
    gm_object_unref(sink);
    gm_object_unref(pipeline);
}

int main(int argc, char **argv)
{
    double target = 2;

    gm_init(&argc, &argv);
    if (argc == 3 && strcmp(argv[1], "--target") == 0 && atof(argv[2]) >= 0.1)
        target = atof(argv[2]);
    example_begin("14 EOS everywhere", "two branches of different length; a segmenter with a rest",
                  "the short branch ends, and the application hears nothing yet\n"
                  "EOS on the bus means: every sink is through\n"
                  "the last segment is short, but it is there");
    two_branches();
    segmenter_tail(target);
    puts("\n"
         "GStreamer: GstBin collects EOS of all its sinks likewise. A muxer that is stopped\n"
         "without EOS loses its tail, too: that is what gst-launch-1.0 -e is for.");
    return example_end();
}
