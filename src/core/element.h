// SPDX-License-Identifier: MIT
//
// element: a node of the graph: pads, a state, and the manifest that describes its class.
//
//     NULL <-> READY <-> PAUSED <-> PLAYING
//
// An element is written as const tables and one const struct (GmElementClass); its own state is
// priv_size zeroed bytes reached by gm_priv (element). Always-pads are made from the pad table
// when the element is made, with the functions that stand in their rows.
//
// Unless a comment says otherwise: any thread; objects given as arguments are borrowed; a
// returned pointer marked "gives" is the caller's to release; a function never blocks beyond
// short internal locks. Functions that change state, send events or run queries call into the
// element and may block as long as the element does. Misuse is a critical, the neutral result, and
// nothing taken.
//
// Lock order: state lock (recursive, held during a whole state change) before object lock; the
// object lock is a leaf.
// Read next: core/pad.h, core/bin.h, core/base/.
#ifndef GM_CORE_ELEMENT_H
#define GM_CORE_ELEMENT_H

#include "core/error.h"
#include "core/object.h"
#include "core/pad.h"
#include "core/segment.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_STATE_VOID_PENDING = 0, // as a pending state: none
    GM_STATE_NULL         = 1, // holds nothing
    GM_STATE_READY        = 2, // devices are open, no data
    GM_STATE_PAUSED       = 3, // data flows up to the sinks, which hold the first buffer
    GM_STATE_PLAYING      = 4  // the clock runs
} GmState;

typedef enum {
    GM_STATE_CHANGE_FAILURE    = 0,
    GM_STATE_CHANGE_SUCCESS    = 1,
    GM_STATE_CHANGE_ASYNC      = 2, // goes on in other threads
    GM_STATE_CHANGE_NO_PREROLL = 3  // success, but no data before PLAYING (live)
} GmStateChangeReturn;

// A step from two states, and back.
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
    GM_ELEMENT_FLAG_LOCKED_STATE  = GM_OBJECT_FLAG_LAST << 0, // ignores its parent's state
    GM_ELEMENT_FLAG_SINK          = GM_OBJECT_FLAG_LAST << 1, // its EOS counts for the bin's
    GM_ELEMENT_FLAG_SOURCE        = GM_OBJECT_FLAG_LAST << 2,
    GM_ELEMENT_FLAG_PROVIDE_CLOCK = GM_OBJECT_FLAG_LAST << 3, // has a clock to give
    GM_ELEMENT_FLAG_REQUIRE_CLOCK = GM_OBJECT_FLAG_LAST << 4, // does not work without one
    GM_ELEMENT_FLAG_INDEXABLE     = GM_OBJECT_FLAG_LAST << 5, // not used
    GM_ELEMENT_FLAG_LAST          = GM_OBJECT_FLAG_LAST << 10
} GmElementFlags;

// Factory rank: who is preferred when several elements fit.
#define GM_RANK_NONE 0u
#define GM_RANK_MARGINAL 64u
#define GM_RANK_SECONDARY 128u
#define GM_RANK_PRIMARY 256u

typedef struct GmContext GmContext; // core/context.h
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
    void (*set_context)(GmElement *el, GmContext *context);
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
    GmClockTimeDiff base_time; // ns
    GmClockTime start_time;    // ns
    uint16_t    numpads, numsrcpads, numsinkpads;
    struct GmList *pads, *srcpads, *sinkpads; // of GmPad; the element holds a reference to each
    uint32_t    pads_cookie;
    struct GmList *contexts;
    // guarded by the lock of the bin it is in
    struct GmList *bin_link; // its node in the bin's list of children
    int         bin_degree;  // for sorting
};

// Casts are unchecked; GM_IS_ELEMENT checks (NULL: false). The others read the struct:
// not NULL, no lock taken.
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

// GM_STATE_LOCK is recursive; holding it keeps an element from changing state.
#define GM_STATE_LOCK(elem) gm_rec_mutex_lock(&GM_ELEMENT_CAST(elem)->state_lock)
#define GM_STATE_UNLOCK(elem) gm_rec_mutex_unlock(&GM_ELEMENT_CAST(elem)->state_lock)
#define GM_STATE_BROADCAST(elem) gm_cond_broadcast(&GM_ELEMENT_CAST(elem)->state_cond)
#define GM_ELEMENT_BUS(elem) (GM_ELEMENT_CAST(elem)->bus)
#define GM_ELEMENT_CLOCK(elem) (GM_ELEMENT_CAST(elem)->clock)
#define GM_ELEMENT_PARENT(elem) GM_ELEMENT_CAST(GM_OBJECT_PARENT(elem))
#define GM_ELEMENT_PADS(elem) (GM_ELEMENT_CAST(elem)->pads)
#define GM_ELEMENT_START_TIME(elem) (GM_ELEMENT_CAST(elem)->start_time)
#define GM_ELEMENT_IS_LOCKED_STATE(e) GM_OBJECT_FLAG_IS_SET(e, GM_ELEMENT_FLAG_LOCKED_STATE)

// Of the object: get_name and get_parent give.
#define gm_element_get_name(elem) gm_object_get_name(GM_OBJECT_CAST(elem))
#define gm_element_set_name(elem, name) gm_object_set_name(GM_OBJECT_CAST(elem), name)
#define gm_element_get_parent(elem) gm_object_get_parent(GM_OBJECT_CAST(elem))
#define gm_element_set_parent(elem, parent) \
    gm_object_set_parent(GM_OBJECT_CAST(elem), GM_OBJECT_CAST(parent))

// ---- pads -------------------------------------------------------------------------------

// Signals: "pad-added" and "pad-removed" (GmElement *, GmPad *, data), "no-more-pads"
// (GmElement *, data). They run in the thread that added, removed or said so.

// Takes the floating pad. Activates it when the element is PAUSED or PLAYING and it is not.
// False, and a critical: the name is taken or the pad has a parent.
bool gm_element_add_pad(GmElement *element, GmPad *pad);
// Unlinks and deactivates pad, which may block until data has left it; releases the element's
// reference. False: not a pad of element.
bool gm_element_remove_pad(GmElement *element, GmPad *pad);
void gm_element_no_more_pads(GmElement *element); // emits "no-more-pads"
GmPad *gm_element_get_static_pad(GmElement *element, const char *name); // gives, or NULL
// The same, borrowed: for an element's own always-pads, which live as long as it does.
GmPad *gm_element_peek_static_pad(GmElement *element, const char *name);
// "src_%u" asks for a new pad with a free name, "src_3" for that very pad. Gives it, or NULL.
// It is returned with gm_element_release_request_pad and then unreffed.
GmPad *gm_element_request_pad_simple(GmElement *element, const char *name);
GmPad *gm_element_get_request_pad(GmElement *element, const char *name); // the old name of it
// A pad of `templ`; name (may be NULL) and caps (may be NULL) are wishes. Gives, or NULL.
GmPad *gm_element_request_pad(GmElement *element, GmPadTemplate *templ, const char *name,
                              const GmCaps *caps);
// Ends a request pad; the caller's own reference stays.
void gm_element_release_request_pad(GmElement *element, GmPad *pad);

// Iterators over GmPad *, in order of adding. They resync when pads come or go. Give.
GmIterator *gm_element_iterate_pads(GmElement *element);
GmIterator *gm_element_iterate_src_pads(GmElement *element);
GmIterator *gm_element_iterate_sink_pads(GmElement *element);
// Calls func for each pad that exists at the call, in order; stops when it returns false.
// Returns false if func did; true for an element without pads. No lock is held.
typedef bool (*GmElementForeachPadFunc)(GmElement *element, GmPad *pad, void *user_data);
bool gm_element_foreach_pad(GmElement *element, GmElementForeachPadFunc func, void *user_data);
bool gm_element_foreach_src_pad(GmElement *element, GmElementForeachPadFunc func, void *data);
bool gm_element_foreach_sink_pad(GmElement *element, GmElementForeachPadFunc func, void *data);

// An unlinked pad of element that could link with `pad` under caps (NULL: any), an existing one
// or a new request pad. Gives, or NULL.
GmPad *gm_element_get_compatible_pad(GmElement *element, GmPad *pad, GmCaps *caps);
// A template of element of the other direction whose caps intersect. Borrowed, or NULL.
GmPadTemplate *gm_element_get_compatible_pad_template(GmElement *element, GmPadTemplate *templ);
// Makes the always-pads that do not exist yet. The constructor has done it already.
void gm_element_create_all_pads(GmElement *element);

// Pad templates of a class: made once per table row, borrowed, alive until the process ends.
GmPadTemplate *gm_element_get_pad_template(GmElement *element, const char *name);
GmPadTemplate *gm_element_class_get_pad_template(const GmElementClass *klass, const char *name);
struct GmList *gm_element_get_pad_template_list(GmElement *element);            // borrowed
struct GmList *gm_element_class_get_pad_template_list(const GmElementClass *klass); // borrowed
// The table of pads that counts for klass: its own or the nearest parent's. May be NULL.
const GmStaticPadTemplate *gm_element_class_get_static_pads(const GmElementClass *klass);

// ---- links ------------------------------------------------------------------------------

// Links some compatible pads of src and dest (which share a parent, or have none), trying
// existing pads first and requesting new ones if needed. False: nothing fits, nothing changed.
bool gm_element_link(GmElement *src, GmElement *dest);
// Each with the next, ended by NULL. False at the first that fails: the links before it stay.
bool gm_element_link_many(GmElement *element_1, GmElement *element_2, ...) GM_SENTINEL;
// Through a capsfilter that is added to the parent of both. filter NULL: as link.
bool gm_element_link_filtered(GmElement *src, GmElement *dest, GmCaps *filter);
// Pad names may be NULL: any that fits.
bool gm_element_link_pads(GmElement *src, const char *srcpadname, GmElement *dest,
                          const char *destpadname);
bool gm_element_link_pads_full(GmElement *src, const char *srcpadname, GmElement *dest,
                               const char *destpadname, GmPadLinkCheck flags);
bool gm_element_link_pads_filtered(GmElement *src, const char *srcpadname, GmElement *dest,
                                   const char *destpadname, GmCaps *filter);
void gm_element_unlink(GmElement *src, GmElement *dest); // every link from src to dest
void gm_element_unlink_many(GmElement *element_1, GmElement *element_2, ...) GM_SENTINEL;
// The link between these two pads; no names may be NULL.
void gm_element_unlink_pads(GmElement *src, const char *srcpadname, GmElement *dest,
                            const char *destpadname);

// ---- clock and time ---------------------------------------------------------------------

GmClock *gm_element_provide_clock(GmElement *element); // gives, or NULL
GmClock *gm_element_get_clock(GmElement *element);     // the clock in use: gives, or NULL
bool gm_element_set_clock(GmElement *element, GmClock *clock); // NULL: none. False: refused
// Clock time at running time 0. Set by the pipeline. Default 0.
void        gm_element_set_base_time(GmElement *element, GmClockTime time);
GmClockTime gm_element_get_base_time(GmElement *element);
// Running time at which the element was paused last; NONE: base time is not managed.
void        gm_element_set_start_time(GmElement *element, GmClockTime time);
GmClockTime gm_element_get_start_time(GmElement *element);
// Now, on the element's clock / since base time. NONE without a clock.
GmClockTime gm_element_get_current_clock_time(GmElement *element);
GmClockTime gm_element_get_current_running_time(GmElement *element);

// ---- contexts ---------------------------------------------------------------------------

// Keeps context (a reference is taken); one of the same type is replaced unless it is
// persistent and the new one is not. Virtual for bins: all children get it.
void gm_element_set_context(GmElement *element, GmContext *context);
GmContext *gm_element_get_context(GmElement *element, const char *context_type); // gives or NULL
struct GmList *gm_element_get_contexts(GmElement *element); // gives list and references

// ---- events and queries -----------------------------------------------------------------

// Takes event. Upstream events go to sink-side elements, i.e. out of a linked sink pad towards
// the source; downstream ones out of a source pad. May block. False: nobody handled it.
bool gm_element_send_event(GmElement *element, GmEvent *event);
// Sends a seek event (rate not 0; positions in format units; simple: to seek_pos >= 0, rate 1.0, no
// end). A flushing seek returns before the sinks have prerolled anew: gm_element_get_state waits.
bool gm_element_seek(GmElement *element, double rate, GmFormat format, GmSeekFlags flags,
                     GmSeekType start_type, int64_t start, GmSeekType stop_type, int64_t stop);
bool gm_element_seek_simple(GmElement *element, GmFormat format, GmSeekFlags seek_flags,
                            int64_t seek_pos);
// Borrows query and fills it in. False: nobody answered.
bool gm_element_query(GmElement *element, GmQuery *query);
// Results through non-NULL pointers, -1 where unknown. False: nobody answered.
bool gm_element_query_position(GmElement *element, GmFormat format, int64_t *cur);
bool gm_element_query_duration(GmElement *element, GmFormat format, int64_t *duration);
bool gm_element_query_convert(GmElement *element, GmFormat src_format, int64_t src_val,
                              GmFormat dest_format, int64_t *dest_val);

// ---- messages ---------------------------------------------------------------------------

void   gm_element_set_bus(GmElement *element, GmBus *bus); // NULL: none
GmBus *gm_element_get_bus(GmElement *element);             // gives, or NULL
// Takes message. False: no bus (the message is released).
bool gm_element_post_message(GmElement *element, GmMessage *message);
// Posts an error, warning or info message (type: GM_MESSAGE_ERROR …). Takes text and debug
// (either may be NULL: a default text for the code; then debug is where it happened).
void gm_element_message_full(GmElement *element, int type, GmQuark domain, int code,
                             char *text, char *debug, const char *file, const char *function,
                             int line);
// As message_full with a structure of details (taken, may be NULL).
void gm_element_message_full_with_details(GmElement *element, int type, GmQuark domain,
                                          int code, char *text, char *debug, const char *file,
                                          const char *function, int line, GmStructure *structure);
// Gives formatted text, NULL for a NULL format. For the macros below.
char *gm_element_error_printf(const char *format, ...) GM_PRINTF(1, 2);

// The error of an element that drives a stream and got `flow` (a GmFlowReturn) back: "Internal
// data stream error." with the reason in the debug text.
#define GM_ELEMENT_FLOW_ERROR(el, flow)                                                        \
    GM_ELEMENT_ERROR((el), STREAM, FAILED, ("Internal data stream error."),                    \
                     ("streaming stopped, reason %s (%d)", gm_flow_get_name(flow), (int)(flow)))
// GM_ELEMENT_ERROR (el, RESOURCE, NOT_FOUND, ("No file \"%s\".", name), ("errno %d", errno));
// text and debug stand in parentheses of their own; (NULL) where there is nothing to say.
#define GM_ELEMENT_MESSAGE_FULL_(el, type, domain, code, text, debug)                          \
    gm_element_message_full(GM_ELEMENT_CAST(el), (type), GM_##domain##_ERROR,                  \
                            GM_##domain##_ERROR_##code, gm_element_error_printf text,          \
                            gm_element_error_printf debug, __FILE__, __func__, __LINE__)
#define GM_ELEMENT_ERROR(el, domain, code, text, debug) \
    GM_ELEMENT_MESSAGE_FULL_(el, GM_MESSAGE_ERROR, domain, code, text, debug)
#define GM_ELEMENT_WARNING(el, domain, code, text, debug) \
    GM_ELEMENT_MESSAGE_FULL_(el, GM_MESSAGE_WARNING, domain, code, text, debug)
#define GM_ELEMENT_INFO(el, domain, code, text, debug) \
    GM_ELEMENT_MESSAGE_FULL_(el, GM_MESSAGE_INFO, domain, code, text, debug)

// Posts property-notify messages whenever a property (NULL: any) of element / of anything
// below it changes, with its value if include_value. Gives an id for remove, 0 on failure.
unsigned long gm_element_add_property_notify_watch(GmElement *element, const char *property_name,
                                                   bool include_value);
unsigned long gm_element_add_property_deep_notify_watch(GmElement *element,
                                                        const char *property_name,
                                                        bool include_value);
void gm_element_remove_property_notify_watch(GmElement *element, unsigned long watch_id);

// ---- state ------------------------------------------------------------------------------

// Goes to `state`, step by step; from PAUSED down wakes everything that waits. May run in part
// in streaming threads later (ASYNC): gm_element_get_state waits for the end of that.
// ASYNC: under way. NO_PREROLL: done, but a live source gives no data in PAUSED. FAILURE.
GmStateChangeReturn gm_element_set_state(GmElement *element, GmState state);
// Waits at most timeout (nanoseconds; NONE: no limit) for an asynchronous change to end.
// Result of the last change; *state and *pending (may be NULL) get current and pending state.
GmStateChangeReturn gm_element_get_state(GmElement *element, GmState *state, GmState *pending,
                                         GmClockTime timeout);
// One transition now, in the calling thread. State lock held. For bins and subclasses.
GmStateChangeReturn gm_element_change_state(GmElement *element, GmStateChange transition);
// Commits the state that was reached asynchronously and goes on to the target, or reports
// `ret`. State lock held.
GmStateChangeReturn gm_element_continue_state(GmElement *element, GmStateChangeReturn ret);
// The element lost its preroll: back to PAUSED asynchronously, then on to where it was.
void gm_element_lost_state(GmElement *element);
// Makes the pending state change fail and wakes those who wait for it. Object state unchanged.
void gm_element_abort_state(GmElement *element);
// A locked element ignores the state changes of its parent. True if that changed something.
bool gm_element_set_locked_state(GmElement *element, bool locked_state);
bool gm_element_is_locked_state(GmElement *element);
// Takes element to the state its parent is in or goes to. False: no parent, or it failed.
bool gm_element_sync_state_with_parent(GmElement *element);
// Runs func (element, data) in a thread of its own soon, then destroy (data) (may be NULL).
// What streaming threads use to change states without waiting for themselves.
typedef void (*GmElementCallAsyncFunc)(GmElement *element, void *user_data);
void gm_element_call_async(GmElement *element, GmElementCallAsyncFunc func, void *user_data,
                           GmDestroyNotify destroy);
// "PAUSED", "SUCCESS", "READY_TO_PAUSED"; "UNKNOWN!(n)"-like words for other numbers. Constant.
const char *gm_element_state_get_name(GmState state);
const char *gm_element_state_change_return_get_name(GmStateChangeReturn state_ret);
const char *gm_state_change_get_name(GmStateChange transition);

// ---- what inspect says ------------------------------------------------------------------

#define GM_ELEMENT_METADATA_LONGNAME "long-name"
#define GM_ELEMENT_METADATA_KLASS "klass"
#define GM_ELEMENT_METADATA_DESCRIPTION "description"
#define GM_ELEMENT_METADATA_AUTHOR "author"
GmElementFactory *gm_element_get_factory(GmElement *element); // borrowed, or NULL
const char *gm_element_get_metadata(GmElement *element, const char *key); // constant or NULL
// The class's own or the nearest parent's text.
const char *gm_element_class_get_metadata(const GmElementClass *klass, const char *key);

#ifdef __cplusplus
}
#endif
#endif
