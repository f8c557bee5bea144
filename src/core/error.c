// SPDX-License-Identifier: MIT
//
// error: the table of quarks, and errors.
//
// Quarks: an open-addressed hash of numbers finds a string's quark under a lock; the way back,
// from number to string, is read without one: strings stand in blocks that never move.
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

#include "core/init.h"
#include "core/list.h"
#include "core/sync.h"
#include "core/util.h"

#define QUARK_BLOCK 512u
#define QUARK_BLOCKS 2048u

static GmMutex   quark_lock = GM_MUTEX_INIT;
static _Atomic(const char **) quark_blocks[QUARK_BLOCKS];
static uint32_t  quark_count; // guarded by quark_lock, as all below
static GmQuark  *quark_hash;  // 0: free
static uint32_t  quark_hash_size; // a power of two, at most half full
static GmList   *quark_copies; // strings of ours, for gm_deinit

static void quark_cleanup(void)
{
    gm_list_free_full(quark_copies, free);
    quark_copies = NULL;
    for (uint32_t i = 0; i < QUARK_BLOCKS; i++)
        free(atomic_exchange(&quark_blocks[i], NULL));
    free(quark_hash);
    quark_hash = NULL;
    quark_hash_size = quark_count = 0;
}

// Where `string` stands in the hash, or the free place for it.
static GmQuark *quark_slot(const char *string)
{
    uint32_t h = 2166136261u;

    for (const char *p = string; *p != '\0'; p++)
        h = (h ^ (unsigned char)*p) * 16777619u;
    for (;; h++) {
        GmQuark *slot = &quark_hash[h & (quark_hash_size - 1)];
        if (*slot == 0 || strcmp(gm_quark_to_string(*slot), string) == 0)
            return slot;
    }
}

static void quark_grow(void)
{
    if (quark_hash == NULL)
        gm_init_add_cleanup(quark_cleanup);
    quark_hash_size = quark_hash_size ? 2 * quark_hash_size : 1024;
    gm_free(quark_hash);
    quark_hash = gm_new0(GmQuark, quark_hash_size);
    for (GmQuark q = 1; q <= quark_count; q++)
        *quark_slot(gm_quark_to_string(q)) = q;
}

static GmQuark quark_find(const char *string, bool make, bool copy)
{
    if (string == NULL)
        return 0;
    gm_mutex_lock(&quark_lock);
    if (2 * quark_count >= quark_hash_size)
        quark_grow();
    GmQuark *slot = quark_slot(string);
    if (*slot == 0 && make && quark_count + 1 < QUARK_BLOCK * QUARK_BLOCKS) {
        GmQuark quark = ++quark_count;
        const char **block = atomic_load(&quark_blocks[quark / QUARK_BLOCK]);
        if (block == NULL) {
            block = gm_new0(const char *, QUARK_BLOCK);
            atomic_store_explicit(&quark_blocks[quark / QUARK_BLOCK], block, memory_order_release);
        }
        if (copy) {
            char *own = gm_strdup(string);
            quark_copies = gm_list_prepend(quark_copies, own);
            string = own;
        }
        __atomic_store_n(&block[quark % QUARK_BLOCK], string, __ATOMIC_RELEASE);
        *slot = quark;
    }
    GmQuark result = *slot;
    gm_mutex_unlock(&quark_lock);
    return result;
}

GmQuark gm_quark_from_string(const char *string)
{
    return quark_find(string, true, true);
}

GmQuark gm_quark_from_static_string(const char *string)
{
    return quark_find(string, true, false);
}

GmQuark gm_quark_try_string(const char *string)
{
    return quark_find(string, false, false);
}

const char *gm_quark_to_string(GmQuark quark)
{
    if (quark == 0 || quark / QUARK_BLOCK >= QUARK_BLOCKS)
        return NULL;
    const char **block =
        atomic_load_explicit(&quark_blocks[quark / QUARK_BLOCK], memory_order_acquire);
    return block ? __atomic_load_n(&block[quark % QUARK_BLOCK], __ATOMIC_ACQUIRE) : NULL;
}

const char *gm_intern_string(const char *string)
{
    return gm_quark_to_string(gm_quark_from_string(string));
}

const char *gm_intern_static_string(const char *string)
{
    return gm_quark_to_string(gm_quark_from_static_string(string));
}

// ---- errors -----------------------------------------------------------------------------

GmError *gm_error_new_valist(GmQuark domain, int code, const char *format, va_list args)
{
    if (!GM_REQUIRE(domain != 0 && format != NULL)) return NULL;
    GmError *error = gm_new0(GmError, 1);
    error->domain  = domain;
    error->code    = code;
    error->message = gm_strdup_vprintf(format, args);
    return error;
}

GmError *gm_error_new(GmQuark domain, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    GmError *error = gm_error_new_valist(domain, code, format, args);
    va_end(args);
    return error;
}

GmError *gm_error_new_literal(GmQuark domain, int code, const char *message)
{
    if (!GM_REQUIRE(message != NULL)) return NULL;
    return gm_error_new(domain, code, "%s", message);
}

GmError *gm_error_copy(const GmError *error)
{
    return error ? gm_error_new_literal(error->domain, error->code, error->message) : NULL;
}

void gm_error_free(GmError *error)
{
    if (error == NULL)
        return;
    gm_free(error->message);
    gm_free(error);
}

bool gm_error_matches(const GmError *error, GmQuark domain, int code)
{
    return error != NULL && error->domain == domain && error->code == code;
}

void gm_set_error(GmError **error, GmQuark domain, int code, const char *format, ...)
{
    va_list args;

    if (error == NULL)
        return;
    va_start(args, format);
    gm_propagate_error(error, gm_error_new_valist(domain, code, format, args));
    va_end(args);
}

void gm_set_error_literal(GmError **error, GmQuark domain, int code, const char *message)
{
    gm_set_error(error, domain, code, "%s", message);
}

void gm_propagate_error(GmError **dest, GmError *src)
{
    if (dest == NULL) {
        gm_error_free(src);
    } else if (*dest != NULL) {
        gm_critical(__func__, "an error is set on top of another: '%s' is dropped, '%s' stays",
                    src ? src->message : "", (*dest)->message);
        gm_error_free(src);
    } else {
        *dest = src;
    }
}

void gm_clear_error(GmError **error)
{
    if (error == NULL)
        return;
    gm_error_free(*error);
    *error = NULL;
}

void gm_prefix_error(GmError **error, const char *format, ...)
{
    va_list args;

    if (error == NULL || *error == NULL)
        return;
    va_start(args, format);
    char *prefix = gm_strdup_vprintf(format, args);
    va_end(args);
    char *message = gm_strdup_printf("%s%s", prefix, (*error)->message);
    gm_free(prefix);
    gm_free((*error)->message);
    (*error)->message = message;
}

// ---- domains ----------------------------------------------------------------------------

GmQuark gm_core_error_quark(void)
{
    return gm_quark_from_static_string("gm-core-error-quark");
}

GmQuark gm_library_error_quark(void)
{
    return gm_quark_from_static_string("gm-library-error-quark");
}

GmQuark gm_resource_error_quark(void)
{
    return gm_quark_from_static_string("gm-resource-error-quark");
}

GmQuark gm_stream_error_quark(void)
{
    return gm_quark_from_static_string("gm-stream-error-quark");
}

GmQuark gm_parse_error_quark(void)
{
    return gm_quark_from_static_string("gm-parse-error-quark");
}

#define BUG " This is a bug in the program or an element: please report it."

static const char *const error_core[] = {
    [GM_CORE_ERROR_FAILED]          = "The core library failed in a way that has no code.",
    [GM_CORE_ERROR_TOO_LAZY]        = "The core library failed; nobody chose a code for it.",
    [GM_CORE_ERROR_NOT_IMPLEMENTED] = "The core library lacks what was asked for." BUG,
    [GM_CORE_ERROR_STATE_CHANGE]    = "An element failed to change its state.",
    [GM_CORE_ERROR_PAD]             = "Something is wrong with a pad." BUG,
    [GM_CORE_ERROR_THREAD]          = "A thread could not be started or joined.",
    [GM_CORE_ERROR_NEGOTIATION]     = "Two elements could not agree on a format.",
    [GM_CORE_ERROR_EVENT]           = "An event could not be handled." BUG,
    [GM_CORE_ERROR_SEEK]            = "A seek could not be handled." BUG,
    [GM_CORE_ERROR_CAPS]            = "Caps are wrong." BUG,
    [GM_CORE_ERROR_TAG]             = "A tag is wrong." BUG,
    [GM_CORE_ERROR_MISSING_PLUGIN]  = "An element that is needed is not installed.",
    [GM_CORE_ERROR_CLOCK]           = "The clock failed.",
    [GM_CORE_ERROR_DISABLED]        = "The program needs a part that was left out of this build.",
};
static const char *const error_library[] = {
    [GM_LIBRARY_ERROR_FAILED]   = "A supporting library failed.",
    [GM_LIBRARY_ERROR_TOO_LAZY] = "A supporting library failed; nobody chose a code for it.",
    [GM_LIBRARY_ERROR_INIT]     = "A supporting library could not be started.",
    [GM_LIBRARY_ERROR_SHUTDOWN] = "A supporting library could not be ended.",
    [GM_LIBRARY_ERROR_SETTINGS] = "A supporting library refused its settings.",
    [GM_LIBRARY_ERROR_ENCODE]   = "A supporting library could not encode.",
};
static const char *const error_resource[] = {
    [GM_RESOURCE_ERROR_FAILED]          = "A file or device failed.",
    [GM_RESOURCE_ERROR_TOO_LAZY]        = "A file or device failed; nobody chose a code for it.",
    [GM_RESOURCE_ERROR_NOT_FOUND]       = "Resource not found.",
    [GM_RESOURCE_ERROR_BUSY]            = "Resource busy or not available.",
    [GM_RESOURCE_ERROR_OPEN_READ]       = "Could not open resource for reading.",
    [GM_RESOURCE_ERROR_OPEN_WRITE]      = "Could not open resource for writing.",
    [GM_RESOURCE_ERROR_OPEN_READ_WRITE] = "Could not open resource for reading and writing.",
    [GM_RESOURCE_ERROR_CLOSE]           = "Could not close resource.",
    [GM_RESOURCE_ERROR_READ]            = "Could not read from resource.",
    [GM_RESOURCE_ERROR_WRITE]           = "Could not write to resource.",
    [GM_RESOURCE_ERROR_SEEK]            = "Could not seek in resource.",
    [GM_RESOURCE_ERROR_SYNC]            = "Could not bring resource up to date on disk.",
    [GM_RESOURCE_ERROR_SETTINGS]        = "Resource refused its settings.",
    [GM_RESOURCE_ERROR_NO_SPACE_LEFT]   = "No space left on the resource.",
    [GM_RESOURCE_ERROR_NOT_AUTHORIZED]  = "Not authorized to access resource.",
};
static const char *const error_stream[] = {
    [GM_STREAM_ERROR_FAILED]          = "The stream failed.",
    [GM_STREAM_ERROR_TOO_LAZY]        = "The stream failed; nobody chose a code for it.",
    [GM_STREAM_ERROR_NOT_IMPLEMENTED] = "The element cannot handle this kind of stream." BUG,
    [GM_STREAM_ERROR_TYPE_NOT_FOUND]  = "Could not determine type of stream.",
    [GM_STREAM_ERROR_WRONG_TYPE]      = "The element handles streams of another type.",
    [GM_STREAM_ERROR_CODEC_NOT_FOUND] = "No codec is there that can handle the stream.",
    [GM_STREAM_ERROR_DECODE]          = "Could not decode stream.",
    [GM_STREAM_ERROR_ENCODE]          = "Could not encode stream.",
    [GM_STREAM_ERROR_DEMUX]           = "Could not demultiplex stream.",
    [GM_STREAM_ERROR_MUX]             = "Could not multiplex stream.",
    [GM_STREAM_ERROR_FORMAT]          = "The stream is in the wrong format.",
    [GM_STREAM_ERROR_DECRYPT]         = "The stream is encrypted; decryption is not supported.",
    [GM_STREAM_ERROR_DECRYPT_NOKEY]   = "The stream is encrypted and no key for it is there.",
};

char *gm_error_get_message(GmQuark domain, int code)
{
    const struct { GmQuark domain; const char *const *texts; size_t n; } tables[] = {
        { GM_CORE_ERROR, error_core, GM_LEN(error_core) },
        { GM_LIBRARY_ERROR, error_library, GM_LEN(error_library) },
        { GM_RESOURCE_ERROR, error_resource, GM_LEN(error_resource) },
        { GM_STREAM_ERROR, error_stream, GM_LEN(error_stream) },
    };
    const char *name = gm_quark_to_string(domain);

    for (size_t i = 0; i < GM_LEN(tables); i++) {
        if (tables[i].domain != domain)
            continue;
        if (code > 0 && (size_t)code < tables[i].n)
            return gm_strdup(tables[i].texts[code]);
        return gm_strdup_printf("No standard error message for domain %s and code %d.", name, code);
    }
    return gm_strdup_printf("No error message for domain %s.", name ? name : "(null)");
}
