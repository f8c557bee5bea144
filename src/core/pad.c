// SPDX-License-Identifier: MIT
//
// pad: making and ending pads, their functions, names, properties, internal links.
// The rest of a pad lives in pad_link.c, pad_activate.c, pad_push.c, pad_event.c, pad_query.c
// and pad_probe.c; pad_priv.h has the map.
// Read next: pad_push.c.
#include <string.h>

#include "core/caps.h"
#include "core/element.h"
#include "core/error.h"
#include "core/event.h"
#include "core/iterator.h"
#include "core/pad_priv.h"
#include "core/pad_template.h"
#include "core/query.h"
#include "core/task.h"
#include "core/util.h"
#include "core/value.h"

// ---- names of flow returns -----------------------------------------------------------------

static const struct { GmFlowReturn ret; const char *name; } flow_names[] = {
    { GM_FLOW_CUSTOM_SUCCESS, "custom-success" }, { GM_FLOW_OK, "ok" },
    { GM_FLOW_NOT_LINKED, "not-linked" },         { GM_FLOW_FLUSHING, "flushing" },
    { GM_FLOW_EOS, "eos" },                       { GM_FLOW_NOT_NEGOTIATED, "not-negotiated" },
    { GM_FLOW_ERROR, "error" },                   { GM_FLOW_NOT_SUPPORTED, "not-supported" },
    { GM_FLOW_CUSTOM_ERROR, "custom-error" },
};

static const char *pad_flow_name(int ret)
{
    if (ret > GM_FLOW_CUSTOM_SUCCESS)
        ret = GM_FLOW_CUSTOM_SUCCESS;
    if (ret < GM_FLOW_CUSTOM_ERROR)
        ret = GM_FLOW_CUSTOM_ERROR;
    for (size_t i = 0; i < GM_LEN(flow_names); i++)
        if ((int)flow_names[i].ret == ret)
            return flow_names[i].name;
    return NULL;
}

const char *gm_flow_get_name(GmFlowReturn ret)
{
    const char *name = pad_flow_name(ret);
    return name != NULL ? name : "unknown";
}

GmQuark gm_flow_to_quark(GmFlowReturn ret)
{
    const char *name = pad_flow_name(ret);
    return name != NULL ? gm_quark_from_string(name) : 0;
}

// ---- life ----------------------------------------------------------------------------------

static bool pad_activate_default(GmPad *pad, GmObject *parent)
{
    return gm_pad_activate_mode_internal(pad, parent, GM_PAD_MODE_PUSH, true);
}

static void pad_init(GmObject *obj)
{
    GmPad *pad = GM_PAD(obj);

    pad->activatefunc = pad_activate_default;
    pad->eventfunc = gm_pad_event_default;
    pad->queryfunc = gm_pad_query_default;
    pad->iterintlinkfunc = gm_pad_iterate_internal_links_default;
    pad->chainlistfunc = gm_pad_chain_list_default;
    GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_FLUSHING | GM_PAD_FLAG_NOT_PUSH |
                                GM_PAD_FLAG_EVENTS_CHANGED);
    pad->last_flowret = GM_FLOW_FLUSHING;
    gm_rec_mutex_init(&pad->stream_rec_lock);
    gm_cond_init(&pad->block_cond);
}

static void pad_dispose(GmObject *obj)
{
    GmPad *pad = GM_PAD(obj);
    GmPad *peer = gm_pad_get_peer(pad);

    if (peer != NULL) {
        gm_pad_unlink(GM_PAD_IS_SRC(pad) ? pad : peer, GM_PAD_IS_SRC(pad) ? peer : pad);
        gm_object_unref(peer);
    }
    gm_pad_set_template(pad, NULL);
    GM_OBJECT_LOCK(pad);
    gm_pad_clear_events(pad);
    gm_pad_clear_probes(pad);
    GM_OBJECT_UNLOCK(pad);
}

static void pad_finalize(GmObject *obj)
{
    GmPad *pad = GM_PAD(obj);

    if (pad->task != NULL) {
        gm_task_join(pad->task);
        gm_object_unref(pad->task);
    }
    const struct { GmDestroyNotify notify; void *data; } funcs[] = {
        { pad->activatenotify, pad->activatedata },
        { pad->activatemodenotify, pad->activatemodedata },
        { pad->linknotify, pad->linkdata },
        { pad->unlinknotify, pad->unlinkdata },
        { pad->chainnotify, pad->chaindata },
        { pad->chainlistnotify, pad->chainlistdata },
        { pad->getrangenotify, pad->getrangedata },
        { pad->eventnotify, pad->eventdata },
        { pad->querynotify, pad->querydata },
        { pad->iterintlinknotify, pad->iterintlinkdata },
    };
    for (size_t i = 0; i < GM_LEN(funcs); i++)
        if (funcs[i].notify != NULL)
            funcs[i].notify(funcs[i].data);
    gm_rec_mutex_clear(&pad->stream_rec_lock);
    gm_cond_clear(&pad->block_cond);
    gm_free(pad->events);
}

static void pad_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    GmPad *pad = GM_PAD(obj);

    if (strcmp(prop->name, "direction") == 0)
        pad->direction = (GmPadDirection)gm_value_get_enum(value);
    else if (strcmp(prop->name, "template") == 0)
        gm_pad_set_template(pad, gm_value_get_object(value));
    else if (strcmp(prop->name, "offset") == 0)
        gm_pad_set_offset(pad, gm_value_get_int64(value));
}

static void pad_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    GmPad *pad = GM_PAD(obj);

    if (strcmp(prop->name, "caps") == 0) {
        GmCaps *caps = gm_pad_get_current_caps(pad);
        gm_value_take_boxed(value, caps);
    } else if (strcmp(prop->name, "direction") == 0) {
        gm_value_set_enum(value, pad->direction);
    } else if (strcmp(prop->name, "template") == 0) {
        gm_value_set_object(value, pad->padtemplate);
    } else if (strcmp(prop->name, "offset") == 0) {
        gm_value_set_int64(value, gm_pad_get_offset(pad));
    }
}

static const GmEnumValue pad_direction_values[] = {
    { GM_PAD_UNKNOWN, "GM_PAD_UNKNOWN", "unknown" },
    { GM_PAD_SRC, "GM_PAD_SRC", "src" },
    { GM_PAD_SINK, "GM_PAD_SINK", "sink" },
    { 0, NULL, NULL },
};
static const GmEnumTable pad_direction_enum = { "GmPadDirection", pad_direction_values, false };

static const GmProperty pad_props[] = {
    { .name = "caps", .blurb = "The capabilities of the pad", GM_COMPUTED(GM_TYPE_CAPS),
      .flags = GM_PARAM_READABLE },
    { .name = "direction", .blurb = "The direction of the pad", GM_COMPUTED(GM_TYPE_ENUM),
      .enums = &pad_direction_enum, .flags = GM_PARAM_READWRITE | GM_PARAM_CONSTRUCT_ONLY },
    { .name = "template", .blurb = "The template of this pad", GM_COMPUTED(GM_TYPE_OBJECT),
      .object_class = &gm_pad_template_class },
    { .name = "offset", .blurb = "The running time offset of the pad",
      GM_COMPUTED(GM_TYPE_INT64) },
    { 0 },
};

static const GmSignal pad_signals[] = {
    { .name = "linked", .marshal = gm_marshal_pointer,
      .blurb = "void (GmPad *pad, GmPad *peer, void *data)" },
    { .name = "unlinked", .marshal = gm_marshal_pointer,
      .blurb = "void (GmPad *pad, GmPad *peer, void *data)" },
    { 0 },
};

const GmObjectClass gm_pad_class = {
    .name = "GmPad",
    .parent = &gm_object_class,
    .instance_size = sizeof(GmPad),
    .props = pad_props,
    .signals = pad_signals,
    .init = pad_init,
    .dispose = pad_dispose,
    .finalize = pad_finalize,
    .set_property = pad_set_property,
    .get_property = pad_get_property,
};

void gm_pad_set_template(GmPad *pad, GmPadTemplate *templ)
{
    GM_OBJECT_LOCK(pad);
    GmPadTemplate *old = pad->padtemplate;
    pad->padtemplate = templ != NULL ? gm_object_ref(templ) : NULL;
    GM_OBJECT_UNLOCK(pad);
    if (old != NULL)
        gm_object_unref(old);
    if (templ != NULL)
        gm_pad_template_pad_created(templ, pad);
}

GmPad *gm_pad_new(const char *name, GmPadDirection direction)
{
    GmPad *pad = gm_object_new(&gm_pad_class, NULL);

    if (name != NULL)
        gm_object_set_name(GM_OBJECT(pad), name);
    pad->direction = direction;
    return pad;
}

// Whether a row's function is set: those that are not leave the default.
static void pad_take_row(GmPad *pad, const GmStaticPadTemplate *row)
{
    pad->chainfunc = row->chain;
    pad->getrangefunc = row->getrange;
    pad->activatemodefunc = row->activate_mode;
    pad->linkfunc = row->link;
    pad->unlinkfunc = row->unlink;
    if (row->chain_list != NULL)
        pad->chainlistfunc = row->chain_list;
    if (row->event != NULL)
        pad->eventfunc = row->event;
    if (row->event_full != NULL)
        gm_pad_set_event_full_function(pad, row->event_full);
    if (row->query != NULL)
        pad->queryfunc = row->query;
    if (row->activate != NULL)
        pad->activatefunc = row->activate;
    if (row->iterate_internal_links != NULL)
        pad->iterintlinkfunc = row->iterate_internal_links;
    GM_OBJECT_FLAG_SET(pad, row->pad_flags);
}

GmPad *gm_pad_new_from_template(GmPadTemplate *templ, const char *name)
{
    if (!GM_REQUIRE(GM_IS_PAD_TEMPLATE(templ))) return NULL;
    GmPad *pad = gm_object_new(templ->pad_class ? templ->pad_class : &gm_pad_class, NULL);
    if (name != NULL)
        gm_object_set_name(GM_OBJECT(pad), name);
    pad->direction = templ->direction;
    gm_pad_set_template(pad, templ);
    if (templ->row != NULL)
        pad_take_row(pad, templ->row);
    return pad;
}

GmPad *gm_pad_new_from_static_template(const GmStaticPadTemplate *row, const char *name)
{
    GmPadTemplate *templ = gm_pad_template_new_from_static_pad_template(row);
    if (templ == NULL)
        return NULL;
    gm_object_ref_sink(templ);
    GmPad *pad = gm_pad_new_from_template(templ, name);
    gm_object_unref(templ);
    return pad;
}

// ---- functions -----------------------------------------------------------------------------

// Defines gm_pad_set_<name>_function_full; `field` names the three members of GmPad.
#define PAD_FUNCTION_SETTER(name, field, Type, only)                                            \
    void gm_pad_set_##name##_function_full(GmPad *pad, Type func, void *data,                   \
                                           GmDestroyNotify notify)                              \
    {                                                                                           \
        if (!GM_REQUIRE(GM_IS_PAD(pad)) || !GM_REQUIRE(only))                                   \
            return;                                                                             \
        if (pad->field##notify != NULL)                                                         \
            pad->field##notify(pad->field##data);                                               \
        pad->field##func = func;                                                                \
        pad->field##data = data;                                                                \
        pad->field##notify = notify;                                                            \
    }
PAD_FUNCTION_SETTER(activate, activate, GmPadActivateFunction, true)
PAD_FUNCTION_SETTER(activatemode, activatemode, GmPadActivateModeFunction, true)
PAD_FUNCTION_SETTER(chain, chain, GmPadChainFunction, GM_PAD_IS_SINK(pad))
PAD_FUNCTION_SETTER(chain_list, chainlist, GmPadChainListFunction, GM_PAD_IS_SINK(pad))
PAD_FUNCTION_SETTER(getrange, getrange, GmPadGetRangeFunction, GM_PAD_IS_SRC(pad))
PAD_FUNCTION_SETTER(query, query, GmPadQueryFunction, true)
PAD_FUNCTION_SETTER(link, link, GmPadLinkFunction, true)
PAD_FUNCTION_SETTER(unlink, unlink, GmPadUnlinkFunction, true)
PAD_FUNCTION_SETTER(iterate_internal_links, iterintlink, GmPadIterIntLinkFunction, true)

static void pad_set_event_functions(GmPad *pad, GmPadEventFunction event,
                                    GmPadEventFullFunction full, void *data,
                                    GmDestroyNotify notify)
{
    if (pad->eventnotify != NULL)
        pad->eventnotify(pad->eventdata);
    pad->eventfunc = event;
    pad->eventfullfunc = full;
    pad->eventdata = data;
    pad->eventnotify = notify;
}

void gm_pad_set_event_function_full(GmPad *pad, GmPadEventFunction event, void *data,
                                    GmDestroyNotify notify)
{
    if (GM_REQUIRE(GM_IS_PAD(pad)))
        pad_set_event_functions(pad, event, NULL, data, notify);
}

// For code that calls GM_PAD_EVENTFUNC of a pad with a full function.
static bool pad_event_wrap(GmPad *pad, GmObject *parent, GmEvent *event)
{
    return pad->eventfullfunc(pad, parent, event) == GM_FLOW_OK;
}

void gm_pad_set_event_full_function_full(GmPad *pad, GmPadEventFullFunction event, void *data,
                                         GmDestroyNotify notify)
{
    if (GM_REQUIRE(GM_IS_PAD(pad)))
        pad_set_event_functions(pad, pad_event_wrap, event, data, notify);
}

// ---- small things ----------------------------------------------------------------------------

GmElement *gm_pad_get_parent_element(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return NULL;
    GmObject *parent = gm_object_get_parent(GM_OBJECT(pad));
    if (parent != NULL && !GM_IS_ELEMENT(parent)) {
        gm_object_unref(parent);
        return NULL;
    }
    return GM_ELEMENT(parent);
}

GmPadDirection gm_pad_get_direction(GmPad *pad)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) ? pad->direction : GM_PAD_UNKNOWN;
}

GmPadTemplate *gm_pad_get_pad_template(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return NULL;
    GM_OBJECT_LOCK(pad);
    GmPadTemplate *templ = pad->padtemplate != NULL ? gm_object_ref(pad->padtemplate) : NULL;
    GM_OBJECT_UNLOCK(pad);
    return templ;
}

GmCaps *gm_pad_get_pad_template_caps(GmPad *pad)
{
    GmPadTemplate *templ = gm_pad_get_pad_template(pad);
    if (templ == NULL)
        return gm_caps_ref(GM_CAPS_ANY);
    GmCaps *caps = gm_pad_template_get_caps(templ);
    gm_object_unref(templ);
    return caps;
}

void gm_pad_set_element_private(GmPad *pad, void *priv)
{
    pad->element_private = priv;
}

void *gm_pad_get_element_private(GmPad *pad)
{
    return pad->element_private;
}

void gm_pad_use_fixed_caps(GmPad *pad)
{
    GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_FIXED_CAPS);
}

void gm_pad_mark_reconfigure(GmPad *pad)
{
    if (GM_REQUIRE(GM_IS_PAD(pad)))
        GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_NEED_RECONFIGURE);
}

bool gm_pad_needs_reconfigure(GmPad *pad)
{
    return GM_REQUIRE(GM_IS_PAD(pad)) && GM_PAD_NEEDS_RECONFIGURE(pad);
}

bool gm_pad_check_reconfigure(GmPad *pad)
{
    const unsigned bit = GM_PAD_FLAG_NEED_RECONFIGURE;
    return GM_REQUIRE(GM_IS_PAD(pad)) && GM_OBJECT_FLAG_IS_SET(pad, bit) &&
           (atomic_fetch_and(&GM_OBJECT_FLAGS(pad), ~bit) & bit);
}

// ---- internal links ----------------------------------------------------------------------------

GmIterator *gm_pad_iterate_internal_links_default(GmPad *pad, GmObject *parent)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return NULL;
    GmElement *el = parent != NULL && GM_IS_ELEMENT(parent) ? gm_object_ref(parent)
                                                            : gm_pad_get_parent_element(pad);
    if (el == NULL)
        return NULL;
    GM_OBJECT_LOCK(el);
    GmIterator *it = gm_iterator_new_list(GM_TYPE_OBJECT, GM_OBJECT_GET_LOCK(el),
                                          &el->pads_cookie,
                                          GM_PAD_IS_SRC(pad) ? &el->sinkpads : &el->srcpads,
                                          GM_OBJECT(el), NULL);
    GM_OBJECT_UNLOCK(el);
    gm_object_unref(el);
    return it;
}

GmIterator *gm_pad_iterate_internal_links(GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return NULL;
    GmObject *parent;
    GmIterator *it = NULL;
    GM_OBJECT_LOCK(pad);
    bool callable = pad_acquire_parent(pad, &parent);
    GM_OBJECT_UNLOCK(pad);
    if (!callable)
        return NULL;
    if (pad->iterintlinkfunc != NULL)
        it = pad->iterintlinkfunc(pad, parent);
    pad_release_parent(parent);
    return it;
}

bool gm_pad_forward(GmPad *pad, GmPadForwardFunction forward, void *user_data)
{
    GmIterator *it = gm_pad_iterate_internal_links(pad);
    GmValue item = GM_VALUE_INIT;
    GmList *done = NULL; // after a resync those already called are not called again
    bool stop = false;
    GmIteratorResult res;

    if (it == NULL)
        return false;
    while (!stop && ((res = gm_iterator_next(it, &item)) == GM_ITERATOR_OK ||
                     res == GM_ITERATOR_RESYNC)) {
        if (res == GM_ITERATOR_RESYNC) {
            gm_iterator_resync(it);
            continue;
        }
        GmPad *other = gm_value_get_object(&item);
        if (other != NULL && gm_list_find(done, other) == NULL) {
            stop = forward(other, user_data);
            done = gm_list_prepend(done, other);
        }
        gm_value_reset(&item);
    }
    if (GM_IS_VALUE(&item))
        gm_value_unset(&item);
    gm_iterator_free(it);
    gm_list_free(done);
    return stop;
}

typedef struct {
    GmPad *only;
    unsigned count;
} SingleLink;

static bool pad_count_link(GmPad *pad, void *data)
{
    SingleLink *single = data;

    if (single->count++ == 0)
        single->only = gm_object_ref(pad);
    return single->count > 1;
}

GmPad *gm_pad_get_single_internal_link(GmPad *pad)
{
    SingleLink single = { NULL, 0 };

    gm_pad_forward(pad, pad_count_link, &single);
    if (single.count > 1) {
        gm_object_unref(single.only);
        single.only = NULL;
    }
    return single.only;
}

// ---- stream ids ---------------------------------------------------------------------------------

static uint64_t pad_hash(const char *text, uint64_t h)
{
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3u; // FNV-1a
    return h;
}

// The id of what comes into the element, from its sink pad or URI, else a random one.
static char *pad_upstream_stream_id(GmElement *parent)
{
    static _Atomic uint64_t count;
    GmPad *sinkpad = gm_element_get_static_pad(parent, "sink");
    char *id = NULL, *uri = NULL;

    if (sinkpad != NULL) {
        id = gm_pad_get_stream_id(sinkpad);
        gm_object_unref(sinkpad);
    }
    if (id != NULL)
        return id;
    GmQuery *query = gm_query_new_uri();
    if (gm_element_query(parent, query))
        gm_query_parse_uri(query, &uri);
    gm_query_unref(query);
    if (uri == NULL)
        uri = gm_strdup_printf("random:%" PRIu64 ":%" PRIu64, gm_sync_real_time(), count++);
    id = gm_strdup_printf("%016" PRIx64 "%016" PRIx64, pad_hash(uri, 0xcbf29ce484222325u),
                          pad_hash(uri, 0x9e3779b97f4a7c15u));
    gm_free(uri);
    return id;
}

char *gm_pad_create_stream_id(GmPad *pad, GmElement *parent, const char *stream_id)
{
    if (!GM_REQUIRE(GM_IS_PAD(pad) && GM_PAD_IS_SRC(pad)) || !GM_REQUIRE(GM_IS_ELEMENT(parent)) ||
        !GM_REQUIRE(parent->numsinkpads <= 1) ||
        !GM_REQUIRE(parent->numsrcpads <= 1 || stream_id != NULL))
        return NULL;
    char *upstream = pad_upstream_stream_id(parent);
    if (stream_id == NULL)
        return upstream;
    char *id = gm_strdup_printf("%s/%s", upstream, stream_id);
    gm_free(upstream);
    return id;
}

char *gm_pad_create_stream_id_printf(GmPad *pad, GmElement *parent, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = format != NULL ? gm_strdup_vprintf(format, args) : NULL;
    va_end(args);
    char *id = gm_pad_create_stream_id(pad, parent, text);
    gm_free(text);
    return id;
}

char *gm_pad_get_stream_id(GmPad *pad)
{
    const char *id = NULL;

    if (!GM_REQUIRE(GM_IS_PAD(pad))) return NULL;
    GmEvent *event = gm_pad_get_sticky_event(pad, GM_EVENT_STREAM_START, 0);
    if (event == NULL)
        return NULL;
    gm_event_parse_stream_start(event, &id);
    char *copy = gm_strdup(id);
    gm_event_unref(event);
    return copy;
}
