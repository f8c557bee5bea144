// SPDX-License-Identifier: MIT
#include "core/log.h"

#include <string.h>

#include "core/object.h"
#include "core/util.h"
#include "gmtest.h"

GM_DEBUG_CATEGORY_DEFINE(log_test, "log-test", GM_DEBUG_FG_RED, "of the test");
GM_DEBUG_CATEGORY_STATIC(log_late);
#define GM_CAT_DEFAULT log_test

static char     last[512];
static unsigned calls;
static GmDebugLevel last_level;

static void remember(GmDebugCategory *category, GmDebugLevel level, const char *file,
                     const char *function, int line, GmObject *object, GmDebugMessage *message,
                     void *data)
{
    (void)data;
    char *text = gm_debug_log_get_line(category, level, file, function, line, object, message);
    snprintf(last, sizeof last, "%s", text);
    gm_free(text);
    last_level = level;
    calls++;
}

static int evaluated;
static int evaluate(void)
{
    return ++evaluated;
}

static void begin(void)
{
    gm_debug_remove_log_function(NULL);
    gm_debug_add_log_function(remember, NULL, NULL);
    gm_debug_set_threshold_from_string("", true);
    calls = 0;
}

GM_TEST(log, levels_and_line)
{
    begin();
    GM_DEBUG("off %d", evaluate());
    cr_assert(calls == 0 && evaluated == 0, "arguments of a message that is off are not evaluated");
    GM_ERROR("on %d", evaluate());
    cr_assert(calls == 1 && evaluated == 1);
    GmObject *obj = gm_object_ref_sink(gm_object_new(&gm_object_class, "name", "q7", NULL));
    gm_debug_set_threshold_from_string("log-test:LOG", false);
    GM_LOG_OBJECT(obj, "got %s", "it");
    cr_assert_eq(last_level, GM_LEVEL_LOG);
    const char *tail = strstr(last, "test_log.c:");
    cr_assert_not_null(tail);
    cr_assert_not_null(strstr(tail, ":<q7> got it\n"), "%s", last);
    cr_assert_not_null(strstr(last, " LOG "));
    cr_assert_not_null(strstr(last, " log-test "));
    cr_assert_eq(strncmp(last, "0:00:0", 6), 0, "time since the start: %s", last);
    gm_object_unref(obj);
    GM_MEMDUMP("bytes", "abcdefghijklmnopq", 17);
    cr_assert_eq(calls, 2);
    gm_debug_set_threshold_for_name("log-test", GM_LEVEL_MEMDUMP);
    GM_MEMDUMP("bytes", "abcdefghijklmnopq", 17);
    cr_assert_eq(calls, 5);
    cr_assert_not_null(strstr(last, "00000010: 71 "));
}

GM_TEST(log, rules)
{
    begin();
    GM_DEBUG_CATEGORY_INIT(log_late, "log-late", 0, "made late");
    GM_DEBUG_CATEGORY_INIT(log_late, "log-late", 0, "made late");
    cr_assert_eq(gm_debug_get_category("log-late"), log_late);
    cr_assert_eq(gm_debug_category_get_threshold(log_late), GM_LEVEL_ERROR);
    gm_debug_set_threshold_from_string("*:3, log-*:5,log-late:TRACE,nonsense:x", true);
    cr_assert_eq(gm_debug_category_get_threshold(log_late), GM_LEVEL_TRACE);
    cr_assert_eq(gm_debug_category_get_threshold(log_test), GM_LEVEL_DEBUG);
    GmDebugCategory *made = gm_debug_category_new("zzz", 0, NULL);
    cr_assert_eq(gm_debug_category_get_threshold(made), GM_LEVEL_FIXME, "rules hold for later ones");
    gm_debug_set_threshold_from_string("4", true);
    cr_assert_eq(gm_debug_category_get_threshold(made), GM_LEVEL_INFO);
    cr_assert_eq(gm_debug_get_default_threshold(), GM_LEVEL_INFO);
    gm_debug_category_set_threshold(made, GM_LEVEL_LOG);
    GM_CAT_LOG(made, "x");
    cr_assert_eq(calls, 1);
    gm_debug_category_reset_threshold(made);
    GM_CAT_LOG(made, "x");
    gm_debug_set_active(false);
    GM_ERROR("x");
    cr_assert_eq(calls, 1);
    GmList *all = gm_debug_get_all_categories();
    cr_assert_not_null(gm_list_find(all, made));
    gm_list_free(all);
    cr_assert_str_eq(gm_debug_level_get_name(GM_LEVEL_WARNING), "WARN");
    cr_assert_eq(gm_debug_remove_log_function(remember), 1);
}
