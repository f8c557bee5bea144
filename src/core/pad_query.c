// SPDX-License-Identifier: MIT
//
// pad_query: questions over a link, the answers a pad gives by itself, and what is asked most:
// caps.
//
// A query goes to a pad (gm_pad_query) or to its peer (gm_pad_peer_query). Elements that do not
// know the answer hand it to gm_pad_query_default, which asks on through the internal links.
// Read next: pad_event.c, core/query.h.
#include "core/caps.h"
#include "core/iterator.h"
#include "core/log.h"
#include "core/pad_priv.h"
#include "core/pad_template.h"
#include "core/query.h"
#include "core/util.h"

// Calls the pad's query function, or the peer's by gm_pad_query. Object lock held, dropped.
static bool pad_query_ask(GmPad *pad, GmQuery *query, bool peer)
{
    bool serialized = GM_QUERY_IS_SERIALIZED(query); // not idle meanwhile: it travels with the data
    GmObject *parent;
    bool res = false;

    if (peer && serialized) {
        GmPad *other = pad_enter_peer(pad);
        if (other == NULL)
            return false;
        GM_OBJECT_UNLOCK(pad);
        res = gm_pad_query(other, query);
        gm_pad_leave_peer(pad, other, (GmPadProbeType)0);
        return res;
    }
    if (peer) {
        GmPad *other = pad->peer;
        if (other == NULL || gm_pad_depth >= PAD_MAX_DEPTH)
            return false;
        gm_object_ref(other);
        GM_OBJECT_UNLOCK(pad);
        gm_pad_depth++;
        res = gm_pad_query(other, query);
        gm_pad_depth--;
        gm_object_unref(other);
    } else {
        if (!pad_acquire_parent(pad, &parent))
            return false;
        GM_OBJECT_UNLOCK(pad);
        if (pad->queryfunc != NULL)
            res = pad->queryfunc(pad, parent, query);
        pad_release_parent(parent);
    }
    GM_OBJECT_LOCK(pad);
    return res;
}

static bool pad_query_run(GmPad *pad, GmQuery *query, bool peer)
{
    const char *func = peer ? "gm_pad_peer_query" : "gm_pad_query";
    bool down = GM_PAD_IS_SRC(pad) == peer;

    if (pad->direction == GM_PAD_UNKNOWN ||
        !(down ? GM_QUERY_IS_DOWNSTREAM(query) : GM_QUERY_IS_UPSTREAM(query))) {
        gm_critical(func, "pad %s:%s query %s in wrong direction",
                    GM_DEBUG_PAD_NAME(pad), GM_QUERY_TYPE_NAME(query));
        return false;
    }
    unsigned type = down ? GM_PAD_PROBE_TYPE_QUERY_DOWNSTREAM : GM_PAD_PROBE_TYPE_QUERY_UPSTREAM;
    bool serialized = GM_QUERY_IS_SERIALIZED(query), res = false;
    if (serialized && !peer)
        GM_PAD_STREAM_LOCK(pad);
    GM_OBJECT_LOCK(pad);
    GmFlowReturn stop = GM_FLOW_OK;
    // What travels with the data stays behind in a flush: a peer that was linked meanwhile does not
    // flush and would keep the thread that the flush waits for.
    if (serialized && peer && GM_PAD_IS_SRC(pad))
        stop = GM_PAD_IS_FLUSHING(pad) ? GM_FLOW_FLUSHING : gm_pad_check_sticky(pad, NULL);
    unsigned push = type | GM_PAD_PROBE_TYPE_PUSH;
    // Probes get a pointer of their own: the query stays the caller's.
    GmQuery *item = query;
    if (stop == GM_FLOW_OK)
        stop = pad_probe(pad, push | GM_PAD_PROBE_TYPE_BLOCK, &item);
    if (stop == GM_FLOW_OK)
        stop = pad_probe(pad, push, &item);
    if (stop == GM_FLOW_OK && (res = pad_query_ask(pad, query, peer)))
        stop = pad_probe(pad, type | GM_PAD_PROBE_TYPE_PULL, &item);
    GM_OBJECT_UNLOCK(pad);
    if (serialized && !peer)
        GM_PAD_STREAM_UNLOCK(pad);
    // DROP: nobody answers; HANDLED: the probe has.
    return stop == GM_FLOW_OK ? res : stop == GM_FLOW_CUSTOM_SUCCESS_1;
}

bool gm_pad_query(GmPad *pad, GmQuery *query)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) && GM_REQUIRE(query != NULL) &&
           pad_query_run(pad, query, false);
}

bool gm_pad_peer_query(GmPad *pad, GmQuery *query)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) && GM_REQUIRE(query != NULL) &&
           pad_query_run(pad, query, true);
}

// ---- defaults ------------------------------------------------------------------------------

typedef struct {
    GmQuery *query;
    GmCaps  *caps;  // so far (caps queries)
    bool     result, dispatched, live;
    GmClockTime min, max;
} QueryForward;

static bool pad_forward_query(GmPad *pad, void *data)
{
    QueryForward *fwd = data;

    fwd->dispatched = true;
    fwd->result = gm_pad_peer_query(pad, fwd->query);
    return fwd->result;
}

// Latencies of several inputs: the longest minimum, the shortest maximum.
static bool pad_forward_latency(GmPad *pad, void *data)
{
    QueryForward *fwd = data;
    GmQuery *query = gm_query_new_latency();
    GmClockTime min, max;
    bool live;

    if (gm_pad_peer_query(pad, query)) {
        gm_query_parse_latency(query, &live, &min, &max);
        if (live) {
            fwd->live = true;
            fwd->min = min > fwd->min ? min : fwd->min;
            fwd->max = max < fwd->max ? max : fwd->max; // NONE is the largest number
        }
    } else if (gm_pad_is_linked(pad)) {
        fwd->result = false;
    }
    gm_query_unref(query);
    return false;
}

static bool pad_query_latency_default(GmPad *pad, GmQuery *query)
{
    QueryForward fwd = { .result = true, .max = GM_CLOCK_TIME_NONE };
    GmIterator *it = gm_pad_iterate_internal_links(pad);

    if (it == NULL)
        return false;
    gm_iterator_free(it);
    gm_pad_forward(pad, pad_forward_latency, &fwd);
    if (fwd.result) {
        if (fwd.min > fwd.max)
            GM_ERROR_OBJECT(pad, "minimum latency bigger than maximum latency");
        gm_query_set_latency(query, fwd.live, fwd.min, fwd.max);
    }
    return fwd.result;
}

static bool pad_forward_accept_caps(GmPad *pad, void *data)
{
    QueryForward *fwd = data;
    bool accepted;

    if (gm_pad_peer_query(pad, fwd->query)) {
        gm_query_parse_accept_caps_result(fwd->query, &accepted);
        fwd->result &= accepted;
    }
    return false;
}

bool gm_pad_proxy_query_accept_caps(GmPad *pad, GmQuery *query)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(query != NULL) ||
        !GM_REQUIRE(GM_QUERY_TYPE(query) == GM_QUERY_ACCEPT_CAPS))
        return false;
    QueryForward fwd = { .query = query, .result = true };
    gm_pad_forward(pad, pad_forward_accept_caps, &fwd);
    gm_query_set_accept_caps_result(query, fwd.result);
    return fwd.result;
}

static bool pad_forward_caps(GmPad *pad, void *data)
{
    QueryForward *fwd = data;
    GmCaps *peercaps;

    if (!gm_pad_peer_query(pad, fwd->query))
        return false;
    gm_query_parse_caps_result(fwd->query, &peercaps);
    GmCaps *both = gm_caps_intersect(fwd->caps, peercaps);
    gm_caps_unref(fwd->caps);
    fwd->caps = both;
    return gm_caps_is_empty(both);
}

bool gm_pad_proxy_query_caps(GmPad *pad, GmQuery *query)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(query != NULL) ||
        !GM_REQUIRE(GM_QUERY_TYPE(query) == GM_QUERY_CAPS))
        return false;
    GmCaps *filter;
    gm_query_parse_caps(query, &filter);
    QueryForward fwd = { .query = query, .caps = gm_caps_ref(filter ? filter : GM_CAPS_ANY) };
    gm_pad_forward(pad, pad_forward_caps, &fwd);
    GmCaps *templ = gm_pad_get_pad_template_caps(pad);
    GmCaps *result = gm_caps_intersect(fwd.caps, templ);
    gm_query_set_caps_result(query, result);
    gm_caps_unref(fwd.caps);
    gm_caps_unref(templ);
    gm_caps_unref(result);
    return true;
}

static bool pad_query_accept_caps_default(GmPad *pad, GmQuery *query)
{
    GmCaps *caps, *allowed;
    bool proxy = GM_PAD_IS_PROXY_CAPS(pad);

    if (proxy && !gm_pad_proxy_query_accept_caps(pad, query))
        return true; // answered: no
    gm_query_parse_accept_caps(query, &caps);
    if (proxy || GM_PAD_IS_ACCEPT_TEMPLATE(pad))
        allowed = gm_pad_get_pad_template_caps(pad);
    else
        allowed = gm_pad_query_caps(pad, caps);
    bool accepted = GM_PAD_IS_ACCEPT_INTERSECT(pad) ? gm_caps_can_intersect(caps, allowed)
                                                    : gm_caps_is_subset(caps, allowed);
    if (!accepted && GM_LOG_IS_ON(GM_CAT_DEFAULT, GM_LEVEL_WARNING)) {
        char *offered = gm_caps_to_string(caps), *able = gm_caps_to_string(allowed);
        GM_WARNING_OBJECT(pad, "caps %s were not compatible with %s", offered, able);
        gm_free(offered);
        gm_free(able);
    }
    gm_caps_unref(allowed);
    gm_query_set_accept_caps_result(query, accepted);
    return true;
}

static bool pad_query_caps_default(GmPad *pad, GmQuery *query)
{
    GmCaps *filter, *result = NULL;

    if (GM_PAD_IS_PROXY_CAPS(pad) && gm_pad_proxy_query_caps(pad, query))
        return true;
    gm_query_parse_caps(query, &filter);
    GM_OBJECT_LOCK(pad);
    bool fixed = GM_PAD_IS_FIXED_CAPS(pad);
    if (fixed)
        result = gm_pad_peek_caps(pad);
    if (result == NULL && pad->padtemplate != NULL)
        result = GM_PAD_TEMPLATE_CAPS(pad->padtemplate);
    if (result == NULL && !fixed)
        result = gm_pad_peek_caps(pad);
    result = gm_caps_ref(result != NULL ? result : GM_CAPS_ANY);
    GM_OBJECT_UNLOCK(pad);
    if (filter != NULL) {
        GmCaps *both = gm_caps_intersect_full(filter, result, GM_CAPS_INTERSECT_FIRST);
        gm_caps_unref(result);
        result = both;
    }
    gm_query_set_caps_result(query, result);
    gm_caps_unref(result);
    return true;
}

bool gm_pad_query_default(GmPad *pad, GmObject *parent GM_UNUSED, GmQuery *query)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(query != NULL)) return false;
    switch ((int)GM_QUERY_TYPE(query)) {
    case GM_QUERY_ACCEPT_CAPS:
        return pad_query_accept_caps_default(pad, query);
    case GM_QUERY_CAPS:
        return pad_query_caps_default(pad, query);
    case GM_QUERY_LATENCY:
        return pad_query_latency_default(pad, query);
    // What is downstream says nothing about this element, unless it passes data unchanged.
    case GM_QUERY_SCHEDULING:
        if (!GM_PAD_IS_PROXY_SCHEDULING(pad))
            return false;
        break;
    case GM_QUERY_ALLOCATION:
        if (!GM_PAD_IS_PROXY_ALLOCATION(pad))
            return false;
        break;
    default:
        break;
    }
    QueryForward fwd = { .query = query };
    gm_pad_forward(pad, pad_forward_query, &fwd);
    return fwd.dispatched ? fwd.result : GM_QUERY_TYPE(query) == GM_QUERY_DRAIN;
}

// ---- caps ------------------------------------------------------------------------------------

GmCaps *gm_pad_get_current_caps(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return NULL;
    GM_OBJECT_LOCK(pad);
    GmCaps *caps = gm_pad_peek_caps(pad);
    if (caps != NULL)
        gm_caps_ref(caps);
    GM_OBJECT_UNLOCK(pad);
    return caps;
}

bool gm_pad_has_current_caps(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return false;
    GM_OBJECT_LOCK(pad);
    bool has = gm_pad_peek_caps(pad) != NULL;
    GM_OBJECT_UNLOCK(pad);
    return has;
}

static GmCaps *pad_ask_caps(GmPad *pad, GmCaps *filter, bool peer)
{
    GmQuery *query = gm_query_new_caps(filter);
    GmCaps *result = filter != NULL ? filter : GM_CAPS_ANY;

    if (pad_query_run(pad, query, peer))
        gm_query_parse_caps_result(query, &result);
    gm_caps_ref(result);
    gm_query_unref(query);
    return result;
}

GmCaps *gm_pad_query_caps(GmPad *pad, GmCaps *filter)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) ? pad_ask_caps(pad, filter, false) : NULL;
}

GmCaps *gm_pad_peer_query_caps(GmPad *pad, GmCaps *filter)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) ? pad_ask_caps(pad, filter, true) : NULL;
}

static bool pad_ask_accept_caps(GmPad *pad, GmCaps *caps, bool peer)
{
    GmQuery *query = gm_query_new_accept_caps(caps);
    bool accepted = true; // who does not answer does not mind

    if (pad_query_run(pad, query, peer))
        gm_query_parse_accept_caps_result(query, &accepted);
    gm_query_unref(query);
    return accepted;
}

bool gm_pad_query_accept_caps(GmPad *pad, GmCaps *caps)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) && GM_REQUIRE(caps != NULL) &&
           pad_ask_accept_caps(pad, caps, false);
}

bool gm_pad_peer_query_accept_caps(GmPad *pad, GmCaps *caps)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) && GM_REQUIRE(caps != NULL) &&
           pad_ask_accept_caps(pad, caps, true);
}

GmCaps *gm_pad_get_allowed_caps(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !gm_pad_is_linked(pad)) return NULL;
    GmCaps *caps = NULL, *mine = gm_pad_query_caps(pad, NULL);
    GmQuery *query = gm_query_new_caps(mine);
    if (gm_pad_peer_query(pad, query)) {
        gm_query_parse_caps_result(query, &caps);
        if (GM_REQUIRE(caps != NULL))
            gm_caps_ref(caps);
    }
    gm_query_unref(query);
    gm_caps_unref(mine);
    return caps;
}

// ---- single values -----------------------------------------------------------------------------

typedef GmQuery *(*AmountNew)(GmFormat format);
typedef void (*AmountParse)(GmQuery *query, GmFormat *format, int64_t *amount);

// Asks for a position or a duration: `make` and `parse` are the pair of one of them.
static bool pad_ask_amount(GmPad *pad, GmFormat format, int64_t *amount, bool peer,
                           AmountNew make, AmountParse parse)
{
    if (amount != NULL)
        *amount = -1;
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(format != GM_FORMAT_UNDEFINED)) return false;
    GmQuery *query = make(format);
    bool res = pad_query_run(pad, query, peer);
    if (res)
        parse(query, NULL, amount);
    gm_query_unref(query);
    return res;
}

static bool pad_ask_convert(GmPad *pad, GmFormat src_format, int64_t src_val,
                            GmFormat dest_format, int64_t *dest_val, bool peer)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(dest_format != GM_FORMAT_UNDEFINED) ||
        !GM_REQUIRE(dest_val != NULL))
        return false;
    bool trivial = dest_format == src_format || src_val == -1;
    *dest_val = trivial ? src_val : -1;
    if (trivial)
        return true;
    GmQuery *query = gm_query_new_convert(src_format, src_val, dest_format);
    bool res = pad_query_run(pad, query, peer);
    if (res)
        gm_query_parse_convert(query, NULL, NULL, NULL, dest_val);
    gm_query_unref(query);
    return res;
}

bool gm_pad_query_position(GmPad *pad, GmFormat format, int64_t *cur)
{
    return pad_ask_amount(pad, format, cur, false, gm_query_new_position,
                          gm_query_parse_position);
}

bool gm_pad_peer_query_position(GmPad *pad, GmFormat format, int64_t *cur)
{
    return pad_ask_amount(pad, format, cur, true, gm_query_new_position,
                          gm_query_parse_position);
}

bool gm_pad_query_duration(GmPad *pad, GmFormat format, int64_t *duration)
{
    return pad_ask_amount(pad, format, duration, false, gm_query_new_duration,
                          gm_query_parse_duration);
}

bool gm_pad_peer_query_duration(GmPad *pad, GmFormat format, int64_t *duration)
{
    return pad_ask_amount(pad, format, duration, true, gm_query_new_duration,
                          gm_query_parse_duration);
}

bool gm_pad_query_convert(GmPad *pad, GmFormat src_format, int64_t src_val, GmFormat dest_format,
                          int64_t *dest_val)
{
    return pad_ask_convert(pad, src_format, src_val, dest_format, dest_val, false);
}

bool gm_pad_peer_query_convert(GmPad *pad, GmFormat src_format, int64_t src_val,
                               GmFormat dest_format, int64_t *dest_val)
{
    return pad_ask_convert(pad, src_format, src_val, dest_format, dest_val, true);
}
