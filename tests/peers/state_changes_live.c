// SPDX-License-Identifier: MIT
//
// state_changes_live: what state changes answer, and what they post, with live and other sources, sinks
// that wait and sinks that do not, mixed in one pipeline; locked states, elements added while it
// runs, sync_state_with_parent, base and start times. The second buffer of each source is due in
// 1000 seconds, so that between two states nothing moves.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include <pthread.h>

#include "gstmini.h"
#include "peers.h"

static void set(GmElement *e, GmState state)
{
    GmState now, pending;
    int down = GM_STATE(e) > state;
    GmStateChangeReturn ret = gm_element_set_state(e, state), then;

    // Back to PAUSED the sink may already hold its buffer again, or not yet.
    if (down && ret == GM_STATE_CHANGE_ASYNC)
        ret = GM_STATE_CHANGE_SUCCESS;
    then = gm_element_get_state(e, &now, &pending, 5 * GM_SECOND);
    printf("%s to %s: %s then %s %s (%s)\n", GM_OBJECT_NAME(e), gm_element_state_get_name(state),
           gm_element_state_change_return_get_name(ret), gm_element_state_change_return_get_name(then),
           gm_element_state_get_name(now), gm_element_state_get_name(pending));
}

// What the pipeline itself says of its states: its children commit theirs at their own time.
static void messages(GmBus *bus, GmElement *pipeline)
{
    GmMessage *m;

    while ((m = gm_bus_pop(bus)) != NULL) {
        if (GM_MESSAGE_SRC(m) == (GmObject *)pipeline && GM_MESSAGE_TYPE(m) == GM_MESSAGE_STATE_CHANGED)
            show_message(m);
        gm_message_unref(m);
    }
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned seen, sinks;

static void on_handoff(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    pthread_mutex_lock(&lock);
    seen |= 1u << *GM_OBJECT_NAME(sink) % 32;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void watch_sinks(GmElement *p)
{
    static const char *const names[] = { "j", "k" };

    sinks = 0;
    for (size_t i = 0; i < PEERS_LEN(names); i++) {
        GmElement *e = gm_bin_get_by_name(GM_BIN(p), names[i]);
        if (e == NULL)
            continue;
        gm_signal_connect(e, "handoff", GM_CALLBACK(on_handoff), NULL);
        sinks |= 1u << *names[i] % 32;
        gm_object_unref(e);
    }
}

// PLAYING is there when each sink has rendered the first buffer.
static void wait_sinks(void)
{
    pthread_mutex_lock(&lock);
    while ((seen & sinks) != sinks)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static void walk(const char *line)
{
    static const GmState path[] = { GM_STATE_READY, GM_STATE_PAUSED, GM_STATE_PLAYING, GM_STATE_PAUSED,
                                    GM_STATE_PLAYING, GM_STATE_PAUSED, GM_STATE_READY, GM_STATE_PAUSED,
                                    GM_STATE_NULL, GM_STATE_PLAYING, GM_STATE_PAUSED, GM_STATE_NULL };
    char text[1000];
    GmElement *p;
    GmBus *bus;

    // S: a source; K: a sink that syncs; a live source syncs by itself.
    text[0] = '\0';
    for (; *line != '\0'; line++) {
        char one[2] = { *line, '\0' };
        strcat(text, *line == 'S' ? "fakesrc format=time datarate=1 sizetype=fixed sizemax=1000"
                     : *line == 'L' ? "fakesrc format=time datarate=1 sizetype=fixed sizemax=1000 is-live=true sync=true"
                     : *line == 'K' ? "fakesink sync=true signal-handoffs=true" : one);
    }
    p = launch(text);
    bus = gm_element_get_bus(p);
    watch_sinks(p);
    gm_object_set((GmObject *)p, "name", "p", NULL);
    for (size_t i = 0; i < PEERS_LEN(path); i++) {
        if (path[i] == GM_STATE_READY || path[i] == GM_STATE_NULL)
            seen = 0;
        set(p, path[i]);
        if (path[i] == GM_STATE_PLAYING)
            wait_sinks();
        messages(bus, p);
        printf("  base time set %d start time %s\n", gm_element_get_base_time(p) != 0,
               gm_element_get_start_time(p) == 0 ? "0" : gm_element_get_start_time(p) == GM_CLOCK_TIME_NONE ? "none" : "some");
    }
    gm_object_unref(bus);
    gm_object_unref(p);
}

static void added(int live)
{
    GmElement *p = gm_pipeline_new("p"), *a = gm_element_factory_make("fakesrc", "a"), *b = gm_element_factory_make("fakesink", "b");
    GmElement *c = gm_element_factory_make("fakesrc", "c"), *d = gm_element_factory_make("fakesink", "d");
    GmBus *bus = gm_element_get_bus(p);

    printf("added while it runs, live %d\n", live);
    gm_object_set(a, "is-live", live, NULL);
    gm_bin_add_many(GM_BIN(p), a, b, NULL);
    printf(" link %d\n", gm_element_link(a, b));
    set(p, GM_STATE_PAUSED);
    gm_bin_add_many(GM_BIN(p), c, d, NULL);
    show_state(p, " after add");
    printf(" link %d\n", gm_element_link(c, d));
    show_state(c, " c");
    printf(" sync %d", gm_element_sync_state_with_parent(d));
    printf(" %d\n", gm_element_sync_state_with_parent(c));
    gm_element_get_state(d, NULL, NULL, 5 * GM_SECOND);
    show_state(c, " c");
    show_state(d, " d");
    gm_element_get_state(p, NULL, NULL, 5 * GM_SECOND);
    show_state(p, " p");
    printf(" lock %d again %d is %d\n", gm_element_set_locked_state(c, 1), gm_element_set_locked_state(c, 1),
           gm_element_is_locked_state(c));
    set(p, GM_STATE_READY);
    show_state(c, " c");
    printf(" unlock %d\n", gm_element_set_locked_state(c, 0));
    set(p, GM_STATE_NULL);
    show_state(c, " c");
    gm_object_unref(bus);
    gm_object_unref(p);
}

static void single(const char *name)
{
    GmElement *e = gm_element_factory_make(name, "e");

    printf("%s alone\n", name);
    gm_object_ref_sink(e);
    set(e, GM_STATE_READY);
    if (strcmp(name, "fakesink") != 0)
        set(e, GM_STATE_PAUSED);
    else {
        printf(" %s\n", gm_element_state_change_return_get_name(gm_element_set_state(e, GM_STATE_PAUSED)));
        show_state(e, " e");
        printf(" %s\n", gm_element_state_change_return_get_name(gm_element_set_state(e, GM_STATE_PLAYING)));
        show_state(e, " e");
        gm_element_lost_state(e);
        show_state(e, " lost");
        gm_element_abort_state(e);
        show_state(e, " aborted");
    }
    printf(" sync %d\n", gm_element_sync_state_with_parent(e));
    set(e, GM_STATE_NULL);
    gm_object_unref(e);
}

int main(int argc, char **argv)
{
    gm_init(NULL, NULL);
    single("identity");
    single("fakesink");
    walk("S name=s ! K name=k");
    walk("L name=s ! K name=k");
    walk("L name=s ! queue name=q ! K name=k");
    walk("S name=s ! K name=k L name=l ! K name=j");
    walk("L name=l ! K name=j S name=s ! K name=k");
    walk("( name=in L name=l ! K name=j ) S name=s ! K name=k");
    walk("S name=s ! tee name=t ! queue name=q ! K name=k t. ! queue name=r ! K name=j");
    added(0);
    added(1);
    return 0;
}
