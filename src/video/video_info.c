// SPDX-License-Identifier: MIT
//
// video_info: one table of formats, and three rules for all of them:
//     the stride of a plane is its row's bytes, rounded up to 4;
//     a plane of a format with halved chroma rows has an even luma height;
//     interlaced pictures have an even number of chroma rows (each field has its own).
#include "video/video_info.h"

#include <stdio.h>
#include <string.h>

#include "core/caps.h"
#include "core/caps_features.h"
#include "core/structure.h"
#include "core/util.h"

#define YUV GM_VIDEO_FORMAT_FLAG_YUV
#define RGB GM_VIDEO_FORMAT_FLAG_RGB
#define GRAY GM_VIDEO_FORMAT_FLAG_GRAY
#define ALPHA GM_VIDEO_FORMAT_FLAG_ALPHA
#define LE GM_VIDEO_FORMAT_FLAG_LE

// format, name, flags, depth, components, planes, then for each component: its plane, first
// byte, bytes from pixel to pixel, and the powers of two that divide width and height.
static const GmVideoFormatInfo video_formats[] = {
    { GM_VIDEO_FORMAT_ENCODED, "ENCODED", 0, 0, 0, 0, { 0 }, { 0 }, { 0 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_I420, "I420", YUV, 8, 3, 3,
      { 0, 1, 2 }, { 0 }, { 1, 1, 1 }, { 0, 1, 1 }, { 0, 1, 1 } },
    { GM_VIDEO_FORMAT_YV12, "YV12", YUV, 8, 3, 3,
      { 0, 2, 1 }, { 0 }, { 1, 1, 1 }, { 0, 1, 1 }, { 0, 1, 1 } },
    { GM_VIDEO_FORMAT_NV12, "NV12", YUV, 8, 3, 2,
      { 0, 1, 1 }, { 0, 0, 1 }, { 1, 2, 2 }, { 0, 1, 1 }, { 0, 1, 1 } },
    { GM_VIDEO_FORMAT_NV21, "NV21", YUV, 8, 3, 2,
      { 0, 1, 1 }, { 0, 1, 0 }, { 1, 2, 2 }, { 0, 1, 1 }, { 0, 1, 1 } },
    { GM_VIDEO_FORMAT_YUY2, "YUY2", YUV, 8, 3, 1,
      { 0 }, { 0, 1, 3 }, { 2, 4, 4 }, { 0, 1, 1 }, { 0 } },
    { GM_VIDEO_FORMAT_UYVY, "UYVY", YUV, 8, 3, 1,
      { 0 }, { 1, 0, 2 }, { 2, 4, 4 }, { 0, 1, 1 }, { 0 } },
    { GM_VIDEO_FORMAT_Y42B, "Y42B", YUV, 8, 3, 3,
      { 0, 1, 2 }, { 0 }, { 1, 1, 1 }, { 0, 1, 1 }, { 0 } },
    { GM_VIDEO_FORMAT_Y444, "Y444", YUV, 8, 3, 3,
      { 0, 1, 2 }, { 0 }, { 1, 1, 1 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_RGB, "RGB", RGB, 8, 3, 1, { 0 }, { 0, 1, 2 }, { 3, 3, 3 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_BGR, "BGR", RGB, 8, 3, 1, { 0 }, { 2, 1, 0 }, { 3, 3, 3 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_RGBx, "RGBx", RGB, 8, 3, 1, { 0 }, { 0, 1, 2 }, { 4, 4, 4 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_BGRx, "BGRx", RGB, 8, 3, 1, { 0 }, { 2, 1, 0 }, { 4, 4, 4 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_xRGB, "xRGB", RGB, 8, 3, 1, { 0 }, { 1, 2, 3 }, { 4, 4, 4 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_xBGR, "xBGR", RGB, 8, 3, 1, { 0 }, { 3, 2, 1 }, { 4, 4, 4 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_RGBA, "RGBA", RGB | ALPHA, 8, 4, 1,
      { 0 }, { 0, 1, 2, 3 }, { 4, 4, 4, 4 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_BGRA, "BGRA", RGB | ALPHA, 8, 4, 1,
      { 0 }, { 2, 1, 0, 3 }, { 4, 4, 4, 4 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_ARGB, "ARGB", RGB | ALPHA, 8, 4, 1,
      { 0 }, { 1, 2, 3, 0 }, { 4, 4, 4, 4 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_ABGR, "ABGR", RGB | ALPHA, 8, 4, 1,
      { 0 }, { 3, 2, 1, 0 }, { 4, 4, 4, 4 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_ABGR64_LE, "ABGR64_LE", RGB | ALPHA | LE, 16, 4, 1,
      { 0 }, { 6, 4, 2, 0 }, { 8, 8, 8, 8 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_GRAY8, "GRAY8", GRAY, 8, 1, 1, { 0 }, { 0 }, { 1 }, { 0 }, { 0 } },
    { GM_VIDEO_FORMAT_GRAY16_LE, "GRAY16_LE", GRAY | LE, 16, 1, 1,
      { 0 }, { 0 }, { 2 }, { 0 }, { 0 } },
};

GmVideoFormat gm_video_format_from_string(const char *name)
{
    for (size_t i = 0; name != NULL && i < GM_LEN(video_formats); i++)
        if (strcmp(video_formats[i].name, name) == 0)
            return video_formats[i].format;
    return GM_VIDEO_FORMAT_UNKNOWN;
}

const GmVideoFormatInfo *gm_video_format_get_info(GmVideoFormat format)
{
    for (size_t i = 0; i < GM_LEN(video_formats); i++)
        if (video_formats[i].format == format)
            return &video_formats[i];
    return NULL;
}

const char *gm_video_format_to_string(GmVideoFormat format)
{
    const GmVideoFormatInfo *finfo = gm_video_format_get_info(format);
    return finfo ? finfo->name : NULL;
}

// ---- names -------------------------------------------------------------------------------

static const char *const video_modes[] = {
    "progressive", "interleaved", "mixed", "fields", "alternate"
};

const char *gm_video_interlace_mode_to_string(GmVideoInterlaceMode mode)
{
    return (unsigned)mode < GM_LEN(video_modes) ? video_modes[mode] : NULL;
}

GmVideoInterlaceMode gm_video_interlace_mode_from_string(const char *mode)
{
    for (unsigned i = 0; mode != NULL && i < GM_LEN(video_modes); i++)
        if (strcmp(video_modes[i], mode) == 0)
            return (GmVideoInterlaceMode)i;
    return GM_VIDEO_INTERLACE_MODE_PROGRESSIVE;
}

static const struct {
    const char       *name;
    GmVideoChromaSite site;
} video_sites[] = {
    { "jpeg", GM_VIDEO_CHROMA_SITE_JPEG },       { "mpeg2", GM_VIDEO_CHROMA_SITE_MPEG2 },
    { "dv", GM_VIDEO_CHROMA_SITE_DV },           { "alt-line", GM_VIDEO_CHROMA_SITE_ALT_LINE },
    { "cosited", GM_VIDEO_CHROMA_SITE_COSITED },
};

static const struct {
    const char        *name;
    GmVideoColorimetry color;
} video_colors[] = {
    { "bt601", { 2, 4, 16, 4 } },     { "bt709", { 2, 3, 5, 1 } },
    { "smpte240m", { 2, 5, 6, 5 } },  { "sRGB", { 1, 1, 7, 1 } },
    { "bt2020", { 2, 6, 11, 7 } },    { "bt2020-10", { 2, 6, 13, 7 } },
    { "bt2100-pq", { 2, 6, 14, 7 } }, { "bt2100-hlg", { 2, 6, 15, 7 } },
};

bool gm_video_colorimetry_from_string(GmVideoColorimetry *cinfo, const char *color)
{
    GmVideoColorimetry c;
    if (!GM_REQUIRE(cinfo != NULL && color != NULL)) return false;
    for (size_t i = 0; i < GM_LEN(video_colors); i++)
        if (strcmp(video_colors[i].name, color) == 0) {
            *cinfo = video_colors[i].color;
            return true;
        }
    if (sscanf(color, "%d:%d:%d:%d", &c.range, &c.matrix, &c.transfer, &c.primaries) != 4)
        return false;
    *cinfo = c;
    return true;
}

static bool video_color_equal(const GmVideoColorimetry *a, const GmVideoColorimetry *b)
{
    return a->range == b->range && a->matrix == b->matrix && a->transfer == b->transfer &&
           a->primaries == b->primaries;
}

char *gm_video_colorimetry_to_string(const GmVideoColorimetry *cinfo)
{
    const GmVideoColorimetry unknown = { 0 };
    if (!GM_REQUIRE(cinfo != NULL)) return NULL;
    for (size_t i = 0; i < GM_LEN(video_colors); i++)
        if (video_color_equal(&video_colors[i].color, cinfo))
            return gm_strdup(video_colors[i].name);
    if (video_color_equal(cinfo, &unknown))
        return NULL;
    return gm_strdup_printf("%d:%d:%d:%d", cinfo->range, cinfo->matrix, cinfo->transfer,
                            cinfo->primaries);
}

bool gm_video_colorimetry_matches(const GmVideoColorimetry *cinfo, const char *color)
{
    GmVideoColorimetry other;
    return gm_video_colorimetry_from_string(&other, color) && video_color_equal(cinfo, &other);
}

// ---- the info ----------------------------------------------------------------------------

void gm_video_info_init(GmVideoInfo *info)
{
    if (!GM_REQUIRE(info != NULL)) return;
    *info = (GmVideoInfo){ .views = 1, .par_n = 1, .par_d = 1, .fps_d = 1 };
}

static void video_default_color(GmVideoInfo *info)
{
    if (GM_VIDEO_INFO_IS_YUV(info)) {
        bool hd = info->height > 576;
        info->chroma_site = hd ? GM_VIDEO_CHROMA_SITE_MPEG2 : GM_VIDEO_CHROMA_SITE_JPEG;
        info->colorimetry = video_colors[hd].color;
    } else if (GM_VIDEO_INFO_IS_GRAY(info)) {
        info->colorimetry = (GmVideoColorimetry){ 1, 4, 0, 0 };
    } else if (GM_VIDEO_INFO_IS_RGB(info)) {
        info->colorimetry = video_colors[3].color;
    }
}

// Fills strides, offsets and size from format, mode, width and height.
static bool video_fill_planes(GmVideoInfo *info)
{
    const GmVideoFormatInfo *f = info->finfo;
    bool     halved = f->h_sub[1] > 0;
    uint64_t at = 0, height = (uint64_t)GM_VIDEO_INFO_FIELD_HEIGHT(info);
    for (unsigned p = 0; p < f->n_planes; p++) {
        unsigned c = 0;
        while (f->plane[c] != p)
            c++;
        uint64_t width = GM_VIDEO_SUB_SCALE(f->w_sub[c], (uint64_t)info->width);
        uint64_t rows = halved ? (height + 1) / 2 * 2 : height;
        if (f->h_sub[c] > 0) {
            rows /= 2;
            if (GM_VIDEO_INFO_IS_INTERLACED(info))
                rows = (rows + 1) / 2 * 2;
        }
        // The first component of a packed plane spans it: 4:2:2 has two bytes for each luma.
        uint64_t stride = (width * f->pixel_stride[c] + 3) / 4 * 4;
        info->stride[p] = (int)stride;
        info->offset[p] = (size_t)at;
        at += stride * rows;
        if (stride > INT_MAX || at > INT_MAX)
            return false;
    }
    info->size = (size_t)at;
    return true;
}

bool gm_video_info_set_interlaced_format(GmVideoInfo *info, GmVideoFormat format,
                                         GmVideoInterlaceMode mode, unsigned width,
                                         unsigned height)
{
    if (!GM_REQUIRE(info != NULL && gm_video_format_get_info(format) != NULL)) return false;
    if (width > INT_MAX || height > INT_MAX)
        return false;
    gm_video_info_init(info);
    info->finfo = gm_video_format_get_info(format);
    info->interlace_mode = mode;
    info->width = (int)width;
    info->height = (int)height;
    video_default_color(info);
    return video_fill_planes(info);
}

bool gm_video_info_set_format(GmVideoInfo *info, GmVideoFormat format, unsigned width,
                              unsigned height)
{
    return gm_video_info_set_interlaced_format(
        info, format, GM_VIDEO_INTERLACE_MODE_PROGRESSIVE, width, height);
}

static void video_color_from(GmVideoInfo *info, const GmStructure *s)
{
    const char *site = gm_structure_get_string(s, "chroma-site");
    const char *color = gm_structure_get_string(s, "colorimetry");
    for (size_t i = 0; site != NULL && i < GM_LEN(video_sites); i++)
        if (strcmp(video_sites[i].name, site) == 0)
            info->chroma_site = video_sites[i].site;
    GmVideoColorimetry *c = &info->colorimetry;
    bool ok = color != NULL && gm_video_colorimetry_from_string(c, color);
    // A matrix that the format cannot have: as if nothing had been said.
    if (ok && (GM_VIDEO_INFO_IS_YUV(info) || GM_VIDEO_INFO_IS_GRAY(info)))
        ok = c->matrix != GM_VIDEO_COLOR_MATRIX_RGB;
    if (ok && GM_VIDEO_INFO_IS_YUV(info))
        ok = c->matrix != GM_VIDEO_COLOR_MATRIX_UNKNOWN;
    if (!ok)
        video_default_color(info);
    else if (GM_VIDEO_INFO_IS_RGB(info))
        c->matrix = GM_VIDEO_COLOR_MATRIX_RGB;
}

bool gm_video_info_from_caps(GmVideoInfo *info, const GmCaps *caps)
{
    if (!GM_REQUIRE(info != NULL && caps != NULL && gm_caps_is_fixed(caps))) return false;
    const GmStructure *s = gm_caps_get_structure(caps, 0);
    const char *name = gm_structure_get_name(s);
    GmVideoFormat format = GM_VIDEO_FORMAT_ENCODED;
    bool raw = strcmp(name, "video/x-raw") == 0;
    if (raw)
        format = gm_video_format_from_string(gm_structure_get_string(s, "format"));
    else if (!gm_str_has_prefix(name, "video/") && !gm_str_has_prefix(name, "image/"))
        return false;
    gm_video_info_init(info);
    info->finfo = gm_video_format_get_info(format);
    bool sized = gm_structure_get_int(s, "width", &info->width);
    sized = gm_structure_get_int(s, "height", &info->height) && sized;
    if (info->finfo == NULL || (raw && !sized) || info->width < 0 || info->height < 0)
        return false;
    if (gm_structure_get_fraction(s, "framerate", &info->fps_n, &info->fps_d) &&
        info->fps_n == 0) {
        info->flags |= GM_VIDEO_FLAG_VARIABLE_FPS;
        gm_structure_get_fraction(s, "max-framerate", &info->fps_n, &info->fps_d);
    }
    gm_structure_get_fraction(s, "pixel-aspect-ratio", &info->par_n, &info->par_d);
    gm_structure_get_int(s, "views", &info->views);
    info->interlace_mode =
        gm_video_interlace_mode_from_string(gm_structure_get_string(s, "interlace-mode"));
    if (raw && info->interlace_mode == GM_VIDEO_INTERLACE_MODE_ALTERNATE &&
        !gm_caps_features_contains(gm_caps_get_features(caps, 0), "format:Interlaced"))
        return false;
    video_color_from(info, s);
    return video_fill_planes(info);
}

GmCaps *gm_video_info_to_caps(const GmVideoInfo *info)
{
    if (!GM_REQUIRE(info != NULL && info->finfo != NULL)) return NULL;
    GmCaps *caps = gm_caps_new_simple(
        "video/x-raw", "format", GM_TYPE_STRING, info->finfo->name, "width", GM_TYPE_INT,
        info->width, "height", GM_TYPE_INT, info->height, "interlace-mode", GM_TYPE_STRING,
        gm_video_interlace_mode_to_string(info->interlace_mode), "pixel-aspect-ratio",
        GM_TYPE_FRACTION, info->par_n, info->par_d, NULL);
    if (info->interlace_mode == GM_VIDEO_INTERLACE_MODE_ALTERNATE)
        gm_caps_set_features(caps, 0, gm_caps_features_new("format:Interlaced", NULL));
    for (size_t i = 0; i < GM_LEN(video_sites); i++)
        if (video_sites[i].site == info->chroma_site)
            gm_caps_set_simple(caps, "chroma-site", GM_TYPE_STRING, video_sites[i].name, NULL);
    char *color = gm_video_colorimetry_to_string(&info->colorimetry);
    if (color)
        gm_caps_set_simple(caps, "colorimetry", GM_TYPE_STRING, color, NULL);
    gm_free(color);
    if (info->views > 1)
        gm_caps_set_simple(caps, "views", GM_TYPE_INT, info->views, NULL);
    if ((info->flags & GM_VIDEO_FLAG_VARIABLE_FPS) && info->fps_n != 0)
        gm_caps_set_simple(caps, "framerate", GM_TYPE_FRACTION, 0, 1, "max-framerate",
                           GM_TYPE_FRACTION, info->fps_n, info->fps_d, NULL);
    else
        gm_caps_set_simple(caps, "framerate", GM_TYPE_FRACTION, info->fps_n, info->fps_d, NULL);
    return caps;
}

bool gm_video_info_is_equal(const GmVideoInfo *info, const GmVideoInfo *other)
{
    const GmVideoInfo *a = info, *b = other;
    if (a->finfo != b->finfo || a->interlace_mode != b->interlace_mode ||
        a->flags != b->flags || a->width != b->width || a->height != b->height ||
        a->size != b->size || a->views != b->views || a->chroma_site != b->chroma_site ||
        !video_color_equal(&a->colorimetry, &b->colorimetry) || a->par_n != b->par_n ||
        a->par_d != b->par_d || a->fps_n != b->fps_n || a->fps_d != b->fps_d)
        return false;
    for (unsigned p = 0; a->finfo != NULL && p < a->finfo->n_planes; p++)
        if (a->stride[p] != b->stride[p] || a->offset[p] != b->offset[p])
            return false;
    return true;
}

// One frame in units of a format: *num / *den. False: unknown.
static bool video_frame_in(const GmVideoInfo *info, GmFormat format, uint64_t *num, uint64_t *den)
{
    *num = format == GM_FORMAT_BYTES ? info->size
           : format == GM_FORMAT_TIME ? (uint64_t)GM_SECOND * (uint64_t)info->fps_d : 1;
    *den = format == GM_FORMAT_TIME ? (uint64_t)info->fps_n : 1;
    return format == GM_FORMAT_BYTES || format == GM_FORMAT_TIME || format == GM_FORMAT_DEFAULT;
}

bool gm_video_info_convert(const GmVideoInfo *info, GmFormat src_format, int64_t src_value,
                           GmFormat dest_format, int64_t *dest_value)
{
    uint64_t sn, sd, dn, dd;
    if (!GM_REQUIRE(info != NULL && info->size > 0 && dest_value != NULL)) return false;
    *dest_value = src_value;
    if (src_format == dest_format || src_value == -1)
        return true;
    if (!video_frame_in(info, src_format, &sn, &sd) || !video_frame_in(info, dest_format, &dn, &dd))
        return false;
    *dest_value = sn * dd == 0 ? 0
                  : (int64_t)gm_util_uint64_scale((uint64_t)src_value, sd * dn, sn * dd);
    return true;
}
