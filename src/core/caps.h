// SPDX-License-Identifier: MIT
//
// caps: the formats a pad can or does carry: a list of structures, best first, each with the
// features of its memory. ANY allows everything, EMPTY (no structure) nothing.
//
//     video/x-raw, format=(string){ I420, NV12 }; image/jpeg
//
// Fixed caps (one structure, no sets in it) describe a stream; others what may be agreed on.
// Caps are mini-objects: shared, and changed only when writable. Functions documented to take
// caps reuse them when they are writable. Unless said otherwise: arguments are borrowed, results
// are given; any thread; nothing blocks. Field lists are as in structure.h. Misuse (NULL, an index
// past the end, changing caps that are not writable): a critical, NULL or false, nothing taken.
// Read next: core/pad_template.h.
#ifndef GM_CORE_CAPS_H
#define GM_CORE_CAPS_H

#include "core/caps_features.h"
#include "core/mini_object.h"
#include "core/structure.h"

#ifdef __cplusplus
extern "C" {
#endif

struct GmCaps {
    GmMiniObject mini_object; // the structures follow in private
};

typedef enum { GM_CAPS_FLAG_ANY = GM_MINI_OBJECT_FLAG_LAST << 0 } GmCapsFlags;
typedef enum {
    GM_CAPS_INTERSECT_ZIG_ZAG = 0, // order by both
    GM_CAPS_INTERSECT_FIRST   = 1  // order of the first caps
} GmCapsIntersectMode;

// Casts are unchecked; GM_IS_CAPS checks (NULL: false). The others read the struct: not
// NULL, no lock taken.
#define GM_CAPS(obj) ((GmCaps *)(obj))
#define GM_CAPS_CAST(obj) ((GmCaps *)(obj))
#define GM_IS_CAPS(obj) ((obj) != NULL && GM_MINI_OBJECT_TYPE(obj) == GM_TYPE_CAPS)
#define GM_CAPS_IS_SIMPLE(caps) (gm_caps_get_size(caps) == 1)
#define GM_CAPS_REFCOUNT_VALUE(caps) GM_MINI_OBJECT_REFCOUNT_VALUE(caps)
#define GM_CAPS_FLAGS(caps) GM_MINI_OBJECT_FLAGS(caps)
#define GM_CAPS_FLAG_IS_SET(caps, flag) GM_MINI_OBJECT_FLAG_IS_SET(caps, flag)
// Shared constants: lent, not given.
#define GM_CAPS_ANY (gm_caps_any())
#define GM_CAPS_NONE (gm_caps_none())
// The functions behind them.
GmCaps *gm_caps_any(void);
GmCaps *gm_caps_none(void);

// The mini-object functions, typed (core/mini_object.h).
static inline GmCaps *gm_caps_ref(GmCaps *caps)
{
    return (GmCaps *)gm_mini_object_ref(GM_MINI_OBJECT_CAST(caps));
}
// Takes the caller's reference.
static inline void gm_caps_unref(GmCaps *caps)
{
    gm_mini_object_unref(GM_MINI_OBJECT_CAST(caps));
}
// The others likewise.
#define gm_clear_caps(caps_p) gm_clear_mini_object((GmMiniObject **)(caps_p))
#define gm_caps_is_writable(caps) gm_mini_object_is_writable(GM_MINI_OBJECT_CAST(caps))
#define gm_caps_make_writable(caps) \
    GM_CAPS_CAST(gm_mini_object_make_writable(GM_MINI_OBJECT_CAST(caps)))
#define gm_caps_replace(old_p, caps) \
    gm_mini_object_replace((GmMiniObject **)(old_p), (GmMiniObject *)(caps))
#define gm_caps_take(old_p, caps) \
    gm_mini_object_take((GmMiniObject **)(old_p), (GmMiniObject *)(caps))

// Caps written in the source, read on first use: static GmStaticCaps c = GM_STATIC_CAPS("…").
typedef struct GmStaticCaps {
    GmCaps     *caps; // private: set on first use
    const char *string;
} GmStaticCaps;
// Initialisers.
#define GM_STATIC_CAPS(text) { NULL, text }
#define GM_STATIC_CAPS_ANY GM_STATIC_CAPS("ANY")
#define GM_STATIC_CAPS_NONE GM_STATIC_CAPS("NONE")
GmCaps *gm_static_caps_get(GmStaticCaps *static_caps); // gives a reference; NULL: not caps
void gm_static_caps_cleanup(GmStaticCaps *static_caps); // back to before the first use

// False ends the walk (foreach, map) or removes the structure (filter). Both are lent; features
// NULL: system memory.
typedef bool (*GmCapsForeachFunc)(GmCapsFeatures *features, GmStructure *structure,
                                  void *user_data);
typedef bool (*GmCapsMapFunc)(GmCapsFeatures *features, GmStructure *structure, void *user_data);
typedef bool (*GmCapsFilterMapFunc)(GmCapsFeatures *features, GmStructure *structure,
                                    void *user_data);

// New caps, writable: none, all, one structure without / with fields. NULL: media_type is no name.
GmCaps *gm_caps_new_empty(void);
GmCaps *gm_caps_new_any(void);
GmCaps *gm_caps_new_empty_simple(const char *media_type);
GmCaps *gm_caps_new_id_empty_simple(GmQuark media_type);
GmCaps *gm_caps_new_simple(const char *media_type, const char *field, ...) GM_SENTINEL;
GmCaps *gm_caps_new_full(GmStructure *structure, ...) GM_SENTINEL; // takes them; ends with NULL
GmCaps *gm_caps_new_full_valist(GmStructure *structure, va_list args);
// Writable copies: of all / of one structure (nth past the end: EMPTY).
GmCaps *gm_caps_copy(const GmCaps *caps);
GmCaps *gm_caps_copy_nth(const GmCaps *caps, unsigned nth);

// Add at the end, taking the second argument (and features, which may be NULL). The merge
// functions also take the first, give the result, and leave out what is there already.
void gm_caps_append(GmCaps *caps1, GmCaps *caps2);
void gm_caps_append_structure(GmCaps *caps, GmStructure *structure);
void gm_caps_append_structure_full(GmCaps *caps, GmStructure *structure,
                                   GmCapsFeatures *features);
GmCaps *gm_caps_merge(GmCaps *caps1, GmCaps *caps2) GM_MUST_CHECK;
GmCaps *gm_caps_merge_structure(GmCaps *caps, GmStructure *structure) GM_MUST_CHECK;
GmCaps *gm_caps_merge_structure_full(GmCaps *caps, GmStructure *structure,
                                     GmCapsFeatures *features) GM_MUST_CHECK;
void gm_caps_remove_structure(GmCaps *caps, unsigned idx);
// Takes the structure out and gives it; NULL past the end.
GmStructure *gm_caps_steal_structure(GmCaps *caps, unsigned index) GM_MUST_CHECK;

// Number of structures (ANY: 0). What is lent may be changed only while caps are writable.
unsigned gm_caps_get_size(const GmCaps *caps);
GmStructure *gm_caps_get_structure(const GmCaps *caps, unsigned index);   // lent
GmCapsFeatures *gm_caps_get_features(const GmCaps *caps, unsigned index); // lent
void gm_caps_set_features(GmCaps *caps, unsigned index, GmCapsFeatures *features); // takes
void gm_caps_set_features_simple(GmCaps *caps, GmCapsFeatures *features); // all; takes
GmCaps *gm_caps_truncate(GmCaps *caps) GM_MUST_CHECK; // takes; keeps the first structure
// In every structure: setters and maps need writable caps.
void gm_caps_set_value(GmCaps *caps, const char *field, const GmValue *value);
void gm_caps_set_simple(GmCaps *caps, const char *field, ...) GM_SENTINEL;
void gm_caps_set_simple_valist(GmCaps *caps, const char *field, va_list args);
bool gm_caps_foreach(const GmCaps *caps, GmCapsForeachFunc func, void *user_data);
bool gm_caps_map_in_place(GmCaps *caps, GmCapsMapFunc func, void *user_data);
void gm_caps_filter_and_map_in_place(GmCaps *caps, GmCapsFilterMapFunc func, void *user_data);

// is_fixed: one structure of fixed values, features not ANY. is_subset: superset allows all that
// subset does; is_always_compatible is the same; is_subset_structure: caps allow all of structure
// (_full: with these features; else features are not looked at).
bool gm_caps_is_any(const GmCaps *caps);
bool gm_caps_is_empty(const GmCaps *caps);
bool gm_caps_is_fixed(const GmCaps *caps);
bool gm_caps_is_always_compatible(const GmCaps *caps1, const GmCaps *caps2);
bool gm_caps_is_subset(const GmCaps *subset, const GmCaps *superset);
bool gm_caps_is_subset_structure(const GmCaps *caps, const GmStructure *structure);
bool gm_caps_is_subset_structure_full(const GmCaps *caps, const GmStructure *structure,
                                      const GmCapsFeatures *features);
bool gm_caps_is_equal(const GmCaps *caps1, const GmCaps *caps2); // allow the same
bool gm_caps_is_equal_fixed(const GmCaps *caps1, const GmCaps *caps2); // both are fixed
bool gm_caps_is_strictly_equal(const GmCaps *caps1, const GmCaps *caps2); // same structures, order

// What both allow / what only minuend allows, which is not ANY unless subtrahend is ANY or EMPTY.
// Nothing left: EMPTY, not NULL. The result may be an argument or a constant with one reference
// more: gm_caps_make_writable before changing it.
bool gm_caps_can_intersect(const GmCaps *caps1, const GmCaps *caps2);
GmCaps *gm_caps_intersect(GmCaps *caps1, GmCaps *caps2) GM_MUST_CHECK; // zig-zag
GmCaps *gm_caps_intersect_full(GmCaps *caps1, GmCaps *caps2, GmCapsIntersectMode mode)
    GM_MUST_CHECK;
GmCaps *gm_caps_subtract(GmCaps *minuend, GmCaps *subtrahend) GM_MUST_CHECK;
// These take caps. normalize: no lists; simplify: as few structures as possible; fixate: fixed.
GmCaps *gm_caps_normalize(GmCaps *caps) GM_MUST_CHECK;
GmCaps *gm_caps_simplify(GmCaps *caps) GM_MUST_CHECK;
GmCaps *gm_caps_fixate(GmCaps *caps) GM_MUST_CHECK;

// Text to free (); "ANY", "EMPTY", and "NULL" for NULL. serialize: flags as for structures.
char *gm_caps_to_string(const GmCaps *caps);
char *gm_caps_serialize(const GmCaps *caps, GmSerializeFlags flags);
GmCaps *gm_caps_from_string(const char *text) GM_MUST_CHECK; // NULL: not caps
// As from_string for text that a person typed: *error (may be NULL) says what is wrong, in which
// column (from 1), and what to try.
GmCaps *gm_caps_from_string_full(const char *text, GmError **error) GM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
