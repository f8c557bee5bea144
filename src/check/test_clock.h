// SPDX-License-Identifier: MIT
//
// test_clock: a clock whose time is what the test says, and which knows who waits for what.
//
//     element under test                       test
//       gm_clock_id_wait(id)  -- pending -->   wait_for_next_pending_id
//       … blocks …                             set_time (clock, gm_clock_id_get_time (id))
//       returns OK           <-- process --    process_next_clock_id      (or: crank)
//
// Unless said otherwise: any thread, never blocks; times are ns; misuse is a critical and no
// change. Lists are GmList of GmClockID with a reference each: gm_list_free_full (list,
// gm_clock_id_unref).
// Read next: core/clock.h, check/harness.h.
#ifndef GM_CHECK_TEST_CLOCK_H
#define GM_CHECK_TEST_CLOCK_H

#include "core/clock.h"
#include "core/list.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    GmClock     parent;
    uint64_t    start_time; // property "start-time"
    int         clock_type; // property "clock-type": what it says to be
    // guarded by the object lock
    GmCond      entry_added, entry_processed;
    GmClockTime internal_time;
    GmList     *pending; // of waits, by time
} GmTestClock;
extern const GmClockClass gm_test_clock_class;
// Casts are unchecked; GM_IS_TEST_CLOCK checks (NULL: false).
#define GM_TEST_CLOCK(obj) ((GmTestClock *)(obj))
#define GM_TEST_CLOCK_CAST(obj) ((GmTestClock *)(obj))
#define GM_IS_TEST_CLOCK(obj) gm_object_is_a((obj), &gm_test_clock_class.object)

// Give a clock that the caller owns. Its time is 0, or start_time.
GmClock *gm_test_clock_new(void);
GmClock *gm_test_clock_new_with_start_time(GmClockTime start_time);

// The time only grows: a new_time in the past or a negative delta is a critical. Nobody is
// woken by this alone: process ids.
void gm_test_clock_set_time(GmTestClock *test_clock, GmClockTime new_time);
void gm_test_clock_advance_time(GmTestClock *test_clock, GmClockTimeDiff delta);

// Who waits.
unsigned gm_test_clock_peek_id_count(GmTestClock *test_clock);
bool gm_test_clock_has_id(GmTestClock *test_clock, GmClockID id);
// True and *pending_id (may be NULL; gives a reference): the id with the least time.
bool gm_test_clock_peek_next_pending_id(GmTestClock *test_clock, GmClockID *pending_id);
// Its time, or GM_CLOCK_TIME_NONE.
GmClockTime gm_test_clock_get_next_entry_time(GmTestClock *test_clock);

// Block until somebody waits / until at least `count` do. pending_id and pending_list (may be
// NULL) get what there is. _timed_: for at most timeout_ms of real time; false: not enough.
void gm_test_clock_wait_for_next_pending_id(GmTestClock *test_clock, GmClockID *pending_id);
void gm_test_clock_wait_for_multiple_pending_ids(GmTestClock *test_clock, unsigned count,
                                                 GmList **pending_list);
bool gm_test_clock_timed_wait_for_multiple_pending_ids(GmTestClock *test_clock, unsigned count,
                                                       unsigned timeout_ms,
                                                       GmList **pending_list);

// Wakes the next waiter if its time has come: gives its id, or NULL.
GmClockID gm_test_clock_process_next_clock_id(GmTestClock *test_clock);
// Wakes one that the caller knows of, whatever its time; takes the id. False: it does not wait.
bool gm_test_clock_process_id(GmTestClock *test_clock, GmClockID pending_id);
// For each of the list (borrowed). Returns how many were woken.
unsigned gm_test_clock_process_id_list(GmTestClock *test_clock, const GmList *pending_list);
GmClockTime gm_test_clock_id_list_get_latest_time(const GmList *pending_list);
// Blocks for the next waiter, sets the time to its time, wakes it. True: it was woken.
bool gm_test_clock_crank(GmTestClock *test_clock);

#ifdef __cplusplus
}
#endif
#endif
