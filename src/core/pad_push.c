// SPDX-License-Identifier: MIT
//
// pad_push: data over a link. Pushing runs the peer's chain function in the caller's thread,
// pulling its getrange function:
//
//     gm_pad_push (src)                         gm_pad_pull_range (sink)
//       slow flags? events, probes                block probes
//       peer: stream lock                         peer: stream lock, events, block probes
//             slow flags? probes                        getrange function
//             chain function                            buffer probes
//       idle probes                               idle probes, buffer probes
//
// In steady state a push tests one flags word on each side and calls.
// Read next: pad_probe.c, pad_event.c.
#include "core/buffer.h"
#include "core/buffer_list.h"
#include "core/event.h"
#include "core/pad_priv.h"

// Data has arrived for the first time since the sticky events changed: were they complete?
static void pad_check_order(GmPad *pad, const char *func)
{
    GM_OBJECT_FLAG_UNSET(pad, GM_PAD_FLAG_EVENTS_CHANGED);
    if (gm_pad_find_event(pad, GM_EVENT_STREAM_START, 0) == NULL)
        gm_critical(func, "<%s:%s> Got data flow before stream-start event",
                    GM_DEBUG_PAD_NAME(pad));
    if (gm_pad_find_event(pad, GM_EVENT_SEGMENT, 0) == NULL)
        gm_critical(func, "<%s:%s> Got data flow before segment event",
                    GM_DEBUG_PAD_NAME(pad));
}

// One probe stage over the data that is pushed. False: it ends here with *ret.
static bool pad_probe_data(GmPad *pad, unsigned type, void **data, GmFlowReturn *ret)
{
    GmFlowReturn wish = GM_FLOW_OK;

    *ret = gm_pad_run_probes(pad, (GmPadProbeType)type, data, UINT64_MAX, UINT_MAX, &wish);
    if (*ret == GM_FLOW_OK)
        return true;
    if (*ret == GM_FLOW_CUSTOM_SUCCESS_1)
        *ret = wish;
    if (*ret == GM_FLOW_CUSTOM_SUCCESS || *ret == GM_FLOW_CUSTOM_SUCCESS_1)
        *ret = GM_FLOW_OK;
    return false;
}

// Sends what is pending. While that goes out, without the lock, the pad may be stopped and its
// events dropped: data must then not pass to a peer that has not seen them.
static bool pad_send_pending(GmPad *pad, GmFlowReturn *ret)
{
    if (!GM_PAD_HAS_PENDING_EVENTS(pad))
        return true;
    *ret = gm_pad_check_sticky(pad, NULL);
    if (*ret == GM_FLOW_OK && GM_PAD_IS_FLUSHING(pad))
        *ret = GM_FLOW_FLUSHING;
    return *ret == GM_FLOW_OK;
}

// What the slow flags ask for. False: the data goes no further, the push returns *ret.
static bool pad_data_may_pass(GmPad *pad, unsigned type, void **data, GmFlowReturn *ret)
{
    bool push = GM_PAD_IS_SRC(pad);

    if (GM_PAD_IS_FLUSHING(pad) || GM_PAD_IS_EOS(pad)) {
        *ret = GM_PAD_IS_FLUSHING(pad) ? GM_FLOW_FLUSHING : GM_FLOW_EOS;
        return false;
    }
    if (pad->mode != GM_PAD_MODE_PUSH) {
        gm_critical(push ? "gm_pad_push" : "gm_pad_chain",
                    "%s on pad %s:%s but it was not %s push mode",
                    push ? "pushing" : "chain", GM_DEBUG_PAD_NAME(pad),
                    push ? "activated in" : "in");
        *ret = GM_FLOW_ERROR;
        return false;
    }
    if (GM_OBJECT_FLAG_IS_SET(pad, GM_PAD_FLAG_EVENTS_CHANGED))
        pad_check_order(pad, push ? "gm_pad_push" : "gm_pad_chain");
    if (push && !pad_send_pending(pad, ret))
        return false;
    if (!pad_probe_data(pad, type | GM_PAD_PROBE_TYPE_BLOCK, data, ret))
        return false;
    // While it was blocked there may have come events, or another peer.
    if (push && !pad_send_pending(pad, ret))
        return false;
    if (!pad_probe_data(pad, type, data, ret))
        return false;
    return !push || pad_send_pending(pad, ret);
}

// Alone, without an order to other memory: it says nothing about anything else.
static void pad_set_last_flow(GmPad *pad, GmFlowReturn ret)
{
    atomic_store_explicit(&pad->last_flowret, ret, memory_order_relaxed);
}

// Object lock held: ends a call that does not pass its data on.
static GmFlowReturn pad_refuse_data(GmPad *pad, void *data, GmFlowReturn ret)
{
    pad->last_flowret = ret;
    GM_OBJECT_UNLOCK(pad);
    if (data != NULL)
        gm_mini_object_unref(data);
    return ret;
}

static GmFlowReturn pad_chain_data(GmPad *pad, unsigned type, void *data)
{
    GmFlowReturn ret;
    GmObject *parent;
    bool pass = true;

    GM_PAD_STREAM_LOCK(pad);
    GM_OBJECT_LOCK(pad);
    if (GM_UNLIKELY(GM_OBJECT_FLAGS(pad) & PAD_SLOW_FLAGS))
        pass = pad_data_may_pass(pad, type, &data, &ret);
    if (pass && !pad_acquire_parent(pad, &parent)) {
        pass = false;
        ret = GM_FLOW_FLUSHING;
    }
    if (GM_UNLIKELY(!pass)) {
        ret = pad_refuse_data(pad, data, ret);
        GM_PAD_STREAM_UNLOCK(pad);
        return ret;
    }
    GM_OBJECT_UNLOCK(pad);
    bool single = type & GM_PAD_PROBE_TYPE_BUFFER;
    if (GM_LIKELY(single && pad->chainfunc != NULL)) {
        ret = pad->chainfunc(pad, parent, data);
    } else if (!single && pad->chainlistfunc != NULL) {
        ret = pad->chainlistfunc(pad, parent, data);
    } else {
        gm_critical("gm_pad_chain", "chain on pad %s:%s but it has no chainfunction",
                    GM_DEBUG_PAD_NAME(pad));
        gm_mini_object_unref(data);
        ret = GM_FLOW_NOT_SUPPORTED;
    }
    pad_set_last_flow(pad, ret);
    pad_release_parent(parent);
    GM_PAD_STREAM_UNLOCK(pad);
    return ret;
}

static GmFlowReturn pad_push_data(GmPad *pad, unsigned type, void *data)
{
    GmFlowReturn ret = GM_FLOW_OK;

    GM_OBJECT_LOCK(pad);
    if (GM_UNLIKELY(GM_OBJECT_FLAGS(pad) & PAD_SLOW_FLAGS) &&
        !pad_data_may_pass(pad, type, &data, &ret))
        return pad_refuse_data(pad, data, ret);
    GmPad *peer = pad_enter_peer(pad);
    if (GM_UNLIKELY(peer == NULL))
        return pad_refuse_data(pad, data, GM_FLOW_NOT_LINKED);
    GM_OBJECT_UNLOCK(pad);
    ret = pad_chain_data(peer, type, data);
    pad_set_last_flow(pad, ret);
    gm_pad_leave_peer(pad, peer, GM_PAD_PROBE_TYPE_PUSH);
    GM_OBJECT_UNLOCK(pad);
    return ret;
}

// A misuse of the four below: the data is taken all the same.
static GmFlowReturn pad_data_error(void *data)
{
    if (data != NULL)
        gm_mini_object_unref(data);
    return GM_FLOW_ERROR;
}

GmFlowReturn gm_pad_push(GmPad *pad, GmBuffer *buffer)
{
    if (!GM_REQUIRE(pad != NULL && GM_PAD_IS_SRC(pad)) || !GM_REQUIRE(buffer != NULL))
        return pad_data_error(buffer);
    return pad_push_data(pad, GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_PUSH, buffer);
}

GmFlowReturn gm_pad_push_list(GmPad *pad, GmBufferList *list)
{
    if (!GM_REQUIRE(pad != NULL && GM_PAD_IS_SRC(pad)) || !GM_REQUIRE(list != NULL))
        return pad_data_error(list);
    return pad_push_data(pad, GM_PAD_PROBE_TYPE_BUFFER_LIST | GM_PAD_PROBE_TYPE_PUSH, list);
}

GmFlowReturn gm_pad_chain(GmPad *pad, GmBuffer *buffer)
{
    if (!GM_REQUIRE(pad != NULL && GM_PAD_IS_SINK(pad)) || !GM_REQUIRE(buffer != NULL))
        return pad_data_error(buffer);
    return pad_chain_data(pad, GM_PAD_PROBE_TYPE_BUFFER | GM_PAD_PROBE_TYPE_PUSH, buffer);
}

GmFlowReturn gm_pad_chain_list(GmPad *pad, GmBufferList *list)
{
    if (!GM_REQUIRE(pad != NULL && GM_PAD_IS_SINK(pad)) || !GM_REQUIRE(list != NULL))
        return pad_data_error(list);
    return pad_chain_data(pad, GM_PAD_PROBE_TYPE_BUFFER_LIST | GM_PAD_PROBE_TYPE_PUSH, list);
}

// For pads without a list function: buffer by buffer, each past the buffer probes.
GmFlowReturn gm_pad_chain_list_default(GmPad *pad, GmObject *parent GM_UNUSED, GmBufferList *list)
{
    GmFlowReturn ret = GM_FLOW_OK;
    unsigned length = gm_buffer_list_length(list);

    for (unsigned i = 0; i < length && ret == GM_FLOW_OK; i++)
        ret = gm_pad_chain(pad, gm_buffer_ref(gm_buffer_list_get(list, i)));
    gm_buffer_list_unref(list);
    return ret;
}

// ---- pull --------------------------------------------------------------------------------

// Gets the data for pad_read: from the peer of a sink pad, from the function of a source pad.
// Object lock held, dropped meanwhile.
static GmFlowReturn pad_fetch(GmPad *pad, uint64_t offset, unsigned size, GmBuffer **buffer)
{
    GmFlowReturn ret = GM_FLOW_NOT_SUPPORTED;
    GmObject *parent;

    if (GM_PAD_IS_SINK(pad)) {
        GmPad *peer = pad_enter_peer(pad);
        if (peer == NULL)
            return GM_FLOW_NOT_LINKED;
        GM_OBJECT_UNLOCK(pad);
        ret = gm_pad_get_range(peer, offset, size, buffer);
        gm_pad_leave_peer(pad, peer, GM_PAD_PROBE_TYPE_PULL);
        return ret;
    }
    if (!pad_acquire_parent(pad, &parent))
        return GM_FLOW_FLUSHING;
    GM_OBJECT_UNLOCK(pad);
    if (pad->getrangefunc != NULL)
        ret = pad->getrangefunc(pad, parent, offset, size, buffer);
    else
        gm_critical("gm_pad_get_range",
                    "getrange on pad %s:%s but it has no getrangefunction",
                    GM_DEBUG_PAD_NAME(pad));
    pad_release_parent(parent);
    GM_OBJECT_LOCK(pad);
    return ret;
}

// Object lock held.
static GmFlowReturn pad_read(GmPad *pad, uint64_t offset, unsigned size, GmBuffer **buffer)
{
    GmFlowReturn ret;
    bool src = GM_PAD_IS_SRC(pad);

    if (GM_PAD_IS_FLUSHING(pad))
        return GM_FLOW_FLUSHING;
    if (pad->mode != GM_PAD_MODE_PULL) {
        gm_critical(src ? "gm_pad_get_range" : "gm_pad_pull_range",
                    "%s on pad %s:%s but it was not activated in pull mode",
                    src ? "getrange" : "pullrange", GM_DEBUG_PAD_NAME(pad));
        return GM_FLOW_ERROR;
    }
    if (src && (ret = gm_pad_check_sticky(pad, NULL)) != GM_FLOW_OK)
        return ret;
    ret = gm_pad_run_probes(pad, GM_PAD_PROBE_TYPE_PULL | GM_PAD_PROBE_TYPE_BLOCK, buffer, offset,
                            size, NULL);
    // A blocking probe that drops the request may have put a buffer of its own there.
    if (ret == GM_FLOW_OK) {
        if (src && (ret = gm_pad_check_sticky(pad, NULL)) != GM_FLOW_OK)
            return ret;
        ret = pad_fetch(pad, offset, size, buffer);
    } else if (ret > GM_FLOW_OK) {
        ret = *buffer != NULL ? GM_FLOW_OK : GM_FLOW_EOS;
    }
    if (ret != GM_FLOW_OK)
        return ret;
    ret = gm_pad_run_probes(pad, GM_PAD_PROBE_TYPE_PULL | GM_PAD_PROBE_TYPE_BUFFER, buffer,
                            offset, size, NULL);
    return ret > GM_FLOW_OK ? GM_FLOW_EOS : ret;
}

static GmFlowReturn pad_read_locked(GmPad *pad, uint64_t offset, unsigned size, GmBuffer **buffer)
{
    GmBuffer *result = *buffer;
    bool src = GM_PAD_IS_SRC(pad);

    if (src)
        GM_PAD_STREAM_LOCK(pad);
    GM_OBJECT_LOCK(pad);
    GmFlowReturn ret = pad_read(pad, offset, size, &result);
    pad->last_flowret = ret;
    GM_OBJECT_UNLOCK(pad);
    if (src)
        GM_PAD_STREAM_UNLOCK(pad);
    if (ret != GM_FLOW_OK && *buffer == NULL && result != NULL)
        gm_buffer_unref(result);
    else if (ret == GM_FLOW_OK && (*buffer == NULL || GM_REQUIRE(result == *buffer)))
        *buffer = result;
    return ret;
}

GmFlowReturn gm_pad_pull_range(GmPad *pad, uint64_t offset, unsigned size, GmBuffer **buffer)
{
    if (!GM_REQUIRE(pad != NULL && GM_PAD_IS_SINK(pad)) || !GM_REQUIRE(buffer != NULL) ||
        !GM_REQUIRE(*buffer == NULL || gm_buffer_get_size(*buffer) >= size))
        return GM_FLOW_ERROR;
    return pad_read_locked(pad, offset, size, buffer);
}

GmFlowReturn gm_pad_get_range(GmPad *pad, uint64_t offset, unsigned size, GmBuffer **buffer)
{
    if (!GM_REQUIRE(pad != NULL && GM_PAD_IS_SRC(pad)) || !GM_REQUIRE(buffer != NULL) ||
        !GM_REQUIRE(*buffer == NULL || gm_buffer_get_size(*buffer) >= size))
        return GM_FLOW_ERROR;
    return pad_read_locked(pad, offset, size, buffer);
}

GmFlowReturn gm_pad_get_last_flow_return(GmPad *pad)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) ? GM_PAD_LAST_FLOW_RETURN(pad) : GM_FLOW_ERROR;
}
