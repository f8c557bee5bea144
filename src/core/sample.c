// SPDX-License-Identifier: MIT
//
// sample: see sample.h.
#include "core/sample.h"

#include <stdlib.h>

#include "core/caps.h"
#include "core/segment.h"
#include "core/structure.h"
#include "core/util.h"

struct GmSample {
    GmMiniObject  mini_object;
    GmBuffer     *buffer;
    GmBufferList *list;
    GmCaps       *caps;
    GmSegment     segment;
    GmStructure  *info;
};

static void sample_hold(GmSample *s, void *slot, void *child)
{
    GmMiniObject **held = slot;
    if (*held)
        gm_mini_object_remove_parent(*held, &s->mini_object);
    gm_mini_object_replace(held, child);
    if (child)
        gm_mini_object_add_parent(child, &s->mini_object);
}

static void sample_drop_info(GmSample *s)
{
    if (s->info) {
        gm_structure_set_parent_refcount(s->info, NULL);
        gm_structure_free(s->info);
    }
    s->info = NULL;
}

static void sample_free(GmMiniObject *obj)
{
    GmSample *s = GM_SAMPLE(obj);
    sample_hold(s, &s->buffer, NULL);
    sample_hold(s, &s->list, NULL);
    sample_hold(s, &s->caps, NULL);
    sample_drop_info(s);
    free(s);
}

static GmMiniObject *sample_copy(const GmMiniObject *obj)
{
    const GmSample *s = (const GmSample *)obj;
    GmSample *copy = gm_sample_new(s->buffer, s->caps, &s->segment,
                                   s->info ? gm_structure_copy(s->info) : NULL);
    sample_hold(copy, &copy->list, s->list);
    return &copy->mini_object;
}

GmSample *gm_sample_new(GmBuffer *buffer, GmCaps *caps, const GmSegment *segment,
                        GmStructure *info)
{
    GmSample *s = gm_malloc0(sizeof *s);
    gm_mini_object_init(&s->mini_object, 0, GM_TYPE_SAMPLE, sample_copy, NULL, sample_free);
    sample_hold(s, &s->buffer, buffer);
    sample_hold(s, &s->caps, caps);
    gm_sample_set_segment(s, segment);
    if (info)
        gm_sample_set_info(s, info);
    return s;
}

GmBuffer *gm_sample_get_buffer(GmSample *sample)
{
    return GM_REQUIRE(GM_IS_SAMPLE(sample)) ? sample->buffer : NULL;
}

GmBufferList *gm_sample_get_buffer_list(GmSample *sample)
{
    return GM_REQUIRE(GM_IS_SAMPLE(sample)) ? sample->list : NULL;
}

GmCaps *gm_sample_get_caps(GmSample *sample)
{
    return GM_REQUIRE(GM_IS_SAMPLE(sample)) ? sample->caps : NULL;
}

GmSegment *gm_sample_get_segment(GmSample *sample)
{
    return GM_REQUIRE(GM_IS_SAMPLE(sample)) ? &sample->segment : NULL;
}

const GmStructure *gm_sample_get_info(GmSample *sample)
{
    return GM_REQUIRE(GM_IS_SAMPLE(sample)) ? sample->info : NULL;
}

void gm_sample_set_buffer(GmSample *sample, GmBuffer *buffer)
{
    if (!GM_REQUIRE(GM_IS_SAMPLE(sample) && gm_sample_is_writable(sample))) return;
    sample_hold(sample, &sample->buffer, buffer);
}

void gm_sample_set_buffer_list(GmSample *sample, GmBufferList *list)
{
    if (!GM_REQUIRE(GM_IS_SAMPLE(sample) && gm_sample_is_writable(sample))) return;
    sample_hold(sample, &sample->list, list);
}

void gm_sample_set_caps(GmSample *sample, GmCaps *caps)
{
    if (!GM_REQUIRE(GM_IS_SAMPLE(sample) && gm_sample_is_writable(sample))) return;
    sample_hold(sample, &sample->caps, caps);
}

void gm_sample_set_segment(GmSample *sample, const GmSegment *segment)
{
    if (!GM_REQUIRE(GM_IS_SAMPLE(sample) && gm_sample_is_writable(sample))) return;
    if (segment)
        sample->segment = *segment;
    else
        gm_segment_init(&sample->segment, GM_FORMAT_TIME);
}

bool gm_sample_set_info(GmSample *sample, GmStructure *info)
{
    if (!GM_REQUIRE(GM_IS_SAMPLE(sample) && gm_sample_is_writable(sample))) return false;
    sample_drop_info(sample);
    if (info && !gm_structure_set_parent_refcount(info, &sample->mini_object.refcount))
        return false;
    sample->info = info;
    return true;
}
