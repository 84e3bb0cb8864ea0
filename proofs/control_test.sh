#!/bin/bash
# Plants three bugs in a copy of the core, one at a time, and wants each refused by
# prove.py; and it wants a tool that is missing, and a file that doesn't parse, to
# be errors.
set -u
failed=0

copy() {
  rm -rf "$TEST_TMPDIR/copy"
  mkdir "$TEST_TMPDIR/copy"
  cp -rL alloc spec proofs "$TEST_TMPDIR/copy/"
  chmod -R u+w "$TEST_TMPDIR/copy"
}

expect() { # STATUS WHAT
  local status
  (cd "$TEST_TMPDIR/copy" && /usr/bin/python3 proofs/prove.py check heap.c) > "$TEST_TMPDIR/log" 2>&1
  status=$?
  if [ $status -ne "$1" ]; then
    echo "FAIL: $2: status $status, expected $1"
    tail -5 "$TEST_TMPDIR/log"
    failed=1
  else
    echo "ok: $2: status $status: $(grep -m1 -E 'FAIL|prove:|syntax' "$TEST_TMPDIR/log")"
  fi
}

plant() { # WHAT FILE SED
  copy
  before=$(cat "$TEST_TMPDIR/copy/$2")
  sed -i "$3" "$TEST_TMPDIR/copy/$2"
  [ "$before" != "$(cat "$TEST_TMPDIR/copy/$2")" ] || { echo "FAIL: not planted: $1"; failed=1; return; }
  expect "${4-1}" "$1"
}

plant "bit_clear clears nothing" alloc/bits.h 's/return w & ~((uint64_t)1 << i);/return w;/'
plant "set_add forgets the leaf" alloc/set.h 's/= bit_set(s->leaf\[a \* SETS + i\], p % 64);/= s->leaf[a * SETS + i];/'
plant "a class too small" alloc/block.h 's/return (n - 1) \/ GRANULE;/return n \/ GRANULE;/'
plant "a file that does not parse" alloc/heap.c 's/^uint64_t heap_refill/uint64_t heap_refill(/' 2
exit $failed
