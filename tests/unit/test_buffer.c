// SPDX-License-Identifier: MIT
//
// buffer: memories, mapping, copies, writability.
#include "gmtest.h"

#include <string.h>

#include "core/buffer.h"

// Address sanitizer would end the process where malloc gives NULL.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static GmMemory *piece(const char *text)
{
    GmMapInfo info;
    GmMemory *mem = gm_allocator_alloc(NULL, strlen(text), NULL);
    gm_memory_map(mem, &info, GM_MAP_WRITE);
    memcpy(info.data, text, info.size);
    gm_memory_unmap(mem, &info);
    return mem;
}

static GmBuffer *pieces(void)
{
    GmBuffer *b = gm_buffer_new();
    gm_buffer_append_memory(b, piece("cd"));
    gm_buffer_append_memory(b, piece("efg"));
    gm_buffer_prepend_memory(b, piece("ab"));
    return b;
}

GM_TEST(buffer, new_is_empty)
{
    GmBuffer *b = gm_buffer_new();
    GmMapInfo info;
    cr_assert_eq(gm_buffer_get_size(b), 0);
    cr_assert_eq(GM_BUFFER_PTS(b), GM_CLOCK_TIME_NONE);
    cr_assert_eq(GM_BUFFER_OFFSET_END(b), GM_BUFFER_OFFSET_NONE);
    cr_assert_eq(GM_BUFFER_FLAGS(b), 0);
    cr_assert(gm_buffer_map(b, &info, GM_MAP_READ), "an empty buffer maps");
    cr_assert_null(info.data);
    gm_buffer_unmap(b, &info);
    gm_buffer_unref(b);
    cr_assert_null(gm_buffer_new_allocate(NULL, SIZE_MAX / 2, NULL));
}

GM_TEST(buffer, pieces_without_merging)
{
    GmBuffer *b = pieces();
    char out[8] = "";
    unsigned idx, length;
    size_t skip;
    cr_assert_eq(gm_buffer_n_memory(b), 3);
    cr_assert_eq(gm_buffer_extract(b, 1, out, 100), 6);
    cr_assert_str_eq(out, "bcdefg");
    cr_assert_eq(gm_buffer_fill(b, 1, "BCDE", 4), 4);
    cr_assert_eq(gm_buffer_memcmp(b, 0, "aBCDEfg", 7), 0);
    cr_assert_lt(gm_buffer_memcmp(b, 0, "aBCDEgg", 7), 0);
    cr_assert_eq(gm_buffer_memset(b, 5, 'x', 9), 2);
    cr_assert_eq(gm_buffer_memcmp(b, 0, "aBCDExx", 7), 0);
    cr_assert(gm_buffer_find_memory(b, 3, 2, &idx, &length, &skip));
    cr_assert(idx == 1 && length == 2 && skip == 1);
    cr_assert_not(gm_buffer_find_memory(b, 3, 5, &idx, &length, &skip));
    cr_assert_eq(gm_buffer_n_memory(b), 3);
    gm_buffer_unref(b);
}

GM_TEST(buffer, map_merges_and_a_writable_buffer_keeps_it)
{
    GmBuffer *b = pieces();
    GmMapInfo info;
    gm_buffer_ref(b);
    cr_assert(gm_buffer_map(b, &info, GM_MAP_READ));
    cr_assert_eq(memcmp(info.data, "abcdefg", 7), 0);
    gm_buffer_unmap(b, &info);
    cr_assert_eq(gm_buffer_n_memory(b), 3);
    gm_test_expect_criticals(1);
    cr_assert_not(gm_buffer_map(b, &info, GM_MAP_WRITE));
    gm_buffer_unref(b);
    cr_assert(gm_buffer_map(b, &info, GM_MAP_WRITE));
    info.data[0] = 'A';
    gm_buffer_unmap(b, &info);
    cr_assert_eq(gm_buffer_n_memory(b), 1);
    cr_assert_eq(gm_buffer_memcmp(b, 0, "Abc", 3), 0);
    gm_buffer_unref(b);
}

GM_TEST(buffer, more_than_16_memories_are_merged)
{
    GmBuffer *b = gm_buffer_new();
    for (int i = 0; i < 17; i++)
        gm_buffer_append_memory(b, piece("xy"));
    cr_assert_eq(gm_buffer_n_memory(b), 2);
    cr_assert_eq(gm_buffer_get_size(b), 34);
    gm_buffer_unref(b);
}

GM_TEST(buffer, copy_shares_until_written)
{
    GmBuffer *b = gm_buffer_new_memdup("hello", 5);
    GmMapInfo info;
    GM_BUFFER_PTS(b) = 7;
    GM_BUFFER_FLAG_SET(b, GM_BUFFER_FLAG_DELTA_UNIT);
    GmBuffer *c = gm_buffer_copy(b);
    cr_assert_eq(gm_buffer_peek_memory(b, 0), gm_buffer_peek_memory(c, 0));
    cr_assert_eq(GM_BUFFER_PTS(c), 7);
    cr_assert(GM_BUFFER_FLAG_IS_SET(c, GM_BUFFER_FLAG_DELTA_UNIT));
    cr_assert_not(gm_buffer_is_all_memory_writable(b));
    cr_assert(gm_buffer_map(c, &info, GM_MAP_WRITE));
    info.data[0] = 'J';
    gm_buffer_unmap(c, &info);
    cr_assert_eq(gm_buffer_memcmp(b, 0, "hello", 5), 0);
    cr_assert_eq(gm_buffer_memcmp(c, 0, "Jello", 5), 0);
    cr_assert(gm_buffer_is_all_memory_writable(b));
    GmBuffer *d = gm_buffer_copy_deep(b);
    cr_assert_neq(gm_buffer_peek_memory(b, 0), gm_buffer_peek_memory(d, 0));
    gm_buffer_unref(d);
    gm_buffer_unref(c);
    gm_buffer_unref(b);
}

GM_TEST(buffer, region_keeps_times_only_at_the_start)
{
    GmBuffer *b = gm_buffer_new_memdup("abcdef", 6);
    b->pts = 1, b->dts = 2, b->duration = 3, b->offset = 4, b->offset_end = 5;
    GmBuffer *head = gm_buffer_copy_region(b, GM_BUFFER_COPY_ALL, 0, 2);
    GmBuffer *tail = gm_buffer_copy_region(b, GM_BUFFER_COPY_ALL, 2, SIZE_MAX);
    cr_assert(head->pts == 1 && head->dts == 2 && head->offset == 4);
    cr_assert_eq(head->duration, GM_CLOCK_TIME_NONE);
    cr_assert(tail->pts == GM_CLOCK_TIME_NONE && tail->offset == GM_BUFFER_OFFSET_NONE);
    cr_assert_eq(gm_buffer_memcmp(tail, 0, "cdef", 4), 0);
    head = gm_buffer_append(head, tail);
    cr_assert_eq(gm_buffer_n_memory(head), 2);
    GmMemory *all = gm_buffer_get_all_memory(head);
    cr_assert_eq(all->parent, gm_buffer_peek_memory(b, 0), "neighbours merge without a copy");
    gm_memory_unref(all);
    gm_test_expect_criticals(1);
    cr_assert_null(gm_buffer_copy_region(b, GM_BUFFER_COPY_ALL, 7, 1));
    gm_buffer_unref(head);
    gm_buffer_unref(b);
}

GM_TEST(buffer, resize_over_pieces)
{
    GmBuffer *b = pieces();
    size_t offset, maxsize;
    gm_buffer_resize(b, 3, 3);
    cr_assert_eq(gm_buffer_get_size(b), 3);
    cr_assert_eq(gm_buffer_memcmp(b, 0, "def", 3), 0);
    cr_assert_eq(gm_buffer_get_sizes(b, &offset, &maxsize), 3);
    cr_assert_eq(offset, 3);
    cr_assert_geq(maxsize, 7);
    gm_test_expect_criticals(1);
    cr_assert_not(gm_buffer_resize(b, -4, 1));
    gm_buffer_unref(b);
}

GM_TEST(buffer, make_writable_copies_only_when_shared)
{
    GmBuffer *b = gm_buffer_new_memdup("x", 1);
    cr_assert_eq(gm_buffer_make_writable(b), b);
    gm_buffer_ref(b);
    GmBuffer *c = gm_buffer_make_writable(b);
    cr_assert_neq(c, b);
    gm_buffer_unref(c);
    gm_buffer_unref(b);
}

GM_TEST(buffer, extract_dup)
{
    GmBuffer *b = pieces();
    void *data;
    size_t size;
    gm_buffer_extract_dup(b, 2, SIZE_MAX, &data, &size);
    cr_assert_eq(size, 5);
    cr_assert_eq(memcmp(data, "cdefg", 5), 0);
    free(data);
    gm_buffer_unref(b);
}
