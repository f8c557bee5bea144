// SPDX-License-Identifier: MIT
//
// meta: the registry of APIs and implementations, and metas that hold a structure.
// The two lists only grow and their entries never move or go: what a lookup found stays valid
// without the lock.
// Read next: core/buffer_meta.c.
#include "core/meta.h"

#include <string.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/list.h"
#include "core/structure.h"
#include "core/util.h"
#include "core/value.h"

typedef struct {
    GmType       api;
    unsigned     n_tags;
    const char **tags; // NULL-ended
    GmQuark     *quarks;
} MetaApi;

typedef struct {
    GmMetaInfo  info; // first: a const GmMetaInfo * is the entry
    const char *name;
    bool        custom;
    GmCustomMetaTransformFunction transform;
    void       *user_data;
} MetaImpl;

typedef struct {
    GmCustomMeta custom;
    GmStructure *structure;
} MetaCustom;

static GmMutex meta_lock = GM_MUTEX_INIT; // guards both lists
static GmList *meta_apis, *meta_impls;

GmQuark gm_meta_transform_copy_quark(void)
{
    static _Atomic GmQuark quark;
    if (quark == 0)
        quark = gm_quark_from_static_string("gst-copy");
    return quark;
}

// ---- registry ----------------------------------------------------------------------------

static void *meta_type_copy(const void *boxed)
{
    return (void *)boxed;
}

static void meta_type_free(void *boxed)
{
    (void)boxed;
}

// A number with a name; nobody makes values of it.
static GmType meta_type_number(const char *name)
{
    return gm_type_register_boxed(name, meta_type_copy, meta_type_free);
}

static MetaApi *meta_find_api(GmType api)
{
    GmList *l;
    gm_mutex_lock(&meta_lock);
    for (l = meta_apis; l != NULL && ((MetaApi *)l->data)->api != api; l = l->next)
        ;
    gm_mutex_unlock(&meta_lock);
    return l ? l->data : NULL;
}

static MetaImpl *meta_find_impl(const char *name)
{
    GmList *l;
    gm_mutex_lock(&meta_lock);
    for (l = meta_impls; l != NULL && strcmp(((MetaImpl *)l->data)->name, name) != 0; l = l->next)
        ;
    gm_mutex_unlock(&meta_lock);
    return l ? l->data : NULL;
}

GmType gm_meta_api_type_register(const char *api, const char **tags)
{
    if (!GM_REQUIRE(api != NULL)) return GM_TYPE_INVALID;
    GmType type = meta_type_number(api);
    if (meta_find_api(type))
        return type;
    MetaApi *entry = gm_new0(MetaApi, 1);
    entry->api = type;
    while (tags && tags[entry->n_tags])
        entry->n_tags++;
    entry->tags = gm_new0(const char *, entry->n_tags + 1);
    entry->quarks = gm_new0(GmQuark, entry->n_tags + 1);
    for (unsigned i = 0; i < entry->n_tags; i++) {
        entry->tags[i] = gm_intern_string(tags[i]);
        entry->quarks[i] = gm_quark_from_string(tags[i]);
    }
    gm_mutex_lock(&meta_lock);
    meta_apis = gm_list_prepend(meta_apis, entry);
    gm_mutex_unlock(&meta_lock);
    return type;
}

bool gm_meta_api_type_has_tag(GmType api, GmQuark tag)
{
    const MetaApi *entry = meta_find_api(api);
    for (unsigned i = 0; entry != NULL && i < entry->n_tags; i++)
        if (entry->quarks[i] == tag)
            return true;
    return false;
}

const char *const *gm_meta_api_type_get_tags(GmType api)
{
    const MetaApi *entry = meta_find_api(api);
    return entry && entry->n_tags ? entry->tags : NULL;
}

static MetaImpl *meta_add_impl(const char *name, GmMetaInfo info)
{
    MetaImpl *entry = gm_new0(MetaImpl, 1);
    entry->info = info;
    entry->info.type = meta_type_number(name);
    entry->name = gm_intern_string(name);
    gm_mutex_lock(&meta_lock);
    meta_impls = gm_list_append(meta_impls, entry);
    gm_mutex_unlock(&meta_lock);
    return entry;
}

const GmMetaInfo *gm_meta_register(GmType api, const char *impl, size_t size,
                                   GmMetaInitFunction init_func, GmMetaFreeFunction free_func,
                                   GmMetaTransformFunction transform_func)
{
    if (!GM_REQUIRE(api != GM_TYPE_INVALID && impl != NULL && size >= sizeof(GmMeta))) return NULL;
    MetaImpl *entry = meta_find_impl(impl);
    if (entry == NULL)
        entry = meta_add_impl(impl, (GmMetaInfo){ api, 0, size, init_func, free_func,
                                                  transform_func });
    return &entry->info;
}

const GmMetaInfo *gm_meta_get_info(const char *impl)
{
    MetaImpl *entry = GM_REQUIRE(impl != NULL) ? meta_find_impl(impl) : NULL;
    return entry ? &entry->info : NULL;
}

// ---- metas that hold a structure ---------------------------------------------------------

static bool meta_custom_init(GmMeta *meta, void *params, GmBuffer *buffer)
{
    MetaCustom *m = (MetaCustom *)meta;
    (void)params;
    m->structure = gm_structure_new_empty(((const MetaImpl *)meta->info)->name);
    // As the fields of a buffer: they may be set while the buffer is writable.
    gm_structure_set_parent_refcount(m->structure, &buffer->mini_object.refcount);
    return true;
}

static void meta_custom_clear(MetaCustom *m)
{
    gm_structure_set_parent_refcount(m->structure, NULL);
    gm_structure_free(m->structure);
}

static void meta_custom_free(GmMeta *meta, GmBuffer *buffer)
{
    (void)buffer;
    meta_custom_clear((MetaCustom *)meta);
}

static bool meta_custom_transform(GmBuffer *transbuf, GmMeta *meta, GmBuffer *buffer,
                                  GmQuark type, void *data)
{
    const MetaImpl *impl = (const MetaImpl *)meta->info;
    if (impl->transform)
        return impl->transform(transbuf, (GmCustomMeta *)meta, buffer, type, data,
                               impl->user_data);
    if (!GM_META_TRANSFORM_IS_COPY(type))
        return false;
    MetaCustom *copy = (MetaCustom *)gm_buffer_add_meta(transbuf, meta->info, NULL);
    if (copy == NULL)
        return false;
    meta_custom_clear(copy);
    copy->structure = gm_structure_copy(((MetaCustom *)meta)->structure);
    gm_structure_set_parent_refcount(copy->structure, &transbuf->mini_object.refcount);
    return true;
}

const GmMetaInfo *gm_meta_register_custom(const char *name, const char **tags,
                                          GmCustomMetaTransformFunction transform_func,
                                          void *user_data, GmDestroyNotify destroy_data)
{
    if (!GM_REQUIRE(name != NULL)) return NULL;
    MetaImpl *entry = meta_find_impl(name);
    if (entry != NULL) {
        if (destroy_data)
            destroy_data(user_data);
        return entry->custom ? &entry->info : NULL;
    }
    char  *api = gm_strdup_printf("%s-api", name);
    GmType type = gm_meta_api_type_register(api, tags);
    gm_free(api);
    entry = meta_add_impl(name, (GmMetaInfo){ type, 0, sizeof(MetaCustom), meta_custom_init,
                                              meta_custom_free, meta_custom_transform });
    entry->custom = true;
    entry->transform = transform_func;
    entry->user_data = user_data;
    return &entry->info;
}

bool gm_meta_info_is_custom(const GmMetaInfo *info)
{
    return GM_REQUIRE(info != NULL) && ((const MetaImpl *)info)->custom;
}

GmStructure *gm_custom_meta_get_structure(GmCustomMeta *meta)
{
    if (!GM_REQUIRE(meta != NULL && gm_meta_info_is_custom(meta->meta.info))) return NULL;
    return ((MetaCustom *)meta)->structure;
}

bool gm_custom_meta_has_name(GmCustomMeta *meta, const char *name)
{
    if (!GM_REQUIRE(meta != NULL && name != NULL)) return false;
    return gm_structure_has_name(((MetaCustom *)meta)->structure, name);
}

GmCustomMeta *gm_buffer_add_custom_meta(GmBuffer *buffer, const char *name)
{
    const GmMetaInfo *info = gm_meta_get_info(name);
    if (!GM_REQUIRE(info != NULL && gm_meta_info_is_custom(info))) return NULL;
    return (GmCustomMeta *)gm_buffer_add_meta(buffer, info, NULL);
}

GmCustomMeta *gm_buffer_get_custom_meta(GmBuffer *buffer, const char *name)
{
    const GmMetaInfo *info = gm_meta_get_info(name);
    if (!GM_REQUIRE(info != NULL && gm_meta_info_is_custom(info))) return NULL;
    return (GmCustomMeta *)gm_buffer_get_meta(buffer, info->api);
}
