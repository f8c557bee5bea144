// SPDX-License-Identifier: MIT
#include "core/error.h"

#include <string.h>

#include "core/sync.h"
#include "core/util.h"
#include "gmtest.h"

GM_TEST(quark, same_text_same_number)
{
    char text[] = "test-quark-one";
    GmQuark q = gm_quark_from_string(text);
    text[0] = 'X';
    cr_assert_str_eq(gm_quark_to_string(q), "test-quark-one");
    cr_assert_eq(gm_quark_from_static_string("test-quark-one"), q);
    cr_assert_eq(gm_quark_try_string("never-seen"), 0);
    cr_assert_eq(gm_quark_from_string(NULL), 0);
    cr_assert_null(gm_quark_to_string(0));
    cr_assert_null(gm_quark_to_string(99999999));
    cr_assert_eq(gm_intern_string("abc-intern"), gm_intern_string("abc-intern"));
}

static void *make_quarks(void *data)
{
    GmQuark *out = data;
    for (int i = 0; i < 3000; i++) {
        char text[32];
        snprintf(text, sizeof text, "thread-quark-%d", i);
        out[i] = gm_quark_from_string(text);
        cr_assert_str_eq(gm_quark_to_string(out[i]), text);
    }
    return NULL;
}

GM_TEST(quark, threads_agree)
{
    static GmQuark quarks[3][3000];
    GmThread *threads[3];
    for (int i = 0; i < 3; i++)
        threads[i] = gm_thread_try_new("quarks", make_quarks, quarks[i], NULL);
    for (int i = 0; i < 3; i++)
        gm_thread_join(threads[i]);
    cr_assert_eq(memcmp(quarks[0], quarks[1], sizeof quarks[0]), 0);
    cr_assert_eq(memcmp(quarks[0], quarks[2], sizeof quarks[0]), 0);
}

GM_TEST(error, life)
{
    GmError *error = NULL;
    gm_set_error(&error, GM_STREAM_ERROR, GM_STREAM_ERROR_DECODE, "frame %d is broken", 7);
    cr_assert(gm_error_matches(error, GM_STREAM_ERROR, GM_STREAM_ERROR_DECODE));
    cr_assert_not(gm_error_matches(error, GM_CORE_ERROR, GM_STREAM_ERROR_DECODE));
    gm_prefix_error(&error, "%s: ", "dec0");
    cr_assert_str_eq(error->message, "dec0: frame 7 is broken");
    GmError *copy = gm_error_copy(error), *dest = NULL;
    gm_propagate_error(&dest, copy);
    cr_assert_str_eq(dest->message, error->message);
    gm_test_expect_criticals(1);
    gm_set_error(&dest, GM_CORE_ERROR, 1, "second"); // the first stays
    cr_assert_str_eq(dest->message, "dec0: frame 7 is broken");
    gm_clear_error(&dest);
    cr_assert_null(dest);
    gm_propagate_error(NULL, error);
    gm_set_error(NULL, GM_CORE_ERROR, 1, "nobody asks");
}

GM_TEST(error, messages)
{
    cr_assert_eq(GM_CORE_ERROR_CLOCK, 13);
    cr_assert_eq(GM_RESOURCE_ERROR_NOT_AUTHORIZED, 15);
    cr_assert_eq(GM_STREAM_ERROR_DECRYPT_NOKEY, 13);
    char *text = gm_error_get_message(GM_RESOURCE_ERROR, GM_RESOURCE_ERROR_NOT_FOUND);
    cr_assert_str_eq(text, "Resource not found.");
    gm_free(text);
    text = gm_error_get_message(GM_CORE_ERROR, 999);
    cr_assert(strstr(text, "gm-core-error-quark") && strstr(text, "999"));
    gm_free(text);
    for (int code = 1; code < GM_CORE_ERROR_NUM_ERRORS; code++) {
        text = gm_error_get_message(GM_CORE_ERROR, code);
        cr_assert(strlen(text) > 10 && !strstr(text, "No standard"));
        gm_free(text);
    }
}
