// SPDX-License-Identifier: MIT
// livesrc, hlssegmenter, s3sink.
#include <sys/stat.h>

#include "elementtest.h"

// ---- livesrc --------------------------------------------------------------------------------------

// A source on a test clock; not yet started. 10 frames per second.
static GmHarness *live_new(void)
{
    GmElement *source = gm_element_factory_make("livesrc", NULL);
    GmHarness *h = gm_harness_new_with_element(source, NULL, "src");

    gm_object_set(source, "fps", 10, "width", 32, "height", 16, "keyframe-interval", 3u, NULL);
    gm_object_unref(source);
    return h;
}

#define FRAME (SECOND / 10)

// The next frame has this number, and the time and flags that belong to it.
static void expect_frame(GmHarness *h, unsigned number, bool discont, bool delta)
{
    GmBuffer *buffer = gm_harness_pull(h);

    cr_assert_not_null(buffer);
    cr_assert_eq(GM_BUFFER_OFFSET(buffer), number, "%u", (unsigned)GM_BUFFER_OFFSET(buffer));
    cr_assert_eq(GM_BUFFER_PTS(buffer), number * FRAME);
    cr_assert_eq(GM_BUFFER_DURATION(buffer), FRAME);
    cr_assert_eq(GM_BUFFER_IS_DISCONT(buffer), discont, "frame %u", number);
    cr_assert_eq(GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_DELTA_UNIT), delta, "frame %u", number);
    gm_buffer_unref(buffer);
}

GM_TEST(teaching, livesrc_numbers_its_frames)
{
    GmHarness *h = live_new();
    uint64_t generated = 0, dropped = 9;
    gm_harness_play(h);
    for (unsigned i = 0; i < 5; i++) {
        cr_assert(gm_harness_crank_single_clock_wait(h));
        expect_frame(h, i, i == 0, i % 3 != 0);
    }
    gm_object_get(h->element, "frames-generated", &generated, "frames-dropped", &dropped, NULL);
    cr_assert_eq(generated, 5);
    cr_assert_eq(dropped, 0);
    gm_harness_teardown(h);
}

GM_TEST(teaching, livesrc_skips_and_counts_what_it_missed)
{
    GmHarness *h = live_new();
    GmTestClock *clock = gm_harness_get_testclock(h);
    uint64_t dropped = 0;
    gm_harness_play(h);
    cr_assert(gm_harness_crank_single_clock_wait(h));
    expect_frame(h, 0, true, false);
    gm_test_clock_wait_for_next_pending_id(clock, NULL); // for the end of frame 1
    gm_test_clock_set_time(clock, 6 * FRAME);            // frames 1 to 5 have ended
    gm_clock_id_unref(gm_test_clock_process_next_clock_id(clock));
    expect_frame(h, 5, true, true);
    gm_object_get(h->element, "frames-dropped", &dropped, NULL);
    cr_assert_eq(dropped, 4);
    cr_assert(gm_harness_crank_single_clock_wait(h));
    expect_frame(h, 6, false, true);
    gm_object_unref(clock);
    gm_harness_teardown(h);
}

GM_TEST(teaching, livesrc_is_live_and_a_frame_late)
{
    GmHarness *h = live_new();
    GmQuery *query = gm_query_new_latency();
    bool live = false;
    GmClockTime min, max;
    gm_harness_play(h);
    cr_assert(gm_harness_crank_single_clock_wait(h));
    expect_frame(h, 0, true, false);
    cr_assert(gm_pad_peer_query(h->sinkpad, query));
    gm_query_parse_latency(query, &live, &min, &max);
    cr_assert(live);
    cr_assert_eq(min, FRAME);
    cr_assert_eq(max, 2 * FRAME);
    gm_query_unref(query);
    gm_harness_teardown(h);
}

// A pipeline on a test clock: livesrc ! appsink.
typedef struct {
    GmElement   *pipe, *src, *sink;
    GmTestClock *clock;
} Live;

static Live pipe_new(void)
{
    Live l = { .pipe = gm_object_ref_sink(gm_parse_launch(
                   "livesrc name=src fps=10 width=32 height=16 ! appsink name=sink sync=false", NULL)) };

    l.src = gm_bin_get_by_name(GM_BIN(l.pipe), "src");
    l.sink = gm_bin_get_by_name(GM_BIN(l.pipe), "sink");
    l.clock = GM_TEST_CLOCK(gm_test_clock_new());
    gm_pipeline_use_clock(GM_PIPELINE(l.pipe), GM_CLOCK(l.clock));
    return l;
}

static void pipe_free(Live *l)
{
    cr_assert_eq(gm_element_set_state(l->pipe, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    gm_object_unref(l->clock);
    gm_object_unref(l->sink);
    gm_object_unref(l->src);
    gm_object_unref(l->pipe);
}

static unsigned pipe_pull(Live *l)
{
    GmSample *sample = gm_app_sink_try_pull_sample(GM_APP_SINK(l->sink), 10 * SECOND);

    cr_assert_not_null(sample);
    unsigned n = (unsigned)GM_BUFFER_OFFSET(gm_sample_get_buffer(sample));
    gm_sample_unref(sample);
    return n;
}

GM_TEST(teaching, livesrc_gives_nothing_in_paused_and_goes_on_after_a_pause)
{
    Live l = pipe_new();
    uint64_t dropped = 9;
    cr_assert_eq(gm_element_set_state(l.pipe, GM_STATE_PAUSED), GM_STATE_CHANGE_NO_PREROLL);
    cr_assert_null(gm_app_sink_try_pull_preroll(GM_APP_SINK(l.sink), 0));
    gm_element_set_state(l.pipe, GM_STATE_PLAYING);
    for (unsigned i = 0; i < 3; i++) {
        cr_assert(gm_test_clock_crank(l.clock));
        cr_assert_eq(pipe_pull(&l), i);
    }
    gm_test_clock_wait_for_next_pending_id(l.clock, NULL);
    // Running time stands still in PAUSED: an hour later frame 3 is next, and nothing was missed.
    gm_element_set_state(l.pipe, GM_STATE_PAUSED);
    gm_test_clock_advance_time(l.clock, (GmClockTimeDiff)(3600 * SECOND));
    gm_element_set_state(l.pipe, GM_STATE_PLAYING);
    for (unsigned i = 3; i < 6; i++) {
        cr_assert(gm_test_clock_crank(l.clock));
        unsigned n = pipe_pull(&l);
        cr_assert_eq(n, i, "%u instead of %u", n, i);
    }
    gm_object_get(l.src, "frames-dropped", &dropped, NULL);
    cr_assert_eq(dropped, 0);
    pipe_free(&l);
}

GM_TEST(teaching, livesrc_stops_while_it_waits)
{
    Live l = pipe_new();
    gm_element_set_state(l.pipe, GM_STATE_PLAYING);
    gm_test_clock_wait_for_next_pending_id(l.clock, NULL);
    pipe_free(&l); // the clock never moves
}

// ---- hlssegmenter ------------------------------------------------------------------------------------

static GmBuffer *frame(unsigned n, char letter, unsigned flags)
{
    GmBuffer *buffer = gm_buffer_new_memdup(&letter, 1);

    GM_BUFFER_PTS(buffer) = n * SECOND;
    GM_BUFFER_DURATION(buffer) = SECOND;
    GM_BUFFER_FLAG_SET(buffer, flags);
    return buffer;
}

#define KEY 0
#define DELTA GM_BUFFER_FLAG_DELTA_UNIT

static GmHarness *segmenter_new(const char *properties)
{
    char *line = gm_strdup_printf("hlssegmenter %s", properties);
    GmHarness *h = gm_harness_new_parse(line);

    gm_harness_set_src_caps_str(h, "test/x-frames");
    free(line);
    return h;
}

static void expect_segment(GmHarness *h, const char *bytes, GmClockTime pts, GmClockTime duration)
{
    GmBuffer *buffer = gm_harness_pull(h);
    char got[64] = "";

    cr_assert_not_null(buffer);
    gm_buffer_extract(buffer, 0, got, sizeof got - 1);
    cr_assert_str_eq(got, bytes);
    cr_assert_eq(GM_BUFFER_PTS(buffer), pts);
    cr_assert_eq(GM_BUFFER_DURATION(buffer), duration);
    gm_buffer_unref(buffer);
}

GM_TEST(teaching, hlssegmenter_cuts_at_keyframes)
{
    GmHarness *h = segmenter_new("target-duration=2");
    // Keyframes at a, c, e, h: "ab" is full at c; "cd" at e; "efg" waits for h, though full before.
    static const unsigned flags[] = { KEY, DELTA, KEY, DELTA, KEY, DELTA, DELTA, KEY };
    for (unsigned i = 0; i < GM_LEN(flags); i++)
        cr_assert_eq(gm_harness_push(h, frame(i, (char)('a' + i), flags[i])), GM_FLOW_OK);
    cr_assert_eq(gm_harness_buffers_received(h), 3);
    gm_harness_push_event(h, gm_event_new_eos());
    expect_segment(h, "ab", 0, 2 * SECOND);
    expect_segment(h, "cd", 2 * SECOND, 2 * SECOND);
    expect_segment(h, "efg", 4 * SECOND, 3 * SECOND);
    expect_segment(h, "h", 7 * SECOND, SECOND); // the tail
    uint64_t frames = 0, segments = 0;
    gm_harness_get(h, "hlssegmenter", "frames-in", &frames, "segments", &segments, NULL);
    cr_assert_eq(frames, 8);
    cr_assert_eq(segments, 4);
    gm_harness_teardown(h);
}

GM_TEST(teaching, hlssegmenter_does_not_cut_too_early)
{
    GmHarness *h = segmenter_new("target-duration=3");
    for (unsigned i = 0; i < 7; i++) // every one a keyframe
        gm_harness_push(h, frame(i, (char)('a' + i), KEY));
    gm_harness_push_event(h, gm_event_new_eos());
    expect_segment(h, "abc", 0, 3 * SECOND);
    expect_segment(h, "def", 3 * SECOND, 3 * SECOND);
    expect_segment(h, "g", 6 * SECOND, SECOND);
    gm_harness_teardown(h);
}

GM_TEST(teaching, hlssegmenter_puts_the_head_in_front_of_each)
{
    GmHarness *h = segmenter_new("target-duration=2");
    gm_harness_push(h, frame(0, 'X', GM_BUFFER_FLAG_HEADER));
    gm_harness_push(h, frame(0, 'Y', GM_BUFFER_FLAG_HEADER));
    for (unsigned i = 0; i < 4; i++)
        gm_harness_push(h, frame(i, (char)('a' + i), i % 2 ? DELTA : KEY));
    gm_harness_push(h, frame(4, 'Z', GM_BUFFER_FLAG_HEADER)); // a new head, for what follows
    gm_harness_push(h, frame(4, 'e', KEY));
    gm_harness_push_event(h, gm_event_new_eos());
    expect_segment(h, "XYab", 0, 2 * SECOND);
    expect_segment(h, "XYcd", 2 * SECOND, 2 * SECOND);
    expect_segment(h, "Ze", 4 * SECOND, SECOND);
    gm_harness_teardown(h);
}

// The text of the last playlist that came out of h.
static char *last_playlist(GmHarness *h)
{
    char *text = NULL;
    GmEvent *event;

    while ((event = gm_harness_try_pull_event(h))) {
        if (gm_event_has_name(event, "hls-playlist")) {
            free(text);
            text = gm_strdup_printf("%s", gm_structure_get_string(gm_event_get_structure(event), "text"));
        }
        gm_event_unref(event);
    }
    return text;
}

GM_TEST(teaching, hlssegmenter_writes_a_playlist)
{
    GmHarness *h = segmenter_new("target-duration=2 extension=.bin playlist-length=2");
    for (unsigned i = 0; i < 7; i++)
        gm_harness_push(h, frame(i, (char)('a' + i), i % 2 ? DELTA : KEY));
    char *text = last_playlist(h); // 0, 1, 2 have gone out
    cr_assert_str_eq(text, "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:1\n"
                           "#EXTINF:2.000,\nsegment_1.bin\n#EXTINF:2.000,\nsegment_2.bin\n");
    free(text);
    gm_harness_push_event(h, gm_event_new_eos());
    text = last_playlist(h);
    cr_assert_str_eq(text, "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:2\n"
                           "#EXTINF:2.000,\nsegment_2.bin\n#EXTINF:1.000,\nsegment_3.bin\n#EXT-X-ENDLIST\n");
    free(text);
    gm_harness_teardown(h);
}

GM_TEST(teaching, hlssegmenter_says_what_it_holds_back)
{
    GmHarness *h = segmenter_new("target-duration=2");
    gm_harness_set_upstream_latency(h, SECOND);
    cr_assert_eq(gm_harness_query_latency(h), 3 * SECOND);
    gm_harness_teardown(h);
}

// ---- s3sink --------------------------------------------------------------------------------------------

// A sink that stores below `dir`, without a clock in the way.
static GmHarness *s3_new(const char *dir, const char *more)
{
    char *line = gm_strdup_printf("s3sink sync=false directory=%s bucket=b %s", dir, more);
    GmHarness *h = gm_harness_new_parse(line);

    gm_harness_set_src_caps_str(h, "test/x-segments");
    free(line);
    return h;
}

static bool exists(const char *dir, const char *name)
{
    char *path = gm_strdup_printf("%s/%s", dir, name);
    bool is = access(path, F_OK) == 0;

    free(path);
    return is;
}

static uint64_t s3_get(GmHarness *h, const char *name)
{
    uint64_t n = 0;

    gm_harness_get(h, "s3sink", name, &n, NULL);
    return n;
}

GM_TEST(teaching, s3sink_stores_whole_objects)
{
    char *dir = scratch_new();
    GmHarness *h = s3_new(dir, "upload-time=0 object-name=seg-%u.bin prefix=p-");
    for (unsigned i = 0; i < 3; i++)
        cr_assert_eq(gm_harness_push(h, gm_buffer_new_memdup("0123456789", 10)), GM_FLOW_OK);
    GmStructure *st = gm_structure_new("hls-playlist", "text", GM_TYPE_STRING, "#EXTM3U\n", NULL);
    gm_harness_push_event(h, gm_event_new_custom(GM_EVENT_CUSTOM_DOWNSTREAM, st));
    size_t size;
    char *path = gm_strdup_printf("%s/b/p-seg-2.bin", dir);
    char *data = read_whole(path, &size);
    cr_assert_eq(size, 10);
    cr_assert_eq(memcmp(data, "0123456789", 10), 0);
    cr_assert(exists(dir, "b/p-seg-0.bin") && exists(dir, "b/p-seg-1.bin"));
    cr_assert(exists(dir, "b/p-playlist.m3u8"));
    cr_assert_not(exists(dir, "b/p-seg-2.bin.part"));
    cr_assert_eq(s3_get(h, "objects-uploaded"), 3);
    cr_assert_eq(s3_get(h, "bytes-uploaded"), 30);
    cr_assert_eq(s3_get(h, "failed-attempts"), 0);
    free(data);
    free(path);
    gm_harness_teardown(h);
    scratch_free(dir);
}

GM_TEST(teaching, s3sink_tries_again_and_then_says_why_not)
{
    char *dir = scratch_new();
    GmHarness *h = s3_new(dir, "upload-time=0 retries=2 retry-delay=1000000");
    GmBus *bus = gm_bus_new();
    gm_element_set_bus(h->element, bus);
    cr_assert_eq(gm_harness_push(h, gm_buffer_new_memdup("x", 1)), GM_FLOW_OK);
    // The bucket is replaced by a file: nothing can be written below it.
    char *command = gm_strdup_printf("mv %s/b %s/old && touch %s/b", dir, dir, dir);
    cr_assert_eq(system(command), 0);
    free(command);
    cr_assert_eq(gm_harness_push(h, gm_buffer_new_memdup("x", 1)), GM_FLOW_ERROR);
    cr_assert_eq(s3_get(h, "failed-attempts"), 3);
    cr_assert_eq(s3_get(h, "objects-uploaded"), 1);
    GmMessage *message = gm_bus_pop_filtered(bus, GM_MESSAGE_ERROR);
    cr_assert_not_null(message);
    GmError *error;
    char *debug;
    gm_message_parse_error(message, &error, &debug);
    cr_assert_str_eq(error->message, "Could not upload \"segment_1.cmfv\" to bucket \"b\": Not a directory.");
    cr_assert_not_null(strstr(debug, "3 attempts"));
    gm_error_free(error);
    free(debug);
    gm_message_unref(message);
    gm_element_set_bus(h->element, NULL);
    gm_object_unref(bus);
    gm_harness_teardown(h);
    scratch_free(dir);
}

// While the sink waits for its second attempt somebody puts the bucket back.
static GmBusSyncReply put_back(GmBus *bus, GmMessage *message, void *dir)
{
    GmProgressType type;

    (void)bus;
    if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_PROGRESS) {
        gm_message_parse_progress(message, &type, NULL, NULL);
        if (type == GM_PROGRESS_TYPE_CONTINUE) {
            char *command = gm_strdup_printf("rm -f %s/b && mkdir %s/b", (char *)dir, (char *)dir);
            cr_assert_eq(system(command), 0);
            free(command);
        }
    }
    gm_message_unref(message);
    return GM_BUS_DROP;
}

GM_TEST(teaching, s3sink_succeeds_later)
{
    char *dir = scratch_new();
    GmHarness *h = s3_new(dir, "upload-time=0 retries=1 retry-delay=1000000");
    GmBus *bus = gm_bus_new();
    gm_bus_set_sync_handler(bus, put_back, dir, NULL);
    gm_element_set_bus(h->element, bus);
    char *command = gm_strdup_printf("rmdir %s/b && touch %s/b", dir, dir);
    cr_assert_eq(system(command), 0);
    free(command);
    cr_assert_eq(gm_harness_push(h, gm_buffer_new_memdup("x", 1)), GM_FLOW_OK);
    cr_assert_eq(s3_get(h, "failed-attempts"), 1);
    cr_assert(exists(dir, "b/segment_0.cmfv"));
    gm_element_set_bus(h->element, NULL);
    gm_object_unref(bus);
    gm_harness_teardown(h);
    scratch_free(dir);
}

// Tells that an upload has begun.
typedef struct {
    GmMutex lock;
    GmCond  cond;
    bool    begun;
} Begun;

static GmBusSyncReply upload_begins(GmBus *bus, GmMessage *message, void *data)
{
    Begun *b = data;

    (void)bus;
    if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_PROGRESS) {
        gm_mutex_lock(&b->lock);
        b->begun = true;
        gm_cond_broadcast(&b->cond);
        gm_mutex_unlock(&b->lock);
    }
    gm_message_unref(message);
    return GM_BUS_DROP;
}

static void *push_one(void *h)
{
    return (void *)(intptr_t)gm_harness_push(h, gm_buffer_new_memdup("x", 1));
}

GM_TEST(teaching, s3sink_upload_ends_with_a_flush)
{
    char *dir = scratch_new();
    GmHarness *h = s3_new(dir, "upload-time=3600000000000");
    Begun begun = { .begun = false };
    GmBus *bus = gm_bus_new();
    gm_mutex_init(&begun.lock);
    gm_cond_init(&begun.cond);
    gm_bus_set_sync_handler(bus, upload_begins, &begun, NULL);
    gm_element_set_bus(h->element, bus);
    GmThread *pusher = gm_thread_try_new("pusher", push_one, h, NULL);
    gm_mutex_lock(&begun.lock);
    while (!begun.begun)
        gm_cond_wait(&begun.cond, &begun.lock, GM_WAIT_APP, NULL);
    gm_mutex_unlock(&begun.lock);
    gm_harness_push_event(h, gm_event_new_flush_start());
    cr_assert_eq((intptr_t)gm_thread_join(pusher), GM_FLOW_FLUSHING);
    cr_assert_not(exists(dir, "b/segment_0.cmfv"));
    gm_element_set_bus(h->element, NULL);
    gm_object_unref(bus);
    gm_cond_clear(&begun.cond);
    gm_mutex_clear(&begun.lock);
    gm_harness_teardown(h);
    scratch_free(dir);
}

GM_TEST(teaching, s3sink_looks_at_its_names)
{
    static const char *const buckets[] = { "a/b", "..", "." };
    char *dir = scratch_new();
    for (size_t i = 0; i < GM_LEN(buckets); i++) {
        char *line = gm_strdup_printf("fakesrc num-buffers=1 ! s3sink directory=%s bucket=%s", dir, buckets[i]);
        char *wanted = gm_strdup_printf("bucket \"%s\" is no name. | ", buckets[i]);
        play_fails(line, wanted);
        free(wanted);
        free(line);
    }
    static const char *const names[] = { "segment.bin", "%u-%u", "%s%u", "100%-%u" };
    for (size_t i = 0; i < GM_LEN(names); i++) {
        char *line = gm_strdup_printf("fakesrc num-buffers=1 ! s3sink directory=%s object-name=%s", dir, names[i]);
        char *wanted = gm_strdup_printf("object-name \"%s\" has no place for the number. | ", names[i]);
        play_fails(line, wanted);
        free(wanted);
        free(line);
    }
    char *path = gm_strdup_printf("%s/file", dir);
    char *line = gm_strdup_printf("fakesrc num-buffers=1 ! s3sink directory=%s bucket=b", path);
    write_file(path, "x", 1);
    play_fails(line, "/file/b\": Not a directory. | ");
    free(line);
    line = gm_strdup_printf("fakesrc num-buffers=1 ! s3sink directory=%s bucket=file", dir);
    play_fails(line, "/file\": Not a directory. | "); // the bucket itself is a file
    free(line);
    free(path);
    scratch_free(dir);
}
