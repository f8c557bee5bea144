// SPDX-License-Identifier: MIT
//
// Iterators: order, change under way, filter, fold, find.
#include "core/iterator.h"
#include "gmtest.h"

static GmMutex  lock = GM_MUTEX_INIT;
static uint32_t cookie;
static int      numbers[6] = { 0, 1, 2, 3, 4, 5 };

static GmList *make_list(void)
{
    GmList *list = NULL;
    for (int i = 0; i < 6; i++)
        list = gm_list_append(list, &numbers[i]);
    return list;
}

static void sum(const GmValue *item, void *user_data)
{
    *(int *)user_data += *(int *)gm_value_get_pointer(item);
}

static int not_odd(const void *item, const void *user_data)
{
    (void)user_data;
    return *(int *)gm_value_get_pointer(item) % 2 == 1 ? 0 : 1;
}

static int not_equal(const void *item, const void *user_data)
{
    return *(int *)gm_value_get_pointer(item) != *(const int *)user_data;
}

GM_TEST(iterator, walks_a_list_and_sees_changes)
{
    GmList *list = make_list();
    GmIterator *it = gm_iterator_new_list(GM_TYPE_POINTER, &lock, &cookie, &list, NULL, NULL);
    GmValue item = GM_VALUE_INIT;
    for (int i = 0; i < 6; i++) {
        cr_assert_eq(gm_iterator_next(it, &item), GM_ITERATOR_OK);
        cr_assert_eq(gm_value_get_pointer(&item), &numbers[i]);
    }
    cr_assert_eq(gm_iterator_next(it, &item), GM_ITERATOR_DONE);
    cookie++;
    cr_assert_eq(gm_iterator_next(it, &item), GM_ITERATOR_RESYNC);
    gm_iterator_resync(it);
    cr_assert_eq(gm_iterator_next(it, &item), GM_ITERATOR_OK);
    cr_assert_eq(gm_value_get_pointer(&item), &numbers[0]);
    gm_value_unset(&item);
    gm_iterator_free(it);
    gm_list_free(list);
}

GM_TEST(iterator, filter_fold_find_copy)
{
    GmList *list = make_list();
    GmIterator *it = gm_iterator_new_list(GM_TYPE_POINTER, &lock, &cookie, &list, NULL, NULL);
    it = gm_iterator_filter(it, not_odd, NULL);
    GmIterator *copy = gm_iterator_copy(it);
    int total = 0, three = 3, four = 4;
    cr_assert_eq(gm_iterator_foreach(it, sum, &total), GM_ITERATOR_DONE);
    cr_assert_eq(total, 9);
    GmValue found = GM_VALUE_INIT;
    cr_assert(gm_iterator_find_custom(copy, not_equal, &found, &three));
    cr_assert_eq(gm_value_get_pointer(&found), &numbers[3]);
    gm_value_unset(&found);
    gm_iterator_resync(copy);
    cr_assert_not(gm_iterator_find_custom(copy, not_equal, &found, &four), "filtered");
    gm_iterator_free(it);
    gm_iterator_free(copy);
    gm_list_free(list);
}

GM_TEST(iterator, single)
{
    GmValue value = GM_VALUE_INIT, item = GM_VALUE_INIT;
    gm_value_init(&value, GM_TYPE_INT);
    gm_value_set_int(&value, 7);
    GmIterator *it = gm_iterator_new_single(GM_TYPE_INT, &value);
    cr_assert_eq(gm_iterator_next(it, &item), GM_ITERATOR_OK);
    cr_assert_eq(gm_value_get_int(&item), 7);
    cr_assert_eq(gm_iterator_next(it, &item), GM_ITERATOR_DONE);
    gm_iterator_free(it);
    it = gm_iterator_new_single(GM_TYPE_INT, NULL);
    cr_assert_eq(gm_iterator_next(it, &item), GM_ITERATOR_DONE);
    gm_iterator_free(it);
}
