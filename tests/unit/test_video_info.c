// SPDX-License-Identifier: MIT
//
// video_info: sizes, strides and offsets as gst_video_info_set_format of libgstvideo 1.22 gave.
#include "gmtest.h"

#include "video/video_info.h"

static const struct {
    GmVideoFormat format;
    unsigned width, height;
    size_t size;
    int stride[3];
    size_t offset[3];
} expected[] = {
    { GM_VIDEO_FORMAT_I420, 1, 1, 16, { 4, 4, 4 }, { 0, 8, 12 } },
    { GM_VIDEO_FORMAT_I420, 3, 3, 32, { 4, 4, 4 }, { 0, 16, 24 } },
    { GM_VIDEO_FORMAT_I420, 17, 5, 192, { 20, 12, 12 }, { 0, 120, 156 } },
    { GM_VIDEO_FORMAT_I420, 641, 479, 464640, { 644, 324, 324 }, { 0, 309120, 386880 } },
    { GM_VIDEO_FORMAT_YV12, 1, 1, 16, { 4, 4, 4 }, { 0, 8, 12 } },
    { GM_VIDEO_FORMAT_YV12, 3, 3, 32, { 4, 4, 4 }, { 0, 16, 24 } },
    { GM_VIDEO_FORMAT_YV12, 17, 5, 192, { 20, 12, 12 }, { 0, 120, 156 } },
    { GM_VIDEO_FORMAT_YV12, 641, 479, 464640, { 644, 324, 324 }, { 0, 309120, 386880 } },
    { GM_VIDEO_FORMAT_NV12, 1, 1, 12, { 4, 4, 0 }, { 0, 8, 0 } },
    { GM_VIDEO_FORMAT_NV12, 3, 3, 24, { 4, 4, 0 }, { 0, 16, 0 } },
    { GM_VIDEO_FORMAT_NV12, 17, 5, 180, { 20, 20, 0 }, { 0, 120, 0 } },
    { GM_VIDEO_FORMAT_NV12, 641, 479, 463680, { 644, 644, 0 }, { 0, 309120, 0 } },
    { GM_VIDEO_FORMAT_NV21, 1, 1, 12, { 4, 4, 0 }, { 0, 8, 0 } },
    { GM_VIDEO_FORMAT_NV21, 3, 3, 24, { 4, 4, 0 }, { 0, 16, 0 } },
    { GM_VIDEO_FORMAT_NV21, 17, 5, 180, { 20, 20, 0 }, { 0, 120, 0 } },
    { GM_VIDEO_FORMAT_NV21, 641, 479, 463680, { 644, 644, 0 }, { 0, 309120, 0 } },
    { GM_VIDEO_FORMAT_YUY2, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_YUY2, 3, 3, 24, { 8, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_YUY2, 17, 5, 180, { 36, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_YUY2, 641, 479, 615036, { 1284, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_UYVY, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_UYVY, 3, 3, 24, { 8, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_UYVY, 17, 5, 180, { 36, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_UYVY, 641, 479, 615036, { 1284, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_Y42B, 1, 1, 12, { 4, 4, 4 }, { 0, 4, 8 } },
    { GM_VIDEO_FORMAT_Y42B, 3, 3, 36, { 4, 4, 4 }, { 0, 12, 24 } },
    { GM_VIDEO_FORMAT_Y42B, 17, 5, 220, { 20, 12, 12 }, { 0, 100, 160 } },
    { GM_VIDEO_FORMAT_Y42B, 641, 479, 618868, { 644, 324, 324 }, { 0, 308476, 463672 } },
    { GM_VIDEO_FORMAT_Y444, 1, 1, 12, { 4, 4, 4 }, { 0, 4, 8 } },
    { GM_VIDEO_FORMAT_Y444, 3, 3, 36, { 4, 4, 4 }, { 0, 12, 24 } },
    { GM_VIDEO_FORMAT_Y444, 17, 5, 300, { 20, 20, 20 }, { 0, 100, 200 } },
    { GM_VIDEO_FORMAT_Y444, 641, 479, 925428, { 644, 644, 644 }, { 0, 308476, 616952 } },
    { GM_VIDEO_FORMAT_RGB, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGB, 3, 3, 36, { 12, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGB, 17, 5, 260, { 52, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGB, 641, 479, 921596, { 1924, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGR, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGR, 3, 3, 36, { 12, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGR, 17, 5, 260, { 52, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGR, 641, 479, 921596, { 1924, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGBx, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGBx, 3, 3, 36, { 12, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGBx, 17, 5, 340, { 68, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGBx, 641, 479, 1228156, { 2564, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGRx, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGRx, 3, 3, 36, { 12, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGRx, 17, 5, 340, { 68, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGRx, 641, 479, 1228156, { 2564, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_xRGB, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_xRGB, 3, 3, 36, { 12, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_xRGB, 17, 5, 340, { 68, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_xRGB, 641, 479, 1228156, { 2564, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_xBGR, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_xBGR, 3, 3, 36, { 12, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_xBGR, 17, 5, 340, { 68, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_xBGR, 641, 479, 1228156, { 2564, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGBA, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGBA, 3, 3, 36, { 12, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGBA, 17, 5, 340, { 68, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_RGBA, 641, 479, 1228156, { 2564, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGRA, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGRA, 3, 3, 36, { 12, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGRA, 17, 5, 340, { 68, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_BGRA, 641, 479, 1228156, { 2564, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_ARGB, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_ARGB, 3, 3, 36, { 12, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_ARGB, 17, 5, 340, { 68, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_ARGB, 641, 479, 1228156, { 2564, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_ABGR, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_ABGR, 3, 3, 36, { 12, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_ABGR, 17, 5, 340, { 68, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_ABGR, 641, 479, 1228156, { 2564, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_GRAY8, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_GRAY8, 3, 3, 12, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_GRAY8, 17, 5, 100, { 20, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_GRAY8, 641, 479, 308476, { 644, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_GRAY16_LE, 1, 1, 4, { 4, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_GRAY16_LE, 3, 3, 24, { 8, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_GRAY16_LE, 17, 5, 180, { 36, 0, 0 }, { 0, 0, 0 } },
    { GM_VIDEO_FORMAT_GRAY16_LE, 641, 479, 615036, { 1284, 0, 0 }, { 0, 0, 0 } },
};

GM_TEST(video_info, lies_in_memory_as_gstreamer_says)
{
    for (size_t i = 0; i < GM_LEN(expected); i++) {
        GmVideoInfo info;
        cr_assert(gm_video_info_set_format(&info, expected[i].format, expected[i].width,
                                           expected[i].height));
        cr_assert_eq(info.size, expected[i].size, "row %zu: size %zu", i, info.size);
        for (unsigned p = 0; p < info.finfo->n_planes; p++) {
            cr_assert_eq(info.stride[p], expected[i].stride[p], "row %zu plane %u", i, p);
            cr_assert_eq(info.offset[p], expected[i].offset[p], "row %zu plane %u", i, p);
        }
    }
}

GM_TEST(video_info, interlaced_rounds_chroma_rows)
{
    GmVideoInfo info;
    gm_video_info_set_interlaced_format(&info, GM_VIDEO_FORMAT_I420,
                                        GM_VIDEO_INTERLACE_MODE_INTERLEAVED, 320, 241);
    cr_assert_eq(info.size, 116480);
}

GM_TEST(video_info, refuses_what_is_too_large)
{
    GmVideoInfo info;
    cr_assert_not(gm_video_info_set_format(&info, GM_VIDEO_FORMAT_RGBA, 100000, 100000));
}

GM_TEST(video_info, default_colorimetry)
{
    GmVideoInfo info;
    gm_video_info_set_format(&info, GM_VIDEO_FORMAT_I420, 320, 240);
    cr_assert(gm_video_colorimetry_matches(&info.colorimetry, "bt601"));
    cr_assert_eq(info.chroma_site, GM_VIDEO_CHROMA_SITE_JPEG);
    gm_video_info_set_format(&info, GM_VIDEO_FORMAT_NV12, 1280, 720);
    cr_assert(gm_video_colorimetry_matches(&info.colorimetry, "bt709"));
    gm_video_info_set_format(&info, GM_VIDEO_FORMAT_GRAY8, 5, 5);
    cr_assert(gm_video_colorimetry_matches(&info.colorimetry, "1:4:0:0"));
}
