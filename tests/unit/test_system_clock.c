// SPDX-License-Identifier: MIT
//
// The system clock: waits end at their time or when unscheduled, never before.
#include "core/clock.h"
#include "gmtest.h"

GM_TEST(system_clock, waits_not_too_short)
{
    GmClock *clock = gm_system_clock_obtain();
    GmClockTime start = gm_clock_get_time(clock), target = start + 2 * GM_MSECOND;
    GmClockTimeDiff jitter;
    GmClockID id = gm_clock_new_single_shot_id(clock, target);
    cr_assert_eq(gm_clock_id_wait(id, &jitter), GM_CLOCK_OK);
    cr_assert(gm_clock_get_time(clock) >= target && jitter <= 0);
    cr_assert_eq(gm_clock_id_wait(id, &jitter), GM_CLOCK_EARLY);
    cr_assert(jitter > 0);
    gm_clock_id_unschedule(id);
    cr_assert_eq(gm_clock_id_wait(id, NULL), GM_CLOCK_UNSCHEDULED, "stays so");
    cr_assert(gm_clock_single_shot_id_reinit(clock, id, start));
    cr_assert_eq(gm_clock_id_wait(id, NULL), GM_CLOCK_EARLY);
    gm_clock_id_unref(id);
    id = gm_clock_new_single_shot_id(clock, GM_CLOCK_TIME_NONE);
    cr_assert_eq(gm_clock_id_wait(id, NULL), GM_CLOCK_BADTIME);
    gm_clock_id_unref(id);
    gm_object_unref(clock);
}

static void *wait_long(void *id)
{
    return (void *)(intptr_t)gm_clock_id_wait(id, NULL);
}

GM_TEST(system_clock, unschedule_ends_a_wait)
{
    GmClock *clock = gm_system_clock_obtain();
    GmClockID id = gm_clock_new_single_shot_id(clock, gm_clock_get_time(clock) + 3600 * GM_SECOND);
    GmThread *thread = gm_thread_try_new("waiter", wait_long, id, NULL);
    gm_clock_id_unschedule(id);
    cr_assert_eq((intptr_t)gm_thread_join(thread), GM_CLOCK_UNSCHEDULED);
    gm_clock_id_unref(id);
    gm_object_unref(clock);
}

static struct {
    GmMutex lock;
    GmCond  cond;
    int     count, order[8];
} calls = { .lock = GM_MUTEX_INIT };

static bool called(GmClock *clock, GmClockTime time, GmClockID id, void *user_data)
{
    (void)id;
    cr_assert(gm_clock_get_time(clock) >= time);
    gm_mutex_lock(&calls.lock);
    if (calls.count < 8)
        calls.order[calls.count++] = (int)(intptr_t)user_data;
    gm_cond_broadcast(&calls.cond);
    gm_mutex_unlock(&calls.lock);
    return true;
}

static void wait_calls(int n)
{
    gm_mutex_lock(&calls.lock);
    while (calls.count < n)
        gm_cond_wait(&calls.cond, &calls.lock, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&calls.lock);
}

GM_TEST(system_clock, async_calls_come_in_order_of_time)
{
    gm_cond_init(&calls.cond);
    GmClock *clock = gm_object_ref_sink(gm_object_new(&gm_system_clock_class.object, NULL, NULL));
    GmClockTime now = gm_clock_get_time(clock);
    GmClockID late = gm_clock_new_single_shot_id(clock, now + 20 * GM_MSECOND);
    GmClockID soon = gm_clock_new_single_shot_id(clock, now + 5 * GM_MSECOND);
    GmClockID never = gm_clock_new_single_shot_id(clock, now + 10 * GM_MSECOND);
    gm_clock_id_wait_async(late, called, (void *)2, NULL);
    gm_clock_id_wait_async(soon, called, (void *)1, NULL);
    gm_clock_id_unschedule(never);
    cr_assert_eq(gm_clock_id_wait_async(never, called, (void *)3, NULL), GM_CLOCK_UNSCHEDULED);
    wait_calls(2);
    cr_assert(calls.order[0] == 1 && calls.order[1] == 2);
    GmClockID periodic = gm_clock_new_periodic_id(clock, now, GM_MSECOND);
    gm_clock_id_wait_async(periodic, called, (void *)4, NULL);
    wait_calls(5);
    gm_clock_id_unschedule(periodic);
    GmClockID ids[] = { late, soon, never, periodic };
    for (size_t i = 0; i < GM_LEN(ids); i++)
        gm_clock_id_unref(ids[i]);
    gm_object_unref(clock);
}

GM_TEST(system_clock, default_can_be_replaced)
{
    GmClock *mine = gm_object_ref_sink(gm_object_new(&gm_system_clock_class.object, NULL, NULL));
    gm_object_set(mine, "clock-type", GM_CLOCK_TYPE_REALTIME, NULL);
    cr_assert(gm_clock_get_time(mine) > (GmClockTime)1600000000 * (GmClockTime)GM_SECOND);
    gm_system_clock_set_default(mine);
    GmClock *got = gm_system_clock_obtain();
    cr_assert_eq(got, mine);
    gm_object_unref(got);
    gm_system_clock_set_default(NULL);
    gm_object_unref(mine);
    got = gm_system_clock_obtain();
    cr_assert_str_eq(GM_OBJECT_NAME(got), "GstSystemClock");
    gm_object_unref(got);
}
