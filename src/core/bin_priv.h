// SPDX-License-Identifier: MIT
//
// bin_priv: what bin.c, bin_state.c and bin_message.c share.
#ifndef GM_CORE_BIN_PRIV_H
#define GM_CORE_BIN_PRIV_H

#include "core/bin.h"
#include "core/element_priv.h"
#include "core/list.h"

#ifdef __cplusplus
extern "C" {
#endif

// Children with all of element_flags, newest first, with a reference each. Gives.
GmList *gm_bin_copy_children(GmBin *bin, unsigned element_flags);
// All children from sinks to sources, with references; *cookie (may be NULL) is the structure
// that this order belongs to. Gives.
GmList *gm_bin_copy_sorted(GmBin *bin, uint32_t *cookie);
// A bin that answers for itself: no parent, or async-handling. Lock held.
#define GM_BIN_IS_TOPLEVEL(bin) (GM_OBJECT_PARENT(bin) == NULL || (bin)->asynchandling)

bool gm_bin_default_do_latency(GmBin *bin);

// bin_message.c; lock held. src NULL: any source; types: a mask.
GmList *gm_bin_find_message(GmBin *bin, const GmObject *src, int types);
void gm_bin_remove_messages(GmBin *bin, const GmObject *src, int types);
void gm_bin_default_handle_message(GmBin *bin, GmMessage *message);
void gm_bin_check_eos(GmBin *bin);       // posts EOS if all sinks have; no lock held
bool gm_bin_post_message(GmElement *el, GmMessage *message);

// bin_state.c; lock held, given up in between to post messages and to start a thread.
void gm_bin_async_start(GmBin *bin);
void gm_bin_async_done(GmBin *bin, GmStateChangeReturn ret, bool flag_pending,
                       GmClockTime running_time);
GmStateChangeReturn gm_bin_set_state(GmElement *el, GmState state);
GmStateChangeReturn gm_bin_change_state(GmElement *el, GmStateChange transition);

#ifdef __cplusplus
}
#endif
#endif
