// SPDX-License-Identifier: MIT
//
// filesrc: reads a file, in order or wherever downstream pulls.
//
//     filesrc location=clip.y4m  -->  [src]  bytes
//
// A regular file can be sought and pulled from; pipes and devices are read in order.
// Read next: core/base/base_src.h.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gstmini-element.h"

typedef struct {
    char *location; // property: settable in NULL and READY
    // set in start, read by the streaming thread
    _Atomic int  fd;      // closed under the object lock
    _Atomic bool regular; // a file, not a pipe
    uint64_t read_position;
    int      wakeup; // raised by unlock, so that a read from a pipe can be left
} FileSrc;

// Reads up to size bytes at the position; fewer only at the end. -1: *error.
static ssize_t filesrc_read(GmBaseSrc *src, uint8_t *data, size_t size, int *error)
{
    FileSrc *s = gm_priv(src);
    size_t done = 0;

    while (done < size) {
        if (!s->regular) {
            struct pollfd fds[2] = { { s->fd, POLLIN, 0 }, { s->wakeup, POLLIN, 0 } };
            if (gm_sync_poll(fds, 2, GM_CLOCK_TIME_NONE, src) < 0 || (fds[1].revents & POLLIN)) {
                *error = fds[1].revents & POLLIN ? ECANCELED : errno;
                return -1;
            }
        }
        ssize_t n = read(s->fd, data + done, size - done);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0) {
            *error = errno;
            return -1;
        }
        if (n == 0)
            break;
        done += (size_t)n;
        if (!s->regular)
            break; // what a pipe has now is passed on now
    }
    return (ssize_t)done;
}

static GmFlowReturn filesrc_fill(GmBaseSrc *src, uint64_t offset, unsigned length, GmBuffer *buffer)
{
    FileSrc *s = gm_priv(src);
    GmMapInfo map;
    int error = 0;

    if (s->regular && s->read_position != offset) {
        if (lseek(s->fd, (off_t)offset, SEEK_SET) < 0) {
            GM_ELEMENT_ERROR(src, RESOURCE, READ, (NULL),
                             ("cannot seek to byte %" PRIu64 " of \"%s\": %s",
                                                           offset, s->location, strerror(errno)));
            return GM_FLOW_ERROR;
        }
        s->read_position = offset;
    }
    if (!gm_buffer_map(buffer, &map, GM_MAP_WRITE)) {
        GM_ELEMENT_ERROR(src, RESOURCE, WRITE, (NULL), ("Can't write to buffer"));
        return GM_FLOW_ERROR;
    }
    ssize_t n = filesrc_read(src, map.data, length, &error);
    gm_buffer_unmap(buffer, &map);
    if (error == ECANCELED)
        return GM_FLOW_FLUSHING;
    if (n < 0) {
        GM_ELEMENT_ERROR(src, RESOURCE, READ, ("Error while reading \"%s\".", s->location),
                         ("byte %" PRIu64 ": %s", s->read_position, strerror(error)));
        return GM_FLOW_ERROR;
    }
    if (n == 0 && length > 0)
        return GM_FLOW_EOS;
    if ((size_t)n != length)
        gm_buffer_resize(buffer, 0, n);
    GM_BUFFER_OFFSET(buffer) = s->read_position;
    s->read_position += (uint64_t)n;
    GM_BUFFER_OFFSET_END(buffer) = s->read_position;
    return GM_FLOW_OK;
}

static bool filesrc_start(GmBaseSrc *src)
{
    FileSrc *s = gm_priv(src);
    struct stat st;

    if (!s->location || !*s->location) {
        GM_ELEMENT_ERROR(src, RESOURCE, NOT_FOUND, ("No file name specified for reading."),
                         ("set location=FILE"));
        return false;
    }
    // Not blocking: a pipe that nobody writes to yet must not hold up the state change.
    s->fd = open(s->location, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (s->fd < 0) {
        if (errno == ENOENT)
            GM_ELEMENT_ERROR(src, RESOURCE, NOT_FOUND, ("No such file \"%s\"", s->location),
                             ("system error: %s", strerror(errno)));
        else
            GM_ELEMENT_ERROR(src, RESOURCE, OPEN_READ,
                             ("Could not open file \"%s\" for reading.", s->location),
                             ("system error: %s", strerror(errno)));
        return false;
    }
    if (fstat(s->fd, &st) != 0 || S_ISDIR(st.st_mode) || S_ISSOCK(st.st_mode)) {
        if (S_ISDIR(st.st_mode))
            GM_ELEMENT_ERROR(src, RESOURCE, OPEN_READ, ("\"%s\" is a directory.", s->location),
                             (NULL));
        else
            GM_ELEMENT_ERROR(src, RESOURCE, OPEN_READ, ("File \"%s\" is a socket.", s->location),
                             (NULL));
        close(s->fd);
        s->fd = -1;
        return false;
    }
    s->regular = S_ISREG(st.st_mode);
    s->read_position = 0;
    GM_OBJECT_LOCK(src);
    src->random_access = s->regular;
    GM_OBJECT_UNLOCK(src);
    gm_base_src_set_dynamic_size(src, s->regular);
    return true;
}

static bool filesrc_stop(GmBaseSrc *src)
{
    FileSrc *s = gm_priv(src);

    GM_OBJECT_LOCK(src); // a query may be looking at the size
    int fd = s->fd;
    s->fd = -1;
    GM_OBJECT_UNLOCK(src);
    if (fd >= 0)
        close(fd);
    return true;
}

static bool filesrc_unlock(GmBaseSrc *src)
{
    gm_wakeup_fd_raise(((FileSrc *)gm_priv(src))->wakeup);
    return true;
}

static bool filesrc_unlock_stop(GmBaseSrc *src)
{
    gm_wakeup_fd_drain(((FileSrc *)gm_priv(src))->wakeup);
    return true;
}

static bool filesrc_is_seekable(GmBaseSrc *src)
{
    return ((FileSrc *)gm_priv(src))->regular;
}

static bool filesrc_get_size(GmBaseSrc *src, uint64_t *size)
{
    FileSrc *s = gm_priv(src);
    struct stat st;

    GM_OBJECT_LOCK(src); // stop may close it
    bool ok = s->fd >= 0 && s->regular && fstat(s->fd, &st) == 0;
    GM_OBJECT_UNLOCK(src);
    if (!ok)
        return false;
    *size = (uint64_t)st.st_size;
    return true;
}

static void filesrc_init(GmObject *obj)
{
    FileSrc *s = gm_priv(obj);

    s->fd = -1;
    s->wakeup = gm_wakeup_fd_new();
    gm_base_src_set_blocksize(GM_BASE_SRC(obj), 4096);
}

static void filesrc_finalize(GmObject *obj)
{
    FileSrc *s = gm_priv(obj);

    if (s->wakeup >= 0)
        close(s->wakeup);
}

static const GmStaticPadTemplate filesrc_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC }, { 0 }
};

static const GmProperty filesrc_props[] = {
    { "location", "Location of the file to read", GM_FIELD(FileSrc, location),
      .flags = GM_PARAM_READWRITE | GM_PARAM_MUTABLE_READY },
    { 0 }
};

static const GmBaseSrcOps filesrc_ops = {
    .start = filesrc_start,
    .stop = filesrc_stop,
    .unlock = filesrc_unlock,
    .unlock_stop = filesrc_unlock_stop,
    .is_seekable = filesrc_is_seekable,
    .get_size = filesrc_get_size,
    .fill = filesrc_fill,
};

const GmElementClass gm_filesrc_class = {
    .name = "filesrc",
    .type_name = "GmFileSrc",
    .parent = &gm_base_src_class.object,
    .longname = "File Source",
    .klass = "Source/File",
    .description = "Read from arbitrary point in a file",
    .author = "The GstMini authors",
    .rank = GM_RANK_PRIMARY,
    .priv_size = sizeof(FileSrc),
    .props = filesrc_props,
    .pads = filesrc_pads,
    .init = filesrc_init,
    .finalize = filesrc_finalize,
    .src = &filesrc_ops,
};
