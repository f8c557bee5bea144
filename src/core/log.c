// SPDX-License-Identifier: MIT
//
// log: categories, rules, and the printing of lines.
//
// gm_debug_min, the highest threshold of any rule or category, is what every logging macro
// reads first. A category gets its own threshold when it is first asked: from the last rule
// whose pattern fits its name, else the default.
#include "core/log.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/init.h"
#include "core/object_priv.h"
#include "core/sync.h"
#include "core/util.h"

typedef struct LogRule {
    struct LogRule *next;
    GmDebugLevel    level;
    char            pattern[];
} LogRule;

typedef struct {
    GmLogFunction   func;
    void           *data;
    GmDestroyNotify notify;
} LogSink;

struct GmDebugMessage {
    const char *format;
    va_list     args;
    char       *text; // made when somebody asks
};

_Atomic int gm_debug_min = GM_LEVEL_ERROR;

static GmDebugCategory log_default_category = { .name = "default",
                                                .description = "everything else" };
GmDebugCategory *const GM_CAT_DEFAULT = &log_default_category;

static GmMutex           log_lock = GM_MUTEX_INIT; // guards the next three
static LogRule          *log_rules;                // the newest first
static GmDebugCategory  *log_categories;
static int               log_default = GM_LEVEL_ERROR;
static _Atomic bool      log_active = true;
static _Atomic int       log_color_mode = GM_DEBUG_COLOR_MODE_ON;
static FILE             *log_file;
static _Atomic GmClockTime log_start; // gm_init, or the first line printed
static GmRecMutex        log_sinks_lock = GM_REC_MUTEX_INIT; // guards log_sinks
static LogSink           log_sinks[8] = { { gm_debug_log_default, NULL, NULL } };
static unsigned          log_n_sinks = 1;

static const struct { const char *name; unsigned color; } log_levels[GM_LEVEL_COUNT] = {
    [GM_LEVEL_NONE] = { "", 0 },       [GM_LEVEL_ERROR] = { "ERROR", 31 },
    [GM_LEVEL_WARNING] = { "WARN", 33 }, [GM_LEVEL_FIXME] = { "FIXME", 35 },
    [GM_LEVEL_INFO] = { "INFO", 32 },  [GM_LEVEL_DEBUG] = { "DEBUG", 34 },
    [GM_LEVEL_LOG] = { "LOG", 36 },    [GM_LEVEL_TRACE] = { "TRACE", 36 },
    [8] = { "", 0 },                   [GM_LEVEL_MEMDUMP] = { "MEMDUMP", 37 },
};

const char *gm_debug_level_get_name(GmDebugLevel level)
{
    return (unsigned)level < GM_LEVEL_COUNT ? log_levels[level].name : "";
}

// ---- thresholds -------------------------------------------------------------------------

static void log_apply_rules(GmDebugCategory *category)
{
    LogRule *r = log_rules;

    while (r != NULL && fnmatch(r->pattern, category->name, 0) != 0)
        r = r->next;
    atomic_store(&category->threshold, r != NULL ? (int)r->level : log_default);
}

static void log_update_min(void)
{
    int min = log_default;

    for (LogRule *r = log_rules; r != NULL; r = r->next)
        min = (int)r->level > min ? (int)r->level : min;
    for (GmDebugCategory *c = log_categories; c != NULL; c = c->next) {
        int t = atomic_load(&c->threshold);
        min = t > min ? t : min;
    }
    atomic_store(&gm_debug_min, atomic_load(&log_active) ? min : -1);
}

static void log_apply_all(void)
{
    for (GmDebugCategory *c = log_categories; c != NULL; c = c->next)
        log_apply_rules(c);
    log_update_min();
}

static void log_register(GmDebugCategory *category)
{
    if (atomic_load_explicit(&category->registered, memory_order_acquire))
        return;
    gm_mutex_lock(&log_lock);
    if (!atomic_load(&category->registered)) {
        log_apply_rules(category);
        category->next = log_categories;
        log_categories = category;
        atomic_store(&category->registered, true);
    }
    gm_mutex_unlock(&log_lock);
}

bool gm_debug_category_wants(GmDebugCategory *category, GmDebugLevel level)
{
    category = category ? category : GM_CAT_DEFAULT;
    log_register(category);
    return (int)level <= atomic_load_explicit(&category->threshold, memory_order_relaxed);
}

static GmDebugCategory *log_find(const char *name)
{
    GmDebugCategory *c = log_categories;

    while (c != NULL && strcmp(c->name, name) != 0)
        c = c->next;
    return c;
}

GmDebugCategory *gm_debug_get_category(const char *name)
{
    if (!GM_REQUIRE(name != NULL)) return NULL;
    gm_mutex_lock(&log_lock);
    GmDebugCategory *c = log_find(name);
    gm_mutex_unlock(&log_lock);
    return c;
}

GmDebugCategory *gm_debug_category_new(const char *name, unsigned color, const char *description)
{
    if (!GM_REQUIRE(name != NULL)) return NULL;
    gm_mutex_lock(&log_lock);
    GmDebugCategory *c = log_find(name);
    if (c == NULL) {
        c = gm_new0(GmDebugCategory, 1);
        c->name        = gm_strdup(name);
        c->description = gm_strdup(description ? description : "");
        c->color       = color;
        c->allocated   = true;
        c->next        = log_categories;
        log_categories = c;
        log_apply_rules(c);
        atomic_store(&c->registered, true);
    }
    gm_mutex_unlock(&log_lock);
    return c;
}

GmList *gm_debug_get_all_categories(void)
{
    GmList *list = NULL;

    log_register(GM_CAT_DEFAULT);
    gm_mutex_lock(&log_lock);
    for (GmDebugCategory *c = log_categories; c != NULL; c = c->next)
        list = gm_list_prepend(list, c);
    gm_mutex_unlock(&log_lock);
    return list;
}

const char *gm_debug_category_get_name(const GmDebugCategory *category)
{
    if (!GM_REQUIRE(category != NULL)) return NULL;
    return category->name;
}

const char *gm_debug_category_get_description(const GmDebugCategory *category)
{
    if (!GM_REQUIRE(category != NULL)) return NULL;
    return category->description;
}

unsigned gm_debug_category_get_color(const GmDebugCategory *category)
{
    if (!GM_REQUIRE(category != NULL)) return 0;
    return category->color;
}

GmDebugLevel gm_debug_category_get_threshold(GmDebugCategory *category)
{
    if (!GM_REQUIRE(category != NULL)) return GM_LEVEL_NONE;
    log_register(category);
    return (GmDebugLevel)atomic_load(&category->threshold);
}

void gm_debug_category_set_threshold(GmDebugCategory *category, GmDebugLevel level)
{
    if (!GM_REQUIRE(category != NULL)) return;
    log_register(category);
    gm_mutex_lock(&log_lock);
    atomic_store(&category->threshold, (int)level);
    log_update_min();
    gm_mutex_unlock(&log_lock);
}

void gm_debug_category_reset_threshold(GmDebugCategory *category)
{
    if (!GM_REQUIRE(category != NULL)) return;
    log_register(category);
    gm_mutex_lock(&log_lock);
    log_apply_rules(category);
    log_update_min();
    gm_mutex_unlock(&log_lock);
}

// ---- rules ------------------------------------------------------------------------------

void gm_debug_set_active(bool active)
{
    gm_mutex_lock(&log_lock);
    atomic_store(&log_active, active);
    log_update_min();
    gm_mutex_unlock(&log_lock);
}

bool gm_debug_is_active(void)
{
    return atomic_load(&log_active);
}

void gm_debug_set_default_threshold(GmDebugLevel level)
{
    gm_mutex_lock(&log_lock);
    log_default = (int)level;
    log_apply_all();
    gm_mutex_unlock(&log_lock);
}

GmDebugLevel gm_debug_get_default_threshold(void)
{
    gm_mutex_lock(&log_lock);
    GmDebugLevel level = (GmDebugLevel)log_default;
    gm_mutex_unlock(&log_lock);
    return level;
}

// Drops the rules for this pattern, or (NULL) all; the lock is held.
static void log_drop_rules(const char *pattern)
{
    for (LogRule **p = &log_rules; *p != NULL;) {
        LogRule *r = *p;
        if (pattern != NULL && strcmp(r->pattern, pattern) != 0) {
            p = &r->next;
            continue;
        }
        *p = r->next;
        gm_free(r);
    }
}

void gm_debug_set_threshold_for_name(const char *name, GmDebugLevel level)
{
    if (!GM_REQUIRE(name != NULL)) return;
    LogRule *rule = gm_malloc(sizeof(LogRule) + strlen(name) + 1);
    rule->level = level;
    memcpy(rule->pattern, name, strlen(name) + 1);
    gm_mutex_lock(&log_lock);
    log_drop_rules(name);
    rule->next = log_rules;
    log_rules = rule;
    log_apply_all();
    gm_mutex_unlock(&log_lock);
}

void gm_debug_unset_threshold_for_name(const char *name)
{
    if (!GM_REQUIRE(name != NULL)) return;
    gm_mutex_lock(&log_lock);
    log_drop_rules(name);
    log_apply_all();
    gm_mutex_unlock(&log_lock);
}

static bool log_parse_level(const char *text, GmDebugLevel *level)
{
    static const char *const names[GM_LEVEL_COUNT] = {
        "NONE", "ERROR", "WARNING", "FIXME", "INFO", "DEBUG", "LOG", "TRACE", NULL, "MEMDUMP"
    };
    bool found = isdigit((unsigned char)text[0]) && text[1] == '\0';

    if (found)
        *level = (GmDebugLevel)(text[0] - '0');
    else if ((found = strcasecmp(text, "WARN") == 0))
        *level = GM_LEVEL_WARNING;
    for (unsigned i = 0; i < GM_LEVEL_COUNT && !found; i++)
        if (names[i] != NULL && (found = strcasecmp(text, names[i]) == 0))
            *level = (GmDebugLevel)i;
    return found;
}

void gm_debug_set_threshold_from_string(const char *list, bool reset)
{
    if (!GM_REQUIRE(list != NULL)) return;
    if (reset) {
        gm_mutex_lock(&log_lock);
        log_drop_rules(NULL);
        log_default = GM_LEVEL_ERROR;
        log_apply_all();
        gm_mutex_unlock(&log_lock);
    }
    char **entries = gm_strsplit(list, ",", 0);
    for (char **e = entries; *e != NULL; e++) {
        GmDebugLevel level;
        char *name = *e + strspn(*e, " \t");
        char *colon = strrchr(name, ':');
        char *text = colon ? colon + 1 : name;
        text[strcspn(text, " \t")] = '\0';
        if (!log_parse_level(text, &level))
            continue;
        if (colon == NULL) {
            gm_debug_set_default_threshold(level);
        } else {
            *colon = '\0';
            gm_debug_set_threshold_for_name(name, level);
        }
    }
    gm_strfreev(entries);
}

void gm_debug_set_color_mode(GmDebugColorMode mode)
{
    atomic_store(&log_color_mode, (int)mode);
}

void gm_debug_set_color_mode_from_string(const char *mode)
{
    if (!GM_REQUIRE(mode != NULL)) return;
    if (strcmp(mode, "on") == 0 || strcmp(mode, "auto") == 0)
        gm_debug_set_color_mode(GM_DEBUG_COLOR_MODE_ON);
    else if (strcmp(mode, "off") == 0 || strcmp(mode, "disable") == 0)
        gm_debug_set_color_mode(GM_DEBUG_COLOR_MODE_OFF);
    else if (strcmp(mode, "unix") == 0)
        gm_debug_set_color_mode(GM_DEBUG_COLOR_MODE_UNIX);
}

GmDebugColorMode gm_debug_get_color_mode(void)
{
    return (GmDebugColorMode)atomic_load(&log_color_mode);
}

// ---- lines ------------------------------------------------------------------------------

const char *gm_debug_message_get(GmDebugMessage *message)
{
    if (message->text == NULL)
        message->text = gm_strdup_vprintf(message->format, message->args);
    return message->text;
}

// Reads names without their locks: the thread that logs may hold one of them.
char *gm_debug_object_name(const void *object)
{
    const GmObject *obj = object;

    if (obj == NULL || obj->name == NULL)
        return gm_strdup("(null)");
    if (gm_object_is_pad(obj))
        return gm_strdup_printf("%s:%s",
                               obj->parent && obj->parent->name ? obj->parent->name : "''",
                                obj->name);
    return gm_strdup(obj->name);
}

static char *log_line(GmDebugCategory *category, GmDebugLevel level, const char *file,
                      const char *function, int line, GmObject *object, GmDebugMessage *message,
                      bool color)
{
    const char *base = strrchr(file, '/');
    char *name = object ? gm_debug_object_name(object) : NULL;
    char head[16] = "", level_color[16] = "", category_color[32] = "";
    const char *off = color ? "\033[00m" : "";

    if (color) {
        unsigned c = category->color;
        snprintf(head, sizeof head, "\033[3%dm", (int)getpid() % 6 + 1);
        snprintf(level_color, sizeof level_color, "\033[%u;01m", log_levels[level].color);
        snprintf(category_color, sizeof category_color, "\033[00%s%s;3%um",
                 c & GM_DEBUG_BOLD ? ";01" : "", c & GM_DEBUG_UNDERLINE ? ";04" : "",
                 c & 0xf ? c & 0x7 : 7u);
    }
    GmClockTime unset = 0, t = gm_sync_now();
    atomic_compare_exchange_strong(&log_start, &unset, t);
    t -= log_start;
    char *text = gm_strdup_printf(
        "%" GM_TIME_FORMAT " %s%5d%s %#14x %s%-7s%s %s%20s %s:%d:%s:%s%s%s%s %s\n", GM_TIME_ARGS(t),
        head, (int)getpid(), off, (unsigned)gm_thread_get_id(), level_color,
        gm_debug_level_get_name(level), off, category_color, category->name,
        base ? base + 1 : file, line, function, name ? "<" : "", name ? name : "", name ? ">" : "",
        off, gm_debug_message_get(message));
    gm_free(name);
    return text;
}

char *gm_debug_log_get_line(GmDebugCategory *category, GmDebugLevel level, const char *file,
                            const char *function, int line, GmObject *object,
                            GmDebugMessage *message)
{
    return log_line(category, level, file, function, line, object, message, false);
}

void gm_debug_log_default(GmDebugCategory *category, GmDebugLevel level, const char *file,
                          const char *function, int line, GmObject *object,
                          GmDebugMessage *message, void *user_data)
{
    FILE *out = user_data ? user_data : log_file ? log_file : stderr;
    GmDebugColorMode mode = gm_debug_get_color_mode();
    bool color = mode == GM_DEBUG_COLOR_MODE_UNIX ||
                 (mode == GM_DEBUG_COLOR_MODE_ON && isatty(fileno(out)));
    char *text = log_line(category, level, file, function, line, object, message, color);

    fputs(text, out); // in one call, so that lines stay whole
    fflush(out);
    gm_free(text);
}

void gm_debug_add_log_function(GmLogFunction func, void *user_data, GmDestroyNotify notify)
{
    LogSink sink = { func ? func : gm_debug_log_default, user_data, notify };

    gm_rec_mutex_lock(&log_sinks_lock);
    if (GM_REQUIRE(log_n_sinks < GM_LEN(log_sinks)))
        log_sinks[log_n_sinks++] = sink;
    gm_rec_mutex_unlock(&log_sinks_lock);
}

// Removes sinks of this function, or (NULL) with this data.
static unsigned log_remove(GmLogFunction func, void *data)
{
    LogSink removed[GM_LEN(log_sinks)];
    unsigned n = 0, kept = 0;

    gm_rec_mutex_lock(&log_sinks_lock);
    for (unsigned i = 0; i < log_n_sinks; i++) {
        if (func != NULL ? log_sinks[i].func == func : log_sinks[i].data == data)
            removed[n++] = log_sinks[i];
        else
            log_sinks[kept++] = log_sinks[i];
    }
    log_n_sinks = kept;
    gm_rec_mutex_unlock(&log_sinks_lock);
    for (unsigned i = 0; i < n; i++)
        if (removed[i].notify != NULL)
            removed[i].notify(removed[i].data);
    return n;
}

unsigned gm_debug_remove_log_function(GmLogFunction func)
{
    return log_remove(func ? func : gm_debug_log_default, NULL);
}

unsigned gm_debug_remove_log_function_by_data(void *data)
{
    return log_remove(NULL, data);
}

void gm_debug_log_valist(GmDebugCategory *category, GmDebugLevel level, const char *file,
                         const char *function, int line, const void *object, const char *format,
                         va_list args)
{
    GmDebugMessage message = { .format = format };
    LogSink sinks[GM_LEN(log_sinks)];

    category = category ? category : GM_CAT_DEFAULT;
    gm_rec_mutex_lock(&log_sinks_lock);
    unsigned n = log_n_sinks;
    memcpy(sinks, log_sinks, sizeof sinks);
    gm_rec_mutex_unlock(&log_sinks_lock);
    va_copy(message.args, args);
    for (unsigned i = 0; i < n; i++)
        sinks[i].func(category, level, file, function, line, GM_OBJECT_CAST(object), &message,
                      sinks[i].data);
    va_end(message.args);
    gm_free(message.text);
}

void gm_debug_log(GmDebugCategory *category, GmDebugLevel level, const char *file,
                  const char *function, int line, const void *object, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    gm_debug_log_valist(category, level, file, function, line, object, format, args);
    va_end(args);
}

void gm_debug_log_memdump(GmDebugCategory *category, const char *file, const char *function,
                          int line, const void *object, const char *text, const void *data,
                          size_t size)
{
    const unsigned char *bytes = data;

    gm_debug_log(category, GM_LEVEL_MEMDUMP, file, function, line, object, "%s (%zu bytes)", text,
                 size);
    for (size_t at = 0; at < size; at += 16) {
        char hex[3 * 16 + 1] = "", ascii[17] = "";
        for (size_t i = 0; i < 16 && at + i < size; i++) {
            unsigned char c = bytes[at + i];
            snprintf(hex + 3 * i, 4, "%02x ", c);
            ascii[i] = c >= 0x20 && c < 0x7f ? (char)c : '.';
        }
        gm_debug_log(category, GM_LEVEL_MEMDUMP, file, function, line, object, "%08zx: %-48s %s",
                     at, hex, ascii);
    }
}

// ---- begin and end ----------------------------------------------------------------------

static void log_cleanup(void)
{
    gm_mutex_lock(&log_lock);
    log_drop_rules(NULL);
    for (GmDebugCategory *next, *c = log_categories; c != NULL; c = next) {
        next = c->next;
        atomic_store(&c->registered, false);
        if (c->allocated) {
            free((char *)(uintptr_t)c->name);
            free((char *)(uintptr_t)c->description);
            gm_free(c);
        }
    }
    log_categories = NULL;
    gm_mutex_unlock(&log_lock);
    if (log_file != NULL && log_file != stdout)
        fclose(log_file);
    log_file = NULL;
}

static void log_open_file(const char *name)
{
    char *pid = strstr(name, "%p");

    if (strcmp(name, "-") == 0) {
        log_file = stdout;
        return;
    }
    char *path = pid ? gm_strdup_printf("%.*s%d%s", (int)(pid - name), name, (int)getpid(), pid + 2)
                     : gm_strdup(name);
    log_file = fopen(path, "w");
    if (log_file == NULL)
        fprintf(stderr, "gstmini: cannot write GM_DEBUG_FILE '%s': %s\n", path, strerror(errno));
    gm_free(path);
}

void gm_log_init(void)
{
    const char *text;

    log_start = gm_sync_now();
    gm_init_add_cleanup(log_cleanup);
    if (getenv("GM_DEBUG_NO_COLOR") != NULL)
        gm_debug_set_color_mode(GM_DEBUG_COLOR_MODE_OFF);
    if ((text = getenv("GM_DEBUG_COLOR_MODE")) != NULL)
        gm_debug_set_color_mode_from_string(text);
    if ((text = getenv("GM_DEBUG_FILE")) != NULL && text[0] != '\0')
        log_open_file(text);
    if ((text = getenv("GM_DEBUG")) != NULL)
        gm_debug_set_threshold_from_string(text, false);
}
