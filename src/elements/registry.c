// SPDX-License-Identifier: MIT
//
// registry: the elements that are compiled in. To add one:
//   1. src/elements/<family>/<name>.c defines `const GmElementClass gm_<name>_class` ('-' in
//      the name becomes '_');
//   2. a declaration and a row below, both in order of family, then name;
//   3. a new family also gets a row in gm_builtin_plugins.
// An element that needs a library has its declaration and row under #if HAVE_…, and in #else a
// row that names what is missing:
//     { "png", .missing = "pngdec", .package = "libpng-dev" },
// Read next: core/plugin.h.
#include "core/pipeline.h"
#include "core/plugin.h"

// ---- declarations -----------------------------------------------------------------------

extern const GmElementClass gm_appsink_class, gm_appsrc_class;
extern const GmElementClass gm_audiotestsrc_class, gm_wavenc_class;
extern const GmElementClass gm_capsfilter_class, gm_fakesink_class, gm_fakesrc_class,
gm_queue_class;
extern const GmElementClass gm_fdsink_class, gm_filesink_class, gm_filesrc_class;
extern const GmElementClass gm_identity_class, gm_multifilesink_class, gm_multifilesrc_class;
extern const GmElementClass gm_concat_class, gm_funnel_class, gm_input_selector_class,
gm_output_selector_class;
extern const GmElementClass gm_tee_class, gm_valve_class;
extern const GmElementClass gm_y4mdec_class, gm_y4menc_class;
#if HAVE_PNG
extern const GmElementClass gm_pngdec_class, gm_pngenc_class;
#endif
extern const GmElementClass gm_hlssegmenter_class, gm_livesrc_class, gm_s3sink_class;
extern const GmElementClass gm_autovideosink_class, gm_termsink_class, gm_videotestsrc_class;

// ---- rows -------------------------------------------------------------------------------

const GmBuiltinElement gm_builtin_elements[] = {
    { "app", &gm_appsink_class, NULL, NULL },
    { "app", &gm_appsrc_class, NULL, NULL },
    { "audio", &gm_audiotestsrc_class, NULL, NULL },
    { "audio", &gm_wavenc_class, NULL, NULL },
    { "coreelements", &gm_bin_class, NULL, NULL },
    { "coreelements", &gm_pipeline_class, NULL, NULL },
    { "coreelements", &gm_capsfilter_class, NULL, NULL },
    { "coreelements", &gm_concat_class, NULL, NULL },
    { "coreelements", &gm_fakesink_class, NULL, NULL },
    { "coreelements", &gm_fakesrc_class, NULL, NULL },
    { "coreelements", &gm_fdsink_class, NULL, NULL },
    { "coreelements", &gm_filesink_class, NULL, NULL },
    { "coreelements", &gm_filesrc_class, NULL, NULL },
    { "coreelements", &gm_funnel_class, NULL, NULL },
    { "coreelements", &gm_identity_class, NULL, NULL },
    { "coreelements", &gm_input_selector_class, NULL, NULL },
    { "coreelements", &gm_multifilesink_class, NULL, NULL },
    { "coreelements", &gm_multifilesrc_class, NULL, NULL },
    { "coreelements", &gm_output_selector_class, NULL, NULL },
    { "coreelements", &gm_queue_class, NULL, NULL },
    { "coreelements", &gm_tee_class, NULL, NULL },
    { "coreelements", &gm_valve_class, NULL, NULL },
#if HAVE_PNG
    { "image", &gm_pngdec_class, NULL, NULL },
    { "image", &gm_pngenc_class, NULL, NULL },
#else
    { "image", NULL, "pngdec", "libpng-dev" },
    { "image", NULL, "pngenc", "libpng-dev" },
#endif
    { "image", &gm_y4mdec_class, NULL, NULL },
    { "image", &gm_y4menc_class, NULL, NULL },
    { "teaching", &gm_hlssegmenter_class, NULL, NULL },
    { "teaching", &gm_livesrc_class, NULL, NULL },
    { "teaching", &gm_s3sink_class, NULL, NULL },
    { "video", &gm_autovideosink_class, NULL, NULL },
    { "video", &gm_termsink_class, NULL, NULL },
    { "video", &gm_videotestsrc_class, NULL, NULL },
    { NULL, NULL, NULL, NULL },
};

const GmBuiltinPlugin gm_builtin_plugins[] = {
    { "app", "Data from and to the application" },
    { "audio", "Test tones and WAV files" },
    { "coreelements", "Standard elements" },
    { "image", "Pictures and the simplest video file" },
    { "teaching", "Elements to learn with: a live source, a segmenter, an object store" },
    { "video", "Test pictures, and sinks that show pictures" },
    { NULL, NULL },
};
