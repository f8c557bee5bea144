#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run-both.sh FILE.c [ARG…]: builds one program twice, against GstMini and against the real
# GStreamer, runs both and compares what they print. Exit 0: byte-identical; 1: they differ (a
# diff is printed) or one crashed; 2: one of them does not build; 77: no GStreamer here.
#
# The source is written in gm_ names and includes only "gstmini.h" or "core/….h" and system headers.
# For GStreamer it is rewritten by name: gm_/Gm/GM_ become gst_/Gst/GST_, except for what is
# GLib's or GObject's, which becomes g_/G/G_ (the lists below; add to them when a program needs
# more). Types that C has are GLib's on the other side by themselves; only `bool` needs care: a
# variable whose address is passed, and the result of a callback, must be declared GM_BOOL (gboolean
# there, bool here). #include "peers.h" brings functions that print events, messages and the like.
# In the output "Gst" and "Gm" in type names count as the same.
#
# Environment: CC (gcc), CFLAGS, BUILD (build), GM_LIB (objects or archive of GstMini; default
# $BUILD/lib/libgstmini.so, made if missing), KEEP=1 leaves the generated files, BUILD_ONLY=DIR puts
# the two programs there as gm and gst and runs nothing (without GStreamer: gm only).
set -u
src=${1:?usage: run-both.sh FILE.c [ARG...]}
shift
here=$(cd "$(dirname "$0")/../.." && pwd)
name=$(basename "$src" .c)
CC=${CC:-gcc}
BUILD=${BUILD:-$here/build}
# The shared library brings along the libraries that its elements need.
GM_LIB=${GM_LIB:-$BUILD/lib/libgstmini.so -Wl,-rpath,$(cd "$here" && realpath -m "$BUILD")/lib}
out=$(mktemp -d "${TMPDIR:-/tmp}/run-both.XXXXXX") || exit 2
[ "${KEEP:-0}" = 1 ] && echo "files in $out" || trap 'rm -rf "$out"' EXIT

# What is GLib's: functions (all that begin so), types, macros.
functions='malloc|malloc0|free|strdup|strndup|strdup_printf|list_|slist_|quark_|error_|clear_error|set_error'
functions="$functions|str_has_prefix|strsplit|strfreev|string_|main_loop_|main_context_|idle_add|timeout_add"
functions="$functions|source_remove|thread_new|thread_join|mutex_|cond_|usleep|type_name|type_from_name|type_is_a"
functions="$functions|signal_|object_set|object_get|object_new|object_notify|object_weak_|enum_"
# GValue's functions; the other gm_value_… are GStreamer's.
values='init|unset|reset|copy|transform|type_transformable|(set|get)_(boolean|int|uint|int64|uint64|long|ulong'
values="$values|float|double|string|static_string|pointer|enum|flags|gtype|object|boxed)|take_(string|boxed|object)"
values="$values|dup_(string|boxed|object)"
value_functions="\\bgm_value_($values)\\b"
types='Value|ValueArray|Error|List|Quark|MainLoop|MainContext|Thread|Mutex|Cond|Type|String|Callback|DestroyNotify'
gtypes='INVALID|NONE|BOOLEAN|INT|UINT|INT64|UINT64|FLOAT|DOUBLE|STRING|POINTER|LONG|ULONG|GTYPE|ENUM|FLAGS'
holds='BOOLEAN|INT|UINT|INT64|UINT64|FLOAT|DOUBLE|STRING|POINTER|LONG|ULONG|ENUM|FLAGS|OBJECT|BOXED|GTYPE'

# The source with peers.h in place of its #include.
with_peers()
{
    sed -e "/#include \"peers.h\"/{r $here/tests/peers/peers.h" -e 'd}' "$src"
}

# gm_object_ref, unref, set/get_name, parent… are GstObject's; set, get, new, notify GObject's.
{
    printf '#include <gst/gst.h>\n#include <stdbool.h>\n#define GM_BOOL gboolean\n'
    with_peers | sed -E -e '/#include "(core\/|gstmini|check\/|video\/)/d' \
        -e "s/$value_functions/g_value_\\1/g" \
        -e 's/\bgm_object_(get|set)_(name|parent)\b/gst_object_\1_\2/g' \
        -e "s/\\bgm_($functions)/g_\\1/g" \
        -e "s/\\bGm($types)\\b/G\\1/g" \
        -e "s/\\bGM_TYPE_($gtypes)\\b/G_TYPE_\\1/g" \
        -e "s/\\bGM_VALUE_HOLDS_($holds)\\b/G_VALUE_HOLDS_\\1/g" \
        -e 's/\bGM_VALUE_INIT\b/G_VALUE_INIT/g; s/\bGM_VALUE_TYPE\b/G_VALUE_TYPE/g' \
        -e 's/\bGM_IS_VALUE\b/G_IS_VALUE/g; s/\bGM_CALLBACK\b/G_CALLBACK/g' \
        -e 's/\bgm_signal_connect\b/g_signal_connect/g' \
        -e '/define GM_BOOL/!s/\bGM_BOOL\b/gboolean/g' \
        -e 's/\bgm_/gst_/g; s/\bGm/Gst/g; s/\bGM_/GST_/g'
} > "$out/gst_$name.c"
{
    printf '#define GM_BOOL bool\n'
    with_peers
} > "$out/gm_$name.c"

[ -e "${GM_LIB%% *}" ] || make -C "$here" -s lib BUILD="$BUILD" || exit 2
# shellcheck disable=SC2086
$CC -std=c11 -D_GNU_SOURCE -w ${CFLAGS:-} -I"$here/src" "$out/gm_$name.c" -o "$out/gm" $GM_LIB \
    -pthread -ldl -lm ${LDLIBS:-} || exit 2
[ -z "${BUILD_ONLY:-}" ] || cp "$out/gm" "$BUILD_ONLY"
pkg-config --exists gstreamer-1.0 || exit 77
# shellcheck disable=SC2046,SC2086
$CC -std=gnu11 -w ${CFLAGS:-} "$out/gst_$name.c" -o "$out/gst" \
    $(pkg-config --cflags --libs gstreamer-1.0 gstreamer-base-1.0) -lm || exit 2
if [ -n "${BUILD_ONLY:-}" ]; then
    cp "$out/gst" "$BUILD_ONLY"
    exit 0
fi

timeout 60 "$out/gst" "$@" > "$out/gst.txt" 2> "$out/gst.err"
gst=$?
timeout 60 "$out/gm" "$@" > "$out/gm.txt" 2> "$out/gm.err"
gm=$?
# A crash or a hang of both is not agreement.
if [ $gst -ge 124 ] || [ $gm -ge 124 ]; then
    echo "$name: GStreamer ended with $gst, GstMini with $gm"
    tail -3 "$out/gst.txt" "$out/gst.err" "$out/gm.txt" "$out/gm.err"
    exit 1
fi
echo "exit $gst" >> "$out/gst.txt"
echo "exit $gm" >> "$out/gm.txt"
sed -E 's/\bG(st|m)([A-Z])/G_\2/g; s/\bg(st|m)_/g__/g' "$out/gst.txt" > "$out/gst.cmp"
sed -E 's/\bG(st|m)([A-Z])/G_\2/g; s/\bg(st|m)_/g__/g' "$out/gm.txt" > "$out/gm.cmp"
if diff -u --label "GStreamer" --label "GstMini" "$out/gst.cmp" "$out/gm.cmp"; then
    echo "$name: $(wc -l < "$out/gm.cmp") lines, identical"
else
    sed 's/^/GstMini: /' "$out/gm.err" | head -20
    exit 1
fi
