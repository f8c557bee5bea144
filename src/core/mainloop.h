// SPDX-License-Identifier: MIT
//
// mainloop: one loop for applications that want to be called back: on messages of a bus, after
// a time, when a file descriptor is ready, when Ctrl-C is pressed.
//
//     gm_timeout_add, gm_unix_fd_add, gm_bus_add_watch --> [sources] --> gm_main_loop_run
//
// GLib's main loop in small: there is one set of sources for the process (where GLib takes a
// GMainContext, pass NULL). The engine itself never needs it. It waits in gm_sync_poll.
// Unless said otherwise: any thread, never blocks. Callbacks run in the thread that runs the
// loop, without a lock, lower priority number first, else in the order of adding; they may add
// and remove sources, run a nested loop, and quit. Misuse: a critical and the neutral result.
// Read next: core/bus.h (gm_bus_add_watch).
#ifndef GM_CORE_MAINLOOP_H
#define GM_CORE_MAINLOOP_H

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GM_SOURCE_CONTINUE true  // what a source's function returns: call me again
#define GM_SOURCE_REMOVE false   // or: I am done

#define GM_PRIORITY_HIGH (-100)
#define GM_PRIORITY_DEFAULT 0
#define GM_PRIORITY_HIGH_IDLE 100
#define GM_PRIORITY_DEFAULT_IDLE 200
#define GM_PRIORITY_LOW 300

typedef enum { // the bits of poll(2)
    GM_IO_IN   = 1,
    GM_IO_PRI  = 2,
    GM_IO_OUT  = 4,
    GM_IO_ERR  = 8,
    GM_IO_HUP  = 16,
    GM_IO_NVAL = 32
} GmIOCondition;

// false (GM_SOURCE_REMOVE) removes the source. condition: what is ready now.
typedef bool (*GmSourceFunc)(void *user_data);
typedef bool (*GmUnixFDSourceFunc)(int fd, GmIOCondition condition, void *user_data);

// ---- the loop ---------------------------------------------------------------------------

// `context` is NULL. is_running says only what is_running () answers before run. Gives a loop.
GmMainLoop *gm_main_loop_new(void *context, bool is_running);
GmMainLoop *gm_main_loop_ref(GmMainLoop *loop); // gives one more reference
void gm_main_loop_unref(GmMainLoop *loop);
// Calls sources back until gm_main_loop_quit. Blocks. If another thread runs a loop already,
// waits for it to end first.
void gm_main_loop_run(GmMainLoop *loop);
// Ends run after the callback that is being made; before run, it does nothing.
void gm_main_loop_quit(GmMainLoop *loop);
bool gm_main_loop_is_running(GmMainLoop *loop); // between run and quit
// One round: calls back what is ready, may_block: waits until something is. True if anything
// was called.
bool gm_main_context_iteration(void *context, bool may_block);
bool gm_main_context_pending(void *context); // whether a round would call anything

// ---- sources: each gives an id > 0 for gm_source_remove ----------------------------------

// `notify` (may be NULL) gets data when the source is gone, however that comes about.
unsigned gm_idle_add(GmSourceFunc function, void *data); // whenever nothing else is ready
unsigned gm_idle_add_full(int priority, GmSourceFunc function, void *data,
                          GmDestroyNotify notify);
// Every `interval` ms, counted from the call before.
unsigned gm_timeout_add(unsigned interval, GmSourceFunc function, void *data);
unsigned gm_timeout_add_full(int priority, unsigned interval, GmSourceFunc function, void *data,
                             GmDestroyNotify notify);
unsigned gm_timeout_add_seconds(unsigned interval, GmSourceFunc function, void *data); // in s
// Whenever poll(2) reports one of `condition` (or an error) on fd, which stays the caller's.
unsigned gm_unix_fd_add(int fd, GmIOCondition condition, GmUnixFDSourceFunc function, void *data);
unsigned gm_unix_fd_add_full(int priority, int fd, GmIOCondition condition,
                             GmUnixFDSourceFunc function, void *data, GmDestroyNotify notify);
// When the process gets signal `signum` (SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH).
// The signal's default action is back when its last source has gone.
unsigned gm_unix_signal_add(int signum, GmSourceFunc handler, void *data);
// Removes a source that will not be called again, except that a call another thread is
// making at this moment may still be going on. False: there is no such source.
bool gm_source_remove(unsigned id);

#ifdef __cplusplus
}
#endif
#endif
