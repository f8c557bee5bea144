// SPDX-License-Identifier: MIT
//
// element: making and ending elements, their pads, clocks, contexts.
// State changes are in element_state.c, links in element_link.c, messages, events and queries
// in element_message.c. Read next: element_state.c.
#include "core/element_priv.h"

#include <string.h>

#include "core/bus.h"
#include "core/clock.h"
#include "core/context.h"
#include "core/element_factory.h"
#include "core/ghost_pad.h"
#include "core/init.h"
#include "core/iterator.h"
#include "core/list.h"
#include "core/log.h"
#include "core/pad_template.h"
#include "core/util.h"

// ---- classes ----------------------------------------------------------------------------

const GmElementClass *gm_element_class_with(const void *el, size_t offset)
{
    const GmObjectClass *klass = ((const GmObject *)el)->klass;

    for (; klass != NULL && klass != &gm_element_class.object; klass = klass->parent) {
        GmCallback function;
        memcpy(&function, (const char *)klass + offset, sizeof function);
        if (function != NULL)
            return (const GmElementClass *)klass;
    }
    return &gm_element_class;
}

const GmStaticPadTemplate *gm_element_class_get_static_pads(const GmElementClass *klass)
{
    const GmObjectClass *c = &klass->object;

    for (; c != NULL && c != &gm_object_class; c = c->parent)
        if (((const GmElementClass *)c)->pads != NULL)
            return ((const GmElementClass *)c)->pads;
    return NULL;
}

// Templates are made once per pad table and live until gm_deinit.
typedef struct ElementTemplates ElementTemplates;
struct ElementTemplates {
    const GmStaticPadTemplate *rows;
    GmList *list; // of GmPadTemplate
    ElementTemplates *next;
};
#define ELEMENT_TABLE_SIZE 64u
static GmMutex element_templates_lock = GM_MUTEX_INIT;
static ElementTemplates *element_templates[ELEMENT_TABLE_SIZE];

static void element_templates_cleanup(void)
{
    for (unsigned i = 0; i < ELEMENT_TABLE_SIZE; i++)
        for (ElementTemplates *t = element_templates[i], *next; t != NULL; t = next) {
            next = t->next;
            gm_list_free_full(t->list, gm_object_unref);
            gm_free(t);
            element_templates[i] = next;
        }
}

static ElementTemplates *element_templates_new(const GmStaticPadTemplate *rows)
{
    ElementTemplates *t = gm_new0(ElementTemplates, 1);

    t->rows = rows;
    for (; rows->name_template != NULL; rows++) {
        GmPadTemplate *templ = gm_pad_template_new_from_static_pad_template(rows);
        if (templ == NULL)
            continue;
        gm_object_ref_sink(templ);
        GM_OBJECT_FLAG_SET(templ, GM_OBJECT_FLAG_MAY_BE_LEAKED);
        if (GM_MINI_OBJECT_REFCOUNT_VALUE(templ->caps) == 1)
            gm_mini_object_set_may_be_leaked(GM_MINI_OBJECT(templ->caps));
        t->list = gm_list_append(t->list, templ);
    }
    return t;
}

GmList *gm_element_class_get_pad_template_list(const GmElementClass *klass)
{
    if (!GM_REQUIRE(klass != NULL)) return NULL;
    static bool cleanup_known;
    const GmStaticPadTemplate *rows = gm_element_class_get_static_pads(klass);
    if (rows == NULL)
        return NULL;
    ElementTemplates **head = &element_templates[((uintptr_t)rows >> 5) % ELEMENT_TABLE_SIZE];
    ElementTemplates *t;

    gm_mutex_lock(&element_templates_lock);
    for (t = *head; t != NULL && t->rows != rows; t = t->next)
        ;
    if (t == NULL) {
        t = element_templates_new(rows);
        t->next = *head;
        *head = t;
        if (!cleanup_known)
            gm_init_add_cleanup(element_templates_cleanup);
        cleanup_known = true;
    }
    gm_mutex_unlock(&element_templates_lock);
    return t->list;
}

GmPadTemplate *gm_element_class_get_pad_template(const GmElementClass *klass, const char *name)
{
    if (!GM_REQUIRE(name != NULL)) return NULL;
    for (GmList *l = gm_element_class_get_pad_template_list(klass); l != NULL; l = l->next)
        if (strcmp(GM_PAD_TEMPLATE(l->data)->name_template, name) == 0)
            return l->data;
    return NULL;
}

GmPadTemplate *gm_element_get_pad_template(GmElement *element, const char *name)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    return gm_element_class_get_pad_template(GM_ELEMENT_GET_CLASS(element), name);
}

GmList *gm_element_get_pad_template_list(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    return gm_element_class_get_pad_template_list(GM_ELEMENT_GET_CLASS(element));
}

const char *gm_element_class_get_metadata(const GmElementClass *klass, const char *key)
{
    if (!GM_REQUIRE(klass != NULL && key != NULL)) return NULL;
    static const struct { const char *key; size_t offset; } fields[] = {
        { GM_ELEMENT_METADATA_LONGNAME, offsetof(GmElementClass, longname) },
        { GM_ELEMENT_METADATA_KLASS, offsetof(GmElementClass, klass) },
        { GM_ELEMENT_METADATA_DESCRIPTION, offsetof(GmElementClass, description) },
        { GM_ELEMENT_METADATA_AUTHOR, offsetof(GmElementClass, author) },
    };
    for (size_t i = 0; i < GM_LEN(fields); i++)
        if (strcmp(key, fields[i].key) == 0) {
            const char *text;
            memcpy(&text, (const char *)klass + fields[i].offset, sizeof text);
            return text;
        }
    return NULL;
}

const char *gm_element_get_metadata(GmElement *element, const char *key)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    return gm_element_class_get_metadata(GM_ELEMENT_GET_CLASS(element), key);
}

GmElementFactory *gm_element_get_factory(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    GmElementFactory *factory =
        (GmElementFactory *)gm_registry_lookup_feature(gm_registry_get(),
                                                       element->object.klass->name);
    if (factory == NULL)
        return NULL;
    gm_object_unref(factory); // the registry keeps it
    return factory->klass == GM_ELEMENT_GET_CLASS(element) ? factory : NULL;
}

// ---- life -------------------------------------------------------------------------------

void gm_element_create_all_pads(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    GmList *l = gm_element_class_get_pad_template_list(GM_ELEMENT_GET_CLASS(element));

    for (; l != NULL; l = l->next) {
        GmPadTemplate *templ = l->data;
        if (templ->presence != GM_PAD_ALWAYS)
            continue;
        GmPad *pad = gm_element_get_static_pad(element, templ->name_template);
        if (pad == NULL)
            gm_element_add_pad(element, gm_pad_new_from_template(templ, templ->name_template));
        else
            gm_object_unref(pad);
    }
}

static void element_init(GmObject *obj)
{
    GmElement *el = GM_ELEMENT_CAST(obj);
    const GmObjectClass *klass = obj->klass;

    gm_rec_mutex_init(&el->state_lock);
    gm_cond_init(&el->state_cond);
    el->current_state = GM_STATE_NULL;
    el->target_state  = GM_STATE_NULL;
    el->next_state = el->pending_state = GM_STATE_VOID_PENDING;
    el->last_return = GM_STATE_CHANGE_SUCCESS;
    for (; klass != &gm_element_class.object; klass = klass->parent)
        GM_OBJECT_FLAG_SET(el, ((const GmElementClass *)klass)->element_flags);
    gm_element_create_all_pads(el);
}

static void element_release_request_pads(GmElement *el)
{
    GmList *pads = gm_list_copy(el->pads);

    for (GmList *l = pads; l != NULL; l = l->next) {
        GmPad *pad = l->data;
        // releasing one pad may take others with it
        if (gm_list_find(el->pads, pad) != NULL && pad->padtemplate != NULL &&
            pad->padtemplate->presence == GM_PAD_REQUEST)
            gm_element_release_request_pad(el, pad);
    }
    gm_list_free(pads);
}

static bool element_deactivate_pad(GmElement *el, GmPad *pad, void *data)
{
    (void)el, (void)data;
    gm_pad_set_active(pad, false);
    return true;
}

static void element_dispose(GmObject *obj)
{
    GmElement *el = GM_ELEMENT_CAST(obj);

    if (el->current_state != GM_STATE_NULL) {
        gm_critical(__func__,
                    "Trying to dispose element %s, but it is in %s%s instead of the NULL state.\n"
                    "You need to explicitly set elements to the NULL state before\n"
                    "dropping the final reference, to allow them to clean up.",
                    obj->name, gm_element_state_get_name(el->current_state),
                    GM_ELEMENT_IS_LOCKED_STATE(el) ? " (locked)" : "");
        gm_element_foreach_pad(el, element_deactivate_pad, NULL);
        el->current_state = GM_STATE_NULL;
    }
    element_release_request_pads(el);
    while (el->pads != NULL && gm_element_remove_pad(el, el->pads->data))
        ;
    GM_OBJECT_LOCK(el);
    GmClock *clock  = el->clock;
    GmBus *bus      = el->bus;
    GmList *contexts = el->contexts;
    el->clock = NULL;
    el->bus   = NULL;
    el->contexts = NULL;
    GM_OBJECT_UNLOCK(el);
    if (clock != NULL)
        gm_object_unref(clock);
    if (bus != NULL)
        gm_object_unref(bus);
    gm_list_free_full(contexts, (GmDestroyNotify)gm_mini_object_unref);
}

static void element_finalize(GmObject *obj)
{
    gm_cond_clear(&GM_ELEMENT_CAST(obj)->state_cond);
    gm_rec_mutex_clear(&GM_ELEMENT_CAST(obj)->state_lock);
}

// ---- adding and removing pads -----------------------------------------------------------

bool gm_element_add_pad(GmElement *element, GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return false;
    if (!GM_REQUIRE(pad->direction != GM_PAD_UNKNOWN)) return false;
    GM_OBJECT_LOCK(pad);
    bool active = GM_PAD_IS_ACTIVE(pad);
    GM_OBJECT_FLAG_SET(pad, GM_PAD_FLAG_NEED_PARENT);
    GM_OBJECT_UNLOCK(pad);

    GM_OBJECT_LOCK(element);
    if (!gm_object_check_uniqueness(element->pads, GM_PAD_NAME(pad))) {
        GM_OBJECT_UNLOCK(element);
        gm_critical(__func__, "Padname %s is not unique in element %s, not adding",
                    GM_PAD_NAME(pad), GM_ELEMENT_NAME(element));
        gm_object_unref(gm_object_ref_sink(pad));
        return false;
    }
    if (!gm_object_set_parent(GM_OBJECT(pad), GM_OBJECT(element))) {
        GM_OBJECT_UNLOCK(element);
        gm_critical(__func__, "Pad %s already has parent when trying to add to element %s",
                    GM_PAD_NAME(pad), GM_ELEMENT_NAME(element));
        return false;
    }
    if (GM_PAD_IS_SRC(pad)) {
        element->srcpads = gm_list_append(element->srcpads, pad);
        element->numsrcpads++;
    } else {
        element->sinkpads = gm_list_append(element->sinkpads, pad);
        element->numsinkpads++;
    }
    element->pads = gm_list_append(element->pads, pad);
    element->numpads++;
    element->pads_cookie++;
    bool activate = !active && (element->current_state > GM_STATE_READY ||
                                element->next_state == GM_STATE_PAUSED);
    GM_OBJECT_UNLOCK(element);

    if (activate)
        gm_pad_set_active(pad, true);
    if (GM_OBJECT_FLAG_IS_SET(element, GM_OBJECT_FLAG_CONSTRUCTED))
        gm_signal_emit_by_name(element, "pad-added", pad);
    return true;
}

bool gm_element_remove_pad(GmElement *element, GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return false;
    if (!gm_object_has_as_parent(GM_OBJECT(pad), GM_OBJECT(element))) {
        gm_critical(__func__, "Padname %s does not belong to element %s when removing",
                    GM_PAD_NAME(pad), GM_ELEMENT_NAME(element));
        return false;
    }
    GmPad *peer = gm_pad_get_peer(pad);
    if (peer != NULL) {
        gm_pad_unlink(GM_PAD_IS_SRC(pad) ? pad : peer, GM_PAD_IS_SRC(pad) ? peer : pad);
        gm_object_unref(peer);
    }
    if (GM_IS_GHOST_PAD(pad))
        gm_ghost_pad_set_target(GM_GHOST_PAD(pad), NULL);

    GM_OBJECT_LOCK(element);
    if (GM_PAD_IS_SRC(pad)) {
        element->srcpads = gm_list_remove(element->srcpads, pad);
        element->numsrcpads--;
    } else {
        element->sinkpads = gm_list_remove(element->sinkpads, pad);
        element->numsinkpads--;
    }
    element->pads = gm_list_remove(element->pads, pad);
    element->numpads--;
    element->pads_cookie++;
    GM_OBJECT_UNLOCK(element);

    gm_signal_emit_by_name(element, "pad-removed", pad);
    gm_object_unparent(GM_OBJECT(pad));
    return true;
}

void gm_element_no_more_pads(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    gm_signal_emit_by_name(element, "no-more-pads");
}

// ---- finding pads -----------------------------------------------------------------------

static GmPad *element_find_pad(GmElement *element, const char *name, bool take_ref)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    if (!GM_REQUIRE(name != NULL)) return NULL;
    GmPad *found = NULL;

    GM_OBJECT_LOCK(element);
    for (GmList *l = element->pads; l != NULL && found == NULL; l = l->next)
        if (gm_strcmp0(GM_PAD_NAME(l->data), name) == 0)
            found = take_ref ? gm_object_ref(l->data) : l->data;
    GM_OBJECT_UNLOCK(element);
    return found;
}

GmPad *gm_element_get_static_pad(GmElement *element, const char *name)
{
    return element_find_pad(element, name, true);
}

GmPad *gm_element_peek_static_pad(GmElement *element, const char *name)
{
    return element_find_pad(element, name, false);
}

GmPad *gm_element_request_pad(GmElement *element, GmPadTemplate *templ, const char *name,
                              const GmCaps *caps)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    if (!GM_REQUIRE(templ != NULL)) return NULL;
    const GmElementClass *klass =
        gm_element_class_with(element, offsetof(GmElementClass, request_new_pad));
    GmPad *existing = name != NULL ? gm_element_get_static_pad(element, name) : NULL;

    if (existing != NULL) {
        gm_critical(__func__, "Element %s already has a pad named %s, the behaviour of "
                    "gm_element_get_request_pad() for existing pads is undefined!",
                    GM_ELEMENT_NAME(element), name);
        gm_object_unref(existing);
        return NULL;
    }
    if (klass->request_new_pad == NULL)
        return NULL;
    GmPad *pad = klass->request_new_pad(element, templ, name, caps);
    return pad != NULL ? gm_object_ref(pad) : NULL;
}

// Whether name is one that template text ("src_%u", "%s_%d") stands for.
static bool element_name_fits(const char *templ, const char *name)
{
    while (*templ != '\0') {
        if (*templ != '%') {
            if (*templ++ != *name++)
                return false;
            continue;
        }
        char kind   = templ[1];
        size_t digits = strspn(name + (kind == 'd' && *name == '-'), "0123456789");
        if (kind == 's')
            return *name != '\0';
        if (digits == 0)
            return false;
        name += digits + (kind == 'd' && *name == '-');
        templ += 2;
    }
    return *name == '\0';
}

GmPad *gm_element_request_pad_simple(GmElement *element, const char *name)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    if (!GM_REQUIRE(name != NULL)) return NULL;
    const char *wish = strchr(name, '%') == NULL ? name : NULL;

    for (int exact = 1; exact >= 0; exact--)
        for (GmList *l = gm_element_get_pad_template_list(element); l != NULL; l = l->next) {
            GmPadTemplate *templ = l->data;
            if (templ->presence == GM_PAD_REQUEST &&
                (exact ? strcmp(templ->name_template, name) == 0
                       : wish != NULL && element_name_fits(templ->name_template, name)))
                return gm_element_request_pad(element, templ, wish, NULL);
        }
    return NULL;
}

GmPad *gm_element_get_request_pad(GmElement *element, const char *name)
{
    return gm_element_request_pad_simple(element, name);
}

static void element_release_pad(GmElement *element, GmPad *pad)
{
    gm_element_remove_pad(element, pad);
}

void gm_element_release_request_pad(GmElement *element, GmPad *pad)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    if (!GM_REQUIRE(GM_IS_PAD(pad))) return;
    if (!GM_REQUIRE(pad->padtemplate == NULL || pad->padtemplate->presence == GM_PAD_REQUEST))
        return;
    if (!GM_REQUIRE(GM_PAD_PARENT(pad) == element)) return;
    GM_ELEMENT_VFUNC(element, release_pad)(element, pad);
}

static GmIterator *element_iterate(GmElement *element, GmList **list)
{
    GM_OBJECT_LOCK(element);
    GmIterator *it = gm_iterator_new_list(GM_TYPE_OBJECT, GM_OBJECT_GET_LOCK(element),
                                          &element->pads_cookie, list, GM_OBJECT(element), NULL);
    GM_OBJECT_UNLOCK(element);
    return it;
}

GmIterator *gm_element_iterate_pads(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    return element_iterate(element, &element->pads);
}

GmIterator *gm_element_iterate_src_pads(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    return element_iterate(element, &element->srcpads);
}

GmIterator *gm_element_iterate_sink_pads(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    return element_iterate(element, &element->sinkpads);
}

static bool element_foreach(GmElement *element, GmList **list, GmElementForeachPadFunc func,
                            void *user_data)
{
    if (!GM_REQUIRE(func != NULL)) return false;
    bool go_on = true;

    // A copy: func may add and remove pads.
    GM_OBJECT_LOCK(element);
    GmList *pads = gm_list_copy(*list);
    for (GmList *l = pads; l != NULL; l = l->next)
        gm_object_ref(l->data);
    GM_OBJECT_UNLOCK(element);
    for (GmList *l = pads; l != NULL && go_on; l = l->next)
        go_on = func(element, l->data, user_data);
    gm_list_free_full(pads, gm_object_unref);
    return go_on;
}

bool gm_element_foreach_pad(GmElement *element, GmElementForeachPadFunc func, void *user_data)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    return element_foreach(element, &element->pads, func, user_data);
}

bool gm_element_foreach_src_pad(GmElement *element, GmElementForeachPadFunc func, void *data)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    return element_foreach(element, &element->srcpads, func, data);
}

bool gm_element_foreach_sink_pad(GmElement *element, GmElementForeachPadFunc func, void *data)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    return element_foreach(element, &element->sinkpads, func, data);
}

// ---- clock and time ---------------------------------------------------------------------

static GmClock *element_provide_clock(GmElement *el)
{
    (void)el;
    return NULL;
}

GmClock *gm_element_provide_clock(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    return GM_ELEMENT_VFUNC(element, provide_clock)(element);
}

static bool element_set_clock(GmElement *el, GmClock *clock)
{
    GM_OBJECT_LOCK(el);
    GmClock *old = el->clock;
    el->clock = clock != NULL ? gm_object_ref(clock) : NULL;
    GM_OBJECT_UNLOCK(el);
    if (old != NULL)
        gm_object_unref(old);
    return true;
}

bool gm_element_set_clock(GmElement *element, GmClock *clock)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return false;
    if (!GM_REQUIRE(clock == NULL || GM_IS_CLOCK(clock))) return false;
    return GM_ELEMENT_VFUNC(element, set_clock)(element, clock);
}

GmClock *gm_element_get_clock(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    GM_OBJECT_LOCK(element);
    GmClock *clock = element->clock != NULL ? gm_object_ref(element->clock) : NULL;
    GM_OBJECT_UNLOCK(element);
    return clock;
}

void gm_element_set_base_time(GmElement *element, GmClockTime time)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    GM_OBJECT_LOCK(element);
    element->base_time = (GmClockTimeDiff)time;
    GM_OBJECT_UNLOCK(element);
}

GmClockTime gm_element_get_base_time(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return GM_CLOCK_TIME_NONE;
    GM_OBJECT_LOCK(element);
    GmClockTime time = (GmClockTime)element->base_time;
    GM_OBJECT_UNLOCK(element);
    return time;
}

void gm_element_set_start_time(GmElement *element, GmClockTime time)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    GM_OBJECT_LOCK(element);
    element->start_time = time;
    GM_OBJECT_UNLOCK(element);
}

GmClockTime gm_element_get_start_time(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return GM_CLOCK_TIME_NONE;
    GM_OBJECT_LOCK(element);
    GmClockTime time = element->start_time;
    GM_OBJECT_UNLOCK(element);
    return time;
}

GmClockTime gm_element_get_current_clock_time(GmElement *element)
{
    GmClock *clock = gm_element_get_clock(element);
    if (clock == NULL)
        return GM_CLOCK_TIME_NONE;
    GmClockTime now = gm_clock_get_time(clock);
    gm_object_unref(clock);
    return now;
}

GmClockTime gm_element_get_current_running_time(GmElement *element)
{
    GmClockTime base = gm_element_get_base_time(element);
    GmClockTime now  = gm_element_get_current_clock_time(element);

    if (!GM_CLOCK_TIME_IS_VALID(base) || !GM_CLOCK_TIME_IS_VALID(now) || now < base)
        return GM_CLOCK_TIME_NONE;
    return now - base;
}

// ---- contexts ---------------------------------------------------------------------------

static GmList *element_find_context(GmElement *el, const char *type)
{
    for (GmList *l = el->contexts; l != NULL; l = l->next)
        if (gm_context_has_context_type(l->data, type))
            return l;
    return NULL;
}

static void element_set_context(GmElement *el, GmContext *context)
{
    GM_OBJECT_LOCK(el);
    GmList *l = element_find_context(el, gm_context_get_context_type(context));
    if (l == NULL)
        el->contexts = gm_list_prepend(el->contexts, gm_context_ref(context));
    else if (gm_context_is_persistent(context) || !gm_context_is_persistent(l->data))
        gm_mini_object_replace((GmMiniObject **)&l->data, GM_MINI_OBJECT(context));
    GM_OBJECT_UNLOCK(el);
}

void gm_element_set_context(GmElement *element, GmContext *context)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return;
    if (!GM_REQUIRE(context != NULL)) return;
    GM_ELEMENT_VFUNC(element, set_context)(element, context);
}

GmContext *gm_element_get_context(GmElement *element, const char *context_type)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    if (!GM_REQUIRE(context_type != NULL)) return NULL;
    GM_OBJECT_LOCK(element);
    GmList *l = element_find_context(element, context_type);
    GmContext *context = l != NULL ? gm_context_ref(l->data) : NULL;
    GM_OBJECT_UNLOCK(element);
    return context;
}

GmList *gm_element_get_contexts(GmElement *element)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT(element))) return NULL;
    GM_OBJECT_LOCK(element);
    GmList *copy = gm_list_copy(element->contexts);
    for (GmList *l = copy; l != NULL; l = l->next)
        gm_context_ref(l->data);
    GM_OBJECT_UNLOCK(element);
    return copy;
}

// ---- class ------------------------------------------------------------------------------

static void element_set_bus(GmElement *el, GmBus *bus)
{
    GM_OBJECT_LOCK(el);
    GmBus *old = el->bus;
    el->bus = bus != NULL ? gm_object_ref(bus) : NULL;
    GM_OBJECT_UNLOCK(el);
    if (old != NULL)
        gm_object_unref(old);
}

static void element_no_hook(GmElement *el, GmState oldstate, GmState newstate, GmState pending)
{
    (void)el, (void)oldstate, (void)newstate, (void)pending;
}

static const GmSignal element_signals[] = {
    { .name = "pad-added", .marshal = gm_marshal_pointer,
      .blurb = "void (GmElement *, GmPad *, void *)" },
    { .name = "pad-removed", .marshal = gm_marshal_pointer,
      .blurb = "void (GmElement *, GmPad *, void *)" },
    { .name = "no-more-pads", .marshal = gm_marshal_void, .blurb = "void (GmElement *, void *)" },
    { 0 },
};

const GmElementClass gm_element_class = {
    .name          = "element",
    .type_name     = "GmElement",
    .parent        = &gm_object_class,
    .instance_size = sizeof(GmElement),
    .signals       = element_signals,
    .init          = element_init,
    .dispose       = element_dispose,
    .finalize      = element_finalize,
    .release_pad   = element_release_pad,
    .get_state     = gm_element_default_get_state,
    .set_state     = gm_element_default_set_state,
    .change_state  = gm_element_default_change_state,
    .state_changed = element_no_hook,
    .set_bus       = element_set_bus,
    .provide_clock = element_provide_clock,
    .set_clock     = element_set_clock,
    .send_event    = gm_element_default_send_event,
    .query         = gm_element_default_query,
    .post_message  = gm_element_default_post_message,
    .set_context   = element_set_context,
};
