// SPDX-License-Identifier: MIT
//
// y4mdec: reads a YUV4MPEG2 stream and gives raw video with time stamps.
//
//     filesrc --> bytes --> [sink]  y4mdec  [src] --> video/x-raw, format={ I420, Y42B, Y444 }
//
// Frame n begins at n divided by the frame rate. Seeks in time become seeks in bytes, because all
// frames have the same length as long as their FRAME lines carry no parameters.
// What the file says is not trusted: a wrong line is an error that quotes it.
// Read next: elements/image/y4menc.c, core/base/adapter.h.

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "gstmini-element.h"
#include "video/video_info.h"
#include "video/video_meta.h"

#define Y4M_MAX_LINE 256     // longest line we accept
#define Y4M_MAX_SIZE 32768   // pixels, each way
#define Y4M_FRAME_LINE 6     // "FRAME\n"

typedef struct {
    GmElement *element;
    GmPad     *sinkpad, *srcpad;
    // streaming thread; info also under the object lock for queries
    GmAdapter  *adapter;
    GmVideoInfo info;   // as in the file: no padding
    GmVideoInfo padded; // as the rest of the world expects it
    size_t      header_size; // bytes of the stream's line; 0: not read yet
    bool        want_meta;   // downstream reads any strides
    bool        need_segment, discont;
    GmSegment   segment; // upstream's, in bytes
    uint64_t    frame;
} Y4mDec;

// ---- the stream's line --------------------------------------------------------------------------

// Digits from text up to `end`. False: something else is there, or the number is too large.
static bool y4mdec_parse_number(const char *text, char end, long max, int *number,
                                const char **after)
{
    char *stop;

    errno = 0;
    long n = strtol(text, &stop, 10);
    if (*text < '0' || *text > '9' || *stop != end || errno != 0 || n > max)
        return false;
    *number = (int)n;
    *after = stop + (end != '\0');
    return true;
}

static bool y4mdec_parse_ratio(const char *text, int *num, int *den)
{
    return y4mdec_parse_number(text, ':', INT_MAX, num, &text) &&
           y4mdec_parse_number(text, '\0', INT_MAX, den, &text);
}

static bool y4mdec_parse_size(const char *text, int *size)
{
    return y4mdec_parse_number(text, '\0', Y4M_MAX_SIZE, size, &text) && *size > 0;
}

static GmVideoFormat y4mdec_format(const char *colorspace)
{
    if (strcmp(colorspace, "420") == 0 || strcmp(colorspace, "420jpeg") == 0 ||
        strcmp(colorspace, "420mpeg2") == 0 || strcmp(colorspace, "420paldv") == 0)
        return GM_VIDEO_FORMAT_I420;
    if (strcmp(colorspace, "422") == 0)
        return GM_VIDEO_FORMAT_Y42B;
    return strcmp(colorspace, "444") == 0 ? GM_VIDEO_FORMAT_Y444 : GM_VIDEO_FORMAT_UNKNOWN;
}

// One parameter such as "W320". False: it makes no sense.
static bool y4mdec_parse_parameter(const char *word, int *width, int *height, GmVideoInfo *rates,
                                   GmVideoFormat *format, char *interlaced)
{
    switch (word[0]) {
    case 'W':
        return y4mdec_parse_size(word + 1, width);
    case 'H':
        return y4mdec_parse_size(word + 1, height);
    case 'F':
        return y4mdec_parse_ratio(word + 1, &rates->fps_n, &rates->fps_d);
    case 'A':
        return y4mdec_parse_ratio(word + 1, &rates->par_n, &rates->par_d);
    case 'C':
        *format = y4mdec_format(word + 1);
        return *format != GM_VIDEO_FORMAT_UNKNOWN;
    case 'I':
        *interlaced = word[1];
        return word[1] && strchr("?ptbm", word[1]);
    default:
        return true; // X comments and what others may add
    }
}

// The layout of the file: planes one after the other, rows without padding.
static void y4mdec_pack(GmVideoInfo *info)
{
    size_t offset = 0;

    for (unsigned p = 0; p < GM_VIDEO_INFO_N_PLANES(info); p++) {
        info->offset[p] = offset;
        info->stride[p] = GM_VIDEO_INFO_COMP_WIDTH(info, p);
        offset += (size_t)info->stride[p] * (size_t)GM_VIDEO_SUB_SCALE(info->finfo->h_sub[p],
                                                                       info->height);
    }
    info->size = offset;
}

// Reads the line (without its newline; it is written to). False: *bad is the word that is wrong.
static bool y4mdec_parse_header(Y4mDec *s, char *line, const char **bad)
{
    GmVideoInfo rates;
    GmVideoFormat format = GM_VIDEO_FORMAT_I420;
    char interlaced = 'p', *next = NULL;
    int width = 0, height = 0;

    gm_video_info_init(&rates);
    char *word = strtok_r(line, " ", &next);
    *bad = line;
    if (!word || strcmp(word, "YUV4MPEG2") != 0)
        return false;
    while ((word = strtok_r(NULL, " ", &next))) {
        *bad = word;
        if (!y4mdec_parse_parameter(word, &width, &height, &rates, &format, &interlaced))
            return false;
    }
    *bad = width == 0 ? "no W" : "no H";
    if (width == 0 || height == 0 || !gm_video_info_set_format(&s->padded, format, (unsigned)width,
                                                               (unsigned)height))
        return false;
    s->padded.interlace_mode =
        interlaced == 't' || interlaced == 'b' ? GM_VIDEO_INTERLACE_MODE_INTERLEAVED
        : interlaced == 'm'                    ? GM_VIDEO_INTERLACE_MODE_MIXED
                                               : GM_VIDEO_INTERLACE_MODE_PROGRESSIVE;
    s->padded.fps_n = rates.fps_n > 0 ? rates.fps_n : 1;
    s->padded.fps_d = rates.fps_d > 0 ? rates.fps_d : 1;
    s->padded.par_n = rates.par_n > 0 ? rates.par_n : 1;
    s->padded.par_d = rates.par_d > 0 ? rates.par_d : 1;
    GmVideoInfo packed = s->padded;
    y4mdec_pack(&packed);
    GM_OBJECT_LOCK(s->element);
    s->info = packed;
    GM_OBJECT_UNLOCK(s->element);
    return true;
}

// ---- time, frames, bytes ------------------------------------------------------------------------

static GmClockTime y4mdec_frame_time(const Y4mDec *s, uint64_t frame)
{
    return gm_util_uint64_scale(frame, (uint64_t)s->info.fps_d * (uint64_t)GM_SECOND,
                                (uint64_t)s->info.fps_n);
}

static uint64_t y4mdec_byte_to_frame(const Y4mDec *s, uint64_t byte)
{
    return byte < s->header_size ? 0 : (byte - s->header_size) / (s->info.size + Y4M_FRAME_LINE);
}

static GmClockTime y4mdec_byte_to_time(const Y4mDec *s, uint64_t byte)
{
    return byte == UINT64_MAX ? GM_CLOCK_TIME_NONE : y4mdec_frame_time(s,
                                                                       y4mdec_byte_to_frame(s,
                                                                                            byte));
}

// ---- data ---------------------------------------------------------------------------------------

// Copies the next line out of the adapter. 0: it is not all there yet; -1: it is too long.
static int y4mdec_peek_line(Y4mDec *s, char line[Y4M_MAX_LINE])
{
    size_t available = gm_adapter_available(s->adapter);
    size_t n = available < Y4M_MAX_LINE ? available : Y4M_MAX_LINE;

    gm_adapter_copy(s->adapter, line, 0, n);
    char *end = memchr(line, '\n', n);
    if (!end)
        return n == Y4M_MAX_LINE ? -1 : 0;
    *end = '\0';
    return (int)(end - line) + 1;
}

static GmFlowReturn y4mdec_fail(Y4mDec *s, const char *what, const char *quote)
{
    char shown[41];
    size_t n = 0;

    for (; n < sizeof shown - 1 && quote[n]; n++)
        shown[n] = quote[n] >= ' ' && quote[n] < 127 ? quote[n] : '.';
    shown[n] = '\0';
    GM_ELEMENT_ERROR(s->element, STREAM, DECODE, ("Failed to parse YUV4MPEG %s", what),
                     ("at \"%s\"; is this a .y4m file?", shown));
    return GM_FLOW_ERROR;
}

static GmFlowReturn y4mdec_start_stream(Y4mDec *s)
{
    GmCaps *caps = gm_video_info_to_caps(&s->padded);
    bool ok = gm_pad_push_event(s->srcpad, gm_event_new_caps(caps));
    GmQuery *query = gm_query_new_allocation(caps, false);

    s->want_meta = gm_pad_peer_query(s->srcpad, query) &&
                   gm_query_find_allocation_meta(query, GM_VIDEO_META_API_TYPE, NULL);
    gm_query_unref(query);
    gm_caps_unref(caps);
    return ok ? GM_FLOW_OK : GM_FLOW_NOT_NEGOTIATED;
}

static GmFlowReturn y4mdec_read_header(Y4mDec *s)
{
    char line[Y4M_MAX_LINE];
    const char *bad;
    int n = y4mdec_peek_line(s, line);

    if (n == 0)
        return GM_FLOW_OK;
    if (n < 0) {
        line[Y4M_MAX_LINE - 1] = '\0';
        return y4mdec_fail(s, "header", line);
    }
    if (!y4mdec_parse_header(s, line, &bad))
        return y4mdec_fail(s, "header", bad);
    gm_adapter_flush(s->adapter, (size_t)n);
    s->header_size = (size_t)n;
    return y4mdec_start_stream(s);
}

static void y4mdec_push_segment(Y4mDec *s)
{
    GmSegment segment;

    gm_segment_init(&segment, GM_FORMAT_TIME);
    segment.start = y4mdec_byte_to_time(s, s->segment.start);
    segment.stop = y4mdec_byte_to_time(s, s->segment.stop);
    segment.time = segment.start;
    segment.position = segment.start;
    segment.rate = s->segment.rate;
    s->frame = y4mdec_byte_to_frame(s, s->segment.start);
    s->need_segment = false;
    gm_pad_push_event(s->srcpad, gm_event_new_segment(&segment));
}

// Rows into their usual places. Takes packed; NULL: no memory.
static GmBuffer *y4mdec_pad_rows(Y4mDec *s, GmBuffer *packed)
{
    GmBuffer *out = gm_buffer_new_allocate(NULL, s->padded.size, NULL);
    GmMapInfo from, to;

    if (out && gm_buffer_map(packed, &from, GM_MAP_READ)) {
        if (gm_buffer_map(out, &to, GM_MAP_WRITE)) {
            memset(to.data, 0, to.size);
            for (unsigned p = 0; p < GM_VIDEO_INFO_N_PLANES(&s->info); p++)
                for (int y = 0; y < GM_VIDEO_INFO_COMP_HEIGHT(&s->info, p); y++)
                    memcpy(to.data + s->padded.offset[p] + (size_t)y * (size_t)s->padded.stride[p],
                           from.data + s->info.offset[p] + (size_t)y * (size_t)s->info.stride[p],
                           (size_t)s->info.stride[p]);
            gm_buffer_unmap(out, &to);
        }
        gm_buffer_unmap(packed, &from);
    }
    gm_buffer_unref(packed);
    return out;
}

static GmFlowReturn y4mdec_push_frame(Y4mDec *s)
{
    GmBuffer *buffer = gm_buffer_make_writable(gm_adapter_take_buffer(s->adapter, s->info.size));

    if (s->want_meta)
        gm_buffer_add_video_meta_full(buffer, 0, GM_VIDEO_INFO_FORMAT(&s->info),
                                      (unsigned)s->info.width,
                                      (unsigned)s->info.height, GM_VIDEO_INFO_N_PLANES(&s->info),
                                      s->info.offset, s->info.stride);
    else if (s->info.size != s->padded.size)
        buffer = y4mdec_pad_rows(s, buffer);
    if (!buffer) {
        GM_ELEMENT_ERROR(s->element, RESOURCE, NO_SPACE_LEFT, (NULL), ("no memory for a picture"));
        return GM_FLOW_ERROR;
    }
    GM_BUFFER_PTS(buffer) = y4mdec_frame_time(s, s->frame);
    GM_BUFFER_DTS(buffer) = GM_CLOCK_TIME_NONE;
    GM_BUFFER_DURATION(buffer) = y4mdec_frame_time(s, s->frame + 1) - GM_BUFFER_PTS(buffer);
    GM_BUFFER_OFFSET(buffer) = s->frame++;
    GM_BUFFER_OFFSET_END(buffer) = s->frame;
    if (s->discont)
        GM_BUFFER_FLAG_SET(buffer, GM_BUFFER_FLAG_DISCONT);
    else
        GM_BUFFER_FLAG_UNSET(buffer, GM_BUFFER_FLAG_DISCONT);
    s->discont = false;
    return gm_pad_push(s->srcpad, buffer);
}

// Everything that is whole goes out.
static GmFlowReturn y4mdec_drain(Y4mDec *s)
{
    GmFlowReturn ret = GM_FLOW_OK;
    char line[Y4M_MAX_LINE];

    if (s->header_size == 0)
        ret = y4mdec_read_header(s);
    if (ret != GM_FLOW_OK || s->header_size == 0)
        return ret;
    if (s->need_segment)
        y4mdec_push_segment(s);
    while (ret == GM_FLOW_OK && gm_adapter_available(s->adapter) > 0) {
        int n = y4mdec_peek_line(s, line);
        if (n == 0)
            return GM_FLOW_OK;
        if (n < 0 || strncmp(line, "FRAME", 5) != 0 || (line[5] != '\0' && line[5] != ' ')) {
            line[Y4M_MAX_LINE - 1] = '\0';
            return y4mdec_fail(s, "frame", line);
        }
        if (gm_adapter_available(s->adapter) < (size_t)n + s->info.size)
            return GM_FLOW_OK;
        gm_adapter_flush(s->adapter, (size_t)n);
        ret = y4mdec_push_frame(s);
    }
    return ret;
}

static GmFlowReturn y4mdec_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    Y4mDec *s = gm_priv(parent);

    (void)pad;
    if (GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_DISCONT)) {
        gm_adapter_clear(s->adapter);
        s->discont = true;
    }
    gm_adapter_push(s->adapter, buffer);
    return y4mdec_drain(s);
}

// ---- events and queries -------------------------------------------------------------------------

static bool y4mdec_sink_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    Y4mDec *s = gm_priv(parent);

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_CAPS: // ours follow when the header is read
        gm_event_unref(event);
        return true;
    case GM_EVENT_SEGMENT:
        gm_event_copy_segment(event, &s->segment);
        gm_event_unref(event);
        if (s->segment.format != GM_FORMAT_BYTES)
            gm_segment_init(&s->segment, GM_FORMAT_BYTES);
        s->need_segment = true;
        return true;
    case GM_EVENT_FLUSH_STOP:
        gm_adapter_clear(s->adapter);
        break;
    case GM_EVENT_EOS:
        if (s->header_size == 0) {
            GM_ELEMENT_ERROR(s->element, STREAM, DECODE, ("Failed to parse YUV4MPEG header"),
                             ("the stream ended after %zu bytes",
                              gm_adapter_available(s->adapter)));
            gm_adapter_clear(s->adapter);
        } else if (gm_adapter_available(s->adapter) > 0) {
            GM_ELEMENT_WARNING(s->element, STREAM, DECODE,
                               ("The last frame is incomplete and was dropped."),
                               ("%zu bytes left", gm_adapter_available(s->adapter)));
            gm_adapter_clear(s->adapter);
        }
        break;
    default:
        break;
    }
    return gm_pad_event_default(pad, parent, event);
}

// A seek in time becomes one in bytes, to the beginning of the frame.
static bool y4mdec_seek(Y4mDec *s, GmEvent *event)
{
    double rate;
    GmFormat format;
    GmSeekFlags flags;
    GmSeekType start_type, stop_type;
    int64_t start, stop;

    gm_event_parse_seek(event, &rate, &format, &flags, &start_type, &start, &stop_type, &stop);
    uint32_t seqnum = gm_event_get_seqnum(event);
    gm_event_unref(event);
    GM_OBJECT_LOCK(s->element);
    GmVideoInfo info = s->info;
    size_t header = s->header_size;
    GM_OBJECT_UNLOCK(s->element);
    if (format != GM_FORMAT_TIME || header == 0 || rate <= 0)
        return false;
    int64_t frame_size = (int64_t)info.size + Y4M_FRAME_LINE;
    int64_t *ends[2] = { &start, &stop };
    for (int i = 0; i < 2; i++)
        if (*ends[i] >= 0)
            *ends[i] = (int64_t)header +
                       frame_size * (int64_t)gm_util_uint64_scale(
                                        (uint64_t)*ends[i], (uint64_t)info.fps_n,
                                        (uint64_t)info.fps_d * (uint64_t)GM_SECOND);
    event = gm_event_new_seek(rate, GM_FORMAT_BYTES, flags, start_type, start, stop_type, stop);
    gm_event_set_seqnum(event, seqnum);
    return gm_pad_push_event(s->sinkpad, event);
}

static bool y4mdec_src_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    if (GM_EVENT_TYPE(event) == GM_EVENT_SEEK)
        return y4mdec_seek(gm_priv(parent), event);
    return gm_pad_event_default(pad, parent, event);
}

static bool y4mdec_src_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    Y4mDec *s = gm_priv(parent);
    GmFormat format;
    int64_t bytes;
    bool seekable;

    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_DURATION:
        gm_query_parse_duration(query, &format, NULL);
        if (format != GM_FORMAT_TIME || s->header_size == 0 ||
            !gm_pad_peer_query_duration(s->sinkpad, GM_FORMAT_BYTES, &bytes))
            return false;
        gm_query_set_duration(query, GM_FORMAT_TIME,
                              (int64_t)y4mdec_byte_to_time(s, (uint64_t)bytes));
        return true;
    case GM_QUERY_SEEKING:
        gm_query_parse_seeking(query, &format, NULL, NULL, NULL);
        if (format != GM_FORMAT_TIME)
            return gm_pad_query_default(pad, parent, query);
        GmQuery *upstream = gm_query_new_seeking(GM_FORMAT_BYTES);
        seekable = s->header_size > 0 && gm_pad_peer_query(s->sinkpad, upstream);
        if (seekable)
            gm_query_parse_seeking(upstream, NULL, &seekable, NULL, &bytes);
        gm_query_set_seeking(query, GM_FORMAT_TIME, seekable, 0,
                             seekable && bytes > 0
                                 ? (int64_t)y4mdec_byte_to_time(s, (uint64_t)bytes)
                                 : -1);
        gm_query_unref(upstream);
        return true;
    default:
        return gm_pad_query_default(pad, parent, query);
    }
}

static GmStateChangeReturn y4mdec_change_state(GmElement *el, GmStateChange transition)
{
    Y4mDec *s = gm_priv(el);

    if (transition == GM_STATE_CHANGE_READY_TO_PAUSED) {
        s->header_size = 0;
        s->frame = 0;
        s->need_segment = s->discont = true;
        gm_segment_init(&s->segment, GM_FORMAT_BYTES);
    }
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);
    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY)
        gm_adapter_clear(s->adapter);
    return ret;
}

static void y4mdec_init(GmObject *obj)
{
    Y4mDec *s = gm_priv(obj);

    s->element = GM_ELEMENT(obj);
    s->sinkpad = gm_element_peek_static_pad(s->element, "sink");
    s->srcpad = gm_element_peek_static_pad(s->element, "src");
    s->adapter = gm_adapter_new();
    gm_video_info_init(&s->info);
    gm_video_info_init(&s->padded);
}

static void y4mdec_finalize(GmObject *obj)
{
    gm_object_unref(((Y4mDec *)gm_priv(obj))->adapter);
}

static const GmStaticPadTemplate y4mdec_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = y4mdec_chain,
      .event = y4mdec_sink_event,
      .static_caps = "application/x-yuv4mpeg, y4mversion = (int) 2" },
    { .name_template = "src", .direction = GM_PAD_SRC, .event = y4mdec_src_event,
      .query = y4mdec_src_query,
      .static_caps =
          "video/x-raw, format = (string) { I420, Y42B, Y444 }, width = (int) [ 1, max ], "
                     "height = (int) [ 1, max ], framerate = (fraction) [ 0, max ]" },
    { 0 }
};

const GmElementClass gm_y4mdec_class = {
    .name = "y4mdec",
    .type_name = "GmY4mDec",
    .parent = &gm_element_class.object,
    .longname = "YUV4MPEG demuxer/decoder",
    .klass = "Codec/Demuxer",
    .description = "Demuxes/decodes YUV4MPEG streams",
    .author = "The GstMini authors",
    .rank = GM_RANK_SECONDARY,
    .priv_size = sizeof(Y4mDec),
    .pads = y4mdec_pads,
    .init = y4mdec_init,
    .finalize = y4mdec_finalize,
    .change_state = y4mdec_change_state,
};
