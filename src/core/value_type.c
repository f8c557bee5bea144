// SPDX-License-Identifier: MIT
//
// value_type: the register of types: names, and how values of a type are copied and freed.
//
// Types are numbers. Those of the core index a const table; enumerations, flags and boxed types
// get the next free entry of a fixed array, so looking one up takes no lock.
// Read next: core/value.c.
#include "core/segment.h"
#include "core/value_priv.h"

static void *type_copy_int64s(const void *range)
{
    return gm_memdup(range, 3 * sizeof(int64_t));
}

static void *type_copy_fractions(const void *range)
{
    return gm_memdup(range, 2 * sizeof(GmValue));
}

static void *type_copy_list(const void *list)
{
    const GmValueArray *array = list;
    GmValueArray *copy = gm_value_array_new(array->n_values);

    for (; copy->n_values < array->n_values; copy->n_values++)
        gm_value_init_and_copy(&copy->values[copy->n_values], &array->values[copy->n_values]);
    return copy;
}

#define OWNED(copy_func, free_func) \
    .copy = (GmBoxedCopyFunc)(copy_func), .free = (GmBoxedFreeFunc)(free_func)
#define COUNTED OWNED(gm_mini_object_ref, gm_mini_object_unref)

static const GmTypeInfo type_builtin[GM_TYPE_LAST_BUILTIN] = {
    [GM_TYPE_NONE]           = { .name = "void" },
    [GM_TYPE_BOOLEAN]        = { .name = "gboolean", .abbr = "boolean" },
    [GM_TYPE_INT]            = { .name = "gint", .abbr = "int" },
    [GM_TYPE_UINT]           = { .name = "guint", .abbr = "uint" },
    [GM_TYPE_INT64]          = { .name = "gint64" },
    [GM_TYPE_UINT64]         = { .name = "guint64" },
    [GM_TYPE_FLOAT]          = { .name = "gfloat", .abbr = "float" },
    [GM_TYPE_DOUBLE]         = { .name = "gdouble", .abbr = "double" },
    [GM_TYPE_STRING]         = { .name = "gchararray", .abbr = "string",
                                 OWNED(gm_strdup, gm_free) },
    [GM_TYPE_POINTER]        = { .name = "gpointer" },
    [GM_TYPE_LONG]           = { .name = "glong" },
    [GM_TYPE_ULONG]          = { .name = "gulong" },
    [GM_TYPE_GTYPE]          = { .name = "GType", .abbr = "type" },
    [GM_TYPE_ENUM]           = { .name = "GEnum" },
    [GM_TYPE_FLAGS]          = { .name = "GFlags" },
    [GM_TYPE_OBJECT]         = { .name = "GmObject", OWNED(gm_object_ref, gm_object_unref) },
    [GM_TYPE_FRACTION]       = { .name = "GmFraction", .abbr = "fraction" },
    [GM_TYPE_INT_RANGE]      = { .name = "GmIntRange" },
    [GM_TYPE_INT64_RANGE]    = { .name = "GmInt64Range", OWNED(type_copy_int64s, gm_free) },
    [GM_TYPE_DOUBLE_RANGE]   = { .name = "GmDoubleRange" },
    [GM_TYPE_FRACTION_RANGE] = { .name = "GmFractionRange", OWNED(type_copy_fractions, gm_free) },
    [GM_TYPE_LIST]           = { .name = "GmValueList", .abbr = "list",
                                 OWNED(type_copy_list, gm_value_array_free) },
    [GM_TYPE_ARRAY]          = { .name = "GmValueArray", .abbr = "array",
                                 OWNED(type_copy_list, gm_value_array_free) },
    [GM_TYPE_BITMASK]        = { .name = "GmBitmask", .abbr = "bitmask" },
    [GM_TYPE_FLAG_SET]       = { .name = "GmFlagSet", .abbr = "flagset" },
    [GM_TYPE_STRUCTURE]      = { .name = "GmStructure", .abbr = "structure",
                                 OWNED(gm_structure_copy, gm_structure_free) },
    [GM_TYPE_CAPS_FEATURES]  = { .name = "GmCapsFeatures",
                                 OWNED(gm_caps_features_copy, gm_caps_features_free) },
    [GM_TYPE_ERROR]          = { .name = "GError", OWNED(gm_error_copy, gm_error_free) },
    [GM_TYPE_SEGMENT]        = { .name = "GmSegment", OWNED(gm_segment_copy, gm_segment_free) },
    [GM_TYPE_CAPS]           = { .name = "GmCaps", COUNTED },
    [GM_TYPE_TAG_LIST]       = { .name = "GmTagList", .abbr = "taglist", COUNTED },
    [GM_TYPE_MEMORY]         = { .name = "GmMemory", COUNTED },
    [GM_TYPE_BUFFER]         = { .name = "GmBuffer", .abbr = "buffer", COUNTED },
    [GM_TYPE_BUFFER_LIST]    = { .name = "GmBufferList", COUNTED },
    [GM_TYPE_EVENT]          = { .name = "GmEvent", COUNTED },
    [GM_TYPE_QUERY]          = { .name = "GmQuery", COUNTED },
    [GM_TYPE_MESSAGE]        = { .name = "GmMessage", COUNTED },
    [GM_TYPE_SAMPLE]         = { .name = "GmSample", .abbr = "sample", COUNTED },
    [GM_TYPE_CONTEXT]        = { .name = "GmContext", COUNTED },
};

// What else may stand in parentheses.
static const struct { const char *name; GmType type; } type_aliases[] = {
    { "i", GM_TYPE_INT }, { "u", GM_TYPE_UINT }, { "f", GM_TYPE_FLOAT }, { "d", GM_TYPE_DOUBLE },
    { "b", GM_TYPE_BOOLEAN }, { "bool", GM_TYPE_BOOLEAN }, { "s", GM_TYPE_STRING },
    { "str", GM_TYPE_STRING }, { "int64", GM_TYPE_INT64 }, { "uint64", GM_TYPE_UINT64 },
    { "caps", GM_TYPE_CAPS },
};

static struct {
    GmMutex     lock; // taken to add; entries below `count` never change
    _Atomic unsigned count;
    GmTypeInfo  entries[256];
} type_added = { .lock = GM_MUTEX_INIT };

const GmTypeInfo *gm_type_info(GmType type)
{
    if (GM_LIKELY(type < GM_TYPE_LAST_BUILTIN))
        return &type_builtin[type];
    if (type - GM_TYPE_LAST_BUILTIN < atomic_load(&type_added.count))
        return &type_added.entries[type - GM_TYPE_LAST_BUILTIN];
    return &type_builtin[GM_TYPE_INVALID];
}

static GmType type_add(GmTypeInfo info)
{
    gm_mutex_lock(&type_added.lock);
    unsigned n = atomic_load(&type_added.count), i = 0;
    while (i < n && (type_added.entries[i].enums != info.enums ||
                     strcmp(type_added.entries[i].name, info.name) != 0))
        i++;
    if (i == n && n < GM_LEN(type_added.entries)) {
        type_added.entries[n] = info;
        atomic_store(&type_added.count, n + 1);
    }
    gm_mutex_unlock(&type_added.lock);
    return GM_REQUIRE(i < GM_LEN(type_added.entries)) ? GM_TYPE_LAST_BUILTIN + i : GM_TYPE_INVALID;
}

GmType gm_type_register_enum(const GmEnumTable *table)
{
    if (!GM_REQUIRE(table != NULL && table->name != NULL)) return GM_TYPE_INVALID;
    return type_add((GmTypeInfo){ .name = table->name, .enums = table });
}

GmType gm_type_register_boxed(const char *name, GmBoxedCopyFunc copy, GmBoxedFreeFunc free_func)
{
    if (!GM_REQUIRE(name != NULL && copy != NULL && free_func != NULL)) return GM_TYPE_INVALID;
    return type_add((GmTypeInfo){ .name = gm_intern_string(name), .copy = copy,
                                  .free = free_func });
}

const char *gm_type_name(GmType type)
{
    return gm_type_info(type)->name;
}

const char *gm_type_abbr(GmType type)
{
    const GmTypeInfo *info = gm_type_info(type);
    return info->abbr != NULL ? info->abbr : info->name;
}

GmType gm_type_from_name(const char *name)
{
    GmType end = GM_TYPE_LAST_BUILTIN + atomic_load(&type_added.count);
    bool gst = name != NULL && strncmp(name, "Gst", 3) == 0;

    if (!GM_REQUIRE(name != NULL)) return GM_TYPE_INVALID;
    for (GmType t = GM_TYPE_NONE; t < end; t++) {
        const char *known = gm_type_name(t);
        if (known != NULL && (strcmp(known, name) == 0 || (gst && strncmp(known, "Gm", 2) == 0 &&
                                                           strcmp(known + 2, name + 3) == 0)))
            return t;
    }
    return GM_TYPE_INVALID;
}

GmType gm_type_from_abbr(const char *name, size_t len)
{
    char copy[64];

    if (len >= sizeof(copy))
        return GM_TYPE_INVALID;
    memcpy(copy, name, len);
    copy[len] = '\0';
    for (GmType t = GM_TYPE_NONE; t < GM_TYPE_LAST_BUILTIN; t++)
        if (type_builtin[t].abbr != NULL && strcmp(type_builtin[t].abbr, copy) == 0)
            return t;
    for (size_t i = 0; i < GM_LEN(type_aliases); i++)
        if (strcmp(type_aliases[i].name, copy) == 0)
            return type_aliases[i].type;
    return gm_type_from_name(copy);
}

const GmEnumTable *gm_type_enum_table(GmType type)
{
    return gm_type_info(type)->enums;
}

GmType gm_type_fundamental(GmType type)
{
    const GmEnumTable *table = gm_type_enum_table(type);
    return table == NULL ? type : table->is_flags ? GM_TYPE_FLAGS : GM_TYPE_ENUM;
}

bool gm_type_is_a(GmType type, GmType is_a_type)
{
    return type == is_a_type || gm_type_fundamental(type) == is_a_type;
}

const GmEnumValue *gm_enum_get_value(const GmEnumTable *table, int value)
{
    if (!GM_REQUIRE(table != NULL)) return NULL;
    for (const GmEnumValue *v = table->values; v->value_nick != NULL; v++)
        if (v->value == value)
            return v;
    return NULL;
}

const GmEnumValue *gm_enum_get_value_by_nick(const GmEnumTable *table, const char *nick)
{
    if (!GM_REQUIRE(table != NULL && nick != NULL)) return NULL;
    for (const GmEnumValue *v = table->values; v->value_nick != NULL; v++)
        if (strcmp(v->value_nick, nick) == 0 || gm_strcmp0(v->value_name, nick) == 0)
            return v;
    return NULL;
}
