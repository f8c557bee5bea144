// SPDX-License-Identifier: MIT
//
// s3sink: puts every buffer into an object store, one object each.
//
//     segments --> [sink]  s3sink bucket=live-streams directory=/tmp/s3
//                            `--> /tmp/s3/live-streams/segment_0.cmfv, playlist.m3u8, …
//
// The store is a directory: a bucket is a folder in it, an object a file that appears whole or
// not at all (it is written beside and renamed). An upload takes `upload-time`, as a network
// would, and is retried when it fails; progress messages tell of each. Being a sink it keeps
// time: with sync=true a segment is uploaded when its running time plus the pipeline's latency
// has come.
// Read next: elements/teaching/hlssegmenter.c, core/base/base_sink.h.

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gstmini-element.h"


typedef struct {
    // properties: frozen while streaming
    char    *bucket, *directory, *prefix, *object_name;
    uint64_t upload_time; // ns
    unsigned retries;
    uint64_t retry_delay; // ns
    // guarded by the object lock
    uint64_t uploaded, bytes, failed_attempts;
    bool     flushing;
    GmCond   cond;
    // streaming thread only
    unsigned next; // number of the next object
} S3Sink;

// ---- the store ---------------------------------------------------------------------------------

static bool s3sink_write_all(int fd, const uint8_t *data, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, data, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data += n;
        size -= (size_t)n;
    }
    return true;
}

// Writes an object whole: 0, or the errno of what failed.
static int s3sink_put(S3Sink *s, const char *key, const uint8_t *data, size_t size)
{
    char *path = gm_strdup_printf("%s/%s/%s%s", s->directory, s->bucket, s->prefix ? s->prefix : "",
                                  key);
    char *part = gm_strdup_printf("%s.part", path);
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int error = 0;

    if (fd < 0 || !s3sink_write_all(fd, data, size))
        error = errno;
    if (fd >= 0 && close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0 && rename(part, path) != 0)
        error = errno;
    if (error != 0)
        unlink(part);
    free(part);
    free(path);
    return error;
}

// ---- uploading ---------------------------------------------------------------------------------

// Lets `duration` pass, but not beyond a flush or a state change. False: flushing.
static bool s3sink_pass_time(GmBaseSink *sink, uint64_t duration)
{
    S3Sink *s = gm_priv(sink);
    GmClockTime deadline = gm_sync_now() + duration;

    GM_OBJECT_LOCK(sink);
    while (!s->flushing &&
           gm_cond_wait_until(&s->cond, GM_OBJECT_GET_LOCK(sink), deadline, GM_WAIT_CLOCK, sink))
        ;
    bool ok = !s->flushing;
    GM_OBJECT_UNLOCK(sink);
    return ok;
}

static void s3sink_progress(GmBaseSink *sink, GmProgressType type, const char *format,
                            ...) GM_PRINTF(3, 4);
static void s3sink_progress(GmBaseSink *sink, GmProgressType type, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = gm_strdup_vprintf(format, args);
    va_end(args);
    gm_element_post_message(GM_ELEMENT(sink), gm_message_new_progress(GM_OBJECT(sink), type,
                                                                      "upload", text));
    free(text);
}

static GmFlowReturn s3sink_upload(GmBaseSink *sink, const char *key, const uint8_t *data,
                                  size_t size)
{
    S3Sink *s = gm_priv(sink);
    int error = 0;

    s3sink_progress(sink, GM_PROGRESS_TYPE_START, "Uploading %s (%zu bytes) to s3://%s/", key,
                    size, s->bucket);
    for (unsigned attempt = 0; attempt <= s->retries; attempt++) {
        if (!s3sink_pass_time(sink,
                              attempt == 0 ? s->upload_time : s->retry_delay << (attempt - 1))) {
            s3sink_progress(sink, GM_PROGRESS_TYPE_CANCELED, "Upload of %s canceled", key);
            return GM_FLOW_FLUSHING;
        }
        error = s3sink_put(s, key, data, size);
        if (error == 0)
            break;
        GM_OBJECT_LOCK(sink);
        s->failed_attempts++;
        GM_OBJECT_UNLOCK(sink);
        s3sink_progress(sink, GM_PROGRESS_TYPE_CONTINUE,
                        "Upload of %s failed (%s), attempt %u of %u", key,
                        strerror(error), attempt + 1, s->retries + 1);
    }
    if (error != 0) {
        s3sink_progress(sink, GM_PROGRESS_TYPE_ERROR, "Upload of %s failed", key);
        GM_ELEMENT_ERROR(sink, RESOURCE, WRITE,
                         ("Could not upload \"%s\" to bucket \"%s\": %s.", key, s->bucket,
                          strerror(error)),
                         ("directory \"%s\", %u attempts; is it there, writable and not full?",
                          s->directory, s->retries + 1));
        return GM_FLOW_ERROR;
    }
    GM_OBJECT_LOCK(sink);
    s->uploaded++;
    s->bytes += size;
    GM_OBJECT_UNLOCK(sink);
    s3sink_progress(sink, GM_PROGRESS_TYPE_COMPLETE, "Upload of %s complete", key);
    return GM_FLOW_OK;
}

static GmFlowReturn s3sink_render(GmBaseSink *sink, GmBuffer *buffer)
{
    S3Sink *s = gm_priv(sink);
    GmMapInfo map;

    if (!gm_buffer_map(buffer, &map, GM_MAP_READ)) {
        GM_ELEMENT_ERROR(sink, RESOURCE, READ, (NULL), ("the buffer's memory could not be mapped"));
        return GM_FLOW_ERROR;
    }
    char *number = gm_strdup_printf("%u", s->next);
    char *at = strstr(s->object_name, "%u"); // checked in start
    char *key = gm_strdup_printf("%.*s%s%s", (int)(at - s->object_name), s->object_name, number,
                                 at + 2);
    GmFlowReturn ret = s3sink_upload(sink, key, map.data, map.size);
    gm_buffer_unmap(buffer, &map);
    free(key);
    free(number);
    s->next++;
    return ret;
}

// A playlist goes into the store as it comes by, in order with the segments.
static bool s3sink_event(GmBaseSink *sink, GmEvent *event)
{
    S3Sink *s = gm_priv(sink);

    if (GM_EVENT_TYPE(event) == GM_EVENT_CUSTOM_DOWNSTREAM &&
        gm_event_has_name(event, "hls-playlist")) {
        const char *text = gm_structure_get_string(gm_event_get_structure(event), "text");
        int error = s3sink_put(s, "playlist.m3u8", (const uint8_t *)text, strlen(text));
        if (error != 0)
            GM_ELEMENT_WARNING(sink, RESOURCE, WRITE,
                               ("Could not write playlist.m3u8: %s.", strerror(error)),
                               ("directory \"%s\", bucket \"%s\"", s->directory, s->bucket));
    }
    return gm_base_sink_ops.event(sink, event);
}

// ---- states -------------------------------------------------------------------------------------

static bool s3sink_start(GmBaseSink *sink)
{
    S3Sink *s = gm_priv(sink);
    const char *at = s->object_name ? strstr(s->object_name, "%u") : NULL;

    if (!at || strchr(at + 2, '%') || memchr(s->object_name, '%', (size_t)(at - s->object_name))) {
        GM_ELEMENT_ERROR(sink, RESOURCE, SETTINGS,
                         ("object-name \"%s\" has no place for the number.",
                          s->object_name ? s->object_name : ""),
                         ("it needs exactly one %%u, as in segment_%%u.cmfv"));
        return false;
    }
    if (!s->bucket || !*s->bucket || strchr(s->bucket, '/') || strcmp(s->bucket, ".") == 0 ||
        strcmp(s->bucket, "..") == 0 || !s->directory) {
        GM_ELEMENT_ERROR(sink, RESOURCE, SETTINGS,
                         ("bucket \"%s\" is no name.", s->bucket ? s->bucket : ""),
                         ("a bucket is one folder below `directory`, without slashes"));
        return false;
    }
    char *path = gm_strdup_printf("%s/%s", s->directory, s->bucket);
    mkdir(s->directory, 0755);
    struct stat st;
    int error = mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : errno;
    if (error == 0 && stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        error = ENOTDIR;
    bool ok = error == 0;
    if (!ok)
        GM_ELEMENT_ERROR(sink, RESOURCE, OPEN_WRITE,
                         ("Could not make bucket \"%s\": %s.", path, strerror(error)),
                         ("set directory= to a folder that may be written to"));
    free(path);
    s->next = 0;
    GM_OBJECT_LOCK(sink);
    s->uploaded = s->bytes = s->failed_attempts = 0;
    GM_OBJECT_UNLOCK(sink);
    return ok;
}

static void s3sink_set_flushing(GmBaseSink *sink, bool flushing)
{
    S3Sink *s = gm_priv(sink);

    GM_OBJECT_LOCK(sink);
    s->flushing = flushing;
    gm_cond_broadcast(&s->cond);
    GM_OBJECT_UNLOCK(sink);
}

static bool s3sink_unlock(GmBaseSink *sink)
{
    s3sink_set_flushing(sink, true);
    return true;
}

static bool s3sink_unlock_stop(GmBaseSink *sink)
{
    s3sink_set_flushing(sink, false);
    return true;
}

static void s3sink_get_property(GmObject *obj, const GmProperty *prop, GmValue *value)
{
    S3Sink *s = gm_priv(obj);

    if (!prop->computed)
        return;
    GM_OBJECT_LOCK(obj);
    gm_value_set_uint64(value, strcmp(prop->name, "objects-uploaded") == 0 ? s->uploaded
                               : strcmp(prop->name, "bytes-uploaded") == 0 ? s->bytes
                                                                           : s->failed_attempts);
    GM_OBJECT_UNLOCK(obj);
}

static void s3sink_init(GmObject *obj)
{
    gm_cond_init(&((S3Sink *)gm_priv(obj))->cond);
}

static void s3sink_finalize(GmObject *obj)
{
    gm_cond_clear(&((S3Sink *)gm_priv(obj))->cond);
}

static const GmStaticPadTemplate s3sink_pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK }, { 0 }
};

static const GmProperty s3sink_props[] = {
    { "bucket", "Folder of the objects, below directory", GM_FIELD(S3Sink, bucket),
      .def = "my-bucket" },
    { "directory", "The store", GM_FIELD(S3Sink, directory), .def = "/tmp/gstmini-s3" },
    { "prefix", "What every object's name begins with", GM_FIELD(S3Sink, prefix) },
    { "object-name", "Name of an object; %u is its number", GM_FIELD(S3Sink, object_name),
      .def = "segment_%u.cmfv" },
    { "upload-time", "How long an upload takes (in ns)", GM_FIELD(S3Sink, upload_time),
      .def = "17000000" },
    { "retries", "How often a failed upload is tried again", GM_FIELD(S3Sink, retries), .def = "3",
      .max = 16 },
    { "retry-delay", "Time before the first retry, doubled for each further one (in ns)",
      GM_FIELD(S3Sink, retry_delay), .def = "100000000", .max = 60e9 },
    { "objects-uploaded", "Objects stored", GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { "bytes-uploaded", "Bytes stored", GM_COMPUTED(GM_TYPE_UINT64), .flags = GM_PARAM_READABLE },
    { "failed-attempts", "Attempts that failed", GM_COMPUTED(GM_TYPE_UINT64),
      .flags = GM_PARAM_READABLE },
    { 0 }
};

static const GmBaseSinkOps s3sink_ops = {
    .start = s3sink_start,
    .unlock = s3sink_unlock,
    .unlock_stop = s3sink_unlock_stop,
    .event = s3sink_event,
    .render = s3sink_render,
};

const GmElementClass gm_s3sink_class = {
    .name = "s3sink",
    .type_name = "GmS3Sink",
    .parent = &gm_base_sink_class.object,
    .longname = "S3 sink",
    .klass = "Sink/Network",
    .description = "Uploads every buffer as an object; the store is a local directory",
    .author = "The GstMini authors",
    .priv_size = sizeof(S3Sink),
    .props = s3sink_props,
    .pads = s3sink_pads,
    .init = s3sink_init,
    .finalize = s3sink_finalize,
    .get_property = s3sink_get_property,
    .sink = &s3sink_ops,
};
