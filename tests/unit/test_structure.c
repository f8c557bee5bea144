// SPDX-License-Identifier: MIT
//
// test_structure: structures: fields, arguments, text, writability, fixation.
#include <stdatomic.h>
#include <string.h>

#include "core/error.h"
#include "core/structure.h"
#include "core/tag_list.h"
#include "core/util.h"
#include "gmtest.h"

static void expect_text(const GmStructure *s, const char *text)
{
    char *got = gm_structure_to_string(s);
    cr_assert_str_eq(got, text);
    gm_free(got);
}

GM_TEST(structure, arguments_in_and_out)
{
    GmStructure *s = gm_structure_new("a/b", "i", GM_TYPE_INT, 5, "f", GM_TYPE_FRACTION, 30, 1, "s",
                                      GM_TYPE_STRING, "x y", "r", GM_TYPE_INT_RANGE, 1, 9, "d",
                                      GM_TYPE_DOUBLE, 0.5, "u", GM_TYPE_UINT64, UINT64_MAX, NULL);
    int i = 0, num = 0, den = 0;
    char *text = NULL;
    uint64_t u = 0;
    GmClockTime t = 0;

    expect_text(s, "a/b, i=(int)5, f=(fraction)30/1, s=(string)\"x\\ y\", r=(int)[ 1, 9 ], "
                   "d=(double)0.5, u=(guint64)18446744073709551615;");
    cr_assert(gm_structure_get(s, "i", GM_TYPE_INT, &i, "f", GM_TYPE_FRACTION, &num, &den, "s",
                               GM_TYPE_STRING, &text, "u", GM_TYPE_UINT64, &u, NULL));
    cr_assert(i == 5 && num == 30 && den == 1 && u == UINT64_MAX);
    cr_assert_str_eq(text, "x y");
    gm_free(text);
    cr_assert_not(gm_structure_get(s, "i", GM_TYPE_INT, &i, "no", GM_TYPE_INT, &i, NULL));
    cr_assert_not(gm_structure_get_int(s, "d", &i), "not of that type");
    cr_assert(gm_structure_get_clock_time(s, "u", &t) && t == GM_CLOCK_TIME_NONE);
    cr_assert_eq(gm_structure_get_field_type(s, "r"), GM_TYPE_INT_RANGE);
    gm_structure_remove_fields(s, "f", "s", "r", NULL);
    gm_structure_set(s, "i", GM_TYPE_STRING, NULL, NULL);
    expect_text(s, "a/b, i=(string)NULL, d=(double)0.5, u=(guint64)18446744073709551615;");
    gm_structure_free(s);
}

GM_TEST(structure, quarks)
{
    GmQuark name = gm_quark_from_string("q"), field = gm_quark_from_string("field");
    GmStructure *s = gm_structure_new_id(name, field, GM_TYPE_BOOLEAN, true, 0);
    bool b = false;

    cr_assert(gm_structure_id_get(s, field, GM_TYPE_BOOLEAN, &b, 0) && b);
    cr_assert(gm_structure_id_has_field_typed(s, field, GM_TYPE_BOOLEAN));
    gm_structure_id_set(s, field, GM_TYPE_INT, 3, 0);
    expect_text(s, "q, field=(int)3;");
    gm_structure_free(s);
}

GM_TEST(structure, bad_names_and_text)
{
    char *end;

    gm_test_expect_criticals(2);
    cr_assert_null(gm_structure_new_empty("0abc"));
    cr_assert_null(gm_structure_new_empty("a b"));
    cr_assert_null(gm_structure_from_string("a, b", NULL));
    cr_assert_null(gm_structure_from_string("a, b=(nonsense)1", NULL));
    GmStructure *s = gm_structure_from_string("a, b=1; rest", &end);
    cr_assert_str_eq(end, " rest");
    gm_structure_free(s);
}

GM_TEST(structure, locked_by_parent)
{
    _Atomic int refcount = 2;
    GmStructure *s = gm_structure_new_empty("a");

    cr_assert(gm_structure_set_parent_refcount(s, &refcount));
    gm_test_expect_criticals(2);
    gm_structure_set(s, "x", GM_TYPE_INT, 1, NULL); // shared: nothing happens
    cr_assert_eq(gm_structure_n_fields(s), 0);
    cr_assert_not(gm_structure_set_parent_refcount(s, &refcount), "has one");
    atomic_store(&refcount, 1);
    gm_structure_set(s, "x", GM_TYPE_INT, 1, NULL);
    cr_assert_eq(gm_structure_n_fields(s), 1);
    gm_structure_set_parent_refcount(s, NULL);
    gm_structure_free(s);
}

static bool drop_ints(GmQuark field, GmValue *value, void *user_data)
{
    (void)field;
    ++*(int *)user_data;
    return !GM_VALUE_HOLDS_INT(value);
}

GM_TEST(structure, filter)
{
    GmStructure *s = gm_structure_new_from_string("a, b=1, c=x, d=2, e=y");
    int calls = 0;

    gm_structure_filter_and_map_in_place(s, drop_ints, &calls);
    cr_assert_eq(calls, 4);
    expect_text(s, "a, c=(string)x, e=(string)y;");
    gm_structure_free(s);
}

GM_TEST(structure, nearest)
{
    GmStructure *s = gm_structure_new_from_string(
        "a, i=[ 0, 100, 10 ], l={ 5, 50 }, f=[ 1/1, 30/1 ], fl={ 15/1, 25/1 }, d=[ 0.5, 1.5 ], "
        "b={ true, false }, s={ x, y }, x=1");

    cr_assert(gm_structure_fixate_field_nearest_int(s, "i", 37));
    cr_assert(gm_structure_fixate_field_nearest_int(s, "l", 40));
    cr_assert(gm_structure_fixate_field_nearest_fraction(s, "f", 60, 1));
    cr_assert(gm_structure_fixate_field_nearest_fraction(s, "fl", 24, 1));
    cr_assert(gm_structure_fixate_field_nearest_double(s, "d", 0.1));
    cr_assert(gm_structure_fixate_field_boolean(s, "b", false));
    cr_assert(gm_structure_fixate_field_string(s, "s", "y"));
    cr_assert_not(gm_structure_fixate_field_nearest_int(s, "x", 5), "fixed already");
    expect_text(s, "a, i=(int)40, l=(int)50, f=(fraction)30/1, fl=(fraction)25/1, d=(double)0.5, "
                   "b=(boolean)false, s=(string)y, x=(int)1;");
    gm_structure_free(s);
}

GM_TEST(structure, tag_lists_compare_by_their_tags)
{
    GmTagList *tags[] = { gm_tag_list_new(GM_TAG_TITLE, "a", NULL),
                          gm_tag_list_new(GM_TAG_TITLE, "a", NULL),
                          gm_tag_list_new(GM_TAG_TITLE, "b", NULL) };
    GmStructure *s[3];

    for (int i = 0; i < 3; i++) {
        s[i] = gm_structure_new("s", "tags", GM_TYPE_TAG_LIST, tags[i], NULL);
        gm_tag_list_unref(tags[i]);
    }
    cr_assert(gm_structure_is_equal(s[0], s[1]));
    cr_assert(!gm_structure_is_equal(s[0], s[2]));
    for (int i = 0; i < 3; i++)
        gm_structure_free(s[i]);
}
