// SPDX-License-Identifier: MIT
//
// fd_io: writing to file descriptors so that a state change can interrupt it.

#include "elements/core/fd_io.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

// The most that is written at once to what may block: a pipe that polls as writable has room for
// at least this much, so the write itself cannot block.
#define FD_IO_CHUNK 4096

int gm_fd_write_all(int fd, int wakeup, const void *data, size_t size, const void *object)
{
    const uint8_t *bytes = data;
    struct stat st;
    bool may_block = fstat(fd, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode);

    while (size > 0) {
        if (may_block) {
            struct pollfd fds[2] = { { fd, POLLOUT, 0 }, { wakeup, POLLIN, 0 } };
            if (gm_sync_poll(fds, 2, GM_CLOCK_TIME_NONE, object) < 0)
                return errno;
            if (fds[1].revents & POLLIN)
                return ECANCELED;
        }
        ssize_t n = write(fd, bytes, may_block && size > FD_IO_CHUNK ? FD_IO_CHUNK : size);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return errno;
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        }
    }
    return 0;
}

int gm_fd_write_buffer(int fd, int wakeup, GmBuffer *buffer, const void *object)
{
    int error = 0;

    for (unsigned i = 0; error == 0 && i < gm_buffer_n_memory(buffer); i++) {
        GmMemory *memory = gm_buffer_peek_memory(buffer, i);
        GmMapInfo map;
        if (!gm_memory_map(memory, &map, GM_MAP_READ))
            return EIO;
        error = gm_fd_write_all(fd, wakeup, map.data, map.size, object);
        gm_memory_unmap(memory, &map);
    }
    return error;
}
