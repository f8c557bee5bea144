// SPDX-License-Identifier: MIT
//
// task: a thread that calls one function again and again: the streaming thread of a source or
// queue.
//
//     STOPPED ──start──► STARTED ◄──start/pause──► PAUSED        stop: ──► STOPPED, from any
//
// The function is called with the task's lock held (a pad's stream lock) and should do a
// bounded piece of work: make one buffer and push it. Between calls the task obeys its state:
// paused it waits (GM_WAIT_TASK), stopped its thread ends. The thread takes a reference to the
// task, so stop and join before letting go of what the function uses.
// Unless said otherwise: any thread, does not block. Misuse is a critical and the neutral result.
// Read next: gm_pad_start_task in core/pad.h, src/elements/core/queue.c.
#ifndef GM_CORE_TASK_H
#define GM_CORE_TASK_H

#include "core/object.h"
#include "core/sync.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*GmTaskFunction)(void *user_data); // one piece of work; the task's lock is held
typedef enum { GM_TASK_STARTED, GM_TASK_STOPPED, GM_TASK_PAUSED } GmTaskState;
// Runs in the task's thread as its first / last act, without locks.
typedef void (*GmTaskThreadFunc)(GmTask *task, GmThread *thread, void *user_data);

struct GmTask {
    GmObject       object;
    _Atomic int    state; // a GmTaskState; changed under the object lock
    GmCond         cond;  // state or running changed
    GmRecMutex    *lock;  // borrowed: held around each call
    GmTaskFunction func;
    void          *user_data;
    GmDestroyNotify notify;
    bool           running; // the thread is between its first and last act
    GmThread      *thread;  // the handle, until joined
    GmTaskThreadFunc enter, leave;
    void          *enter_data, *leave_data;
    GmDestroyNotify enter_notify, leave_notify;
};
extern const GmObjectClass gm_task_class;

// Casts are unchecked; GM_IS_TASK checks (NULL: false). The others read the struct: not
// NULL, no lock taken.
#define GM_TASK(obj) ((GmTask *)(obj))
#define GM_TASK_CAST(obj) ((GmTask *)(obj))
#define GM_IS_TASK(obj) gm_object_is_a((obj), &gm_task_class)
#define GM_TASK_STATE(task) ((GmTaskState)GM_TASK_CAST(task)->state)
#define GM_TASK_GET_LOCK(task) (GM_TASK_CAST(task)->lock)

// A stopped task; its name, if it gets one, names the thread. `notify` is told of user_data's
// end. Never NULL.
GmTask *gm_task_new(GmTaskFunction func, void *user_data, GmDestroyNotify notify);
// The lock to hold around each call: borrowed, must be set before the first start.
void gm_task_set_lock(GmTask *task, GmRecMutex *mutex);
// Called at the start and end of the thread; notify (may be NULL) is told of user_data's end.
void gm_task_set_enter_callback(GmTask *task, GmTaskThreadFunc enter_func, void *user_data,
                                GmDestroyNotify notify);
void gm_task_set_leave_callback(GmTask *task, GmTaskThreadFunc leave_func, void *user_data,
                                GmDestroyNotify notify);

GmTaskState gm_task_get_state(GmTask *task); // as asked for; the thread may be a call behind
// False: the lock is not set, or the system has no thread to give. pause and stop do not wait
// for the call under way (take the lock for that).
bool gm_task_set_state(GmTask *task, GmTaskState state);
bool gm_task_start(GmTask *task);
bool gm_task_pause(GmTask *task);
bool gm_task_stop(GmTask *task);
bool gm_task_resume(GmTask *task); // starts a paused one; one that was stopped meanwhile stays so
// Stops and waits for the thread to end (GM_WAIT_TASK). From the task's own thread: refused
// with a warning, false. No lock that the function needs may be held.
bool gm_task_join(GmTask *task);
// Joins threads of tasks that were let go of without a join. gm_deinit calls it.
void gm_task_cleanup_all(void);

#ifdef __cplusplus
}
#endif
#endif
