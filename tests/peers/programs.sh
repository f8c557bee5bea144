#!/bin/bash
# SPDX-License-Identifier: MIT
#
# programs: each *.c of this directory, built against GstMini and against GStreamer by run-both.sh,
# must print the same.
cd "$(dirname "$0")/../.." || exit 1
if ! pkg-config --exists gstreamer-1.0; then
    echo "skip programs: pkg-config does not know gstreamer-1.0"
    exit 0
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for program in tests/peers/*.c; do
    name=$(basename "$program" .c)
    if tests/peers/run-both.sh "$program" >"$log" 2>&1; then
        echo "ok $(tail -n 1 "$log")"
    else
        sed 's/^/    /' "$log" | head -n 60
        echo "FAIL $name: GStreamer and GstMini differ, see above"
    fi
done
