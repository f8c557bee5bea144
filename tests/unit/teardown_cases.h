// SPDX-License-Identifier: MIT
//
// teardown_cases: pipelines that are stuck in every way we know, and how long set_state (NULL)
// takes to get them out. tests/unit/test_teardown.c asks that it returns at all,
// tests/stress/teardown.c that it returns within 100 ms.
#ifndef TEARDOWN_CASES_H
#define TEARDOWN_CASES_H

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gstmini-element.h"

typedef struct {
    const char *name;
    const char *line; // a launch line; "%s" is a fresh directory with a FIFO named "pipe"
    GmState     state;
    const char *needs; // elements that must be there, besides those of the core: "appsrc"
    void (*prepare)(GmElement *pipeline);
} TeardownCase;

// ---- ways to be stuck that a launch line cannot say ----------------------------------------------

static GmPadProbeReturn teardown_hold(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    (void)pad;
    (void)info;
    (void)data;
    return GM_PAD_PROBE_OK;
}

static void teardown_probe(GmElement *pipeline, const char *pad_name, GmPadProbeType type)
{
    GmElement *el = gm_bin_get_by_name(GM_BIN(pipeline), "x");
    GmPad *pad = gm_element_get_static_pad(el, pad_name);

    gm_pad_add_probe(pad, type, teardown_hold, NULL, NULL);
    gm_object_unref(pad);
    gm_object_unref(el);
}

static void teardown_block_src(GmElement *pipeline)
{
    teardown_probe(pipeline, "src", GM_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM);
}

static void teardown_block_sink(GmElement *pipeline)
{
    teardown_probe(pipeline, "sink", GM_PAD_PROBE_TYPE_BLOCK | GM_PAD_PROBE_TYPE_BUFFER);
}

static void teardown_idle_src(GmElement *pipeline)
{
    teardown_probe(pipeline, "src", GM_PAD_PROBE_TYPE_IDLE);
}

// A clock that stands still: every wait is for ever.
static void teardown_stop_clock(GmElement *pipeline)
{
    GmClock *clock = gm_test_clock_new();

    gm_pipeline_use_clock(GM_PIPELINE(pipeline), clock);
    gm_object_unref(clock);
}

// An element with two inputs of which one gets no data.
static GmFlowReturn teardown_aggregate(GmAggregator *agg, bool timeout)
{
    (void)agg;
    (void)timeout;
    return GM_FLOW_EOS; // not reached: one input stays empty
}

static void teardown_add_aggregator(GmElement *pipeline)
{
    static const GmAggregatorOps ops = { .aggregate = teardown_aggregate };
    static const GmStaticPadTemplate pads[] = {
        { .name_template = "src", .direction = GM_PAD_SRC },
        { .name_template = "sink_%u", .direction = GM_PAD_SINK, .presence = GM_PAD_REQUEST,
          .static_caps = "ANY", .pad_class = &gm_aggregator_pad_class.object },
        { 0 }
    };
    static const GmElementClass klass = {
        .name = "half-fed", .parent = &gm_aggregator_class.object, .pads = pads, .aggregator = &ops,
    };
    GmElement *agg = gm_object_new(&klass.object, NULL);
    GmElement *source = gm_bin_get_by_name(GM_BIN(pipeline), "x");

    gm_bin_add(GM_BIN(pipeline), agg);
    gm_element_link(source, agg);
    gm_object_unref(gm_element_request_pad_simple(agg, "sink_%u")); // linked to nobody
    gm_object_unref(source);
}

static const TeardownCase teardown_cases[] = {
    { "playing freely", "fakesrc ! fakesink", GM_STATE_PLAYING, NULL, NULL },
    { "prerolled", "fakesrc ! fakesink", GM_STATE_PAUSED, NULL, NULL },
    { "ready", "fakesrc ! queue ! fakesink", GM_STATE_READY, NULL, NULL },
    { "queue full, sink in preroll", "fakesrc ! queue max-size-buffers=3 ! fakesink",
      GM_STATE_PAUSED, NULL, NULL },
    { "queue full, sink waits on the clock",
      "fakesrc datarate=1 ! queue max-size-buffers=3 ! fakesink sync=true", GM_STATE_PLAYING, NULL,
      NULL },
    { "queue empty, source waits on the clock", "livesrc fps=1 ! queue ! fakesink",
      GM_STATE_PLAYING, NULL, NULL },
    { "queue empty, source of nothing", "livesrc ! queue ! fakesink", GM_STATE_PAUSED, NULL, NULL },
    { "queue below its threshold", "livesrc ! queue min-threshold-buffers=100000 ! fakesink",
      GM_STATE_PLAYING, NULL, NULL },
    { "three queues full", "fakesrc ! queue max-size-buffers=2 ! queue max-size-buffers=2 ! "
      "queue max-size-buffers=2 ! fakesink", GM_STATE_PAUSED, NULL, NULL },
    { "sink waits on the clock", "fakesrc datarate=1 sizetype=fixed ! fakesink sync=true",
      GM_STATE_PLAYING, NULL, NULL },
    { "sink waits on a clock that stands", "fakesrc datarate=1 ! fakesink sync=true",
      GM_STATE_PLAYING, NULL, teardown_stop_clock },
    { "EOS waits on the clock", "fakesrc num-buffers=1 datarate=1 ! identity ! fakesink sync=true",
      GM_STATE_PLAYING, NULL, teardown_stop_clock },
    { "live source waits on a clock that stands", "livesrc ! fakesink", GM_STATE_PLAYING, NULL,
      teardown_stop_clock },
    { "two branches wait on the clock",
      "fakesrc datarate=1 ! tee name=t ! queue ! fakesink sync=true t. ! queue ! fakesink sync=true",
      GM_STATE_PLAYING, NULL, NULL },
    { "tee without queues, one sink in preroll", "fakesrc ! tee name=t ! fakesink t. ! fakesink",
      GM_STATE_PAUSED, NULL, NULL },
    { "tee without queues, asked to play", "fakesrc ! tee name=t ! fakesink t. ! fakesink",
      GM_STATE_PLAYING, NULL, NULL },
    { "tee, queue on one branch", "fakesrc ! tee name=t ! queue max-size-buffers=2 ! fakesink "
      "t. ! fakesink", GM_STATE_PLAYING, NULL, NULL },
    { "never prerolls", "fakesrc ! queue ! identity drop-probability=1 ! fakesink",
      GM_STATE_PLAYING, NULL, NULL },
    { "block probe on a source pad", "fakesrc ! identity name=x ! fakesink", GM_STATE_PLAYING, NULL,
      teardown_block_src },
    { "block probe on a sink pad", "fakesrc ! queue ! identity name=x ! fakesink", GM_STATE_PLAYING,
      NULL, teardown_block_sink },
    { "block probe on the source", "fakesrc name=x ! queue ! fakesink", GM_STATE_PLAYING, NULL,
      teardown_block_src },
    { "block probe on a queue", "fakesrc ! queue name=x ! fakesink", GM_STATE_PLAYING, NULL,
      teardown_block_src },
    { "idle probe", "fakesrc ! identity name=x ! fakesink", GM_STATE_PLAYING, NULL,
      teardown_idle_src },
    { "identity sleeps", "fakesrc ! identity sleep-time=60000000 ! fakesink", GM_STATE_PLAYING, NULL,
      NULL },
    { "identity sleeps behind a queue", "fakesrc ! queue ! identity sleep-time=60000000 ! fakesink",
      GM_STATE_PAUSED, NULL, NULL },
    { "identity waits on the clock", "fakesrc datarate=1 ! identity sync=true ! fakesink",
      GM_STATE_PLAYING, NULL, NULL },
    { "filesrc on a pipe nobody writes", "filesrc location=%s/pipe ! fakesink", GM_STATE_PLAYING,
      NULL, NULL },
    { "filesrc on a pipe, in preroll", "filesrc location=%s/pipe ! queue ! fakesink",
      GM_STATE_PAUSED, NULL, NULL },
    { "filesink on a full pipe", "fakesrc sizetype=fixed sizemax=100000 ! filesink "
      "buffer-mode=unbuffered location=%s/pipe", GM_STATE_PLAYING, NULL, NULL },
    { "filesink on a full pipe behind a queue", "fakesrc sizetype=fixed sizemax=4096 ! queue ! "
      "filesink location=%s/pipe", GM_STATE_PLAYING, NULL, NULL },
    { "s3sink uploads", "fakesrc sizetype=fixed ! s3sink directory=%s upload-time=60000000000",
      GM_STATE_PLAYING, NULL, NULL },
    { "s3sink uploads behind a queue",
      "livesrc ! queue leaky=downstream ! s3sink directory=%s upload-time=60000000000",
      GM_STATE_PLAYING, NULL, NULL },
    { "aggregator waits for an input", "fakesrc ! queue ! identity name=x", GM_STATE_PAUSED, NULL,
      teardown_add_aggregator },
    { "bin in a bin", "( ( fakesrc ! queue max-size-buffers=2 ) ! queue ) ! fakesink",
      GM_STATE_PAUSED, NULL, NULL },
    { "error in the stream", "fakesrc ! queue ! identity error-after=2 ! fakesink",
      GM_STATE_PLAYING, NULL, NULL },
    { "at the end", "fakesrc num-buffers=3 ! queue ! fakesink", GM_STATE_PLAYING, NULL, NULL },
    { "appsrc without data", "appsrc ! queue ! fakesink", GM_STATE_PLAYING, "appsrc", NULL },
    { "appsink that nobody empties", "fakesrc ! queue ! appsink max-buffers=1", GM_STATE_PLAYING,
      "appsink", NULL },
    { "appsink in preroll", "fakesrc ! appsink", GM_STATE_PAUSED, "appsink", NULL },
    { "funnel, sink in preroll", "funnel name=f ! fakesink fakesrc ! f. fakesrc ! f.",
      GM_STATE_PAUSED, "funnel", NULL },
    { "funnel with a dry input", "funnel name=f ! queue ! fakesink livesrc fps=1 ! f. livesrc fps=1 ! f.",
      GM_STATE_PLAYING, "funnel", NULL },
    { "concat's second input waits", "concat name=c ! fakesink fakesrc ! c. fakesrc ! c.",
      GM_STATE_PLAYING, "concat", NULL },
    { "concat's first input is dry", "concat name=c ! fakesink livesrc fps=1 ! c. fakesrc ! c.",
      GM_STATE_PLAYING, "concat", NULL },
    { "selector waits for the other input", "input-selector name=s sync-streams=true ! fakesink "
      "livesrc fps=1 ! s. fakesrc ! s.", GM_STATE_PLAYING, "input-selector", NULL },
    { "test picture, queue full", "videotestsrc ! queue max-size-buffers=2 ! fakesink sync=true",
      GM_STATE_PLAYING, "videotestsrc", NULL },
    { "live test picture", "videotestsrc is-live=true ! queue ! fakesink sync=true",
      GM_STATE_PLAYING, "videotestsrc", NULL },
};

// ---- the machine -----------------------------------------------------------------------------

// False, and the name of what is missing.
GM_UNUSED static bool teardown_possible(const TeardownCase *c)
{
    GmElementFactory *factory = c->needs ? gm_element_factory_find(c->needs) : NULL;

    if (factory)
        gm_object_unref(factory);
    return !c->needs || factory;
}

// How many threads of the process are not asleep, without the caller's.
static unsigned teardown_busy_threads(void)
{
    unsigned busy = 0;
    DIR *tasks = opendir("/proc/self/task");

    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        char path[64 + sizeof entry->d_name], text[400] = "";
        if (entry->d_name[0] == '.' || atoi(entry->d_name) == gm_thread_get_id())
            continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/stat", entry->d_name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        ssize_t n = read(fd, text, sizeof text - 1);
        close(fd);
        const char *state = n > 0 ? strrchr(text, ')') : NULL;
        busy += state != NULL && state[2] != 'S';
    }
    closedir(tasks);
    return busy;
}

// Returns when every thread of the pipeline has come to rest, or after 300 ms: some play on.
static void teardown_settle(void)
{
    GmClockTime end = gm_sync_now() + 300 * GM_MSECOND;

    for (unsigned quiet = 0; quiet < 5 && gm_sync_now() < end;) {
        gm_sync_sleep_until(gm_sync_now() + GM_MSECOND);
        quiet = teardown_busy_threads() == 0 ? quiet + 1 : 0;
    }
}

typedef struct {
    char  directory[40];
    int   reader;  // keeps the pipe open for writers and does not read
    GmElement *pipeline;
} Teardown;

static void teardown_open(Teardown *t, const TeardownCase *c)
{
    char path[64], line[400];
    GmError *error = NULL;

    strcpy(t->directory, "/tmp/gm-teardown-XXXXXX");
    if (mkdtemp(t->directory) == NULL) {
        perror(t->directory);
        exit(2);
    }
    snprintf(path, sizeof path, "%s/pipe", t->directory);
    mkfifo(path, 0600);
    t->reader = strstr(c->line, "filesink") ? open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    const char *at = strstr(c->line, "%s");
    if (at)
        snprintf(line, sizeof line, "%.*s%s%s", (int)(at - c->line), c->line, t->directory, at + 2);
    else
        snprintf(line, sizeof line, "%s", c->line);
    t->pipeline = gm_parse_launch(line, &error);
    if (!t->pipeline || error) {
        fprintf(stderr, "%s: %s\n", line, error ? error->message : "?");
        exit(2);
    }
    if (c->prepare)
        c->prepare(t->pipeline);
}

static void teardown_close(Teardown *t)
{
    char command[80];

    gm_object_unref(t->pipeline);
    if (t->reader >= 0)
        close(t->reader);
    snprintf(command, sizeof command, "rm -rf %s", t->directory);
    if (system(command) != 0)
        perror(command);
}

// Brings the pipeline of a case to rest (delay 0) or lets `delay` pass, and times set_state (NULL).
GM_UNUSED static double teardown_measure_ms(const TeardownCase *c, GmClockTime delay)
{
    Teardown t;

    teardown_open(&t, c);
    gm_element_set_state(t.pipeline, c->state);
    if (delay > 0)
        gm_sync_sleep_until(gm_sync_now() + delay);
    else
        teardown_settle();
    GmClockTime start = gm_sync_now();
    GmStateChangeReturn ret = gm_element_set_state(t.pipeline, GM_STATE_NULL);
    double ms = (double)(gm_sync_now() - start) / GM_MSECOND;
    if (ret != GM_STATE_CHANGE_SUCCESS) {
        printf("%s: set_state (NULL) gave %d\n", c->name, (int)ret);
        ms = -1;
    }
    teardown_close(&t);
    return ms;
}

#endif
