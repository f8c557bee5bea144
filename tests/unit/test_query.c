// SPDX-License-Identifier: MIT
//
// Queries: unanswered defaults, answers, lists.
#include "core/query.h"

#include <stdlib.h>

#include "core/caps.h"
#include "core/structure.h"
#include "gmtest.h"

GM_TEST(query, position_and_latency)
{
    GmQuery *q = gm_query_new_position(GM_FORMAT_TIME);
    int64_t cur;
    GmFormat format;
    gm_query_parse_position(q, &format, &cur);
    cr_assert(format == GM_FORMAT_TIME && cur == -1);
    gm_query_set_position(q, GM_FORMAT_TIME, 42);
    gm_query_parse_position(q, NULL, &cur);
    cr_assert_eq(cur, 42);
    gm_test_expect_criticals(2);
    gm_query_set_position(q, GM_FORMAT_BYTES, 1);
    gm_query_parse_latency(q, NULL, NULL, NULL);
    cr_assert_str_eq(GM_QUERY_TYPE_NAME(q), "position");
    gm_query_unref(q);

    q = gm_query_new_latency();
    bool live;
    GmClockTime min, max;
    gm_query_parse_latency(q, &live, &min, &max);
    cr_assert(!live && min == 0 && max == GM_CLOCK_TIME_NONE);
    char *text = gm_structure_to_string(gm_query_get_structure(q));
    cr_assert_str_eq(text, "GstQueryLatency, live=(boolean)false, min-latency=(guint64)0, "
                     "max-latency=(guint64)18446744073709551615;");
    free(text);
    gm_query_unref(q);
}

GM_TEST(query, formats_buffering_scheduling)
{
    GmQuery *q = gm_query_new_formats();
    unsigned n = 9;
    GmFormat f;
    gm_query_parse_n_formats(q, &n);
    cr_assert_eq(n, 0);
    gm_query_set_formats(q, 2, GM_FORMAT_TIME, GM_FORMAT_BYTES);
    gm_query_parse_n_formats(q, &n);
    gm_query_parse_nth_format(q, 1, &f);
    cr_assert(n == 2 && f == GM_FORMAT_BYTES);
    gm_query_unref(q);

    q = gm_query_new_buffering(GM_FORMAT_PERCENT);
    cr_assert(gm_query_add_buffering_range(q, 0, 10) && gm_query_add_buffering_range(q, 20, 30));
    cr_assert(!gm_query_add_buffering_range(q, 5, 6) && !gm_query_add_buffering_range(q, 50, 40));
    GmQuery *copy = gm_query_copy(q);
    int64_t a, b;
    cr_assert(gm_query_parse_nth_buffering_range(copy, 1, &a, &b) && a == 20 && b == 30);
    cr_assert_eq(gm_query_get_n_buffering_ranges(copy), 2);
    gm_query_unref(copy);
    gm_query_unref(q);

    q = gm_query_new_scheduling();
    gm_query_set_scheduling(q, GM_SCHEDULING_FLAG_SEEKABLE, 1, -1, 0);
    gm_query_add_scheduling_mode(q, GM_PAD_MODE_PULL);
    cr_assert(gm_query_has_scheduling_mode(q, GM_PAD_MODE_PULL));
    cr_assert_not(gm_query_has_scheduling_mode(q, GM_PAD_MODE_PUSH));
    cr_assert(gm_query_has_scheduling_mode_with_flags(q, GM_PAD_MODE_PULL,
                                                      GM_SCHEDULING_FLAG_SEEKABLE));
    cr_assert_not(gm_query_has_scheduling_mode_with_flags(q, GM_PAD_MODE_PULL,
                                                          GM_SCHEDULING_FLAG_SEQUENTIAL));
    gm_query_unref(q);
}

GM_TEST(query, allocation)
{
    GmCaps *caps = gm_caps_from_string("video/x-raw"), *got;
    GmQuery *q = gm_query_new_allocation(caps, true);
    bool need_pool;
    gm_query_parse_allocation(q, &got, &need_pool);
    cr_assert(got == caps && need_pool);
    gm_query_add_allocation_pool(q, NULL, 100, 2, 5);
    gm_query_add_allocation_pool(q, NULL, 200, 3, 0);
    gm_query_remove_nth_allocation_pool(q, 0);
    unsigned size, min, max, index;
    GmBufferPool *pool;
    gm_query_parse_nth_allocation_pool(q, 0, &pool, &size, &min, &max);
    cr_assert(pool == NULL && size == 200 && min == 3 && max == 0);
    GmStructure *params = gm_structure_new_empty("params");
    gm_query_add_allocation_meta(q, 1001, NULL);
    gm_query_add_allocation_meta(q, 1002, params);
    gm_structure_free(params);
    cr_assert(gm_query_find_allocation_meta(q, 1002, &index) && index == 1);
    cr_assert_not(gm_query_find_allocation_meta(q, 7, NULL));
    GmAllocationParams p = { .align = 15 }, out;
    gm_query_add_allocation_param(q, NULL, &p);
    gm_query_parse_nth_allocation_param(q, 0, NULL, &out);
    cr_assert_eq(out.align, 15);
    gm_test_expect_criticals(1);
    cr_assert_eq(gm_query_parse_nth_allocation_meta(q, 2, NULL), 0);
    gm_query_unref(q);
    gm_caps_unref(caps);
}

GM_TEST(query, caps_and_uri)
{
    GmCaps *caps = gm_caps_from_string("audio/x-raw, rate=(int)[ 1, 9 ]"), *got;
    GmQuery *q = gm_query_new_caps(NULL);
    gm_query_parse_caps(q, &got);
    cr_assert_null(got);
    gm_query_set_caps_result(q, caps);
    gm_query_parse_caps_result(q, &got);
    cr_assert_eq(got, caps);
    gm_query_unref(q);
    gm_caps_unref(caps);
    q = gm_query_new_uri();
    gm_query_set_uri(q, "file:///a");
    char *uri;
    gm_query_parse_uri(q, &uri);
    cr_assert_str_eq(uri, "file:///a");
    free(uri);
    gm_query_parse_uri_redirection(q, &uri);
    cr_assert_null(uri);
    gm_query_unref(q);
}
