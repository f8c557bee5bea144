// SPDX-License-Identifier: MIT
//
// element: a node of the graph: pads, a state, and the manifest that describes its class.
//
//     NULL <-> READY <-> PAUSED <-> PLAYING
//
// An element is written as const tables and one const struct (GmElementClass); its own state is
// priv_size zeroed bytes reached by gm_priv (element). Always-pads are made from the pad table
// when the element is made, with the functions that stand in their rows.
// (The owner of this file completes it: functions, state machine, contexts of GstElement.)
// Read next: core/pad.h, core/bin.h, core/base/.
#ifndef GM_CORE_ELEMENT_H
#define GM_CORE_ELEMENT_H

#include "core/object.h"
#include "core/pad.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_STATE_VOID_PENDING = 0,
    GM_STATE_NULL         = 1,
    GM_STATE_READY        = 2,
    GM_STATE_PAUSED       = 3,
    GM_STATE_PLAYING      = 4
} GmState;

typedef enum {
    GM_STATE_CHANGE_FAILURE    = 0,
    GM_STATE_CHANGE_SUCCESS    = 1,
    GM_STATE_CHANGE_ASYNC      = 2,
    GM_STATE_CHANGE_NO_PREROLL = 3
} GmStateChangeReturn;

#define GM_STATE_TRANSITION(cur, next) ((GmStateChange)(((cur) << 3) | (next)))
#define GM_STATE_TRANSITION_CURRENT(trans) ((GmState)((trans) >> 3))
#define GM_STATE_TRANSITION_NEXT(trans) ((GmState)((trans)&0x7))

typedef enum {
    GM_STATE_CHANGE_NULL_TO_READY      = (GM_STATE_NULL << 3) | GM_STATE_READY,
    GM_STATE_CHANGE_READY_TO_PAUSED    = (GM_STATE_READY << 3) | GM_STATE_PAUSED,
    GM_STATE_CHANGE_PAUSED_TO_PLAYING  = (GM_STATE_PAUSED << 3) | GM_STATE_PLAYING,
    GM_STATE_CHANGE_PLAYING_TO_PAUSED  = (GM_STATE_PLAYING << 3) | GM_STATE_PAUSED,
    GM_STATE_CHANGE_PAUSED_TO_READY    = (GM_STATE_PAUSED << 3) | GM_STATE_READY,
    GM_STATE_CHANGE_READY_TO_NULL      = (GM_STATE_READY << 3) | GM_STATE_NULL,
    GM_STATE_CHANGE_NULL_TO_NULL       = (GM_STATE_NULL << 3) | GM_STATE_NULL,
    GM_STATE_CHANGE_READY_TO_READY     = (GM_STATE_READY << 3) | GM_STATE_READY,
    GM_STATE_CHANGE_PAUSED_TO_PAUSED   = (GM_STATE_PAUSED << 3) | GM_STATE_PAUSED,
    GM_STATE_CHANGE_PLAYING_TO_PLAYING = (GM_STATE_PLAYING << 3) | GM_STATE_PLAYING
} GmStateChange;

typedef enum {
    GM_ELEMENT_FLAG_LOCKED_STATE  = GM_OBJECT_FLAG_LAST << 0,
    GM_ELEMENT_FLAG_SINK          = GM_OBJECT_FLAG_LAST << 1,
    GM_ELEMENT_FLAG_SOURCE        = GM_OBJECT_FLAG_LAST << 2,
    GM_ELEMENT_FLAG_PROVIDE_CLOCK = GM_OBJECT_FLAG_LAST << 3,
    GM_ELEMENT_FLAG_REQUIRE_CLOCK = GM_OBJECT_FLAG_LAST << 4,
    GM_ELEMENT_FLAG_INDEXABLE     = GM_OBJECT_FLAG_LAST << 5,
    GM_ELEMENT_FLAG_LAST          = GM_OBJECT_FLAG_LAST << 10
} GmElementFlags;

// Factory rank: who is preferred when several elements fit.
#define GM_RANK_NONE 0u
#define GM_RANK_MARGINAL 64u
#define GM_RANK_SECONDARY 128u
#define GM_RANK_PRIMARY 256u

struct GmBaseSrcOps;       // core/base/base_src.h
struct GmBaseTransformOps; // core/base/base_transform.h
struct GmBaseSinkOps;      // core/base/base_sink.h
struct GmAggregatorOps;    // core/base/aggregator.h

// The manifest of an element. Everything but name and pads may be left out. Functions have the
// signatures and the duties of GstElementClass's; one left NULL is inherited. An overriding
// function calls the parent's by name, e.g. gm_element_class.change_state (el, transition).
struct GmElementClass {
    union {
        GmObjectClass object;
        struct { GM_OBJECT_CLASS_FIELDS; };
    };
    // what gstmini-inspect says
    const char *longname, *klass, *description, *author;
    unsigned    rank;
    unsigned    element_flags; // GmElementFlags set on every new instance
    const GmStaticPadTemplate *pads; // ends with { 0 }; NULL: the parent's
    // the operations of the base class named by .parent; each base reads its own
    union {
        const void *ops;
        const struct GmBaseSrcOps *src;             // .parent = &gm_base_src_class.object
        const struct GmBaseTransformOps *transform; // .parent = &gm_base_transform_class.object
        const struct GmBaseSinkOps *sink;           // .parent = &gm_base_sink_class.object
        const struct GmAggregatorOps *aggregator;   // .parent = &gm_aggregator_class.object
    };
    GmPad *(*request_new_pad)(GmElement *el, GmPadTemplate *templ, const char *name,
                              const GmCaps *caps);
    void (*release_pad)(GmElement *el, GmPad *pad);
    GmStateChangeReturn (*get_state)(GmElement *el, GmState *state, GmState *pending,
                                     GmClockTime timeout);
    GmStateChangeReturn (*set_state)(GmElement *el, GmState state);
    GmStateChangeReturn (*change_state)(GmElement *el, GmStateChange transition);
    void (*state_changed)(GmElement *el, GmState oldstate, GmState newstate, GmState pending);
    void (*set_bus)(GmElement *el, GmBus *bus);
    GmClock *(*provide_clock)(GmElement *el);
    bool (*set_clock)(GmElement *el, GmClock *clock);
    bool (*send_event)(GmElement *el, GmEvent *event);
    bool (*query)(GmElement *el, GmQuery *query);
    bool (*post_message)(GmElement *el, GmMessage *message);
};
extern const GmElementClass gm_element_class;

struct GmElement {
    GmObject    object;
    GmRecMutex  state_lock; // held during a state change
    // guarded by the object lock
    GmCond      state_cond;
    uint32_t    state_cookie;
    GmState     target_state, current_state, next_state, pending_state;
    GmStateChangeReturn last_return;
    GmBus      *bus;   // counted
    GmClock    *clock; // counted
    GmClockTimeDiff base_time;
    GmClockTime start_time;
    uint16_t    numpads, numsrcpads, numsinkpads;
    struct GmList *pads, *srcpads, *sinkpads; // of GmPad; the element holds a reference to each
    uint32_t    pads_cookie;
    struct GmList *contexts;
};

#define GM_ELEMENT_CAST(obj) ((GmElement *)(obj))
#define GM_ELEMENT(obj) ((GmElement *)(obj))
#define GM_IS_ELEMENT(obj) gm_object_is_a((obj), &gm_element_class.object)
#define GM_ELEMENT_GET_CLASS(obj) ((const GmElementClass *)((GmObject *)(obj))->klass)
#define GM_ELEMENT_NAME(obj) GM_OBJECT_NAME(obj)
#define GM_STATE(elem) (GM_ELEMENT_CAST(elem)->current_state)
#define GM_STATE_NEXT(elem) (GM_ELEMENT_CAST(elem)->next_state)
#define GM_STATE_PENDING(elem) (GM_ELEMENT_CAST(elem)->pending_state)
#define GM_STATE_TARGET(elem) (GM_ELEMENT_CAST(elem)->target_state)
#define GM_STATE_RETURN(elem) (GM_ELEMENT_CAST(elem)->last_return)

#ifdef __cplusplus
}
#endif
#endif
