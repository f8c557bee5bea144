// SPDX-License-Identifier: MIT
//
// Links: every GmPadLinkReturn, checks, signals, reference counts, unlinking from both ends.
#include "padtest.h"

#include "core/element.h"

GM_TEST(pad_link, names)
{
    cr_assert_str_eq(gm_pad_link_get_name(GM_PAD_LINK_OK), "ok");
    cr_assert_str_eq(gm_pad_link_get_name(GM_PAD_LINK_NOFORMAT), "no common format");
    cr_assert_str_eq(gm_pad_link_get_name(GM_PAD_LINK_REFUSED), "refused");
    cr_assert(GM_PAD_LINK_FAILED(GM_PAD_LINK_REFUSED));
    cr_assert(GM_PAD_LINK_SUCCESSFUL(GM_PAD_LINK_OK));
}

static int linked, unlinked;
static void on_linked(GmPad *pad GM_UNUSED, GmPad *peer GM_UNUSED, void *data GM_UNUSED)
{
    linked++;
}
static void on_unlinked(GmPad *pad GM_UNUSED, GmPad *peer GM_UNUSED, void *data GM_UNUSED)
{
    unlinked++;
}

GM_TEST(pad_link, a_link_holds_no_reference_and_signals)
{
    GmPad *src, *sink;

    padtest_make(&src, &sink);
    gm_signal_connect(src, "linked", on_linked, NULL);
    gm_signal_connect(sink, "linked", on_linked, NULL);
    gm_signal_connect(src, "unlinked", on_unlinked, NULL);
    cr_assert(gm_pad_can_link(src, sink));
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    cr_assert_eq(linked, 2);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(src), 1);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(sink), 1);
    GmPad *peer = gm_pad_get_peer(src);
    cr_assert_eq(peer, sink);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(sink), 2);
    gm_object_unref(peer);
    cr_assert_not(gm_pad_can_link(src, sink));
    cr_assert(gm_pad_unlink(src, sink));
    cr_assert_eq(unlinked, 1);
    cr_assert_not(gm_pad_unlink(src, sink), "not linked any more");
    cr_assert_not(gm_pad_is_linked(src));
    padtest_free(src, sink);
}

GM_TEST(pad_link, was_linked_and_wrong_direction)
{
    GmPad *src, *sink;

    padtest_make(&src, &sink);
    GmPad *other = gm_object_ref_sink(gm_pad_new("other", GM_PAD_SINK));
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    cr_assert_eq(gm_pad_link(src, other), GM_PAD_LINK_WAS_LINKED);
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_WAS_LINKED);
    gm_test_expect_criticals(1);
    cr_assert_eq(gm_pad_link(sink, src), GM_PAD_LINK_WRONG_DIRECTION);
    gm_object_unref(other);
    padtest_free(src, sink);
}

static GmPad *pad_with_caps(const char *name, GmPadDirection dir, const char *text)
{
    GmCaps *caps = gm_caps_from_string(text);
    GmPadTemplate *templ = gm_object_ref_sink(gm_pad_template_new(name, dir, GM_PAD_ALWAYS, caps));
    GmPad *pad = gm_object_ref_sink(gm_pad_new_from_template(templ, name));

    gm_object_unref(templ);
    gm_caps_unref(caps);
    return pad;
}

GM_TEST(pad_link, caps_must_intersect_unless_not_checked)
{
    GmPad *src = pad_with_caps("src", GM_PAD_SRC, "video/x-raw");
    GmPad *sink = pad_with_caps("sink", GM_PAD_SINK, "audio/x-raw");

    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_NOFORMAT);
    cr_assert_eq(gm_pad_link_full(src, sink, GM_PAD_LINK_CHECK_TEMPLATE_CAPS),
                 GM_PAD_LINK_NOFORMAT);
    cr_assert_not(gm_pad_is_linked(src));
    cr_assert_eq(gm_pad_link_full(src, sink, GM_PAD_LINK_CHECK_NOTHING), GM_PAD_LINK_OK);
    GmCaps *allowed = gm_pad_get_allowed_caps(src);
    cr_assert(gm_caps_is_empty(allowed));
    gm_caps_unref(allowed);
    gm_object_unref(src);
    cr_assert_not(gm_pad_is_linked(sink), "the end of a pad unlinks it");
    gm_object_unref(sink);
}

GM_TEST(pad_link, allowed_caps_are_what_both_can_do)
{
    GmPad *src = pad_with_caps("src", GM_PAD_SRC, "video/x-raw, width=[1,10]");
    GmPad *sink = pad_with_caps("sink", GM_PAD_SINK, "video/x-raw, width=[5,20]");

    cr_assert_null(gm_pad_get_allowed_caps(src));
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    GmCaps *allowed = gm_pad_get_allowed_caps(src);
    char *text = gm_caps_to_string(allowed);
    cr_assert_str_eq(text, "video/x-raw, width=(int)[ 5, 10 ]");
    gm_free(text);
    gm_caps_unref(allowed);
    gm_object_unref(sink);
    cr_assert_not(gm_pad_is_linked(src));
    gm_object_unref(src);
}

GM_TEST(pad_link, hierarchy_is_checked)
{
    GmElement *a = gm_object_ref_sink(gm_object_new(&gm_element_class.object, NULL));
    GmPad *src = gm_pad_new("src", GM_PAD_SRC), *sink = gm_pad_new("sink", GM_PAD_SINK);

    gm_element_add_pad(a, src);
    gm_element_add_pad(a, sink);
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_WRONG_HIERARCHY, "pads of one element");
    cr_assert_eq(gm_pad_link_full(src, sink, GM_PAD_LINK_CHECK_NOTHING), GM_PAD_LINK_OK);
    gm_object_unref(a);
}

static GmPadLinkReturn link_answer;
static GmPadLinkReturn answer_link(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED,
                                   GmPad *peer GM_UNUSED)
{
    return link_answer;
}
static int unlink_calls;
static void count_unlink(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED)
{
    unlink_calls++;
}

GM_TEST(pad_link, link_functions_may_refuse)
{
    static const GmPadLinkReturn answers[] = { GM_PAD_LINK_REFUSED, GM_PAD_LINK_NOSCHED };
    GmPad *src, *sink;

    padtest_make(&src, &sink);
    gm_pad_set_link_function(sink, answer_link);
    gm_pad_set_unlink_function(sink, count_unlink);
    for (size_t i = 0; i < GM_LEN(answers); i++) {
        link_answer = answers[i];
        cr_assert_eq(gm_pad_link(src, sink), answers[i]);
        cr_assert_not(gm_pad_is_linked(src));
    }
    link_answer = GM_PAD_LINK_OK;
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    gm_pad_unlink(src, sink);
    cr_assert_eq(unlink_calls, 1);
    padtest_free(src, sink);
}

GM_TEST(pad_link, a_link_asks_upstream_to_reconfigure)
{
    GmPad *src, *sink;

    padtest_make(&src, &sink);
    gm_pad_check_reconfigure(src);
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    cr_assert(gm_pad_check_reconfigure(src));
    gm_pad_unlink(src, sink);
    cr_assert_eq(gm_pad_link_full(src, sink, GM_PAD_LINK_CHECK_NO_RECONFIGURE), GM_PAD_LINK_OK);
    cr_assert_not(gm_pad_check_reconfigure(src));
    padtest_free(src, sink);
}

GM_TEST(pad_link, a_late_link_gets_the_sticky_events_in_order)
{
    GmPad *src, *sink;
    GmCaps *caps = gm_caps_from_string("video/x-raw, width=1");

    padtest_make(&src, &sink);
    cr_assert(gm_pad_push_event(src, gm_event_new_stream_start("x")));
    cr_assert(gm_pad_push_event(src, gm_event_new_caps(caps)));
    cr_assert(gm_pad_push_event(src, padtest_segment()));
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    cr_assert_eq(events_seen, 0, "only data brings them");
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(events_seen, 3);
    cr_assert_eq(seen_types[0], GM_EVENT_STREAM_START);
    cr_assert_eq(seen_types[1], GM_EVENT_CAPS);
    cr_assert_eq(seen_types[2], GM_EVENT_SEGMENT);
    GmCaps *current = gm_pad_get_current_caps(sink);
    cr_assert_eq(current, caps);
    gm_caps_unref(current);
    // The same pair again: nothing to send twice.
    gm_pad_unlink(src, sink);
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(events_seen, 3);
    gm_caps_unref(caps);
    padtest_free(src, sink);
}
