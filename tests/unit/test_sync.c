// SPDX-License-Identifier: MIT
#include "core/sync.h"

#include <poll.h>
#include <string.h>

#include "core/error.h"
#include "gmtest.h"

typedef struct {
    GmMutex lock;
    GmCond  cond;
    int     turn, count;
} Game;

static void *play(void *data)
{
    Game *g = data;
    for (int i = 0; i < 500; i++) {
        gm_mutex_lock(&g->lock);
        while (g->turn != 1)
            gm_cond_wait(&g->cond, &g->lock, GM_WAIT_APP, g);
        g->turn = 0;
        g->count++;
        gm_cond_signal(&g->cond);
        gm_mutex_unlock(&g->lock);
    }
    return g;
}

GM_TEST(sync, condition_ping_pong)
{
    Game g = { .turn = 0 };
    GmError *error = NULL;
    gm_mutex_init(&g.lock);
    gm_cond_init(&g.cond);
    GmThread *t = gm_thread_try_new("a-name-that-is-too-long", play, &g, &error);
    cr_assert_not_null(t);
    cr_assert_str_eq(gm_thread_get_name(t), "a-name-that-is-");
    for (int i = 0; i < 500; i++) {
        gm_mutex_lock(&g.lock);
        while (g.turn != 0)
            gm_cond_wait(&g.cond, &g.lock, GM_WAIT_APP, &g);
        g.turn = 1;
        gm_cond_signal(&g.cond);
        gm_mutex_unlock(&g.lock);
    }
    cr_assert_eq(gm_thread_join(t), &g);
    cr_assert_eq(g.count, 500);
    gm_cond_clear(&g.cond);
    gm_mutex_clear(&g.lock);
}

GM_TEST(sync, deadlines)
{
    GmMutex lock = GM_MUTEX_INIT;
    GmCond cond = GM_COND_INIT;
    _Atomic uint32_t word = 3;
    GmClockTime end = gm_sync_now() + 5 * GM_MSECOND;

    gm_mutex_lock(&lock);
    while (gm_cond_wait_until(&cond, &lock, end, GM_WAIT_APP, NULL))
        ;
    gm_mutex_unlock(&lock);
    cr_assert_geq(gm_sync_now(), end);
    end = gm_sync_now() + 5 * GM_MSECOND;
    while (gm_park_wait(&word, 3, end, GM_WAIT_APP, NULL))
        ;
    cr_assert_geq(gm_sync_now(), end);
    cr_assert(gm_park_wait(&word, 4, GM_CLOCK_TIME_NONE, GM_WAIT_APP, NULL), "value has changed");
    end = gm_sync_now() + 2 * GM_MSECOND;
    gm_sync_sleep_until(end);
    cr_assert_geq(gm_sync_now(), end);
    gm_sync_heavy_barrier();
}

static void *unpark(void *data)
{
    _Atomic uint32_t *word = data;
    atomic_store(word, 1);
    gm_park_wake(word, INT_MAX);
    return gm_thread_self();
}

GM_TEST(sync, park_and_self)
{
    _Atomic uint32_t word = 0;
    GmThread *t = gm_thread_try_new("unpark", unpark, &word, NULL);
    while (atomic_load(&word) == 0)
        gm_park_wait(&word, 0, GM_CLOCK_TIME_NONE, GM_WAIT_QUEUE_EMPTY, NULL);
    cr_assert_neq(gm_thread_self(), t);
    cr_assert_eq(gm_thread_self(), gm_thread_self());
    cr_assert_eq(gm_thread_join(t), t);
}

static _Atomic int once_runs;
static GmOnce once;
static void once_init(void)
{
    atomic_fetch_add(&once_runs, 1);
}
static void *call_once(void *data)
{
    gm_once(&once, once_init);
    cr_assert_eq(atomic_load(&once_runs), 1);
    return data;
}

GM_TEST(sync, once)
{
    GmThread *t[8];
    for (int i = 0; i < 8; i++)
        t[i] = gm_thread_try_new("once", call_once, NULL, NULL);
    for (int i = 0; i < 8; i++)
        gm_thread_join(t[i]);
}

GM_TEST(sync, locks_and_names)
{
    GmRecMutex rec;
    GmMutex lock = GM_MUTEX_INIT;
    gm_rec_mutex_init(&rec);
    gm_rec_mutex_lock(&rec);
    cr_assert(gm_rec_mutex_trylock(&rec));
    gm_rec_mutex_unlock(&rec);
    gm_rec_mutex_unlock(&rec);
    gm_rec_mutex_clear(&rec);
    cr_assert(gm_mutex_trylock(&lock));
    cr_assert_not(gm_mutex_trylock(&lock));
    gm_mutex_unlock(&lock);
    cr_assert_str_eq(gm_wait_reason_get_name(GM_WAIT_QUEUE_FULL), "queue-full");
    cr_assert_str_eq(gm_wait_reason_get_name(GM_WAIT_FD), "fd");
    cr_assert_gt(gm_sync_real_time(), (GmClockTime)1600000000 * (GmClockTime)GM_SECOND);
}

GM_TEST(sync, poll_and_wakeup)
{
    struct pollfd fd = { .fd = gm_wakeup_fd_new(), .events = POLLIN };
    GmClockTime end = gm_sync_now() + 3 * GM_MSECOND;
    cr_assert_eq(gm_sync_poll(&fd, 1, end, NULL), 0);
    cr_assert_geq(gm_sync_now() + GM_MSECOND, end);
    gm_wakeup_fd_raise(fd.fd);
    gm_wakeup_fd_raise(fd.fd);
    cr_assert_eq(gm_sync_poll(&fd, 1, GM_CLOCK_TIME_NONE, NULL), 1);
    gm_wakeup_fd_drain(fd.fd);
    gm_wakeup_fd_drain(fd.fd);
    cr_assert_eq(gm_sync_poll(&fd, 1, 0, NULL), 0);
}

GM_TEST(sync, misuse)
{
    gm_test_expect_criticals(2);
    cr_assert_null(gm_thread_try_new("x", NULL, NULL, NULL));
    cr_assert_null(gm_thread_join(NULL));
}
