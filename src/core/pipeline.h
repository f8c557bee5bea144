// SPDX-License-Identifier: MIT
//
// pipeline: the top bin. It owns the bus the application reads, chooses the clock, and keeps
// running time: base time is set on the way to PLAYING such that running time goes on where
// the last pause left it.
//
//     running time = clock time - base time           (PLAYING)
//     running time = start time                       (PAUSED)
//
// Any thread; never blocks except for state changes. Misuse is a critical and the neutral result.
// Read next: core/clock.h.
#ifndef GM_CORE_PIPELINE_H
#define GM_CORE_PIPELINE_H

#include "core/bin.h"
#include "core/clock.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const GmElementClass gm_pipeline_class;

struct GmPipeline {
    GmBin       bin;
    // guarded by the object lock
    GmClock    *fixed_clock; // counted; the one use_clock set
    bool        use_fixed_clock;
    GmClockTime delay;   // property, nanoseconds added to base time. Default 0
    GmClockTime latency; // property; NONE: what the elements ask for (default)
    bool        auto_flush_bus; // property. Default true
    bool        update_clock;   // select a clock at the next PAUSED -> PLAYING
    GmClockTime last_start_time;
    bool        is_live;        // the last change to PAUSED was NO_PREROLL
};

// Casts are unchecked; GM_IS_PIPELINE checks (NULL: false).
#define GM_PIPELINE(obj) ((GmPipeline *)(obj))
#define GM_PIPELINE_CAST(obj) ((GmPipeline *)(obj))
#define GM_IS_PIPELINE(obj) gm_object_is_a((obj), &gm_pipeline_class.object)

GmElement *gm_pipeline_new(const char *name); // gives a floating pipeline
GmBus *gm_pipeline_get_bus(GmPipeline *pipeline); // gives

// Fixes the clock (NULL: run without one) / lets the pipeline choose again.
void gm_pipeline_use_clock(GmPipeline *pipeline, GmClock *clock);
void gm_pipeline_auto_clock(GmPipeline *pipeline);
// Distributes clock (NULL: none) now. False: an element refused it.
bool gm_pipeline_set_clock(GmPipeline *pipeline, GmClock *clock);
GmClock *gm_pipeline_get_pipeline_clock(GmPipeline *pipeline); // the one it would use: gives
GmClock *gm_pipeline_get_clock(GmPipeline *pipeline);          // the same, the older name
// Nanoseconds; delay is valid. A new latency is distributed at once, which may block as queries do.
void        gm_pipeline_set_delay(GmPipeline *pipeline, GmClockTime delay);
GmClockTime gm_pipeline_get_delay(GmPipeline *pipeline);
void        gm_pipeline_set_latency(GmPipeline *pipeline, GmClockTime latency);
GmClockTime gm_pipeline_get_latency(GmPipeline *pipeline);
// Whether the bus is emptied on READY -> NULL.
void gm_pipeline_set_auto_flush_bus(GmPipeline *pipeline, bool auto_flush);
bool gm_pipeline_get_auto_flush_bus(GmPipeline *pipeline);

#ifdef __cplusplus
}
#endif
#endif
