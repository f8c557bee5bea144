// SPDX-License-Identifier: MIT
// y4menc, y4mdec, pngenc, pngdec: round trips, damaged files, times, seeks.
#include "elementtest.h"
#include "video/video_info.h"

#ifndef HAVE_PNG
#define HAVE_PNG 0
#endif

static void same_bytes(const char *dir, const char *first, const char *second)
{
    char *a_path = gm_strdup_printf("%s/%s", dir, first), *b_path = gm_strdup_printf("%s/%s", dir, second);
    size_t a_size, b_size;
    char *a = read_whole(a_path, &a_size), *b = read_whole(b_path, &b_size);

    cr_assert_gt(a_size, 0);
    cr_assert_eq(a_size, b_size, "%zu bytes, %zu bytes", a_size, b_size);
    cr_assert_eq(memcmp(a, b, a_size), 0);
    free(a);
    free(b);
    free(a_path);
    free(b_path);
}

// Pictures through an encoder and a decoder are what they were. Compared are the coded ones, and
// the raw ones where rows have no padding (that is nobody's).
static void round_trip(const char *format, int width, int height, const char *enc, const char *dec)
{
    char *dir = scratch_new();
    char *line = gm_strdup_printf(
        "videotestsrc num-buffers=3 pattern=ball ! video/x-raw,format=%s,width=%d,height=%d,"
        "framerate=25/2,pixel-aspect-ratio=4/3 ! tee name=raw raw. ! queue ! filesink location=%s/raw "
        "raw. ! queue ! %s ! tee name=coded coded. ! queue ! filesink location=%s/coded "
        "coded. ! queue ! %s ! video/x-raw,format=%s,width=%d,height=%d ! tee name=out "
        "out. ! queue ! filesink location=%s/raw-again out. ! queue ! %s ! filesink location=%s/coded-again",
        format, width, height, dir, enc, dir, dec, format, width, height, dir, enc, dir);

    play_ok(line);
    same_bytes(dir, "coded", "coded-again");
    if (width % 8 == 0 && height % 2 == 0)
        same_bytes(dir, "raw", "raw-again");
    free(line);
    scratch_free(dir);
}

GM_TEST(images, y4m_round_trip)
{
    static const char *const formats[] = { "I420", "Y42B", "Y444" };
    static const int sizes[][2] = { { 64, 48 }, { 33, 17 }, { 1, 1 }, { 2, 5 }, { 322, 3 } };
    for (size_t f = 0; f < GM_LEN(formats); f++)
        for (size_t i = 0; i < GM_LEN(sizes); i++)
            round_trip(formats[f], sizes[i][0], sizes[i][1], "y4menc", "y4mdec");
}

GM_TEST(images, y4m_line_says_what_the_caps_say)
{
    static const char *const rows[][2] = {
        { "video/x-raw, format=I420, width=6, height=4, framerate=30/1, pixel-aspect-ratio=4/3",
          "YUV4MPEG2 C420jpeg W6 H4 Ip F30:1 A4:3\nFRAME\n" },
        { "video/x-raw, format=Y42B, width=6, height=4, framerate=30000/1001",
          "YUV4MPEG2 C422 W6 H4 Ip F30000:1001 A1:1\nFRAME\n" },
        { "video/x-raw, format=Y444, width=6, height=4, framerate=1/1",
          "YUV4MPEG2 C444 W6 H4 Ip F1:1 A1:1\nFRAME\n" },
    };
    for (size_t i = 0; i < GM_LEN(rows); i++) {
        GmHarness *h = gm_harness_new("y4menc");
        GmVideoInfo info;
        GmMapInfo map;
        GmCaps *caps = gm_caps_from_string(rows[i][0]);
        cr_assert(gm_video_info_from_caps(&info, caps));
        gm_harness_set_src_caps(h, caps);
        GmBuffer *out = gm_harness_push_and_pull(h, gm_harness_create_buffer(h, info.size));
        cr_assert(gm_buffer_map(out, &map, GM_MAP_READ));
        cr_assert(map.size > strlen(rows[i][1]) && memcmp(map.data, rows[i][1], strlen(rows[i][1])) == 0,
                  "%.60s", (const char *)map.data);
        gm_buffer_unmap(out, &map);
        gm_buffer_unref(out);
        out = gm_harness_push_and_pull(h, gm_harness_create_buffer(h, info.size));
        cr_assert(gm_buffer_map(out, &map, GM_MAP_READ));
        cr_assert_eq(memcmp(map.data, "FRAME\n", 6), 0); // the stream's line comes once
        gm_buffer_unmap(out, &map);
        gm_buffer_unref(out);
        gm_harness_teardown(h);
    }
}

// A stream of `n` frames of 4 x 4 in 4:2:0 behind `head`, cut to `size` bytes if that is not 0.
static void play_y4m(const char *head, unsigned n, size_t size, const char *wanted)
{
    char *dir = scratch_new(), data[512];
    char *path = gm_strdup_printf("%s/a.y4m", dir);
    char *line = gm_strdup_printf("filesrc location=%s ! y4mdec ! fakesink", path);
    size_t used = strlen(head);

    memcpy(data, head, used);
    for (; n > 0; n--, used += 30) {
        memcpy(data + used, "FRAME\n", 6);
        memset(data + used + 6, (int)n, 24);
    }
    write_file(path, data, size ? size : used);
    if (wanted)
        play_fails(line, wanted);
    else
        play_ok(line);
    free(line);
    free(path);
    scratch_free(dir);
}

GM_TEST(images, y4m_lines_that_are_wrong_are_quoted)
{
    static const char *const rows[][2] = {
        { "YUV4MPEG W4 H4\n", "Failed to parse YUV4MPEG header | " },
        { "YUV4MPEG W4 H4\n", "at \"YUV4MPEG\"; is this a .y4m file?" },
        { "YUV4MPEG2 W0 H4\n", "at \"W0\"" },
        { "YUV4MPEG2 W-4 H4\n", "at \"W-4\"" },
        { "YUV4MPEG2 W99999999999 H4\n", "at \"W99999999999\"" },
        { "YUV4MPEG2 Wx4 H4\n", "at \"Wx4\"" },
        { "YUV4MPEG2 W4x H4\n", "at \"W4x\"" },
        { "YUV4MPEG2 W4 H40000\n", "at \"H40000\"" },
        { "YUV4MPEG2 W4\n", "at \"no H\"" },
        { "YUV4MPEG2 H4\n", "at \"no W\"" },
        { "YUV4MPEG2 W4 H4 F25\n", "at \"F25\"" },
        { "YUV4MPEG2 W4 H4 F25:-1\n", "at \"F25:-1\"" },
        { "YUV4MPEG2 W4 H4 F9999999999:1\n", "at \"F9999999999:1\"" },
        { "YUV4MPEG2 W4 H4 A1:1:1\n", "at \"A1:1:1\"" },
        { "YUV4MPEG2 W4 H4 C411\n", "at \"C411\"" },
        { "YUV4MPEG2 W4 H4 Iz\n", "at \"Iz\"" },
        { "YUV4MPEG2 W4 H4 I\n", "at \"I\"" },
        { "YUV4MPEG2 W4 H4\nFRAMES\n", "Failed to parse YUV4MPEG frame | " },
        { "YUV4MPEG2 W4 H4\nfoo\n", "at \"foo\"" },
        { "\001\002\003\n", "at \"...\"" },
    };
    for (size_t i = 0; i < GM_LEN(rows); i++)
        play_y4m(rows[i][0], 0, 0, rows[i][1]);
    char *garbage = malloc(401);
    memset(garbage, 'x', 400);
    garbage[400] = '\0';
    play_y4m(garbage, 0, 0, "at \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"");
    free(garbage);
}

GM_TEST(images, y4m_that_ends_early)
{
    static const char head[] = "YUV4MPEG2 W4 H4 F25:1\n";
    play_y4m(head, 0, 10, "Failed to parse YUV4MPEG header | ");
    play_y4m(head, 0, 10, "the stream ended after 10 bytes");
    play_y4m(head, 2, 0, NULL);
    play_y4m(head, 0, 0, NULL);          // a stream of no pictures is one
    play_y4m(head, 2, 22 + 30 + 20, NULL); // a warning; what is whole goes out
    play_y4m("YUV4MPEG2 W4 H4 F25:1 Xsomething=1 C420mpeg2 It A0:0\n", 1, 0, NULL);
}

GM_TEST(images, y4mdec_warns_of_half_a_frame)
{
    GmHarness *h = gm_harness_new("y4mdec");
    GmBus *bus = gm_bus_new();
    gm_element_set_bus(h->element, bus);
    gm_harness_set_src_caps_str(h, "application/x-yuv4mpeg, y4mversion=2");
    gm_harness_push(h, gm_buffer_new_memdup("YUV4MPEG2 W4 H4\nFRAME\nxx", 24));
    gm_harness_push_event(h, gm_event_new_eos());
    GmMessage *message = gm_bus_pop_filtered(bus, GM_MESSAGE_WARNING);
    cr_assert_not_null(message);
    GmError *error;
    char *debug;
    gm_message_parse_warning(message, &error, &debug);
    cr_assert_str_eq(error->message, "The last frame is incomplete and was dropped.");
    cr_assert_not_null(strstr(debug, "8 bytes left"));
    gm_error_free(error);
    free(debug);
    gm_message_unref(message);
    cr_assert_eq(gm_harness_buffers_received(h), 0);
    gm_element_set_bus(h->element, NULL);
    gm_object_unref(bus);
    gm_harness_teardown(h);
}

GM_TEST(images, y4mdec_does_not_care_how_bytes_are_cut)
{
    static const char data[] = "YUV4MPEG2 W2 H2 F10:1\nFRAME\nabcdefFRAME Xfoo\nghijkl";
    GmHarness *h = gm_harness_new("y4mdec");
    gm_harness_set_src_caps_str(h, "application/x-yuv4mpeg, y4mversion=2");
    for (size_t i = 0; i + 1 < sizeof data; i++)
        cr_assert_eq(gm_harness_push(h, gm_buffer_new_memdup(data + i, 1)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_buffers_received(h), 2);
    for (unsigned i = 0; i < 2; i++) {
        GmBuffer *buffer = gm_harness_pull(h);
        uint8_t first = 0;
        gm_buffer_extract(buffer, 0, &first, 1);
        cr_assert_eq(first, i == 0 ? 'a' : 'g');
        cr_assert_eq(GM_BUFFER_PTS(buffer), i * SECOND / 10);
        cr_assert_eq(GM_BUFFER_DURATION(buffer), SECOND / 10);
        cr_assert_eq(GM_BUFFER_IS_DISCONT(buffer), i == 0);
        gm_buffer_unref(buffer);
    }
    gm_harness_teardown(h);
}

GM_TEST(images, y4mdec_knows_its_length_and_seeks)
{
    char *dir = scratch_new();
    char *line = gm_strdup_printf("videotestsrc num-buffers=20 ! video/x-raw,format=I420,width=17,height=9,"
                                  "framerate=10/1 ! y4menc ! filesink location=%s/a.y4m", dir);
    play_ok(line);
    free(line);
    line = gm_strdup_printf("filesrc location=%s/a.y4m ! y4mdec ! appsink name=sink sync=false", dir);
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(line, NULL));
    GmElement *sink = gm_bin_get_by_name(GM_BIN(pipe), "sink");
    int64_t duration = 0;
    gm_element_set_state(pipe, GM_STATE_PAUSED);
    cr_assert_eq(gm_element_get_state(pipe, NULL, NULL, 10 * SECOND), GM_STATE_CHANGE_SUCCESS);
    cr_assert(gm_element_query_duration(pipe, GM_FORMAT_TIME, &duration));
    cr_assert_eq(duration, (int64_t)(2 * SECOND));
    GmQuery *query = gm_query_new_seeking(GM_FORMAT_TIME);
    bool seekable = false;
    int64_t end = 0;
    cr_assert(gm_element_query(pipe, query));
    gm_query_parse_seeking(query, NULL, &seekable, NULL, &end);
    cr_assert(seekable);
    cr_assert_eq(end, (int64_t)(2 * SECOND));
    gm_query_unref(query);

    // 1.25 s lies in frame 12; stop at 1.5 s: frames 12, 13, 14.
    cr_assert(gm_element_seek(pipe, 1.0, GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH, GM_SEEK_TYPE_SET,
                              (int64_t)(SECOND + SECOND / 4), GM_SEEK_TYPE_SET,
                              (int64_t)(SECOND + SECOND / 2)));
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    for (unsigned i = 12; i < 15; i++) {
        GmSample *sample = gm_app_sink_try_pull_sample(GM_APP_SINK(sink), 10 * SECOND);
        cr_assert_not_null(sample);
        cr_assert_eq(GM_BUFFER_PTS(gm_sample_get_buffer(sample)), i * SECOND / 10);
        cr_assert_eq(GM_BUFFER_OFFSET(gm_sample_get_buffer(sample)), i);
        gm_sample_unref(sample);
    }
    cr_assert_null(gm_app_sink_try_pull_sample(GM_APP_SINK(sink), 10 * SECOND));
    cr_assert(gm_app_sink_is_eos(GM_APP_SINK(sink)));
    cr_assert_not(gm_element_seek(pipe, -1.0, GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH, GM_SEEK_TYPE_SET, 0,
                                  GM_SEEK_TYPE_SET, (int64_t)SECOND)); // not backwards
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(sink);
    gm_object_unref(pipe);
    free(line);
    scratch_free(dir);
}

GM_TEST(images, y4menc_wants_caps)
{
    play_fails("fakesrc num-buffers=1 ! y4menc ! fakesink", "format wasn't negotiated");
}

#if HAVE_PNG
GM_TEST(images, png_round_trip)
{
    static const char *const formats[] = { "RGB", "RGBA", "GRAY8" };
    static const int sizes[][2] = { { 64, 48 }, { 33, 17 }, { 1, 1 }, { 3, 70 } };
    for (size_t f = 0; f < GM_LEN(formats); f++)
        for (size_t i = 0; i < GM_LEN(sizes); i++)
            round_trip(formats[f], sizes[i][0], sizes[i][1], "pngenc", "pngdec");
}

// One picture as PNG; to free ().
static char *png_bytes(size_t *size)
{
    char *dir = scratch_new();
    char *path = gm_strdup_printf("%s/a.png", dir);
    char *line = gm_strdup_printf("videotestsrc num-buffers=1 ! video/x-raw,format=RGB,width=40,height=30 ! "
                                  "pngenc ! filesink location=%s", path);

    play_ok(line);
    char *data = read_whole(path, size);
    free(line);
    free(path);
    scratch_free(dir);
    return data;
}

static void play_png(const char *data, size_t size, const char *wanted)
{
    char *dir = scratch_new();
    char *path = gm_strdup_printf("%s/a.png", dir);
    char *line = gm_strdup_printf("filesrc location=%s blocksize=1000000 ! image/png,framerate=1/1 ! pngdec ! "
                                  "fakesink", path);

    write_file(path, data, size);
    char *text = play(line);
    if (wanted) {
        cr_assert(text && strstr(text, "Failed to decode a PNG picture. | "), "%zu bytes: %s", size, text);
        cr_assert_not_null(strstr(text, wanted), "%zu bytes: %s", size, text);
    } else {
        cr_assert_null(text, "%s", text);
    }
    free(text);
    free(line);
    free(path);
    scratch_free(dir);
}

GM_TEST(images, damaged_png)
{
    size_t size;
    char *data = png_bytes(&size);
    play_png(data, size, NULL);
    for (size_t cut = 1; cut < size - 20; cut += size / 12)
        play_png(data, cut, "bytes)");
    play_png(data, 30, "the picture ends too early");
    play_png("this is no picture at all", 25, "Not a PNG file");
    data[size / 2] ^= 0x55;
    play_png(data, size, "bytes)");
    data[size / 2] ^= 0x55;
    data[16] = 0x7f; // 2 billion columns
    play_png(data, size, "bytes)");
    free(data);
}

GM_TEST(images, pngenc_snapshot_is_one_picture)
{
    GmHarness *h = gm_harness_new_parse("pngenc snapshot=true");
    gm_harness_set_src_caps_str(h, "video/x-raw, format=GRAY8, width=4, height=4, framerate=1/1");
    GmBuffer *in = gm_harness_create_buffer(h, 16);
    GM_BUFFER_PTS(in) = 3 * SECOND;
    cr_assert_eq(gm_harness_push(h, in), GM_FLOW_EOS);
    GmBuffer *out = gm_harness_pull(h);
    cr_assert_eq(GM_BUFFER_PTS(out), 3 * SECOND);
    gm_buffer_unref(out);
    gm_harness_teardown(h);
}
#endif
