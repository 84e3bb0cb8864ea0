#!/bin/bash
# Plants bugs in a copy of the core and of the debug layer, and false claims in the clients, each in a function of its
# own, and wants the goal that is false then to be no longer proved; wants a file that does not parse to be an error; and
# the copy itself to pass.  What is planted in one function changes nothing for the others: they are proved from its
# contract.
set -u
failed=0
planted=() # WHAT FUNCTION GOAL CHECKED, one after another
copy=$TEST_TMPDIR/copy log=$TEST_TMPDIR/log
touch "${TEST_SHARD_STATUS_FILE-/dev/null}" # Bazel may run it as several tests, of some of the files each

fresh() {
  rm -rf "$copy"
  mkdir "$copy"
  cp -rL alloc spec proofs "$copy/"
  chmod -R u+w "$copy"
}

fail() {
  echo "FAIL: $1"
  failed=1
}

# For what is false each prover would take all of its time: here it has less, and the rest is proved in that.
check() { # STATUS FILE FUNCTIONS WHAT
  (cd "$copy" && /usr/bin/python3 proofs/prove.py check "$2" --functions "$3" --seconds 2) > "$log" 2>&1
  local status=$?
  [ $status -eq "$1" ] && return
  fail "$4: status $status, expected $1"
  tail -5 "$log"
}

plant() { # WHAT FILE SED FUNCTION GOAL CHECKED: the goal of the function, in the C file CHECKED, which is false then
  local before
  before=$(cat "$copy/$2")
  sed -i "$3" "$copy/$2"
  [ "$(diff <(echo "$before") "$copy/$2" | grep -c '^<')" -eq 1 ] || fail "not planted in one line: $1"
  planted+=("$1" "$4" "$4_$5" "$6")
}

refused() { # FILE: is all that was planted in it?
  local i lost functions=()
  for ((i = 0; i < ${#planted[@]}; i += 4)); do
    [ "${planted[i + 3]}" != "$1" ] || functions+=("${planted[i + 1]}")
  done
  check 1 "$1" "$(IFS=,; echo "${functions[*]}")" "what was planted in $1"
  for ((i = 0; i < ${#planted[@]}; i += 4)); do
    [ "${planted[i + 3]}" = "$1" ] || continue
    lost="FAIL: ${planted[i + 1]}: no longer proved: ${planted[i + 2]}"
    if grep -qx "$lost" "$log"; then echo "ok: ${planted[i]}: ${planted[i + 2]}"
    else fail "not refused: ${planted[i]}: ${planted[i + 2]}"; fi
  done
}

fresh
plant "a class too small" alloc/block.h 's/return (n - 1) \/ GRANULE;/return n \/ GRANULE;/' class_of ensures_PM_CLASS_02_tight heap.c
plant "the trailing pad is not looked at" alloc/frame.h 's/if (word_get(tail) != f.pad) return FRAME_BAD_TRAILING;//' \
  frame_check ensures_PM_DEBUG_03_exact frame.c

plant "a misuse is said to be another" alloc/space.c \
  's/why == HEAP_NOT_LIVE ? MISUSE_NOT_LIVE/why == HEAP_NOT_LIVE ? MISUSE_FOREIGN/' refuse exits_PM_MISUSE_05_said space.c
plant "memory that should go back stays" alloc/space.c 's/if (attended == HEAP_FREED_RELEASE)$/if (false)/' \
  space_free_rest ensures_PM_HEAP_03_given space.c
plant "small requests go to the large allocator" alloc/space.c 's/^  if (n <= SMALL_MAX) {/  if (n <= SMALL_MAX \&\& space->large == NULL) {/' \
  space_malloc_rest assert_room_2 space.c
plant "a realloc of what is freed gives none" alloc/space.c 's/if (size == 0) refuse_realloc(space, p);/if (size == 0) return NULL;/' \
  space_realloc ensures_PM_MISUSE_01_live space.c
plant "pools without their space" alloc/select.c 's/{&process_space, space_malloc,/{NULL, space_malloc,/' select_allocator ensures_PM_SELECT_02_space select.c
plant "a call by another name" alloc/raw.c 's/"PyMem_RawRealloc"/"PyMem_RawFree"/' raw_realloc exits_PM_MISUSE_05_said raw.c

plant "a report says that a wrong byte is right" alloc/report.c 's/byte == wanted ? row_right/byte != wanted ? row_right/' \
  out_row ensures_PM_DEBUG_04_put report.c
plant "a misuse in other words" alloc/misuse.c 's/misuse_words\[what\]);/misuse_words[0]);/' misuse_report exits_PM_MISUSE_05_put misuse.c
plant "a text that is not written" alloc/out.c '/^  out_flush(out);/d' out_end exits_PM_DEBUG_04_written out.c
plant "a text from its second character on" alloc/out.c 's/^  for (size_t done = 0;/  for (size_t done = 1;/' out_flush loop_invariant_PM_DEBUG_04_order_established out.c
plant "a number with a zero before it" alloc/out.c 's/out_number(out, arg, 10, 1)/out_number(out, arg, 10, 2)/' out_arg ensures_PM_DEBUG_04_put out.c

plant "an object of no bytes" alloc/object.c 's/bytes == 0 ?/bytes != 0 ?/' pymalloc_PyObject_NewVar ensures_PM_OBJECT_04_done object.c

claim() { # WHAT CLIENT FUNCTION GOAL SED
  plant "a client's claim: $1" "proofs/clients/$2" "$5" "$3" "$4" "$2"
}

claim "offsets in one another" numbers.c two_offsets assert_apart 's/a + class_bytes(c) <= b ||/a + class_bytes(c) < b ||/'
claim "a second free frees" numbers.c free_again assert_told 's/told: first ==> second == HEAP_NOT_LIVE ||.*/told: first ==> second == HEAP_FREED;/'
claim "memory that goes back is of a pool that is kept" numbers.c looked_at assert_back 's/offered(h, SET_BARE, p) \&\& h->idle/offered(h, SET_IDLE, p) \&\& h->idle/'
claim "freed blocks are live" numbers.c get_and_give ensures_empty 's/ensures empty: \\forall integer p, b; !live/ensures empty: \\forall integer p, b; live/'
claim "one pool less is enough" numbers.c bounded loop_invariant_room_established 's/room: n <= h->pools - h->opened;/room: n <= h->pools - h->opened + 1;/'
claim "a word never has room again" numbers.c steady assert_again 's/assert again: got;/assert again: !got;/'
claim "one byte more" bytes.c two_blocks assert_apart '/^void two_blocks(/,/^}/s/\\separated(p + (0 .. any_bytes(n) - 1)/\\separated(p + (0 .. any_bytes(n))/'
claim "what was written is gone" bytes.c two_contents assert_kept "/^void two_contents(/,/^}/s/assert kept: p\[i\] == 'a';/assert kept: p[i] != 'a';/"
claim "ones" bytes.c cleared assert_zero 's/assert zero: \(.*\) == 0;/assert zero: \1 == 1;/'
claim "another content" bytes.c resized assert_kept "/^void resized(/,/^}/s/==> q\[i\] == 'a';/==> q[i] == 'b';/"
claim "three quarters are enough to stay" bytes.c fits assert_stays 's/384 < n <= 512/383 < n <= 512/'
claim "more than realloc was asked for" bytes.c longer ensures_longer 's/all_a(\\result, n + 1);/all_a(\\result, n + 2);/'
claim "a block freed twice is always of a pool in use" bytes.c freed_twice exits_told '/^void no_block_moves/,$s/ || said_what == MISUSE_NOT_BLOCK)/)/'
claim "another kind of misuse" bytes.c foreign exits_told 's/exits told: spoken{Pre,Post} ==> said(MISUSE_FOREIGN/exits told: spoken{Pre,Post} ==> said(MISUSE_NOT_LIVE/'
claim "a block one byte on" bytes.c buffered assert_inside 's/<= size \&\& p == buffer + o;/<= size \&\& p == buffer + o + 1;/'
claim "a freed block is live" bytes.c freed assert_gone 's/block_at{wrote}(s, q, a, b) \&\& !live/block_at{wrote}(s, q, a, b) \&\& live/'
claim "another family's block may be written to" families.c two_families assert_still "s/assert still: p\[i\] == 'a' \&\&/assert still: p[i] != 'a' \&\&/"
claim "what was live is not so when an object was given back" families.c items ensures_same 's/same: blocks_same{Pre/same: !blocks_same{Pre/'

file=0
for checked in $(printf '%s\n' "${planted[@]}" | grep '^[a-z_]*\.c$' | awk '!seen[$0]++'); do
  file=$((file + 1))
  [ $((file % ${TEST_TOTAL_SHARDS-1})) -ne "${TEST_SHARD_INDEX-0}" ] || refused "$checked"
done
[ "${TEST_SHARD_INDEX-0}" -eq 0 ] || exit $failed

fresh
check 0 heap.c bit_clear,class_of,set_add "nothing planted"
check 0 frame.c frame_check "nothing planted in the layer"
check 0 bytes.c two_blocks "nothing planted in a client"
sed -i 's/^uint64_t heap_refill/uint64_t heap_refill(/' "$copy/alloc/heap.c"
check 2 heap.c bit_clear "a file that does not parse"
exit $failed
