// SPDX-License-Identifier: MIT
//
// 07-live-vs-file: a file can wait, a camera cannot.
//
//     filesrc  -->  fakesink        PAUSED: ASYNC, then SUCCESS; one buffer at the sink
//     livesrc  -->  fakesink        PAUSED: NO_PREROLL; no buffer at all
//
// What a camera sees while paused is gone. So it gives nothing in PAUSED, and the sink, with
// nothing to hold, says that there will be no preroll.
// The file is this program itself. Option: --fps N sets the camera's rate (default 30).
// Limit: that no buffer comes in PAUSED is watched for 0.2 s of real time, six frames at 30 fps.

#include "example.h"

typedef struct {
    GmStateChangeReturn paused, waited, playing, back; // what set_state and get_state said
    unsigned            in_paused, in_all;
    bool                eos;
} Run;

static Run run(const char *line)
{
    Run r = { 0 };

    printf("\n$ gstmini-launch %s\n", line);
    GmElement *pipeline = example_launch(line);
    ExampleTrack *track = example_track(pipeline, "source", "src");
    r.paused = gm_element_set_state(pipeline, GM_STATE_PAUSED);
    r.waited = gm_element_get_state(pipeline, NULL, NULL, 20 * GM_SECOND);
    example_run_for(pipeline, 0.2);
    // Nobody writes it now: the file's thread stands in its push, the camera's waits for PLAYING.
    r.in_paused = track->count;
    printf("PAUSED:  set_state %s, get_state %s, %u buffers\n",
           gm_element_state_change_return_get_name(r.paused),
           gm_element_state_change_return_get_name(r.waited), r.in_paused);
    r.playing = gm_element_set_state(pipeline, GM_STATE_PLAYING);
    r.eos = example_wait_eos(pipeline, 20);
    r.back = gm_element_set_state(pipeline, GM_STATE_PAUSED);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    r.in_all = track->count;
    printf("PLAYING: set_state %s, %u buffers; PAUSED again: %s\n",
           gm_element_state_change_return_get_name(r.playing), r.in_all,
           gm_element_state_change_return_get_name(r.back));
    gm_object_unref(pipeline);
    free(track);
    return r;
}

int main(int argc, char **argv)
{
    char line[120];
    int fps = 30;

    gm_init(&argc, &argv);
    if (argc == 3 && strcmp(argv[1], "--fps") == 0 && atoi(argv[2]) > 0)
        fps = atoi(argv[2]);
    example_begin("07 Live or file: who waits for whom", "filesrc | livesrc  -->  fakesink",
                  "PAUSED with a file: ASYNC, until a buffer is there\n"
                  "PAUSED with a camera: NO_PREROLL at once, no buffer however long you wait\n"
                  "in PLAYING both give their three buffers");
    Run file = run("filesrc name=source location=/proc/self/exe num-buffers=3 ! fakesink");
    snprintf(line, sizeof line, "livesrc name=source num-buffers=3 fps=%d ! fakesink", fps);
    Run live = run(line);

    puts("");
    example_expect(file.paused == GM_STATE_CHANGE_ASYNC && file.waited == GM_STATE_CHANGE_SUCCESS,
                   "file: PAUSED is ASYNC, then SUCCESS");
    example_expect(file.in_paused == 1,
                   "file: %u buffer waits at the sink in PAUSED", file.in_paused);
    example_expect(live.paused == GM_STATE_CHANGE_NO_PREROLL &&
                       live.waited == GM_STATE_CHANGE_NO_PREROLL,
                   "camera: PAUSED is NO_PREROLL, and stays so");
    example_expect(live.in_paused == 0, "camera: %u buffers in PAUSED", live.in_paused);
    example_expect(file.eos && file.in_all == 3 && live.eos && live.in_all == 3,
                   "in PLAYING both give their 3 buffers");
    example_expect(live.back == GM_STATE_CHANGE_NO_PREROLL,
                   "back in PAUSED the camera says NO_PREROLL again");
    puts("\nGStreamer: gst-launch-1.0 prints \"Pipeline is live and does not need PREROLL\" for\n"
         "NO_PREROLL; v4l2src, pulsesrc, videotestsrc is-live=true behave as livesrc does here.");
    return example_end();
}
