// SPDX-License-Identifier: MIT
//
// buffer_list: an array of buffers behind the head, in the same block while it fits.
#include "core/buffer_list.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"

struct GmBufferList {
    GmMiniObject mini_object;
    unsigned     n, room;
    GmBuffer   **buffers; // `first`, or a block of its own once more was needed
    GmBuffer    *first[];
};

static void buffer_list_let_go(GmBufferList *list, GmBuffer *buffer)
{
    gm_mini_object_remove_parent(&buffer->mini_object, &list->mini_object);
    gm_buffer_unref(buffer);
}

static void buffer_list_free(GmMiniObject *obj)
{
    GmBufferList *list = GM_BUFFER_LIST(obj);
    for (unsigned i = 0; i < list->n; i++)
        buffer_list_let_go(list, list->buffers[i]);
    if (list->buffers != list->first)
        free(list->buffers);
    free(list);
}

static GmMiniObject *buffer_list_copy(const GmMiniObject *obj)
{
    const GmBufferList *list = (const GmBufferList *)obj;
    GmBufferList *copy = gm_buffer_list_new_sized(list->n);
    for (unsigned i = 0; i < list->n; i++)
        gm_buffer_list_add(copy, gm_buffer_ref(list->buffers[i]));
    return &copy->mini_object;
}

GmBufferList *gm_buffer_list_new(void)
{
    return gm_buffer_list_new_sized(8);
}

GmBufferList *gm_buffer_list_new_sized(unsigned size)
{
    unsigned room = size ? size : 1;
    GmBufferList *list = gm_malloc(sizeof *list + room * sizeof *list->first);
    gm_mini_object_init(&list->mini_object, 0, GM_TYPE_BUFFER_LIST, buffer_list_copy, NULL,
                        buffer_list_free);
    list->n = 0;
    list->room = room;
    list->buffers = list->first;
    return list;
}

unsigned gm_buffer_list_length(GmBufferList *list)
{
    return GM_REQUIRE(GM_IS_BUFFER_LIST(list)) ? list->n : 0;
}

GmBuffer *gm_buffer_list_get(GmBufferList *list, unsigned idx)
{
    return GM_REQUIRE(GM_IS_BUFFER_LIST(list) && idx < list->n) ? list->buffers[idx] : NULL;
}

GmBuffer *gm_buffer_list_get_writable(GmBufferList *list, unsigned idx)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_LIST(list) && gm_buffer_list_is_writable(list))) return NULL;
    if (!GM_REQUIRE(idx < list->n)) return NULL;
    GmBuffer *old = list->buffers[idx];
    if (gm_buffer_is_writable(old))
        return old;
    list->buffers[idx] = gm_buffer_copy(old);
    gm_mini_object_add_parent(&list->buffers[idx]->mini_object, &list->mini_object);
    buffer_list_let_go(list, old);
    return list->buffers[idx];
}

void gm_buffer_list_insert(GmBufferList *list, int idx, GmBuffer *buffer)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_LIST(list) && GM_IS_BUFFER(buffer))) return;
    if (!GM_REQUIRE(gm_buffer_list_is_writable(list))) return;
    if (list->n == list->room) {
        size_t bytes = (size_t)list->room * 2 * sizeof(GmBuffer *);
        GmBuffer **more = gm_realloc(list->buffers == list->first ? NULL : list->buffers, bytes);
        if (list->buffers == list->first)
            memcpy(more, list->first, list->n * sizeof *more);
        list->buffers = more;
        list->room *= 2;
    }
    unsigned at = idx < 0 || (unsigned)idx > list->n ? list->n : (unsigned)idx;
    memmove(list->buffers + at + 1, list->buffers + at, (list->n - at) * sizeof(GmBuffer *));
    list->buffers[at] = buffer;
    list->n++;
    gm_mini_object_add_parent(&buffer->mini_object, &list->mini_object);
}

// Closes the gap that `length` buffers at idx leave.
static void buffer_list_close(GmBufferList *list, unsigned idx, unsigned length)
{
    list->n -= length;
    memmove(list->buffers + idx, list->buffers + idx + length,
            (list->n - idx) * sizeof(GmBuffer *));
}

void gm_buffer_list_remove(GmBufferList *list, unsigned idx, unsigned length)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_LIST(list) && gm_buffer_list_is_writable(list))) return;
    if (!GM_REQUIRE(idx <= list->n && length <= list->n - idx)) return;
    for (unsigned i = idx; i < idx + length; i++)
        buffer_list_let_go(list, list->buffers[i]);
    buffer_list_close(list, idx, length);
}

bool gm_buffer_list_foreach(GmBufferList *list, GmBufferListFunc func, void *user_data)
{
    bool go_on = true;
    if (!GM_REQUIRE(GM_IS_BUFFER_LIST(list) && func != NULL)) return false;
    bool writable = gm_buffer_list_is_writable(list);
    for (unsigned i = 0; i < list->n && go_on;) {
        GmBuffer *old = list->buffers[i], *now = old;
        // The callback owns it meanwhile: it may change or unref it.
        if (writable)
            gm_mini_object_remove_parent(&old->mini_object, &list->mini_object);
        go_on = func(&now, i, user_data);
        if (!GM_REQUIRE(now == old || writable)) return false;
        if (now == NULL) {
            buffer_list_close(list, i, 1);
            continue;
        }
        list->buffers[i++] = now;
        if (writable)
            gm_mini_object_add_parent(&now->mini_object, &list->mini_object);
    }
    return go_on;
}

GmBufferList *gm_buffer_list_copy_deep(const GmBufferList *list)
{
    if (!GM_REQUIRE(GM_IS_BUFFER_LIST(list))) return NULL;
    GmBufferList *copy = gm_buffer_list_new_sized(list->n);
    for (unsigned i = 0; i < list->n; i++) {
        GmBuffer *buffer = gm_buffer_copy_deep(list->buffers[i]);
        if (buffer)
            gm_buffer_list_add(copy, buffer);
    }
    return copy;
}

size_t gm_buffer_list_calculate_size(GmBufferList *list)
{
    size_t size = 0;
    for (unsigned i = 0; i < gm_buffer_list_length(list); i++)
        size += gm_buffer_get_size(list->buffers[i]);
    return size;
}
