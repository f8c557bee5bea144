// SPDX-License-Identifier: MIT
//
// parse_elements: elements without data flow, for tests of launch lines and drawings.
//
//     psrc  [src]        test/a; test/b    properties num (0…10), mode (slow fast), text, on
//     psink        [sink]                  accepts test/a
//     pany  [src]  [sink]                  anything
//     ptee  [src_%u request] [sink]        pfun  [src] [sink_%u request]
//     pdemux [src_%u sometimes] [sink]
#ifndef PARSE_ELEMENTS_H
#define PARSE_ELEMENTS_H

#include "gstmini-element.h"

typedef struct {
    int   num, mode;
    bool  on;
    char *text;
} Psrc;

static const GmEnumTable psrc_modes = {
    "PsrcMode", (const GmEnumValue[]){ { 0, "Take time", "slow" }, { 1, "Hurry", "fast" },
                                       { 0, NULL, NULL } }, false };
static const GmProperty psrc_props[] = {
    { "num", "A number", GM_FIELD(Psrc, num), .def = "3", .min = 0, .max = 10 },
    { "mode", "A mode", GM_ENUM_FIELD(Psrc, mode, &psrc_modes), .def = "slow" },
    { "on", "A switch", GM_FIELD(Psrc, on) },
    { "text", "A text", GM_FIELD(Psrc, text) },
    { 0 } };

static GmPad *parse_elements_request(GmElement *el, GmPadTemplate *templ, const char *name,
                                     GM_UNUSED const GmCaps *caps)
{
    static unsigned serial;
    char *made = name && !strchr(name, '%') ? gm_strdup(name)
        : gm_strdup_printf("%s_%u", templ->direction == GM_PAD_SRC ? "src" : "sink", serial++);
    GmPad *pad = gm_pad_new_from_template(templ, made);
    gm_free(made);
    return gm_element_add_pad(el, pad) ? pad : NULL;
}

static void parse_elements_release(GmElement *el, GmPad *pad)
{
    gm_element_remove_pad(el, pad);
}

static const GmStaticPadTemplate psrc_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC, .static_caps = "test/a; test/b" }, { 0 } };
static const GmStaticPadTemplate psink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .static_caps = "test/a" }, { 0 } };
static const GmStaticPadTemplate pany_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK },
    { .name_template = "src", .direction = GM_PAD_SRC }, { 0 } };
static const GmStaticPadTemplate ptee_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK },
    { .name_template = "src_%u", .direction = GM_PAD_SRC, .presence = GM_PAD_REQUEST }, { 0 } };
static const GmStaticPadTemplate pfun_pads[] = {
    { .name_template = "sink_%u", .direction = GM_PAD_SINK, .presence = GM_PAD_REQUEST },
    { .name_template = "src", .direction = GM_PAD_SRC }, { 0 } };
static const GmStaticPadTemplate pdemux_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK },
    { .name_template = "src_%u", .direction = GM_PAD_SRC, .presence = GM_PAD_SOMETIMES }, { 0 } };

#define PARSE_ELEMENT(id, title, ...)                                                          \
    static const GmElementClass id##_class = {                                                 \
        .name = #id, .type_name = title, .parent = &gm_element_class.object,                   \
        .longname = title, .klass = "Generic", .description = "For tests",                     \
        .author = "GstMini", .pads = id##_pads, __VA_ARGS__ }
PARSE_ELEMENT(psrc, "Psrc", .priv_size = sizeof(Psrc), .props = psrc_props);
PARSE_ELEMENT(psink, "Psink", .rank = GM_RANK_NONE);
PARSE_ELEMENT(pany, "Pany", .rank = GM_RANK_NONE);
PARSE_ELEMENT(ptee, "Ptee", .request_new_pad = parse_elements_request,
              .release_pad = parse_elements_release);
PARSE_ELEMENT(pfun, "Pfun", .request_new_pad = parse_elements_request,
              .release_pad = parse_elements_release);
PARSE_ELEMENT(pdemux, "Pdemux", .rank = GM_RANK_NONE);

GM_UNUSED static void parse_elements_register(void)
{
    static const GmElementClass *const all[] = { &psrc_class, &psink_class, &pany_class,
                                                 &ptee_class, &pfun_class, &pdemux_class };
    static bool done;
    gm_init(NULL, NULL);
    for (size_t i = 0; !done && i < GM_LEN(all); i++)
        gm_element_register(NULL, all[i]->name, GM_RANK_NONE, all[i]);
    done = true;
}

#endif
