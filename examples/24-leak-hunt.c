// SPDX-License-Identifier: MIT
//
// 24-leak-hunt: the census finds a missing unref and a missing unmap, by type and name.
//
//     fakesrc (5 buffers)  -->  fakesink          a probe on the sink's pad reads each buffer
//
// Every object and mini-object is counted while it lives. Count before the pipeline is built and
// after it is gone: a difference is a leak, and its type says what kind of reference is missing.
// Objects (elements, pads, clocks) are listed with name and count, mini-objects (buffers, memories,
// events) are counted by type. Four runs of one program: with three mistakes, then without.
// Limit: the census says what was left, not which line took the reference. GM_DEBUG, a debugger or
// LeakSanitizer tell that; but those find nothing as long as some pointer still leads there.

#include "example.h"

typedef enum { MISTAKE_NONE, MISTAKE_PAD, MISTAKE_BUFFER, MISTAKE_MAP } Mistake;

typedef struct {
    Mistake   mistake;
    unsigned  seen, sum;
    // What a mistake leaves behind: remembered here to be released after the count.
    GmPad    *pad;
    GmBuffer *buffer;
    GmMapInfo map;
} Reader;

// What is alive: the objects, and the mini-objects by type.
typedef struct { long objects, minis, buffers, memories; } Census;

static Census census(void)
{
    return (Census){ gm_object_live_count(NULL), gm_mini_object_live_count(GM_TYPE_NONE),
                     gm_mini_object_live_count(GM_TYPE_BUFFER),
                     gm_mini_object_live_count(GM_TYPE_MEMORY) };
}

// Reads the first byte of each buffer. The third buffer is where mistakes happen.
static GmPadProbeReturn read_buffer(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    Reader *r = data;
    GmBuffer *buffer = gm_buffer_ref(GM_PAD_PROBE_INFO_BUFFER(info));
    GmMapInfo map;
    bool third = ++r->seen == 3;

    (void)pad;
    if (gm_buffer_map(buffer, &map, GM_MAP_READ)) {
        r->sum += map.data[0];
        if (r->mistake == MISTAKE_MAP && third)
            r->map = map; // returns early, say: the unmap is forgotten
        else
            gm_buffer_unmap(buffer, &map);
    }
    if (r->mistake == MISTAKE_BUFFER && third)
        r->buffer = buffer; // the unref is forgotten
    else
        gm_buffer_unref(buffer);
    return GM_PAD_PROBE_OK;
}

static void play(Reader *r)
{
    GmElement *pipeline = example_launch("fakesrc num-buffers=5 sizetype=fixed sizemax=1000 "
                                         "filltype=pattern-span ! fakesink name=screen");
    GmElement *sink = example_get(pipeline, "screen");
    GmPad *pad = gm_element_get_static_pad(sink, "sink");

    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, read_buffer, r, NULL);
    if (r->mistake == MISTAKE_PAD)
        r->pad = pad; // "get" gave a reference; the unref is forgotten
    else
        gm_object_unref(pad);
    gm_object_unref(sink);
    bool eos = example_play(pipeline, 20);
    gm_object_unref(pipeline);
    example_expect(eos && r->seen == 5, "it played: 5 buffers read. Nothing looks wrong");
}

// The objects alive, one line each: free ().
static char *live_objects(void)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    gm_object_print_live(out);
    fclose(out);
    return text;
}

static void hunt(const char *title, Mistake mistake)
{
    Reader r = { .mistake = mistake };

    printf("\n%s\n", title);
    Census before = census();
    play(&r);
    Census left = census();
    left.objects -= before.objects;
    left.minis -= before.minis;
    left.buffers -= before.buffers;
    left.memories -= before.memories;
    char *listed = live_objects();
    printf("  left: objects %ld, mini-objects %ld (buffers %ld, memories %ld)\n%s", left.objects,
           left.minis, left.buffers, left.memories, listed);
    switch (mistake) {
    case MISTAKE_PAD:
        example_expect(left.objects == 1 && strstr(listed, "alive: GmPad 'sink', 1 references"),
                       "one object, named: a GmPad \"sink\" with one reference: yours");
        example_expect(left.minis == 0,
                       "nothing with it: its sticky events went when it was deactivated");
        gm_object_unref(r.pad);
        break;
    case MISTAKE_BUFFER:
        example_expect(left.objects == 0 && left.buffers == 1 && left.memories == 1,
                       "one buffer and the memory in it: an unref is missing");
        gm_buffer_unref(r.buffer);
        break;
    case MISTAKE_MAP:
        example_expect(left.objects == 0 && left.buffers == 0 && left.memories == 1,
                       "a memory without its buffer: a map holds it, an unmap is missing");
        gm_memory_unmap(r.map.memory, &r.map); // what gm_buffer_unmap would have done
        gm_memory_unref(r.map.memory);
        break;
    default:
        break;
    }
    free(listed);
    Census after = census();
    example_expect(after.objects == before.objects && after.minis == before.minis,
                   "%s: nothing is left", mistake == MISTAKE_NONE ? "as it should be"
                                                                  : "released after all");
}

int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    example_begin("24 Leak hunt: count before, count after",
                  "fakesrc (5 buffers)  -->  fakesink,   a probe reads each buffer",
                  "all four runs play to their end: a leak does not show by itself\n"
                  "a forgotten pad is named; that its parent is '' says that the element is gone\n"
                  "a forgotten buffer is a buffer and a memory, a forgotten unmap a memory alone");
    census(); // mini-objects are counted from the first time that somebody asks
    hunt("a pad is got and not released", MISTAKE_PAD);
    hunt("a buffer gets a reference too many", MISTAKE_BUFFER);
    hunt("a buffer is mapped and not unmapped", MISTAKE_MAP);
    hunt("the corrected program", MISTAKE_NONE);
    puts("\nGStreamer: GST_TRACERS=leaks with GST_DEBUG=GST_TRACER:7 lists what is alive at the end.\n"
         "The unit tests of GstMini do the same around every test (tests/unit/gmtest.h).");
    return example_end();
}
