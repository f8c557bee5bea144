#!/bin/bash
# SPDX-License-Identifier: MIT
#
# launch: the same line through gstmini-launch and gst-launch-1.0. First group: the files that
# are written must be byte-identical. Second: the exit status, and what standard output says,
# without running times, the new-clock line (an error may come first), addresses and what the two call their types and debug levels.
cd "$(dirname "$0")/../.." || exit 1
GM=${BIN:-${BUILD:-build}/bin}/gstmini-launch
GM=$(realpath "$GM")
GST=gst-launch-1.0
MEDIA=${MEDIA:-$(realpath -m ../shared/media)}
[ -d "$MEDIA" ] || MEDIA=/work/shared/media
if ! command -v $GST >/dev/null; then echo "skip launch: $GST is not installed"; exit 0; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/gm" "$work/gst"

# both NAME LINE…: OUT in the line is a file of each side; all of them must be equal.
both()
{
    local name=$1 side tool rc
    shift
    for side in gm gst; do
        tool=$GM
        [ $side = gm ] || tool=$GST
        rm -f "$work/$side"/*
        # shellcheck disable=SC2086
        (cd "$work/$side" && set -f && timeout 60 $tool -q ${1//OUT/$name} >"$work/$side.log" 2>&1)
        rc=$?
        if [ $rc -ne 0 ]; then
            sed 's/^/    /' "$work/$side.log" | head -n 8
            echo "FAIL $name: $side exits with $rc"
            return
        fi
    done
    if ! ls "$work/gm/$name"* >/dev/null 2>&1; then
        echo "FAIL $name: no file"
    elif diff -rq "$work/gm" "$work/gst" >"$work/diff"; then
        echo "ok $name ($(cat "$work/gm"/* | wc -c) bytes)"
    else
        sed 's/^/    /' "$work/diff"
        cmp "$work/gm/$name" "$work/gst/$name" | sed 's/^/    /'
        echo "FAIL $name: the files differ"
    fi
}

need_media() { [ -e "$MEDIA/$2" ] || { echo "skip $1: no $MEDIA/$2"; return 1; }; }

# shellcheck disable=SC2043
both video "videotestsrc num-buffers=30 ! video/x-raw,format=I420,width=320,height=240,framerate=30/1 ! filesink location=OUT"
for format in GRAY8 RGB YUY2 NV12; do
    both "video-$format" "videotestsrc num-buffers=3 pattern=smpte ! video/x-raw,format=$format,width=324,height=246 ! filesink location=OUT"
done
for pattern in snow black ball checkers-8 circular gradient; do
    both "pattern-$pattern" "videotestsrc num-buffers=5 pattern=$pattern ! video/x-raw,format=I420,width=160,height=120 ! filesink location=OUT"
done
both tee "videotestsrc num-buffers=30 ! video/x-raw,format=I420,width=320,height=240,framerate=30/1 ! tee name=t ! queue ! filesink location=OUT.a t. ! queue ! filesink location=OUT.b"
both identity "videotestsrc num-buffers=5 ! identity ! filesink location=OUT"
for wave in sine silence square saw triangle ticks; do
    both "audio-$wave" "audiotestsrc wave=$wave num-buffers=20 ! audio/x-raw,format=S16LE,rate=44100,channels=1 ! filesink location=OUT"
done
both audio-default "audiotestsrc num-buffers=5 ! filesink location=OUT"
both audio-stereo "audiotestsrc num-buffers=10 samplesperbuffer=441 freq=1000 volume=0.3 ! audio/x-raw,format=S16LE,rate=48000,channels=2 ! filesink location=OUT"
both wav "audiotestsrc num-buffers=20 ! audio/x-raw,format=S16LE,rate=44100,channels=2 ! wavenc ! filesink location=OUT"
head -c 300001 "$GM" >"$work/blob"
both file "filesrc location=$work/blob ! identity ! filesink location=OUT"
both blocks "filesrc location=$work/blob blocksize=777 ! queue ! filesink location=OUT"
both some "filesrc location=$work/blob num-buffers=3 ! filesink location=OUT"
both numbered "filesrc location=$work/blob blocksize=100000 ! multifilesink location=OUT-%03d"
both append "filesrc location=$work/blob blocksize=1000 num-buffers=7 ! identity eos-after=5 ! filesink location=OUT append=true"
if need_media png pedestrians-png; then
    first=$(ls "$MEDIA"/pedestrians-png | head -n 1)
    digits=$(echo "$first" | tr -cd 0-9 | wc -c)
    pattern=$(echo "$first" | sed -E "s/[0-9]+/%0${digits}d/")
    index=$((10#$(echo "$first" | tr -cd 0-9)))
    both png "multifilesrc location=$MEDIA/pedestrians-png/$pattern index=$index caps=image/png,framerate=10/1 ! pngdec ! filesink location=OUT"
fi
if need_media y4m pedestrians-320x240-10fps.y4m; then
    both y4m "filesrc location=$MEDIA/pedestrians-320x240-10fps.y4m ! y4mdec ! filesink location=OUT"
    # After the header, whose chroma site ours keeps (docs/left-out.md), the same again.
    both y4m-again "filesrc location=$MEDIA/pedestrians-320x240-10fps.y4m ! y4mdec ! y4menc ! y4mdec ! filesink location=OUT"
    both y4m-copy "filesrc location=$MEDIA/pedestrians-320x240-10fps.y4m ! identity ! filesink location=OUT"
fi

# What stays different on purpose: docs/left-out.md.
plain()
{
    sed -E -e 's/\bG(st|m)([A-Z])/G_\2/g; s/\bg(st|m)_/g__/g; s/gst(mini)?-launch(-1\.0)?/launch/g' \
        -e '/^Use Windows high-resolution clock/d; /^Redistribute latency/d; /^New clock: /d' \
        -e '/^Execution ended after /s/[0-9:.]+$/TIME/' \
        -e 's/0x[0-9a-f]+/ADDRESS/g' "$1"
}

# status NAME LINE: equal exit status and, unless only_status is set, equal standard output.
only_status=
status()
{
    local name=$1 side tool rc
    shift
    for side in gm gst; do
        tool=$GM
        [ $side = gm ] || tool=$GST
        # shellcheck disable=SC2086
        (cd "$work" && set -f && timeout 20 $tool $1 >"$work/$side.raw" 2>"$work/$side.err" </dev/null)
        rc=$?
        echo "exit status $rc" >>"$work/$side.raw"
        [ -z "$only_status" ] || sed -i '$!d' "$work/$side.raw"
        plain "$work/$side.raw" >"$work/$side.out"
    done
    if diff -u --label GStreamer --label GstMini "$work/gst.out" "$work/gm.out" >"$work/diff"; then
        echo "ok says-$name ($(tail -n 1 "$work/gm.out"))"
    else
        sed 's/^/    /' "$work/diff"
        echo "FAIL says-$name: output or exit status differ"
    fi
}

status ok "fakesrc num-buffers=5 ! fakesink"
status queue "fakesrc num-buffers=5 ! queue ! fakesink"
status quiet "-q fakesrc num-buffers=5 ! fakesink"
status live "fakesrc num-buffers=2 is-live=true ! fakesink"
status no-preroll-needed "fakesrc num-buffers=2 ! fakesink async=false"
status messages "-m fakesrc num-buffers=0 ! fakesink name=k state-error=ready-to-paused"
status missing-element "fakesrc ! nosuchelement ! fakesink"
status missing-first "nosuchelement"
status bad-property "fakesrc nosuch=5 ! fakesink"
status bad-value "fakesrc num-buffers=abc ! fakesink"
status syntax "fakesrc ! ! fakesink"
status no-link "fakesink ! fakesrc"
status unknown-name "fakesrc ! nosuch. fakesink"
status bad-caps "fakesrc ! video/x-raw,width= ! fakesink"
status no-file "filesrc location=/nonexistent/file ! fakesink"
status no-directory "fakesrc num-buffers=1 ! filesink location=/nonexistent/dir/file"
status no-location "filesrc ! fakesink"
# Two threads: how far the state change came is open, the status is not. The second source has no
# end, so that the error cannot be overtaken by an EOS.
only_status=1
status not-linked "fakesrc num-buffers=5 ! identity fakesrc ! fakesink"
only_status=
status not-negotiated "videotestsrc num-buffers=5 ! audio/x-raw ! fakesink"
status caps-refused "videotestsrc num-buffers=5 ! pngdec ! fakesink"
status element-error "fakesrc num-buffers=5 ! identity error-after=2 ! fakesink"
status eos-on-shutdown "-e fakesrc num-buffers=5 ! fakesink"
status empty ""
status unknown-option "--nosuch fakesrc ! fakesink"
status early-eos "fakesrc num-buffers=5 ! identity eos-after=2 ! fakesink"
status verbose "-v fakesrc num-buffers=1 ! fakesink silent=true"
exit 0
