// SPDX-License-Identifier: MIT
//
// util: small things that every file needs; see the header.
#include "core/util.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/object.h"
#include "core/sync.h"

// ---- memory -----------------------------------------------------------------------------

static void *util_check(void *mem, size_t size)
{
    if (GM_UNLIKELY(mem == NULL && size != 0)) {
        fprintf(stderr, "gstmini: no memory for %zu bytes\n", size);
        abort();
    }
    return mem;
}

void *gm_malloc(size_t size)
{
    return size ? util_check(malloc(size), size) : NULL;
}

void *gm_malloc0(size_t size)
{
    return size ? util_check(calloc(1, size), size) : NULL;
}

void *gm_realloc(void *mem, size_t size)
{
    if (size == 0) {
        free(mem);
        return NULL;
    }
    return util_check(realloc(mem, size), size);
}

void gm_free(void *mem)
{
    free(mem);
}

void *gm_memdup(const void *mem, size_t size)
{
    return mem && size ? memcpy(gm_malloc(size), mem, size) : NULL;
}

char *gm_strdup(const char *string)
{
    return string ? gm_memdup(string, strlen(string) + 1) : NULL;
}

char *gm_strndup(const char *string, size_t n)
{
    return string ? util_check(strndup(string, n), n + 1) : NULL;
}

char *gm_strdup_vprintf(const char *format, va_list args)
{
    char *text = NULL;

    if (vasprintf(&text, format, args) < 0)
        util_check(NULL, 1);
    return text;
}

char *gm_strdup_printf(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = gm_strdup_vprintf(format, args);
    va_end(args);
    return text;
}

int gm_strcmp0(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

bool gm_str_has_prefix(const char *string, const char *prefix)
{
    if (!GM_REQUIRE(string != NULL && prefix != NULL)) return false;
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

bool gm_str_has_suffix(const char *string, const char *suffix)
{
    if (!GM_REQUIRE(string != NULL && suffix != NULL)) return false;
    size_t n = strlen(string), m = strlen(suffix);
    return n >= m && strcmp(string + n - m, suffix) == 0;
}

char **gm_strsplit(const char *string, const char *delimiter, int max_tokens)
{
    if (!GM_REQUIRE(string != NULL && delimiter != NULL && delimiter[0] != '\0')) return NULL;
    char **pieces = gm_new0(char *, 1);
    int n = 0;

    for (bool more = string[0] != '\0'; more; n++) {
        const char *end = n + 1 == max_tokens ? NULL : strstr(string, delimiter);
        pieces = gm_renew(char *, pieces, n + 2);
        pieces[n] = end ? gm_strndup(string, (size_t)(end - string)) : gm_strdup(string);
        pieces[n + 1] = NULL;
        more = end != NULL;
        string = more ? end + strlen(delimiter) : string;
    }
    return pieces;
}

void gm_strfreev(char **strings)
{
    for (char **s = strings; s != NULL && *s != NULL; s++)
        free(*s);
    free(strings);
}

// ---- growing strings --------------------------------------------------------------------

GmString *gm_string_new(const char *init)
{
    GmString *string = gm_new0(GmString, 1);

    return gm_string_append(string, init ? init : "");
}

char *gm_string_free(GmString *string, bool free_segment)
{
    if (!GM_REQUIRE(string != NULL)) return NULL;
    char *text = string->str;
    free(string);
    if (free_segment) {
        free(text);
        text = NULL;
    }
    return text;
}

GmString *gm_string_append_len(GmString *string, const char *text, size_t len)
{
    if (!GM_REQUIRE(string != NULL && (text != NULL || len == 0))) return string;
    if (string->len + len + 1 > string->allocated_len) {
        string->allocated_len = 2 * (string->len + len + 1) + 16;
        string->str = gm_realloc(string->str, string->allocated_len);
    }
    if (len > 0)
        memcpy(string->str + string->len, text, len);
    string->len += len;
    string->str[string->len] = '\0';
    return string;
}

GmString *gm_string_append(GmString *string, const char *text)
{
    if (!GM_REQUIRE(text != NULL)) return string;
    return gm_string_append_len(string, text, strlen(text));
}

GmString *gm_string_append_c(GmString *string, char c)
{
    return gm_string_append_len(string, &c, 1);
}

void gm_string_append_vprintf(GmString *string, const char *format, va_list args)
{
    char *text = gm_strdup_vprintf(format, args);

    gm_string_append(string, text);
    free(text);
}

void gm_string_append_printf(GmString *string, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    gm_string_append_vprintf(string, format, args);
    va_end(args);
}

GmString *gm_string_truncate(GmString *string, size_t len)
{
    if (!GM_REQUIRE(string != NULL)) return NULL;
    if (len < string->len) {
        string->len = len;
        string->str[len] = '\0';
    }
    return string;
}

// ---- scaling ----------------------------------------------------------------------------

__extension__ typedef unsigned __int128 Util128;

// (val * num + correction) / denom, exact.
static uint64_t util_scale(uint64_t val, uint64_t num, uint64_t denom, uint64_t correction)
{
    uint64_t product;

    // 64 bits nearly always do, and dividing 128 bits is several times as slow.
    if (!__builtin_mul_overflow(val, num, &product) &&
        !__builtin_add_overflow(product, correction, &product))
        return product / denom;
    Util128 result = ((Util128)val * num + correction) / denom;
    return result > UINT64_MAX ? UINT64_MAX : (uint64_t)result;
}

uint64_t gm_util_uint64_scale(uint64_t val, uint64_t num, uint64_t denom)
{
    if (!GM_REQUIRE(denom != 0)) return UINT64_MAX;
    return util_scale(val, num, denom, 0);
}

uint64_t gm_util_uint64_scale_round(uint64_t val, uint64_t num, uint64_t denom)
{
    if (!GM_REQUIRE(denom != 0)) return UINT64_MAX;
    return util_scale(val, num, denom, denom / 2);
}

uint64_t gm_util_uint64_scale_ceil(uint64_t val, uint64_t num, uint64_t denom)
{
    if (!GM_REQUIRE(denom != 0)) return UINT64_MAX;
    return util_scale(val, num, denom, denom - 1);
}

uint64_t gm_util_uint64_scale_int(uint64_t val, int num, int denom)
{
    if (!GM_REQUIRE(denom > 0 && num >= 0)) return UINT64_MAX;
    return util_scale(val, (uint64_t)num, (uint64_t)denom, 0);
}

uint64_t gm_util_uint64_scale_int_round(uint64_t val, int num, int denom)
{
    if (!GM_REQUIRE(denom > 0 && num >= 0)) return UINT64_MAX;
    return util_scale(val, (uint64_t)num, (uint64_t)denom, (uint64_t)denom / 2);
}

uint64_t gm_util_uint64_scale_int_ceil(uint64_t val, int num, int denom)
{
    if (!GM_REQUIRE(denom > 0 && num >= 0)) return UINT64_MAX;
    return util_scale(val, (uint64_t)num, (uint64_t)denom, (uint64_t)denom - 1);
}

// ---- fractions --------------------------------------------------------------------------

int64_t gm_util_greatest_common_divisor_int64(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = b == -1 ? 0 : a % b; // INT64_MIN % -1 is a trap
        a = b;
        b = rest;
    }
    return a < 0 && a != INT64_MIN ? -a : a;
}

int gm_util_greatest_common_divisor(int a, int b)
{
    return (int)gm_util_greatest_common_divisor_int64(a, b);
}

void gm_util_fraction_to_double(int src_n, int src_d, double *dest)
{
    if (!GM_REQUIRE(dest != NULL && src_d != 0)) return;
    *dest = (double)src_n / (double)src_d;
}

// Continued fractions: each step adds one more term; the last whose parts fit is the answer.
void gm_util_double_to_fraction(double src, int *dest_n, int *dest_d)
{
    if (!GM_REQUIRE(dest_n != NULL && dest_d != NULL)) return;
    const double error_max = 1e-20;
    double rest = fabs(src);
    int64_t n0 = 0, d0 = 1, n = 1, d = 0; // the two latest approximations

    for (int i = 0; i < 30; i++) {
        if (!(rest < (double)INT_MAX)) {
            if (d == 0) // not even the first term fits (or src is not a number)
                n = INT_MAX, d = 1;
            break;
        }
        int64_t term = (int64_t)rest;
        int64_t n1 = term * n + n0, d1 = term * d + d0;
        if (n1 > INT_MAX || d1 > INT_MAX)
            break;
        n0 = n, d0 = d;
        n = n1, d = d1;
        double error = fabs((double)n / (double)d - fabs(src));
        if (error < error_max || rest - (double)term < 1e-10)
            break;
        rest = 1.0 / (rest - (double)term);
    }
    int64_t gcd = gm_util_greatest_common_divisor_int64(n, d);
    *dest_n = (int)((src < 0 ? -n : n) / (gcd ? gcd : 1));
    *dest_d = (int)(d / (gcd ? gcd : 1));
}

// Reduces n / d and stores it if both parts fit an int.
static bool util_store_fraction(int64_t n, int64_t d, int *res_n, int *res_d)
{
    int64_t gcd = gm_util_greatest_common_divisor_int64(n, d);

    if (d < 0)
        n = -n, d = -d;
    n /= gcd, d /= gcd;
    if (n > INT_MAX || n < -INT_MAX || d > INT_MAX)
        return false;
    *res_n = (int)n;
    *res_d = (int)d;
    return true;
}

bool gm_util_fraction_multiply(int a_n, int a_d, int b_n, int b_d, int *res_n, int *res_d)
{
    if (!GM_REQUIRE(res_n != NULL && res_d != NULL && a_d != 0 && b_d != 0)) return false;
    return util_store_fraction((int64_t)a_n * b_n, (int64_t)a_d * b_d, res_n, res_d);
}

bool gm_util_fraction_add(int a_n, int a_d, int b_n, int b_d, int *res_n, int *res_d)
{
    if (!GM_REQUIRE(res_n != NULL && res_d != NULL && a_d != 0 && b_d != 0)) return false;
    int64_t n;
    if (__builtin_add_overflow((int64_t)a_n * b_d, (int64_t)b_n * a_d, &n))
        return false;
    return util_store_fraction(n, (int64_t)a_d * b_d, res_n, res_d);
}

int gm_util_fraction_compare(int a_n, int a_d, int b_n, int b_d)
{
    if (!GM_REQUIRE(a_d != 0 && b_d != 0)) return 0;
    int64_t left = (int64_t)a_n * b_d, right = (int64_t)b_n * a_d;
    int order = (left > right) - (left < right);
    return (a_d < 0) != (b_d < 0) ? -order : order;
}

unsigned gm_util_ceil_log2(uint32_t v)
{
    if (!GM_REQUIRE(v > 0)) return 0;
    return v == 1 ? 0 : 32u - (unsigned)__builtin_clz(v - 1);
}

// ---- numbers, times, text ---------------------------------------------------------------

GmClockTime gm_util_get_timestamp(void)
{
    return gm_sync_now();
}

static uint32_t util_next(_Atomic uint32_t *counter)
{
    uint32_t n;

    do
        n = atomic_fetch_add(counter, 1) + 1;
    while (n == 0);
    return n;
}

uint32_t gm_util_seqnum_next(void)
{
    static _Atomic uint32_t counter;
    return util_next(&counter);
}

int32_t gm_util_seqnum_compare(uint32_t s1, uint32_t s2)
{
    return (int32_t)(s1 - s2);
}

unsigned gm_util_group_id_next(void)
{
    static _Atomic uint32_t counter;
    return util_next(&counter);
}

void gm_util_dump_mem(const unsigned char *mem, unsigned size)
{
    if (!GM_REQUIRE(mem != NULL || size == 0)) return;
    for (unsigned at = 0; at < size; at += 16) {
        char hex[3 * 16 + 1] = "", text[17] = "";
        for (unsigned i = 0; i < 16 && at + i < size; i++) {
            unsigned char c = mem[at + i];
            snprintf(hex + 3 * i, 4, "%02x ", c);
            text[i] = c >= 0x20 && c < 0x7f ? (char)c : '.';
        }
        printf("%08x (%p): %-48s %-16s\n", at, (const void *)(mem + at), hex, text);
    }
}

void gm_util_set_object_arg(GmObject *object, const char *name, const char *value)
{
    GmError *error = NULL;

    if (!GM_REQUIRE(object != NULL && name != NULL && value != NULL)) return;
    if (gm_object_set_from_string(object, name, value, &error))
        return;
    gm_critical(__func__, "%s", error->message);
    gm_error_free(error);
}

// The usual table of distances between heads of a and b, kept as its last three rows.
unsigned gm_util_edit_distance(const char *a, const char *b)
{
    enum { MAX = 63 };
    unsigned rows[3][MAX + 1], n = (unsigned)strnlen(a, MAX), m = (unsigned)strnlen(b, MAX);

    for (unsigned j = 0; j <= m; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= n; i++) {
        unsigned *row = rows[i % 3], *up = rows[(i - 1) % 3], *up2 = rows[(i + 1) % 3];
        row[0] = i;
        for (unsigned j = 1; j <= m; j++) {
            unsigned best = up[j - 1] + (a[i - 1] != b[j - 1]);
            best = up[j] + 1 < best ? up[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = up2[j - 2] + 1 < best ? up2[j - 2] + 1 : best;
            row[j] = best;
        }
    }
    return rows[n % 3][m];
}

const char *gm_util_did_you_mean(const char *typed, const void *first, size_t n, size_t stride)
{
    const char *best = NULL;

    if (!GM_REQUIRE(typed != NULL && (first != NULL || n == 0))) return NULL;
    unsigned limit = (unsigned)strlen(typed) / 3 + 1; // a third of the letters may be wrong
    for (size_t i = 0; i < n; i++) {
        const char *name = *(const char *const *)((const char *)first + i * stride);
        unsigned distance = name ? gm_util_edit_distance(typed, name) : limit + 1;
        if (distance <= limit && distance < strlen(typed)) {
            best = name;
            limit = distance - (distance > 0);
            if (distance == 0)
                break;
        }
    }
    return best;
}
