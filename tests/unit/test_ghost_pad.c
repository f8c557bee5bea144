// SPDX-License-Identifier: MIT
//
// Ghost pads: data, events, queries and activation through the pair; targets that change.
#include "padtest.h"

#include "core/ghost_pad.h"

static _Atomic unsigned long probe_calls;
static GmPadProbeReturn count_probe(GmPad *pad GM_UNUSED, GmPadProbeInfo *info GM_UNUSED,
                                    void *data GM_UNUSED)
{
    probe_calls++;
    return GM_PAD_PROBE_OK;
}

// src ─► ghost(sink) = internal(src) ─► target(sink)
static GmPad *src, *ghost, *target;

static void make_ghost(void)
{
    padtest_make(&src, &target);
    ghost = gm_object_ref_sink(gm_ghost_pad_new("ghost", target));
    cr_assert(gm_pad_set_active(ghost, true));
    cr_assert_eq(gm_pad_link(src, ghost), GM_PAD_LINK_OK);
}

static void free_ghost(void)
{
    gm_pad_set_active(ghost, false);
    gm_object_unref(ghost);
    padtest_free(src, target);
}

GM_TEST(ghost_pad, references_as_in_gstreamer)
{
    make_ghost();
    GmPad *internal = GM_PAD(gm_proxy_pad_get_internal(GM_PROXY_PAD(ghost)));
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(ghost), 1);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(internal), 2); // the ghost pad's and ours
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(target), 1);
    cr_assert_eq(GM_OBJECT_PARENT(internal), GM_OBJECT(ghost));
    cr_assert_eq(gm_pad_get_direction(internal), GM_PAD_SRC);
    GmPad *back = GM_PAD(gm_proxy_pad_get_internal(GM_PROXY_PAD(internal)));
    cr_assert_eq(back, ghost);
    gm_object_unref(back);
    GmPad *link = gm_pad_get_single_internal_link(ghost);
    cr_assert_eq(link, internal);
    gm_object_unref(link);
    gm_object_unref(internal);
    free_ghost();
}

GM_TEST(ghost_pad, data_events_and_queries_pass)
{
    GmCaps *caps = gm_caps_from_string("video/x-raw, width=1");

    make_ghost();
    cr_assert(gm_pad_push_event(src, gm_event_new_stream_start("x")));
    cr_assert(gm_pad_push_event(src, gm_event_new_caps(caps)));
    cr_assert(gm_pad_push_event(src, padtest_segment()));
    cr_assert_eq(events_seen, 3);
    GmCaps *seen = gm_pad_get_current_caps(target);
    cr_assert_eq(seen, caps);
    gm_caps_unref(seen);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(chained, 1);
    chain_result = GM_FLOW_EOS;
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_EOS);
    gm_caps_unref(caps);
    free_ghost();
}

GM_TEST(ghost_pad, caps_are_the_targets)
{
    GmCaps *video = gm_caps_from_string("video/x-raw");
    GmPadTemplate *templ =
        gm_object_ref_sink(gm_pad_template_new("sink", GM_PAD_SINK, GM_PAD_ALWAYS, video));
    GmPad *sink = gm_object_ref_sink(gm_pad_new_from_template(templ, "sink"));
    GmPad *pad = gm_object_ref_sink(gm_ghost_pad_new("ghost", sink));

    GmCaps *caps = gm_pad_query_caps(pad, NULL);
    cr_assert(gm_caps_is_equal(caps, video));
    gm_caps_unref(caps);
    cr_assert(gm_ghost_pad_set_target(GM_GHOST_PAD(pad), NULL));
    cr_assert_not(gm_pad_is_linked(sink));
    caps = gm_pad_query_caps(pad, NULL);
    cr_assert(gm_caps_is_any(caps));
    gm_caps_unref(caps);
    gm_object_unref(pad);
    gm_object_unref(sink);
    gm_object_unref(templ);
    gm_caps_unref(video);
}

GM_TEST(ghost_pad, a_new_target_gets_the_sticky_events)
{
    make_ghost();
    padtest_start_stream(src);
    GmPad *next = gm_object_ref_sink(gm_pad_new("next", GM_PAD_SINK));
    gm_pad_set_chain_function(next, padtest_chain);
    gm_pad_set_event_function(next, padtest_event);
    gm_pad_set_active(next, true);
    events_seen = 0;
    cr_assert(gm_ghost_pad_set_target(GM_GHOST_PAD(ghost), next));
    GmPad *now = gm_ghost_pad_get_target(GM_GHOST_PAD(ghost));
    cr_assert_eq(now, next);
    gm_object_unref(now);
    cr_assert_not(gm_pad_is_linked(target));
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(events_seen, 2);
    gm_pad_set_active(next, false);
    gm_object_unref(next);
    free_ghost();
}

GM_TEST(ghost_pad, without_a_target_nothing_is_linked)
{
    GmPad *pad = gm_object_ref_sink(gm_ghost_pad_new_no_target("ghost", GM_PAD_SINK));

    cr_assert_null(gm_ghost_pad_get_target(GM_GHOST_PAD(pad)));
    cr_assert(gm_pad_set_active(pad, true));
    cr_assert(gm_pad_send_event(pad, gm_event_new_stream_start("x")));
    cr_assert(gm_pad_send_event(pad, padtest_segment()));
    cr_assert_eq(gm_pad_chain(pad, gm_buffer_new()), GM_FLOW_NOT_LINKED);
    gm_pad_set_active(pad, false);
    gm_object_unref(pad);
}

GM_TEST(ghost_pad, a_linked_target_is_refused)
{
    GmPad *a, *b;

    padtest_make(&a, &b);
    cr_assert_eq(gm_pad_link(a, b), GM_PAD_LINK_OK);
    gm_test_expect_criticals(1);
    cr_assert_null(gm_ghost_pad_new("ghost", b));
    padtest_free(a, b);
}

GM_TEST(ghost_pad, activation_goes_to_the_internal_pad)
{
    make_ghost();
    GmPad *internal = GM_PAD(gm_proxy_pad_get_internal(GM_PROXY_PAD(ghost)));
    cr_assert_eq(GM_PAD_MODE(internal), GM_PAD_MODE_PUSH);
    gm_pad_set_active(ghost, false);
    cr_assert_eq(GM_PAD_MODE(internal), GM_PAD_MODE_NONE);
    gm_object_unref(internal);
    free_ghost();
}

static GmFlowReturn give(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED,
                         uint64_t offset GM_UNUSED, unsigned length GM_UNUSED, GmBuffer **buffer)
{
    *buffer = gm_buffer_new();
    return GM_FLOW_OK;
}

GM_TEST(ghost_pad, pulls_pass)
{
    GmPad *source = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    GmPad *sink = gm_object_ref_sink(gm_pad_new("sink", GM_PAD_SINK));
    GmBuffer *buffer = NULL;

    gm_pad_set_getrange_function(source, give);
    GmPad *pad = gm_object_ref_sink(gm_ghost_pad_new("ghost", source));
    cr_assert_eq(gm_pad_link(pad, sink), GM_PAD_LINK_OK);
    cr_assert(gm_pad_activate_mode(sink, GM_PAD_MODE_PULL, true));
    cr_assert_eq(GM_PAD_MODE(source), GM_PAD_MODE_PULL);
    cr_assert_eq(gm_pad_pull_range(sink, 0, 1, &buffer), GM_FLOW_OK);
    gm_buffer_unref(buffer);
    cr_assert(gm_pad_set_active(sink, false));
    cr_assert_eq(GM_PAD_MODE(source), GM_PAD_MODE_NONE);
    gm_object_unref(pad);
    gm_object_unref(source);
    gm_object_unref(sink);
}

GM_TEST(ghost_pad, probes_on_it_see_the_data)
{
    make_ghost();
    padtest_start_stream(src);
    gm_pad_add_probe(ghost, GM_PAD_PROBE_TYPE_BUFFER, count_probe, NULL, NULL);
    gm_pad_push(src, gm_buffer_new());
    cr_assert_eq(probe_calls, 1);
    free_ghost();
}

GM_TEST(ghost_pad, from_a_template)
{
    GmCaps *caps = gm_caps_from_string("video/x-raw");
    GmPadTemplate *templ =
        gm_object_ref_sink(gm_pad_template_new("sink", GM_PAD_SINK, GM_PAD_ALWAYS, caps));
    GmPad *pad = gm_object_ref_sink(gm_ghost_pad_new_no_target_from_template("sink", templ));

    cr_assert_eq(GM_PAD_PAD_TEMPLATE(pad), templ);
    cr_assert_eq(gm_pad_get_direction(pad), GM_PAD_SINK);
    GmPad *internal = GM_PAD(gm_proxy_pad_get_internal(GM_PROXY_PAD(pad)));
    cr_assert_eq(GM_PAD_PAD_TEMPLATE(internal), templ);
    gm_object_unref(internal);
    gm_object_unref(pad);
    gm_object_unref(templ);
    gm_caps_unref(caps);
}
