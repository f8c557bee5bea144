// SPDX-License-Identifier: MIT
//
// pngenc: raw video in, one PNG picture per buffer out.
//
//     video/x-raw, format={ RGBA, RGB, GRAY8 } --> [sink]  pngenc  [src] --> image/png
//
// Read next: elements/image/pngdec.c.

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#include "gstmini-element.h"
#include "video/video_info.h"
#include "video/video_meta.h"

typedef struct {
    // properties: frozen while streaming
    unsigned compression_level;
    bool     snapshot;
    // streaming thread only
    GmVideoInfo info;
} PngEnc;

// What libpng writes to, and where its errors go.
typedef struct {
    uint8_t *data;
    size_t   size, room;
    char     error[120];
} PngTarget;

static void pngenc_write(png_structp png, png_bytep from, png_size_t n)
{
    PngTarget *target = png_get_io_ptr(png);

    if (target->size + n > target->room) {
        target->room = (target->size + n) * 2;
        target->data = gm_realloc(target->data, target->room);
    }
    memcpy(target->data + target->size, from, n);
    target->size += n;
}

static void pngenc_flush(png_structp png)
{
    (void)png;
}

static void pngenc_error(png_structp png, png_const_charp text)
{
    PngTarget *target = png_get_error_ptr(png);

    snprintf(target->error, sizeof target->error, "%s", text);
    png_longjmp(png, 1);
}

static void pngenc_warning(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

static bool pngenc_encode(const PngEnc *s, const GmVideoFrame *frame, PngTarget *target,
                          png_structp png,
                          png_infop head)
{
    int type = GM_VIDEO_INFO_FORMAT(&s->info) == GM_VIDEO_FORMAT_RGBA  ? PNG_COLOR_TYPE_RGB_ALPHA
               : GM_VIDEO_INFO_FORMAT(&s->info) == GM_VIDEO_FORMAT_RGB ? PNG_COLOR_TYPE_RGB
                                                                       : PNG_COLOR_TYPE_GRAY;

    if (setjmp(png_jmpbuf(png)))
        return false;
    png_set_write_fn(png, target, pngenc_write, pngenc_flush);
    png_set_filter(png, 0, PNG_FILTER_NONE);
    png_set_compression_level(png, (int)s->compression_level);
    png_set_IHDR(png, head, (png_uint_32)s->info.width, (png_uint_32)s->info.height, 8, type,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, head);
    for (int y = 0; y < s->info.height; y++)
        png_write_row(png, (const uint8_t *)frame->data[0] + (ptrdiff_t)y * frame->info.stride[0]);
    png_write_end(png, NULL);
    return true;
}

static GmFlowReturn pngenc_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    PngEnc *s = gm_priv(parent);
    PngTarget target = { 0 };
    GmVideoFrame frame;

    (void)pad;
    if (!s->info.finfo || !gm_video_frame_map(&frame, &s->info, buffer, GM_MAP_READ)) {
        GM_ELEMENT_ERROR(parent, STREAM, FORMAT, (NULL),
                         ("Failed to map video frame, caps problem?"));
        gm_buffer_unref(buffer);
        return s->info.finfo ? GM_FLOW_ERROR : GM_FLOW_NOT_NEGOTIATED;
    }
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &target, pngenc_error,
                                              pngenc_warning);
    png_infop head = png ? png_create_info_struct(png) : NULL;
    bool ok = head && pngenc_encode(s, &frame, &target, png, head);
    png_destroy_write_struct(&png, &head);
    gm_video_frame_unmap(&frame);
    if (!ok) {
        GM_ELEMENT_ERROR(parent, STREAM, ENCODE, ("Failed to encode a PNG picture."),
                         ("%s", *target.error ? target.error : "libpng did not start"));
        free(target.data);
        gm_buffer_unref(buffer);
        return GM_FLOW_ERROR;
    }
    GmBuffer *out = gm_buffer_new_wrapped(target.data, target.size);
    gm_buffer_copy_into(out, buffer, GM_BUFFER_COPY_TIMESTAMPS | GM_BUFFER_COPY_FLAGS, 0,
                        (size_t)-1);
    gm_buffer_unref(buffer);
    GmFlowReturn ret = gm_pad_push(gm_element_peek_static_pad(GM_ELEMENT(parent), "src"), out);
    return ret == GM_FLOW_OK && s->snapshot ? GM_FLOW_EOS : ret;
}

static bool pngenc_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    PngEnc *s = gm_priv(parent);
    GmCaps *caps;

    if (GM_EVENT_TYPE(event) != GM_EVENT_CAPS)
        return gm_pad_event_default(pad, parent, event);
    gm_event_parse_caps(event, &caps);
    bool ok = gm_video_info_from_caps(&s->info, caps);
    gm_event_unref(event);
    if (!ok)
        return false;
    GmCaps *out = gm_caps_new_simple("image/png", "width", GM_TYPE_INT, s->info.width, "height",
                                     GM_TYPE_INT, s->info.height, "framerate", GM_TYPE_FRACTION,
                                     s->info.fps_n, s->info.fps_d, NULL);
    ok = gm_pad_push_event(gm_element_peek_static_pad(GM_ELEMENT(parent), "src"),
                           gm_event_new_caps(out));
    gm_caps_unref(out);
    return ok;
}

static const GmStaticPadTemplate pngenc_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = pngenc_chain,
      .event = pngenc_event,
      .static_caps =
          "video/x-raw, format = (string) { RGBA, RGB, GRAY8 }, width = (int) [ 1, 1000000 ], "
                     "height = (int) [ 1, 1000000 ], framerate = (fraction) [ 0, max ]" },
    { .name_template = "src", .direction = GM_PAD_SRC,
      .static_caps = "image/png, width = (int) [ 1, 1000000 ], height = (int) [ 1, 1000000 ], "
                     "framerate = (fraction) [ 0, max ]" },
    { 0 }
};

static const GmProperty pngenc_props[] = {
    { "compression-level", "PNG compression level", GM_FIELD(PngEnc, compression_level), .def = "6",
      .max = 9 },
    { "snapshot", "Send EOS after encoding a frame, useful for snapshots",
      GM_FIELD(PngEnc, snapshot) },
    { 0 }
};

const GmElementClass gm_pngenc_class = {
    .name = "pngenc",
    .type_name = "GmPngEnc",
    .parent = &gm_element_class.object,
    .longname = "PNG image encoder",
    .klass = "Codec/Encoder/Image",
    .description = "Encode a video frame to a .png image",
    .author = "The GstMini authors",
    .rank = GM_RANK_PRIMARY,
    .priv_size = sizeof(PngEnc),
    .props = pngenc_props,
    .pads = pngenc_pads,
};
