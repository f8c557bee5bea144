// SPDX-License-Identifier: MIT
//
// tee: one stream in, the same stream out of every requested pad.
//
//                            ┌--> [src_0]
//     upstream --> [sink] ---┼--> [src_1]     one after the other, on the upstream thread
//                            └--> [src_2]
//
// Every branch gets a reference to the same buffer: nobody is handed a copy, so whoever wants to
// write makes one. The branches are served in turn by one thread: a branch that blocks holds up
// the others, and in preroll a branch that waits for the others is waited for by them. That is
// why every branch wants a queue.
// Read next: elements/core/queue.c.

#include <stdlib.h>

#include "gstmini-element.h"

GM_DEBUG_CATEGORY_DEFINE(tee_debug, "tee", 0, "1-to-N pipe fitting");
#define GM_CAT_DEFAULT tee_debug

enum { TEE_PULL_NEVER, TEE_PULL_SINGLE };

static const GmEnumTable tee_pull_mode = {
    "GmTeePullMode",
    (const GmEnumValue[]){ { TEE_PULL_NEVER, "Never activate in pull mode", "never" },
                           { TEE_PULL_SINGLE, "Only one src pad can be active in pull mode",
                             "single" },
                           { 0, NULL, NULL } },
    false
};

typedef struct {
    GmElement *element;
    GmPad     *sinkpad;
    // properties, guarded by the object lock
    bool  allow_not_linked, has_chain, silent;
    int   pull_mode;
    // guarded by the object lock
    char     *last_message;
    GmPad    *pull_pad;  // the branch that pulls, borrowed
    GmPadMode sink_mode;
    unsigned  next_index;
} Tee;

// What tee knows of a branch; lives in the pad's element_private. Guarded by the object lock.
typedef struct {
    unsigned     index;
    bool         pushed;  // this buffer was pushed there already
    bool         told;    // the streaming thread has seen to its sticky events; that thread's own
    bool         removed; // the branch was released during the push
    GmFlowReturn result;
} Branch;

// The branches as they are now, with a reference to each; gm_list_free_full (…, gm_object_unref).
static GmList *tee_get_branches(Tee *tee)
{
    GmList *pads = NULL;

    GM_OBJECT_LOCK(tee->element);
    for (GmList *l = tee->element->srcpads; l; l = l->next)
        pads = gm_list_prepend(pads, gm_object_ref(l->data));
    GM_OBJECT_UNLOCK(tee->element);
    return gm_list_reverse(pads);
}

// ---- data ------------------------------------------------------------------------------------

static bool tee_forward_sticky(GmPad *pad, GmEvent **event, void *user_data)
{
    GmPad *srcpad = user_data;

    (void)pad;
    // An unlinked branch keeps the event and sends it when it is linked.
    gm_pad_store_sticky_event(srcpad, *event);
    return true;
}

// An event that was on its way while the branch was made has missed it. Stream lock held.
static inline void tee_tell(Tee *tee, GmPad *pad)
{
    Branch *branch = gm_pad_get_element_private(pad);

    if (GM_UNLIKELY(!branch->told))
        gm_pad_sticky_events_foreach(tee->sinkpad, tee_forward_sticky, pad);
    branch->told = true;
}

// Pushes on one branch; takes `data`.
static GmFlowReturn tee_push(Tee *tee, GmPad *pad, GmMiniObject *data)
{
    tee_tell(tee, pad);
    if (pad == tee->pull_pad) {
        // Whoever pulls gets the buffer as the result of getrange.
        gm_mini_object_unref(data);
        return GM_FLOW_OK;
    }
    if (GM_IS_BUFFER_LIST(data))
        return gm_pad_push_list(pad, GM_BUFFER_LIST_CAST(data));
    return gm_pad_push(pad, GM_BUFFER_CAST(data));
}

static void tee_report(Tee *tee, GmMiniObject *data)
{
    char *text;

    if (GM_IS_BUFFER_LIST(data))
        text = gm_strdup_printf("chain        ******* (%s:%s)t (%u buffers) %p",
                                GM_DEBUG_PAD_NAME(tee->sinkpad),
                                gm_buffer_list_length(GM_BUFFER_LIST_CAST(data)), (void *)data);
    else
        text = gm_strdup_printf("chain        ******* (%s:%s)t (%zu bytes, %" PRIu64 ") %p",
                                GM_DEBUG_PAD_NAME(tee->sinkpad),
                                gm_buffer_get_size(GM_BUFFER_CAST(data)),
                                GM_BUFFER_PTS(GM_BUFFER_CAST(data)), (void *)data);
    GM_OBJECT_LOCK(tee->element);
    free(tee->last_message);
    tee->last_message = text;
    GM_OBJECT_UNLOCK(tee->element);
    gm_object_notify(tee->element, "last-message");
}

// Under the object lock: the first branch that has not had this buffer, or NULL.
static GmPad *tee_next_branch(Tee *tee)
{
    for (GmList *l = tee->element->srcpads; l; l = l->next) {
        Branch *branch = gm_pad_get_element_private(l->data);
        if (!branch->pushed)
            return l->data;
    }
    return NULL;
}

// The branches' results as one: not-linked counts only if nobody is linked; of the others the
// last one wins; anything worse has ended the round before. Under the object lock.
static GmFlowReturn tee_combine(Tee *tee)
{
    GmFlowReturn ret = tee->allow_not_linked ? GM_FLOW_OK : GM_FLOW_NOT_LINKED;

    for (GmList *l = tee->element->srcpads; l; l = l->next) {
        Branch *branch = gm_pad_get_element_private(l->data);
        if (branch->result != GM_FLOW_NOT_LINKED)
            ret = branch->result;
    }
    return ret;
}

// Takes a buffer or a list. Branches may come and go while one of them is being pushed to.
static GmFlowReturn tee_handle_data(Tee *tee, GmMiniObject *data)
{
    GmFlowReturn ret = GM_FLOW_OK;
    GmPad *pad;

    if (GM_UNLIKELY(!tee->silent))
        tee_report(tee, data);

    GM_OBJECT_LOCK(tee->element);
    for (GmList *l = tee->element->srcpads; l; l = l->next)
        ((Branch *)gm_pad_get_element_private(l->data))->pushed = false;
    // A lone branch gets our own reference, so that it may find the buffer writable.
    bool single = tee->element->numsrcpads == 1;
    while ((pad = tee_next_branch(tee))) {
        Branch *branch = gm_pad_get_element_private(pad);
        gm_object_ref(pad); // a probe may release it
        GM_OBJECT_UNLOCK(tee->element);
        ret = tee_push(tee, pad, single ? data : gm_mini_object_ref(data));
        GM_OBJECT_LOCK(tee->element);
        branch->pushed = true;
        if (branch->removed)
            ret = GM_FLOW_NOT_LINKED;
        branch->result = ret;
        GM_OBJECT_UNLOCK(tee->element);
        gm_object_unref(pad);
        GM_OBJECT_LOCK(tee->element);
        if (single || (ret != GM_FLOW_OK && ret != GM_FLOW_NOT_LINKED))
            break;
    }
    if (single && ret == GM_FLOW_NOT_LINKED && tee->allow_not_linked)
        ret = GM_FLOW_OK;
    else if (!single && (ret == GM_FLOW_OK || ret == GM_FLOW_NOT_LINKED))
        ret = tee_combine(tee);
    GM_OBJECT_UNLOCK(tee->element);
    if (!single)
        gm_mini_object_unref(data);
    return ret;
}

// A branch that came after caps must not get the segment first: it is told what it missed, then
// the event. One that comes meanwhile is not in the list, and is told with the next.
static bool tee_sink_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    Tee *tee = gm_priv(parent);

    if (!GM_EVENT_IS_STICKY(event))
        return gm_pad_event_default(pad, parent, event);
    GmList *pads = tee_get_branches(tee);
    bool ok = !pads;
    for (GmList *l = pads; l; l = l->next) {
        tee_tell(tee, l->data);
        ok |= gm_pad_push_event(l->data, gm_event_ref(event));
    }
    gm_list_free_full(pads, gm_object_unref);
    gm_event_unref(event);
    return ok;
}

static GmFlowReturn tee_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    (void)pad;
    return tee_handle_data(gm_priv(parent), GM_MINI_OBJECT_CAST(buffer));
}

static GmFlowReturn tee_chain_list(GmPad *pad, GmObject *parent, GmBufferList *list)
{
    (void)pad;
    return tee_handle_data(gm_priv(parent), GM_MINI_OBJECT_CAST(list));
}

// ---- allocation: what all branches need, but no pool of one of them -----------------------------

typedef struct {
    GmAllocationParams params;
    unsigned size, min_buffers;
} Needs;

static bool tee_ask_branch(Tee *tee, GmPad *pad, GmCaps *caps, Needs *needs)
{
    GmPad *peer = gm_pad_get_peer(pad);
    if (!peer)
        return tee->allow_not_linked;

    GmQuery *query = gm_query_new_allocation(caps, false);
    bool ok = gm_pad_query(peer, query);
    for (unsigned i = 0; ok && i < gm_query_get_n_allocation_params(query); i++) {
        GmAllocationParams p;
        gm_query_parse_nth_allocation_param(query, i, NULL, &p);
        needs->params.align = p.align > needs->params.align ? p.align : needs->params.align;
        needs->params.prefix = p.prefix > needs->params.prefix ? p.prefix : needs->params.prefix;
        needs->params.padding =
            p.padding > needs->params.padding ? p.padding : needs->params.padding;
    }
    if (ok && gm_query_get_n_allocation_pools(query) > 0) {
        unsigned size, min;
        gm_query_parse_nth_allocation_pool(query, 0, NULL, &size, &min, NULL);
        needs->size = size > needs->size ? size : needs->size;
        needs->min_buffers = min > needs->min_buffers ? min : needs->min_buffers;
    }
    gm_query_unref(query);
    gm_object_unref(peer);
    return ok;
}

// Upstream allocates: a pool of one branch would tie the others to it.
static bool tee_answer_allocation(Tee *tee, GmQuery *query)
{
    Needs needs = { 0 };
    GmCaps *caps;
    bool ok = true;

    gm_query_parse_allocation(query, &caps, NULL);
    GmList *pads = tee_get_branches(tee);
    unsigned n = gm_list_length(pads);
    for (GmList *l = pads; l && ok; l = l->next)
        ok = tee_ask_branch(tee, l->data, caps, &needs);
    gm_list_free_full(pads, gm_object_unref);
    if (!ok || n == 0)
        return false;

    // One more buffer for each further branch, which may hold one.
    if (needs.size > 0)
        gm_query_add_allocation_pool(query, NULL, needs.size, needs.min_buffers + n - 1, 0);
    gm_query_add_allocation_param(query, NULL, &needs.params);
    return true;
}

static bool tee_sink_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    if (GM_QUERY_TYPE(query) == GM_QUERY_ALLOCATION)
        return tee_answer_allocation(gm_priv(parent), query);
    return gm_pad_query_default(pad, parent, query);
}

// ---- activation, pulling ------------------------------------------------------------------------

static bool tee_sink_activate_mode(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    Tee *tee = gm_priv(parent);

    (void)pad;
    GM_OBJECT_LOCK(tee->element);
    bool ok = mode == GM_PAD_MODE_PUSH || (mode == GM_PAD_MODE_PULL && tee->has_chain);
    if (ok)
        tee->sink_mode = active ? mode : GM_PAD_MODE_NONE;
    GM_OBJECT_UNLOCK(tee->element);
    return ok;
}

// Under the object lock: whether `pad` may be the one that pulls.
static bool tee_may_pull(Tee *tee)
{
    return tee->pull_mode == TEE_PULL_SINGLE && !tee->pull_pad;
}

static bool tee_src_activate_mode(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    Tee *tee = gm_priv(parent);

    if (mode != GM_PAD_MODE_PULL)
        return true;
    GM_OBJECT_LOCK(tee->element);
    bool ok = active ? tee_may_pull(tee) : tee->pull_mode == TEE_PULL_SINGLE;
    GM_OBJECT_UNLOCK(tee->element);
    if (!ok || !gm_pad_activate_mode(tee->sinkpad, GM_PAD_MODE_PULL, active))
        return false;
    GM_OBJECT_LOCK(tee->element);
    if (active)
        tee->pull_pad = pad;
    else if (tee->pull_pad == pad)
        tee->pull_pad = NULL;
    GM_OBJECT_UNLOCK(tee->element);
    return true;
}

static bool tee_src_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    Tee *tee = gm_priv(parent);

    if (GM_QUERY_TYPE(query) != GM_QUERY_SCHEDULING)
        return gm_pad_query_default(pad, parent, query);
    GM_OBJECT_LOCK(tee->element);
    bool pull = tee_may_pull(tee);
    GM_OBJECT_UNLOCK(tee->element);
    return pull ? gm_pad_peer_query(tee->sinkpad, query) : true;
}

static GmFlowReturn tee_src_getrange(GmPad *pad, GmObject *parent, uint64_t offset, unsigned length,
                                     GmBuffer **buffer)
{
    Tee *tee = gm_priv(parent);
    GmFlowReturn ret = gm_pad_pull_range(tee->sinkpad, offset, length, buffer);

    (void)pad;
    if (ret == GM_FLOW_OK)
        return tee_handle_data(tee, GM_MINI_OBJECT_CAST(gm_buffer_ref(*buffer)));
    if (ret == GM_FLOW_EOS) {
        // The others do not pull, so nobody else tells them.
        GmList *pads = tee_get_branches(tee);
        for (GmList *l = pads; l; l = l->next)
            if (l->data != tee->pull_pad)
                gm_pad_push_event(l->data, gm_event_new_eos());
        gm_list_free_full(pads, gm_object_unref);
    }
    return ret;
}

// ---- branches come and go -----------------------------------------------------------------------

// Under the object lock: whether a branch has that number.
static bool tee_has_index(Tee *tee, unsigned index)
{
    for (GmList *l = tee->element->srcpads; l; l = l->next)
        if (((Branch *)gm_pad_get_element_private(l->data))->index == index)
            return true;
    return false;
}

static GmPad *tee_request_new_pad(GmElement *el, GmPadTemplate *templ, const char *wanted,
                                  const GmCaps *caps)
{
    Tee *tee = gm_priv(el);
    unsigned index;
    char name[24];

    (void)caps;
    GM_OBJECT_LOCK(el);
    if (wanted && sscanf(wanted, "src_%u", &index) == 1) {
        if (tee_has_index(tee, index)) {
            GM_OBJECT_UNLOCK(el);
            GM_ERROR_OBJECT(el, "pad name %s is not unique", wanted);
            return NULL;
        }
    } else {
        for (index = tee->next_index; tee_has_index(tee, index);)
            index++;
    }
    if (index >= tee->next_index)
        tee->next_index = index + 1;
    GmPadMode mode = tee->sink_mode;
    GM_OBJECT_UNLOCK(el);

    snprintf(name, sizeof name, "src_%u", index);
    GmPad *pad = gm_pad_new_from_template(templ, name);
    Branch *branch = gm_new0(Branch, 1);
    branch->index = index;
    gm_object_set_data_full(pad, "tee-branch", branch, free);
    gm_pad_set_element_private(pad, branch);
    if (mode != GM_PAD_MODE_NONE && !gm_pad_activate_mode(pad, GM_PAD_MODE_PUSH, true)) {
        GM_ERROR_OBJECT(el, "could not activate %s", name);
        gm_object_unref(pad);
        return NULL;
    }
    gm_pad_set_activatemode_function(pad, tee_src_activate_mode);
    gm_pad_sticky_events_foreach(tee->sinkpad, tee_forward_sticky, pad);
    gm_element_add_pad(el, pad);
    return pad;
}

static void tee_release_pad(GmElement *el, GmPad *pad)
{
    Tee *tee = gm_priv(el);

    GM_OBJECT_LOCK(el);
    ((Branch *)gm_pad_get_element_private(pad))->removed = true;
    if (tee->pull_pad == pad)
        tee->pull_pad = NULL;
    GM_OBJECT_UNLOCK(el);
    gm_object_ref(pad);
    gm_pad_set_active(pad, false);
    gm_element_remove_pad(el, pad);
    gm_object_unref(pad);
}

// ---- the manifest -------------------------------------------------------------------------------

static void tee_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    if (strcmp(prop->name, "num-src-pads") == 0)
        gm_value_set_int(value, GM_ELEMENT(obj)->numsrcpads);
}

static void tee_init(GmObject *obj)
{
    Tee *tee = gm_priv(obj);

    tee->element = GM_ELEMENT(obj);
    tee->sinkpad = gm_element_peek_static_pad(tee->element, "sink");
}

static const GmStaticPadTemplate tee_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = tee_chain,
      .chain_list = tee_chain_list, .event = tee_sink_event, .query = tee_sink_query,
      .activate_mode = tee_sink_activate_mode, .pad_flags = GM_PAD_FLAG_PROXY_CAPS },
    { .name_template = "src_%u", .direction = GM_PAD_SRC, .presence = GM_PAD_REQUEST,
      .query = tee_src_query, .getrange = tee_src_getrange,
      .pad_flags = GM_PAD_FLAG_PROXY_CAPS },
    { 0 }
};

#define LIVE (GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING)
static const GmProperty tee_props[] = {
    { "num-src-pads", "The number of source pads", GM_COMPUTED(GM_TYPE_INT),
      .max = INT_MAX, .flags = GM_PARAM_READABLE },
    { "has-chain", "If the element can operate in push mode", GM_FIELD(Tee, has_chain),
      .def = "true" },
    { "silent", "Don't produce last_message events", GM_FIELD(Tee, silent), .def = "true" },
    { "last-message", "The message describing current status", GM_FIELD(Tee, last_message),
      .flags = GM_PARAM_READABLE },
    { "pull-mode", "Behavior of tee in pull mode", GM_ENUM_FIELD(Tee, pull_mode, &tee_pull_mode),
      .def = "never" },
    { "allow-not-linked",
      "Return GM_FLOW_OK even if there are no source pads or they are all unlinked",
      GM_FIELD(Tee, allow_not_linked), .flags = LIVE },
    { 0 }
};

const GmElementClass gm_tee_class = {
    .name = "tee",
    .type_name = "GmTee",
    .parent = &gm_element_class.object,
    .longname = "Tee pipe fitting",
    .klass = "Generic",
    .description = "1-to-N pipe fitting",
    .author = "The GstMini authors",
    .priv_size = sizeof(Tee),
    .props = tee_props,
    .pads = tee_pads,
    .init = tee_init,
    .get_property = tee_get_property,
    .request_new_pad = tee_request_new_pad,
    .release_pad = tee_release_pad,
};
