// SPDX-License-Identifier: MIT
//
// 25-flush-and-seek: a seek when everything is stuck: queue full, sink waiting on the clock.
//
//     videotestsrc 10/s  -->  queue (5 buffers)  -->  fakesink sync=true       test clock
//
// A seek event has to reach the source, whose thread is inside a push that the full queue holds,
// and the queue's thread is inside the sink, which waits for a time. FLUSH_START wakes both and
// makes every pad refuse data; FLUSH_STOP opens them again. What was on its way is gone, a new
// segment starts, and the pipeline sets a new base time: running time begins at 0 again.
// Limit: without GM_SEEK_FLAG_FLUSH the seek would wait until the source's push returns.

#include "example.h"

#define START (100 * GM_SECOND)
#define PERIOD (100 * GM_MSECOND)
#define ROOM 5    // buffers in the queue
#define WAITING 3 // the buffer that the sink waits with when the seek comes
#define TARGET (5 * GM_SECOND)

// What passes the sink's pad, from the seek on: guarded by lock.
static GmMutex  lock = GM_MUTEX_INIT;
static GmCond   changed = GM_COND_INIT;
static unsigned pushed; // buffers that the source has begun to push
static bool     seeking, flushed;
static char     order[400];
static unsigned between, stale; // buffers within the flush; buffers of before behind it
static GmSegment segment;

static GmPadProbeReturn count_push(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)pad;
    (void)info;
    (void)data;
    gm_mutex_lock(&lock);
    pushed++;
    gm_cond_broadcast(&changed);
    gm_mutex_unlock(&lock);
    return GM_PAD_PROBE_OK;
}

static bool wait_for_pushes(unsigned count)
{
    GmClockTime end = gm_sync_now() + 20 * GM_SECOND;
    bool in_time = true;

    gm_mutex_lock(&lock);
    while (pushed < count && in_time)
        in_time = gm_cond_wait_until(&changed, &lock, end, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&lock);
    return in_time;
}

static GmPadProbeReturn watch_sink(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    char what[60];

    (void)pad;
    (void)data;
    gm_mutex_lock(&lock);
    if (GM_PAD_PROBE_INFO_TYPE(info) & GM_PAD_PROBE_TYPE_BUFFER) {
        GmClockTime pts = GM_BUFFER_PTS(GM_PAD_PROBE_INFO_BUFFER(info));
        snprintf(what, sizeof what, "buffer %.1f s", (double)pts / GM_SECOND);
        between += seeking && !flushed;
        stale += flushed && pts < (GmClockTime)TARGET;
    } else {
        GmEvent *event = GM_PAD_PROBE_INFO_EVENT(info);
        snprintf(what, sizeof what, "%s", gm_event_type_get_name(GM_EVENT_TYPE(event)));
        seeking |= GM_EVENT_TYPE(event) == GM_EVENT_FLUSH_START;
        flushed |= GM_EVENT_TYPE(event) == GM_EVENT_FLUSH_STOP;
        if (GM_EVENT_TYPE(event) == GM_EVENT_SEGMENT)
            gm_event_copy_segment(event, &segment);
    }
    if (seeking) {
        size_t used = strlen(order);
        snprintf(order + used, sizeof order - used, "%s%s", used ? ", " : "", what);
    }
    gm_mutex_unlock(&lock);
    return GM_PAD_PROBE_OK;
}

static void on_render(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    _Atomic unsigned *shown = data;

    (void)pad;
    ++*shown;
    example_log(GM_OBJECT_NAME(sink), "shows %.1f s", (double)GM_BUFFER_PTS(buffer) / GM_SECOND);
}

// The time the sink waits for, once it waits; NONE after 20 s without.
static GmClockTime next_wait(GmTestClock *clock)
{
    gm_test_clock_timed_wait_for_multiple_pending_ids(clock, 1, 20000, NULL);
    return gm_test_clock_get_next_entry_time(clock);
}

static void add_probe(GmElement *el, const char *name, int mask, GmPadProbeCallback callback)
{
    GmPad *pad = gm_element_get_static_pad(el, name);

    gm_pad_add_probe(pad, (GmPadProbeType)mask, callback, NULL, NULL);
    gm_object_unref(pad);
}

int main(int argc, char **argv)
{
    _Atomic unsigned shown = 0;
    unsigned level = 0;

    gm_init(&argc, &argv);
    example_begin("25 Flush and seek: out of a full queue and a waiting sink",
                  "videotestsrc 10/s  -->  queue (5 buffers)  -->  fakesink sync=true",
                  "the seek returns although both streaming threads are blocked\n"
                  "after FLUSH_STOP: a segment, then the first buffer of the new position\n"
                  "running time starts at 0 again: base time is the clock's time of now");
    GmElement *pipeline = example_launch(
        "videotestsrc name=source ! video/x-raw,width=16,height=16,framerate=10/1 ! "
        "queue name=queue max-size-buffers=5 max-size-bytes=0 max-size-time=0 ! "
        "fakesink name=sink sync=true signal-handoffs=true");
    GmTestClock *clock = GM_TEST_CLOCK(gm_test_clock_new_with_start_time(START));
    GmElement *source = example_get(pipeline, "source"), *queue = example_get(pipeline, "queue"),
              *sink = example_get(pipeline, "sink");
    gm_pipeline_use_clock(GM_PIPELINE(pipeline), GM_CLOCK(clock));
    gm_signal_connect(sink, "handoff", on_render, (void *)&shown);
    add_probe(source, "src", GM_PAD_PROBE_TYPE_BUFFER, count_push);
    add_probe(sink, "sink", GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
              GM_PAD_PROBE_TYPE_EVENT_FLUSH, watch_sink);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    for (unsigned i = 0; i < WAITING && GM_CLOCK_TIME_IS_VALID(next_wait(clock)); i++)
        gm_test_clock_crank(clock);
    GmClockTime stuck_at = next_wait(clock);
    // 4 buffers left the queue, 5 are in it, one is in the hands of the source.
    bool blocked = wait_for_pushes(WAITING + 1 + ROOM + 1);
    gm_object_get(queue, "current-level-buffers", &level, NULL);
    GmClockTime old_base = gm_element_get_base_time(sink), now = gm_clock_get_time(GM_CLOCK(clock));
    example_expect(stuck_at == START + WAITING * PERIOD, "the sink waits for 0.3 s");
    example_expect(blocked && level == ROOM, "the queue is full: %u buffers, the source waits", level);

    puts("  -- seek to 5 s --");
    bool sought = gm_element_seek_simple(pipeline, GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH, TARGET);
    GmStateChangeReturn prerolled = gm_element_get_state(pipeline, NULL, NULL, 20 * GM_SECOND);
    GmClockTime first = next_wait(clock); // the first buffer again waits for its time: now
    GmClockTime base = gm_element_get_base_time(sink);
    gm_test_clock_crank(clock);
    GmClockTime second = next_wait(clock);
    gm_element_set_state(pipeline, GM_STATE_NULL);

    printf("\nat the sink: %s\n", order);
    example_expect(sought && prerolled == GM_STATE_CHANGE_SUCCESS,
                   "the seek returned, and the sink has its first new buffer");
    example_expect(strncmp(order, "flush-start, flush-stop, segment, buffer 5.0 s", 46) == 0,
                   "flush-start, flush-stop, segment, buffer 5.0 s: in this order");
    example_expect(between == 0 && stale == 0, "no buffer of before the flush came after it");
    example_expect(shown == WAITING + 1, "%u buffers shown: 0.0, 0.1, 0.2 and 5.0; never 0.3",
                   (unsigned)shown);
    example_expect(gm_segment_to_running_time(&segment, GM_FORMAT_TIME, TARGET) == 0,
                   "the segment gives 5.0 s the running time 0");
    example_expect(old_base == (GmClockTime)START && base == now,
                   "base time was 100.0 s and is %.1f s, the time of the seek",
                   (double)base / GM_SECOND);
    example_expect(first == now && second == now + PERIOD,
                   "5.0 s is shown at once, 5.1 s a tenth of a second later");
    gm_object_unref(source);
    gm_object_unref(queue);
    gm_object_unref(sink);
    gm_object_unref(pipeline);
    gm_object_unref(clock);
    puts("\nGStreamer: the same events in the same order; gst_element_seek with\n"
         "GST_SEEK_FLAG_FLUSH is the only seek that a paused or blocked pipeline can do at once.");
    return example_end();
}
