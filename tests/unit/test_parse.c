// SPDX-License-Identifier: MIT
//
// test_parse: launch lines. For each line the graph it makes is compared as text, one word for
// each link ("a.src>b.sink"), and for each wrong one the message, down to the caret.
#include <string.h>

#include "gmtest.h"
#include "parse_elements.h"

// The words are made before the census starts, so that the registry is not counted.
static void begin(void)
{
    parse_elements_register();
    GmElement *warm = gm_parse_launch("nosuch pany ! a/b ! pany ! ptee ! pfun ! ( psink )", NULL);
    if (warm)
        gm_object_unref(gm_object_ref_sink(warm));
    gm_test_begin();
}
#define PARSE_TEST(name)                                                                          \
    static void test_##name(void);                                                              \
    Test(parse, name, .timeout = 30)                                                               \
    {                                                                                           \
        begin();                                                                                \
        test_##name();                                                                          \
        gm_test_end();                                                                          \
    }                                                                                           \
    static void test_##name(void)

static bool add_link(GmElement *element, GmPad *pad, void *data)
{
    GmPad *peer = gm_pad_get_peer(pad);
    GmElement *other = peer ? gm_pad_get_parent_element(peer) : NULL;
    bool ghost = peer && GM_IS_GHOST_PAD(peer); // called ghost and a number
    if (other)
        gm_string_append_printf(data, " %s.%s>%s.%s", GM_OBJECT_NAME(element), GM_OBJECT_NAME(pad),
                                GM_OBJECT_NAME(other), ghost ? "ghost" : GM_OBJECT_NAME(peer));
    if (other)
        gm_object_unref(other);
    if (peer)
        gm_object_unref(peer);
    return true;
}

static void add_graph(GmElement *element, GmString *out)
{
    gm_element_foreach_src_pad(element, add_link, out);
    if (!GM_IS_BIN(element))
        return;
    gm_string_append_printf(out, " %s(", GM_OBJECT_NAME(element));
    for (GmList *l = gm_list_last(GM_BIN(element)->children); l; l = l->prev) {
        gm_string_append_printf(out, " %s", GM_OBJECT_NAME(l->data));
        add_graph(l->data, out);
    }
    gm_string_append(out, " )");
}

static GmElement *launch(const char *line)
{
    GmError *error = NULL;
    GmElement *top = gm_parse_launch(line, &error);
    cr_assert_null(error, "%s: %s", line, error ? error->message : "");
    cr_assert_not_null(top, "%s", line);
    cr_assert(gm_object_is_floating(top), "%s", line);
    gm_object_ref_sink(top);
    gm_object_set_name(GM_OBJECT(top), GM_IS_BIN(top) ? "top" : NULL);
    return top;
}

static void expect_graph(const char *line, const char *graph)
{
    GmElement *top = launch(line);
    GmString *out = gm_string_new(NULL);
    add_graph(top, out);
    cr_expect_str_eq(out->str + (out->len > 0), graph, "%s\n  is       %s\n  not      %s", line,
                     out->str, graph);
    gm_string_free(out, true);
    gm_object_unref(top);
}

static void expect_error(const char *line, int code, const char *message)
{
    GmError *error = NULL;
    GmElement *top = gm_parse_launch(line, &error);
    cr_expect_not_null(error, "%s", line);
    if (error) {
        cr_expect(gm_error_matches(error, GM_PARSE_ERROR, code), "%s: code %d", line, error->code);
        cr_expect_str_eq(error->message, message, "%s\nis\n%s\nnot\n%s", line, error->message,
                         message);
    }
    gm_error_free(error);
    if (top)
        gm_object_unref(gm_object_ref_sink(top));
}

// ---- graphs -----------------------------------------------------------------------------

PARSE_TEST(one_element_stays_bare)
{
    GmElement *top = launch("psrc name=x");
    cr_assert_not(GM_IS_BIN(top));
    gm_object_unref(top);
}

PARSE_TEST(chain)
{
    expect_graph("psrc name=a ! pany name=b ! psink name=c",
                 "top( a a.src>b.sink b b.src>c.sink c )");
    // "!" without a space before it is part of the value: one element, named twice.
    expect_graph("psrc name=a!pany name=b ! psink name=c", "top( b b.src>c.sink c )");
    expect_graph("  psrc\tname = a\n ! psink   name= c ", "top( a a.src>c.sink c )");
    expect_graph("psrc name=a psink name=c", "top( a c )");
}

PARSE_TEST(references)
{
    expect_graph("psrc name=a psink name=c a. ! c.", "top( a a.src>c.sink c )");
    expect_graph("psrc name=a psink name=c a.src ! c.sink", "top( a a.src>c.sink c )");
    expect_graph("psrc name=a ! c. psink name=c", "top( a a.src>c.sink c )");
    expect_graph("psrc name=a .src ! .sink psink name=c", "top( a a.src>c.sink c )");
    expect_graph("ptee name=t t.src_4 ! psink name=x t.src_2 ! psink name=y",
                 "top( t t.src_4>x.sink t.src_2>y.sink x y )");
    expect_graph("ptee name=t pfun name=f t.src_1,src_2 ! f.sink_3 , sink_4",
                 "top( t t.src_1>f.sink_3 t.src_2>f.sink_4 f )");
}

PARSE_TEST(bins)
{
    expect_graph("( psrc name=a ! psink name=c )", "top( a a.src>c.sink c )");
    expect_graph("bin.( name=b psrc name=a ) psink name=c", "top( b b( a ) c )");
    expect_graph("psrc name=a ! ( name=b psink name=c )",
                 "top( a a.src>b.ghost b b( c ) )");
    expect_graph("bin .  ( name=b ( name=i psrc name=a ) ) psink name=c",
                 "top( b b( i i( a ) ) c )");
    GmElement *top = launch("( psrc ! psink )");
    cr_assert(gm_object_is_a(top, &gm_bin_class.object));
    cr_assert_not(gm_object_is_a(top, &gm_pipeline_class.object));
    gm_object_unref(top);
}

PARSE_TEST(caps_filters)
{
    static const char *const lines[] = {
        "psrc ! test/a ! psink", "psrc!test/a!psink", "psrc ! test/a;test/b,n=2 ! psink",
        "psrc ! test/a , n = (int) 3 ; other/x ! psink", "psrc ! test/a,s=\"x y\" ! psink",
        "psrc ! test/a(memory:Shm);test/a ! psink" };
    for (size_t i = 0; i < GM_LEN(lines); i++) {
        GmElement *top = launch(lines[i]);
        cr_expect_eq(GM_BIN(top)->numchildren, 3, "%s", lines[i]);
        gm_object_unref(top);
    }
    const char *words[] = { "psrc", "!", "test/a, n=1", "!", "psink", NULL };
    GmError *error = NULL;
    GmElement *top = gm_parse_launchv(words, &error);
    cr_assert_null(error, "%s", error ? error->message : "");
    gm_object_unref(gm_object_ref_sink(top));
}

PARSE_TEST(all_pads)
{
    expect_graph("psrc name=a : psink name=c", "top( a a.src>c.sink c )");
}

PARSE_TEST(properties)
{
    static const struct { const char *line; int num, mode; bool on; const char *text; } rows[] = {
        { "psrc", 3, 0, false, NULL },
        { "psrc num=7 mode=fast on=true text=hello", 7, 1, true, "hello" },
        { "psrc num = 7 mode= 1 on =yes", 7, 1, true, NULL },
        { "psrc text=\"two words\"", 3, 0, false, "two words" },
        { "psrc text=two\\ words", 3, 0, false, "two words" },
        { "psrc text=\"a\\\"b\"", 3, 0, false, "a\"b" },
        { "psrc text='a b'", 3, 0, false, "'a b'" }, // as GStreamer: the quotes stay
        { "psrc text=a!b", 3, 0, false, "a!b" },
        { "psrc text=\"\"", 3, 0, false, "" } };
    for (size_t i = 0; i < GM_LEN(rows); i++) {
        GmElement *el = launch(rows[i].line);
        Psrc *p = gm_priv(el);
        cr_expect_eq(p->num, rows[i].num, "%s", rows[i].line);
        cr_expect_eq(p->mode, rows[i].mode, "%s", rows[i].line);
        cr_expect_eq(p->on, rows[i].on, "%s", rows[i].line);
        cr_expect_eq(gm_strcmp0(p->text, rows[i].text), 0, "%s: \"%s\"", rows[i].line, p->text);
        gm_object_unref(el);
    }
}

PARSE_TEST(child_properties)
{
    GmElement *bin = launch("bin.( name=b late::num=5 psrc name=now psink )");
    GmElement *late = gm_element_factory_make("psrc", "late");
    gm_object_ref_sink(late);
    gm_bin_add(GM_BIN(bin), late);
    cr_assert_eq(((Psrc *)gm_priv(late))->num, 5);
    gm_object_unref(late);
    gm_object_unref(bin);
}

PARSE_TEST(delayed_link)
{
    GmElement *top = launch("pdemux name=d d.src_1 ! test/a ! psink name=c");
    GmElement *d = gm_bin_get_by_name(GM_BIN(top), "d"), *c = gm_bin_get_by_name(GM_BIN(top), "c");
    GmPad *sink = gm_element_get_static_pad(c, "sink");
    GmPadTemplate *templ = gm_element_get_pad_template(d, "src_%u");
    gm_element_add_pad(d, gm_pad_new_from_template(templ, "src_0"));
    cr_assert_not(gm_pad_is_linked(sink));
    gm_element_add_pad(d, gm_pad_new_from_template(templ, "src_1"));
    cr_assert(gm_pad_is_linked(sink));
    gm_object_unref(sink);
    gm_object_unref(c);
    gm_object_unref(d);
    gm_object_unref(top);
}

PARSE_TEST(delayed_link_that_fails_warns)
{
    GmElement *top = launch("pdemux name=d ! psink name=c");
    GmElement *d = gm_bin_get_by_name(GM_BIN(top), "d");
    GmBus *bus = gm_element_get_bus(top);
    gm_element_no_more_pads(d);
    GmMessage *message = gm_bus_pop_filtered(bus, GM_MESSAGE_WARNING);
    GmError *error = NULL;
    cr_assert_not_null(message);
    gm_message_parse_warning(message, &error, NULL);
    cr_assert(gm_error_matches(error, GM_PARSE_ERROR, GM_PARSE_ERROR_DELAYED_LINK));
    cr_assert_str_eq(error->message, "Delayed linking failed.");
    gm_error_free(error);
    gm_message_unref(message);
    gm_object_unref(bus);
    gm_object_unref(d);
    gm_object_unref(top);
}

PARSE_TEST(bin_from_description)
{
    GmError *error = NULL;
    GmElement *bin = gm_parse_bin_from_description("pany ! pany", true, &error);
    cr_assert_null(error);
    gm_object_ref_sink(bin);
    cr_assert_eq(bin->numsrcpads, 1);
    cr_assert_eq(bin->numsinkpads, 1);
    gm_object_unref(bin);
    bin = gm_parse_bin_from_description("pany", true, &error);
    cr_assert(GM_IS_BIN(bin));
    gm_object_unref(gm_object_ref_sink(bin));
    bin = gm_parse_bin_from_description_full("pany", true, NULL,
                                             GM_PARSE_FLAG_NO_SINGLE_ELEMENT_BINS, &error);
    cr_assert_not(GM_IS_BIN(bin));
    gm_object_unref(gm_object_ref_sink(bin));
    bin = gm_parse_bin_from_description("pany ! nosuch", true, &error);
    cr_assert_null(bin);
    gm_clear_error(&error);
}

PARSE_TEST(flags_and_context)
{
    GmParseContext *context = gm_parse_context_new();
    GmError *error = NULL;
    GmElement *top = gm_parse_launch_full("psrc ! one ! two ! psink", context,
                                          GM_PARSE_FLAG_FATAL_ERRORS, &error);
    cr_assert_null(top);
    cr_assert(gm_error_matches(error, GM_PARSE_ERROR, GM_PARSE_ERROR_NO_SUCH_ELEMENT));
    gm_clear_error(&error);
    GmParseContext *copy = gm_parse_context_copy(context);
    char **missing = gm_parse_context_get_missing_elements(copy);
    cr_assert_str_eq(missing[0], "one");
    cr_assert_str_eq(missing[1], "two");
    cr_assert_null(missing[2]);
    gm_strfreev(missing);
    gm_parse_context_free(copy);
    gm_parse_context_free(context);
    top = gm_parse_launch_full("psrc ! psink", NULL, GM_PARSE_FLAG_PLACE_IN_BIN, &error);
    cr_assert_not(gm_object_is_a(top, &gm_pipeline_class.object));
    gm_object_unref(gm_object_ref_sink(top));
}

// ---- errors -----------------------------------------------------------------------------

PARSE_TEST(unknown_element)
{
    expect_error("psrc ! pani ! psink", GM_PARSE_ERROR_NO_SUCH_ELEMENT,
                 "no element 'pani'; did you mean 'pany'?\n"
                 "  psrc ! pani ! psink\n"
                 "         ^");
    expect_error("psrc ! test/a", GM_PARSE_ERROR_NO_SUCH_ELEMENT,
                 "no element 'test'; caps stand between two links: a ! test/… ! b\n"
                 "  psrc ! test/a\n"
                 "         ^");
    expect_error("file:///x ! psink", GM_PARSE_ERROR_NO_SUCH_ELEMENT,
                 "no source element for URI \"file:///x\"; write, for a file, filesrc location=/x\n"
                 "  file:///x ! psink\n"
                 "  ^");
}

PARSE_TEST(syntax)
{
    expect_error("psrc !", GM_PARSE_ERROR_SYNTAX,
                 "syntax error: an element should follow, but the line ends\n"
                 "  psrc !\n"
                 "        ^");
    expect_error("psrc ! ! psink", GM_PARSE_ERROR_SYNTAX,
                 "syntax error: an element should stand here, not \"!\"\n"
                 "  psrc ! ! psink\n"
                 "         ^");
    expect_error("psrc ! ( psink", GM_PARSE_ERROR_SYNTAX,
                 "syntax error: the \")\" of a bin should follow, but the line ends\n"
                 "  psrc ! ( psink\n"
                 "                ^");
    expect_error("psrc ! psink )", GM_PARSE_ERROR_SYNTAX,
                 "syntax error: an element should stand here, not \")\"\n"
                 "  psrc ! psink )\n"
                 "               ^");
    expect_error("", GM_PARSE_ERROR_EMPTY, "empty pipeline not allowed");
    expect_error("psrc t.", GM_PARSE_ERROR_SYNTAX,
                 "unexpected reference \"t\" - ignoring; a link (!) should follow it\n"
                 "  psrc t.\n"
                 "         ^");
    expect_error("psrc ! ( ) ! psink", GM_PARSE_ERROR_EMPTY_BIN,
                 "specified empty bin \"bin\", not allowed\n"
                 "  psrc ! ( ) ! psink\n"
                 "         ^");
}

PARSE_TEST(columns_count_characters)
{
    expect_error("psrc text=größer ! pani", GM_PARSE_ERROR_NO_SUCH_ELEMENT,
                 "no element 'pani'; did you mean 'pany'?\n"
                 "  psrc text=größer ! pani\n"
                 "                     ^");
    expect_error("psrc !\n  pani", GM_PARSE_ERROR_NO_SUCH_ELEMENT,
                 "no element 'pani'; did you mean 'pany'?\n"
                 "    pani\n"
                 "    ^");
}

PARSE_TEST(links_that_fail)
{
    expect_error("psrc name=a ! psrc name=b", GM_PARSE_ERROR_LINK,
                 "could not link a to b; a can give test/a; test/b; b has no sink pad\n"
                 "  psrc name=a ! psrc name=b\n"
                 "              ^");
    expect_error("psrc name=a ! test/z ! psink name=b", GM_PARSE_ERROR_LINK,
                 "could not link a to b with caps test/z; a can give test/a; test/b; "
                 "b can take test/a\n"
                 "  psrc name=a ! test/z ! psink name=b\n"
                 "              ^");
    expect_error("psrc ! t. psink", GM_PARSE_ERROR_NO_SUCH_ELEMENT,
                 "No sink-element named \"t\" - omitting link; name one with name=t\n"
                 "  psrc ! t. psink\n"
                 "       ^");
    expect_error("a.b ! c.d", GM_PARSE_ERROR_NO_SUCH_ELEMENT,
                 "No src-element named \"a\" - omitting link; name one with name=a\n"
                 "  a.b ! c.d\n"
                 "      ^");
    expect_error("psrc ! test/a,x=[ ! psink", GM_PARSE_ERROR_LINK,
                 "could not parse caps \"test/a,x=[\"\n"
                 "  psrc ! test/a,x=[ ! psink\n"
                 "       ^");
    expect_error("psrc name=a psrc name=a", GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY,
                 "there are two elements named \"a\" side by side; names must differ\n"
                 "  psrc name=a psrc name=a\n"
                 "              ^");
}

static void expect_error_has(const char *line, int code, const char *start, const char *part,
                             const char *end)
{
    GmError *error = NULL;
    GmElement *top = gm_parse_launch(line, &error);
    cr_expect_not_null(error, "%s", line);
    if (error) {
        cr_expect_eq(error->code, code, "%s: %d", line, error->code);
        cr_expect(gm_str_has_prefix(error->message, start), "%s", error->message);
        cr_expect_not_null(strstr(error->message, part), "no %s in: %s", part, error->message);
        cr_expect(gm_str_has_suffix(error->message, end), "%s", error->message);
    }
    gm_error_free(error);
    if (top)
        gm_object_unref(gm_object_ref_sink(top));
}

PARSE_TEST(properties_that_fail)
{
    expect_error_has("psrc nun=1 ! psink", GM_PARSE_ERROR_NO_SUCH_PROPERTY,
                     "no property \"nun\" in element \"psrc", "did you mean \"num\"?",
                     "\n  psrc nun=1 ! psink\n       ^");
    expect_error_has("psrc num=x ! psink", GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY,
                     "could not set property \"num\" in element \"psrc",
                     "to \"x\": it takes a whole number from 0 to 10",
                     "\n  psrc num=x ! psink\n       ^");
    expect_error_has("psrc num=11", GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY,
                     "could not set property \"num\" in element \"psrc", "from 0 to 10",
                     "\n  psrc num=11\n       ^");
    expect_error_has("psrc mode=fats", GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY,
                     "could not set property \"mode\" in element \"psrc",
                     "to \"fats\": it takes one of slow, fast; did you mean \"fast\"?",
                     "\n  psrc mode=fats\n       ^");
    expect_error_has("psrc @preset=x", GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY,
                     "there are no presets here", "properties", "\n       ^");
}

// What is left after an error is built, as in GStreamer.
PARSE_TEST(rest_is_built)
{
    static const struct { const char *line, *type; int children; } rows[] = {
        { "psrc !", NULL, 0 }, { "psrc ! ! psink", "Psink", 0 }, { "psrc psink ! !", "Psrc", 0 },
        { "psrc foo=1 ! psink", "Psink", 0 }, { "psrc ! psink )", "GmPipeline", 2 },
        { "( psrc ! psink", NULL, 0 }, { "t.", NULL, 0 }, { "nobin.( psrc )", "Psrc", 0 },
        { "psrc ! ( ) ! psink", "GmPipeline", 3 } };
    for (size_t i = 0; i < GM_LEN(rows); i++) {
        GmError *error = NULL;
        GmElement *top = gm_parse_launch(rows[i].line, &error);
        cr_expect_not_null(error, "%s", rows[i].line);
        gm_error_free(error);
        cr_expect_eq(gm_strcmp0(top ? GM_OBJECT_TYPE_NAME(top) : NULL, rows[i].type), 0, "%s: %s",
                     rows[i].line, GM_OBJECT_TYPE_NAME(top));
        if (top && GM_IS_BIN(top))
            cr_expect_eq(GM_BIN(top)->numchildren, rows[i].children, "%s", rows[i].line);
        if (top)
            gm_object_unref(gm_object_ref_sink(top));
    }
}

PARSE_TEST(deep_nesting_is_refused)
{
    enum { N = 5000 };
    char *line = gm_new0(char, 2 * N + 32);
    for (int i = 0; i < N; i++)
        memcpy(line + 2 * i, "( ", 2);
    strcpy(line + 2 * N, "psrc");
    GmError *error = NULL;
    GmElement *top = gm_parse_launch(line, &error);
    cr_assert_null(top);
    cr_assert(gm_error_matches(error, GM_PARSE_ERROR, GM_PARSE_ERROR_SYNTAX));
    cr_assert_not_null(strstr(error->message, "less than 65 bins"), "%s", error->message);
    gm_error_free(error);
    gm_free(line);
}

PARSE_TEST(misuse)
{
    gm_test_expect_criticals(3);
    cr_assert_null(gm_parse_launch(NULL, NULL));
    cr_assert_null(gm_parse_launchv(NULL, NULL));
    cr_assert_null(gm_parse_bin_from_description(NULL, false, NULL));
}
