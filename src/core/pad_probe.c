// SPDX-License-Identifier: MIT
//
// pad_probe: callbacks on what passes a pad, and pads that are blocked by them.
//
// Probes stand in a list in the order they were added, with growing ids. A probe that is being
// called has a reference besides the list's, so that it may be removed meanwhile: it stays in
// the list, marked, until nobody stands on it.
// Read next: pad_push.c and pad_event.c, which run probes at fixed stages.
#include <stdlib.h>

#include "core/event.h"
#include "core/pad_priv.h"
#include "core/query.h"
#include "core/util.h"

#define PROBE_DATA_TYPES ((unsigned)GM_PAD_PROBE_TYPE_ALL_BOTH | GM_PAD_PROBE_TYPE_EVENT_FLUSH)

typedef struct GmPadProbe Probe;
struct GmPadProbe {
    Probe        *next;
    unsigned long id;
    unsigned      mask;
    int           refs;
    bool          removed;
    bool          idle_called; // by some thread right now: another that finds the pad idle does not
    GmPadProbeCallback callback;
    void         *data;
    GmDestroyNotify destroy;
};

// One walk over the probes of a pad, perhaps several times as the list changes.
typedef struct {
    GmPadProbeInfo *info;
    unsigned long   last_id; // ids grow along the list: those up to here have been called
    bool matched, pass, dropped, handled;
} ProbeWalk;

// The last reference frees the probe. Drops the lock for the destroy function: the caller has a
// reference to whatever it goes on with.
static void pad_probe_unref(GmPad *pad, Probe *probe)
{
    if (--probe->refs > 0)
        return;
    Probe **link = &pad->probes;
    while (*link != probe)
        link = &(*link)->next;
    *link = probe->next;
    if (pad->probes == NULL)
        GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_HAS_PROBES);
    if (probe->destroy != NULL) {
        GM_OBJECT_UNLOCK(pad);
        probe->destroy(probe->data);
        GM_OBJECT_LOCK(pad);
    }
    free(probe);
}

static void pad_probe_remove(GmPad *pad, Probe *probe)
{
    if (probe->removed)
        return;
    probe->removed = true;
    if (probe->mask & GM_PAD_PROBE_TYPE_BLOCKING) {
        if (--pad->num_blocked == 0)
            GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_BLOCKED);
        gm_cond_broadcast(&pad->block_cond);
    }
    pad_probe_unref(pad, probe);
}

// The first probe from `probe` on that is not removed, with a reference; gives `prev` back.
static Probe *pad_probe_step(GmPad *pad, Probe *prev)
{
    Probe *probe = prev != NULL ? prev->next : pad->probes;
    while (probe != NULL && probe->removed)
        probe = probe->next;
    if (probe != NULL)
        probe->refs++;
    if (prev != NULL)
        pad_probe_unref(pad, prev);
    return probe;
}

void gm_pad_clear_probes(GmPad *pad)
{
    for (Probe *p = pad_probe_step(pad, NULL); p != NULL; p = pad_probe_step(pad, p))
        pad_probe_remove(pad, p);
}

// Calls an idle probe that was just added to a pad that is idle. False: it is gone again.
static bool pad_probe_idle_now(GmPad *pad, Probe *probe)
{
    GmPadProbeInfo info = { .type = GM_PAD_PROBE_TYPE_IDLE, .id = probe->id };

    gm_object_ref(pad);
    pad->idle_running++;
    probe->refs++;
    probe->idle_called = true;
    GM_OBJECT_UNLOCK(pad);
    GmPadProbeReturn ret = probe->callback(pad, &info, probe->data);
    GM_OBJECT_LOCK(pad);
    probe->idle_called = false;
    if (ret == GM_PAD_PROBE_REMOVE)
        pad_probe_remove(pad, probe);
    pad_probe_unref(pad, probe);
    if (--pad->idle_running == 0)
        gm_cond_broadcast(&pad->block_cond);
    GM_OBJECT_UNLOCK(pad);
    gm_object_unref(pad);
    return ret != GM_PAD_PROBE_REMOVE;
}

unsigned long gm_pad_add_probe(GmPad *pad, GmPadProbeType mask, GmPadProbeCallback callback,
                               void *user_data, GmDestroyNotify destroy)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(mask != 0)) return 0;
    unsigned bits = mask;
    if ((bits & PROBE_DATA_TYPES) == 0)
        bits |= GM_PAD_PROBE_TYPE_ALL_BOTH;
    if ((bits & GM_PAD_PROBE_TYPE_SCHEDULING) == 0)
        bits |= GM_PAD_PROBE_TYPE_SCHEDULING;
    Probe *probe = gm_malloc0(sizeof *probe);
    *probe = (Probe){ .mask = bits, .refs = 1, .callback = callback, .data = user_data,
                      .destroy = destroy };
    GM_OBJECT_LOCK(pad);
    unsigned long id = probe->id = ++pad->probes_cookie;
    Probe **link = &pad->probes;
    while (*link != NULL)
        link = &(*link)->next;
    *link = probe;
    GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_HAS_PROBES);
    if (bits & GM_PAD_PROBE_TYPE_BLOCKING) {
        pad->num_blocked++;
        GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_BLOCKED);
        // Who is held up here calls the new probe too.
        gm_cond_broadcast(&pad->block_cond);
    }
    if ((bits & GM_PAD_PROBE_TYPE_IDLE) && callback != NULL && pad->in_use == 0)
        return pad_probe_idle_now(pad, probe) ? id : 0;
    pad->idle_waiting |= (bits & GM_PAD_PROBE_TYPE_IDLE) != 0;
    GM_OBJECT_UNLOCK(pad);
    return id;
}

void gm_pad_remove_probe(GmPad *pad, unsigned long id)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return;
    GM_OBJECT_LOCK(pad);
    Probe *probe = pad->probes;
    while (probe != NULL && (probe->id != id || probe->removed))
        probe = probe->next;
    if (probe != NULL)
        pad_probe_remove(pad, probe);
    GM_OBJECT_UNLOCK(pad);
    if (probe == NULL)
        gm_critical(__func__, "pad %p has no probe with id %lu", (void *)pad, id);
}

static bool pad_probe_matches(unsigned mask, unsigned type)
{
    const unsigned blocking = GM_PAD_PROBE_TYPE_BLOCKING;

    if ((mask & GM_PAD_PROBE_TYPE_SCHEDULING & type) == 0)
        return false;
    // Idle stages carry no data, and what is pulled is not there yet when a pull is blocked.
    unsigned dataless =
        (type & GM_PAD_PROBE_TYPE_PUSH) ? (unsigned)GM_PAD_PROBE_TYPE_IDLE : blocking;
    if ((type & dataless) == 0 && (mask & PROBE_DATA_TYPES & type) == 0)
        return false;
    if ((type & blocking) ? (mask & blocking & type) == 0 : (mask & blocking) != 0)
        return false;
    return !(type & GM_PAD_PROBE_TYPE_EVENT_FLUSH) || (mask & GM_PAD_PROBE_TYPE_EVENT_FLUSH);
}

static void pad_probe_call(GmPad *pad, Probe *probe, ProbeWalk *walk)
{
    GmPadProbeInfo *info = walk->info;
    const void *before = info->data;

    if (walk->handled || walk->dropped || !pad_probe_matches(probe->mask, info->type))
        return;
    if (probe->id <= walk->last_id || probe->callback == NULL) {
        walk->matched = true;
        return;
    }
    bool idle = probe->mask & GM_PAD_PROBE_TYPE_IDLE;
    if (probe->idle_called && (info->type & GM_PAD_PROBE_TYPE_IDLE))
        return;
    walk->last_id = info->id = probe->id;
    probe->idle_called |= idle;
    pad->idle_running += idle;
    GM_OBJECT_UNLOCK(pad);
    GmPadProbeReturn ret = probe->callback(pad, info, probe->data);
    GM_OBJECT_LOCK(pad);
    pad->idle_running -= idle;
    probe->idle_called &= !idle;
    if (idle && pad->idle_running == 0)
        gm_cond_broadcast(&pad->block_cond);
    walk->matched |= ret != GM_PAD_PROBE_REMOVE;
    walk->handled = ret == GM_PAD_PROBE_HANDLED;
    walk->pass |= ret == GM_PAD_PROBE_PASS;
    // A callback that took the data away has dropped it, whatever it says.
    walk->dropped = ret == GM_PAD_PROBE_DROP ||
                    (!walk->handled && before != NULL && info->data == NULL);
    if (ret == GM_PAD_PROBE_REMOVE)
        pad_probe_remove(pad, probe);
}

static bool pad_probe_serialized(const GmPadProbeInfo *info)
{
    if (info->type & (GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GM_PAD_PROBE_TYPE_EVENT_FLUSH))
        return GM_EVENT_IS_SERIALIZED((GmEvent *)info->data);
    if (info->type & GM_PAD_PROBE_TYPE_QUERY_DOWNSTREAM)
        return GM_QUERY_IS_SERIALIZED((GmQuery *)info->data);
    return info->type & (GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_BUFFER_LIST);
}

// Waits for somebody to unblock, flush or change the probes of the pad. False: it flushes.
static bool pad_probe_wait(GmPad *pad, GmWaitReason reason)
{
    GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_BLOCKING);
    gm_cond_wait(&pad->block_cond, GM_OBJECT_GET_LOCK(pad), reason, pad);
    GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_BLOCKING);
    return !GM_PAD_IS_FLUSHING(pad);
}

static GmFlowReturn pad_probe_walk(GmPad *pad, ProbeWalk *walk)
{
    GmPadProbeInfo *info = walk->info;
    bool block = info->type & GM_PAD_PROBE_TYPE_BLOCK;

    while (block && pad->idle_running > 0 && pad_probe_serialized(info))
        if (!pad_probe_wait(pad, GM_WAIT_IDLE))
            return GM_FLOW_FLUSHING;
    for (;;) {
        unsigned cookie = pad->probes_cookie;
        walk->matched = false;
        for (Probe *p = pad_probe_step(pad, NULL); p != NULL; p = pad_probe_step(pad, p))
            pad_probe_call(pad, p, walk);
        if (cookie != pad->probes_cookie)
            continue; // probes were added meanwhile: they see this too
        if (walk->dropped)
            return GM_FLOW_CUSTOM_SUCCESS;
        if (walk->handled)
            return GM_FLOW_CUSTOM_SUCCESS_1;
        if (walk->pass || !block || !walk->matched)
            return GM_FLOW_OK;
        do {
            if (!GM_PAD_IS_BLOCKED(pad))
                return GM_FLOW_OK;
            if (GM_PAD_IS_FLUSHING(pad))
                return GM_FLOW_FLUSHING;
            bool ok = pad_probe_wait(pad, GM_WAIT_BLOCKED_PAD);
            if (!ok && cookie == pad->probes_cookie)
                return GM_FLOW_FLUSHING;
        } while (cookie == pad->probes_cookie);
    }
}

GmFlowReturn gm_pad_run_probes(GmPad *pad, GmPadProbeType type, void *data, uint64_t offset,
                               unsigned size, GmFlowReturn *flow_ret)
{
    void **item = data;
    GmPadProbeInfo info = { type, 0, item != NULL ? *item : NULL, offset, size, GM_FLOW_OK };
    ProbeWalk walk = { .info = &info };

    if (pad->probes == NULL)
        return GM_FLOW_OK;
    GmFlowReturn ret = pad_probe_walk(pad, &walk);
    if (item != NULL)
        *item = ret == GM_FLOW_CUSTOM_SUCCESS_1 ? NULL : info.data;
    if (flow_ret != NULL)
        *flow_ret = info.flow_ret;
    return ret;
}

_Thread_local unsigned gm_pad_depth;

void gm_pad_leave_peer(GmPad *pad, GmPad *peer, GmPadProbeType direction)
{
    gm_pad_depth--;
    gm_object_unref(peer);
    GM_OBJECT_LOCK(pad);
    if (--pad->in_use > 0 || GM_LIKELY(pad->probes == NULL) || (!direction && !pad->idle_waiting))
        return;
    pad->idle_waiting = false;
    pad_probe(pad, (direction ? (unsigned)direction : GM_PAD_PROBE_TYPE_PUSH) |
                       GM_PAD_PROBE_TYPE_IDLE, NULL);
}

bool gm_pad_is_blocked(GmPad *pad)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) && GM_PAD_IS_BLOCKED(pad);
}

bool gm_pad_is_blocking(GmPad *pad)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) && GM_PAD_IS_BLOCKING(pad) && !GM_PAD_IS_FLUSHING(pad);
}

GmEvent *gm_pad_probe_info_get_event(GmPadProbeInfo *info)
{
    return GM_REQUIRE(info->type & GM_PAD_PROBE_TYPE_EVENT_BOTH) ? info->data : NULL;
}

GmQuery *gm_pad_probe_info_get_query(GmPadProbeInfo *info)
{
    return GM_REQUIRE(info->type & GM_PAD_PROBE_TYPE_QUERY_BOTH) ? info->data : NULL;
}

GmBuffer *gm_pad_probe_info_get_buffer(GmPadProbeInfo *info)
{
    return GM_REQUIRE(info->type & GM_PAD_PROBE_TYPE_BUFFER) ? info->data : NULL;
}

GmBufferList *gm_pad_probe_info_get_buffer_list(GmPadProbeInfo *info)
{
    return GM_REQUIRE(info->type & GM_PAD_PROBE_TYPE_BUFFER_LIST) ? info->data : NULL;
}
