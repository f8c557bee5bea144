// SPDX-License-Identifier: MIT
//
// value_sets: lists, arrays, ranges, fractions, flag sets: what is in the two words of each.
//
//     fraction        numerator | denominator      int64 range     -> { min, max, step }
//     int range       min, max  | step             fraction range  -> { min, max } as values
//     double range    min       | max              list, array     -> GmValueArray
//     flag set        flags     | mask
//
// Read next: core/value_algebra.c.
#include "core/value_priv.h"

// ---- lists and arrays -------------------------------------------------------------------

GmValueArray *gm_value_array_new(unsigned n_prealloced)
{
    GmValueArray *array = gm_new0(GmValueArray, 1);

    array->n_prealloced = n_prealloced;
    array->values = n_prealloced > 0 ? gm_new0(GmValue, n_prealloced) : NULL;
    return array;
}

void gm_value_array_free(GmValueArray *array)
{
    for (unsigned i = 0; i < array->n_values; i++)
        gm_value_unset(&array->values[i]);
    gm_free(array->values);
    gm_free(array);
}

static void value_array_insert(GmValueArray *array, unsigned index, GmValue item)
{
    if (array->n_values == array->n_prealloced) {
        array->n_prealloced = array->n_prealloced * 2 + 4;
        array->values = gm_renew(GmValue, array->values, array->n_prealloced);
    }
    memmove(&array->values[index + 1], &array->values[index],
            (array->n_values - index) * sizeof(GmValue));
    array->values[index] = item;
    array->n_values++;
}

GmValueArray *gm_value_array_append(GmValueArray *array, const GmValue *value)
{
    GmValue copy = GM_VALUE_INIT;

    if (!GM_REQUIRE(array != NULL && GM_IS_VALUE(value))) return array;
    gm_value_init_and_copy(&copy, value);
    value_array_insert(array, array->n_values, copy);
    return array;
}

GmValue *gm_value_array_get_nth(GmValueArray *array, unsigned index)
{
    return GM_REQUIRE(array != NULL && index < array->n_values) ? &array->values[index] : NULL;
}

void gm_value_push(GmValue *list, GmValue *item)
{
    GmValueArray *array = GM_VALUE_ITEMS(list);

    value_array_insert(array, array->n_values, *item);
    memset(item, 0, sizeof(*item));
}

// The type of the first plain member, however deep; GM_TYPE_INVALID in empty lists.
static GmType value_basic_type(const GmValue *value)
{
    while (value->g_type == GM_TYPE_LIST || value->g_type == GM_TYPE_ARRAY) {
        if (GM_VALUE_ITEMS(value)->n_values == 0)
            return GM_TYPE_INVALID;
        value = &GM_VALUE_ITEMS(value)->values[0];
    }
    return value->g_type;
}

// Members of a list have one type, or are ranges and plain values of it.
static bool value_go_together(const GmValue *a, const GmValue *b)
{
    static const GmType pairs[][2] = { { GM_TYPE_INT, GM_TYPE_INT_RANGE },
                                       { GM_TYPE_INT64, GM_TYPE_INT64_RANGE },
                                       { GM_TYPE_DOUBLE, GM_TYPE_DOUBLE_RANGE },
                                       { GM_TYPE_FRACTION, GM_TYPE_FRACTION_RANGE } };
    GmType t = value_basic_type(a), u = value_basic_type(b);

    for (size_t i = 0; i < GM_LEN(pairs); i++)
        if ((pairs[i][0] == t && pairs[i][1] == u) || (pairs[i][0] == u && pairs[i][1] == t))
            return true;
    return t == u || t == GM_TYPE_INVALID || u == GM_TYPE_INVALID;
}

static void value_add(GmValue *value, GmType type, unsigned index, const GmValue *item, bool take)
{
    GmValue copy = GM_VALUE_INIT;

    if (!GM_REQUIRE(GM_VALUE_HOLDS_EXACTLY(value, type) && GM_IS_VALUE(item))) return;
    if (!GM_REQUIRE(value_go_together(value, item))) return;
    if (take)
        gm_value_move(&copy, (GmValue *)(uintptr_t)item);
    else
        gm_value_init_and_copy(&copy, item);
    index = index < GM_VALUE_ITEMS(value)->n_values ? index : GM_VALUE_ITEMS(value)->n_values;
    value_array_insert(GM_VALUE_ITEMS(value), index, copy);
}

#define VALUE_LIST_FUNCTIONS(name, GTYPE)                                                       \
    GmValue *gm_value_##name##_init(GmValue *value, unsigned prealloc)                          \
    {                                                                                           \
        if (!GM_REQUIRE(value != NULL && value->g_type == 0)) return NULL;                      \
        value->g_type = (GTYPE);                                                                \
        value->data[0].v_pointer = gm_value_array_new(prealloc);                                \
        return value;                                                                           \
    }                                                                                           \
    void gm_value_##name##_append_value(GmValue *value, const GmValue *append_value)            \
    {                                                                                           \
        value_add(value, GTYPE, UINT_MAX, append_value, false);                                 \
    }                                                                                           \
    void gm_value_##name##_append_and_take_value(GmValue *value, GmValue *append_value)         \
    {                                                                                           \
        value_add(value, GTYPE, UINT_MAX, append_value, true);                                  \
    }                                                                                           \
    void gm_value_##name##_prepend_value(GmValue *value, const GmValue *prepend_value)          \
    {                                                                                           \
        value_add(value, GTYPE, 0, prepend_value, false);                                       \
    }                                                                                           \
    unsigned gm_value_##name##_get_size(const GmValue *value)                                   \
    {                                                                                           \
        if (!GM_REQUIRE(GM_VALUE_HOLDS_EXACTLY(value, GTYPE))) return 0;                        \
        return GM_VALUE_ITEMS(value)->n_values;                                                 \
    }                                                                                           \
    const GmValue *gm_value_##name##_get_value(const GmValue *value, unsigned index)            \
    {                                                                                           \
        if (!GM_REQUIRE(GM_VALUE_HOLDS_EXACTLY(value, GTYPE))) return NULL;                     \
        return gm_value_array_get_nth(GM_VALUE_ITEMS(value), index);                            \
    }

VALUE_LIST_FUNCTIONS(list, GM_TYPE_LIST)
VALUE_LIST_FUNCTIONS(array, GM_TYPE_ARRAY)

// Appends what value holds to dest, unless it equals one of the first `unique` members.
static void value_list_join(GmValue *dest, const GmValue *value, unsigned unique)
{
    bool is_list = value->g_type == GM_TYPE_LIST;
    unsigned n = is_list ? GM_VALUE_ITEMS(value)->n_values : 1;

    for (unsigned i = 0; i < n; i++) {
        const GmValue *item = is_list ? &GM_VALUE_ITEMS(value)->values[i] : value;
        unsigned k = 0;
        while (k < unique && gm_value_compare(&GM_VALUE_ITEMS(dest)->values[k], item) != 0)
            k++;
        if (k == unique)
            gm_value_array_append(GM_VALUE_ITEMS(dest), item);
    }
}

void gm_value_list_concat(GmValue *dest, const GmValue *value1, const GmValue *value2)
{
    if (!GM_REQUIRE(dest != NULL && GM_IS_VALUE(value1) && GM_IS_VALUE(value2))) return;
    if (!GM_REQUIRE(value_go_together(value1, value2))) return;
    gm_value_list_init(dest, 4);
    value_list_join(dest, value1, 0);
    value_list_join(dest, value2, 0);
}

void gm_value_list_merge(GmValue *dest, const GmValue *value1, const GmValue *value2)
{
    if (!GM_REQUIRE(dest != NULL && GM_IS_VALUE(value1) && GM_IS_VALUE(value2))) return;
    if (!GM_REQUIRE(value_go_together(value1, value2))) return;
    gm_value_list_init(dest, 4);
    value_list_join(dest, value1, 0);
    unsigned n = GM_VALUE_ITEMS(dest)->n_values;
    value_list_join(dest, value2, n);
    if (n == 1 && GM_VALUE_ITEMS(dest)->n_values == 1 && value_basic_type(value2) != 0) {
        GmValue single;
        gm_value_init_and_copy(&single, &GM_VALUE_ITEMS(dest)->values[0]);
        gm_value_unset(dest);
        *dest = single;
    }
}

// ---- ranges of whole numbers ------------------------------------------------------------

bool gm_value_get_ints(const GmValue *value, GmInts *ints)
{
    const int64_t *range = value->data[0].v_pointer;

    switch (value->g_type) {
    case GM_TYPE_INT:
        *ints = (GmInts){ value->data[0].v_int, value->data[0].v_int, 1, false, false };
        return true;
    case GM_TYPE_INT64:
        *ints = (GmInts){ value->data[0].v_int64, value->data[0].v_int64, 1, true, false };
        return true;
    case GM_TYPE_INT_RANGE:
        *ints = (GmInts){ value->data[0].v_ints[0], value->data[0].v_ints[1],
                          value->data[1].v_int, false, true };
        return true;
    case GM_TYPE_INT64_RANGE:
        *ints = (GmInts){ range[0], range[1], range[2], true, true };
        return true;
    default:
        return false;
    }
}

// Writes into a range that is there already.
static void value_put_ints(GmValue *value, int64_t min, int64_t max, int64_t step)
{
    if (!GM_REQUIRE(min < max && step > 0 && min % step == 0 && max % step == 0)) return;
    if (value->g_type == GM_TYPE_INT_RANGE) {
        value->data[0].v_ints[0] = (int)min;
        value->data[0].v_ints[1] = (int)max;
        value->data[1].v_int = (int)step;
    } else {
        memcpy(value->data[0].v_pointer, (int64_t[]){ min, max, step }, 3 * sizeof(int64_t));
    }
}

void gm_value_set_ints(GmValue *dest, int64_t min, int64_t max, int64_t step, bool wide)
{
    if (min < max) {
        gm_value_init(dest, wide ? GM_TYPE_INT64_RANGE : GM_TYPE_INT_RANGE);
        value_put_ints(dest, min, max, step);
        return;
    }
    gm_value_init(dest, wide ? GM_TYPE_INT64 : GM_TYPE_INT);
    if (wide)
        dest->data[0].v_int64 = min;
    else
        dest->data[0].v_int = (int)min;
}

#define VALUE_RANGE_FUNCTIONS(name, ctype, HOLDS)                                           \
    void gm_value_set_##name##_range_step(GmValue *value, ctype start, ctype end, ctype step) \
    {                                                                                       \
        if (GM_REQUIRE(HOLDS(value))) value_put_ints(value, start, end, step);              \
    }                                                                                       \
    void gm_value_set_##name##_range(GmValue *value, ctype start, ctype end)                \
    {                                                                                       \
        gm_value_set_##name##_range_step(value, start, end, 1);                             \
    }                                                                                       \
    ctype gm_value_get_##name##_range_min(const GmValue *value)                             \
    {                                                                                       \
        GmInts r;                                                                           \
        return GM_REQUIRE(HOLDS(value)) && gm_value_get_ints(value, &r) ? (ctype)r.min : 0;  \
    }                                                                                       \
    ctype gm_value_get_##name##_range_max(const GmValue *value)                             \
    {                                                                                       \
        GmInts r;                                                                           \
        return GM_REQUIRE(HOLDS(value)) && gm_value_get_ints(value, &r) ? (ctype)r.max : 0;  \
    }                                                                                       \
    ctype gm_value_get_##name##_range_step(const GmValue *value)                            \
    {                                                                                       \
        GmInts r;                                                                           \
        return GM_REQUIRE(HOLDS(value)) && gm_value_get_ints(value, &r) ? (ctype)r.step : 1; \
    }

VALUE_RANGE_FUNCTIONS(int, int, GM_VALUE_HOLDS_INT_RANGE)
VALUE_RANGE_FUNCTIONS(int64, int64_t, GM_VALUE_HOLDS_INT64_RANGE)

// ---- the rest ---------------------------------------------------------------------------

void gm_value_set_double_range(GmValue *value, double start, double end)
{
    if (!GM_REQUIRE(GM_VALUE_HOLDS_DOUBLE_RANGE(value) && start < end)) return;
    value->data[0].v_double = start;
    value->data[1].v_double = end;
}

double gm_value_get_double_range_min(const GmValue *value)
{
    return GM_REQUIRE(GM_VALUE_HOLDS_DOUBLE_RANGE(value)) ? value->data[0].v_double : 0;
}

double gm_value_get_double_range_max(const GmValue *value)
{
    return GM_REQUIRE(GM_VALUE_HOLDS_DOUBLE_RANGE(value)) ? value->data[1].v_double : 0;
}

void gm_value_set_fraction(GmValue *value, int numerator, int denominator)
{
    if (!GM_REQUIRE(GM_VALUE_HOLDS_FRACTION(value) && denominator != 0)) return;
    if (!GM_REQUIRE(denominator >= -INT_MAX && numerator >= -INT_MAX)) return;
    int gcd = gm_util_greatest_common_divisor(numerator, denominator);
    if (denominator < 0)
        gcd = -gcd;
    value->data[0].v_int = numerator / gcd;
    value->data[1].v_int = denominator / gcd;
}

int gm_value_get_fraction_numerator(const GmValue *value)
{
    return GM_REQUIRE(GM_VALUE_HOLDS_FRACTION(value)) ? value->data[0].v_int : 0;
}

int gm_value_get_fraction_denominator(const GmValue *value)
{
    return GM_REQUIRE(GM_VALUE_HOLDS_FRACTION(value)) ? value->data[1].v_int : 1;
}

bool gm_value_fraction_multiply(GmValue *product, const GmValue *factor1, const GmValue *factor2)
{
    int n, d;

    if (!GM_REQUIRE(GM_VALUE_HOLDS_FRACTION(factor1) && GM_VALUE_HOLDS_FRACTION(factor2)))
        return false;
    if (!gm_util_fraction_multiply(factor1->data[0].v_int, factor1->data[1].v_int,
                                   factor2->data[0].v_int, factor2->data[1].v_int, &n, &d))
        return false;
    gm_value_set_fraction(product, n, d);
    return true;
}

bool gm_value_fraction_subtract(GmValue *dest, const GmValue *minuend, const GmValue *subtrahend)
{
    int n, d;

    if (!GM_REQUIRE(GM_VALUE_HOLDS_FRACTION(minuend) && GM_VALUE_HOLDS_FRACTION(subtrahend)))
        return false;
    if (!gm_util_fraction_add(minuend->data[0].v_int, minuend->data[1].v_int,
                              -subtrahend->data[0].v_int, subtrahend->data[1].v_int, &n, &d))
        return false;
    gm_value_set_fraction(dest, n, d);
    return true;
}

void gm_value_set_fraction_range(GmValue *value, const GmValue *start, const GmValue *end)
{
    if (!GM_REQUIRE(GM_VALUE_HOLDS_FRACTION_RANGE(value))) return;
    if (!GM_REQUIRE(GM_VALUE_HOLDS_FRACTION(start) && GM_VALUE_HOLDS_FRACTION(end))) return;
    if (!GM_REQUIRE(gm_value_compare(start, end) == GM_VALUE_LESS_THAN)) return;
    memcpy(value->data[0].v_pointer, (GmValue[]){ *start, *end }, 2 * sizeof(GmValue));
}

void gm_value_set_fraction_range_full(GmValue *value, int numerator_start, int denominator_start,
                                      int numerator_end, int denominator_end)
{
    GmValue start = GM_VALUE_INIT, end = GM_VALUE_INIT;

    gm_value_set_fraction(gm_value_init(&start, GM_TYPE_FRACTION), numerator_start,
                          denominator_start);
    gm_value_set_fraction(gm_value_init(&end, GM_TYPE_FRACTION), numerator_end, denominator_end);
    gm_value_set_fraction_range(value, &start, &end);
}

const GmValue *gm_value_get_fraction_range_min(const GmValue *value)
{
    return GM_REQUIRE(GM_VALUE_HOLDS_FRACTION_RANGE(value)) ? value->data[0].v_pointer : NULL;
}

const GmValue *gm_value_get_fraction_range_max(const GmValue *value)
{
    if (!GM_REQUIRE(GM_VALUE_HOLDS_FRACTION_RANGE(value))) return NULL;
    return (const GmValue *)value->data[0].v_pointer + 1;
}

void gm_value_set_flagset(GmValue *value, unsigned flags, unsigned mask)
{
    if (!GM_REQUIRE(GM_VALUE_HOLDS_FLAG_SET(value))) return;
    value->data[0].v_uint = flags & mask;
    value->data[1].v_uint = mask;
}

unsigned gm_value_get_flagset_flags(const GmValue *value)
{
    return GM_REQUIRE(GM_VALUE_HOLDS_FLAG_SET(value)) ? value->data[0].v_uint : 0;
}

unsigned gm_value_get_flagset_mask(const GmValue *value)
{
    return GM_REQUIRE(GM_VALUE_HOLDS_FLAG_SET(value)) ? value->data[1].v_uint : 1;
}

// ---- C arguments ------------------------------------------------------------------------

bool gm_value_collect_set(GmValue *value, va_list *args)
{
    int n[4] = { 0 };
    double start;
    int64_t first;
    const GmValue *list;

    switch (value->g_type) {
    case GM_TYPE_LIST:
    case GM_TYPE_ARRAY:
        list = va_arg(*args, const GmValue *);
        gm_value_copy(list, value);
        return true;
    case GM_TYPE_DOUBLE_RANGE:
        start = va_arg(*args, double);
        gm_value_set_double_range(value, start, va_arg(*args, double));
        return true;
    case GM_TYPE_INT64_RANGE:
        first = va_arg(*args, int64_t);
        gm_value_set_int64_range(value, first, va_arg(*args, int64_t));
        return true;
    default:
        break;
    }
    for (int i = 0; i < (value->g_type == GM_TYPE_FRACTION_RANGE ? 4 : 2); i++)
        n[i] = va_arg(*args, int);
    if (value->g_type == GM_TYPE_FRACTION)
        gm_value_set_fraction(value, n[0], n[1]);
    else if (value->g_type == GM_TYPE_INT_RANGE)
        gm_value_set_int_range(value, n[0], n[1]);
    else if (value->g_type == GM_TYPE_FLAG_SET)
        gm_value_set_flagset(value, (unsigned)n[0], (unsigned)n[1]);
    else
        gm_value_set_fraction_range_full(value, n[0], n[1], n[2], n[3]);
    return true;
}

bool gm_value_lcopy_set(const GmValue *value, va_list *args)
{
    const GmValue *range = value->data[0].v_pointer;
    int *to[4] = { NULL };

    for (int i = 0; i < (value->g_type == GM_TYPE_FRACTION_RANGE ? 4 : 2); i++)
        to[i] = va_arg(*args, void *);
    if (to[0] == NULL || to[1] == NULL)
        return to[0] == to[1];
    switch (value->g_type) {
    case GM_TYPE_FRACTION:
        *to[0] = value->data[0].v_int;
        *to[1] = value->data[1].v_int;
        return true;
    case GM_TYPE_INT_RANGE:
        *to[0] = value->data[0].v_ints[0];
        *to[1] = value->data[0].v_ints[1];
        return true;
    case GM_TYPE_FRACTION_RANGE:
        for (int i = 0; i < 4; i++)
            *to[i] = range[i / 2].data[i % 2].v_int;
        return true;
    case GM_TYPE_INT64_RANGE:
        memcpy(to[0], (int64_t *)value->data[0].v_pointer, sizeof(int64_t));
        memcpy(to[1], (int64_t *)value->data[0].v_pointer + 1, sizeof(int64_t));
        return true;
    default: // double range
        memcpy(to[0], &value->data[0], sizeof(double));
        memcpy(to[1], &value->data[1], sizeof(double));
        return true;
    }
}
