// SPDX-License-Identifier: MIT
//
// Bins: membership, sorting, states with asynchronous children, folded messages and queries.
#include "element_kit.h"

static GmBin *bin_own(const char *name)
{
    return gm_object_ref_sink(gm_bin_new(name));
}

static void bin_end(void *bin)
{
    cr_assert_neq(gm_element_set_state(bin, GM_STATE_NULL), GM_STATE_CHANGE_FAILURE);
    gm_object_unref(bin);
}

GM_TEST(bin, takes_floating_children_and_exact_counts)
{
    GmBin *bin = bin_own("b");
    GmElement *el = kit_new(&kit_src, "s");

    cr_assert(gm_object_is_floating(el));
    cr_assert(gm_bin_add(bin, el));
    cr_assert_not(gm_object_is_floating(el));
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(el), 1);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(bin), 1);
    cr_assert_eq(GM_OBJECT_PARENT(el), GM_OBJECT(bin));
    cr_assert_eq(GM_BIN_NUMCHILDREN(bin), 1);
    cr_assert(GM_OBJECT_FLAG_IS_SET(bin, GM_ELEMENT_FLAG_SOURCE));
    gm_object_ref(el);
    cr_assert(gm_bin_remove(bin, el));
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(el), 1);
    cr_assert_not(GM_OBJECT_FLAG_IS_SET(bin, GM_ELEMENT_FLAG_SOURCE));
    cr_assert_eq(GM_BIN_NUMCHILDREN(bin), 0);
    cr_assert_not(gm_bin_remove(bin, el));
    gm_object_unref(el);
    bin_end(bin);
}

GM_TEST(bin, refuses_parented_elements_and_taken_names)
{
    GmBin *a = bin_own("a"), *b = bin_own("b");
    GmElement *el = kit_new(&kit_src, "s");

    cr_assert(gm_bin_add(a, el));
    cr_assert_not(gm_bin_add(b, el));
    cr_assert_eq(GM_OBJECT_PARENT(el), GM_OBJECT(a));
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(el), 1);
    cr_assert_not(gm_bin_add(a, kit_new(&kit_sink, "s"))); // the second is released
    cr_assert_eq(GM_BIN_NUMCHILDREN(a), 1);
    gm_test_expect_criticals(1);
    cr_assert_not(gm_bin_add(a, GM_ELEMENT(a)));
    bin_end(a);
    bin_end(b);
}

GM_TEST(bin, finds_by_name_below_and_above)
{
    GmBin *top = bin_own("top");
    GmElement *inner = gm_bin_new("inner"), *deep = kit_new(&kit_src, "deep");
    GmElement *other = kit_new(&kit_sink, "other");

    gm_bin_add_many(top, inner, other, NULL);
    gm_bin_add(GM_BIN(inner), deep);
    GmElement *found = gm_bin_get_by_name(top, "deep");
    cr_assert_eq(found, deep);
    gm_object_unref(found);
    cr_assert_null(gm_bin_get_by_name(GM_BIN(inner), "other"));
    found = gm_bin_get_by_name_recurse_up(GM_BIN(inner), "other");
    cr_assert_eq(found, other);
    gm_object_unref(found);
    cr_assert_null(gm_bin_get_by_name(top, "nobody"));
    bin_end(top);
}

static unsigned bin_count(GmIterator *it)
{
    GmValue item = GM_VALUE_INIT;
    unsigned n = 0;

    while (gm_iterator_next(it, &item) == GM_ITERATOR_OK) {
        n++;
        gm_value_reset(&item);
    }
    gm_value_unset(&item);
    gm_iterator_free(it);
    return n;
}

GM_TEST(bin, iterates)
{
    GmBin *top = bin_own("top");
    GmElement *inner = gm_bin_new("inner");

    gm_bin_add_many(top, inner, kit_new(&kit_sink, "k"), NULL);
    gm_bin_add_many(GM_BIN(inner), kit_new(&kit_src, "a"), kit_new(&kit_src, "b"), NULL);
    cr_assert_eq(bin_count(gm_bin_iterate_elements(top)), 2);
    cr_assert_eq(bin_count(gm_bin_iterate_recurse(top)), 4);
    cr_assert_eq(bin_count(gm_bin_iterate_sinks(top)), 1);
    cr_assert_eq(bin_count(gm_bin_iterate_sources(top)), 1); // inner carries the flag
    cr_assert_eq(bin_count(gm_bin_iterate_sorted(top)), 2);
    cr_assert_eq(bin_count(gm_bin_iterate_all_by_element_factory_name(top, "kitsrc")), 2);
    GmPad *pad = gm_bin_find_unlinked_pad(top, GM_PAD_SINK);
    cr_assert_eq(GM_PAD_PARENT(pad)->numsinkpads, 1);
    gm_object_unref(pad);
    bin_end(top);
}

GM_TEST(bin, changes_state_from_sink_to_source)
{
    GmBin *bin = bin_own("b");
    GmElement *s = kit_new(&kit_src, "src"), *f = kit_new(&kit_filter, "f");
    GmElement *k = kit_new(&kit_sink, "sink");

    kit_order[0] = '\0';
    gm_bin_add_many(bin, f, s, k, NULL);
    cr_assert(gm_element_link_many(s, f, k, NULL));
    cr_assert_eq(gm_element_set_state(GM_ELEMENT(bin), GM_STATE_READY), GM_STATE_CHANGE_SUCCESS);
    cr_assert_str_eq(kit_order, "sink f src ");
    kit_order[0] = '\0';
    cr_assert_eq(gm_element_set_state(GM_ELEMENT(bin), GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    cr_assert_str_eq(kit_order, "sink f src ");
    bin_end(bin);
}

GM_TEST(bin, copes_with_a_loop)
{
    GmBin *bin = bin_own("b");
    GmElement *a = kit_new(&kit_filter, "a"), *b = kit_new(&kit_filter, "b");

    kit_order[0] = '\0';
    gm_bin_add_many(bin, a, b, NULL);
    cr_assert(gm_element_link_pads(a, "src", b, "sink"));
    cr_assert(gm_element_link_pads_full(b, "src", a, "sink", GM_PAD_LINK_CHECK_NOTHING));
    cr_assert_eq(gm_element_set_state(GM_ELEMENT(bin), GM_STATE_READY), GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(strlen(kit_order), 4);
    bin_end(bin);
}

GM_TEST(bin, failure_of_a_child_undoes_the_others)
{
    GmBin *bin = bin_own("b");
    GmElement *s = kit_new(&kit_src, "src"), *k = kit_new(&kit_sink, "sink");

    gm_bin_add_many(bin, s, k, NULL);
    gm_element_link(s, k);
    gm_element_set_state(GM_ELEMENT(bin), GM_STATE_READY);
    kit_arm(s, GM_STATE_CHANGE_READY_TO_PAUSED, GM_STATE_CHANGE_FAILURE);
    cr_assert_eq(gm_element_set_state(GM_ELEMENT(bin), GM_STATE_PAUSED), GM_STATE_CHANGE_FAILURE);
    cr_assert_eq(GM_STATE(k), GM_STATE_READY);
    cr_assert_eq(GM_STATE(bin), GM_STATE_READY);
    bin_end(bin);
}

// A sink without data: ASYNC until the test says it has prerolled.
static void bin_preroll(GmElement *sink)
{
    GM_STATE_LOCK(sink);
    gm_element_continue_state(sink, GM_STATE_CHANGE_SUCCESS);
    GM_STATE_UNLOCK(sink);
    gm_element_post_message(sink, gm_message_new_async_done(GM_OBJECT(sink),
                                                            GM_CLOCK_TIME_NONE));
}

static void bin_start_async(GmElement *sink)
{
    kit_arm(sink, GM_STATE_CHANGE_READY_TO_PAUSED, GM_STATE_CHANGE_ASYNC);
    gm_element_post_message(sink, gm_message_new_async_start(GM_OBJECT(sink)));
}

GM_TEST(bin, asynchronous_children_hold_it_until_the_last_is_done)
{
    GmElement *pipe = gm_object_ref_sink(gm_pipeline_new("p"));
    GmElement *s1 = kit_new(&kit_sink, "s1"), *s2 = kit_new(&kit_sink, "s2");
    GmState state;

    gm_bin_add_many(GM_BIN(pipe), s1, s2, NULL);
    gm_element_set_state(pipe, GM_STATE_READY);
    GM_STATE_TARGET(pipe) = GM_STATE_PAUSED; // as if the sinks had begun by themselves
    bin_start_async(s1);
    bin_start_async(s2);
    GM_STATE_TARGET(pipe) = GM_STATE_READY;
    gm_element_abort_state(pipe);
    // In a bin that polls, the answers themselves count.
    cr_assert_eq(gm_element_set_state(s1, GM_STATE_PAUSED), GM_STATE_CHANGE_ASYNC);
    cr_assert_eq(gm_element_set_state(s2, GM_STATE_PAUSED), GM_STATE_CHANGE_ASYNC);
    cr_assert_eq(gm_element_set_state(pipe, GM_STATE_PLAYING), GM_STATE_CHANGE_ASYNC);
    cr_assert_eq(gm_element_get_state(pipe, &state, NULL, 0), GM_STATE_CHANGE_ASYNC);
    bin_preroll(s1);
    cr_assert_eq(gm_element_get_state(pipe, &state, NULL, 0), GM_STATE_CHANGE_ASYNC);
    bin_preroll(s2);
    // It goes on to PLAYING in a thread of its own.
    cr_assert_eq(gm_element_get_state(pipe, &state, NULL, 5 * GM_SECOND),
                 GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(state, GM_STATE_PLAYING);
    cr_assert_eq(GM_STATE(s1), GM_STATE_PLAYING);
    bin_end(pipe);
}

GM_TEST(bin, no_preroll_outweighs_async_and_null_always_comes)
{
    GmElement *pipe = gm_object_ref_sink(gm_pipeline_new("p"));
    GmElement *s = kit_new(&kit_src, "s"), *k = kit_new(&kit_sink, "k");

    gm_bin_add_many(GM_BIN(pipe), s, k, NULL);
    gm_element_link(s, k);
    kit_arm(s, GM_STATE_CHANGE_READY_TO_PAUSED, GM_STATE_CHANGE_NO_PREROLL);
    kit_arm(k, GM_STATE_CHANGE_READY_TO_PAUSED, GM_STATE_CHANGE_ASYNC);
    cr_assert_eq(gm_element_set_state(pipe, GM_STATE_PAUSED), GM_STATE_CHANGE_NO_PREROLL);
    cr_assert_eq(gm_element_get_state(pipe, NULL, NULL, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_NO_PREROLL);
    bin_end(pipe);
}

GM_TEST(bin, locked_children_stay_where_they_are)
{
    GmBin *bin = bin_own("b");
    GmElement *a = kit_new(&kit_plain, "a"), *b = kit_new(&kit_plain, "b");

    gm_bin_add_many(bin, a, b, NULL);
    gm_element_set_locked_state(a, true);
    cr_assert_eq(gm_element_set_state(GM_ELEMENT(bin), GM_STATE_PAUSED), GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(GM_STATE(a), GM_STATE_NULL);
    cr_assert_eq(GM_STATE(b), GM_STATE_PAUSED);
    gm_element_set_locked_state(a, false);
    cr_assert(gm_element_sync_state_with_parent(a));
    cr_assert_eq(GM_STATE(a), GM_STATE_PAUSED);
    bin_end(bin);
}

GM_TEST(bin, eos_needs_all_sinks_and_playing)
{
    GmElement *pipe = gm_object_ref_sink(gm_pipeline_new("p"));
    GmElement *s1 = kit_new(&kit_sink, "s1"), *s2 = kit_new(&kit_sink, "s2");
    GmBus *bus = gm_element_get_bus(pipe);

    gm_bin_add_many(GM_BIN(pipe), s1, s2, NULL);
    gm_element_set_state(pipe, GM_STATE_PAUSED);
    gm_element_post_message(s1, gm_message_new_eos(GM_OBJECT(s1)));
    gm_element_post_message(s2, gm_message_new_eos(GM_OBJECT(s2)));
    cr_assert_null(gm_bus_pop_filtered(bus, GM_MESSAGE_EOS), "EOS in PAUSED");
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    GmMessage *m = kit_wait(bus, GM_MESSAGE_EOS, pipe);
    gm_message_unref(m);
    gm_element_post_message(s1, gm_message_new_eos(GM_OBJECT(s1)));
    cr_assert_null(gm_bus_pop_filtered(bus, GM_MESSAGE_EOS), "EOS of one sink");
    gm_element_set_state(s2, GM_STATE_NULL);
    gm_element_set_locked_state(s2, true);
    gm_bin_remove(GM_BIN(pipe), s2); // who had not said it leaves
    m = kit_wait(bus, GM_MESSAGE_EOS, pipe);
    gm_message_unref(m);
    gm_object_unref(bus);
    bin_end(pipe);
}

GM_TEST(bin, stream_start_and_segment_done_are_folded)
{
    GmElement *pipe = gm_object_ref_sink(gm_pipeline_new("p"));
    GmElement *s1 = kit_new(&kit_sink, "s1"), *s2 = kit_new(&kit_sink, "s2");
    GmBus *bus = gm_element_get_bus(pipe);
    GmElement *sinks[] = { s1, s2 };
    unsigned group = 0;

    gm_bin_add_many(GM_BIN(pipe), s1, s2, NULL);
    for (int i = 0; i < 2; i++) {
        GmMessage *m = gm_message_new_stream_start(GM_OBJECT(sinks[i]));
        gm_message_set_group_id(m, 7);
        cr_assert_null(gm_bus_pop_filtered(bus, GM_MESSAGE_STREAM_START));
        gm_element_post_message(sinks[i], m);
    }
    GmMessage *m = kit_wait(bus, GM_MESSAGE_STREAM_START, pipe);
    cr_assert(gm_message_parse_group_id(m, &group) && group == 7);
    gm_message_unref(m);
    for (int i = 0; i < 2; i++)
        gm_element_post_message(sinks[i], gm_message_new_segment_start(GM_OBJECT(sinks[i]),
                                                                       GM_FORMAT_TIME, 0));
    for (int i = 0; i < 2; i++) {
        cr_assert_null(gm_bus_pop_filtered(bus, GM_MESSAGE_SEGMENT_DONE));
        gm_element_post_message(sinks[i], gm_message_new_segment_done(GM_OBJECT(sinks[i]),
                                                                      GM_FORMAT_TIME, 5));
    }
    m = kit_wait(bus, GM_MESSAGE_SEGMENT_DONE, pipe);
    gm_message_unref(m);
    gm_object_unref(bus);
    bin_end(pipe);
}

GM_TEST(bin, error_of_a_child_fails_the_state)
{
    GmElement *pipe = gm_object_ref_sink(gm_pipeline_new("p"));
    GmElement *s = kit_new(&kit_sink, "s");
    GmBus *bus = gm_element_get_bus(pipe);
    GmError *error = NULL;
    char *debug = NULL;

    gm_bin_add(GM_BIN(pipe), s);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    GM_ELEMENT_ERROR(s, STREAM, FAILED, ("it broke: %d", 7), ("because %s", "so"));
    cr_assert_eq(gm_element_get_state(pipe, NULL, NULL, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_FAILURE);
    GmMessage *m = kit_wait(bus, GM_MESSAGE_ERROR, s);
    gm_message_parse_error(m, &error, &debug);
    cr_assert_str_eq(error->message, "it broke: 7");
    cr_assert(gm_error_matches(error, GM_STREAM_ERROR, GM_STREAM_ERROR_FAILED));
    cr_assert(strstr(debug, "/GmPipeline:p/Gmkitsink:s:\nbecause so") != NULL, "%s", debug);
    gm_error_free(error);
    free(debug);
    gm_message_unref(m);
    gm_object_unref(bus);
    bin_end(pipe);
}

GM_TEST(bin, message_forward)
{
    GmElement *pipe = gm_object_ref_sink(gm_pipeline_new("p"));
    GmElement *s = kit_new(&kit_sink, "s");
    GmBus *bus = gm_element_get_bus(pipe);

    gm_object_set(pipe, "message-forward", true, NULL);
    gm_bin_add(GM_BIN(pipe), s);
    gm_element_post_message(s, gm_message_new_eos(GM_OBJECT(s)));
    GmMessage *m = kit_wait(bus, GM_MESSAGE_ELEMENT, pipe);
    cr_assert(gm_message_has_name(m, "GmBinForwarded"));
    gm_message_unref(m);
    gm_object_unref(bus);
    bin_end(pipe);
}

static void bin_on_deep(GmBin *bin, GmBin *sub, GmElement *el, void *text)
{
    (void)bin;
    snprintf((char *)text + strlen(text), 64, "%s/%s ", GM_OBJECT_NAME(sub), GM_OBJECT_NAME(el));
}

GM_TEST(bin, deep_signals)
{
    GmBin *top = bin_own("top");
    GmElement *inner = gm_bin_new("inner");
    char added[256] = "", removed[256] = "";

    gm_signal_connect(top, "deep-element-added", bin_on_deep, added);
    gm_signal_connect(top, "deep-element-removed", bin_on_deep, removed);
    gm_bin_add(GM_BIN(inner), kit_new(&kit_src, "a"));
    gm_bin_add(top, inner);
    gm_bin_add(GM_BIN(inner), kit_new(&kit_src, "b"));
    cr_assert_str_eq(added, "top/inner inner/a inner/b ");
    gm_bin_remove(top, inner);
    cr_assert_eq(strlen(removed), strlen("top/inner inner/b inner/a "));
    bin_end(top);
}

GM_TEST(bin, add_unlinks_and_gives_bus_and_times)
{
    GmBin *bin = bin_own("b");
    GmElement *s = kit_new(&kit_src, "s"), *k = kit_new(&kit_sink, "k");

    gm_element_set_base_time(GM_ELEMENT(bin), 123);
    gm_bin_add(bin, s);
    gm_bin_add(bin, k);
    cr_assert(gm_element_link(s, k));
    cr_assert_eq(gm_element_get_base_time(s), 123);
    cr_assert_eq(GM_ELEMENT_BUS(s), bin->child_bus);
    gm_object_ref(s);
    gm_bin_remove(bin, s);
    cr_assert_not(GM_PAD_IS_LINKED(s->pads->data));
    cr_assert_null(GM_ELEMENT_BUS(s));
    gm_object_unref(s);
    bin_end(bin);
}

GM_TEST(bin, removing_the_last_async_child_completes)
{
    GmElement *pipe = gm_object_ref_sink(gm_pipeline_new("p"));
    GmElement *a = kit_new(&kit_plain, "a"), *k = kit_new(&kit_sink, "k");
    GmState state;

    gm_bin_add_many(GM_BIN(pipe), a, NULL);
    gm_element_set_state(pipe, GM_STATE_PAUSED);
    gm_bin_add(GM_BIN(pipe), k);
    kit_arm(k, GM_STATE_CHANGE_READY_TO_PAUSED, GM_STATE_CHANGE_ASYNC);
    gm_element_post_message(k, gm_message_new_async_start(GM_OBJECT(k)));
    cr_assert_eq(gm_element_get_state(pipe, NULL, NULL, 0), GM_STATE_CHANGE_ASYNC);
    gm_bin_remove(GM_BIN(pipe), k);
    cr_assert_eq(gm_element_get_state(pipe, &state, NULL, GM_CLOCK_TIME_NONE),
                 GM_STATE_CHANGE_SUCCESS);
    cr_assert_eq(state, GM_STATE_PAUSED);
    bin_end(pipe);
}

GM_TEST(bin, suppressed_flags)
{
    GmBin *bin = bin_own("b");

    gm_bin_set_suppressed_flags(bin, GM_ELEMENT_FLAG_SINK);
    cr_assert_eq(gm_bin_get_suppressed_flags(bin), GM_ELEMENT_FLAG_SINK);
    gm_bin_add(bin, kit_new(&kit_sink, "k"));
    cr_assert_not(GM_OBJECT_FLAG_IS_SET(bin, GM_ELEMENT_FLAG_SINK));
    bin_end(bin);
}

// Filling, linking, sorting and emptying a bin grows with its size, not its square: eight times
// the elements take far less than 64 times as long.
static GmClockTime bin_time_of(unsigned n)
{
    GmClockTime start = gm_sync_now();
    GmBin *bin = bin_own("big");
    GmElement *last = NULL;

    for (unsigned i = 0; i < n; i++) {
        GmElement *el = kit_new(&kit_filter, NULL);
        gm_bin_add(bin, el);
        if (last != NULL)
            cr_assert(gm_element_link_pads_full(last, "src", el, "sink",
                                                GM_PAD_LINK_CHECK_NOTHING));
        last = el;
    }
    gm_iterator_free(gm_bin_iterate_sorted(bin));
    bin_end(bin);
    return gm_sync_now() - start;
}

GM_TEST(bin, grows_linearly)
{
    GmClockTime small = bin_time_of(500), big = bin_time_of(4000);

    fprintf(stderr, "500: %.2f ms, 4000: %.2f ms\n", (double)small / 1e6, (double)big / 1e6);
    cr_assert_lt(big, 32 * small, "%.2f ms and %.2f ms", (double)small / 1e6, (double)big / 1e6);
}
