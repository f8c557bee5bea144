// SPDX-License-Identifier: MIT
//
// bus_filters: what comes off a bus: order, filters, time-outs, flushing, sync handlers and their
// answers, the messages of state changes, the auto-flush of a pipeline.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include "gstmini.h"
#include "peers.h"

static void post(GmBus *bus, int n)
{
    for (int i = 0; i < n; i++) {
        char name[32];
        GmMessage *m;

        snprintf(name, sizeof(name), "n%d", i);
        m = i % 3 == 0   ? gm_message_new_application(NULL, gm_structure_new_empty(name))
            : i % 3 == 1 ? gm_message_new_element(NULL, gm_structure_new_empty(name))
                         : gm_message_new_eos(NULL);
        if (!gm_bus_post(bus, m))
            printf("  post %d refused\n", i);
    }
}

static void took(const char *what, GmMessage *m)
{
    printf("%s:", what);
    if (m == NULL) {
        printf(" nothing\n");
        return;
    }
    show_message(m);
    gm_message_unref(m);
}

static void filters(void)
{
    GmBus *bus = gm_bus_new();

    printf("filters\n");
    took("pop of an empty bus", gm_bus_pop(bus));
    took("timed", gm_bus_timed_pop(bus, 1000));
    took("filtered", gm_bus_timed_pop_filtered(bus, 0, GM_MESSAGE_ANY));
    took("peek", gm_bus_peek(bus));
    post(bus, 9);
    printf("pending %d\n", gm_bus_have_pending(bus));
    took("peek", gm_bus_peek(bus));
    took("peek", gm_bus_peek(bus));
    took("pop", gm_bus_pop(bus));
    took("eos", gm_bus_pop_filtered(bus, GM_MESSAGE_EOS));
    took("error", gm_bus_pop_filtered(bus, GM_MESSAGE_ERROR));
    took("after a miss", gm_bus_pop(bus));
    post(bus, 7);
    took("timed element", gm_bus_timed_pop_filtered(bus, GM_SECOND, GM_MESSAGE_ELEMENT));
    took("eos or application", gm_bus_timed_pop_filtered(bus, GM_SECOND, GM_MESSAGE_EOS | GM_MESSAGE_APPLICATION));
    took("nothing asked", gm_bus_pop_filtered(bus, 0));
    took("any", gm_bus_timed_pop_filtered(bus, 0, GM_MESSAGE_ANY));
    gm_bus_post(bus, gm_message_new_property_notify(NULL, "p", NULL));
    gm_bus_post(bus, gm_message_new_instant_rate_request(NULL, 2.0));
    took("extended", gm_bus_timed_pop_filtered(bus, 0, GM_MESSAGE_EXTENDED));
    post(bus, 3);
    printf("flushing\n");
    gm_bus_set_flushing(bus, 1);
    printf("pending %d\n", gm_bus_have_pending(bus));
    post(bus, 2);
    took("pop", gm_bus_pop(bus));
    took("timed", gm_bus_timed_pop(bus, 1000));
    gm_bus_set_flushing(bus, 0);
    took("pop", gm_bus_pop(bus));
    post(bus, 2);
    took("pop", gm_bus_pop(bus));
    gm_object_unref(bus);
}

static GmBusSyncReply on_sync(GmBus *bus, GmMessage *m, void *data)
{
    GmBusSyncReply reply = *(GmBusSyncReply *)data;

    printf("   sync, answer %d:", (int)reply);
    show_message(m);
    if (reply == GM_BUS_DROP)
        gm_message_unref(m);
    return reply;
}

static void gone(void *data)
{
    printf("   handler gone\n");
}

static void sync_handlers(void)
{
    static GmBusSyncReply replies[] = { GM_BUS_PASS, GM_BUS_DROP };
    GmBus *bus = gm_bus_new();

    printf("sync handlers\n");
    for (size_t i = 0; i < 2; i++) {
        gm_bus_set_sync_handler(bus, on_sync, &replies[i], gone);
        post(bus, 3);
        took("pop", gm_bus_pop(bus));
    }
    gm_bus_set_sync_handler(bus, NULL, NULL, NULL);
    post(bus, 1);
    took("pop", gm_bus_pop(bus));
    took("pop", gm_bus_pop(bus));
    took("pop", gm_bus_pop(bus));
    took("pop", gm_bus_pop(bus));
    gm_bus_set_sync_handler(bus, on_sync, &replies[0], gone);
    gm_object_unref(bus);
}

static int calls;

static GM_BOOL on_watch(GmBus *bus, GmMessage *m, void *data)
{
    printf("   watch:");
    show_message(m);
    if (GM_MESSAGE_TYPE(m) == GM_MESSAGE_EOS)
        gm_main_loop_quit(data);
    return ++calls < 6;
}

static void on_signal(GmBus *bus, GmMessage *m, void *data)
{
    printf("   signal %s:", (const char *)data);
    show_message(m);
}

static void watches(void)
{
    GmBus *bus = gm_bus_new();
    GmMainLoop *loop = gm_main_loop_new(NULL, 0);
    unsigned id;

    printf("watches\n");
    id = gm_bus_add_watch(bus, on_watch, loop);
    printf("  id %d again %u\n", id != 0, gm_bus_add_watch(bus, on_watch, loop));
    post(bus, 3);
    gm_main_loop_run(loop);
    post(bus, 3);
    gm_main_loop_run(loop);
    printf("  calls %d remove %d\n", calls, gm_bus_remove_watch(bus));
    gm_bus_add_signal_watch(bus);
    gm_bus_enable_sync_message_emission(bus);
    gm_signal_connect(bus, "message", GM_CALLBACK(on_signal), "message");
    gm_signal_connect(bus, "message::eos", GM_CALLBACK(on_signal), "message::eos");
    gm_signal_connect(bus, "message::element", GM_CALLBACK(on_signal), "message::element");
    gm_signal_connect(bus, "sync-message::application", GM_CALLBACK(on_signal), "sync-message::application");
    post(bus, 4);
    while (gm_bus_have_pending(bus))
        gm_main_context_iteration(NULL, 0);
    gm_bus_disable_sync_message_emission(bus);
    gm_bus_remove_signal_watch(bus);
    post(bus, 1);
    gm_main_context_iteration(NULL, 0);
    took("pop", gm_bus_pop(bus));
    gm_object_unref(bus);
    gm_main_loop_unref(loop);
}

#define HIDE (PEERS_HIDE | GM_MESSAGE_LATENCY) // told at the first buffer, from its thread

static void states(const char *line)
{
    GmElement *p = launch(line);
    GmBus *bus = gm_element_get_bus(p);

    to_state(p, GM_STATE_READY);
    show_bus(bus, 0, HIDE);
    to_state(p, GM_STATE_PAUSED);
    show_bus(bus, 0, HIDE);
    to_state(p, GM_STATE_PLAYING);
    show_bus(bus, GM_MESSAGE_EOS, HIDE);
    to_state(p, GM_STATE_PAUSED);
    show_bus(bus, 0, HIDE);
    to_state(p, GM_STATE_READY);
    show_bus(bus, 0, HIDE);
    to_state(p, GM_STATE_NULL);
    show_bus(bus, 0, HIDE);
    gm_pipeline_set_auto_flush_bus(GM_PIPELINE(p), 0);
    to_state(p, GM_STATE_READY);
    to_state(p, GM_STATE_NULL);
    printf(" kept without auto-flush\n");
    show_bus(bus, 0, HIDE);
    gm_object_unref(bus);
    gm_object_unref(p);
}

static void failures(const char *line, GmState to)
{
    GmElement *p = launch(line);
    GmBus *bus;

    if (p == NULL)
        return;
    bus = gm_element_get_bus(p);
    printf("set: %s\n", gm_element_state_change_return_get_name(gm_element_set_state(p, to)));
    show_bus(bus, GM_MESSAGE_ERROR | GM_MESSAGE_EOS, PEERS_HIDE | GM_MESSAGE_STATE_CHANGED | GM_MESSAGE_ASYNC_START |
             GM_MESSAGE_STREAM_START | GM_MESSAGE_ASYNC_DONE | GM_MESSAGE_LATENCY);
    to_state(p, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(p);
}

int main(int argc, char **argv)
{
    gm_init(NULL, NULL);
    filters();
    sync_handlers();
    watches();
    peers_hide_from = "si";
    states("fakesrc name=s num-buffers=2 ! fakesink name=k");
    states("fakesrc name=s num-buffers=2 ! identity name=i ! fakesink name=k");
    peers_hide_from = "";
    failures("filesrc name=s location=/nonexistent/x ! fakesink name=k", GM_STATE_PAUSED);
    failures("filesrc name=s ! fakesink name=k", GM_STATE_PAUSED);
    failures("fakesrc name=s num-buffers=3 ! filesink name=k location=/nonexistent/x", GM_STATE_PAUSED);
    failures("fakesrc name=s num-buffers=9 ! identity name=i error-after=3 ! fakesink name=k", GM_STATE_PLAYING);
    failures("fakesrc name=s num-buffers=9 ! identity name=i eos-after=3 ! fakesink name=k", GM_STATE_PLAYING);
    failures("fakesrc name=s num-buffers=9 ! tee name=t", GM_STATE_PLAYING);
    failures("fakesrc name=s num-buffers=9 ! identity name=i", GM_STATE_PLAYING);
    failures("fakesrc name=s num-buffers=9 ! x/y ! fakesink name=k", GM_STATE_PLAYING);
    failures("fakesrc name=s num-buffers=9 ! queue name=q ! identity name=i error-after=2 ! fakesink name=k", GM_STATE_PLAYING);
    failures("fakesrc name=s num-buffers=2 ! fakesink name=k state-error=ready-to-paused", GM_STATE_PLAYING);
    failures("fakesrc name=s num-buffers=2 ! fakesink name=k state-error=null-to-ready", GM_STATE_PLAYING);
    return 0;
}
