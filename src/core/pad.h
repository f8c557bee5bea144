// SPDX-License-Identifier: MIT
//
// pad: where an element meets the next: links, data flow, events, queries, probes.
//
//      element A                                element B
//     ┌──────────┐ push, events  ──────►       ┌──────────┐
//     │      [src]├───────── link ────────────┤[sink]     │  gm_pad_push (src) runs B's chain
//     └──────────┘ ◄── pull, upstream events  └──────────┘  function in the caller's thread
//
// Data is pushed: gm_pad_push (src, buffer) calls the peer's chain function, which usually
// pushes on; one call stack runs through the elements up to the next queue or sink. Or it is
// pulled: gm_pad_pull_range (sink) calls the peer's getrange function. Serialized events
// (caps, segment, eos) travel in order with the data, others overtake it. Sticky events stay on
// the pad: a later link or activation gets them before its first buffer.
//
// Rules:
//   - A pad is inactive and flushing until gm_pad_set_active; flushing pads refuse data.
//   - The stream lock (recursive) of a pad that receives is held for the length of a chain,
//     getrange or serialized event function: one thread at a time streams through a pad.
//   - Locks: stream lock before object lock; the object lock of a source pad before that of its
//     sink pad. While functions, probes and signals run only the stream lock is held; only
//     unlink functions run with both pads' object locks (and may call nothing that takes them).
//   - A link holds no reference. Who calls over a link refs the peer for the length of the call.
//   - Deactivating, flush-start and removing a probe wake what waits on the pad.
// Unless said otherwise: pads, templates and parents in arguments are borrowed, returned
// pointers to counted things are given, functions may be called from any thread and do not
// block. Misuse (NULL, wrong direction) prints a critical and returns the neutral value.
// Read next: core/event.h, core/pad_template.h, core/ghost_pad.h, core/task.h.
#ifndef GM_CORE_PAD_H
#define GM_CORE_PAD_H

#include "core/mini_object.h"
#include "core/object.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { GM_PAD_UNKNOWN, GM_PAD_SRC, GM_PAD_SINK } GmPadDirection;
typedef enum { GM_PAD_ALWAYS, GM_PAD_SOMETIMES, GM_PAD_REQUEST } GmPadPresence;
typedef enum { GM_PAD_MODE_NONE, GM_PAD_MODE_PUSH, GM_PAD_MODE_PULL } GmPadMode;
const char *gm_pad_mode_get_name(GmPadMode mode); // "none", "push", "pull"; constant

typedef enum {
    GM_PAD_LINK_OK              = 0,
    GM_PAD_LINK_WRONG_HIERARCHY = -1, // their elements are not in the same bin
    GM_PAD_LINK_WAS_LINKED      = -2, // one of them is
    GM_PAD_LINK_WRONG_DIRECTION = -3, // not a source pad, then a sink pad
    GM_PAD_LINK_NOFORMAT        = -4, // caps have nothing in common
    GM_PAD_LINK_NOSCHED         = -5, // for link functions: no common mode
    GM_PAD_LINK_REFUSED         = -6  // a link function said no
} GmPadLinkReturn;
// Whether a GmPadLinkReturn is an error / is none.
#define GM_PAD_LINK_FAILED(ret) ((ret) < GM_PAD_LINK_OK)
#define GM_PAD_LINK_SUCCESSFUL(ret) ((ret) >= GM_PAD_LINK_OK)
const char *gm_pad_link_get_name(GmPadLinkReturn ret); // "no common format"; constant

// What gm_pad_link_full verifies. CAPS compares what both sides can do now, TEMPLATE_CAPS only
// their templates; NO_RECONFIGURE: upstream is not told of the new link.
typedef enum {
    GM_PAD_LINK_CHECK_NOTHING        = 0,
    GM_PAD_LINK_CHECK_HIERARCHY      = 1 << 0,
    GM_PAD_LINK_CHECK_TEMPLATE_CAPS  = 1 << 1,
    GM_PAD_LINK_CHECK_CAPS           = 1 << 2,
    GM_PAD_LINK_CHECK_NO_RECONFIGURE = 1 << 3,
    GM_PAD_LINK_CHECK_DEFAULT = GM_PAD_LINK_CHECK_HIERARCHY | GM_PAD_LINK_CHECK_CAPS
} GmPadLinkCheck;

typedef enum {
    GM_FLOW_CUSTOM_SUCCESS_2 = 102,
    GM_FLOW_CUSTOM_SUCCESS_1 = 101,
    GM_FLOW_CUSTOM_SUCCESS   = 100,
    GM_FLOW_OK               = 0,
    GM_FLOW_NOT_LINKED       = -1, // no peer
    GM_FLOW_FLUSHING         = -2, // inactive, or between flush-start and flush-stop
    GM_FLOW_EOS              = -3, // no more data is taken or given
    GM_FLOW_NOT_NEGOTIATED   = -4, // no caps, or caps that do not do
    GM_FLOW_ERROR            = -5, // whoever met it has posted an error message
    GM_FLOW_NOT_SUPPORTED    = -6, // the pad cannot do that
    GM_FLOW_CUSTOM_ERROR     = -100,
    GM_FLOW_CUSTOM_ERROR_1   = -101,
    GM_FLOW_CUSTOM_ERROR_2   = -102
} GmFlowReturn;
// "ok", "not-linked", "flushing", "eos", …; constant. Values beyond the custom ones are theirs.
const char *gm_flow_get_name(GmFlowReturn ret);
GmQuark     gm_flow_to_quark(GmFlowReturn ret); // of that name

// Functions of a pad. `parent` is the element (or proxy) that owns the pad, borrowed; it stays
// alive during the call. What is taken and given is as in GStreamer: chain and event take
// their object, query borrows it, getrange gives a buffer.
typedef GmFlowReturn (*GmPadChainFunction)(GmPad *pad, GmObject *parent, GmBuffer *buffer);
typedef GmFlowReturn (*GmPadChainListFunction)(GmPad *pad, GmObject *parent, GmBufferList *list);
typedef GmFlowReturn (*GmPadGetRangeFunction)(GmPad *pad, GmObject *parent, uint64_t offset,
                                              unsigned length, GmBuffer **buffer);
typedef bool (*GmPadEventFunction)(GmPad *pad, GmObject *parent, GmEvent *event);
typedef GmFlowReturn (*GmPadEventFullFunction)(GmPad *pad, GmObject *parent, GmEvent *event);
typedef bool (*GmPadQueryFunction)(GmPad *pad, GmObject *parent, GmQuery *query);
typedef bool (*GmPadActivateFunction)(GmPad *pad, GmObject *parent);
typedef bool (*GmPadActivateModeFunction)(GmPad *pad, GmObject *parent, GmPadMode mode,
                                          bool active);
typedef GmPadLinkReturn (*GmPadLinkFunction)(GmPad *pad, GmObject *parent, GmPad *peer);
typedef void (*GmPadUnlinkFunction)(GmPad *pad, GmObject *parent);
typedef GmIterator *(*GmPadIterIntLinkFunction)(GmPad *pad, GmObject *parent);
typedef bool (*GmPadForwardFunction)(GmPad *pad, void *user_data); // true: stop here
// Visits a sticky event. May replace *event (takes the old one, gives a new one) or set it NULL,
// which drops it from the pad. False ends the walk.
typedef bool (*GmPadStickyEventsForeachFunction)(GmPad *pad, GmEvent **event, void *user_data);

// ---- probes: callbacks on what passes a pad -----------------------------------------------

typedef enum {
    GM_PAD_PROBE_TYPE_INVALID          = 0,
    // when the callback runs: while nothing passes (IDLE), or holding what passes up (BLOCK)
    GM_PAD_PROBE_TYPE_IDLE             = 1 << 0,
    GM_PAD_PROBE_TYPE_BLOCK            = 1 << 1,
    // what it sees
    GM_PAD_PROBE_TYPE_BUFFER           = 1 << 4,
    GM_PAD_PROBE_TYPE_BUFFER_LIST      = 1 << 5,
    GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM = 1 << 6,
    GM_PAD_PROBE_TYPE_EVENT_UPSTREAM   = 1 << 7,
    GM_PAD_PROBE_TYPE_EVENT_FLUSH      = 1 << 8, // only when asked for by name
    GM_PAD_PROBE_TYPE_QUERY_DOWNSTREAM = 1 << 9,
    GM_PAD_PROBE_TYPE_QUERY_UPSTREAM   = 1 << 10,
    // on the way there (PUSH) or back (PULL); neither: both
    GM_PAD_PROBE_TYPE_PUSH             = 1 << 12,
    GM_PAD_PROBE_TYPE_PULL             = 1 << 13,

    GM_PAD_PROBE_TYPE_BLOCKING = GM_PAD_PROBE_TYPE_IDLE | GM_PAD_PROBE_TYPE_BLOCK,
    GM_PAD_PROBE_TYPE_DATA_DOWNSTREAM = GM_PAD_PROBE_TYPE_BUFFER |
        GM_PAD_PROBE_TYPE_BUFFER_LIST | GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
    GM_PAD_PROBE_TYPE_DATA_UPSTREAM = GM_PAD_PROBE_TYPE_EVENT_UPSTREAM,
    GM_PAD_PROBE_TYPE_DATA_BOTH =
        GM_PAD_PROBE_TYPE_DATA_DOWNSTREAM | GM_PAD_PROBE_TYPE_DATA_UPSTREAM,
    GM_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM =
        GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_DATA_DOWNSTREAM,
    GM_PAD_PROBE_TYPE_BLOCK_UPSTREAM = GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_DATA_UPSTREAM,
    GM_PAD_PROBE_TYPE_EVENT_BOTH =
        GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GM_PAD_PROBE_TYPE_EVENT_UPSTREAM,
    GM_PAD_PROBE_TYPE_QUERY_BOTH =
        GM_PAD_PROBE_TYPE_QUERY_DOWNSTREAM | GM_PAD_PROBE_TYPE_QUERY_UPSTREAM,
    GM_PAD_PROBE_TYPE_ALL_BOTH = GM_PAD_PROBE_TYPE_DATA_BOTH | GM_PAD_PROBE_TYPE_QUERY_BOTH,
    GM_PAD_PROBE_TYPE_SCHEDULING = GM_PAD_PROBE_TYPE_PUSH | GM_PAD_PROBE_TYPE_PULL
} GmPadProbeType;

typedef enum {
    GM_PAD_PROBE_DROP,   // what passes is freed; queries: answered (false); pull: EOS
    GM_PAD_PROBE_OK,     // goes on to the next probe; blocking probes: the pad stays blocked
    GM_PAD_PROBE_REMOVE, // as OK, and this probe is removed
    GM_PAD_PROBE_PASS,   // goes on, and a block on the pad does not hold it
    GM_PAD_PROBE_HANDLED // taken by the callback (it has unreffed info->data); info->flow_ret
} GmPadProbeReturn;

typedef struct {
    GmPadProbeType type;     // exactly what this call is about
    unsigned long  id;
    void          *data;     // buffer, list, event or query; NULL in idle probes
    uint64_t       offset;   // of pull probes
    unsigned       size;     // of pull probes, and of buffers
    GmFlowReturn   flow_ret; // of buffers: what the push returns if the callback says HANDLED
} GmPadProbeInfo;

// The callback may replace info->data (it then owns the old data). Runs in the thread that
// pushes (idle probes: also in the one that adds), without locks but the stream locks held by
// that thread; may remove itself, push, link, unlink.
typedef GmPadProbeReturn (*GmPadProbeCallback)(GmPad *pad, GmPadProbeInfo *info, void *user_data);

// The fields of an info, unchecked; the data as what the type says it is.
#define GM_PAD_PROBE_INFO_TYPE(d) ((d)->type)
#define GM_PAD_PROBE_INFO_ID(d) ((d)->id)
#define GM_PAD_PROBE_INFO_DATA(d) ((d)->data)
#define GM_PAD_PROBE_INFO_FLOW_RETURN(d) ((d)->flow_ret)
#define GM_PAD_PROBE_INFO_BUFFER(d) ((GmBuffer *)(d)->data)
#define GM_PAD_PROBE_INFO_BUFFER_LIST(d) ((GmBufferList *)(d)->data)
#define GM_PAD_PROBE_INFO_EVENT(d) ((GmEvent *)(d)->data)
#define GM_PAD_PROBE_INFO_QUERY(d) ((GmQuery *)(d)->data)
#define GM_PAD_PROBE_INFO_OFFSET(d) ((d)->offset)
#define GM_PAD_PROBE_INFO_SIZE(d) ((d)->size)
// The data as what info->type says it is: borrowed. Another type: a critical and NULL.
GmEvent      *gm_pad_probe_info_get_event(GmPadProbeInfo *info);
GmQuery      *gm_pad_probe_info_get_query(GmPadProbeInfo *info);
GmBuffer     *gm_pad_probe_info_get_buffer(GmPadProbeInfo *info);
GmBufferList *gm_pad_probe_info_get_buffer_list(GmPadProbeInfo *info);

// Adds a callback for `mask` (no data bits: all data and queries; neither PUSH nor PULL: both).
// Gives an id, or 0 when an idle probe ran at once and removed itself. `destroy` (may be NULL)
// is told when the probe is gone. A blocking probe stops the pad: what passes waits
// (GM_WAIT_BLOCKED_PAD) until the probe is removed, the pad flushes or a probe says PASS.
// callback may be NULL for a blocking one.
unsigned long gm_pad_add_probe(GmPad *pad, GmPadProbeType mask, GmPadProbeCallback callback,
                               void *user_data, GmDestroyNotify destroy);
// Wakes what the probe holds; its callback may still be running. An unknown id is a critical.
void gm_pad_remove_probe(GmPad *pad, unsigned long id);
bool gm_pad_is_blocked(GmPad *pad);  // a blocking probe is on the pad
bool gm_pad_is_blocking(GmPad *pad); // and it holds something up now

// ---- the pad ------------------------------------------------------------------------------

typedef enum {
    GM_PAD_FLAG_BLOCKED          = GM_OBJECT_FLAG_LAST << 0, // a blocking probe is on the pad
    GM_PAD_FLAG_FLUSHING         = GM_OBJECT_FLAG_LAST << 1, // refuses data
    GM_PAD_FLAG_EOS              = GM_OBJECT_FLAG_LAST << 2, // an EOS event has passed
    GM_PAD_FLAG_BLOCKING         = GM_OBJECT_FLAG_LAST << 3, // a probe holds something up
    GM_PAD_FLAG_NEED_PARENT      = GM_OBJECT_FLAG_LAST << 4, // refuses work without a parent
    GM_PAD_FLAG_NEED_RECONFIGURE = GM_OBJECT_FLAG_LAST << 5, // renegotiate before the next data
    GM_PAD_FLAG_PENDING_EVENTS   = GM_OBJECT_FLAG_LAST << 6, // sticky ones still to be sent
    GM_PAD_FLAG_FIXED_CAPS       = GM_OBJECT_FLAG_LAST << 7, // gm_pad_use_fixed_caps
    // default queries (caps, allocation, scheduling) are answered by the internally linked pads
    GM_PAD_FLAG_PROXY_CAPS       = GM_OBJECT_FLAG_LAST << 8,
    GM_PAD_FLAG_PROXY_ALLOCATION = GM_OBJECT_FLAG_LAST << 9,
    GM_PAD_FLAG_PROXY_SCHEDULING = GM_OBJECT_FLAG_LAST << 10,
    // default accept-caps: intersects instead of subset; asks the template instead of a query
    GM_PAD_FLAG_ACCEPT_INTERSECT = GM_OBJECT_FLAG_LAST << 11,
    GM_PAD_FLAG_ACCEPT_TEMPLATE  = GM_OBJECT_FLAG_LAST << 12,
    GM_PAD_FLAG_HAS_PROBES       = GM_OBJECT_FLAG_LAST << 13, // internal: probes are on the pad
    GM_PAD_FLAG_EVENTS_CHANGED   = GM_OBJECT_FLAG_LAST << 14, // internal: check order at next data
    GM_PAD_FLAG_NOT_PUSH         = GM_OBJECT_FLAG_LAST << 15, // internal: mode is not PUSH
    GM_PAD_FLAG_LAST             = GM_OBJECT_FLAG_LAST << 16
} GmPadFlags;

// Fields are for the macros below and for subclasses; all guarded by the object lock except
// where said. Functions are set before the pad is activated.
struct GmPad {
    GmObject       object;
    void          *element_private; // the element's, untouched by pads
    GmPadTemplate *padtemplate;     // counted
    GmPadDirection direction;       // constant
    GmPadMode      mode;
    GmPad         *peer;            // borrowed: a link holds no reference
    GmTask        *task;            // counted
    GmRecMutex     stream_rec_lock;
    GmCond         block_cond;      // probes removed, flushing, activation over
    _Atomic int    last_flowret;    // a GmFlowReturn; any thread reads it
    int            num_blocked;     // blocking probes
    int            in_use;          // calls through this pad: idle means 0
    bool           idle_waiting;    // an idle probe was added while in use, and not called yet
    bool           in_activation;
    int            idle_running;    // idle callbacks that run now: data waits for their end
    unsigned       events_cookie, probes_cookie;
    int64_t        offset;
    struct GmPadEvent *events;      // sticky events in their order
    unsigned       n_events, events_room;
    struct GmPadProbe *probes;      // in the order they were added
    // functions, the data that came with them, and who is told of its end
    GmPadActivateFunction     activatefunc;
    GmPadActivateModeFunction activatemodefunc;
    GmPadLinkFunction         linkfunc;
    GmPadUnlinkFunction       unlinkfunc;
    GmPadChainFunction        chainfunc;
    GmPadChainListFunction    chainlistfunc;
    GmPadGetRangeFunction     getrangefunc;
    GmPadEventFunction        eventfunc;
    GmPadEventFullFunction    eventfullfunc;
    GmPadQueryFunction        queryfunc;
    GmPadIterIntLinkFunction  iterintlinkfunc;
    void *activatedata, *activatemodedata, *linkdata, *unlinkdata, *chaindata, *chainlistdata,
        *getrangedata, *eventdata, *querydata, *iterintlinkdata;
    GmDestroyNotify activatenotify, activatemodenotify, linknotify, unlinknotify, chainnotify,
        chainlistnotify, getrangenotify, eventnotify, querynotify, iterintlinknotify;
};

// Signals: "linked" (GmPad *pad, GmPad *peer, data), "unlinked" (same), "notify::caps".
// Properties: "caps" (readable), "direction", "template", "offset".
extern const GmObjectClass gm_pad_class;

// Casts are unchecked; GM_IS_PAD checks (NULL: false). The others read the struct: not
// NULL, no lock taken.
#define GM_PAD_CAST(obj) ((GmPad *)(obj))
#define GM_PAD(obj) ((GmPad *)(obj))
#define GM_IS_PAD(obj) gm_object_is_a((obj), &gm_pad_class)
#define GM_PAD_NAME(pad) GM_OBJECT_NAME(pad)
// Two strings for "%s:%s": the element's name and the pad's.
#define GM_DEBUG_PAD_NAME(pad)                                                                \
    ((pad) && GM_OBJECT_PARENT(pad) ? GM_OBJECT_NAME(GM_OBJECT_PARENT(pad)) : "''"),          \
        ((pad) ? GM_OBJECT_NAME(pad) : "''")
#define GM_PAD_PARENT(pad) ((GmElement *)GM_OBJECT_PARENT(pad))
#define GM_PAD_ELEMENT_PRIVATE(pad) (GM_PAD_CAST(pad)->element_private)
#define GM_PAD_PAD_TEMPLATE(pad) (GM_PAD_CAST(pad)->padtemplate)
#define GM_PAD_DIRECTION(pad) (GM_PAD_CAST(pad)->direction)
#define GM_PAD_TASK(pad) (GM_PAD_CAST(pad)->task)
#define GM_PAD_MODE(pad) (GM_PAD_CAST(pad)->mode)
#define GM_PAD_ACTIVATEFUNC(pad) (GM_PAD_CAST(pad)->activatefunc)
#define GM_PAD_ACTIVATEMODEFUNC(pad) (GM_PAD_CAST(pad)->activatemodefunc)
#define GM_PAD_CHAINFUNC(pad) (GM_PAD_CAST(pad)->chainfunc)
#define GM_PAD_CHAINLISTFUNC(pad) (GM_PAD_CAST(pad)->chainlistfunc)
#define GM_PAD_GETRANGEFUNC(pad) (GM_PAD_CAST(pad)->getrangefunc)
#define GM_PAD_EVENTFUNC(pad) (GM_PAD_CAST(pad)->eventfunc)
#define GM_PAD_EVENTFULLFUNC(pad) (GM_PAD_CAST(pad)->eventfullfunc)
#define GM_PAD_QUERYFUNC(pad) (GM_PAD_CAST(pad)->queryfunc)
#define GM_PAD_ITERINTLINKFUNC(pad) (GM_PAD_CAST(pad)->iterintlinkfunc)
#define GM_PAD_PEER(pad) (GM_PAD_CAST(pad)->peer)
#define GM_PAD_LINKFUNC(pad) (GM_PAD_CAST(pad)->linkfunc)
#define GM_PAD_UNLINKFUNC(pad) (GM_PAD_CAST(pad)->unlinkfunc)
#define GM_PAD_LAST_FLOW_RETURN(pad) ((GmFlowReturn)GM_PAD_CAST(pad)->last_flowret)

// Questions about a pad's state, and its flags set and cleared; no lock taken.
#define GM_PAD_IS_SRC(pad) (GM_PAD_DIRECTION(pad) == GM_PAD_SRC)
#define GM_PAD_IS_SINK(pad) (GM_PAD_DIRECTION(pad) == GM_PAD_SINK)
#define GM_PAD_IS_LINKED(pad) (GM_PAD_PEER(pad) != NULL)
#define GM_PAD_IS_ACTIVE(pad) (GM_PAD_MODE(pad) != GM_PAD_MODE_NONE)
#define GM_PAD_IS_BLOCKED(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_BLOCKED)
#define GM_PAD_IS_BLOCKING(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_BLOCKING)
#define GM_PAD_IS_FLUSHING(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_FLUSHING)
#define GM_PAD_SET_FLUSHING(pad) GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_FLUSHING)
#define GM_PAD_UNSET_FLUSHING(pad) GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_FLUSHING)
#define GM_PAD_IS_EOS(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_EOS)
#define GM_PAD_NEEDS_RECONFIGURE(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_NEED_RECONFIGURE)
#define GM_PAD_HAS_PENDING_EVENTS(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_PENDING_EVENTS)
#define GM_PAD_IS_FIXED_CAPS(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_FIXED_CAPS)
#define GM_PAD_NEEDS_PARENT(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_NEED_PARENT)
#define GM_PAD_IS_PROXY_CAPS(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_PROXY_CAPS)
#define GM_PAD_SET_PROXY_CAPS(pad) GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_PROXY_CAPS)
#define GM_PAD_UNSET_PROXY_CAPS(pad) GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_PROXY_CAPS)
#define GM_PAD_IS_PROXY_ALLOCATION(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_PROXY_ALLOCATION)
#define GM_PAD_SET_PROXY_ALLOCATION(pad) GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_PROXY_ALLOCATION)
#define GM_PAD_UNSET_PROXY_ALLOCATION(pad) GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_PROXY_ALLOCATION)
#define GM_PAD_IS_PROXY_SCHEDULING(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_PROXY_SCHEDULING)
#define GM_PAD_SET_PROXY_SCHEDULING(pad) GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_PROXY_SCHEDULING)
#define GM_PAD_UNSET_PROXY_SCHEDULING(pad) GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_PROXY_SCHEDULING)
#define GM_PAD_IS_ACCEPT_INTERSECT(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_ACCEPT_INTERSECT)
#define GM_PAD_SET_ACCEPT_INTERSECT(pad) GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_ACCEPT_INTERSECT)
#define GM_PAD_UNSET_ACCEPT_INTERSECT(pad) GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_ACCEPT_INTERSECT)
#define GM_PAD_IS_ACCEPT_TEMPLATE(pad) GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_ACCEPT_TEMPLATE)
#define GM_PAD_SET_ACCEPT_TEMPLATE(pad) GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_ACCEPT_TEMPLATE)
#define GM_PAD_UNSET_ACCEPT_TEMPLATE(pad) GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_ACCEPT_TEMPLATE)

// The stream lock: elements take it to wait for, and keep out, the thread that streams.
#define GM_PAD_GET_STREAM_LOCK(pad) (&GM_PAD_CAST(pad)->stream_rec_lock)
#define GM_PAD_STREAM_LOCK(pad) gm_rec_mutex_lock(GM_PAD_GET_STREAM_LOCK(pad))
#define GM_PAD_STREAM_TRYLOCK(pad) gm_rec_mutex_trylock(GM_PAD_GET_STREAM_LOCK(pad))
#define GM_PAD_STREAM_UNLOCK(pad) gm_rec_mutex_unlock(GM_PAD_GET_STREAM_LOCK(pad))

// ---- making and describing ----------------------------------------------------------------

// New pads float, are inactive and not linked. `name` NULL: a generated one. From a template:
// direction and template are set, and the functions that its row carries. Never NULL.
GmPad *gm_pad_new(const char *name, GmPadDirection direction);
GmPad *gm_pad_new_from_template(GmPadTemplate *templ, const char *name);
GmPad *gm_pad_new_from_static_template(const GmStaticPadTemplate *templ, const char *name);
// Of the object: both give.
#define gm_pad_get_name(pad) gm_object_get_name((GmObject *)(pad))
#define gm_pad_get_parent(pad) gm_object_get_parent((GmObject *)(pad))
GmElement     *gm_pad_get_parent_element(GmPad *pad); // NULL: none, or it is no element
GmPadDirection gm_pad_get_direction(GmPad *pad);
GmPadTemplate *gm_pad_get_pad_template(GmPad *pad);      // gives, or NULL
GmCaps        *gm_pad_get_pad_template_caps(GmPad *pad); // gives; ANY without a template
// A pointer of the element's, which guards it. pad is not checked: not NULL.
void  gm_pad_set_element_private(GmPad *pad, void *priv);
void *gm_pad_get_element_private(GmPad *pad);

// Sets a function with data of its own (pad->chaindata, …); `notify` is told when both are
// replaced or the pad ends. Before activation. Link, unlink and activate functions run in the
// thread that links or activates.
void gm_pad_set_activate_function_full(GmPad *pad, GmPadActivateFunction activate, void *data,
                                       GmDestroyNotify notify);
void gm_pad_set_activatemode_function_full(GmPad *pad, GmPadActivateModeFunction activatemode,
                                           void *data, GmDestroyNotify notify);
void gm_pad_set_chain_function_full(GmPad *pad, GmPadChainFunction chain, void *data,
                                    GmDestroyNotify notify);
void gm_pad_set_chain_list_function_full(GmPad *pad, GmPadChainListFunction chainlist, void *data,
                                         GmDestroyNotify notify);
void gm_pad_set_getrange_function_full(GmPad *pad, GmPadGetRangeFunction getrange, void *data,
                                       GmDestroyNotify notify);
void gm_pad_set_event_function_full(GmPad *pad, GmPadEventFunction event, void *data,
                                    GmDestroyNotify notify);
void gm_pad_set_event_full_function_full(GmPad *pad, GmPadEventFullFunction event, void *data,
                                         GmDestroyNotify notify);
void gm_pad_set_query_function_full(GmPad *pad, GmPadQueryFunction query, void *data,
                                    GmDestroyNotify notify);
void gm_pad_set_link_function_full(GmPad *pad, GmPadLinkFunction link, void *data,
                                   GmDestroyNotify notify);
void gm_pad_set_unlink_function_full(GmPad *pad, GmPadUnlinkFunction unlink, void *data,
                                     GmDestroyNotify notify);
void gm_pad_set_iterate_internal_links_function_full(GmPad *pad, GmPadIterIntLinkFunction iterate,
                                                     void *data, GmDestroyNotify notify);
// The same without data.
#define gm_pad_set_activate_function(p, f) gm_pad_set_activate_function_full((p), (f), NULL, NULL)
#define gm_pad_set_activatemode_function(p, f) \
    gm_pad_set_activatemode_function_full((p), (f), NULL, NULL)
#define gm_pad_set_chain_function(p, f) gm_pad_set_chain_function_full((p), (f), NULL, NULL)
#define gm_pad_set_chain_list_function(p, f) \
    gm_pad_set_chain_list_function_full((p), (f), NULL, NULL)
#define gm_pad_set_getrange_function(p, f) gm_pad_set_getrange_function_full((p), (f), NULL, NULL)
#define gm_pad_set_event_function(p, f) gm_pad_set_event_function_full((p), (f), NULL, NULL)
#define gm_pad_set_event_full_function(p, f) \
    gm_pad_set_event_full_function_full((p), (f), NULL, NULL)
#define gm_pad_set_query_function(p, f) gm_pad_set_query_function_full((p), (f), NULL, NULL)
#define gm_pad_set_link_function(p, f) gm_pad_set_link_function_full((p), (f), NULL, NULL)
#define gm_pad_set_unlink_function(p, f) gm_pad_set_unlink_function_full((p), (f), NULL, NULL)
#define gm_pad_set_iterate_internal_links_function(p, f) \
    gm_pad_set_iterate_internal_links_function_full((p), (f), NULL, NULL)

// ---- activation -----------------------------------------------------------------------------

// Brings the pad to life (its activate function picks the mode; default PUSH) or stops it:
// wakes what waits on it, waits for the streaming thread to leave and drops sticky events.
// May block. False: the element refused, or the pad needs a parent and has none.
bool gm_pad_set_active(GmPad *pad, bool active);
bool gm_pad_is_active(GmPad *pad);
// From activate functions: takes the pad into or out of `mode` (pulling: also the peer). As
// gm_pad_set_active.
bool gm_pad_activate_mode(GmPad *pad, GmPadMode mode, bool active);

// ---- links ----------------------------------------------------------------------------------

// Links a source pad to a sink pad and schedules the sticky events; calls link functions and
// "linked". _full: with chosen checks; _link: GM_PAD_LINK_CHECK_DEFAULT. May run queries.
GmPadLinkReturn gm_pad_link(GmPad *srcpad, GmPad *sinkpad) GM_MUST_CHECK;
GmPadLinkReturn gm_pad_link_full(GmPad *srcpad, GmPad *sinkpad, GmPadLinkCheck flags)
    GM_MUST_CHECK;
bool   gm_pad_can_link(GmPad *srcpad, GmPad *sinkpad); // gm_pad_link would succeed
bool   gm_pad_unlink(GmPad *srcpad, GmPad *sinkpad);   // false: they were not linked
bool   gm_pad_is_linked(GmPad *pad);
GmPad *gm_pad_get_peer(GmPad *pad); // gives, or NULL
// Links pads of different bins by ghost pads made on the way. `_full`: with chosen checks. False:
// no common bin (a critical), or refused; nothing is left behind.
bool gm_pad_link_maybe_ghosting(GmPad *src, GmPad *sink);
bool gm_pad_link_maybe_ghosting_full(GmPad *src, GmPad *sink, GmPadLinkCheck flags);
// The pads this one is connected to inside its element. Default: all of the other direction.
GmIterator *gm_pad_iterate_internal_links(GmPad *pad); // gives, or NULL
GmIterator *gm_pad_iterate_internal_links_default(GmPad *pad, GmObject *parent);
GmPad *gm_pad_get_single_internal_link(GmPad *pad); // gives the only one; NULL: none or several
// Calls forward (pad, data) for each internally linked pad until one says true; result: any did.
bool gm_pad_forward(GmPad *pad, GmPadForwardFunction forward, void *user_data);

// Upstream may have to renegotiate before its next buffer: set by links, reconfigure events,
// activation. check also clears. Source pads.
void gm_pad_mark_reconfigure(GmPad *pad);
bool gm_pad_needs_reconfigure(GmPad *pad);
bool gm_pad_check_reconfigure(GmPad *pad);

// Nanoseconds, either sign, added to the running time of what passes (in segment events).
void    gm_pad_set_offset(GmPad *pad, int64_t offset);
int64_t gm_pad_get_offset(GmPad *pad);

// ---- caps -----------------------------------------------------------------------------------

GmCaps *gm_pad_get_current_caps(GmPad *pad); // gives the caps of the last caps event, or NULL
bool    gm_pad_has_current_caps(GmPad *pad); // there was one since the last activation
// What the pad / its peer can do now, never NULL (peer: ANY or the filter without a peer);
// `filter` (borrowed, may be NULL) limits and orders the answer. Runs query functions.
GmCaps *gm_pad_query_caps(GmPad *pad, GmCaps *filter);
GmCaps *gm_pad_peer_query_caps(GmPad *pad, GmCaps *filter);
// Whether the pad / its peer takes data of these (fixed) caps now; no peer: true.
bool    gm_pad_query_accept_caps(GmPad *pad, GmCaps *caps);
bool    gm_pad_peer_query_accept_caps(GmPad *pad, GmCaps *caps);
GmCaps *gm_pad_get_allowed_caps(GmPad *pad); // what both ends can do; NULL without a peer
void    gm_pad_use_fixed_caps(GmPad *pad);   // once negotiated, answer caps queries with those
// Answer by asking the internally linked pads' peers: for elements that pass caps through.
bool gm_pad_proxy_query_caps(GmPad *pad, GmQuery *query);
bool gm_pad_proxy_query_accept_caps(GmPad *pad, GmQuery *query);

// ---- data -------------------------------------------------------------------------------------

// Gives a buffer or list to the peer of a source pad; takes it always, whatever comes back, even
// on misuse. Blocks as long as the elements behind it take, and while probes block the pad.
GmFlowReturn gm_pad_push(GmPad *pad, GmBuffer *buffer);
GmFlowReturn gm_pad_push_list(GmPad *pad, GmBufferList *list);
// As if the peer of this sink pad had pushed. For elements and tests.
GmFlowReturn gm_pad_chain(GmPad *pad, GmBuffer *buffer);
GmFlowReturn gm_pad_chain_list(GmPad *pad, GmBufferList *list);
// Asks upstream of a sink pad in pull mode for `size` bytes at `offset` (size -1, offset -1:
// the default). *buffer: NULL, then given; or a buffer of the caller to fill. OK only with data.
// Blocks as long as upstream takes. get_range: as if the peer of this source pad had pulled.
GmFlowReturn gm_pad_pull_range(GmPad *pad, uint64_t offset, unsigned size, GmBuffer **buffer);
GmFlowReturn gm_pad_get_range(GmPad *pad, uint64_t offset, unsigned size, GmBuffer **buffer);
GmFlowReturn gm_pad_get_last_flow_return(GmPad *pad); // of the last push or pull

// ---- events -----------------------------------------------------------------------------------

// Sends an event to the peer (downstream from source pads, upstream from sink pads); takes it.
// Sticky ones are stored first; true also if they wait for a link. May block if serialized.
bool gm_pad_push_event(GmPad *pad, GmEvent *event);
// Gives an event to this pad, as if the peer had pushed it; takes it.
bool gm_pad_send_event(GmPad *pad, GmEvent *event);
// Default of event functions: on to all internally linked pads. Takes the event.
bool gm_pad_event_default(GmPad *pad, GmObject *parent, GmEvent *event);
// Puts a sticky event (borrowed) on the pad, without sending it. GM_FLOW_OK, FLUSHING or EOS.
GmFlowReturn gm_pad_store_sticky_event(GmPad *pad, GmEvent *event);
GmEvent *gm_pad_get_sticky_event(GmPad *pad, unsigned event_type, unsigned idx); // gives, or NULL
void gm_pad_sticky_events_foreach(GmPad *pad, GmPadStickyEventsForeachFunction func,
                                  void *user_data);

// Stream ids: the upstream id or one from the parent's URI or at random, then "/stream_id" if
// that is not NULL. Strings are the caller's to free (); get: NULL without a stream-start.
char *gm_pad_create_stream_id(GmPad *pad, GmElement *parent, const char *stream_id);
char *gm_pad_create_stream_id_printf(GmPad *pad, GmElement *parent, const char *format, ...)
    GM_PRINTF(3, 4);
char *gm_pad_get_stream_id(GmPad *pad);

// ---- queries ----------------------------------------------------------------------------------

// Asks this pad / its peer; false when nobody answers. The query is borrowed and filled in.
// Serialized queries wait for the stream lock.
bool gm_pad_query(GmPad *pad, GmQuery *query);
bool gm_pad_peer_query(GmPad *pad, GmQuery *query);
// Default of query functions: answers caps and accept-caps for the pad, latency from all that is
// linked; scheduling and allocation only with the PROXY flag; what is left goes to the peers of
// the internally linked pads.
bool gm_pad_query_default(GmPad *pad, GmObject *parent, GmQuery *query);
// One value each, in `format`; the out pointer may be NULL. False leaves it -1.
bool gm_pad_query_position(GmPad *pad, GmFormat format, int64_t *cur);
bool gm_pad_query_duration(GmPad *pad, GmFormat format, int64_t *duration);
bool gm_pad_query_convert(GmPad *pad, GmFormat src_format, int64_t src_val, GmFormat dest_format,
                          int64_t *dest_val);
bool gm_pad_peer_query_position(GmPad *pad, GmFormat format, int64_t *cur);
bool gm_pad_peer_query_duration(GmPad *pad, GmFormat format, int64_t *duration);
bool gm_pad_peer_query_convert(GmPad *pad, GmFormat src_format, int64_t src_val,
                               GmFormat dest_format, int64_t *dest_val);

// ---- the streaming thread of a pad --------------------------------------------------------------

// Calls func (data) again and again in a thread named "element:pad" that holds the stream lock
// during each call. start also resumes a paused task (and ignores func then). Posts
// stream-status messages on the parent. False: no thread to be had, or no task.
bool gm_pad_start_task(GmPad *pad, void (*func)(void *user_data), void *user_data,
                       GmDestroyNotify notify);
bool gm_pad_pause_task(GmPad *pad); // waits for the call under way, unless called from it
bool gm_pad_stop_task(GmPad *pad);  // … and ends the thread; from the task itself: later
unsigned gm_pad_get_task_state(GmPad *pad); // a GmTaskState; STOPPED without a task

// A row of an element's pad table. The functions are optional: they are set on each pad made
// from the row, always-pads at once, others by gm_pad_new_from_static_template.
struct GmStaticPadTemplate {
    const char    *name_template; // "sink", "src_%u"; NULL ends a table
    GmPadDirection direction;
    GmPadPresence  presence;    // default GM_PAD_ALWAYS
    const char    *static_caps; // "video/x-raw, format = GRAY8"; NULL: ANY
    GmPadChainFunction        chain;
    GmPadChainListFunction    chain_list;
    GmPadGetRangeFunction     getrange;
    GmPadEventFunction        event;
    GmPadEventFullFunction    event_full;
    GmPadQueryFunction        query;
    GmPadActivateFunction     activate;
    GmPadActivateModeFunction activate_mode;
    GmPadLinkFunction         link;
    GmPadUnlinkFunction       unlink;
    GmPadIterIntLinkFunction  iterate_internal_links;
    unsigned                  pad_flags; // GmPadFlags set on each pad (GM_PAD_FLAG_PROXY_CAPS, …)
    const GmObjectClass      *pad_class; // NULL: gm_pad_class
    // What GM_STATIC_PAD_TEMPLATE fills from GM_STATIC_CAPS ("…"), instead of static_caps.
    struct { GmCaps *unused; const char *string; } braced_caps;
};

#ifdef __cplusplus
}
#endif
#endif
