// SPDX-License-Identifier: MIT
//
// object_signal: callbacks by name, and "notify".
//
// The handlers of an object are a list in order of connection. An emission walks it by growing
// id, takes each handler under the lock and calls it without: handlers may connect, disconnect
// and emit; what is connected during an emission is not called by it.
#include <string.h>

#include "core/object_priv.h"
#include "core/util.h"

struct GmSignalHandler {
    GmSignalHandler *next;
    unsigned long    id;
    const GmSignal  *signal;
    GmQuark          detail; // 0: any
    GmCallback       callback;
    void            *data;
    GmDestroyNotify  destroy;
    // guarded by the object lock
    int              uses;    // the list's and the running calls
    int              blocked;
    bool             gone;    // disconnected while a call runs
};

static void signal_marshal_notify(GmCallback callback, GmObject *obj, void *data, va_list args)
{
    const GmProperty *prop = va_arg(args, const GmProperty *);

    ((void (*)(GmObject *, const GmProperty *, void *))callback)(obj, prop, data);
}

static void signal_marshal_deep_notify(GmCallback callback, GmObject *obj, void *data, va_list args)
{
    GmObject *origin = va_arg(args, GmObject *);
    const GmProperty *prop = va_arg(args, const GmProperty *);

    ((void (*)(GmObject *, GmObject *, const GmProperty *, void *))callback)(obj, origin, prop,
                                                                             data);
}

static const GmSignal signal_notify = { "notify", signal_marshal_notify, NULL, NULL };
static const GmSignal signal_deep_notify = { "deep-notify", signal_marshal_deep_notify, NULL,
                                             NULL };

const GmSignal *gm_object_class_find_signal(const GmObjectClass *klass, const char *name)
{
    if (!GM_REQUIRE(klass != NULL && name != NULL)) return NULL;
    for (; klass != NULL; klass = klass->parent)
        for (const GmSignal *s = klass->signals; s != NULL && s->name != NULL; s++)
            if (gm_object_name_equal(name, s->name))
                return s;
    if (gm_object_name_equal(name, "notify"))
        return &signal_notify;
    return gm_object_name_equal(name, "deep-notify") ? &signal_deep_notify : NULL;
}

// The row of "name" or "name::detail", or NULL.
static const GmSignal *signal_find(const GmObject *obj, const char *name, GmQuark *detail)
{
    const char *colons = strstr(name, "::");

    *detail = 0;
    if (colons == NULL)
        return gm_object_class_find_signal(obj->klass, name);
    char *head = gm_strndup(name, (size_t)(colons - name));
    const GmSignal *signal = gm_object_class_find_signal(obj->klass, head);
    *detail = gm_quark_from_string(colons + 2);
    gm_free(head);
    return signal;
}

// Gives up one use of a handler; the lock is held. True: the caller finishes it off.
static bool signal_handler_release(GmSignalHandler *h)
{
    return --h->uses == 0;
}

static void signal_handler_free(GmSignalHandler *h)
{
    if (h->destroy != NULL)
        h->destroy(h->data);
    gm_free(h);
}

unsigned long gm_signal_connect_data(void *object, const char *signal, GmCallback callback,
                                     void *user_data, GmDestroyNotify destroy, unsigned flags)
{
    static _Atomic unsigned long next_id;
    GmObject *obj = object;
    GmQuark detail;

    (void)flags;
    if (!GM_REQUIRE(obj != NULL && signal != NULL && callback != NULL)) return 0;
    const GmSignal *row = signal_find(obj, signal, &detail);
    if (row == NULL) {
        gm_critical(__func__, "'%s' (%s) has no signal '%s'", obj->name ? obj->name : "",
                    gm_object_get_type_name(obj), signal);
        return 0;
    }
    GmSignalHandler *h = gm_new0(GmSignalHandler, 1);
    *h = (GmSignalHandler){ .signal = row, .detail = detail, .callback = callback,
                            .data = user_data, .destroy = destroy, .uses = 1 };
    GM_OBJECT_LOCK(obj);
    GmSignalHandler **p = &gm_object_extra(obj)->handlers;
    while (*p != NULL)
        p = &(*p)->next;
    *p = h;
    unsigned long id = h->id = atomic_fetch_add(&next_id, 1) + 1;
    GM_OBJECT_UNLOCK(obj);
    return id;
}

unsigned long (gm_signal_connect)(void *obj, const char *signal, GmCallback callback,
                                  void *user_data)
{
    return gm_signal_connect_data(obj, signal, callback, user_data, NULL, 0);
}

// The place in the list of the handler with this id (0: of any); the lock is held.
static GmSignalHandler **signal_handler_place(GmObject *obj, unsigned long id)
{
    GmObjectExtra *extra = obj->extra;
    GmSignalHandler **p = extra ? &extra->handlers : NULL;

    while (p != NULL && *p != NULL && id != 0 && (*p)->id != id)
        p = &(*p)->next;
    return p != NULL && *p != NULL ? p : NULL;
}

static bool signal_disconnect(GmObject *obj, unsigned long id)
{
    GmSignalHandler *h = NULL;
    bool last = false;

    GM_OBJECT_LOCK(obj);
    GmSignalHandler **p = signal_handler_place(obj, id);
    if (p != NULL) {
        h = *p;
        *p = h->next;
        h->gone = true;
        last = signal_handler_release(h);
    }
    GM_OBJECT_UNLOCK(obj);
    if (last)
        signal_handler_free(h);
    return h != NULL;
}

void gm_signal_handler_disconnect(void *obj, unsigned long id)
{
    if (!GM_REQUIRE(obj != NULL && id != 0)) return;
    if (!signal_disconnect(obj, id))
        gm_critical(__func__, "'%s' has no handler with id %lu", GM_OBJECT_NAME(obj), id);
}

void gm_object_disconnect_all(GmObject *obj)
{
    while (signal_disconnect(obj, 0))
        ;
}

static void signal_block(GmObject *obj, unsigned long id, int change)
{
    GM_OBJECT_LOCK(obj);
    GmSignalHandler **p = signal_handler_place(obj, id);
    if (p != NULL && (*p)->blocked + change >= 0)
        (*p)->blocked += change;
    GM_OBJECT_UNLOCK(obj);
}

void gm_signal_handler_block(void *obj, unsigned long id)
{
    if (!GM_REQUIRE(obj != NULL && id != 0)) return;
    signal_block(obj, id, 1);
}

void gm_signal_handler_unblock(void *obj, unsigned long id)
{
    if (!GM_REQUIRE(obj != NULL && id != 0)) return;
    signal_block(obj, id, -1);
}

// The next handler behind `after` to be called, with one use taken; NULL: no more. *limit, if 0,
// becomes the highest id there is now.
static GmSignalHandler *signal_next(GmObject *obj, const GmSignal *signal, GmQuark detail,
                                    unsigned long after, unsigned long *limit)
{
    GmSignalHandler *found = NULL;

    GM_OBJECT_LOCK(obj);
    GmObjectExtra *extra = obj->extra;
    bool first = *limit == 0;
    for (GmSignalHandler *h = extra ? extra->handlers : NULL; h != NULL; h = h->next) {
        if (first)
            *limit = h->id;
        if (found == NULL && h->signal == signal && h->id > after && h->id <= *limit &&
            h->blocked == 0 && (h->detail == 0 || h->detail == detail)) {
            found = h;
            h->uses++;
        }
    }
    GM_OBJECT_UNLOCK(obj);
    return found;
}

static void signal_emit(GmObject *obj, const GmSignal *signal, GmQuark detail, va_list args)
{
    unsigned long after = 0, limit = 0;
    GmSignalHandler *h;

    if (GM_LIKELY(obj->extra == NULL && signal->action == NULL))
        return; // nobody was ever connected
    gm_object_ref(obj);
    while ((h = signal_next(obj, signal, detail, after, &limit)) != NULL) {
        va_list own;
        va_copy(own, args);
        signal->marshal(h->callback, obj, h->data, own);
        va_end(own);
        after = h->id;
        GM_OBJECT_LOCK(obj);
        bool last = signal_handler_release(h);
        GM_OBJECT_UNLOCK(obj);
        if (last)
            signal_handler_free(h);
    }
    if (signal->action != NULL) {
        va_list own;
        va_copy(own, args);
        signal->marshal(signal->action, obj, NULL, own);
        va_end(own);
    }
    gm_object_unref(obj);
}

void gm_signal_emit_by_name(void *obj, const char *name, ...)
{
    GmQuark detail;
    va_list args;

    if (!GM_REQUIRE(obj != NULL && name != NULL)) return;
    const GmSignal *signal = signal_find(obj, name, &detail);
    if (signal == NULL) {
        gm_critical(__func__, "'%s' (%s) has no signal '%s'", GM_OBJECT_NAME(obj),
                    gm_object_get_type_name(obj), name);
        return;
    }
    va_start(args, name);
    signal_emit(obj, signal, detail, args);
    va_end(args);
}

bool gm_signal_has_handler(void *obj, const char *name)
{
    bool has = false;

    if (!GM_REQUIRE(obj != NULL && name != NULL)) return false;
    GM_OBJECT_LOCK(obj);
    GmObjectExtra *extra = GM_OBJECT_CAST(obj)->extra;
    for (GmSignalHandler *h = extra ? extra->handlers : NULL; h != NULL && !has; h = h->next)
        has = h->blocked == 0 && gm_object_name_equal(name, h->signal->name);
    GM_OBJECT_UNLOCK(obj);
    return has;
}

// ---- notify -----------------------------------------------------------------------------

static void signal_emit_row(GmObject *obj, const GmSignal *signal, GmQuark detail, ...)
{
    va_list args;

    va_start(args, detail);
    signal_emit(obj, signal, detail, args);
    va_end(args);
}

void gm_object_notify_property(GmObject *obj, const GmProperty *prop)
{
    // No number for the name: nobody has ever asked for this one alone.
    GmQuark detail = gm_quark_try_string(prop->name);

    signal_emit_row(obj, &signal_notify, detail, prop);
    GmObject *at = gm_object_get_parent(obj);
    while (at != NULL) {
        signal_emit_row(at, &signal_deep_notify, detail, obj, prop);
        GmObject *parent = gm_object_get_parent(at);
        gm_object_unref(at);
        at = parent;
    }
}

void gm_object_notify(void *obj, const char *name)
{
    if (!GM_REQUIRE(obj != NULL && name != NULL)) return;
    const GmProperty *prop = gm_object_find_property(obj, name);
    if (prop != NULL)
        gm_object_notify_property(obj, prop);
    else
        gm_critical(__func__, "'%s' has no property '%s'", GM_OBJECT_NAME(obj), name);
}

// ---- marshallers: gm_marshal_ARGUMENTS__RESULT --------------------------------------------

void gm_marshal_void(GmCallback f, GmObject *obj, void *data, va_list args)
{
    (void)args;
    ((void (*)(GmObject *, void *))f)(obj, data);
}

void gm_marshal_pointer(GmCallback f, GmObject *obj, void *data, va_list args)
{
    ((void (*)(GmObject *, void *, void *))f)(obj, va_arg(args, void *), data);
}

void gm_marshal_pointer2(GmCallback f, GmObject *obj, void *data, va_list args)
{
    void *a = va_arg(args, void *), *b = va_arg(args, void *);

    ((void (*)(GmObject *, void *, void *, void *))f)(obj, a, b, data);
}

void gm_marshal_pointer3(GmCallback f, GmObject *obj, void *data, va_list args)
{
    void *a = va_arg(args, void *), *b = va_arg(args, void *), *c = va_arg(args, void *);

    ((void (*)(GmObject *, void *, void *, void *, void *))f)(obj, a, b, c, data);
}

void gm_marshal_uint(GmCallback f, GmObject *obj, void *data, va_list args)
{
    ((void (*)(GmObject *, unsigned, void *))f)(obj, va_arg(args, unsigned), data);
}

void gm_marshal_uint64__bool(GmCallback f, GmObject *obj, void *data, va_list args)
{
    uint64_t a = va_arg(args, uint64_t);
    bool *ret = va_arg(args, bool *);
    bool result = ((bool (*)(GmObject *, uint64_t, void *))f)(obj, a, data);

    if (ret != NULL)
        *ret = result;
}

void gm_marshal__int(GmCallback f, GmObject *obj, void *data, va_list args)
{
    int *ret = va_arg(args, int *), result = ((int (*)(GmObject *, void *))f)(obj, data);

    if (ret != NULL)
        *ret = result;
}

void gm_marshal_pointer__int(GmCallback f, GmObject *obj, void *data, va_list args)
{
    void *a = va_arg(args, void *);
    int *ret = va_arg(args, int *);
    int result = ((int (*)(GmObject *, void *, void *))f)(obj, a, data);

    if (ret != NULL)
        *ret = result;
}

void gm_marshal__pointer(GmCallback f, GmObject *obj, void *data, va_list args)
{
    void **ret = va_arg(args, void **), *result = ((void *(*)(GmObject *, void *))f)(obj, data);

    if (ret != NULL)
        *ret = result;
}

void gm_marshal_uint64__pointer(GmCallback f, GmObject *obj, void *data, va_list args)
{
    uint64_t a = va_arg(args, uint64_t);
    void **ret = va_arg(args, void **);
    void *result = ((void *(*)(GmObject *, uint64_t, void *))f)(obj, a, data);

    if (ret != NULL)
        *ret = result;
}
