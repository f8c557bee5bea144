// SPDX-License-Identifier: MIT
//
// caps_priv: the layout of caps, for caps.c and caps_algebra.c.
#ifndef GM_CORE_CAPS_PRIV_H
#define GM_CORE_CAPS_PRIV_H

#include "core/value_priv.h"

// Features are NULL as long as they mean system memory; get_features makes them in shared caps.
typedef struct {
    GmStructure *structure;
    _Atomic(GmCapsFeatures *) features;
} GmCapsItem;

typedef struct {
    GmCaps      caps;
    unsigned    len, cap;
    GmCapsItem *items; // room, or malloc'd once that is full
    GmCapsItem  room[2];
} GmCapsImpl;
#define GM_CAPS_IMPL(caps) ((GmCapsImpl *)(caps))
#define GM_CAPS_HAS_ANY(caps) GM_CAPS_FLAG_IS_SET(caps, GM_CAPS_FLAG_ANY)

// Appends at the end; takes both, features may be NULL. No guards.
void gm_caps_push(GmCaps *caps, GmStructure *structure, GmCapsFeatures *features);
void gm_caps_drop(GmCaps *caps, unsigned index); // frees one structure with its features
// Features as others see them, never NULL; a copy to store, NULL for system memory.
static inline const GmCapsFeatures *gm_caps_item_features(const GmCapsItem *item)
{
    const GmCapsFeatures *features = atomic_load_explicit(&item->features, memory_order_acquire);
    return features != NULL ? features : GM_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY;
}
static inline bool gm_caps_features_meet(const GmCapsItem *a, const GmCapsItem *b)
{
    return (a->features == NULL && b->features == NULL) ||
           gm_caps_features_is_equal(gm_caps_item_features(a), gm_caps_item_features(b));
}
GmCapsFeatures *gm_caps_item_copy_features(const GmCapsItem *item);
#endif
