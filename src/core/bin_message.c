// SPDX-License-Identifier: MIT
//
// bin_message: what children say, folded into what the bin says.
//
//     kept until all have spoken:  EOS, stream-start, segment-start/done, async-start/done
//     handled here:                clock-provide, clock-lost, structure-change, contexts
//     passed on:                   everything else
//
// Runs in whichever thread posts.
#include "core/bin_priv.h"

#include "core/clock.h"
#include "core/context.h"
#include "core/log.h"
#include "core/message.h"
#include "core/structure.h"

GmList *gm_bin_find_message(GmBin *bin, const GmObject *src, int types)
{
    for (GmList *l = bin->messages; l != NULL; l = l->next)
        if ((src == NULL || GM_MESSAGE_SRC(l->data) == src) &&
            ((int)GM_MESSAGE_TYPE(l->data) & types))
            return l;
    return NULL;
}

void gm_bin_remove_messages(GmBin *bin, const GmObject *src, int types)
{
    for (GmList *l = bin->messages, *next; l != NULL; l = next) {
        next = l->next;
        if ((src == NULL || GM_MESSAGE_SRC(l->data) == src) &&
            ((int)GM_MESSAGE_TYPE(l->data) & types)) {
            gm_message_unref(l->data);
            bin->messages = gm_list_delete_link(bin->messages, l);
        }
    }
}

// Keeps message (taken) in place of one of `types` from the same source. Lock held.
static void bin_keep_message(GmBin *bin, GmMessage *message, int types)
{
    if (GM_MESSAGE_SRC(message) == NULL) {
        gm_message_unref(message);
        return;
    }
    GmList *previous = gm_bin_find_message(bin, GM_MESSAGE_SRC(message), types);
    if (previous != NULL) {
        gm_message_unref(previous->data);
        previous->data = message;
    } else {
        bin->messages = gm_list_prepend(bin->messages, message);
    }
}

static void bin_forward_copy(GmBin *bin, GmMessage *message)
{
    if (!bin->message_forward)
        return;
    gm_element_post_message(
        GM_ELEMENT(bin),
        gm_message_new_element(GM_OBJECT(bin),
                               gm_structure_new("GmBinForwarded", "message", GM_TYPE_MESSAGE,
                                                message, NULL)));
}

// ---- all sinks have said it ---------------------------------------------------------------

// Whether every sink has a message of `type`; *seqnum: of the last. Lock held.
static bool bin_all_sinks(GmBin *bin, GmMessageType type, uint32_t *seqnum)
{
    unsigned n = 0;

    for (GmList *l = bin->children; l != NULL; l = l->next) {
        if (!GM_OBJECT_FLAG_IS_SET(l->data, GM_ELEMENT_FLAG_SINK))
            continue;
        GmList *found = gm_bin_find_message(bin, l->data, type);
        if (found == NULL)
            return false;
        *seqnum = gm_message_get_seqnum(found->data);
        n++;
    }
    return n > 0;
}

void gm_bin_check_eos(GmBin *bin)
{
    GmElement *el = GM_ELEMENT(bin);
    uint32_t seqnum = 0;

    GM_OBJECT_LOCK(bin);
    bool eos = el->current_state == GM_STATE_PLAYING && bin->posted_playing && !bin->posted_eos &&
               (el->pending_state == GM_STATE_VOID_PENDING ||
                el->pending_state == GM_STATE_PLAYING) &&
               bin_all_sinks(bin, GM_MESSAGE_EOS, &seqnum);
    if (eos)
        gm_bin_remove_messages(bin, NULL, GM_MESSAGE_EOS);
    GM_OBJECT_UNLOCK(bin);
    if (!eos)
        return;
    GmMessage *message = gm_message_new_eos(GM_OBJECT(bin));
    if (seqnum != 0)
        gm_message_set_seqnum(message, seqnum);
    gm_element_post_message(el, message);
}

static void bin_check_stream_start(GmBin *bin)
{
    unsigned group = 0, other;
    bool have_group = true, first = true, same = true;
    uint32_t seqnum = 0;

    GM_OBJECT_LOCK(bin);
    bool all = bin_all_sinks(bin, GM_MESSAGE_STREAM_START, &seqnum);
    for (GmList *l = bin->messages; l != NULL && all; l = l->next) {
        if (GM_MESSAGE_TYPE(l->data) != GM_MESSAGE_STREAM_START)
            continue;
        if (!gm_message_parse_group_id(l->data, &other))
            have_group = false;
        else if (first)
            group = other, first = false;
        else
            same &= other == group;
    }
    bool post = all && (same || !have_group);
    if (post)
        gm_bin_remove_messages(bin, NULL, GM_MESSAGE_STREAM_START);
    GM_OBJECT_UNLOCK(bin);
    if (!post)
        return;
    GmMessage *message = gm_message_new_stream_start(GM_OBJECT(bin));
    if (seqnum != 0)
        gm_message_set_seqnum(message, seqnum);
    if (have_group)
        gm_message_set_group_id(message, group);
    gm_element_post_message(GM_ELEMENT(bin), message);
}

bool gm_bin_post_message(GmElement *el, GmMessage *message)
{
    GmBin *bin = GM_BIN(el);
    bool own_state = GM_MESSAGE_TYPE(message) == GM_MESSAGE_STATE_CHANGED &&
                     GM_MESSAGE_SRC(message) == GM_OBJECT(el);
    GmState state = GM_STATE_NULL, pending = GM_STATE_VOID_PENDING;

    if (own_state)
        gm_message_parse_state_changed(message, NULL, &state, &pending);
    bool posted = gm_element_class.post_message(el, message);
    if (own_state) {
        // EOS is not said before the application has heard of PLAYING.
        bool playing = state == GM_STATE_PLAYING && pending == GM_STATE_VOID_PENDING;
        GM_OBJECT_LOCK(bin);
        bin->posted_playing = playing;
        GM_OBJECT_UNLOCK(bin);
        if (playing)
            gm_bin_check_eos(bin);
    }
    return posted;
}

// ---- one function per kind; each takes message ---------------------------------------------

static void bin_on_error(GmBin *bin, GmMessage *message)
{
    GM_OBJECT_LOCK(bin);
    GM_STATE_RETURN(bin) = GM_STATE_CHANGE_FAILURE;
    GM_STATE_BROADCAST(bin);
    GM_OBJECT_UNLOCK(bin);
    gm_element_post_message(GM_ELEMENT(bin), message);
}

static void bin_on_segment(GmBin *bin, GmMessage *message)
{
    bool start = GM_MESSAGE_TYPE(message) == GM_MESSAGE_SEGMENT_START, post;
    uint32_t seqnum = gm_message_get_seqnum(message);
    GmFormat format;
    int64_t position;

    if (start)
        gm_message_parse_segment_start(message, &format, &position);
    else
        gm_message_parse_segment_done(message, &format, &position);
    bin_forward_copy(bin, message);
    GM_OBJECT_LOCK(bin);
    // The first start is told to a parent; the last done to everybody.
    if (start)
        post = gm_bin_find_message(bin, NULL, GM_MESSAGE_SEGMENT_START) == NULL &&
               GM_OBJECT_PARENT(bin) != NULL;
    bin_keep_message(bin, message, GM_MESSAGE_SEGMENT_START);
    if (!start) {
        post = gm_bin_find_message(bin, NULL, GM_MESSAGE_SEGMENT_START) == NULL;
        if (post)
            gm_bin_remove_messages(bin, NULL, GM_MESSAGE_SEGMENT_DONE);
    }
    GM_OBJECT_UNLOCK(bin);
    if (!post)
        return;
    message = start ? gm_message_new_segment_start(GM_OBJECT(bin), format, position)
                    : gm_message_new_segment_done(GM_OBJECT(bin), format, position);
    gm_message_set_seqnum(message, seqnum);
    gm_element_post_message(GM_ELEMENT(bin), message);
}

static void bin_on_clock(GmBin *bin, GmMessage *message)
{
    bool forward = false;
    GmClock *clock = NULL;

    GM_OBJECT_LOCK(bin);
    bin->clock_dirty = true;
    bool toplevel = GM_OBJECT_PARENT(bin) == NULL;
    if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_CLOCK_PROVIDE) {
        forward = !toplevel;
    } else {
        gm_message_parse_clock_lost(message, &clock);
        if (clock == bin->provided_clock) {
            forward = !toplevel || GM_STATE(bin) == GM_STATE_PLAYING;
            gm_object_replace((GmObject **)&bin->provided_clock, NULL);
            gm_object_replace((GmObject **)&bin->clock_provider, NULL);
        }
    }
    GM_OBJECT_UNLOCK(bin);
    if (forward)
        gm_element_post_message(GM_ELEMENT(bin), message);
    else
        gm_message_unref(message);
}

static void bin_on_async(GmBin *bin, GmMessage *message)
{
    bool start = GM_MESSAGE_TYPE(message) == GM_MESSAGE_ASYNC_START;
    GmClockTime running_time = GM_CLOCK_TIME_NONE;

    if (!start)
        gm_message_parse_async_done(message, &running_time);
    bin_forward_copy(bin, message);
    GM_OBJECT_LOCK(bin);
    if (GM_STATE_TARGET(bin) <= GM_STATE_READY) { // nothing prerolls there
        GM_OBJECT_UNLOCK(bin);
        gm_message_unref(message);
        return;
    }
    bin_keep_message(bin, message, GM_MESSAGE_ASYNC_START);
    if (start) {
        gm_bin_async_start(bin);
    } else if (gm_bin_find_message(bin, NULL, GM_MESSAGE_ASYNC_START) == NULL) {
        gm_bin_remove_messages(bin, NULL, GM_MESSAGE_ASYNC_DONE);
        gm_bin_async_done(bin, GM_STATE_CHANGE_SUCCESS, true, running_time);
    }
    GM_OBJECT_UNLOCK(bin);
}

static void bin_on_structure_change(GmBin *bin, GmMessage *message)
{
    bool busy;

    gm_message_parse_structure_change(message, NULL, NULL, &busy);
    GM_OBJECT_LOCK(bin);
    if (busy) {
        bin_keep_message(bin, gm_message_ref(message), GM_MESSAGE_STRUCTURE_CHANGE);
    } else {
        gm_bin_remove_messages(bin, GM_MESSAGE_SRC(message), GM_MESSAGE_STRUCTURE_CHANGE);
        if (!GM_BIN_IS_NO_RESYNC(bin))
            bin->structure_cookie++;
    }
    GM_OBJECT_UNLOCK(bin);
    gm_message_unref(message);
}

static void bin_on_context(GmBin *bin, GmMessage *message)
{
    GmContext *context = NULL;
    const char *type = NULL;

    if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_HAVE_CONTEXT) {
        gm_message_parse_have_context(message, &context);
        gm_element_class.set_context(GM_ELEMENT(bin), context);
        gm_context_unref(context);
    } else if (gm_message_parse_context_type(message, &type) && GM_MESSAGE_SRC(message) != NULL &&
               (context = gm_element_get_context(GM_ELEMENT(bin), type)) != NULL) {
        gm_element_set_context(GM_ELEMENT(GM_MESSAGE_SRC(message)), context);
        gm_context_unref(context);
        gm_message_unref(message);
        return;
    }
    gm_element_post_message(GM_ELEMENT(bin), message);
}

void gm_bin_default_handle_message(GmBin *bin, GmMessage *message)
{
    switch (GM_MESSAGE_TYPE(message)) {
    case GM_MESSAGE_ERROR:
        bin_on_error(bin, message);
        break;
    case GM_MESSAGE_EOS:
    case GM_MESSAGE_STREAM_START: {
        bool eos = GM_MESSAGE_TYPE(message) == GM_MESSAGE_EOS;
        if (eos)
            bin_forward_copy(bin, message);
        GM_OBJECT_LOCK(bin);
        bin_keep_message(bin, message, eos ? GM_MESSAGE_EOS : GM_MESSAGE_STREAM_START);
        GM_OBJECT_UNLOCK(bin);
        if (eos)
            gm_bin_check_eos(bin);
        else
            bin_check_stream_start(bin);
        break;
    }
    case GM_MESSAGE_STATE_DIRTY:
        gm_message_unref(message);
        break;
    case GM_MESSAGE_SEGMENT_START:
    case GM_MESSAGE_SEGMENT_DONE:
        bin_on_segment(bin, message);
        break;
    case GM_MESSAGE_CLOCK_LOST:
    case GM_MESSAGE_CLOCK_PROVIDE:
        bin_on_clock(bin, message);
        break;
    case GM_MESSAGE_ASYNC_START:
    case GM_MESSAGE_ASYNC_DONE:
        bin_on_async(bin, message);
        break;
    case GM_MESSAGE_STRUCTURE_CHANGE:
        bin_on_structure_change(bin, message);
        break;
    case GM_MESSAGE_NEED_CONTEXT:
    case GM_MESSAGE_HAVE_CONTEXT:
        bin_on_context(bin, message);
        break;
    default:
        gm_element_post_message(GM_ELEMENT(bin), message);
        break;
    }
}
