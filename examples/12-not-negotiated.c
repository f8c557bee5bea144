// SPDX-License-Identifier: MIT
//
// 12-not-negotiated: two neighbours with no format in common, and how to find out which.
//
//     appsrc "source"  --caps of the application-->  capsfilter "wants"  -->  fakesink
//
// If the caps are known when the line is built, linking fails and says so. If they come later, the
// error comes from the source ("Internal data stream error"), though it is not the source's fault:
// then compare the two ends of each link, field by field, as explain () below does.
// Limit: explain () compares the first structure of each side and the one link of this pipeline.

#include "app/app_src.h"
#include "example.h"

// "source.src -> wants.sink: field format: offered RGB, wanted I420"; to free (). NULL: no clash.
static char *explain(GmPad *src)
{
    GmPad *sink = gm_pad_get_peer(src);
    GmCaps *offered = gm_pad_query_caps(src, NULL), *wanted = gm_pad_query_caps(sink, NULL);
    const GmStructure *have = gm_caps_get_structure(offered, 0);
    const GmStructure *want = gm_caps_get_structure(wanted, 0);
    char *text = NULL;

    for (int i = 0; !text && i < gm_structure_n_fields(want); i++) {
        const char *field = gm_structure_nth_field_name(want, (unsigned)i);
        const GmValue *a = gm_structure_get_value(have, field);
        const GmValue *b = gm_structure_get_value(want, field);
        if (!a || gm_value_intersect(NULL, a, b))
            continue;
        char *offer = gm_value_serialize(a), *wish = gm_value_serialize(b);
        text = malloc(200);
        if (text)
            snprintf(text, 200, "%s.%s -> %s.%s: field %s: offered %s, wanted %s",
                     GM_DEBUG_PAD_NAME(src), GM_DEBUG_PAD_NAME(sink), field, offer, wish);
        free(offer);
        free(wish);
    }
    gm_caps_unref(offered);
    gm_caps_unref(wanted);
    gm_object_unref(sink);
    return text;
}

// Takes the pipeline to its end: true, and what the error said, or false: EOS.
static bool play_to_error(GmElement *pipeline, char *text, size_t size)
{
    GmBus *bus = gm_element_get_bus(pipeline);

    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    GmMessage *message =
        gm_bus_timed_pop_filtered(bus, 20 * GM_SECOND, GM_MESSAGE_EOS | GM_MESSAGE_ERROR);
    bool failed = message && GM_MESSAGE_TYPE(message) == GM_MESSAGE_ERROR;
    snprintf(text, size, "%s", message ? "end of stream" : "nothing came");
    if (failed) {
        GmError *error;
        char *debug;
        gm_message_parse_error(message, &error, &debug);
        snprintf(text, size, "%s: %s %s", GM_MESSAGE_SRC_NAME(message), error->message,
                 debug ? debug : "");
        gm_error_free(error);
        free(debug);
    }
    if (message)
        gm_message_unref(message);
    gm_object_unref(bus);
    return failed;
}

#define SIZED "video/x-raw,width=%d,height=240,framerate=10/1,format=%s"

// The source's caps come when the links are made already.
static void late_caps(const char *format, int width, const char *field)
{
    GmElement *pipeline = example_launch("appsrc name=source format=time ! capsfilter name=wants "
                                         "caps=video/x-raw,format=I420,width=320 ! fakesink");
    GmElement *source = example_get(pipeline, "source");
    GmPad *pad = gm_element_get_static_pad(source, "src");
    char text[400], caps_text[120];

    snprintf(caps_text, sizeof caps_text, SIZED, width, format);
    GmCaps *caps = gm_caps_from_string(caps_text);
    gm_app_src_set_caps(GM_APP_SRC(source), caps);
    gm_app_src_push_buffer(GM_APP_SRC(source), gm_buffer_new());
    gm_app_src_end_of_stream(GM_APP_SRC(source));
    printf("\nsource: %s\n", caps_text);
    bool failed = play_to_error(pipeline, text, sizeof text);
    char *why = explain(pad);
    printf("bus:     %s\nexplain: %s\n", text, why ? why : "no clash");

    if (field) {
        example_expect(failed && strstr(text, "source: Internal data stream error.") &&
                           strstr(text, "reason not-negotiated (-4)"),
                       "the error blames the source, and says only \"not-negotiated\"");
        example_expect(why && strstr(why, "source.src -> wants.sink: ") && strstr(why, field),
                       "the comparison names link and field: %s", field);
    } else {
        example_expect(!failed && !why, "with caps in common it plays to its end");
    }
    gm_element_set_state(pipeline, GM_STATE_NULL);
    free(why);
    gm_caps_unref(caps);
    gm_object_unref(pad);
    gm_object_unref(source);
    gm_object_unref(pipeline);
}

int main(int argc, char **argv)
{
    GmError *error = NULL;

    gm_init(&argc, &argv);
    example_begin("12 Not negotiated: find the link, then the field",
                  "appsrc \"source\"  -->  capsfilter \"wants\"  -->  fakesink",
                  "known in advance: the link itself fails, and shows what both sides can do\n"
                  "known later: the source reports an error that is not its own\n"
                  "explain () names the link and the first field without a common value");
    GmElement *none =
        gm_parse_launch("appsrc name=source caps=video/x-raw,format=RGB ! "
                        "capsfilter name=wants caps=video/x-raw,format=I420 ! fakesink", &error);
    printf("\nlaunch:  %s\n", error ? error->message : "no error");
    example_expect(error && strstr(error->message, "could not link source to wants"),
                   "linking fails and names the link");
    example_expect(error && strstr(error->message, "format=(string)RGB") &&
                       strstr(error->message, "format=(string)I420"),
                   "and shows RGB on one side, I420 on the other");
    if (none)
        gm_object_unref(none);
    gm_error_free(error);

    late_caps("RGB", 320, "field format: offered RGB, wanted I420");
    late_caps("I420", 640, "field width: offered 640, wanted 320");
    late_caps("I420", 320, NULL);
    puts("\nThe cure is an element that converts, between the two: videoconvert, videoscale.\n"
         "GStreamer: gst-launch-1.0 says \"could not link …\" and \"streaming stopped, reason\n"
         "not-negotiated (-4)\" in the same places; which field it is, it leaves to you.");
    return example_end();
}
