#!/bin/bash
# SPDX-License-Identifier: MIT
#
# audio.sh: audiotestsrc and wavenc against the real ones, byte for byte.
launch=${BUILD:-build}/bin/gstmini-launch
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

while read -r line; do
    # shellcheck disable=SC2086
    timeout 60 gst-launch-1.0 -q $line ! filesink "location=$dir/gst" >"$dir/log" 2>&1 ||
        { echo "FAIL $line: gst-launch: $(tail -n 1 "$dir/log")"; continue; }
    # shellcheck disable=SC2086
    timeout 60 "$launch" -q $line ! filesink "location=$dir/gm" >"$dir/log" 2>&1 ||
        { echo "FAIL $line: gstmini-launch: $(tail -n 1 "$dir/log")"; continue; }
    if [ -s "$dir/gst" ] && cmp "$dir/gst" "$dir/gm" >"$dir/log" 2>&1
    then echo "ok $line ($(stat -c %s "$dir/gm") bytes)"
    else echo "FAIL $line: $(tail -n 1 "$dir/log")"; fi
done <<'END'
audiotestsrc num-buffers=50
audiotestsrc num-buffers=50 wave=silence
audiotestsrc num-buffers=50 ! audio/x-raw,rate=48000
audiotestsrc num-buffers=50 ! audio/x-raw,rate=48000,channels=2
audiotestsrc num-buffers=50 wave=silence ! audio/x-raw,rate=48000,channels=2
audiotestsrc num-buffers=50 wave=square ! audio/x-raw,rate=48000,channels=2
audiotestsrc num-buffers=50 wave=saw freq=1000
audiotestsrc num-buffers=50 wave=triangle volume=0.3
audiotestsrc num-buffers=50 wave=sine-table
audiotestsrc num-buffers=50 ! audio/x-raw,format=S32LE
audiotestsrc num-buffers=50 ! audio/x-raw,format=F32LE
audiotestsrc num-buffers=50 ! audio/x-raw,format=F64LE
audiotestsrc num-buffers=50 wave=saw ! audio/x-raw,format=F32LE
audiotestsrc num-buffers=50 wave=triangle ! audio/x-raw,format=S32LE
audiotestsrc num-buffers=50 wave=ticks tick-interval=100000000 marker-tick-period=3 volume=0.5
audiotestsrc num-buffers=50 samplesperbuffer=441
audiotestsrc num-buffers=10 ! wavenc
audiotestsrc num-buffers=10 ! audio/x-raw,channels=2,rate=48000 ! wavenc
audiotestsrc num-buffers=10 wave=silence ! audio/x-raw,format=F32LE ! wavenc
audiotestsrc num-buffers=10 ! wavenc ! audio/x-rf64
END
