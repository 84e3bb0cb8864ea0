/* The logic of the heap (alloc/heap.h): what is live, where a block lies, and
   what holds between calls. */
#pragma once

#include "spec/block.acsl.h"
#include "spec/set.acsl.h"

/* Fields, by pool number and word number: the address arithmetic stays out of
   what the provers match on. */
/*@ logic integer word_at{L}(heap_t *h, integer w) = h->live[w];
    logic integer granules{L}(heap_t *h, integer p) = h->pool[p].granules;
    logic integer inverse{L}(heap_t *h, integer p) = h->pool[p].inverse;
    logic integer carved{L}(heap_t *h, integer p) = h->pool[p].carved;
    logic integer class_word{L}(heap_t *h, integer c) = h->class_[c].word;

    predicate usable{L}(heap_t *h, integer p) = h->first <= p < h->limit;
    predicate in_class{L}(heap_t *h, integer p) = usable(h, p) && granules(h, p) > 0;
    predicate current{L}(heap_t *h, integer c, integer p) =
      class_word(h, c) != 0 && class_word(h, c) / 64 == p;
*/

/* Block x is live.  This is the state that a user sees; all else is bookkeeping. */
/*@ predicate live{L}(heap_t *h, integer x) =
      usable(h, x / 4096) && 0 <= x && bit(word_at(h, x / 64), x % 64);
    logic integer block_size{L}(heap_t *h, integer x) = 16 * granules(h, x / 4096);
    logic integer block_offset{L}(heap_t *h, integer x) =
      65536 * (x / 4096) + (x % 4096) * block_size(h, x);
*/

/* What holds between calls, one predicate a fact. */
/*@ predicate heap_memory{L}(heap_t *h) =
      \valid(h) && \valid(h->live) && \valid(h->pool) &&
      \valid(h->live + (0 .. 64 * h->limit - 1)) &&
      \valid(h->pool + (0 .. h->limit - 1)) &&
      \valid(h->sets.leaf + (0 .. h->sets.leaves * SETS - 1)) &&
      \separated(h, h->live + (0 .. 64 * h->limit), h->pool + (0 .. h->limit),
                 h->sets.leaf + (0 .. h->sets.leaves * SETS - 1));
    predicate heap_bounds{L}(heap_t *h) =
      h->first <= h->opened <= h->pools <= h->limit <= 64 * h->sets.leaves &&
      h->sets.leaves <= 4096 && (h->limit > 0 ==> h->first > 0);
    predicate heap_guard{L}(heap_t *h) = word_at(h, 0) == WORD_FULL;

    predicate pool_cut{L}(heap_t *h, integer p) =
      granules(h, p) <= 32 &&
      (granules(h, p) == 0 ==> inverse(h, p) == 0 && carved(h, p) == 0) &&
      (granules(h, p) > 0 ==> inverse(h, p) == class_inv(granules(h, p) - 1) &&
                              1 <= carved(h, p) <= class_words(granules(h, p) - 1));
    predicate pool_untouched{L}(heap_t *h, integer p) =
      \forall integer w; carved(h, p) <= w < 64 ==> word_at(h, 64 * p + w) == 0;
    predicate pool_ok{L}(heap_t *h, integer p) = pool_cut(h, p) && pool_untouched(h, p);
    predicate pool_room{L}(heap_t *h, integer p) =
      \exists integer w; 0 <= w < carved(h, p) && word_at(h, 64 * p + w) != WORD_FULL;
    predicate pools_ok{L}(heap_t *h) = \forall integer p; usable(h, p) ==> pool_ok(h, p);
    predicate pools_fresh{L}(heap_t *h) =
      \forall integer p; h->opened <= p < h->limit ==> granules(h, p) == 0;

    predicate class_at{L}(heap_t *h, integer c) =
      h->class_[c].size == class_bytes(c) &&
      h->class_[c].first == 65536 * (class_word(h, c) / 64) +
                            (class_word(h, c) % 64) * 64 * class_bytes(c);
    predicate class_in{L}(heap_t *h, integer c) =
      h->first <= class_word(h, c) / 64 < h->opened &&
      granules(h, class_word(h, c) / 64) == c + 1 &&
      class_word(h, c) % 64 < carved(h, class_word(h, c) / 64);
    predicate class_ok{L}(heap_t *h, integer c) =
      class_word(h, c) != 0 ==> class_at(h, c) && class_in(h, c);
    predicate classes_ok{L}(heap_t *h) =
      \forall integer c; 0 <= c < CLASSES ==> class_ok(h, c);

    predicate offered{L}(heap_t *h, integer c, integer p) = member(&h->sets, c, p);
    predicate offers_ok{L}(heap_t *h) =
      \forall integer c, p; 0 <= c < CLASSES && 0 <= p < 64 * h->sets.leaves && offered(h, c, p) ==>
        h->first <= p < h->opened && granules(h, p) == c + 1 && !current(h, c, p) &&
        pool_room(h, p);
    predicate unused_ok{L}(heap_t *h) =
      \forall integer i, p; SET_IDLE <= i < SETS && 0 <= p < 64 * h->sets.leaves && offered(h, i, p) ==>
        h->first <= p < h->opened && granules(h, p) == 0;

    predicate heap_ok{L}(heap_t *h) =
      heap_memory(h) && heap_bounds(h) && heap_guard(h) && pools_ok(h) && pools_fresh(h) &&
      classes_ok(h) && sets_ok(&h->sets) && offers_ok(h) && unused_ok(h);
*/

/* The live blocks of two states, compared. */
/*@ predicate live_same{A,B}(heap_t *h) =
      \forall integer x; live{B}(h, x) <==> live{A}(h, x);
    predicate live_added{A,B}(heap_t *h, integer y) =
      \forall integer x; live{B}(h, x) <==> (live{A}(h, x) || x == y);
    predicate live_removed{A,B}(heap_t *h, integer y) =
      \forall integer x; live{B}(h, x) <==> (live{A}(h, x) && x != y);
    predicate sizes_kept{A,B}(heap_t *h) =
      \forall integer x; live{A}(h, x) && live{B}(h, x) ==> block_size{B}(h, x) == block_size{A}(h, x);
*/

/* The states in which a request of class c may fail: no pool is unused, none of
   the class is offered, and its current pool, if it has one, is full. */
/*@ predicate exhausted{L}(heap_t *h, integer c) =
      h->opened == h->pools &&
      (\forall integer p; 0 <= p < 64 * h->sets.leaves ==>
        !offered(h, c, p) && !offered(h, SET_IDLE, p) && !offered(h, SET_BARE, p)) &&
      (class_word(h, c) != 0 ==> !pool_room(h, class_word(h, c) / 64));
*/
