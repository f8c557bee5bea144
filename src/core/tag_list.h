// SPDX-License-Identifier: MIT
//
// tag_list: what is known about a stream besides its format: title, artist, codec. A mini-object
// around a structure; a tag with several values holds a list. Any name is a tag: there is no
// register of tags here; the known ones below have the types GStreamer gives them.
//
// Unless said otherwise: arguments are borrowed; a list is changed only while writable; any
// thread; nothing blocks. Misuse is a critical, the neutral result, and no change.
// Read next: core/event.h.
#ifndef GM_CORE_TAG_LIST_H
#define GM_CORE_TAG_LIST_H

#include "core/mini_object.h"
#include "core/structure.h"

#ifdef __cplusplus
extern "C" {
#endif

struct GmTagList {
    GmMiniObject mini_object; // the rest is private
};

typedef enum {
    GM_TAG_MERGE_UNDEFINED,
    GM_TAG_MERGE_REPLACE_ALL, // drop all old tags first
    GM_TAG_MERGE_REPLACE,     // new values replace old ones of the same tag
    GM_TAG_MERGE_APPEND,
    GM_TAG_MERGE_PREPEND,
    GM_TAG_MERGE_KEEP,        // old values stay; unknown tags are added
    GM_TAG_MERGE_KEEP_ALL,    // nothing changes
    GM_TAG_MERGE_COUNT
} GmTagMergeMode;
typedef enum {
    GM_TAG_SCOPE_STREAM, // about one stream
    GM_TAG_SCOPE_GLOBAL  // about the whole medium
} GmTagScope;

#define GM_TAG_TITLE "title"
#define GM_TAG_ARTIST "artist"
#define GM_TAG_ALBUM "album"
#define GM_TAG_GENRE "genre"
#define GM_TAG_COMMENT "comment"
#define GM_TAG_DESCRIPTION "description"
#define GM_TAG_ENCODER "encoder"
#define GM_TAG_CODEC "codec"
#define GM_TAG_VIDEO_CODEC "video-codec"
#define GM_TAG_AUDIO_CODEC "audio-codec"
#define GM_TAG_CONTAINER_FORMAT "container-format"
#define GM_TAG_LANGUAGE_CODE "language-code"
#define GM_TAG_TRACK_NUMBER "track-number"       // unsigned
#define GM_TAG_BITRATE "bitrate"                 // unsigned, bits per second
#define GM_TAG_DURATION "duration"               // uint64, nanoseconds
#define GM_TAG_IMAGE_ORIENTATION "image-orientation"

// Casts are unchecked; GM_IS_TAG_LIST checks (NULL: false).
#define GM_TAG_LIST(obj) ((GmTagList *)(obj))
#define GM_IS_TAG_LIST(obj) ((obj) != NULL && GM_MINI_OBJECT_TYPE(obj) == GM_TYPE_TAG_LIST)
// The mini-object functions, typed (core/mini_object.h).
static inline GmTagList *gm_tag_list_ref(GmTagList *list)
{
    return (GmTagList *)gm_mini_object_ref(GM_MINI_OBJECT_CAST(list));
}
// Takes the caller's reference.
static inline void gm_tag_list_unref(GmTagList *list)
{
    gm_mini_object_unref(GM_MINI_OBJECT_CAST(list));
}
// The others likewise.
#define gm_tag_list_copy(list) GM_TAG_LIST(gm_mini_object_copy(GM_MINI_OBJECT_CAST(list)))
#define gm_tag_list_is_writable(list) gm_mini_object_is_writable(GM_MINI_OBJECT_CAST(list))
#define gm_tag_list_make_writable(list) \
    GM_TAG_LIST(gm_mini_object_make_writable(GM_MINI_OBJECT_CAST(list)))

// Called for each tag, in the order they were added; may not change the list.
typedef void (*GmTagForeachFunc)(const GmTagList *list, const char *tag, void *user_data);

GmTagList *gm_tag_list_new_empty(void); // gives a writable one
// Tag, C value, …, NULL; the types are those of the known tags, string for all others.
GmTagList *gm_tag_list_new(const char *tag, ...) GM_SENTINEL;
GmTagList *gm_tag_list_new_from_string(const char *text); // NULL: not a tag list
char *gm_tag_list_to_string(const GmTagList *list);       // gives, free ()
void gm_tag_list_set_scope(GmTagList *list, GmTagScope scope);
GmTagScope gm_tag_list_get_scope(const GmTagList *list);
int gm_tag_list_n_tags(const GmTagList *list);
const char *gm_tag_list_nth_tag_name(const GmTagList *list, unsigned index); // borrowed
bool gm_tag_list_is_empty(const GmTagList *list);
bool gm_tag_list_is_equal(const GmTagList *list1, const GmTagList *list2); // tags, values
unsigned gm_tag_list_get_tag_size(const GmTagList *list, const char *tag); // number of values
// Tag, C value, …, NULL as in new / one value (copied); mode is not UNDEFINED.
void gm_tag_list_add(GmTagList *list, GmTagMergeMode mode, const char *tag, ...) GM_SENTINEL;
void gm_tag_list_add_value(GmTagList *list, GmTagMergeMode mode, const char *tag,
                           const GmValue *value);
void gm_tag_list_remove_tag(GmTagList *list, const char *tag); // all its values
// Adds all tags of `from`.
void gm_tag_list_insert(GmTagList *into, const GmTagList *from, GmTagMergeMode mode);
// Gives a new list of both; NULL if both are NULL.
GmTagList *gm_tag_list_merge(const GmTagList *list1, const GmTagList *list2, GmTagMergeMode mode);
void gm_tag_list_foreach(const GmTagList *list, GmTagForeachFunc func, void *user_data);
const GmValue *gm_tag_list_get_value_index(const GmTagList *list, const char *tag,
                                           unsigned index); // lent, or NULL
// The first value (strings: the first one). False: no such tag or of another type.
bool gm_tag_list_get_boolean(const GmTagList *list, const char *tag, bool *value);
bool gm_tag_list_get_int(const GmTagList *list, const char *tag, int *value);
bool gm_tag_list_get_uint(const GmTagList *list, const char *tag, unsigned *value);
bool gm_tag_list_get_uint64(const GmTagList *list, const char *tag, uint64_t *value);
bool gm_tag_list_get_double(const GmTagList *list, const char *tag, double *value);
bool gm_tag_list_get_string(const GmTagList *list, const char *tag, char **value); // copy, free ()

#ifdef __cplusplus
}
#endif
#endif
