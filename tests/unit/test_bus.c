// SPDX-License-Identifier: MIT
//
// The bus: order, filters, waits, sync handlers, flushing, descriptor, watches, signals.
#include <poll.h>

#include "element_kit.h"

static void bus_post(GmBus *bus, int n)
{
    gm_bus_post(bus, gm_message_new_application(
                         NULL, gm_structure_new("test", "n", GM_TYPE_INT, n, NULL)));
}

static int bus_number(GmMessage *message)
{
    int n = -1;
    cr_assert(gm_structure_get_int(gm_message_get_structure(message), "n", &n));
    gm_message_unref(message);
    return n;
}

GM_TEST(bus, keeps_order_through_growth)
{
    GmBus *bus = gm_bus_new();

    cr_assert_null(gm_bus_pop(bus));
    for (int i = 0; i < 5; i++)
        bus_post(bus, i);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(bus_number(gm_bus_pop(bus)), i);
    for (int i = 5; i < 100; i++)
        bus_post(bus, i);
    GmMessage *peeked = gm_bus_peek(bus);
    cr_assert_eq(bus_number(peeked), 3);
    for (int i = 3; i < 100; i++)
        cr_assert_eq(bus_number(gm_bus_pop(bus)), i);
    cr_assert_not(gm_bus_have_pending(bus));
    gm_object_unref(bus);
}

GM_TEST(bus, filters_drop_what_comes_before)
{
    GmBus *bus = gm_bus_new();

    bus_post(bus, 1);
    gm_bus_post(bus, gm_message_new_property_notify(GM_OBJECT(bus), "x", NULL));
    gm_bus_post(bus, gm_message_new_eos(NULL));
    bus_post(bus, 2);
    GmMessage *m = gm_bus_pop_filtered(bus, GM_MESSAGE_EOS);
    cr_assert_eq(GM_MESSAGE_TYPE(m), GM_MESSAGE_EOS);
    gm_message_unref(m);
    cr_assert_eq(bus_number(gm_bus_pop_filtered(bus, GM_MESSAGE_APPLICATION)), 2);
    gm_bus_post(bus, gm_message_new_property_notify(GM_OBJECT(bus), "x", NULL));
    m = gm_bus_pop_filtered(bus, GM_MESSAGE_EXTENDED);
    cr_assert_eq(GM_MESSAGE_TYPE(m), GM_MESSAGE_PROPERTY_NOTIFY);
    gm_message_unref(m);
    gm_object_unref(bus);
}

static void *bus_poster(void *bus)
{
    bus_post(bus, 1);
    gm_bus_post(bus, gm_message_new_eos(NULL));
    return NULL;
}

GM_TEST(bus, timed_pop_waits)
{
    GmBus *bus = gm_bus_new();
    GmClockTime before = gm_sync_now();

    cr_assert_null(gm_bus_timed_pop(bus, 5 * GM_MSECOND));
    cr_assert(gm_sync_now() - before >= (GmClockTime)(5 * GM_MSECOND));
    GmThread *thread = gm_thread_try_new("poster", bus_poster, bus, NULL);
    GmMessage *m = gm_bus_timed_pop_filtered(bus, GM_CLOCK_TIME_NONE, GM_MESSAGE_EOS);
    cr_assert_eq(GM_MESSAGE_TYPE(m), GM_MESSAGE_EOS);
    gm_message_unref(m);
    gm_thread_join(thread);
    gm_object_unref(bus);
}

static GmBusSyncReply bus_reply;
static GmBusSyncReply bus_handler(GmBus *bus, GmMessage *message, void *count)
{
    (void)bus;
    ++*(int *)count;
    if (bus_reply == GM_BUS_DROP)
        gm_message_unref(message);
    return bus_reply;
}

static void bus_destroyed(void *count)
{
    *(int *)count += 1000;
}

static void *bus_async_poster(void *bus)
{
    bus_post(bus, 9);
    return NULL;
}

GM_TEST(bus, sync_handler_drop_pass_async_replace)
{
    GmBus *bus = gm_bus_new();
    int count = 0;

    gm_bus_set_sync_handler(bus, bus_handler, &count, bus_destroyed);
    bus_reply = GM_BUS_DROP;
    bus_post(bus, 1);
    cr_assert_not(gm_bus_have_pending(bus));
    bus_reply = GM_BUS_PASS;
    bus_post(bus, 2);
    cr_assert_eq(bus_number(gm_bus_pop(bus)), 2);
    bus_reply = GM_BUS_ASYNC; // the poster waits until we release the message
    GmThread *thread = gm_thread_try_new("poster", bus_async_poster, bus, NULL);
    GmMessage *m = gm_bus_timed_pop(bus, GM_CLOCK_TIME_NONE);
    cr_assert_eq(bus_number(m), 9);
    gm_thread_join(thread);
    cr_assert_eq(count, 3);
    gm_bus_set_sync_handler(bus, NULL, NULL, NULL);
    cr_assert_eq(count, 1003);
    gm_object_unref(bus);
}

GM_TEST(bus, flushing_refuses)
{
    GmBus *bus = gm_bus_new();

    bus_post(bus, 1);
    gm_bus_set_flushing(bus, true);
    cr_assert_not(gm_bus_have_pending(bus));
    cr_assert_not(gm_bus_post(bus, gm_message_new_eos(NULL)));
    gm_bus_set_flushing(bus, false);
    cr_assert(gm_bus_post(bus, gm_message_new_eos(NULL)));
    gm_object_unref(bus); // releases what is left
}

GM_TEST(bus, descriptor_is_readable_while_messages_wait)
{
    GmBus *bus = gm_bus_new();
    struct pollfd fd;

    bus_post(bus, 1);
    gm_bus_get_pollfd(bus, &fd);
    cr_assert_eq(gm_sync_poll(&fd, 1, 0, bus), 1);
    bus_number(gm_bus_pop(bus));
    cr_assert_eq(gm_sync_poll(&fd, 1, 0, bus), 0);
    bus_post(bus, 2);
    bus_post(bus, 3);
    bus_number(gm_bus_pop(bus));
    cr_assert_eq(gm_sync_poll(&fd, 1, 0, bus), 1);
    gm_bus_set_flushing(bus, true);
    cr_assert_eq(gm_sync_poll(&fd, 1, 0, bus), 0);
    gm_object_unref(bus);
}

static bool bus_on_message(GmBus *bus, GmMessage *message, void *loop)
{
    (void)bus;
    if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_EOS)
        gm_main_loop_quit(loop);
    return true;
}

GM_TEST(bus, watch_on_the_main_loop)
{
    GmBus *bus = gm_bus_new();
    GmMainLoop *loop = gm_main_loop_new(NULL, false);

    cr_assert_gt(gm_bus_add_watch(bus, bus_on_message, loop), 0);
    gm_test_expect_criticals(1);
    cr_assert_eq(gm_bus_add_watch(bus, bus_on_message, loop), 0);
    bus_post(bus, 1);
    gm_bus_post(bus, gm_message_new_eos(NULL));
    gm_main_loop_run(loop);
    cr_assert_not(gm_bus_have_pending(bus));
    cr_assert(gm_bus_remove_watch(bus));
    gm_test_expect_criticals(1);
    cr_assert_not(gm_bus_remove_watch(bus));
    gm_main_loop_unref(loop);
    gm_object_unref(bus);
}

static void bus_on_signal(GmBus *bus, GmMessage *message, int *count)
{
    (void)bus, (void)message;
    ++*count;
}

GM_TEST(bus, signals)
{
    GmBus *bus = gm_bus_new();
    GmMainLoop *loop = gm_main_loop_new(NULL, false);
    int all = 0, eos = 0, sync = 0;

    gm_bus_add_signal_watch(bus);
    gm_bus_add_signal_watch(bus);
    gm_bus_enable_sync_message_emission(bus);
    gm_signal_connect(bus, "message", bus_on_signal, &all);
    gm_signal_connect(bus, "message::eos", bus_on_signal, &eos);
    gm_signal_connect(bus, "sync-message::eos", bus_on_signal, &sync);
    bus_post(bus, 1);
    gm_bus_post(bus, gm_message_new_eos(NULL));
    cr_assert_eq(sync, 1);
    while (gm_main_context_iteration(NULL, false))
        ;
    cr_assert(all == 2 && eos == 1, "%d %d", all, eos);
    gm_bus_disable_sync_message_emission(bus);
    gm_bus_remove_signal_watch(bus);
    gm_bus_remove_signal_watch(bus);
    gm_test_expect_criticals(1);
    gm_bus_remove_signal_watch(bus);
    gm_main_loop_unref(loop);
    gm_object_unref(bus);
}

GM_TEST(bus, misuse)
{
    gm_test_expect_criticals(3);
    cr_assert_null(gm_bus_pop(NULL));
    cr_assert_not(gm_bus_have_pending(NULL));
    gm_bus_set_flushing(NULL, true);
}
