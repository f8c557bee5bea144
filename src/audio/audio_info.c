// SPDX-License-Identifier: MIT
//
// audio_info: see audio_info.h.
#include "audio/audio_info.h"

#include <string.h>

#include "core/caps.h"
#include "core/structure.h"
#include "core/util.h"
#include "core/value.h"

#define INT_SIGNED (GM_AUDIO_FORMAT_FLAG_INTEGER | GM_AUDIO_FORMAT_FLAG_SIGNED)

static const GmAudioFormatInfo audio_formats[] = {
    { GM_AUDIO_FORMAT_ENCODED, "ENCODED", 0, false, 0, 0 },
    { GM_AUDIO_FORMAT_S8, "S8", INT_SIGNED, false, 8, 0 },
    { GM_AUDIO_FORMAT_U8, "U8", GM_AUDIO_FORMAT_FLAG_INTEGER, false, 8, 0x80 },
    { GM_AUDIO_FORMAT_S16LE, "S16LE", INT_SIGNED, false, 16, 0 },
    { GM_AUDIO_FORMAT_S16BE, "S16BE", INT_SIGNED, true, 16, 0 },
    { GM_AUDIO_FORMAT_S24LE, "S24LE", INT_SIGNED, false, 24, 0 },
    { GM_AUDIO_FORMAT_S32LE, "S32LE", INT_SIGNED, false, 32, 0 },
    { GM_AUDIO_FORMAT_F32LE, "F32LE", GM_AUDIO_FORMAT_FLAG_FLOAT, false, 32, 0 },
    { GM_AUDIO_FORMAT_F64LE, "F64LE", GM_AUDIO_FORMAT_FLAG_FLOAT, false, 64, 0 },
};

GmAudioFormat gm_audio_format_from_string(const char *name)
{
    for (size_t i = 0; name != NULL && i < GM_LEN(audio_formats); i++)
        if (strcmp(audio_formats[i].name, name) == 0)
            return audio_formats[i].format;
    return GM_AUDIO_FORMAT_UNKNOWN;
}

const GmAudioFormatInfo *gm_audio_format_get_info(GmAudioFormat format)
{
    for (size_t i = 0; i < GM_LEN(audio_formats); i++)
        if (audio_formats[i].format == format)
            return &audio_formats[i];
    return NULL;
}

const char *gm_audio_format_to_string(GmAudioFormat format)
{
    const GmAudioFormatInfo *finfo = gm_audio_format_get_info(format);
    return finfo ? finfo->name : NULL;
}

void gm_audio_format_fill_silence(const GmAudioFormatInfo *info, void *dest, size_t length)
{
    if (!GM_REQUIRE(info != NULL && dest != NULL)) return;
    memset(dest, info->silence, length);
}

void gm_audio_info_init(GmAudioInfo *info)
{
    if (!GM_REQUIRE(info != NULL)) return;
    *info = (GmAudioInfo){ 0 };
}

bool gm_audio_info_set_format(GmAudioInfo *info, GmAudioFormat format, int rate, int channels,
                              uint64_t mask)
{
    const GmAudioFormatInfo *finfo = gm_audio_format_get_info(format);
    if (!GM_REQUIRE(info != NULL && finfo != NULL && channels > 0 && channels <= 64)) return false;
    *info = (GmAudioInfo){ .finfo = finfo, .rate = rate, .channels = channels };
    info->bpf = finfo->width * channels / 8;
    info->channel_mask = mask || channels != 2 ? mask : 3;
    if (channels > 1 && info->channel_mask == 0)
        info->flags |= GM_AUDIO_FLAG_UNPOSITIONED;
    return true;
}

bool gm_audio_info_from_caps(GmAudioInfo *info, const GmCaps *caps)
{
    if (!GM_REQUIRE(info != NULL && caps != NULL && gm_caps_is_fixed(caps))) return false;
    const GmStructure *s = gm_caps_get_structure(caps, 0);
    int rate = 0, channels = 0;
    bool has_rate = gm_structure_get_int(s, "rate", &rate);
    bool has_channels = gm_structure_get_int(s, "channels", &channels);
    gm_audio_info_init(info);
    if (!gm_structure_has_name(s, "audio/x-raw")) {
        info->finfo = gm_audio_format_get_info(GM_AUDIO_FORMAT_ENCODED);
        info->rate = rate;
        info->channels = channels;
        return gm_str_has_prefix(gm_structure_get_name(s), "audio/");
    }
    GmAudioFormat format = gm_audio_format_from_string(gm_structure_get_string(s, "format"));
    const char *layout = gm_structure_get_string(s, "layout");
    const GmValue *mask = gm_structure_get_value(s, "channel-mask");
    bool planar = layout != NULL && strcmp(layout, "non-interleaved") == 0;
    if (format == GM_AUDIO_FORMAT_UNKNOWN || !has_rate || !has_channels || channels < 1 ||
        channels > 64 || layout == NULL || (!planar && strcmp(layout, "interleaved") != 0))
        return false;
    // More than two channels do not explain themselves.
    if (mask == NULL && channels > 2)
        return false;
    uint64_t bits = mask ? gm_value_get_bitmask(mask) : 0;
    gm_audio_info_set_format(info, format, rate, channels, bits);
    if (mask != NULL && channels > 1 && __builtin_popcountll(bits) != channels) {
        info->channel_mask = 0;
        info->flags |= GM_AUDIO_FLAG_UNPOSITIONED;
    }
    info->layout = planar ? GM_AUDIO_LAYOUT_NON_INTERLEAVED : GM_AUDIO_LAYOUT_INTERLEAVED;
    return true;
}

GmCaps *gm_audio_info_to_caps(const GmAudioInfo *info)
{
    if (!GM_REQUIRE(info != NULL && info->finfo != NULL)) return NULL;
    bool planar = info->layout == GM_AUDIO_LAYOUT_NON_INTERLEAVED;
    GmCaps *caps = gm_caps_new_simple(
        "audio/x-raw", "format", GM_TYPE_STRING, info->finfo->name, "layout", GM_TYPE_STRING,
        planar ? "non-interleaved" : "interleaved", "rate", GM_TYPE_INT, info->rate, "channels",
        GM_TYPE_INT, info->channels, NULL);
    if (info->channels > 1)
        gm_caps_set_simple(caps, "channel-mask", GM_TYPE_BITMASK, info->channel_mask, NULL);
    return caps;
}

bool gm_audio_info_is_equal(const GmAudioInfo *info, const GmAudioInfo *other)
{
    return info->finfo == other->finfo && info->flags == other->flags &&
           info->layout == other->layout && info->rate == other->rate &&
           info->channels == other->channels && info->bpf == other->bpf &&
           info->channel_mask == other->channel_mask;
}

bool gm_audio_info_convert(const GmAudioInfo *info, GmFormat src_format, int64_t src_value,
                           GmFormat dest_format, int64_t *dest_value)
{
    if (!GM_REQUIRE(info != NULL && dest_value != NULL)) return false;
    *dest_value = src_value;
    if (src_format == dest_format || src_value == -1)
        return true;
    if (info->bpf == 0 || info->rate == 0)
        return false;
    // One frame in each format, as a fraction; bytes round down to whole frames.
    uint64_t frames = (uint64_t)src_value;
    if (src_format == GM_FORMAT_BYTES)
        frames /= (uint64_t)info->bpf;
    else if (src_format == GM_FORMAT_TIME)
        frames = gm_util_uint64_scale(frames, (uint64_t)info->rate, (uint64_t)GM_SECOND);
    else if (src_format != GM_FORMAT_DEFAULT)
        return false;
    if (dest_format == GM_FORMAT_BYTES)
        frames *= (uint64_t)info->bpf;
    else if (dest_format == GM_FORMAT_TIME)
        frames = gm_util_uint64_scale(frames, (uint64_t)GM_SECOND, (uint64_t)info->rate);
    else if (dest_format != GM_FORMAT_DEFAULT)
        return false;
    *dest_value = (int64_t)frames;
    return true;
}
