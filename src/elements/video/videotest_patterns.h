// SPDX-License-Identifier: MIT
//
// videotest_patterns: the pictures of videotestsrc, drawn line by line.
//
//     pattern --> line of A,c0,c1,c2 bytes --> rotate --> groups of lines --> halve chroma --> pack
//                 (c: Y,U,V or R,G,B)                     (2 for 4:2:0)
//
// One thread at a time; nothing blocks. The bytes are those of GStreamer 1.22 for every pattern
// (tests/peers/videotestsrc.sh compares them); bytes that no pixel owns are zero.
// Read next: elements/video/videotestsrc.c.
#ifndef GM_ELEMENTS_VIDEO_VIDEOTEST_PATTERNS_H
#define GM_ELEMENTS_VIDEO_VIDEOTEST_PATTERNS_H

#include "gstmini-element.h"
#include "video/video_meta.h"

// In the order of the numbers of GstVideoTestSrcPattern.
typedef enum {
    VIDEOTEST_SMPTE,
    VIDEOTEST_SNOW,
    VIDEOTEST_BLACK,
    VIDEOTEST_WHITE,
    VIDEOTEST_RED,
    VIDEOTEST_GREEN,
    VIDEOTEST_BLUE,
    VIDEOTEST_CHECKERS1,
    VIDEOTEST_CHECKERS2,
    VIDEOTEST_CHECKERS4,
    VIDEOTEST_CHECKERS8,
    VIDEOTEST_CIRCULAR,
    VIDEOTEST_BLINK,
    VIDEOTEST_SMPTE75,
    VIDEOTEST_ZONE_PLATE,
    VIDEOTEST_GAMUT,
    VIDEOTEST_CHROMA_ZONE_PLATE,
    VIDEOTEST_SOLID,
    VIDEOTEST_BALL,
    VIDEOTEST_SMPTE100,
    VIDEOTEST_BAR,
    VIDEOTEST_PINWHEEL,
    VIDEOTEST_SPOKES,
    VIDEOTEST_GRADIENT,
    VIDEOTEST_COLORS,
    VIDEOTEST_SMPTE_RP_219,
    VIDEOTEST_N_PATTERNS
} VideoTestPattern;

enum { VIDEOTEST_FRAMES, VIDEOTEST_WALL_TIME, VIDEOTEST_RUNNING_TIME }; // animation modes
enum { VIDEOTEST_WAVY, VIDEOTEST_SWEEP, VIDEOTEST_HSWEEP };             // motions of the ball

// What the properties say. No bytes between the fields: two are equal if their bytes are.
typedef struct {
    int      pattern, animation_mode, motion;
    unsigned foreground, background; // 0xAARRGGBB
    int      horizontal_speed;       // pixels per frame, to the left
    int      k0, kx, ky, kt, kxt, kyt, kxy, kx2, ky2, kt2, xoffset, yoffset; // zone plates
    bool     flip;
} VideoTestSettings;

typedef struct { uint8_t v[4]; } VideoTestColor; // as in a line

typedef struct {
    // set by the owner before each picture
    VideoTestSettings set;
    int64_t     n_frames; // number of the picture
    GmClockTime pts;
    // kept from picture to picture
    GmVideoInfo info;
    uint32_t    random_state; // of the snow; goes on over everything
    int         n_lines;      // that share a chroma line once it is filtered
    uint8_t    *line, *rotated, *level; // level: one byte a pixel, background to foreground
    uint8_t    *rows[2];
    VideoTestColor blend_a, blend_b, blended[256]; // what each level of a and b gives
    // of the picture being drawn
    GmVideoFrame  *frame;
    VideoTestColor foreground, background;
    int  shift;   // the line is rotated by so many pixels
    bool painted; // since the last line
    int  same;    // how many lines up to the last one are alike
} VideoTest;

// Makes ready for pictures of `info`; may be called again. clear releases the lines.
void gm_videotest_setup(VideoTest *t, const GmVideoInfo *info);
void gm_videotest_clear(VideoTest *t);
// Whether pictures do not depend on their number: one can be kept and copied.
bool gm_videotest_is_static(const VideoTestSettings *set);
// Draws one picture, all of it, into a frame of t->info's format and size.
void gm_videotest_draw(VideoTest *t, GmVideoFrame *frame);

// ---- between videotest_patterns.c and videotest_lines.c ----------------------------------------

VideoTestColor gm_videotest_argb(const VideoTest *t, unsigned argb);
void gm_videotest_fill(VideoTest *t, int x1, int x2, VideoTestColor color); // part of the line
// Pixels x1 to x2 of the line: level[x] parts of `a`, the rest `b`.
void gm_videotest_blend(VideoTest *t, VideoTestColor a, VideoTestColor b, int x1, int x2);
// The line as it stands is row y (rows come in order).
void gm_videotest_emit(VideoTest *t, int y);
void gm_videotest_emit_rows(VideoTest *t, int y1, int y2);

#endif
