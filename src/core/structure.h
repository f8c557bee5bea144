// SPDX-License-Identifier: MIT
//
// structure: a name and named values in a fixed order: one format of caps, the body of messages,
// events and queries.
//
//     video/x-raw, format=(string)I420, width=(int)[ 1, 4096 ], framerate=(fraction)30/1;
//
// A structure has one owner. Inside a mini-object it may be changed only while that is writable
// (set_parent_refcount); changing it otherwise prints a critical and does nothing.
// Unless said otherwise: structures, names and values are borrowed; any thread may read; nothing
// blocks. Lists of fields in arguments are: name, type, C value(s), …, NULL. C values are of the
// type's kind; fractions are two ints, int and double ranges two numbers, fraction ranges four
// ints, flag sets two unsigned. Objects, mini-objects and boxed are copied / referenced.
// Misuse (also a field index or type that does not fit): a critical, the neutral result, nothing
// changed or taken.
// Read next: core/caps.h.
#ifndef GM_CORE_STRUCTURE_H
#define GM_CORE_STRUCTURE_H

#include "core/value.h"

#ifdef __cplusplus
extern "C" {
#endif

// The head every structure has; the fields follow in private.
struct GmStructure {
    GmType  type; // GM_TYPE_STRUCTURE
    GmQuark name; // private: gm_structure_get_name_id
};
// Casts are unchecked; GM_IS_STRUCTURE checks (NULL: false).
#define GM_STRUCTURE(obj) ((GmStructure *)(obj))
#define GM_IS_STRUCTURE(obj) ((obj) != NULL && GM_STRUCTURE(obj)->type == GM_TYPE_STRUCTURE)

// False ends the walk (foreach, map) or removes the field (filter).
typedef bool (*GmStructureForeachFunc)(GmQuark field_id, const GmValue *value, void *user_data);
typedef bool (*GmStructureMapFunc)(GmQuark field_id, GmValue *value, void *user_data);
typedef bool (*GmStructureFilterMapFunc)(GmQuark field_id, GmValue *value, void *user_data);

// Makers give a structure to gm_structure_free (not while it lies in a mini-object) or hand on;
// NULL if the name is not one (a letter, then letters, digits and any of "/-_.:+").
GmStructure *gm_structure_new_empty(const char *name);
GmStructure *gm_structure_new_id_empty(GmQuark name);
GmStructure *gm_structure_new(const char *name, const char *firstfield, ...) GM_SENTINEL;
GmStructure *gm_structure_new_valist(const char *name, const char *firstfield, va_list args);
GmStructure *gm_structure_new_id(GmQuark name, GmQuark firstfield, ...); // ends with 0
GmStructure *gm_structure_copy(const GmStructure *structure);
void gm_structure_free(GmStructure *structure);
void gm_clear_structure(GmStructure **structure_p); // frees and sets NULL
bool gm_structure_take(GmStructure **oldstr_p, GmStructure *newstr); // takes; true if changed
// The count that decides writability. NULL takes it away; false: there is one already.
bool gm_structure_set_parent_refcount(GmStructure *structure, _Atomic int *refcount);

// set_name: the structure is writable, the name valid as above.
const char *gm_structure_get_name(const GmStructure *structure);
GmQuark gm_structure_get_name_id(const GmStructure *structure);
bool gm_structure_has_name(const GmStructure *structure, const char *name);
void gm_structure_set_name(GmStructure *structure, const char *name);

// Setting replaces in place or appends. take_value takes the contents and zeroes `value`.
void gm_structure_set_value(GmStructure *structure, const char *field, const GmValue *value);
void gm_structure_take_value(GmStructure *structure, const char *field, GmValue *value);
void gm_structure_set(GmStructure *structure, const char *field, ...) GM_SENTINEL;
void gm_structure_set_valist(GmStructure *structure, const char *field, va_list args);
void gm_structure_set_array(GmStructure *structure, const char *field, const GmValueArray *array);
void gm_structure_set_list(GmStructure *structure, const char *field, const GmValueArray *array);
void gm_structure_id_set_value(GmStructure *structure, GmQuark field, const GmValue *value);
void gm_structure_id_take_value(GmStructure *structure, GmQuark field, GmValue *value);
void gm_structure_id_set(GmStructure *structure, GmQuark field, ...); // ends with 0
void gm_structure_id_set_valist(GmStructure *structure, GmQuark field, va_list args);
void gm_structure_remove_field(GmStructure *structure, const char *field);
void gm_structure_remove_fields(GmStructure *structure, const char *field, ...) GM_SENTINEL;
void gm_structure_remove_fields_valist(GmStructure *structure, const char *field, va_list args);
void gm_structure_remove_all_fields(GmStructure *structure);

// Name, type, address(es), …, NULL. False at the first field that is missing or of another type.
// Strings, boxed and objects come as copies / references of the caller's.
bool gm_structure_get(const GmStructure *structure, const char *first_field, ...) GM_SENTINEL;
bool gm_structure_get_valist(const GmStructure *structure, const char *first_field, va_list args);
bool gm_structure_id_get(const GmStructure *structure, GmQuark first_field, ...); // ends with 0
bool gm_structure_id_get_valist(const GmStructure *structure, GmQuark first_field, va_list args);
const GmValue *gm_structure_get_value(const GmStructure *structure, const char *field); // or NULL
const GmValue *gm_structure_id_get_value(const GmStructure *structure, GmQuark field);
// False: no such field or not of exactly that type; *value untouched.
bool gm_structure_get_boolean(const GmStructure *structure, const char *field, bool *value);
bool gm_structure_get_int(const GmStructure *structure, const char *field, int *value);
bool gm_structure_get_uint(const GmStructure *structure, const char *field, unsigned *value);
bool gm_structure_get_int64(const GmStructure *structure, const char *field, int64_t *value);
bool gm_structure_get_uint64(const GmStructure *structure, const char *field, uint64_t *value);
bool gm_structure_get_double(const GmStructure *structure, const char *field, double *value);
bool gm_structure_get_clock_time(const GmStructure *structure, const char *field,
                                 GmClockTime *value);
bool gm_structure_get_fraction(const GmStructure *structure, const char *field, int *numerator,
                               int *denominator);
bool gm_structure_get_enum(const GmStructure *structure, const char *field, GmType enum_type,
                           int *value);
bool gm_structure_get_flags(const GmStructure *structure, const char *field, GmType flags_type,
                            unsigned *value);
bool gm_structure_get_flagset(const GmStructure *structure, const char *field, unsigned *flags,
                              unsigned *mask); // either may be NULL
// Give an array to gm_value_array_free.
bool gm_structure_get_array(GmStructure *structure, const char *field, GmValueArray **array);
bool gm_structure_get_list(GmStructure *structure, const char *field, GmValueArray **array);
// Borrowed until the field is changed; NULL: no such string.
const char *gm_structure_get_string(const GmStructure *structure, const char *field);

// Type, presence and order of fields; no such field: GM_TYPE_INVALID, false. index is below
// n_fields.
GmType gm_structure_get_field_type(const GmStructure *structure, const char *field);
bool gm_structure_has_field(const GmStructure *structure, const char *field);
bool gm_structure_has_field_typed(const GmStructure *structure, const char *field, GmType type);
bool gm_structure_id_has_field(const GmStructure *structure, GmQuark field);
bool gm_structure_id_has_field_typed(const GmStructure *structure, GmQuark field, GmType type);
int gm_structure_n_fields(const GmStructure *structure);
const char *gm_structure_nth_field_name(const GmStructure *structure, unsigned index);
// False: the function ended the walk.
bool gm_structure_foreach(const GmStructure *structure, GmStructureForeachFunc func,
                          void *user_data);
bool gm_structure_map_in_place(GmStructure *structure, GmStructureMapFunc func, void *user_data);
void gm_structure_filter_and_map_in_place(GmStructure *structure, GmStructureFilterMapFunc func,
                                          void *user_data);

// Same name and equal fields in any order / each format of subset is one of superset, which may
// lack fields / intersect would give something.
bool gm_structure_is_equal(const GmStructure *structure1, const GmStructure *structure2);
bool gm_structure_is_subset(const GmStructure *subset, const GmStructure *superset);
bool gm_structure_can_intersect(const GmStructure *struct1, const GmStructure *struct2);
// Gives a new structure, or NULL: nothing in common.
GmStructure *gm_structure_intersect(const GmStructure *struct1, const GmStructure *struct2);
void gm_structure_fixate(GmStructure *structure); // each field: as gm_value_fixate
// Choose one value for a field: the possible one nearest to the wish. False: it was fixed
// already or has no such value.
bool gm_structure_fixate_field(GmStructure *structure, const char *field);
bool gm_structure_fixate_field_nearest_int(GmStructure *structure, const char *field, int target);
bool gm_structure_fixate_field_nearest_double(GmStructure *structure, const char *field,
                                              double target);
bool gm_structure_fixate_field_nearest_fraction(GmStructure *structure, const char *field,
                                                int target_numerator, int target_denominator);
bool gm_structure_fixate_field_boolean(GmStructure *structure, const char *field, bool target);
bool gm_structure_fixate_field_string(GmStructure *structure, const char *field,
                                      const char *target);

// Text as above, gives it to free (). to_string puts nested ones in quotes, serialize with
// GM_SERIALIZE_FLAG_NONE in brackets; both are read back.
char *gm_structure_to_string(const GmStructure *structure);
char *gm_structure_serialize(const GmStructure *structure, GmSerializeFlags flags);
// NULL: not a structure. `end` (may be NULL): the first character not read.
GmStructure *gm_structure_from_string(const char *text, char **end);
GmStructure *gm_structure_new_from_string(const char *text);

#ifdef __cplusplus
}
#endif
#endif
