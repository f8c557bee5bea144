// SPDX-License-Identifier: MIT
//
// videotest_patterns: one function for each kind of picture. They paint a line and emit it for as
// many rows as look like it.

#include <math.h>

#include "elements/video/videotest_patterns.h"

#define PI 3.14159265358979323846

// ---- colours -----------------------------------------------------------------------------------

typedef struct { uint8_t yuv[3], rgb[3]; } PatternColor;
enum { WHITE, YELLOW, CYAN, GREEN, MAGENTA, RED, BLUE, BLACK, NEG_I, POS_Q, SUPER_BLACK,
       DARK_GREY };

static const PatternColor patterns_bt709[] = {
    { { 235, 128, 128 }, { 255, 255, 255 } }, { { 219, 16, 138 }, { 255, 255, 0 } },
    { { 188, 154, 16 }, { 0, 255, 255 } },    { { 173, 42, 26 }, { 0, 255, 0 } },
    { { 78, 214, 230 }, { 255, 0, 255 } },    { { 63, 102, 240 }, { 255, 0, 0 } },
    { { 32, 240, 118 }, { 0, 0, 255 } },      { { 16, 128, 128 }, { 0, 0, 0 } },
    { { 16, 198, 21 }, { 0, 0, 128 } },       { { 16, 235, 198 }, { 0, 128, 255 } },
    { { 0, 128, 128 }, { 0, 0, 0 } },         { { 32, 128, 128 }, { 19, 19, 19 } },
};
static const PatternColor patterns_bt601[] = {
    { { 235, 128, 128 }, { 255, 255, 255 } }, { { 210, 16, 146 }, { 255, 255, 0 } },
    { { 170, 166, 16 }, { 0, 255, 255 } },    { { 145, 54, 34 }, { 0, 255, 0 } },
    { { 106, 202, 222 }, { 255, 0, 255 } },   { { 81, 90, 240 }, { 255, 0, 0 } },
    { { 41, 240, 110 }, { 0, 0, 255 } },      { { 16, 128, 128 }, { 0, 0, 0 } },
    { { 16, 198, 21 }, { 0, 0, 128 } },       { { 16, 235, 198 }, { 0, 128, 255 } },
    { { 0, 128, 128 }, { 0, 0, 0 } },         { { 32, 128, 128 }, { 19, 19, 19 } },
};
static const PatternColor patterns_75_bt709[] = {
    { { 180, 128, 128 }, { 191, 191, 191 } }, { { 168, 44, 136 }, { 191, 191, 0 } },
    { { 145, 147, 44 }, { 0, 191, 191 } },    { { 133, 63, 52 }, { 0, 191, 0 } },
    { { 63, 193, 204 }, { 191, 0, 191 } },    { { 51, 109, 212 }, { 191, 0, 0 } },
    { { 28, 212, 120 }, { 0, 0, 191 } },
};
static const PatternColor patterns_75_bt601[] = {
    { { 180, 128, 128 }, { 191, 191, 191 } }, { { 162, 44, 142 }, { 191, 191, 0 } },
    { { 131, 156, 44 }, { 0, 191, 191 } },    { { 112, 72, 58 }, { 0, 191, 0 } },
    { { 84, 184, 198 }, { 191, 0, 191 } },    { { 65, 100, 212 }, { 191, 0, 0 } },
    { { 35, 212, 114 }, { 0, 0, 191 } },
};
// SMPTE RP 219, in the order of its four horizontal bands.
enum {
    RP_GREY40, RP_WHITE75, RP_YELLOW75, RP_CYAN75, RP_GREEN75, RP_MAGENTA75, RP_RED75, RP_BLUE75,
    RP_CYAN, RP_WHITE, RP_POS_I, RP_NEG_I, RP_BLUE, RP_YELLOW, RP_BLACK, RP_POS_Q, RP_RED,
    RP_GREY15,
    RP_SUB_BLACK, RP_SUPER_WHITE, RP_MINUS2, RP_PLUS2, RP_PLUS4
};
static const PatternColor patterns_rp219[] = {
    { { 104, 128, 128 }, { 102, 102, 102 } }, { { 180, 128, 128 }, { 191, 191, 191 } },
    { { 168, 44, 136 }, { 190, 203, 8 } },    { { 145, 147, 44 }, { 16, 211, 189 } },
    { { 133, 63, 52 }, { 15, 223, 5 } },      { { 63, 193, 204 }, { 176, 0, 186 } },
    { { 51, 109, 212 }, { 175, 0, 2 } },      { { 28, 212, 120 }, { 1, 0, 183 } },
    { { 188, 154, 16 }, { 22, 255, 253 } },   { { 235, 128, 128 }, { 255, 255, 255 } },
    { { 61, 103, 157 }, { 99, 48, 15 } },     { { 61, 153, 99 }, { 6, 66, 103 } },
    { { 32, 240, 118 }, { 3, 0, 245 } },      { { 219, 16, 138 }, { 252, 255, 10 } },
    { { 16, 128, 128 }, { 0, 0, 0 } },        { { 35, 174, 152 }, { 60, 0, 115 } },
    { { 63, 102, 240 }, { 233, 0, 2 } },      { { 49, 128, 128 }, { 38, 38, 38 } },
    { { 1, 128, 128 }, { 0, 0, 0 } },         { { 254, 128, 128 }, { 255, 255, 255 } },
    { { 12, 128, 128 }, { 0, 0, 0 } },        { { 20, 128, 128 }, { 5, 5, 5 } },
    { { 25, 128, 128 }, { 10, 11, 10 } },
};

static VideoTestColor patterns_pick(const VideoTest *t, const PatternColor *color)
{
    const uint8_t *c = GM_VIDEO_INFO_IS_RGB(&t->info) ? color->rgb : color->yuv;
    return (VideoTestColor){ { 255, c[0], c[1], c[2] } };
}

static VideoTestColor patterns_color(const VideoTest *t, int index)
{
    bool bt601 = t->info.colorimetry.matrix == GM_VIDEO_COLOR_MATRIX_BT601;
    return patterns_pick(t, &(bt601 ? patterns_bt601 : patterns_bt709)[index]);
}

static void patterns_blend(VideoTest *t)
{
    gm_videotest_blend(t, t->foreground, t->background, 0, t->info.width);
}

static uint8_t patterns_random(VideoTest *t)
{
    t->random_state = t->random_state * 1103515245u + 12345u;
    return (uint8_t)(t->random_state >> 16);
}

static uint8_t patterns_clamp(double level)
{
    return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
}

// ---- bars --------------------------------------------------------------------------------------

static void patterns_smpte(VideoTest *t)
{
    int w = t->info.width, h = t->info.height, y1 = 2 * h / 3, y2 = 3 * h / 4;
    static const int last[] = { NEG_I, WHITE, POS_Q }, pluge[] = { SUPER_BLACK, BLACK, DARK_GREY };

    for (int i = 0; i < 7; i++)
        gm_videotest_fill(t, i * w / 7, (i + 1) * w / 7, patterns_color(t, i));
    gm_videotest_emit_rows(t, 0, y1);
    // A band without rows leaves no traces in the pixels that the next band skips.
    for (int i = 0; i < 7 && y1 < y2; i++)
        gm_videotest_fill(t, i * w / 7, (i + 1) * w / 7, patterns_color(t, i & 1 ? BLACK : 6 - i));
    gm_videotest_emit_rows(t, y1, y2);
    for (int i = 0; i < 3; i++)
        gm_videotest_fill(t, i * w / 6, (i + 1) * w / 6, patterns_color(t, last[i]));
    for (int i = 0; i < 3; i++)
        gm_videotest_fill(t, w / 2 + i * w / 12, w / 2 + (i + 1) * w / 12,
                          patterns_color(t, pluge[i]));
    for (int y = y2; y < h; y++) {
        for (int x = w * 3 / 4; x < w; x++)
            t->level[x] = patterns_random(t);
        gm_videotest_blend(t, t->foreground, t->background, w * 3 / 4, w);
        gm_videotest_emit(t, y);
    }
}

static void patterns_bars(VideoTest *t)
{
    bool bt601 = t->info.colorimetry.matrix == GM_VIDEO_COLOR_MATRIX_BT601;
    int w = t->info.width;

    for (int i = 0; i < 7; i++) {
        VideoTestColor color = t->set.pattern == VIDEOTEST_SMPTE100 ? patterns_color(t, i)
                               : patterns_pick(t,
                                               &(bt601 ? patterns_75_bt601 : patterns_75_bt709)[i]);
        gm_videotest_fill(t, i * w / 7, (i + 1) * w / 7, color);
    }
    gm_videotest_emit_rows(t, 0, t->info.height);
}

static void patterns_bar(VideoTest *t)
{
    gm_videotest_fill(t, 0, t->info.width / 7, t->foreground);
    gm_videotest_fill(t, t->info.width / 7, t->info.width, t->background);
    gm_videotest_emit_rows(t, 0, t->info.height);
}

typedef struct { int width, color; } Rp219Part;

// Paints parts side by side from x on.
static void patterns_parts(VideoTest *t, int x, const Rp219Part *part, int n)
{
    for (int i = 0; i < n; x += part[i].width, i++)
        gm_videotest_fill(t, x, x + part[i].width,
                          patterns_pick(t, &patterns_rp219[part[i].color]));
}

static int patterns_ramp(VideoTest *t, int x1, int width, int from, int to)
{
    for (int x = x1; x < x1 + width; x++)
        t->level[x] = (uint8_t)(255 * (x - x1) / width);
    gm_videotest_blend(t, patterns_pick(t, &patterns_rp219[to]),
                       patterns_pick(t, &patterns_rp219[from]), x1, x1 + width);
    return x1 + width;
}

// The widths do not divide evenly: the tables say which parts get a pixel more.
static void patterns_smpte_rp_219(VideoTest *t)
{
    static const uint8_t row_extra[6][6] = {
        { 0, 0, 0, 0, 0, 0 }, { 0, 1, 0, 0, 0, 0 }, { 0, 1, 1, 0, 0, 0 },
        { 0, 0, 0, 1, 1, 1 }, { 0, 1, 1, 1, 0, 1 }, { 0, 1, 1, 1, 1, 1 },
    };
    static const uint8_t column_extra[7][7] = {
        { 0, 0, 0, 0, 0, 0, 0 }, { 0, 0, 0, 1, 0, 0, 0 }, { 1, 0, 0, 0, 0, 0, 1 },
        { 0, 1, 0, 1, 0, 1, 0 }, { 1, 0, 1, 0, 1, 0, 1 }, { 0, 1, 1, 1, 1, 1, 0 },
        { 1, 1, 1, 0, 1, 1, 1 },
    };
    static const uint8_t third_extra[3][3] = { { 0, 0, 0 }, { 0, 1, 0 }, { 1, 0, 1 } };
    int w = t->info.width, h = t->info.height, half = h - h / 2;
    int rows[6], c[7], third[5], d = w / 8, y = h / 2;

    for (int i = 0; i < 6; i++)
        rows[i] = half / 6 + row_extra[half % 6][i];
    for (int i = 0; i < 7; i++)
        c[i] = (w - 2 * d) / 7 + column_extra[(w - 2 * d) % 7][i];
    for (int i = 0; i < 5; i++)
        third[i] = c[5] / 3 + third_extra[c[5] % 3][i < 3 ? i : i - 2];
    int g = c[0] + c[1], k = w / 2 - d - g;
    int rest = w - w / 2 - d - third[0] - third[1] - third[2] - third[3] - third[4] - c[5];

    Rp219Part bars[9] = { { d, RP_GREY40 } };
    for (int i = 0; i < 7; i++)
        bars[i + 1] = (Rp219Part){ c[i], RP_WHITE75 + i };
    bars[8] = bars[0];
    patterns_parts(t, 0, bars, 9);
    gm_videotest_emit_rows(t, 0, y + rows[0]);
    y += rows[0];

    const Rp219Part second[] = { { d, RP_CYAN }, { c[0], RP_NEG_I },
        { c[1] + c[2] + c[3] + c[4] + c[5] + c[6], RP_WHITE75 }, { d, RP_BLUE } };
    patterns_parts(t, 0, second, 4);
    gm_videotest_emit_rows(t, y, y + rows[1]);
    y += rows[1];

    const Rp219Part left[] = { { d, RP_YELLOW }, { c[0], RP_POS_Q } };
    const Rp219Part right[] = { { c[6], RP_WHITE }, { d, RP_RED } };
    patterns_parts(t, 0, left, 2);
    int x = patterns_ramp(t, d + c[0], c[1] + c[2] + c[3] + c[4] + c[5], RP_BLACK, RP_WHITE);
    patterns_parts(t, x, right, 2);
    gm_videotest_emit_rows(t, y, y + rows[2]);
    y += rows[2];

    const Rp219Part pluge[] = { { d, RP_GREY15 }, { k, RP_BLACK }, { g, RP_WHITE },
        { rest, RP_BLACK }, { third[0], RP_MINUS2 }, { third[1], RP_BLACK }, { third[2], RP_PLUS2 },
        { third[3], RP_MINUS2 }, { third[4], RP_PLUS4 }, { c[5], RP_BLACK }, { d, RP_GREY15 } };
    patterns_parts(t, 0, pluge, 11);
    gm_videotest_emit_rows(t, y, y + rows[3]);
    y += rows[3];

    x = patterns_ramp(t, d, k / 2, RP_BLACK, RP_SUB_BLACK);
    x = patterns_ramp(t, x, k - k / 2, RP_SUB_BLACK, RP_BLACK);
    x = patterns_ramp(t, x, g / 2, RP_WHITE, RP_SUPER_WHITE);
    patterns_ramp(t, x, g - g / 2, RP_SUPER_WHITE, RP_WHITE);
    gm_videotest_emit_rows(t, y, y + rows[4]);
    y += rows[4];

    patterns_parts(t, d, pluge + 1, 2);
    gm_videotest_emit_rows(t, y, y + rows[5]);
}

// ---- plain, checkers, ramps --------------------------------------------------------------------

static void patterns_plain(VideoTest *t)
{
    VideoTestColor color = t->foreground; // white, solid-color
    int pattern = t->set.pattern;

    if (pattern == VIDEOTEST_BLACK || (pattern == VIDEOTEST_BLINK && !(t->n_frames & 1)))
        color = t->background;
    else if (pattern == VIDEOTEST_RED || pattern == VIDEOTEST_GREEN || pattern == VIDEOTEST_BLUE)
        color = patterns_color(t, pattern == VIDEOTEST_RED ? RED
                                  : pattern == VIDEOTEST_GREEN ? GREEN : BLUE);
    gm_videotest_fill(t, 0, t->info.width, color);
    gm_videotest_emit_rows(t, 0, t->info.height);
}

static void patterns_checkers(VideoTest *t)
{
    VideoTestColor red = patterns_color(t, RED), green = patterns_color(t, GREEN);
    int size = 1 << (t->set.pattern - VIDEOTEST_CHECKERS1);

    for (int y = 0; y < t->info.height; y++) {
        for (int x = 0; y % size == 0 && x < t->info.width; x++)
            gm_videotest_fill(t, x, x + 1, (x ^ y) & size ? green : red);
        gm_videotest_emit(t, y);
    }
}

// Legal colours next to ones out of range, in squares of 16.
static void patterns_gamut(VideoTest *t)
{
    static const int colors[] = { BLACK, WHITE, RED, BLUE };
    static const uint8_t component[] = { 1, 1, 3, 2 }, illegal[] = { 0, 255, 255, 255 };
    int w = t->info.width, h = t->info.height;

    for (int y = 0; y < h; y++) {
        int region = y * 4 / h;
        VideoTestColor primary = patterns_color(t, colors[region]), secondary = primary;
        if (!GM_VIDEO_INFO_IS_RGB(&t->info))
            secondary.v[component[region]] = illegal[region];
        for (int x = 0; x < w; x += 8)
            gm_videotest_fill(t, x, x + 8 < w ? x + 8 : w, (x ^ y) & 16 ? primary : secondary);
        gm_videotest_emit(t, y);
    }
}

static void patterns_snow(VideoTest *t)
{
    for (int y = 0; y < t->info.height; y++) {
        for (int x = 0; x < t->info.width; x++)
            t->level[x] = patterns_random(t);
        patterns_blend(t);
        gm_videotest_emit(t, y);
    }
}

static void patterns_gradient(VideoTest *t)
{
    for (int y = 0; y < t->info.height; y++) {
        memset(t->level, (int)(y * 255.0 / t->info.height), (size_t)t->info.width);
        patterns_blend(t);
        gm_videotest_emit(t, y);
    }
}

// All 2^24 colours of a picture of 4096 x 4096, thinned out.
static void patterns_colors(VideoTest *t)
{
    int64_t w = t->info.width, h = t->info.height;

    for (int64_t y = 0; y < h; y++) {
        for (int64_t x = 0; x < w; x++) {
            VideoTestColor color = { { 255, (uint8_t)(x * 4096 / w),
                                       (uint8_t)((y * 16 / h) << 4 | x * 16 / w),
                                       (uint8_t)(y * 4096 / h) } };
            gm_videotest_fill(t, (int)x, (int)x + 1, color);
        }
        gm_videotest_emit(t, (int)y);
    }
}

// ---- waves -------------------------------------------------------------------------------------

// One wave in 256 steps: 128 in the middle, cut at 255.
static void patterns_sine(uint8_t sine[256])
{
    for (int i = 0; i < 256; i++)
        sine[i] = patterns_clamp(floor(128 + 128 * sin(2 * PI * i / 256)));
}

static int patterns_mul(int a, int b) // wraps around instead of overflowing
{
    return (int)((unsigned)a * (unsigned)b);
}

static int patterns_add(int a, int b)
{
    return (int)((unsigned)a + (unsigned)b);
}

// phase = k0 + kx x + ky y + kt t + kxt x t + kyt y t + kxy x y + kx2 x² + ky2 y² + kt2 t²
static void patterns_zone_plate(VideoTest *t)
{
    const VideoTestSettings *k = &t->set;
    int w = t->info.width, h = t->info.height, n = (int)t->n_frames;
    int x0 = patterns_add(-(w / 2), -k->xoffset), y0 = patterns_add(-(h / 2), -k->yoffset);
    int scale_xy = 0xffff / (w > 1 ? w / 2 : 1), scale_x2 = 0xffff / w;
    int time = patterns_add(patterns_mul(k->kt, n), patterns_mul(patterns_mul(k->kt2, n), n) >> 1);
    int step = patterns_add(k->kx, patterns_mul(k->kxt, n));
    uint8_t sine[256];

    patterns_sine(sine);
    for (int row = 0; row < h; row++) {
        int y = patterns_add(y0, row);
        int line = patterns_mul(patterns_add(k->ky, patterns_mul(k->kyt, n)), row + 1);
        int xy_step = patterns_mul(patterns_mul(k->kxy, y), scale_xy);
        line = patterns_add(line, patterns_mul(patterns_mul(k->ky2, y), y) / h);
        line = patterns_add(patterns_add(line, time), k->k0);
        for (int column = 0; column < w; column++) {
            int x = patterns_add(x0, column);
            int xy = patterns_mul(xy_step, patterns_add(x, 1));
            int x2 = patterns_mul(patterns_mul(patterns_mul(k->kx2, x), x), scale_x2);
            int phase = patterns_add(line, patterns_mul(step, column + 1));
            t->level[column] = sine[patterns_add(phase, patterns_add(xy >> 16, x2 >> 16)) & 0xff];
        }
        if (k->pattern == VIDEOTEST_ZONE_PLATE)
            patterns_blend(t);
        for (int x = 0; x < w && k->pattern == VIDEOTEST_CHROMA_ZONE_PLATE; x++) {
            uint8_t level = t->level[x], middle = GM_VIDEO_INFO_IS_RGB(&t->info) ? 128 : level;
            gm_videotest_fill(t, x, x + 1, (VideoTestColor){ { 255, 128, middle, level } });
        }
        gm_videotest_emit(t, row);
    }
}

static void patterns_circular(VideoTest *t)
{
    int w = t->info.width, h = t->info.height;
    double freq[8];
    uint8_t sine[256];

    patterns_sine(sine);
    for (int i = 1; i < 8; i++)
        freq[i] = 200 * pow(2.0, -(i - 1) / 4.0);
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            double dist = sqrt((2 * x - w) * (2 * x - w) + (2 * y - h) * (2 * y - h)) / (2 * w);
            int ring = (int)floor(dist * 16);
            bool wave = ring > 0 && ring < 8;
            t->level[x] = wave ? sine[(int)floor(256 * dist * freq[ring] + 0.5) & 0xff] : 0;
        }
        patterns_blend(t);
        gm_videotest_emit(t, y);
    }
}

static double patterns_limit(double x, double min, double max)
{
    return x < min ? min : x > max ? max : x;
}

// pinwheel and spokes: 19 lines through the middle, their distances to the pixel added up.
static void patterns_star(VideoTest *t)
{
    int w = t->info.width, h = t->info.height;
    bool spokes = t->set.pattern == VIDEOTEST_SPOKES;
    double c[19], s[19];

    for (int k = 0; k < 19; k++) {
        double theta = PI / 19 * k + 0.001 * patterns_mul(t->set.kt, (int)t->n_frames);
        c[k] = cos(theta);
        s[k] = sin(theta);
    }
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            double sum = 0;
            for (int k = 0; k < 19; k++) {
                double d = c[k] * (x - 0.5 * w) + s[k] * (y - 0.5 * h);
                if (spokes)
                    sum += patterns_limit(1.0 - fabs(d) + 0.5, 0, 1);
                else
                    sum += k & 1 ? -patterns_limit(d, -1, 1) : patterns_limit(d, -1, 1);
            }
            t->level[x] = patterns_clamp(rint(spokes ? sum * 255 : sum * 128 + 128));
        }
        patterns_blend(t);
        gm_videotest_emit(t, y);
    }
}

// ---- ball --------------------------------------------------------------------------------------

// The levels of row `row` of a ball of `radius` at x, y. False: none of it is there.
static bool patterns_ball_row(VideoTest *t, int row, double x, double y, int radius)
{
    int w = t->info.width;

    memset(t->level, 0, (size_t)w);
    if (row < y - radius || row > y + radius)
        return false;
    double o = radius * radius - (row - y) * (row - y);
    int r = (int)rint(sqrt(o > 0 ? o : 0));
    int x1 = x - r > 0 ? (int)(x - r) : 0;
    int x2 = x + r + 1 < w ? (int)(x + r + 1) : w;
    for (int i = x1; i < x2; i++) {
        double inside = radius - sqrt((i - x) * (i - x) + (row - y) * (row - y));
        t->level[i] = patterns_clamp(floor(256 * (inside * 0.5)));
    }
    return true;
}

static void patterns_ball(VideoTest *t)
{
    int w = t->info.width, h = t->info.height, radius = 20;
    bool wavy = t->set.motion == VIDEOTEST_WAVY, flip = t->n_frames / 50 % 2;
    double turns = (double)t->n_frames / 200, x, y;
    VideoTestColor ball = t->foreground, back = t->background;

    if (t->set.animation_mode != VIDEOTEST_FRAMES) {
        GmClockTime now =
            t->set.animation_mode == VIDEOTEST_WALL_TIME ? gm_sync_real_time() : t->pts;
        turns = (double)now / GM_SECOND;
        flip = now / GM_SECOND % 2;
    }
    if (t->set.motion == VIDEOTEST_HSWEEP) { // half a turn, then back to the top
        turns /= 2;
        turns -= floor(2 * turns) / 2;
    }
    double angle = 2 * PI * turns;
    if (wavy) {
        x = radius + (0.5 + 0.5 * sin(angle)) * (w - 2 * radius);
        y = radius + (0.5 + 0.5 * sin(angle * sqrt(2))) * (h - 2 * radius);
    } else {
        radius = (h < w ? h : w) / 4;
        x = w / 2 + sin(angle) * radius;
        y = h / 2 - cos(angle) * radius;
    }
    if (t->set.flip && flip) {
        ball = t->background;
        back = t->foreground;
    }
    bool empty = false;
    for (int row = 0; row < h; row++) {
        bool was_empty = empty;
        empty = !patterns_ball_row(t, row, x, y, radius) && wavy;
        if (!wavy)
            t->level[w / 2] = t->level[(int)x] = 255;
        if (!empty || !was_empty)
            gm_videotest_blend(t, ball, back, 0, w);
        gm_videotest_emit(t, row);
    }
    if (!wavy) { // lines across the middle of the picture and of the ball
        memset(t->level, 255, (size_t)w);
        gm_videotest_blend(t, ball, back, 0, w);
        gm_videotest_emit(t, h / 2);
        gm_videotest_blend(t, ball, back, 0, w);
        gm_videotest_emit(t, (int)y);
    }
}

// ---- all ---------------------------------------------------------------------------------------

static void (*const patterns_draw[VIDEOTEST_N_PATTERNS])(VideoTest *) = {
    [VIDEOTEST_SMPTE] = patterns_smpte,
    [VIDEOTEST_SNOW] = patterns_snow,
    [VIDEOTEST_BLACK] = patterns_plain,
    [VIDEOTEST_WHITE] = patterns_plain,
    [VIDEOTEST_RED] = patterns_plain,
    [VIDEOTEST_GREEN] = patterns_plain,
    [VIDEOTEST_BLUE] = patterns_plain,
    [VIDEOTEST_CHECKERS1] = patterns_checkers,
    [VIDEOTEST_CHECKERS2] = patterns_checkers,
    [VIDEOTEST_CHECKERS4] = patterns_checkers,
    [VIDEOTEST_CHECKERS8] = patterns_checkers,
    [VIDEOTEST_CIRCULAR] = patterns_circular,
    [VIDEOTEST_BLINK] = patterns_plain,
    [VIDEOTEST_SMPTE75] = patterns_bars,
    [VIDEOTEST_ZONE_PLATE] = patterns_zone_plate,
    [VIDEOTEST_GAMUT] = patterns_gamut,
    [VIDEOTEST_CHROMA_ZONE_PLATE] = patterns_zone_plate,
    [VIDEOTEST_SOLID] = patterns_plain,
    [VIDEOTEST_BALL] = patterns_ball,
    [VIDEOTEST_SMPTE100] = patterns_bars,
    [VIDEOTEST_BAR] = patterns_bar,
    [VIDEOTEST_PINWHEEL] = patterns_star,
    [VIDEOTEST_SPOKES] = patterns_star,
    [VIDEOTEST_GRADIENT] = patterns_gradient,
    [VIDEOTEST_COLORS] = patterns_colors,
    [VIDEOTEST_SMPTE_RP_219] = patterns_smpte_rp_219,
};

bool gm_videotest_is_static(const VideoTestSettings *set)
{
    switch (set->pattern) {
    case VIDEOTEST_SMPTE: case VIDEOTEST_SNOW: case VIDEOTEST_BLINK: case VIDEOTEST_BALL:
        return false;
    case VIDEOTEST_ZONE_PLATE: case VIDEOTEST_CHROMA_ZONE_PLATE:
        return !(set->horizontal_speed || set->kxt || set->kyt || set->kt || set->kt2);
    default:
        return !set->horizontal_speed || patterns_draw[set->pattern] == patterns_plain;
    }
}

void gm_videotest_draw(VideoTest *t, GmVideoFrame *frame)
{
    int64_t shift = (int64_t)((uint64_t)t->set.horizontal_speed * (uint64_t)t->n_frames) %
                    t->info.width;

    t->frame = frame;
    t->shift = (int)(shift < 0 ? shift + t->info.width : shift);
    t->same = 0;
    t->foreground = gm_videotest_argb(t, t->set.foreground);
    t->background = gm_videotest_argb(t, t->set.background);
    patterns_draw[t->set.pattern](t);
    t->frame = NULL;
}
