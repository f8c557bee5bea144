// SPDX-License-Identifier: MIT
//
// base_transform_priv: what the files of GmBaseTransform share.
#ifndef GM_CORE_BASE_BASE_TRANSFORM_PRIV_H
#define GM_CORE_BASE_BASE_TRANSFORM_PRIV_H

#include "core/base/base_priv.h"
#include "core/base/base_transform.h"
#include "core/meta.h"

#define NONE ((uint64_t)-1)

// base_transform_caps.c
bool gm_base_transform_setcaps(GmBaseTransform *trans, GmCaps *incaps);
bool gm_base_transform_reconfigure_unlocked(GmBaseTransform *trans);
GmCaps *gm_base_transform_default_transform_caps(GmBaseTransform *trans, GmPadDirection direction,
                                                 GmCaps *caps, GmCaps *filter);
GmCaps *gm_base_transform_default_fixate_caps(GmBaseTransform *trans, GmPadDirection direction,
                                              GmCaps *caps, GmCaps *othercaps);
bool gm_base_transform_default_accept_caps(GmBaseTransform *trans, GmPadDirection direction,
                                           GmCaps *caps);
bool gm_base_transform_default_query(GmBaseTransform *trans, GmPadDirection direction,
                                     GmQuery *query);
bool gm_base_transform_default_decide_allocation(GmBaseTransform *trans, GmQuery *query);
bool gm_base_transform_default_propose_allocation(GmBaseTransform *trans, GmQuery *decide_query,
                                                  GmQuery *query);
void gm_base_transform_set_allocation_query(GmBaseTransform *trans, GmQuery *query); // takes

// base_transform.c
GmFlowReturn gm_base_transform_default_submit_input_buffer(GmBaseTransform *trans, bool is_discont,
                                                           GmBuffer *input);

#endif
