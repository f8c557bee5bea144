#!/bin/bash
# SPDX-License-Identifier: MIT
#
# inspect: for each element that both have: properties of ours that GStreamer has too must agree
# in type, range, default and choices, as gstmini-inspect and gst-inspect-1.0 print them; those
# that we lack must stand in the list below with a reason, as must those that differ.
cd "$(dirname "$0")/../.." || exit 1
GM=${BIN:-${BUILD:-build}/bin}/gstmini-inspect
GST=gst-inspect-1.0
if ! command -v $GST >/dev/null; then echo "skip inspect: $GST is not installed"; exit 0; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ELEMENT PROPERTY, * for any element; the reason behind the #, for several lines in the first.
lacking='
* qos                              # of GstBaseTransform elements that never drop
* object-lock                      # internal
filesink max-transient-error-timeout # network file systems that come back
* typefind                         # there is no typefinding
* last-sample                      # as a property; gm_base_sink_get_last_sample is there
* stats                            # as a property; gm_base_sink_get_stats is there
* min-force-key-unit-interval      # of the base classes of decoders and encoders, not here
* automatic-request-sync-points
* automatic-request-sync-point-flags
* discard-corrupted-frames
fakesink drop-out-of-segment       # streams that want what lies outside
fakesrc pattern                    # unused there
identity stats
multifilesink aggregate-gops       # for encoded video
pngdec max-errors                  # each picture stands alone
tee alloc-pad                      # which branch answers allocation queries: all are asked
'
differing='
multifilesink next-file            # key-unit-event is for encoded video
'

# Properties of gst-inspect-like output: "NAME<tab>first line of type, range, default, choices".
properties()
{
    sed -E 's/\x1b\[[0-9;]*m//g' "$1" | awk '
        /^Element Properties:/ { on = 1; next }
        on && /^[^ ]/ { on = 0 }
        on && /^  [a-z][a-z0-9-]* *: / { name = $1; sub(/:$/, "", name); next }
        on && name != "" && /^ +(Boolean|String|Integer|Unsigned|Enum|Flags|Float|Double|Object|Caps|Fraction|Boxed|Pointer|Long|Int64|Uint64|GValueArray)/ {
            line = $0; sub(/^ +/, "", line); gsub(/ +/, " ", line); print name "\t" line; next }
        on && name != "" && /^ +\([0-9-]+\): / { line = $0; sub(/^ +/, "", line); gsub(/ +/, " ", line); sub(/ - .*/, "", line); print name "\t" line }
    ' | sed -E -e 's/\bG(st|m)([A-Z])/G_\2/g; s/ *$//' \
        -e 's/(Enum|Flags)( "[^"]*") Default: -?[0-9a-fx]+, /\1\2 Default: /; s/Default: "(\(none\)|0)"/Default: none/' \
        -e 's/\tCaps.*/\tCaps/; s/\tObject.*/\tObject/' \
        -e 's/([0-9]\.[0-9]*[1-9])0{8,}[0-9]*/\1/g' | sort -u
}

listed() { # LIST ELEMENT PROPERTY
    sed 's/#.*//' <<<"$1" | grep -qE "^($2|\*) $3 *$"
}

for element in $("$GM" | sed -nE 's/^[a-z0-9]+: +([a-z0-9-]+): .*/\1/p' | sort -u); do
    "$GM" "$element" >"$work/gm" 2>/dev/null || continue
    if ! $GST "$element" >"$work/gst" 2>/dev/null; then
        continue
    fi
    properties "$work/gm" >"$work/gm.p"
    properties "$work/gst" >"$work/gst.p"
    bad=
    for property in $(cut -f1 "$work/gst.p" | sort -u); do
        a=$(grep -P "^$property\t" "$work/gst.p" | cut -f2)
        b=$(grep -P "^$property\t" "$work/gm.p" | cut -f2)
        if [ -z "$b" ]; then
            listed "$lacking" "$element" "$property" || bad="$bad; it lacks $property"
        elif [ "$a" != "$b" ]; then
            listed "$differing" "$element" "$property" ||
                bad="$bad; $property: $(diff <(echo "$a") <(echo "$b") | grep '^[<>]' | head -n 4 | tr '\n' ' ')"
        fi
    done
    if [ -n "$bad" ]; then echo "FAIL inspect $element: ${bad#; }"
    else echo "ok inspect $element ($(cut -f1 "$work/gm.p" | sort -u | wc -l) properties)"; fi
done
