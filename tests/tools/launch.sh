#!/bin/sh
# SPDX-License-Identifier: MIT
#
# launch: what gstmini-launch prints and how it ends.
. "$(dirname "$0")/lib.sh"
L=$BIN/gstmini-launch

check runs-to-eos 0 'Setting pipeline to PAUSED ...
Pipeline is PREROLLING ...
Pipeline is PREROLLED ...
Setting pipeline to PLAYING ...
Got EOS from element "pipeline0".
Setting pipeline to NULL ...
Freeing pipeline ...' $L fakesrc num-buffers=10 ! queue ! fakesink
has new-clock '^New clock: GstSystemClock$'
has ended-after '^Execution ended after 0:00:0[0-9]\.[0-9]{9}$'

check quiet 0 '' $L -q fakesrc num-buffers=10 ! fakesink
hasnt quiet-is-quiet .

check one-element-in-one-word 0 'Got EOS from element "pipeline0".' \
    $L 'fakesrc num-buffers=3 ! fakesink'
check bin-gets-a-pipeline 0 'Got EOS from element "pipeline0".' \
    $L '( fakesrc num-buffers=3 ! fakesink )'

check typo 1 "WARNING: erroneous pipeline: no element 'qeueu'; did you mean 'queue'?
  fakesrc ! qeueu ! fakesink
            ^" $L fakesrc ! qeueu ! fakesink
check empty 1 'ERROR: pipeline could not be constructed: empty pipeline not allowed' $L
check dangling-link 1 'ERROR: pipeline could not be constructed: syntax error: an element should follow, but the line ends' $L fakesrc !
check unknown-option 1 'gstmini-launch --help shows the options' $L --nonsense
check bad-value 1 '' $L fakesrc num-buffers=x ! fakesink
has bad-value-names-it 'could not set property "num-buffers" in element "fakesrc0" to "x"'

check not-linked 1 'What to try:' $L fakesrc num-buffers=5
has not-linked-why 'reason not-linked \(-1\)'
check no-file 255 'Failed to set pipeline to PAUSED.' $L filesrc location=/nonexistent/x ! fakesink
has no-file-error '^ERROR: from element /GmPipeline:pipeline0/GmFileSrc:filesrc0: .*/nonexistent/x'
has no-file-advice '^What to try:'

check messages 0 '' $L -m fakesrc num-buffers=1 ! fakesink
has message-layout '^Got message #[0-9]+ from element "fakesink0" \(state-changed\): GstMessageStateChanged, old-state=\(GstState\)null, new-state=\(GstState\)ready, pending-state=\(GstState\)void-pending;$'
check verbose 0 '' $L -v fakesrc num-buffers=1 ! video/x-raw,format=GRAY8,width=4,height=4,framerate=1/1 ! fakesink
has verbose-caps '^/GmPipeline:pipeline0/GmFakeSink:fakesink0.GmPad:sink: caps = video/x-raw, '
check exclude 0 '' $L -v -X caps fakesrc num-buffers=1 ! video/x-raw,format=GRAY8,width=4,height=4,framerate=1/1 ! fakesink
hasnt exclude-caps 'caps = '

# Ctrl-C: without -e it stops, with -e EOS goes through first; a second one ends the wait.
interrupt() {
    name=$1
    shift
    # Emptied first: what the last test printed must not be taken for this one's.
    : >"$WORK/out"
    : >"$WORK/err"
    "$@" >"$WORK/out" 2>"$WORK/err" </dev/null &
    pid=$!
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        grep -q 'Setting pipeline to PLAYING\|Still PREROLLING' "$WORK/out" "$WORK/err" && break
        sleep 0.25
    done
    kill -INT $pid
    status=0
    wait $pid || status=$?
    if [ $status = 0 ]; then ok "$name"; else fail "$name" "status $status"; fi
}
interrupt interrupt $L fakesrc ! fakesink
has interrupt-said '^Interrupt: Stopping pipeline ...$'
hasnt interrupt-no-eos 'Got EOS'
interrupt interrupt-eos $L -e fakesrc ! fakesink
has interrupt-eos-forced '^EOS on shutdown enabled -- Forcing EOS on the pipeline$'
has interrupt-eos-done '^EOS received - stopping pipeline...$'

interrupt tee-without-queue $L fakesrc ! tee name=t ! fakesink t. ! fakesink
has tee-advice 'Begin each branch with a queue: t\. ! queue ! '
hasnt tee-never-played 'PREROLLED'

mkdir "$WORK/dot"
GM_DEBUG_DUMP_DOT_DIR=$WORK/dot run 0 $L fakesrc num-buffers=1 ! fakesink
if ls "$WORK/dot" | grep -q 'gstmini-launch.PAUSED_PLAYING.dot$'; then ok dot; else fail dot 'no file'; fi
check version 0 '' $L --version
has version-line '^gstmini-launch version [0-9.]+$'
finish
