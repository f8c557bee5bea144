// SPDX-License-Identifier: MIT
//
// caps_features: a small set of names as quarks.
// Read next: core/caps.c.
#include <ctype.h>

#include "core/init.h"
#include "core/value_priv.h"

struct GmCapsFeatures {
    GmType       type; // GM_TYPE_CAPS_FEATURES
    _Atomic int *parent_refcount;
    bool         is_any;
    unsigned     len, cap;
    GmQuark     *ids;
};

static struct {
    GmOnce          once;
    GmCapsFeatures *any, *system;
    GmQuark         system_id;
} features_shared;

static void features_release(void)
{
    gm_caps_features_free(features_shared.any);
    gm_caps_features_free(features_shared.system);
    memset(&features_shared, 0, sizeof(features_shared));
}

static void features_setup(void)
{
    features_shared.system_id = gm_quark_from_static_string(GM_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY);
    features_shared.any = gm_caps_features_new_any();
    features_shared.system = gm_caps_features_new_single(GM_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY);
    gm_init_add_cleanup(features_release);
}

GmCapsFeatures *gm_caps_features_any(void)
{
    gm_once(&features_shared.once, features_setup);
    return features_shared.any;
}

GmCapsFeatures *gm_caps_features_memory_system_memory(void)
{
    gm_once(&features_shared.once, features_setup);
    return features_shared.system;
}

bool gm_is_caps_features(const void *obj)
{
    return obj != NULL && ((const GmCapsFeatures *)obj)->type == GM_TYPE_CAPS_FEATURES;
}

GmCapsFeatures *gm_caps_features_new_empty(void)
{
    GmCapsFeatures *features = gm_new0(GmCapsFeatures, 1);

    features->type = GM_TYPE_CAPS_FEATURES;
    return features;
}

GmCapsFeatures *gm_caps_features_new_any(void)
{
    GmCapsFeatures *features = gm_caps_features_new_empty();

    features->is_any = true;
    return features;
}

GmCapsFeatures *gm_caps_features_new_single(const char *feature)
{
    GmCapsFeatures *features = gm_caps_features_new_empty();

    gm_caps_features_add(features, feature);
    return features;
}

GmCapsFeatures *gm_caps_features_new_valist(const char *feature1, va_list args)
{
    GmCapsFeatures *features = gm_caps_features_new_empty();

    for (; feature1 != NULL; feature1 = va_arg(args, const char *))
        gm_caps_features_add(features, feature1);
    return features;
}

GmCapsFeatures *gm_caps_features_new(const char *feature1, ...)
{
    va_list args;

    va_start(args, feature1);
    GmCapsFeatures *features = gm_caps_features_new_valist(feature1, args);
    va_end(args);
    return features;
}

GmCapsFeatures *gm_caps_features_new_id(GmQuark feature1, ...)
{
    GmCapsFeatures *features = gm_caps_features_new_empty();
    va_list args;

    va_start(args, feature1);
    for (; feature1 != 0; feature1 = va_arg(args, GmQuark))
        gm_caps_features_add_id(features, feature1);
    va_end(args);
    return features;
}

GmCapsFeatures *gm_caps_features_copy(const GmCapsFeatures *features)
{
    if (!GM_REQUIRE(GM_IS_CAPS_FEATURES(features))) return NULL;
    GmCapsFeatures *copy = gm_caps_features_new_empty();
    copy->is_any = features->is_any;
    copy->len = copy->cap = features->len;
    copy->ids = gm_memdup(features->ids, features->len * sizeof(GmQuark));
    return copy;
}

void gm_caps_features_free(GmCapsFeatures *features)
{
    if (!GM_REQUIRE(GM_IS_CAPS_FEATURES(features) && features->parent_refcount == NULL)) return;
    gm_free(features->ids);
    gm_free(features);
}

bool gm_caps_features_set_parent_refcount(GmCapsFeatures *features, _Atomic int *refcount)
{
    if (!GM_REQUIRE(GM_IS_CAPS_FEATURES(features))) return false;
    if (!GM_REQUIRE(refcount == NULL || features->parent_refcount == NULL)) return false;
    features->parent_refcount = refcount;
    return true;
}

// ---- text -------------------------------------------------------------------------------

char *gm_caps_features_to_string(const GmCapsFeatures *features)
{
    if (!GM_REQUIRE(GM_IS_CAPS_FEATURES(features))) return NULL;
    GmString *out = gm_string_new(features->is_any && features->len == 0 ? "ANY" : NULL);
    for (unsigned i = 0; i < features->len; i++) {
        gm_string_append(out, i > 0 ? ", " : "");
        gm_string_append(out, gm_quark_to_string(features->ids[i]));
    }
    return gm_string_free(out, false);
}

// "memory:DMABuf": letters, a colon, a letter, letters and digits.
static bool features_name_is_valid(const char *name)
{
    while (isalpha((unsigned char)*name))
        name++;
    if (*name++ != ':' || !isalpha((unsigned char)*name))
        return false;
    while (isalnum((unsigned char)*name))
        name++;
    return *name == '\0';
}

GmCapsFeatures *gm_caps_features_from_string(const char *text)
{
    GmCapsFeatures *features = gm_caps_features_new_empty();

    if (text == NULL || *text == '\0')
        return features;
    if (strcmp(text, "ANY") == 0) {
        features->is_any = true;
        return features;
    }
    for (;;) {
        char name[128];
        text += strspn(text, " ");
        size_t len = strcspn(text, ","), used = len;
        while (used > 0 && text[used - 1] == ' ')
            used--;
        if (used == 0 || used >= sizeof(name) || memchr(text, ' ', used) != NULL) {
            gm_caps_features_free(features);
            return NULL;
        }
        memcpy(name, text, used);
        name[used] = '\0';
        if (features_name_is_valid(name))
            gm_caps_features_add(features, name);
        if (text[len] == '\0')
            return features;
        text += len + 1;
    }
}

// ---- members ----------------------------------------------------------------------------

unsigned gm_caps_features_get_size(const GmCapsFeatures *features)
{
    return GM_REQUIRE(GM_IS_CAPS_FEATURES(features)) ? features->len : 0;
}

GmQuark gm_caps_features_get_nth_id(const GmCapsFeatures *features, unsigned i)
{
    return GM_REQUIRE(GM_IS_CAPS_FEATURES(features) && i < features->len) ? features->ids[i] : 0;
}

const char *gm_caps_features_get_nth(const GmCapsFeatures *features, unsigned i)
{
    return gm_quark_to_string(gm_caps_features_get_nth_id(features, i));
}

bool gm_caps_features_contains_id(const GmCapsFeatures *features, GmQuark feature)
{
    if (!GM_REQUIRE(GM_IS_CAPS_FEATURES(features) && feature != 0)) return false;
    gm_once(&features_shared.once, features_setup);
    bool found = features->is_any || (features->len == 0 && feature == features_shared.system_id);
    for (unsigned i = 0; !found && i < features->len; i++)
        found = features->ids[i] == feature;
    return found;
}

bool gm_caps_features_contains(const GmCapsFeatures *features, const char *feature)
{
    return gm_caps_features_contains_id(features, gm_quark_from_string(feature));
}

bool gm_caps_features_is_equal(const GmCapsFeatures *f1, const GmCapsFeatures *f2)
{
    if (!GM_REQUIRE(GM_IS_CAPS_FEATURES(f1) && GM_IS_CAPS_FEATURES(f2))) return false;
    if (f1 == f2 || f1->is_any || f2->is_any || (f1->len == 0 && f2->len == 0))
        return true;
    if (f1->len == 0 || f2->len == 0)
        return f1->len + f2->len == 1 &&
               gm_caps_features_contains_id(f1->len == 1 ? f1 : f2, features_shared.system_id);
    for (unsigned i = 0; i < f1->len; i++)
        if (f1->len != f2->len || !gm_caps_features_contains_id(f2, f1->ids[i]))
            return false;
    return true;
}

bool gm_caps_features_is_any(const GmCapsFeatures *features)
{
    return GM_REQUIRE(GM_IS_CAPS_FEATURES(features)) && features->is_any;
}

void gm_caps_features_add_id(GmCapsFeatures *features, GmQuark feature)
{
    if (!GM_REQUIRE(GM_IS_CAPS_FEATURES(features) && feature != 0 && !features->is_any)) return;
    if (!GM_REQUIRE(GM_PARENT_WRITABLE(features->parent_refcount))) return;
    if (!GM_REQUIRE(features_name_is_valid(gm_quark_to_string(feature)))) return;
    for (unsigned i = 0; i < features->len; i++)
        if (features->ids[i] == feature)
            return;
    if (features->len == features->cap) {
        features->cap = features->cap * 2 + 2;
        features->ids = gm_renew(GmQuark, features->ids, features->cap);
    }
    features->ids[features->len++] = feature;
}

void gm_caps_features_add(GmCapsFeatures *features, const char *feature)
{
    gm_caps_features_add_id(features, gm_quark_from_string(feature));
}

void gm_caps_features_remove_id(GmCapsFeatures *features, GmQuark feature)
{
    if (!GM_REQUIRE(GM_IS_CAPS_FEATURES(features) && feature != 0)) return;
    if (!GM_REQUIRE(GM_PARENT_WRITABLE(features->parent_refcount))) return;
    for (unsigned i = 0; i < features->len; i++) {
        if (features->ids[i] != feature)
            continue;
        features->len--;
        memmove(&features->ids[i], &features->ids[i + 1], (features->len - i) * sizeof(GmQuark));
        return;
    }
}

void gm_caps_features_remove(GmCapsFeatures *features, const char *feature)
{
    gm_caps_features_remove_id(features, gm_quark_from_string(feature));
}
