# SPDX-License-Identifier: MIT
#
# lib: for the tests of the tools. Each check runs one command line and prints "ok NAME" or
# "FAIL NAME" and what was there instead. Sourced by *.sh here; BIN is the directory of tools.

BIN=${BIN:-${BUILD:-build}/bin}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
failures=0

ok()   { printf 'ok %s\n' "$1"; }
fail() {
    printf 'FAIL %s: %s\n' "$1" "$2"
    sed 's/^/    /' "$WORK/out" "$WORK/err"
    failures=$((failures + 1))
}

# run STATUS COMMAND…: runs it (at most 20 s); its status must be STATUS.
run() {
    want=$1
    shift
    status=0
    timeout 20 "$@" >"$WORK/out" 2>"$WORK/err" </dev/null || status=$?
    [ "$status" = "$want" ]
}

# check NAME STATUS LINES COMMAND…: status as given, and each line of LINES stands, as a whole
# line and in that order, in what the command prints (standard output, then standard error).
check() {
    name=$1 want=$2 lines=$3
    shift 3
    if ! run "$want" "$@"; then
        fail "$name" "status $status, not $want"
        return
    fi
    cat "$WORK/out" "$WORK/err" >"$WORK/all"
    printf '%s\n' "$lines" >"$WORK/lines"
    missing=$(awk 'NR == FNR { want[++n] = $0; next }
                   at < n && $0 == want[at + 1] { at++ }
                   END { if (at < n) print want[at + 1] }' "$WORK/lines" "$WORK/all")
    if [ -n "$missing" ]; then
        fail "$name" "no line: $missing"
    else
        ok "$name"
    fi
}

# has NAME PATTERN / hasnt: the last output matches the pattern (grep -E), or does not.
has()   { if grep -qE "$2" "$WORK/out" "$WORK/err"; then ok "$1"; else fail "$1" "no $2"; fi; }
hasnt() { if grep -qE "$2" "$WORK/out" "$WORK/err"; then fail "$1" "there is $2"; else ok "$1"; fi; }

finish() { [ "$failures" = 0 ]; }
