// SPDX-License-Identifier: MIT
//
// iterator: see core/iterator.h.
#include "core/iterator.h"

#include <string.h>

#include "core/util.h"

GmIterator *gm_iterator_new(unsigned size, GmType type, GmMutex *lock, uint32_t *master_cookie,
                            GmIteratorCopyFunction copy, GmIteratorNextFunction next,
                            GmIteratorItemFunction item, GmIteratorResyncFunction resync,
                            GmIteratorFreeFunction free_func)
{
    if (!GM_REQUIRE(size >= sizeof(GmIterator) && type != 0)) return NULL;
    if (!GM_REQUIRE(next != NULL && free_func != NULL)) return NULL;
    GmIterator *it = gm_malloc0(size);
    *it = (GmIterator) {
        .copy = copy, .next = next, .item = item, .resync = resync, .free = free_func,
        .type = type, .lock = lock, .cookie = master_cookie ? *master_cookie : 0,
        .master_cookie = master_cookie, .size = size,
    };
    return it;
}

GmIterator *gm_iterator_copy(const GmIterator *it)
{
    if (!GM_REQUIRE(it != NULL)) return NULL;
    GmIterator *copy = gm_memdup(it, it->size);
    if (it->copy != NULL)
        it->copy(it, copy);
    if (it->pushed != NULL)
        copy->pushed = gm_iterator_copy(it->pushed);
    return copy;
}

static void iterator_pop(GmIterator *it)
{
    if (it->pushed != NULL) {
        gm_iterator_free(it->pushed);
        it->pushed = NULL;
    }
}

void gm_iterator_free(GmIterator *it)
{
    if (!GM_REQUIRE(it != NULL)) return;
    iterator_pop(it);
    it->free(it);
    gm_free(it);
}

void gm_iterator_push(GmIterator *it, GmIterator *other)
{
    if (!GM_REQUIRE(it != NULL && other != NULL)) return;
    it->pushed = other;
}

// One step of the iterator itself, with the lock held.
static GmIteratorResult iterator_step(GmIterator *it, GmValue *elem)
{
    if (it->master_cookie != NULL && *it->master_cookie != it->cookie)
        return GM_ITERATOR_RESYNC;
    for (;;) {
        GmIteratorResult result = it->next(it, elem);
        if (result != GM_ITERATOR_OK || it->item == NULL)
            return result;
        GmIteratorItem verdict = it->item(it, elem);
        if (verdict == GM_ITERATOR_ITEM_PASS)
            return GM_ITERATOR_OK;
        gm_value_reset(elem);
        if (verdict == GM_ITERATOR_ITEM_END)
            return GM_ITERATOR_DONE;
    }
}

GmIteratorResult gm_iterator_next(GmIterator *it, GmValue *elem)
{
    if (!GM_REQUIRE(it != NULL && elem != NULL)) return GM_ITERATOR_ERROR;
    if (!GM_REQUIRE(elem->g_type == 0 || GM_VALUE_HOLDS(elem, it->type))) return GM_ITERATOR_ERROR;
    if (elem->g_type == 0)
        gm_value_init(elem, it->type);
    if (it->pushed != NULL) {
        GmIteratorResult result = gm_iterator_next(it->pushed, elem);
        if (result != GM_ITERATOR_DONE)
            return result;
        iterator_pop(it);
    }
    if (it->lock != NULL)
        gm_mutex_lock(it->lock);
    GmIteratorResult result = iterator_step(it, elem);
    if (it->lock != NULL)
        gm_mutex_unlock(it->lock);
    return result;
}

void gm_iterator_resync(GmIterator *it)
{
    if (!GM_REQUIRE(it != NULL)) return;
    iterator_pop(it);
    if (it->lock != NULL)
        gm_mutex_lock(it->lock);
    if (it->resync != NULL)
        it->resync(it);
    if (it->master_cookie != NULL)
        it->cookie = *it->master_cookie;
    if (it->lock != NULL)
        gm_mutex_unlock(it->lock);
}

// ---- over a list ------------------------------------------------------------------------

typedef struct {
    GmIterator iterator;
    GmObject  *owner; // keeps list, lock and cookie alive
    GmList   **list, *next;
} ListIterator;

static void iterator_list_copy(const GmIterator *it, GmIterator *copy)
{
    const ListIterator *list = (const ListIterator *)it;
    if (list->owner != NULL)
        ((ListIterator *)copy)->owner = gm_object_ref(list->owner);
}

static GmIteratorResult iterator_list_next(GmIterator *it, GmValue *elem)
{
    ListIterator *list = (ListIterator *)it;
    if (list->next == NULL)
        return GM_ITERATOR_DONE;
    void *data = list->next->data;
    if (gm_type_is_a(it->type, GM_TYPE_OBJECT))
        gm_value_set_object(elem, data);
    else if (it->type == GM_TYPE_POINTER)
        gm_value_set_pointer(elem, data);
    else
        gm_value_set_boxed(elem, data);
    list->next = list->next->next;
    return GM_ITERATOR_OK;
}

static void iterator_list_resync(GmIterator *it)
{
    ((ListIterator *)it)->next = *((ListIterator *)it)->list;
}

static void iterator_list_free(GmIterator *it)
{
    gm_clear_object(&((ListIterator *)it)->owner);
}

GmIterator *gm_iterator_new_list(GmType type, GmMutex *lock, uint32_t *master_cookie,
                                 GmList **list, GmObject *owner, GmIteratorItemFunction item)
{
    if (!GM_REQUIRE(list != NULL)) return NULL;
    ListIterator *it = (ListIterator *)gm_iterator_new(sizeof *it, type, lock, master_cookie,
        iterator_list_copy, iterator_list_next, item, iterator_list_resync, iterator_list_free);
    if (it == NULL)
        return NULL;
    it->owner = owner ? gm_object_ref(owner) : NULL;
    it->list = list;
    it->next = *list;
    return &it->iterator;
}

// ---- over one value ---------------------------------------------------------------------

typedef struct {
    GmIterator iterator;
    GmValue    object;
    bool       visited;
} SingleIterator;

static void iterator_single_copy(const GmIterator *it, GmIterator *copy)
{
    SingleIterator *to = (SingleIterator *)copy;
    to->object = (GmValue)GM_VALUE_INIT;
    if (GM_IS_VALUE(&((const SingleIterator *)it)->object))
        gm_value_init_and_copy(&to->object, &((const SingleIterator *)it)->object);
}

static GmIteratorResult iterator_single_next(GmIterator *it, GmValue *elem)
{
    SingleIterator *single = (SingleIterator *)it;
    if (single->visited)
        return GM_ITERATOR_DONE;
    gm_value_copy(&single->object, elem);
    single->visited = true;
    return GM_ITERATOR_OK;
}

static void iterator_single_resync(GmIterator *it)
{
    SingleIterator *single = (SingleIterator *)it;
    single->visited = !GM_IS_VALUE(&single->object);
}

static void iterator_single_free(GmIterator *it)
{
    gm_value_unset(&((SingleIterator *)it)->object);
}

GmIterator *gm_iterator_new_single(GmType type, const GmValue *object)
{
    SingleIterator *it = (SingleIterator *)gm_iterator_new(sizeof *it, type, NULL, NULL,
        iterator_single_copy, iterator_single_next, NULL, iterator_single_resync,
        iterator_single_free);
    if (it == NULL)
        return NULL;
    if (object != NULL)
        gm_value_init_and_copy(&it->object, object);
    it->visited = object == NULL;
    return &it->iterator;
}

// ---- filter -----------------------------------------------------------------------------

typedef struct {
    GmIterator    iterator;
    GmIterator   *slave; // asked without its lock: ours is the same one
    GmCompareFunc func;
    GmValue       user_data;
} FilterIterator;

static void iterator_filter_copy(const GmIterator *it, GmIterator *copy)
{
    const FilterIterator *from = (const FilterIterator *)it;
    FilterIterator *to = (FilterIterator *)copy;
    to->slave = gm_iterator_copy(from->slave);
    to->user_data = (GmValue)GM_VALUE_INIT;
    if (GM_IS_VALUE(&from->user_data))
        gm_value_init_and_copy(&to->user_data, &from->user_data);
}

static GmIteratorResult iterator_filter_next(GmIterator *it, GmValue *elem)
{
    FilterIterator *filter = (FilterIterator *)it;
    for (;;) {
        GmIteratorResult result = gm_iterator_next(filter->slave, elem);
        if (result != GM_ITERATOR_OK)
            return result;
        // The function is the user's: it runs without the lock.
        if (it->lock != NULL)
            gm_mutex_unlock(it->lock);
        bool pass = filter->func(elem, &filter->user_data) == 0;
        if (!pass)
            gm_value_reset(elem);
        if (it->lock != NULL)
            gm_mutex_lock(it->lock);
        if (it->master_cookie != NULL && *it->master_cookie != it->cookie)
            return GM_ITERATOR_RESYNC;
        if (pass)
            return GM_ITERATOR_OK;
    }
}

static void iterator_filter_resync(GmIterator *it)
{
    gm_iterator_resync(((FilterIterator *)it)->slave);
}

static void iterator_filter_free(GmIterator *it)
{
    gm_iterator_free(((FilterIterator *)it)->slave);
    gm_value_unset(&((FilterIterator *)it)->user_data);
}

GmIterator *gm_iterator_filter(GmIterator *it, GmCompareFunc func, const GmValue *user_data)
{
    if (!GM_REQUIRE(it != NULL && func != NULL)) return NULL;
    FilterIterator *filter = (FilterIterator *)gm_iterator_new(sizeof *filter, it->type, it->lock,
        it->master_cookie, iterator_filter_copy, iterator_filter_next, NULL,
        iterator_filter_resync, iterator_filter_free);
    it->lock = NULL;
    filter->iterator.cookie = it->cookie;
    filter->slave = it;
    filter->func = func;
    if (user_data != NULL)
        gm_value_init_and_copy(&filter->user_data, user_data);
    return &filter->iterator;
}

// ---- walks ------------------------------------------------------------------------------

GmIteratorResult gm_iterator_fold(GmIterator *it, GmIteratorFoldFunction func, GmValue *ret,
                                  void *user_data)
{
    if (!GM_REQUIRE(it != NULL && func != NULL)) return GM_ITERATOR_ERROR;
    GmValue item = GM_VALUE_INIT;
    GmIteratorResult result;
    bool more = true;
    while (more && (result = gm_iterator_next(it, &item)) == GM_ITERATOR_OK) {
        more = func(&item, ret, user_data);
        gm_value_reset(&item);
    }
    gm_value_unset(&item);
    return result;
}

typedef struct {
    GmIteratorForeachFunction each;
    GmCompareFunc compare;
    void *user_data;
} IteratorVisit;

static bool iterator_visit_each(const GmValue *item, GmValue *ret, void *data)
{
    (void)ret;
    ((IteratorVisit *)data)->each(item, ((IteratorVisit *)data)->user_data);
    return true;
}

GmIteratorResult gm_iterator_foreach(GmIterator *it, GmIteratorForeachFunction func,
                                     void *user_data)
{
    if (!GM_REQUIRE(it != NULL && func != NULL)) return GM_ITERATOR_ERROR;
    IteratorVisit visit = { .each = func, .user_data = user_data };
    return gm_iterator_fold(it, iterator_visit_each, NULL, &visit);
}

// Copies the first match to ret and ends the fold.
static bool iterator_visit_find(const GmValue *item, GmValue *ret, void *data)
{
    IteratorVisit *visit = data;
    if (visit->compare(item, visit->user_data) != 0)
        return true;
    gm_value_copy(item, ret);
    return false;
}

bool gm_iterator_find_custom(GmIterator *it, GmCompareFunc func, GmValue *elem, void *user_data)
{
    if (!GM_REQUIRE(it != NULL && func != NULL && elem != NULL)) return false;
    IteratorVisit visit = { .compare = func, .user_data = user_data };
    bool own_init = elem->g_type == 0;
    if (own_init)
        gm_value_init(elem, it->type);
    GmIteratorResult result;
    while ((result = gm_iterator_fold(it, iterator_visit_find, elem, &visit)) ==
           GM_ITERATOR_RESYNC)
        gm_iterator_resync(it);
    // DONE says that the walk came to the end without a match.
    if (result != GM_ITERATOR_OK && own_init)
        gm_value_unset(elem);
    return result == GM_ITERATOR_OK;
}
