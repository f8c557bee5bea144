// SPDX-License-Identifier: MIT
// filesrc, filesink, fdsink, multifilesrc, multifilesink: bytes in and out, and what they say of
// files that are not there or not what was hoped for.
#include <sys/stat.h>

#include "elementtest.h"

#define LINE(...) snprintf(line, sizeof line, __VA_ARGS__)

GM_TEST(files, a_copy_is_the_same)
{
    char *dir = scratch_new(), line[400], in[100], out[100];
    unsigned char data[10000];
    size_t size;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * 7 + i / 251);
    snprintf(in, sizeof in, "%s/in", dir);
    snprintf(out, sizeof out, "%s/out", dir);
    write_file(in, data, sizeof data);
    static const char *const between[] = { "", "blocksize=1", "blocksize=4097", "num-buffers=3" };
    for (size_t i = 0; i < GM_LEN(between); i++) {
        LINE("filesrc location=%s %s ! queue ! filesink location=%s", in, between[i], out);
        play_ok(line);
        char *copy = read_whole(out, &size);
        cr_assert_eq(size, sizeof data, "%s: %zu", between[i], size);
        cr_assert_eq(memcmp(copy, data, size), 0);
        free(copy);
    }
    LINE("filesrc location=%s num-buffers=1 blocksize=10 ! filesink append=true location=%s", in, out);
    play_ok(line);
    free(read_whole(out, &size));
    cr_assert_eq(size, sizeof data + 10);
    scratch_free(dir);
}

GM_TEST(files, an_empty_file)
{
    char *dir = scratch_new(), line[400];
    size_t size = 1;
    snprintf(line, sizeof line, "%s/in", dir);
    write_file(line, "", 0);
    LINE("filesrc location=%s/in ! filesink location=%s/out", dir, dir);
    play_ok(line);
    LINE("%s/out", dir);
    free(read_whole(line, &size));
    cr_assert_eq(size, 0);
    scratch_free(dir);
}

GM_TEST(files, source_errors)
{
    char *dir = scratch_new(), line[400];
    play_fails("filesrc ! fakesink", "No file name specified for reading.");
    play_fails("filesrc location=/nonexistent/x ! fakesink", "No such file \"/nonexistent/x\"");
    LINE("filesrc location=%s ! fakesink", dir);
    play_fails(line, "is a directory.");
    scratch_free(dir);
}

GM_TEST(files, sink_errors)
{
    char *dir = scratch_new(), line[400];
    play_fails("fakesrc num-buffers=1 ! filesink", "No file name specified for writing.");
    play_fails("fakesrc num-buffers=1 ! filesink location=/nonexistent/x",
               "Could not open file \"/nonexistent/x\" for writing.");
    LINE("fakesrc num-buffers=1 ! filesink location=%s", dir);
    play_fails(line, "Could not open file");
    play_fails("fakesrc num-buffers=100 sizetype=fixed sizemax=65536 ! filesink location=/dev/full",
               "No space left for \"/dev/full\".");
    play_fails("fakesrc num-buffers=1 ! fdsink fd=999", "File descriptor 999 cannot be written to.");
    scratch_free(dir);
}

GM_TEST(files, source_can_be_sought_and_pulled)
{
    char *dir = scratch_new(), path[100];
    snprintf(path, sizeof path, "%s/in", dir);
    write_file(path, "0123456789", 10);
    GmElement *src = gm_object_ref_sink(gm_element_factory_make("filesrc", NULL));
    gm_object_set(src, "location", path, NULL);
    GmPad *pad = gm_element_get_static_pad(src, "src");
    cr_assert_eq(gm_element_set_state(src, GM_STATE_READY), GM_STATE_CHANGE_SUCCESS);
    cr_assert(gm_pad_activate_mode(pad, GM_PAD_MODE_PULL, true));
    static const struct { uint64_t offset; unsigned length; GmFlowReturn ret; unsigned size; } reads[] = {
        { 0, 4, GM_FLOW_OK, 4 }, { 8, 4, GM_FLOW_OK, 2 }, { 10, 1, GM_FLOW_EOS, 0 },
        { 2, 3, GM_FLOW_OK, 3 }, { 100, 5, GM_FLOW_EOS, 0 },
    };
    for (size_t i = 0; i < GM_LEN(reads); i++) {
        GmBuffer *buffer = NULL;
        cr_assert_eq(gm_pad_get_range(pad, reads[i].offset, reads[i].length, &buffer), reads[i].ret);
        if (reads[i].ret != GM_FLOW_OK)
            continue;
        cr_assert_eq(gm_buffer_get_size(buffer), reads[i].size);
        cr_assert_eq(gm_buffer_memcmp(buffer, 0, "0123456789" + reads[i].offset, reads[i].size), 0);
        gm_buffer_unref(buffer);
    }
    int64_t size = 0;
    cr_assert(gm_pad_query_duration(pad, GM_FORMAT_BYTES, &size));
    cr_assert_eq(size, 10);
    gm_pad_activate_mode(pad, GM_PAD_MODE_PULL, false);
    gm_element_set_state(src, GM_STATE_NULL);
    gm_object_unref(pad);
    gm_object_unref(src);
    scratch_free(dir);
}

GM_TEST(files, a_pipe_that_nobody_writes_to_can_be_left)
{
    char *dir = scratch_new(), line[400];
    LINE("%s/pipe", dir);
    cr_assert_eq(mkfifo(line, 0600), 0);
    LINE("filesrc location=%s/pipe ! fakesink", dir);
    GmElement *pipe = gm_object_ref_sink(gm_parse_launch(line, NULL));
    gm_element_set_state(pipe, GM_STATE_PLAYING);
    GmClockTime before = gm_sync_now();
    cr_assert_eq(gm_element_set_state(pipe, GM_STATE_NULL), GM_STATE_CHANGE_SUCCESS);
    cr_assert_lt(gm_sync_now() - before, SECOND);
    gm_object_unref(pipe);
    scratch_free(dir);
}

GM_TEST(files, many_files_out_and_in)
{
    char *dir = scratch_new(), line[400];
    size_t size;
    LINE("fakesrc num-buffers=12 sizetype=fixed sizemax=10 filltype=pattern-span ! "
         "multifilesink location=%s/f%%03d.bin", dir);
    play_ok(line);
    LINE("%s/f011.bin", dir);
    char *data = read_whole(line, &size);
    cr_assert_eq(size, 10);
    cr_assert_eq((unsigned char)data[0], 110);
    free(data);
    LINE("multifilesrc location=%s/f%%03d.bin ! filesink location=%s/all", dir, dir);
    play_ok(line);
    LINE("%s/all", dir);
    data = read_whole(line, &size);
    cr_assert_eq(size, 120);
    for (size_t i = 0; i < size; i++)
        cr_assert_eq((unsigned char)data[i], i);
    free(data);
    LINE("multifilesrc location=%s/f%%03d.bin start-index=3 stop-index=5 ! filesink location=%s/all", dir,
         dir);
    play_ok(line);
    LINE("%s/all", dir);
    data = read_whole(line, &size);
    cr_assert_eq(size, 30);
    cr_assert_eq(data[0], 30);
    free(data);
    scratch_free(dir);
}

GM_TEST(files, many_files_errors)
{
    char *dir = scratch_new(), line[400];
    LINE("multifilesrc location=%s/none%%d ! fakesink", dir);
    play_fails(line, "none0\".");
    // A pattern is read by us and never by printf.
    LINE("multifilesrc location=%s/%%s%%n ! fakesink", dir);
    char *text = play(line);
    cr_assert_not_null(text);
    free(text);
    LINE("fakesrc num-buffers=1 ! multifilesink location=/nonexistent/%%d");
    play_fails(line, "/nonexistent/0");
    scratch_free(dir);
}

static long size_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fclose(file);
    return size;
}

// Small buffers are gathered; one that says SYNC_AFTER is in the file when the push returns.
GM_TEST(files, sync_after)
{
    char path[] = "/tmp/gmtest-sync-XXXXXX";
    int fd = mkstemp(path);
    char line[100];
    LINE("filesink async=false location=%s", path); // a harness starts a sink at once
    GmHarness *h = gm_harness_new_parse(line);
    gm_harness_set_src_caps_str(h, "test/x-bytes");

    GmBuffer *buffer = gm_buffer_new_memdup("abc", 3);
    cr_assert_eq(gm_harness_push(h, buffer), GM_FLOW_OK);
    cr_assert_eq(size_of(path), 0, "three bytes wait for more");
    buffer = gm_buffer_new_memdup("defg", 4);
    GM_BUFFER_FLAG_SET(buffer, GM_BUFFER_FLAG_SYNC_AFTER);
    cr_assert_eq(gm_harness_push(h, buffer), GM_FLOW_OK);
    cr_assert_eq(size_of(path), 7);
    gm_harness_teardown(h);
    close(fd);
    unlink(path);
}
