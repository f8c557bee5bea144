// SPDX-License-Identifier: MIT
//
// hlssegmenter: cuts a stream into segments of a target duration, as HTTP Live Streaming does.
//
//     frames --> [sink]  hlssegmenter target-duration=2  [src] --> one buffer per segment
//
// A segment begins at a keyframe (a buffer without DELTA_UNIT) and ends before the first
// keyframe at which it has reached its target duration; EOS ends the last one early.
// A segment's buffer carries the time stamp of its first frame and the duration of them all.
// Buffers marked HEADER (the stream's head) go in front of every segment, so that each can be
// played alone. Before each segment goes out a custom event "hls-playlist" with the text of the
// playlist that will list it; after it an element message "hls-segment" tells the application.
// It holds back a whole segment, and says so in the latency query.
// Read next: elements/teaching/s3sink.c, core/base/adapter.h.

#include <math.h>
#include <stdlib.h>

#include "gstmini-element.h"

GM_DEBUG_CATEGORY_DEFINE(hlssegmenter_debug, "hlssegmenter", 0, "cuts a stream into segments");
#define GM_CAT_DEFAULT hlssegmenter_debug

typedef struct {
    unsigned    index;
    GmClockTime duration;
} Entry;

typedef struct {
    GmElement *element;
    GmPad     *sinkpad, *srcpad;
    // properties: frozen while streaming
    double   target_duration; // seconds
    char    *extension;       // ".cmfv"
    unsigned playlist_length;
    // guarded by the object lock
    uint64_t frames_in, segments;
    // streaming thread only
    GmAdapter  *adapter; // the segment under way, without the head
    GmBuffer   *head;    // bytes of HEADER buffers, or NULL
    GmBuffer   *next_head; // one that came during the segment: of the next one; or NULL
    bool        head_open;
    unsigned    frames;
    GmClockTime start, end; // of the segment under way; start NONE: there is none
    Entry      *entries; // the playlist, oldest first
    unsigned    n_entries, sequence;
    bool        ended; // EOS came: the playlist is complete
} HlsSegmenter;

// ---- playlist ----------------------------------------------------------------------------------

static void hlssegmenter_add_entry(HlsSegmenter *s, GmClockTime duration)
{
    if (s->playlist_length > 0 && s->n_entries == s->playlist_length) {
        memmove(s->entries, s->entries + 1, (s->n_entries - 1) * sizeof(Entry));
        s->n_entries--;
    }
    s->entries = gm_renew(Entry, s->entries, s->n_entries + 1);
    s->entries[s->n_entries++] = (Entry){ s->sequence, duration };
}

// The playlist as text; to free (). Rules: RFC 8216, sections 4.3.3 and 6.2.1.
static char *hlssegmenter_playlist(HlsSegmenter *s)
{
    GmString *text = gm_string_new("#EXTM3U\n#EXT-X-VERSION:3\n");
    GmClockTime longest = (GmClockTime)(s->target_duration * GM_SECOND);

    for (unsigned i = 0; i < s->n_entries; i++)
        longest = s->entries[i].duration > longest ? s->entries[i].duration : longest;
    gm_string_append_printf(text, "#EXT-X-TARGETDURATION:%u\n#EXT-X-MEDIA-SEQUENCE:%u\n",
                            (unsigned)((longest + GM_SECOND / 2) / GM_SECOND),
                            s->n_entries ? s->entries[0].index : 0);
    for (unsigned i = 0; i < s->n_entries; i++) {
        gm_string_append_printf(text, "#EXTINF:%.3f,\n",
                                (double)s->entries[i].duration / GM_SECOND);
        gm_string_append_printf(text, "segment_%u%s\n", s->entries[i].index, s->extension);
    }
    if (s->ended)
        gm_string_append(text, "#EXT-X-ENDLIST\n");
    return gm_string_free(text, false);
}

static void hlssegmenter_push_playlist(HlsSegmenter *s)
{
    char *text = hlssegmenter_playlist(s);
    GmStructure *st = gm_structure_new("hls-playlist", "text", GM_TYPE_STRING, text, NULL);

    free(text);
    gm_pad_push_event(s->srcpad, gm_event_new_custom(GM_EVENT_CUSTOM_DOWNSTREAM, st));
}

// ---- segments ----------------------------------------------------------------------------------

static void hlssegmenter_post(HlsSegmenter *s, const char *what, GmClockTime start,
                              GmClockTime duration, unsigned frames, uint64_t bytes)
{
    GmStructure *st = gm_structure_new(what, "index", GM_TYPE_UINT, s->sequence, "pts",
                                       GM_TYPE_UINT64,
                                       start, "duration", GM_TYPE_UINT64, duration, "frames",
                                       GM_TYPE_UINT, frames, "bytes", GM_TYPE_UINT64, bytes, NULL);
    gm_element_post_message(s->element, gm_message_new_element(GM_OBJECT(s->element), st));
}

// The segment under way is over: from now on the head that came meanwhile counts.
static void hlssegmenter_close(HlsSegmenter *s)
{
    s->frames = 0;
    if (!s->next_head)
        return;
    gm_buffer_replace(&s->head, NULL);
    s->head = s->next_head;
    s->next_head = NULL;
}

// Sends the segment under way, if there is one.
static GmFlowReturn hlssegmenter_finish(HlsSegmenter *s)
{
    size_t size = gm_adapter_available(s->adapter);

    if (s->frames == 0)
        return GM_FLOW_OK;
    GmBuffer *segment = size > 0 ? gm_adapter_take_buffer(s->adapter, size) : gm_buffer_new();
    segment = gm_buffer_make_writable(segment);
    if (s->head)
        segment = gm_buffer_append(gm_buffer_copy(s->head), segment);
    segment = gm_buffer_make_writable(segment);
    GM_BUFFER_PTS(segment) = s->start;
    GM_BUFFER_DTS(segment) = GM_CLOCK_TIME_NONE;
    GM_BUFFER_DURATION(segment) =
        GM_CLOCK_TIME_IS_VALID(s->start) ? s->end - s->start : GM_CLOCK_TIME_NONE;
    GM_BUFFER_OFFSET(segment) = s->sequence;
    GM_BUFFER_OFFSET_END(segment) = s->sequence + 1;
    GM_BUFFER_FLAG_UNSET(segment, GM_BUFFER_FLAG_DELTA_UNIT);

    GmClockTime duration = GM_CLOCK_TIME_IS_VALID(s->start) ? s->end - s->start : 0;
    unsigned frames = s->frames;
    uint64_t bytes = gm_buffer_get_size(segment);
    hlssegmenter_add_entry(s, duration);
    hlssegmenter_push_playlist(s);
    hlssegmenter_post(s, "hls-segment", s->start, duration, frames, bytes);
    hlssegmenter_close(s);
    s->sequence++;
    GM_OBJECT_LOCK(s->element);
    s->segments++;
    GM_OBJECT_UNLOCK(s->element);
    return gm_pad_push(s->srcpad, segment);
}

// Keeps the bytes of a HEADER buffer; a new run of them replaces the old. Takes the buffer.
static void hlssegmenter_keep_head(HlsSegmenter *s, GmBuffer *buffer)
{
    GmBuffer **head = s->frames > 0 ? &s->next_head : &s->head;

    if (!s->head_open && *head)
        gm_clear_buffer(head);
    *head = *head ? gm_buffer_append(*head, buffer) : buffer;
    s->head_open = true;
}

static bool hlssegmenter_is_full(HlsSegmenter *s, GmClockTime pts)
{
    // The one nanosecond covers the rounding of time stamps such as 1/30 s.
    GmClockTime target = (GmClockTime)llround(s->target_duration * GM_SECOND);
    return s->frames > 0 && GM_CLOCK_TIME_IS_VALID(pts) && GM_CLOCK_TIME_IS_VALID(s->start) &&
           pts >= s->start && pts - s->start + 1 >= target;
}

static GmFlowReturn hlssegmenter_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    HlsSegmenter *s = gm_priv(parent);
    GmClockTime pts = GM_BUFFER_PTS(buffer);
    bool keyframe = !GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_DELTA_UNIT);
    GmFlowReturn ret = GM_FLOW_OK;

    (void)pad;
    if (GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_HEADER)) {
        hlssegmenter_keep_head(s, buffer);
        return GM_FLOW_OK;
    }
    s->head_open = false;
    if (keyframe && hlssegmenter_is_full(s, pts))
        ret = hlssegmenter_finish(s);
    if (ret != GM_FLOW_OK) {
        gm_buffer_unref(buffer);
        return ret;
    }
    if (s->frames == 0) {
        s->start = s->end = pts;
        hlssegmenter_post(s, "hls-segment-start", pts, 0, 0, 0);
    }
    if (GM_CLOCK_TIME_IS_VALID(pts) && GM_CLOCK_TIME_IS_VALID(s->start)) {
        GmClockTime end =
            pts + (GM_BUFFER_DURATION_IS_VALID(buffer) ? GM_BUFFER_DURATION(buffer) : 0);
        s->end = end > s->end ? end : s->end;
    }
    s->frames++;
    GM_OBJECT_LOCK(s->element);
    s->frames_in++;
    GM_OBJECT_UNLOCK(s->element);
    gm_adapter_push(s->adapter, buffer);
    return GM_FLOW_OK;
}

static void hlssegmenter_reset(HlsSegmenter *s)
{
    gm_adapter_clear(s->adapter);
    hlssegmenter_close(s);
    s->start = s->end = GM_CLOCK_TIME_NONE;
}

// ---- events, queries, states --------------------------------------------------------------------

// The caps of segments that hold what `event` (taken) announces.
static GmEvent *hlssegmenter_new_caps(GmEvent *event)
{
    GmCaps *content, *caps = gm_caps_new_empty_simple("application/x-hls-segment");

    gm_event_parse_caps(event, &content);
    gm_caps_set_simple(caps, "content", GM_TYPE_CAPS, content, NULL);
    gm_event_unref(event);
    event = gm_event_new_caps(caps);
    gm_caps_unref(caps);
    return event;
}

static bool hlssegmenter_sink_event(GmPad *pad, GmObject *parent, GmEvent *event)
{
    HlsSegmenter *s = gm_priv(parent);
    GmFlowReturn ret;

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_CAPS:
        return gm_pad_push_event(s->srcpad, hlssegmenter_new_caps(event));
    case GM_EVENT_EOS:
        s->ended = true;
        if (s->frames == 0 && s->n_entries > 0)
            hlssegmenter_push_playlist(s);
        ret = hlssegmenter_finish(s);
        if (ret != GM_FLOW_OK)
            GM_DEBUG_OBJECT(s->element, "the last segment got %s", gm_flow_get_name(ret));
        break;
    case GM_EVENT_FLUSH_STOP:
        hlssegmenter_reset(s);
        break;
    default:
        break;
    }
    return gm_pad_event_default(pad, parent, event);
}

static bool hlssegmenter_src_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    HlsSegmenter *s = gm_priv(parent);
    GmClockTime min, max, hold = (GmClockTime)llround(s->target_duration * GM_SECOND);
    bool live;

    if (!gm_pad_query_default(pad, parent, query))
        return false;
    if (GM_QUERY_TYPE(query) == GM_QUERY_LATENCY) {
        gm_query_parse_latency(query, &live, &min, &max);
        // The first frame of a segment leaves when the last one has come.
        gm_query_set_latency(query, live, min + hold,
                             GM_CLOCK_TIME_IS_VALID(max) ? max + hold : GM_CLOCK_TIME_NONE);
    }
    return true;
}

static GmStateChangeReturn hlssegmenter_change_state(GmElement *el, GmStateChange transition)
{
    HlsSegmenter *s = gm_priv(el);

    if (transition == GM_STATE_CHANGE_READY_TO_PAUSED) {
        s->sequence = s->n_entries = 0;
        s->ended = s->head_open = false;
        GM_OBJECT_LOCK(el);
        s->frames_in = s->segments = 0;
        GM_OBJECT_UNLOCK(el);
    }
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);
    if (transition == GM_STATE_CHANGE_PAUSED_TO_READY) {
        hlssegmenter_reset(s);
        if (s->head)
            gm_clear_buffer(&s->head);
    }
    return ret;
}

static void hlssegmenter_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    HlsSegmenter *s = gm_priv(obj);

    if (!prop->computed)
        return;
    GM_OBJECT_LOCK(obj);
    gm_value_set_uint64(value, strcmp(prop->name, "segments") == 0 ? s->segments : s->frames_in);
    GM_OBJECT_UNLOCK(obj);
}

static void hlssegmenter_init(GmObject *obj)
{
    HlsSegmenter *s = gm_priv(obj);

    s->element = GM_ELEMENT(obj);
    s->sinkpad = gm_element_peek_static_pad(s->element, "sink");
    s->srcpad = gm_element_peek_static_pad(s->element, "src");
    s->adapter = gm_adapter_new();
    s->start = s->end = GM_CLOCK_TIME_NONE;
}

static void hlssegmenter_finalize(GmObject *obj)
{
    HlsSegmenter *s = gm_priv(obj);

    gm_object_unref(s->adapter);
    free(s->entries);
}

static const GmStaticPadTemplate hlssegmenter_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = hlssegmenter_chain,
      .event = hlssegmenter_sink_event },
    { .name_template = "src", .direction = GM_PAD_SRC, .query = hlssegmenter_src_query,
      .static_caps = "application/x-hls-segment" },
    { 0 }
};

static const GmProperty hlssegmenter_props[] = {
    { "target-duration", "Seconds a segment should last", GM_FIELD(HlsSegmenter, target_duration),
      .def = "6.0", .min = 0.001, .max = 86400 },
    { "extension", "End of the segments' names in the playlist", GM_FIELD(HlsSegmenter, extension),
      .def = ".cmfv" },
    { "playlist-length", "Segments the playlist lists at most (0 = all)",
      GM_FIELD(HlsSegmenter, playlist_length) },
    { "frames-in", "Frames that came in", GM_COMPUTED(GM_TYPE_UINT64), .flags = GM_PARAM_READABLE },
    { "segments", "Segments that went out", GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { 0 }
};

const GmElementClass gm_hlssegmenter_class = {
    .name = "hlssegmenter",
    .type_name = "GmHlsSegmenter",
    .parent = &gm_element_class.object,
    .longname = "HLS segmenter",
    .klass = "Muxer",
    .description = "Cuts a stream at keyframes into segments of a target duration, with a playlist",
    .author = "The GstMini authors",
    .priv_size = sizeof(HlsSegmenter),
    .props = hlssegmenter_props,
    .pads = hlssegmenter_pads,
    .init = hlssegmenter_init,
    .finalize = hlssegmenter_finalize,
    .get_property = hlssegmenter_get_property,
    .change_state = hlssegmenter_change_state,
};
