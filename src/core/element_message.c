// SPDX-License-Identifier: MIT
//
// element_message: what an element says (messages), is asked (queries) and is told (events).
#include "core/bus.h"
#include "core/element_priv.h"
#include "core/event.h"
#include "core/list.h"
#include "core/log.h"
#include "core/message.h"
#include "core/query.h"
#include "core/structure.h"
#include "core/util.h"
#include "core/value.h"

// ---- bus and messages -------------------------------------------------------------------

void gm_element_set_bus(GmElement *element, GmBus *bus)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    GM_ELEMENT_VFUNC(element, set_bus)(element, bus);
}

GmBus *gm_element_get_bus(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    GM_OBJECT_LOCK(element);
    GmBus *bus = element->bus != NULL ? gm_object_ref(element->bus) : NULL;
    GM_OBJECT_UNLOCK(element);
    return bus;
}

bool gm_element_default_post_message(GmElement *el, GmMessage *message)
{
    GmBus *bus = gm_element_get_bus(el);

    if (bus == NULL) {
        gm_message_unref(message);
        return false;
    }
    bool posted = gm_bus_post(bus, message);
    gm_object_unref(bus);
    return posted;
}

bool gm_element_post_message(GmElement *element, GmMessage *message)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(message != NULL)) return false;
    return GM_ELEMENT_VFUNC(element, post_message)(element, message);
}

char *gm_element_error_printf(const char *format, ...)
{
    va_list args;

    if (format == NULL)
        return NULL;
    va_start(args, format);
    char *text = gm_strdup_vprintf(format, args);
    va_end(args);
    return text;
}

void gm_element_message_full_with_details(GmElement *element, int type, GmQuark domain, int code,
                                          char *text, char *debug, const char *file,
                                          const char *function, int line, GmStructure *structure)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    if (!GM_REQUIRE(type == GM_MESSAGE_ERROR || type == GM_MESSAGE_WARNING ||
                    type == GM_MESSAGE_INFO)) return;
    if (text == NULL || *text == '\0') {
        gm_free(text);
        text = gm_error_get_message(domain, code);
    }
    char *path  = gm_object_get_path_string(GM_OBJECT(element));
    char *where = gm_strdup_printf("%s(%d): %s (): %s%s%s", file, line, function, path,
                                   debug != NULL && *debug != '\0' ? ":\n" : "",
                                   debug != NULL ? debug : "");
    GmError *error = gm_error_new_literal(domain, code, text);
    GmObject *src = GM_OBJECT(element);

    GM_WARNING_OBJECT(element, "posting message: %s", text);
    gm_element_post_message(
        element,
        type == GM_MESSAGE_ERROR ? gm_message_new_error_with_details(src, error, where, structure)
        : type == GM_MESSAGE_WARNING
            ? gm_message_new_warning_with_details(src, error, where, structure)
            : gm_message_new_info_with_details(src, error, where, structure));
    gm_error_free(error);
    gm_free(where);
    gm_free(path);
    gm_free(text);
    gm_free(debug);
}

void gm_element_message_full(GmElement *element, int type, GmQuark domain, int code, char *text,
                             char *debug, const char *file, const char *function, int line)
{
    gm_element_message_full_with_details(element, type, domain, code, text, debug, file, function,
                                         line, NULL);
}

// ---- property watches -------------------------------------------------------------------

typedef struct {
    GmElement *element; // the watch ends with it: borrowed
    bool include_value;
} PropertyWatch;

static void element_post_property(PropertyWatch *watch, GmObject *object, const GmProperty *prop)
{
    GmValue value = GM_VALUE_INIT;
    bool readable = prop->flags == 0 || (prop->flags & GM_PARAM_READABLE) != 0;

    if (watch->include_value && readable)
        gm_object_get_property(object, prop->name, &value);
    gm_element_post_message(watch->element,
                            gm_message_new_property_notify(object, prop->name,
                                                           GM_IS_VALUE(&value) ? &value : NULL));
}

static void element_on_notify(GmObject *object, const GmProperty *prop, void *watch)
{
    element_post_property(watch, object, prop);
}

static void element_on_deep_notify(GmObject *object, GmObject *origin, const GmProperty *prop,
                                   void *watch)
{
    (void)object;
    element_post_property(watch, origin, prop);
}

static unsigned long element_watch(GmElement *element, const char *signal, const char *property,
                                   GmCallback callback, bool include_value)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return 0;
    PropertyWatch *watch = gm_new0(PropertyWatch, 1);
    char *name = gm_strdup_printf("%s%s%s", signal, property != NULL ? "::" : "",
                                  property != NULL ? property : "");

    *watch = (PropertyWatch){ element, include_value };
    unsigned long id = gm_signal_connect_data(element, name, callback, watch, gm_free, 0);
    gm_free(name);
    return id;
}

unsigned long gm_element_add_property_notify_watch(GmElement *element, const char *property_name,
                                                   bool include_value)
{
    return element_watch(element, "notify", property_name, GM_CALLBACK(element_on_notify),
                         include_value);
}

unsigned long gm_element_add_property_deep_notify_watch(GmElement *element,
                                                        const char *property_name,
                                                        bool include_value)
{
    return element_watch(element, "deep-notify", property_name,
                         GM_CALLBACK(element_on_deep_notify), include_value);
}

void gm_element_remove_property_notify_watch(GmElement *element, unsigned long watch_id)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    gm_signal_handler_disconnect(element, watch_id);
}

// ---- events -----------------------------------------------------------------------------

// A pad of the list, linked if asked for. Gives, or NULL.
static GmPad *element_some_pad(GmElement *el, GmList **list, bool need_linked)
{
    GmPad *found = NULL;

    GM_OBJECT_LOCK(el);
    for (GmList *l = *list; l != NULL && found == NULL; l = l->next) {
        GM_OBJECT_LOCK(l->data);
        if (!need_linked || GM_PAD_IS_LINKED(l->data))
            found = l->data;
        GM_OBJECT_UNLOCK(l->data);
    }
    if (found != NULL)
        gm_object_ref(found);
    GM_OBJECT_UNLOCK(el);
    return found;
}

bool gm_element_default_send_event(GmElement *el, GmEvent *event)
{
    GmPad *pad = element_some_pad(el, GM_EVENT_IS_DOWNSTREAM(event) ? &el->sinkpads
                                                                    : &el->srcpads, true);
    if (pad == NULL) {
        gm_event_unref(event);
        return false;
    }
    bool ok = gm_pad_send_event(pad, event);
    gm_object_unref(pad);
    return ok;
}

bool gm_element_send_event(GmElement *element, GmEvent *event)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(event != NULL)) return false;
    // Keeps the element in its state while the event travels.
    GM_STATE_LOCK(element);
    bool ok = GM_ELEMENT_VFUNC(element, send_event)(element, event);
    GM_STATE_UNLOCK(element);
    return ok;
}

bool gm_element_seek(GmElement *element, double rate, GmFormat format, GmSeekFlags flags,
                     GmSeekType start_type, int64_t start, GmSeekType stop_type, int64_t stop)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    return gm_element_send_event(element, gm_event_new_seek(rate, format, flags, start_type, start,
                                                            stop_type, stop));
}

bool gm_element_seek_simple(GmElement *element, GmFormat format, GmSeekFlags seek_flags,
                            int64_t seek_pos)
{
    if (!GM_REQUIRE(seek_pos >= 0)) return false;
    return gm_element_seek(element, 1.0, format, seek_flags, GM_SEEK_TYPE_SET, seek_pos,
                           GM_SEEK_TYPE_NONE, -1);
}

// ---- queries ----------------------------------------------------------------------------

bool gm_element_default_query(GmElement *el, GmQuery *query)
{
    bool ok = false;
    GmPad *pad = element_some_pad(el, &el->srcpads, false);

    if (pad != NULL) {
        ok = gm_pad_query(pad, query);
    } else if ((pad = element_some_pad(el, &el->sinkpads, true)) != NULL) {
        // A sink without an answer of its own asks upstream.
        GmPad *peer = gm_pad_get_peer(pad);
        if (peer != NULL) {
            ok = gm_pad_query(peer, query);
            gm_object_unref(peer);
        }
    }
    if (pad != NULL)
        gm_object_unref(pad);
    return ok;
}

bool gm_element_query(GmElement *element, GmQuery *query)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(query != NULL)) return false;
    return GM_ELEMENT_VFUNC(element, query)(element, query);
}

bool gm_element_query_position(GmElement *element, GmFormat format, int64_t *cur)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(format != GM_FORMAT_UNDEFINED)) return false;
    GmQuery *query = gm_query_new_position(format);
    bool ok = gm_element_query(element, query);
    int64_t value = -1;

    if (ok)
        gm_query_parse_position(query, NULL, &value);
    if (cur != NULL)
        *cur = value;
    gm_query_unref(query);
    return ok;
}

bool gm_element_query_duration(GmElement *element, GmFormat format, int64_t *duration)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(format != GM_FORMAT_UNDEFINED)) return false;
    GmQuery *query = gm_query_new_duration(format);
    bool ok = gm_element_query(element, query);
    int64_t value = -1;

    if (ok)
        gm_query_parse_duration(query, NULL, &value);
    if (duration != NULL)
        *duration = value;
    gm_query_unref(query);
    return ok;
}

bool gm_element_query_convert(GmElement *element, GmFormat src_format, int64_t src_val,
                              GmFormat dest_format, int64_t *dest_val)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(dest_format != GM_FORMAT_UNDEFINED && dest_val != NULL)) return false;
    if (dest_format == src_format || src_val == -1) {
        *dest_val = src_val;
        return true;
    }
    GmQuery *query = gm_query_new_convert(src_format, src_val, dest_format);
    bool ok = gm_element_query(element, query);

    *dest_val = -1;
    if (ok)
        gm_query_parse_convert(query, NULL, NULL, NULL, dest_val);
    gm_query_unref(query);
    return ok;
}
