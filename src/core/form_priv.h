// SPDX-License-Identifier: MIT
//
// form: what stands in an event, query or message, as one line of a table:
//
//     { GM_EVENT_LATENCY, "latency", "GstEventLatency latency:U" }
//
// name of the type, name of the structure, names and kinds of its fields. Kinds:
//   b bool, i int, u unsigned, l int64_t, U uint64_t, d double, s string, o object,
//   C caps, L tag list, Y segment, E error, M message, D buffer, X structure, x context;
//   F GmFormat, S GmState, k GmSeekType, Q GmQOSType, B GmBufferingMode, c GmStructureChangeType,
//   t GmStreamStatusType, p GmProgressType;
//   flags: K GmSeekFlags, g GmSegmentFlags, G GmGapFlags, T GmStreamFlags, h GmSchedulingFlags.
// Fields behind "?" are not there from the start.
#ifndef GM_CORE_FORM_PRIV_H
#define GM_CORE_FORM_PRIV_H

#include "core/structure.h"
#include "core/types.h"

#define GM_FORM_MAX 11

typedef struct {
    int         type;
    const char *type_name;
    const char *spec; // NULL: no structure of its own
    // read from spec at first use
    _Atomic bool ready;
    unsigned n_fields, n_initial;
    GmQuark  name, fields[GM_FORM_MAX];
    char     kinds[GM_FORM_MAX];
} GmForm;

// The line of `type`, ready for use, or NULL.
GmForm *gm_form_find(GmForm *forms, size_t n, int type);
const char *gm_form_type_name(const GmForm *forms, size_t n, int type); // "unknown" if none
GmQuark gm_form_type_quark(const GmForm *forms, size_t n, int type);    // 0 if none

// A new structure with the values of the initial fields, in order; values are copied or
// referenced. NULL when the form has no structure.
GmStructure *gm_form_new(const GmForm *form, va_list values);
// `n` fields from the one called `first` on: values in order.
void gm_form_set(const GmForm *form, GmStructure *s, const char *first, unsigned n, va_list values);
// The same to where the pointers (may be NULL) point: what has contents is borrowed. A field
// that is missing gives zero and false. first NULL: all initial fields.
bool gm_form_get(const GmForm *form, const GmStructure *s, const char *first, unsigned n,
                 va_list pointers);

#endif
