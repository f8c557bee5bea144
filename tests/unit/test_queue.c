// SPDX-License-Identifier: MIT
// queue: bounds, leaks, thresholds, levels, flush, EOS, queries in order.
#include "elementtest.h"

// A queue whose output does not flow until the gate opens: the first item that wants to leave
// is held at the queue's src pad.
typedef struct {
    GmHarness    *h;
    GmPad        *pad;
    unsigned long probe;
} Gated;

// Counts what happens in other threads: the gate has stopped something, the queue is full.
static GmMutex  seen_lock = GM_MUTEX_INIT;
static GmCond   seen_cond = GM_COND_INIT;
static unsigned seen_held, seen_overruns;

static void seen_add(unsigned *count)
{
    gm_mutex_lock(&seen_lock);
    ++*count;
    gm_cond_broadcast(&seen_cond);
    gm_mutex_unlock(&seen_lock);
}

static unsigned seen_get(const unsigned *count)
{
    gm_mutex_lock(&seen_lock);
    unsigned n = *count;
    gm_mutex_unlock(&seen_lock);
    return n;
}

// Until there is one; a test that waits for ever ends by its limit of 30 s.
static void seen_wait(const unsigned *count)
{
    gm_mutex_lock(&seen_lock);
    while (*count == 0)
        gm_cond_wait(&seen_cond, &seen_lock, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&seen_lock);
}

static GmPadProbeReturn hold(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)pad;
    (void)info;
    (void)data;
    seen_add(&seen_held);
    return GM_PAD_PROBE_OK;
}

static Gated gated_new(const char *properties)
{
    char *line = gm_strdup_printf("queue %s", properties);
    seen_held = seen_overruns = 0;
    Gated g = { .h = gm_harness_new_parse(line) };

    free(line);
    gm_harness_set_src_caps_str(g.h, "test/x-numbers");
    g.pad = gm_pad_get_peer(g.h->sinkpad);
    g.probe = gm_pad_add_probe(g.pad, GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_BUFFER |
                               GM_PAD_PROBE_TYPE_BUFFER_LIST, hold, NULL, NULL);
    return g;
}

static void gated_open(Gated *g)
{
    gm_pad_remove_probe(g->pad, g->probe);
    g->probe = 0;
}

static void gated_free(Gated *g)
{
    if (g->probe)
        gated_open(g);
    gm_object_unref(g->pad);
    gm_harness_teardown(g->h);
}

static unsigned level_buffers(GmHarness *h)
{
    unsigned n = 0;
    gm_harness_get(h, "queue", "current-level-buffers", &n, NULL);
    return n;
}

static uint64_t get_u64(GmHarness *h, const char *name)
{
    uint64_t n = 0;
    gm_harness_get(h, "queue", name, &n, NULL);
    return n;
}

// Holds the first buffer at the gate: from then on what is pushed stays inside.
static void push_first(Gated *g, unsigned n)
{
    cr_assert_eq(gm_harness_push(g->h, numbered(n)), GM_FLOW_OK);
    seen_wait(&seen_held);
}

GM_TEST(queue, passes_everything_in_order)
{
    GmHarness *h = gm_harness_new("queue");
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    for (unsigned i = 0; i < 50; i++)
        cr_assert_eq(gm_harness_push(h, numbered(i)), GM_FLOW_OK);
    gm_harness_push_event(h, gm_event_new_eos());
    for (unsigned i = 0; i < 50; i++)
        cr_assert_eq(pull_number(h), i);
    cr_assert_eq(pull_event_type(h), GM_EVENT_EOS);
    cr_assert_eq(gm_harness_push(h, numbered(1)), GM_FLOW_EOS);
    gm_harness_teardown(h);
}

GM_TEST(queue, levels)
{
    Gated g = gated_new("max-size-time=0");
    push_first(&g, 0);
    cr_assert_eq(level_buffers(g.h), 0);
    for (unsigned i = 1; i < 4; i++)
        gm_harness_push(g.h, numbered(i));
    unsigned bytes = 0;
    gm_harness_get(g.h, "queue", "current-level-bytes", &bytes, NULL);
    cr_assert_eq(level_buffers(g.h), 3);
    cr_assert_eq(bytes, 12);
    cr_assert_eq(get_u64(g.h, "current-level-time"), 3 * SECOND);
    gated_open(&g);
    for (unsigned i = 0; i < 4; i++)
        cr_assert_eq(pull_number(g.h), i);
    cr_assert_eq(level_buffers(g.h), 0);
    cr_assert_eq(get_u64(g.h, "current-level-time"), 0);
    gated_free(&g);
}

GM_TEST(queue, a_list_counts_its_buffers)
{
    Gated g = gated_new("");
    push_first(&g, 0);
    GmBufferList *list = gm_buffer_list_new();
    gm_buffer_list_add(list, numbered(1));
    gm_buffer_list_add(list, numbered(2));
    cr_assert_eq(gm_pad_push_list(g.h->srcpad, list), GM_FLOW_OK);
    cr_assert_eq(level_buffers(g.h), 2);
    cr_assert_eq(get_u64(g.h, "current-level-time"), 2 * SECOND);
    gated_open(&g);
    for (unsigned i = 0; i < 3; i++)
        cr_assert_eq(pull_number(g.h), i);
    gated_free(&g);
}

static void *push_three(void *h)
{
    return (void *)(intptr_t)gm_harness_push(h, numbered(3));
}

static void on_overrun(GmElement *queue, void *data)
{
    (void)queue;
    (void)data;
    seen_add(&seen_overruns);
}

static GmElement *find_queue(GmHarness *h)
{
    GmElement *queue = gm_harness_find_element(h, "queue");

    gm_object_unref(queue); // the harness holds it
    return queue;
}

GM_TEST(queue, a_full_queue_makes_upstream_wait)
{
    Gated g = gated_new("max-size-buffers=2 max-size-time=0");
    gm_signal_connect(find_queue(g.h), "overrun", on_overrun, NULL);
    push_first(&g, 0);
    gm_harness_push(g.h, numbered(1));
    gm_harness_push(g.h, numbered(2));
    cr_assert_eq(seen_get(&seen_overruns), 0);
    GmThread *pusher = gm_thread_try_new("pusher", push_three, g.h, NULL);
    seen_wait(&seen_overruns);
    cr_assert_eq(level_buffers(g.h), 2);
    gated_open(&g);
    cr_assert_eq((intptr_t)gm_thread_join(pusher), GM_FLOW_OK);
    for (unsigned i = 0; i < 4; i++)
        cr_assert_eq(pull_number(g.h), i);
    cr_assert_eq(seen_get(&seen_overruns), 1);
    cr_assert_eq(get_u64(g.h, "dropped"), 0);
    gated_free(&g);
}

GM_TEST(queue, a_waiting_upstream_is_woken_by_flush_and_by_a_wider_bound)
{
    for (int flush = 0; flush < 2; flush++) {
        Gated g = gated_new("max-size-buffers=1 max-size-time=0");
        gm_signal_connect(find_queue(g.h), "overrun", on_overrun, NULL);
        push_first(&g, 0);
        gm_harness_push(g.h, numbered(1));
        GmThread *pusher = gm_thread_try_new("pusher", push_three, g.h, NULL);
        seen_wait(&seen_overruns);
        if (flush)
            gm_harness_push_event(g.h, gm_event_new_flush_start());
        else
            gm_harness_set(g.h, "queue", "max-size-buffers", 3u, NULL);
        cr_assert_eq((intptr_t)gm_thread_join(pusher), flush ? GM_FLOW_FLUSHING : GM_FLOW_OK);
        gated_free(&g);
    }
}

GM_TEST(queue, bounds_in_bytes_and_time)
{
    static const char *const bounds[] = { "max-size-bytes=8 max-size-time=0",
                                          "max-size-time=2000000000" };
    for (size_t i = 0; i < GM_LEN(bounds); i++) {
        char *line = gm_strdup_printf("leaky=upstream %s", bounds[i]);
        Gated g = gated_new(line);
        push_first(&g, 0);
        for (unsigned n = 1; n < 6; n++)
            cr_assert_eq(gm_harness_push(g.h, numbered(n)), GM_FLOW_OK);
        cr_assert_eq(level_buffers(g.h), 2, "%s", bounds[i]);
        cr_assert_eq(get_u64(g.h, "dropped"), 3);
        gated_free(&g);
        free(line);
    }
}

GM_TEST(queue, leaky_upstream_drops_the_new)
{
    Gated g = gated_new("leaky=upstream max-size-buffers=2 max-size-time=0");
    push_first(&g, 0);
    for (unsigned i = 1; i < 5; i++)
        cr_assert_eq(gm_harness_push(g.h, numbered(i)), GM_FLOW_OK);
    gated_open(&g);
    for (unsigned i = 0; i < 3; i++)
        cr_assert_eq(pull_number(g.h), i);
    gm_harness_push(g.h, numbered(5));
    GmBuffer *buffer = gm_harness_pull(g.h);
    cr_assert_eq(number_of(buffer), 5);
    cr_assert(GM_BUFFER_IS_DISCONT(buffer));
    gm_buffer_unref(buffer);
    gated_free(&g);
}

GM_TEST(queue, leaky_downstream_drops_the_old_and_keeps_events)
{
    Gated g = gated_new("leaky=downstream max-size-buffers=2 max-size-time=0");
    push_first(&g, 0);
    gm_harness_push(g.h, numbered(1));
    gm_harness_push_event(g.h, gm_event_new_tag(gm_tag_list_new(GM_TAG_TITLE, "x", NULL)));
    for (unsigned i = 2; i < 5; i++)
        gm_harness_push(g.h, numbered(i));
    cr_assert_eq(get_u64(g.h, "dropped"), 2);
    gated_open(&g);
    cr_assert_eq(pull_number(g.h), 0);
    GmBuffer *buffer = gm_harness_pull(g.h);
    cr_assert_eq(number_of(buffer), 3);
    cr_assert(GM_BUFFER_IS_DISCONT(buffer));
    gm_buffer_unref(buffer);
    cr_assert_eq(pull_number(g.h), 4);
    cr_assert_eq(pull_event_type(g.h), GM_EVENT_TAG);
    gated_free(&g);
}

GM_TEST(queue, min_threshold_holds_back_until_eos)
{
    GmHarness *h = gm_harness_new_parse("queue min-threshold-buffers=3 max-size-time=0");
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    gm_harness_push(h, numbered(0));
    gm_harness_push(h, numbered(1));
    cr_assert_eq(level_buffers(h), 2);
    gm_harness_push(h, numbered(2));
    cr_assert_eq(pull_number(h), 0);
    gm_harness_push_event(h, gm_event_new_eos());
    cr_assert_eq(pull_number(h), 1);
    cr_assert_eq(pull_number(h), 2);
    cr_assert_eq(pull_event_type(h), GM_EVENT_EOS);
    gm_harness_teardown(h);
}

// A query that travels with the data gets through although the threshold is not reached.
GM_TEST(queue, serialised_query_passes_a_threshold_and_waits_for_the_data)
{
    GmHarness *h = gm_harness_new_parse("queue min-threshold-buffers=10");
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    gm_harness_push(h, numbered(0));
    GmQuery *query = gm_query_new_drain();
    gm_pad_peer_query(h->srcpad, query);
    cr_assert_eq(gm_harness_buffers_received(h), 1);
    gm_query_unref(query);
    gm_harness_teardown(h);
}

GM_TEST(queue, serialised_query_while_flushing_fails)
{
    GmHarness *h = gm_harness_new("queue");
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    gm_harness_push_event(h, gm_event_new_flush_start());
    GmQuery *query = gm_query_new_drain();
    cr_assert_not(gm_pad_peer_query(h->srcpad, query));
    gm_query_unref(query);
    gm_harness_teardown(h);
}

GM_TEST(queue, flush_empties_and_starts_anew)
{
    Gated g = gated_new("");
    push_first(&g, 0);
    gm_harness_push(g.h, numbered(1));
    gm_harness_push_event(g.h, gm_event_new_flush_start());
    cr_assert_eq(gm_harness_push(g.h, numbered(2)), GM_FLOW_FLUSHING);
    gated_open(&g);
    gm_harness_push_event(g.h, gm_event_new_flush_stop(true));
    cr_assert_eq(level_buffers(g.h), 0);
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_harness_push_event(g.h, gm_event_new_segment(&segment));
    cr_assert_eq(gm_harness_push(g.h, numbered(3)), GM_FLOW_OK);
    cr_assert_eq(pull_number(g.h), 3);
    gated_free(&g);
}

GM_TEST(queue, flush_on_eos_throws_away)
{
    Gated g = gated_new("flush-on-eos=true");
    push_first(&g, 0);
    gm_harness_push(g.h, numbered(1));
    gm_harness_push_event(g.h, gm_event_new_eos());
    gated_open(&g);
    cr_assert_eq(pull_event_type(g.h), GM_EVENT_EOS);
    cr_assert_eq(gm_harness_buffers_received(g.h), 1);
    gated_free(&g);
}

GM_TEST(queue, gaps_count_as_time)
{
    Gated g = gated_new("");
    push_first(&g, 0);
    gm_harness_push(g.h, numbered(1));
    gm_harness_push_event(g.h, gm_event_new_gap(2 * SECOND, 3 * SECOND));
    cr_assert_eq(get_u64(g.h, "current-level-time"), 4 * SECOND);
    gated_free(&g);
}

GM_TEST(queue, state_change_ends_both_waits)
{
    Gated g = gated_new("max-size-buffers=1 max-size-time=0");
    gm_signal_connect(find_queue(g.h), "overrun", on_overrun, NULL);
    push_first(&g, 0);
    gm_harness_push(g.h, numbered(1));
    GmThread *pusher = gm_thread_try_new("pusher", push_three, g.h, NULL);
    seen_wait(&seen_overruns);
    cr_assert_eq(gm_element_set_state(g.h->element, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq((intptr_t)gm_thread_join(pusher), GM_FLOW_FLUSHING);
    gated_free(&g);
}

// What downstream says is told upstream with the next push.
GM_TEST(queue, downstream_results_come_back)
{
    GmHarness *h = gm_harness_new_parse("queue ! fakesink num-buffers=2 async=false sync=false");
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    GmFlowReturn ret = GM_FLOW_OK;
    for (unsigned i = 0; ret == GM_FLOW_OK && i < 10000; i++)
        ret = gm_harness_push(h, numbered(i));
    cr_assert_eq(ret, GM_FLOW_EOS);
    gm_harness_teardown(h);
}

GM_TEST(queue, unlinked_is_an_error_of_the_source)
{
    play_fails("fakesrc num-buffers=-1 sizetype=fixed ! queue max-size-buffers=2",
               "Internal data stream error. | ");
}

GM_TEST(queue, latency_and_position)
{
    Gated g = gated_new("max-size-time=3000000000 min-threshold-time=1000000000");
    gm_harness_set_upstream_latency(g.h, SECOND);
    GmQuery *query = gm_query_new_latency();
    bool live;
    GmClockTime min, max;
    cr_assert(gm_pad_peer_query(g.h->sinkpad, query));
    gm_query_parse_latency(query, &live, &min, &max);
    cr_assert(live);
    cr_assert_eq(min, 2 * SECOND);
    gm_query_unref(query);
    gated_free(&g);
}
