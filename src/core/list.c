// SPDX-License-Identifier: MIT
//
// list: doubly linked lists. Every change goes through list_link, which joins two neighbours.
#include "core/list.h"

#include "core/util.h"

// Makes a and b neighbours; either may be NULL.
static void list_link(GmList *a, GmList *b)
{
    if (a != NULL)
        a->next = b;
    if (b != NULL)
        b->prev = a;
}

static GmList *list_node(void *data)
{
    GmList *node = gm_new0(GmList, 1);

    node->data = data;
    return node;
}

GmList *gm_list_append(GmList *list, void *data)
{
    GmList *node = list_node(data);

    list_link(gm_list_last(list), node);
    return list != NULL ? list : node;
}

GmList *gm_list_prepend(GmList *list, void *data)
{
    return gm_list_insert_before(list, list, data);
}

GmList *gm_list_insert(GmList *list, void *data, int position)
{
    if (position < 0)
        return gm_list_append(list, data);
    return gm_list_insert_before(list, gm_list_nth(list, (unsigned)position), data);
}

GmList *gm_list_insert_before(GmList *list, GmList *sibling, void *data)
{
    if (sibling == NULL)
        return gm_list_append(list, data);
    GmList *node = list_node(data);
    list_link(sibling->prev, node);
    list_link(node, sibling);
    return sibling == list ? node : list;
}

GmList *gm_list_insert_sorted(GmList *list, void *data, GmCompareFunc compare)
{
    if (!GM_REQUIRE(compare != NULL)) return list;
    GmList *at = list;
    while (at != NULL && compare(data, at->data) > 0)
        at = at->next;
    return gm_list_insert_before(list, at, data);
}

GmList *gm_list_concat(GmList *list1, GmList *list2)
{
    if (list1 == NULL)
        return list2;
    if (list2 != NULL)
        list_link(gm_list_last(list1), list2);
    return list1;
}

GmList *gm_list_remove_link(GmList *list, GmList *link)
{
    if (link == NULL)
        return list;
    if (link == list)
        list = link->next;
    list_link(link->prev, link->next);
    if (link->prev == NULL && link->next != NULL)
        link->next->prev = NULL;
    link->next = link->prev = NULL;
    return list;
}

GmList *gm_list_delete_link(GmList *list, GmList *link)
{
    list = gm_list_remove_link(list, link);
    gm_free(link);
    return list;
}

GmList *gm_list_remove(GmList *list, const void *data)
{
    return gm_list_delete_link(list, gm_list_find(list, data));
}

GmList *gm_list_remove_all(GmList *list, const void *data)
{
    for (GmList *next, *l = list; l != NULL; l = next) {
        next = l->next;
        if (l->data == data)
            list = gm_list_delete_link(list, l);
    }
    return list;
}

void gm_list_free(GmList *list)
{
    gm_list_free_full(list, NULL);
}

void gm_list_free_1(GmList *link)
{
    gm_free(link);
}

void gm_list_free_full(GmList *list, GmDestroyNotify free_func)
{
    while (list != NULL) {
        GmList *next = list->next;
        if (free_func != NULL)
            free_func(list->data);
        gm_free(list);
        list = next;
    }
}

unsigned gm_list_length(const GmList *list)
{
    unsigned n = 0;

    for (; list != NULL; list = list->next)
        n++;
    return n;
}

GmList *gm_list_nth(GmList *list, unsigned n)
{
    while (list != NULL && n-- > 0)
        list = list->next;
    return list;
}

void *gm_list_nth_data(GmList *list, unsigned n)
{
    list = gm_list_nth(list, n);
    return list != NULL ? list->data : NULL;
}

GmList *gm_list_find(GmList *list, const void *data)
{
    while (list != NULL && list->data != data)
        list = list->next;
    return list;
}

GmList *gm_list_find_custom(GmList *list, const void *data, GmCompareFunc compare)
{
    if (!GM_REQUIRE(compare != NULL)) return NULL;
    while (list != NULL && compare(list->data, data) != 0)
        list = list->next;
    return list;
}

int gm_list_index(GmList *list, const void *data)
{
    return gm_list_position(list, gm_list_find(list, data));
}

int gm_list_position(GmList *list, const GmList *link)
{
    int i = 0;

    for (; list != NULL && list != link; list = list->next)
        i++;
    return list != NULL ? i : -1;
}

GmList *gm_list_first(GmList *list)
{
    while (list != NULL && list->prev != NULL)
        list = list->prev;
    return list;
}

GmList *gm_list_last(GmList *list)
{
    while (list != NULL && list->next != NULL)
        list = list->next;
    return list;
}

void gm_list_foreach(GmList *list, GmFunc func, void *user_data)
{
    if (!GM_REQUIRE(func != NULL)) return;
    for (GmList *next; list != NULL; list = next) {
        next = list->next;
        func(list->data, user_data);
    }
}

GmList *gm_list_reverse(GmList *list)
{
    GmList *last = NULL;

    for (GmList *next; list != NULL; list = next) {
        next = list->next;
        list->next = list->prev;
        list->prev = next;
        last = list;
    }
    return last;
}

GmList *gm_list_copy(const GmList *list)
{
    return gm_list_copy_deep(list, NULL, NULL);
}

GmList *gm_list_copy_deep(const GmList *list, GmCopyFunc func, void *user_data)
{
    GmList *first = NULL, *last = NULL;

    for (; list != NULL; list = list->next) {
        GmList *node = list_node(func != NULL ? func(list->data, user_data) : list->data);
        list_link(last, node);
        last = node;
        if (first == NULL)
            first = node;
    }
    return first;
}

// Merges two sorted lists; only `next` is kept right. Of equals, those of `a` come first.
static GmList *list_merge(GmList *a, GmList *b, GmCompareDataFunc compare, void *user_data)
{
    GmList head = { NULL, NULL, NULL }, *last = &head;

    while (a != NULL && b != NULL) {
        GmList **from = compare(a->data, b->data, user_data) <= 0 ? &a : &b;
        last = last->next = *from;
        *from = (*from)->next;
    }
    last->next = a != NULL ? a : b;
    return head.next;
}

static GmList *list_sort_n(GmList *list, unsigned n, GmCompareDataFunc compare, void *user_data)
{
    if (n < 2) {
        if (list != NULL)
            list->next = NULL;
        return list;
    }
    GmList *half = gm_list_nth(list, n / 2);
    GmList *b = list_sort_n(half, n - n / 2, compare, user_data);
    return list_merge(list_sort_n(list, n / 2, compare, user_data), b, compare, user_data);
}

GmList *gm_list_sort_with_data(GmList *list, GmCompareDataFunc compare, void *user_data)
{
    if (!GM_REQUIRE(compare != NULL)) return list;
    list = list_sort_n(list, gm_list_length(list), compare, user_data);
    GmList *prev = NULL;
    for (GmList *l = list; l != NULL; l = l->next) {
        l->prev = prev;
        prev = l;
    }
    return list;
}

typedef struct { GmCompareFunc compare; } ListPlainCompare;

static int list_plain_compare(const void *a, const void *b, void *user_data)
{
    return ((ListPlainCompare *)user_data)->compare(a, b);
}

GmList *gm_list_sort(GmList *list, GmCompareFunc compare)
{
    ListPlainCompare plain = { compare };

    if (!GM_REQUIRE(compare != NULL)) return list;
    return gm_list_sort_with_data(list, list_plain_compare, &plain);
}
