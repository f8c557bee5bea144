// SPDX-License-Identifier: MIT
//
// mini_object: counting, writability and the rare extras of what flows.
//
// Ref and unref are one atomic operation each. Parents, weak references and data hang on the
// word `extra`, which also holds its own lock, so that a buffer pays eight bytes for all that:
//
//     0                  nothing                        + bit 1: locked
//     parent | bit 0     one parent and nothing else: every memory of a buffer, no allocation
//     MiniEntry *        a list of entries
#include "core/mini_object.h"

#include "core/sync.h"
#include "core/util.h"

#define EXTRA_PARENT ((uintptr_t)1)
#define EXTRA_LOCKED ((uintptr_t)2)

typedef enum { MINI_PARENT, MINI_WEAK, MINI_DATA } MiniKind;

typedef struct MiniEntry {
    struct MiniEntry *next;
    MiniKind kind;
    GmQuark  quark;            // of data
    GmMiniObjectNotify notify; // of a weak reference
    GmDestroyNotify destroy;   // of data
    void    *data;             // the data, the notify's argument, the parent
} MiniEntry;

static _Atomic bool mini_census; // somebody has asked
static _Atomic long mini_live[GM_TYPE_LAST_BUILTIN + 1]; // the last: registered types

// ---- census -----------------------------------------------------------------------------

static _Atomic long *mini_live_slot(GmType type)
{
    return &mini_live[type < GM_TYPE_LAST_BUILTIN ? type : GM_TYPE_LAST_BUILTIN];
}

long gm_mini_object_live_count(GmType type)
{
    long sum = 0;

    atomic_store(&mini_census, true);
    if (type != GM_TYPE_NONE)
        return atomic_load(mini_live_slot(type));
    for (size_t i = 0; i < GM_LEN(mini_live); i++)
        sum += atomic_load(&mini_live[i]);
    return sum;
}

// Takes obj out of the census, if it is there.
static void mini_uncount(GmMiniObject *obj)
{
    if (obj->counted)
        atomic_fetch_sub_explicit(mini_live_slot(obj->type), 1, memory_order_relaxed);
    obj->counted = false;
}

void gm_mini_object_set_may_be_leaked(GmMiniObject *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return;
    mini_uncount(obj);
    GM_MINI_OBJECT_FLAG_SET(obj, GM_MINI_OBJECT_FLAG_MAY_BE_LEAKED);
}

// ---- the extra word ---------------------------------------------------------------------

// Locks the word; returns it without the lock bit. Held for a few instructions only, never
// while calling out.
static uintptr_t mini_extra_lock(GmMiniObject *obj)
{
    for (;;) {
        void *word = (void *)((uintptr_t)atomic_load(&obj->extra) & ~EXTRA_LOCKED);
        void *locked = (void *)((uintptr_t)word | EXTRA_LOCKED);
        if (atomic_compare_exchange_weak(&obj->extra, &word, locked))
            return (uintptr_t)word;
        gm_sync_point("mini_object.extra");
    }
}

static void mini_extra_unlock(GmMiniObject *obj, uintptr_t word)
{
    atomic_store_explicit(&obj->extra, (void *)word, memory_order_release);
}

static bool mini_extra_is_empty(const GmMiniObject *obj)
{
    return atomic_load_explicit(&obj->extra, memory_order_acquire) == NULL;
}

// Adds an entry (taken). A single parent that lies in the word becomes an entry itself.
static void mini_extra_push(GmMiniObject *obj, MiniEntry *entry)
{
    MiniEntry *parent = gm_new(MiniEntry, 1); // outside of the lock
    uintptr_t word = mini_extra_lock(obj);

    if (word & EXTRA_PARENT) {
        *parent = (MiniEntry){ .kind = MINI_PARENT, .data = (void *)(word & ~EXTRA_PARENT) };
        entry->next = parent;
        parent = NULL;
    } else {
        entry->next = (MiniEntry *)word;
    }
    mini_extra_unlock(obj, (uintptr_t)entry);
    gm_free(parent);
}

// Takes the entry that looks like `like` out of the list; NULL if there is none.
static MiniEntry *mini_extra_take(GmMiniObject *obj, const MiniEntry *like)
{
    if (mini_extra_is_empty(obj))
        return NULL;
    uintptr_t word = mini_extra_lock(obj);
    MiniEntry *head = word & EXTRA_PARENT ? NULL : (MiniEntry *)word;
    MiniEntry *found = NULL;
    for (MiniEntry **p = &head; *p != NULL; p = &(*p)->next) {
        bool same = like->kind == MINI_DATA
                        ? (*p)->quark == like->quark
                        : (*p)->data == like->data && (*p)->notify == like->notify;
        if ((*p)->kind == like->kind && same) {
            found = *p;
            *p = found->next;
            break;
        }
    }
    mini_extra_unlock(obj, word & EXTRA_PARENT ? word : (uintptr_t)head);
    return found;
}

// ---- life -------------------------------------------------------------------------------

void gm_mini_object_init(GmMiniObject *obj, unsigned flags, GmType type,
                         GmMiniObjectCopyFunction copy, GmMiniObjectDisposeFunction dispose,
                         GmMiniObjectFreeFunction free_func)
{
    obj->type = type;
    atomic_init(&obj->refcount, 1);
    atomic_init(&obj->lockstate, 0);
    obj->flags   = flags;
    obj->counted = false;
    obj->copy    = copy;
    obj->dispose = dispose;
    obj->free    = free_func;
    atomic_init(&obj->extra, NULL);
    if (atomic_load_explicit(&mini_census, memory_order_relaxed) &&
        !(flags & GM_MINI_OBJECT_FLAG_MAY_BE_LEAKED)) {
        obj->counted = true;
        atomic_fetch_add_explicit(mini_live_slot(type), 1, memory_order_relaxed);
    }
}

GmMiniObject *gm_mini_object_ref(GmMiniObject *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return NULL;
    atomic_fetch_add_explicit(&obj->refcount, 1, memory_order_relaxed);
    return obj;
}

static void mini_extra_clear(GmMiniObject *obj)
{
    uintptr_t word = (uintptr_t)atomic_load(&obj->extra);
    bool parent = (word & EXTRA_PARENT) != 0;
    MiniEntry *entry = parent ? NULL : (MiniEntry *)word;

    atomic_store(&obj->extra, NULL);
    while (entry != NULL) {
        MiniEntry *next = entry->next;
        if (entry->kind == MINI_WEAK)
            entry->notify(entry->data, obj);
        else if (entry->kind == MINI_DATA && entry->destroy != NULL)
            entry->destroy(entry->data);
        parent |= entry->kind == MINI_PARENT;
        gm_free(entry);
        entry = next;
    }
    if (parent)
        gm_critical(__func__, "a mini-object ends that still lies in a parent");
}

void gm_mini_object_unref(GmMiniObject *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return;
    int before = GM_MINI_OBJECT_REFCOUNT_VALUE(obj);
    if (before == 1) // nobody else has it, nobody else can change the count
        atomic_store_explicit(&obj->refcount, 0, memory_order_relaxed);
    else
        before = atomic_fetch_sub_explicit(&obj->refcount, 1, memory_order_acq_rel);
    if (before > 1)
        return;
    if (!GM_REQUIRE(before == 1)) return;
    if (obj->dispose != NULL && !obj->dispose(obj))
        return; // a pool has taken it back
    if (!mini_extra_is_empty(obj))
        mini_extra_clear(obj);
    mini_uncount(obj);
    if (obj->free != NULL)
        obj->free(obj);
}

void gm_clear_mini_object(GmMiniObject **obj_p)
{
    gm_mini_object_replace(obj_p, NULL);
}

GmMiniObject *gm_mini_object_copy(const GmMiniObject *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return NULL;
    return obj->copy != NULL ? obj->copy(obj) : NULL;
}

bool gm_mini_object_replace(GmMiniObject **olddata, GmMiniObject *newdata)
{
    if (!GM_REQUIRE(olddata != NULL)) return false;
    return gm_mini_object_take(olddata, newdata != NULL ? gm_mini_object_ref(newdata) : NULL);
}

// The pointer is exchanged in one step, so that of two threads that replace it neither
// releases what the other has put there.
bool gm_mini_object_take(GmMiniObject **olddata, GmMiniObject *newdata)
{
    if (!GM_REQUIRE(olddata != NULL)) return false;
    GmMiniObject *old = __atomic_exchange_n(olddata, newdata, __ATOMIC_ACQ_REL);
    if (old != NULL)
        gm_mini_object_unref(old);
    return old != newdata;
}

GmMiniObject *gm_mini_object_steal(GmMiniObject **olddata)
{
    if (!GM_REQUIRE(olddata != NULL)) return NULL;
    return __atomic_exchange_n(olddata, NULL, __ATOMIC_ACQ_REL);
}

// ---- writability ------------------------------------------------------------------------

// lockstate: bits 0…7 how it is locked now, 8…15 how often, from bit 16 on how many share it.
#define MODE_MASK 0xff
#define LOCK_ONE 0x100
#define LOCK_MASK 0xffff
#define SHARE_ONE 0x10000

static bool mini_is_shared(int lockstate)
{
    return lockstate >= 2 * SHARE_ONE;
}

bool gm_mini_object_is_writable(const GmMiniObject *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return false;
    bool own = GM_MINI_OBJECT_FLAG_IS_SET(obj, GM_MINI_OBJECT_FLAG_LOCKABLE)
                   ? !mini_is_shared(atomic_load(&obj->lockstate))
                   : GM_MINI_OBJECT_REFCOUNT_VALUE(obj) == 1;
    if (!own || mini_extra_is_empty(obj))
        return own;

    // The lock keeps a parent that lets go of obj at this moment from being freed under us.
    GmMiniObject *self = GM_MINI_OBJECT_CAST(obj);
    uintptr_t word = mini_extra_lock(self);
    const GmMiniObject *parent = NULL;
    unsigned n = 0;
    if (word & EXTRA_PARENT) {
        parent = (const GmMiniObject *)(word & ~EXTRA_PARENT);
        n = 1;
    } else {
        for (MiniEntry *e = (MiniEntry *)word; e != NULL; e = e->next) {
            if (e->kind == MINI_PARENT) {
                parent = e->data;
                n++;
            }
        }
    }
    bool writable = n == 0 || (n == 1 && gm_mini_object_is_writable(parent));
    mini_extra_unlock(self, word);
    return writable;
}

GmMiniObject *gm_mini_object_make_writable(GmMiniObject *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return NULL;
    if (gm_mini_object_is_writable(obj))
        return obj;
    GmMiniObject *copy = gm_mini_object_copy(obj);
    gm_mini_object_unref(obj);
    return copy;
}

void gm_mini_object_add_parent(GmMiniObject *obj, GmMiniObject *parent)
{
    if (!GM_REQUIRE(obj != NULL && parent != NULL)) return;
    void *none = NULL;
    if (mini_extra_is_empty(obj) &&
        atomic_compare_exchange_strong(&obj->extra, &none,
                                       (void *)((uintptr_t)parent | EXTRA_PARENT)))
        return;
    MiniEntry *entry = gm_new(MiniEntry, 1);
    *entry = (MiniEntry){ .kind = MINI_PARENT, .data = parent };
    mini_extra_push(obj, entry);
}

void gm_mini_object_remove_parent(GmMiniObject *obj, GmMiniObject *parent)
{
    if (!GM_REQUIRE(obj != NULL && parent != NULL)) return;
    // A list that has this parent stays a list: one look tells which of the two it is.
    if ((uintptr_t)atomic_load_explicit(&obj->extra, memory_order_relaxed) & EXTRA_PARENT) {
        uintptr_t word = mini_extra_lock(obj);
        bool only = word == ((uintptr_t)parent | EXTRA_PARENT);
        mini_extra_unlock(obj, only ? 0 : word);
        if (only)
            return;
    }
    MiniEntry *entry = mini_extra_take(obj, &(MiniEntry){ .kind = MINI_PARENT, .data = parent });
    if (entry == NULL)
        gm_critical(__func__, "mini-object %p does not lie in %p", (void *)obj, (void *)parent);
    gm_free(entry);
}

bool gm_mini_object_lock(GmMiniObject *obj, GmLockFlags flags)
{
    if (!GM_REQUIRE(obj != NULL)) return false;
    if (!GM_REQUIRE(GM_MINI_OBJECT_FLAG_IS_SET(obj, GM_MINI_OBJECT_FLAG_LOCKABLE))) return false;
    int mode = (int)flags & MODE_MASK & ~GM_LOCK_FLAG_EXCLUSIVE;
    int state = atomic_load(&obj->lockstate), next;

    if ((mode & GM_LOCK_FLAG_WRITE) &&
        GM_MINI_OBJECT_FLAG_IS_SET(obj, GM_MINI_OBJECT_FLAG_LOCK_READONLY))
        return false;
    do {
        next = state + (flags & GM_LOCK_FLAG_EXCLUSIVE ? SHARE_ONE : 0);
        if (((state | mode) & GM_LOCK_FLAG_WRITE) && mini_is_shared(next))
            return false; // one writes, or wants to, what two see
        if (mode != 0) {
            if ((state & LOCK_MASK) == 0)
                next |= mode;
            else if ((state & mode) != mode)
                return false; // locked for less than is asked
            next += LOCK_ONE;
        }
    } while (!atomic_compare_exchange_weak(&obj->lockstate, &state, next));
    return true;
}

void gm_mini_object_unlock(GmMiniObject *obj, GmLockFlags flags)
{
    if (!GM_REQUIRE(obj != NULL)) return;
    if (!GM_REQUIRE(GM_MINI_OBJECT_FLAG_IS_SET(obj, GM_MINI_OBJECT_FLAG_LOCKABLE))) return;
    int mode = (int)flags & MODE_MASK & ~GM_LOCK_FLAG_EXCLUSIVE;
    int state = atomic_load(&obj->lockstate), next;

    do {
        next = state;
        if (flags & GM_LOCK_FLAG_EXCLUSIVE) {
            if (!GM_REQUIRE(state >= SHARE_ONE)) return;
            next -= SHARE_ONE;
        }
        if (mode != 0) {
            if (!GM_REQUIRE((state & mode) == mode)) return;
            next -= LOCK_ONE;
            if ((next & LOCK_MASK) < LOCK_ONE)
                next &= ~LOCK_MASK; // the last lock gone: the next may choose its mode
        }
    } while (!atomic_compare_exchange_weak(&obj->lockstate, &state, next));
}

// Whether nobody but the caller has obj, and its lockstate and extra word are these.
static bool mini_is_just(GmMiniObject *obj, int lockstate, uintptr_t extra)
{
    return GM_MINI_OBJECT_REFCOUNT_VALUE(obj) == 1 &&
           atomic_load_explicit(&obj->lockstate, memory_order_relaxed) == lockstate &&
           (uintptr_t)atomic_load_explicit(&obj->extra, memory_order_relaxed) == extra;
}

static void mini_put(GmMiniObject *obj, int lockstate, uintptr_t extra)
{
    atomic_store_explicit(&obj->lockstate, lockstate, memory_order_relaxed);
    atomic_store_explicit(&obj->extra, (void *)extra, memory_order_relaxed);
}

bool gm_mini_object_adopt(GmMiniObject *obj, GmMiniObject *parent)
{
    if (mini_is_just(obj, 0, 0)) {
        mini_put(obj, SHARE_ONE, (uintptr_t)parent | EXTRA_PARENT);
        return true;
    }
    if (!gm_mini_object_lock(obj, GM_LOCK_FLAG_EXCLUSIVE))
        return false;
    gm_mini_object_add_parent(obj, parent);
    return true;
}

void gm_mini_object_disown(GmMiniObject *obj, GmMiniObject *parent)
{
    if (mini_is_just(obj, SHARE_ONE, (uintptr_t)parent | EXTRA_PARENT)) {
        mini_put(obj, 0, 0);
    } else {
        gm_mini_object_unlock(obj, GM_LOCK_FLAG_EXCLUSIVE);
        gm_mini_object_remove_parent(obj, parent);
    }
    gm_mini_object_unref(obj);
}

// ---- weak references and data -----------------------------------------------------------

void gm_mini_object_weak_ref(GmMiniObject *obj, GmMiniObjectNotify notify, void *data)
{
    if (!GM_REQUIRE(obj != NULL && notify != NULL)) return;
    MiniEntry *entry = gm_new0(MiniEntry, 1);
    entry->kind   = MINI_WEAK;
    entry->notify = notify;
    entry->data   = data;
    mini_extra_push(obj, entry);
}

void gm_mini_object_weak_unref(GmMiniObject *obj, GmMiniObjectNotify notify, void *data)
{
    if (!GM_REQUIRE(obj != NULL && notify != NULL)) return;
    MiniEntry like = { .kind = MINI_WEAK, .notify = notify, .data = data };
    MiniEntry *entry = mini_extra_take(obj, &like);
    if (entry == NULL)
        gm_critical(__func__, "mini-object %p has no such weak reference", (void *)obj);
    gm_free(entry);
}

void gm_mini_object_set_qdata(GmMiniObject *obj, GmQuark quark, void *data,
                              GmDestroyNotify destroy)
{
    if (!GM_REQUIRE(obj != NULL && quark != 0)) return;
    MiniEntry *old = mini_extra_take(obj, &(MiniEntry){ .kind = MINI_DATA, .quark = quark });
    if (data != NULL) {
        MiniEntry *entry = gm_new0(MiniEntry, 1);
        entry->kind    = MINI_DATA;
        entry->quark   = quark;
        entry->data    = data;
        entry->destroy = destroy;
        mini_extra_push(obj, entry);
    }
    if (old != NULL && old->destroy != NULL)
        old->destroy(old->data);
    gm_free(old);
}

void *gm_mini_object_get_qdata(GmMiniObject *obj, GmQuark quark)
{
    void *data = NULL;

    if (!GM_REQUIRE(obj != NULL)) return NULL;
    if (quark == 0 || mini_extra_is_empty(obj))
        return NULL;
    uintptr_t word = mini_extra_lock(obj);
    for (MiniEntry *e = word & EXTRA_PARENT ? NULL : (MiniEntry *)word; e != NULL; e = e->next) {
        if (e->kind == MINI_DATA && e->quark == quark)
            data = e->data;
    }
    mini_extra_unlock(obj, word);
    return data;
}

void *gm_mini_object_steal_qdata(GmMiniObject *obj, GmQuark quark)
{
    if (!GM_REQUIRE(obj != NULL && quark != 0)) return NULL;
    MiniEntry *entry = mini_extra_take(obj, &(MiniEntry){ .kind = MINI_DATA, .quark = quark });
    void *data = entry != NULL ? entry->data : NULL;
    gm_free(entry);
    return data;
}
