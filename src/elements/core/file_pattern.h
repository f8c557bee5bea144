// SPDX-License-Identifier: MIT
//
// file_pattern: "frame-%03d.png" and a number, safely: names for multifilesrc and multifilesink.
#ifndef GM_ELEMENTS_CORE_FILE_PATTERN_H
#define GM_ELEMENTS_CORE_FILE_PATTERN_H

#include "gstmini-element.h"

// The pattern with its one %d (flags 0, width: "%d", "%05d", "%i", "%u") replaced by index, and
// "%%" by "%"; to free (). NULL when it holds anything else: a user's text never reaches printf.
char *gm_file_pattern_expand(const char *pattern, int index);

#endif
