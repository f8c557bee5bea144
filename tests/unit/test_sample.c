// SPDX-License-Identifier: MIT
#include "gmtest.h"

#include "core/caps.h"
#include "core/sample.h"
#include "core/segment.h"
#include "core/structure.h"

GM_TEST(sample, holds_what_it_is_given)
{
    GmBuffer *b = gm_buffer_new();
    GmCaps *caps = gm_caps_new_empty_simple("video/x-raw");
    GmSample *s = gm_sample_new(b, caps, NULL, gm_structure_new_empty("info"));
    cr_assert_eq(gm_sample_get_buffer(s), b);
    cr_assert_eq(gm_sample_get_caps(s), caps);
    cr_assert_eq(gm_sample_get_segment(s)->format, GM_FORMAT_TIME);
    cr_assert(gm_structure_has_name(gm_sample_get_info(s), "info"));
    cr_assert_null(gm_sample_get_buffer_list(s));
    GmSample *copy = gm_sample_copy(s);
    gm_sample_ref(s);
    gm_test_expect_criticals(1);
    gm_sample_set_buffer(s, NULL);
    gm_sample_unref(s);
    gm_sample_set_buffer(s, NULL);
    cr_assert_null(gm_sample_get_buffer(s));
    cr_assert_eq(gm_sample_get_buffer(copy), b);
    gm_sample_unref(s);
    gm_sample_unref(copy);
    gm_caps_unref(caps);
    gm_buffer_unref(b);
}
