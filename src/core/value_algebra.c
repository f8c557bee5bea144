// SPDX-License-Identifier: MIT
//
// value_algebra: comparing values, and the operations on what they allow: intersect, union,
// subtract, subset, fixate. Whole numbers of both widths and their ranges go through GmInts.
// Read next: core/structure.c.
#include "core/buffer.h"
#include "core/tag_list.h"
#include "core/value_priv.h"

#define ITEMS_OF(value, i) (&GM_VALUE_ITEMS(value)->values[i])

static bool algebra_copy(GmValue *dest, const GmValue *src)
{
    if (dest != NULL)
        gm_value_init_and_copy(dest, src);
    return true;
}

// ---- compare ----------------------------------------------------------------------------

#define ORDER(a, b) \
    ((a) < (b) ? GM_VALUE_LESS_THAN : (a) > (b) ? GM_VALUE_GREATER_THAN : \
     (a) == (b) ? GM_VALUE_EQUAL : GM_VALUE_UNORDERED)

static int algebra_equal(bool equal)
{
    return equal ? GM_VALUE_EQUAL : GM_VALUE_UNORDERED;
}

// Lists: the same members in any order; arrays: in the same order.
static bool algebra_items_equal(const GmValue *v1, const GmValue *v2)
{
    unsigned n = GM_VALUE_ITEMS(v1)->n_values;
    bool in_order = v1->g_type == GM_TYPE_ARRAY, equal = n == GM_VALUE_ITEMS(v2)->n_values;
    bool *used = gm_new0(bool, n);

    if (equal && n > 0 && !in_order)
        equal = ITEMS_OF(v1, 0)->g_type == ITEMS_OF(v2, 0)->g_type;
    for (unsigned i = 0; equal && i < n; i++) {
        unsigned j = in_order ? i : 0;
        while (j < n && (used[j] || gm_value_compare(ITEMS_OF(v1, i), ITEMS_OF(v2, j)) != 0))
            j = in_order ? n : j + 1;
        equal = j < n;
        if (equal)
            used[j] = true;
    }
    gm_free(used);
    return equal;
}

static int algebra_compare_strings(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return algebra_equal(a == b);
    return ORDER(strcmp(a, b), 0);
}

static bool algebra_buffers_equal(GmBuffer *a, GmBuffer *b)
{
    GmMapInfo map;

    if (gm_buffer_get_size(a) != gm_buffer_get_size(b) || !gm_buffer_map(a, &map, GM_MAP_READ))
        return false;
    bool equal = map.size == 0 || gm_buffer_memcmp(b, 0, map.data, map.size) == 0;
    gm_buffer_unmap(a, &map);
    return equal;
}

// Of two pointers to contents.
static bool algebra_contents_equal(GmType type, const void *a, const void *b)
{
    const GmValue *f1 = a, *f2 = b;

    if (a == b || a == NULL || b == NULL)
        return a == b;
    switch (type) {
    case GM_TYPE_INT64_RANGE:
        return memcmp(a, b, 3 * sizeof(int64_t)) == 0;
    case GM_TYPE_FRACTION_RANGE:
        return gm_value_compare(&f1[0], &f2[0]) == 0 && gm_value_compare(&f1[1], &f2[1]) == 0;
    case GM_TYPE_STRUCTURE:
        return gm_structure_is_equal(a, b);
    case GM_TYPE_CAPS_FEATURES:
        return gm_caps_features_is_equal(a, b);
    case GM_TYPE_CAPS:
        return gm_caps_is_equal(a, b);
    case GM_TYPE_TAG_LIST:
        return gm_tag_list_is_equal(a, b);
    case GM_TYPE_BUFFER:
        return algebra_buffers_equal((GmBuffer *)a, (GmBuffer *)b);
    default:
        return false;
    }
}

static int algebra_compare_same(const GmValue *v1, const GmValue *v2)
{
    switch (gm_type_fundamental(v1->g_type)) {
    case GM_TYPE_BOOLEAN:
        return algebra_equal(!v1->data[0].v_int == !v2->data[0].v_int);
    case GM_TYPE_INT:
    case GM_TYPE_ENUM:
        return ORDER(v1->data[0].v_int, v2->data[0].v_int);
    case GM_TYPE_UINT:
    case GM_TYPE_FLAGS:
        return ORDER(v1->data[0].v_uint, v2->data[0].v_uint);
    case GM_TYPE_LONG:
    case GM_TYPE_INT64:
        return ORDER(v1->data[0].v_int64, v2->data[0].v_int64);
    case GM_TYPE_ULONG:
    case GM_TYPE_UINT64:
        return ORDER(v1->data[0].v_uint64, v2->data[0].v_uint64);
    case GM_TYPE_FLOAT:
        return ORDER(v1->data[0].v_float, v2->data[0].v_float);
    case GM_TYPE_DOUBLE:
        return ORDER(v1->data[0].v_double, v2->data[0].v_double);
    case GM_TYPE_STRING:
        return algebra_compare_strings(v1->data[0].v_pointer, v2->data[0].v_pointer);
    case GM_TYPE_FRACTION:
        return gm_util_fraction_compare(v1->data[0].v_int, v1->data[1].v_int,
                                        v2->data[0].v_int, v2->data[1].v_int);
    case GM_TYPE_DOUBLE_RANGE:
    case GM_TYPE_INT_RANGE:
    case GM_TYPE_FLAG_SET:
    case GM_TYPE_BITMASK:
    case GM_TYPE_POINTER:
    case GM_TYPE_GTYPE:
        return algebra_equal(v1->data[0].v_uint64 == v2->data[0].v_uint64 &&
                             v1->data[1].v_uint64 == v2->data[1].v_uint64);
    case GM_TYPE_LIST:
    case GM_TYPE_ARRAY:
        return algebra_equal(algebra_items_equal(v1, v2));
    default:
        return algebra_equal(algebra_contents_equal(v1->g_type, v1->data[0].v_pointer,
                                                    v2->data[0].v_pointer));
    }
}

// Whether a list of whole numbers is all that a range allows.
static bool algebra_list_is_range(const GmValue *list, const GmValue *value)
{
    GmInts range, item;
    unsigned n = GM_VALUE_ITEMS(list)->n_values;

    if (n == 0 || !gm_value_get_ints(value, &range) || !range.range)
        return false;
    if (n != (uint64_t)(range.max / range.step - range.min / range.step) + 1)
        return false;
    for (unsigned i = 0; i < n; i++)
        if (!gm_value_get_ints(ITEMS_OF(list, i), &item) || item.range ||
            item.wide != range.wide || item.min < range.min || item.min > range.max ||
            item.min % range.step != 0)
            return false;
    return true;
}

// A list equals a plain value if all its members do.
static int algebra_compare_list(const GmValue *list, const GmValue *value)
{
    unsigned n = GM_VALUE_ITEMS(list)->n_values;

    if (algebra_list_is_range(list, value))
        return GM_VALUE_EQUAL;
    for (unsigned i = 0; i < n; i++) {
        int order = gm_value_compare(ITEMS_OF(list, i), value);
        if (order != GM_VALUE_EQUAL)
            return n == 1 ? order : GM_VALUE_UNORDERED;
    }
    return algebra_equal(n > 0);
}

int gm_value_compare(const GmValue *value1, const GmValue *value2)
{
    if (!GM_REQUIRE(GM_IS_VALUE(value1) && GM_IS_VALUE(value2))) return GM_VALUE_UNORDERED;
    if (value1->g_type == value2->g_type)
        return algebra_compare_same(value1, value2);
    if (value1->g_type == GM_TYPE_LIST)
        return algebra_compare_list(value1, value2);
    if (value2->g_type == GM_TYPE_LIST)
        return algebra_compare_list(value2, value1);
    return GM_VALUE_UNORDERED;
}

bool gm_value_can_compare(const GmValue *value1, const GmValue *value2)
{
    if (!GM_REQUIRE(GM_IS_VALUE(value1) && GM_IS_VALUE(value2))) return false;
    return value1->g_type == value2->g_type;
}

// ---- ranges of doubles and fractions ----------------------------------------------------

// The ends of a range or plain value of either kind as two values; plain is set for the latter.
static bool algebra_ends(const GmValue *value, GmValue ends[2], bool *plain)
{
    switch (value->g_type) {
    case GM_TYPE_DOUBLE:
    case GM_TYPE_DOUBLE_RANGE:
        *plain = value->g_type == GM_TYPE_DOUBLE;
        ends[0] = (GmValue){ GM_TYPE_DOUBLE, { value->data[0], { 0 } } };
        ends[1] = (GmValue){ GM_TYPE_DOUBLE, { value->data[*plain ? 0 : 1], { 0 } } };
        return true;
    case GM_TYPE_FRACTION:
        *plain = true;
        ends[0] = ends[1] = *value;
        return true;
    case GM_TYPE_FRACTION_RANGE:
        *plain = false;
        memcpy(ends, value->data[0].v_pointer, 2 * sizeof(GmValue));
        return true;
    default:
        return false;
    }
}

static void algebra_set_ends(GmValue *dest, const GmValue *min, const GmValue *max)
{
    if (min->g_type == GM_TYPE_DOUBLE) {
        gm_value_init(dest, GM_TYPE_DOUBLE_RANGE);
        gm_value_set_double_range(dest, min->data[0].v_double, max->data[0].v_double);
    } else {
        gm_value_init(dest, GM_TYPE_FRACTION_RANGE);
        gm_value_set_fraction_range(dest, min, max);
    }
}

static bool algebra_same_kind(const GmValue a[2], const GmValue b[2])
{
    return a[0].g_type == b[0].g_type;
}

// ---- intersect --------------------------------------------------------------------------

static bool algebra_intersect_ints(GmValue *dest, GmInts a, GmInts b)
{
    int64_t step = a.step / gm_util_greatest_common_divisor_int64(a.step, b.step);

    if (a.wide != b.wide || (a.wide ? INT64_MAX : INT_MAX) / b.step < step)
        return false;
    step *= b.step;
    int64_t min = a.min > b.min ? a.min : b.min, max = a.max < b.max ? a.max : b.max;
    if (min > INT64_MAX - step)
        return false;
    min = (min + step - 1) / step * step;
    max = max / step * step;
    if (min <= max && dest != NULL)
        gm_value_set_ints(dest, min, max, step, a.wide);
    return min <= max;
}

static bool algebra_intersect_lists(GmValue *dest, const GmValue *v1, const GmValue *v2)
{
    unsigned n1 = GM_VALUE_ITEMS(v1)->n_values, n2 = GM_VALUE_ITEMS(v2)->n_values;
    GmValue item = GM_VALUE_INIT, all = GM_VALUE_INIT;
    uint64_t small[2] = { 0 }, *used = n2 <= 128 ? small : gm_new0(uint64_t, n2 / 64 + 1);
    unsigned found = 0;

    gm_value_list_init(&all, dest != NULL ? n1 < n2 ? n1 : n2 : 0);
    for (unsigned i = 0; i < n1 && (dest != NULL || found == 0); i++) {
        for (unsigned j = 0; j < n2; j++) {
            if ((used[j / 64] >> (j % 64) & 1) != 0 ||
                !gm_value_intersect(dest != NULL ? &item : NULL, ITEMS_OF(v1, i), ITEMS_OF(v2, j)))
                continue;
            used[j / 64] |= UINT64_C(1) << (j % 64);
            found++;
            if (dest != NULL)
                gm_value_push(&all, &item);
            break;
        }
    }
    if (dest != NULL && found == 1)
        gm_value_move(dest, ITEMS_OF(&all, 0));
    else if (dest != NULL && found > 1)
        gm_value_move(dest, &all);
    if (GM_IS_VALUE(&all))
        gm_value_unset(&all);
    if (used != small)
        gm_free(used);
    return found > 0;
}

static bool algebra_intersect_list(GmValue *dest, const GmValue *list, const GmValue *value)
{
    GmValue item = GM_VALUE_INIT, joined = GM_VALUE_INIT;
    bool found = false;

    for (unsigned i = 0; i < GM_VALUE_ITEMS(list)->n_values; i++) {
        if (!gm_value_intersect(dest != NULL ? &item : NULL, ITEMS_OF(list, i), value))
            continue;
        if (dest == NULL)
            return true;
        if (!found) {
            gm_value_move(dest, &item);
        } else if (dest->g_type == GM_TYPE_LIST) {
            gm_value_push(dest, &item);
        } else {
            gm_value_list_merge(&joined, dest, &item);
            gm_value_unset(dest);
            gm_value_unset(&item);
            gm_value_move(dest, &joined);
        }
        found = true;
    }
    return found;
}

static bool algebra_intersect_arrays(GmValue *dest, const GmValue *v1, const GmValue *v2)
{
    GmValue item = GM_VALUE_INIT, all = GM_VALUE_INIT;
    unsigned n = GM_VALUE_ITEMS(v1)->n_values, i = 0;

    if (n != GM_VALUE_ITEMS(v2)->n_values)
        return false;
    gm_value_array_init(&all, n);
    for (; i < n && gm_value_intersect(&item, ITEMS_OF(v1, i), ITEMS_OF(v2, i)); i++)
        gm_value_push(&all, &item);
    if (i == n && dest != NULL)
        gm_value_move(dest, &all);
    else
        gm_value_unset(&all);
    return i == n;
}

static bool algebra_intersect_structures(GmValue *dest, const GmValue *v1, const GmValue *v2)
{
    GmStructure *both = NULL;

    if (v1->data[0].v_pointer != NULL && v2->data[0].v_pointer != NULL)
        both = gm_structure_intersect(v1->data[0].v_pointer, v2->data[0].v_pointer);
    if (both != NULL && dest != NULL)
        gm_value_take_boxed(gm_value_init(dest, GM_TYPE_STRUCTURE), both);
    else if (both != NULL)
        gm_structure_free(both);
    return both != NULL;
}

static bool algebra_intersect_ends(GmValue *dest, const GmValue *v1, const GmValue *v2)
{
    GmValue a[2], b[2];
    bool plain;

    if (!algebra_ends(v1, a, &plain) || !algebra_ends(v2, b, &plain) || !algebra_same_kind(a, b))
        return false;
    const GmValue *min = gm_value_compare(&a[0], &b[0]) == GM_VALUE_LESS_THAN ? &b[0] : &a[0];
    const GmValue *max = gm_value_compare(&a[1], &b[1]) == GM_VALUE_GREATER_THAN ? &b[1] : &a[1];
    int order = gm_value_compare(min, max);
    if (order == GM_VALUE_EQUAL)
        return algebra_copy(dest, min);
    if (order == GM_VALUE_LESS_THAN && dest != NULL)
        algebra_set_ends(dest, min, max);
    return order == GM_VALUE_LESS_THAN;
}

bool gm_value_intersect(GmValue *dest, const GmValue *value1, const GmValue *value2)
{
    GmInts a, b;
    bool same = GM_IS_VALUE(value1) && GM_IS_VALUE(value2) && value1->g_type == value2->g_type;

    if (!GM_REQUIRE(GM_IS_VALUE(value1) && GM_IS_VALUE(value2))) return false;
    if (value1->g_type == GM_TYPE_LIST && value2->g_type == GM_TYPE_LIST)
        return algebra_intersect_lists(dest, value1, value2);
    if (value1->g_type == GM_TYPE_LIST)
        return algebra_intersect_list(dest, value1, value2);
    if (value2->g_type == GM_TYPE_LIST)
        return algebra_intersect_list(dest, value2, value1);
    if (same && algebra_compare_same(value1, value2) == GM_VALUE_EQUAL)
        return algebra_copy(dest, value1);
    if (gm_value_get_ints(value1, &a) && gm_value_get_ints(value2, &b))
        return algebra_intersect_ints(dest, a, b);
    if (same && value1->g_type == GM_TYPE_ARRAY)
        return algebra_intersect_arrays(dest, value1, value2);
    if (same && value1->g_type == GM_TYPE_STRUCTURE)
        return algebra_intersect_structures(dest, value1, value2);
    if (same && value1->g_type == GM_TYPE_FLAG_SET) {
        unsigned f1 = value1->data[0].v_uint, m1 = value1->data[1].v_uint;
        unsigned f2 = value2->data[0].v_uint, m2 = value2->data[1].v_uint;
        if (((f1 ^ f2) & m1 & m2) != 0)
            return false;
        if (dest != NULL)
            gm_value_set_flagset(gm_value_init(dest, GM_TYPE_FLAG_SET), f1 | f2, m1 | m2);
        return true;
    }
    return algebra_intersect_ends(dest, value1, value2);
}

// A plain number or its range: pairs of these go through every operation.
static GmType algebra_number_kind(const GmValue *value)
{
    GmValue ends[2];
    GmInts ints;
    bool plain;

    if (gm_value_get_ints(value, &ints))
        return ints.wide ? GM_TYPE_INT64 : GM_TYPE_INT;
    return algebra_ends(value, ends, &plain) ? ends[0].g_type : GM_TYPE_INVALID;
}

bool gm_value_can_intersect(const GmValue *value1, const GmValue *value2)
{
    if (!GM_REQUIRE(GM_IS_VALUE(value1) && GM_IS_VALUE(value2))) return false;
    if (value1->g_type == value2->g_type || value1->g_type == GM_TYPE_LIST ||
        value2->g_type == GM_TYPE_LIST)
        return true;
    GmType kind = algebra_number_kind(value1);
    return kind != GM_TYPE_INVALID && kind == algebra_number_kind(value2);
}

// ---- subtract ---------------------------------------------------------------------------

// A range or two: what is left of one after a piece was cut out. Empty pieces have min > max.
static bool algebra_pieces(GmValue *dest, bool have1, GmValue *v1, bool have2, GmValue *v2)
{
    if (dest == NULL || !have1 || !have2) {
        if (dest != NULL && (have1 || have2))
            gm_value_move(dest, have1 ? v1 : v2);
        return have1 || have2;
    }
    gm_value_list_init(dest, 2);
    gm_value_push(dest, v1);
    gm_value_push(dest, v2);
    return true;
}

static bool algebra_subtract_ints(GmValue *dest, const GmValue *minuend, GmInts a, GmInts b)
{
    GmValue v1 = GM_VALUE_INIT, v2 = GM_VALUE_INIT;

    if (!b.range)
        b.step = a.step;
    if (b.min % b.step != 0 || b.max < a.min || b.min > a.max || (!a.range && a.min % b.step != 0))
        return algebra_copy(dest, minuend);
    if (!a.range)
        return false;
    if (!GM_REQUIRE(a.step == b.step)) return false;
    bool have1 = a.min < b.min, have2 = a.max > b.max;
    if (dest != NULL && have1)
        gm_value_set_ints(&v1, a.min, b.min - a.step, a.step, a.wide);
    if (dest != NULL && have2)
        gm_value_set_ints(&v2, b.max + a.step, a.max, a.step, a.wide);
    return algebra_pieces(dest, have1, &v1, have2, &v2);
}

// Taking a single point out of a continuous range leaves the range.
static bool algebra_subtract_ends(GmValue *dest, const GmValue *minuend, const GmValue *subtrahend)
{
    GmValue a[2], b[2], v1 = GM_VALUE_INIT, v2 = GM_VALUE_INIT;
    bool a_plain, b_plain;

    algebra_ends(minuend, a, &a_plain);
    algebra_ends(subtrahend, b, &b_plain);
    bool below = gm_value_compare(&a[0], &b[0]) == GM_VALUE_LESS_THAN;
    bool above = gm_value_compare(&a[1], &b[1]) == GM_VALUE_GREATER_THAN;
    if (a_plain)
        return (below || above) && algebra_copy(dest, minuend);
    if (b_plain)
        return algebra_copy(dest, minuend);
    if (gm_value_compare(&a[1], &b[0]) == GM_VALUE_LESS_THAN)
        b[0] = a[1];
    if (gm_value_compare(&a[0], &b[1]) == GM_VALUE_GREATER_THAN)
        b[1] = a[0];
    if (dest != NULL && below)
        algebra_set_ends(&v1, &a[0], &b[0]);
    if (dest != NULL && above)
        algebra_set_ends(&v2, &b[1], &a[1]);
    return algebra_pieces(dest, below, &v1, above, &v2);
}

static bool algebra_subtract_from_list(GmValue *dest, const GmValue *list, const GmValue *value)
{
    GmValue rest = GM_VALUE_INIT, joined = GM_VALUE_INIT;
    bool found = false;

    for (unsigned i = 0; i < GM_VALUE_ITEMS(list)->n_values; i++) {
        if (!gm_value_subtract(dest != NULL ? &rest : NULL, ITEMS_OF(list, i), value))
            continue;
        if (dest == NULL)
            return true;
        if (!found) {
            gm_value_move(dest, &rest);
        } else {
            gm_value_list_concat(&joined, dest, &rest);
            gm_value_unset(dest);
            gm_value_unset(&rest);
            gm_value_move(dest, &joined);
        }
        found = true;
    }
    return found;
}

static bool algebra_subtract_list(GmValue *dest, const GmValue *value, const GmValue *list)
{
    GmValue rest = GM_VALUE_INIT, next = GM_VALUE_INIT;

    gm_value_init_and_copy(&rest, value);
    for (unsigned i = 0; i < GM_VALUE_ITEMS(list)->n_values; i++) {
        bool left = gm_value_subtract(&next, &rest, ITEMS_OF(list, i));
        gm_value_unset(&rest);
        if (!left)
            return false;
        gm_value_move(&rest, &next);
    }
    if (dest != NULL)
        gm_value_move(dest, &rest);
    else
        gm_value_unset(&rest);
    return true;
}

bool gm_value_subtract(GmValue *dest, const GmValue *minuend, const GmValue *subtrahend)
{
    GmInts a, b;

    if (!GM_REQUIRE(GM_IS_VALUE(minuend) && GM_IS_VALUE(subtrahend))) return false;
    if (minuend->g_type == GM_TYPE_LIST)
        return algebra_subtract_from_list(dest, minuend, subtrahend);
    if (subtrahend->g_type == GM_TYPE_LIST)
        return algebra_subtract_list(dest, minuend, subtrahend);
    GmType kind = algebra_number_kind(minuend);
    if (kind != GM_TYPE_INVALID && kind == algebra_number_kind(subtrahend)) {
        if (gm_value_get_ints(minuend, &a) && gm_value_get_ints(subtrahend, &b))
            return algebra_subtract_ints(dest, minuend, a, b);
        return algebra_subtract_ends(dest, minuend, subtrahend);
    }
    if (minuend->g_type == subtrahend->g_type &&
        algebra_compare_same(minuend, subtrahend) == GM_VALUE_EQUAL)
        return false;
    return algebra_copy(dest, minuend);
}

bool gm_value_can_subtract(const GmValue *minuend, const GmValue *subtrahend)
{
    if (!GM_REQUIRE(GM_IS_VALUE(minuend) && GM_IS_VALUE(subtrahend))) return false;
    if (minuend->g_type == GM_TYPE_LIST || subtrahend->g_type == GM_TYPE_LIST)
        return true;
    return minuend->g_type != GM_TYPE_STRUCTURE && subtrahend->g_type != GM_TYPE_STRUCTURE &&
           gm_value_can_intersect(minuend, subtrahend);
}

// ---- subset and union -------------------------------------------------------------------

static bool algebra_ints_subset(GmInts a, GmInts b)
{
    int64_t small = a.step < b.step ? a.step : b.step;

    return a.min >= b.min && a.max <= b.max &&
           gm_util_greatest_common_divisor_int64(a.step, b.step) == small;
}

bool gm_value_is_subset(const GmValue *value1, const GmValue *value2)
{
    GmInts a, b;
    unsigned n, i = 0;

    if (!GM_REQUIRE(GM_IS_VALUE(value1) && GM_IS_VALUE(value2))) return false;
    if (gm_value_get_ints(value1, &a) && gm_value_get_ints(value2, &b) && a.range && b.range)
        return a.wide == b.wide && algebra_ints_subset(a, b);
    if (value1->g_type == GM_TYPE_FLAG_SET && value2->g_type == GM_TYPE_FLAG_SET)
        return (value1->data[0].v_uint & value1->data[1].v_uint) ==
               (value2->data[0].v_uint & value1->data[1].v_uint & value2->data[1].v_uint);
    if (value1->g_type == GM_TYPE_STRUCTURE && value2->g_type == GM_TYPE_STRUCTURE)
        return gm_structure_is_subset(value1->data[0].v_pointer, value2->data[0].v_pointer);
    if (value2->g_type != GM_TYPE_LIST)
        return !gm_value_subtract(NULL, value1, value2) && gm_value_subtract(NULL, value2, value1);
    n = GM_VALUE_ITEMS(value2)->n_values;
    if (value1->g_type == GM_TYPE_LIST) {
        if (GM_VALUE_ITEMS(value1)->n_values > n)
            return false;
        while (i < GM_VALUE_ITEMS(value1)->n_values &&
               gm_value_is_subset(ITEMS_OF(value1, i), value2))
            i++;
        return i == GM_VALUE_ITEMS(value1)->n_values;
    }
    while (i < n && gm_value_compare(value1, ITEMS_OF(value2, i)) != GM_VALUE_EQUAL)
        i++;
    return i < n;
}

// Two runs of numbers that overlap or touch are one.
static bool algebra_union_ints(GmValue *dest, const GmValue *v1, const GmValue *v2)
{
    GmInts a, b;

    gm_value_get_ints(v1, &a);
    gm_value_get_ints(v2, &b);
    if (a.range && b.range && algebra_ints_subset(a, b))
        return algebra_copy(dest, v2);
    if (a.range && b.range && algebra_ints_subset(b, a))
        return algebra_copy(dest, v1);
    if (!a.range)
        a.step = b.step;
    if (!b.range)
        b.step = a.step;
    if (a.step != b.step || a.min % a.step != 0 || b.min % b.step != 0 ||
        a.min > b.max + b.step || b.min > a.max + a.step)
        return false;
    gm_value_set_ints(dest, a.min < b.min ? a.min : b.min, a.max > b.max ? a.max : b.max, a.step,
                      false);
    return true;
}

static bool algebra_union_structures(GmValue *dest, const GmValue *v1, const GmValue *v2)
{
    const GmStructureImpl *s1 = v1->data[0].v_pointer, *s2 = v2->data[0].v_pointer;

    if (s1->head.name != s2->head.name) {
        gm_value_list_concat(dest, v1, v2);
        return true;
    }
    GmStructure *both = gm_structure_copy(&s1->head);
    for (unsigned i = 0; i < s2->len; i++) {
        const GmField *field = &s2->fields[i];
        const GmValue *other = gm_structure_id_get_value(both, field->name);
        GmValue value = GM_VALUE_INIT;
        if (other == NULL) {
            gm_value_init_and_copy(&value, &field->value);
        } else if (!gm_value_union(&value, other, &field->value)) {
            gm_structure_free(both);
            return false;
        }
        gm_structure_put(both, field->name, &value);
    }
    gm_value_take_boxed(gm_value_init(dest, GM_TYPE_STRUCTURE), both);
    return true;
}

bool gm_value_can_union(const GmValue *value1, const GmValue *value2)
{
    GmInts a, b;

    if (!GM_REQUIRE(GM_IS_VALUE(value1) && GM_IS_VALUE(value2))) return false;
    if (gm_value_get_ints(value1, &a) && gm_value_get_ints(value2, &b))
        return !a.wide && !b.wide && (a.range || b.range);
    return value1->g_type == value2->g_type &&
           (value1->g_type == GM_TYPE_FLAG_SET || value1->g_type == GM_TYPE_STRUCTURE);
}

bool gm_value_union(GmValue *dest, const GmValue *value1, const GmValue *value2)
{
    if (!GM_REQUIRE(dest != NULL && GM_IS_VALUE(value1) && GM_IS_VALUE(value2))) return false;
    if (!gm_value_can_union(value1, value2)) {
        gm_value_list_concat(dest, value1, value2);
        return GM_IS_VALUE(dest);
    }
    if (value1->g_type == GM_TYPE_STRUCTURE)
        return algebra_union_structures(dest, value1, value2);
    if (value1->g_type == GM_TYPE_FLAG_SET)
        return gm_value_intersect(dest, value1, value2);
    return algebra_union_ints(dest, value1, value2);
}

// ---- fixed ------------------------------------------------------------------------------

bool gm_value_is_fixed(const GmValue *value)
{
    bool fixed = true;

    if (!GM_REQUIRE(GM_IS_VALUE(value))) return false;
    switch (value->g_type) {
    case GM_TYPE_INT_RANGE:
    case GM_TYPE_INT64_RANGE:
    case GM_TYPE_DOUBLE_RANGE:
    case GM_TYPE_FRACTION_RANGE:
    case GM_TYPE_LIST:
        return false;
    case GM_TYPE_FLAG_SET:
        return value->data[1].v_uint == GM_FLAG_SET_MASK_EXACT;
    case GM_TYPE_ARRAY:
        for (unsigned i = 0; fixed && i < GM_VALUE_ITEMS(value)->n_values; i++)
            fixed = gm_value_is_fixed(ITEMS_OF(value, i));
        return fixed;
    case GM_TYPE_STRUCTURE: {
        const GmStructureImpl *s = value->data[0].v_pointer;
        for (unsigned i = 0; fixed && s != NULL && i < s->len; i++)
            fixed = gm_value_is_fixed(&s->fields[i].value);
        return fixed;
    }
    default:
        return true;
    }
}

static bool algebra_fixate_array(GmValue *dest, const GmValue *src)
{
    bool changed = false;

    gm_value_array_init(dest, GM_VALUE_ITEMS(src)->n_values);
    for (unsigned i = 0; i < GM_VALUE_ITEMS(src)->n_values; i++) {
        GmValue item = GM_VALUE_INIT;
        if (gm_value_fixate(&item, ITEMS_OF(src, i)))
            changed = true;
        else
            gm_value_init_and_copy(&item, ITEMS_OF(src, i));
        gm_value_push(dest, &item);
    }
    if (!changed)
        gm_value_unset(dest);
    return changed;
}

bool gm_value_fixate(GmValue *dest, const GmValue *src)
{
    GmValue ends[2];
    bool plain;

    if (!GM_REQUIRE(dest != NULL && GM_IS_VALUE(src))) return false;
    switch (src->g_type) {
    case GM_TYPE_INT_RANGE:
        gm_value_set_ints(dest, src->data[0].v_ints[0], src->data[0].v_ints[0], 1, false);
        return true;
    case GM_TYPE_DOUBLE_RANGE:
    case GM_TYPE_FRACTION_RANGE:
        algebra_ends(src, ends, &plain);
        return algebra_copy(dest, &ends[0]);
    case GM_TYPE_LIST:
        if (GM_VALUE_ITEMS(src)->n_values == 0)
            return false;
        return gm_value_fixate(dest, ITEMS_OF(src, 0)) || algebra_copy(dest, ITEMS_OF(src, 0));
    case GM_TYPE_ARRAY:
        return algebra_fixate_array(dest, src);
    case GM_TYPE_FLAG_SET:
        if (src->data[1].v_uint == GM_FLAG_SET_MASK_EXACT)
            return false;
        gm_value_set_flagset(gm_value_init(dest, GM_TYPE_FLAG_SET), src->data[0].v_uint,
                             GM_FLAG_SET_MASK_EXACT);
        return true;
    case GM_TYPE_STRUCTURE:
        if (src->data[0].v_pointer == NULL)
            return false;
        gm_value_init_and_copy(dest, src);
        gm_structure_fixate(dest->data[0].v_pointer);
        return true;
    default:
        return false;
    }
}
