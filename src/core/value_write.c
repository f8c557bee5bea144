// SPDX-License-Identifier: MIT
//
// value_write: values and structures as text, letter for letter as GStreamer writes them.
// Read next: core/value_read.c, the way back.
#include "core/buffer.h"
#include "core/tag_list.h"
#include "core/enums.h"
#include "core/segment.h"
#include "core/value_priv.h"

void gm_text_append_wrapped(GmString *out, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    bool plain = *s != '\0' && strcmp(text, "NULL") != 0;

    while (plain && *s != '\0')
        plain = gm_text_is_plain(*s++);
    if (plain) {
        gm_string_append(out, text);
        return;
    }
    gm_string_append_c(out, '"');
    for (s = (const unsigned char *)text; *s != '\0'; s++) {
        if (*s < 0x20 || *s >= 0x7f)
            gm_string_append_printf(out, "\\%03o", (unsigned)*s);
        else
            gm_string_append_printf(out, gm_text_is_plain(*s) ? "%c" : "\\%c", *s);
    }
    gm_string_append_c(out, '"');
}

// All digits, and a point whatever the locale says.
static void write_double(GmString *out, double d)
{
    char text[40];

    snprintf(text, sizeof(text), "%.17g", d);
    for (char *c = text; *c != '\0'; c++)
        if (*c == ',')
            *c = '.';
    gm_string_append(out, text);
}

static void write_ints(GmString *out, const GmValue *value)
{
    GmInts r;

    gm_value_get_ints(value, &r);
    gm_string_append_printf(out, "[ %" PRId64 ", %" PRId64, r.min, r.max);
    if (r.step != 1)
        gm_string_append_printf(out, ", %" PRId64, r.step);
    gm_string_append(out, " ]");
}

static void write_range(GmString *out, const GmValue *min, const GmValue *max)
{
    gm_string_append(out, "[ ");
    gm_text_append_value(out, min, 0, false);
    gm_string_append(out, ", ");
    gm_text_append_value(out, max, 0, false);
    gm_string_append(out, " ]");
}

static void write_items(GmString *out, const GmValue *value, unsigned flags, bool types)
{
    const GmValueArray *items = GM_VALUE_ITEMS(value);
    bool list = value->g_type == GM_TYPE_LIST;

    gm_string_append(out, list ? "{ " : "< ");
    for (unsigned i = 0; i < items->n_values; i++) {
        if (i > 0)
            gm_string_append(out, ", ");
        if (types)
            gm_string_append_printf(out, "(%s)", gm_type_abbr(items->values[i].g_type));
        if (!gm_text_append_value(out, &items->values[i], flags, true))
            gm_string_append(out, "NULL");
    }
    gm_string_append(out, list ? " }" : " >");
}

static bool write_enum(GmString *out, const GmValue *value, const GmEnumTable *table)
{
    unsigned bits = value->data[0].v_uint;
    const GmEnumValue *v = table != NULL ? gm_enum_get_value(table, (int)bits) : NULL;
    size_t start = out->len;

    if (v != NULL || table == NULL || !table->is_flags) {
        if (v != NULL) // flags are written by name, as GStreamer does
            gm_string_append(out, table->is_flags ? v->value_name : v->value_nick);
        else
            gm_string_append_printf(out, "%d", (int)bits);
        return true;
    }
    for (v = table->values; v->value_nick != NULL && bits != 0; v++) {
        if (v->value == 0 || (bits & (unsigned)v->value) != (unsigned)v->value)
            continue;
        gm_string_append_printf(out, "%s%s", out->len > start ? "+" : "", v->value_name);
        bits &= ~(unsigned)v->value;
    }
    if (bits != 0 || out->len == start)
        gm_string_append_printf(out, "%s%#x", out->len > start ? "+" : "", bits);
    return true;
}

// Nested text: in brackets, or in quotes when flags ask for what old readers understand.
static bool write_nested(GmString *out, const GmValue *value, unsigned flags)
{
    const void *contents = value->data[0].v_pointer;
    bool caps = value->g_type == GM_TYPE_CAPS;
    char *text;

    if (contents == NULL && !caps)
        return false;
    if (value->g_type == GM_TYPE_CAPS_FEATURES)
        text = gm_caps_features_to_string(contents);
    else if (value->g_type == GM_TYPE_TAG_LIST)
        text = gm_tag_list_to_string(contents);
    else
        text = caps ? gm_caps_serialize(contents, flags) : gm_structure_serialize(contents, flags);
    if ((flags & GM_SERIALIZE_FLAG_BACKWARD_COMPAT) != 0 || value->g_type > GM_TYPE_CAPS ||
        value->g_type == GM_TYPE_CAPS_FEATURES) {
        gm_text_append_wrapped(out, text);
    } else {
        size_t len = strlen(text);
        gm_string_append_c(out, '[');
        gm_string_append_len(out, text, len);
        gm_string_append_c(out, ']');
    }
    gm_free(text);
    return true;
}

// A segment as GStreamer writes it: a structure with its fields, in quotes.
static bool write_segment(GmString *out, const GmSegment *segment)
{
    if (segment == NULL)
        return false;
    GmStructure *s = gm_structure_new(
        "segment", "flags", gm_type_register_enum(&gm_segment_flags_enum), segment->flags, "rate",
        GM_TYPE_DOUBLE, segment->rate, "applied-rate", GM_TYPE_DOUBLE, segment->applied_rate,
        "format", gm_type_register_enum(&gm_format_enum), segment->format, "base", GM_TYPE_UINT64,
        segment->base, "offset", GM_TYPE_UINT64, segment->offset, "start", GM_TYPE_UINT64,
        segment->start, "stop", GM_TYPE_UINT64, segment->stop, "time", GM_TYPE_UINT64,
        segment->time, "position", GM_TYPE_UINT64, segment->position, "duration", GM_TYPE_UINT64,
        segment->duration, NULL);
    char *text = gm_structure_to_string(s);
    gm_string_append_printf(out, "\"%s\"", text);
    gm_free(text);
    gm_structure_free(s);
    return true;
}

// Booleans and numbers. False: it is something else.
static bool write_number(GmString *out, const GmValue *value)
{
    switch (value->g_type) {
    case GM_TYPE_BOOLEAN:
        gm_string_append(out, value->data[0].v_int ? "true" : "false");
        return true;
    case GM_TYPE_INT:
        gm_string_append_printf(out, "%d", value->data[0].v_int);
        return true;
    case GM_TYPE_UINT:
        gm_string_append_printf(out, "%u", value->data[0].v_uint);
        return true;
    case GM_TYPE_INT64:
    case GM_TYPE_LONG:
        gm_string_append_printf(out, "%" PRId64, value->data[0].v_int64);
        return true;
    case GM_TYPE_UINT64:
    case GM_TYPE_ULONG:
        gm_string_append_printf(out, "%" PRIu64, value->data[0].v_uint64);
        return true;
    case GM_TYPE_FLOAT:
        write_double(out, (double)value->data[0].v_float);
        return true;
    case GM_TYPE_DOUBLE:
        write_double(out, value->data[0].v_double);
        return true;
    default:
        return false;
    }
}

// Two hexadecimal digits per byte: codec data in caps.
static bool write_buffer(GmString *out, GmBuffer *buffer)
{
    GmMapInfo map;

    if (buffer == NULL || !gm_buffer_map(buffer, &map, GM_MAP_READ))
        return false;
    for (size_t i = 0; i < map.size; i++)
        gm_string_append_printf(out, "%02x", map.data[i]);
    gm_buffer_unmap(buffer, &map);
    return true;
}

bool gm_text_append_value(GmString *out, const GmValue *value, unsigned flags, bool list_types)
{
    const GmValue *range = value->data[0].v_pointer;
    GmValue ends[2];

    if (write_number(out, value))
        return true;
    switch (gm_type_fundamental(value->g_type)) {
    case GM_TYPE_STRING:
        if (range != NULL)
            gm_text_append_wrapped(out, value->data[0].v_pointer);
        return range != NULL;
    case GM_TYPE_ENUM:
    case GM_TYPE_FLAGS:
        return write_enum(out, value, gm_type_enum_table(value->g_type));
    case GM_TYPE_GTYPE:
        gm_string_append(out, gm_type_name(value->data[0].v_uint64));
        return true;
    case GM_TYPE_FRACTION:
        gm_string_append_printf(out, "%d/%d", value->data[0].v_int, value->data[1].v_int);
        return true;
    case GM_TYPE_INT_RANGE:
    case GM_TYPE_INT64_RANGE:
        write_ints(out, value);
        return true;
    case GM_TYPE_DOUBLE_RANGE:
        ends[0] = (GmValue){ GM_TYPE_DOUBLE, { value->data[0], { 0 } } };
        ends[1] = (GmValue){ GM_TYPE_DOUBLE, { value->data[1], { 0 } } };
        write_range(out, &ends[0], &ends[1]);
        return true;
    case GM_TYPE_FRACTION_RANGE:
        write_range(out, &range[0], &range[1]);
        return true;
    case GM_TYPE_LIST:
    case GM_TYPE_ARRAY:
        // a list in a list names the types of its members
        write_items(out, value, list_types ? GM_SERIALIZE_FLAG_BACKWARD_COMPAT : flags, list_types);
        return true;
    case GM_TYPE_BITMASK:
        gm_string_append_printf(out, "0x%016" PRIx64, value->data[0].v_uint64);
        return true;
    case GM_TYPE_FLAG_SET:
        gm_string_append_printf(out, "%x:%x", value->data[0].v_uint, value->data[1].v_uint);
        return true;
    case GM_TYPE_STRUCTURE:
    case GM_TYPE_CAPS_FEATURES:
    case GM_TYPE_CAPS:
    case GM_TYPE_TAG_LIST:
        return write_nested(out, value, flags);
    case GM_TYPE_SEGMENT:
        return write_segment(out, value->data[0].v_pointer);
    case GM_TYPE_BUFFER:
        return write_buffer(out, value->data[0].v_pointer);
    case GM_TYPE_OBJECT:
        if (range != NULL)
            gm_text_append_wrapped(out, GM_OBJECT_NAME(range) ? GM_OBJECT_NAME(range) : "(null)");
        return range != NULL;
    default:
        return false;
    }
}

char *gm_value_serialize(const GmValue *value)
{
    if (!GM_REQUIRE(GM_IS_VALUE(value))) return NULL;
    GmString *out = gm_string_new(NULL);
    bool ok = gm_text_append_value(out, value, GM_SERIALIZE_FLAG_BACKWARD_COMPAT, true);
    return gm_string_free(out, !ok);
}

// ---- structures -------------------------------------------------------------------------

// What "(type)" says of a value: for ranges and lists, that of their members.
static GmType write_type_of(const GmValue *value)
{
    while (value->g_type == GM_TYPE_LIST || value->g_type == GM_TYPE_ARRAY) {
        if (GM_VALUE_ITEMS(value)->n_values == 0)
            return GM_TYPE_INT;
        value = &GM_VALUE_ITEMS(value)->values[0];
    }
    switch (value->g_type) {
    case GM_TYPE_INT_RANGE:
        return GM_TYPE_INT;
    case GM_TYPE_INT64_RANGE:
        return GM_TYPE_INT64;
    case GM_TYPE_DOUBLE_RANGE:
        return GM_TYPE_DOUBLE;
    case GM_TYPE_FRACTION_RANGE:
        return GM_TYPE_FRACTION;
    default:
        return value->g_type;
    }
}

void gm_text_append_fields(GmString *out, const GmStructure *structure, unsigned flags)
{
    const GmStructureImpl *s = GM_STRUCTURE_IMPL(structure);

    for (unsigned i = 0; i < s->len; i++) {
        const GmValue *value = &s->fields[i].value;
        const void *pointer = value->data[0].v_pointer;
        gm_string_append(out, ", ");
        gm_string_append(out, gm_quark_to_string(s->fields[i].name));
        gm_string_append(out, "=(");
        gm_string_append(out, gm_type_abbr(write_type_of(value)));
        gm_string_append_c(out, ')');
        if (value->g_type == GM_TYPE_POINTER && pointer != NULL)
            gm_string_append_printf(out, "%p", pointer);
        else if (!gm_text_append_value(out, value, flags, false))
            gm_string_append(out, "NULL");
    }
    gm_string_append_c(out, ';');
}

char *gm_structure_serialize(const GmStructure *structure, GmSerializeFlags flags)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(structure))) return NULL;
    GmString *out = gm_string_new(gm_structure_get_name(structure));
    gm_text_append_fields(out, structure, flags);
    return gm_string_free(out, false);
}

char *gm_structure_to_string(const GmStructure *structure)
{
    return gm_structure_serialize(structure, GM_SERIALIZE_FLAG_BACKWARD_COMPAT);
}
