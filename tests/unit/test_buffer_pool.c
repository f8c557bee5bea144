// SPDX-License-Identifier: MIT
//
// buffer_pool: reuse, limits, flushing, buffers that come back late.
#include "gmtest.h"

#include "core/buffer_pool.h"
#include "core/structure.h"

static GmBufferPool *pool_of(unsigned size, unsigned min, unsigned max)
{
    GmBufferPool *pool = gm_buffer_pool_new();
    GmStructure *config = gm_buffer_pool_get_config(pool);
    gm_buffer_pool_config_set_params(config, NULL, size, min, max);
    cr_assert(gm_buffer_pool_set_config(pool, config));
    return pool;
}

GM_TEST(buffer_pool, inactive_is_flushing)
{
    GmBuffer *b;
    GmBufferPool *pool = gm_buffer_pool_new();
    cr_assert_eq(gm_buffer_pool_acquire_buffer(pool, &b, NULL), GM_FLOW_FLUSHING);
    cr_assert_null(b);
    cr_assert_not(gm_buffer_pool_set_active(pool, true), "no configuration yet");
    gm_object_unref(pool);
}

GM_TEST(buffer_pool, reuses_and_resets)
{
    GmBuffer *b, *c;
    GmBufferPool *pool = pool_of(10, 0, 0);
    cr_assert(gm_buffer_pool_set_active(pool, true));
    cr_assert_eq(gm_buffer_pool_acquire_buffer(pool, &b, NULL), GM_FLOW_OK);
    cr_assert_eq(gm_buffer_get_size(b), 10);
    b->pts = 5;
    gm_buffer_set_size(b, 4);
    GM_BUFFER_FLAG_SET(b, GM_BUFFER_FLAG_GAP);
    gm_buffer_unref(b);
    cr_assert_eq(gm_buffer_pool_acquire_buffer(pool, &c, NULL), GM_FLOW_OK);
    cr_assert_eq(c, b);
    cr_assert(c->pts == GM_CLOCK_TIME_NONE && GM_BUFFER_FLAGS(c) == 0);
    cr_assert_eq(gm_buffer_get_size(c), 10);
    gm_buffer_remove_all_memory(c);
    gm_buffer_unref(c);
    cr_assert_eq(gm_buffer_pool_acquire_buffer(pool, &b, NULL), GM_FLOW_OK);
    cr_assert_eq(gm_buffer_n_memory(b), 1, "a changed buffer is not used again");
    cr_assert(gm_buffer_pool_set_active(pool, false), "with a buffer out");
    gm_buffer_unref(b);
    gm_object_unref(pool);
}

static void *acquire_thread(void *data)
{
    static GmFlowReturn ret;
    GmBuffer *b;
    ret = gm_buffer_pool_acquire_buffer(data, &b, NULL);
    if (ret == GM_FLOW_OK)
        gm_buffer_unref(b);
    return &ret;
}

GM_TEST(buffer_pool, maximum_and_wakeups)
{
    GmBuffer *b, *c;
    GmBufferPoolAcquireParams dontwait = { .flags = GM_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT };
    GmBufferPool *pool = pool_of(10, 1, 1);
    gm_buffer_pool_set_active(pool, true);
    cr_assert_eq(gm_buffer_pool_acquire_buffer(pool, &b, NULL), GM_FLOW_OK);
    cr_assert_eq(gm_buffer_pool_acquire_buffer(pool, &c, &dontwait), GM_FLOW_EOS);
    GmThread *t = gm_thread_try_new("acquire", acquire_thread, pool, NULL);
    gm_buffer_unref(b);
    cr_assert_eq(*(GmFlowReturn *)gm_thread_join(t), GM_FLOW_OK);
    cr_assert_eq(gm_buffer_pool_acquire_buffer(pool, &b, NULL), GM_FLOW_OK);
    t = gm_thread_try_new("acquire", acquire_thread, pool, NULL);
    gm_buffer_pool_set_flushing(pool, true);
    cr_assert_eq(*(GmFlowReturn *)gm_thread_join(t), GM_FLOW_FLUSHING);
    gm_buffer_pool_set_flushing(pool, false);
    t = gm_thread_try_new("acquire", acquire_thread, pool, NULL);
    gm_buffer_pool_set_active(pool, false);
    cr_assert_eq(*(GmFlowReturn *)gm_thread_join(t), GM_FLOW_FLUSHING);
    gm_buffer_unref(b);
    gm_object_unref(pool);
}

GM_TEST(buffer_pool, options)
{
    GmBufferPool *pool = gm_buffer_pool_new();
    GmStructure *config = gm_buffer_pool_get_config(pool);
    gm_buffer_pool_config_add_option(config, "one");
    gm_buffer_pool_config_add_option(config, "two");
    gm_buffer_pool_config_add_option(config, "one");
    cr_assert_eq(gm_buffer_pool_config_n_options(config), 2);
    cr_assert_str_eq(gm_buffer_pool_config_get_option(config, 1), "two");
    cr_assert_null(gm_buffer_pool_config_get_option(config, 2));
    cr_assert_not(gm_buffer_pool_config_has_option(config, "three"));
    gm_buffer_pool_config_set_params(config, NULL, 10, 2, 4);
    cr_assert(gm_buffer_pool_config_validate_params(config, NULL, 8, 2, 4));
    cr_assert_not(gm_buffer_pool_config_validate_params(config, NULL, 11, 2, 4));
    gm_structure_free(config);
    gm_object_unref(pool);
}
