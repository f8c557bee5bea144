// SPDX-License-Identifier: MIT
//
// pad_template: the checked, shared form of a row of an element's pad table.
// Read next: pad.c.
#include <string.h>

#include "core/caps.h"
#include "core/pad_template.h"
#include "core/util.h"

static void pad_template_finalize(GmObject *obj)
{
    GmPadTemplate *templ = GM_PAD_TEMPLATE(obj);

    gm_free(templ->name_template);
    if (templ->caps != NULL)
        gm_caps_unref(templ->caps);
}

static const GmSignal pad_template_signals[] = {
    { .name = "pad-created", .marshal = gm_marshal_pointer,
      .blurb = "void (GmPadTemplate *templ, GmPad *pad, void *data)" },
    { 0 },
};

const GmObjectClass gm_pad_template_class = {
    .name = "GmPadTemplate",
    .parent = &gm_object_class,
    .instance_size = sizeof(GmPadTemplate),
    .signals = pad_template_signals,
    .finalize = pad_template_finalize,
};

// What is wrong with the conversions of a request template's name; NULL: nothing.
static const char *pad_template_name_error(const char *name)
{
    const char *s = strchr(name, '%');

    while (s != NULL) {
        if (s[1] == '\0' || strchr("sdu", s[1]) == NULL)
            return "conversion specification must be '%d', '%u' or '%s'";
        if (s[1] == 's' && s[2] != '\0')
            return "'%s' is only allowed once, at the very end";
        const char *next = strchr(s + 1, '%'), *underscore = strchr(s, '_');
        if (next != NULL && (underscore == NULL || next < underscore))
            return "conversion specifications must be separated by an underscore";
        s = next;
    }
    return NULL;
}

static bool pad_template_check_name(const char *name, GmPadPresence presence)
{
    const char *error = NULL;

    if (presence == GM_PAD_ALWAYS && strchr(name, '%') != NULL)
        error = "conversion specifications are not allowed for always-pads";
    else if (presence == GM_PAD_REQUEST)
        error = pad_template_name_error(name);
    if (error != NULL)
        gm_critical("gm_pad_template_new", "invalid name template %s: %s", name, error);
    return error == NULL;
}

GmPadTemplate *gm_pad_template_new_with_pad_class(const char *name_template,
                                                  GmPadDirection direction, GmPadPresence presence,
                                                  GmCaps *caps, const GmObjectClass *pad_class)
{
    if (!GM_REQUIRE(name_template != NULL) || !GM_REQUIRE(caps != NULL) ||
        !GM_REQUIRE(direction == GM_PAD_SRC || direction == GM_PAD_SINK) ||
        !GM_REQUIRE(presence <= GM_PAD_REQUEST) ||
        !GM_REQUIRE(pad_class == NULL || gm_object_class_is_a(pad_class, &gm_pad_class)) ||
        !pad_template_check_name(name_template, presence))
        return NULL;
    GmPadTemplate *templ = gm_object_new(&gm_pad_template_class, NULL);
    gm_object_set_name(GM_OBJECT(templ), name_template);
    templ->name_template = gm_strdup(name_template);
    templ->direction = direction;
    templ->presence = presence;
    templ->caps = gm_caps_ref(caps);
    templ->pad_class = pad_class;
    return templ;
}

GmPadTemplate *gm_pad_template_new(const char *name_template, GmPadDirection direction,
                                   GmPadPresence presence, GmCaps *caps)
{
    return gm_pad_template_new_with_pad_class(name_template, direction, presence, caps, NULL);
}

GmCaps *gm_static_pad_template_get_caps(const GmStaticPadTemplate *row)
{
    if (!GM_REQUIRE(row != NULL)) return NULL;
    const char *text = row->static_caps != NULL ? row->static_caps : row->braced_caps.string;
    GmCaps *caps = text != NULL ? gm_caps_from_string(text) : gm_caps_ref(GM_CAPS_ANY);
    if (caps == NULL)
        gm_critical(__func__, "template %s: '%s' are no caps", row->name_template, text);
    return caps;
}

GmPadTemplate *gm_pad_template_new_from_static_pad_template(const GmStaticPadTemplate *row)
{
    GmCaps *caps = gm_static_pad_template_get_caps(row);

    if (caps == NULL)
        return NULL;
    GmPadTemplate *templ = gm_pad_template_new_with_pad_class(
        row->name_template, row->direction, row->presence, caps, row->pad_class);
    if (templ != NULL)
        templ->row = row;
    gm_caps_unref(caps);
    return templ;
}

GmCaps *gm_pad_template_get_caps(GmPadTemplate *templ)
{
    return GM_REQUIRE(GM_IS_PAD_TEMPLATE(templ)) ? gm_caps_ref(templ->caps) : NULL;
}

void gm_pad_template_pad_created(GmPadTemplate *templ, GmPad *pad)
{
    if (GM_REQUIRE(GM_IS_PAD_TEMPLATE(templ)))
        gm_signal_emit_by_name(templ, "pad-created", pad);
}
