// SPDX-License-Identifier: MIT
//
// dot: draws a bin as Graphviz text.
//
//     subgraph cluster_queue0 { label="GmQueue\nqueue0\n[>]"; queue0_sink; queue0_src }
//     fakesrc0_src -> queue0_sink [label="video/x-raw\l  width: 320\l"]
//
// Nodes are called by the object's name and address, so that equal names in different bins
// stay apart. Read next: core/bin.h.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/bin.h"
#include "core/caps.h"
#include "core/dot.h"
#include "core/ghost_pad.h"
#include "core/log.h"
#include "core/structure.h"
#include "core/util.h"

typedef struct {
    GmString *out;
    unsigned  details, indent;
} Dot;

static void dot_line(Dot *dot, const char *format, ...) GM_PRINTF(2, 3);
static void dot_line(Dot *dot, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    gm_string_append_printf(dot->out, "%*s", (int)(2 * dot->indent), "");
    gm_string_append_vprintf(dot->out, format, args);
    gm_string_append_c(dot->out, '\n');
    va_end(args);
}

// A name for a node: letters, digits, the address.
static char *dot_id(void *object)
{
    char *name = gm_object_get_name(object);
    for (char *c = name; c && *c; c++)
        if (!isalnum((unsigned char)*c))
            *c = '_';
    char *id = gm_strdup_printf("%s_%p", name ? name : "", object);
    gm_free(name);
    return id;
}

// The edge of a node: pad, or element and pad.
static char *dot_pad_id(GmPad *pad)
{
    GmObject *parent = gm_object_get_parent(GM_OBJECT(pad));
    char *element = parent ? dot_id(parent) : gm_strdup(""), *name = dot_id(pad);
    char *id = gm_strdup_printf("%s_%s", element, name);
    gm_free(element);
    gm_free(name);
    if (parent)
        gm_object_unref(parent);
    return id;
}

// Text inside "…": quotes escaped, at most `max` bytes (0: all).
static void dot_append_escaped(GmString *out, const char *text, size_t max)
{
    size_t n = 0;
    for (; text[n] && (max == 0 || n < max); n++) {
        if (strchr("\"\\<>{}|", text[n]))
            gm_string_append_c(out, '\\');
        gm_string_append_c(out, text[n] == '\n' ? ' ' : text[n]);
    }
    gm_string_append(out, text[n] ? "…" : "");
}

// Whether a value, as text, is what the row says an object starts with.
static bool dot_is_default(const GmProperty *prop, const char *text)
{
    const char *def = prop->def ? prop->def : prop->type == GM_TYPE_BOOLEAN ? "false" : "0";
    char *text_end, *def_end;
    if (!prop->def && prop->enums)
        for (const GmEnumValue *v = prop->enums->values; v->value_nick; v++)
            def = v->value == 0 ? v->value_nick : def;
    bool same = strtod(text, &text_end) == strtod(def, &def_end);
    return strcmp(text, def) == 0 || (same && !*text_end && !*def_end);
}

static void dot_append_properties(Dot *dot, GmObject *object)
{
    size_t max = dot->details & GM_DEBUG_GRAPH_SHOW_FULL_PARAMS ? 0 : 80;
    if (!(dot->details & GM_DEBUG_GRAPH_SHOW_NON_DEFAULT_PARAMS))
        return;
    for (const GmObjectClass *k = object->klass; k; k = k->parent) {
        for (const GmProperty *p = k->props; p && p->name; p++) {
            if (strcmp(p->name, "name") == 0 || strcmp(p->name, "parent") == 0 ||
                strcmp(p->name, "stats") == 0)
                continue;
            char *text = gm_object_property_to_string(object, p->name);
            if (text && !dot_is_default(p, text)) {
                gm_string_append_printf(dot->out, "\\n%s=", p->name);
                dot_append_escaped(dot->out, text, max);
            }
            gm_free(text);
        }
    }
}

static void dot_append_state(Dot *dot, GmElement *element)
{
    static const char icons[] = "~-0=>"; // void NULL READY PAUSED PLAYING
    if (!(dot->details & GM_DEBUG_GRAPH_SHOW_STATES))
        return;
    GmState now = GM_STATE(element), pending = GM_STATE_PENDING(element);
    gm_string_append_printf(dot->out, "\\n%s[%c]", gm_element_is_locked_state(element)
                            ? "(locked)" : "", icons[now]);
    if (pending != GM_STATE_VOID_PENDING)
        gm_string_append_printf(dot->out, " -> [%c]", icons[pending]);
}

static bool dot_field(GmQuark field, const GmValue *value, void *data)
{
    char *text = gm_value_serialize(value);
    gm_string_append_printf(data, "  %s: ", gm_quark_to_string(field));
    dot_append_escaped(data, text ? text : "?", 80);
    gm_string_append(data, "\\l");
    gm_free(text);
    return true;
}

static void dot_append_caps(Dot *dot, GmCaps *caps)
{
    bool all = dot->details & GM_DEBUG_GRAPH_SHOW_CAPS_DETAILS;
    if (gm_caps_is_any(caps) || gm_caps_is_empty(caps))
        gm_string_append(dot->out, gm_caps_is_any(caps) ? "ANY" : "EMPTY");
    else if (!all && gm_caps_get_size(caps) > 1)
        gm_string_append(dot->out, "*");
    else for (unsigned i = 0; i < gm_caps_get_size(caps); i++) {
        GmStructure *s = gm_caps_get_structure(caps, i);
        char *features = gm_caps_features_to_string(gm_caps_get_features(caps, i));
        bool plain = !features || strcmp(features, "memory:SystemMemory") == 0;
        gm_string_append_printf(dot->out, "%s%s%s%s%s", gm_structure_get_name(s), plain ? "" : "(",
                                plain ? "" : features, plain ? "" : ")", all ? "\\l" : "");
        if (all)
            gm_structure_foreach(s, dot_field, dot->out);
        gm_free(features);
    }
}

static void dot_link(Dot *dot, GmPad *src, GmPad *sink)
{
    char *from = dot_pad_id(src), *to = dot_pad_id(sink);
    dot_line(dot, "%s -> %s [label=\"", from, to);
    gm_string_truncate(dot->out, dot->out->len - 1);
    GmCaps *caps = gm_pad_get_current_caps(src);
    if (!caps)
        caps = gm_pad_get_pad_template_caps(src);
    if (dot->details & (GM_DEBUG_GRAPH_SHOW_MEDIA_TYPE | GM_DEBUG_GRAPH_SHOW_CAPS_DETAILS))
        dot_append_caps(dot, caps);
    gm_caps_unref(caps);
    gm_string_append(dot->out, "\"];\n");
    gm_free(from);
    gm_free(to);
}

// A pad, and the link that leaves it; of a ghost pad also the one to or from its inside.
static bool dot_pad(GM_UNUSED GmElement *element, GmPad *pad, void *data)
{
    Dot *dot = data;
    bool source = gm_pad_get_direction(pad) == GM_PAD_SRC, ghost = GM_IS_GHOST_PAD(pad);
    char *id = dot_pad_id(pad), *name = gm_object_get_name(GM_OBJECT(pad));
    GmPad *peer = source ? gm_pad_get_peer(pad) : NULL;
    GmPad *target = ghost ? gm_ghost_pad_get_target(GM_GHOST_PAD(pad)) : NULL;
    dot_line(dot, "%s [label=\"%s\", shape=box, style=\"filled,%s\", fillcolor=\"%s\"];", id, name,
             gm_pad_is_linked(pad) ? "solid" : "dashed", ghost ? "#ddddff" : source ? "#ffaaaa"
             : "#aaaaff");
    if (peer) { // between bins: the ghost pad, not the proxy inside it
        dot_link(dot, pad, peer);
        gm_object_unref(peer);
    }
    if (target) {
        dot_link(dot, source ? target : pad, source ? pad : target);
        gm_object_unref(target);
    }
    gm_free(id);
    gm_free(name);
    return true;
}

static void dot_element(Dot *dot, GmElement *element);

static void dot_children(Dot *dot, GmBin *bin)
{
    GM_OBJECT_LOCK(bin);
    GmList *children = gm_list_copy(bin->children);
    for (GmList *l = children; l; l = l->next)
        gm_object_ref(l->data);
    GM_OBJECT_UNLOCK(bin);
    for (GmList *l = children; l; l = l->next)
        dot_element(dot, l->data);
    gm_list_free_full(children, gm_object_unref);
}

// What an element shows of itself, as the label of its cluster or of the graph.
static void dot_label(Dot *dot, GmElement *element)
{
    char *name = gm_object_get_name(GM_OBJECT(element));
    gm_string_append_printf(dot->out, "%*slabel=\"%s\\n", (int)(2 * dot->indent), "",
                            GM_OBJECT_TYPE_NAME(element));
    dot_append_escaped(dot->out, name, 0);
    dot_append_state(dot, element);
    dot_append_properties(dot, GM_OBJECT(element));
    gm_string_append(dot->out, "\";\n");
    gm_free(name);
}

static void dot_element(Dot *dot, GmElement *element)
{
    char *id = dot_id(element);
    dot_line(dot, "subgraph cluster_%s {", id);
    dot->indent++;
    dot_label(dot, element);
    dot_line(dot, "style=\"filled,rounded\"; fillcolor=\"%s\";",
             GM_IS_BIN(element) ? "#ffffff" : "#eeffee");
    gm_element_foreach_pad(element, dot_pad, dot);
    if (GM_IS_BIN(element))
        dot_children(dot, GM_BIN(element));
    dot->indent--;
    dot_line(dot, "}");
    gm_free(id);
}

char *gm_debug_bin_to_dot_data(GmBin *bin, GmDebugGraphDetails details)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return NULL;
    Dot dot = { gm_string_new("digraph pipeline {\n"), (unsigned)details, 1 };
    dot_line(&dot, "rankdir=LR; fontname=\"sans\"; fontsize=10; labelloc=t; nodesep=.1; ranksep=.2;");
    dot_line(&dot, "node [fontsize=9, margin=\"0.1,0.02\", height=0.2]; edge [fontsize=8];");
    dot_label(&dot, GM_ELEMENT(bin));
    gm_element_foreach_pad(GM_ELEMENT(bin), dot_pad, &dot);
    dot_children(&dot, bin);
    gm_string_append(dot.out, "}\n");
    return gm_string_free(dot.out, false);
}

static void dot_write(GmBin *bin, GmDebugGraphDetails details, const char *prefix, const char *name)
{
    const char *dir = getenv("GM_DEBUG_DUMP_DOT_DIR");
    if (!dir)
        return;
    char *path = gm_strdup_printf("%s/%s%s.dot", dir, prefix, name ? name
                                  : program_invocation_short_name);
    char *text = gm_debug_bin_to_dot_data(bin, details);
    FILE *file = fopen(path, "w");
    bool ok = file && fputs(text, file) >= 0;
    if (file && fclose(file) != 0)
        ok = false;
    if (!ok)
        GM_WARNING_OBJECT(bin, "could not write %s: %s", path, strerror(errno));
    gm_free(path);
    gm_free(text);
}

void gm_debug_bin_to_dot_file(GmBin *bin, GmDebugGraphDetails details, const char *file_name)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return;
    dot_write(bin, details, "", file_name);
}

void gm_debug_bin_to_dot_file_with_ts(GmBin *bin, GmDebugGraphDetails details,
                                      const char *file_name)
{
    static _Atomic GmClockTime start;
    GmClockTime now = gm_sync_now(), unset = 0;
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return;
    atomic_compare_exchange_strong(&start, &unset, now);
    now -= start;
    char *prefix = gm_strdup_printf("%u.%02u.%02u.%09u-", GM_TIME_ARGS(now));
    dot_write(bin, details, prefix, file_name);
    gm_free(prefix);
}
