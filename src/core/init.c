// SPDX-License-Identifier: MIT
//
// init: options, environment, and the list of what gm_deinit releases.
#include "core/init.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/sync.h"
#include "core/util.h"

#ifndef GM_VERSION_STRING
#define GM_VERSION_STRING "0.1.0"
#endif

typedef enum { INIT_NOT, INIT_DONE, INIT_ENDED } InitState;
typedef struct InitCleanup {
    struct InitCleanup *next;
    void (*func)(void);
} InitCleanup;

static GmMutex      init_lock = GM_MUTEX_INIT; // held while gm_init_check works
static InitState    init_state;
static GmMutex      init_cleanup_lock = GM_MUTEX_INIT; // guards init_cleanups; taken last
static InitCleanup *init_cleanups;

void gm_init_add_cleanup(void (*func)(void))
{
    InitCleanup *cleanup = gm_new0(InitCleanup, 1);

    cleanup->func = func;
    gm_mutex_lock(&init_cleanup_lock);
    cleanup->next = init_cleanups;
    init_cleanups = cleanup;
    gm_mutex_unlock(&init_cleanup_lock);
}

// True when `arg` is an option of ours, which has then been obeyed. *error: it was a wrong one.
static bool init_option(const char *arg, GmError **error)
{
    size_t n;

    if (strcmp(arg, "--gm-version") == 0) {
        printf("GstMini %s\n", GM_VERSION_STRING);
        exit(0);
    } else if (strncmp(arg, "--gm-debug=", n = strlen("--gm-debug=")) == 0) {
        gm_debug_set_threshold_from_string(arg + n, false);
    } else if (strncmp(arg, "--gm-debug-level=", n = strlen("--gm-debug-level=")) == 0) {
        if (arg[n] < '0' || arg[n] > '9' || arg[n + 1] != '\0')
            gm_set_error(error, GM_CORE_ERROR, GM_CORE_ERROR_FAILED,
                         "'%s' is no debug level; it takes a number from 0 to 9", arg + n);
        else
            gm_debug_set_default_threshold((GmDebugLevel)(arg[n] - '0'));
    } else if (strcmp(arg, "--gm-debug-no-color") == 0) {
        gm_debug_set_color_mode(GM_DEBUG_COLOR_MODE_OFF);
    } else if (strncmp(arg, "--gm-debug-color-mode=", n = strlen("--gm-debug-color-mode=")) == 0) {
        gm_debug_set_color_mode_from_string(arg + n);
    } else if (strcmp(arg, "--gm-debug-disable") == 0) {
        gm_debug_set_active(false);
    } else if (strncmp(arg, "--gm-", 5) == 0) {
        gm_set_error(error, GM_CORE_ERROR, GM_CORE_ERROR_FAILED, "unknown option '%s'", arg);
    } else {
        return false;
    }
    return true;
}

bool gm_init_check(int *argc, char ***argv, GmError **error)
{
    GmError *wrong = NULL;

    gm_mutex_lock(&init_lock);
    if (init_state == INIT_ENDED)
        gm_set_error(&wrong, GM_CORE_ERROR, GM_CORE_ERROR_FAILED,
                     "gm_init after gm_deinit: a process begins and ends once");
    if (init_state == INIT_NOT)
        gm_log_init();
    int kept = argc && *argc > 0 ? 1 : 0;
    for (int i = kept; argc != NULL && argv != NULL && i < *argc; i++) {
        char *arg = (*argv)[i];
        if (strcmp(arg, "--") == 0) { // the rest is the program's
            while (i < *argc)
                (*argv)[kept++] = (*argv)[i++];
        } else if (wrong != NULL || !init_option(arg, &wrong)) {
            (*argv)[kept++] = arg;
        }
    }
    if (argc != NULL && argv != NULL && kept < *argc) {
        *argc = kept;
        (*argv)[kept] = NULL;
    }
    bool ok = wrong == NULL;
    if (ok)
        init_state = INIT_DONE;
    gm_mutex_unlock(&init_lock);
    if (!ok)
        gm_propagate_error(error, wrong);
    return ok;
}

void gm_init(int *argc, char ***argv)
{
    GmError *error = NULL;

    if (gm_init_check(argc, argv, &error))
        return;
    fprintf(stderr, "Could not initialize GstMini: %s\n", error->message);
    gm_error_free(error);
    exit(1);
}

bool gm_is_initialized(void)
{
    gm_mutex_lock(&init_lock);
    bool done = init_state == INIT_DONE;
    gm_mutex_unlock(&init_lock);
    return done;
}

void gm_deinit(void)
{
    if (!gm_is_initialized())
        return;
    gm_mutex_lock(&init_lock);
    init_state = INIT_ENDED;
    gm_mutex_unlock(&init_lock);
    // A cleanup may use what was made before it, so the newest goes first.
    for (InitCleanup *c; (c = init_cleanups) != NULL;) {
        init_cleanups = c->next;
        c->func();
        gm_free(c);
    }
}

void gm_version(unsigned *major, unsigned *minor, unsigned *micro, unsigned *nano)
{
    if (!GM_REQUIRE(major != NULL && minor != NULL && micro != NULL && nano != NULL)) return;
    *major = GM_VERSION_MAJOR;
    *minor = GM_VERSION_MINOR;
    *micro = GM_VERSION_MICRO;
    *nano = 0;
}

char *gm_version_string(void)
{
    return gm_strdup_printf("GstMini %s", GM_VERSION_STRING);
}
