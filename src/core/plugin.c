// SPDX-License-Identifier: MIT
//
// plugin: plugins, the registry of features, and loading shared objects.
//
// The registry fills itself from gm_builtin_elements at its first use, and from GM_PLUGIN_PATH at
// the first miss or listing. Read next: element_factory.c.
#include "core/plugin.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "core/element_factory.h"
#include "core/init.h"
#include "core/log.h"
#include "core/util.h"

struct GmPlugin {
    GmObject object; // name: the plugin's
    GmPluginDesc desc;
    char    *filename; // NULL: compiled in
    void    *module;   // of dlopen; never closed, its classes are in use
};

struct GmRegistry {
    GmRecMutex lock;     // loading a plugin registers elements
    GmList    *plugins;  // of GmPlugin, counted
    GmList    *features; // of GmPluginFeature, counted
    struct RegistryName { GmPluginFeature *feature; } *hash; // open addressing by name
    unsigned   hash_size, n_features;
    uint32_t   cookie;
    bool       filled, path_loaded;
};
static GmRegistry registry;
static GmOnce registry_once;

GmQuark gm_plugin_error_quark(void)
{
    return gm_quark_from_static_string("gm-plugin-error");
}

// ---- registry: adding -------------------------------------------------------------------

static GmPluginFeature **registry_slot(GmRegistry *reg, const char *name)
{
    unsigned i = 5381;

    for (const char *c = name; *c != '\0'; c++)
        i = i * 33 + (unsigned char)*c;
    for (i &= reg->hash_size - 1; reg->hash[i].feature != NULL; i = (i + 1) & (reg->hash_size - 1))
        if (strcmp(GM_OBJECT_NAME(reg->hash[i].feature), name) == 0)
            break;
    return &reg->hash[i].feature;
}

static void registry_grow(GmRegistry *reg)
{
    gm_free(reg->hash);
    reg->hash_size = reg->hash_size != 0 ? reg->hash_size * 2 : 256;
    reg->hash = gm_new0(struct RegistryName, reg->hash_size);
    for (GmList *l = reg->features; l != NULL; l = l->next)
        *registry_slot(reg, GM_OBJECT_NAME(l->data)) = l->data;
}

// Takes feature; one of the same name goes.
static void registry_add_feature(GmRegistry *reg, GmPluginFeature *feature)
{
    if (2 * reg->n_features >= reg->hash_size)
        registry_grow(reg);
    GmPluginFeature **slot = registry_slot(reg, GM_OBJECT_NAME(feature));

    if (*slot != NULL) {
        reg->features = gm_list_remove(reg->features, *slot);
        gm_object_unref(*slot);
    } else {
        reg->n_features++;
    }
    *slot = feature;
    reg->features = gm_list_prepend(reg->features, feature);
    reg->cookie++;
}

bool gm_element_register(GmPlugin *plugin, const char *name, unsigned rank,
                         const GmElementClass *klass)
{
    if (!GM_REQUIRE(name != NULL && *name != '\0')) return false;
    if (!GM_REQUIRE(klass != NULL)) return false;
    if (!GM_REQUIRE(gm_object_class_is_a(&klass->object, &gm_element_class.object))) return false;
    GmRegistry *reg = gm_registry_get();
    GmElementFactory *factory =
        gm_object_ref_sink(gm_object_new(&gm_element_factory_class, NULL, NULL));

    gm_object_set_name(GM_OBJECT(factory), name);
    GM_OBJECT_FLAG_SET(factory, GM_OBJECT_FLAG_MAY_BE_LEAKED);
    factory->feature.plugin = plugin;
    factory->feature.rank   = rank;
    factory->klass          = klass;
    gm_rec_mutex_lock(&reg->lock);
    registry_add_feature(reg, &factory->feature);
    gm_rec_mutex_unlock(&reg->lock);
    return true;
}

static GmPlugin *plugin_new(const GmPluginDesc *desc, const char *filename, void *module)
{
    GmPlugin *plugin = gm_object_ref_sink(gm_object_new(&gm_plugin_class, NULL, NULL));

    gm_object_set_name(GM_OBJECT(plugin), desc->name);
    GM_OBJECT_FLAG_SET(plugin, GM_OBJECT_FLAG_MAY_BE_LEAKED);
    plugin->desc     = *desc;
    plugin->filename = gm_strdup(filename);
    plugin->module   = module;
    return plugin;
}

static void plugin_finalize(GmObject *obj)
{
    gm_free(GM_PLUGIN(obj)->filename);
}

const GmObjectClass gm_plugin_class = {
    .name = "plugin", .type_name = "GmPlugin", .parent = &gm_object_class,
    .instance_size = sizeof(GmPlugin), .finalize = plugin_finalize,
};

static GmPlugin *registry_find_plugin(GmRegistry *reg, const char *name)
{
    for (GmList *l = reg->plugins; l != NULL; l = l->next)
        if (gm_strcmp0(GM_OBJECT_NAME(l->data), name) == 0)
            return l->data;
    return NULL;
}

static void registry_cleanup(void)
{
    gm_list_free_full(registry.features, gm_object_unref);
    gm_list_free_full(registry.plugins, gm_object_unref);
    gm_free(registry.hash);
    registry.features = registry.plugins = NULL;
    registry.hash = NULL;
    registry.hash_size = registry.n_features = 0;
    atomic_store(&registry_once.state, 0); // the next gm_init fills it anew
}

static void registry_init(void)
{
    gm_rec_mutex_init(&registry.lock);
    registry.filled = registry.path_loaded = false;
    registry_grow(&registry);
    gm_init_add_cleanup(registry_cleanup);
}

static void registry_fill(GmRegistry *reg)
{
    for (const GmBuiltinPlugin *p = gm_builtin_plugins; p->name != NULL; p++) {
        GmPluginDesc desc = { .name = p->name, .description = p->description,
                              .version = "0.1.0", .license = "MIT",
                              .source = "gstmini", .package = "GstMini",
                              .origin = "built in" };
        reg->plugins = gm_list_prepend(reg->plugins, plugin_new(&desc, NULL, NULL));
    }
    for (const GmBuiltinElement *e = gm_builtin_elements; e->plugin != NULL; e++)
        if (e->klass != NULL)
            gm_element_register(registry_find_plugin(reg, e->plugin), e->klass->name,
                                e->klass->rank, e->klass);
}

GmRegistry *gm_registry_get(void)
{
    gm_once(&registry_once, registry_init);
    gm_rec_mutex_lock(&registry.lock);
    if (!registry.filled) {
        registry.filled = true; // first: filling comes back here
        registry_fill(&registry);
    }
    gm_rec_mutex_unlock(&registry.lock);
    return &registry;
}

// ---- shared objects -----------------------------------------------------------------------

static const GmPluginDesc *plugin_open(const char *filename, void **module, GmError **error)
{
    *module = dlopen(filename, RTLD_NOW | RTLD_LOCAL);
    if (*module == NULL) {
        gm_set_error(error, GM_PLUGIN_ERROR, GM_PLUGIN_ERROR_MODULE, "Opening module failed: %s",
                     dlerror());
        return NULL;
    }
    const GmPluginDesc *desc = dlsym(*module, "gm_plugin_desc");
    if (desc == NULL)
        gm_set_error(error, GM_PLUGIN_ERROR, GM_PLUGIN_ERROR_MODULE,
                     "File \"%s\" is not a GstMini plugin: it has no GM_PLUGIN_DEFINE", filename);
    else if (desc->abi != GM_PLUGIN_ABI || desc->element_class_size != sizeof(GmElementClass))
        gm_set_error(error, GM_PLUGIN_ERROR, GM_PLUGIN_ERROR_MODULE,
                     "Plugin \"%s\" was compiled for another version of GstMini (%d, this is %d): "
                     "compile it again", filename, desc->abi, GM_PLUGIN_ABI);
    else
        return desc;
    dlclose(*module);
    return NULL;
}

static GmPlugin *plugin_load_locked(GmRegistry *reg, const char *filename, GmError **error)
{
    void *module;
    const GmPluginDesc *desc = plugin_open(filename, &module, error);

    if (desc == NULL)
        return NULL;
    GmPlugin *plugin = registry_find_plugin(reg, desc->name);
    if (plugin != NULL && plugin->module == module) {
        dlclose(module); // the count of dlopen
        return gm_object_ref(plugin);
    }
    if (plugin != NULL) {
        gm_set_error(error, GM_PLUGIN_ERROR, GM_PLUGIN_ERROR_NAME_MISMATCH,
                     "Plugin \"%s\" of file \"%s\" is there already, from %s", desc->name, filename,
                     plugin->filename != NULL ? plugin->filename : "the program itself");
        dlclose(module);
        return NULL;
    }
    plugin = plugin_new(desc, filename, module);
    if (desc->plugin_init == NULL || !desc->plugin_init(plugin)) {
        gm_set_error(error, GM_PLUGIN_ERROR, GM_PLUGIN_ERROR_DEPENDENCIES,
                     "Plugin \"%s\" of file \"%s\" failed to initialize", desc->name, filename);
        gm_object_unref(plugin); // stays open: it may have registered elements
        return NULL;
    }
    reg->plugins = gm_list_prepend(reg->plugins, plugin);
    reg->cookie++;
    return gm_object_ref(plugin);
}

GmPlugin *gm_plugin_load_file(const char *filename, GmError **error)
{
    if (!GM_REQUIRE(filename != NULL)) return NULL;
    GmRegistry *reg = gm_registry_get();

    gm_rec_mutex_lock(&reg->lock);
    GmPlugin *plugin = plugin_load_locked(reg, filename, error);
    gm_rec_mutex_unlock(&reg->lock);
    return plugin;
}

static int plugin_is_so(const struct dirent *entry)
{
    return gm_str_has_suffix(entry->d_name, ".so");
}

bool gm_registry_scan_path(GmRegistry *reg, const char *path)
{
    if (!GM_REQUIRE(reg != NULL && path != NULL)) return false;
    struct dirent **entries = NULL;
    int n = scandir(path, &entries, plugin_is_so, alphasort);
    uint32_t before = reg->cookie;

    for (int i = 0; i < n; i++) {
        char *file = gm_strdup_printf("%s/%s", path, entries[i]->d_name);
        GmError *error = NULL;
        GmPlugin *plugin = gm_plugin_load_file(file, &error);
        if (plugin != NULL) {
            gm_object_unref(plugin);
        } else {
            fprintf(stderr, "gstmini: plugin %s skipped: %s\n", file, error->message);
            gm_error_free(error);
        }
        gm_free(file);
        free(entries[i]);
    }
    free(entries);
    return reg->cookie != before;
}

// Loads what GM_PLUGIN_PATH names, once in the process, so that a broken one is told once.
static void registry_load_path(GmRegistry *reg)
{
    gm_rec_mutex_lock(&reg->lock);
    if (!reg->path_loaded) {
        reg->path_loaded = true;
        const char *path = getenv("GM_PLUGIN_PATH");
        char **dirs = gm_strsplit(path != NULL ? path : "", ":", 0);
        for (unsigned i = 0; dirs[i] != NULL; i++)
            if (*dirs[i] != '\0')
                gm_registry_scan_path(reg, dirs[i]);
        gm_strfreev(dirs);
    }
    gm_rec_mutex_unlock(&reg->lock);
}

bool gm_plugin_register_static(int major_version, int minor_version, const char *name,
                               const char *description, GmPluginInitFunc init_func,
                               const char *version, const char *license, const char *source,
                               const char *package, const char *origin)
{
    (void)major_version, (void)minor_version;
    if (!GM_REQUIRE(name != NULL && init_func != NULL)) return false;
    GmPluginDesc desc = { .name = name, .description = description, .version = version,
                          .license = license, .source = source, .package = package,
                          .origin = origin };
    GmRegistry *reg = gm_registry_get();
    GmPlugin *plugin = plugin_new(&desc, NULL, NULL);

    gm_rec_mutex_lock(&reg->lock);
    bool ok = init_func(plugin);
    if (ok)
        reg->plugins = gm_list_prepend(reg->plugins, plugin);
    else
        gm_object_unref(plugin);
    gm_rec_mutex_unlock(&reg->lock);
    return ok;
}

// ---- registry: finding --------------------------------------------------------------------

GmPluginFeature *gm_registry_lookup_feature(GmRegistry *reg, const char *name)
{
    if (!GM_REQUIRE(reg != NULL && name != NULL)) return NULL;
    GmPluginFeature *feature = NULL;

    for (int tries = 0; tries < 2 && feature == NULL; tries++) {
        if (tries == 1)
            registry_load_path(reg);
        gm_rec_mutex_lock(&reg->lock);
        feature = *registry_slot(reg, name);
        if (feature != NULL)
            gm_object_ref(feature);
        gm_rec_mutex_unlock(&reg->lock);
    }
    return feature;
}

GmPluginFeature *gm_registry_find_feature(GmRegistry *reg, const char *name,
                                          const GmObjectClass *type)
{
    GmPluginFeature *feature = gm_registry_lookup_feature(reg, name);

    if (feature != NULL && type != NULL && !gm_object_is_a(feature, type)) {
        gm_object_unref(feature);
        feature = NULL;
    }
    return feature;
}

GmPlugin *gm_registry_find_plugin(GmRegistry *reg, const char *name)
{
    if (!GM_REQUIRE(reg != NULL && name != NULL)) return NULL;
    registry_load_path(reg);
    gm_rec_mutex_lock(&reg->lock);
    GmPlugin *plugin = registry_find_plugin(reg, name);
    if (plugin != NULL)
        gm_object_ref(plugin);
    gm_rec_mutex_unlock(&reg->lock);
    return plugin;
}

static int registry_by_name(const void *a, const void *b)
{
    return gm_strcmp0(GM_OBJECT_NAME(a), GM_OBJECT_NAME(b));
}

// A copy of list, sorted, with references.
static GmList *registry_copy(GmRegistry *reg, GmList **list)
{
    registry_load_path(reg);
    gm_rec_mutex_lock(&reg->lock);
    GmList *copy = gm_plugin_feature_list_copy(*list);
    gm_rec_mutex_unlock(&reg->lock);
    return gm_list_sort(copy, registry_by_name);
}

typedef bool (*RegistryFilter)(void *object, void *user_data);

static GmList *registry_filter(GmList *list, RegistryFilter filter, bool first, void *user_data)
{
    bool found = false;

    for (GmList *l = list, *next; l != NULL; l = next) {
        next = l->next;
        if (!(found && first) && (filter == NULL || filter(l->data, user_data))) {
            found = true;
            continue;
        }
        gm_object_unref(l->data);
        list = gm_list_delete_link(list, l);
    }
    return list;
}

typedef struct {
    GmPluginFeatureFilter feature;
    GmPluginFilter plugin;
    const GmObjectClass *type;
    const char *plugin_name;
    void *user_data;
} RegistryQuery;

static bool registry_matches(void *object, void *user_data)
{
    const RegistryQuery *q = user_data;

    return (q->feature == NULL || q->feature(object, q->user_data)) &&
           (q->plugin == NULL || q->plugin(object, q->user_data)) &&
           (q->type == NULL || gm_object_is_a(object, q->type)) &&
           (q->plugin_name == NULL ||
            gm_strcmp0(gm_plugin_feature_get_plugin_name(object), q->plugin_name) == 0);
}

GmList *gm_registry_get_plugin_list(GmRegistry *reg)
{
    if (!GM_REQUIRE(reg != NULL)) return NULL;
    return registry_copy(reg, &reg->plugins);
}

GmList *gm_registry_get_feature_list(GmRegistry *reg, const GmObjectClass *type)
{
    if (!GM_REQUIRE(reg != NULL)) return NULL;
    return registry_filter(registry_copy(reg, &reg->features), registry_matches, false,
                           &(RegistryQuery){ .type = type });
}

GmList *gm_registry_get_feature_list_by_plugin(GmRegistry *reg, const char *name)
{
    if (!GM_REQUIRE(reg != NULL && name != NULL)) return NULL;
    return registry_filter(registry_copy(reg, &reg->features), registry_matches, false,
                           &(RegistryQuery){ .plugin_name = name });
}

GmList *gm_registry_feature_filter(GmRegistry *reg, GmPluginFeatureFilter filter, bool first,
                                   void *user_data)
{
    if (!GM_REQUIRE(reg != NULL)) return NULL;
    return registry_filter(registry_copy(reg, &reg->features), registry_matches, first,
                           &(RegistryQuery){ .feature = filter, .user_data = user_data });
}

GmList *gm_registry_plugin_filter(GmRegistry *reg, GmPluginFilter filter, bool first,
                                  void *user_data)
{
    if (!GM_REQUIRE(reg != NULL)) return NULL;
    return registry_filter(registry_copy(reg, &reg->plugins), registry_matches, first,
                           &(RegistryQuery){ .plugin = filter, .user_data = user_data });
}

uint32_t gm_registry_get_feature_list_cookie(GmRegistry *reg)
{
    return GM_REQUIRE(reg != NULL) ? reg->cookie : 0;
}

char *gm_registry_explain_missing(GmRegistry *reg, const char *name)
{
    if (!GM_REQUIRE(reg != NULL && name != NULL)) return NULL;
    for (const GmBuiltinElement *e = gm_builtin_elements; e->plugin != NULL; e++)
        if (e->klass == NULL && gm_strcmp0(e->missing, name) == 0)
            return gm_strdup_printf("no element '%s': install %s and rebuild", name, e->package);
    GmList *features = registry_copy(reg, &reg->features);
    size_t n = gm_list_length(features);
    const char **names = gm_new0(const char *, n + 1);

    for (size_t i = 0; i < n; i++)
        names[i] = GM_OBJECT_NAME(gm_list_nth_data(features, (unsigned)i));
    const char *meant = gm_util_did_you_mean(name, names, n, sizeof *names);
    char *text = meant != NULL
                     ? gm_strdup_printf("no element '%s'; did you mean '%s'?", name, meant)
                     : gm_strdup_printf("no element '%s'", name);
    gm_free(names);
    gm_plugin_feature_list_free(features);
    return text;
}

// ---- plugins and features -----------------------------------------------------------------

#define PLUGIN_FIELD(plugin, field) (GM_REQUIRE(GM_IS_PLUGIN(plugin)) ? (plugin)->field : NULL)

const char *gm_plugin_get_name(GmPlugin *plugin) { return PLUGIN_FIELD(plugin, object.name); }
const char *gm_plugin_get_filename(GmPlugin *plugin) { return PLUGIN_FIELD(plugin, filename); }
const char *gm_plugin_get_description(GmPlugin *plugin)
{
    return PLUGIN_FIELD(plugin, desc.description);
}
const char *gm_plugin_get_version(GmPlugin *plugin) { return PLUGIN_FIELD(plugin, desc.version); }
const char *gm_plugin_get_license(GmPlugin *plugin) { return PLUGIN_FIELD(plugin, desc.license); }
const char *gm_plugin_get_source(GmPlugin *plugin) { return PLUGIN_FIELD(plugin, desc.source); }
const char *gm_plugin_get_package(GmPlugin *plugin) { return PLUGIN_FIELD(plugin, desc.package); }
const char *gm_plugin_get_origin(GmPlugin *plugin) { return PLUGIN_FIELD(plugin, desc.origin); }

bool gm_plugin_is_loaded(GmPlugin *plugin)
{
    return GM_REQUIRE(GM_IS_PLUGIN(plugin)); // there are no plugins but loaded ones
}

GmPlugin *gm_plugin_load_by_name(const char *name)
{
    return gm_registry_find_plugin(gm_registry_get(), name);
}

void gm_plugin_list_free(GmList *list)
{
    gm_list_free_full(list, gm_object_unref);
}

void gm_plugin_feature_set_rank(GmPluginFeature *feature, unsigned rank)
{
    if (!GM_REQUIRE(feature != NULL)) return;
    feature->rank = rank;
}

unsigned gm_plugin_feature_get_rank(GmPluginFeature *feature)
{
    return GM_REQUIRE(feature != NULL) ? feature->rank : GM_RANK_NONE;
}

GmPlugin *gm_plugin_feature_get_plugin(GmPluginFeature *feature)
{
    if (!GM_REQUIRE(feature != NULL)) return NULL;
    return feature->plugin != NULL ? gm_object_ref(feature->plugin) : NULL;
}

const char *gm_plugin_feature_get_plugin_name(GmPluginFeature *feature)
{
    if (!GM_REQUIRE(feature != NULL)) return NULL;
    return feature->plugin != NULL ? GM_OBJECT_NAME(feature->plugin) : NULL;
}

GmPluginFeature *gm_plugin_feature_load(GmPluginFeature *feature)
{
    return GM_REQUIRE(feature != NULL) ? gm_object_ref(feature) : NULL;
}

int gm_plugin_feature_rank_compare_func(const void *p1, const void *p2)
{
    const GmPluginFeature *a = p1, *b = p2;

    if (a->rank != b->rank)
        return a->rank > b->rank ? -1 : 1;
    return gm_strcmp0(a->object.name, b->object.name);
}

GmList *gm_plugin_feature_list_copy(GmList *list)
{
    GmList *copy = gm_list_copy(list);

    for (GmList *l = copy; l != NULL; l = l->next)
        gm_object_ref(l->data);
    return copy;
}

void gm_plugin_feature_list_free(GmList *list)
{
    gm_list_free_full(list, gm_object_unref);
}
