// SPDX-License-Identifier: MIT
//
// buffer_meta: the metas of a buffer, and the two kinds every stream may need: a buffer kept
// alive by another, and a time of another clock.
//
//     GmBuffer.metas -> item -> item -> NULL     the first small one lies inside the buffer
//
// Read next: core/meta.c (how kinds are registered).
#include <stdlib.h>
#include <string.h>

#include "core/buffer_priv.h"
#include "core/caps.h"
#include "core/error.h"
#include "core/util.h"

struct GmMetaItem {
    struct GmMetaItem *next;
    uint64_t seqnum;
    GmMeta   meta; // the implementation's struct
};

static _Atomic uint64_t buffer_meta_seqnum;

static struct GmMetaItem *buffer_meta_item(const GmMeta *meta)
{
    return (struct GmMetaItem *)((char *)meta - offsetof(struct GmMetaItem, meta));
}

uint64_t gm_meta_get_seqnum(const GmMeta *meta)
{
    return GM_REQUIRE(meta != NULL) ? buffer_meta_item(meta)->seqnum : 0;
}

int gm_meta_compare_seqnum(const GmMeta *meta1, const GmMeta *meta2)
{
    uint64_t a = gm_meta_get_seqnum(meta1), b = gm_meta_get_seqnum(meta2);
    return (a > b) - (a < b);
}

static void buffer_meta_free_item(GmBuffer *b, struct GmMetaItem *item)
{
    if ((void *)item != b->meta_room)
        free(item);
}

GmMeta *gm_buffer_add_meta(GmBuffer *buffer, const GmMetaInfo *info, void *params)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && info != NULL)) return NULL;
    if (!GM_REQUIRE(gm_buffer_is_writable(buffer))) return NULL;
    size_t size = offsetof(struct GmMetaItem, meta) + info->size;
    bool   taken = size > sizeof buffer->meta_room;
    for (struct GmMetaItem *i = buffer->metas; i != NULL && !taken; i = i->next)
        taken = (void *)i == buffer->meta_room;
    struct GmMetaItem *item = taken ? gm_malloc(size) : (void *)buffer->meta_room;
    memset(item, 0, size);
    item->meta.info = info;
    if (info->init_func && !info->init_func(&item->meta, params, buffer)) {
        buffer_meta_free_item(buffer, item);
        return NULL;
    }
    item->seqnum = atomic_fetch_add_explicit(&buffer_meta_seqnum, 1, memory_order_relaxed);
    *buffer->metas_tail = item;
    buffer->metas_tail = &item->next;
    return &item->meta;
}

// Takes the item at *link out and frees it.
static void buffer_meta_drop(GmBuffer *b, struct GmMetaItem **link)
{
    struct GmMetaItem *item = *link;
    *link = item->next;
    if (b->metas_tail == &item->next)
        b->metas_tail = link;
    if (item->meta.info->free_func)
        item->meta.info->free_func(&item->meta, b);
    buffer_meta_free_item(b, item);
}

void gm_buffer_free_metas(GmBuffer *buffer)
{
    while (buffer->metas != NULL)
        buffer_meta_drop(buffer, &buffer->metas);
}

bool gm_buffer_remove_meta(GmBuffer *buffer, GmMeta *meta)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && meta != NULL)) return false;
    if (!GM_REQUIRE(gm_buffer_is_writable(buffer))) return false;
    if (!GM_REQUIRE(!GM_META_FLAG_IS_SET(meta, GM_META_FLAG_LOCKED))) return false;
    struct GmMetaItem **link = &buffer->metas;
    while (*link != NULL && &(*link)->meta != meta)
        link = &(*link)->next;
    if (*link == NULL)
        return false;
    buffer_meta_drop(buffer, link);
    return true;
}

GmMeta *gm_buffer_iterate_meta(GmBuffer *buffer, void **state)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && state != NULL)) return NULL;
    struct GmMetaItem *item = *state ? ((struct GmMetaItem *)*state)->next : buffer->metas;
    *state = item;
    return item ? &item->meta : NULL;
}

GmMeta *gm_buffer_iterate_meta_filtered(GmBuffer *buffer, void **state, GmType meta_api_type)
{
    GmMeta *meta;
    while ((meta = gm_buffer_iterate_meta(buffer, state)) != NULL)
        if (meta->info->api == meta_api_type)
            break;
    return meta;
}

GmMeta *gm_buffer_get_meta(GmBuffer *buffer, GmType api)
{
    void *state = NULL;
    return gm_buffer_iterate_meta_filtered(buffer, &state, api);
}

unsigned gm_buffer_get_n_meta(GmBuffer *buffer, GmType api_type)
{
    unsigned n = 0;
    for (void *state = NULL; gm_buffer_iterate_meta_filtered(buffer, &state, api_type); n++)
        ;
    return n;
}

bool gm_buffer_foreach_meta(GmBuffer *buffer, GmBufferForeachMetaFunc func, void *user_data)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && func != NULL)) return false;
    for (struct GmMetaItem **link = &buffer->metas; *link != NULL;) {
        struct GmMetaItem *item = *link;
        GmMeta *meta = &item->meta;
        bool go_on = func(buffer, &meta, user_data);
        if (meta != NULL) {
            link = &item->next;
        } else {
            if (!GM_REQUIRE(gm_buffer_is_writable(buffer))) return false;
            if (!GM_REQUIRE(!GM_META_FLAG_IS_SET(&item->meta, GM_META_FLAG_LOCKED))) return false;
            buffer_meta_drop(buffer, link);
        }
        if (!go_on)
            return false;
    }
    return true;
}

void gm_buffer_copy_metas(GmBuffer *dest, GmBuffer *src, unsigned flags, bool region,
                          size_t offset, size_t size)
{
    GmMetaTransformCopy data = { region, offset, size };
    if (src->metas == NULL)
        return;
    GmQuark copy = gm_meta_transform_copy_quark();
    GmQuark memory = gm_quark_from_static_string(GM_META_TAG_MEMORY_STR);
    GmQuark reference = gm_quark_from_static_string(GM_META_TAG_MEMORY_REFERENCE_STR);
    // Metas that describe the bytes go with the very same bytes only.
    bool same = !region && (flags & GM_BUFFER_COPY_MEMORY) && !(flags & GM_BUFFER_COPY_MERGE);
    for (struct GmMetaItem *i = src->metas; i != NULL; i = i->next) {
        const GmMetaInfo *info = i->meta.info;
        if ((!same && gm_meta_api_type_has_tag(info->api, memory)) ||
            ((flags & GM_BUFFER_COPY_DEEP) && gm_meta_api_type_has_tag(info->api, reference)))
            continue;
        if (info->transform_func)
            info->transform_func(dest, &i->meta, src, copy, &data);
    }
}

// ---- a buffer kept alive -----------------------------------------------------------------

static void buffer_meta_parent_free(GmMeta *meta, GmBuffer *buffer)
{
    (void)buffer;
    gm_clear_buffer(&((GmParentBufferMeta *)meta)->buffer);
}

static bool buffer_meta_parent_transform(GmBuffer *dest, GmMeta *meta, GmBuffer *buffer,
                                         GmQuark type, void *data)
{
    (void)buffer;
    (void)data;
    return GM_META_TRANSFORM_IS_COPY(type) &&
           gm_buffer_add_parent_buffer_meta(dest, ((GmParentBufferMeta *)meta)->buffer) != NULL;
}

GmType gm_parent_buffer_meta_api_get_type(void)
{
    static const char *tags[] = { GM_META_TAG_MEMORY_REFERENCE_STR, NULL };
    static _Atomic GmType type;
    if (type == 0)
        type = gm_meta_api_type_register("GmParentBufferMetaAPI", tags);
    return type;
}

const GmMetaInfo *gm_parent_buffer_meta_get_info(void)
{
    static _Atomic(const GmMetaInfo *) info;
    if (info == NULL)
        info = gm_meta_register(gm_parent_buffer_meta_api_get_type(), "GmParentBufferMeta",
                                sizeof(GmParentBufferMeta), NULL, buffer_meta_parent_free,
                                buffer_meta_parent_transform);
    return info;
}

GmParentBufferMeta *gm_buffer_add_parent_buffer_meta(GmBuffer *buffer, GmBuffer *ref)
{
    if (!GM_REQUIRE(GM_IS_BUFFER(buffer) && GM_IS_BUFFER(ref))) return NULL;
    GmMeta *meta = gm_buffer_add_meta(buffer, gm_parent_buffer_meta_get_info(), NULL);
    if (meta)
        ((GmParentBufferMeta *)meta)->buffer = gm_buffer_ref(ref);
    return (GmParentBufferMeta *)meta;
}

// ---- a time of another clock -------------------------------------------------------------

static void buffer_meta_time_free(GmMeta *meta, GmBuffer *buffer)
{
    (void)buffer;
    gm_caps_replace(&((GmReferenceTimestampMeta *)meta)->reference, NULL);
}

static bool buffer_meta_time_transform(GmBuffer *dest, GmMeta *meta, GmBuffer *buffer,
                                       GmQuark type, void *data)
{
    GmReferenceTimestampMeta *m = (GmReferenceTimestampMeta *)meta;
    (void)buffer;
    (void)data;
    return GM_META_TRANSFORM_IS_COPY(type) &&
           gm_buffer_add_reference_timestamp_meta(dest, m->reference, m->timestamp, m->duration);
}

GmType gm_reference_timestamp_meta_api_get_type(void)
{
    static _Atomic GmType type;
    if (type == 0)
        type = gm_meta_api_type_register("GmReferenceTimestampMetaAPI", NULL);
    return type;
}

const GmMetaInfo *gm_reference_timestamp_meta_get_info(void)
{
    static _Atomic(const GmMetaInfo *) info;
    if (info == NULL)
        info = gm_meta_register(gm_reference_timestamp_meta_api_get_type(),
                                "GmReferenceTimestampMeta", sizeof(GmReferenceTimestampMeta),
                                NULL, buffer_meta_time_free, buffer_meta_time_transform);
    return info;
}

GmReferenceTimestampMeta *gm_buffer_add_reference_timestamp_meta(GmBuffer *buffer,
                                                                 GmCaps *reference,
                                                                 GmClockTime timestamp,
                                                                 GmClockTime duration)
{
    if (!GM_REQUIRE(GM_IS_CAPS(reference) && GM_CLOCK_TIME_IS_VALID(timestamp))) return NULL;
    GmMeta *meta = gm_buffer_add_meta(buffer, gm_reference_timestamp_meta_get_info(), NULL);
    GmReferenceTimestampMeta *m = (GmReferenceTimestampMeta *)meta;
    if (m == NULL)
        return NULL;
    m->reference = gm_caps_ref(reference);
    m->timestamp = timestamp;
    m->duration = duration;
    return m;
}

GmReferenceTimestampMeta *gm_buffer_get_reference_timestamp_meta(GmBuffer *buffer,
                                                                 GmCaps *reference)
{
    GmType api = gm_reference_timestamp_meta_api_get_type();
    void  *state = NULL;
    GmReferenceTimestampMeta *m;
    while ((m = (GmReferenceTimestampMeta *)gm_buffer_iterate_meta_filtered(buffer, &state, api)))
        if (reference == NULL || gm_caps_is_subset(m->reference, reference))
            break;
    return m;
}
