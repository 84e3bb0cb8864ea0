#!/bin/bash
# The trusted list is complete; and in a copy, each assumption that is planted is refused.
set -u
failed=0

plant() { # WHAT FILE SED UNIT MESSAGE
  rm -rf "$TEST_TMPDIR/copy"
  mkdir "$TEST_TMPDIR/copy"
  cp -rL alloc spec proofs "$TEST_TMPDIR/copy/"
  chmod -R u+w "$TEST_TMPDIR/copy"
  sed -i "$3" "$TEST_TMPDIR/copy/$2"
  if cmp -s "$2" "$TEST_TMPDIR/copy/$2"; then
    echo "FAIL: not planted: $1"
    failed=1
    return
  fi
  (cd "$TEST_TMPDIR/copy" && /usr/bin/python3 -B proofs/trusted.py --units "$4") > "$TEST_TMPDIR/log" 2>&1
  if [ $? -ne 1 ] || ! grep -q "^FAIL: $2:[0-9]*: not tagged as trusted: $5" "$TEST_TMPDIR/log"; then
    echo "FAIL: $1: not refused"
    tail -3 "$TEST_TMPDIR/log"
    failed=1
  else
    echo "ok: $1: $(grep -m1 "^FAIL: $2:.*$5" "$TEST_TMPDIR/log")"
  fi
}

plant "a cast to a number" alloc/misuse.c 's/^  abort();/  if ((unsigned long)p % 2) abort();\n&/' misuse 'a cast'
plant "a cast to a pointer" alloc/misuse.c 's/^  abort();/  if ((char *)(long)sizeof call == p) abort();\n&/' misuse 'a cast'
plant "a tag that goes" alloc/space.h 's| /\* trusted: space_offset, by wrapping round \*/||' space 'code that'
plant "a built-in" alloc/misuse.c 's/^  abort();/  __builtin_trap();/' misuse 'the built-in'
plant "assembly" alloc/misuse.c 's/^  abort();/  __asm__("");\n&/' misuse 'assembly'
plant "a system call" alloc/misuse.c 's/^  abort();/  fsync(2);\n&/' misuse 'a call of fsync'
plant "a prototype without a body" alloc/misuse.h '$a void misuse_more(int n);' misuse 'misuse_more has no body'
plant "a contract that goes" alloc/misuse.h '/^\/\*@/,/\*\//d' raw 'misuse_report has no contract'
plant "a hidden precondition" alloc/large.c 's|^    ensures PM_DEBUG_02_space|    requires hidden: allocator->ctx != \\null;\n&|' large 'large_place requires more'
plant "a prototype for Frama-C alone" alloc/misuse.c '1i #ifdef __FRAMAC__\nint nothing(int n);\n#endif' misuse 'a prototype for Frama-C'
plant "code that Frama-C does not see" alloc/misuse.c 's/^  abort();/#ifndef __FRAMAC__\n&\n#endif/' misuse 'code that'
plant "a function without goals" alloc/misuse.c '$a int misuse_not(int n) { return n; }' misuse 'misuse_not has no goals'
plant "a function without a contract" alloc/debug.c '$a int debug_more(int n) { return n; }' debug 'debug_more has no goals'
plant "a call of what is not proved" alloc/debug.c 's/^  m.kind = m.freed ?/  large_new(NULL, 0);\n&/' debug 'a call of large_new'
plant "a left-out function without a tag" alloc/out.c 's| /\* trusted: a text is.*||' out 'text_next has no goals'
plant "an axiom" spec/region.acsl.h '$a /*@ axiomatic a { axiom b: 1 == 2; } */' region 'an axiom'
plant "an axiom among declarations" spec/out.acsl.h 's/^      logic char text_char(char \*p);/&\n      axiom no: \\false;/' out 'an axiom'
plant "other declarations" spec/region.acsl.h '$a /*@ axiomatic a { logic integer b; } */' region 'the axiomatic block a'
plant "an admitted assertion" alloc/misuse.c 's/^  abort();/  \/\/@ admit no: \\false;\n&/' misuse 'an admit'
plant "a lemma that is not proved" spec/region.acsl.h '$a /*@ lemma no: \\forall integer i; i == 0; */' region 'the lemma no'
plant "a ghost prototype" alloc/misuse.h '$a /*@ ghost\n  /@ ensures \\false; @/\n  void no(void);\n*/' misuse 'a ghost prototype'

PYTHONPATH=$PWD/proofs /usr/bin/python3 -BP proofs/trusted.py || failed=1
exit $failed
