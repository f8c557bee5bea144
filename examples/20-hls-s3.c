// SPDX-License-Identifier: MIT
//
// 20-hls-s3: the whole chain of gst-mini: a camera, a queue, a segmenter, an object store.
//
//     livesrc  -->  queue  -->  hlssegmenter  -->  s3sink
//     30 fps        10 frames   2 s each           waits for its time, uploads, writes a playlist
//
// Two threads: the camera's ends in the queue, the queue's runs through the segmenter into the
// upload. A segment is whole two seconds after its first frame; the segmenter says so in the
// latency query, the pipeline tells the sink, and the sink waits for that time on the clock.
//
// Options (gst-mini's experiments):
//   --seconds N   how long (8)            --fps N         frames per second (30)
//   --target S    segment length (2)      --upload MS     time of one upload (17)
//   --max N       size of the queue (10)  --leaky MODE    no, upstream or downstream (no)
//   --no-queue    without the queue       --input FILE    a .y4m clip instead of the camera
//   --live        a picture of what happens instead of a log
//   --keep        keep the uploaded objects and say where they are
// Limit: the store is a directory; the upload only takes its time.

#include "example.h"

#include <core/base/base_sink.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    double      seconds, target;
    int         fps, upload, max;
    const char *leaky, *input;
    bool        no_queue, live, keep;
} Options;

static Options options = { .seconds = 8, .target = 2, .fps = 30, .upload = 17, .max = 10, .leaky = "no" };

// What the picture and the log know. The atomic ones are written by streaming threads.
static struct {
    GmElement       *pipeline, *camera, *queue, *segmenter, *sink;
    _Atomic unsigned frames;     // that left the source
    _Atomic unsigned full;       // times the queue was full
    unsigned         segment_frames[64]; // frames of each segment
    unsigned         segments, uploads, waits, early;
    unsigned         frames_in_segments;
    double           last_jitter_ms, worst_jitter_ms, last_wait_ms;
    GmClockTime      pts_of_next, segment_ready; // running times
    char             events[6][100];             // the last lines of the log, for the picture
    unsigned         n_events;
} state;

static char directory[] = "/tmp/gstmini-s3-XXXXXX";

// ---- log ---------------------------------------------------------------------------------------

static void say(const char *name, const char *format, ...) GM_PRINTF(2, 3);
static void say(const char *name, const char *format, ...)
{
    char text[90];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!options.live) {
        example_log(name, "%s", text);
        return;
    }
    GmClockTime now = gm_element_get_current_running_time(state.pipeline);
    double time = GM_CLOCK_TIME_IS_VALID(now) ? (double)now / GM_SECOND : 0;
    snprintf(state.events[state.n_events++ % GM_LEN(state.events)], sizeof state.events[0],
             "[%.3fs] %.12s: %.60s", time, name, text);
}

static GmPadProbeReturn count_frame(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    unsigned n = ++state.frames;
    GmBuffer *buffer = GM_PAD_PROBE_INFO_BUFFER(info);

    (void)pad;
    (void)data;
    if (!options.live && n % (unsigned)options.fps == 0)
        example_log("camera", "Generated frame %u, PTS=%.3fs", n, (double)GM_BUFFER_PTS(buffer) / GM_SECOND);
    return GM_PAD_PROBE_OK;
}

static void queue_is_full(GmElement *queue, void *data)
{
    (void)data;
    if (state.full++ == 0 && !options.live)
        example_log(GM_OBJECT_NAME(queue), "Queue FULL (%d/%d)", options.max, options.max);
}

// ---- messages ----------------------------------------------------------------------------------

static double running_ms(void)
{
    return (double)gm_element_get_current_running_time(state.pipeline) / GM_MSECOND;
}

static void segment_started(const GmStructure *s)
{
    unsigned index;
    gm_structure_get_uint(s, "index", &index);
    say("segmenter", "Starting segment %u", index);
}

static void segment_complete(const GmStructure *s)
{
    unsigned index, frames;
    uint64_t pts, duration;

    gm_structure_get_uint(s, "index", &index);
    gm_structure_get_uint(s, "frames", &frames);
    gm_structure_get_uint64(s, "pts", &pts);
    gm_structure_get_uint64(s, "duration", &duration);
    say("segmenter", "Segment %u complete (%u frames, %.1fs, PTS=%.3fs)", index, frames,
        (double)duration / GM_SECOND, (double)pts / GM_SECOND);
    if (index < GM_LEN(state.segment_frames))
        state.segment_frames[index] = frames;
    state.frames_in_segments += frames;
    state.segments++;
    state.pts_of_next = pts;
    state.segment_ready = gm_element_get_current_running_time(state.pipeline);
    GmClockTime latency = gm_base_sink_get_latency((GmBaseSink *)state.sink);
    if (index == 0) // the latency is shared out once every sink has its first buffer
        say("s3sink", "Prerolled with segment 0");
    else
        say("s3sink", "Waiting for clock_time=%.3fs...", (double)(pts + latency) / GM_SECOND);
}

// The sink begins to upload: its wait on the clock is over.
static void upload_started(const char *text)
{
    GmClockTime latency = gm_base_sink_get_latency((GmBaseSink *)state.sink);
    double now = running_ms(), due = (double)(state.pts_of_next + latency) / GM_MSECOND;

    state.last_jitter_ms = now - due;
    state.last_wait_ms = now - (double)state.segment_ready / GM_MSECOND;
    if (state.last_jitter_ms > state.worst_jitter_ms)
        state.worst_jitter_ms = state.last_jitter_ms;
    if (state.last_jitter_ms < 0)
        state.early++;
    state.waits++;
    say("s3sink", "Clock wait complete (jitter: %+.1fms)", state.last_jitter_ms);
    say("s3sink", "%s", text);
}

static void on_progress(GmMessage *message)
{
    GmProgressType type;
    char *code, *text;

    gm_message_parse_progress(message, &type, &code, &text);
    if (type == GM_PROGRESS_TYPE_START) {
        upload_started(text);
    } else if (type == GM_PROGRESS_TYPE_COMPLETE) {
        state.uploads++;
        say("s3sink", "Upload complete");
    } else {
        say("s3sink", "%s", text);
    }
    free(code);
    free(text);
}

// False: the pipeline is done. *ok: by EOS.
static bool on_message(GmMessage *message, bool *ok)
{
    const GmStructure *s = gm_message_get_structure(message);
    GmError *error;
    char *debug;

    switch (GM_MESSAGE_TYPE(message)) {
    case GM_MESSAGE_ELEMENT:
        if (gm_structure_has_name(s, "hls-segment-start"))
            segment_started(s);
        else if (gm_structure_has_name(s, "hls-segment"))
            segment_complete(s);
        return true;
    case GM_MESSAGE_PROGRESS:
        on_progress(message);
        return true;
    case GM_MESSAGE_LATENCY:
        gm_bin_recalculate_latency((GmBin *)state.pipeline);
        return true;
    case GM_MESSAGE_ERROR:
        gm_message_parse_error(message, &error, &debug);
        fprintf(stderr, "ERROR from %s: %s\n%s\n", GM_OBJECT_NAME(GM_MESSAGE_SRC(message)), error->message,
                debug ? debug : "");
        gm_error_free(error);
        free(debug);
        return false;
    case GM_MESSAGE_EOS:
        say("s3sink", "Received EOS");
        *ok = true;
        return false;
    default:
        return true;
    }
}

// ---- the picture -------------------------------------------------------------------------------

static void draw_bar(unsigned level, unsigned max)
{
    unsigned width = 30, filled = max ? level * width / max : 0;

    putchar('[');
    for (unsigned i = 0; i < width; i++)
        fputs(i < filled ? "█" : "·", stdout);
    putchar(']');
}

static void draw(bool first)
{
    unsigned level = 0;
    uint64_t leaked = 0, missed = 0, bytes = 0;

    if (state.queue)
        gm_object_get(state.queue, "current-level-buffers", &level, "dropped", &leaked, NULL);
    if (state.camera && !options.input)
        gm_object_get(state.camera, "frames-dropped", &missed, NULL);
    gm_object_get(state.sink, "bytes-uploaded", &bytes, NULL);
    if (!first)
        printf("\033[%uA", 6 + (unsigned)GM_LEN(state.events));
    printf("\033[K  time       %7.2f s\n", running_ms() / 1000);
    printf("\033[K  frames     %7u generated   %" PRIu64 " missed by the camera   %" PRIu64 " leaked by the queue\n",
           state.frames, missed, leaked);
    printf("\033[K  queue      ");
    draw_bar(level, (unsigned)options.max);
    printf(" %u/%d\n", level, options.max);
    printf("\033[K  segments   %7u complete    %u frames in them\n", state.segments, state.frames_in_segments);
    printf("\033[K  clock      %7u waits       last %.0f ms long, woken %+.1f ms from its time\n", state.waits,
           state.last_wait_ms, state.last_jitter_ms);
    printf("\033[K  uploads    %7u done        %.1f MB in %s\n", state.uploads, (double)bytes / 1e6, directory);
    for (unsigned i = 0; i < GM_LEN(state.events); i++) {
        unsigned n = state.n_events + i;
        printf("\033[K    \033[2m%s\033[0m\n",
               state.n_events < GM_LEN(state.events) ? state.events[i] : state.events[n % GM_LEN(state.events)]);
    }
    fflush(stdout);
}

// ---- running -----------------------------------------------------------------------------------

static GmElement *build(void)
{
    char line[800], queue[120] = "", source[400];

    if (!options.no_queue)
        snprintf(queue, sizeof queue, "! queue name=queue max-size-buffers=%d max-size-bytes=0 max-size-time=0 leaky=%s",
                 options.max, options.leaky);
    if (options.input)
        snprintf(source, sizeof source, "filesrc location=\"%s\" ! y4mdec name=camera", options.input);
    else
        snprintf(source, sizeof source, "livesrc name=camera fps=%d num-buffers=%d", options.fps,
                 (int)(options.seconds * options.fps + 0.5));
    snprintf(line, sizeof line,
             "%s %s ! hlssegmenter name=segmenter target-duration=%g ! "
             "s3sink name=s3sink bucket=live-streams directory=%s upload-time=%lld",
             source, queue, options.target, directory, options.upload * 1000000LL);
    printf("$ gstmini-launch %s\n\n", line);
    return example_launch(line);
}

static bool run(void)
{
    bool ok = false, going = true, first = true;
    GmBus *bus = gm_element_get_bus(state.pipeline);

    say("Pipeline", "Setting state to PLAYING");
    if (!options.input)
        say("camera", "Starting frame generation at %d fps", options.fps);
    if (state.queue)
        say("queue", "Starting loop thread (max_size=%d, leaky=%s)", options.max, options.leaky);
    gm_element_set_state(state.pipeline, GM_STATE_PLAYING);
    while (going) {
        // The picture is drawn ten times a second; the log needs no such clock.
        GmMessage *message =
            gm_bus_timed_pop(bus, options.live ? 100 * GM_MSECOND : GM_CLOCK_TIME_NONE);
        if (message) {
            going = on_message(message, &ok);
            gm_message_unref(message);
        }
        if (options.live && (!message || !going || first)) {
            draw(first);
            first = false;
        }
    }
    gm_object_unref(bus);
    return ok;
}

// ---- the claims --------------------------------------------------------------------------------

static unsigned count_in_playlist(const char *word)
{
    char path[100], text[8000];
    unsigned n = 0;

    snprintf(path, sizeof path, "%s/live-streams/playlist.m3u8", directory);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    for (char *p = text; (p = strstr(p, word)); p++)
        n++;
    return n;
}

static void check(bool eos)
{
    uint64_t missed = 0, leaked = 0, bytes = 0;

    if (!options.input)
        gm_object_get(state.camera, "frames-dropped", &missed, NULL);
    if (state.queue)
        gm_object_get(state.queue, "dropped", &leaked, NULL);
    gm_object_get(state.sink, "bytes-uploaded", &bytes, NULL);
    say("Pipeline", "Stopping...");
    say("s3sink", "Total segments uploaded: %u", state.uploads);
    puts("");
    example_expect(eos, "the stream ended by itself");
    example_expect(state.frames == state.frames_in_segments + leaked,
                   "every frame is accounted for: %u generated = %u in segments + %" PRIu64 " leaked", state.frames,
                   state.frames_in_segments, leaked);
    if (missed == 0 && leaked == 0 && !options.input) {
        unsigned per = (unsigned)(options.target * options.fps + 0.5), whole = state.frames / per;
        example_expect(state.segments == (state.frames + per - 1) / per && state.segment_frames[0] == per,
                       "%u frames at %d fps gave %u segments, of %u frames each", state.frames, options.fps,
                       state.segments, state.segment_frames[0]);
        for (unsigned i = 0; i < whole && i < GM_LEN(state.segment_frames); i++)
            if (state.segment_frames[i] != per)
                example_expect(false, "segment %u has %u frames", i, state.segment_frames[i]);
    }
    example_expect(state.uploads == state.segments, "each of the %u segments was uploaded", state.uploads);
    example_expect(state.waits == state.segments && state.early == 0,
                   "no upload began before PTS + latency: the sink waited on the clock %u times", state.waits);
    example_expect(count_in_playlist("#EXTINF:") == state.segments && count_in_playlist("#EXT-X-ENDLIST") == 1,
                   "the playlist lists %u segments and its end", count_in_playlist("#EXTINF:"));
    printf("  (%.1f MB uploaded; worst wake-up %+.1f ms after its time)\n", (double)bytes / 1e6,
           state.worst_jitter_ms);
}

static void remove_objects(void)
{
    char pattern[100];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/live-streams/*", directory);
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            unlink(found.gl_pathv[i]);
    globfree(&found);
    snprintf(pattern, sizeof pattern, "%s/live-streams", directory);
    rmdir(pattern);
    rmdir(directory);
}

// ---- main --------------------------------------------------------------------------------------

static void usage(const char *what)
{
    fprintf(stderr, "20-hls-s3: %s\nusage: 20-hls-s3 [--seconds N] [--fps N] [--target S] [--upload MS] [--max N] "
                    "[--leaky MODE] [--no-queue] [--input FILE] [--live] [--keep]\n", what);
    exit(2);
}

static void parse_options(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--live") == 0) { options.live = true; continue; }
        if (strcmp(argv[i], "--keep") == 0) { options.keep = true; continue; }
        if (strcmp(argv[i], "--no-queue") == 0) { options.no_queue = true; continue; }
        if (!value)
            usage(argv[i]);
        if (strcmp(argv[i], "--seconds") == 0) options.seconds = atof(value);
        else if (strcmp(argv[i], "--fps") == 0) options.fps = atoi(value);
        else if (strcmp(argv[i], "--target") == 0) options.target = atof(value);
        else if (strcmp(argv[i], "--upload") == 0) options.upload = atoi(value);
        else if (strcmp(argv[i], "--max") == 0) options.max = atoi(value);
        else if (strcmp(argv[i], "--leaky") == 0) options.leaky = value;
        else if (strcmp(argv[i], "--input") == 0) options.input = value;
        else usage(argv[i]);
        i++;
    }
    if (options.seconds <= 0 || options.fps <= 0 || options.target <= 0 || options.upload < 0 || options.max <= 0)
        usage("numbers must be positive");
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    parse_options(argc, argv);
    // A picture needs a terminal; in a file the log is of more use.
    options.live = options.live && isatty(STDOUT_FILENO);
    if (!mkdtemp(directory)) {
        perror(directory);
        return 2;
    }
    example_begin("20 From a camera to an object store",
                  options.input ? "a clip  -->  queue  -->  hlssegmenter  -->  s3sink"
                                : "livesrc  -->  queue  -->  hlssegmenter  -->  s3sink",
                  "segments are cut every two seconds, and none loses a frame\n"
                  "each upload waits on the clock until PTS + latency\n"
                  "the camera never waits for an upload: the queue stands between");
    state.pipeline = build();
    state.camera = example_get(state.pipeline, "camera");
    state.queue = options.no_queue ? NULL : example_get(state.pipeline, "queue");
    state.segmenter = example_get(state.pipeline, "segmenter");
    state.sink = example_get(state.pipeline, "s3sink");
    GmPad *pad = gm_element_get_static_pad(state.camera, "src");
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, count_frame, NULL, NULL);
    gm_object_unref(pad);
    if (state.queue)
        gm_signal_connect(state.queue, "overrun", queue_is_full, NULL);

    bool eos = run();
    check(eos);
    gm_element_set_state(state.pipeline, GM_STATE_NULL);
    gm_object_unref(state.camera);
    if (state.queue)
        gm_object_unref(state.queue);
    gm_object_unref(state.segmenter);
    gm_object_unref(state.sink);
    gm_object_unref(state.pipeline);
    if (options.keep)
        printf("the objects are in %s/live-streams\n", directory);
    else
        remove_objects();
    return example_end();
}
