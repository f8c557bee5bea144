// SPDX-License-Identifier: MIT
//
// harness: runs one element alone: what a test pushes into it, and what came out.
//
//      test --> h->srcpad --> [ h->element ] --> h->sinkpad --> queue --> test
//
// h->srcpad and h->sinkpad are pads of the harness, linked to the element's sink and src. The
// element runs on a GmTestClock unless told otherwise: time moves only when the test says so.
// A source has no h->srcpad, a sink no h->sinkpad; gm_harness_add_src / add_sink put a second
// harness before or after. Functions and their meaning are GstHarness's; left out: stress
// threads, dump to file, proposing allocators.
//
// One thread at a time uses a harness. pull* and wait* functions block, at most 60 s, and never
// poll; push may block when the element does (or until pulled, in blocking push mode). A harness
// is not NULL; strings are borrowed; buffers, events and caps that come out are given. Misuse is a
// critical where it is found: this is for tests.
// Read next: check/test_clock.h; tests/unit/test_harness.c shows each function.
#ifndef GM_CHECK_HARNESS_H
#define GM_CHECK_HARNESS_H

#include "check/test_clock.h"
#include "core/buffer.h"
#include "core/element.h"
#include "core/pad.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmHarness        GmHarness;
typedef struct GmHarnessPrivate GmHarnessPrivate;

struct GmHarness {
    GmElement *element;      // counted
    GmPad     *srcpad;       // feeds the element's sink; NULL for a source
    GmPad     *sinkpad;      // takes from the element's src; NULL for a sink
    GmHarness *src_harness;  // before this one, or NULL
    GmHarness *sink_harness; // after this one, or NULL
    GmHarnessPrivate *priv;
};

// ---- making one -------------------------------------------------------------------------

// By factory name, launch line, or an element (borrowed: the harness takes a reference of its own;
// a floating one stays floating, and the caller's to unref). Pad names may be NULL (no such side)
// or a request name ("sink_0", "src_%u"); the hsrc / hsink templates describe the harness's own
// pads. An element with a sink pad is set to PLAYING at once. NULL and a critical if there is no
// such element.
GmHarness *gm_harness_new(const char *element_name);
GmHarness *gm_harness_new_with_padnames(const char *element_name, const char *element_sinkpad_name,
                                        const char *element_srcpad_name);
GmHarness *gm_harness_new_with_templates(const char *element_name,
                                         const GmStaticPadTemplate *hsrc,
                                         const GmStaticPadTemplate *hsink);
GmHarness *gm_harness_new_with_element(GmElement *element, const char *element_sinkpad_name,
                                       const char *element_srcpad_name);
GmHarness *gm_harness_new_full(GmElement *element, const GmStaticPadTemplate *hsrc,
                               const char *element_sinkpad_name, const GmStaticPadTemplate *hsink,
                               const char *element_srcpad_name);
GmHarness *gm_harness_new_parse(const char *launchline);
GmHarness *gm_harness_new_empty(void);
void gm_harness_add_element_full(GmHarness *h, GmElement *element,
                                 const GmStaticPadTemplate *hsrc, const char *element_sinkpad_name,
                                 const GmStaticPadTemplate *hsink, const char *element_srcpad_name);
void gm_harness_add_parse(GmHarness *h, const char *launchline);
// Links one more pad of the element (borrowed), e.g. one that appeared later.
void gm_harness_add_element_src_pad(GmHarness *h, GmPad *srcpad);
void gm_harness_add_element_sink_pad(GmHarness *h, GmPad *sinkpad);
// Sets the element to NULL, waits for its threads, frees everything.
void gm_harness_teardown(GmHarness *h);

// ---- caps, state, clock -----------------------------------------------------------------

// Caps of what is pushed (sent with stream-start and segment) / that the sink side accepts. The
// caps variants take theirs.
void gm_harness_set_src_caps(GmHarness *h, GmCaps *caps);
void gm_harness_set_sink_caps(GmHarness *h, GmCaps *caps);
void gm_harness_set_caps(GmHarness *h, GmCaps *in, GmCaps *out);
void gm_harness_set_src_caps_str(GmHarness *h, const char *str);
void gm_harness_set_sink_caps_str(GmHarness *h, const char *str);
void gm_harness_set_caps_str(GmHarness *h, const char *in, const char *out);
// To PLAYING, with base time 0; waits for the state unless it is asynchronous.
void gm_harness_play(GmHarness *h);
// The first push blocks until its buffer is pulled, etc.: one at a time.
void gm_harness_set_blocking_push_mode(GmHarness *h);
// Whether events and queries go through to a sink or src harness (default true).
void gm_harness_set_forwarding(GmHarness *h, bool forwarding);

// The element's clock from now on; the test clock (the default) cannot come back after the other.
void gm_harness_use_systemclock(GmHarness *h);
void gm_harness_use_testclock(GmHarness *h);
GmTestClock *gm_harness_get_testclock(GmHarness *h); // gives, or NULL
bool gm_harness_set_time(GmHarness *h, GmClockTime time); // of the test clock, ns; never back
// Waits for `waits` clock waits at once, at most `timeout` seconds of real time.
bool gm_harness_wait_for_clock_id_waits(GmHarness *h, unsigned waits, unsigned timeout);
// Waits for one clock wait and moves time to its end / the same for `waits` at once.
bool gm_harness_crank_single_clock_wait(GmHarness *h);
bool gm_harness_crank_multiple_clock_waits(GmHarness *h, unsigned waits);

// ---- buffers ----------------------------------------------------------------------------

// A buffer of `size` zero bytes, from the pool and allocator the element proposes.
GmBuffer *gm_harness_create_buffer(GmHarness *h, size_t size);
GmFlowReturn gm_harness_push(GmHarness *h, GmBuffer *buffer); // takes buffer
// The next buffer that came out, waiting for it; NULL after 60 s, or (try_) if none is there.
GmBuffer *gm_harness_pull(GmHarness *h);
GmBuffer *gm_harness_try_pull(GmHarness *h);
GmBuffer *gm_harness_push_and_pull(GmHarness *h, GmBuffer *buffer);
// True: *buf is the next buffer, or NULL because EOS came. False: 60 s passed.
bool gm_harness_pull_until_eos(GmHarness *h, GmBuffer **buf);
unsigned gm_harness_buffers_received(GmHarness *h); // since the start
unsigned gm_harness_buffers_in_queue(GmHarness *h); // not yet pulled
void gm_harness_set_drop_buffers(GmHarness *h, bool drop_buffers); // count them only
// All bytes queued, in one block to free () (NULL when none) / in one buffer.
uint8_t *gm_harness_take_all_data(GmHarness *h, size_t *size);
GmBuffer *gm_harness_take_all_data_as_buffer(GmHarness *h);
GmClockTime gm_harness_get_last_pushed_timestamp(GmHarness *h);

// ---- events and queries -----------------------------------------------------------------

// Into the element's sink (takes event) / out of its src.
bool     gm_harness_push_event(GmHarness *h, GmEvent *event);
GmEvent *gm_harness_pull_event(GmHarness *h);
GmEvent *gm_harness_try_pull_event(GmHarness *h);
unsigned gm_harness_events_received(GmHarness *h);
unsigned gm_harness_events_in_queue(GmHarness *h);
// Into the element's src (takes event) / out of its sink.
bool     gm_harness_push_upstream_event(GmHarness *h, GmEvent *event);
GmEvent *gm_harness_pull_upstream_event(GmHarness *h);
GmEvent *gm_harness_try_pull_upstream_event(GmHarness *h);
unsigned gm_harness_upstream_events_received(GmHarness *h);
unsigned gm_harness_upstream_events_in_queue(GmHarness *h);
// The element's least latency / what the harness answers to the element's own query.
GmClockTime gm_harness_query_latency(GmHarness *h);
void gm_harness_set_upstream_latency(GmHarness *h, GmClockTime latency);
void gm_harness_set_live(GmHarness *h, bool is_live); // upstream says live (default true)

// ---- a source before, a sink after ------------------------------------------------------

// add_src_harness takes the other harness; has_clock_wait: each push needs a crank.
void gm_harness_add_src_harness(GmHarness *h, GmHarness *src_harness, bool has_clock_wait);
void gm_harness_add_src(GmHarness *h, const char *src_element_name, bool has_clock_wait);
void gm_harness_add_src_parse(GmHarness *h, const char *launchline, bool has_clock_wait);
GmFlowReturn gm_harness_push_from_src(GmHarness *h); // one buffer from there to here
GmFlowReturn gm_harness_src_crank_and_push_many(GmHarness *h, int cranks, int pushes);
bool gm_harness_src_push_event(GmHarness *h); // one event from there to here
void gm_harness_add_sink_harness(GmHarness *h, GmHarness *sink_harness);
void gm_harness_add_sink(GmHarness *h, const char *sink_element_name);
void gm_harness_add_sink_parse(GmHarness *h, const char *launchline);
GmFlowReturn gm_harness_push_to_sink(GmHarness *h);
GmFlowReturn gm_harness_sink_push_many(GmHarness *h, int pushes);

// ---- reaching into a bin ----------------------------------------------------------------

// The first element of that factory name; gives a reference, or NULL.
GmElement *gm_harness_find_element(GmHarness *h, const char *element_name);
void gm_harness_set(GmHarness *h, const char *element_name, const char *first_property, ...)
    GM_SENTINEL;
void gm_harness_get(GmHarness *h, const char *element_name, const char *first_property, ...)
    GM_SENTINEL;
void gm_harness_add_probe(GmHarness *h, const char *element_name, const char *pad_name,
                          GmPadProbeType mask, GmPadProbeCallback callback, void *user_data,
                          GmDestroyNotify destroy_data);

#ifdef __cplusplus
}
#endif
#endif
