// SPDX-License-Identifier: MIT
//
// Probes: what they see, what each answer does, blocking, idle, pulling, flushing.
#include "padtest.h"

#include "core/sync.h"

static _Atomic int calls, destroyed;
static GmPadProbeReturn answer;
static GmPadProbeType last_type;

static GmPadProbeReturn probe(GmPad *pad GM_UNUSED, GmPadProbeInfo *info, void *data GM_UNUSED)
{
    calls++;
    last_type = info->type;
    return answer;
}

static void on_destroy(void *data GM_UNUSED)
{
    destroyed++;
}

GM_TEST(pad_probe, each_answer_of_a_buffer_probe)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, probe, NULL, on_destroy);
    answer = GM_PAD_PROBE_OK;
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(chained, 1);
    cr_assert_eq((unsigned)last_type,
                 (unsigned)GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_PUSH);
    answer = GM_PAD_PROBE_DROP;
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(chained, 1);
    answer = GM_PAD_PROBE_PASS;
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(chained, 2);
    answer = GM_PAD_PROBE_REMOVE;
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(chained, 3);
    cr_assert_eq(destroyed, 1);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(calls, 4);
    padtest_free(src, sink);
}

static GmPadProbeReturn handle(GmPad *pad GM_UNUSED, GmPadProbeInfo *info, void *data GM_UNUSED)
{
    gm_buffer_unref(gm_pad_probe_info_get_buffer(info));
    info->flow_ret = GM_FLOW_EOS;
    return GM_PAD_PROBE_HANDLED;
}

GM_TEST(pad_probe, handled_data_is_the_probes_and_so_is_the_result)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    unsigned long id = gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, handle, NULL, NULL);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_EOS);
    gm_pad_remove_probe(src, id);
    gm_pad_add_probe(sink, GM_PAD_PROBE_TYPE_BUFFER, handle, NULL, NULL);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_EOS);
    cr_assert_eq(chained, 0);
    padtest_free(src, sink);
}

static GmBuffer *replacement;
static GmPadProbeReturn replace(GmPad *pad GM_UNUSED, GmPadProbeInfo *info, void *data GM_UNUSED)
{
    gm_buffer_unref(info->data);
    info->data = gm_buffer_ref(replacement);
    return GM_PAD_PROBE_OK;
}

static GmBuffer *last_buffer;
static GmFlowReturn keep_chain(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED, GmBuffer *buffer)
{
    last_buffer = buffer;
    gm_buffer_unref(buffer);
    return GM_FLOW_OK;
}

GM_TEST(pad_probe, data_may_be_replaced)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    replacement = gm_buffer_new();
    gm_pad_set_chain_function(sink, keep_chain);
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, replace, NULL, NULL);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(last_buffer, replacement);
    gm_buffer_unref(replacement);
    padtest_free(src, sink);
}

GM_TEST(pad_probe, masks_choose)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    answer = GM_PAD_PROBE_OK;
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, probe, NULL, NULL);
    gm_pad_push(src, gm_buffer_new());
    cr_assert_eq(calls, 0);
    gm_pad_push_event(src, padtest_segment());
    cr_assert_eq(calls, 1);
    gm_pad_push_event(src, gm_event_new_flush_start());
    gm_pad_push_event(src, gm_event_new_flush_stop(true));
    cr_assert_eq(calls, 1, "flushes only when asked for by name");
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_EVENT_FLUSH, probe, NULL, NULL);
    gm_pad_push_event(src, gm_event_new_flush_start());
    gm_pad_push_event(src, gm_event_new_flush_stop(true));
    cr_assert_eq(calls, 3);
    padtest_free(src, sink);
}

GM_TEST(pad_probe, queries_are_seen_on_both_ways)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    answer = GM_PAD_PROBE_OK;
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, probe, NULL, NULL);
    gm_caps_unref(gm_pad_peer_query_caps(src, NULL));
    cr_assert_eq(calls, 2);
    cr_assert((unsigned)last_type & GM_PAD_PROBE_TYPE_PULL);
    answer = GM_PAD_PROBE_HANDLED;
    GmQuery *query = gm_query_new_position(GM_FORMAT_TIME);
    cr_assert(gm_pad_peer_query(src, query));
    answer = GM_PAD_PROBE_DROP;
    cr_assert_not(gm_pad_peer_query(src, query));
    gm_query_unref(query);
    padtest_free(src, sink);
}

static GmPadProbeReturn note_order(GmPad *pad GM_UNUSED, GmPadProbeInfo *info GM_UNUSED,
                                   void *data)
{
    calls = calls * 10 + (int)(intptr_t)data;
    return GM_PAD_PROBE_OK;
}

GM_TEST(pad_probe, probes_run_in_the_order_they_were_added)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    for (intptr_t i = 1; i <= 4; i++)
        gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, note_order, (void *)i, NULL);
    gm_pad_push(src, gm_buffer_new());
    cr_assert_eq(calls, 1234);
    padtest_free(src, sink);
}

static GmPadProbeReturn add_another(GmPad *pad, GmPadProbeInfo *info GM_UNUSED,
                                    void *data GM_UNUSED)
{
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, probe, NULL, NULL);
    return GM_PAD_PROBE_REMOVE;
}

GM_TEST(pad_probe, a_probe_added_by_a_probe_sees_the_same_buffer_once)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    answer = GM_PAD_PROBE_OK;
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, add_another, NULL, NULL);
    gm_pad_push(src, gm_buffer_new());
    cr_assert_eq(calls, 1);
    padtest_free(src, sink);
}

GM_TEST(pad_probe, an_unknown_id_is_reported_and_ends_tell)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    gm_test_expect_criticals(1);
    gm_pad_remove_probe(src, 77);
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, probe, NULL, on_destroy);
    padtest_free(src, sink);
    cr_assert_eq(destroyed, 1);
}

// ---- blocking ----------------------------------------------------------------------------

static GmMutex lock = GM_MUTEX_INIT;
static GmCond cond = GM_COND_INIT;
static bool held_up;
static GmFlowReturn push_result;

static GmPadProbeReturn note_block(GmPad *pad GM_UNUSED, GmPadProbeInfo *info GM_UNUSED,
                                   void *data GM_UNUSED)
{
    gm_mutex_lock(&lock);
    held_up = true;
    gm_cond_broadcast(&cond);
    gm_mutex_unlock(&lock);
    return GM_PAD_PROBE_OK;
}

static void wait_held_up(void)
{
    gm_mutex_lock(&lock);
    while (!held_up)
        gm_cond_wait(&cond, &lock, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&lock);
}

static void *push_one(void *pad)
{
    push_result = gm_pad_push(pad, gm_buffer_new());
    return NULL;
}

GM_TEST(pad_probe, a_block_holds_until_it_is_removed)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    unsigned long id =
        gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, note_block, NULL, NULL);
    cr_assert(gm_pad_is_blocked(src));
    cr_assert_not(gm_pad_is_blocking(src));
    GmThread *thread = gm_thread_try_new("push", push_one, src, NULL);
    wait_held_up();
    cr_assert_eq(chained, 0);
    gm_pad_remove_probe(src, id);
    gm_thread_join(thread);
    cr_assert_eq(push_result, GM_FLOW_OK);
    cr_assert_eq(chained, 1);
    cr_assert_not(gm_pad_is_blocked(src));
    padtest_free(src, sink);
}

GM_TEST(pad_probe, two_blocks_hold_until_both_are_removed)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    unsigned long a = gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_BUFFER,
                                       note_block, NULL, NULL);
    unsigned long b = gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_BUFFER,
                                       note_block, NULL, NULL);
    GmThread *thread = gm_thread_try_new("push", push_one, src, NULL);
    wait_held_up();
    gm_pad_remove_probe(src, a);
    cr_assert(gm_pad_is_blocked(src));
    gm_pad_remove_probe(src, b);
    gm_thread_join(thread);
    cr_assert_eq(chained, 1);
    padtest_free(src, sink);
}

GM_TEST(pad_probe, a_flush_frees_a_blocked_push)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_BUFFER, note_block, NULL,
                     NULL);
    GmThread *thread = gm_thread_try_new("push", push_one, src, NULL);
    wait_held_up();
    gm_pad_push_event(src, gm_event_new_flush_start());
    gm_thread_join(thread);
    cr_assert_eq(push_result, GM_FLOW_FLUSHING);
    cr_assert_eq(chained, 0);
    padtest_free(src, sink);
}

GM_TEST(pad_probe, deactivation_frees_a_blocked_push)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_BUFFER, note_block, NULL,
                     NULL);
    GmThread *thread = gm_thread_try_new("push", push_one, src, NULL);
    wait_held_up();
    gm_pad_set_active(src, false);
    gm_thread_join(thread);
    cr_assert_eq(push_result, GM_FLOW_FLUSHING);
    padtest_free(src, sink);
}

GM_TEST(pad_probe, a_blocking_probe_may_drop_pass_or_remove_itself)
{
    static const GmPadProbeReturn answers[] = { GM_PAD_PROBE_DROP, GM_PAD_PROBE_PASS,
                                                GM_PAD_PROBE_REMOVE };
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    for (size_t i = 0; i < GM_LEN(answers); i++) {
        chained = 0;
        answer = answers[i];
        unsigned long id = gm_pad_add_probe(
            src, GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_BUFFER, probe, NULL, NULL);
        cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
        cr_assert_eq(chained, i == 0 ? 0 : 1);
        if (answer != GM_PAD_PROBE_REMOVE)
            gm_pad_remove_probe(src, id);
        cr_assert_not(gm_pad_is_blocked(src));
    }
    padtest_free(src, sink);
}

// ---- idle --------------------------------------------------------------------------------

GM_TEST(pad_probe, an_idle_probe_runs_at_once_on_an_idle_pad)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    answer = GM_PAD_PROBE_REMOVE;
    cr_assert_eq(gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_IDLE, probe, NULL, on_destroy), 0);
    cr_assert_eq(calls, 1);
    cr_assert_eq(destroyed, 1);
    cr_assert_eq(last_type, GM_PAD_PROBE_TYPE_IDLE);
    cr_assert_not(gm_pad_is_blocked(src));
    padtest_free(src, sink);
}

static GmPad *idle_pad;
static int calls_in_chain;
static GmFlowReturn add_idle_chain(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED,
                                   GmBuffer *buffer)
{
    gm_buffer_unref(buffer);
    cr_assert_neq(gm_pad_add_probe(idle_pad, GM_PAD_PROBE_TYPE_IDLE, probe, NULL, NULL), 0);
    calls_in_chain = calls;
    return GM_FLOW_OK;
}

GM_TEST(pad_probe, an_idle_probe_waits_for_a_push_to_end)
{
    GmPad *src, *sink;

    padtest_link(&src, &sink);
    idle_pad = src;
    answer = GM_PAD_PROBE_REMOVE;
    gm_pad_set_chain_function(sink, add_idle_chain);
    cr_assert_eq(gm_pad_push(src, gm_buffer_new()), GM_FLOW_OK);
    cr_assert_eq(calls_in_chain, 0);
    cr_assert_eq(calls, 1);
    padtest_free(src, sink);
}

// ---- pull --------------------------------------------------------------------------------

static GmFlowReturn give_buffer(GmPad *pad GM_UNUSED, GmObject *parent GM_UNUSED,
                                uint64_t offset GM_UNUSED, unsigned length GM_UNUSED,
                                GmBuffer **buffer)
{
    *buffer = gm_buffer_new();
    return GM_FLOW_OK;
}

static GmPadProbeReturn provide(GmPad *pad GM_UNUSED, GmPadProbeInfo *info, void *data GM_UNUSED)
{
    cr_assert_eq(info->offset, 5);
    cr_assert_eq(info->size, 100);
    info->data = gm_buffer_ref(replacement);
    return GM_PAD_PROBE_DROP;
}

GM_TEST(pad_probe, pulls_can_be_seen_dropped_and_answered)
{
    GmPad *src = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    GmPad *sink = gm_object_ref_sink(gm_pad_new("sink", GM_PAD_SINK));
    GmBuffer *buffer = NULL;

    gm_pad_set_getrange_function(src, give_buffer);
    cr_assert_eq(gm_pad_link(src, sink), GM_PAD_LINK_OK);
    cr_assert(gm_pad_activate_mode(sink, GM_PAD_MODE_PULL, true));
    answer = GM_PAD_PROBE_OK;
    unsigned long id = gm_pad_add_probe(sink, GM_PAD_PROBE_TYPE_BUFFER, probe, NULL, NULL);
    cr_assert_eq(gm_pad_pull_range(sink, 5, 100, &buffer), GM_FLOW_OK);
    cr_assert_eq(calls, 1);
    gm_buffer_unref(buffer);
    buffer = NULL;
    answer = GM_PAD_PROBE_DROP;
    cr_assert_eq(gm_pad_pull_range(sink, 5, 100, &buffer), GM_FLOW_EOS);
    cr_assert_null(buffer);
    gm_pad_remove_probe(sink, id);
    replacement = gm_buffer_new();
    gm_pad_add_probe(sink, GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_PULL, provide, NULL, NULL);
    cr_assert_eq(gm_pad_pull_range(sink, 5, 100, &buffer), GM_FLOW_OK);
    cr_assert_eq(buffer, replacement);
    gm_buffer_unref(buffer);
    gm_buffer_unref(replacement);
    gm_pad_set_active(sink, false);
    gm_object_unref(src);
    gm_object_unref(sink);
}
