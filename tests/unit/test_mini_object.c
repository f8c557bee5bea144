// SPDX-License-Identifier: MIT
#include "core/mini_object.h"

#include "core/error.h"
#include "core/sync.h"
#include "core/util.h"
#include "gmtest.h"

typedef struct { GmMiniObject mini; int n; } Thing;

static _Atomic int freed;

static void thing_free(GmMiniObject *obj)
{
    atomic_fetch_add(&freed, 1);
    gm_free(obj);
}

static GmMiniObject *thing_copy(const GmMiniObject *obj);

static GmMiniObject *thing_new(unsigned flags)
{
    Thing *t = gm_new0(Thing, 1);
    gm_mini_object_init(&t->mini, flags, GM_TYPE_SAMPLE, thing_copy, NULL, thing_free);
    return &t->mini;
}

static GmMiniObject *thing_copy(const GmMiniObject *obj)
{
    GmMiniObject *copy = thing_new(0);
    ((Thing *)copy)->n = ((const Thing *)obj)->n;
    return copy;
}

GM_TEST(mini_object, count_and_writability)
{
    freed = 0;
    GmMiniObject *a = thing_new(0);
    long live = gm_mini_object_live_count(GM_TYPE_SAMPLE);
    ((Thing *)a)->n = 5;
    cr_assert(gm_mini_object_is_writable(a));
    cr_assert_eq(gm_mini_object_make_writable(a), a);
    gm_mini_object_ref(a);
    cr_assert_eq(GM_MINI_OBJECT_REFCOUNT_VALUE(a), 2);
    cr_assert_not(gm_mini_object_is_writable(a));
    GmMiniObject *b = gm_mini_object_make_writable(a);
    cr_assert_neq(b, a);
    cr_assert_eq(((Thing *)b)->n, 5);
    cr_assert_eq(GM_MINI_OBJECT_REFCOUNT_VALUE(a), 1);
    cr_assert_eq(gm_mini_object_live_count(GM_TYPE_SAMPLE), live + 1);
    GmMiniObject *p = NULL;
    cr_assert(gm_mini_object_replace(&p, a));
    cr_assert_not(gm_mini_object_replace(&p, a));
    cr_assert_eq(GM_MINI_OBJECT_REFCOUNT_VALUE(a), 2);
    cr_assert(gm_mini_object_take(&p, b));
    cr_assert_eq(gm_mini_object_steal(&p), b);
    cr_assert_null(p);
    gm_mini_object_unref(b);
    gm_clear_mini_object(&a);
    cr_assert_null(a);
    cr_assert_eq(freed, 2);
    gm_clear_mini_object(&a);
}

GM_TEST(mini_object, parents)
{
    GmMiniObject *child = thing_new(0), *p1 = thing_new(0), *p2 = thing_new(0);
    gm_mini_object_add_parent(child, p1);
    cr_assert(gm_mini_object_is_writable(child));
    gm_mini_object_ref(p1);
    cr_assert_not(gm_mini_object_is_writable(child), "the parent is shared");
    gm_mini_object_unref(p1);
    gm_mini_object_add_parent(child, p2);
    cr_assert_not(gm_mini_object_is_writable(child), "two parents");
    gm_mini_object_remove_parent(child, p1);
    cr_assert(gm_mini_object_is_writable(child));
    gm_test_expect_criticals(1);
    gm_mini_object_remove_parent(child, p1);
    gm_mini_object_remove_parent(child, p2);
    gm_mini_object_unref(p1);
    gm_mini_object_unref(p2);
    gm_mini_object_unref(child);
}

static void add_one(void *data)
{
    (*(int *)data)++;
}
static void weak(void *data, GmMiniObject *obj)
{
    cr_assert_not_null(obj);
    (*(int *)data) += 10;
}

GM_TEST(mini_object, weak_and_data)
{
    int n = 0;
    GmQuark q1 = gm_quark_from_string("mini-test-1"), q2 = gm_quark_from_string("mini-test-2");
    GmMiniObject *a = thing_new(0), *parent = thing_new(0);
    gm_mini_object_add_parent(a, parent);
    gm_mini_object_set_qdata(a, q1, &n, add_one);
    cr_assert_eq(gm_mini_object_get_qdata(a, q1), &n);
    cr_assert_null(gm_mini_object_get_qdata(a, q2));
    gm_mini_object_set_qdata(a, q1, &n, add_one);
    cr_assert_eq(n, 1, "replaced");
    gm_mini_object_set_qdata(a, q2, &n, add_one);
    cr_assert_eq(gm_mini_object_steal_qdata(a, q2), &n);
    cr_assert_null(gm_mini_object_get_qdata(a, q2));
    gm_mini_object_weak_ref(a, weak, &n);
    gm_mini_object_weak_ref(a, weak, &n);
    gm_mini_object_weak_unref(a, weak, &n);
    gm_mini_object_remove_parent(a, parent);
    gm_mini_object_unref(parent);
    gm_mini_object_unref(a);
    cr_assert_eq(n, 12, "one destroy and one weak notify at the end");
}

GM_TEST(mini_object, lock)
{
    GmMiniObject *m = thing_new(GM_MINI_OBJECT_FLAG_LOCKABLE);
    cr_assert(gm_mini_object_lock(m, GM_LOCK_FLAG_READ));
    cr_assert_not(gm_mini_object_lock(m, GM_LOCK_FLAG_WRITE), "locked for reading only");
    gm_mini_object_unlock(m, GM_LOCK_FLAG_READ);
    cr_assert(gm_mini_object_lock(m, GM_LOCK_FLAG_READ | GM_LOCK_FLAG_WRITE));
    cr_assert(gm_mini_object_lock(m, GM_LOCK_FLAG_WRITE));
    gm_mini_object_unlock(m, GM_LOCK_FLAG_WRITE);
    gm_mini_object_unlock(m, GM_LOCK_FLAG_READ | GM_LOCK_FLAG_WRITE);
    cr_assert(gm_mini_object_lock(m, GM_LOCK_FLAG_EXCLUSIVE));
    cr_assert(gm_mini_object_is_writable(m));
    cr_assert(gm_mini_object_lock(m, GM_LOCK_FLAG_EXCLUSIVE));
    cr_assert_not(gm_mini_object_is_writable(m));
    cr_assert_not(gm_mini_object_lock(m, GM_LOCK_FLAG_WRITE), "shared by two");
    gm_mini_object_unlock(m, GM_LOCK_FLAG_EXCLUSIVE);
    gm_mini_object_unlock(m, GM_LOCK_FLAG_EXCLUSIVE);
    cr_assert_eq(atomic_load(&m->lockstate), 0);
    gm_mini_object_unref(m);
    m = thing_new(GM_MINI_OBJECT_FLAG_LOCKABLE | GM_MINI_OBJECT_FLAG_LOCK_READONLY);
    cr_assert_not(gm_mini_object_lock(m, GM_LOCK_FLAG_WRITE));
    gm_mini_object_unref(m);
}

GM_TEST(mini_object, census)
{
    long before = gm_mini_object_live_count(GM_TYPE_NONE);
    GmMiniObject *a = thing_new(0), *b = thing_new(GM_MINI_OBJECT_FLAG_MAY_BE_LEAKED);
    cr_assert_eq(gm_mini_object_live_count(GM_TYPE_NONE), before + 1);
    gm_mini_object_set_may_be_leaked(a);
    cr_assert_eq(gm_mini_object_live_count(GM_TYPE_NONE), before);
    gm_mini_object_unref(a);
    gm_mini_object_unref(b);
}

static void *hammer(void *data)
{
    GmMiniObject *obj = data, *parent = thing_new(0);
    for (int i = 0; i < 20000; i++) {
        gm_mini_object_ref(obj);
        gm_mini_object_add_parent(obj, parent);
        (void)gm_mini_object_is_writable(obj);
        gm_mini_object_remove_parent(obj, parent);
        gm_mini_object_unref(obj);
    }
    gm_mini_object_unref(parent);
    return NULL;
}

GM_TEST(mini_object, threads)
{
    GmMiniObject *obj = thing_new(0);
    GmThread *t[3];
    for (int i = 0; i < 3; i++)
        t[i] = gm_thread_try_new("hammer", hammer, obj, NULL);
    for (int i = 0; i < 3; i++)
        gm_thread_join(t[i]);
    cr_assert_eq(GM_MINI_OBJECT_REFCOUNT_VALUE(obj), 1);
    gm_mini_object_unref(obj);
}

GM_TEST(mini_object, misuse)
{
    gm_test_expect_criticals(3);
    cr_assert_null(gm_mini_object_ref(NULL));
    gm_mini_object_unref(NULL);
    cr_assert_null(gm_mini_object_copy(NULL));
}
