// SPDX-License-Identifier: MIT
//
// fuzz_caps: any text is caps, a structure, or neither: no crash, no leak. What is accepted is
// written out, and what was written reads back as the same; the caps' algebra keeps its laws on it.
//
//   clang -fsanitize=fuzzer,address -DFUZZ_LIBFUZZER …   libFuzzer drives it
//   cc …   &&   fuzz_caps [RUNS] [SEED]                   its own mutator over the texts below
//
// A failing input is printed and the process aborts.
#include <stdlib.h>
#include <string.h>

#include "gstmini.h"

static const char *fuzz_text;

static void fuzz_require(bool ok, const char *what, const char *detail)
{
    if (ok)
        return;
    fprintf(stderr, "FAIL: %s%s%s after: %s\n", what, detail ? ": " : "", detail ? detail : "",
            fuzz_text);
    abort();
}

// Texts that do not come back the same, with GStreamer neither: NaN equals nothing, a list's items
// are written with the type of the first, and the structure called ANY reads as the caps.
static bool fuzz_comes_back(const char *text)
{
    return strpbrk(text, "{<") == NULL && strcasestr(text, "nan") == NULL &&
           strstr(text, "ANY") == NULL && strstr(text, "EMPTY") == NULL &&
           strstr(text, "NONE") == NULL;
}

// Laws between caps and themselves, and between them and `other`.
static void fuzz_algebra(GmCaps *caps, GmCaps *other)
{
    GmCaps *both = gm_caps_intersect(caps, other);
    fuzz_require(gm_caps_is_subset(both, other) || gm_caps_is_empty(both),
                 "an intersection is no subset", NULL);
    fuzz_require(gm_caps_can_intersect(caps, other) == !gm_caps_is_empty(both),
                 "can_intersect and intersect differ", NULL);
    gm_caps_unref(both);
    GmCaps *less = gm_caps_subtract(caps, caps);
    fuzz_require(gm_caps_is_empty(less), "caps less themselves leave something", NULL);
    gm_caps_unref(less);
    fuzz_require(gm_caps_is_subset(caps, caps), "caps are no subset of themselves", NULL);
    GmCaps *simple = gm_caps_simplify(gm_caps_copy(caps));
    gm_caps_unref(simple);
    if (!gm_caps_is_any(caps) && !gm_caps_is_empty(caps)) {
        GmCaps *fixed = gm_caps_fixate(gm_caps_ref(caps));
        fuzz_require(gm_caps_is_fixed(fixed), "fixated caps are not fixed", NULL);
        gm_caps_unref(fixed);
    }
}

static void fuzz_one(const char *text)
{
    fuzz_text = text;
    long before = gm_mini_object_live_count(GM_TYPE_NONE);
    GmCaps *caps = gm_caps_from_string(text);
    if (caps != NULL) {
        char *written = gm_caps_to_string(caps);
        GmCaps *again = gm_caps_from_string(written);
        if (fuzz_comes_back(written)) {
            fuzz_require(again != NULL, "what was written does not read back", written);
            fuzz_require(gm_caps_is_equal(caps, again), "what was written reads as something else",
                         written);
        }
        GmCaps *other = gm_caps_from_string("video/x-raw,width=[16,4096],format={I420,RGB}; a/b");
        bool empty_list = strstr(written, "{ }") != NULL || strstr(written, "{  }") != NULL;
        if (strcasestr(written, "nan") == NULL && !empty_list)
            fuzz_algebra(caps, other);
        gm_caps_unref(other);
        if (again != NULL)
            gm_caps_unref(again);
        gm_caps_unref(caps);
        gm_free(written);
    }
    GmStructure *structure = gm_structure_from_string(text, NULL);
    if (structure != NULL) {
        char *written = gm_structure_to_string(structure);
        GmStructure *again = gm_structure_from_string(written, NULL);
        fuzz_require(again != NULL || !fuzz_comes_back(written),
                     "a structure that was written does not read back", written);
        if (again != NULL)
            gm_structure_free(again);
        gm_structure_free(structure);
        gm_free(written);
    }
    fuzz_require(gm_mini_object_live_count(GM_TYPE_NONE) == before, "caps left alive", NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    if (!ready) {
        gm_init(NULL, NULL);
        gm_debug_set_active(false);
        ready = true;
    }
    // Sets multiply in the algebra: what is short enough is done in a moment.
    char *text = gm_strndup((const char *)data, size < 400 ? size : 400);
    fuzz_one(text);
    gm_free(text);
    return 0;
}

#ifndef FUZZ_LIBFUZZER

static const char *const fuzz_corpus[] = {
    "video/x-raw(memory:Shm, meta:A), width=[1,320], height=(int)[ 16, 4096, 16 ], "
        "framerate=(fraction){30/1,25/1,[0/1,15/1]};a/b",
    "audio/x-raw, format=(string){ S16LE, F32LE }, rate=[1,2147483647], channel-mask=(bitmask)0x3",
    "name, s=(string)\"quo\\\"ted \\303\\274\", b=true, d=(double)1.5e300, i64=(gint64)-9, "
        "u=(uint)4294967295",
    "a/b, x=<1,2,<3,4>>, y=[structure](\"inner, z\\=1\"), caps=(GstCaps)\"video/x-raw\", t=(type)int",
    "ANY", "EMPTY", "NONE", "a/b(ANY); c/d(a:b), e=[-2147483648,2147483647]; EMPTY",
    "x, a=(fraction)1/0, b=(float)nan, c=(guint64)18446744073709551615, d=0x7fffffff, e=-0.0;",
    "tags, title=(string)x, date=(date)2024-02-29, when=(datetime)2024-02-29T12:00:00Z, "
        "f=(flagset)1:2",
};

static uint64_t fuzz_random(uint64_t *state) // xorshift64*
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

// Overwrites, leaves out, or puts in a piece of another text, a few times.
static size_t fuzz_mutate(char *buf, size_t n, size_t max, uint64_t *state)
{
    static const char special[] = "/:.,;=()[]{}<>\"'\\ \t\n-+0e9xX_a1\xc3\xbc\x01";
    for (uint64_t edits = 1 + fuzz_random(state) % 6; edits > 0; edits--) {
        size_t at = n ? fuzz_random(state) % n : 0, len = n ? fuzz_random(state) % (n - at) : 0;
        const char *other = fuzz_corpus[fuzz_random(state) % GM_LEN(fuzz_corpus)];
        size_t from = fuzz_random(state) % strlen(other);
        size_t take = fuzz_random(state) % (strlen(other) - from + 1);
        switch (fuzz_random(state) % 3) {
        case 0:
            if (n)
                buf[at] = special[fuzz_random(state) % (sizeof special - 1)];
            break;
        case 1:
            memmove(buf + at, buf + at + len, n - at - len);
            n -= len;
            break;
        default:
            if (n + take > max)
                break;
            memmove(buf + at + take, buf + at, n - at);
            memcpy(buf + at, other + from, take);
            n += take;
        }
    }
    return n;
}

int main(int argc, char **argv)
{
    unsigned long runs = argc > 1 ? strtoul(argv[1], NULL, 0) : 20000;
    uint64_t state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    char buf[400];
    state = state ? state : 1;
    for (unsigned long i = 0; i < runs; i++) {
        const char *text = fuzz_corpus[i % GM_LEN(fuzz_corpus)];
        size_t n = strlen(text);
        memcpy(buf, text, n);
        n = i < GM_LEN(fuzz_corpus) ? n : fuzz_mutate(buf, n, sizeof buf, &state);
        LLVMFuzzerTestOneInput((const uint8_t *)buf, n);
    }
    gm_deinit();
    printf("ok fuzz_caps: %lu texts\n", runs);
    return 0;
}

#endif
