// SPDX-License-Identifier: MIT
//
// mini_object: the head of everything that flows: buffers, caps, events, queries, messages.
//
// A reference count, flags, and the rule of writability: a mini-object may be changed only by
// somebody who knows that nobody else sees it, that is, when its count is one and, if it lies
// inside others, its parent is writable too. The count is atomic; the contents are not
// guarded, the rule of writability is what makes them safe to share.
// Any thread may call any function below; none blocks.
// Read next: core/buffer.h.
#ifndef GM_CORE_MINI_OBJECT_H
#define GM_CORE_MINI_OBJECT_H

#include <stdatomic.h>

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef GmMiniObject *(*GmMiniObjectCopyFunction)(const GmMiniObject *obj);
typedef bool (*GmMiniObjectDisposeFunction)(GmMiniObject *obj); // false: it lives on (a pool)
typedef void (*GmMiniObjectFreeFunction)(GmMiniObject *obj);    // releases contents and memory
typedef void (*GmMiniObjectNotify)(void *user_data, GmMiniObject *obj);

typedef enum {
    GM_MINI_OBJECT_FLAG_LOCKABLE      = 1 << 0,
    GM_MINI_OBJECT_FLAG_LOCK_READONLY = 1 << 1,
    GM_MINI_OBJECT_FLAG_MAY_BE_LEAKED = 1 << 2,
    GM_MINI_OBJECT_FLAG_UNCOUNTED     = 1 << 3, // internal: not in the census
    GM_MINI_OBJECT_FLAG_LAST          = 1 << 4
} GmMiniObjectFlags;

typedef enum {
    GM_LOCK_FLAG_READ      = 1 << 0,
    GM_LOCK_FLAG_WRITE     = 1 << 1,
    GM_LOCK_FLAG_EXCLUSIVE = 1 << 2,
    GM_LOCK_FLAG_LAST      = 1 << 8
} GmLockFlags;

struct GmMiniObject {
    GmType      type;     // GM_TYPE_BUFFER, …
    _Atomic int refcount; // read it with GM_MINI_OBJECT_REFCOUNT_VALUE
    _Atomic int lockstate;
    unsigned    flags;
    GmMiniObjectCopyFunction    copy;
    GmMiniObjectDisposeFunction dispose;
    GmMiniObjectFreeFunction    free;
    _Atomic(void *) extra; // internal: parents, weak references and qdata; mostly NULL
};

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

// Fills the head of a new mini-object: count 1, counted as live in the census of `type`.
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

bool gm_mini_object_is_writable(const GmMiniObject *obj);
// Takes obj, gives one that is writable: obj itself or a copy of it.
GmMiniObject *gm_mini_object_make_writable(GmMiniObject *obj) GM_MUST_CHECK;
// Declares that `obj` lies inside `parent` (borrowed): obj is writable only if parent is.
void gm_mini_object_add_parent(GmMiniObject *obj, GmMiniObject *parent);
void gm_mini_object_remove_parent(GmMiniObject *obj, GmMiniObject *parent);

// Shared or exclusive access to a lockable mini-object (a memory). False: refused.
bool gm_mini_object_lock(GmMiniObject *obj, GmLockFlags flags);
void gm_mini_object_unlock(GmMiniObject *obj, GmLockFlags flags);

// `notify (data, obj)` runs when obj is freed.
void gm_mini_object_weak_ref(GmMiniObject *obj, GmMiniObjectNotify notify, void *data);
void gm_mini_object_weak_unref(GmMiniObject *obj, GmMiniObjectNotify notify, void *data);
// Data of the caller's under a name; `destroy` runs on replacement and when obj is freed.
void gm_mini_object_set_qdata(GmMiniObject *obj, GmQuark quark, void *data,
                              GmDestroyNotify destroy);
void *gm_mini_object_get_qdata(GmMiniObject *obj, GmQuark quark);   // borrowed
void *gm_mini_object_steal_qdata(GmMiniObject *obj, GmQuark quark); // gives, no destroy

// *olddata becomes newdata (a new reference is taken, the old one released). True if changed.
bool gm_mini_object_replace(GmMiniObject **olddata, GmMiniObject *newdata);
// As replace, but takes the caller's reference of newdata.
bool gm_mini_object_take(GmMiniObject **olddata, GmMiniObject *newdata);
GmMiniObject *gm_mini_object_steal(GmMiniObject **olddata); // gives *olddata, leaves NULL

// Mini-objects alive now, of one type or (GM_TYPE_NONE) of all: tests compare it before and
// after. Counts what gm_mini_object_init made and free has not yet ended.
long gm_mini_object_live_count(GmType type);
// Takes obj out of the census and sets MAY_BE_LEAKED: for singletons. Setting the flag alone
// after init does not uncount. By the only holder.
void gm_mini_object_set_may_be_leaked(GmMiniObject *obj);

#ifdef __cplusplus
}
#endif
#endif
