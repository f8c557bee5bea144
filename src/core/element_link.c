// SPDX-License-Identifier: MIT
//
// element_link: linking elements: which pads of two elements fit, existing ones first, then
// new request pads of one side, then of both.
// Read next: pad_link.c.
#include "core/bin.h"
#include "core/caps.h"
#include "core/element_factory.h"
#include "core/element_priv.h"
#include "core/list.h"
#include "core/log.h"
#include "core/pad_template.h"

// A pad in hand, and whether it was requested for this link (and goes back if that fails).
typedef struct {
    GmElement *element;
    GmPad     *pad; // counted, or NULL
    bool       requested;
} LinkEnd;

static void link_end_drop(LinkEnd *end, bool linked)
{
    if (end->pad == NULL)
        return;
    if (end->requested && !linked)
        gm_element_release_request_pad(end->element, end->pad);
    gm_object_unref(end->pad);
    end->pad = NULL;
}

// ---- compatible pads --------------------------------------------------------------------

GmPadTemplate *gm_element_get_compatible_pad_template(GmElement *element, GmPadTemplate *templ)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    if (!GM_REQUIRE(templ != NULL)) return NULL;
    for (GmList *l = gm_element_get_pad_template_list(element); l != NULL; l = l->next) {
        GmPadTemplate *t = l->data;
        if (t->direction != templ->direction && gm_caps_can_intersect(t->caps, templ->caps))
            return t;
    }
    return NULL;
}

// The pad of a template: the one there is, or a new one. Gives, or NULL.
static GmPad *link_pad_of_template(GmElement *element, GmPadTemplate *templ)
{
    if (templ->presence == GM_PAD_REQUEST)
        return gm_element_request_pad(element, templ, NULL, NULL);
    return gm_element_get_static_pad(element, templ->name_template);
}

// A new request pad (or a named one) of element for caps. Gives, or NULL.
static GmPad *link_request_for_caps(GmElement *element, GmPadDirection direction,
                                    const GmCaps *caps)
{
    for (GmList *l = gm_element_get_pad_template_list(element); l != NULL; l = l->next) {
        GmPadTemplate *t = l->data;
        if (t->direction != direction || !gm_caps_can_intersect(t->caps, caps))
            continue;
        GmPad *pad = link_pad_of_template(element, t);
        if (pad != NULL && GM_PAD_PEER(pad) == NULL)
            return pad;
        if (pad != NULL)
            gm_object_unref(pad);
        return NULL;
    }
    return NULL;
}

typedef struct {
    const GmCaps *caps;
    GmPad *found;
} LinkSearch;

static bool link_try_pad(GmElement *element, GmPad *pad, void *data)
{
    LinkSearch *search = data;
    (void)element;

    if (gm_pad_is_linked(pad))
        return true;
    GmCaps *caps = gm_pad_query_caps(pad, NULL);
    if (gm_caps_can_intersect(caps, search->caps))
        search->found = gm_object_ref(pad);
    gm_caps_unref(caps);
    return search->found == NULL;
}

GmPad *gm_element_get_compatible_pad(GmElement *element, GmPad *pad, GmCaps *caps)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return NULL;
    if (!GM_REQUIRE(GM_PAD_PEER(pad) == NULL)) return NULL;
    bool from_src  = GM_PAD_IS_SRC(pad);
    GmCaps *able   = gm_pad_query_caps(pad, NULL);
    GmCaps *wanted = caps != NULL ? gm_caps_intersect(able, caps) : gm_caps_ref(able);
    gm_caps_unref(able);
    LinkSearch search = { wanted, NULL };

    if (from_src)
        gm_element_foreach_sink_pad(element, link_try_pad, &search);
    else
        gm_element_foreach_src_pad(element, link_try_pad, &search);
    if (search.found == NULL)
        search.found = link_request_for_caps(element, from_src ? GM_PAD_SINK : GM_PAD_SRC, wanted);
    gm_caps_unref(wanted);
    return search.found;
}

// ---- linking ----------------------------------------------------------------------------

// Fills end with the pad called name, requesting it if needed. False: none, or unfit.
static bool link_named_pad(LinkEnd *end, const char *name, GmPadDirection direction)
{
    end->pad = gm_element_get_static_pad(end->element, name);
    if (end->pad == NULL) {
        end->pad = gm_element_request_pad_simple(end->element, name);
        end->requested = end->pad != NULL;
    }
    if (end->pad == NULL)
        GM_INFO_OBJECT(end->element, "no pad \"%s\"", name);
    else if (end->pad->direction == direction && !gm_pad_is_linked(end->pad))
        return true;
    link_end_drop(end, false);
    return false;
}

static bool link_pads(GmPad *a, GmPad *b, GmPadLinkCheck flags)
{
    return gm_pad_link_maybe_ghosting_full(GM_PAD_IS_SRC(a) ? a : b, GM_PAD_IS_SRC(a) ? b : a,
                                           flags);
}

typedef struct {
    GmElement *other;
    GmPad *other_pad; // NULL: find one
    GmPadLinkCheck flags;
    bool linked;
} LinkTry;

// Links pad with the other element, if it can. Foreach function: false ends the walk.
static bool link_try_other(GmElement *element, GmPad *pad, void *data)
{
    LinkTry *t = data;
    (void)element;

    if (gm_pad_is_linked(pad))
        return true;
    LinkEnd end = { .element = t->other };
    if (t->other_pad != NULL) {
        end.pad = gm_object_ref(t->other_pad);
    } else {
        end.pad = gm_element_get_compatible_pad(t->other, pad, NULL);
        end.requested = end.pad != NULL && end.pad->padtemplate != NULL &&
                        end.pad->padtemplate->presence == GM_PAD_REQUEST;
    }
    if (end.pad != NULL)
        t->linked = link_pads(pad, end.pad, t->flags);
    link_end_drop(&end, t->linked);
    return !t->linked;
}

static bool link_request_both(GmElement *src, GmElement *dest, GmPadLinkCheck flags)
{
    for (GmList *s = gm_element_get_pad_template_list(src); s != NULL; s = s->next)
        for (GmList *d = gm_element_get_pad_template_list(dest); d != NULL; d = d->next) {
            GmPadTemplate *st = s->data, *dt = d->data;
            if (st->presence != GM_PAD_REQUEST || dt->presence != GM_PAD_REQUEST ||
                st->direction != GM_PAD_SRC || dt->direction != GM_PAD_SINK ||
                !gm_caps_is_always_compatible(st->caps, dt->caps))
                continue;
            LinkEnd a = { src, gm_element_request_pad(src, st, NULL, NULL), true };
            LinkEnd b = { dest, gm_element_request_pad(dest, dt, NULL, NULL), true };
            bool linked = a.pad != NULL && b.pad != NULL && link_pads(a.pad, b.pad, flags);
            link_end_drop(&a, linked);
            link_end_drop(&b, linked);
            if (linked)
                return true;
        }
    return false;
}

bool gm_element_link_pads_full(GmElement *src, const char *srcpadname, GmElement *dest,
                               const char *destpadname, GmPadLinkCheck flags)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(src))) return false;
    if (!GM_REQUIRE(GM_IS_ELEMENT(dest))) return false;
    LinkEnd a = { .element = src }, b = { .element = dest };
    LinkTry forward = { .other = dest, .flags = flags }, back = { .other = src, .flags = flags };
    bool linked = false;

    if (srcpadname != NULL && !link_named_pad(&a, srcpadname, GM_PAD_SRC))
        return false;
    if (destpadname != NULL && !link_named_pad(&b, destpadname, GM_PAD_SINK)) {
        link_end_drop(&a, false);
        return false;
    }
    if (a.pad != NULL && b.pad != NULL) {
        linked = link_pads(a.pad, b.pad, flags);
    } else if (a.pad != NULL) {
        link_try_other(src, a.pad, &forward);
        linked = forward.linked;
    } else if (b.pad != NULL) {
        forward.other_pad = b.pad;
        gm_element_foreach_src_pad(src, link_try_other, &forward);
        if (!forward.linked)
            link_try_other(dest, b.pad, &back);
        linked = forward.linked || back.linked;
    } else {
        gm_element_foreach_src_pad(src, link_try_other, &forward);
        if (!forward.linked)
            gm_element_foreach_sink_pad(dest, link_try_other, &back);
        linked = forward.linked || back.linked || link_request_both(src, dest, flags);
    }
    link_end_drop(&a, linked);
    link_end_drop(&b, linked);
    if (!linked)
        GM_INFO_OBJECT(src, "no link possible to %s", GM_ELEMENT_NAME(dest));
    return linked;
}

bool gm_element_link_pads(GmElement *src, const char *srcpadname, GmElement *dest,
                          const char *destpadname)
{
    return gm_element_link_pads_full(src, srcpadname, dest, destpadname,
                                     GM_PAD_LINK_CHECK_DEFAULT);
}

bool gm_element_link(GmElement *src, GmElement *dest)
{
    return gm_element_link_pads(src, NULL, dest, NULL);
}

bool gm_element_link_many(GmElement *element_1, GmElement *element_2, ...)
{
    va_list args;
    bool ok = true;

    va_start(args, element_2);
    for (; element_2 != NULL && ok; element_1 = element_2, element_2 = va_arg(args, GmElement *))
        ok = gm_element_link(element_1, element_2);
    va_end(args);
    return ok;
}

bool gm_element_link_pads_filtered(GmElement *src, const char *srcpadname, GmElement *dest,
                                   const char *destpadname, GmCaps *filter)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(src))) return false;
    if (!GM_REQUIRE(GM_IS_ELEMENT(dest))) return false;
    if (filter == NULL)
        return gm_element_link_pads(src, srcpadname, dest, destpadname);
    GmObject *parent = gm_object_get_parent(GM_OBJECT(src));
    GmElement *capsfilter = NULL;
    bool linked = false;
    GmState state, pending;

    if (GM_IS_BIN(parent))
        capsfilter = gm_element_factory_make("capsfilter", NULL);
    if (capsfilter != NULL) {
        gm_object_set(capsfilter, "caps", filter, NULL);
        gm_bin_add(GM_BIN(parent), capsfilter);
        gm_element_get_state(GM_ELEMENT(parent), &state, &pending, 0);
        gm_element_set_state(capsfilter, pending > state ? pending : state);
        linked = gm_element_link_pads(src, srcpadname, capsfilter, "sink") &&
                 gm_element_link_pads(capsfilter, "src", dest, destpadname);
        if (!linked) {
            gm_element_set_state(capsfilter, GM_STATE_NULL);
            gm_bin_remove(GM_BIN(parent), capsfilter); // unlinks it
        }
    }
    if (parent != NULL)
        gm_object_unref(parent);
    return linked;
}

bool gm_element_link_filtered(GmElement *src, GmElement *dest, GmCaps *filter)
{
    return gm_element_link_pads_filtered(src, NULL, dest, NULL, filter);
}

// ---- unlinking --------------------------------------------------------------------------

void gm_element_unlink_pads(GmElement *src, const char *srcpadname, GmElement *dest,
                            const char *destpadname)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(src))) return;
    if (!GM_REQUIRE(GM_IS_ELEMENT(dest))) return;
    if (!GM_REQUIRE(srcpadname != NULL && destpadname != NULL)) return;
    LinkEnd a = { .element = src }, b = { .element = dest };

    a.pad = gm_element_get_static_pad(src, srcpadname);
    b.pad = gm_element_get_static_pad(dest, destpadname);
    if (a.pad == NULL || b.pad == NULL)
        GM_WARNING_OBJECT(src, "no pad %s or %s to unlink", srcpadname, destpadname);
    else
        gm_pad_unlink(a.pad, b.pad);
    link_end_drop(&a, true);
    link_end_drop(&b, true);
}

static bool link_unlink_pad(GmElement *src, GmPad *pad, void *dest)
{
    GmPad *peer = gm_pad_get_peer(pad);
    (void)src;

    if (peer != NULL) {
        GmElement *owner = gm_pad_get_parent_element(peer);
        if (owner == dest)
            gm_pad_unlink(pad, peer);
        if (owner != NULL)
            gm_object_unref(owner);
        gm_object_unref(peer);
    }
    return true;
}

void gm_element_unlink(GmElement *src, GmElement *dest)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(src))) return;
    if (!GM_REQUIRE(GM_IS_ELEMENT(dest))) return;
    gm_element_foreach_src_pad(src, link_unlink_pad, dest);
}

void gm_element_unlink_many(GmElement *element_1, GmElement *element_2, ...)
{
    va_list args;

    va_start(args, element_2);
    for (; element_2 != NULL; element_1 = element_2, element_2 = va_arg(args, GmElement *))
        gm_element_unlink(element_1, element_2);
    va_end(args);
}
