// SPDX-License-Identifier: MIT
//
// seeks: seeks of filesrc, fakesrc and videotestsrc into a fakesink: flushing and segment seeks, seeks
// before the start, at the end, out of range, with rates 0.5, 2 and -1: what the call answers, the
// events and first buffers that arrive, positions, durations, seeking queries, SEGMENT_DONE.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <unistd.h>

#include "gstmini.h"
#include "peers.h"

static char file[64];

// Events and buffers at the sink: noted by the streaming thread, printed between the steps (arrived);
// of the buffers only the first two after an event.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int buffers, quiet;
static char notes[20000];

static void note(const char *format, ...)
{
    size_t n = strlen(notes);
    va_list args;

    va_start(args, format);
    vsnprintf(notes + n, sizeof(notes) - n, format, args);
    va_end(args);
}

static void arrived(void)
{
    pthread_mutex_lock(&lock);
    printf("%s", notes);
    notes[0] = '\0';
    pthread_mutex_unlock(&lock);
}

static GmPadProbeReturn on_pass(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    pthread_mutex_lock(&lock);
    if (GM_PAD_PROBE_INFO_TYPE(info) & GM_PAD_PROBE_TYPE_BUFFER) {
        GmBuffer *b = GM_PAD_PROBE_INFO_BUFFER(info);
        if (buffers++ < 2 && !quiet)
            note("    buffer pts %" PRId64 " dts %" PRId64 " duration %" PRId64 " offset %" PRId64 "..%" PRId64
                 " size %u flags %x\n", (int64_t)GM_BUFFER_PTS(b), (int64_t)GM_BUFFER_DTS(b), (int64_t)GM_BUFFER_DURATION(b),
                 (int64_t)GM_BUFFER_OFFSET(b), (int64_t)GM_BUFFER_OFFSET_END(b), (unsigned)gm_buffer_get_size(b),
                 (unsigned)GM_BUFFER_FLAGS(b) & ~(unsigned)GM_BUFFER_FLAG_TAG_MEMORY);
    } else {
        GmEvent *e = GM_PAD_PROBE_INFO_EVENT(info);
        const GmSegment *g;

        if (GM_EVENT_TYPE(e) == GM_EVENT_SEGMENT && !quiet) {
            gm_event_parse_segment(e, &g);
            note("    segment %s rate %g*%g flags %x base %" PRId64 " offset %" PRId64 " start %" PRId64 " stop %" PRId64
                 " time %" PRId64 " position %" PRId64 " duration %" PRId64 "\n", gm_format_get_name(g->format), g->rate,
                 g->applied_rate, (unsigned)g->flags, (int64_t)g->base, (int64_t)g->offset, (int64_t)g->start,
                 (int64_t)g->stop, (int64_t)g->time, (int64_t)g->position, (int64_t)g->duration);
            buffers = 0;
        } else if (GM_EVENT_TYPE(e) == GM_EVENT_SEGMENT_DONE) {
            // comes after the message that the program waits for
        } else if (!quiet) {
            note("    %s\n", gm_event_type_get_name(GM_EVENT_TYPE(e)));
        }
    }
    pthread_mutex_unlock(&lock);
    return GM_PAD_PROBE_OK;
}

static void positions(GmElement *p)
{
    arrived();
    static const GmFormat formats[] = { GM_FORMAT_BYTES, GM_FORMAT_TIME, GM_FORMAT_DEFAULT };

    for (size_t i = 0; i < PEERS_LEN(formats); i++) {
        int64_t position = -7, duration = -7, start = -7, stop = -7;
        GM_BOOL seekable = 9;
        GmQuery *q = gm_query_new_seeking(formats[i]);
        int a = gm_element_query_position(p, formats[i], &position);
        int b = gm_element_query_duration(p, formats[i], &duration);
        int c = gm_element_query(p, q);

        gm_query_parse_seeking(q, NULL, &seekable, &start, &stop);
        printf("   %s: position %d %" PRId64 " duration %d %" PRId64 " seeking %d", gm_format_get_name(formats[i]),
               a, position, b, duration, c);
        if (c)
            printf(" %d %" PRId64 "..%" PRId64, seekable, start, stop);
        printf("\n");
        gm_query_unref(q);
    }
}

typedef struct {
    const char *name;
    double rate;
    GmSeekFlags flags;
    GmSeekType a;
    int64_t start;
    GmSeekType b;
    int64_t stop;
} Seek;

static int seek(GmElement *p, GmFormat format, const Seek *s, int64_t unit)
{
    int done;

    arrived();
    printf("  seek %s rate %g flags %x %d %" PRId64 " %d %" PRId64 "\n", s->name, s->rate, (unsigned)s->flags, (int)s->a,
           s->start, (int)s->b, s->stop);
    done = gm_element_seek(p, s->rate, format, s->flags, s->a, s->start == -1 ? -1 : s->start * unit, s->b,
                           s->stop == -1 ? -1 : s->stop * unit);
    printf("   -> %d\n", done);
    return done;
}

#define SET GM_SEEK_TYPE_SET
#define NONE GM_SEEK_TYPE_NONE
#define END GM_SEEK_TYPE_END
#define FLUSH GM_SEEK_FLAG_FLUSH

static const Seek seeks[] = {
    { "to 5", 1, FLUSH, SET, 5, NONE, -1 },          { "to 0", 1, FLUSH, SET, 0, NONE, -1 },
    { "3 to 6", 1, FLUSH, SET, 3, SET, 6 },          { "stop off", 1, FLUSH, NONE, 0, SET, -1 },
    { "half speed", 0.5, FLUSH, SET, 2, NONE, -1 },  { "double", 2, FLUSH | GM_SEEK_FLAG_ACCURATE, SET, 4, NONE, -1 },
    { "rate only", 0.5, FLUSH, NONE, 0, NONE, 0 },   { "back", -1, FLUSH, SET, 0, SET, 4 },
    { "forth", 1, FLUSH, SET, 1, SET, -1 },          { "from the end", 1, FLUSH, END, -2, NONE, -1 },
    { "stop from the end", 1, FLUSH, SET, 1, END, -3 }, { "beyond", 1, FLUSH, SET, 1000000, SET, -1 },
    { "again to 1", 1, FLUSH, SET, 1, SET, -1 },     { "segment", 1, FLUSH | GM_SEEK_FLAG_SEGMENT, SET, 1, SET, 3 },
    { "trick", 2, FLUSH | GM_SEEK_FLAG_TRICKMODE, SET, 1, SET, -1 }, { "empty", 1, FLUSH, SET, 3, SET, 3 },
};

static GmElement *begin(const char *line, GmBus **bus)
{
    GmElement *p = launch(line), *k = gm_bin_get_by_name(GM_BIN(p), "k");
    GmPad *pad = gm_element_get_static_pad(k, "sink");

    *bus = gm_element_get_bus(p);
    gm_object_set((GmObject *)p, "name", "p", NULL);
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GM_PAD_PROBE_TYPE_EVENT_FLUSH,
                     on_pass, NULL, NULL);
    gm_object_unref(pad);
    gm_object_unref(k);
    return p;
}

static void end(GmElement *p, GmBus *bus)
{
    arrived();
    quiet = 1;
    to_state(p, GM_STATE_NULL);
    quiet = 0;
    gm_object_unref(bus);
    gm_object_unref(p);
}

// In PAUSED after each flushing seek exactly one buffer (or EOS) has come.
static void in_paused(const char *line, GmFormat format, int64_t unit)
{
    GmBus *bus;
    GmElement *p = begin(line, &bus);

    to_state(p, GM_STATE_PAUSED);
    positions(p);
    for (size_t i = 0; i < PEERS_LEN(seeks); i++) {
        int done = seek(p, format, &seeks[i], unit);
        printf("   state %d\n", (int)gm_element_get_state(p, NULL, NULL, 5 * GM_SECOND));
        if (done)
            positions(p);
        arrived();
        show_bus(bus, 0, ~(unsigned)(GM_MESSAGE_ERROR | GM_MESSAGE_SEGMENT_START | GM_MESSAGE_SEGMENT_DONE));
    }
    printf("  another format %d\n", gm_element_seek_simple(p, GM_FORMAT_PERCENT, FLUSH, 5));
    end(p, bus);
}

// A seek that plays to its end: what comes, and how it ends.
static void to_end(const char *line, GmFormat format, int64_t unit, const Seek *s)
{
    GmBus *bus;
    GmElement *p = begin(line, &bus);

    to_state(p, GM_STATE_PAUSED);
    if (seek(p, format, s, unit)) {
        gm_element_get_state(p, NULL, NULL, 5 * GM_SECOND);
        gm_element_set_state(p, GM_STATE_PLAYING);
        show_bus(bus, GM_MESSAGE_EOS | GM_MESSAGE_ERROR | GM_MESSAGE_SEGMENT_DONE,
                 ~(unsigned)(GM_MESSAGE_EOS | GM_MESSAGE_ERROR | GM_MESSAGE_SEGMENT_DONE | GM_MESSAGE_SEGMENT_START));
        arrived();
        printf("   buffers %d\n", buffers);
    }
    end(p, bus);
}

// Loops: the first segment seek flushes, the next ones go on without a gap in running time.
static void loops(const char *line, GmFormat format, int64_t unit)
{
    static const Seek first = { "first", 1, FLUSH | GM_SEEK_FLAG_SEGMENT, SET, 1, SET, 3 };
    static const Seek again = { "again", 1, GM_SEEK_FLAG_SEGMENT, SET, 1, SET, 3 };
    static const Seek fast = { "faster", 2, GM_SEEK_FLAG_SEGMENT, SET, 2, SET, 4 };
    static const Seek last = { "last", 1, 0, SET, 1, SET, 2 };
    static const Seek *const order[] = { &first, &again, &again, &fast, &last };
    GmBus *bus;
    GmElement *p = begin(line, &bus);

    to_state(p, GM_STATE_PAUSED);
    for (size_t i = 0; i < PEERS_LEN(order); i++) {
        if (!seek(p, format, order[i], unit))
            break;
        if (i == 0) {
            gm_element_get_state(p, NULL, NULL, 5 * GM_SECOND);
            gm_element_set_state(p, GM_STATE_PLAYING);
        }
        show_bus(bus, GM_MESSAGE_EOS | GM_MESSAGE_ERROR | GM_MESSAGE_SEGMENT_DONE,
                 ~(unsigned)(GM_MESSAGE_EOS | GM_MESSAGE_ERROR | GM_MESSAGE_SEGMENT_DONE | GM_MESSAGE_SEGMENT_START));
        arrived();
        printf("   buffers %d\n", buffers);
    }
    end(p, bus);
}

// Before there is data: a seek sent to the source, or to the pipeline, in READY.
static void early(const char *line, GmFormat format, int64_t unit)
{
    GmBus *bus;
    GmElement *p = begin(line, &bus), *s = gm_bin_get_by_name(GM_BIN(p), "s");

    printf("  in NULL %d\n", seek(p, format, &seeks[2], unit));
    to_state(p, GM_STATE_READY);
    printf("  pipeline in READY %d\n", seek(p, format, &seeks[2], unit));
    printf("  source in READY %d\n", seek(s, format, &seeks[2], unit));
    to_state(p, GM_STATE_PAUSED);
    positions(p);
    gm_object_unref(s);
    end(p, bus);
}

int main(int argc, char **argv)
{
    static const Seek plays[] = {
        { "rest", 1, FLUSH, SET, 6, NONE, -1 },  { "part", 1, FLUSH, SET, 2, SET, 5 },
        { "fast", 2, FLUSH, SET, 2, SET, 6 },    { "slow", 0.5, FLUSH, SET, 2, SET, 4 },
        { "back", -1, FLUSH, SET, 0, SET, 4 },   { "segment", 1, FLUSH | GM_SEEK_FLAG_SEGMENT, SET, 2, SET, 5 },
        { "segment back", -1, FLUSH | GM_SEEK_FLAG_SEGMENT, SET, 1, SET, 4 },
    };
    char with_file[200];
    const char *const lines[] = {
        with_file,
        "fakesrc name=s num-buffers=40 sizetype=fixed sizemax=100 ! fakesink name=k",
        "videotestsrc name=s num-buffers=40 ! video/x-raw,width=16,height=16,framerate=10/1 ! fakesink name=k",
        "videotestsrc name=s num-buffers=40 ! video/x-raw,width=16,height=16,framerate=10/1 ! identity ! fakesink name=k",
    };
    int fd;
    static char data[4000];

    gm_init(NULL, NULL);
    // The path is printed with the line: the same for both.
    strcpy(file, "/tmp/gm-peers-seeks.bin");
    fd = creat(file, 0600);
    if (fd < 0 || write(fd, data, sizeof(data)) != (ssize_t)sizeof(data))
        return 1;
    close(fd);
    snprintf(with_file, sizeof(with_file), "filesrc name=s blocksize=150 location=%s ! fakesink name=k", file);
    for (size_t i = 0; i < PEERS_LEN(lines); i++) {
        GmFormat format = i < 2 ? GM_FORMAT_BYTES : GM_FORMAT_TIME;
        int64_t unit = i < 2 ? 333 : 150 * GM_MSECOND;

        in_paused(lines[i], format, unit);
        for (size_t k = 0; k < PEERS_LEN(plays); k++)
            to_end(lines[i], format, unit, &plays[k]);
        loops(lines[i], format, unit);
        if (i < 2) // our videotestsrc goes to the right frame: docs/left-out.md
            early(lines[i], format, unit);
    }
    unlink(file);
    return 0;
}
