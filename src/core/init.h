// SPDX-License-Identifier: MIT
//
// init: begin and end. gm_init reads options and environment; it starts no thread, opens no
// file but GM_DEBUG_FILE and takes well under a millisecond. Any thread, but gm_deinit; nothing
// blocks otherwise. Misuse is a critical and does nothing.
// Environment: GM_DEBUG, GM_DEBUG_FILE, GM_DEBUG_NO_COLOR, GM_DEBUG_COLOR_MODE (core/log.h),
// GM_PLUGIN_PATH (core/plugin.h), GM_FATAL_CRITICALS (core/types.h).
// Read next: core/parse.h (gm_parse_launch), core/pipeline.h.
#ifndef GM_CORE_INIT_H
#define GM_CORE_INIT_H

#include "core/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GM_VERSION_MAJOR 0
#define GM_VERSION_MINOR 1
#define GM_VERSION_MICRO 0

// Makes the library ready; may be called again, with NULLs, from any thread. Options it knows
// (--gm-debug=LIST, --gm-debug-level=N, --gm-debug-no-color, --gm-debug-color-mode=MODE,
// --gm-debug-disable, --gm-version) are taken out of argv and *argc. --gm-version prints and
// exits. gm_init prints why it failed and exits with 1; gm_init_check returns false instead.
void gm_init(int *argc, char ***argv);
bool gm_init_check(int *argc, char ***argv, GmError **error);
bool gm_is_initialized(void); // and not yet ended
// Frees what the library keeps for itself, so that a leak checker sees only the program's own.
// Last call of a process that wants that: no other thread, nothing of ours used afterwards.
// Blocks until threads of gm_element_call_async and of tasks have ended.
void gm_deinit(void);

// GM_VERSION_* of the library itself; nano is 0. None may be NULL.
void  gm_version(unsigned *major, unsigned *minor, unsigned *micro, unsigned *nano);
char *gm_version_string(void); // "GstMini 0.1.0", to free ()

// For the library's own files: runs `func` in gm_deinit, the last one added first. A singleton
// that is made lazily adds its release here when it is made.
void gm_init_add_cleanup(void (*func)(void));

#ifdef __cplusplus
}
#endif
#endif
