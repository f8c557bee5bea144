// SPDX-License-Identifier: MIT
//
// structure_fixate: one value out of what a field allows, the nearest to a wish.
// Read next: core/caps_algebra.c.
#include <math.h>

#include "core/value_priv.h"

bool gm_structure_fixate_field(GmStructure *structure, const char *field)
{
    const GmValue *value = gm_structure_get_value(structure, field);
    GmValue fixed = GM_VALUE_INIT;

    if (value == NULL || !gm_value_fixate(&fixed, value))
        return false;
    gm_structure_take_value(structure, field, &fixed);
    return true;
}

void gm_structure_fixate(GmStructure *structure)
{
    if (!GM_REQUIRE(GM_IS_STRUCTURE(structure))) return;
    for (unsigned i = 0; i < GM_STRUCTURE_IMPL(structure)->len; i++) {
        const GmField *field = &GM_STRUCTURE_IMPL(structure)->fields[i];
        GmValue fixed = GM_VALUE_INIT;
        if (gm_value_fixate(&fixed, &field->value))
            gm_structure_id_take_value(structure, field->name, &fixed);
    }
}

static double fixate_number(const GmValue *value)
{
    switch (value->g_type) {
    case GM_TYPE_INT:
        return value->data[0].v_int;
    case GM_TYPE_DOUBLE:
        return value->data[0].v_double;
    default:
        return (double)value->data[0].v_int / value->data[1].v_int;
    }
}

// How far a member of a list is from the wish; strings and truth values fit or do not.
static double fixate_distance(const GmValue *value, const GmValue *wish)
{
    if (wish->g_type == GM_TYPE_STRING || wish->g_type == GM_TYPE_BOOLEAN)
        return gm_value_compare(value, wish) == GM_VALUE_EQUAL ? 0 : 1;
    return fabs(fixate_number(wish) - fixate_number(value));
}

// An int inside a range: onto the grid of its step, as GStreamer rounds.
static int fixate_in_range(const GmValue *range, int wish)
{
    int min = range->data[0].v_ints[0], max = range->data[0].v_ints[1];
    int step = range->data[1].v_int;
    int rest;

    wish = wish < min ? min : wish > max ? max : wish;
    rest = wish % step;
    return wish - rest + (rest > step / 2 ? step : 0);
}

// The range type that goes with a plain type; GM_TYPE_INVALID if there is none.
static GmType fixate_range_type(GmType type)
{
    return type == GM_TYPE_INT ? GM_TYPE_INT_RANGE
         : type == GM_TYPE_DOUBLE ? GM_TYPE_DOUBLE_RANGE
         : type == GM_TYPE_FRACTION ? GM_TYPE_FRACTION_RANGE : GM_TYPE_INVALID;
}

// Takes the contents of `wish`.
static bool fixate_nearest(GmStructure *structure, const char *field, GmValue *wish)
{
    const GmValue *value = gm_structure_get_value(structure, field), *best = NULL;
    GmValue chosen = GM_VALUE_INIT;

    if (!GM_REQUIRE(value != NULL)) {
        gm_value_unset(wish);
        return false;
    }
    if (value->g_type == GM_TYPE_LIST) {
        for (unsigned i = 0; i < GM_VALUE_ITEMS(value)->n_values; i++) {
            const GmValue *item = &GM_VALUE_ITEMS(value)->values[i];
            if (item->g_type == wish->g_type &&
                (best == NULL || fixate_distance(item, wish) < fixate_distance(best, wish)))
                best = item;
        }
        if (best != NULL)
            gm_value_init_and_copy(&chosen, best);
    } else if (value->g_type == fixate_range_type(wish->g_type)) {
        const GmValue *range = value->data[0].v_pointer;
        chosen = *wish;
        if (wish->g_type == GM_TYPE_INT)
            chosen.data[0].v_int = fixate_in_range(value, wish->data[0].v_int);
        else if (wish->g_type == GM_TYPE_DOUBLE)
            chosen.data[0].v_double = fmin(fmax(wish->data[0].v_double, value->data[0].v_double),
                                           value->data[1].v_double);
        else if (gm_value_compare(wish, &range[0]) == GM_VALUE_LESS_THAN)
            chosen = range[0];
        else if (gm_value_compare(wish, &range[1]) == GM_VALUE_GREATER_THAN)
            chosen = range[1];
    }
    gm_value_unset(wish);
    if (!GM_IS_VALUE(&chosen))
        return false;
    gm_structure_take_value(structure, field, &chosen);
    return true;
}

bool gm_structure_fixate_field_nearest_int(GmStructure *structure, const char *field, int target)
{
    GmValue wish = { GM_TYPE_INT, { { .v_int = target }, { 0 } } };
    return fixate_nearest(structure, field, &wish);
}

bool gm_structure_fixate_field_nearest_double(GmStructure *structure, const char *field,
                                              double target)
{
    GmValue wish = { GM_TYPE_DOUBLE, { { .v_double = target }, { 0 } } };
    return fixate_nearest(structure, field, &wish);
}

bool gm_structure_fixate_field_nearest_fraction(GmStructure *structure, const char *field,
                                                int target_numerator, int target_denominator)
{
    GmValue wish = GM_VALUE_INIT;

    if (!GM_REQUIRE(target_denominator != 0)) return false;
    gm_value_set_fraction(gm_value_init(&wish, GM_TYPE_FRACTION), target_numerator,
                          target_denominator);
    return fixate_nearest(structure, field, &wish);
}

bool gm_structure_fixate_field_boolean(GmStructure *structure, const char *field, bool target)
{
    GmValue wish = { GM_TYPE_BOOLEAN, { { .v_int = target }, { 0 } } };
    return fixate_nearest(structure, field, &wish);
}

bool gm_structure_fixate_field_string(GmStructure *structure, const char *field,
                                      const char *target)
{
    GmValue wish = GM_VALUE_INIT;

    gm_value_set_string(gm_value_init(&wish, GM_TYPE_STRING), target);
    return fixate_nearest(structure, field, &wish);
}
