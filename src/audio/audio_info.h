// SPDX-License-Identifier: MIT
//
// audio_info: how samples lie in memory, and the caps that say so.
//
//     interleaved:      one frame is bpf bytes: a sample of each channel, in order
//     non-interleaved:  all samples of channel 0, then of channel 1, …
//
// Plain values: any thread, nothing blocks. Pointers are not NULL; misuse is a critical and false.
// Read next: src/elements/audio/.
#ifndef GM_AUDIO_INFO_H
#define GM_AUDIO_INFO_H

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GM_AUDIO_FORMATS_ALL "{ S8, U8, S16LE, S16BE, S24LE, S32LE, F32LE, F64LE }"

// The numbers are GStreamer's.
typedef enum {
    GM_AUDIO_FORMAT_UNKNOWN = 0,
    GM_AUDIO_FORMAT_ENCODED = 1, // anything but audio/x-raw
    GM_AUDIO_FORMAT_S8 = 2,
    GM_AUDIO_FORMAT_U8 = 3,
    GM_AUDIO_FORMAT_S16LE = 4,
    GM_AUDIO_FORMAT_S16BE = 5,
    GM_AUDIO_FORMAT_S32LE = 12,
    GM_AUDIO_FORMAT_S24LE = 16,
    GM_AUDIO_FORMAT_F32LE = 28,
    GM_AUDIO_FORMAT_F64LE = 30
} GmAudioFormat;

typedef enum {
    GM_AUDIO_FORMAT_FLAG_INTEGER = 1 << 0,
    GM_AUDIO_FORMAT_FLAG_FLOAT   = 1 << 1,
    GM_AUDIO_FORMAT_FLAG_SIGNED  = 1 << 2
} GmAudioFormatFlags;

typedef struct {
    GmAudioFormat format;
    const char   *name;
    unsigned flags; // GmAudioFormatFlags
    bool     big_endian; // of samples of more than a byte
    int      width; // bits of a sample
    uint8_t  silence; // each byte of silence
} GmAudioFormatInfo;

GmAudioFormat gm_audio_format_from_string(const char *name); // UNKNOWN if there is none
const char *gm_audio_format_to_string(GmAudioFormat format); // NULL for UNKNOWN
const GmAudioFormatInfo *gm_audio_format_get_info(GmAudioFormat format); // NULL: not supported
// Writes `length` bytes of silence to dest.
void gm_audio_format_fill_silence(const GmAudioFormatInfo *info, void *dest, size_t length);

typedef enum {
    GM_AUDIO_LAYOUT_INTERLEAVED = 0,
    GM_AUDIO_LAYOUT_NON_INTERLEAVED
} GmAudioLayout;
#define GM_AUDIO_FLAG_UNPOSITIONED (1u << 0) // channels have no place: channel_mask is 0

typedef struct {
    const GmAudioFormatInfo *finfo;
    unsigned      flags; // GM_AUDIO_FLAG_*
    GmAudioLayout layout;
    int      rate, channels; // frames per second; 1 … 64
    int      bpf; // bytes of a frame
    uint64_t channel_mask; // bit n: GStreamer's channel position n; mono: 0
} GmAudioInfo;

// Unchecked; all but IS_VALID want an info that is. WIDTH and DEPTH in bits, BPS and BPF in bytes
// (of a sample, of a frame).
#define GM_AUDIO_INFO_IS_VALID(i) \
    ((i)->finfo != NULL && (i)->rate > 0 && (i)->channels > 0 && (i)->bpf > 0)
#define GM_AUDIO_INFO_FORMAT(i) ((i)->finfo->format)
#define GM_AUDIO_INFO_NAME(i) ((i)->finfo->name)
#define GM_AUDIO_INFO_WIDTH(i) ((i)->finfo->width)
#define GM_AUDIO_INFO_DEPTH(i) ((i)->finfo->width)
#define GM_AUDIO_INFO_BPS(i) ((i)->finfo->width >> 3)
#define GM_AUDIO_INFO_LAYOUT(i) ((i)->layout)
#define GM_AUDIO_INFO_RATE(i) ((i)->rate)
#define GM_AUDIO_INFO_CHANNELS(i) ((i)->channels)
#define GM_AUDIO_INFO_BPF(i) ((i)->bpf)

void gm_audio_info_init(GmAudioInfo *info); // all zero: not valid
// Interleaved; mono, stereo, or channels without a place. `mask` 0: the usual places (mono and
// stereo only). False: format unknown.
bool gm_audio_info_set_format(GmAudioInfo *info, GmAudioFormat format, int rate, int channels,
                              uint64_t mask);
bool gm_audio_info_from_caps(GmAudioInfo *info, const GmCaps *caps); // false: lacking something
GmCaps *gm_audio_info_to_caps(const GmAudioInfo *info);              // gives
bool gm_audio_info_is_equal(const GmAudioInfo *info, const GmAudioInfo *other); // in all fields
// Between bytes, frames (GM_FORMAT_DEFAULT) and time (ns); -1 stays -1. False: not known.
bool gm_audio_info_convert(const GmAudioInfo *info, GmFormat src_format, int64_t src_value,
                           GmFormat dest_format, int64_t *dest_value);

#ifdef __cplusplus
}
#endif
#endif
