// SPDX-License-Identifier: MIT
//
// value_read: text to values and structures.
//
//     name, field=value, field=(type)value, …;
//     value:  word | "quoted \" text" | [ min, max, step ] | { a, b } | < a, b > | [ structure ]
//
// Text comes from strangers: nesting is limited, nothing is trusted. A reader keeps the failure
// that came furthest, since kinds of values are tried in turn.
// Read next: core/caps.c.
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <locale.h>
#include <stdlib.h>
#include <strings.h>

#include "core/buffer.h"
#include "core/tag_list.h"
#include "core/value_priv.h"

#define READ_MAX_DEPTH 12

bool gm_text_fail(GmTextReader *r, const char *at, const char *format, ...)
{
    va_list args;

    if (r->failed_at == NULL || at > r->failed_at) {
        r->failed_at = at;
        va_start(args, format);
        vsnprintf(r->failure, sizeof(r->failure), format, args);
        va_end(args);
    }
    return false;
}

static bool read_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

void gm_text_skip_space(GmTextReader *r, bool escaped)
{
    while (read_is_space(*r->at) || (escaped && *r->at == '\\' && read_is_space(r->at[1])))
        r->at++;
}

bool gm_text_is_utf8(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;

    while (*s != '\0') {
        int more =
            *s < 0x80 ? 0 : *s < 0xc2 ? -1 : *s < 0xe0 ? 1 : *s < 0xf0 ? 2 : *s < 0xf5 ? 3 : -1;
        uint32_t c = more > 0 ? *s & (0x3fu >> more) : *s;
        s++;
        for (int i = 0; i < more; i++, s++) {
            if ((*s & 0xc0) != 0x80)
                return false;
            c = c << 6 | (*s & 0x3f);
        }
        if (more < 0 || (more == 2 && (c < 0x800 || (c >= 0xd800 && c < 0xe000))) ||
            (more == 3 && (c < 0x10000 || c > 0x10ffff)))
            return false;
    }
    return true;
}

char *gm_text_unwrap(const char *quoted, size_t len)
{
    if (len < 2 || quoted[0] != '"' || quoted[len - 1] != '"')
        return NULL;
    const char *s = quoted + 1, *end = quoted + len - 1;
    char *text = gm_malloc(len), *w = text;
    while (s < end && *s != '"') {
        bool octal = s[0] == '\\' && s[1] >= '0' && s[1] <= '3';
        if (octal && s[2] >= '0' && s[2] <= '7' && s[3] >= '0' && s[3] <= '7') {
            *w++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
            s += 4;
            continue;
        }
        if (octal || (*s == '\\' && ++s == end))
            break;
        *w++ = *s++;
    }
    *w = '\0';
    if (s == end)
        return text;
    gm_free(text);
    return NULL;
}

// ---- words to plain values --------------------------------------------------------------

static bool read_whole_number(GmValue *dest, const char *text, bool is_signed, unsigned size)
{
    int64_t max = !is_signed ? -1 : size == 4 ? INT_MAX : INT64_MAX;
    char *end;

    errno = 0;
    uint64_t n = strtoull(text, &end, 0);
    if (errno == ERANGE)
        return false;
    if (*end != '\0') {
        if (strcasecmp(text, "min") == 0)
            n = is_signed ? (uint64_t)-max - 1 : 0;
        else if (strcasecmp(text, "max") == 0)
            n = (uint64_t)max;
        else if (strcasecmp(text, "little_endian") == 0 || strcasecmp(text, "byte_order") == 0)
            n = 1234;
        else if (strcasecmp(text, "big_endian") == 0)
            n = 4321;
        else
            return false;
    }
    if (is_signed && size == 4 && n > UINT_MAX && (int64_t)n < INT_MIN)
        return false; // below
    if (is_signed && size == 4 && n > UINT_MAX && (int64_t)n > 0)
        return false; // above; up to 32 bits a number may be written as in 0xff0000ff
    if (size == 4)
        dest->data[0].v_uint = (unsigned)n;
    else
        dest->data[0].v_uint64 = n;
    return true;
}

static bool read_real(double *d, const char *text, double max)
{
    static _Atomic(locale_t) c_locale; // numbers have a point in every country
    locale_t locale = c_locale;
    char *end;

    if (locale == NULL)
        c_locale = locale = newlocale(LC_ALL_MASK, "C", NULL);
    *d = strtod_l(text, &end, locale);
    if (*end != '\0' && strcasecmp(text, "min") == 0)
        *d = -max;
    else if (*end != '\0' && strcasecmp(text, "max") == 0)
        *d = max;
    else if (*end != '\0')
        return false;
    return true;
}

static bool read_boolean(GmValue *dest, const char *text)
{
    static const char *const words[] = { "false", "no", "f", "0", "true", "yes", "t", "1" };

    for (size_t i = 0; i < GM_LEN(words); i++) {
        if (strcasecmp(text, words[i]) == 0) {
            dest->data[0].v_int = i >= 4;
            return true;
        }
    }
    return false;
}

static bool read_fraction(GmValue *dest, const char *text)
{
    long n, d = 1;
    char *end;

    if (strcasecmp(text, "1/max") == 0)
        return gm_value_set_fraction(dest, 1, INT_MAX), true;
    if (strcasecmp(text, "min") == 0 || strcasecmp(text, "max") == 0)
        return gm_value_set_fraction(dest, (text[1] | 32) == 'i' ? -INT_MAX : INT_MAX, 1), true;
    n = strtol(text, &end, 10);
    if (end == text)
        return false;
    if (*end == '/') {
        text = end + 1;
        d = strtol(text, &end, 10);
    }
    if (end == text || *end != '\0' || d == 0 || labs(n) > INT_MAX || labs(d) > INT_MAX)
        return false;
    gm_value_set_fraction(dest, (int)n, (int)d);
    return true;
}

// "flags:mask" in hexadecimal, then perhaps ":+name/name".
static bool read_flag_set(GmValue *dest, const char *text)
{
    char *next;
    const char *s;

    unsigned long flags = strtoul(text, &next, 16);
    if (next == text)
        return false;
    s = next + (*next == ':');
    unsigned long mask = strtoul(s, &next, 16);
    if (next == s)
        return false;
    if (*next == ':') {
        for (s = next + 1; *s == '+' || *s == '/'; s = next) {
            for (next = (char *)(uintptr_t)s + 1; isalnum((unsigned char)*next) || *next == '_' ||
                                                  *next == '-';)
                next++;
            if (next == s + 1)
                return false;
        }
    }
    if (*next != '\0')
        return false;
    gm_value_set_flagset(dest, (unsigned)flags, (unsigned)mask);
    return true;
}

static bool read_string(GmValue *dest, const char *text)
{
    size_t len = strlen(text);
    bool quoted = len > 0 && text[0] == '"' && text[len - 1] == '"';
    char *copy = quoted ? gm_text_unwrap(text, len)
                        : strcmp(text, "NULL") == 0 ? NULL : gm_strdup(text);

    if (copy != NULL ? !gm_text_is_utf8(copy) : quoted) {
        gm_free(copy);
        return false;
    }
    gm_value_take_string(dest, copy);
    return true;
}

static bool read_enum(GmValue *dest, const char *text, const GmEnumTable *table)
{
    const GmEnumValue *v = table != NULL ? gm_enum_get_value_by_nick(table, text) : NULL;
    char *end;

    if (v == NULL && table != NULL) {
        long n = strtol(text, &end, 0);
        v = *end == '\0' ? gm_enum_get_value(table, (int)n) : NULL;
    }
    if (v != NULL)
        dest->data[0].v_int = v->value;
    return v != NULL;
}

static bool read_flags(GmValue *dest, const char *text, const GmEnumTable *table)
{
    unsigned flags = 0;
    bool add = *text != '/';
    char *end;

    text += *text == '+' || *text == '/';
    while (*text != '\0' && table != NULL) {
        size_t len = strcspn(text, "+/");
        char *word = gm_strndup(text, len);
        const GmEnumValue *v = word != NULL ? gm_enum_get_value_by_nick(table, word) : NULL;
        unsigned n = v != NULL ? (unsigned)v->value : (unsigned)strtoul(word, &end, 0);
        bool bad = v == NULL && *end != '\0';
        gm_free(word);
        if (bad)
            return false;
        flags |= add ? n : 0;
        add = text[len] != '/';
        text += len + (text[len] != '\0');
    }
    dest->data[0].v_uint = flags;
    return table != NULL;
}

// Text in quotes is unwrapped first; a bare word is a structure or caps without fields.
static bool read_nested(GmValue *dest, const char *text)
{
    char *inner = *text == '"' ? gm_text_unwrap(text, strlen(text)) : gm_strdup(text), *end;
    void *made = NULL;

    if (inner == NULL)
        return false;
    switch (dest->g_type) {
    case GM_TYPE_STRUCTURE:
        made = gm_structure_from_string(inner, &end);
        break;
    case GM_TYPE_CAPS:
        made = gm_caps_from_string(inner);
        break;
    case GM_TYPE_CAPS_FEATURES:
        made = gm_caps_features_from_string(inner);
        break;
    case GM_TYPE_TAG_LIST:
        made = gm_str_has_prefix(inner, "taglist") ? gm_tag_list_new_from_string(inner) : NULL;
        break;
    default:
        break;
    }
    gm_free(inner);
    if (made != NULL)
        gm_value_take_boxed(dest, made);
    return made != NULL;
}

static bool read_buffer(GmValue *dest, const char *text)
{
    size_t digits = strspn(text, "0123456789abcdefABCDEF");

    if (text[digits] != '\0' || digits % 2 != 0)
        return false;
    unsigned char *bytes = gm_malloc(digits / 2 + 1);
    for (size_t i = 0; i < digits / 2; i++)
        bytes[i] = (unsigned char)strtoul((char[]){ text[2 * i], text[2 * i + 1], 0 }, NULL, 16);
    GmBuffer *buffer = gm_buffer_new_wrapped(bytes, digits / 2);
    gm_value_take_boxed(dest, buffer);
    return buffer != NULL;
}

static bool read_items(GmTextReader *r, GmValue *list, GmType type);

bool gm_value_deserialize(GmValue *dest, const char *src)
{
    GmTextReader r = { .at = src };
    double d;
    char *end;

    if (!GM_REQUIRE(GM_IS_VALUE(dest) && src != NULL)) return false;
    switch (gm_type_fundamental(dest->g_type)) {
    case GM_TYPE_BOOLEAN:
        return read_boolean(dest, src);
    case GM_TYPE_BUFFER:
        return read_buffer(dest, src);
    case GM_TYPE_INT:
    case GM_TYPE_UINT:
        return read_whole_number(dest, src, dest->g_type == GM_TYPE_INT, 4);
    case GM_TYPE_INT64:
    case GM_TYPE_LONG:
        return read_whole_number(dest, src, true, 8);
    case GM_TYPE_UINT64:
    case GM_TYPE_ULONG:
        return read_whole_number(dest, src, false, 8);
    case GM_TYPE_FLOAT:
        if (!read_real(&d, src, FLT_MAX) || d > FLT_MAX || d < -FLT_MAX)
            return false;
        dest->data[0].v_float = (float)d;
        return true;
    case GM_TYPE_DOUBLE:
        return read_real(&dest->data[0].v_double, src, DBL_MAX);
    case GM_TYPE_STRING:
        return read_string(dest, src);
    case GM_TYPE_GTYPE:
        dest->data[0].v_uint64 = gm_type_from_name(src);
        return dest->data[0].v_uint64 != GM_TYPE_INVALID;
    case GM_TYPE_ENUM:
        return read_enum(dest, src, gm_type_enum_table(dest->g_type));
    case GM_TYPE_FLAGS:
        return read_flags(dest, src, gm_type_enum_table(dest->g_type));
    case GM_TYPE_FRACTION:
        return read_fraction(dest, src);
    case GM_TYPE_LIST:
    case GM_TYPE_ARRAY:
        return read_items(&r, dest, GM_TYPE_INVALID);
    case GM_TYPE_BITMASK:
        errno = 0;
        dest->data[0].v_uint64 = strtoull(src, &end, 16);
        return errno != ERANGE && end != src;
    case GM_TYPE_FLAG_SET:
        return read_flag_set(dest, src);
    default:
        return read_nested(dest, src);
    }
}

// ---- values -----------------------------------------------------------------------------

// Moves behind a word or quoted text; quotes and escapes stay in.
static bool read_token(GmTextReader *r, const char **start, size_t *len)
{
    const char *s = *start = r->at;

    if (*s == '"') {
        for (s++; *s != '"' && *s != '\0'; s++)
            if (*s == '\\' && s[1] != '\0')
                s++;
        if (*s == '\0')
            return gm_text_fail(r, r->at, "the quote that opens here is not closed");
        s++;
    } else {
        while (gm_text_is_plain((unsigned char)*s))
            s++;
    }
    *len = (size_t)(s - r->at);
    r->at = s;
    if (*len > 0)
        return true;
    if (*s == '\0')
        return gm_text_fail(r, s, "the text ends where a word should follow");
    return gm_text_fail(r, s, "'%c' cannot stand here; put text that holds it in \"quotes\"", *s);
}

static bool read_word(GmTextReader *r, GmValue *value, GmType type)
{
    static const GmType tries[] = { GM_TYPE_INT, GM_TYPE_DOUBLE, GM_TYPE_FRACTION,
                                    GM_TYPE_FLAG_SET, GM_TYPE_BOOLEAN, GM_TYPE_STRING };
    char small[128], *text, *bare;
    const char *start;
    size_t len;
    bool ok = false;

    if (!read_token(r, &start, &len))
        return false;
    text = len < sizeof(small) ? memcpy(small, start, len) : gm_strndup(start, len);
    text[len] = '\0';
    if (type != GM_TYPE_INVALID) {
        gm_value_init(value, type);
        ok = gm_value_deserialize(value, text);
    } else {
        // GStreamer takes a quoted number for a number
        bare = *text == '"' && len >= 2 ? gm_strndup(text + 1, len - 2) : NULL;
        for (size_t i = 0; !ok && i < GM_LEN(tries); i++) {
            if (GM_IS_VALUE(value))
                gm_value_unset(value);
            gm_value_init(value, tries[i]);
            ok = gm_value_deserialize(value, bare != NULL &&
                                      tries[i] != GM_TYPE_STRING ? bare : text);
        }
        gm_free(bare);
    }
    if (!ok) {
        gm_text_fail(r, start, "'%.40s' is not a value of type %s", text,
                     gm_type_abbr(value->g_type));
        gm_value_unset(value);
    }
    if (text != small)
        gm_free(text);
    return ok;
}

static bool read_range(GmTextReader *r, GmValue *value, GmType type)
{
    GmValue v[3] = { GM_VALUE_INIT, GM_VALUE_INIT, GM_VALUE_INIT };
    const char *start = r->at++;
    int n = 0;
    bool ok = true;

    do {
        if (n > 0) {
            r->at++;
            gm_text_skip_space(r, false);
        }
        ok = gm_text_read_value(r, &v[n], type) && v[n].g_type == v[0].g_type;
        n += GM_IS_VALUE(&v[n]);
        gm_text_skip_space(r, false);
    } while (ok && n < 3 && *r->at == ',');
    GmType t = v[0].g_type;
    bool whole = t == GM_TYPE_INT || t == GM_TYPE_INT64;
    ok = ok && *r->at == ']' && (n == 2 || (n == 3 && whole)) &&
         (whole || t == GM_TYPE_DOUBLE || t == GM_TYPE_FRACTION) &&
         gm_value_compare(&v[0], &v[1]) == GM_VALUE_LESS_THAN;
    if (ok && whole) {
        GmInts min, max, step = { .min = 1 };
        gm_value_get_ints(&v[0], &min);
        gm_value_get_ints(&v[1], &max);
        if (n == 3)
            gm_value_get_ints(&v[2], &step);
        ok = step.min > 0 && min.min % step.min == 0 && max.min % step.min == 0;
        if (ok)
            gm_value_set_ints(value, min.min, max.min, step.min, min.wide);
    } else if (ok && t == GM_TYPE_DOUBLE) {
        gm_value_init(value, GM_TYPE_DOUBLE_RANGE);
        gm_value_set_double_range(value, v[0].data[0].v_double, v[1].data[0].v_double);
    } else if (ok) {
        gm_value_init(value, GM_TYPE_FRACTION_RANGE);
        gm_value_set_fraction_range(value, &v[0], &v[1]);
    }
    for (int i = 0; i < n; i++)
        gm_value_unset(&v[i]);
    r->at += ok;
    return ok ||
        gm_text_fail(r, start, "not a range; ranges look like [ 1, 100 ] or [ 2, 100, 2 ], "
                                        "the smaller end first");
}

static bool read_bracketed(GmTextReader *r, GmValue *value, GmType type)
{
    const char *s = r->at + 1;

    for (int open = 1; *s != '\0'; s++) {
        open += *s == '[' ? 1 : *s == ']' ? -1 : 0;
        if (open == 0)
            break;
    }
    if (*s == '\0')
        return gm_text_fail(r, r->at, "the bracket that opens here is not closed");
    char *inner = gm_malloc((size_t)(s - r->at));
    memcpy(inner, r->at + 1, (size_t)(s - r->at) - 1);
    inner[s - r->at - 1] = '\0';
    GmTextReader nested = { .at = inner, .depth = r->depth };
    void *made = NULL;
    if (type == GM_TYPE_CAPS) {
        made = gm_text_read_caps(&nested);
    } else {
        GmStructure *structure = gm_text_read_name(&nested);
        if (structure != NULL && !gm_text_read_fields(&nested, structure))
            gm_clear_structure(&structure);
        made = structure;
    }
    if (made != NULL)
        gm_value_take_boxed(gm_value_init(value, type), made);
    else if (nested.failed_at != NULL)
        gm_text_fail(r, r->at + 1 + (nested.failed_at - inner), "%s", nested.failure);
    gm_free(inner);
    if (made != NULL)
        r->at = s + 1;
    return made != NULL;
}

static bool read_bracket(GmTextReader *r, GmValue *value, GmType type)
{
    const char *start = r->at;
    bool nested = type == GM_TYPE_CAPS || type == GM_TYPE_STRUCTURE;

    if (nested && read_bracketed(r, value, type))
        return true;
    if (read_range(r, value, type))
        return true;
    r->at = start;
    if (type != GM_TYPE_INVALID)
        return false;
    return read_bracketed(r, value, GM_TYPE_STRUCTURE) || read_bracketed(r, value, GM_TYPE_CAPS);
}

// Items of a list or array; commas may also stand at the ends.
static bool read_items(GmTextReader *r, GmValue *list, GmType type)
{
    char close = list->g_type == GM_TYPE_LIST ? '}' : '>';
    const char *start = r->at;

    if (*r->at++ != (close == '}' ? '{' : '<'))
        return gm_text_fail(r, start, "a list looks like { a, b }, an array like < a, b >");
    gm_text_skip_space(r, false);
    while (*r->at != close) {
        GmValue item = GM_VALUE_INIT;
        if (*r->at == ',') {
            r->at++;
            gm_text_skip_space(r, false);
            if (*r->at == ',')
                return gm_text_fail(r, r->at, "a value is missing between the commas");
            continue;
        }
        if (!gm_text_read_value(r, &item, type))
            return false;
        gm_value_push(list, &item);
        gm_text_skip_space(r, false);
        if (*r->at != ',' && *r->at != close)
            return gm_text_fail(r, r->at, "',' or '%c' should follow in the list", close);
    }
    r->at++;
    return true;
}

bool gm_text_read_value(GmTextReader *r, GmValue *value, GmType type)
{
    bool ok;

    gm_text_skip_space(r, false);
    if (*r->at == '(') {
        const char *name;
        size_t len;
        r->at++;
        gm_text_skip_space(r, false);
        if (!read_token(r, &name, &len))
            return false;
        gm_text_skip_space(r, false);
        if (*r->at != ')')
            return gm_text_fail(r, r->at, "the type is not closed by ')'");
        type = gm_type_from_abbr(name, len);
        if (type == GM_TYPE_INVALID || type == GM_TYPE_NONE)
            return gm_text_fail(r, name, "'%.*s' is not a type; try int, float, fraction, string, "
                                         "boolean, bitmask", (int)(len < 40 ? len : 40), name);
        r->at++;
        gm_text_skip_space(r, false);
    }
    if (*r->at != '[' && *r->at != '{' && *r->at != '<')
        return read_word(r, value, type);
    if (r->depth >= READ_MAX_DEPTH)
        return gm_text_fail(r, r->at, "brackets are nested too deep");
    r->depth++;
    if (*r->at == '[') {
        ok = read_bracket(r, value, type);
    } else {
        gm_value_init(value, *r->at == '{' ? GM_TYPE_LIST : GM_TYPE_ARRAY);
        ok = read_items(r, value, type);
        if (!ok)
            gm_value_unset(value);
    }
    r->depth--;
    return ok;
}

// ---- structures -------------------------------------------------------------------------

GmStructure *gm_text_read_name(GmTextReader *r)
{
    const char *start;
    char name[256], *w = name;
    size_t len;

    gm_text_skip_space(r, true);
    if (!read_token(r, &start, &len))
        return NULL;
    bool quoted = *start == '"', letter;
    for (size_t i = quoted; i < len - quoted && w < name + sizeof(name) - 1; i++) {
        i += quoted && start[i] == '\\';
        *w++ = start[i];
    }
    *w = '\0';
    letter = (*name | 32) >= 'a' && (*name | 32) <= 'z';
    for (w = name; letter && gm_text_is_plain((unsigned char)*w);)
        w++;
    if (!letter || *w != '\0' || len > sizeof(name)) {
        gm_text_fail(r, start, "'%.40s' is not a media type; write something like video/x-raw",
                     name);
        return NULL;
    }
    return gm_structure_new_sized(gm_quark_from_string(name), 4);
}

static bool read_field(GmTextReader *r, GmStructure *structure)
{
    GmValue value = GM_VALUE_INIT;
    const char *name;
    char small[64], *copy;
    size_t len;

    if (*r->at == '"')
        return gm_text_fail(r, r->at, "a field name has no quotes");
    if (!read_token(r, &name, &len))
        return false;
    gm_text_skip_space(r, true);
    if (*r->at != '=')
        return gm_text_fail(r, r->at, "'=' should follow the field name '%.*s', as in width=640",
                            (int)(len < 40 ? len : 40), name);
    r->at++;
    if (!gm_text_read_value(r, &value, GM_TYPE_INVALID))
        return false;
    copy = len < sizeof(small) ? memcpy(small, name, len) : gm_strndup(name, len);
    copy[len] = '\0';
    gm_structure_put(structure, gm_quark_from_string(copy), &value);
    if (copy != small)
        gm_free(copy);
    return true;
}

bool gm_text_read_fields(GmTextReader *r, GmStructure *structure)
{
    for (;;) {
        gm_text_skip_space(r, true);
        if (*r->at == ',') {
            r->at++;
            gm_text_skip_space(r, true);
            if (*r->at != ';' && *r->at != '\0') {
                if (!read_field(r, structure))
                    return false;
                continue;
            }
        } else if (*r->at != ';' && *r->at != '\0') {
            return gm_text_fail(r, r->at,
                                "',' should stand between fields, ';' between structures");
        }
        r->at += *r->at == ';';
        return true;
    }
}

GmStructure *gm_structure_from_string(const char *text, char **end)
{
    GmTextReader r = { .at = text };

    if (!GM_REQUIRE(text != NULL)) return NULL;
    GmStructure *structure = gm_text_read_name(&r);
    if (structure != NULL && !gm_text_read_fields(&r, structure))
        gm_clear_structure(&structure);
    if (end != NULL)
        *end = (char *)(uintptr_t)r.at;
    return structure;
}

GmStructure *gm_structure_new_from_string(const char *text)
{
    return gm_structure_from_string(text, NULL);
}
