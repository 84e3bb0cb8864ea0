#!/bin/bash
# Two short inputs, on the heap as it is and on one with a planted bug: a contract must
# hold there and not here.  And nothing is left behind, also after an interruption.
set -eu
inputs=(fuzz/corpus/core/seed_one_by_one fuzz/corpus/core/seed_zero)
/usr/bin/python3 -B - <<'PYTHON'
import os, pathlib, sys
sys.path.insert(0, "fuzz")
import planted
planted.plant(planted.read(pathlib.Path("fuzz/planted/lost_block.bug")), pathlib.Path(os.environ["TEST_TMPDIR"]) / "bug")
PYTHON
mkdir "$TEST_TMPDIR/here" "$TEST_TMPDIR/scratch"
contracts=$PWD/fuzz/contracts.py inputs=("${inputs[@]/#/$PWD/}")
cd "$TEST_TMPDIR/here"
export TMPDIR=$TEST_TMPDIR/scratch

/usr/bin/python3 -B "$contracts" "${inputs[@]}"
! /usr/bin/python3 -B "$contracts" --alloc "$TEST_TMPDIR/bug" "${inputs[@]}" >"$TEST_TMPDIR/log" 2>&1
grep -A3 ': Error: .* failed:' "$TEST_TMPDIR/log"
! timeout 1 /usr/bin/python3 -B "$contracts" "${inputs[@]}" # interrupts E-ACSL
left=$(find "$TEST_TMPDIR/here" "$TMPDIR" -mindepth 1)
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
