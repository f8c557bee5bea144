// SPDX-License-Identifier: MIT
//
// clock: what time it is, and waiting for a time.
//
//     internal time --calibration--> time of the clock        id = (clock, time) --wait--> OK
//     (hardware)     (x - internal) * num / denom + external                      EARLY, …
//
// A clock is an object with a few functions (GmClockClass). Its time never goes backwards. One
// waits by making an id for a time and waiting on it, in the calling thread (id_wait) or with a
// callback (id_wait_async); anybody may end the wait with id_unschedule. A clock can follow
// another one (set_master): observations of both are fitted by a line, its calibration.
// GmSystemClock, at the end, is the clock of the computer.
//
// Unless said otherwise: any thread, never blocks, clocks and ids are borrowed and not NULL, times
// are nanoseconds. Misuse is a critical and the neutral result (0, NONE, GM_CLOCK_ERROR).
// Read next: core/segment.h (running time), core/pipeline.h, check/test_clock.h.
#ifndef GM_CORE_CLOCK_H
#define GM_CORE_CLOCK_H

#include "core/object.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void *GmClockID;

typedef enum {
    GM_CLOCK_OK          = 0, // waited
    GM_CLOCK_EARLY       = 1, // the time had passed already
    GM_CLOCK_UNSCHEDULED = 2, // id_unschedule ended it
    GM_CLOCK_BUSY        = 3, // is being waited on
    GM_CLOCK_BADTIME     = 4, // GM_CLOCK_TIME_NONE
    GM_CLOCK_ERROR       = 5, // the clock is gone
    GM_CLOCK_UNSUPPORTED = 6, // the clock cannot do that kind of wait
    GM_CLOCK_DONE        = 7  // async: the callback has run
} GmClockReturn;

typedef enum { GM_CLOCK_ENTRY_SINGLE, GM_CLOCK_ENTRY_PERIODIC } GmClockEntryType;

typedef enum {
    // kinds of waits: once or again and again, in the caller's thread or with a callback
    GM_CLOCK_FLAG_CAN_DO_SINGLE_SYNC    = GM_OBJECT_FLAG_LAST << 0,
    GM_CLOCK_FLAG_CAN_DO_SINGLE_ASYNC   = GM_OBJECT_FLAG_LAST << 1,
    GM_CLOCK_FLAG_CAN_DO_PERIODIC_SYNC  = GM_OBJECT_FLAG_LAST << 2,
    GM_CLOCK_FLAG_CAN_DO_PERIODIC_ASYNC = GM_OBJECT_FLAG_LAST << 3,
    GM_CLOCK_FLAG_CAN_SET_RESOLUTION    = GM_OBJECT_FLAG_LAST << 4,
    GM_CLOCK_FLAG_CAN_SET_MASTER        = GM_OBJECT_FLAG_LAST << 5,
    GM_CLOCK_FLAG_NEEDS_STARTUP_SYNC    = GM_OBJECT_FLAG_LAST << 6, // not synced at first
    GM_CLOCK_FLAG_LAST                  = GM_OBJECT_FLAG_LAST << 8
} GmClockFlags;

// Runs at `time` in a thread of the clock's; `id` is borrowed. The result is not used. For a
// bad time: called at once, in the thread that asked, with GM_CLOCK_TIME_NONE.
typedef bool (*GmClockCallback)(GmClock *clock, GmClockTime time, GmClockID id, void *user_data);

// What an id points to; for those who implement clocks.
typedef struct GmClockEntry {
    _Atomic int      refcount;
    GmClockEntryType type;
    GmClockTime      time;     // of the next wake-up
    GmClockTime      interval; // of periodic ones
    GmClockReturn    status;   // guarded by the lock of whoever implements the clock
    GmClockCallback  func;
    void            *user_data;
    GmDestroyNotify  destroy_data;
    struct GmClockBox *box; // internal: the weak way back to the clock
    GmCond           cond;  // free for use by the clock's implementation
} GmClockEntry;
// A cast and the fields, unchecked: for those who hold the clock's lock.
#define GM_CLOCK_ENTRY(entry) ((GmClockEntry *)(entry))
#define GM_CLOCK_ENTRY_TYPE(entry) ((entry)->type)
#define GM_CLOCK_ENTRY_TIME(entry) ((entry)->time)
#define GM_CLOCK_ENTRY_INTERVAL(entry) ((entry)->interval)
#define GM_CLOCK_ENTRY_STATUS(entry) ((entry)->status)

// What a clock can do; a function left NULL is inherited, or unsupported if nobody has it.
typedef struct {
    union {
        GmObjectClass object;
        struct { GM_OBJECT_CLASS_FIELDS; };
    };
    // Gives the resolution in use from now on.
    GmClockTime (*change_resolution)(GmClock *clock, GmClockTime old_resolution,
                                     GmClockTime new_resolution);
    GmClockTime (*get_resolution)(GmClock *clock);
    GmClockTime (*get_internal_time)(GmClock *clock);
    // Blocks until the entry's time or unschedule. *jitter: now - time (may be NULL).
    GmClockReturn (*wait)(GmClock *clock, GmClockEntry *entry, GmClockTimeDiff *jitter);
    GmClockReturn (*wait_async)(GmClock *clock, GmClockEntry *entry);
    void (*unschedule)(GmClock *clock, GmClockEntry *entry);
} GmClockClass;
extern const GmClockClass gm_clock_class;

struct GmClock {
    GmObject    object;
    // guarded by the object lock
    GmClockTime internal_calibration, external_calibration, rate_numerator, rate_denominator;
    GmClockTime last_time; // given out last: time never goes backwards
    GmClockTime resolution, timeout;
    GmClock    *master; // counted, or NULL
    bool        synced;
    GmCond      sync_cond;
    struct GmClockBox *box;
    // guarded by slave_lock: the observations of clock and master
    GmMutex     slave_lock;
    GmClockID   clockid; // samples the master
    int         window_size, window_threshold, time_index;
    bool        filling;
    GmClockTime *times; // pairs slave, master; NULL until the first observation
};
// Casts are unchecked; GM_IS_CLOCK checks (NULL: false). The others read the struct:
// not NULL, no lock taken.
#define GM_CLOCK_CAST(obj) ((GmClock *)(obj))
#define GM_CLOCK(obj) ((GmClock *)(obj))
#define GM_IS_CLOCK(obj) gm_object_is_a((obj), &gm_clock_class.object)
#define GM_CLOCK_GET_CLASS(obj) ((const GmClockClass *)((GmObject *)(obj))->klass)
#define GM_CLOCK_FLAGS(obj) GM_OBJECT_FLAGS(obj)

// ---- time -------------------------------------------------------------------------------

// The time, calibrated; never less than given before. GM_CLOCK_TIME_NONE for no clock.
GmClockTime gm_clock_get_time(GmClock *clock);
GmClockTime gm_clock_get_internal_time(GmClock *clock); // as it comes; 0 if unsupported
// Steps the clock can tell apart. set: not 0; gives what is in use now.
GmClockTime gm_clock_set_resolution(GmClock *clock, GmClockTime resolution);
GmClockTime gm_clock_get_resolution(GmClock *clock);

// time = (internal_time - internal) * rate_num / rate_denom + external; rate_denom is not 0.
void gm_clock_set_calibration(GmClock *clock, GmClockTime internal, GmClockTime external,
                              GmClockTime rate_num, GmClockTime rate_denom);
// Each of the four may be NULL.
void gm_clock_get_calibration(GmClock *clock, GmClockTime *internal, GmClockTime *external,
                              GmClockTime *rate_num, GmClockTime *rate_denom);
// Internal time to time and back. _unlocked: by the clock's calibration, the caller holds the
// object lock (adjust_unlocked also remembers the result as given out). _with_calibration: by
// the one passed; `clock` is not looked at and may be NULL.
GmClockTime gm_clock_adjust_unlocked(GmClock *clock, GmClockTime internal);
GmClockTime gm_clock_unadjust_unlocked(GmClock *clock, GmClockTime external);
GmClockTime gm_clock_adjust_with_calibration(GmClock *clock, GmClockTime internal_target,
                                             GmClockTime cinternal, GmClockTime cexternal,
                                             GmClockTime cnum, GmClockTime cdenom);
GmClockTime gm_clock_unadjust_with_calibration(GmClock *clock, GmClockTime external_target,
                                               GmClockTime cinternal, GmClockTime cexternal,
                                               GmClockTime cnum, GmClockTime cdenom);

// ---- following another clock ------------------------------------------------------------

// Samples the master (gets a reference; NULL: stop following) every `timeout` and calibrates
// by it. False: not a clock that can, or the master is not synced.
bool gm_clock_set_master(GmClock *clock, GmClock *master);
GmClock *gm_clock_get_master(GmClock *clock); // gives a reference, or NULL
// How often the master is sampled; set counts from the next set_master on.
void gm_clock_set_timeout(GmClock *clock, GmClockTime timeout);
GmClockTime gm_clock_get_timeout(GmClock *clock);
// The clock's internal time `slave` was the master's time `master`. True and *r_squared (not
// NULL; 1: on a line) once there are window-threshold observations: they are fitted and the
// calibration set; _unapplied only gives the calibration (each may be NULL).
bool gm_clock_add_observation(GmClock *clock, GmClockTime slave, GmClockTime master,
                              double *r_squared);
bool gm_clock_add_observation_unapplied(GmClock *clock, GmClockTime slave, GmClockTime master,
                                        double *r_squared, GmClockTime *internal,
                                        GmClockTime *external, GmClockTime *rate_num,
                                        GmClockTime *rate_denom);

// Clocks with GM_CLOCK_FLAG_NEEDS_STARTUP_SYNC have no useful time before they are synced; all
// others are synced. wait blocks at most `timeout` (NONE: no limit); true: synced.
bool gm_clock_wait_for_sync(GmClock *clock, GmClockTime timeout);
bool gm_clock_is_synced(GmClock *clock);
// For implementers. Emits "synced" (bool) on a change.
void gm_clock_set_synced(GmClock *clock, bool synced);

// ---- ids --------------------------------------------------------------------------------

// Give an id, gm_clock_id_unref. An id does not keep its clock alive.
GmClockID gm_clock_new_single_shot_id(GmClock *clock, GmClockTime time);
// start_time and interval: valid, interval not 0.
GmClockID gm_clock_new_periodic_id(GmClock *clock, GmClockTime start_time, GmClockTime interval);
GmClockID gm_clock_id_ref(GmClockID id); // gives one more reference
void gm_clock_id_unref(GmClockID id); // the last one runs destroy_data
// Set an id that nobody waits on to a new time. False: it is busy or of another clock or type.
bool gm_clock_single_shot_id_reinit(GmClock *clock, GmClockID id, GmClockTime time);
bool gm_clock_periodic_id_reinit(GmClock *clock, GmClockID id, GmClockTime start_time,
                                 GmClockTime interval);

int gm_clock_id_compare_func(const void *id1, const void *id2); // by time: < 0, 0, > 0
GmClock *gm_clock_id_get_clock(GmClockID id); // gives a reference, NULL: the clock is gone
bool gm_clock_id_uses_clock(GmClockID id, GmClock *clock); // also when that is gone meanwhile
GmClockTime gm_clock_id_get_time(GmClockID id);            // of the next wake-up
// Blocks until the time of the id or unschedule. *jitter (may be NULL): how late it was, negative
// before. A single shot id that was unscheduled stays so until reinit. A periodic one moves
// on by its interval. OK, EARLY or UNSCHEDULED; without a wait BADTIME, ERROR (the clock is gone)
// or UNSUPPORTED.
GmClockReturn gm_clock_id_wait(GmClockID id, GmClockTimeDiff *jitter);
// Has func called at the time (each time for periodic ids), or soon if it has passed. The id
// is kept alive until then. user_data is kept with the id until that is freed (destroy_data).
GmClockReturn gm_clock_id_wait_async(GmClockID id, GmClockCallback func, void *user_data,
                                     GmDestroyNotify destroy_data);
// Ends a wait with GM_CLOCK_UNSCHEDULED, now or when it begins. A callback may still be running.
void gm_clock_id_unschedule(GmClockID id);

// ---- the clock of the computer ----------------------------------------------------------

typedef enum {
    GM_CLOCK_TYPE_REALTIME  = 0, // since 1970; may be set back and forth
    GM_CLOCK_TYPE_MONOTONIC = 1  // default
} GmClockType;

typedef struct {
    GmClock  clock;
    int      clock_type; // property "clock-type"
    // guarded by lock
    GmMutex  lock;
    GmCond   cond;           // the async thread: something to do
    struct GmThread *thread; // started by the first async wait
    bool     stopping;
    struct GmList *entries; // async ids by time, each counted
} GmSystemClock;
extern const GmClockClass gm_system_clock_class;
// Casts are unchecked; GM_IS_SYSTEM_CLOCK checks (NULL: false).
#define GM_SYSTEM_CLOCK(obj) ((GmSystemClock *)(obj))
#define GM_SYSTEM_CLOCK_CAST(obj) ((GmSystemClock *)(obj))
#define GM_IS_SYSTEM_CLOCK(obj) gm_object_is_a((obj), &gm_system_clock_class.object)

// The one system clock of the process (or what set_default put there): gives a reference.
GmClock *gm_system_clock_obtain(void);
// From now on obtain gives new_clock (gets a reference); NULL: the real one again.
void gm_system_clock_set_default(GmClock *new_clock);

#ifdef __cplusplus
}
#endif
#endif
