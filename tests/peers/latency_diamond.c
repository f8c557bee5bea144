// SPDX-License-Identifier: MIT
//
// latency_diamond: latency queries and what pipelines make of them: own pads that claim latencies at
// the ends, queues with and without limits, a tee whose branches differ and meet in several sinks,
// live and not, maximum below minimum, processing deadlines, ts-offsets, configured latencies.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include "gstmini.h"
#include "peers.h"

typedef struct {
    int live;
    GmClockTime min, max;
    int answers;
} Claim;

// Adds to what upstream says, as a decoder does.
static GmPadProbeReturn on_query(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    GmQuery *query = GM_PAD_PROBE_INFO_QUERY(info);
    Claim *claim = data;
    GM_BOOL live;
    GmClockTime min, max;

    if (GM_QUERY_TYPE(query) != GM_QUERY_LATENCY || !(GM_PAD_PROBE_INFO_TYPE(info) & GM_PAD_PROBE_TYPE_PULL))
        return GM_PAD_PROBE_OK;
    gm_query_parse_latency(query, &live, &min, &max);
    claim->answers++;
    if (claim->live >= 0)
        live = claim->live;
    min += claim->min;
    if (claim->max == GM_CLOCK_TIME_NONE || max == GM_CLOCK_TIME_NONE)
        max = claim->max == 0 ? max : GM_CLOCK_TIME_NONE;
    else
        max += claim->max;
    gm_query_set_latency(query, live, min, max);
    return GM_PAD_PROBE_OK;
}

static GmPadProbeReturn on_event(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    GmEvent *e = GM_PAD_PROBE_INFO_EVENT(info);

    if (GM_EVENT_TYPE(e) == GM_EVENT_LATENCY)
        ++*(int *)data;
    return GM_PAD_PROBE_OK;
}

static void claim(GmElement *p, const char *name, Claim *c)
{
    GmElement *e = gm_bin_get_by_name(GM_BIN(p), name);
    GmPad *pad = gm_element_get_static_pad(e, "src");

    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_QUERY_UPSTREAM, on_query, c, NULL);
    gm_object_unref(pad);
    gm_object_unref(e);
}

static void ask(GmElement *e, const char *what)
{
    GmQuery *q = gm_query_new_latency();
    GM_BOOL live = -1;
    GmClockTime min = 99, max = 99;
    int done = gm_element_query(e, q);

    gm_query_parse_latency(q, &live, &min, &max);
    printf("  %s %s: %d live %d min %" PRId64 " max %" PRId64 "\n", what, GM_OBJECT_NAME(e), done, live,
           (int64_t)min, (int64_t)max);
    gm_query_unref(q);
}

static void configured(GmElement *p, const char *name)
{
    GmElement *e = gm_bin_get_by_name(GM_BIN(p), name);
    uint64_t deadline = 0;

    if (e == NULL)
        return;
    ask(e, "ask");
    printf("  %s latency %" PRId64, name, (int64_t)gm_pipeline_get_latency(GM_PIPELINE(p)));
    gm_object_get(e, "processing-deadline", &deadline, NULL);
    printf(" deadline %" PRIu64 "\n", deadline);
    gm_object_unref(e);
}

// Warnings that the maximum is below the minimum, without their text.
static void warnings(GmBus *bus)
{
    GmMessage *m;
    int n = 0;

    while ((m = gm_bus_pop_filtered(bus, GM_MESSAGE_WARNING | GM_MESSAGE_ERROR)) != NULL) {
        n++;
        gm_message_unref(m);
    }
    printf("  warnings %d\n", n > 0);
}

static void pipeline(const char *line, const Claim *one, const Claim *two)
{
    GmElement *p = launch(line), *i = gm_bin_get_by_name(GM_BIN(p), "i"), *j = gm_bin_get_by_name(GM_BIN(p), "j");
    GmBus *bus = gm_element_get_bus(p);
    Claim a = *one, b = *two;
    GmElement *k;
    GmPad *pad;
    int events = 0;

    gm_object_set((GmObject *)p, "name", "p", NULL);
    claim(p, "i", &a);
    if (j != NULL)
        claim(p, "j", &b);
    k = gm_bin_get_by_name(GM_BIN(p), "k");
    pad = gm_element_get_static_pad(k, "sink");
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_event, &events, NULL);
    ask(p, "in NULL");
    to_state(p, GM_STATE_PAUSED);
    if (gm_element_get_state(p, NULL, NULL, 0) != GM_STATE_CHANGE_NO_PREROLL)
        ask(p, "paused"); // else some sinks know already, or not yet
    to_state(p, GM_STATE_PLAYING);
    ask(p, "playing");
    configured(p, "k");
    configured(p, "l");
    printf("  asked i %d j %d, events at k %d\n", a.answers > 0, b.answers > 0, events > 0);
    a.min += 5 * GM_MSECOND;
    printf("  recalculate %d\n", gm_bin_recalculate_latency(GM_BIN(p)));
    configured(p, "k");
    gm_pipeline_set_latency(GM_PIPELINE(p), 123);
    printf("  recalculate %d latency %" PRId64 "\n", gm_bin_recalculate_latency(GM_BIN(p)),
           (int64_t)gm_pipeline_get_latency(GM_PIPELINE(p)));
    warnings(bus);
    to_state(p, GM_STATE_NULL);
    gm_object_unref(pad);
    gm_object_unref(k);
    gm_object_unref(i);
    if (j != NULL)
        gm_object_unref(j);
    gm_object_unref(bus);
    gm_object_unref(p);
}

int main(int argc, char **argv)
{
    static const Claim none = { -1, 0, 0, 0 }, twenty = { -1, 20 * GM_MSECOND, 30 * GM_MSECOND, 0 };
    static const Claim five = { -1, 5 * GM_MSECOND, 5 * GM_MSECOND, 0 }, endless = { -1, 7 * GM_MSECOND, GM_CLOCK_TIME_NONE, 0 };
    static const Claim bad = { 1, 40 * GM_MSECOND, 0, 0 }, live = { 1, 10 * GM_MSECOND, 50 * GM_MSECOND, 0 };
    static const char *const lines[] = {
        "fakesrc name=s ! identity name=i ! fakesink name=k sync=true",
        "fakesrc name=s is-live=true ! identity name=i ! fakesink name=k sync=true",
        "fakesrc name=s is-live=true ! identity name=i ! fakesink name=k sync=false",
        "fakesrc name=s is-live=true ! identity name=i ! queue name=q ! fakesink name=k sync=true",
        "fakesrc name=s is-live=true ! identity name=i ! queue name=q min-threshold-time=3000000 ! fakesink name=k sync=true",
        "fakesrc name=s is-live=true ! identity name=i ! queue name=q max-size-time=0 ! fakesink name=k sync=true",
        "fakesrc name=s is-live=true ! identity name=i ! queue name=q leaky=downstream ! fakesink name=k sync=true",
        "fakesrc name=s is-live=true ! identity name=i ! fakesink name=k sync=true processing-deadline=60000000 render-delay=1000000",
        "fakesrc name=s is-live=true ! identity name=i ! tee name=t ! queue ! identity name=j ! fakesink name=k sync=true "
        "t. ! queue ! fakesink name=l sync=true",
        "fakesrc name=s is-live=true ! tee name=t ! queue ! identity name=i ! fakesink name=k sync=true "
        "t. ! queue max-size-time=0 max-size-bytes=0 max-size-buffers=0 ! identity name=j ! fakesink name=l sync=true",
        "fakesrc name=s is-live=true ! identity name=i ! fakesink name=k sync=true fakesrc ! identity name=j ! fakesink name=l sync=true",
        "fakesrc name=s ! identity name=i ! tee name=t ! queue ! identity name=j ! fakesink name=k t. ! queue ! fakesink name=l",
    };
    static const Claim *const claims[][2] = { { &none, &none }, { &twenty, &five }, { &endless, &twenty }, { &bad, &none }, { &live, &five } };

    gm_init(NULL, NULL);
    for (size_t i = 0; i < PEERS_LEN(lines); i++)
        for (size_t c = 0; c < PEERS_LEN(claims); c++) {
            printf("claims %zu: ", c);
            pipeline(lines[i], claims[c][0], claims[c][1]);
        }
    return 0;
}
