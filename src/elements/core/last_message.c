// SPDX-License-Identifier: MIT
//
// last_message: the text that fakesrc, fakesink and identity show as `last-message`.

#include "elements/core/last_message.h"

#include <stdlib.h>

static const char *last_message_time(char *text, size_t size, GmClockTime time)
{
    if (!GM_CLOCK_TIME_IS_VALID(time))
        return "none";
    snprintf(text, size, "%" GM_TIME_FORMAT, GM_TIME_ARGS(time));
    return text;
}

// The flags in words, each followed by a blank, as gst-launch -v prints them.
static void last_message_flags(GmString *text, unsigned flags)
{
    static const struct { unsigned flag; const char *name; } names[] = {
        { GM_BUFFER_FLAG_LIVE, "live" },           { GM_BUFFER_FLAG_DECODE_ONLY, "decode-only" },
        { GM_BUFFER_FLAG_DISCONT, "discont" },     { GM_BUFFER_FLAG_RESYNC, "resync" },
        { GM_BUFFER_FLAG_CORRUPTED, "corrupted" }, { GM_BUFFER_FLAG_MARKER, "marker" },
        { GM_BUFFER_FLAG_HEADER, "header" },       { GM_BUFFER_FLAG_GAP, "gap" },
        { GM_BUFFER_FLAG_DROPPABLE, "droppable" }, { GM_BUFFER_FLAG_DELTA_UNIT, "delta-unit" },
        { GM_BUFFER_FLAG_TAG_MEMORY, "tag-memory" }, { GM_BUFFER_FLAG_SYNC_AFTER, "sync-after" },
        { GM_BUFFER_FLAG_NON_DROPPABLE, "non-droppable" }
    };

    for (size_t i = 0; i < GM_LEN(names); i++)
        if (flags & names[i].flag)
            gm_string_append_printf(text, "%s ", names[i].name);
}

char *gm_last_message_for_buffer(const char *verb, GmPad *pad, GmBuffer *buffer)
{
    char dts[40], pts[40], duration[40];
    GmString *text = gm_string_new(NULL);
    GmObject *parent = GM_OBJECT_PARENT(pad);

    gm_string_append_printf(
        text, "%s ******* (%s:%s) (%zu bytes, dts: %s, pts: %s, duration: %s, offset: %" PRId64
        ", offset_end: %" PRId64 ", flags: %08x ", verb, parent ? GM_OBJECT_NAME(parent) : "''",
        GM_PAD_NAME(pad), gm_buffer_get_size(buffer),
        last_message_time(dts, sizeof dts, GM_BUFFER_DTS(buffer)),
        last_message_time(pts, sizeof pts, GM_BUFFER_PTS(buffer)),
        last_message_time(duration, sizeof duration, GM_BUFFER_DURATION(buffer)),
        (int64_t)GM_BUFFER_OFFSET(buffer), (int64_t)GM_BUFFER_OFFSET_END(buffer),
        GM_MINI_OBJECT_FLAGS(buffer));
    last_message_flags(text, GM_MINI_OBJECT_FLAGS(buffer));
    gm_string_append_printf(text, ") %p", (void *)buffer);
    return gm_string_free(text, false);
}

char *gm_last_message_for_event(GmPad *pad, GmEvent *event)
{
    const GmStructure *s = gm_event_get_structure(event);
    char *fields = s ? gm_structure_to_string(s) : NULL;
    GmObject *parent = GM_OBJECT_PARENT(pad);
    char *text = gm_strdup_printf("event   ******* (%s:%s) E (type: %s (%d), %s) %p",
                                  parent ? GM_OBJECT_NAME(parent) : "''", GM_PAD_NAME(pad),
                                  GM_EVENT_TYPE_NAME(event), (int)GM_EVENT_TYPE(event),
                                  fields ? fields : "", (void *)event);
    free(fields);
    return text;
}

void gm_last_message_set(void *element, char **field, char *text)
{
    GM_OBJECT_LOCK(element);
    free(*field);
    *field = text;
    GM_OBJECT_UNLOCK(element);
    gm_object_notify(element, "last-message");
}
