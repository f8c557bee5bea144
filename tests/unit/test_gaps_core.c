// SPDX-License-Identifier: MIT
//
// Corners of buffers, pools, pads and the harness that no other test reaches; each behaves as
// GStreamer 1.22's tests/check say.
#include "gmtest.h"
#include "gstmini-element.h"
#include "check/harness.h"

GM_TEST(gaps_buffer, memcmp_beyond_the_end_differs)
{
    GmBuffer *buf = gm_buffer_new_allocate(NULL, 2, NULL);
    const char zeros[3] = { 0 };
    gm_buffer_memset(buf, 0, 0, 2);
    cr_assert_eq(gm_buffer_memcmp(buf, 0, zeros, 2), 0);
    cr_assert_neq(gm_buffer_memcmp(buf, 0, zeros, 3), 0);
    cr_assert_neq(gm_buffer_memcmp(buf, 2, zeros, 1), 0);
    cr_assert_neq(gm_buffer_memcmp(buf, 4, zeros, 1), 0);
    gm_buffer_unref(buf);
}

// What is mapped for writing can be copied, and read through a copy.
GM_TEST(gaps_buffer, copies_what_is_mapped_for_writing)
{
    GmBuffer *buf = gm_buffer_new_allocate(NULL, 4, NULL);
    GmMapInfo map, read;
    gm_buffer_memset(buf, 0, 7, 4);
    cr_assert(gm_buffer_map(buf, &map, GM_MAP_WRITE));
    GmBuffer *copy = gm_buffer_copy(buf);
    cr_assert_not_null(copy);
    cr_assert(gm_buffer_is_writable(copy));
    gm_buffer_memset(copy, 0, 9, 4);
    cr_assert_eq(map.data[0], 7);
    cr_assert(gm_buffer_map(buf, &read, GM_MAP_READ));
    cr_assert_neq(read.memory, map.memory);
    cr_assert_eq(read.data[3], 7);
    gm_buffer_unmap(buf, &read);
    gm_buffer_unmap(buf, &map);
    gm_buffer_unref(copy);
    gm_buffer_unref(buf);
}

GM_TEST(gaps_buffer_pool, same_configuration_while_active)
{
    GmBufferPool *pool = gm_buffer_pool_new();
    GmStructure *config = gm_buffer_pool_get_config(pool);
    GmCaps *caps = gm_caps_new_empty_simple("test/data");
    GmAllocationParams params = { .align = 15, .prefix = 3 }, back;
    gm_buffer_pool_config_set_params(config, caps, 10, 10, 0);
    gm_buffer_pool_config_set_allocator(config, NULL, &params);
    cr_assert(gm_buffer_pool_set_config(pool, config));
    cr_assert(gm_buffer_pool_set_active(pool, true));
    config = gm_buffer_pool_get_config(pool);
    cr_assert(gm_buffer_pool_config_get_allocator(config, NULL, &back));
    cr_assert_eq(back.prefix, 3u);
    cr_assert(gm_buffer_pool_set_config(pool, config));
    config = gm_buffer_pool_get_config(pool);
    gm_buffer_pool_config_set_params(config, caps, 12, 10, 0);
    cr_assert_not(gm_buffer_pool_set_config(pool, config));
    config = gm_buffer_pool_get_config(pool);
    params.padding = 1;
    gm_buffer_pool_config_set_allocator(config, NULL, &params);
    cr_assert_not(gm_buffer_pool_set_config(pool, config));
    gm_buffer_pool_set_active(pool, false);
    gm_object_unref(pool);
    gm_caps_unref(caps);
}

// A floating element stays its maker's.
GM_TEST(gaps_harness, element_is_borrowed)
{
    GmElement *bin = gm_bin_new(NULL), *identity = gm_element_factory_make("identity", NULL);
    gm_bin_add(GM_BIN(bin), identity);
    GmPad *pad = gm_element_get_static_pad(identity, "sink");
    gm_element_add_pad(bin, gm_ghost_pad_new("sink", pad));
    gm_object_unref(pad);
    pad = gm_element_get_static_pad(identity, "src");
    gm_element_add_pad(bin, gm_ghost_pad_new("src", pad));
    gm_object_unref(pad);
    GmHarness *h = gm_harness_new_with_element(bin, "sink", "src");
    gm_harness_set_src_caps_str(h, "mycaps");
    gm_harness_push(h, gm_buffer_new());
    gm_buffer_unref(gm_harness_pull(h));
    gm_object_unref(bin);
    gm_harness_teardown(h);
}

// ---- pads ---------------------------------------------------------------------------------

static GmPad *padreq_request_new_pad(GmElement *el, GmPadTemplate *templ, const char *name,
                                     const GmCaps *caps)
{
    (void)caps;
    GmPad *pad = gm_pad_new_from_template(templ, name);
    gm_element_add_pad(el, pad);
    return pad;
}

static void padreq_release_pad(GmElement *el, GmPad *pad)
{
    gm_element_remove_pad(el, pad);
}

static const GmStaticPadTemplate padreq_pads[] = {
    { .name_template = "video_%u", .direction = GM_PAD_SINK, .presence = GM_PAD_REQUEST,
      .static_caps = "video/x-raw" },
    { .name_template = "audio_%u", .direction = GM_PAD_SINK, .presence = GM_PAD_REQUEST,
      .static_caps = "audio/x-raw" },
    { 0 }
};
static const GmElementClass padreq_class = {
    .name = "padreq", .parent = &gm_element_class.object, .pads = padreq_pads,
    .request_new_pad = padreq_request_new_pad, .release_pad = padreq_release_pad,
};

static bool video_peer_query(GmPad *pad, GmObject *parent, GmQuery *query)
{
    if (GM_QUERY_TYPE(query) != GM_QUERY_CAPS)
        return gm_pad_query_default(pad, parent, query);
    GmCaps *caps = gm_caps_new_empty_simple("video/x-raw"); // whatever the filter says
    gm_query_set_caps_result(query, caps);
    gm_caps_unref(caps);
    return true;
}

// Whether a source pad without an element, of any caps or video, finds which pad under a filter.
static void check_compatible(bool video, const char *filter, const char *templ)
{
    GmElement *el = gm_object_ref_sink(gm_object_new(&padreq_class.object, NULL));
    GmPad *peer = gm_object_ref_sink(gm_pad_new("src", GM_PAD_SRC));
    GmCaps *caps = filter != NULL ? gm_caps_from_string(filter) : NULL;
    if (video)
        gm_pad_set_query_function(peer, video_peer_query);
    GmPad *pad = gm_element_get_compatible_pad(el, peer, caps);
    cr_assert_eq(pad != NULL, templ != NULL);
    if (pad != NULL) {
        GmPadTemplate *found = gm_pad_get_pad_template(pad);
        cr_assert_str_eq(found->name_template, templ);
        gm_object_unref(found);
        gm_element_release_request_pad(el, pad);
        gm_object_unref(pad);
    }
    if (caps != NULL)
        gm_caps_unref(caps);
    gm_object_unref(peer);
    gm_object_unref(el);
}

GM_TEST(gaps_pad, compatible_pad_of_a_pad_without_parent)
{
    check_compatible(false, NULL, "video_%u");
    check_compatible(false, "audio/x-raw", "audio_%u");
    check_compatible(false, "foo/bar", NULL);
    check_compatible(true, NULL, "video_%u");
    check_compatible(true, "foo/bar", NULL);
}

// A tee can do what both its sinks can; pads of fixed caps can only what they have.
GM_TEST(gaps_pad, proxied_caps_of_fixed_pads)
{
    GmElement *el[3];
    GmPad *pad[2], *src[2];
    const char *names[] = { "fakesink", "fakesink", "tee" }, *caps_of[] = { "foo/bar", "bar/ter" };
    for (int i = 0; i < 3; i++)
        el[i] = gm_object_ref_sink(gm_element_factory_make(names[i], NULL));
    for (int i = 0; i < 2; i++) {
        src[i] = gm_element_request_pad_simple(el[2], "src_%u");
        pad[i] = gm_element_get_static_pad(el[i], "sink");
        cr_assert_eq(gm_pad_link(src[i], pad[i]), GM_PAD_LINK_OK);
    }
    for (int i = 0; i < 3; i++)
        gm_element_set_state(el[i], GM_STATE_PAUSED);
    GmPad *sink = gm_element_get_static_pad(el[2], "sink");
    GmCaps *caps = gm_pad_query_caps(sink, NULL);
    cr_assert(gm_caps_is_any(caps));
    gm_caps_unref(caps);
    for (int i = 0; i < 2; i++) {
        caps = gm_caps_new_empty_simple(caps_of[i]);
        gm_pad_send_event(pad[i], gm_event_new_stream_start("test"));
        cr_assert(gm_pad_send_event(pad[i], gm_event_new_caps(caps)));
        gm_pad_use_fixed_caps(pad[i]);
        gm_caps_unref(caps);
    }
    caps = gm_pad_query_caps(sink, NULL);
    cr_assert(gm_caps_is_empty(caps));
    gm_caps_unref(caps);
    gm_object_unref(sink);
    for (int i = 0; i < 3; i++)
        gm_element_set_state(el[i], GM_STATE_NULL);
    for (int i = 0; i < 2; i++) {
        gm_element_release_request_pad(el[2], src[i]);
        gm_object_unref(src[i]);
        gm_object_unref(pad[i]);
    }
    for (int i = 0; i < 3; i++)
        gm_object_unref(el[i]);
}

// ---- contexts -----------------------------------------------------------------------------

static GmStateChangeReturn ctx_change_state(GmElement *el, GmStateChange transition)
{
    bool maker = strcmp(GM_OBJECT_NAME(el), "maker") == 0;
    if (transition == GM_STATE_CHANGE_NULL_TO_READY && maker) {
        GmContext *context = gm_context_new("foobar", false);
        gm_element_set_context(el, context);
        gm_element_post_message(el, gm_message_new_have_context(GM_OBJECT(el), context));
    } else if (transition == GM_STATE_CHANGE_NULL_TO_READY) {
        gm_element_post_message(el, gm_message_new_need_context(GM_OBJECT(el), "foobar"));
        GmContext *context = gm_element_get_context(el, "foobar");
        if (context == NULL)
            return GM_STATE_CHANGE_FAILURE;
        gm_context_unref(context);
    }
    return gm_element_class.change_state(el, transition);
}

static const GmStaticPadTemplate ctx_pads[] = { { 0 } };
static const GmElementClass ctx_class = {
    .name = "ctxelement", .parent = &gm_element_class.object, .pads = ctx_pads,
    .change_state = ctx_change_state,
};

// A bin keeps what one child has made and gives it to a child that needs it, at any depth.
GM_TEST(gaps_context, bin_keeps_contexts)
{
    GmElement *outer = gm_object_ref_sink(gm_bin_new(NULL)), *bin = gm_bin_new(NULL);
    GmElement *needer = gm_object_new(&ctx_class.object, "name", "needer", NULL);
    GmElement *maker = gm_object_new(&ctx_class.object, "name", "maker", NULL);
    GmContext *context = NULL;
    GmBus *bus = gm_bus_new();
    gm_bin_add_many(GM_BIN(bin), maker, NULL);
    gm_bin_add_many(GM_BIN(outer), needer, bin, NULL); // last added goes first
    gm_element_set_bus(outer, bus);
    cr_assert_eq(gm_element_set_state(outer, GM_STATE_READY), GM_STATE_CHANGE_SUCCESS);
    GmMessage *message = gm_bus_pop_filtered(bus, GM_MESSAGE_HAVE_CONTEXT);
    cr_assert_not_null(message);
    gm_message_parse_have_context(message, &context);
    cr_assert_str_eq(gm_context_get_context_type(context), "foobar");
    gm_context_unref(context);
    gm_message_unref(message);
    cr_assert_null(gm_bus_pop_filtered(bus, GM_MESSAGE_NEED_CONTEXT)); // answered by the bin
    gm_element_set_state(outer, GM_STATE_NULL);
    gm_element_set_bus(outer, NULL);
    gm_object_unref(bus);
    gm_object_unref(outer);
}

// The features given away stay valid: the first structure owns them.
GM_TEST(gaps_caps, features_simple_keeps_what_it_took)
{
    GmCaps *caps = gm_caps_from_string("video/x-raw, format=NV12; video/x-raw, format=NV16");
    GmCapsFeatures *features = gm_caps_features_new("memory:EGLImage", NULL);
    gm_caps_set_features_simple(caps, features);
    cr_assert_eq(gm_caps_get_features(caps, 0), features);
    cr_assert(gm_caps_features_is_equal(gm_caps_get_features(caps, 1), features));
    gm_caps_unref(caps);
}
