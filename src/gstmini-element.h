// SPDX-License-Identifier: MIT
//
// gstmini-element: what an element's file includes: all of gstmini.h, the base classes and the
// rest that only authors of elements and plugins need.
// Read next: core/base/base_transform.h, src/elements/teaching/ (elements to start from).
#ifndef GSTMINI_ELEMENT_H
#define GSTMINI_ELEMENT_H

#include <string.h>

#include "gstmini.h"

#include "core/base/adapter.h"
#include "core/base/aggregator.h"
#include "core/base/allocation.h"
#include "core/base/base_sink.h"
#include "core/base/base_src.h"
#include "core/base/base_transform.h"
#include "core/base/flow_combiner.h"

#include "audio/audio_info.h"
#include "video/video_info.h"
#include "video/video_meta.h"

#endif
