// SPDX-License-Identifier: MIT
//
// GmBaseTransform: the three ways through, negotiation, dropping, QoS.
#include "gmtest.h"
#include "gstmini-element.h"
#include "check/harness.h"

typedef struct { int ip, copies, set_caps; bool drop; } TestTrans;

static GmFlowReturn trans_ip(GmBaseTransform *trans, GmBuffer *buf)
{
    TestTrans *t = gm_priv(trans);
    t->ip++;
    if (t->drop)
        return GM_BASE_TRANSFORM_FLOW_DROPPED;
    if (!gm_base_transform_is_passthrough(trans))
        gm_buffer_memset(buf, 0, 'i', gm_buffer_get_size(buf));
    return GM_FLOW_OK;
}

static GmFlowReturn trans_copy(GmBaseTransform *trans, GmBuffer *inbuf, GmBuffer *outbuf)
{
    (void)inbuf;
    ((TestTrans *)gm_priv(trans))->copies++;
    gm_buffer_memset(outbuf, 0, 'c', gm_buffer_get_size(outbuf));
    return GM_FLOW_OK;
}

static bool trans_set_caps(GmBaseTransform *trans, GmCaps *incaps, GmCaps *outcaps)
{
    (void)incaps;
    (void)outcaps;
    ((TestTrans *)gm_priv(trans))->set_caps++;
    return true;
}

// "a" becomes "b": twice the size.
static GmCaps *trans_caps(GmBaseTransform *trans, GmPadDirection direction, GmCaps *caps,
                          GmCaps *filter)
{
    (void)trans;
    (void)caps;
    GmCaps *other = gm_caps_from_string(direction == GM_PAD_SINK ? "test/b" : "test/a");
    if (filter != NULL) {
        GmCaps *both = gm_caps_intersect_full(filter, other, GM_CAPS_INTERSECT_FIRST);
        gm_caps_unref(other);
        other = both;
    }
    return other;
}

static bool trans_unit_size(GmBaseTransform *trans, GmCaps *caps, size_t *size)
{
    (void)trans;
    *size = gm_structure_has_name(gm_caps_get_structure(caps, 0), "test/a") ? 4 : 8;
    return true;
}

static const GmBaseTransformOps ip_ops = { .transform_ip = trans_ip, .set_caps = trans_set_caps };
static const GmBaseTransformOps same_ops = { .transform_ip = trans_ip, .set_caps = trans_set_caps,
                                             .passthrough_on_same_caps = true,
                                             .no_transform_ip_on_passthrough = true };
static const GmBaseTransformOps copy_ops = { .transform = trans_copy, .set_caps = trans_set_caps,
                                             .transform_caps = trans_caps,
                                             .get_unit_size = trans_unit_size };
static const GmBaseTransformOps no_ops = { .set_caps = trans_set_caps };

static const GmStaticPadTemplate any_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .static_caps = "ANY" },
    { .name_template = "src", .direction = GM_PAD_SRC, .static_caps = "ANY" }, { 0 }
};

#define TRANSFORM(symbol, table)                                                              \
    static const GmElementClass symbol = {                                                    \
        .name = #symbol, .parent = &gm_base_transform_class.object,                           \
        .priv_size = sizeof(TestTrans), .pads = any_pads, .transform = &(table) }
TRANSFORM(ip_class, ip_ops);
TRANSFORM(same_class, same_ops);
TRANSFORM(copy_class, copy_ops);
TRANSFORM(no_class, no_ops);

static GmHarness *trans_harness(const GmElementClass *klass, const char *caps)
{
    GmElement *el = gm_object_ref_sink(gm_object_new(&klass->object, NULL));
    GmHarness *h = gm_harness_new_with_element(el, "sink", "src");
    gm_object_unref(el);
    if (caps != NULL)
        gm_harness_set_src_caps_str(h, caps);
    return h;
}

static GmBuffer *buffer_of(size_t size, GmClockTime pts)
{
    GmBuffer *buf = gm_buffer_new_allocate(NULL, size, NULL);
    gm_buffer_memset(buf, 0, 'x', size);
    GM_BUFFER_PTS(buf) = pts;
    return buf;
}

static char first_byte(GmBuffer *buf)
{
    char c = 0;
    gm_buffer_extract(buf, 0, &c, 1);
    return c;
}

GM_TEST(base_transform, in_place_writes_the_same_buffer)
{
    GmHarness *h = trans_harness(&ip_class, "test/a");
    GmBuffer *in = buffer_of(4, 0), *out = gm_harness_push_and_pull(h, in);

    cr_assert_eq(out, in);
    cr_assert_eq(first_byte(out), 'i');
    gm_buffer_unref(out);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, in_place_copies_what_others_hold)
{
    GmHarness *h = trans_harness(&ip_class, "test/a");
    GmBuffer *in = buffer_of(4, 7), *out = gm_harness_push_and_pull(h, gm_buffer_ref(in));

    cr_assert_neq(out, in);
    cr_assert_eq(first_byte(in), 'x');
    cr_assert_eq(first_byte(out), 'i');
    cr_assert_eq(GM_BUFFER_PTS(out), 7u);
    gm_buffer_unref(in);
    gm_buffer_unref(out);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, copy_with_other_size_and_metadata)
{
    GmHarness *h = trans_harness(&copy_class, "test/a");
    GmBuffer *in = buffer_of(12, 5);
    GM_BUFFER_FLAG_SET(in, GM_BUFFER_FLAG_MARKER | GM_BUFFER_FLAG_GAP);
    GmBuffer *out = gm_harness_push_and_pull(h, in);
    GmCaps *caps = gm_pad_get_current_caps(h->sinkpad);

    cr_assert_eq(gm_buffer_get_size(out), 24u);
    cr_assert_eq(first_byte(out), 'c');
    cr_assert_eq(GM_BUFFER_PTS(out), 5u);
    cr_assert(GM_BUFFER_FLAG_IS_SET(out, GM_BUFFER_FLAG_MARKER));
    cr_assert_not(GM_BUFFER_FLAG_IS_SET(out, GM_BUFFER_FLAG_GAP)); // it is not gap aware
    cr_assert(gm_structure_has_name(gm_caps_get_structure(caps, 0), "test/b"));
    gm_caps_unref(caps);
    gm_buffer_unref(out);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, size_that_is_no_multiple_is_refused)
{
    GmHarness *h = trans_harness(&copy_class, "test/a");
    gm_test_expect_criticals(1);
    cr_assert_eq(gm_harness_push(h, buffer_of(5, 0)), GM_FLOW_ERROR);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, nothing_to_do_passes_through)
{
    GmHarness *h = trans_harness(&no_class, "test/a");
    GmBuffer *in = buffer_of(4, 0), *out = gm_harness_push_and_pull(h, in);
    GmBaseTransform *trans = GM_BASE_TRANSFORM(h->element);

    cr_assert(gm_base_transform_is_passthrough(trans));
    gm_base_transform_set_passthrough(trans, false); // it cannot do anything else
    cr_assert(gm_base_transform_is_passthrough(trans));
    cr_assert_eq(out, in);
    gm_buffer_unref(out);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, passthrough_on_same_caps)
{
    GmHarness *h = trans_harness(&same_class, "test/a");
    GmBuffer *out = gm_harness_push_and_pull(h, buffer_of(4, 0));
    TestTrans *t = gm_priv(h->element);

    cr_assert(gm_base_transform_is_passthrough(GM_BASE_TRANSFORM(h->element)));
    cr_assert_eq(t->ip, 0);
    cr_assert_eq(first_byte(out), 'x');
    gm_buffer_unref(out);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, buffer_without_caps_is_not_negotiated)
{
    GmHarness *h = trans_harness(&ip_class, NULL);
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_harness_push_event(h, gm_event_new_segment(&segment));
    cr_assert_eq(gm_harness_push(h, buffer_of(4, 0)), GM_FLOW_NOT_NEGOTIATED);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, caps_without_a_way_are_not_negotiated)
{
    GmHarness *h = trans_harness(&copy_class, NULL);
    GmCaps *caps = gm_caps_from_string("test/a");
    GmSegment segment;

    gm_harness_set_sink_caps_str(h, "test/c");
    gm_harness_push_event(h, gm_event_new_caps(caps));
    gm_caps_unref(caps);
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_harness_push_event(h, gm_event_new_segment(&segment));
    cr_assert_eq(gm_harness_push(h, buffer_of(4, 0)), GM_FLOW_NOT_NEGOTIATED);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, caps_query_goes_through)
{
    GmHarness *h = trans_harness(&copy_class, NULL);
    gm_harness_set_sink_caps_str(h, "test/b");
    GmCaps *caps = gm_pad_peer_query_caps(h->srcpad, NULL);
    char *text = gm_caps_to_string(caps);
    cr_assert_str_eq(text, "test/a");
    gm_free(text);
    gm_caps_unref(caps);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, dropped_makes_the_next_discont)
{
    GmHarness *h = trans_harness(&ip_class, "test/a");
    TestTrans *t = gm_priv(h->element);

    t->drop = true;
    cr_assert_eq(gm_harness_push(h, buffer_of(4, 0)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_buffers_received(h), 0u);
    t->drop = false;
    GmBuffer *out = gm_harness_push_and_pull(h, buffer_of(4, 1));
    cr_assert(GM_BUFFER_FLAG_IS_SET(out, GM_BUFFER_FLAG_DISCONT));
    gm_buffer_unref(out);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, qos_drops_what_is_too_late)
{
    GmHarness *h = trans_harness(&ip_class, "test/a");
    GmBus *bus = gm_bus_new();
    uint64_t processed, dropped;

    gm_element_set_bus(h->element, bus);
    gm_object_set(h->element, "qos", true, NULL);
    gm_harness_push_upstream_event(h, gm_event_new_qos(GM_QOS_TYPE_UNDERFLOW, 1.5, 10 * GM_MSECOND,
                                                       (GmClockTime)GM_SECOND));
    cr_assert_eq(gm_harness_push(h, buffer_of(4, (GmClockTime)GM_SECOND)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_buffers_received(h), 0u);
    GmMessage *message = gm_bus_pop_filtered(bus, GM_MESSAGE_QOS);
    cr_assert_not_null(message);
    gm_message_parse_qos_stats(message, NULL, &processed, &dropped);
    cr_assert_eq(dropped, 1u);
    gm_message_unref(message);
    cr_assert_eq(gm_harness_push(h, buffer_of(4, 2 * (GmClockTime)GM_SECOND)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_buffers_received(h), 1u);
    gm_element_set_bus(h->element, NULL);
    gm_object_unref(bus);
    gm_harness_teardown(h);
}

GM_TEST(base_transform, reconfigure_sets_caps_again)
{
    GmHarness *h = trans_harness(&copy_class, "test/a");
    TestTrans *t = gm_priv(h->element);
    int before = t->set_caps;

    gm_buffer_unref(gm_harness_push_and_pull(h, buffer_of(4, 0)));
    gm_base_transform_reconfigure_src(GM_BASE_TRANSFORM(h->element));
    gm_buffer_unref(gm_harness_push_and_pull(h, buffer_of(4, 0)));
    cr_assert_eq(t->set_caps, before); // the same caps: nothing new to say
    gm_harness_set_src_caps_str(h, "test/a, x = (int) 1");
    cr_assert_eq(t->set_caps, before + 1);
    gm_harness_teardown(h);
}
