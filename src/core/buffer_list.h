// SPDX-License-Identifier: MIT
//
// buffer_list: buffers that travel together: one push for all of them.
// Rules: changing needs a writable list. A buffer in a list is writable only if the list is.
// Unless said otherwise: any thread that may use the list, never blocks.
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

GmBufferList *gm_buffer_list_new(void);
GmBufferList *gm_buffer_list_new_sized(unsigned size); // room for `size` in the same block
#define gm_buffer_list_ref(l) GM_BUFFER_LIST_CAST(gm_mini_object_ref(GM_MINI_OBJECT_CAST(l)))
static inline void gm_buffer_list_unref(GmBufferList *l) { gm_mini_object_unref((void *)l); }
#define gm_clear_buffer_list(p) gm_clear_mini_object((GmMiniObject **)(p))
#define gm_buffer_list_replace(oldp, l) \
    gm_mini_object_replace((GmMiniObject **)(oldp), GM_MINI_OBJECT_CAST(l))
#define gm_buffer_list_copy(l) GM_BUFFER_LIST_CAST(gm_mini_object_copy(GM_MINI_OBJECT_CAST(l)))
#define gm_buffer_list_is_writable(l) gm_mini_object_is_writable(GM_MINI_OBJECT_CAST(l))
#define gm_buffer_list_make_writable(l) \
    GM_BUFFER_LIST_CAST(gm_mini_object_make_writable(GM_MINI_OBJECT_CAST(l)))

unsigned gm_buffer_list_length(GmBufferList *list);
GmBuffer *gm_buffer_list_get(GmBufferList *list, unsigned idx);          // borrowed
GmBuffer *gm_buffer_list_get_writable(GmBufferList *list, unsigned idx); // a copy if shared
void gm_buffer_list_insert(GmBufferList *list, int idx, GmBuffer *buffer); // takes; -1: at the end
#define gm_buffer_list_add(l, b) gm_buffer_list_insert((l), -1, (b))
void gm_buffer_list_remove(GmBufferList *list, unsigned idx, unsigned length);
bool gm_buffer_list_foreach(GmBufferList *list, GmBufferListFunc func, void *user_data);
GmBufferList *gm_buffer_list_copy_deep(const GmBufferList *list);
size_t gm_buffer_list_calculate_size(GmBufferList *list); // bytes of all buffers

#ifdef __cplusplus
}
#endif
#endif
