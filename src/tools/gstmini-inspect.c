// SPDX-License-Identifier: MIT
//
// gstmini-inspect: says what elements there are and what each can do.
//
//     gstmini-inspect                 all elements: "coreelements:  fakesink: Fake Sink"
//     gstmini-inspect queue           one element: pads, properties, signals
//     gstmini-inspect coreelements    one plugin
//     gstmini-inspect --json queue    the same, for programs
//
// The layout is gst-inspect-1.0's, and so is the exit status: 255 for an unknown name, with
// --exists 0 or 1. Read next: core/plugin.h, core/element_factory.h.
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "gstmini.h"

static const char *inspect_prefix = ""; // of every line, for --print-all: "queue: "

static void inspect_line(int column, const char *format, ...) GM_PRINTF(2, 3);
static void inspect_line(int column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("%s%*s", inspect_prefix, column, "");
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static void inspect_row(const char *name, const char *value)
{
    inspect_line(2, "%-24s %s", name, value ? value : "(none)");
}

// ---- what is printed in both layouts ----------------------------------------------------

static int inspect_compare_props(const void *a, const void *b)
{
    return strcmp((*(const GmProperty *const *)a)->name, (*(const GmProperty *const *)b)->name);
}

// All properties of a class by name, the nearest class's row where several have one. Gives an
// array that ends with NULL.
static const GmProperty **inspect_properties(const GmObjectClass *klass)
{
    const GmProperty **all = NULL;
    size_t n = 0;
    for (const GmObjectClass *k = klass; k; k = k->parent) {
        for (const GmProperty *p = k->props; p && p->name; p++) {
            if (gm_object_class_find_property(klass, p->name) != p)
                continue;
            all = gm_renew(const GmProperty *, all, n + 2);
            all[n++] = p;
        }
    }
    if (n)
        qsort(all, n, sizeof *all, inspect_compare_props);
    all = gm_renew(const GmProperty *, all, n + 1);
    all[n] = NULL;
    return all;
}

static unsigned inspect_flags(const GmProperty *p)
{
    return p->flags & GM_PARAM_READWRITE ? p->flags : p->flags | GM_PARAM_READWRITE;
}

static const char *inspect_presence(GmPadPresence presence)
{
    return presence == GM_PAD_ALWAYS ? "Always" : presence == GM_PAD_SOMETIMES ? "Sometimes"
                                                                               : "On request";
}

static const char *inspect_type(const GmProperty *p)
{
    switch (p->type) {
    case GM_TYPE_BOOLEAN: return "Boolean";
    case GM_TYPE_INT: return "Integer";
    case GM_TYPE_UINT: return "Unsigned Integer";
    case GM_TYPE_LONG: return "Long";
    case GM_TYPE_ULONG: return "Unsigned Long";
    case GM_TYPE_INT64: return "Integer64";
    case GM_TYPE_UINT64: return "Unsigned Integer64";
    case GM_TYPE_FLOAT: return "Float";
    case GM_TYPE_DOUBLE: return "Double";
    case GM_TYPE_STRING: return "String";
    case GM_TYPE_CAPS: return "Caps";
    case GM_TYPE_FRACTION: return "Fraction";
    case GM_TYPE_ENUM: return "Enum";
    case GM_TYPE_FLAGS: return "Flags";
    case GM_TYPE_OBJECT: return "Object";
    case GM_TYPE_POINTER: return "Pointer";
    default: return gm_type_name(p->type);
    }
}

// "0 - 4294967295"; false for what has no range. buf: 80 bytes.
static bool inspect_range(const GmProperty *p, char *buf)
{
    bool any = p->min == 0 && p->max == 0; // the range of the type
    switch (p->type) {
    case GM_TYPE_INT:
        snprintf(buf, 80, "%d - %d", any ? INT_MIN : (int)p->min, any ? INT_MAX : (int)p->max);
        return true;
    case GM_TYPE_UINT:
        snprintf(buf, 80, "%u - %u", any ? 0 : (unsigned)p->min, any ? UINT_MAX : (unsigned)p->max);
        return true;
    case GM_TYPE_INT64:
    case GM_TYPE_LONG: // doubles do not hold the very ends exactly
        snprintf(buf, 80, "%" PRId64 " - %" PRId64,
                 any || p->min <= (double)INT64_MIN ? INT64_MIN : (int64_t)p->min,
                 any || p->max >= (double)INT64_MAX ? INT64_MAX : (int64_t)p->max);
        return true;
    case GM_TYPE_UINT64:
    case GM_TYPE_ULONG:
        snprintf(buf, 80, "%" PRIu64 " - %" PRIu64, any ? 0 : (uint64_t)p->min,
                 any || p->max >= (double)UINT64_MAX ? UINT64_MAX : (uint64_t)p->max);
        return true;
    case GM_TYPE_FLOAT:
    case GM_TYPE_DOUBLE:
        if (any)
            snprintf(buf, 80, "any");
        else
            snprintf(buf, 80, "%15.7g - %15.7g", p->min, p->max);
        return true;
    default:
        return false;
    }
}

// ---- JSON -------------------------------------------------------------------------------

typedef struct {
    bool comma; // something stands before in this object or array
} Json;

static void json_text(const char *text)
{
    putchar('"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if ((unsigned char)*c < ' ')
            printf("\\u%04x", (unsigned)(unsigned char)*c);
        else
            putchar(*c);
    }
    putchar('"');
}

// The name of a member, after a comma if need be; NULL inside arrays.
static void json_key(Json *json, const char *key)
{
    if (json->comma)
        putchar(',');
    json->comma = true;
    if (key) {
        json_text(key);
        putchar(':');
    }
}

static void json_string(Json *json, const char *key, const char *text)
{
    json_key(json, key);
    if (text)
        json_text(text);
    else
        fputs("null", stdout);
}

static void json_open(Json *json, const char *key, char bracket)
{
    json_key(json, key);
    putchar(bracket);
    json->comma = false;
}

static void json_close(Json *json, char bracket)
{
    putchar(bracket);
    json->comma = true;
}

static void json_property(Json *json, GmElement *element, const GmProperty *p)
{
    char range[80], *value = gm_object_property_to_string(element, p->name);
    unsigned flags = inspect_flags(p);
    json_open(json, NULL, '{');
    json_string(json, "name", p->name);
    json_string(json, "blurb", p->blurb);
    json_string(json, "type", inspect_type(p));
    json_string(json, "default", value);
    if (inspect_range(p, range))
        json_string(json, "range", range);
    json_key(json, "readable");
    fputs(flags & GM_PARAM_READABLE ? "true" : "false", stdout);
    json_key(json, "writable");
    fputs(flags & GM_PARAM_WRITABLE ? "true" : "false", stdout);
    if (p->enums) {
        json_open(json, "values", '[');
        for (const GmEnumValue *v = p->enums->values; v->value_nick; v++) {
            json_open(json, NULL, '{');
            json_key(json, "value");
            printf("%d", v->value);
            json_string(json, "nick", v->value_nick);
            json_string(json, "description", v->value_name);
            json_close(json, '}');
        }
        json_close(json, ']');
    }
    json_close(json, '}');
    gm_free(value);
}

static void json_element(Json *json, GmElementFactory *factory, GmElement *element)
{
    const GmElementClass *klass = gm_element_factory_get_element_type(factory);
    json_open(json, NULL, '{');
    json_string(json, "name", GM_OBJECT_NAME(factory));
    json_string(json, "plugin", gm_plugin_feature_get_plugin_name(GM_PLUGIN_FEATURE(factory)));
    json_string(json, "long-name", klass->longname);
    json_string(json, "klass", klass->klass);
    json_string(json, "description", klass->description);
    json_string(json, "author", klass->author);
    json_key(json, "rank");
    printf("%u", gm_plugin_feature_get_rank(GM_PLUGIN_FEATURE(factory)));
    if (element) {
        const GmStaticPadTemplate *row = gm_element_factory_get_static_pad_templates(factory);
        const GmProperty **props = inspect_properties(&klass->object);
        json_open(json, "pad-templates", '[');
        for (; row && row->name_template; row++) {
            json_open(json, NULL, '{');
            json_string(json, "name", row->name_template);
            json_string(json, "direction", row->direction == GM_PAD_SRC ? "src" : "sink");
            json_string(json, "presence", inspect_presence(row->presence));
            json_string(json, "caps", row->static_caps ? row->static_caps : "ANY");
            json_close(json, '}');
        }
        json_close(json, ']');
        json_open(json, "properties", '[');
        for (size_t i = 0; props[i]; i++)
            json_property(json, element, props[i]);
        json_close(json, ']');
        json_open(json, "signals", '[');
        for (const GmObjectClass *k = &klass->object; k; k = k->parent)
            for (const GmSignal *s = k->signals; s && s->name; s++)
                json_string(json, NULL, s->name);
        json_close(json, ']');
        gm_free(props);
    }
    json_close(json, '}');
}

// ---- one element ------------------------------------------------------------------------

static void inspect_factory(GmElementFactory *factory)
{
    static const struct { unsigned value; const char *name; } ranks[] = {
        { GM_RANK_PRIMARY, "primary" }, { GM_RANK_SECONDARY, "secondary" },
        { GM_RANK_MARGINAL, "marginal" }, { GM_RANK_NONE, "none" } };
    const GmElementClass *klass = gm_element_factory_get_element_type(factory);
    unsigned rank = gm_plugin_feature_get_rank(GM_PLUGIN_FEATURE(factory)), i = 0;
    while (ranks[i].value > rank)
        i++;
    char *text = rank == ranks[i].value
        ? gm_strdup_printf("%s (%u)", ranks[i].name, rank)
        : gm_strdup_printf("%s + %u (%u)", ranks[i].name, rank - ranks[i].value, rank);
    inspect_line(0, "Factory Details:");
    inspect_row("Rank", text);
    inspect_row("Long-name", klass->longname);
    inspect_row("Klass", klass->klass);
    inspect_row("Description", klass->description);
    inspect_row("Author", klass->author);
    inspect_line(0, "%s", "");
    gm_free(text);
}

static void inspect_plugin_details(GmPlugin *plugin)
{
    const char *file = gm_plugin_get_filename(plugin);
    inspect_line(0, "Plugin Details:");
    inspect_row("Name", gm_plugin_get_name(plugin));
    inspect_row("Description", gm_plugin_get_description(plugin));
    inspect_row("Filename", file ? file : "(built in)");
    inspect_row("Version", gm_plugin_get_version(plugin));
    inspect_row("License", gm_plugin_get_license(plugin));
    inspect_row("Source module", gm_plugin_get_source(plugin));
    inspect_row("Binary package", gm_plugin_get_package(plugin));
    inspect_row("Origin URL", gm_plugin_get_origin(plugin));
    inspect_line(0, "%s", "");
}

// GmObject, +----GmElement, … down to the class. Returns the depth of klass.
static int inspect_hierarchy(const GmObjectClass *klass)
{
    int depth = klass->parent ? inspect_hierarchy(klass->parent) + 1 : 0;
    const char *name = klass->type_name ? klass->type_name : klass->name;
    if (depth == 0)
        inspect_line(0, "%s", name);
    else
        inspect_line(1 + 6 * (depth - 1), "+----%s", name);
    return depth;
}

static bool inspect_field(GmQuark field, const GmValue *value, GM_UNUSED void *data)
{
    char *text = gm_value_serialize(value);
    inspect_line(6, "%17s: %s", gm_quark_to_string(field), text ? text : "?");
    gm_free(text);
    return true;
}

static void inspect_caps(const char *string)
{
    GmCaps *caps = gm_caps_from_string(string ? string : "ANY");
    if (!caps || gm_caps_is_any(caps) || gm_caps_is_empty(caps))
        inspect_line(6, "%s", !caps ? string : gm_caps_is_any(caps) ? "ANY" : "EMPTY");
    for (unsigned i = 0; caps && i < gm_caps_get_size(caps); i++) {
        GmStructure *s = gm_caps_get_structure(caps, i);
        char *features = gm_caps_features_to_string(gm_caps_get_features(caps, i));
        bool plain = !features || strcmp(features, "memory:SystemMemory") == 0;
        inspect_line(6, "%s%s%s%s", gm_structure_get_name(s), plain ? "" : "(",
                     plain ? "" : features, plain ? "" : ")");
        gm_structure_foreach(s, inspect_field, NULL);
        gm_free(features);
    }
    if (caps)
        gm_caps_unref(caps);
}

static void inspect_templates(GmElementFactory *factory)
{
    const GmStaticPadTemplate *row = gm_element_factory_get_static_pad_templates(factory);
    inspect_line(0, "Pad Templates:");
    if (!row || !row->name_template)
        inspect_line(2, "none");
    for (; row && row->name_template; row++) {
        inspect_line(2, "%s template: '%s'", row->direction == GM_PAD_SRC ? "SRC" : "SINK",
                     row->name_template);
        inspect_line(4, "Availability: %s", inspect_presence(row->presence));
        inspect_line(4, "Capabilities:");
        inspect_caps(row->static_caps);
        if (row[1].name_template)
            inspect_line(2, "%s", "");
    }
    inspect_line(0, "%s", "");
}

static void inspect_clocking(GmElement *element)
{
    bool requires_one = GM_OBJECT_FLAG_IS_SET(element, GM_ELEMENT_FLAG_REQUIRE_CLOCK);
    bool provides = GM_OBJECT_FLAG_IS_SET(element, GM_ELEMENT_FLAG_PROVIDE_CLOCK);
    if (!requires_one && !provides) {
        inspect_line(0, "Element has no clocking capabilities.");
    } else {
        GmClock *clock = provides ? gm_element_provide_clock(element) : NULL;
        inspect_line(0, "Clocking Interaction:");
        if (requires_one)
            inspect_line(2, "element requires a clock");
        if (clock)
            inspect_line(2, "element provides a clock: %s", GM_OBJECT_NAME(clock));
        else if (provides)
            inspect_line(2, "element is supposed to provide a clock but returned NULL");
        if (clock)
            gm_object_unref(clock);
    }
    inspect_line(0, "Element has no URI handling capabilities.");
    inspect_line(0, "%s", "");
}

static bool inspect_pad(GM_UNUSED GmElement *element, GmPad *pad, GM_UNUSED void *data)
{
    GmPadTemplate *templ = gm_pad_get_pad_template(pad);
    inspect_line(2, "%s: '%s'", gm_pad_get_direction(pad) == GM_PAD_SRC ? "SRC" : "SINK",
                 GM_OBJECT_NAME(pad));
    if (templ) {
        inspect_line(4, "Pad Template: '%s'", templ->name_template);
        gm_object_unref(templ);
    }
    return true;
}

static void inspect_property(GmElement *element, const GmProperty *p)
{
    static const struct { unsigned flag; const char *text; } words[] = {
        { GM_PARAM_READABLE, "readable" }, { GM_PARAM_WRITABLE, "writable" },
        { GM_PARAM_DEPRECATED, "deprecated" }, { GM_PARAM_CONTROLLABLE, "controllable" },
        { GM_PARAM_MUTABLE_PLAYING, "changeable in NULL, READY, PAUSED or PLAYING state" },
        { GM_PARAM_MUTABLE_PAUSED, "changeable only in NULL, READY or PAUSED state" },
        { GM_PARAM_MUTABLE_READY, "changeable only in NULL or READY state" } };
    GmString *line = gm_string_new("flags: ");
    unsigned flags = inspect_flags(p);
    char range[80], *value = gm_object_property_to_string(element, p->name);
    if (flags & GM_PARAM_MUTABLE_PLAYING)
        flags &= ~(unsigned)(GM_PARAM_MUTABLE_PAUSED | GM_PARAM_MUTABLE_READY);
    for (size_t i = 0; i < GM_LEN(words); i++)
        if (flags & words[i].flag)
            gm_string_append_printf(line, "%s%s", line->len > 7 ? ", " : "", words[i].text);
    inspect_line(2, "%-20s: %s", p->name, p->blurb ? p->blurb : "");
    inspect_line(24, "%s", line->str);
    gm_string_truncate(line, 0);
    gm_string_append(line, inspect_type(p));
    if (p->enums)
        gm_string_append_printf(line, " \"%s\"", p->enums->name);
    else if (p->type == GM_TYPE_OBJECT && p->object_class)
        gm_string_append_printf(line, " of type \"%s\"", p->object_class->type_name
                                ? p->object_class->type_name : p->object_class->name);
    else
        gm_string_append_c(line, '.');
    if (inspect_range(p, range))
        gm_string_append_printf(line, " Range: %s", range);
    if (p->type == GM_TYPE_STRING || p->enums)
        gm_string_append_printf(line, value ? " Default: \"%s\"" : " Default: null",
                                value ? value : "");
    else if (value)
        gm_string_append_printf(line, " Default: %s", value);
    inspect_line(24, "%s", line->str);
    for (const GmEnumValue *v = p->enums ? p->enums->values : NULL; v && v->value_nick; v++)
        inspect_line(27, p->enums->is_flags ? "(0x%08x): %-16s - %s" : "(%d): %-16s - %s", v->value,
                     v->value_nick, v->value_name);
    gm_string_free(line, true);
    gm_free(value);
}

static void inspect_signals(const GmObjectClass *klass)
{
    for (int actions = 0; actions < 2; actions++) {
        bool any = false;
        for (const GmObjectClass *k = klass; k && k != &gm_element_class.object; k = k->parent) {
            for (const GmSignal *s = k->signals; s && s->name; s++) {
                if ((s->action != NULL) != (actions == 1))
                    continue;
                if (!any)
                    inspect_line(0, actions ? "\nElement Actions:" : "\nElement Signals:");
                inspect_line(2, "\"%s\" :  %s", s->name, s->blurb ? s->blurb : "");
                any = true;
            }
        }
    }
}

static void inspect_children(GmElement *element)
{
    GmList *children = GM_IS_BIN(element) ? GM_BIN(element)->children : NULL;
    if (children)
        inspect_line(0, "\nChildren:");
    for (GmList *l = gm_list_last(children); l; l = l->prev)
        inspect_line(2, "%s", GM_OBJECT_NAME(l->data));
}

static int inspect_element(GmElementFactory *factory, bool json)
{
    const GmElementClass *klass = gm_element_factory_get_element_type(factory);
    GmElement *element = gm_element_factory_create(factory, NULL);
    if (!element) {
        fprintf(stderr, "element \"%s\" could not be made\n", GM_OBJECT_NAME(factory));
        return 1;
    }
    gm_object_ref_sink(element);
    if (json) {
        json_element(&(Json){ false }, factory, element);
        putchar('\n');
    } else {
        GmPlugin *plugin = gm_plugin_feature_get_plugin(GM_PLUGIN_FEATURE(factory));
        const GmProperty **props = inspect_properties(&klass->object);
        inspect_factory(factory);
        if (plugin) {
            inspect_plugin_details(plugin);
            gm_object_unref(plugin);
        }
        inspect_hierarchy(&klass->object);
        inspect_line(0, "%s", "");
        inspect_templates(factory);
        inspect_clocking(element);
        inspect_line(0, "Pads:");
        if (element->numpads == 0)
            inspect_line(2, "none");
        gm_element_foreach_pad(element, inspect_pad, NULL);
        inspect_line(0, "%s", "");
        inspect_line(0, "Element Properties:");
        for (size_t i = 0; props[i]; i++)
            inspect_property(element, props[i]);
        inspect_signals(&klass->object);
        inspect_children(element);
        gm_free(props);
    }
    gm_object_unref(element);
    return 0;
}

// ---- lists ------------------------------------------------------------------------------

typedef void (*InspectFunc)(GmElementFactory *factory, const char *plugin, void *data);

// Calls func for each element, plugin by plugin. Returns how many plugins; *n: elements.
static unsigned inspect_each(unsigned *n, InspectFunc func, void *data)
{
    GmRegistry *registry = gm_registry_get();
    GmList *plugins = gm_registry_get_plugin_list(registry);
    unsigned n_plugins = gm_list_length(plugins);
    *n = 0;
    for (GmList *p = plugins; p; p = p->next) {
        const char *name = gm_plugin_get_name(p->data);
        GmList *features = gm_registry_get_feature_list_by_plugin(registry, name);
        for (GmList *f = features; f; f = f->next, (*n)++)
            func((GmElementFactory *)f->data, name, data);
        gm_plugin_feature_list_free(features);
    }
    gm_plugin_list_free(plugins);
    return n_plugins;
}

static void inspect_list_one(GmElementFactory *factory, const char *plugin, GM_UNUSED void *data)
{
    const char *longname = gm_element_factory_get_element_type(factory)->longname;
    printf("%s:  %s: %s\n", plugin, GM_OBJECT_NAME(factory), longname ? longname : "");
}

static void inspect_list_json(GmElementFactory *factory, GM_UNUSED const char *plugin, void *data)
{
    json_element(data, factory, NULL);
}

static void inspect_print_all_one(GmElementFactory *factory, GM_UNUSED const char *plugin,
                                  GM_UNUSED void *data)
{
    char *prefix = gm_strdup_printf("%s: ", GM_OBJECT_NAME(factory));
    inspect_prefix = prefix;
    inspect_element(factory, false);
    inspect_line(0, "%s", "");
    inspect_prefix = "";
    gm_free(prefix);
}

// Elements that would be here if a library were.
static void inspect_list_missing(void)
{
    for (const GmBuiltinElement *row = gm_builtin_elements; row->plugin; row++)
        if (!row->klass)
            printf("%s:  %s: (not built: install %s and run make again)\n", row->plugin,
                   row->missing, row->package);
}

static int inspect_list(bool json, bool all)
{
    unsigned n, plugins;
    if (json) {
        Json state = { false };
        json_open(&state, NULL, '[');
        inspect_each(&n, inspect_list_json, &state);
        json_close(&state, ']');
        putchar('\n');
        return 0;
    }
    plugins = inspect_each(&n, all ? inspect_print_all_one : inspect_list_one, NULL);
    if (!all) {
        inspect_list_missing();
        printf("\nTotal count: %u plugin%s, %u feature%s\n", plugins, plugins == 1 ? "" : "s", n,
               n == 1 ? "" : "s");
    }
    return 0;
}

static int inspect_plugin(GmPlugin *plugin)
{
    GmList *features = gm_registry_get_feature_list_by_plugin(gm_registry_get(),
                                                              gm_plugin_get_name(plugin));
    unsigned n = gm_list_length(features);
    inspect_plugin_details(plugin);
    for (GmList *f = features; f; f = f->next) {
        const char *longname = gm_element_factory_get_element_type(f->data)->longname;
        printf("  %s: %s\n", GM_OBJECT_NAME(f->data), longname ? longname : "");
    }
    printf("\n  %u features:\n  +-- %u elements\n", n, n);
    gm_plugin_feature_list_free(features);
    return 0;
}

static int inspect_name(const char *name, bool json)
{
    GmElementFactory *factory = gm_element_factory_find(name);
    GmPlugin *plugin = factory ? NULL : gm_registry_find_plugin(gm_registry_get(), name);
    int status = 255;
    if (factory) {
        status = inspect_element(factory, json);
        gm_object_unref(factory);
    } else if (plugin) {
        status = inspect_plugin(plugin);
        gm_object_unref(plugin);
    } else {
        char *why = gm_registry_explain_missing(gm_registry_get(), name);
        printf("No such element or plugin '%s'\n", name);
        fprintf(stderr, "%s\n", why);
        gm_free(why);
    }
    return status;
}

// ---- the program ------------------------------------------------------------------------

// 0: there is one, of at least that version ("1.2.3", may be NULL); 1: not; 255: no version.
static int inspect_exists(const char *name, const char *at_least)
{
    int want[3] = { 0, 0, 0 }, have[3] = { 0, 0, 0 };
    GmPluginFeature *feature = (GmPluginFeature *)gm_element_factory_find(name);
    GmPlugin *plugin = feature ? gm_plugin_feature_get_plugin(feature)
                               : gm_registry_find_plugin(gm_registry_get(), name);
    bool exists = feature || plugin;
    if (at_least && sscanf(at_least, "%d.%d.%d", &want[0], &want[1], &want[2]) < 1) {
        fprintf(stderr, "\"%s\" is no version; write 1.2 or 1.2.3\n", at_least);
        exists = false;
    }
    if (plugin) {
        const char *version = gm_plugin_get_version(plugin);
        sscanf(version ? version : "", "%d.%d.%d", &have[0], &have[1], &have[2]);
        gm_object_unref(plugin);
    }
    if (feature)
        gm_object_unref(feature);
    for (int i = 0; i < 3 && want[i] <= have[i]; i++) {
        if (want[i] < have[i] || i == 2)
            return exists ? 0 : 1;
    }
    return 1;
}

static void inspect_usage(void)
{
    puts("Usage:\n  gstmini-inspect [OPTION…] [ELEMENT-NAME | PLUGIN-NAME]\n\n"
         "  -a, --print-all                Print all elements\n"
         "      --exists                   Check if the element or plugin exists: status 0 or 1\n"
         "      --atleast-version=VERSION  With --exists, check that it is this version or newer\n"
         "      --json                     Print JSON instead of text\n"
         "      --version                  Print version information and exit\n"
         "  -h, --help                     Show help options");
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "print-all", no_argument, NULL, 'a' },  { "exists", no_argument, NULL, 1 },
        { "atleast-version", required_argument, NULL, 2 }, { "json", no_argument, NULL, 3 },
        { "version", no_argument, NULL, 4 },      { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 } };
    bool all = false, exists = false, json = false;
    const char *at_least = NULL;
    int c, status = 0;
    gm_init(&argc, &argv);
    while ((c = getopt_long(argc, argv, "ah", options, NULL)) != -1) {
        switch (c) {
        case 'a': all = true; break;
        case 1: exists = true; break;
        case 2: at_least = optarg; break;
        case 3: json = true; break;
        case 4: printf("gstmini-inspect version %s\n", GM_VERSION_STRING); return 0;
        case 'h': inspect_usage(); return 0;
        default: fprintf(stderr, "gstmini-inspect --help shows the options\n"); return 1;
        }
    }
    if (exists && !argv[optind]) {
        fprintf(stderr, "--exists needs the name of an element or plugin\n");
        status = 1;
    } else if (exists) {
        status = inspect_exists(argv[optind], at_least);
    } else if (argv[optind] && !all) {
        status = inspect_name(argv[optind], json);
    } else {
        status = inspect_list(json, all);
    }
    gm_deinit();
    return status;
}
