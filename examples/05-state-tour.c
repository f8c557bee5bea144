// SPDX-License-Identifier: MIT
//
// 05-state-tour: every state change, up and down, and who is asked in which order.
//
//     NULL <-> READY <-> PAUSED <-> PLAYING            source  -->  filter  -->  sink
//
// The three elements are fakesrc, identity and fakesink with one function put in front: it notes
// each change_state call. What the application sees of it are state-changed messages.
// Limit: the order of messages of different elements in READY -> PAUSED depends on threads and is
// not claimed: the sink is asked first, but is there only when a buffer has come.

#include "example.h"
#include <gstmini-element.h>

extern const GmElementClass gm_fakesrc_class, gm_identity_class, gm_fakesink_class;

static char          asked[256]; // names of the elements asked during one step
static GmStateChange asked_for; // the same for all of them
static bool          one_change;
static _Atomic unsigned calls;     // of change_state in all

static GmStateChangeReturn tour_change_state(GmElement *el, GmStateChange transition)
{
    const GmObjectClass *parent = GM_OBJECT(el)->klass->parent;
    GmStateChangeReturn (*change_state)(GmElement *, GmStateChange) =
        (GmStateChangeReturn (*)(GmElement *, GmStateChange))gm_object_class_lookup(
            parent, offsetof(GmElementClass, change_state), &gm_element_class.object);

    snprintf(asked + strlen(asked), sizeof asked - strlen(asked), "%s ", GM_OBJECT_NAME(el));
    one_change &= transition == asked_for;
    calls++;
    GmStateChangeReturn ret = change_state(el, transition);
    printf("  %-9s change_state %-18s -> %s\n", GM_OBJECT_NAME(el),
           gm_state_change_get_name(transition), gm_element_state_change_return_get_name(ret));
    return ret;
}

// The first buffer that is played, not only held: before it a sink that goes back to PAUSED still
// has the held one and nothing to wait for.
static GmMutex lock = GM_MUTEX_INIT;
static GmCond  played = GM_COND_INIT;
static bool    has_played; // guarded by lock

static void on_handoff(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    (void)sink;
    (void)buffer;
    (void)pad;
    (void)data;
    gm_mutex_lock(&lock);
    has_played = true;
    gm_cond_broadcast(&played);
    gm_mutex_unlock(&lock);
}

static void wait_until_played(void)
{
    gm_mutex_lock(&lock);
    while (!has_played)
        gm_cond_wait(&played, &lock, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&lock);
}

#define TOUR(symbol, element_name, base)                                                       \
    static const GmElementClass symbol = { .name = element_name, .parent = &base.object,       \
                                           .longname = element_name, .klass = "Generic",       \
                                           .description = "Notes its state changes",           \
                                           .author = "The GstMini authors",                    \
                                           .change_state = tour_change_state }
TOUR(tour_source, "toursource", gm_fakesrc_class);
TOUR(tour_filter, "tourfilter", gm_identity_class);
TOUR(tour_sink, "toursink", gm_fakesink_class);

// Reads the messages of one step until the pipeline itself has changed; counts those of children.
static unsigned read_messages(GmElement *pipeline, GmState from, GmState to)
{
    GmBus *bus = gm_element_get_bus(pipeline);
    GmMessage *message;
    unsigned children = 0;
    bool done = false;

    while (!done && (message = gm_bus_timed_pop_filtered(bus, 10 * GM_SECOND,
                                                         GM_MESSAGE_STATE_CHANGED))) {
        GmState oldstate, newstate;
        gm_message_parse_state_changed(message, &oldstate, &newstate, NULL);
        done = GM_MESSAGE_SRC(message) == GM_OBJECT(pipeline);
        printf("  %-9s message %s -> %s\n", GM_MESSAGE_SRC_NAME(message),
               gm_element_state_get_name(oldstate), gm_element_state_get_name(newstate));
        if (!done && oldstate == from && newstate == to)
            children++;
        gm_message_unref(message);
    }
    gm_object_unref(bus);
    return done ? children : 0;
}

static GmState change(GmElement *pipeline, GmState from, GmState to)
{
    printf("\n%s -> %s\n", gm_element_state_get_name(from), gm_element_state_get_name(to));
    if (from == GM_STATE_PLAYING)
        wait_until_played();
    asked[0] = '\0';
    asked_for = GM_STATE_TRANSITION(from, to);
    one_change = true;
    GmStateChangeReturn ret = gm_element_set_state(pipeline, to);
    bool right = strcmp(asked, "sink filter source ") == 0 && one_change;
    GmStateChangeReturn want =
        to == GM_STATE_PAUSED ? GM_STATE_CHANGE_ASYNC : GM_STATE_CHANGE_SUCCESS;
    unsigned children = read_messages(pipeline, from, to);

    example_expect(right, "asked in the order: %s", asked);
    example_expect(ret == want, "set_state said %s", gm_element_state_change_return_get_name(ret));
    example_expect(children == 3,
                   "each of the %u elements said it once, the pipeline after them", children);
    return to;
}

int main(int argc, char **argv)
{
    static const GmState tour[] = { GM_STATE_READY, GM_STATE_PAUSED, GM_STATE_PLAYING,
                                    GM_STATE_PAUSED, GM_STATE_READY, GM_STATE_NULL };
    GmState state = GM_STATE_NULL;

    gm_init(&argc, &argv);
    example_begin("05 A tour of the states", "source  -->  filter  -->  sink",
                  "the sink is asked first on the way up: it can take data before any is sent\n"
                  "… and on the way down: it lets go of the thread that is inside it\n"
                  "to PAUSED, from above or below, is ASYNC: done when a buffer is at the sink");
    gm_element_register(NULL, "toursource", GM_RANK_NONE, &tour_source);
    gm_element_register(NULL, "tourfilter", GM_RANK_NONE, &tour_filter);
    gm_element_register(NULL, "toursink", GM_RANK_NONE, &tour_sink);
    GmElement *pipeline = example_launch("toursource name=source ! tourfilter name=filter ! "
                                         "toursink name=sink signal-handoffs=true");
    GmElement *sink = example_get(pipeline, "sink");
    gm_signal_connect(sink, "handoff", on_handoff, NULL);
    // auto-flush-bus would throw away what is said on the way to NULL.
    gm_object_set(pipeline, "name", "pipeline", "auto-flush-bus", false, NULL);

    for (unsigned i = 0; i < GM_LEN(tour); i++)
        state = change(pipeline, state, tour[i]);

    // Asked for PLAYING at once, a pipeline goes through the states in between by itself.
    puts("\nNULL -> PLAYING in one call, and back");
    calls = 0;
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    GmStateChangeReturn ret = gm_element_get_state(pipeline, &state, NULL, 10 * GM_SECOND);
    example_expect(ret == GM_STATE_CHANGE_SUCCESS && state == GM_STATE_PLAYING, "it is %s",
                   gm_element_state_get_name(state));
    gm_element_set_state(pipeline, GM_STATE_NULL);
    example_expect(calls == 18, "no state was left out: %u calls = 6 steps of 3 elements", calls);
    gm_object_unref(sink);
    gm_object_unref(pipeline);
    puts("\n"
         "GStreamer: gst_element_set_state () on a bin does the same, sinks first both ways\n"
         "(gst_bin_change_state); each step is a call of GstElementClass.change_state.");
    return example_end();
}
