// SPDX-License-Identifier: MIT
//
// input-selector: many streams in, the chosen one out.
//
//     [sink_0] ──x
//     [sink_1] ────── [src]     set "active-pad": that pad's caps, tags and segment go first,
//     [sink_2] ──x              then its buffers, the first marked DISCONT
//
// What comes on the other pads is dropped. With sync-streams they do not run ahead: a buffer
// waits inside until the active stream (sync-mode=active-segment) or the clock (clock) has come
// to its running time, so that a switch finds every stream at the same place. EOS waits, too,
// until its pad is chosen. cache-buffers keeps what the active pad has sent and the clock
// has not reached yet, for the case that the pad is chosen again.
// The lock is taken before object locks and never held while pads or signals are called.
// Read next: elements/core/funnel.c, elements/core/outputselector.c.

#include <stdlib.h>

#include "gstmini-element.h"

enum { SYNC_ACTIVE_SEGMENT, SYNC_CLOCK };

static const GmEnumTable inputselector_mode = {
    "GmInputSelectorSyncMode",
    (const GmEnumValue[]){
        { SYNC_ACTIVE_SEGMENT, "Sync using the current active segment", "active-segment" },
        { SYNC_CLOCK, "Sync using the clock", "clock" },
        { 0, NULL, NULL } },
    false
};

typedef struct {
    GmElement *element;
    GmPad     *srcpad;
    // properties
    _Atomic bool sync_streams, cache_buffers, drop_backwards;
    _Atomic int  sync_mode;
    // guarded by lock
    GmMutex     lock;
    GmCond      cond;   // the active stream moved on, another pad is chosen, or somebody flushes
    GmPad      *active; // counted, or NULL
    bool        chosen; // by the user: survives READY
    bool        eos;    // all pads had EOS
    bool        flushing, playing;
    bool        have_group_id; // every stream-start had one
    unsigned    count;
    GmClockTime upstream_latency, last_output; // running time
} InputSelector;

typedef struct {
    GmBuffer *buffer;
    GmSegment segment;
} Cached;

typedef struct {
    GmPad         pad;
    _Atomic bool  always_ok; // property
    // segment and tags are written under the selector's lock and the pad's object lock
    GmSegment     segment;
    GmTagList    *tags;
    // guarded by the selector's lock
    uint32_t      segment_seqnum;
    bool          pushed;  // a buffer went out since the pad was chosen
    bool          discont; // something was dropped
    bool          eos, eos_sent, flushing;
    bool          events_pending; // sticky events have to go first
    bool          group_done, sending_cached;
    unsigned      group_id;
    GmList       *cached;   // Cached *, oldest first
    GmClockID     clock_id; // the wait under way; the waiting thread's
} SelectorPad;

// ---- pads ---------------------------------------------------------------------------------------

static InputSelector *inputselector_of(GmObject *pad, GmObject **parent)
{
    *parent = gm_object_get_parent(pad);
    return *parent ? gm_priv(*parent) : NULL;
}

static void inputselector_pad_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    SelectorPad *p = (SelectorPad *)obj;
    GmObject *parent;

    if (!prop->computed)
        return;
    if (strcmp(prop->name, "active") == 0) {
        InputSelector *s = inputselector_of(obj, &parent);
        if (s)
            gm_mutex_lock(&s->lock);
        gm_value_set_boolean(value, s && s->active == &p->pad);
        if (s) {
            gm_mutex_unlock(&s->lock);
            gm_object_unref(parent);
        }
        return;
    }
    GM_OBJECT_LOCK(obj);
    if (strcmp(prop->name, "tags") == 0)
        gm_value_set_boxed(value, p->tags);
    else
        gm_value_set_int64(value, p->segment.format == GM_FORMAT_TIME
                                      ? (int64_t)gm_segment_to_running_time(&p->segment,
                                                                            GM_FORMAT_TIME,
                                                                            p->segment.position)
                                      : 0);
    GM_OBJECT_UNLOCK(obj);
}

static void inputselector_free_cached(void *data)
{
    Cached *cached = data;

    if (cached->buffer)
        gm_buffer_unref(cached->buffer);
    free(cached);
}

// Under lock: as after a flush.
static void inputselector_pad_reset(SelectorPad *p)
{
    GM_OBJECT_LOCK(p);
    gm_segment_init(&p->segment, GM_FORMAT_UNDEFINED);
    GM_OBJECT_UNLOCK(p);
    p->pushed = p->discont = p->eos = p->eos_sent = p->flushing = false;
    p->events_pending = p->group_done = false;
    gm_list_free_full(p->cached, inputselector_free_cached);
    p->cached = NULL;
}

static void inputselector_pad_init(GmObject *obj)
{
    gm_segment_init(&((SelectorPad *)obj)->segment, GM_FORMAT_UNDEFINED);
}

static void inputselector_pad_finalize(GmObject *obj)
{
    SelectorPad *p = (SelectorPad *)obj;

    gm_list_free_full(p->cached, inputselector_free_cached);
    if (p->tags)
        gm_tag_list_unref(p->tags);
}

static const GmProperty inputselector_pad_props[] = {
    { "running-time", "Running time of stream on pad", GM_COMPUTED(GM_TYPE_INT64),
      .flags = GM_PARAM_READABLE },
    { "tags", "The currently active tags on the pad", GM_COMPUTED(GM_TYPE_TAG_LIST),
      .flags = GM_PARAM_READABLE },
    { "active", "If the pad is currently active", GM_COMPUTED(GM_TYPE_BOOLEAN),
      .flags = GM_PARAM_READABLE },
    { "always-ok", "Make an inactive pad return OK instead of NOT_LINKED",
      GM_FIELD(SelectorPad, always_ok),
      .def = "true", .flags = GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING },
    { 0 }
};

static const GmObjectClass inputselector_pad_class = {
    .name = "GmSelectorPad",
    .parent = &gm_pad_class,
    .instance_size = sizeof(SelectorPad),
    .props = inputselector_pad_props,
    .init = inputselector_pad_init,
    .finalize = inputselector_pad_finalize,
    .get_property = inputselector_pad_get_property,
};

// The sink pads, the active one first, each with a reference.
static GmList *inputselector_sinkpads(InputSelector *s)
{
    GmList *pads = NULL;

    gm_mutex_lock(&s->lock);
    GM_OBJECT_LOCK(s->element);
    for (GmList *l = s->element->sinkpads; l; l = l->next)
        if (l->data != s->active)
            pads = gm_list_append(pads, gm_object_ref(l->data));
    GM_OBJECT_UNLOCK(s->element);
    if (s->active)
        pads = gm_list_prepend(pads, gm_object_ref(s->active));
    gm_mutex_unlock(&s->lock);
    return pads;
}

// ---- the active pad --------------------------------------------------------------------------

// Under lock: the active pad, borrowed; the first one if none was chosen. NULL: there are no pads.
static SelectorPad *inputselector_active(InputSelector *s)
{
    if (!s->active) {
        GM_OBJECT_LOCK(s->element);
        if (s->element->sinkpads)
            s->active = gm_object_ref(s->element->sinkpads->data);
        GM_OBJECT_UNLOCK(s->element);
    }
    return (SelectorPad *)s->active;
}

// Without lock: the active pad was `before` (may be NULL) and is `now`.
static void inputselector_notify(InputSelector *s, GmPad *before, GmPad *now)
{
    if (before)
        gm_object_notify(before, "active");
    gm_object_notify(now, "active");
    gm_object_notify(s->element, "active-pad");
}

static void inputselector_choose(InputSelector *s, GmPad *pad)
{
    gm_mutex_lock(&s->lock);
    GmPad *old = s->active;
    s->chosen = pad != NULL;
    if (old == pad) {
        gm_mutex_unlock(&s->lock);
        return;
    }
    s->active = pad ? gm_object_ref(pad) : NULL;
    if (old)
        ((SelectorPad *)old)->pushed = false;
    if (pad) {
        ((SelectorPad *)pad)->pushed = false;
        ((SelectorPad *)pad)->events_pending = true;
    }
    gm_mutex_unlock(&s->lock);
    if (old) {
        gm_pad_push_event(old, gm_event_new_reconfigure());
        gm_object_notify(old, "active");
    }
    if (pad) {
        gm_pad_push_event(pad, gm_event_new_reconfigure());
        gm_object_notify(pad, "active");
    }
    if (old)
        gm_object_unref(old);
}

static bool inputselector_forward_sticky(GmPad *pad, GmEvent **event, void *user_data)
{
    InputSelector *s = user_data;
    SelectorPad *p = (SelectorPad *)pad;
    GmEvent *out = gm_event_ref(*event);

    if (GM_EVENT_TYPE(out) == GM_EVENT_SEGMENT) { // perhaps that of a cached buffer
        gm_event_unref(out);
        gm_mutex_lock(&s->lock);
        out = gm_event_new_segment(&p->segment);
        gm_event_set_seqnum(out, p->segment_seqnum);
        gm_mutex_unlock(&s->lock);
    } else if (GM_EVENT_TYPE(out) == GM_EVENT_STREAM_START) {
        gm_mutex_lock(&s->lock);
        bool groups = s->have_group_id;
        gm_mutex_unlock(&s->lock);
        // Without groups downstream cannot tell that streams belong together: one start is enough.
        GmEvent *first = groups ? NULL : gm_pad_get_sticky_event(s->srcpad, GM_EVENT_STREAM_START,
                                                                 0);
        if (first) {
            gm_event_unref(first);
            gm_event_unref(out);
            return true;
        }
    }
    gm_pad_push_event(s->srcpad, out);
    return true;
}

// ---- keeping the other streams back ------------------------------------------------------------

// The running time of the buffer's end inside seg, or -1.
static GmClockTime inputselector_buffer_time(const GmSegment *seg, GmBuffer *buffer)
{
    GmClockTime time = GM_BUFFER_PTS(buffer);

    if (GM_BUFFER_DURATION_IS_VALID(buffer))
        time += GM_BUFFER_DURATION(buffer);
    if (GM_CLOCK_TIME_IS_VALID(seg->stop) && time > seg->stop)
        time = seg->stop;
    return gm_segment_to_running_time(seg, GM_FORMAT_TIME, time);
}

// Under lock: the running time the active stream has come to; NONE: not known.
static GmClockTime inputselector_active_time(SelectorPad *active)
{
    return active && active->segment.format == GM_FORMAT_TIME
               ? gm_segment_to_running_time(&active->segment, GM_FORMAT_TIME,
                                            active->segment.position)
               : GM_CLOCK_TIME_NONE;
}

// Under lock: waits on the clock for `time`. True: it has come.
static bool inputselector_wait_clock(InputSelector *s, SelectorPad *p, GmClockTime time)
{
    GmClock *clock = s->playing ? gm_element_get_clock(s->element) : NULL;

    if (!clock) {
        gm_cond_wait(&s->cond, &s->lock, GM_WAIT_CLOCK, s->element);
        return false;
    }
    GmClockID id = gm_clock_new_single_shot_id(clock, time + gm_element_get_base_time(s->element) +
                                                          s->upstream_latency);
    p->clock_id = id;
    gm_mutex_unlock(&s->lock);
    GmClockReturn ret = gm_clock_id_wait(id, NULL);
    gm_object_unref(clock);
    gm_mutex_lock(&s->lock);
    p->clock_id = NULL;
    gm_clock_id_unref(id);
    return ret == GM_CLOCK_OK || ret == GM_CLOCK_EARLY || ret == GM_CLOCK_DONE;
}

// Under lock, which it gives up meanwhile: waits until the others have come to the running time
// of `buffer`, p is chosen, or it flushes.
static void inputselector_wait_running_time(InputSelector *s, SelectorPad *p, GmBuffer *buffer)
{
    for (;;) {
        SelectorPad *active = inputselector_active(s);
        if (p == active || s->eos || s->flushing || p->flushing ||
            !GM_BUFFER_PTS_IS_VALID(buffer) ||
            p->segment.format != GM_FORMAT_TIME)
            return;
        GmClockTime time = inputselector_buffer_time(&p->segment, buffer);
        if (!GM_CLOCK_TIME_IS_VALID(time)) // outside the segment
            return;
        if (active && active->group_done && active->group_id == p->group_id)
            return; // its time does not go on
        if (s->sync_mode == SYNC_CLOCK) {
            if (inputselector_wait_clock(s, p, time))
                return;
            continue;
        }
        if (active && active->segment.format != GM_FORMAT_TIME &&
            active->segment.format != GM_FORMAT_UNDEFINED)
            return;
        GmClockTime now = inputselector_active_time(active);
        if (GM_CLOCK_TIME_IS_VALID(now) && time < now)
            return;
        gm_cond_wait(&s->cond, &s->lock, GM_WAIT_QUEUE_FULL, s->element);
    }
}

// Under lock: wakes a clock wait of p.
static void inputselector_unschedule(SelectorPad *p)
{
    if (p->clock_id)
        gm_clock_id_unschedule(p->clock_id);
}

// ---- buffers that may be wanted again -----------------------------------------------------------

// Under lock: forgets what is older than `now` on p. Buffers without a time go with the next.
static void inputselector_forget_old(SelectorPad *p, GmClockTime now)
{
    unsigned old = 0, n = 0;

    for (GmList *l = p->cached; l; l = l->next) {
        Cached *cached = l->data;
        n++;
        if (!GM_BUFFER_PTS_IS_VALID(cached->buffer))
            continue;
        if (inputselector_buffer_time(&cached->segment, cached->buffer) >= now)
            break;
        old = n;
    }
    for (; old > 0; old--) {
        inputselector_free_cached(p->cached->data);
        p->cached = gm_list_delete_link(p->cached, p->cached);
    }
}

static void inputselector_forget_all_old(InputSelector *s)
{
    GmClockTime now = GM_CLOCK_TIME_NONE;

    if (s->sync_mode == SYNC_CLOCK)
        now = gm_element_get_current_running_time(s->element);
    else
        now = inputselector_active_time(inputselector_active(s));
    if (!GM_CLOCK_TIME_IS_VALID(now))
        return;
    GM_OBJECT_LOCK(s->element);
    for (GmList *l = s->element->sinkpads; l; l = l->next)
        inputselector_forget_old(l->data, now);
    GM_OBJECT_UNLOCK(s->element);
}

// Under lock. Takes buffer.
static void inputselector_cache(InputSelector *s, SelectorPad *p, GmBuffer *buffer)
{
    if (p->segment.format != GM_FORMAT_TIME) {
        gm_buffer_unref(buffer);
        return;
    }
    Cached *cached = gm_new(Cached, 1);
    *cached = (Cached){ buffer, p->segment };
    p->cached = gm_list_append(p->cached, cached);
    inputselector_forget_all_old(s);
}

static GmFlowReturn inputselector_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer);

static void inputselector_set_segment(SelectorPad *p, const GmSegment *segment)
{
    GM_OBJECT_LOCK(p);
    p->segment = *segment;
    GM_OBJECT_UNLOCK(p);
    p->events_pending = true;
}

// Under lock, which it gives up meanwhile: p is or may be chosen again, and first come the buffers
// that it had sent already. They are cached anew as they go.
static void inputselector_send_cached(InputSelector *s, SelectorPad *p)
{
    GmList *again = p->cached;
    GmSegment segment = p->segment;

    if (!again || p->sending_cached)
        return;
    p->cached = NULL;
    p->sending_cached = true;
    while (again && !s->eos && !s->flushing && !p->flushing) {
        Cached *cached = again->data;
        GmBuffer *buffer = cached->buffer;
        cached->buffer = NULL;
        inputselector_set_segment(p, &cached->segment);
        inputselector_free_cached(cached);
        again = gm_list_delete_link(again, again);
        gm_mutex_unlock(&s->lock);
        inputselector_chain(&p->pad, GM_OBJECT(s->element), buffer);
        gm_mutex_lock(&s->lock);
    }
    gm_list_free_full(again, inputselector_free_cached);
    p->sending_cached = false;
    inputselector_set_segment(p, &segment);
}

// ---- data ---------------------------------------------------------------------------------------

// Under lock: what a buffer that is dropped on p answers.
static GmFlowReturn inputselector_ignored(InputSelector *s, SelectorPad *p)
{
    SelectorPad *active = inputselector_active(s);

    p->discont = true;
    return p->always_ok || !active || !active->pushed ? GM_FLOW_OK : GM_FLOW_NOT_LINKED;
}

// Under lock: the running time of `buffer`. False: it lies before what has gone out, and we have
// just switched, and such are not wanted.
static bool inputselector_goes_on(InputSelector *s, SelectorPad *p, GmBuffer *buffer)
{
    GmClockTime time = GM_CLOCK_TIME_NONE;

    if (p->segment.format == GM_FORMAT_TIME)
        time = gm_segment_to_running_time(&p->segment, GM_FORMAT_TIME,
                                          GM_BUFFER_DTS_OR_PTS(buffer));
    if (p->discont && s->sync_streams && s->drop_backwards && GM_CLOCK_TIME_IS_VALID(time) &&
        GM_CLOCK_TIME_IS_VALID(s->last_output) && time < s->last_output)
        return false;
    s->last_output = time;
    return true;
}

// Without lock: p is the active pad and was not before, if `before` says so. Takes buffer.
static GmFlowReturn inputselector_push(InputSelector *s, SelectorPad *p, GmPad *before,
                                       GmBuffer *buffer,
                                       bool events)
{
    if (before != &p->pad)
        inputselector_notify(s, before, &p->pad);
    if (events)
        gm_pad_sticky_events_foreach(&p->pad, inputselector_forward_sticky, s);

    gm_mutex_lock(&s->lock);
    if (!inputselector_goes_on(s, p, buffer)) {
        GmFlowReturn ignored = inputselector_ignored(s, p);
        gm_mutex_unlock(&s->lock);
        gm_buffer_unref(buffer);
        return ignored;
    }
    bool discont = p->discont, cache = s->sync_streams && s->cache_buffers;
    p->discont = false;
    gm_mutex_unlock(&s->lock);

    if (discont) {
        buffer = gm_buffer_make_writable(buffer);
        GM_BUFFER_FLAG_SET(buffer, GM_BUFFER_FLAG_DISCONT);
    }
    GmBuffer *kept = cache ? gm_buffer_ref(buffer) : NULL;
    GmFlowReturn ret = gm_pad_push(s->srcpad, buffer);
    gm_mutex_lock(&s->lock);
    if (!cache || inputselector_active(s) == p) // else the choice has changed meanwhile
        p->pushed = true;
    if (kept)
        inputselector_cache(s, p, kept);
    gm_mutex_unlock(&s->lock);
    return ret;
}

static GmFlowReturn inputselector_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    InputSelector *s = gm_priv(parent);
    SelectorPad *p = (SelectorPad *)pad;
    GmFlowReturn ret = GM_FLOW_FLUSHING;
    bool up = false, events = false;

    gm_mutex_lock(&s->lock);
    GmPad *before = s->active ? gm_object_ref(s->active) : NULL;
    if (s->sync_streams && !s->flushing) {
        if (inputselector_active(s) != p || !p->pushed)
            inputselector_send_cached(s, p);
        inputselector_wait_running_time(s, p, buffer);
    }
    if (!s->flushing && !p->flushing) {
        if (GM_BUFFER_PTS_IS_VALID(buffer)) {
            GM_OBJECT_LOCK(pad);
            p->segment.position = GM_BUFFER_PTS(buffer);
            GM_OBJECT_UNLOCK(pad);
        }
        up = inputselector_active(s) == p;
        if (up) {
            events = p->events_pending || before != pad;
            p->events_pending = false;
            gm_cond_broadcast(&s->cond); // the running time has moved on
        } else {
            ret = inputselector_ignored(s, p);
        }
    }
    gm_mutex_unlock(&s->lock);
    if (up)
        ret = inputselector_push(s, p, before, buffer, events);
    else
        gm_buffer_unref(buffer);
    if (before)
        gm_object_unref(before);
    return ret;
}

// ---- events -------------------------------------------------------------------------------------

static bool inputselector_all_eos(InputSelector *s)
{
    bool all = true;

    GM_OBJECT_LOCK(s->element);
    for (GmList *l = s->element->sinkpads; l && all; l = l->next)
        all = ((SelectorPad *)l->data)->eos;
    GM_OBJECT_UNLOCK(s->element);
    return all;
}

// Under lock, which it gives up meanwhile: EOS goes out if p is or becomes the active pad. Returns
// when all have ended or it flushes. Borrows event.
static void inputselector_wait_eos(InputSelector *s, SelectorPad *p, GmEvent *event)
{
    while (!s->eos && !s->flushing && !p->flushing) {
        if (inputselector_active(s) != p || p->eos_sent) {
            gm_cond_wait(&s->cond, &s->lock, GM_WAIT_QUEUE_FULL, s->element);
            continue;
        }
        bool events = p->events_pending;
        p->events_pending = false;
        p->eos_sent = true;
        gm_mutex_unlock(&s->lock);
        if (events)
            gm_pad_sticky_events_foreach(&p->pad, inputselector_forward_sticky, s);
        gm_pad_push_event(s->srcpad, gm_event_ref(event));
        gm_mutex_lock(&s->lock);
        gm_cond_broadcast(&s->cond);
    }
}

// Under lock: what a serialized event says about p. False: it does not go on.
static bool inputselector_note(InputSelector *s, SelectorPad *p, GmEvent *event)
{
    GmSegment segment;
    GmClockTime time, duration;

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_STREAM_START:
        if (!gm_event_parse_group_id(event, &p->group_id)) {
            s->have_group_id = false;
            p->group_id = 0;
        }
        break;
    case GM_EVENT_FLUSH_STOP:
        inputselector_pad_reset(p);
        s->last_output = GM_CLOCK_TIME_NONE;
        break;
    case GM_EVENT_SEGMENT:
        gm_event_copy_segment(event, &segment);
        GM_OBJECT_LOCK(p);
        p->segment = segment;
        GM_OBJECT_UNLOCK(p);
        p->segment_seqnum = gm_event_get_seqnum(event);
        break;
    case GM_EVENT_GAP:
        gm_event_parse_gap(event, &time, &duration);
        if (!GM_CLOCK_TIME_IS_VALID(time))
            break;
        GM_OBJECT_LOCK(p);
        p->segment.position = time + (GM_CLOCK_TIME_IS_VALID(duration) ? duration : 0);
        GM_OBJECT_UNLOCK(p);
        gm_cond_broadcast(&s->cond);
        break;
    case GM_EVENT_STREAM_GROUP_DONE:
        gm_event_parse_stream_group_done(event, &p->group_id);
        p->group_done = true;
        gm_cond_broadcast(&s->cond);
        break;
    case GM_EVENT_EOS:
        p->eos = true;
        if (!inputselector_all_eos(s)) {
            inputselector_wait_eos(s, p, event);
            return false;
        }
        s->eos = true;
        gm_cond_broadcast(&s->cond);
        break;
    default:
        break;
    }
    return true;
}

static void inputselector_merge_tags(SelectorPad *p, GmEvent *event)
{
    GmTagList *tags;

    gm_event_parse_tag(event, &tags);
    GM_OBJECT_LOCK(p);
    GmTagList *old = p->tags;
    p->tags = gm_tag_list_merge(old, tags, GM_TAG_MERGE_REPLACE);
    GM_OBJECT_UNLOCK(p);
    if (old)
        gm_tag_list_unref(old);
    gm_object_notify(p, "tags");
}

static bool inputselector_sink_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    InputSelector *s = gm_priv(parent);
    SelectorPad *p = (SelectorPad *)pad;
    bool forward;

    gm_mutex_lock(&s->lock);
    bool first = s->active == NULL;
    GmPad *active = (GmPad *)inputselector_active(s);
    forward = pad == active;
    if (first && active) {
        gm_object_ref(active);
        gm_mutex_unlock(&s->lock);
        inputselector_notify(s, NULL, active);
        gm_object_unref(active);
        gm_mutex_lock(&s->lock);
        forward = pad == (GmPad *)inputselector_active(s);
    }
    if (GM_EVENT_TYPE(event) == GM_EVENT_FLUSH_START) {
        p->flushing = true;
        s->eos = false;
        p->group_done = false;
        inputselector_unschedule(p);
        gm_cond_broadcast(&s->cond);
    } else if (!inputselector_note(s, p, event)) {
        forward = false;
    }
    // Events of pads that are not up go when theirs is.
    if (!forward && GM_EVENT_IS_STICKY(event))
        p->events_pending = true;
    gm_mutex_unlock(&s->lock);

    if (GM_EVENT_TYPE(event) == GM_EVENT_TAG)
        inputselector_merge_tags(p, event);
    if (forward)
        return gm_pad_push_event(s->srcpad, event);
    gm_event_unref(event);
    return true;
}

// Upstream events concern all streams, the active one first: they go to every pad.
static bool inputselector_src_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    GmList *pads = inputselector_sinkpads(gm_priv(parent));
    bool ok = false;

    (void)pad;
    for (GmList *l = pads; l; l = l->next)
        ok |= gm_pad_push_event(l->data, gm_event_ref(event));
    gm_list_free_full(pads, gm_object_unref);
    gm_event_unref(event);
    return ok;
}

// ---- queries ------------------------------------------------------------------------------------

static bool inputselector_sink_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    InputSelector *s = gm_priv(parent);

    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_CAPS:
    case GM_QUERY_POSITION:
    case GM_QUERY_DURATION:
    case GM_QUERY_CONTEXT: // whether the pad is up or not
        return gm_pad_peer_query(s->srcpad, query);
    case GM_QUERY_ALLOCATION: // the others ask again when they are told to reconfigure
        gm_mutex_lock(&s->lock);
        bool up = (GmPad *)inputselector_active(s) == pad;
        gm_mutex_unlock(&s->lock);
        return up && gm_pad_query_default(pad, parent, query);
    default:
        return gm_pad_query_default(pad, parent, query);
    }
}

// A switch must not change the latency: that of all inputs counts.
static bool inputselector_query_latency(InputSelector *s, GmQuery *query)
{
    GmList *pads = inputselector_sinkpads(s);
    GmClockTime least = 0, most = GM_CLOCK_TIME_NONE, min, max;
    bool ok = true, any_live = false, live;

    for (GmList *l = pads; l; l = l->next) {
        GmQuery *one = gm_query_new_latency();
        if (!gm_pad_is_linked(l->data)) {
            // has nothing to say
        } else if (!gm_pad_peer_query(l->data, one)) {
            ok = false;
        } else {
            gm_query_parse_latency(one, &live, &min, &max);
            if (live) {
                any_live = true;
                least = min > least ? min : least;
                most = max < most ? max : most; // NONE is the greatest
            }
        }
        gm_query_unref(one);
    }
    gm_list_free_full(pads, gm_object_unref);
    if (!ok)
        return false;
    gm_mutex_lock(&s->lock);
    s->upstream_latency = any_live ? least : 0;
    gm_mutex_unlock(&s->lock);
    gm_query_set_latency(query, any_live || s->sync_mode == SYNC_CLOCK, least, most);
    return true;
}

static bool inputselector_src_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    if (GM_QUERY_TYPE(query) == GM_QUERY_LATENCY)
        return inputselector_query_latency(gm_priv(parent), query);
    return gm_pad_query_default(pad, parent, query);
}

// Only the active pad is connected.
static GmIterator *inputselector_iterate_links(GmPad *pad, GmObject *parent)
{
    InputSelector *s = gm_priv(parent);
    GmIterator *it = NULL;
    GmValue value = { 0 };

    gm_mutex_lock(&s->lock);
    GmPad *other = pad == s->srcpad ? s->active : pad == s->active ? s->srcpad : NULL;
    if (other)
        gm_object_ref(other);
    gm_mutex_unlock(&s->lock);
    if (other) {
        gm_value_init(&value, GM_TYPE_OBJECT);
        gm_value_take_object(&value, other);
        it = gm_iterator_new_single(GM_TYPE_OBJECT, &value);
        gm_value_unset(&value);
    }
    return it;
}

// ---- element ------------------------------------------------------------------------------------

static GmPad *inputselector_request_new_pad(GmElement *el, GmPadTemplate *templ, const char *wanted,
                                            const GmCaps *caps)
{
    InputSelector *s = gm_priv(el);
    char name[24];

    (void)wanted;
    (void)caps;
    gm_mutex_lock(&s->lock);
    snprintf(name, sizeof name, "sink_%u", s->count++);
    gm_mutex_unlock(&s->lock);
    GmPad *pad = gm_pad_new_from_template(templ, name);
    gm_pad_set_active(pad, true);
    gm_element_add_pad(el, pad);
    return pad;
}

static void inputselector_release_pad(GmElement *el, GmPad *pad)
{
    InputSelector *s = gm_priv(el);

    gm_object_ref(pad);
    gm_mutex_lock(&s->lock);
    GmPad *was_active = s->active == pad ? pad : NULL;
    if (was_active) {
        s->active = NULL;
        s->chosen = false;
    }
    // Whoever waits on the pad has to leave before it can be deactivated.
    ((SelectorPad *)pad)->flushing = true;
    inputselector_unschedule((SelectorPad *)pad);
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
    if (was_active)
        gm_object_unref(was_active);
    gm_pad_set_active(pad, false);
    gm_element_remove_pad(el, pad);
    gm_object_unref(pad);
}

static void inputselector_reset(InputSelector *s)
{
    gm_mutex_lock(&s->lock);
    GmPad *old = s->chosen ? NULL : s->active;
    if (old)
        s->active = NULL;
    GM_OBJECT_LOCK(s->element);
    for (GmList *l = s->element->sinkpads; l; l = l->next) {
        SelectorPad *p = l->data;
        inputselector_pad_reset(p);
        GM_OBJECT_LOCK(p);
        GmTagList *tags = p->tags;
        p->tags = NULL;
        GM_OBJECT_UNLOCK(p);
        if (tags)
            gm_tag_list_unref(tags);
    }
    GM_OBJECT_UNLOCK(s->element);
    s->have_group_id = true;
    s->upstream_latency = 0;
    s->last_output = GM_CLOCK_TIME_NONE;
    gm_mutex_unlock(&s->lock);
    if (old)
        gm_object_unref(old);
}

// Says whether it streams and plays now, and wakes all who wait.
static void inputselector_set_running(InputSelector *s, bool running, bool playing)
{
    gm_mutex_lock(&s->lock);
    if (s->flushing == running) // leaves or enters PAUSED
        s->eos = s->flushing = !running;
    s->playing = playing;
    GM_OBJECT_LOCK(s->element);
    for (GmList *l = s->element->sinkpads; l && !playing; l = l->next)
        inputselector_unschedule(l->data);
    GM_OBJECT_UNLOCK(s->element);
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
}

static GmStateChangeReturn inputselector_change_state(GmElement *el, GmStateChange transition)
{
    InputSelector *s = gm_priv(el);

    if (transition == GM_STATE_CHANGE_READY_TO_PAUSED ||
        transition == GM_STATE_CHANGE_PLAYING_TO_PAUSED)
        inputselector_set_running(s, true, false);
    else if (transition == GM_STATE_CHANGE_PAUSED_TO_READY)
        inputselector_set_running(s, false, false);
    else if (transition == GM_STATE_CHANGE_PAUSED_TO_PLAYING)
        inputselector_set_running(s, true, true);
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);
    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY)
        inputselector_reset(s);
    return ret;
}

static void inputselector_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    GmPad *pad = prop->computed ? gm_value_get_object(value) : NULL;

    if (!prop->computed || (pad && (!GM_REQUIRE(GM_PAD_IS_SINK(pad)) ||
                                    !GM_REQUIRE(gm_object_has_as_parent(GM_OBJECT(pad), obj)))))
        return;
    inputselector_choose(gm_priv(obj), pad);
}

// Those who wait look again after the application has been told of the change.
static void inputselector_active_changed(GmObject *obj, const GmProperty *prop, void *data)
{
    InputSelector *s = gm_priv(obj);

    (void)prop;
    (void)data;
    gm_mutex_lock(&s->lock);
    GM_OBJECT_LOCK(obj);
    for (GmList *l = s->element->sinkpads; l; l = l->next)
        if (l->data == s->active)
            inputselector_unschedule(l->data);
    GM_OBJECT_UNLOCK(obj);
    gm_cond_broadcast(&s->cond);
    gm_mutex_unlock(&s->lock);
}

static void inputselector_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    InputSelector *s = gm_priv(obj);

    if (!prop->computed)
        return;
    gm_mutex_lock(&s->lock);
    if (strcmp(prop->name, "n-pads") == 0) {
        GM_OBJECT_LOCK(obj);
        gm_value_set_uint(value, s->element->numsinkpads);
        GM_OBJECT_UNLOCK(obj);
    } else {
        gm_value_set_object(value, s->active);
    }
    gm_mutex_unlock(&s->lock);
}

static void inputselector_init(GmObject *obj)
{
    InputSelector *s = gm_priv(obj);

    s->element = GM_ELEMENT(obj);
    s->srcpad = gm_element_peek_static_pad(s->element, "src");
    gm_mutex_init(&s->lock);
    gm_cond_init(&s->cond);
    s->have_group_id = true;
    s->last_output = GM_CLOCK_TIME_NONE;
    gm_signal_connect(obj, "notify::active-pad", inputselector_active_changed, NULL);
}

static void inputselector_dispose(GmObject *obj)
{
    gm_object_replace((GmObject **)&((InputSelector *)gm_priv(obj))->active, NULL);
}

static void inputselector_finalize(GmObject *obj)
{
    InputSelector *s = gm_priv(obj);

    gm_cond_clear(&s->cond);
    gm_mutex_clear(&s->lock);
}

static const GmStaticPadTemplate inputselector_pads[] = {
    { .name_template = "sink_%u", .direction = GM_PAD_SINK, .presence = GM_PAD_REQUEST,
      .chain = inputselector_chain, .event = inputselector_sink_event,
      .query = inputselector_sink_query,
      .iterate_internal_links = inputselector_iterate_links, .pad_class = &inputselector_pad_class,
      .pad_flags = GM_PAD_FLAG_PROXY_CAPS | GM_PAD_FLAG_PROXY_ALLOCATION },
    { .name_template = "src", .direction = GM_PAD_SRC, .event = inputselector_src_event,
      .query = inputselector_src_query, .iterate_internal_links = inputselector_iterate_links,
      .pad_flags = GM_PAD_FLAG_PROXY_CAPS },
    { 0 }
};

#define READY_ONLY (GM_PARAM_READWRITE | GM_PARAM_MUTABLE_READY)
static const GmProperty inputselector_props[] = {
    { "n-pads", "The number of sink pads", GM_COMPUTED(GM_TYPE_UINT), .flags = GM_PARAM_READABLE },
    { "active-pad", "The currently active sink pad", GM_COMPUTED(GM_TYPE_OBJECT),
      .object_class = &gm_pad_class, .flags = GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING },
    { "sync-streams",
      "Synchronize inactive streams to the running time of the active stream or to the "
                      "current clock",
      GM_FIELD(InputSelector, sync_streams), .def = "true", .flags = READY_ONLY },
    { "sync-mode", "Behavior in sync-streams mode",
      GM_ENUM_FIELD(InputSelector, sync_mode, &inputselector_mode), .def = "active-segment",
      .flags = READY_ONLY },
    { "cache-buffers", "Cache buffers for active-pad", GM_FIELD(InputSelector, cache_buffers),
      .flags = READY_ONLY },
    { "drop-backwards", "Drop backwards buffers on pad switch",
      GM_FIELD(InputSelector, drop_backwards),
      .flags = READY_ONLY },
    { 0 }
};

const GmElementClass gm_input_selector_class = {
    .name = "input-selector",
    .type_name = "GmInputSelector",
    .parent = &gm_element_class.object,
    .longname = "Input selector",
    .klass = "Generic",
    .description = "N-to-1 input stream selector",
    .author = "The GstMini authors",
    .priv_size = sizeof(InputSelector),
    .props = inputselector_props,
    .pads = inputselector_pads,
    .init = inputselector_init,
    .dispose = inputselector_dispose,
    .finalize = inputselector_finalize,
    .set_property = inputselector_set_property,
    .get_property = inputselector_get_property,
    .request_new_pad = inputselector_request_new_pad,
    .release_pad = inputselector_release_pad,
    .change_state = inputselector_change_state,
};
