// SPDX-License-Identifier: MIT
//
// types: the guard against misuse. It reports and counts; it never changes what happens next,
// unless GM_FATAL_CRITICALS asks for a core dump at the first one.
#include "core/types.h"

#include <stdatomic.h>
#include <stdlib.h>

static _Atomic unsigned types_criticals;

void gm_critical(const char *func, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    // One call, so that lines of several threads do not mix.
    fprintf(stderr, "CRITICAL **: %s: %s\n", func, text);
    atomic_fetch_add(&types_criticals, 1);
    if (getenv("GM_FATAL_CRITICALS") != NULL)
        abort();
}

bool gm_critical_failed(const char *func, const char *condition)
{
    gm_critical(func, "assertion '%s' failed", condition);
    return false;
}

unsigned gm_critical_count(void)
{
    return atomic_load(&types_criticals);
}
