// SPDX-License-Identifier: MIT
//
// enums: the names of the engine's enumerations, for properties, structures and text.
//
//     { "format", "Format of segments", GM_ENUM_FIELD(FakeSrc, format, &gm_format_enum), … }
//
// Tables are constant; they carry GStreamer's names, so that text is the same in both. Any
// thread; nothing blocks; there is nothing to misuse.
// Read next: GmProperty in core/object.h, gm_type_register_enum in core/value.h.
#ifndef GM_CORE_ENUMS_H
#define GM_CORE_ENUMS_H

#include "core/object.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const GmEnumTable gm_format_enum, gm_state_enum, gm_seek_type_enum, gm_qos_type_enum,
    gm_buffering_mode_enum, gm_structure_change_type_enum, gm_stream_status_type_enum,
    gm_progress_type_enum, gm_clock_type_enum;
extern const GmEnumTable gm_seek_flags_enum, gm_segment_flags_enum, gm_gap_flags_enum,
    gm_stream_flags_enum, gm_scheduling_flags_enum;

// "time", "bytes", …; NULL for a number that is none.
const char *gm_format_get_name(GmFormat format);

#ifdef __cplusplus
}
#endif
#endif
