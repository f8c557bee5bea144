// SPDX-License-Identifier: MIT
//
// pngdec: one PNG picture per buffer in, raw video out.
//
//     image/png --> [sink]  pngdec  [src] --> video/x-raw, format={ RGB, RGBA, GRAY8 }
//
// Pixels come out as they stand in the file: palettes and small depths are widened, 16-bit samples
// cut to 8, no gamma is applied. Time stamps are the input's; without any, the frame rate of the
// caps makes them.
// Read next: elements/image/pngenc.c, http://www.libpng.org/pub/png/libpng-manual.txt

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#include "gstmini-element.h"
#include "video/video_info.h"

typedef struct {
    // streaming thread only
    GmVideoInfo info;
    int         fps_n, fps_d; // of the input's caps; 0/1: not known
    uint64_t    frame;
    GmList     *waiting; // sticky events that came before our caps are known; oldest first
} PngDec;

// What libpng reads from, and where its errors go.
typedef struct {
    const uint8_t *data;
    size_t         left;
    char           error[120];
} PngSource;

static void pngdec_read(png_structp png, png_bytep to, png_size_t n)
{
    PngSource *source = png_get_io_ptr(png);

    if (n > source->left)
        png_error(png, "the picture ends too early");
    memcpy(to, source->data, n);
    source->data += n;
    source->left -= n;
}

static void pngdec_error(png_structp png, png_const_charp text)
{
    PngSource *source = png_get_error_ptr(png);

    snprintf(source->error, sizeof source->error, "%s", text);
    png_longjmp(png, 1);
}

static void pngdec_warning(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

// After the picture's head is read: asks for 8-bit samples and says what comes out.
static GmVideoFormat pngdec_choose(png_structp png, png_infop info)
{
    int type = png_get_color_type(png, info);

    png_set_scale_16(png);
    png_set_expand_gray_1_2_4_to_8(png);
    if (type == PNG_COLOR_TYPE_PALETTE)
        png_set_palette_to_rgb(png);
    if (type == PNG_COLOR_TYPE_GRAY_ALPHA)
        png_set_gray_to_rgb(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    switch (png_get_color_type(png, info)) {
    case PNG_COLOR_TYPE_GRAY:
        return GM_VIDEO_FORMAT_GRAY8;
    case PNG_COLOR_TYPE_RGB_ALPHA:
        return GM_VIDEO_FORMAT_RGBA;
    default:
        return GM_VIDEO_FORMAT_RGB;
    }
}

// Decodes into a new buffer laid out as *info says (filled here). NULL: source->error.
// Values that change between setjmp and longjmp live behind the pointers of the caller.
static bool pngdec_decode(PngSource *source, png_structp png, png_infop head, GmVideoInfo *info,
                          GmBuffer **out, uint8_t ***rows)
{
    GmMapInfo map;

    if (setjmp(png_jmpbuf(png)))
        return false;
    png_set_read_fn(png, source, pngdec_read);
    png_read_info(png, head);
    GmVideoFormat format = pngdec_choose(png, head);
    unsigned width = png_get_image_width(png, head), height = png_get_image_height(png, head);
    if (!gm_video_info_set_format(info, format, width, height))
        png_error(png, "a picture of this size cannot be represented");
    *out = gm_buffer_new_allocate(NULL, info->size, NULL);
    if (!*out || !gm_buffer_map(*out, &map, GM_MAP_WRITE))
        png_error(png, "no memory for the picture");
    memset(map.data, 0, map.size);
    *rows = gm_new(uint8_t *, height);
    for (unsigned y = 0; y < height; y++)
        (*rows)[y] = map.data + (size_t)y * (size_t)info->stride[0];
    gm_buffer_unmap(*out, &map); // the memory is ours alone: it stays where it is
    png_read_image(png, *rows);
    return true;
}

static GmBuffer *pngdec_decode_buffer(GmElement *el, GmBuffer *in, GmVideoInfo *info)
{
    PngSource source = { 0 };
    GmBuffer *out = NULL;
    uint8_t **rows = NULL;
    GmMapInfo map;

    if (!gm_buffer_map(in, &map, GM_MAP_READ))
        return NULL;
    source.data = map.data;
    source.left = map.size;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, pngdec_error,
                                             pngdec_warning);
    png_infop head = png ? png_create_info_struct(png) : NULL;
    bool ok = head && pngdec_decode(&source, png, head, info, &out, &rows);
    png_destroy_read_struct(&png, &head, NULL);
    gm_buffer_unmap(in, &map);
    free(rows);
    if (ok)
        return out;
    if (out)
        gm_buffer_unref(out);
    GM_ELEMENT_ERROR(el, STREAM, DECODE, ("Failed to decode a PNG picture."),
                     ("%s (%zu bytes)", *source.error ? source.error : "libpng did not start",
                      map.size));
    return NULL;
}

// Tells downstream about a new size or format.
static bool pngdec_negotiate(PngDec *s, GmPad *srcpad, GmVideoInfo *info)
{
    info->fps_n = s->fps_n;
    info->fps_d = s->fps_d;
    if (s->info.finfo && gm_video_info_is_equal(&s->info, info) && gm_pad_has_current_caps(srcpad))
        return true;
    s->info = *info;
    GmCaps *caps = gm_video_info_to_caps(info);
    bool ok = gm_pad_push_event(srcpad, gm_event_new_caps(caps));
    gm_caps_unref(caps);
    GmList *waiting = s->waiting;
    s->waiting = NULL;
    for (GmList *l = waiting; l; l = l->next)
        gm_pad_push_event(srcpad, l->data);
    gm_list_free(waiting);
    return ok;
}

static void pngdec_drop_waiting(PngDec *s)
{
    gm_list_free_full(s->waiting, (GmDestroyNotify)gm_mini_object_unref);
    s->waiting = NULL;
}

static GmFlowReturn pngdec_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    PngDec *s = gm_priv(parent);
    GmPad *srcpad = gm_element_peek_static_pad(GM_ELEMENT(parent), "src");
    GmVideoInfo info;

    (void)pad;
    gm_video_info_init(&info);
    GmBuffer *out = pngdec_decode_buffer(GM_ELEMENT(parent), buffer, &info);
    if (!out || !pngdec_negotiate(s, srcpad, &info)) {
        gm_buffer_unref(buffer);
        if (out)
            gm_buffer_unref(out);
        return out ? GM_FLOW_NOT_NEGOTIATED : GM_FLOW_ERROR;
    }
    gm_buffer_copy_into(out, buffer, GM_BUFFER_COPY_TIMESTAMPS | GM_BUFFER_COPY_FLAGS, 0,
                        (size_t)-1);
    if (!GM_BUFFER_PTS_IS_VALID(out) && s->fps_n > 0)
        GM_BUFFER_PTS(out) = gm_util_uint64_scale(s->frame,
                                                  (uint64_t)s->fps_d * (uint64_t)GM_SECOND,
                                                  (uint64_t)s->fps_n);
    if (!GM_BUFFER_DURATION_IS_VALID(out) && s->fps_n > 0)
        GM_BUFFER_DURATION(out) =
            gm_util_uint64_scale((uint64_t)GM_SECOND, (uint64_t)s->fps_d, (uint64_t)s->fps_n);
    s->frame++;
    gm_buffer_unref(buffer);
    return gm_pad_push(srcpad, out);
}

static bool pngdec_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    PngDec *s = gm_priv(parent);
    GmCaps *caps;
    GmSegment segment;

    if (GM_EVENT_TYPE(event) == GM_EVENT_CAPS) {
        gm_event_parse_caps(event, &caps);
        if (!gm_structure_get_fraction(gm_caps_get_structure(caps, 0), "framerate", &s->fps_n,
                                       &s->fps_d))
            s->fps_n = 0, s->fps_d = 1;
        gm_event_unref(event);
        return true;
    }
    // Files come with segments in bytes; pictures have times.
    if (GM_EVENT_TYPE(event) == GM_EVENT_SEGMENT) {
        gm_event_copy_segment(event, &segment);
        if (segment.format != GM_FORMAT_TIME) {
            gm_segment_init(&segment, GM_FORMAT_TIME);
            uint32_t seqnum = gm_event_get_seqnum(event);
            gm_event_unref(event);
            event = gm_event_new_segment(&segment);
            gm_event_set_seqnum(event, seqnum);
        }
    }
    if (GM_EVENT_TYPE(event) == GM_EVENT_EOS || GM_EVENT_TYPE(event) == GM_EVENT_FLUSH_STOP) {
        pngdec_drop_waiting(s);
    } else if (GM_EVENT_IS_STICKY(event) && GM_EVENT_TYPE(event) > GM_EVENT_CAPS &&
               !gm_pad_has_current_caps(gm_element_peek_static_pad(GM_ELEMENT(parent), "src"))) {
        // Caps go first, and the first picture tells them.
        s->waiting = gm_list_append(s->waiting, event);
        return true;
    }
    return gm_pad_event_default(pad, parent, event);
}

static GmStateChangeReturn pngdec_change_state(GmElement *el, GmStateChange transition)
{
    PngDec *s = gm_priv(el);

    if (transition == GM_STATE_CHANGE_READY_TO_PAUSED) {
        gm_video_info_init(&s->info);
        s->fps_n = 0;
        s->fps_d = 1;
        s->frame = 0;
    }
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);
    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY)
        pngdec_drop_waiting(s);
    return ret;
}

static const GmStaticPadTemplate pngdec_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = pngdec_chain,
      .event = pngdec_event,
      .static_caps = "image/png" },
    { .name_template = "src", .direction = GM_PAD_SRC,
      .static_caps =
          "video/x-raw, format = (string) { RGBA, RGB, GRAY8 }, width = (int) [ 1, max ], "
                     "height = (int) [ 1, max ], framerate = (fraction) [ 0, max ]" },
    { 0 }
};

const GmElementClass gm_pngdec_class = {
    .name = "pngdec",
    .type_name = "GmPngDec",
    .parent = &gm_element_class.object,
    .longname = "PNG image decoder",
    .klass = "Codec/Decoder/Image",
    .description = "Decode a png video frame to a raw image",
    .author = "The GstMini authors",
    .rank = GM_RANK_PRIMARY,
    .priv_size = sizeof(PngDec),
    .pads = pngdec_pads,
    .change_state = pngdec_change_state,
};
