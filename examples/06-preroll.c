// SPDX-License-Identifier: MIT
//
// 06-preroll: in PAUSED one buffer is at the sink, and waits there.
//
//     fakesrc num-buffers=3  -->  fakesink
//
// PAUSED is reached when the first buffer is in the sink: it is shown as a still ("preroll") and
// held. The source's thread stands in its push. PLAYING renders that buffer, then the others.
// Limit: without a queue the source gets no further than one buffer; with one it would fill that.

#include "example.h"

static _Atomic unsigned pushed, prerolled, rendered;
static _Atomic(GmBuffer *) held, first_rendered; // addresses only

static GmPadProbeReturn count_push(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)data;
    (void)info;
    example_log(GM_OBJECT_NAME(GM_OBJECT_PARENT(pad)), "push buffer %u", ++pushed);
    return GM_PAD_PROBE_OK;
}

static void on_preroll(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    (void)pad;
    (void)data;
    held = buffer;
    example_log(GM_OBJECT_NAME(sink), "preroll with buffer %u", ++prerolled);
}

static void on_render(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    (void)pad;
    (void)data;
    if (rendered == 0)
        first_rendered = buffer;
    example_log(GM_OBJECT_NAME(sink), "render buffer %u", ++rendered);
}

int main(int argc, char **argv)
{
    GmState state;

    gm_init(&argc, &argv);
    example_begin("06 Preroll: ready to go means one buffer is there",
                  "fakesrc (3 buffers)  -->  fakesink",
                  "PAUSED takes one buffer and shows it, but does not play it\n"
                  "the second is not even pushed: the source is still inside its first push\n"
                  "PLAYING renders the held buffer first");
    GmElement *pipeline = example_launch("fakesrc name=source num-buffers=3 ! "
                                         "fakesink name=sink signal-handoffs=true");
    GmElement *source = example_get(pipeline, "source"), *sink = example_get(pipeline, "sink");
    GmPad *pad = gm_element_get_static_pad(source, "src");
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, count_push, NULL, NULL);
    gm_object_unref(pad);
    gm_signal_connect(sink, "preroll-handoff", on_preroll, NULL);
    gm_signal_connect(sink, "handoff", on_render, NULL);

    GmStateChangeReturn asked = gm_element_set_state(pipeline, GM_STATE_PAUSED);
    GmStateChangeReturn waited = gm_element_get_state(pipeline, &state, NULL, 20 * GM_SECOND);
    example_run_for(pipeline, 0.1); // time for anything that should not happen
    printf("\nPAUSED: %u pushed, %u prerolled, %u rendered\n", pushed, prerolled, rendered);
    example_expect(asked == GM_STATE_CHANGE_ASYNC, "set_state said ASYNC: not yet");
    example_expect(waited == GM_STATE_CHANGE_SUCCESS && state == GM_STATE_PAUSED,
                   "get_state waited for the buffer: PAUSED");
    example_expect(pushed == 1 && prerolled == 1, "exactly 1 buffer came to the sink");
    example_expect(rendered == 0, "0 were rendered");

    puts("");
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    bool eos = example_wait_eos(pipeline, 20);
    printf("\nPLAYING: %u pushed, %u prerolled, %u rendered\n", pushed, prerolled, rendered);
    example_expect(eos && rendered == 3 && pushed == 3, "all 3 were rendered, each once");
    example_expect(prerolled == 1 && held == first_rendered,
                   "the first one was the buffer that was held");
    gm_element_set_state(pipeline, GM_STATE_NULL);
    gm_object_unref(source);
    gm_object_unref(sink);
    gm_object_unref(pipeline);
    puts("\n"
         "GStreamer: GstBaseSink does this for every sink with async=true: a paused player shows\n"
         "the first frame. A pipeline that never gets there has a sink that gets no buffer.");
    return example_end();
}
