// SPDX-License-Identifier: MIT
//
// buffer_list: buffers that travel together: one push for all of them.
// Rules: changing needs a writable list. A buffer in a list is writable only if the list is.
// Unless said otherwise: any thread that may use the list, never blocks. Misuse (a list that is not
// writable, an index past the end) is a critical, the neutral result, and nothing taken.
// Read next: gm_pad_push_list in core/pad.h.
#ifndef GM_CORE_BUFFER_LIST_H
#define GM_CORE_BUFFER_LIST_H

#include "core/buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

// Casts are unchecked; GM_IS_BUFFER_LIST checks (NULL: false).
#define GM_BUFFER_LIST_CAST(obj) ((GmBufferList *)(obj))
#define GM_BUFFER_LIST(obj) ((GmBufferList *)(obj))
#define GM_IS_BUFFER_LIST(obj) ((obj) != NULL && GM_MINI_OBJECT_TYPE(obj) == GM_TYPE_BUFFER_LIST)

// May replace *buffer, or remove it by setting NULL (it takes the list's reference then);
// false stops.
typedef bool (*GmBufferListFunc)(GmBuffer **buffer, unsigned idx, void *user_data);

GmBufferList *gm_buffer_list_new(void); // gives an empty one; never NULL
GmBufferList *gm_buffer_list_new_sized(unsigned size); // room for `size` in the same block
// The mini-object functions, typed (core/mini_object.h). copy shares the buffers.
#define gm_buffer_list_ref(l) GM_BUFFER_LIST_CAST(gm_mini_object_ref(GM_MINI_OBJECT_CAST(l)))
static inline void gm_buffer_list_unref(GmBufferList *l)
{
    gm_mini_object_unref(GM_MINI_OBJECT_CAST(l));
}
#define gm_clear_buffer_list(p) gm_clear_mini_object((GmMiniObject **)(p))
#define gm_buffer_list_replace(oldp, l) \
    gm_mini_object_replace((GmMiniObject **)(oldp), GM_MINI_OBJECT_CAST(l))
#define gm_buffer_list_copy(l) GM_BUFFER_LIST_CAST(gm_mini_object_copy(GM_MINI_OBJECT_CAST(l)))
#define gm_buffer_list_is_writable(l) gm_mini_object_is_writable(GM_MINI_OBJECT_CAST(l))
#define gm_buffer_list_make_writable(l) \
    GM_BUFFER_LIST_CAST(gm_mini_object_make_writable(GM_MINI_OBJECT_CAST(l)))

unsigned gm_buffer_list_length(GmBufferList *list); // number of buffers
GmBuffer *gm_buffer_list_get(GmBufferList *list, unsigned idx);          // borrowed
// Borrowed: the buffer, or a copy that has taken its place if others hold it too.
GmBuffer *gm_buffer_list_get_writable(GmBufferList *list, unsigned idx);
// Take buffer; idx -1 or past the end: at the end.
void gm_buffer_list_insert(GmBufferList *list, int idx, GmBuffer *buffer);
#define gm_buffer_list_add(l, b) gm_buffer_list_insert((l), -1, (b))
void gm_buffer_list_remove(GmBufferList *list, unsigned idx, unsigned length); // and unrefs them
// In order; func may change *buffer only if the list is writable. False: func ended the walk.
bool gm_buffer_list_foreach(GmBufferList *list, GmBufferListFunc func, void *user_data);
// Gives a list of deep copies; a buffer there was no memory for is left out.
GmBufferList *gm_buffer_list_copy_deep(const GmBufferList *list);
size_t gm_buffer_list_calculate_size(GmBufferList *list); // bytes of all buffers

#ifdef __cplusplus
}
#endif
#endif
