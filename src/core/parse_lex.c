// SPDX-License-Identifier: MIT
//
// parse_lex: cuts a launch line into tokens.
//
// The longest reading wins, as in gst-launch: "a=b" is one assignment, "t.src" one reference,
// "! video/x-raw, width=320 !" one link. White space separates, a backslash takes the special
// meaning from the next character, "…" and '…' keep spaces together in values.
// Read next: parse.c, which gives the tokens a meaning.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/parse_priv.h"
#include "core/util.h"

static bool parse_lex_is(char c, const char *more)
{
    return c != '\0' && (isalnum((unsigned char)c) || strchr(more, c));
}

static size_t parse_lex_span(const char *s, const char *more)
{
    size_t n = 0;
    while (parse_lex_is(s[n], more))
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
    return parse_lex_is(*s, "_") ? parse_lex_span(s, "-_%:") : 0;
}

// A value: up to the next space, or a quoted text if that is longer.
static size_t parse_lex_string(const char *s)
{
    size_t plain = 0, quoted = 0;
    while (s[plain] && !isspace((unsigned char)s[plain])) {
        bool escapes = s[plain] == '\\' && s[plain + 1] && s[plain + 1] != '\n';
        plain += escapes ? 2 : 1;
    }
    if (*s == '"' || *s == '\'') {
        for (size_t i = 1; s[i]; i++) {
            if (s[i] != *s)
                continue;
            quoted = i + 1;
            if (s[i - 1] != '\\')
                break; // an escaped quote ends the text only if no other follows
        }
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
    size_t n = 1 + parse_lex_space(s + 1), colon = 0;
    size_t mime = parse_lex_mime(s + n);
    if (mime == 0)
        return 1;
    for (n += mime; s[n] && s[n] != '!'; n++) {
        if (s[n] == '\\' && s[n + 1]) {
            n++;
        } else if (s[n] == ':') {
            colon = n + 1;
        } else if (s[n] == ';' && s[n - 1] != ',') {
            size_t next = n + 1 + parse_lex_space(s + n + 1);
            mime = parse_lex_mime(s + next);
            if (mime == 0)
                break; // not another alternative
            n = next + mime - 1;
        }
    }
    return s[n] == '!' ? n + 1 : colon ? colon : 1;
}

static size_t parse_lex_url(const char *s)
{
    size_t n = isalpha((unsigned char)*s) ? parse_lex_span(s, "+,-.") : 0;
    if (n && strncmp(s + n, "://", 3) == 0)
        return n + 3 + parse_lex_string(s + n + 3);
    return *s == '/' && s[1] && !isspace((unsigned char)s[1]) ? 1 + parse_lex_string(s + 1) : 0;
}

// Drops backslashes in place; inside "…" they stay.
static char *parse_lex_unescape(char *text)
{
    char *out = text;
    bool quoted = false;
    for (const char *in = text; *in; in++) {
        if (*in == '\\' && !quoted) {
            if (*++in == '\0')
                break;
        } else if (*in == '"' && (!quoted || in[-1] != '\\')) {
            quoted = !quoted;
        }
        *out++ = *in;
    }
    *out = '\0';
    return text;
}

static void parse_lex_assignment(const char *s, size_t name, size_t value, size_t end,
                                 ParseToken *token)
{
    if (s[value] == '"' && s[end - 1] == '"' && end - value >= 2) {
        value++;
        end--;
    }
    token->name = gm_strndup(s, name);
    token->value = parse_lex_unescape(gm_strndup(s + value, end - value));
}

// The caps of a link; "\ " (from a quoted argument of a shell) is a space.
static char *parse_lex_caps(const char *s, size_t n)
{
    size_t start = 1 + parse_lex_space(s + 1);
    while (n > start && isspace((unsigned char)s[n - 1]))
        n--;
    char *caps = gm_strndup(s + start, n - start), *out = caps;
    for (const char *in = caps; *in; in++)
        if (!(*in == '\\' && isspace((unsigned char)in[1])))
            *out++ = *in;
    *out = '\0';
    return caps;
}

static void parse_lex_word(const char *s, size_t id, ParseToken *token)
{
    size_t after = id + parse_lex_space(s + id), dot = after + 1 + parse_lex_space(s + after + (s[after] != 0));
    size_t value = dot, string = s[after] == '=' ? parse_lex_string(s + value) : 0;
    size_t url = parse_lex_url(s);
    token->end = id;
    token->type = PARSE_IDENTIFIER;
    if (string) {
        token->type = PARSE_ASSIGN;
        token->end = value + string;
        parse_lex_assignment(s, id, value, token->end, token);
    } else if (url > id) {
        token->type = PARSE_URL;
        token->end = url;
        token->name = parse_lex_unescape(gm_strndup(s, url));
    } else if (s[after] == '.' && s[dot] == '(') {
        token->type = PARSE_BINREF;
        token->end = dot + 1;
    } else if (s[id] == '.') {
        size_t pad = parse_lex_identifier(s + id + 1);
        token->type = PARSE_REF;
        token->end = id + 1 + pad;
        token->value = pad ? gm_strndup(s + id + 1, pad) : NULL;
    }
    if (!token->name)
        token->name = gm_strndup(s, id);
}

void gm_parse_token_read(const char *text, size_t pos, ParseToken *token)
{
    pos += parse_lex_space(text + pos);
    const char *s = text + pos;
    size_t id = parse_lex_identifier(s), n;
    *token = (ParseToken){ .type = PARSE_CHAR, .c = *s, .end = 1 };
    if (*s == '\0') {
        token->type = PARSE_END;
        token->end = 0;
    } else if (id) {
        parse_lex_word(s, id, token);
    } else if (*s == '.' && (id = parse_lex_identifier(s + 1))) {
        token->type = PARSE_PADREF;
        token->end = id + 1;
        token->name = gm_strndup(s + 1, id);
    } else if (*s == '!' || *s == ':') {
        n = parse_lex_link(s);
        token->type = PARSE_LINK;
        token->end = n;
        token->all = *s == ':' || s[n - 1] == ':';
        token->name = n > 1 ? parse_lex_caps(s, n - 1) : NULL;
    } else if ((n = parse_lex_url(s))) {
        token->type = PARSE_URL;
        token->end = n;
        token->name = gm_strndup(s, n);
    } else if (strncmp(s, "@preset", 7) == 0) {
        size_t eq = 7 + parse_lex_space(s + 7);
        token->type = PARSE_PRESET;
        token->end = s[eq] == '=' ? eq + 1 : 7;
        token->end += s[eq] == '=' ? parse_lex_string(s + eq + 1) : 0;
    }
    token->start = pos;
    token->end += pos;
}

void gm_parse_token_clear(ParseToken *token)
{
    gm_free(token->name);
    gm_free(token->value);
    token->name = token->value = NULL;
}
