#!/bin/bash
# Mutants: enough of them, each with an id of its own, the same each time; of each function
# one is in a sample; one that is applied differs from alloc/ in the place that it names.
set -eu
mutation() { /usr/bin/python3 tools/mutation.py "$@"; }
fail() { echo "FAIL: $*"; exit 1; }
cd "$TEST_SRCDIR/$TEST_WORKSPACE"

mutation --list > "$TEST_TMPDIR/list"
[ "$(wc -l < "$TEST_TMPDIR/list")" -ge 300 ] || fail "fewer than 300"
[ -z "$(cut -d' ' -f1 "$TEST_TMPDIR/list" | sort | uniq -d)" ] || fail "ids twice"
mutation --list | cmp - "$TEST_TMPDIR/list" || fail "not the same twice"
functions() { cut -d' ' -f1 "$1" | cut -d: -f1,2 | sort -u; }
mutation --list --sample "$(functions "$TEST_TMPDIR/list" | wc -l)" > "$TEST_TMPDIR/sample"
cmp <(functions "$TEST_TMPDIR/list") <(functions "$TEST_TMPDIR/sample") || fail "not one of each function"
mutation --list --sample 400 | cmp - <(mutation --list --sample 400) || fail "another sample"

apply() { # ID FILE WHAT-DIFF-SAYS
  rm -rf "$TEST_TMPDIR/copy"
  mutation --apply "$1" "$TEST_TMPDIR/copy"
  diff -r alloc "$TEST_TMPDIR/copy/alloc" > "$TEST_TMPDIR/diff" || true
  [ "$(grep '^[<>]' "$TEST_TMPDIR/diff" | tr -s ' ')" = "$2" ] || { cat "$TEST_TMPDIR/diff"; fail "$1"; }
}
apply bits.h:bit_test:1:relation '< return (w & ((uint64_t)1 << i)) != 0;
> return (w & ((uint64_t)1 << i)) == 0;'
apply block.h:class_of:1:constant '< return (n - 1) / GRANULE;
> return (n - 2) / GRANULE;'
apply heap.c:heap_attend:1:negate '< if (pool_empty(h, p)) return pool_give_up(h, p);
> if (!(pool_empty(h, p))) return pool_give_up(h, p);'
apply heap.c:pool_offer:1:drop '< set_add(&h->sets, set, p);
> ;'
apply space.c:space_calloc:1:logic '< if (elsize != 0 && nelem > PY_SSIZE_T_MAX / elsize) return NULL;
> if (elsize != 0 || nelem > PY_SSIZE_T_MAX / elsize) return NULL;'
apply domain.c:first_calloc:2:swap '< return domain->calloc(domain->ctx, nelem, elsize);
> return domain->calloc(domain->ctx, elsize, nelem);'
status=0; mutation --apply heap.c:nothing:1:drop "$TEST_TMPDIR/copy" 2> "$TEST_TMPDIR/log" || status=$?
[ $status -eq 2 ] || fail "a mutant that is not there: status $status"
