// SPDX-License-Identifier: MIT
//
// videotest_lines: from lines of four bytes a pixel to pictures of every format.
//
// Chroma is averaged as GStreamer's chroma resampler does it for each siting: first two rows into
// the upper one (unless rows are co-sited), then columns. Rows that equal those of the group above
// are copied from there: most test pictures are a few bands.

#include <stdlib.h>

#include "elements/video/videotest_patterns.h"

// Rounded weights in 1/1024, as the colours of the other implementation are.
static int lines_fix(double x)
{
    return x < 0 ? -(int)(-x * 1024 + 0.5) : (int)(x * 1024 + 0.5);
}

VideoTestColor gm_videotest_argb(const VideoTest *t, unsigned argb)
{
    static const double matrix[2][3][3] = {
        { { 0.29900 * 219.0 / 255.0, 0.58700 * 219.0 / 255.0, 0.11400 * 219.0 / 255.0 },
          { -0.16874 * 224.0 / 255.0, -0.33126 * 224.0 / 255.0, 0.50000 * 224.0 / 255.0 },
          { 0.50000 * 224.0 / 255.0, -0.41869 * 224.0 / 255.0, -0.08131 * 224.0 / 255.0 } },
        { { 0.212600 * 219.0 / 255.0, 0.715200 * 219.0 / 255.0, 0.072200 * 219.0 / 255.0 },
          { -0.114572 * 224.0 / 255.0, -0.385427 * 224.0 / 255.0, 0.50000 * 224.0 / 255.0 },
          { 0.50000 * 224.0 / 255.0, -0.454153 * 224.0 / 255.0, -0.045847 * 224.0 / 255.0 } }
    };
    int rgb[3] = { argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff };
    VideoTestColor color = { { (uint8_t)(argb >> 24), (uint8_t)rgb[0], (uint8_t)rgb[1],
                               (uint8_t)rgb[2] } };
    bool bt601 = t->info.colorimetry.matrix == GM_VIDEO_COLOR_MATRIX_BT601;

    if (GM_VIDEO_INFO_IS_RGB(&t->info))
        return color;
    for (int c = 0; c < 3; c++) {
        const double *m = matrix[bt601 ? 0 : 1][c];
        int sum = lines_fix(m[0]) * rgb[0] + lines_fix(m[1]) * rgb[1] + lines_fix(m[2]) * rgb[2];
        // Luma rounds halves up, chroma down; 2^18 keeps the shifted number positive.
        sum += c == 0 ? 512 + (16 << 10) : 511 + (128 << 10);
        color.v[c + 1] = (uint8_t)(sum >> 10);
    }
    return color;
}

void gm_videotest_fill(VideoTest *t, int x1, int x2, VideoTestColor color)
{
    for (int x = x1; x < x2; x++)
        memcpy(t->line + 4 * x, color.v, 4);
    t->painted = true;
}

void gm_videotest_blend(VideoTest *t, VideoTestColor a, VideoTestColor b, int x1, int x2)
{
    bool known = memcmp(&a, &t->blend_a, sizeof a) == 0 && memcmp(&b, &t->blend_b, sizeof b) == 0;

    for (int level = 0; !known && level < 256; level++) {
        for (int c = 0; c < 4; c++) {
            int sum = a.v[c] * level + b.v[c] * (255 - level);
            t->blended[level].v[c] = (uint8_t)((sum + ((sum + 128) >> 8) + 128) >> 8);
        }
    }
    t->blend_a = a;
    t->blend_b = b;
    for (int x = x1; x < x2; x++)
        memcpy(t->line + 4 * x, t->blended[t->level[x]].v, 4);
    t->painted = true;
}

// ---- chroma ------------------------------------------------------------------------------------

static void lines_average_rows(uint8_t *to, const uint8_t *other, int width)
{
    for (int x = 0; x < width; x++)
        for (int c = 4 * x + 2; c < 4 * x + 4; c++)
            to[c] = (uint8_t)((to[c] + other[c] + 1) >> 1);
}

// Leaves in every even column what stands for the pair.
static void lines_halve_columns(uint8_t *line, int width, bool cosited)
{
    for (int x = 0; x < width; x += 2) {
        for (int c = 4 * x + 2; c < 4 * x + 4; c++) {
            if (width < 2 || (!cosited && x == width - 1))
                continue;
            else if (!cosited)
                line[c] = (uint8_t)((line[c] + line[c + 4] + 1) >> 1);
            else if (x == 0)
                line[c] = (uint8_t)((3 * line[c] + line[c + 4] + 2) >> 2);
            else if (x < width - 2)
                line[c] = (uint8_t)((line[c - 4] + 2 * line[c] + line[c + 4] + 2) >> 2);
            else
                line[c] = (uint8_t)((line[c - 4] + 3 * line[c] + 2) >> 2);
        }
    }
}

// ---- packing -----------------------------------------------------------------------------------

static uint8_t *lines_row(const VideoTest *t, unsigned plane, int row)
{
    return (uint8_t *)t->frame->data[plane] +
           (ptrdiff_t)t->frame->info.stride[plane] * (ptrdiff_t)row;
}

static void lines_put(uint8_t *to, const uint8_t *from, size_t to_step, size_t from_step, int n,
                      bool wide)
{
    for (int i = 0; i < n; i++, to += to_step, from += from_step) {
        to[0] = *from;
        if (wide)
            to[1] = *from;
    }
}

static void lines_pack(VideoTest *t, const uint8_t *line, int y)
{
    const GmVideoFormatInfo *f = t->info.finfo;
    bool rgb = GM_VIDEO_INFO_IS_RGB(&t->info), wide = f->depth == 16;
    unsigned rest = 6;

    for (unsigned p = 0; p < f->n_planes; p++) {
        unsigned c = 0;
        while (f->plane[c] != p)
            c++;
        if (y % (1 << f->h_sub[c]) == 0) // what pads the row
            memset(lines_row(t, p, y >> f->h_sub[c]) + t->info.stride[p] - 4, 0, 4);
    }
    for (unsigned c = 0; c < f->n_components; c++) {
        rest -= f->poffset[c];
        if (y % (1 << f->h_sub[c]) == 0)
            lines_put(lines_row(t, f->plane[c], y >> f->h_sub[c]) + f->poffset[c],
                      line + (c + 1) % 4, f->pixel_stride[c], (size_t)4 << f->w_sub[c],
                      GM_VIDEO_INFO_COMP_WIDTH(&t->info, c), wide);
    }
    if (rgb && f->n_components == 3 && f->pixel_stride[0] == 4) // the x of RGBx is the alpha
        lines_put(lines_row(t, 0, y) + rest, line, 4, 4, t->info.width, false);
}

// Rows y to y + n_lines of every plane become what stands above them.
static void lines_repeat(VideoTest *t, int y)
{
    const GmVideoFormatInfo *f = t->info.finfo;

    for (unsigned p = 0; p < f->n_planes; p++) {
        unsigned c = 0;
        while (f->plane[c] != p)
            c++;
        int n = t->n_lines >> f->h_sub[c], first = y >> f->h_sub[c];
        for (int row = first; row < first + n && row << f->h_sub[c] < t->info.height; row++)
            memcpy(lines_row(t, p, row), lines_row(t, p, row - n), (size_t)t->info.stride[p]);
    }
}

// Rows y to y + n_lines are complete in t->rows.
static void lines_finish_group(VideoTest *t, int y)
{
    const GmVideoFormatInfo *f = t->info.finfo;
    int width = t->info.width, last = t->info.height - 1;
    unsigned site = t->info.chroma_site;
    uint8_t *rows[2] = { t->rows[0], t->rows[1] };

    if (t->n_lines == 1 << f->h_sub[1] && t->same >= 2 * t->n_lines && y >= t->n_lines) {
        lines_repeat(t, y);
        return;
    }
    for (int i = 0; i < t->n_lines; i++)
        rows[i] = t->rows[(y + i < last ? y + i : last) % t->n_lines];
    if (t->n_lines == 2 && rows[0] != rows[1])
        lines_average_rows(rows[0], rows[1], width);
    if (f->w_sub[1] > 0)
        lines_halve_columns(rows[0], width, site & GM_VIDEO_CHROMA_SITE_H_COSITED);
    for (int i = 0; i < t->n_lines && y + i <= last; i++)
        lines_pack(t, rows[i], y + i);
}

static void lines_store(VideoTest *t, int y)
{
    t->same = t->painted ? 1 : t->same + 1;
    t->painted = false;
    memcpy(t->rows[y % t->n_lines], t->shift ? t->rotated : t->line, (size_t)t->info.width * 4);
    if (y % t->n_lines == t->n_lines - 1)
        lines_finish_group(t, y - t->n_lines + 1);
}

void gm_videotest_emit(VideoTest *t, int y)
{
    if (t->shift && t->painted) {
        size_t left = (size_t)t->shift * 4, right = (size_t)(t->info.width - t->shift) * 4;
        memcpy(t->rotated, t->line + left, right);
        memcpy(t->rotated + right, t->line, left);
    }
    lines_store(t, y);
    if (y == t->info.height - 1) // an odd number of rows: the last one is its own pair
        while (y % t->n_lines != t->n_lines - 1)
            lines_store(t, ++y);
}

void gm_videotest_emit_rows(VideoTest *t, int y1, int y2)
{
    for (int y = y1; y < y2; y++)
        gm_videotest_emit(t, y);
}

// ---- set-up ------------------------------------------------------------------------------------

void gm_videotest_clear(VideoTest *t)
{
    free(t->line);
    free(t->rotated);
    free(t->level);
    free(t->rows[0]);
    free(t->rows[1]);
    t->line = t->rotated = t->level = t->rows[0] = t->rows[1] = NULL;
}

void gm_videotest_setup(VideoTest *t, const GmVideoInfo *info)
{
    size_t width = (size_t)info->width;

    gm_videotest_clear(t);
    t->info = *info;
    // Co-sited rows are taken as they are, as GStreamer does.
    t->n_lines = info->finfo->h_sub[1] && !(info->chroma_site & GM_VIDEO_CHROMA_SITE_V_COSITED)
                     ? 2 : 1;
    t->line = gm_malloc0(width * 4);
    t->rotated = gm_malloc0(width * 4);
    t->level = gm_malloc0(width);
    t->rows[0] = gm_malloc0(width * 4);
    t->rows[1] = gm_malloc0(width * 4);
}
