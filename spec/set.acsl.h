/* The logic of the sets of pools (alloc/set.h). */
#pragma once

#include "spec/bits.acsl.h"

/* The words of set i, by number: that of 64 pools, of 64 such words, of all. */
/*@ logic integer leaf_at{L}(sets_t *s, integer i, integer a) = s->leaf[a * SETS + i];
    logic integer mid_at{L}(sets_t *s, integer i, integer g) = s->mid[i * 64 + g];
    logic integer top_at{L}(sets_t *s, integer i) = s->top[i];
*/

/* member: pool p is in set i.  The two upper levels repeat what is below them:
   a bit is set where the word below is not zero. */
/*@ predicate member{L}(sets_t *s, integer i, integer p) = bit(leaf_at(s, i, p / 64), p % 64);

    predicate mid_bit{L}(sets_t *s, integer i, integer a) = bit(mid_at(s, i, a / 64), a % 64);
    predicate mids_ok{L}(sets_t *s) = \forall integer i, a; 0 <= i < SETS && 0 <= a < s->leaves ==>
      (mid_bit(s, i, a) <==> leaf_at(s, i, a) != 0);
    predicate mids_low{L}(sets_t *s) = \forall integer i, a; 0 <= i < SETS && s->leaves <= a < 4096 ==>
      !mid_bit(s, i, a);
    predicate tops_ok{L}(sets_t *s) = \forall integer i, g; 0 <= i < SETS && 0 <= g < 64 ==>
      (bit(top_at(s, i), g) <==> mid_at(s, i, g) != 0);
    predicate sets_shape{L}(sets_t *s) =
      0 <= s->leaves <= 4096 && \valid(s) && \valid(s->leaf + (0 .. s->leaves * SETS - 1)) &&
      \separated(s, s->leaf + (0 .. s->leaves * SETS - 1));
    predicate sets_ok{L}(sets_t *s) = sets_shape(s) && mids_ok(s) && mids_low(s) && tops_ok(s);
*/

/* Two states compared: all words are the same, but perhaps those of set i for 64 pools
   from 64 a on (none of them when i is SETS). */
/*@ predicate set_changed{A,B}(sets_t *s, integer i, integer a) =
      (\forall integer j, b; 0 <= j < SETS && 0 <= b < \at(s->leaves, A) && !(j == i && b == a) ==>
        leaf_at{B}(s, j, b) == leaf_at{A}(s, j, b)) &&
      (\forall integer j, g; 0 <= j < SETS && 0 <= g < 64 && !(j == i && g == a / 64) ==>
        mid_at{B}(s, j, g) == mid_at{A}(s, j, g)) &&
      (\forall integer j; 0 <= j < SETS && j != i ==> top_at{B}(s, j) == top_at{A}(s, j));
*/
