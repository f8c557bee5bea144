// SPDX-License-Identifier: MIT
//
// set_state (NULL) returns, whatever the pipeline is stuck in, and leaves nothing behind. How
// long it takes is printed here and judged by tests/stress/teardown.c.
#include "gmtest.h"
#include "teardown_cases.h"

#include <criterion/parameterized.h>

ParameterizedTestParameters(teardown, returns)
{
    static size_t numbers[GM_LEN(teardown_cases)];

    for (size_t i = 0; i < GM_LEN(numbers); i++)
        numbers[i] = i;
    return cr_make_param_array(size_t, numbers, GM_LEN(numbers));
}

ParameterizedTest(size_t *number, teardown, returns, .timeout = 10)
{
    const TeardownCase *c = &teardown_cases[*number];

    gm_test_begin();
    if (!teardown_possible(c))
        cr_skip_test("no %s", c->needs);
    double ms = teardown_measure_ms(c, 0);
    printf("%7.2f ms  %s\n", ms, c->name);
    cr_assert_geq(ms, 0, "%s: set_state (NULL) did not succeed", c->name);
    gm_test_end();
}

// The application waits for a state that never comes, in another thread.
static void *wait_for_playing(void *pipeline)
{
    GmState state;

    gm_element_get_state(pipeline, &state, NULL, GM_CLOCK_TIME_NONE);
    return NULL;
}

GM_TEST(teardown, wakes_who_waits_for_a_state)
{
    GmElement *pipeline = gm_parse_launch("fakesrc ! identity drop-probability=1 ! fakesink", NULL);

    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    GmThread *waiter = gm_thread_try_new("waiter", wait_for_playing, pipeline, NULL);
    teardown_settle();
    cr_assert_eq(gm_element_set_state(pipeline, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    gm_thread_join(waiter);
    gm_object_unref(pipeline);
}

// A seek that flushes a full queue while the pipeline goes down.
static void *seek_often(void *pipeline)
{
    for (int i = 0; i < 50; i++)
        gm_element_seek_simple(pipeline, GM_FORMAT_BYTES, GM_SEEK_FLAG_FLUSH, 0);
    return NULL;
}

GM_TEST(teardown, during_seeks)
{
    for (int i = 0; i < 20; i++) {
        GmElement *pipeline = gm_parse_launch(
            "filesrc location=/proc/self/exe ! queue max-size-buffers=2 ! fakesink", NULL);
        gm_element_set_state(pipeline, GM_STATE_PAUSED);
        gm_element_get_state(pipeline, NULL, NULL, GM_SECOND);
        GmThread *seeker = gm_thread_try_new("seeker", seek_often, pipeline, NULL);
        gm_sync_sleep_until(gm_sync_now() + (GmClockTime)i * 100 * GM_USECOND);
        cr_assert_eq(gm_element_set_state(pipeline, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
        gm_thread_join(seeker);
        gm_object_unref(pipeline);
    }
}

// A source that is stuck behind a full queue takes an EOS all the same, and sends it once the
// pipeline plays. (GStreamer 1.22 waits here, with the state lock held: nobody can set PLAYING.)
GM_TEST(teardown, eos_to_a_source_that_is_stuck)
{
    GmElement *pipeline =
        gm_parse_launch("fakesrc ! queue max-size-buffers=2 ! fakesink", NULL);
    GmBus *bus = gm_element_get_bus(pipeline);

    gm_element_set_state(pipeline, GM_STATE_PAUSED);
    teardown_settle();
    cr_assert(gm_element_send_event(pipeline, gm_event_new_eos()));
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 10 * (GmClockTime)GM_SECOND, GM_MESSAGE_EOS);
    cr_assert_not_null(message, "no EOS");
    gm_message_unref(message);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(pipeline);
}
