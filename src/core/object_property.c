// SPDX-License-Identifier: MIT
//
// object_property: properties: rows of a class's table, and the fields they describe.
//
//     C value, text, GmValue --> GmValue of the row's type --> check --> field --> hook --> notify
//
// A "slot" below is memory that holds a C value of a property's type: the field itself, or where
// gm_object_get puts its result.
#include <string.h>

#include "core/object_priv.h"
#include "core/util.h"
#include "core/value.h"

bool gm_object_name_equal(const char *a, const char *b)
{
    while (*a != '\0' && (*a == *b || (*a == '_' && *b == '-') || (*a == '-' && *b == '_')))
        a++, b++;
    return *a == '\0' && *b == '\0';
}

static const GmProperty *property_find(const GmObjectClass *klass, const char *name,
                                       const GmObjectClass **owner)
{
    for (; klass != NULL; klass = klass->parent) {
        for (const GmProperty *p = klass->props; p != NULL && p->name != NULL; p++) {
            if (gm_object_name_equal(name, p->name)) {
                *owner = klass;
                return p;
            }
        }
    }
    return NULL;
}

const GmProperty *gm_object_class_find_property(const GmObjectClass *klass, const char *name)
{
    const GmObjectClass *owner;

    if (!GM_REQUIRE(klass != NULL && name != NULL)) return NULL;
    return property_find(klass, name, &owner);
}

const GmProperty *gm_object_find_property(const void *obj, const char *name)
{
    if (!GM_REQUIRE(obj != NULL)) return NULL;
    return gm_object_class_find_property(((const GmObject *)obj)->klass, name);
}

static bool property_may(const GmProperty *prop, unsigned access)
{
    return (prop->flags & GM_PARAM_READWRITE) == 0 || (prop->flags & access) != 0;
}

static GmType property_type(const GmProperty *prop)
{
    return prop->enums != NULL ? gm_type_register_enum(prop->enums) : prop->type;
}

static void *property_field(GmObject *obj, const GmObjectClass *owner, const GmProperty *prop)
{
    char *base = owner->priv_size > 0 ? obj->priv : (void *)obj;

    return base + prop->offset;
}

// ---- slots ------------------------------------------------------------------------------

// A scalar goes into and out of a slot at once, in the manner of _Atomic: a streaming thread may
// read the field meanwhile without a lock, when it is declared so.
#define SLOT_STORE(type, slot, from)                               \
    do {                                                           \
        type scalar = (from);                                      \
        __atomic_store((type *)(slot), &scalar, __ATOMIC_RELAXED); \
    } while (0)
#define SLOT_LOAD(type, slot) __atomic_load_n((const type *)(slot), __ATOMIC_RELAXED)

// Puts a copy (a reference, a duplicate) of what value holds into the slot.
static void property_to_slot(GmType type, const GmValue *value, void *slot)
{
    switch (type) {
    case GM_TYPE_BOOLEAN: SLOT_STORE(bool, slot, gm_value_get_boolean(value)); break;
    case GM_TYPE_INT: SLOT_STORE(int, slot, gm_value_get_int(value)); break;
    case GM_TYPE_UINT: SLOT_STORE(unsigned, slot, gm_value_get_uint(value)); break;
    case GM_TYPE_INT64: SLOT_STORE(int64_t, slot, gm_value_get_int64(value)); break;
    case GM_TYPE_UINT64: SLOT_STORE(uint64_t, slot, gm_value_get_uint64(value)); break;
    case GM_TYPE_LONG: SLOT_STORE(long, slot, gm_value_get_long(value)); break;
    case GM_TYPE_ULONG: SLOT_STORE(unsigned long, slot, gm_value_get_ulong(value)); break;
    case GM_TYPE_FLOAT: SLOT_STORE(float, slot, gm_value_get_float(value)); break;
    case GM_TYPE_DOUBLE: SLOT_STORE(double, slot, gm_value_get_double(value)); break;
    case GM_TYPE_ENUM: SLOT_STORE(int, slot, gm_value_get_enum(value)); break;
    case GM_TYPE_FLAGS: SLOT_STORE(unsigned, slot, gm_value_get_flags(value)); break;
    case GM_TYPE_GTYPE: SLOT_STORE(GmType, slot, gm_value_get_gtype(value)); break;
    case GM_TYPE_BITMASK: SLOT_STORE(uint64_t, slot, gm_value_get_bitmask(value)); break;
    case GM_TYPE_STRING: *(char **)slot = gm_value_dup_string(value); break;
    case GM_TYPE_POINTER: *(void **)slot = gm_value_get_pointer(value); break;
    case GM_TYPE_OBJECT: *(void **)slot = gm_value_dup_object(value); break;
    case GM_TYPE_FRACTION:
        *(GmFraction *)slot = (GmFraction){ gm_value_get_fraction_numerator(value),
                                            gm_value_get_fraction_denominator(value) };
        break;
    default: *(void **)slot = gm_value_dup_boxed(value); break;
    }
}

// Puts a copy of what is in the slot into value, which has the type. `take` moves strings and
// objects instead.
static void property_from_slot(GmType type, const void *slot, GmValue *value, bool take)
{
    union { float f; double d; } real;
    void *p = NULL;

    if (type == GM_TYPE_STRING || type == GM_TYPE_OBJECT || type >= GM_TYPE_STRUCTURE)
        memcpy(&p, slot, sizeof p);
    switch (type) {
    case GM_TYPE_BOOLEAN: gm_value_set_boolean(value, SLOT_LOAD(bool, slot)); break;
    case GM_TYPE_INT: gm_value_set_int(value, SLOT_LOAD(int, slot)); break;
    case GM_TYPE_UINT: gm_value_set_uint(value, SLOT_LOAD(unsigned, slot)); break;
    case GM_TYPE_INT64: gm_value_set_int64(value, SLOT_LOAD(int64_t, slot)); break;
    case GM_TYPE_UINT64: gm_value_set_uint64(value, SLOT_LOAD(uint64_t, slot)); break;
    case GM_TYPE_LONG: gm_value_set_long(value, SLOT_LOAD(long, slot)); break;
    case GM_TYPE_ULONG: gm_value_set_ulong(value, SLOT_LOAD(unsigned long, slot)); break;
    case GM_TYPE_FLOAT:
        __atomic_load((const float *)slot, &real.f, __ATOMIC_RELAXED);
        gm_value_set_float(value, real.f);
        break;
    case GM_TYPE_DOUBLE:
        __atomic_load((const double *)slot, &real.d, __ATOMIC_RELAXED);
        gm_value_set_double(value, real.d);
        break;
    case GM_TYPE_ENUM: gm_value_set_enum(value, SLOT_LOAD(int, slot)); break;
    case GM_TYPE_FLAGS: gm_value_set_flags(value, SLOT_LOAD(unsigned, slot)); break;
    case GM_TYPE_GTYPE: gm_value_set_gtype(value, SLOT_LOAD(GmType, slot)); break;
    case GM_TYPE_BITMASK: gm_value_set_bitmask(value, SLOT_LOAD(uint64_t, slot)); break;
    case GM_TYPE_POINTER: gm_value_set_pointer(value, *(void *const *)slot); break;
    case GM_TYPE_FRACTION: {
        const GmFraction *f = slot;
        gm_value_set_fraction(value, f->num, f->den ? f->den : 1);
        break;
    }
    case GM_TYPE_STRING:
        (take ? gm_value_take_string(value, p) : gm_value_set_string(value, p));
        break;
    case GM_TYPE_OBJECT:
        (take ? gm_value_take_object(value, p) : gm_value_set_object(value, p));
        break;
    default: (take ? gm_value_take_boxed(value, p) : gm_value_set_boxed(value, p)); break;
    }
}

// Reads the next C argument (two for a fraction) of a gm_object_set into value.
static void property_collect(const GmProperty *prop, GmValue *value, va_list *args)
{
    union { bool b; int i; unsigned u; int64_t l; double d; float f; void *p; GmFraction fr; } slot;

    switch (prop->type) {
    case GM_TYPE_BOOLEAN: slot.b = va_arg(*args, int) != 0; break;
    case GM_TYPE_INT: case GM_TYPE_ENUM: slot.i = va_arg(*args, int); break;
    case GM_TYPE_UINT: case GM_TYPE_FLAGS: slot.u = va_arg(*args, unsigned); break;
    case GM_TYPE_FLOAT: slot.f = (float)va_arg(*args, double); break;
    case GM_TYPE_DOUBLE: slot.d = va_arg(*args, double); break;
    case GM_TYPE_FRACTION:
        slot.fr.num = va_arg(*args, int);
        slot.fr.den = va_arg(*args, int);
        break;
    case GM_TYPE_INT64: case GM_TYPE_UINT64: case GM_TYPE_LONG: case GM_TYPE_ULONG:
    case GM_TYPE_GTYPE: case GM_TYPE_BITMASK: slot.l = va_arg(*args, int64_t); break;
    default: slot.p = va_arg(*args, void *); break;
    }
    gm_value_init(value, property_type(prop));
    property_from_slot(prop->type, &slot, value, false);
}

// ---- checks -----------------------------------------------------------------------------

static double property_number(const GmValue *value)
{
    GmValue number = GM_VALUE_INIT;

    gm_value_init(&number, GM_TYPE_DOUBLE);
    gm_value_transform(value, &number);
    return gm_value_get_double(&number);
}

static bool property_is_number(const GmProperty *prop)
{
    return prop->type >= GM_TYPE_INT && prop->type <= GM_TYPE_DOUBLE;
}

static bool property_value_is_valid(const GmProperty *prop, const GmValue *value)
{
    if (prop->type == GM_TYPE_ENUM && prop->enums != NULL)
        return gm_enum_get_value(prop->enums, gm_value_get_enum(value)) != NULL;
    if (prop->type == GM_TYPE_FLAGS && prop->enums != NULL) {
        unsigned rest = gm_value_get_flags(value);
        for (const GmEnumValue *e = prop->enums->values; e->value_nick != NULL; e++)
            rest &= ~(unsigned)e->value;
        return rest == 0;
    }
    if (prop->type == GM_TYPE_OBJECT && prop->object_class != NULL) {
        void *obj = gm_value_get_object(value);
        return obj == NULL || gm_object_is_a(obj, prop->object_class);
    }
    if (!property_is_number(prop) || (prop->min == 0 && prop->max == 0))
        return true;
    double number = property_number(value);
    return number >= prop->min && number <= prop->max;
}

// What would be right: "a number from 0 to 10", "one of no, upstream, downstream".
static char *property_describe(const GmProperty *prop)
{
    if (prop->enums != NULL) {
        GmString *text = gm_string_new(prop->type == GM_TYPE_FLAGS ? "some of " : "one of ");
        for (const GmEnumValue *e = prop->enums->values; e->value_nick != NULL; e++)
            gm_string_append_printf(text, "%s%s", e == prop->enums->values ? "" : ", ",
                                    e->value_nick);
        return gm_string_free(text, false);
    }
    bool whole = prop->type < GM_TYPE_FLOAT;
    if (property_is_number(prop) && (prop->min != 0 || prop->max != 0))
        return gm_strdup_printf("%s number from %.16g to %.16g", whole ? "a whole" : "a", prop->min,
                                prop->max);
    if (property_is_number(prop))
        return gm_strdup_printf("%s number%s", whole ? "a whole" : "a",
                                prop->type == GM_TYPE_UINT || prop->type == GM_TYPE_UINT64 ||
                                prop->type == GM_TYPE_ULONG ? " that is not negative" : "");
    if (prop->type == GM_TYPE_BOOLEAN)
        return gm_strdup("true or false");
    if (prop->type == GM_TYPE_FRACTION)
        return gm_strdup("a fraction such as 30/1");
    if (prop->type == GM_TYPE_CAPS)
        return gm_strdup("caps such as video/x-raw,width=320");
    if (prop->type == GM_TYPE_OBJECT || prop->type == GM_TYPE_POINTER)
        return gm_strdup("an object, which a program sets with gm_object_set");
    const char *type = gm_type_name(prop->type);
    return gm_strdup_printf("a %s", type ? type : "value");
}

// ---- set --------------------------------------------------------------------------------

// Finds a property for writing; the reason why not goes to *error.
static const GmProperty *property_for_writing(GmObject *obj, const char *name,
                                              const GmObjectClass **owner, GmError **error)
{
    const GmProperty *prop = property_find(obj->klass, name, owner);

    if (prop == NULL) {
        const char *near = NULL;
        for (const GmObjectClass *k = obj->klass; k != NULL && near == NULL; k = k->parent) {
            size_t n = 0;
            while (k->props != NULL && k->props[n].name != NULL)
                n++;
            near = n ? gm_util_did_you_mean(name, &k->props[0].name, n, sizeof(GmProperty)) : NULL;
        }
        gm_set_error(error, GM_PARSE_ERROR, GM_PARSE_ERROR_NO_SUCH_PROPERTY,
                     "no property \"%s\" in element \"%s\"%s%s%s", name, obj->name ? obj->name : "",
                     near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        return NULL;
    }
    bool late = (prop->flags & GM_PARAM_CONSTRUCT_ONLY) &&
                GM_OBJECT_FLAG_IS_SET(obj, GM_OBJECT_FLAG_CONSTRUCTED);
    if (property_may(prop, GM_PARAM_WRITABLE) && !late)
        return prop;
    gm_set_error(error, GM_PARSE_ERROR, GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY,
                 "property \"%s\" of \"%s\" %s", prop->name, obj->name ? obj->name : "",
                 late ? "can only be set when the object is made" : "can only be read");
    return NULL;
}

// Puts value, of the right type, into the field and releases what was there.
static void property_store(GmObject *obj, const GmObjectClass *owner, const GmProperty *prop,
                           const GmValue *value)
{
    GmValue old = GM_VALUE_INIT;
    void *field = property_field(obj, owner, prop);

    gm_value_init(&old, GM_VALUE_TYPE(value));
    GM_OBJECT_LOCK(obj);
    property_from_slot(prop->type, field, &old, true);
    property_to_slot(prop->type, value, field);
    GM_OBJECT_UNLOCK(obj);
    gm_value_unset(&old);
}

// Checks and sets `value`, which has the property's type.
static bool property_set(GmObject *obj, const GmObjectClass *owner, const GmProperty *prop,
                         const GmValue *value, GmError **error)
{
    if (!property_value_is_valid(prop, value)) {
        char *text = gm_property_value_to_string(prop, value), *want = property_describe(prop);
        gm_set_error(error, GM_PARSE_ERROR, GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY,
                     "could not set property \"%s\" in element \"%s\" to \"%s\": it takes %s",
                     prop->name, obj->name ? obj->name : "", text ? text : "", want);
        gm_free(text);
        gm_free(want);
        return false;
    }
    if (!prop->computed)
        property_store(obj, owner, prop, value);
    if (owner->set_property != NULL)
        owner->set_property(obj, prop, value);
    gm_object_notify_property(obj, prop);
    return true;
}

static void property_report(const char *func, GmError *error)
{
    if (error != NULL)
        gm_critical(func, "%s", error->message);
    gm_error_free(error);
}

void gm_object_set_valist(void *obj, const char *first_property, va_list args)
{
    va_list own;

    if (!GM_REQUIRE(obj != NULL)) return;
    va_copy(own, args);
    gm_object_ref(obj); // a hook or "notify" may drop the caller's
    for (const char *name = first_property; name != NULL; name = va_arg(own, const char *)) {
        const GmObjectClass *owner;
        GmError *error = NULL;
        GmValue value = GM_VALUE_INIT;
        const GmProperty *prop = property_for_writing(obj, name, &owner, &error);
        if (prop != NULL) {
            property_collect(prop, &value, &own);
            property_set(obj, owner, prop, &value, &error);
            gm_value_unset(&value);
        }
        property_report("gm_object_set", error);
        if (prop == NULL)
            break;
    }
    gm_object_unref(obj);
    va_end(own);
}

void gm_object_set(void *obj, const char *first_property, ...)
{
    va_list args;

    va_start(args, first_property);
    gm_object_set_valist(obj, first_property, args);
    va_end(args);
}

void gm_object_set_property(void *obj, const char *name, const GmValue *value)
{
    if (!GM_REQUIRE(obj != NULL && name != NULL && GM_IS_VALUE(value))) return;
    const GmObjectClass *owner;
    GmError *error = NULL;
    GmValue own = GM_VALUE_INIT;
    const GmProperty *prop = property_for_writing(obj, name, &owner, &error);
    if (prop != NULL) {
        gm_value_init(&own, property_type(prop));
        if (gm_value_transform(value, &own))
            property_set(obj, owner, prop, &own, &error);
        else
            gm_critical(__func__, "property '%s' of type %s cannot be set from a value of type %s",
                        name, gm_type_name(GM_VALUE_TYPE(&own)), GM_VALUE_TYPE_NAME(value));
        gm_value_unset(&own);
    }
    property_report(__func__, error);
}

bool gm_object_set_from_string(void *obj, const char *name, const char *text, GmError **error)
{
    if (!GM_REQUIRE(obj != NULL && name != NULL && text != NULL)) return false;
    const GmObjectClass *owner;
    GmValue value = GM_VALUE_INIT;
    const GmProperty *prop = property_for_writing(obj, name, &owner, error);
    if (prop == NULL)
        return false;
    gm_value_init(&value, property_type(prop));
    bool ok = prop->type != GM_TYPE_OBJECT && gm_value_deserialize(&value, text);
    if (ok) {
        ok = property_set(obj, owner, prop, &value, error);
    } else {
        char *want = property_describe(prop);
        const char *near = NULL;
        size_t n = 0;
        while (prop->enums != NULL && prop->enums->values[n].value_nick != NULL)
            n++;
        if (n > 0)
            near = gm_util_did_you_mean(text, &prop->enums->values[0].value_nick, n,
                                        sizeof(GmEnumValue));
        gm_set_error(error, GM_PARSE_ERROR, GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY,
                     "could not set property \"%s\" in element \"%s\" to \"%s\": it takes %s%s%s%s",
                     prop->name, GM_OBJECT_NAME(obj) ? GM_OBJECT_NAME(obj) : "", text, want,
                     near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        gm_free(want);
    }
    gm_value_unset(&value);
    return ok;
}

void gm_object_apply_defaults(GmObject *obj, const GmObjectClass *klass)
{
    for (const GmProperty *p = klass->props; p != NULL && p->name != NULL; p++) {
        GmValue value = GM_VALUE_INIT;
        if (p->def == NULL || p->computed)
            continue;
        gm_value_init(&value, property_type(p));
        if (gm_value_deserialize(&value, p->def) && property_value_is_valid(p, &value))
            property_store(obj, klass, p, &value);
        else
            gm_critical(__func__, "class '%s': property '%s' has the default '%s', which is "
                        "not of its type or out of its range", klass->name, p->name, p->def);
        gm_value_unset(&value);
    }
}

void gm_object_clear_properties(GmObject *obj)
{
    for (const GmObjectClass *k = obj->klass; k != NULL; k = k->parent) {
        for (const GmProperty *p = k->props; p != NULL && p->name != NULL; p++) {
            GmValue value = GM_VALUE_INIT;
            if (p->computed || (p->type != GM_TYPE_STRING && p->type != GM_TYPE_OBJECT &&
                                p->type < GM_TYPE_STRUCTURE))
                continue;
            property_from_slot(p->type, property_field(obj, k, p), gm_value_init(&value, p->type),
                               true);
            gm_value_unset(&value);
            *(void **)property_field(obj, k, p) = NULL; // a finalize hook may free it once more
        }
    }
}

// ---- get --------------------------------------------------------------------------------

// Reads a property into a zeroed value. NULL: there is none that can be read.
static const GmProperty *property_get(GmObject *obj, const char *name, GmValue *value)
{
    const GmObjectClass *owner;
    const GmProperty *prop = property_find(obj->klass, name, &owner);

    if (prop == NULL || !property_may(prop, GM_PARAM_READABLE) ||
        (prop->computed && owner->get_property == NULL))
        return NULL;
    gm_value_init(value, property_type(prop));
    if (prop->computed) {
        owner->get_property(obj, prop, value);
        return prop;
    }
    GM_OBJECT_LOCK(obj);
    property_from_slot(prop->type, property_field(obj, owner, prop), value, false);
    GM_OBJECT_UNLOCK(obj);
    return prop;
}

void gm_object_get(void *obj, const char *first_property, ...)
{
    va_list args;

    if (!GM_REQUIRE(obj != NULL)) return;
    va_start(args, first_property);
    for (const char *name = first_property; name != NULL; name = va_arg(args, const char *)) {
        GmValue value = GM_VALUE_INIT;
        const GmProperty *prop = property_get(obj, name, &value);
        if (prop == NULL) {
            gm_critical(__func__, "'%s' has no property '%s' that can be read",
                        GM_OBJECT_NAME(obj), name);
            break;
        }
        void *slot = va_arg(args, void *);
        if (prop->type == GM_TYPE_FRACTION) {
            *(int *)slot = gm_value_get_fraction_numerator(&value);
            *va_arg(args, int *) = gm_value_get_fraction_denominator(&value);
        } else {
            property_to_slot(prop->type, &value, slot);
        }
        gm_value_unset(&value);
    }
    va_end(args);
}

void gm_object_get_property(void *obj, const char *name, GmValue *value)
{
    if (!GM_REQUIRE(obj != NULL && name != NULL && value != NULL)) return;
    GmValue own = GM_VALUE_INIT;
    if (property_get(obj, name, &own) == NULL) {
        gm_critical(__func__, "'%s' has no property '%s' that can be read", GM_OBJECT_NAME(obj),
                    name);
        return;
    }
    if (!GM_IS_VALUE(value))
        gm_value_init(value, GM_VALUE_TYPE(&own));
    if (!gm_value_transform(&own, value))
        gm_critical(__func__, "property '%s' of type %s does not fit a value of type %s", name,
                    GM_VALUE_TYPE_NAME(&own), GM_VALUE_TYPE_NAME(value));
    gm_value_unset(&own);
}

char *gm_property_value_to_string(const GmProperty *prop, const GmValue *value)
{
    if (!GM_REQUIRE(prop != NULL && GM_IS_VALUE(value))) return NULL;
    if (prop->type == GM_TYPE_STRING)
        return gm_value_dup_string(value);
    if (prop->type == GM_TYPE_OBJECT) {
        GmObject *obj = gm_value_get_object(value);
        return obj ? gm_object_get_name(obj) : NULL;
    }
    if (prop->type >= GM_TYPE_STRUCTURE && gm_value_get_boxed(value) == NULL)
        return NULL;
    return gm_value_serialize(value);
}

char *gm_object_property_to_string(void *obj, const char *name)
{
    if (!GM_REQUIRE(obj != NULL && name != NULL)) return NULL;
    GmValue value = GM_VALUE_INIT;
    const GmProperty *prop = property_get(obj, name, &value);
    char *text = prop ? gm_property_value_to_string(prop, &value) : NULL;
    gm_value_unset(&value);
    return text;
}
