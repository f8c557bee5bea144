// SPDX-License-Identifier: MIT
//
// test_termsink: known pictures written into a pipe, and the escape sequences that come out.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "gmtest.h"
#include "gstmini-element.h"
#include "check/harness.h"

#define HIDE_AND_CLEAR "\033[?25l\033[0m\033[2J"

typedef struct { GmHarness *h; int fds[2]; } Screen;

static Screen new_screen(int width, int height, const char *colors, const char *caps)
{
    Screen s;
    cr_assert_eq(pipe2(s.fds, O_CLOEXEC), 0);
    s.h = gm_harness_new("termsink");
    gm_object_set(s.h->element, "fd", s.fds[1], "width", width, "height", height, "sync", false,
                  "async", false, "max-fps", 0, NULL);
    cr_assert(gm_object_set_from_string(s.h->element, "colors", colors, NULL));
    gm_harness_set_src_caps_str(s.h, caps);
    return s;
}

static void show(Screen *s, const void *data, size_t size)
{
    GmBuffer *buffer = gm_buffer_new_allocate(NULL, size, NULL);
    gm_buffer_fill(buffer, 0, data, size);
    cr_assert_eq(gm_harness_push(s->h, buffer), GM_FLOW_OK);
}

// Ends the sink and gives all that was written since the last call.
static void finish(Screen *s, char *text, size_t size)
{
    gm_harness_teardown(s->h);
    close(s->fds[1]);
    size_t got = 0;
    ssize_t n;
    while ((n = read(s->fds[0], text + got, size - 1 - got)) > 0)
        got += (size_t)n;
    text[got] = '\0';
    close(s->fds[0]);
}

// Red, green / blue, white: two columns, one line, each character with two pixels.
static const uint8_t picture_rgb[] = { 255, 0, 0, 0, 255, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0 };
#define RGB_2X2 "video/x-raw, format = RGB, width = 2, height = 2, framerate = 30/1"

GM_TEST(termsink, truecolor)
{
    char text[500];
    Screen s = new_screen(2, 1, "truecolor", RGB_2X2);
    show(&s, picture_rgb, sizeof picture_rgb);
    finish(&s, text, sizeof text);
    cr_assert_str_eq(text, HIDE_AND_CLEAR "\033[H"
                     "\033[38;2;255;0;0m\033[48;2;0;0;255m▀"
                     "\033[38;2;0;255;0m\033[48;2;255;255;255m▀\033[0m"
                     "\033[0m\033[1;1H\r\n\033[?25h");
}

GM_TEST(termsink, colors_256)
{
    char text[500];
    Screen s = new_screen(2, 1, "256", RGB_2X2);
    show(&s, picture_rgb, sizeof picture_rgb);
    finish(&s, text, sizeof text);
    cr_assert_str_eq(text, HIDE_AND_CLEAR "\033[H"
                     "\033[38;5;196m\033[48;5;21m▀\033[38;5;46m\033[48;5;231m▀\033[0m"
                     "\033[0m\033[1;1H\r\n\033[?25h");
}

GM_TEST(termsink, ascii_and_clear)
{
    static const uint8_t grey[] = { 0, 128, 255, 255, 0, 128, 255, 255 };
    char text[500];
    Screen s = new_screen(4, 1, "ascii",
                          "video/x-raw, format = GRAY8, width = 4, height = 2, framerate = 30/1");
    gm_object_set(s.h->element, "clear-on-stop", true, NULL);
    show(&s, grey, sizeof grey);
    finish(&s, text, sizeof text);
    cr_assert_str_eq(text, HIDE_AND_CLEAR "\033[H +@@\033[0m\033[2J\033[H\033[?25h");
}

// Each format of the same grey picture gives the same screen.
GM_TEST(termsink, formats)
{
    static const struct { const char *format; uint8_t data[16]; size_t size; } rows[] = {
        { "I420", { 126, 126, 0, 0, 126, 126, 0, 0, 128, 0, 0, 0, 128, 0, 0, 0 }, 16 },
        { "YV12", { 126, 126, 0, 0, 126, 126, 0, 0, 128, 0, 0, 0, 128, 0, 0, 0 }, 16 },
        { "NV12", { 126, 126, 0, 0, 126, 126, 0, 0, 128, 128, 0, 0 }, 12 },
        { "YUY2", { 126, 128, 126, 128, 126, 128, 126, 128 }, 8 },
        { "BGR", { 128, 128, 128, 128, 128, 128, 0, 0, 128, 128, 128, 128, 128, 128, 0, 0 }, 16 },
        { "RGBx", { 128, 128, 128, 0, 128, 128, 128, 0, 128, 128, 128, 0, 128, 128, 128, 0 }, 16 },
        { "BGRx", { 128, 128, 128, 0, 128, 128, 128, 0, 128, 128, 128, 0, 128, 128, 128, 0 }, 16 },
        { "GRAY8", { 128, 128, 0, 0, 128, 128, 0, 0 }, 8 },
    };
    for (size_t i = 0; i < GM_LEN(rows); i++) {
        char text[500], caps[100];
        snprintf(caps, sizeof caps, "video/x-raw, format = %s, width = 2, height = 2, "
                 "framerate = 30/1", rows[i].format);
        Screen s = new_screen(2, 1, "truecolor", caps);
        show(&s, rows[i].data, rows[i].size);
        finish(&s, text, sizeof text);
        cr_expect_not_null(strstr(text, "\033[H\033[48;2;128;128;128m  \033[0m"), "%s: %s",
                           rows[i].format, text + 1);
    }
}

// The picture keeps its shape: 4:1 in a square of characters leaves lines free.
GM_TEST(termsink, keeps_the_shape)
{
    static const uint8_t grey[4] = { 255, 255, 255, 255 };
    char text[500];
    Screen s = new_screen(8, 8, "ascii",
                          "video/x-raw, format = GRAY8, width = 4, height = 1, framerate = 30/1");
    show(&s, grey, sizeof grey);
    finish(&s, text, sizeof text);
    cr_assert_str_eq(text, HIDE_AND_CLEAR "\033[H@@@@@@@@\033[0m\033[1;1H\r\n\033[?25h");
}

GM_TEST(termsink, max_fps_drops)
{
    char text[2000];
    Screen s = new_screen(2, 1, "ascii", RGB_2X2);
    gm_object_set(s.h->element, "max-fps", 1, NULL);
    for (int i = 0; i < 3; i++)
        show(&s, picture_rgb, sizeof picture_rgb);
    finish(&s, text, sizeof text);
    int shown = 0;
    for (char *at = text; (at = strstr(at, "\033[H")) != NULL; at++)
        shown++;
    cr_assert_eq(shown, 1, "%d pictures shown", shown);
}

// Takes the error from the bus and checks its code and a part of its debug text.
static void expect_error(GmBus *bus, int code, const char *part)
{
    GmMessage *message = gm_bus_pop_filtered(bus, GM_MESSAGE_ERROR);
    GmError *error = NULL;
    char *debug = NULL;
    cr_assert_not_null(message);
    gm_message_parse_error(message, &error, &debug);
    cr_assert_eq(error->code, code);
    cr_assert_not_null(strstr(debug, part), "%s", debug);
    gm_error_free(error);
    free(debug);
    gm_message_unref(message);
}

GM_TEST(termsink, write_error)
{
    signal(SIGPIPE, SIG_IGN);
    Screen s = new_screen(2, 1, "ascii", RGB_2X2);
    GmBus *bus = gm_bus_new();
    GmBuffer *buffer = gm_buffer_new_allocate(NULL, sizeof picture_rgb, NULL);
    gm_element_set_bus(s.h->element, bus);
    close(s.fds[0]);
    cr_assert_eq(gm_harness_push(s.h, buffer), GM_FLOW_ERROR);
    expect_error(bus, GM_RESOURCE_ERROR_WRITE, "Error while writing to file descriptor");
    gm_element_set_bus(s.h->element, NULL);
    gm_object_unref(bus);
    gm_harness_teardown(s.h);
    close(s.fds[1]);
}

GM_TEST(termsink, needs_a_descriptor_to_write_to)
{
    int fds[2];
    cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
    GmElement *sink = gm_object_ref_sink(gm_element_factory_make("termsink", NULL));
    GmBus *bus = gm_bus_new();
    gm_element_set_bus(sink, bus);
    gm_object_set(sink, "fd", fds[0], NULL);
    cr_assert_eq(gm_element_set_state(sink, GM_STATE_PAUSED), GM_STATE_CHANGE_FAILURE);
    expect_error(bus, GM_RESOURCE_ERROR_WRITE, "it is open for reading only");
    gm_element_set_state(sink, GM_STATE_NULL);
    gm_element_set_bus(sink, NULL);
    gm_object_unref(bus);
    gm_object_unref(sink);
    close(fds[0]);
    close(fds[1]);
}

// A terminal that takes nothing: the state change gets through all the same.
GM_TEST(termsink, stop_interrupts_a_write)
{
    char text[4096];
    int fds[2];
    memset(text, ' ', sizeof text);
    cr_assert_eq(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
    while (write(fds[1], text, sizeof text) > 0)
        continue;
    snprintf(text, sizeof text, "videotestsrc ! termsink width=40 height=20 fd=%d", fds[1]);
    GmElement *pipeline = gm_parse_launch(text, NULL);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    gm_element_get_state(pipeline, NULL, NULL, 50 * GM_MSECOND); // cannot preroll
    GmClockTime before = gm_sync_now();
    gm_element_set_state(pipeline, GM_STATE_NULL);
    cr_assert_lt(gm_sync_now() - before, 2 * GM_SECOND);
    gm_object_unref(pipeline);
    close(fds[0]);
    close(fds[1]);
}

// Without a terminal the automatic sink warns and takes pictures all the same.
GM_TEST(autovideosink, warns_without_a_terminal)
{
    if (isatty(STDOUT_FILENO))
        cr_skip_test("standard output is a terminal");
    GmElement *pipeline = gm_parse_launch(
        "videotestsrc num-buffers=2 ! autovideosink name=s sync=false", NULL);
    GmBus *bus = gm_element_get_bus(pipeline);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 10 * GM_SECOND, GM_MESSAGE_WARNING);
    GmError *error = NULL;
    char *debug = NULL;
    cr_assert_not_null(message);
    gm_message_parse_warning(message, &error, &debug);
    cr_assert_eq(error->code, GM_RESOURCE_ERROR_NOT_FOUND);
    cr_assert_not_null(strstr(debug, "Failed to find a usable video sink"), "%s", debug);
    gm_error_free(error);
    free(debug);
    gm_message_unref(message);
    message = gm_bus_timed_pop_filtered(bus, 10 * GM_SECOND, GM_MESSAGE_EOS | GM_MESSAGE_ERROR);
    cr_assert_not_null(message);
    cr_assert_eq(GM_MESSAGE_TYPE(message), GM_MESSAGE_EOS);
    gm_message_unref(message);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(pipeline);
}
