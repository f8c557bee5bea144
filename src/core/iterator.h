// SPDX-License-Identifier: MIT
//
// iterator: walking through things that other threads may add to and remove from meanwhile.
//
//     while (!done) switch (gm_iterator_next(it, &item)) {
//     case GM_ITERATOR_OK:     use(gm_value_get_object(&item)); gm_value_reset(&item); break;
//     case GM_ITERATOR_RESYNC: undo what was done; gm_iterator_resync(it); break;
//     default:                 done = true; }
//
// The owner of the list has a lock and a cookie that it changes with every change of the list; the
// iterator takes the lock for each step and answers RESYNC when the cookie is not the one it
// started with. Items come as values that hold a reference, so they outlive their removal.
// An iterator itself belongs to one thread at a time. Steps block for the owner's lock, no more;
// functions given run without it unless said otherwise. Misuse: a critical and ERROR, NULL or
// false.
// Read next: core/bin.h, core/element.h (who gives iterators).
#ifndef GM_CORE_ITERATOR_H
#define GM_CORE_ITERATOR_H

#include "core/list.h"
#include "core/value.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_ITERATOR_DONE   = 0,
    GM_ITERATOR_OK     = 1,
    GM_ITERATOR_RESYNC = 2, // the list has changed: gm_iterator_resync and start over
    GM_ITERATOR_ERROR  = 3
} GmIteratorResult;

// What to do with an item: asked of the `item` function under the lock.
typedef enum { GM_ITERATOR_ITEM_SKIP, GM_ITERATOR_ITEM_PASS, GM_ITERATOR_ITEM_END } GmIteratorItem;

// For those who write iterators. copy: adds what a plain copy of the bytes lacks (references);
// resync: back to the start, lock held; free: releases what copy adds, not the iterator.
typedef void (*GmIteratorCopyFunction)(const GmIterator *it, GmIterator *copy);
// Looks at the item (borrowed), lock held; may push another iterator.
typedef GmIteratorItem (*GmIteratorItemFunction)(GmIterator *it, const GmValue *item);
// Puts the next item in `result`, initialised to the iterator's type. The lock is held.
typedef GmIteratorResult (*GmIteratorNextFunction)(GmIterator *it, GmValue *result);
typedef void (*GmIteratorResyncFunction)(GmIterator *it);
typedef void (*GmIteratorFreeFunction)(GmIterator *it);
// For users: item is borrowed.
typedef void (*GmIteratorForeachFunction)(const GmValue *item, void *user_data);
// False ends the fold.
typedef bool (*GmIteratorFoldFunction)(const GmValue *item, GmValue *ret, void *user_data);

// Own iterators embed this at their head.
struct GmIterator {
    GmIteratorCopyFunction   copy;
    GmIteratorNextFunction   next;
    GmIteratorItemFunction   item;
    GmIteratorResyncFunction resync;
    GmIteratorFreeFunction   free;
    GmIterator *pushed; // answers first, until it is done
    GmType      type;   // of the values
    GmMutex    *lock;
    uint32_t    cookie;         // as it was at the start
    uint32_t   *master_cookie;  // the owner's
    unsigned    size;           // bytes of the whole struct
};
// A cast, unchecked.
#define GM_ITERATOR(it) ((GmIterator *)(it))

// An iterator of `size` bytes (at least sizeof(GmIterator)), the rest for the caller. lock and
// master_cookie (may be NULL) are borrowed: `copy` and `free` are the place to hold their owner;
// copy, item and resync may be NULL, next and free not.
GmIterator *gm_iterator_new(unsigned size, GmType type, GmMutex *lock, uint32_t *master_cookie,
                            GmIteratorCopyFunction copy, GmIteratorNextFunction next,
                            GmIteratorItemFunction item, GmIteratorResyncFunction resync,
                            GmIteratorFreeFunction free_func);
// Over *list, of objects (or any pointer type). `owner` (may be NULL) is kept alive meanwhile.
GmIterator *gm_iterator_new_list(GmType type, GmMutex *lock, uint32_t *master_cookie,
                                 GmList **list, GmObject *owner, GmIteratorItemFunction item);
// Over the one value (copied), or over nothing if it is NULL.
GmIterator *gm_iterator_new_single(GmType type, const GmValue *object);
GmIterator *gm_iterator_copy(const GmIterator *it); // gives
void gm_iterator_free(GmIterator *it);              // takes

// `elem`: zeroed or of the iterator's type; on OK it holds the item.
GmIteratorResult gm_iterator_next(GmIterator *it, GmValue *elem);
void gm_iterator_resync(GmIterator *it); // starts over
// Lets `other` (taken) answer until it is done; for `item` functions.
void gm_iterator_push(GmIterator *it, GmIterator *other);

// Takes `it`, gives one that passes items with func (item, user_data) == 0. Both are values:
// item is a const GmValue *, user_data is copied (NULL: zeroed).
GmIterator *gm_iterator_filter(GmIterator *it, GmCompareFunc func, const GmValue *user_data);
// Calls func for each item; DONE at the end, OK when func ended it, RESYNC or ERROR.
GmIteratorResult gm_iterator_fold(GmIterator *it, GmIteratorFoldFunction func, GmValue *ret,
                                  void *user_data);
GmIteratorResult gm_iterator_foreach(GmIterator *it, GmIteratorForeachFunction func,
                                     void *user_data);
// The first item with func (item, user_data) == 0 goes to elem. False: none. Resyncs by itself.
bool gm_iterator_find_custom(GmIterator *it, GmCompareFunc func, GmValue *elem, void *user_data);

#ifdef __cplusplus
}
#endif
#endif
