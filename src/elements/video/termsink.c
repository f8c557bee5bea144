// SPDX-License-Identifier: MIT
//
// termsink: shows video in the terminal, two pixels in each character.
//
//     pictures --> scaled to columns x 2 rows --> "▀" in the colour of the upper pixel on the
//                                                 colour of the lower one --> fd
//
// A picture keeps its shape; the terminal's size is read for each one, the last line is left
// free. Colours are 24 bits, 256 or a ramp of letters, whatever COLORTERM and TERM promise.
// Writing waits for the terminal, and a state change interrupts the wait.
// Read next: elements/core/fd_io.h.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "elements/core/fd_io.h"
#include "video/video_meta.h"

GM_DEBUG_CATEGORY_DEFINE(termsink_debug, "termsink", 0, "video in the terminal");
#define GM_CAT_DEFAULT termsink_debug

// How long stop waits for a terminal that takes nothing, before it leaves the cursor hidden.
#define TERMSINK_STOP_WAIT (100 * GM_MSECOND)

enum { COLORS_AUTO, COLORS_TRUE, COLORS_256, COLORS_ASCII };

typedef struct {
    // properties; fd is frozen while streaming, the others are read for each picture
    int          fd;
    _Atomic int  columns, rows, max_fps, colors; // 0: as the terminal has them / no limit
    _Atomic bool clear_on_stop;
    int wakeup; // raised by unlock
    // streaming thread only
    GmVideoInfo info;
    GmString   *text; // a picture as it is written
    int         shown_columns, shown_rows; // size of the last picture
    int         area_columns, area_rows;   // what there was room for
    GmClockTime due;   // when the next picture may be shown
    const GmBuffer *prerolled; // shown already, only to be compared
    bool        dirty; // something was written: the cursor is hidden
} TermSink;

typedef struct { uint8_t r, g, b; } TermPixel;

// ---- sampling ----------------------------------------------------------------------------------

static uint8_t termsink_clamp(double x)
{
    return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : x + 0.5);
}

// The colour of component values c (Y U V, R G B or grey), means of several pixels.
static TermPixel termsink_to_rgb(const GmVideoInfo *info, const double c[3])
{
    bool full = info->colorimetry.range == GM_VIDEO_COLOR_RANGE_0_255;
    bool bt601 = info->colorimetry.matrix == GM_VIDEO_COLOR_MATRIX_BT601;

    if (GM_VIDEO_INFO_IS_RGB(info))
        return (TermPixel){ termsink_clamp(c[0]), termsink_clamp(c[1]), termsink_clamp(c[2]) };
    double y = full ? c[0] : (c[0] - 16) * 255 / 219;
    if (GM_VIDEO_INFO_IS_GRAY(info))
        return (TermPixel){ termsink_clamp(y), termsink_clamp(y), termsink_clamp(y) };
    double kr = bt601 ? 0.299 : 0.2126, kb = bt601 ? 0.114 : 0.0722;
    double u = (c[1] - 128) * (full ? 1 : 255.0 / 224), v = (c[2] - 128) * (full ? 1 : 255.0 / 224);
    double r = y + 2 * (1 - kr) * v, b = y + 2 * (1 - kb) * u;
    double g = (y - kr * r - kb * b) / (1 - kr - kb);
    return (TermPixel){ termsink_clamp(r), termsink_clamp(g), termsink_clamp(b) };
}

// Pixel x, y of the picture shown in w x h: the mean of four places in what it covers.
static TermPixel termsink_sample(const GmVideoFrame *frame, int x, int y, int w, int h)
{
    const GmVideoFormatInfo *f = frame->info.finfo;
    double mean[3] = { 0 };

    for (int i = 0; i < 4; i++) {
        int64_t sx = (int64_t)(4 * x + 1 + i % 2 * 2) * frame->info.width / (4 * w);
        int64_t sy = (int64_t)(4 * y + 1 + i / 2 * 2) * frame->info.height / (4 * h);
        for (unsigned c = 0; c < f->n_components && c < 3; c++)
            mean[c] += GM_VIDEO_FRAME_COMP_DATA(frame, c)[
                           (sy >> f->h_sub[c]) * GM_VIDEO_FRAME_COMP_STRIDE(frame, c) +
                           (sx >> f->w_sub[c]) * GM_VIDEO_FRAME_COMP_PSTRIDE(frame, c)] / 4.0;
    }
    return termsink_to_rgb(&frame->info, mean);
}

// ---- colours -----------------------------------------------------------------------------------

static int termsink_colors(TermSink *s)
{
    const char *colorterm = getenv("COLORTERM"), *term = getenv("TERM");
    int colors = atomic_load(&s->colors);

    if (colors != COLORS_AUTO)
        return colors;
    if (colorterm && (strcmp(colorterm, "truecolor") == 0 || strcmp(colorterm, "24bit") == 0))
        return COLORS_TRUE;
    if (!term || !*term || strcmp(term, "dumb") == 0 || strncmp(term, "vt", 2) == 0)
        return COLORS_ASCII;
    return strstr(term, "direct") ? COLORS_TRUE : COLORS_256;
}

// The nearest of the terminal's 6 x 6 x 6 cube and its 24 greys.
static int termsink_nearest_256(TermPixel p)
{
    static const int level[] = { 0, 95, 135, 175, 215, 255 };
    const int rgb[3] = { p.r, p.g, p.b };
    int index[3], cube = 0, grey_distance = 0;
    int grey = ((p.r + p.g + p.b) / 3 - 3) / 10;

    grey = grey < 0 ? 0 : grey > 23 ? 23 : grey;
    for (int c = 0; c < 3; c++) {
        index[c] = rgb[c] < 48 ? 0 : rgb[c] < 115 ? 1 : (rgb[c] - 35) / 40;
        cube += (rgb[c] - level[index[c]]) * (rgb[c] - level[index[c]]);
        grey_distance += (rgb[c] - 8 - 10 * grey) * (rgb[c] - 8 - 10 * grey);
    }
    return grey_distance < cube ? 232 + grey : 16 + 36 * index[0] + 6 * index[1] + index[2];
}

// One number for a colour as the terminal will show it.
static int termsink_code(TermPixel p, int colors)
{
    return colors == COLORS_TRUE ? p.r << 16 | p.g << 8 | p.b : termsink_nearest_256(p);
}

static void termsink_set_color(GmString *text, int colors, int ground, int code)
{
    if (colors == COLORS_TRUE)
        gm_string_append_printf(text, "\033[%d;2;%d;%d;%dm", ground, code >> 16, code >> 8 & 0xff,
                                code & 0xff);
    else
        gm_string_append_printf(text, "\033[%d;5;%dm", ground, code);
}

// ---- drawing -----------------------------------------------------------------------------------

// Room in characters: the properties, else the terminal less its last line, else 80 x 24.
static void termsink_area(TermSink *s, int *columns, int *rows)
{
    struct winsize size = { 0 };

    if (ioctl(s->fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        size = (struct winsize){ .ws_col = 80, .ws_row = 25 };
    *columns = atomic_load(&s->columns) > 0 ? atomic_load(&s->columns) : size.ws_col;
    *rows = atomic_load(&s->rows) > 0 ? atomic_load(&s->rows)
            : size.ws_row > 1 ? size.ws_row - 1 : 1;
}

// The largest w x h pixels, two in each character, that have the picture's shape.
static void termsink_fit(const GmVideoInfo *info, int columns, int rows, int *w, int *h)
{
    double shape = (double)info->width * info->par_n / ((double)info->height * info->par_d);

    *w = columns;
    *h = (int)(columns / shape + 0.5);
    if (*h > 2 * rows) {
        *h = 2 * rows;
        *w = (int)(*h * shape + 0.5);
        *w = *w > columns ? columns : *w < 1 ? 1 : *w;
    }
    *h = *h < 1 ? 1 : *h;
}

static void termsink_draw_ascii(TermSink *s, const GmVideoFrame *frame, int row, int w, int h)
{
    static const char ramp[] = " .:-=+*#%@";

    for (int x = 0; x < w; x++) {
        TermPixel a = termsink_sample(frame, x, 2 * row, w, h);
        TermPixel b = 2 * row + 1 < h ? termsink_sample(frame, x, 2 * row + 1, w, h) : a;
        int luma = (299 * (a.r + b.r) + 587 * (a.g + b.g) + 114 * (a.b + b.b)) / 2000;
        gm_string_append_c(s->text, ramp[luma * 10 / 256]);
    }
}

static void termsink_draw_row(TermSink *s, const GmVideoFrame *frame, int row, int w, int h,
                              int colors)
{
    int fore = -1, back = -1;

    for (int x = 0; x < w; x++) {
        bool both = 2 * row + 1 < h;
        int top = termsink_code(termsink_sample(frame, x, 2 * row, w, h), colors);
        int low = both ? termsink_code(termsink_sample(frame, x, 2 * row + 1, w, h), colors) : -1;
        if (top != low && top != fore)
            termsink_set_color(s->text, colors, 38, fore = top);
        if (both && low != back)
            termsink_set_color(s->text, colors, 48, back = low);
        gm_string_append(s->text, top == low ? " " : "▀");
    }
    gm_string_append(s->text, "\033[0m");
}

// Writes a whole picture into s->text.
static void termsink_draw(TermSink *s, const GmVideoFrame *frame)
{
    int columns, rows, w, h, colors = termsink_colors(s);

    termsink_area(s, &columns, &rows);
    termsink_fit(&frame->info, columns, rows, &w, &h);
    bool moved = w != s->shown_columns || (h + 1) / 2 != s->shown_rows ||
                 columns != s->area_columns || rows != s->area_rows;
    gm_string_truncate(s->text, 0);
    if (moved) // hide the cursor, clear
        gm_string_append(s->text, "\033[?25l\033[0m\033[2J");
    gm_string_append(s->text, "\033[H");
    for (int row = 0; row < (h + 1) / 2; row++) {
        if (row > 0)
            gm_string_append(s->text, "\r\n");
        if (colors == COLORS_ASCII)
            termsink_draw_ascii(s, frame, row, w, h);
        else
            termsink_draw_row(s, frame, row, w, h, colors);
    }
    s->shown_columns = w;
    s->shown_rows = (h + 1) / 2;
    s->area_columns = columns;
    s->area_rows = rows;
}

static GmFlowReturn termsink_show(GmBaseSink *sink, GmBuffer *buffer)
{
    TermSink *s = gm_priv(sink);
    GmVideoFrame frame;
    GmFlowReturn ret = GM_FLOW_OK;
    int error = ECANCELED;

    if (!s->info.finfo)
        return GM_FLOW_NOT_NEGOTIATED;
    if (!gm_video_frame_map(&frame, &s->info, buffer, GM_MAP_READ)) {
        GM_ELEMENT_ERROR(sink, STREAM, FORMAT, (NULL), ("a buffer of %zu bytes is no %dx%d picture",
                         gm_buffer_get_size(buffer), s->info.width, s->info.height));
        return GM_FLOW_ERROR;
    }
    // Interrupted by a pause: what is half there is drawn anew when it goes on.
    while (error == ECANCELED && ret == GM_FLOW_OK) {
        termsink_draw(s, &frame);
        s->dirty = true;
        error = gm_fd_write_all(s->fd, s->wakeup, s->text->str, s->text->len, sink);
        if (error == ECANCELED)
            ret = gm_base_sink_wait_preroll(sink);
    }
    gm_video_frame_unmap(&frame);
    if (ret == GM_FLOW_OK && error != 0) {
        GM_ELEMENT_ERROR(sink, RESOURCE, WRITE, (NULL),
                         ("Error while writing to file descriptor %d: %s", s->fd, strerror(error)));
        return GM_FLOW_ERROR;
    }
    return ret;
}

static GmFlowReturn termsink_render(GmBaseSink *sink, GmBuffer *buffer)
{
    TermSink *s = gm_priv(sink);
    int max_fps = atomic_load(&s->max_fps);
    bool shown = buffer == s->prerolled;

    s->prerolled = NULL;
    if (max_fps > 0) { // half a period early is in time: sources jitter
        GmClockTime period = GM_SECOND / (GmClockTime)max_fps, now = gm_sync_now();
        if (now + period / 2 < s->due)
            return GM_FLOW_OK;
        s->due = (s->due + period > now ? s->due : now) + period;
    }
    return shown ? GM_FLOW_OK : termsink_show(sink, buffer);
}

static GmFlowReturn termsink_preroll(GmBaseSink *sink, GmBuffer *buffer)
{
    ((TermSink *)gm_priv(sink))->prerolled = buffer;
    return termsink_show(sink, buffer);
}

// ---- start and stop ----------------------------------------------------------------------------

static bool termsink_set_caps(GmBaseSink *sink, GmCaps *caps)
{
    TermSink *s = gm_priv(sink);
    return gm_video_info_from_caps(&s->info, caps) && s->info.width > 0 && s->info.height > 0;
}

static bool termsink_start(GmBaseSink *sink)
{
    TermSink *s = gm_priv(sink);
    int flags = fcntl(s->fd, F_GETFL);

    s->prerolled = NULL;
    s->shown_columns = s->shown_rows = s->area_columns = s->area_rows = 0;
    s->due = 0;
    s->dirty = false;
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
        return true;
    GM_ELEMENT_ERROR(sink, RESOURCE, WRITE, ("File descriptor %d cannot be written to.", s->fd),
                     ("%s", flags < 0 ? strerror(errno) : "it is open for reading only"));
    return false;
}

static bool termsink_stop(GmBaseSink *sink)
{
    TermSink *s = gm_priv(sink);
    struct pollfd room = { s->fd, POLLOUT, 0 };

    if (!s->dirty)
        return true;
    s->dirty = false;
    gm_string_truncate(s->text, 0);
    gm_string_append(s->text, "\033[0m");
    if (atomic_load(&s->clear_on_stop))
        gm_string_append(s->text, "\033[2J\033[H");
    else // below the picture, wherever the writing stopped
        gm_string_append_printf(s->text, "\033[%d;1H\r\n", s->shown_rows);
    gm_string_append(s->text, "\033[?25h");
    if (gm_sync_poll(&room, 1, gm_sync_now() + TERMSINK_STOP_WAIT, sink) <= 0 ||
        write(s->fd, s->text->str, s->text->len) < 0)
        GM_WARNING_OBJECT(sink, "the terminal takes nothing: the cursor stays hidden");
    return true;
}

static bool termsink_unlock(GmBaseSink *sink)
{
    gm_wakeup_fd_raise(((TermSink *)gm_priv(sink))->wakeup);
    return true;
}

static bool termsink_unlock_stop(GmBaseSink *sink)
{
    gm_wakeup_fd_drain(((TermSink *)gm_priv(sink))->wakeup);
    return true;
}

static void termsink_init(GmObject *obj)
{
    TermSink *s = gm_priv(obj);
    GmBaseSink *sink = GM_BASE_SINK(obj);

    gm_video_info_init(&s->info);
    s->wakeup = gm_wakeup_fd_new();
    s->text = gm_string_new(NULL);
    // A slow terminal misses pictures rather than falling behind, and says so upstream.
    gm_base_sink_set_max_lateness(sink, 20 * GM_MSECOND);
    gm_base_sink_set_qos_enabled(sink, true);
}

static void termsink_finalize(GmObject *obj)
{
    TermSink *s = gm_priv(obj);

    gm_string_free(s->text, true);
    if (s->wakeup >= 0)
        close(s->wakeup);
}

static const GmStaticPadTemplate termsink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK,
      .static_caps = "video/x-raw, format = (string) { ABGR, BGRA, ARGB, RGBA, Y444, xBGR, BGRx, "
                     "xRGB, RGBx, BGR, RGB, Y42B, UYVY, YUY2, I420, YV12, NV21, NV12, GRAY8 }, "
                     "width = (int) [ 1, max ], height = (int) [ 1, max ], "
                     "framerate = (fraction) [ 0/1, max ]" },
    { 0 }
};

static const GmEnumTable termsink_color_table = { "GmTermSinkColors", (const GmEnumValue[]){
    { COLORS_AUTO, "What COLORTERM and TERM promise", "auto" },
    { COLORS_TRUE, "24 bits", "truecolor" },
    { COLORS_256, "The nearest of 256", "256" },
    { COLORS_ASCII, "Letters, no colours", "ascii" },
    { 0, NULL, NULL } }, false };

#define LIVE .flags = GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING
static const GmProperty termsink_props[] = {
    { "fd", "An open file descriptor to write to", GM_FIELD(TermSink, fd), .def = "1",
      .max = INT_MAX },
    { "width", "Columns to fill (0 = the terminal's)", GM_FIELD(TermSink, columns), .max = 4096,
      LIVE },
    { "height", "Lines to fill (0 = the terminal's, less one)", GM_FIELD(TermSink, rows),
      .max = 4096, LIVE },
    { "colors", "How colours are shown", GM_ENUM_FIELD(TermSink, colors, &termsink_color_table),
      LIVE },
    { "max-fps", "Pictures shown in a second at most (0 = all)", GM_FIELD(TermSink, max_fps),
      .def = "30", .max = 1000, LIVE },
    { "clear-on-stop", "Clear the screen at the end instead of leaving the last picture",
      GM_FIELD(TermSink, clear_on_stop), LIVE },
    { 0 }
};

static const GmBaseSinkOps termsink_ops = {
    .set_caps = termsink_set_caps,
    .start = termsink_start,
    .stop = termsink_stop,
    .unlock = termsink_unlock,
    .unlock_stop = termsink_unlock_stop,
    .preroll = termsink_preroll,
    .render = termsink_render,
};

const GmElementClass gm_termsink_class = {
    .name = "termsink",
    .type_name = "GmTermSink",
    .parent = &gm_base_sink_class.object,
    .longname = "Terminal video sink",
    .klass = "Sink/Video",
    .description = "Shows video in the terminal, two pixels in each character",
    .author = "The GstMini authors",
    .priv_size = sizeof(TermSink),
    .props = termsink_props,
    .pads = termsink_pads,
    .init = termsink_init,
    .finalize = termsink_finalize,
    .sink = &termsink_ops,
};
