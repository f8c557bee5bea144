// SPDX-License-Identifier: MIT
//
// flow_combiner: see flow_combiner.h.
#include "core/base/flow_combiner.h"
#include "core/list.h"
#include "core/util.h"

struct GmFlowCombiner {
    _Atomic int  ref_count;
    GmList      *pads; // of GmPad, counted
    GmFlowReturn last;
};

GmFlowCombiner *gm_flow_combiner_new(void)
{
    GmFlowCombiner *combiner = gm_new0(GmFlowCombiner, 1);
    combiner->ref_count = 1;
    return combiner;
}

GmFlowCombiner *gm_flow_combiner_ref(GmFlowCombiner *combiner)
{
    if (GM_REQUIRE(combiner != NULL))
        combiner->ref_count++;
    return combiner;
}

void gm_flow_combiner_unref(GmFlowCombiner *combiner)
{
    if (GM_REQUIRE(combiner != NULL) && --combiner->ref_count == 0) {
        gm_flow_combiner_clear(combiner);
        gm_free(combiner);
    }
}

void gm_flow_combiner_free(GmFlowCombiner *combiner)
{
    gm_flow_combiner_unref(combiner);
}

void gm_flow_combiner_add_pad(GmFlowCombiner *combiner, GmPad *pad)
{
    if (GM_REQUIRE(combiner != NULL) && GM_REQUIRE(pad != NULL))
        combiner->pads = gm_list_prepend(combiner->pads, gm_object_ref(pad));
}

void gm_flow_combiner_remove_pad(GmFlowCombiner *combiner, GmPad *pad)
{
    if (!GM_REQUIRE(combiner != NULL) || !GM_REQUIRE(pad != NULL))
        return;
    GmList *node = gm_list_find(combiner->pads, pad);
    if (node != NULL) {
        combiner->pads = gm_list_delete_link(combiner->pads, node);
        gm_object_unref(pad);
    }
}

void gm_flow_combiner_clear(GmFlowCombiner *combiner)
{
    if (!GM_REQUIRE(combiner != NULL))
        return;
    gm_list_free_full(combiner->pads, (GmDestroyNotify)gm_object_unref);
    combiner->pads = NULL;
    combiner->last = GM_FLOW_OK;
}

void gm_flow_combiner_reset(GmFlowCombiner *combiner)
{
    if (!GM_REQUIRE(combiner != NULL))
        return;
    for (GmList *l = combiner->pads; l != NULL; l = l->next)
        ((GmPad *)l->data)->last_flowret = GM_FLOW_OK;
    combiner->last = GM_FLOW_OK;
}

// The pads' returns as one: EOS if all that are linked have it, NOT_LINKED if all have that.
static GmFlowReturn flow_combiner_all(GmFlowCombiner *combiner)
{
    bool all_eos = true, all_notlinked = true;

    for (GmList *l = combiner->pads; l != NULL; l = l->next) {
        GmFlowReturn ret = GM_PAD_LAST_FLOW_RETURN(l->data);
        if (ret <= GM_FLOW_NOT_NEGOTIATED || ret == GM_FLOW_FLUSHING)
            return ret;
        all_notlinked = all_notlinked && ret == GM_FLOW_NOT_LINKED;
        all_eos = all_eos && (ret == GM_FLOW_NOT_LINKED || ret == GM_FLOW_EOS);
    }
    return all_notlinked ? GM_FLOW_NOT_LINKED : all_eos ? GM_FLOW_EOS : GM_FLOW_OK;
}

GmFlowReturn gm_flow_combiner_update_flow(GmFlowCombiner *combiner, GmFlowReturn fret)
{
    if (!GM_REQUIRE(combiner != NULL))
        return GM_FLOW_ERROR;
    // What was the result before cannot change it; an error is one whatever the others say.
    if (combiner->last != fret) {
        bool alone = fret <= GM_FLOW_NOT_NEGOTIATED || fret == GM_FLOW_FLUSHING;
        combiner->last = alone || combiner->pads == NULL ? fret : flow_combiner_all(combiner);
    }
    return combiner->last;
}

GmFlowReturn gm_flow_combiner_update_pad_flow(GmFlowCombiner *combiner, GmPad *pad,
                                              GmFlowReturn fret)
{
    if (!GM_REQUIRE(combiner != NULL) || !GM_REQUIRE(pad != NULL))
        return GM_FLOW_ERROR;
    pad->last_flowret = fret;
    return gm_flow_combiner_update_flow(combiner, fret);
}
