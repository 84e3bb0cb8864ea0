/* What several calls of a space do one after the other (alloc/space.c): a call that changes
   no live block does not change what the next, or the one before, has done.  The lemmas are
   for a few functions alone (PARTS in proofs/wp.py); the others are proved sooner without. */
#pragma once

#include "spec/space.acsl.h"

/*@ predicate elsewhere_same{A,B}(char *q, integer n) =
      \forall char *x; \separated(x, q + (0 .. n - 1)) ==> \at(*x, B) == \at(*x, A);
    predicate bytes_stay{A,B}(char *q, integer n) = \forall integer i; 0 <= i < n ==> \at(q[i], B) == \at(q[i], A);
*/

#ifdef PROVES_KEPT
/*@ lemma block_less{A,B}: \forall space_t *s, char *q, integer n, m; n <= m &&
      got_block{A,B}(s, q, m) ==> got_block{A,B}(s, q, n);
    lemma got_fresh_less{L}: \forall space_t *s, char *q, integer n, m; n <= m && got_fresh(s, q, m) ==>
      got_fresh(s, q, n);
*/

/*@ lemma got_fresh_back{A,B}: \forall space_t *s, char *q, integer n; space_same{A,B}(s) && any_same{A,B} &&
      live_same{A,B}(\at(&s->heap, A)) && sizes_kept{A,B}(\at(&s->heap, A)) && got_fresh{B}(s, q, n) ==>
        got_fresh{A}(s, q, n);
    lemma block_back{A,B,C}: \forall space_t *s, char *q, integer n; space_same{A,B}(s) && any_same{A,B} &&
      live_same{A,B}(\at(&s->heap, A)) && got_block{B,C}(s, q, n) ==> got_block{A,C}(s, q, n);
    lemma contents_before{A,B,C}: \forall space_t *s; live_same{B,C}(\at(&s->heap, A)) &&
      sizes_kept{A,B}(\at(&s->heap, A)) && contents_kept{A,B}(s) && contents_kept{B,C}(s) ==>
        contents_kept{A,C}(s);
    lemma sizes_before{A,B,C}: \forall heap_t *h; live_same{B,C}(h) && sizes_kept{A,B}(h) &&
      sizes_kept{B,C}(h) ==> sizes_kept{A,C}(h);
    lemma kept_after{A,B,C}: \forall space_t *s; live_same{A,B}(\at(&s->heap, A)) && any_same{A,B} &&
      space_kept{A,B}(s) && space_kept{B,C}(s) ==> space_kept{A,C}(s);
    lemma kept_before{A,B,C}: \forall space_t *s; live_same{B,C}(\at(&s->heap, A)) && any_same{A,B} &&
      space_kept{A,B}(s) && space_kept{B,C}(s) ==> space_kept{A,C}(s);
    lemma gone_before{A,B,C}: \forall space_t *s, char *p; gone_block{A,B}(s, p) && any_same{B,C} &&
      live_same{B,C}(\at(&s->heap, A)) ==> gone_block{A,C}(s, p);
*/

/* Where the bytes of a new block are; and writing them changes no other block. */
/*@ lemma pool_place{A,B}: \forall space_t *s, char *q, integer n; blocks_in{B}(\at(&s->heap, B)) &&
      heap_pools{B}(s) <= heap_limit{B}(s) && space_sizes{B}(s) && space_same{A,B}(s) &&
      q != \null && owned{A}(s, q) && got_block{A,B}(s, q, n) ==>
        \exists integer o; 0 <= o && o + n <= region_size{A}(s) && q == region_base{A}(s) + o;
    lemma large_place{A,B}: \forall space_t *s, char *q, integer n; q != \null && !owned{A}(s, q) &&
      got_large{A,B}(s, q, n) ==> \exists integer o; 0 <= o && o + n <= ANY_SIZE && q == \at(any_byte(o), A);
    lemma contents_elsewhere{A,B,C}: \forall space_t *s, char *q, integer n;
      contents_kept{A,B}(s) && bytes_fresh{A}(s, q, n) && elsewhere_same{B,C}(q, n) &&
      live_same{B,C}(\at(&s->heap, B)) && sizes_kept{A,B}(\at(&s->heap, A)) &&
      sizes_kept{B,C}(\at(&s->heap, B)) && space_same{A,B}(s) && space_same{B,C}(s) ==> contents_kept{A,C}(s);
    lemma any_elsewhere{A,B,C}: \forall char *q, integer n; any_kept{A,B} && any_fresh{A}(q, n) &&
      elsewhere_same{B,C}(q, n) && any_same{B,C} ==> any_kept{A,C};
*/

/* A new block, and then an old one gone: a move. */
/*@ lemma still_moved{A,B,C}: \forall space_t *s, char *p; gone_block{B,C}(s, p) && owned{B}(s, p) &&
      space_kept{A,B}(s) && space_kept{B,C}(s) ==> sizes_kept{A,C}(\at(&s->heap, A));
    lemma contents_moved{A,B,C}: \forall space_t *s, char *p; gone_block{B,C}(s, p) && owned{B}(s, p) &&
      space_kept{A,B}(s) && space_kept{B,C}(s) ==> contents_kept{A,C}(s);
    lemma any_moved{A,B,C}: any_same{B,C} && any_kept{A,B} && any_kept{B,C} ==> any_kept{A,C};
    lemma not_itself{L}: \forall space_t *s, char *p, char *q, integer n, a, b; 0 < n && block_at(s, p, a, b) &&
      0 < block_size(&s->heap, a) && bytes_fresh(s, q, n) ==> p != q;
    lemma was_there{A,B}: \forall space_t *s, char *p, char *q, integer n, a, b; p != q && q != \null &&
      owned{A}(s, q) && got_block{A,B}(s, q, n) && space_kept{A,B}(s) && block_at{B}(s, p, a, b) ==>
        block_at{A}(s, p, a, b);
    lemma live_moves{A,B,C}: \forall heap_t *h, integer p, b, q, d; live_added{A,B}(h, q, d) && !live{A}(h, q, d) &&
      live{A}(h, p, b) && live_removed{B,C}(h, p, b) ==> live_moved{A,C}(h, p, b, q, d);
    lemma block_still{A,B}: \forall space_t *s, char *p, integer n, a, b; block_at{A}(s, p, a, b) &&
      live{B}(\at(&s->heap, A), a, b) && space_kept{A,B}(s) && n <= block_size{A}(\at(&s->heap, A), a) ==>
        block_at{B}(s, p, a, b) && n <= block_size{B}(\at(&s->heap, B), a);
    lemma block_moved_at{A,B,C}: \forall space_t *s, char *p, char *q, integer n, a, b, c, d; p != q &&
      any_same{A,B} && any_same{B,C} && !live{A}(\at(&s->heap, A), c, d) && live_added{A,B}(\at(&s->heap, A), c, d) &&
      block_at{B}(s, q, c, d) && n <= block_size{B}(\at(&s->heap, B), c) && block_at{A}(s, p, a, b) &&
      live_removed{B,C}(\at(&s->heap, B), a, b) && space_kept{A,B}(s) && space_kept{B,C}(s) ==>
        moved_block{A,C}(s, p, q, n);
    lemma block_moved{A,B,C}: \forall space_t *s, char *p, char *q, integer n; p != q && q != \null &&
      owned{A}(s, q) && owned{B}(s, p) && got_block{A,B}(s, q, n) && gone_block{B,C}(s, p) &&
      space_kept{A,B}(s) && space_kept{B,C}(s) ==> moved_block{A,C}(s, p, q, n);
    lemma large_moved{A,B,C}: \forall space_t *s, char *p, char *q, integer n; q != \null && !owned{A}(s, q) &&
      owned{B}(s, p) && got_large{A,B}(s, q, n) && gone_block{B,C}(s, p) && space_kept{A,B}(s) &&
      space_kept{B,C}(s) ==> moved_large{A,C}(s, p, q, n);
    lemma bytes_moved{A,B,C}: \forall space_t *s, char *p, char *q, integer n; p != q && q != \null &&
      owned{A}(s, q) && owned{B}(s, p) && got_block{A,B}(s, q, n) && gone_block{B,C}(s, p) &&
      space_kept{B,C}(s) ==> bytes_stay{B,C}(q, n);
    lemma large_bytes_moved{A,B,C}: \forall space_t *s, char *p, char *q, integer n; q != \null &&
      !owned{A}(s, q) && owned{B}(s, p) && got_large{A,B}(s, q, n) && gone_block{B,C}(s, p) &&
      space_kept{B,C}(s) ==> bytes_stay{B,C}(q, n);
*/
#endif
