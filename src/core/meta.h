// SPDX-License-Identifier: MIT
//
// meta: what a buffer carries besides bytes: a struct with a GmMeta head, of a registered
// implementation (GmMetaInfo) of an API. An API has tags ("memory", "video", …) that tell
// elements whether the meta survives what they do to the bytes.
// Unless said otherwise: any thread, never blocks; registrations live as long as the process; names
// are borrowed; metas and infos are lent. Misuse is a critical and the neutral result.
// Read next: core/buffer.h (gm_buffer_add_meta), video/video_meta.h (an example).
#ifndef GM_CORE_META_H
#define GM_CORE_META_H

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_META_FLAG_NONE     = 0,
    GM_META_FLAG_READONLY = 1 << 0, // not to be changed
    GM_META_FLAG_POOLED   = 1 << 1, // stays when the buffer returns to its pool
    GM_META_FLAG_LOCKED   = 1 << 2, // cannot be removed
    GM_META_FLAG_LAST     = 1 << 16
} GmMetaFlags;

struct GmMeta {
    unsigned flags; // GmMetaFlags
    const GmMetaInfo *info;
};
typedef struct { GmMeta meta; } GmCustomMeta; // has a structure, see below

// meta: any struct with a GmMeta head, not NULL; flags are changed while the buffer is writable.
#define GM_META_CAST(meta) ((GmMeta *)(meta))
#define GM_META_FLAGS(meta) (GM_META_CAST(meta)->flags)
#define GM_META_FLAG_IS_SET(meta, flag) ((GM_META_FLAGS(meta) & (unsigned)(flag)) != 0)
#define GM_META_FLAG_SET(meta, flag) (GM_META_FLAGS(meta) |= (unsigned)(flag))
#define GM_META_FLAG_UNSET(meta, flag) (GM_META_FLAGS(meta) &= ~(unsigned)(flag))
#define GM_META_TAG_MEMORY_STR "memory"
#define GM_META_TAG_MEMORY_REFERENCE_STR "memory-reference"

// The transform that copies: data is a GmMetaTransformCopy.
GmQuark gm_meta_transform_copy_quark(void);
#define GM_META_TRANSFORM_IS_COPY(type) ((type) == gm_meta_transform_copy_quark())
typedef struct {
    bool   region; // only part of the buffer: [offset, offset + size)
    size_t offset, size;
} GmMetaTransformCopy;

// init: fields are zero, or not if the API needs none; false drops the meta again.
typedef bool (*GmMetaInitFunction)(GmMeta *meta, void *params, GmBuffer *buffer);
typedef void (*GmMetaFreeFunction)(GmMeta *meta, GmBuffer *buffer);
// Carries meta of `buffer` over to transbuf in its own way. False: it could not.
typedef bool (*GmMetaTransformFunction)(GmBuffer *transbuf, GmMeta *meta, GmBuffer *buffer,
                                        GmQuark type, void *data);
typedef bool (*GmCustomMetaTransformFunction)(GmBuffer *transbuf, GmCustomMeta *meta,
                                              GmBuffer *buffer, GmQuark type, void *data,
                                              void *user_data);
struct GmMetaInfo {
    GmType api;  // of gm_meta_api_type_register
    GmType type; // of this implementation
    size_t size; // bytes of the whole struct, the GmMeta head included
    GmMetaInitFunction      init_func;
    GmMetaFreeFunction      free_func;
    GmMetaTransformFunction transform_func;
};

// Gives the number of a new API with tags (NULL-ended, copied). Again with the same name: the
// number it has.
GmType gm_meta_api_type_register(const char *api, const char **tags);
bool gm_meta_api_type_has_tag(GmType api, GmQuark tag); // tag 0: false
const char *const *gm_meta_api_type_get_tags(GmType api); // NULL: no tags
// Registers an implementation of `api`; again with the same name: the first one. The functions may
// be NULL: zeroed, nothing to free, not carried over by transforms.
const GmMetaInfo *gm_meta_register(GmType api, const char *impl, size_t size,
                                   GmMetaInitFunction init_func, GmMetaFreeFunction free_func,
                                   GmMetaTransformFunction transform_func);
const GmMetaInfo *gm_meta_get_info(const char *impl); // NULL: not registered
// A meta that holds a structure called `name`. Without a transform function it is copied with
// whole buffers and dropped from parts if tagged "memory". Takes user_data. NULL: the name is that
// of a meta that is not custom.
const GmMetaInfo *gm_meta_register_custom(const char *name, const char **tags,
                                          GmCustomMetaTransformFunction transform_func,
                                          void *user_data, GmDestroyNotify destroy_data);
bool gm_meta_info_is_custom(const GmMetaInfo *info); // of register_custom
GmStructure *gm_custom_meta_get_structure(GmCustomMeta *meta); // borrowed
bool gm_custom_meta_has_name(GmCustomMeta *meta, const char *name); // registered as that
GmCustomMeta *gm_buffer_add_custom_meta(GmBuffer *buffer, const char *name); // borrowed
GmCustomMeta *gm_buffer_get_custom_meta(GmBuffer *buffer, const char *name); // borrowed or NULL
// Metas are numbered in the order in which they were added in the process.
uint64_t gm_meta_get_seqnum(const GmMeta *meta);
int gm_meta_compare_seqnum(const GmMeta *meta1, const GmMeta *meta2); // -1, 0, 1

#ifdef __cplusplus
}
#endif
#endif
