// SPDX-License-Identifier: MIT
//
// flow_combiner: one flow return out of those of several src pads, for demuxers and tees.
//
// An error of one pad is an error of all; EOS and NOT_LINKED only once every pad says so.
// Not guarded: the streaming thread of the element uses it, or the caller locks. Never blocks.
// Misuse is a critical and GM_FLOW_ERROR.
// Read next: core/pad.h, the flow returns.
#ifndef GM_CORE_BASE_FLOW_COMBINER_H
#define GM_CORE_BASE_FLOW_COMBINER_H

#include "core/pad.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmFlowCombiner GmFlowCombiner;

GmFlowCombiner *gm_flow_combiner_new(void); // gives one reference
GmFlowCombiner *gm_flow_combiner_ref(GmFlowCombiner *combiner); // gives one more
void gm_flow_combiner_unref(GmFlowCombiner *combiner);          // the last forgets all pads
void gm_flow_combiner_free(GmFlowCombiner *combiner); // as unref
// Adds a pad (a reference is kept) / forgets it. Each pad at most once.
void gm_flow_combiner_add_pad(GmFlowCombiner *combiner, GmPad *pad);
void gm_flow_combiner_remove_pad(GmFlowCombiner *combiner, GmPad *pad);
void gm_flow_combiner_clear(GmFlowCombiner *combiner); // forgets all pads
void gm_flow_combiner_reset(GmFlowCombiner *combiner); // all pads start with OK again
// The combined return after one pad has got `fret`. The pads' own last returns count.
GmFlowReturn gm_flow_combiner_update_flow(GmFlowCombiner *combiner, GmFlowReturn fret);
// As update_flow, and sets `fret` as the last return of `pad`.
GmFlowReturn gm_flow_combiner_update_pad_flow(GmFlowCombiner *combiner, GmPad *pad,
                                              GmFlowReturn fret);

#ifdef __cplusplus
}
#endif
#endif
