#!/bin/bash
# SPDX-License-Identifier: MIT
#
# videotestsrc.sh: pictures, caps and times of videotestsrc against the real one, byte for byte.
#
# Each line of the matrix (a pattern with its properties) is one process on each side that writes
# a file for every format and size. MALLOC_PERTURB_=255 makes fresh memory zero on the real side
# (without the per-thread cache, which forgets to), where the bytes that pad odd rows are never
# written; GstMini writes zeros there.
launch=${BUILD:-build}/bin/gstmini-launch
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export MALLOC_PERTURB_=255 GLIBC_TUNABLES=glibc.malloc.tcache_count=0

all='ABGR64_LE ARGB ABGR BGRA RGBA Y444 GRAY16_LE xRGB xBGR RGBx BGRx Y42B UYVY YUY2 NV12 NV21 I420 YV12 RGB BGR GRAY8'
few='I420 YUY2 RGB BGR GRAY8 NV12 Y42B'
sizes='64x48 37x29 8x7'

# same_file F WIDTH A B: identical, but for one byte: of a picture that does not change GStreamer sends
# copies, and its copy of YUY2 and UYVY rows of odd width stops before the V of the last pixel.
same_file()
{
    [ -s "$3" ] || return 1
    cmp -s "$3" "$4" && return 0
    case $1$(($2 % 2)) in YUY21|UYVY1) ;; *) return 1 ;; esac
    local row="-An -v -tx1 -w$((($2 + 1) * 2))"
    # shellcheck disable=SC2086
    cmp -s <(od $row "$3" | cut -c "1-$(($2 * 6))") <(od $row "$4" | cut -c "1-$(($2 * 6))")
}

# compare NAME FRAMES FORMATS SIZES EXTRA-CAPS PROPERTIES…
compare()
{
    local name=$1 n=$2 formats=$3 sizes=$4 extra=$5 f s line_gst='' line_gm='' bad=''
    shift 5
    for f in $formats; do
        for s in $sizes; do
            local caps="video/x-raw,format=$f,width=${s%x*},height=${s#*x}$extra"
            local head="videotestsrc num-buffers=$n $* ! $caps ! filesink location=$dir"
            line_gst="$line_gst $head/gst-$f-$s"
            line_gm="$line_gm $head/gm-$f-$s"
        done
    done
    # shellcheck disable=SC2086
    timeout 120 gst-launch-1.0 -q $line_gst >"$dir/log" 2>&1 || { echo "FAIL $name: gst-launch: $(tail -n 1 "$dir/log")"; return; }
    # shellcheck disable=SC2086
    timeout 120 "$launch" -q $line_gm >"$dir/log" 2>&1 || { echo "FAIL $name: gstmini-launch: $(tail -n 1 "$dir/log")"; return; }
    local files=0
    for f in $formats; do
        for s in $sizes; do
            files=$((files + 1))
            same_file "$f" "${s%x*}" "$dir/gst-$f-$s" "$dir/gm-$f-$s" || bad="$bad $f-$s"
        done
    done
    if [ -z "$bad" ]; then echo "ok $name ($files formats and sizes, $n frames)"
    else echo "FAIL $name:$bad"; fi
    rm -f "$dir"/gst-* "$dir"/gm-*
}

for p in smpte black white red green blue; do
    compare "pattern=$p" 3 "$all" "$sizes" '' pattern=$p
done
for p in snow checkers-1 checkers-2 checkers-4 checkers-8 circular blink smpte75 zone-plate gamut \
         chroma-zone-plate solid-color ball smpte100 bar pinwheel spokes gradient colors \
         smpte-rp-219; do
    compare "pattern=$p" 3 "$few" '64x48 101x67' '' pattern=$p
done
compare 'full size' 2 'I420 YUY2 RGB BGR GRAY8' '320x240 1280x720' '' pattern=smpte
compare 'chroma sited as mpeg2' 2 'I420 YUY2 Y42B NV12' "$sizes 2x2 3x3 1x1" ,chroma-site=mpeg2 pattern=smpte
compare 'chroma sited as jpeg' 2 'I420 YUY2 Y42B NV12' "$sizes 2x2 3x3 1x1" ,chroma-site=jpeg pattern=checkers-1
compare 'chroma co-sited' 2 'I420 YUY2' "$sizes" ,chroma-site=cosited pattern=snow
compare 'bt709' 2 'I420 YUY2 GRAY8' "$sizes" ,colorimetry=bt709 pattern=smpte75
compare 'interlaced' 2 'I420 YUY2' '64x48 37x30' ,interlace-mode=interleaved pattern=smpte
compare 'colours' 2 "$few" "$sizes" '' pattern=solid-color foreground-color=0xff336699
compare 'colours bt709' 2 'I420 Y444' "$sizes" ,colorimetry=bt709 pattern=gradient foreground-color=0xff12ab80 background-color=0xff805511
compare 'alpha' 2 'ARGB RGBA BGRA ABGR RGBx' "$sizes" '' pattern=bar foreground-color=0x80336699
compare 'scrolling' 4 "$few" "$sizes" '' pattern=smpte horizontal-speed=5
compare 'scrolling back' 4 'I420 RGB' "$sizes" '' pattern=colors horizontal-speed=-7
compare 'ball sweeps' 70 'I420 RGB' '64x48 99x77' '' pattern=ball motion=sweep flip=true
compare 'ball sweeps by half' 40 'I420 RGB' '64x48 99x77' '' pattern=ball motion=hsweep
compare 'ball waves' 120 'I420 RGB' '64x48 99x77' '' pattern=ball flip=true
compare 'zone plate' 5 'I420 RGB' '64x48 99x77' '' pattern=zone-plate k0=3 kx=5 ky=7 kt=11 kxt=1 kyt=2 kxy=9 kx2=20 ky2=20 kt2=1 xoffset=4 yoffset=-3
compare 'chroma zone plate' 5 'I420 RGB' '64x48 99x77' '' pattern=chroma-zone-plate kx2=20 ky2=20 kt=3

# caps, and what the buffers say, line by line (type names and identity's addresses apart)
log()
{
    local tool=$1
    shift
    timeout 60 "$tool" -v "$@" 2>&1 | sed -nE 's/.*VideoTestSrc[^ ]*: caps = (.*)/caps \1/p;
        s/.*last-message = .*(\([0-9]+ bytes.*)/\1/p' |
        sed -E 's/0x[0-9a-f]+//g; s/flags:.*//; s/, none,? *$//; s/, meta: .*//' | sort -u
}
same()
{
    local name=$1
    shift
    log gst-launch-1.0 "$@" >"$dir/a"
    log "$launch" "$@" >"$dir/b"
    if [ ! -s "$dir/a" ]; then echo "FAIL $name: no output of gst-launch-1.0"
    elif cmp -s "$dir/a" "$dir/b"; then echo "ok $name"
    else echo "FAIL $name: $(diff "$dir/a" "$dir/b" | head -n 6 | tr '\n' '|')"; fi
}
same 'caps' videotestsrc num-buffers=1 ! fakesink
same 'caps without format' videotestsrc num-buffers=1 ! video/x-raw,width=17 ! fakesink
same 'caps of a choice' videotestsrc num-buffers=1 ! 'video/x-raw,format=(string){GRAY8,I420,RGB},framerate=[20/1,25/1]' ! fakesink
same 'caps with alpha' videotestsrc num-buffers=1 foreground-color=0x80ffffff ! 'video/x-raw,format=(string){GRAY8,I420,BGRA}' ! fakesink
same 'colorimetry of a choice' videotestsrc num-buffers=1 ! 'video/x-raw,format=I420,colorimetry=(string){bt709,bt601},chroma-site=(string){jpeg,mpeg2}' ! fakesink
same 'times' videotestsrc num-buffers=7 ! video/x-raw,format=GRAY8,width=16,height=16,framerate=30000/1001 ! fakesink silent=false
same 'times with offset' videotestsrc num-buffers=3 timestamp-offset=123456789 ! video/x-raw,format=GRAY8,width=16,height=16 ! fakesink silent=false
same 'a still' videotestsrc num-buffers=3 ! video/x-raw,format=GRAY8,width=16,height=16,framerate=0/1 ! fakesink silent=false

here=$(dirname "$0")
if "$here/run-both.sh" "$here/videotestsrc_seek.c" >"$dir/log" 2>&1; then echo "ok seeks forward and backward"
else echo "FAIL seeks forward and backward: $(head -n 12 "$dir/log" | tr '\n' '|')"; fi
