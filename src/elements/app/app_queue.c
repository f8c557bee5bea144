// SPDX-License-Identifier: MIT
//
// app_queue: see app_queue.h.

#include <stdlib.h>

#include "elements/app/app_queue.h"

static GmMiniObject **app_queue_place(AppQueue *q, unsigned n)
{
    return &q->items[(q->head + n) & (q->capacity - 1)];
}

void gm_app_queue_push(AppQueue *q, GmMiniObject *item)
{
    if (q->count == q->capacity) {
        unsigned capacity = q->capacity ? q->capacity * 2 : 16;
        GmMiniObject **items = gm_new(GmMiniObject *, capacity);
        for (unsigned i = 0; i < q->count; i++)
            items[i] = *app_queue_place(q, i);
        free(q->items);
        q->items = items;
        q->head = 0;
        q->capacity = capacity;
    }
    *app_queue_place(q, q->count++) = item;
}

GmMiniObject *gm_app_queue_peek(AppQueue *q, unsigned n)
{
    return *app_queue_place(q, n);
}

GmMiniObject *gm_app_queue_remove(AppQueue *q, unsigned n)
{
    GmMiniObject *item = *app_queue_place(q, n);

    // Those in front move up: the head is what is removed as a rule.
    for (; n > 0; n--)
        *app_queue_place(q, n) = *app_queue_place(q, n - 1);
    q->head = (q->head + 1) & (q->capacity - 1);
    q->count--;
    return item;
}

void gm_app_queue_clear(AppQueue *q)
{
    while (q->count > 0) {
        GmMiniObject *item = gm_app_queue_remove(q, 0);
        if (item)
            gm_mini_object_unref(item);
    }
}

void gm_app_queue_free(AppQueue *q)
{
    gm_app_queue_clear(q);
    free(q->items);
    *q = (AppQueue){ 0 };
}

AppCallbacks *gm_app_callbacks_new(void *user_data, GmDestroyNotify notify)
{
    AppCallbacks *callbacks = gm_new0(AppCallbacks, 1);

    callbacks->refs = 1;
    callbacks->user_data = user_data;
    callbacks->notify = notify;
    return callbacks;
}

AppCallbacks *gm_app_callbacks_ref(AppCallbacks *callbacks)
{
    if (callbacks)
        atomic_fetch_add(&callbacks->refs, 1);
    return callbacks;
}

void gm_app_callbacks_unref(AppCallbacks *callbacks)
{
    if (!callbacks || atomic_fetch_sub(&callbacks->refs, 1) != 1)
        return;
    if (callbacks->notify)
        callbacks->notify(callbacks->user_data);
    free(callbacks);
}
