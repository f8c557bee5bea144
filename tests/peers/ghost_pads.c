// SPDX-License-Identifier: MIT
//
// ghost_pads: ghost pads of bins: targets set, changed, taken away; links and the internal pads;
// events, queries, buffers and caps through one and two levels; states; internal links; removal of
// the target's element; templates and names.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include "gstmini.h"
#include "peers.h"

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
    printf("    %s event ", GM_PAD_NAME(pad));
    show_event(event);
    printf("\n");
    gm_event_unref(event);
    return 1;
}

static GmPadProbeReturn on_probe(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    printf("    probe on %s type %x\n", (const char *)data, (unsigned)GM_PAD_PROBE_INFO_TYPE(info));
    return GM_PAD_PROBE_OK;
}

static const char *owner(GmPad *pad)
{
    return pad != NULL && GM_OBJECT_PARENT(pad) != NULL ? GM_OBJECT_NAME(GM_OBJECT_PARENT(pad)) : "-";
}

static void describe(const char *what, GmPad *ghost)
{
    GmPad *target = gm_ghost_pad_get_target(GM_GHOST_PAD(ghost)), *peer = gm_pad_get_peer(ghost);
    GmProxyPad *internal = gm_proxy_pad_get_internal((GmProxyPad *)ghost);
    GmPad *inner = internal != NULL ? gm_pad_get_peer((GmPad *)internal) : NULL;

    printf("  %s: %s.%s dir %d target %s.%s peer %s.%s active %d linked %d, inside dir %d peer %s.%s active %d\n",
           what, owner(ghost), GM_PAD_NAME(ghost), (int)GM_PAD_DIRECTION(ghost), owner(target),
           target != NULL ? GM_PAD_NAME(target) : "-", owner(peer), peer != NULL ? GM_PAD_NAME(peer) : "-",
           gm_pad_is_active(ghost), gm_pad_is_linked(ghost), (int)GM_PAD_DIRECTION((GmPad *)internal),
           owner(inner), inner != NULL ? GM_PAD_NAME(inner) : "-", gm_pad_is_active((GmPad *)internal));
    if (target != NULL)
        gm_object_unref(target);
    if (peer != NULL)
        gm_object_unref(peer);
    if (inner != NULL)
        gm_object_unref(inner);
    gm_object_unref(internal);
}

static void push(GmPad *src, GmClockTime pts)
{
    GmBuffer *b = gm_buffer_new();
    GM_BUFFER_PTS(b) = pts;
    printf("  push %s\n", gm_flow_get_name(gm_pad_push(src, b)));
}

static void begin(GmPad *src)
{
    GmSegment s;
    GmCaps *c = gm_caps_from_string("x/y, a=(int)1");

    gm_pad_push_event(src, gm_event_new_stream_start("one"));
    gm_pad_push_event(src, gm_event_new_caps(c));
    gm_segment_init(&s, GM_FORMAT_TIME);
    gm_pad_push_event(src, gm_event_new_segment(&s));
    gm_caps_unref(c);
}

static GmPad *ghost(GmElement *bin, const char *name, GmElement *e, const char *pad)
{
    GmPad *target = gm_element_get_static_pad(e, pad), *g = gm_ghost_pad_new(name, target);

    gm_object_unref(target);
    printf("  add %d\n", gm_element_add_pad(bin, g));
    return g;
}

static GmPad *new_sink(const char *name)
{
    GmPad *sink = gm_pad_new(name, GM_PAD_SINK);

    gm_pad_set_chain_function(sink, on_chain);
    gm_pad_set_event_function(sink, on_event);
    gm_pad_set_active(sink, 1);
    return sink;
}

static void ask(GmPad *pad)
{
    GmCaps *caps = gm_pad_query_caps(pad, NULL), *now = gm_pad_get_current_caps(pad);
    GmIterator *it = gm_pad_iterate_internal_links(pad);
    GmValue item = { 0 };
    GmCaps *test = gm_caps_from_string("x/y, a=(int)3");

    printf("  %s can ", GM_PAD_NAME(pad));
    show_caps(caps);
    printf(" has ");
    show_caps(now);
    printf(" accepts %d internal links", gm_pad_query_accept_caps(pad, test));
    while (it != NULL && gm_iterator_next(it, &item) == GM_ITERATOR_OK) {
        GmPad *p = gm_value_get_object(&item);
        printf(" dir %d owner %s", (int)GM_PAD_DIRECTION(p), owner(p));
        gm_value_reset(&item);
    }
    printf("\n");
    if (it != NULL)
        gm_iterator_free(it);
    gm_caps_unref(caps);
    gm_caps_unref(test);
    if (now != NULL)
        gm_caps_unref(now);
}

static void one_level(int levels)
{
    GmElement *bin = gm_bin_new("bin"), *outer = bin, *id = gm_element_factory_make("identity", "id");
    GmElement *id2 = gm_element_factory_make("identity", "id2");
    GmPad *src = gm_pad_new("src", GM_PAD_SRC), *sink = new_sink("sink"), *gsink, *gsrc, *p;

    printf("levels %d\n", levels);
    gm_bin_add_many(GM_BIN(bin), id, id2, NULL);
    gsink = ghost(bin, "in", id, "sink");
    gsrc = ghost(bin, "out", id, "src");
    if (levels == 2) {
        outer = gm_bin_new("outer");
        gm_bin_add(GM_BIN(outer), bin);
        gsink = ghost(outer, "in", bin, "in");
        gsrc = ghost(outer, NULL, bin, "out");
    }
    gm_object_ref_sink(outer);
    describe("sink", gsink);
    describe("src", gsrc);
    ask(gsink);
    gm_pad_set_active(src, 1);
    printf("  link %d", gm_pad_link(src, gsink));
    printf(" %d\n", gm_pad_link(gsrc, sink));
    describe("sink", gsink);
    gm_pad_add_probe(gsink, GM_PAD_PROBE_TYPE_BUFFER, on_probe, "ghost sink", NULL);
    gm_pad_add_probe(gsrc, GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_probe, "ghost src", NULL);
    push(src, 1);
    begin(src);
    to_state(outer, GM_STATE_PAUSED);
    describe("sink", gsink);
    push(src, 2);
    begin(src);
    push(src, 3);
    ask(gsink);
    ask(gsrc);
    printf("  upstream %d\n", gm_pad_push_event(sink, gm_event_new_latency(3)));
    printf(" another target\n");
    p = gm_element_get_static_pad(id2, "src");
    if (levels == 1)
        printf("  set %d\n", gm_ghost_pad_set_target(GM_GHOST_PAD(gsrc), p));
    gm_object_unref(p);
    describe("src", gsrc);
    push(src, 4);
    p = gm_element_get_static_pad(id2, "sink");
    if (levels == 1)
        printf("  set %d\n", gm_ghost_pad_set_target(GM_GHOST_PAD(gsink), p));
    gm_object_unref(p);
    push(src, 5);
    printf(" no target\n");
    printf("  set %d\n", gm_ghost_pad_set_target(GM_GHOST_PAD(gsrc), NULL));
    describe("src", gsrc);
    push(src, 6);
    ask(gsrc);
    p = gm_element_get_static_pad(id, "src");
    printf("  set sink to a source %d\n", gm_ghost_pad_set_target(GM_GHOST_PAD(gsink), p));
    gm_object_unref(p);
    describe("sink", gsink);
    push(src, 7);
    printf(" the elements go\n");
    if (levels == 1) {
        gm_element_set_state(id2, GM_STATE_NULL);
        gm_bin_remove(GM_BIN(bin), id2);
    }
    describe("sink", gsink);
    describe("src", gsrc);
    push(src, 8);
    to_state(outer, GM_STATE_NULL);
    describe("sink", gsink);
    printf("  remove %d\n", gm_element_remove_pad(outer, gsrc));
    gm_pad_set_active(src, 0);
    gm_pad_set_active(sink, 0);
    gm_object_unref(outer);
    printf("  linked %d %d\n", gm_pad_is_linked(src), gm_pad_is_linked(sink));
    gm_object_unref(src);
    gm_object_unref(sink);
}

static void no_target(void)
{
    GmPad *a = gm_ghost_pad_new_no_target("a", GM_PAD_SINK), *b, *src = gm_pad_new("src", GM_PAD_SRC);
    GmCaps *c = gm_caps_from_string("x/y, a=(int)[ 1, 2 ]");
    GmPadTemplate *templ = gm_pad_template_new("t_%u", GM_PAD_SRC, GM_PAD_REQUEST, c);
    GmElement *bin = gm_bin_new("bin"), *sink = gm_element_factory_make("fakesink", "s");

    printf("without targets\n");
    gm_object_ref_sink(bin);
    gm_object_ref_sink(templ);
    describe("a", a);
    printf("  add %d\n", gm_element_add_pad(bin, a));
    gm_pad_set_active(src, 1);
    printf("  link %d\n", gm_pad_link(src, a));
    describe("a", a);
    begin(src);
    push(src, 1);
    to_state(bin, GM_STATE_PAUSED);
    begin(src);
    push(src, 1);
    ask(a);
    gm_bin_add(GM_BIN(bin), sink);
    b = gm_element_get_static_pad(sink, "sink");
    printf("  set %d\n", gm_ghost_pad_set_target(GM_GHOST_PAD(a), b));
    describe("a", a);
    printf("  state %d\n", gm_element_sync_state_with_parent(sink));
    gm_object_unref(b);
    gm_object_set(sink, "async", 0, NULL);
    to_state(bin, GM_STATE_PLAYING);
    push(src, 2);
    to_state(bin, GM_STATE_NULL);
    b = gm_ghost_pad_new_no_target_from_template("t_1", templ);
    describe("b", b);
    ask(b);
    gm_object_unref(b);
    gm_pad_set_active(src, 0);
    gm_object_unref(bin);
    gm_object_unref(templ);
    gm_caps_unref(c);
    gm_object_unref(src);
}

static void wrong(void)
{
    GmElement *bin = gm_bin_new("bin"), *other = gm_bin_new("other"), *a = gm_element_factory_make("identity", "a");
    GmPad *p = gm_element_get_static_pad(a, "sink"), *g, *h;

    printf("wrong uses\n");
    gm_object_ref_sink(bin);
    gm_object_ref_sink(other);
    gm_bin_add(GM_BIN(bin), a);
    g = gm_ghost_pad_new("g", p);
    printf("  target twice %d\n", (h = gm_ghost_pad_new("h", p)) != NULL);
    describe("g", g);
    if (h != NULL)
        describe("h", h);
    printf("  add to another bin %d\n", gm_element_add_pad(other, g));
    describe("g", g);
    printf("  set the same %d\n", gm_ghost_pad_set_target(GM_GHOST_PAD(g), p));
    printf("  set itself %d\n", gm_ghost_pad_set_target(GM_GHOST_PAD(g), g));
    printf("  the target unlinked %d\n", gm_pad_is_linked(p));
    gm_object_unref(p);
    if (h != NULL)
        gm_object_unref(h);
    gm_object_unref(bin);
    describe("g", g);
    gm_object_unref(other);
}

int main(int argc, char **argv)
{
    gm_init(NULL, NULL);
    one_level(1);
    one_level(2);
    no_target();
    wrong();
    return 0;
}
