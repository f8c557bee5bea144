// SPDX-License-Identifier: MIT
//
// system_clock: the clock of the computer, and waiting on it (see core/clock.h).
//
//     id_wait        the calling thread waits on the condition of its entry
//     id_wait_async  one thread for all of them, started at first use:
//
//       entries by time: [e1] [e2] [e3]   thread waits until e1's time or a change of the list,
//                                         takes e1 out, calls its function without any lock,
//                                         and puts it back if it is periodic.
#include "core/clock.h"
#include "core/enums.h"
#include "core/list.h"
#include "core/util.h"

static GmMutex  default_lock = GM_MUTEX_INIT;
static GmClock *default_clock; // guarded by default_lock

static GmClockTime system_clock_get_internal_time(GmClock *clock)
{
    return GM_SYSTEM_CLOCK(clock)->clock_type == GM_CLOCK_TYPE_REALTIME ? gm_sync_real_time()
                                                                        : gm_sync_now();
}

static GmClockTime system_clock_get_resolution(GmClock *clock)
{
    (void)clock;
    return 1;
}

// How long until the entry's time; negative when it has passed.
static GmClockTimeDiff system_clock_until(GmSystemClock *sys, GmClockEntry *entry)
{
    return GM_CLOCK_DIFF(gm_clock_get_time(&sys->clock), entry->time);
}

static GmClockReturn system_clock_wait(GmClock *clock, GmClockEntry *entry,
                                       GmClockTimeDiff *jitter)
{
    GmSystemClock *sys = GM_SYSTEM_CLOCK(clock);
    gm_mutex_lock(&sys->lock);
    if (entry->status != GM_CLOCK_UNSCHEDULED) {
        GmClockTimeDiff left = system_clock_until(sys, entry);
        if (jitter != NULL)
            *jitter = -left;
        entry->status = GM_CLOCK_BUSY;
        GmClockReturn result = left < 0 ? GM_CLOCK_EARLY : GM_CLOCK_OK;
        while (left > 0 && entry->status == GM_CLOCK_BUSY) {
            gm_cond_wait_until(&entry->cond, &sys->lock, gm_sync_now() + (GmClockTime)left,
                               GM_WAIT_CLOCK, clock);
            left = system_clock_until(sys, entry);
        }
        if (entry->status == GM_CLOCK_BUSY)
            entry->status = result;
    }
    GmClockReturn status = entry->status;
    gm_mutex_unlock(&sys->lock);
    return status;
}

static void system_clock_insert(GmSystemClock *sys, GmClockEntry *entry)
{
    GmList *at = sys->entries; // behind those of the same time: first come, first served
    while (at != NULL && gm_clock_id_compare_func(at->data, entry) <= 0)
        at = at->next;
    sys->entries = gm_list_insert_before(sys->entries, at, entry);
    if (sys->entries->data == entry)
        gm_cond_signal(&sys->cond);
}

// Calls the function of the first entry. The lock is given up meanwhile.
static void system_clock_fire(GmSystemClock *sys)
{
    GmClockEntry *entry = sys->entries->data;
    GmClockTime requested = entry->time;
    sys->entries = gm_list_delete_link(sys->entries, sys->entries);
    gm_mutex_unlock(&sys->lock);
    entry->func(&sys->clock, requested, entry, entry->user_data);
    gm_mutex_lock(&sys->lock);
    if (entry->type == GM_CLOCK_ENTRY_PERIODIC && entry->status != GM_CLOCK_UNSCHEDULED &&
        !sys->stopping) {
        entry->time = requested + entry->interval;
        system_clock_insert(sys, entry);
        return;
    }
    gm_mutex_unlock(&sys->lock);
    gm_clock_id_unref(entry);
    gm_mutex_lock(&sys->lock);
}

static void *system_clock_thread(void *data)
{
    GmSystemClock *sys = data;
    gm_mutex_lock(&sys->lock);
    while (!sys->stopping) {
        GmClockTime deadline = GM_CLOCK_TIME_NONE;
        if (sys->entries != NULL) {
            GmClockTimeDiff left = system_clock_until(sys, sys->entries->data);
            if (left <= 0) {
                system_clock_fire(sys);
                continue;
            }
            deadline = gm_sync_now() + (GmClockTime)left;
        }
        gm_cond_wait_until(&sys->cond, &sys->lock, deadline, GM_WAIT_CLOCK, sys);
    }
    gm_mutex_unlock(&sys->lock);
    return NULL;
}

static GmClockReturn system_clock_wait_async(GmClock *clock, GmClockEntry *entry)
{
    GmSystemClock *sys = GM_SYSTEM_CLOCK(clock);
    GmClockReturn result = GM_CLOCK_OK;
    gm_mutex_lock(&sys->lock);
    if (sys->thread == NULL)
        sys->thread = gm_thread_try_new("gm-clock", system_clock_thread, sys, NULL);
    if (sys->thread == NULL)
        result = GM_CLOCK_ERROR;
    else if (entry->status == GM_CLOCK_UNSCHEDULED)
        result = GM_CLOCK_UNSCHEDULED;
    else
        system_clock_insert(sys, gm_clock_id_ref(entry));
    gm_mutex_unlock(&sys->lock);
    return result;
}

static void system_clock_unschedule(GmClock *clock, GmClockEntry *entry)
{
    GmSystemClock *sys = GM_SYSTEM_CLOCK(clock);
    gm_mutex_lock(&sys->lock);
    entry->status = GM_CLOCK_UNSCHEDULED;
    gm_cond_broadcast(&entry->cond);
    GmList *link = gm_list_find(sys->entries, entry);
    if (link != NULL)
        sys->entries = gm_list_delete_link(sys->entries, link);
    gm_mutex_unlock(&sys->lock);
    if (link != NULL)
        gm_clock_id_unref(entry);
}

// ---- the class --------------------------------------------------------------------------

static void system_clock_init(GmObject *obj)
{
    GmSystemClock *sys = GM_SYSTEM_CLOCK(obj);
    gm_mutex_init(&sys->lock);
    gm_cond_init(&sys->cond);
    GM_OBJECT_FLAG_SET(obj, GM_CLOCK_FLAG_CAN_DO_SINGLE_SYNC | GM_CLOCK_FLAG_CAN_DO_SINGLE_ASYNC |
                                GM_CLOCK_FLAG_CAN_DO_PERIODIC_SYNC |
                                GM_CLOCK_FLAG_CAN_DO_PERIODIC_ASYNC);
}

static void system_clock_dispose(GmObject *obj)
{
    GmSystemClock *sys = GM_SYSTEM_CLOCK(obj);
    gm_mutex_lock(&sys->lock);
    sys->stopping = true;
    GmList *entries = sys->entries;
    sys->entries = NULL;
    for (GmList *l = entries; l != NULL; l = l->next)
        GM_CLOCK_ENTRY(l->data)->status = GM_CLOCK_UNSCHEDULED;
    gm_cond_broadcast(&sys->cond);
    GmThread *thread = sys->thread;
    sys->thread = NULL;
    gm_mutex_unlock(&sys->lock);
    gm_list_free_full(entries, gm_clock_id_unref);
    if (thread != NULL)
        gm_thread_join(thread);
}

static void system_clock_finalize(GmObject *obj)
{
    gm_mutex_clear(&GM_SYSTEM_CLOCK(obj)->lock);
    gm_cond_clear(&GM_SYSTEM_CLOCK(obj)->cond);
}

static const GmProperty system_clock_props[] = {
    { "clock-type", "The type of underlying clock implementation used",
      GM_ENUM_FIELD(GmSystemClock, clock_type, &gm_clock_type_enum), .def = "monotonic" },
    { 0 }
};

const GmClockClass gm_system_clock_class = {
    .name = "systemclock", .type_name = "GmSystemClock", .parent = &gm_clock_class.object,
    .instance_size = sizeof(GmSystemClock), .props = system_clock_props,
    .init = system_clock_init, .dispose = system_clock_dispose,
    .finalize = system_clock_finalize,
    .get_resolution = system_clock_get_resolution,
    .get_internal_time = system_clock_get_internal_time,
    .wait = system_clock_wait, .wait_async = system_clock_wait_async,
    .unschedule = system_clock_unschedule,
};

GmClock *gm_system_clock_obtain(void)
{
    gm_mutex_lock(&default_lock);
    if (default_clock == NULL) {
        default_clock = gm_object_ref_sink(gm_object_new(&gm_system_clock_class.object, NULL,
                                                         NULL));
        gm_object_set_name(GM_OBJECT(default_clock), "GstSystemClock");
        GM_OBJECT_FLAG_SET(default_clock, GM_OBJECT_FLAG_MAY_BE_LEAKED);
    }
    GmClock *clock = gm_object_ref(default_clock);
    gm_mutex_unlock(&default_lock);
    return clock;
}

void gm_system_clock_set_default(GmClock *new_clock)
{
    if (!GM_REQUIRE(new_clock == NULL || GM_IS_CLOCK(new_clock))) return;
    gm_mutex_lock(&default_lock);
    GmClock *old = default_clock;
    default_clock = new_clock ? gm_object_ref(new_clock) : NULL;
    gm_mutex_unlock(&default_lock);
    if (old != NULL)
        gm_object_unref(old);
}
