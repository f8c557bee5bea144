// SPDX-License-Identifier: MIT
//
// random_ops: 10,000 random operations on small pipelines while they play.
//
//     application thread   states, seeks, branches added and removed, links broken and mended
//     second thread        states, seeks, flushes, EOS, queries, properties: no structure
//     streaming threads    in probes: drop, query, post, events upstream, probes that come and go
//
// Passes when data has flowed, nothing is reported (sanitizers, criticals), nobody hangs (a watchdog says who was
// doing what) and nothing is left alive. GM_SEED=n repeats the operations of a run, though not the
// moments at which threads meet. Argument: how many operations.
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gstmini-element.h"

#define POOL 5
#define BRANCHES 3
#define STUCK_SECONDS 20

typedef struct {
    GmElement *pipeline;
    GmElement *tee;              // NULL: no branches
    GmElement *left, *right;     // a link that is broken and mended
    GmElement *extra;            // an identity between left and right, or NULL
    GmMutex structure;           // held while links and children change
    _Atomic bool busy;           // a change of the link waits for the pad to be idle
    // application thread, and the idle probe while busy
    _Atomic bool linked, buried; // buried: extra is out and can go
    struct { GmElement *queue, *sink; GmPad *pad; } branch[BRANCHES];
    _Atomic unsigned long buffers;
} Subject;

static const char *const lines[POOL] = {
    "fakesrc sizetype=fixed sizemax=16 ! queue name=l max-size-buffers=4 ! fakesink name=r",
    "fakesrc datarate=1000 sizetype=fixed sizemax=1 ! tee name=t allow-not-linked=true ! "
    "queue name=l max-size-buffers=3 ! fakesink name=r sync=true",
    "filesrc location=/proc/self/exe ! identity name=l ! queue name=r max-size-buffers=2 ! fakesink",
    "livesrc width=16 height=16 fps=200 ! tee name=t allow-not-linked=true ! "
    "queue name=l leaky=downstream max-size-buffers=2 ! fakesink name=r sync=true",
    "fakesrc name=l sizetype=fixed sizemax=8 ! identity name=r ! tee name=t ! ( queue ! fakesink )",
};

static Subject pool[POOL];
static unsigned long total = 10000;
static _Atomic unsigned long done;
static _Atomic bool stop;
// What each thread is doing, for the watchdog.
static const char *_Atomic doing[2];
static _Atomic int doing_on[2];

// ---- chance ------------------------------------------------------------------------------------

typedef struct { uint64_t state; int thread; } Chance;

static unsigned below(Chance *chance, unsigned n)
{
    uint64_t x = chance->state += 0x9e3779b97f4a7c15u; // splitmix64

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (unsigned)((x ^ (x >> 31)) % n);
}

// ---- in streaming threads ------------------------------------------------------------------------

static GmPadProbeReturn once(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)pad;
    (void)info;
    (void)data;
    return GM_PAD_PROBE_REMOVE;
}

// On the source pad of `left`: a buffer passes, and sometimes something happens.
static GmPadProbeReturn stream_probe(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    static _Atomic uint64_t turns;
    Subject *s = data;
    Chance chance = { turns++ * 77, 2 };
    GmElement *el = gm_pad_get_parent_element(pad);

    (void)info;
    s->buffers++;
    switch (el != NULL ? below(&chance, 60) : 60) {
    case 0: {
        GmQuery *query = gm_query_new_latency();
        gm_pad_peer_query(pad, query);
        gm_query_unref(query);
        break;
    }
    case 1:
        gm_element_post_message(el, gm_message_new_element(GM_OBJECT(el),
                                                           gm_structure_new_empty("hello")));
        break;
    case 2:
        gm_pad_send_event(pad, gm_event_new_qos(GM_QOS_TYPE_OVERFLOW, 1.0, 0, 0));
        break;
    case 3:
        gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, once, NULL, NULL);
        break;
    case 4:
        gm_pad_send_event(pad, gm_event_new_reconfigure());
        break;
    case 5: {
        GmCaps *caps = gm_pad_peer_query_caps(pad, NULL);
        gm_caps_unref(caps);
        break;
    }
    case 6:
        gm_object_unref(el);
        return GM_PAD_PROBE_DROP;
    default:
        break;
    }
    if (el != NULL)
        gm_object_unref(el);
    return GM_PAD_PROBE_OK;
}

// ---- operations of both threads ------------------------------------------------------------------

static void op_state(Subject *s, Chance *chance)
{
    // PLAYING as often as all others: so that there is something to disturb.
    static const GmState states[] = { GM_STATE_NULL, GM_STATE_READY, GM_STATE_PAUSED,
                                      GM_STATE_PLAYING, GM_STATE_PLAYING, GM_STATE_PLAYING };
    GmState state = states[below(chance, GM_LEN(states))];

    // Elements are activated from sinks to sources; a link made meanwhile would break that order
    // and let data in before its segment. Every other change may meet every other operation.
    GM_STATE_LOCK(s->pipeline);
    GM_OBJECT_LOCK(s->pipeline);
    bool streams = GM_STATE(s->pipeline) >= GM_STATE_PAUSED;
    GM_OBJECT_UNLOCK(s->pipeline);
    if (state < GM_STATE_PAUSED || streams) {
        gm_element_set_state(s->pipeline, state);
    } else if (gm_mutex_trylock(&s->structure)) {
        if (!s->busy)
            gm_element_set_state(s->pipeline, state);
        gm_mutex_unlock(&s->structure);
    }
    GM_STATE_UNLOCK(s->pipeline);
}

static void op_wait_state(Subject *s, Chance *chance)
{
    GmState state, pending;

    gm_element_get_state(s->pipeline, &state, &pending, below(chance, 3000) * (unsigned)GM_USECOND);
}

// A flush has to find the threads that it is to free: while a link is open for a moment it would
// not. True: nothing of that kind is under way, and cannot begin before `flush_end`.
static bool flush_begin(Subject *s)
{
    if (!gm_mutex_trylock(&s->structure))
        return false;
    if (!s->busy)
        return true;
    gm_mutex_unlock(&s->structure);
    return false;
}

static void flush_end(Subject *s)
{
    gm_mutex_unlock(&s->structure);
}

static void op_flush_seek(Subject *s, Chance *chance)
{
    GmFormat format = below(chance, 2) ? GM_FORMAT_BYTES : GM_FORMAT_TIME;

    int64_t position = below(chance, 1000);

    if (!flush_begin(s))
        return;
    gm_element_seek_simple(s->pipeline, format, GM_SEEK_FLAG_FLUSH, position);
    flush_end(s);
}

// With an end, and perhaps in another rate.
static void op_seek(Subject *s, Chance *chance)
{
    GmEvent *seek = gm_event_new_seek(1.0 + below(chance, 2), GM_FORMAT_BYTES,
                                      GM_SEEK_FLAG_FLUSH | GM_SEEK_FLAG_ACCURATE, GM_SEEK_TYPE_SET,
                                      below(chance, 100), GM_SEEK_TYPE_SET,
                                      1000 + (int64_t)below(chance, 100000));

    if (!flush_begin(s)) {
        gm_event_unref(seek);
        return;
    }
    gm_element_send_event(s->pipeline, seek);
    flush_end(s);
}

static void op_flush(Subject *s, Chance *chance)
{
    (void)chance;
    // A FLUSH_STOP waits for the streaming thread, which only a FLUSH_START frees: no state change
    // that undoes it may come between.
    if (!flush_begin(s))
        return;
    GM_STATE_LOCK(s->pipeline);
    gm_element_send_event(s->pipeline, gm_event_new_flush_start());
    gm_element_send_event(s->pipeline, gm_event_new_flush_stop(true));
    GM_STATE_UNLOCK(s->pipeline);
    flush_end(s);
}

static void op_eos(Subject *s, Chance *chance)
{
    if (below(chance, 4) == 0)
        gm_element_send_event(s->pipeline, gm_event_new_eos());
}

static void op_queries(Subject *s, Chance *chance)
{
    int64_t value;
    GmQuery *query = gm_query_new_latency();

    gm_element_query(s->pipeline, query);
    gm_query_unref(query);
    gm_element_query_position(s->pipeline, GM_FORMAT_TIME, &value);
    gm_element_query_duration(s->pipeline, GM_FORMAT_BYTES, &value);
    if (below(chance, 4) == 0)
        gm_bin_recalculate_latency(GM_BIN(s->pipeline));
}

static void op_bus(Subject *s, Chance *chance)
{
    GmBus *bus = gm_element_get_bus(s->pipeline);

    for (unsigned n = below(chance, 20); n > 0; n--) {
        GmMessage *message = gm_bus_pop(bus);
        if (message == NULL)
            break;
        gm_message_unref(message);
    }
    gm_object_unref(bus);
}

static void op_property(Subject *s, Chance *chance)
{
    if (strcmp(GM_ELEMENT_GET_CLASS(s->left)->name, "queue") == 0)
        gm_object_set(s->left, "max-size-buffers", 1 + below(chance, 6), NULL);
    unsigned level = 0;
    if (strcmp(GM_ELEMENT_GET_CLASS(s->right)->name, "queue") == 0)
        gm_object_get(s->right, "current-level-buffers", &level, NULL);
}

static void op_offset(Subject *s, Chance *chance)
{
    GmPad *pad = gm_element_get_static_pad(s->left, "src");

    gm_pad_set_offset(pad, below(chance, 1000));
    gm_object_unref(pad);
}

static GmPadProbeReturn hold(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)pad;
    (void)info;
    (void)data;
    return GM_PAD_PROBE_OK;
}

static void op_block(Subject *s, Chance *chance)
{
    GmPad *pad = gm_element_get_static_pad(s->left, "src");
    unsigned long id = gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, hold, NULL, NULL);

    gm_sync_sleep_until(gm_sync_now() + below(chance, 300) * (unsigned)GM_USECOND);
    if (below(chance, 8) == 0)
        gm_element_set_state(s->pipeline, GM_STATE_READY);
    gm_pad_remove_probe(pad, id);
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_IDLE, once, NULL, NULL);
    gm_object_unref(pad);
}

static void op_pause(Subject *s, Chance *chance)
{
    (void)s;
    gm_sync_sleep_until(gm_sync_now() + below(chance, 1000) * (unsigned)GM_USECOND);
}

// ---- operations of the application thread: structure ---------------------------------------------

// A link can be broken only when no data is behind it: a flush would not find the thread that is
// stuck there. So it is done in idle probes: in a streaming thread or in the application's.
static void when_idle(Subject *s, GmPadProbeCallback change)
{
    GmPad *pad = gm_element_get_static_pad(s->left, "src");

    s->busy = true;
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_IDLE, change, s, NULL);
    gm_object_unref(pad);
}

static GmPadProbeReturn change_link(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    Subject *s = data;

    (void)pad;
    (void)info;
    if (s->linked)
        gm_element_unlink(s->left, s->right);
    else
        gm_element_link(s->left, s->right);
    s->linked = !s->linked;
    s->busy = false;
    return GM_PAD_PROBE_REMOVE;
}

static GmPadProbeReturn put_in(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    Subject *s = data;

    (void)pad;
    (void)info;
    gm_element_unlink(s->left, s->right);
    gm_element_link_many(s->left, s->extra, s->right, NULL);
    s->linked = true;
    s->busy = false;
    return GM_PAD_PROBE_REMOVE;
}

static GmPadProbeReturn take_out(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    Subject *s = data;

    (void)pad;
    (void)info;
    gm_element_unlink_many(s->left, s->extra, s->right, NULL);
    s->linked = gm_element_link(s->left, s->right);
    s->buried = true;
    s->busy = false;
    return GM_PAD_PROBE_REMOVE;
}

static void op_relink(Subject *s, Chance *chance)
{
    (void)chance;
    if (!s->busy && s->extra == NULL)
        when_idle(s, change_link);
}

// Puts an identity between left and right, or takes it out again.
static void op_insert(Subject *s, Chance *chance)
{
    (void)chance;
    if (s->busy)
        return;
    if (s->extra == NULL) {
        s->extra = gm_object_ref(gm_element_factory_make("identity", NULL));
        gm_bin_add(GM_BIN(s->pipeline), s->extra);
        gm_element_sync_state_with_parent(s->extra);
        when_idle(s, put_in);
    } else if (!s->buried) {
        when_idle(s, take_out);
    } else {
        gm_element_set_locked_state(s->extra, true); // the other thread may change states
        gm_element_set_state(s->extra, GM_STATE_NULL);
        gm_bin_remove(GM_BIN(s->pipeline), s->extra);
        gm_object_unref(s->extra);
        s->extra = NULL;
        s->buried = false;
    }
}

static void branch_add(Subject *s, unsigned i)
{
    GmElement *queue = gm_element_factory_make("queue", NULL);
    GmElement *sink = gm_element_factory_make("fakesink", NULL);

    gm_object_set(sink, "async", i != 0, NULL);
    gm_object_set(queue, "max-size-buffers", 2, NULL);
    s->branch[i].queue = gm_object_ref(queue);
    s->branch[i].sink = gm_object_ref(sink);
    gm_bin_add_many(GM_BIN(s->pipeline), queue, sink, NULL);
    gm_element_link(queue, sink);
    s->branch[i].pad = gm_element_request_pad_simple(s->tee, "src_%u");
    GmPad *sinkpad = gm_element_get_static_pad(queue, "sink");
    if (gm_pad_link(s->branch[i].pad, sinkpad) != GM_PAD_LINK_OK)
        gm_critical(__func__, "a new branch was not linked");
    gm_object_unref(sinkpad);
    gm_element_sync_state_with_parent(sink);
    gm_element_sync_state_with_parent(queue);
}

static void branch_remove(Subject *s, unsigned i, bool unlink_first)
{
    GmElement *queue = s->branch[i].queue, *sink = s->branch[i].sink;

    if (unlink_first)
        gm_element_release_request_pad(s->tee, s->branch[i].pad);
    gm_element_set_locked_state(sink, true);
    gm_element_set_locked_state(queue, true);
    gm_element_set_state(sink, GM_STATE_NULL);
    gm_element_set_state(queue, GM_STATE_NULL);
    if (!unlink_first)
        gm_element_release_request_pad(s->tee, s->branch[i].pad);
    gm_bin_remove_many(GM_BIN(s->pipeline), queue, sink, NULL);
    gm_object_unref(s->branch[i].pad);
    gm_object_unref(queue);
    gm_object_unref(sink);
    s->branch[i].queue = NULL;
}

static void op_branch(Subject *s, Chance *chance)
{
    unsigned i = below(chance, BRANCHES);

    if (s->tee == NULL)
        return;
    if (s->branch[i].queue == NULL)
        branch_add(s, i);
    else
        branch_remove(s, i, below(chance, 4) != 0);
}

// ---- the threads -------------------------------------------------------------------------------

typedef struct {
    const char *name;
    void (*run)(Subject *s, Chance *chance);
    unsigned weight[2]; // of the application's thread, of the second one
} Op;

static const Op ops[] = {
    { "set_state", op_state, { 10, 6 } },      { "get_state", op_wait_state, { 2, 4 } },
    { "flushing seek", op_flush_seek, { 4, 6 } }, { "seek", op_seek, { 3, 3 } },
    { "flush", op_flush, { 2, 4 } },           { "EOS", op_eos, { 2, 2 } },
    { "queries", op_queries, { 2, 8 } },       { "bus", op_bus, { 4, 4 } },
    { "property", op_property, { 1, 3 } },     { "offset", op_offset, { 0, 2 } },
    { "block", op_block, { 0, 6 } },           { "let it play", op_pause, { 4, 4 } },
    { "relink", op_relink, { 6, 0 } },         { "insert", op_insert, { 8, 0 } },
    { "branch", op_branch, { 12, 0 } },
};
static _Atomic unsigned long counts[GM_LEN(ops)];

static void *operate(void *data)
{
    Chance *chance = data;
    unsigned sum = 0;

    for (size_t i = 0; i < GM_LEN(ops); i++)
        sum += ops[i].weight[chance->thread];
    while (done++ < total) {
        unsigned turn = below(chance, sum), k = 0, subject = below(chance, POOL);
        while (turn >= ops[k].weight[chance->thread])
            turn -= ops[k++].weight[chance->thread];
        doing_on[chance->thread] = (int)subject;
        doing[chance->thread] = ops[k].name;
        counts[k]++;
        if (ops[k].weight[1] == 0)
            gm_mutex_lock(&pool[subject].structure);
        ops[k].run(&pool[subject], chance);
        if (ops[k].weight[1] == 0)
            gm_mutex_unlock(&pool[subject].structure);
    }
    doing[chance->thread] = "nothing any more";
    return NULL;
}

// Ends the program with an explanation when nothing has been done for long.
static void *watch(void *data)
{
    unsigned long last = 0;

    (void)data;
    for (unsigned seconds = 0; !stop; seconds++) {
        gm_sync_sleep_until(gm_sync_now() + GM_SECOND / 10);
        if (done != last)
            seconds = 0;
        last = done;
        if (seconds < STUCK_SECONDS * 10)
            continue;
        for (int i = 0; i < 2; i++)
            fprintf(stderr, "STUCK after %lu operations; thread %d: %s on \"%s\"\n", last, i,
                    atomic_load(&doing[i]), lines[atomic_load(&doing_on[i])]);
        if (getenv("GM_STUCK_PAUSE"))
            pause(); // for a debugger
        abort();
    }
    return NULL;
}

static void subject_open(Subject *s, const char *line)
{
    GmError *error = NULL;

    s->pipeline = gm_parse_launch(line, &error);
    if (s->pipeline == NULL || error != NULL) {
        fprintf(stderr, "%s: %s\n", line, error ? error->message : "?");
        exit(2);
    }
    s->tee = gm_bin_get_by_name(GM_BIN(s->pipeline), "t");
    s->left = gm_bin_get_by_name(GM_BIN(s->pipeline), "l");
    s->right = gm_bin_get_by_name(GM_BIN(s->pipeline), "r");
    s->linked = true;
    gm_mutex_init(&s->structure);
    GmPad *pad = gm_element_get_static_pad(s->left, "src");
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, stream_probe, s, NULL);
    gm_object_unref(pad);
}

static void subject_close(Subject *s)
{
    gm_element_set_state(s->pipeline, GM_STATE_NULL);
    for (unsigned i = 0; i < BRANCHES; i++)
        if (s->branch[i].queue != NULL)
            branch_remove(s, i, true);
    if (s->extra != NULL)
        gm_object_unref(s->extra);
    if (s->tee != NULL)
        gm_object_unref(s->tee);
    gm_object_unref(s->left);
    gm_object_unref(s->right);
    gm_object_unref(s->pipeline);
    gm_mutex_clear(&s->structure);
}

int main(int argc, char **argv)
{
    const char *text = getenv("GM_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 10) : gm_sync_real_time() / 1000;
    Chance chances[2] = { { seed, 0 }, { ~seed, 1 } };

    gm_init(&argc, &argv);
    if (argc > 1)
        total = strtoul(argv[1], NULL, 10);
    printf("GM_SEED=%" PRIu64 "\n", seed);
    fflush(stdout);
    GmClockTime start = gm_sync_now();
    for (int i = 0; i < POOL; i++)
        subject_open(&pool[i], lines[i]);
    GmThread *watcher = gm_thread_try_new("watchdog", watch, NULL, NULL);
    GmThread *second = gm_thread_try_new("second", operate, &chances[1], NULL);
    operate(&chances[0]);
    gm_thread_join(second);
    unsigned long buffers = 0;
    for (int i = 0; i < POOL; i++) {
        buffers += pool[i].buffers;
        printf("%8lu buffers: %s\n", (unsigned long)pool[i].buffers, lines[i]);
        subject_close(&pool[i]);
    }
    stop = true;
    gm_thread_join(watcher);
    for (size_t i = 0; i < GM_LEN(ops); i++)
        printf("%s%s %lu", i ? ", " : "", ops[i].name, (unsigned long)counts[i]);
    long objects = gm_object_print_live(stdout), minis = gm_mini_object_live_count(GM_TYPE_NONE);
    printf("\n%lu operations in %.1f s; %ld objects, %ld mini-objects left, %u criticals\n", total,
           (double)(gm_sync_now() - start) / GM_SECOND, objects, minis, gm_critical_count());
    gm_deinit();
    return objects != 0 || minis != 0 || gm_critical_count() != 0 || buffers < total / 10;
}
