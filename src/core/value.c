// SPDX-License-Identifier: MIT
//
// value: life of values, plain contents, conversion, and the passage from and to C arguments.
// Read next: core/value_sets.c (ranges, lists, fractions), core/value_algebra.c.
#include <stdlib.h>

#include "core/value_priv.h"

// The zero of every type is zeroed memory but for these.
GmValue *gm_value_init(GmValue *value, GmType type)
{
    if (!GM_REQUIRE(value != NULL && value->g_type == 0)) return NULL;
    if (!GM_REQUIRE(gm_type_name(type) != NULL)) return NULL;
    memset(value, 0, sizeof(*value));
    value->g_type = type;
    switch (type) {
    case GM_TYPE_FRACTION:
    case GM_TYPE_INT_RANGE:
        value->data[1].v_int = 1;
        break;
    case GM_TYPE_INT64_RANGE: {
        int64_t *range = value->data[0].v_pointer = gm_new0(int64_t, 3);
        range[2] = 1;
        break;
    }
    case GM_TYPE_FRACTION_RANGE: {
        GmValue *range = value->data[0].v_pointer = gm_new0(GmValue, 2);
        gm_value_init(&range[0], GM_TYPE_FRACTION);
        gm_value_init(&range[1], GM_TYPE_FRACTION);
        break;
    }
    case GM_TYPE_LIST:
    case GM_TYPE_ARRAY:
        value->data[0].v_pointer = gm_value_array_new(0);
        break;
    default:
        break;
    }
    return value;
}

// A static string is marked in the second word, so that nobody frees it.
static void value_drop(GmValue *value)
{
    const GmTypeInfo *info = gm_type_info(value->g_type);

    if (info->free != NULL && value->data[0].v_pointer != NULL && value->data[1].v_int == 0)
        info->free(value->data[0].v_pointer);
}

void gm_value_unset(GmValue *value)
{
    if (!GM_REQUIRE(value != NULL)) return;
    value_drop(value);
    memset(value, 0, sizeof(*value));
}

GmValue *gm_value_reset(GmValue *value)
{
    if (!GM_REQUIRE(GM_IS_VALUE(value))) return NULL;
    GmType type = value->g_type;
    gm_value_unset(value);
    return gm_value_init(value, type);
}

void gm_value_init_and_copy(GmValue *dest, const GmValue *src)
{
    if (!GM_REQUIRE(dest != NULL && GM_IS_VALUE(src))) return;
    const GmTypeInfo *info = gm_type_info(src->g_type);
    *dest = *src;
    if (info->copy != NULL && src->data[0].v_pointer != NULL && src->data[1].v_int == 0)
        dest->data[0].v_pointer = info->copy(src->data[0].v_pointer);
}

void gm_value_copy(const GmValue *src, GmValue *dest)
{
    GmValue copy = GM_VALUE_INIT;

    if (!GM_REQUIRE(GM_IS_VALUE(src) && GM_IS_VALUE(dest) && src->g_type == dest->g_type)) return;
    gm_value_init_and_copy(&copy, src); // before the drop: src may be dest
    value_drop(dest);
    *dest = copy;
}

// ---- plain contents ---------------------------------------------------------------------

#define VALUE_ACCESSORS(name, ctype, GTYPE, word)                                   \
    void gm_value_set_##name(GmValue *value, ctype v)                                \
    {                                                                                \
        if (GM_REQUIRE(GM_VALUE_HOLDS(value, GTYPE)))                                \
            value->data[0].word = v;                                                 \
    }                                                                                \
    ctype gm_value_get_##name(const GmValue *value)                                  \
    {                                                                                \
        return GM_REQUIRE(GM_VALUE_HOLDS(value, GTYPE)) ? (ctype)value->data[0].word : 0; \
    }

VALUE_ACCESSORS(boolean, bool, GM_TYPE_BOOLEAN, v_int)
VALUE_ACCESSORS(int, int, GM_TYPE_INT, v_int)
VALUE_ACCESSORS(uint, unsigned, GM_TYPE_UINT, v_uint)
VALUE_ACCESSORS(long, long, GM_TYPE_LONG, v_int64)
VALUE_ACCESSORS(ulong, unsigned long, GM_TYPE_ULONG, v_uint64)
VALUE_ACCESSORS(int64, int64_t, GM_TYPE_INT64, v_int64)
VALUE_ACCESSORS(uint64, uint64_t, GM_TYPE_UINT64, v_uint64)
VALUE_ACCESSORS(float, float, GM_TYPE_FLOAT, v_float)
VALUE_ACCESSORS(double, double, GM_TYPE_DOUBLE, v_double)
VALUE_ACCESSORS(enum, int, GM_TYPE_ENUM, v_int)
VALUE_ACCESSORS(flags, unsigned, GM_TYPE_FLAGS, v_uint)
VALUE_ACCESSORS(gtype, GmType, GM_TYPE_GTYPE, v_uint64)
VALUE_ACCESSORS(pointer, void *, GM_TYPE_POINTER, v_pointer)
VALUE_ACCESSORS(bitmask, uint64_t, GM_TYPE_BITMASK, v_uint64)

// ---- owned contents ---------------------------------------------------------------------

static void value_own(GmValue *value, void *contents)
{
    value_drop(value);
    value->data[0].v_pointer = contents;
    value->data[1].v_int = 0;
}

static void *value_dup(const GmValue *value, const void *contents)
{
    return contents != NULL ? gm_type_info(value->g_type)->copy(contents) : NULL;
}

bool gm_value_holds_boxed(const GmValue *value)
{
    return GM_IS_VALUE(value) && gm_type_info(value->g_type)->copy != NULL &&
           (value->g_type >= GM_TYPE_STRUCTURE);
}

#define VALUE_OWNED_ACCESSORS(name, ctype, holds)                                           \
    void gm_value_set_##name(GmValue *value, ctype v)                                       \
    {                                                                                       \
        if (GM_REQUIRE(holds)) value_own(value, value_dup(value, v));                       \
    }                                                                                       \
    ctype gm_value_get_##name(const GmValue *value)                                         \
    {                                                                                       \
        return GM_REQUIRE(holds) ? value->data[0].v_pointer : NULL;                         \
    }

VALUE_OWNED_ACCESSORS(string, const char *, GM_VALUE_HOLDS_STRING(value))
VALUE_OWNED_ACCESSORS(object, void *, GM_VALUE_HOLDS_OBJECT(value))
VALUE_OWNED_ACCESSORS(caps, const GmCaps *, GM_VALUE_HOLDS_CAPS(value))
VALUE_OWNED_ACCESSORS(structure, const GmStructure *, GM_VALUE_HOLDS_STRUCTURE(value))
VALUE_OWNED_ACCESSORS(caps_features, const GmCapsFeatures *, GM_VALUE_HOLDS_CAPS_FEATURES(value))

void gm_value_set_boxed(GmValue *value, const void *v)
{
    if (GM_REQUIRE(gm_value_holds_boxed(value))) value_own(value, value_dup(value, v));
}

void *gm_value_get_boxed(const GmValue *value)
{
    return GM_REQUIRE(gm_value_holds_boxed(value)) ? value->data[0].v_pointer : NULL;
}

void gm_value_set_static_string(GmValue *value, const char *v)
{
    if (!GM_REQUIRE(GM_VALUE_HOLDS_STRING(value))) return;
    value_own(value, (void *)(uintptr_t)v);
    value->data[1].v_int = v != NULL;
}

void gm_value_take_string(GmValue *value, char *v)
{
    if (GM_REQUIRE(GM_VALUE_HOLDS_STRING(value))) value_own(value, v);
}

void gm_value_take_boxed(GmValue *value, const void *v)
{
    if (GM_REQUIRE(gm_value_holds_boxed(value))) value_own(value, (void *)(uintptr_t)v);
}

void gm_value_take_object(GmValue *value, void *v)
{
    if (GM_REQUIRE(GM_VALUE_HOLDS_OBJECT(value))) value_own(value, v);
}

char *gm_value_dup_string(const GmValue *value)
{
    return gm_strdup(gm_value_get_string(value));
}

void *gm_value_dup_boxed(const GmValue *value)
{
    return value_dup(value, gm_value_get_boxed(value));
}

void *gm_value_dup_object(const GmValue *value)
{
    return value_dup(value, gm_value_get_object(value));
}

// ---- conversion -------------------------------------------------------------------------

// A number as the widest of its kind.
typedef struct {
    enum { NOT_A_NUMBER, SIGNED, UNSIGNED, REAL } kind;
    int64_t  i;
    double   d;
} ValueNumber;

static ValueNumber value_real(double d)
{
    bool fits = d >= -0x1p63 && d < 0x1p63; // a cast of more would be undefined

    return (ValueNumber){ REAL, fits ? (int64_t)d : d > 0 ? INT64_MAX : INT64_MIN, d };
}

static ValueNumber value_number(const GmValue *value)
{
    const int64_t word = value->data[0].v_int64;

    switch (gm_type_fundamental(value->g_type)) {
    case GM_TYPE_BOOLEAN:
    case GM_TYPE_ENUM:
    case GM_TYPE_INT:
        return (ValueNumber){ SIGNED, value->data[0].v_int, value->data[0].v_int };
    case GM_TYPE_FLAGS:
    case GM_TYPE_UINT:
        return (ValueNumber){ UNSIGNED, value->data[0].v_uint, value->data[0].v_uint };
    case GM_TYPE_LONG:
    case GM_TYPE_INT64:
        return (ValueNumber){ SIGNED, word, (double)word };
    case GM_TYPE_ULONG:
    case GM_TYPE_BITMASK:
    case GM_TYPE_UINT64:
        return (ValueNumber){ UNSIGNED, word, (double)(uint64_t)word };
    case GM_TYPE_FLOAT:
        return value_real(value->data[0].v_float);
    case GM_TYPE_DOUBLE:
        return value_real(value->data[0].v_double);
    case GM_TYPE_FRACTION:
        return value_real((double)value->data[0].v_int / value->data[1].v_int);
    default:
        return (ValueNumber){ NOT_A_NUMBER, 0, 0 };
    }
}

static bool value_set_number(GmValue *dest, ValueNumber n)
{
    int num, den;

    switch (gm_type_fundamental(dest->g_type)) {
    case GM_TYPE_BOOLEAN:
        dest->data[0].v_int = n.i != 0;
        return true;
    case GM_TYPE_FLOAT:
        dest->data[0].v_float = (float)n.d;
        return true;
    case GM_TYPE_DOUBLE:
        dest->data[0].v_double = n.d;
        return true;
    case GM_TYPE_FRACTION:
        gm_util_double_to_fraction(n.d, &num, &den);
        gm_value_set_fraction(dest, num, den);
        return true;
    case GM_TYPE_INT:
    case GM_TYPE_ENUM:
    case GM_TYPE_UINT:
    case GM_TYPE_FLAGS:
        dest->data[0].v_int = (int)n.i;
        return true;
    case GM_TYPE_LONG:
    case GM_TYPE_INT64:
    case GM_TYPE_ULONG:
    case GM_TYPE_BITMASK:
    case GM_TYPE_UINT64:
        dest->data[0].v_int64 = n.i;
        return true;
    default:
        return false;
    }
}

bool gm_value_type_transformable(GmType src_type, GmType dest_type)
{
    GmValue src = { src_type, { { 0 }, { 0 } } }, dest = { dest_type, { { 0 }, { 0 } } };

    return src_type == dest_type || dest_type == GM_TYPE_STRING || src_type == GM_TYPE_STRING ||
           (value_number(&src).kind != NOT_A_NUMBER && value_number(&dest).kind != NOT_A_NUMBER);
}

bool gm_value_transform(const GmValue *src, GmValue *dest)
{
    if (!GM_REQUIRE(GM_IS_VALUE(src) && GM_IS_VALUE(dest))) return false;
    if (src->g_type == dest->g_type) {
        gm_value_copy(src, dest);
        return true;
    }
    if (dest->g_type == GM_TYPE_STRING) {
        char *text = gm_value_serialize(src);
        if (text != NULL)
            gm_value_take_string(dest, text);
        return text != NULL;
    }
    if (src->g_type == GM_TYPE_STRING)
        return src->data[0].v_pointer != NULL &&
               gm_value_deserialize(dest, src->data[0].v_pointer);
    ValueNumber n = value_number(src);
    return n.kind != NOT_A_NUMBER && value_set_number(dest, n);
}

// ---- C arguments ------------------------------------------------------------------------

bool gm_value_collect(GmValue *value, GmType type, va_list *args)
{
    if (gm_value_init(value, type) == NULL)
        return false;
    switch (gm_type_fundamental(type)) {
    case GM_TYPE_BOOLEAN:
    case GM_TYPE_INT:
    case GM_TYPE_UINT:
    case GM_TYPE_ENUM:
    case GM_TYPE_FLAGS:
        value->data[0].v_int = va_arg(*args, int);
        return true;
    case GM_TYPE_INT64:
    case GM_TYPE_UINT64:
    case GM_TYPE_BITMASK:
    case GM_TYPE_LONG:
    case GM_TYPE_ULONG:
    case GM_TYPE_GTYPE:
        value->data[0].v_int64 = va_arg(*args, int64_t);
        return true;
    case GM_TYPE_FLOAT:
        value->data[0].v_float = (float)va_arg(*args, double);
        return true;
    case GM_TYPE_DOUBLE:
        value->data[0].v_double = va_arg(*args, double);
        return true;
    case GM_TYPE_POINTER:
        value->data[0].v_pointer = va_arg(*args, void *);
        return true;
    default:
        break;
    }
    if (type >= GM_TYPE_FRACTION && type <= GM_TYPE_FLAG_SET)
        return gm_value_collect_set(value, args);
    value_own(value, value_dup(value, va_arg(*args, void *)));
    return true;
}

bool gm_value_lcopy(const GmValue *value, va_list *args)
{
    void *to;

    if (value->g_type >= GM_TYPE_FRACTION && value->g_type <= GM_TYPE_FRACTION_RANGE)
        return gm_value_lcopy_set(value, args);
    if ((to = va_arg(*args, void *)) == NULL)
        return true;
    switch (gm_type_fundamental(value->g_type)) {
    case GM_TYPE_BOOLEAN:
        *(bool *)to = value->data[0].v_int != 0;
        return true;
    case GM_TYPE_INT:
    case GM_TYPE_UINT:
    case GM_TYPE_ENUM:
    case GM_TYPE_FLAGS:
    case GM_TYPE_FLOAT:
        memcpy(to, &value->data[0], sizeof(int));
        return true;
    case GM_TYPE_FLAG_SET:
        *(unsigned *)to = value->data[0].v_uint;
        *va_arg(*args, unsigned *) = value->data[1].v_uint;
        return true;
    case GM_TYPE_LIST:
    case GM_TYPE_ARRAY:
        gm_value_init_and_copy(to, value);
        return true;
    default:
        break;
    }
    if (gm_type_info(value->g_type)->copy != NULL)
        *(void **)to = value_dup(value, value->data[0].v_pointer);
    else
        memcpy(to, &value->data[0], sizeof(int64_t));
    return true;
}
