// SPDX-License-Identifier: MIT
//
// element_factory: from a name to an element, and questions about elements not yet made.
#include "core/element_factory.h"

#include <string.h>

#include "core/caps.h"
#include "core/log.h"
#include "core/pad_template.h"
#include "core/util.h"

const GmObjectClass gm_element_factory_class = {
    .name = "elementfactory", .type_name = "GmElementFactory", .parent = &gm_object_class,
    .instance_size = sizeof(GmElementFactory),
};

// ---- making -----------------------------------------------------------------------------

GmElementFactory *gm_element_factory_find(const char *name)
{
    if (!GM_REQUIRE(name != NULL)) return NULL;
    return (GmElementFactory *)gm_registry_find_feature(gm_registry_get(), name,
                                                        &gm_element_factory_class);
}

GmElement *gm_element_factory_create(GmElementFactory *factory, const char *name)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT_FACTORY(factory))) return NULL;
    GmElement *element = gm_object_new(&factory->klass->object, NULL, NULL);

    if (name != NULL)
        gm_object_set_name(GM_OBJECT(element), name);
    return element;
}

// Finds a factory or says on the log why there is none. Gives, or NULL.
static GmElementFactory *factory_wanted(const char *name)
{
    GmElementFactory *factory = gm_element_factory_find(name);

    if (factory == NULL && name != NULL) {
        char *why = gm_registry_explain_missing(gm_registry_get(), name);
        GM_WARNING("%s", why);
        gm_free(why);
    }
    return factory;
}

GmElement *gm_element_factory_make(const char *factoryname, const char *name)
{
    GmElementFactory *factory = factory_wanted(factoryname);
    if (factory == NULL)
        return NULL;
    GmElement *element = gm_element_factory_create(factory, name);
    gm_object_unref(factory);
    return element;
}

static GmElement *factory_create_valist(GmElementFactory *factory, const char *first, va_list args)
{
    GmElement *element = gm_element_factory_create(factory, NULL);

    if (element != NULL && first != NULL)
        gm_object_set_valist(element, first, args);
    return element;
}

GmElement *gm_element_factory_create_full(GmElementFactory *factory, const char *first, ...)
{
    va_list args;

    va_start(args, first);
    GmElement *element = factory_create_valist(factory, first, args);
    va_end(args);
    return element;
}

GmElement *gm_element_factory_make_full(const char *factoryname, const char *first, ...)
{
    GmElementFactory *factory = factory_wanted(factoryname);
    va_list args;

    if (factory == NULL)
        return NULL;
    va_start(args, first);
    GmElement *element = factory_create_valist(factory, first, args);
    va_end(args);
    gm_object_unref(factory);
    return element;
}

GmElement *gm_element_factory_create_with_properties(GmElementFactory *factory, unsigned n,
                                                     const char *names[], const GmValue values[])
{
    if (!GM_REQUIRE(n == 0 || (names != NULL && values != NULL))) return NULL;
    GmElement *element = gm_element_factory_create(factory, NULL);

    for (unsigned i = 0; i < n && element != NULL; i++)
        gm_object_set_property(element, names[i], &values[i]);
    return element;
}

GmElement *gm_element_factory_make_with_properties(const char *factoryname, unsigned n,
                                                   const char *names[], const GmValue values[])
{
    GmElementFactory *factory = factory_wanted(factoryname);
    if (factory == NULL)
        return NULL;
    GmElement *element = gm_element_factory_create_with_properties(factory, n, names, values);
    gm_object_unref(factory);
    return element;
}

// ---- asking -----------------------------------------------------------------------------

const GmElementClass *gm_element_factory_get_element_type(GmElementFactory *factory)
{
    return GM_REQUIRE(GM_IS_ELEMENT_FACTORY(factory)) ? factory->klass : NULL;
}

const char *gm_element_factory_get_metadata(GmElementFactory *factory, const char *key)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT_FACTORY(factory))) return NULL;
    return gm_element_class_get_metadata(factory->klass, key);
}

const GmStaticPadTemplate *gm_element_factory_get_static_pad_templates(GmElementFactory *f)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT_FACTORY(f))) return NULL;
    return gm_element_class_get_static_pads(f->klass);
}

unsigned gm_element_factory_get_num_pad_templates(GmElementFactory *factory)
{
    const GmStaticPadTemplate *row = gm_element_factory_get_static_pad_templates(factory);
    unsigned n = 0;

    for (; row != NULL && row->name_template != NULL; row++)
        n++;
    return n;
}

static bool factory_can(GmElementFactory *factory, const GmCaps *caps, GmPadDirection direction,
                        bool all)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT_FACTORY(factory))) return false;
    if (!GM_REQUIRE(caps != NULL)) return false;
    for (GmList *l = gm_element_class_get_pad_template_list(factory->klass); l; l = l->next) {
        GmPadTemplate *t = l->data;
        if (t->direction == direction &&
            (all ? gm_caps_is_subset(caps, t->caps) : gm_caps_can_intersect(caps, t->caps)))
            return true;
    }
    return false;
}

bool gm_element_factory_can_sink_all_caps(GmElementFactory *factory, const GmCaps *caps)
{
    return factory_can(factory, caps, GM_PAD_SINK, true);
}

bool gm_element_factory_can_src_all_caps(GmElementFactory *factory, const GmCaps *caps)
{
    return factory_can(factory, caps, GM_PAD_SRC, true);
}

bool gm_element_factory_can_sink_any_caps(GmElementFactory *factory, const GmCaps *caps)
{
    return factory_can(factory, caps, GM_PAD_SINK, false);
}

bool gm_element_factory_can_src_any_caps(GmElementFactory *factory, const GmCaps *caps)
{
    return factory_can(factory, caps, GM_PAD_SRC, false);
}

// ---- kinds ------------------------------------------------------------------------------

bool gm_element_factory_list_is_type(GmElementFactory *factory, GmElementFactoryListType type)
{
    if (!GM_REQUIRE(GM_IS_ELEMENT_FACTORY(factory))) return false;
    // The words of klass; a decoder is one whatever medium it is for.
    static const struct { const char *word; GmElementFactoryListType bit; } kinds[] = {
        { "Sink", GM_ELEMENT_FACTORY_TYPE_SINK },
        { "Source", GM_ELEMENT_FACTORY_TYPE_SRC },
        { "Decoder", GM_ELEMENT_FACTORY_TYPE_DECODER },
        { "Encoder", GM_ELEMENT_FACTORY_TYPE_ENCODER },
        { "Muxer", GM_ELEMENT_FACTORY_TYPE_MUXER },
        { "Demux", GM_ELEMENT_FACTORY_TYPE_DEMUXER },
        { "Parser", GM_ELEMENT_FACTORY_TYPE_PARSER },
        { "Depayloader", GM_ELEMENT_FACTORY_TYPE_DEPAYLOADER },
        { "Payloader", GM_ELEMENT_FACTORY_TYPE_PAYLOADER },
        { "Formatter", GM_ELEMENT_FACTORY_TYPE_FORMATTER },
        { "Decryptor", GM_ELEMENT_FACTORY_TYPE_DECRYPTOR },
        { "Encryptor", GM_ELEMENT_FACTORY_TYPE_ENCRYPTOR },
        { "Hardware", GM_ELEMENT_FACTORY_TYPE_HARDWARE },
    }, media[] = {
        { "Video", GM_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO },
        { "Audio", GM_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO },
        { "Image", GM_ELEMENT_FACTORY_TYPE_MEDIA_IMAGE },
        { "Subtitle", GM_ELEMENT_FACTORY_TYPE_MEDIA_SUBTITLE },
        { "Metadata", GM_ELEMENT_FACTORY_TYPE_MEDIA_METADATA },
    };
    const char *klass = factory->klass->klass;
    GmElementFactoryListType is = 0, of = 0;

    if (klass == NULL)
        return false;
    for (size_t i = 0; i < GM_LEN(kinds); i++)
        if (strstr(klass, kinds[i].word) != NULL)
            is |= kinds[i].bit;
    for (size_t i = 0; i < GM_LEN(media); i++)
        if (strstr(klass, media[i].word) != NULL)
            of |= media[i].bit;
    bool kind_ok = type == GM_ELEMENT_FACTORY_TYPE_ANY || (is & type) != 0;
    GmElementFactoryListType wanted = type & GM_ELEMENT_FACTORY_TYPE_MEDIA_ANY &
                                      ~GM_ELEMENT_FACTORY_TYPE_MAX_ELEMENTS;
    return kind_ok && (wanted == 0 || (of & wanted) != 0);
}

GmList *gm_element_factory_list_get_elements(GmElementFactoryListType type, unsigned minrank)
{
    GmList *list = gm_registry_get_feature_list(gm_registry_get(), &gm_element_factory_class);

    for (GmList *l = list, *next; l != NULL; l = next) {
        next = l->next;
        if (gm_plugin_feature_get_rank(l->data) < minrank ||
            !gm_element_factory_list_is_type(l->data, type)) {
            gm_object_unref(l->data);
            list = gm_list_delete_link(list, l);
        }
    }
    return gm_list_sort(list, gm_plugin_feature_rank_compare_func);
}

GmList *gm_element_factory_list_filter(GmList *list, const GmCaps *caps, GmPadDirection direction,
                                       bool subsetonly)
{
    if (!GM_REQUIRE(caps != NULL)) return NULL;
    GmList *result = NULL;

    for (; list != NULL; list = list->next)
        if (factory_can(list->data, caps, direction, subsetonly))
            result = gm_list_prepend(result, gm_object_ref(list->data));
    return gm_list_reverse(result);
}
