// SPDX-License-Identifier: MIT
//
// 02-call-stack: a pipeline without queues is one call stack.
//
//     fakesrc  -->  encoder  -->  segmenter (3 frames)  -->  sink (wants two segments)
//
// Indented by depth: source 0, encoder 2, segmenter 4, sink 6 spaces. The sink's "EOS" goes back up
// the stack: the segmenter returns it, then the encoder, and the source stops by itself.
// The elements are made in this file: a table of pads and a manifest each, registered by name.
// Limit: encoder and segmenter handle no payload; they only mark, count and log.

#include "example.h"
#include <gstmini-element.h>

static int      threads[4]; // who ran at which depth
static unsigned returned[4]; // steps at which each depth came back with EOS
static unsigned step;

static void log_return(unsigned depth, const char *name, GmFlowReturn ret)
{
    example_log_at(depth, name, "return %s", gm_flow_get_name(ret));
    if (ret == GM_FLOW_EOS)
        returned[depth] = ++step;
}

static void source_handoff(GmElement *el, GmBuffer *buffer, GmPad *pad, void *count)
{
    (void)pad;
    threads[0] = gm_thread_get_id();
    GM_BUFFER_OFFSET(buffer) = (*(unsigned *)count)++;
    example_log_at(0, GM_OBJECT_NAME(el), "push frame %" PRIu64, GM_BUFFER_OFFSET(buffer));
}

// ---- encoder: every third frame is a keyframe ----------------------------------------------

static GmFlowReturn encoder_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    GmPad *src = gm_element_peek_static_pad(GM_ELEMENT(parent), "src");
    bool keyframe = GM_BUFFER_OFFSET(buffer) % 3 == 0;

    (void)pad;
    threads[1] = gm_thread_get_id();
    buffer = gm_buffer_make_writable(buffer);
    if (!keyframe)
        GM_BUFFER_FLAG_SET(buffer, GM_BUFFER_FLAG_DELTA_UNIT);
    example_log_at(1, GM_OBJECT_NAME(parent), "encode %s", keyframe ? "keyframe" : "delta frame");
    GmFlowReturn ret = gm_pad_push(src, buffer);
    log_return(1, GM_OBJECT_NAME(parent), ret);
    return ret;
}

static const GmStaticPadTemplate encoder_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = encoder_chain },
    { .name_template = "src", .direction = GM_PAD_SRC },
    { 0 }
};
static const GmElementClass encoder_class = {
    .name = "exampleenc", .type_name = "GmExampleEnc", .parent = &gm_element_class.object,
    .longname = "Example encoder", .klass = "Codec/Encoder/Video",
    .description = "Marks keyframes", .author = "The GstMini authors", .pads = encoder_pads,
};

// ---- segmenter: pushes once for three frames -------------------------------------------------

typedef struct { unsigned frames; } Segmenter; // streaming thread only

static GmFlowReturn segmenter_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    Segmenter *s = gm_priv(parent);
    GmPad *src = gm_element_peek_static_pad(GM_ELEMENT(parent), "src");
    GmFlowReturn ret = GM_FLOW_OK;

    (void)pad;
    threads[2] = gm_thread_get_id();
    example_log_at(2, GM_OBJECT_NAME(parent), "%u of 3 frames", ++s->frames);
    if (s->frames == 3) {
        s->frames = 0;
        ret = gm_pad_push(src, buffer);
    } else {
        gm_buffer_unref(buffer);
    }
    log_return(2, GM_OBJECT_NAME(parent), ret);
    return ret;
}

static const GmStaticPadTemplate segmenter_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = segmenter_chain },
    { .name_template = "src", .direction = GM_PAD_SRC },
    { 0 }
};
static const GmElementClass segmenter_class = {
    .name = "examplesegmenter", .type_name = "GmExampleSegmenter",
    .parent = &gm_element_class.object, .longname = "Example segmenter", .klass = "Muxer",
    .description = "Groups three frames", .author = "The GstMini authors",
    .priv_size = sizeof(Segmenter), .pads = segmenter_pads,
};

// ---- sink: the base class does the rest --------------------------------------------------------

static unsigned segments; // streaming thread; read when the pipeline is down

static GmFlowReturn sink_render(GmBaseSink *sink, GmBuffer *buffer)
{
    GmFlowReturn ret = ++segments < 2 ? GM_FLOW_OK : GM_FLOW_EOS;

    (void)buffer;
    threads[3] = gm_thread_get_id();
    example_log_at(3, GM_OBJECT_NAME(sink), "segment %u is here", segments);
    log_return(3, GM_OBJECT_NAME(sink), ret);
    return ret;
}

static const GmStaticPadTemplate sink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK }, { 0 }
};
static const GmBaseSinkOps sink_ops = { .render = sink_render };
static const GmElementClass sink_class = {
    .name = "examplesink", .type_name = "GmExampleSink", .parent = &gm_base_sink_class.object,
    .longname = "Example sink", .klass = "Sink", .description = "Takes two segments",
    .author = "The GstMini authors", .pads = sink_pads, .sink = &sink_ops,
};

int main(int argc, char **argv)
{
    unsigned frames = 0;

    gm_init(&argc, &argv);
    example_begin("02 The call stack: who is inside whom",
                  "source  -->  encoder  -->  segmenter  -->  sink",
                  "the deeper the call, the further to the right\n"
                  "two times out of three the segmenter returns without calling the sink\n"
                  "\"return eos\" climbs from the sink back to the source, which then stops");
    gm_element_register(NULL, "exampleenc", GM_RANK_NONE, &encoder_class);
    gm_element_register(NULL, "examplesegmenter", GM_RANK_NONE, &segmenter_class);
    gm_element_register(NULL, "examplesink", GM_RANK_NONE, &sink_class);
    GmElement *pipeline =
        example_launch("fakesrc name=source signal-handoffs=true ! exampleenc name=encoder ! "
                       "examplesegmenter name=segmenter ! examplesink name=sink sync=false");
    GmElement *source = example_get(pipeline, "source");
    gm_signal_connect(source, "handoff", source_handoff, &frames);
    bool eos = example_play(pipeline, 20);

    puts("");
    example_expect(frames == 6 && segments == 2,
                   "%u frames made %u segments, and then the source stopped",
                   frames, segments);
    example_expect(threads[0] == threads[1] && threads[1] == threads[2] && threads[2] == threads[3],
                   "source, encoder, segmenter, sink ran on one thread: depth 3 below the source");
    example_expect(returned[3] == 1 && returned[2] == 2 && returned[1] == 3,
                   "EOS was returned by sink, then segmenter, then encoder");
    example_expect(eos, "the source turned it into an EOS event, and the sink told the bus");
    gm_object_unref(source);
    gm_object_unref(pipeline);
    puts("\n"
         "GStreamer: a GDB backtrace in a sink's render shows the same stack: gst_base_src_loop,\n"
         "gst_pad_push, chain, gst_pad_push, chain … A queue is what cuts it in two (example 09).");
    return example_end();
}
