// SPDX-License-Identifier: MIT
//
// harness: see harness.h. What comes out of the element's pads lands in three queues (buffers,
// events down, events up) under one lock with one condition; pulls wait on that.
#include <string.h>

#include "check/harness.h"
#include "core/bin.h"
#include "core/buffer_pool.h"
#include "core/caps.h"
#include "core/element_factory.h"
#include "core/error.h"
#include "core/event.h"
#include "core/ghost_pad.h"
#include "core/iterator.h"
#include "core/list.h"
#include "core/pad_template.h"
#include "core/parse.h"
#include "core/query.h"
#include "core/segment.h"
#include "core/util.h"
#include "core/value.h"

#define HARNESS_KEY "harness"
#define PULL_LIMIT (60 * (GmClockTime)GM_SECOND)

typedef struct {
    GmList  *items;
    unsigned received;
} HarnessQueue;

struct GmHarnessPrivate {
    _Atomic unsigned refs;
    // guarded by lock
    GmMutex      lock;
    GmCond       cond;
    HarnessQueue buffers, events, upstream;
    bool         eos, blocking_push, forwarding, drop_buffers;
    unsigned     released; // blocked pushes that may go on
    GmPad       *forward_pad;
    // the test's thread
    GmCaps      *src_caps, *sink_caps;
    GmTestClock *testclock;
    bool         is_live, has_clock_wait;
    GmClockTime  latency, last_push_ts;
    GmBufferPool *pool;
    GmAllocator *allocator;
    GmAllocationParams params;
};

static const GmStaticPadTemplate harness_src_template = { "src", GM_PAD_SRC, GM_PAD_ALWAYS, "ANY",
                                                          .chain = NULL };
static const GmStaticPadTemplate harness_sink_template = { "sink", GM_PAD_SINK, GM_PAD_ALWAYS,
                                                           "ANY", .chain = NULL };

// ---- queues -----------------------------------------------------------------------------------

// Takes item. Lock held.
static void harness_put(GmHarness *h, HarnessQueue *q, void *item)
{
    q->items = gm_list_append(q->items, item);
    gm_cond_broadcast(&h->priv->cond);
}

// Gives the oldest item, waiting until `deadline` (0: not at all); or_eos: EOS ends the wait.
static void *harness_take(GmHarness *h, HarnessQueue *q, GmClockTime deadline, bool or_eos,
                          bool *timed_out)
{
    GmHarnessPrivate *priv = h->priv;
    void *item = NULL;
    bool more = deadline != 0;

    gm_mutex_lock(&priv->lock);
    while (q->items == NULL && more && !(or_eos && priv->eos))
        more = gm_cond_wait_until(&priv->cond, &priv->lock, deadline, GM_WAIT_APP, h->element);
    if (timed_out != NULL)
        *timed_out = deadline != 0 && !more && q->items == NULL;
    if (q->items != NULL) {
        item = q->items->data;
        q->items = gm_list_delete_link(q->items, q->items);
    }
    if (q == &priv->buffers && priv->blocking_push) {
        priv->released++;
        gm_cond_broadcast(&priv->cond);
    }
    gm_mutex_unlock(&priv->lock);
    return item;
}

static GmClockTime harness_limit(void)
{
    return gm_sync_now() + PULL_LIMIT;
}

static unsigned harness_read(GmHarness *h, const HarnessQueue *q, bool received)
{
    gm_mutex_lock(&h->priv->lock);
    unsigned n = received ? q->received : gm_list_length(q->items);
    gm_mutex_unlock(&h->priv->lock);
    return n;
}

// ---- the harness's pads -----------------------------------------------------------------------

static GmHarness *harness_of(GmPad *pad)
{
    return gm_object_get_data(pad, HARNESS_KEY);
}

static GmFlowReturn harness_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    GmHarness *h = harness_of(pad);
    GmHarnessPrivate *priv = h->priv;

    (void)parent;
    gm_mutex_lock(&priv->lock);
    priv->buffers.received++;
    if (priv->drop_buffers)
        gm_buffer_unref(buffer);
    else
        harness_put(h, &priv->buffers, buffer);
    if (priv->blocking_push) {
        unsigned mine = priv->released;
        while (priv->blocking_push && priv->released == mine)
            gm_cond_wait(&priv->cond, &priv->lock, GM_WAIT_APP, pad);
    }
    gm_mutex_unlock(&priv->lock);
    return GM_FLOW_OK;
}

static bool harness_src_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    GmHarness *h = harness_of(pad);

    (void)parent;
    gm_mutex_lock(&h->priv->lock);
    h->priv->upstream.received++;
    harness_put(h, &h->priv->upstream, event);
    gm_mutex_unlock(&h->priv->lock);
    return true;
}

static GmPad *harness_forward_pad(GmHarness *h)
{
    gm_mutex_lock(&h->priv->lock);
    GmPad *pad = h->priv->forwarding ? h->priv->forward_pad : NULL;
    if (pad != NULL)
        gm_object_ref(pad);
    gm_mutex_unlock(&h->priv->lock);
    return pad;
}

static bool harness_sink_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    GmHarness *h = harness_of(pad);
    GmEventType type = GM_EVENT_TYPE(event);
    bool describes = type == GM_EVENT_STREAM_START || type == GM_EVENT_CAPS ||
                     type == GM_EVENT_SEGMENT;
    GmPad *forward = describes ? harness_forward_pad(h) : NULL;

    (void)parent;
    gm_mutex_lock(&h->priv->lock);
    h->priv->events.received++;
    h->priv->eos = h->priv->eos || type == GM_EVENT_EOS;
    if (forward == NULL)
        harness_put(h, &h->priv->events, event);
    gm_mutex_unlock(&h->priv->lock);
    if (forward == NULL)
        return true;
    bool ok = gm_pad_push_event(forward, event);
    gm_object_unref(forward);
    return ok;
}

static bool harness_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    GmHarness *h = harness_of(pad);
    GmCaps *filter, *wanted = GM_PAD_IS_SRC(pad) ? h->priv->src_caps : h->priv->sink_caps;

    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_LATENCY:
        gm_query_set_latency(query, h->priv->is_live, h->priv->latency, GM_CLOCK_TIME_NONE);
        return true;
    case GM_QUERY_CAPS: {
        GmCaps *caps = wanted != NULL ? gm_caps_ref(wanted) : gm_pad_get_pad_template_caps(pad);
        gm_query_parse_caps(query, &filter);
        if (filter != NULL) {
            GmCaps *both = gm_caps_intersect_full(filter, caps, GM_CAPS_INTERSECT_FIRST);
            gm_caps_unref(caps);
            caps = both;
        }
        gm_query_set_caps_result(query, caps);
        gm_caps_unref(caps);
        return true;
    }
    case GM_QUERY_ALLOCATION:
        if (GM_PAD_IS_SINK(pad)) {
            GmPad *forward = harness_forward_pad(h);
            if (forward == NULL)
                return true;
            bool ok = gm_pad_peer_query(forward, query);
            gm_object_unref(forward);
            return ok;
        }
        return false;
    default:
        return gm_pad_query_default(pad, parent, query);
    }
}

// The harness and each of its pads hold it: a query that another thread is making at a pad may
// outlast the teardown.
static void harness_unref(void *data)
{
    GmHarness *h = data;
    GmHarnessPrivate *priv = h->priv;

    if (atomic_fetch_sub(&priv->refs, 1) > 1)
        return;
    HarnessQueue *queues[] = { &priv->buffers, &priv->events, &priv->upstream };
    for (size_t i = 0; i < GM_LEN(queues); i++)
        gm_list_free_full(queues[i]->items, (GmDestroyNotify)gm_mini_object_unref);
    gm_clear_mini_object((GmMiniObject **)&priv->src_caps);
    gm_clear_mini_object((GmMiniObject **)&priv->sink_caps);
    if (priv->pool != NULL)
        gm_buffer_pool_set_active(priv->pool, false);
    gm_clear_object((GmObject **)&priv->pool);
    gm_clear_object((GmObject **)&priv->allocator);
    gm_clear_object((GmObject **)&priv->testclock);
    gm_mutex_clear(&priv->lock);
    gm_cond_clear(&priv->cond);
    gm_free(priv);
    gm_free(h);
}

static void harness_setup_pad(GmHarness *h, GmPad **pad, const GmStaticPadTemplate *templ)
{
    *pad = gm_object_ref_sink(
        gm_pad_new_from_static_template(templ, templ->direction == GM_PAD_SRC ? "src" : "sink"));
    atomic_fetch_add(&h->priv->refs, 1);
    gm_object_set_data_full(*pad, HARNESS_KEY, h, harness_unref);
    gm_pad_set_query_function(*pad, harness_query);
    if (templ->direction == GM_PAD_SRC) {
        gm_pad_set_event_function(*pad, harness_src_event);
    } else {
        gm_pad_set_event_function(*pad, harness_sink_event);
        gm_pad_set_chain_function(*pad, harness_chain);
    }
    gm_pad_set_active(*pad, true);
}

static void harness_link(GmPad *ours, GmPad *theirs)
{
    GmPadLinkReturn ret = GM_PAD_IS_SRC(ours) ? gm_pad_link(ours, theirs)
                                              : gm_pad_link(theirs, ours);
    if (ret != GM_PAD_LINK_OK)
        gm_critical(__func__, "cannot link %s: %s", GM_OBJECT_NAME(theirs),
                    gm_pad_link_get_name(ret));
}

static void harness_link_named(GmHarness *h, GmPad *ours, const char *name)
{
    GmPad *pad = gm_element_get_static_pad(h->element, name);
    if (pad == NULL)
        pad = gm_element_request_pad_simple(h->element, name);
    if (pad == NULL) {
        gm_critical(__func__, "%s has no pad %s", GM_ELEMENT_NAME(h->element), name);
        return;
    }
    harness_link(ours, pad);
    gm_object_unref(pad);
}

// ---- making and ending --------------------------------------------------------------------------

GmHarness *gm_harness_new_empty(void)
{
    GmHarness *h = gm_new0(GmHarness, 1);
    GmHarnessPrivate *priv = h->priv = gm_new0(GmHarnessPrivate, 1);
    priv->refs = 1;
    gm_mutex_init(&priv->lock);
    gm_cond_init(&priv->cond);
    priv->forwarding = priv->is_live = true;
    priv->last_push_ts = GM_CLOCK_TIME_NONE;
    priv->testclock = GM_TEST_CLOCK(gm_test_clock_new());
    return h;
}

static bool harness_has_template(GmElement *el, GmPadDirection direction)
{
    const GmStaticPadTemplate *row = gm_element_class_get_static_pads(GM_ELEMENT_GET_CLASS(el));
    for (; row != NULL && row->name_template != NULL; row++)
        if (row->direction == direction)
            return true;
    return false;
}

static void harness_async_and_sync_off(GmElement *el)
{
    if (gm_object_find_property(el, "async") != NULL)
        gm_object_set(el, "async", false, NULL);
    if (gm_object_find_property(el, "sync") != NULL)
        gm_object_set(el, "sync", false, NULL);
}

void gm_harness_add_element_full(GmHarness *h, GmElement *element, const GmStaticPadTemplate *hsrc,
                                 const char *element_sinkpad_name, const GmStaticPadTemplate *hsink,
                                 const char *element_srcpad_name)
{
    if (!GM_REQUIRE(h != NULL) || !GM_REQUIRE(element != NULL) || !GM_REQUIRE(h->element == NULL))
        return;
    bool sinks = element->numsinkpads > 0 || harness_has_template(element, GM_PAD_SINK);
    bool srcs = element->numsrcpads > 0 || harness_has_template(element, GM_PAD_SRC);

    h->element = gm_object_ref(element);
    if (sinks) {
        harness_setup_pad(h, &h->srcpad, hsrc != NULL ? hsrc : &harness_src_template);
        if (element_sinkpad_name != NULL)
            harness_link_named(h, h->srcpad, element_sinkpad_name);
    }
    if (srcs) {
        harness_setup_pad(h, &h->sinkpad, hsink != NULL ? hsink : &harness_sink_template);
        if (element_srcpad_name != NULL)
            harness_link_named(h, h->sinkpad, element_srcpad_name);
    }
    if (sinks && !srcs)
        harness_async_and_sync_off(element);
    if (sinks) {
        char *id = gm_strdup_printf("%s-%p", GM_OBJECT_NAME(element), (void *)h);
        gm_pad_push_event(h->srcpad, gm_event_new_stream_start(id));
        gm_free(id);
    }
    if (element->clock == NULL)
        gm_harness_use_testclock(h);
    else if (gm_object_is_a(element->clock, &gm_test_clock_class.object))
        gm_object_replace((GmObject **)&h->priv->testclock, (GmObject *)element->clock);
    // Several harnesses may share an element: the last one to go stops it.
    size_t users = (size_t)gm_object_get_data(element, HARNESS_KEY);
    gm_object_set_data(element, HARNESS_KEY, (void *)(users + 1));
    if (sinks)
        gm_harness_play(h);
}

GmHarness *gm_harness_new_full(GmElement *element, const GmStaticPadTemplate *hsrc,
                               const char *element_sinkpad_name, const GmStaticPadTemplate *hsink,
                               const char *element_srcpad_name)
{
    if (!GM_REQUIRE(element != NULL))
        return NULL;
    GmHarness *h = gm_harness_new_empty();
    gm_harness_add_element_full(h, element, hsrc, element_sinkpad_name, hsink, element_srcpad_name);
    return h;
}

GmHarness *gm_harness_new_with_element(GmElement *element, const char *element_sinkpad_name,
                                       const char *element_srcpad_name)
{
    return gm_harness_new_full(element, NULL, element_sinkpad_name, NULL, element_srcpad_name);
}

static GmHarness *harness_new_by_name(const char *element_name, const GmStaticPadTemplate *hsrc,
                                      const char *sinkpad, const GmStaticPadTemplate *hsink,
                                      const char *srcpad)
{
    GmElement *element = gm_element_factory_make(element_name, NULL);
    if (element == NULL) {
        gm_critical(__func__, "no element \"%s\"", element_name);
        return NULL;
    }
    gm_object_ref_sink(element);
    if (!harness_has_template(element, GM_PAD_SINK) && element->numsinkpads == 0)
        sinkpad = NULL;
    if (!harness_has_template(element, GM_PAD_SRC) && element->numsrcpads == 0)
        srcpad = NULL;
    GmHarness *h = gm_harness_new_full(element, hsrc, sinkpad, hsink, srcpad);
    gm_object_unref(element);
    return h;
}

GmHarness *gm_harness_new_with_padnames(const char *element_name, const char *element_sinkpad_name,
                                        const char *element_srcpad_name)
{
    return harness_new_by_name(element_name, NULL, element_sinkpad_name, NULL, element_srcpad_name);
}

GmHarness *gm_harness_new_with_templates(const char *element_name, const GmStaticPadTemplate *hsrc,
                                         const GmStaticPadTemplate *hsink)
{
    return harness_new_by_name(element_name, hsrc, "sink", hsink, "src");
}

GmHarness *gm_harness_new(const char *element_name)
{
    return gm_harness_new_with_padnames(element_name, "sink", "src");
}

// Runs `visit` on each element inside el, or on el itself. True: stopped by a visit's true.
static bool harness_each(GmElement *el, bool (*visit)(GmElement *el, void *data), void *data)
{
    bool stop = false, more = true;
    if (!gm_object_is_a(el, &gm_bin_class.object))
        return visit(el, data);
    GmIterator *it = gm_bin_iterate_recurse((GmBin *)el);
    GmValue item = GM_VALUE_INIT;
    while (more && !stop) {
        switch (gm_iterator_next(it, &item)) {
        case GM_ITERATOR_OK:
            stop = visit(gm_value_get_object(&item), data);
            gm_value_reset(&item);
            break;
        case GM_ITERATOR_RESYNC:
            gm_iterator_resync(it);
            break;
        default:
            more = false;
        }
    }
    gm_value_unset(&item);
    gm_iterator_free(it);
    return stop;
}

static bool harness_visit_sink_off(GmElement *el, void *data)
{
    (void)data;
    if (GM_OBJECT_FLAG_IS_SET(el, GM_ELEMENT_FLAG_SINK))
        harness_async_and_sync_off(el);
    return false;
}

void gm_harness_add_parse(GmHarness *h, const char *launchline)
{
    GmError *error = NULL;
    if (!GM_REQUIRE(h != NULL) || !GM_REQUIRE(launchline != NULL))
        return;
    GmElement *bin = gm_parse_bin_from_description(launchline, true, &error);
    if (bin == NULL || error != NULL) {
        gm_critical(__func__, "cannot make '%s': %s", launchline, error->message);
        gm_error_free(error);
        return;
    }
    gm_object_ref_sink(bin);
    harness_each(bin, harness_visit_sink_off, NULL);
    gm_harness_add_element_full(h, bin, NULL, bin->numsinkpads > 0 ? "sink" : NULL, NULL,
                                bin->numsrcpads > 0 ? "src" : NULL);
    gm_object_unref(bin);
}

GmHarness *gm_harness_new_parse(const char *launchline)
{
    GmHarness *h = gm_harness_new_empty();
    gm_harness_add_parse(h, launchline);
    return h;
}

void gm_harness_add_element_src_pad(GmHarness *h, GmPad *srcpad)
{
    if (!GM_REQUIRE(h != NULL) || !GM_REQUIRE(srcpad != NULL))
        return;
    if (h->sinkpad == NULL)
        harness_setup_pad(h, &h->sinkpad, &harness_sink_template);
    harness_link(h->sinkpad, srcpad);
}

void gm_harness_add_element_sink_pad(GmHarness *h, GmPad *sinkpad)
{
    if (!GM_REQUIRE(h != NULL) || !GM_REQUIRE(sinkpad != NULL))
        return;
    if (h->srcpad == NULL)
        harness_setup_pad(h, &h->srcpad, &harness_src_template);
    harness_link(h->srcpad, sinkpad);
}

static void harness_end_pad(GmHarness *h, GmPad **pad)
{
    if (*pad == NULL)
        return;
    GmPad *peer = gm_pad_get_peer(*pad);
    if (peer != NULL) {
        GmPadTemplate *templ = gm_pad_get_pad_template(peer);
        if (templ != NULL && templ->presence == GM_PAD_REQUEST)
            gm_element_release_request_pad(h->element, peer);
        gm_clear_object((GmObject **)&templ);
        gm_object_unref(peer);
    }
    gm_pad_set_active(*pad, false); // waits for who is inside
    if (GM_PAD_PEER(*pad) != NULL) {
        peer = gm_pad_get_peer(*pad);
        if (GM_PAD_IS_SRC(*pad))
            gm_pad_unlink(*pad, peer);
        else
            gm_pad_unlink(peer, *pad);
        gm_object_unref(peer);
    }
    gm_object_unref(*pad);
    *pad = NULL;
}

void gm_harness_teardown(GmHarness *h)
{
    if (!GM_REQUIRE(h != NULL))
        return;
    GmHarnessPrivate *priv = h->priv;

    gm_mutex_lock(&priv->lock);
    priv->blocking_push = false;
    GmPad *forward = priv->forward_pad;
    priv->forward_pad = NULL;
    gm_cond_broadcast(&priv->cond);
    gm_mutex_unlock(&priv->lock);
    if (h->src_harness != NULL)
        gm_harness_teardown(h->src_harness);
    gm_clear_object((GmObject **)&forward);
    if (h->sink_harness != NULL)
        gm_harness_teardown(h->sink_harness);
    harness_end_pad(h, &h->srcpad);
    harness_end_pad(h, &h->sinkpad);
    if (h->element != NULL) {
        size_t users = (size_t)gm_object_get_data(h->element, HARNESS_KEY) - 1;
        gm_object_set_data(h->element, HARNESS_KEY, (void *)users);
        if (users == 0) {
            gm_element_set_state(h->element, GM_STATE_NULL);
            gm_element_get_state(h->element, NULL, NULL, GM_CLOCK_TIME_NONE);
        }
        gm_object_unref(h->element);
    }
    harness_unref(h);
}

// ---- caps, state, clock -----------------------------------------------------------------------

void gm_harness_set_src_caps(GmHarness *h, GmCaps *caps)
{
    GmSegment segment;
    if (!GM_REQUIRE(h != NULL) || !GM_REQUIRE(caps != NULL) || !GM_REQUIRE(h->srcpad != NULL))
        return;
    if (!gm_pad_push_event(h->srcpad, gm_event_new_caps(caps)))
        gm_critical(__func__, "%s refuses these caps", GM_ELEMENT_NAME(h->element));
    gm_mini_object_take((GmMiniObject **)&h->priv->src_caps, (GmMiniObject *)caps);
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_pad_push_event(h->srcpad, gm_event_new_segment(&segment));
}

void gm_harness_set_sink_caps(GmHarness *h, GmCaps *caps)
{
    if (!GM_REQUIRE(h != NULL) || !GM_REQUIRE(caps != NULL) || !GM_REQUIRE(h->sinkpad != NULL))
        return;
    gm_mini_object_take((GmMiniObject **)&h->priv->sink_caps, (GmMiniObject *)caps);
    gm_pad_push_event(h->sinkpad, gm_event_new_reconfigure());
}

void gm_harness_set_caps(GmHarness *h, GmCaps *in, GmCaps *out)
{
    gm_harness_set_sink_caps(h, out);
    gm_harness_set_src_caps(h, in);
}

void gm_harness_set_src_caps_str(GmHarness *h, const char *str)
{
    gm_harness_set_src_caps(h, gm_caps_from_string(str));
}

void gm_harness_set_sink_caps_str(GmHarness *h, const char *str)
{
    gm_harness_set_sink_caps(h, gm_caps_from_string(str));
}

void gm_harness_set_caps_str(GmHarness *h, const char *in, const char *out)
{
    gm_harness_set_sink_caps_str(h, out);
    gm_harness_set_src_caps_str(h, in);
}

void gm_harness_play(GmHarness *h)
{
    if (!GM_REQUIRE(h != NULL) || !GM_REQUIRE(h->element != NULL))
        return;
    GmStateChangeReturn ret = gm_element_set_state(h->element, GM_STATE_PLAYING);
    if (ret == GM_STATE_CHANGE_FAILURE)
        gm_critical(__func__, "%s does not go to PLAYING", GM_ELEMENT_NAME(h->element));
}

void gm_harness_set_blocking_push_mode(GmHarness *h)
{
    gm_mutex_lock(&h->priv->lock);
    h->priv->blocking_push = true;
    gm_mutex_unlock(&h->priv->lock);
}

void gm_harness_set_forwarding(GmHarness *h, bool forwarding)
{
    gm_mutex_lock(&h->priv->lock);
    h->priv->forwarding = forwarding;
    gm_mutex_unlock(&h->priv->lock);
    if (h->src_harness != NULL)
        gm_harness_set_forwarding(h->src_harness, forwarding);
    if (h->sink_harness != NULL)
        gm_harness_set_forwarding(h->sink_harness, forwarding);
}

void gm_harness_use_systemclock(GmHarness *h)
{
    GmClock *clock = gm_system_clock_obtain();
    gm_element_set_clock(h->element, clock);
    gm_object_unref(clock);
    gm_clear_object((GmObject **)&h->priv->testclock);
}

void gm_harness_use_testclock(GmHarness *h)
{
    gm_element_set_clock(h->element, (GmClock *)h->priv->testclock);
}

GmTestClock *gm_harness_get_testclock(GmHarness *h)
{
    return h->priv->testclock != NULL ? gm_object_ref(h->priv->testclock) : NULL;
}

bool gm_harness_set_time(GmHarness *h, GmClockTime time)
{
    gm_test_clock_set_time(h->priv->testclock, time);
    return true;
}

bool gm_harness_wait_for_clock_id_waits(GmHarness *h, unsigned waits, unsigned timeout)
{
    return gm_test_clock_timed_wait_for_multiple_pending_ids(h->priv->testclock, waits,
                                                             timeout * 1000, NULL);
}

bool gm_harness_crank_single_clock_wait(GmHarness *h)
{
    return gm_test_clock_crank(h->priv->testclock);
}

bool gm_harness_crank_multiple_clock_waits(GmHarness *h, unsigned waits)
{
    GmList *pending = NULL;
    gm_test_clock_wait_for_multiple_pending_ids(h->priv->testclock, waits, &pending);
    gm_harness_set_time(h, gm_test_clock_id_list_get_latest_time(pending));
    unsigned processed = gm_test_clock_process_id_list(h->priv->testclock, pending);
    gm_list_free_full(pending, (GmDestroyNotify)gm_clock_id_unref);
    return processed == waits;
}

// ---- buffers ------------------------------------------------------------------------------------

static void harness_negotiate(GmHarness *h)
{
    GmHarnessPrivate *priv = h->priv;
    GmCaps *caps = gm_pad_get_current_caps(h->srcpad);
    unsigned size, min, max;
    GmBufferPool *old = priv->pool;

    if (caps == NULL)
        return;
    GmQuery *query = gm_query_new_allocation(caps, false);
    gm_pad_peer_query(h->srcpad, query);
    gm_clear_object((GmObject **)&priv->allocator);
    gm_allocation_params_init(&priv->params);
    priv->pool = NULL;
    if (gm_query_get_n_allocation_params(query) > 0)
        gm_query_parse_nth_allocation_param(query, 0, &priv->allocator, &priv->params);
    if (gm_query_get_n_allocation_pools(query) > 0)
        gm_query_parse_nth_allocation_pool(query, 0, &priv->pool, &size, &min, &max);
    gm_query_unref(query);
    if (priv->pool != NULL && priv->pool != old) {
        GmStructure *config = gm_buffer_pool_get_config(priv->pool);
        gm_buffer_pool_config_set_params(config, caps, size, min, max);
        gm_buffer_pool_config_set_allocator(config, priv->allocator, &priv->params);
        gm_buffer_pool_set_config(priv->pool, config);
        gm_buffer_pool_set_active(priv->pool, true);
    }
    if (old != NULL && old != priv->pool)
        gm_buffer_pool_set_active(old, false);
    gm_clear_object((GmObject **)&old);
    gm_caps_unref(caps);
}

GmBuffer *gm_harness_create_buffer(GmHarness *h, size_t size)
{
    GmBuffer *buf = NULL;
    if (gm_pad_check_reconfigure(h->srcpad))
        harness_negotiate(h);
    if (h->priv->pool != NULL &&
        gm_buffer_pool_acquire_buffer(h->priv->pool, &buf, NULL) == GM_FLOW_OK &&
        gm_buffer_get_size(buf) != size) {
        gm_buffer_unref(buf);
        buf = NULL;
    }
    if (buf == NULL)
        buf = gm_buffer_new_allocate(h->priv->allocator, size, &h->priv->params);
    gm_buffer_memset(buf, 0, 0, size);
    return buf;
}

GmFlowReturn gm_harness_push(GmHarness *h, GmBuffer *buffer)
{
    if (!GM_REQUIRE(h != NULL) || !GM_REQUIRE(buffer != NULL))
        return GM_FLOW_ERROR;
    h->priv->last_push_ts = GM_BUFFER_PTS(buffer);
    return gm_pad_push(h->srcpad, buffer);
}

GmBuffer *gm_harness_pull(GmHarness *h)
{
    return harness_take(h, &h->priv->buffers, harness_limit(), false, NULL);
}

GmBuffer *gm_harness_try_pull(GmHarness *h)
{
    return harness_take(h, &h->priv->buffers, 0, false, NULL);
}

GmBuffer *gm_harness_push_and_pull(GmHarness *h, GmBuffer *buffer)
{
    gm_harness_push(h, buffer);
    return gm_harness_pull(h);
}

bool gm_harness_pull_until_eos(GmHarness *h, GmBuffer **buf)
{
    bool timed_out;
    *buf = harness_take(h, &h->priv->buffers, harness_limit(), true, &timed_out);
    return !timed_out;
}

unsigned gm_harness_buffers_received(GmHarness *h)
{
    return harness_read(h, &h->priv->buffers, true);
}

unsigned gm_harness_buffers_in_queue(GmHarness *h)
{
    return harness_read(h, &h->priv->buffers, false);
}

void gm_harness_set_drop_buffers(GmHarness *h, bool drop_buffers)
{
    gm_mutex_lock(&h->priv->lock);
    h->priv->drop_buffers = drop_buffers;
    gm_mutex_unlock(&h->priv->lock);
}

GmBuffer *gm_harness_take_all_data_as_buffer(GmHarness *h)
{
    GmBuffer *all = gm_harness_try_pull(h), *buf;
    while (all != NULL && (buf = gm_harness_try_pull(h)) != NULL)
        all = gm_buffer_append(all, buf);
    return all != NULL ? all : gm_buffer_new();
}

uint8_t *gm_harness_take_all_data(GmHarness *h, size_t *size)
{
    GmBuffer *all = gm_harness_take_all_data_as_buffer(h);
    uint8_t *data = NULL;
    *size = gm_buffer_get_size(all);
    if (*size > 0) {
        data = gm_malloc(*size);
        gm_buffer_extract(all, 0, data, *size);
    }
    gm_buffer_unref(all);
    return data;
}

GmClockTime gm_harness_get_last_pushed_timestamp(GmHarness *h)
{
    return h->priv->last_push_ts;
}

// ---- events and queries -------------------------------------------------------------------------

bool gm_harness_push_event(GmHarness *h, GmEvent *event)
{
    return gm_pad_push_event(h->srcpad, event);
}

GmEvent *gm_harness_pull_event(GmHarness *h)
{
    return harness_take(h, &h->priv->events, harness_limit(), false, NULL);
}

GmEvent *gm_harness_try_pull_event(GmHarness *h)
{
    return harness_take(h, &h->priv->events, 0, false, NULL);
}

unsigned gm_harness_events_received(GmHarness *h)
{
    return harness_read(h, &h->priv->events, true);
}

unsigned gm_harness_events_in_queue(GmHarness *h)
{
    return harness_read(h, &h->priv->events, false);
}

bool gm_harness_push_upstream_event(GmHarness *h, GmEvent *event)
{
    if (!GM_REQUIRE(event != NULL) || !GM_REQUIRE(GM_EVENT_IS_UPSTREAM(event)))
        return false;
    return gm_pad_push_event(h->sinkpad, event);
}

GmEvent *gm_harness_pull_upstream_event(GmHarness *h)
{
    return harness_take(h, &h->priv->upstream, harness_limit(), false, NULL);
}

GmEvent *gm_harness_try_pull_upstream_event(GmHarness *h)
{
    return harness_take(h, &h->priv->upstream, 0, false, NULL);
}

unsigned gm_harness_upstream_events_received(GmHarness *h)
{
    return harness_read(h, &h->priv->upstream, true);
}

unsigned gm_harness_upstream_events_in_queue(GmHarness *h)
{
    return harness_read(h, &h->priv->upstream, false);
}

GmClockTime gm_harness_query_latency(GmHarness *h)
{
    GmClockTime min = GM_CLOCK_TIME_NONE;
    GmQuery *query = gm_query_new_latency();
    if (gm_pad_peer_query(h->sinkpad, query))
        gm_query_parse_latency(query, NULL, &min, NULL);
    gm_query_unref(query);
    return min;
}

void gm_harness_set_upstream_latency(GmHarness *h, GmClockTime latency)
{
    if (GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(latency)))
        h->priv->latency = latency;
}

void gm_harness_set_live(GmHarness *h, bool is_live)
{
    h->priv->is_live = is_live;
}

// ---- a source before, a sink after --------------------------------------------------------------

static void harness_set_forward_pad(GmHarness *h, GmPad *pad)
{
    gm_mutex_lock(&h->priv->lock);
    GmPad *old = h->priv->forward_pad;
    h->priv->forward_pad = gm_object_ref(pad);
    gm_mutex_unlock(&h->priv->lock);
    gm_clear_object((GmObject **)&old);
}

static bool harness_forward_sticky(GmPad *pad, GmEvent **event, void *user_data)
{
    (void)pad;
    gm_pad_push_event(user_data, gm_event_ref(*event));
    return true;
}

void gm_harness_add_src_harness(GmHarness *h, GmHarness *src_harness, bool has_clock_wait)
{
    if (h->src_harness != NULL)
        gm_harness_teardown(h->src_harness);
    h->src_harness = src_harness;
    harness_set_forward_pad(src_harness, h->srcpad);
    src_harness->priv->has_clock_wait = has_clock_wait;
    gm_harness_set_forwarding(src_harness, h->priv->forwarding);
}

void gm_harness_add_src(GmHarness *h, const char *src_element_name, bool has_clock_wait)
{
    gm_harness_add_src_harness(h, gm_harness_new(src_element_name), has_clock_wait);
}

void gm_harness_add_src_parse(GmHarness *h, const char *launchline, bool has_clock_wait)
{
    gm_harness_add_src_harness(h, gm_harness_new_parse(launchline), has_clock_wait);
}

GmFlowReturn gm_harness_push_from_src(GmHarness *h)
{
    return gm_harness_src_crank_and_push_many(h, h->src_harness->priv->has_clock_wait ? 1 : 0, 1);
}

GmFlowReturn gm_harness_src_crank_and_push_many(GmHarness *h, int cranks, int pushes)
{
    GmFlowReturn ret = GM_FLOW_OK;
    if (!GM_REQUIRE(h->src_harness != NULL))
        return GM_FLOW_ERROR;
    gm_harness_play(h->src_harness);
    for (int i = 0; i < cranks; i++)
        if (!gm_harness_crank_single_clock_wait(h->src_harness))
            return GM_FLOW_ERROR;
    for (int i = 0; i < pushes && ret == GM_FLOW_OK; i++) {
        GmBuffer *buf = gm_harness_pull(h->src_harness);
        ret = buf != NULL ? gm_harness_push(h, buf) : GM_FLOW_ERROR;
    }
    return ret;
}

bool gm_harness_src_push_event(GmHarness *h)
{
    GmEvent *event = gm_harness_pull_event(h->src_harness);
    return event != NULL && gm_harness_push_event(h, event);
}

void gm_harness_add_sink_harness(GmHarness *h, GmHarness *sink_harness)
{
    if (h->sink_harness != NULL)
        gm_harness_teardown(h->sink_harness);
    h->sink_harness = sink_harness;
    harness_set_forward_pad(h, sink_harness->srcpad);
    if (h->priv->forwarding && h->sinkpad != NULL)
        gm_pad_sticky_events_foreach(h->sinkpad, harness_forward_sticky, sink_harness->srcpad);
    gm_harness_set_forwarding(sink_harness, h->priv->forwarding);
}

void gm_harness_add_sink(GmHarness *h, const char *sink_element_name)
{
    gm_harness_add_sink_harness(h, gm_harness_new(sink_element_name));
}

void gm_harness_add_sink_parse(GmHarness *h, const char *launchline)
{
    gm_harness_add_sink_harness(h, gm_harness_new_parse(launchline));
}

GmFlowReturn gm_harness_push_to_sink(GmHarness *h)
{
    GmBuffer *buf = gm_harness_pull(h);
    return buf != NULL ? gm_harness_push(h->sink_harness, buf) : GM_FLOW_ERROR;
}

GmFlowReturn gm_harness_sink_push_many(GmHarness *h, int pushes)
{
    GmFlowReturn ret = GM_FLOW_OK;
    for (int i = 0; i < pushes && ret == GM_FLOW_OK; i++)
        ret = gm_harness_push_to_sink(h);
    return ret;
}

// ---- reaching into a bin ------------------------------------------------------------------------

typedef struct { const char *name; GmElement *found; } HarnessFind;

static bool harness_visit_find(GmElement *el, void *data)
{
    HarnessFind *find = data;
    if (strcmp(el->object.klass->name, find->name) != 0)
        return false;
    find->found = gm_object_ref(el);
    return true;
}

GmElement *gm_harness_find_element(GmHarness *h, const char *element_name)
{
    HarnessFind find = { element_name, NULL };
    harness_each(h->element, harness_visit_find, &find);
    return find.found;
}

void gm_harness_set(GmHarness *h, const char *element_name, const char *first_property, ...)
{
    GmElement *el = gm_harness_find_element(h, element_name);
    va_list args;
    if (!GM_REQUIRE(el != NULL))
        return;
    va_start(args, first_property);
    gm_object_set_valist(el, first_property, args);
    va_end(args);
    gm_object_unref(el);
}

void gm_harness_get(GmHarness *h, const char *element_name, const char *first_property, ...)
{
    GmElement *el = gm_harness_find_element(h, element_name);
    va_list args;
    if (!GM_REQUIRE(el != NULL))
        return;
    va_start(args, first_property);
    for (const char *name = first_property; name != NULL; name = va_arg(args, const char *))
        gm_object_get(el, name, va_arg(args, void *), NULL);
    va_end(args);
    gm_object_unref(el);
}

void gm_harness_add_probe(GmHarness *h, const char *element_name, const char *pad_name,
                          GmPadProbeType mask, GmPadProbeCallback callback, void *user_data,
                          GmDestroyNotify destroy_data)
{
    GmElement *el = gm_harness_find_element(h, element_name);
    if (!GM_REQUIRE(el != NULL))
        return;
    GmPad *pad = gm_element_get_static_pad(el, pad_name);
    if (GM_REQUIRE(pad != NULL))
        gm_pad_add_probe(pad, mask, callback, user_data, destroy_data);
    gm_clear_object((GmObject **)&pad);
    gm_object_unref(el);
}
