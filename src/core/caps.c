// SPDX-License-Identifier: MIT
//
// caps: a growing array of structures with features, its life and its text.
// Read next: core/caps_algebra.c.
#include "core/caps_priv.h"
#include "core/init.h"

static void caps_free(GmMiniObject *obj)
{
    GmCapsImpl *c = (GmCapsImpl *)obj;

    while (c->len > 0)
        gm_caps_drop(&c->caps, c->len - 1);
    if (c->items != c->room)
        gm_free(c->items);
    gm_free(c);
}

static GmMiniObject *caps_copy(const GmMiniObject *obj)
{
    const GmCapsImpl *from = GM_CAPS_IMPL(obj);
    GmCaps *to = gm_caps_new_empty();

    GM_CAPS_FLAGS(to) |= GM_CAPS_FLAGS(from) & GM_CAPS_FLAG_ANY;
    for (unsigned i = 0; i < from->len; i++)
        gm_caps_push(to, gm_structure_copy(from->items[i].structure),
                     gm_caps_item_copy_features(&from->items[i]));
    return GM_MINI_OBJECT(to);
}

// ---- makers -----------------------------------------------------------------------------

GmCaps *gm_caps_new_empty(void)
{
    GmCapsImpl *c = gm_malloc(sizeof(*c));

    c->len = 0;
    c->cap = GM_LEN(c->room);
    c->items = c->room;
    gm_mini_object_init(&c->caps.mini_object, 0, GM_TYPE_CAPS, caps_copy, NULL, caps_free);
    return &c->caps;
}

GmCaps *gm_caps_new_any(void)
{
    GmCaps *caps = gm_caps_new_empty();

    GM_CAPS_FLAGS(caps) |= GM_CAPS_FLAG_ANY;
    return caps;
}

static struct {
    GmOnce  once;
    GmCaps *any, *none;
} caps_shared;

static void caps_release(void)
{
    gm_clear_caps(&caps_shared.any);
    gm_clear_caps(&caps_shared.none);
    memset(&caps_shared, 0, sizeof(caps_shared));
}

static void caps_setup(void)
{
    caps_shared.any = gm_caps_new_any();
    caps_shared.none = gm_caps_new_empty();
    gm_mini_object_set_may_be_leaked(GM_MINI_OBJECT_CAST(caps_shared.any));
    gm_mini_object_set_may_be_leaked(GM_MINI_OBJECT_CAST(caps_shared.none));
    gm_init_add_cleanup(caps_release);
}

GmCaps *gm_caps_any(void)
{
    gm_once(&caps_shared.once, caps_setup);
    return caps_shared.any;
}

GmCaps *gm_caps_none(void)
{
    gm_once(&caps_shared.once, caps_setup);
    return caps_shared.none;
}

static GmCaps *caps_of(GmStructure *structure)
{
    GmCaps *caps = gm_caps_new_empty();

    if (structure != NULL)
        gm_caps_push(caps, structure, NULL);
    return caps;
}

GmCaps *gm_caps_new_empty_simple(const char *media_type)
{
    GmStructure *structure = gm_structure_new_empty(media_type);
    return structure != NULL ? caps_of(structure) : NULL;
}

GmCaps *gm_caps_new_id_empty_simple(GmQuark media_type)
{
    return caps_of(gm_structure_new_id_empty(media_type));
}

GmCaps *gm_caps_new_simple(const char *media_type, const char *field, ...)
{
    va_list args;

    va_start(args, field);
    GmStructure *structure = gm_structure_new_valist(media_type, field, args);
    va_end(args);
    return structure != NULL ? caps_of(structure) : NULL;
}

GmCaps *gm_caps_new_full_valist(GmStructure *structure, va_list args)
{
    GmCaps *caps = gm_caps_new_empty();

    for (; structure != NULL; structure = va_arg(args, GmStructure *))
        gm_caps_push(caps, structure, NULL);
    return caps;
}

GmCaps *gm_caps_new_full(GmStructure *structure, ...)
{
    va_list args;

    va_start(args, structure);
    GmCaps *caps = gm_caps_new_full_valist(structure, args);
    va_end(args);
    return caps;
}

GmCaps *gm_caps_copy(const GmCaps *caps)
{
    return GM_REQUIRE(GM_IS_CAPS(caps)) ? GM_CAPS(caps_copy(&caps->mini_object)) : NULL;
}

GmCaps *gm_caps_copy_nth(const GmCaps *caps, unsigned nth)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps))) return NULL;
    const GmCapsImpl *c = GM_CAPS_IMPL(caps);
    GmCaps *copy = gm_caps_new_empty();
    GM_CAPS_FLAGS(copy) |= GM_CAPS_FLAGS(caps) & GM_CAPS_FLAG_ANY;
    if (nth < c->len)
        gm_caps_push(copy, gm_structure_copy(c->items[nth].structure),
                     gm_caps_item_copy_features(&c->items[nth]));
    return copy;
}

// The winner of a race between first users stores its caps; the others throw theirs away.
GmCaps *gm_static_caps_get(GmStaticCaps *static_caps)
{
    if (!GM_REQUIRE(static_caps != NULL && static_caps->string != NULL)) return NULL;
    _Atomic(GmCaps *) *slot = (_Atomic(GmCaps *) *)&static_caps->caps;
    GmCaps *caps = atomic_load(slot), *expected = NULL;
    if (caps == NULL) {
        caps = gm_caps_from_string(static_caps->string);
        if (!GM_REQUIRE(caps != NULL)) return NULL;
        gm_mini_object_set_may_be_leaked(GM_MINI_OBJECT_CAST(caps));
        if (!atomic_compare_exchange_strong(slot, &expected, caps)) {
            gm_caps_unref(caps);
            caps = expected;
        }
    }
    return gm_caps_ref(caps);
}

void gm_static_caps_cleanup(GmStaticCaps *static_caps)
{
    gm_clear_caps(&static_caps->caps);
}

// ---- the array --------------------------------------------------------------------------

GmCapsFeatures *gm_caps_item_copy_features(const GmCapsItem *item)
{
    const GmCapsFeatures *f = item->features, *system = GM_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY;
    bool plain = f == NULL || (!gm_caps_features_is_any(f) && gm_caps_features_is_equal(f, system));

    return plain ? NULL : gm_caps_features_copy(f);
}

void gm_caps_push(GmCaps *caps, GmStructure *structure, GmCapsFeatures *features)
{
    GmCapsImpl *c = GM_CAPS_IMPL(caps);

    if (c->len == c->cap) {
        GmCapsItem *items = gm_new(GmCapsItem, c->cap *= 4);
        memcpy(items, c->items, c->len * sizeof(GmCapsItem));
        if (c->items != c->room)
            gm_free(c->items);
        c->items = items;
    }
    if (!gm_structure_set_parent_refcount(structure, &caps->mini_object.refcount))
        return;
    if (features != NULL)
        gm_caps_features_set_parent_refcount(features, &caps->mini_object.refcount);
    c->items[c->len].structure = structure;
    atomic_init(&c->items[c->len++].features, features);
}

// Takes one out; what comes out has no parent any more.
static GmCapsItem caps_pull(GmCapsImpl *c, unsigned index)
{
    GmCapsItem item = c->items[index];

    c->len--;
    memmove(&c->items[index], &c->items[index + 1], (c->len - index) * sizeof(GmCapsItem));
    gm_structure_set_parent_refcount(item.structure, NULL);
    if (item.features != NULL)
        gm_caps_features_set_parent_refcount(item.features, NULL);
    return item;
}

static GmStructure *caps_pull_structure(GmCaps *caps, unsigned index)
{
    GmCapsItem item = caps_pull(GM_CAPS_IMPL(caps), index);

    if (item.features != NULL)
        gm_caps_features_free(item.features);
    return item.structure;
}

void gm_caps_drop(GmCaps *caps, unsigned index)
{
    gm_structure_free(caps_pull_structure(caps, index));
}

#define WRITABLE(caps) (GM_IS_CAPS(caps) && gm_caps_is_writable(caps))

void gm_caps_append_structure_full(GmCaps *caps, GmStructure *structure, GmCapsFeatures *features)
{
    if (!GM_REQUIRE(WRITABLE(caps)) || structure == NULL) return;
    gm_caps_push(caps, structure, features);
    if (GM_CAPS_HAS_ANY(caps))
        gm_caps_drop(caps, 0);
}

void gm_caps_append_structure(GmCaps *caps, GmStructure *structure)
{
    gm_caps_append_structure_full(caps, structure, NULL);
}

void gm_caps_append(GmCaps *caps1, GmCaps *caps2)
{
    if (!GM_REQUIRE(WRITABLE(caps1) && GM_IS_CAPS(caps2))) return;
    bool any = GM_CAPS_HAS_ANY(caps1) || GM_CAPS_HAS_ANY(caps2);
    caps2 = gm_caps_make_writable(caps2);
    for (GmCapsItem item; !any && GM_CAPS_IMPL(caps2)->len > 0;) {
        item = caps_pull(GM_CAPS_IMPL(caps2), 0);
        gm_caps_push(caps1, item.structure, item.features);
    }
    while (any && GM_CAPS_IMPL(caps1)->len > 0)
        gm_caps_drop(caps1, 0);
    GM_CAPS_FLAGS(caps1) |= any ? GM_CAPS_FLAG_ANY : 0;
    gm_caps_unref(caps2);
}

GmCaps *gm_caps_merge_structure_full(GmCaps *caps, GmStructure *structure, GmCapsFeatures *features)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps)) || structure == NULL) return caps;
    if (!GM_CAPS_HAS_ANY(caps) &&
        !gm_caps_is_subset_structure_full(caps, structure, features)) {
        caps = gm_caps_make_writable(caps);
        gm_caps_push(caps, structure, features);
        return caps;
    }
    gm_structure_free(structure);
    if (features != NULL)
        gm_caps_features_free(features);
    return caps;
}

GmCaps *gm_caps_merge_structure(GmCaps *caps, GmStructure *structure)
{
    return gm_caps_merge_structure_full(caps, structure, NULL);
}

GmCaps *gm_caps_merge(GmCaps *caps1, GmCaps *caps2)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps1) && GM_IS_CAPS(caps2))) return NULL;
    if (GM_CAPS_HAS_ANY(caps1) || GM_CAPS_HAS_ANY(caps2)) {
        bool first = GM_CAPS_HAS_ANY(caps1);
        gm_caps_unref(first ? caps2 : caps1);
        return first ? caps1 : caps2;
    }
    caps2 = gm_caps_make_writable(caps2);
    while (GM_CAPS_IMPL(caps2)->len > 0) {
        GmCapsItem item = caps_pull(GM_CAPS_IMPL(caps2), 0);
        caps1 = gm_caps_merge_structure_full(caps1, item.structure, item.features);
    }
    gm_caps_unref(caps2);
    return caps1;
}

void gm_caps_remove_structure(GmCaps *caps, unsigned idx)
{
    if (GM_REQUIRE(WRITABLE(caps) && idx < GM_CAPS_IMPL(caps)->len)) gm_caps_drop(caps, idx);
}

GmStructure *gm_caps_steal_structure(GmCaps *caps, unsigned index)
{
    if (!GM_REQUIRE(WRITABLE(caps)) || index >= GM_CAPS_IMPL(caps)->len) return NULL;
    return caps_pull_structure(caps, index);
}

unsigned gm_caps_get_size(const GmCaps *caps)
{
    return GM_REQUIRE(GM_IS_CAPS(caps)) ? GM_CAPS_IMPL(caps)->len : 0;
}

GmStructure *gm_caps_get_structure(const GmCaps *caps, unsigned index)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps) && index < GM_CAPS_IMPL(caps)->len)) return NULL;
    return GM_CAPS_IMPL(caps)->items[index].structure;
}

GmCapsFeatures *gm_caps_get_features(const GmCaps *caps, unsigned index)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps) && index < GM_CAPS_IMPL(caps)->len)) return NULL;
    GmCapsItem *item = &GM_CAPS_IMPL(caps)->items[index];
    GmCapsFeatures *features = atomic_load(&item->features);
    if (features != NULL)
        return features;
    GmCapsFeatures *fresh = gm_caps_features_copy(GM_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY);
    gm_caps_features_set_parent_refcount(
        fresh, (_Atomic int *)&GM_CAPS_IMPL(caps)->caps.mini_object.refcount);
    if (atomic_compare_exchange_strong(&item->features, &features, fresh))
        return fresh;
    gm_caps_features_set_parent_refcount(fresh, NULL);
    gm_caps_features_free(fresh);
    return features;
}

void gm_caps_set_features(GmCaps *caps, unsigned index, GmCapsFeatures *features)
{
    if (!GM_REQUIRE(WRITABLE(caps) && index < GM_CAPS_IMPL(caps)->len)) return;
    if (features != NULL)
        gm_caps_features_set_parent_refcount(features, &caps->mini_object.refcount);
    GmCapsFeatures *old = atomic_exchange(&GM_CAPS_IMPL(caps)->items[index].features, features);
    if (old != NULL) {
        gm_caps_features_set_parent_refcount(old, NULL);
        gm_caps_features_free(old);
    }
}

void gm_caps_set_features_simple(GmCaps *caps, GmCapsFeatures *features)
{
    if (!GM_REQUIRE(WRITABLE(caps))) return;
    for (unsigned i = 1; i < GM_CAPS_IMPL(caps)->len; i++)
        gm_caps_set_features(caps, i, features != NULL ? gm_caps_features_copy(features) : NULL);
    if (GM_CAPS_IMPL(caps)->len > 0)
        gm_caps_set_features(caps, 0, features);
    else if (features != NULL)
        gm_caps_features_free(features);
}

GmCaps *gm_caps_truncate(GmCaps *caps)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps)) || GM_CAPS_IMPL(caps)->len < 2) return caps;
    caps = gm_caps_make_writable(caps);
    while (GM_CAPS_IMPL(caps)->len > 1)
        gm_caps_drop(caps, GM_CAPS_IMPL(caps)->len - 1);
    return caps;
}

void gm_caps_set_value(GmCaps *caps, const char *field, const GmValue *value)
{
    if (!GM_REQUIRE(WRITABLE(caps) && field != NULL && GM_IS_VALUE(value))) return;
    for (unsigned i = 0; i < GM_CAPS_IMPL(caps)->len; i++)
        gm_structure_set_value(GM_CAPS_IMPL(caps)->items[i].structure, field, value);
}

void gm_caps_set_simple_valist(GmCaps *caps, const char *field, va_list args)
{
    if (!GM_REQUIRE(WRITABLE(caps))) return;
    for (unsigned i = 0; i < GM_CAPS_IMPL(caps)->len; i++) // set_valist reads a copy of args
        gm_structure_set_valist(GM_CAPS_IMPL(caps)->items[i].structure, field, args);
}

void gm_caps_set_simple(GmCaps *caps, const char *field, ...)
{
    va_list args;

    va_start(args, field);
    gm_caps_set_simple_valist(caps, field, args);
    va_end(args);
}

bool gm_caps_foreach(const GmCaps *caps, GmCapsForeachFunc func, void *user_data)
{
    if (!GM_REQUIRE(GM_IS_CAPS(caps) && func != NULL)) return false;
    const GmCapsImpl *c = GM_CAPS_IMPL(caps);
    for (unsigned i = 0; i < c->len; i++)
        if (!func(c->items[i].features, c->items[i].structure, user_data))
            return false;
    return true;
}

bool gm_caps_map_in_place(GmCaps *caps, GmCapsMapFunc func, void *user_data)
{
    if (!GM_REQUIRE(WRITABLE(caps) && func != NULL)) return false;
    const GmCapsImpl *c = GM_CAPS_IMPL(caps);
    for (unsigned i = 0; i < c->len; i++)
        if (!func(gm_caps_get_features(caps, i), c->items[i].structure, user_data))
            return false;
    return true;
}

void gm_caps_filter_and_map_in_place(GmCaps *caps, GmCapsFilterMapFunc func, void *user_data)
{
    if (!GM_REQUIRE(WRITABLE(caps) && func != NULL)) return;
    const GmCapsImpl *c = GM_CAPS_IMPL(caps);
    for (unsigned i = 0; i < c->len;)
        if (func(gm_caps_get_features(caps, i), c->items[i].structure, user_data))
            i++;
        else
            gm_caps_drop(caps, i);
}

// ---- text -------------------------------------------------------------------------------

// Nested ones stand in brackets in to_string and in quotes in serialize: GStreamer 1.22 has it the
// wrong way round for caps, and its text is what others compare with.
char *gm_caps_serialize(const GmCaps *caps, GmSerializeFlags flags)
{
    if (caps == NULL)
        return gm_strdup("NULL");
    if (!GM_REQUIRE(GM_IS_CAPS(caps))) return NULL;
    const GmCapsImpl *c = GM_CAPS_IMPL(caps);
    if (GM_CAPS_HAS_ANY(caps) || c->len == 0)
        return gm_strdup(GM_CAPS_HAS_ANY(caps) ? "ANY" : "EMPTY");
    GmString *out = gm_string_new(NULL);
    for (unsigned i = 0; i < c->len; i++) {
        GmCapsFeatures *special = gm_caps_item_copy_features(&c->items[i]);
        gm_string_append(out, i > 0 ? " " : "");
        gm_string_append(out, gm_structure_get_name(c->items[i].structure));
        if (special != NULL) {
            char *text = gm_caps_features_to_string(special);
            gm_string_append_printf(out, "(%s)", text);
            gm_free(text);
            gm_caps_features_free(special);
        }
        gm_text_append_fields(out, c->items[i].structure,
                              flags ^ GM_SERIALIZE_FLAG_BACKWARD_COMPAT);
    }
    gm_string_truncate(out, out->len - 1); // the last ';'
    return gm_string_free(out, false);
}

char *gm_caps_to_string(const GmCaps *caps)
{
    return gm_caps_serialize(caps, GM_SERIALIZE_FLAG_BACKWARD_COMPAT);
}

// "(memory:DMABuf)" behind the name; the closing parenthesis may be missing at the end.
static bool caps_read_features(GmTextReader *r, GmCapsFeatures **features)
{
    if (*r->at != '(')
        return true;
    size_t len = strcspn(r->at + 1, ")");
    char *text = gm_strndup(r->at + 1, len);
    *features = gm_caps_features_from_string(text);
    gm_free(text);
    if (*features == NULL)
        return gm_text_fail(r, r->at + 1, "not a list of features; write them as in "
                                          "video/x-raw(memory:DMABuf)");
    r->at += len + 1 + (r->at[len + 1] == ')');
    return true;
}

GmCaps *gm_text_read_caps(GmTextReader *r)
{
    GmCaps *caps = gm_caps_new_empty();

    if (strcmp(r->at, "ANY") == 0) {
        GM_CAPS_FLAGS(caps) |= GM_CAPS_FLAG_ANY;
        return caps;
    }
    if (strcmp(r->at, "EMPTY") == 0 || strcmp(r->at, "NONE") == 0)
        return caps;
    for (gm_text_skip_space(r, false); *r->at != '\0'; gm_text_skip_space(r, false)) {
        GmCapsFeatures *features = NULL;
        GmStructure *structure = gm_text_read_name(r);
        if (structure == NULL || !caps_read_features(r, &features) ||
            !gm_text_read_fields(r, structure)) {
            gm_clear_structure(&structure);
            if (features != NULL)
                gm_caps_features_free(features);
            gm_caps_unref(caps);
            return NULL;
        }
        gm_caps_push(caps, structure, features);
    }
    return caps;
}

GmCaps *gm_caps_from_string_full(const char *text, GmError **error)
{
    GmTextReader r = { .at = text };

    if (!GM_REQUIRE(text != NULL)) return NULL;
    GmCaps *caps = gm_text_read_caps(&r);
    if (caps == NULL)
        gm_set_error(error, GM_CORE_ERROR, GM_CORE_ERROR_CAPS, "caps \"%.200s\", column %d: %s",
                     text,
                     (int)(r.failed_at - text) + 1, r.failure);
    return caps;
}

GmCaps *gm_caps_from_string(const char *text)
{
    return gm_caps_from_string_full(text, NULL);
}
