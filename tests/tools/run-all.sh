#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run-all: all tests of the tools. BIN=build/bin tests/tools/run-all.sh; status 1 if one failed.
status=0
for test in "$(dirname "$0")"/*.sh; do
    case $test in */run-*.sh | */lib.sh) continue ;; esac
    sh "$test" || status=1
done
exit $status
