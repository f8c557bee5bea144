// SPDX-License-Identifier: MIT
//
// pad_template: the promise of an element: which pads it has or can have, and with which caps.
//
//     { "src_%u", GM_PAD_SRC, GM_PAD_REQUEST, "video/x-raw" }     a row of the element's table
//        └─ GmPadTemplate: the row with its caps parsed, shared by all pads made from it
//
// Name templates: always-pads have plain names ("sink"). Others may have conversions: %u, %d (a
// number) anywhere but once each between '_', and %s (any text) at the end: "src_%u", "%s_%u"
// is wrong, "sink_%u_%s" is fine.
// Templates are constant after they are made. Any thread; nothing blocks. Misuse is a critical and
// NULL.
// Read next: core/pad.h.
#ifndef GM_CORE_PAD_TEMPLATE_H
#define GM_CORE_PAD_TEMPLATE_H

#include "core/object.h"
#include "core/pad.h"

#ifdef __cplusplus
extern "C" {
#endif

// GStreamer's way to write a row: GM_STATIC_PAD_TEMPLATE ("src", GM_PAD_SRC, GM_PAD_ALWAYS,
// GM_STATIC_CAPS ("video/x-raw")).
#define GM_STATIC_PAD_TEMPLATE(padname, dir, pres, ...) \
    { .name_template = (padname), .direction = (dir), .presence = (pres),                       \
      .braced_caps = __VA_ARGS__ }

struct GmPadTemplate {
    GmObject       object;
    char          *name_template;
    GmPadDirection direction;
    GmPadPresence  presence;
    GmCaps        *caps; // counted
    const GmStaticPadTemplate *row; // what it was made from, or NULL: functions for its pads
    const GmObjectClass *pad_class; // of pads made from it; NULL: gm_pad_class
};
// Signal: "pad-created" (GmPadTemplate *templ, GmPad *pad, data).
extern const GmObjectClass gm_pad_template_class;

// Casts are unchecked; GM_IS_PAD_TEMPLATE checks (NULL: false). The others read the
// struct: not NULL, no lock taken.
#define GM_PAD_TEMPLATE(obj) ((GmPadTemplate *)(obj))
#define GM_PAD_TEMPLATE_CAST(obj) ((GmPadTemplate *)(obj))
#define GM_IS_PAD_TEMPLATE(obj) gm_object_is_a((obj), &gm_pad_template_class)
#define GM_PAD_TEMPLATE_NAME_TEMPLATE(templ) (GM_PAD_TEMPLATE(templ)->name_template)
#define GM_PAD_TEMPLATE_DIRECTION(templ) (GM_PAD_TEMPLATE(templ)->direction)
#define GM_PAD_TEMPLATE_PRESENCE(templ) (GM_PAD_TEMPLATE(templ)->presence)
#define GM_PAD_TEMPLATE_CAPS(templ) (GM_PAD_TEMPLATE(templ)->caps)

// Give a floating template; caps are borrowed. NULL and a warning when the name does not fit the
// presence.
GmPadTemplate *gm_pad_template_new(const char *name_template, GmPadDirection direction,
                                   GmPadPresence presence, GmCaps *caps);
GmPadTemplate *gm_pad_template_new_with_pad_class(const char *name_template,
                                                  GmPadDirection direction, GmPadPresence presence,
                                                  GmCaps *caps, const GmObjectClass *pad_class);
// `row` must outlive the template. NULL when name or caps are wrong (a critical says which).
GmPadTemplate *gm_pad_template_new_from_static_pad_template(const GmStaticPadTemplate *row);
#define gm_static_pad_template_get(row) gm_pad_template_new_from_static_pad_template(row)
GmCaps *gm_static_pad_template_get_caps(const GmStaticPadTemplate *row); // gives
GmCaps *gm_pad_template_get_caps(GmPadTemplate *templ);                  // gives
void    gm_pad_template_pad_created(GmPadTemplate *templ, GmPad *pad);   // emits "pad-created"

#ifdef __cplusplus
}
#endif
#endif
