// SPDX-License-Identifier: MIT
//
// Element factories and the registry of what is built in.
#include "element_kit.h"

GM_TEST(factory, finds_and_makes)
{
    GmElementFactory *factory = gm_element_factory_find("bin");

    cr_assert_not_null(factory);
    cr_assert_str_eq(GM_OBJECT_NAME(factory), "bin");
    cr_assert_str_eq(gm_element_factory_get_longname(factory), "Generic bin");
    cr_assert_str_eq(gm_plugin_feature_get_plugin_name(GM_PLUGIN_FEATURE(factory)),
                     "coreelements");
    GmElement *el = gm_object_ref_sink(gm_element_factory_create(factory, "mine"));
    cr_assert_str_eq(GM_OBJECT_NAME(el), "mine");
    cr_assert_eq(gm_element_get_factory(el), factory);
    gm_object_unref(el);
    gm_object_unref(factory);
    el = gm_element_factory_make("bin", NULL);
    cr_assert(gm_object_is_floating(el));
    cr_assert(strncmp(GM_OBJECT_NAME(el), "bin", 3) == 0);
    gm_object_unref(el);
    cr_assert_null(gm_element_factory_find("nothing-like-it"));
    cr_assert_null(gm_element_factory_make("nothing-like-it", NULL));
}

GM_TEST(factory, properties_at_making)
{
    GmElement *el = gm_element_factory_make_full("bin", "name", "n", "async-handling", true, NULL);
    int on = 0;

    gm_object_get(el, "async-handling", &on, NULL);
    cr_assert(on);
    cr_assert_str_eq(GM_OBJECT_NAME(el), "n");
    gm_object_unref(el);
}

GM_TEST(factory, explains_what_is_missing)
{
    char *text = gm_registry_explain_missing(gm_registry_get(), "pipelin");

    cr_assert_str_eq(text, "no element 'pipelin'; did you mean 'pipeline'?");
    free(text);
    text = gm_registry_explain_missing(gm_registry_get(), "zzzzzzzzzz");
    cr_assert_str_eq(text, "no element 'zzzzzzzzzz'");
    free(text);
}

GM_TEST(factory, register_replace_and_list)
{
    uint32_t cookie = gm_registry_get_feature_list_cookie(gm_registry_get());

    cr_assert(gm_element_register(NULL, "kitfilter", GM_RANK_PRIMARY, &kit_filter));
    cr_assert(gm_element_register(NULL, "kitfilter", GM_RANK_SECONDARY, &kit_filter));
    cr_assert_neq(gm_registry_get_feature_list_cookie(gm_registry_get()), cookie);
    GmElementFactory *factory = gm_element_factory_find("kitfilter");
    cr_assert_eq(gm_plugin_feature_get_rank(GM_PLUGIN_FEATURE(factory)), GM_RANK_SECONDARY);
    cr_assert_eq(gm_element_factory_get_num_pad_templates(factory), 2);

    GmCaps *gray = gm_caps_from_string("video/x-raw, format=GRAY8");
    GmCaps *audio = gm_caps_from_string("audio/x-raw");
    cr_assert(gm_element_factory_can_sink_all_caps(factory, gray));
    cr_assert(gm_element_factory_can_src_any_caps(factory, gray));
    cr_assert_not(gm_element_factory_can_sink_any_caps(factory, audio));
    GmList *all = gm_element_factory_list_get_elements(GM_ELEMENT_FACTORY_TYPE_ANY,
                                                       GM_RANK_SECONDARY);
    GmList *fit = gm_element_factory_list_filter(all, gray, GM_PAD_SINK, true);
    cr_assert_not_null(gm_list_find(fit, factory));
    for (GmList *l = all; l != NULL && l->next != NULL; l = l->next)
        cr_assert_geq(gm_plugin_feature_get_rank(l->data),
                      gm_plugin_feature_get_rank(l->next->data));
    gm_plugin_feature_list_free(fit);
    gm_plugin_feature_list_free(all);
    gm_caps_unref(gray);
    gm_caps_unref(audio);
    gm_object_unref(factory);
    gm_test_expect_criticals(1);
    cr_assert_not(gm_element_register(NULL, "", 0, &kit_filter));
}

GM_TEST(factory, kinds_are_read_from_klass)
{
    static const GmElementClass decoder = { .name = "kitdec", .parent = &gm_element_class.object,
                                            .klass = "Codec/Decoder/Video" };
    cr_assert(gm_element_register(NULL, "kitdec", 0, &decoder));
    GmElementFactory *f = gm_element_factory_find("kitdec");

    cr_assert(gm_element_factory_list_is_type(f, GM_ELEMENT_FACTORY_TYPE_DECODER));
    cr_assert(gm_element_factory_list_is_type(f, GM_ELEMENT_FACTORY_TYPE_DECODABLE));
    cr_assert(gm_element_factory_list_is_type(f, GM_ELEMENT_FACTORY_TYPE_DECODER |
                                                     GM_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO));
    cr_assert_not(gm_element_factory_list_is_type(f, GM_ELEMENT_FACTORY_TYPE_DECODER |
                                                         GM_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO));
    cr_assert_not(gm_element_factory_list_is_type(f, GM_ELEMENT_FACTORY_TYPE_ENCODER));
    gm_object_unref(f);
}

GM_TEST(factory, every_builtin_can_be_made_and_released)
{
    for (const GmBuiltinElement *e = gm_builtin_elements; e->plugin != NULL; e++) {
        if (e->klass == NULL)
            continue;
        GmElement *el = gm_element_factory_make(e->klass->name, NULL);
        cr_assert_not_null(el, "%s", e->klass->name);
        cr_assert_not_null(e->klass->longname, "%s", e->klass->name);
        gm_object_unref(gm_object_ref_sink(el));
        GmPlugin *plugin = gm_registry_find_plugin(gm_registry_get(), e->plugin);
        cr_assert_not_null(plugin, "plugin %s of %s has no row", e->plugin, e->klass->name);
        gm_object_unref(plugin);
    }
}
