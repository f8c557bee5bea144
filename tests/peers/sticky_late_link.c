// SPDX-License-Identifier: MIT
//
// sticky_late_link: sticky events that a pad keeps for who is linked later: which, in what order, when
// they arrive, what a flush, a relink, a refusal and a dropped event change; events of one type
// with several names; what gm_pad_sticky_events_foreach may do.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include "gstmini.h"
#include "peers.h"

static int refuse; // a GmEventType that the sink says false to

static GmFlowReturn on_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    printf("    %s chain ", GM_PAD_NAME(pad));
    show_buffer(buffer);
    printf("\n");
    gm_buffer_unref(buffer);
    return GM_FLOW_OK;
}

static GM_BOOL on_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    int ok = (int)GM_EVENT_TYPE(event) != refuse;

    printf("    %s event ", GM_PAD_NAME(pad));
    show_event(event);
    printf("%s\n", ok ? "" : " refused");
    gm_event_unref(event);
    return ok;
}

static GM_BOOL on_default(GmPad *pad, GmObject *parent, GmEvent *event)
{
    printf("    %s event ", GM_PAD_NAME(pad));
    show_event(event);
    printf("\n");
    return gm_pad_event_default(pad, parent, event);
}

static GM_BOOL on_sticky(GmPad *pad, GmEvent **event, void *data)
{
    printf("   %s keeps ", GM_PAD_NAME(pad));
    show_event(*event);
    printf("\n");
    return 1;
}

static void show(GmPad *pad)
{
    gm_pad_sticky_events_foreach(pad, on_sticky, NULL);
}

static GM_BOOL on_edit(GmPad *pad, GmEvent **event, void *data)
{
    if (GM_EVENT_TYPE(*event) == GM_EVENT_TAG) {
        gm_event_unref(*event);
        *event = NULL;
    } else if (GM_EVENT_TYPE(*event) == GM_EVENT_STREAM_START) {
        gm_event_unref(*event);
        *event = gm_event_new_stream_start("edited");
    }
    return GM_EVENT_TYPE(*event != NULL ? *event : gm_event_new_eos()) != GM_EVENT_SEGMENT;
}

static GmPad *new_sink(const char *name)
{
    GmPad *sink = gm_pad_new(name, GM_PAD_SINK);

    gm_pad_set_chain_function(sink, on_chain);
    gm_pad_set_event_function(sink, on_event);
    gm_pad_set_active(sink, 1);
    return sink;
}

static void push(GmPad *src, GmClockTime pts)
{
    GmBuffer *b = gm_buffer_new();
    GM_BUFFER_PTS(b) = pts;
    printf("  push %s\n", gm_flow_get_name(gm_pad_push(src, b)));
}

static void event(GmPad *src, GmEvent *e)
{
    const char *name = gm_event_type_get_name(GM_EVENT_TYPE(e));
    printf("  %s %d\n", name, gm_pad_push_event(src, e));
}

static void custom(GmPad *src, const char *name)
{
    event(src, gm_event_new_custom(GM_EVENT_CUSTOM_DOWNSTREAM_STICKY, gm_structure_new_empty(name)));
}

static void caps(GmPad *src, const char *text)
{
    GmCaps *c = gm_caps_from_string(text);
    event(src, gm_event_new_caps(c));
    gm_caps_unref(c);
}

static void segment(GmPad *src, uint64_t start)
{
    GmSegment s;
    gm_segment_init(&s, GM_FORMAT_TIME);
    s.start = s.time = start;
    event(src, gm_event_new_segment(&s));
}

static GmEvent *tag(const char *title)
{
    return gm_event_new_tag(gm_tag_list_new(GM_TAG_TITLE, title, NULL));
}

static void late(int with_buffer)
{
    GmPad *src = gm_pad_new("src", GM_PAD_SRC), *a = new_sink("a"), *b = new_sink("b");

    printf("late link, %s\n", with_buffer ? "a buffer" : "an event");
    gm_pad_set_active(src, 1);
    event(src, gm_event_new_stream_start("one"));
    custom(src, "first");
    segment(src, 5);
    caps(src, "x/y, a=(int)1");
    custom(src, "second");
    event(src, tag("t1"));
    event(src, gm_event_new_gap(1, 2));
    event(src, tag("t2"));
    show(src);
    printf(" link a %d\n", gm_pad_link(src, a));
    show(a);
    if (with_buffer)
        push(src, 1);
    else
        event(src, gm_event_new_gap(3, 1));
    show(a);
    push(src, 2);
    printf(" changes\n");
    custom(src, "first");
    caps(src, "x/y, a=(int)2");
    caps(src, "x/y, a=(int)2");
    segment(src, 6);
    push(src, 3);
    printf(" relink\n");
    gm_pad_unlink(src, a);
    printf(" link b %d\n", gm_pad_link(src, b));
    push(src, 4);
    show(b);
    printf(" back to a\n");
    gm_pad_unlink(src, b);
    printf(" link a %d\n", gm_pad_link(src, a));
    push(src, 5);
    printf(" flush\n");
    event(src, gm_event_new_flush_start());
    event(src, gm_event_new_flush_stop(0));
    show(src);
    show(a);
    push(src, 6);
    segment(src, 7);
    push(src, 7);
    printf(" eos while not linked\n");
    gm_pad_unlink(src, a);
    event(src, gm_event_new_eos());
    show(src);
    printf(" link b %d\n", gm_pad_link(src, b));
    event(src, gm_event_new_custom(GM_EVENT_CUSTOM_DOWNSTREAM_OOB, gm_structure_new_empty("oob")));
    event(src, tag("t3"));
    show(b);
    printf(" edited\n");
    gm_pad_sticky_events_foreach(src, on_edit, NULL);
    show(src);
    gm_object_unref(src);
    gm_object_unref(a);
    gm_object_unref(b);
}

static void refused(GmEventType what)
{
    GmPad *src = gm_pad_new("src", GM_PAD_SRC), *a = new_sink("a");

    printf("refused %s\n", gm_event_type_get_name(what));
    refuse = what;
    gm_pad_set_active(src, 1);
    event(src, gm_event_new_stream_start("one"));
    caps(src, "x/y, a=(int)1");
    segment(src, 5);
    event(src, tag("t1"));
    printf(" link %d\n", gm_pad_link(src, a));
    push(src, 1);
    push(src, 2);
    show(a);
    caps(src, "x/z");
    event(src, tag("t2"));
    push(src, 3);
    refuse = 0;
    push(src, 4);
    show(a);
    gm_object_unref(src);
    gm_object_unref(a);
}

static GmPadProbeReturn on_probe(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    GmEvent *e = GM_PAD_PROBE_INFO_EVENT(info);

    printf("    probe on %s: ", GM_PAD_NAME(pad));
    show_event(e);
    printf("\n");
    return GM_EVENT_TYPE(e) == *(GmEventType *)data ? GM_PAD_PROBE_DROP : GM_PAD_PROBE_OK;
}

static void dropped(GmEventType what, int at_sink)
{
    GmPad *src = gm_pad_new("src", GM_PAD_SRC), *a = new_sink("a");

    printf("dropped %s on %s\n", gm_event_type_get_name(what), at_sink ? "sink" : "src");
    gm_pad_set_active(src, 1);
    gm_pad_add_probe(at_sink ? a : src, GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_probe, &what, NULL);
    event(src, gm_event_new_stream_start("one"));
    caps(src, "x/y, a=(int)1");
    printf(" link %d\n", gm_pad_link(src, a));
    segment(src, 5);
    event(src, tag("t1"));
    push(src, 1);
    push(src, 2);
    show(src);
    show(a);
    gm_object_unref(src);
    gm_object_unref(a);
}

static void wrong_order(void)
{
    GmPad *src = gm_pad_new("src", GM_PAD_SRC), *a = new_sink("a");

    printf("wrong orders\n");
    gm_pad_set_active(src, 1);
    printf(" link %d\n", gm_pad_link(src, a));
    event(src, tag("t0"));
    segment(src, 1);
    caps(src, "x/y");
    event(src, gm_event_new_stream_start("late"));
    push(src, 1);
    show(src);
    show(a);
    printf(" store %d", gm_pad_store_sticky_event(src, gm_event_new_stream_start("stored")));
    printf(" inactive %d\n", gm_pad_set_active(src, 0));
    printf(" store %d\n", gm_pad_store_sticky_event(src, gm_event_new_stream_start("stored")));
    show(src);
    gm_object_unref(src);
    gm_object_unref(a);
}

// Through an element: a branch that joins a running tee, and an identity.
static void joins(void)
{
    GmElement *tee = gm_element_factory_make("tee", "t"), *id = gm_element_factory_make("identity", "i");
    GmPad *src = gm_pad_new("src", GM_PAD_SRC), *a = new_sink("a"), *b = new_sink("b"), *p, *q, *out;

    printf("a branch joins\n");
    gm_object_ref_sink(tee);
    gm_object_ref_sink(id);
    gm_pad_set_event_function(a, on_default);
    p = gm_element_get_static_pad(tee, "sink");
    gm_pad_set_active(src, 1);
    printf(" %d\n", gm_pad_link(src, p));
    gm_object_unref(p);
    q = gm_element_get_static_pad(id, "sink");
    out = gm_element_get_static_pad(id, "src");
    p = gm_element_request_pad_simple(tee, "src_%u");
    printf(" %d", gm_pad_link(p, q));
    printf(" %d\n", gm_pad_link(out, a));
    gm_element_set_state(tee, GM_STATE_PAUSED);
    gm_element_set_state(id, GM_STATE_PAUSED);
    event(src, gm_event_new_stream_start("one"));
    caps(src, "x/y, a=(int)1");
    segment(src, 3);
    event(src, tag("t1"));
    push(src, 1);
    gm_object_unref(p);
    p = gm_element_request_pad_simple(tee, "src_%u");
    show(p);
    printf(" %d\n", gm_pad_link(p, b));
    push(src, 2);
    event(src, gm_event_new_eos());
    gm_object_unref(p);
    p = gm_element_request_pad_simple(tee, "src_%u");
    show(p);
    gm_element_set_state(tee, GM_STATE_NULL);
    gm_element_set_state(id, GM_STATE_NULL);
    show(p);
    show(out);
    gm_object_unref(p);
    gm_object_unref(q);
    gm_object_unref(out);
    gm_object_unref(src);
    gm_object_unref(tee);
    gm_object_unref(id);
    gm_object_unref(a);
    gm_object_unref(b);
}

int main(int argc, char **argv)
{
    static const GmEventType types[] = { GM_EVENT_STREAM_START, GM_EVENT_CAPS, GM_EVENT_SEGMENT, GM_EVENT_TAG };

    gm_init(NULL, NULL);
    late(0);
    late(1);
    for (size_t i = 0; i < PEERS_LEN(types); i++) {
        refused(types[i]);
        dropped(types[i], 0);
        dropped(types[i], 1);
    }
    wrong_order();
    joins();
    return 0;
}
