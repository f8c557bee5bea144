// SPDX-License-Identifier: MIT
//
// file_pattern: "frame-%03d.png" and a number, safely.

#include "elements/core/file_pattern.h"

// Reads a conversion after its '%'. Gives the character behind it, or NULL.
static const char *file_pattern_conversion(const char *p, int *width, bool *zero)
{
    *zero = *p == '0';
    *width = 0;
    for (; *p >= '0' && *p <= '9' && *width < 100; p++)
        *width = *width * 10 + (*p - '0');
    return *width < 100 && (*p == 'd' || *p == 'i' || *p == 'u') ? p + 1 : NULL;
}

char *gm_file_pattern_expand(const char *pattern, int index)
{
    GmString *name = gm_string_new(NULL);
    bool zero, done = false;
    int width;

    while (*pattern) {
        if (*pattern != '%') {
            gm_string_append_c(name, *pattern++);
        } else if (pattern[1] == '%') {
            gm_string_append_c(name, '%');
            pattern += 2;
        } else {
            pattern = file_pattern_conversion(pattern + 1, &width, &zero);
            if (!pattern || done) {
                gm_string_free(name, true);
                return NULL;
            }
            gm_string_append_printf(name, zero ? "%0*d" : "%*d", width, index);
            done = true;
        }
    }
    return gm_string_free(name, false);
}
