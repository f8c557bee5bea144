// SPDX-License-Identifier: MIT
//
// probes: every probe type with every answer, on the source and on the sink pad of a link: who is
// called, in which order, with what, what passes, what the push returns. One thread; blocking
// probes that stay blocked are released from a second.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include <pthread.h>

#include "gstmini.h"
#include "peers.h"

static GmPad *src, *sink;

static GmFlowReturn on_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    printf("    chain ");
    show_buffer(buffer);
    printf("\n");
    gm_buffer_unref(buffer);
    return GM_FLOW_OK;
}

static GmFlowReturn on_list(GmPad *pad, GmObject *parent, GmBufferList *list)
{
    printf("    chain list of %u\n", gm_buffer_list_length(list));
    gm_buffer_list_unref(list);
    return GM_FLOW_OK;
}

static GM_BOOL on_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    printf("    %s event ", GM_PAD_NAME(pad));
    show_event(event);
    printf("\n");
    gm_event_unref(event);
    return 1;
}

static GM_BOOL on_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    printf("    %s query %s\n", GM_PAD_NAME(pad), GM_QUERY_TYPE_NAME(query));
    if (GM_QUERY_TYPE(query) == GM_QUERY_POSITION)
        gm_query_set_position(query, GM_FORMAT_TIME, 5);
    return GM_QUERY_TYPE(query) == GM_QUERY_POSITION || GM_QUERY_TYPE(query) == GM_QUERY_CUSTOM;
}

static GmFlowReturn on_range(GmPad *pad, GmObject *parent, uint64_t offset, unsigned size,
                             GmBuffer **buffer)
{
    printf("    getrange %" PRIu64 " %u\n", offset, size);
    if (offset > 100)
        return GM_FLOW_EOS;
    *buffer = gm_buffer_new_allocate(NULL, size, NULL);
    GM_BUFFER_OFFSET(*buffer) = offset;
    return GM_FLOW_OK;
}

typedef struct {
    const char *name;
    GmPadProbeReturn ret;
    int calls;
} Probe;

static GmPadProbeReturn on_probe(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    Probe *probe = data;
    GmPadProbeType type = GM_PAD_PROBE_INFO_TYPE(info);

    probe->calls++;
    printf("    probe %s on %s type %x size %u", probe->name, GM_PAD_NAME(pad), (unsigned)type,
           (type & GM_PAD_PROBE_TYPE_BUFFER) ? GM_PAD_PROBE_INFO_SIZE(info) : 0);
    if (GM_PAD_PROBE_INFO_DATA(info) == NULL)
        printf(" nothing");
    else if (type & GM_PAD_PROBE_TYPE_BUFFER) {
        printf(" ");
        show_buffer(GM_PAD_PROBE_INFO_BUFFER(info));
    } else if (type & GM_PAD_PROBE_TYPE_BUFFER_LIST)
        printf(" list of %u", gm_buffer_list_length(GM_PAD_PROBE_INFO_BUFFER_LIST(info)));
    else if (type & (GM_PAD_PROBE_TYPE_EVENT_BOTH | GM_PAD_PROBE_TYPE_EVENT_FLUSH)) {
        printf(" ");
        show_event(GM_PAD_PROBE_INFO_EVENT(info));
    } else
        printf(" %s", GM_QUERY_TYPE_NAME(GM_PAD_PROBE_INFO_QUERY(info)));
    printf(" -> %d\n", (int)probe->ret);
    if (probe->ret == GM_PAD_PROBE_HANDLED && GM_PAD_PROBE_INFO_DATA(info) != NULL &&
        (type & (GM_PAD_PROBE_TYPE_QUERY_BOTH)) == 0) {
        gm_mini_object_unref(GM_PAD_PROBE_INFO_DATA(info));
        GM_PAD_PROBE_INFO_DATA(info) = NULL;
        GM_PAD_PROBE_INFO_FLOW_RETURN(info) = GM_FLOW_CUSTOM_SUCCESS;
    }
    return probe->ret;
}

static void gone(void *data)
{
    printf("    probe %s gone\n", ((Probe *)data)->name);
}

static void start(void)
{
    GmSegment segment;
    GmCaps *caps = gm_caps_from_string("test/x, n=(int)1");

    src = gm_pad_new("src", GM_PAD_SRC);
    sink = gm_pad_new("sink", GM_PAD_SINK);
    gm_pad_set_chain_function(sink, on_chain);
    gm_pad_set_chain_list_function(sink, on_list);
    gm_pad_set_event_function(sink, on_event);
    gm_pad_set_event_function(src, on_event);
    gm_pad_set_query_function(sink, on_query);
    gm_pad_set_query_function(src, on_query);
    gm_pad_set_active(src, 1);
    gm_pad_set_active(sink, 1);
    printf("  link %d\n", gm_pad_link_full(src, sink, GM_PAD_LINK_CHECK_NOTHING));
    gm_pad_push_event(src, gm_event_new_stream_start("s"));
    gm_pad_push_event(src, gm_event_new_caps(caps));
    gm_segment_init(&segment, GM_FORMAT_TIME);
    gm_pad_push_event(src, gm_event_new_segment(&segment));
    gm_caps_unref(caps);
}

static void end(void)
{
    gm_pad_set_active(src, 0);
    gm_pad_set_active(sink, 0);
    gm_pad_unlink(src, sink);
    gm_object_unref(src);
    gm_object_unref(sink);
}

static GmBuffer *make(GmClockTime pts)
{
    GmBuffer *b = gm_buffer_new_allocate(NULL, 10, NULL);
    GM_BUFFER_PTS(b) = pts;
    return b;
}

static void query_peer(GmPad *pad, GmQuery *query)
{
    int done = gm_pad_peer_query(pad, query);
    int64_t position = -7;

    if (GM_QUERY_TYPE(query) == GM_QUERY_POSITION)
        gm_query_parse_position(query, NULL, &position);
    printf("   answered %d %" PRId64 "\n", done, position);
    gm_query_unref(query);
}

// One of everything that can pass.
static void traffic(int flushes)
{
    GmBufferList *list = gm_buffer_list_new();

    printf("   push %s\n", gm_flow_get_name(gm_pad_push(src, make(1))));
    gm_buffer_list_add(list, make(2));
    gm_buffer_list_add(list, make(3));
    printf("   push list %s\n", gm_flow_get_name(gm_pad_push_list(src, list)));
    printf("   event down %d\n", gm_pad_push_event(src, gm_event_new_gap(4, 1)));
    printf("   event sticky %d\n",
           gm_pad_push_event(src, gm_event_new_custom(GM_EVENT_CUSTOM_DOWNSTREAM_STICKY,
                                                      gm_structure_new_empty("mine"))));
    printf("   event up %d\n", gm_pad_push_event(sink, gm_event_new_latency(9)));
    query_peer(src, gm_query_new_position(GM_FORMAT_TIME));
    query_peer(sink, gm_query_new_position(GM_FORMAT_TIME));
    query_peer(src, gm_query_new_drain());
    query_peer(src, gm_query_new_custom(GM_QUERY_CUSTOM, gm_structure_new_empty("q")));
    if (flushes) {
        printf("   flush start %d\n", gm_pad_push_event(src, gm_event_new_flush_start()));
        printf("   push %s\n", gm_flow_get_name(gm_pad_push(src, make(5))));
        printf("   flush stop %d\n", gm_pad_push_event(src, gm_event_new_flush_stop(1)));
        printf("   push %s\n", gm_flow_get_name(gm_pad_push(src, make(6))));
    }
}

static const struct { unsigned mask; const char *name; } masks[] = {
    { GM_PAD_PROBE_TYPE_BUFFER, "buffer" },
    { GM_PAD_PROBE_TYPE_BUFFER_LIST, "list" },
    { GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, "event-down" },
    { GM_PAD_PROBE_TYPE_EVENT_UPSTREAM, "event-up" },
    { GM_PAD_PROBE_TYPE_EVENT_FLUSH, "flush" },
    { GM_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, "query-down" },
    { GM_PAD_PROBE_TYPE_QUERY_UPSTREAM, "query-up" },
    { GM_PAD_PROBE_TYPE_DATA_DOWNSTREAM, "data-down" },
    { GM_PAD_PROBE_TYPE_EVENT_BOTH, "event-both" },
    { GM_PAD_PROBE_TYPE_ALL_BOTH, "all" },
    { GM_PAD_PROBE_TYPE_QUERY_BOTH | GM_PAD_PROBE_TYPE_PUSH, "query-push" },
    { GM_PAD_PROBE_TYPE_QUERY_BOTH | GM_PAD_PROBE_TYPE_PULL, "query-pull" },
    { GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_PULL, "buffer-pull" },
    { GM_PAD_PROBE_TYPE_PUSH, "push" },
};
static const GmPadProbeReturn answers[] = { GM_PAD_PROBE_DROP, GM_PAD_PROBE_OK, GM_PAD_PROBE_REMOVE,
                                            GM_PAD_PROBE_PASS, GM_PAD_PROBE_HANDLED };

static void every_answer(void)
{
    for (size_t m = 0; m < PEERS_LEN(masks); m++)
        for (size_t a = 0; a < PEERS_LEN(answers); a++)
            for (int where = 0; where < 2; where++) {
                Probe probe = { masks[m].name, answers[a], 0 };
                unsigned long id;

                // HANDLED of a query is for who has answered it; lists of both are plain here.
                printf(" %s %d on the %s pad\n", probe.name, (int)probe.ret, where ? "sink" : "src");
                start();
                id = gm_pad_add_probe(where ? sink : src, masks[m].mask, on_probe, &probe, gone);
                printf("  id %d blocked %d %d\n", id != 0, gm_pad_is_blocked(src),
                       gm_pad_is_blocking(src));
                traffic(masks[m].mask == GM_PAD_PROBE_TYPE_EVENT_FLUSH ||
                        masks[m].mask == GM_PAD_PROBE_TYPE_DATA_DOWNSTREAM);
                printf("  calls %d\n", probe.calls);
                end();
            }
}

// Blocking probes that let go at once.
static void blocking(void)
{
    static const unsigned block_masks[] = {
        GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_BUFFER, GM_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM,
        GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
        GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
        GM_PAD_PROBE_TYPE_BLOCK_UPSTREAM,
    };

    for (size_t m = 0; m < PEERS_LEN(block_masks); m++)
        for (size_t a = 0; a < PEERS_LEN(answers); a++) {
            Probe probe = { "block", answers[a], 0 };

            if (answers[a] == GM_PAD_PROBE_OK)
                continue; // would stay
            printf(" block %x answer %d\n", block_masks[m], (int)probe.ret);
            start();
            gm_pad_add_probe(src, block_masks[m], on_probe, &probe, gone);
            printf("  blocked %d %d\n", gm_pad_is_blocked(src), gm_pad_is_blocking(src));
            traffic(0);
            printf("  blocked %d calls %d\n", gm_pad_is_blocked(src), probe.calls);
            end();
        }
}

static void idle(void)
{
    for (size_t a = 0; a < PEERS_LEN(answers); a++) {
        Probe probe = { "idle", answers[a], 0 };
        unsigned long id;

        // DROP of an idle probe: GStreamer takes it for an answer about the event just sent
        // (docs/left-out.md).
        if (answers[a] == GM_PAD_PROBE_OK || answers[a] == GM_PAD_PROBE_DROP)
            continue;
        printf(" idle %d\n", (int)probe.ret);
        start();
        id = gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_IDLE, on_probe, &probe, gone);
        printf("  id %d blocked %d\n", id != 0, gm_pad_is_blocked(src));
        traffic(0);
        printf("  calls %d\n", probe.calls);
        end();
    }
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int blocked_now;

static GmPadProbeReturn on_block(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    printf("    blocked by type %x\n", (unsigned)GM_PAD_PROBE_INFO_TYPE(info));
    pthread_mutex_lock(&lock);
    blocked_now++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return GM_PAD_PROBE_OK;
}

static void *pusher(void *data)
{
    printf("   push %s\n", gm_flow_get_name(gm_pad_push(src, make(1))));
    printf("   push %s\n", gm_flow_get_name(gm_pad_push(src, make(2))));
    return NULL;
}

// A probe that stays: released by its removal, by a flush, by deactivation.
static void released(int how)
{
    pthread_t thread;
    unsigned long id;

    printf(" released by %s\n", how == 0 ? "removal" : how == 1 ? "flush" : "deactivation");
    start();
    blocked_now = 0;
    id = gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, on_block, NULL, NULL);
    pthread_create(&thread, NULL, pusher, NULL);
    pthread_mutex_lock(&lock);
    while (blocked_now == 0)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    printf("   blocked %d\n", gm_pad_is_blocked(src));
    if (how == 0)
        gm_pad_remove_probe(src, id);
    else if (how == 1)
        gm_pad_push_event(src, gm_event_new_flush_start());
    else
        gm_pad_set_active(src, 0);
    pthread_join(thread, NULL);
    printf("   blocked %d calls %d\n", gm_pad_is_blocked(src), blocked_now);
    end();
}

// Several on one pad: order, a DROP before others, one that removes itself, a replaced buffer.
static GmPadProbeReturn on_replace(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    gm_buffer_unref(GM_PAD_PROBE_INFO_BUFFER(info));
    GM_PAD_PROBE_INFO_DATA(info) = make(99);
    return GM_PAD_PROBE_OK;
}

static GmPadProbeReturn on_add(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    static Probe late = { "late", GM_PAD_PROBE_OK, 0 };

    printf("    adds one\n");
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, on_probe, &late, gone);
    return GM_PAD_PROBE_REMOVE;
}

static void several(void)
{
    Probe one = { "one", GM_PAD_PROBE_OK, 0 }, two = { "two", GM_PAD_PROBE_REMOVE, 0 };
    Probe three = { "three", GM_PAD_PROBE_DROP, 0 }, four = { "four", GM_PAD_PROBE_PASS, 0 };
    unsigned long id;

    printf(" several\n");
    start();
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, on_probe, &one, gone);
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, on_add, NULL, NULL);
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, on_replace, NULL, NULL);
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, on_probe, &two, gone);
    gm_pad_add_probe(sink, GM_PAD_PROBE_TYPE_BUFFER, on_probe, &four, gone);
    printf("   push %s\n", gm_flow_get_name(gm_pad_push(src, make(1))));
    printf("   push %s\n", gm_flow_get_name(gm_pad_push(src, make(2))));
    id = gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, on_probe, &three, gone);
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, on_probe, &four, gone);
    printf("   push %s\n", gm_flow_get_name(gm_pad_push(src, make(3))));
    gm_pad_remove_probe(src, id);
    printf("   push %s\n", gm_flow_get_name(gm_pad_push(src, make(4))));
    end();
}

// Pull mode: probes before (BLOCK sees the request) and after the data.
static void pulling(void)
{
    static const unsigned pull_masks[] = {
        GM_PAD_PROBE_TYPE_BUFFER, GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_PULL,
        GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_PUSH,
        GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_BLOCK,
    };

    for (size_t m = 0; m < PEERS_LEN(pull_masks); m++)
        for (size_t a = 0; a < PEERS_LEN(answers); a++)
            for (int where = 0; where < 2; where++) {
                Probe probe = { "pull", answers[a], 0 };
                GmBuffer *buffer = NULL;
                GmFlowReturn ret;

                if ((pull_masks[m] & GM_PAD_PROBE_TYPE_BLOCK) &&
                    (answers[a] == GM_PAD_PROBE_OK || answers[a] == GM_PAD_PROBE_HANDLED))
                    continue;
                if (answers[a] == GM_PAD_PROBE_HANDLED)
                    continue; // would have to bring a buffer
                printf(" pull mask %x answer %d on the %s pad\n", pull_masks[m], (int)probe.ret,
                       where ? "sink" : "src");
                src = gm_pad_new("src", GM_PAD_SRC);
                sink = gm_pad_new("sink", GM_PAD_SINK);
                gm_pad_set_getrange_function(src, on_range);
                printf("  link %d\n", gm_pad_link_full(src, sink, GM_PAD_LINK_CHECK_NOTHING));
                printf("  activate %d %d\n", gm_pad_activate_mode(sink, GM_PAD_MODE_PULL, 1),
                       (int)GM_PAD_MODE(src));
                gm_pad_add_probe(where ? sink : src, pull_masks[m], on_probe, &probe, gone);
                for (unsigned offset = 0; offset < 300; offset += 80) {
                    ret = gm_pad_pull_range(sink, offset, 20, &buffer);
                    printf("   pull %s %d\n", gm_flow_get_name(ret), buffer != NULL);
                    if (buffer != NULL)
                        gm_buffer_unref(buffer);
                    buffer = NULL;
                }
                end();
            }
}

int main(int argc, char **argv)
{
    gm_init(NULL, NULL);
    every_answer();
    blocking();
    idle();
    for (int how = 0; how < 3; how++)
        released(how);
    several();
    pulling();
    return 0;
}
