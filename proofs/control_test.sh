#!/bin/bash
# Plants bugs in a copy of the core and of the debug layer, and false claims in the clients, one at a
# time, and wants each refused by prove.py; wants a file that does not parse to be an error; and the copy itself to pass.
set -u
failed=0
plants=0
touch "${TEST_SHARD_STATUS_FILE-/dev/null}" # Bazel may run it as several tests, of some of the plants each

copy() {
  rm -rf "$TEST_TMPDIR/copy"
  mkdir "$TEST_TMPDIR/copy"
  cp -rL alloc spec proofs "$TEST_TMPDIR/copy/"
  chmod -R u+w "$TEST_TMPDIR/copy"
}

expect() { # STATUS WHAT FUNCTION FILE
  local status
  (cd "$TEST_TMPDIR/copy" && /usr/bin/python3 proofs/prove.py check "$4" --functions "$3") \
    > "$TEST_TMPDIR/log" 2>&1
  status=$?
  if [ $status -ne "$1" ]; then
    echo "FAIL: $2: status $status, expected $1"
    tail -5 "$TEST_TMPDIR/log"
    failed=1
  else
    echo "ok: $2: status $status: $(grep -m1 -E 'FAIL|prove:|syntax' "$TEST_TMPDIR/log")"
  fi
}

plant() { # WHAT FILE SED FUNCTION [STATUS [CHECKED]]
  plants=$((plants + 1))
  [ $((plants % ${TEST_TOTAL_SHARDS-1})) -eq "${TEST_SHARD_INDEX-0}" ] || return
  copy
  before=$(cat "$TEST_TMPDIR/copy/$2")
  sed -i "$3" "$TEST_TMPDIR/copy/$2"
  [ "$before" != "$(cat "$TEST_TMPDIR/copy/$2")" ] || { echo "FAIL: not planted: $1"; failed=1; return; }
  expect "${5-1}" "$1" "$4" "${6-heap.c}"
}

plant "a class too small" alloc/block.h 's/return (n - 1) \/ GRANULE;/return n \/ GRANULE;/' class_of
plant "a file that does not parse" alloc/heap.c 's/^uint64_t heap_refill/uint64_t heap_refill(/' bit_clear 2
plant "the trailing pad is not looked at" alloc/frame.h 's/if (word_get(tail) != f.pad) return FRAME_BAD_TRAILING;//' \
  frame_check 1 frame.c

plant "a misuse is said to be another" alloc/space.c \
  's/why == HEAP_NOT_LIVE ? MISUSE_NOT_LIVE/why == HEAP_NOT_LIVE ? MISUSE_FOREIGN/' refuse 1 space.c
plant "memory that should go back stays" alloc/space.c 's/if (attended == HEAP_FREED_RELEASE)$/if (false)/' \
  space_free_rest 1 space.c
plant "small requests go to the large allocator" alloc/space.c 's/^  if (n <= SMALL_MAX) {/  if (n <= SMALL_MAX \&\& space->large == NULL) {/' \
  space_malloc_rest 1 space.c
plant "a realloc of what is freed gives none" alloc/space.c 's/if (size == 0) refuse_realloc(space, p);/if (size == 0) return NULL;/' \
  space_realloc 1 space.c
plant "pools without their space" alloc/select.c 's/{&process_space, space_malloc,/{NULL, space_malloc,/' select_allocator 1 select.c
plant "a call by another name" alloc/raw.c 's/"PyMem_RawRealloc"/"PyMem_RawFree"/' raw_realloc 1 raw.c

plant "a report says that a wrong byte is right" alloc/report.c 's/byte == wanted ? row_right/byte != wanted ? row_right/' \
  out_row 1 report.c
plant "a misuse in other words" alloc/misuse.c 's/misuse_words\[what\]);/misuse_words[0]);/' misuse_report 1 misuse.c
plant "a text that is not written" alloc/misuse.c '/^  out_flush(&out);/d' misuse_report 1 misuse.c
plant "a text from its second character on" alloc/out.c 's/^  for (size_t done = 0;/  for (size_t done = 1;/' out_flush 1 out.c
plant "a number with a zero before it" alloc/out.c 's/out_number(out, arg, 10, 1)/out_number(out, arg, 10, 2)/' out_arg 1 out.c

plant "an object of no bytes" alloc/object.c 's/bytes == 0 ?/bytes != 0 ?/' pymalloc_PyObject_NewVar 1 object.c

claim() { # WHAT CLIENT FUNCTION SED
  plant "a client's claim: $1" "proofs/clients/$2" "$4" "$3" 1 "$2"
}

claim "offsets in one another" numbers.c two_offsets 's/a + class_bytes(c) <= b ||/a + class_bytes(c) < b ||/'
claim "a second free frees" numbers.c free_again 's/told: first ==> second == HEAP_NOT_LIVE ||.*/told: first ==> second == HEAP_FREED;/'
claim "memory that goes back is of a pool that is kept" numbers.c looked_at 's/offered(h, SET_BARE, p) \&\& h->idle/offered(h, SET_IDLE, p) \&\& h->idle/'
claim "freed blocks are live" numbers.c get_and_give 's/ensures empty: \\forall integer p, b; !live/ensures full: \\forall integer p, b; live/'
claim "one pool less is enough" numbers.c bounded 's/room: n <= h->pools - h->opened;/room: n <= h->pools - h->opened + 1;/'
claim "a word never has room again" numbers.c steady 's/assert again: got;/assert again: !got;/'
claim "one byte more" bytes.c two_blocks 's/\\separated(p + (0 .. any_bytes(n) - 1)/\\separated(p + (0 .. any_bytes(n))/'
claim "what was written is gone" bytes.c two_contents "s/assert kept: p\[i\] == 'a';/assert kept: p[i] != 'a';/"
claim "ones" bytes.c cleared 's/assert zero: \(.*\) == 0;/assert zero: \1 == 1;/'
claim "another content" bytes.c resized "s/==> q\[i\] == 'a';/==> q[i] == 'b';/"
claim "three quarters are enough to stay" bytes.c fits 's/384 < n <= 512/383 < n <= 512/'
claim "more than realloc was asked for" bytes.c longer 's/all_a(\\result, n + 1);/all_a(\\result, n + 2);/'
claim "a block freed twice is always of a pool in use" bytes.c freed_twice 's/ || said_what == MISUSE_NOT_BLOCK)/)/'
claim "another kind of misuse" bytes.c foreign 's/exits told: spoken{Pre,Post} ==> said(MISUSE_FOREIGN/exits told: spoken{Pre,Post} ==> said(MISUSE_NOT_LIVE/'
claim "a block one byte on" bytes.c buffered 's/<= size \&\& p == buffer + o;/<= size \&\& p == buffer + o + 1;/'
claim "a freed block is live" bytes.c freed 's/block_at{wrote}(s, q, a, b) \&\& !live/block_at{wrote}(s, q, a, b) \&\& live/'
copy
expect 0 "nothing planted" bit_clear,class_of,set_add heap.c
expect 0 "nothing planted in the layer" frame_check frame.c
expect 0 "nothing planted in a client" two_blocks bytes.c
exit $failed
