// SPDX-License-Identifier: MIT
//
// queue: a thread boundary. What enters on one thread leaves on another.
//
//     upstream thread --> [sink]  ring of items  [src] --> the queue's own thread
//                         chain()                loop()
//
// Two call stacks meet here and nowhere else: the upstream thread returns from chain() as soon
// as the item is stored, the queue's task takes items out and pushes them on. The ring is
// bounded in buffers, bytes and time; at the bound the upstream thread waits, or the queue
// leaks. Only buffers leak and only buffers count: events and serialised queries always
// enter, in order.
// What is specific to us: the read-only property `dropped`, because nothing is lost unseen.
// Read next: core/task.h, elements/core/tee.c.

#include <stdlib.h>

#include "gstmini-element.h"

GM_DEBUG_CATEGORY_DEFINE(queue_debug, "queue", 0, "thread boundary with bounded storage");
#define GM_CAT_DEFAULT queue_debug

enum { QUEUE_NO_LEAK, QUEUE_LEAK_UPSTREAM, QUEUE_LEAK_DOWNSTREAM };

static const GmEnumTable queue_leaky_type = {
    "GmQueueLeaky",
    (const GmEnumValue[]){ { QUEUE_NO_LEAK, "Not Leaky", "no" },
                           { QUEUE_LEAK_UPSTREAM, "Leaky on upstream (new buffers)", "upstream" },
                           { QUEUE_LEAK_DOWNSTREAM, "Leaky on downstream (old buffers)",
                             "downstream" },
                           { 0, NULL, NULL } },
    false
};

typedef struct {
    unsigned buffers, bytes;
    uint64_t time; // ns
} Level;

typedef struct {
    Level max, min;
    int   leaky;
    bool  silent, flush_on_eos;
} Settings;

typedef struct {
    GmMiniObject *object;  // buffer, list, event: owned; query: borrowed from the waiting thread
    size_t        bytes;   // of buffers and lists
    unsigned      buffers; // 1, or the length of a list; 0 for events and queries
} Item;

// One end of the queue: the segment seen there and how far its running time has come.
typedef struct {
    GmSegment       segment;
    GmClockTimeDiff running_time; // GM_CLOCK_STIME_NONE: unknown
} End;

typedef struct {
    GmElement *element;
    GmPad     *sinkpad, *srcpad;

    Settings set; // the properties, guarded by the object lock

    // guarded by lock
    GmMutex  lock;
    GmCond   item_add, item_del, query_handled;
    bool     waiting_add, waiting_del;
    Item    *items; // ring of `capacity` (a power of two); head is the oldest
    unsigned head, count, capacity;
    Settings now; // what is in force: a copy of `set`, thresholds zero once EOS is in
    Level    floor; // the thresholds as set, to go back to after a flush
    Level    level;
    uint64_t dropped;
    End      sink_end, src_end;
    GmFlowReturn srcresult;    // what chain() returns when it cannot store
    bool     eos;              // EOS went in: no more data
    bool     unexpected;       // downstream said EOS: refuse data until a new segment
    bool     segment_on_src;   // the first segment was applied to src_end when it went in
    bool     head_needs_discont, tail_needs_discont;
    GmQuery *query;       // the one that upstream waits for (borrowed), until it is answered
    bool     query_taken; // the task asks downstream: it is in use until then
    bool     query_result;
} Queue;

// ---- level accounting (all under lock) ------------------------------------------------------

static void queue_update_time_level(Queue *q)
{
    GmClockTimeDiff in = q->sink_end.running_time, out = q->src_end.running_time;
    bool known = in != GM_CLOCK_STIME_NONE && out != GM_CLOCK_STIME_NONE && in >= out;
    q->level.time = known ? (uint64_t)(in - out) : 0;
}

// Moves an end to `position` in its segment.
static void queue_set_position(Queue *q, End *end, GmClockTime position)
{
    uint64_t value = 0;
    int sign = 0;

    end->segment.position = position;
    end->running_time = GM_CLOCK_STIME_NONE;
    if (GM_CLOCK_TIME_IS_VALID(position))
        sign = gm_segment_to_running_time_full(&end->segment, GM_FORMAT_TIME, position, &value);
    if (sign != 0)
        end->running_time = sign > 0 ? (GmClockTimeDiff)value : -(GmClockTimeDiff)value;
    queue_update_time_level(q);
}

static void queue_apply_segment(Queue *q, End *end, GmEvent *event)
{
    gm_event_copy_segment(event, &end->segment);
    // Segments that do not count in time: as if time ran from 0 without end.
    if (end->segment.format != GM_FORMAT_TIME) {
        end->segment.format = GM_FORMAT_TIME;
        end->segment.start = end->segment.time = 0;
        end->segment.stop = GM_CLOCK_TIME_NONE;
    }
    queue_set_position(q, end, end->segment.position);
}

static GmClockTime queue_advance(GmClockTime position, GmBuffer *buffer)
{
    GmClockTime time = GM_BUFFER_DTS_OR_PTS(buffer);

    if (!GM_CLOCK_TIME_IS_VALID(time))
        time = position;
    if (GM_CLOCK_TIME_IS_VALID(GM_BUFFER_DURATION(buffer)))
        time += GM_BUFFER_DURATION(buffer);
    return time;
}

// An item passes an end: segments replace its segment, data and gaps move its position.
static void queue_item_passes(Queue *q, End *end, GmMiniObject *object)
{
    GmClockTime time = end->segment.position, duration;

    if (GM_IS_BUFFER(object)) {
        queue_set_position(q, end, queue_advance(time, GM_BUFFER_CAST(object)));
    } else if (GM_IS_BUFFER_LIST(object)) {
        GmBufferList *list = GM_BUFFER_LIST_CAST(object);
        for (unsigned i = 0; i < gm_buffer_list_length(list); i++)
            time = queue_advance(time, gm_buffer_list_get(list, i));
        queue_set_position(q, end, time);
    } else if (GM_IS_EVENT(object) && GM_EVENT_TYPE(object) == GM_EVENT_SEGMENT) {
        queue_apply_segment(q, end, GM_EVENT_CAST(object));
    } else if (GM_IS_EVENT(object) && GM_EVENT_TYPE(object) == GM_EVENT_GAP) {
        gm_event_parse_gap(GM_EVENT_CAST(object), &time, &duration);
        if (GM_CLOCK_TIME_IS_VALID(time))
            queue_set_position(q, end, GM_CLOCK_TIME_IS_VALID(duration) ? time + duration : time);
    }
}

static bool queue_is_filled(const Queue *q)
{
    return (q->now.max.buffers > 0 && q->level.buffers >= q->now.max.buffers) ||
           (q->now.max.bytes > 0 && q->level.bytes >= q->now.max.bytes) ||
           (q->now.max.time > 0 && q->level.time >= q->now.max.time);
}

// Whether loop() has to wait. Below a minimum threshold the queue counts as empty, but not when
// an event or a query is the newest item (it would wait for ever) and not when it is full.
static bool queue_is_empty(const Queue *q)
{
    if (q->count == 0)
        return true;
    if (q->items[(q->head + q->count - 1) & (q->capacity - 1)].buffers == 0)
        return false;
    return ((q->now.min.buffers > 0 && q->level.buffers < q->now.min.buffers) ||
            (q->now.min.bytes > 0 && q->level.bytes < q->now.min.bytes) ||
            (q->now.min.time > 0 && q->level.time < q->now.min.time)) &&
           !queue_is_filled(q);
}

static void queue_signal_add(Queue *q)
{
    if (q->waiting_add)
        gm_cond_signal(&q->item_add);
}

static void queue_signal_del(Queue *q)
{
    if (q->waiting_del)
        gm_cond_signal(&q->item_del);
}

// ---- the ring (all under lock) -----------------------------------------------------------------

static void queue_push_item(Queue *q, Item item)
{
    if (q->count == q->capacity) {
        unsigned capacity = q->capacity ? q->capacity * 2 : 16;
        Item *items = gm_new(Item, capacity);
        for (unsigned i = 0; i < q->count; i++)
            items[i] = q->items[(q->head + i) & (q->capacity - 1)];
        free(q->items);
        q->items = items;
        q->head = 0;
        q->capacity = capacity;
    }
    q->items[(q->head + q->count++) & (q->capacity - 1)] = item;
    queue_signal_add(q);
}

// Takes the oldest item out and off the level; a NULL object when there is none.
static Item queue_pop_item(Queue *q)
{
    if (q->count == 0)
        return (Item){ NULL, 0, 0 };

    Item item = q->items[q->head];
    q->head = (q->head + 1) & (q->capacity - 1);
    q->count--;
    q->level.buffers -= item.buffers;
    q->level.bytes -= (unsigned)item.bytes;
    bool segment = GM_IS_EVENT(item.object) && GM_EVENT_TYPE(item.object) == GM_EVENT_SEGMENT;
    if (segment && q->segment_on_src)
        q->segment_on_src = false;
    else
        queue_item_passes(q, &q->src_end, item.object);
    if (item.buffers > 0 && q->level.buffers == 0)
        q->level.time = 0;
    if (GM_IS_EVENT(item.object) && GM_EVENT_TYPE(item.object) == GM_EVENT_EOS)
        q->level = (Level){ 0, 0, 0 };
    queue_signal_del(q);
    return item;
}

// It came to an answer, or was thrown away.
static void queue_answer_query(Queue *q, bool result)
{
    q->query = NULL;
    q->query_result = result;
    gm_cond_broadcast(&q->query_handled);
}

// The asker goes away: its query must not stay in the ring.
static void queue_withdraw_query(Queue *q)
{
    unsigned mask = q->capacity - 1, i = 0;

    while (i < q->count && q->items[(q->head + i) & mask].object != GM_MINI_OBJECT_CAST(q->query))
        i++;
    for (; i + 1 < q->count; i++)
        q->items[(q->head + i) & mask] = q->items[(q->head + i + 1) & mask];
    q->count--;
    queue_answer_query(q, false);
}

// Empties the queue. Unless the pads go away altogether (`full`), sticky events stay known on
// the source pad.
static void queue_flush(Queue *q, bool full)
{
    for (; q->count > 0; q->count--) {
        Item item = q->items[q->head];
        q->head = (q->head + 1) & (q->capacity - 1);
        if (GM_IS_QUERY(item.object)) {
            queue_answer_query(q, false);
            continue;
        }
        if (!full && GM_IS_EVENT(item.object) && GM_EVENT_IS_STICKY(item.object) &&
            GM_EVENT_TYPE(item.object) != GM_EVENT_SEGMENT &&
            GM_EVENT_TYPE(item.object) != GM_EVENT_EOS)
            gm_pad_store_sticky_event(q->srcpad, GM_EVENT_CAST(item.object));
        gm_mini_object_unref(item.object);
    }
    q->level = (Level){ 0, 0, 0 };
    q->now.min = q->floor;
    gm_segment_init(&q->sink_end.segment, GM_FORMAT_TIME);
    gm_segment_init(&q->src_end.segment, GM_FORMAT_TIME);
    q->sink_end.running_time = q->src_end.running_time = 0; // of position 0 in those segments
    q->head_needs_discont = q->tail_needs_discont = q->segment_on_src = false;
    queue_signal_del(q);
}

// ---- data in: the upstream thread ---------------------------------------------------------------

static GmMiniObject *queue_mark_discont(GmMiniObject *object)
{
    if (GM_IS_BUFFER_LIST(object)) {
        GmBufferList *list = gm_buffer_list_make_writable(GM_BUFFER_LIST_CAST(object));
        if (gm_buffer_list_length(list) > 0)
            GM_BUFFER_FLAG_SET(gm_buffer_list_get_writable(list, 0), GM_BUFFER_FLAG_DISCONT);
        return GM_MINI_OBJECT_CAST(list);
    }
    GmBuffer *buffer = gm_buffer_make_writable(GM_BUFFER_CAST(object));
    GM_BUFFER_FLAG_SET(buffer, GM_BUFFER_FLAG_DISCONT);
    return GM_MINI_OBJECT_CAST(buffer);
}

// Drops the oldest items until there is room; the next one out carries DISCONT.
static void queue_leak_oldest(Queue *q)
{
    while (queue_is_filled(q) && q->count > 0) {
        Item item = queue_pop_item(q);
        q->dropped += item.buffers;
        if (GM_IS_EVENT(item.object) && GM_EVENT_IS_STICKY(item.object))
            gm_pad_store_sticky_event(q->srcpad, GM_EVENT_CAST(item.object));
        if (GM_IS_QUERY(item.object))
            queue_answer_query(q, false);
        else
            gm_mini_object_unref(item.object);
        q->head_needs_discont = true;
    }
}

// Emits a level signal with the lock released, unless the user asked for silence. Listeners may
// change the properties, so callers look at the levels anew.
static void queue_emit(Queue *q, const char *signal)
{
    if (q->now.silent || !gm_signal_has_handler(q->element, signal))
        return;
    gm_mutex_unlock(&q->lock);
    gm_signal_emit_by_name(q->element, signal);
    gm_mutex_lock(&q->lock);
}

// Makes room for data. GM_FLOW_OK: there is room; GM_FLOW_CUSTOM_SUCCESS: leak the newcomer.
static GmFlowReturn queue_make_room(Queue *q)
{
    while (q->srcresult == GM_FLOW_OK && queue_is_filled(q)) {
        queue_emit(q, "overrun");
        if (q->srcresult != GM_FLOW_OK || !queue_is_filled(q))
            break;
        if (q->now.leaky == QUEUE_LEAK_UPSTREAM)
            return GM_FLOW_CUSTOM_SUCCESS;
        if (q->now.leaky == QUEUE_LEAK_DOWNSTREAM) {
            queue_leak_oldest(q);
            break;
        }
        GM_LOG_OBJECT(q->element, "full (%u buffers), waiting for space", q->level.buffers);
        q->waiting_del = true;
        while (q->srcresult == GM_FLOW_OK && queue_is_filled(q) && q->now.leaky == QUEUE_NO_LEAK)
            gm_cond_wait(&q->item_del, &q->lock, GM_WAIT_QUEUE_FULL, q->element);
        q->waiting_del = false;
        if (q->srcresult == GM_FLOW_OK)
            queue_emit(q, "running");
    }
    return q->srcresult;
}

// Takes a buffer or a list.
static GmFlowReturn queue_store(Queue *q, GmMiniObject *object, size_t bytes, unsigned buffers)
{
    gm_mutex_lock(&q->lock);
    GmFlowReturn ret = q->srcresult;
    if (ret == GM_FLOW_OK && (q->eos || q->unexpected))
        ret = GM_FLOW_EOS;
    if (ret == GM_FLOW_OK && queue_is_filled(q))
        ret = queue_make_room(q);
    if (ret == GM_FLOW_OK) {
        if (q->tail_needs_discont)
            object = queue_mark_discont(object);
        q->tail_needs_discont = false;
        q->level.buffers += buffers;
        q->level.bytes += (unsigned)bytes;
        queue_item_passes(q, &q->sink_end, object);
        queue_push_item(q, (Item){ object, bytes, buffers });
        object = NULL;
    } else if (ret == GM_FLOW_CUSTOM_SUCCESS) {
        q->dropped += buffers;
        q->tail_needs_discont = true;
        ret = GM_FLOW_OK;
    }
    gm_mutex_unlock(&q->lock);
    if (object)
        gm_mini_object_unref(object);
    return ret;
}

static GmFlowReturn queue_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    (void)pad;
    return queue_store(gm_priv(parent), GM_MINI_OBJECT_CAST(buffer), gm_buffer_get_size(buffer), 1);
}

static GmFlowReturn queue_chain_list(GmPad *pad, GmObject *parent, GmBufferList *list)
{
    (void)pad;
    return queue_store(gm_priv(parent), GM_MINI_OBJECT_CAST(list),
                       gm_buffer_list_calculate_size(list), gm_buffer_list_length(list));
}

// ---- events and queries in ---------------------------------------------------------------------

static void queue_loop(void *user_data);

static void queue_restart(Queue *q)
{
    q->srcresult = GM_FLOW_OK;
    q->eos = q->unexpected = false;
    if (GM_PAD_MODE(q->srcpad) == GM_PAD_MODE_PUSH && gm_pad_is_active(q->srcpad))
        gm_pad_start_task(q->srcpad, queue_loop, q->srcpad, NULL);
}

// Stores a serialised event (under lock; takes it).
static void queue_enqueue_event(Queue *q, GmEvent *event)
{
    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_EOS:
        // What is left must be able to drain below the thresholds.
        if (q->now.flush_on_eos)
            queue_flush(q, false);
        else
            q->now.min = (Level){ 0, 0, 0 };
        q->eos = true;
        break;
    case GM_EVENT_SEGMENT:
        if (q->count == 0) {
            queue_item_passes(q, &q->src_end, GM_MINI_OBJECT_CAST(event));
            q->segment_on_src = true;
        }
        q->unexpected = false;
        break;
    default:
        break;
    }
    queue_item_passes(q, &q->sink_end, GM_MINI_OBJECT_CAST(event));
    queue_push_item(q, (Item){ GM_MINI_OBJECT_CAST(event), 0, 0 });
}

// Under lock: whether a serialised event is refused, and with what.
static GmFlowReturn queue_refuses(Queue *q, GmEvent *event)
{
    bool reset = GM_EVENT_TYPE(event) == GM_EVENT_STREAM_START ||
                 GM_EVENT_TYPE(event) == GM_EVENT_SEGMENT;

    if (q->srcresult == GM_FLOW_EOS && reset)
        q->srcresult = GM_FLOW_OK;
    // A sticky event that cannot pass is no failure by itself: data will tell. EOS is not
    // followed by data, so it has to.
    if (q->srcresult != GM_FLOW_OK &&
        (!GM_EVENT_IS_STICKY(event) || GM_EVENT_TYPE(event) == GM_EVENT_EOS))
        return q->srcresult;
    if (q->eos && !reset)
        return GM_FLOW_EOS;
    if (q->eos)
        queue_restart(q);
    return GM_FLOW_OK;
}

static GmFlowReturn queue_sink_serialized_event(Queue *q, GmEvent *event)
{
    gm_mutex_lock(&q->lock);
    GmFlowReturn ret = queue_refuses(q, event);
    if (ret == GM_FLOW_OK)
        queue_enqueue_event(q, event);
    gm_mutex_unlock(&q->lock);
    if (ret == GM_FLOW_OK)
        return ret;
    if (GM_EVENT_TYPE(event) == GM_EVENT_EOS && (ret == GM_FLOW_NOT_LINKED || ret < GM_FLOW_EOS))
        GM_ELEMENT_FLOW_ERROR(q->element, ret);
    gm_event_unref(event);
    return ret;
}

static GmFlowReturn queue_sink_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    Queue *q = gm_priv(parent);
    bool ok;

    (void)pad;
    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_FLUSH_START:
        ok = gm_pad_push_event(q->srcpad, event);
        gm_mutex_lock(&q->lock);
        q->srcresult = GM_FLOW_FLUSHING;
        gm_cond_signal(&q->item_add);
        gm_cond_signal(&q->item_del);
        gm_mutex_unlock(&q->lock);
        gm_cond_broadcast(&q->query_handled);
        gm_pad_pause_task(q->srcpad);
        break;
    case GM_EVENT_FLUSH_STOP:
        ok = gm_pad_push_event(q->srcpad, event);
        gm_mutex_lock(&q->lock);
        queue_flush(q, false);
        queue_restart(q);
        gm_mutex_unlock(&q->lock);
        break;
    default:
        if (GM_EVENT_IS_SERIALIZED(event))
            return queue_sink_serialized_event(q, event);
        ok = gm_pad_push_event(q->srcpad, event);
    }
    return ok ? GM_FLOW_OK : GM_FLOW_ERROR;
}

static bool queue_sink_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    Queue *q = gm_priv(parent);

    if (!GM_QUERY_IS_SERIALIZED(query))
        return gm_pad_query_default(pad, parent, query);

    // Waits behind the data for the task to ask downstream.
    gm_mutex_lock(&q->lock);
    bool result = false;
    if (q->srcresult == GM_FLOW_OK) {
        q->query = query; // the stream lock is held: there is no other
        q->query_taken = false;
        queue_push_item(q, (Item){ GM_MINI_OBJECT_CAST(query), 0, 0 });
        while (q->query && (q->srcresult == GM_FLOW_OK || q->query_taken))
            gm_cond_wait(&q->query_handled, &q->lock, GM_WAIT_QUEUE_FULL, q->element);
        if (q->query)
            queue_withdraw_query(q);
        result = q->srcresult == GM_FLOW_OK && q->query_result;
    }
    gm_mutex_unlock(&q->lock);
    return result;
}

// ---- data out: the queue's thread ---------------------------------------------------------------

// Downstream said EOS: throws away what is stored up to the next item it can accept again.
static Item queue_skip_to_pushable(Queue *q)
{
    Item item;

    while ((item = queue_pop_item(q)).object) {
        if (GM_IS_QUERY(item.object)) {
            queue_answer_query(q, false);
            continue;
        }
        if (GM_IS_EVENT(item.object) && (GM_EVENT_TYPE(item.object) == GM_EVENT_EOS ||
                                         GM_EVENT_TYPE(item.object) == GM_EVENT_SEGMENT ||
                                         GM_EVENT_TYPE(item.object) == GM_EVENT_STREAM_START))
            break;
        gm_mini_object_unref(item.object);
    }
    return item;
}

// Pushes one item with the lock released. Returns what loop() goes on with.
static GmFlowReturn queue_push_out(Queue *q, Item item)
{
    GmFlowReturn ret = GM_FLOW_OK;
    bool head_discont = item.buffers > 0 && q->head_needs_discont;

    if (head_discont)
        q->head_needs_discont = false;
    q->query_taken = GM_IS_QUERY(item.object);
    gm_mutex_unlock(&q->lock);
    if (head_discont)
        item.object = queue_mark_discont(item.object);

    if (GM_IS_BUFFER(item.object)) {
        ret = gm_pad_push(q->srcpad, GM_BUFFER_CAST(item.object));
        gm_mutex_lock(&q->lock);
    } else if (GM_IS_BUFFER_LIST(item.object)) {
        ret = gm_pad_push_list(q->srcpad, GM_BUFFER_LIST_CAST(item.object));
        gm_mutex_lock(&q->lock);
    } else if (GM_IS_EVENT(item.object)) {
        bool eos = GM_EVENT_TYPE(item.object) == GM_EVENT_EOS;
        gm_pad_push_event(q->srcpad, GM_EVENT_CAST(item.object));
        gm_mutex_lock(&q->lock);
        if (eos && q->srcresult == GM_FLOW_OK)
            q->srcresult = GM_FLOW_EOS; // the task pauses
    } else {
        bool result = gm_pad_peer_query(q->srcpad, GM_QUERY_CAST(item.object));
        gm_mutex_lock(&q->lock);
        queue_answer_query(q, result);
    }
    return ret;
}

static void queue_push_one(Queue *q)
{
    Item item = queue_pop_item(q);

    while (item.object) {
        GmFlowReturn ret = queue_push_out(q, item);
        if (q->srcresult != GM_FLOW_OK)
            return;
        if (ret != GM_FLOW_EOS) {
            q->srcresult = ret;
            return;
        }
        item = queue_skip_to_pushable(q);
    }
    // Nothing acceptable is stored: data is refused with EOS, but a new segment may come.
    q->unexpected = true;
}

static void queue_loop(void *user_data)
{
    GmPad *pad = user_data;
    Queue *q = gm_priv(GM_PAD_PARENT(pad));

    gm_mutex_lock(&q->lock);
    while (q->srcresult == GM_FLOW_OK && queue_is_empty(q)) {
        queue_emit(q, "underrun");
        q->waiting_add = true;
        while (q->srcresult == GM_FLOW_OK && queue_is_empty(q))
            gm_cond_wait(&q->item_add, &q->lock, GM_WAIT_QUEUE_EMPTY, q->element);
        q->waiting_add = false;
        if (q->srcresult == GM_FLOW_OK) {
            queue_emit(q, "running");
            queue_emit(q, "pushing");
        }
    }
    if (q->srcresult == GM_FLOW_OK)
        queue_push_one(q);
    GmFlowReturn ret = q->srcresult;
    bool eos = q->eos;
    if (ret != GM_FLOW_OK) {
        GM_LOG_OBJECT(q->element, "pausing: %s", gm_flow_get_name(ret));
        gm_pad_pause_task(pad);
        if (ret == GM_FLOW_FLUSHING)
            queue_flush(q, false);
        queue_signal_del(q);
        gm_cond_broadcast(&q->query_handled);
    }
    gm_mutex_unlock(&q->lock);
    // Upstream hears of a failure with its next push; after EOS there is none.
    if (eos && (ret == GM_FLOW_NOT_LINKED || ret < GM_FLOW_EOS)) {
        GM_ELEMENT_FLOW_ERROR(q->element, ret);
        gm_pad_push_event(pad, gm_event_new_eos());
    }
}

// ---- events and queries from downstream ---------------------------------------------------------

static bool queue_src_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    Queue *q = gm_priv(parent);

    if (GM_EVENT_TYPE(event) != GM_EVENT_RECONFIGURE)
        return gm_pad_event_default(pad, parent, event);
    gm_mutex_lock(&q->lock);
    if (q->srcresult == GM_FLOW_NOT_LINKED) {
        // Somebody linked us again.
        q->srcresult = GM_FLOW_OK;
        gm_pad_start_task(pad, queue_loop, pad, NULL);
    }
    gm_mutex_unlock(&q->lock);
    return gm_pad_push_event(q->sinkpad, event);
}

// What is stored here has not been played yet.
static void queue_adjust_position(Queue *q, GmQuery *query)
{
    GmFormat format;
    int64_t position;

    gm_query_parse_position(query, &format, &position);
    if (format == GM_FORMAT_BYTES)
        position -= q->level.bytes;
    else if (format == GM_FORMAT_TIME)
        position -= (int64_t)q->level.time;
    gm_query_set_position(query, format, position < 0 ? 0 : position);
}

// A queue can delay by what it can hold; without a limit in time that is without limit.
static void queue_adjust_latency(Queue *q, GmQuery *query)
{
    bool live;
    GmClockTime min, max;

    gm_query_parse_latency(query, &live, &min, &max);
    if (q->now.max.time > 0 && max != GM_CLOCK_TIME_NONE && q->now.leaky == QUEUE_NO_LEAK)
        max += q->now.max.time;
    else if (q->now.max.time > 0 && q->now.leaky != QUEUE_NO_LEAK)
        max = q->now.max.time > max ? q->now.max.time : max;
    else
        max = GM_CLOCK_TIME_NONE;
    gm_query_set_latency(query, live, min + q->floor.time, max);
}

static bool queue_src_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    Queue *q = gm_priv(parent);

    if (GM_QUERY_TYPE(query) == GM_QUERY_SCHEDULING) {
        gm_query_add_scheduling_mode(query, GM_PAD_MODE_PUSH);
        return true;
    }
    if (!gm_pad_query_default(pad, parent, query))
        return false;
    gm_mutex_lock(&q->lock);
    if (GM_QUERY_TYPE(query) == GM_QUERY_POSITION)
        queue_adjust_position(q, query);
    else if (GM_QUERY_TYPE(query) == GM_QUERY_LATENCY)
        queue_adjust_latency(q, query);
    gm_mutex_unlock(&q->lock);
    return true;
}

// ---- activation ---------------------------------------------------------------------------------

static bool queue_sink_activate_mode(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    Queue *q = gm_priv(parent);

    if (mode != GM_PAD_MODE_PUSH)
        return false;
    gm_mutex_lock(&q->lock);
    q->srcresult = active ? GM_FLOW_OK : GM_FLOW_FLUSHING;
    if (active) {
        q->eos = q->unexpected = false;
    } else {
        gm_cond_signal(&q->item_del);
        gm_cond_broadcast(&q->query_handled);
    }
    gm_mutex_unlock(&q->lock);
    if (!active) {
        // chain() has left once we hold the stream lock.
        GM_PAD_STREAM_LOCK(pad);
        gm_mutex_lock(&q->lock);
        queue_flush(q, true);
        gm_mutex_unlock(&q->lock);
        GM_PAD_STREAM_UNLOCK(pad);
    }
    return true;
}

static bool queue_src_activate_mode(GmPad *pad, GmObject *parent, GmPadMode mode, bool active)
{
    Queue *q = gm_priv(parent);
    bool ok;

    if (mode != GM_PAD_MODE_PUSH)
        return false;
    gm_mutex_lock(&q->lock);
    if (active) {
        q->srcresult = GM_FLOW_OK;
        q->eos = q->unexpected = false;
        ok = gm_pad_start_task(pad, queue_loop, pad, NULL);
        gm_mutex_unlock(&q->lock);
        return ok;
    }
    q->srcresult = GM_FLOW_FLUSHING;
    gm_cond_signal(&q->item_add);
    gm_mutex_unlock(&q->lock);
    ok = gm_pad_stop_task(pad);
    gm_mutex_lock(&q->lock);
    queue_flush(q, false);
    gm_mutex_unlock(&q->lock);
    return ok;
}

// ---- the manifest -------------------------------------------------------------------------------

static void queue_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    Queue *q = gm_priv(obj);

    (void)prop;
    (void)value;
    gm_mutex_lock(&q->lock);
    GM_OBJECT_LOCK(obj);
    q->now = q->set;
    q->floor = q->set.min;
    GM_OBJECT_UNLOCK(obj);
    if (q->now.leaky == QUEUE_LEAK_DOWNSTREAM)
        queue_leak_oldest(q);
    // A wider bound may let chain() go on, a lower threshold loop().
    gm_cond_signal(&q->item_del);
    gm_cond_signal(&q->item_add);
    gm_mutex_unlock(&q->lock);
}

static void queue_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    Queue *q = gm_priv(obj);

    if (!prop->computed)
        return;
    gm_mutex_lock(&q->lock);
    Level level = q->level;
    uint64_t dropped = q->dropped;
    gm_mutex_unlock(&q->lock);
    if (strcmp(prop->name, "current-level-buffers") == 0)
        gm_value_set_uint(value, level.buffers);
    else if (strcmp(prop->name, "current-level-bytes") == 0)
        gm_value_set_uint(value, level.bytes);
    else
        gm_value_set_uint64(value, strcmp(prop->name, "dropped") == 0 ? dropped : level.time);
}

static void queue_init(GmObject *obj)
{
    Queue *q = gm_priv(obj);

    q->element = GM_ELEMENT(obj);
    q->sinkpad = gm_element_peek_static_pad(q->element, "sink");
    q->srcpad = gm_element_peek_static_pad(q->element, "src");
    gm_mutex_init(&q->lock);
    gm_cond_init(&q->item_add);
    gm_cond_init(&q->item_del);
    gm_cond_init(&q->query_handled);
    q->srcresult = GM_FLOW_FLUSHING;
    q->now = q->set;
    q->floor = q->set.min;
    gm_mutex_lock(&q->lock);
    queue_flush(q, true);
    gm_mutex_unlock(&q->lock);
}

static void queue_finalize(GmObject *obj)
{
    Queue *q = gm_priv(obj);

    queue_flush(q, true);
    free(q->items);
    gm_cond_clear(&q->item_add);
    gm_cond_clear(&q->item_del);
    gm_cond_clear(&q->query_handled);
    gm_mutex_clear(&q->lock);
}

static const GmStaticPadTemplate queue_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = queue_chain,
      .chain_list = queue_chain_list, .event_full = queue_sink_event, .query = queue_sink_query,
      .activate_mode = queue_sink_activate_mode, .pad_flags = GM_PAD_FLAG_PROXY_CAPS },
    { .name_template = "src", .direction = GM_PAD_SRC, .event = queue_src_event,
      .query = queue_src_query, .activate_mode = queue_src_activate_mode,
      .pad_flags = GM_PAD_FLAG_PROXY_CAPS },
    { 0 }
};

#define LIVE (GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING)
static const GmProperty queue_props[] = {
    { "current-level-buffers", "Current number of buffers in the queue",
      GM_COMPUTED(GM_TYPE_UINT), .flags = GM_PARAM_READABLE },
    { "current-level-bytes", "Current amount of data in the queue (bytes)",
      GM_COMPUTED(GM_TYPE_UINT), .flags = GM_PARAM_READABLE },
    { "current-level-time", "Current amount of data in the queue (in ns)",
      GM_COMPUTED(GM_TYPE_UINT64), .flags = GM_PARAM_READABLE },
    { "max-size-buffers", "Max. number of buffers in the queue (0=disable)",
      GM_FIELD(Queue, set.max.buffers), .def = "200", .flags = LIVE },
    { "max-size-bytes", "Max. amount of data in the queue (bytes, 0=disable)",
      GM_FIELD(Queue, set.max.bytes), .def = "10485760", .flags = LIVE },
    { "max-size-time", "Max. amount of data in the queue (in ns, 0=disable)",
      GM_FIELD(Queue, set.max.time), .def = "1000000000", .flags = LIVE },
    { "min-threshold-buffers", "Min. number of buffers in the queue to allow reading (0=disable)",
      GM_FIELD(Queue, set.min.buffers), .flags = LIVE },
    { "min-threshold-bytes", "Min. amount of data in the queue to allow reading (bytes, 0=disable)",
      GM_FIELD(Queue, set.min.bytes), .flags = LIVE },
    { "min-threshold-time", "Min. amount of data in the queue to allow reading (in ns, 0=disable)",
      GM_FIELD(Queue, set.min.time), .flags = LIVE },
    { "leaky", "Where the queue leaks, if at all",
      GM_ENUM_FIELD(Queue, set.leaky, &queue_leaky_type),
      .def = "no", .flags = LIVE },
    { "silent", "Don't emit queue signals", GM_FIELD(Queue, set.silent), .flags = LIVE },
    { "flush-on-eos", "Discard all data in the queue when an EOS event is received",
      GM_FIELD(Queue, set.flush_on_eos), .flags = LIVE },
    { "dropped", "Number of buffers leaked since the element was made",
      GM_COMPUTED(GM_TYPE_UINT64), .flags = GM_PARAM_READABLE },
    { 0 }
};

static const GmSignal queue_signals[] = {
    { "underrun", gm_marshal_void, "void (GmElement *queue, void *user_data)", NULL },
    { "running", gm_marshal_void, "void (GmElement *queue, void *user_data)", NULL },
    { "overrun", gm_marshal_void, "void (GmElement *queue, void *user_data)", NULL },
    { "pushing", gm_marshal_void, "void (GmElement *queue, void *user_data)", NULL },
    { 0 }
};

const GmElementClass gm_queue_class = {
    .name = "queue",
    .type_name = "GmQueue",
    .parent = &gm_element_class.object,
    .longname = "Queue",
    .klass = "Generic",
    .description = "Simple data queue",
    .author = "The GstMini authors",
    .priv_size = sizeof(Queue),
    .props = queue_props,
    .signals = queue_signals,
    .pads = queue_pads,
    .init = queue_init,
    .finalize = queue_finalize,
    .set_property = queue_set_property,
    .get_property = queue_get_property,
};
