#!/bin/sh
# SPDX-License-Identifier: MIT
#
# install: a program outside of the tree is built with nothing but pkg-config, from what `make
# install` puts down and from the build tree, against the shared library and the archive, with
# each compiler there is.
. "$(dirname "$0")/lib.sh"
BUILD=${BUILD:-build}

cat >"$WORK/app.c" <<'END'
#include <gstmini.h>
int main(int argc, char **argv)
{
    gm_init(&argc, &argv);
    GmElement *pipeline = gm_parse_launch("fakesrc num-buffers=3 ! queue ! fakesink", NULL);
    gm_element_set_state(pipeline, GM_STATE_PLAYING);
    GmBus *bus = gm_element_get_bus(pipeline);
    GmMessage *message = gm_bus_timed_pop_filtered(bus, 10 * GM_SECOND,
                                                   GM_MESSAGE_EOS | GM_MESSAGE_ERROR);
    int status = message == NULL || GM_MESSAGE_TYPE(message) != GM_MESSAGE_EOS;
    if (message != NULL)
        gm_message_unref(message);
    gm_element_set_state(pipeline, GM_STATE_NULL);
    gm_object_unref(bus);
    gm_object_unref(pipeline);
    gm_deinit();
    return status;
}
END
cat >"$WORK/plugin.c" <<'END'
#include <gstmini-element.h>
static GmFlowReturn chain(GmPad *pad, GmObject *parent, GmBuffer *buffer)
{
    (void)pad, (void)parent;
    gm_buffer_unref(buffer);
    return GM_FLOW_OK;
}
static const GmStaticPadTemplate pads[] = {
    { .name_template = "sink", .direction = GM_PAD_SINK, .presence = GM_PAD_ALWAYS,
      .static_caps = "ANY", .chain = chain },
    { 0 },
};
extern const GmElementClass gm_outside_class;
const GmElementClass gm_outside_class = {
    .name = "outside", .type_name = "GmOutside", .parent = &gm_element_class.object, .pads = pads,
};
END

# try NAME COMMAND…: the command succeeds and prints nothing (a warning is a failure, too).
try()
{
    label=$1
    shift
    if run 0 "$@" && ! [ -s "$WORK/err" ]; then ok "$label"; else fail "$label" "$*"; fi
}

# build_all WHERE LIBDIR: every compiler, both kinds of library; PKG_CONFIG_PATH is set.
build_all()
{
    cflags=$(pkg-config --cflags gstmini) libs=$(pkg-config --libs gstmini)
    private=$(pkg-config --static --libs gstmini)
    strict="-std=c11 -Wall -Wextra -Wpedantic -Werror"
    for cc in gcc clang; do
        if ! command -v $cc >/dev/null; then
            echo "skip $1-with-$cc: $cc is not installed"
            continue
        fi
        # shellcheck disable=SC2086
        {
        try "$1-$cc-shared" $cc $strict "$WORK/app.c" -o "$WORK/shared" $cflags $libs
        try "$1-$cc-shared-runs" env LD_LIBRARY_PATH="$2" "$WORK/shared"
        try "$1-$cc-static" $cc $strict "$WORK/app.c" -o "$WORK/static" $cflags \
            -L"$2" -l:libgstmini.a ${private#*-lgstmini}
        try "$1-$cc-static-runs" "$WORK/static"
        try "$1-$cc-element" $cc $strict -fPIC -shared "$WORK/plugin.c" -o "$WORK/plugin.so" $cflags
        }
    done
}

if ! command -v pkg-config >/dev/null; then
    echo "skip install: pkg-config is not installed"
elif [ -n "$GM_SANITIZED" ] || nm "$BUILD/lib/libgstmini.a" 2>/dev/null | grep -qm1 -E '__(asan|tsan)_init'; then
    echo "skip install: a library built with a sanitizer does not link into a plain program"
else
    try install ${MAKE:-make} -s BUILD="$BUILD" PREFIX="$WORK/usr" install
    mv "$WORK/out" "$WORK/install.log"
    PKG_CONFIG_PATH=$WORK/usr/lib/pkgconfig PKG_CONFIG_DISABLE_UNINSTALLED=1
    export PKG_CONFIG_PATH PKG_CONFIG_DISABLE_UNINSTALLED
    build_all installed "$WORK/usr/lib"
    try installed-tool-runs "$WORK/usr/bin/gstmini-launch" -q fakesrc num-buffers=1 ! fakesink

    PKG_CONFIG_PATH=$(cd "$BUILD" && pwd)/lib/pkgconfig
    unset PKG_CONFIG_DISABLE_UNINSTALLED
    build_all uninstalled "$(cd "$BUILD" && pwd)/lib"

    try uninstall ${MAKE:-make} -s BUILD="$BUILD" PREFIX="$WORK/usr" uninstall
    left=$(find "$WORK/usr" ! -type d)
    if [ -z "$left" ]; then ok uninstall-leaves-nothing; else fail uninstall-leaves-nothing "$left"; fi
fi
finish
