// SPDX-License-Identifier: MIT
//
// sample: a buffer (or list) with all it takes to understand it: caps, segment, info. What
// appsink gives to the application.
// Unless said otherwise: any thread that may use the sample, never blocks; setters need a
// writable sample and borrow (ref or copy) what they are given; getters lend. Misuse is a critical,
// the neutral result, and nothing taken.
// Read next: app/app_sink.h.
#ifndef GM_CORE_SAMPLE_H
#define GM_CORE_SAMPLE_H

#include "core/buffer_list.h"

#ifdef __cplusplus
extern "C" {
#endif

// Casts are unchecked; GM_IS_SAMPLE checks (NULL: false).
#define GM_SAMPLE_CAST(obj) ((GmSample *)(obj))
#define GM_SAMPLE(obj) ((GmSample *)(obj))
#define GM_IS_SAMPLE(obj) ((obj) != NULL && GM_MINI_OBJECT_TYPE(obj) == GM_TYPE_SAMPLE)

// Borrows buffer, caps, segment (NULL each: none; a TIME segment at its start); takes info.
GmSample *gm_sample_new(GmBuffer *buffer, GmCaps *caps, const GmSegment *segment,
                        GmStructure *info);
// The mini-object functions, typed (core/mini_object.h). copy shares what the sample holds.
#define gm_sample_ref(s) GM_SAMPLE_CAST(gm_mini_object_ref(GM_MINI_OBJECT_CAST(s)))
static inline void gm_sample_unref(GmSample *s)
{
    gm_mini_object_unref(GM_MINI_OBJECT_CAST(s));
}
#define gm_clear_sample(p) gm_clear_mini_object((GmMiniObject **)(p))
#define gm_sample_copy(s) GM_SAMPLE_CAST(gm_mini_object_copy(GM_MINI_OBJECT_CAST(s)))
#define gm_sample_is_writable(s) gm_mini_object_is_writable(GM_MINI_OBJECT_CAST(s))
#define gm_sample_make_writable(s) \
    GM_SAMPLE_CAST(gm_mini_object_make_writable(GM_MINI_OBJECT_CAST(s)))

// Lent, NULL where there is none; a sample has a buffer or a list.
GmBuffer *gm_sample_get_buffer(GmSample *sample);
GmBufferList *gm_sample_get_buffer_list(GmSample *sample);
GmCaps *gm_sample_get_caps(GmSample *sample);
GmSegment *gm_sample_get_segment(GmSample *sample); // never NULL
const GmStructure *gm_sample_get_info(GmSample *sample);
// NULL: none (segment: a TIME segment at its start).
void gm_sample_set_buffer(GmSample *sample, GmBuffer *buffer);
void gm_sample_set_buffer_list(GmSample *sample, GmBufferList *list);
void gm_sample_set_caps(GmSample *sample, GmCaps *caps);
void gm_sample_set_segment(GmSample *sample, const GmSegment *segment);
// Takes info (NULL: none). False: info lies in something else already and is not taken; the
// sample then has none.
bool gm_sample_set_info(GmSample *sample, GmStructure *info);

#ifdef __cplusplus
}
#endif
#endif
