// SPDX-License-Identifier: MIT
//
// aggregator_priv: what the files of GmAggregator share. "locked": src_lock is held.
#ifndef GM_CORE_BASE_AGGREGATOR_PRIV_H
#define GM_CORE_BASE_AGGREGATOR_PRIV_H

#include "core/base/aggregator.h"
#include "core/base/base_priv.h"
#include "core/clock.h"
#include "core/pad_template.h"

#define NONE ((uint64_t)-1)
#define LOCK(agg) gm_mutex_lock(&(agg)->src_lock)
#define UNLOCK(agg) gm_mutex_unlock(&(agg)->src_lock)

// aggregator_pad.c
void gm_aggregator_pad_set_functions(GmPad *pad); // once it is made: the row's would win
void gm_aggregator_pad_flush_queue(GmAggregatorPad *pad, GmFlowReturn ret, bool all); // locked
void gm_aggregator_pad_reset(GmAggregator *agg, GmAggregatorPad *pad);
bool gm_aggregator_pad_has_data(GmAggregatorPad *pad); // locked: a buffer comes next
// Queues a buffer (takes it); at the front: it is next. May block.
GmFlowReturn gm_aggregator_pad_enqueue(GmAggregator *agg, GmAggregatorPad *pad, GmBuffer *buf,
                                       bool front);
// Handles events and queries up to the next buffer; skips buffers the pad's class does not want.
bool gm_aggregator_pad_handle_events(GmElement *el, GmPad *pad, void *live);
bool gm_aggregator_default_sink_event(GmAggregator *agg, GmAggregatorPad *pad, GmEvent *event);
bool gm_aggregator_default_sink_query(GmAggregator *agg, GmAggregatorPad *pad, GmQuery *query);
GmFlowReturn gm_aggregator_default_sink_event_pre_queue(GmAggregator *agg, GmAggregatorPad *pad,
                                                        GmEvent *event);
bool gm_aggregator_default_sink_query_pre_queue(GmAggregator *agg, GmAggregatorPad *pad,
                                                GmQuery *query);

// aggregator.c
void gm_aggregator_wake(GmAggregator *agg); // locked: everybody looks again
bool gm_aggregator_is_live(GmAggregator *agg); // locked
void gm_aggregator_start_task(GmAggregator *agg);
void gm_aggregator_stop_task(GmAggregator *agg, GmEvent *flush_start); // takes, may be NULL

// aggregator_src.c
GmClockTime gm_aggregator_latency_unlocked(GmAggregator *agg); // locked, given up for a query
bool gm_aggregator_default_src_event(GmAggregator *agg, GmEvent *event);
bool gm_aggregator_default_src_query(GmAggregator *agg, GmQuery *query);
bool gm_aggregator_default_negotiate(GmAggregator *agg);
GmFlowReturn gm_aggregator_default_finish_buffer(GmAggregator *agg, GmBuffer *buffer);
GmFlowReturn gm_aggregator_default_finish_buffer_list(GmAggregator *agg, GmBufferList *list);
void gm_aggregator_push_eos(GmAggregator *agg);

#endif
