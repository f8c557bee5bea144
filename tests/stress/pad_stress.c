// SPDX-License-Identifier: MIT
//
// pad_stress: one thread pushes while others unlink and relink, add and remove probes and flush.
// For ThreadSanitizer and AddressSanitizer: a race is a report, a lost wake-up a hang (the
// caller sets a time limit), a lost buffer or pad a count that is not zero at the end. A flush
// between the segment and the buffer makes pads complain of data before a segment: expected here.
//
//     make BUILD=build-tsan SANITIZE=-fsanitize=thread build-tsan/stress/pad_stress
#include <stdio.h>
#include <stdlib.h>

#include "core/buffer.h"
#include "core/event.h"
#include "core/ghost_pad.h"
#include "core/pad.h"
#include "core/segment.h"
#include "core/sync.h"

static GmPad *src, *ghost, *sink;
static _Atomic bool stop;
static _Atomic long pushed, arrived, results[8];

static GmFlowReturn stress_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    (void)pad;
    (void)parent;
    arrived++;
    gm_buffer_unref(buffer);
    return GM_FLOW_OK;
}

static void start_stream(void)
{
    GmSegment segment;

    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_pad_push_event(src, gm_event_new_stream_start("stress"));
    gm_pad_push_event(src, gm_event_new_segment(&segment));
}

static void *push_loop(void *rounds)
{
    for (long i = 0; i < *(long *)rounds; i++) {
        // After a flush the segment is gone: the streaming thread sends it again.
        GmEvent *segment = gm_pad_get_sticky_event(src, GM_EVENT_SEGMENT, 0);
        if (segment == NULL)
            start_stream();
        else
            gm_event_unref(segment);
        GmFlowReturn ret = gm_pad_push(src, gm_buffer_new());
        results[ret <= 0 && ret > -8 ? -ret : 7]++;
        pushed++;
    }
    stop = true;
    return NULL;
}

static void *link_loop(void *data)
{
    (void)data;
    while (!stop) {
        gm_pad_unlink(src, ghost);
        if (gm_pad_link(src, ghost) != GM_PAD_LINK_OK)
            fprintf(stderr, "link failed\n");
        GmPad *peer = gm_pad_get_peer(src);
        if (peer != NULL)
            gm_object_unref(peer);
        gm_sync_sleep_until(gm_sync_now() + 50 * GM_USECOND); // so that some data gets through
    }
    return NULL;
}

static GmPadProbeReturn stress_probe(GmPad *pad, GmPadProbeInfo *info, void *count)
{
    (void)pad;
    (void)info;
    return ++*(_Atomic long *)count % 3 == 0 ? GM_PAD_PROBE_DROP : GM_PAD_PROBE_OK;
}

static GmPadProbeReturn stress_idle(GmPad *pad, GmPadProbeInfo *info, void *count)
{
    (void)pad;
    (void)info;
    ++*(_Atomic long *)count;
    return GM_PAD_PROBE_REMOVE;
}

static void *probe_loop(void *data)
{
    static _Atomic long seen, idle;

    (void)data;
    while (!stop) {
        unsigned long a = gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, stress_probe, &seen, NULL);
        unsigned long b = gm_pad_add_probe(ghost, GM_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, stress_probe,
                                           &seen, NULL);
        gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_IDLE, stress_idle, &idle, NULL);
        gm_pad_remove_probe(src, a);
        gm_pad_remove_probe(ghost, b);
    }
    return NULL;
}

static void *flush_loop(void *data)
{
    (void)data;
    while (!stop) {
        gm_pad_push_event(src, gm_event_new_flush_start());
        gm_pad_push_event(src, gm_event_new_flush_stop(true));
        gm_sync_sleep_until(gm_sync_now() + 200 * GM_USECOND);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 20000;
    static void *(*const loops[])(void *) = { push_loop, link_loop, probe_loop, flush_loop };
    GmThread *threads[4];

    gm_mini_object_live_count(GM_TYPE_NONE); // starts the census
    src = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    sink = gm_object_ref_sink(gm_pad_new("sink", GM_PAD_SINK));
    gm_pad_set_chain_function(sink, stress_chain);
    ghost = gm_object_ref_sink(gm_ghost_pad_new("ghost", sink));
    gm_pad_set_active(src, true);
    gm_pad_set_active(ghost, true);
    gm_pad_set_active(sink, true);
    start_stream();
    for (int i = 0; i < 4; i++)
        threads[i] = gm_thread_try_new("stress", loops[i], &rounds, NULL);
    for (int i = 0; i < 4; i++)
        gm_thread_join(threads[i]);
    gm_pad_set_active(src, false);
    gm_pad_set_active(ghost, false);
    gm_pad_set_active(sink, false);
    gm_object_unref(src);
    gm_object_unref(ghost);
    gm_object_unref(sink);
    long left = gm_mini_object_live_count(GM_TYPE_BUFFER) + gm_mini_object_live_count(GM_TYPE_EVENT) +
                gm_object_live_count(&gm_pad_class);
    printf("%ld pushed, %ld arrived; ok %ld, not-linked %ld, flushing %ld, other %ld; %ld left\n",
           pushed, arrived, results[0], results[1], results[2], results[3] + results[7], left);
    return left != 0 || arrived == 0 || results[3] + results[7] != 0;
}
