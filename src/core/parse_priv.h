// SPDX-License-Identifier: MIT
//
// parse_priv: what the files of the launch-line parser share. See core/parse.h.
#ifndef GM_CORE_PARSE_PRIV_H
#define GM_CORE_PARSE_PRIV_H

#include "core/list.h"
#include "core/parse.h"

typedef enum {
    PARSE_END,
    PARSE_ASSIGN,     // name = value
    PARSE_PRESET,     // @preset=x
    PARSE_PADREF,     // .pad
    PARSE_REF,        // element.pad, element.
    PARSE_BINREF,     // factory.(
    PARSE_IDENTIFIER, // a factory
    PARSE_LINK,       // ! or : or ! caps !
    PARSE_URL,        // file:///…
    PARSE_CHAR        // ( ) , and whatever has no meaning
} ParseTokenType;

typedef struct {
    ParseTokenType type;
    size_t start, end; // bytes in the text
    char   c;          // of CHAR
    bool   all;        // of LINK: ":"
    char  *name;       // ASSIGN name, REF element, PADREF pad, BINREF, IDENTIFIER, LINK caps, URL
    char  *value;      // ASSIGN value, unescaped; REF pad; either may be NULL
} ParseToken;

// Reads the token at or after `pos`. The strings are the caller's: gm_parse_token_clear.
void gm_parse_token_read(const char *text, size_t pos, ParseToken *token);
void gm_parse_token_clear(ParseToken *token);

// One end of a link. `element` is borrowed from the graph and NULL when only named.
typedef struct {
    GmElement *element;
    char *name;
    char *pads; // "src_0,src_1" or NULL
} ParseRef;

typedef struct {
    ParseRef src, sink;
    GmCaps  *caps; // filter or NULL
    bool     all;
    size_t   column; // of its "!"
} ParseLink;

typedef struct {
    const char     *text;
    GmParseContext *context; // may be NULL
    GmError        *error;   // the first one
    ParseToken      token;   // the next one
    unsigned        depth;   // of bins
    ParseLink      *links;
    size_t          n_links;
} ParseGraph;

// Sets graph->error unless there is one: the text, the line, a caret under byte `at`.
void gm_parse_set_error(ParseGraph *graph, GmParseError code, size_t at, const char *format, ...)
    GM_PRINTF(4, 5);
// Makes one link, or arranges for it to be made when its pad appears.
void gm_parse_link_perform(ParseGraph *graph, ParseLink *link);
// Does the assignment `token` to a property of element ("prop") or of a child ("child::prop");
// of a child that is not there yet when it is added. False: element itself was misspoken to.
bool gm_parse_property_set(ParseGraph *graph, GmElement *element, const ParseToken *token);

#endif
