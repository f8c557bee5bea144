// SPDX-License-Identifier: MIT
#include "core/list.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "gmtest.h"

// "abc" for a list of one-letter strings; checks the prev pointers on the way.
static const char *text(GmList *list)
{
    static char buffer[64];
    size_t n = 0;

    for (GmList *l = list, *prev = NULL; l != NULL; prev = l, l = l->next) {
        cr_assert_eq(l->prev, prev);
        buffer[n++] = *(char *)l->data;
    }
    buffer[n] = '\0';
    return buffer;
}

static GmList *from(const char *letters)
{
    static char all[256][2];
    GmList *list = NULL;

    for (; *letters; letters++) {
        all[(int)*letters][0] = *letters;
        list = gm_list_append(list, all[(int)*letters]);
    }
    return list;
}

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void *copy_string(const void *src, void *data)
{
    (*(int *)data)++;
    return gm_strdup(src);
}

GM_TEST(list, add_and_remove)
{
    GmList *l = from("bc");
    l = gm_list_prepend(l, "a");
    l = gm_list_insert(l, "x", 1);
    l = gm_list_insert(l, "z", 99);
    l = gm_list_insert_before(l, gm_list_nth(l, 2), "y");
    cr_assert_str_eq(text(l), "axybcz");
    cr_assert_eq(gm_list_length(l), 6);
    l = gm_list_remove(l, gm_list_nth_data(l, 0));
    l = gm_list_delete_link(l, gm_list_last(l));
    cr_assert_str_eq(text(l), "xybc");
    GmList *one = gm_list_nth(l, 1);
    l = gm_list_remove_link(l, one);
    cr_assert_str_eq(text(l), "xbc");
    cr_assert_str_eq(text(one), "y");
    l = gm_list_concat(l, one);
    l = gm_list_append(l, l->data);
    cr_assert_str_eq(text(l), "xbcyx");
    l = gm_list_remove_all(l, l->data);
    cr_assert_str_eq(text(l), "bcy");
    gm_list_free(l);
}

GM_TEST(list, look_and_order)
{
    GmList *l = from("dbac");
    void *c = gm_list_nth_data(l, 3);
    cr_assert_eq(gm_list_index(l, c), 3);
    cr_assert_eq(gm_list_find(l, c), gm_list_last(l));
    cr_assert_eq(gm_list_index(l, "nope"), -1);
    cr_assert_eq(gm_list_first(gm_list_last(l)), l);
    cr_assert_eq(gm_list_find_custom(l, "b", compare), l->next);
    l = gm_list_sort(l, compare);
    cr_assert_str_eq(text(l), "abcd");
    l = gm_list_insert_sorted(l, "bb", compare);
    cr_assert_str_eq(gm_list_nth_data(l, 2), "bb");
    l = gm_list_reverse(l);
    cr_assert_str_eq(text(l), "dcbba");
    int n = 0;
    GmList *deep = gm_list_copy_deep(l, copy_string, &n);
    cr_assert_eq(n, 5);
    cr_assert_neq(deep->data, l->data);
    cr_assert_str_eq(text(deep), "dcbba");
    gm_list_free_full(deep, free);
    gm_list_free(l);
    cr_assert_null(gm_list_last(NULL));
    cr_assert_eq(gm_list_length(NULL), 0);
}

// Equal keys keep their order; many elements come out sorted.
static int compare_tens(const void *a, const void *b)
{
    return (int)((intptr_t)a / 10) - (int)((intptr_t)b / 10);
}

GM_TEST(list, sort_is_stable)
{
    GmList *l = NULL;
    unsigned seed = 1;
    for (intptr_t i = 0; i < 500; i++) {
        seed = seed * 1103515245u + 12345u;
        l = gm_list_prepend(l, (void *)((intptr_t)(seed >> 16) % 20 * 10 + i % 10));
    }
    GmList *before = gm_list_copy(l);
    l = gm_list_sort(l, compare_tens);
    for (GmList *p = l; p->next != NULL; p = p->next)
        cr_assert(compare_tens(p->data, p->next->data) <= 0);
    GmList *at = l;
    for (GmList *p = before; p != NULL; p = p->next)
        if ((intptr_t)p->data / 10 == (intptr_t)l->data / 10) {
            cr_assert_eq(at->data, p->data);
            at = at->next;
        }
    gm_list_free(before);
    gm_list_free(l);
}
