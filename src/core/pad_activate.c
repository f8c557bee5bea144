// SPDX-License-Identifier: MIT
//
// pad_activate: pads begin and end to work, and their streaming threads.
//
//     NONE (flushing) ──set_active──► activate function ──activate_mode──► PUSH or PULL
//
// One thread at a time changes the mode of a pad (in_activation). Going down, the pad flushes
// first, so that whoever waits on it leaves, then waits for the stream lock: after that no
// streaming thread is in it.
// Read next: task.c, pad_push.c.
#include "core/element.h"
#include "core/log.h"
#include "core/message.h"
#include "core/pad_priv.h"
#include "core/task.h"
#include "core/util.h"
#include "core/value.h"

const char *gm_pad_mode_get_name(GmPadMode mode)
{
    static const char *const names[] = { "none", "push", "pull" };
    return (unsigned)mode < GM_LEN(names) ? names[mode] : "unknown";
}

// Object lock held.
static void pad_set_mode(GmPad *pad, GmPadMode mode)
{
    pad->mode = mode;
    if (mode == GM_PAD_MODE_PUSH)
        GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_NOT_PUSH);
    else
        GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_NOT_PUSH);
}

static void pad_end_activation(GmPad *pad)
{
    pad->in_activation = false;
    gm_cond_broadcast(&pad->block_cond);
}

// What a sink pad knew it has forgotten: the peer sends its sticky events again. Said before the
// pad is open, so that data does not come first.
static void pad_ask_events_again(GmPad *pad)
{
    GmPad *peer = gm_pad_get_peer(pad);

    if (peer == NULL)
        return;
    GM_OBJECT_LOCK(peer);
    gm_pad_resend_events(peer, NULL);
    GM_OBJECT_UNLOCK(peer);
    gm_object_unref(peer);
}

// False: another thread has brought the pad into `mode` meanwhile.
static bool pad_pre_activate(GmPad *pad, GmPadMode mode)
{
    if (mode != GM_PAD_MODE_NONE && GM_PAD_IS_SINK(pad))
        pad_ask_events_again(pad);
    GM_OBJECT_LOCK(pad);
    while (pad->in_activation)
        gm_cond_wait(&pad->block_cond, GM_OBJECT_GET_LOCK(pad), GM_WAIT_STATE, pad);
    if (mode == pad->mode) {
        GM_OBJECT_UNLOCK(pad);
        return false;
    }
    pad->in_activation = true;
    pad_set_mode(pad, mode);
    if (mode == GM_PAD_MODE_NONE) {
        GM_PAD_SET_FLUSHING(pad);
        gm_cond_broadcast(&pad->block_cond);
    } else {
        GM_PAD_UNSET_FLUSHING(pad);
    }
    pad->last_flowret = mode == GM_PAD_MODE_NONE ? GM_FLOW_FLUSHING : GM_FLOW_OK;
    GM_OBJECT_UNLOCK(pad);
    return true;
}

static void pad_post_activate(GmPad *pad, GmPadMode mode)
{
    GM_OBJECT_LOCK(pad);
    pad_end_activation(pad);
    GM_OBJECT_UNLOCK(pad);
    if (mode != GM_PAD_MODE_NONE)
        return;
    GM_PAD_STREAM_LOCK(pad);
    GM_OBJECT_LOCK(pad);
    gm_pad_clear_events(pad);
    GM_OBJECT_UNLOCK(pad);
    GM_PAD_STREAM_UNLOCK(pad);
}

// Pulling needs both ends: a sink pad takes its peer along, a source pad needs a function.
static bool pad_prepare_pull(GmPad *pad, bool active)
{
    if (GM_PAD_IS_SRC(pad))
        return pad->getrangefunc != NULL;
    GmPad *peer = gm_pad_get_peer(pad);
    if (peer == NULL)
        return !active;
    bool ok = gm_pad_activate_mode(peer, GM_PAD_MODE_PULL, active);
    gm_object_unref(peer);
    return ok;
}

static void pad_activation_failed(GmPad *pad, GmPadMode old)
{
    GM_OBJECT_LOCK(pad);
    GM_PAD_SET_FLUSHING(pad);
    pad_set_mode(pad, old);
    pad_end_activation(pad);
    GM_OBJECT_UNLOCK(pad);
}

bool gm_pad_activate_mode_internal(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    GmPadMode next = active ? mode : GM_PAD_MODE_NONE;

    GM_OBJECT_LOCK(pad);
    GmPadMode old = pad->mode;
    GM_OBJECT_UNLOCK(pad);
    if (old != next) {
        if (active && old != GM_PAD_MODE_NONE) {
            if (!gm_pad_activate_mode_internal(pad, parent, old, false))
                return false;
            old = GM_PAD_MODE_NONE;
        }
        if (mode == GM_PAD_MODE_PULL && !pad_prepare_pull(pad, active)) {
            GM_INFO_OBJECT(pad, "pull mode is not possible on this link");
            if (GM_PAD_IS_SRC(pad))
                pad_activation_failed(pad, old);
            return false;
        }
        GM_OBJECT_LOCK(pad);
        if (active)
            GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_NEED_RECONFIGURE);
        GM_OBJECT_UNLOCK(pad);
        if (pad_pre_activate(pad, next)) {
            if (pad->activatemodefunc != NULL &&
                !pad->activatemodefunc(pad, parent, mode, active)) {
                GM_INFO_OBJECT(pad, "failed to %s in %s mode", active ? "activate" : "deactivate",
                               gm_pad_mode_get_name(mode));
                pad_activation_failed(pad, old);
                return false;
            }
            pad_post_activate(pad, next);
        }
    }
    if (!active) {
        GM_OBJECT_LOCK(pad);
        GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_NEED_RECONFIGURE);
        GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_EOS);
        GM_OBJECT_UNLOCK(pad);
    }
    return true;
}

bool gm_pad_set_active(GmPad *pad, bool active)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return false;
    GmObject *parent;
    GM_OBJECT_LOCK(pad);
    GmPadMode old = pad->mode;
    bool ok = pad_acquire_parent(pad, &parent);
    GM_OBJECT_UNLOCK(pad);
    if (!ok)
        return false;
    if (active != (old != GM_PAD_MODE_NONE)) {
        ok = active ? pad->activatefunc(pad, parent)
                    : gm_pad_activate_mode_internal(pad, parent, old, false);
        if (ok)
            pad->last_flowret = active ? GM_FLOW_OK : GM_FLOW_FLUSHING;
        else if (!active)
            gm_critical(__func__, "Failed to deactivate pad %s:%s, very bad",
                        GM_DEBUG_PAD_NAME(pad));
    }
    pad_release_parent(parent);
    return ok;
}

bool gm_pad_activate_mode(GmPad *pad, GmPadMode mode, bool active)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return false;
    GmObject *parent;
    GM_OBJECT_LOCK(pad);
    bool there = pad->mode == (active ? mode : GM_PAD_MODE_NONE);
    bool callable = !there && pad_acquire_parent(pad, &parent);
    GM_OBJECT_UNLOCK(pad);
    if (!callable)
        return there;
    bool ok = gm_pad_activate_mode_internal(pad, parent, mode, active);
    pad_release_parent(parent);
    return ok;
}

bool gm_pad_is_active(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return false;
    GM_OBJECT_LOCK(pad);
    bool active = GM_PAD_IS_ACTIVE(pad);
    GM_OBJECT_UNLOCK(pad);
    return active;
}

// ---- streaming threads -------------------------------------------------------------------------

static void pad_post_stream_status(GmPad *pad, GmStreamStatusType type, GmTask *task)
{
    GmElement *parent = gm_pad_get_parent_element(pad);

    if (parent == NULL)
        return;
    GmMessage *message = gm_message_new_stream_status(GM_OBJECT(pad), type, parent);
    GmValue value = GM_VALUE_INIT;
    gm_value_init(&value, GM_TYPE_OBJECT);
    gm_value_set_object(&value, task);
    gm_message_set_stream_status_object(message, &value);
    gm_value_unset(&value);
    gm_element_post_message(parent, message);
    gm_object_unref(parent);
}

static void pad_enter_thread(GmTask *task, GmThread *thread GM_UNUSED, void *pad)
{
    pad_post_stream_status(pad, GM_STREAM_STATUS_TYPE_ENTER, task);
}

static void pad_leave_thread(GmTask *task, GmThread *thread GM_UNUSED, void *pad)
{
    pad_post_stream_status(pad, GM_STREAM_STATUS_TYPE_LEAVE, task);
}

bool gm_pad_start_task(GmPad *pad, void (*func)(void *user_data), void *user_data,
                       GmDestroyNotify notify)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(func != NULL)) return false;
    GM_OBJECT_LOCK(pad);
    GmTask *task = pad->task;
    if (pad->in_activation && pad->mode == GM_PAD_MODE_NONE) {
        GM_OBJECT_UNLOCK(pad); // the pad is being shut: nobody would stop the task any more
        return false;
    }
    if (task == NULL) {
        char *name = gm_strdup_printf("%s:%s", GM_DEBUG_PAD_NAME(pad));
        pad->task = task = gm_task_new(func, user_data, notify);
        gm_object_set_name(GM_OBJECT(task), name);
        gm_free(name);
        gm_task_set_lock(task, GM_PAD_GET_STREAM_LOCK(pad));
        gm_task_set_enter_callback(task, pad_enter_thread, pad, NULL);
        gm_task_set_leave_callback(task, pad_leave_thread, pad, NULL);
        gm_object_ref(task);
        GM_OBJECT_UNLOCK(pad);
        pad_post_stream_status(pad, GM_STREAM_STATUS_TYPE_CREATE, task);
        gm_object_unref(task);
        GM_OBJECT_LOCK(pad);
    }
    // Somebody may have stopped it while the message went out.
    bool ok = pad->task != task || gm_task_start(task);
    GM_OBJECT_UNLOCK(pad);
    return ok;
}

// Waits until the call of the task's function that may be under way is over.
static void pad_wait_streaming(GmPad *pad)
{
    GM_PAD_STREAM_LOCK(pad);
    GM_PAD_STREAM_UNLOCK(pad);
}

bool gm_pad_pause_task(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return false;
    GM_OBJECT_LOCK(pad);
    bool ok = pad->task != NULL && gm_task_pause(pad->task);
    bool has_task = pad->task != NULL;
    GM_OBJECT_UNLOCK(pad);
    if (has_task)
        pad_wait_streaming(pad);
    return ok;
}

bool gm_pad_stop_task(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return false;
    GM_OBJECT_LOCK(pad);
    GmTask *task = pad->task;
    pad->task = NULL;
    bool ok = task == NULL || gm_task_stop(task);
    GM_OBJECT_UNLOCK(pad);
    pad_wait_streaming(pad);
    if (task == NULL)
        return ok;
    if (gm_task_join(task)) {
        gm_object_unref(task);
        return ok;
    }
    GM_OBJECT_LOCK(pad);
    if (pad->task == NULL)
        pad->task = task; // called from the task itself: it is joined at the next stop
    GM_OBJECT_UNLOCK(pad);
    return false;
}

unsigned gm_pad_get_task_state(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return GM_TASK_STOPPED;
    GM_OBJECT_LOCK(pad);
    GmTaskState state = pad->task != NULL ? gm_task_get_state(pad->task) : GM_TASK_STOPPED;
    GM_OBJECT_UNLOCK(pad);
    return state;
}
