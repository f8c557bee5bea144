// SPDX-License-Identifier: MIT
//
// 10-leaky-modes: a queue is full: who has to wait, and which frame is lost?
//
//     camera, a frame each 100 ms  -->  queue max-size-buffers=3 leaky=…  -->  sink, 300 ms a frame
//
//     no          nobody loses anything: the camera waits, and what you see gets older
//     upstream    the newcomer is lost: you see old frames
//     downstream  the oldest in the queue is lost: you see newer ones
//
// Time is counted, not waited for: the sink's function holds each frame until the example says
// that its 300 ms are over. So survivors and ages are exact, and the same in every run.
// Options: --max N (default 3), --leaky no|upstream|downstream (default: all three in turn).
// Limit: one producer that never stops; a real camera would miss frames where this one waits.

#include "example.h"

#define FRAMES 20
#define FRAME_MS 100
#define SINK_MS 300

// The sink: at most one frame inside, let go by release.
static GmMutex  lock = GM_MUTEX_INIT;
static GmCond   changed = GM_COND_INIT;
static unsigned taken, released, now_ms; // guarded by lock
static unsigned shown[FRAMES], age[FRAMES]; // PTS and now - PTS, in ms, of each frame taken
static unsigned disconts;

static GmFlowReturn sink_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    (void)parent;
    gm_mutex_lock(&lock);
    shown[taken] = (unsigned)(GM_BUFFER_PTS(buffer) / (GmClockTime)GM_MSECOND);
    age[taken] = now_ms - shown[taken];
    if (taken > 0 && GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_DISCONT))
        disconts++;
    unsigned number = ++taken;
    gm_cond_broadcast(&changed);
    while (released < number)
        gm_cond_wait(&changed, &lock, GM_WAIT_APP, pad);
    gm_mutex_unlock(&lock);
    gm_buffer_unref(buffer);
    return GM_FLOW_OK;
}

static void wait_taken(unsigned count)
{
    gm_mutex_lock(&lock);
    while (taken < count)
        gm_cond_wait(&changed, &lock, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&lock);
}

static unsigned level(GmElement *queue)
{
    unsigned buffers;

    gm_object_get(queue, "current-level-buffers", &buffers, NULL);
    return buffers;
}

// 300 ms are over: the sink lets its frame go and takes the next one, if there is one.
static void next_frame(GmElement *queue, unsigned at_ms)
{
    bool more = level(queue) > 0;

    gm_mutex_lock(&lock);
    now_ms = at_ms;
    unsigned want = ++released + (more ? 1 : 0);
    gm_cond_broadcast(&changed);
    gm_mutex_unlock(&lock);
    wait_taken(want);
}

static void feed(GmElement *queue, GmPad *camera, bool waits, unsigned max)
{
    unsigned sink_free = SINK_MS; // when the sink is done with what it has

    for (unsigned i = 0; i < FRAMES; i++) {
        for (; sink_free <= i * FRAME_MS; sink_free += SINK_MS)
            next_frame(queue, sink_free);
        // In earnest the push would block here, as in example 08, until the sink takes a frame.
        for (; waits && level(queue) == max; sink_free += SINK_MS)
            next_frame(queue, sink_free);
        GmBuffer *frame = gm_buffer_new();
        GM_BUFFER_PTS(frame) = i * FRAME_MS * GM_MSECOND;
        gm_pad_push(camera, frame);
        if (i == 0)
            wait_taken(1);
    }
    for (; level(queue) > 0; sink_free += SINK_MS)
        next_frame(queue, sink_free);
    next_frame(queue, sink_free); // the last one goes
}

typedef struct { unsigned shown, last_pts, oldest; uint64_t dropped; bool right; } Run;

static Run run(const char *leaky, unsigned max)
{
    GmElement *queue = gm_object_ref_sink(gm_element_factory_make("queue", "queue"));
    GmPad *camera = gm_object_ref_sink(gm_pad_new("camera", GM_PAD_SRC));
    GmPad *sink = gm_object_ref_sink(gm_pad_new("sink", GM_PAD_SINK));
    GmPad *in = gm_element_get_static_pad(queue, "sink");
    GmPad *out = gm_element_get_static_pad(queue, "src");
    GmSegment segment;
    Run r = { .right = true };

    taken = released = now_ms = disconts = 0;
    gm_object_set_from_string(queue, "leaky", leaky, NULL);
    gm_object_set(queue, "max-size-buffers", max, NULL);
    gm_pad_set_chain_function(sink, sink_chain);
    r.right &= gm_pad_link(camera, in) == GM_PAD_LINK_OK;
    r.right &= gm_pad_link(out, sink) == GM_PAD_LINK_OK;
    gm_pad_set_active(sink, true);
    gm_element_set_state(queue, GM_STATE_PAUSED);
    gm_pad_set_active(camera, true);
    gm_pad_push_event(camera, gm_event_new_stream_start("camera"));
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_pad_push_event(camera, gm_event_new_segment(&segment));
    feed(queue, camera, strcmp(leaky, "no") == 0, max);
    gm_object_get(queue, "dropped", &r.dropped, NULL);
    gm_element_set_state(queue, GM_STATE_NULL);
    gm_pad_set_active(sink, false);
    gm_pad_set_active(camera, false);

    printf("\nleaky=%s max-size-buffers=%u\n  PTS shown:", leaky, max);
    for (unsigned i = 0; i < taken; i++)
        printf(" %4u", shown[i]);
    printf("\n  age in ms:");
    for (unsigned i = 0; i < taken; i++) {
        printf(" %4u", age[i]);
        r.oldest = age[i] > r.oldest ? age[i] : r.oldest;
        r.right &= i == 0 || shown[i] > shown[i - 1];
    }
    printf("\n  %u shown + %" PRIu64 " dropped of %u\n", taken, r.dropped, FRAMES);
    r.shown = taken;
    r.last_pts = shown[taken - 1];
    gm_object_unref(in);
    gm_object_unref(out);
    gm_object_unref(camera);
    gm_object_unref(sink);
    gm_object_unref(queue);
    example_expect(r.right && r.shown + r.dropped == FRAMES,
                   "in order, and every frame accounted for");
    example_expect((disconts > 0) == (r.dropped > 0),
                   "the frame after a gap carries DISCONT: %u do", disconts);
    return r;
}

static bool was_shown(const unsigned *pts, unsigned n)
{
    return taken == n && memcmp(shown, pts, n * sizeof *pts) == 0;
}

int main(int argc, char **argv)
{
    // Worked out by hand: at each 300 ms the sink takes a frame first, then the camera's comes.
    static const unsigned up[] = { 0, 100, 200, 300, 400, 600, 900, 1200, 1500, 1800 };
    static const unsigned down[] = { 0, 100, 300, 600, 900, 1200, 1500, 1700, 1800, 1900 };
    const char *only = NULL;
    unsigned max = 3;

    gm_init(&argc, &argv);
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--max") == 0 && atoi(argv[i + 1]) > 0)
            max = (unsigned)atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--leaky") == 0)
            only = argv[i + 1];
    }
    example_begin("10 Leaky modes: which frame would you rather lose?",
                  "camera, 100 ms a frame  -->  queue (3)  -->  sink, 300 ms a frame",
                  "no: every frame comes, later and later\n"
                  "upstream: old frames survive, the newest are lost; the age stays high\n"
                  "downstream: the oldest are lost; the age is lower, and the last frame is seen");
    if (only) {
        run(only, max);
        return example_end();
    }
    Run no = run("no", max);
    Run upstream = run("upstream", max);
    bool up_right = max != 3 || was_shown(up, GM_LEN(up));
    Run downstream = run("downstream", max);
    bool down_right = max != 3 || was_shown(down, GM_LEN(down));

    puts("");
    example_expect(no.dropped == 0 && no.oldest == (FRAMES - 1) * (SINK_MS - FRAME_MS),
                   "no: nothing lost, the last frame is %u ms old when it is seen", no.oldest);
    example_expect(up_right && down_right, "the survivors are the ones that were predicted");
    example_expect(downstream.oldest < upstream.oldest && upstream.oldest < no.oldest,
                   "oldest frame seen: downstream %u < upstream %u < no %u ms", downstream.oldest,
                   upstream.oldest, no.oldest);
    example_expect(downstream.last_pts == (FRAMES - 1) * FRAME_MS &&
                       upstream.last_pts <= downstream.last_pts,
                   "downstream keeps the newest frame: %u ms; upstream ends with %u ms",
                   downstream.last_pts, upstream.last_pts);
    puts("\n"
         "GStreamer: queue leaky=no|upstream|downstream does just this; for live video one usually\n"
         "wants downstream. The name says at which end it leaks: upstream is where data enters.");
    return example_end();
}
