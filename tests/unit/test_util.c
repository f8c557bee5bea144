// SPDX-License-Identifier: MIT
#include "core/util.h"

#include <stdlib.h>
#include <string.h>

#include "gmtest.h"

GM_TEST(util, scale)
{
    cr_assert_eq(gm_util_uint64_scale(10, 3, 4), 7);
    cr_assert_eq(gm_util_uint64_scale_round(10, 3, 4), 8);
    cr_assert_eq(gm_util_uint64_scale_ceil(10, 3, 4), 8);
    cr_assert_eq(gm_util_uint64_scale_ceil(8, 3, 4), 6);
    cr_assert_eq(gm_util_uint64_scale_int(1, 1, 3), 0);
    cr_assert_eq(gm_util_uint64_scale_int_round(1, 2, 3), 1);
    cr_assert_eq(gm_util_uint64_scale_int_ceil(1, 1, 3), 1);
    // 128 bits: the product alone would overflow
    cr_assert_eq(gm_util_uint64_scale(UINT64_MAX, UINT64_MAX, UINT64_MAX), UINT64_MAX);
    cr_assert_eq(gm_util_uint64_scale(UINT64_MAX - 1, 5, 10), (UINT64_MAX - 1) / 2);
    cr_assert_eq(gm_util_uint64_scale(UINT64_MAX, 2, 1), UINT64_MAX, "overflow saturates");
    cr_assert_eq(gm_util_uint64_scale_int(UINT64_MAX, 1, INT_MAX), UINT64_MAX / INT_MAX);
    cr_assert_eq(gm_util_uint64_scale(1000000, (uint64_t)GM_SECOND * 1001, 30000), 33366666666666);
    gm_test_expect_criticals(2);
    cr_assert_eq(gm_util_uint64_scale(1, 1, 0), UINT64_MAX);
    cr_assert_eq(gm_util_uint64_scale_int(1, -1, 1), UINT64_MAX);
}

GM_TEST(util, fractions)
{
    int n, d;
    double x;

    cr_assert_eq(gm_util_greatest_common_divisor(-12, 18), 6);
    cr_assert_eq(gm_util_greatest_common_divisor_int64(INT64_C(1) << 40, INT64_C(3) << 20),
                 INT64_C(1) << 20);
    gm_util_fraction_to_double(1, 4, &x);
    cr_assert_eq(x, 0.25);
    const struct { double x; int n, d; } cases[] = {
        { 0.0, 0, 1 }, { 1.5, 3, 2 }, { -1.5, -3, 2 }, { 30000.0 / 1001.0, 30000, 1001 },
        { 24000.0 / 1001.0, 24000, 1001 }, { 29.97, 2997, 100 }, { 1e10, INT_MAX, 1 },
        { -1e10, -INT_MAX, 1 }, { 25.0, 25, 1 },
    };
    for (size_t i = 0; i < GM_LEN(cases); i++) {
        gm_util_double_to_fraction(cases[i].x, &n, &d);
        cr_assert(n == cases[i].n && d == cases[i].d, "%g gave %d/%d", cases[i].x, n, d);
    }
    cr_assert(gm_util_fraction_multiply(30, 1, 1001, 1000, &n, &d));
    cr_assert(n == 3003 && d == 100);
    cr_assert(gm_util_fraction_add(1, 2, 1, 3, &n, &d));
    cr_assert(n == 5 && d == 6);
    cr_assert_not(gm_util_fraction_multiply(INT_MAX, 1, INT_MAX, 1, &n, &d));
    cr_assert_not(gm_util_fraction_add(INT_MAX, 1, 1, 1, &n, &d));
    cr_assert_eq(gm_util_fraction_compare(1, 2, 2, 4), 0);
    cr_assert_eq(gm_util_fraction_compare(1, 3, 1, 2), -1);
    cr_assert_eq(gm_util_fraction_compare(INT_MAX, 2, INT_MAX, 3), 1);
    cr_assert_eq(gm_util_ceil_log2(1), 0);
    cr_assert_eq(gm_util_ceil_log2(5), 3);
    cr_assert_eq(gm_util_ceil_log2(8), 3);
    cr_assert_eq(gm_util_ceil_log2(0xffffffff), 32);
}

GM_TEST(util, numbers)
{
    uint32_t a = gm_util_seqnum_next(), b = gm_util_seqnum_next();
    cr_assert_lt(gm_util_seqnum_compare(a, b), 0);
    cr_assert_gt(gm_util_seqnum_compare(5, 0xfffffff0u), 0, "across the wrap");
    cr_assert_neq(gm_util_group_id_next(), gm_util_group_id_next());
}

GM_TEST(util, strings)
{
    GmString *s = gm_string_new("a");
    gm_string_append(s, "bc");
    gm_string_append_c(s, 'd');
    gm_string_append_len(s, "efgh", 2);
    gm_string_append_printf(s, "-%d-%s", 42, "x");
    cr_assert_str_eq(s->str, "abcdef-42-x");
    cr_assert_eq(s->len, strlen(s->str));
    gm_string_truncate(s, 3);
    for (int i = 0; i < 1000; i++)
        gm_string_append_c(s, 'z');
    cr_assert_eq(s->len, 1003);
    char *text = gm_string_free(s, false);
    cr_assert_eq(strlen(text), 1003);
    gm_free(text);

    char **v = gm_strsplit("a,b,,c", ",", 0);
    cr_assert(!strcmp(v[0], "a") && !strcmp(v[2], "") && !strcmp(v[3], "c") && !v[4]);
    gm_strfreev(v);
    v = gm_strsplit("a,b,c", ",", 2);
    cr_assert(!strcmp(v[1], "b,c") && !v[2]);
    gm_strfreev(v);
    v = gm_strsplit("", ",", 0);
    cr_assert_null(v[0]);
    gm_strfreev(v);
    cr_assert(gm_str_has_suffix("x.y4m", ".y4m") && !gm_str_has_suffix("m", ".y4m"));
    cr_assert_lt(gm_strcmp0(NULL, "a"), 0);
    cr_assert_eq(gm_strcmp0(NULL, NULL), 0);
}

GM_TEST(util, did_you_mean)
{
    static const char *const names[] = { "queue", "tee", "fakesrc", "fakesink", "filesink" };
    struct { int n; const char *name; } rows[] = { { 0, "leaky" }, { 1, "silent" } };

    cr_assert_eq(gm_util_edit_distance("qeueu", "queue"), 2);
    cr_assert_eq(gm_util_edit_distance("kitten", "sitting"), 3);
    cr_assert_str_eq(gm_util_did_you_mean("qeueu", names, 5, sizeof names[0]), "queue");
    cr_assert_str_eq(gm_util_did_you_mean("fakesik", names, 5, sizeof names[0]), "fakesink");
    cr_assert_str_eq(gm_util_did_you_mean("leeky", &rows[0].name, 2, sizeof rows[0]), "leaky");
    cr_assert_null(gm_util_did_you_mean("videotestsrc", names, 5, sizeof names[0]));
    cr_assert_null(gm_util_did_you_mean("", names, 5, sizeof names[0]));
}
