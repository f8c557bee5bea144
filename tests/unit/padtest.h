// SPDX-License-Identifier: MIT
//
// padtest: a linked pair of pads without elements, and what came over the link.
#ifndef PADTEST_H
#define PADTEST_H

#include "gmtest.h"

#include "core/buffer.h"
#include "core/buffer_list.h"
#include "core/caps.h"
#include "core/event.h"
#include "core/pad.h"
#include "core/pad_template.h"
#include "core/query.h"
#include "core/segment.h"
#include "core/structure.h"
#include "core/util.h"

static _Atomic int chained, events_seen;
static _Atomic int chain_result; // a GmFlowReturn
static GmEventType seen_types[64];

GM_UNUSED static GmFlowReturn padtest_chain(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED,
                                            GmBuffer *buffer)
{
    chained++;
    gm_buffer_unref(buffer);
    return (GmFlowReturn)chain_result;
}

GM_UNUSED static bool padtest_event(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED,
                                    GmEvent *event)
{
    if (events_seen < 64)
        seen_types[events_seen] = GM_EVENT_TYPE(event);
    events_seen++;
    gm_event_unref(event);
    return true;
}

GM_UNUSED static GmEvent *padtest_segment(void)
{
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    return gm_event_new_segment(&segment);
}

GM_UNUSED static void padtest_start_stream(GmPad *src)
{
    cr_assert(gm_pad_push_event(src, gm_event_new_stream_start("test")));
    cr_assert(gm_pad_push_event(src, padtest_segment()));
}

// A source and a sink pad, sunk (the caller owns them), active, not linked.
GM_UNUSED static void padtest_make(GmPad **src, GmPad **sink)
{
    *src = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    *sink = gm_object_ref_sink(gm_pad_new("sink", GM_PAD_SINK));
    gm_pad_set_chain_function(*sink, padtest_chain);
    gm_pad_set_event_function(*sink, padtest_event);
    cr_assert(gm_pad_set_active(*src, true));
    cr_assert(gm_pad_set_active(*sink, true));
}

GM_UNUSED static void padtest_free(GmPad *src, GmPad *sink)
{
    gm_pad_set_active(src, false);
    gm_pad_set_active(sink, false);
    gm_object_unref(src);
    gm_object_unref(sink);
}

GM_UNUSED static void padtest_link(GmPad **src, GmPad **sink)
{
    padtest_make(src, sink);
    cr_assert_eq(gm_pad_link(*src, *sink), GM_PAD_LINK_OK);
    padtest_start_stream(*src);
    events_seen = 0;
}

#endif
