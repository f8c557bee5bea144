// SPDX-License-Identifier: MIT
#include "gmtest.h"

#include "core/buffer_list.h"

static GmBufferList *three(void)
{
    GmBufferList *l = gm_buffer_list_new_sized(1);
    for (unsigned i = 0; i < 3; i++) {
        GmBuffer *b = gm_buffer_new_memdup("abc", i + 1);
        b->offset = i;
        gm_buffer_list_add(l, b);
    }
    return l;
}

static bool drop_odd(GmBuffer **buffer, unsigned idx, void *data)
{
    (*(unsigned *)data) += idx;
    if ((*buffer)->offset % 2 == 1)
        gm_clear_buffer(buffer);
    return true;
}

GM_TEST(buffer_list, grows_and_sums)
{
    GmBufferList *l = three();
    cr_assert_eq(gm_buffer_list_length(l), 3);
    cr_assert_eq(gm_buffer_list_calculate_size(l), 6);
    gm_buffer_list_insert(l, 1, gm_buffer_new());
    cr_assert_eq(gm_buffer_list_get(l, 2)->offset, 1);
    gm_buffer_list_remove(l, 0, 2);
    cr_assert_eq(gm_buffer_list_get(l, 0)->offset, 1);
    gm_test_expect_criticals(1);
    cr_assert_null(gm_buffer_list_get(l, 2));
    gm_buffer_list_unref(l);
}

GM_TEST(buffer_list, foreach_may_remove)
{
    GmBufferList *l = three();
    unsigned sum = 0;
    cr_assert(gm_buffer_list_foreach(l, drop_odd, &sum));
    cr_assert_eq(sum, 0 + 1 + 1);
    cr_assert_eq(gm_buffer_list_length(l), 2);
    cr_assert_eq(gm_buffer_list_get(l, 1)->offset, 2);
    gm_buffer_list_unref(l);
}

GM_TEST(buffer_list, buffers_are_writable_as_the_list_is)
{
    GmBufferList *l = three();
    GmBuffer *first = gm_buffer_list_get(l, 0);
    cr_assert(gm_buffer_is_writable(first));
    GmBufferList *c = gm_buffer_list_copy(l);
    cr_assert_eq(gm_buffer_list_get(c, 0), first);
    cr_assert_not(gm_buffer_is_writable(first));
    GmBuffer *own = gm_buffer_list_get_writable(c, 0);
    cr_assert_neq(own, first);
    cr_assert(gm_buffer_is_writable(first) && gm_buffer_is_writable(own));
    gm_buffer_list_ref(l);
    cr_assert_not(gm_buffer_is_writable(first));
    gm_buffer_list_unref(l);
    GmBufferList *deep = gm_buffer_list_copy_deep(l);
    cr_assert_neq(gm_buffer_list_get(deep, 1), gm_buffer_list_get(l, 1));
    gm_buffer_list_unref(deep);
    gm_buffer_list_unref(c);
    gm_buffer_list_unref(l);
}
