// SPDX-License-Identifier: MIT
//
// segments: what a GmSegment computes, for a few thousand pseudo-random segments: clipping, to and
// from running and stream time (and the signed forms), seeks of every kind, offsets.
// Built against GstMini and GStreamer by run-both.sh; both must print the same.
#include "gstmini.h"
#include "peers.h"

static uint32_t seed = 7;

static unsigned pick(unsigned n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

// Small numbers, now and then none or something huge.
static uint64_t number(void)
{
    switch (pick(12)) {
    case 0:
        return (uint64_t)-1;
    case 1:
        return 0;
    case 2:
        return UINT64_C(3600000000000) * (1 + pick(100000));
    default:
        return pick(1000) * (pick(3) == 0 ? UINT64_C(1000000007) : 10u);
    }
}

static double rate(void)
{
    static const double rates[] = { 1.0, 1.0, 0.5, 2.0, -1.0, -2.5, 0.333, 16.0, -0.25 };
    return rates[pick(PEERS_LEN(rates))];
}

static void random_segment(GmSegment *s)
{
    uint64_t n;

    gm_segment_init(s, pick(5) == 0 ? GM_FORMAT_BYTES : GM_FORMAT_TIME);
    s->rate = rate();
    s->applied_rate = pick(3) == 0 ? rate() : 1.0;
    n = number();
    s->start = n == (uint64_t)-1 ? 0 : n;
    n = number();
    s->stop = n == (uint64_t)-1 || n < s->start ? (uint64_t)-1 : n;
    if (pick(2) == 0 && s->stop == (uint64_t)-1)
        s->stop = s->start + 10 * pick(1000);
    n = number();
    s->base = pick(2) ? 0 : n == (uint64_t)-1 ? 5 : n;
    s->offset = pick(3) ? 0 : pick(300);
    s->time = pick(8) == 0 ? (uint64_t)-1 : pick(2) ? s->start : 10 * pick(1000);
    s->position = pick(2) ? s->start : s->start + 10 * pick(500);
    if (s->stop != (uint64_t)-1 && s->position > s->stop)
        s->position = s->stop;
    s->duration = pick(2) ? (uint64_t)-1 : s->stop;
    if (pick(4) == 0)
        s->flags = GM_SEGMENT_FLAG_SEGMENT | GM_SEGMENT_FLAG_TRICKMODE;
}

static uint64_t near(const GmSegment *s)
{
    switch (pick(6)) {
    case 0:
        return s->start;
    case 1:
        return s->stop;
    case 2:
        return s->start + pick(2000);
    case 3:
        return s->start > 50 ? s->start - pick(50) : 0;
    case 4:
        return s->stop == (uint64_t)-1 ? s->stop : s->stop + pick(100);
    default:
        return number();
    }
}

static void conversions(const GmSegment *s)
{
    for (int i = 0; i < 6; i++) {
        uint64_t p = near(s), out = 77, out2 = 78;
        int r;

        printf("  at %" PRId64 ": running %" PRId64 " stream %" PRId64, (int64_t)p,
               (int64_t)gm_segment_to_running_time(s, s->format, p),
               (int64_t)gm_segment_to_stream_time(s, s->format, p));
        r = gm_segment_to_running_time_full(s, s->format, p, &out);
        printf(" full %d %" PRId64, r, r ? (int64_t)out : 0);
        r = gm_segment_to_stream_time_full(s, s->format, p, &out2);
        printf(" %d %" PRId64 "\n", r, r ? (int64_t)out2 : 0);
        p = near(s);
        printf("  from %" PRId64 ": running %" PRId64 " stream %" PRId64, (int64_t)p,
               (int64_t)gm_segment_position_from_running_time(s, s->format, p),
               (int64_t)gm_segment_position_from_stream_time(s, s->format, p));
        r = gm_segment_position_from_running_time_full(s, s->format, p, &out);
        printf(" full %d %" PRId64, r, r ? (int64_t)out : 0);
        r = gm_segment_position_from_stream_time_full(s, s->format, p, &out2);
        printf(" %d %" PRId64 "\n", r, r ? (int64_t)out2 : 0);
    }
}

static void clips(const GmSegment *s)
{
    for (int i = 0; i < 4; i++) {
        uint64_t a = near(s), b = near(s), from = 11, to = 12;
        int in;

        if (a != (uint64_t)-1 && b < a)
            b = a + pick(2) * pick(50);
        in = gm_segment_clip(s, s->format, a, b, &from, &to);
        printf("  clip %" PRId64 "..%" PRId64 ": %d", (int64_t)a, (int64_t)b, in);
        if (in)
            printf(" %" PRId64 "..%" PRId64, (int64_t)from, (int64_t)to);
        printf("\n");
    }
}

static void seek(const GmSegment *s)
{
    static const GmSeekFlags flags[] = { 0, GM_SEEK_FLAG_FLUSH, GM_SEEK_FLAG_SEGMENT,
                                         GM_SEEK_FLAG_FLUSH | GM_SEEK_FLAG_ACCURATE,
                                         GM_SEEK_FLAG_TRICKMODE | GM_SEEK_FLAG_KEY_UNIT,
                                         GM_SEEK_FLAG_FLUSH | GM_SEEK_FLAG_TRICKMODE_KEY_UNITS,
                                         GM_SEEK_FLAG_TRICKMODE_NO_AUDIO };
    GmSegment t = *s;
    GmSeekFlags f = flags[pick(PEERS_LEN(flags))];
    GmSeekType a = pick(3), b = pick(3);
    uint64_t start = near(s), stop = near(s);
    double r = rate();
    GM_BOOL update = 0;
    int done;

    if (a == GM_SEEK_TYPE_END)
        start = -(uint64_t)pick(300);
    if (b == GM_SEEK_TYPE_END)
        stop = -(uint64_t)pick(100);
    done = gm_segment_do_seek(&t, r, s->format, f, a, start, b, stop, &update);
    printf("  seek %g flags %x %d %" PRId64 " %d %" PRId64 ": %d", r, (unsigned)f, (int)a,
           (int64_t)start, (int)b, (int64_t)stop, done);
    if (done) {
        printf(" update %d ", update);
        show_segment(&t);
        printf(" equal %d", gm_segment_is_equal(s, &t));
    }
    printf("\n");
}

static void moves(const GmSegment *s)
{
    GmSegment t = *s;
    uint64_t p = near(s);
    int64_t by = (int64_t)pick(4000) - 2000;
    int done = gm_segment_set_running_time(&t, s->format, p);

    printf("  set running %" PRId64 ": %d ", (int64_t)p, done);
    show_segment(&t);
    t = *s;
    done = gm_segment_offset_running_time(&t, s->format, by);
    printf("\n  offset %" PRId64 ": %d ", by, done);
    show_segment(&t);
    printf("\n");
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 1500;

    gm_init(NULL, NULL);
    for (int i = 0; i < n; i++) {
        GmSegment s;

        random_segment(&s);
        printf("segment %d ", i);
        show_segment(&s);
        printf("\n");
        conversions(&s);
        clips(&s);
        for (int k = 0; k < 4; k++)
            seek(&s);
        moves(&s);
    }
    return 0;
}
