// SPDX-License-Identifier: MIT
//
// video_info: how a raw picture lies in memory: formats, planes, strides, and the caps that
// say so.
//
//     plane p of a picture: rows of stride[p] bytes, the first at offset[p] of the buffer
//     component c (Y U V or R G B A): byte poffset[c] of each pixel_stride[c] in plane[c]
//
// Plain values: any thread, nothing blocks. Pointers are not NULL; misuse is a critical and false.
// Read next: video/video_meta.h (pictures that lie differently, and mapping).
#ifndef GM_VIDEO_INFO_H
#define GM_VIDEO_INFO_H

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GM_VIDEO_MAX_PLANES 4
#define GM_VIDEO_MAX_COMPONENTS 4
#define GM_VIDEO_FORMATS_ALL                                                                  \
    "{ ABGR64_LE, ABGR, BGRA, ARGB, RGBA, Y444, xBGR, BGRx, xRGB, RGBx, BGR, RGB, Y42B, "     \
    "UYVY, YUY2, I420, YV12, NV21, NV12, GRAY16_LE, GRAY8 }"

// The numbers are GStreamer's.
typedef enum {
    GM_VIDEO_FORMAT_UNKNOWN = 0,
    GM_VIDEO_FORMAT_ENCODED = 1, // anything but video/x-raw
    GM_VIDEO_FORMAT_I420 = 2,
    GM_VIDEO_FORMAT_YV12 = 3,
    GM_VIDEO_FORMAT_YUY2 = 4,
    GM_VIDEO_FORMAT_UYVY = 5,
    GM_VIDEO_FORMAT_RGBx = 7,
    GM_VIDEO_FORMAT_BGRx = 8,
    GM_VIDEO_FORMAT_xRGB = 9,
    GM_VIDEO_FORMAT_xBGR = 10,
    GM_VIDEO_FORMAT_RGBA = 11,
    GM_VIDEO_FORMAT_BGRA = 12,
    GM_VIDEO_FORMAT_ARGB = 13,
    GM_VIDEO_FORMAT_ABGR = 14,
    GM_VIDEO_FORMAT_RGB = 15,
    GM_VIDEO_FORMAT_BGR = 16,
    GM_VIDEO_FORMAT_Y42B = 18,
    GM_VIDEO_FORMAT_Y444 = 20,
    GM_VIDEO_FORMAT_NV12 = 23,
    GM_VIDEO_FORMAT_NV21 = 24,
    GM_VIDEO_FORMAT_GRAY8 = 25,
    GM_VIDEO_FORMAT_GRAY16_LE = 27,
    GM_VIDEO_FORMAT_ABGR64_LE = 108
} GmVideoFormat;

typedef enum {
    GM_VIDEO_FORMAT_FLAG_YUV   = 1 << 0,
    GM_VIDEO_FORMAT_FLAG_RGB   = 1 << 1,
    GM_VIDEO_FORMAT_FLAG_GRAY  = 1 << 2,
    GM_VIDEO_FORMAT_FLAG_ALPHA = 1 << 3,
    GM_VIDEO_FORMAT_FLAG_LE    = 1 << 4 // samples of more than a byte: low byte first
} GmVideoFormatFlags;

typedef struct {
    GmVideoFormat format;
    const char   *name;
    unsigned flags; // GmVideoFormatFlags
    unsigned depth; // bits of each component
    unsigned n_components, n_planes;
    unsigned plane[GM_VIDEO_MAX_COMPONENTS];        // where the component is
    unsigned poffset[GM_VIDEO_MAX_COMPONENTS];      // bytes from the plane's start
    unsigned pixel_stride[GM_VIDEO_MAX_COMPONENTS]; // bytes from one sample to the next
    unsigned w_sub[GM_VIDEO_MAX_COMPONENTS]; // width of the component: width / 2^w_sub, up
    unsigned h_sub[GM_VIDEO_MAX_COMPONENTS]; // … height
} GmVideoFormatInfo;

GmVideoFormat gm_video_format_from_string(const char *name); // UNKNOWN if there is none
const char *gm_video_format_to_string(GmVideoFormat format); // "I420"; NULL for UNKNOWN
const GmVideoFormatInfo *gm_video_format_get_info(GmVideoFormat format); // NULL: not supported

typedef enum {
    GM_VIDEO_INTERLACE_MODE_PROGRESSIVE = 0,
    GM_VIDEO_INTERLACE_MODE_INTERLEAVED, // two fields in each picture, line by line
    GM_VIDEO_INTERLACE_MODE_MIXED,       // each buffer's flags say
    GM_VIDEO_INTERLACE_MODE_FIELDS,      // two views, one field each
    GM_VIDEO_INTERLACE_MODE_ALTERNATE    // one field in each buffer
} GmVideoInterlaceMode;
const char *gm_video_interlace_mode_to_string(GmVideoInterlaceMode mode); // NULL: no such mode
// NULL or no such mode: PROGRESSIVE.
GmVideoInterlaceMode gm_video_interlace_mode_from_string(const char *mode);

typedef enum {
    GM_VIDEO_CHROMA_SITE_UNKNOWN   = 0,
    GM_VIDEO_CHROMA_SITE_NONE      = 1 << 0,
    GM_VIDEO_CHROMA_SITE_H_COSITED = 1 << 1,
    GM_VIDEO_CHROMA_SITE_V_COSITED = 1 << 2,
    GM_VIDEO_CHROMA_SITE_ALT_LINE  = 1 << 3,
    GM_VIDEO_CHROMA_SITE_COSITED   = 6, // both ways
    GM_VIDEO_CHROMA_SITE_JPEG      = GM_VIDEO_CHROMA_SITE_NONE,
    GM_VIDEO_CHROMA_SITE_MPEG2     = GM_VIDEO_CHROMA_SITE_H_COSITED,
    GM_VIDEO_CHROMA_SITE_DV        = GM_VIDEO_CHROMA_SITE_COSITED | GM_VIDEO_CHROMA_SITE_ALT_LINE
} GmVideoChromaSite;

typedef enum {
    GM_VIDEO_COLOR_RANGE_UNKNOWN = 0,
    GM_VIDEO_COLOR_RANGE_0_255,
    GM_VIDEO_COLOR_RANGE_16_235
} GmVideoColorRange;
typedef enum {
    GM_VIDEO_COLOR_MATRIX_UNKNOWN = 0,
    GM_VIDEO_COLOR_MATRIX_RGB,
    GM_VIDEO_COLOR_MATRIX_FCC,
    GM_VIDEO_COLOR_MATRIX_BT709,
    GM_VIDEO_COLOR_MATRIX_BT601,
    GM_VIDEO_COLOR_MATRIX_SMPTE240M,
    GM_VIDEO_COLOR_MATRIX_BT2020
} GmVideoColorMatrix;

// GStreamer's numbers; 0 is unknown each. As text: a name ("bt601") or "range:matrix:transfer:
// primaries".
typedef struct { int range, matrix, transfer, primaries; } GmVideoColorimetry;
#define GM_VIDEO_COLORIMETRY_BT601 "bt601"
#define GM_VIDEO_COLORIMETRY_BT709 "bt709"
#define GM_VIDEO_COLORIMETRY_SMPTE240M "smpte240m"
#define GM_VIDEO_COLORIMETRY_SRGB "sRGB"
#define GM_VIDEO_COLORIMETRY_BT2020 "bt2020"
// False: not a colorimetry; *cinfo is as it was.
bool  gm_video_colorimetry_from_string(GmVideoColorimetry *cinfo, const char *color);
char *gm_video_colorimetry_to_string(const GmVideoColorimetry *cinfo); // free (); NULL: unknown
// Whether `color` names the same.
bool  gm_video_colorimetry_matches(const GmVideoColorimetry *cinfo, const char *color);

typedef struct {
    const GmVideoFormatInfo *finfo;
    GmVideoInterlaceMode interlace_mode;
    unsigned flags; // GM_VIDEO_FLAG_*
    int    width, height; // pixels
    size_t size; // bytes of one picture
    int    views; // 1 unless stereoscopic
    GmVideoChromaSite  chroma_site;
    GmVideoColorimetry colorimetry;
    int    par_n, par_d, fps_n, fps_d;  // shape of a pixel; frames per second, 0/1: unknown
    size_t offset[GM_VIDEO_MAX_PLANES]; // bytes from the buffer's start
    int    stride[GM_VIDEO_MAX_PLANES]; // bytes from one row to the next
} GmVideoInfo;
#define GM_VIDEO_FLAG_VARIABLE_FPS (1u << 0) // framerate 0/1 with max-framerate

// Of a whole info, of plane p, of component c: unchecked, and info has a format. COMP_WIDTH and
// COMP_HEIGHT are in samples, FIELD_HEIGHT in rows of a buffer.
#define GM_VIDEO_INFO_FORMAT(i) ((i)->finfo->format)
#define GM_VIDEO_INFO_NAME(i) ((i)->finfo->name)
#define GM_VIDEO_INFO_IS_YUV(i) (((i)->finfo->flags & GM_VIDEO_FORMAT_FLAG_YUV) != 0)
#define GM_VIDEO_INFO_IS_RGB(i) (((i)->finfo->flags & GM_VIDEO_FORMAT_FLAG_RGB) != 0)
#define GM_VIDEO_INFO_IS_GRAY(i) (((i)->finfo->flags & GM_VIDEO_FORMAT_FLAG_GRAY) != 0)
#define GM_VIDEO_INFO_HAS_ALPHA(i) (((i)->finfo->flags & GM_VIDEO_FORMAT_FLAG_ALPHA) != 0)
#define GM_VIDEO_INFO_INTERLACE_MODE(i) ((i)->interlace_mode)
#define GM_VIDEO_INFO_IS_INTERLACED(i) ((i)->interlace_mode != GM_VIDEO_INTERLACE_MODE_PROGRESSIVE)
#define GM_VIDEO_INFO_FIELD_HEIGHT(i)                                                         \
    ((i)->interlace_mode == GM_VIDEO_INTERLACE_MODE_ALTERNATE ? ((i)->height + 1) / 2 : (i)->height)
#define GM_VIDEO_INFO_FLAGS(i) ((i)->flags)
#define GM_VIDEO_INFO_WIDTH(i) ((i)->width)
#define GM_VIDEO_INFO_HEIGHT(i) ((i)->height)
#define GM_VIDEO_INFO_SIZE(i) ((i)->size)
#define GM_VIDEO_INFO_VIEWS(i) ((i)->views)
#define GM_VIDEO_INFO_PAR_N(i) ((i)->par_n)
#define GM_VIDEO_INFO_PAR_D(i) ((i)->par_d)
#define GM_VIDEO_INFO_FPS_N(i) ((i)->fps_n)
#define GM_VIDEO_INFO_FPS_D(i) ((i)->fps_d)
#define GM_VIDEO_INFO_COLORIMETRY(i) ((i)->colorimetry)
#define GM_VIDEO_INFO_CHROMA_SITE(i) ((i)->chroma_site)
#define GM_VIDEO_INFO_N_PLANES(i) ((i)->finfo->n_planes)
#define GM_VIDEO_INFO_N_COMPONENTS(i) ((i)->finfo->n_components)
#define GM_VIDEO_INFO_PLANE_OFFSET(i, p) ((i)->offset[p])
#define GM_VIDEO_INFO_PLANE_STRIDE(i, p) ((i)->stride[p])
#define GM_VIDEO_SUB_SCALE(sub, n) (((n) + (1 << (sub)) - 1) >> (sub)) // n / 2^sub, rounded up
#define GM_VIDEO_INFO_COMP_DEPTH(i, c) ((i)->finfo->depth)
#define GM_VIDEO_INFO_COMP_PLANE(i, c) ((i)->finfo->plane[c])
#define GM_VIDEO_INFO_COMP_PSTRIDE(i, c) ((int)(i)->finfo->pixel_stride[c])
#define GM_VIDEO_INFO_COMP_POFFSET(i, c) ((i)->finfo->poffset[c])
#define GM_VIDEO_INFO_COMP_STRIDE(i, c) ((i)->stride[(i)->finfo->plane[c]])
#define GM_VIDEO_INFO_COMP_OFFSET(i, c) \
    ((i)->offset[(i)->finfo->plane[c]] + (i)->finfo->poffset[c])
#define GM_VIDEO_INFO_COMP_WIDTH(i, c) GM_VIDEO_SUB_SCALE((i)->finfo->w_sub[c], (i)->width)
#define GM_VIDEO_INFO_COMP_HEIGHT(i, c) \
    GM_VIDEO_SUB_SCALE((i)->finfo->h_sub[c], GM_VIDEO_INFO_FIELD_HEIGHT(i))

void gm_video_info_init(GmVideoInfo *info); // all unknown, 1 view, aspect 1/1, 0/1 frames/s
// As init, then sizes, strides, offsets and the usual colorimetry. False: unknown format, or
// more than 2 GiB a picture.
bool gm_video_info_set_format(GmVideoInfo *info, GmVideoFormat format, unsigned width,
                              unsigned height);
bool gm_video_info_set_interlaced_format(GmVideoInfo *info, GmVideoFormat format,
                                         GmVideoInterlaceMode mode, unsigned width,
                                         unsigned height);
bool gm_video_info_from_caps(GmVideoInfo *info, const GmCaps *caps); // false: not fixed, or lacking
GmCaps *gm_video_info_to_caps(const GmVideoInfo *info);              // gives
// Whether both describe the same pictures in the same layout.
bool gm_video_info_is_equal(const GmVideoInfo *info, const GmVideoInfo *other);
// Between bytes, frames (GM_FORMAT_DEFAULT) and time (ns); -1 stays -1. False: not known.
bool gm_video_info_convert(const GmVideoInfo *info, GmFormat src_format, int64_t src_value,
                           GmFormat dest_format, int64_t *dest_value);

#ifdef __cplusplus
}
#endif
#endif
