// SPDX-License-Identifier: MIT
//
// list: doubly linked lists laid out as GLib's GList, with its functions.
// (The owner of this file completes it.)
#ifndef GM_CORE_LIST_H
#define GM_CORE_LIST_H

#include "core/types.h"

typedef struct GmList GmList;
struct GmList {
    void   *data;
    GmList *next, *prev;
};
#endif
