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
