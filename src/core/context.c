// SPDX-License-Identifier: MIT
//
// context: a counted pair of a type name and a structure. See context.h.
#include "core/context.h"

#include "core/structure.h"
#include "core/util.h"

struct GmContext {
    GmMiniObject mini_object;
    char        *type;
    GmStructure *structure;
    bool         persistent;
};

static GmMiniObject *context_copy(const GmMiniObject *obj);

static void context_free(GmMiniObject *obj)
{
    GmContext *context = (GmContext *)obj;

    gm_structure_free(context->structure);
    gm_free(context->type);
    gm_free(context);
}

GmContext *gm_context_new(const char *context_type, bool persistent)
{
    if (!GM_REQUIRE(context_type != NULL)) return NULL;
    GmContext *context = gm_new0(GmContext, 1);

    gm_mini_object_init(&context->mini_object, 0, GM_TYPE_CONTEXT, context_copy, NULL,
                        context_free);
    context->type       = gm_strdup(context_type);
    context->structure  = gm_structure_new_empty("context");
    context->persistent = persistent;
    return context;
}

static GmMiniObject *context_copy(const GmMiniObject *obj)
{
    const GmContext *context = (const GmContext *)obj;
    GmContext *copy = gm_context_new(context->type, context->persistent);

    gm_structure_free(copy->structure);
    copy->structure = gm_structure_copy(context->structure);
    return &copy->mini_object;
}

const char *gm_context_get_context_type(const GmContext *context)
{
    return GM_REQUIRE(context != NULL) ? context->type : NULL;
}

bool gm_context_has_context_type(const GmContext *context, const char *context_type)
{
    if (!GM_REQUIRE(context != NULL)) return false;
    return gm_strcmp0(context->type, context_type) == 0;
}

bool gm_context_is_persistent(const GmContext *context)
{
    return GM_REQUIRE(context != NULL) && context->persistent;
}

const GmStructure *gm_context_get_structure(const GmContext *context)
{
    return GM_REQUIRE(context != NULL) ? context->structure : NULL;
}

GmStructure *gm_context_writable_structure(GmContext *context)
{
    if (!GM_REQUIRE(context != NULL)) return NULL;
    if (!GM_REQUIRE(gm_mini_object_is_writable(&context->mini_object))) return NULL;
    return context->structure;
}
