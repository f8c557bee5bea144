// SPDX-License-Identifier: MIT
//
// buffers: memories, sizes, regions, copies, maps, flags, metas and lists of buffers, by hand and in
// pseudo-random sequences; what each holds is printed as text.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include "gstmini.h"
#include "peers.h"

static uint32_t seed = 3;

static unsigned pick(unsigned n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static void show(const char *what, GmBuffer *b)
{
    size_t offset = 0, max = 0, size;
    GmMapInfo map;

    printf("  %s: ", what);
    if (b == NULL) {
        printf("none\n");
        return;
    }
    size = gm_buffer_get_sizes(b, &offset, &max);
    printf("%u memories, %zu at %zu, pts %" PRId64 " dts %" PRId64 " dur %" PRId64 " off %" PRId64 "..%" PRId64
           " flags %x", gm_buffer_n_memory(b), size, offset, (int64_t)GM_BUFFER_PTS(b), (int64_t)GM_BUFFER_DTS(b),
           (int64_t)GM_BUFFER_DURATION(b), (int64_t)GM_BUFFER_OFFSET(b), (int64_t)GM_BUFFER_OFFSET_END(b),
           (unsigned)GM_BUFFER_FLAGS(b));
    for (unsigned i = 0; i < gm_buffer_n_memory(b); i++) {
        GmMemory *m = gm_buffer_peek_memory(b, i);
        size_t o, x, s = gm_memory_get_sizes(m, &o, &x);
        printf(" [%zu at %zu%s]", s, o, GM_MEMORY_IS_READONLY(m) ? " read-only" : "");
    }
    if (gm_buffer_map(b, &map, GM_MAP_READ)) {
        printf(" \"%.*s\"", (int)(map.size < 40 ? map.size : 40), (const char *)map.data);
        gm_buffer_unmap(b, &map);
    }
    printf("\n");
}

static GmMemory *memory(const char *text, size_t offset, size_t size)
{
    return gm_memory_new_wrapped(GM_MEMORY_FLAG_READONLY, (void *)text, strlen(text), offset, size, NULL, NULL);
}

static GmBuffer *some(unsigned n)
{
    static const char *const texts[] = { "abcdefghij", "0123456789", "ABCDEFGHIJ", "klmnopqrst" };
    GmBuffer *b = gm_buffer_new();

    for (unsigned i = 0; i < n; i++) {
        unsigned offset = pick(5), size = 1 + pick(5);
        gm_buffer_append_memory(b, memory(texts[pick(4)], offset, size));
    }
    GM_BUFFER_PTS(b) = pick(100);
    GM_BUFFER_DTS(b) = pick(100);
    GM_BUFFER_DURATION(b) = pick(50);
    GM_BUFFER_OFFSET(b) = pick(100);
    GM_BUFFER_OFFSET_END(b) = 100 + pick(100);
    GM_BUFFER_FLAG_SET(b, GM_BUFFER_FLAG_DISCONT << pick(6));
    return b;
}

static void regions(int i)
{
    GmBuffer *b = some(1 + pick(4)), *c;
    size_t size = gm_buffer_get_size(b), offset = pick(size), length = 1 + pick(size - offset); // of no bytes: not alike
    unsigned idx = 0, n = 0;
    size_t skip = 0;
    char text[64] = "", *dup = NULL;
    size_t got;

    printf("regions %d: %zu + %zu\n", i, offset, length);
    show("whole", b);
    c = gm_buffer_copy_region(b, GM_BUFFER_COPY_ALL, offset, length);
    show("region", c);
    if (c != NULL)
        gm_buffer_unref(c);
    c = gm_buffer_copy_region(b, GM_BUFFER_COPY_MEMORY | GM_BUFFER_COPY_MERGE, offset, (size_t)-1);
    show("merged", c);
    if (c != NULL)
        gm_buffer_unref(c);
    c = gm_buffer_copy_region(b, GM_BUFFER_COPY_TIMESTAMPS | GM_BUFFER_COPY_FLAGS, 0, (size_t)-1);
    show("times", c);
    if (c != NULL)
        gm_buffer_unref(c);
    c = gm_buffer_copy_deep(b);
    show("deep", c);
    printf("   memset %zu fill %zu", gm_buffer_memset(c, offset, '#', length), gm_buffer_fill(c, offset, "xyz", 3));
    printf(" memcmp %d\n", gm_buffer_memcmp(c, offset, "xyz", 3) != 0);
    show("filled", c);
    gm_buffer_unref(c);
    got = gm_buffer_extract(b, offset, text, sizeof(text) - 1);
    printf("   extract %zu \"%s\"", got, text);
    gm_buffer_extract_dup(b, offset, length, (void **)&dup, &got);
    printf(" dup %zu \"%.*s\"", got, (int)got, dup);
    gm_free(dup);
    printf(" find %d", gm_buffer_find_memory(b, offset, length, &idx, &n, &skip));
    printf(" %u %u %zu\n", idx, n, skip);
    c = gm_buffer_append_region(some(1 + pick(2)), gm_buffer_ref(b), offset, length);
    show("appended", c);
    gm_buffer_unref(c);
    b = gm_buffer_make_writable(b);
    printf("   resize %d\n", gm_buffer_resize_range(b, 0, -1, offset, length));
    show("resized", b);
    gm_buffer_unref(b);
}

static void memories(int i)
{
    GmBuffer *b = some(pick(6));

    printf("memories %d\n", i);
    for (int k = 0; k < 5; k++) {
        unsigned n = gm_buffer_n_memory(b), at = n > 0 ? pick(n) : 0;
        GmMemory *m;

        switch (pick(7)) {
        case 0:
            gm_buffer_insert_memory(b, pick(n + 1), memory("inserted", 0, 8));
            break;
        case 1:
            gm_buffer_prepend_memory(b, memory("first", 1, 4));
            break;
        case 2:
            if (n > 0)
                gm_buffer_replace_memory(b, at, memory("replaced", 2, 3));
            break;
        case 3:
            if (n > 0)
                gm_buffer_remove_memory_range(b, at, pick(2) ? -1 : 1);
            break;
        case 4:
            m = n > 0 ? gm_buffer_get_memory_range(b, at, -1) : NULL;
            printf("   range %zu\n", m != NULL ? gm_memory_get_sizes(m, NULL, NULL) : 0);
            if (m != NULL)
                gm_memory_unref(m);
            break;
        case 5:
            gm_buffer_append_memory(b, gm_allocator_alloc(NULL, 0, NULL));
            break;
        default:
            gm_buffer_replace_all_memory(b, gm_buffer_n_memory(b) > 0 ? gm_buffer_get_all_memory(b) : memory("all", 0, 3));
            break;
        }
        printf("   now %u %zu writable %d\n", gm_buffer_n_memory(b), gm_buffer_get_size(b),
               gm_buffer_is_memory_range_writable(b, 0, -1));
    }
    gm_buffer_unref(b);
}

static void full(void)
{
    GmBuffer *b = gm_buffer_new();

    printf("full: at most %u\n", gm_buffer_get_max_memory());
    for (int i = 0; i < 20; i++) {
        gm_buffer_append_memory(b, memory("abcdefghijklmnopqrst", i, 1));
        printf("  %u of %zu", gm_buffer_n_memory(b), gm_buffer_get_size(b));
    }
    printf("\n");
    show("full", b);
    gm_buffer_unref(b);
}

static void spans(void)
{
    GmMemory *m = memory("abcdefghij", 0, 10), *a = gm_memory_share(m, 2, 3), *b = gm_memory_share(m, 5, 2);
    GmMemory *c = gm_memory_share(m, 6, -1), *d = gm_memory_copy(a, 1, -1);
    size_t offset = 99;

    printf("spans %d %zu", gm_memory_is_span(a, b, &offset), offset);
    printf(" %d %d %d\n", gm_memory_is_span(b, c, NULL), gm_memory_is_span(b, a, NULL), gm_memory_is_span(a, d, NULL));
    printf(" sizes %zu %zu %zu %zu type %d\n", gm_memory_get_sizes(a, NULL, NULL), gm_memory_get_sizes(b, NULL, NULL),
           gm_memory_get_sizes(c, NULL, NULL), gm_memory_get_sizes(d, NULL, NULL), gm_memory_is_type(d, "SystemMemory"));
    gm_memory_unref(a);
    gm_memory_unref(b);
    gm_memory_unref(c);
    gm_memory_unref(d);
    gm_memory_unref(m);
}

static void writing(void)
{
    GmBuffer *b = gm_buffer_new_memdup("writable", 8), *c = gm_buffer_ref(b), *d;
    GmMapInfo one, two;

    printf("writing: writable %d", gm_buffer_is_writable(b));
    printf(" map %d\n", gm_buffer_map(b, &one, GM_MAP_WRITE));
    d = gm_buffer_make_writable(c);
    printf(" other %d writable %d", d != b, gm_buffer_is_writable(d));
    printf(" map %d", gm_buffer_map(d, &one, GM_MAP_READWRITE));
    memcpy(one.data, "W", 1);
    gm_buffer_unmap(d, &one);
    printf(" two maps %d %d\n", gm_buffer_map(b, &one, GM_MAP_READ), gm_buffer_map(b, &two, GM_MAP_READ));
    gm_buffer_unmap(b, &one);
    gm_buffer_unmap(b, &two);
    show("b", b);
    show("d", d);
    gm_buffer_unref(b);
    gm_buffer_unref(d);
}

static GM_BOOL on_meta(GmBuffer *buffer, GmMeta **meta, void *data)
{
    printf("   meta flags %x\n", (unsigned)(*meta)->flags);
    if (data != NULL)
        *meta = NULL;
    return 1;
}

static void metas(void)
{
    GmBuffer *b = some(2), *parent = some(1), *c;
    GmCaps *caps = gm_caps_from_string("timestamp/x-unix"), *other = gm_caps_from_string("timestamp/x-ntp");

    printf("metas\n");
    gm_buffer_add_parent_buffer_meta(b, parent);
    gm_buffer_add_reference_timestamp_meta(b, caps, 5, 6);
    gm_buffer_add_reference_timestamp_meta(b, other, 7, GM_CLOCK_TIME_NONE);
    gm_buffer_foreach_meta(b, on_meta, NULL);
    printf("  found %" PRIu64 " any %" PRIu64 "\n", gm_buffer_get_reference_timestamp_meta(b, other)->timestamp,
           gm_buffer_get_reference_timestamp_meta(b, NULL)->timestamp);
    c = gm_buffer_copy(b);
    printf("  copy has %u parent %d\n", gm_buffer_get_n_meta(c, gm_reference_timestamp_meta_api_get_type()),
           gm_buffer_get_parent_buffer_meta(c) != NULL);
    gm_buffer_unref(c);
    c = gm_buffer_copy_region(b, GM_BUFFER_COPY_ALL, 1, 1);
    printf("  region has %u parent %d\n", gm_buffer_get_n_meta(c, gm_reference_timestamp_meta_api_get_type()),
           gm_buffer_get_parent_buffer_meta(c) != NULL);
    gm_buffer_unref(c);
    printf("  remove %d\n", gm_buffer_remove_meta(b, (GmMeta *)gm_buffer_get_reference_timestamp_meta(b, caps)));
    gm_buffer_foreach_meta(b, on_meta, b);
    printf("  left %u\n", gm_buffer_get_n_meta(b, gm_reference_timestamp_meta_api_get_type()));
    gm_buffer_unref(b);
    gm_buffer_unref(parent);
    gm_caps_unref(caps);
    gm_caps_unref(other);
}

static GM_BOOL on_each(GmBuffer **buffer, unsigned idx, void *data)
{
    printf("   %u: %" PRId64 "\n", idx, (int64_t)GM_BUFFER_PTS(*buffer));
    if (idx == 1) {
        gm_buffer_unref(*buffer);
        *buffer = NULL;
    }
    return idx < 2;
}

static void lists(void)
{
    GmBufferList *l = gm_buffer_list_new(), *copy;

    printf("lists\n");
    for (int i = 0; i < 5; i++) {
        GmBuffer *b = some(1);
        GM_BUFFER_PTS(b) = i;
        gm_buffer_list_insert(l, i % 2 ? 0 : -1, b);
    }
    printf("  %u, %zu bytes\n", gm_buffer_list_length(l), gm_buffer_list_calculate_size(l));
    copy = gm_buffer_list_copy(l);
    gm_buffer_list_remove(l, 1, 2);
    gm_buffer_list_foreach(l, on_each, NULL);
    printf("  %u, copy %u first %" PRId64 "\n", gm_buffer_list_length(l), gm_buffer_list_length(copy),
           (int64_t)GM_BUFFER_PTS(gm_buffer_list_get(copy, 0)));
    gm_buffer_list_unref(l);
    gm_buffer_list_unref(copy);
}

int main(int argc, char **argv)
{
    gm_init(NULL, NULL);
    for (int i = 0; i < 150; i++) {
        regions(i);
        memories(i);
    }
    full();
    spans();
    writing();
    metas();
    lists();
    return 0;
}
