// SPDX-License-Identifier: MIT
//
// pad_link: a source pad meets a sink pad.
//
// The peers point at each other without references; both object locks, the source pad's first,
// guard the two pointers. Parents are told by structure-change messages, upstream by a
// reconfigure event, the new peer by all sticky events before the next data.
// Read next: pad_event.c, ghost_pad.c.
#include "core/caps.h"
#include "core/element.h"
#include "core/event.h"
#include "core/ghost_pad.h"
#include "core/log.h"
#include "core/message.h"
#include "core/pad_priv.h"
#include "core/pad_template.h"
#include "core/util.h"

static const char *const link_names[] = {
    "ok", "wrong hierarchy", "was linked", "wrong direction", "no common format",
    "incompatible scheduling", "refused"
};

const char *gm_pad_link_get_name(GmPadLinkReturn ret)
{
    bool known = ret <= 0 && -(int)ret < (int)GM_LEN(link_names);
    return GM_REQUIRE(known) ? link_names[-(int)ret] : "unknown";
}

static void pad_lock_both(GmPad *srcpad, GmPad *sinkpad)
{
    GM_OBJECT_LOCK(srcpad);
    GM_OBJECT_LOCK(sinkpad);
}

static void pad_unlock_both(GmPad *srcpad, GmPad *sinkpad)
{
    GM_OBJECT_UNLOCK(sinkpad);
    GM_OBJECT_UNLOCK(srcpad);
}

// Tells the bins above that links change, so that they sort their children anew.
static void pad_post_structure_change(GmPad *sinkpad, GmElement *parent,
                                      GmStructureChangeType type, bool busy)
{
    if (parent != NULL)
        gm_element_post_message(
            parent, gm_message_new_structure_change(GM_OBJECT(sinkpad), type, parent, busy));
}

// Both locked. Parents that are elements must be different and in the same bin.
static bool pad_link_check_hierarchy(GmPad *src, GmPad *sink)
{
    GmObject *psrc = GM_OBJECT_PARENT(src), *psink = GM_OBJECT_PARENT(sink);

    if (psrc == NULL || psink == NULL || !GM_IS_ELEMENT(psrc) || !GM_IS_ELEMENT(psink))
        return true;
    return psrc != psink && GM_OBJECT_PARENT(psrc) == GM_OBJECT_PARENT(psink);
}

// Both locked; dropped to ask for caps.
static bool pad_link_check_caps(GmPad *src, GmPad *sink, unsigned flags)
{
    GmCaps *srccaps, *sinkcaps;

    if (flags & GM_PAD_LINK_CHECK_CAPS) {
        pad_unlock_both(src, sink);
        srccaps = gm_pad_query_caps(src, NULL);
        sinkcaps = gm_pad_query_caps(sink, NULL);
        pad_lock_both(src, sink);
    } else if ((flags & GM_PAD_LINK_CHECK_TEMPLATE_CAPS) && src->padtemplate != NULL &&
               sink->padtemplate != NULL) {
        srccaps = gm_pad_template_get_caps(src->padtemplate);
        sinkcaps = gm_pad_template_get_caps(sink->padtemplate);
    } else {
        return true;
    }
    bool ok = gm_caps_can_intersect(srccaps, sinkcaps);
    gm_caps_unref(srccaps);
    gm_caps_unref(sinkcaps);
    return ok;
}

// Takes both locks.
static GmPadLinkReturn pad_link_prepare(GmPad *srcpad, GmPad *sinkpad, unsigned flags)
{
    pad_lock_both(srcpad, sinkpad);
    if (srcpad->peer != NULL || sinkpad->peer != NULL)
        return GM_PAD_LINK_WAS_LINKED;
    if ((flags & GM_PAD_LINK_CHECK_HIERARCHY) && !pad_link_check_hierarchy(srcpad, sinkpad))
        return GM_PAD_LINK_WRONG_HIERARCHY;
    if (!pad_link_check_caps(srcpad, sinkpad, flags))
        return GM_PAD_LINK_NOFORMAT;
    // Asking for caps has dropped the locks.
    bool linked = srcpad->peer != NULL || sinkpad->peer != NULL;
    return linked ? GM_PAD_LINK_WAS_LINKED : GM_PAD_LINK_OK;
}

bool gm_pad_can_link(GmPad *srcpad, GmPad *sinkpad)
{
    if (!GM_REQUIRE(GM_IS_PAD(srcpad)) || !GM_REQUIRE(GM_IS_PAD(sinkpad)) || srcpad == sinkpad)
        return false;
    GmPadLinkReturn ret = pad_link_prepare(srcpad, sinkpad, GM_PAD_LINK_CHECK_DEFAULT);
    pad_unlock_both(srcpad, sinkpad);
    return ret == GM_PAD_LINK_OK;
}

// The link functions may refuse; the source's decides if there are both. Both locked, dropped.
static GmPadLinkReturn pad_link_call(GmPad *srcpad, GmPad *sinkpad)
{
    GmPadLinkReturn ret = GM_PAD_LINK_OK;
    GmPad *pad = srcpad->linkfunc != NULL ? srcpad : sinkpad;
    GmObject *parent;

    if (pad->linkfunc == NULL)
        return GM_PAD_LINK_OK;
    bool callable = pad_acquire_parent(pad, &parent);
    pad_unlock_both(srcpad, sinkpad);
    if (callable) {
        ret = pad->linkfunc(pad, parent, pad == srcpad ? sinkpad : srcpad);
        pad_release_parent(parent);
    }
    pad_lock_both(srcpad, sinkpad);
    if (srcpad->peer != sinkpad || sinkpad->peer != srcpad)
        return GM_PAD_LINK_WAS_LINKED; // by somebody else meanwhile
    if (ret != GM_PAD_LINK_OK)
        srcpad->peer = sinkpad->peer = NULL;
    return ret;
}

GmPadLinkReturn gm_pad_link_full(GmPad *srcpad, GmPad *sinkpad, GmPadLinkCheck flags)
{
    if (!GM_REQUIRE(GM_IS_PAD(srcpad)) || !GM_REQUIRE(GM_IS_PAD(sinkpad)))
        return GM_PAD_LINK_REFUSED;
    if (!GM_REQUIRE(GM_PAD_IS_SRC(srcpad)) || !GM_REQUIRE(GM_PAD_IS_SINK(sinkpad)))
        return GM_PAD_LINK_WRONG_DIRECTION;
    GmElement *parent = gm_pad_get_parent_element(srcpad);
    pad_post_structure_change(sinkpad, parent, GM_STRUCTURE_CHANGE_TYPE_PAD_LINK, true);
    GmPadLinkReturn ret = pad_link_prepare(srcpad, sinkpad, flags);
    if (ret == GM_PAD_LINK_OK) {
        srcpad->peer = sinkpad;
        sinkpad->peer = srcpad;
        gm_pad_resend_events(srcpad, sinkpad);
        ret = pad_link_call(srcpad, sinkpad);
    }
    pad_unlock_both(srcpad, sinkpad);
    if (ret == GM_PAD_LINK_OK) {
        gm_signal_emit_by_name(srcpad, "linked", sinkpad);
        gm_signal_emit_by_name(sinkpad, "linked", srcpad);
        if (!(flags & GM_PAD_LINK_CHECK_NO_RECONFIGURE))
            gm_pad_send_event(srcpad, gm_event_new_reconfigure());
    } else {
        GM_INFO_OBJECT(srcpad, "link to %s:%s failed: %s", GM_DEBUG_PAD_NAME(sinkpad),
                       gm_pad_link_get_name(ret));
    }
    pad_post_structure_change(sinkpad, parent, GM_STRUCTURE_CHANGE_TYPE_PAD_LINK, false);
    if (parent != NULL)
        gm_object_unref(parent);
    return ret;
}

GmPadLinkReturn gm_pad_link(GmPad *srcpad, GmPad *sinkpad)
{
    return gm_pad_link_full(srcpad, sinkpad, GM_PAD_LINK_CHECK_DEFAULT);
}

static void pad_unlink_call(GmPad *pad)
{
    GmObject *parent;

    if (pad->unlinkfunc == NULL || !pad_acquire_parent(pad, &parent))
        return;
    pad->unlinkfunc(pad, parent);
    pad_release_parent(parent);
}

bool gm_pad_unlink(GmPad *srcpad, GmPad *sinkpad)
{
    if (!GM_REQUIRE(GM_IS_PAD(srcpad) && GM_PAD_IS_SRC(srcpad)) ||
        !GM_REQUIRE(GM_IS_PAD(sinkpad) && GM_PAD_IS_SINK(sinkpad)))
        return false;
    GmElement *parent = gm_pad_get_parent_element(srcpad);
    pad_post_structure_change(sinkpad, parent, GM_STRUCTURE_CHANGE_TYPE_PAD_UNLINK, true);
    pad_lock_both(srcpad, sinkpad);
    bool linked = srcpad->peer == sinkpad;
    if (linked) {
        pad_unlink_call(srcpad);
        pad_unlink_call(sinkpad);
        srcpad->peer = sinkpad->peer = NULL;
    }
    pad_unlock_both(srcpad, sinkpad);
    if (linked) {
        gm_signal_emit_by_name(srcpad, "unlinked", sinkpad);
        gm_signal_emit_by_name(sinkpad, "unlinked", srcpad);
    }
    pad_post_structure_change(sinkpad, parent, GM_STRUCTURE_CHANGE_TYPE_PAD_UNLINK, false);
    if (parent != NULL)
        gm_object_unref(parent);
    return linked;
}

GmPad *gm_pad_get_peer(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return NULL;
    GM_OBJECT_LOCK(pad);
    GmPad *peer = pad->peer != NULL ? gm_object_ref(pad->peer) : NULL;
    GM_OBJECT_UNLOCK(pad);
    return peer;
}

bool gm_pad_is_linked(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return false;
    GM_OBJECT_LOCK(pad);
    bool linked = pad->peer != NULL;
    GM_OBJECT_UNLOCK(pad);
    return linked;
}

// ---- ghosting ----------------------------------------------------------------------------------

// Wraps *pad in ghost pads, one in each bin below `root`. They are noted in *made.
static bool pad_ghost_up(GmPad **pad, GmObject *root, GmList **made)
{
    static _Atomic unsigned count;

    while (GM_OBJECT_PARENT(GM_OBJECT_PARENT(*pad)) != root) {
        GmElement *bin = GM_ELEMENT(GM_OBJECT_PARENT(GM_OBJECT_PARENT(*pad)));
        char *name = gm_strdup_printf("ghost%u", count++);
        GmPad *ghost = gm_ghost_pad_new(name, *pad);
        gm_free(name);
        if (ghost == NULL)
            return false;
        // Data may flow already: the ghost pad must be live before it is linked.
        if (gm_pad_is_active(*pad))
            gm_pad_set_active(ghost, true);
        if (!gm_element_add_pad(bin, ghost))
            return false;
        *made = gm_list_prepend(*made, ghost);
        *pad = ghost;
    }
    return true;
}

// The innermost bin (borrowed) that both are in; NULL: none.
static GmObject *pad_common_root(GmPad *src, GmPad *sink)
{
    GmObject *bin = GM_OBJECT_PARENT(GM_OBJECT_PARENT(src));

    while (bin != NULL && !gm_object_has_as_ancestor(GM_OBJECT(sink), bin))
        bin = GM_OBJECT_PARENT(bin);
    return bin;
}

bool gm_pad_link_maybe_ghosting_full(GmPad *src, GmPad *sink, GmPadLinkCheck flags)
{
    if (!GM_REQUIRE(GM_IS_PAD(src)) || !GM_REQUIRE(GM_IS_PAD(sink))) return false;
    GmObject *a = GM_OBJECT_PARENT(src), *b = GM_OBJECT_PARENT(sink);
    GmList *made = NULL;
    if (a == NULL || b == NULL)
        return false;
    bool ok = GM_OBJECT_PARENT(a) == GM_OBJECT_PARENT(b);
    if (!ok) {
        GmObject *root = pad_common_root(src, sink);
        if (root == NULL)
            gm_critical(__func__, "Trying to link elements %s and %s that don't share a common "
                                  "ancestor: add both to one bin or pipeline first",
                        GM_OBJECT_NAME(a), GM_OBJECT_NAME(b));
        ok = root != NULL && pad_ghost_up(&src, root, &made) && pad_ghost_up(&sink, root, &made);
    }
    ok = ok && gm_pad_link_full(src, sink, flags) == GM_PAD_LINK_OK;
    for (GmList *l = ok ? NULL : made; l != NULL; l = l->next)
        gm_element_remove_pad(GM_PAD_PARENT(l->data), l->data);
    gm_list_free(made);
    return ok;
}

bool gm_pad_link_maybe_ghosting(GmPad *src, GmPad *sink)
{
    return gm_pad_link_maybe_ghosting_full(src, sink, GM_PAD_LINK_CHECK_DEFAULT);
}
