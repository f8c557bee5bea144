// SPDX-License-Identifier: MIT
//
// error: numbers for strings (quarks), and errors that carry a domain, a code and a sentence.
//
//     GmError { domain: "gm-stream-error-quark", code: 4, message: "Could not determine …" }
//
// A function that can fail takes `GmError **error` last: NULL when the caller does not care,
// else the address of a NULL pointer, which on failure gets an error to gm_error_free.
// Unless said otherwise: any thread, never blocks; texts are copied, results are given; misuse is
// a critical and the neutral result.
// Read next: gm_element_message_full in core/element.h, core/message.h (errors on the bus).
#ifndef GM_CORE_ERROR_H
#define GM_CORE_ERROR_H

#include <errno.h>

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- quarks -----------------------------------------------------------------------------

// The number of a string: the same text always has the same number, for the whole process;
// NULL has 0. _static_string keeps the caller's pointer, which must live for ever; the other
// copies. Takes a short lock.
GmQuark gm_quark_from_string(const char *string);
GmQuark gm_quark_from_static_string(const char *string);
GmQuark gm_quark_try_string(const char *string); // 0 when the text has no number yet
const char *gm_quark_to_string(GmQuark quark);   // NULL for 0 and for unknown numbers. No lock
// The one copy of `string` that all who intern it share; lives for ever. NULL gives NULL.
const char *gm_intern_string(const char *string);
const char *gm_intern_static_string(const char *string);

// ---- errors -----------------------------------------------------------------------------

typedef struct GmError GmError;
struct GmError {
    GmQuark domain; // GM_CORE_ERROR, …
    int     code;   // of that domain's enumeration
    char   *message; // a sentence for people, never NULL
};

// Never NULL; the caller, or whoever it is handed on to, frees it.
GmError *gm_error_new(GmQuark domain, int code, const char *format, ...) GM_PRINTF(3, 4);
GmError *gm_error_new_valist(GmQuark domain, int code, const char *format, va_list args)
    GM_PRINTF(3, 0);
GmError *gm_error_new_literal(GmQuark domain, int code, const char *message); // copies message
GmError *gm_error_copy(const GmError *error); // NULL gives NULL
void gm_error_free(GmError *error);           // NULL is fine
bool gm_error_matches(const GmError *error, GmQuark domain, int code); // NULL error: false

// Puts a new error into *error if error is not NULL. *error must be NULL: a second error is
// dropped with a critical, the first cause is kept.
void gm_set_error(GmError **error, GmQuark domain, int code, const char *format, ...)
    GM_PRINTF(4, 5);
void gm_set_error_literal(GmError **error, GmQuark domain, int code, const char *message);
// Takes src and moves it to *dest, or frees it when dest is NULL.
void gm_propagate_error(GmError **dest, GmError *src);
void gm_clear_error(GmError **error); // frees *error, if any, and sets it to NULL
// Puts text in front of the message of *error, if there is one.
void gm_prefix_error(GmError **error, const char *format, ...) GM_PRINTF(2, 3);

// ---- domains and codes ------------------------------------------------------------------

// The domains: "gm-core-error-quark", …
#define GM_CORE_ERROR gm_core_error_quark()
#define GM_LIBRARY_ERROR gm_library_error_quark()
#define GM_RESOURCE_ERROR gm_resource_error_quark()
#define GM_STREAM_ERROR gm_stream_error_quark()
#define GM_PARSE_ERROR gm_parse_error_quark()
// The same as functions.
GmQuark gm_core_error_quark(void);
GmQuark gm_library_error_quark(void);
GmQuark gm_resource_error_quark(void);
GmQuark gm_stream_error_quark(void);
GmQuark gm_parse_error_quark(void);

// For GM_ELEMENT_ERROR's last argument after a failed system call.
#define GM_ERROR_SYSTEM ("system error: %s", strerror(errno))

// The codes have GStreamer's numbers. FAILED: no better one fits; TOO_LAZY: nobody has chosen one.
typedef enum {
    GM_CORE_ERROR_FAILED = 1,
    GM_CORE_ERROR_TOO_LAZY,
    GM_CORE_ERROR_NOT_IMPLEMENTED,
    GM_CORE_ERROR_STATE_CHANGE,
    GM_CORE_ERROR_PAD,
    GM_CORE_ERROR_THREAD,
    GM_CORE_ERROR_NEGOTIATION,
    GM_CORE_ERROR_EVENT,
    GM_CORE_ERROR_SEEK,
    GM_CORE_ERROR_CAPS,
    GM_CORE_ERROR_TAG,
    GM_CORE_ERROR_MISSING_PLUGIN,
    GM_CORE_ERROR_CLOCK,
    GM_CORE_ERROR_DISABLED,
    GM_CORE_ERROR_NUM_ERRORS
} GmCoreError;

typedef enum {
    GM_LIBRARY_ERROR_FAILED = 1,
    GM_LIBRARY_ERROR_TOO_LAZY,
    GM_LIBRARY_ERROR_INIT,
    GM_LIBRARY_ERROR_SHUTDOWN,
    GM_LIBRARY_ERROR_SETTINGS,
    GM_LIBRARY_ERROR_ENCODE,
    GM_LIBRARY_ERROR_NUM_ERRORS
} GmLibraryError;

typedef enum {
    GM_RESOURCE_ERROR_FAILED = 1,
    GM_RESOURCE_ERROR_TOO_LAZY,
    GM_RESOURCE_ERROR_NOT_FOUND,
    GM_RESOURCE_ERROR_BUSY,
    GM_RESOURCE_ERROR_OPEN_READ,
    GM_RESOURCE_ERROR_OPEN_WRITE,
    GM_RESOURCE_ERROR_OPEN_READ_WRITE,
    GM_RESOURCE_ERROR_CLOSE,
    GM_RESOURCE_ERROR_READ,
    GM_RESOURCE_ERROR_WRITE,
    GM_RESOURCE_ERROR_SEEK,
    GM_RESOURCE_ERROR_SYNC,
    GM_RESOURCE_ERROR_SETTINGS,
    GM_RESOURCE_ERROR_NO_SPACE_LEFT,
    GM_RESOURCE_ERROR_NOT_AUTHORIZED,
    GM_RESOURCE_ERROR_NUM_ERRORS
} GmResourceError;

typedef enum {
    GM_STREAM_ERROR_FAILED = 1,
    GM_STREAM_ERROR_TOO_LAZY,
    GM_STREAM_ERROR_NOT_IMPLEMENTED,
    GM_STREAM_ERROR_TYPE_NOT_FOUND,
    GM_STREAM_ERROR_WRONG_TYPE,
    GM_STREAM_ERROR_CODEC_NOT_FOUND,
    GM_STREAM_ERROR_DECODE,
    GM_STREAM_ERROR_ENCODE,
    GM_STREAM_ERROR_DEMUX,
    GM_STREAM_ERROR_MUX,
    GM_STREAM_ERROR_FORMAT,
    GM_STREAM_ERROR_DECRYPT,
    GM_STREAM_ERROR_DECRYPT_NOKEY,
    GM_STREAM_ERROR_NUM_ERRORS
} GmStreamError;

typedef enum {
    GM_PARSE_ERROR_SYNTAX,
    GM_PARSE_ERROR_NO_SUCH_ELEMENT,
    GM_PARSE_ERROR_NO_SUCH_PROPERTY,
    GM_PARSE_ERROR_LINK,
    GM_PARSE_ERROR_COULD_NOT_SET_PROPERTY,
    GM_PARSE_ERROR_EMPTY_BIN,
    GM_PARSE_ERROR_EMPTY,
    GM_PARSE_ERROR_DELAYED_LINK
} GmParseError;

// A sentence for any domain and code, to free (); says so when the domain is not one of ours.
char *gm_error_get_message(GmQuark domain, int code);

#ifdef __cplusplus
}
#endif
#endif
