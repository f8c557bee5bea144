// SPDX-License-Identifier: MIT
//
// multifilesrc: a sequence of numbered files, each as one buffer.
//
//     multifilesrc location=frame-%03d.png index=1 caps=image/png,framerate=10/1  -->  [src]
//
// The first file has to be there; the first one after it that is not ends the stream. With a
// frame rate in its caps the source stamps time on the buffers.
// Read next: core/base/base_src.h, elements/core/multifilesink.c.

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elements/core/file_pattern.h"

typedef struct {
    // properties: frozen while streaming, but index, which counts on
    char   *location;
    int     start_index, stop_index;
    bool    loop;
    GmCaps *caps;
    _Atomic int index;
    // streaming thread only
    bool     read_one;
    uint64_t offset; // bytes so far
    int      fps_n, fps_d;
    uint64_t frame;
} MultiFileSrc;

// The whole file in a buffer. NULL with *error an errno.
static GmBuffer *multifilesrc_read(const char *name, int *error)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    struct stat st;
    GmMapInfo map;
    GmBuffer *buffer = NULL;
    size_t done = 0;

    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        *error = fd >= 0 && errno == 0 ? EISDIR : errno ? errno : EIO;
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    *error = ENOMEM;
    buffer = gm_buffer_new_allocate(NULL, (size_t)st.st_size, NULL);
    if (buffer && gm_buffer_map(buffer, &map, GM_MAP_WRITE)) {
        *error = 0;
        while (done < map.size && *error == 0) {
            ssize_t n = read(fd, map.data + done, map.size - done);
            if (n > 0)
                done += (size_t)n;
            else if (n == 0 || errno != EINTR)
                *error = n == 0 ? EIO : errno;
        }
        gm_buffer_unmap(buffer, &map);
    }
    close(fd);
    if (*error != 0 && buffer)
        gm_clear_buffer(&buffer);
    return buffer;
}

static GmBuffer *multifilesrc_read_index(GmBaseSrc *src, int *error)
{
    MultiFileSrc *s = gm_priv(src);
    char *name = gm_file_pattern_expand(s->location, s->index);

    errno = 0;
    GmBuffer *buffer = name ? multifilesrc_read(name, error) : NULL;
    if (!name)
        *error = EINVAL;
    gm_free(name);
    return buffer;
}

// The first file must be there: says which one was looked for.
static GmFlowReturn multifilesrc_fail(GmBaseSrc *src, int error)
{
    MultiFileSrc *s = gm_priv(src);
    char *name = gm_file_pattern_expand(s->location, s->index);

    GM_ELEMENT_ERROR(src, RESOURCE, READ, ("Error while reading from file \"%s\".",
                                           name ? name : s->location),
                     ("%s; location=%s index=%d", strerror(error), s->location, s->index));
    gm_free(name);
    return GM_FLOW_ERROR;
}

static GmFlowReturn multifilesrc_create(GmBaseSrc *src, uint64_t offset, unsigned length,
                                        GmBuffer **out)
{
    MultiFileSrc *s = gm_priv(src);
    int error = 0;

    (void)offset;
    (void)length;
    if (s->index < s->start_index)
        s->index = s->start_index;
    if (s->stop_index != -1 && s->index > s->stop_index) {
        if (!s->loop)
            return GM_FLOW_EOS;
        s->index = s->start_index;
    }
    GmBuffer *buffer = multifilesrc_read_index(src, &error);
    if (!buffer && s->read_one && s->loop) {
        s->index = s->start_index;
        buffer = multifilesrc_read_index(src, &error);
    }
    if (!buffer && s->read_one)
        return GM_FLOW_EOS;
    if (!buffer)
        return multifilesrc_fail(src, error);
    s->read_one = true;
    s->index++;
    GM_BUFFER_OFFSET(buffer) = s->offset;
    s->offset += gm_buffer_get_size(buffer);
    GM_BUFFER_OFFSET_END(buffer) = s->offset;
    if (s->fps_n > 0) {
        uint64_t second = (uint64_t)s->fps_d * (uint64_t)GM_SECOND;
        GM_BUFFER_PTS(buffer) = gm_util_uint64_scale(s->frame, second, (uint64_t)s->fps_n);
        GM_BUFFER_DURATION(buffer) =
            gm_util_uint64_scale(s->frame + 1, second, (uint64_t)s->fps_n) - GM_BUFFER_PTS(buffer);
    }
    s->frame++;
    *out = buffer;
    return GM_FLOW_OK;
}

static GmCaps *multifilesrc_get_caps(GmBaseSrc *src, GmCaps *filter)
{
    MultiFileSrc *s = gm_priv(src);

    GM_OBJECT_LOCK(src);
    GmCaps *caps = s->caps ? gm_caps_ref(s->caps) : gm_caps_new_any();
    GM_OBJECT_UNLOCK(src);
    if (!filter)
        return caps;
    GmCaps *narrowed = gm_caps_intersect_full(filter, caps, GM_CAPS_INTERSECT_FIRST);
    gm_caps_unref(caps);
    return narrowed;
}

static bool multifilesrc_start(GmBaseSrc *src)
{
    MultiFileSrc *s = gm_priv(src);
    char *name = s->location ? gm_file_pattern_expand(s->location, 0) : NULL;

    if (!name) {
        GM_ELEMENT_ERROR(src, RESOURCE, SETTINGS,
                         ("location \"%s\" is no pattern of file names.",
                          s->location ? s->location : ""),
                         ("it may hold one %%d, as in frame-%%03d.png"));
        return false;
    }
    gm_free(name);
    s->read_one = false;
    s->offset = s->frame = 0;
    s->fps_n = 0;
    if (s->caps && gm_caps_get_size(s->caps) > 0)
        gm_structure_get_fraction(gm_caps_get_structure(s->caps, 0), "framerate", &s->fps_n,
                                  &s->fps_d);
    gm_base_src_set_format(src, s->fps_n > 0 ? GM_FORMAT_TIME : GM_FORMAT_BYTES);
    return true;
}

static const GmStaticPadTemplate multifilesrc_pads[] = {
    { .name_template = "src", .direction = GM_PAD_SRC }, { 0 }
};

static const GmProperty multifilesrc_props[] = {
    { "location", "Pattern to create file names of input files; %d is the index",
      GM_FIELD(MultiFileSrc, location), .def = "%05d" },
    { "index", "Index to use with location; incremented by one for each buffer read",
      GM_FIELD(MultiFileSrc, index), .max = INT_MAX },
    { "start-index", "Start value of index, also when the loop begins again",
      GM_FIELD(MultiFileSrc, start_index), .max = INT_MAX },
    { "stop-index", "Last value of index (-1 = no stop)", GM_FIELD(MultiFileSrc, stop_index),
      .def = "-1",
      .min = -1, .max = INT_MAX },
    { "loop", "Whether to repeat from the beginning when all files have been read",
      GM_FIELD(MultiFileSrc, loop) },
    { "caps", "Caps describing the format of the data", GM_FIELD(MultiFileSrc, caps) },
    { 0 }
};

static const GmBaseSrcOps multifilesrc_ops = {
    .start = multifilesrc_start,
    .get_caps = multifilesrc_get_caps,
    .create = multifilesrc_create,
};

const GmElementClass gm_multifilesrc_class = {
    .name = "multifilesrc",
    .type_name = "GmMultiFileSrc",
    .parent = &gm_base_src_class.object,
    .longname = "Multi-File Source",
    .klass = "Source/File",
    .description = "Read a sequentially named set of files into buffers",
    .author = "The GstMini authors",
    .priv_size = sizeof(MultiFileSrc),
    .props = multifilesrc_props,
    .pads = multifilesrc_pads,
    .src = &multifilesrc_ops,
};
