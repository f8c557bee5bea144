// SPDX-License-Identifier: MIT
//
// bus: a ring of messages behind a mutex. See bus.h.
#include "core/bus.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "core/log.h"
#include "core/mainloop.h"
#include "core/util.h"

// A sync handler and its data, counted: it may be replaced while a thread is in it.
typedef struct {
    GmBusSyncHandler func;
    void *data;
    GmDestroyNotify notify;
    _Atomic int refs;
} BusHandler;

struct GmBus {
    GmObject   object;
    bool       enable_async; // property, construct only
    // guarded by lock
    GmMutex    lock;
    GmCond     cond;  // a message came, or flushing
    GmCond     freed; // a message posted with GM_BUS_ASYNC has been released
    GmMessage **ring;
    unsigned   size, head, count; // size: a power of two
    unsigned   waiters;
    bool       flushing;
    int        fd; // -1 until somebody asks
    BusHandler *handler;
    unsigned   watch_id, signal_watchers, sync_emitters;
};

// ---- the ring; lock held ------------------------------------------------------------------

static void bus_push(GmBus *bus, GmMessage *message)
{
    if (bus->count == bus->size) {
        unsigned size = bus->size != 0 ? bus->size * 2 : 16;
        GmMessage **ring = gm_new0(GmMessage *, size);
        for (unsigned i = 0; i < bus->count; i++)
            ring[i] = bus->ring[(bus->head + i) & (bus->size - 1)];
        gm_free(bus->ring);
        bus->ring = ring;
        bus->size = size;
        bus->head = 0;
    }
    bus->ring[(bus->head + bus->count++) & (bus->size - 1)] = message;
    if (bus->fd >= 0 && bus->count == 1)
        gm_wakeup_fd_raise(bus->fd);
    if (bus->waiters > 0)
        gm_cond_broadcast(&bus->cond);
}

static GmMessage *bus_take(GmBus *bus)
{
    if (bus->count == 0)
        return NULL;
    GmMessage *message = bus->ring[bus->head];
    bus->head = (bus->head + 1) & (bus->size - 1);
    if (--bus->count == 0 && bus->fd >= 0)
        gm_wakeup_fd_drain(bus->fd);
    return message;
}

static bool bus_wanted(const GmMessage *message, GmMessageType types)
{
    // Extended types are a class of their own in the mask, then compared whole.
    if (types == GM_MESSAGE_ANY)
        return true;
    if (message->type < 0)
        return ((int)types & (int)GM_MESSAGE_EXTENDED) != 0;
    return ((int)message->type & (int)types) != 0;
}

// ---- posting ----------------------------------------------------------------------------

static void bus_handler_unref(BusHandler *handler)
{
    if (handler == NULL || atomic_fetch_sub(&handler->refs, 1) != 1)
        return;
    if (handler->notify != NULL)
        handler->notify(handler->data);
    gm_free(handler);
}

typedef struct {
    GmBus *bus;
    bool   freed;
} BusAsync;

static void bus_on_freed(void *data, GmMiniObject *message)
{
    BusAsync *async = data;
    (void)message;

    gm_mutex_lock(&async->bus->lock);
    async->freed = true;
    gm_cond_broadcast(&async->bus->freed);
    gm_mutex_unlock(&async->bus->lock);
}

bool gm_bus_post(GmBus *bus, GmMessage *message)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return false;
    if (!GM_REQUIRE(GM_IS_MESSAGE(message))) return false;
    GmBusSyncReply reply = GM_BUS_PASS;

    gm_mutex_lock(&bus->lock);
    bool flushing = bus->flushing;
    BusHandler *handler = bus->handler;
    bool emit = bus->sync_emitters > 0;
    if (!flushing && (handler != NULL || emit)) {
        if (handler != NULL)
            atomic_fetch_add(&handler->refs, 1);
        gm_mutex_unlock(&bus->lock);
        if (handler != NULL) {
            reply = handler->func(bus, message, handler->data);
            bus_handler_unref(handler);
        }
        if (emit && reply != GM_BUS_DROP)
            gm_bus_sync_signal_handler(bus, message, NULL);
        gm_mutex_lock(&bus->lock);
        flushing = bus->flushing;
    }
    if (reply == GM_BUS_DROP) {
        gm_mutex_unlock(&bus->lock);
        return true;
    }
    if (flushing || !bus->enable_async) {
        gm_mutex_unlock(&bus->lock);
        gm_message_unref(message);
        return !flushing;
    }
    BusAsync async = { bus, reply != GM_BUS_ASYNC };
    if (reply == GM_BUS_ASYNC)
        gm_mini_object_weak_ref(&message->mini_object, bus_on_freed, &async);
    bus_push(bus, message);
    while (!async.freed)
        gm_cond_wait(&bus->freed, &bus->lock, GM_WAIT_BUS, bus);
    gm_mutex_unlock(&bus->lock);
    return true;
}

void gm_bus_set_sync_handler(GmBus *bus, GmBusSyncHandler func, void *user_data,
                             GmDestroyNotify notify)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return;
    BusHandler *handler = NULL;

    if (func != NULL) {
        handler = gm_new0(BusHandler, 1);
        handler->func   = func;
        handler->data   = user_data;
        handler->notify = notify;
        atomic_init(&handler->refs, 1);
    }
    gm_mutex_lock(&bus->lock);
    BusHandler *old = bus->handler;
    bus->handler = handler;
    gm_mutex_unlock(&bus->lock);
    bus_handler_unref(old);
}

void gm_bus_set_flushing(GmBus *bus, bool flushing)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return;
    gm_mutex_lock(&bus->lock);
    bus->flushing = flushing;
    for (GmMessage *m; flushing && (m = bus_take(bus)) != NULL;) {
        gm_mutex_unlock(&bus->lock); // releasing may call out
        gm_message_unref(m);
        gm_mutex_lock(&bus->lock);
    }
    gm_mutex_unlock(&bus->lock);
}

// ---- taking -----------------------------------------------------------------------------

bool gm_bus_have_pending(GmBus *bus)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return false;
    gm_mutex_lock(&bus->lock);
    bool pending = bus->count > 0;
    gm_mutex_unlock(&bus->lock);
    return pending;
}

GmMessage *gm_bus_peek(GmBus *bus)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return NULL;
    gm_mutex_lock(&bus->lock);
    GmMessage *message = bus->count > 0 ? gm_message_ref(bus->ring[bus->head]) : NULL;
    gm_mutex_unlock(&bus->lock);
    return message;
}

GmMessage *gm_bus_timed_pop_filtered(GmBus *bus, GmClockTime timeout, GmMessageType types)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return NULL;
    if (!GM_REQUIRE(types != GM_MESSAGE_UNKNOWN)) return NULL;
    if (!GM_REQUIRE(timeout == 0 || bus->enable_async)) return NULL;
    GmClockTime deadline = GM_CLOCK_TIME_NONE;
    bool in_time = timeout != 0;

    if (timeout != 0 && GM_CLOCK_TIME_IS_VALID(timeout) &&
        timeout < GM_CLOCK_TIME_NONE - gm_sync_now())
        deadline = gm_sync_now() + timeout;
    gm_mutex_lock(&bus->lock);
    for (;;) {
        GmMessage *message = bus_take(bus);
        if (message != NULL) {
            if (bus_wanted(message, types)) {
                gm_mutex_unlock(&bus->lock);
                return message;
            }
            gm_mutex_unlock(&bus->lock); // releasing may call out
            gm_message_unref(message);
            gm_mutex_lock(&bus->lock);
            continue;
        }
        if (!in_time)
            break;
        bus->waiters++;
        in_time = gm_cond_wait_until(&bus->cond, &bus->lock, deadline, GM_WAIT_BUS, bus);
        bus->waiters--;
    }
    gm_mutex_unlock(&bus->lock);
    return NULL;
}

GmMessage *gm_bus_timed_pop(GmBus *bus, GmClockTime timeout)
{
    return gm_bus_timed_pop_filtered(bus, timeout, GM_MESSAGE_ANY);
}

GmMessage *gm_bus_pop_filtered(GmBus *bus, GmMessageType types)
{
    return gm_bus_timed_pop_filtered(bus, 0, types);
}

GmMessage *gm_bus_pop(GmBus *bus)
{
    return gm_bus_timed_pop_filtered(bus, 0, GM_MESSAGE_ANY);
}

GmMessage *gm_bus_poll(GmBus *bus, GmMessageType events, GmClockTime timeout)
{
    return gm_bus_timed_pop_filtered(bus, timeout, events);
}

// ---- descriptor and watches ---------------------------------------------------------------

int gm_bus_get_fd(GmBus *bus)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return -1;
    gm_mutex_lock(&bus->lock);
    if (bus->fd < 0) {
        bus->fd = gm_wakeup_fd_new();
        if (bus->fd >= 0 && bus->count > 0)
            gm_wakeup_fd_raise(bus->fd);
    }
    int fd = bus->fd;
    gm_mutex_unlock(&bus->lock);
    return fd;
}

void gm_bus_get_pollfd(GmBus *bus, struct pollfd *fd)
{
    if (!GM_REQUIRE(fd != NULL)) return;
    *fd = (struct pollfd){ .fd = gm_bus_get_fd(bus), .events = POLLIN };
}

typedef struct {
    GmBus *bus; // counted
    GmBusFunc func;
    void *data;
    GmDestroyNotify notify;
} BusWatch;

static bool bus_watch_run(int fd, GmIOCondition condition, void *user_data)
{
    BusWatch *watch = user_data;
    GmMessage *message = gm_bus_pop(watch->bus);
    (void)fd, (void)condition;

    if (message == NULL)
        return true;
    bool keep = watch->func(watch->bus, message, watch->data);
    gm_message_unref(message);
    return keep;
}

static void bus_watch_free(void *user_data)
{
    BusWatch *watch = user_data;

    gm_mutex_lock(&watch->bus->lock);
    watch->bus->watch_id = 0;
    gm_mutex_unlock(&watch->bus->lock);
    if (watch->notify != NULL)
        watch->notify(watch->data);
    gm_object_unref(watch->bus);
    gm_free(watch);
}

unsigned gm_bus_add_watch_full(GmBus *bus, int priority, GmBusFunc func, void *user_data,
                               GmDestroyNotify notify)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return 0;
    if (!GM_REQUIRE(func != NULL)) return 0;
    int fd = gm_bus_get_fd(bus);

    gm_mutex_lock(&bus->lock);
    bool taken = bus->watch_id != 0;
    if (!taken)
        bus->watch_id = UINT_MAX; // until its number is known
    gm_mutex_unlock(&bus->lock);
    if (taken) {
        gm_critical(__func__, "Tried to add new watch while one was already there");
        return 0;
    }
    BusWatch *watch = gm_new0(BusWatch, 1);
    *watch = (BusWatch){ gm_object_ref(bus), func, user_data, notify };
    unsigned id = gm_unix_fd_add_full(priority, fd, GM_IO_IN, bus_watch_run, watch,
                                      bus_watch_free);
    gm_mutex_lock(&bus->lock);
    if (bus->watch_id == UINT_MAX)
        bus->watch_id = id;
    gm_mutex_unlock(&bus->lock);
    return id;
}

unsigned gm_bus_add_watch(GmBus *bus, GmBusFunc func, void *user_data)
{
    return gm_bus_add_watch_full(bus, GM_PRIORITY_DEFAULT, func, user_data, NULL);
}

static bool bus_end_watch(GmBus *bus)
{
    gm_mutex_lock(&bus->lock);
    unsigned id = bus->watch_id;
    gm_mutex_unlock(&bus->lock);
    return id != 0 && gm_source_remove(id);
}

bool gm_bus_remove_watch(GmBus *bus)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return false;
    if (bus->signal_watchers > 0) {
        gm_critical(__func__, "Tried to remove a signal watch, use gm_bus_remove_signal_watch()");
        return false;
    }
    if (bus_end_watch(bus))
        return true;
    gm_critical(__func__, "no bus watch was present");
    return false;
}

static void bus_emit(GmBus *bus, const char *signal, GmMessage *message)
{
    char detailed[64];

    snprintf(detailed, sizeof detailed, "%s::%s", signal, GM_MESSAGE_TYPE_NAME(message));
    gm_signal_emit_by_name(bus, detailed, message);
}

bool gm_bus_async_signal_func(GmBus *bus, GmMessage *message, void *data)
{
    (void)data;
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return true;
    if (!GM_REQUIRE(message != NULL)) return true;
    bus_emit(bus, "message", message);
    return true;
}

GmBusSyncReply gm_bus_sync_signal_handler(GmBus *bus, GmMessage *message, void *data)
{
    (void)data;
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return GM_BUS_DROP;
    if (!GM_REQUIRE(message != NULL)) return GM_BUS_DROP;
    bus_emit(bus, "sync-message", message);
    return GM_BUS_PASS;
}

void gm_bus_add_signal_watch_full(GmBus *bus, int priority)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return;
    if (bus->signal_watchers == 0 &&
        gm_bus_add_watch_full(bus, priority, gm_bus_async_signal_func, NULL, NULL) == 0)
        return;
    bus->signal_watchers++;
}

void gm_bus_add_signal_watch(GmBus *bus)
{
    gm_bus_add_signal_watch_full(bus, GM_PRIORITY_DEFAULT);
}

void gm_bus_remove_signal_watch(GmBus *bus)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return;
    if (bus->signal_watchers == 0) {
        gm_critical(__func__, "Bus %s has no signal watches attached", GM_OBJECT_NAME(bus));
        return;
    }
    if (--bus->signal_watchers == 0)
        bus_end_watch(bus);
}

void gm_bus_enable_sync_message_emission(GmBus *bus)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return;
    gm_mutex_lock(&bus->lock);
    bus->sync_emitters++;
    gm_mutex_unlock(&bus->lock);
}

void gm_bus_disable_sync_message_emission(GmBus *bus)
{
    if (!GM_REQUIRE(GM_IS_BUS(bus))) return;
    if (!GM_REQUIRE(bus->sync_emitters > 0)) return;
    gm_mutex_lock(&bus->lock);
    bus->sync_emitters--;
    gm_mutex_unlock(&bus->lock);
}

// ---- class ------------------------------------------------------------------------------

static void bus_init(GmObject *obj)
{
    GmBus *bus = GM_BUS(obj);

    gm_mutex_init(&bus->lock);
    gm_cond_init(&bus->cond);
    gm_cond_init(&bus->freed);
    bus->fd = -1;
}

static void bus_finalize(GmObject *obj)
{
    GmBus *bus = GM_BUS(obj);

    gm_bus_set_flushing(bus, true);
    bus_handler_unref(bus->handler);
    if (bus->fd >= 0)
        close(bus->fd);
    gm_free(bus->ring);
    gm_cond_clear(&bus->freed);
    gm_cond_clear(&bus->cond);
    gm_mutex_clear(&bus->lock);
}

static const GmProperty bus_props[] = {
    { .name = "enable-async",
      .blurb = "Enable async message delivery for bus watches and gm_bus_pop()",
      GM_FIELD(GmBus, enable_async), .def = "true",
      .flags = GM_PARAM_READWRITE | GM_PARAM_CONSTRUCT_ONLY },
    { 0 },
};

static const GmSignal bus_signals[] = {
    { .name = "message", .marshal = gm_marshal_pointer,
      .blurb = "void (GmBus *, GmMessage *, void *)" },
    { .name = "sync-message", .marshal = gm_marshal_pointer,
      .blurb = "void (GmBus *, GmMessage *, void *)" },
    { 0 },
};

const GmObjectClass gm_bus_class = {
    .name          = "bus",
    .type_name     = "GmBus",
    .parent        = &gm_object_class,
    .instance_size = sizeof(GmBus),
    .props         = bus_props,
    .signals       = bus_signals,
    .init          = bus_init,
    .finalize      = bus_finalize,
};

GmBus *gm_bus_new(void)
{
    return gm_object_ref_sink(gm_object_new(&gm_bus_class, NULL, NULL));
}
