// SPDX-License-Identifier: MIT
//
// bin: the children of a bin: adding, removing, finding, sorting, and what is folded over
// them: clocks, queries, events. State changes: bin_state.c; messages: bin_message.c.
#include "core/bin_priv.h"

#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/element_factory.h"
#include "core/event.h"
#include "core/log.h"
#include "core/message.h"
#include "core/query.h"
#include "core/util.h"

// ---- names: a hash, so that a large bin fills in linear time ----------------------------

struct GmBinName {
    struct GmBinName *next;
    GmElement *element; // its name does not change while it has a parent
};

static struct GmBinName **bin_name_slot(GmBin *bin, const char *name)
{
    unsigned hash = 5381;

    for (const char *c = name; *c != '\0'; c++)
        hash = hash * 33 + (unsigned char)*c;
    struct GmBinName **slot = &bin->names[hash & (bin->names_size - 1)];
    while (*slot != NULL && strcmp(GM_ELEMENT_NAME((*slot)->element), name) != 0)
        slot = &(*slot)->next;
    return slot;
}

static void bin_names_grow(GmBin *bin)
{
    struct GmBinName **old = bin->names;
    unsigned old_size = bin->names_size;

    bin->names_size = old_size != 0 ? old_size * 4 : 8;
    bin->names = gm_new0(struct GmBinName *, bin->names_size);
    for (unsigned i = 0; i < old_size; i++)
        for (struct GmBinName *n = old[i], *next; n != NULL; n = next) {
            next = n->next;
            n->next = NULL;
            *bin_name_slot(bin, GM_ELEMENT_NAME(n->element)) = n;
        }
    gm_free(old);
}

static GmElement *bin_find_name(GmBin *bin, const char *name)
{
    struct GmBinName *n = bin->names_size != 0 ? *bin_name_slot(bin, name) : NULL;
    return n != NULL ? n->element : NULL;
}

// ---- adding -----------------------------------------------------------------------------

// Flags that a child's presence causes on the bin.
#define BIN_CHILD_FLAGS                                                             \
    (unsigned)(GM_ELEMENT_FLAG_SINK | GM_ELEMENT_FLAG_SOURCE |                      \
               GM_ELEMENT_FLAG_PROVIDE_CLOCK | GM_ELEMENT_FLAG_REQUIRE_CLOCK)

static bool bin_unlink_pad(GmElement *el, GmPad *pad, void *data)
{
    GmPad *peer = gm_pad_get_peer(pad);
    (void)el, (void)data;

    if (peer != NULL) {
        gm_pad_unlink(GM_PAD_IS_SRC(pad) ? pad : peer, GM_PAD_IS_SRC(pad) ? peer : pad);
        gm_object_unref(peer);
    }
    return true;
}

// "element-added" here and "deep-element-added" here and above, for element and all below it.
static void bin_tell(GmBin *bin, GmBin *sub_bin, GmElement *element, const char *deep_signal)
{
    GmObject *up = gm_object_ref(bin);

    while (up != NULL) {
        gm_signal_emit_by_name(up, deep_signal, sub_bin, element);
        GmObject *parent = gm_object_get_parent(up);
        gm_object_unref(up);
        up = parent;
    }
    if (!GM_IS_BIN(element))
        return;
    GmList *children = gm_bin_copy_children(GM_BIN(element), 0);
    for (GmList *l = children; l != NULL; l = l->next)
        bin_tell(bin, GM_BIN(element), l->data, deep_signal);
    gm_list_free_full(children, gm_object_unref);
}

// Puts element into the lists. Lock held. False: refused, with a warning.
static bool bin_insert(GmBin *bin, GmElement *element)
{
    if (bin->numchildren >= (int)bin->names_size)
        bin_names_grow(bin);
    struct GmBinName **slot = bin_name_slot(bin, GM_ELEMENT_NAME(element));

    if (*slot != NULL || !gm_object_set_parent(GM_OBJECT(element), GM_OBJECT(bin)))
        return false;
    *slot = gm_new0(struct GmBinName, 1);
    (*slot)->element = element;
    GM_OBJECT_FLAG_SET(bin, element->object.flags & BIN_CHILD_FLAGS & ~bin->suppressed_flags);
    bin->children = gm_list_prepend(bin->children, element);
    element->bin_link = bin->children;
    bin->numchildren++;
    bin->children_cookie++;
    if (!GM_BIN_IS_NO_RESYNC(bin))
        bin->structure_cookie++;
    return true;
}

static void bin_give_contexts(GmBin *bin, GmElement *element)
{
    GmList *contexts = gm_element_get_contexts(GM_ELEMENT(bin));

    for (GmList *l = contexts; l != NULL; l = l->next)
        gm_element_set_context(element, l->data);
    gm_list_free_full(contexts, (GmDestroyNotify)gm_mini_object_unref);
}

bool gm_bin_add(GmBin *bin, GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return false;
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(GM_ELEMENT(bin) != element)) return false;
    GmElement *self = GM_ELEMENT(bin);

    GM_OBJECT_LOCK(bin);
    if (!bin_insert(bin, element)) {
        GM_OBJECT_UNLOCK(bin);
        bool has_parent = GM_OBJECT_PARENT(element) != NULL;
        GM_WARNING_OBJECT(bin, has_parent ? "Element '%s' already has parent"
                                          : "Name '%s' is not unique in bin, not adding",
                          GM_ELEMENT_NAME(element));
        if (!has_parent)
            gm_object_unref(gm_object_ref_sink(element));
        return false;
    }
    gm_element_set_bus(element, bin->child_bus);
    gm_element_set_base_time(element, (GmClockTime)self->base_time);
    gm_element_set_start_time(element, self->start_time);
    gm_element_set_clock(element, self->clock);
    bool clock_news = GM_OBJECT_FLAG_IS_SET(element, GM_ELEMENT_FLAG_PROVIDE_CLOCK) &&
                      !(bin->suppressed_flags & GM_ELEMENT_FLAG_PROVIDE_CLOCK);
    bool bin_failed = self->last_return == GM_STATE_CHANGE_FAILURE;
    GmStateChangeReturn ret = element->last_return;
    if (!bin_failed && ret == GM_STATE_CHANGE_NO_PREROLL)
        gm_bin_async_done(bin, ret, false, GM_CLOCK_TIME_NONE);
    GM_OBJECT_UNLOCK(bin);

    bin_give_contexts(bin, element);
    if (clock_news)
        gm_element_post_message(element,
                                gm_message_new_clock_provide(GM_OBJECT(element), NULL, true));
    if (!bin_failed && ret == GM_STATE_CHANGE_ASYNC)
        gm_element_post_message(element, gm_message_new_async_start(GM_OBJECT(element)));
    gm_element_foreach_pad(element, bin_unlink_pad, NULL); // links do not cross bins
    gm_signal_emit_by_name(bin, "element-added", element);
    bin_tell(bin, bin, element, "deep-element-added");
    return true;
}

void gm_bin_add_many(GmBin *bin, GmElement *element_1, ...)
{
    va_list args;

    va_start(args, element_1);
    for (; element_1 != NULL; element_1 = va_arg(args, GmElement *))
        gm_bin_add(bin, element_1);
    va_end(args);
}

// ---- removing ---------------------------------------------------------------------------

// Takes element out of the lists. Lock held. Returns whether another child has no preroll.
static bool bin_take_out(GmBin *bin, GmElement *element)
{
    struct GmBinName **slot = bin_name_slot(bin, GM_ELEMENT_NAME(element));
    struct GmBinName *gone = *slot;
    unsigned mine = element->object.flags & BIN_CHILD_FLAGS, others = 0;
    bool no_preroll = false;

    *slot = gone->next;
    gm_free(gone);
    bin->children = gm_list_delete_link(bin->children, element->bin_link);
    element->bin_link = NULL;
    bin->numchildren--;
    bin->children_cookie++;
    if (!GM_BIN_IS_NO_RESYNC(bin))
        bin->structure_cookie++;
    // Only a child that carries a flag can take it along: most need no walk.
    bool look = GM_STATE_RETURN(bin) != GM_STATE_CHANGE_SUCCESS;
    for (GmList *l = bin->children; l != NULL && (look || (mine & ~others)); l = l->next) {
        GM_OBJECT_LOCK(l->data);
        others |= GM_OBJECT_FLAGS(l->data) & BIN_CHILD_FLAGS;
        no_preroll |= GM_STATE_RETURN(l->data) == GM_STATE_CHANGE_NO_PREROLL;
        GM_OBJECT_UNLOCK(l->data);
    }
    GM_OBJECT_FLAG_UNSET(bin, mine & ~others & ~bin->suppressed_flags);
    return no_preroll;
}

// Forgets the messages of element; *this_async, *other_async: who was under way. Lock held.
static bool bin_forget_messages(GmBin *bin, GmElement *element, bool *this_async,
                                bool *other_async)
{
    bool had_eos = false;

    for (GmList *l = bin->messages, *next; l != NULL; l = next) {
        GmMessage *message = l->data;
        bool mine = GM_MESSAGE_SRC(message) == GM_OBJECT(element);
        GmElement *owner = NULL;

        next = l->next;
        if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_ASYNC_START)
            *(mine ? this_async : other_async) = true;
        if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_STRUCTURE_CHANGE)
            gm_message_parse_structure_change(message, NULL, &owner, NULL);
        had_eos |= mine && GM_MESSAGE_TYPE(message) == GM_MESSAGE_EOS;
        if (mine || owner == element) {
            bin->messages = gm_list_delete_link(bin->messages, l);
            gm_message_unref(message);
        }
    }
    return had_eos;
}

// What the bin's state comes to without element. Lock held.
static void bin_recalc_state(GmBin *bin, bool this_async, bool other_async, bool no_preroll)
{
    GmElement *self = GM_ELEMENT(bin);

    if (self->last_return == GM_STATE_CHANGE_FAILURE)
        return;
    if (this_async && !other_async) {
        gm_bin_async_done(bin, no_preroll ? GM_STATE_CHANGE_NO_PREROLL : GM_STATE_CHANGE_SUCCESS,
                          false, GM_CLOCK_TIME_NONE);
    } else if (no_preroll) {
        self->last_return = GM_STATE_CHANGE_NO_PREROLL;
    } else if (other_async) {
        if (self->pending_state == GM_STATE_VOID_PENDING)
            self->next_state = self->pending_state = self->current_state;
        self->last_return = GM_STATE_CHANGE_ASYNC;
    }
}

bool gm_bin_remove(GmBin *bin, GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return false;
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(GM_ELEMENT(bin) != element)) return false;
    bool this_async = false, other_async = false;
    GmMessage *clock_lost = NULL;

    GM_OBJECT_LOCK(bin);
    if (!gm_object_has_as_parent(GM_OBJECT(element), GM_OBJECT(bin)) ||
        element->bin_link == NULL) {
        GM_OBJECT_UNLOCK(bin);
        GM_WARNING_OBJECT(bin, "Element '%s' is not in bin", GM_ELEMENT_NAME(element));
        return false;
    }
    gm_object_ref(element); // unparent below drops the bin's
    bool is_sink = GM_OBJECT_FLAG_IS_SET(element, GM_ELEMENT_FLAG_SINK);
    bool no_preroll = bin_take_out(bin, element);
    if (bin->clock_provider == element) {
        bin->clock_dirty = true;
        clock_lost = gm_message_new_clock_lost(GM_OBJECT(bin), bin->provided_clock);
        gm_object_replace((GmObject **)&bin->provided_clock, NULL);
        gm_object_replace((GmObject **)&bin->clock_provider, NULL);
    }
    bool had_eos = bin_forget_messages(bin, element, &this_async, &other_async);
    bin_recalc_state(bin, this_async, other_async, no_preroll);
    gm_element_set_bus(element, NULL);
    gm_element_set_clock(element, NULL);
    GM_OBJECT_UNLOCK(bin);

    gm_object_unparent(GM_OBJECT(element));
    if (is_sink && !had_eos)
        gm_bin_check_eos(bin); // perhaps all others had been waiting for this one
    if (clock_lost != NULL)
        gm_element_post_message(GM_ELEMENT(bin), clock_lost);
    gm_element_foreach_pad(element, bin_unlink_pad, NULL);
    gm_signal_emit_by_name(bin, "element-removed", element);
    bin_tell(bin, bin, element, "deep-element-removed");
    gm_object_unref(element);
    return true;
}

void gm_bin_remove_many(GmBin *bin, GmElement *element_1, ...)
{
    va_list args;

    va_start(args, element_1);
    for (; element_1 != NULL; element_1 = va_arg(args, GmElement *))
        gm_bin_remove(bin, element_1);
    va_end(args);
}

// ---- copies and sorting -----------------------------------------------------------------

GmList *gm_bin_copy_children(GmBin *bin, unsigned element_flags)
{
    GmList *copy = NULL;

    GM_OBJECT_LOCK(bin);
    for (GmList *l = bin->children; l != NULL; l = l->next)
        if ((GM_OBJECT_FLAGS(l->data) & element_flags) == element_flags)
            copy = gm_list_prepend(copy, gm_object_ref(l->data));
    GM_OBJECT_UNLOCK(bin);
    return gm_list_reverse(copy);
}

// A child is due when all it feeds are done: degree counts its links to children not done.
// DONE marks those in the result.
#define BIN_DONE (-1)
typedef struct {
    GmBin   *bin;
    GmList  *first, *last; // the result, a queue: what stands behind `next` is not looked at yet
    GmList  *next;
    bool     counting, dirty;
} BinSort;

static void bin_sort_push(BinSort *sort, GmElement *element)
{
    GmList *node = gm_list_append(NULL, gm_object_ref(element));

    element->bin_degree = BIN_DONE;
    node->prev = sort->last;
    if (sort->last != NULL)
        sort->last->next = node;
    else
        sort->first = node;
    sort->last = node;
    if (sort->next == NULL)
        sort->next = node;
}

static void *bin_ref_pad(const void *pad, void *data)
{
    (void)data;
    return gm_object_ref((void *)pad);
}

// Visits the children that feed element: counts, or says that one less is to be waited for. The
// lock of one child is not held while the next one is asked: in a loop they would be taken in
// either order.
static void bin_sort_visit(BinSort *sort, GmElement *element)
{
    GM_OBJECT_LOCK(element);
    GmList *pads = gm_list_copy_deep(element->sinkpads, bin_ref_pad, NULL);
    GM_OBJECT_UNLOCK(element);
    for (GmList *l = pads; l != NULL; l = l->next) {
        if (sort->bin->messages != NULL &&
            gm_bin_find_message(sort->bin, l->data, GM_MESSAGE_STRUCTURE_CHANGE) != NULL) {
            sort->dirty = true; // the link is changing right now: the cookie will, too
            continue;
        }
        GmPad *peer = gm_pad_get_peer(l->data);
        GmElement *feeder = peer != NULL ? gm_pad_get_parent_element(peer) : NULL;
        if (feeder != NULL && feeder != element &&
            gm_object_has_as_parent(GM_OBJECT(feeder), GM_OBJECT(sort->bin))) {
            if (sort->counting)
                feeder->bin_degree++;
            else if (feeder->bin_degree > 0 && --feeder->bin_degree == 0)
                bin_sort_push(sort, feeder);
        }
        if (feeder != NULL)
            gm_object_unref(feeder);
        if (peer != NULL)
            gm_object_unref(peer);
    }
    gm_list_free_full(pads, gm_object_unref);
}

static void bin_sort_drain(BinSort *sort)
{
    while (sort->next != NULL) {
        GmElement *element = sort->next->data;
        sort->next = sort->next->next;
        bin_sort_visit(sort, element);
    }
}

// A loop: takes the child with the fewest open links, sources last. False: all are done.
static bool bin_sort_break_loop(BinSort *sort)
{
    GmElement *best = NULL;

    for (GmList *l = sort->bin->children; l != NULL; l = l->next) {
        GmElement *el = l->data;
        if (el->bin_degree == BIN_DONE)
            continue;
        if (best == NULL || el->bin_degree < best->bin_degree ||
            (el->bin_degree == best->bin_degree &&
             GM_OBJECT_FLAG_IS_SET(best, GM_ELEMENT_FLAG_SOURCE) &&
             !GM_OBJECT_FLAG_IS_SET(el, GM_ELEMENT_FLAG_SOURCE)))
            best = el;
    }
    if (best == NULL)
        return false;
    if (!sort->dirty)
        GM_WARNING_OBJECT(sort->bin, "loop detected in the graph of bin '%s'",
                          GM_ELEMENT_NAME(sort->bin));
    bin_sort_push(sort, best);
    return true;
}

// Sinks first, then what becomes due; then children nobody waits for: others, then sources.
static GmList *bin_sort(GmBin *bin)
{
    BinSort sort = { .bin = bin, .counting = true };
    GmList *l;

    for (l = bin->children; l != NULL; l = l->next)
        ((GmElement *)l->data)->bin_degree = 0;
    for (l = bin->children; l != NULL; l = l->next)
        bin_sort_visit(&sort, l->data);
    sort.counting = false;
    for (l = bin->children; l != NULL; l = l->next)
        if (((GmElement *)l->data)->bin_degree == 0 &&
            GM_OBJECT_FLAG_IS_SET(l->data, GM_ELEMENT_FLAG_SINK))
            bin_sort_push(&sort, l->data);
    bin_sort_drain(&sort);
    for (int sources = 0; sources < 2; sources++)
        for (l = bin->children; l != NULL; l = l->next)
            if (((GmElement *)l->data)->bin_degree == 0 &&
                GM_OBJECT_FLAG_IS_SET(l->data, GM_ELEMENT_FLAG_SOURCE) == (sources != 0)) {
                bin_sort_push(&sort, l->data);
                bin_sort_drain(&sort);
            }
    while (bin_sort_break_loop(&sort))
        bin_sort_drain(&sort);
    return sort.first;
}

GmList *gm_bin_copy_sorted(GmBin *bin, uint32_t *cookie)
{
    GM_OBJECT_LOCK(bin);
    GmList *sorted = bin_sort(bin);
    if (cookie != NULL)
        *cookie = bin->structure_cookie;
    GM_OBJECT_UNLOCK(bin);
    return sorted;
}

// ---- iterators --------------------------------------------------------------------------

static GmIterator *bin_iterate(GmBin *bin, GmIteratorItemFunction item)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return NULL;
    GM_OBJECT_LOCK(bin);
    GmIterator *it = gm_iterator_new_list(GM_TYPE_OBJECT, GM_OBJECT_GET_LOCK(bin),
                                          &bin->children_cookie, &bin->children, GM_OBJECT(bin),
                                          item);
    GM_OBJECT_UNLOCK(bin);
    return it;
}

static GmIteratorItem bin_pass_sink(GmIterator *it, const GmValue *item)
{
    (void)it;
    return GM_OBJECT_FLAG_IS_SET(gm_value_get_object(item), GM_ELEMENT_FLAG_SINK)
               ? GM_ITERATOR_ITEM_PASS
               : GM_ITERATOR_ITEM_SKIP;
}

static GmIteratorItem bin_pass_source(GmIterator *it, const GmValue *item)
{
    (void)it;
    return GM_OBJECT_FLAG_IS_SET(gm_value_get_object(item), GM_ELEMENT_FLAG_SOURCE)
               ? GM_ITERATOR_ITEM_PASS
               : GM_ITERATOR_ITEM_SKIP;
}

static GmIteratorItem bin_pass_recurse(GmIterator *it, const GmValue *item)
{
    GmObject *child = gm_value_get_object(item);

    if (GM_IS_BIN(child))
        gm_iterator_push(it, gm_bin_iterate_recurse(GM_BIN(child)));
    return GM_ITERATOR_ITEM_PASS;
}

GmIterator *gm_bin_iterate_elements(GmBin *bin)
{
    return bin_iterate(bin, NULL);
}

GmIterator *gm_bin_iterate_recurse(GmBin *bin)
{
    return bin_iterate(bin, bin_pass_recurse);
}

GmIterator *gm_bin_iterate_sinks(GmBin *bin)
{
    return bin_iterate(bin, bin_pass_sink);
}

GmIterator *gm_bin_iterate_sources(GmBin *bin)
{
    return bin_iterate(bin, bin_pass_source);
}

typedef struct {
    GmIterator it;
    GmBin  *bin;          // counted
    GmList *sorted, *pos; // the order as it was at the start or last resync
} BinSortedIterator;

static void bin_sorted_copy(const GmIterator *it, GmIterator *copy)
{
    const BinSortedIterator *from = (const BinSortedIterator *)it;
    BinSortedIterator *to = (BinSortedIterator *)copy;

    gm_object_ref(from->bin);
    to->sorted = gm_list_copy(from->sorted);
    to->pos    = NULL;
    for (GmList *l = to->sorted, *f = from->sorted; l != NULL; l = l->next, f = f->next) {
        gm_object_ref(l->data);
        if (f == from->pos)
            to->pos = l;
    }
}

static GmIteratorResult bin_sorted_next(GmIterator *it, GmValue *result)
{
    BinSortedIterator *self = (BinSortedIterator *)it;

    if (self->pos == NULL)
        return GM_ITERATOR_DONE;
    gm_value_set_object(result, self->pos->data);
    self->pos = self->pos->next;
    return GM_ITERATOR_OK;
}

static void bin_sorted_resync(GmIterator *it)
{
    BinSortedIterator *self = (BinSortedIterator *)it;

    gm_list_free_full(self->sorted, gm_object_unref);
    self->sorted = self->pos = bin_sort(self->bin);
}

static void bin_sorted_free(GmIterator *it)
{
    gm_list_free_full(((BinSortedIterator *)it)->sorted, gm_object_unref);
    gm_object_unref(((BinSortedIterator *)it)->bin);
}

GmIterator *gm_bin_iterate_sorted(GmBin *bin)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return NULL;
    GM_OBJECT_LOCK(bin);
    GmIterator *it = gm_iterator_new(sizeof(BinSortedIterator), GM_TYPE_OBJECT,
                                     GM_OBJECT_GET_LOCK(bin), &bin->structure_cookie,
                                     bin_sorted_copy, bin_sorted_next, NULL, bin_sorted_resync,
                                     bin_sorted_free);
    BinSortedIterator *self = (BinSortedIterator *)it;
    self->bin    = gm_object_ref(bin);
    self->sorted = self->pos = bin_sort(bin);
    GM_OBJECT_UNLOCK(bin);
    return it;
}

static int bin_compare_factory(const void *item, const void *name)
{
    GmObject *element = gm_value_get_object(item);
    return gm_strcmp0(element->klass->name, gm_value_get_string(name));
}

GmIterator *gm_bin_iterate_all_by_element_factory_name(GmBin *bin, const char *factory_name)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return NULL;
    if (!GM_REQUIRE(factory_name != NULL)) return NULL;
    GmValue name = GM_VALUE_INIT;

    gm_value_init(&name, GM_TYPE_STRING);
    gm_value_set_string(&name, factory_name);
    GmIterator *it = gm_iterator_filter(gm_bin_iterate_recurse(bin), bin_compare_factory, &name);
    gm_value_unset(&name);
    return it;
}

// ---- finding ----------------------------------------------------------------------------

GmElement *gm_bin_get_by_name(GmBin *bin, const char *name)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return NULL;
    if (!GM_REQUIRE(name != NULL)) return NULL;
    GM_OBJECT_LOCK(bin);
    GmElement *found = bin_find_name(bin, name);
    if (found != NULL)
        gm_object_ref(found);
    GM_OBJECT_UNLOCK(bin);
    if (found != NULL)
        return found;
    GmList *children = gm_bin_copy_children(bin, 0);
    for (GmList *l = children; l != NULL && found == NULL; l = l->next)
        if (GM_IS_BIN(l->data))
            found = gm_bin_get_by_name(l->data, name);
    gm_list_free_full(children, gm_object_unref);
    return found;
}

GmElement *gm_bin_get_by_name_recurse_up(GmBin *bin, const char *name)
{
    GmElement *found = gm_bin_get_by_name(bin, name);
    GmObject *parent = found == NULL && bin != NULL ? gm_object_get_parent(GM_OBJECT(bin)) : NULL;

    if (GM_IS_BIN(parent))
        found = gm_bin_get_by_name_recurse_up(GM_BIN(parent), name);
    if (parent != NULL)
        gm_object_unref(parent);
    return found;
}

GmPad *gm_bin_find_unlinked_pad(GmBin *bin, GmPadDirection direction)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return NULL;
    if (!GM_REQUIRE(direction != GM_PAD_UNKNOWN)) return NULL;
    GmList *children = gm_bin_copy_children(bin, 0);
    GmPad *found = NULL;

    for (GmList *l = children; l != NULL && found == NULL; l = l->next) {
        GmElement *el = l->data;
        GM_OBJECT_LOCK(el);
        GmList *p = direction == GM_PAD_SRC ? el->srcpads : el->sinkpads;
        for (; p != NULL && found == NULL; p = p->next)
            if (!GM_PAD_IS_LINKED(p->data))
                found = gm_object_ref(p->data);
        GM_OBJECT_UNLOCK(el);
        if (found == NULL && GM_IS_BIN(el))
            found = gm_bin_find_unlinked_pad(GM_BIN(el), direction);
    }
    gm_list_free_full(children, gm_object_unref);
    return found;
}

void gm_bin_set_suppressed_flags(GmBin *bin, GmElementFlags flags)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return;
    GM_OBJECT_LOCK(bin);
    bin->suppressed_flags |= (unsigned)flags;
    GM_OBJECT_UNLOCK(bin);
}

GmElementFlags gm_bin_get_suppressed_flags(GmBin *bin)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return 0;
    return (GmElementFlags)bin->suppressed_flags;
}

// ---- folded over the children -----------------------------------------------------------

static bool bin_set_clock(GmElement *el, GmClock *clock)
{
    GmList *children = gm_bin_copy_children(GM_BIN(el), 0);
    bool ok = true;

    for (GmList *l = children; l != NULL; l = l->next)
        ok &= gm_element_set_clock(l->data, clock);
    gm_list_free_full(children, gm_object_unref);
    return ok && gm_element_class.set_clock(el, clock);
}

static void bin_set_context(GmElement *el, GmContext *context)
{
    GmList *children = gm_bin_copy_children(GM_BIN(el), 0);

    gm_element_class.set_context(el, context);
    for (GmList *l = children; l != NULL; l = l->next)
        gm_element_set_context(l->data, context);
    gm_list_free_full(children, gm_object_unref);
}

// The clock of the child closest to the sources, as the last in sorted order.
static GmClock *bin_provide_clock(GmElement *el)
{
    GmBin *bin = GM_BIN(el);
    GmClock *clock = NULL;
    GmElement *provider = NULL;

    GM_OBJECT_LOCK(bin);
    bool dirty = bin->clock_dirty;
    if (!dirty && bin->provided_clock != NULL)
        clock = gm_object_ref(bin->provided_clock);
    GM_OBJECT_UNLOCK(bin);
    if (!dirty)
        return clock;
    GmList *sorted = gm_bin_copy_sorted(bin, NULL);
    for (GmList *l = sorted; l != NULL; l = l->next) {
        GmClock *offered = gm_element_provide_clock(l->data);
        if (offered == NULL)
            continue;
        if (clock != NULL)
            gm_object_unref(clock);
        clock    = offered;
        provider = l->data;
    }
    GM_OBJECT_LOCK(bin);
    gm_object_replace((GmObject **)&bin->provided_clock, GM_OBJECT(clock));
    gm_object_replace((GmObject **)&bin->clock_provider, GM_OBJECT(provider));
    bin->clock_dirty = false;
    GM_OBJECT_UNLOCK(bin);
    gm_list_free_full(sorted, gm_object_unref);
    return clock;
}

typedef struct {
    GmEvent *event;
    bool ok;
} BinSend;

static bool bin_send_to_pad(GmElement *el, GmPad *pad, void *data)
{
    BinSend *send = data;
    (void)el;
    send->ok &= gm_pad_send_event(pad, gm_event_ref(send->event));
    return true;
}

static bool bin_send_event(GmElement *el, GmEvent *event)
{
    bool down = GM_EVENT_IS_DOWNSTREAM(event);
    GmList *ends = gm_bin_copy_children(GM_BIN(el), down ? GM_ELEMENT_FLAG_SOURCE
                                                         : GM_ELEMENT_FLAG_SINK);
    BinSend send = { event, true };

    for (GmList *l = ends; l != NULL; l = l->next)
        send.ok &= gm_element_send_event(l->data, gm_event_ref(event));
    gm_list_free_full(ends, gm_object_unref);
    if (down)
        gm_element_foreach_sink_pad(el, bin_send_to_pad, &send);
    else
        gm_element_foreach_src_pad(el, bin_send_to_pad, &send);
    gm_event_unref(event);
    return send.ok;
}

// What the answers of sinks (or source pads) come to.
typedef struct {
    GmQuery *query;
    int64_t max;          // position, duration
    GmClockTime min, most; // latency
    bool live, answered, refused, stop;
} BinFold;

static void bin_fold_answer(BinFold *fold, bool ok)
{
    GmClockTime min = 0, most = GM_CLOCK_TIME_NONE;
    int64_t value = -1;
    bool live = false;

    fold->answered |= ok;
    fold->refused |= !ok;
    if (!ok)
        return;
    switch (fold->query->type) {
    case GM_QUERY_DURATION:
        gm_query_parse_duration(fold->query, NULL, &value);
        fold->stop = value == -1; // one that never ends
        fold->max  = value == -1 || value > fold->max ? value : fold->max;
        break;
    case GM_QUERY_POSITION:
        gm_query_parse_position(fold->query, NULL, &value);
        fold->max = value > fold->max ? value : fold->max;
        break;
    case GM_QUERY_LATENCY:
        gm_query_parse_latency(fold->query, &live, &min, &most);
        if (live) {
            fold->live = true;
            fold->min  = min > fold->min ? min : fold->min;
            fold->most = most < fold->most ? most : fold->most; // NONE is the largest
        }
        break;
    default: // the first that knows
        fold->stop = true;
        break;
    }
}

static bool bin_fold_pad(GmElement *el, GmPad *pad, void *data)
{
    BinFold *fold = data;
    (void)el;
    bin_fold_answer(fold, gm_pad_query(pad, fold->query));
    return !fold->stop;
}

static bool bin_fold_done(BinFold *fold)
{
    GmFormat format;

    switch (fold->query->type) {
    case GM_QUERY_DURATION:
        gm_query_parse_duration(fold->query, &format, NULL);
        gm_query_set_duration(fold->query, format, fold->max);
        return fold->answered;
    case GM_QUERY_POSITION:
        gm_query_parse_position(fold->query, &format, NULL);
        gm_query_set_position(fold->query, format, fold->max);
        return fold->answered;
    case GM_QUERY_LATENCY: // every sink must have answered; no sink is no latency
        gm_query_set_latency(fold->query, fold->live, fold->min, fold->most);
        return !fold->refused;
    default:
        return fold->answered;
    }
}

static bool bin_query(GmElement *el, GmQuery *query)
{
    BinFold fold = { .query = query, .max = -1, .most = GM_CLOCK_TIME_NONE };
    GmList *sinks = gm_bin_copy_children(GM_BIN(el), GM_ELEMENT_FLAG_SINK);

    for (GmList *l = sinks; l != NULL && !fold.stop; l = l->next)
        bin_fold_answer(&fold, gm_element_query(l->data, query));
    gm_list_free_full(sinks, gm_object_unref);
    if (bin_fold_done(&fold))
        return true;
    fold = (BinFold){ .query = query, .max = -1, .most = GM_CLOCK_TIME_NONE };
    gm_element_foreach_src_pad(el, bin_fold_pad, &fold);
    // A bin without source pads has no latency of its own: sinks that cannot tell before they
    // have data do not make the answer "no".
    fold.answered |= query->type == GM_QUERY_LATENCY;
    return fold.answered && bin_fold_done(&fold);
}

bool gm_bin_recalculate_latency(GmBin *bin)
{
    if (!GM_REQUIRE(GM_IS_BIN(bin))) return false;
    int done = 0;

    if (gm_signal_has_handler(bin, "do-latency")) {
        gm_signal_emit_by_name(bin, "do-latency", &done);
        if (done != 0)
            return true;
    }
    return bin->do_latency(bin);
}

bool gm_bin_default_do_latency(GmBin *bin)
{
    GmElement *el  = GM_ELEMENT(bin);
    GmQuery *query = gm_query_new_latency();
    bool ok = gm_element_query(el, query);

    if (ok) {
        GmClockTime min = 0, max = 0;
        bool live = false;
        gm_query_parse_latency(query, &live, &min, &max);
        if (max < min)
            GM_ELEMENT_WARNING(el, CORE, CLOCK, (NULL),
                               ("Impossible to configure latency: max %" GM_TIME_FORMAT
                                " < min %" GM_TIME_FORMAT
                                ". Add queues or other buffering elements.",
                                GM_TIME_ARGS(max), GM_TIME_ARGS(min)));
        ok = gm_element_send_event(el, gm_event_new_latency(min));
    }
    gm_query_unref(query);
    return ok;
}

// ---- class ------------------------------------------------------------------------------

static GmBusSyncReply bin_bus_handler(GmBus *bus, GmMessage *message, void *bin)
{
    (void)bus;
    GM_BIN(bin)->handle_message(bin, message);
    return GM_BUS_DROP;
}

static void bin_init(GmObject *obj)
{
    GmBin *bin = GM_BIN(obj);

    bin->handle_message = gm_bin_default_handle_message;
    bin->do_latency     = gm_bin_default_do_latency;
    bin->clock_dirty    = true;
    bin->child_bus = gm_object_ref_sink(gm_object_new(&gm_bus_class, "enable-async", false, NULL));
    gm_bus_set_sync_handler(bin->child_bus, bin_bus_handler, bin, NULL);
}

static void bin_dispose(GmObject *obj)
{
    GmBin *bin = GM_BIN(obj);

    if (bin->child_bus != NULL)
        gm_bus_set_sync_handler(bin->child_bus, NULL, NULL, NULL);
    GM_OBJECT_LOCK(bin);
    gm_bin_remove_messages(bin, NULL, GM_MESSAGE_ANY);
    gm_object_replace((GmObject **)&bin->provided_clock, NULL);
    gm_object_replace((GmObject **)&bin->clock_provider, NULL);
    GM_OBJECT_UNLOCK(bin);
    while (bin->children != NULL && gm_bin_remove(bin, bin->children->data))
        ;
    gm_object_replace((GmObject **)&bin->child_bus, NULL);
}

static void bin_finalize(GmObject *obj)
{
    gm_free(GM_BIN(obj)->names);
}

static const GmProperty bin_props[] = {
    { .name = "async-handling", .blurb = "The bin will handle Asynchronous state changes",
      GM_FIELD(GmBin, asynchandling), .def = "false" },
    { .name = "message-forward", .blurb = "Forwards all children messages",
      GM_FIELD(GmBin, message_forward), .def = "false" },
    { 0 },
};

static const GmSignal bin_signals[] = {
    { .name = "element-added", .marshal = gm_marshal_pointer,
      .blurb = "void (GmBin *, GmElement *, void *)" },
    { .name = "element-removed", .marshal = gm_marshal_pointer,
      .blurb = "void (GmBin *, GmElement *, void *)" },
    { .name = "deep-element-added", .marshal = gm_marshal_pointer2,
      .blurb = "void (GmBin *, GmBin *, GmElement *, void *)" },
    { .name = "deep-element-removed", .marshal = gm_marshal_pointer2,
      .blurb = "void (GmBin *, GmBin *, GmElement *, void *)" },
    { .name = "do-latency", .marshal = gm_marshal__int, .blurb = "int (GmBin *, void *)" },
    { 0 },
};

const GmElementClass gm_bin_class = {
    .name          = "bin",
    .type_name     = "GmBin",
    .parent        = &gm_element_class.object,
    .instance_size = sizeof(GmBin),
    .props         = bin_props,
    .signals       = bin_signals,
    .init          = bin_init,
    .dispose       = bin_dispose,
    .finalize      = bin_finalize,
    .longname      = "Generic bin",
    .klass         = "Generic/Bin",
    .description   = "Simple container object",
    .author        = "GstMini",
    .set_state     = gm_bin_set_state,
    .change_state  = gm_bin_change_state,
    .provide_clock = bin_provide_clock,
    .set_clock     = bin_set_clock,
    .send_event    = bin_send_event,
    .query         = bin_query,
    .post_message  = gm_bin_post_message,
    .set_context   = bin_set_context,
};

GmElement *gm_bin_new(const char *name)
{
    return gm_element_factory_make("bin", name);
}
