// SPDX-License-Identifier: MIT
//
// test_caps: caps: making, changing, features, messages for people. The algebra is compared with
// GStreamer's by tests/peers/caps_algebra.c; here are its corners.
#include <string.h>

#include "core/caps.h"
#include "core/error.h"
#include "core/util.h"
#include "gmtest.h"

// Takes caps.
static void expect_text(GmCaps *caps, const char *text)
{
    char *got = gm_caps_to_string(caps);
    cr_assert_str_eq(got, text);
    gm_free(got);
    gm_caps_unref(caps);
}

GM_TEST(caps, makers)
{
    expect_text(gm_caps_new_simple("a/b", "w", GM_TYPE_INT, 3, NULL), "a/b, w=(int)3");
    expect_text(gm_caps_new_full(gm_structure_new_empty("a"), gm_structure_new_empty("b"), NULL),
                "a; b");
    expect_text(gm_caps_new_any(), "ANY");
    expect_text(gm_caps_new_empty(), "EMPTY");
    expect_text(gm_caps_ref(GM_CAPS_ANY), "ANY");
}

GM_TEST(caps, messages_say_what_where_and_what_to_try)
{
    static const struct { const char *text; int column; const char *says; } rows[] = {
        { "video/x-raw, width", 19, "'=' should follow the field name 'width'" },
        { "video/x-raw, width=(integer)5", 21, "'integer' is not a type" },
        { "video/x-raw, width=(int)wide", 25, "'wide' is not a value of type int" },
        { "video/x-raw width=5", 13, "',' should stand between fields" },
        { "1video, width=5", 1, "is not a media type" },
        { "video/x-raw, format={ I420, NV12", 33, "should follow in the list" },
        { "video/x-raw, a=\"open", 16, "is not closed" },
        { "video/x-raw, w=(int)[ 9, 1 ]", 21, "the smaller end first" },
    };

    for (size_t i = 0; i < GM_LEN(rows); i++) {
        GmError *error = NULL;
        char column[32];
        cr_assert_null(gm_caps_from_string_full(rows[i].text, &error));
        cr_assert_not_null(error);
        snprintf(column, sizeof(column), "column %d:", rows[i].column);
        cr_assert(strstr(error->message, column) && strstr(error->message, rows[i].says), "%s",
                  error->message);
        gm_error_free(error);
    }
}

GM_TEST(caps, shared_caps_do_not_change)
{
    GmCaps *caps = gm_caps_from_string("a, b=1"), *other = gm_caps_ref(caps);

    gm_test_expect_criticals(2);
    gm_caps_set_simple(caps, "b", GM_TYPE_INT, 2, NULL);
    gm_caps_append_structure(caps, NULL);
    caps = gm_caps_make_writable(caps);
    cr_assert_neq(caps, other);
    gm_caps_set_simple(caps, "b", GM_TYPE_INT, 2, "c", GM_TYPE_STRING, "x", NULL);
    expect_text(caps, "a, b=(int)2, c=(string)x");
    expect_text(other, "a, b=(int)1");
}

GM_TEST(caps, static_caps)
{
    GmStaticCaps s = GM_STATIC_CAPS("a/b, c=1");
    GmCaps *one = gm_static_caps_get(&s), *two = gm_static_caps_get(&s);

    cr_assert_eq(one, two);
    gm_caps_unref(one);
    gm_caps_unref(two);
    gm_static_caps_cleanup(&s);
    cr_assert_null(s.caps);
}

GM_TEST(caps, features)
{
    GmCaps *caps = gm_caps_from_string("a(memory:X, meta:Y), b=1; c");

    cr_assert(gm_caps_features_contains(gm_caps_get_features(caps, 0), "meta:Y"));
    cr_assert(gm_caps_features_contains(gm_caps_get_features(caps, 1), "memory:SystemMemory"));
    gm_caps_set_features_simple(caps, gm_caps_features_new("memory:Z", NULL));
    expect_text(caps, "a(memory:Z), b=(int)1; c(memory:Z)");

    GmCaps *system = gm_caps_from_string("a"), *dma = gm_caps_from_string("a(memory:X)");
    GmCaps *any = gm_caps_from_string("a(ANY)");
    cr_assert_not(gm_caps_can_intersect(system, dma));
    cr_assert(gm_caps_can_intersect(any, dma));
    expect_text(gm_caps_intersect(any, dma), "a(memory:X)");
    cr_assert(gm_caps_is_subset(dma, any) && !gm_caps_is_subset(any, dma));
    expect_text(gm_caps_fixate(any), "a");
    gm_caps_unref(system);
    gm_caps_unref(dma);
}

GM_TEST(caps, steal_remove_append)
{
    GmCaps *caps = gm_caps_from_string("a; b; c; d");
    GmStructure *b = gm_caps_steal_structure(caps, 1);

    gm_caps_remove_structure(caps, 2);
    gm_caps_append(caps, gm_caps_new_empty_simple("e"));
    gm_caps_append_structure(caps, b);
    cr_assert_null(gm_caps_steal_structure(caps, 9));
    expect_text(gm_caps_copy_nth(caps, 2), "e");
    expect_text(caps, "a; c; e; b");
}

GM_TEST(caps, merge_leaves_out_what_is_there)
{
    GmCaps *caps = gm_caps_from_string("a, w=[ 1, 9 ]");

    caps = gm_caps_merge_structure(caps, gm_structure_from_string("a, w=5", NULL));
    cr_assert_eq(gm_caps_get_size(caps), 1);
    caps = gm_caps_merge(caps, gm_caps_from_string("a, w=10; b"));
    expect_text(gm_caps_simplify(caps), "a, w=(int)[ 1, 10 ]; b");
}

GM_TEST(caps, order_of_results)
{
    GmCaps *a = gm_caps_from_string("x, i=1; x, i=2"), *b = gm_caps_from_string("x, i=2; x, i=1");

    expect_text(gm_caps_intersect(a, b), "x, i=(int)2; x, i=(int)1");
    expect_text(gm_caps_intersect_full(a, b, GM_CAPS_INTERSECT_FIRST), "x, i=(int)1; x, i=(int)2");
    cr_assert(gm_caps_is_equal(a, b) && !gm_caps_is_strictly_equal(a, b));
    expect_text(gm_caps_subtract(a, b), "EMPTY");
    gm_caps_unref(a);
    gm_caps_unref(b);
    expect_text(gm_caps_normalize(gm_caps_from_string("x, i={ 1, 2 }, j={ a, b }")),
                "x, i=(int)1, j=(string)a; x, i=(int)2, j=(string)a; x, i=(int)1, j=(string)b; "
                "x, i=(int)2, j=(string)b");
}

GM_TEST(caps, buffers_are_hexadecimal_text)
{
    GmCaps *caps = gm_caps_from_string("v, codec_data=(buffer)01fFA0");
    GmCaps *other = gm_caps_from_string("v, codec_data=(buffer)01ff");

    cr_assert_not_null(caps);
    cr_assert(!gm_caps_is_equal(caps, other) && !gm_caps_can_intersect(caps, other));
    cr_assert_null(gm_caps_from_string("v, codec_data=(buffer)01f"));
    cr_assert_null(gm_caps_from_string("v, codec_data=(buffer)0x"));
    other = gm_caps_merge(other, gm_caps_from_string("v, codec_data=(buffer)01ff"));
    expect_text(other, "v, codec_data=(buffer)01ff");
    expect_text(caps, "v, codec_data=(buffer)01ffa0");
}
