// SPDX-License-Identifier: MIT
//
// Criterion's name for its second header; see criterion.h beside it.
#include <criterion/criterion.h>
