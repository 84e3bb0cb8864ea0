#!/bin/bash
# fuzz_test.sh SECONDS TARGET: fuzzes a target for a while, with ASan and UBSan, from its
# corpus.  A finding is kept where Bazel keeps what tests leave.
set -eu
seconds=$1 target=$2
fixed=()
setarch -R true 2>/dev/null && fixed=(setarch -R)
export ASAN_OPTIONS=allocator_may_return_null=1
new=$TEST_TMPDIR/new
mkdir -p "$new"
build=fuzz/address_$target
[ "$target" != differential ] || build=fuzz/fast_$target
"${fixed[@]}" "$build" -max_total_time="$seconds" -timeout=20 -max_len=4096 -print_final_stats=1 \
  -dict="fuzz/dictionaries/$target.dict" -artifact_prefix="${TEST_UNDECLARED_OUTPUTS_DIR:-$new}/" \
  "$new" "fuzz/corpus/$target" 2>"$TEST_TMPDIR/log" || { tail -40 "$TEST_TMPDIR/log"; exit 1; }
grep -E 'number_of_executed_units: *[1-9]' "$TEST_TMPDIR/log"
