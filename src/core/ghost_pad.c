// SPDX-License-Identifier: MIT
//
// ghost_pad: what comes in at one half of the pair is pushed, pulled or asked on at the other.
// Events and queries need no code here: the two halves are each other's internal links, and
// the default functions of pads forward along those.
// Read next: pad_event.c (gm_pad_event_default), bin.c.
#include "core/buffer.h"
#include "core/buffer_list.h"
#include "core/ghost_pad.h"
#include "core/iterator.h"
#include "core/log.h"
#include "core/pad_priv.h"
#include "core/pad_template.h"
#include "core/value.h"

static GmPad *ghost_pad_internal(GmPad *pad) // gives, or NULL
{
    GM_OBJECT_LOCK(pad);
    GmPad *internal = GM_PROXY_PAD(pad)->internal;
    if (internal != NULL)
        gm_object_ref(internal);
    GM_OBJECT_UNLOCK(pad);
    return internal;
}

GmProxyPad *gm_proxy_pad_get_internal(GmProxyPad *pad)
{
    return GM_REQUIRE(GM_IS_PROXY_PAD(pad)) ? GM_PROXY_PAD(ghost_pad_internal(GM_PAD(pad))) : NULL;
}

GmIterator *gm_proxy_pad_iterate_internal_links_default(GmPad *pad, GmObject *parent GM_UNUSED)
{
    if (!GM_REQUIRE(GM_IS_PROXY_PAD(pad))) return NULL;
    GmPad *internal = ghost_pad_internal(pad);
    if (internal == NULL)
        return NULL;
    GmValue value = GM_VALUE_INIT;
    gm_value_init(&value, GM_TYPE_OBJECT);
    gm_value_take_object(&value, internal);
    GmIterator *it = gm_iterator_new_single(GM_TYPE_OBJECT, &value);
    gm_value_unset(&value);
    return it;
}

GmFlowReturn gm_proxy_pad_chain_default(GmPad *pad, GmObject *parent GM_UNUSED, GmBuffer *buffer)
{
    GmPad *internal = ghost_pad_internal(pad);
    if (internal == NULL) {
        gm_buffer_unref(buffer);
        return GM_FLOW_NOT_LINKED;
    }
    GmFlowReturn ret = gm_pad_push(internal, buffer);
    gm_object_unref(internal);
    return ret;
}

GmFlowReturn gm_proxy_pad_chain_list_default(GmPad *pad, GmObject *parent GM_UNUSED,
                                             GmBufferList *list)
{
    GmPad *internal = ghost_pad_internal(pad);
    if (internal == NULL) {
        gm_buffer_list_unref(list);
        return GM_FLOW_NOT_LINKED;
    }
    GmFlowReturn ret = gm_pad_push_list(internal, list);
    gm_object_unref(internal);
    return ret;
}

GmFlowReturn gm_proxy_pad_getrange_default(GmPad *pad, GmObject *parent GM_UNUSED,
                                           uint64_t offset, unsigned size, GmBuffer **buffer)
{
    GmPad *internal = ghost_pad_internal(pad);
    if (internal == NULL)
        return GM_FLOW_NOT_LINKED;
    GmFlowReturn ret = gm_pad_pull_range(internal, offset, size, buffer);
    gm_object_unref(internal);
    return ret;
}

static void proxy_pad_init(GmObject *obj)
{
    GM_PAD(obj)->iterintlinkfunc = gm_proxy_pad_iterate_internal_links_default;
    GM_OBJECT_FLAG_SET(obj, GM_PAD_FLAG_PROXY_CAPS | GM_PAD_FLAG_PROXY_SCHEDULING |
                                GM_PAD_FLAG_PROXY_ALLOCATION);
}

const GmObjectClass gm_proxy_pad_class = {
    .name = "GmProxyPad",
    .parent = &gm_pad_class,
    .instance_size = sizeof(GmProxyPad),
    .init = proxy_pad_init,
};

// Pushing, both halves go along. Pulling goes upstream: from a source half to the other half,
// from a sink half to its peer.
static bool ghost_pad_activate(GmPad *pad, GmPadMode mode, bool active)
{
    GmPad *other = NULL;

    if (mode == GM_PAD_MODE_PULL && GM_PAD_IS_SINK(pad)) {
        other = gm_pad_get_peer(pad);
        if (other == NULL)
            return !active;
    } else if (mode != GM_PAD_MODE_NONE) {
        other = ghost_pad_internal(pad);
    }
    if (other == NULL)
        return false;
    bool ok = gm_pad_activate_mode(other, mode, active);
    gm_object_unref(other);
    return ok;
}

bool gm_ghost_pad_internal_activate_mode_default(GmPad *pad, GmObject *parent GM_UNUSED,
                                                 GmPadMode mode, bool active)
{
    return GM_REQUIRE(GM_IS_PROXY_PAD(pad)) && ghost_pad_activate(pad, mode, active);
}

bool gm_ghost_pad_activate_mode_default(GmPad *pad, GmObject *parent GM_UNUSED, GmPadMode mode,
                                        bool active)
{
    return GM_REQUIRE(GM_IS_GHOST_PAD(pad)) && ghost_pad_activate(pad, mode, active);
}

static void ghost_pad_init(GmObject *obj)
{
    GM_PAD(obj)->activatemodefunc = gm_ghost_pad_activate_mode_default;
}

static void ghost_pad_unlink_peer(GmPad *pad)
{
    GmPad *peer = gm_pad_get_peer(pad);

    if (peer == NULL)
        return;
    gm_pad_unlink(GM_PAD_IS_SRC(pad) ? pad : peer, GM_PAD_IS_SRC(pad) ? peer : pad);
    gm_object_unref(peer);
}

static void ghost_pad_dispose(GmObject *obj)
{
    GmPad *pad = GM_PAD(obj), *internal = ghost_pad_internal(pad);

    if (internal == NULL)
        return;
    ghost_pad_unlink_peer(internal);
    ghost_pad_unlink_peer(pad);
    gm_pad_set_activatemode_function(internal, NULL);
    GM_OBJECT_LOCK(pad);
    GM_PROXY_PAD(pad)->internal = NULL;
    GM_OBJECT_UNLOCK(pad);
    GM_OBJECT_LOCK(internal);
    GM_PROXY_PAD(internal)->internal = NULL;
    GM_OBJECT_UNLOCK(internal);
    gm_object_unparent(GM_OBJECT(internal));
    gm_object_unref(internal);
}

const GmObjectClass gm_ghost_pad_class = {
    .name = "GmGhostPad",
    .parent = &gm_proxy_pad_class,
    .instance_size = sizeof(GmGhostPad),
    .init = ghost_pad_init,
    .dispose = ghost_pad_dispose,
};

static void ghost_pad_set_data_functions(GmPad *pad)
{
    if (GM_PAD_IS_SINK(pad)) {
        gm_pad_set_chain_function(pad, gm_proxy_pad_chain_default);
        gm_pad_set_chain_list_function(pad, gm_proxy_pad_chain_list_default);
    } else {
        gm_pad_set_getrange_function(pad, gm_proxy_pad_getrange_default);
    }
}

bool gm_ghost_pad_construct(GmGhostPad *gpad)
{
    GmPad *pad = GM_PAD(gpad);

    if (!GM_REQUIRE(GM_IS_GHOST_PAD(gpad)) || !GM_REQUIRE(pad->direction != GM_PAD_UNKNOWN))
        return false;
    if (gpad->constructed)
        return true;
    GmPad *internal = gm_object_new(&gm_proxy_pad_class, NULL);
    internal->direction = GM_PAD_IS_SRC(pad) ? GM_PAD_SINK : GM_PAD_SRC;
    if (pad->padtemplate != NULL)
        gm_pad_set_template(internal, pad->padtemplate);
    ghost_pad_set_data_functions(pad);
    ghost_pad_set_data_functions(internal);
    gm_pad_set_activatemode_function(internal, gm_ghost_pad_internal_activate_mode_default);
    GM_PAD_UNSET_FLUSHING(internal);
    gm_object_set_parent(GM_OBJECT(internal), GM_OBJECT(pad));
    gpad->proxy.internal = internal;
    GM_PROXY_PAD(internal)->internal = pad;
    gpad->constructed = true;
    return true;
}

static GmPad *ghost_pad_make(const char *name, GmPadDirection dir, GmPadTemplate *templ)
{
    const GmObjectClass *klass = &gm_ghost_pad_class;

    if (templ != NULL && templ->pad_class != NULL)
        klass = templ->pad_class;
    if (!GM_REQUIRE(gm_object_class_is_a(klass, &gm_ghost_pad_class))) return NULL;
    GmPad *pad = gm_object_new(klass, name != NULL ? "name" : NULL, name, NULL);
    pad->direction = dir;
    if (templ != NULL)
        gm_pad_set_template(pad, templ);
    gm_ghost_pad_construct(GM_GHOST_PAD(pad));
    return pad;
}

// `pad` (takes, may be NULL) with its target, or NULL.
static GmPad *ghost_pad_with_target(GmPad *pad, GmPad *target)
{
    if (pad == NULL || gm_ghost_pad_set_target(GM_GHOST_PAD(pad), target))
        return pad;
    gm_object_unref(pad);
    return NULL;
}

GmPad *gm_ghost_pad_new_no_target(const char *name, GmPadDirection dir)
{
    return GM_REQUIRE(dir != GM_PAD_UNKNOWN) ? ghost_pad_make(name, dir, NULL) : NULL;
}

GmPad *gm_ghost_pad_new(const char *name, GmPad *target)
{
    if (!GM_REQUIRE(GM_IS_PAD(target)) || !GM_REQUIRE(!gm_pad_is_linked(target))) return NULL;
    return ghost_pad_with_target(ghost_pad_make(name, target->direction, NULL), target);
}

GmPad *gm_ghost_pad_new_from_template(const char *name, GmPad *target, GmPadTemplate *templ)
{
    if (!GM_REQUIRE(GM_IS_PAD(target)) || !GM_REQUIRE(!gm_pad_is_linked(target)) ||
        !GM_REQUIRE(templ != NULL) || !GM_REQUIRE(templ->direction == target->direction))
        return NULL;
    return ghost_pad_with_target(ghost_pad_make(name, target->direction, templ), target);
}

GmPad *gm_ghost_pad_new_no_target_from_template(const char *name, GmPadTemplate *templ)
{
    return GM_REQUIRE(templ != NULL) ? ghost_pad_make(name, templ->direction, templ) : NULL;
}

GmPad *gm_ghost_pad_get_target(GmGhostPad *gpad)
{
    if (!GM_REQUIRE(GM_IS_GHOST_PAD(gpad))) return NULL;
    GmPad *internal = ghost_pad_internal(GM_PAD(gpad));
    if (internal == NULL)
        return NULL;
    GmPad *target = gm_pad_get_peer(internal);
    gm_object_unref(internal);
    return target;
}

bool gm_ghost_pad_set_target(GmGhostPad *gpad, GmPad *newtarget)
{
    if (!GM_REQUIRE(GM_IS_GHOST_PAD(gpad)) || !GM_REQUIRE(GM_PAD(gpad) != newtarget)) return false;
    GmPad *internal = ghost_pad_internal(GM_PAD(gpad));
    GmPadLinkReturn ret = GM_PAD_LINK_OK;
    if (internal == NULL || internal == newtarget) {
        if (internal != NULL)
            gm_object_unref(internal);
        return newtarget == NULL || internal != NULL;
    }
    ghost_pad_unlink_peer(internal);
    if (newtarget != NULL)
        ret = gm_pad_link_full(GM_PAD_IS_SRC(internal) ? internal : newtarget,
                               GM_PAD_IS_SRC(internal) ? newtarget : internal,
                               GM_PAD_LINK_CHECK_NOTHING);
    if (ret != GM_PAD_LINK_OK)
        GM_WARNING_OBJECT(gpad, "could not link internal pad and target: %s",
                          gm_pad_link_get_name(ret));
    gm_object_unref(internal);
    return ret == GM_PAD_LINK_OK;
}
