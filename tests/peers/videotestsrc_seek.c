// SPDX-License-Identifier: MIT
//
// videotestsrc_seek: what comes out after seeks forward and backward, one line for each picture.
// run-both.sh builds it against both libraries and compares.
#include <stdio.h>
#include <string.h>

#include "gstmini.h"

static void print_picture(GmElement *sink, GmBuffer *buffer, GmPad *pad, void *data)
{
    (void)sink;
    (void)pad;
    (void)data;
    printf("%llu + %llu, frame %llu\n", (unsigned long long)GM_BUFFER_PTS(buffer),
           (unsigned long long)GM_BUFFER_DURATION(buffer),
           (unsigned long long)GM_BUFFER_OFFSET(buffer));
}

static void run(double rate, int64_t start_ms, int64_t stop_ms, const char *framerate)
{
    char line[300];
    snprintf(line, sizeof line, "videotestsrc ! video/x-raw,format=GRAY8,width=16,height=16,"
             "framerate=%s ! fakesink name=sink sync=false signal-handoffs=true", framerate);
    GmElement *pipeline = gm_parse_launch(line, NULL);
    GmElement *sink = gm_bin_get_by_name(GM_BIN(pipeline), "sink");
    GmBus *bus = gm_element_get_bus(pipeline);

    printf("rate %g, %d to %d ms, %s\n", rate, (int)start_ms, (int)stop_ms, framerate);
    gm_element_set_state(pipeline, GM_STATE_PAUSED);
    gm_element_get_state(pipeline, NULL, NULL, GM_CLOCK_TIME_NONE);
    printf("seek %d\n", gm_element_seek(pipeline, rate, GM_FORMAT_TIME,
                                        GM_SEEK_FLAG_FLUSH | GM_SEEK_FLAG_ACCURATE,
                                        GM_SEEK_TYPE_SET, start_ms * (int64_t)GM_MSECOND,
                                        GM_SEEK_TYPE_SET, stop_ms * (int64_t)GM_MSECOND));
    gm_element_get_state(pipeline, NULL, NULL, GM_CLOCK_TIME_NONE);
    gm_signal_connect(sink, "handoff", print_picture, NULL);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 10 * GM_SECOND,
                                                   GM_MESSAGE_EOS | GM_MESSAGE_ERROR);
    printf("%s\n", message ? gm_message_type_get_name(GM_MESSAGE_TYPE(message)) : "nothing");
    if (message)
        gm_message_unref(message);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(sink);
    gm_object_unref(pipeline);
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    run(1.0, 2000, 2200, "30/1");
    run(1.0, 1234, 1500, "30000/1001");
    run(2.0, 100, 300, "25/1");
    run(-1.0, 0, 110, "30/1");
    run(-1.0, 0, 200, "30/1");
    run(-1.0, 1000, 1234, "25/1");
    run(-2.0, 500, 900, "30000/1001");
    return 0;
}
