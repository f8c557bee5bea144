// SPDX-License-Identifier: MIT
// valve, funnel, concat, input-selector, output-selector.
#include "elementtest.h"

// ---- valve --------------------------------------------------------------------------------------

GM_TEST(selectors, valve_drops_and_catches_up)
{
    GmHarness *h = gm_harness_new_parse("valve drop=true");
    uint64_t dropped = 0;
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    cr_assert_eq(gm_harness_push(h, numbered(0)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_buffers_received(h), 0);
    cr_assert_eq(gm_harness_events_received(h), 0);
    gm_harness_set(h, "valve", "drop", false, NULL);
    gm_harness_push(h, numbered(1));
    GmBuffer *buffer = gm_harness_pull(h);
    cr_assert_eq(number_of(buffer), 1);
    cr_assert(GM_BUFFER_IS_DISCONT(buffer));
    gm_buffer_unref(buffer);
    cr_assert_eq(gm_harness_events_received(h), 3); // stream-start, caps, segment
    gm_harness_get(h, "valve", "dropped", &dropped, NULL);
    cr_assert_eq(dropped, 1);
    gm_harness_teardown(h);
}

GM_TEST(selectors, valve_forwards_sticky_events_or_makes_gaps)
{
    GmHarness *h = gm_harness_new_parse("valve drop=true drop-mode=forward-sticky-events");
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    gm_harness_push(h, numbered(0));
    cr_assert_eq(gm_harness_events_received(h), 3);
    gm_harness_teardown(h);
    h = gm_harness_new_parse("valve drop=true drop-mode=transform-to-gap");
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    gm_harness_push(h, numbered(2));
    cr_assert_eq(gm_harness_buffers_received(h), 0);
    cr_assert_eq(pull_event_type(h), GM_EVENT_GAP);
    gm_harness_teardown(h);
}

GM_TEST(selectors, closed_valve_refuses_serialised_queries)
{
    GmHarness *h = gm_harness_new_parse("valve drop=true");
    GmQuery *query = gm_query_new_drain();
    gm_harness_set_src_caps_str(h, "test/x-numbers");
    cr_assert_not(gm_pad_peer_query(h->srcpad, query));
    gm_query_unref(query);
    gm_harness_teardown(h);
}

// ---- N to 1 -------------------------------------------------------------------------------------

// Two inputs of an element with request sink pads; what comes out is in a's queue.
typedef struct { GmHarness *a, *b; } Two;

static Two two_new(const char *name)
{
    Two t;
    GmElement *el = gm_element_factory_make(name, NULL);

    t.a = gm_harness_new_with_element(el, "sink_0", "src");
    t.b = gm_harness_new_with_element(el, "sink_1", NULL);
    gm_object_unref(el); // the harnesses hold it
    gm_harness_play(t.a);
    gm_harness_set_src_caps_str(t.a, "test/x-numbers, input=(int)0");
    return t;
}

static void two_free(Two *t)
{
    gm_harness_teardown(t->b);
    gm_harness_teardown(t->a);
}

static int input_of_caps(GmHarness *h)
{
    GmCaps *caps = gm_pad_get_current_caps(h->sinkpad);
    int n = -1;

    gm_structure_get_int(gm_caps_get_structure(caps, 0), "input", &n);
    gm_caps_unref(caps);
    return n;
}

GM_TEST(selectors, funnel_sends_the_events_of_who_speaks)
{
    Two t = two_new("funnel");
    gm_harness_set_src_caps_str(t.b, "test/x-numbers, input=(int)1");
    for (unsigned i = 0; i < 4; i++) {
        cr_assert_eq(gm_harness_push(i % 2 ? t.b : t.a, numbered(i)), GM_FLOW_OK);
        cr_assert_eq(pull_number(t.a), i);
        cr_assert_eq(input_of_caps(t.a), (int)(i % 2));
    }
    two_free(&t);
}

GM_TEST(selectors, funnel_ends_when_all_have_ended)
{
    Two t = two_new("funnel");
    gm_harness_set_src_caps_str(t.b, "test/x-numbers, input=(int)1");
    gm_harness_push(t.a, numbered(0));
    gm_harness_push_event(t.a, gm_event_new_eos());
    cr_assert_eq(gm_harness_push(t.b, numbered(1)), GM_FLOW_OK);
    GmEvent *event;
    while ((event = gm_harness_try_pull_event(t.a))) {
        cr_assert_neq(GM_EVENT_TYPE(event), GM_EVENT_EOS);
        gm_event_unref(event);
    }
    gm_harness_push_event(t.b, gm_event_new_eos());
    cr_assert_eq(pull_event_type(t.a), GM_EVENT_EOS);
    two_free(&t);
}

GM_TEST(selectors, concat_puts_one_behind_the_other)
{
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(
        "concat name=c ! appsink name=sink sync=false appsrc name=a format=time ! c. "
        "appsrc name=b format=time ! c.", NULL));
    GmElement *a = gm_bin_get_by_name(GM_BIN(pipe), "a"), *b = gm_bin_get_by_name(GM_BIN(pipe), "b");
    GmElement *sink = gm_bin_get_by_name(GM_BIN(pipe), "sink");
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    gm_app_src_push_buffer(GM_APP_SRC(b), numbered(0)); // waits for the end of the other
    gm_app_src_end_of_stream(GM_APP_SRC(b));
    for (unsigned i = 0; i < 3; i++)
        gm_app_src_push_buffer(GM_APP_SRC(a), numbered(i));
    gm_app_src_end_of_stream(GM_APP_SRC(a));
    static const unsigned wanted[] = { 0, 1, 2, 0 };
    for (unsigned i = 0; i < 4; i++) {
        GmSample *sample = gm_app_sink_try_pull_sample(GM_APP_SINK(sink), 10 * SECOND);
        cr_assert_not_null(sample);
        cr_assert_eq(number_of(gm_sample_get_buffer(sample)), wanted[i]);
        cr_assert_eq(gm_sample_get_segment(sample)->base, i == 3 ? 3 * SECOND : 0);
        gm_sample_unref(sample);
    }
    cr_assert_null(gm_app_sink_try_pull_sample(GM_APP_SINK(sink), 10 * SECOND));
    cr_assert(gm_app_sink_is_eos(GM_APP_SINK(sink)));
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(a);
    gm_object_unref(b);
    gm_object_unref(sink);
    gm_object_unref(pipe);
}

GM_TEST(selectors, a_stream_that_waits_in_concat_is_woken_by_the_state)
{
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(
        "concat name=c ! fakesink fakesrc ! c. fakesrc ! c.", NULL));
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    cr_assert_eq(gm_element_get_state(pipe, NULL, NULL, 10 * SECOND), GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(gm_element_set_state(pipe, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    gm_object_unref(pipe);
}

GM_TEST(selectors, concat_wants_one_format)
{
    play_fails("concat name=c ! fakesink fakesrc num-buffers=1 ! c. fakesrc num-buffers=1 format=time ! c.",
               "Operating in bytes format but new pad has time");
}

// ---- output-selector ------------------------------------------------------------------------------

GM_TEST(selectors, output_selector_switches_with_the_next_buffer)
{
    GmElement *el = gm_element_factory_make("output-selector", NULL);
    GmHarness *a = gm_harness_new_with_element(el, "sink", "src_%u");
    GmHarness *b = gm_harness_new_with_element(el, NULL, "src_%u");
    gm_object_unref(el); // the harnesses hold it
    gm_harness_play(a);
    gm_object_set(el, "resend-latest", true, NULL);
    gm_harness_set_src_caps_str(a, "test/x-numbers");
    gm_harness_push(a, numbered(0));
    cr_assert_eq(pull_number(a), 0);
    GmPad *second = gm_pad_get_peer(b->sinkpad), *active = NULL;
    gm_object_set(el, "active-pad", second, NULL);
    gm_object_get(el, "active-pad", &active, NULL);
    cr_assert_eq(active, second);
    gm_object_unref(active);
    gm_harness_push(a, numbered(1));
    cr_assert_eq(pull_number(b), 0); // the latest again
    cr_assert_eq(pull_number(b), 1);
    cr_assert_eq(gm_harness_buffers_received(a), 1);
    gm_object_unref(second);
    gm_harness_teardown(b);
    gm_harness_teardown(a);
}

// ---- input-selector -------------------------------------------------------------------------------

static void choose(Two *t, GmHarness *h)
{
    GmPad *pad = gm_pad_get_peer(h->srcpad), *active = NULL;

    gm_object_set(t->a->element, "active-pad", pad, NULL);
    gm_object_get(t->a->element, "active-pad", &active, NULL);
    cr_assert_eq(active, pad);
    gm_object_unref(active);
    gm_object_unref(pad);
}

static Two selector_new(const char *first_property, int value)
{
    Two t = two_new("input-selector");

    gm_object_set(t.a->element, first_property, value, NULL);
    gm_harness_set_src_caps_str(t.b, "test/x-numbers, input=(int)1");
    choose(&t, t.a);
    return t;
}

GM_TEST(selectors, input_selector_passes_the_chosen_pad)
{
    Two t = selector_new("sync-streams", false);
    unsigned pads = 0;
    gm_object_get(t.a->element, "n-pads", &pads, NULL);
    cr_assert_eq(pads, 2);
    cr_assert_eq(gm_harness_push(t.a, numbered(0)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_push(t.b, numbered(1)), GM_FLOW_OK); // always-ok
    cr_assert_eq(pull_number(t.a), 0);
    cr_assert_eq(gm_harness_buffers_in_queue(t.a), 0);
    choose(&t, t.b);
    cr_assert_eq(gm_harness_push(t.a, numbered(2)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_push(t.b, numbered(3)), GM_FLOW_OK);
    GmBuffer *buffer = gm_harness_pull(t.a);
    cr_assert_eq(number_of(buffer), 3);
    cr_assert(GM_BUFFER_IS_DISCONT(buffer));
    gm_buffer_unref(buffer);
    cr_assert_eq(input_of_caps(t.a), 1);
    GmPad *a = gm_pad_get_peer(t.a->srcpad);
    gm_object_set(a, "always-ok", false, NULL);
    cr_assert_eq(gm_harness_push(t.a, numbered(4)), GM_FLOW_NOT_LINKED);
    gm_object_unref(a);
    two_free(&t);
}

GM_TEST(selectors, input_selector_pads_tell_what_they_know)
{
    Two t = selector_new("sync-streams", false);
    GmPad *b = gm_pad_get_peer(t.b->srcpad);
    int64_t time = -1;
    GmTagList *tags = NULL;
    bool active = true;
    char *title = NULL;
    gm_harness_push(t.b, numbered(7));
    gm_harness_push_event(t.b, gm_event_new_tag(gm_tag_list_new(GM_TAG_TITLE, "old", NULL)));
    gm_harness_push_event(t.b, gm_event_new_tag(gm_tag_list_new(GM_TAG_TITLE, "new", NULL)));
    gm_object_get(b, "running-time", &time, "tags", &tags, "active", &active, NULL);
    cr_assert_eq(time, (int64_t)(7 * SECOND));
    cr_assert(gm_tag_list_get_string(tags, GM_TAG_TITLE, &title));
    cr_assert_str_eq(title, "new");
    cr_assert_not(active);
    choose(&t, t.b);
    gm_object_get(b, "active", &active, NULL);
    cr_assert(active);
    free(title);
    gm_tag_list_unref(tags);
    gm_object_unref(b);
    two_free(&t);
}

GM_TEST(selectors, input_selector_refuses_foreign_pads)
{
    Two t = selector_new("sync-streams", false);
    GmPad *active = NULL, *a = gm_pad_get_peer(t.a->srcpad);
    gm_test_expect_criticals(2);
    gm_object_set(t.a->element, "active-pad", t.a->sinkpad, NULL); // the harness's
    gm_object_set(t.a->element, "active-pad", gm_element_peek_static_pad(t.a->element, "src"), NULL);
    gm_object_get(t.a->element, "active-pad", &active, NULL);
    cr_assert_eq(active, a);
    gm_object_unref(active);
    gm_object_unref(a);
    two_free(&t);
}

// A thread that pushes buffers 0, 1, … and then EOS into h, and says how far it is.
typedef struct {
    GmHarness *h;
    unsigned   until;
    GmMutex    lock;
    GmCond     cond;
    unsigned   done; // pushes that have returned
    GmFlowReturn last;
    GmThread  *thread;
} Pusher;

static void pusher_step(Pusher *p, GmFlowReturn ret)
{
    gm_mutex_lock(&p->lock);
    p->done++;
    p->last = ret;
    gm_cond_broadcast(&p->cond);
    gm_mutex_unlock(&p->lock);
}

static void *pusher_run(void *data)
{
    Pusher *p = data;

    for (unsigned i = 0; i < p->until; i++)
        pusher_step(p, gm_harness_push(p->h, numbered(i)));
    pusher_step(p, gm_harness_push_event(p->h, gm_event_new_eos()) ? GM_FLOW_OK : GM_FLOW_ERROR);
    return NULL;
}

static void pusher_start(Pusher *p, GmHarness *h, unsigned until)
{
    *p = (Pusher){ .h = h, .until = until };
    gm_mutex_init(&p->lock);
    gm_cond_init(&p->cond);
    p->thread = gm_thread_try_new("pusher", pusher_run, p, NULL);
}

static void pusher_wait(Pusher *p, unsigned done)
{
    gm_mutex_lock(&p->lock);
    while (p->done < done)
        gm_cond_wait(&p->cond, &p->lock, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&p->lock);
}

static unsigned pusher_done(Pusher *p)
{
    gm_mutex_lock(&p->lock);
    unsigned done = p->done;
    gm_mutex_unlock(&p->lock);
    return done;
}

static void pusher_join(Pusher *p)
{
    gm_thread_join(p->thread);
    gm_cond_clear(&p->cond);
    gm_mutex_clear(&p->lock);
}

GM_TEST(selectors, input_selector_keeps_others_back_until_the_active_stream_has_come_there)
{
    Two t = selector_new("sync-streams", true);
    Pusher b;
    pusher_start(&b, t.b, 3);
    for (unsigned i = 0; i < 3; i++)
        gm_harness_push(t.a, numbered(i));
    pusher_wait(&b, 1); // 0 ends at 1 s, the active stream is at 2 s; 1 ends at 2 s and waits
    cr_assert_eq(pusher_done(&b), 1);
    choose(&t, t.b);
    for (unsigned i = 0; i < 3; i++)
        cr_assert_eq(pull_number(t.a), i);
    GmBuffer *buffer = gm_harness_pull(t.a);
    cr_assert_eq(number_of(buffer), 1);
    cr_assert(GM_BUFFER_IS_DISCONT(buffer));
    gm_buffer_unref(buffer);
    cr_assert_eq(pull_number(t.a), 2);
    // The EOS of b goes out at once, but b's thread stays until a has ended, too.
    cr_assert_eq(pull_event_type(t.a), GM_EVENT_EOS);
    gm_harness_push_event(t.a, gm_event_new_eos());
    pusher_join(&b);
    two_free(&t);
}

GM_TEST(selectors, input_selector_drops_what_would_go_back)
{
    Two t = selector_new("sync-streams", true);
    gm_object_set(t.a->element, "drop-backwards", true, NULL);
    Pusher b;
    pusher_start(&b, t.b, 5);
    for (unsigned i = 0; i < 4; i++)
        gm_harness_push(t.a, numbered(i));
    pusher_wait(&b, 2);
    choose(&t, t.b); // 2 lies before 3
    for (unsigned i = 0; i < 4; i++)
        cr_assert_eq(pull_number(t.a), i);
    cr_assert_eq(pull_number(t.a), 3);
    cr_assert_eq(pull_number(t.a), 4);
    gm_harness_push_event(t.a, gm_event_new_eos());
    pusher_join(&b);
    two_free(&t);
}

GM_TEST(selectors, input_selector_waits_on_the_clock_when_asked)
{
    Two t = selector_new("sync-mode", 1);
    gm_object_set(t.a->element, "sync-streams", true, NULL);
    GmTestClock *clock = gm_harness_get_testclock(t.a);
    GmHarness *h = t.a;
    Pusher b;
    bool live;
    GmQuery *query = gm_query_new_latency();
    gm_harness_set_live(t.a, false);
    gm_harness_set_live(t.b, false);
    cr_assert(gm_pad_peer_query(t.a->sinkpad, query));
    gm_query_parse_latency(query, &live, NULL, NULL);
    cr_assert(live);
    gm_query_unref(query);

    pusher_start(&b, t.b, 1);
    gm_test_clock_wait_for_next_pending_id(clock, NULL);
    cr_assert_eq(gm_test_clock_get_next_entry_time(clock), SECOND);
    cr_assert(gm_harness_crank_single_clock_wait(h));
    pusher_wait(&b, 1);
    cr_assert_eq(gm_harness_buffers_received(h), 0);
    gm_harness_push_event(t.a, gm_event_new_eos());
    pusher_join(&b);
    gm_object_unref(clock);
    two_free(&t);
}

GM_TEST(selectors, input_selector_sends_again_what_the_clock_has_not_reached)
{
    Two t = selector_new("sync-mode", 1);
    gm_object_set(t.a->element, "cache-buffers", true, NULL);
    gm_harness_push(t.a, numbered(0));
    gm_harness_push(t.a, numbered(1));
    gm_harness_set_time(t.a, SECOND + SECOND / 2);
    gm_harness_push(t.a, numbered(2)); // 0 is over now
    choose(&t, t.b);
    choose(&t, t.a);
    gm_harness_push(t.a, numbered(3));
    static const unsigned wanted[] = { 0, 1, 2, 1, 2, 3 };
    for (unsigned i = 0; i < GM_LEN(wanted); i++)
        cr_assert_eq(pull_number(t.a), wanted[i]);
    cr_assert_eq(gm_harness_buffers_in_queue(t.a), 0);
    two_free(&t);
}

GM_TEST(selectors, input_selector_eos_waits_for_its_turn)
{
    Two t = selector_new("sync-streams", false);
    Pusher b;
    gm_harness_push(t.a, numbered(0));
    pusher_start(&b, t.b, 0);
    gm_harness_push(t.a, numbered(1));
    cr_assert_eq(pull_number(t.a), 0);
    cr_assert_eq(pull_number(t.a), 1);
    GmEvent *event;
    while ((event = gm_harness_try_pull_event(t.a))) {
        cr_assert_neq(GM_EVENT_TYPE(event), GM_EVENT_EOS);
        gm_event_unref(event);
    }
    choose(&t, t.b);
    cr_assert_eq(pull_event_type(t.a), GM_EVENT_EOS);
    cr_assert_eq(pusher_done(&b), 0);
    gm_harness_push_event(t.a, gm_event_new_eos());
    pusher_join(&b);
    two_free(&t);
}

GM_TEST(selectors, input_selector_wakes_who_waits)
{
    Two t = selector_new("sync-streams", true);
    Pusher b;
    pusher_start(&b, t.b, 1);
    gm_harness_push(t.a, numbered(0));
    gm_harness_push_event(t.b, gm_event_new_flush_start());
    pusher_join(&b);
    cr_assert_eq(b.done, 2);
    gm_harness_push_event(t.b, gm_event_new_flush_stop(true));

    gm_harness_push_event(t.b, gm_event_new_stream_start("again"));
    GmSegment segment;
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_harness_push_event(t.b, gm_event_new_segment(&segment));
    pusher_start(&b, t.b, 1);
    GmPad *pad = gm_pad_get_peer(t.b->srcpad); // it is released while something may wait on it
    gm_element_release_request_pad(t.a->element, pad);
    pusher_join(&b);
    gm_object_unref(pad);
    two_free(&t);
}

GM_TEST(selectors, streams_that_wait_in_input_selector_are_woken_by_the_state)
{
    for (int mode = 0; mode < 2; mode++) {
        char *line = gm_strdup_printf("input-selector name=s sync-mode=%d ! fakesink sync=true "
                                      "fakesrc format=time datarate=10 sizetype=2 sizemax=10 ! s. "
                                      "fakesrc format=time datarate=10 sizetype=2 sizemax=10 ! s.", mode);
        GmElement *pipe = gm_object_ref_sink(gm_parse_launch(line, NULL));
        gm_element_set_state(pipe, GM_STATE_PLAYING);
        cr_assert_eq(gm_element_get_state(pipe, NULL, NULL, 10 * SECOND), GM_STATE_CHANGE_SUCCESS);
        GmClockTime before = gm_sync_now();
        cr_assert_eq(gm_element_set_state(pipe, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
        cr_assert_lt(gm_sync_now() - before, SECOND / 2);
        gm_object_unref(pipe);
        free(line);
    }
}
