// SPDX-License-Identifier: MIT
//
// gstmini: the one header an application includes. It defines no name of GLib's, so both may
// be included in one file. Every header below can also be included alone. The language is C11;
// clang++ takes the headers as C++, too, g++ does not (it knows no _Atomic).
// Read next: core/element.h, core/pipeline.h; element authors: gstmini-element.h.
#ifndef GSTMINI_H
#define GSTMINI_H

#include "app/app_sink.h"
#include "app/app_src.h"
#include "core/bin.h"
#include "core/buffer.h"
#include "core/buffer_list.h"
#include "core/buffer_pool.h"
#include "core/bus.h"
#include "core/caps.h"
#include "core/caps_features.h"
#include "core/clock.h"
#include "core/context.h"
#include "core/dot.h"
#include "core/element.h"
#include "core/element_factory.h"
#include "core/error.h"
#include "core/event.h"
#include "core/ghost_pad.h"
#include "core/init.h"
#include "core/iterator.h"
#include "core/list.h"
#include "core/log.h"
#include "core/mainloop.h"
#include "core/memory.h"
#include "core/message.h"
#include "core/meta.h"
#include "core/mini_object.h"
#include "core/object.h"
#include "core/pad.h"
#include "core/pad_template.h"
#include "core/parse.h"
#include "core/pipeline.h"
#include "core/plugin.h"
#include "core/query.h"
#include "core/sample.h"
#include "core/segment.h"
#include "core/structure.h"
#include "core/sync.h"
#include "core/tag_list.h"
#include "core/task.h"
#include "core/types.h"
#include "core/util.h"
#include "core/value.h"

#include "check/harness.h"
#include "check/test_clock.h"

#endif
