// SPDX-License-Identifier: MIT
//
// eos_unequal: the end of streams whose branches end at different times: several sinks, a branch that
// is dropped, blocked or in error, EOS sent from outside, EOS again after a flush and after
// PAUSED, sinks added and removed, num-buffers of a sink.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include "gstmini.h"
#include "peers.h"

static int counts[3];

static GmPadProbeReturn on_pass(GmPad *pad, GmPadProbeInfo *info, void *data)
{
    ++*(int *)data;
    return GM_PAD_PROBE_OK;
}

static void count(GmElement *p, const char *name, int *n)
{
    GmElement *e = gm_bin_get_by_name(GM_BIN(p), name);
    GmPad *pad = e != NULL ? gm_element_get_static_pad(e, "sink") : NULL;

    *n = 0;
    if (pad == NULL)
        return;
    gm_pad_add_probe(pad, GM_PAD_PROBE_TYPE_BUFFER, on_pass, n, NULL);
    gm_object_unref(pad);
    gm_object_unref(e);
}

static GmElement *begin(const char *line, GmBus **bus)
{
    GmElement *p = launch(line);

    gm_object_set((GmObject *)p, "name", "p", NULL);
    *bus = gm_element_get_bus(p);
    count(p, "k", &counts[0]);
    count(p, "j", &counts[1]);
    count(p, "l", &counts[2]);
    return p;
}

static void finish(GmElement *p, GmBus *bus)
{
    GmElement *e;

    for (int i = 0; i < 3; i++) {
        if ((e = gm_bin_get_by_name(GM_BIN(p), i == 0 ? "k" : i == 1 ? "j" : "l")) == NULL)
            continue;
        printf("  %s: %d buffers\n", GM_OBJECT_NAME(e), counts[i]);
        gm_object_unref(e);
    }
    to_state(p, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(p);
}

#define ENDS (GM_MESSAGE_EOS | GM_MESSAGE_ERROR)
#define REST ~(unsigned)(GM_MESSAGE_EOS | GM_MESSAGE_ERROR | GM_MESSAGE_WARNING | GM_MESSAGE_SEGMENT_DONE)

static void run(const char *line)
{
    GmBus *bus;
    GmElement *p = begin(line, &bus);

    gm_element_set_state(p, GM_STATE_PLAYING);
    printf(" ended %d\n", show_bus(bus, ENDS, REST));
    printf(" again %d\n", gm_bus_pop_filtered(bus, GM_MESSAGE_EOS) != NULL);
    if (strstr(line, "tee") != NULL) // what one branch still gets when another has ended is open
        counts[0] = counts[1] = counts[2] = 0;
    finish(p, bus);
}

static void no_eos(const char *line)
{
    GmBus *bus;
    GmElement *p = begin(line, &bus);
    GmMessage *m;

    gm_element_set_state(p, GM_STATE_PLAYING);
    gm_element_get_state(p, NULL, NULL, 5 * GM_SECOND);
    m = gm_bus_timed_pop_filtered(bus, GM_SECOND / 5, ENDS);
    printf(" within a while: %s\n", m != NULL ? gm_message_type_get_name(GM_MESSAGE_TYPE(m)) : "nothing");
    if (m != NULL)
        gm_message_unref(m);
    printf(" sent %d", gm_element_send_event(p, gm_event_new_eos()));
    printf(" ended %d\n", show_bus(bus, ENDS, REST));
    to_state(p, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(p);
}

// EOS in PAUSED is told in PLAYING, and again each time.
static void paused(const char *line)
{
    GmBus *bus;
    GmElement *p = begin(line, &bus);

    to_state(p, GM_STATE_PAUSED);
    printf(" told in PAUSED %d\n", gm_bus_pop_filtered(bus, GM_MESSAGE_EOS) != NULL);
    for (int i = 0; i < 2; i++) {
        to_state(p, GM_STATE_PLAYING);
        printf(" ended %d\n", show_bus(bus, ENDS, REST));
        to_state(p, GM_STATE_PAUSED);
    }
    printf(" seek %d\n", gm_element_seek_simple(p, GM_FORMAT_BYTES, GM_SEEK_FLAG_FLUSH, 0));
    gm_element_get_state(p, NULL, NULL, 5 * GM_SECOND);
    to_state(p, GM_STATE_PLAYING);
    printf(" ended %d\n", show_bus(bus, ENDS, REST));
    to_state(p, GM_STATE_READY);
    to_state(p, GM_STATE_PLAYING);
    printf(" ended %d\n", show_bus(bus, ENDS, REST));
    finish(p, bus);
}

static void sink_changes(void)
{
    GmBus *bus;
    GmElement *p = begin("fakesrc num-buffers=3 ! fakesink name=k fakesrc name=s ! fakesink name=j", &bus);
    GmElement *j = gm_bin_get_by_name(GM_BIN(p), "j"), *s = gm_bin_get_by_name(GM_BIN(p), "s");
    GmMessage *m;

    gm_element_set_state(p, GM_STATE_PLAYING);
    m = gm_bus_timed_pop_filtered(bus, GM_SECOND / 5, GM_MESSAGE_EOS);
    printf(" while j runs: %d\n", m != NULL);
    gm_element_set_state(s, GM_STATE_NULL);
    gm_element_set_state(j, GM_STATE_NULL);
    gm_bin_remove_many(GM_BIN(p), s, j, NULL);
    m = gm_bus_timed_pop_filtered(bus, GM_SECOND, GM_MESSAGE_EOS);
    printf(" after j went: %d\n", m != NULL);
    if (m != NULL)
        gm_message_unref(m);
    gm_object_unref(j);
    gm_object_unref(s);
    to_state(p, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(p);
}

int main(int argc, char **argv)
{
    gm_init(NULL, NULL);
    run("fakesrc num-buffers=3 ! fakesink name=k fakesrc num-buffers=50 ! fakesink name=j");
    run("fakesrc num-buffers=3 ! fakesink name=k fakesrc num-buffers=50 ! queue ! fakesink name=j fakesrc num-buffers=0 ! fakesink name=l");
    run("fakesrc num-buffers=9 ! tee name=t ! queue ! fakesink name=k t. ! queue ! identity eos-after=3 ! fakesink name=j");
    run("fakesrc num-buffers=9 ! tee name=t ! queue ! fakesink name=k t. ! queue ! identity drop-probability=1 ! fakesink name=j async=false");
    run("fakesrc num-buffers=9 ! tee name=t ! queue ! fakesink name=k t. ! queue ! fakesink name=j num-buffers=4");
    run("fakesrc num-buffers=9 ! identity eos-after=5 ! fakesink name=k");
    run("fakesrc num-buffers=9 ! fakesink name=k num-buffers=4");
    run("fakesrc num-buffers=0 ! fakesink name=k");
    run("fakesrc num-buffers=0 ! queue ! fakesink name=k async=false");
    run("fakesrc num-buffers=6 ! tee name=t ! queue ! fakesink name=k t. ! queue max-size-buffers=1 ! fakesink name=j t. ! fakesink name=l async=false");
    run("( fakesrc num-buffers=3 ! fakesink name=k ) ( fakesrc num-buffers=7 ! fakesink name=j )");
    run("( fakesrc num-buffers=3 ! queue ) ! fakesink name=k");
    no_eos("fakesrc num-buffers=3 ! fakesink name=k fakesrc ! fakesink name=j");
    no_eos("fakesrc ! queue ! fakesink name=k fakesrc ! fakesink name=j");
    no_eos("fakesrc is-live=true ! fakesink name=k");
    paused("fakesrc num-buffers=0 ! fakesink name=k");
    paused("fakesrc num-buffers=0 ! queue ! fakesink name=k fakesrc num-buffers=0 ! fakesink name=j");
    sink_changes();
    return 0;
}
