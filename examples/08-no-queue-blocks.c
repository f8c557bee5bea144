// SPDX-License-Identifier: MIT
//
// 08-no-queue-blocks: a slow sink holds the thread of a live source.
//
//     livesrc 30 fps  -->  sink that takes 100 ms for each frame
//
// A push is a function call: the camera's thread is inside the sink for as long as the sink needs.
// Frames whose time goes by meanwhile are lost. The same with a queue: 09-queue-decouples, whose
// figure is measured here as well, so that both come from one run.
// Option: --upload MS sets the time the sink takes (default 100).
// Limit: the sink only waits; a real upload would also use the network.

#include "example.h"

typedef struct {
    ExampleTrack *camera;
    double        gap_ms, lateness_ms;
    uint64_t      generated, dropped;
    bool          same_thread; // the sink ran on the thread that left the camera
} Run;

static _Atomic int camera_thread, sink_thread;

static GmPadProbeReturn remember_thread(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)pad;
    (void)info;
    *(_Atomic int *)data = gm_thread_get_id();
    return GM_PAD_PROBE_OK;
}

static void watch_thread(GmElement *pipeline, const char *element, const char *name, _Atomic int *id)
{
    GmElement *el = example_get(pipeline, element);
    GmPad *pad = gm_element_get_static_pad(el, name);

    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, remember_thread, id, NULL);
    gm_object_unref(pad);
    gm_object_unref(el);
}

// `slow` is an identity that sleeps: where a real sink would upload.
static Run run(const char *between, unsigned upload_ms)
{
    Run result = { 0 };
    char line[300];

    snprintf(line, sizeof line,
             "livesrc name=camera fps=30 %s ! identity name=slow sleep-time=%u ! fakesink name=sink sync=false",
             between, upload_ms * 1000);
    printf("\n$ gstmini-launch %s\n", line);
    GmElement *pipeline = example_launch(line);
    GmElement *camera = example_get(pipeline, "camera");
    result.camera = example_track(pipeline, "camera", "src");
    watch_thread(pipeline, "camera", "src", &camera_thread);
    watch_thread(pipeline, "sink", "sink", &sink_thread);
    ExampleLateness *lateness = example_lateness_start();
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    example_run_for(pipeline, 2.5);
    result.lateness_ms = example_lateness_end(lateness);
    gm_object_get(camera, "frames-generated", &result.generated, "frames-dropped", &result.dropped, NULL);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    result.gap_ms = example_max_gap_ms(result.camera);
    result.same_thread = camera_thread == sink_thread;
    printf("camera: %" PRIu64 " frames, %" PRIu64 " dropped, longest gap %.1f ms\n", result.generated,
           result.dropped, result.gap_ms);
    gm_object_unref(camera);
    gm_object_unref(pipeline);
    return result;
}

int main(int argc, char **argv)
{
    unsigned upload = 100;

    gm_init(&argc, &argv);
    if (argc == 3 && strcmp(argv[1], "--upload") == 0)
        upload = (unsigned)atoi(argv[2]);
    example_begin("08 Without a queue a slow sink blocks a live source",
                  "livesrc 30 fps  -->  sink that takes 100 ms per frame",
                  "frames come 100 ms apart instead of 33 ms\n"
                  "the camera drops what it cannot deliver\n"
                  "with a queue (second run) the gaps are back at 33 ms");
    Run without = run("", upload);
    Run with = run("! queue leaky=upstream max-size-buffers=10", upload);

    puts("");
    if (upload >= 50) {
        example_expect(without.gap_ms >= 0.9 * upload, "without a queue: longest gap %.1f ms >= %.0f ms",
                       without.gap_ms, 0.9 * upload);
        example_expect(without.dropped > 0, "the camera lost %" PRIu64 " frames", without.dropped);
    }
    example_expect(without.same_thread, "camera and sink ran on one thread: the camera was blocked in its push");
    example_expect_gap("with a queue", with.gap_ms, 40, with.lateness_ms);
    example_expect(!with.same_thread, "with a queue they ran on two threads");
    free(without.camera);
    free(with.camera);
    return example_end();
}
