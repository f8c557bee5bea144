// SPDX-License-Identifier: MIT
//
// task: the loop around a streaming function. Every task that runs has a thread of its own,
// made at the start and joined by gm_task_join or by the next start.
// Read next: pad_activate.c (tasks of pads).
#include "core/error.h"
#include "core/init.h"
#include "core/task.h"

// The thread of the last task that was let go of without a join: its handle could not be
// joined from the thread itself. The next one of the kind, or the end of the process, joins it.
static _Atomic(GmThread *) task_orphan;

void gm_task_cleanup_all(void)
{
    GmThread *orphan = atomic_exchange(&task_orphan, NULL);
    if (orphan != NULL)
        gm_thread_join(orphan);
}

static void task_add_cleanup(void)
{
    gm_init_add_cleanup(gm_task_cleanup_all);
}

static void task_notify(GmDestroyNotify notify, void *data)
{
    if (notify != NULL)
        notify(data);
}

static void task_init(GmObject *obj)
{
    GM_TASK(obj)->state = GM_TASK_STOPPED;
    gm_cond_init(&GM_TASK(obj)->cond);
}

static void task_finalize(GmObject *obj)
{
    GmTask *task = GM_TASK(obj);

    if (task->thread == gm_thread_self()) {
        static GmOnce once;
        gm_once(&once, task_add_cleanup);
        GmThread *older = atomic_exchange(&task_orphan, task->thread);
        if (older != NULL)
            gm_thread_join(older);
    } else if (task->thread != NULL) {
        gm_thread_join(task->thread);
    }
    task_notify(task->enter_notify, task->enter_data);
    task_notify(task->leave_notify, task->leave_data);
    task_notify(task->notify, task->user_data);
    gm_cond_clear(&task->cond);
}

const GmObjectClass gm_task_class = {
    .name = "GmTask",
    .parent = &gm_object_class,
    .instance_size = sizeof(GmTask),
    .init = task_init,
    .finalize = task_finalize,
};

// Runs until the task is stopped. The state is read without a lock in each round: a stop or
// pause takes effect after the call under way.
static void task_loop(GmTask *task)
{
    gm_rec_mutex_lock(task->lock);
    while (task->state != GM_TASK_STOPPED) {
        if (GM_LIKELY(task->state == GM_TASK_STARTED)) {
            task->func(task->user_data);
            continue;
        }
        gm_rec_mutex_unlock(task->lock);
        GM_OBJECT_LOCK(task);
        while (task->state == GM_TASK_PAUSED)
            gm_cond_wait(&task->cond, GM_OBJECT_GET_LOCK(task), GM_WAIT_TASK, task);
        GM_OBJECT_UNLOCK(task);
        gm_rec_mutex_lock(task->lock);
    }
    gm_rec_mutex_unlock(task->lock);
}

static void *task_thread(void *data)
{
    GmTask *task = data;
    GmThread *self = gm_thread_self();
    bool again;

    do {
        if (task->enter != NULL)
            task->enter(task, self, task->enter_data);
        task_loop(task);
        if (task->leave != NULL)
            task->leave(task, self, task->leave_data);
        GM_OBJECT_LOCK(task);
        // Started again while this thread was on its way out: go round once more.
        again = task->state != GM_TASK_STOPPED;
        task->running = again;
        gm_cond_broadcast(&task->cond);
        GM_OBJECT_UNLOCK(task);
    } while (again);
    gm_object_unref(task);
    return NULL;
}

GmTask *gm_task_new(GmTaskFunction func, void *user_data, GmDestroyNotify notify)
{
    if (!GM_REQUIRE(func != NULL)) return NULL;
    GmTask *task = gm_object_ref_sink(gm_object_new(&gm_task_class, NULL));
    task->func = func;
    task->user_data = user_data;
    task->notify = notify;
    return task;
}

void gm_task_set_lock(GmTask *task, GmRecMutex *mutex)
{
    if (!GM_REQUIRE(GM_IS_TASK(task))) return;
    GM_OBJECT_LOCK(task);
    bool running = task->running;
    if (!running)
        task->lock = mutex;
    GM_OBJECT_UNLOCK(task);
    if (running)
        gm_critical(__func__, "cannot call set_lock on a running task");
}

void gm_task_set_enter_callback(GmTask *task, GmTaskThreadFunc enter_func, void *user_data,
                                GmDestroyNotify notify)
{
    if (!GM_REQUIRE(GM_IS_TASK(task))) return;
    task_notify(task->enter_notify, task->enter_data);
    task->enter = enter_func;
    task->enter_data = user_data;
    task->enter_notify = notify;
}

void gm_task_set_leave_callback(GmTask *task, GmTaskThreadFunc leave_func, void *user_data,
                                GmDestroyNotify notify)
{
    if (!GM_REQUIRE(GM_IS_TASK(task))) return;
    task_notify(task->leave_notify, task->leave_data);
    task->leave = leave_func;
    task->leave_data = user_data;
    task->leave_notify = notify;
}

GmTaskState gm_task_get_state(GmTask *task)
{
    return GM_REQUIRE(GM_IS_TASK(task)) ? GM_TASK_STATE(task) : GM_TASK_STOPPED;
}

// Object lock held. False: the system has no thread to give.
static bool task_start_thread(GmTask *task)
{
    GmError *error = NULL;

    if (task->thread != NULL)
        gm_thread_join(task->thread); // it has set running to false as its last act
    gm_object_ref(task);
    task->running = true;
    task->thread = gm_thread_try_new(GM_OBJECT_NAME(task), task_thread, task, &error);
    if (task->thread != NULL)
        return true;
    gm_critical("gm_task_start", "failed to create thread: %s", error->message);
    gm_error_free(error);
    task->running = false;
    task->state = GM_TASK_STOPPED;
    return false;
}

// `resume`: a stopped task stays as it is.
static bool task_change(GmTask *task, GmTaskState state, bool resume)
{
    bool ok = true, failed = false;

    if (!GM_REQUIRE(GM_IS_TASK(task))) return false;
    GM_OBJECT_LOCK(task);
    if (state != GM_TASK_STOPPED && task->lock == NULL) {
        gm_critical("gm_task_set_state", "task without a lock can't be set to state %d", state);
        ok = false;
    } else if (resume && task->state == GM_TASK_STOPPED) {
        ok = false;
    } else if (task->state != (int)state) {
        task->state = state;
        gm_cond_broadcast(&task->cond);
        if (!task->running && state != GM_TASK_STOPPED)
            failed = !(ok = task_start_thread(task));
    }
    GM_OBJECT_UNLOCK(task);
    if (failed)
        gm_object_unref(task); // the reference meant for the thread
    return ok;
}

bool gm_task_set_state(GmTask *task, GmTaskState state)
{
    return task_change(task, state, false);
}

bool gm_task_start(GmTask *task)
{
    return task_change(task, GM_TASK_STARTED, false);
}

bool gm_task_pause(GmTask *task)
{
    return task_change(task, GM_TASK_PAUSED, false);
}

bool gm_task_stop(GmTask *task)
{
    return task_change(task, GM_TASK_STOPPED, false);
}

bool gm_task_resume(GmTask *task)
{
    return task_change(task, GM_TASK_STARTED, true);
}

bool gm_task_join(GmTask *task)
{
    if (!GM_REQUIRE(GM_IS_TASK(task))) return false;
    GM_OBJECT_LOCK(task);
    if (task->running && task->thread == gm_thread_self()) {
        GM_OBJECT_UNLOCK(task);
        gm_critical(__func__, "joining task %p from its own thread would deadlock. A streaming "
                              "thread cannot change the state of its element: post a message on "
                              "the bus and let the application's thread do it.", (void *)task);
        return false;
    }
    task->state = GM_TASK_STOPPED;
    gm_cond_broadcast(&task->cond);
    while (task->running)
        gm_cond_wait(&task->cond, GM_OBJECT_GET_LOCK(task), GM_WAIT_TASK, task);
    GmThread *thread = task->thread;
    task->thread = NULL;
    GM_OBJECT_UNLOCK(task);
    if (thread != NULL)
        gm_thread_join(thread);
    return true;
}
