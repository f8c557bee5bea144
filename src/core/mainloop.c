// SPDX-License-Identifier: MIT
//
// mainloop: one set of sources, and rounds over it.
//
//     a round:  which sources are ready?  --no-->  poll (fds + wakeup, until the next deadline)
//               call those of the lowest priority number, without the lock
//
// Every change from outside raises the wakeup descriptor, so a waiting round starts over. One
// thread at a time runs rounds (the owner); a second one waits for its turn.
#include "core/mainloop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/init.h"
#include "core/sync.h"
#include "core/util.h"

typedef enum { LOOP_IDLE, LOOP_TIMEOUT, LOOP_FD, LOOP_SIGNAL } LoopKind;

typedef struct LoopSource {
    struct LoopSource *next;
    unsigned    id;
    LoopKind    kind;
    int         priority;
    int         uses;   // the list's and the call that is going on
    bool        gone;   // removed from the list
    bool        busy;   // being called: not called again by a nested loop
    GmClockTime deadline, interval; // of timeouts
    int         fd, condition, ready; // of descriptors: what poll was asked and said
    int         signum; // of signals
    GmCallback  function;
    void       *data;
    GmDestroyNotify notify;
} LoopSource;

struct GmMainLoop {
    _Atomic int  ref_count;
    _Atomic bool running;
};

static GmMutex     loop_lock = GM_MUTEX_INIT; // guards all below and the sources
static GmCond      loop_turn = GM_COND_INIT;  // the owner has gone
static LoopSource *loop_sources;
static unsigned    loop_last_id;
static int         loop_wakeup = -1;
static GmThread   *loop_owner;
static int         loop_depth; // how often the owner has entered

// Signals: the handler, which may do next to nothing, counts and raises the wakeup.
static _Atomic int loop_signals[NSIG];
static _Atomic int loop_signal_fd = -1;

// ---- sources ----------------------------------------------------------------------------

static void loop_cleanup(void)
{
    while (loop_sources != NULL)
        gm_source_remove(loop_sources->id);
    gm_mutex_lock(&loop_lock);
    close(loop_wakeup);
    loop_wakeup = -1;
    atomic_store(&loop_signal_fd, -1);
    gm_mutex_unlock(&loop_lock);
}

// Makes the wakeup descriptor at first use; the lock is held.
static void loop_prepare(void)
{
    if (loop_wakeup >= 0)
        return;
    loop_wakeup = gm_wakeup_fd_new();
    if (loop_wakeup < 0) {
        fprintf(stderr, "gstmini: no file descriptor left for the main loop\n");
        abort();
    }
    atomic_store(&loop_signal_fd, loop_wakeup);
    gm_init_add_cleanup(loop_cleanup);
}

static unsigned loop_add(LoopSource like)
{
    LoopSource *source = gm_memdup(&like, sizeof like);

    gm_mutex_lock(&loop_lock);
    loop_prepare();
    source->uses = 1;
    unsigned id = source->id = ++loop_last_id;
    LoopSource **p = &loop_sources; // by priority, then by age
    while (*p != NULL && (*p)->priority <= source->priority)
        p = &(*p)->next;
    source->next = *p;
    *p = source;
    gm_wakeup_fd_raise(loop_wakeup);
    gm_mutex_unlock(&loop_lock);
    return id;
}

// Gives up one use; the lock is held on entry, not during notify, and again on return.
static void loop_release(LoopSource *source)
{
    if (--source->uses > 0)
        return;
    gm_mutex_unlock(&loop_lock);
    if (source->notify != NULL)
        source->notify(source->data);
    gm_free(source);
    gm_mutex_lock(&loop_lock);
}

// Takes it out of the list; the lock is held.
static void loop_unlink(LoopSource *source)
{
    LoopSource **p = &loop_sources;
    bool other = false;

    if (source->gone)
        return;
    while (*p != source)
        p = &(*p)->next;
    *p = source->next;
    source->gone = true;
    for (LoopSource *s = loop_sources; s != NULL; s = s->next)
        other |= s->kind == LOOP_SIGNAL && s->signum == source->signum;
    if (source->kind == LOOP_SIGNAL && !other)
        signal(source->signum, SIG_DFL);
    loop_release(source);
}

bool gm_source_remove(unsigned id)
{
    if (!GM_REQUIRE(id > 0)) return false;
    gm_mutex_lock(&loop_lock);
    LoopSource *s = loop_sources;
    while (s != NULL && s->id != id)
        s = s->next;
    if (s != NULL)
        loop_unlink(s);
    gm_mutex_unlock(&loop_lock);
    if (s == NULL)
        gm_critical(__func__, "there is no source with id %u", id);
    return s != NULL;
}

unsigned gm_idle_add_full(int priority, GmSourceFunc function, void *data, GmDestroyNotify notify)
{
    if (!GM_REQUIRE(function != NULL)) return 0;
    return loop_add((LoopSource){ .kind = LOOP_IDLE, .priority = priority, .data = data,
                                  .function = (GmCallback)function, .notify = notify });
}

unsigned gm_idle_add(GmSourceFunc function, void *data)
{
    return gm_idle_add_full(GM_PRIORITY_DEFAULT_IDLE, function, data, NULL);
}

unsigned gm_timeout_add_full(int priority, unsigned interval, GmSourceFunc function, void *data,
                             GmDestroyNotify notify)
{
    if (!GM_REQUIRE(function != NULL)) return 0;
    GmClockTime ns = interval * (GmClockTime)GM_MSECOND;
    return loop_add((LoopSource){ .kind = LOOP_TIMEOUT, .priority = priority, .interval = ns,
                                  .deadline = gm_sync_now() + ns, .data = data,
                                  .function = (GmCallback)function, .notify = notify });
}

unsigned gm_timeout_add(unsigned interval, GmSourceFunc function, void *data)
{
    return gm_timeout_add_full(GM_PRIORITY_DEFAULT, interval, function, data, NULL);
}

unsigned gm_timeout_add_seconds(unsigned interval, GmSourceFunc function, void *data)
{
    if (!GM_REQUIRE(interval <= UINT_MAX / 1000)) return 0;
    return gm_timeout_add(interval * 1000, function, data);
}

unsigned gm_unix_fd_add_full(int priority, int fd, GmIOCondition condition,
                             GmUnixFDSourceFunc function, void *data, GmDestroyNotify notify)
{
    if (!GM_REQUIRE(fd >= 0 && function != NULL)) return 0;
    return loop_add((LoopSource){ .kind = LOOP_FD, .priority = priority, .fd = fd,
                                  .condition = (int)condition, .data = data,
                                  .function = (GmCallback)function, .notify = notify });
}

unsigned gm_unix_fd_add(int fd, GmIOCondition condition, GmUnixFDSourceFunc function, void *data)
{
    return gm_unix_fd_add_full(GM_PRIORITY_DEFAULT, fd, condition, function, data, NULL);
}

static void loop_on_signal(int signum)
{
    int saved = errno, fd = atomic_load(&loop_signal_fd);

    atomic_fetch_add(&loop_signals[signum], 1);
    if (fd >= 0)
        gm_wakeup_fd_raise(fd);
    errno = saved;
}

unsigned gm_unix_signal_add(int signum, GmSourceFunc handler, void *data)
{
    struct sigaction action = { .sa_handler = loop_on_signal, .sa_flags = SA_RESTART };

    if (!GM_REQUIRE(handler != NULL && signum > 0 && signum < NSIG)) return 0;
    unsigned id = loop_add((LoopSource){ .kind = LOOP_SIGNAL, .signum = signum, .data = data,
                                         .function = (GmCallback)handler });
    sigemptyset(&action.sa_mask);
    if (sigaction(signum, &action, NULL) == 0)
        return id;
    gm_critical(__func__, "signal %d cannot be caught", signum);
    gm_source_remove(id);
    return 0;
}

// ---- rounds -----------------------------------------------------------------------------

static bool loop_is_ready(const LoopSource *s, GmClockTime now)
{
    if (s->busy)
        return false;
    switch (s->kind) {
    case LOOP_IDLE: return true;
    case LOOP_TIMEOUT: return s->deadline <= now;
    case LOOP_FD: return s->ready != 0;
    case LOOP_SIGNAL: return atomic_load(&loop_signals[s->signum]) > 0;
    }
    return false;
}

// The first ready source: the list is in order of priority. The lock is held.
static LoopSource *loop_first_ready(void)
{
    GmClockTime now = gm_sync_now();
    LoopSource *s = loop_sources;

    while (s != NULL && !loop_is_ready(s, now))
        s = s->next;
    return s;
}

// Asks poll about all descriptors and waits until `deadline` if nothing is ready. The lock is
// held on entry and return, not while waiting.
static void loop_poll(bool may_block)
{
    GmClockTime deadline = may_block ? GM_CLOCK_TIME_NONE : 0;
    unsigned n = 1, i = 1;

    for (LoopSource *s = loop_sources; s != NULL; s = s->next) {
        n += s->kind == LOOP_FD && !s->busy;
        if (s->kind == LOOP_TIMEOUT && !s->busy && s->deadline < deadline)
            deadline = s->deadline;
    }
    LoopSource *ready = loop_first_ready();
    struct pollfd *fds = gm_new0(struct pollfd, n);
    LoopSource **owners = gm_new0(LoopSource *, n);
    fds[0] = (struct pollfd){ .fd = loop_wakeup, .events = POLLIN };
    for (LoopSource *s = loop_sources; s != NULL; s = s->next) {
        if (s->kind != LOOP_FD || s->busy)
            continue;
        fds[i] = (struct pollfd){ .fd = s->fd, .events = (short)s->condition };
        owners[i++] = s;
        s->uses++;
        s->ready = 0;
    }
    gm_mutex_unlock(&loop_lock);
    int result = gm_sync_poll(fds, n, ready ? 0 : deadline, &loop_sources);
    if (fds[0].revents != 0)
        gm_wakeup_fd_drain(loop_wakeup);
    gm_mutex_lock(&loop_lock);
    for (i = 1; i < n; i++) {
        if (result > 0)
            owners[i]->ready =
                fds[i].revents & (owners[i]->condition | POLLERR | POLLHUP | POLLNVAL);
        loop_release(owners[i]);
    }
    gm_free(fds);
    gm_free(owners);
}

// Calls one source; the lock is held on entry and return, not during the call.
static void loop_dispatch(LoopSource *s)
{
    bool keep;

    s->uses++;
    s->busy = true;
    if (s->kind == LOOP_SIGNAL)
        atomic_store(&loop_signals[s->signum], 0);
    int ready = s->ready;
    s->ready = 0;
    gm_mutex_unlock(&loop_lock);
    if (s->kind == LOOP_FD)
        keep = ((GmUnixFDSourceFunc)s->function)(s->fd, (GmIOCondition)ready, s->data);
    else
        keep = ((GmSourceFunc)s->function)(s->data);
    gm_mutex_lock(&loop_lock);
    s->busy = false;
    s->deadline = gm_sync_now() + s->interval;
    if (!keep)
        loop_unlink(s);
    loop_release(s);
}

// Becomes the owner, or waits until it can be. The lock is held on return.
static void loop_enter(void)
{
    GmThread *self = gm_thread_self();

    gm_mutex_lock(&loop_lock);
    loop_prepare();
    while (loop_owner != NULL && loop_owner != self)
        gm_cond_wait(&loop_turn, &loop_lock, GM_WAIT_APP, &loop_sources);
    loop_owner = self;
    loop_depth++;
}

static void loop_leave(void)
{
    if (--loop_depth == 0) {
        loop_owner = NULL;
        gm_cond_broadcast(&loop_turn);
    }
    gm_mutex_unlock(&loop_lock);
}

// The lock is held. All sources that are ready and of the first ready one's priority are
// called once, in the order of their ids.
static bool loop_round(bool may_block)
{
    loop_poll(may_block);
    LoopSource *s = loop_first_ready();
    if (s == NULL)
        return false;
    int priority = s->priority;
    unsigned limit = loop_last_id, after = 0;
    while (s != NULL) {
        after = s->id;
        loop_dispatch(s);
        GmClockTime now = gm_sync_now();
        for (s = loop_sources; s != NULL; s = s->next)
            if (s->priority == priority && s->id > after && s->id <= limit && loop_is_ready(s, now))
                break;
    }
    return true;
}

bool gm_main_context_iteration(void *context, bool may_block)
{
    if (!GM_REQUIRE(context == NULL)) return false;
    loop_enter();
    bool called = loop_round(may_block);
    loop_leave();
    return called;
}

bool gm_main_context_pending(void *context)
{
    if (!GM_REQUIRE(context == NULL)) return false;
    loop_enter();
    loop_poll(false);
    bool pending = loop_first_ready() != NULL;
    loop_leave();
    return pending;
}

// ---- the loop ---------------------------------------------------------------------------

GmMainLoop *gm_main_loop_new(void *context, bool is_running)
{
    if (!GM_REQUIRE(context == NULL)) return NULL;
    GmMainLoop *loop = gm_new0(GmMainLoop, 1);
    atomic_init(&loop->ref_count, 1);
    atomic_init(&loop->running, is_running);
    return loop;
}

GmMainLoop *gm_main_loop_ref(GmMainLoop *loop)
{
    if (!GM_REQUIRE(loop != NULL)) return NULL;
    atomic_fetch_add(&loop->ref_count, 1);
    return loop;
}

void gm_main_loop_unref(GmMainLoop *loop)
{
    if (!GM_REQUIRE(loop != NULL)) return;
    if (atomic_fetch_sub(&loop->ref_count, 1) == 1)
        gm_free(loop);
}

void gm_main_loop_run(GmMainLoop *loop)
{
    if (!GM_REQUIRE(loop != NULL)) return;
    gm_main_loop_ref(loop);
    atomic_store(&loop->running, true);
    loop_enter();
    while (atomic_load(&loop->running))
        loop_round(true);
    loop_leave();
    gm_main_loop_unref(loop);
}

void gm_main_loop_quit(GmMainLoop *loop)
{
    if (!GM_REQUIRE(loop != NULL)) return;
    atomic_store(&loop->running, false);
    gm_mutex_lock(&loop_lock);
    if (loop_wakeup >= 0)
        gm_wakeup_fd_raise(loop_wakeup);
    gm_mutex_unlock(&loop_lock);
}

bool gm_main_loop_is_running(GmMainLoop *loop)
{
    if (!GM_REQUIRE(loop != NULL)) return false;
    return atomic_load(&loop->running);
}
