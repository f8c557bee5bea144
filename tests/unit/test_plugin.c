// SPDX-License-Identifier: MIT
//
// Shared objects: one that works, and broken ones that are told and skipped. They are compiled
// here, with $CC (default cc), into a directory of the test's own.
#include <stdlib.h>
#include <unistd.h>

#include "element_kit.h"

static char plugin_dir[64];

static void plugin_compile(const char *name, const char *source)
{
    char path[128], command[512];
    const char *cc = getenv("CC");

    snprintf(path, sizeof path, "%s/%s.c", plugin_dir, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(source, file);
    cr_assert_eq(fclose(file), 0);
    snprintf(command, sizeof command, "%s -std=c11 -D_GNU_SOURCE -shared -fPIC -Isrc -o %s/%s.so %s",
             cc != NULL ? cc : "cc", plugin_dir, name, path);
    cr_assert_eq(system(command), 0, "%s", command);
}

static void plugin_begin(void)
{
    strcpy(plugin_dir, "/tmp/gm-plugin-XXXXXX");
    cr_assert_not_null(mkdtemp(plugin_dir));
}

static void plugin_end(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", plugin_dir);
    cr_assert_eq(system(command), 0);
}

// It registers no element: that needs the program to export the engine's symbols (-rdynamic), as
// the tools do and unit tests do not.
static const char plugin_good[] =
    "#include \"gstmini-element.h\"\n"
    "static bool start(GmPlugin *plugin) { (void)plugin; return true; }\n"
    "GM_PLUGIN_DEFINE(0, 1, goodplugin, \"works\", start, \"3.1\", \"MIT\", \"pkg\", \"here\");\n";
static const char plugin_fails[] =
    "#include \"gstmini-element.h\"\n"
    "static bool start(GmPlugin *plugin) { (void)plugin; return false; }\n"
    "GM_PLUGIN_DEFINE(0, 1, failplugin, \"fails\", start, \"1\", \"MIT\", \"pkg\", \"here\");\n";
static const char plugin_old[] =
    "#include \"gstmini-element.h\"\n"
    "const GmPluginDesc gm_plugin_desc = { .abi = 0, .name = \"old\" };\n";
static const char plugin_stranger[] = "int nothing_of_ours;\n";

static void plugin_expect(const char *name, int code, const char *text)
{
    char path[128];
    GmError *error = NULL;

    snprintf(path, sizeof path, "%s/%s.so", plugin_dir, name);
    cr_assert_null(gm_plugin_load_file(path, &error), "%s was loaded", name);
    cr_assert(gm_error_matches(error, GM_PLUGIN_ERROR, code), "%s", error->message);
    cr_assert(strstr(error->message, text) != NULL, "%s", error->message);
    gm_error_free(error);
}

GM_TEST(plugin, loads_once_and_tells_about_itself)
{
    char path[128];

    plugin_begin();
    plugin_compile("good", plugin_good);
    snprintf(path, sizeof path, "%s/good.so", plugin_dir);
    GmError *error = NULL;
    GmPlugin *plugin = gm_plugin_load_file(path, &error);
    cr_assert_not_null(plugin, "%s", error != NULL ? error->message : "");
    cr_assert_str_eq(gm_plugin_get_name(plugin), "goodplugin");
    cr_assert_str_eq(gm_plugin_get_version(plugin), "3.1");
    cr_assert_str_eq(gm_plugin_get_filename(plugin), path);
    GmPlugin *again = gm_plugin_load_file(path, NULL);
    cr_assert_eq(again, plugin);
    gm_object_unref(again);
    again = gm_plugin_load_by_name("goodplugin");
    cr_assert_eq(again, plugin);
    gm_object_unref(again);
    gm_object_unref(plugin);
    plugin_compile("twin", plugin_good);
    plugin_expect("twin", GM_PLUGIN_ERROR_NAME_MISMATCH, "is there already, from ");
    plugin_end();
}

GM_TEST(plugin, broken_ones_say_why)
{
    char path[128];

    plugin_begin();
    plugin_compile("fails", plugin_fails);
    plugin_compile("old", plugin_old);
    plugin_compile("stranger", plugin_stranger);
    snprintf(path, sizeof path, "%s/text.so", plugin_dir);
    FILE *file = fopen(path, "w");
    fputs("not an object at all\n", file);
    fclose(file);
    plugin_expect("fails", GM_PLUGIN_ERROR_DEPENDENCIES, "failed to initialize");
    plugin_expect("old", GM_PLUGIN_ERROR_MODULE, "another version of GstMini");
    plugin_expect("stranger", GM_PLUGIN_ERROR_MODULE, "has no GM_PLUGIN_DEFINE");
    plugin_expect("text", GM_PLUGIN_ERROR_MODULE, "Opening module failed");
    plugin_expect("absent", GM_PLUGIN_ERROR_MODULE, "No such file");
    plugin_end();
}

GM_TEST(plugin, path_is_read_at_the_first_miss)
{
    plugin_begin();
    plugin_compile("good", plugin_good);
    plugin_compile("stranger", plugin_stranger);
    setenv("GM_PLUGIN_PATH", plugin_dir, 1);
    GmPluginFeature *bin = gm_registry_lookup_feature(gm_registry_get(), "bin");
    gm_object_unref(bin);
    uint32_t cookie = gm_registry_get_feature_list_cookie(gm_registry_get());
    cr_assert_null(gm_registry_lookup_feature(gm_registry_get(), "no-such-element"));
    cr_assert_neq(gm_registry_get_feature_list_cookie(gm_registry_get()), cookie);
    GmPlugin *plugin = gm_registry_find_plugin(gm_registry_get(), "goodplugin");
    cr_assert_not_null(plugin);
    gm_object_unref(plugin);
    plugin_end();
}

static bool plugin_static_init(GmPlugin *plugin)
{
    return gm_element_register(plugin, "kitsink", 5, &kit_sink);
}

GM_TEST(plugin, static_plugins)
{
    cr_assert(gm_plugin_register_static(0, 1, "kit", "for tests", plugin_static_init, "1", "MIT",
                                        "s", "p", "o"));
    GmList *features = gm_registry_get_feature_list_by_plugin(gm_registry_get(), "kit");
    cr_assert_eq(gm_list_length(features), 1);
    cr_assert_str_eq(GM_OBJECT_NAME(features->data), "kitsink");
    gm_plugin_feature_list_free(features);
}
