// SPDX-License-Identifier: MIT
//
// mini_object: the head of everything that flows: buffers, caps, events, queries, messages.
//
// A reference count, flags, and the rule of writability: a mini-object may be changed only by
// somebody who knows that nobody else sees it, that is, when its count is one and, if it lies
// inside others, its parent is writable too. The count is atomic; the contents are not
// guarded, the rule of writability is what makes them safe to share.
// Any thread may call any function below; none blocks. Misuse: a critical, the neutral result.
// Read next: core/buffer.h.
#ifndef GM_CORE_MINI_OBJECT_H
#define GM_CORE_MINI_OBJECT_H

#include <stdatomic.h>

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

// Of a type: gives a copy; runs at count zero; ends it. Of a watcher: obj is about to be freed,
// in the thread that released it last; only its address may be used.
typedef GmMiniObject *(*GmMiniObjectCopyFunction)(const GmMiniObject *obj);
typedef bool (*GmMiniObjectDisposeFunction)(GmMiniObject *obj); // false: it lives on (a pool)
typedef void (*GmMiniObjectFreeFunction)(GmMiniObject *obj);    // releases contents and memory
typedef void (*GmMiniObjectNotify)(void *user_data, GmMiniObject *obj);

typedef enum {
    GM_MINI_OBJECT_FLAG_LOCKABLE      = 1 << 0, // writable: not locked by two, whatever its count
    GM_MINI_OBJECT_FLAG_LOCK_READONLY = 1 << 1, // locks for writing are refused
    GM_MINI_OBJECT_FLAG_MAY_BE_LEAKED = 1 << 2, // a singleton
    GM_MINI_OBJECT_FLAG_LAST          = 1 << 4
} GmMiniObjectFlags;

typedef enum {
    GM_LOCK_FLAG_READ      = 1 << 0,
    GM_LOCK_FLAG_WRITE     = 1 << 1,
    GM_LOCK_FLAG_EXCLUSIVE = 1 << 2, // counts a holder; with two of them nobody may write
    GM_LOCK_FLAG_LAST      = 1 << 8
} GmLockFlags;

struct GmMiniObject {
    GmType      type;     // GM_TYPE_BUFFER, …
    _Atomic int refcount; // read it with GM_MINI_OBJECT_REFCOUNT_VALUE
    _Atomic int lockstate; // of lockable ones: mode and counts of the locks
    unsigned    flags;     // GmMiniObjectFlags and the type's own from _LAST on
    bool        counted;   // internal: the census has it
    GmMiniObjectCopyFunction    copy;
    GmMiniObjectDisposeFunction dispose;
    GmMiniObjectFreeFunction    free;
    _Atomic(void *) extra; // internal: parents, weak references and qdata; mostly NULL
};

// Casts are unchecked. The others read or write the struct: not NULL, no lock taken; flags are
// changed only while the object is writable.
#define GM_MINI_OBJECT_CAST(obj) ((GmMiniObject *)(obj))
#define GM_MINI_OBJECT(obj) ((GmMiniObject *)(obj))
#define GM_MINI_OBJECT_TYPE(obj) (GM_MINI_OBJECT_CAST(obj)->type)
#define GM_MINI_OBJECT_REFCOUNT(obj) (GM_MINI_OBJECT_CAST(obj)->refcount)
#define GM_MINI_OBJECT_REFCOUNT_VALUE(obj) \
    atomic_load_explicit(&GM_MINI_OBJECT_CAST(obj)->refcount, memory_order_acquire)
#define GM_MINI_OBJECT_FLAGS(obj) (GM_MINI_OBJECT_CAST(obj)->flags)
#define GM_MINI_OBJECT_FLAG_IS_SET(obj, flag) ((GM_MINI_OBJECT_FLAGS(obj) & (flag)) != 0)
#define GM_MINI_OBJECT_FLAG_SET(obj, flag) (GM_MINI_OBJECT_FLAGS(obj) |= (unsigned)(flag))
#define GM_MINI_OBJECT_FLAG_UNSET(obj, flag) (GM_MINI_OBJECT_FLAGS(obj) &= ~(unsigned)(flag))

// Fills the head of a new mini-object: count 1, in the census of `type` if that has started.
// `copy` may be NULL (cannot be copied); `free` releases the contents and the memory itself.
void gm_mini_object_init(GmMiniObject *obj, unsigned flags, GmType type,
                         GmMiniObjectCopyFunction copy, GmMiniObjectDisposeFunction dispose,
                         GmMiniObjectFreeFunction free_func);
GmMiniObject *gm_mini_object_ref(GmMiniObject *obj); // gives a reference, returns obj
// Takes the caller's reference; at zero runs dispose, weak notifies and free.
void gm_mini_object_unref(GmMiniObject *obj);
void gm_clear_mini_object(GmMiniObject **obj_p); // unref and set NULL; NULL inside is fine
// A copy the caller owns; NULL when the type has no copy function.
GmMiniObject *gm_mini_object_copy(const GmMiniObject *obj);

// Whether the caller, holding a reference, may change obj: the rule at the top.
bool gm_mini_object_is_writable(const GmMiniObject *obj);
// Takes obj, gives one that is writable: obj itself or a copy of it. NULL (obj is released): its
// type cannot be copied.
GmMiniObject *gm_mini_object_make_writable(GmMiniObject *obj) GM_MUST_CHECK;
// Declares that `obj` lies inside `parent` (borrowed): obj is writable only if parent is.
void gm_mini_object_add_parent(GmMiniObject *obj, GmMiniObject *parent);
// Before obj leaves its parent, and before its last unref. A critical if it does not lie there.
void gm_mini_object_remove_parent(GmMiniObject *obj, GmMiniObject *parent);

// Locks a lockable mini-object (a memory) for READ and / or WRITE, or counts an EXCLUSIVE holder;
// never waits. False: it is read-only, locked for less, or shared. As many unlocks, same flags.
bool gm_mini_object_lock(GmMiniObject *obj, GmLockFlags flags);
void gm_mini_object_unlock(GmMiniObject *obj, GmLockFlags flags);

// How a memory lies in its buffer: both halves above at once, cheap when nobody else has obj.
// adopt: takes obj; false: refused, obj is still the caller's. disown: releases it.
bool gm_mini_object_adopt(GmMiniObject *obj, GmMiniObject *parent);
void gm_mini_object_disown(GmMiniObject *obj, GmMiniObject *parent);

// `notify (data, obj)` runs when obj is freed. unref: a critical if there is no such pair.
void gm_mini_object_weak_ref(GmMiniObject *obj, GmMiniObjectNotify notify, void *data);
void gm_mini_object_weak_unref(GmMiniObject *obj, GmMiniObjectNotify notify, void *data);
// Takes data of the caller's under a name (NULL: none); `destroy` (may be NULL) runs on it when it
// is replaced and when obj is freed. The name is not 0.
void gm_mini_object_set_qdata(GmMiniObject *obj, GmQuark quark, void *data,
                              GmDestroyNotify destroy);
void *gm_mini_object_get_qdata(GmMiniObject *obj, GmQuark quark);   // borrowed
void *gm_mini_object_steal_qdata(GmMiniObject *obj, GmQuark quark); // gives, no destroy

// *olddata becomes newdata (may be NULL; gets a new reference), the old one is released. In one
// step: several threads may replace the same pointer. True if changed.
bool gm_mini_object_replace(GmMiniObject **olddata, GmMiniObject *newdata);
// As replace, but takes the caller's reference of newdata.
bool gm_mini_object_take(GmMiniObject **olddata, GmMiniObject *newdata);
GmMiniObject *gm_mini_object_steal(GmMiniObject **olddata); // gives *olddata, leaves NULL

// Mini-objects alive now, of one type or (GM_TYPE_NONE) of all: tests compare it before and
// after. The first call starts the census: what was made before it is not counted, so that a
// program that never asks does not pay for the answer.
long gm_mini_object_live_count(GmType type);
// Takes obj out of the census and sets MAY_BE_LEAKED: for singletons. Setting the flag alone
// after init does not uncount. By the only holder.
void gm_mini_object_set_may_be_leaked(GmMiniObject *obj);

#ifdef __cplusplus
}
#endif
#endif
