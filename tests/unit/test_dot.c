// SPDX-License-Identifier: MIT
//
// test_dot: the drawing of a bin names all elements, pads, links, caps, states and properties.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gmtest.h"
#include "parse_elements.h"

static void begin(void)
{
    parse_elements_register();
    GmElement *warm = gm_parse_launch("psrc ! pany ! ptee ! pfun ! ( psink )", NULL);
    gm_object_unref(gm_object_ref_sink(warm));
    gm_test_begin();
}
#define DOT_TEST(name)                                                                          \
    static void test_##name(void);                                                              \
    Test(dot, name, .timeout = 30)                                                               \
    {                                                                                           \
        begin();                                                                                \
        test_##name();                                                                          \
        gm_test_end();                                                                          \
    }                                                                                           \
    static void test_##name(void)

static GmElement *launch(const char *line)
{
    GmError *error = NULL;
    GmElement *top = gm_parse_launch(line, &error);
    cr_assert_null(error, "%s", error ? error->message : "");
    return gm_object_ref_sink(top);
}

static void expect_in(const char *text, const char *part, bool there)
{
    cr_expect((strstr(text, part) != NULL) == there, "%s%s in:\n%s", there ? "no " : "", part, text);
}

static unsigned count(const char *text, const char *part)
{
    unsigned n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        n++;
    return n;
}

DOT_TEST(names_everything)
{
    GmElement *top = launch("psrc name=a num=4 text=say\\ \\\"hi\\\" ! ( name=b pany name=c ! psink name=d )");
    gm_object_set_name(GM_OBJECT(top), "top");
    char *dot = gm_debug_bin_to_dot_data(GM_BIN(top), GM_DEBUG_GRAPH_SHOW_ALL);
    expect_in(dot, "digraph pipeline {\n", true);
    expect_in(dot, "label=\"GmPipeline\\ntop\\n[-]\"", true);
    expect_in(dot, "label=\"Psrc\\na\\n[-]\\nnum=4\\ntext=say \\\"hi\\\"", true);
    expect_in(dot, "label=\"GmBin\\nb\\n[-]\"", true);
    expect_in(dot, "[label=\"sink\", style=\"filled,solid\"", true);
    expect_in(dot, "test/a; test/b\\l", true);
    cr_expect_eq(count(dot, " -> "), 3, "a to the ghost pad, the ghost pad to c, c to d:\n%s", dot);
    cr_expect_eq(count(dot, "{"), count(dot, "}"));
    cr_expect_eq(count(dot, "subgraph cluster_"), 4);
    gm_free(dot);
    gm_object_unref(top);
}

DOT_TEST(details_are_chosen)
{
    GmElement *top = launch("psrc name=a num=4 ! psink name=d");
    char *dot = gm_debug_bin_to_dot_data(GM_BIN(top), (GmDebugGraphDetails)0);
    expect_in(dot, "num=4", false);
    expect_in(dot, "[-]", false);
    expect_in(dot, "test/", false);
    gm_free(dot);
    dot = gm_debug_bin_to_dot_data(GM_BIN(top), GM_DEBUG_GRAPH_SHOW_NON_DEFAULT_PARAMS);
    expect_in(dot, "num=4", true);
    expect_in(dot, "mode=", false); // it has its default
    gm_free(dot);
    gm_object_unref(top);
}

DOT_TEST(long_values_are_cut)
{
    GmElement *top = launch("psrc name=a ! psink name=d");
    GmElement *a = gm_bin_get_by_name(GM_BIN(top), "a");
    char text[201];
    memset(text, 'x', 200);
    text[200] = '\0';
    gm_object_set(a, "text", text, NULL);
    char *dot = gm_debug_bin_to_dot_data(GM_BIN(top), GM_DEBUG_GRAPH_SHOW_ALL);
    expect_in(dot, "x…\"", true);
    expect_in(dot, text, false);
    gm_free(dot);
    dot = gm_debug_bin_to_dot_data(GM_BIN(top), GM_DEBUG_GRAPH_SHOW_VERBOSE);
    expect_in(dot, text, true);
    gm_free(dot);
    gm_object_unref(a);
    gm_object_unref(top);
}

DOT_TEST(file_is_written_where_asked)
{
    char dir[] = "/tmp/gmdotXXXXXX", path[64], first[20] = "";
    GmElement *top = launch("psrc ! psink");
    unsetenv("GM_DEBUG_DUMP_DOT_DIR");
    cr_assert_not_null(mkdtemp(dir));
    gm_debug_bin_to_dot_file(GM_BIN(top), GM_DEBUG_GRAPH_SHOW_ALL, "x");
    snprintf(path, sizeof path, "%s/x.dot", dir);
    cr_assert_neq(access(path, F_OK), 0);
    setenv("GM_DEBUG_DUMP_DOT_DIR", dir, 1);
    gm_debug_bin_to_dot_file(GM_BIN(top), GM_DEBUG_GRAPH_SHOW_ALL, "x");
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    cr_assert_not_null(fgets(first, sizeof first, file));
    cr_assert_str_eq(first, "digraph pipeline {\n");
    fclose(file);
    unlink(path);
    rmdir(dir);
    unsetenv("GM_DEBUG_DUMP_DOT_DIR");
    gm_object_unref(top);
}

DOT_TEST(misuse)
{
    gm_test_expect_criticals(2);
    cr_assert_null(gm_debug_bin_to_dot_data(NULL, GM_DEBUG_GRAPH_SHOW_ALL));
    gm_debug_bin_to_dot_file(NULL, GM_DEBUG_GRAPH_SHOW_ALL, "x");
}
