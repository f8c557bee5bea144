// SPDX-License-Identifier: MIT
//
// base_sink_priv: what the files of GmBaseSink share. All functions but the first two and
// perform_step want the preroll lock held.
#ifndef GM_CORE_BASE_BASE_SINK_PRIV_H
#define GM_CORE_BASE_BASE_SINK_PRIV_H

#include "core/base/base_priv.h"
#include "core/base/base_sink.h"
#include "core/sample.h"
#include "core/tag_list.h"

#define NONE ((uint64_t)-1)
#define GM_FLOW_STEP GM_FLOW_CUSTOM_ERROR // a wait was ended by a step: do it again

// The times of an object: stream time, running time, and the running time it ends at.
typedef struct {
    GmClockTime sstart, sstop, rstart, rstop, rnext;
    bool do_sync;  // there is a time to wait for
    bool stepped;  // a flushing step skips it
    bool step_end; // the step ends with it
} GmBaseSinkTimes;

bool gm_base_sink_perform_step(GmBaseSink *sink, GmEvent *event);
void gm_base_sink_set_last(GmBaseSink *sink, GmBuffer *buffer, GmBufferList *list);

// False: outside of the segment.
bool gm_base_sink_get_sync_times(GmBaseSink *sink, GmMiniObject *obj, GmBaseSinkTimes *t);
void gm_base_sink_default_get_times(GmBaseSink *sink, GmBuffer *buf, GmClockTime *start,
                                    GmClockTime *end);
GmClockTime gm_base_sink_adjust_time(GmBaseSink *sink, GmClockTime time);
// Prerolls and waits. *late: too late to show. *step_end: a step is over with it.
GmFlowReturn gm_base_sink_do_sync(GmBaseSink *sink, GmMiniObject *obj, bool *late, bool *step_end);
GmFlowReturn gm_base_sink_show(GmBaseSink *sink, GmMiniObject *obj, GmBuffer *buf, bool is_list);
void gm_base_sink_reset_qos(GmBaseSink *sink);

void gm_base_sink_start_step(GmBaseSink *sink);
void gm_base_sink_stop_step(GmBaseSink *sink, GmClockTime rstart, GmClockTime rstop, bool eos);
bool gm_base_sink_handle_step(GmBaseSink *sink, GmBaseSinkTimes *t, uint64_t *cstart,
                              uint64_t *cstop);
// The sink goes back to prerolling; object of a flush or a flushing step.
void gm_base_sink_lose_state(GmBaseSink *sink);

bool gm_base_sink_send_event(GmElement *el, GmEvent *event);
bool gm_base_sink_element_query(GmElement *el, GmQuery *query);
bool gm_base_sink_default_query(GmBaseSink *sink, GmQuery *query);
GmCaps *gm_base_sink_default_get_caps(GmBaseSink *sink, GmCaps *filter);

#endif
