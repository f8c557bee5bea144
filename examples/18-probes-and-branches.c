// SPDX-License-Identifier: MIT
//
// 18-probes-and-branches: looking at a stream, holding it, and changing the pipeline while it plays.
//
//     fakesrc --> identity --> tee --> queue --> fakesink         the old branch: always there
//                               '----> queue --> fakesink         the late branch: comes and goes
//
// A probe is a callback on a pad. It may count, drop, or block what passes. Every buffer gets its
// number as PTS (a probe may also write), so that one lost or seen twice is noticed.
// To add a branch: build it, bring it to the pipeline's state, link it last. The tee's pad replays
// its sticky events (stream-start, caps if there are any, segment) in front of the first buffer.
// To remove it: unlink in an idle probe, that is, while nothing passes; EOS drains what it holds.
// Limit: both branches have a queue: without one the slower branch would hold the other.

#include "example.h"

static GmMutex lock = GM_MUTEX_INIT;
static GmCond  changed = GM_COND_INIT;

typedef struct { // guarded by lock
    unsigned    count, first, last, holes; // of numbers; a hole: not the one after the last
    bool        eos;
    unsigned    n_events;
    GmEventType events[8]; // before the first buffer
} Track;

static unsigned number; // of the next buffer: streaming thread of the source
static unsigned long block_id;
static bool blocked, unlinked; // guarded by lock

static bool wait_for(const bool *flag, const unsigned *count, unsigned least)
{
    GmClockTime end = gm_sync_now() + 20 * GM_SECOND;
    bool in_time = true;

    gm_mutex_lock(&lock);
    while (in_time && !(flag ? *flag : *count >= least))
        in_time = gm_cond_wait_until(&changed, &lock, end, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&lock);
    return in_time;
}

static void set_flag(bool *flag)
{
    gm_mutex_lock(&lock);
    *flag = true;
    gm_cond_broadcast(&changed);
    gm_mutex_unlock(&lock);
}

// Counts, and writes: the probe may replace what passes.
static GmPadProbeReturn count_and_stamp(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    GmBuffer *buffer = gm_buffer_make_writable(GM_PAD_PROBE_INFO_BUFFER(info));

    (void)pad;
    (void)data;
    GM_BUFFER_PTS(buffer) = number++;
    info->data = buffer;
    return GM_PAD_PROBE_OK;
}

static GmPadProbeReturn drop_every_third(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)pad;
    (void)data;
    return GM_BUFFER_PTS(GM_PAD_PROBE_INFO_BUFFER(info)) % 3 == 2 ? GM_PAD_PROBE_DROP
                                                                  : GM_PAD_PROBE_OK;
}

// A blocking probe holds what it answers with OK, and lets go what it answers with PASS.
static GmPadProbeReturn block_tenth(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)pad;
    (void)data;
    if (GM_BUFFER_PTS(GM_PAD_PROBE_INFO_BUFFER(info)) != 10)
        return GM_PAD_PROBE_PASS;
    set_flag(&blocked);
    return GM_PAD_PROBE_OK;
}

static GmPadProbeReturn track(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    Track *t = data;

    (void)pad;
    gm_mutex_lock(&lock);
    if (GM_PAD_PROBE_INFO_TYPE(info) & GM_PAD_PROBE_TYPE_BUFFER) {
        unsigned n = (unsigned)GM_BUFFER_PTS(GM_PAD_PROBE_INFO_BUFFER(info));
        if (t->count++ == 0)
            t->first = n;
        else
            t->holes += n != t->last + 1;
        t->last = n;
    } else {
        GmEventType type = GM_EVENT_TYPE(GM_PAD_PROBE_INFO_EVENT(info));
        t->eos |= type == GM_EVENT_EOS;
        if (t->count == 0 && t->n_events < GM_LEN(t->events))
            t->events[t->n_events++] = type;
    }
    gm_cond_broadcast(&changed);
    gm_mutex_unlock(&lock);
    return GM_PAD_PROBE_OK;
}

static GmPadProbeReturn unlink_now(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)info;
    (void)data;
    GmPad *peer = gm_pad_get_peer(pad);
    gm_pad_unlink(pad, peer);
    gm_object_unref(peer);
    set_flag(&unlinked);
    return GM_PAD_PROBE_REMOVE;
}

static unsigned long probe(GmElement *pipeline, const char *element, const char *name, int mask,
                           GmPadProbeCallback callback, void *data)
{
    GmElement *el = example_get(pipeline, element);
    GmPad *pad = gm_element_get_static_pad(el, name);
    unsigned long id = gm_pad_add_probe(pad, (GmPadProbeType)mask, callback, data, NULL);

    gm_object_unref(pad);
    gm_object_unref(el);
    return id;
}

#define TRACKED (GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM)

static void three_probes(void)
{
    Track at_sink = { 0 };
    GmElement *pipeline =
        example_launch("fakesrc name=source num-buffers=30 ! identity name=mid ! fakesink name=sink");
    GmElement *mid = example_get(pipeline, "mid");
    GmPad *pad = gm_element_get_static_pad(mid, "sink");

    puts("\ncount, drop, block");
    number = 0;
    probe(pipeline, "source", "src", GM_PAD_PROBE_TYPE_BUFFER, count_and_stamp, NULL);
    block_id = gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_BUFFER, block_tenth,
                                NULL, NULL);
    probe(pipeline, "mid", "src", GM_PAD_PROBE_TYPE_BUFFER, drop_every_third, NULL);
    probe(pipeline, "sink", "sink", TRACKED, track, &at_sink);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    bool held = wait_for(&blocked, NULL, 0);
    example_expect(held && at_sink.count == 7 && at_sink.last == 9,
                   "buffer 10 is held; of the 10 before it %u came to the sink", at_sink.count);
    gm_pad_remove_probe(pad, block_id);
    bool eos = example_wait_eos(pipeline, 20);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    example_expect(eos && number == 30, "the probe was removed, and all went on: 30 counted");
    example_expect(at_sink.count == 20, "each third was dropped: %u at the sink", at_sink.count);
    gm_object_unref(pad);
    gm_object_unref(mid);
    gm_object_unref(pipeline);
}

typedef struct { GmPad *tee_pad, *in; GmElement *queue, *sink; } Branch;

static Branch add_branch(GmElement *pipeline, GmElement *tee, Track *t)
{
    Branch b = { gm_element_request_pad_simple(tee, "src_%u"), NULL,
                 gm_element_factory_make("queue", "late-queue"),
                 gm_element_factory_make("fakesink", "late") };

    gm_object_set(b.sink, "async", false, "sync", false, NULL);
    gm_bin_add_many((GmBin *)pipeline, b.queue, b.sink, NULL);
    gm_element_link(b.queue, b.sink);
    probe(pipeline, "late", "sink", TRACKED, track, t);
    gm_element_sync_state_with_parent(b.sink);
    gm_element_sync_state_with_parent(b.queue);
    b.in = gm_element_get_static_pad(b.queue, "sink");
    // Last: from here on buffers come.
    example_expect(gm_pad_link(b.tee_pad, b.in) == GM_PAD_LINK_OK, "the late branch is linked");
    return b;
}

static bool remove_branch(GmElement *pipeline, GmElement *tee, Branch *b, Track *t)
{
    gm_pad_add_probe(b->tee_pad, GM_PAD_PROBE_TYPE_IDLE, unlink_now, NULL, NULL);
    bool ok = wait_for(&unlinked, NULL, 0);
    gm_pad_send_event(b->in, gm_event_new_eos()); // what is in the queue comes out before it
    ok &= wait_for(&t->eos, NULL, 0);
    gm_element_set_state(b->queue, GM_STATE_NULL);
    gm_element_set_state(b->sink, GM_STATE_NULL);
    gm_bin_remove_many((GmBin *)pipeline, b->queue, b->sink, NULL);
    gm_element_release_request_pad(tee, b->tee_pad);
    gm_object_unref(b->tee_pad);
    gm_object_unref(b->in);
    return ok;
}

static void a_branch(void)
{
    Track old = { 0 }, late = { 0 };
    GmElement *pipeline = example_launch(
        "fakesrc name=source ! capsfilter caps=application/x-numbers ! identity sleep-time=100 ! "
        "tee name=t ! queue ! fakesink name=old sync=false");
    GmElement *tee = example_get(pipeline, "t");

    puts("\na branch comes and goes");
    number = 0;
    probe(pipeline, "source", "src", GM_PAD_PROBE_TYPE_BUFFER, count_and_stamp, NULL);
    probe(pipeline, "old", "sink", TRACKED, track, &old);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    bool ran = wait_for(NULL, &old.count, 200);
    Branch branch = add_branch(pipeline, tee, &late);
    ran &= wait_for(NULL, &late.count, 200);
    ran &= remove_branch(pipeline, tee, &branch, &late);
    ran &= wait_for(NULL, &old.count, late.last + 200);
    gm_element_send_event(pipeline, gm_event_new_eos());
    ran &= example_wait_eos(pipeline, 20);
    gm_element_set_state(pipeline, GM_STATE_NULL);

    printf("  old branch: %u buffers, %u to %u; late branch: %u buffers, %u to %u\n", old.count,
           old.first, old.last, late.count, late.first, late.last);
    example_expect(ran && old.count == number && old.first == 0 && old.holes == 0,
                   "the old branch got each of the %u buffers once, in order", number);
    example_expect(late.first > 0 && late.last < old.last, "the late one came later and went earlier");
    example_expect(late.holes == 0 && late.count == late.last - late.first + 1,
                   "between its first and its last none is missing");
    example_expect(late.n_events == 3 && late.events[0] == GM_EVENT_STREAM_START &&
                   late.events[1] == GM_EVENT_CAPS && late.events[2] == GM_EVENT_SEGMENT,
                   "before its first buffer: stream-start, caps, segment");
    gm_object_unref(tee);
    gm_object_unref(pipeline);
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    example_begin("18 Probes and branches: change a pipeline while it plays",
                  "fakesrc  -->  tee  -->  old branch,  and for a while  -->  late branch",
                  "a blocked pad holds the stream, it does not lose any of it\n"
                  "the late branch gets stream-start, caps and segment that were sent long ago\n"
                  "the old branch notices nothing of all that");
    three_probes();
    a_branch();
    puts("\nGStreamer: the same functions and the same order of work (\"Dynamically changing the\n"
         "pipeline\" in its application manual); its probes have the same five answers.");
    return example_end();
}
