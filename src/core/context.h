// SPDX-License-Identifier: MIT
//
// context: something elements share (a display, a device, a connection): a type name and a
// structure, handed down by the application or by bins.
// Any thread; never blocks; strings are borrowed; misuse is a critical and the neutral result.
// Read next: gm_element_set_context in core/element.h.
#ifndef GM_CORE_CONTEXT_H
#define GM_CORE_CONTEXT_H

#include "core/mini_object.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmContext GmContext;

// A writable context with an empty structure; type is copied. Persistent: elements keep it
// when they return to NULL.
GmContext *gm_context_new(const char *context_type, bool persistent);
const char *gm_context_get_context_type(const GmContext *context); // borrowed
bool gm_context_has_context_type(const GmContext *context, const char *context_type); // equal
bool gm_context_is_persistent(const GmContext *context); // as it was made
const GmStructure *gm_context_get_structure(const GmContext *context); // borrowed
GmStructure *gm_context_writable_structure(GmContext *context); // borrowed; context writable

// The mini-object functions, typed (core/mini_object.h).
#define gm_context_ref(context) ((GmContext *)gm_mini_object_ref(GM_MINI_OBJECT_CAST(context)))
#define gm_context_unref(context) gm_mini_object_unref(GM_MINI_OBJECT_CAST(context))

#ifdef __cplusplus
}
#endif
#endif
