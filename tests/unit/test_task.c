// SPDX-License-Identifier: MIT
//
// Tasks: states, joining, the lock, callbacks, names; tasks of pads.
#include <string.h>

#include "gmtest.h"

#include "core/element.h"
#include "core/pad.h"
#include "core/task.h"

static GmMutex lock = GM_MUTEX_INIT;
static GmCond cond = GM_COND_INIT;
static int rounds, entered, left;
static GmRecMutex task_lock;
static bool join_result = true;
static char thread_name[32];

static void wait_for(const int *counter, int at_least)
{
    gm_mutex_lock(&lock);
    while (*counter < at_least)
        gm_cond_wait(&cond, &lock, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&lock);
}

static void count(int *counter)
{
    gm_mutex_lock(&lock);
    ++*counter;
    gm_cond_broadcast(&cond);
    gm_mutex_unlock(&lock);
}

static void work(void *data GM_UNUSED)
{
    count(&rounds);
}

static void on_enter(GmTask *task GM_UNUSED, GmThread *thread GM_UNUSED, void *data GM_UNUSED)
{
    count(&entered);
}

static void on_leave(GmTask *task GM_UNUSED, GmThread *thread GM_UNUSED, void *data GM_UNUSED)
{
    count(&left);
}

GM_TEST(task, without_a_lock_it_does_not_start)
{
    GmTask *task = gm_task_new(work, NULL, NULL);

    gm_test_expect_criticals(1);
    cr_assert_not(gm_task_start(task));
    cr_assert_eq(gm_task_get_state(task), GM_TASK_STOPPED);
    gm_object_unref(task);
}

GM_TEST(task, runs_pauses_resumes_and_joins)
{
    GmTask *task = gm_task_new(work, NULL, NULL);

    gm_rec_mutex_init(&task_lock);
    gm_task_set_lock(task, &task_lock);
    gm_task_set_enter_callback(task, on_enter, NULL, NULL);
    gm_task_set_leave_callback(task, on_leave, NULL, NULL);
    cr_assert_not(gm_task_resume(task), "a stopped task does not resume");
    cr_assert(gm_task_start(task));
    wait_for(&rounds, 3);
    cr_assert(gm_task_pause(task));
    gm_rec_mutex_lock(&task_lock); // the call under way is over
    gm_rec_mutex_unlock(&task_lock);
    int paused_at = rounds;
    cr_assert_eq(gm_task_get_state(task), GM_TASK_PAUSED);
    cr_assert(gm_task_resume(task));
    wait_for(&rounds, paused_at + 2);
    cr_assert(gm_task_stop(task));
    cr_assert(gm_task_join(task));
    cr_assert_eq(entered, 1);
    cr_assert_eq(left, 1);
    int end = rounds;
    cr_assert(gm_task_start(task), "again");
    wait_for(&rounds, end + 1);
    cr_assert(gm_task_join(task));
    cr_assert_eq(entered, 2);
    gm_object_unref(task);
    gm_rec_mutex_clear(&task_lock);
}

GM_TEST(task, a_task_started_paused_does_not_work)
{
    GmTask *task = gm_task_new(work, NULL, NULL);

    gm_rec_mutex_init(&task_lock);
    gm_task_set_lock(task, &task_lock);
    gm_task_set_enter_callback(task, on_enter, NULL, NULL);
    cr_assert(gm_task_pause(task));
    wait_for(&entered, 1);
    cr_assert(gm_task_join(task));
    cr_assert_eq(rounds, 0);
    gm_object_unref(task);
    gm_rec_mutex_clear(&task_lock);
}

static void join_self(void *task)
{
    join_result = gm_task_join(task);
    gm_task_pause(task);
    count(&rounds);
}

GM_TEST(task, joining_itself_is_refused)
{
    GmTask *task = gm_task_new(join_self, NULL, NULL);

    task->user_data = task;
    gm_rec_mutex_init(&task_lock);
    gm_task_set_lock(task, &task_lock);
    gm_test_expect_criticals(1);
    gm_task_start(task);
    wait_for(&rounds, 1);
    cr_assert_not(join_result);
    cr_assert(gm_task_join(task));
    gm_object_unref(task);
    gm_rec_mutex_clear(&task_lock);
}

GM_TEST(task, stop_and_start_race_leaves_it_running)
{
    GmTask *task = gm_task_new(work, NULL, NULL);

    gm_rec_mutex_init(&task_lock);
    gm_task_set_lock(task, &task_lock);
    for (int i = 0; i < 200; i++) {
        int before = rounds;
        cr_assert(gm_task_start(task));
        wait_for(&rounds, before + 1);
        cr_assert(gm_task_stop(task));
    }
    cr_assert(gm_task_join(task));
    gm_object_unref(task);
    gm_rec_mutex_clear(&task_lock);
}

static int told;
static void on_told(void *data)
{
    told += *(int *)data;
}

GM_TEST(task, its_data_is_told_of_its_end)
{
    static int one = 1;
    GmTask *task = gm_task_new(work, &one, on_told);

    gm_object_unref(task);
    cr_assert_eq(told, 1);
}

static void name_loop(void *pad)
{
    gm_mutex_lock(&lock);
    strncpy(thread_name, gm_thread_get_name(gm_thread_self()), sizeof thread_name - 1);
    gm_mutex_unlock(&lock);
    gm_pad_pause_task(pad);
    count(&rounds);
}

GM_TEST(task, a_pads_thread_bears_its_name)
{
    GmElement *el = gm_object_ref_sink(gm_object_new(&gm_element_class.object, NULL));
    GmPad *pad = gm_pad_new("src", GM_PAD_SRC);

    gm_object_set_name(GM_OBJECT(el), "queue0");
    gm_element_add_pad(el, pad);
    cr_assert_eq(gm_pad_get_task_state(pad), GM_TASK_STOPPED);
    cr_assert_not(gm_pad_pause_task(pad), "no task");
    cr_assert(gm_pad_start_task(pad, name_loop, pad, NULL));
    wait_for(&rounds, 1);
    cr_assert_str_eq(thread_name, "queue0:src");
    cr_assert_eq(gm_pad_get_task_state(pad), GM_TASK_PAUSED);
    cr_assert(gm_pad_start_task(pad, name_loop, pad, NULL), "resumes");
    wait_for(&rounds, 2);
    cr_assert(gm_pad_stop_task(pad));
    cr_assert(gm_pad_stop_task(pad), "nothing to stop is fine");
    cr_assert_null(GM_PAD_TASK(pad));
    gm_object_unref(el);
}

static void stop_self(void *pad)
{
    join_result = gm_pad_stop_task(pad);
    count(&rounds);
}

GM_TEST(task, a_pads_task_cannot_stop_itself_at_once)
{
    GmPad *pad = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));

    gm_test_expect_criticals(1);
    cr_assert(gm_pad_start_task(pad, stop_self, pad, NULL));
    wait_for(&rounds, 1);
    cr_assert_not(join_result);
    cr_assert(gm_pad_stop_task(pad));
    cr_assert_eq(rounds, 1, "but it was its last round");
    gm_object_unref(pad);
}
