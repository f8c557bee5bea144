// SPDX-License-Identifier: MIT
//
// base_transform_caps: what both pads can do, what is agreed on, and queries.
//
//      caps query on one pad:  ask the peer of the other pad, transform its answer to this side
//      CAPS event on the sink: transform, intersect with downstream, fixate, set_caps, push on
#include "core/base/base_transform_priv.h"

static GmPad *transform_pad(GmBaseTransform *trans, GmPadDirection direction)
{
    return direction == GM_PAD_SINK ? trans->sinkpad : trans->srcpad;
}

static GmPad *transform_other(GmBaseTransform *trans, GmPadDirection direction)
{
    return direction == GM_PAD_SINK ? trans->srcpad : trans->sinkpad;
}

// Takes caps, gives its intersection with `with` (borrowed), in the order of caps.
static GmCaps *transform_narrow(GmCaps *caps, GmCaps *with)
{
    GmCaps *both = gm_caps_intersect_full(caps, with, GM_CAPS_INTERSECT_FIRST);
    gm_caps_unref(caps);
    return both;
}

static GmCaps *transform_narrow_to_template(GmCaps *caps, GmPad *pad)
{
    GmCaps *templ = gm_pad_get_pad_template_caps(pad);
    caps = transform_narrow(caps, templ);
    gm_caps_unref(templ);
    return caps;
}

GmCaps *gm_base_transform_default_transform_caps(GmBaseTransform *trans, GmPadDirection direction,
                                                 GmCaps *caps, GmCaps *filter)
{
    (void)trans;
    (void)direction;
    return filter != NULL ? gm_caps_intersect_full(filter, caps, GM_CAPS_INTERSECT_FIRST)
                          : gm_caps_ref(caps);
}

GmCaps *gm_base_transform_default_fixate_caps(GmBaseTransform *trans, GmPadDirection direction,
                                              GmCaps *caps, GmCaps *othercaps)
{
    (void)trans;
    (void)direction;
    (void)caps;
    return gm_caps_fixate(othercaps);
}

bool gm_base_transform_default_accept_caps(GmBaseTransform *trans, GmPadDirection direction,
                                           GmCaps *caps)
{
    GmCaps *templ = gm_pad_get_pad_template_caps(transform_pad(trans, direction));
    GmCaps *otempl = gm_pad_get_pad_template_caps(transform_other(trans, direction));
    bool ok = gm_caps_can_intersect(caps, templ);
    if (ok) {
        GmCaps *other = trans->ops.transform_caps(trans, direction, caps, otempl);
        ok = other != NULL && !gm_caps_is_empty(other);
        gm_clear_mini_object((GmMiniObject **)&other);
    }
    gm_caps_unref(templ);
    gm_caps_unref(otempl);
    return ok;
}

static GmCaps *transform_query_caps(GmBaseTransform *trans, GmPadDirection direction,
                                    GmCaps *filter)
{
    GmPad *pad = transform_pad(trans, direction), *other = transform_other(trans, direction);
    GmCaps *peerfilter = NULL;

    if (filter != NULL) {
        GmCaps *ours = transform_narrow_to_template(gm_caps_ref(filter), pad);
        peerfilter = trans->ops.transform_caps(trans, direction, ours, NULL);
        gm_caps_unref(ours);
        peerfilter = transform_narrow_to_template(peerfilter, other);
        if (gm_caps_is_empty(peerfilter))
            return peerfilter;
    }
    GmCaps *peercaps = gm_pad_peer_query_caps(other, peerfilter);
    gm_clear_mini_object((GmMiniObject **)&peerfilter);
    GmCaps *theirs = transform_narrow_to_template(gm_caps_ref(peercaps), other);
    GmCaps *caps = trans->ops.transform_caps(trans, GM_PAD_DIRECTION(other), theirs, filter);
    gm_caps_unref(theirs);
    if (caps != NULL && !gm_caps_is_empty(caps)) {
        caps = transform_narrow_to_template(caps, pad);
        if (trans->prefer_passthrough) { // what the peer has already goes first
            GmCaps *same = gm_caps_intersect_full(peercaps, caps, GM_CAPS_INTERSECT_FIRST);
            if (!gm_caps_is_empty(same))
                caps = gm_caps_merge(same, caps);
            else
                gm_caps_unref(same);
        }
    }
    gm_caps_unref(peercaps);
    return caps != NULL ? caps : gm_caps_new_empty();
}

// Fixed output caps for the input caps, or NULL. Gives.
static GmCaps *transform_find_output(GmBaseTransform *trans, GmCaps *incaps)
{
    GmPad *peer = gm_pad_get_peer(trans->srcpad);
    GmCaps *caps = trans->ops.transform_caps(trans, GM_PAD_SINK, incaps, NULL);

    if (caps != NULL)
        caps = transform_narrow_to_template(caps, trans->srcpad);
    if (caps != NULL && !gm_caps_is_empty(caps) && !gm_caps_is_fixed(caps)) {
        if (peer != NULL) {
            GmCaps *theirs = gm_pad_query_caps(peer, caps);
            theirs = transform_narrow_to_template(theirs, trans->srcpad);
            theirs = transform_narrow(theirs, caps);
            gm_caps_unref(caps);
            caps = theirs;
        } else { // nobody to agree with: pass through
            gm_caps_unref(caps);
            caps = gm_caps_ref(incaps);
        }
    }
    if (caps != NULL && !gm_caps_is_empty(caps))
        caps = trans->ops.fixate_caps(trans, GM_PAD_SINK, incaps, caps);
    if (caps != NULL && (!gm_caps_is_fixed(caps) || gm_caps_is_empty(caps) ||
                         (peer != NULL && !gm_pad_query_accept_caps(peer, caps))))
        gm_clear_mini_object((GmMiniObject **)&caps);
    gm_clear_object((GmObject **)&peer);
    return caps;
}

static bool transform_configure(GmBaseTransform *trans, GmCaps *incaps, GmCaps *outcaps)
{
    for (int i = 0; i < 2; i++)
        gm_clear_mini_object((GmMiniObject **)&trans->cache_caps[i]);
    if (trans->ops.passthrough_on_same_caps)
        gm_base_transform_set_passthrough(trans, gm_caps_is_equal(incaps, outcaps));
    return trans->ops.set_caps == NULL || trans->ops.set_caps(trans, incaps, outcaps);
}

// ---- allocation -------------------------------------------------------------------------------

void gm_base_transform_set_allocation_query(GmBaseTransform *trans, GmQuery *query)
{
    GM_OBJECT_LOCK(trans);
    GmQuery *old = trans->query;
    trans->query = query;
    GM_OBJECT_UNLOCK(trans);
    gm_clear_mini_object((GmMiniObject **)&old);
}

static bool transform_decide(GmElement *el, GmQuery *query)
{
    return GM_BASE_TRANSFORM_CAST(el)->ops.decide_allocation(GM_BASE_TRANSFORM_CAST(el), query);
}

static bool transform_negotiate_allocation(GmBaseTransform *trans, GmCaps *outcaps)
{
    GmQuery *query = NULL;
    bool ok = true;
    if (!trans->passthrough && !trans->always_in_place)
        ok = gm_base_alloc_negotiate(&trans->element, &trans->alloc, trans->srcpad, outcaps,
                                     transform_decide, &query);
    if (query == NULL || trans->passthrough || trans->always_in_place)
        gm_base_alloc_set(&trans->element, &trans->alloc, NULL, NULL, NULL);
    gm_base_transform_set_allocation_query(trans, query);
    return ok;
}

bool gm_base_transform_default_decide_allocation(GmBaseTransform *trans, GmQuery *query)
{
    // A meta goes upstream only if the element says that it survives the transformation.
    for (unsigned i = gm_query_get_n_allocation_metas(query); i-- > 0;) {
        const GmStructure *params;
        GmType api = gm_query_parse_nth_allocation_meta(query, i, &params);
        if (trans->ops.filter_meta == NULL || !trans->ops.filter_meta(trans, query, api, params))
            gm_query_remove_nth_allocation_meta(query, i);
    }
    return gm_base_alloc_decide(&trans->element, query);
}

bool gm_base_transform_default_propose_allocation(GmBaseTransform *trans, GmQuery *decide_query,
                                                  GmQuery *query)
{
    if (decide_query == NULL)
        return gm_pad_peer_query(trans->srcpad, query);
    for (unsigned i = 0; i < gm_query_get_n_allocation_metas(decide_query); i++) {
        const GmStructure *params;
        GmType api = gm_query_parse_nth_allocation_meta(decide_query, i, &params);
        gm_query_add_allocation_meta(query, api, params);
    }
    return true;
}

// ---- agreeing -----------------------------------------------------------------------------------

bool gm_base_transform_setcaps(GmBaseTransform *trans, GmCaps *incaps)
{
    GmCaps *outcaps = transform_find_output(trans, incaps);
    GmCaps *old_in = gm_pad_get_current_caps(trans->sinkpad);
    GmCaps *old_out = gm_pad_get_current_caps(trans->srcpad);
    bool ok = outcaps != NULL;
    if (ok && gm_caps_is_equal(incaps, outcaps)) // the same object, and its order of fields
        gm_caps_replace(&outcaps, incaps);

    if (ok) {
        bool same_in = old_in != NULL && gm_caps_is_equal(old_in, incaps);
        bool same_out = old_out != NULL && gm_caps_is_equal(old_out, outcaps);
        if (!same_in || !same_out)
            ok = transform_configure(trans, incaps, outcaps);
        if (ok && !same_out)
            ok = gm_pad_push_event(trans->srcpad, gm_event_new_caps(outcaps));
        ok = ok && transform_negotiate_allocation(trans, outcaps);
    }
    trans->negotiated = ok;
    gm_clear_mini_object((GmMiniObject **)&outcaps);
    gm_clear_mini_object((GmMiniObject **)&old_in);
    gm_clear_mini_object((GmMiniObject **)&old_out);
    return ok;
}

bool gm_base_transform_reconfigure_unlocked(GmBaseTransform *trans)
{
    if (!gm_pad_check_reconfigure(trans->srcpad))
        return true;
    GmCaps *incaps = gm_pad_get_current_caps(trans->sinkpad);
    bool ok = incaps == NULL || gm_base_transform_setcaps(trans, incaps);
    gm_clear_mini_object((GmMiniObject **)&incaps);
    if (!ok) {
        GM_ELEMENT_WARNING(trans, STREAM, FORMAT, ("not negotiated"), ("not negotiated"));
        gm_pad_mark_reconfigure(trans->srcpad);
    }
    return ok;
}

bool gm_base_transform_reconfigure(GmBaseTransform *trans)
{
    if (!GM_REQUIRE(trans != NULL))
        return false;
    GM_PAD_STREAM_LOCK(trans->sinkpad);
    bool ok = gm_base_transform_reconfigure_unlocked(trans);
    GM_PAD_STREAM_UNLOCK(trans->sinkpad);
    return ok;
}

bool gm_base_transform_update_src_caps(GmBaseTransform *trans, GmCaps *updated_caps)
{
    if (!GM_REQUIRE(trans != NULL) ||
        !gm_pad_push_event(trans->srcpad, gm_event_new_caps(updated_caps)))
        return false;
    gm_pad_mark_reconfigure(trans->srcpad);
    return true;
}

static bool transform_query_allocation(GmBaseTransform *trans, GmQuery *query)
{
    if (!gm_base_transform_reconfigure_unlocked(trans) ||
        (!trans->negotiated && !trans->passthrough && trans->ops.set_caps != NULL))
        return false;
    GM_OBJECT_LOCK(trans);
    GmQuery *decided = trans->query != NULL ? gm_query_ref(trans->query) : NULL;
    GM_OBJECT_UNLOCK(trans);
    bool ok = trans->ops.propose_allocation(trans, decided, query);
    gm_clear_mini_object((GmMiniObject **)&decided);
    return ok;
}

bool gm_base_transform_default_query(GmBaseTransform *trans, GmPadDirection direction,
                                     GmQuery *query)
{
    GmSegment s;
    GmFormat format;
    GmCaps *caps;

    switch (GM_QUERY_TYPE(query)) {
    case GM_QUERY_ALLOCATION:
        return direction == GM_PAD_SINK && transform_query_allocation(trans, query);
    case GM_QUERY_POSITION:
        gm_query_parse_position(query, &format, NULL);
        GM_OBJECT_LOCK(trans);
        s = trans->segment;
        GmClockTime position = direction == GM_PAD_SINK || trans->position_out == NONE
                                   ? s.position : trans->position_out;
        GM_OBJECT_UNLOCK(trans);
        if (format != GM_FORMAT_TIME || s.format != GM_FORMAT_TIME)
            break;
        gm_query_set_position(query, format,
                              (int64_t)gm_segment_to_stream_time(&s, format, position));
        return true;
    case GM_QUERY_ACCEPT_CAPS:
        gm_query_parse_accept_caps(query, &caps);
        gm_query_set_accept_caps_result(query, trans->ops.accept_caps(trans, direction, caps));
        return true;
    case GM_QUERY_CAPS:
        gm_query_parse_caps(query, &caps);
        caps = transform_query_caps(trans, direction, caps);
        gm_query_set_caps_result(query, caps);
        gm_caps_unref(caps);
        return true;
    default:
        break;
    }
    return gm_pad_peer_query(transform_other(trans, direction), query);
}
