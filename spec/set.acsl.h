/* The logic of the sets of pools (alloc/set.h). */
#pragma once

#include "spec/bits.acsl.h"

/* member: pool p is in set i.  The two upper levels repeat what is below them:
   a bit is set where the word below is not zero. */
/*@ predicate member{L}(sets_t *s, integer i, integer p) =
      bit(s->leaf[(p / 64) * SETS + i], p % 64);
    predicate mid_ok{L}(sets_t *s, integer i) =
      \forall integer a; 0 <= a < s->leaves ==>
        (bit(s->mid[i * 64 + a / 64], a % 64) <==> s->leaf[a * SETS + i] != 0);
    predicate mid_low{L}(sets_t *s, integer i) =
      \forall integer a; s->leaves <= a < 4096 ==> !bit(s->mid[i * 64 + a / 64], a % 64);
    predicate top_ok{L}(sets_t *s, integer i) =
      \forall integer g; 0 <= g < 64 ==> (bit(s->top[i], g) <==> s->mid[i * 64 + g] != 0);
    predicate set_ok{L}(sets_t *s, integer i) =
      mid_ok(s, i) && mid_low(s, i) && top_ok(s, i);
    predicate sets_shape{L}(sets_t *s) =
      s->leaves <= 4096 && \valid(s) && \valid(s->leaf + (0 .. s->leaves * SETS - 1)) &&
      \separated(s, s->leaf + (0 .. s->leaves * SETS - 1));
    predicate sets_ok{L}(sets_t *s) =
      sets_shape(s) && \forall integer i; 0 <= i < SETS ==> set_ok(s, i);
*/
