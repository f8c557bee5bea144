// SPDX-License-Identifier: MIT
//
// appsink: a sink that keeps what arrives for the application to take.
//
//     [sink] --> render() --> [ queue of buffers, lists, events ] --> pull_sample()
//
// Events stand in the queue among the buffers, so that a sample carries the caps and the
// segment that were in force for it, however late it is pulled.
// Lock order: stream lock, preroll lock, our lock, object lock. Our lock is never held while
// the application's functions run.
// Read next: app/app_sink.h, core/base/base_sink.h.

#include <stdlib.h>

#include "elements/app/app_queue.h"

typedef struct {
    bool     emit_signals, drop, lists, wait_on_eos;
    unsigned max_buffers;
} Settings;

typedef struct {
    GmElement *element;
    Settings   set;  // the properties, guarded by the object lock
    GmCaps    *caps; // what is accepted, NULL: anything; object lock

    // guarded by lock
    GmMutex       lock;
    GmCond        cond; // anything below has changed
    Settings      now;  // a copy of set
    AppQueue      queue;
    unsigned      num_buffers; // buffers and lists in the queue
    uint64_t      dropped;
    AppCallbacks *callbacks;
    bool          unlock, started, flushing, is_eos;
    GmBuffer     *preroll_buffer;
    GmCaps       *preroll_caps, *last_caps;
    GmSegment     preroll_segment, last_segment;
} AppSink;

#define IS_APP_SINK(s) GM_REQUIRE(GM_IS_APP_SINK(s))

// ---- out: the application's thread -------------------------------------------------------------

// The oldest object of the queue (under lock). Caps and segments take effect.
static GmMiniObject *appsink_dequeue(AppSink *s)
{
    GmMiniObject *item = gm_app_queue_remove(&s->queue, 0);

    if (!GM_IS_EVENT(item)) {
        s->num_buffers--;
    } else if (GM_EVENT_TYPE(item) == GM_EVENT_CAPS) {
        GmCaps *caps;
        gm_event_parse_caps(GM_EVENT_CAST(item), &caps);
        gm_caps_replace(&s->last_caps, caps);
    } else if (GM_EVENT_TYPE(item) == GM_EVENT_SEGMENT) {
        gm_event_copy_segment(GM_EVENT_CAST(item), &s->last_segment);
    }
    return item;
}

// Takes a buffer or list, gives it as a sample; gives events as they are.
static GmMiniObject *appsink_to_sample(AppSink *s, GmMiniObject *item)
{
    if (GM_IS_EVENT(item))
        return item;
    bool list = GM_IS_BUFFER_LIST(item);
    GmSample *sample = gm_sample_new(list ? NULL : GM_BUFFER_CAST(item), s->last_caps,
                                     &s->last_segment, NULL);
    if (list)
        gm_sample_set_buffer_list(sample, GM_BUFFER_LIST_CAST(item));
    gm_mini_object_unref(item);
    return GM_MINI_OBJECT_CAST(sample);
}

static GmClockTime appsink_deadline(GmClockTime timeout)
{
    GmClockTime now = gm_sync_now();

    return timeout > GM_CLOCK_TIME_NONE - now ? GM_CLOCK_TIME_NONE : now + timeout;
}

// Waits (under lock) until *what is there. False: it will not come in time.
static bool appsink_wait_for(AppSink *s, bool preroll, GmClockTime deadline)
{
    while (s->started && !(preroll ? s->preroll_buffer != NULL : s->queue.count > 0)) {
        if (s->is_eos || !gm_cond_wait_until(&s->cond, &s->lock, deadline, GM_WAIT_APP, s->element))
            return false;
    }
    return s->started;
}

GmMiniObject *gm_app_sink_try_pull_object(GmAppSink *appsink, GmClockTime timeout)
{
    if (!IS_APP_SINK(appsink)) return NULL;
    AppSink *s = gm_priv(appsink);
    GmClockTime deadline = appsink_deadline(timeout);
    GmMiniObject *object = NULL;

    gm_mutex_lock(&s->lock);
    gm_buffer_replace(&s->preroll_buffer, NULL); // it is the first in the queue, too
    if (appsink_wait_for(s, false, deadline)) {
        object = appsink_to_sample(s, appsink_dequeue(s));
        gm_cond_broadcast(&s->cond);
    }
    gm_mutex_unlock(&s->lock);
    return object;
}

GmSample *gm_app_sink_try_pull_sample(GmAppSink *appsink, GmClockTime timeout)
{
    if (!IS_APP_SINK(appsink)) return NULL;
    GmClockTime deadline = appsink_deadline(timeout);
    GmMiniObject *object;

    while ((object = gm_app_sink_try_pull_object(appsink, timeout)) && !GM_IS_SAMPLE(object)) {
        gm_mini_object_unref(object);
        GmClockTime now = gm_sync_now();
        if (GM_CLOCK_TIME_IS_VALID(deadline))
            timeout = deadline > now ? deadline - now : 0;
    }
    return GM_SAMPLE_CAST(object);
}

GmSample *gm_app_sink_try_pull_preroll(GmAppSink *appsink, GmClockTime timeout)
{
    if (!IS_APP_SINK(appsink)) return NULL;
    AppSink *s = gm_priv(appsink);
    GmClockTime deadline = appsink_deadline(timeout);
    GmSample *sample = NULL;

    gm_mutex_lock(&s->lock);
    if (appsink_wait_for(s, true, deadline)) {
        sample = gm_sample_new(s->preroll_buffer, s->preroll_caps, &s->preroll_segment, NULL);
        gm_buffer_replace(&s->preroll_buffer, NULL);
        gm_cond_broadcast(&s->cond);
    }
    gm_mutex_unlock(&s->lock);
    return sample;
}

GmSample *gm_app_sink_pull_preroll(GmAppSink *appsink)
{
    return gm_app_sink_try_pull_preroll(appsink, GM_CLOCK_TIME_NONE);
}

GmSample *gm_app_sink_pull_sample(GmAppSink *appsink)
{
    return gm_app_sink_try_pull_sample(appsink, GM_CLOCK_TIME_NONE);
}

GmMiniObject *gm_app_sink_pull_object(GmAppSink *appsink)
{
    return gm_app_sink_try_pull_object(appsink, GM_CLOCK_TIME_NONE);
}

// ---- in: the streaming thread -------------------------------------------------------------------

// Waits (under our lock and the preroll lock) for the application to do something. A pause is
// waited for as every sink does. FLUSHING: leave.
static GmFlowReturn appsink_wait(AppSink *s)
{
    GmFlowReturn ret = GM_FLOW_OK;

    if (s->unlock) {
        gm_mutex_unlock(&s->lock);
        ret = gm_base_sink_wait_preroll(GM_BASE_SINK(s->element));
        gm_mutex_lock(&s->lock);
    } else {
        gm_cond_wait(&s->cond, &s->lock, GM_WAIT_APP, s->element);
    }
    return s->flushing ? GM_FLOW_FLUSHING : ret;
}

static void appsink_drop_oldest(AppSink *s)
{
    GmMiniObject *item;
    bool event;

    do {
        item = appsink_dequeue(s);
        event = GM_IS_EVENT(item);
        s->dropped += GM_IS_BUFFER_LIST(item) ? gm_buffer_list_length(GM_BUFFER_LIST_CAST(item))
                      : event                 ? 0
                                              : 1;
        gm_mini_object_unref(item);
    } while (event);
}

// Tells the application by callback or, if it wants that, by signal.
static GmFlowReturn appsink_tell(AppSink *s, AppCallbacks *callbacks, bool emit, bool preroll)
{
    int ret = GM_FLOW_OK;
    GmFlowReturn (*callback)(GmAppSink *, void *) = NULL;

    if (callbacks)
        callback = preroll ? callbacks->sink.new_preroll : callbacks->sink.new_sample;
    if (callback)
        ret = callback(GM_APP_SINK(s->element), callbacks->user_data);
    else if (emit)
        gm_signal_emit_by_name(s->element, preroll ? "new-preroll" : "new-sample", &ret);
    gm_app_callbacks_unref(callbacks);
    return (GmFlowReturn)ret;
}

static GmFlowReturn appsink_preroll(GmBaseSink *sink, GmBuffer *buffer)
{
    AppSink *s = gm_priv(sink);

    gm_mutex_lock(&s->lock);
    if (s->flushing) {
        gm_mutex_unlock(&s->lock);
        return GM_FLOW_FLUSHING;
    }
    gm_buffer_replace(&s->preroll_buffer, buffer);
    gm_cond_broadcast(&s->cond);
    AppCallbacks *callbacks = gm_app_callbacks_ref(s->callbacks);
    bool emit = s->now.emit_signals;
    gm_mutex_unlock(&s->lock);
    return appsink_tell(s, callbacks, emit, true);
}

// Borrows a buffer or list.
static GmFlowReturn appsink_store(GmBaseSink *sink, GmMiniObject *data)
{
    AppSink *s = gm_priv(sink);

    gm_mutex_lock(&s->lock);
    GmFlowReturn ret = s->flushing ? GM_FLOW_FLUSHING : GM_FLOW_OK;
    // A flush may have thrown the caps event out of the queue; the pad knows the caps still.
    if (!s->last_caps)
        s->last_caps = gm_pad_get_current_caps(sink->sinkpad);
    while (ret == GM_FLOW_OK && s->now.max_buffers > 0 && s->num_buffers >= s->now.max_buffers) {
        if (s->now.drop)
            appsink_drop_oldest(s);
        else
            ret = appsink_wait(s);
    }
    if (ret != GM_FLOW_OK) {
        gm_mutex_unlock(&s->lock);
        return ret;
    }
    gm_app_queue_push(&s->queue, gm_mini_object_ref(data));
    s->num_buffers++;
    gm_cond_broadcast(&s->cond);
    AppCallbacks *callbacks = gm_app_callbacks_ref(s->callbacks);
    bool emit = s->now.emit_signals;
    gm_mutex_unlock(&s->lock);
    return appsink_tell(s, callbacks, emit, false);
}

static GmFlowReturn appsink_render(GmBaseSink *sink, GmBuffer *buffer)
{
    return appsink_store(sink, GM_MINI_OBJECT_CAST(buffer));
}

static GmFlowReturn appsink_render_list(GmBaseSink *sink, GmBufferList *list)
{
    GmFlowReturn ret = GM_FLOW_OK;

    if (gm_app_sink_get_buffer_list_support(GM_APP_SINK(sink)))
        return appsink_store(sink, GM_MINI_OBJECT_CAST(list));
    for (unsigned i = 0; i < gm_buffer_list_length(list) && ret == GM_FLOW_OK; i++)
        ret = appsink_store(sink, GM_MINI_OBJECT_CAST(gm_buffer_list_get(list, i)));
    return ret;
}

// EOS is told when the last sample has been pulled. False: stopped before.
static bool appsink_handle_eos(AppSink *s)
{
    GmFlowReturn ret = GM_FLOW_OK;

    gm_mutex_lock(&s->lock);
    s->is_eos = true;
    gm_cond_broadcast(&s->cond);
    while (ret == GM_FLOW_OK && !s->flushing && s->num_buffers > 0 && s->now.wait_on_eos)
        ret = appsink_wait(s);
    bool tell = ret == GM_FLOW_OK && !s->flushing;
    AppCallbacks *callbacks = tell ? gm_app_callbacks_ref(s->callbacks) : NULL;
    gm_mutex_unlock(&s->lock);
    if (callbacks && callbacks->sink.eos)
        callbacks->sink.eos(GM_APP_SINK(s->element), callbacks->user_data);
    else if (tell)
        gm_signal_emit_by_name(s->element, "eos");
    gm_app_callbacks_unref(callbacks);
    return tell;
}

static void appsink_flush(AppSink *s)
{
    s->is_eos = false;
    gm_buffer_replace(&s->preroll_buffer, NULL);
    gm_app_queue_clear(&s->queue);
    s->num_buffers = 0;
    gm_caps_replace(&s->last_caps, NULL);
    gm_cond_broadcast(&s->cond);
}

// Keeps a serialised event (borrowed) in the queue. True: the application says that is all.
static bool appsink_keep_event(AppSink *s, GmEvent *event)
{
    bool done = false;

    gm_mutex_lock(&s->lock);
    bool emit = s->now.emit_signals;
    AppCallbacks *callbacks = gm_app_callbacks_ref(s->callbacks);
    gm_app_queue_push(&s->queue, GM_MINI_OBJECT_CAST(gm_event_ref(event)));
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
    if (callbacks && callbacks->sink.new_event)
        done = callbacks->sink.new_event(GM_APP_SINK(s->element), callbacks->user_data);
    else if (emit)
        gm_signal_emit_by_name(s->element, "new-serialized-event", &done);
    gm_app_callbacks_unref(callbacks);
    return done;
}

static bool appsink_event(GmBaseSink *sink, GmEvent *event)
{
    AppSink *s = gm_priv(sink);

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_EOS:
        if (!appsink_handle_eos(s)) {
            gm_event_unref(event);
            return false;
        }
        break;
    case GM_EVENT_SEGMENT:
        gm_mutex_lock(&s->lock);
        if (!s->preroll_buffer)
            gm_event_copy_segment(event, &s->preroll_segment);
        gm_mutex_unlock(&s->lock);
        break;
    case GM_EVENT_FLUSH_STOP:
        gm_mutex_lock(&s->lock);
        appsink_flush(s);
        gm_mutex_unlock(&s->lock);
        break;
    default:
        break;
    }
    if (GM_EVENT_IS_SERIALIZED(event) && GM_EVENT_TYPE(event) != GM_EVENT_EOS &&
        appsink_keep_event(s, event)) {
        gm_event_unref(event);
        return true;
    }
    return gm_base_sink_ops.event(sink, event);
}

static bool appsink_set_caps(GmBaseSink *sink, GmCaps *caps)
{
    AppSink *s = gm_priv(sink);

    gm_mutex_lock(&s->lock);
    if (!s->preroll_buffer)
        gm_caps_replace(&s->preroll_caps, caps);
    gm_mutex_unlock(&s->lock);
    return true;
}

static GmCaps *appsink_get_caps(GmBaseSink *sink, GmCaps *filter)
{
    GmCaps *caps = gm_app_sink_get_caps(GM_APP_SINK(sink));

    if (caps && filter) {
        GmCaps *narrowed = gm_caps_intersect_full(filter, caps, GM_CAPS_INTERSECT_FIRST);
        gm_caps_unref(caps);
        caps = narrowed;
    }
    return caps ? caps : gm_base_sink_ops.get_caps(sink, filter);
}

static bool appsink_query(GmBaseSink *sink, GmQuery *query)
{
    AppSink *s = gm_priv(sink);
    GmFlowReturn ret = GM_FLOW_OK;

    if (GM_QUERY_TYPE(query) == GM_QUERY_SEEKING) {
        GmFormat format;
        gm_query_parse_seeking(query, &format, NULL, NULL, NULL);
        gm_query_set_seeking(query, format, false, 0, -1);
        return true;
    }
    if (GM_QUERY_TYPE(query) == GM_QUERY_DRAIN) {
        // Nobody may hold a buffer of ours when this returns.
        gm_mutex_lock(&s->lock);
        while (ret == GM_FLOW_OK && (s->num_buffers > 0 || s->preroll_buffer))
            ret = appsink_wait(s);
        gm_mutex_unlock(&s->lock);
        if (ret != GM_FLOW_OK)
            return false;
    }
    return gm_base_sink_ops.query(sink, query);
}

// ---- start, stop --------------------------------------------------------------------------------

static bool appsink_set_unlock(GmBaseSink *sink, bool unlock)
{
    AppSink *s = gm_priv(sink);

    gm_mutex_lock(&s->lock);
    s->unlock = unlock;
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
    return true;
}

static bool appsink_unlock(GmBaseSink *sink)
{
    return appsink_set_unlock(sink, true);
}

static bool appsink_unlock_stop(GmBaseSink *sink)
{
    return appsink_set_unlock(sink, false);
}

static bool appsink_start(GmBaseSink *sink)
{
    AppSink *s = gm_priv(sink);

    gm_mutex_lock(&s->lock);
    s->flushing = false;
    s->started = true;
    gm_segment_init(&s->preroll_segment, GM_FORMAT_TIME);
    gm_segment_init(&s->last_segment, GM_FORMAT_TIME);
    gm_mutex_unlock(&s->lock);
    return true;
}

static bool appsink_stop(GmBaseSink *sink)
{
    AppSink *s = gm_priv(sink);

    gm_mutex_lock(&s->lock);
    s->flushing = true;
    s->started = false;
    appsink_flush(s);
    gm_caps_replace(&s->preroll_caps, NULL);
    gm_mutex_unlock(&s->lock);
    return true;
}

// ---- properties as functions --------------------------------------------------------------------

bool gm_app_sink_is_eos(GmAppSink *appsink)
{
    if (!IS_APP_SINK(appsink)) return false;
    AppSink *s = gm_priv(appsink);
    gm_mutex_lock(&s->lock);
    bool eos = !s->started || (s->is_eos && s->num_buffers == 0);
    gm_mutex_unlock(&s->lock);
    return eos;
}

void gm_app_sink_set_caps(GmAppSink *appsink, const GmCaps *caps)
{
    if (!IS_APP_SINK(appsink)) return;
    AppSink *s = gm_priv(appsink);
    GmCaps *mine = caps ? gm_caps_copy(caps) : NULL;
    GM_OBJECT_LOCK(appsink);
    GmCaps *old = s->caps;
    s->caps = mine;
    GM_OBJECT_UNLOCK(appsink);
    if (old)
        gm_caps_unref(old);
}

GmCaps *gm_app_sink_get_caps(GmAppSink *appsink)
{
    if (!IS_APP_SINK(appsink)) return NULL;
    AppSink *s = gm_priv(appsink);
    GM_OBJECT_LOCK(appsink);
    GmCaps *caps = s->caps ? gm_caps_ref(s->caps) : NULL;
    GM_OBJECT_UNLOCK(appsink);
    return caps;
}

void gm_app_sink_set_callbacks(GmAppSink *appsink, GmAppSinkCallbacks *callbacks, void *user_data,
                               GmDestroyNotify notify)
{
    if (!IS_APP_SINK(appsink) || !GM_REQUIRE(callbacks != NULL)) return;
    AppSink *s = gm_priv(appsink);
    AppCallbacks *mine = gm_app_callbacks_new(user_data, notify);
    mine->sink = *callbacks;
    gm_mutex_lock(&s->lock);
    AppCallbacks *old = s->callbacks;
    s->callbacks = mine;
    gm_mutex_unlock(&s->lock);
    gm_app_callbacks_unref(old);
}

// A property as a pair of functions: FIELD of the settings, of type T.
#define PROPERTY(fn, name, T, field)                                                            \
    void gm_app_sink_set_##fn(GmAppSink *appsink, T value)                                      \
    {                                                                                           \
        if (IS_APP_SINK(appsink))                                                               \
            gm_object_set(appsink, name, value, NULL);                                          \
    }                                                                                           \
    T gm_app_sink_get_##fn(GmAppSink *appsink)                                                  \
    {                                                                                           \
        if (!IS_APP_SINK(appsink)) return 0;                                                    \
        GM_OBJECT_LOCK(appsink);                                                                \
        T value = ((AppSink *)gm_priv(appsink))->set.field;                                     \
        GM_OBJECT_UNLOCK(appsink);                                                              \
        return value;                                                                           \
    }

PROPERTY(emit_signals, "emit-signals", bool, emit_signals)
PROPERTY(max_buffers, "max-buffers", unsigned, max_buffers)
PROPERTY(drop, "drop", bool, drop)
PROPERTY(buffer_list_support, "buffer-list", bool, lists)
PROPERTY(wait_on_eos, "wait-on-eos", bool, wait_on_eos)

// ---- the manifest -------------------------------------------------------------------------------

static void appsink_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    AppSink *s = gm_priv(obj);

    if (prop->computed) {
        gm_app_sink_set_caps(GM_APP_SINK(obj), gm_value_get_caps(value));
        return;
    }
    gm_mutex_lock(&s->lock);
    GM_OBJECT_LOCK(obj);
    s->now = s->set;
    GM_OBJECT_UNLOCK(obj);
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
}

static void appsink_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    AppSink *s = gm_priv(obj);

    if (strcmp(prop->name, "caps") == 0) {
        GmCaps *caps = gm_app_sink_get_caps(GM_APP_SINK(obj));
        gm_value_set_caps(value, caps);
        if (caps)
            gm_caps_unref(caps);
    } else if (strcmp(prop->name, "eos") == 0) {
        gm_value_set_boolean(value, gm_app_sink_is_eos(GM_APP_SINK(obj)));
    } else {
        gm_mutex_lock(&s->lock);
        uint64_t dropped = s->dropped;
        gm_mutex_unlock(&s->lock);
        gm_value_set_uint64(value, dropped);
    }
}

static void appsink_init(GmObject *obj)
{
    AppSink *s = gm_priv(obj);

    s->element = GM_ELEMENT(obj);
    gm_mutex_init(&s->lock);
    gm_cond_init(&s->cond);
    s->now = s->set;
}

static void appsink_finalize(GmObject *obj)
{
    AppSink *s = gm_priv(obj);

    appsink_flush(s);
    gm_app_queue_free(&s->queue);
    gm_app_callbacks_unref(s->callbacks);
    gm_caps_replace(&s->preroll_caps, NULL);
    gm_caps_replace(&s->caps, NULL);
    gm_cond_clear(&s->cond);
    gm_mutex_clear(&s->lock);
}

static const GmStaticPadTemplate appsink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK }, { 0 }
};

#define LIVE (GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING)
static const GmProperty appsink_props[] = {
    { "buffer-list", "Use buffer lists", GM_FIELD(AppSink, set.lists), .flags = LIVE },
    { "caps", "The allowed caps for the sink pad", GM_COMPUTED(GM_TYPE_CAPS) },
    { "drop", "Drop old buffers when the buffer queue is filled", GM_FIELD(AppSink, set.drop),
      .flags = LIVE },
    { "dropped", "Number of buffers dropped since the element was made",
      GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { "emit-signals", "Emit new-preroll and new-sample signals",
      GM_FIELD(AppSink, set.emit_signals),
      .flags = LIVE },
    { "eos", "Check if the sink is EOS or not started", GM_COMPUTED(GM_TYPE_BOOLEAN), .def = "true",
      .flags = GM_PARAM_READABLE },
    { "max-buffers", "The maximum number of buffers to queue internally (0 = unlimited)",
      GM_FIELD(AppSink, set.max_buffers), .flags = LIVE },
    { "wait-on-eos", "Wait for all buffers to be processed after receiving an EOS",
      GM_FIELD(AppSink, set.wait_on_eos), .def = "true", .flags = LIVE },
    { 0 }
};

static void appsink_marshal_bool(GmCallback f, GmObject *obj, void *data, va_list args)
{
    bool *ret = va_arg(args, bool *), result = ((bool (*)(GmObject *, void *))f)(obj, data);

    if (ret)
        *ret = result;
}

static void *appsink_pull_preroll_action(GmObject *obj, void *data)
{
    (void)data;
    return gm_app_sink_pull_preroll(GM_APP_SINK(obj));
}

static void *appsink_pull_sample_action(GmObject *obj, void *data)
{
    (void)data;
    return gm_app_sink_pull_sample(GM_APP_SINK(obj));
}

static void *appsink_try_pull_preroll_action(GmObject *obj, uint64_t timeout, void *data)
{
    (void)data;
    return gm_app_sink_try_pull_preroll(GM_APP_SINK(obj), timeout);
}

static void *appsink_try_pull_sample_action(GmObject *obj, uint64_t timeout, void *data)
{
    (void)data;
    return gm_app_sink_try_pull_sample(GM_APP_SINK(obj), timeout);
}

static void *appsink_try_pull_object_action(GmObject *obj, uint64_t timeout, void *data)
{
    (void)data;
    return gm_app_sink_try_pull_object(GM_APP_SINK(obj), timeout);
}

static const GmSignal appsink_signals[] = {
    { "eos", gm_marshal_void, "void (GmElement *sink, void *user_data)", NULL },
    { "new-preroll", gm_marshal__int, "GmFlowReturn (GmElement *sink, void *user_data)", NULL },
    { "new-sample", gm_marshal__int, "GmFlowReturn (GmElement *sink, void *user_data)", NULL },
    { "new-serialized-event", appsink_marshal_bool, "bool (GmElement *sink, void *user_data)",
      NULL },
    { "pull-preroll", gm_marshal__pointer, "GmSample *(GmElement *sink)",
      GM_CALLBACK(appsink_pull_preroll_action) },
    { "pull-sample", gm_marshal__pointer, "GmSample *(GmElement *sink)",
      GM_CALLBACK(appsink_pull_sample_action) },
    { "try-pull-preroll", gm_marshal_uint64__pointer,
      "GmSample *(GmElement *sink, uint64_t timeout)",
      GM_CALLBACK(appsink_try_pull_preroll_action) },
    { "try-pull-sample", gm_marshal_uint64__pointer,
      "GmSample *(GmElement *sink, uint64_t timeout)",
      GM_CALLBACK(appsink_try_pull_sample_action) },
    { "try-pull-object", gm_marshal_uint64__pointer,
      "GmMiniObject *(GmElement *sink, uint64_t timeout)",
      GM_CALLBACK(appsink_try_pull_object_action) },
    { 0 }
};

static const GmBaseSinkOps appsink_ops = {
    .get_caps = appsink_get_caps,
    .set_caps = appsink_set_caps,
    .start = appsink_start,
    .stop = appsink_stop,
    .unlock = appsink_unlock,
    .unlock_stop = appsink_unlock_stop,
    .event = appsink_event,
    .query = appsink_query,
    .preroll = appsink_preroll,
    .render = appsink_render,
    .render_list = appsink_render_list,
};

const GmElementClass gm_appsink_class = {
    .name = "appsink",
    .type_name = "GmAppSink",
    .parent = &gm_base_sink_class.object,
    .longname = "AppSink",
    .klass = "Generic/Sink",
    .description = "Allow the application to get access to raw buffer",
    .author = "The GstMini authors",
    .priv_size = sizeof(AppSink),
    .props = appsink_props,
    .signals = appsink_signals,
    .pads = appsink_pads,
    .init = appsink_init,
    .finalize = appsink_finalize,
    .set_property = appsink_set_property,
    .get_property = appsink_get_property,
    .sink = &appsink_ops,
};
