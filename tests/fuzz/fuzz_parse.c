// SPDX-License-Identifier: MIT
//
// fuzz_parse: any text is a launch line: it gives a pipeline or an error, in bounded time,
// without a leak. Each input is parsed, drawn, and thrown away; what stays alive is a failure.
//
//   clang -fsanitize=fuzzer,address -DFUZZ_LIBFUZZER …   libFuzzer drives it
//   cc …   &&   fuzz_parse [RUNS] [SEED]                  its own mutator over the lines below
//
// A failing input is printed and the process aborts.
#include <stdlib.h>
#include <string.h>

#include "gstmini.h"

static long fuzz_live(void)
{
    return gm_object_live_count(NULL) + gm_mini_object_live_count(GM_TYPE_NONE);
}

static void fuzz_one(const char *line)
{
    static bool warm;
    GmError *error = NULL;
    long before = fuzz_live();
    GmElement *top = gm_parse_launch(line, &error);
    if (top) {
        gm_object_ref_sink(top);
        if (GM_IS_BIN(top))
            gm_free(gm_debug_bin_to_dot_data(GM_BIN(top), GM_DEBUG_GRAPH_SHOW_VERBOSE));
        gm_object_unref(top);
    }
    if ((top == NULL && error == NULL) || (warm && fuzz_live() != before)) {
        fprintf(stderr, "FAIL: %s after: %s\n",
                fuzz_live() != before ? "objects left alive" : "no element and no error", line);
        gm_object_print_live(stderr);
        abort();
    }
    warm = top != NULL || warm; // singletons have been made
    gm_error_free(error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    if (!ready) {
        gm_init(NULL, NULL);
        fuzz_one("fakesrc ! a/b ! tee ! queue ! fakesink");
        ready = true;
    }
    char *line = gm_strndup((const char *)data, size);
    if (line)
        fuzz_one(line);
    gm_free(line);
    return 0;
}

#ifndef FUZZ_LIBFUZZER

static const char *const fuzz_corpus[] = {
    "fakesrc num-buffers=30 ! tee name=t ! queue leaky=upstream ! fakesink  t. ! queue ! fakesink",
    "fakesrc ! video/x-raw(memory:Shm), width=[1,320], framerate={30/1,25/1};a/b ! fakesink",
    "tee name=t t.src_0,src_1 ! f.sink_0,sink_1 funnel name=f f. ! fakesink",
    "( name=b fakesrc ! queue ) bin.( identity name=\"a \\\"b\" ) a. : fakesink",
    "fakesrc name='x y' .src ! .sink fakesink b::c::d=1 @preset=x file:///x ! y://z",
    "fakesrc silent=true state-error=none sync=a+b caps=\"x/y,a=<1,2>\" ! ! ) = , ; : . \\ ",
    "identity name=i drop-probability=0.5 i. ! fakesink identity ! i.",
};

static uint64_t fuzz_random(uint64_t *state) // xorshift64*
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

// Cuts, doubles, splices and overwrites pieces.
static size_t fuzz_mutate(char *buf, size_t n, size_t max, uint64_t *state)
{
    static const char special[] = "!:.,;=()[]{}<>\"'\\ \t\n@/+-%_a1\xc3\xbc\x01";
    for (uint64_t edits = 1 + fuzz_random(state) % 6; edits > 0; edits--) {
        size_t at = n ? fuzz_random(state) % n : 0, len = n ? fuzz_random(state) % (n - at) : 0;
        const char *other = fuzz_corpus[fuzz_random(state) % GM_LEN(fuzz_corpus)];
        size_t from = fuzz_random(state) % strlen(other), take = strlen(other) - from;
        take = fuzz_random(state) % (take + 1);
        switch (fuzz_random(state) % 4) {
        case 0: // one byte
            if (n)
                buf[at] = special[fuzz_random(state) % (sizeof special - 1)];
            break;
        case 1: // leave out
            memmove(buf + at, buf + at + len, n - at - len);
            n -= len;
            break;
        case 2: // put in a piece of another line
            if (n + take > max)
                break;
            memmove(buf + at + take, buf + at, n - at);
            memcpy(buf + at, other + from, take);
            n += take;
            break;
        default: // double a piece
            if (n + len > max)
                break;
            memmove(buf + at + len, buf + at, n - at);
            n += len;
        }
    }
    return n;
}

int main(int argc, char **argv)
{
    unsigned long runs = argc > 1 ? strtoul(argv[1], NULL, 0) : 20000;
    uint64_t state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    char buf[512];
    state = state ? state : 1;
    gm_debug_set_active(false);
    for (unsigned long i = 0; i < runs; i++) {
        const char *line = fuzz_corpus[i % GM_LEN(fuzz_corpus)];
        size_t n = strlen(line);
        memcpy(buf, line, n);
        n = i < GM_LEN(fuzz_corpus) ? n : fuzz_mutate(buf, n, sizeof buf, &state);
        LLVMFuzzerTestOneInput((const uint8_t *)buf, n);
    }
    printf("ok fuzz_parse: %lu lines\n", runs);
    return 0;
}

#endif
