// SPDX-License-Identifier: MIT
//
// value: one value of any type, with GValue's and gstvalue's functions.
// (The owner of this file completes it.)
#ifndef GM_CORE_VALUE_H
#define GM_CORE_VALUE_H

#include "core/object.h"

#ifdef __cplusplus
extern "C" {
#endif

// Zeroed memory (GM_VALUE_INIT) holds nothing; gm_value_init gives it a type. 24 bytes.
struct GmValue {
    GmType g_type;
    union {
        int      v_int;
        unsigned v_uint;
        int64_t  v_int64;
        uint64_t v_uint64;
        float    v_float;
        double   v_double;
        void    *v_pointer;
    } data[2];
};
#define GM_VALUE_INIT { 0, { { 0 }, { 0 } } }
#define GM_VALUE_TYPE(value) ((value)->g_type)
#define GM_IS_VALUE(value) ((value) != NULL && (value)->g_type != 0)

#ifdef __cplusplus
}
#endif
#endif
