// SPDX-License-Identifier: MIT
//
// GmFlowCombiner: one return out of several.
#include "gmtest.h"
#include "gstmini-element.h"
#include "core/base/flow_combiner.h"

typedef struct { GmFlowReturn a, b, combined; } Row;

// Both pads' returns, and what they are together.
static const Row rows[] = {
    { GM_FLOW_OK, GM_FLOW_OK, GM_FLOW_OK },
    { GM_FLOW_EOS, GM_FLOW_OK, GM_FLOW_OK },
    { GM_FLOW_EOS, GM_FLOW_EOS, GM_FLOW_EOS },
    { GM_FLOW_NOT_LINKED, GM_FLOW_OK, GM_FLOW_OK },
    { GM_FLOW_NOT_LINKED, GM_FLOW_EOS, GM_FLOW_EOS },
    { GM_FLOW_NOT_LINKED, GM_FLOW_NOT_LINKED, GM_FLOW_NOT_LINKED },
    { GM_FLOW_ERROR, GM_FLOW_OK, GM_FLOW_OK }, // what came last counts when it is fine
    { GM_FLOW_OK, GM_FLOW_ERROR, GM_FLOW_ERROR },
    { GM_FLOW_OK, GM_FLOW_FLUSHING, GM_FLOW_FLUSHING },
    { GM_FLOW_EOS, GM_FLOW_NOT_NEGOTIATED, GM_FLOW_NOT_NEGOTIATED },
};

GM_TEST(flow_combiner, two_pads)
{
    for (size_t i = 0; i < GM_LEN(rows); i++) {
        GmFlowCombiner *c = gm_flow_combiner_new();
        GmPad *a = gm_object_ref_sink(gm_pad_new("a", GM_PAD_SRC));
        GmPad *b = gm_object_ref_sink(gm_pad_new("b", GM_PAD_SRC));
        GmFlowReturn want = rows[i].combined;
        gm_flow_combiner_add_pad(c, a);
        gm_flow_combiner_add_pad(c, b);
        gm_flow_combiner_update_pad_flow(c, a, rows[i].a);
        if (rows[i].a == GM_FLOW_ERROR) // stays on its pad
            want = GM_FLOW_ERROR;
        cr_assert_eq(gm_flow_combiner_update_pad_flow(c, b, rows[i].b), want, "row %zu", i);
        gm_flow_combiner_unref(c);
        cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(a), 1);
        gm_object_unref(a);
        gm_object_unref(b);
    }
}

GM_TEST(flow_combiner, reset_remove_and_no_pads)
{
    GmFlowCombiner *c = gm_flow_combiner_new();
    GmPad *a = gm_object_ref_sink(gm_pad_new("a", GM_PAD_SRC));

    cr_assert_eq(gm_flow_combiner_update_flow(c, GM_FLOW_EOS), GM_FLOW_EOS); // nobody else to ask
    gm_flow_combiner_clear(c);
    gm_flow_combiner_add_pad(c, a);
    cr_assert_eq(gm_flow_combiner_update_pad_flow(c, a, GM_FLOW_EOS), GM_FLOW_EOS);
    gm_flow_combiner_reset(c);
    cr_assert_eq(gm_flow_combiner_update_pad_flow(c, a, GM_FLOW_OK), GM_FLOW_OK);
    gm_flow_combiner_remove_pad(c, a);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(a), 1);
    gm_flow_combiner_free(gm_flow_combiner_ref(c));
    gm_flow_combiner_free(c);
    gm_test_expect_criticals(1);
    cr_assert_eq(gm_flow_combiner_update_flow(NULL, GM_FLOW_OK), GM_FLOW_ERROR);
    gm_object_unref(a);
}
