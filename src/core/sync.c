// SPDX-License-Identifier: MIT
//
// sync: the real back end: pthreads, futexes and CLOCK_MONOTONIC, called directly.
//
// Mutexes and conditions are words to park on; what they do without waiting is inline in sync.h.
// Reasons and objects of waits are taken and dropped here: they are for a back end that
// schedules threads itself. A call that fails means that memory is corrupt or a rule of
// the header is broken; going on would hide it, so the process says what failed and aborts.
#include "core/sync.h"

#include <errno.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core/error.h"
#include "core/util.h"

_Static_assert(sizeof(_Atomic uint32_t) == 4, "a futex is a plain 32-bit word");

// Ends the process when a call that cannot fail in a correct program has failed.
static void sync_check(int error, const char *what)
{
    if (GM_LIKELY(error == 0))
        return;
    fprintf(stderr, "gstmini: %s: %s\n", what, strerror(error));
    abort();
}

const char *gm_wait_reason_get_name(GmWaitReason reason)
{
    static const char *const names[] = {
        "none", "lock", "stream-lock", "queue-full", "queue-empty", "preroll", "clock", "state",
        "task", "thread", "blocked-pad", "idle", "pool", "bus", "app", "fd"
    };
    return (unsigned)reason < GM_LEN(names) ? names[reason] : "unknown";
}

// ---- time -------------------------------------------------------------------------------

static GmClockTime sync_read_clock(clockid_t id)
{
    struct timespec ts;

    sync_check(clock_gettime(id, &ts) == 0 ? 0 : errno, "clock_gettime");
    return (GmClockTime)ts.tv_sec * (GmClockTime)GM_SECOND + (GmClockTime)ts.tv_nsec;
}

static struct timespec sync_timespec(GmClockTime time)
{
    return (struct timespec){ .tv_sec  = (time_t)(time / (GmClockTime)GM_SECOND),
                              .tv_nsec = (long)(time % (GmClockTime)GM_SECOND) };
}

GmClockTime gm_sync_now(void)
{
    return sync_read_clock(CLOCK_MONOTONIC);
}

GmClockTime gm_sync_real_time(void)
{
    return sync_read_clock(CLOCK_REALTIME);
}

void gm_sync_sleep_until(GmClockTime deadline)
{
    struct timespec ts = sync_timespec(deadline);
    int error;

    do
        error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
    while (error == EINTR);
    sync_check(error, "clock_nanosleep");
}

// ---- mutex ------------------------------------------------------------------------------

void gm_mutex_init(GmMutex *mutex)
{
    atomic_init(&mutex->state, GM_MUTEX_FREE);
    GM_TSAN(__tsan_mutex_create(mutex, 0));
}

void gm_mutex_clear(GmMutex *mutex)
{
    sync_check(atomic_load(&mutex->state) == GM_MUTEX_FREE ? 0 : EBUSY, "gm_mutex_clear");
    GM_TSAN(__tsan_mutex_destroy(mutex, 0));
}

// Who has waited holds the mutex as "wanted", since there may be others: at worst one wake-up
// too many.
void gm_mutex_lock_slow(GmMutex *mutex)
{
    while (atomic_exchange_explicit(&mutex->state, GM_MUTEX_WANTED, memory_order_acquire) !=
           GM_MUTEX_FREE)
        gm_park_wait(&mutex->state, GM_MUTEX_WANTED, GM_CLOCK_TIME_NONE, GM_WAIT_LOCK, mutex);
}

void gm_rec_mutex_init(GmRecMutex *mutex)
{
    gm_mutex_init(&mutex->mutex);
    atomic_init(&mutex->owner, NULL);
    mutex->depth = 0;
}

void gm_rec_mutex_clear(GmRecMutex *mutex)
{
    gm_mutex_clear(&mutex->mutex);
}

// ---- condition --------------------------------------------------------------------------

void gm_cond_init(GmCond *cond)
{
    atomic_init(&cond->turn, 0);
    atomic_init(&cond->waiting, 0);
}

void gm_cond_clear(GmCond *cond)
{
    (void)cond;
}

// Whoever waits has said so before it gave up the mutex under which the caller has changed
// something: nobody waits, nobody to wake.
static void sync_cond_wake(GmCond *cond, int n)
{
    if (atomic_load(&cond->waiting) == 0)
        return;
    atomic_fetch_add(&cond->turn, 1);
    gm_park_wake(&cond->turn, n);
}

void gm_cond_signal(GmCond *cond)
{
    sync_cond_wake(cond, 1);
}

void gm_cond_broadcast(GmCond *cond)
{
    sync_cond_wake(cond, INT_MAX);
}

bool gm_cond_wait_until(GmCond *cond, GmMutex *mutex, GmClockTime deadline, GmWaitReason reason,
                        const void *object)
{
    atomic_fetch_add(&cond->waiting, 1);
    uint32_t turn = atomic_load(&cond->turn);
    gm_mutex_unlock(mutex);
    bool in_time = gm_park_wait(&cond->turn, turn, deadline, reason, object);
    // Before the lock: a waiter that has the mutex again may end the condition.
    atomic_fetch_sub(&cond->waiting, 1);
    gm_mutex_lock(mutex);
    return in_time;
}

void gm_cond_wait(GmCond *cond, GmMutex *mutex, GmWaitReason reason, const void *object)
{
    gm_cond_wait_until(cond, mutex, GM_CLOCK_TIME_NONE, reason, object);
}

// ---- parking ----------------------------------------------------------------------------

bool gm_park_wait(_Atomic uint32_t *word, uint32_t expected, GmClockTime deadline,
                  GmWaitReason reason, const void *object)
{
    struct timespec ts = sync_timespec(deadline);

    (void)reason, (void)object;
    // The bitset form takes an absolute time of CLOCK_MONOTONIC.
    long result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected,
                          deadline == GM_CLOCK_TIME_NONE ? NULL : &ts, NULL,
                          FUTEX_BITSET_MATCH_ANY);
    if (result == 0 || errno == EAGAIN || errno == EINTR)
        return true;
    if (errno == ETIMEDOUT)
        return false;
    sync_check(errno, "futex wait");
    return true;
}

void gm_park_wake(_Atomic uint32_t *word, int n)
{
    if (syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0) < 0)
        sync_check(errno, "futex wake");
}

void gm_sync_point(const char *what)
{
    (void)what;
}

static GmOnce sync_barrier_once;
static bool   sync_have_membarrier;
static void  *sync_barrier_page;

static void sync_barrier_init(void)
{
    sync_have_membarrier =
        syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
    if (sync_have_membarrier)
        return;
    sync_barrier_page = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sync_check(sync_barrier_page == MAP_FAILED ? errno : 0, "mmap");
}

void gm_sync_heavy_barrier(void)
{
    gm_once(&sync_barrier_once, sync_barrier_init);
    if (sync_have_membarrier) {
        long r = syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
        sync_check(r == 0 ? 0 : errno, "membarrier");
        return;
    }
    // Where a sandbox forbids membarrier: taking a right away from a page that is mapped makes
    // the kernel interrupt every processor that runs a thread of ours.
    sync_check(mprotect(sync_barrier_page, 1, PROT_READ | PROT_WRITE) ? errno : 0, "mprotect");
    *(volatile char *)sync_barrier_page = 1;
    sync_check(mprotect(sync_barrier_page, 1, PROT_NONE) ? errno : 0, "mprotect");
}

// ---- threads ----------------------------------------------------------------------------

struct GmThread {
    pthread_t    thread;
    char         name[16];
    GmThreadFunc func;
    void        *data;
};

// The handle of threads that others made (the program's main thread).
static _Thread_local GmThread  sync_foreign;
static _Thread_local GmThread *sync_self;

static void *sync_thread_main(void *data)
{
    GmThread *self = data;

    sync_self = self;
    pthread_setname_np(pthread_self(), self->name);
    return self->func(self->data);
}

GmThread *gm_thread_try_new(const char *name, GmThreadFunc func, void *data, GmError **error)
{
    if (!GM_REQUIRE(func != NULL)) return NULL;

    GmThread *thread = gm_new0(GmThread, 1);
    snprintf(thread->name, sizeof thread->name, "%s", name ? name : "gstmini");
    thread->func = func;
    thread->data = data;
    int err = pthread_create(&thread->thread, NULL, sync_thread_main, thread);
    if (err != 0) {
        gm_set_error(error, GM_CORE_ERROR, GM_CORE_ERROR_THREAD,
                     "Could not start thread '%s': %s; see the limits on processes "
                     "(ulimit -u) and memory", thread->name, strerror(err));
        gm_free(thread);
        return NULL;
    }
    return thread;
}

void *gm_thread_join(GmThread *thread)
{
    void *result = NULL;

    if (!GM_REQUIRE(thread != NULL && thread != sync_self)) return NULL;
    sync_check(pthread_join(thread->thread, &result), "pthread_join");
    gm_free(thread);
    return result;
}

GmThread *gm_thread_self(void)
{
    if (sync_self == NULL) {
        sync_self = &sync_foreign;
        sync_foreign.thread = pthread_self();
        pthread_getname_np(sync_foreign.thread, sync_foreign.name, sizeof sync_foreign.name);
    }
    return sync_self;
}

const char *gm_thread_get_name(const GmThread *thread)
{
    if (!GM_REQUIRE(thread != NULL)) return NULL;
    return thread->name;
}

int gm_thread_get_id(void)
{
    return (int)gettid();
}

// 0: nobody began; 1: somebody runs init; 2: done.
void gm_once(GmOnce *once, void (*init)(void))
{
    uint32_t state = 0;

    if (GM_LIKELY(atomic_load_explicit(&once->state, memory_order_acquire) == 2))
        return;
    if (atomic_compare_exchange_strong(&once->state, &state, 1)) {
        init();
        atomic_store(&once->state, 2);
        gm_park_wake(&once->state, INT_MAX);
        return;
    }
    while (atomic_load(&once->state) == 1)
        gm_park_wait(&once->state, 1, GM_CLOCK_TIME_NONE, GM_WAIT_LOCK, once);
}

// ---- file descriptors -------------------------------------------------------------------

int gm_sync_poll(struct pollfd *fds, unsigned n, GmClockTime deadline, const void *object)
{
    (void)object;
    for (;;) {
        struct timespec ts = { 0, 0 };
        if (deadline != GM_CLOCK_TIME_NONE) {
            GmClockTime now = gm_sync_now();
            ts = sync_timespec(deadline > now ? deadline - now : 0);
        }
        int ready = ppoll(fds, n, deadline == GM_CLOCK_TIME_NONE ? NULL : &ts, NULL);
        if (ready >= 0 || errno != EINTR)
            return ready;
    }
}

int gm_wakeup_fd_new(void)
{
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void gm_wakeup_fd_raise(int fd)
{
    uint64_t one = 1;
    // EAGAIN says that the counter is full: it is readable, which is all that is asked.
    if (write(fd, &one, sizeof one) < 0 && errno != EAGAIN)
        sync_check(errno, "write to a wakeup fd");
}

void gm_wakeup_fd_drain(int fd)
{
    uint64_t count;
    if (read(fd, &count, sizeof count) < 0 && errno != EAGAIN)
        sync_check(errno, "read from a wakeup fd");
}
