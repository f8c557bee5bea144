// SPDX-License-Identifier: MIT
//
// 13-fixate-and-renegotiate: from what is possible to one format, and to another one under way.
//
//     videotestsrc  -->  capsfilter: what downstream wants  -->  fakesink
//
// Both sides offer sets: ranges of width, lists of formats. Their intersection is fixated: of a
// range what lies nearest to the source's own wish (320 x 240, 30/1) is taken. The order of
// preference is downstream's between structures (a; b), but the source's within a list { a, b }.
// A change in the middle: the filter gets new caps, the source is asked to negotiate again, and a
// caps event goes out in front of the first buffer of the new format.
// Limit: the formats change between buffers only because the source can make all of them.

#include "example.h"

static void check_choice(const char *wish, const char *format, int width, int rate)
{
    char line[400];
    const char *chosen = NULL;
    int w = 0, n = 0, d = 1;

    snprintf(line, sizeof line,
             "videotestsrc num-buffers=1 ! capsfilter caps=\"%s\" ! fakesink name=sink", wish);
    GmElement *pipeline = example_launch(line);
    gm_element_set_state(pipeline, GM_STATE_PAUSED);
    gm_element_get_state(pipeline, NULL, NULL, 20 * GM_SECOND);
    GmElement *sink = example_get(pipeline, "sink");
    GmPad *pad = gm_element_get_static_pad(sink, "sink");
    GmCaps *caps = gm_pad_get_current_caps(pad);
    if (caps) {
        const GmStructure *s = gm_caps_get_structure(caps, 0);
        chosen = gm_structure_get_string(s, "format");
        gm_structure_get_int(s, "width", &w);
        gm_structure_get_fraction(s, "framerate", &n, &d);
    }
    printf("\nwanted: %s\n", wish);
    example_expect(caps && gm_caps_is_fixed(caps), "one format was chosen");
    example_expect(chosen && strcmp(chosen, format) == 0 && w == width && n == rate && d == 1,
                   "%s, width %d, %d/%d", chosen ? chosen : "none", w, n, d);
    if (caps)
        gm_caps_unref(caps);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    gm_object_unref(pad);
    gm_object_unref(sink);
    gm_object_unref(pipeline);
}

// ---- a change in the middle ------------------------------------------------------------------

#define FRAMES 8
#define CHANGE_AFTER 4

typedef struct {
    GmElement *filter;
    unsigned   buffers, caps_events, caps_at[4]; // buffers seen before each caps event
    size_t     sizes[FRAMES];                    // bytes of each buffer
    char      *caps[4];
} Watch; // written by the streaming thread; read when the pipeline is down

// At the source: after the fourth frame downstream wants something else.
static GmPadProbeReturn change_mind(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    unsigned *pushed = data;

    (void)info;
    if (++*pushed == CHANGE_AFTER) {
        GmPad *peer = gm_pad_get_peer(pad);
        GmCaps *caps = gm_caps_from_string("video/x-raw,format=GRAY8,width=160,height=120");
        puts("  -- downstream changes its mind --");
        // The frame on its way is of the old format: "delayed" lets that one pass.
        gm_object_set(GM_PAD_PARENT(peer), "caps-change-mode", 1, "caps", caps, NULL);
        gm_caps_unref(caps);
        gm_object_unref(peer);
    }
    return GM_PAD_PROBE_OK;
}

static GmPadProbeReturn watch(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    Watch *w = data;

    (void)pad;
    if (GM_PAD_PROBE_INFO_TYPE(info) & GM_PAD_PROBE_TYPE_BUFFER) {
        size_t size = gm_buffer_get_size(GM_PAD_PROBE_INFO_BUFFER(info));
        printf("  buffer %u: %zu bytes\n", w->buffers, size);
        if (w->buffers < FRAMES)
            w->sizes[w->buffers++] = size;
    } else if (GM_EVENT_TYPE(GM_PAD_PROBE_INFO_EVENT(info)) == GM_EVENT_CAPS &&
               w->caps_events < 4) {
        GmCaps *caps;
        gm_event_parse_caps(GM_PAD_PROBE_INFO_EVENT(info), &caps);
        w->caps[w->caps_events] = gm_caps_to_string(caps);
        printf("  caps event: %s\n", w->caps[w->caps_events]);
        w->caps_at[w->caps_events++] = w->buffers;
    }
    return GM_PAD_PROBE_OK;
}

static void check_change(void)
{
    GmElement *pipeline =
        example_launch("videotestsrc name=source num-buffers=8 ! capsfilter name=filter "
                       "caps=video/x-raw,format=I420,width=320,height=240 ! fakesink name=sink");
    GmElement *source = example_get(pipeline, "source"), *sink = example_get(pipeline, "sink");
    GmPad *src = gm_element_get_static_pad(source, "src");
    GmPad *in = gm_element_get_static_pad(sink, "sink");
    unsigned pushed = 0, right = 0;
    Watch w = { 0 };

    puts("\na change in the middle");
    gm_pad_add_probe(src, GM_PAD_PROBE_TYPE_BUFFER, change_mind, &pushed, NULL);
    gm_pad_add_probe(in, GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, watch,
                     &w, NULL);
    bool eos = example_play(pipeline, 20);

    for (unsigned i = 0; i < w.buffers; i++)
        right += w.sizes[i] == (i < CHANGE_AFTER ? 320 * 240 * 3 / 2 : 160 * 120);
    example_expect(eos && w.buffers == FRAMES,
                   "%u buffers came, none was lost by the change", w.buffers);
    example_expect(w.caps_events == 2 && w.caps_at[0] == 0 && w.caps_at[1] == CHANGE_AFTER,
                   "two caps events: before buffer %u and before buffer %u", w.caps_at[0],
                   w.caps_at[1]);
    example_expect(right == FRAMES, "each buffer has the size that the caps before it say");
    example_expect(w.caps_events == 2 && strstr(w.caps[0], "I420") && strstr(w.caps[1], "GRAY8"),
                   "I420 first, then GRAY8");
    for (unsigned i = 0; i < w.caps_events; i++)
        free(w.caps[i]);
    gm_object_unref(src);
    gm_object_unref(in);
    gm_object_unref(source);
    gm_object_unref(sink);
    gm_object_unref(pipeline);
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    example_begin("13 Fixate and renegotiate: one format out of many",
                  "videotestsrc  -->  capsfilter  -->  fakesink",
                  "a range: 320 if it may, else what is nearest\n"
                  "a; b: downstream's order counts. { a, b }: the source's does\n"
                  "under way: the caps event stands just in front of the first new buffer");
    check_choice("video/x-raw,format=I420,width=[100,1000]", "I420", 320, 30);
    check_choice("video/x-raw,format=I420,width=[400,1000]", "I420", 400, 30);
    check_choice("video/x-raw,format=I420,width=[16,200],framerate=[1/1,25/1]", "I420", 200, 25);
    // videotestsrc lists YUY2 before I420.
    check_choice("video/x-raw,format={I420,YUY2}", "YUY2", 320, 30);
    check_choice("video/x-raw,format={YUY2,I420}", "YUY2", 320, 30);
    check_choice("video/x-raw,format=I420; video/x-raw,format=YUY2", "I420", 320, 30);
    check_choice("video/x-raw,format=YUY2; video/x-raw,format=I420", "YUY2", 320, 30);
    check_change();
    puts("\nGStreamer 1.22 chooses the same in all seven cases (gst-launch-1.0 -v shows it).\n"
         "A capsfilter whose caps change sends a reconfigure event; GstBaseSrc negotiates anew.");
    return example_end();
}
