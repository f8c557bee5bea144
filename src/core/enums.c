// SPDX-License-Identifier: MIT
//
// enums: see core/enums.h.
#include "core/enums.h"

#include "core/clock.h"
#include "core/element.h"
#include "core/event.h"
#include "core/message.h"
#include "core/query.h"
#include "core/segment.h"

// One row: GM_FORMAT_TIME is called GST_FORMAT_TIME in text, as in GStreamer.
#define ROW(id, nick) { GM_##id, "GST_" #id, nick }
#define END { 0, NULL, NULL }
#define ENUM(var, type, flags, ...)                                                           \
    const GmEnumTable var = { type, (const GmEnumValue[]) { __VA_ARGS__, END }, flags }

ENUM(gm_format_enum, "GstFormat", false,
     ROW(FORMAT_UNDEFINED, "undefined"), ROW(FORMAT_DEFAULT, "default"),
     ROW(FORMAT_BYTES, "bytes"), ROW(FORMAT_TIME, "time"), ROW(FORMAT_BUFFERS, "buffers"),
     ROW(FORMAT_PERCENT, "percent"));
ENUM(gm_state_enum, "GstState", false,
     ROW(STATE_VOID_PENDING, "void-pending"), ROW(STATE_NULL, "null"),
     ROW(STATE_READY, "ready"), ROW(STATE_PAUSED, "paused"), ROW(STATE_PLAYING, "playing"));
ENUM(gm_seek_type_enum, "GstSeekType", false,
     ROW(SEEK_TYPE_NONE, "none"), ROW(SEEK_TYPE_SET, "set"), ROW(SEEK_TYPE_END, "end"));
ENUM(gm_qos_type_enum, "GstQOSType", false,
     ROW(QOS_TYPE_OVERFLOW, "overflow"), ROW(QOS_TYPE_UNDERFLOW, "underflow"),
     ROW(QOS_TYPE_THROTTLE, "throttle"));
ENUM(gm_buffering_mode_enum, "GstBufferingMode", false,
     ROW(BUFFERING_STREAM, "stream"), ROW(BUFFERING_DOWNLOAD, "download"),
     ROW(BUFFERING_TIMESHIFT, "timeshift"), ROW(BUFFERING_LIVE, "live"));
ENUM(gm_structure_change_type_enum, "GstStructureChangeType", false,
     ROW(STRUCTURE_CHANGE_TYPE_PAD_LINK, "link"),
     ROW(STRUCTURE_CHANGE_TYPE_PAD_UNLINK, "unlink"));
ENUM(gm_stream_status_type_enum, "GstStreamStatusType", false,
     ROW(STREAM_STATUS_TYPE_CREATE, "create"), ROW(STREAM_STATUS_TYPE_ENTER, "enter"),
     ROW(STREAM_STATUS_TYPE_LEAVE, "leave"), ROW(STREAM_STATUS_TYPE_DESTROY, "destroy"),
     ROW(STREAM_STATUS_TYPE_START, "start"), ROW(STREAM_STATUS_TYPE_PAUSE, "pause"),
     ROW(STREAM_STATUS_TYPE_STOP, "stop"));
ENUM(gm_progress_type_enum, "GstProgressType", false,
     ROW(PROGRESS_TYPE_START, "start"), ROW(PROGRESS_TYPE_CONTINUE, "continue"),
     ROW(PROGRESS_TYPE_COMPLETE, "complete"), ROW(PROGRESS_TYPE_CANCELED, "canceled"),
     ROW(PROGRESS_TYPE_ERROR, "error"));
ENUM(gm_clock_type_enum, "GstClockType", false,
     ROW(CLOCK_TYPE_REALTIME, "realtime"), ROW(CLOCK_TYPE_MONOTONIC, "monotonic"));

ENUM(gm_seek_flags_enum, "GstSeekFlags", true,
     ROW(SEEK_FLAG_NONE, "none"), ROW(SEEK_FLAG_FLUSH, "flush"),
     ROW(SEEK_FLAG_ACCURATE, "accurate"), ROW(SEEK_FLAG_KEY_UNIT, "key-unit"),
     ROW(SEEK_FLAG_SEGMENT, "segment"), ROW(SEEK_FLAG_TRICKMODE, "trickmode"),
     ROW(SEEK_FLAG_SKIP, "skip"), ROW(SEEK_FLAG_SNAP_BEFORE, "snap-before"),
     ROW(SEEK_FLAG_SNAP_AFTER, "snap-after"), ROW(SEEK_FLAG_SNAP_NEAREST, "snap-nearest"),
     ROW(SEEK_FLAG_TRICKMODE_KEY_UNITS, "trickmode-key-units"),
     ROW(SEEK_FLAG_TRICKMODE_NO_AUDIO, "trickmode-no-audio"),
     ROW(SEEK_FLAG_TRICKMODE_FORWARD_PREDICTED, "trickmode-forward-predicted"),
     ROW(SEEK_FLAG_INSTANT_RATE_CHANGE, "instant-rate-change"));
ENUM(gm_segment_flags_enum, "GstSegmentFlags", true,
     ROW(SEGMENT_FLAG_NONE, "none"), ROW(SEGMENT_FLAG_RESET, "reset"),
     ROW(SEGMENT_FLAG_TRICKMODE, "trickmode"), ROW(SEGMENT_FLAG_SKIP, "skip"),
     ROW(SEGMENT_FLAG_SEGMENT, "segment"),
     ROW(SEGMENT_FLAG_TRICKMODE_KEY_UNITS, "trickmode-key-units"),
     ROW(SEGMENT_FLAG_TRICKMODE_FORWARD_PREDICTED, "trickmode-forward-predicted"),
     ROW(SEGMENT_FLAG_TRICKMODE_NO_AUDIO, "trickmode-no-audio"));
ENUM(gm_gap_flags_enum, "GstGapFlags", true, ROW(GAP_FLAG_MISSING_DATA, "data"));
ENUM(gm_stream_flags_enum, "GstStreamFlags", true,
     ROW(STREAM_FLAG_NONE, "none"), ROW(STREAM_FLAG_SPARSE, "sparse"),
     ROW(STREAM_FLAG_SELECT, "select"), ROW(STREAM_FLAG_UNSELECT, "unselect"));
ENUM(gm_scheduling_flags_enum, "GstSchedulingFlags", true,
     ROW(SCHEDULING_FLAG_SEEKABLE, "seekable"), ROW(SCHEDULING_FLAG_SEQUENTIAL, "sequential"),
     ROW(SCHEDULING_FLAG_BANDWIDTH_LIMITED, "bandwidth-limited"));

const char *gm_format_get_name(GmFormat format)
{
    return (unsigned)format <= GM_FORMAT_PERCENT ? gm_format_enum.values[format].value_nick : NULL;
}
