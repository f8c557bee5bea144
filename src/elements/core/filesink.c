// SPDX-License-Identifier: MIT
//
// filesink: writes a stream's bytes into a file.
//
//     bytes --> [sink]  filesink location=out.yuv
//
// Small buffers are gathered into writes of buffer-size, large ones are written as they are. A
// segment in bytes moves the place where writing goes on, so muxers can go back to their header.
// Read next: elements/core/fd_io.h, core/base/base_sink.h.

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elements/core/fd_io.h"

enum { MODE_DEFAULT = -1, MODE_FULL = 0, MODE_LINE = 1, MODE_UNBUFFERED = 2 };

static const GmEnumTable filesink_buffer_mode = {
    "GmFileSinkBufferMode",
    (const GmEnumValue[]){ { MODE_DEFAULT, "Default buffering", "default" },
                           { MODE_FULL, "Fully buffered", "full" },
                           { MODE_LINE, "Line buffered (deprecated, like full)", "line" },
                           { MODE_UNBUFFERED, "Unbuffered", "unbuffered" },
                           { 0, NULL, NULL } },
    false
};

typedef struct {
    // properties: frozen while streaming
    char    *location;
    int      buffer_mode;
    unsigned buffer_size;
    bool     append, o_sync;
    // streaming thread, and start and stop
    int      fd, wakeup;
    bool     seekable;
    uint8_t *pending; // bytes gathered, not yet written
    size_t   n_pending;
    uint64_t position; // of the next byte to be gathered
} FileSink;

static GmFlowReturn filesink_fail(GmBaseSink *sink, int error)
{
    FileSink *s = gm_priv(sink);

    if (error == ECANCELED)
        return GM_FLOW_FLUSHING;
    if (error == ENOSPC)
        GM_ELEMENT_ERROR(sink, RESOURCE, NO_SPACE_LEFT, ("No space left for \"%s\".", s->location),
                         ("after %" PRIu64 " bytes", s->position));
    else
        GM_ELEMENT_ERROR(sink, RESOURCE, WRITE, ("Error while writing to file \"%s\".",
                                                 s->location),
                         ("%s", strerror(error)));
    return GM_FLOW_ERROR;
}

static int filesink_flush_pending(GmBaseSink *sink)
{
    FileSink *s = gm_priv(sink);
    int error = gm_fd_write_all(s->fd, s->wakeup, s->pending, s->n_pending, sink);

    s->n_pending = 0;
    return error;
}

static GmFlowReturn filesink_render(GmBaseSink *sink, GmBuffer *buffer)
{
    FileSink *s = gm_priv(sink);
    size_t size = gm_buffer_get_size(buffer);
    int error = 0;

    if (s->n_pending + size > s->buffer_size)
        error = filesink_flush_pending(sink);
    if (error == 0 && (s->buffer_mode == MODE_UNBUFFERED || size >= s->buffer_size))
        error = gm_fd_write_buffer(s->fd, s->wakeup, buffer, sink);
    else if (error == 0)
        s->n_pending += gm_buffer_extract(buffer, 0, s->pending + s->n_pending, size);
    if (error == 0 && GM_BUFFER_FLAG_IS_SET(buffer, GM_BUFFER_FLAG_SYNC_AFTER)) {
        // Whoever set it wants to find the bytes in the file, even after a power cut.
        error = filesink_flush_pending(sink);
        if (error == 0 && s->seekable && fsync(s->fd) != 0)
            error = errno;
    }
    if (error != 0)
        return filesink_fail(sink, error);
    s->position += size;
    return GM_FLOW_OK;
}

// Goes on writing at `position`.
static bool filesink_seek(GmBaseSink *sink, uint64_t position)
{
    FileSink *s = gm_priv(sink);
    int error = filesink_flush_pending(sink);

    if (error == 0 && lseek(s->fd, (off_t)position, SEEK_SET) < 0)
        error = errno;
    if (error != 0 && error != ECANCELED)
        GM_ELEMENT_ERROR(sink, RESOURCE, SEEK, ("Error while seeking in file \"%s\".", s->location),
                         ("to byte %" PRIu64 ": %s", position, strerror(error)));
    s->position = position;
    return error == 0;
}

static bool filesink_event(GmBaseSink *sink, GmEvent *event)
{
    FileSink *s = gm_priv(sink);
    const GmSegment *segment;
    int error;

    switch (GM_EVENT_TYPE(event)) {
    case GM_EVENT_SEGMENT:
        gm_event_parse_segment(event, &segment);
        if (segment->format == GM_FORMAT_BYTES && segment->start != s->position && s->seekable &&
            !s->append && !filesink_seek(sink, segment->start)) {
            gm_event_unref(event);
            return false;
        }
        break;
    case GM_EVENT_FLUSH_STOP:
        s->n_pending = 0;
        if (s->seekable && !s->append && ftruncate(s->fd, 0) == 0)
            filesink_seek(sink, 0);
        break;
    case GM_EVENT_EOS:
        error = filesink_flush_pending(sink);
        if (error != 0) {
            filesink_fail(sink, error);
            gm_event_unref(event);
            return false;
        }
        break;
    default:
        break;
    }
    return gm_base_sink_ops.event(sink, event);
}

static bool filesink_query(GmBaseSink *sink, GmQuery *query)
{
    FileSink *s = gm_priv(sink);
    GmFormat format;

    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_POSITION:
        gm_query_parse_position(query, &format, NULL);
        if (format != GM_FORMAT_BYTES && format != GM_FORMAT_DEFAULT)
            return false;
        gm_query_set_position(query, GM_FORMAT_BYTES, (int64_t)s->position);
        return true;
    case GM_QUERY_FORMATS:
        gm_query_set_formats(query, 2, GM_FORMAT_DEFAULT, GM_FORMAT_BYTES);
        return true;
    case GM_QUERY_SEEKING:
        gm_query_parse_seeking(query, &format, NULL, NULL, NULL);
        if (format == GM_FORMAT_BYTES || format == GM_FORMAT_DEFAULT)
            gm_query_set_seeking(query, GM_FORMAT_BYTES, s->seekable, 0, -1);
        else
            gm_query_set_seeking(query, format, false, 0, -1);
        return true;
    default:
        return gm_base_sink_ops.query(sink, query);
    }
}

static bool filesink_start(GmBaseSink *sink)
{
    FileSink *s = gm_priv(sink);
    struct stat st;

    if (!s->location || !*s->location) {
        GM_ELEMENT_ERROR(sink, RESOURCE, NOT_FOUND, ("No file name specified for writing."),
                         ("set location=FILE"));
        return false;
    }
    int flags = O_WRONLY | O_CREAT | (s->append ? O_APPEND : O_TRUNC) | (s->o_sync ? O_SYNC : 0);
    // A pipe that nobody reads yet must not hold up the state change: writing waits instead.
    if (stat(s->location, &st) == 0 && S_ISFIFO(st.st_mode))
        flags = O_RDWR | O_NONBLOCK;
    s->fd = open(s->location, flags | O_CLOEXEC, 0666);
    if (s->fd < 0) {
        GM_ELEMENT_ERROR(sink, RESOURCE, OPEN_WRITE,
                         ("Could not open file \"%s\" for writing.", s->location),
                         ("system error: %s", strerror(errno)));
        return false;
    }
    s->seekable = fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode);
    s->position = 0;
    s->n_pending = 0;
    s->pending = gm_malloc(s->buffer_size > 0 ? s->buffer_size : 1);
    return true;
}

static bool filesink_stop(GmBaseSink *sink)
{
    FileSink *s = gm_priv(sink);

    if (s->fd < 0)
        return true;
    // Stopped without EOS: what was gathered still belongs into the file.
    if (s->n_pending > 0 && s->seekable)
        filesink_flush_pending(sink);
    if (close(s->fd) != 0)
        GM_ELEMENT_ERROR(sink, RESOURCE, CLOSE, ("Error closing file \"%s\".", s->location),
                         ("%s", strerror(errno)));
    s->fd = -1;
    free(s->pending);
    s->pending = NULL;
    return true;
}

static bool filesink_unlock(GmBaseSink *sink)
{
    gm_wakeup_fd_raise(((FileSink *)gm_priv(sink))->wakeup);
    return true;
}

static bool filesink_unlock_stop(GmBaseSink *sink)
{
    gm_wakeup_fd_drain(((FileSink *)gm_priv(sink))->wakeup);
    return true;
}

static void filesink_init(GmObject *obj)
{
    FileSink *s = gm_priv(obj);

    s->fd = -1;
    s->wakeup = gm_wakeup_fd_new();
    gm_base_sink_set_sync(GM_BASE_SINK(obj), false);
}

static void filesink_finalize(GmObject *obj)
{
    FileSink *s = gm_priv(obj);

    if (s->wakeup >= 0)
        close(s->wakeup);
    free(s->pending);
}

static const GmStaticPadTemplate filesink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK }, { 0 }
};

static const GmProperty filesink_props[] = {
    { "location", "Location of the file to write", GM_FIELD(FileSink, location) },
    { "append", "Append to an already existing file", GM_FIELD(FileSink, append) },
    { "buffer-mode", "The buffering mode to use",
      GM_ENUM_FIELD(FileSink, buffer_mode, &filesink_buffer_mode), .def = "default" },
    { "buffer-size", "Size of buffer in number of bytes for line or full buffer-mode",
      GM_FIELD(FileSink, buffer_size), .def = "65536" },
    { "o-sync", "Open the file with O_SYNC for enabling synchronous IO",
      GM_FIELD(FileSink, o_sync) },
    { 0 }
};

static const GmBaseSinkOps filesink_ops = {
    .start = filesink_start,
    .stop = filesink_stop,
    .unlock = filesink_unlock,
    .unlock_stop = filesink_unlock_stop,
    .event = filesink_event,
    .query = filesink_query,
    .render = filesink_render,
};

const GmElementClass gm_filesink_class = {
    .name = "filesink",
    .type_name = "GmFileSink",
    .parent = &gm_base_sink_class.object,
    .longname = "File Sink",
    .klass = "Sink/File",
    .description = "Write stream to a file",
    .author = "The GstMini authors",
    .rank = GM_RANK_PRIMARY,
    .priv_size = sizeof(FileSink),
    .props = filesink_props,
    .pads = filesink_pads,
    .init = filesink_init,
    .finalize = filesink_finalize,
    .sink = &filesink_ops,
};
