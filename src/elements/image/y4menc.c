// SPDX-License-Identifier: MIT
//
// y4menc: raw video as a YUV4MPEG2 stream, the simplest video file there is.
//
//     video/x-raw --> [sink]  y4menc  [src] --> "YUV4MPEG2 W320 H240 …\n" "FRAME\n" planes …
//
// One line of text for the stream, one word before every frame, then the planes without padding.
// Format: the man page yuv4mpeg(5) of mjpegtools. The stream's line is in the first buffer.
// Read next: elements/image/y4mdec.c.

#include "gstmini-element.h"
#include "video/video_info.h"
#include "video/video_meta.h"

typedef struct {
    // streaming thread only
    GmVideoInfo info;
    bool        header_sent;
} Y4mEnc;

static const char *y4menc_colorspace(const GmVideoInfo *info)
{
    switch (GM_VIDEO_INFO_FORMAT(info)) {
    case GM_VIDEO_FORMAT_Y42B:
        return "422";
    case GM_VIDEO_FORMAT_Y444:
        return "444";
    default: // where the chroma samples lie tells the kinds of 4:2:0 apart
        return info->chroma_site == GM_VIDEO_CHROMA_SITE_MPEG2 ? "420mpeg2"
               : info->chroma_site == GM_VIDEO_CHROMA_SITE_DV  ? "420paldv"
                                                               : "420jpeg";
    }
}

static GmBuffer *y4menc_text(const char *text)
{
    return gm_buffer_new_memdup(text, strlen(text));
}

static GmBuffer *y4menc_stream_line(const GmVideoInfo *info)
{
    char line[160];

    snprintf(line, sizeof line, "YUV4MPEG2 C%s W%d H%d I%c F%d:%d A%d:%d\n",
             y4menc_colorspace(info),
             info->width, info->height, GM_VIDEO_INFO_IS_INTERLACED(info) ? 't' : 'p', info->fps_n,
             info->fps_d, info->par_n, info->par_d);
    return y4menc_text(line);
}

// The planes of `buffer` without padding: shared if they lie so already, else copied. NULL: the
// picture could not be read, or there is no memory.
static GmBuffer *y4menc_planes(const GmVideoInfo *info, GmBuffer *buffer)
{
    GmVideoFrame frame;
    GmMapInfo map;
    size_t size = 0;

    for (unsigned p = 0; p < GM_VIDEO_INFO_N_PLANES(info); p++)
        size += (size_t)GM_VIDEO_INFO_COMP_WIDTH(info, p) * (size_t)GM_VIDEO_INFO_COMP_HEIGHT(info,
                                                                                              p);
    if (size == info->size && !gm_buffer_get_video_meta(buffer))
        return gm_buffer_copy(buffer);
    if (!gm_video_frame_map(&frame, info, buffer, GM_MAP_READ))
        return NULL;
    GmBuffer *packed = gm_buffer_new_allocate(NULL, size, NULL);
    if (packed && gm_buffer_map(packed, &map, GM_MAP_WRITE)) {
        uint8_t *to = map.data;
        for (unsigned p = 0; p < GM_VIDEO_INFO_N_PLANES(info); p++) {
            const uint8_t *from = frame.data[p];
            size_t width = (size_t)GM_VIDEO_INFO_COMP_WIDTH(info, p);
            for (int y = 0; y < GM_VIDEO_INFO_COMP_HEIGHT(info, p); y++, to += width)
                memcpy(to, from + (ptrdiff_t)y * frame.info.stride[p], width);
        }
        gm_buffer_unmap(packed, &map);
    }
    gm_video_frame_unmap(&frame);
    return packed;
}

static GmFlowReturn y4menc_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    Y4mEnc *s = gm_priv(parent);

    (void)pad;
    if (!s->info.finfo || GM_VIDEO_INFO_FORMAT(&s->info) == GM_VIDEO_FORMAT_UNKNOWN) {
        GM_ELEMENT_ERROR(parent, CORE, NEGOTIATION, (NULL), ("format wasn't negotiated"));
        gm_buffer_unref(buffer);
        return GM_FLOW_NOT_NEGOTIATED;
    }
    GmBuffer *planes = y4menc_planes(&s->info, buffer);
    if (!planes) {
        GM_ELEMENT_ERROR(parent, RESOURCE, NO_SPACE_LEFT, (NULL),
                         ("a picture could not be read or copied"));
        gm_buffer_unref(buffer);
        return GM_FLOW_ERROR;
    }
    GmBuffer *out = y4menc_text("FRAME\n");
    if (!s->header_sent)
        out = gm_buffer_append(y4menc_stream_line(&s->info), out);
    s->header_sent = true;
    out = gm_buffer_append(out, planes);
    gm_buffer_copy_into(out, buffer, GM_BUFFER_COPY_TIMESTAMPS | GM_BUFFER_COPY_FLAGS, 0,
                        (size_t)-1);
    gm_buffer_unref(buffer);
    return gm_pad_push(gm_element_peek_static_pad(GM_ELEMENT(parent), "src"), out);
}

static bool y4menc_set_caps(GmElement *el, Y4mEnc *s, GmCaps *caps)
{
    if (!gm_video_info_from_caps(&s->info, caps)) {
        GM_ELEMENT_ERROR(el, STREAM, FORMAT, (NULL), ("y4menc cannot read these caps"));
        return false;
    }
    s->header_sent = false;
    GmCaps *out = gm_caps_new_simple("application/x-yuv4mpeg", "y4mversion", GM_TYPE_INT, 2,
                                     "width",
                                     GM_TYPE_INT, s->info.width, "height", GM_TYPE_INT,
                                     s->info.height, "framerate", GM_TYPE_FRACTION, s->info.fps_n,
                                     s->info.fps_d, NULL);
    bool ok = gm_pad_push_event(gm_element_peek_static_pad(el, "src"), gm_event_new_caps(out));
    gm_caps_unref(out);
    return ok;
}

static bool y4menc_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    GmCaps *caps;

    if (GM_EVENT_TYPE(event) != GM_EVENT_CAPS)
        return gm_pad_event_default(pad, parent, event);
    gm_event_parse_caps(event, &caps);
    bool ok = y4menc_set_caps(GM_ELEMENT(parent), gm_priv(parent), caps);
    gm_event_unref(event);
    return ok;
}

static GmStateChangeReturn y4menc_change_state(GmElement *el, GmStateChange transition)
{
    Y4mEnc *s = gm_priv(el);

    if (transition == GM_STATE_CHANGE_READY_TO_PAUSED) {
        gm_video_info_init(&s->info);
        s->header_sent = false;
    }
    return gm_element_class.change_state(el, transition);
}

static const GmStaticPadTemplate y4menc_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = y4menc_chain,
      .event = y4menc_event,
      .static_caps =
          "video/x-raw, format = (string) { I420, Y42B, Y444 }, width = (int) [ 1, max ], "
                     "height = (int) [ 1, max ], framerate = (fraction) [ 0, max ]" },
    { .name_template = "src", .direction = GM_PAD_SRC,
      .static_caps = "application/x-yuv4mpeg, y4mversion = (int) 2" },
    { 0 }
};

const GmElementClass gm_y4menc_class = {
    .name = "y4menc",
    .type_name = "GmY4mEncode",
    .parent = &gm_element_class.object,
    .longname = "YUV4MPEG video encoder",
    .klass = "Codec/Encoder/Video",
    .description = "Encodes a YUV frame into the yuv4mpeg format (mjpegtools)",
    .author = "The GstMini authors",
    .rank = GM_RANK_PRIMARY,
    .priv_size = sizeof(Y4mEnc),
    .pads = y4menc_pads,
    .change_state = y4menc_change_state,
};
