#!/bin/bash
# replay_test.sh NAME TARGET...: runs each target's corpus, once, on NAME_TARGET; it must
# end well, and say how many calls it made.
set -eu
name=$1
shift
fixed=()
setarch -R true 2>/dev/null && fixed=(setarch -R) # sanitizers want fixed places in memory
for target; do
  "${fixed[@]}" "fuzz/${name}_$target" "fuzz/corpus/$target" | tee "$TEST_TMPDIR/out"
  grep -q 'inputs, [1-9]' "$TEST_TMPDIR/out"
done
