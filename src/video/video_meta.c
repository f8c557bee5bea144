// SPDX-License-Identifier: MIT
//
// video_meta: see video_meta.h.
#include "video/video_meta.h"

#include <string.h>

static bool video_meta_map_default(GmVideoMeta *meta, unsigned plane, GmMapInfo *info,
                                   void **data, int *stride, GmMapFlags flags)
{
    unsigned idx, length;
    size_t   skip;
    if (!gm_buffer_find_memory(meta->buffer, meta->offset[plane], 1, &idx, &length, &skip) ||
        !gm_buffer_map_range(meta->buffer, idx, (int)length, info, flags))
        return false;
    *stride = meta->stride[plane];
    *data = info->data + skip;
    return true;
}

static bool video_meta_unmap_default(GmVideoMeta *meta, unsigned plane, GmMapInfo *info)
{
    (void)plane;
    gm_buffer_unmap(meta->buffer, info);
    return true;
}

static bool video_meta_init(GmMeta *meta, void *params, GmBuffer *buffer)
{
    GmVideoMeta *m = (GmVideoMeta *)meta;
    (void)params;
    m->buffer = buffer;
    m->map = video_meta_map_default;
    m->unmap = video_meta_unmap_default;
    return true;
}

static bool video_meta_transform(GmBuffer *dest, GmMeta *meta, GmBuffer *buffer, GmQuark type,
                                 void *data)
{
    const GmVideoMeta *m = (GmVideoMeta *)meta;
    const GmMetaTransformCopy *copy = data;
    (void)buffer;
    if (!GM_META_TRANSFORM_IS_COPY(type))
        return false;
    if (copy->region)
        return true; // a part of a picture is no picture
    GmVideoMeta *d = gm_buffer_add_video_meta_full(dest, m->flags, m->format, m->width, m->height,
                                                   m->n_planes, m->offset, m->stride);
    if (d == NULL)
        return false;
    d->id = m->id;
    d->map = m->map;
    d->unmap = m->unmap;
    return true;
}

GmType gm_video_meta_api_get_type(void)
{
    static const char *tags[] = { "video", "memory", "colorspace", "size", "orientation", NULL };
    static _Atomic GmType type;
    if (type == 0)
        type = gm_meta_api_type_register("GmVideoMetaAPI", tags);
    return type;
}

const GmMetaInfo *gm_video_meta_get_info(void)
{
    static _Atomic(const GmMetaInfo *) info;
    if (info == NULL)
        info = gm_meta_register(gm_video_meta_api_get_type(), "GmVideoMeta", sizeof(GmVideoMeta),
                                video_meta_init, NULL, video_meta_transform);
    return info;
}

GmVideoMeta *gm_buffer_get_video_meta(GmBuffer *buffer)
{
    GmVideoMeta *m, *lowest = NULL;
    void *state = NULL;
    while ((m = (GmVideoMeta *)gm_buffer_iterate_meta_filtered(buffer, &state,
                                                               GM_VIDEO_META_API_TYPE)))
        if (lowest == NULL || m->id < lowest->id)
            lowest = m;
    return lowest;
}

GmVideoMeta *gm_buffer_get_video_meta_id(GmBuffer *buffer, int id)
{
    GmVideoMeta *m;
    void *state = NULL;
    while ((m = (GmVideoMeta *)gm_buffer_iterate_meta_filtered(buffer, &state,
                                                               GM_VIDEO_META_API_TYPE)))
        if (m->id == id)
            break;
    return m;
}

GmVideoMeta *gm_buffer_add_video_meta(GmBuffer *buffer, unsigned flags, GmVideoFormat format,
                                      unsigned width, unsigned height)
{
    GmVideoInfo info;
    if (!gm_video_info_set_format(&info, format, width, height))
        return NULL;
    return gm_buffer_add_video_meta_full(buffer, flags, format, width, height,
                                         info.finfo->n_planes, info.offset, info.stride);
}

GmVideoMeta *gm_buffer_add_video_meta_full(GmBuffer *buffer, unsigned flags,
                                           GmVideoFormat format, unsigned width,
                                           unsigned height, unsigned n_planes,
                                           const size_t offset[GM_VIDEO_MAX_PLANES],
                                           const int stride[GM_VIDEO_MAX_PLANES])
{
    if (!GM_REQUIRE(n_planes <= GM_VIDEO_MAX_PLANES)) return NULL;
    GmVideoMeta *m = (GmVideoMeta *)gm_buffer_add_meta(buffer, GM_VIDEO_META_INFO, NULL);
    if (m == NULL)
        return NULL;
    m->flags = flags;
    m->format = format;
    m->width = width;
    m->height = height;
    m->n_planes = n_planes;
    memcpy(m->offset, offset, n_planes * sizeof *offset);
    memcpy(m->stride, stride, n_planes * sizeof *stride);
    return m;
}

bool gm_video_meta_map(GmVideoMeta *meta, unsigned plane, GmMapInfo *info, void **data,
                       int *stride, GmMapFlags flags)
{
    if (!GM_REQUIRE(meta != NULL && info && data && stride && plane < meta->n_planes)) return false;
    return meta->map(meta, plane, info, data, stride, flags);
}

bool gm_video_meta_unmap(GmVideoMeta *meta, unsigned plane, GmMapInfo *info)
{
    if (!GM_REQUIRE(meta != NULL && info != NULL && plane < meta->n_planes)) return false;
    return meta->unmap(meta, plane, info);
}

// ---- frames ------------------------------------------------------------------------------

static bool video_frame_map_meta(GmVideoFrame *frame, GmVideoMeta *meta, GmMapFlags flags)
{
    frame->info.width = (int)meta->width;
    frame->info.height = (int)meta->height;
    frame->id = meta->id;
    frame->flags = meta->flags;
    frame->meta = meta;
    for (unsigned p = 0; p < meta->n_planes; p++) {
        frame->info.offset[p] = meta->offset[p];
        if (gm_video_meta_map(meta, p, &frame->map[p], &frame->data[p], &frame->info.stride[p],
                              flags))
            continue;
        while (p-- > 0)
            gm_video_meta_unmap(meta, p, &frame->map[p]);
        return false;
    }
    return true;
}

bool gm_video_frame_map(GmVideoFrame *frame, const GmVideoInfo *info, GmBuffer *buffer,
                        unsigned flags)
{
    if (!GM_REQUIRE(frame != NULL && info != NULL && info->finfo != NULL)) return false;
    memset(frame, 0, sizeof *frame);
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer))) return false;
    GmVideoMeta *meta = gm_buffer_get_video_meta(buffer);
    if (!GM_REQUIRE(meta == NULL || (meta->format == info->finfo->format &&
                                     (unsigned)info->width <= meta->width &&
                                     (unsigned)info->height <= meta->height))) return false;
    GmMapFlags map_flags = (GmMapFlags)(flags & ~(unsigned)GM_VIDEO_FRAME_MAP_FLAG_NO_REF);
    frame->info = *info;
    frame->id = -1;
    bool ok = meta != NULL ? video_frame_map_meta(frame, meta, map_flags)
                           : gm_buffer_map(buffer, &frame->map[0], map_flags);
    if (ok && meta == NULL && frame->map[0].size < info->size) {
        gm_buffer_unmap(buffer, &frame->map[0]);
        ok = false;
    }
    if (!ok) {
        memset(frame, 0, sizeof *frame);
        return false;
    }
    for (unsigned p = 0; meta == NULL && p < info->finfo->n_planes; p++)
        frame->data[p] = frame->map[0].data + info->offset[p];
    frame->buffer = flags & GM_VIDEO_FRAME_MAP_FLAG_NO_REF ? buffer : gm_buffer_ref(buffer);
    frame->map[0].flags |= flags & GM_VIDEO_FRAME_MAP_FLAG_NO_REF;
    if (GM_VIDEO_INFO_IS_INTERLACED(info)) {
        unsigned b = GM_BUFFER_FLAGS(buffer);
        bool mixed = info->interlace_mode == GM_VIDEO_INTERLACE_MODE_MIXED;
        frame->flags |= !mixed || (b & GM_VIDEO_BUFFER_FLAG_INTERLACED)
                            ? GM_VIDEO_FRAME_FLAG_INTERLACED : 0u;
        frame->flags |= b & GM_VIDEO_BUFFER_FLAG_TFF ? GM_VIDEO_FRAME_FLAG_TFF : 0u;
        frame->flags |= b & GM_VIDEO_BUFFER_FLAG_RFF ? GM_VIDEO_FRAME_FLAG_RFF : 0u;
        frame->flags |= b & GM_VIDEO_BUFFER_FLAG_ONEFIELD ? GM_VIDEO_FRAME_FLAG_ONEFIELD : 0u;
    }
    return true;
}

void gm_video_frame_unmap(GmVideoFrame *frame)
{
    if (!GM_REQUIRE(frame != NULL && frame->buffer != NULL)) return;
    bool held = !(frame->map[0].flags & GM_VIDEO_FRAME_MAP_FLAG_NO_REF);
    frame->map[0].flags &= ~(unsigned)GM_VIDEO_FRAME_MAP_FLAG_NO_REF;
    for (unsigned p = 0; frame->meta != NULL && p < frame->info.finfo->n_planes; p++)
        gm_video_meta_unmap(frame->meta, p, &frame->map[p]);
    if (frame->meta == NULL)
        gm_buffer_unmap(frame->buffer, &frame->map[0]);
    if (held)
        gm_buffer_unref(frame->buffer);
    frame->buffer = NULL;
}

bool gm_video_frame_copy(GmVideoFrame *dest, const GmVideoFrame *src)
{
    const GmVideoFormatInfo *f = src->info.finfo;
    if (!GM_REQUIRE(dest->info.finfo == f && dest->info.width <= src->info.width &&
                    dest->info.height <= src->info.height)) return false;
    for (unsigned p = 0; p < f->n_planes; p++) {
        unsigned c = 0;
        while (f->plane[c] != p)
            c++;
        size_t row = (size_t)(GM_VIDEO_FRAME_COMP_WIDTH(dest, c) *
                              GM_VIDEO_FRAME_COMP_PSTRIDE(dest, c));
        for (ptrdiff_t y = 0; y < GM_VIDEO_FRAME_COMP_HEIGHT(dest, c); y++)
            memcpy((uint8_t *)dest->data[p] + y * dest->info.stride[p],
                   (uint8_t *)src->data[p] + y * src->info.stride[p], row);
    }
    return true;
}
