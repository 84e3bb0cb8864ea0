#!/bin/bash
# A short campaign in a copy with a planted bug: it must find the bug, say by which rule, show the operations, keep
# the input, and end with status 1.
set -eu
copy=$TEST_TMPDIR/copy
cp -rL "$PWD" "$copy"
/usr/bin/python3 -B - "$copy" <<'PYTHON'
import pathlib, shutil, sys
sys.path.insert(0, "fuzz")
import planted
root = pathlib.Path(sys.argv[1])
for folder in ("alloc", "spec"):
    for path in (root / folder).rglob("*"):
        path.chmod(0o755)
planted.plant(planted.read(pathlib.Path("fuzz/planted/calloc_one_less.bug")), root / "bug")
shutil.copytree(root / "bug", root, dirs_exist_ok=True)
PYTHON
cd "$TEST_TMPDIR"
status=0
/usr/bin/python3 -B "$copy/fuzz/campaign.py" --minutes 0.1 --jobs 1 --dry families >log 2>&1 || status=$?
cat log
[ "$status" = 1 ] || { echo "a campaign that finds a bug ends with status $status, not 1" >&2; exit 1; }
grep -q '^finding: families, PM-CALLOC-02: fuzz-findings/families-crash-' log
grep -A40 '^finding: ' log | grep -q calloc
find fuzz-findings -name 'families-crash-*' -size +0 | grep -q .
