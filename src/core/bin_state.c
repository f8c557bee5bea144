// SPDX-License-Identifier: MIT
//
// bin_state: state changes of a bin: every child from sinks to sources, then the bin itself.
//
//     child returns ASYNC  ──►  bin returns ASYNC, remembers the child's async-start
//     child posts async-done ─►  the last one: commit, post our own async-done, and if the
//                                target lies further, go on in a thread of our own
//
// That thread exists because async-done comes from a sink's streaming thread, which holds locks
// that the sink's next state change needs. set_state (NULL) waits for it to end.
// Read next: bin_message.c.
#include "core/bin_priv.h"

#include "core/log.h"
#include "core/message.h"
#include "core/util.h"

// ---- asynchronous children ---------------------------------------------------------------

void gm_bin_async_start(GmBin *bin)
{
    GmElement *el = GM_ELEMENT(bin);

    if (el->last_return == GM_STATE_CHANGE_FAILURE)
        return;
    bool tell = !GM_BIN_IS_TOPLEVEL(bin);
    // While we change state ourselves its result will say so; NO_PREROLL outweighs ASYNC.
    bool lost = !bin->polling && el->pending_state == GM_STATE_VOID_PENDING &&
                el->last_return != GM_STATE_CHANGE_NO_PREROLL;
    GmState state = el->current_state > GM_STATE_PAUSED ? GM_STATE_PAUSED : el->current_state;
    if (lost) {
        el->current_state = el->next_state = el->pending_state = state;
        el->last_return = GM_STATE_CHANGE_ASYNC;
    }
    GM_OBJECT_UNLOCK(bin);
    if (lost)
        gm_element_state_changed(el, state, state, state);
    if (tell)
        gm_element_post_message(el, gm_message_new_async_start(GM_OBJECT(bin)));
    GM_OBJECT_LOCK(bin);
}

typedef struct {
    uint32_t cookie; // of the state change to continue; another: somebody has changed his mind
    GmState  pending;
} BinContinue;

static void bin_continue(GmElement *el, void *user_data)
{
    BinContinue *cont = user_data;

    GM_STATE_LOCK(el);
    GM_OBJECT_LOCK(el);
    bool valid = cont->cookie == el->state_cookie;
    GmState current = el->current_state;
    GmState next = gm_state_get_next(current, cont->pending);
    if (valid) {
        el->next_state    = next;
        el->pending_state = cont->pending;
        el->last_return   = GM_STATE_CHANGE_ASYNC;
    }
    GM_OBJECT_UNLOCK(el);
    if (valid)
        gm_element_change_state(el, GM_STATE_TRANSITION(current, next));
    GM_STATE_UNLOCK(el);
}

void gm_bin_async_done(GmBin *bin, GmStateChangeReturn ret, bool flag_pending,
                       GmClockTime running_time)
{
    GmElement *el = GM_ELEMENT(bin);

    if (el->last_return == GM_STATE_CHANGE_FAILURE)
        return;
    if (bin->polling) {
        // change_state looks again when it has asked all children.
        bin->pending_async_done |= flag_pending;
        return;
    }
    if (el->pending_state == GM_STATE_VOID_PENDING)
        return;
    GmStateChangeReturn old_ret = el->last_return;
    GmState old_state = el->current_state, old_next = el->next_state;
    GmState pending = el->target_state;
    // PLAYING is reached by a state change, never by a commit.
    bool commit = old_next != GM_STATE_PLAYING;
    BinContinue *cont = NULL;

    el->last_return = ret;
    if (commit)
        el->current_state = old_next;
    if (pending == el->current_state || !GM_BIN_IS_TOPLEVEL(bin)) {
        pending = GM_STATE_VOID_PENDING;
        el->next_state = GM_STATE_VOID_PENDING;
    } else {
        cont  = gm_new0(BinContinue, 1);
        *cont = (BinContinue){ el->state_cookie, pending };
        el->last_return = GM_STATE_CHANGE_ASYNC;
        el->next_state  = gm_state_get_next(old_state, pending);
    }
    el->pending_state = pending;
    GM_OBJECT_UNLOCK(bin);
    if (commit && (old_state != old_next || old_ret == GM_STATE_CHANGE_ASYNC))
        gm_element_state_changed(el, old_state, old_next, pending);
    gm_element_post_message(el, gm_message_new_async_done(GM_OBJECT(bin), running_time));
    if (cont != NULL)
        gm_element_call_async(el, bin_continue, cont, gm_free);
    GM_OBJECT_LOCK(bin);
    if (cont == NULL)
        GM_STATE_BROADCAST(el);
}

GmStateChangeReturn gm_bin_set_state(GmElement *el, GmState state)
{
    GmStateChangeReturn ret = gm_element_class.set_state(el, state);

    // Nothing of this bin runs after NULL. The limit is for a caller who holds the state lock,
    // which that thread may be waiting for.
    if (state == GM_STATE_NULL)
        gm_element_call_async_wait(el, bin_continue, gm_sync_now() + 50 * GM_MSECOND);
    return ret;
}

// ---- changing ---------------------------------------------------------------------------

// Whether child is where it should go already, or beyond, or on the way there.
static bool bin_child_unneeded(GmState current, GmState pending, GmState from, GmState next)
{
    int way = next > from ? 1 : next < from ? -1 : 0;

    if (pending == GM_STATE_VOID_PENDING && current == next)
        return true;
    if (way == 0)
        return false;
    int beyond = ((int)current - (int)next) * way;
    bool moving_on = pending != GM_STATE_VOID_PENDING &&
                     ((int)pending - (int)current) * way > 0;
    return moving_on ? beyond >= 0 : beyond > 0;
}

static GmStateChangeReturn bin_child_set_state(GmBin *bin, GmElement *child, GmState from,
                                               GmState next)
{
    GmElement *el = GM_ELEMENT(bin);
    GmClockTime start_time = gm_element_get_start_time(el);
    GmClockTimeDiff base_time = (GmClockTimeDiff)gm_element_get_base_time(el);

    GM_STATE_LOCK(child);
    GM_OBJECT_LOCK(child);
    child->start_time = start_time;
    child->base_time  = base_time;
    bool locked = GM_ELEMENT_IS_LOCKED_STATE(child);
    GmStateChangeReturn ret = child->last_return;
    GmState current = child->current_state, pending = child->pending_state;
    GM_OBJECT_UNLOCK(child);

    if (locked) {
        ret = ret == GM_STATE_CHANGE_FAILURE ? GM_STATE_CHANGE_SUCCESS : ret;
    } else if (ret != GM_STATE_CHANGE_NO_PREROLL && !GM_IS_BIN(child) &&
               bin_child_unneeded(current, pending, from, next)) {
        ret = current == next && pending == GM_STATE_VOID_PENDING ? ret : GM_STATE_CHANGE_SUCCESS;
    } else {
        GM_OBJECT_LOCK(bin);
        bool busy = ret != GM_STATE_CHANGE_NO_PREROLL && next > from &&
                    gm_bin_find_message(bin, GM_OBJECT(child), GM_MESSAGE_ASYNC_START) != NULL;
        GM_OBJECT_UNLOCK(bin);
        ret = busy ? GM_STATE_CHANGE_ASYNC : gm_element_set_state(child, next);
    }
    GM_STATE_UNLOCK(child);
    return ret;
}

static void bin_undo(GmBin *bin, GmState state)
{
    GmList *sorted = gm_bin_copy_sorted(bin, NULL);

    for (GmList *l = sorted; l != NULL; l = l->next)
        gm_element_set_state(l->data, state);
    gm_list_free_full(sorted, gm_object_unref);
}

// All children from sinks to sources; again from the start when the structure changes.
static GmStateChangeReturn bin_children_set_state(GmBin *bin, GmState from, GmState next)
{
    bool async = false, no_preroll, failed, again;

    do {
        uint32_t cookie;
        GmList *sorted = gm_bin_copy_sorted(bin, &cookie);
        no_preroll = failed = again = false;
        for (GmList *l = sorted; l != NULL && !failed && !again; l = l->next) {
            GmStateChangeReturn ret = bin_child_set_state(bin, l->data, from, next);
            GM_DEBUG_OBJECT(bin, "child %s to %s: %s", GM_ELEMENT_NAME(l->data),
                            gm_element_state_get_name(next),
                            gm_element_state_change_return_get_name(ret));
            async      |= ret == GM_STATE_CHANGE_ASYNC;
            no_preroll |= ret == GM_STATE_CHANGE_NO_PREROLL;
            // The failure of a child that has been removed meanwhile is nobody's.
            failed = ret == GM_STATE_CHANGE_FAILURE &&
                     gm_object_has_as_parent(l->data, GM_OBJECT(bin));
            GM_OBJECT_LOCK(bin);
            again = cookie != bin->structure_cookie;
            GM_OBJECT_UNLOCK(bin);
        }
        gm_list_free_full(sorted, gm_object_unref);
    } while (again && !failed);
    if (failed) {
        if (next > from)
            bin_undo(bin, from);
        return GM_STATE_CHANGE_FAILURE;
    }
    return no_preroll ? GM_STATE_CHANGE_NO_PREROLL
           : async    ? GM_STATE_CHANGE_ASYNC
                      : GM_STATE_CHANGE_SUCCESS;
}

static bool bin_activate_pad(GmElement *el, GmPad *pad, void *active)
{
    return gm_pad_set_active(pad, active != NULL) ||
           !gm_object_has_as_parent(GM_OBJECT(pad), GM_OBJECT(el));
}

// What comes before the children. False: a pad of ours refused.
static bool bin_prepare(GmBin *bin, GmState from, GmState next)
{
    GmElement *el = GM_ELEMENT(bin);
    bool up = next == GM_STATE_PAUSED && from == GM_STATE_READY;

    if (next == GM_STATE_PLAYING) {
        GM_OBJECT_LOCK(bin);
        bool toplevel = GM_BIN_IS_TOPLEVEL(bin), asynchandling = bin->asynchandling;
        GM_OBJECT_UNLOCK(bin);
        if (toplevel)
            gm_bin_recalculate_latency(bin);
        if (asynchandling)
            gm_element_post_message(el, gm_message_new_latency(GM_OBJECT(bin)));
        return true;
    }
    GM_OBJECT_LOCK(bin);
    if (next == GM_STATE_PAUSED) {
        gm_bin_remove_messages(bin, NULL, GM_MESSAGE_EOS | (up ? GM_MESSAGE_STREAM_START : 0));
        bin->posted_eos = false;
    } else {
        gm_bin_remove_messages(bin, NULL, GM_MESSAGE_ANY);
    }
    GM_OBJECT_UNLOCK(bin);
    // Our source pads first: ghost pads must be open before data comes.
    if (up || next == GM_STATE_READY || (next == GM_STATE_NULL && from == GM_STATE_READY))
        return gm_element_foreach_src_pad(el, bin_activate_pad, up ? bin : NULL);
    return true;
}

GmStateChangeReturn gm_bin_change_state(GmElement *el, GmStateChange transition)
{
    GmBin *bin = GM_BIN(el);
    GmState from = GM_STATE_TRANSITION_CURRENT(transition);
    GmState next = GM_STATE_TRANSITION_NEXT(transition);

    if (!bin_prepare(bin, from, next))
        return GM_STATE_CHANGE_FAILURE;
    GM_OBJECT_LOCK(bin);
    bin->polling = true;
    GM_OBJECT_UNLOCK(bin);

    GmStateChangeReturn ret = bin_children_set_state(bin, from, next);
    if (ret != GM_STATE_CHANGE_FAILURE) {
        GmStateChangeReturn own = gm_element_class.change_state(el, transition);
        if (own == GM_STATE_CHANGE_FAILURE || ret == GM_STATE_CHANGE_SUCCESS)
            ret = own;
    }

    GM_OBJECT_LOCK(bin);
    bin->polling = false;
    // The children that were asynchronous may have finished before we had asked the last one.
    if ((ret == GM_STATE_CHANGE_ASYNC || bin->pending_async_done) &&
        el->target_state > GM_STATE_READY &&
        gm_bin_find_message(bin, NULL, GM_MESSAGE_ASYNC_START) == NULL) {
        gm_bin_remove_messages(bin, NULL, GM_MESSAGE_ASYNC_DONE);
        gm_bin_async_done(bin, GM_STATE_CHANGE_SUCCESS, false, GM_CLOCK_TIME_NONE);
    }
    bin->pending_async_done = false;
    GM_OBJECT_UNLOCK(bin);
    return ret;
}

bool gm_bin_sync_children_states(GmBin *bin)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return false;
    GmList *sorted = gm_bin_copy_sorted(bin, NULL);
    bool ok = true;

    for (GmList *l = sorted; l != NULL && ok; l = l->next)
        ok = gm_element_sync_state_with_parent(l->data);
    gm_list_free_full(sorted, gm_object_unref);
    return ok;
}
