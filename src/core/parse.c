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
#include <string.h>

#include "core/bin.h"
#include "core/element_factory.h"
#include "core/error.h"
#include "core/ghost_pad.h"
#include "core/parse_priv.h"
#include "core/pipeline.h"
#include "core/plugin.h"
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
    size_t start = at, end = at, column = 2;
    while (start > 0 && text[start - 1] != '\n' && at - start < PARSE_WIDTH / 2)
        start--;
    while (start < at && ((unsigned char)text[start] & 0xC0) == 0x80)
        start++; // not from the middle of a character
    while (text[end] && text[end] != '\n' && end - start < PARSE_WIDTH)
        end++;
    gm_string_append(out, "\n  ");
    for (size_t i = start; i < end; i++) {
        unsigned char c = (unsigned char)text[i];
        gm_string_append_c(out, c == '\t' ? ' ' : c < ' ' || c == 127 ? '?' : (char)c);
        column += i < at && (c & 0xC0) != 0x80;
    }
    gm_string_append_printf(out, "\n%*s^", (int)column, "");
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

static bool parse_syntax_error(ParseGraph *graph, const char *expected)
{
    const ParseToken *t = &graph->token;
    int n = (int)(t->end - t->start > 40 ? 40 : t->end - t->start);
    gm_parse_set_error(graph, GM_PARSE_ERROR_SYNTAX, t->start,
                       n ? "syntax error: %s should stand here, not \"%.*s\""
                         : "syntax error: %s should follow, but the line ends%.*s",
                       expected, n, graph->text + t->start);
    return false;
}

// The factory in graph->token, floating, or NULL and an error that says what was meant.
static GmElement *parse_make(ParseGraph *graph, const char *factory)
{
    GmElement *element = gm_element_factory_make(factory, NULL);
    if (element)
        return gm_object_ref_sink(element);
    if (graph->context)
        graph->context->missing = gm_list_append(graph->context->missing, gm_strdup(factory));
    bool caps = graph->text[graph->token.end] == '/';
    char *why =
        caps ? gm_strdup_printf("no element '%s'; caps stand between two links: a ! %s/… ! b",
                                        factory, factory)
                     : gm_registry_explain_missing(gm_registry_get(), factory);
    gm_parse_set_error(graph, GM_PARSE_ERROR_NO_SUCH_ELEMENT, graph->token.start, "%s", why);
    gm_free(why);
    return NULL;
}

// ---- elements and bins ------------------------------------------------------------------

static bool parse_is_char(const ParseGraph *graph, char c)
{
    return graph->token.type == PARSE_CHAR && graph->text[graph->token.start] == c;
}

static bool parse_at_end(const ParseGraph *graph)
{
    return graph->token.type == PARSE_END || (graph->depth > 0 && parse_is_char(graph, ')'));
}

// Notes `element` (takes it) as a part of the level. Of two with one name the second is renamed:
// links may hold what is inside it already. Gives it, borrowed.
static GmElement *parse_add(ParseGraph *graph, GmList **level, GmElement *element, size_t at)
{
    if (!gm_object_check_uniqueness(*level, GM_OBJECT_NAME(element)))
        gm_parse_set_error(graph, GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY, at,
                           "there are two elements named \"%s\" side by side; names must differ",
                           GM_OBJECT_NAME(element));
    while (!gm_object_check_uniqueness(*level, GM_OBJECT_NAME(element)))
        gm_object_set_name(GM_OBJECT(element), NULL);
    *level = gm_list_append(*level, element);
    return element;
}

static bool parse_assignments(ParseGraph *graph, GmElement *element)
{
    bool ok = true;
    for (; graph->token.type == PARSE_ASSIGN; gm_parse_next(graph))
        ok = (!element || gm_parse_property(graph, element)) && ok;
    return ok;
}

static GmElement *parse_element(ParseGraph *graph, GmList **level)
{
    size_t at = graph->token.start;
    GmElement *element = parse_make(graph, graph->token.name);
    gm_parse_next(graph);
    if (!parse_assignments(graph, element))
        gm_clear_object((GmObject **)&element); // as GStreamer: none rather than a wrong one
    return element ? parse_add(graph, level, element, at) : NULL;
}

// Moves the elements of a level into a bin.
static void parse_fill(GmElement *bin, GmList *level)
{
    for (GmList *l = level; l; l = l->next)
        gm_bin_add(GM_BIN(bin), l->data);
    gm_list_free_full(level, gm_object_unref);
}

static bool parse_chains(ParseGraph *graph, GmList **level, GmElement **first, GmElement **last);

static bool parse_bin(ParseGraph *graph, GmList **level, GmElement **first, GmElement **last)
{
    size_t at = graph->token.start;
    const char *factory = graph->token.name ? graph->token.name : "bin";
    if (graph->depth == PARSE_MAX_DEPTH)
        return parse_syntax_error(graph, "less than 65 bins around an element");
    GmList *inside = NULL;
    GmElement *bin = parse_make(graph, factory);
    if (bin && !GM_IS_BIN(bin)) {
        gm_parse_set_error(graph, GM_PARSE_ERROR_NO_SUCH_ELEMENT, at,
                           "no bin \"%s\", unpacking elements", factory);
        gm_clear_object((GmObject **)&bin);
    }
    gm_parse_next(graph);
    parse_assignments(graph, bin);
    graph->depth++;
    if (!parse_chains(graph, &inside, first, last))
        gm_parse_set_error(graph, GM_PARSE_ERROR_EMPTY_BIN, at,
                           "specified empty bin \"%s\", not allowed", factory);
    graph->depth--;
    bool closed = parse_is_char(graph, ')') || parse_syntax_error(graph, "the \")\" of a bin");
    if (closed)
        gm_parse_next(graph);
    if (!bin || !closed) {
        for (GmList *l = inside; l; l = l->next) // of a broken chain: parse_chains drops them
            parse_add(graph, level, l->data, at);
        gm_list_free(inside);
        gm_clear_object((GmObject **)&bin);
        return closed;
    }
    parse_fill(bin, inside);
    parse_add(graph, level, bin, at);
    return true;
}

// An element or a bin: false after a syntax error. *first and *last, the ends that links on
// either side connect to (borrowed), are NULL when it could not be made.
static bool parse_elementary(ParseGraph *graph, GmList **level, GmElement **first,
                             GmElement **last)
{
    if (graph->token.type == PARSE_BINREF || parse_is_char(graph, '('))
        return parse_bin(graph, level, first, last);
    if (graph->token.type != PARSE_IDENTIFIER)
        return parse_syntax_error(graph, "an element");
    *first = *last = parse_element(graph, level);
    return true;
}

// ---- chains -----------------------------------------------------------------------------

// "t.pad" or a URL at either end of a chain; false: neither is there.
static bool parse_outer_end(ParseGraph *graph, ParseRef *end, bool source)
{
    const char *uri = graph->token.name, *path = uri ? strstr(uri, "//") : NULL;
    if (graph->token.type == PARSE_URL)
        gm_parse_set_error(graph, GM_PARSE_ERROR_NO_SUCH_ELEMENT, graph->token.start,
                           "no %s element for URI \"%s\"; write, for a file, %s location=%s",
                           source ? "source" : "sink", uri, source ? "filesrc" : "filesink",
                           path ? path + 2 : uri);
    else if (graph->token.type == PARSE_REF)
        *end = (ParseRef){ .name = uri, .pads = graph->token.value };
    else
        return false;
    gm_parse_next(graph);
    return true;
}

static const char *parse_pads(ParseGraph *graph)
{
    const char *pads = graph->token.type == PARSE_PADREF ? graph->token.value : NULL;
    if (pads)
        gm_parse_next(graph);
    return pads;
}

// An end that could not be made has been reported already: the link is dropped.
static void parse_add_link(ParseGraph *graph, const ParseLink *link)
{
    bool source = link->src.element || link->src.name, sink = link->sink.element || link->sink.name;
    if (!source || !sink) {
        gm_parse_set_error(graph, GM_PARSE_ERROR_LINK, link->start, "link has no %s",
                           source ? "sink" : "source");
        return;
    }
    graph->links = gm_renew(ParseLink, graph->links, graph->n_links + 1);
    graph->links[graph->n_links++] = *link;
}

// *first and *last: the outer elements, borrowed. False: syntax error.
static bool parse_chain(ParseGraph *graph, GmList **level, GmElement **first, GmElement **last)
{
    ParseRef end = { NULL, NULL, NULL };
    bool closed = false;
    if (!parse_outer_end(graph, &end, true)) {
        if (!parse_elementary(graph, level, first, &end.element))
            return false;
        end.pads = parse_pads(graph);
    }
    while (!closed && graph->token.type == PARSE_LINK) {
        ParseLink link = { .src = end, .caps = graph->token.value, .all = graph->token.all,
                           .start = graph->token.start };
        end = (ParseRef){ NULL, NULL, NULL };
        gm_parse_next(graph);
        closed = parse_outer_end(graph, &link.sink, false);
        if (!closed) {
            link.sink.pads = parse_pads(graph);
            if (!parse_elementary(graph, level, &link.sink.element, &end.element))
                return false;
            end.pads = parse_pads(graph);
        }
        parse_add_link(graph, &link);
    }
    if (end.name || end.pads)
        gm_parse_set_error(graph, GM_PARSE_ERROR_SYNTAX, graph->token.start,
                           "unexpected %sreference \"%s\" - ignoring; a link (!) should follow it",
                           end.name ? "" : "pad-", end.name ? end.name : end.pads);
    *last = end.element;
    return true;
}

// Chains up to the end of the line or the ")" of a bin. False: there was none.
static bool parse_chains(ParseGraph *graph, GmList **level, GmElement **first, GmElement **last)
{
    bool any = false;
    while (!parse_at_end(graph)) {
        GmElement *begin = NULL, *end = NULL;
        unsigned n_elements = gm_list_length(*level);
        size_t n_links = graph->n_links;
        if (parse_chain(graph, level, &begin, &end)) {
            *first = any ? *first : begin;
            *last = end;
            any = true;
            continue;
        }
        graph->n_links = n_links;
        for (GmList *l; (l = gm_list_nth(*level, n_elements)) != NULL;) {
            gm_object_unref(l->data);
            *level = gm_list_delete_link(*level, l);
        }
        if (!parse_at_end(graph))
            gm_parse_next(graph); // what could not be read
    }
    return any;
}

// ---- the whole line ---------------------------------------------------------------------

// Makes ref->element a reference. False: there is none of that name.
static bool parse_resolve(ParseGraph *graph, GmElement *top, ParseRef *ref, size_t at,
                          const char *what)
{
    if (ref->element || (top && strcmp(GM_OBJECT_NAME(top), ref->name) == 0))
        ref->element = gm_object_ref(ref->element ? ref->element : top);
    else if (GM_IS_BIN(top))
        ref->element = gm_bin_get_by_name(GM_BIN(top), ref->name);
    if (!ref->element)
        gm_parse_set_error(graph, GM_PARSE_ERROR_NO_SUCH_ELEMENT, at,
                           "No %s-element named \"%s\" - omitting link; name one with name=%s",
                           what, ref->name, ref->name);
    return ref->element != NULL;
}

// `wrap`: one element gets a bin around it, too. Gives a floating element or NULL.
static GmElement *parse_build(const char *text, GmParseContext *context, GmParseFlags flags,
                              bool wrap, GmError **error)
{
    ParseGraph graph = { .text = text, .context = context };
    GmList *level = NULL;
    GmElement *first, *last, *top = NULL;
    gm_parse_next(&graph);
    if (!parse_chains(&graph, &level, &first, &last))
        gm_parse_set_error(&graph, GM_PARSE_ERROR_EMPTY, 0, "empty pipeline not allowed");
    if (level && (level->next || wrap)) {
        bool bin = wrap || (flags & GM_PARSE_FLAG_PLACE_IN_BIN);
        top = gm_object_ref_sink(bin ? gm_bin_new(NULL) : gm_pipeline_new(NULL));
        parse_fill(top, level);
    } else if (level) {
        top = level->data;
        gm_list_free(level);
    }
    for (size_t i = 0; i < graph.n_links; i++) { // not by pointer: links may be NULL
        ParseLink *l = &graph.links[i];
        bool src = parse_resolve(&graph, top, &l->src, l->start, "src");
        if (parse_resolve(&graph, top, &l->sink, l->start, "sink") && src)
            gm_parse_link(&graph, l);
        gm_clear_object((GmObject **)&l->src.element);
        gm_clear_object((GmObject **)&l->sink.element);
    }
    gm_free(graph.links);
    gm_list_free_full(graph.strings, gm_free);
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
