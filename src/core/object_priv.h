// SPDX-License-Identifier: MIT
//
// object_priv: what object.c (life, names), object_property.c and object_signal.c share.
#ifndef GM_CORE_OBJECT_PRIV_H
#define GM_CORE_OBJECT_PRIV_H

#include "core/error.h"
#include "core/object.h"

typedef enum { OBJECT_WEAK_NOTIFY, OBJECT_DATA } GmObjectEntryKind;

// A weak notify, data under a name, or (in its own list) a GmWeakRef that points here.
typedef struct GmObjectEntry {
    struct GmObjectEntry *next;
    GmObjectEntryKind kind;
    GmQuark         key;     // of data
    GmWeakNotify    notify;  // of a weak notify
    GmDestroyNotify destroy; // of data
    void           *data;    // the data, the notify's argument, the GmWeakRef
} GmObjectEntry;

typedef struct GmSignalHandler GmSignalHandler; // object_signal.c

// What obj->extra points to; made at first use. Guarded by the object lock.
typedef struct {
    GmSignalHandler *handlers;
    GmObjectEntry   *entries;
    GmObjectEntry   *weak_refs; // the GmWeakRefs; guarded by the lock of all weak references
} GmObjectExtra;

GmObjectExtra *gm_object_extra(GmObject *obj); // makes it if need be; the lock is held
void gm_object_disconnect_all(GmObject *obj);
// Applies the defaults of klass's own table to a new object.
void gm_object_apply_defaults(GmObject *obj, const GmObjectClass *klass);
void gm_object_clear_properties(GmObject *obj); // releases strings, caps, … in fields
// Emits "notify" (and "deep-notify" at the ancestors).
void gm_object_notify_property(GmObject *obj, const GmProperty *prop);
// Names are equal when they differ only in - and _.
bool gm_object_name_equal(const char *a, const char *b);
// Whether obj is a pad, without knowing pads: paths write ".name" for them.
bool gm_object_is_pad(const void *obj);

#endif
