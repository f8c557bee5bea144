// SPDX-License-Identifier: MIT
//
// bin: an element made of elements. It moves its children through their states from sinks to
// sources, and folds what they say (EOS, async state changes, clocks, latency) into one voice.
//
//     +-- bin ------------------------------+
//     | src --> queue --> sink              |   <-- set_state: sink first, src last
//     |   messages --> child bus --> bin    |   --> parent bin or application
//     +-------------------------------------+
//
// Unless said otherwise: any thread, never blocks beyond short locks. Children are counted by
// the bin; adding takes a floating reference. Misuse is a critical, the neutral result, and nothing
// taken.
// Read next: core/pipeline.h.
#ifndef GM_CORE_BIN_H
#define GM_CORE_BIN_H

#include "core/bus.h"
#include "core/element.h"
#include "core/iterator.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_BIN_FLAG_NO_RESYNC      = GM_ELEMENT_FLAG_LAST << 0, // no state sync on element adds
    GM_BIN_FLAG_STREAMS_AWARE  = GM_ELEMENT_FLAG_LAST << 1, // not used
    GM_BIN_FLAG_LAST           = GM_ELEMENT_FLAG_LAST << 5
} GmBinFlags;

// Derive from it with .parent = &gm_bin_class.object; a bin that needs other behaviour for
// children's messages or latency sets the two hooks of its instance in .init.
extern const GmElementClass gm_bin_class;

struct GmBinName; // internal: name hash
struct GmBin {
    GmElement element;
    // guarded by the object lock
    int             numchildren;
    struct GmList  *children; // of GmElement, newest first
    uint32_t        children_cookie;
    GmBus          *child_bus;
    struct GmList  *messages; // kept: EOS, async-start, stream-start … of children
    bool            polling, state_dirty, clock_dirty;
    GmClock        *provided_clock;
    GmElement      *clock_provider;
    uint32_t        structure_cookie; // changes with children and their links
    bool            asynchandling, message_forward; // properties
    bool            posted_eos, posted_playing, pending_async_done;
    unsigned        suppressed_flags;
    struct GmBinName **names; // hash of the children's names
    unsigned        names_size;
    // hooks, set in .init only; defaults do what GstBin does
    void (*handle_message)(GmBin *bin, GmMessage *message); // takes message
    bool (*do_latency)(GmBin *bin);
};

// Casts are unchecked; GM_IS_BIN checks (NULL: false). The others read the struct: not
// NULL, no lock taken.
#define GM_BIN(obj) ((GmBin *)(obj))
#define GM_BIN_CAST(obj) ((GmBin *)(obj))
#define GM_IS_BIN(obj) gm_object_is_a((obj), &gm_bin_class.object)
#define GM_BIN_NUMCHILDREN(bin) (GM_BIN_CAST(bin)->numchildren)
#define GM_BIN_CHILDREN(bin) (GM_BIN_CAST(bin)->children)
#define GM_BIN_CHILDREN_COOKIE(bin) (GM_BIN_CAST(bin)->children_cookie)
#define GM_BIN_IS_NO_RESYNC(bin) GM_OBJECT_FLAG_IS_SET(bin, GM_BIN_FLAG_NO_RESYNC)

// Signals: "element-added", "element-removed" (GmBin *, GmElement *, data); "deep-element-added",
// "deep-element-removed" (GmBin *, GmBin *sub_bin, GmElement *, data) for all bins below;
// "do-latency" (int (GmBin *, data)): non-zero replaces the default.
// Properties: "async-handling" and "message-forward", both false by default.

GmElement *gm_bin_new(const char *name); // gives a floating bin

// Takes the floating element; gives it bus, clock and base time (not the state: see
// gm_element_sync_state_with_parent). False and a warning, nothing changed: it has a parent
// already, the name is taken, or bin itself.
bool gm_bin_add(GmBin *bin, GmElement *element);
// One after the other, ended by NULL; one that fails is passed over.
void gm_bin_add_many(GmBin *bin, GmElement *element_1, ...) GM_SENTINEL;
// Unlinks and unparents element, releasing the bin's reference: set it to NULL first. False and a
// warning: not in this bin.
bool gm_bin_remove(GmBin *bin, GmElement *element);
void gm_bin_remove_many(GmBin *bin, GmElement *element_1, ...) GM_SENTINEL;

// An element called name in bin or in bins below it (recurse_up: then in parents). Gives, or
// NULL.
GmElement *gm_bin_get_by_name(GmBin *bin, const char *name);
GmElement *gm_bin_get_by_name_recurse_up(GmBin *bin, const char *name);

// Iterators over GmElement *; they give references to be released by the caller as
// gm_iterator_next says. sorted: from sinks to sources. Give.
GmIterator *gm_bin_iterate_elements(GmBin *bin);
GmIterator *gm_bin_iterate_sorted(GmBin *bin);
GmIterator *gm_bin_iterate_recurse(GmBin *bin);
GmIterator *gm_bin_iterate_sinks(GmBin *bin);
GmIterator *gm_bin_iterate_sources(GmBin *bin);
GmIterator *gm_bin_iterate_all_by_element_factory_name(GmBin *bin, const char *factory_name);

// An unlinked pad of any element in bin or below. Gives, or NULL.
GmPad *gm_bin_find_unlinked_pad(GmBin *bin, GmPadDirection direction);
// Takes every child to the bin's own state. False: a child failed.
bool gm_bin_sync_children_states(GmBin *bin);
// Queries latency of the sinks and distributes the result. May block as elements do.
bool gm_bin_recalculate_latency(GmBin *bin);
// Element flags that children cannot cause on the bin; set adds to those set before.
void gm_bin_set_suppressed_flags(GmBin *bin, GmElementFlags flags);
GmElementFlags gm_bin_get_suppressed_flags(GmBin *bin);

#ifdef __cplusplus
}
#endif
#endif
