// SPDX-License-Identifier: MIT
//
// peers: printing for the programs of this directory. run-both.sh puts this text in place of
// #include "peers.h" before it renames, so it is compiled against both libraries. Times and
// counts are printed as plain numbers, -1 for "none"; addresses and names that either library
// numbers by itself are never printed.
// Read next: run-both.sh.
#ifndef PEERS_H
#define PEERS_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEERS_UNUSED __attribute__((unused))
#define PEERS_LEN(array) (sizeof(array) / sizeof((array)[0]))

PEERS_UNUSED static void show_segment(const GmSegment *s)
{
    printf("[%s rate %g*%g flags %x base %" PRId64 " offset %" PRId64 " start %" PRId64
           " stop %" PRId64 " time %" PRId64 " position %" PRId64 " duration %" PRId64 "]",
           gm_format_get_name(s->format), s->rate, s->applied_rate, (unsigned)s->flags,
           (int64_t)s->base, (int64_t)s->offset, (int64_t)s->start, (int64_t)s->stop,
           (int64_t)s->time, (int64_t)s->position, (int64_t)s->duration);
}

PEERS_UNUSED static void show_caps(const GmCaps *caps)
{
    char *text = caps != NULL ? gm_caps_to_string(caps) : NULL;

    printf("%s", text != NULL ? text : "(no caps)");
    gm_free(text);
}

// The event on the rest of the line; no seqnum, no generated stream ids.
PEERS_UNUSED static void show_event(GmEvent *event)
{
    const GmSegment *segment;
    GmCaps *caps;
    const char *id;
    GM_BOOL reset;
    GmFormat format;
    int64_t position;
    GmClockTime time, duration;

    printf("%s", gm_event_type_get_name(GM_EVENT_TYPE(event)));
    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_SEGMENT:
        gm_event_parse_segment(event, &segment);
        printf(" ");
        show_segment(segment);
        break;
    case GM_EVENT_CAPS:
        gm_event_parse_caps(event, &caps);
        printf(" ");
        show_caps(caps);
        break;
    case GM_EVENT_STREAM_START:
        gm_event_parse_stream_start(event, &id);
        printf(" %s", strlen(id) < 24 ? id : "(long id)");
        break;
    case GM_EVENT_FLUSH_STOP:
        gm_event_parse_flush_stop(event, &reset);
        printf(" reset %d", reset);
        break;
    case GM_EVENT_SEGMENT_DONE:
        gm_event_parse_segment_done(event, &format, &position);
        printf(" %s %" PRId64, gm_format_get_name(format), position);
        break;
    case GM_EVENT_GAP:
        gm_event_parse_gap(event, &time, &duration);
        printf(" %" PRId64 " + %" PRId64, (int64_t)time, (int64_t)duration);
        break;
    case GM_EVENT_LATENCY:
        gm_event_parse_latency(event, &time);
        printf(" %" PRId64, (int64_t)time);
        break;
    case GM_EVENT_CUSTOM_DOWNSTREAM:
    case GM_EVENT_CUSTOM_DOWNSTREAM_OOB:
    case GM_EVENT_CUSTOM_DOWNSTREAM_STICKY:
    case GM_EVENT_CUSTOM_UPSTREAM:
        if (gm_event_get_structure(event) != NULL)
            printf(" %s", gm_structure_get_name(gm_event_get_structure(event)));
        break;
    default:
        break;
    }
    if (gm_event_get_running_time_offset(event) != 0)
        printf(" offset %" PRId64, gm_event_get_running_time_offset(event));
}

PEERS_UNUSED static void show_buffer(GmBuffer *b)
{
    printf("buffer pts %" PRId64 " dts %" PRId64 " duration %" PRId64 " offset %" PRId64 "..%" PRId64
           " size %u flags %x", (int64_t)GM_BUFFER_PTS(b), (int64_t)GM_BUFFER_DTS(b),
           (int64_t)GM_BUFFER_DURATION(b), (int64_t)GM_BUFFER_OFFSET(b),
           (int64_t)GM_BUFFER_OFFSET_END(b), (unsigned)gm_buffer_get_size(b),
           (unsigned)GM_BUFFER_FLAGS(b) & ~(unsigned)GM_BUFFER_FLAG_TAG_MEMORY);
}

PEERS_UNUSED static void show_error(GmError *error)
{
    const char *domain = error->domain == GM_CORE_ERROR ? "core"
        : error->domain == GM_STREAM_ERROR ? "stream"
        : error->domain == GM_RESOURCE_ERROR ? "resource"
        : error->domain == GM_LIBRARY_ERROR ? "library"
        : error->domain == GM_PARSE_ERROR ? "parse" : "other";

    // The texts of core errors, and of files that are not there, are our own (docs/left-out.md).
    printf(" %s %d", domain, error->code);
    if (error->domain == GM_STREAM_ERROR || error->domain == GM_LIBRARY_ERROR)
        printf(" \"%s\"", error->message);
}

// One line: type, who, what. Nothing of clocks, seqnums, threads.
PEERS_UNUSED static void show_message(GmMessage *message)
{
    GmState from, to, pending;
    GmError *error = NULL;
    GmFormat format;
    int64_t position;
    GmClockTime time;
    char *debug = NULL;

    printf("  %s from %s", gm_message_type_get_name(GM_MESSAGE_TYPE(message)),
           GM_MESSAGE_SRC(message) != NULL ? GM_OBJECT_NAME(GM_MESSAGE_SRC(message)) : "nobody");
    switch (GM_MESSAGE_TYPE(message)) {
    case GM_MESSAGE_STATE_CHANGED:
        gm_message_parse_state_changed(message, &from, &to, &pending);
        printf(" %s -> %s (%s)", gm_element_state_get_name(from), gm_element_state_get_name(to),
               gm_element_state_get_name(pending));
        break;
    case GM_MESSAGE_ERROR:
        gm_message_parse_error(message, &error, &debug);
        show_error(error);
        break;
    case GM_MESSAGE_WARNING:
        gm_message_parse_warning(message, &error, &debug);
        show_error(error);
        break;
    case GM_MESSAGE_SEGMENT_DONE:
        gm_message_parse_segment_done(message, &format, &position);
        printf(" %s %" PRId64, gm_format_get_name(format), position);
        break;
    case GM_MESSAGE_SEGMENT_START:
        gm_message_parse_segment_start(message, &format, &position);
        printf(" %s %" PRId64, gm_format_get_name(format), position);
        break;
    case GM_MESSAGE_ASYNC_DONE:
        gm_message_parse_async_done(message, &time);
        printf(" %" PRId64, (int64_t)time);
        break;
    case GM_MESSAGE_RESET_TIME:
        gm_message_parse_reset_time(message, &time);
        printf(" %" PRId64, (int64_t)time);
        break;
    case GM_MESSAGE_APPLICATION:
    case GM_MESSAGE_ELEMENT:
        if (gm_message_get_structure(message) != NULL)
            printf(" %s", gm_structure_get_name(gm_message_get_structure(message)));
        break;
    default:
        break;
    }
    printf("\n");
    if (error != NULL)
        gm_error_free(error);
    gm_free(debug);
}

// Elements (names of one letter) that change state in another thread than the sink: not shown.
PEERS_UNUSED static const char *peers_hide_from = "";

// Prints what is on the bus up to the first message of `until` (kept out of the queue), waiting
// for it; messages whose type is in `hide` are dropped. False: `until` did not come in 10 s.
PEERS_UNUSED static int show_bus(GmBus *bus, unsigned until, unsigned hide)
{
    for (;;) {
        GmMessage *message = gm_bus_timed_pop(bus, until != 0 ? 10 * GM_SECOND : 0);
        unsigned type;

        if (message == NULL)
            return until == 0;
        type = GM_MESSAGE_TYPE(message);
        const char *name = GM_MESSAGE_SRC(message) != NULL ? GM_OBJECT_NAME(GM_MESSAGE_SRC(message)) : "";
        if ((type & hide) == 0 && (strlen(name) != 1 || strchr(peers_hide_from, *name) == NULL))
            show_message(message);
        gm_message_unref(message);
        if ((type & until) != 0)
            return 1;
    }
}

// Reports of threads and clocks come at their own time.
#define PEERS_HIDE (GM_MESSAGE_STREAM_STATUS | GM_MESSAGE_NEW_CLOCK | GM_MESSAGE_TAG)

PEERS_UNUSED static void show_state(GmElement *element, const char *when)
{
    GmState state, pending;
    GmStateChangeReturn ret = gm_element_get_state(element, &state, &pending, 0);

    printf("%s: %s %s, pending %s\n", when, gm_element_state_change_return_get_name(ret),
           gm_element_state_get_name(state), gm_element_state_get_name(pending));
}

// Sets the state, waits for it (at most 10 s), prints both answers.
PEERS_UNUSED static void to_state(GmElement *element, GmState to)
{
    GmState state, pending;
    GmStateChangeReturn ret = gm_element_set_state(element, to);

    printf("to %s: %s", gm_element_state_get_name(to),
           gm_element_state_change_return_get_name(ret));
    ret = gm_element_get_state(element, &state, &pending, 10 * GM_SECOND);
    printf(", then %s %s, pending %s\n", gm_element_state_change_return_get_name(ret),
           gm_element_state_get_name(state), gm_element_state_get_name(pending));
}

PEERS_UNUSED static GmElement *launch(const char *line)
{
    GmError *error = NULL;
    GmElement *pipeline = gm_parse_launch(line, &error);

    printf("# %s\n", line);
    if (error != NULL) {
        printf("parse");
        show_error(error);
        printf("\n");
        gm_error_free(error);
    }
    return pipeline;
}

#endif
