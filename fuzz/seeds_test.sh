#!/bin/bash
# The seeds among the corpus files, and the dictionaries, are what fuzz/seeds/ says; and
# an input that is shown and built again is the same operations.
set -eu
/usr/bin/python3 fuzz/seeds.py --out "$TEST_TMPDIR/made"
for folder in "$TEST_TMPDIR"/made/corpus/*; do
  target=${folder##*/}
  for seed in "$folder"/*; do
    cmp "$seed" "fuzz/corpus/$target/${seed##*/}" || {
      echo "run: bazel run //fuzz:seeds" >&2
      exit 1
    }
    fuzz/ops show "$seed" >"$TEST_TMPDIR/text"
    fuzz/ops build "$TEST_TMPDIR/text" | fuzz/ops show - | cmp - "$TEST_TMPDIR/text"
  done
  cmp "$TEST_TMPDIR/made/dictionaries/$target.dict" "fuzz/dictionaries/$target.dict"
done
! fuzz/ops build /dev/stdin <<<"malloc size=no" 2>"$TEST_TMPDIR/wrong"
grep -q ':1:' "$TEST_TMPDIR/wrong"
