// SPDX-License-Identifier: MIT
//
// element_state: the state machine of one element.
//
//     current --next--> ... --> pending (= target, the last state asked for)
//
// A change goes one step at a time through the class's change_state. SUCCESS commits the step
// and goes on; ASYNC leaves `pending` set until somebody (a sink with its first buffer, a bin
// whose children are done) calls gm_element_continue_state; get_state waits on state_cond.
// Read next: bin_state.c.
#include "core/element_priv.h"

#include "core/clock.h"
#include "core/context.h"
#include "core/init.h"
#include "core/list.h"
#include "core/log.h"
#include "core/message.h"
#include "core/util.h"

GM_DEBUG_CATEGORY_DEFINE(element_states, "states", 0, "state changes");
#undef GM_CAT_DEFAULT
#define GM_CAT_DEFAULT element_states

// ---- names ------------------------------------------------------------------------------

const char *gm_element_state_get_name(GmState state)
{
    static const char *const names[] = { "VOID_PENDING", "NULL", "READY", "PAUSED", "PLAYING" };
    return (unsigned)state < GM_LEN(names) ? names[state] : "UNKNOWN!";
}

const char *gm_element_state_change_return_get_name(GmStateChangeReturn state_ret)
{
    static const char *const names[] = { "FAILURE", "SUCCESS", "ASYNC", "NO PREROLL" };
    return (unsigned)state_ret < GM_LEN(names) ? names[state_ret] : "UNKNOWN!";
}

const char *gm_state_change_get_name(GmStateChange transition)
{
    static const char *const names[4][4] = {
        { "NULL->NULL", "NULL->READY", "unknown", "unknown" },
        { "READY->NULL", "READY->READY", "READY->PAUSED", "unknown" },
        { "unknown", "PAUSED->READY", "PAUSED->PAUSED", "PAUSED->PLAYING" },
        { "unknown", "unknown", "PLAYING->PAUSED", "PLAYING->PLAYING" },
    };
    unsigned from = (unsigned)GM_STATE_TRANSITION_CURRENT(transition) - 1;
    unsigned to   = (unsigned)GM_STATE_TRANSITION_NEXT(transition) - 1;
    return from < 4 && to < 4 ? names[from][to] : "unknown";
}

GmState gm_state_get_next(GmState current, GmState pending)
{
    return pending > current ? current + 1 : pending < current ? current - 1 : current;
}

// ---- waiting ----------------------------------------------------------------------------

GmStateChangeReturn gm_element_default_get_state(GmElement *el, GmState *state, GmState *pending,
                                                 GmClockTime timeout)
{
    GmClockTime deadline = GM_CLOCK_TIME_NONE;
    if (timeout == 0)
        deadline = 0;
    else if (timeout < GM_CLOCK_TIME_NONE - gm_sync_now())
        deadline = gm_sync_now() + timeout;

    GM_OBJECT_LOCK(el);
    GmStateChangeReturn ret = el->last_return;
    uint32_t cookie = el->state_cookie;
    bool interrupted = false;
    while (ret == GM_STATE_CHANGE_ASYNC && !interrupted) {
        if (el->pending_state == GM_STATE_VOID_PENDING) {
            ret = GM_STATE_CHANGE_SUCCESS;
            break;
        }
        if (deadline == 0 || !gm_cond_wait_until(&el->state_cond, GM_OBJECT_GET_LOCK(el),
                                                 deadline, GM_WAIT_STATE, el))
            break;
        interrupted = cookie != el->state_cookie;
        ret = el->last_return;
    }
    // A new change began while we waited: what this one came to, nobody knows.
    if (interrupted)
        ret = GM_STATE_CHANGE_FAILURE;
    if (state != NULL)
        *state = interrupted ? GM_STATE_VOID_PENDING : el->current_state;
    if (pending != NULL)
        *pending = interrupted ? GM_STATE_VOID_PENDING : el->pending_state;
    GM_OBJECT_UNLOCK(el);
    return ret;
}

GmStateChangeReturn gm_element_get_state(GmElement *element, GmState *state, GmState *pending,
                                         GmClockTime timeout)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return GM_STATE_CHANGE_FAILURE;
    return GM_ELEMENT_VFUNC(element, get_state)(element, state, pending, timeout);
}

// ---- changing ---------------------------------------------------------------------------

void gm_element_state_changed(GmElement *el, GmState oldstate, GmState newstate, GmState pending)
{
    GM_DEBUG_OBJECT(el, "state %s -> %s (%s pending)", gm_element_state_get_name(oldstate),
                    gm_element_state_get_name(newstate), gm_element_state_get_name(pending));
    GM_ELEMENT_VFUNC(el, state_changed)(el, oldstate, newstate, pending);
    gm_element_post_message(el, gm_message_new_state_changed(GM_OBJECT(el), oldstate, newstate,
                                                             pending));
}

GmStateChangeReturn gm_element_set_state(GmElement *element, GmState state)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return GM_STATE_CHANGE_FAILURE;
    if (!GM_REQUIRE(state >= GM_STATE_NULL && state <= GM_STATE_PLAYING))
        return GM_STATE_CHANGE_FAILURE;
    return GM_ELEMENT_VFUNC(element, set_state)(element, state);
}

GmStateChangeReturn gm_element_default_set_state(GmElement *el, GmState state)
{
    GM_STATE_LOCK(el);
    GM_OBJECT_LOCK(el);
    if (el->last_return == GM_STATE_CHANGE_FAILURE) { // forget the failure, start from here
        el->next_state = el->pending_state = GM_STATE_VOID_PENDING;
        el->last_return = GM_STATE_CHANGE_SUCCESS;
    }
    GmState current = el->current_state, next = el->next_state;
    GmState old_pending = el->pending_state;
    if (state != el->target_state) {
        el->target_state = state;
        el->state_cookie++;
    }
    el->pending_state = state;
    GM_DEBUG_OBJECT(el, "set state %s, current %s, was pending %s",
                    gm_element_state_get_name(state), gm_element_state_get_name(current),
                    gm_element_state_get_name(old_pending));
    if (old_pending != GM_STATE_VOID_PENDING) {
        // An async change is under way. Going up or to the same: it takes us there when it
        // is done. Going down: turn round at once, from the state it was about to reach.
        if (old_pending <= state || next == state) {
            el->last_return = GM_STATE_CHANGE_ASYNC;
            GM_OBJECT_UNLOCK(el);
            GM_STATE_UNLOCK(el);
            return GM_STATE_CHANGE_ASYNC;
        }
        if (next > state && el->last_return == GM_STATE_CHANGE_ASYNC)
            current = next;
    }
    next = gm_state_get_next(current, state);
    el->next_state = next;
    if (current != next)
        el->last_return = GM_STATE_CHANGE_ASYNC;
    GM_STATE_BROADCAST(el);
    GM_OBJECT_UNLOCK(el);
    GmStateChangeReturn ret = gm_element_change_state(el, GM_STATE_TRANSITION(current, next));
    GM_STATE_UNLOCK(el);
    return ret;
}

GmStateChangeReturn gm_element_change_state(GmElement *element, GmStateChange transition)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return GM_STATE_CHANGE_FAILURE;
    GmStateChangeReturn ret = GM_ELEMENT_VFUNC(element, change_state)(element, transition);

    GM_DEBUG_OBJECT(element, "%s: %s", gm_state_change_get_name(transition),
                    gm_element_state_change_return_get_name(ret));
    switch (ret) {
    case GM_STATE_CHANGE_ASYNC:
        if (element->target_state > GM_STATE_READY)
            return ret;
        // On the way down nothing prerolls: commit.
        return gm_element_continue_state(element, GM_STATE_CHANGE_SUCCESS);
    case GM_STATE_CHANGE_SUCCESS:
    case GM_STATE_CHANGE_NO_PREROLL:
        return gm_element_continue_state(element, ret);
    default:
        if (ret != GM_STATE_CHANGE_FAILURE)
            gm_critical(__func__, "%s: unknown return value %d from a state change function",
                        GM_ELEMENT_NAME(element), (int)ret);
        gm_element_abort_state(element);
        return GM_STATE_CHANGE_FAILURE;
    }
}

GmStateChangeReturn gm_element_continue_state(GmElement *element, GmStateChangeReturn ret)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return GM_STATE_CHANGE_FAILURE;
    GM_OBJECT_LOCK(element);
    GmStateChangeReturn old_ret = element->last_return;
    element->last_return = ret;
    GmState pending = element->pending_state;
    if (pending == GM_STATE_VOID_PENDING) {
        GM_OBJECT_UNLOCK(element);
        return ret;
    }
    GmState old_state = element->current_state;
    GmState current   = element->next_state;
    element->current_state = current;
    if (pending == current) {
        element->pending_state = element->next_state = GM_STATE_VOID_PENDING;
        GM_OBJECT_UNLOCK(element);
        // An element that lost its state and got it back tells so too.
        if (old_state != current || old_ret == GM_STATE_CHANGE_ASYNC)
            gm_element_state_changed(element, old_state, current, GM_STATE_VOID_PENDING);
        GM_OBJECT_LOCK(element);
        GM_STATE_BROADCAST(element);
        GM_OBJECT_UNLOCK(element);
        return ret;
    }
    GmState next = gm_state_get_next(current, pending);
    element->next_state  = next;
    element->last_return = GM_STATE_CHANGE_ASYNC;
    GM_OBJECT_UNLOCK(element);
    gm_element_state_changed(element, old_state, current, pending);
    return gm_element_change_state(element, GM_STATE_TRANSITION(current, next));
}

void gm_element_abort_state(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    GM_OBJECT_LOCK(element);
    if (element->pending_state != GM_STATE_VOID_PENDING &&
        element->last_return != GM_STATE_CHANGE_FAILURE) {
        element->last_return = GM_STATE_CHANGE_FAILURE;
        GM_STATE_BROADCAST(element);
    }
    GM_OBJECT_UNLOCK(element);
}

void gm_element_lost_state(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    GM_OBJECT_LOCK(element);
    if (element->last_return == GM_STATE_CHANGE_FAILURE) {
        GM_OBJECT_UNLOCK(element);
        return;
    }
    bool busy = element->pending_state != GM_STATE_VOID_PENDING;
    GmState lost = element->current_state > GM_STATE_PAUSED ? GM_STATE_PAUSED
                                                            : element->current_state;
    if (!busy) {
        element->current_state = element->next_state = element->pending_state = lost;
        element->last_return = GM_STATE_CHANGE_ASYNC;
    }
    GM_OBJECT_UNLOCK(element);
    if (!busy)
        gm_element_state_changed(element, lost, lost, lost);
    gm_element_post_message(element, gm_message_new_async_start(GM_OBJECT(element)));
}

// ---- the default transition: pads -------------------------------------------------------

static bool element_activate_pad(GmElement *el, GmPad *pad, void *active)
{
    // A pad that was removed meanwhile may fail.
    return gm_pad_set_active(pad, active != NULL) ||
           !gm_object_has_as_parent(GM_OBJECT(pad), GM_OBJECT(el));
}

static uint32_t element_pads_cookie(GmElement *el)
{
    GM_OBJECT_LOCK(el);
    uint32_t cookie = el->pads_cookie;
    GM_OBJECT_UNLOCK(el);
    return cookie;
}

static bool element_activate_pads(GmElement *el, bool active)
{
    void *flag = active ? el : NULL;
    uint32_t cookie;
    bool ok;

    do { // once more if pads came or went: setting twice does no harm
        cookie = element_pads_cookie(el);
        ok = gm_element_foreach_src_pad(el, element_activate_pad, flag) &&
             gm_element_foreach_sink_pad(el, element_activate_pad, flag);
    } while (cookie != element_pads_cookie(el));
    return ok;
}

static void element_drop_contexts(GmElement *el)
{
    GM_OBJECT_LOCK(el);
    for (GmList *l = el->contexts, *next; l != NULL; l = next) {
        next = l->next;
        if (!gm_context_is_persistent(l->data)) {
            gm_context_unref(l->data);
            el->contexts = gm_list_delete_link(el->contexts, l);
        }
    }
    GM_OBJECT_UNLOCK(el);
}

GmStateChangeReturn gm_element_default_change_state(GmElement *el, GmStateChange transition)
{
    bool ok = true;

    if (GM_STATE_TRANSITION_CURRENT(transition) == GM_STATE_TRANSITION_NEXT(transition)) {
        GM_OBJECT_LOCK(el);
        GmStateChangeReturn ret = el->last_return;
        GM_OBJECT_UNLOCK(el);
        return ret;
    }
    if (transition == GM_STATE_CHANGE_READY_TO_PAUSED)
        ok = element_activate_pads(el, true);
    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY ||
        transition == GM_STATE_CHANGE_READY_TO_NULL) {
        ok = element_activate_pads(el, false);
        element_drop_contexts(el);
    }
    return ok ? GM_STATE_CHANGE_SUCCESS : GM_STATE_CHANGE_FAILURE;
}

// ---- parents ----------------------------------------------------------------------------

bool gm_element_is_locked_state(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    GM_OBJECT_LOCK(element);
    bool locked = GM_ELEMENT_IS_LOCKED_STATE(element);
    GM_OBJECT_UNLOCK(element);
    return locked;
}

bool gm_element_set_locked_state(GmElement *element, bool locked_state)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    GM_OBJECT_LOCK(element);
    bool changed = locked_state != GM_ELEMENT_IS_LOCKED_STATE(element);
    if (changed)
        element->object.flags ^= (unsigned)GM_ELEMENT_FLAG_LOCKED_STATE;
    GM_OBJECT_UNLOCK(element);
    return changed;
}

bool gm_element_sync_state_with_parent(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    GmElement *parent = (GmElement *)gm_element_get_parent(element);
    if (parent == NULL)
        return false;
    GM_OBJECT_LOCK(parent);
    GmState target = parent->pending_state != GM_STATE_VOID_PENDING ? parent->pending_state
                                                                   : parent->current_state;
    GM_OBJECT_UNLOCK(parent);
    GmStateChangeReturn ret = gm_element_set_state(element, target);
    gm_object_unref(parent);
    return ret != GM_STATE_CHANGE_FAILURE;
}

// ---- calls in another thread ------------------------------------------------------------

typedef struct ElementCall ElementCall;
struct ElementCall {
    ElementCall *next;
    GmElement *element; // counted
    GmElementCallAsyncFunc func;
    void *user_data;
    GmDestroyNotify destroy;
    GmThread *thread;
    bool done;
};
static GmMutex element_calls_lock = GM_MUTEX_INIT;
static GmCond element_calls_cond; // a call is done
static ElementCall *element_calls;
static GmOnce element_calls_once;

// Joins calls that are done; all: waits for the others, too.
static void element_calls_reap(bool all)
{
    gm_mutex_lock(&element_calls_lock);
    for (ElementCall **p = &element_calls; *p != NULL;) {
        ElementCall *call = *p;
        if (!call->done && !all) {
            p = &call->next;
            continue;
        }
        *p = call->next;
        gm_mutex_unlock(&element_calls_lock);
        gm_thread_join(call->thread);
        gm_free(call);
        gm_mutex_lock(&element_calls_lock);
        p = &element_calls;
    }
    gm_mutex_unlock(&element_calls_lock);
}

static void element_calls_cleanup(void)
{
    element_calls_reap(true);
}

static void element_calls_init(void)
{
    gm_cond_init(&element_calls_cond);
    gm_init_add_cleanup(element_calls_cleanup);
}

static void *element_call_run(void *data)
{
    ElementCall *call = data;

    gm_mutex_lock(&element_calls_lock); // until call->thread is known
    gm_mutex_unlock(&element_calls_lock);
    call->func(call->element, call->user_data);
    if (call->destroy != NULL)
        call->destroy(call->user_data);
    gm_object_unref(call->element);
    gm_mutex_lock(&element_calls_lock);
    call->done = true;
    gm_cond_broadcast(&element_calls_cond);
    gm_mutex_unlock(&element_calls_lock);
    return NULL;
}

void gm_element_call_async(GmElement *element, GmElementCallAsyncFunc func, void *user_data,
                           GmDestroyNotify destroy)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    if (!GM_REQUIRE(func != NULL)) return;
    ElementCall *call = gm_new0(ElementCall, 1);
    GmError *error = NULL;

    gm_once(&element_calls_once, element_calls_init);
    element_calls_reap(false);
    *call = (ElementCall){ .element = gm_object_ref(element), .func = func,
                           .user_data = user_data, .destroy = destroy };
    gm_mutex_lock(&element_calls_lock);
    call->thread = gm_thread_try_new("call-async", element_call_run, call, &error);
    if (call->thread != NULL) {
        call->next = element_calls;
        element_calls = call;
    }
    gm_mutex_unlock(&element_calls_lock);
    if (call->thread == NULL) {
        GM_ELEMENT_ERROR(element, CORE, THREAD, (NULL), ("%s", error->message));
        gm_error_free(error);
        gm_object_unref(element);
        gm_free(call);
    }
}

static bool element_calls_running(GmElement *el, GmElementCallAsyncFunc func)
{
    for (ElementCall *c = element_calls; c != NULL; c = c->next)
        if (!c->done && c->element == el && c->func == func)
            return c->thread != gm_thread_self();
    return false;
}

void gm_element_call_async_wait(GmElement *el, GmElementCallAsyncFunc func, GmClockTime deadline)
{
    gm_once(&element_calls_once, element_calls_init);
    gm_mutex_lock(&element_calls_lock);
    while (element_calls_running(el, func) &&
           gm_cond_wait_until(&element_calls_cond, &element_calls_lock, deadline, GM_WAIT_STATE,
                              el))
        ;
    gm_mutex_unlock(&element_calls_lock);
}
