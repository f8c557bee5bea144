// SPDX-License-Identifier: MIT
//
// buffer_priv: what buffer.c needs of buffer_meta.c.
#ifndef GM_CORE_BUFFER_PRIV_H
#define GM_CORE_BUFFER_PRIV_H

#include "core/buffer.h"

void gm_buffer_free_metas(GmBuffer *buffer); // at the end of a buffer
// Lets each meta of src copy itself to dest; `region`: only [offset, offset + size) was copied.
void gm_buffer_copy_metas(GmBuffer *dest, GmBuffer *src, unsigned flags, bool region,
                          size_t offset, size_t size);
#endif
