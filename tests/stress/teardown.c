// SPDX-License-Identifier: MIT
//
// teardown: how long set_state (NULL) takes, from every state of tests/unit/teardown_cases.h: once
// stuck, and at random moments on the way there. Each time is printed; the middle one of five, and the
// middle one of the random ones, must be below 100 ms (a busy machine may delay single ones). With
// GM_SEED=n the same moments again.
#include "../unit/teardown_cases.h"

#define STUCK 5
#define RANDOM 9
#define LIMIT_MS 100.0

static uint64_t random_state;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static int compare(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

int main(void)
{
    const char *seed = getenv("GM_SEED");
    unsigned bad = 0, skipped = 0;

    gm_init(NULL, NULL);
    random_state = seed ? strtoull(seed, NULL, 10) : gm_sync_real_time() | 1;
    printf("GM_SEED=%" PRIu64 "\n\n stuck: middle, worst    random moment: middle, worst (ms)\n",
           random_state);
    for (size_t i = 0; i < GM_LEN(teardown_cases); i++) {
        const TeardownCase *c = &teardown_cases[i];
        double stuck[STUCK], moment[RANDOM];
        if (!teardown_possible(c)) {
            printf("skipped, no %s: %s\n", c->needs, c->name);
            skipped++;
            continue;
        }
        for (int k = 0; k < STUCK; k++)
            stuck[k] = teardown_measure_ms(c, 0);
        for (int k = 0; k < RANDOM; k++)
            moment[k] = teardown_measure_ms(c, 1 + next_random() % (uint64_t)(8 * GM_MSECOND));
        qsort(stuck, STUCK, sizeof *stuck, compare);
        qsort(moment, RANDOM, sizeof *moment, compare);
        bool ok = stuck[STUCK / 2] < LIMIT_MS && moment[RANDOM / 2] < LIMIT_MS && stuck[0] >= 0 &&
                  moment[0] >= 0;
        bad += !ok;
        printf("%7.2f %7.2f   %7.2f %7.2f  %s%s\n", stuck[STUCK / 2], stuck[STUCK - 1],
               moment[RANDOM / 2], moment[RANDOM - 1], c->name, ok ? "" : "   TOO LONG");
        fflush(stdout);
    }
    long left = gm_object_print_live(stdout);
    printf("%zu cases, %u too long, %u skipped, %ld objects left\n", GM_LEN(teardown_cases), bad,
           skipped, left);
    gm_deinit();
    return bad > 0 || left > 0;
}
