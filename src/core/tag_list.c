// SPDX-License-Identifier: MIT
//
// tag_list: a structure called "taglist" in a mini-object.
// Read next: core/event.h.
#include "core/tag_list.h"
#include "core/value_priv.h"

typedef struct {
    GmTagList    list;
    GmStructure *structure;
    GmTagScope   scope;
} GmTagListImpl;
#define IMPL(list) ((GmTagListImpl *)(list))
#define TAGS(list) (IMPL(list)->structure)

static void tag_list_free(GmMiniObject *obj)
{
    gm_structure_set_parent_refcount(TAGS(obj), NULL);
    gm_structure_free(TAGS(obj));
    gm_free(obj);
}

static GmMiniObject *tag_list_copy(const GmMiniObject *obj);

static GmTagList *tag_list_of(GmStructure *structure, GmTagScope scope)
{
    GmTagListImpl *impl = gm_malloc(sizeof(*impl));

    gm_mini_object_init(&impl->list.mini_object, 0, GM_TYPE_TAG_LIST, tag_list_copy, NULL,
                        tag_list_free);
    impl->structure = structure;
    impl->scope = scope;
    gm_structure_set_parent_refcount(structure, &impl->list.mini_object.refcount);
    return &impl->list;
}

static GmMiniObject *tag_list_copy(const GmMiniObject *obj)
{
    return GM_MINI_OBJECT(tag_list_of(gm_structure_copy(TAGS(obj)), IMPL(obj)->scope));
}

GmTagList *gm_tag_list_new_empty(void)
{
    return tag_list_of(gm_structure_new_empty("taglist"), GM_TAG_SCOPE_STREAM);
}

static GmType tag_list_type_of(const char *tag)
{
    static const struct { const char *tag; GmType type; } known[] = {
        { GM_TAG_TRACK_NUMBER, GM_TYPE_UINT }, { GM_TAG_BITRATE, GM_TYPE_UINT },
        { "track-count", GM_TYPE_UINT }, { "nominal-bitrate", GM_TYPE_UINT },
        { "minimum-bitrate", GM_TYPE_UINT }, { "maximum-bitrate", GM_TYPE_UINT },
        { "encoder-version", GM_TYPE_UINT }, { GM_TAG_DURATION, GM_TYPE_UINT64 },
        { "beats-per-minute", GM_TYPE_DOUBLE }, { "replaygain-track-gain", GM_TYPE_DOUBLE },
        { "replaygain-track-peak", GM_TYPE_DOUBLE },
    };

    for (size_t i = 0; i < GM_LEN(known); i++)
        if (strcmp(known[i].tag, tag) == 0)
            return known[i].type;
    return GM_TYPE_STRING;
}

// Tag and C value, …, NULL.
static void tag_list_add_args(GmTagList *list, GmTagMergeMode mode, const char *tag, va_list *args)
{
    for (; tag != NULL; tag = va_arg(*args, const char *)) {
        GmValue value = GM_VALUE_INIT;
        gm_value_collect(&value, tag_list_type_of(tag), args);
        gm_tag_list_add_value(list, mode, tag, &value);
        gm_value_unset(&value);
    }
}

GmTagList *gm_tag_list_new(const char *tag, ...)
{
    GmTagList *list = gm_tag_list_new_empty();
    va_list args;

    va_start(args, tag);
    tag_list_add_args(list, GM_TAG_MERGE_APPEND, tag, &args);
    va_end(args);
    return list;
}

void gm_tag_list_add(GmTagList *list, GmTagMergeMode mode, const char *tag, ...)
{
    va_list args;

    va_start(args, tag);
    tag_list_add_args(list, mode, tag, &args);
    va_end(args);
}

GmTagList *gm_tag_list_new_from_string(const char *text)
{
    if (!GM_REQUIRE(text != NULL && gm_str_has_prefix(text, "taglist"))) return NULL;
    GmStructure *structure = gm_structure_from_string(text, NULL);
    return structure != NULL ? tag_list_of(structure, GM_TAG_SCOPE_STREAM) : NULL;
}

char *gm_tag_list_to_string(const GmTagList *list)
{
    return GM_REQUIRE(GM_IS_TAG_LIST(list)) ? gm_structure_to_string(TAGS(list)) : NULL;
}

void gm_tag_list_set_scope(GmTagList *list, GmTagScope scope)
{
    if (GM_REQUIRE(GM_IS_TAG_LIST(list) && gm_tag_list_is_writable(list)))
        IMPL(list)->scope = scope;
}

GmTagScope gm_tag_list_get_scope(const GmTagList *list)
{
    return GM_REQUIRE(GM_IS_TAG_LIST(list)) ? IMPL(list)->scope : GM_TAG_SCOPE_STREAM;
}

int gm_tag_list_n_tags(const GmTagList *list)
{
    return GM_REQUIRE(GM_IS_TAG_LIST(list)) ? gm_structure_n_fields(TAGS(list)) : 0;
}

const char *gm_tag_list_nth_tag_name(const GmTagList *list, unsigned index)
{
    return GM_REQUIRE(GM_IS_TAG_LIST(list)) ? gm_structure_nth_field_name(TAGS(list), index) : NULL;
}

bool gm_tag_list_is_empty(const GmTagList *list)
{
    return gm_tag_list_n_tags(list) == 0;
}

bool gm_tag_list_is_equal(const GmTagList *list1, const GmTagList *list2)
{
    if (!GM_REQUIRE(GM_IS_TAG_LIST(list1) && GM_IS_TAG_LIST(list2))) return false;
    return gm_structure_is_equal(TAGS(list1), TAGS(list2));
}

unsigned gm_tag_list_get_tag_size(const GmTagList *list, const char *tag)
{
    if (!GM_REQUIRE(GM_IS_TAG_LIST(list))) return 0;
    const GmValue *value = gm_structure_get_value(TAGS(list), tag);
    return value == NULL ? 0 : value->g_type == GM_TYPE_LIST ? GM_VALUE_ITEMS(value)->n_values : 1;
}

void gm_tag_list_add_value(GmTagList *list, GmTagMergeMode mode, const char *tag,
                           const GmValue *value)
{
    GmValue both = GM_VALUE_INIT;

    if (!GM_REQUIRE(GM_IS_TAG_LIST(list) && gm_tag_list_is_writable(list))) return;
    if (!GM_REQUIRE(tag != NULL && GM_IS_VALUE(value))) return;
    if (!GM_REQUIRE(mode > GM_TAG_MERGE_UNDEFINED && mode < GM_TAG_MERGE_COUNT)) return;
    if (mode == GM_TAG_MERGE_REPLACE_ALL)
        gm_structure_remove_all_fields(TAGS(list));
    const GmValue *old = gm_structure_get_value(TAGS(list), tag);
    if (old == NULL || mode == GM_TAG_MERGE_REPLACE) {
        if (mode != GM_TAG_MERGE_KEEP_ALL)
            gm_structure_set_value(TAGS(list), tag, value);
        return;
    }
    if (mode != GM_TAG_MERGE_APPEND && mode != GM_TAG_MERGE_PREPEND)
        return;
    if (mode == GM_TAG_MERGE_APPEND)
        gm_value_list_merge(&both, old, value);
    else
        gm_value_list_merge(&both, value, old);
    if (GM_IS_VALUE(&both))
        gm_structure_take_value(TAGS(list), tag, &both);
}

void gm_tag_list_remove_tag(GmTagList *list, const char *tag)
{
    if (GM_REQUIRE(GM_IS_TAG_LIST(list) && gm_tag_list_is_writable(list)))
        gm_structure_remove_field(TAGS(list), tag);
}

void gm_tag_list_insert(GmTagList *into, const GmTagList *from, GmTagMergeMode mode)
{
    if (!GM_REQUIRE(GM_IS_TAG_LIST(into) && GM_IS_TAG_LIST(from))) return;
    if (mode == GM_TAG_MERGE_REPLACE_ALL) {
        gm_structure_remove_all_fields(TAGS(into));
        mode = GM_TAG_MERGE_REPLACE;
    }
    const GmStructureImpl *s = GM_STRUCTURE_IMPL(TAGS(from));
    for (unsigned i = 0; i < s->len; i++)
        gm_tag_list_add_value(into, mode, gm_quark_to_string(s->fields[i].name),
                              &s->fields[i].value);
}

GmTagList *gm_tag_list_merge(const GmTagList *list1, const GmTagList *list2, GmTagMergeMode mode)
{
    if (list1 == NULL || list2 == NULL)
        return list1 == list2 ? NULL : gm_tag_list_copy(list1 != NULL ? list1 : list2);
    GmTagList *both = gm_tag_list_copy(list1);
    gm_tag_list_insert(both, list2, mode);
    return both;
}

void gm_tag_list_foreach(const GmTagList *list, GmTagForeachFunc func, void *user_data)
{
    if (!GM_REQUIRE(GM_IS_TAG_LIST(list) && func != NULL)) return;
    for (int i = 0; i < gm_tag_list_n_tags(list); i++)
        func(list, gm_tag_list_nth_tag_name(list, (unsigned)i), user_data);
}

const GmValue *gm_tag_list_get_value_index(const GmTagList *list, const char *tag, unsigned index)
{
    if (!GM_REQUIRE(GM_IS_TAG_LIST(list) && tag != NULL)) return NULL;
    const GmValue *value = gm_structure_get_value(TAGS(list), tag);
    if (value != NULL && value->g_type == GM_TYPE_LIST)
        return index < GM_VALUE_ITEMS(value)->n_values ? &GM_VALUE_ITEMS(value)->values[index]
                                                       : NULL;
    return index == 0 ? value : NULL;
}

#define TAG_LIST_GETTER(name, ctype, GTYPE)                                            \
    bool gm_tag_list_get_##name(const GmTagList *list, const char *tag, ctype *value)  \
    {                                                                                  \
        const GmValue *v = gm_tag_list_get_value_index(list, tag, 0);                  \
        bool found = GM_VALUE_HOLDS_EXACTLY(v, GTYPE);                                 \
        if (found)                                                                     \
            *value = gm_value_get_##name(v);                                           \
        return found;                                                                  \
    }

TAG_LIST_GETTER(boolean, bool, GM_TYPE_BOOLEAN)
TAG_LIST_GETTER(int, int, GM_TYPE_INT)
TAG_LIST_GETTER(uint, unsigned, GM_TYPE_UINT)
TAG_LIST_GETTER(uint64, uint64_t, GM_TYPE_UINT64)
TAG_LIST_GETTER(double, double, GM_TYPE_DOUBLE)

bool gm_tag_list_get_string(const GmTagList *list, const char *tag, char **value)
{
    const GmValue *v = gm_tag_list_get_value_index(list, tag, 0);
    bool found = GM_VALUE_HOLDS_STRING(v) && v->data[0].v_pointer != NULL;

    if (found)
        *value = gm_value_dup_string(v);
    return found;
}
