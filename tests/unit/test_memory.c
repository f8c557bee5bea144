// SPDX-License-Identifier: MIT
//
// memory: sizes, sharing, locks, wrapped memory, allocation that fails.
#include "gmtest.h"

#include <string.h>

#include "core/memory.h"

// Address sanitizer would end the process where malloc gives NULL.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void count_up(void *data)
{
    (*(int *)data)++;
}

GM_TEST(memory, alloc_has_prefix_padding_and_alignment)
{
    GmAllocationParams params = { .flags = GM_MEMORY_FLAG_ZERO_PREFIXED, .align = 63,
                                  .prefix = 10, .padding = 5 };
    size_t offset, maxsize;
    GmMapInfo info;
    GmMemory *mem = gm_allocator_alloc(NULL, 100, &params);
    cr_assert_eq(gm_memory_get_sizes(mem, &offset, &maxsize), 100);
    cr_assert_eq(offset, 10);
    cr_assert_geq(maxsize, 115);
    cr_assert(gm_memory_is_type(mem, GM_ALLOCATOR_SYSMEM));
    cr_assert(gm_memory_map(mem, &info, GM_MAP_READ));
    cr_assert_eq(((uintptr_t)info.data - 10) & 63, 0);
    for (int i = 1; i <= 10; i++)
        cr_assert_eq(info.data[-i], 0);
    gm_memory_unmap(mem, &info);
    gm_memory_unref(mem);
}

GM_TEST(memory, too_large_is_null_and_no_abort)
{
    cr_assert_null(gm_allocator_alloc(NULL, SIZE_MAX - 4, NULL));
    cr_assert_null(gm_allocator_alloc(NULL, SIZE_MAX / 2, NULL));
}

GM_TEST(memory, share_is_read_only_and_spans)
{
    GmMapInfo info;
    size_t offset;
    GmMemory *mem = gm_allocator_alloc(NULL, 100, NULL);
    GmMemory *a = gm_memory_share(mem, 0, 40), *b = gm_memory_share(mem, 40, -1);
    cr_assert_eq(b->size, 60);
    cr_assert_eq(a->parent, mem);
    cr_assert(gm_memory_is_span(a, b, &offset));
    cr_assert_eq(offset, 0);
    cr_assert_not(gm_memory_is_span(b, a, NULL));
    cr_assert_not(gm_memory_map(a, &info, GM_MAP_WRITE), "a share must not be writable");
    cr_assert_null(info.data);
    GmMemory *c = gm_memory_make_mapped(a, &info, GM_MAP_WRITE);
    cr_assert_neq(c, b);
    cr_assert_null(c->parent, "writing to a share means a copy");
    gm_memory_unmap(c, &info);
    gm_memory_unref(c);
    gm_memory_unref(b);
    cr_assert(gm_memory_map(mem, &info, GM_MAP_WRITE));
    gm_memory_unmap(mem, &info);
    gm_memory_unref(mem);
}

GM_TEST(memory, resize_stays_inside)
{
    GmMemory *mem = gm_allocator_alloc(NULL, 100, NULL);
    size_t offset;
    gm_memory_resize(mem, 30, 20);
    cr_assert_eq(gm_memory_get_sizes(mem, &offset, NULL), 20);
    cr_assert_eq(offset, 30);
    gm_memory_resize(mem, -30, 100);
    gm_test_expect_criticals(2);
    gm_memory_resize(mem, -1, 10);
    gm_memory_resize(mem, 1, mem->maxsize);
    cr_assert_eq(mem->size, 100);
    gm_memory_unref(mem);
}

GM_TEST(memory, wrapped_notifies_and_copies)
{
    static char text[] = "0123456789";
    int freed = 0;
    GmMapInfo info;
    GmMemory *mem =
        gm_memory_new_wrapped(GM_MEMORY_FLAG_READONLY, text, 10, 2, 5, &freed, count_up);
    cr_assert_not(gm_memory_map(mem, &info, GM_MAP_WRITE));
    cr_assert(gm_memory_map(mem, &info, GM_MAP_READ));
    cr_assert_eq(memcmp(info.data, "23456", 5), 0);
    cr_assert_eq(info.maxsize, 8);
    gm_memory_unmap(mem, &info);
    GmMemory *copy = gm_memory_copy(mem, 1, 3);
    gm_memory_unref(mem);
    cr_assert_eq(freed, 1);
    cr_assert(gm_memory_map(copy, &info, GM_MAP_READWRITE));
    cr_assert_eq(info.size, 3);
    cr_assert_eq(memcmp(info.data, "345", 3), 0);
    gm_memory_unmap(copy, &info);
    gm_memory_unref(copy);
}

GM_TEST(memory, allocators_are_found_by_name)
{
    GmAllocator *a = gm_allocator_find(NULL), *b = gm_allocator_find(GM_ALLOCATOR_SYSMEM);
    cr_assert_eq(a, b);
    cr_assert_null(gm_allocator_find("there is none"));
    gm_object_unref(a);
    gm_object_unref(b);
}
