// SPDX-License-Identifier: MIT
//
// base_src_priv: what the files of GmBaseSrc share. Locks, outer first: state lock, the src
// pad's stream lock, live_lock, object lock.
#ifndef GM_CORE_BASE_BASE_SRC_PRIV_H
#define GM_CORE_BASE_BASE_SRC_PRIV_H

#include "core/base/base_priv.h"
#include "core/base/base_src.h"

void gm_base_src_loop(void *pad); // the task function
GmFlowReturn gm_base_src_getrange(GmPad *pad, GmObject *parent, uint64_t offset, unsigned length,
                                  GmBuffer **buf);
GmFlowReturn gm_base_src_default_create(GmBaseSrc *src, uint64_t offset, unsigned size,
                                        GmBuffer **buf);
GmFlowReturn gm_base_src_default_alloc(GmBaseSrc *src, uint64_t offset, unsigned size,
                                       GmBuffer **buf);
// Shortens *length to what the source has. False: offset is at or past the end.
bool gm_base_src_update_length(GmBaseSrc *src, uint64_t offset, unsigned *length, bool force);
// Live lock held: waits until playing.
GmFlowReturn gm_base_src_wait_playing_unlocked(GmBaseSrc *src);

bool gm_base_src_seekable(GmBaseSrc *src);
bool gm_base_src_set_flushing(GmBaseSrc *src, bool flushing);
// A seek, or (event NULL) the start of the stream. `unlock`: the task may be in create.
bool gm_base_src_perform_seek(GmBaseSrc *src, GmEvent *event, bool unlock);
bool gm_base_src_send_event(GmElement *element, GmEvent *event);
bool gm_base_src_default_event(GmBaseSrc *src, GmEvent *event);
bool gm_base_src_default_do_seek(GmBaseSrc *src, GmSegment *segment);
bool gm_base_src_default_prepare_seek_segment(GmBaseSrc *src, GmEvent *seek, GmSegment *segment);
void gm_base_src_drop_pending(GmBaseSrc *src); // EOS and other events that wait for the loop

// The loop was unlocked in order to end the stream: makes it go on with EOS. False: it was not.
bool gm_base_src_resume_for_eos(GmBaseSrc *src);

bool gm_base_src_start(GmBaseSrc *src);
bool gm_base_src_stop(GmBaseSrc *src);
bool gm_base_src_default_query(GmBaseSrc *src, GmQuery *query);
bool gm_base_src_default_negotiate(GmBaseSrc *src);
bool gm_base_src_negotiate_unlocked(GmBaseSrc *src);
void gm_base_src_send_stream_start(GmBaseSrc *src);

#endif
