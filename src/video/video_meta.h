// SPDX-License-Identifier: MIT
//
// video_meta: tells how the picture in this very buffer lies (strides and offsets other than the
// default), and maps a picture with one pointer for each plane.
// Any thread that may use the buffer; nothing blocks. Metas are lent. Misuse is a critical and NULL
// or false.
// Read next: video/video_info.h.
#ifndef GM_VIDEO_META_H
#define GM_VIDEO_META_H

#include "core/buffer.h"
#include "video/video_info.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GM_CAPS_FEATURE_META_GM_VIDEO_META "meta:GstVideoMeta"
#define GM_BUFFER_POOL_OPTION_VIDEO_META "GstBufferPoolOptionVideoMeta"

typedef enum {
    GM_VIDEO_BUFFER_FLAG_INTERLACED = GM_BUFFER_FLAG_LAST << 0,
    GM_VIDEO_BUFFER_FLAG_TFF        = GM_BUFFER_FLAG_LAST << 1, // top field first
    GM_VIDEO_BUFFER_FLAG_RFF        = GM_BUFFER_FLAG_LAST << 2, // first field again
    GM_VIDEO_BUFFER_FLAG_ONEFIELD   = GM_BUFFER_FLAG_LAST << 3
} GmVideoBufferFlags;
typedef enum {
    GM_VIDEO_FRAME_FLAG_NONE       = 0,
    GM_VIDEO_FRAME_FLAG_INTERLACED = 1 << 0,
    GM_VIDEO_FRAME_FLAG_TFF        = 1 << 1, // top field first
    GM_VIDEO_FRAME_FLAG_RFF        = 1 << 2, // first field again
    GM_VIDEO_FRAME_FLAG_ONEFIELD   = 1 << 3
} GmVideoFrameFlags;
#define GM_VIDEO_FRAME_MAP_FLAG_NO_REF (GM_MAP_FLAG_LAST << 0) // the frame does not hold buffer

typedef struct GmVideoMeta GmVideoMeta;
struct GmVideoMeta {
    GmMeta        meta;
    GmBuffer     *buffer; // that it belongs to
    unsigned      flags;  // GmVideoFrameFlags
    GmVideoFormat format;
    int           id;     // of several in one buffer; 0
    unsigned      width, height, n_planes;     // pixels
    size_t        offset[GM_VIDEO_MAX_PLANES]; // bytes from the buffer's start
    int           stride[GM_VIDEO_MAX_PLANES]; // bytes from one row to the next
    // How one plane is reached; preset to mapping the memories that hold it.
    bool (*map)(GmVideoMeta *meta, unsigned plane, GmMapInfo *info, void **data, int *stride,
                GmMapFlags flags);
    bool (*unmap)(GmVideoMeta *meta, unsigned plane, GmMapInfo *info);
};

// The API and its one implementation; the macros are the same.
GmType gm_video_meta_api_get_type(void);
const GmMetaInfo *gm_video_meta_get_info(void);
#define GM_VIDEO_META_API_TYPE (gm_video_meta_api_get_type())
#define GM_VIDEO_META_INFO (gm_video_meta_get_info())
GmVideoMeta *gm_buffer_get_video_meta(GmBuffer *buffer); // the one with the lowest id, or NULL
GmVideoMeta *gm_buffer_get_video_meta_id(GmBuffer *buffer, int id); // or NULL
// With the default strides and offsets of format and size / with these (at most 4 planes). The
// buffer is writable. NULL: unknown format, or too large.
GmVideoMeta *gm_buffer_add_video_meta(GmBuffer *buffer, unsigned flags, GmVideoFormat format,
                                      unsigned width, unsigned height);
GmVideoMeta *gm_buffer_add_video_meta_full(GmBuffer *buffer, unsigned flags,
                                           GmVideoFormat format, unsigned width,
                                           unsigned height, unsigned n_planes,
                                           const size_t offset[GM_VIDEO_MAX_PLANES],
                                           const int stride[GM_VIDEO_MAX_PLANES]);
// One plane's bytes: *data and *stride; ended by unmap with the same info. False: as gm_buffer_map.
bool gm_video_meta_map(GmVideoMeta *meta, unsigned plane, GmMapInfo *info, void **data,
                       int *stride, GmMapFlags flags);
bool gm_video_meta_unmap(GmVideoMeta *meta, unsigned plane, GmMapInfo *info);

typedef struct {
    GmVideoInfo  info; // with the strides and offsets of this buffer
    unsigned     flags;
    GmBuffer    *buffer; // a reference unless NO_REF
    GmVideoMeta *meta;   // or NULL
    int          id;
    void        *data[GM_VIDEO_MAX_PLANES]; // lent until unmap
    GmMapInfo    map[GM_VIDEO_MAX_PLANES];
} GmVideoFrame;
#define GM_VIDEO_FRAME_INIT { 0 }
// Of a mapped frame, as the GM_VIDEO_INFO_ macros; DATA: its first byte.
#define GM_VIDEO_FRAME_FORMAT(f) GM_VIDEO_INFO_FORMAT(&(f)->info)
#define GM_VIDEO_FRAME_WIDTH(f) ((f)->info.width)
#define GM_VIDEO_FRAME_HEIGHT(f) ((f)->info.height)
#define GM_VIDEO_FRAME_SIZE(f) ((f)->info.size)
#define GM_VIDEO_FRAME_N_PLANES(f) ((f)->info.finfo->n_planes)
#define GM_VIDEO_FRAME_N_COMPONENTS(f) ((f)->info.finfo->n_components)
#define GM_VIDEO_FRAME_PLANE_DATA(f, p) ((f)->data[p])
#define GM_VIDEO_FRAME_PLANE_STRIDE(f, p) ((f)->info.stride[p])
#define GM_VIDEO_FRAME_COMP_DATA(f, c) \
    ((uint8_t *)(f)->data[(f)->info.finfo->plane[c]] + (f)->info.finfo->poffset[c])
#define GM_VIDEO_FRAME_COMP_STRIDE(f, c) GM_VIDEO_INFO_COMP_STRIDE(&(f)->info, c)
#define GM_VIDEO_FRAME_COMP_PSTRIDE(f, c) GM_VIDEO_INFO_COMP_PSTRIDE(&(f)->info, c)
#define GM_VIDEO_FRAME_COMP_WIDTH(f, c) GM_VIDEO_INFO_COMP_WIDTH(&(f)->info, c)
#define GM_VIDEO_FRAME_COMP_HEIGHT(f, c) GM_VIDEO_INFO_COMP_HEIGHT(&(f)->info, c)

// Shows all planes. False: the buffer is too small or cannot be mapped so; *frame is cleared.
bool gm_video_frame_map(GmVideoFrame *frame, const GmVideoInfo *info, GmBuffer *buffer,
                        unsigned flags);
void gm_video_frame_unmap(GmVideoFrame *frame); // once; lets go of the buffer
// Both mapped, of the same format, dest no larger than src; strides may differ. False: not so.
bool gm_video_frame_copy(GmVideoFrame *dest, const GmVideoFrame *src);

#ifdef __cplusplus
}
#endif
#endif
