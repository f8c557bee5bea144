// SPDX-License-Identifier: MIT
//
// caps_algebra: what caps do, in text: to_string, intersect, subtract, union, simplify, normalize,
// fixate, subset and equality of pseudo-random pairs, and the reading of hand-picked texts.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/caps.h"
#include "core/init.h"
#include "core/util.h"

static uint32_t seed;

static unsigned pick(unsigned n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

// Texts, so that both sides read the same; the kinds are what real caps hold.
static void random_field(char *out, size_t size, unsigned field)
{
    static const char *const formats[] = { "I420", "NV12", "RGB", "GRAY8", "YUY2" };
    static const char *const rates[] = { "30/1", "25/1", "15/1", "30000/1001", "0/1" };
    unsigned a = 1 + pick(8), b = a + 1 + pick(8), step = 1 + pick(3);

    switch (field) {
    case 0:
        if (pick(2) == 0)
            snprintf(out, size, "format=(string)%s", formats[pick(5)]);
        else
            snprintf(out, size, "format=(string){ %s, %s }", formats[pick(5)], formats[pick(5)]);
        break;
    case 1:
    case 2:
        if (pick(3) == 0)
            snprintf(out, size, "%s=(int)%u", field == 1 ? "width" : "height", a * 16);
        else if (pick(3) == 0)
            snprintf(out, size, "%s=(int){ %u, %u, %u }", field == 1 ? "width" : "height", b * 16,
                     a * 16, (a + b) * 16);
        else if (pick(2) == 0)
            snprintf(out, size, "%s=(int)[ %u, %u ]", field == 1 ? "width" : "height", a * 8, b * 16);
        else
            snprintf(out, size, "%s=(int)[ %u, %u, %u ]", field == 1 ? "width" : "height",
                     a * 16 * step, b * 16 * step, 8 * step);
        break;
    case 3:
        if (pick(2) == 0)
            snprintf(out, size, "framerate=(fraction)%s", rates[pick(5)]);
        else if (pick(2) == 0)
            snprintf(out, size, "framerate=(fraction)[ %u/1, %u/%u ]", a, b * 4, 1 + pick(2));
        else
            snprintf(out, size, "framerate=(fraction){ %s, %s }", rates[pick(5)], rates[pick(5)]);
        break;
    case 4:
        if (pick(2) == 0)
            snprintf(out, size, "gain=(double)%u.5", a);
        else
            snprintf(out, size, "gain=(double)[ %u.25, %u.75 ]", a, b);
        break;
    case 5:
        if (pick(2) == 0)
            snprintf(out, size, "mask=(bitmask)0x%x", pick(16));
        else
            snprintf(out, size, "alpha=(boolean)%s", pick(2) ? "true" : "{ true, false }");
        break;
    case 6:
        if (pick(2) == 0)
            snprintf(out, size, "order=(int)< %u, %u >", pick(2), pick(2));
        else
            snprintf(out, size, "order=(int)< %u, { 0, 1 } >", pick(2));
        break;
    default:
        snprintf(out, size, "flags=(flagset)%x:%x", pick(8), pick(2) ? 7u : pick(8));
        break;
    }
}

static GmCaps *random_caps(void)
{
    static const char *const names[] = { "video/x-raw", "video/x-raw(memory:DMABuf)", "image/jpeg",
                                         "video/x-raw(ANY)" };
    char text[2048] = "", field[160];
    unsigned n = 1 + pick(3);

    if (pick(40) == 0)
        return pick(2) ? gm_caps_new_any() : gm_caps_new_empty();
    for (unsigned i = 0; i < n; i++) {
        strcat(text, i > 0 ? "; " : "");
        strcat(text, names[pick(10) < 6 ? 0 : pick(3)]);
        for (unsigned f = 0; f < 8; f++) {
            if (pick(f < 4 ? 2 : 6) != 0)
                continue;
            random_field(field, sizeof(field), f);
            strcat(text, ", ");
            strcat(text, field);
        }
    }
    GmCaps *caps = gm_caps_from_string(text);
    if (caps == NULL)
        printf("cannot read %s\n", text);
    return caps != NULL ? caps : gm_caps_new_empty();
}

static void show(const char *what, GmCaps *caps)
{
    char *text = gm_caps_to_string(caps);

    printf("  %-12s %s\n", what, text);
    gm_free(text);
    if (caps != NULL)
        gm_caps_unref(caps);
}

// Subtracting ranges of different steps ends GStreamer with an assertion: not done here.
static int steps_of(const GmCaps *caps)
{
    char *text = gm_caps_to_string(caps);
    int steps = 0;

    for (const char *s = strstr(text, "(int)[ "); s != NULL; s = strstr(s + 1, "(int)[ ")) {
        int a, b, c;
        steps += sscanf(s, "(int)[ %d, %d, %d ]", &a, &b, &c) == 3;
    }
    gm_free(text);
    return steps;
}

static void pair(int number)
{
    GmCaps *a = random_caps(), *b = random_caps(), *c;

    printf("pair %d\n", number);
    show("a", gm_caps_ref(a));
    show("b", gm_caps_ref(b));
    printf("  fixed %d %d any %d empty %d\n", gm_caps_is_fixed(a), gm_caps_is_fixed(b),
           gm_caps_is_any(a), gm_caps_is_empty(b));
    show("zig-zag", gm_caps_intersect(a, b));
    show("first", gm_caps_intersect_full(a, b, GM_CAPS_INTERSECT_FIRST));
    show("back", gm_caps_intersect(b, a));
    printf("  can %d equal %d strictly %d\n", gm_caps_can_intersect(a, b),
           gm_caps_is_strictly_equal(a, a), gm_caps_is_strictly_equal(a, b));
    show("normalize", gm_caps_normalize(gm_caps_copy(a)));
    show("union", gm_caps_merge(gm_caps_ref(a), gm_caps_ref(b)));
    show("truncate", gm_caps_truncate(gm_caps_copy(b)));
    if (!gm_caps_is_any(a))
        show("fixate", gm_caps_fixate(gm_caps_copy(a)));
    if (steps_of(a) + steps_of(b) == 0) {
        printf("  subset %d %d equal %d\n", gm_caps_is_subset(a, b), gm_caps_is_subset(b, a),
               gm_caps_is_equal(a, b));
        c = gm_caps_intersect(a, b);
        printf("  intersection inside a %d b %d\n", gm_caps_is_subset(c, a), gm_caps_is_subset(c, b));
        gm_caps_unref(c);
        show("simplify", gm_caps_simplify(gm_caps_copy(a)));
        show("union simp", gm_caps_simplify(gm_caps_merge(gm_caps_ref(a), gm_caps_ref(b))));
        if (!gm_caps_is_any(a))
            show("subtract", gm_caps_subtract(a, b));
    }
    gm_caps_unref(a);
    gm_caps_unref(b);
}

static const char *const texts[] = {
    "ANY", "EMPTY", "NONE", "", " ", "video/x-raw", "video/x-raw;", "a/b, c=1; d/e", "a/b,", "a/b, ;c/d",
    "a, b=1, c=1.5, d=30/1, e=true, f=yes, g=text, h=\"some text\", i=NULL, j=\"NULL\"",
    "a, b=(int)0x10, c=(int)max, d=(int)min, e=(uint)max, f=(gint64)max, g=(guint64)max",
    "a, b=(int)4294967295, c=(int)-1, d=(uint)-1, e=(guint64)-1, f=(float)1.1, g=(double)1.1",
    "a, b=(int)4294967296", "a, b=(int)-2147483649", "a, b=(int)99999999999999999999", "a, b=(int)x",
    "a, b=(int)little_endian, c=(int)big_endian, d=(int)byte_order",
    "a, b=(bool)t, c=(b)F, d=(boolean)no, e=(boolean)1, f=(boolean)0", "a, b=(boolean)maybe",
    "a, b=(fraction)2/4, c=(fraction)-3/6, d=(fraction)5, e=(fraction)max, f=(fraction)1/max",
    "a, b=(fraction)1/0", "a, b=(fraction)1/2x", "a, b=(bitmask)0xff, c=(bitmask)3",
    "a, b=[ 1, 5 ], c=[ 0, 10, 5 ], d=[ 0.5, 1.5 ], e=[ 1/2, 3/2 ], f=(gint64)[ 1, 5 ]",
    "a, b={ 1, 2, 3 }, c=< 1, 2 >, d={ [ 1, 2 ], 5 }, e=< < 1, 2 >, < 3 > >, f={ a, \"b c\" }",
    "a, b={ }, c=< >", "a, b={ 1, }, c={ , 1 }", "a, b={ 1,, 2 }", "a, b={ 1 2 }", "a, b={ 1", "a, b=< 1, 2 }",
    "a, b=(string)\"x\\\"y\\\\z\", c=(string)\"\\303\\244\", d=\"\\ttab\", e=(string)\"\"",
    "a, b=(string)\"open", "a, b=\"\\9\"", "a b=1", "a, =1", "a, b", "a, b=", "a, b=(", "a, b=(int", "a, b=(nonsense)1",
    "1a, b=1", "a,b=1,c=2", "a ,b = 1", "\"quoted/name\", b=1", "a;b;c", "a, b=1, b=2",
    "a, s=(structure)[ inner, x=1, y=\"z z\" ], t=2", "a, c=(GmCaps)[ video/x-raw, w=1 ], t=2",
    "a, s=(structure)\"inner\\,\\ x\\=\\(int\\)1\\;\", t=3", "a, c=(GmCaps)\"video/x-raw\\,\\ w\\=1\"",
    "a, s=(structure)inner, c=(GmCaps)video/x-raw, d=(GmCaps)ANY", "a, s=[ b, c=[ d, e=1 ] ]",
    "a(memory:X), b=1", "a(memory:X, meta:Y), b=1", "a(ANY), b=1", "a(memory:SystemMemory), b=1", "a(), b=1",
    "a(memory X), b=1", "a(memory:X", "a, b=1:2, c=(flagset)ff:f, d=(flagset)3:3:+a/b", "a, b=(flagset)x",
    "a, \\ b=1", "video/x-raw, format=(string){ I420, NV12 }, framerate=[ 0/1, 30/1 ], width=[ 1, max ]",
    "a, b=+1, c=-1, d=.5, e=1e3, f=inf, g=0x1p3, h=1:, i=a:b", "a, t=(type)gint", "a, b=\"1\", c=\"1.5\", d=\"true\"",
    "a, b=\" 5\", c=5.", "a, b=(s)5, c=(str)x, d=(i)5, e=(u)6, f=(f)0.5, g=(d)0.25", "a, b=[ 1, 2", "a, b=(int)[1,2]",
    "a, b=(double)[ min, max ]", "a, b={ (int)1, (string)x }", "a, b={ 1, { 2, 3 } }",
};

static void read_texts(void)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char text[512], *gm, *back;
        snprintf(text, sizeof(text), "%s", texts[i]);
        GmCaps *caps = gm_caps_from_string(text);
        printf("text %s\n", text);
        if (caps == NULL) {
            printf("  refused\n");
            continue;
        }
        gm = gm_caps_to_string(caps);
        GmCaps *again = gm_caps_from_string(gm);
        back = again != NULL ? gm_caps_to_string(again) : NULL;
        printf("  %s\n  again %s\n", gm, back != NULL ? strcmp(gm, back) == 0 ? "same" : back : "no");
        gm_free(gm);
        gm_free(back);
        gm = gm_caps_serialize(caps, GM_SERIALIZE_FLAG_NONE);
        printf("  serialized %s\n", gm);
        gm_free(gm);
        for (unsigned k = 0; k < gm_caps_get_size(caps); k++) {
            gm = gm_structure_to_string(gm_caps_get_structure(caps, k));
            back = gm_structure_serialize(gm_caps_get_structure(caps, k), GM_SERIALIZE_FLAG_NONE);
            printf("  structure %s\n  serialized %s\n", gm, back);
            gm_free(gm);
            gm_free(back);
        }
        gm_caps_unref(caps);
        if (again != NULL)
            gm_caps_unref(again);
    }
}

int main(int argc, char **argv)
{
    int pairs = argc > 1 ? atoi(argv[1]) : 300;

    seed = argc > 2 ? (uint32_t)atoi(argv[2]) : 1;
    gm_init(NULL, NULL);
    for (int i = 0; i < pairs; i++)
        pair(i);
    read_texts();
    return 0;
}
