// SPDX-License-Identifier: MIT
//
// videotestsrc: test pictures: colour bars, plain colours, checkers, waves, a ball, snow.
//
//     videotestsrc pattern=ball num-buffers=90  -->  [src]  video/x-raw, 320 x 240, 30 frames/s
//
// Frame n has the time n / framerate; a seek goes to the frame that is shown at its position, and
// a negative rate counts downwards. Pictures that do not change are drawn once and copied.
// Read next: elements/video/videotest_patterns.h.

#include "elements/video/videotest_patterns.h"

GM_DEBUG_CATEGORY_DEFINE(videotestsrc_debug, "videotestsrc", 0, "video test source");
#define GM_CAT_DEFAULT videotestsrc_debug

typedef struct {
    // properties; object lock
    VideoTestSettings set;
    int64_t timestamp_offset;
    // object lock to write, it or the stream lock to read
    GmVideoInfo info;
    // stream lock
    VideoTest test;
    GmClockTime running_time; // of the next frame, since the caps came
    int64_t     n_frames;     // number of the next frame, since the caps came
    GmClockTime accum_rtime;  // time and frames under earlier caps
    int64_t     accum_frames;
    bool        reverse;
    GmClockTime seek_position; // of a seek that came before there were caps, or NONE
    GmBuffer   *cached; // the picture, if it is static, for `test.set`
} VideoTestSrc;

// ---- caps --------------------------------------------------------------------------------------

// Keeps of `caps` what has an alpha channel; takes and gives caps. All of it if nothing has.
static GmCaps *videotestsrc_only_alpha(GmBaseSrc *src, GmCaps *caps)
{
    GmCaps *alpha = gm_caps_from_string("video/x-raw, format = (string) "
                                        "{ ABGR64_LE, ABGR, BGRA, ARGB, RGBA }");
    GmCaps *both = gm_caps_intersect_full(caps, alpha, GM_CAPS_INTERSECT_FIRST);

    gm_caps_unref(alpha);
    if (gm_caps_is_empty(both)) {
        GM_WARNING_OBJECT(src,
                          "Foreground color contains alpha, but downstream can't support alpha.");
        gm_caps_unref(both);
        return caps;
    }
    gm_caps_unref(caps);
    return both;
}

static GmCaps *videotestsrc_fixate(GmBaseSrc *src, GmCaps *caps)
{
    VideoTestSrc *s = gm_priv(src);
    static const char *const strings[][2] = {
        { "colorimetry", "bt601" },
        { "chroma-site", "mpeg2" },
        { "interlace-mode", "progressive" },
        { "multiview-mode", "mono" },
    };

    GM_OBJECT_LOCK(src);
    bool transparent = s->set.foreground >> 24 != 255;
    GM_OBJECT_UNLOCK(src);
    if (transparent)
        caps = videotestsrc_only_alpha(src, caps);

    caps = gm_caps_make_writable(caps);
    GmStructure *st = gm_caps_get_structure(caps, 0);
    gm_structure_fixate_field_nearest_int(st, "width", 320);
    gm_structure_fixate_field_nearest_int(st, "height", 240);
    if (gm_structure_has_field(st, "framerate"))
        gm_structure_fixate_field_nearest_fraction(st, "framerate", 30, 1);
    else
        gm_structure_set(st, "framerate", GM_TYPE_FRACTION, 30, 1, NULL);
    if (gm_structure_has_field(st, "pixel-aspect-ratio"))
        gm_structure_fixate_field_nearest_fraction(st, "pixel-aspect-ratio", 1, 1);
    else
        gm_structure_set(st, "pixel-aspect-ratio", GM_TYPE_FRACTION, 1, 1, NULL);
    for (size_t i = 0; i < GM_LEN(strings); i++) {
        if (gm_structure_has_field(st, strings[i][0]))
            gm_structure_fixate_field_string(st, strings[i][0], strings[i][1]);
        else if (i >= 2) // colours are left to the format's default
            gm_structure_set(st, strings[i][0], GM_TYPE_STRING, strings[i][1], NULL);
    }
    return gm_base_src_ops.fixate(src, caps);
}

static void videotestsrc_drop_cached(VideoTestSrc *s)
{
    if (s->cached)
        gm_buffer_unref(s->cached);
    s->cached = NULL;
}

static GmClockTime videotestsrc_time_of(const VideoTestSrc *s, int64_t frame)
{
    return gm_util_uint64_scale((uint64_t)frame, (uint64_t)s->info.fps_d * (uint64_t)GM_SECOND,
                                (uint64_t)s->info.fps_n);
}

// The next frame is the one shown at `position`. Without a framerate yet: once there is one.
static void videotestsrc_go_to(VideoTestSrc *s, GmClockTime position)
{
    s->n_frames = 0;
    s->running_time = 0;
    s->seek_position = s->info.fps_n > 0 ? GM_CLOCK_TIME_NONE : position;
    if (s->info.fps_n <= 0)
        return;
    s->n_frames = (int64_t)gm_util_uint64_scale(position, (uint64_t)s->info.fps_n,
                                                (uint64_t)s->info.fps_d * (uint64_t)GM_SECOND);
    s->running_time = videotestsrc_time_of(s, s->n_frames);
}

static bool videotestsrc_set_caps(GmBaseSrc *src, GmCaps *caps)
{
    VideoTestSrc *s = gm_priv(src);
    GmVideoInfo info;

    if (!gm_video_info_from_caps(&info, caps) || info.width < 1 || info.height < 1) {
        GM_DEBUG_OBJECT(src, "failed to parse caps");
        return false;
    }
    GM_OBJECT_LOCK(src);
    s->info = info;
    GM_OBJECT_UNLOCK(src);
    gm_videotest_setup(&s->test, &info);
    s->accum_rtime += s->running_time;
    s->accum_frames += s->n_frames;
    s->running_time = 0;
    s->n_frames = 0;
    if (s->seek_position != GM_CLOCK_TIME_NONE)
        videotestsrc_go_to(s, s->seek_position);
    videotestsrc_drop_cached(s);
    return true;
}

// One pool of pictures, downstream's if it offers one.
static bool videotestsrc_decide_allocation(GmBaseSrc *src, GmQuery *query)
{
    VideoTestSrc *s = gm_priv(src);
    unsigned size = (unsigned)s->info.size, min = 0, max = 0;
    GmBufferPool *pool = NULL;

    if (gm_query_get_n_allocation_pools(query) == 0) {
        gm_query_add_allocation_pool(query, NULL, size, 0, 0);
    } else {
        unsigned offered;
        gm_query_parse_nth_allocation_pool(query, 0, &pool, &offered, &min, &max);
        gm_query_set_nth_allocation_pool(query, 0, pool, offered > size ? offered : size, min, max);
        if (pool)
            gm_object_unref(pool);
    }
    return gm_base_src_ops.decide_allocation(src, query);
}

// ---- pictures ----------------------------------------------------------------------------------

static bool videotestsrc_draw(VideoTestSrc *s, GmBuffer *buffer)
{
    GmVideoFrame frame;

    if (!gm_video_frame_map(&frame, &s->info, buffer, GM_MAP_WRITE))
        return false;
    gm_videotest_draw(&s->test, &frame);
    gm_video_frame_unmap(&frame);
    return true;
}

static bool videotestsrc_copy_cached(VideoTestSrc *s, GmBuffer *buffer)
{
    GmVideoFrame from, to;
    bool ok = false;

    if (!s->cached) {
        s->cached = gm_buffer_new_allocate(NULL, s->info.size, NULL);
        if (!s->cached || !videotestsrc_draw(s, s->cached))
            return false;
    }
    if (!gm_video_frame_map(&from, &s->info, s->cached, GM_MAP_READ))
        return false;
    if (gm_video_frame_map(&to, &s->info, buffer, GM_MAP_WRITE)) {
        // The same layout: in one piece, with the bytes that pad the rows.
        ok = gm_buffer_n_memory(buffer) == 1 && !to.meta;
        if (ok)
            memcpy(to.data[0], from.data[0], s->info.size);
        else
            ok = gm_video_frame_copy(&to, &from);
        gm_video_frame_unmap(&to);
    }
    gm_video_frame_unmap(&from);
    return ok;
}

static void videotestsrc_stamp(VideoTestSrc *s, GmBuffer *buffer, int64_t offset)
{
    GM_BUFFER_PTS(buffer) = s->test.pts;
    GM_BUFFER_DTS(buffer) = GM_CLOCK_TIME_NONE;
    GM_BUFFER_OFFSET(buffer) = (uint64_t)(s->accum_frames + s->n_frames);
    GM_BUFFER_OFFSET_END(buffer) = GM_BUFFER_OFFSET(buffer) + 1;
    if (s->info.fps_n == 0) { // one picture for ever
        GM_BUFFER_DURATION(buffer) = GM_CLOCK_TIME_NONE;
        s->running_time = (GmClockTime)offset;
        s->n_frames++;
        return;
    }
    GM_BUFFER_DURATION(buffer) = videotestsrc_time_of(s, s->n_frames + 1) - s->running_time;
    s->n_frames += s->reverse ? -1 : 1;
    if (s->n_frames >= 0)
        s->running_time = videotestsrc_time_of(s, s->n_frames);
}

static GmFlowReturn videotestsrc_fill(GmBaseSrc *src, uint64_t at, unsigned size, GmBuffer *buffer)
{
    VideoTestSrc *s = gm_priv(src);
    VideoTestSettings set;

    (void)at;
    (void)size;
    if (!s->info.finfo)
        return GM_FLOW_NOT_NEGOTIATED;
    if ((s->info.fps_n == 0 && s->n_frames == 1) || s->n_frames < 0)
        return GM_FLOW_EOS;

    GM_OBJECT_LOCK(src);
    memcpy(&set, &s->set, sizeof set);
    int64_t offset = s->timestamp_offset;
    GM_OBJECT_UNLOCK(src);
    if (memcmp(&set, &s->test.set, sizeof set) != 0)
        videotestsrc_drop_cached(s);
    memcpy(&s->test.set, &set, sizeof set);
    s->test.n_frames = s->n_frames;
    s->test.pts = s->accum_rtime + (GmClockTime)offset + s->running_time;

    bool drawn = gm_videotest_is_static(&set) ? videotestsrc_copy_cached(s, buffer)
                                              : videotestsrc_draw(s, buffer);
    if (!drawn) {
        GM_ELEMENT_ERROR(src, RESOURCE, FAILED, (NULL),
                         ("a buffer of %zu bytes cannot hold a picture of %zu",
                          gm_buffer_get_size(buffer), s->info.size));
        return GM_FLOW_ERROR;
    }
    videotestsrc_stamp(s, buffer, offset);
    return GM_FLOW_OK;
}

// ---- time --------------------------------------------------------------------------------------

static bool videotestsrc_is_seekable(GmBaseSrc *src)
{
    (void)src;
    return true;
}

static bool videotestsrc_do_seek(GmBaseSrc *src, GmSegment *segment)
{
    VideoTestSrc *s = gm_priv(src);

    segment->time = segment->start;
    s->reverse = segment->rate < 0;
    s->accum_frames = 0;
    s->accum_rtime = 0;
    videotestsrc_go_to(s, segment->position);
    return true;
}

static void videotestsrc_get_times(GmBaseSrc *src, GmBuffer *buffer, GmClockTime *start,
                                   GmClockTime *end)
{
    *start = *end = GM_CLOCK_TIME_NONE;
    if (!gm_base_src_is_live(src) || !GM_CLOCK_TIME_IS_VALID(GM_BUFFER_PTS(buffer)))
        return;
    *start = GM_BUFFER_PTS(buffer);
    if (GM_CLOCK_TIME_IS_VALID(GM_BUFFER_DURATION(buffer)))
        *end = *start + GM_BUFFER_DURATION(buffer);
}

static bool videotestsrc_query_duration(GmBaseSrc *src, const GmVideoInfo *info, GmQuery *query)
{
    GmFormat format;

    gm_query_parse_duration(query, &format, NULL);
    if (src->num_buffers == -1 || (format != GM_FORMAT_TIME && format != GM_FORMAT_BYTES))
        return gm_base_src_ops.query(src, query);
    if (format == GM_FORMAT_TIME && info->fps_n <= 0)
        return false;
    uint64_t n = (uint64_t)src->num_buffers;
    gm_query_set_duration(query, format, format == GM_FORMAT_BYTES ? (int64_t)(n * info->size)
        : (int64_t)gm_util_uint64_scale_int_round(n * (uint64_t)GM_SECOND, info->fps_d,
                                                  info->fps_n));
    return true;
}

static bool videotestsrc_query(GmBaseSrc *src, GmQuery *query)
{
    VideoTestSrc *s = gm_priv(src);
    GmFormat from, to;
    int64_t value, result;

    GM_OBJECT_LOCK(src);
    GmVideoInfo info = s->info;
    GM_OBJECT_UNLOCK(src);
    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_CONVERT:
        gm_query_parse_convert(query, &from, &value, &to, &result);
        if (!info.finfo || !gm_video_info_convert(&info, from, value, to, &result))
            return false;
        gm_query_set_convert(query, from, value, to, result);
        return true;
    case GM_QUERY_LATENCY: // a live frame comes once its time is over
        if (info.fps_n <= 0)
            return false;
        gm_query_set_latency(query, gm_base_src_is_live(src),
                             gm_util_uint64_scale((uint64_t)GM_SECOND, (uint64_t)info.fps_d,
                                                  (uint64_t)info.fps_n), GM_CLOCK_TIME_NONE);
        return true;
    case GM_QUERY_DURATION:
        return videotestsrc_query_duration(src, &info, query);
    default:
        return gm_base_src_ops.query(src, query);
    }
}

// ---- start, stop, properties -------------------------------------------------------------------

static bool videotestsrc_start(GmBaseSrc *src)
{
    VideoTestSrc *s = gm_priv(src);

    s->running_time = s->accum_rtime = 0;
    s->n_frames = s->accum_frames = 0;
    s->reverse = false;
    s->seek_position = GM_CLOCK_TIME_NONE;
    GM_OBJECT_LOCK(src);
    gm_video_info_init(&s->info);
    GM_OBJECT_UNLOCK(src);
    return true;
}

static bool videotestsrc_stop(GmBaseSrc *src)
{
    VideoTestSrc *s = gm_priv(src);

    videotestsrc_drop_cached(s);
    gm_videotest_clear(&s->test);
    return true;
}

static void videotestsrc_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    if (prop->computed)
        gm_base_src_set_live(GM_BASE_SRC(obj), gm_value_get_boolean(value));
}

static void videotestsrc_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    if (prop->computed)
        gm_value_set_boolean(value, gm_base_src_is_live(GM_BASE_SRC(obj)));
}

static void videotestsrc_init(GmObject *obj)
{
    gm_video_info_init(&((VideoTestSrc *)gm_priv(obj))->info);
    gm_base_src_set_format(GM_BASE_SRC(obj), GM_FORMAT_TIME);
}

static const GmEnumTable videotestsrc_patterns = { "GmVideoTestSrcPattern", (const GmEnumValue[]){
    { VIDEOTEST_SMPTE, "SMPTE 100% color bars", "smpte" },
    { VIDEOTEST_SNOW, "Random (television snow)", "snow" },
    { VIDEOTEST_BLACK, "100% Black", "black" },
    { VIDEOTEST_WHITE, "100% White", "white" },
    { VIDEOTEST_RED, "Red", "red" },
    { VIDEOTEST_GREEN, "Green", "green" },
    { VIDEOTEST_BLUE, "Blue", "blue" },
    { VIDEOTEST_CHECKERS1, "Checkers 1px", "checkers-1" },
    { VIDEOTEST_CHECKERS2, "Checkers 2px", "checkers-2" },
    { VIDEOTEST_CHECKERS4, "Checkers 4px", "checkers-4" },
    { VIDEOTEST_CHECKERS8, "Checkers 8px", "checkers-8" },
    { VIDEOTEST_CIRCULAR, "Circular", "circular" },
    { VIDEOTEST_BLINK, "Blink", "blink" },
    { VIDEOTEST_SMPTE75, "SMPTE 75% color bars", "smpte75" },
    { VIDEOTEST_ZONE_PLATE, "Zone plate", "zone-plate" },
    { VIDEOTEST_GAMUT, "Gamut checkers", "gamut" },
    { VIDEOTEST_CHROMA_ZONE_PLATE, "Chroma zone plate", "chroma-zone-plate" },
    { VIDEOTEST_SOLID, "Solid color", "solid-color" },
    { VIDEOTEST_BALL, "Moving ball", "ball" },
    { VIDEOTEST_SMPTE100, "SMPTE 100% color bars", "smpte100" },
    { VIDEOTEST_BAR, "Bar", "bar" },
    { VIDEOTEST_PINWHEEL, "Pinwheel", "pinwheel" },
    { VIDEOTEST_SPOKES, "Spokes", "spokes" },
    { VIDEOTEST_GRADIENT, "Gradient", "gradient" },
    { VIDEOTEST_COLORS, "Colors", "colors" },
    { VIDEOTEST_SMPTE_RP_219, "SMPTE test pattern, RP 219 conformant", "smpte-rp-219" },
    { 0, NULL, NULL } }, false };

static const GmEnumTable videotestsrc_modes = { "GmVideoTestSrcAnimationMode",
    (const GmEnumValue[]){ { VIDEOTEST_FRAMES, "frame count", "frames" },
                           { VIDEOTEST_WALL_TIME, "wall clock time", "wall-time" },
                           { VIDEOTEST_RUNNING_TIME, "running time", "running-time" },
                           { 0, NULL, NULL } }, false };

static const GmEnumTable videotestsrc_motions = { "GmVideoTestSrcMotionType",
    (const GmEnumValue[]){ { VIDEOTEST_WAVY, "Ball waves back and forth, up and down", "wavy" },
                           { VIDEOTEST_SWEEP, "1 revolution per second", "sweep" },
                           { VIDEOTEST_HSWEEP, "1/2 revolution per second, then reset to top",
                             "hsweep" },
                           { 0, NULL, NULL } }, false };

#define LIVE .flags = GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING
static const GmProperty videotestsrc_props[] = {
    { "pattern", "Type of test pattern to generate",
      GM_ENUM_FIELD(VideoTestSrc, set.pattern, &videotestsrc_patterns), LIVE },
    { "animation-mode", "For pattern=ball, which counter defines the position of the ball.",
      GM_ENUM_FIELD(VideoTestSrc, set.animation_mode, &videotestsrc_modes), LIVE },
    { "motion", "For pattern=ball, what motion the ball does",
      GM_ENUM_FIELD(VideoTestSrc, set.motion, &videotestsrc_motions), LIVE },
    { "flip", "For pattern=ball, invert colors every second.", GM_FIELD(VideoTestSrc, set.flip),
      LIVE },
    { "timestamp-offset", "An offset added to timestamps set on buffers (in ns)",
      GM_FIELD(VideoTestSrc, timestamp_offset), .max = (double)INT64_MAX, LIVE },
    { "is-live", "Whether to act as a live source", GM_COMPUTED(GM_TYPE_BOOLEAN) },
    { "k0", "Zoneplate zero order phase", GM_FIELD(VideoTestSrc, set.k0), LIVE },
    { "kx", "Zoneplate 1st order x phase", GM_FIELD(VideoTestSrc, set.kx), LIVE },
    { "ky", "Zoneplate 1st order y phase", GM_FIELD(VideoTestSrc, set.ky), LIVE },
    { "kt", "Zoneplate 1st order t phase", GM_FIELD(VideoTestSrc, set.kt), LIVE },
    { "kxt", "Zoneplate x*t product phase", GM_FIELD(VideoTestSrc, set.kxt), LIVE },
    { "kyt", "Zoneplate y*t product phase", GM_FIELD(VideoTestSrc, set.kyt), LIVE },
    { "kxy", "Zoneplate x*y product phase", GM_FIELD(VideoTestSrc, set.kxy), LIVE },
    { "kx2", "Zoneplate 2nd order x phase", GM_FIELD(VideoTestSrc, set.kx2), LIVE },
    { "ky2", "Zoneplate 2nd order y phase", GM_FIELD(VideoTestSrc, set.ky2), LIVE },
    { "kt2", "Zoneplate 2nd order t phase", GM_FIELD(VideoTestSrc, set.kt2), LIVE },
    { "xoffset", "Zoneplate 2nd order products x offset", GM_FIELD(VideoTestSrc, set.xoffset),
      LIVE },
    { "yoffset", "Zoneplate 2nd order products y offset", GM_FIELD(VideoTestSrc, set.yoffset),
      LIVE },
    { "foreground-color", "Foreground color to use (big-endian ARGB)",
      GM_FIELD(VideoTestSrc, set.foreground), .def = "4294967295", LIVE },
    { "background-color", "Background color to use (big-endian ARGB)",
      GM_FIELD(VideoTestSrc, set.background), .def = "4278190080", LIVE },
    { "horizontal-speed",
      "Scroll image number of pixels per frame (positive is scroll to the left)",
      GM_FIELD(VideoTestSrc, set.horizontal_speed), LIVE },
    { 0 }
};

// The order is GStreamer's order of preference; formats that GstMini does not have are left out.
static const GmStaticPadTemplate videotestsrc_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC,
      .static_caps = "video/x-raw, format = (string) " GM_VIDEO_FORMATS_ALL
                     ", width = (int) [ 1, max ], height = (int) [ 1, max ], "
                     "framerate = (fraction) [ 0/1, max ], "
                     "multiview-mode = (string) { mono, left, right }" },
    { 0 }
};

static const GmBaseSrcOps videotestsrc_ops = {
    .fixate = videotestsrc_fixate,
    .set_caps = videotestsrc_set_caps,
    .decide_allocation = videotestsrc_decide_allocation,
    .start = videotestsrc_start,
    .stop = videotestsrc_stop,
    .get_times = videotestsrc_get_times,
    .is_seekable = videotestsrc_is_seekable,
    .do_seek = videotestsrc_do_seek,
    .query = videotestsrc_query,
    .fill = videotestsrc_fill,
};

const GmElementClass gm_videotestsrc_class = {
    .name = "videotestsrc",
    .type_name = "GmVideoTestSrc",
    .parent = &gm_base_src_class.object,
    .longname = "Video test source",
    .klass = "Source/Video",
    .description = "Creates a test video stream",
    .author = "The GstMini authors",
    .priv_size = sizeof(VideoTestSrc),
    .props = videotestsrc_props,
    .pads = videotestsrc_pads,
    .init = videotestsrc_init,
    .set_property = videotestsrc_set_property,
    .get_property = videotestsrc_get_property,
    .src = &videotestsrc_ops,
};
