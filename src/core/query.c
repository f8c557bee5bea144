// SPDX-License-Identifier: MIT
//
// query: see core/query.h. The contents of each type are a line of the table below; what comes
// in any number (pools, allocators, metas, ranges, modes) stands in lists beside the structure.
#include "core/query.h"

#include <string.h>

#include "core/buffer_pool.h"
#include "core/caps.h"
#include "core/context.h"
#include "core/enums.h"
#include "core/error.h"
#include "core/form_priv.h"
#include "core/structure.h"
#include "core/util.h"

static GmForm query_forms[] = {
    { .type = GM_QUERY_UNKNOWN, .type_name = "unknown" },
    { .type = GM_QUERY_POSITION, .type_name = "position",
      .spec = "GstQueryPosition format:F current:l" },
    { .type = GM_QUERY_DURATION, .type_name = "duration",
      .spec = "GstQueryDuration format:F duration:l" },
    { .type = GM_QUERY_LATENCY, .type_name = "latency",
      .spec = "GstQueryLatency live:b min-latency:U max-latency:U" },
    { .type = GM_QUERY_JITTER, .type_name = "jitter" },
    { .type = GM_QUERY_RATE, .type_name = "rate" },
    { .type = GM_QUERY_SEEKING, .type_name = "seeking",
      .spec = "GstQuerySeeking format:F seekable:b segment-start:l segment-end:l" },
    { .type = GM_QUERY_SEGMENT, .type_name = "segment",
      .spec = "GstQuerySegment rate:d format:F start_value:l stop_value:l" },
    { .type = GM_QUERY_CONVERT, .type_name = "convert",
      .spec = "GstQueryConvert src_format:F src_value:l dest_format:F dest_value:l" },
    { .type = GM_QUERY_FORMATS, .type_name = "formats", .spec = "GstQueryFormats" },
    { .type = GM_QUERY_BUFFERING, .type_name = "buffering",
      .spec = "GstQueryBuffering busy:b buffer-percent:i buffering-mode:B avg-in-rate:i "
              "avg-out-rate:i buffering-left:l estimated-total:l format:F start_value:l "
              "stop_value:l" },
    { .type = GM_QUERY_CUSTOM, .type_name = "custom" },
    { .type = GM_QUERY_URI, .type_name = "uri",
      .spec = "GstQueryURI uri:s ? uri-redirection:s uri-redirection-permanent:b" },
    { .type = GM_QUERY_ALLOCATION, .type_name = "allocation",
      .spec = "GstQueryAllocation caps:C need-pool:b" },
    { .type = GM_QUERY_SCHEDULING, .type_name = "scheduling",
      .spec = "GstQueryScheduling flags:h minsize:i maxsize:i align:i" },
    { .type = GM_QUERY_ACCEPT_CAPS, .type_name = "accept-caps",
      .spec = "GstQueryAcceptCaps caps:C result:b" },
    { .type = GM_QUERY_CAPS, .type_name = "caps", .spec = "GstQueryCaps filter:C caps:C" },
    { .type = GM_QUERY_DRAIN, .type_name = "drain", .spec = "GstQueryDrain" },
    { .type = GM_QUERY_CONTEXT, .type_name = "context",
      .spec = "GstQueryContext context-type:s ? context:x" },
    { .type = GM_QUERY_BITRATE, .type_name = "bitrate",
      .spec = "GstQueryBitrate ? nominal-bitrate:u" },
    { .type = GM_QUERY_SELECTABLE, .type_name = "selectable",
      .spec = "GstQuerySelectable ? selectable:b" },
};

// One entry of any list; each list uses its own part.
typedef struct {
    GmObject    *object; // the pool or allocator, counted
    GmStructure *meta_params;
    union {
        struct { unsigned size, min_buffers, max_buffers; } pool;
        struct { int64_t start, stop; } range;
        GmAllocationParams params;
        GmType    api;
        GmPadMode mode;
    };
} QueryItem;
typedef enum { LIST_POOLS, LIST_PARAMS, LIST_METAS, LIST_RANGES, LIST_MODES, N_LISTS } QueryList;
struct GmQueryLists {
    struct { QueryItem *items; unsigned n; } list[N_LISTS];
};

const char *gm_query_type_get_name(GmQueryType type)
{
    return gm_form_type_name(query_forms, GM_LEN(query_forms), (int)type);
}

GmQuark gm_query_type_to_quark(GmQueryType type)
{
    return gm_form_type_quark(query_forms, GM_LEN(query_forms), (int)type);
}

GmQueryTypeFlags gm_query_type_get_flags(GmQueryType type)
{
    return (GmQueryTypeFlags)((unsigned)type & ((1u << GM_QUERY_NUM_SHIFT) - 1));
}

// ---- life -------------------------------------------------------------------------------

static void query_item_clear(QueryItem *item)
{
    gm_clear_object(&item->object);
    gm_clear_structure(&item->meta_params);
}

static void query_free(GmMiniObject *obj)
{
    GmQuery *query = (GmQuery *)obj;
    if (query->structure != NULL) {
        gm_structure_set_parent_refcount(query->structure, NULL);
        gm_structure_free(query->structure);
    }
    for (int l = 0; query->lists != NULL && l < N_LISTS; l++) {
        for (unsigned i = 0; i < query->lists->list[l].n; i++)
            query_item_clear(&query->lists->list[l].items[i]);
        gm_free(query->lists->list[l].items);
    }
    gm_free(query->lists);
    gm_free(query);
}

static QueryItem *query_append(GmQuery *query, QueryList list)
{
    if (query->lists == NULL)
        query->lists = gm_new0(struct GmQueryLists, 1);
    unsigned n = query->lists->list[list].n++;
    QueryItem **items = &query->lists->list[list].items;
    *items = gm_renew(QueryItem, *items, n + 1);
    (*items)[n] = (QueryItem) { .object = NULL };
    return &(*items)[n];
}

static GmMiniObject *query_copy(const GmMiniObject *obj)
{
    const GmQuery *query = (const GmQuery *)obj;
    GmQuery *copy = gm_query_new_custom(query->type, query->structure
                                                         ? gm_structure_copy(query->structure)
                                                         : NULL);
    for (int l = 0; query->lists != NULL && l < N_LISTS; l++) {
        for (unsigned i = 0; i < query->lists->list[l].n; i++) {
            QueryItem *item = query_append(copy, (QueryList)l);
            *item = query->lists->list[l].items[i];
            if (item->object != NULL)
                gm_object_ref(item->object);
            if (item->meta_params != NULL)
                item->meta_params = gm_structure_copy(item->meta_params);
        }
    }
    return &copy->mini_object;
}

GmQuery *gm_query_new_custom(GmQueryType type, GmStructure *structure)
{
    GmQuery *query = gm_new(GmQuery, 1);
    gm_mini_object_init(&query->mini_object, 0, GM_TYPE_QUERY, query_copy, NULL, query_free);
    query->type = type;
    query->structure = NULL;
    query->lists = NULL;
    if (structure != NULL) {
        if (!GM_REQUIRE(gm_structure_set_parent_refcount(structure,
                                                         &query->mini_object.refcount))) {
            gm_query_unref(query);
            return NULL;
        }
        query->structure = structure;
    }
    return query;
}

// A query with the values of its form, in order.
static GmQuery *query_new(GmQueryType type, ...)
{
    va_list values;
    va_start(values, type);
    GmForm *form = gm_form_find(query_forms, GM_LEN(query_forms), (int)type);
    GmQuery *query = gm_query_new_custom(type, gm_form_new(form, values));
    va_end(values);
    return query;
}

static bool query_is(const char *func, GmQuery *query, GmQueryType type, bool write)
{
    if (GM_UNLIKELY(!GM_IS_QUERY(query) || query->type != type))
        return gm_critical_failed(func, "GM_IS_QUERY (query) && query is of the function's type");
    if (GM_UNLIKELY(write && !gm_query_is_writable(query)))
        return gm_critical_failed(func, "gm_query_is_writable (query)");
    return true;
}

// n fields from `first` on, or all initial ones, to the pointers. False: one is missing.
static bool query_get(const char *func, GmQuery *query, GmQueryType type, const char *first,
                      unsigned n, ...)
{
    if (!query_is(func, query, type, false))
        return false;
    va_list pointers;
    va_start(pointers, n);
    GmForm *form = gm_form_find(query_forms, GM_LEN(query_forms), (int)type);
    bool all = gm_form_get(form, query->structure, first, n, pointers);
    va_end(pointers);
    return all;
}

static void query_set(const char *func, GmQuery *query, GmQueryType type, const char *first,
                      unsigned n, ...)
{
    if (!query_is(func, query, type, true))
        return;
    va_list values;
    va_start(values, n);
    gm_form_set(gm_form_find(query_forms, GM_LEN(query_forms), (int)type), query->structure,
                first, n, values);
    va_end(values);
}

const GmStructure *gm_query_get_structure(GmQuery *query)
{
    if (!GM_REQUIRE(GM_IS_QUERY(query))) return NULL;
    return query->structure;
}

GmStructure *gm_query_writable_structure(GmQuery *query)
{
    if (!GM_REQUIRE(GM_IS_QUERY(query) && gm_query_is_writable(query))) return NULL;
    return query->structure;
}

// ---- lists ------------------------------------------------------------------------------

static unsigned query_count(const char *func, GmQuery *query, GmQueryType type, QueryList list)
{
    if (!query_is(func, query, type, false) || query->lists == NULL)
        return 0;
    return query->lists->list[list].n;
}

// Entry `index`, or NULL and a critical.
static QueryItem *query_item(const char *func, GmQuery *query, GmQueryType type, QueryList list,
                             unsigned index, bool write)
{
    if (!query_is(func, query, type, write))
        return NULL;
    if (query->lists == NULL || index >= query->lists->list[list].n) {
        gm_critical_failed(func, "index < number of entries");
        return NULL;
    }
    return &query->lists->list[list].items[index];
}

static void query_remove(const char *func, GmQuery *query, QueryList list, unsigned index)
{
    QueryItem *item = query_item(func, query, GM_QUERY_ALLOCATION, list, index, true);
    if (item == NULL)
        return;
    query_item_clear(item);
    memmove(item, item + 1, sizeof *item * (--query->lists->list[list].n - index));
}

// ---- time, position, formats ------------------------------------------------------------

GmQuery *gm_query_new_position(GmFormat format)
{
    return query_new(GM_QUERY_POSITION, format, INT64_C(-1));
}

void gm_query_set_position(GmQuery *query, GmFormat format, int64_t cur)
{
    GmFormat asked = format;
    if (query_get(__func__, query, GM_QUERY_POSITION, "format", 1, &asked) &&
        GM_REQUIRE(format == asked))
        query_set(__func__, query, GM_QUERY_POSITION, "format", 2, format, cur);
}

void gm_query_parse_position(GmQuery *query, GmFormat *format, int64_t *cur)
{
    query_get(__func__, query, GM_QUERY_POSITION, NULL, 0, format, cur);
}

GmQuery *gm_query_new_duration(GmFormat format)
{
    return query_new(GM_QUERY_DURATION, format, INT64_C(-1));
}

void gm_query_set_duration(GmQuery *query, GmFormat format, int64_t duration)
{
    GmFormat asked = format;
    if (query_get(__func__, query, GM_QUERY_DURATION, "format", 1, &asked) &&
        GM_REQUIRE(format == asked))
        query_set(__func__, query, GM_QUERY_DURATION, "format", 2, format, duration);
}

void gm_query_parse_duration(GmQuery *query, GmFormat *format, int64_t *duration)
{
    query_get(__func__, query, GM_QUERY_DURATION, NULL, 0, format, duration);
}

GmQuery *gm_query_new_latency(void)
{
    return query_new(GM_QUERY_LATENCY, false, UINT64_C(0), GM_CLOCK_TIME_NONE);
}

void gm_query_set_latency(GmQuery *query, bool live, GmClockTime min_latency,
                          GmClockTime max_latency)
{
    if (!GM_REQUIRE(GM_CLOCK_TIME_IS_VALID(min_latency))) return;
    query_set(__func__, query, GM_QUERY_LATENCY, "live", 3, live, min_latency, max_latency);
}

void gm_query_parse_latency(GmQuery *query, bool *live, GmClockTime *min_latency,
                            GmClockTime *max_latency)
{
    query_get(__func__, query, GM_QUERY_LATENCY, NULL, 0, live, min_latency, max_latency);
}

GmQuery *gm_query_new_convert(GmFormat src_format, int64_t value, GmFormat dest_format)
{
    return query_new(GM_QUERY_CONVERT, src_format, value, dest_format, INT64_C(-1));
}

void gm_query_set_convert(GmQuery *query, GmFormat src_format, int64_t src_value,
                          GmFormat dest_format, int64_t dest_value)
{
    query_set(__func__, query, GM_QUERY_CONVERT, "src_format", 4, src_format, src_value,
              dest_format, dest_value);
}

void gm_query_parse_convert(GmQuery *query, GmFormat *src_format, int64_t *src_value,
                            GmFormat *dest_format, int64_t *dest_value)
{
    query_get(__func__, query, GM_QUERY_CONVERT, NULL, 0, src_format, src_value, dest_format,
              dest_value);
}

GmQuery *gm_query_new_segment(GmFormat format)
{
    return query_new(GM_QUERY_SEGMENT, 0.0, format, INT64_C(-1), INT64_C(-1));
}

void gm_query_set_segment(GmQuery *query, double rate, GmFormat format, int64_t start_value,
                          int64_t stop_value)
{
    query_set(__func__, query, GM_QUERY_SEGMENT, "rate", 4, rate, format, start_value, stop_value);
}

void gm_query_parse_segment(GmQuery *query, double *rate, GmFormat *format,
                            int64_t *start_value, int64_t *stop_value)
{
    query_get(__func__, query, GM_QUERY_SEGMENT, NULL, 0, rate, format, start_value, stop_value);
}

GmQuery *gm_query_new_seeking(GmFormat format)
{
    return query_new(GM_QUERY_SEEKING, format, false, INT64_C(-1), INT64_C(-1));
}

void gm_query_set_seeking(GmQuery *query, GmFormat format, bool seekable,
                          int64_t segment_start, int64_t segment_end)
{
    query_set(__func__, query, GM_QUERY_SEEKING, "format", 4, format, seekable, segment_start,
              segment_end);
}

void gm_query_parse_seeking(GmQuery *query, GmFormat *format, bool *seekable,
                            int64_t *segment_start, int64_t *segment_end)
{
    query_get(__func__, query, GM_QUERY_SEEKING, NULL, 0, format, seekable, segment_start,
              segment_end);
}

GmQuery *gm_query_new_formats(void)
{
    return query_new(GM_QUERY_FORMATS);
}

void gm_query_set_formats(GmQuery *query, int n_formats, ...)
{
    if (!GM_REQUIRE(n_formats >= 0)) return;
    GmFormat *formats = gm_new(GmFormat, n_formats);
    va_list args;
    va_start(args, n_formats);
    for (int i = 0; i < n_formats; i++)
        formats[i] = (GmFormat)va_arg(args, int);
    va_end(args);
    gm_query_set_formatsv(query, n_formats, formats);
    gm_free(formats);
}

void gm_query_set_formatsv(GmQuery *query, int n_formats, const GmFormat *formats)
{
    if (!query_is(__func__, query, GM_QUERY_FORMATS, true) || !GM_REQUIRE(n_formats >= 0)) return;
    GmValue list = GM_VALUE_INIT;
    gm_value_init(&list, GM_TYPE_LIST);
    for (int i = 0; i < n_formats; i++) {
        GmValue item = GM_VALUE_INIT;
        gm_value_init(&item, gm_type_register_enum(&gm_format_enum));
        gm_value_set_enum(&item, (int)formats[i]);
        gm_value_list_append_and_take_value(&list, &item);
    }
    gm_structure_take_value(query->structure, "formats", &list);
}

void gm_query_parse_n_formats(GmQuery *query, unsigned *n_formats)
{
    if (!query_is(__func__, query, GM_QUERY_FORMATS, false) || n_formats == NULL)
        return;
    const GmValue *list = gm_structure_get_value(query->structure, "formats");
    *n_formats = list != NULL ? gm_value_list_get_size(list) : 0;
}

void gm_query_parse_nth_format(GmQuery *query, unsigned nth, GmFormat *format)
{
    if (!query_is(__func__, query, GM_QUERY_FORMATS, false) || format == NULL)
        return;
    const GmValue *list = gm_structure_get_value(query->structure, "formats");
    *format = list != NULL && nth < gm_value_list_get_size(list)
                  ? (GmFormat)gm_value_get_enum(gm_value_list_get_value(list, nth))
                  : GM_FORMAT_UNDEFINED;
}

// ---- buffering --------------------------------------------------------------------------

GmQuery *gm_query_new_buffering(GmFormat format)
{
    return query_new(GM_QUERY_BUFFERING, false, 100, GM_BUFFERING_STREAM, -1, -1, INT64_C(0),
                     INT64_C(-1), format, INT64_C(-1), INT64_C(-1));
}

void gm_query_set_buffering_percent(GmQuery *query, bool busy, int percent)
{
    if (!GM_REQUIRE(percent >= 0 && percent <= 100)) return;
    query_set(__func__, query, GM_QUERY_BUFFERING, "busy", 2, busy, percent);
}

void gm_query_parse_buffering_percent(GmQuery *query, bool *busy, int *percent)
{
    query_get(__func__, query, GM_QUERY_BUFFERING, "busy", 2, busy, percent);
}

void gm_query_set_buffering_stats(GmQuery *query, GmBufferingMode mode, int avg_in, int avg_out,
                                  int64_t buffering_left)
{
    query_set(__func__, query, GM_QUERY_BUFFERING, "buffering-mode", 4, mode, avg_in, avg_out,
              buffering_left);
}

void gm_query_parse_buffering_stats(GmQuery *query, GmBufferingMode *mode, int *avg_in,
                                    int *avg_out, int64_t *buffering_left)
{
    query_get(__func__, query, GM_QUERY_BUFFERING, "buffering-mode", 4, mode, avg_in, avg_out,
              buffering_left);
}

void gm_query_set_buffering_range(GmQuery *query, GmFormat format, int64_t start, int64_t stop,
                                  int64_t estimated_total)
{
    query_set(__func__, query, GM_QUERY_BUFFERING, "estimated-total", 4, estimated_total, format,
              start, stop);
}

void gm_query_parse_buffering_range(GmQuery *query, GmFormat *format, int64_t *start,
                                    int64_t *stop, int64_t *estimated_total)
{
    query_get(__func__, query, GM_QUERY_BUFFERING, "estimated-total", 4, estimated_total, format,
              start, stop);
}

bool gm_query_add_buffering_range(GmQuery *query, int64_t start, int64_t stop)
{
    if (!query_is(__func__, query, GM_QUERY_BUFFERING, true) || start >= stop)
        return false;
    unsigned n = gm_query_get_n_buffering_ranges(query);
    if (n > 0 && query->lists->list[LIST_RANGES].items[n - 1].range.start >= start)
        return false;
    QueryItem *item = query_append(query, LIST_RANGES);
    item->range.start = start;
    item->range.stop = stop;
    return true;
}

unsigned gm_query_get_n_buffering_ranges(GmQuery *query)
{
    return query_count(__func__, query, GM_QUERY_BUFFERING, LIST_RANGES);
}

bool gm_query_parse_nth_buffering_range(GmQuery *query, unsigned index, int64_t *start,
                                        int64_t *stop)
{
    QueryItem *item = query_item(__func__, query, GM_QUERY_BUFFERING, LIST_RANGES, index, false);
    if (item != NULL && start != NULL)
        *start = item->range.start;
    if (item != NULL && stop != NULL)
        *stop = item->range.stop;
    return item != NULL;
}

// ---- uri, caps, context and other short ones ----------------------------------------------

GmQuery *gm_query_new_uri(void)
{
    return query_new(GM_QUERY_URI, NULL);
}

void gm_query_set_uri(GmQuery *query, const char *uri)
{
    query_set(__func__, query, GM_QUERY_URI, "uri", 1, uri);
}

void gm_query_parse_uri(GmQuery *query, char **uri)
{
    const char *text = NULL;
    query_get(__func__, query, GM_QUERY_URI, "uri", 1, &text);
    if (uri != NULL)
        *uri = gm_strdup(text);
}

void gm_query_set_uri_redirection(GmQuery *query, const char *uri)
{
    query_set(__func__, query, GM_QUERY_URI, "uri-redirection", 1, uri);
}

void gm_query_parse_uri_redirection(GmQuery *query, char **uri)
{
    const char *text = NULL;
    query_get(__func__, query, GM_QUERY_URI, "uri-redirection", 1, &text);
    if (uri != NULL)
        *uri = gm_strdup(text);
}

void gm_query_set_uri_redirection_permanent(GmQuery *query, bool permanent)
{
    query_set(__func__, query, GM_QUERY_URI, "uri-redirection-permanent", 1, permanent);
}

void gm_query_parse_uri_redirection_permanent(GmQuery *query, bool *permanent)
{
    query_get(__func__, query, GM_QUERY_URI, "uri-redirection-permanent", 1, permanent);
}

GmQuery *gm_query_new_accept_caps(GmCaps *caps)
{
    if (!GM_REQUIRE(caps != NULL && gm_caps_is_fixed(caps))) return NULL;
    return query_new(GM_QUERY_ACCEPT_CAPS, caps, false);
}

void gm_query_parse_accept_caps(GmQuery *query, GmCaps **caps)
{
    query_get(__func__, query, GM_QUERY_ACCEPT_CAPS, "caps", 1, caps);
}

void gm_query_set_accept_caps_result(GmQuery *query, bool result)
{
    query_set(__func__, query, GM_QUERY_ACCEPT_CAPS, "result", 1, result);
}

void gm_query_parse_accept_caps_result(GmQuery *query, bool *result)
{
    query_get(__func__, query, GM_QUERY_ACCEPT_CAPS, "result", 1, result);
}

GmQuery *gm_query_new_caps(GmCaps *filter)
{
    return query_new(GM_QUERY_CAPS, filter, NULL);
}

void gm_query_parse_caps(GmQuery *query, GmCaps **filter)
{
    query_get(__func__, query, GM_QUERY_CAPS, "filter", 1, filter);
}

void gm_query_set_caps_result(GmQuery *query, GmCaps *caps)
{
    query_set(__func__, query, GM_QUERY_CAPS, "caps", 1, caps);
}

void gm_query_parse_caps_result(GmQuery *query, GmCaps **caps)
{
    query_get(__func__, query, GM_QUERY_CAPS, "caps", 1, caps);
}

GmQuery *gm_query_new_drain(void)
{
    return query_new(GM_QUERY_DRAIN);
}

GmQuery *gm_query_new_context(const char *context_type)
{
    if (!GM_REQUIRE(context_type != NULL)) return NULL;
    return query_new(GM_QUERY_CONTEXT, context_type);
}

bool gm_query_parse_context_type(GmQuery *query, const char **context_type)
{
    return query_get(__func__, query, GM_QUERY_CONTEXT, "context-type", 1, context_type);
}

void gm_query_set_context(GmQuery *query, GmContext *context)
{
    const char *asked;
    if (!query_get(__func__, query, GM_QUERY_CONTEXT, "context-type", 1, &asked)) return;
    if (!GM_REQUIRE(context != NULL && gm_context_has_context_type(context, asked))) return;
    query_set(__func__, query, GM_QUERY_CONTEXT, "context", 1, context);
}

void gm_query_parse_context(GmQuery *query, GmContext **context)
{
    query_get(__func__, query, GM_QUERY_CONTEXT, "context", 1, context);
}

GmQuery *gm_query_new_bitrate(void)
{
    return query_new(GM_QUERY_BITRATE);
}

void gm_query_set_bitrate(GmQuery *query, unsigned nominal_bitrate)
{
    query_set(__func__, query, GM_QUERY_BITRATE, "nominal-bitrate", 1, nominal_bitrate);
}

void gm_query_parse_bitrate(GmQuery *query, unsigned *nominal_bitrate)
{
    query_get(__func__, query, GM_QUERY_BITRATE, "nominal-bitrate", 1, nominal_bitrate);
}

GmQuery *gm_query_new_selectable(void)
{
    return query_new(GM_QUERY_SELECTABLE);
}

void gm_query_set_selectable(GmQuery *query, bool selectable)
{
    query_set(__func__, query, GM_QUERY_SELECTABLE, "selectable", 1, selectable);
}

void gm_query_parse_selectable(GmQuery *query, bool *selectable)
{
    query_get(__func__, query, GM_QUERY_SELECTABLE, "selectable", 1, selectable);
}

// ---- allocation -------------------------------------------------------------------------

GmQuery *gm_query_new_allocation(GmCaps *caps, bool need_pool)
{
    return query_new(GM_QUERY_ALLOCATION, caps, need_pool);
}

void gm_query_parse_allocation(GmQuery *query, GmCaps **caps, bool *need_pool)
{
    query_get(__func__, query, GM_QUERY_ALLOCATION, NULL, 0, caps, need_pool);
}

static void query_fill_pool(QueryItem *item, GmBufferPool *pool, unsigned size, unsigned min,
                            unsigned max)
{
    gm_object_replace(&item->object, (GmObject *)pool);
    item->pool.size = size;
    item->pool.min_buffers = min;
    item->pool.max_buffers = max;
}

void gm_query_add_allocation_pool(GmQuery *query, GmBufferPool *pool, unsigned size,
                                  unsigned min_buffers, unsigned max_buffers)
{
    if (query_is(__func__, query, GM_QUERY_ALLOCATION, true))
        query_fill_pool(query_append(query, LIST_POOLS), pool, size, min_buffers, max_buffers);
}

unsigned gm_query_get_n_allocation_pools(GmQuery *query)
{
    return query_count(__func__, query, GM_QUERY_ALLOCATION, LIST_POOLS);
}

void gm_query_parse_nth_allocation_pool(GmQuery *query, unsigned index, GmBufferPool **pool,
                                        unsigned *size, unsigned *min_buffers,
                                        unsigned *max_buffers)
{
    QueryItem *item = query_item(__func__, query, GM_QUERY_ALLOCATION, LIST_POOLS, index, false);
    if (item == NULL)
        return;
    if (pool != NULL)
        *pool = item->object ? gm_object_ref(item->object) : NULL;
    if (size != NULL)
        *size = item->pool.size;
    if (min_buffers != NULL)
        *min_buffers = item->pool.min_buffers;
    if (max_buffers != NULL)
        *max_buffers = item->pool.max_buffers;
}

void gm_query_set_nth_allocation_pool(GmQuery *query, unsigned index, GmBufferPool *pool,
                                      unsigned size, unsigned min_buffers,
                                      unsigned max_buffers)
{
    QueryItem *item = query_item(__func__, query, GM_QUERY_ALLOCATION, LIST_POOLS, index, true);
    if (item != NULL)
        query_fill_pool(item, pool, size, min_buffers, max_buffers);
}

void gm_query_remove_nth_allocation_pool(GmQuery *query, unsigned index)
{
    query_remove(__func__, query, LIST_POOLS, index);
}

static void query_fill_param(QueryItem *item, GmAllocator *allocator,
                             const GmAllocationParams *params)
{
    gm_object_replace(&item->object, (GmObject *)allocator);
    if (params != NULL)
        item->params = *params;
    else
        gm_allocation_params_init(&item->params);
}

void gm_query_add_allocation_param(GmQuery *query, GmAllocator *allocator,
                                   const GmAllocationParams *params)
{
    if (!GM_REQUIRE(allocator != NULL || params != NULL)) return;
    if (query_is(__func__, query, GM_QUERY_ALLOCATION, true))
        query_fill_param(query_append(query, LIST_PARAMS), allocator, params);
}

unsigned gm_query_get_n_allocation_params(GmQuery *query)
{
    return query_count(__func__, query, GM_QUERY_ALLOCATION, LIST_PARAMS);
}

void gm_query_parse_nth_allocation_param(GmQuery *query, unsigned index,
                                         GmAllocator **allocator, GmAllocationParams *params)
{
    QueryItem *item = query_item(__func__, query, GM_QUERY_ALLOCATION, LIST_PARAMS, index, false);
    if (item != NULL && allocator != NULL)
        *allocator = item->object ? gm_object_ref(item->object) : NULL;
    if (item != NULL && params != NULL)
        *params = item->params;
}

void gm_query_set_nth_allocation_param(GmQuery *query, unsigned index, GmAllocator *allocator,
                                       const GmAllocationParams *params)
{
    QueryItem *item = query_item(__func__, query, GM_QUERY_ALLOCATION, LIST_PARAMS, index, true);
    if (item != NULL)
        query_fill_param(item, allocator, params);
}

void gm_query_remove_nth_allocation_param(GmQuery *query, unsigned index)
{
    query_remove(__func__, query, LIST_PARAMS, index);
}

void gm_query_add_allocation_meta(GmQuery *query, GmType api, const GmStructure *params)
{
    if (!GM_REQUIRE(api != 0) || !query_is(__func__, query, GM_QUERY_ALLOCATION, true)) return;
    QueryItem *item = query_append(query, LIST_METAS);
    item->api = api;
    item->meta_params = params ? gm_structure_copy(params) : NULL;
}

unsigned gm_query_get_n_allocation_metas(GmQuery *query)
{
    return query_count(__func__, query, GM_QUERY_ALLOCATION, LIST_METAS);
}

GmType gm_query_parse_nth_allocation_meta(GmQuery *query, unsigned index,
                                          const GmStructure **params)
{
    QueryItem *item = query_item(__func__, query, GM_QUERY_ALLOCATION, LIST_METAS, index, false);
    if (item != NULL && params != NULL)
        *params = item->meta_params;
    return item != NULL ? item->api : 0;
}

void gm_query_remove_nth_allocation_meta(GmQuery *query, unsigned index)
{
    query_remove(__func__, query, LIST_METAS, index);
}

bool gm_query_find_allocation_meta(GmQuery *query, GmType api, unsigned *index)
{
    unsigned n = query_count(__func__, query, GM_QUERY_ALLOCATION, LIST_METAS);
    for (unsigned i = 0; i < n; i++) {
        if (query->lists->list[LIST_METAS].items[i].api != api)
            continue;
        if (index != NULL)
            *index = i;
        return true;
    }
    return false;
}

// ---- scheduling -------------------------------------------------------------------------

GmQuery *gm_query_new_scheduling(void)
{
    return query_new(GM_QUERY_SCHEDULING, 0u, 1, -1, 0);
}

void gm_query_set_scheduling(GmQuery *query, GmSchedulingFlags flags, int minsize, int maxsize,
                             int align)
{
    query_set(__func__, query, GM_QUERY_SCHEDULING, "flags", 4, flags, minsize, maxsize, align);
}

void gm_query_parse_scheduling(GmQuery *query, GmSchedulingFlags *flags, int *minsize,
                               int *maxsize, int *align)
{
    query_get(__func__, query, GM_QUERY_SCHEDULING, NULL, 0, flags, minsize, maxsize, align);
}

void gm_query_add_scheduling_mode(GmQuery *query, GmPadMode mode)
{
    if (query_is(__func__, query, GM_QUERY_SCHEDULING, true))
        query_append(query, LIST_MODES)->mode = mode;
}

unsigned gm_query_get_n_scheduling_modes(GmQuery *query)
{
    return query_count(__func__, query, GM_QUERY_SCHEDULING, LIST_MODES);
}

GmPadMode gm_query_parse_nth_scheduling_mode(GmQuery *query, unsigned index)
{
    QueryItem *item = query_item(__func__, query, GM_QUERY_SCHEDULING, LIST_MODES, index, false);
    return item != NULL ? item->mode : GM_PAD_MODE_NONE;
}

bool gm_query_has_scheduling_mode(GmQuery *query, GmPadMode mode)
{
    unsigned n = query_count(__func__, query, GM_QUERY_SCHEDULING, LIST_MODES);
    for (unsigned i = 0; i < n; i++) {
        if (query->lists->list[LIST_MODES].items[i].mode == mode)
            return true;
    }
    return false;
}

bool gm_query_has_scheduling_mode_with_flags(GmQuery *query, GmPadMode mode,
                                             GmSchedulingFlags flags)
{
    GmSchedulingFlags has = 0;
    query_get(__func__, query, GM_QUERY_SCHEDULING, "flags", 1, &has);
    return (has & flags) == flags && gm_query_has_scheduling_mode(query, mode);
}
