// SPDX-License-Identifier: MIT
//
// fakesrc: makes buffers out of nothing, as fast as they are taken.
//
//     fakesrc num-buffers=10 sizetype=fixed sizemax=100  -->  [src]
//
// The source to try a pipeline with, and the one benchmarks start from. What it pushes, how
// big and filled with what are properties.
// Read next: elements/core/fakesink.c, core/base/base_src.h.

#include <stdlib.h>
#include <string.h>

#include "core/enums.h"
#include "elements/core/last_message.h"

enum { FILL_NOTHING = 1, FILL_ZERO, FILL_RANDOM, FILL_PATTERN, FILL_PATTERN_SPAN };
enum { DATA_ALLOCATE = 1, DATA_SUBBUFFER };
enum { SIZE_EMPTY = 1, SIZE_FIXED, SIZE_RANDOM };

static const GmEnumTable fakesrc_fill_type = {
    "GmFakeSrcFillType",
    (const GmEnumValue[]){ { FILL_NOTHING, "Leave data as malloced", "nothing" },
                           { FILL_ZERO, "Fill buffers with zeros", "zero" },
                           { FILL_RANDOM, "Fill buffers with random data", "random" },
                           { FILL_PATTERN, "Fill buffers with pattern 0x00 -> 0xff", "pattern" },
                           { FILL_PATTERN_SPAN,
                             "Fill buffers with pattern 0x00 -> 0xff that spans buffers",
                             "pattern-span" },
                           { 0, NULL, NULL } },
    false
};
static const GmEnumTable fakesrc_data_type = {
    "GmFakeSrcDataType",
    (const GmEnumValue[]){ { DATA_ALLOCATE, "Allocate data", "allocate" },
                           { DATA_SUBBUFFER, "Subbuffer data", "subbuffer" },
                           { 0, NULL, NULL } },
    false
};
static const GmEnumTable fakesrc_size_type = {
    "GmFakeSrcSizeType",
    (const GmEnumValue[]){ { SIZE_EMPTY, "Send empty buffers", "empty" },
                           { SIZE_FIXED, "Fixed size buffers (sizemax sized)", "fixed" },
                           { SIZE_RANDOM, "Random sized buffers (sizemin <= size <= sizemax)",
                             "random" },
                           { 0, NULL, NULL } },
    false
};

typedef struct {
    // properties: frozen while streaming
    int   filltype, data, sizetype, sizemin, sizemax, parentsize, datarate, format;
    bool  sync, silent, dump, signal_handoffs, is_live, can_push, can_pull;
    char *last_message; // guarded by the object lock
    // streaming thread only
    GmBuffer *parent;       // what sub-buffers are cut from
    size_t    parentoffset;
    uint64_t  bytes_sent;
    uint8_t   pattern_byte;
    uint32_t  random; // state of a xorshift generator
} FakeSrc;

static uint32_t fakesrc_random(FakeSrc *s)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 17;
    s->random ^= s->random << 5;
    return s->random;
}

static void fakesrc_fill_bytes(FakeSrc *s, uint8_t *bytes, size_t size)
{
    switch (s->filltype) {
    case FILL_ZERO:
        memset(bytes, 0, size);
        break;
    case FILL_RANDOM:
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)fakesrc_random(s);
        break;
    case FILL_PATTERN:
        s->pattern_byte = 0; // fall through
    case FILL_PATTERN_SPAN:
        for (size_t i = 0; i < size; i++)
            bytes[i] = s->pattern_byte++;
        break;
    default:
        break;
    }
}

static size_t fakesrc_next_size(FakeSrc *s)
{
    switch (s->sizetype) {
    case SIZE_FIXED:
        return (size_t)s->sizemax;
    case SIZE_RANDOM:
        if (s->sizemax <= s->sizemin)
            return (size_t)s->sizemin;
        return (size_t)s->sizemin + fakesrc_random(s) % (uint32_t)(s->sizemax - s->sizemin);
    default:
        return 0;
    }
}

// A piece of the parent buffer, shared; a new parent when the old one is used up. NULL: no memory.
static GmBuffer *fakesrc_cut(FakeSrc *s, size_t size)
{
    size_t parentsize = (size_t)s->parentsize > size ? (size_t)s->parentsize : size;

    if (s->parent && gm_buffer_get_size(s->parent) - s->parentoffset < size)
        gm_clear_buffer(&s->parent);
    if (!s->parent) {
        s->parent = gm_buffer_new_allocate(NULL, parentsize, NULL);
        s->parentoffset = 0;
    }
    if (!s->parent)
        return NULL;
    GmBuffer *buffer = gm_buffer_copy_region(s->parent, GM_BUFFER_COPY_ALL, s->parentoffset, size);
    s->parentoffset += size;
    return buffer;
}

static GmBuffer *fakesrc_make(FakeSrc *s, size_t size)
{
    GmMapInfo map;
    GmBuffer *buffer;

    if (size == 0)
        return gm_buffer_new();
    if (s->data == DATA_SUBBUFFER)
        buffer = fakesrc_cut(s, size);
    else
        buffer = gm_buffer_new_allocate(NULL, size, NULL);
    if (buffer && s->filltype != FILL_NOTHING && gm_buffer_map(buffer, &map, GM_MAP_WRITE)) {
        fakesrc_fill_bytes(s, map.data, map.size);
        gm_buffer_unmap(buffer, &map);
    }
    return buffer;
}

static GmFlowReturn fakesrc_create(GmBaseSrc *src, uint64_t offset, unsigned length, GmBuffer **out)
{
    FakeSrc *s = gm_priv(src);
    size_t size = fakesrc_next_size(s);
    GmBuffer *buffer = fakesrc_make(s, size);
    GmMapInfo map;

    (void)length;
    if (!buffer) {
        GM_ELEMENT_ERROR(src, RESOURCE, NO_SPACE_LEFT, (NULL),
                         ("could not allocate a buffer of %zu bytes; try a smaller sizemax", size));
        return GM_FLOW_ERROR;
    }
    GM_BUFFER_OFFSET(buffer) = offset;
    if (s->datarate > 0) {
        GM_BUFFER_PTS(buffer) = gm_util_uint64_scale_int(s->bytes_sent, GM_SECOND, s->datarate);
        GM_BUFFER_DURATION(buffer) = gm_util_uint64_scale_int(size, GM_SECOND, s->datarate);
    } else if (s->is_live) {
        GM_BUFFER_PTS(buffer) = gm_element_get_current_running_time(GM_ELEMENT(src));
    }
    GM_BUFFER_DTS(buffer) = GM_BUFFER_PTS(buffer);
    if (s->dump && gm_buffer_map(buffer, &map, GM_MAP_READ)) {
        gm_util_dump_mem(map.data, (unsigned)map.size);
        gm_buffer_unmap(buffer, &map);
    }
    if (!s->silent)
        gm_last_message_set(src, &s->last_message,
                            gm_last_message_for_buffer("create  ", src->srcpad, buffer));
    if (s->signal_handoffs)
        gm_signal_emit_by_name(src, "handoff", buffer, src->srcpad);
    s->bytes_sent += size;
    *out = buffer;
    return GM_FLOW_OK;
}

static void fakesrc_get_times(GmBaseSrc *src, GmBuffer *buffer, GmClockTime *start,
                              GmClockTime *end)
{
    FakeSrc *s = gm_priv(src);
    GmClockTime time = GM_BUFFER_DTS_OR_PTS(buffer);

    if (!s->sync || !GM_CLOCK_TIME_IS_VALID(time))
        return;
    *start = time;
    if (GM_BUFFER_DURATION_IS_VALID(buffer))
        *end = time + GM_BUFFER_DURATION(buffer);
}

static bool fakesrc_is_seekable(GmBaseSrc *src)
{
    return ((FakeSrc *)gm_priv(src))->is_live == false && src->segment.format == GM_FORMAT_BYTES;
}

static bool fakesrc_start(GmBaseSrc *src)
{
    FakeSrc *s = gm_priv(src);

    s->pattern_byte = 0;
    s->bytes_sent = 0;
    s->random = 2463534242u; // any start but zero will do
    gm_base_src_set_format(src, (GmFormat)s->format);
    return true;
}

static bool fakesrc_stop(GmBaseSrc *src)
{
    FakeSrc *s = gm_priv(src);

    if (s->parent)
        gm_clear_buffer(&s->parent);
    GM_OBJECT_LOCK(src);
    free(s->last_message);
    s->last_message = NULL;
    GM_OBJECT_UNLOCK(src);
    return true;
}

// Properties that the base class acts on.
static void fakesrc_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    FakeSrc *s = gm_priv(obj);
    GmBaseSrc *src = GM_BASE_SRC(obj);

    (void)value;
    if (strcmp(prop->name, "is-live") == 0)
        gm_base_src_set_live(src, s->is_live);
    GM_OBJECT_LOCK(obj);
    src->can_activate_push = s->can_push;
    src->random_access = s->can_pull;
    GM_OBJECT_UNLOCK(obj);
}

static const GmStaticPadTemplate fakesrc_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC }, { 0 }
};

static const GmProperty fakesrc_props[] = {
    { "can-activate-pull", "Can activate in pull mode", GM_FIELD(FakeSrc, can_pull),
      .def = "true" },
    { "can-activate-push", "Can activate in push mode", GM_FIELD(FakeSrc, can_push),
      .def = "true" },
    { "data", "Data allocation method", GM_ENUM_FIELD(FakeSrc, data, &fakesrc_data_type),
      .def = "allocate" },
    { "datarate", "Timestamps buffers with number of bytes per second (0 = none)",
      GM_FIELD(FakeSrc, datarate), .max = INT_MAX },
    { "dump", "Dump buffer contents to stdout", GM_FIELD(FakeSrc, dump) },
    { "filltype", "How to fill the buffer, if at all",
      GM_ENUM_FIELD(FakeSrc, filltype, &fakesrc_fill_type), .def = "nothing" },
    { "format", "The format of the segment events", GM_ENUM_FIELD(FakeSrc, format, &gm_format_enum),
      .def = "bytes" },
    { "is-live", "True if the element cannot produce data in PAUSED", GM_FIELD(FakeSrc, is_live) },
    { "last-message", "The last status message", GM_FIELD(FakeSrc, last_message),
      .flags = GM_PARAM_READABLE },
    { "parentsize", "Size of parent buffer for sub-buffered allocation",
      GM_FIELD(FakeSrc, parentsize),
      .def = "40960", .max = INT_MAX },
    { "signal-handoffs", "Send a signal before pushing the buffer",
      GM_FIELD(FakeSrc, signal_handoffs) },
    { "silent", "Don't produce last_message events", GM_FIELD(FakeSrc, silent), .def = "true" },
    { "sizemax", "Maximum buffer size", GM_FIELD(FakeSrc, sizemax), .def = "4096", .max = INT_MAX },
    { "sizemin", "Minimum buffer size", GM_FIELD(FakeSrc, sizemin), .max = INT_MAX },
    { "sizetype", "How to determine buffer sizes",
      GM_ENUM_FIELD(FakeSrc, sizetype, &fakesrc_size_type),
      .def = "empty" },
    { "sync", "Sync to the clock to the datarate", GM_FIELD(FakeSrc, sync) },
    { 0 }
};

static const GmSignal fakesrc_signals[] = {
    { "handoff", gm_marshal_pointer2,
      "void (GmElement *el, GmBuffer *buffer, GmPad *pad, void *user_data)",
      NULL },
    { 0 }
};

static const GmBaseSrcOps fakesrc_ops = {
    .start = fakesrc_start,
    .stop = fakesrc_stop,
    .is_seekable = fakesrc_is_seekable,
    .get_times = fakesrc_get_times,
    .create = fakesrc_create,
};

const GmElementClass gm_fakesrc_class = {
    .name = "fakesrc",
    .type_name = "GmFakeSrc",
    .parent = &gm_base_src_class.object,
    .longname = "Fake Source",
    .klass = "Source",
    .description = "Push empty (no data) buffers around",
    .author = "The GstMini authors",
    .priv_size = sizeof(FakeSrc),
    .props = fakesrc_props,
    .signals = fakesrc_signals,
    .pads = fakesrc_pads,
    .set_property = fakesrc_set_property,
    .src = &fakesrc_ops,
};
