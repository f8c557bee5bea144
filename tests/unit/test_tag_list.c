// SPDX-License-Identifier: MIT
//
// test_tag_list: tag lists: adding in all modes, reading, text.
#include "core/tag_list.h"
#include "core/util.h"
#include "gmtest.h"

static void expect_text(const GmTagList *list, const char *text)
{
    char *got = gm_tag_list_to_string(list);
    cr_assert_str_eq(got, text);
    gm_free(got);
}

GM_TEST(tag_list, modes)
{
    GmTagList *list = gm_tag_list_new(GM_TAG_TITLE, "one", GM_TAG_BITRATE, 800u, NULL);
    unsigned rate = 0;
    char *title = NULL;

    expect_text(list, "taglist, title=(string)one, bitrate=(uint)800;");
    gm_tag_list_add(list, GM_TAG_MERGE_APPEND, GM_TAG_TITLE, "two", NULL);
    gm_tag_list_add(list, GM_TAG_MERGE_PREPEND, GM_TAG_TITLE, "zero", NULL);
    gm_tag_list_add(list, GM_TAG_MERGE_KEEP, GM_TAG_TITLE, "no", GM_TAG_GENRE, "new", NULL);
    gm_tag_list_add(list, GM_TAG_MERGE_REPLACE, GM_TAG_BITRATE, 900u, NULL);
    expect_text(list, "taglist, title=(string){ zero, one, two }, bitrate=(uint)900, "
                      "genre=(string)new;");
    cr_assert_eq(gm_tag_list_get_tag_size(list, GM_TAG_TITLE), 3);
    cr_assert(gm_tag_list_get_uint(list, GM_TAG_BITRATE, &rate) && rate == 900);
    cr_assert(gm_tag_list_get_string(list, GM_TAG_TITLE, &title));
    cr_assert_str_eq(title, "zero");
    gm_free(title);
    gm_tag_list_unref(list);
}

GM_TEST(tag_list, merge_and_text)
{
    GmTagList *a = gm_tag_list_new_from_string("taglist, title=(string)a, album=(string)x;");
    GmTagList *b = gm_tag_list_new(GM_TAG_TITLE, "b", NULL), *both;

    both = gm_tag_list_merge(a, b, GM_TAG_MERGE_REPLACE_ALL);
    cr_assert(gm_tag_list_is_equal(both, b));
    gm_tag_list_unref(both);
    both = gm_tag_list_merge(a, b, GM_TAG_MERGE_KEEP);
    cr_assert(gm_tag_list_is_equal(both, a));
    gm_tag_list_unref(both);
    cr_assert_null(gm_tag_list_merge(NULL, NULL, GM_TAG_MERGE_KEEP));
    gm_test_expect_criticals(2);
    cr_assert_null(gm_tag_list_new_from_string("title=a"));
    gm_tag_list_ref(a);
    gm_tag_list_add(a, GM_TAG_MERGE_REPLACE, GM_TAG_TITLE, "shared", NULL);
    gm_tag_list_unref(a);
    gm_tag_list_unref(a);
    gm_tag_list_unref(b);
}
