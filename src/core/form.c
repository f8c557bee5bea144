// SPDX-License-Identifier: MIT
//
// form: see core/form_priv.h.
#include <string.h>

#include "core/context.h"
#include "core/enums.h"
#include "core/error.h"
#include "core/form_priv.h"
#include "core/sync.h"
#include "core/util.h"

static GmMutex form_lock = GM_MUTEX_INIT;

static GmType form_kind_type(char kind)
{
    static const struct { char kind; GmType type; const GmEnumTable *table; } kinds[] = {
        { 'b', GM_TYPE_BOOLEAN, NULL }, { 'i', GM_TYPE_INT, NULL },
        { 'u', GM_TYPE_UINT, NULL }, { 'l', GM_TYPE_INT64, NULL },
        { 'U', GM_TYPE_UINT64, NULL }, { 'd', GM_TYPE_DOUBLE, NULL },
        { 's', GM_TYPE_STRING, NULL }, { 'o', GM_TYPE_OBJECT, NULL },
        { 'C', GM_TYPE_CAPS, NULL }, { 'L', GM_TYPE_TAG_LIST, NULL },
        { 'Y', GM_TYPE_SEGMENT, NULL }, { 'E', GM_TYPE_ERROR, NULL },
        { 'M', GM_TYPE_MESSAGE, NULL }, { 'D', GM_TYPE_BUFFER, NULL },
        { 'X', GM_TYPE_STRUCTURE, NULL }, { 'x', GM_TYPE_CONTEXT, NULL },
        { 'F', 0, &gm_format_enum }, { 'S', 0, &gm_state_enum }, { 'k', 0, &gm_seek_type_enum },
        { 'Q', 0, &gm_qos_type_enum }, { 'B', 0, &gm_buffering_mode_enum },
        { 'c', 0, &gm_structure_change_type_enum }, { 't', 0, &gm_stream_status_type_enum },
        { 'p', 0, &gm_progress_type_enum }, { 'K', 0, &gm_seek_flags_enum },
        { 'g', 0, &gm_segment_flags_enum }, { 'G', 0, &gm_gap_flags_enum },
        { 'T', 0, &gm_stream_flags_enum }, { 'h', 0, &gm_scheduling_flags_enum },
    };
    for (size_t i = 0; i < GM_LEN(kinds); i++) {
        if (kinds[i].kind == kind)
            return kinds[i].table ? gm_type_register_enum(kinds[i].table) : kinds[i].type;
    }
    return GM_TYPE_INVALID;
}

// Reads the spec. Under the lock; readers see the rest once `ready` is set.
static void form_prepare(GmForm *form)
{
    gm_mutex_lock(&form_lock);
    if (!form->ready && form->spec != NULL) {
        char **words = gm_strsplit(form->spec, " ", 0);
        form->name = gm_quark_from_string(words[0]);
        bool initial = true;
        for (char **w = words + 1; *w != NULL; w++) {
            if (strcmp(*w, "?") == 0) {
                initial = false;
                continue;
            }
            char *colon = strchr(*w, ':');
            *colon = '\0';
            form->fields[form->n_fields] = gm_quark_from_string(*w);
            form->kinds[form->n_fields++] = colon[1];
            form->n_initial += initial;
        }
        gm_strfreev(words);
    }
    form->ready = true;
    gm_mutex_unlock(&form_lock);
}

GmForm *gm_form_find(GmForm *forms, size_t n, int type)
{
    for (GmForm *form = forms; form < forms + n; form++) {
        if (form->type != type)
            continue;
        if (GM_UNLIKELY(!atomic_load_explicit(&form->ready, memory_order_acquire)))
            form_prepare(form);
        return form;
    }
    return NULL;
}

const char *gm_form_type_name(const GmForm *forms, size_t n, int type)
{
    for (size_t i = 0; i < n; i++) {
        if (forms[i].type == type)
            return forms[i].type_name;
    }
    return "unknown";
}

GmQuark gm_form_type_quark(const GmForm *forms, size_t n, int type)
{
    for (size_t i = 0; i < n; i++) {
        if (forms[i].type == type)
            return gm_quark_from_static_string(forms[i].type_name);
    }
    return 0;
}

// The index of the field called `first`.
static unsigned form_index(const GmForm *form, const char *first)
{
    unsigned i = 0;
    while (first != NULL && i < form->n_fields &&
           strcmp(gm_quark_to_string(form->fields[i]), first) != 0)
        i++;
    return i;
}

static void form_put(const GmForm *form, GmStructure *s, unsigned from, unsigned n, va_list values)
{
    for (unsigned i = from; i < from + n; i++) {
        GmValue v = GM_VALUE_INIT;
        GmType type = form_kind_type(form->kinds[i]);
        gm_value_init(&v, type);
        switch (gm_type_fundamental(type)) {
        case GM_TYPE_BOOLEAN: gm_value_set_boolean(&v, va_arg(values, int)); break;
        case GM_TYPE_INT:     gm_value_set_int(&v, va_arg(values, int)); break;
        case GM_TYPE_UINT:    gm_value_set_uint(&v, va_arg(values, unsigned)); break;
        case GM_TYPE_INT64:   gm_value_set_int64(&v, va_arg(values, int64_t)); break;
        case GM_TYPE_UINT64:  gm_value_set_uint64(&v, va_arg(values, uint64_t)); break;
        case GM_TYPE_DOUBLE:  gm_value_set_double(&v, va_arg(values, double)); break;
        case GM_TYPE_ENUM:    gm_value_set_enum(&v, va_arg(values, int)); break;
        case GM_TYPE_FLAGS:   gm_value_set_flags(&v, va_arg(values, unsigned)); break;
        case GM_TYPE_STRING:  gm_value_set_string(&v, va_arg(values, const char *)); break;
        case GM_TYPE_OBJECT:  gm_value_set_object(&v, va_arg(values, void *)); break;
        default:              gm_value_set_boxed(&v, va_arg(values, const void *)); break;
        }
        gm_structure_id_take_value(s, form->fields[i], &v);
    }
}

GmStructure *gm_form_new(const GmForm *form, va_list values)
{
    if (form->name == 0)
        return NULL;
    GmStructure *s = gm_structure_new_id_empty(form->name);
    form_put(form, s, 0, form->n_initial, values);
    return s;
}

void gm_form_set(const GmForm *form, GmStructure *s, const char *first, unsigned n, va_list values)
{
    form_put(form, s, form_index(form, first), n, values);
}

// Where a field's contents go. v NULL: the field is missing.
static void form_take_out(char kind, const GmValue *v, void *dest)
{
    switch (kind) {
    case 'b': *(bool *)dest = v && gm_value_get_boolean(v); break;
    case 'i': *(int *)dest = v ? gm_value_get_int(v) : 0; break;
    case 'u': *(unsigned *)dest = v ? gm_value_get_uint(v) : 0; break;
    case 'l': *(int64_t *)dest = v ? gm_value_get_int64(v) : 0; break;
    case 'U': *(uint64_t *)dest = v ? gm_value_get_uint64(v) : 0; break;
    case 'd': *(double *)dest = v ? gm_value_get_double(v) : 0; break;
    case 's': *(const char **)dest = v ? gm_value_get_string(v) : NULL; break;
    case 'o': *(void **)dest = v ? gm_value_get_object(v) : NULL; break;
    case 'K': case 'g': case 'G': case 'T': case 'h':
        *(unsigned *)dest = v ? gm_value_get_flags(v) : 0;
        break;
    case 'F': case 'S': case 'k': case 'Q': case 'B': case 'c': case 't': case 'p':
        *(int *)dest = v ? gm_value_get_enum(v) : 0;
        break;
    default: *(void **)dest = v ? gm_value_get_boxed(v) : NULL; break;
    }
}

bool gm_form_get(const GmForm *form, const GmStructure *s, const char *first, unsigned n,
                 va_list pointers)
{
    bool all = true;
    unsigned from = form_index(form, first);
    if (first == NULL)
        n = form->n_initial;
    for (unsigned i = from; i < from + n; i++) {
        const GmValue *v = s ? gm_structure_id_get_value(s, form->fields[i]) : NULL;
        void *dest = va_arg(pointers, void *);
        if (dest != NULL)
            form_take_out(form->kinds[i], v, dest);
        all &= v != NULL;
    }
    return all;
}
