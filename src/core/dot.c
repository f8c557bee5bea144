// SPDX-License-Identifier: MIT
//
// dot: draws a bin as Graphviz text.
//
//     subgraph cluster_0x55d0 { label="GmQueue\nqueue0\n[>]"; pad_0x55e0 [label="sink"] … }
//     pad_0x55c0 -> pad_0x55e0 [label="video/x-raw\lwidth=(int)320"]
//
// Nodes are called by address, so equal names in different bins stay apart. Everything is
// written as it is met; Graphviz does not care for order. Read next: core/bin.h.
#include <stdlib.h>
#include <string.h>

#include "core/bin.h"
#include "core/caps.h"
#include "core/dot.h"
#include "core/ghost_pad.h"
#include "core/log.h"
#include "core/structure.h"
#include "core/util.h"

typedef struct {
    GmString *out;
    unsigned  details;
} Dot;

// Text inside "…": at most `max` bytes (0: all), each ", " a new line if `fields`.
static void dot_append(Dot *dot, const char *text, size_t max, bool fields)
{
    size_t n = 0;
    for (; text[n] && (max == 0 || n < max); n++) {
        if (strchr("\"\\<>{}|", text[n]))
            gm_string_append_c(dot->out, '\\');
        if (fields && text[n] == ',' && text[n + 1] == ' ')
            gm_string_append(dot->out, "\\l ");
        else
            gm_string_append_c(dot->out, text[n] == '\n' ? ' ' : text[n]);
        n += fields && text[n] == ',' && text[n + 1] == ' ';
    }
    gm_string_append(dot->out, text[n] ? "…" : "");
}

// Whether a value, as text, is what the row says an object starts with.
static bool dot_is_default(const GmProperty *prop, const char *text)
{
    const char *def = prop->def ? prop->def : prop->type == GM_TYPE_BOOLEAN ? "false" : "0";
    char *text_end, *def_end;
    for (const GmEnumValue *v = prop->enums ? prop->enums->values : NULL; v && v->value_nick; v++)
        def = !prop->def && v->value == 0 ? v->value_nick : def;
    bool same = strtod(text, &text_end) == strtod(def, &def_end);
    return strcmp(text, def) == 0 || (same && !*text_end && !*def_end);
}

static void dot_append_properties(Dot *dot, GmElement *element)
{
    size_t max = dot->details & GM_DEBUG_GRAPH_SHOW_FULL_PARAMS ? 0 : 80;
    for (const GmObjectClass *k = element->object.klass; k != &gm_object_class; k = k->parent) {
        for (const GmProperty *p = k->props; p && p->name; p++) {
            char *text = gm_object_property_to_string(element, p->name);
            if (text && strcmp(p->name, "stats") != 0 && !dot_is_default(p, text)) {
                gm_string_append_printf(dot->out, "\\n%s=", p->name);
                dot_append(dot, text, max, false);
            }
            gm_free(text);
        }
    }
}

// What an element shows of itself, as the label of its cluster or of the graph.
static void dot_label(Dot *dot, GmElement *element)
{
    static const char icons[] = "~-0=>"; // void NULL READY PAUSED PLAYING
    GmState pending = GM_STATE_PENDING(element);
    char *name = gm_object_get_name(GM_OBJECT(element));
    gm_string_append_printf(dot->out, "label=\"%s\\n", GM_OBJECT_TYPE_NAME(element));
    dot_append(dot, name, 0, false);
    if (dot->details & GM_DEBUG_GRAPH_SHOW_STATES)
        gm_string_append_printf(dot->out, pending ? "\\n%s[%c] -> [%c]" : "\\n%s[%c]",
                                gm_element_is_locked_state(element) ? "(locked)" : "",
                                icons[GM_STATE(element)], icons[pending]);
    if (dot->details & GM_DEBUG_GRAPH_SHOW_NON_DEFAULT_PARAMS)
        dot_append_properties(dot, element);
    gm_string_append(dot->out, "\";\n");
    gm_free(name);
}

// `to` may be NULL: nothing to draw.
static void dot_link(Dot *dot, GmPad *from, GmPad *to)
{
    if (!to)
        return;
    GmCaps *caps = gm_pad_get_current_caps(from);
    if (!caps)
        caps = gm_pad_get_pad_template_caps(from);
    gm_string_append_printf(dot->out, "pad_%p -> pad_%p [label=\"", (void *)from, (void *)to);
    if (dot->details & GM_DEBUG_GRAPH_SHOW_CAPS_DETAILS) {
        char *text = gm_caps_to_string(caps);
        dot_append(dot, text, 500, true);
        gm_string_append(dot->out, "\\l");
        gm_free(text);
    } else if (dot->details & GM_DEBUG_GRAPH_SHOW_MEDIA_TYPE) {
        bool one = !gm_caps_is_any(caps) && gm_caps_get_size(caps) == 1;
        gm_string_append(dot->out,
                         one ? gm_structure_get_name(gm_caps_get_structure(caps, 0)) : "*");
    }
    gm_string_append(dot->out, "\"];\n");
    gm_caps_unref(caps);
}

// A pad and the link that leaves it; of a ghost pad also the one to or from its inside.
static bool dot_pad(GM_UNUSED GmElement *element, GmPad *pad, void *data)
{
    Dot *dot = data;
    bool source = gm_pad_get_direction(pad) == GM_PAD_SRC, ghost = GM_IS_GHOST_PAD(pad);
    GmPad *peer = source ? gm_pad_get_peer(pad) : NULL;
    GmPad *target = ghost ? gm_ghost_pad_get_target(GM_GHOST_PAD(pad)) : NULL;
    gm_string_append_printf(dot->out, "pad_%p [label=\"%s\", style=\"filled,%s\", "
                            "fillcolor=\"#%s\"];\n", (void *)pad, GM_OBJECT_NAME(pad),
                            gm_pad_is_linked(pad) ? "solid" : "dashed",
                            ghost ? "ddddff" : source ? "ffaaaa" : "aaaaff");
    dot_link(dot, pad, peer);
    dot_link(dot, source && target ? target : pad, source && target ? pad : target);
    gm_clear_object((GmObject **)&peer);
    gm_clear_object((GmObject **)&target);
    return true;
}

static void dot_inside(Dot *dot, GmElement *element)
{
    dot_label(dot, element);
    gm_element_foreach_pad(element, dot_pad, dot);
    if (!GM_IS_BIN(element))
        return;
    GM_OBJECT_LOCK(element);
    GmList *children = gm_list_copy(GM_BIN(element)->children);
    for (GmList *l = children; l; l = l->next)
        gm_object_ref(l->data);
    GM_OBJECT_UNLOCK(element);
    for (GmList *l = children; l; l = l->next) {
        gm_string_append_printf(dot->out, "subgraph cluster_%p {\nstyle=\"filled,rounded\"; "
                                "fillcolor=\"%s\";\n", l->data,
                                GM_IS_BIN(l->data) ? "white" : "#eeffee");
        dot_inside(dot, l->data);
        gm_string_append(dot->out, "}\n");
    }
    gm_list_free_full(children, gm_object_unref);
}

char *gm_debug_bin_to_dot_data(GmBin *bin, GmDebugGraphDetails details)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return NULL;
    Dot dot = { gm_string_new("digraph pipeline {\nrankdir=LR; fontname=sans; fontsize=10; "
                              "nodesep=.1; ranksep=.2; edge [fontsize=8];\n"
                              "node [shape=box, fontsize=9, margin=\"0.1,0.02\", height=0.2];\n"),
                (unsigned)details };
    dot_inside(&dot, GM_ELEMENT(bin));
    gm_string_append(dot.out, "}\n");
    return gm_string_free(dot.out, false);
}

static void dot_write(GmBin *bin, GmDebugGraphDetails details, const char *prefix, const char *name)
{
    const char *dir = getenv("GM_DEBUG_DUMP_DOT_DIR");
    if (!GM_REQUIRE(GM_IS_BIN(bin)) || !dir) return;
    char *path = gm_strdup_printf("%s/%s%s.dot", dir, prefix,
                                  name ? name : program_invocation_short_name);
    char *text = gm_debug_bin_to_dot_data(bin, details);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fflush(file) != 0)
        GM_WARNING_OBJECT(bin, "could not write %s: %s", path, strerror(errno));
    if (file)
        fclose(file);
    gm_free(path);
    gm_free(text);
}

void gm_debug_bin_to_dot_file(GmBin *bin, GmDebugGraphDetails details, const char *file_name)
{
    dot_write(bin, details, "", file_name);
}

void gm_debug_bin_to_dot_file_with_ts(GmBin *bin, GmDebugGraphDetails details,
                                      const char *file_name)
{
    static _Atomic GmClockTime start;
    GmClockTime now = gm_sync_now(), unset = 0;
    char prefix[40];
    atomic_compare_exchange_strong(&start, &unset, now);
    now -= start;
    snprintf(prefix, sizeof prefix, "%u.%02u.%02u.%09u-", GM_TIME_ARGS(now));
    dot_write(bin, details, prefix, file_name);
}
