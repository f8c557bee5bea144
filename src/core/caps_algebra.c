// SPDX-License-Identifier: MIT
//
// caps_algebra: comparing caps, and intersect, subtract, normalize, simplify, fixate. The order
// of structures in results is GStreamer's: it decides what is negotiated.
// Read next: core/pad.h.
#include <stdlib.h>

#include "core/caps_priv.h"

#define EMPTY(caps) (!GM_CAPS_HAS_ANY(caps) && GM_CAPS_IMPL(caps)->len == 0)

bool gm_caps_is_any(const GmCaps *caps)
{
    return GM_REQUIRE(GM_IS_CAPS(caps)) && GM_CAPS_HAS_ANY(caps);
}

bool gm_caps_is_empty(const GmCaps *caps)
{
    return GM_REQUIRE(GM_IS_CAPS(caps)) && EMPTY(caps);
}

bool gm_caps_is_fixed(const GmCaps *caps)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps))) return false;
    const GmCapsImpl *c = GM_CAPS_IMPL(caps);
    if (c->len != 1 || (c->items[0].features != NULL &&
                        gm_caps_features_is_any(c->items[0].features)))
        return false;
    const GmStructureImpl *s = GM_STRUCTURE_IMPL(c->items[0].structure);
    for (unsigned i = 0; i < s->len; i++)
        if (!gm_value_is_fixed(&s->fields[i].value))
            return false;
    return true;
}

bool gm_caps_is_always_compatible(const GmCaps *caps1, const GmCaps *caps2)
{
    return gm_caps_is_subset(caps1, caps2);
}

static bool caps_holds(const GmCapsImpl *super, const GmCapsItem *sub, bool any_features)
{
    bool sub_any = !any_features && gm_caps_features_is_any(gm_caps_item_features(sub));

    for (unsigned i = super->len; i-- > 0;) {
        const GmCapsItem *item = &super->items[i];
        if ((any_features || ((!sub_any || gm_caps_features_is_any(gm_caps_item_features(item))) &&
                              gm_caps_features_meet(sub, item))) &&
            gm_structure_is_subset(sub->structure, item->structure))
            return true;
    }
    return false;
}

bool gm_caps_is_subset(const GmCaps *subset, const GmCaps *superset)
{
    if (!GM_REQUIRE(GM_IS_CAPS(subset) && GM_IS_CAPS(superset))) return false;
    if (EMPTY(subset) || GM_CAPS_HAS_ANY(superset))
        return true;
    const GmCapsImpl *sub = GM_CAPS_IMPL(subset), *super = GM_CAPS_IMPL(superset);
    bool inside = !GM_CAPS_HAS_ANY(subset);
    for (unsigned i = 0; inside && i < sub->len; i++)
        inside = caps_holds(super, &sub->items[i], false);
    return inside;
}

bool gm_caps_is_subset_structure(const GmCaps *caps, const GmStructure *structure)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps) && GM_IS_STRUCTURE(structure))) return false;
    GmCapsItem item = { GM_STRUCTURE((uintptr_t)structure), NULL };
    return GM_CAPS_HAS_ANY(caps) || caps_holds(GM_CAPS_IMPL(caps), &item, true);
}

bool gm_caps_is_subset_structure_full(const GmCaps *caps, const GmStructure *structure,
                                      const GmCapsFeatures *features)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps) && GM_IS_STRUCTURE(structure))) return false;
    GmCapsItem item = { GM_STRUCTURE((uintptr_t)structure), (GmCapsFeatures *)(uintptr_t)features };
    return GM_CAPS_HAS_ANY(caps) || caps_holds(GM_CAPS_IMPL(caps), &item, false);
}

bool gm_caps_is_equal_fixed(const GmCaps *caps1, const GmCaps *caps2)
{
    if (!GM_REQUIRE(gm_caps_is_fixed(caps1) && gm_caps_is_fixed(caps2))) return false;
    const GmCapsItem *a = GM_CAPS_IMPL(caps1)->items, *b = GM_CAPS_IMPL(caps2)->items;
    return gm_caps_features_meet(a, b) && gm_structure_is_equal(a->structure, b->structure);
}

bool gm_caps_is_equal(const GmCaps *caps1, const GmCaps *caps2)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps1) && GM_IS_CAPS(caps2))) return false;
    if (caps1 == caps2)
        return true;
    if (gm_caps_is_fixed(caps1) && gm_caps_is_fixed(caps2))
        return gm_caps_is_equal_fixed(caps1, caps2);
    return gm_caps_is_subset(caps1, caps2) && gm_caps_is_subset(caps2, caps1);
}

bool gm_caps_is_strictly_equal(const GmCaps *caps1, const GmCaps *caps2)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps1) && GM_IS_CAPS(caps2))) return false;
    const GmCapsImpl *c1 = GM_CAPS_IMPL(caps1), *c2 = GM_CAPS_IMPL(caps2);
    if (GM_CAPS_HAS_ANY(caps1) || GM_CAPS_HAS_ANY(caps2))
        return GM_CAPS_HAS_ANY(caps1) && GM_CAPS_HAS_ANY(caps2);
    bool equal = c1->len == c2->len;
    for (unsigned i = 0; equal && i < c1->len; i++)
        equal = gm_caps_features_is_any(gm_caps_item_features(&c1->items[i])) ==
                    gm_caps_features_is_any(gm_caps_item_features(&c2->items[i])) &&
                gm_caps_features_meet(&c1->items[i], &c2->items[i]) &&
                gm_structure_is_equal(c1->items[i].structure, c2->items[i].structure);
    return equal;
}

// ---- intersect --------------------------------------------------------------------------

// Pairs in zig-zag order, so that early structures of both caps come early in the result:
//     1: (0,0)   2: (1,0) (0,1)   3: (2,0) (1,1) (0,2)  …
// dest == NULL: only asks whether some pair meets.
static bool caps_zig_zag(GmCaps **dest, const GmCapsImpl *c1, const GmCapsImpl *c2);

static bool caps_meet(GmCaps **dest, const GmCapsItem *a, const GmCapsItem *b)
{
    if (!gm_caps_features_meet(a, b))
        return false;
    if (dest == NULL)
        return gm_structure_can_intersect(a->structure, b->structure);
    GmStructure *both = gm_structure_intersect(a->structure, b->structure);
    if (both != NULL) {
        bool a_any = a->features != NULL && gm_caps_features_is_any(a->features);
        *dest = gm_caps_merge_structure_full(*dest, both,
                                             gm_caps_item_copy_features(a_any ? b : a));
    }
    return false;
}

static bool caps_zig_zag(GmCaps **dest, const GmCapsImpl *c1, const GmCapsImpl *c2)
{
    for (unsigned diagonal = 0; diagonal < c1->len + c2->len - 1; diagonal++) {
        unsigned j = diagonal < c1->len ? diagonal : c1->len - 1;
        for (unsigned k = diagonal - j; k < c2->len; k++) {
            if (caps_meet(dest, &c1->items[j], &c2->items[k]))
                return true;
            if (j-- == 0)
                break;
        }
    }
    return false;
}

bool gm_caps_can_intersect(const GmCaps *caps1, const GmCaps *caps2)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps1) && GM_IS_CAPS(caps2))) return false;
    if (caps1 == caps2)
        return true;
    if (EMPTY(caps1) || EMPTY(caps2))
        return false;
    return GM_CAPS_HAS_ANY(caps1) || GM_CAPS_HAS_ANY(caps2) ||
           caps_zig_zag(NULL, GM_CAPS_IMPL(caps1), GM_CAPS_IMPL(caps2));
}

GmCaps *gm_caps_intersect_full(GmCaps *caps1, GmCaps *caps2, GmCapsIntersectMode mode)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps1) && GM_IS_CAPS(caps2))) return NULL;
    if (caps1 == caps2)
        return gm_caps_ref(caps1);
    if (EMPTY(caps1) || EMPTY(caps2))
        return gm_caps_ref(GM_CAPS_NONE);
    if (GM_CAPS_HAS_ANY(caps1) || GM_CAPS_HAS_ANY(caps2))
        return gm_caps_ref(GM_CAPS_HAS_ANY(caps1) ? caps2 : caps1);
    const GmCapsImpl *c1 = GM_CAPS_IMPL(caps1), *c2 = GM_CAPS_IMPL(caps2);
    GmCaps *dest = gm_caps_new_empty();
    if (mode != GM_CAPS_INTERSECT_FIRST)
        caps_zig_zag(&dest, c1, c2);
    for (unsigned i = 0; mode == GM_CAPS_INTERSECT_FIRST && i < c1->len; i++)
        for (unsigned j = 0; j < c2->len; j++)
            caps_meet(&dest, &c1->items[i], &c2->items[j]);
    return dest;
}

GmCaps *gm_caps_intersect(GmCaps *caps1, GmCaps *caps2)
{
    return gm_caps_intersect_full(caps1, caps2, GM_CAPS_INTERSECT_ZIG_ZAG);
}

// ---- subtract ---------------------------------------------------------------------------

// What is left of a structure, one piece for each field that the subtrahend narrows, last field
// first. -1: they have nothing in common. The caller frees pieces[0 … n - 1] and the array.
static int caps_subtract_structure(const GmStructure *minuend, const GmStructure *subtrahend,
                                   GmStructure ***pieces)
{
    const GmStructureImpl *sub = GM_STRUCTURE_IMPL(subtrahend);
    int n = 0;
    bool apart = false;

    *pieces = gm_new0(GmStructure *, sub->len);
    for (unsigned i = sub->len; !apart && i-- > 0;) {
        const GmField *field = &sub->fields[i];
        const GmValue *other = gm_structure_id_get_value(minuend, field->name);
        GmValue rest = GM_VALUE_INIT;
        apart = other == NULL;
        if (apart || !gm_value_subtract(&rest, other, &field->value))
            continue;
        apart = gm_value_compare(&rest, other) == GM_VALUE_EQUAL;
        if (apart) {
            gm_value_unset(&rest);
            continue;
        }
        GmStructure *piece = gm_structure_copy(minuend);
        gm_structure_put(piece, field->name, &rest);
        (*pieces)[n++] = piece;
    }
    while (apart && n > 0)
        gm_structure_free((*pieces)[--n]);
    return apart ? -1 : n;
}

GmCaps *gm_caps_subtract(GmCaps *minuend, GmCaps *subtrahend)
{
    if (!GM_REQUIRE(GM_IS_CAPS(minuend) && GM_IS_CAPS(subtrahend))) return NULL;
    if (EMPTY(minuend) || GM_CAPS_HAS_ANY(subtrahend))
        return gm_caps_new_empty();
    if (EMPTY(subtrahend))
        return gm_caps_ref(minuend);
    if (!GM_REQUIRE(!GM_CAPS_HAS_ANY(minuend))) return NULL;
    GmCaps *left = gm_caps_copy(minuend);
    for (unsigned i = 0; i < GM_CAPS_IMPL(subtrahend)->len; i++) {
        const GmCapsItem *sub = &GM_CAPS_IMPL(subtrahend)->items[i];
        GmCaps *next = gm_caps_new_empty();
        for (unsigned j = 0; j < GM_CAPS_IMPL(left)->len; j++) {
            const GmCapsItem *min = &GM_CAPS_IMPL(left)->items[j];
            GmStructure **pieces = NULL;
            int n = -1;
            if (min->structure->name == sub->structure->name && gm_caps_features_meet(min, sub))
                n = caps_subtract_structure(min->structure, sub->structure, &pieces);
            if (n < 0)
                gm_caps_push(next, gm_structure_copy(min->structure),
                             gm_caps_item_copy_features(min));
            for (int k = 0; k < n; k++)
                gm_caps_push(next, pieces[k], gm_caps_item_copy_features(min));
            gm_free(pieces);
        }
        gm_caps_unref(left);
        left = next;
    }
    return gm_caps_simplify(left);
}

// ---- normalize, simplify, fixate --------------------------------------------------------

GmCaps *gm_caps_normalize(GmCaps *caps)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps))) return NULL;
    caps = gm_caps_make_writable(caps);
    GmCapsImpl *c = GM_CAPS_IMPL(caps);
    for (unsigned i = 0; i < c->len; i++) {
        GmStructureImpl *s = GM_STRUCTURE_IMPL(c->items[i].structure);
        for (unsigned f = 0; f < s->len;) {
            GmValue *value = &s->fields[f].value, item = GM_VALUE_INIT;
            if (value->g_type != GM_TYPE_LIST || GM_VALUE_ITEMS(value)->n_values == 0) {
                f++;
                continue;
            }
            for (unsigned n = 1; n < GM_VALUE_ITEMS(value)->n_values; n++) {
                GmStructure *other = gm_structure_copy(&s->head);
                gm_value_init_and_copy(&item, &GM_VALUE_ITEMS(value)->values[n]);
                gm_structure_put(other, s->fields[f].name, &item);
                gm_caps_push(caps, other, gm_caps_item_copy_features(&c->items[i]));
            }
            gm_value_init_and_copy(&item, &GM_VALUE_ITEMS(value)->values[0]);
            gm_structure_put(&s->head, s->fields[f].name, &item);
        }
    }
    return caps;
}

static int caps_order(const void *one, const void *two)
{
    const GmStructure *s1 = ((const GmCapsItem *)one)->structure;
    const GmStructure *s2 = ((const GmCapsItem *)two)->structure;
    int order = strcmp(gm_structure_get_name(s1), gm_structure_get_name(s2));

    return order != 0 ? order : gm_structure_n_fields(s2) - gm_structure_n_fields(s1);
}

// Few items, and equal ones must keep their order, which qsort does not promise.
static void caps_sort(GmCapsImpl *c)
{
    for (unsigned i = 1; i < c->len; i++) {
        GmCapsItem item = c->items[i];
        unsigned j = i;
        for (; j > 0 && caps_order(&c->items[j - 1], &item) > 0; j--)
            c->items[j] = c->items[j - 1];
        c->items[j] = item;
    }
}

// If the two differ in one field only, widens that of `into` to the union. True: done.
static bool caps_unite(const GmStructure *structure, GmStructure *into)
{
    const GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);
    GmValue united = GM_VALUE_INIT;
    const GmField *differs = NULL;

    for (unsigned i = 0; i < s->len; i++) {
        const GmValue *other = gm_structure_id_get_value(into, s->fields[i].name);
        if (other == NULL)
            return false;
        if (gm_value_compare(other, &s->fields[i].value) == GM_VALUE_EQUAL)
            continue;
        if (differs != NULL)
            return false;
        differs = &s->fields[i];
    }
    if (differs == NULL || s->len != GM_STRUCTURE_IMPL(into)->len ||
        !gm_value_union(&united, gm_structure_id_get_value(into, differs->name), &differs->value))
        return false;
    gm_structure_put(into, differs->name, &united);
    return true;
}

// Tries to make `structure` smaller or needless beside `other`. True: *result replaces it, NULL
// says that it is needless.
static bool caps_simplify_pair(const GmStructure *structure, GmStructure *other,
                               GmStructure **result)
{
    GmStructure **pieces;
    int n = caps_subtract_structure(structure, other, &pieces);
    bool done = n == 0 || n == 1;

    *result = n == 1 ? pieces[0] : NULL;
    while (n > 1)
        gm_structure_free(pieces[--n]);
    gm_free(pieces);
    return done || caps_unite(structure, other);
}

static bool caps_comparable(const GmCapsItem *a, const GmCapsItem *b)
{
    return a->structure->name == b->structure->name && gm_caps_features_meet(a, b);
}

GmCaps *gm_caps_simplify(GmCaps *caps)
{
    GmStructure *result;

    if (!GM_REQUIRE(GM_IS_CAPS(caps)) || GM_CAPS_IMPL(caps)->len < 2) return caps;
    caps = gm_caps_make_writable(caps);
    GmCapsImpl *c = GM_CAPS_IMPL(caps);
    caps_sort(c);
    int start = (int)c->len - 1;
    for (int i = start; i >= 0; i--) {
        if (start >= (int)c->len || start < 0 || !caps_comparable(&c->items[i], &c->items[start]))
            start = i;
        for (int j = start; j >= 0; j--) {
            if (j == i)
                continue;
            if (!caps_comparable(&c->items[i], &c->items[j]))
                break;
            if (!caps_simplify_pair(c->items[i].structure, c->items[j].structure, &result))
                continue;
            if (result == NULL) {
                gm_caps_drop(caps, (unsigned)i);
                start--;
                break;
            }
            gm_structure_set_parent_refcount(c->items[i].structure, NULL);
            gm_structure_free(c->items[i].structure);
            gm_structure_set_parent_refcount(result, &caps->mini_object.refcount);
            c->items[i].structure = result;
        }
    }
    return caps;
}

GmCaps *gm_caps_fixate(GmCaps *caps)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps) && !GM_CAPS_HAS_ANY(caps))) return NULL;
    caps = gm_caps_make_writable(gm_caps_truncate(caps));
    GmCapsImpl *c = GM_CAPS_IMPL(caps);
    if (c->len == 0)
        return caps;
    gm_structure_fixate(c->items[0].structure);
    if (c->items[0].features != NULL && gm_caps_features_is_any(c->items[0].features))
        gm_caps_set_features(caps, 0, gm_caps_features_new_empty());
    return caps;
}
