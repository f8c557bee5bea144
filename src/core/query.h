// SPDX-License-Identifier: MIT
//
// query: a question to the elements along the pads, and the form for the answer.
//
//     q = gm_query_new_position(GM_FORMAT_TIME);
//     if (gm_element_query(el, q)) gm_query_parse_position(q, NULL, &pos);
//     gm_query_unref(q);
//
// Who can answer fills the form (set) and says true. The contents are a GmStructure with
// GStreamer's names.
//
// Rules: a query is a mini-object; it is asked by one thread and filled by whoever it is
// passed to, so unlike an event it is changed on its way. Unless said otherwise: any thread, one
// at a time; never blocks; new gives; set copies or takes a reference of its own; parse may be
// called before an answer (it gives -1, false, NULL or GM_CLOCK_TIME_NONE), its result pointers
// may be NULL, and strings, caps and structures it gives out are borrowed from the query. Misuse,
// also a function for one type on a query of another, and set on one that is not writable: a
// critical, no change.
// Read next: core/pad.h (gm_pad_query, gm_pad_query_default).
#ifndef GM_CORE_QUERY_H
#define GM_CORE_QUERY_H

#include "core/memory.h"
#include "core/mini_object.h"
#include "core/pad.h"
#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_QUERY_TYPE_UPSTREAM   = 1 << 0,
    GM_QUERY_TYPE_DOWNSTREAM = 1 << 1,
    GM_QUERY_TYPE_SERIALIZED = 1 << 2
} GmQueryTypeFlags;
#define GM_QUERY_TYPE_BOTH 3
#define GM_QUERY_NUM_SHIFT 8
// A type from a number and flags.
#define GM_QUERY_MAKE_TYPE(num, flags) (((num) << GM_QUERY_NUM_SHIFT) | (flags))

// Flags: 1 up, 2 down, 3 both; 4 serialised.
typedef enum {
    GM_QUERY_UNKNOWN     = 0,
    GM_QUERY_POSITION    = GM_QUERY_MAKE_TYPE(10, 3),
    GM_QUERY_DURATION    = GM_QUERY_MAKE_TYPE(20, 3),
    GM_QUERY_LATENCY     = GM_QUERY_MAKE_TYPE(30, 3),
    GM_QUERY_JITTER      = GM_QUERY_MAKE_TYPE(40, 3),
    GM_QUERY_RATE        = GM_QUERY_MAKE_TYPE(50, 3),
    GM_QUERY_SEEKING     = GM_QUERY_MAKE_TYPE(60, 3),
    GM_QUERY_SEGMENT     = GM_QUERY_MAKE_TYPE(70, 3),
    GM_QUERY_CONVERT     = GM_QUERY_MAKE_TYPE(80, 3),
    GM_QUERY_FORMATS     = GM_QUERY_MAKE_TYPE(90, 3),
    GM_QUERY_BUFFERING   = GM_QUERY_MAKE_TYPE(110, 3),
    GM_QUERY_CUSTOM      = GM_QUERY_MAKE_TYPE(120, 3),
    GM_QUERY_URI         = GM_QUERY_MAKE_TYPE(130, 3),
    GM_QUERY_ALLOCATION  = GM_QUERY_MAKE_TYPE(140, 2 | 4),
    GM_QUERY_SCHEDULING  = GM_QUERY_MAKE_TYPE(150, 1),
    GM_QUERY_ACCEPT_CAPS = GM_QUERY_MAKE_TYPE(160, 3),
    GM_QUERY_CAPS        = GM_QUERY_MAKE_TYPE(170, 3),
    GM_QUERY_DRAIN       = GM_QUERY_MAKE_TYPE(180, 2 | 4),
    GM_QUERY_CONTEXT     = GM_QUERY_MAKE_TYPE(190, 3),
    GM_QUERY_BITRATE     = GM_QUERY_MAKE_TYPE(200, 2),
    GM_QUERY_SELECTABLE  = GM_QUERY_MAKE_TYPE(210, 3)
} GmQueryType;

typedef enum {
    GM_BUFFERING_STREAM,    // a little ahead of what is played
    GM_BUFFERING_DOWNLOAD,  // all of it, into a file
    GM_BUFFERING_TIMESHIFT, // the last part of an endless stream
    GM_BUFFERING_LIVE       // what a live source has not yet given
} GmBufferingMode;
typedef enum {
    GM_SCHEDULING_FLAG_SEEKABLE          = 1 << 0, // any offset can be read
    GM_SCHEDULING_FLAG_SEQUENTIAL        = 1 << 1, // forward reads are much cheaper
    GM_SCHEDULING_FLAG_BANDWIDTH_LIMITED = 1 << 2  // a network: read little
} GmSchedulingFlags;

typedef struct GmContext GmContext;

struct GmQuery {
    GmMiniObject mini_object;
    GmQueryType  type;
    // internal
    GmStructure *structure; // or NULL
    struct GmQueryLists *lists; // pools, params, metas, ranges, modes; NULL: none yet
};

// Casts are unchecked; GM_IS_QUERY checks (NULL: false). The others read the struct:
// not NULL, no lock taken.
#define GM_QUERY_CAST(obj) ((GmQuery *)(obj))
#define GM_QUERY(obj) ((GmQuery *)(obj))
#define GM_IS_QUERY(obj) ((obj) != NULL && GM_MINI_OBJECT_TYPE(obj) == GM_TYPE_QUERY)
#define GM_QUERY_TYPE(query) (GM_QUERY_CAST(query)->type)
#define GM_QUERY_TYPE_NAME(query) gm_query_type_get_name(GM_QUERY_TYPE(query))
#define GM_QUERY_IS_UPSTREAM(q) (!!(GM_QUERY_TYPE(q) & GM_QUERY_TYPE_UPSTREAM))
#define GM_QUERY_IS_DOWNSTREAM(q) (!!(GM_QUERY_TYPE(q) & GM_QUERY_TYPE_DOWNSTREAM))
#define GM_QUERY_IS_SERIALIZED(q) (!!(GM_QUERY_TYPE(q) & GM_QUERY_TYPE_SERIALIZED))

// The mini-object functions, typed (core/mini_object.h).
#define gm_query_ref(query) ((GmQuery *)gm_mini_object_ref(GM_MINI_OBJECT_CAST(query)))
#define gm_query_unref(query) gm_mini_object_unref(GM_MINI_OBJECT_CAST(query))
#define gm_clear_query(query_p) gm_clear_mini_object((GmMiniObject **)(query_p))
#define gm_query_copy(query) \
    ((GmQuery *)gm_mini_object_copy((const GmMiniObject *)(query)))
#define gm_query_is_writable(query) gm_mini_object_is_writable(GM_MINI_OBJECT_CAST(query))
#define gm_query_make_writable(query) \
    ((GmQuery *)gm_mini_object_make_writable(GM_MINI_OBJECT_CAST(query)))
#define gm_query_replace(old_p, query) \
    gm_mini_object_replace((GmMiniObject **)(old_p), GM_MINI_OBJECT_CAST(query))
#define gm_query_take(old_p, query) \
    gm_mini_object_take((GmMiniObject **)(old_p), GM_MINI_OBJECT_CAST(query))

// Names as GStreamer's ("accept-caps"); "unknown" for no type.
const char *gm_query_type_get_name(GmQueryType type);
GmQuark gm_query_type_to_quark(GmQueryType type);
GmQueryTypeFlags gm_query_type_get_flags(GmQueryType type);

// Takes structure (may be NULL).
GmQuery *gm_query_new_custom(GmQueryType type, GmStructure *structure);
const GmStructure *gm_query_get_structure(GmQuery *query); // borrowed, or NULL
GmStructure *gm_query_writable_structure(GmQuery *query);  // borrowed

// ---- time, position, formats ------------------------------------------------------------

// In units of format, -1: unknown; set is told the format that was asked for.
GmQuery *gm_query_new_position(GmFormat format);
void gm_query_set_position(GmQuery *query, GmFormat format, int64_t cur);
void gm_query_parse_position(GmQuery *query, GmFormat *format, int64_t *cur);
GmQuery *gm_query_new_duration(GmFormat format);
void gm_query_set_duration(GmQuery *query, GmFormat format, int64_t duration);
void gm_query_parse_duration(GmQuery *query, GmFormat *format, int64_t *duration);
// Nanoseconds; min_latency valid; max_latency: GM_CLOCK_TIME_NONE for no limit.
GmQuery *gm_query_new_latency(void);
void gm_query_set_latency(GmQuery *query, bool live, GmClockTime min_latency,
                          GmClockTime max_latency);
void gm_query_parse_latency(GmQuery *query, bool *live, GmClockTime *min_latency,
                            GmClockTime *max_latency);
// How much src_value is in dest_format; the answer is dest_value.
GmQuery *gm_query_new_convert(GmFormat src_format, int64_t value, GmFormat dest_format);
void gm_query_set_convert(GmQuery *query, GmFormat src_format, int64_t src_value,
                          GmFormat dest_format, int64_t dest_value);
void gm_query_parse_convert(GmQuery *query, GmFormat *src_format, int64_t *src_value,
                            GmFormat *dest_format, int64_t *dest_value);
// What is played: rate, and stream positions, -1: unknown.
GmQuery *gm_query_new_segment(GmFormat format);
void gm_query_set_segment(GmQuery *query, double rate, GmFormat format, int64_t start_value,
                          int64_t stop_value);
void gm_query_parse_segment(GmQuery *query, double *rate, GmFormat *format,
                            int64_t *start_value, int64_t *stop_value);
// Whether seeks in format work, and between which positions (end -1: unknown).
GmQuery *gm_query_new_seeking(GmFormat format);
void gm_query_set_seeking(GmQuery *query, GmFormat format, bool seekable,
                          int64_t segment_start, int64_t segment_end);
void gm_query_parse_seeking(GmQuery *query, GmFormat *format, bool *seekable,
                            int64_t *segment_start, int64_t *segment_end);
// Formats for position, seeking and convert. set: n_formats values of GmFormat; nth is below the
// number parse_n gives.
GmQuery *gm_query_new_formats(void);
void gm_query_set_formats(GmQuery *query, int n_formats, ...);
void gm_query_set_formatsv(GmQuery *query, int n_formats, const GmFormat *formats);
void gm_query_parse_n_formats(GmQuery *query, unsigned *n_formats);
void gm_query_parse_nth_format(GmQuery *query, unsigned nth, GmFormat *format);

// ---- buffering --------------------------------------------------------------------------

// percent 0..100; rates in bytes per second; buffering_left in milliseconds, -1 unknown; ranges
// in the query's format, ascending (add false: start is not beyond the last one's, or not before
// stop); index is below the count, else false.
GmQuery *gm_query_new_buffering(GmFormat format);
void gm_query_set_buffering_percent(GmQuery *query, bool busy, int percent);
void gm_query_parse_buffering_percent(GmQuery *query, bool *busy, int *percent);
void gm_query_set_buffering_stats(GmQuery *query, GmBufferingMode mode, int avg_in, int avg_out,
                                  int64_t buffering_left);
void gm_query_parse_buffering_stats(GmQuery *query, GmBufferingMode *mode, int *avg_in,
                                    int *avg_out, int64_t *buffering_left);
void gm_query_set_buffering_range(GmQuery *query, GmFormat format, int64_t start, int64_t stop,
                                  int64_t estimated_total);
void gm_query_parse_buffering_range(GmQuery *query, GmFormat *format, int64_t *start,
                                    int64_t *stop, int64_t *estimated_total);
bool gm_query_add_buffering_range(GmQuery *query, int64_t start, int64_t stop);
unsigned gm_query_get_n_buffering_ranges(GmQuery *query);
bool gm_query_parse_nth_buffering_range(GmQuery *query, unsigned index, int64_t *start,
                                        int64_t *stop);

// ---- uri, caps, context and other short ones ----------------------------------------------

// parse_uri and parse_uri_redirection give a copy to free (), or NULL.
GmQuery *gm_query_new_uri(void);
void gm_query_set_uri(GmQuery *query, const char *uri);
void gm_query_parse_uri(GmQuery *query, char **uri);
void gm_query_set_uri_redirection(GmQuery *query, const char *uri);
void gm_query_parse_uri_redirection(GmQuery *query, char **uri);
void gm_query_set_uri_redirection_permanent(GmQuery *query, bool permanent);
void gm_query_parse_uri_redirection_permanent(GmQuery *query, bool *permanent);
// Would these fixed caps do? The result is false until set.
GmQuery *gm_query_new_accept_caps(GmCaps *caps);
void gm_query_parse_accept_caps(GmQuery *query, GmCaps **caps);
void gm_query_set_accept_caps_result(GmQuery *query, bool result);
void gm_query_parse_accept_caps_result(GmQuery *query, bool *result);
// What caps are possible, narrowed by filter (may be NULL); no result yet: NULL.
GmQuery *gm_query_new_caps(GmCaps *filter);
void gm_query_parse_caps(GmQuery *query, GmCaps **filter);
void gm_query_set_caps_result(GmQuery *query, GmCaps *caps);
void gm_query_parse_caps_result(GmQuery *query, GmCaps **caps);
GmQuery *gm_query_new_drain(void); // true once all data before it is out
// A context of that type (not NULL); set: of the type that was asked for. parse false: not that
// type of query.
GmQuery *gm_query_new_context(const char *context_type);
bool gm_query_parse_context_type(GmQuery *query, const char **context_type);
void gm_query_set_context(GmQuery *query, GmContext *context);
void gm_query_parse_context(GmQuery *query, GmContext **context);
// Nominal, in bits per second; 0: unknown.
GmQuery *gm_query_new_bitrate(void);
void gm_query_set_bitrate(GmQuery *query, unsigned nominal_bitrate); // bits per second
void gm_query_parse_bitrate(GmQuery *query, unsigned *nominal_bitrate);
// Whether streams can be selected.
GmQuery *gm_query_new_selectable(void);
void gm_query_set_selectable(GmQuery *query, bool selectable);
void gm_query_parse_selectable(GmQuery *query, bool *selectable);

// ---- allocation: how downstream wants its buffers ------------------------------------------

// index is below the count (else a critical). pool and allocator may be NULL ("any"); parse gives
// a reference to them. caps may be NULL.
GmQuery *gm_query_new_allocation(GmCaps *caps, bool need_pool);
void gm_query_parse_allocation(GmQuery *query, GmCaps **caps, bool *need_pool);
void gm_query_add_allocation_pool(GmQuery *query, GmBufferPool *pool, unsigned size,
                                  unsigned min_buffers, unsigned max_buffers);
unsigned gm_query_get_n_allocation_pools(GmQuery *query);
void gm_query_parse_nth_allocation_pool(GmQuery *query, unsigned index, GmBufferPool **pool,
                                        unsigned *size, unsigned *min_buffers,
                                        unsigned *max_buffers);
void gm_query_set_nth_allocation_pool(GmQuery *query, unsigned index, GmBufferPool *pool,
                                      unsigned size, unsigned min_buffers,
                                      unsigned max_buffers);
void gm_query_remove_nth_allocation_pool(GmQuery *query, unsigned index);
// params NULL: the default ones; allocator or params must be there.
void gm_query_add_allocation_param(GmQuery *query, GmAllocator *allocator,
                                   const GmAllocationParams *params);
unsigned gm_query_get_n_allocation_params(GmQuery *query);
void gm_query_parse_nth_allocation_param(GmQuery *query, unsigned index,
                                         GmAllocator **allocator, GmAllocationParams *params);
void gm_query_set_nth_allocation_param(GmQuery *query, unsigned index, GmAllocator *allocator,
                                       const GmAllocationParams *params);
void gm_query_remove_nth_allocation_param(GmQuery *query, unsigned index);
// api: what a GmMetaInfo says as its api, not 0; params copied, may be NULL.
void gm_query_add_allocation_meta(GmQuery *query, GmType api, const GmStructure *params);
unsigned gm_query_get_n_allocation_metas(GmQuery *query);
GmType gm_query_parse_nth_allocation_meta(GmQuery *query, unsigned index,
                                          const GmStructure **params);
void gm_query_remove_nth_allocation_meta(GmQuery *query, unsigned index);
bool gm_query_find_allocation_meta(GmQuery *query, GmType api, unsigned *index);

// ---- scheduling: can upstream be pulled ----------------------------------------------------

// Sizes in bytes, maxsize -1: no limit; align: power-of-two minus one, as in GmAllocationParams.
GmQuery *gm_query_new_scheduling(void);
void gm_query_set_scheduling(GmQuery *query, GmSchedulingFlags flags, int minsize, int maxsize,
                             int align);
void gm_query_parse_scheduling(GmQuery *query, GmSchedulingFlags *flags, int *minsize,
                               int *maxsize, int *align);
void gm_query_add_scheduling_mode(GmQuery *query, GmPadMode mode);
unsigned gm_query_get_n_scheduling_modes(GmQuery *query);
GmPadMode gm_query_parse_nth_scheduling_mode(GmQuery *query, unsigned index);
bool gm_query_has_scheduling_mode(GmQuery *query, GmPadMode mode);
bool gm_query_has_scheduling_mode_with_flags(GmQuery *query, GmPadMode mode,
                                             GmSchedulingFlags flags);

#ifdef __cplusplus
}
#endif
#endif
