// SPDX-License-Identifier: MIT
//
// gmtest: Criterion plus the census: a test fails when it leaves an object or mini-object
// alive, or prints a critical that it did not announce with gm_test_expect_criticals.
#ifndef GMTEST_H
#define GMTEST_H

#include <criterion/criterion.h>

#include "core/mini_object.h"
#include "core/object.h"

static long     gm_test_objects, gm_test_minis;
static unsigned gm_test_criticals, gm_test_criticals_expected;

// Says that the code under test will print exactly `n` more criticals.
GM_UNUSED static void gm_test_expect_criticals(unsigned n)
{
    gm_test_criticals_expected += n;
}

GM_UNUSED static void gm_test_begin(void)
{
    gm_test_objects   = gm_object_live_count(NULL);
    gm_test_minis     = gm_mini_object_live_count(GM_TYPE_NONE);
    gm_test_criticals = gm_critical_count();
    gm_test_criticals_expected = 0;
}

GM_UNUSED static void gm_test_end(void)
{
    long objects = gm_object_live_count(NULL) - gm_test_objects;
    long minis   = gm_mini_object_live_count(GM_TYPE_NONE) - gm_test_minis;
    unsigned criticals = gm_critical_count() - gm_test_criticals;
    if (objects != 0)
        gm_object_print_live(stderr);
    cr_assert_eq(objects, 0, "%ld objects left alive", objects);
    cr_assert_eq(minis, 0, "%ld mini-objects left alive", minis);
    cr_assert_eq(criticals, gm_test_criticals_expected, "%u criticals, expected %u", criticals,
                 gm_test_criticals_expected);
}

// One test with the census around it and a limit of 30 s (a deadlock is a failure). The census
// runs inside the test: Criterion prints an assertion that fails in .fini and passes the test.
#define GM_TEST(suite, name)               \
    static void suite##_##name##_run(void); \
    Test(suite, name, .timeout = 30)       \
    {                                      \
        gm_test_begin();                   \
        suite##_##name##_run();            \
        gm_test_end();                     \
    }                                      \
    static void suite##_##name##_run(void)

#endif
