// SPDX-License-Identifier: MIT
//
// The part of Criterion's interface that our unit tests use, for the builds where Criterion
// itself does not do: it crashes under ThreadSanitizer, its workers leave without a leak check,
// and a machine may not have it.
//
// Each test runs in a process forked from main, -jN at a time; a process that ends with a status
// other than 0, by a signal or after its time limit, is a failure. Every sanitizer makes its
// report at the end of the process: leaks count per test.
//
//     test_x [-jN] [SUITE/NAME…]       shell patterns; nothing given: all tests
//
// The last line is worded like Criterion's, for tests/run.
#ifndef GM_PLAIN_CRITERION_H
#define GM_PLAIN_CRITERION_H

#pragma GCC system_header // the macros below may be called without their optional arguments

#include <fnmatch.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/init.h"

struct criterion_test_params {
    size_t size;
    void  *params;
    size_t length;
};

typedef struct {
    const char *description;
    double      timeout; // seconds; 0: 60
    void      (*init)(void);
    void      (*fini)(void);
} PlainOptions;

typedef struct {
    const char  *suite, *name;
    void       (*run)(void);
    void       (*run_param)(void *param);
    struct criterion_test_params (*params)(void);
    PlainOptions options;
} PlainTest;

enum { PLAIN_MAX = 512, PLAIN_SKIPPED = 77, PLAIN_FAILED = 1 };

static PlainTest plain_tests[PLAIN_MAX];
static unsigned  plain_n_tests;
static bool      plain_failed;   // of the test under way, in its process
static unsigned  plain_passing, plain_failing, plain_crashing, plain_skipped, plain_running;
static struct { pid_t pid; const PlainTest *test; } plain_slots[16];

static void plain_add(PlainTest test)
{
    if (plain_n_tests == PLAIN_MAX)
        abort();
    plain_tests[plain_n_tests++] = test;
}

__attribute__((format(printf, 4, 5), unused))
static void plain_fail(const char *file, int line, const char *what, const char *format, ...)
{
    va_list args;

    flockfile(stderr);
    fprintf(stderr, "%s:%d: assertion failed: %s: ", file, line, what);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    funlockfile(stderr);
    plain_failed = true;
}

#define PLAIN_CHECK(fatal, condition, what, ...)                                    \
    do {                                                                            \
        if (!(condition)) {                                                         \
            plain_fail(__FILE__, __LINE__, what, "" __VA_ARGS__);                   \
            if (fatal)                                                              \
                _exit(PLAIN_FAILED);                                                \
        }                                                                           \
    } while (0)

#define cr_assert(c, ...)            PLAIN_CHECK(1, (c), #c, __VA_ARGS__)
#define cr_assert_not(c, ...)        PLAIN_CHECK(1, !(c), "not " #c, __VA_ARGS__)
#define cr_assert_null(p, ...)       PLAIN_CHECK(1, (p) == NULL, #p " is NULL", __VA_ARGS__)
#define cr_assert_not_null(p, ...)   PLAIN_CHECK(1, (p) != NULL, #p " is not NULL", __VA_ARGS__)
#define cr_assert_eq(a, b, ...)      PLAIN_CHECK(1, (a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...)     PLAIN_CHECK(1, (a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_assert_lt(a, b, ...)      PLAIN_CHECK(1, (a) < (b), #a " < " #b, __VA_ARGS__)
#define cr_assert_leq(a, b, ...)     PLAIN_CHECK(1, (a) <= (b), #a " <= " #b, __VA_ARGS__)
#define cr_assert_gt(a, b, ...)      PLAIN_CHECK(1, (a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_assert_geq(a, b, ...)     PLAIN_CHECK(1, (a) >= (b), #a " >= " #b, __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...)  PLAIN_CHECK(1, plain_same((a), (b)), #a " is " #b, __VA_ARGS__)
#define cr_assert_str_neq(a, b, ...) PLAIN_CHECK(1, !plain_same((a), (b)), #a " is not " #b, __VA_ARGS__)
#define cr_assert_float_eq(a, b, e, ...) \
    PLAIN_CHECK(1, fabs((double)(a) - (double)(b)) <= (e), #a " is nearly " #b, __VA_ARGS__)
#define cr_assert_arr_eq(a, b, n, ...) \
    PLAIN_CHECK(1, memcmp((a), (b), (n)) == 0, #a " has the bytes of " #b, __VA_ARGS__)
#define cr_assert_fail(...)          PLAIN_CHECK(1, 0, "fail", __VA_ARGS__)
#define cr_fail(...)                 PLAIN_CHECK(0, 0, "fail", __VA_ARGS__)
#define cr_expect(c, ...)            PLAIN_CHECK(0, (c), #c, __VA_ARGS__)
#define cr_expect_not(c, ...)        PLAIN_CHECK(0, !(c), "not " #c, __VA_ARGS__)
#define cr_expect_null(p, ...)       PLAIN_CHECK(0, (p) == NULL, #p " is NULL", __VA_ARGS__)
#define cr_expect_not_null(p, ...)   PLAIN_CHECK(0, (p) != NULL, #p " is not NULL", __VA_ARGS__)
#define cr_expect_eq(a, b, ...)      PLAIN_CHECK(0, (a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_expect_neq(a, b, ...)     PLAIN_CHECK(0, (a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_expect_lt(a, b, ...)      PLAIN_CHECK(0, (a) < (b), #a " < " #b, __VA_ARGS__)
#define cr_expect_leq(a, b, ...)     PLAIN_CHECK(0, (a) <= (b), #a " <= " #b, __VA_ARGS__)
#define cr_expect_gt(a, b, ...)      PLAIN_CHECK(0, (a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_expect_geq(a, b, ...)     PLAIN_CHECK(0, (a) >= (b), #a " >= " #b, __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...)  PLAIN_CHECK(0, plain_same((a), (b)), #a " is " #b, __VA_ARGS__)
#define cr_log_info(...)             fprintf(stderr, __VA_ARGS__)
#define cr_skip_test(...)                                        \
    do {                                                         \
        printf("[SKIP] ");                                       \
        printf("" __VA_ARGS__);                                  \
        printf("\n");                                            \
        fflush(stdout);                                          \
        _exit(PLAIN_SKIPPED);                                    \
    } while (0)

__attribute__((unused)) static bool plain_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

#define Test(s, n, ...)                                                              \
    static void s##_##n##_impl(void);                                                \
    __attribute__((constructor)) static void s##_##n##_register(void)                \
    {                                                                                \
        plain_add((PlainTest){ .suite = #s, .name = #n, .run = s##_##n##_impl,       \
                               .options = { .description = NULL, __VA_ARGS__ } });   \
    }                                                                                \
    static void s##_##n##_impl(void)

#define cr_make_param_array(type, array, n, ...) \
    ((struct criterion_test_params){ sizeof(type), (void *)(array), (n) })
#define ParameterizedTestParameters(s, n) static struct criterion_test_params s##_##n##_params(void)
#define ParameterizedTest(param, s, n, ...)                                                   \
    static void s##_##n##_impl(param);                                                        \
    __attribute__((constructor)) static void s##_##n##_register(void)                         \
    {                                                                                         \
        plain_add((PlainTest){ .suite = #s, .name = #n, .params = s##_##n##_params,           \
                               .run_param = (void (*)(void *))(void *)s##_##n##_impl,         \
                               .options = { .description = NULL, __VA_ARGS__ } });            \
    }                                                                                         \
    static void s##_##n##_impl(param)

// Waits for one of the processes and counts how it ended.
static void plain_reap(void)
{
    int status;
    pid_t pid = wait(&status);
    unsigned i = 0;

    if (pid < 0)
        abort();
    while (plain_slots[i].pid != pid)
        i++;
    const PlainTest *test = plain_slots[i].test;
    plain_slots[i].pid = 0;
    plain_running--;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        plain_passing++;
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == PLAIN_SKIPPED) {
        plain_skipped++;
    } else if (WIFEXITED(status)) {
        plain_failing++;
        printf("[FAIL] %s::%s: exit status %d\n", test->suite, test->name, WEXITSTATUS(status));
    } else {
        plain_crashing++;
        printf("[CRASH!] %s::%s: %s\n", test->suite, test->name, strsignal(WTERMSIG(status)));
    }
}

static void plain_start(const PlainTest *test, void *param, unsigned jobs)
{
    unsigned i = 0;

    while (plain_running >= jobs)
        plain_reap();
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        abort();
    if (pid > 0) {
        while (plain_slots[i].pid != 0)
            i++;
        plain_slots[i].pid = pid;
        plain_slots[i].test = test;
        plain_running++;
        return;
    }
    // Sanitizers slow a test down several times: the limit is for what hangs.
    alarm(4 * (unsigned)(test->options.timeout > 0 ? ceil(test->options.timeout) : 15));
    if (test->options.init != NULL)
        test->options.init();
    if (test->run != NULL)
        test->run();
    else
        test->run_param(param);
    if (test->options.fini != NULL)
        test->options.fini();
    // What the library joins and frees at the end of a program is no leak of the test's.
    if (gm_init_check(NULL, NULL, NULL))
        gm_deinit();
    exit(plain_failed ? PLAIN_FAILED : 0);
}

static bool plain_wanted(const PlainTest *test, char **patterns, int n)
{
    char name[256];

    snprintf(name, sizeof name, "%s/%s", test->suite, test->name);
    for (int i = 0; i < n; i++)
        if (fnmatch(patterns[i], name, 0) == 0)
            return true;
    return n == 0;
}

int main(int argc, char **argv)
{
    int first = 1;
    unsigned jobs = 1;

    if (argc > 1 && strncmp(argv[1], "-j", 2) == 0) {
        unsigned long n = strtoul(argv[1] + 2, NULL, 10);
        jobs = n > 0 && n < 16 ? (unsigned)n : 1;
        first = 2;
    }
    for (const PlainTest *t = plain_tests; t < plain_tests + plain_n_tests; t++) {
        struct criterion_test_params params = { 0, NULL, 1 };
        if (!plain_wanted(t, argv + first, argc - first))
            continue;
        if (t->params != NULL)
            params = t->params();
        for (size_t i = 0; i < params.length; i++)
            plain_start(t, (char *)params.params + i * params.size, jobs);
    }
    while (plain_running > 0)
        plain_reap();
    unsigned failed = plain_failing + plain_crashing;
    printf("[====] Synthesis: Tested: %u | Passing: %u | Failing: %u | Crashing: %u\n",
           plain_passing + failed, plain_passing, plain_failing, plain_crashing);
    return failed > 0;
}

#endif
