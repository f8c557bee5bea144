// SPDX-License-Identifier: MIT
//
// parse: the grammar of launch lines, by recursive descent over the tokens of parse_lex.c.
//
//     chains := chain*            chain := end (link end)*        end := element | bin | t.pad
//     bin    := "(" assignment* chains ")"
//
// Elements are made as they are read; links are noted and made at the end, when all names are
// known. After a syntax error the chain in progress is dropped and reading goes on behind it, so
// that what was complete stays.
// Read next: parse_link.c.
#include <stdlib.h>
#include <string.h>

#include "core/bin.h"
#include "core/caps.h"
#include "core/element_factory.h"
#include "core/error.h"
#include "core/ghost_pad.h"
#include "core/parse_priv.h"
#include "core/pipeline.h"
#include "core/util.h"

#define PARSE_MAX_DEPTH 64u // of bins: the recursion must end before the stack does
#define PARSE_WIDTH 72      // columns of the line an error shows

struct GmParseContext { GmList *missing; }; // of char *

GmParseContext *gm_parse_context_new(void)
{
    return gm_new0(GmParseContext, 1);
}

GmParseContext *gm_parse_context_copy(const GmParseContext *context)
{
    GmParseContext *copy = gm_parse_context_new();
    for (const GmList *l = context ? context->missing : NULL; l; l = l->next)
        copy->missing = gm_list_append(copy->missing, gm_strdup(l->data));
    return copy;
}

void gm_parse_context_free(GmParseContext *context)
{
    if (context)
        gm_list_free_full(context->missing, gm_free);
    gm_free(context);
}

char **gm_parse_context_get_missing_elements(GmParseContext *context)
{
    if (!GM_REQUIRE(context != NULL)) return NULL;
    size_t n = 0;
    char **names = context->missing ? gm_new0(char *, gm_list_length(context->missing) + 1) : NULL;
    for (const GmList *l = context->missing; l; l = l->next)
        names[n++] = gm_strdup(l->data);
    return names;
}

// ---- errors -----------------------------------------------------------------------------

// The line around byte `at`, and a caret under it. Bytes that move the cursor become '?'.
static void parse_append_caret(GmString *out, const char *text, size_t at)
{
    size_t start = at, end = at, column = 0;
    while (start > 0 && text[start - 1] != '\n' && at - start < PARSE_WIDTH / 2)
        start--;
    while (start > 0 && start < at && ((unsigned char)text[start] & 0xC0) == 0x80)
        start++;
    while (text[end] && text[end] != '\n' && end - start < PARSE_WIDTH)
        end++;
    while (text[end] && end > at && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    bool cut = start > 0 && text[start - 1] != '\n';
    gm_string_append(out, cut ? "\n  …" : "\n  ");
    for (size_t i = start; i < end; i++) {
        unsigned char c = (unsigned char)text[i];
        gm_string_append_c(out, c == '\t' ? ' ' : c < ' ' || c == 127 ? '?' : (char)c);
        column += i < at && (c & 0xC0) != 0x80;
    }
    gm_string_append(out, text[end] && text[end] != '\n' ? "…" : "");
    gm_string_append_printf(out, "\n%*s^", (int)(column + (cut ? 3 : 2)), "");
}

void gm_parse_set_error(ParseGraph *graph, GmParseError code, size_t at, const char *format, ...)
{
    if (graph->error)
        return;
    GmString *message = gm_string_new(NULL);
    va_list args;
    va_start(args, format);
    gm_string_append_vprintf(message, format, args);
    va_end(args);
    if (*graph->text)
        parse_append_caret(message, graph->text, at);
    graph->error = gm_error_new_literal(GM_PARSE_ERROR, (int)code, message->str);
    gm_string_free(message, true);
}

static void parse_syntax_error(ParseGraph *graph, const char *expected)
{
    const ParseToken *t = &graph->token;
    if (t->type == PARSE_END)
        gm_parse_set_error(graph, GM_PARSE_ERROR_SYNTAX, t->start,
                           "syntax error: the line ends where %s should follow", expected);
    else
        gm_parse_set_error(graph, GM_PARSE_ERROR_SYNTAX, t->start,
                           "syntax error: \"%.*s\" stands where %s should",
                           (int)(t->end - t->start > 40 ? 40 : t->end - t->start),
                           graph->text + t->start, expected);
}

// A factory that is not there: what was meant, perhaps.
static void parse_no_element(ParseGraph *graph, const ParseToken *t, const char *what)
{
    if (graph->context)
        graph->context->missing = gm_list_append(graph->context->missing, gm_strdup(t->name));
    if (graph->error)
        return;
    GmList *all = gm_element_factory_list_get_elements(GM_ELEMENT_FACTORY_TYPE_ANY, GM_RANK_NONE);
    size_t n = 0;
    const char **names = gm_new0(const char *, gm_list_length(all) + 1);
    for (GmList *l = all; l; l = l->next)
        names[n++] = GM_OBJECT_NAME(l->data);
    const char *near = gm_util_did_you_mean(t->name, names, n, sizeof *names);
    if (graph->text[t->end] == '/')
        gm_parse_set_error(graph, GM_PARSE_ERROR_NO_SUCH_ELEMENT, t->start,
                           "no %s\"%s\"; caps stand between two links: a ! %s/… ! b", what, t->name,
                           t->name);
    else
        gm_parse_set_error(graph, GM_PARSE_ERROR_NO_SUCH_ELEMENT, t->start, "no %s\"%s\"%s%s%s",
                           what, t->name, near ? "; did you mean \"" : "", near ? near : "",
                           near ? "\"?" : "; gstmini-inspect lists what there is");
    gm_free(names);
    gm_list_free_full(all, gm_object_unref);
}

// ---- tokens, ends, links ----------------------------------------------------------------

static void parse_next(ParseGraph *graph)
{
    size_t end = graph->token.end;
    gm_parse_token_clear(&graph->token);
    gm_parse_token_read(graph->text, end, &graph->token);
}

static bool parse_is_char(const ParseGraph *graph, char c)
{
    return graph->token.type == PARSE_CHAR && graph->token.c == c;
}

static void parse_ref_clear(ParseRef *ref)
{
    gm_free(ref->name);
    gm_free(ref->pads);
    *ref = (ParseRef){ 0 };
}

static void parse_links_truncate(ParseGraph *graph, size_t n)
{
    while (graph->n_links > n) {
        ParseLink *link = &graph->links[--graph->n_links];
        parse_ref_clear(&link->src);
        parse_ref_clear(&link->sink);
        if (link->caps)
            gm_caps_unref(link->caps);
    }
}

// Adds ",pad" to a list of pads that may be NULL; takes pad.
static void parse_add_pad(char **pads, char *pad)
{
    char *joined = *pads ? gm_strdup_printf("%s,%s", *pads, pad) : gm_strdup(pad);
    gm_free(*pads);
    gm_free(pad);
    *pads = joined;
}

static char *parse_take(char **string)
{
    char *taken = *string;
    *string = NULL;
    return taken;
}

// The rest of a list of pads: (',' identifier)*. False: a comma without a pad.
static bool parse_more_pads(ParseGraph *graph, char **pads)
{
    while (parse_is_char(graph, ',')) {
        parse_next(graph);
        if (graph->token.type != PARSE_IDENTIFIER) {
            parse_syntax_error(graph, "the name of a pad");
            return false;
        }
        parse_add_pad(pads, parse_take(&graph->token.name));
        parse_next(graph);
    }
    return true;
}

static bool parse_pads(ParseGraph *graph, char **pads)
{
    if (graph->token.type != PARSE_PADREF)
        return true;
    parse_add_pad(pads, parse_take(&graph->token.name));
    parse_next(graph);
    return parse_more_pads(graph, pads);
}

static bool parse_reference(ParseGraph *graph, ParseRef *ref)
{
    ref->name = parse_take(&graph->token.name);
    if (graph->token.value)
        parse_add_pad(&ref->pads, parse_take(&graph->token.value));
    parse_next(graph);
    return parse_more_pads(graph, &ref->pads);
}

// Takes what is in the link. An end that could not be made has been
// reported already: the link is dropped.
static void parse_add_link(ParseGraph *graph, ParseLink *link)
{
    bool source = link->src.element || link->src.name;
    bool complete = source && (link->sink.element || link->sink.name);
    if (!complete)
        gm_parse_set_error(graph, GM_PARSE_ERROR_LINK, link->column, "link has no %s",
                           source ? "sink" : "source");
    graph->links = gm_renew(ParseLink, graph->links, graph->n_links + 1);
    graph->links[graph->n_links++] = *link;
    if (!complete)
        parse_links_truncate(graph, graph->n_links - 1);
}

// ---- elements and bins ------------------------------------------------------------------

// Notes `element` (whose reference it takes) as a part of the level. A second one of the same
// name is refused.
static GmElement *parse_add_element(ParseGraph *graph, GmList **level, GmElement *element,
                                    size_t at)
{
    if (!gm_object_check_uniqueness(*level, GM_OBJECT_NAME(element))) {
        gm_parse_set_error(graph, GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY, at,
                           "there are two elements named \"%s\" side by side; names must differ",
                           GM_OBJECT_NAME(element));
        gm_object_unref(element);
        return NULL;
    }
    *level = gm_list_append(*level, element);
    return element;
}

// False: a property of the element itself could not be set.
static bool parse_assignments(ParseGraph *graph, GmElement *element)
{
    bool ok = true;
    for (; graph->token.type == PARSE_ASSIGN || graph->token.type == PARSE_PRESET;
         parse_next(graph)) {
        const ParseToken *t = &graph->token;
        if (t->type == PARSE_PRESET)
            gm_parse_set_error(graph, GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY, t->start,
                               "there are no presets here; set the properties themselves");
        else if (element)
            ok = gm_parse_property_set(graph, element, t) && ok;
    }
    return ok;
}

static GmElement *parse_element(ParseGraph *graph, GmList **level)
{
    size_t at = graph->token.start;
    GmElement *element = gm_element_factory_make(graph->token.name, NULL);
    if (element)
        gm_object_ref_sink(element);
    else
        parse_no_element(graph, &graph->token, "element ");
    parse_next(graph);
    if (!parse_assignments(graph, element))
        gm_clear_object((GmObject **)&element); // as GStreamer: no element rather than a wrong one
    return element ? parse_add_element(graph, level, element, at) : NULL;
}

static bool parse_chains(ParseGraph *graph, GmList **level, GmElement **first,
                         GmElement **last);

// Moves the elements of a level into a bin.
static void parse_fill(GmElement *bin, GmList *level)
{
    for (GmList *l = level; l; l = l->next)
        gm_bin_add(GM_BIN(bin), l->data);
    gm_list_free_full(level, gm_object_unref);
}

static bool parse_bin(ParseGraph *graph, GmList **level, GmElement **first, GmElement **last)
{
    ParseToken open = graph->token;
    graph->token = (ParseToken){ .end = open.end };
    const char *factory = open.type == PARSE_BINREF ? open.name : "bin";
    GmElement *bin = gm_element_factory_make(factory, NULL);
    if (bin)
        gm_object_ref_sink(bin);
    if (!bin || !GM_IS_BIN(bin)) {
        parse_no_element(graph, &open, "bin ");
        gm_clear_object((GmObject **)&bin);
    }
    parse_next(graph);
    parse_assignments(graph, bin);
    GmList *inside = NULL;
    bool ok = ++graph->depth <= PARSE_MAX_DEPTH;
    if (!ok)
        gm_parse_set_error(graph, GM_PARSE_ERROR_SYNTAX, open.start,
                           "syntax error: bins nested more than %u deep", PARSE_MAX_DEPTH);
    else if (!parse_chains(graph, &inside, first, last))
        gm_parse_set_error(graph, GM_PARSE_ERROR_EMPTY_BIN, open.start,
                           "specified empty bin \"%s\", not allowed", factory);
    graph->depth--;
    if (ok && !parse_is_char(graph, ')')) {
        parse_syntax_error(graph, "the \")\" of a bin");
        ok = false;
    }
    if (ok)
        parse_next(graph);
    if (ok && bin) {
        parse_fill(bin, inside);
        parse_add_element(graph, level, bin, open.start);
    } else if (ok) {
        *level = gm_list_concat(*level, inside);
    } else {
        gm_list_free_full(inside, gm_object_unref);
        gm_clear_object((GmObject **)&bin);
    }
    gm_parse_token_clear(&open);
    return ok;
}

// An element or a bin: false after a syntax error. *first and *last, the ends that links on
// either side connect to (borrowed), stay NULL when it could not be made.
static bool parse_elementary(ParseGraph *graph, GmList **level, GmElement **first,
                             GmElement **last)
{
    if (graph->token.type == PARSE_BINREF || parse_is_char(graph, '('))
        return parse_bin(graph, level, first, last);
    if (graph->token.type != PARSE_IDENTIFIER) {
        parse_syntax_error(graph, "an element");
        return false;
    }
    *first = *last = parse_element(graph, level);
    return true;
}

static void parse_url(ParseGraph *graph, bool source)
{
    const char *uri = graph->token.name, *name = source ? "filesrc" : "filesink";
    bool file = strncmp(uri, "file://", 7) == 0 || *uri == '/';
    gm_parse_set_error(graph, GM_PARSE_ERROR_NO_SUCH_ELEMENT, graph->token.start,
                       "no %s element for URI \"%s\"; name the element%s%s%s%s",
                       source ? "source" : "sink", uri, file ? ": " : " that handles it",
                       file ? name : "", file ? " location=" : "",
                       file ? uri + (*uri == '/' ? 0 : 7) : "");
    parse_next(graph);
}

// ---- chains -----------------------------------------------------------------------------

// link end: reads them behind *last, which becomes the new end. *closed: the chain ends with a
// reference or URL. False: syntax error.
static bool parse_linked(ParseGraph *graph, GmList **level, ParseRef *last, bool *closed)
{
    ParseLink link = { .src = *last, .all = graph->token.all, .column = graph->token.start };
    bool ok = true;
    *last = (ParseRef){ 0 };
    if (graph->token.name) {
        link.caps = gm_caps_from_string(graph->token.name);
        if (!link.caps)
            gm_parse_set_error(graph, GM_PARSE_ERROR_LINK, link.column,
                               "could not parse caps \"%s\"", graph->token.name);
    }
    parse_next(graph);
    *closed = graph->token.type == PARSE_REF || graph->token.type == PARSE_URL;
    if (graph->token.type == PARSE_REF)
        ok = parse_reference(graph, &link.sink);
    else if (graph->token.type == PARSE_URL)
        parse_url(graph, false);
    else
        ok = parse_pads(graph, &link.sink.pads) &&
             parse_elementary(graph, level, &link.sink.element, &last->element) &&
             parse_pads(graph, &last->pads);
    parse_add_link(graph, &link);
    return ok;
}

// *first and *last: the outer elements, borrowed. False: syntax error.
static bool parse_chain(ParseGraph *graph, GmList **level, GmElement **first, GmElement **last)
{
    ParseRef end = { 0 };
    bool closed = false, ok = true;
    if (graph->token.type == PARSE_REF)
        ok = parse_reference(graph, &end);
    else if (graph->token.type == PARSE_URL)
        parse_url(graph, true);
    else
        ok = parse_elementary(graph, level, first, &end.element) && parse_pads(graph, &end.pads);
    while (ok && !closed && graph->token.type == PARSE_LINK)
        ok = parse_linked(graph, level, &end, &closed);
    if (ok && (end.name || end.pads))
        gm_parse_set_error(graph, GM_PARSE_ERROR_SYNTAX, graph->token.start,
                           "unexpected %sreference \"%s\" - ignoring; a link (!) should follow it",
                           end.name ? "" : "pad-", end.name ? end.name : end.pads);
    *last = end.element;
    parse_ref_clear(&end);
    return ok;
}

// Drops what a broken chain has left in the level and among the links.
static void parse_drop(ParseGraph *graph, GmList **level, unsigned n_elements, size_t n_links)
{
    parse_links_truncate(graph, n_links);
    for (GmList *l; (l = gm_list_nth(*level, n_elements)) != NULL;) {
        gm_object_unref(l->data);
        *level = gm_list_delete_link(*level, l);
    }
}

// Chains up to the end of the line or the ")" of a bin. False: there was none.
static bool parse_chains(ParseGraph *graph, GmList **level, GmElement **first, GmElement **last)
{
    bool any = false;
    while (graph->token.type != PARSE_END && !(graph->depth > 0 && parse_is_char(graph, ')'))) {
        unsigned n_elements = gm_list_length(*level);
        size_t n_links = graph->n_links;
        GmElement *begin = NULL, *end = NULL;
        if (parse_chain(graph, level, &begin, &end)) {
            *first = any ? *first : begin;
            *last = end;
            any = true;
        } else {
            parse_drop(graph, level, n_elements, n_links);
            if (graph->token.type != PARSE_END && !(graph->depth > 0 && parse_is_char(graph, ')')))
                parse_next(graph); // what could not be read, so that reading goes on
        }
    }
    return any;
}

// ---- the whole line ---------------------------------------------------------------------

static bool parse_resolve(ParseGraph *graph, GmElement *top, ParseRef *ref, const ParseLink *link,
                          const char *what)
{
    if (ref->element)
        gm_object_ref(ref->element);
    else if (GM_IS_BIN(top))
        ref->element = gm_bin_get_by_name(GM_BIN(top), ref->name);
    else if (strcmp(GM_OBJECT_NAME(top), ref->name) == 0)
        ref->element = gm_object_ref(top);
    if (!ref->element)
        gm_parse_set_error(graph, GM_PARSE_ERROR_NO_SUCH_ELEMENT, link->column,
                           "No %s-element named \"%s\" - omitting link; name one with name=%s",
                           what, ref->name, ref->name);
    return ref->element != NULL;
}

static void parse_perform_links(ParseGraph *graph, GmElement *top)
{
    for (size_t i = 0; i < graph->n_links; i++) {
        ParseLink *link = &graph->links[i];
        bool src = parse_resolve(graph, top, &link->src, link, "src");
        bool sink = parse_resolve(graph, top, &link->sink, link, "sink");
        if (src && sink)
            gm_parse_link_perform(graph, link);
        gm_clear_object((GmObject **)&link->src.element);
        gm_clear_object((GmObject **)&link->sink.element);
    }
}

// `wrap`: one element gets a bin around it, too. Gives a floating element or NULL.
static GmElement *parse_build(const char *text, GmParseContext *context, GmParseFlags flags,
                              bool wrap, GmError **error)
{
    ParseGraph graph = { .text = text, .context = context };
    GmList *level = NULL;
    GmElement *first, *last, *top = NULL;
    gm_parse_token_read(text, 0, &graph.token);
    if (!parse_chains(&graph, &level, &first, &last))
        gm_parse_set_error(&graph, GM_PARSE_ERROR_EMPTY, 0, "empty pipeline not allowed");
    gm_parse_token_clear(&graph.token);
    if (level && (level->next || wrap)) {
        bool bin = wrap || (flags & GM_PARSE_FLAG_PLACE_IN_BIN);
        top = bin ? gm_bin_new(NULL) : gm_pipeline_new(NULL);
        gm_object_ref_sink(top);
        parse_fill(top, level);
    } else if (level) {
        top = level->data;
        gm_list_free(level);
    }
    if (top)
        parse_perform_links(&graph, top);
    parse_links_truncate(&graph, 0);
    gm_free(graph.links);
    if (graph.error && (flags & GM_PARSE_FLAG_FATAL_ERRORS))
        gm_clear_object((GmObject **)&top);
    if (graph.error)
        gm_propagate_error(error, graph.error);
    if (top)
        gm_object_force_floating(top);
    return top;
}

GmElement *gm_parse_launch_full(const char *pipeline_description, GmParseContext *context,
                                GmParseFlags flags, GmError **error)
{
    if (!GM_REQUIRE(pipeline_description != NULL)) return NULL;
    if (!GM_REQUIRE(error == NULL || *error == NULL)) return NULL;
    return parse_build(pipeline_description, context, flags, false, error);
}

GmElement *gm_parse_launch(const char *pipeline_description, GmError **error)
{
    return gm_parse_launch_full(pipeline_description, NULL, GM_PARSE_FLAG_NONE, error);
}

GmElement *gm_parse_launchv_full(const char **argv, GmParseContext *context, GmParseFlags flags,
                                 GmError **error)
{
    if (!GM_REQUIRE(argv != NULL)) return NULL;
    GmString *line = gm_string_new(NULL);
    for (; *argv; argv++) {
        bool quoted = false;
        for (const char *c = *argv; *c; c++) {
            if (*c == '"' && !(quoted && c[-1] == '\\'))
                quoted = !quoted;
            gm_string_append(line, *c == ' ' && !quoted ? "\\" : "");
            gm_string_append_c(line, *c);
        }
        gm_string_append(line, argv[1] ? " " : "");
    }
    GmElement *element = gm_parse_launch_full(line->str, context, flags, error);
    gm_string_free(line, true);
    return element;
}

GmElement *gm_parse_launchv(const char **argv, GmError **error)
{
    return gm_parse_launchv_full(argv, NULL, GM_PARSE_FLAG_NONE, error);
}

GmElement *gm_parse_bin_from_description_full(const char *bin_description,
                                              bool ghost_unlinked_pads, GmParseContext *context,
                                              GmParseFlags flags, GmError **error)
{
    static const struct { GmPadDirection direction; const char *name; } ends[] = {
        { GM_PAD_SRC, "src" }, { GM_PAD_SINK, "sink" } };
    if (!GM_REQUIRE(bin_description != NULL)) return NULL;
    if (!GM_REQUIRE(error == NULL || *error == NULL)) return NULL;
    bool wrap = !(flags & GM_PARSE_FLAG_NO_SINGLE_ELEMENT_BINS);
    GmElement *element = parse_build(bin_description, context, flags | GM_PARSE_FLAG_FATAL_ERRORS,
                                     wrap, error);
    if (!element || !GM_IS_BIN(element) || !ghost_unlinked_pads)
        return element;
    for (size_t i = 0; i < GM_LEN(ends); i++) {
        GmPad *pad = gm_bin_find_unlinked_pad(GM_BIN(element), ends[i].direction);
        if (pad) {
            gm_element_add_pad(element, gm_ghost_pad_new(ends[i].name, pad));
            gm_object_unref(pad);
        }
    }
    return element;
}

GmElement *gm_parse_bin_from_description(const char *bin_description, bool ghost_unlinked_pads,
                                         GmError **error)
{
    return gm_parse_bin_from_description_full(bin_description, ghost_unlinked_pads, NULL,
                                              GM_PARSE_FLAG_NONE, error);
}
