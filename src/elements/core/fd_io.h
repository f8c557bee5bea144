// SPDX-License-Identifier: MIT
//
// fd_io: writing to and reading from file descriptors so that a state change can interrupt it.
#ifndef GM_ELEMENTS_CORE_FD_IO_H
#define GM_ELEMENTS_CORE_FD_IO_H

#include "gstmini-element.h"

// Writes all of data to fd. Before each write to a pipe, socket or terminal it waits until
// there is room or `wakeup` (gm_wakeup_fd_new; -1: none) is raised. 0: written; ECANCELED: woken
// up; else the errno of the failure. `object` is what the wait is named after.
int gm_fd_write_all(int fd, int wakeup, const void *data, size_t size, const void *object);

// As gm_fd_write_all for each memory of a buffer or buffers of a list, in order.
int gm_fd_write_buffer(int fd, int wakeup, GmBuffer *buffer, const void *object);

#endif
