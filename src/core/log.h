// SPDX-License-Identifier: MIT
//
// log: the debug log. GM_DEBUG=queue:5,*:3 ./program prints, on standard error,
//
//     0:00:00.012345678  4711 0x55d0c0 DEBUG   queue queue.c:120:queue_loop:<queue0> running
//     time since start   pid  thread   level   category  file:line:function:<object> message
//
// Syntax of GM_DEBUG: a comma-separated list of CATEGORY:LEVEL; a category may hold * and ?;
// a level is 0…9 or NONE ERROR WARNING FIXME INFO DEBUG LOG TRACE MEMDUMP; a plain level is for
// all; later entries win. GM_DEBUG_FILE: where to (%p: the pid; "-": standard output).
// GM_DEBUG_NO_COLOR, GM_DEBUG_COLOR_MODE=off|on|auto|unix: colours (auto: on a terminal).
//
// A file that logs opens with
//     GM_DEBUG_CATEGORY_DEFINE(queue_debug, "queue", 0, "the queue element");
//     #define GM_CAT_DEFAULT queue_debug
// or, as in GStreamer, with GM_DEBUG_CATEGORY_STATIC and a GM_DEBUG_CATEGORY_INIT that runs
// once. A message that is off costs one predictable branch; its arguments are not evaluated.
// Unless said otherwise: any thread, short locks only; a printed line is written whole, which may
// block on the file; texts are borrowed; misuse (a NULL category or name) is a critical.
// Read next: src/core/log.c, core/dot.h (the graph as a picture).
#ifndef GM_CORE_LOG_H
#define GM_CORE_LOG_H

#include <stdatomic.h>

#include "core/list.h"
#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GM_LEVEL_NONE = 0, // a threshold only: print nothing
    GM_LEVEL_ERROR,    // the stream ends
    GM_LEVEL_WARNING,  // something is wrong, it goes on
    GM_LEVEL_FIXME,    // a known lack was met
    GM_LEVEL_INFO,     // rare events
    GM_LEVEL_DEBUG,    // what happens, but not for each buffer
    GM_LEVEL_LOG,      // for each buffer
    GM_LEVEL_TRACE,    // more often than that
    GM_LEVEL_MEMDUMP = 9, // bytes
    GM_LEVEL_COUNT
} GmDebugLevel;

// Bits for the colour of a category.
typedef enum {
    GM_DEBUG_FG_BLACK = 0x0, GM_DEBUG_FG_RED = 0x1, GM_DEBUG_FG_GREEN = 0x2,
    GM_DEBUG_FG_YELLOW = 0x3, GM_DEBUG_FG_BLUE = 0x4, GM_DEBUG_FG_MAGENTA = 0x5,
    GM_DEBUG_FG_CYAN = 0x6, GM_DEBUG_FG_WHITE = 0x7,
    GM_DEBUG_BG_RED = 0x10, GM_DEBUG_BG_GREEN = 0x20, GM_DEBUG_BG_YELLOW = 0x30,
    GM_DEBUG_BG_BLUE = 0x40, GM_DEBUG_BG_MAGENTA = 0x50, GM_DEBUG_BG_CYAN = 0x60,
    GM_DEBUG_BG_WHITE = 0x70,
    GM_DEBUG_BOLD = 0x100, GM_DEBUG_UNDERLINE = 0x200
} GmDebugColorFlags;

typedef enum {
    GM_DEBUG_COLOR_MODE_OFF  = 0,
    GM_DEBUG_COLOR_MODE_ON   = 1, // on a terminal only
    GM_DEBUG_COLOR_MODE_UNIX = 2  // always
} GmDebugColorMode;

// A subject to log about. Made by the macros below; registered at its first use.
typedef struct GmDebugCategory GmDebugCategory;
struct GmDebugCategory {
    const char *name, *description;
    unsigned    color;
    // internal
    _Atomic int      threshold;  // the highest level that is printed
    _Atomic bool     registered; // in the list of all, threshold is valid
    bool             allocated;
    GmDebugCategory *next;
};

// GStreamer's way: a variable, seen by all files / by this one / elsewhere; INIT makes the
// category at run time, GET finds one that was made (NULL: none).
#define GM_DEBUG_CATEGORY(cat) GmDebugCategory *cat = NULL
#define GM_DEBUG_CATEGORY_STATIC(cat) static GmDebugCategory *cat = NULL
#define GM_DEBUG_CATEGORY_EXTERN(cat) extern GmDebugCategory *cat
#define GM_DEBUG_CATEGORY_INIT(cat, cat_name, cat_color, cat_description)                     \
    ((void)(cat ? cat : (cat = gm_debug_category_new((cat_name), (cat_color), (cat_description)))))
#define GM_DEBUG_CATEGORY_GET(cat, cat_name) ((cat) = gm_debug_get_category(cat_name))
// A category that needs no INIT; at file level.
#define GM_DEBUG_CATEGORY_DEFINE(cat, cat_name, cat_color, cat_description)                   \
    static GmDebugCategory cat##_storage = {                                                  \
        .name = (cat_name), .description = (cat_description), .color = (cat_color) };         \
    static GmDebugCategory *const cat = &cat##_storage

// A variable of that name, so that a file may define the macro after its includes.
#ifndef GM_CAT_DEFAULT
extern GmDebugCategory *const GM_CAT_DEFAULT; // "default", for files without a category
#endif

// The one of that name, made if need be (strings are copied). Lives until gm_deinit.
GmDebugCategory *gm_debug_category_new(const char *name, unsigned color, const char *description);
GmDebugCategory *gm_debug_get_category(const char *name); // NULL: none registered
GmList *gm_debug_get_all_categories(void); // registered ones; free the list, not the data
// What the category was made with; borrowed. The threshold is the highest level printed; set lasts
// until a rule that fits or reset.
const char  *gm_debug_category_get_name(const GmDebugCategory *category);
const char  *gm_debug_category_get_description(const GmDebugCategory *category);
unsigned     gm_debug_category_get_color(const GmDebugCategory *category);
GmDebugLevel gm_debug_category_get_threshold(GmDebugCategory *category);
void gm_debug_category_set_threshold(GmDebugCategory *category, GmDebugLevel level);
void gm_debug_category_reset_threshold(GmDebugCategory *category); // as GM_DEBUG etc. say

// ---- what is printed --------------------------------------------------------------------

void gm_debug_set_active(bool active); // the switch for all; on at the start
bool gm_debug_is_active(void);         // as set_active has said
void gm_debug_set_default_threshold(GmDebugLevel level); // of all without a rule. Starts as ERROR
GmDebugLevel gm_debug_get_default_threshold(void);       // as set
// A rule as in GM_DEBUG: name may hold * and ?.
void gm_debug_set_threshold_for_name(const char *name, GmDebugLevel level);
void gm_debug_unset_threshold_for_name(const char *name);
// Rules in the syntax of GM_DEBUG; `reset` drops earlier ones.
void gm_debug_set_threshold_from_string(const char *list, bool reset);
void gm_debug_set_color_mode(GmDebugColorMode mode);
void gm_debug_set_color_mode_from_string(const char *mode); // as the environment; else no change
GmDebugColorMode gm_debug_get_color_mode(void);
const char *gm_debug_level_get_name(GmDebugLevel level); // "DEBUG", "" for NONE

// ---- where it goes ----------------------------------------------------------------------

typedef struct GmDebugMessage GmDebugMessage;
// The text of a message, without the line's head. Valid during the log function.
const char *gm_debug_message_get(GmDebugMessage *message);

// Called for each message that passes its threshold, in the thread that logs. `object` may be
// NULL; borrowed. May itself not log.
typedef void (*GmLogFunction)(GmDebugCategory *category, GmDebugLevel level, const char *file,
                              const char *function, int line, GmObject *object,
                              GmDebugMessage *message, void *user_data);
// The one that prints; a FILE * as user_data says where (NULL: GM_DEBUG_FILE or standard error).
void gm_debug_log_default(GmDebugCategory *category, GmDebugLevel level, const char *file,
                          const char *function, int line, GmObject *object,
                          GmDebugMessage *message, void *user_data);
// The line gm_debug_log_default would print, without colours; to free ().
char *gm_debug_log_get_line(GmDebugCategory *category, GmDebugLevel level, const char *file,
                            const char *function, int line, GmObject *object,
                            GmDebugMessage *message);
// func is called from now on, beside the others, with user_data; notify (may be NULL) runs on that
// when func is removed.
void gm_debug_add_log_function(GmLogFunction func, void *user_data, GmDestroyNotify notify);
// Removes all of this function; gives how many. gm_debug_log_default (or NULL) stops printing.
unsigned gm_debug_remove_log_function(GmLogFunction func);
unsigned gm_debug_remove_log_function_by_data(void *data);

// ---- logging ----------------------------------------------------------------------------

extern _Atomic int gm_debug_min; // internal: the highest threshold anywhere
// What the macros below call: whether this category (NULL: "default") prints this level; hands a
// formatted message, or `size` bytes of data, to the log functions. object may be NULL.
bool gm_debug_category_wants(GmDebugCategory *category, GmDebugLevel level);
void gm_debug_log(GmDebugCategory *category, GmDebugLevel level, const char *file,
                  const char *function, int line, const void *object, const char *format, ...)
    GM_PRINTF(7, 8);
void gm_debug_log_valist(GmDebugCategory *category, GmDebugLevel level, const char *file,
                         const char *function, int line, const void *object, const char *format,
                         va_list args) GM_PRINTF(7, 0);
void gm_debug_log_memdump(GmDebugCategory *category, const char *file, const char *function,
                          int line, const void *object, const char *text, const void *data,
                          size_t size);
void gm_log_init(void); // reads the environment; gm_init calls it
// The text between < and > in a line: "queue0", "queue0:sink" for a pad, "(null)"; to free ().
char *gm_debug_object_name(const void *object);

// Whether a message would be printed: to guard work that only logging needs.
#define GM_LOG_IS_ON(cat, level)                                                              \
    (GM_UNLIKELY((int)(level) <= atomic_load_explicit(&gm_debug_min, memory_order_relaxed)) && \
     gm_debug_category_wants((cat), (level)))
// Where all the macros below end up. `object` may be NULL or any GmObject.
#define GM_CAT_LEVEL_LOG(cat, level, object, ...)                                             \
    do {                                                                                      \
        if (GM_LOG_IS_ON((cat), (level)))                                                     \
            gm_debug_log((cat), (level), __FILE__, __func__, __LINE__, (object), __VA_ARGS__); \
    } while (0)

// The macros, by what is named: category and object; category; object (GM_CAT_DEFAULT is the
// category); neither. Then a printf format with arguments; MEMDUMP: a text, bytes and their number.
#define GM_CAT_ERROR_OBJECT(cat, obj, ...) GM_CAT_LEVEL_LOG(cat, GM_LEVEL_ERROR, obj, __VA_ARGS__)
#define GM_CAT_WARNING_OBJECT(cat, obj, ...) \
    GM_CAT_LEVEL_LOG(cat, GM_LEVEL_WARNING, obj, __VA_ARGS__)
#define GM_CAT_FIXME_OBJECT(cat, obj, ...) GM_CAT_LEVEL_LOG(cat, GM_LEVEL_FIXME, obj, __VA_ARGS__)
#define GM_CAT_INFO_OBJECT(cat, obj, ...) GM_CAT_LEVEL_LOG(cat, GM_LEVEL_INFO, obj, __VA_ARGS__)
#define GM_CAT_DEBUG_OBJECT(cat, obj, ...) GM_CAT_LEVEL_LOG(cat, GM_LEVEL_DEBUG, obj, __VA_ARGS__)
#define GM_CAT_LOG_OBJECT(cat, obj, ...) GM_CAT_LEVEL_LOG(cat, GM_LEVEL_LOG, obj, __VA_ARGS__)
#define GM_CAT_TRACE_OBJECT(cat, obj, ...) GM_CAT_LEVEL_LOG(cat, GM_LEVEL_TRACE, obj, __VA_ARGS__)
#define GM_CAT_MEMDUMP_OBJECT(cat, obj, text, data, size)                                     \
    do {                                                                                      \
        if (GM_LOG_IS_ON((cat), GM_LEVEL_MEMDUMP))                                            \
            gm_debug_log_memdump((cat), __FILE__, __func__, __LINE__, (obj), (text), (data),  \
                                 (size));                                                     \
    } while (0)

// With a category.
#define GM_CAT_ERROR(cat, ...) GM_CAT_ERROR_OBJECT(cat, NULL, __VA_ARGS__)
#define GM_CAT_WARNING(cat, ...) GM_CAT_WARNING_OBJECT(cat, NULL, __VA_ARGS__)
#define GM_CAT_FIXME(cat, ...) GM_CAT_FIXME_OBJECT(cat, NULL, __VA_ARGS__)
#define GM_CAT_INFO(cat, ...) GM_CAT_INFO_OBJECT(cat, NULL, __VA_ARGS__)
#define GM_CAT_DEBUG(cat, ...) GM_CAT_DEBUG_OBJECT(cat, NULL, __VA_ARGS__)
#define GM_CAT_LOG(cat, ...) GM_CAT_LOG_OBJECT(cat, NULL, __VA_ARGS__)
#define GM_CAT_TRACE(cat, ...) GM_CAT_TRACE_OBJECT(cat, NULL, __VA_ARGS__)
#define GM_CAT_MEMDUMP(cat, text, data, size) GM_CAT_MEMDUMP_OBJECT(cat, NULL, text, data, size)

// With an object.
#define GM_ERROR_OBJECT(obj, ...) GM_CAT_ERROR_OBJECT(GM_CAT_DEFAULT, obj, __VA_ARGS__)
#define GM_WARNING_OBJECT(obj, ...) GM_CAT_WARNING_OBJECT(GM_CAT_DEFAULT, obj, __VA_ARGS__)
#define GM_FIXME_OBJECT(obj, ...) GM_CAT_FIXME_OBJECT(GM_CAT_DEFAULT, obj, __VA_ARGS__)
#define GM_INFO_OBJECT(obj, ...) GM_CAT_INFO_OBJECT(GM_CAT_DEFAULT, obj, __VA_ARGS__)
#define GM_DEBUG_OBJECT(obj, ...) GM_CAT_DEBUG_OBJECT(GM_CAT_DEFAULT, obj, __VA_ARGS__)
#define GM_LOG_OBJECT(obj, ...) GM_CAT_LOG_OBJECT(GM_CAT_DEFAULT, obj, __VA_ARGS__)
#define GM_TRACE_OBJECT(obj, ...) GM_CAT_TRACE_OBJECT(GM_CAT_DEFAULT, obj, __VA_ARGS__)
#define GM_MEMDUMP_OBJECT(obj, text, data, size) \
    GM_CAT_MEMDUMP_OBJECT(GM_CAT_DEFAULT, obj, text, data, size)

// With neither.
#define GM_ERROR(...) GM_ERROR_OBJECT(NULL, __VA_ARGS__)
#define GM_WARNING(...) GM_WARNING_OBJECT(NULL, __VA_ARGS__)
#define GM_FIXME(...) GM_FIXME_OBJECT(NULL, __VA_ARGS__)
#define GM_INFO(...) GM_INFO_OBJECT(NULL, __VA_ARGS__)
#define GM_DEBUG(...) GM_DEBUG_OBJECT(NULL, __VA_ARGS__)
#define GM_LOG(...) GM_LOG_OBJECT(NULL, __VA_ARGS__)
#define GM_TRACE(...) GM_TRACE_OBJECT(NULL, __VA_ARGS__)
#define GM_MEMDUMP(text, data, size) GM_MEMDUMP_OBJECT(NULL, text, data, size)

#ifdef __cplusplus
}
#endif
#endif
