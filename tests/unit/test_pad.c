// SPDX-License-Identifier: MIT
//
// Pads: flow returns, pushing and pulling, templates, activation, reference counts.
#include <string.h>

#include "padtest.h"

#include "core/element.h"

GM_TEST(pad, flow_names_are_gstreamers)
{
    cr_assert_str_eq(gm_flow_get_name(GM_FLOW_OK), "ok");
    cr_assert_str_eq(gm_flow_get_name(GM_FLOW_NOT_NEGOTIATED), "not-negotiated");
    cr_assert_str_eq(gm_flow_get_name(GM_FLOW_CUSTOM_SUCCESS_2), "custom-success");
    cr_assert_str_eq(gm_flow_get_name((GmFlowReturn)-200), "custom-error");
    cr_assert_str_eq(gm_flow_get_name((GmFlowReturn)-50), "unknown");
    cr_assert_neq(gm_flow_to_quark(GM_FLOW_EOS), 0);
    cr_assert_eq(gm_flow_to_quark((GmFlowReturn)-50), 0);
    cr_assert_str_eq(gm_pad_mode_get_name(GM_PAD_MODE_PULL), "pull");
}

GM_TEST(pad, a_new_pad_floats_flushing)
{
    GmPad *pad = gm_pad_new("src", GM_PAD_SRC);

    cr_assert(gm_object_is_floating(pad));
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(pad), 1);
    cr_assert_str_eq(GM_PAD_NAME(pad), "src");
    cr_assert_eq(gm_pad_get_direction(pad), GM_PAD_SRC);
    cr_assert(GM_PAD_IS_FLUSHING(pad));
    cr_assert_not(gm_pad_is_active(pad));
    cr_assert_eq(gm_pad_get_last_flow_return(pad), GM_FLOW_FLUSHING);
    gm_object_unref(pad);
}

GM_TEST(pad, push_needs_activation_and_link)
{
    GmPad *src = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));

    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_FLUSHING);
    gm_pad_set_active(src, true);
    cr_assert_eq(gm_pad_get_last_flow_return(src), GM_FLOW_OK);
    padtest_start_stream(src);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_NOT_LINKED);
    cr_assert_eq(gm_pad_get_last_flow_return(src), GM_FLOW_NOT_LINKED);
    gm_pad_set_active(src, false);
    cr_assert_eq(gm_pad_get_last_flow_return(src), GM_FLOW_FLUSHING);
    gm_object_unref(src);
}

GM_TEST(pad, push_gives_what_chain_returns)
{
    static const GmFlowReturn rets[] = { GM_FLOW_OK, GM_FLOW_EOS, GM_FLOW_ERROR,
                                         GM_FLOW_NOT_NEGOTIATED, GM_FLOW_CUSTOM_SUCCESS };
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    for (size_t i = 0; i < GM_LEN(rets); i++) {
        chain_result = rets[i];
        cr_assert_eq(gm_pad_push(src, gm_buffer_new()), rets[i]);
        cr_assert_eq(gm_pad_get_last_flow_return(src), rets[i]);
        cr_assert_eq(gm_pad_get_last_flow_return(sink), rets[i]);
    }
    cr_assert_eq(chained, (int)GM_LEN(rets));
    padtest_free(src, sink);
}

GM_TEST(pad, a_list_is_chained_buffer_by_buffer_by_default)
{
    GmPad *src, *sink;
    GmBufferList *list = gm_buffer_list_new();

    padtest_link(&src, &sink);
    for (int i = 0; i < 3; i++)
        gm_buffer_list_insert(list, -1, gm_buffer_new());
    cr_assert_eq(gm_pad_push_list(src, list), GM_FLOW_OK);
    cr_assert_eq(chained, 3);
    padtest_free(src, sink);
}

GM_TEST(pad, misuse_prints_and_frees)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    gm_test_expect_criticals(3);
    cr_assert_eq(gm_pad_push(sink, gm_buffer_new()), GM_FLOW_ERROR);
    cr_assert_eq(gm_pad_chain(src, gm_buffer_new()), GM_FLOW_ERROR);
    gm_pad_set_chain_function(src, padtest_chain);
    cr_assert_null(GM_PAD_CHAINFUNC(src));
    padtest_free(src, sink);
}

GM_TEST(pad, data_before_stream_start_and_segment_is_reported)
{
    GmPad *src, *sink;

    padtest_make(&src, &sink);
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    gm_test_expect_criticals(4); // each side: no stream-start, no segment
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK); // said once
    padtest_free(src, sink);
}

GM_TEST(pad, chain_on_a_pulling_pad_is_an_error)
{
    GmPad *src, *sink;

    padtest_make(&src, &sink);
    gm_pad_set_active(sink, false);
    cr_assert_eq(gm_pad_chain(sink, gm_buffer_new()), GM_FLOW_FLUSHING);
    padtest_free(src, sink);
}

static GmBuffer *pull_source;
static GmFlowReturn give_range(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED, uint64_t offset,
                               unsigned length GM_UNUSED, GmBuffer **buffer)
{
    if (offset > 100)
        return GM_FLOW_EOS;
    *buffer = gm_buffer_ref(pull_source);
    return GM_FLOW_OK;
}

static bool activate_pull(GmPad *pad, GmObject *parent GM_UNUSED)
{
    return gm_pad_activate_mode(pad, GM_PAD_MODE_PULL, true);
}

GM_TEST(pad, pull_takes_both_pads_along_and_gives_the_buffer)
{
    GmPad *src = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    GmPad *sink = gm_object_ref_sink(gm_pad_new("sink", GM_PAD_SINK));
    GmBuffer *buffer = NULL;

    pull_source = gm_buffer_new();
    gm_pad_set_activate_function(sink, activate_pull);
    cr_assert_not(gm_pad_set_active(sink, true), "nobody to pull from");
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    cr_assert_not(gm_pad_set_active(sink, true), "the peer has no getrange function");
    gm_pad_set_getrange_function(src, give_range);
    cr_assert(gm_pad_set_active(sink, true));
    cr_assert_eq(GM_PAD_MODE(src), GM_PAD_MODE_PULL);
    cr_assert_eq(gm_pad_pull_range(sink, 0, 0, &buffer), GM_FLOW_OK);
    cr_assert_eq(buffer, pull_source);
    gm_buffer_unref(buffer);
    buffer = NULL;
    cr_assert_eq(gm_pad_pull_range(sink, 101, 0, &buffer), GM_FLOW_EOS);
    cr_assert_null(buffer);
    cr_assert_eq(gm_pad_get_last_flow_return(sink), GM_FLOW_EOS);
    cr_assert(gm_pad_set_active(sink, false));
    cr_assert_eq(GM_PAD_MODE(src), GM_PAD_MODE_NONE);
    cr_assert_eq(gm_pad_pull_range(sink, 0, 0, &buffer), GM_FLOW_FLUSHING);
    gm_buffer_unref(pull_source);
    gm_object_unref(src);
    gm_object_unref(sink);
}

static bool refuse_mode(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED,
                        GmPadMode mode GM_UNUSED, bool active GM_UNUSED)
{
    return false;
}

GM_TEST(pad, a_refused_activation_leaves_the_pad_flushing)
{
    GmPad *pad = gm_object_ref_sink(gm_pad_new("sink", GM_PAD_SINK));

    gm_pad_set_activatemode_function(pad, refuse_mode);
    cr_assert_not(gm_pad_set_active(pad, true));
    cr_assert_eq(GM_PAD_MODE(pad), GM_PAD_MODE_NONE);
    cr_assert(GM_PAD_IS_FLUSHING(pad));
    cr_assert(gm_pad_set_active(pad, false), "inactive already");
    gm_object_unref(pad);
}

GM_TEST(pad, a_pad_that_needs_a_parent_refuses_without)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    GM_OBJECT_FLAG_SET(sink, GM_PAD_FLAG_NEED_PARENT);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_FLUSHING);
    cr_assert_eq(chained, 0);
    GM_OBJECT_FLAG_UNSET(sink, GM_PAD_FLAG_NEED_PARENT);
    padtest_free(src, sink);
}

GM_TEST(pad, template_names_are_checked)
{
    static const char *const good[] = { "src", "src_%u", "src_%u_%d", "src_%s", "%u_%u", "src_%u_%s" };
    static const char *const bad[] = { "src_%f", "src_%s_x", "src_%u%u", "src_%" };
    GmPadTemplate *templ;

    for (size_t i = 0; i < GM_LEN(good); i++) {
        templ = gm_pad_template_new(good[i], GM_PAD_SRC, GM_PAD_REQUEST, GM_CAPS_ANY);
        cr_assert_not_null(templ, "%s", good[i]);
        gm_object_unref(templ);
    }
    gm_test_expect_criticals((unsigned)GM_LEN(bad) + 2);
    for (size_t i = 0; i < GM_LEN(bad); i++)
        cr_assert_null(gm_pad_template_new(bad[i], GM_PAD_SRC, GM_PAD_REQUEST, GM_CAPS_ANY), "%s",
                       bad[i]);
    cr_assert_null(gm_pad_template_new("src_%u", GM_PAD_SRC, GM_PAD_ALWAYS, GM_CAPS_ANY));
    cr_assert_null(gm_pad_template_new("src", GM_PAD_UNKNOWN, GM_PAD_ALWAYS, GM_CAPS_ANY));
}

static int pads_created;
static void on_pad_created(GmPadTemplate *templ GM_UNUSED, GmPad *pad GM_UNUSED,
                           void *data GM_UNUSED)
{
    pads_created++;
}

GM_TEST(pad, a_row_carries_functions_caps_and_flags)
{
    static const GmStaticPadTemplate row = { "sink", GM_PAD_SINK, GM_PAD_ALWAYS,
                                             "video/x-raw", .chain = padtest_chain,
                                             .pad_flags = GM_PAD_FLAG_PROXY_CAPS };
    GmPadTemplate *templ = gm_object_ref_sink(gm_static_pad_template_get(&row));
    gm_signal_connect(templ, "pad-created", on_pad_created, NULL);
    GmPad *pad = gm_pad_new_from_template(templ, "sink");
    GmCaps *caps = gm_pad_get_pad_template_caps(pad);
    char *text = gm_caps_to_string(caps);

    cr_assert_eq(pads_created, 1);
    cr_assert_eq(GM_PAD_CHAINFUNC(pad), padtest_chain);
    cr_assert(GM_PAD_IS_PROXY_CAPS(pad));
    cr_assert_eq(GM_PAD_PAD_TEMPLATE(pad), templ);
    cr_assert_str_eq(text, "video/x-raw");
    gm_free(text);
    gm_caps_unref(caps);
    gm_object_unref(pad);
    gm_object_unref(templ);
}

GM_TEST(pad, static_templates_as_gstreamer_writes_them)
{
    static GmStaticPadTemplate row =
        GM_STATIC_PAD_TEMPLATE("src", GM_PAD_SRC, GM_PAD_ALWAYS, GM_STATIC_CAPS("audio/x-raw"));
    GmPad *pad = gm_pad_new_from_static_template(&row, "src");
    GmCaps *caps = gm_pad_query_caps(pad, NULL);
    char *text = gm_caps_to_string(caps);

    cr_assert_str_eq(text, "audio/x-raw");
    gm_free(text);
    gm_caps_unref(caps);
    gm_object_unref(pad);
}

static int notified;
static void on_notify(void *data)
{
    notified += *(int *)data;
}

GM_TEST(pad, function_data_is_told_of_its_end)
{
    static int one = 1, ten = 10;
    GmPad *pad = gm_pad_new("sink", GM_PAD_SINK);

    gm_pad_set_chain_function_full(pad, padtest_chain, &one, on_notify);
    gm_pad_set_chain_function_full(pad, padtest_chain, &ten, on_notify);
    cr_assert_eq(notified, 1);
    cr_assert_eq(pad->chaindata, &ten);
    gm_object_unref(pad);
    cr_assert_eq(notified, 11);
}

GM_TEST(pad, properties)
{
    GmPad *pad = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    GmCaps *caps = NULL;
    int direction = 0;
    int64_t offset = 0;

    gm_object_set(pad, "offset", INT64_C(5), NULL);
    gm_object_get(pad, "caps", &caps, "direction", &direction, "offset", &offset, NULL);
    cr_assert_null(caps);
    cr_assert_eq(direction, GM_PAD_SRC);
    cr_assert_eq(offset, 5);
    cr_assert_eq(gm_pad_get_offset(pad), 5);
    gm_object_unref(pad);
}

GM_TEST(pad, reconfigure_is_read_and_cleared)
{
    GmPad *pad = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));

    gm_pad_set_active(pad, true);
    cr_assert(gm_pad_check_reconfigure(pad), "activation asks for it");
    cr_assert_not(gm_pad_needs_reconfigure(pad));
    gm_pad_mark_reconfigure(pad);
    cr_assert(gm_pad_needs_reconfigure(pad));
    gm_pad_set_active(pad, false);
    cr_assert_not(gm_pad_needs_reconfigure(pad));
    gm_object_unref(pad);
}

GM_TEST(pad, fixed_caps_answer_with_current_caps)
{
    GmCaps *any = gm_caps_from_string("video/x-raw"), *one = gm_caps_from_string("video/x-raw, width=1");
    GmPadTemplate *templ =
        gm_object_ref_sink(gm_pad_template_new("src", GM_PAD_SRC, GM_PAD_ALWAYS, any));
    GmPad *pad = gm_object_ref_sink(gm_pad_new_from_template(templ, "src"));

    gm_pad_set_active(pad, true);
    gm_pad_push_event(pad, gm_event_new_stream_start("x"));
    gm_pad_push_event(pad, gm_event_new_caps(one));
    GmCaps *caps = gm_pad_query_caps(pad, NULL);
    cr_assert(gm_caps_is_equal(caps, any));
    gm_caps_unref(caps);
    gm_pad_use_fixed_caps(pad);
    caps = gm_pad_query_caps(pad, NULL);
    cr_assert(gm_caps_is_equal(caps, one));
    gm_caps_unref(caps);
    cr_assert(gm_pad_has_current_caps(pad));
    gm_pad_set_active(pad, false);
    cr_assert_not(gm_pad_has_current_caps(pad));
    gm_object_unref(pad);
    gm_object_unref(templ);
    gm_caps_unref(any);
    gm_caps_unref(one);
}

GM_TEST(pad, queries_go_to_the_function_and_over_the_link)
{
    GmPad *src, *sink;
    int64_t value = 0;

    padtest_make(&src, &sink);
    cr_assert_not(gm_pad_query_position(src, GM_FORMAT_TIME, &value));
    cr_assert_eq(value, -1);
    cr_assert_not(gm_pad_peer_query_duration(src, GM_FORMAT_TIME, &value), "no peer");
    cr_assert(gm_pad_query_convert(src, GM_FORMAT_TIME, 7, GM_FORMAT_TIME, &value));
    cr_assert_eq(value, 7);
    GmQuery *drain = gm_query_new_drain();
    cr_assert(gm_pad_query(sink, drain), "with nobody behind it, all is drained");
    gm_test_expect_criticals(1);
    cr_assert_not(gm_pad_query(src, drain), "downstream only");
    gm_query_unref(drain);
    padtest_free(src, sink);
}
