// SPDX-License-Identifier: MIT
//
// ghost_pad: pads of a bin that stand for pads of its children.
//
//     ┌─ bin ─────────────────────────────┐
//     │ ┌─ghost─┐internal   ┌─ child ─┐   │     what comes in at the ghost pad leaves at its
//   ──┼►│ sink  │ src  ├────►[sink]    │   │     internal proxy pad, which is linked to the
//     │ └───────┴──────┘    └─────────┘   │     target, and the other way round
//     └───────────────────────────────────┘
//
// Each half is a proxy pad and the other's internal pad; the ghost pad owns its internal one.
// Events (also sticky ones), queries, data in both modes and activation pass through.
// The rules of core/pad.h about threads, blocking, ownership and misuse hold here too.
// Read next: core/bin.h.
#ifndef GM_CORE_GHOST_PAD_H
#define GM_CORE_GHOST_PAD_H

#include "core/pad.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmProxyPad GmProxyPad;
typedef struct GmGhostPad GmGhostPad;

struct GmProxyPad {
    GmPad  pad;
    GmPad *internal; // the other half; of ghost pads counted, else borrowed; object lock
};
struct GmGhostPad {
    GmProxyPad proxy;
    bool       constructed; // has its internal pad
};
extern const GmObjectClass gm_proxy_pad_class, gm_ghost_pad_class;

// Casts are unchecked; GM_IS_PROXY_PAD checks (NULL: false). The others read the
// struct: not NULL, no lock taken.
#define GM_PROXY_PAD(obj) ((GmProxyPad *)(obj))
#define GM_GHOST_PAD(obj) ((GmGhostPad *)(obj))
#define GM_GHOST_PAD_CAST(obj) ((GmGhostPad *)(obj))
#define GM_IS_PROXY_PAD(obj) gm_object_is_a((obj), &gm_proxy_pad_class)
#define GM_IS_GHOST_PAD(obj) gm_object_is_a((obj), &gm_ghost_pad_class)

// A ghost pad for `target` (not linked), or one of a direction that gets its target later.
// NULL: target is linked, or template and target do not fit. The new pad floats.
GmPad *gm_ghost_pad_new(const char *name, GmPad *target);
GmPad *gm_ghost_pad_new_no_target(const char *name, GmPadDirection dir);
GmPad *gm_ghost_pad_new_from_template(const char *name, GmPad *target, GmPadTemplate *templ);
GmPad *gm_ghost_pad_new_no_target_from_template(const char *name, GmPadTemplate *templ);
// For subclasses whose direction is set: makes the internal pad. The constructors call it.
bool gm_ghost_pad_construct(GmGhostPad *gpad);

GmPad *gm_ghost_pad_get_target(GmGhostPad *gpad); // gives, or NULL
// Changes the target, NULL: none. False: it cannot be linked, and there is no target now.
bool gm_ghost_pad_set_target(GmGhostPad *gpad, GmPad *newtarget);

GmProxyPad *gm_proxy_pad_get_internal(GmProxyPad *pad); // gives, or NULL
// The default functions, for pads that override and go on here.
GmIterator  *gm_proxy_pad_iterate_internal_links_default(GmPad *pad, GmObject *parent);
GmFlowReturn gm_proxy_pad_chain_default(GmPad *pad, GmObject *parent, GmBuffer *buffer);
GmFlowReturn gm_proxy_pad_chain_list_default(GmPad *pad, GmObject *parent, GmBufferList *list);
GmFlowReturn gm_proxy_pad_getrange_default(GmPad *pad, GmObject *parent, uint64_t offset,
                                           unsigned size, GmBuffer **buffer);
bool gm_ghost_pad_activate_mode_default(GmPad *pad, GmObject *parent, GmPadMode mode, bool active);
bool gm_ghost_pad_internal_activate_mode_default(GmPad *pad, GmObject *parent, GmPadMode mode,
                                                 bool active);

#ifdef __cplusplus
}
#endif
#endif
