// SPDX-License-Identifier: MIT
//
// pad_priv: what the pad_*.c files share: the sticky store, the probe list, the flags word.
//
//     pad.c          making, functions, properties, internal links
//     pad_link.c     link, unlink, ghosting        pad_event.c   sticky store, push/send event
//     pad_activate.c activation, tasks             pad_query.c   queries, caps
//     pad_push.c     push, chain, pull, getrange   pad_probe.c   probes and blocking
//
// Functions here are called with the pad's object lock held unless they say otherwise. Those
// marked "drops the lock" let it go while they call out and take it again: what the caller read
// before may be stale after.
#ifndef GM_CORE_PAD_PRIV_H
#define GM_CORE_PAD_PRIV_H

#include "core/pad.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmPadEvent {
    GmEvent *event; // counted
    unsigned order; // gm_event_type_to_sticky_ordering
    bool     received; // the peer has it
} GmPadEvent;

// A pad with none of these set pushes a buffer without a look at anything else.
#define PAD_SLOW_FLAGS                                                                          \
    ((unsigned)GM_PAD_FLAG_FLUSHING | (unsigned)GM_PAD_FLAG_EOS |                               \
     (unsigned)GM_PAD_FLAG_NOT_PUSH | (unsigned)GM_PAD_FLAG_PENDING_EVENTS |                    \
     (unsigned)GM_PAD_FLAG_HAS_PROBES | (unsigned)GM_PAD_FLAG_EVENTS_CHANGED)

// *parent: a reference to the pad's parent, or NULL. False: the pad needs one and has none.
static inline bool pad_acquire_parent(GmPad *pad, GmObject **parent)
{
    *parent = GM_OBJECT_PARENT(pad);
    if (GM_LIKELY(*parent != NULL))
        gm_object_ref(*parent);
    return *parent != NULL || !GM_PAD_NEEDS_PARENT(pad);
}

static inline void pad_release_parent(GmObject *parent)
{
    if (parent != NULL)
        gm_object_unref(parent);
}

// A call over the link begins and ends: the one place that keeps a peer alive. enter: the peer
// with a reference, or NULL; the pad is in use. leave: without the lock, takes it; then runs
// idle probes if the pad has become idle (drops the lock); direction 0, the end of a query: only
// if one has been added meanwhile.
// Pads that are linked in a circle would call each other until the stack ends: beyond this many
// calls within calls on one thread a pad counts as not linked. Real chains stay far below.
#define PAD_MAX_DEPTH 3000
extern _Thread_local unsigned gm_pad_depth __attribute__((tls_model("initial-exec")));
static inline GmPad *pad_enter_peer(GmPad *pad)
{
    GmPad *peer = GM_LIKELY(gm_pad_depth < PAD_MAX_DEPTH) ? pad->peer : NULL;
    if (GM_LIKELY(peer != NULL)) {
        gm_pad_depth++;
        gm_object_ref(peer);
        pad->in_use++;
    }
    return peer;
}
void gm_pad_leave_peer(GmPad *pad, GmPad *peer, GmPadProbeType direction);

// ---- pad_probe.c (all drop the lock) -----------------------------------------------------

// Runs the probes that match `type` over *data, which they may replace, and waits if it is a
// BLOCK stage. OK: go on. CUSTOM_SUCCESS: dropped. CUSTOM_SUCCESS_1: handled; *data is NULL and
// *flow_ret (may be NULL) what the probe wants returned. FLUSHING: woken by a flush.
GmFlowReturn gm_pad_run_probes(GmPad *pad, GmPadProbeType type, void *data, uint64_t offset,
                               unsigned size, GmFlowReturn *flow_ret);
static inline GmFlowReturn pad_probe(GmPad *pad, unsigned type, void *data)
{
    if (GM_LIKELY(pad->probes == NULL))
        return GM_FLOW_OK;
    return gm_pad_run_probes(pad, (GmPadProbeType)type, data, UINT64_MAX, UINT_MAX, NULL);
}
void gm_pad_clear_probes(GmPad *pad);

// ---- pad_event.c -------------------------------------------------------------------------

GmPadEvent *gm_pad_find_event(GmPad *pad, unsigned type, unsigned idx);
GmCaps *gm_pad_peek_caps(GmPad *pad);     // borrowed from the sticky caps event, or NULL
void gm_pad_clear_events(GmPad *pad);     // drops the lock to notify caps
void gm_pad_resend_events(GmPad *srcpad, GmPad *sinkpad); // both locked; sinkpad NULL: all
GmFlowReturn gm_pad_check_sticky(GmPad *pad, GmEvent *event); // drops the lock

bool gm_pad_activate_mode_internal(GmPad *pad, GmObject *parent, GmPadMode mode, bool active);
GmFlowReturn gm_pad_chain_list_default(GmPad *pad, GmObject *parent, GmBufferList *list);
void gm_pad_set_template(GmPad *pad, GmPadTemplate *templ); // no lock; refs templ

#ifdef __cplusplus
}
#endif
#endif
