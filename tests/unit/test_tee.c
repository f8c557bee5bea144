// SPDX-License-Identifier: MIT
// tee: every branch gets everything; flow results combined; branches that come and go.
#include "elementtest.h"

// A sink pad without an element whose chain function answers what the test says.
typedef struct {
    GmPad       *pad;
    GmFlowReturn answer;
    unsigned     buffers, last;
    bool         shared; // the last buffer could not be written to
} Branch;

static GmFlowReturn branch_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    Branch *b = gm_pad_get_element_private(pad);

    (void)parent;
    b->buffers++;
    b->last = number_of(buffer);
    b->shared = !gm_buffer_is_writable(buffer);
    gm_buffer_unref(buffer);
    return b->answer;
}

static GmPad *branch_link(Branch *b, GmElement *tee)
{
    GmPad *src = gm_element_request_pad_simple(tee, "src_%u");

    b->pad = gm_object_ref_sink(gm_pad_new("in", GM_PAD_SINK));
    gm_pad_set_element_private(b->pad, b);
    gm_pad_set_chain_function(b->pad, branch_chain);
    gm_pad_set_active(b->pad, true);
    cr_assert_eq(gm_pad_link(src, b->pad), GM_PAD_LINK_OK);
    return src;
}

static void branch_free(Branch *b, GmElement *tee, GmPad *src)
{
    gm_pad_set_active(b->pad, false);
    gm_element_release_request_pad(tee, src);
    gm_object_unref(src);
    gm_object_unref(b->pad);
}

static GmHarness *tee_new(void)
{
    GmHarness *h = gm_harness_new_with_padnames("tee", "sink", NULL);

    gm_harness_set_src_caps_str(h, "test/x-numbers");
    gm_harness_play(h);
    return h;
}

GM_TEST(tee, every_branch_gets_the_same_buffer)
{
    GmHarness *h = tee_new();
    Branch b[3] = { 0 };
    GmPad *src[3];
    for (int i = 0; i < 3; i++)
        src[i] = branch_link(&b[i], h->element);
    for (unsigned n = 0; n < 4; n++)
        cr_assert_eq(gm_harness_push(h, numbered(n)), GM_FLOW_OK);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(b[i].buffers, 4);
        cr_assert_eq(b[i].last, 3);
        cr_assert(b[i].shared);
        branch_free(&b[i], h->element, src[i]);
    }
    gm_harness_teardown(h);
}

GM_TEST(tee, a_lone_branch_may_write)
{
    GmHarness *h = tee_new();
    Branch b = { 0 };
    GmPad *src = branch_link(&b, h->element);
    gm_harness_push(h, numbered(0));
    cr_assert_not(b.shared);
    branch_free(&b, h->element, src);
    gm_harness_teardown(h);
}

// As GStreamer's test_flow_aggregation has it.
GM_TEST(tee, flow_results_combine)
{
    static const struct { GmFlowReturn a, b, result; } cases[] = {
        { GM_FLOW_OK, GM_FLOW_OK, GM_FLOW_OK },
        { GM_FLOW_NOT_LINKED, GM_FLOW_OK, GM_FLOW_OK },
        { GM_FLOW_OK, GM_FLOW_NOT_LINKED, GM_FLOW_OK },
        { GM_FLOW_NOT_LINKED, GM_FLOW_NOT_LINKED, GM_FLOW_NOT_LINKED },
        { GM_FLOW_OK, GM_FLOW_EOS, GM_FLOW_EOS },
        { GM_FLOW_ERROR, GM_FLOW_OK, GM_FLOW_ERROR },
        { GM_FLOW_NOT_LINKED, GM_FLOW_ERROR, GM_FLOW_ERROR },
        { GM_FLOW_FLUSHING, GM_FLOW_OK, GM_FLOW_FLUSHING },
        { GM_FLOW_NOT_LINKED, GM_FLOW_FLUSHING, GM_FLOW_FLUSHING },
        { GM_FLOW_NOT_NEGOTIATED, GM_FLOW_NOT_LINKED, GM_FLOW_NOT_NEGOTIATED },
    };
    GmHarness *h = tee_new();
    Branch a = { 0 }, b = { 0 };
    GmPad *sa = branch_link(&a, h->element), *sb = branch_link(&b, h->element);
    for (size_t i = 0; i < GM_LEN(cases); i++) {
        a.answer = cases[i].a;
        b.answer = cases[i].b;
        GmFlowReturn ret = gm_harness_push(h, numbered(0));
        cr_assert_eq(ret, cases[i].result, "%s and %s gave %s", gm_flow_get_name(cases[i].a),
                     gm_flow_get_name(cases[i].b), gm_flow_get_name(ret));
    }
    branch_free(&a, h->element, sa);
    branch_free(&b, h->element, sb);
    gm_harness_teardown(h);
}

GM_TEST(tee, without_branches)
{
    GmHarness *h = tee_new();
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_NOT_LINKED);
    gm_object_set(h->element, "allow-not-linked", true, NULL);
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_OK);
    GmPad *src = gm_element_request_pad_simple(h->element, "src_%u");
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_OK);
    gm_object_set(h->element, "allow-not-linked", false, NULL);
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_NOT_LINKED);
    gm_element_release_request_pad(h->element, src);
    gm_object_unref(src);
    gm_harness_teardown(h);
}

GM_TEST(tee, names_of_pads)
{
    GmElement *tee = gm_object_ref_sink(gm_element_factory_make("tee", NULL));
    GmPad *seven = gm_element_request_pad_simple(tee, "src_7");
    GmPad *eight = gm_element_request_pad_simple(tee, "src_%u");
    int n = 0;
    cr_assert_str_eq(GM_OBJECT_NAME(seven), "src_7");
    cr_assert_str_eq(GM_OBJECT_NAME(eight), "src_8");
    gm_object_get(tee, "num-src-pads", &n, NULL);
    cr_assert_eq(n, 2);
    gm_element_release_request_pad(tee, seven);
    gm_object_get(tee, "num-src-pads", &n, NULL);
    cr_assert_eq(n, 1);
    gm_object_unref(seven);
    gm_object_unref(eight);
    gm_object_unref(tee);
}

// A branch that comes later knows stream, caps and segment.
GM_TEST(tee, a_late_branch_gets_the_sticky_events)
{
    GmHarness *h = tee_new();
    gm_object_set(h->element, "allow-not-linked", true, NULL);
    gm_harness_push(h, numbered(0));
    Branch b = { 0 };
    GmPad *src = branch_link(&b, h->element);
    gm_harness_push(h, numbered(1));
    cr_assert_eq(b.buffers, 1);
    GmCaps *caps = gm_pad_get_current_caps(b.pad);
    cr_assert_not_null(caps);
    cr_assert(gm_structure_has_name(gm_caps_get_structure(caps, 0), "test/x-numbers"));
    gm_caps_unref(caps);
    GmEvent *segment = gm_pad_get_sticky_event(b.pad, GM_EVENT_SEGMENT, 0);
    cr_assert_not_null(segment);
    gm_event_unref(segment);
    branch_free(&b, h->element, src);
    gm_harness_teardown(h);
}

typedef struct { GmElement *tee; GmPad *src; } Release;

static GmPadProbeReturn release_self(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    Release *r = data;

    (void)info;
    cr_assert_eq(pad, r->src);
    gm_element_release_request_pad(r->tee, r->src);
    return GM_PAD_PROBE_DROP;
}

// Releasing a branch while it is being pushed to is nobody's error.
GM_TEST(tee, a_branch_released_in_its_own_push)
{
    GmHarness *h = tee_new();
    Branch a = { 0 }, b = { 0 };
    GmPad *sa = branch_link(&a, h->element), *sb = branch_link(&b, h->element);
    Release release = { h->element, sa };
    gm_pad_add_probe(sa, GM_PAD_PROBE_TYPE_BUFFER, release_self, &release, NULL);
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_push(h, numbered(1)), GM_FLOW_OK);
    cr_assert_eq(a.buffers, 0);
    cr_assert_eq(b.buffers, 2);
    gm_object_unref(sa);
    gm_pad_set_active(a.pad, false);
    gm_object_unref(a.pad);
    branch_free(&b, h->element, sb);
    gm_harness_teardown(h);
}

typedef struct { GmElement *pipe, *tee; } Come;

static void *come_and_go(void *data)
{
    Come *c = data;

    for (int i = 0; i < 100; i++) {
        GmElement *queue = gm_element_factory_make("queue", NULL);
        GmElement *sink = gm_element_factory_make("fakesink", NULL);
        gm_object_set(sink, "async", false, NULL);
        gm_bin_add_many(GM_BIN(c->pipe), queue, sink, NULL);
        gm_element_link(queue, sink);
        GmPad *src = gm_element_request_pad_simple(c->tee, "src_%u");
        GmPad *in = gm_element_get_static_pad(queue, "sink");
        gm_element_sync_state_with_parent(sink);
        gm_element_sync_state_with_parent(queue);
        cr_assert_eq(gm_pad_link(src, in), GM_PAD_LINK_OK);
        gm_element_release_request_pad(c->tee, src);
        gm_object_unref(src);
        gm_object_unref(in);
        gm_element_set_state(queue, GM_STATE_NULL);
        gm_element_set_state(sink, GM_STATE_NULL);
        gm_bin_remove_many(GM_BIN(c->pipe), queue, sink, NULL);
    }
    return NULL;
}

GM_TEST(tee, branches_come_and_go_while_data_flows)
{
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(
        "fakesrc num-buffers=-1 ! tee name=t allow-not-linked=true ! queue ! fakesink async=false", NULL));
    Come come = { pipe, gm_bin_get_by_name(GM_BIN(pipe), "t") };
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    GmThread *other = gm_thread_try_new("other", come_and_go, &come, NULL);
    come_and_go(&come);
    gm_thread_join(other);
    GmBus *bus = gm_element_get_bus(pipe);
    GmMessage *error = gm_bus_pop_filtered(bus, GM_MESSAGE_ERROR);
    cr_assert_null(error);
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(come.tee);
    gm_object_unref(pipe);
}

GM_TEST(tee, last_message)
{
    GmHarness *h = tee_new();
    char *text = NULL;
    gm_object_set(h->element, "silent", false, "allow-not-linked", true, NULL);
    gm_harness_push(h, numbered(3));
    gm_object_get(h->element, "last-message", &text, NULL);
    cr_assert(strstr(text, "chain        ******* (tee0:sink)t (4 bytes, 3000000000)") == text, "%s", text);
    free(text);
    gm_harness_teardown(h);
}

GM_TEST(tee, allocation_is_what_all_need)
{
    GmHarness *h = tee_new();
    Branch a = { 0 };
    GmPad *sa = branch_link(&a, h->element);
    GmCaps *caps = gm_caps_from_string("test/x-numbers");
    GmQuery *query = gm_query_new_allocation(caps, true);
    cr_assert_not(gm_pad_peer_query(h->srcpad, query)); // this branch does not answer
    gm_query_unref(query);
    gm_caps_unref(caps);
    branch_free(&a, h->element, sa);
    gm_harness_teardown(h);
}
