// SPDX-License-Identifier: MIT
//
// object: the head of everything that has a name and stays in place: elements, pads, clocks,
// buses, pools. A reference count (with GObject's floating first reference), a lock, a name, a
// parent, flags, properties and named callbacks.
//
//     GmObject ── GmElement ── GmBin ── GmPipeline          GmObject ── GmPad ── GmProxyPad
//                          └── GmBaseSrc, GmBaseSink, …              ── GmClock, GmBus, …
//
// A class is one const struct (a manifest): size, tables of properties and signals, hooks. There
// is nothing to register: an object is made from the address of its class. Instances of a
// derived class begin with the instance of the parent class. Hooks left NULL are looked up in
// the parent, as inheritance would.
//
// Rules: the object lock guards name, parent, flags and plain properties. It is a leaf: nobody
// calls out while holding it. Locks are taken child before parent, never the other way.
//
// Unless said otherwise: any thread; functions block for short locks only; objects, names and
// values are borrowed; `void *obj` is any GmObject, not NULL. Misuse: a critical, the neutral
// result, nothing changed or taken. Hooks, handlers and notifies run in the thread that caused
// them, without a lock.
// Read next: core/element.h.
#ifndef GM_CORE_OBJECT_H
#define GM_CORE_OBJECT_H

#include <stdatomic.h>

#include "core/sync.h"
#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- properties -------------------------------------------------------------------------

typedef enum {
    GM_PARAM_READABLE       = 1 << 0,
    GM_PARAM_WRITABLE       = 1 << 1,
    GM_PARAM_READWRITE      = GM_PARAM_READABLE | GM_PARAM_WRITABLE,
    GM_PARAM_CONSTRUCT_ONLY = 1 << 3, // set by gm_object_new only
    GM_PARAM_DEPRECATED     = 1 << 7,
    GM_PARAM_CONTROLLABLE   = 1 << 9,
    GM_PARAM_MUTABLE_READY  = 1 << 10, // may be set in NULL and READY
    GM_PARAM_MUTABLE_PAUSED = 1 << 11, // … and PAUSED
    GM_PARAM_MUTABLE_PLAYING = 1 << 12 // … and PLAYING
} GmParamFlags;

// One row of a class's enumeration or flags table; ends with a row whose value_nick is NULL.
// The layout is GEnumValue's.
typedef struct {
    int         value;
    const char *value_name; // description
    const char *value_nick; // what launch lines say: "upstream"
} GmEnumValue;

// A named enumeration or set of flags, const, in the file that uses it.
typedef struct {
    const char        *name;   // "GmQueueLeaky"
    const GmEnumValue *values; // ends with { 0, NULL, NULL }
    bool               is_flags;
} GmEnumTable;

// One property of a class: one row. The row says where the field is; set, get, range check,
// default and text form follow from that. The default is text, read by the code that reads
// "max-size-buffers=3". A field is read and written under the object lock; what it holds (a string,
// caps, an object, …) belongs to the field and is released after the finalize hooks. Tables end
// with { 0 }.
typedef struct GmProperty {
    const char *name;  // "max-size-buffers"
    const char *blurb; // one sentence for gstmini-inspect
    // Where the value lives: offset from the private bytes if the class whose table this is has
    // some (priv_size), else from the instance. GM_FIELD fills offset and type; GM_COMPUTED says
    // that there is no storage but a pair of hooks in the class.
    size_t offset;
    GmType type;                 // GM_TYPE_BOOLEAN, …; GM_TYPE_ENUM and FLAGS use `enums`
    const char *def;             // default as text; NULL: zero / no string
    double min, max;             // of numbers; both 0: the range of the type
    const GmEnumTable *enums;    // of GM_TYPE_ENUM / GM_TYPE_FLAGS; the field is an int
    const GmObjectClass *object_class; // of GM_TYPE_OBJECT: what it must be
    unsigned flags;              // GmParamFlags; 0: GM_PARAM_READWRITE
    bool computed;               // no field: the class's get_property / set_property hook serves
} GmProperty;

// offset and type of a field; a field of a type no property can have does not compile.
#define GM_FIELD(T, m)                                                                        \
    .offset = offsetof(T, m), .type = _Generic(((T *)0)->m, bool: GM_TYPE_BOOLEAN,            \
        int: GM_TYPE_INT, unsigned: GM_TYPE_UINT, int64_t: GM_TYPE_INT64,                     \
        uint64_t: GM_TYPE_UINT64, float: GM_TYPE_FLOAT, double: GM_TYPE_DOUBLE,               \
        char *: GM_TYPE_STRING, GmCaps *: GM_TYPE_CAPS, GmStructure *: GM_TYPE_STRUCTURE,     \
        GmFraction: GM_TYPE_FRACTION, GmObject *: GM_TYPE_OBJECT,                             \
        GmElement *: GM_TYPE_OBJECT, GmPad *: GM_TYPE_OBJECT)
// offset and type of an int field that holds a value of `table`.
#define GM_ENUM_FIELD(T, m, table) .offset = offsetof(T, m), .type = GM_TYPE_ENUM, .enums = (table)
#define GM_FLAGS_FIELD(T, m, table) \
    .offset = offsetof(T, m), .type = GM_TYPE_FLAGS, .enums = (table)
// A property without a field, served by the class's hooks.
#define GM_COMPUTED(property_type) .type = (property_type), .computed = true

typedef struct { int num, den; } GmFraction; // a property field that holds a fraction

// ---- signals: named callbacks -----------------------------------------------------------

// Calls `callback (object, args…, user_data)` with the arguments in `args`. If the signal has a
// result, the address for it follows the arguments in `args` (NULL: dropped). A library of
// these is below: gm_marshal_ARGUMENTS__RESULT.
typedef void (*GmSignalMarshaller)(GmCallback callback, GmObject *object, void *user_data,
                                   va_list args);
typedef struct {
    const char        *name; // "handoff"; ends with NULL
    GmSignalMarshaller marshal;
    const char        *blurb; // the callback's prototype, for gstmini-inspect
    // An action: gm_signal_emit by the application runs this function.
    GmCallback         action;
} GmSignal;

// Marshallers for the arguments and results that the engine's signals have.
void gm_marshal_void(GmCallback, GmObject *, void *, va_list);      // (obj, data)
void gm_marshal_pointer(GmCallback, GmObject *, void *, va_list);   // (obj, void *, data)
void gm_marshal_pointer2(GmCallback, GmObject *, void *, va_list);  // two pointers
void gm_marshal_pointer3(GmCallback, GmObject *, void *, va_list);  // three pointers
void gm_marshal_uint(GmCallback, GmObject *, void *, va_list);      // (obj, unsigned, data)
void gm_marshal_uint64__bool(GmCallback, GmObject *, void *, va_list); // bool (obj, uint64_t, data)
void gm_marshal__int(GmCallback, GmObject *, void *, va_list);      // int (obj, data)
void gm_marshal_pointer__int(GmCallback, GmObject *, void *, va_list);  // int (obj, void *, data)
void gm_marshal__pointer(GmCallback, GmObject *, void *, va_list);  // void *(obj, data)
// void *(obj, uint64_t, data)
void gm_marshal_uint64__pointer(GmCallback, GmObject *, void *, va_list);

// ---- classes ----------------------------------------------------------------------------

// The fields every class has. They stand in GmObjectClass, and again, unnamed, at the head of
// GmElementClass, so that a manifest is flat: { .name = …, .parent = …, .props = … }.
#define GM_OBJECT_CLASS_FIELDS                                                                \
    const char *name;              /* factory name of elements, else the type: "queue" */     \
    const char *type_name;         /* "GmQueue"; NULL: as name */                             \
    const GmObjectClass *parent;   /* NULL only for gm_object_class */                        \
    size_t instance_size;          /* 0: as the parent's */                                   \
    size_t priv_size;              /* bytes behind gm_priv (), zeroed; one class in a chain */ \
    const GmProperty *props;       /* own ones; the parents' are inherited */                 \
    const GmSignal *signals;                                                                  \
    void (*init)(GmObject *obj);     /* parents' first; defaults are already set */           \
    void (*dispose)(GmObject *obj);  /* drops references; own first; may run twice */         \
    void (*finalize)(GmObject *obj); /* frees what is left; own first */                      \
    /* Of the class that owns the row; derived classes' hooks are not asked. set_property     */ \
    /* serves computed properties, and is told, after the field is set, of the others;        */ \
    /* get_property serves computed ones only. No lock is held.                               */ \
    void (*set_property)(GmObject *obj, const GmProperty *prop, const GmValue *value);        \
    void (*get_property)(GmObject *obj, const GmProperty *prop, GmValue *value)

struct GmObjectClass { GM_OBJECT_CLASS_FIELDS; };
extern const GmObjectClass gm_object_class;

typedef enum {
    GM_OBJECT_FLAG_MAY_BE_LEAKED = 1 << 0, // a singleton: not in the census
    GM_OBJECT_FLAG_CONSTRUCTED   = 1 << 1, // gm_object_new is done with it
    GM_OBJECT_FLAG_FLOATING      = 1 << 2, // internal: the first reference has no owner yet
    GM_OBJECT_FLAG_DISPOSED      = 1 << 3, // internal
    GM_OBJECT_FLAG_LAST          = 1 << 4
} GmObjectFlags;

struct GmObject {
    const GmObjectClass *klass;
    _Atomic int ref_count;
    // guarded by lock
    GmMutex     lock;
    char       *name;
    GmObject   *parent; // borrowed: the parent holds the child
    _Atomic unsigned flags; // single bits are read and set without the lock, too
    _Atomic(void *) extra; // internal: callbacks, weak references, data; mostly NULL
    void       *priv;  // the class's private bytes, or NULL
};

// Casts are unchecked; GM_IS_OBJECT checks (NULL: false). NAME and PARENT read the struct, with
// the lock held or while nobody can change them; FLAGS need no lock. The LOCK macros block until
// the holder lets go.
#define GM_OBJECT_CAST(obj) ((GmObject *)(obj))
#define GM_OBJECT(obj) ((GmObject *)(obj))
#define GM_OBJECT_REFCOUNT(obj) (GM_OBJECT_CAST(obj)->ref_count)
#define GM_OBJECT_REFCOUNT_VALUE(obj) \
    atomic_load_explicit(&GM_OBJECT_CAST(obj)->ref_count, memory_order_acquire)
#define GM_OBJECT_NAME(obj) (GM_OBJECT_CAST(obj)->name)
#define GM_OBJECT_PARENT(obj) (GM_OBJECT_CAST(obj)->parent)
#define GM_OBJECT_FLAGS(obj) (GM_OBJECT_CAST(obj)->flags)
#define GM_OBJECT_FLAG_IS_SET(obj, flag) ((GM_OBJECT_FLAGS(obj) & (unsigned)(flag)) != 0)
#define GM_OBJECT_FLAG_SET(obj, flag) (GM_OBJECT_FLAGS(obj) |= (unsigned)(flag))
#define GM_OBJECT_FLAG_UNSET(obj, flag) (GM_OBJECT_FLAGS(obj) &= ~(unsigned)(flag))
#define GM_OBJECT_LOCK(obj) gm_mutex_lock(&GM_OBJECT_CAST(obj)->lock)
#define GM_OBJECT_TRYLOCK(obj) gm_mutex_trylock(&GM_OBJECT_CAST(obj)->lock)
#define GM_OBJECT_UNLOCK(obj) gm_mutex_unlock(&GM_OBJECT_CAST(obj)->lock)
#define GM_OBJECT_GET_LOCK(obj) (&GM_OBJECT_CAST(obj)->lock)
#define GM_OBJECT_TYPE_NAME(obj) gm_object_get_type_name(obj)
#define GM_IS_OBJECT(obj) gm_object_is_a((obj), &gm_object_class)

// The private bytes of an element or other object: typed by the pointer it is assigned to.
static inline void *gm_priv(const void *obj)
{
    return ((const GmObject *)obj)->priv;
}

// A new object of `klass` with defaults applied, then name-value pairs as gm_object_set,
// ended by NULL. Its one reference floats. Never NULL.
void *gm_object_new(const GmObjectClass *klass, const char *first_property, ...);
const char *gm_object_get_type_name(const void *obj); // "GmQueue"; "(null)" for NULL
// Whether klass is ancestor or derived from it; NULL klass: false.
static inline bool gm_object_class_is_a(const GmObjectClass *klass, const GmObjectClass *ancestor)
{
    while (klass != NULL && klass != ancestor)
        klass = klass->parent;
    return klass != NULL && ancestor != NULL;
}
// Whether obj (NULL: false) is of klass or of a class derived from it.
static inline bool gm_object_is_a(const void *obj, const GmObjectClass *klass)
{
    return obj != NULL && gm_object_class_is_a(((const GmObject *)obj)->klass, klass);
}
// Inheritance of functions: the first pointer at `offset` that is not NULL, from klass
// parent-wards, `root` included: the class that introduced the field, i.e. the last whose struct
// is that large.
// NULL: none has one. E.g. the wait function of a clock:
//     gm_object_class_lookup (klass, offsetof (GmClockClass, wait), &gm_clock_class.object)
GmCallback gm_object_class_lookup(const GmObjectClass *klass, size_t offset,
                                  const GmObjectClass *root);

// ---- references -------------------------------------------------------------------------

// The last unref runs weak notifies, dispose and finalize in the calling thread: not under a lock.
void *gm_object_ref(void *obj);      // gives one more
void  gm_object_unref(void *obj);    // takes one; the last disposes and frees
void *gm_object_ref_sink(void *obj); // makes a floating reference the caller's, else refs
bool  gm_object_is_floating(const void *obj); // its first reference has no owner yet
void  gm_object_force_floating(void *obj);    // gives the caller's reference up to the next sink
void  gm_clear_object(GmObject **obj_p);      // unref and set NULL; NULL inside is fine
bool  gm_object_replace(GmObject **oldobj, GmObject *newobj); // refs newobj; true if changed

// Runs once when the object is disposed; of that only the address may be used.
typedef void (*GmWeakNotify)(void *data, GmObject *where_the_object_was);
void gm_object_weak_ref(void *obj, GmWeakNotify notify, void *data);
void gm_object_weak_unref(void *obj, GmWeakNotify notify, void *data);
// A pointer that does not keep its object alive and is NULL once that is gone.
typedef struct { void *obj; } GmWeakRef;
// init for new memory, set to point elsewhere (obj may be NULL), clear before the memory goes.
void  gm_weak_ref_init(GmWeakRef *ref, void *obj);
void  gm_weak_ref_clear(GmWeakRef *ref);
void  gm_weak_ref_set(GmWeakRef *ref, void *obj);
void *gm_weak_ref_get(GmWeakRef *ref); // gives a reference, or NULL

// Takes data of the caller's under a name (NULL: none); `destroy` (may be NULL) runs on it when it
// is replaced and at the end of obj.
void  gm_object_set_data_full(void *obj, const char *key, void *data, GmDestroyNotify destroy);
void  gm_object_set_data(void *obj, const char *key, void *data);
void *gm_object_get_data(void *obj, const char *key); // borrowed, or NULL

// Objects alive now of `klass` and its children (NULL: all): tests compare before and after.
long gm_object_live_count(const GmObjectClass *klass);
// Prints one line for each object alive to `out` (type, name, count, parent). Returns how many.
long gm_object_print_live(FILE *out);

// ---- name and parent --------------------------------------------------------------------

// NULL: a name of the type's in lower case and a number ("fakesrc0"). False, unchanged: obj has
// a parent.
bool  gm_object_set_name(GmObject *obj, const char *name);
char *gm_object_get_name(GmObject *obj); // gives a copy to free ()
// Sinks obj into parent (borrowed). False: it has a parent already, or obj == parent.
bool gm_object_set_parent(GmObject *obj, GmObject *parent);
GmObject *gm_object_get_parent(GmObject *obj); // gives a reference, or NULL
void gm_object_unparent(GmObject *obj);        // releases the parent's reference
// Directly / somewhere above; an object is its own ancestor.
bool gm_object_has_as_parent(GmObject *obj, GmObject *parent);
bool gm_object_has_as_ancestor(GmObject *obj, GmObject *ancestor);
char *gm_object_get_path_string(GmObject *obj); // "/GmPipeline:p/GmQueue:q.GmPad:src"; free ()
struct GmList;
// Whether no object of the list (may be NULL) has that name; takes each one's lock in turn.
bool gm_object_check_uniqueness(struct GmList *list, const char *name);

// ---- properties -------------------------------------------------------------------------

// Name-value pairs ended by NULL: gm_object_set (queue, "max-size-buffers", 3u, NULL). Values
// are C values of the property's type (bool and int: int; strings are copied; objects and caps
// get a reference; fractions: two ints). An unknown name, a value out of range or of the
// wrong class, or a property that may not be written prints a critical and changes nothing
// (a NULL name or an unknown one ends the list: what follows cannot be read). "notify" callbacks
// are told of each value. Never blocks beyond the object lock and the class's hook. Any thread.
void gm_object_set(void *obj, const char *first_property, ...) GM_SENTINEL;
void gm_object_set_valist(void *obj, const char *first_property, va_list args);
// Name-address pairs ended by NULL. Strings are copies to free (); objects, caps and
// structures come with a reference / as a copy of the caller's; fractions: two int *.
void gm_object_get(void *obj, const char *first_property, ...) GM_SENTINEL;
// From / into a value that the caller owns. Errors as above.
void gm_object_set_property(void *obj, const char *name, const GmValue *value);
// `value` may be all-zero (it takes the property's type) or initialised to one that fits.
void gm_object_get_property(void *obj, const char *name, GmValue *value);
// Sets from text, as launch lines do ("true", "1/2", "upstream", "video/x-raw"). False and
// *error (may be NULL) naming property, text, and what would be right.
bool gm_object_set_from_string(void *obj, const char *name, const char *text, GmError **error);
// The value of a property as text, as a launch line would write it; to free (). NULL when there
// is no such property, it cannot be read, or it holds nothing (no string, no object). Strings
// come as they are, without quotes; objects as their name.
char *gm_object_property_to_string(void *obj, const char *name);
// The value as text when it is no property of an object: `prop`'s type and enumeration. To free ().
char *gm_property_value_to_string(const GmProperty *prop, const GmValue *value);
// The row of a property of obj's class or its parents, or NULL. Constant.
const GmProperty *gm_object_find_property(const void *obj, const char *name);
const GmProperty *gm_object_class_find_property(const GmObjectClass *klass, const char *name);
// Tells "notify" and "notify::name" callbacks of obj, and "deep-notify" ones of all its
// ancestors, that a property has changed. No lock held.
void gm_object_notify(void *obj, const char *name);

// ---- signals ----------------------------------------------------------------------------

// The row of a signal of klass or its parents, or NULL. Constant.
const GmSignal *gm_object_class_find_signal(const GmObjectClass *klass, const char *name);
// Built in: "notify" and "notify::NAME" (obj, const GmProperty *, data); "deep-notify" and
// "deep-notify::NAME" (obj, GmObject *origin, const GmProperty *, data).
// Calls `callback` at every emission of `signal` ("handoff", "pad-added", "notify::caps") with
// user_data as the last argument. Gives an id for disconnect; 0 and a critical if obj has no
// such signal. The callback runs in the thread that emits.
// _data: `destroy` (may be NULL) runs on user_data when the handler is gone; flags: 0.
unsigned long gm_signal_connect(void *obj, const char *signal, GmCallback callback,
                                void *user_data);
unsigned long gm_signal_connect_data(void *obj, const char *signal, GmCallback callback,
                                     void *user_data, GmDestroyNotify destroy, unsigned flags);
#define gm_signal_connect(obj, signal, callback, data) \
    (gm_signal_connect)((obj), (signal), (GmCallback)(callback), (data))
// By the id connect gave (another id: a critical for disconnect); a blocked handler is passed over
// until as many unblocks. A call that another thread is making at this moment may still be going
// on.
void gm_signal_handler_disconnect(void *obj, unsigned long id);
void gm_signal_handler_block(void *obj, unsigned long id);
void gm_signal_handler_unblock(void *obj, unsigned long id);
// Emits: arguments as the signal's blurb says; for signals with a result the last argument is
// the address for it (may be NULL). Handlers run in order of connection, without any lock.
void gm_signal_emit_by_name(void *obj, const char *signal, ...);
// Whether anybody is connected, so that building the arguments is worth while.
bool gm_signal_has_handler(void *obj, const char *signal);

#ifdef __cplusplus
}
#endif
#endif
