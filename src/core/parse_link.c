// SPDX-License-Identifier: MIT
//
// parse_link: what a launch line does to elements that exist: sets properties and makes links,
// now or when the child or the pad that is meant appears.
//
//     demux.video_0 ! queue      the demuxer has no pad video_0 yet: a callback on "pad-added"
//                                 makes the link, and goes away once it has
//
// What waits is held by its callback and freed with it, so nothing outlives the element.
#include <string.h>

#include "core/bin.h"
#include "core/caps.h"
#include "core/error.h"
#include "core/message.h"
#include "core/parse_priv.h"
#include "core/util.h"

// ---- properties -------------------------------------------------------------------------

typedef struct {
    char *path, *text;
    unsigned long handler;
} ParseDelayedSet;

static void parse_delayed_set_free(void *data)
{
    ParseDelayedSet *set = data;
    gm_free(set->path);
    gm_free(set->text);
    gm_free(set);
}

// Children are a bin's elements and any element's pads. Gives a reference.
static GmObject *parse_child(GmObject *parent, const char *name, size_t n)
{
    char *child_name = gm_strndup(name, n);
    GmObject *child = NULL;
    if (GM_IS_BIN(parent))
        child = (GmObject *)gm_bin_get_by_name(GM_BIN(parent), child_name);
    if (!child && GM_IS_ELEMENT(parent))
        child = (GmObject *)gm_element_get_static_pad(GM_ELEMENT(parent), child_name);
    gm_free(child_name);
    return child;
}

static bool parse_set_path(GmObject *object, const char *path, const char *text, GmError **error);

static void parse_child_added(GmObject *parent, GmObject *child, void *data)
{
    ParseDelayedSet *set = data;
    size_t n = strlen(GM_OBJECT_NAME(child));
    GmError *error = NULL;
    if (strncmp(set->path, GM_OBJECT_NAME(child), n) != 0 || strncmp(set->path + n, "::", 2) != 0)
        return;
    if (!parse_set_path(child, set->path + n + 2, set->text, &error)) {
        GM_ELEMENT_WARNING(parent, PARSE, NO_SUCH_PROPERTY, ("%s", error->message),
                           ("setting %s=%s", set->path, set->text));
        gm_error_free(error);
    }
    gm_signal_handler_disconnect(parent, set->handler); // frees set
}

static bool parse_set_path(GmObject *object, const char *path, const char *text, GmError **error)
{
    const char *colons = strstr(path, "::");
    if (!colons || !GM_IS_ELEMENT(object))
        return gm_object_set_from_string(object, path, text, error);
    GmObject *child = parse_child(object, path, (size_t)(colons - path));
    if (child) {
        bool ok = parse_set_path(child, colons + 2, text, error);
        gm_object_unref(child);
        return ok;
    }
    ParseDelayedSet *set = gm_new0(ParseDelayedSet, 1);
    set->path = gm_strdup(path);
    set->text = gm_strdup(text);
    set->handler = gm_signal_connect_data(object, GM_IS_BIN(object) ? "element-added" : "pad-added",
                                          GM_CALLBACK(parse_child_added), set,
                                          parse_delayed_set_free, 0);
    return true;
}

bool gm_parse_property(ParseGraph *graph, GmElement *element)
{
    const ParseToken *t = &graph->token;
    GmError *error = NULL;
    bool child = t->name && strstr(t->name, "::");
    bool unknown = t->name && !child && !gm_object_find_property(element, t->name);
    if (t->name && parse_set_path(GM_OBJECT(element), t->name, t->value, &error))
        return true;
    gm_parse_set_error(graph, unknown ? GM_PARSE_ERROR_NO_SUCH_PROPERTY
                                      : GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY, t->start, "%s",
                       error ? error->message
                             : "there are no presets here; set the properties themselves");
    gm_error_free(error);
    return child; // the element itself is right
}

// ---- links that wait for a pad ----------------------------------------------------------

typedef struct {
    char     *src_pad, *sink_pad; // either may be NULL
    GmWeakRef sink;
    GmCaps   *caps; // or NULL
    bool      all;
    unsigned long pad_added, no_more_pads;
} ParseDelayedLink;

static void parse_delayed_link_free(void *data)
{
    ParseDelayedLink *link = data;
    gm_weak_ref_clear(&link->sink);
    if (link->caps)
        gm_caps_unref(link->caps);
    gm_free(link->src_pad);
    gm_free(link->sink_pad);
    gm_free(link);
}

static void parse_pad_added(GmElement *src, GM_UNUSED GmPad *pad, void *data)
{
    ParseDelayedLink *link = data;
    GmElement *sink = gm_weak_ref_get(&link->sink);
    bool made = sink && gm_element_link_pads_filtered(src, link->src_pad, sink, link->sink_pad,
                                                      link->caps);
    if (sink)
        gm_object_unref(sink);
    if (made && !link->all) {
        gm_signal_handler_disconnect(src, link->no_more_pads);
        gm_signal_handler_disconnect(src, link->pad_added); // frees link
    }
}

static void parse_no_more_pads(GmElement *src, void *data)
{
    const ParseDelayedLink *link = data;
    char *why = gm_strdup_printf("failed delayed linking pad %s of %s named %s",
                                 link->src_pad ? link->src_pad : "(any)",
                                 GM_OBJECT_TYPE_NAME(src), GM_OBJECT_NAME(src));
    if (!link->all)
        GM_ELEMENT_WARNING(src, PARSE, DELAYED_LINK, ("Delayed linking failed."), ("%s", why));
    gm_free(why);
}

// False: src has no pads that come later.
static bool parse_link_delay(const ParseLink *link, const char *src_pad, const char *sink_pad,
                             GmCaps *caps)
{
    GmElement *src = link->src.element;
    bool sometimes = false;
    const GmStaticPadTemplate *row = gm_element_class_get_static_pads(GM_ELEMENT_GET_CLASS(src));
    for (; row && row->name_template; row++)
        sometimes |= row->direction == GM_PAD_SRC && row->presence == GM_PAD_SOMETIMES;
    if (!sometimes)
        return false;
    ParseDelayedLink *late = gm_new0(ParseDelayedLink, 1);
    late->src_pad = gm_strdup(src_pad);
    late->sink_pad = gm_strdup(sink_pad);
    late->caps = caps ? gm_caps_ref(caps) : NULL;
    late->all = link->all;
    gm_weak_ref_init(&late->sink, link->sink.element);
    late->no_more_pads = gm_signal_connect(src, "no-more-pads", parse_no_more_pads, late);
    late->pad_added = gm_signal_connect_data(src, "pad-added", GM_CALLBACK(parse_pad_added), late,
                                             parse_delayed_link_free, 0);
    return true;
}

// ---- links ------------------------------------------------------------------------------

static bool parse_link_pads(const ParseLink *link, const char *src_pad, const char *sink_pad,
                            GmCaps *caps)
{
    bool found = gm_element_link_pads_filtered(link->src.element, src_pad, link->sink.element,
                                               sink_pad, caps);
    if (found && !link->all)
        return true;
    while (found)
        found = gm_element_link_pads_filtered(link->src.element, src_pad, link->sink.element,
                                              sink_pad, caps);
    return parse_link_delay(link, src_pad, sink_pad, caps) || link->all;
}

typedef struct {
    GmCaps *caps; // of the first pad that is free
    bool    any;  // there are pads
} ParsePads;

static bool parse_link_look(GM_UNUSED GmElement *element, GmPad *pad, void *data)
{
    ParsePads *pads = data;
    pads->any = true;
    if (!gm_pad_is_linked(pad))
        pads->caps = gm_pad_query_caps(pad, NULL);
    return pads->caps == NULL;
}

// Adds why: "; fakesrc0 can give audio/x-raw", "; fakesink0 has no free sink pad".
static void parse_link_explain(GmString *out, GmElement *element, bool source)
{
    ParsePads pads = { NULL, false };
    if (source)
        gm_element_foreach_src_pad(element, parse_link_look, &pads);
    else
        gm_element_foreach_sink_pad(element, parse_link_look, &pads);
    if (pads.caps) {
        char *text = gm_caps_to_string(pads.caps);
        gm_string_append_printf(out, "; %s can %s %.200s%s", GM_OBJECT_NAME(element),
                                source ? "give" : "take", text, strlen(text) > 200 ? "…" : "");
        gm_free(text);
        gm_caps_unref(pads.caps);
    } else {
        gm_string_append_printf(out, "; %s has no %s%s pad", GM_OBJECT_NAME(element),
                                pads.any ? "free " : "", source ? "source" : "sink");
    }
}

static void parse_link_failed(ParseGraph *graph, const ParseLink *link)
{
    GmString *why = gm_string_new(link->caps ? " with caps " : NULL);
    gm_string_append(why, link->caps ? link->caps : "");
    parse_link_explain(why, link->src.element, true);
    parse_link_explain(why, link->sink.element, false);
    gm_parse_set_error(graph, GM_PARSE_ERROR_LINK, link->start, "could not link %s to %s%s",
                       GM_OBJECT_NAME(link->src.element), GM_OBJECT_NAME(link->sink.element),
                       why->str);
    gm_string_free(why, true);
}

void gm_parse_link(ParseGraph *graph, const ParseLink *link)
{
    GmCaps *caps = link->caps ? gm_caps_from_string(link->caps) : NULL;
    char **srcs = gm_strsplit(link->src.pads ? link->src.pads : "", ",", 0);
    char **sinks = gm_strsplit(link->sink.pads ? link->sink.pads : "", ",", 0);
    size_t n = 0;
    if (link->caps && !caps)
        gm_parse_set_error(graph, GM_PARSE_ERROR_LINK, link->start, "could not parse caps \"%s\"",
                           link->caps);
    if (!srcs[0] || !sinks[0]) { // of several pads the first counts, as in GStreamer
        if (!parse_link_pads(link, srcs[0], sinks[0], caps))
            parse_link_failed(graph, link);
    } else {
        bool ok = true;
        for (; ok && srcs[n] && sinks[n]; n++)
            ok = parse_link_pads(link, srcs[n], sinks[n], caps);
        if (ok && (srcs[n] || sinks[n]))
            gm_parse_set_error(graph, GM_PARSE_ERROR_LINK, link->start,
                               "could not link %s to %s: \"%s\" and \"%s\" are not as many pads",
                               GM_OBJECT_NAME(link->src.element),
                               GM_OBJECT_NAME(link->sink.element), link->src.pads,
                               link->sink.pads);
        else if (!ok)
            parse_link_failed(graph, link);
    }
    gm_strfreev(srcs);
    gm_strfreev(sinks);
    if (caps)
        gm_caps_unref(caps);
}
