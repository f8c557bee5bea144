// SPDX-License-Identifier: MIT
//
// 09-queue-decouples: the slow sink of example 08, behind a leaky queue.
//
//     livesrc 30 fps  -->  queue (10, leaky=upstream)  -->  sink that takes 100 ms for each frame
//
// The queue's own thread waits in the sink; the camera's thread comes back at once. The queue
// fills, and once it is full it throws away the newcomers: lost all the same, but where you can
// see it, count it, and choose which ones.
// Limit: a queue does not make the sink faster. Without `leaky` the camera blocks once it is full.

#include "example.h"

static unsigned highest; // level of the queue, read by the camera's thread

static GmPadProbeReturn look_at_level(GmPad *pad, GmPadProbeInfo *info, void *queue)
{
    unsigned level;

    (void)pad;
    (void)info;
    gm_object_get(queue, "current-level-buffers", &level, NULL);
    if (level > highest) {
        highest = level;
        example_log("queue", level == 10 ? "Queue FULL (%u/10)" : "level %u/10", level);
    }
    return GM_PAD_PROBE_OK;
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    example_begin("09 A queue decouples: two threads, two stacks",
                  "livesrc 30 fps  -->  queue leaky=upstream (10)  -->  sink, 100 ms per frame",
                  "frames leave the camera every 33 ms\n"
                  "the queue fills to 10 and then drops the newest\n"
                  "every frame is accounted for: out, dropped, or still inside");
    GmElement *pipeline = example_launch(
        "livesrc name=camera fps=30 ! queue name=q leaky=upstream max-size-buffers=10 ! "
        "identity sleep-time=100000 ! fakesink name=sink sync=false");
    GmElement *camera = example_get(pipeline, "camera"), *queue = example_get(pipeline, "q");
    ExampleTrack *in = example_track(pipeline, "q", "sink"), *out = example_track(pipeline, "q", "src");
    GmPad *pad = gm_element_get_static_pad(queue, "sink");
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, look_at_level, queue, NULL);
    gm_object_unref(pad);

    ExampleLateness *lateness = example_lateness_start();
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    example_run_for(pipeline, 3.0);
    double lateness_ms = example_lateness_end(lateness);
    uint64_t generated, missed, leaked;
    unsigned level;
    // Paused, nothing moves any more: the numbers below belong together.
    gm_element_set_state(pipeline, GM_STATE_PAUSED);
    gm_object_get(camera, "frames-generated", &generated, "frames-dropped", &missed, NULL);
    gm_object_get(queue, "current-level-buffers", &level, "dropped", &leaked, NULL);
    unsigned passed = in->count;
    gm_element_set_state(pipeline, GM_STATE_NULL);

    printf("\ncamera: %" PRIu64 " frames, %" PRIu64 " missed; queue: %u in, %u out, %" PRIu64
           " dropped, %u inside\n\n", generated, missed, passed, out->count, leaked, level);
    example_expect_gap("at the camera", example_max_gap_ms(in), 40, lateness_ms);
    example_expect(missed == 0 || lateness_ms > 10, "the camera missed %" PRIu64 " frames", missed);
    example_expect(highest == 10, "the queue's level rose to %u", highest);
    example_expect(leaked > 0, "the queue dropped %" PRIu64 " frames, and says so", leaked);
    example_expect(passed == out->count + leaked + level || passed == out->count + leaked + level + 1,
                   "nothing is unaccounted for: %u in = %u out + %" PRIu64 " dropped + %u inside", passed,
                   out->count, leaked, level);
    bool discont = false;
    for (unsigned i = 0; i < out->count; i++)
        discont |= i > 0 && (out->flags[i] & GM_BUFFER_FLAG_DISCONT) != 0;
    example_expect(discont, "the frame after a gap carries DISCONT");
    free(in);
    free(out);
    gm_object_unref(camera);
    gm_object_unref(queue);
    gm_object_unref(pipeline);
    return example_end();
}
