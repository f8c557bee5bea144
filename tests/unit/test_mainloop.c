// SPDX-License-Identifier: MIT
#include "core/mainloop.h"

#include <poll.h>
#include <signal.h>
#include <string.h>

#include "core/sync.h"
#include "gmtest.h"

static char        order[64];
static GmMainLoop *loop;

static bool letter(void *data)
{
    strcat(order, data);
    return strcmp(data, "c") == 0 && strlen(order) < 5;
}
static bool quit(void *data)
{
    (void)data;
    gm_main_loop_quit(loop);
    return GM_SOURCE_REMOVE;
}
static void note(void *data)
{
    strcat(order, data);
}

GM_TEST(mainloop, priorities_and_removal)
{
    order[0] = '\0';
    loop = gm_main_loop_new(NULL, false);
    cr_assert_not(gm_main_loop_is_running(loop));
    gm_idle_add_full(GM_PRIORITY_LOW, quit, NULL, NULL);
    gm_idle_add(letter, (void *)"c"); // three times: stays until order is long enough
    gm_idle_add_full(GM_PRIORITY_HIGH, letter, (void *)"a", NULL);
    gm_idle_add_full(GM_PRIORITY_DEFAULT, letter, (void *)"b", note);
    unsigned id = gm_idle_add_full(GM_PRIORITY_DEFAULT, letter, (void *)"x", note);
    cr_assert(gm_source_remove(id)); // tells its notify at once
    gm_main_loop_run(loop);
    cr_assert_str_eq(order, "xabbc");
    cr_assert_not(gm_main_context_pending(NULL));
    gm_test_expect_criticals(1);
    cr_assert_not(gm_source_remove(id));
    gm_main_loop_unref(loop);
}

GM_TEST(mainloop, timeouts)
{
    loop = gm_main_loop_new(NULL, false);
    GmClockTime begin = gm_sync_now();
    order[0] = '\0';
    gm_timeout_add(30, quit, NULL);
    gm_timeout_add(1, letter, (void *)"c");
    gm_main_loop_run(loop);
    cr_assert_geq(gm_sync_now() - begin, (GmClockTime)(30 * GM_MSECOND));
    cr_assert_str_eq(order, "ccccc");
    gm_main_loop_unref(loop);
}

static void *from_thread(void *data)
{
    (void)data;
    gm_idle_add(quit, NULL); // wakes the loop, which has nothing to wait for
    return NULL;
}

GM_TEST(mainloop, woken_by_another_thread)
{
    loop = gm_main_loop_new(NULL, false);
    GmThread *t = gm_thread_try_new("adder", from_thread, NULL, NULL);
    gm_main_loop_run(loop);
    gm_thread_join(t);
    gm_main_loop_unref(loop);
}

static bool on_fd(int fd, GmIOCondition condition, void *data)
{
    (void)data;
    cr_assert_eq(condition, GM_IO_IN);
    gm_wakeup_fd_drain(fd);
    return quit(NULL);
}

GM_TEST(mainloop, descriptors)
{
    int fd = gm_wakeup_fd_new();
    loop = gm_main_loop_new(NULL, false);
    gm_unix_fd_add(fd, GM_IO_IN, on_fd, NULL);
    cr_assert_not(gm_main_context_iteration(NULL, false));
    gm_wakeup_fd_raise(fd);
    gm_main_loop_run(loop);
    gm_main_loop_unref(loop);
}

GM_TEST(mainloop, signals)
{
    loop = gm_main_loop_new(NULL, false);
    gm_unix_signal_add(SIGUSR1, quit, NULL);
    raise(SIGUSR1);
    gm_main_loop_run(loop);
    gm_main_loop_unref(loop);
    struct sigaction now;
    sigaction(SIGUSR1, NULL, &now);
    cr_assert_eq(now.sa_handler, SIG_DFL);
}

static bool nested(void *data)
{
    GmMainLoop *outer = loop;
    loop = gm_main_loop_new(NULL, false);
    gm_idle_add(quit, NULL);
    gm_main_loop_run(loop); // this source is busy: it is not called again inside
    gm_main_loop_unref(loop);
    loop = outer;
    gm_main_loop_quit(outer);
    ++*(int *)data;
    return GM_SOURCE_CONTINUE;
}

GM_TEST(mainloop, nested)
{
    int n = 0;
    loop = gm_main_loop_new(NULL, false);
    unsigned id = gm_idle_add(nested, &n);
    gm_main_loop_run(loop);
    cr_assert_eq(n, 1);
    gm_source_remove(id);
    gm_main_loop_unref(loop);
}
