// SPDX-License-Identifier: MIT
//
// structure: a name and an array of named values. One allocation while the fields fit the room
// that was asked for; fields are few, so they are found by walking.
// Read next: core/structure_fixate.c, core/value_text.c, core/caps.c.
#include "core/value_priv.h"

#define MUTABLE(structure) \
    (GM_IS_STRUCTURE(structure) && \
     GM_PARENT_WRITABLE(GM_STRUCTURE_IMPL(structure)->parent_refcount))

GmStructure *gm_structure_new_sized(GmQuark name, unsigned n_fields)
{
    GmStructureImpl *s = gm_malloc(sizeof(*s) + n_fields * sizeof(GmField));

    *s = (GmStructureImpl){ .head = { GM_TYPE_STRUCTURE, name }, .cap = n_fields,
                            .fields = s->room };
    return &s->head;
}

static bool structure_name_is_valid(const char *name)
{
    bool letter = name != NULL && ((*name | 32) >= 'a' && (*name | 32) <= 'z');

    while (letter && *name != '\0' && gm_text_is_plain((unsigned char)*name))
        name++;
    return letter && *name == '\0';
}

GmStructure *gm_structure_new_id_empty(GmQuark name)
{
    return GM_REQUIRE(name != 0) ? gm_structure_new_sized(name, 4) : NULL;
}

GmStructure *gm_structure_new_empty(const char *name)
{
    if (!GM_REQUIRE(structure_name_is_valid(name))) return NULL;
    return gm_structure_new_sized(gm_quark_from_string(name), 4);
}

GmStructure *gm_structure_new_valist(const char *name, const char *firstfield, va_list args)
{
    GmStructure *structure = gm_structure_new_empty(name);

    if (structure != NULL)
        gm_structure_set_valist(structure, firstfield, args);
    return structure;
}

GmStructure *gm_structure_new(const char *name, const char *firstfield, ...)
{
    va_list args;

    va_start(args, firstfield);
    GmStructure *structure = gm_structure_new_valist(name, firstfield, args);
    va_end(args);
    return structure;
}

GmStructure *gm_structure_new_id(GmQuark name, GmQuark firstfield, ...)
{
    GmStructure *structure = gm_structure_new_id_empty(name);
    va_list args;

    va_start(args, firstfield);
    if (structure != NULL)
        gm_structure_id_set_valist(structure, firstfield, args);
    va_end(args);
    return structure;
}

GmStructure *gm_structure_copy(const GmStructure *structure)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(structure))) return NULL;
    const GmStructureImpl *from = GM_STRUCTURE_IMPL(structure);
    GmStructureImpl *to = GM_STRUCTURE_IMPL(gm_structure_new_sized(structure->name, from->len));
    for (; to->len < from->len; to->len++) {
        to->fields[to->len].name = from->fields[to->len].name;
        gm_value_init_and_copy(&to->fields[to->len].value, &from->fields[to->len].value);
    }
    return &to->head;
}

void gm_structure_free(GmStructure *structure)
{
    GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);

    if (!GM_REQUIRE(GM_IS_STRUCTURE(structure) && s->parent_refcount == NULL)) return;
    for (unsigned i = 0; i < s->len; i++)
        gm_value_unset(&s->fields[i].value);
    if (s->fields != s->room)
        gm_free(s->fields);
    gm_free(s);
}

void gm_clear_structure(GmStructure **structure_p)
{
    gm_structure_take(structure_p, NULL);
}

bool gm_structure_take(GmStructure **oldstr_p, GmStructure *newstr)
{
    if (!GM_REQUIRE(oldstr_p != NULL) || *oldstr_p == newstr) return false;
    if (*oldstr_p != NULL)
        gm_structure_free(*oldstr_p);
    *oldstr_p = newstr;
    return true;
}

bool gm_structure_set_parent_refcount(GmStructure *structure, _Atomic int *refcount)
{
    GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);

    if (!GM_REQUIRE(GM_IS_STRUCTURE(structure))) return false;
    if (!GM_REQUIRE(refcount == NULL || s->parent_refcount == NULL)) return false;
    s->parent_refcount = refcount;
    return true;
}

// ---- name -------------------------------------------------------------------------------

const char *gm_structure_get_name(const GmStructure *structure)
{
    return GM_REQUIRE(GM_IS_STRUCTURE(structure)) ? gm_quark_to_string(structure->name) : NULL;
}

GmQuark gm_structure_get_name_id(const GmStructure *structure)
{
    return GM_REQUIRE(GM_IS_STRUCTURE(structure)) ? structure->name : 0;
}

bool gm_structure_has_name(const GmStructure *structure, const char *name)
{
    return gm_strcmp0(gm_structure_get_name(structure), name) == 0;
}

void gm_structure_set_name(GmStructure *structure, const char *name)
{
    if (GM_REQUIRE(MUTABLE(structure) && structure_name_is_valid(name)))
        structure->name = gm_quark_from_string(name);
}

// ---- fields -----------------------------------------------------------------------------

static GmField *structure_find(const GmStructure *structure, GmQuark name)
{
    const GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);

    for (unsigned i = 0; i < s->len; i++)
        if (s->fields[i].name == name)
            return &s->fields[i];
    return NULL;
}

void gm_structure_put(GmStructure *structure, GmQuark name, GmValue *value)
{
    GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);
    GmField *field = structure_find(structure, name);

    if (field != NULL) {
        gm_value_unset(&field->value);
    } else {
        if (s->len == s->cap) {
            unsigned cap = s->cap * 2 + 4;
            GmField *fields = s->fields == s->room ? NULL : s->fields;
            fields = gm_renew(GmField, fields, cap);
            if (s->fields == s->room)
                memcpy(fields, s->room, s->len * sizeof(GmField));
            s->fields = fields;
            s->cap = cap;
        }
        field = &s->fields[s->len++];
        field->name = name;
    }
    gm_value_move(&field->value, value);
}

void gm_structure_id_take_value(GmStructure *structure, GmQuark field, GmValue *value)
{
    if (!GM_REQUIRE(MUTABLE(structure) && field != 0 && GM_IS_VALUE(value))) return;
    if (value->g_type == GM_TYPE_STRING && value->data[0].v_pointer != NULL &&
        !GM_REQUIRE(gm_text_is_utf8(value->data[0].v_pointer))) {
        gm_value_unset(value);
        return;
    }
    gm_structure_put(structure, field, value);
}

void gm_structure_id_set_value(GmStructure *structure, GmQuark field, const GmValue *value)
{
    GmValue copy = GM_VALUE_INIT;

    if (!GM_REQUIRE(MUTABLE(structure) && field != 0 && GM_IS_VALUE(value))) return;
    gm_value_init_and_copy(&copy, value);
    gm_structure_id_take_value(structure, field, &copy);
}

void gm_structure_set_value(GmStructure *structure, const char *field, const GmValue *value)
{
    gm_structure_id_set_value(structure, gm_quark_from_string(field), value);
}

void gm_structure_take_value(GmStructure *structure, const char *field, GmValue *value)
{
    gm_structure_id_take_value(structure, gm_quark_from_string(field), value);
}

// The first name is an argument, the following ones are in the list; names or quarks.
static void structure_set_args(GmStructure *structure, GmQuark field, bool quarks, va_list *args)
{
    if (!GM_REQUIRE(MUTABLE(structure))) return;
    while (field != 0) {
        GmValue value = GM_VALUE_INIT;
        GmType type = va_arg(*args, GmType);
        if (!GM_REQUIRE(gm_value_collect(&value, type, args))) return;
        gm_structure_id_take_value(structure, field, &value);
        field = quarks ? va_arg(*args, GmQuark) : gm_quark_from_string(va_arg(*args, const char *));
    }
}

void gm_structure_set_valist(GmStructure *structure, const char *field, va_list args)
{
    va_list copy;

    va_copy(copy, args);
    structure_set_args(structure, gm_quark_from_string(field), false, &copy);
    va_end(copy);
}

void gm_structure_id_set_valist(GmStructure *structure, GmQuark field, va_list args)
{
    va_list copy;

    va_copy(copy, args);
    structure_set_args(structure, field, true, &copy);
    va_end(copy);
}

void gm_structure_set(GmStructure *structure, const char *field, ...)
{
    va_list args;

    va_start(args, field);
    gm_structure_set_valist(structure, field, args);
    va_end(args);
}

void gm_structure_id_set(GmStructure *structure, GmQuark field, ...)
{
    va_list args;

    va_start(args, field);
    gm_structure_id_set_valist(structure, field, args);
    va_end(args);
}

static void structure_set_items(GmStructure *structure, const char *field, GmType type,
                                const GmValueArray *array)
{
    GmValue value = GM_VALUE_INIT;

    if (!GM_REQUIRE(field != NULL && array != NULL)) return;
    gm_value_init(&value, type);
    for (unsigned i = 0; i < array->n_values; i++)
        gm_value_array_append(GM_VALUE_ITEMS(&value), &array->values[i]);
    gm_structure_take_value(structure, field, &value);
}

void gm_structure_set_array(GmStructure *structure, const char *field, const GmValueArray *array)
{
    structure_set_items(structure, field, GM_TYPE_ARRAY, array);
}

void gm_structure_set_list(GmStructure *structure, const char *field, const GmValueArray *array)
{
    structure_set_items(structure, field, GM_TYPE_LIST, array);
}

static void structure_remove(GmStructureImpl *s, GmField *field)
{
    gm_value_unset(&field->value);
    s->len--;
    memmove(field, field + 1, (size_t)(s->fields + s->len - field) * sizeof(GmField));
}

void gm_structure_remove_field(GmStructure *structure, const char *field)
{
    if (!GM_REQUIRE(MUTABLE(structure) && field != NULL)) return;
    GmField *found = structure_find(structure, gm_quark_try_string(field));
    if (found != NULL)
        structure_remove(GM_STRUCTURE_IMPL(structure), found);
}

void gm_structure_remove_fields_valist(GmStructure *structure, const char *field, va_list args)
{
    for (; field != NULL; field = va_arg(args, const char *))
        gm_structure_remove_field(structure, field);
}

void gm_structure_remove_fields(GmStructure *structure, const char *field, ...)
{
    va_list args;

    va_start(args, field);
    gm_structure_remove_fields_valist(structure, field, args);
    va_end(args);
}

void gm_structure_remove_all_fields(GmStructure *structure)
{
    if (!GM_REQUIRE(MUTABLE(structure))) return;
    GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);
    while (s->len > 0)
        structure_remove(s, &s->fields[s->len - 1]);
}

// ---- reading ----------------------------------------------------------------------------

const GmValue *gm_structure_id_get_value(const GmStructure *structure, GmQuark field)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(structure))) return NULL;
    GmField *found = field != 0 ? structure_find(structure, field) : NULL;
    return found != NULL ? &found->value : NULL;
}

const GmValue *gm_structure_get_value(const GmStructure *structure, const char *field)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(structure) && field != NULL)) return NULL;
    const GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);
    for (unsigned i = 0; i < s->len; i++) // few fields: cheaper than asking for the quark
        if (strcmp(gm_quark_to_string(s->fields[i].name), field) == 0)
            return &s->fields[i].value;
    return NULL;
}

static bool structure_get_args(const GmStructure *structure, const char *name, GmQuark quark,
                               va_list *args)
{
    bool quarks = quark != 0;

    while (quarks ? quark != 0 : name != NULL) {
        GmType type = va_arg(*args, GmType);
        const GmValue *value = quarks ? gm_structure_id_get_value(structure, quark)
                                      : gm_structure_get_value(structure, name);
        if (value == NULL || value->g_type != type || !gm_value_lcopy(value, args))
            return false;
        if (quarks)
            quark = va_arg(*args, GmQuark);
        else
            name = va_arg(*args, const char *);
    }
    return true;
}

bool gm_structure_get_valist(const GmStructure *structure, const char *first_field, va_list args)
{
    va_list copy;

    va_copy(copy, args);
    bool ok = structure_get_args(structure, first_field, 0, &copy);
    va_end(copy);
    return ok;
}

bool gm_structure_id_get_valist(const GmStructure *structure, GmQuark first_field, va_list args)
{
    va_list copy;

    va_copy(copy, args);
    bool ok = structure_get_args(structure, NULL, first_field, &copy);
    va_end(copy);
    return ok;
}

bool gm_structure_get(const GmStructure *structure, const char *first_field, ...)
{
    va_list args;

    va_start(args, first_field);
    bool ok = structure_get_args(structure, first_field, 0, &args);
    va_end(args);
    return ok;
}

bool gm_structure_id_get(const GmStructure *structure, GmQuark first_field, ...)
{
    va_list args;

    va_start(args, first_field);
    bool ok = structure_get_args(structure, NULL, first_field, &args);
    va_end(args);
    return ok;
}

// The value of a field if it is exactly of that type.
static const GmValue *structure_typed(const GmStructure *structure, const char *field, GmType type)
{
    const GmValue *value = gm_structure_get_value(structure, field);

    return value != NULL && value->g_type == type ? value : NULL;
}

#define STRUCTURE_GETTER(name, ctype, GTYPE, word)                                         \
    bool gm_structure_get_##name(const GmStructure *structure, const char *field, ctype *value) \
    {                                                                                       \
        const GmValue *v = structure_typed(structure, field, GTYPE);                        \
        if (v != NULL)                                                                      \
            *value = (ctype)v->data[0].word;                                                \
        return v != NULL;                                                                   \
    }

STRUCTURE_GETTER(boolean, bool, GM_TYPE_BOOLEAN, v_int)
STRUCTURE_GETTER(int, int, GM_TYPE_INT, v_int)
STRUCTURE_GETTER(uint, unsigned, GM_TYPE_UINT, v_uint)
STRUCTURE_GETTER(int64, int64_t, GM_TYPE_INT64, v_int64)
STRUCTURE_GETTER(uint64, uint64_t, GM_TYPE_UINT64, v_uint64)
STRUCTURE_GETTER(double, double, GM_TYPE_DOUBLE, v_double)
STRUCTURE_GETTER(clock_time, GmClockTime, GM_TYPE_UINT64, v_uint64)

const char *gm_structure_get_string(const GmStructure *structure, const char *field)
{
    const GmValue *value = structure_typed(structure, field, GM_TYPE_STRING);
    return value != NULL ? value->data[0].v_pointer : NULL;
}

bool gm_structure_get_enum(const GmStructure *structure, const char *field, GmType enum_type,
                           int *value)
{
    const GmValue *v = structure_typed(structure, field, enum_type);
    if (v != NULL)
        *value = v->data[0].v_int;
    return v != NULL;
}

bool gm_structure_get_flags(const GmStructure *structure, const char *field, GmType flags_type,
                            unsigned *value)
{
    return gm_structure_get_enum(structure, field, flags_type, (int *)value);
}

bool gm_structure_get_fraction(const GmStructure *structure, const char *field, int *numerator,
                               int *denominator)
{
    const GmValue *v = structure_typed(structure, field, GM_TYPE_FRACTION);
    if (v != NULL && numerator != NULL)
        *numerator = v->data[0].v_int;
    if (v != NULL && denominator != NULL)
        *denominator = v->data[1].v_int;
    return v != NULL;
}

bool gm_structure_get_flagset(const GmStructure *structure, const char *field, unsigned *flags,
                              unsigned *mask)
{
    const GmValue *v = structure_typed(structure, field, GM_TYPE_FLAG_SET);
    if (v != NULL && flags != NULL)
        *flags = v->data[0].v_uint;
    if (v != NULL && mask != NULL)
        *mask = v->data[1].v_uint;
    return v != NULL;
}

static bool structure_get_items(const GmStructure *structure, const char *field, GmType type,
                                GmValueArray **array)
{
    const GmValue *v = structure_typed(structure, field, type);
    if (v != NULL)
        *array = gm_type_info(type)->copy(GM_VALUE_ITEMS(v));
    return v != NULL;
}

bool gm_structure_get_array(GmStructure *structure, const char *field, GmValueArray **array)
{
    return structure_get_items(structure, field, GM_TYPE_ARRAY, array);
}

bool gm_structure_get_list(GmStructure *structure, const char *field, GmValueArray **array)
{
    return structure_get_items(structure, field, GM_TYPE_LIST, array);
}

GmType gm_structure_get_field_type(const GmStructure *structure, const char *field)
{
    const GmValue *value = gm_structure_get_value(structure, field);
    return value != NULL ? value->g_type : GM_TYPE_INVALID;
}

bool gm_structure_has_field(const GmStructure *structure, const char *field)
{
    return gm_structure_get_value(structure, field) != NULL;
}

bool gm_structure_has_field_typed(const GmStructure *structure, const char *field, GmType type)
{
    return structure_typed(structure, field, type) != NULL;
}

bool gm_structure_id_has_field(const GmStructure *structure, GmQuark field)
{
    return gm_structure_id_get_value(structure, field) != NULL;
}

bool gm_structure_id_has_field_typed(const GmStructure *structure, GmQuark field, GmType type)
{
    return GM_VALUE_HOLDS_EXACTLY(gm_structure_id_get_value(structure, field), type);
}

int gm_structure_n_fields(const GmStructure *structure)
{
    return GM_REQUIRE(GM_IS_STRUCTURE(structure)) ? (int)GM_STRUCTURE_IMPL(structure)->len : 0;
}

const char *gm_structure_nth_field_name(const GmStructure *structure, unsigned index)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(structure))) return NULL;
    if (!GM_REQUIRE(index < GM_STRUCTURE_IMPL(structure)->len)) return NULL;
    return gm_quark_to_string(GM_STRUCTURE_IMPL(structure)->fields[index].name);
}

bool gm_structure_foreach(const GmStructure *structure, GmStructureForeachFunc func,
                          void *user_data)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(structure) && func != NULL)) return false;
    const GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);
    for (unsigned i = 0; i < s->len; i++)
        if (!func(s->fields[i].name, &s->fields[i].value, user_data))
            return false;
    return true;
}

bool gm_structure_map_in_place(GmStructure *structure, GmStructureMapFunc func, void *user_data)
{
    if (!GM_REQUIRE(MUTABLE(structure) && func != NULL)) return false;
    const GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);
    for (unsigned i = 0; i < s->len; i++)
        if (!func(s->fields[i].name, &s->fields[i].value, user_data))
            return false;
    return true;
}

void gm_structure_filter_and_map_in_place(GmStructure *structure, GmStructureFilterMapFunc func,
                                          void *user_data)
{
    if (!GM_REQUIRE(MUTABLE(structure) && func != NULL)) return;
    GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);
    for (unsigned i = 0; i < s->len;)
        if (func(s->fields[i].name, &s->fields[i].value, user_data))
            i++;
        else
            structure_remove(s, &s->fields[i]);
}

// ---- algebra ----------------------------------------------------------------------------

bool gm_structure_is_equal(const GmStructure *structure1, const GmStructure *structure2)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(structure1) && GM_IS_STRUCTURE(structure2))) return false;
    const GmStructureImpl *s1 = GM_STRUCTURE_IMPL(structure1), *s2 = GM_STRUCTURE_IMPL(structure2);
    if (s1->head.name != s2->head.name || s1->len != s2->len)
        return false;
    for (unsigned i = 0; i < s1->len; i++) {
        const GmField *other = structure_find(structure2, s1->fields[i].name);
        if (other == NULL || gm_value_compare(&other->value, &s1->fields[i].value) != 0)
            return false;
    }
    return true;
}

bool gm_structure_is_subset(const GmStructure *subset, const GmStructure *superset)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(subset) && GM_IS_STRUCTURE(superset))) return false;
    const GmStructureImpl *super = GM_STRUCTURE_IMPL(superset);
    if (subset->name != superset->name || super->len > GM_STRUCTURE_IMPL(subset)->len)
        return false;
    for (unsigned i = 0; i < super->len; i++) {
        const GmField *sub = structure_find(subset, super->fields[i].name);
        int order = sub != NULL ? gm_value_compare(&sub->value, &super->fields[i].value)
                                : GM_VALUE_LESS_THAN;
        if (order != GM_VALUE_EQUAL &&
            (order != GM_VALUE_UNORDERED ||
             !gm_value_is_subset(&sub->value, &super->fields[i].value)))
            return false;
    }
    return true;
}

bool gm_structure_can_intersect(const GmStructure *struct1, const GmStructure *struct2)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(struct1) && GM_IS_STRUCTURE(struct2))) return false;
    const GmStructureImpl *s1 = GM_STRUCTURE_IMPL(struct1);
    if (struct1->name != struct2->name)
        return false;
    for (unsigned i = 0; i < s1->len; i++) {
        const GmField *other = structure_find(struct2, s1->fields[i].name);
        if (other != NULL && !gm_value_intersect(NULL, &s1->fields[i].value, &other->value))
            return false;
    }
    return true;
}

GmStructure *gm_structure_intersect(const GmStructure *struct1, const GmStructure *struct2)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(struct1) && GM_IS_STRUCTURE(struct2))) return NULL;
    const GmStructureImpl *s1 = GM_STRUCTURE_IMPL(struct1), *s2 = GM_STRUCTURE_IMPL(struct2);
    if (struct1->name != struct2->name)
        return NULL;
    GmStructure *both = gm_structure_new_sized(struct1->name,
                                               s1->len > s2->len ? s1->len : s2->len);
    GmValue value = GM_VALUE_INIT;
    for (unsigned i = 0; i < s1->len; i++) {
        const GmField *field = &s1->fields[i], *other = structure_find(struct2, field->name);
        if (other == NULL) {
            gm_value_init_and_copy(&value, &field->value);
        } else if (!gm_value_intersect(&value, &field->value, &other->value)) {
            gm_structure_free(both);
            return NULL;
        }
        gm_structure_put(both, field->name, &value);
    }
    for (unsigned i = 0; i < s2->len; i++) {
        if (structure_find(struct1, s2->fields[i].name) != NULL)
            continue;
        gm_value_init_and_copy(&value, &s2->fields[i].value);
        gm_structure_put(both, s2->fields[i].name, &value);
    }
    return both;
}
