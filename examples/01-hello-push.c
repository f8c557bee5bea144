// SPDX-License-Identifier: MIT
//
// 01-hello-push: a push is a function call.
//
//     src  --gm_pad_push-->  sink: chain function
//
// Two pads made by hand, nothing else: no element, no pipeline, no thread of the library's. The
// push enters the chain function of the other side and comes back with what that returned.
// Limit: pads without elements send no caps and no clock; the chain function only counts.

#include "example.h"

static unsigned depth;        // 1 inside a push, 2 inside chain
static unsigned deepest, step; // step: every enter and leave takes the next number
static int      chain_thread;
static uint64_t seen;

static GmFlowReturn chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    (void)parent;
    deepest = ++depth > deepest ? depth : deepest;
    step++;
    chain_thread = gm_thread_get_id();
    example_log_at(depth, GM_PAD_NAME(pad), "enter chain, buffer %" PRIu64 ", thread %d",
                   GM_BUFFER_OFFSET(buffer), chain_thread);
    seen++;
    GmFlowReturn ret = GM_BUFFER_OFFSET(buffer) < 2 ? GM_FLOW_OK : GM_FLOW_EOS;
    gm_buffer_unref(buffer); // it came with its reference: whoever gets it, frees it
    example_log_at(depth, GM_PAD_NAME(pad), "leave chain with \"%s\"", gm_flow_get_name(ret));
    depth--;
    return ret;
}

// One push: before, inside and after it `step` must be n, n + 1, n + 2.
static GmFlowReturn push(GmPad *src, uint64_t number, bool *nested)
{
    GmBuffer *buffer = gm_buffer_new();
    unsigned before = step;

    GM_BUFFER_OFFSET(buffer) = number;
    depth++;
    example_log_at(depth, GM_PAD_NAME(src), "push buffer %" PRIu64 " …", number);
    GmFlowReturn ret = gm_pad_push(src, buffer);
    *nested &= step == before + 1;
    example_log_at(depth, GM_PAD_NAME(src), "… came back with \"%s\"", gm_flow_get_name(ret));
    depth--;
    return ret;
}

int main(int argc, char **argv)
{
    GmSegment segment;
    bool nested = true;

    gm_init(&argc, &argv);
    example_begin("01 Hello, push: a link is a function call", "src  --push-->  sink",
                  "\"chain\" is entered before the push comes back\n"
                  "both run on one thread\n"
                  "what chain returns is what the push returns");
    GmPad *src = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    GmPad *sink = gm_object_ref_sink(gm_pad_new("sink", GM_PAD_SINK));
    gm_pad_set_chain_function(sink, chain);

    // A stream begins with who it is and which times it has. The pad keeps that and tells it to
    // whoever is linked later.
    gm_pad_set_active(src, true);
    gm_pad_push_event(src, gm_event_new_stream_start("hello"));
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_pad_push_event(src, gm_event_new_segment(&segment));
    GmFlowReturn unlinked = gm_pad_push(src, gm_buffer_new());
    GmPadLinkReturn link = gm_pad_link(src, sink);
    GmFlowReturn inactive = gm_pad_push(src, gm_buffer_new());
    gm_pad_set_active(sink, true);

    GmFlowReturn first = push(src, 0, &nested), second = push(src, 1, &nested),
                 third = push(src, 2, &nested);

    puts("");
    example_expect(link == GM_PAD_LINK_OK, "the link is %s", gm_pad_link_get_name(link));
    example_expect(nested && deepest == 2,
                   "each push holds one chain call: nesting depth %u", deepest);
    example_expect(chain_thread == gm_thread_get_id(), "chain ran on the thread of main");
    example_expect(first == GM_FLOW_OK && second == GM_FLOW_OK && third == GM_FLOW_EOS,
                   "the pushes returned what chain returned: %s, %s, %s", gm_flow_get_name(first),
                   gm_flow_get_name(second), gm_flow_get_name(third));
    example_expect(unlinked == GM_FLOW_NOT_LINKED && inactive == GM_FLOW_FLUSHING && seen == 3,
                   "pads that are not linked or not active take no data: %s, %s",
                   gm_flow_get_name(unlinked), gm_flow_get_name(inactive));
    gm_pad_set_active(src, false);
    gm_pad_set_active(sink, false);
    gm_object_unref(src);
    gm_object_unref(sink);
    puts("\n"
         "GStreamer: gst_pad_push () ends in the peer's chain function, just so (gstpad.c,\n"
         "gst_pad_chain_data_unchecked); it takes the buffer, success or not, as here.");
    return example_end();
}
