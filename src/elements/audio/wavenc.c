// SPDX-License-Identifier: MIT
//
// wavenc: raw audio into a WAV file.
//
//     [sink] audio/x-raw  -->  header (sizes unknown), samples …, LIST chunk of the tags
//                              … and at EOS: back to byte 0, the header with the true sizes
//
// To go back it sends a byte segment that starts at 0; a sink that cannot seek keeps the first
// header, whose sizes say "very long". RF64 is the form for more than 4 GiB: downstream asks for
// it by its caps.
// Read next: elements/core/filesink.c, elements/audio/audiotestsrc.c.

#include <stdlib.h>

#include "audio/audio_info.h"
#include "gstmini-element.h"

#define HEADER_MAX 80
#define UNKNOWN_LENGTH 0x7FFF0000u

enum { FORMAT_PCM = 1, FORMAT_FLOAT = 3, FORMAT_ALAW = 6, FORMAT_MULAW = 7 };

// The streaming thread's.
typedef struct {
    GmPad    *srcpad;
    int       format, width, channels, rate;
    uint64_t  audio_length, meta_length;
    bool      rf64, header_sent, finished;
    GmTagList *tags; // the last that came, or NULL
} WavEnc;

// ---- bytes, little-endian -----------------------------------------------------------------------

static uint8_t *wavenc_put(uint8_t *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        *to++ = (uint8_t)(value >> (8 * i));
    return to;
}

static uint8_t *wavenc_chunk(uint8_t *to, const char *id, uint64_t size)
{
    memcpy(to, id, 4);
    return wavenc_put(to + 4, size, 4);
}

static unsigned wavenc_header_length(const WavEnc *s)
{
    return 12 + 24 + 8 + (s->rf64 ? 36 : 0);
}

static GmBuffer *wavenc_header(const WavEnc *s)
{
    uint8_t bytes[HEADER_MAX], *p = bytes;
    int frame = s->width / 8 * s->channels;
    uint64_t riff = s->meta_length + s->audio_length + wavenc_header_length(s) - 8;

    p = wavenc_chunk(p, s->rf64 ? "RF64" : "RIFF", s->rf64 ? UINT32_MAX : riff);
    memcpy(p, "WAVE", 4);
    p += 4;
    if (s->rf64) {
        p = wavenc_chunk(p, "ds64", 28);
        p = wavenc_put(p, riff, 8);
        p = wavenc_put(p, s->audio_length, 8);
        p = wavenc_put(p, frame ? s->audio_length / (unsigned)frame : 0, 8);
        p = wavenc_put(p, 0, 4);
    }
    p = wavenc_chunk(p, "fmt ", 16);
    p = wavenc_put(p, (unsigned)s->format, 2);
    p = wavenc_put(p, (unsigned)s->channels, 2);
    p = wavenc_put(p, (unsigned)s->rate, 4);
    p = wavenc_put(p, (uint64_t)s->rate * (unsigned)frame, 4);
    p = wavenc_put(p, (unsigned)frame, 2);
    p = wavenc_put(p, (unsigned)s->width, 2);
    p = wavenc_chunk(p, "data", s->rf64 ? UINT32_MAX : s->audio_length);
    return gm_buffer_new_memdup(bytes, (size_t)(p - bytes));
}

static GmFlowReturn wavenc_push_header(WavEnc *s)
{
    GmSegment segment;

    gm_segment_init(&segment, GM_FORMAT_BYTES);
    if (!gm_pad_push_event(s->srcpad, gm_event_new_segment(&segment)))
        return GM_FLOW_ERROR;
    GmBuffer *header = wavenc_header(s);
    GM_BUFFER_OFFSET(header) = 0;
    return gm_pad_push(s->srcpad, header);
}

// ---- tags ---------------------------------------------------------------------------------------

static void wavenc_add_tag(const GmTagList *tags, const char *tag, void *user_data)
{
    static const char *const names[][2] = {
        { "location", "IARL" }, { "artist", "IART" },   { "comment", "ICMT" },
        { "copyright", "ICOP" },
        { "genre", "IGNR" },    { "keywords", "IKEY" }, { "title", "INAM" },   { "album", "IPRD" },
        { "album-artist", "ISBJ" }, { "encoder", "ISFT" }, { "isrc", "ISRC" },
    };
    GmString *out = user_data;
    uint8_t head[8];
    char *text;

    for (size_t i = 0; i < GM_LEN(names); i++) {
        if (strcmp(names[i][0], tag) != 0 || !gm_tag_list_get_string(tags, tag, &text))
            continue;
        size_t size = strlen(text) + 1, even = (size + 1) & ~(size_t)1;
        wavenc_chunk(head, names[i][1], even);
        gm_string_append_len(out, (const char *)head, sizeof head);
        gm_string_append_len(out, text, size);
        if (even > size)
            gm_string_append_c(out, 0);
        free(text);
    }
}

static GmFlowReturn wavenc_push_tags(WavEnc *s)
{
    if (!s->tags)
        return GM_FLOW_OK;
    GmString *out = gm_string_new(NULL);
    gm_string_append_len(out, "LIST\0\0\0\0INFO", 12);
    gm_tag_list_foreach(s->tags, wavenc_add_tag, out);
    wavenc_put((uint8_t *)out->str + 4, out->len - 8, 4);
    GmBuffer *buffer = gm_buffer_new_memdup(out->str, out->len);
    gm_string_free(out, true);
    s->meta_length += gm_buffer_get_size(buffer);
    return gm_pad_push(s->srcpad, buffer);
}

// ---- the stream ---------------------------------------------------------------------------------

// Called before the data only: fixed caps on the pad refuse others later.
static bool wavenc_set_caps(GmElement *el, WavEnc *s, GmCaps *caps)
{
    const GmStructure *st = gm_caps_get_structure(caps, 0);
    WavEnc next = *s;
    GmAudioInfo info;

    next.width = 8;
    bool ok = gm_structure_get_int(st, "channels", &next.channels) &&
              gm_structure_get_int(st, "rate", &next.rate);
    if (gm_structure_has_name(st, "audio/x-alaw")) {
        next.format = FORMAT_ALAW;
    } else if (gm_structure_has_name(st, "audio/x-mulaw")) {
        next.format = FORMAT_MULAW;
    } else {
        ok = ok && gm_audio_info_from_caps(&info, caps);
        next.width = ok ? info.finfo->width : 0;
        next.format = ok &&
            info.finfo->flags & GM_AUDIO_FORMAT_FLAG_FLOAT ? FORMAT_FLOAT : FORMAT_PCM;
    }
    if (!ok) {
        GM_ELEMENT_ERROR(el, STREAM, FORMAT, (NULL), ("wavenc cannot read these caps"));
        return false;
    }
    *s = next;
    return true;
}

// Caps, then the header whose sizes are not yet known.
static GmFlowReturn wavenc_begin(WavEnc *s)
{
    GmCaps *caps = gm_pad_get_allowed_caps(s->srcpad);

    if (!caps)
        return GM_FLOW_NOT_LINKED;
    if (gm_caps_is_empty(caps)) {
        gm_caps_unref(caps);
        return GM_FLOW_NOT_NEGOTIATED;
    }
    caps = gm_caps_truncate(caps);
    s->rf64 = gm_structure_has_name(gm_caps_get_structure(caps, 0), "audio/x-rf64");
    gm_pad_push_event(s->srcpad, gm_event_new_caps(caps));
    gm_caps_unref(caps);
    s->finished = false;
    GmFlowReturn ret = wavenc_push_header(s);
    if (ret == GM_FLOW_OK) {
        s->audio_length = 0;
        s->header_sent = true;
    }
    return ret;
}

static GmFlowReturn wavenc_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    WavEnc *s = gm_priv(parent);
    GmFlowReturn ret = GM_FLOW_OK;

    (void)pad;
    if (s->channels <= 0) {
        GM_ELEMENT_ERROR(parent, CORE, NEGOTIATION, (NULL), ("format wasn't negotiated"));
        ret = GM_FLOW_NOT_NEGOTIATED;
    } else if (!s->header_sent) {
        ret = wavenc_begin(s);
    }
    if (ret != GM_FLOW_OK) {
        gm_buffer_unref(buffer);
        return ret;
    }
    buffer = gm_buffer_make_writable(buffer);
    GM_BUFFER_OFFSET(buffer) = wavenc_header_length(s) + s->audio_length;
    GM_BUFFER_OFFSET_END(buffer) = GM_BUFFER_OFFSET_NONE;
    s->audio_length += gm_buffer_get_size(buffer);
    return gm_pad_push(s->srcpad, buffer);
}

static void wavenc_finish(GmElement *el, WavEnc *s)
{
    // Without a single buffer there is a file all the same.
    if (!s->header_sent && s->channels > 0)
        s->audio_length = 0;
    wavenc_push_tags(s);
    if (!s->rf64 && s->meta_length + s->audio_length > UINT32_MAX - HEADER_MAX)
        GM_ELEMENT_WARNING(el, STREAM, MUX, ("The audio is longer than a WAV file can say."),
                           ("%" PRIu64 " bytes; ask for audio/x-rf64 behind wavenc",
                            s->audio_length));
    wavenc_push_header(s);
    s->finished = true;
}

static bool wavenc_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    WavEnc *s = gm_priv(parent);
    GmTagList *tags;
    GmCaps *caps;
    bool ok = true;

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_CAPS:
        gm_event_parse_caps(event, &caps);
        ok = wavenc_set_caps(GM_ELEMENT(parent), s, caps);
        gm_event_unref(event);
        return ok;
    case GM_EVENT_SEGMENT: // one of time; ours counts bytes
        gm_event_unref(event);
        return true;
    case GM_EVENT_TAG:
        gm_event_parse_tag(event, &tags);
        gm_mini_object_replace((GmMiniObject **)&s->tags, GM_MINI_OBJECT_CAST(tags));
        break;
    case GM_EVENT_EOS:
        wavenc_finish(GM_ELEMENT(parent), s);
        break;
    default:
        break;
    }
    return gm_pad_event_default(pad, parent, event);
}

static GmStateChangeReturn wavenc_change_state(GmElement *el, GmStateChange transition)
{
    WavEnc *s = gm_priv(el);

    if (transition == GM_STATE_CHANGE_NULL_TO_READY ||
        transition == GM_STATE_CHANGE_READY_TO_PAUSED) {
        s->channels = 0;
        s->audio_length = UNKNOWN_LENGTH;
        s->meta_length = 0;
        s->header_sent = s->rf64 = false;
        s->finished = true; // nothing was begun
    }
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);
    if (transition != GM_STATE_CHANGE_PAUSED_TO_READY)
        return ret;
    if (!s->finished)
        GM_ELEMENT_WARNING(el, STREAM, MUX, ("Wav stream not finished properly"),
                           ("Wav stream not finished properly, no EOS received before shutdown"));
    gm_mini_object_replace((GmMiniObject **)&s->tags, NULL);
    return ret;
}

static void wavenc_init(GmObject *obj)
{
    ((WavEnc *)gm_priv(obj))->srcpad = gm_element_peek_static_pad(GM_ELEMENT(obj), "src");
}

static void wavenc_finalize(GmObject *obj)
{
    gm_mini_object_replace((GmMiniObject **)&((WavEnc *)gm_priv(obj))->tags, NULL);
}

static const GmStaticPadTemplate wavenc_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = wavenc_chain,
      .event = wavenc_event,
      .static_caps = "audio/x-raw, rate = (int) [ 1, max ], channels = (int) [ 1, 2 ], "
                     "format = (string) { S32LE, S24LE, S16LE, U8, F32LE, F64LE }, "
                     "layout = (string) interleaved; "
                     "audio/x-alaw, rate = (int) [ 8000, 192000 ], channels = (int) [ 1, 2 ]; "
                     "audio/x-mulaw, rate = (int) [ 8000, 192000 ], channels = (int) [ 1, 2 ]",
      .pad_flags = GM_PAD_FLAG_FIXED_CAPS },
    { .name_template = "src", .direction = GM_PAD_SRC, .static_caps = "audio/x-wav; audio/x-rf64",
      .pad_flags = GM_PAD_FLAG_FIXED_CAPS },
    { 0 }
};

const GmElementClass gm_wavenc_class = {
    .name = "wavenc",
    .type_name = "GmWavEnc",
    .parent = &gm_element_class.object,
    .longname = "WAV audio muxer",
    .klass = "Codec/Muxer/Audio",
    .description = "Encode raw audio into WAV",
    .author = "The GstMini authors",
    .rank = GM_RANK_PRIMARY,
    .priv_size = sizeof(WavEnc),
    .pads = wavenc_pads,
    .init = wavenc_init,
    .finalize = wavenc_finalize,
    .change_state = wavenc_change_state,
};
