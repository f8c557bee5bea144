// SPDX-License-Identifier: MIT
//
// autovideosink: the video sink that fits: termsink when standard output is a terminal.
//
//     [sink] (ghost) --> termsink | fakesink sync=true
//
// The choice is made each time it goes from NULL to READY. Until then a fakesink holds the place,
// so that the bin is a sink; it also stays, with a warning, where nothing can show video.

#include <unistd.h>

#include "gstmini-element.h"

GM_DEBUG_CATEGORY_DEFINE(autovideosink_debug, "autovideosink", 0, "automatic video sink");
#define GM_CAT_DEFAULT autovideosink_debug

typedef struct {
    bool       sync;   // property; object lock
    int64_t    ts_offset; // property; object lock
    GmElement *child;  // borrowed: the bin holds it; changed in NULL only
} AutoVideoSink;

// Replaces the child by a new element of `factory`. False: no such factory, nothing changed.
static bool autovideosink_use(GmElement *el, const char *factory, const char *name)
{
    AutoVideoSink *s = gm_priv(el);
    GmPad *ghost = gm_element_peek_static_pad(el, "sink");
    GmElement *child = gm_element_factory_make(factory, name);

    if (!child)
        return false;
    gm_ghost_pad_set_target(GM_GHOST_PAD(ghost), NULL);
    if (s->child) {
        gm_element_set_state(s->child, GM_STATE_NULL);
        gm_bin_remove(GM_BIN(el), s->child);
    }
    s->child = child;
    GM_OBJECT_LOCK(el);
    bool sync = s->sync;
    int64_t ts_offset = s->ts_offset;
    GM_OBJECT_UNLOCK(el);
    GM_INFO_OBJECT(el, "using %s", factory);
    gm_object_set(child, "sync", sync, "ts-offset", ts_offset, NULL);
    gm_bin_add(GM_BIN(el), child);
    return gm_ghost_pad_set_target(GM_GHOST_PAD(ghost), gm_element_peek_static_pad(child, "sink"));
}

static void autovideosink_detect(GmElement *el)
{
    if (isatty(STDOUT_FILENO) && autovideosink_use(el, "termsink", "actual-sink-term"))
        return;
    autovideosink_use(el, "fakesink", "fake-video-sink");
    GM_ELEMENT_WARNING(el, RESOURCE, NOT_FOUND, (NULL), ("Failed to find a usable video sink"));
}

static GmStateChangeReturn autovideosink_change_state(GmElement *el, GmStateChange transition)
{
    if (transition == GM_STATE_CHANGE_NULL_TO_READY)
        autovideosink_detect(el);
    return gm_bin_class.change_state(el, transition);
}

static void autovideosink_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    AutoVideoSink *s = gm_priv(obj);

    if (s->child)
        gm_object_set_property(s->child, prop->name, value);
}

static void autovideosink_init(GmObject *obj)
{
    GmElement *el = GM_ELEMENT(obj);
    GmPadTemplate *templ = gm_element_get_pad_template(el, "sink");

    // The template's row may have made a plain pad already: a bin's pads are ghosts.
    GmPad *plain = gm_element_get_static_pad(el, "sink");
    if (plain) {
        gm_element_remove_pad(el, plain);
        gm_object_unref(plain);
    }
    gm_element_add_pad(el, gm_ghost_pad_new_no_target_from_template("sink", templ));
    autovideosink_use(el, "fakesink", "fake-video-sink");
}

static const GmStaticPadTemplate autovideosink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK }, { 0 }
};

static const GmProperty autovideosink_props[] = {
    { "sync", "Sync on the clock", GM_FIELD(AutoVideoSink, sync), .def = "true" },
    { "ts-offset", "Timestamp offset in nanoseconds", GM_FIELD(AutoVideoSink, ts_offset) },
    { 0 }
};

const GmElementClass gm_autovideosink_class = {
    .name = "autovideosink",
    .type_name = "GmAutoVideoSink",
    .parent = &gm_bin_class.object,
    .longname = "Auto video sink",
    .klass = "Sink/Video",
    .description = "Shows video on the terminal if there is one, else nowhere",
    .author = "The GstMini authors",
    .priv_size = sizeof(AutoVideoSink),
    .props = autovideosink_props,
    .pads = autovideosink_pads,
    .init = autovideosink_init,
    .set_property = autovideosink_set_property,
    .change_state = autovideosink_change_state,
};
