// SPDX-License-Identifier: MIT
//
// pads_links: every answer that linking two pads can give, with every set of checks; link functions,
// what is linked afterwards, elements and their pads, names that are wrong, ghosting links.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include "gstmini.h"
#include "peers.h"

static GmPad *pad(const char *name, GmPadDirection dir, const char *caps)
{
    GmCaps *c;
    GmPadTemplate *templ;
    GmPad *p;

    if (caps == NULL)
        return gm_pad_new(name, dir);
    c = gm_caps_from_string(caps);
    templ = gm_pad_template_new(name, dir, GM_PAD_ALWAYS, c);
    p = gm_pad_new_from_template(templ, name);
    gm_object_unref(templ);
    gm_caps_unref(c);
    return p;
}

static GmElement *element_with(const char *name, GmPad *p)
{
    GmElement *bin = gm_bin_new(name);

    if (p != NULL)
        printf("  add %s to %s %d\n", GM_PAD_NAME(p), name, gm_element_add_pad(bin, p));
    return bin;
}

static GmFlowReturn on_chain(GmPad *p, GmObject *parent, GmBuffer *buffer)
{
    gm_buffer_unref(buffer);
    return GM_FLOW_OK;
}

static GmPadLinkReturn answer_of_link;

static GmPadLinkReturn on_link(GmPad *p, GmObject *parent, GmPad *peer)
{
    printf("    link function of %s, peer %s, linked %d\n", GM_PAD_NAME(p), GM_PAD_NAME(peer),
           gm_pad_is_linked(p));
    return GM_PAD_DIRECTION(p) == GM_PAD_SRC ? answer_of_link : GM_PAD_LINK_OK;
}

static void on_unlink(GmPad *p, GmObject *parent)
{
    printf("    unlink function of %s\n", GM_PAD_NAME(p));
}

static void on_linked(GmPad *p, GmPad *peer, void *data)
{
    printf("    signal %s: %s with %s\n", (const char *)data, GM_PAD_NAME(p), GM_PAD_NAME(peer));
}

static void try(const char *what, GmPad *a, GmPad *b)
{
    static const GmPadLinkCheck checks[] = { GM_PAD_LINK_CHECK_DEFAULT, GM_PAD_LINK_CHECK_NOTHING,
                                             GM_PAD_LINK_CHECK_HIERARCHY,
                                             GM_PAD_LINK_CHECK_TEMPLATE_CAPS, GM_PAD_LINK_CHECK_CAPS };

    printf(" %s: can %d", what, gm_pad_can_link(a, b));
    for (size_t i = 0; i < PEERS_LEN(checks); i++) {
        GmPadLinkReturn ret = gm_pad_link_full(a, b, checks[i]);
        printf(", %x: %d %s", (unsigned)checks[i], (int)ret, gm_pad_link_get_name(ret));
        if (ret == GM_PAD_LINK_OK)
            printf(" unlink %d", gm_pad_unlink(a, b));
    }
    printf("\n");
}

static void show_links(GmElement *e)
{
    for (GmList *l = e->pads; l != NULL; l = l->next) {
        GmPad *p = l->data, *peer = gm_pad_get_peer(p);
        printf("    %s.%s -> %s.%s\n", GM_OBJECT_NAME(e), GM_PAD_NAME(p),
               peer != NULL && GM_OBJECT_PARENT(peer) != NULL ? GM_OBJECT_NAME(GM_OBJECT_PARENT(peer)) : "-",
               peer != NULL ? GM_PAD_NAME(peer) : "-");
        if (peer != NULL)
            gm_object_unref(peer);
    }
}

static void returns(void)
{
    GmPad *a = pad("a", GM_PAD_SRC, "x/a"), *b = pad("b", GM_PAD_SINK, "x/a, n=(int)1");
    GmPad *c = pad("c", GM_PAD_SINK, "x/b"), *d = pad("d", GM_PAD_SRC, NULL);
    GmPad *e = pad("e", GM_PAD_SINK, NULL);
    GmElement *bin = gm_bin_new("outer"), *one = element_with("one", NULL), *two = element_with("two", NULL);
    GmElement *inner;

    gm_object_ref_sink(bin);
    try("without parents", a, b);
    try("no common format", a, c);
    try("any with any", d, e);
    printf(" wrong direction %d %d\n", gm_pad_link(b, a), gm_pad_link(a, d));
    printf(" link %d", gm_pad_link(a, b));
    printf(" again %d other %d %d linked %d %d\n", gm_pad_link(a, b), gm_pad_link(a, e),
           gm_pad_link(d, b), gm_pad_is_linked(a), gm_pad_is_linked(e));
    printf(" unlink wrong %d right %d again %d\n", gm_pad_unlink(a, e), gm_pad_unlink(a, b),
           gm_pad_unlink(a, b));
    gm_pad_set_link_function(a, on_link);
    gm_pad_set_link_function(b, on_link);
    gm_pad_set_unlink_function(a, on_unlink);
    gm_pad_set_unlink_function(b, on_unlink);
    gm_signal_connect(a, "linked", GM_CALLBACK(on_linked), "linked");
    gm_signal_connect(a, "unlinked", GM_CALLBACK(on_linked), "unlinked");
    gm_signal_connect(b, "linked", GM_CALLBACK(on_linked), "linked");
    gm_signal_connect(b, "unlinked", GM_CALLBACK(on_linked), "unlinked");
    for (answer_of_link = GM_PAD_LINK_OK; answer_of_link >= GM_PAD_LINK_REFUSED; answer_of_link--) {
        GmPadLinkReturn ret = gm_pad_link(a, b);
        printf(" link function says %d: %d, linked %d\n", (int)answer_of_link, (int)ret, gm_pad_is_linked(a));
        if (ret == GM_PAD_LINK_OK)
            printf(" unlink %d\n", gm_pad_unlink(a, b));
    }
    answer_of_link = GM_PAD_LINK_OK;
    printf(" add pads %d %d again %d\n", gm_element_add_pad(one, a), gm_element_add_pad(two, b),
           gm_element_add_pad(two, a));
    try("one parent each, no grandparent", a, b);
    gm_bin_add(GM_BIN(bin), one);
    try("one of them in a bin", a, b);
    gm_bin_add(GM_BIN(bin), two);
    try("both in a bin", a, b);
    inner = gm_bin_new("inner");
    gm_bin_add(GM_BIN(bin), inner);
    gm_object_ref(two);
    gm_bin_remove(GM_BIN(bin), two);
    gm_bin_add(GM_BIN(inner), two);
    gm_object_unref(two);
    try("one deeper", a, b);
    printf(" same name in a bin %d\n", gm_bin_add(GM_BIN(bin), gm_bin_new("inner")));
    printf(" maybe ghosting %d\n", gm_pad_link_maybe_ghosting(a, b));
    show_links(one);
    show_links(inner);
    show_links(two);
    gm_object_unref(c);
    gm_object_unref(d);
    gm_object_unref(e);
    gm_object_unref(bin);
}

static void flags_after(void)
{
    GmPad *a = pad("a", GM_PAD_SRC, NULL), *b = pad("b", GM_PAD_SINK, NULL);

    gm_pad_set_chain_function(b, on_chain);
    printf(" new: reconfigure %d pending %d active %d flushing %d\n", gm_pad_needs_reconfigure(a),
           GM_PAD_HAS_PENDING_EVENTS(a), gm_pad_is_active(a), GM_PAD_IS_FLUSHING(a));
    gm_pad_set_active(a, 1);
    gm_pad_set_active(b, 1);
    printf(" active: reconfigure %d flushing %d mode %s\n", gm_pad_check_reconfigure(a),
           GM_PAD_IS_FLUSHING(a), gm_pad_mode_get_name(GM_PAD_MODE(a)));
    printf(" link %d reconfigure %d", gm_pad_link(a, b), gm_pad_needs_reconfigure(a));
    printf(" check %d then %d\n", gm_pad_check_reconfigure(a), gm_pad_needs_reconfigure(a));
    gm_pad_unlink(a, b);
    printf(" link full %d reconfigure %d\n",
           gm_pad_link_full(a, b, GM_PAD_LINK_CHECK_DEFAULT | GM_PAD_LINK_CHECK_NO_RECONFIGURE),
           gm_pad_needs_reconfigure(a));
    gm_pad_unlink(a, b);
    gm_pad_mark_reconfigure(a);
    printf(" mark %d send %d needs %d\n", gm_pad_check_reconfigure(a),
           gm_pad_send_event(a, gm_event_new_reconfigure()), gm_pad_needs_reconfigure(a));
    gm_object_unref(a);
    gm_object_unref(b);
}

static void by_name(const char *from, const char *fp, const char *to, const char *tp)
{
    GmElement *bin = gm_pipeline_new("p");
    GmElement *a = gm_element_factory_make(from, "a"), *b = gm_element_factory_make(to, "b");
    int done;

    gm_bin_add_many(GM_BIN(bin), a, b, NULL);
    done = gm_element_link_pads(a, fp, b, tp);
    printf(" %s.%s ! %s.%s: %d\n", from, fp != NULL ? fp : "*", to, tp != NULL ? tp : "*", done);
    show_links(a);
    show_links(b);
    if (done) {
        printf("  again %d\n", gm_element_link_pads(a, fp, b, tp));
        gm_element_unlink(a, b);
        show_links(b);
    }
    gm_object_unref(bin);
}

static void elements(void)
{
    by_name("fakesrc", NULL, "fakesink", NULL);
    by_name("fakesrc", "src", "fakesink", "sink");
    by_name("fakesrc", "nope", "fakesink", NULL);
    by_name("fakesrc", NULL, "fakesink", "nope");
    by_name("fakesink", NULL, "fakesrc", NULL);
    by_name("tee", NULL, "fakesink", NULL);
    by_name("tee", "src_%u", "fakesink", "sink");
    by_name("tee", "src_5", "fakesink", "sink");
    by_name("tee", "src_x", "fakesink", "sink");
    by_name("tee", "sink", "fakesink", "sink");
    by_name("queue", NULL, "tee", NULL);
    by_name("identity", "src", "queue", "sink");
    by_name("fakesrc", "src", "fakesrc", "src");
}

static void request(const char *name, const char *want)
{
    GmElement *tee = gm_element_factory_make(name, "t");
    GmPad *p = gm_element_request_pad_simple(tee, want), *q = gm_element_request_pad_simple(tee, want);

    gm_object_ref_sink(tee);
    printf(" %s %s: %s %s\n", name, want, p != NULL ? GM_PAD_NAME(p) : "-", q != NULL ? GM_PAD_NAME(q) : "-");
    for (int i = 0; i < 2; i++) {
        GmPad *r = i == 0 ? p : q;
        if (r == NULL)
            continue;
        gm_element_release_request_pad(tee, r);
        printf("  released, parent %d\n", GM_OBJECT_PARENT(r) != NULL);
        gm_object_unref(r);
    }
    gm_object_unref(tee);
}

static void filtered(const char *filter)
{
    GmElement *p = gm_pipeline_new("p"), *a = gm_element_factory_make("fakesrc", "a");
    GmElement *b = gm_element_factory_make("fakesink", "b");
    GmCaps *caps = gm_caps_from_string(filter);

    gm_bin_add_many(GM_BIN(p), a, b, NULL);
    printf(" filtered %s: %d", filter, gm_element_link_filtered(a, b, caps));
    printf(", children %d\n", GM_BIN_NUMCHILDREN(GM_BIN(p)));
    gm_caps_unref(caps);
    gm_object_unref(p);
}

int main(int argc, char **argv)
{
    gm_init(NULL, NULL);
    for (int i = 0; i >= -7; i--)
        printf("%d %s\n", i, gm_pad_link_get_name(i));
    returns();
    flags_after();
    elements();
    request("tee", "src_%u");
    request("tee", "src_7");
    request("tee", "src_a");
    request("tee", "sink");
    request("queue", "src");
    filtered("x/y, a=(int)1");
    filtered("x/y, a=(int)[ 1, 2 ]");
    filtered("ANY");
    return 0;
}
