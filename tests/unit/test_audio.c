// SPDX-License-Identifier: MIT
// audiotestsrc and wavenc. What they write is compared with GStreamer's in tests/peers/audio.sh.
#include <math.h>

#include "check/harness.h"
#include "gmtest.h"
#include "gstmini.h"

static GmHarness *audio_new(const char *line, const char *caps)
{
    GmHarness *h = gm_harness_new_parse(line);

    if (caps)
        gm_harness_set_sink_caps_str(h, caps);
    gm_harness_play(h);
    return h;
}

GM_TEST(audio, defaults_are_mono_s16_at_44100)
{
    GmHarness *h = audio_new("audiotestsrc num-buffers=3", NULL);
    GmClockTime expected = 0;
    for (unsigned i = 0; i < 3; i++) {
        GmBuffer *buffer = gm_harness_pull(h);
        cr_assert_eq(gm_buffer_get_size(buffer), 2048);
        cr_assert_eq(GM_BUFFER_PTS(buffer), expected);
        cr_assert_eq(GM_BUFFER_OFFSET(buffer), i * 1024);
        cr_assert_eq(GM_BUFFER_OFFSET_END(buffer), (i + 1) * 1024);
        expected = gm_util_uint64_scale((i + 1) * 1024, (uint64_t)GM_SECOND, 44100);
        cr_assert_eq(GM_BUFFER_PTS(buffer) + GM_BUFFER_DURATION(buffer), expected);
        gm_buffer_unref(buffer);
    }
    GmCaps *caps = gm_pad_get_current_caps(h->sinkpad);
    GmCaps *wanted = gm_caps_from_string("audio/x-raw, format=S16LE, layout=interleaved, rate=44100, "
                                         "channels=1");
    cr_assert(gm_caps_is_equal(caps, wanted));
    gm_caps_unref(caps);
    gm_caps_unref(wanted);
    gm_harness_teardown(h);
}

// Every wave in every format stays within its volume, and is not silent (but silence).
GM_TEST(audio, all_waves_all_formats)
{
    static const char *const formats[] = { "S16LE", "S32LE", "F32LE", "F64LE" };

    for (int wave = 0; wave <= 12; wave++) {
        for (size_t f = 0; f < GM_LEN(formats); f++) {
            char *line = gm_strdup_printf("audiotestsrc num-buffers=20 volume=0.25 wave=%d "
                                          "tick-interval=20000000", wave);
            char *caps = gm_strdup_printf("audio/x-raw, format=%s, channels=2", formats[f]);
            GmHarness *h = audio_new(line, caps);
            double peak = 0;
            for (unsigned i = 0; i < 20; i++) {
                GmBuffer *buffer = gm_harness_pull(h);
                GmMapInfo map;
                cr_assert(gm_buffer_map(buffer, &map, GM_MAP_READ));
                size_t n = map.size / (f == 0 ? 2 : f == 3 ? 8 : 4);
                cr_assert_eq(n, 2048);
                for (size_t k = 0; k < n; k++) {
                    double v = f == 0   ? ((int16_t *)(void *)map.data)[k] / 32767.0
                               : f == 1 ? ((int32_t *)(void *)map.data)[k] / 2147483647.0
                               : f == 2 ? ((float *)(void *)map.data)[k]
                                        : ((double *)(void *)map.data)[k];
                    peak = fabs(v) > peak ? fabs(v) : peak;
                }
                cr_assert_eq(GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_GAP), wave == 4);
                gm_buffer_unmap(buffer, &map);
                gm_buffer_unref(buffer);
            }
            // A normal distribution has no bound; four deviations are rare enough to be seen.
            cr_assert_leq(peak, wave == 9 ? 1.5 : 0.2501, "wave %d %s: %f", wave, formats[f], peak);
            cr_assert_eq(peak > 0.01, wave != 4, "wave %d %s: %f", wave, formats[f], peak);
            gm_harness_teardown(h);
            free(line);
            free(caps);
        }
    }
}

GM_TEST(audio, timestamp_offset_and_samplesperbuffer)
{
    GmHarness *h = audio_new("audiotestsrc num-buffers=1 samplesperbuffer=441 timestamp-offset=7", NULL);
    GmBuffer *buffer = gm_harness_pull(h);
    cr_assert_eq(gm_buffer_get_size(buffer), 882);
    cr_assert_eq(GM_BUFFER_PTS(buffer), 7);
    cr_assert_eq(GM_BUFFER_DURATION(buffer), 10 * GM_MSECOND);
    gm_buffer_unref(buffer);
    gm_harness_teardown(h);
}

// A live source gives a buffer when its time has come.
GM_TEST(audio, live_waits_for_the_clock)
{
    GmHarness *h = audio_new("audiotestsrc is-live=true num-buffers=3 samplesperbuffer=441", NULL);
    for (unsigned i = 0; i < 3; i++) {
        cr_assert(gm_harness_wait_for_clock_id_waits(h, 1, 10));
        cr_assert_eq(gm_harness_buffers_in_queue(h), 0);
        cr_assert(gm_harness_crank_single_clock_wait(h));
        GmBuffer *buffer = gm_harness_pull(h);
        cr_assert_eq(GM_BUFFER_PTS(buffer), i * 10 * (GmClockTime)GM_MSECOND);
        gm_buffer_unref(buffer);
    }
    gm_harness_teardown(h);
}

GM_TEST(audio, seek_to_a_stretch)
{
    GmError *error = NULL;
    GmElement *pipe = gm_parse_launch("audiotestsrc samplesperbuffer=441 ! appsink name=sink sync=false",
                                      &error);
    cr_assert_null(error);
    GmAppSink *sink = GM_APP_SINK(gm_bin_get_by_name(GM_BIN(pipe), "sink"));
    gm_element_set_state(pipe, GM_STATE_PAUSED);
    cr_assert_eq(gm_element_get_state(pipe, NULL, NULL, 10 * GM_SECOND), GM_STATE_CHANGE_SUCCESS);
    cr_assert(gm_element_seek(pipe, 1.0, GM_FORMAT_TIME, GM_SEEK_FLAG_FLUSH, GM_SEEK_TYPE_SET,
                              GM_SECOND, GM_SEEK_TYPE_SET, GM_SECOND + 15 * GM_MSECOND));
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    unsigned samples = 0;
    GmSample *sample;
    while ((sample = gm_app_sink_try_pull_sample(sink, 10 * GM_SECOND))) {
        GmBuffer *buffer = gm_sample_get_buffer(sample);
        cr_assert_eq(GM_BUFFER_OFFSET(buffer), 44100 + samples);
        samples += (unsigned)gm_buffer_get_size(buffer) / 2;
        gm_sample_unref(sample);
    }
    cr_assert_eq(samples, 662); // 15 ms, rounded
    gm_element_set_state(pipe, GM_STATE_NULL);
    gm_object_unref(sink);
    gm_object_unref(pipe);
}

GM_TEST(audio, convert_query)
{
    GmHarness *h = audio_new("audiotestsrc num-buffers=1", "audio/x-raw, rate=48000, channels=2");
    gm_buffer_unref(gm_harness_pull(h));
    int64_t value = 0;
    cr_assert(gm_pad_peer_query_convert(h->sinkpad, GM_FORMAT_TIME, GM_SECOND, GM_FORMAT_BYTES, &value));
    cr_assert_eq(value, 48000 * 4);
    gm_harness_teardown(h);
}

// ---- wavenc -------------------------------------------------------------------------------------

#define WAV_CAPS "audio/x-raw, format=S16LE, layout=interleaved, rate=8000, channels=1"

static uint32_t le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t header_field(GmBuffer *buffer, size_t at)
{
    uint8_t bytes[4] = { 0 };

    gm_buffer_extract(buffer, at, bytes, sizeof bytes);
    return le32(bytes);
}

GM_TEST(audio, wav_header_is_written_again_at_eos)
{
    GmHarness *h = gm_harness_new("wavenc");
    gm_harness_set_src_caps_str(h, WAV_CAPS);
    cr_assert_eq(gm_harness_push(h, gm_harness_create_buffer(h, 100)), GM_FLOW_OK);
    cr_assert_eq(gm_harness_push(h, gm_harness_create_buffer(h, 60)), GM_FLOW_OK);
    gm_harness_push_event(h, gm_event_new_eos());
    GmBuffer *buffer = gm_harness_pull(h);
    cr_assert_eq(gm_buffer_get_size(buffer), 44);
    cr_assert_eq(header_field(buffer, 40), 0x7FFF0000);
    gm_buffer_unref(buffer);
    static const uint64_t offsets[] = { 44, 144 };
    for (unsigned i = 0; i < 2; i++) {
        buffer = gm_harness_pull(h);
        cr_assert_eq(GM_BUFFER_OFFSET(buffer), offsets[i]);
        gm_buffer_unref(buffer);
    }
    buffer = gm_harness_pull(h);
    cr_assert_eq(GM_BUFFER_OFFSET(buffer), 0);
    cr_assert_eq(header_field(buffer, 4), 160 + 36);
    cr_assert_eq(header_field(buffer, 24), 8000);
    cr_assert_eq(header_field(buffer, 28), 16000);
    cr_assert_eq(header_field(buffer, 40), 160);
    gm_buffer_unref(buffer);
    gm_harness_teardown(h);
}

GM_TEST(audio, wav_tags_become_a_list_chunk)
{
    GmHarness *h = gm_harness_new("wavenc");
    gm_harness_set_src_caps_str(h, WAV_CAPS);
    gm_harness_push_event(h, gm_event_new_tag(gm_tag_list_new(GM_TAG_TITLE, "abcd", NULL)));
    gm_harness_push(h, gm_harness_create_buffer(h, 2));
    gm_harness_push_event(h, gm_event_new_eos());
    size_t size = 0;
    uint8_t *all = gm_harness_take_all_data(h, &size);
    cr_assert_eq(size, 44 + 2 + 26 + 44);
    cr_assert_eq(memcmp(all + 46, "LIST\x12\0\0\0INFOINAM\x06\0\0\0abcd\0\0", 26), 0);
    cr_assert_eq(le32(all + 72 + 4), 2 + 26 + 36);
    free(all);
    gm_harness_teardown(h);
}

static char *error_text(GmBus *bus, char **debug)
{
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 10 * GM_SECOND, GM_MESSAGE_ERROR | GM_MESSAGE_WARNING);
    GmError *error;

    cr_assert_not_null(message);
    if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_ERROR)
        gm_message_parse_error(message, &error, debug);
    else
        gm_message_parse_warning(message, &error, debug);
    char *text = gm_strdup(error->message);
    gm_error_free(error);
    gm_message_unref(message);
    return text;
}

GM_TEST(audio, wav_keeps_its_format_and_warns_without_eos)
{
    GmHarness *h = gm_harness_new("wavenc");
    GmBus *bus = gm_bus_new();
    char *debug;
    gm_element_set_bus(h->element, bus);
    gm_harness_set_src_caps_str(h, WAV_CAPS);
    gm_harness_push(h, gm_harness_create_buffer(h, 2));
    GmCaps *caps = gm_caps_from_string("audio/x-raw, format=S16LE, layout=interleaved, rate=44100, "
                                       "channels=1");
    gm_harness_push_event(h, gm_event_new_caps(caps));
    cr_assert_eq(gm_harness_push(h, gm_harness_create_buffer(h, 2)), GM_FLOW_NOT_NEGOTIATED);
    gm_caps_unref(caps);
    gm_element_set_state(h->element, GM_STATE_NULL);
    char *text = error_text(bus, &debug);
    cr_assert_str_eq(text, "Wav stream not finished properly");
    free(text);
    free(debug);
    gm_element_set_bus(h->element, NULL);
    gm_object_unref(bus);
    gm_harness_teardown(h);
}
