// SPDX-License-Identifier: MIT
//
// clock: see core/clock.h.
#include "core/clock.h"

#include "core/util.h"

__extension__ typedef __int128 Int128;

// Ids outlive their clock without holding it: they share this box with a weak reference.
struct GmClockBox {
    _Atomic int refcount;
    GmWeakRef   ref;
};

static void clock_box_unref(struct GmClockBox *box)
{
    if (atomic_fetch_sub(&box->refcount, 1) != 1)
        return;
    gm_weak_ref_clear(&box->ref);
    gm_free(box);
}

// The function `field` of the clock's class or the nearest parent that has one, or NULL.
#define CLOCK_VFUNC(clock, field)                                                             \
    ((__typeof__(gm_clock_class.field))gm_object_class_lookup(((GmObject *)(clock))->klass,   \
        offsetof(GmClockClass, field), &gm_clock_class.object))

// ---- time -------------------------------------------------------------------------------

GmClockTime gm_clock_get_internal_time(GmClock *clock)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return GM_CLOCK_TIME_NONE;
    GmClockTime (*get)(GmClock *) = CLOCK_VFUNC(clock, get_internal_time);
    return get != NULL ? get(clock) : 0;
}

GmClockTime gm_clock_get_time(GmClock *clock)
{
    GmClockTime time = gm_clock_get_internal_time(clock);
    if (time == GM_CLOCK_TIME_NONE)
        return time;
    GM_OBJECT_LOCK(clock);
    time = gm_clock_adjust_unlocked(clock, time);
    GM_OBJECT_UNLOCK(clock);
    return time;
}

GmClockTime gm_clock_set_resolution(GmClock *clock, GmClockTime resolution)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock) && resolution != 0)) return 0;
    GmClockTime (*change)(GmClock *, GmClockTime, GmClockTime) =
        CLOCK_VFUNC(clock, change_resolution);
    if (change != NULL)
        clock->resolution = change(clock, clock->resolution, resolution);
    return clock->resolution;
}

GmClockTime gm_clock_get_resolution(GmClock *clock)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return 0;
    GmClockTime (*get)(GmClock *) = CLOCK_VFUNC(clock, get_resolution);
    return get != NULL ? get(clock) : 1;
}

// (from - base) * num / denom + to_base, not below zero.
static GmClockTime clock_scale(GmClockTime from, GmClockTime base, GmClockTime to_base,
                               GmClockTime num, GmClockTime denom)
{
    if (denom == 0)
        num = denom = 1;
    if (GM_LIKELY(from >= base))
        return to_base + (num == denom ? from - base
                                       : gm_util_uint64_scale(from - base, num, denom));
    GmClockTime back = gm_util_uint64_scale(base - from, num, denom);
    return to_base > back ? to_base - back : 0;
}

GmClockTime gm_clock_adjust_with_calibration(GmClock *clock, GmClockTime internal_target,
                                             GmClockTime cinternal, GmClockTime cexternal,
                                             GmClockTime cnum, GmClockTime cdenom)
{
    (void)clock;
    return clock_scale(internal_target, cinternal, cexternal, cnum, cdenom);
}

GmClockTime gm_clock_unadjust_with_calibration(GmClock *clock, GmClockTime external_target,
                                               GmClockTime cinternal, GmClockTime cexternal,
                                               GmClockTime cnum, GmClockTime cdenom)
{
    (void)clock;
    return clock_scale(external_target, cexternal, cinternal, cdenom, cnum);
}

GmClockTime gm_clock_adjust_unlocked(GmClock *clock, GmClockTime internal)
{
    GmClockTime time = clock_scale(internal, clock->internal_calibration,
                                   clock->external_calibration, clock->rate_numerator,
                                   clock->rate_denominator);
    if (time > clock->last_time)
        clock->last_time = time;
    return clock->last_time;
}

GmClockTime gm_clock_unadjust_unlocked(GmClock *clock, GmClockTime external)
{
    return clock_scale(external, clock->external_calibration, clock->internal_calibration,
                       clock->rate_denominator, clock->rate_numerator);
}

void gm_clock_set_calibration(GmClock *clock, GmClockTime internal, GmClockTime external,
                              GmClockTime rate_num, GmClockTime rate_denom)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return;
    if (!GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(internal) && GM_CLOCK_TIME_IS_VALID(external))) return;
    if (!GM_REQUIRE(rate_num != GM_CLOCK_TIME_NONE)) return;
    if (!GM_REQUIRE(rate_denom > 0 && rate_denom != GM_CLOCK_TIME_NONE)) return;
    GM_OBJECT_LOCK(clock);
    clock->internal_calibration = internal;
    clock->external_calibration = external;
    clock->rate_numerator = rate_num;
    clock->rate_denominator = rate_denom;
    GM_OBJECT_UNLOCK(clock);
}

void gm_clock_get_calibration(GmClock *clock, GmClockTime *internal, GmClockTime *external,
                              GmClockTime *rate_num, GmClockTime *rate_denom)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return;
    GmClockTime ignored;
    GM_OBJECT_LOCK(clock);
    *(internal ? internal : &ignored) = clock->internal_calibration;
    *(external ? external : &ignored) = clock->external_calibration;
    *(rate_num ? rate_num : &ignored) = clock->rate_numerator;
    *(rate_denom ? rate_denom : &ignored) = clock->rate_denominator;
    GM_OBJECT_UNLOCK(clock);
}

// ---- following another clock ------------------------------------------------------------

static bool clock_sample_master(GmClock *master, GmClockTime time, GmClockID id, void *user_data)
{
    GmClock *clock = user_data;
    double r_squared;
    (void)time;
    (void)id;
    if (gm_clock_is_synced(clock))
        gm_clock_add_observation(clock, gm_clock_get_internal_time(clock),
                                 gm_clock_get_time(master), &r_squared);
    return true;
}

bool gm_clock_set_master(GmClock *clock, GmClock *master)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock) && master != clock)) return false;
    if (master != NULL && (!GM_OBJECT_FLAG_IS_SET(clock, GM_CLOCK_FLAG_CAN_SET_MASTER) ||
                           !gm_clock_is_synced(master)))
        return false;
    gm_mutex_lock(&clock->slave_lock);
    GmClockID old = clock->clockid, id = NULL;
    if (master != NULL) {
        clock->filling = true;
        clock->time_index = 0;
        id = gm_clock_new_periodic_id(master, gm_clock_get_time(master), clock->timeout);
    }
    clock->clockid = id;
    gm_mutex_unlock(&clock->slave_lock);
    if (old != NULL) {
        gm_clock_id_unschedule(old);
        gm_clock_id_unref(old);
    }
    if (id != NULL)
        gm_clock_id_wait_async(id, clock_sample_master, gm_object_ref(clock), gm_object_unref);
    GM_OBJECT_LOCK(clock);
    GmClock *old_master = clock->master;
    clock->master = master ? gm_object_ref(master) : NULL;
    GM_OBJECT_UNLOCK(clock);
    if (old_master != NULL)
        gm_object_unref(old_master);
    return true;
}

GmClock *gm_clock_get_master(GmClock *clock)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return NULL;
    GM_OBJECT_LOCK(clock);
    GmClock *master = clock->master ? gm_object_ref(clock->master) : NULL;
    GM_OBJECT_UNLOCK(clock);
    return master;
}

void gm_clock_set_timeout(GmClock *clock, GmClockTime timeout)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return;
    gm_mutex_lock(&clock->slave_lock);
    clock->timeout = timeout;
    gm_mutex_unlock(&clock->slave_lock);
}

GmClockTime gm_clock_get_timeout(GmClock *clock)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return GM_CLOCK_TIME_NONE;
    gm_mutex_lock(&clock->slave_lock);
    GmClockTime timeout = clock->timeout;
    gm_mutex_unlock(&clock->slave_lock);
    return timeout;
}

// The line through n pairs (x, y): y = (x - *xbase) * *num / *denom + *base, by least squares
// around the means, exact in 128 bits. False: no line, or one that does not rise.
static bool clock_regression(const GmClockTime *xy, int n, GmClockTime *num, GmClockTime *denom,
                             GmClockTime *base, GmClockTime *xbase, double *r_squared)
{
    Int128 xsum = 0, ysum = 0, sxx = 0, sxy = 0, syy = 0;
    GmClockTime xmax = 0;
    for (int i = 0; i < n; i++) {
        xsum += xy[2 * i];
        ysum += xy[2 * i + 1];
        xmax = xy[2 * i] > xmax ? xy[2 * i] : xmax;
    }
    Int128 xbar = xsum / n, ybar = ysum / n;
    for (int i = 0; i < n; i++) {
        Int128 dx = (Int128)xy[2 * i] - xbar, dy = (Int128)xy[2 * i + 1] - ybar;
        sxx += dx * dx;
        sxy += dx * dy;
        syy += dy * dy;
    }
    if (sxx <= 0 || sxy < 0)
        return false;
    *r_squared = syy == 0 ? 0 : (double)sxy / (double)sxx * ((double)sxy / (double)syy);
    while (sxx > INT64_MAX || sxy > INT64_MAX) {
        sxx >>= 1;
        sxy >>= 1;
    }
    *num = (GmClockTime)sxy;
    *denom = (GmClockTime)sxx;
    // From the newest observation on: that is where the line is used.
    Int128 at = ybar + (Int128)gm_util_uint64_scale_round(xmax - (GmClockTime)xbar, *num, *denom);
    *xbase = xmax;
    *base = (GmClockTime)at;
    return true;
}

bool gm_clock_add_observation_unapplied(GmClock *clock, GmClockTime slave, GmClockTime master,
                                        double *r_squared, GmClockTime *internal,
                                        GmClockTime *external, GmClockTime *rate_num,
                                        GmClockTime *rate_denom)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock) && r_squared != NULL)) return false;
    if (!GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(slave) && GM_CLOCK_TIME_IS_VALID(master))) return false;
    GmClockTime xbase, base, num, denom;
    gm_mutex_lock(&clock->slave_lock);
    if (clock->times == NULL)
        clock->times = gm_new(GmClockTime, 2 * clock->window_size);
    clock->times[2 * clock->time_index] = slave;
    clock->times[2 * clock->time_index + 1] = master;
    if (++clock->time_index == clock->window_size) {
        clock->filling = false;
        clock->time_index = 0;
    }
    int n = clock->filling ? clock->time_index : clock->window_size;
    bool fits = n >= clock->window_threshold &&
                clock_regression(clock->times, n, &num, &denom, &base, &xbase, r_squared);
    gm_mutex_unlock(&clock->slave_lock);
    if (!fits)
        return false;
    GmClockTime ignored;
    *(internal ? internal : &ignored) = xbase;
    *(external ? external : &ignored) = base;
    *(rate_num ? rate_num : &ignored) = num;
    *(rate_denom ? rate_denom : &ignored) = denom;
    return true;
}

bool gm_clock_add_observation(GmClock *clock, GmClockTime slave, GmClockTime master,
                              double *r_squared)
{
    GmClockTime internal, external, num, denom;
    if (!gm_clock_add_observation_unapplied(clock, slave, master, r_squared, &internal, &external,
                                            &num, &denom))
        return false;
    gm_clock_set_calibration(clock, internal, external, num, denom);
    return true;
}

bool gm_clock_is_synced(GmClock *clock)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return true;
    GM_OBJECT_LOCK(clock);
    bool synced = clock->synced || !GM_OBJECT_FLAG_IS_SET(clock, GM_CLOCK_FLAG_NEEDS_STARTUP_SYNC);
    GM_OBJECT_UNLOCK(clock);
    return synced;
}

bool gm_clock_wait_for_sync(GmClock *clock, GmClockTime timeout)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return false;
    GmClockTime deadline = timeout;
    if (timeout != GM_CLOCK_TIME_NONE)
        deadline += gm_sync_now();
    GM_OBJECT_LOCK(clock);
    bool synced, in_time = true;
    while (!(synced = clock->synced ||
                      !GM_OBJECT_FLAG_IS_SET(clock, GM_CLOCK_FLAG_NEEDS_STARTUP_SYNC)) && in_time)
        in_time = gm_cond_wait_until(&clock->sync_cond, GM_OBJECT_GET_LOCK(clock), deadline,
                                     GM_WAIT_CLOCK, clock);
    GM_OBJECT_UNLOCK(clock);
    return synced;
}

void gm_clock_set_synced(GmClock *clock, bool synced)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return;
    if (!GM_REQUIRE(GM_OBJECT_FLAG_IS_SET(clock, GM_CLOCK_FLAG_NEEDS_STARTUP_SYNC))) return;
    GM_OBJECT_LOCK(clock);
    bool changed = clock->synced != synced;
    clock->synced = synced;
    gm_cond_broadcast(&clock->sync_cond);
    GM_OBJECT_UNLOCK(clock);
    if (changed)
        gm_signal_emit_by_name(clock, "synced", (unsigned)synced);
}

// ---- ids --------------------------------------------------------------------------------

static GmClockID clock_entry_new(GmClock *clock, GmClockTime time, GmClockTime interval,
                                 GmClockEntryType type)
{
    GmClockEntry *entry = gm_new0(GmClockEntry, 1);
    entry->refcount = 1;
    entry->type = type;
    entry->time = time;
    entry->interval = interval;
    entry->box = clock->box;
    atomic_fetch_add(&clock->box->refcount, 1);
    gm_cond_init(&entry->cond);
    return entry;
}

GmClockID gm_clock_new_single_shot_id(GmClock *clock, GmClockTime time)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock))) return NULL;
    return clock_entry_new(clock, time, GM_CLOCK_TIME_NONE, GM_CLOCK_ENTRY_SINGLE);
}

GmClockID gm_clock_new_periodic_id(GmClock *clock, GmClockTime start_time, GmClockTime interval)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock) && GM_CLOCK_TIME_IS_VALID(start_time))) return NULL;
    if (!GM_REQUIRE(interval != 0 && GM_CLOCK_TIME_IS_VALID(interval))) return NULL;
    return clock_entry_new(clock, start_time, interval, GM_CLOCK_ENTRY_PERIODIC);
}

GmClockID gm_clock_id_ref(GmClockID id)
{
    if (!GM_REQUIRE(id != NULL)) return NULL;
    atomic_fetch_add(&GM_CLOCK_ENTRY(id)->refcount, 1);
    return id;
}

void gm_clock_id_unref(GmClockID id)
{
    if (!GM_REQUIRE(id != NULL)) return;
    GmClockEntry *entry = id;
    if (atomic_fetch_sub(&entry->refcount, 1) != 1)
        return;
    if (entry->destroy_data != NULL)
        entry->destroy_data(entry->user_data);
    gm_cond_clear(&entry->cond);
    clock_box_unref(entry->box);
    gm_free(entry);
}

static bool clock_entry_reinit(GmClock *clock, GmClockEntry *entry, GmClockTime time,
                               GmClockTime interval, GmClockEntryType type)
{
    if (entry->type != type || entry->status == GM_CLOCK_BUSY ||
        !gm_clock_id_uses_clock(entry, clock))
        return false;
    entry->time = time;
    entry->interval = interval;
    entry->status = GM_CLOCK_OK;
    return true;
}

bool gm_clock_single_shot_id_reinit(GmClock *clock, GmClockID id, GmClockTime time)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock) && id != NULL)) return false;
    return clock_entry_reinit(clock, id, time, GM_CLOCK_TIME_NONE, GM_CLOCK_ENTRY_SINGLE);
}

bool gm_clock_periodic_id_reinit(GmClock *clock, GmClockID id, GmClockTime start_time,
                                 GmClockTime interval)
{
    if (!GM_REQUIRE(GM_IS_CLOCK(clock) && id != NULL)) return false;
    return clock_entry_reinit(clock, id, start_time, interval, GM_CLOCK_ENTRY_PERIODIC);
}

int gm_clock_id_compare_func(const void *id1, const void *id2)
{
    GmClockTime t1 = GM_CLOCK_ENTRY(id1)->time, t2 = GM_CLOCK_ENTRY(id2)->time;
    return (t1 > t2) - (t1 < t2);
}

GmClock *gm_clock_id_get_clock(GmClockID id)
{
    if (!GM_REQUIRE(id != NULL)) return NULL;
    return gm_weak_ref_get(&GM_CLOCK_ENTRY(id)->box->ref);
}

bool gm_clock_id_uses_clock(GmClockID id, GmClock *clock)
{
    if (!GM_REQUIRE(id != NULL && clock != NULL)) return false;
    return GM_CLOCK_ENTRY(id)->box == clock->box;
}

GmClockTime gm_clock_id_get_time(GmClockID id)
{
    if (!GM_REQUIRE(id != NULL)) return GM_CLOCK_TIME_NONE;
    return GM_CLOCK_ENTRY(id)->time;
}

GmClockReturn gm_clock_id_wait(GmClockID id, GmClockTimeDiff *jitter)
{
    if (!GM_REQUIRE(id != NULL)) return GM_CLOCK_ERROR;
    GmClockEntry *entry = id;
    GmClockTime requested = entry->time;
    GmClock *clock = gm_clock_id_get_clock(id);
    if (clock == NULL)
        return GM_CLOCK_ERROR;
    GmClockReturn (*wait)(GmClock *, GmClockEntry *, GmClockTimeDiff *) = CLOCK_VFUNC(clock, wait);
    GmClockReturn result = GM_CLOCK_BADTIME;
    if (GM_CLOCK_TIME_IS_VALID(requested))
        result = wait != NULL ? wait(clock, entry, jitter) : GM_CLOCK_UNSUPPORTED;
    if (entry->type == GM_CLOCK_ENTRY_PERIODIC && result != GM_CLOCK_UNSUPPORTED)
        entry->time = requested + entry->interval;
    gm_object_unref(clock);
    return result;
}

GmClockReturn gm_clock_id_wait_async(GmClockID id, GmClockCallback func, void *user_data,
                                     GmDestroyNotify destroy_data)
{
    if (!GM_REQUIRE(id != NULL && func != NULL)) return GM_CLOCK_ERROR;
    GmClockEntry *entry = id;
    GmClock *clock = gm_clock_id_get_clock(id);
    if (clock == NULL)
        return GM_CLOCK_ERROR;
    GmClockReturn (*wait)(GmClock *, GmClockEntry *) = CLOCK_VFUNC(clock, wait_async);
    GmClockReturn result = GM_CLOCK_UNSUPPORTED;
    if (!GM_CLOCK_TIME_IS_VALID(entry->time)) {
        func(clock, GM_CLOCK_TIME_NONE, id, user_data);
        result = GM_CLOCK_BADTIME;
    } else if (wait != NULL) {
        entry->func = func;
        entry->user_data = user_data;
        entry->destroy_data = destroy_data;
        result = wait(clock, entry);
    }
    gm_object_unref(clock);
    return result;
}

void gm_clock_id_unschedule(GmClockID id)
{
    if (!GM_REQUIRE(id != NULL)) return;
    GmClock *clock = gm_clock_id_get_clock(id);
    if (clock == NULL)
        return;
    void (*unschedule)(GmClock *, GmClockEntry *) = CLOCK_VFUNC(clock, unschedule);
    if (unschedule != NULL)
        unschedule(clock, id);
    gm_object_unref(clock);
}

// ---- the class --------------------------------------------------------------------------

static void clock_init(GmObject *obj)
{
    GmClock *clock = GM_CLOCK(obj);
    clock->rate_numerator = clock->rate_denominator = 1;
    clock->filling = true;
    gm_cond_init(&clock->sync_cond);
    gm_mutex_init(&clock->slave_lock);
    clock->box = gm_new0(struct GmClockBox, 1);
    clock->box->refcount = 1;
    gm_weak_ref_init(&clock->box->ref, clock);
}

static void clock_dispose(GmObject *obj)
{
    gm_clock_set_master(GM_CLOCK(obj), NULL);
}

static void clock_finalize(GmObject *obj)
{
    GmClock *clock = GM_CLOCK(obj);
    clock_box_unref(clock->box);
    gm_free(clock->times);
    gm_cond_clear(&clock->sync_cond);
    gm_mutex_clear(&clock->slave_lock);
}

// A new window begins with new observations.
static void clock_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    GmClock *clock = GM_CLOCK(obj);
    (void)prop;
    (void)value;
    gm_mutex_lock(&clock->slave_lock);
    gm_free(clock->times);
    clock->times = NULL;
    clock->filling = true;
    clock->time_index = 0;
    gm_mutex_unlock(&clock->slave_lock);
}

static const GmProperty clock_props[] = {
    { "window-size", "The size of the window used to calculate rate and offset",
      GM_FIELD(GmClock, window_size), .def = "32", .min = 2, .max = 1024 },
    { "window-threshold", "The threshold to start calculating rate and offset",
      GM_FIELD(GmClock, window_threshold), .def = "4", .min = 2, .max = 1024 },
    { "timeout", "The amount of time, in nanoseconds, to sample master and slave clocks",
      GM_FIELD(GmClock, timeout), .def = "100000000" },
    { 0 }
};

static const GmSignal clock_signals[] = {
    { "synced", gm_marshal_uint, "void (GmClock *, unsigned synced, void *)", NULL },
    { 0 }
};

const GmClockClass gm_clock_class = {
    .name = "clock", .type_name = "GmClock", .parent = &gm_object_class,
    .instance_size = sizeof(GmClock), .props = clock_props, .signals = clock_signals,
    .init = clock_init, .dispose = clock_dispose, .finalize = clock_finalize,
    .set_property = clock_set_property,
};
