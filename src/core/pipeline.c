// SPDX-License-Identifier: MIT
//
// pipeline: clock and running time of the top bin. See pipeline.h.
#include "core/pipeline.h"

#include "core/bin_priv.h"
#include "core/element_factory.h"
#include "core/event.h"
#include "core/message.h"
#include "core/query.h"

// ---- clock selection --------------------------------------------------------------------

// The fixed one, else an element's, else the system's. Gives, or NULL (fixed to none).
static GmClock *pipeline_provide_clock(GmElement *el)
{
    GmPipeline *pipeline = GM_PIPELINE(el);

    GM_OBJECT_LOCK(pipeline);
    bool fixed = pipeline->use_fixed_clock;
    GmClock *clock = pipeline->fixed_clock;
    if (fixed && clock != NULL)
        gm_object_ref(clock);
    GM_OBJECT_UNLOCK(pipeline);
    if (fixed)
        return clock;
    clock = gm_bin_class.provide_clock(el);
    return clock != NULL ? clock : gm_system_clock_obtain();
}

GmClock *gm_pipeline_get_pipeline_clock(GmPipeline *pipeline)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return NULL;
    return pipeline_provide_clock(GM_ELEMENT(pipeline));
}

GmClock *gm_pipeline_get_clock(GmPipeline *pipeline)
{
    return gm_pipeline_get_pipeline_clock(pipeline);
}

static void pipeline_fix_clock(GmPipeline *pipeline, bool fixed, GmClock *clock)
{
    GM_OBJECT_LOCK(pipeline);
    GmClock *old = pipeline->fixed_clock;
    pipeline->use_fixed_clock = fixed;
    pipeline->fixed_clock = clock != NULL ? gm_object_ref(clock) : NULL;
    GM_OBJECT_UNLOCK(pipeline);
    if (old != NULL)
        gm_object_unref(old);
}

void gm_pipeline_use_clock(GmPipeline *pipeline, GmClock *clock)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return;
    pipeline_fix_clock(pipeline, true, clock);
}

void gm_pipeline_auto_clock(GmPipeline *pipeline)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return;
    pipeline_fix_clock(pipeline, false, NULL);
}

bool gm_pipeline_set_clock(GmPipeline *pipeline, GmClock *clock)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return false;
    return gm_element_set_clock(GM_ELEMENT(pipeline), clock);
}

// ---- running time -----------------------------------------------------------------------

static void pipeline_reset_start_time(GmPipeline *pipeline, GmClockTime start_time)
{
    GM_OBJECT_LOCK(pipeline);
    if (GM_CLOCK_TIME_IS_VALID(GM_ELEMENT_START_TIME(pipeline))) { // NONE: not ours to manage
        GM_ELEMENT_START_TIME(pipeline) = start_time;
        pipeline->last_start_time = GM_CLOCK_TIME_NONE;
    }
    GM_OBJECT_UNLOCK(pipeline);
}

// Remembers the running time at which playing stopped.
static void pipeline_store_start_time(GmPipeline *pipeline)
{
    GmClockTime now = gm_element_get_current_clock_time(GM_ELEMENT(pipeline));

    if (!GM_CLOCK_TIME_IS_VALID(now))
        return;
    GM_OBJECT_LOCK(pipeline);
    if (GM_CLOCK_TIME_IS_VALID(GM_ELEMENT_START_TIME(pipeline))) {
        GM_ELEMENT_START_TIME(pipeline) = now - (GmClockTime)GM_ELEMENT(pipeline)->base_time;
        pipeline->update_clock = true;
    }
    GM_OBJECT_UNLOCK(pipeline);
}

// On the way to PLAYING: selects the clock and sets base time such that running time goes on
// from start time. False: the clock was refused.
static bool pipeline_start_clock(GmPipeline *pipeline)
{
    GmElement *el = GM_ELEMENT(pipeline);

    GM_OBJECT_LOCK(pipeline);
    GmClock *current = el->clock != NULL ? gm_object_ref(el->clock) : NULL;
    GmClockTime start = el->start_time, last = pipeline->last_start_time;
    bool update = pipeline->update_clock;
    GmClockTime delay = pipeline->delay;
    bool toplevel = GM_OBJECT_PARENT(el) == NULL;
    pipeline->last_start_time = start;
    pipeline->update_clock = false;
    GM_OBJECT_UNLOCK(pipeline);

    bool ok = true;
    GmClock *clock = NULL;
    if (toplevel && (update || last != start)) {
        clock = update ? gm_element_provide_clock(el)
                : current != NULL ? gm_object_ref(current) : NULL;
        GmClockTime now = clock != NULL ? gm_clock_get_time(clock) : GM_CLOCK_TIME_NONE;
        if (clock != current) {
            ok = gm_element_set_clock(el, clock);
            if (ok)
                gm_element_post_message(el, gm_message_new_new_clock(GM_OBJECT(el), clock));
            else
                GM_ELEMENT_ERROR(el, CORE, CLOCK, ("Selected clock cannot be used in pipeline."),
                                 ("Pipeline cannot operate with selected clock"));
        }
        if (ok && GM_CLOCK_TIME_IS_VALID(start) && GM_CLOCK_TIME_IS_VALID(now))
            gm_element_set_base_time(el, now - start + delay);
    }
    if (clock != NULL)
        gm_object_unref(clock);
    if (current != NULL)
        gm_object_unref(current);
    return ok;
}

// ---- states -----------------------------------------------------------------------------

static void pipeline_set_bus_flushing(GmPipeline *pipeline, bool flushing)
{
    GmBus *bus = gm_element_get_bus(GM_ELEMENT(pipeline));

    if (bus != NULL) {
        gm_bus_set_flushing(bus, flushing);
        gm_object_unref(bus);
    }
}

static GmStateChangeReturn pipeline_change_state(GmElement *el, GmStateChange transition)
{
    GmPipeline *pipeline = GM_PIPELINE(el);

    switch (transition) {
    case GM_STATE_CHANGE_NULL_TO_READY:
        pipeline_set_bus_flushing(pipeline, false);
        break;
    case GM_STATE_CHANGE_READY_TO_PAUSED:
        GM_OBJECT_LOCK(pipeline);
        pipeline->update_clock = true;
        GM_OBJECT_UNLOCK(pipeline);
        pipeline_reset_start_time(pipeline, 0);
        break;
    case GM_STATE_CHANGE_PAUSED_TO_PLAYING:
        if (!pipeline_start_clock(pipeline))
            return GM_STATE_CHANGE_FAILURE;
        break;
    case GM_STATE_CHANGE_PLAYING_TO_PAUSED:
        pipeline_store_start_time(pipeline); // so that children know it
        break;
    case GM_STATE_CHANGE_PAUSED_TO_READY:
        pipeline->is_live = false;
        pipeline_reset_start_time(pipeline, 0);
        break;
    default:
        break;
    }
    GmStateChangeReturn ret = gm_bin_class.change_state(el, transition);
    if (GM_STATE_TRANSITION_NEXT(transition) == GM_STATE_PAUSED)
        pipeline->is_live = ret == GM_STATE_CHANGE_NO_PREROLL;
    if (transition == GM_STATE_CHANGE_PLAYING_TO_PAUSED)
        pipeline_store_start_time(pipeline); // and the time that pausing took
    if (transition == GM_STATE_CHANGE_READY_TO_NULL && gm_pipeline_get_auto_flush_bus(pipeline))
        pipeline_set_bus_flushing(pipeline, true);
    return ret;
}

// Gives the base time to everything below bin, without state changes and their locks.
static void pipeline_spread_base_time(GmPipeline *pipeline, GmBin *bin)
{
    GmList *children = gm_bin_copy_children(bin, 0);

    for (GmList *l = children; l != NULL; l = l->next) {
        gm_element_set_start_time(l->data, gm_element_get_start_time(GM_ELEMENT(pipeline)));
        gm_element_set_base_time(l->data, gm_element_get_base_time(GM_ELEMENT(pipeline)));
        if (GM_IS_BIN(l->data))
            pipeline_spread_base_time(pipeline, l->data);
    }
    gm_list_free_full(children, gm_object_unref);
}

static void pipeline_handle_message(GmBin *bin, GmMessage *message)
{
    GmPipeline *pipeline = GM_PIPELINE(bin);
    GmClockTime running_time;
    GmClock *clock;

    if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_RESET_TIME) {
        gm_message_parse_reset_time(message, &running_time);
        pipeline_reset_start_time(pipeline, running_time);
        // A live pipeline does not preroll after a flush: its base time is due now. We are in a
        // flush, with stream locks held: a state change of children would wait for those who
        // hold a state lock and wait for our stream lock.
        if (pipeline->is_live && GM_STATE_TARGET(pipeline) == GM_STATE_PLAYING &&
            pipeline_start_clock(pipeline))
            pipeline_spread_base_time(pipeline, bin);
    } else if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_CLOCK_LOST) {
        gm_message_parse_clock_lost(message, &clock);
        GM_OBJECT_LOCK(pipeline);
        pipeline->update_clock |= clock == GM_ELEMENT_CLOCK(pipeline);
        GM_OBJECT_UNLOCK(pipeline);
    }
    gm_bin_default_handle_message(bin, message);
}

// ---- latency ----------------------------------------------------------------------------

static bool pipeline_do_latency(GmBin *bin)
{
    GmElement *el = GM_ELEMENT(bin);
    GmClockTime latency = gm_pipeline_get_latency(GM_PIPELINE(bin)), min = 0, max = 0;

    if (!GM_CLOCK_TIME_IS_VALID(latency))
        return gm_bin_default_do_latency(bin);
    GmQuery *query = gm_query_new_latency();
    if (gm_element_query(el, query)) {
        gm_query_parse_latency(query, NULL, &min, &max);
        if (latency < min)
            GM_ELEMENT_WARNING(el, CORE, CLOCK, (NULL),
                               ("Configured latency is lower than detected minimum latency: "
                                "configured %" GM_TIME_FORMAT " < min %" GM_TIME_FORMAT,
                                GM_TIME_ARGS(latency), GM_TIME_ARGS(min)));
    }
    gm_query_unref(query);
    return gm_element_send_event(el, gm_event_new_latency(latency));
}

// ---- fields -----------------------------------------------------------------------------

GmBus *gm_pipeline_get_bus(GmPipeline *pipeline)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return NULL;
    return gm_element_get_bus(GM_ELEMENT(pipeline));
}

void gm_pipeline_set_delay(GmPipeline *pipeline, GmClockTime delay)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return;
    if (!GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(delay))) return;
    GM_OBJECT_LOCK(pipeline);
    pipeline->delay = delay;
    GM_OBJECT_UNLOCK(pipeline);
}

GmClockTime gm_pipeline_get_delay(GmPipeline *pipeline)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return GM_CLOCK_TIME_NONE;
    GM_OBJECT_LOCK(pipeline);
    GmClockTime delay = pipeline->delay;
    GM_OBJECT_UNLOCK(pipeline);
    return delay;
}

void gm_pipeline_set_latency(GmPipeline *pipeline, GmClockTime latency)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return;
    GM_OBJECT_LOCK(pipeline);
    bool changed = latency != pipeline->latency;
    pipeline->latency = latency;
    GM_OBJECT_UNLOCK(pipeline);
    if (changed)
        gm_bin_recalculate_latency(GM_BIN(pipeline));
}

GmClockTime gm_pipeline_get_latency(GmPipeline *pipeline)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return GM_CLOCK_TIME_NONE;
    GM_OBJECT_LOCK(pipeline);
    GmClockTime latency = pipeline->latency;
    GM_OBJECT_UNLOCK(pipeline);
    return latency;
}

void gm_pipeline_set_auto_flush_bus(GmPipeline *pipeline, bool auto_flush)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return;
    GM_OBJECT_LOCK(pipeline);
    pipeline->auto_flush_bus = auto_flush;
    GM_OBJECT_UNLOCK(pipeline);
}

bool gm_pipeline_get_auto_flush_bus(GmPipeline *pipeline)
{
    if (!GM_REQUIRE(GM_IS_PIPELINE(pipeline))) return false;
    GM_OBJECT_LOCK(pipeline);
    bool auto_flush = pipeline->auto_flush_bus;
    GM_OBJECT_UNLOCK(pipeline);
    return auto_flush;
}

// ---- class ------------------------------------------------------------------------------

static void pipeline_init(GmObject *obj)
{
    GmPipeline *pipeline = GM_PIPELINE(obj);
    GmBus *bus = gm_bus_new();

    pipeline->bin.do_latency     = pipeline_do_latency;
    pipeline->bin.handle_message = pipeline_handle_message;
    pipeline->last_start_time    = GM_CLOCK_TIME_NONE;
    gm_element_set_bus(GM_ELEMENT(pipeline), bus);
    gm_object_unref(bus);
}

static void pipeline_dispose(GmObject *obj)
{
    gm_object_replace((GmObject **)&GM_PIPELINE(obj)->fixed_clock, NULL);
}

static const GmProperty pipeline_props[] = {
    { .name = "delay",
      .blurb = "Expected delay needed for elements to spin up to PLAYING, in nanoseconds",
      GM_FIELD(GmPipeline, delay), .def = "0" },
    { .name = "auto-flush-bus",
      .blurb = "Whether to automatically flush the pipeline's bus when going from READY into NULL "
               "state",
      GM_FIELD(GmPipeline, auto_flush_bus), .def = "true" },
    { .name = "latency", .blurb = "Latency to configure on the pipeline, in nanoseconds",
      GM_FIELD(GmPipeline, latency), .def = "18446744073709551615" },
    { 0 },
};

const GmElementClass gm_pipeline_class = {
    .name          = "pipeline",
    .type_name     = "GmPipeline",
    .parent        = &gm_bin_class.object,
    .instance_size = sizeof(GmPipeline),
    .props         = pipeline_props,
    .init          = pipeline_init,
    .dispose       = pipeline_dispose,
    .longname      = "Pipeline object",
    .klass         = "Generic/Bin",
    .description   = "Complete pipeline object",
    .author        = "GstMini",
    .change_state  = pipeline_change_state,
    .provide_clock = pipeline_provide_clock,
};

GmElement *gm_pipeline_new(const char *name)
{
    return gm_element_factory_make("pipeline", name);
}
