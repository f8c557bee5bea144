// SPDX-License-Identifier: MIT
//
// plugin: where elements come from, and the registry that finds them.
//
//     src/elements/registry.c   rows compiled in, grouped by plugin name
//     GM_PLUGIN_PATH            directories (':' between them) of shared objects, opened with
//                               dlopen when a name is not found or everything is listed
//
// A shared object is compiled against gstmini-element.h and has one GM_PLUGIN_DEFINE. One that
// cannot be used is reported once on standard error and skipped.
// Any thread. Only loading blocks (the disk). Plugins and features live until gm_deinit;
// functions below that "give" one give a reference as usual. Misuse is a critical and the neutral
// result.
// Read next: core/element_factory.h.
#ifndef GM_CORE_PLUGIN_H
#define GM_CORE_PLUGIN_H

#include "core/element.h"
#include "core/error.h"
#include "core/list.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- built-in rows ----------------------------------------------------------------------

// One row of src/elements/registry.c. A row without klass says that `missing` exists but was
// not built, and which Debian package would change that.
typedef struct {
    const char *plugin; // "coreelements"; NULL ends the table
    const GmElementClass *klass;
    const char *missing, *package;
} GmBuiltinElement;
extern const GmBuiltinElement gm_builtin_elements[];
// One row per plugin name above.
typedef struct {
    const char *name, *description;
} GmBuiltinPlugin;
extern const GmBuiltinPlugin gm_builtin_plugins[];

// ---- plugins ----------------------------------------------------------------------------

#define GM_PLUGIN_ERROR gm_plugin_error_quark()
GmQuark gm_plugin_error_quark(void); // the domain of the codes below
typedef enum {
    GM_PLUGIN_ERROR_MODULE,       // cannot be opened, no descriptor, wrong version
    GM_PLUGIN_ERROR_DEPENDENCIES, // its init function failed
    GM_PLUGIN_ERROR_NAME_MISMATCH // a plugin of that name is loaded from another file
} GmPluginError;

typedef bool (*GmPluginInitFunc)(GmPlugin *plugin); // registers elements; false: unusable
typedef struct {
    int         abi; // GM_PLUGIN_ABI of the headers it was compiled with
    size_t      element_class_size;
    const char *name, *description;
    GmPluginInitFunc plugin_init;
    const char *version, *license, *source, *package, *origin;
} GmPluginDesc;
#define GM_PLUGIN_ABI 1
#ifndef PACKAGE
#define PACKAGE "gstmini"
#endif

// At file level of a shared object, once: GM_PLUGIN_DEFINE (0, 1, myplugin, "what it has",
// plugin_init, "1.0", "MIT", "package", "origin").
#define GM_PLUGIN_DEFINE(major, minor, plugin_name, plugin_description, init, plugin_version,  \
                         plugin_license, plugin_package, plugin_origin)                        \
    extern const GmPluginDesc gm_plugin_desc;                                                  \
    const GmPluginDesc gm_plugin_desc = {                                                      \
        .abi = GM_PLUGIN_ABI, .element_class_size = sizeof(GmElementClass),                    \
        .name = #plugin_name, .description = (plugin_description), .plugin_init = (init),      \
        .version = (plugin_version), .license = (plugin_license), .source = PACKAGE,           \
        .package = (plugin_package), .origin = (plugin_origin),                                \
    }

extern const GmObjectClass gm_plugin_class;
// Casts are unchecked; GM_IS_PLUGIN checks (NULL: false).
#define GM_PLUGIN(obj) ((GmPlugin *)(obj))
#define GM_IS_PLUGIN(obj) gm_object_is_a((obj), &gm_plugin_class)

// Loads a shared object. Gives the plugin (the loaded one if it was), or NULL and *error.
GmPlugin *gm_plugin_load_file(const char *filename, GmError **error);
GmPlugin *gm_plugin_load_by_name(const char *name); // gives, or NULL
// Runs init for a plugin that lives in the program. Strings are borrowed for ever.
bool gm_plugin_register_static(int major_version, int minor_version, const char *name,
                               const char *description, GmPluginInitFunc init_func,
                               const char *version, const char *license, const char *source,
                               const char *package, const char *origin);
// What the plugin says about itself; NULL where it says nothing.
const char *gm_plugin_get_name(GmPlugin *plugin); // constant, as all below
const char *gm_plugin_get_description(GmPlugin *plugin);
const char *gm_plugin_get_filename(GmPlugin *plugin); // NULL: compiled in
const char *gm_plugin_get_version(GmPlugin *plugin);
const char *gm_plugin_get_license(GmPlugin *plugin);
const char *gm_plugin_get_source(GmPlugin *plugin);
const char *gm_plugin_get_package(GmPlugin *plugin);
const char *gm_plugin_get_origin(GmPlugin *plugin);
bool gm_plugin_is_loaded(GmPlugin *plugin); // true: there are no others
void gm_plugin_list_free(GmList *list);     // with the references in it

// Makes an element available as `name`. plugin NULL: belongs to no plugin. klass is borrowed
// for ever. A feature of that name is replaced. False: the manifest is unusable (a critical).
bool gm_element_register(GmPlugin *plugin, const char *name, unsigned rank,
                         const GmElementClass *klass);

// ---- features ---------------------------------------------------------------------------

// A thing a plugin offers under a name and rank. Element factories are the only kind.
typedef struct GmPluginFeature {
    GmObject  object; // name: the feature's
    GmPlugin *plugin; // borrowed, NULL: none
    unsigned  rank;
} GmPluginFeature;
// Casts are unchecked.
#define GM_PLUGIN_FEATURE(obj) ((GmPluginFeature *)(obj))
#define GM_PLUGIN_FEATURE_CAST(obj) ((GmPluginFeature *)(obj))
// name: borrowed. rank: GM_RANK_*; set it before elements are looked up by kind.
#define gm_plugin_feature_get_name(feature) GM_OBJECT_NAME(feature)
void        gm_plugin_feature_set_rank(GmPluginFeature *feature, unsigned rank);
unsigned    gm_plugin_feature_get_rank(GmPluginFeature *feature);
GmPlugin   *gm_plugin_feature_get_plugin(GmPluginFeature *feature); // gives, or NULL
const char *gm_plugin_feature_get_plugin_name(GmPluginFeature *feature); // constant, or NULL
GmPluginFeature *gm_plugin_feature_load(GmPluginFeature *feature);       // gives
// For gm_list_sort: higher rank first, then by name.
int     gm_plugin_feature_rank_compare_func(const void *p1, const void *p2);
GmList *gm_plugin_feature_list_copy(GmList *list); // gives list and references
void    gm_plugin_feature_list_free(GmList *list);

// ---- registry ---------------------------------------------------------------------------

typedef struct GmRegistry GmRegistry;
// true: it is wanted; no lock is held.
typedef bool (*GmPluginFeatureFilter)(GmPluginFeature *feature, void *user_data);
typedef bool (*GmPluginFilter)(GmPlugin *plugin, void *user_data);
extern const GmObjectClass gm_element_factory_class;

GmRegistry *gm_registry_get(void); // the one of the process, borrowed
// Lists are given with references, sorted by name; release them with
// gm_plugin_list_free / gm_plugin_feature_list_free. Listing loads GM_PLUGIN_PATH. type NULL: all
// kinds; filter NULL: all; first: at most one.
GmList *gm_registry_get_plugin_list(GmRegistry *registry);
GmList *gm_registry_get_feature_list(GmRegistry *registry, const GmObjectClass *type);
GmList *gm_registry_get_feature_list_by_plugin(GmRegistry *registry, const char *name);
GmList *gm_registry_feature_filter(GmRegistry *registry, GmPluginFeatureFilter filter,
                                   bool first, void *user_data);
GmList *gm_registry_plugin_filter(GmRegistry *registry, GmPluginFilter filter, bool first,
                                  void *user_data);
GmPlugin *gm_registry_find_plugin(GmRegistry *registry, const char *name); // gives, or NULL
GmPluginFeature *gm_registry_find_feature(GmRegistry *registry, const char *name,
                                          const GmObjectClass *type); // gives, or NULL
GmPluginFeature *gm_registry_lookup_feature(GmRegistry *registry, const char *name); // gives
uint32_t gm_registry_get_feature_list_cookie(GmRegistry *registry); // changes with the list
// Loads every "*.so" of the directory path, in order of name. True: something was added.
bool gm_registry_scan_path(GmRegistry *registry, const char *path);

// Why there is no element `name`: one sentence, e.g. "no element 'qeueu'; did you mean
// 'queue'?" or "no element 'pngdec': install libpng-dev and rebuild". Gives text.
char *gm_registry_explain_missing(GmRegistry *registry, const char *name);

#ifdef __cplusplus
}
#endif
#endif
