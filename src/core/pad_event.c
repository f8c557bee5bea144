// SPDX-License-Identifier: MIT
//
// pad_event: events over a link, and the sticky events that stay on the pad.
//
//     push_event (src): store ─► peer: probes ─► accept caps? ─► event function ─► store
//
// The sticky events of a pad stand in the order in which they must be sent: stream-start, caps,
// segment, the others, eos. The source side remembers which of them the peer has `received`
// and sends the rest before the next serialized event, query or buffer: so a late link, or a
// peer that comes back from a flush, gets what it missed.
// Read next: pad_push.c, core/event.h.
#include <stdlib.h>
#include <string.h>

#include "core/caps.h"
#include "core/event.h"
#include "core/pad_priv.h"
#include "core/segment.h"
#include "core/util.h"

// ---- the sticky store (object lock held) -------------------------------------------------

static void pad_events_changed(GmPad *pad)
{
    pad->events_cookie++;
    GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_EVENTS_CHANGED);
}

static void pad_event_insert(GmPad *pad, unsigned at, GmEvent *event, unsigned order)
{
    if (pad->n_events == pad->events_room) {
        pad->events_room = pad->events_room ? 2 * pad->events_room : 8;
        pad->events = gm_realloc(pad->events, pad->events_room * sizeof *pad->events);
    }
    memmove(&pad->events[at + 1], &pad->events[at], (pad->n_events - at) * sizeof *pad->events);
    pad->events[at] = (GmPadEvent){ gm_event_ref(event), order, false };
    pad->n_events++;
}

static void pad_event_remove(GmPad *pad, unsigned at)
{
    gm_event_unref(pad->events[at].event);
    pad->n_events--;
    memmove(&pad->events[at], &pad->events[at + 1], (pad->n_events - at) * sizeof *pad->events);
    pad_events_changed(pad);
}

static void pad_events_remove_type(GmPad *pad, GmEventType type)
{
    for (unsigned i = pad->n_events; i > 0; i--)
        if (GM_EVENT_TYPE(pad->events[i - 1].event) == type)
            pad_event_remove(pad, i - 1);
}

GmPadEvent *gm_pad_find_event(GmPad *pad, unsigned type, unsigned idx)
{
    for (unsigned i = 0; i < pad->n_events; i++)
        if ((unsigned)GM_EVENT_TYPE(pad->events[i].event) == type && idx-- == 0)
            return &pad->events[i];
    return NULL;
}

GmCaps *gm_pad_peek_caps(GmPad *pad)
{
    GmPadEvent *ev = gm_pad_find_event(pad, GM_EVENT_CAPS, 0);
    GmCaps *caps = NULL;

    if (ev != NULL)
        gm_event_parse_caps(ev->event, &caps);
    return caps;
}

static void pad_notify_caps(GmPad *pad)
{
    GM_OBJECT_UNLOCK(pad);
    gm_object_notify(pad, "caps");
    GM_OBJECT_LOCK(pad);
}

void gm_pad_clear_events(GmPad *pad)
{
    bool had_caps = gm_pad_find_event(pad, GM_EVENT_CAPS, 0) != NULL;

    while (pad->n_events > 0)
        pad_event_remove(pad, pad->n_events - 1);
    GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_PENDING_EVENTS);
    pad_events_changed(pad);
    if (had_caps)
        pad_notify_caps(pad);
}

void gm_pad_resend_events(GmPad *srcpad, GmPad *sinkpad)
{
    for (unsigned i = 0; i < srcpad->n_events; i++) {
        GmPadEvent *ev = &srcpad->events[i];
        bool there = false;
        for (unsigned j = 0; sinkpad != NULL && j < sinkpad->n_events; j++)
            there |= sinkpad->events[j].event == ev->event;
        if (!there) {
            ev->received = false;
            GM_OBJECT_FLAG_SET(srcpad, GM_PAD_FLAG_PENDING_EVENTS);
        }
    }
    srcpad->events_cookie++; // who sends one of them right now to the peer of before starts again
}

// A new stream may follow on an ended one: what described the end goes.
static void pad_events_restart(GmPad *pad)
{
    pad_events_remove_type(pad, GM_EVENT_EOS);
    pad_events_remove_type(pad, GM_EVENT_STREAM_GROUP_DONE);
    GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_EOS);
}

static void pad_events_flush_stop(GmPad *pad)
{
    GM_PAD_UNSET_FLUSHING(pad);
    pad_events_restart(pad);
    pad_events_remove_type(pad, GM_EVENT_SEGMENT);
    pad->last_flowret = GM_FLOW_OK;
}

typedef bool (*PadEventVisit)(GmPad *pad, GmPadEvent *ev, void *data);

// Visits the sticky events with a copy that the visitor may change; it may drop the lock. If
// the store has changed meanwhile the walk starts again.
static void pad_events_foreach(GmPad *pad, PadEventVisit visit, void *data)
{
    bool more = true;

    for (unsigned i = 0; more && i < pad->n_events; i++) {
        unsigned cookie = pad->events_cookie;
        GmPadEvent copy = pad->events[i];
        gm_event_ref(copy.event);
        more = visit(pad, &copy, data);
        if (cookie != pad->events_cookie) {
            if (copy.event != NULL)
                gm_event_unref(copy.event);
            i = UINT_MAX; // from the start
            more = true;
        } else if (copy.event == NULL) {
            pad_event_remove(pad, i--);
        } else {
            gm_event_unref(pad->events[i].event);
            pad->events[i] = copy;
        }
    }
}

// Where to put an event: replaces one of its kind (*same) or stands before the later ones.
static unsigned pad_event_place(GmPad *pad, GmEvent *event, unsigned order, bool *same)
{
    GmEventType type = GM_EVENT_TYPE(event);
    const GmStructure *s = (type & GM_EVENT_TYPE_STICKY_MULTI) ? gm_event_get_structure(event)
                                                               : NULL;
    unsigned i = 0;

    for (*same = false; i < pad->n_events; i++) {
        GmPadEvent *ev = &pad->events[i];
        GmEventType other = GM_EVENT_TYPE(ev->event);
        if (other == type) {
            if (s != NULL && !gm_event_has_name(ev->event, gm_structure_get_name(s)))
                continue;
            *same = true;
            break;
        }
        if (order >= ev->order && other != GM_EVENT_EOS)
            continue;
        if (ev->order <= gm_event_type_to_sticky_ordering(GM_EVENT_SEGMENT) ||
            other == GM_EVENT_EOS)
            gm_critical("gm_pad_store_sticky_event",
                        "<%s:%s> Sticky event misordering, got '%s' before '%s'",
                        GM_DEBUG_PAD_NAME(pad), gm_event_type_get_name(other),
                        gm_event_type_get_name(type));
        break;
    }
    return i;
}

// May drop the lock to notify caps.
static GmFlowReturn pad_event_store(GmPad *pad, GmEvent *event)
{
    GmEventType type = GM_EVENT_TYPE(event);
    unsigned order = gm_event_type_to_sticky_ordering(type);
    bool same;

    if (pad->mode == GM_PAD_MODE_NONE ||
        (GM_PAD_IS_FLUSHING(pad) && (type == GM_EVENT_SEGMENT || type == GM_EVENT_EOS)))
        return GM_FLOW_FLUSHING;
    if (type == GM_EVENT_STREAM_START) {
        pad_events_restart(pad);
        pad_events_remove_type(pad, GM_EVENT_TAG);
    }
    if (GM_PAD_IS_EOS(pad))
        return GM_FLOW_EOS;
    unsigned at = pad_event_place(pad, event, order, &same);
    bool changed = !same || pad->events[at].event != event;
    if (same && changed) {
        gm_event_unref(pad->events[at].event);
        pad->events[at] = (GmPadEvent){ gm_event_ref(event), order, false };
    } else if (!same) {
        pad_event_insert(pad, at, event, order);
    }
    if (changed) {
        pad_events_changed(pad);
        if (GM_PAD_IS_SRC(pad)) // a sink pad has nobody to send it to
            GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_PENDING_EVENTS);
        if (type == GM_EVENT_CAPS)
            pad_notify_caps(pad);
    }
    if (type == GM_EVENT_EOS) {
        GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_EOS);
        pad->last_flowret = GM_FLOW_EOS;
    }
    return GM_PAD_IS_FLUSHING(pad) ? GM_FLOW_FLUSHING : GM_FLOW_OK;
}

// ---- sending -------------------------------------------------------------------------------

// Moves what the event says about running time by the pad's offset. Takes and gives the event.
static GmEvent *pad_event_offset(GmEvent *event, bool upstream, int64_t offset)
{
    if (GM_LIKELY(offset == 0))
        return event;
    if (GM_EVENT_TYPE(event) == GM_EVENT_SEGMENT) {
        GmSegment segment;
        gm_event_copy_segment(event, &segment);
        gm_segment_offset_running_time(&segment, segment.format, offset);
        GmEvent *moved = gm_event_new_segment(&segment);
        gm_event_set_seqnum(moved, gm_event_get_seqnum(event));
        gm_event_set_running_time_offset(moved, gm_event_get_running_time_offset(event));
        gm_event_unref(event);
        event = moved;
    }
    event = gm_event_make_writable(event);
    gm_event_set_running_time_offset(event, gm_event_get_running_time_offset(event) +
                                                (upstream ? -offset : offset));
    return event;
}

// What an event type does to the pad it arrives at; takes the stream lock if it travels with
// the data (*streaming). Object lock held, dropped meanwhile.
static GmFlowReturn pad_event_arrives(GmPad *pad, GmEvent *event, unsigned *probe_type,
                                      bool *streaming)
{
    GmEventType type = GM_EVENT_TYPE(event);

    if (type == GM_EVENT_FLUSH_STOP) {
        if (!GM_PAD_IS_ACTIVE(pad))
            return GM_FLOW_FLUSHING;
        pad_events_flush_stop(pad);
    } else {
        if (type == GM_EVENT_RECONFIGURE && GM_PAD_IS_SRC(pad))
            GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_NEED_RECONFIGURE);
        if (GM_PAD_IS_FLUSHING(pad))
            return GM_FLOW_FLUSHING;
        if (type == GM_EVENT_FLUSH_START) {
            GM_PAD_SET_FLUSHING(pad);
            gm_cond_broadcast(&pad->block_cond);
            *probe_type |= GM_PAD_PROBE_TYPE_EVENT_FLUSH;
        }
        if (GM_PAD_IS_SRC(pad) || !GM_EVENT_IS_SERIALIZED(event))
            return GM_FLOW_OK;
    }
    GM_OBJECT_UNLOCK(pad);
    GM_PAD_STREAM_LOCK(pad);
    *streaming = true;
    GM_OBJECT_LOCK(pad);
    if (GM_PAD_IS_FLUSHING(pad))
        return GM_FLOW_FLUSHING;
    if (type == GM_EVENT_STREAM_START) {
        pad_events_restart(pad);
        pad_events_remove_type(pad, GM_EVENT_TAG);
    }
    return type != GM_EVENT_FLUSH_STOP && GM_PAD_IS_EOS(pad) ? GM_FLOW_EOS : GM_FLOW_OK;
}

// Calls the event function and stores a sticky event that it has accepted. No object lock.
static GmFlowReturn pad_event_deliver(GmPad *pad, GmObject *parent, GmEvent *event)
{
    GmEventType type = GM_EVENT_TYPE(event);
    bool sticky = GM_EVENT_IS_STICKY(event);
    GmFlowReturn ret = GM_FLOW_OK;

    if (type == GM_EVENT_CAPS) {
        GmCaps *caps;
        gm_event_parse_caps(event, &caps);
        if (!gm_pad_query_accept_caps(pad, caps)) {
            gm_event_unref(event);
            return GM_FLOW_NOT_NEGOTIATED;
        }
    }
    if (sticky)
        gm_event_ref(event);
    if (pad->eventfullfunc != NULL)
        ret = pad->eventfullfunc(pad, parent, event);
    else if (!pad->eventfunc(pad, parent, event))
        ret = type == GM_EVENT_CAPS ? GM_FLOW_NOT_NEGOTIATED : GM_FLOW_ERROR;
    if (sticky) {
        if (ret == GM_FLOW_OK) {
            GM_OBJECT_LOCK(pad);
            ret = pad_event_store(pad, event);
            GM_OBJECT_UNLOCK(pad);
        }
        gm_event_unref(event);
    }
    return ret;
}

static GmFlowReturn pad_send_event(GmPad *pad, GmEvent *event, unsigned probe_type)
{
    GmObject *parent = NULL;
    bool streaming = false, upstream = GM_PAD_IS_SRC(pad);

    GM_OBJECT_LOCK(pad);
    int64_t offset = pad->offset;
    event = pad_event_offset(event, upstream, offset);
    GmFlowReturn ret = pad_event_arrives(pad, event, &probe_type, &streaming);
    unsigned push = probe_type | GM_PAD_PROBE_TYPE_PUSH;
    if (ret == GM_FLOW_OK)
        ret = pad_probe(pad, push | GM_PAD_PROBE_TYPE_BLOCK, &event);
    if (ret == GM_FLOW_OK)
        ret = pad_probe(pad, push, &event);
    if (ret == GM_FLOW_OK) {
        event = pad_event_offset(event, upstream, pad->offset - offset);
        if (pad->eventfunc == NULL && pad->eventfullfunc == NULL)
            ret = GM_FLOW_NOT_SUPPORTED;
        else if (!pad_acquire_parent(pad, &parent))
            ret = GM_FLOW_FLUSHING;
    }
    GM_OBJECT_UNLOCK(pad);
    if (ret == GM_FLOW_OK) {
        ret = pad_event_deliver(pad, parent, event);
        pad_release_parent(parent);
    } else {
        if (event != NULL)
            gm_event_unref(event);
        if (ret == GM_FLOW_CUSTOM_SUCCESS || ret == GM_FLOW_CUSTOM_SUCCESS_1)
            ret = GM_FLOW_OK; // a probe dropped or handled it
    }
    if (streaming)
        GM_PAD_STREAM_UNLOCK(pad);
    return ret;
}

typedef struct {
    GmFlowReturn ret;
    bool         was_eos;
    GmEvent     *event; // the event on whose behalf the others are sent, or NULL
} StickyPush;

static GmFlowReturn pad_push_event(GmPad *pad, GmEvent *event, unsigned probe_type);

static bool pad_push_sticky(GmPad *pad, GmPadEvent *ev, void *data)
{
    StickyPush *push = data;
    GmEventType type = GM_EVENT_TYPE(ev->event);

    if (ev->received)
        return true;
    unsigned limit = push->event != NULL && GM_EVENT_IS_STICKY(push->event)
                         ? gm_event_type_to_sticky_ordering(GM_EVENT_TYPE(push->event))
                         : UINT_MAX;
    if (limit <= gm_event_type_to_sticky_ordering(GM_EVENT_SEGMENT) && limit < ev->order)
        push->ret = GM_FLOW_CUSTOM_SUCCESS; // its turn comes after that event
    else
        push->ret = pad_push_event(pad, gm_event_ref(ev->event),
                                   GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
    if (push->ret == GM_FLOW_OK) {
        ev->received = true;
    } else if (push->ret == GM_FLOW_NOT_LINKED && type != GM_EVENT_EOS) {
        // Not an error here: a link will send everything again.
        push->ret = GM_FLOW_OK;
        ev->received = true;
    } else if (push->ret != GM_FLOW_NOT_LINKED) {
        GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_PENDING_EVENTS);
        // HANDLED by a probe counts as sent, DROP as still to do; neither stops the others.
        ev->received = push->ret == GM_FLOW_CUSTOM_SUCCESS_1;
        if (push->ret == GM_FLOW_CUSTOM_SUCCESS || push->ret == GM_FLOW_CUSTOM_SUCCESS_1)
            push->ret = GM_FLOW_OK;
    }
    if (push->ret != GM_FLOW_OK && type == GM_EVENT_EOS)
        push->was_eos = true;
    return push->ret == GM_FLOW_OK;
}

GmFlowReturn gm_pad_check_sticky(GmPad *pad, GmEvent *event)
{
    StickyPush push = { GM_FLOW_OK, false, event };

    if (GM_LIKELY(!GM_PAD_HAS_PENDING_EVENTS(pad)))
        return GM_FLOW_OK;
    GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_PENDING_EVENTS);
    pad_events_foreach(pad, pad_push_sticky, &push);
    if (push.ret != GM_FLOW_OK && !push.was_eos) {
        // Whatever went wrong with caps or segment, downstream must learn that the stream ends.
        GmPadEvent *eos = gm_pad_find_event(pad, GM_EVENT_EOS, 0);
        if (eos != NULL && !eos->received) {
            push.ret = pad_push_event(pad, gm_event_ref(eos->event),
                                      GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
            if (push.ret == GM_FLOW_CUSTOM_SUCCESS)
                push.ret = GM_FLOW_OK;
        }
    }
    return push.ret;
}

static bool pad_push_sticky_before(GmPad *pad, GmPadEvent *ev, void *data)
{
    StickyPush *push = data;
    bool before = ev->order < gm_event_type_to_sticky_ordering(GM_EVENT_TYPE(push->event));

    return ev->event == push->event || !before || pad_push_sticky(pad, ev, data);
}

// A probe may have stored or dropped events: sends those that belong before `event`.
static void pad_push_earlier(GmPad *pad, GmEvent *event)
{
    StickyPush push = { GM_FLOW_OK, false, event };

    if (!GM_PAD_HAS_PENDING_EVENTS(pad) || GM_PAD_IS_SINK(pad) || !GM_EVENT_IS_SERIALIZED(event))
        return;
    GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_PENDING_EVENTS);
    pad_events_foreach(pad, pad_push_sticky_before, &push);
}

// What an event type does to the pad it leaves, and the blocking stage. Object lock held.
static GmFlowReturn pad_event_leaves(GmPad *pad, GmEvent **event, unsigned *probe_type)
{
    GmEventType type = GM_EVENT_TYPE(*event);

    if (type == GM_EVENT_FLUSH_START) {
        GM_PAD_SET_FLUSHING(pad);
        gm_cond_broadcast(&pad->block_cond);
    } else if (type == GM_EVENT_FLUSH_STOP) {
        if (!GM_PAD_IS_ACTIVE(pad))
            return GM_FLOW_FLUSHING;
        pad_events_flush_stop(pad);
    } else {
        if (GM_PAD_IS_FLUSHING(pad))
            return GM_FLOW_FLUSHING;
        if (type == GM_EVENT_RECONFIGURE && GM_PAD_IS_SINK(pad))
            GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_NEED_RECONFIGURE);
        GmFlowReturn ret = pad_probe(
            pad, *probe_type | GM_PAD_PROBE_TYPE_PUSH | GM_PAD_PROBE_TYPE_BLOCK, event);
        if (ret == GM_FLOW_OK)
            pad_push_earlier(pad, *event);
        return ret;
    }
    *probe_type |= GM_PAD_PROBE_TYPE_EVENT_FLUSH;
    return GM_FLOW_OK;
}

// Sends one event over the link. Takes it. Object lock held, dropped meanwhile.
static GmFlowReturn pad_push_event(GmPad *pad, GmEvent *event, unsigned probe_type)
{
    GmEventType type = GM_EVENT_TYPE(event);
    int64_t offset = pad->offset;
    bool upstream = GM_PAD_IS_SINK(pad);

    event = pad_event_offset(event, upstream, offset);
    GmFlowReturn ret = pad_event_leaves(pad, &event, &probe_type);
    if (ret == GM_FLOW_OK)
        ret = pad_probe(pad, probe_type | GM_PAD_PROBE_TYPE_PUSH, &event);
    if (ret != GM_FLOW_OK) {
        if (!GM_PAD_IS_FLUSHING(pad) || ret > GM_FLOW_OK)
            GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_PENDING_EVENTS);
        if (event != NULL)
            gm_event_unref(event);
        return ret;
    }
    pad_push_earlier(pad, event);
    event = pad_event_offset(event, upstream, pad->offset - offset);
    GmPad *peer = pad_enter_peer(pad);
    if (peer == NULL) {
        GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_PENDING_EVENTS);
        gm_event_unref(event);
        return type == GM_EVENT_LATENCY ? GM_FLOW_OK : GM_FLOW_NOT_LINKED;
    }
    GM_OBJECT_UNLOCK(pad);
    ret = pad_send_event(peer, event, probe_type);
    gm_pad_leave_peer(pad, peer, GM_PAD_PROBE_TYPE_PUSH);
    return ret;
}

// Which way an event travels that is pushed from (or else sent to) a pad; 0: not this way.
static unsigned pad_event_direction(GmPad *pad, GmEvent *event, bool push)
{
    bool down = GM_PAD_IS_SRC(pad) == push;

    if (pad->direction == GM_PAD_UNKNOWN)
        gm_critical(push ? "gm_pad_push_event" : "gm_pad_send_event",
                    "pad %s:%s has invalid direction", GM_DEBUG_PAD_NAME(pad));
    else if (down ? GM_EVENT_IS_DOWNSTREAM(event) : GM_EVENT_IS_UPSTREAM(event))
        return down ? GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM : GM_PAD_PROBE_TYPE_EVENT_UPSTREAM;
    else
        gm_critical(push ? "gm_pad_push_event" : "gm_pad_send_event",
                    "pad %s:%s %s %s event in wrong direction", GM_DEBUG_PAD_NAME(pad),
                    push ? "pushing" : "sending", GM_EVENT_TYPE_NAME(event));
    return 0;
}

bool gm_pad_push_event(GmPad *pad, GmEvent *event)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(event != NULL)) return false;
    unsigned type = pad_event_direction(pad, event, true);
    bool sticky = GM_EVENT_IS_STICKY(event), serialized = GM_EVENT_IS_SERIALIZED(event);
    bool res = false;
    if (type == 0) {
        gm_event_unref(event);
        return false;
    }
    GM_OBJECT_LOCK(pad);
    if (sticky && pad_event_store(pad, event) != GM_FLOW_OK) {
        GM_OBJECT_UNLOCK(pad);
        gm_event_unref(event);
        return false;
    }
    if (GM_PAD_IS_SRC(pad) && serialized)
        res = gm_pad_check_sticky(pad, event) == GM_FLOW_OK;
    if (!serialized || !sticky) {
        GmFlowReturn ret = pad_push_event(pad, event, type);
        res = ret == GM_FLOW_OK || ret == GM_FLOW_CUSTOM_SUCCESS ||
              ret == GM_FLOW_CUSTOM_SUCCESS_1;
    } else {
        // It is stored and will be sent again; only of eos does the caller want to hear.
        res |= GM_EVENT_TYPE(event) != GM_EVENT_EOS;
        gm_event_unref(event);
    }
    GM_OBJECT_UNLOCK(pad);
    return res;
}

bool gm_pad_send_event(GmPad *pad, GmEvent *event)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(event != NULL)) return false;
    unsigned type = pad_event_direction(pad, event, false);
    if (type != 0)
        return pad_send_event(pad, event, type) == GM_FLOW_OK;
    gm_event_unref(event);
    return false;
}

typedef struct {
    GmEvent *event;
    bool     result, dispatched;
} EventForward;

static bool pad_forward_event(GmPad *pad, void *data)
{
    EventForward *fwd = data;

    fwd->result |= gm_pad_push_event(pad, gm_event_ref(fwd->event));
    fwd->dispatched = true;
    return false;
}

bool gm_pad_event_default(GmPad *pad, GmObject *parent GM_UNUSED, GmEvent *event)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(event != NULL)) return false;
    EventForward fwd = { event, false, false };
    // Caps describe one link; only an element that passes data unchanged passes them on.
    if (GM_EVENT_TYPE(event) != GM_EVENT_CAPS || GM_PAD_IS_PROXY_CAPS(pad))
        gm_pad_forward(pad, pad_forward_event, &fwd);
    gm_event_unref(event);
    return fwd.result || !fwd.dispatched;
}

GmFlowReturn gm_pad_store_sticky_event(GmPad *pad, GmEvent *event)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(event != NULL)) return GM_FLOW_ERROR;
    GM_OBJECT_LOCK(pad);
    GmFlowReturn ret = pad_event_store(pad, event);
    GM_OBJECT_UNLOCK(pad);
    return ret;
}

GmEvent *gm_pad_get_sticky_event(GmPad *pad, unsigned event_type, unsigned idx)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(event_type & GM_EVENT_TYPE_STICKY)) return NULL;
    GM_OBJECT_LOCK(pad);
    GmPadEvent *ev = gm_pad_find_event(pad, event_type, idx);
    GmEvent *event = ev != NULL ? gm_event_ref(ev->event) : NULL;
    GM_OBJECT_UNLOCK(pad);
    return event;
}

typedef struct {
    GmPadStickyEventsForeachFunction func;
    void *user_data;
} StickyForeach;

static bool pad_visit_unlocked(GmPad *pad, GmPadEvent *ev, void *data)
{
    StickyForeach *each = data;

    GM_OBJECT_UNLOCK(pad);
    bool more = each->func(pad, &ev->event, each->user_data);
    GM_OBJECT_LOCK(pad);
    return more;
}

void gm_pad_sticky_events_foreach(GmPad *pad, GmPadStickyEventsForeachFunction func,
                                  void *user_data)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(func != NULL)) return;
    StickyForeach each = { func, user_data };
    GM_OBJECT_LOCK(pad);
    pad_events_foreach(pad, pad_visit_unlocked, &each);
    GM_OBJECT_UNLOCK(pad);
}

static bool pad_event_unsend(GmPad *pad GM_UNUSED, GmPadEvent *ev, void *data GM_UNUSED)
{
    ev->received = false;
    return true;
}

void gm_pad_set_offset(GmPad *pad, int64_t offset)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return;
    GM_OBJECT_LOCK(pad);
    if (pad->offset != offset) {
        pad->offset = offset;
        pad_events_foreach(pad, pad_event_unsend, NULL);
        pad->events_cookie++; // as in gm_pad_resend_events
        GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_PENDING_EVENTS);
    }
    GM_OBJECT_UNLOCK(pad);
}

int64_t gm_pad_get_offset(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return 0;
    GM_OBJECT_LOCK(pad);
    int64_t offset = pad->offset;
    GM_OBJECT_UNLOCK(pad);
    return offset;
}
