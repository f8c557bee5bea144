// SPDX-License-Identifier: MIT
//
// The state machine of one element: steps, failures, ASYNC, lost state, locks, messages.
#include "core/element_priv.h"
#include "element_kit.h"

GM_TEST(element_state, names)
{
    cr_assert_str_eq(gm_element_state_get_name(GM_STATE_VOID_PENDING), "VOID_PENDING");
    cr_assert_str_eq(gm_element_state_get_name(GM_STATE_PLAYING), "PLAYING");
    cr_assert_str_eq(gm_element_state_change_return_get_name(GM_STATE_CHANGE_NO_PREROLL),
                     "NO PREROLL");
    cr_assert_str_eq(gm_state_change_get_name(GM_STATE_CHANGE_READY_TO_PAUSED), "READY->PAUSED");
}

GM_TEST(element_state, goes_step_by_step)
{
    GmElement *el = kit_own(&kit_sink, "e");
    Kit *kit = gm_priv(el);
    static const GmStateChange up[] = { GM_STATE_CHANGE_NULL_TO_READY,
        GM_STATE_CHANGE_READY_TO_PAUSED, GM_STATE_CHANGE_PAUSED_TO_PLAYING,
        GM_STATE_CHANGE_PLAYING_TO_PAUSED, GM_STATE_CHANGE_PAUSED_TO_READY,
        GM_STATE_CHANGE_READY_TO_NULL };

    cr_assert_eq(gm_element_set_state(el, GM_STATE_PLAYING), GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(GM_STATE(el), GM_STATE_PLAYING);
    cr_assert_eq(GM_STATE_PENDING(el), GM_STATE_VOID_PENDING);
    GmPad *pad = gm_element_get_static_pad(el, "sink");
    cr_assert(gm_pad_is_active(pad));
    cr_assert_eq(gm_element_set_state(el, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    cr_assert_not(gm_pad_is_active(pad));
    cr_assert_eq(kit->n_changes, GM_LEN(up));
    for (unsigned i = 0; i < GM_LEN(up); i++)
        cr_assert_eq(kit->changes[i], up[i], "step %u", i);
    gm_object_unref(pad);
    gm_object_unref(el);
}

GM_TEST(element_state, posts_messages)
{
    GmElement *el = kit_own(&kit_sink, "e");
    GmBus *bus = gm_bus_new();
    GmState o, n, p;

    gm_element_set_bus(el, bus);
    gm_element_set_state(el, GM_STATE_PAUSED);
    GmMessage *m = gm_bus_pop(bus);
    gm_message_parse_state_changed(m, &o, &n, &p);
    cr_assert(o == GM_STATE_NULL && n == GM_STATE_READY && p == GM_STATE_PAUSED);
    cr_assert_eq(GM_MESSAGE_SRC(m), GM_OBJECT(el));
    gm_message_unref(m);
    m = gm_bus_pop(bus);
    gm_message_parse_state_changed(m, &o, &n, &p);
    cr_assert(o == GM_STATE_READY && n == GM_STATE_PAUSED && p == GM_STATE_VOID_PENDING);
    gm_message_unref(m);
    cr_assert_null(gm_bus_pop(bus));
    gm_element_set_state(el, GM_STATE_NULL);
    gm_bus_set_flushing(bus, true);
    gm_element_set_bus(el, NULL);
    gm_object_unref(bus);
    gm_object_unref(el);
}

GM_TEST(element_state, failure_stays_and_can_be_left)
{
    GmElement *el = kit_own(&kit_sink, "e");
    Kit *kit = gm_priv(el);
    GmState state, pending;

    kit_arm(el, GM_STATE_CHANGE_READY_TO_PAUSED, GM_STATE_CHANGE_FAILURE);
    cr_assert_eq(gm_element_set_state(el, GM_STATE_PLAYING), GM_STATE_CHANGE_FAILURE);
    cr_assert_eq(gm_element_get_state(el, &state, &pending, 0), GM_STATE_CHANGE_FAILURE);
    cr_assert_eq(state, GM_STATE_READY);
    cr_assert_eq(pending, GM_STATE_PLAYING);
    kit->armed = false;
    cr_assert_eq(gm_element_set_state(el, GM_STATE_PLAYING), GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(gm_element_set_state(el, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    gm_object_unref(el);
}

GM_TEST(element_state, unknown_return_is_a_failure)
{
    GmElement *el = kit_own(&kit_plain, "e");

    kit_arm(el, GM_STATE_CHANGE_NULL_TO_READY, (GmStateChangeReturn)17);
    gm_test_expect_criticals(1);
    cr_assert_eq(gm_element_set_state(el, GM_STATE_READY), GM_STATE_CHANGE_FAILURE);
    gm_object_unref(el);
}

GM_TEST(element_state, async_waits_then_commits)
{
    GmElement *el = kit_own(&kit_sink, "e");
    GmState state, pending;

    kit_arm(el, GM_STATE_CHANGE_READY_TO_PAUSED, GM_STATE_CHANGE_ASYNC);
    cr_assert_eq(gm_element_set_state(el, GM_STATE_PAUSED), GM_STATE_CHANGE_ASYNC);
    GmClockTime before = gm_sync_now();
    cr_assert_eq(gm_element_get_state(el, &state, &pending, 5 * GM_MSECOND),
                 GM_STATE_CHANGE_ASYNC);
    cr_assert(gm_sync_now() - before >= (GmClockTime)(5 * GM_MSECOND));
    cr_assert(state == GM_STATE_READY && pending == GM_STATE_PAUSED);
    GM_STATE_LOCK(el);
    gm_element_continue_state(el, GM_STATE_CHANGE_SUCCESS);
    GM_STATE_UNLOCK(el);
    cr_assert_eq(gm_element_get_state(el, &state, &pending, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_SUCCESS);
    cr_assert(state == GM_STATE_PAUSED && pending == GM_STATE_VOID_PENDING);
    gm_element_set_state(el, GM_STATE_NULL);
    gm_object_unref(el);
}

GM_TEST(element_state, async_can_be_turned_round_and_aborted)
{
    GmElement *el = kit_own(&kit_sink, "e");

    kit_arm(el, GM_STATE_CHANGE_READY_TO_PAUSED, GM_STATE_CHANGE_ASYNC);
    cr_assert_eq(gm_element_set_state(el, GM_STATE_PAUSED), GM_STATE_CHANGE_ASYNC);
    // higher: busy, it will get there later
    cr_assert_eq(gm_element_set_state(el, GM_STATE_PLAYING), GM_STATE_CHANGE_ASYNC);
    cr_assert_eq(gm_element_set_state(el, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(GM_STATE(el), GM_STATE_NULL);
    cr_assert_eq(gm_element_set_state(el, GM_STATE_PAUSED), GM_STATE_CHANGE_ASYNC);
    gm_element_abort_state(el);
    cr_assert_eq(gm_element_get_state(el, NULL, NULL, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_FAILURE);
    cr_assert_eq(gm_element_set_state(el, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    gm_object_unref(el);
}

static void *state_waiter(void *el)
{
    gm_element_get_state(el, NULL, NULL, GM_CLOCK_TIME_NONE);
    return NULL;
}

GM_TEST(element_state, null_wakes_a_waiting_get_state)
{
    GmElement *el = kit_own(&kit_sink, "e");

    kit_arm(el, GM_STATE_CHANGE_READY_TO_PAUSED, GM_STATE_CHANGE_ASYNC);
    gm_element_set_state(el, GM_STATE_PAUSED);
    GmThread *waiter = gm_thread_try_new("waiter", state_waiter, el, NULL);
    cr_assert_eq(gm_element_set_state(el, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    gm_thread_join(waiter);
    gm_object_unref(el);
}

GM_TEST(element_state, lost_state_of_playing_is_paused)
{
    GmElement *el = kit_own(&kit_sink, "e");
    GmBus *bus = gm_bus_new();

    gm_element_set_state(el, GM_STATE_PLAYING);
    gm_element_set_bus(el, bus);
    gm_element_lost_state(el);
    cr_assert_eq(GM_STATE(el), GM_STATE_PAUSED);
    cr_assert_eq(GM_STATE_PENDING(el), GM_STATE_PAUSED);
    cr_assert_eq(GM_STATE_RETURN(el), GM_STATE_CHANGE_ASYNC);
    GmMessage *m = kit_wait(bus, GM_MESSAGE_ASYNC_START, el);
    gm_message_unref(m);
    GM_STATE_LOCK(el);
    gm_element_continue_state(el, GM_STATE_CHANGE_SUCCESS);
    GM_STATE_UNLOCK(el);
    cr_assert_eq(GM_STATE(el), GM_STATE_PAUSED);
    gm_element_set_state(el, GM_STATE_NULL);
    gm_bus_set_flushing(bus, true);
    gm_element_set_bus(el, NULL);
    gm_object_unref(bus);
    gm_object_unref(el);
}

GM_TEST(element_state, locked_state_flag)
{
    GmElement *el = kit_own(&kit_plain, "e");

    cr_assert_not(gm_element_is_locked_state(el));
    cr_assert(gm_element_set_locked_state(el, true));
    cr_assert_not(gm_element_set_locked_state(el, true));
    cr_assert(gm_element_is_locked_state(el));
    cr_assert_not(gm_element_sync_state_with_parent(el)); // no parent
    gm_object_unref(el);
}

static void state_call(GmElement *el, void *data)
{
    gm_object_set_data(el, "called", data);
}

static void state_called(void *data)
{
    atomic_store((_Atomic uint32_t *)data, 1);
    gm_park_wake(data, 1);
}

GM_TEST(element_state, call_async_runs_elsewhere_and_frees)
{
    GmElement *el = kit_own(&kit_plain, "e");
    _Atomic uint32_t done = 0;

    gm_element_call_async(el, state_call, &done, state_called);
    while (atomic_load(&done) == 0)
        gm_park_wait(&done, 0, GM_CLOCK_TIME_NONE, GM_WAIT_APP, el);
    cr_assert_eq(gm_object_get_data(el, "called"), &done);
    gm_element_call_async_wait(el, state_call, GM_CLOCK_TIME_NONE); // it drops its reference last
    gm_object_unref(el);
}

GM_TEST(element_state, disposing_above_null_is_told)
{
    GmElement *el = kit_own(&kit_sink, "e");

    gm_element_set_state(el, GM_STATE_PAUSED);
    gm_test_expect_criticals(1);
    gm_object_unref(el);
}
