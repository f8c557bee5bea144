// SPDX-License-Identifier: MIT
//
// util: memory that is there or the program ends, growing strings, exact 64-bit scaling,
// fractions, numbers that never repeat, and the nearest name for "did you mean".
// Unless said otherwise: any thread, never blocks; texts are borrowed, results are given and go to
// free (); misuse is a critical and the neutral result.
// Read next: core/list.h, core/sync.h.
#ifndef GM_CORE_UTIL_H
#define GM_CORE_UTIL_H

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- memory -----------------------------------------------------------------------------

// From malloc, so free () and gm_free are the same. Size 0 gives NULL; no memory prints a line
// and aborts: small things only, a payload uses malloc and reports an error.
void *gm_malloc(size_t size);
void *gm_malloc0(size_t size); // zeroed
void *gm_realloc(void *mem, size_t size); // takes mem (NULL: a new one); size 0 frees it
void  gm_free(void *mem);                 // NULL is fine
// n things of type T; n is not checked for overflow.
#define gm_new(T, n) ((T *)gm_malloc(sizeof(T) * (size_t)(n)))
#define gm_new0(T, n) ((T *)gm_malloc0(sizeof(T) * (size_t)(n)))
#define gm_renew(T, mem, n) ((T *)gm_realloc((mem), sizeof(T) * (size_t)(n)))
void *gm_memdup(const void *mem, size_t size); // NULL gives NULL

char *gm_strdup(const char *string); // NULL gives NULL
char *gm_strndup(const char *string, size_t n); // at most n bytes; always ends with 0
// printf into a string of its own.
char *gm_strdup_printf(const char *format, ...) GM_PRINTF(1, 2);
char *gm_strdup_vprintf(const char *format, va_list args) GM_PRINTF(1, 0);

// strcmp with NULLs: NULL stands before everything.
int  gm_strcmp0(const char *a, const char *b);
bool gm_str_has_prefix(const char *string, const char *prefix);
bool gm_str_has_suffix(const char *string, const char *suffix);
// Pieces of `string` between `delimiter`s, at most max_tokens (< 1: all); ends with NULL. Give
// it to gm_strfreev. The empty string has no pieces.
char **gm_strsplit(const char *string, const char *delimiter, int max_tokens);
void gm_strfreev(char **strings);

// ---- growing strings --------------------------------------------------------------------

typedef struct {
    char  *str; // always ends with 0
    size_t len, allocated_len; // bytes, without and with the 0 at the end
} GmString;

GmString *gm_string_new(const char *init); // NULL: empty
// Frees; gives the text to free () unless free_segment, then NULL.
char *gm_string_free(GmString *string, bool free_segment);
GmString *gm_string_append(GmString *string, const char *text); // each gives `string` back
GmString *gm_string_append_len(GmString *string, const char *text, size_t len);
GmString *gm_string_append_c(GmString *string, char c);
void gm_string_append_printf(GmString *string, const char *format, ...) GM_PRINTF(2, 3);
void gm_string_append_vprintf(GmString *string, const char *format, va_list args)
    GM_PRINTF(2, 0);
GmString *gm_string_truncate(GmString *string, size_t len); // len beyond the end: no change

// ---- scaling ----------------------------------------------------------------------------

// val * num / denom with a 128-bit product: exact, rounded down / to nearest (half up) / up.
// UINT64_MAX when the result does not fit. denom > 0 and, as int, num >= 0: else critical and
// UINT64_MAX.
uint64_t gm_util_uint64_scale(uint64_t val, uint64_t num, uint64_t denom);
uint64_t gm_util_uint64_scale_round(uint64_t val, uint64_t num, uint64_t denom);
uint64_t gm_util_uint64_scale_ceil(uint64_t val, uint64_t num, uint64_t denom);
uint64_t gm_util_uint64_scale_int(uint64_t val, int num, int denom);
uint64_t gm_util_uint64_scale_int_round(uint64_t val, int num, int denom);
uint64_t gm_util_uint64_scale_int_ceil(uint64_t val, int num, int denom);
// As the C casts, with GStreamer's names.
#define gm_util_guint64_to_gdouble(value) ((double)(uint64_t)(value))
#define gm_util_gdouble_to_guint64(value) ((uint64_t)(double)(value))

// ---- fractions --------------------------------------------------------------------------

// Never negative; of 0 and 0: 0.
int     gm_util_greatest_common_divisor(int a, int b);
int64_t gm_util_greatest_common_divisor_int64(int64_t a, int64_t b);
void gm_util_fraction_to_double(int src_n, int src_d, double *dest); // src_d != 0
// The nearest fraction of 32-bit parts; beyond them INT_MAX/1, below -INT_MAX/1.
void gm_util_double_to_fraction(double src, int *dest_n, int *dest_d);
// Reduced results; false when they do not fit 31 bits. Denominators are not 0.
bool gm_util_fraction_multiply(int a_n, int a_d, int b_n, int b_d, int *res_n, int *res_d);
bool gm_util_fraction_add(int a_n, int a_d, int b_n, int b_d, int *res_n, int *res_d);
int  gm_util_fraction_compare(int a_n, int a_d, int b_n, int b_d); // -1, 0, 1
unsigned gm_util_ceil_log2(uint32_t v); // the smallest n with 2^n >= v; v > 0

// ---- numbers, times, text ---------------------------------------------------------------

GmClockTime gm_util_get_timestamp(void); // gm_sync_now ()
uint32_t gm_util_seqnum_next(void);      // never 0 (GM_SEQNUM_INVALID)
// < 0, 0, > 0 as s1 came before, is, came after s2, across the wrap of 32 bits.
int32_t  gm_util_seqnum_compare(uint32_t s1, uint32_t s2);
unsigned gm_util_group_id_next(void); // never 0 (GM_GROUP_ID_INVALID)
#define GM_SEQNUM_INVALID 0u
#define GM_GROUP_ID_INVALID 0u

// Hex and text, 16 bytes a line, to standard output.
void gm_util_dump_mem(const unsigned char *mem, unsigned size);
// gm_object_set_from_string; what goes wrong is printed as a critical.
void gm_util_set_object_arg(GmObject *object, const char *name, const char *value);

// The closest of n candidates to what somebody typed, for "did you mean 'queue'?"; NULL when
// none is close. Candidate i is *(const char **) ((char *) first + i * stride): a table of
// structs works as well as an array of strings (stride sizeof (char *)). Borrowed from the table.
const char *gm_util_did_you_mean(const char *typed, const void *first, size_t n, size_t stride);
// How many letters must be put in, left out, changed or swapped to make b of a.
unsigned gm_util_edit_distance(const char *a, const char *b);

#ifdef __cplusplus
}
#endif
#endif
