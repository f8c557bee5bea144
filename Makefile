# GstMini. Two commands need nothing but a Debian or Ubuntu machine with gcc, make and apt:
#
#   make demo     installs what is missing, builds, runs the main job in the terminal
#   make test     likewise for the tests, then runs them
#
# Everything lands in $(BUILD); another compiler or sanitizer gets a BUILD of its own. `make help`
# lists the rest.

VERSION  = 0.1.0
BUILD    ?= build
PREFIX   ?= /usr/local
OPT      ?= -O2 -g
SANITIZE ?=
ifeq ($(origin CC),default)
CC = gcc
endif
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wpointer-arith -Wvla -Wundef -Werror
CFLAGS_ALL = -std=c11 -D_GNU_SOURCE -DGM_VERSION_STRING='"$(VERSION)"' $(WARN) $(OPT) $(SANITIZE) \
             -fPIC -fno-semantic-interposition -pthread -Isrc -MMD -MP $(CFLAGS)
LDLIBS_ALL = $(SANITIZE) -pthread -ldl -lm $(LDFLAGS)

# ---- optional libraries: an element whose library is absent is not built -------------------

have = $(shell printf '\043include <$(1)>\nint main(void){return 0;}\n' | \
         $(CC) -x c - $(2) -o /dev/null 2>/dev/null && echo 1 || echo 0)
HAVE_PNG := $(call have,png.h,-lpng)

# Criterion runs the unit tests, except under a sanitizer or where it is not installed: there
# tests/plain stands in for it (its comment says why).
HAVE_CRITERION := $(if $(strip $(SANITIZE)),0,$(call have,criterion/criterion.h,-lcriterion))
ifeq ($(HAVE_CRITERION),1)
UNIT_LIBS = -lcriterion
else
UNIT_CFLAGS = -Itests/plain
endif

ELEMENT_SRC := $(wildcard src/elements/*.c) $(wildcard src/elements/*/*.c)
CFLAGS_ALL += -DHAVE_PNG=$(HAVE_PNG)
ifeq ($(HAVE_PNG),1)
LDLIBS_ALL += -lpng
else
ELEMENT_SRC := $(filter-out src/elements/image/png%,$(ELEMENT_SRC))
endif

# ---- what is built ---------------------------------------------------------------------

LIB_SRC  := $(wildcard src/core/*.c src/core/base/*.c src/video/*.c src/audio/*.c src/check/*.c) \
            $(ELEMENT_SRC)
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o)
TOOLS    := $(patsubst src/tools/%.c,$(BUILD)/bin/%,$(wildcard src/tools/gstmini-*.c))
EXAMPLES := $(patsubst examples/%.c,$(BUILD)/examples/%,$(wildcard examples/[0-9]*.c))
UNIT     := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_*.c))
STRESS   := $(patsubst tests/stress/%.c,$(BUILD)/tests/stress/%,$(wildcard tests/stress/*.c))
FUZZ     := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/*.c))
LIB_A    := $(BUILD)/lib/libgstmini.a
LIB_SO   := $(BUILD)/lib/libgstmini.so
PC       := $(BUILD)/lib/pkgconfig/gstmini-uninstalled.pc

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all lib tools examples help
all: lib tools examples $(PC)
lib: $(LIB_A) $(LIB_SO)
tools: $(TOOLS)
examples: $(EXAMPLES)

# What the machine has may change between two calls (make demo installs libpng): then all that was
# compiled without it is compiled anew.
$(BUILD)/config: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(OPT) $(SANITIZE) png=$(HAVE_PNG) criterion=$(HAVE_CRITERION)' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
.PHONY: FORCE
FORCE:

$(BUILD)/%.o: %.c $(BUILD)/config
	@mkdir -p $(@D)
	@echo "CC $<"
	@$(CC) $(CFLAGS_ALL) -c $< -o $@

$(LIB_A): $(LIB_OBJ)
	@mkdir -p $(@D)
	@rm -f $@
	@echo "AR $@"
	@ar rcs $@ $^

$(LIB_SO): $(LIB_OBJ)
	@mkdir -p $(@D)
	@echo "LD $@"
	@$(CC) -shared -Wl,-soname,libgstmini.so -Wl,-Bsymbolic-functions -o $@ $^ $(LDLIBS_ALL)

# Programs link the archive: they start fast and run from anywhere. -rdynamic: a plugin loaded
# with dlopen finds the engine's symbols in the program, so the archive goes in whole.
PROGRAM_LIBS = -Wl,--whole-archive $(LIB_A) -Wl,--no-whole-archive -rdynamic $(LDLIBS_ALL)

$(BUILD)/bin/%: $(BUILD)/src/tools/%.o $(LIB_A)
	@mkdir -p $(@D)
	@$(CC) -o $@ $< $(PROGRAM_LIBS)

$(BUILD)/examples/%: $(BUILD)/examples/%.o $(LIB_A)
	@mkdir -p $(@D)
	@$(CC) -o $@ $< $(LIB_A) $(LDLIBS_ALL)

$(BUILD)/tests/unit/%: CFLAGS_ALL += $(UNIT_CFLAGS)
$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(LIB_A)
	@mkdir -p $(@D)
	@$(CC) -o $@ $< $(PROGRAM_LIBS) $(UNIT_LIBS)

$(BUILD)/tests/stress/%: $(BUILD)/tests/stress/%.o $(LIB_A)
	@mkdir -p $(@D)
	@$(CC) -o $@ $< $(LIB_A) $(LDLIBS_ALL)

# The same inputs, found by libFuzzer (clang) instead of the program's own mutator.
$(BUILD)/tests/libfuzzer/%: tests/fuzz/%.c $(LIB_A)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_ALL) -DFUZZ_LIBFUZZER -fsanitize=fuzzer -o $@ $< $(LIB_A) $(LDLIBS_ALL)

$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(LIB_A)
	@mkdir -p $(@D)
	@$(CC) -o $@ $< $(LIB_A) $(LDLIBS_ALL)

-include $(LIB_OBJ:.o=.d) $(wildcard $(BUILD)/src/tools/*.d $(BUILD)/examples/*.d $(BUILD)/tests/*/*.d)

# ---- install ---------------------------------------------------------------------------

# $(call pc,libdir,includedir,extra cflags): the text of a pkg-config file.
PC_PRIVATE = -pthread -ldl -lm$(if $(filter 1,$(HAVE_PNG)), -lpng)
pc = Name: gstmini\nDescription: GStreamer core, re-implemented small\nVersion: $(VERSION)\n$\
     Cflags: -I$(2)\nLibs: -L$(1) -lgstmini\nLibs.private: $(PC_PRIVATE)\n

$(PC): Makefile $(BUILD)/config
	@mkdir -p $(@D)
	@printf '$(call pc,$(abspath $(BUILD)/lib),$(abspath src))' > $@

PUBLIC_HEADERS := gstmini.h gstmini-element.h \
    $(patsubst src/%,%,$(filter-out %_priv.h,$(wildcard src/app/*.h src/core/*.h src/core/base/*.h src/video/*.h src/audio/*.h src/check/*.h)))

.PHONY: install uninstall
install: lib tools
	@for h in $(PUBLIC_HEADERS); do \
	  install -D -m 644 src/$$h $(DESTDIR)$(PREFIX)/include/gstmini/$$h; done
	install -D -m 644 $(LIB_A) $(DESTDIR)$(PREFIX)/lib/libgstmini.a
	install -D -m 755 $(LIB_SO) $(DESTDIR)$(PREFIX)/lib/libgstmini.so
	@for t in $(TOOLS); do install -D -m 755 $$t $(DESTDIR)$(PREFIX)/bin/$$(basename $$t); done
	@mkdir -p $(DESTDIR)$(PREFIX)/lib/pkgconfig
	@printf '$(call pc,$(PREFIX)/lib,$(PREFIX)/include/gstmini)' > $(DESTDIR)$(PREFIX)/lib/pkgconfig/gstmini.pc

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/include/gstmini $(DESTDIR)$(PREFIX)/lib/libgstmini.* \
	  $(DESTDIR)$(PREFIX)/lib/pkgconfig/gstmini.pc
	@for t in $(TOOLS); do rm -f $(DESTDIR)$(PREFIX)/bin/$$(basename $$t); done

# ---- the main job ------------------------------------------------------------------------

# make demo INPUT=clip.y4m runs it on a file of yours.
INPUT ?= $(wildcard ../shared/media/pedestrians-320x240-10fps.y4m)
.PHONY: demo
demo: deps-demo
	@$(MAKE) --no-print-directory -s -j2 tools $(BUILD)/examples/20-hls-s3
	@$(BUILD)/examples/20-hls-s3 --live --upload 250
ifneq ($(INPUT),)
	@$(BUILD)/examples/20-hls-s3 --live --input "$(INPUT)"
endif

# ---- tests -----------------------------------------------------------------------------

.PHONY: deps-demo deps-test deps-peers
deps-demo:
	@scripts/install-deps demo
deps-test:
	@scripts/install-deps test
deps-peers:
	@scripts/install-deps peers

# `make test` installs first, then calls itself anew, so that what was just installed is seen.
.PHONY: test check test-peers asan tsan fuzz valgrind headers clang
test: deps-test
	@$(MAKE) --no-print-directory -s -j2 all unit
	@$(MAKE) --no-print-directory check

check: all unit
	@BUILD=$(BUILD) tests/run unit examples tools headers style map

unit: $(UNIT)
stress: $(STRESS)

test-peers: deps-peers
	@$(MAKE) --no-print-directory -s -j2 all
	@BUILD=$(BUILD) tests/run peers

asan:
	@$(MAKE) --no-print-directory -s -j2 BUILD=build-asan OPT="-O1 -g -fno-omit-frame-pointer" \
	  SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=undefined" all unit stress
	@BUILD=build-asan tests/run unit stress examples

tsan:
	@$(MAKE) --no-print-directory -s -j2 BUILD=build-tsan OPT="-O1 -g" SANITIZE="-fsanitize=thread" \
	  all unit stress
	@BUILD=build-tsan tests/run unit stress examples

fuzz:
	@$(MAKE) --no-print-directory -s -j2 BUILD=build-asan OPT="-O1 -g -fno-omit-frame-pointer" \
	  SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=undefined" fuzzers
	@BUILD=build-asan tests/run fuzz
	@command -v clang >/dev/null || { echo 'skip libFuzzer: clang is not installed'; exit 0; }; \
	$(MAKE) --no-print-directory -s -j2 CC=clang BUILD=build-libfuzzer OPT="-O1 -g" \
	  SANITIZE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" libfuzzers && \
	BUILD=build-libfuzzer tests/run libfuzzer
.PHONY: fuzzers libfuzzers unit stress
fuzzers: $(FUZZ)
libfuzzers: $(FUZZ:$(BUILD)/tests/fuzz/%=$(BUILD)/tests/libfuzzer/%)

valgrind: all unit
	@BUILD=$(BUILD) tests/run valgrind

clang:
	@$(MAKE) --no-print-directory -s -j2 CC=clang BUILD=build-clang lib tools examples

headers:
	@BUILD=$(BUILD) tests/run headers

# What hot paths cost, against the real GStreamer where it is installed. RUNS=15 for fewer doubts.
RUNS ?= 5
.PHONY: bench
bench: lib
	@BUILD=$(BUILD) CC="$(CC)" tests/bench/run.sh $(RUNS)

# Lines of code of the engine, blanks and comments not counted, and its longest functions.
.PHONY: size
size:
	@scripts/size

.PHONY: clean
clean:
	rm -rf build build-asan build-tsan build-clang build-libfuzzer

help:
	@echo 'make            build/lib, build/bin, build/examples'
	@echo 'make demo       the main job, in the terminal (INPUT=clip.y4m for a file of yours)'
	@echo 'make test       unit tests, examples, tools, headers, style'
	@echo 'make test-peers against the real GStreamer'
	@echo 'make bench      what hot paths cost, beside GStreamer'
	@echo 'make asan tsan valgrind fuzz clang   heavier checks'
	@echo 'make install PREFIX=/usr/local, make uninstall, make size, make clean'
