// SPDX-License-Identifier: MIT
//
// app_src_api: the C functions of appsrc: what app/app_src.h promises. Most are a property.

#include <stdlib.h>

#include "elements/app/appsrc_priv.h"

#define IS_APP_SRC(s) GM_REQUIRE(GM_IS_APP_SRC(s))

// ---- data -------------------------------------------------------------------------------------

GmFlowReturn gm_app_src_push_buffer(GmAppSrc *appsrc, GmBuffer *buffer)
{
    if (!IS_APP_SRC(appsrc) || !GM_REQUIRE(GM_IS_BUFFER(buffer))) return GM_FLOW_ERROR;
    return gm_appsrc_push_item(gm_priv(appsrc), GM_MINI_OBJECT_CAST(buffer));
}

GmFlowReturn gm_app_src_push_buffer_list(GmAppSrc *appsrc, GmBufferList *buffer_list)
{
    if (!IS_APP_SRC(appsrc) || !GM_REQUIRE(GM_IS_BUFFER_LIST(buffer_list))) return GM_FLOW_ERROR;
    if (gm_buffer_list_length(buffer_list) == 0) {
        gm_buffer_list_unref(buffer_list);
        return GM_FLOW_OK;
    }
    return gm_appsrc_push_item(gm_priv(appsrc), GM_MINI_OBJECT_CAST(buffer_list));
}

GmFlowReturn gm_app_src_push_sample(GmAppSrc *appsrc, GmSample *sample)
{
    if (!IS_APP_SRC(appsrc) || !GM_REQUIRE(GM_IS_SAMPLE(sample))) return GM_FLOW_ERROR;
    AppSrc *s = gm_priv(appsrc);
    GmSegment *segment = gm_sample_get_segment(sample);
    GmBuffer *buffer = gm_sample_get_buffer(sample);
    GmBufferList *list = gm_sample_get_buffer_list(sample);

    if (gm_sample_get_caps(sample))
        gm_app_src_set_caps(appsrc, gm_sample_get_caps(sample));
    gm_mutex_lock(&s->lock);
    if (s->now.handle_segment_change && s->now.format == GM_FORMAT_TIME &&
        segment->format == GM_FORMAT_TIME && !gm_segment_is_equal(&s->in_segment, segment)) {
        s->in_segment = *segment;
        s->segment_pending = true; // goes in with the next buffer
    }
    gm_mutex_unlock(&s->lock);
    if (buffer)
        return gm_app_src_push_buffer(appsrc, gm_buffer_ref(buffer));
    return list ? gm_app_src_push_buffer_list(appsrc, gm_buffer_list_ref(list)) : GM_FLOW_OK;
}

GmFlowReturn gm_app_src_end_of_stream(GmAppSrc *appsrc)
{
    if (!IS_APP_SRC(appsrc)) return GM_FLOW_ERROR;
    AppSrc *s = gm_priv(appsrc);
    gm_mutex_lock(&s->lock);
    GmFlowReturn ret = s->flushing ? GM_FLOW_FLUSHING : GM_FLOW_OK;
    if (ret == GM_FLOW_OK)
        s->is_eos = true;
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
    return ret;
}

void gm_app_src_set_callbacks(GmAppSrc *appsrc, GmAppSrcCallbacks *callbacks, void *user_data,
                              GmDestroyNotify notify)
{
    if (!IS_APP_SRC(appsrc) || !GM_REQUIRE(callbacks != NULL)) return;
    AppSrc *s = gm_priv(appsrc);
    AppCallbacks *mine = gm_app_callbacks_new(user_data, notify);
    mine->src = *callbacks;
    gm_mutex_lock(&s->lock);
    AppCallbacks *old = s->callbacks;
    s->callbacks = mine;
    gm_mutex_unlock(&s->lock);
    gm_app_callbacks_unref(old);
}

// ---- caps --------------------------------------------------------------------------------------

void gm_app_src_set_caps(GmAppSrc *appsrc, const GmCaps *caps)
{
    if (!IS_APP_SRC(appsrc)) return;
    AppSrc *s = gm_priv(appsrc);
    GmCaps *mine = caps ? gm_caps_copy(caps) : NULL;

    gm_mutex_lock(&s->lock);
    GM_OBJECT_LOCK(appsrc);
    bool changed = mine && s->last_caps ? !gm_caps_is_equal(mine,
                                                            s->last_caps) : mine != s->last_caps;
    if (changed)
        gm_caps_replace(&s->last_caps, mine);
    GM_OBJECT_UNLOCK(appsrc);
    if (changed) {
        // Caps that no buffer followed never were.
        GmMiniObject *last;
        while (s->queue.count > 0 && (last = gm_app_queue_peek(&s->queue, s->queue.count - 1)) &&
               GM_IS_CAPS(last))
            gm_mini_object_unref(gm_app_queue_remove(&s->queue, s->queue.count - 1));
        gm_app_queue_push(&s->queue, (GmMiniObject *)mine);
        mine = NULL;
        gm_cond_broadcast(&s->cond);
    }
    gm_mutex_unlock(&s->lock);
    if (mine)
        gm_caps_unref(mine);
}

GmCaps *gm_app_src_get_caps(GmAppSrc *appsrc)
{
    if (!IS_APP_SRC(appsrc)) return NULL;
    AppSrc *s = gm_priv(appsrc);
    GM_OBJECT_LOCK(appsrc);
    GmCaps *caps = s->last_caps ? gm_caps_ref(s->last_caps) : NULL;
    GM_OBJECT_UNLOCK(appsrc);
    return caps;
}

// ---- properties --------------------------------------------------------------------------------

void gm_app_src_set_latency(GmAppSrc *appsrc, uint64_t min, uint64_t max)
{
    if (!IS_APP_SRC(appsrc)) return;
    gm_object_set(appsrc, "min-latency", (int64_t)min, "max-latency", (int64_t)max, NULL);
}

void gm_app_src_get_latency(GmAppSrc *appsrc, uint64_t *min, uint64_t *max)
{
    if (!IS_APP_SRC(appsrc)) return;
    AppSrc *s = gm_priv(appsrc);
    GM_OBJECT_LOCK(appsrc);
    if (min)
        *min = (uint64_t)s->set.min_latency;
    if (max)
        *max = (uint64_t)s->set.max_latency;
    GM_OBJECT_UNLOCK(appsrc);
}

// A property as a pair of functions: FIELD of the settings, of type T.
#define PROPERTY(fn, name, T, field, neutral)                                                   \
    void gm_app_src_set_##fn(GmAppSrc *appsrc, T value)                                         \
    {                                                                                           \
        if (IS_APP_SRC(appsrc))                                                                 \
            gm_object_set(appsrc, name, value, NULL);                                           \
    }                                                                                           \
    T gm_app_src_get_##fn(GmAppSrc *appsrc)                                                     \
    {                                                                                           \
        T value = neutral;                                                                      \
        if (!IS_APP_SRC(appsrc)) return value;                                                  \
        GM_OBJECT_LOCK(appsrc);                                                                 \
        value = (T)((AppSrc *)gm_priv(appsrc))->set.field;                                      \
        GM_OBJECT_UNLOCK(appsrc);                                                               \
        return value;                                                                           \
    }

PROPERTY(size, "size", int64_t, size, -1)
PROPERTY(duration, "duration", GmClockTime, duration, GM_CLOCK_TIME_NONE)
PROPERTY(stream_type, "stream-type", GmAppStreamType, stream_type, GM_APP_STREAM_TYPE_STREAM)
PROPERTY(max_bytes, "max-bytes", uint64_t, max_bytes, 0)
PROPERTY(max_buffers, "max-buffers", uint64_t, max_buffers, 0)
PROPERTY(max_time, "max-time", GmClockTime, max_time, 0)
PROPERTY(leaky_type, "leaky-type", GmAppLeakyType, leaky, GM_APP_LEAKY_TYPE_NONE)
PROPERTY(emit_signals, "emit-signals", bool, emit_signals, false)

#define LEVEL(fn, field)                                                                        \
    uint64_t gm_app_src_get_current_level_##fn(GmAppSrc *appsrc)                                \
    {                                                                                           \
        if (!IS_APP_SRC(appsrc)) return UINT64_MAX;                                             \
        AppSrc *s = gm_priv(appsrc);                                                            \
        gm_mutex_lock(&s->lock);                                                                \
        uint64_t level = s->field;                                                              \
        gm_mutex_unlock(&s->lock);                                                              \
        return level;                                                                           \
    }

LEVEL(bytes, queued_bytes)
LEVEL(buffers, queued_buffers)
LEVEL(time, queued_time)
