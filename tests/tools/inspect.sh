#!/bin/sh
# SPDX-License-Identifier: MIT
#
# inspect: what gstmini-inspect prints and how it ends.
. "$(dirname "$0")/lib.sh"
I=$BIN/gstmini-inspect

check list 0 'coreelements:  fakesink: Fake Sink
coreelements:  queue: Queue' $I
has list-total '^Total count: [0-9]+ plugins?, [0-9]+ features?$'

check queue 0 'Factory Details:
  Rank                     none (0)
  Long-name                Queue
  Klass                    Generic
Plugin Details:
  Name                     coreelements
GmObject
 +----GmElement
       +----GmQueue
Pad Templates:
  SINK template: '"'sink'"'
    Availability: Always
    Capabilities:
      ANY
  SRC template: '"'src'"'
Element has no clocking capabilities.
Pads:
  SINK: '"'sink'"'
    Pad Template: '"'sink'"'
Element Properties:
  leaky               : Where the queue leaks, if at all
  max-size-buffers    : Max. number of buffers in the queue (0=disable)
Element Signals:' $I queue
has queue-range 'Unsigned Integer\. Range: 0 - 4294967295 Default: 200'
has queue-enum '^ +Enum "GmQueueLeaky" Default: "no"'
has queue-nick '^ +\(2\): downstream +- '

check plugin 0 'Plugin Details:
  Name                     coreelements
  fakesrc: Fake Source' $I coreelements
check unknown 255 "No such element or plugin 'qeueu'" $I qeueu
has unknown-hint "did you mean 'queue'"
check exists 0 '' $I --exists queue
check exists-not 1 '' $I --exists nosuch
check exists-version 0 '' $I --exists --atleast-version=0.0.1 queue
check exists-version-not 1 '' $I --exists --atleast-version=99.0 queue
check exists-bad-version 1 '' $I --exists --atleast-version=x queue
check print-all 0 'queue: Factory Details:
queue:   Long-name                Queue' $I --print-all

if command -v python3 >/dev/null; then
    for args in '' queue; do
        run 0 $I --json $args && python3 - "$WORK/out" <<'PY' && ok "json $args" || fail "json $args" ''
import json, sys
data = json.load(open(sys.argv[1]))
queue = data if isinstance(data, dict) else [e for e in data if e["name"] == "queue"][0]
assert queue["long-name"] == "Queue" and queue["plugin"] == "coreelements"
if isinstance(data, dict):
    leaky = [p for p in queue["properties"] if p["name"] == "leaky"][0]
    assert [v["nick"] for v in leaky["values"]] == ["no", "upstream", "downstream"]
PY
    done
fi
finish
