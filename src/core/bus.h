// SPDX-License-Identifier: MIT
//
// bus: takes messages from streaming threads to the application.
//
//     streaming thread -- post --> [sync handler] --> queue --> application: pop, watch, fd
//
// Any thread may post and pop. Posting never blocks (unless the sync handler answers
// GM_BUS_ASYNC); only the timed pops and poll wait. Messages popped are the caller's.
// A post costs a mutex and a slot of a ring; nobody is woken who does not wait. Misuse is a
// critical, the neutral result, and nothing taken.
// Read next: core/message.h, core/mainloop.h.
#ifndef GM_CORE_BUS_H
#define GM_CORE_BUS_H

#include "core/message.h"
#include "core/object.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const GmObjectClass gm_bus_class;
// Casts are unchecked; GM_IS_BUS checks (NULL: false).
#define GM_BUS(obj) ((GmBus *)(obj))
#define GM_BUS_CAST(obj) ((GmBus *)(obj))
#define GM_IS_BUS(obj) gm_object_is_a((obj), &gm_bus_class)

typedef enum {
    GM_BUS_DROP  = 0, // the handler released the message
    GM_BUS_PASS  = 1, // into the queue
    GM_BUS_ASYNC = 2  // into the queue, and the posting thread waits until it is released
} GmBusSyncReply;

// Runs in the posting thread. `message` is borrowed unless the answer is GM_BUS_DROP.
typedef GmBusSyncReply (*GmBusSyncHandler)(GmBus *bus, GmMessage *message, void *user_data);
// Runs in the main loop's thread; message borrowed. False removes the watch.
typedef bool (*GmBusFunc)(GmBus *bus, GmMessage *message, void *user_data);

// Signals: "message" and "message::eos" (GmBus *, GmMessage *, data) from a signal watch,
// "sync-message" likewise from the posting thread. Property "enable-async" (construct only,
// default true): false keeps no queue.

GmBus *gm_bus_new(void); // gives (not floating)
// Takes message. False: the bus is flushing, the message was released.
bool gm_bus_post(GmBus *bus, GmMessage *message);
bool gm_bus_have_pending(GmBus *bus); // a message waits in the queue
GmMessage *gm_bus_peek(GmBus *bus); // gives a reference, leaves it in the queue; or NULL
GmMessage *gm_bus_pop(GmBus *bus);  // gives, or NULL
// The first message of `types`; those before it are released. Gives, or NULL.
GmMessage *gm_bus_pop_filtered(GmBus *bus, GmMessageType types);
// As pop, waiting at most `timeout` nanoseconds (GM_CLOCK_TIME_NONE: for ever).
GmMessage *gm_bus_timed_pop(GmBus *bus, GmClockTime timeout);
GmMessage *gm_bus_timed_pop_filtered(GmBus *bus, GmClockTime timeout, GmMessageType types);
// As timed_pop_filtered (kept for GStreamer's name; it runs no main loop).
GmMessage *gm_bus_poll(GmBus *bus, GmMessageType events, GmClockTime timeout);
// true: releases all messages and refuses new ones.
void gm_bus_set_flushing(GmBus *bus, bool flushing);

// The function that sees each message first, NULL: none. An earlier one is replaced.
void gm_bus_set_sync_handler(GmBus *bus, GmBusSyncHandler func, void *user_data,
                             GmDestroyNotify notify);
// A descriptor that is readable while messages wait; made at the first call, closed with the
// bus. -1: the system has none to give.
int gm_bus_get_fd(GmBus *bus);
struct pollfd;
void gm_bus_get_pollfd(GmBus *bus, struct pollfd *fd); // as get_fd, with events filled in

// Calls func for each message from the default main loop. One watch per bus. Gives an id,
// 0 and a critical if there is one already.
unsigned gm_bus_add_watch(GmBus *bus, GmBusFunc func, void *user_data);
unsigned gm_bus_add_watch_full(GmBus *bus, int priority, GmBusFunc func, void *user_data,
                               GmDestroyNotify notify);
bool gm_bus_remove_watch(GmBus *bus); // false, and a critical: there was none
// A watch that emits "message" and "message::TYPE"; counted, ends with as many removes.
void gm_bus_add_signal_watch(GmBus *bus);
void gm_bus_add_signal_watch_full(GmBus *bus, int priority);
void gm_bus_remove_signal_watch(GmBus *bus);
// The watch's function: emits "message" for one message. True.
bool gm_bus_async_signal_func(GmBus *bus, GmMessage *message, void *data);
// "sync-message" and "sync-message::TYPE" from posting threads; counted.
void gm_bus_enable_sync_message_emission(GmBus *bus);
void gm_bus_disable_sync_message_emission(GmBus *bus);
// A sync handler that emits "sync-message"; answers GM_BUS_PASS.
GmBusSyncReply gm_bus_sync_signal_handler(GmBus *bus, GmMessage *message, void *data);

#ifdef __cplusplus
}
#endif
#endif
