// SPDX-License-Identifier: MIT
//
// caps_features: where the memory of a stream lives and what travels along: the words in
// parentheses of "video/x-raw(memory:DMABuf)". A small set of names, or ANY, which holds every
// name and equals every set. No features and "memory:SystemMemory" mean the same.
//
// Unless said otherwise: features are borrowed; any thread may read, one at a time may change, and
// only while the caps they lie in are writable; nothing blocks. Misuse is a critical, the neutral
// result, and no change.
// Read next: core/caps.h.
#ifndef GM_CORE_CAPS_FEATURES_H
#define GM_CORE_CAPS_FEATURES_H

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GM_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY "memory:SystemMemory"
// Shared constants; never free or change them, copy them.
#define GM_CAPS_FEATURES_ANY (gm_caps_features_any())
#define GM_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY (gm_caps_features_memory_system_memory())
// The functions behind them; the question (NULL: false).
GmCapsFeatures *gm_caps_features_any(void);
GmCapsFeatures *gm_caps_features_memory_system_memory(void);
bool gm_is_caps_features(const void *obj);
#define GM_IS_CAPS_FEATURES(obj) gm_is_caps_features(obj)

// Makers give features to be freed or handed on. Names look like "memory:DMABuf"; one that does
// not is left out with a critical. Lists end with NULL (names) or 0 (quarks).
GmCapsFeatures *gm_caps_features_new_empty(void);
GmCapsFeatures *gm_caps_features_new_any(void);
GmCapsFeatures *gm_caps_features_new_single(const char *feature);
GmCapsFeatures *gm_caps_features_new(const char *feature1, ...) GM_SENTINEL;
GmCapsFeatures *gm_caps_features_new_valist(const char *feature1, va_list args);
GmCapsFeatures *gm_caps_features_new_id(GmQuark feature1, ...);
GmCapsFeatures *gm_caps_features_copy(const GmCapsFeatures *features);
void gm_caps_features_free(GmCapsFeatures *features); // not while they lie in caps
// The count that decides writability (that of the caps). False: they already have one.
bool gm_caps_features_set_parent_refcount(GmCapsFeatures *features, _Atomic int *refcount);

char *gm_caps_features_to_string(const GmCapsFeatures *features); // gives, free (); "" for none
GmCapsFeatures *gm_caps_features_from_string(const char *text);   // "a:B, c:D", "ANY"; or NULL

// Names are borrowed, i is below the size. ANY has size 0 and takes no more names; adding one that
// is there, removing one that is not, changes nothing.
unsigned gm_caps_features_get_size(const GmCapsFeatures *features);
const char *gm_caps_features_get_nth(const GmCapsFeatures *features, unsigned i);
GmQuark gm_caps_features_get_nth_id(const GmCapsFeatures *features, unsigned i);
bool gm_caps_features_contains(const GmCapsFeatures *features, const char *feature);
bool gm_caps_features_contains_id(const GmCapsFeatures *features, GmQuark feature);
bool gm_caps_features_is_equal(const GmCapsFeatures *f1, const GmCapsFeatures *f2);
bool gm_caps_features_is_any(const GmCapsFeatures *features);
void gm_caps_features_add(GmCapsFeatures *features, const char *feature);
void gm_caps_features_add_id(GmCapsFeatures *features, GmQuark feature);
void gm_caps_features_remove(GmCapsFeatures *features, const char *feature);
void gm_caps_features_remove_id(GmCapsFeatures *features, GmQuark feature);

#ifdef __cplusplus
}
#endif
#endif
