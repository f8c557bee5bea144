// SPDX-License-Identifier: MIT
//
// pad_push_flows: what gm_pad_push answers in every situation (no peer, inactive, flushing, EOS,
// no chain function, the chain function's own answer), the last flow return, event results, and how
// EOS and flushes change the pads; pad offsets; the same through identity and a tee.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include "gstmini.h"
#include "peers.h"

static GmFlowReturn answer;

static GmFlowReturn on_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    printf("    %s chain ", GM_PAD_NAME(pad));
    show_buffer(buffer);
    printf("\n");
    gm_buffer_unref(buffer);
    return answer;
}

static GM_BOOL event_answer;

static GM_BOOL on_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    printf("    %s event ", GM_PAD_NAME(pad));
    show_event(event);
    printf(" -> %d\n", event_answer);
    gm_event_unref(event);
    return event_answer;
}

static GmBuffer *make(GmClockTime pts)
{
    GmBuffer *b = gm_buffer_new_memdup("abc", 3);
    GM_BUFFER_PTS(b) = pts;
    return b;
}

static void push(GmPad *pad, GmClockTime pts)
{
    GmFlowReturn ret = gm_pad_push(pad, make(pts));
    printf("  push: %s, last %s eos %d\n", gm_flow_get_name(ret),
           gm_flow_get_name(gm_pad_get_last_flow_return(pad)), GM_PAD_IS_EOS(pad));
}

static void event(GmPad *pad, GmEvent *e)
{
    const char *name = gm_event_type_get_name(GM_EVENT_TYPE(e));
    printf("  %s: %d", name, gm_pad_push_event(pad, e));
    printf(" eos %d flushing %d last %s\n", GM_PAD_IS_EOS(pad), GM_PAD_IS_FLUSHING(pad),
           gm_flow_get_name(gm_pad_get_last_flow_return(pad)));
}

static void begin(GmPad *pad, const char *id)
{
    GmSegment s;
    GmCaps *caps = gm_caps_from_string("x/y, a=(int)1");

    event(pad, gm_event_new_stream_start(id));
    event(pad, gm_event_new_caps(caps));
    gm_segment_init(&s, GM_FORMAT_TIME);
    event(pad, gm_event_new_segment(&s));
    gm_caps_unref(caps);
}

static void show_sticky(GmPad *pad)
{
    static const GmEventType types[] = { GM_EVENT_STREAM_START, GM_EVENT_CAPS, GM_EVENT_SEGMENT,
                                         GM_EVENT_TAG, GM_EVENT_EOS };
    printf("   %s holds", GM_PAD_NAME(pad));
    for (size_t i = 0; i < PEERS_LEN(types); i++) {
        GmEvent *e = gm_pad_get_sticky_event(pad, types[i], 0);
        if (e != NULL) {
            printf(" %s", gm_event_type_get_name(types[i]));
            gm_event_unref(e);
        }
    }
    printf("\n");
}

static void flows(void)
{
    static const GmFlowReturn answers[] = { GM_FLOW_OK, GM_FLOW_NOT_LINKED, GM_FLOW_FLUSHING,
                                            GM_FLOW_EOS, GM_FLOW_NOT_NEGOTIATED, GM_FLOW_ERROR,
                                            GM_FLOW_NOT_SUPPORTED, GM_FLOW_CUSTOM_SUCCESS,
                                            GM_FLOW_CUSTOM_SUCCESS_2, GM_FLOW_CUSTOM_ERROR,
                                            GM_FLOW_CUSTOM_ERROR_2 };
    GmPad *src = gm_pad_new("src", GM_PAD_SRC), *sink = gm_pad_new("sink", GM_PAD_SINK);

    printf("inactive, not linked\n");
    push(src, 0);
    event(src, gm_event_new_flush_start());
    event(src, gm_event_new_eos());
    gm_pad_set_active(src, 1);
    printf("active, not linked\n");
    push(src, 0);
    begin(src, "one");
    push(src, 1);
    event_answer = 1;
    printf("linked to an inactive pad without functions %d\n", gm_pad_link(src, sink));
    push(src, 2);
    event(src, gm_event_new_gap(0, 1));
    gm_pad_set_event_function(sink, on_event);
    gm_pad_set_active(sink, 1);
    printf("sink active, no chain function\n");
    push(src, 3);
    gm_pad_set_chain_function(sink, on_chain);
    printf("answers\n");
    for (size_t i = 0; i < PEERS_LEN(answers); i++) {
        answer = answers[i];
        push(src, 10 + i);
    }
    answer = GM_FLOW_OK;
    printf("events refused\n");
    event_answer = 0;
    event(src, gm_event_new_gap(5, 1));
    event(src, gm_event_new_tag(gm_tag_list_new_empty()));
    push(src, 30);
    event_answer = 1;
    push(src, 31);
    show_sticky(src);
    show_sticky(sink);
    printf("eos, then data\n");
    event(src, gm_event_new_eos());
    push(src, 40);
    event(src, gm_event_new_gap(5, 1));
    event(src, gm_event_new_eos());
    event(src, gm_event_new_stream_start("one"));
    push(src, 41);
    show_sticky(src);
    show_sticky(sink);
    printf("flush after eos\n");
    event(src, gm_event_new_flush_start());
    push(src, 50);
    event(src, gm_event_new_gap(5, 1));
    event(src, gm_event_new_flush_stop(1));
    show_sticky(src);
    show_sticky(sink);
    push(src, 51);
    begin(src, "two");
    push(src, 52);
    printf("eos, then a new stream\n");
    event(src, gm_event_new_eos());
    event(src, gm_event_new_stream_start("three"));
    push(src, 60);
    show_sticky(sink);
    printf("sink deactivated and back\n");
    gm_pad_set_active(sink, 0);
    push(src, 70);
    show_sticky(sink);
    gm_pad_set_active(sink, 1);
    push(src, 71);
    show_sticky(sink);
    printf("src deactivated and back\n");
    gm_pad_set_active(src, 0);
    push(src, 80);
    show_sticky(src);
    gm_pad_set_active(src, 1);
    show_sticky(src);
    begin(src, "four");
    push(src, 81);
    printf("offsets\n");
    gm_pad_set_offset(src, 100);
    printf("  offset %" PRId64 "\n", gm_pad_get_offset(src));
    push(src, 90);
    gm_pad_set_offset(src, -40);
    push(src, 91);
    gm_pad_set_offset(src, 0); // one at a time: docs/left-out.md
    gm_pad_set_offset(sink, 7);
    push(src, 92);
    printf("unlinked again %d\n", gm_pad_unlink(src, sink));
    push(src, 95);
    event(src, gm_event_new_eos());
    printf("link again %d\n", gm_pad_link(src, sink));
    push(src, 96);
    show_sticky(sink);
    gm_object_unref(src);
    gm_object_unref(sink);
}

static void lists(void)
{
    GmPad *src = gm_pad_new("src", GM_PAD_SRC), *sink = gm_pad_new("sink", GM_PAD_SINK);

    event_answer = 1;
    gm_pad_set_chain_function(sink, on_chain);
    gm_pad_set_event_function(sink, on_event);
    gm_pad_set_active(src, 1);
    gm_pad_set_active(sink, 1);
    printf("lists without a list function %d\n", gm_pad_link(src, sink));
    begin(src, "s");
    for (int i = 0; i < 4; i++) {
        GmBufferList *list = gm_buffer_list_new();
        for (int k = 0; k < i; k++)
            gm_buffer_list_add(list, make(k));
        answer = i == 3 ? GM_FLOW_ERROR : GM_FLOW_OK;
        printf("  list of %d: %s\n", i, gm_flow_get_name(gm_pad_push_list(src, list)));
    }
    gm_object_unref(src);
    gm_object_unref(sink);
}

// The same through elements: own pads before and after.
static void through(const char *name, int sinks)
{
    GmElement *e = gm_element_factory_make(name, "e");
    GmPad *src = gm_pad_new("mysrc", GM_PAD_SRC), *sink[2], *in, *out[2];

    printf("through %s\n", name);
    gm_object_ref_sink(e);
    in = gm_element_get_static_pad(e, "sink");
    event_answer = 1;
    answer = GM_FLOW_OK;
    gm_pad_set_active(src, 1);
    printf(" link %d\n", gm_pad_link(src, in));
    for (int i = 0; i < sinks; i++) {
        sink[i] = gm_pad_new(i ? "mysink1" : "mysink0", GM_PAD_SINK);
        gm_pad_set_chain_function(sink[i], on_chain);
        gm_pad_set_event_function(sink[i], on_event);
        gm_pad_set_active(sink[i], 1);
        out[i] = strcmp(name, "tee") == 0 ? gm_element_request_pad_simple(e, "src_%u")
                                          : gm_element_get_static_pad(e, "src");
    }
    push(src, 1);
    to_state(e, GM_STATE_PLAYING);
    begin(src, "t");
    push(src, 2);
    for (int i = 0; i < sinks; i++) {
        printf(" link %d\n", gm_pad_link(out[i], sink[i]));
        push(src, 3 + i);
    }
    for (answer = GM_FLOW_NOT_LINKED; answer >= GM_FLOW_ERROR; answer--)
        push(src, 20 - answer);
    answer = GM_FLOW_OK;
    event(src, gm_event_new_flush_start());
    push(src, 30);
    event(src, gm_event_new_flush_stop(1));
    push(src, 31);
    begin(src, "t");
    push(src, 32);
    if (sinks > 1) {
        gm_pad_set_active(sink[0], 0);
        push(src, 40);
        gm_pad_unlink(out[0], sink[0]);
        push(src, 41);
        gm_pad_set_active(sink[1], 0);
        push(src, 42);
        gm_pad_set_active(sink[1], 1);
        push(src, 43);
    }
    event(src, gm_event_new_eos());
    push(src, 50);
    to_state(e, GM_STATE_NULL);
    push(src, 60);
    gm_pad_set_active(src, 0);
    gm_pad_unlink(src, in);
    for (int i = 0; i < sinks; i++) {
        gm_pad_set_active(sink[i], 0);
        gm_pad_unlink(out[i], sink[i]);
        gm_object_unref(out[i]);
        gm_object_unref(sink[i]);
    }
    gm_object_unref(in);
    gm_object_unref(src);
    gm_object_unref(e);
}

int main(int argc, char **argv)
{
    gm_init(NULL, NULL);
    flows();
    lists();
    through("identity", 1);
    through("tee", 2);
    return 0;
}
