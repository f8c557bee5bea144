// SPDX-License-Identifier: MIT
//
// value: one value of any type, with GValue's and gstvalue's functions, and the register of types.
//
// A value is 24 bytes that its owner provides, zeroed: GM_VALUE_INIT. gm_value_init gives it a
// type, gm_value_unset releases what it holds. Sets of values describe what may be agreed on:
//
//     fixed            800   (fraction)30/1   "I420"
//     range            [ 1, 100 ]   [ 2, 100, 2 ] (with step)   [ 0/1, 30/1 ]   [ 0.5, 1.0 ]
//     list, one of     { "I420", "NV12" }
//     array, all of    < 0, 1 >      (fixed if its members are)
//
// Unless said otherwise: values are borrowed for the call, results written to a `dest` that must
// be zeroed and that the caller unsets; any thread as long as nobody changes the same value;
// nothing blocks; a type that does not fit is misuse: a critical, the neutral result, nothing
// changed or taken.
// Read next: core/structure.h.
#ifndef GM_CORE_VALUE_H
#define GM_CORE_VALUE_H

#include "core/object.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- types ------------------------------------------------------------------------------

// Of a boxed type: gives a copy / takes and releases one. `boxed` is not NULL.
typedef void *(*GmBoxedCopyFunc)(const void *boxed);
typedef void (*GmBoxedFreeFunc)(void *boxed);

// The number of an enumeration or set of flags; the same table always gives the same number.
// The table must live for ever. May take an internal lock for a moment.
GmType gm_type_register_enum(const GmEnumTable *table);
// A type whose values are pointers that `copy` duplicates and `free_func` releases. Registering a
// name again gives the number of the first time.
GmType gm_type_register_boxed(const char *name, GmBoxedCopyFunc copy, GmBoxedFreeFunc free_func);
// "gint", "GmCaps", "GmState", …: GStreamer's names under our prefix. NULL: no such type.
const char *gm_type_name(GmType type);
// Also knows names that begin with "Gst". GM_TYPE_INVALID: no such type.
GmType gm_type_from_name(const char *name);
// GM_TYPE_ENUM or GM_TYPE_FLAGS of registered tables, else the type itself.
GmType gm_type_fundamental(GmType type);
bool gm_type_is_a(GmType type, GmType is_a_type); // the same, or is_a_type is its fundamental
const GmEnumTable *gm_type_enum_table(GmType type); // NULL: not a registered enumeration
// Of a table's rows: by number, by nick or name; NULL if there is none.
const GmEnumValue *gm_enum_get_value(const GmEnumTable *table, int value);
const GmEnumValue *gm_enum_get_value_by_nick(const GmEnumTable *table, const char *nick);

// ---- the value --------------------------------------------------------------------------

// Zeroed memory (GM_VALUE_INIT) holds nothing; gm_value_init gives it a type. 24 bytes.
struct GmValue {
    GmType g_type; // 0: holds nothing
    union {
        int      v_int;
        unsigned v_uint;
        int      v_ints[2];
        int64_t  v_int64;
        uint64_t v_uint64;
        float    v_float;
        double   v_double;
        void    *v_pointer;
    } data[2]; // private: use the functions
};
#define GM_VALUE_INIT { 0, { { 0 }, { 0 } } }
// VALUE_TYPE reads without a check; the questions are false for NULL.
#define GM_VALUE_TYPE(value) ((value)->g_type)
#define GM_VALUE_TYPE_NAME(value) gm_type_name(GM_VALUE_TYPE(value))
#define GM_IS_VALUE(value) ((value) != NULL && (value)->g_type != 0)
#define GM_VALUE_HOLDS(value, type) (GM_IS_VALUE(value) && gm_type_is_a((value)->g_type, (type)))
#define GM_VALUE_HOLDS_EXACTLY(value, type) ((value) != NULL && (value)->g_type == (type))
#define GM_VALUE_HOLDS_BOOLEAN(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_BOOLEAN)
#define GM_VALUE_HOLDS_INT(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_INT)
#define GM_VALUE_HOLDS_UINT(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_UINT)
#define GM_VALUE_HOLDS_LONG(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_LONG)
#define GM_VALUE_HOLDS_ULONG(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_ULONG)
#define GM_VALUE_HOLDS_INT64(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_INT64)
#define GM_VALUE_HOLDS_UINT64(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_UINT64)
#define GM_VALUE_HOLDS_FLOAT(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_FLOAT)
#define GM_VALUE_HOLDS_DOUBLE(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_DOUBLE)
#define GM_VALUE_HOLDS_STRING(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_STRING)
#define GM_VALUE_HOLDS_POINTER(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_POINTER)
#define GM_VALUE_HOLDS_GTYPE(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_GTYPE)
#define GM_VALUE_HOLDS_OBJECT(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_OBJECT)
#define GM_VALUE_HOLDS_ENUM(value) GM_VALUE_HOLDS(value, GM_TYPE_ENUM)
#define GM_VALUE_HOLDS_FLAGS(value) GM_VALUE_HOLDS(value, GM_TYPE_FLAGS)
#define GM_VALUE_HOLDS_BOXED(value) gm_value_holds_boxed(value)
#define GM_VALUE_HOLDS_FRACTION(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_FRACTION)
#define GM_VALUE_HOLDS_INT_RANGE(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_INT_RANGE)
#define GM_VALUE_HOLDS_INT64_RANGE(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_INT64_RANGE)
#define GM_VALUE_HOLDS_DOUBLE_RANGE(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_DOUBLE_RANGE)
#define GM_VALUE_HOLDS_FRACTION_RANGE(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_FRACTION_RANGE)
#define GM_VALUE_HOLDS_LIST(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_LIST)
#define GM_VALUE_HOLDS_ARRAY(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_ARRAY)
#define GM_VALUE_HOLDS_BITMASK(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_BITMASK)
#define GM_VALUE_HOLDS_FLAG_SET(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_FLAG_SET)
#define GM_VALUE_HOLDS_STRUCTURE(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_STRUCTURE)
#define GM_VALUE_HOLDS_CAPS(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_CAPS)
#define GM_VALUE_HOLDS_CAPS_FEATURES(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_CAPS_FEATURES)
#define GM_VALUE_HOLDS_BUFFER(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_BUFFER)
#define GM_VALUE_HOLDS_SAMPLE(value) GM_VALUE_HOLDS_EXACTLY(value, GM_TYPE_SAMPLE)

// Gives a zeroed value a type and that type's zero. Returns value.
GmValue *gm_value_init(GmValue *value, GmType type);
GmValue *gm_value_reset(GmValue *value); // back to the type's zero
void gm_value_unset(GmValue *value);     // releases the contents and the type; zeroed is fine
// Copies contents between values of the same type; objects and mini-objects by reference.
void gm_value_copy(const GmValue *src, GmValue *dest);
void gm_value_init_and_copy(GmValue *dest, const GmValue *src); // dest zeroed
// Converts between the numeric types, strings, enumerations, and all types to string. False: no
// such conversion, dest as it was. dest is initialised to the wanted type.
bool gm_value_transform(const GmValue *src, GmValue *dest);
// Whether transform knows the pair; a text may still not fit.
bool gm_value_type_transformable(GmType src_type, GmType dest_type);
bool gm_value_holds_boxed(const GmValue *value); // boxed or mini-object

// Plain contents: value must be of exactly that type (enum, flags: of a registered one or the
// root). Get on another type: 0, false, NULL.
void gm_value_set_boolean(GmValue *value, bool v);
void gm_value_set_int(GmValue *value, int v);
void gm_value_set_uint(GmValue *value, unsigned v);
void gm_value_set_long(GmValue *value, long v);
void gm_value_set_ulong(GmValue *value, unsigned long v);
void gm_value_set_int64(GmValue *value, int64_t v);
void gm_value_set_uint64(GmValue *value, uint64_t v);
void gm_value_set_float(GmValue *value, float v);
void gm_value_set_double(GmValue *value, double v);
void gm_value_set_enum(GmValue *value, int v);
void gm_value_set_flags(GmValue *value, unsigned v);
void gm_value_set_gtype(GmValue *value, GmType v);
void gm_value_set_pointer(GmValue *value, void *v); // not owned
bool gm_value_get_boolean(const GmValue *value);
int gm_value_get_int(const GmValue *value);
unsigned gm_value_get_uint(const GmValue *value);
long gm_value_get_long(const GmValue *value);
unsigned long gm_value_get_ulong(const GmValue *value);
int64_t gm_value_get_int64(const GmValue *value);
uint64_t gm_value_get_uint64(const GmValue *value);
float gm_value_get_float(const GmValue *value);
double gm_value_get_double(const GmValue *value);
int gm_value_get_enum(const GmValue *value);
unsigned gm_value_get_flags(const GmValue *value);
GmType gm_value_get_gtype(const GmValue *value);
void *gm_value_get_pointer(const GmValue *value);

void gm_value_set_string(GmValue *value, const char *v);        // copies; NULL is fine
void gm_value_set_static_string(GmValue *value, const char *v); // v must outlive the value
void gm_value_take_string(GmValue *value, char *v);             // takes v
const char *gm_value_get_string(const GmValue *value);          // borrowed, or NULL
char *gm_value_dup_string(const GmValue *value);                // gives a copy to free ()
// Of boxed types and of mini-objects ("copy" is a new reference there), and of objects.
void gm_value_set_boxed(GmValue *value, const void *v); // copies
void gm_value_take_boxed(GmValue *value, const void *v); // takes v
void *gm_value_get_boxed(const GmValue *value);         // borrowed
void *gm_value_dup_boxed(const GmValue *value);         // gives a copy
void gm_value_set_object(GmValue *value, void *v);      // refs v
void gm_value_take_object(GmValue *value, void *v);     // takes v
void *gm_value_get_object(const GmValue *value);        // borrowed
void *gm_value_dup_object(const GmValue *value);        // gives a reference

// A plain array of values; what the lists and arrays below are made of.
typedef struct {
    unsigned n_values;
    GmValue *values;
    unsigned n_prealloced; // private
} GmValueArray;
// An array is the caller's until free; n_prealloced: room to start with. get_nth: index is below
// n_values.
GmValueArray *gm_value_array_new(unsigned n_prealloced);
GmValueArray *gm_value_array_append(GmValueArray *array, const GmValue *value); // copies
GmValue *gm_value_array_get_nth(GmValueArray *array, unsigned index);           // borrowed
void gm_value_array_free(GmValueArray *array);

// ---- GStreamer's kinds of values --------------------------------------------------------

// Make a zeroed value a list / array with room for `prealloc` members. Return value.
GmValue *gm_value_list_init(GmValue *value, unsigned prealloc);
GmValue *gm_value_array_init(GmValue *value, unsigned prealloc);
// append and prepend copy; append_and_take takes the contents and leaves append_value zeroed.
void gm_value_list_append_value(GmValue *value, const GmValue *append_value);
void gm_value_list_append_and_take_value(GmValue *value, GmValue *append_value);
void gm_value_list_prepend_value(GmValue *value, const GmValue *prepend_value);
void gm_value_array_append_value(GmValue *value, const GmValue *append_value);
void gm_value_array_append_and_take_value(GmValue *value, GmValue *append_value);
void gm_value_array_prepend_value(GmValue *value, const GmValue *prepend_value);
// A list of all of both, a plain value counting as a list of one; merge leaves out doubles.
void gm_value_list_concat(GmValue *dest, const GmValue *value1, const GmValue *value2);
void gm_value_list_merge(GmValue *dest, const GmValue *value1, const GmValue *value2);
unsigned gm_value_list_get_size(const GmValue *value);
unsigned gm_value_array_get_size(const GmValue *value);
// Borrowed until the list is changed.
const GmValue *gm_value_list_get_value(const GmValue *value, unsigned index);
const GmValue *gm_value_array_get_value(const GmValue *value, unsigned index);

// Both ends belong to the range. start < end; with a step, both are multiples of it and step > 0
// (without: 1).
void gm_value_set_int_range(GmValue *value, int start, int end);
void gm_value_set_int_range_step(GmValue *value, int start, int end, int step);
int gm_value_get_int_range_min(const GmValue *value);
int gm_value_get_int_range_max(const GmValue *value);
int gm_value_get_int_range_step(const GmValue *value);
void gm_value_set_int64_range(GmValue *value, int64_t start, int64_t end);
void gm_value_set_int64_range_step(GmValue *value, int64_t start, int64_t end, int64_t step);
int64_t gm_value_get_int64_range_min(const GmValue *value);
int64_t gm_value_get_int64_range_max(const GmValue *value);
int64_t gm_value_get_int64_range_step(const GmValue *value);
void gm_value_set_double_range(GmValue *value, double start, double end);
double gm_value_get_double_range_min(const GmValue *value);
double gm_value_get_double_range_max(const GmValue *value);
// Fractions are kept in lowest terms with a positive denominator; 0 is not a denominator.
void gm_value_set_fraction(GmValue *value, int numerator, int denominator);
int gm_value_get_fraction_numerator(const GmValue *value);
int gm_value_get_fraction_denominator(const GmValue *value);
// dest / product: initialised to a fraction. False: overflow.
bool gm_value_fraction_multiply(GmValue *product, const GmValue *factor1, const GmValue *factor2);
bool gm_value_fraction_subtract(GmValue *dest, const GmValue *minuend, const GmValue *subtrahend);
void gm_value_set_fraction_range(GmValue *value, const GmValue *start, const GmValue *end);
void gm_value_set_fraction_range_full(GmValue *value, int numerator_start, int denominator_start,
                                      int numerator_end, int denominator_end);
const GmValue *gm_value_get_fraction_range_min(const GmValue *value); // borrowed
const GmValue *gm_value_get_fraction_range_max(const GmValue *value);
uint64_t gm_value_get_bitmask(const GmValue *value);
void gm_value_set_bitmask(GmValue *value, uint64_t bitmask);
// Flags of which only those in `mask` are decided.
#define GM_FLAG_SET_MASK_EXACT ((unsigned)-1)
void gm_value_set_flagset(GmValue *value, unsigned flags, unsigned mask);
unsigned gm_value_get_flagset_flags(const GmValue *value);
unsigned gm_value_get_flagset_mask(const GmValue *value);
// Setters copy (caps: reference), getters lend. NULL is fine.
void gm_value_set_caps(GmValue *value, const GmCaps *caps);
const GmCaps *gm_value_get_caps(const GmValue *value);
void gm_value_set_structure(GmValue *value, const GmStructure *structure);
const GmStructure *gm_value_get_structure(const GmValue *value);
void gm_value_set_caps_features(GmValue *value, const GmCapsFeatures *features);
const GmCapsFeatures *gm_value_get_caps_features(const GmValue *value);

// ---- algebra ----------------------------------------------------------------------------

#define GM_VALUE_LESS_THAN (-1)
#define GM_VALUE_EQUAL 0
#define GM_VALUE_GREATER_THAN 1
#define GM_VALUE_UNORDERED 2

// One of the four above; lists are equal when they hold the same members in any order.
int gm_value_compare(const GmValue *value1, const GmValue *value2);
// Whether compare can say more than UNORDERED for these types.
bool gm_value_can_compare(const GmValue *value1, const GmValue *value2);
// Whether all that value1 allows is allowed by value2.
bool gm_value_is_subset(const GmValue *value1, const GmValue *value2);
// What both allow. False: nothing. dest may be NULL if only the answer matters.
bool gm_value_intersect(GmValue *dest, const GmValue *value1, const GmValue *value2);
// Whether intersect would find anything.
bool gm_value_can_intersect(const GmValue *value1, const GmValue *value2);
// What either allows: one range where two ranges meet, else a list. False: no list can hold both.
// can_union: whether better than a list is tried.
bool gm_value_union(GmValue *dest, const GmValue *value1, const GmValue *value2);
bool gm_value_can_union(const GmValue *value1, const GmValue *value2);
// What minuend allows and subtrahend does not. False: nothing is left. dest may be NULL.
bool gm_value_subtract(GmValue *dest, const GmValue *minuend, const GmValue *subtrahend);
bool gm_value_can_subtract(const GmValue *minuend, const GmValue *subtrahend);
bool gm_value_is_fixed(const GmValue *value); // one value: no range, no list, none inside
// One value out of src: a range's lower end, a list's first member. False: src was fixed.
bool gm_value_fixate(GmValue *dest, const GmValue *src);

// ---- text -------------------------------------------------------------------------------

typedef enum {
    GM_SERIALIZE_FLAG_NONE            = 0,
    GM_SERIALIZE_FLAG_BACKWARD_COMPAT = 1 << 0 // nested structures in quotes, not in [ ]
} GmSerializeFlags;

// Gives the text to free (); NULL if the type has no text form (or the string is NULL).
char *gm_value_serialize(const GmValue *value);
// Reads text into dest, which is initialised to the wanted type. False: not of that type.
bool gm_value_deserialize(GmValue *dest, const char *src);

#ifdef __cplusplus
}
#endif
#endif
