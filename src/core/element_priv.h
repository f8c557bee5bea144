// SPDX-License-Identifier: MIT
//
// element_priv: what the element_*.c files, bins and pipelines share.
#ifndef GM_CORE_ELEMENT_PRIV_H
#define GM_CORE_ELEMENT_PRIV_H

#include "core/element.h"

#ifdef __cplusplus
extern "C" {
#endif

// The nearest class of el that fills the function slot at `offset`; gm_element_class fills
// all, so a call through it is always possible, except for the request-pad pair.
const GmElementClass *gm_element_class_with(const void *el, size_t offset);
#define GM_ELEMENT_VFUNC(el, slot) \
    (gm_element_class_with((el), offsetof(GmElementClass, slot))->slot)

// Defaults of gm_element_class that live in files of their own.
GmStateChangeReturn gm_element_default_get_state(GmElement *el, GmState *state, GmState *pending,
                                                 GmClockTime timeout);
GmStateChangeReturn gm_element_default_set_state(GmElement *el, GmState state);
GmStateChangeReturn gm_element_default_change_state(GmElement *el, GmStateChange transition);
bool gm_element_default_post_message(GmElement *el, GmMessage *message);
bool gm_element_default_send_event(GmElement *el, GmEvent *event);
bool gm_element_default_query(GmElement *el, GmQuery *query);

// state_changed hook and message. No lock held but the state lock.
void gm_element_state_changed(GmElement *el, GmState oldstate, GmState newstate,
                              GmState pending);
// The neighbour of current on the way to pending.
GmState gm_state_get_next(GmState current, GmState pending);
// Waits (at most until deadline) for calls of `func` on `el` that gm_element_call_async began,
// unless this thread is making one.
void gm_element_call_async_wait(GmElement *el, GmElementCallAsyncFunc func, GmClockTime deadline);

#ifdef __cplusplus
}
#endif
#endif
