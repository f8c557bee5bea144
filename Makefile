# GstMini. The two commands that need nothing but a Debian machine: make demo, make test.
# Everything lands in $(BUILD); another compiler or sanitizer gets another BUILD.

VERSION  = 0.1.0
CC       ?= gcc
BUILD    ?= build
PREFIX   ?= /usr/local
OPT      ?= -O2 -g
SANITIZE ?=
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wpointer-arith -Wvla -Wundef -Werror
CFLAGS_ALL = -std=c11 -D_GNU_SOURCE -DGM_VERSION_STRING='"$(VERSION)"' $(WARN) $(OPT) $(SANITIZE) \
             -fPIC -pthread -Isrc -MMD -MP $(CFLAGS)
LDLIBS_ALL = $(SANITIZE) -pthread -ldl -lm $(LDFLAGS)

# ---- optional libraries: an element whose library is absent is not built -------------------

have = $(shell printf '\043include <$(1)>\nint main(void){return 0;}\n' | \
         $(CC) -x c - $(2) -o /dev/null 2>/dev/null && echo 1 || echo 0)
HAVE_PNG := $(call have,png.h,-lpng)

ELEMENT_SRC := $(wildcard src/elements/*.c) $(wildcard src/elements/*/*.c)
ifeq ($(HAVE_PNG),1)
CFLAGS_ALL += -DHAVE_PNG=1
LDLIBS_ALL += -lpng
PC_LIBS    += -lpng
else
CFLAGS_ALL += -DHAVE_PNG=0
ELEMENT_SRC := $(filter-out src/elements/image/png%,$(ELEMENT_SRC))
endif

# ---- what is built ---------------------------------------------------------------------

LIB_SRC := $(wildcard src/core/*.c src/core/base/*.c src/video/*.c src/check/*.c) $(ELEMENT_SRC)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
TOOLS   := $(patsubst src/tools/%.c,$(BUILD)/bin/%,$(wildcard src/tools/gstmini-*.c))
EXAMPLES := $(patsubst examples/%.c,$(BUILD)/examples/%,$(wildcard examples/[0-9]*.c))
UNIT    := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
LIB_A   := $(BUILD)/lib/libgstmini.a
LIB_SO  := $(BUILD)/lib/libgstmini.so

.DELETE_ON_ERROR:
.PHONY: all lib tools examples
all: lib tools examples $(BUILD)/lib/gstmini-uninstalled.pc
lib: $(LIB_A) $(LIB_SO)
tools: $(TOOLS)
examples: $(EXAMPLES)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -c $< -o $@

$(LIB_A): $(LIB_OBJ)
	@mkdir -p $(@D)
	rm -f $@ && ar rcs $@ $^

$(LIB_SO): $(LIB_OBJ)
	@mkdir -p $(@D)
	$(CC) -shared -Wl,-soname,libgstmini.so -o $@ $^ $(LDLIBS_ALL)

# Programs link the archive: they start fast and run from anywhere; plugins find the engine's
# symbols in the program (-rdynamic).
WHOLE = -Wl,--whole-archive $(LIB_A) -Wl,--no-whole-archive -rdynamic
$(BUILD)/bin/%: $(BUILD)/src/tools/%.o $(LIB_A)
	@mkdir -p $(@D)
	$(CC) -o $@ $< $(WHOLE) $(LDLIBS_ALL)

$(BUILD)/examples/%: $(BUILD)/examples/%.o $(LIB_A)
	@mkdir -p $(@D)
	$(CC) -o $@ $< $(LIB_A) $(LDLIBS_ALL)

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(LIB_A)
	@mkdir -p $(@D)
	$(CC) -o $@ $< $(LIB_A) $(LDLIBS_ALL) -lcriterion

-include $(LIB_OBJ:.o=.d) $(wildcard $(BUILD)/src/tools/*.d $(BUILD)/examples/*.d $(BUILD)/tests/*/*.d)

# ---- tests -----------------------------------------------------------------------------

.PHONY: unit test clean
unit: $(UNIT)
	@set -e; for t in $(UNIT); do $$t --quiet || exit 1; done
test: all unit
clean:
	rm -rf $(BUILD) build-*

# Lines of code of the engine, blanks and comments not counted, and its longest function.
.PHONY: size
size:
	@total=0; for f in $$(ls src/core/*.[ch] src/core/base/*.[ch]); do \
	  n=$$(gcc -fpreprocessed -dD -E -P $$f 2>/dev/null | grep -cv '^[[:space:]]*$$'); \
	  total=$$((total + n)); printf '%6d %s\n' $$n $$f; done; \
	  printf '%6d src/core in all (goal: at most 9400)\n' $$total
