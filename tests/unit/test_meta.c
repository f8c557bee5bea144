// SPDX-License-Identifier: MIT
//
// meta: order, removal, copies by tag, custom metas, the built-in kinds.
#include "gmtest.h"

#include "core/buffer.h"
#include "core/caps.h"
#include "core/error.h"
#include "core/structure.h"

GM_TEST(meta, parent_buffer_lives_on)
{
    GmBuffer *whole = gm_buffer_new_memdup("abc", 3), *part = gm_buffer_new();
    gm_buffer_add_parent_buffer_meta(part, whole);
    cr_assert_not(gm_buffer_is_writable(whole));
    GmBuffer *copy = gm_buffer_copy(part), *deep = gm_buffer_copy_deep(part);
    gm_buffer_unref(part);
    cr_assert_eq(gm_buffer_get_parent_buffer_meta(copy)->buffer, whole);
    cr_assert_null(gm_buffer_get_parent_buffer_meta(deep), "a deep copy needs no parent");
    gm_buffer_unref(copy);
    gm_buffer_unref(deep);
    cr_assert(gm_buffer_is_writable(whole));
    gm_buffer_unref(whole);
}

GM_TEST(meta, custom_holds_a_structure)
{
    static const char *tags[] = { "memory", NULL };
    const GmMetaInfo *info = gm_meta_register_custom("test-custom", tags, NULL, NULL, NULL);
    cr_assert(gm_meta_info_is_custom(info));
    cr_assert(gm_meta_api_type_has_tag(info->api, gm_quark_from_string("memory")));
    GmBuffer *b = gm_buffer_new_memdup("abc", 3);
    GmCustomMeta *m = gm_buffer_add_custom_meta(b, "test-custom");
    cr_assert(gm_custom_meta_has_name(m, "test-custom"));
    gm_structure_set(gm_custom_meta_get_structure(m), "n", GM_TYPE_INT, 7, NULL);
    GmBuffer *copy = gm_buffer_copy(b);
    int n = 0;
    m = gm_buffer_get_custom_meta(copy, "test-custom");
    cr_assert(gm_structure_get_int(gm_custom_meta_get_structure(m), "n", &n));
    cr_assert_eq(n, 7);
    GmBuffer *part = gm_buffer_copy_region(b, GM_BUFFER_COPY_ALL, 0, 2);
    cr_assert_null(gm_buffer_get_custom_meta(part, "test-custom"), "tagged memory: whole only");
    gm_buffer_unref(part);
    gm_buffer_unref(copy);
    gm_buffer_unref(b);
}

static bool remove_second(GmBuffer *buffer, GmMeta **meta, void *data)
{
    (void)buffer;
    if (++*(int *)data == 2)
        *meta = NULL;
    return true;
}

GM_TEST(meta, order_and_removal)
{
    GmBuffer *b = gm_buffer_new();
    GmCaps *caps = gm_caps_new_empty_simple("timestamp/x-test");
    GmReferenceTimestampMeta *m[3];
    for (int i = 0; i < 3; i++)
        m[i] = gm_buffer_add_reference_timestamp_meta(b, caps, (GmClockTime)i, 0);
    GmType api = gm_reference_timestamp_meta_api_get_type();
    cr_assert_eq(gm_buffer_get_n_meta(b, api), 3);
    cr_assert_eq(gm_meta_compare_seqnum(&m[0]->parent, &m[2]->parent), -1);
    cr_assert_eq(gm_buffer_get_reference_timestamp_meta(b, NULL), m[0]);
    int seen = 0;
    cr_assert(gm_buffer_foreach_meta(b, remove_second, &seen));
    cr_assert_eq(seen, 3);
    cr_assert(gm_buffer_remove_meta(b, &m[2]->parent));
    m[1] = gm_buffer_add_reference_timestamp_meta(b, caps, 9, 0);
    cr_assert_eq(gm_buffer_get_n_meta(b, api), 2);
    cr_assert(gm_buffer_remove_meta(b, &m[0]->parent));
    cr_assert_eq(gm_buffer_get_reference_timestamp_meta(b, caps)->timestamp, 9);
    gm_buffer_unref(b);
    gm_caps_unref(caps);
}
