/* Lemmas for new memory (alloc/debug.c), about addresses; known only where memory_for and two others are proved
   (proofs/wp.py, PARTS): about every address there is, they would have provers look for long in any other place. */
#pragma once

#include "spec/made.acsl.h"

/* Memory that is apart from all blocks begins at an address that is in no block's chunk of 32. */
/*@ lemma at_offset: \forall char *p, *q, integer n; any_place(p, n) &&
      (uintptr_t)p <= (uintptr_t)q < (uintptr_t)p + n ==> q == p + ((uintptr_t)q - (uintptr_t)p);
    lemma places_apart: \forall char *p, *q, integer n, m; any_place(p, n) && any_place(q, m) && 0 < n && 0 < m &&
      \separated(p + (0 .. n - 1), q + (0 .. m - 1)) ==>
      (uintptr_t)p + n <= (uintptr_t)q || (uintptr_t)q + m <= (uintptr_t)p;
    lemma place_from: \forall char *p, integer a, k, n; any_place(p, n) && 0 <= k <= n && p + k == memory_at(a) ==>
      (uintptr_t)p == a - k;
    lemma below_one: \forall char *p, integer a, n; p == memory_at(a) - 16 && any_place(p, n) && 16 <= n ==>
      p + 16 == memory_at(a) && (uintptr_t)p == a - 16;
    lemma below_both: \forall char *p, integer a, n; p == memory_at(a) - 32 && any_place(p, n) && 32 <= n ==>
      p + 32 == memory_at(a) && (uintptr_t)p == a - 32;
    lemma fresh_apart{L}: \forall char *p, *q, integer n, m; any_fresh(p, n) && any_block(q, m) ==>
      \separated(p + (0 .. n - 1), q + (0 .. m - 1));
    lemma block_begins: \forall integer a, entry, s; 0 <= s && 0 <= size_of(entry) &&
      any_place(start_at(a, entry), bytes_at(entry, s)) ==>
      (uintptr_t)start_at(a, entry) == (entry / 32768 % 2 == 1 ? a - 32 : a - 16);
    lemma block_span: \forall integer a, entry, s; 0 <= s && 0 <= size_of(entry) &&
      any_place(start_at(a, entry), bytes_at(entry, s)) ==>
      (uintptr_t)start_at(a, entry) <= a - 16 && a + 8 <= (uintptr_t)start_at(a, entry) + bytes_at(entry, s) &&
      a % 16 == 0;
    lemma fresh_chunk{L}: \forall integer a, c, e, f, s; 0 <= s && 0 <= size_of(e) && 0 <= size_of(f) &&
      any_place(start_at(a, e), bytes_at(e, s)) && any_fresh(start_at(a, e), bytes_at(e, s)) &&
      mine(c, f, s) ==> c / 32 != a / 32 && apart(start_at(c, f), bytes_at(f, s), start_at(a, e), bytes_at(e, s));
    lemma fresh_new{L}: \forall registry_t *r, integer a, entry, s; 0 <= s && 0 <= size_of(entry) &&
      any_place(start_at(a, entry), bytes_at(entry, s)) && any_fresh(start_at(a, entry), bytes_at(entry, s)) &&
      books_own(r, s) && registry_ok(r) ==> is_new(r, a, start_at(a, entry), bytes_at(entry, s), s);
*/
