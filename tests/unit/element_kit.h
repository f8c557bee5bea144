// SPDX-License-Identifier: MIT
//
// element_kit: small manifests for the tests of elements, bins, pipelines: a source and a sink
// whose state changes answer what a test asks for, and a filter that passes buffers on.
#ifndef ELEMENT_KIT_H
#define ELEMENT_KIT_H

#include <string.h>

#include "gmtest.h"
#include "gstmini-element.h"

typedef struct {
    GmStateChange on;         // this transition …
    GmStateChangeReturn answer; // … answers this; 0: FAILURE
    bool     armed;
    unsigned n_changes;
    GmStateChange changes[32];
    GmState  final_state; // of the last step that succeeded
    GmClock *clock;       // provided; borrowed
    bool     refuse_clock;
} Kit;

// The order in which elements of the kit changed state: "sink filter src " for one transition.
static char kit_order[512];

static GmStateChangeReturn kit_change_state(GmElement *el, GmStateChange transition)
{
    Kit *kit = gm_priv(el);
    size_t used = strlen(kit_order);

    if (GM_STATE_TRANSITION_CURRENT(transition) != GM_STATE_TRANSITION_NEXT(transition)) {
        snprintf(kit_order + used, sizeof kit_order - used, "%s ", GM_OBJECT_NAME(el));
        if (kit->n_changes < GM_LEN(kit->changes))
            kit->changes[kit->n_changes++] = transition;
    }
    GmStateChangeReturn ret = gm_element_class.change_state(el, transition);
    return kit->armed && kit->on == transition ? kit->answer : ret;
}

GM_UNUSED static void kit_arm(GmElement *el, GmStateChange on, GmStateChangeReturn answer)
{
    Kit *kit = gm_priv(el);
    kit->on     = on;
    kit->answer = answer;
    kit->armed  = true;
}

static GmClock *kit_provide_clock(GmElement *el)
{
    Kit *kit = gm_priv(el);
    return kit->clock != NULL ? gm_object_ref(kit->clock) : NULL;
}

static bool kit_set_clock(GmElement *el, GmClock *clock)
{
    Kit *kit = gm_priv(el);
    return !(kit->refuse_clock && clock != NULL) && gm_element_class.set_clock(el, clock);
}

static GmPad *kit_request_pad(GmElement *el, GmPadTemplate *templ, const char *name,
                              const GmCaps *caps)
{
    char text[32];
    (void)caps;

    snprintf(text, sizeof text, templ->direction == GM_PAD_SRC ? "src_%u" : "sink_%u",
             (unsigned)el->numpads);
    GmPad *pad = gm_pad_new_from_template(templ, name != NULL ? name : text);
    gm_element_add_pad(el, pad);
    return pad;
}

static GmFlowReturn kit_chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    (void)pad, (void)parent;
    gm_buffer_unref(buffer);
    return GM_FLOW_OK;
}

static const GmStaticPadTemplate kit_src_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC },
    { 0 },
};
static const GmStaticPadTemplate kit_sink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .chain = kit_chain },
    { 0 },
};
static const GmStaticPadTemplate kit_filter_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .static_caps = "video/x-raw",
      .chain = kit_chain },
    { .name_template = "src", .direction = GM_PAD_SRC, .static_caps = "video/x-raw" },
    { 0 },
};
static const GmStaticPadTemplate kit_request_pads[] = {
    { .name_template = "sink_%u", .direction = GM_PAD_SINK, .presence = GM_PAD_REQUEST,
      .chain = kit_chain },
    { .name_template = "src_%u", .direction = GM_PAD_SRC, .presence = GM_PAD_REQUEST },
    { 0 },
};

#define KIT_CLASS(symbol, class_name, pad_table, flags)                                       \
    GM_UNUSED static const GmElementClass symbol = {                                          \
        .name = class_name, .type_name = "Gm" class_name, .parent = &gm_element_class.object, \
        .longname = "A " class_name, .klass = "Testing", .description = "for tests",          \
        .author = "tests", .priv_size = sizeof(Kit), .element_flags = (flags),                \
        .pads = pad_table, .change_state = kit_change_state,                                  \
        .provide_clock = kit_provide_clock, .set_clock = kit_set_clock,                       \
        .request_new_pad = kit_request_pad,                                                   \
    }
KIT_CLASS(kit_src, "kitsrc", kit_src_pads, GM_ELEMENT_FLAG_SOURCE);
KIT_CLASS(kit_sink, "kitsink", kit_sink_pads, GM_ELEMENT_FLAG_SINK);
KIT_CLASS(kit_filter, "kitfilter", kit_filter_pads, 0);
KIT_CLASS(kit_request, "kitrequest", kit_request_pads, 0);
KIT_CLASS(kit_plain, "kitplain", NULL, 0);

// A floating element of one of the classes above.
GM_UNUSED static GmElement *kit_new(const GmElementClass *klass, const char *name)
{
    GmElement *el = gm_object_new(&klass->object, NULL, NULL);
    if (name != NULL)
        gm_object_set_name(GM_OBJECT(el), name);
    return el;
}

// One the test owns.
GM_UNUSED static GmElement *kit_own(const GmElementClass *klass, const char *name)
{
    return gm_object_ref_sink(kit_new(klass, name));
}

// The next message of `type` from src (NULL: anybody), waiting; fails the test after 5 s.
GM_UNUSED static GmMessage *kit_wait(GmBus *bus, GmMessageType type, void *src)
{
    for (;;) {
        GmMessage *m = gm_bus_timed_pop_filtered(bus, 5 * GM_SECOND, type);
        cr_assert_not_null(m, "no %s message within 5 s", gm_message_type_get_name(type));
        if (src == NULL || GM_MESSAGE_SRC(m) == src)
            return m;
        gm_message_unref(m);
    }
}

#endif
