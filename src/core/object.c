// SPDX-License-Identifier: MIT
//
// object: classes, life, names and parents. Properties are in object_property.c, callbacks in
// object_signal.c.
//
// An object is one block:   [ObjectHead | instance (klass->instance_size) | private bytes]
// The head links all live objects, for the census.
//
// The end of an object: the last unref clears weak references, runs the dispose chain (own
// class first), tells weak notifies, and, if nobody took a new reference meanwhile, drops the
// count to 0, runs the finalize chain and frees the block.
#include "core/object.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/init.h"
#include "core/list.h"
#include "core/object_priv.h"
#include "core/util.h"
#include "core/value.h"

typedef struct ObjectHead {
    struct ObjectHead *prev, *next;
} ObjectHead;

#define OBJECT_ALIGN (_Alignof(max_align_t))
#define OBJECT_ROUND(size) (((size) + OBJECT_ALIGN - 1) & ~(OBJECT_ALIGN - 1))
#define OBJECT_HEAD_SIZE OBJECT_ROUND(sizeof(ObjectHead))

static GmMutex    object_census_lock = GM_MUTEX_INIT;
static ObjectHead object_census = { &object_census, &object_census }; // guarded by it
// Guards which object every GmWeakRef points to. Taken before an object lock.
static GmMutex    object_weak_lock = GM_MUTEX_INIT;

static ObjectHead *object_head(GmObject *obj)
{
    return (ObjectHead *)(void *)((char *)obj - OBJECT_HEAD_SIZE);
}

static GmObject *object_of_head(ObjectHead *head)
{
    return (GmObject *)(void *)((char *)head + OBJECT_HEAD_SIZE);
}

// ---- classes ----------------------------------------------------------------------------

static void object_dispose(GmObject *obj)
{
    char *parent = NULL;

    GM_OBJECT_LOCK(obj);
    if (obj->parent != NULL)
        parent = gm_strdup_printf("'%s' ends but still has the parent '%s': let the parent "
                                  "release it (gm_bin_remove, gm_element_remove_pad) instead of "
                                  "unreffing it", obj->name, obj->parent->name);
    GM_OBJECT_UNLOCK(obj);
    if (parent != NULL) {
        gm_critical(__func__, "%s", parent);
        gm_object_ref(obj); // the parent's pointer stays good
        gm_free(parent);
    }
}

// The two properties every object has.
static const GmProperty object_props[] = {
    { "name", "name of the object, unique in its parent", GM_COMPUTED(GM_TYPE_STRING) },
    { "parent", "the object that holds this one", GM_COMPUTED(GM_TYPE_OBJECT) },
    { 0 }
};

static void object_set_property(GmObject *obj, const GmProperty *prop, const GmValue *value)
{
    if (prop == &object_props[0])
        gm_object_set_name(obj, gm_value_get_string(value));
    else
        gm_object_set_parent(obj, gm_value_get_object(value));
}

static void object_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    if (prop == &object_props[0])
        gm_value_take_string(value, gm_object_get_name(obj));
    else
        gm_value_take_object(value, gm_object_get_parent(obj));
}

const GmObjectClass gm_object_class = {
    .name = "object", .type_name = "GmObject", .instance_size = sizeof(GmObject),
    .props = object_props, .dispose = object_dispose,
    .set_property = object_set_property, .get_property = object_get_property,
};

// The nearest size and the nearest private bytes, from klass parent-wards.
static size_t object_class_size(const GmObjectClass *klass, size_t *priv_size)
{
    size_t size = 0;

    *priv_size = 0;
    for (; klass != NULL; klass = klass->parent) {
        if (size == 0)
            size = klass->instance_size;
        if (*priv_size == 0)
            *priv_size = klass->priv_size;
    }
    return size;
}

GmCallback gm_object_class_lookup(const GmObjectClass *klass, size_t offset,
                                  const GmObjectClass *root)
{
    GmCallback function = NULL;

    for (; klass != NULL && function == NULL; klass = klass->parent) {
        memcpy(&function, (const char *)klass + offset, sizeof function);
        if (klass == root)
            break;
    }
    return function;
}

const char *gm_object_get_type_name(const void *obj)
{
    if (obj == NULL)
        return "(null)";
    const GmObjectClass *klass = ((const GmObject *)obj)->klass;
    return klass->type_name ? klass->type_name : klass->name;
}

bool gm_object_is_pad(const void *obj)
{
    const GmObjectClass *klass = obj ? ((const GmObject *)obj)->klass : NULL;

    while (klass != NULL && gm_strcmp0(klass->name, "GmPad") != 0)
        klass = klass->parent;
    return klass != NULL;
}

// ---- automatic names --------------------------------------------------------------------

typedef struct ObjectCounter {
    struct ObjectCounter *next;
    const GmObjectClass *klass;
    unsigned count;
} ObjectCounter;

static GmMutex        object_counter_lock = GM_MUTEX_INIT;
static ObjectCounter *object_counters;

static void object_counters_cleanup(void)
{
    for (ObjectCounter *next; object_counters != NULL; object_counters = next) {
        next = object_counters->next;
        gm_free(object_counters);
    }
}

static unsigned object_next_number(const GmObjectClass *klass)
{
    gm_mutex_lock(&object_counter_lock);
    if (object_counters == NULL)
        gm_init_add_cleanup(object_counters_cleanup);
    ObjectCounter *c = object_counters;
    while (c != NULL && c->klass != klass)
        c = c->next;
    if (c == NULL) {
        c = gm_new0(ObjectCounter, 1);
        c->klass = klass;
        c->next = object_counters;
        object_counters = c;
    }
    unsigned n = c->count++;
    gm_mutex_unlock(&object_counter_lock);
    return n;
}

// "fakesrc0" for GmFakeSrc: as GStreamer names; a - keeps a type's own digit apart.
static char *object_default_name(const GmObject *obj)
{
    const char *type = gm_object_get_type_name(obj);
    char text[64];
    size_t n = 0;

    for (type += strncmp(type, "Gm", 2) == 0 ? 2 : 0; *type != '\0' && n < sizeof text - 2; type++)
        if (*type != '-' && *type != '_')
            text[n++] = (char)tolower((unsigned char)*type);
    if (n > 0 && isdigit((unsigned char)text[n - 1]))
        text[n++] = '-';
    text[n] = '\0';
    return gm_strdup_printf("%s%u", text, object_next_number(obj->klass));
}

// ---- birth ------------------------------------------------------------------------------

static void object_run_init(GmObject *obj, const GmObjectClass *klass)
{
    if (klass->parent != NULL)
        object_run_init(obj, klass->parent);
    if (klass->init != NULL)
        klass->init(obj);
}

void *gm_object_new(const GmObjectClass *klass, const char *first_property, ...)
{
    if (!GM_REQUIRE(klass != NULL)) return NULL;
    size_t priv_size, size = OBJECT_ROUND(object_class_size(klass, &priv_size));
    if (!GM_REQUIRE(size >= sizeof(GmObject))) return NULL;

    ObjectHead *head = gm_malloc0(OBJECT_HEAD_SIZE + size + priv_size);
    GmObject *obj = object_of_head(head);
    obj->klass = klass;
    atomic_init(&obj->ref_count, 1);
    gm_mutex_init(&obj->lock);
    obj->flags = GM_OBJECT_FLAG_FLOATING;
    obj->priv  = priv_size ? (char *)obj + size : NULL;
    for (const GmObjectClass *k = klass; k != NULL; k = k->parent)
        gm_object_apply_defaults(obj, k);

    gm_mutex_lock(&object_census_lock);
    head->prev = object_census.prev;
    head->next = &object_census;
    head->prev->next = head->next->prev = head;
    gm_mutex_unlock(&object_census_lock);

    object_run_init(obj, klass);
    va_list args;
    va_start(args, first_property);
    if (first_property != NULL)
        gm_object_set_valist(obj, first_property, args);
    va_end(args);
    if (obj->name == NULL)
        gm_object_set_name(obj, NULL);
    GM_OBJECT_LOCK(obj);
    GM_OBJECT_FLAG_SET(obj, GM_OBJECT_FLAG_CONSTRUCTED);
    GM_OBJECT_UNLOCK(obj);
    return obj;
}

// ---- census -----------------------------------------------------------------------------

// Flags and names are read without the object locks: whoever counts has no other thread busy.
static long object_census_walk(const GmObjectClass *klass, FILE *out)
{
    long n = 0;

    gm_mutex_lock(&object_census_lock);
    for (ObjectHead *h = object_census.next; h != &object_census; h = h->next) {
        GmObject *obj = object_of_head(h);
        if (GM_OBJECT_FLAG_IS_SET(obj, GM_OBJECT_FLAG_MAY_BE_LEAKED) ||
            (klass != NULL && !gm_object_is_a(obj, klass)))
            continue;
        n++;
        if (out != NULL)
            fprintf(out, "alive: %s '%s', %d references, parent '%s'\n",
                    gm_object_get_type_name(obj), obj->name ? obj->name : "",
                    GM_OBJECT_REFCOUNT_VALUE(obj), obj->parent ? obj->parent->name : "");
    }
    gm_mutex_unlock(&object_census_lock);
    return n;
}

long gm_object_live_count(const GmObjectClass *klass)
{
    return object_census_walk(klass, NULL);
}

long gm_object_print_live(FILE *out)
{
    if (!GM_REQUIRE(out != NULL)) return 0;
    return object_census_walk(NULL, out);
}

// ---- extras: weak notifies, weak references, data ----------------------------------------

GmObjectExtra *gm_object_extra(GmObject *obj)
{
    if (obj->extra == NULL)
        obj->extra = gm_new0(GmObjectExtra, 1);
    return obj->extra;
}

static void object_push_entry(GmObject *obj, GmObjectEntry entry)
{
    GmObjectEntry *own = gm_memdup(&entry, sizeof entry);

    GM_OBJECT_LOCK(obj);
    GmObjectExtra *extra = gm_object_extra(obj);
    own->next = extra->entries;
    extra->entries = own;
    GM_OBJECT_UNLOCK(obj);
}

// Takes out the first entry of that kind for which key, notify and data are as in `like` (data
// entries: only the key counts). like.data NULL: any.
static GmObjectEntry *object_take_entry(GmObject *obj, GmObjectEntry like)
{
    GmObjectEntry *found = NULL;

    GM_OBJECT_LOCK(obj);
    GmObjectExtra *extra = obj->extra;
    for (GmObjectEntry **p = extra ? &extra->entries : NULL; p && *p; p = &(*p)->next) {
        if ((*p)->kind == like.kind && (*p)->key == like.key &&
            (like.notify == NULL || (*p)->notify == like.notify) &&
            (like.data == NULL || (*p)->data == like.data)) {
            found = *p;
            *p = found->next;
            break;
        }
    }
    GM_OBJECT_UNLOCK(obj);
    return found;
}

void gm_object_weak_ref(void *obj, GmWeakNotify notify, void *data)
{
    if (!GM_REQUIRE(obj != NULL && notify != NULL)) return;
    object_push_entry(obj, (GmObjectEntry){ .kind = OBJECT_WEAK_NOTIFY, .notify = notify,
                                            .data = data });
}

void gm_object_weak_unref(void *obj, GmWeakNotify notify, void *data)
{
    if (!GM_REQUIRE(obj != NULL && notify != NULL)) return;
    GmObjectEntry *entry = object_take_entry(
        obj, (GmObjectEntry){ .kind = OBJECT_WEAK_NOTIFY, .notify = notify, .data = data });
    if (entry == NULL)
        gm_critical(__func__, "object %p has no such weak reference", obj);
    gm_free(entry);
}

void gm_weak_ref_init(GmWeakRef *ref, void *obj)
{
    if (!GM_REQUIRE(ref != NULL)) return;
    ref->obj = NULL;
    gm_weak_ref_set(ref, obj);
}

void gm_weak_ref_clear(GmWeakRef *ref)
{
    gm_weak_ref_set(ref, NULL);
}

// Takes out the entry of `ref` (NULL: the first) and forgets its object. Weak lock held.
static bool object_drop_weak_ref(GmObject *obj, GmWeakRef *ref)
{
    GmObjectExtra *extra = obj->extra;
    GmObjectEntry **p = &extra->weak_refs;

    while (*p != NULL && ref != NULL && (*p)->data != ref)
        p = &(*p)->next;
    GmObjectEntry *found = *p;
    if (found == NULL)
        return false;
    *p = found->next;
    ((GmWeakRef *)found->data)->obj = NULL;
    gm_free(found);
    return true;
}

// The weak lock is a leaf: it may be taken under any object lock, and takes none.
void gm_weak_ref_set(GmWeakRef *ref, void *obj)
{
    if (!GM_REQUIRE(ref != NULL)) return;
    GmObjectExtra *extra = NULL;
    if (obj != NULL) {
        GM_OBJECT_LOCK(obj);
        extra = gm_object_extra(obj);
        GM_OBJECT_UNLOCK(obj);
    }
    gm_mutex_lock(&object_weak_lock);
    if (ref->obj != obj) {
        if (ref->obj != NULL)
            object_drop_weak_ref(ref->obj, ref);
        ref->obj = obj;
        if (extra != NULL) {
            GmObjectEntry *entry = gm_new0(GmObjectEntry, 1);
            *entry = (GmObjectEntry){ .next = extra->weak_refs, .data = ref };
            extra->weak_refs = entry;
        }
    }
    gm_mutex_unlock(&object_weak_lock);
}

void *gm_weak_ref_get(GmWeakRef *ref)
{
    if (!GM_REQUIRE(ref != NULL)) return NULL;
    gm_mutex_lock(&object_weak_lock);
    void *obj = ref->obj ? gm_object_ref(ref->obj) : NULL;
    gm_mutex_unlock(&object_weak_lock);
    return obj;
}

void gm_object_set_data_full(void *obj, const char *key, void *data, GmDestroyNotify destroy)
{
    if (!GM_REQUIRE(obj != NULL && key != NULL)) return;
    GmQuark quark = gm_quark_from_string(key);
    GmObjectEntry *old = object_take_entry(obj, (GmObjectEntry){ .kind = OBJECT_DATA,
                                                                 .key = quark });
    if (data != NULL)
        object_push_entry(obj, (GmObjectEntry){ .kind = OBJECT_DATA, .key = quark, .data = data,
                                                .destroy = destroy });
    if (old != NULL && old->destroy != NULL)
        old->destroy(old->data);
    gm_free(old);
}

void gm_object_set_data(void *obj, const char *key, void *data)
{
    gm_object_set_data_full(obj, key, data, NULL);
}

void *gm_object_get_data(void *obj, const char *key)
{
    void *data = NULL;

    if (!GM_REQUIRE(obj != NULL && key != NULL)) return NULL;
    GmQuark quark = gm_quark_try_string(key);
    GM_OBJECT_LOCK(obj);
    GmObjectExtra *extra = GM_OBJECT_CAST(obj)->extra;
    for (GmObjectEntry *e = extra && quark ? extra->entries : NULL; e != NULL; e = e->next)
        if (e->kind == OBJECT_DATA && e->key == quark)
            data = e->data;
    GM_OBJECT_UNLOCK(obj);
    return data;
}

// ---- references and the end --------------------------------------------------------------

void *gm_object_ref(void *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return NULL;
    int before = atomic_fetch_add_explicit(&GM_OBJECT_CAST(obj)->ref_count, 1,
                                           memory_order_relaxed);
    (void)GM_REQUIRE(before > 0);
    return obj;
}

// Sets every GmWeakRef to NULL, unless one of them has just given a new reference.
static bool object_clear_weak_refs(GmObject *obj)
{
    if (obj->extra == NULL) // nobody else has a way to it
        return atomic_load(&obj->ref_count) <= 1;
    gm_mutex_lock(&object_weak_lock);
    bool last = atomic_load(&obj->ref_count) <= 1; // 0: from object_free
    while (last && object_drop_weak_ref(obj, NULL))
        ;
    gm_mutex_unlock(&object_weak_lock);
    return last;
}

static void object_run_weak_notifies(GmObject *obj)
{
    GmObjectEntry *entry;

    while ((entry = object_take_entry(obj, (GmObjectEntry){ .kind = OBJECT_WEAK_NOTIFY }))) {
        entry->notify(entry->data, obj);
        gm_free(entry);
    }
}

static void object_free(GmObject *obj)
{
    object_clear_weak_refs(obj);
    gm_object_clear_properties(obj);
    for (const GmObjectClass *k = obj->klass; k != NULL; k = k->parent)
        if (k->finalize != NULL)
            k->finalize(obj);
    gm_object_disconnect_all(obj);
    GmObjectExtra *extra = obj->extra;
    for (GmObjectEntry *next, *e = extra ? extra->entries : NULL; e != NULL; e = next) {
        next = e->next;
        if (e->kind == OBJECT_DATA && e->destroy != NULL)
            e->destroy(e->data);
        gm_free(e);
    }
    gm_free(extra);

    ObjectHead *head = object_head(obj);
    gm_mutex_lock(&object_census_lock);
    head->prev->next = head->next;
    head->next->prev = head->prev;
    gm_mutex_unlock(&object_census_lock);
    gm_mutex_clear(&obj->lock);
    gm_free(obj->name);
    gm_free(head);
}

// Gives up one of at least two references. False: it may be the last.
static bool object_drop_reference(GmObject *obj)
{
    int count = atomic_load(&obj->ref_count);

    while (count > 1)
        if (atomic_compare_exchange_weak(&obj->ref_count, &count, count - 1))
            return true;
    return false;
}

void gm_object_unref(void *object)
{
    GmObject *obj = object;

    if (!GM_REQUIRE(obj != NULL)) return;
    if (!GM_REQUIRE(atomic_load(&obj->ref_count) > 0)) return;
    do
        if (object_drop_reference(obj))
            return;
    while (!object_clear_weak_refs(obj));

    for (const GmObjectClass *k = obj->klass; k != NULL; k = k->parent)
        if (k->dispose != NULL)
            k->dispose(obj);
    if (object_drop_reference(obj))
        return; // somebody keeps it after all
    object_run_weak_notifies(obj);
    // A notify may have taken a reference, too.
    if (atomic_fetch_sub(&obj->ref_count, 1) == 1)
        object_free(obj);
}

void *gm_object_ref_sink(void *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return NULL;
    GM_OBJECT_LOCK(obj);
    bool floating = GM_OBJECT_FLAG_IS_SET(obj, GM_OBJECT_FLAG_FLOATING);
    GM_OBJECT_FLAG_UNSET(obj, GM_OBJECT_FLAG_FLOATING);
    GM_OBJECT_UNLOCK(obj);
    return floating ? obj : gm_object_ref(obj);
}

bool gm_object_is_floating(const void *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return false;
    GM_OBJECT_LOCK(obj);
    bool floating = GM_OBJECT_FLAG_IS_SET(obj, GM_OBJECT_FLAG_FLOATING);
    GM_OBJECT_UNLOCK(obj);
    return floating;
}

void gm_object_force_floating(void *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return;
    GM_OBJECT_LOCK(obj);
    GM_OBJECT_FLAG_SET(obj, GM_OBJECT_FLAG_FLOATING);
    GM_OBJECT_UNLOCK(obj);
}

void gm_clear_object(GmObject **obj_p)
{
    gm_object_replace(obj_p, NULL);
}

bool gm_object_replace(GmObject **oldobj, GmObject *newobj)
{
    if (!GM_REQUIRE(oldobj != NULL)) return false;
    if (newobj != NULL)
        gm_object_ref(newobj);
    // One step, so that two threads do not release the same old object.
    GmObject *old = __atomic_exchange_n(oldobj, newobj, __ATOMIC_ACQ_REL);
    if (old != NULL)
        gm_object_unref(old);
    return old != newobj;
}

// ---- name and parent --------------------------------------------------------------------

bool gm_object_set_name(GmObject *obj, const char *name)
{
    if (!GM_REQUIRE(obj != NULL)) return false;
    char *text = name ? gm_strdup(name) : object_default_name(obj);
    GM_OBJECT_LOCK(obj);
    bool free_to_rename = obj->parent == NULL;
    char *old = free_to_rename ? obj->name : text;
    if (free_to_rename)
        obj->name = text;
    GM_OBJECT_UNLOCK(obj);
    gm_free(old);
    return free_to_rename;
}

char *gm_object_get_name(GmObject *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return NULL;
    GM_OBJECT_LOCK(obj);
    char *name = gm_strdup(obj->name);
    GM_OBJECT_UNLOCK(obj);
    return name;
}

bool gm_object_set_parent(GmObject *obj, GmObject *parent)
{
    if (!GM_REQUIRE(obj != NULL && parent != NULL && obj != parent)) return false;
    GM_OBJECT_LOCK(obj);
    bool ok = obj->parent == NULL;
    if (ok)
        obj->parent = parent;
    GM_OBJECT_UNLOCK(obj);
    if (ok)
        gm_object_ref_sink(obj);
    return ok;
}

GmObject *gm_object_get_parent(GmObject *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return NULL;
    GM_OBJECT_LOCK(obj);
    GmObject *parent = obj->parent ? gm_object_ref(obj->parent) : NULL;
    GM_OBJECT_UNLOCK(obj);
    return parent;
}

void gm_object_unparent(GmObject *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return;
    GM_OBJECT_LOCK(obj);
    bool had = obj->parent != NULL;
    obj->parent = NULL;
    GM_OBJECT_UNLOCK(obj);
    if (had)
        gm_object_unref(obj);
}

bool gm_object_has_as_parent(GmObject *obj, GmObject *parent)
{
    if (!GM_REQUIRE(obj != NULL && parent != NULL)) return false;
    GM_OBJECT_LOCK(obj);
    bool has = obj->parent == parent;
    GM_OBJECT_UNLOCK(obj);
    return has;
}

bool gm_object_has_as_ancestor(GmObject *obj, GmObject *ancestor)
{
    if (!GM_REQUIRE(obj != NULL && ancestor != NULL)) return false;
    gm_object_ref(obj);
    while (obj != NULL && obj != ancestor) {
        GmObject *parent = gm_object_get_parent(obj);
        gm_object_unref(obj);
        obj = parent;
    }
    if (obj != NULL)
        gm_object_unref(obj);
    return obj != NULL;
}

char *gm_object_get_path_string(GmObject *obj)
{
    if (!GM_REQUIRE(obj != NULL)) return NULL;
    char *path = gm_strdup("");
    gm_object_ref(obj);
    while (obj != NULL) {
        char *name = gm_object_get_name(obj);
        char *longer = gm_strdup_printf("%c%s:%s%s", gm_object_is_pad(obj) ? '.' : '/',
                                        gm_object_get_type_name(obj), name, path);
        GmObject *parent = gm_object_get_parent(obj);
        gm_object_unref(obj);
        gm_free(name);
        gm_free(path);
        path = longer;
        obj = parent;
    }
    return path;
}

bool gm_object_check_uniqueness(GmList *list, const char *name)
{
    bool unique = true;

    if (!GM_REQUIRE(name != NULL)) return false;
    for (; list != NULL && unique; list = list->next) {
        GM_OBJECT_LOCK(list->data);
        unique = gm_strcmp0(GM_OBJECT_NAME(list->data), name) != 0;
        GM_OBJECT_UNLOCK(list->data);
    }
    return unique;
}
