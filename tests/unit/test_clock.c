// SPDX-License-Identifier: MIT
//
// Clocks: calibration, observations, ids (on the test clock, whose time stands still).
#include "core/clock.h"

#include "check/test_clock.h"
#include "gmtest.h"

GM_TEST(clock, calibration_maps_both_ways)
{
    GmClock *clock = gm_test_clock_new_with_start_time(1000);
    cr_assert_eq(gm_clock_get_time(clock), 1000);
    gm_clock_set_calibration(clock, 1000, 5000, 2, 1);
    gm_test_clock_set_time(GM_TEST_CLOCK(clock), 1100);
    cr_assert_eq(gm_clock_get_time(clock), 5200);
    cr_assert_eq(gm_clock_get_internal_time(clock), 1100);
    GM_OBJECT_LOCK(clock);
    cr_assert_eq(gm_clock_unadjust_unlocked(clock, 5200), 1100);
    GM_OBJECT_UNLOCK(clock);
    cr_assert_eq(gm_clock_adjust_with_calibration(NULL, 900, 1000, 50, 1, 1), 0, "not below 0");
    cr_assert_eq(gm_clock_adjust_with_calibration(NULL, 900, 1000, 500, 1, 2), 450);
    GmClockTime internal, external, num, denom;
    gm_clock_get_calibration(clock, &internal, &external, &num, &denom);
    cr_assert(internal == 1000 && external == 5000 && num == 2 && denom == 1);
    gm_object_unref(clock);
}

GM_TEST(clock, time_never_goes_back)
{
    GmClock *clock = gm_test_clock_new_with_start_time(1000);
    cr_assert_eq(gm_clock_get_time(clock), 1000);
    gm_clock_set_calibration(clock, 1000, 10, 1, 1);
    cr_assert_eq(gm_clock_get_time(clock), 1000);
    gm_object_unref(clock);
}

GM_TEST(clock, observations_become_a_line)
{
    GmClock *clock = gm_test_clock_new();
    double r = 0;
    GmClockTime in, ex, num, denom;
    for (uint64_t i = 0; i < 3; i++)
        cr_assert_not(gm_clock_add_observation(clock, i * 1000000, 7000 + i * 2000000, &r));
    cr_assert(gm_clock_add_observation_unapplied(clock, 3000000, 6007000, &r, &in, &ex, &num,
                                                 &denom));
    cr_assert_float_eq(r, 1.0, 1e-9);
    cr_assert_float_eq((double)num / (double)denom, 2.0, 1e-9);
    cr_assert_eq(gm_clock_adjust_with_calibration(clock, 4000000, in, ex, num, denom), 8007000);
    gm_object_unref(clock);
}

GM_TEST(clock, ids_know_their_clock_until_it_is_gone)
{
    GmClock *a = gm_test_clock_new(), *b = gm_test_clock_new();
    GmClockID one = gm_clock_new_single_shot_id(a, 10), two = gm_clock_new_periodic_id(a, 5, 2);
    cr_assert(gm_clock_id_uses_clock(one, a) && !gm_clock_id_uses_clock(one, b));
    cr_assert(gm_clock_id_compare_func(one, two) > 0 && gm_clock_id_compare_func(one, one) == 0);
    cr_assert_eq(gm_clock_id_get_time(one), 10);
    cr_assert(gm_clock_single_shot_id_reinit(a, one, 99) && gm_clock_id_get_time(one) == 99);
    cr_assert_not(gm_clock_single_shot_id_reinit(a, two, 1), "periodic");
    cr_assert_not(gm_clock_single_shot_id_reinit(b, one, 1), "of another clock");
    GmClock *got = gm_clock_id_get_clock(one);
    cr_assert_eq(got, a);
    gm_object_unref(got);
    gm_object_unref(a);
    cr_assert_null(gm_clock_id_get_clock(one));
    cr_assert_eq(gm_clock_id_wait(one, NULL), GM_CLOCK_ERROR);
    gm_clock_id_unref(one);
    gm_clock_id_unref(two);
    gm_object_unref(b);
}

GM_TEST(clock, a_clock_that_needs_no_sync_is_synced)
{
    GmClock *clock = gm_test_clock_new();
    cr_assert(gm_clock_is_synced(clock) && gm_clock_wait_for_sync(clock, 0));
    GM_OBJECT_FLAG_SET(clock, GM_CLOCK_FLAG_NEEDS_STARTUP_SYNC);
    cr_assert(!gm_clock_is_synced(clock) && !gm_clock_wait_for_sync(clock, 0));
    gm_clock_set_synced(clock, true);
    cr_assert(gm_clock_wait_for_sync(clock, GM_CLOCK_TIME_NONE));
    gm_object_unref(clock);
}

GM_TEST(clock, a_slave_samples_its_master)
{
    GmClock *master = gm_test_clock_new(), *slave = gm_test_clock_new();
    cr_assert_not(gm_clock_set_master(slave, master), "has not the flag");
    GM_OBJECT_FLAG_SET(slave, GM_CLOCK_FLAG_CAN_SET_MASTER);
    cr_assert(gm_clock_set_master(slave, master));
    for (int i = 0; i < 6; i++) {
        gm_test_clock_advance_time(GM_TEST_CLOCK(slave), 50 * GM_MSECOND);
        cr_assert(gm_test_clock_crank(GM_TEST_CLOCK(master)));
    }
    GmClockTime num, denom;
    gm_clock_get_calibration(slave, NULL, NULL, &num, &denom);
    cr_assert_float_eq((double)num / (double)denom, 2.0, 1e-6);
    cr_assert(gm_clock_set_master(slave, NULL));
    cr_assert_eq(gm_test_clock_peek_id_count(GM_TEST_CLOCK(master)), 0);
    gm_object_unref(slave);
    gm_object_unref(master);
}
