// SPDX-License-Identifier: MIT
//
// Elements without states: pads, links, messages, queries, contexts, property watches.
#include "element_kit.h"

GM_TEST(element, always_pads_come_from_the_table)
{
    GmElement *el = kit_own(&kit_filter, "f");
    GmPad *pad = gm_element_get_static_pad(el, "sink");

    cr_assert_eq(el->numpads, 2);
    cr_assert_eq(el->numsrcpads, 1);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(pad), 2);
    cr_assert_eq(GM_PAD_PARENT(pad), el);
    cr_assert_eq(GM_PAD_PAD_TEMPLATE(pad), gm_element_get_pad_template(el, "sink"));
    cr_assert_null(gm_element_get_static_pad(el, "other"));
    cr_assert_str_eq(gm_element_get_metadata(el, GM_ELEMENT_METADATA_LONGNAME), "A kitfilter");
    cr_assert_null(gm_element_get_metadata(el, "unknown"));
    gm_object_unref(pad);
    gm_object_unref(el);
}

static void element_count(GmElement *el, GmPad *pad, int *count)
{
    (void)el, (void)pad;
    ++*count;
}

GM_TEST(element, add_and_remove_pads)
{
    GmElement *el = kit_own(&kit_plain, "e");
    GmPad *pad = gm_pad_new("x", GM_PAD_SRC);
    int added = 0, removed = 0;

    gm_signal_connect(el, "pad-added", element_count, &added);
    gm_signal_connect(el, "pad-removed", element_count, &removed);
    cr_assert(gm_element_add_pad(el, pad));
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(pad), 1);
    gm_test_expect_criticals(3);
    cr_assert_not(gm_element_add_pad(el, gm_pad_new("x", GM_PAD_SINK))); // the name is taken
    GmElement *other = kit_own(&kit_plain, "o");
    cr_assert_not(gm_element_add_pad(other, pad));    // has a parent
    cr_assert_not(gm_element_remove_pad(other, pad)); // not its own
    cr_assert(gm_element_remove_pad(el, pad));
    cr_assert(added == 1 && removed == 1);
    cr_assert_eq(el->numpads, 0);
    gm_object_unref(other);
    gm_object_unref(el);
}

GM_TEST(element, pads_added_while_paused_are_active)
{
    GmElement *el = kit_own(&kit_plain, "e");
    GmPad *pad = gm_pad_new("x", GM_PAD_SRC);

    gm_element_set_state(el, GM_STATE_PAUSED);
    gm_element_add_pad(el, pad);
    cr_assert(gm_pad_is_active(pad));
    gm_element_set_state(el, GM_STATE_NULL);
    gm_object_unref(el);
}

GM_TEST(element, request_pads)
{
    GmElement *el = kit_own(&kit_request, "r");
    GmPad *a = gm_element_request_pad_simple(el, "src_%u");
    GmPad *b = gm_element_request_pad_simple(el, "src_7");

    cr_assert_str_eq(GM_PAD_NAME(a), "src_0");
    cr_assert_str_eq(GM_PAD_NAME(b), "src_7");
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(b), 2);
    cr_assert_null(gm_element_request_pad_simple(el, "src_x"));
    cr_assert_null(gm_element_request_pad_simple(el, "src_7x"));
    gm_test_expect_criticals(1);
    cr_assert_null(gm_element_request_pad_simple(el, "src_7")); // there is one
    gm_element_release_request_pad(el, b);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(b), 1);
    cr_assert_eq(el->numsrcpads, 1);
    gm_object_unref(a);
    gm_object_unref(b);
    gm_object_unref(el);
}

static bool element_stop_at_first(GmElement *el, GmPad *pad, void *count)
{
    (void)el, (void)pad;
    return ++*(int *)count < 1;
}

GM_TEST(element, foreach_pad_stops_when_told)
{
    GmElement *el = kit_own(&kit_filter, "f");
    int count = 0;

    cr_assert_not(gm_element_foreach_pad(el, element_stop_at_first, &count));
    cr_assert_eq(count, 1);
    gm_object_unref(el);
}

GM_TEST(element, links_existing_then_requested_pads)
{
    GmElement *bin = gm_object_ref_sink(gm_bin_new("b"));
    GmElement *s = kit_new(&kit_src, "s"), *k = kit_new(&kit_sink, "k");
    GmElement *r = kit_new(&kit_request, "r");

    gm_bin_add_many(GM_BIN(bin), s, k, r, NULL);
    cr_assert(gm_element_link(s, k));
    cr_assert_not(gm_element_link(s, k), "linked twice");
    gm_element_unlink(s, k);
    cr_assert_not(GM_PAD_IS_LINKED(s->pads->data));
    cr_assert(gm_element_link_many(s, r, k, NULL));
    cr_assert_eq(r->numpads, 2);
    gm_element_unlink_pads(s, "src", r, GM_PAD_NAME(r->sinkpads->data));
    cr_assert_not(GM_PAD_IS_LINKED(s->pads->data));
    cr_assert_not(gm_element_link_pads(s, "nope", k, "sink"));
    cr_assert_not(gm_element_link_pads(k, "sink", s, "src"), "wrong way round");
    // a link that fails gives its request pad back
    unsigned before = r->numpads;
    cr_assert_not(gm_element_link_pads(r, "src_9", k, "sink"));
    cr_assert_eq(r->numpads, before);
    gm_object_unref(bin);
}

GM_TEST(element, requests_on_both_sides)
{
    GmElement *bin = gm_object_ref_sink(gm_bin_new("b"));
    GmElement *a = kit_new(&kit_request, "a"), *b = kit_new(&kit_request, "b");

    gm_bin_add_many(GM_BIN(bin), a, b, NULL);
    cr_assert(gm_element_link(a, b));
    cr_assert(a->numsrcpads == 1 && b->numsinkpads == 1);
    gm_object_unref(bin);
}

GM_TEST(element, error_without_text_gets_one)
{
    GmElement *el = kit_own(&kit_plain, "e");
    GmBus *bus = gm_bus_new();
    GmError *error = NULL;
    char *debug = NULL;

    gm_element_set_bus(el, bus);
    GM_ELEMENT_WARNING(el, RESOURCE, NOT_FOUND, (NULL), (NULL));
    GmMessage *m = kit_wait(bus, GM_MESSAGE_WARNING, el);
    gm_message_parse_warning(m, &error, &debug);
    cr_assert_str_eq(error->message, "Resource not found.");
    cr_assert(strstr(debug, "test_element.c") != NULL && strstr(debug, "/Gmkitplain:e") != NULL);
    gm_error_free(error);
    free(debug);
    gm_message_unref(m);
    gm_object_unref(el);
    gm_object_unref(bus);
}

GM_TEST(element, contexts_persist_or_not)
{
    GmElement *el = kit_own(&kit_plain, "e");
    GmContext *keep = gm_context_new("keep", true), *drop = gm_context_new("drop", false);

    gm_element_set_state(el, GM_STATE_READY);
    gm_element_set_context(el, keep);
    gm_element_set_context(el, drop);
    GmContext *got = gm_element_get_context(el, "drop");
    cr_assert_eq(got, drop);
    gm_context_unref(got);
    gm_element_set_state(el, GM_STATE_NULL);
    cr_assert_null(gm_element_get_context(el, "drop"));
    got = gm_element_get_context(el, "keep");
    cr_assert_eq(got, keep);
    gm_context_unref(got);
    gm_context_unref(keep);
    gm_context_unref(drop);
    gm_object_unref(el);
}

GM_TEST(element, property_watches_post_messages)
{
    GmElement *pipe = gm_object_ref_sink(gm_pipeline_new("p")), *inner = gm_bin_new("inner");
    GmBus *bus = gm_element_get_bus(pipe);
    const char *name = NULL;
    const GmValue *value = NULL;
    GmObject *object = NULL;

    gm_bin_add(GM_BIN(pipe), inner);
    unsigned long id = gm_element_add_property_deep_notify_watch(pipe, NULL, true);
    gm_object_set(inner, "message-forward", true, NULL);
    GmMessage *m = gm_bus_timed_pop_filtered(bus, GM_SECOND, GM_MESSAGE_EXTENDED);
    cr_assert_not_null(m);
    gm_message_parse_property_notify(m, &object, &name, &value);
    cr_assert_eq(object, GM_OBJECT(inner));
    cr_assert_str_eq(name, "message-forward");
    cr_assert(gm_value_get_boolean(value));
    gm_message_unref(m);
    gm_element_remove_property_notify_watch(pipe, id);
    gm_object_set(inner, "message-forward", false, NULL);
    cr_assert_null(gm_bus_pop_filtered(bus, GM_MESSAGE_EXTENDED));
    gm_object_unref(bus);
    gm_object_unref(pipe);
}
