// SPDX-License-Identifier: MIT
//
// The test clock: knows who waits, wakes them when the test says.
#include "check/test_clock.h"
#include "gmtest.h"

static void *wait_id(void *id)
{
    return (void *)(intptr_t)gm_clock_id_wait(id, NULL);
}

GM_TEST(test_clock, wakes_who_waits)
{
    GmClock *clock = gm_test_clock_new();
    GmTestClock *test = GM_TEST_CLOCK(clock);
    GmClockID id = gm_clock_new_single_shot_id(clock, GM_SECOND), next;
    GmThread *thread = gm_thread_try_new("waiter", wait_id, id, NULL);
    gm_test_clock_wait_for_next_pending_id(test, &next);
    cr_assert(next == id && gm_test_clock_has_id(test, id));
    cr_assert_eq(gm_test_clock_get_next_entry_time(test), GM_SECOND);
    cr_assert_null(gm_test_clock_process_next_clock_id(test), "its time has not come");
    gm_test_clock_set_time(test, GM_SECOND);
    cr_assert_eq(gm_test_clock_process_next_clock_id(test), id);
    cr_assert_eq((intptr_t)gm_thread_join(thread), GM_CLOCK_OK);
    cr_assert_eq(gm_test_clock_peek_id_count(test), 0);
    for (int i = 0; i < 3; i++)
        gm_clock_id_unref(id);
    gm_object_unref(clock);
}

static bool count(GmClock *clock, GmClockTime time, GmClockID id, void *user_data)
{
    (void)clock, (void)time, (void)id;
    ++*(int *)user_data;
    return true;
}

GM_TEST(test_clock, periodic_ids_come_again)
{
    GmClock *clock = gm_test_clock_new();
    int n = 0;
    GmClockID id = gm_clock_new_periodic_id(clock, 100, 50);
    gm_clock_id_wait_async(id, count, &n, NULL);
    for (int i = 0; i < 3; i++)
        cr_assert(gm_test_clock_crank(GM_TEST_CLOCK(clock)));
    cr_assert(n == 3 && gm_clock_get_time(clock) == 200);
    cr_assert_eq(gm_clock_id_get_time(id), 250);
    gm_clock_id_unschedule(id);
    cr_assert_eq(gm_test_clock_peek_id_count(GM_TEST_CLOCK(clock)), 0);
    gm_clock_id_unref(id);
    gm_object_unref(clock);
}

GM_TEST(test_clock, lists_of_ids)
{
    GmClock *clock = gm_test_clock_new();
    GmTestClock *test = GM_TEST_CLOCK(clock);
    int n = 0;
    GmClockID ids[3];
    for (unsigned i = 0; i < 3; i++) {
        ids[i] = gm_clock_new_single_shot_id(clock, 300 - 100 * i);
        gm_clock_id_wait_async(ids[i], count, &n, NULL);
    }
    GmList *list;
    cr_assert_not(gm_test_clock_timed_wait_for_multiple_pending_ids(test, 4, 1, NULL));
    gm_test_clock_wait_for_multiple_pending_ids(test, 3, &list);
    cr_assert_eq(list->data, ids[2], "by time");
    GmClockTime latest = gm_test_clock_id_list_get_latest_time(list);
    cr_assert_eq(latest, 300);
    gm_test_clock_set_time(test, latest);
    cr_assert_eq(gm_test_clock_process_id_list(test, list), 3);
    cr_assert_eq(n, 3);
    gm_list_free_full(list, gm_clock_id_unref);
    for (unsigned i = 0; i < 3; i++)
        gm_clock_id_unref(ids[i]);
    gm_test_expect_criticals(1);
    gm_test_clock_set_time(test, 5);
    cr_assert_eq(gm_clock_get_time(clock), 300);
    gm_object_unref(clock);
}
