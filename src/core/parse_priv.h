// SPDX-License-Identifier: MIT
//
// parse_priv: what the files of the launch-line parser share. See core/parse.h.
#ifndef GM_CORE_PARSE_PRIV_H
#define GM_CORE_PARSE_PRIV_H

#include "core/list.h"
#include "core/parse.h"

typedef enum {
    PARSE_END,
    PARSE_ASSIGN,     // name = value; name NULL: @preset=…
    PARSE_PADREF,     // .pad
    PARSE_REF,        // element.pad, element.
    PARSE_BINREF,     // factory.(
    PARSE_IDENTIFIER, // a factory
    PARSE_LINK,       // ! or : or ! caps !
    PARSE_URL,        // file:///…
    PARSE_CHAR        // ( ) and whatever has no meaning
} ParseTokenType;

typedef struct {
    ParseTokenType type;
    size_t start, end; // bytes in the text
    bool   all;        // of LINK: ":"
    char  *name;       // left of "=" or "."; factory, URL; NULL: none
    char  *value;      // right of it: value, unescaped; pads "a,b"; caps; NULL: none
} ParseToken;

// One end of a link. `element` is borrowed and NULL when it is only named.
typedef struct {
    GmElement  *element;
    const char *name, *pads;
} ParseRef;

typedef struct {
    ParseRef    src, sink;
    const char *caps; // filter or NULL
    bool        all;
    size_t      start; // of its "!"
} ParseLink;

typedef struct {
    const char     *text;
    GmParseContext *context; // may be NULL
    GmError        *error;   // the first one
    ParseToken      token;   // the next one
    GmList         *strings; // of all tokens, freed at the end
    unsigned        depth;   // of bins
    ParseLink      *links;
    size_t          n_links;
} ParseGraph;

// Reads the token behind the one in graph->token.
void gm_parse_next(ParseGraph *graph);
// Sets graph->error unless there is one: the text, the line, a caret under byte `at`.
void gm_parse_set_error(ParseGraph *graph, GmParseError code, size_t at, const char *format, ...)
    GM_PRINTF(4, 5);
// Makes one link, both ends resolved, or arranges for it to be made when its pad appears.
void gm_parse_link(ParseGraph *graph, const ParseLink *link);
// Does the assignment in graph->token to a property of element ("prop") or of a child
// ("child::prop"); of a child that is not there yet when it is added. False: refused.
bool gm_parse_property(ParseGraph *graph, GmElement *element);

#endif
