// SPDX-License-Identifier: MIT
//
// types: the words every other header needs: clock times, the type numbers that
// values and properties carry, the guard for misuse, and the names of all structs.
//
// This file declares; it defines nothing that runs except the guard. Any thread; nothing here
// blocks, takes a lock or keeps what it is given.
// Read next: core/object.h (things with names), core/mini_object.h (things that flow).
#ifndef GM_CORE_TYPES_H
#define GM_CORE_TYPES_H

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- compiler help ----------------------------------------------------------------------

// Number of elements of an array (not of a pointer).
#define GM_LEN(array) (sizeof(array) / sizeof((array)[0]))
#if defined(__GNUC__)
// Attributes: a printf format, a result to be looked at, a list ended by NULL; branch hints.
#define GM_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define GM_MUST_CHECK __attribute__((warn_unused_result))
#define GM_SENTINEL __attribute__((sentinel))
#define GM_UNUSED __attribute__((unused))
#define GM_LIKELY(x) __builtin_expect(!!(x), 1)
#define GM_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
// The same for a compiler that has none of it.
#define GM_PRINTF(fmt, args)
#define GM_MUST_CHECK
#define GM_SENTINEL
#define GM_UNUSED
#define GM_LIKELY(x) (x)
#define GM_UNLIKELY(x) (x)
#endif

// ---- the guard against misuse -----------------------------------------------------------

// True when `cond` holds. Otherwise prints one line "CRITICAL **: func: assertion 'cond'
// failed" to standard error and is false; it never aborts unless the environment has
// GM_FATAL_CRITICALS set. Any thread. Every public function opens with
//     if (!GM_REQUIRE(pad != NULL)) return NULL;
// so that misuse gives the neutral result (NULL, false, 0), changes nothing and takes nothing:
// what would have been taken is still the caller's.
#define GM_REQUIRE(cond) (GM_LIKELY(cond) || gm_critical_failed(__func__, #cond))

// Prints the line of GM_REQUIRE and counts it. Returns false, always.
bool gm_critical_failed(const char *func, const char *condition);

// As gm_critical_failed with free text: a misuse that is not one condition. Any thread.
void gm_critical(const char *func, const char *format, ...) GM_PRINTF(2, 3);

// Number of criticals printed since the process started: tests assert on it. Any thread.
unsigned gm_critical_count(void);

// ---- time -------------------------------------------------------------------------------

typedef uint64_t GmClockTime;     // nanoseconds; GM_CLOCK_TIME_NONE says "unknown"
typedef int64_t  GmClockTimeDiff; // nanoseconds, signed; GM_CLOCK_STIME_NONE says "unknown"

// IS_VALID: it is not "unknown".
#define GM_CLOCK_TIME_NONE ((GmClockTime)-1)
#define GM_CLOCK_TIME_IS_VALID(time) ((GmClockTime)(time) != GM_CLOCK_TIME_NONE)
#define GM_CLOCK_STIME_NONE ((GmClockTimeDiff)INT64_MIN)
#define GM_CLOCK_STIME_IS_VALID(time) ((GmClockTimeDiff)(time) != GM_CLOCK_STIME_NONE)

#define GM_SECOND ((GmClockTimeDiff)1000000000)
#define GM_MSECOND ((GmClockTimeDiff)1000000)
#define GM_USECOND ((GmClockTimeDiff)1000)
#define GM_NSECOND ((GmClockTimeDiff)1)

// DIFF: from s to e, signed. AS_…: whole units, rounded down.
#define GM_CLOCK_DIFF(s, e) ((GmClockTimeDiff)((e) - (s)))
#define GM_TIME_AS_SECONDS(time) ((time) / (GmClockTime)GM_SECOND)
#define GM_TIME_AS_MSECONDS(time) ((time) / (GmClockTime)GM_MSECOND)
#define GM_TIME_AS_USECONDS(time) ((time) / (GmClockTime)GM_USECOND)
#define GM_TIME_AS_NSECONDS(time) (time)

// printf helpers: printf("%" GM_TIME_FORMAT "\n", GM_TIME_ARGS(t)) prints h:mm:ss.nnnnnnnnn,
// and 99:99:99.999999999 for GM_CLOCK_TIME_NONE.
#define GM_TIME_FORMAT "u:%02u:%02u.%09u"
#define GM_TIME_ARGS(t)                                                                         \
    GM_CLOCK_TIME_IS_VALID(t) ? (unsigned)((GmClockTime)(t) / 3600000000000u) : 99u,            \
        GM_CLOCK_TIME_IS_VALID(t) ? (unsigned)(((GmClockTime)(t) / 60000000000u) % 60u) : 99u,  \
        GM_CLOCK_TIME_IS_VALID(t) ? (unsigned)(((GmClockTime)(t) / 1000000000u) % 60u) : 99u,   \
        GM_CLOCK_TIME_IS_VALID(t) ? (unsigned)((GmClockTime)(t) % 1000000000u) : 999999999u
// The signed pair: a sign character first; "+99:99:99.999999999" for GM_CLOCK_STIME_NONE.
#define GM_STIME_FORMAT "c%" GM_TIME_FORMAT
#define GM_STIME_ARGS(t)                                                                        \
    ((t) == GM_CLOCK_STIME_NONE || (t) >= 0) ? '+' : '-',                                       \
        GM_TIME_ARGS((t) == GM_CLOCK_STIME_NONE ? GM_CLOCK_TIME_NONE                            \
                     : (t) < 0 ? (GmClockTime) - (uint64_t)(t) : (GmClockTime)(t))

// Stepping, seeking and position formats.
typedef enum {
    GM_FORMAT_UNDEFINED = 0,
    GM_FORMAT_DEFAULT   = 1, // frames for video, samples for audio
    GM_FORMAT_BYTES     = 2,
    GM_FORMAT_TIME      = 3, // nanoseconds
    GM_FORMAT_BUFFERS   = 4,
    GM_FORMAT_PERCENT   = 5  // GM_FORMAT_PERCENT_MAX is 100 %
} GmFormat;
#define GM_FORMAT_PERCENT_MAX INT64_C(1000000)
#define GM_FORMAT_PERCENT_SCALE INT64_C(10000)

// ---- type numbers -----------------------------------------------------------------------

// What a GmValue or a property holds. The first ones are constants; enumerations, flags and
// other named types get a number from gm_type_register* (core/value.h).
typedef size_t   GmType;
typedef uint32_t GmQuark;

#define GM_TYPE_INVALID ((GmType)0)
#define GM_TYPE_NONE ((GmType)1)
#define GM_TYPE_BOOLEAN ((GmType)2)          // bool
#define GM_TYPE_INT ((GmType)3)              // int
#define GM_TYPE_UINT ((GmType)4)             // unsigned
#define GM_TYPE_INT64 ((GmType)5)
#define GM_TYPE_UINT64 ((GmType)6)
#define GM_TYPE_FLOAT ((GmType)7)
#define GM_TYPE_DOUBLE ((GmType)8)
#define GM_TYPE_STRING ((GmType)9)           // char *, owned by the value
#define GM_TYPE_POINTER ((GmType)10)         // void *, not owned
#define GM_TYPE_LONG ((GmType)11)
#define GM_TYPE_ULONG ((GmType)12)
#define GM_TYPE_GTYPE ((GmType)13)           // a GmType
#define GM_TYPE_ENUM ((GmType)14)            // root of registered enumerations: int
#define GM_TYPE_FLAGS ((GmType)15)           // root of registered flag sets: unsigned
#define GM_TYPE_OBJECT ((GmType)16)          // GmObject *, counted
#define GM_TYPE_FRACTION ((GmType)17)
#define GM_TYPE_INT_RANGE ((GmType)18)
#define GM_TYPE_INT64_RANGE ((GmType)19)
#define GM_TYPE_DOUBLE_RANGE ((GmType)20)
#define GM_TYPE_FRACTION_RANGE ((GmType)21)
#define GM_TYPE_LIST ((GmType)22)            // one of: { a, b }
#define GM_TYPE_ARRAY ((GmType)23)           // all of, in order: < a, b >
#define GM_TYPE_BITMASK ((GmType)24)         // uint64_t
#define GM_TYPE_FLAG_SET ((GmType)25)        // value and mask
#define GM_TYPE_STRUCTURE ((GmType)26)       // boxed
#define GM_TYPE_CAPS_FEATURES ((GmType)27)   // boxed
#define GM_TYPE_SEGMENT ((GmType)28)         // boxed
#define GM_TYPE_ERROR ((GmType)29)           // boxed GmError
#define GM_TYPE_CAPS ((GmType)30)            // mini-objects from here
#define GM_TYPE_TAG_LIST ((GmType)31)
#define GM_TYPE_MEMORY ((GmType)32)
#define GM_TYPE_BUFFER ((GmType)33)
#define GM_TYPE_BUFFER_LIST ((GmType)34)
#define GM_TYPE_EVENT ((GmType)35)
#define GM_TYPE_QUERY ((GmType)36)
#define GM_TYPE_MESSAGE ((GmType)37)
#define GM_TYPE_SAMPLE ((GmType)38)
#define GM_TYPE_CONTEXT ((GmType)39)
#define GM_TYPE_LAST_BUILTIN ((GmType)64)    // registered types start here

// ---- all structs, by name ---------------------------------------------------------------

typedef struct GmObject        GmObject;
typedef struct GmObjectClass   GmObjectClass;
typedef struct GmMiniObject    GmMiniObject;
typedef struct GmValue         GmValue;
typedef struct GmStructure     GmStructure;
typedef struct GmCaps          GmCaps;
typedef struct GmCapsFeatures  GmCapsFeatures;
typedef struct GmTagList       GmTagList;
typedef struct GmAllocator     GmAllocator;
typedef struct GmMemory        GmMemory;
typedef struct GmBuffer        GmBuffer;
typedef struct GmBufferList    GmBufferList;
typedef struct GmBufferPool    GmBufferPool;
typedef struct GmMeta          GmMeta;
typedef struct GmMetaInfo      GmMetaInfo;
typedef struct GmSample        GmSample;
typedef struct GmSegment       GmSegment;
typedef struct GmClock         GmClock;
typedef struct GmEvent         GmEvent;
typedef struct GmQuery         GmQuery;
typedef struct GmMessage       GmMessage;
typedef struct GmBus           GmBus;
typedef struct GmPad           GmPad;
typedef struct GmPadTemplate   GmPadTemplate;
typedef struct GmStaticPadTemplate GmStaticPadTemplate;
typedef struct GmTask          GmTask;
typedef struct GmElement       GmElement;
typedef struct GmElementClass  GmElementClass;
typedef struct GmElementFactory GmElementFactory;
typedef struct GmPlugin        GmPlugin;
typedef struct GmBin           GmBin;
typedef struct GmPipeline      GmPipeline;
typedef struct GmIterator      GmIterator;
typedef struct GmMainLoop      GmMainLoop;

typedef void (*GmCallback)(void);            // any function; cast back before the call
typedef void (*GmDestroyNotify)(void *data); // told when `data` is no longer needed
#define GM_CALLBACK(f) ((GmCallback)(f))     // for gm_signal_connect_data and others

#ifdef __cplusplus
}
#endif
#endif
