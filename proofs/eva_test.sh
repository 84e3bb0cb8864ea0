#!/bin/bash
# Eva's alarms in alloc/ are discharged; and one is told that is not, planted: a variable that may not be set.
set -u
PYTHONPATH=$PWD/proofs /usr/bin/python3 -BP proofs/eva.py || exit 1
copy=$TEST_TMPDIR/copy
mkdir "$copy"
cp -rL alloc spec proofs tests "$copy/"
chmod -R u+w "$copy"
sed -i 's/  uint32_t g = bit_lowest(s->top\[i\]);/  uint32_t g; if (s->top[i] != 5) g = bit_lowest(s->top[i]);/' "$copy/alloc/set.h"
cmp -s alloc/set.h "$copy/alloc/set.h" && { echo "FAIL: nothing was planted"; exit 1; }
cd "$copy" && /usr/bin/python3 -B proofs/eva.py set_test
[ $? -eq 1 ] || { echo "FAIL: a variable that may not be set was not told"; exit 1; }
