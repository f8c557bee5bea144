// SPDX-License-Identifier: MIT
//
// pad: where an element meets the next: links, data flow, events, queries, probes.
//
// (The owner of this file completes it: essay, functions, probes, pad tasks of GstPad.)
#ifndef GM_CORE_PAD_H
#define GM_CORE_PAD_H

#include "core/object.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { GM_PAD_UNKNOWN, GM_PAD_SRC, GM_PAD_SINK } GmPadDirection;
typedef enum { GM_PAD_ALWAYS, GM_PAD_SOMETIMES, GM_PAD_REQUEST } GmPadPresence;
typedef enum { GM_PAD_MODE_NONE, GM_PAD_MODE_PUSH, GM_PAD_MODE_PULL } GmPadMode;

typedef enum {
    GM_PAD_LINK_OK              = 0,
    GM_PAD_LINK_WRONG_HIERARCHY = -1,
    GM_PAD_LINK_WAS_LINKED      = -2,
    GM_PAD_LINK_WRONG_DIRECTION = -3,
    GM_PAD_LINK_NOFORMAT        = -4,
    GM_PAD_LINK_NOSCHED         = -5,
    GM_PAD_LINK_REFUSED         = -6
} GmPadLinkReturn;

typedef enum {
    GM_FLOW_CUSTOM_SUCCESS_2 = 102,
    GM_FLOW_CUSTOM_SUCCESS_1 = 101,
    GM_FLOW_CUSTOM_SUCCESS   = 100,
    GM_FLOW_OK               = 0,
    GM_FLOW_NOT_LINKED       = -1,
    GM_FLOW_FLUSHING         = -2,
    GM_FLOW_EOS              = -3,
    GM_FLOW_NOT_NEGOTIATED   = -4,
    GM_FLOW_ERROR            = -5,
    GM_FLOW_NOT_SUPPORTED    = -6,
    GM_FLOW_CUSTOM_ERROR     = -100,
    GM_FLOW_CUSTOM_ERROR_1   = -101,
    GM_FLOW_CUSTOM_ERROR_2   = -102
} GmFlowReturn;

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
typedef bool (*GmPadActivateModeFunction)(GmPad *pad, GmObject *parent, GmPadMode mode, bool active);
typedef GmPadLinkReturn (*GmPadLinkFunction)(GmPad *pad, GmObject *parent, GmPad *peer);
typedef void (*GmPadUnlinkFunction)(GmPad *pad, GmObject *parent);
typedef GmIterator *(*GmPadIterIntLinkFunction)(GmPad *pad, GmObject *parent);

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
};

#ifdef __cplusplus
}
#endif
#endif
