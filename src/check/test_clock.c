// SPDX-License-Identifier: MIT
//
// test_clock: see check/test_clock.h.
#include "check/test_clock.h"

#include "core/enums.h"
#include "core/util.h"

// One who waits. Whether the wait is early is decided when it begins.
typedef struct {
    GmClockEntry *entry; // counted
    bool          early;
} TestWait;

static int test_clock_compare(const void *a, const void *b)
{
    return gm_clock_id_compare_func(((const TestWait *)a)->entry, ((const TestWait *)b)->entry);
}

static GmList *test_clock_find(GmTestClock *test, GmClockEntry *entry)
{
    GmList *link = test->pending;
    while (link != NULL && ((TestWait *)link->data)->entry != entry)
        link = link->next;
    return link;
}

static void test_clock_add(GmTestClock *test, GmClockEntry *entry, GmClockTimeDiff *jitter)
{
    GmClockTime now = gm_clock_adjust_unlocked(&test->parent, test->internal_time);
    GmClockTimeDiff late = GM_CLOCK_DIFF(entry->time, now);
    if (jitter != NULL)
        *jitter = late;
    TestWait *wait = gm_new(TestWait, 1);
    *wait = (TestWait) { gm_clock_id_ref(entry), late > 0 };
    GmList *at = test->pending; // behind those of the same time
    while (at != NULL && test_clock_compare(at->data, wait) <= 0)
        at = at->next;
    test->pending = gm_list_insert_before(test->pending, at, wait);
    gm_cond_broadcast(&test->entry_added);
}

// Takes the entry off the list. The reference goes to the caller; false: it was not there.
static bool test_clock_remove(GmTestClock *test, GmClockEntry *entry)
{
    GmList *link = test_clock_find(test, entry);
    if (link == NULL)
        return false;
    gm_free(link->data);
    test->pending = gm_list_delete_link(test->pending, link);
    gm_cond_broadcast(&test->entry_processed);
    return true;
}

// Wakes one. The lock is given up while a callback runs and references are released.
static void test_clock_process(GmTestClock *test, TestWait *wait)
{
    GmClockEntry *entry = wait->entry;
    entry->status = wait->early ? GM_CLOCK_EARLY : GM_CLOCK_OK;
    gm_clock_id_ref(entry);
    if (entry->func != NULL) {
        GmClockTime now = test->internal_time;
        GM_OBJECT_UNLOCK(test);
        entry->func(&test->parent, now, entry, entry->user_data);
        GM_OBJECT_LOCK(test);
    }
    bool removed = test_clock_remove(test, entry);
    if (entry->type == GM_CLOCK_ENTRY_PERIODIC) {
        entry->time += entry->interval;
        if (entry->func != NULL && entry->status != GM_CLOCK_UNSCHEDULED)
            test_clock_add(test, entry, NULL);
    }
    GM_OBJECT_UNLOCK(test);
    if (removed)
        gm_clock_id_unref(entry);
    gm_clock_id_unref(entry);
    GM_OBJECT_LOCK(test);
}

// ---- the clock's functions --------------------------------------------------------------

static GmClockTime test_clock_get_resolution(GmClock *clock)
{
    (void)clock;
    return 1;
}

static GmClockTime test_clock_get_internal_time(GmClock *clock)
{
    GM_OBJECT_LOCK(clock);
    GmClockTime time = GM_TEST_CLOCK(clock)->internal_time;
    GM_OBJECT_UNLOCK(clock);
    return time;
}

static GmClockReturn test_clock_wait(GmClock *clock, GmClockEntry *entry, GmClockTimeDiff *jitter)
{
    GmTestClock *test = GM_TEST_CLOCK(clock);
    GM_OBJECT_LOCK(test);
    if (entry->status != GM_CLOCK_UNSCHEDULED) {
        entry->status = GM_CLOCK_BUSY;
        if (test_clock_find(test, entry) == NULL)
            test_clock_add(test, entry, jitter);
        while (entry->status == GM_CLOCK_BUSY)
            gm_cond_wait(&test->entry_processed, GM_OBJECT_GET_LOCK(test), GM_WAIT_CLOCK, clock);
    }
    GmClockReturn status = entry->status;
    GM_OBJECT_UNLOCK(test);
    return status;
}

static GmClockReturn test_clock_wait_async(GmClock *clock, GmClockEntry *entry)
{
    GmTestClock *test = GM_TEST_CLOCK(clock);
    GmClockReturn result = GM_CLOCK_OK;
    GM_OBJECT_LOCK(test);
    if (entry->status == GM_CLOCK_UNSCHEDULED)
        result = GM_CLOCK_UNSCHEDULED;
    else
        test_clock_add(test, entry, NULL);
    GM_OBJECT_UNLOCK(test);
    return result;
}

static void test_clock_unschedule(GmClock *clock, GmClockEntry *entry)
{
    GM_OBJECT_LOCK(clock);
    entry->status = GM_CLOCK_UNSCHEDULED;
    bool removed = test_clock_remove(GM_TEST_CLOCK(clock), entry);
    GM_OBJECT_UNLOCK(clock);
    if (removed)
        gm_clock_id_unref(entry);
}

// ---- the class --------------------------------------------------------------------------

static void test_clock_init(GmObject *obj)
{
    gm_cond_init(&GM_TEST_CLOCK(obj)->entry_added);
    gm_cond_init(&GM_TEST_CLOCK(obj)->entry_processed);
    GM_OBJECT_FLAG_SET(obj, GM_CLOCK_FLAG_CAN_DO_SINGLE_SYNC | GM_CLOCK_FLAG_CAN_DO_SINGLE_ASYNC |
                                GM_CLOCK_FLAG_CAN_DO_PERIODIC_SYNC |
                                GM_CLOCK_FLAG_CAN_DO_PERIODIC_ASYNC);
}

static void test_clock_dispose(GmObject *obj)
{
    GmTestClock *test = GM_TEST_CLOCK(obj);
    while (test->pending != NULL) {
        GmClockEntry *entry = ((TestWait *)test->pending->data)->entry;
        test_clock_remove(test, entry);
        gm_clock_id_unref(entry);
    }
}

static void test_clock_finalize(GmObject *obj)
{
    gm_cond_clear(&GM_TEST_CLOCK(obj)->entry_added);
    gm_cond_clear(&GM_TEST_CLOCK(obj)->entry_processed);
}

static const GmProperty test_clock_props[] = {
    { "start-time", "Start time of the clock", GM_FIELD(GmTestClock, start_time) },
    { "clock-type", "The kind of clock implementation to be reported by this clock",
      GM_ENUM_FIELD(GmTestClock, clock_type, &gm_clock_type_enum), .def = "monotonic" },
    { 0 }
};

const GmClockClass gm_test_clock_class = {
    .name = "testclock", .type_name = "GmTestClock", .parent = &gm_clock_class.object,
    .instance_size = sizeof(GmTestClock), .props = test_clock_props,
    .init = test_clock_init, .dispose = test_clock_dispose, .finalize = test_clock_finalize,
    .get_resolution = test_clock_get_resolution,
    .get_internal_time = test_clock_get_internal_time,
    .wait = test_clock_wait, .wait_async = test_clock_wait_async,
    .unschedule = test_clock_unschedule,
};

GmClock *gm_test_clock_new(void)
{
    return gm_test_clock_new_with_start_time(0);
}

GmClock *gm_test_clock_new_with_start_time(GmClockTime start_time)
{
    if (!GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(start_time))) return NULL;
    GmTestClock *test = gm_object_ref_sink(gm_object_new(&gm_test_clock_class.object, NULL, NULL));
    test->start_time = test->internal_time = start_time;
    return &test->parent;
}

// ---- time -------------------------------------------------------------------------------

void gm_test_clock_set_time(GmTestClock *test, GmClockTime new_time)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test) && GM_CLOCK_TIME_IS_VALID(new_time))) return;
    GM_OBJECT_LOCK(test);
    bool grows = new_time >= test->internal_time;
    if (grows)
        test->internal_time = new_time;
    GM_OBJECT_UNLOCK(test);
    if (!GM_REQUIRE(grows)) return;
}

void gm_test_clock_advance_time(GmTestClock *test, GmClockTimeDiff delta)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test) && delta >= 0)) return;
    GM_OBJECT_LOCK(test);
    test->internal_time += (GmClockTime)delta;
    GM_OBJECT_UNLOCK(test);
}

// ---- who waits --------------------------------------------------------------------------

unsigned gm_test_clock_peek_id_count(GmTestClock *test)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test))) return 0;
    GM_OBJECT_LOCK(test);
    unsigned count = gm_list_length(test->pending);
    GM_OBJECT_UNLOCK(test);
    return count;
}

bool gm_test_clock_has_id(GmTestClock *test, GmClockID id)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test) && id != NULL)) return false;
    GM_OBJECT_LOCK(test);
    bool has = test_clock_find(test, id) != NULL;
    GM_OBJECT_UNLOCK(test);
    return has;
}

static bool test_clock_peek(GmTestClock *test, GmClockID *id)
{
    if (test->pending != NULL && id != NULL)
        *id = gm_clock_id_ref(((TestWait *)test->pending->data)->entry);
    return test->pending != NULL;
}

bool gm_test_clock_peek_next_pending_id(GmTestClock *test, GmClockID *pending_id)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test))) return false;
    GM_OBJECT_LOCK(test);
    bool has = test_clock_peek(test, pending_id);
    GM_OBJECT_UNLOCK(test);
    return has;
}

GmClockTime gm_test_clock_get_next_entry_time(GmTestClock *test)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test))) return GM_CLOCK_TIME_NONE;
    GM_OBJECT_LOCK(test);
    GmClockTime time = test->pending ? ((TestWait *)test->pending->data)->entry->time
                                     : GM_CLOCK_TIME_NONE;
    GM_OBJECT_UNLOCK(test);
    return time;
}

// Blocks until `count` wait or the deadline. True: they do.
static bool test_clock_wait_for(GmTestClock *test, unsigned count, GmClockTime deadline)
{
    bool in_time = true;
    while (in_time && gm_list_length(test->pending) < count)
        in_time = gm_cond_wait_until(&test->entry_added, GM_OBJECT_GET_LOCK(test), deadline,
                                     GM_WAIT_CLOCK, test);
    return gm_list_length(test->pending) >= count;
}

void gm_test_clock_wait_for_next_pending_id(GmTestClock *test, GmClockID *pending_id)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test))) return;
    GM_OBJECT_LOCK(test);
    test_clock_wait_for(test, 1, GM_CLOCK_TIME_NONE);
    test_clock_peek(test, pending_id);
    GM_OBJECT_UNLOCK(test);
}

static bool test_clock_wait_list(GmTestClock *test, unsigned count, GmClockTime deadline,
                                 GmList **list)
{
    GM_OBJECT_LOCK(test);
    bool enough = test_clock_wait_for(test, count, deadline);
    for (GmList *l = list ? gm_list_last(test->pending) : NULL; l != NULL; l = l->prev)
        *list = gm_list_prepend(*list, gm_clock_id_ref(((TestWait *)l->data)->entry));
    GM_OBJECT_UNLOCK(test);
    return enough;
}

void gm_test_clock_wait_for_multiple_pending_ids(GmTestClock *test, unsigned count,
                                                 GmList **pending_list)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test))) return;
    if (pending_list != NULL)
        *pending_list = NULL;
    test_clock_wait_list(test, count, GM_CLOCK_TIME_NONE, pending_list);
}

bool gm_test_clock_timed_wait_for_multiple_pending_ids(GmTestClock *test, unsigned count,
                                                       unsigned timeout_ms,
                                                       GmList **pending_list)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test))) return false;
    if (pending_list != NULL)
        *pending_list = NULL;
    return test_clock_wait_list(test, count, gm_sync_now() + timeout_ms * UINT64_C(1000000),
                                pending_list);
}

// ---- waking -----------------------------------------------------------------------------

static GmClockID test_clock_process_next(GmTestClock *test)
{
    TestWait *wait = test->pending ? test->pending->data : NULL;
    if (wait == NULL || test->internal_time < wait->entry->time)
        return NULL;
    GmClockID id = gm_clock_id_ref(wait->entry);
    test_clock_process(test, wait);
    return id;
}

GmClockID gm_test_clock_process_next_clock_id(GmTestClock *test)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test))) return NULL;
    GM_OBJECT_LOCK(test);
    GmClockID id = test_clock_process_next(test);
    GM_OBJECT_UNLOCK(test);
    return id;
}

bool gm_test_clock_process_id(GmTestClock *test, GmClockID pending_id)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test) && pending_id != NULL)) return false;
    GmList only = { .data = pending_id };
    bool woken = gm_test_clock_process_id_list(test, &only) == 1;
    gm_clock_id_unref(pending_id);
    return woken;
}

unsigned gm_test_clock_process_id_list(GmTestClock *test, const GmList *pending_list)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test))) return 0;
    unsigned count = 0;
    GM_OBJECT_LOCK(test);
    for (const GmList *l = pending_list; l != NULL; l = l->next) {
        GmList *link = test_clock_find(test, l->data);
        if (link == NULL)
            continue;
        test_clock_process(test, link->data);
        count++;
    }
    GM_OBJECT_UNLOCK(test);
    return count;
}

GmClockTime gm_test_clock_id_list_get_latest_time(const GmList *pending_list)
{
    GmClockTime latest = 0;
    for (const GmList *l = pending_list; l != NULL; l = l->next) {
        GmClockTime time = gm_clock_id_get_time(l->data);
        latest = time > latest ? time : latest;
    }
    return latest;
}

bool gm_test_clock_crank(GmTestClock *test)
{
    if (!GM_REQUIRE(GM_IS_TEST_CLOCK(test))) return false;
    GM_OBJECT_LOCK(test);
    test_clock_wait_for(test, 1, GM_CLOCK_TIME_NONE);
    GmClockTime time = ((TestWait *)test->pending->data)->entry->time;
    if (time > test->internal_time)
        test->internal_time = time;
    GmClockID id = test_clock_process_next(test);
    GM_OBJECT_UNLOCK(test);
    if (id != NULL)
        gm_clock_id_unref(id);
    return id != NULL;
}
