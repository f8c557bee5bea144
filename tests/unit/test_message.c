// SPDX-License-Identifier: MIT
//
// Messages: who says what, with GStreamer's names and text.
#include "core/message.h"

#include <stdlib.h>

#include "check/test_clock.h"
#include "core/error.h"
#include "core/structure.h"
#include "gmtest.h"

GM_TEST(message, types)
{
    cr_assert_str_eq(gm_message_type_get_name(GM_MESSAGE_STATE_CHANGED), "state-changed");
    cr_assert_str_eq(gm_message_type_get_name(GM_MESSAGE_INSTANT_RATE_REQUEST),
                     "instant-rate-request");
    cr_assert_str_eq(gm_message_type_get_name(GM_MESSAGE_ANY), "unknown");
}

GM_TEST(message, error_keeps_source_cause_and_details)
{
    GmClock *src = gm_test_clock_new();
    GmError *error = gm_error_new(GM_STREAM_ERROR, GM_STREAM_ERROR_FORMAT, "wrong %s", "way");
    GmMessage *m = gm_message_new_error_with_details(GM_OBJECT(src), error, "dbg",
                                                     gm_structure_new_empty("details"));
    gm_error_free(error);
    gm_object_unref(src);
    cr_assert_eq(GM_MESSAGE_SRC(m), GM_OBJECT(src));
    char *debug;
    const GmStructure *details;
    gm_message_parse_error(m, &error, &debug);
    gm_message_parse_error_details(m, &details);
    cr_assert(gm_error_matches(error, GM_STREAM_ERROR, GM_STREAM_ERROR_FORMAT));
    cr_assert_str_eq(error->message, "wrong way");
    cr_assert_str_eq(debug, "dbg");
    cr_assert(gm_structure_has_name(details, "details"));
    gm_error_free(error);
    free(debug);
    gm_message_unref(m);
}

GM_TEST(message, states_and_text)
{
    GmMessage *m = gm_message_new_state_changed(NULL, GM_STATE_NULL, GM_STATE_READY,
                                                GM_STATE_VOID_PENDING);
    GmState old, now, pending;
    gm_message_parse_state_changed(m, &old, &now, &pending);
    cr_assert(old == GM_STATE_NULL && now == GM_STATE_READY && pending == GM_STATE_VOID_PENDING);
    char *text = gm_structure_to_string(gm_message_get_structure(m));
    cr_assert_str_eq(text, "GstMessageStateChanged, old-state=(GstState)null, "
                     "new-state=(GstState)ready, pending-state=(GstState)void-pending;");
    free(text);
    cr_assert_str_eq(GM_MESSAGE_SRC_NAME(m), "(NULL)");
    gm_message_unref(m);
}

GM_TEST(message, qos_and_clock)
{
    GmMessage *m = gm_message_new_qos(NULL, true, 1, 2, 3, 4);
    int64_t jitter;
    double proportion;
    int quality;
    uint64_t duration, processed, dropped;
    GmFormat format;
    gm_message_parse_qos_values(m, &jitter, &proportion, &quality);
    cr_assert(jitter == 0 && proportion == 1.0 && quality == 1000000);
    gm_message_set_qos_stats(m, GM_FORMAT_BUFFERS, 10, 2);
    gm_message_parse_qos_stats(m, &format, &processed, &dropped);
    gm_message_parse_qos(m, NULL, NULL, NULL, NULL, &duration);
    cr_assert(format == GM_FORMAT_BUFFERS && processed == 10 && dropped == 2 && duration == 4);
    gm_message_unref(m);
    GmClock *clock = gm_test_clock_new(), *got;
    bool ready;
    m = gm_message_new_clock_provide(NULL, clock, true);
    gm_message_parse_clock_provide(m, &got, &ready);
    cr_assert(got == clock && ready);
    gm_message_unref(m);
    gm_object_unref(clock);
}

GM_TEST(message, group_progress_application)
{
    GmMessage *m = gm_message_new_stream_start(NULL);
    unsigned group;
    cr_assert_not(gm_message_parse_group_id(m, &group));
    gm_message_set_group_id(m, 9);
    cr_assert(gm_message_parse_group_id(m, &group) && group == 9);
    gm_message_unref(m);
    m = gm_message_new_progress(NULL, GM_PROGRESS_TYPE_ERROR, "open", "cannot");
    char *code, *text;
    gm_message_parse_progress(m, NULL, &code, &text);
    cr_assert_str_eq(code, "open");
    cr_assert_str_eq(text, "cannot");
    free(code);
    free(text);
    gm_message_unref(m);
    m = gm_message_new_application(NULL, gm_structure_new_empty("hello"));
    cr_assert(gm_message_has_name(m, "hello"));
    gm_test_expect_criticals(1);
    gm_message_parse_buffering(m, NULL);
    gm_message_unref(m);
}
