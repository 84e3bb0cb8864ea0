/* The logic of the heap (alloc/heap.h): what is live, where a block lies, and
   what holds between calls. */
#pragma once

#include "spec/block.acsl.h"
#include "spec/set.acsl.h"

/* Fields, by number: the address arithmetic stays out of what the provers match on. */
/*@ logic integer word_at{L}(heap_t *h, integer p, integer w) = h->pool[p].free[w];
    logic integer granules{L}(heap_t *h, integer p) = h->pool[p].granules;
    logic integer carved{L}(heap_t *h, integer p) = h->pool[p].carved;
    logic integer class_pool{L}(heap_t *h, integer c) = h->class_[c].pool;
    logic integer class_index{L}(heap_t *h, integer c) = h->class_[c].index;

    predicate usable{L}(heap_t *h, integer p) = h->first <= p < h->limit;
*/

/* Block b of pool p is live.  This is the state that a user sees; all else is
   bookkeeping. */
/*@ predicate live{L}(heap_t *h, integer p, integer b) =
      usable(h, p) && granules(h, p) > 0 && 0 <= b < POOL_BLOCKS &&
      !bit(word_at(h, p, b / 64), b % 64);
    logic integer block_size{L}(heap_t *h, integer p) = 16 * granules(h, p);
    logic integer offset_of{L}(heap_t *h, integer p, integer b) = 65536 * p + b * block_size(h, p);
    predicate live_at{L}(heap_t *h, integer o) =
      \exists integer p, b; live(h, p, b) && offset_of(h, p, b) == o;
*/

/* What holds between calls, one predicate a fact. */
/*@ predicate heap_memory{L}(heap_t *h) =
      \valid(h) && \valid(h->pool + (0 .. h->limit - 1)) &&
      \valid(h->sets.leaf + (0 .. h->sets.leaves * SETS - 1)) &&
      \separated(h, h->pool + (0 .. h->limit - 1), h->sets.leaf + (0 .. h->sets.leaves * SETS - 1));
    predicate heap_bounds{L}(heap_t *h) =
      h->first <= h->opened <= h->pools <= h->limit <= 64 * h->sets.leaves &&
      h->sets.leaves <= 4096 && (h->limit > 0 ==> h->first > 0) && h->none == 0;

    predicate pool_cut{L}(pool_t *pool) =
      pool->granules <= 32 &&
      (pool->granules == 0 ==> pool->inverse == 0 && pool->carved == 0) &&
      (pool->granules > 0 ==> pool->inverse == class_inv(pool->granules - 1) &&
                              1 <= pool->carved <= words_of(pool->granules - 1));
    predicate pool_untouched{L}(heap_t *h, integer p) =
      \forall integer w; carved(h, p) <= w < 64 ==> word_at(h, p, w) == WORD_ALL;
    predicate pool_ok{L}(heap_t *h, integer p) = pool_cut(&h->pool[p]) && pool_untouched(h, p);
    predicate pool_room{L}(heap_t *h, integer p) =
      \exists integer w; 0 <= w < carved(h, p) && word_at(h, p, w) != 0;
    predicate pools_ok{L}(heap_t *h) = \forall integer p; h->first <= p < h->opened ==> pool_ok(h, p);
    predicate pools_fresh{L}(heap_t *h) =
      \forall integer p; h->opened <= p < h->limit ==> pool_cut(&h->pool[p]) && granules(h, p) == 0;

    predicate current{L}(heap_t *h, integer c, integer p) = class_pool(h, c) == p;
    predicate class_none{L}(heap_t *h, integer c) =
      class_pool(h, c) == 0 && h->class_[c].word == &h->none;
    predicate class_at{L}(heap_t *h, integer c) =
      h->class_[c].word == &h->pool[class_pool(h, c)].free[class_index(h, c)] &&
      h->class_[c].size == class_bytes(c) &&
      h->class_[c].first == 65536 * class_pool(h, c) + class_index(h, c) * 64 * class_bytes(c);
    predicate class_in{L}(heap_t *h, integer c) =
      h->first <= class_pool(h, c) < h->opened && granules(h, class_pool(h, c)) == c + 1 &&
      class_index(h, c) < carved(h, class_pool(h, c));
    predicate class_ok{L}(heap_t *h, integer c) =
      class_none(h, c) || class_pool(h, c) != 0 && class_at(h, c) && class_in(h, c);
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
      heap_memory(h) && heap_bounds(h) && pools_ok(h) && pools_fresh(h) && classes_ok(h) &&
      sets_ok(&h->sets) && offers_ok(h) && unused_ok(h);
*/

/* The live blocks of two states, compared. */
/*@ predicate live_same{A,B}(heap_t *h) =
      \forall integer p, b; live{B}(h, p, b) <==> live{A}(h, p, b);
    predicate live_added{A,B}(heap_t *h, integer q, integer c) =
      \forall integer p, b; live{B}(h, p, b) <==> (live{A}(h, p, b) || (p == q && b == c));
    predicate live_removed{A,B}(heap_t *h, integer q, integer c) =
      \forall integer p, b; live{B}(h, p, b) <==> (live{A}(h, p, b) && !(p == q && b == c));
    predicate sizes_kept{A,B}(heap_t *h) =
      \forall integer p, b; live{A}(h, p, b) && live{B}(h, p, b) ==>
        block_size{B}(h, p) == block_size{A}(h, p);
*/

/* The states in which a request of class c may fail: no pool is unused, none of
   the class is offered, its current pool, if it has one, is full, and that of no
   other class is empty. */
/*@ predicate exhausted{L}(heap_t *h, integer c) =
      h->opened == h->pools &&
      (\forall integer p; 0 <= p < 64 * h->sets.leaves ==>
        !offered(h, c, p) && !offered(h, SET_IDLE, p) && !offered(h, SET_BARE, p)) &&
      (class_pool(h, c) != 0 ==> !pool_room(h, class_pool(h, c))) &&
      (\forall integer d; 0 <= d < CLASSES && class_pool(h, d) != 0 ==>
        \exists integer b; live(h, class_pool(h, d), b));
*/
