#!/bin/bash
# Whatever goes wrong, proofs fail, and say what it was: no prover, one that crashes, no Frama-C or
# a Frama-C that stops, no record, no cache, fewer goals, a file that does not parse, a contract
# that contradicts itself or does not say what changes.  What provers are told is part of the record.
set -u
failed=0

copy() {
  rm -rf "$TEST_TMPDIR/copy" "$TEST_TMPDIR/bin"
  mkdir "$TEST_TMPDIR/copy" "$TEST_TMPDIR/bin"
  cp -rL alloc spec proofs "$TEST_TMPDIR/copy/"
  chmod -R u+w "$TEST_TMPDIR/copy"
}

only() { # PROGRAM...: these are all that there are
  local program
  for program in "$@"; do ln -sf "$(command -v "$program")" "$TEST_TMPDIR/bin/$program"; done
}

fake() { # PROGRAM VERSION-TEXT: one that says its version and crashes otherwise
  printf '#!/bin/bash\n[[ "$*" == *version* ]] && { echo "%s"; exit; }\nkill -SEGV $$\n' "$2" > "$TEST_TMPDIR/bin/$1"
  chmod +x "$TEST_TMPDIR/bin/$1"
}

expect() { # STATUS MESSAGE PATH ARGUMENT...
  local status=$1 message=$2 path=$3 was
  shift 3
  (cd "$TEST_TMPDIR/copy" && PATH=$path /usr/bin/python3 -B proofs/prove.py "$@") > "$TEST_TMPDIR/log" 2>&1
  was=$?
  if [ $was -ne "$status" ] || ! grep -q "$message" "$TEST_TMPDIR/log"; then
    echo "FAIL: $*: status $was, expected $status and: $message"
    tail -5 "$TEST_TMPDIR/log"
    failed=1
  else
    echo "ok: status $was: $(grep -m1 "$message" "$TEST_TMPDIR/log")"
  fi
}

bin=$TEST_TMPDIR/bin
copy
only why3 cvc4 cvc5
expect 2 "the prover z3 is missing" "$bin" check frame.c
only z3
expect 2 "frama-c is missing" "$bin" check frame.c
fake frama-c ""
expect 2 "frama-c failed" "$bin" check frame.c
only frama-c
expect 2 "ocamlopt is missing" "$bin" check frame.c

copy
fake cvc4 "$(cvc4 --version | head -1)"
fake z3 "$(z3 -version)"
fake cvc5 ""
expect 1 "the prover Z3 crashed, on " "$bin:$PATH" live frame.c --functions word_of
expect 1 "crashed, on .*pass as smoke tests" "$bin:$PATH" smoke frame.c --functions frame_total

copy
rm -r "$TEST_TMPDIR/copy/proofs/cache/frame"
expect 2 "the cache of frame.c is missing" "$PATH" check frame.c --functions word_of

copy
rm "$TEST_TMPDIR/copy/proofs/results/frame.json"
expect 2 "nothing is recorded of frame.c" "$PATH" check frame.c --functions word_of

copy
expect 0 "frame.c: nothing has changed since" "$PATH" check frame.c --functions word_of
sed -i 's/"word_of_assigns"/"word_of_assigns", "word_of_more"/' "$TEST_TMPDIR/copy/proofs/results/frame.json"
expect 1 "word_of: no longer there: word_of_more" "$PATH" check frame.c --functions word_of

for told in cvc5.drv near.ml; do
  copy
  echo '(* told otherwise *)' >> "$TEST_TMPDIR/copy/proofs/$told"
  expect 0 "^word_of  *2  *2 " "$PATH" check frame.c --functions word_of
done

copy
sed -i '/ensures PM_DEBUG_02_pad/d; /^static inline uint64_t word_of(/i */' "$TEST_TMPDIR/copy/alloc/frame.h"
expect 1 "word_of: fewer goals than recorded: 1 of 2" "$PATH" check frame.c --functions word_of

copy
sed -i 's/^static inline uint64_t word_of(/&(/' "$TEST_TMPDIR/copy/alloc/frame.h"
expect 2 "frame.c (status 1): it does not parse" "$PATH" check frame.c --functions word_of

copy
sed -i '/^    assigns ANY_BLOCKS, FIRST_USE;$/d' "$TEST_TMPDIR/copy/alloc/mem.h"
expect 2 "object.c: functions without an assigns clause.*pymalloc_PyObject_Malloc" "$PATH" smoke object.c --functions told_if_none

copy
sed -i 's/^    requires from: from <= n;/    requires from: from < n \&\& n < from;/' "$TEST_TMPDIR/copy/alloc/frame.h"
expect 1 "bytes_other: smoke test failed" "$PATH" smoke frame.c --functions bytes_other

copy
sed -i '/^static void word_decides/,$!s/    ensures high: /    ensures never: \\false;\n&/' "$TEST_TMPDIR/copy/alloc/frame.c"
expect 1 "word_decides: smoke test failed: .*dead_call" "$PATH" smoke frame.c --functions frame_decides

copy
sed -i 's/^DEAD = {/&"misuse_report": 1, /' "$TEST_TMPDIR/copy/proofs/wp.py"
expect 1 "misuse_report: 1 smoke tests should fail, and only 0 do" "$PATH" smoke misuse.c

copy
expect 0 "smoke tests: 3 of 3 passed" "$PATH" smoke frame.c --functions frame_total
exit $failed
