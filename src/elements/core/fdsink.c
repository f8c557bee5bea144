// SPDX-License-Identifier: MIT
//
// fdsink: writes a stream's bytes to a file descriptor that is already open (standard output).
//
//     bytes --> [sink]  fdsink fd=1
//
// Read next: elements/core/fd_io.h.

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "elements/core/fd_io.h"

typedef struct {
    int      fd;     // property: frozen while streaming
    int      wakeup; // raised by unlock
    uint64_t bytes_written; // streaming thread only
} FdSink;

static GmFlowReturn fdsink_render(GmBaseSink *sink, GmBuffer *buffer)
{
    FdSink *s = gm_priv(sink);
    int error = gm_fd_write_buffer(s->fd, s->wakeup, buffer, sink);

    if (error == ECANCELED)
        return GM_FLOW_FLUSHING;
    if (error != 0) {
        GM_ELEMENT_ERROR(sink, RESOURCE, WRITE, (NULL),
                         ("Error while writing to file descriptor %d: %s", s->fd, strerror(error)));
        return GM_FLOW_ERROR;
    }
    s->bytes_written += gm_buffer_get_size(buffer);
    return GM_FLOW_OK;
}

static bool fdsink_start(GmBaseSink *sink)
{
    FdSink *s = gm_priv(sink);
    int flags = fcntl(s->fd, F_GETFL);

    s->bytes_written = 0;
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
        return true;
    GM_ELEMENT_ERROR(sink, RESOURCE, WRITE, ("File descriptor %d cannot be written to.", s->fd),
                     ("%s", flags < 0 ? strerror(errno) : "it is open for reading only"));
    return false;
}

static bool fdsink_unlock(GmBaseSink *sink)
{
    gm_wakeup_fd_raise(((FdSink *)gm_priv(sink))->wakeup);
    return true;
}

static bool fdsink_unlock_stop(GmBaseSink *sink)
{
    gm_wakeup_fd_drain(((FdSink *)gm_priv(sink))->wakeup);
    return true;
}

static void fdsink_init(GmObject *obj)
{
    ((FdSink *)gm_priv(obj))->wakeup = gm_wakeup_fd_new();
    gm_base_sink_set_sync(GM_BASE_SINK(obj), false);
}

static void fdsink_finalize(GmObject *obj)
{
    FdSink *s = gm_priv(obj);

    if (s->wakeup >= 0)
        close(s->wakeup);
}

static const GmStaticPadTemplate fdsink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK }, { 0 }
};

static const GmProperty fdsink_props[] = {
    { "fd", "An open file descriptor to write to", GM_FIELD(FdSink, fd), .def = "1",
      .max = INT_MAX },
    { 0 }
};

static const GmBaseSinkOps fdsink_ops = {
    .start = fdsink_start,
    .unlock = fdsink_unlock,
    .unlock_stop = fdsink_unlock_stop,
    .render = fdsink_render,
};

const GmElementClass gm_fdsink_class = {
    .name = "fdsink",
    .type_name = "GmFdSink",
    .parent = &gm_base_sink_class.object,
    .longname = "Filedescriptor Sink",
    .klass = "Sink/File",
    .description = "Write data to a file descriptor",
    .author = "The GstMini authors",
    .priv_size = sizeof(FdSink),
    .props = fdsink_props,
    .pads = fdsink_pads,
    .init = fdsink_init,
    .finalize = fdsink_finalize,
    .sink = &fdsink_ops,
};
