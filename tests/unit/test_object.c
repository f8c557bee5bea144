// SPDX-License-Identifier: MIT
#include "core/object.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/list.h"
#include "core/util.h"
#include "core/value.h"
#include "gmtest.h"

// ---- a class with every kind of property, and a child of it -------------------------------

typedef struct {
    int count; unsigned level; int64_t i64; uint64_t u64; double ratio; bool silent;
    char *location; int leaky; GmFraction rate; GmObject *friend_;
    int sets, hidden;
} Toy;

static const GmEnumTable toy_leaky = { "TestToyLeaky", (const GmEnumValue[]){
    { 0, "Not leaky", "no" }, { 1, "Leaky on upstream", "upstream" },
    { 2, "Leaky on downstream", "downstream" }, { 0, NULL, NULL } }, false };

extern const GmObjectClass toy_class, child_class;
const GmObjectClass toy_class, child_class;
static char order[64];

static const GmProperty toy_props[] = {
    { "count", "a number", GM_FIELD(Toy, count), .def = "-1", .min = -1, .max = 10 },
    { "level", "a level", GM_FIELD(Toy, level), .def = "200" },
    { "i64", "signed", GM_FIELD(Toy, i64) },
    { "u64", "unsigned", GM_FIELD(Toy, u64), .def = "1000000000" },
    { "ratio", "a ratio", GM_FIELD(Toy, ratio), .def = "0.5", .min = 0, .max = 1 },
    { "silent", "no notify", GM_FIELD(Toy, silent), .def = "true" },
    { "location", "a file", GM_FIELD(Toy, location), .def = "none.txt" },
    { "leaky-mode", "what leaks", GM_ENUM_FIELD(Toy, leaky, &toy_leaky), .def = "upstream" },
    { "rate", "frames", GM_FIELD(Toy, rate), .def = "25/1" },
    { "friend", "an object", GM_FIELD(Toy, friend_), .object_class = &toy_class },
    { "twice", "two times count", GM_COMPUTED(GM_TYPE_INT), .flags = GM_PARAM_READABLE },
    { "hidden", "write only", GM_FIELD(Toy, hidden), .flags = GM_PARAM_WRITABLE },
    { "once", "at birth", GM_FIELD(Toy, hidden), .flags = GM_PARAM_READWRITE | GM_PARAM_CONSTRUCT_ONLY },
    { 0 }
};
static const GmSignal toy_signals[] = {
    { "poked", gm_marshal_pointer, "void (obj, void *, data)", NULL },
    { "sum", gm_marshal_pointer__int, "int (obj, void *, data)", NULL },
    { NULL, NULL, NULL, NULL }
};

static void toy_set(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    (void)prop, (void)value;
    ((Toy *)gm_priv(obj))->sets++;
}
static void toy_get(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    cr_assert_str_eq(prop->name, "twice");
    gm_value_set_int(value, 2 * ((Toy *)gm_priv(obj))->count);
}
static void toy_init(GmObject *obj)
{
    cr_assert_eq(((Toy *)gm_priv(obj))->count, -1, "defaults are set before init");
    strcat(order, "I");
}
static void child_init(GmObject *obj) { (void)obj; strcat(order, "i"); }
static void toy_dispose(GmObject *obj) { (void)obj; strcat(order, "D"); }
static void child_dispose(GmObject *obj) { (void)obj; strcat(order, "d"); }
static void toy_finalize(GmObject *obj) { (void)obj; strcat(order, "F"); }
static void child_finalize(GmObject *obj) { (void)obj; strcat(order, "f"); }

const GmObjectClass toy_class = {
    .name = "toy", .type_name = "GmToyThing", .parent = &gm_object_class, .priv_size = sizeof(Toy),
    .props = toy_props, .signals = toy_signals, .init = toy_init, .dispose = toy_dispose,
    .finalize = toy_finalize, .set_property = toy_set, .get_property = toy_get,
};
typedef struct { GmObject object; int extra; } Child;
static const GmProperty child_props[] = {
    { "extra", "in the instance", GM_FIELD(Child, extra), .def = "7" }, { 0 }
};
const GmObjectClass child_class = {
    .name = "child2", .type_name = "GmChild2", .parent = &toy_class, .instance_size = sizeof(Child),
    .props = child_props, .init = child_init, .dispose = child_dispose, .finalize = child_finalize,
};

static GmObject *toy_new(void)
{
    return gm_object_ref_sink(gm_object_new(&toy_class, NULL));
}

// ---- life -------------------------------------------------------------------------------

GM_TEST(object, chain_and_names)
{
    order[0] = '\0';
    GmObject *c = gm_object_new(&child_class, NULL);
    cr_assert(gm_object_is_floating(c));
    cr_assert(gm_object_is_a(c, &toy_class) && gm_object_is_a(c, &gm_object_class));
    cr_assert_not(gm_object_is_a(NULL, &toy_class));
    cr_assert_str_eq(c->name, "child2-0", "a digit at the end is kept apart");
    cr_assert_eq((uintptr_t)gm_priv(c) % _Alignof(max_align_t), 0);
    gm_object_ref_sink(c);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(c), 1);
    cr_assert_not(gm_object_is_floating(c));
    gm_object_ref_sink(c);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(c), 2);
    gm_object_unref(c);
    int extra, count;
    gm_object_get(c, "extra", &extra, "count", &count, NULL);
    cr_assert(extra == 7 && count == -1);
    gm_object_unref(c);
    cr_assert_str_eq(order, "IidDfF");

    GmObject *a = toy_new(), *b = toy_new();
    cr_assert_str_eq(a->name, "toything0");
    cr_assert_str_eq(b->name, "toything1");
    cr_assert(gm_object_set_name(b, "bob"));
    char *name = gm_object_get_name(b);
    cr_assert_str_eq(name, "bob");
    gm_free(name);
    GmList *list = gm_list_append(gm_list_append(NULL, a), b);
    cr_assert_not(gm_object_check_uniqueness(list, "bob"));
    cr_assert(gm_object_check_uniqueness(list, "alice"));
    gm_list_free(list);
    gm_object_unref(a);
    gm_object_unref(b);
}

GM_TEST(object, parent)
{
    GmObject *p = toy_new(), *c = gm_object_new(&toy_class, "name", "kid", NULL);
    gm_object_set_name(p, "dad");
    cr_assert(gm_object_set_parent(c, p));
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(c), 1, "the floating reference became the parent's");
    cr_assert_not(gm_object_set_parent(c, p));
    cr_assert_not(gm_object_set_name(c, "other"), "not while it has a parent");
    cr_assert(gm_object_has_as_parent(c, p) && gm_object_has_as_ancestor(c, p));
    GmObject *got = gm_object_get_parent(c);
    cr_assert_eq(got, p);
    gm_object_unref(got);
    char *path = gm_object_get_path_string(c);
    cr_assert_str_eq(path, "/GmToyThing:dad/GmToyThing:kid");
    gm_free(path);
    gm_test_expect_criticals(1);
    gm_object_unref(c); // refused: it is the parent's
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(c), 1);
    gm_object_unparent(c);
    gm_object_unref(p);
}

static void note_weak(void *data, GmObject *obj)
{
    cr_assert_not_null(obj);
    ++*(int *)data;
}
static void note(void *data)
{
    ++*(int *)data;
}

GM_TEST(object, weak_and_data)
{
    int weak = 0, data = 0;
    GmWeakRef ref;
    GmObject *a = toy_new();
    gm_weak_ref_init(&ref, a);
    GmObject *got = gm_weak_ref_get(&ref);
    cr_assert_eq(got, a);
    gm_object_unref(got);
    gm_object_weak_ref(a, note_weak, &weak);
    gm_object_weak_ref(a, note_weak, &weak);
    gm_object_weak_unref(a, note_weak, &weak);
    gm_object_set_data_full(a, "k", &data, note);
    gm_object_set_data_full(a, "k", &data, note);
    cr_assert_eq(data, 1);
    cr_assert_eq(gm_object_get_data(a, "k"), &data);
    cr_assert_null(gm_object_get_data(a, "other"));
    gm_object_unref(a);
    cr_assert(weak == 1 && data == 2);
    cr_assert_null(gm_weak_ref_get(&ref));
    gm_weak_ref_clear(&ref);
}

// ---- properties -------------------------------------------------------------------------

GM_TEST(object, set_and_get)
{
    GmObject *a = toy_new(), *b = toy_new();
    int count, num, den, twice, leaky;
    unsigned level;
    uint64_t u64;
    int64_t i64;
    double ratio;
    bool silent;
    char *location;
    GmObject *friend_;
    gm_object_get(a, "level", &level, "u64", &u64, "ratio", &ratio, "silent", &silent, "location",
                  &location, "leaky_mode", &leaky, "rate", &num, &den, NULL);
    cr_assert(level == 200 && u64 == 1000000000 && ratio == 0.5 && silent && leaky == 1);
    cr_assert(num == 25 && den == 1);
    cr_assert_str_eq(location, "none.txt");
    gm_free(location);
    gm_object_set(a, "count", 3, "i64", INT64_MIN, "u64", UINT64_MAX, "silent", false, "location", NULL,
                  "rate", 30000, 1001, "friend", b, NULL);
    gm_object_get(a, "count", &count, "i64", &i64, "u64", &u64, "silent", &silent, "location", &location,
                  "rate", &num, &den, "friend", &friend_, "twice", &twice, NULL);
    cr_assert(count == 3 && twice == 6 && i64 == INT64_MIN && u64 == UINT64_MAX && !silent);
    cr_assert(location == NULL && num == 30000 && den == 1001 && friend_ == b);
    cr_assert_eq(((Toy *)gm_priv(a))->sets, 7);
    cr_assert_eq(GM_OBJECT_REFCOUNT_VALUE(b), 3);
    gm_object_unref(friend_);
    gm_object_unref(b);
    gm_object_unref(a); // releases its friend
}

GM_TEST(object, bad_sets_change_nothing)
{
    GmObject *a = toy_new();
    int count, plain = 1;
    gm_test_expect_criticals(7);
    gm_object_set(a, "count", 11, NULL);       // out of range
    gm_object_set(a, "nope", 1, NULL);         // unknown
    gm_object_set(a, "twice", 1, NULL);        // read only
    gm_object_set(a, "once", 1, NULL);         // too late
    gm_object_set(a, "leaky-mode", 99, NULL);  // no such value
    gm_object_get(a, "hidden", &plain, NULL);  // write only
    GmObject *other = gm_object_ref_sink(gm_object_new(&gm_object_class, NULL));
    gm_object_set(a, "friend", other, NULL);   // of the wrong class
    gm_object_unref(other);
    gm_object_get(a, "count", &count, NULL);
    cr_assert(count == -1 && plain == 1);
    gm_object_unref(a);
}

static void expect_refusal(GmObject *a, const char *name, const char *text, const char *message)
{
    GmError *error = NULL;
    cr_assert_not(gm_object_set_from_string(a, name, text, &error));
    cr_assert_str_eq(error->message, message);
    gm_error_free(error);
}

GM_TEST(object, text)
{
    GmObject *a = toy_new();
    gm_object_set_name(a, "t");
    GmError *error = NULL;
    const struct { const char *name, *text, *back; } good[] = {
        { "count", "0x0a", "10" }, { "silent", "false", "false" }, { "leaky-mode", "downstream", "downstream" },
        { "leaky-mode", "0", "no" }, { "rate", "30/1", "30/1" }, { "location", "a b", "a b" },
        { "u64", "18446744073709551615", "18446744073709551615" },
    };
    for (size_t i = 0; i < GM_LEN(good); i++) {
        cr_assert(gm_object_set_from_string(a, good[i].name, good[i].text, &error), "%s", good[i].name);
        char *back = gm_object_property_to_string(a, good[i].name);
        cr_assert_str_eq(back, good[i].back);
        gm_free(back);
    }
    expect_refusal(a, "cuont", "1", "no property \"cuont\" in element \"t\"; did you mean \"count\"?");
    expect_refusal(a, "count", "eleven", "could not set property \"count\" in element \"t\" to "
                   "\"eleven\": it takes a whole number from -1 to 10");
    expect_refusal(a, "count", "11", "could not set property \"count\" in element \"t\" to \"11\": "
                   "it takes a whole number from -1 to 10");
    expect_refusal(a, "leaky-mode", "upstraem", "could not set property \"leaky-mode\" in element "
                   "\"t\" to \"upstraem\": it takes one of no, upstream, downstream; did you mean "
                   "\"upstream\"?");
    expect_refusal(a, "twice", "1", "property \"twice\" of \"t\" can only be read");
    gm_object_unref(a);
}

GM_TEST(object, values)
{
    GmObject *a = toy_new();
    GmValue v = GM_VALUE_INIT;
    gm_value_init(&v, GM_TYPE_INT);
    gm_value_set_int(&v, 4);
    gm_object_set_property(a, "u64", &v); // converted
    gm_value_unset(&v);
    gm_object_get_property(a, "u64", &v);
    cr_assert_eq(GM_VALUE_TYPE(&v), (GmType)GM_TYPE_UINT64);
    cr_assert_eq(gm_value_get_uint64(&v), 4);
    gm_value_unset(&v);
    gm_object_unref(a);
}

// ---- signals ----------------------------------------------------------------------------

static void poked(GmObject *obj, void *arg, void *data)
{
    cr_assert_not_null(obj);
    *(int *)data = *(int *)data * 10 + (int)(intptr_t)arg;
}
static int sum(GmObject *obj, void *arg, void *data)
{
    (void)obj;
    return (int)(intptr_t)arg + *(int *)data;
}

GM_TEST(object, signals)
{
    int n = 0, base = 40, result = 0, destroyed = 0;
    GmObject *a = toy_new();
    gm_signal_emit_by_name(a, "poked", (void *)1); // nobody listens
    cr_assert_not(gm_signal_has_handler(a, "poked"));
    unsigned long id = gm_signal_connect(a, "poked", poked, &n);
    unsigned long id2 = gm_signal_connect_data(a, "poked", GM_CALLBACK(poked), &n, NULL, 0);
    cr_assert(gm_signal_has_handler(a, "poked"));
    gm_signal_emit_by_name(a, "poked", (void *)1);
    cr_assert_eq(n, 11);
    gm_signal_handler_block(a, id);
    gm_signal_emit_by_name(a, "poked", (void *)2);
    cr_assert_eq(n, 112);
    gm_signal_handler_unblock(a, id);
    gm_signal_handler_disconnect(a, id2);
    gm_signal_emit_by_name(a, "poked", (void *)3);
    cr_assert_eq(n, 1123);
    gm_signal_connect(a, "sum", sum, &base);
    gm_signal_emit_by_name(a, "sum", (void *)2, &result);
    cr_assert_eq(result, 42);
    gm_signal_connect_data(a, "poked", GM_CALLBACK(poked), &destroyed, note, 0);
    gm_test_expect_criticals(3);
    cr_assert_eq(gm_signal_connect(a, "nope", poked, NULL), 0);
    gm_signal_handler_disconnect(a, 987654);
    gm_signal_emit_by_name(a, "nope");
    gm_object_unref(a);
    cr_assert_eq(destroyed, 1);
}

static char notes[128];
static void on_notify(GmObject *obj, const GmProperty *prop, void *data)
{
    (void)obj;
    snprintf(notes + strlen(notes), 32, "%s:%s ", (const char *)data, prop->name);
}
static void on_deep(GmObject *obj, GmObject *origin, const GmProperty *prop, void *data)
{
    (void)obj, (void)data;
    snprintf(notes + strlen(notes), 32, "deep:%s.%s ", origin->name, prop->name);
}

GM_TEST(object, notify)
{
    GmObject *p = toy_new(), *c = gm_object_new(&toy_class, "name", "c", NULL);
    gm_object_set_parent(c, p);
    gm_signal_connect(c, "notify", on_notify, (void *)"any");
    gm_signal_connect(c, "notify::count", on_notify, (void *)"count");
    gm_signal_connect(p, "deep-notify", on_deep, NULL);
    notes[0] = '\0';
    gm_object_set(c, "count", 1, "level", 2u, NULL);
    cr_assert_str_eq(notes, "any:count count:count deep:c.count any:level deep:c.level ");
    notes[0] = '\0';
    gm_object_notify(c, "twice");
    cr_assert_str_eq(notes, "any:twice deep:c.twice ");
    gm_object_unparent(c);
    gm_object_unref(p);
}
