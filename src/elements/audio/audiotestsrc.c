// SPDX-License-Identifier: MIT
//
// audiotestsrc: tones, noise and silence, sample by sample.
//
//     wave (phase) * volume --> S16LE, S32LE, F32LE or F64LE --> [src], 1024 samples a buffer
//
// What can be computed is computed as GStreamer's audiotestsrc does, in double and with the same
// steps of the phase, so that the bytes are the same; noise differs from run to run there, and
// is the same in every run here.
// Read next: core/base/base_src.h, elements/audio/wavenc.c.

#include <math.h>
#include <stdlib.h>

#include "audio/audio_info.h"
#include "gstmini-element.h"

#define TWO_PI (M_PI + M_PI)
#define TABLE 1024
#define PINK_ROWS 12

enum { SINE, SQUARE, SAW, TRIANGLE, SILENCE, WHITE, PINK, SINE_TABLE, TICKS, GAUSS, RED, BLUE,
       VIOLET };

static const GmEnumTable audiotestsrc_wave = {
    "GmAudioTestSrcWave",
    (const GmEnumValue[]){ { SINE, "Sine", "sine" },
                           { SQUARE, "Square", "square" },
                           { SAW, "Saw", "saw" },
                           { TRIANGLE, "Triangle", "triangle" },
                           { SILENCE, "Silence", "silence" },
                           { WHITE, "White uniform noise", "white-noise" },
                           { PINK, "Pink noise", "pink-noise" },
                           { SINE_TABLE, "Sine table", "sine-table" },
                           { TICKS, "Periodic Ticks", "ticks" },
                           { GAUSS, "White Gaussian noise", "gaussian-noise" },
                           { RED, "Red (brownian) noise", "red-noise" },
                           { BLUE, "Blue noise", "blue-noise" },
                           { VIOLET, "Violet noise", "violet-noise" },
                           { 0, NULL, NULL } },
    false
};

typedef struct {
    // properties: the waves may be changed while it plays
    _Atomic int      wave;
    _Atomic double   freq, volume, marker_volume;
    _Atomic unsigned periods, marker_period;
    _Atomic uint64_t tick_interval;
    _Atomic int64_t  timestamp_offset;
    _Atomic bool     ramp;
    int              samples_per_buffer;
    bool             is_live, can_push, can_pull;

    // the streaming thread's
    GmAudioInfo info;
    double      phase; // 0 … 2 pi
    double      table[TABLE];
    int64_t     next_sample, next_byte, sample_stop;
    GmClockTime next_time;
    bool        check_stop, at_end, reverse, tags_sent;
    int         tick_count;
    uint64_t    random;
    int32_t     pink_row[PINK_ROWS], pink_sum;
    unsigned    pink_index;
    double      red, sign, gauss;
    bool        have_gauss;
} AudioTestSrc;

// ---- noise: one value in [-1, 1] ----------------------------------------------------------------

static uint32_t audiotestsrc_random(AudioTestSrc *s)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return (uint32_t)(s->random >> 32);
}

static double audiotestsrc_uniform(AudioTestSrc *s)
{
    return audiotestsrc_random(s) * (2.0 / 4294967296.0) - 1.0;
}

// Voss and McCartney: the sum of random numbers of which number n changes every 2^n samples.
static double audiotestsrc_pink(AudioTestSrc *s)
{
    s->pink_index = (s->pink_index + 1) & ((1u << PINK_ROWS) - 1);
    if (s->pink_index != 0) {
        int32_t *row = &s->pink_row[__builtin_ctz(s->pink_index)];
        s->pink_sum -= *row;
        *row = (int32_t)(audiotestsrc_uniform(s) * 32768.0);
        s->pink_sum += *row;
    }
    return (s->pink_sum + audiotestsrc_uniform(s) * 32768.0) / ((PINK_ROWS + 1) * 32768.0);
}

// A random walk between two walls.
static double audiotestsrc_red(AudioTestSrc *s)
{
    double next;

    do
        next = s->red + audiotestsrc_uniform(s);
    while (next < -8.0 || next > 8.0);
    s->red = next;
    return next / 16.0;
}

// Box and Muller: two uniform numbers make two normal ones.
static double audiotestsrc_gauss(AudioTestSrc *s)
{
    if ((s->have_gauss = !s->have_gauss)) {
        double radius = sqrt(-2.0 * log(1.0 - (audiotestsrc_uniform(s) + 1.0) / 2.0));
        double angle = M_PI * (audiotestsrc_uniform(s) + 1.0);
        s->gauss = radius * sin(angle);
        return radius * cos(angle);
    }
    return s->gauss;
}

// ---- waves: the value of the sample at the phase, `amp` is volume times full scale --------------

// Piecewise straight: the slope as GStreamer computes it, to the last bit.
static double audiotestsrc_saw(double phase, double amp)
{
    double slope = amp / M_PI;

    return phase < M_PI ? phase * slope : (TWO_PI - phase) * -slope;
}

static double audiotestsrc_triangle(double phase, double amp)
{
    double slope = amp / M_PI_2;

    return phase < M_PI_2         ? phase * slope
           : phase < M_PI * 1.5   ? (phase - M_PI) * -slope
                                  : (TWO_PI - phase) * -slope;
}

static double audiotestsrc_look_up(AudioTestSrc *s)
{
    return s->table[(int)(s->phase * (TABLE / TWO_PI)) & (TABLE - 1)];
}

// A few periods of a sine at the start of each interval. `n` counts the samples of the stream
// from one buffer further on, because GStreamer's does: its first tick comes that much early.
static double audiotestsrc_tick(AudioTestSrc *s, int64_t n, double scale)
{
    int64_t every = (int64_t)gm_util_uint64_scale_int(s->tick_interval, s->info.rate,
                                                      (int)GM_SECOND);
    int64_t at = every > 0 ? n % every : 0;
    int64_t length = (int64_t)(s->info.rate * s->periods / s->freq);
    int64_t slope = s->ramp ? (int64_t)(s->info.rate / s->freq) : 0;
    double loud = 1.0;

    if (at == 0) {
        s->phase = 0;
        s->tick_count++;
    }
    if (at == 0 || at >= length)
        return 0.0;
    if (slope > 0 && at < slope)
        loud = (double)at / (double)slope;
    else if (slope > 0 && at >= length - slope)
        loud = (double)(length - at) / (double)slope;
    bool marker = s->marker_period > 0 && s->tick_count % (int)s->marker_period == 0;
    double amp = (marker ? s->marker_volume : s->volume) * scale;
    // Full scale is rounded before it is scaled, as GStreamer does.
    amp = scale > 1.0 ? trunc(amp) : s->info.finfo->width == 32 ? (float)amp : amp;
    return amp * (loud * loud * loud) * audiotestsrc_look_up(s);
}

static double audiotestsrc_value(AudioTestSrc *s, int wave, int64_t n, double amp, double scale)
{
    switch (wave) {
    case SINE:
        return sin(s->phase) * amp;
    case SQUARE:
        return s->phase < M_PI ? amp : -amp;
    case SAW:
        return audiotestsrc_saw(s->phase, amp);
    case TRIANGLE:
        return audiotestsrc_triangle(s->phase, amp);
    case WHITE:
        return amp * audiotestsrc_uniform(s);
    case PINK:
        return amp * audiotestsrc_pink(s);
    case SINE_TABLE:
        return scale * (audiotestsrc_look_up(s) * s->volume);
    case TICKS:
        return audiotestsrc_tick(s, n, scale);
    case GAUSS:
        return amp * audiotestsrc_gauss(s);
    case RED:
        return amp * audiotestsrc_red(s);
    case BLUE:
        return amp * s->sign * audiotestsrc_pink(s);
    case VIOLET:
        return amp * s->sign * audiotestsrc_red(s);
    default:
        return 0.0;
    }
}

static double audiotestsrc_clamp(double value, double limit)
{
    return value > limit ? limit : value < -limit ? -limit : value;
}

static void audiotestsrc_store(const GmAudioInfo *info, void *data, size_t i, double value)
{
    switch (GM_AUDIO_INFO_FORMAT(info)) {
    case GM_AUDIO_FORMAT_S16LE:
        ((int16_t *)data)[i] = (int16_t)audiotestsrc_clamp(value, 32767.0);
        break;
    case GM_AUDIO_FORMAT_S32LE:
        ((int32_t *)data)[i] = (int32_t)audiotestsrc_clamp(value, 2147483647.0);
        break;
    case GM_AUDIO_FORMAT_F32LE:
        ((float *)data)[i] = (float)value;
        break;
    default:
        ((double *)data)[i] = value;
        break;
    }
}

static void audiotestsrc_generate(AudioTestSrc *s, void *data, int64_t samples, int64_t next)
{
    GmAudioFormat format = GM_AUDIO_INFO_FORMAT(&s->info);
    double scale = format == GM_AUDIO_FORMAT_S16LE ? 32767.0
                   : format == GM_AUDIO_FORMAT_S32LE ? 2147483647.0 : 1.0;
    double step = TWO_PI * s->freq / s->info.rate, amp = s->volume * scale;
    int wave = s->wave, channels = s->info.channels;
    bool noise = wave == WHITE || wave == PINK || wave >= GAUSS; // its own in each channel

    for (int64_t i = 0; i < samples; i++) {
        if (wave != TICKS)
            s->phase += step;
        if (s->phase >= TWO_PI)
            s->phase -= TWO_PI;
        double value = audiotestsrc_value(s, wave, next + i, amp, scale);
        for (int c = 0; c < channels; c++) {
            if (noise && c > 0)
                value = audiotestsrc_value(s, wave, next + i, amp, scale);
            audiotestsrc_store(&s->info, data, (size_t)(i * channels + c), value);
        }
        if (wave == TICKS)
            s->phase += step;
        s->sign = -s->sign;
    }
}

// ---- the stream --------------------------------------------------------------------------------

static void audiotestsrc_send_tags(AudioTestSrc *s, GmElement *el)
{
    GmTagList *tags = gm_tag_list_new(GM_TAG_DESCRIPTION, "audiotest wave", NULL);

    s->tags_sent = true;
    gm_base_src_class.send_event(el, gm_event_new_tag(tags));
}

// How many samples from where we are; *next: where that leads to.
static int64_t audiotestsrc_count(AudioTestSrc *s, int64_t samples, int64_t *next)
{
    bool last = s->check_stop &&
                (s->reverse ? s->sample_stop >= s->next_sample - samples
                            : s->sample_stop > s->next_sample &&
                                s->sample_stop < s->next_sample + samples);

    s->at_end = last;
    if (last) {
        *next = s->sample_stop;
        return s->reverse ? s->next_sample - s->sample_stop : s->sample_stop - s->next_sample;
    }
    *next = s->next_sample + (s->reverse ? -samples : samples);
    return samples;
}

static GmFlowReturn audiotestsrc_fill(GmBaseSrc *src, uint64_t offset, unsigned length,
                                      GmBuffer *buffer)
{
    AudioTestSrc *s = gm_priv(src);
    int bpf = s->info.bpf, rate = s->info.rate;
    int64_t next;
    GmMapInfo map;

    if (!s->tags_sent)
        audiotestsrc_send_tags(s, GM_ELEMENT(src));
    if (s->at_end)
        return GM_FLOW_EOS;
    if (offset != UINT64_MAX && (int64_t)offset != s->next_byte) { // pull mode jumps
        s->next_sample = (int64_t)offset / bpf;
        s->next_time = gm_util_uint64_scale_int((uint64_t)s->next_sample, (int)GM_SECOND, rate);
        s->next_byte = (int64_t)offset;
    }
    int64_t samples = length == UINT32_MAX ? s->samples_per_buffer : (int64_t)length / bpf;
    samples = audiotestsrc_count(s, samples, &next);
    GmClockTime next_time = gm_util_uint64_scale_int((uint64_t)next, (int)GM_SECOND, rate);

    gm_buffer_set_size(buffer, (ssize_t)(samples * bpf));
    if (!gm_buffer_map(buffer, &map, GM_MAP_WRITE)) {
        GM_ELEMENT_ERROR(src, RESOURCE, NO_SPACE_LEFT, (NULL), ("no memory to write samples to"));
        return GM_FLOW_ERROR;
    }
    audiotestsrc_generate(s, map.data, samples, next);
    gm_buffer_unmap(buffer, &map);

    GM_BUFFER_OFFSET(buffer) = (uint64_t)s->next_sample;
    GM_BUFFER_OFFSET_END(buffer) = (uint64_t)next;
    GM_BUFFER_PTS(buffer) =
        (GmClockTime)s->timestamp_offset + (s->reverse ? next_time : s->next_time);
    GM_BUFFER_DURATION(buffer) = s->reverse ? s->next_time - next_time : next_time - s->next_time;
    if (s->wave == SILENCE || s->volume == 0.0)
        GM_BUFFER_FLAG_SET(buffer, GM_BUFFER_FLAG_GAP);
    s->next_time = next_time;
    s->next_sample = next;
    s->next_byte += (s->reverse ? -samples : samples) * bpf;
    return GM_FLOW_OK;
}

static void audiotestsrc_get_times(GmBaseSrc *src, GmBuffer *buffer, GmClockTime *start,
                                   GmClockTime *end)
{
    *start = *end = GM_CLOCK_TIME_NONE;
    if (!gm_base_src_is_live(src) || !GM_BUFFER_PTS_IS_VALID(buffer))
        return;
    *start = GM_BUFFER_PTS(buffer);
    if (GM_BUFFER_DURATION_IS_VALID(buffer))
        *end = *start + GM_BUFFER_DURATION(buffer);
}

static bool audiotestsrc_do_seek(GmBaseSrc *src, GmSegment *segment)
{
    AudioTestSrc *s = gm_priv(src);
    uint64_t rate = (uint64_t)s->info.rate, second = (uint64_t)GM_SECOND;

    s->reverse = segment->rate < 0.0;
    // The sample at or before the time, never the one after it.
    s->next_sample = (int64_t)gm_util_uint64_scale(segment->position, rate, second);
    s->next_byte = s->next_sample * s->info.bpf;
    s->next_time = rate ? gm_util_uint64_scale_round((uint64_t)s->next_sample, second, rate) : 0;
    uint64_t stop = s->reverse ? segment->start : segment->stop;
    s->check_stop = s->reverse || GM_CLOCK_TIME_IS_VALID(stop);
    if (s->check_stop)
        s->sample_stop = (int64_t)gm_util_uint64_scale_round(stop, rate, second);
    s->at_end = false;
    return true;
}

static bool audiotestsrc_is_seekable(GmBaseSrc *src)
{
    (void)src;
    return true;
}

// ---- negotiation -------------------------------------------------------------------------------

static GmCaps *audiotestsrc_fixate(GmBaseSrc *src, GmCaps *caps)
{
    AudioTestSrc *s = gm_priv(src);
    GmCaps *mine = gm_caps_make_writable(caps);
    GmStructure *st = gm_caps_get_structure(mine, 0);
    int rate = s->freq * 2 > 44100 ? (int)(s->freq * 2) : 44100;

    gm_structure_fixate_field_nearest_int(st, "rate", rate);
    gm_structure_fixate_field_string(st, "format", "S16LE");
    gm_structure_fixate_field_string(st, "layout", "interleaved");
    gm_structure_fixate_field_nearest_int(st, "channels", 1);
    return gm_base_src_ops.fixate(src, mine);
}

static bool audiotestsrc_set_caps(GmBaseSrc *src, GmCaps *caps)
{
    AudioTestSrc *s = gm_priv(src);

    if (!gm_audio_info_from_caps(&s->info, caps))
        return false;
    gm_base_src_set_blocksize(src, (unsigned)(s->info.bpf * s->samples_per_buffer));
    return true;
}

static bool audiotestsrc_query(GmBaseSrc *src, GmQuery *query)
{
    AudioTestSrc *s = gm_priv(src);
    GmFormat from, to;
    int64_t value, result;

    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_CONVERT:
        gm_query_parse_convert(query, &from, &value, &to, &result);
        if (!gm_audio_info_convert(&s->info, from, value, to, &result))
            return false;
        gm_query_set_convert(query, from, value, to, result);
        return true;
    case GM_QUERY_SCHEDULING:
        gm_query_set_scheduling(query, GM_SCHEDULING_FLAG_SEEKABLE, 1, -1, 0);
        gm_query_add_scheduling_mode(query, GM_PAD_MODE_PUSH);
        if (s->can_pull)
            gm_query_add_scheduling_mode(query, GM_PAD_MODE_PULL);
        return true;
    case GM_QUERY_LATENCY:
        if (s->info.rate <= 0)
            return false;
        gm_query_set_latency(query, gm_base_src_is_live(src),
                             gm_util_uint64_scale((uint64_t)s->samples_per_buffer,
                                                  (uint64_t)GM_SECOND,
                                                  (uint64_t)s->info.rate), GM_CLOCK_TIME_NONE);
        return true;
    default:
        return gm_base_src_ops.query(src, query);
    }
}

static bool audiotestsrc_start(GmBaseSrc *src)
{
    AudioTestSrc *s = gm_priv(src);

    s->next_sample = s->next_byte = 0;
    s->next_time = 0;
    s->check_stop = s->at_end = s->tags_sent = s->reverse = s->have_gauss = false;
    s->phase = s->red = 0.0;
    s->sign = 1.0;
    s->tick_count = 0;
    s->random = 88172645463325252u; // any but zero
    memset(s->pink_row, 0, sizeof s->pink_row);
    s->pink_sum = 0;
    s->pink_index = 0;
    return true;
}

// ---- the manifest -------------------------------------------------------------------------------

static void audiotestsrc_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    AudioTestSrc *s = gm_priv(obj);
    GmBaseSrc *src = GM_BASE_SRC(obj);

    (void)value;
    if (strcmp(prop->name, "is-live") == 0)
        gm_base_src_set_live(src, s->is_live);
    else if (strcmp(prop->name, "samplesperbuffer") == 0 && s->info.bpf > 0)
        gm_base_src_set_blocksize(src, (unsigned)(s->info.bpf * s->samples_per_buffer));
    GM_OBJECT_LOCK(obj);
    src->can_activate_push = s->can_push;
    src->random_access = s->can_pull;
    GM_OBJECT_UNLOCK(obj);
}

static void audiotestsrc_init(GmObject *obj)
{
    AudioTestSrc *s = gm_priv(obj);

    gm_base_src_set_format(GM_BASE_SRC(obj), GM_FORMAT_TIME);
    gm_base_src_set_blocksize(GM_BASE_SRC(obj), UINT32_MAX);
    for (int i = 0; i < TABLE; i++)
        s->table[i] = i == 0 ? 0.0 : sin(i * (TWO_PI / TABLE));
}

static const GmStaticPadTemplate audiotestsrc_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC,
      .static_caps = "audio/x-raw, format = (string) { S16LE, S32LE, F32LE, F64LE }, "
                     "layout = (string) interleaved, rate = (int) [ 1, max ], "
                     "channels = (int) [ 1, 2 ]" },
    { 0 }
};

#define LIVE (GM_PARAM_READWRITE | GM_PARAM_MUTABLE_PLAYING | GM_PARAM_CONTROLLABLE)
static const GmProperty audiotestsrc_props[] = {
    { "apply-tick-ramp", "Apply ramp to tick samples", GM_FIELD(AudioTestSrc, ramp),
      .flags = LIVE },
    { "can-activate-pull", "Can activate in pull mode", GM_FIELD(AudioTestSrc, can_pull) },
    { "can-activate-push", "Can activate in push mode", GM_FIELD(AudioTestSrc, can_push),
      .def = "true" },
    { "freq", "Frequency of test signal. The sample rate needs to be at least 2 times higher.",
      GM_FIELD(AudioTestSrc, freq), .def = "440", .max = INT_MAX / 2, .flags = LIVE },
    { "is-live", "Whether to act as a live source", GM_FIELD(AudioTestSrc, is_live) },
    { "marker-tick-period", "Make every Nth tick a marker tick (= a tick with different volume). "
      "Only used if wave = ticks. 0 = no marker ticks.", GM_FIELD(AudioTestSrc, marker_period),
      .flags = LIVE },
    { "marker-tick-volume", "Volume of marker ticks. Only used if wave = ticks and "
      "marker-tick-period is set to a nonzero value.", GM_FIELD(AudioTestSrc, marker_volume),
      .def = "1", .max = 1, .flags = LIVE },
    { "samplesperbuffer", "Number of samples in each outgoing buffer",
      GM_FIELD(AudioTestSrc, samples_per_buffer), .def = "1024", .min = 1, .max = INT_MAX },
    { "sine-periods-per-tick",
      "Number of sine wave periods in one tick. Only used if wave = ticks.",
      GM_FIELD(AudioTestSrc, periods), .def = "10", .min = 1, .max = UINT32_MAX, .flags = LIVE },
    { "tick-interval", "Distance between start of current and start of next tick, in nanoseconds.",
      GM_FIELD(AudioTestSrc, tick_interval), .def = "1000000000", .min = 1,
      .max = (double)UINT64_MAX,
      .flags = LIVE },
    { "timestamp-offset", "An offset added to timestamps set on buffers (in ns)",
      GM_FIELD(AudioTestSrc, timestamp_offset), .flags = LIVE },
    { "volume", "Volume of test signal", GM_FIELD(AudioTestSrc, volume), .def = "0.8", .max = 1,
      .flags = LIVE },
    { "wave", "Oscillator waveform", GM_ENUM_FIELD(AudioTestSrc, wave, &audiotestsrc_wave),
      .def = "sine", .flags = LIVE },
    { 0 }
};

static const GmBaseSrcOps audiotestsrc_ops = {
    .fixate = audiotestsrc_fixate,
    .set_caps = audiotestsrc_set_caps,
    .start = audiotestsrc_start,
    .get_times = audiotestsrc_get_times,
    .is_seekable = audiotestsrc_is_seekable,
    .do_seek = audiotestsrc_do_seek,
    .query = audiotestsrc_query,
    .fill = audiotestsrc_fill,
};

const GmElementClass gm_audiotestsrc_class = {
    .name = "audiotestsrc",
    .type_name = "GmAudioTestSrc",
    .parent = &gm_base_src_class.object,
    .longname = "Audio test source",
    .klass = "Source/Audio",
    .description = "Creates audio test signals of given frequency and volume",
    .author = "The GstMini authors",
    .priv_size = sizeof(AudioTestSrc),
    .props = audiotestsrc_props,
    .pads = audiotestsrc_pads,
    .init = audiotestsrc_init,
    .set_property = audiotestsrc_set_property,
    .src = &audiotestsrc_ops,
};
