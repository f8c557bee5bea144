// SPDX-License-Identifier: MIT
//
// base_src: making a source, its settings, start and stop, activation and states.
//
//      READY -> PAUSED   the pad is activated: start (), then the task runs (live: it waits)
//      PAUSED -> PLAYING live: the task goes on
//      PAUSED -> READY   unlock (), the task ends, stop ()
//
// Read next: base_src_loop.c (the task), base_src_seek.c (events), base_src_query.c.
#include "core/base/base_src_priv.h"

// ---- settings ---------------------------------------------------------------------------

void gm_base_src_set_live(GmBaseSrc *src, bool live)
{
    if (GM_REQUIRE(src != NULL))
        gm_base_set(src, &src->is_live, &live, sizeof(live));
}

bool gm_base_src_is_live(GmBaseSrc *src)
{
    bool live = false;
    if (GM_REQUIRE(src != NULL))
        gm_base_get(src, &src->is_live, &live, sizeof(live));
    return live;
}

void gm_base_src_set_format(GmBaseSrc *src, GmFormat format)
{
    if (!GM_REQUIRE(src != NULL) || !GM_REQUIRE(GM_STATE(src) <= GM_STATE_READY))
        return;
    GM_OBJECT_LOCK(src);
    gm_segment_init(&src->segment, format);
    GM_OBJECT_UNLOCK(src);
}

void gm_base_src_set_dynamic_size(GmBaseSrc *src, bool dynamic)
{
    if (GM_REQUIRE(src != NULL))
        src->dynamic_size = dynamic;
}

void gm_base_src_set_automatic_eos(GmBaseSrc *src, bool automatic_eos)
{
    if (GM_REQUIRE(src != NULL))
        src->automatic_eos = automatic_eos;
}

void gm_base_src_set_async(GmBaseSrc *src, bool async)
{
    if (GM_REQUIRE(src != NULL))
        gm_base_set(src, &src->async_start, &async, sizeof(async));
}

bool gm_base_src_is_async(GmBaseSrc *src)
{
    bool async = false;
    if (GM_REQUIRE(src != NULL))
        gm_base_get(src, &src->async_start, &async, sizeof(async));
    return async;
}

void gm_base_src_set_blocksize(GmBaseSrc *src, unsigned blocksize)
{
    if (GM_REQUIRE(src != NULL))
        gm_base_set(src, &src->blocksize, &blocksize, sizeof(blocksize));
}

unsigned gm_base_src_get_blocksize(GmBaseSrc *src)
{
    unsigned blocksize = 0;
    if (GM_REQUIRE(src != NULL))
        gm_base_get(src, &src->blocksize, &blocksize, sizeof(blocksize));
    return blocksize;
}

void gm_base_src_set_do_timestamp(GmBaseSrc *src, bool timestamp)
{
    if (!GM_REQUIRE(src != NULL))
        return;
    GM_OBJECT_LOCK(src);
    src->do_timestamp = timestamp;
    if (timestamp && src->segment.format != GM_FORMAT_TIME)
        gm_segment_init(&src->segment, GM_FORMAT_TIME);
    GM_OBJECT_UNLOCK(src);
}

bool gm_base_src_get_do_timestamp(GmBaseSrc *src)
{
    bool timestamp = false;
    if (GM_REQUIRE(src != NULL))
        gm_base_get(src, &src->do_timestamp, &timestamp, sizeof(timestamp));
    return timestamp;
}

bool gm_base_src_query_latency(GmBaseSrc *src, bool *live, GmClockTime *min_latency,
                               GmClockTime *max_latency)
{
    if (!GM_REQUIRE(src != NULL))
        return false;
    GM_OBJECT_LOCK(src);
    GmClockTime latency = GM_CLOCK_TIME_IS_VALID(src->latency) ? src->latency : 0;
    if (live != NULL)
        *live = src->is_live;
    if (min_latency != NULL)
        *min_latency = latency;
    if (max_latency != NULL)
        *max_latency = latency;
    GM_OBJECT_UNLOCK(src);
    return true;
}

GmBufferPool *gm_base_src_get_buffer_pool(GmBaseSrc *src)
{
    return GM_REQUIRE(src != NULL) ? gm_base_alloc_get_pool(&src->element, &src->alloc) : NULL;
}

void gm_base_src_get_allocator(GmBaseSrc *src, GmAllocator **allocator,
                               GmAllocationParams *params)
{
    if (GM_REQUIRE(src != NULL))
        gm_base_alloc_get_allocator(&src->element, &src->alloc, allocator, params);
}

// ---- start and stop -----------------------------------------------------------------------

// Ends a start, well or badly, and tells those who wait for it.
static void base_src_end_start(GmBaseSrc *src, GmFlowReturn ret)
{
    gm_mutex_lock(&src->live_lock);
    GM_OBJECT_LOCK(src);
    src->start_result = ret;
    GM_OBJECT_FLAG_UNSET(src, GM_BASE_SRC_FLAG_STARTING);
    if (ret == GM_FLOW_OK)
        GM_OBJECT_FLAG_SET(src, GM_BASE_SRC_FLAG_STARTED);
    GM_OBJECT_UNLOCK(src);
    gm_cond_broadcast(&src->live_cond);
    gm_mutex_unlock(&src->live_lock);
}

bool gm_base_src_start(GmBaseSrc *src)
{
    gm_mutex_lock(&src->live_lock);
    GM_OBJECT_LOCK(src);
    bool already = GM_BASE_SRC_IS_STARTING(src) || GM_BASE_SRC_IS_STARTED(src);
    if (!already) {
        src->start_result = GM_FLOW_FLUSHING;
        GM_OBJECT_FLAG_SET(src, GM_BASE_SRC_FLAG_STARTING);
        gm_segment_init(&src->segment, src->segment.format);
        src->num_buffers_left = src->num_buffers;
        src->running = src->segment_pending = src->forced_eos = false;
        src->segment_seqnum = gm_util_seqnum_next();
    }
    GM_OBJECT_UNLOCK(src);
    gm_mutex_unlock(&src->live_lock);
    if (already)
        return true;
    if (src->ops.start != NULL && !src->ops.start(src)) {
        GM_ELEMENT_ERROR(src, CORE, STATE_CHANGE, (NULL), ("Failed to start"));
        gm_base_src_start_complete(src, GM_FLOW_ERROR);
        return false;
    }
    if (gm_base_src_is_async(src))
        return true;
    gm_base_src_start_complete(src, GM_FLOW_OK);
    return gm_base_src_start_wait(src) == GM_FLOW_OK;
}

void gm_base_src_start_complete(GmBaseSrc *src, GmFlowReturn ret)
{
    uint64_t size = GM_CLOCK_TIME_NONE;

    if (!GM_REQUIRE(src != NULL))
        return;
    if (ret != GM_FLOW_OK) {
        base_src_end_start(src, ret);
        return;
    }
    GmFormat format = src->segment.format;
    if (format == GM_FORMAT_BYTES) {
        if (src->ops.get_size == NULL || !src->ops.get_size(src, &size))
            size = GM_CLOCK_TIME_NONE;
        gm_base_set(src, &src->segment.duration, &size, sizeof(size));
    }
    src->random_access = gm_base_src_seekable(src) && format == GM_FORMAT_BYTES;
    gm_pad_mark_reconfigure(src->srcpad);

    GM_PAD_STREAM_LOCK(src->srcpad);
    bool ok = GM_PAD_MODE(src->srcpad) == GM_PAD_MODE_PULL && src->random_access;
    if (GM_PAD_MODE(src->srcpad) == GM_PAD_MODE_PUSH) {
        GM_OBJECT_LOCK(src);
        GmEvent *seek = gm_event_steal(&src->pending_seek);
        GM_OBJECT_UNLOCK(src);
        ok = gm_base_src_perform_seek(src, seek, false);
        gm_clear_event(&seek);
    }
    if (ok)
        base_src_end_start(src, GM_FLOW_OK);
    GM_PAD_STREAM_UNLOCK(src->srcpad);
    if (!ok) {
        gm_base_src_stop(src);
        base_src_end_start(src, GM_FLOW_ERROR);
    }
}

GmFlowReturn gm_base_src_start_wait(GmBaseSrc *src)
{
    if (!GM_REQUIRE(src != NULL))
        return GM_FLOW_ERROR;
    gm_mutex_lock(&src->live_lock);
    while (GM_BASE_SRC_IS_STARTING(src))
        gm_cond_wait(&src->live_cond, &src->live_lock, GM_WAIT_STATE, src);
    GmFlowReturn ret = src->start_result;
    gm_mutex_unlock(&src->live_lock);
    return ret;
}

bool gm_base_src_stop(GmBaseSrc *src)
{
    gm_base_src_set_flushing(src, true);
    gm_pad_stop_task(src->srcpad);
    gm_base_src_set_flushing(src, false);

    GM_OBJECT_LOCK(src);
    bool started = GM_BASE_SRC_IS_STARTED(src) || GM_BASE_SRC_IS_STARTING(src);
    GM_OBJECT_FLAG_UNSET(src, GM_BASE_SRC_FLAG_STARTED);
    GM_OBJECT_UNLOCK(src);
    if (!started)
        return true;
    base_src_end_start(src, GM_FLOW_FLUSHING);
    bool ok = src->ops.stop == NULL || src->ops.stop(src);
    gm_clear_mini_object((GmMiniObject **)&src->pending_list);
    gm_base_alloc_set(&src->element, &src->alloc, NULL, NULL, NULL);
    return ok;
}

static bool base_src_activate_mode(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    GmBaseSrc *src = GM_BASE_SRC_CAST(parent);

    (void)pad;
    src->stream_start_pending = active && mode == GM_PAD_MODE_PUSH;
    if (!active)
        return gm_base_src_stop(src);
    return (mode == GM_PAD_MODE_PULL || src->can_activate_push) && gm_base_src_start(src);
}

// ---- states -----------------------------------------------------------------------------

static void base_src_set_playing(GmBaseSrc *src, bool playing)
{
    gm_mutex_lock(&src->live_lock);
    if (src->clock_id != NULL)
        gm_clock_id_unschedule(src->clock_id);
    src->live_running = playing;
    if (playing) {
        GmClockTime unknown = GM_CLOCK_TIME_NONE;
        gm_base_set(src, &src->latency, &unknown, sizeof(unknown));
        if (GM_PAD_MODE(src->srcpad) == GM_PAD_MODE_PUSH)
            gm_pad_start_task(src->srcpad, gm_base_src_loop, src->srcpad, NULL);
        gm_cond_broadcast(&src->live_cond);
    }
    gm_mutex_unlock(&src->live_lock);
}

static GmStateChangeReturn base_src_change_state(GmElement *element, GmStateChange transition)
{
    GmBaseSrc *src = GM_BASE_SRC_CAST(element);
    bool live = gm_base_src_is_live(src);

    if (transition == GM_STATE_CHANGE_PAUSED_TO_PLAYING && live)
        base_src_set_playing(src, true);
    GmStateChangeReturn ret = gm_element_class.change_state(element, transition);
    if (ret == GM_STATE_CHANGE_FAILURE)
        return ret;
    if (transition == GM_STATE_CHANGE_PLAYING_TO_PAUSED && live)
        base_src_set_playing(src, false);
    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY) {
        gm_base_src_drop_pending(src);
        gm_clear_event(&src->pending_seek);
    }
    bool to_paused = GM_STATE_TRANSITION_NEXT(transition) == GM_STATE_PAUSED;
    return live && to_paused && ret == GM_STATE_CHANGE_SUCCESS ? GM_STATE_CHANGE_NO_PREROLL : ret;
}

// ---- the class --------------------------------------------------------------------------

static GmCaps *base_src_default_get_caps(GmBaseSrc *src, GmCaps *filter)
{
    GmCaps *caps = gm_pad_get_pad_template_caps(src->srcpad);
    if (filter != NULL) {
        GmCaps *both = gm_caps_intersect_full(filter, caps, GM_CAPS_INTERSECT_FIRST);
        gm_caps_unref(caps);
        return both;
    }
    return caps;
}

static GmCaps *base_src_default_fixate(GmBaseSrc *src, GmCaps *caps)
{
    (void)src;
    return gm_caps_fixate(caps);
}

static bool base_src_default_decide_allocation(GmBaseSrc *src, GmQuery *query)
{
    return gm_base_alloc_decide(&src->element, query);
}

const GmBaseSrcOps gm_base_src_ops = {
    .get_caps = base_src_default_get_caps,
    .negotiate = gm_base_src_default_negotiate,
    .fixate = base_src_default_fixate,
    .decide_allocation = base_src_default_decide_allocation,
    .prepare_seek_segment = gm_base_src_default_prepare_seek_segment,
    .do_seek = gm_base_src_default_do_seek,
    .query = gm_base_src_default_query,
    .event = gm_base_src_default_event,
    .create = gm_base_src_default_create,
    .alloc = gm_base_src_default_alloc,
};

static bool base_src_pad_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    (void)pad;
    return GM_BASE_SRC_CAST(parent)->ops.query(GM_BASE_SRC_CAST(parent), query);
}

static bool base_src_pad_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    (void)pad;
    bool handled = GM_BASE_SRC_CAST(parent)->ops.event(GM_BASE_SRC_CAST(parent), event);
    gm_event_unref(event);
    return handled;
}

static void base_src_init(GmObject *obj)
{
    GmBaseSrc *src = GM_BASE_SRC_CAST(obj);

    gm_base_merge_ops(obj, &gm_base_src_class, &src->ops, sizeof(src->ops) / sizeof(GmCallback),
                      sizeof(src->ops));
    gm_mutex_init(&src->live_lock);
    gm_cond_init(&src->live_cond);
    src->num_buffers_left = -1;
    src->can_activate_push = src->automatic_eos = true;
    src->dynamic_size = true; // by itself: clang does not chain an _Atomic bool
    src->latency = GM_CLOCK_TIME_NONE;
    src->start_result = GM_FLOW_FLUSHING;
    gm_segment_init(&src->segment, GM_FORMAT_BYTES);
    GM_OBJECT_FLAG_SET(src, GM_ELEMENT_FLAG_SOURCE);
    src->srcpad = gm_base_get_pad(&src->element, "src");
    if (src->srcpad == NULL)
        return;
    gm_pad_set_activatemode_function(src->srcpad, base_src_activate_mode);
    gm_pad_set_event_function(src->srcpad, base_src_pad_event);
    gm_pad_set_query_function(src->srcpad, base_src_pad_query);
    gm_pad_set_getrange_function(src->srcpad, gm_base_src_getrange);
}

static void base_src_finalize(GmObject *obj)
{
    GmBaseSrc *src = GM_BASE_SRC_CAST(obj);

    gm_base_src_drop_pending(src);
    gm_clear_event(&src->pending_seek);
    gm_mutex_clear(&src->live_lock);
    gm_cond_clear(&src->live_cond);
}

// do-timestamp also turns the segment into one of time, whoever sets it.
static void base_src_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    if (prop->computed)
        gm_base_src_set_do_timestamp(GM_BASE_SRC_CAST(obj), gm_value_get_boolean(value));
}

static void base_src_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    if (prop->computed)
        gm_value_set_boolean(value, gm_base_src_get_do_timestamp(GM_BASE_SRC_CAST(obj)));
}

static const GmProperty base_src_props[] = {
    { "blocksize", "Size in bytes to read per buffer (-1 = default)",
      GM_FIELD(GmBaseSrc, blocksize), .def = "4096" },
    { "num-buffers", "Number of buffers to output before sending EOS (-1 = unlimited)",
      GM_FIELD(GmBaseSrc, num_buffers), .def = "-1", .min = -1, .max = INT_MAX },
    { "do-timestamp", "Apply current stream time to buffers", GM_COMPUTED(GM_TYPE_BOOLEAN),
      .def = "false" },
    { 0 }
};

const GmElementClass gm_base_src_class = {
    .name = "GmBaseSrc",
    .parent = &gm_element_class.object,
    .instance_size = sizeof(GmBaseSrc),
    .props = base_src_props,
    .init = base_src_init,
    .finalize = base_src_finalize,
    .set_property = base_src_set_property,
    .get_property = base_src_get_property,
    .src = &gm_base_src_ops,
    .change_state = base_src_change_state,
    .send_event = gm_base_src_send_event,
    .query = gm_element_default_query,
};
