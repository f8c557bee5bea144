// SPDX-License-Identifier: MIT
//
// app_queue: what appsrc and appsink share: a ring of mini-objects, and callbacks that stay
// alive while they run, whoever replaces them meanwhile. Neither locks: the element does.
#ifndef GM_ELEMENTS_APP_APP_QUEUE_H
#define GM_ELEMENTS_APP_APP_QUEUE_H

#include "app/app_sink.h"
#include "app/app_src.h"
#include "gstmini-element.h"

typedef struct {
    GmMiniObject **items; // `capacity`, a power of two; NULL is an item too
    unsigned       head, count, capacity;
} AppQueue;

void gm_app_queue_push(AppQueue *q, GmMiniObject *item); // takes
GmMiniObject *gm_app_queue_peek(AppQueue *q, unsigned n); // borrowed; n < count
GmMiniObject *gm_app_queue_remove(AppQueue *q, unsigned n); // gives; n < count; 0: the oldest
void gm_app_queue_clear(AppQueue *q); // releases the items
void gm_app_queue_free(AppQueue *q);  // and the ring

typedef struct {
    _Atomic int refs;
    union {
        GmAppSrcCallbacks  src;
        GmAppSinkCallbacks sink;
    };
    void           *user_data;
    GmDestroyNotify notify;
} AppCallbacks;

AppCallbacks *gm_app_callbacks_new(void *user_data, GmDestroyNotify notify);
AppCallbacks *gm_app_callbacks_ref(AppCallbacks *callbacks); // NULL gives NULL
void gm_app_callbacks_unref(AppCallbacks *callbacks);        // NULL is fine

#endif
