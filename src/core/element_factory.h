// SPDX-License-Identifier: MIT
//
// element_factory: makes elements by name, and says what they can do without making them.
//
// Any thread. Looking up a name that is not built in may load plugins and block on the disk,
// nothing else blocks. Factories live as long as the registry; functions that give one give a
// reference as usual. Names and values are borrowed. Misuse is a critical and the neutral result.
// Read next: core/plugin.h.
#ifndef GM_CORE_ELEMENT_FACTORY_H
#define GM_CORE_ELEMENT_FACTORY_H

#include "core/plugin.h"
#include "core/value.h"

#ifdef __cplusplus
extern "C" {
#endif

struct GmElementFactory {
    GmPluginFeature       feature;
    const GmElementClass *klass;
};
// Casts are unchecked; GM_IS_ELEMENT_FACTORY checks (NULL: false).
#define GM_ELEMENT_FACTORY(obj) ((GmElementFactory *)(obj))
#define GM_IS_ELEMENT_FACTORY(obj) gm_object_is_a((obj), &gm_element_factory_class)

GmElementFactory *gm_element_factory_find(const char *name); // gives, or NULL
// Gives a floating element called name (NULL: an automatic name), or NULL.
GmElement *gm_element_factory_create(GmElementFactory *factory, const char *name);
GmElement *gm_element_factory_make(const char *factoryname, const char *name);
// As create / make, with properties as gm_object_set ("name" is one of them).
GmElement *gm_element_factory_create_full(GmElementFactory *factory, const char *first, ...)
    GM_SENTINEL;
GmElement *gm_element_factory_make_full(const char *factoryname, const char *first, ...)
    GM_SENTINEL;
GmElement *gm_element_factory_create_with_properties(GmElementFactory *factory, unsigned n,
                                                     const char *names[],
                                                     const GmValue values[]);
GmElement *gm_element_factory_make_with_properties(const char *factoryname, unsigned n,
                                                   const char *names[], const GmValue values[]);

// The manifest and its texts (key: GM_ELEMENT_METADATA_*): constant; NULL: no such text.
const GmElementClass *gm_element_factory_get_element_type(GmElementFactory *factory);
const char *gm_element_factory_get_metadata(GmElementFactory *factory, const char *key);
#define gm_element_factory_get_longname(f) \
    gm_element_factory_get_metadata(f, GM_ELEMENT_METADATA_LONGNAME)
#define gm_element_factory_get_klass(f) \
    gm_element_factory_get_metadata(f, GM_ELEMENT_METADATA_KLASS)
#define gm_element_factory_get_description(f) \
    gm_element_factory_get_metadata(f, GM_ELEMENT_METADATA_DESCRIPTION)
#define gm_element_factory_get_author(f) \
    gm_element_factory_get_metadata(f, GM_ELEMENT_METADATA_AUTHOR)
unsigned gm_element_factory_get_num_pad_templates(GmElementFactory *factory);
// The class's pad table, ended by an empty row; NULL without pads. Constant.
const GmStaticPadTemplate *gm_element_factory_get_static_pad_templates(GmElementFactory *f);

// Whether the caps of a pad template of that direction contain / intersect caps.
bool gm_element_factory_can_sink_all_caps(GmElementFactory *factory, const GmCaps *caps);
bool gm_element_factory_can_src_all_caps(GmElementFactory *factory, const GmCaps *caps);
bool gm_element_factory_can_sink_any_caps(GmElementFactory *factory, const GmCaps *caps);
bool gm_element_factory_can_src_any_caps(GmElementFactory *factory, const GmCaps *caps);

// What kind of element, read from the words of its klass ("Source/Video").
typedef uint64_t GmElementFactoryListType;
#define GM_ELEMENT_FACTORY_TYPE_DECODER (UINT64_C(1) << 0)
#define GM_ELEMENT_FACTORY_TYPE_ENCODER (UINT64_C(1) << 1)
#define GM_ELEMENT_FACTORY_TYPE_SINK (UINT64_C(1) << 2)
#define GM_ELEMENT_FACTORY_TYPE_SRC (UINT64_C(1) << 3)
#define GM_ELEMENT_FACTORY_TYPE_MUXER (UINT64_C(1) << 4)
#define GM_ELEMENT_FACTORY_TYPE_DEMUXER (UINT64_C(1) << 5)
#define GM_ELEMENT_FACTORY_TYPE_PARSER (UINT64_C(1) << 6)
#define GM_ELEMENT_FACTORY_TYPE_PAYLOADER (UINT64_C(1) << 7)
#define GM_ELEMENT_FACTORY_TYPE_DEPAYLOADER (UINT64_C(1) << 8)
#define GM_ELEMENT_FACTORY_TYPE_FORMATTER (UINT64_C(1) << 9)
#define GM_ELEMENT_FACTORY_TYPE_DECRYPTOR (UINT64_C(1) << 10)
#define GM_ELEMENT_FACTORY_TYPE_ENCRYPTOR (UINT64_C(1) << 11)
#define GM_ELEMENT_FACTORY_TYPE_HARDWARE (UINT64_C(1) << 12)
#define GM_ELEMENT_FACTORY_TYPE_MAX_ELEMENTS (UINT64_C(1) << 48)
#define GM_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO (UINT64_C(1) << 49)
#define GM_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO (UINT64_C(1) << 50)
#define GM_ELEMENT_FACTORY_TYPE_MEDIA_IMAGE (UINT64_C(1) << 51)
#define GM_ELEMENT_FACTORY_TYPE_MEDIA_SUBTITLE (UINT64_C(1) << 52)
#define GM_ELEMENT_FACTORY_TYPE_MEDIA_METADATA (UINT64_C(1) << 53)
#define GM_ELEMENT_FACTORY_TYPE_ANY ((UINT64_C(1) << 49) - 1)
#define GM_ELEMENT_FACTORY_TYPE_MEDIA_ANY (~UINT64_C(0) << 48)
#define GM_ELEMENT_FACTORY_TYPE_DECODABLE                                          \
    (GM_ELEMENT_FACTORY_TYPE_DECODER | GM_ELEMENT_FACTORY_TYPE_DEMUXER |           \
     GM_ELEMENT_FACTORY_TYPE_DEPAYLOADER | GM_ELEMENT_FACTORY_TYPE_PARSER |        \
     GM_ELEMENT_FACTORY_TYPE_DECRYPTOR)
// Whether the factory is of any kind in type and, if type names media, for one of these.
bool gm_element_factory_list_is_type(GmElementFactory *factory, GmElementFactoryListType type);
// Factories of `type` with at least minrank, best rank first. Gives list and references.
GmList *gm_element_factory_list_get_elements(GmElementFactoryListType type, unsigned minrank);
// Those of list with an always- or other pad of direction that fits caps (subsetonly: whose
// template contains caps). Gives list and references.
GmList *gm_element_factory_list_filter(GmList *list, const GmCaps *caps,
                                       GmPadDirection direction, bool subsetonly);

#ifdef __cplusplus
}
#endif
#endif
