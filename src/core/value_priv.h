// SPDX-License-Identifier: MIT
//
// value_priv: what the files of values, structures and caps share: how a value of each type is
// stored, the layout of structures, and the text reader.
#ifndef GM_CORE_VALUE_PRIV_H
#define GM_CORE_VALUE_PRIV_H

#include <stdatomic.h>
#include <string.h>

#include "core/caps.h"
#include "core/error.h"
#include "core/util.h"
#include "core/value.h"

// ---- types ------------------------------------------------------------------------------

// A type whose `copy` is NULL lives in the value's two words; the others own one pointer.
typedef struct {
    const char        *name, *abbr; // abbr: what "(type)" in text says, if not the name
    GmBoxedCopyFunc    copy;
    GmBoxedFreeFunc    free;
    const GmEnumTable *enums;
} GmTypeInfo;
const GmTypeInfo *gm_type_info(GmType type); // never NULL: unknown types have no name
const char *gm_type_abbr(GmType type);
GmType gm_type_from_abbr(const char *name, size_t len);

// ---- values -----------------------------------------------------------------------------

#define GM_VALUE_ITEMS(value) ((GmValueArray *)(value)->data[0].v_pointer)

static inline void gm_value_move(GmValue *dest, GmValue *src)
{
    *dest = *src;
    memset(src, 0, sizeof(*src));
}
// Appends without asking whether the types go together; takes the contents.
void gm_value_push(GmValue *list, GmValue *item);
// Fill a value from / into C variables as the type's kind wants; false: no such conversion.
bool gm_value_collect(GmValue *value, GmType type, va_list *args);
bool gm_value_lcopy(const GmValue *value, va_list *args);
bool gm_value_collect_set(GmValue *value, va_list *args); // of fractions, ranges, lists, flag sets
bool gm_value_lcopy_set(const GmValue *value, va_list *args);

// Whole numbers of both widths seen as one: a plain number is a range with min == max.
typedef struct {
    int64_t min, max, step;
    bool    wide, range; // 64 bits; was a range
} GmInts;
bool gm_value_get_ints(const GmValue *value, GmInts *ints); // false: not a whole number
void gm_value_set_ints(GmValue *dest, int64_t min, int64_t max, int64_t step, bool wide);

// ---- structures -------------------------------------------------------------------------

typedef struct {
    GmQuark name;
    GmValue value;
} GmField;

typedef struct {
    GmStructure  head;
    _Atomic int *parent_refcount;
    unsigned     len, cap;
    GmField     *fields; // room, or malloc'd once that is full
    GmField      room[];
} GmStructureImpl;
#define GM_STRUCTURE_IMPL(structure) ((GmStructureImpl *)(structure))
#define GM_PARENT_WRITABLE(refcount) ((refcount) == NULL || atomic_load(refcount) == 1)

GmStructure *gm_structure_new_sized(GmQuark name, unsigned n_fields);
// Puts a value in place of the field of that name or at the end; takes the contents. No guards.
void gm_structure_put(GmStructure *structure, GmQuark name, GmValue *value);

// ---- text -------------------------------------------------------------------------------

// A reader's position, and its deepest failure for error messages.
typedef struct {
    const char *at;
    const char *failed_at;
    char        failure[160];
    unsigned    depth; // of nested brackets, limited: text comes from strangers
} GmTextReader;

// Both say false and keep the message if it is the deepest so far.
bool gm_text_fail(GmTextReader *r, const char *at, const char *format, ...) GM_PRINTF(3, 4);
void gm_text_skip_space(GmTextReader *r, bool escaped); // escaped: also backslash and space
// Letters, digits and any of "_-+/:." may stand in text without quotes. Asked for every character.
static inline bool gm_text_is_plain(int c)
{
    return ((unsigned)(c | 32) - 'a' < 26) || (c >= '+' && c <= ':' && c != ',') || c == '_';
}
bool gm_text_is_utf8(const char *text);
bool gm_text_read_value(GmTextReader *r, GmValue *value, GmType type);
GmStructure *gm_text_read_name(GmTextReader *r); // an empty structure of the name read, or NULL
bool gm_text_read_fields(GmTextReader *r, GmStructure *structure);
GmCaps *gm_text_read_caps(GmTextReader *r);
bool gm_text_append_value(GmString *out, const GmValue *value, unsigned flags, bool list_types);
void gm_text_append_fields(GmString *out, const GmStructure *structure, unsigned flags);
void gm_text_append_wrapped(GmString *out, const char *text); // in quotes if need be
char *gm_text_unwrap(const char *quoted, size_t len); // gives; NULL: not well quoted
#endif
