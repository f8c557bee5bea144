// SPDX-License-Identifier: MIT
//
// livesrc: a camera that needs no hardware.
//
//     livesrc fps=30  -->  [src]  video/x-raw, format={ I420, GRAY8 }
//
// Like a camera it runs on the clock and waits for nobody: frame n belongs to running time
// n/fps. A consumer that holds the thread for longer than a frame makes it miss frames; missed
// ones are counted, their numbers are skipped, and the next frame carries DISCONT and the time
// it was really captured at. It gives nothing in PAUSED, and tells the pipeline that a frame
// comes one frame's duration after its time stamp. Number and time are drawn into the picture.
// Read next: core/base/base_src.h, examples/08-no-queue-blocks.c.

#include "gstmini-element.h"
#include "video/video_info.h"

GM_DEBUG_CATEGORY_DEFINE(livesrc_debug, "livesrc", 0, "camera without hardware");
#define GM_CAT_DEFAULT livesrc_debug

typedef struct {
    // properties: frozen while streaming
    int      width, height;
    int      fps;
    unsigned keyframe_interval;
    // guarded by the object lock
    uint64_t    generated, dropped;
    GmClockTime first_time, last_time; // running time of the first and the newest frame
    GmClockID   clock_id;              // the wait under way
    bool        flushing, paused;
    // streaming thread only
    GmVideoInfo info;
    uint64_t    next; // number of the frame that is due next
    bool        missed;
} LiveSrc;

// ---- the picture -----------------------------------------------------------------------------

// Digits, colon and point, 3 x 5 dots, a row in each 3 bits from the top.
static const uint16_t livesrc_glyphs[] = {
    ['0' - '.'] = 075557, ['1' - '.'] = 026227, ['2' - '.'] = 071747, ['3' - '.'] = 071717,
    ['4' - '.'] = 055711, ['5' - '.'] = 074717, ['6' - '.'] = 074757, ['7' - '.'] = 071111,
    ['8' - '.'] = 075757, ['9' - '.'] = 075717, [':' - '.'] = 002020, ['.' - '.'] = 000002,
    ['/' - '.'] = 011244,
};

// Draws text in white on a black box, dots of `dot` pixels, with its corner at x, y.
static void livesrc_draw_text(uint8_t *luma, const GmVideoInfo *info, int x, int y, int dot,
                              const char *text)
{
    for (; *text; text++, x += 4 * dot) {
        unsigned glyph = *text >= '.' && *text <= ':' ? livesrc_glyphs[*text - '.'] : 0;
        for (int row = -dot; row < 6 * dot; row++) {
            for (int column = -dot; column < 4 * dot; column++) {
                int px = x + column, py = y + row;
                if (px < 0 || py < 0 || px >= info->width || py >= info->height)
                    continue;
                bool in = row >= 0 && column >= 0 && row < 5 * dot && column < 3 * dot;
                bool set = in && (glyph >> (12 - 3 * (row / dot)) & (4u >> (column / dot)));
                luma[(size_t)py * (size_t)info->stride[0] + (size_t)px] = set ? 235 : 16;
            }
        }
    }
}

// A ramp that moves by two pixels a frame, so that motion shows, and the two texts.
static void livesrc_draw(LiveSrc *s, uint8_t *data, uint64_t number, GmClockTime time)
{
    const GmVideoInfo *info = &s->info;
    int dot = info->height / 48 > 0 ? info->height / 48 : 1;
    char text[48];

    for (int y = 0; y < info->height; y++) {
        uint8_t *line = data + (size_t)y * (size_t)info->stride[0];
        for (int x = 0; x < info->width; x++)
            line[x] =
                (uint8_t)(16 + (((unsigned)x + (unsigned)y / 2 + (unsigned)number * 2) & 0x7f));
    }
    if (GM_VIDEO_INFO_FORMAT(info) == GM_VIDEO_FORMAT_I420)
        for (unsigned p = 1; p < 3; p++)
            memset(data + info->offset[p], p == 1 ? 140 : 112,
                   (size_t)info->stride[p] * (size_t)GM_VIDEO_INFO_COMP_HEIGHT(info, p));
    snprintf(text, sizeof text, "%06" PRIu64, number);
    livesrc_draw_text(data, info, 2 * dot, 2 * dot, dot, text);
    snprintf(text, sizeof text, "%" GM_TIME_FORMAT, GM_TIME_ARGS(time));
    text[11] = '\0'; // milliseconds will do
    livesrc_draw_text(data, info, 2 * dot, 10 * dot, dot, text);
}

// ---- caps ------------------------------------------------------------------------------------

static GmCaps *livesrc_fixate(GmBaseSrc *src, GmCaps *caps)
{
    LiveSrc *s = gm_priv(src);

    caps = gm_caps_make_writable(caps);
    GmStructure *structure = gm_caps_get_structure(caps, 0);
    gm_structure_fixate_field_nearest_int(structure, "width", s->width);
    gm_structure_fixate_field_nearest_int(structure, "height", s->height);
    gm_structure_fixate_field_nearest_fraction(structure, "framerate", s->fps, 1);
    return gm_base_src_ops.fixate(src, caps);
}

static bool livesrc_set_caps(GmBaseSrc *src, GmCaps *caps)
{
    LiveSrc *s = gm_priv(src);
    GmVideoInfo info;

    if (!gm_video_info_from_caps(&info, caps) || info.fps_n <= 0) {
        GM_ELEMENT_ERROR(src, STREAM, FORMAT, (NULL),
                         ("livesrc needs caps with size and framerate"));
        return false;
    }
    GM_OBJECT_LOCK(src); // the latency query reads the frame rate
    s->info = info;
    GM_OBJECT_UNLOCK(src);
    return true;
}

static GmClockTime livesrc_time_of(const LiveSrc *s, uint64_t number)
{
    return gm_util_uint64_scale(number, (uint64_t)s->info.fps_d * (uint64_t)GM_SECOND,
                                (uint64_t)s->info.fps_n);
}

// ---- capture ---------------------------------------------------------------------------------

// Waits for the end of exposure of frame s->next and says what the running time is then.
static GmFlowReturn livesrc_wait(GmBaseSrc *src, GmClockTime *now)
{
    LiveSrc *s = gm_priv(src);
    GmElement *el = GM_ELEMENT(src);
    GmFlowReturn ret = GM_FLOW_OK;

    GM_OBJECT_LOCK(src);
    GmClock *clock = el->clock ? gm_object_ref(el->clock) : NULL;
    GmClockTime base = (GmClockTime)el->base_time;
    if (!clock || s->flushing || s->paused) {
        GM_OBJECT_UNLOCK(src);
        if (clock)
            gm_object_unref(clock);
        return GM_FLOW_FLUSHING;
    }
    GmClockID id = s->clock_id =
        gm_clock_new_single_shot_id(clock, base + livesrc_time_of(s, s->next + 1));
    GM_OBJECT_UNLOCK(src);

    if (gm_clock_id_wait(id, NULL) == GM_CLOCK_UNSCHEDULED)
        ret = GM_FLOW_FLUSHING;

    GM_OBJECT_LOCK(src);
    s->clock_id = NULL;
    if (s->paused)
        ret = GM_FLOW_FLUSHING;
    GM_OBJECT_UNLOCK(src);
    gm_clock_id_unref(id);
    *now = gm_clock_get_time(clock);
    *now = *now > base ? *now - base : 0;
    gm_object_unref(clock);
    return ret;
}

// Frames whose time went by while nobody asked are lost: counts them and goes on to the newest.
static void livesrc_skip_missed(GmBaseSrc *src, GmClockTime now)
{
    LiveSrc *s = gm_priv(src);
    uint64_t ended = gm_util_uint64_scale(now, (uint64_t)s->info.fps_n,
                                          (uint64_t)s->info.fps_d * (uint64_t)GM_SECOND);

    if (ended <= s->next + 1)
        return;
    GM_OBJECT_LOCK(src);
    s->dropped += ended - 1 - s->next;
    GM_OBJECT_UNLOCK(src);
    GM_DEBUG_OBJECT(src, "missed %" PRIu64 " frames", ended - 1 - s->next);
    s->next = ended - 1;
    s->missed = true;
}

static GmFlowReturn livesrc_create(GmBaseSrc *src, uint64_t offset, unsigned length, GmBuffer **out)
{
    LiveSrc *s = gm_priv(src);
    GmClockTime now;
    GmMapInfo map;
    GmFlowReturn ret;

    (void)offset;
    (void)length;
    // After a pause the clock went on but running time did not: wait again until it is due.
    while ((ret = livesrc_wait(src, &now)) == GM_FLOW_FLUSHING) {
        ret = gm_base_src_wait_playing(src);
        if (ret != GM_FLOW_OK)
            return ret;
    }
    livesrc_skip_missed(src, now);

    GmBuffer *buffer = gm_buffer_new_allocate(NULL, s->info.size, NULL);
    if (!buffer || !gm_buffer_map(buffer, &map, GM_MAP_WRITE)) {
        GM_ELEMENT_ERROR(src, RESOURCE, NO_SPACE_LEFT, (NULL),
                         ("no memory for a picture of %zu bytes", s->info.size));
        return GM_FLOW_ERROR;
    }
    GmClockTime pts = livesrc_time_of(s, s->next);
    livesrc_draw(s, map.data, s->next, pts);
    gm_buffer_unmap(buffer, &map);
    GM_BUFFER_PTS(buffer) = pts;
    GM_BUFFER_DURATION(buffer) = livesrc_time_of(s, s->next + 1) - pts;
    GM_BUFFER_OFFSET(buffer) = s->next;
    GM_BUFFER_OFFSET_END(buffer) = s->next + 1;
    if (s->missed)
        GM_BUFFER_FLAG_SET(buffer, GM_BUFFER_FLAG_DISCONT);
    s->missed = false;

    GM_OBJECT_LOCK(src);
    if (s->keyframe_interval > 0 && s->generated % s->keyframe_interval != 0)
        GM_BUFFER_FLAG_SET(buffer, GM_BUFFER_FLAG_DELTA_UNIT);
    if (s->generated++ == 0)
        s->first_time = pts;
    s->last_time = pts;
    GM_OBJECT_UNLOCK(src);
    s->next++;
    *out = buffer;
    return GM_FLOW_OK;
}

// ---- states, queries ---------------------------------------------------------------------------

static bool livesrc_start(GmBaseSrc *src)
{
    LiveSrc *s = gm_priv(src);

    s->next = 0;
    s->missed = false;
    GM_OBJECT_LOCK(src);
    s->generated = s->dropped = 0;
    s->first_time = s->last_time = GM_CLOCK_TIME_NONE;
    GM_OBJECT_UNLOCK(src);
    return true;
}

static bool livesrc_unlock(GmBaseSrc *src)
{
    LiveSrc *s = gm_priv(src);

    GM_OBJECT_LOCK(src);
    s->flushing = true;
    if (s->clock_id)
        gm_clock_id_unschedule(s->clock_id);
    GM_OBJECT_UNLOCK(src);
    return true;
}

static bool livesrc_unlock_stop(GmBaseSrc *src)
{
    LiveSrc *s = gm_priv(src);

    GM_OBJECT_LOCK(src);
    s->flushing = false;
    GM_OBJECT_UNLOCK(src);
    return true;
}

// The base class does not end our wait when the pipeline pauses; what we wait for then comes to be
// at another time of the clock.
static void livesrc_set_paused(GmElement *el, bool paused)
{
    LiveSrc *s = gm_priv(el);

    GM_OBJECT_LOCK(el);
    s->paused = paused;
    if (paused && s->clock_id)
        gm_clock_id_unschedule(s->clock_id);
    GM_OBJECT_UNLOCK(el);
}

static GmStateChangeReturn livesrc_change_state(GmElement *el, GmStateChange transition)
{
    if (transition == GM_STATE_CHANGE_PAUSED_TO_PLAYING)
        livesrc_set_paused(el, false);
    GmStateChangeReturn ret = gm_base_src_class.change_state(el, transition);
    if (transition == GM_STATE_CHANGE_PLAYING_TO_PAUSED) // now gm_base_src_wait_playing does wait
        livesrc_set_paused(el, true);
    return ret;
}

static bool livesrc_query(GmBaseSrc *src, GmQuery *query)
{
    LiveSrc *s = gm_priv(src);

    if (GM_QUERY_TYPE(query) != GM_QUERY_LATENCY)
        return gm_base_src_ops.query(src, query);
    GM_OBJECT_LOCK(src);
    int fps_n = s->info.fps_n > 0 ? s->info.fps_n : s->fps;
    int fps_d = s->info.fps_n > 0 ? s->info.fps_d : 1;
    GM_OBJECT_UNLOCK(src);
    GmClockTime frame = gm_util_uint64_scale((uint64_t)GM_SECOND, (uint64_t)fps_d, (uint64_t)fps_n);
    // Whoever holds its thread for up to one more frame loses nothing yet.
    gm_query_set_latency(query, true, frame, 2 * frame);
    return true;
}

static void livesrc_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    LiveSrc *s = gm_priv(obj);

    if (!prop->computed)
        return;
    GM_OBJECT_LOCK(obj);
    uint64_t generated = s->generated, dropped = s->dropped;
    double seconds = generated > 1 ? (double)(s->last_time - s->first_time) / GM_SECOND : 0;
    GM_OBJECT_UNLOCK(obj);
    if (strcmp(prop->name, "frames-generated") == 0)
        gm_value_set_uint64(value, generated);
    else if (strcmp(prop->name, "frames-dropped") == 0)
        gm_value_set_uint64(value, dropped);
    else
        gm_value_set_double(value, seconds > 0 ? (double)(generated - 1) / seconds : 0);
}

static void livesrc_init(GmObject *obj)
{
    GmBaseSrc *src = GM_BASE_SRC(obj);

    gm_video_info_init(&((LiveSrc *)gm_priv(obj))->info);
    gm_base_src_set_live(src, true);
    gm_base_src_set_format(src, GM_FORMAT_TIME);
}

static const GmStaticPadTemplate livesrc_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC,
      .static_caps = "video/x-raw, format = (string) { I420, GRAY8 }, width = (int) [ 16, 8192 ], "
                     "height = (int) [ 16, 8192 ], framerate = (fraction) [ 1/1, 1000/1 ]" },
    { 0 }
};

static const GmProperty livesrc_props[] = {
    { "fps", "Frames per second, unless downstream asks for others", GM_FIELD(LiveSrc, fps),
      .def = "30", .min = 1, .max = 1000 },
    { "width", "Columns, unless downstream asks for others", GM_FIELD(LiveSrc, width), .def = "320",
      .min = 16, .max = 8192 },
    { "height", "Rows, unless downstream asks for others", GM_FIELD(LiveSrc, height), .def = "240",
      .min = 16, .max = 8192 },
    { "keyframe-interval", "All frames but every N-th are marked DELTA_UNIT (0 = none is)",
      GM_FIELD(LiveSrc, keyframe_interval) },
    { "frames-generated", "Frames made since the start", GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { "frames-dropped", "Frames missed because nobody took them in time",
      GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { "actual-fps", "Frames per second that really came out", GM_COMPUTED(GM_TYPE_DOUBLE),
      .flags = GM_PARAM_READABLE },
    { 0 }
};

static const GmBaseSrcOps livesrc_ops = {
    .fixate = livesrc_fixate,
    .set_caps = livesrc_set_caps,
    .start = livesrc_start,
    .unlock = livesrc_unlock,
    .unlock_stop = livesrc_unlock_stop,
    .query = livesrc_query,
    .create = livesrc_create,
};

const GmElementClass gm_livesrc_class = {
    .name = "livesrc",
    .type_name = "GmLiveSrc",
    .parent = &gm_base_src_class.object,
    .longname = "Live source",
    .klass = "Source/Video",
    .description =
        "A camera that needs no hardware: numbered frames in real time, missed ones counted",
    .author = "The GstMini authors",
    .priv_size = sizeof(LiveSrc),
    .props = livesrc_props,
    .pads = livesrc_pads,
    .init = livesrc_init,
    .get_property = livesrc_get_property,
    .change_state = livesrc_change_state,
    .src = &livesrc_ops,
};
