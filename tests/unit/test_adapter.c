// SPDX-License-Identifier: MIT
#include "gmtest.h"

#include <string.h>

#include "core/base/adapter.h"

static GmBuffer *text(const char *s, GmClockTime pts)
{
    GmBuffer *b = gm_buffer_new_memdup(s, strlen(s));
    b->pts = pts;
    return b;
}

static GmAdapter *alphabet(void)
{
    GmAdapter *a = gm_adapter_new();
    gm_adapter_push(a, text("abc", 10));
    gm_adapter_push(a, text("defgh", GM_CLOCK_TIME_NONE));
    gm_adapter_push(a, text("ij", 20));
    return a;
}

GM_TEST(adapter, map_inside_and_across_buffers)
{
    GmAdapter *a = alphabet();
    cr_assert_eq(gm_adapter_available(a), 10);
    cr_assert_eq(gm_adapter_available_fast(a), 3);
    cr_assert_eq(memcmp(gm_adapter_map(a, 3), "abc", 3), 0);
    cr_assert_eq(memcmp(gm_adapter_map(a, 9), "abcdefghi", 9), 0);
    cr_assert_eq(gm_adapter_available_fast(a), 9);
    gm_adapter_unmap(a);
    cr_assert_null(gm_adapter_map(a, 11));
    char out[4] = "";
    gm_adapter_copy(a, out, 2, 3);
    cr_assert_str_eq(out, "cde");
    gm_object_unref(a);
}

GM_TEST(adapter, stamps_and_distances)
{
    GmAdapter *a = alphabet();
    uint64_t distance;
    cr_assert(gm_adapter_prev_pts(a, &distance) == 10 && distance == 0);
    gm_adapter_flush(a, 5);
    cr_assert(gm_adapter_prev_pts(a, &distance) == 10 && distance == 5);
    cr_assert(gm_adapter_prev_pts_at_offset(a, 4, &distance) == 20 && distance == 1);
    gm_adapter_flush(a, 4);
    cr_assert(gm_adapter_prev_pts(a, &distance) == 20 && distance == 1);
    GmBuffer *b = text("k", 30);
    GM_BUFFER_FLAG_SET(b, GM_BUFFER_FLAG_DISCONT);
    gm_adapter_push(a, b);
    cr_assert_eq(gm_adapter_pts_at_discont(a), GM_CLOCK_TIME_NONE);
    gm_adapter_flush(a, 1);
    cr_assert_eq(gm_adapter_pts_at_discont(a), 30);
    cr_assert_eq(gm_adapter_distance_from_discont(a), 0);
    gm_adapter_clear(a);
    cr_assert_eq(gm_adapter_prev_pts(a, NULL), GM_CLOCK_TIME_NONE);
    gm_object_unref(a);
}

GM_TEST(adapter, take_in_all_ways)
{
    GmAdapter *a = alphabet();
    GmBuffer *whole = gm_adapter_take_buffer(a, 3);
    cr_assert_eq(whole->pts, 10);
    GmBuffer *fast = gm_adapter_get_buffer_fast(a, 6);
    cr_assert_eq(gm_buffer_n_memory(fast), 2);
    cr_assert_eq(gm_buffer_memcmp(fast, 0, "defghi", 6), 0);
    GmBuffer *merged = gm_adapter_get_buffer(a, 6);
    cr_assert_eq(gm_buffer_n_memory(merged), 1);
    cr_assert_eq(gm_buffer_memcmp(merged, 0, "defghi", 6), 0);
    GmBufferList *list = gm_adapter_take_buffer_list(a, 6);
    cr_assert_eq(gm_buffer_list_length(list), 2);
    char *last = gm_adapter_take(a, 1);
    cr_assert_eq(*last, 'j');
    free(last);
    cr_assert_eq(gm_adapter_available(a), 0);
    cr_assert_null(gm_adapter_take_buffer(a, 1));
    gm_buffer_list_unref(list);
    gm_buffer_unref(merged);
    gm_buffer_unref(fast);
    gm_buffer_unref(whole);
    gm_object_unref(a);
}

GM_TEST(adapter, scan_over_the_edge)
{
    GmAdapter *a = alphabet();
    uint32_t found = 0;
    cr_assert_eq(gm_adapter_masked_scan_uint32(a, 0xffffffff, 0x62636465, 0, 10), 1);
    cr_assert_eq(gm_adapter_masked_scan_uint32_peek(a, 0x00ffff00, 0x00686900, 2, 8, &found), 6);
    cr_assert_eq(found, 0x6768696a);
    cr_assert_eq(gm_adapter_masked_scan_uint32(a, 0xffffffff, 0x62636465, 2, 8), -1);
    cr_assert_eq(gm_adapter_masked_scan_uint32(a, 0xffffffff, 0x62636465, 0, 3), -1);
    gm_object_unref(a);
}
