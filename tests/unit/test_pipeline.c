// SPDX-License-Identifier: MIT
//
// Pipelines: clock selection, running time over pauses, bus flushing, latency.
#include "check/test_clock.h"
#include "element_kit.h"

static GmElement *pipe_own(void)
{
    return gm_object_ref_sink(gm_pipeline_new("p"));
}

static void pipe_end(GmElement *pipe)
{
    cr_assert_neq(gm_element_set_state(pipe, GM_STATE_NULL), GM_STATE_CHANGE_FAILURE);
    gm_object_unref(pipe);
}

static GmClock *pipe_test_clock(void)
{
    return gm_test_clock_new();
}

GM_TEST(pipeline, defaults)
{
    GmElement *pipe = pipe_own();

    cr_assert_eq(gm_pipeline_get_delay(GM_PIPELINE(pipe)), 0);
    cr_assert_eq(gm_pipeline_get_latency(GM_PIPELINE(pipe)), GM_CLOCK_TIME_NONE);
    cr_assert(gm_pipeline_get_auto_flush_bus(GM_PIPELINE(pipe)));
    GmBus *bus = gm_pipeline_get_bus(GM_PIPELINE(pipe));
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(bus), 2);
    gm_object_unref(bus);
    // empty: states change synchronously
    cr_assert_eq(gm_element_set_state(pipe, GM_STATE_PLAYING), GM_STATE_CHANGE_SUCCESS);
    pipe_end(pipe);
}

GM_TEST(pipeline, selects_clock_of_provider_else_system)
{
    GmElement *pipe = pipe_own(), *s = kit_new(&kit_src, "s");
    GmClock *clock = pipe_test_clock(), *system = gm_system_clock_obtain();

    GmClock *used = gm_pipeline_get_pipeline_clock(GM_PIPELINE(pipe));
    cr_assert_eq(used, system);
    gm_object_unref(used);
    ((Kit *)gm_priv(s))->clock = clock;
    GM_OBJECT_FLAG_SET(s, GM_ELEMENT_FLAG_PROVIDE_CLOCK);
    gm_bin_add(GM_BIN(pipe), s);
    GmBus *bus = gm_element_get_bus(pipe);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    GmMessage *m = kit_wait(bus, GM_MESSAGE_NEW_CLOCK, pipe);
    gm_message_parse_new_clock(m, &used);
    cr_assert_eq(used, clock);
    gm_message_unref(m);
    cr_assert_eq(GM_ELEMENT_CLOCK(s), clock);
    // the provider leaves: clock-lost, and the next PLAYING selects another
    gm_element_set_locked_state(s, true);
    gm_element_set_state(s, GM_STATE_NULL);
    gm_bin_remove(GM_BIN(pipe), s);
    m = kit_wait(bus, GM_MESSAGE_CLOCK_LOST, pipe);
    gm_message_unref(m);
    gm_element_set_state(pipe, GM_STATE_PAUSED);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    cr_assert_eq(GM_ELEMENT_CLOCK(pipe), system);
    gm_object_unref(bus);
    pipe_end(pipe);
    gm_object_unref(clock);
    gm_object_unref(system);
}

GM_TEST(pipeline, running_time_survives_pause)
{
    GmElement *pipe = pipe_own(), *k = kit_new(&kit_plain, "k");
    GmClock *clock = pipe_test_clock();

    gm_bin_add(GM_BIN(pipe), k);
    gm_test_clock_set_time(GM_TEST_CLOCK(clock), 100 * GM_SECOND);
    gm_pipeline_use_clock(GM_PIPELINE(pipe), clock);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    cr_assert_eq(gm_element_get_base_time(k), 100 * (GmClockTime)GM_SECOND);
    gm_test_clock_set_time(GM_TEST_CLOCK(clock), 103 * GM_SECOND);
    cr_assert_eq(gm_element_get_current_running_time(k), 3 * (GmClockTime)GM_SECOND);
    gm_element_set_state(pipe, GM_STATE_PAUSED);
    cr_assert_eq(gm_element_get_start_time(pipe), 3 * (GmClockTime)GM_SECOND);
    gm_test_clock_set_time(GM_TEST_CLOCK(clock), 150 * GM_SECOND);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    cr_assert_eq(gm_element_get_base_time(pipe), 147 * (GmClockTime)GM_SECOND);
    gm_test_clock_set_time(GM_TEST_CLOCK(clock), 151 * GM_SECOND);
    cr_assert_eq(gm_element_get_current_running_time(pipe), 4 * (GmClockTime)GM_SECOND);
    // a reset of time, then the delay
    gm_element_set_state(pipe, GM_STATE_PAUSED);
    gm_element_post_message(k, gm_message_new_reset_time(GM_OBJECT(k), 0));
    gm_pipeline_set_delay(GM_PIPELINE(pipe), 20 * GM_MSECOND);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    cr_assert_eq(gm_element_get_base_time(pipe),
                 151 * (GmClockTime)GM_SECOND + 20 * (GmClockTime)GM_MSECOND);
    pipe_end(pipe);
    gm_object_unref(clock);
}

GM_TEST(pipeline, start_time_none_leaves_base_time_alone)
{
    GmElement *pipe = pipe_own();

    gm_element_set_start_time(pipe, GM_CLOCK_TIME_NONE);
    gm_element_set_base_time(pipe, 42);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    cr_assert_eq(gm_element_get_base_time(pipe), 42);
    pipe_end(pipe);
}

GM_TEST(pipeline, no_clock_and_refused_clock)
{
    GmElement *pipe = pipe_own(), *s = kit_new(&kit_src, "s");
    GmBus *bus = gm_element_get_bus(pipe);
    GmError *error = NULL;

    gm_bin_add(GM_BIN(pipe), s);
    gm_pipeline_use_clock(GM_PIPELINE(pipe), NULL);
    cr_assert_eq(gm_element_set_state(pipe, GM_STATE_PLAYING), GM_STATE_CHANGE_SUCCESS);
    cr_assert_null(GM_ELEMENT_CLOCK(s));
    gm_element_set_state(pipe, GM_STATE_READY);
    gm_pipeline_auto_clock(GM_PIPELINE(pipe));
    ((Kit *)gm_priv(s))->refuse_clock = true;
    cr_assert_eq(gm_element_set_state(pipe, GM_STATE_PLAYING), GM_STATE_CHANGE_FAILURE);
    GmMessage *m = kit_wait(bus, GM_MESSAGE_ERROR, pipe);
    gm_message_parse_error(m, &error, NULL);
    cr_assert_str_eq(error->message, "Selected clock cannot be used in pipeline.");
    gm_error_free(error);
    gm_message_unref(m);
    gm_object_unref(bus);
    pipe_end(pipe);
}

GM_TEST(pipeline, bus_flushes_on_null_unless_told_otherwise)
{
    for (int flush = 0; flush < 2; flush++) {
        GmElement *pipe = pipe_own();
        GmBus *bus = gm_element_get_bus(pipe);

        gm_pipeline_set_auto_flush_bus(GM_PIPELINE(pipe), flush != 0);
        gm_element_set_state(pipe, GM_STATE_READY);
        cr_assert(gm_bus_have_pending(bus));
        gm_element_set_state(pipe, GM_STATE_NULL);
        cr_assert_eq(gm_bus_have_pending(bus), flush == 0);
        gm_bus_set_flushing(bus, true);
        gm_object_unref(bus);
        pipe_end(pipe);
    }
}

static int pipe_on_latency(GmBin *bin, void *count)
{
    (void)bin;
    return ++*(int *)count;
}

GM_TEST(pipeline, do_latency_signal_replaces_the_default)
{
    GmElement *pipe = pipe_own();
    int count = 0;

    gm_signal_connect(pipe, "do-latency", pipe_on_latency, &count);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    cr_assert_eq(count, 1);
    gm_pipeline_set_latency(GM_PIPELINE(pipe), 10 * GM_MSECOND);
    cr_assert_eq(count, 2);
    pipe_end(pipe);
}

GM_TEST(pipeline, a_hundred_random_changes_end_in_null)
{
    GmElement *pipe = pipe_own();
    unsigned seed = 1;

    gm_bin_add_many(GM_BIN(pipe), kit_new(&kit_src, "s"), kit_new(&kit_sink, "k"), NULL);
    for (int i = 0; i < 100; i++) {
        seed = seed * 1103515245 + 12345;
        cr_assert_eq(gm_element_set_state(pipe, (GmState)(1 + (seed >> 16) % 4)),
                     GM_STATE_CHANGE_SUCCESS);
    }
    pipe_end(pipe);
}
