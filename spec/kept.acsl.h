/* What several calls of a space do one after the other (alloc/space.c): a call that changes
   no live block does not change what the next, or the one before, has done. */
#pragma once

#include "spec/space.acsl.h"

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
