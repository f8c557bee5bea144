// SPDX-License-Identifier: MIT
//
// 19-self-join: a streaming thread cannot stop its own pipeline; the application can.
//
//     fakesrc  -->  probe: "that is enough"  -->  fakesink
//
// To go to NULL is to wait for the streaming threads to end. A thread that asks for it from inside
// a push would wait for itself. GstMini notices: the task refuses to be joined from its own thread
// and says so in a critical. Nothing hangs, but half of it is done: the elements are in NULL, the
// thread is still there, and the bus has been emptied, so that nobody hears of it. What works: post
// a message, return from the push, and let the application, which reads the bus, change the state.
// Limit: with a queue in between the call comes from the queue's thread, with the same result. If
// the application changes the state at that moment, too, the two do wait for each other.

#include "example.h"

#define ENOUGH 3

typedef struct {
    bool             wrong_way;
    GmElement       *pipeline; // borrowed
    _Atomic unsigned buffers;
    _Atomic int      thread;
    // guarded by lock
    GmMutex          lock;
    GmCond           cond;
    bool             done;
    unsigned         criticals; // printed by set_state in the streaming thread
} Stop;

static GmPadProbeReturn stop_after_some(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    Stop *stop = data;
    GmElement *source = GM_PAD_PARENT(pad);
    unsigned before = gm_critical_count();

    (void)info;
    stop->thread = gm_thread_get_id();
    if (++stop->buffers != ENOUGH)
        return GM_PAD_PROBE_OK;
    if (stop->wrong_way) {
        example_log("streaming thread", "set_state (pipeline, NULL)");
        GmStateChangeReturn ret = gm_element_set_state(stop->pipeline, GM_STATE_NULL);
        example_log("streaming thread", "... gave %s, and this thread still runs",
                    gm_element_state_change_return_get_name(ret));
    }
    gm_element_post_message(source, gm_message_new_application(GM_OBJECT(source),
                                                               gm_structure_new_empty("enough")));
    gm_mutex_lock(&stop->lock);
    stop->criticals = gm_critical_count() - before;
    stop->done = true;
    gm_cond_broadcast(&stop->cond);
    gm_mutex_unlock(&stop->lock);
    return GM_PAD_PROBE_OK;
}

// ThreadSanitizer sees just that in the wrong way: the state lock is taken with a stream lock held.
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "deadlock:stop_after_some\n";
}

// True: the probe has done what it wanted, and its push has returned.
static bool wait_until_done(Stop *stop, GmPad *pad)
{
    GmClockTime end = gm_sync_now() + 20 * GM_SECOND;
    bool in_time = true;

    gm_mutex_lock(&stop->lock);
    while (!stop->done && in_time)
        in_time = gm_cond_wait_until(&stop->cond, &stop->lock, end, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&stop->lock);
    if (in_time) {
        GM_PAD_STREAM_LOCK(pad); // held by the streaming thread for the length of a push
        GM_PAD_STREAM_UNLOCK(pad);
    }
    return in_time;
}

static void the_wrong_way(Stop *stop, GmPad *pad, GmBus *bus)
{
    GmState state = GM_STATE_PLAYING;

    example_expect(wait_until_done(stop, pad), "set_state returned: nothing hangs");
    example_expect(stop->criticals == 1, "it printed one CRITICAL: the thread would join itself");
    gm_element_get_state(stop->pipeline, &state, NULL, 0);
    unsigned task = gm_pad_get_task_state(pad);
    example_expect(state == GM_STATE_NULL && task != GM_TASK_STOPPED,
                   "the pipeline says %s, but the source's task is %s: its thread is left over",
                   gm_element_state_get_name(state), task == GM_TASK_PAUSED ? "paused" : "running");
    example_expect(!gm_bus_have_pending(bus),
                   "the message it posted is lost: a pipeline in NULL has an empty, closed bus");
    example_log("application", "tidies up: once more to PAUSED, then to NULL");
    gm_element_set_state(stop->pipeline, GM_STATE_PAUSED);
}

static void the_right_way(Stop *stop, GmBus *bus)
{
    GmMessage *message =
        gm_bus_timed_pop_filtered(bus, 20 * GM_SECOND, GM_MESSAGE_APPLICATION);

    example_expect(message && stop->thread != gm_thread_get_id(),
                   "the message came from the streaming thread to the application's");
    if (message)
        gm_message_unref(message);
    example_log("application", "set_state (pipeline, NULL)");
}

static void run(const char *title, bool wrong_way)
{
    Stop stop = { .wrong_way = wrong_way };
    unsigned criticals = gm_critical_count();

    printf("\n%s\n", title);
    GmElement *pipeline = example_launch("fakesrc name=source ! fakesink sync=false");
    GmElement *source = example_get(pipeline, "source");
    GmPad *pad = gm_element_get_static_pad(source, "src");
    GmBus *bus = gm_element_get_bus(pipeline);
    stop.pipeline = pipeline;
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, stop_after_some, &stop, NULL);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    if (wrong_way)
        the_wrong_way(&stop, pad, bus);
    else
        the_right_way(&stop, bus);
    GmStateChangeReturn ret = gm_element_set_state(pipeline, GM_STATE_NULL);
    example_expect(ret == GM_STATE_CHANGE_SUCCESS && gm_pad_get_task_state(pad) == GM_TASK_STOPPED,
                   "set to NULL by the application: the source's thread has ended");
    example_expect(gm_critical_count() - criticals == (wrong_way ? 1 : 0), "criticals in all: %u",
                   gm_critical_count() - criticals);
    gm_object_unref(bus);
    gm_object_unref(pad);
    gm_object_unref(source);
    gm_object_unref(pipeline);
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    example_begin("19 Self-join: who may stop a pipeline",
                  "fakesrc  -->  probe that wants to stop after 3 buffers  -->  fakesink",
                  "a CRITICAL says that the thread would wait for itself, and what to do instead\n"
                  "set_state says SUCCESS all the same: the CRITICAL is the only sign\n"
                  "told by a message, the application stops the pipeline, thread and all");
    run("the wrong way: the streaming thread sets NULL", true);
    run("the right way: it posts a message, the application sets NULL", false);
    puts("\nGStreamer 1.22 does the same: \"Trying to join task ... from its thread would deadlock\",\n"
         "SUCCESS, and a paused task. Elements have gst_element_call_async for this.");
    return example_end();
}
