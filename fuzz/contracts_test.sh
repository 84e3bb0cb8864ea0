#!/bin/bash
# Two short inputs, on the heap as it is and on one with a planted bug: a contract must
# hold there and not here.
set -eu
inputs=(fuzz/corpus/core/seed_one_by_one fuzz/corpus/core/seed_zero)
/usr/bin/python3 fuzz/contracts.py "${inputs[@]}"
/usr/bin/python3 -B - <<'END'
import os, pathlib, sys
sys.path.insert(0, "fuzz")
import planted
planted.plant(planted.read(pathlib.Path("fuzz/planted/lost_block.bug")), pathlib.Path(os.environ["TEST_TMPDIR"]) / "bug")
END
! /usr/bin/python3 fuzz/contracts.py --alloc "$TEST_TMPDIR/bug" "${inputs[@]}" >"$TEST_TMPDIR/log" 2>&1
grep -A3 ': Error: .* failed:' "$TEST_TMPDIR/log"
