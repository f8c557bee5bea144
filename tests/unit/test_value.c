// SPDX-License-Identifier: MIT
//
// test_value: values: life, sets, algebra and text, as GStreamer 1.22 does them.
#include <string.h>

#include "core/util.h"
#include "core/value.h"
#include "gmtest.h"

static const GmEnumValue color_values[] = { { 1, "RED_PAINT", "red" }, { 2, "BLUE_PAINT", "blue" },
                                            { 4, "GREEN_PAINT", "green" }, { 0, NULL, NULL } };
static const GmEnumTable color_table = { "GmTestColor", color_values, false };
static const GmEnumTable paint_table = { "GmTestPaint", color_values, true };

static GmValue read_as(GmType type, const char *text)
{
    GmValue value = GM_VALUE_INIT;
    gm_value_init(&value, type);
    cr_assert(gm_value_deserialize(&value, text), "'%s' as %s", text, gm_type_name(type));
    return value;
}

// What value prints as, then released.
static void expect_text(GmValue *value, const char *text)
{
    char *got = gm_value_serialize(value);
    cr_assert_str_eq(got, text);
    gm_free(got);
    gm_value_unset(value);
}

GM_TEST(value, registered_types)
{
    GmType color = gm_type_register_enum(&color_table), paint = gm_type_register_enum(&paint_table);

    cr_assert_eq(color, gm_type_register_enum(&color_table));
    cr_assert_eq(color, gm_type_from_name("GmTestColor"));
    cr_assert_eq(color, gm_type_from_name("GstTestColor"));
    cr_assert(gm_type_is_a(color, GM_TYPE_ENUM) && gm_type_is_a(paint, GM_TYPE_FLAGS));
    cr_assert_eq(gm_type_from_name("GmNothing"), GM_TYPE_INVALID);

    GmValue v = read_as(color, "blue");
    cr_assert_eq(gm_value_get_enum(&v), 2);
    expect_text(&v, "blue");
    v = read_as(paint, "red+green");
    cr_assert_eq(gm_value_get_flags(&v), 5u);
    expect_text(&v, "RED_PAINT+GREEN_PAINT"); // flags by name, enumerations by nick
    v = read_as(paint, "RED_PAINT+blue");
    cr_assert_eq(gm_value_get_flags(&v), 3u);
    gm_value_unset(&v);
    gm_value_init(&v, color);
    cr_assert_not(gm_value_deserialize(&v, "pink"));
}

GM_TEST(value, numbers_as_text)
{
    GmValue v = read_as(GM_TYPE_INT, "0x10");
    expect_text(&v, "16");
    v = read_as(GM_TYPE_INT, "4294967295"); // hexadecimal colours are written like that
    expect_text(&v, "-1");
    v = read_as(GM_TYPE_INT, "max");
    expect_text(&v, "2147483647");
    v = read_as(GM_TYPE_INT64, "min");
    expect_text(&v, "-9223372036854775808");
    v = read_as(GM_TYPE_DOUBLE, "0.1");
    expect_text(&v, "0.10000000000000001");
    v = read_as(GM_TYPE_FRACTION, "-4/6");
    expect_text(&v, "-2/3");
    v = read_as(GM_TYPE_BOOLEAN, "YES");
    expect_text(&v, "true");
    gm_value_init(&v, GM_TYPE_INT);
    cr_assert_not(gm_value_deserialize(&v, "4294967296"));
    cr_assert_not(gm_value_deserialize(&v, "12x"));
}

GM_TEST(value, strings_are_escaped)
{
    GmValue v = GM_VALUE_INIT;

    gm_value_set_string(gm_value_init(&v, GM_TYPE_STRING), "two \"words\"\xc3\xa4");
    char *text = gm_value_serialize(&v);
    cr_assert_str_eq(text, "\"two\\ \\\"words\\\"\\303\\244\"");
    GmValue back = read_as(GM_TYPE_STRING, text);
    cr_assert_eq(gm_value_compare(&v, &back), GM_VALUE_EQUAL);
    gm_free(text);
    gm_value_unset(&back);
    gm_value_set_static_string(&v, "static"); // not freed
    expect_text(&v, "static");
    gm_value_init(&v, GM_TYPE_STRING);
    cr_assert_not(gm_value_deserialize(&v, "\xff"), "not UTF-8");
}

GM_TEST(value, wrong_type_is_refused)
{
    GmValue v = GM_VALUE_INIT;

    gm_value_set_int(gm_value_init(&v, GM_TYPE_INT), 7);
    gm_test_expect_criticals(3);
    gm_value_set_double(&v, 1.0);
    cr_assert_null(gm_value_get_string(&v));
    cr_assert_null(gm_value_init(&v, GM_TYPE_INT));
    cr_assert_eq(gm_value_get_int(&v), 7);
}

GM_TEST(value, conversion)
{
    GmValue i = GM_VALUE_INIT, d = GM_VALUE_INIT, s = GM_VALUE_INIT, f = GM_VALUE_INIT;

    gm_value_set_int(gm_value_init(&i, GM_TYPE_INT), -3);
    gm_value_init(&d, GM_TYPE_DOUBLE);
    gm_value_init(&s, GM_TYPE_STRING);
    gm_value_init(&f, GM_TYPE_FRACTION);
    cr_assert(gm_value_transform(&i, &d));
    cr_assert_eq(gm_value_get_double(&d), -3.0);
    cr_assert(gm_value_transform(&i, &s));
    cr_assert_str_eq(gm_value_get_string(&s), "-3");
    gm_value_set_double(&d, 0.25);
    cr_assert(gm_value_transform(&d, &f));
    expect_text(&f, "1/4");
    gm_value_unset(&s);
}

// One row: what two texts, read as a list or range of ints, give.
static void check_pair(const char *a, const char *b, const char *intersection,
                       const char *difference, bool subset)
{
    GmValue lists[2] = { GM_VALUE_INIT, GM_VALUE_INIT }, got = GM_VALUE_INIT;
    char text[2][80];
    const GmValue *v[2];

    for (int i = 0; i < 2; i++) { // a list of one is the simplest reader of ranges
        snprintf(text[i], sizeof(text[i]), "{ %s }", i == 0 ? a : b);
        lists[i] = read_as(GM_TYPE_LIST, text[i]);
        v[i] = gm_value_list_get_value(&lists[i], 0);
    }
    bool meet = gm_value_intersect(&got, v[0], v[1]);
    cr_assert_eq(meet, intersection != NULL, "%s with %s", a, b);
    cr_assert_eq(gm_value_intersect(NULL, v[0], v[1]), meet);
    if (meet)
        expect_text(&got, intersection);
    bool left = gm_value_subtract(&got, v[0], v[1]);
    cr_assert_eq(left, difference != NULL, "%s minus %s", a, b);
    if (left)
        expect_text(&got, difference);
    cr_assert_eq(gm_value_is_subset(v[0], v[1]), subset, "%s in %s", a, b);
    gm_value_unset(&lists[0]);
    gm_value_unset(&lists[1]);
}

GM_TEST(value, algebra_of_sets)
{
    check_pair("5", "[ 1, 9 ]", "5", NULL, true);
    check_pair("[ 1, 9 ]", "5", "5", "{ (GmIntRange)[ 1, 4 ], (GmIntRange)[ 6, 9 ] }", false);
    check_pair("[ 1, 9 ]", "[ 5, 20 ]", "[ 5, 9 ]", "[ 1, 4 ]", false);
    check_pair("[ 1, 5 ]", "[ 5, 9 ]", "5", "[ 1, 4 ]", false);
    check_pair("[ 1, 2 ]", "[ 3, 4 ]", NULL, "[ 1, 2 ]", false);
    check_pair("{ 1, 2, 3 }", "{ 3, 2, 9 }", "{ (int)2, (int)3 }", "1", false);
    check_pair("{ 1, 2, 3 }", "[ 2, 9 ]", "{ (int)2, (int)3 }", "1", false);
    check_pair("[ 1/2, 2/1 ]", "1/1", "1/1", "[ 1/2, 2/1 ]", false);
    check_pair("[ 0.5, 2.5 ]", "[ 1.5, 9.5 ]", "[ 1.5, 2.5 ]", "[ 0.5, 1.5 ]", false);
    check_pair("< 1, { 2, 3 } >", "< 1, 3 >", "< (int)1, (int)3 >", "< (int)1, (list){ (int)2, (int)3 } >",
               false);
}

GM_TEST(value, compare)
{
    GmValue a = read_as(GM_TYPE_LIST, "{ 1, 2, 3 }"), b = read_as(GM_TYPE_LIST, "{ 3, 1, 2 }");
    GmValue r = GM_VALUE_INIT;

    cr_assert_eq(gm_value_compare(&a, &b), GM_VALUE_EQUAL, "lists have no order");
    gm_value_set_int_range(gm_value_init(&r, GM_TYPE_INT_RANGE), 1, 3);
    cr_assert_eq(gm_value_compare(&a, &r), GM_VALUE_EQUAL, "a list of all that a range allows");
    cr_assert_not(gm_value_is_fixed(&r));
    gm_value_unset(&a);
    gm_value_unset(&b);
    cr_assert(gm_value_fixate(&a, &r));
    expect_text(&a, "1");
}

GM_TEST(value, union_of_runs)
{
    GmValue a = GM_VALUE_INIT, b = GM_VALUE_INIT, u = GM_VALUE_INIT;

    gm_value_set_int_range(gm_value_init(&a, GM_TYPE_INT_RANGE), 1, 4);
    gm_value_set_int_range(gm_value_init(&b, GM_TYPE_INT_RANGE), 5, 9);
    cr_assert(gm_value_union(&u, &a, &b));
    expect_text(&u, "[ 1, 9 ]");
    gm_value_set_int_range(&b, 6, 9); // a gap: GStreamer says so
    cr_assert_not(gm_value_union(&u, &a, &b));
}

GM_TEST(value, list_members_go_together)
{
    GmValue list = read_as(GM_TYPE_LIST, "{ 1 }"), s = GM_VALUE_INIT, i = GM_VALUE_INIT;

    gm_value_set_string(gm_value_init(&s, GM_TYPE_STRING), "x");
    gm_test_expect_criticals(1);
    gm_value_list_append_value(&list, &s);
    gm_value_set_int(gm_value_init(&i, GM_TYPE_INT), 0);
    gm_value_list_prepend_value(&list, &i);
    gm_value_list_append_and_take_value(&list, &i);
    cr_assert_eq(GM_VALUE_TYPE(&i), GM_TYPE_INVALID);
    gm_value_unset(&s);
    expect_text(&list, "{ (int)0, (int)1, (int)0 }");
}

GM_TEST(value, fractions)
{
    GmValue a = read_as(GM_TYPE_FRACTION, "1/3"), b = read_as(GM_TYPE_FRACTION, "3/4");
    GmValue r = read_as(GM_TYPE_FRACTION, "0/1");

    cr_assert(gm_value_fraction_multiply(&r, &a, &b));
    cr_assert_eq(gm_value_get_fraction_denominator(&r), 4);
    cr_assert(gm_value_fraction_subtract(&r, &b, &a));
    expect_text(&r, "5/12");
}
