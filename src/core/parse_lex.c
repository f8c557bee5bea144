// SPDX-License-Identifier: MIT
//
// parse_lex: cuts a launch line into tokens.
//
// The longest reading wins, as in gst-launch: "a=b" is one assignment, "t.src" one reference,
// "! video/x-raw, width=320 !" one link. White space separates, a backslash takes the special
// meaning from the next character, "…" and '…' keep spaces together in values.
// Read next: parse.c, which gives the tokens a meaning.
#include <ctype.h>
#include <string.h>

#include "core/parse_priv.h"
#include "core/util.h"

static size_t parse_lex_span(const char *s, const char *more)
{
    size_t n = 0;
    while (s[n] && (isalnum((unsigned char)s[n]) || strchr(more, s[n])))
        n++;
    return n;
}

static size_t parse_lex_space(const char *s)
{
    size_t n = 0;
    while (isspace((unsigned char)s[n]))
        n++;
    return n;
}

static size_t parse_lex_identifier(const char *s)
{
    return strchr("-%:", *s) ? 0 : parse_lex_span(s, "-_%:");
}

// identifier, identifier…
static size_t parse_lex_pads(const char *s)
{
    size_t end = 0, next = parse_lex_identifier(s);
    while (next > end) {
        end = next;
        next += parse_lex_space(s + next);
        if (s[next] != ',')
            break;
        next += 1 + parse_lex_space(s + next + 1);
        size_t id = parse_lex_identifier(s + next);
        next = id ? next + id : end;
    }
    return end;
}

// A value: up to the next space, or a quoted text if that is longer.
static size_t parse_lex_string(const char *s)
{
    size_t plain = 0, quoted = 0;
    while (s[plain] && !isspace((unsigned char)s[plain]))
        plain += s[plain] == '\\' && s[plain + 1] && s[plain + 1] != '\n' ? 2 : 1;
    for (size_t i = 1; (*s == '"' || *s == '\'') && s[i]; i++) {
        quoted = s[i] == *s ? i + 1 : quoted;
        if (s[i] == *s && s[i - 1] != '\\')
            break; // an escaped quote ends the text only if no other follows
    }
    return quoted > plain ? quoted : plain;
}

// type/subtype
static size_t parse_lex_mime(const char *s)
{
    size_t n = parse_lex_span(s, "-"), m = n && s[n] == '/' ? parse_lex_span(s + n + 1, "-") : 0;
    return m ? n + 1 + m : 0;
}

// From a link operator over caps to the operator behind them; 1 when no caps follow.
static size_t parse_lex_link(const char *s)
{
    size_t n = 1 + parse_lex_space(s + 1), colon = 1, mime = parse_lex_mime(s + n);
    if (mime == 0)
        return 1;
    for (n += mime; s[n] && s[n] != '!'; n++) {
        if (s[n] == '\\' && s[n + 1]) {
            n++;
        } else if (s[n] == ':') {
            colon = n + 1;
        } else if (s[n] == ';' && s[n - 1] != ',') {
            n += 1 + parse_lex_space(s + n + 1);
            mime = parse_lex_mime(s + n);
            if (mime == 0)
                return colon; // not another alternative
            n += mime - 1;
        }
    }
    return s[n] == '!' ? n + 1 : colon;
}

static size_t parse_lex_url(const char *s)
{
    size_t n = isalpha((unsigned char)*s) ? parse_lex_span(s, "+,-.") : 0;
    if (n && strncmp(s + n, "://", 3) == 0)
        return n + 3 + parse_lex_string(s + n + 3);
    return *s == '/' && parse_lex_string(s + 1) ? 1 + parse_lex_string(s + 1) : 0;
}

static char *parse_lex_keep(ParseGraph *graph, const char *s, size_t n)
{
    char *copy = gm_strndup(s, n);
    graph->strings = gm_list_prepend(graph->strings, copy);
    return copy;
}

// Without backslashes, which stay inside "…". Quotes around all of it are dropped.
static char *parse_lex_value(ParseGraph *graph, const char *s, size_t n)
{
    bool quoted = n >= 2 && s[0] == '"' && s[n - 1] == '"';
    char *value = parse_lex_keep(graph, quoted ? s + 1 : s, quoted ? n - 2 : n), *out = value;
    quoted = false;
    for (const char *in = value; *in; in++) {
        if (*in == '\\' && !quoted && in[1])
            in++;
        else if (*in == '"' && !(quoted && in[-1] == '\\'))
            quoted = !quoted;
        *out++ = *in;
    }
    *out = '\0';
    return value;
}

// Caps without the backslash of "\ " (a quoted argument of a shell); pads without any space.
static char *parse_lex_squeeze(ParseGraph *graph, const char *s, size_t n, bool caps)
{
    while (n > 0 && isspace((unsigned char)s[n - 1]))
        n--;
    char *text = parse_lex_keep(graph, s, n), *out = text;
    for (const char *in = text; *in; in++)
        if (caps ? *in != '\\' || !isspace((unsigned char)in[1]) : !isspace((unsigned char)*in))
            *out++ = *in;
    *out = '\0';
    return n ? text : NULL;
}

// What begins with an identifier of n bytes, or is a URL.
static void parse_lex_word(ParseGraph *graph, const char *s, size_t n, ParseToken *token)
{
    size_t after = n + parse_lex_space(s + n);                                // "=" or "."
    size_t next = after + (s[after] ? 1 + parse_lex_space(s + after + 1) : 0); // behind it
    size_t value = s[after] == '=' ? parse_lex_string(s + next) : 0, url = parse_lex_url(s);
    token->type = PARSE_IDENTIFIER;
    token->end = n;
    if (value) {
        token->type = PARSE_ASSIGN;
        token->end = next + value;
        token->value = parse_lex_value(graph, s + next, value);
    } else if (url > n) {
        token->type = PARSE_URL;
        token->end = n = url;
    } else if (s[after] == '.' && s[next] == '(') {
        token->type = PARSE_BINREF;
        token->end = next + 1;
    } else if (s[n] == '.') {
        token->type = PARSE_REF;
        token->end = n + 1 + parse_lex_pads(s + n + 1);
        token->value = parse_lex_squeeze(graph, s + n + 1, token->end - n - 1, false);
    }
    token->name = parse_lex_keep(graph, s, n);
}

void gm_parse_next(ParseGraph *graph)
{
    size_t start = graph->token.end + parse_lex_space(graph->text + graph->token.end);
    const char *s = graph->text + start;
    ParseToken token = { .type = *s ? PARSE_CHAR : PARSE_END, .start = start, .end = *s != '\0' };
    size_t id = parse_lex_identifier(s), pads = *s == '.' ? parse_lex_pads(s + 1) : 0;
    if (*s && (id || parse_lex_url(s))) {
        parse_lex_word(graph, s, id, &token);
    } else if (pads) {
        token.type = PARSE_PADREF;
        token.end = 1 + pads;
        token.value = parse_lex_squeeze(graph, s + 1, pads, false);
    } else if (*s == '!' || *s == ':') {
        token.type = PARSE_LINK;
        token.end = parse_lex_link(s);
        token.all = *s == ':' || s[token.end - 1] == ':';
        size_t caps = 1 + parse_lex_space(s + 1);
        if (token.end > caps)
            token.value = parse_lex_squeeze(graph, s + caps, token.end - 1 - caps, true);
    } else if (strncmp(s, "@preset", 7) == 0) {
        token.type = PARSE_ASSIGN;
        token.end = parse_lex_string(s);
    }
    token.end += start;
    graph->token = token;
}
