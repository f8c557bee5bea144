// SPDX-License-Identifier: MIT
//
// sync: every thread, lock, wait and reading of time in GstMini goes through this file.
//
//     elements, pads, clocks, queues  -->  sync  -->  pthreads, futex, CLOCK_MONOTONIC
//
// No other file calls pthreads, futexes, poll, nanosleep or clock_gettime. The reason: a
// second back end can then run one thread at a time on virtual time with a seeded choice at
// every call below, and a thread that waits can always say why, for what, and on whom.
// Rules for callers:
//   - every wait names its reason and the object it waits on (GmWaitReason);
//   - a condition is waited for in a loop on its predicate;
//   - a wait with a deadline takes an absolute time of gm_sync_now ();
//   - threads get a name; nothing is cancelled, threads end by returning.
// Unless said otherwise: any thread, does not block. Locks and waits have no guards: NULL,
// unlocking what one does not hold, or ending what is in use is a bug without a critical.
// Read next: core/task.h and core/clock.h, the two largest users.
#ifndef GM_CORE_SYNC_H
#define GM_CORE_SYNC_H

#include <stdatomic.h>

#include "core/types.h"

// Our own mutexes look like mere atomics to ThreadSanitizer: told what they are, it also sees
// locks that are taken in two orders.
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#define GM_TSAN(call) call
#else
#define GM_TSAN(call) ((void)0)
#endif

#ifdef __cplusplus
extern "C" {
#endif

// Why a thread waits. The trace and the explainer print these in words.
typedef enum {
    GM_WAIT_NONE,
    GM_WAIT_LOCK,        // a mutex that another thread holds
    GM_WAIT_STREAM_LOCK, // a pad's stream lock
    GM_WAIT_QUEUE_FULL,  // producer: somebody must take a buffer
    GM_WAIT_QUEUE_EMPTY, // consumer: somebody must push one
    GM_WAIT_PREROLL,     // a sink in PAUSED: somebody must set PLAYING
    GM_WAIT_CLOCK,       // a point in time
    GM_WAIT_STATE,       // a state change of an element
    GM_WAIT_TASK,        // a paused task, or the end of a task
    GM_WAIT_THREAD,      // the end of a thread (join)
    GM_WAIT_BLOCKED_PAD, // a blocking probe
    GM_WAIT_IDLE,        // a pad that must become idle
    GM_WAIT_POOL,        // a free buffer of a pool
    GM_WAIT_BUS,         // a message
    GM_WAIT_APP,         // the application (appsrc, appsink)
    GM_WAIT_FD           // a file descriptor
} GmWaitReason;

// One word for each reason, never NULL: "queue-full".
const char *gm_wait_reason_get_name(GmWaitReason reason);

// ---- time -------------------------------------------------------------------------------

// Nanoseconds on a clock that only grows (CLOCK_MONOTONIC). Never blocks.
GmClockTime gm_sync_now(void);
// Nanoseconds since 1970 (CLOCK_REALTIME). Never blocks.
GmClockTime gm_sync_real_time(void);
// Sleeps until gm_sync_now () >= deadline. For programs and tests of elapsed time; the engine
// itself always waits on something that can be woken.
void gm_sync_sleep_until(GmClockTime deadline);

// ---- mutex ------------------------------------------------------------------------------

typedef struct { _Atomic uint32_t state; } GmMutex; // not recursive
typedef struct {                                    // the owner may lock it again
    GmMutex mutex;
    _Atomic(const void *) owner; // gm_sync_thread_mark () of the thread, or NULL
    unsigned depth;              // locks besides the first; the owner's
} GmRecMutex;

#define GM_MUTEX_INIT { 0 }
#define GM_REC_MUTEX_INIT { .depth = 0 }

// Prepares / ends a mutex in the caller's memory. clear: nobody holds it.
void gm_mutex_init(GmMutex *mutex);
void gm_mutex_clear(GmMutex *mutex);
// May block until the holder unlocks. Locking twice from one thread is a bug.
static inline void gm_mutex_lock(GmMutex *mutex);
static inline bool gm_mutex_trylock(GmMutex *mutex) GM_MUST_CHECK; // never blocks
static inline void gm_mutex_unlock(GmMutex *mutex);                // by the holder only

// The same for the recursive one: as many unlocks as locks.
void gm_rec_mutex_init(GmRecMutex *mutex);
void gm_rec_mutex_clear(GmRecMutex *mutex);
static inline void gm_rec_mutex_lock(GmRecMutex *mutex);
static inline bool gm_rec_mutex_trylock(GmRecMutex *mutex) GM_MUST_CHECK;
static inline void gm_rec_mutex_unlock(GmRecMutex *mutex);

// ---- condition --------------------------------------------------------------------------

typedef struct { _Atomic uint32_t turn, waiting; } GmCond;
#define GM_COND_INIT { 0 }

// Prepares / ends a condition in the caller's memory. clear: nobody waits on it.
void gm_cond_init(GmCond *cond);
void gm_cond_clear(GmCond *cond);
// What the waiters wait for was changed with their mutex held (it may be free again by now).
void gm_cond_signal(GmCond *cond);    // wakes one waiter, never blocks
void gm_cond_broadcast(GmCond *cond); // wakes all waiters, never blocks
// Gives up `mutex`, waits, takes it again. May return without a signal. `object` (may be NULL)
// is what the thread waits on: borrowed for the length of the call.
void gm_cond_wait(GmCond *cond, GmMutex *mutex, GmWaitReason reason, const void *object);
// As gm_cond_wait, at the latest until gm_sync_now () reaches `deadline`
// (GM_CLOCK_TIME_NONE: no limit). False: the deadline has passed.
bool gm_cond_wait_until(GmCond *cond, GmMutex *mutex, GmClockTime deadline, GmWaitReason reason,
                        const void *object);

// ---- parking: a wait without a mutex, for lock-free rings and flags words ----------------

// Waits while *word == expected, until gm_park_wake or the deadline (as gm_cond_wait_until).
// May return early; callers re-read the word. False: the deadline has passed.
bool gm_park_wait(_Atomic uint32_t *word, uint32_t expected, GmClockTime deadline,
                  GmWaitReason reason, const void *object);
// Wakes at most `n` threads parked on `word` (INT_MAX: all).
void gm_park_wake(_Atomic uint32_t *word, int n);
// A sync point for hand-over through atomics: nothing in the real back end, a scheduling
// choice in the simulated one. `what` names the place ("queue.publish").
void gm_sync_point(const char *what);
// Makes every other thread of the process pass a full memory barrier before it returns
// (membarrier(2)): the slow half of an asymmetric fence. Microseconds.
void gm_sync_heavy_barrier(void);

// ---- the fast halves, inline: several locks are taken for each buffer that is pushed ---------

// An address that is another one in each thread.
static inline const void *gm_sync_thread_mark(void)
{
    return __builtin_thread_pointer();
}

// A mutex's state: free, held, or held while others (may) park on it.
enum { GM_MUTEX_FREE, GM_MUTEX_HELD, GM_MUTEX_WANTED };
void gm_mutex_lock_slow(GmMutex *mutex); // internal: the part that parks

static inline bool gm_mutex_trylock(GmMutex *mutex)
{
    uint32_t state = GM_MUTEX_FREE;

    GM_TSAN(__tsan_mutex_pre_lock(mutex, __tsan_mutex_try_lock));
    bool ok = atomic_compare_exchange_strong_explicit(
        &mutex->state, &state, GM_MUTEX_HELD, memory_order_acquire, memory_order_relaxed);
    GM_TSAN(__tsan_mutex_post_lock(
        mutex, __tsan_mutex_try_lock | (ok ? 0 : __tsan_mutex_try_lock_failed), 0));
    return ok;
}

static inline void gm_mutex_lock(GmMutex *mutex)
{
    uint32_t state = GM_MUTEX_FREE;

    GM_TSAN(__tsan_mutex_pre_lock(mutex, 0));
    if (GM_UNLIKELY(!atomic_compare_exchange_strong_explicit(
            &mutex->state, &state, GM_MUTEX_HELD, memory_order_acquire, memory_order_relaxed)))
        gm_mutex_lock_slow(mutex);
    GM_TSAN(__tsan_mutex_post_lock(mutex, 0, 0));
}

static inline void gm_mutex_unlock(GmMutex *mutex)
{
    GM_TSAN(__tsan_mutex_pre_unlock(mutex, 0));
    if (GM_UNLIKELY(atomic_exchange_explicit(&mutex->state, GM_MUTEX_FREE,
                                             memory_order_release) == GM_MUTEX_WANTED))
        gm_park_wake(&mutex->state, 1);
    GM_TSAN(__tsan_mutex_post_unlock(mutex, 0));
}

// Only the owner finds its own mark in `owner`, so that a relaxed look is enough.
static inline bool gm_rec_mutex_again(GmRecMutex *mutex)
{
    bool own = atomic_load_explicit(&mutex->owner, memory_order_relaxed) == gm_sync_thread_mark();

    if (own)
        mutex->depth++;
    return own;
}

static inline void gm_rec_mutex_lock(GmRecMutex *mutex)
{
    if (gm_rec_mutex_again(mutex))
        return;
    gm_mutex_lock(&mutex->mutex);
    atomic_store_explicit(&mutex->owner, gm_sync_thread_mark(), memory_order_relaxed);
}

static inline bool gm_rec_mutex_trylock(GmRecMutex *mutex)
{
    if (gm_rec_mutex_again(mutex))
        return true;
    if (!gm_mutex_trylock(&mutex->mutex))
        return false;
    atomic_store_explicit(&mutex->owner, gm_sync_thread_mark(), memory_order_relaxed);
    return true;
}

static inline void gm_rec_mutex_unlock(GmRecMutex *mutex)
{
    if (mutex->depth > 0) {
        mutex->depth--;
        return;
    }
    atomic_store_explicit(&mutex->owner, NULL, memory_order_relaxed);
    gm_mutex_unlock(&mutex->mutex);
}

// ---- threads ----------------------------------------------------------------------------

typedef struct GmThread GmThread;
typedef void *(*GmThreadFunc)(void *data); // the thread's body; its result goes to join

typedef struct GmError GmError;
// Starts `func (data)` in a new thread called `name` (copied, cut to 15 bytes). Gives a handle
// that must be joined. NULL and *error set when the system has no thread to give.
GmThread *gm_thread_try_new(const char *name, GmThreadFunc func, void *data, GmError **error);
// Blocks until the thread has ended (GM_WAIT_THREAD), takes the handle, returns what func
// returned. Never from the thread itself.
void *gm_thread_join(GmThread *thread);
// The handle of the calling thread if gm_thread_try_new made it, else a handle of its own that
// lives until the thread ends. Never NULL; compare by address.
GmThread *gm_thread_self(void);
const char *gm_thread_get_name(const GmThread *thread); // borrowed from the handle
// The kernel's number of the calling thread.
int gm_thread_get_id(void);

// GmOnce starts as zero and is in static memory.
typedef struct { _Atomic uint32_t state; } GmOnce;
// Runs init () once in the process; others that come meanwhile block until it has returned.
void gm_once(GmOnce *once, void (*init)(void));

// ---- file descriptors -------------------------------------------------------------------

struct pollfd;
// poll(2) with an absolute deadline (GM_CLOCK_TIME_NONE: none) and EINTR handled. Blocks. Returns
// the number of ready entries, 0 when the deadline passed, -1 with errno.
int gm_sync_poll(struct pollfd *fds, unsigned n, GmClockTime deadline, const void *object);

// A file descriptor that can be made readable and unreadable at will (eventfd): lets a thread
// in gm_sync_poll be woken. -1 with errno when the system has none to give.
int  gm_wakeup_fd_new(void);
void gm_wakeup_fd_raise(int fd); // readable from now on; never blocks
void gm_wakeup_fd_drain(int fd); // no longer readable; never blocks

#ifdef __cplusplus
}
#endif
#endif
