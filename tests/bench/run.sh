#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh [RUNS [ROW]]: builds core.c against GstMini and GStreamer, runs the two in turn RUNS
# times (5) and prints the median of each row in nanoseconds, and how much faster GstMini is.
# Without GStreamer here the second column stays empty. ROW: only rows that contain it.
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-5}
[ $# -gt 0 ] && shift
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
BUILD_ONLY=$out CFLAGS="${CFLAGS:--O2 -DG_DISABLE_CAST_CHECKS}" tests/peers/run-both.sh tests/bench/core.c ||
    { rc=$?; [ $rc -eq 77 ] || exit $rc; }
i=0
while [ $i -lt "$runs" ]; do
    for side in gm gst; do
        [ ! -x "$out/$side" ] || "$out/$side" "$@" | sed "s/^/$side\t/" >> "$out/all"
    done
    i=$((i + 1))
done
# Sorted by side, row and figure: the middle one of each run of equal rows is the median.
sort -t "$(printf '\t')" -k1,1 -k3,3 -k2,2n "$out/all" | awk -F '\t' '
    { n[$1, $3]++; v[$1, $3, n[$1, $3]] = $2 }
    END { for (k in n) { split(k, p, SUBSEP); m[k] = v[k, int((n[k] + 1) / 2)]; names[p[2]] = 1 }
          for (name in names) {
              a = m["gm", name]; b = m["gst", name]
              printf "%s\t%.1f\t%s\t%s\n", name, a, b == "" ? "-" : sprintf("%.1f", b),
                     b == "" ? "-" : sprintf("%.2f", b / a) } }' > "$out/rows"
printf '%-32s %10s %10s %7s\n' "ns, median of $runs" GstMini GStreamer ratio
cut -f 3 "$out/all" | awk '!seen[$0]++' | while IFS= read -r name; do
    grep -F "$name	" "$out/rows" | awk -F '\t' '{ printf "%-32s %10s %10s %7s\n", $1, $2, $3, $4 }'
done
