// SPDX-License-Identifier: MIT
//
// multifilesink: buffers into a sequence of numbered files.
//
//     pictures --> [sink]  multifilesink location=out-%05d.png max-files=100
//
// When a new file begins is the property next-file. With max-files the oldest ones are deleted.
// Read next: elements/core/fd_io.h, elements/core/multifilesrc.c.

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "elements/core/fd_io.h"
#include "elements/core/file_pattern.h"

enum { NEXT_BUFFER, NEXT_DISCONT, NEXT_KEY_FRAME, NEXT_MAX_SIZE = 4, NEXT_MAX_DURATION = 5 };

static const GmEnumTable multifilesink_next = {
    "GmMultiFileSinkNext",
    (const GmEnumValue[]){ { NEXT_BUFFER, "New file for each buffer", "buffer" },
                           { NEXT_DISCONT, "New file after each discontinuity", "discont" },
                           { NEXT_KEY_FRAME, "New file at each key frame", "key-frame" },
                           { NEXT_MAX_SIZE,
                             "New file when the next buffer would exceed max-file-size",
                             "max-size" },
                           { NEXT_MAX_DURATION,
                             "New file when the next buffer would exceed max-file-duration",
                             "max-duration" },
                           { 0, NULL, NULL } },
    false
};

typedef struct {
    // properties: frozen while streaming, but index, which counts on
    char       *location;
    int         next_file;
    unsigned    max_files;
    uint64_t    max_file_size, max_file_duration, min_keyframe_distance;
    bool        post_messages;
    _Atomic int index;
    // streaming thread, and start and stop
    int         fd, wakeup, first_index;
    uint64_t    file_size;
    GmClockTime file_start, next_keyframe;
} MultiFileSink;

static GmFlowReturn multifilesink_fail(GmBaseSink *sink, const char *name, int error)
{
    if (error == ECANCELED)
        return GM_FLOW_FLUSHING;
    if (error == ENOSPC)
        GM_ELEMENT_ERROR(sink, RESOURCE, NO_SPACE_LEFT, ("No space left for \"%s\".", name),
                         (NULL));
    else
        GM_ELEMENT_ERROR(sink, RESOURCE, WRITE, ("Error while writing to file \"%s\".", name),
                         ("%s", strerror(error)));
    return GM_FLOW_ERROR;
}

// Tells the application of a file that is complete.
static void multifilesink_post(GmBaseSink *sink, const char *name, GmBuffer *buffer)
{
    MultiFileSink *s = gm_priv(sink);

    if (!s->post_messages)
        return;
    GmClockTime pts = GM_BUFFER_PTS(buffer);
    GmSegment *segment = &sink->segment;
    bool timed = segment->format == GM_FORMAT_TIME;
    GmStructure *st = gm_structure_new(
        "GstMultiFileSink", "filename", GM_TYPE_STRING, name, "index", GM_TYPE_INT, (int)s->index,
        "timestamp", GM_TYPE_UINT64, pts, "stream-time", GM_TYPE_UINT64,
        timed ? gm_segment_to_stream_time(segment, GM_FORMAT_TIME, pts) : GM_CLOCK_TIME_NONE,
        "running-time", GM_TYPE_UINT64,
        timed ? gm_segment_to_running_time(segment, GM_FORMAT_TIME, pts) : GM_CLOCK_TIME_NONE,
        "duration",
        GM_TYPE_UINT64, GM_BUFFER_DURATION(buffer), "offset", GM_TYPE_UINT64,
        GM_BUFFER_OFFSET(buffer),
        "offset-end", GM_TYPE_UINT64, GM_BUFFER_OFFSET_END(buffer), NULL);
    gm_element_post_message(GM_ELEMENT(sink), gm_message_new_element(GM_OBJECT(sink), st));
}

static void multifilesink_close(GmBaseSink *sink, GmBuffer *last)
{
    MultiFileSink *s = gm_priv(sink);

    if (s->fd < 0)
        return;
    close(s->fd);
    s->fd = -1;
    char *name = gm_file_pattern_expand(s->location, s->index);
    if (last)
        multifilesink_post(sink, name, last);
    gm_free(name);
    s->index++;
    while (s->max_files > 0 && (unsigned)(s->index - s->first_index) > s->max_files) {
        char *oldest = gm_file_pattern_expand(s->location, s->first_index++);
        unlink(oldest);
        gm_free(oldest);
    }
}

// Whether `buffer` belongs into a new file.
static bool multifilesink_wants_new(MultiFileSink *s, GmBuffer *buffer, size_t size)
{
    GmClockTime pts = GM_BUFFER_PTS(buffer);

    switch (s->next_file) {
    case NEXT_DISCONT:
        return GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_DISCONT);
    case NEXT_KEY_FRAME:
        return !GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_DELTA_UNIT) &&
            GM_CLOCK_TIME_IS_VALID(pts) &&
               (!GM_CLOCK_TIME_IS_VALID(s->next_keyframe) || pts >= s->next_keyframe);
    case NEXT_MAX_SIZE:
        return s->file_size > 0 && s->file_size + size > s->max_file_size;
    case NEXT_MAX_DURATION:
        return GM_CLOCK_TIME_IS_VALID(pts) && GM_CLOCK_TIME_IS_VALID(s->file_start) &&
               pts > s->file_start && pts - s->file_start > s->max_file_duration;
    default:
        return true;
    }
}

static GmFlowReturn multifilesink_render(GmBaseSink *sink, GmBuffer *buffer)
{
    MultiFileSink *s = gm_priv(sink);
    size_t size = gm_buffer_get_size(buffer);

    if (s->fd >= 0 && multifilesink_wants_new(s, buffer, size))
        multifilesink_close(sink, buffer);
    char *name = gm_file_pattern_expand(s->location, s->index);
    int error = 0;
    if (s->fd < 0) {
        s->fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        error = s->fd < 0 ? errno : 0;
        s->file_size = 0;
        s->file_start = GM_BUFFER_PTS(buffer);
        s->next_keyframe =
            GM_BUFFER_PTS_IS_VALID(buffer) ? GM_BUFFER_PTS(buffer) + s->min_keyframe_distance
                                                          : GM_CLOCK_TIME_NONE;
    }
    if (error == 0)
        error = gm_fd_write_buffer(s->fd, s->wakeup, buffer, sink);
    GmFlowReturn ret = error == 0 ? GM_FLOW_OK : multifilesink_fail(sink, name, error);
    gm_free(name);
    s->file_size += size;
    if (ret == GM_FLOW_OK && s->next_file == NEXT_BUFFER)
        multifilesink_close(sink, buffer);
    return ret;
}

static bool multifilesink_start(GmBaseSink *sink)
{
    MultiFileSink *s = gm_priv(sink);
    char *name = s->location ? gm_file_pattern_expand(s->location, 0) : NULL;

    if (!name) {
        GM_ELEMENT_ERROR(sink, RESOURCE, SETTINGS,
                         ("location \"%s\" is no pattern of file names.",
                          s->location ? s->location : ""),
                         ("it may hold one %%d, as in out-%%05d.png"));
        return false;
    }
    gm_free(name);
    s->first_index = s->index;
    return true;
}

static bool multifilesink_stop(GmBaseSink *sink)
{
    multifilesink_close(sink, NULL);
    return true;
}

static bool multifilesink_unlock(GmBaseSink *sink)
{
    gm_wakeup_fd_raise(((MultiFileSink *)gm_priv(sink))->wakeup);
    return true;
}

static bool multifilesink_unlock_stop(GmBaseSink *sink)
{
    gm_wakeup_fd_drain(((MultiFileSink *)gm_priv(sink))->wakeup);
    return true;
}

static void multifilesink_init(GmObject *obj)
{
    MultiFileSink *s = gm_priv(obj);

    s->fd = -1;
    s->wakeup = gm_wakeup_fd_new();
    gm_base_sink_set_sync(GM_BASE_SINK(obj), false);
}

static void multifilesink_finalize(GmObject *obj)
{
    MultiFileSink *s = gm_priv(obj);

    if (s->wakeup >= 0)
        close(s->wakeup);
}

static const GmStaticPadTemplate multifilesink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK }, { 0 }
};

static const GmProperty multifilesink_props[] = {
    { "location", "Location of the file to write; %d is the index",
      GM_FIELD(MultiFileSink, location),
      .def = "%05d" },
    { "index", "Index to use with location; incremented by one for each file",
      GM_FIELD(MultiFileSink, index),
      .max = INT_MAX },
    { "next-file", "When to start a new file", GM_ENUM_FIELD(MultiFileSink, next_file,
                                                             &multifilesink_next),
      .def = "buffer" },
    { "max-files", "Maximum number of files to keep on disk; older ones are deleted (0 = all)",
      GM_FIELD(MultiFileSink, max_files) },
    { "max-file-size", "Maximum file size before starting a new file in max-size mode",
      GM_FIELD(MultiFileSink, max_file_size), .def = "2147483648" },
    { "max-file-duration",
      "Maximum file duration before starting a new file in max-duration mode (in ns)",
      GM_FIELD(MultiFileSink, max_file_duration), .def = "18446744073709551615" },
    { "min-keyframe-distance", "Minimum distance between keyframes to start a new file (in ns)",
      GM_FIELD(MultiFileSink, min_keyframe_distance), .def = "10000000000" },
    { "post-messages", "Post a message for each file with information of the buffer",
      GM_FIELD(MultiFileSink, post_messages) },
    { 0 }
};

static const GmBaseSinkOps multifilesink_ops = {
    .start = multifilesink_start,
    .stop = multifilesink_stop,
    .unlock = multifilesink_unlock,
    .unlock_stop = multifilesink_unlock_stop,
    .render = multifilesink_render,
};

const GmElementClass gm_multifilesink_class = {
    .name = "multifilesink",
    .type_name = "GmMultiFileSink",
    .parent = &gm_base_sink_class.object,
    .longname = "Multi-File Sink",
    .klass = "Sink/File",
    .description = "Write buffers to a sequentially named set of files",
    .author = "The GstMini authors",
    .priv_size = sizeof(MultiFileSink),
    .props = multifilesink_props,
    .pads = multifilesink_pads,
    .init = multifilesink_init,
    .finalize = multifilesink_finalize,
    .sink = &multifilesink_ops,
};
