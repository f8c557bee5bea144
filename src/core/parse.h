// SPDX-License-Identifier: MIT
//
// parse: from a launch line to a pipeline.
//
//     "videotestsrc num-buffers=30 ! tee name=t ! queue ! fakesink  t. ! queue ! filesink"
//
// The syntax is gst-launch-1.0's:
//   element prop=value …       an element of that factory; values may be "quoted" or \escaped;
//                              '…' keeps spaces too, but the quotes stay part of the value
//   a ! b        a : b         link one pair of pads; link all pairs that fit
//   a ! caps ! b               link through caps; several alternatives: caps1;caps2
//   t. ! b   a.src_0,src_1 ! b.sink_0,sink_1   a ! .sink_1 b     by name, by pads
//   ( prop=value a ! b )   bin.( … )           a bin around its contents
//   child::prop=value          a property of a child, also of one that is added later
// A link from an element whose pads come later (a demuxer) is made when they appear. Elements
// made from URIs and presets are refused with an error that says what to write instead.
//
// Errors say what is wrong, what to try, and where; the last two lines of the message are the
// line and a caret under the column:
//     no element "qeueu"; did you mean "queue"?
//       fakesrc ! qeueu ! fakesink
//                 ^
// The codes are GStreamer's (GM_PARSE_ERROR_*, core/error.h). As there, most errors are not the
// end: the rest of the line is built and returned together with *error (the first one), unless
// GM_PARSE_FLAG_FATAL_ERRORS is given or nothing is left.
//
// Unless said otherwise: any thread, never blocks (but on the disk for plugins), strings are
// borrowed for the call; misuse (a NULL line) is a critical and NULL.
// Read next: parse_lex.c (text to tokens), parse.c (tokens to elements and links), parse_link.c
// (properties of children, links, links made later).
#ifndef GM_CORE_PARSE_H
#define GM_CORE_PARSE_H

#include "core/element.h"
#include "core/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_PARSE_FLAG_NONE                   = 0,
    GM_PARSE_FLAG_FATAL_ERRORS           = 1 << 0, // any error: return NULL
    GM_PARSE_FLAG_NO_SINGLE_ELEMENT_BINS = 1 << 1, // of bin_from_description: one element alone
    GM_PARSE_FLAG_PLACE_IN_BIN           = 1 << 2  // the outermost is a bin, not a pipeline
} GmParseFlags;

// Collects the factory names a line asked for that do not exist.
typedef struct GmParseContext GmParseContext;
GmParseContext *gm_parse_context_new(void);                                // gives
GmParseContext *gm_parse_context_copy(const GmParseContext *context);      // gives
void            gm_parse_context_free(GmParseContext *context);            // takes; NULL is fine
// Gives a NULL-ended array of strings to free () one by one, then itself; NULL when none.
char **gm_parse_context_get_missing_elements(GmParseContext *context);

// Builds what `pipeline_description` says. Gives a floating element: the element itself when the
// line holds one, else a pipeline around all. NULL and *error when nothing could be built.
// `context` may be NULL. *error must be NULL before; the caller frees it (gm_error_free).
GmElement *gm_parse_launch(const char *pipeline_description, GmError **error);
GmElement *gm_parse_launch_full(const char *pipeline_description, GmParseContext *context,
                                GmParseFlags flags, GmError **error);
// As gm_parse_launch on the words of `argv` (ends with NULL) joined by spaces; a space inside a
// word stays part of it. For main ()'s arguments.
GmElement *gm_parse_launchv(const char **argv, GmError **error);
GmElement *gm_parse_launchv_full(const char **argv, GmParseContext *context,
                                 GmParseFlags flags, GmError **error);

// Gives a floating bin around what the line says, with ghost pads "sink" and "src" for its
// first unlinked sink and source pad if ghost_unlinked_pads. _full with
// GM_PARSE_FLAG_NO_SINGLE_ELEMENT_BINS may give the one element itself.
GmElement *gm_parse_bin_from_description(const char *bin_description, bool ghost_unlinked_pads,
                                         GmError **error);
GmElement *gm_parse_bin_from_description_full(const char *bin_description,
                                              bool ghost_unlinked_pads, GmParseContext *context,
                                              GmParseFlags flags, GmError **error);

#ifdef __cplusplus
}
#endif
#endif
