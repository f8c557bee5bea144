// SPDX-License-Identifier: MIT
//
// elementtest: what the tests of elements share: numbered buffers, whole pipelines that end in
// EOS or in an error whose words are looked at, and scratch files.
#ifndef ELEMENTTEST_H
#define ELEMENTTEST_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/harness.h"
#include "gmtest.h"
#include "gstmini.h"

#define SECOND ((GmClockTime)GM_SECOND)

GM_UNUSED static GmBuffer *numbered(unsigned n)
{
    GmBuffer *buffer = gm_buffer_new_allocate(NULL, 4, NULL);

    gm_buffer_fill(buffer, 0, &n, sizeof n);
    GM_BUFFER_PTS(buffer) = n * SECOND;
    GM_BUFFER_DURATION(buffer) = SECOND;
    return buffer;
}

GM_UNUSED static unsigned number_of(GmBuffer *buffer)
{
    unsigned n = ~0u;

    gm_buffer_extract(buffer, 0, &n, sizeof n);
    return n;
}

// Pulls the next buffer out of h: its number.
GM_UNUSED static unsigned pull_number(GmHarness *h)
{
    GmBuffer *buffer = gm_harness_pull(h);

    cr_assert_not_null(buffer);
    unsigned n = number_of(buffer);
    gm_buffer_unref(buffer);
    return n;
}

// The type of the next event that came out of h and is not one of the first three.
GM_UNUSED static GmEventType pull_event_type(GmHarness *h)
{
    GmEventType type;

    do {
        GmEvent *event = gm_harness_pull_event(h);
        cr_assert_not_null(event);
        type = GM_EVENT_TYPE(event);
        gm_event_unref(event);
    } while (type == GM_EVENT_STREAM_START || type == GM_EVENT_CAPS || type == GM_EVENT_SEGMENT);
    return type;
}

// Plays a launch line to its end. NULL: EOS; else "error text | debug text", to free ().
GM_UNUSED static char *play(const char *line)
{
    GmError *error = NULL;
    GmElement *pipe = gm_parse_launch(line, &error);
    char *text = NULL, *debug;

    cr_assert(pipe != NULL && error == NULL, "%s: %s", line, error ? error->message : "");
    if (!GM_IS_PIPELINE(pipe)) { // one element alone
        GmElement *one = pipe;
        pipe = gm_pipeline_new(NULL);
        gm_bin_add(GM_BIN(pipe), one);
    }
    gm_object_ref_sink(pipe);
    GmBus *bus = gm_element_get_bus(pipe);
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 20 * SECOND, GM_MESSAGE_EOS | GM_MESSAGE_ERROR);
    cr_assert_not_null(message, "no end in 20 s: %s", line);
    if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_ERROR) {
        gm_message_parse_error(message, &error, &debug);
        text = gm_strdup_printf("%s | %s", error->message, debug ? debug : "");
        gm_error_free(error);
        free(debug);
    }
    gm_message_unref(message);
    cr_assert_eq(gm_element_set_state(pipe, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    gm_object_unref(bus);
    gm_object_unref(pipe);
    return text;
}

GM_UNUSED static void play_ok(const char *line)
{
    char *text = play(line);

    cr_assert_null(text, "%s: %s", line, text);
}

// The line fails, and the text of the error contains `wanted`.
GM_UNUSED static void play_fails(const char *line, const char *wanted)
{
    char *text = play(line);

    cr_assert_not_null(text, "no error: %s", line);
    cr_assert(strstr(text, wanted) != NULL, "%s\n  said: %s\n  wanted: %s", line, text, wanted);
    free(text);
}

// A directory of its own under /tmp, and its removal with all files in it.
GM_UNUSED static char *scratch_new(void)
{
    char name[] = "/tmp/gstmini-test-XXXXXX";

    cr_assert_not_null(mkdtemp(name));
    return gm_strdup(name);
}

GM_UNUSED static void scratch_free(char *dir)
{
    char *command = gm_strdup_printf("rm -rf '%s'", dir);

    cr_assert_eq(system(command), 0);
    free(command);
    free(dir);
}

GM_UNUSED static void write_file(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");

    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fwrite(data, 1, size, file), size);
    fclose(file);
}

GM_UNUSED static char *read_whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *data = malloc(1 << 22);

    cr_assert_not_null(file, "%s", path);
    *size = fread(data, 1, 1 << 22, file);
    fclose(file);
    return data;
}

#endif
