// SPDX-License-Identifier: MIT
//
// test_videotestsrc: pictures (checksums recorded from gst-launch-1.0 1.22), times, seeks, queries.
#include "gmtest.h"
#include "gstmini-element.h"
#include "check/harness.h"
#include "video/video_info.h"

static uint32_t crc32_of(uint32_t crc, const uint8_t *data, size_t size)
{
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

// A source whose pictures wait in the harness; not yet started.
static GmHarness *new_source(const char *line, const char *caps)
{
    GmElement *source = gm_parse_launch(line, NULL);
    GmHarness *h = gm_harness_new_with_element(source, NULL, "src");
    gm_object_unref(source);
    gm_harness_set_sink_caps_str(h, caps);
    return h;
}

#define SMALL ", width = 64, height = 48, framerate = 30/1"

GM_TEST(videotestsrc, pictures_are_gstreamers)
{
    static const struct { const char *format, *pattern; uint32_t crc; } rows[] = {
        { "I420", "smpte", 0xffbf095d },  { "I420", "red", 0xc924e398 },
        { "YUY2", "smpte", 0x0468f2d7 },  { "YUY2", "red", 0xa27b0c2e },
        { "RGB", "smpte", 0x03a9d7d5 },   { "RGB", "red", 0xa6b001b0 },
        { "BGR", "smpte", 0x02a6bd6a },   { "BGR", "red", 0x89a491b8 },
        { "GRAY8", "smpte", 0x844d32d7 }, { "GRAY8", "red", 0x63c58e2a },
    };
    for (size_t i = 0; i < GM_LEN(rows); i++) {
        char line[100], caps[100];
        uint32_t crc = 0;
        GmBuffer *buffer = NULL;
        snprintf(line, sizeof line, "videotestsrc num-buffers=2 pattern=%s", rows[i].pattern);
        snprintf(caps, sizeof caps, "video/x-raw, format = %s" SMALL, rows[i].format);
        GmHarness *h = new_source(line, caps);
        gm_harness_play(h);
        while (gm_harness_pull_until_eos(h, &buffer) && buffer) {
            GmMapInfo map;
            cr_assert(gm_buffer_map(buffer, &map, GM_MAP_READ));
            crc = crc32_of(crc, map.data, map.size);
            gm_buffer_unmap(buffer, &map);
            gm_buffer_unref(buffer);
        }
        cr_expect_eq(crc, rows[i].crc, "%s %s: %08x", rows[i].format, rows[i].pattern, crc);
        gm_harness_teardown(h);
    }
}

GM_TEST(videotestsrc, default_caps)
{
    GmHarness *h = new_source("videotestsrc num-buffers=1", "video/x-raw");
    gm_harness_play(h);
    GmBuffer *buffer = NULL;
    while (gm_harness_pull_until_eos(h, &buffer) && buffer)
        gm_buffer_unref(buffer);
    GmCaps *caps = gm_pad_get_current_caps(h->sinkpad);
    char *text = gm_caps_to_string(caps);
    cr_assert_str_eq(text, "video/x-raw, format=(string)ABGR64_LE, width=(int)320, "
                     "height=(int)240, framerate=(fraction)30/1, multiview-mode=(string)mono, "
                     "pixel-aspect-ratio=(fraction)1/1, interlace-mode=(string)progressive");
    free(text);
    gm_caps_unref(caps);
    gm_harness_teardown(h);
}

// Takes the next picture and checks what it says.
static void expect(GmHarness *h, GmClockTime pts, GmClockTime duration, uint64_t offset)
{
    GmBuffer *buffer = gm_harness_pull(h);
    cr_assert_not_null(buffer);
    cr_assert_eq(GM_BUFFER_PTS(buffer), pts, "pts %" PRIu64 ", not %" PRIu64,
                 GM_BUFFER_PTS(buffer), pts);
    cr_assert_eq(GM_BUFFER_DURATION(buffer), duration, "duration %" PRIu64,
                 GM_BUFFER_DURATION(buffer));
    cr_assert_eq(GM_BUFFER_OFFSET(buffer), offset);
    cr_assert_eq(GM_BUFFER_OFFSET_END(buffer), offset + 1);
    cr_assert_eq(GM_BUFFER_DTS(buffer), GM_CLOCK_TIME_NONE);
    gm_buffer_unref(buffer);
}

static void expect_eos(GmHarness *h)
{
    GmBuffer *buffer = NULL;
    cr_assert(gm_harness_pull_until_eos(h, &buffer));
    cr_assert_null(buffer);
}

GM_TEST(videotestsrc, times)
{
    GmHarness *h = new_source("videotestsrc num-buffers=3 timestamp-offset=7",
                              "video/x-raw, format = GRAY8" SMALL);
    gm_harness_play(h);
    expect(h, 7, 33333333, 0);
    expect(h, 33333340, 33333333, 1);
    expect(h, 66666673, 33333334, 2);
    expect_eos(h);
    gm_harness_teardown(h);
}

GM_TEST(videotestsrc, still_is_one_picture)
{
    GmHarness *h = new_source("videotestsrc pattern=black",
                              "video/x-raw, format = GRAY8, framerate = 0/1");
    gm_harness_play(h);
    expect(h, 0, GM_CLOCK_TIME_NONE, 0);
    expect_eos(h);
    gm_harness_teardown(h);
}

GM_TEST(videotestsrc, seek_forward)
{
    GmHarness *h = new_source("videotestsrc", "video/x-raw, format = GRAY8" SMALL);
    gm_element_set_state(h->element, GM_STATE_READY);
    cr_assert(gm_element_seek(h->element, 1.0, GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH, GM_SEEK_TYPE_SET,
                              2 * (int64_t)GM_SECOND, GM_SEEK_TYPE_SET,
                              2 * (int64_t)GM_SECOND + 50 * (int64_t)GM_MSECOND));
    gm_harness_play(h);
    expect(h, 2 * GM_SECOND, 33333333, 60);
    expect(h, 2033333333, 33333333, 61);
    expect_eos(h);
    gm_harness_teardown(h);
}

GM_TEST(videotestsrc, seek_backward)
{
    GmHarness *h = new_source("videotestsrc", "video/x-raw, format = GRAY8" SMALL);
    gm_element_set_state(h->element, GM_STATE_READY);
    cr_assert(gm_element_seek(h->element, -1.0, GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH,
                              GM_SEEK_TYPE_SET, 0, GM_SEEK_TYPE_SET, 110 * (int64_t)GM_MSECOND));
    gm_harness_play(h);
    expect(h, 100 * GM_MSECOND, 33333333, 3);
    expect(h, 66666666, 33333334, 2);
    expect(h, 33333333, 33333333, 1);
    expect(h, 0, 33333333, 0);
    expect_eos(h);
    gm_harness_teardown(h);
}

GM_TEST(videotestsrc, queries)
{
    GmHarness *h = new_source("videotestsrc num-buffers=30", "video/x-raw, format = GRAY8" SMALL);
    int64_t value = 0;
    gm_harness_play(h);
    expect(h, 0, 33333333, 0);
    cr_assert(gm_element_query_duration(h->element, GM_FORMAT_TIME, &value));
    cr_assert_eq(value, (int64_t)GM_SECOND);
    cr_assert(gm_element_query_duration(h->element, GM_FORMAT_BYTES, &value));
    cr_assert_eq(value, 30 * 64 * 48);
    cr_assert(gm_element_query_convert(h->element, GM_FORMAT_DEFAULT, 15, GM_FORMAT_TIME, &value));
    cr_assert_eq(value, (int64_t)GM_SECOND / 2);
    cr_assert(gm_element_query_convert(h->element, GM_FORMAT_BYTES, 64 * 48 * 3, GM_FORMAT_DEFAULT,
                                       &value));
    cr_assert_eq(value, 3);
    cr_assert_eq(gm_harness_query_latency(h), 33333333u);
    gm_harness_teardown(h);
}

// A live source waits for the clock before each picture: the test lets each wait end.
GM_TEST(videotestsrc, live)
{
    GmHarness *h = new_source("videotestsrc is-live=true", "video/x-raw, format = GRAY8" SMALL);
    bool live = false;
    gm_object_get(h->element, "is-live", &live, NULL);
    cr_assert(live);
    gm_harness_play(h);
    cr_assert(gm_harness_crank_single_clock_wait(h));
    expect(h, 0, 33333333, 0);
    cr_assert(gm_harness_crank_single_clock_wait(h));
    expect(h, 33333333, 33333333, 1);
    gm_harness_teardown(h);
}

// The first byte of the next picture.
static uint8_t first_byte(GmHarness *h)
{
    GmBuffer *buffer = gm_harness_pull(h);
    uint8_t byte = 0;
    cr_assert_eq(gm_buffer_extract(buffer, 0, &byte, 1), 1u);
    gm_buffer_unref(buffer);
    return byte;
}

GM_TEST(videotestsrc, pattern_changes_while_playing)
{
    GmHarness *h = new_source("videotestsrc is-live=true pattern=white",
                              "video/x-raw, format = GRAY8" SMALL);
    gm_harness_play(h);
    gm_harness_crank_single_clock_wait(h);
    cr_assert_eq(first_byte(h), 235);
    gm_harness_wait_for_clock_id_waits(h, 1, 10);
    gm_object_set_from_string(h->element, "pattern", "black", NULL);
    gm_harness_crank_single_clock_wait(h);
    first_byte(h); // was drawn before the change
    gm_harness_crank_single_clock_wait(h);
    cr_assert_eq(first_byte(h), 16);
    gm_harness_teardown(h);
}

GM_TEST(videotestsrc, alpha_asks_for_a_format_with_alpha)
{
    GmHarness *h = new_source("videotestsrc num-buffers=1 foreground-color=0x80ffffff",
                              "video/x-raw, format = (string) { GRAY8, BGRA }" SMALL);
    gm_harness_play(h);
    GmBuffer *buffer = gm_harness_pull(h);
    cr_assert_eq(gm_buffer_get_size(buffer), 64u * 48 * 4);
    gm_buffer_unref(buffer);
    gm_harness_teardown(h);
}
