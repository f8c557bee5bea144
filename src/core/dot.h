// SPDX-License-Identifier: MIT
//
// dot: a bin drawn as a Graphviz graph: what is linked to what, with which caps, in which state.
//
//     GM_DEBUG_DUMP_DOT_DIR=/tmp gstmini-launch …   &&   dot -Tsvg /tmp/….dot -o graph.svg
//
// Elements and bins are clusters, pads are nodes, links are edges with the caps on them.
// Unless said otherwise: any thread; blocks for object locks only; a graph that changes meanwhile
// may be drawn half old, half new. Misuse is a critical, and NULL or no file.
// Read next: core/bin.h.
#ifndef GM_CORE_DOT_H
#define GM_CORE_DOT_H

#include "core/element.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_DEBUG_GRAPH_SHOW_MEDIA_TYPE         = 1 << 0, // links: the media type alone
    GM_DEBUG_GRAPH_SHOW_CAPS_DETAILS       = 1 << 1, // links: all fields
    GM_DEBUG_GRAPH_SHOW_NON_DEFAULT_PARAMS = 1 << 2, // properties that were changed
    GM_DEBUG_GRAPH_SHOW_STATES             = 1 << 3, // [-] [0] [=] [>], what is pending
    GM_DEBUG_GRAPH_SHOW_FULL_PARAMS        = 1 << 4, // do not shorten long values
    GM_DEBUG_GRAPH_SHOW_ALL                = (1 << 4) - 1,
    GM_DEBUG_GRAPH_SHOW_VERBOSE            = (int)(0xffffffff)
} GmDebugGraphDetails;

// Gives the graph as text to free (). `bin` is a GmBin or anything derived from it.
char *gm_debug_bin_to_dot_data(GmBin *bin, GmDebugGraphDetails details);
// Writes the graph to $GM_DEBUG_DUMP_DOT_DIR/file_name.dot; does nothing while the variable is
// not set. NULL: the name of the program. Errors are logged. May block on the file system.
void gm_debug_bin_to_dot_file(GmBin *bin, GmDebugGraphDetails details, const char *file_name);
// As above with the time since start-up in front of the name (0.00.01.123456789-file_name.dot).
void gm_debug_bin_to_dot_file_with_ts(GmBin *bin, GmDebugGraphDetails details,
                                      const char *file_name);
// GStreamer's spelling of the two.
#define GM_DEBUG_BIN_TO_DOT_FILE(bin, details, file_name) \
    gm_debug_bin_to_dot_file((bin), (details), (file_name))
#define GM_DEBUG_BIN_TO_DOT_FILE_WITH_TS(bin, details, file_name) \
    gm_debug_bin_to_dot_file_with_ts((bin), (details), (file_name))

#ifdef __cplusplus
}
#endif
#endif
