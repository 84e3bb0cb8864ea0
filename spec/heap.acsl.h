/* The logic of the heap (alloc/heap.h): what is live, where a block lies, and
   what holds between calls. */
#pragma once

#include "spec/block.acsl.h"
#include "spec/set.acsl.h"

/* Fields, by number: the address arithmetic stays out of what the provers match on. */
/*@ logic integer word_at{L}(heap_t *h, integer p, integer w) = h->free[64 * p + w];
    logic integer granules{L}(heap_t *h, integer p) = h->pool[p].granules;
    logic integer carved{L}(heap_t *h, integer p) = h->pool[p].carved;
    logic integer inverse{L}(heap_t *h, integer p) = h->pool[p].inverse;
    logic integer class_word{L}(heap_t *h, integer c) = h->class_[c].word;
    logic integer class_first{L}(heap_t *h, integer c) = h->class_[c].first;
    logic integer class_size{L}(heap_t *h, integer c) = h->class_[c].size;
    logic integer class_pool{L}(heap_t *h, integer c) = class_word(h, c) / 64;
    logic integer class_index{L}(heap_t *h, integer c) = class_word(h, c) % 64;

    predicate usable{L}(heap_t *h, integer p) = h->first <= p < h->limit;
    predicate opened{L}(heap_t *h, integer p) = h->first <= p < h->opened;
*/

/* Block b of pool p is live.  This is the state that a user sees; all else is
   bookkeeping. */
/*@ predicate live{L}(heap_t *h, integer p, integer b) =
      usable(h, p) && granules(h, p) > 0 && 0 <= b < POOL_BLOCKS &&
      !bit(word_at(h, p, b / 64), b % 64);
    logic integer block_size{L}(heap_t *h, integer p) = class_bytes(granules(h, p) - 1);
    logic integer offset_of{L}(heap_t *h, integer p, integer b) =
      block_offset(p, b, granules(h, p) - 1);
    predicate live_at{L}(heap_t *h, integer o, integer b) =
      b == o % 65536 / block_size(h, o / 65536) && live(h, o / 65536, b) &&
      offset_of(h, o / 65536, b) == o;
    predicate block_starts{L}(heap_t *h, integer o) = granules(h, o / 65536) > 0 &&
      o % 65536 == o % 65536 / block_size(h, o / 65536) * block_size(h, o / 65536);
*/

/* What holds between calls, one predicate a fact. */
/*@ predicate heap_memory{L}(heap_t *h) =
      \valid(h) && \valid(h->pool + (0 .. h->limit - 1)) && \valid_read(h->free) &&
      \valid(h->free + (0 .. 64 * h->limit - 1)) &&
      \separated(h, h->pool + (0 .. h->limit - 1), h->free + (0 .. 64 * h->limit - 1),
                 h->sets.leaf + (0 .. h->sets.leaves * SETS - 1));
    predicate heap_bounds{L}(heap_t *h) =
      h->first <= h->opened <= h->pools <= h->limit <= 64 * h->sets.leaves &&
      h->sets.leaves <= 4096 && (h->limit > 0 ==> h->first > 0) && h->free[0] == 0;

    predicate pool_cut{L}(pool_t *pool) =
      pool->granules <= 32 &&
      (pool->granules == 0 ==> pool->inverse == 0 && pool->carved == 0) &&
      (pool->granules > 0 ==> pool->inverse == class_inv(pool->granules - 1) &&
                              1 <= pool->carved <= words_of(pool->granules - 1));
    predicate pool_fit{L}(heap_t *h, integer p) =
      granules(h, p) <= 32 &&
      (granules(h, p) == 0 ==> inverse(h, p) == 0 && carved(h, p) == 0) &&
      (granules(h, p) > 0 ==> inverse(h, p) == class_inv(granules(h, p) - 1) &&
                              1 <= carved(h, p) <= words_of(granules(h, p) - 1));
    predicate pools_cut{L}(heap_t *h) = \forall integer p; 0 <= p < h->limit ==> pool_fit(h, p);
    predicate pools_out{L}(heap_t *h) =
      \forall integer p; 0 <= p < h->limit && !opened(h, p) ==> granules(h, p) == 0;
    predicate pool_untouched{L}(heap_t *h, integer p) =
      \forall integer w; carved(h, p) <= w < 64 ==> word_at(h, p, w) == WORD_ALL;
    predicate pools_untouched{L}(heap_t *h) =
      \forall integer p; opened(h, p) ==> pool_untouched(h, p);

    predicate pool_room{L}(heap_t *h, integer p) =
      \exists integer w; 0 <= w < 64 && w < carved(h, p) && word_at(h, p, w) != 0;
    predicate pool_zeros{L}(heap_t *h, integer p, integer n) =
      \forall integer w; 0 <= w < n ==> word_at(h, p, w) == 0;
    predicate pool_full{L}(heap_t *h, integer p) =
      carved(h, p) == words_of(granules(h, p) - 1) && pool_zeros(h, p, carved(h, p));
    predicate pool_blank{L}(heap_t *h, integer p) =
      \forall integer w; 0 <= w < 64 ==> word_at(h, p, w) == WORD_ALL;

    predicate current{L}(heap_t *h, integer c, integer p) = class_pool(h, c) == p;
    predicate class_at{L}(heap_t *h, integer c) =
      class_size(h, c) == class_bytes(c) && class_first(h, c) == word_offset(class_word(h, c), c);
    predicate class_in{L}(heap_t *h, integer c) =
      opened(h, class_pool(h, c)) && granules(h, class_pool(h, c)) == c + 1 &&
      class_index(h, c) < carved(h, class_pool(h, c));
    predicate class_ok{L}(heap_t *h, integer c) =
      class_word(h, c) != 0 ==> class_at(h, c) && class_in(h, c);
    predicate classes_ok{L}(heap_t *h) =
      \forall integer c; 0 <= c < CLASSES ==> class_ok(h, c);

    predicate offered{L}(heap_t *h, integer i, integer p) = member(&h->sets, i, p);
    predicate offer_ok{L}(heap_t *h, integer c, integer p) =
      opened(h, p) && granules(h, p) == c + 1 && !current(h, c, p) && pool_room(h, p);
    predicate offers_ok{L}(heap_t *h) =
      \forall integer c, p; 0 <= c < CLASSES && 0 <= p < 64 * h->sets.leaves && offered(h, c, p) ==>
        offer_ok(h, c, p);
    predicate unused_ok{L}(heap_t *h) =
      \forall integer i, p; SET_IDLE <= i < SETS && 0 <= p < 64 * h->sets.leaves && offered(h, i, p) ==>
        opened(h, p) && granules(h, p) == 0;
    predicate unused_once{L}(heap_t *h) =
      \forall integer p; 0 <= p < 64 * h->sets.leaves ==>
        !(offered(h, SET_IDLE, p) && offered(h, SET_BARE, p));

    predicate heap_ok{L}(heap_t *h) =
      heap_memory(h) && heap_bounds(h) && pools_cut(h) && pools_out(h) && pools_untouched(h) &&
      classes_ok(h) && sets_ok(&h->sets) && offers_ok(h) && unused_ok(h) && unused_once(h);
*/

/* A pool that is in no set and no class's current one. */
/*@ predicate pool_nobodys{L}(heap_t *h, integer p) =
      (\forall integer i; 0 <= i < SETS ==> !offered(h, i, p)) &&
      (\forall integer c; 0 <= c < CLASSES ==> class_word(h, c) / 64 != p);
*/

/* Two states, compared: which parts of the bookkeeping are the same. */
/*@ predicate words_same{A,B}(heap_t *h) =
      \forall integer p, w; 0 <= p < \at(h->limit, A) && 0 <= w < 64 ==>
        word_at{B}(h, p, w) == word_at{A}(h, p, w);
    predicate granules_same{A,B}(heap_t *h) =
      \forall integer p; 0 <= p < \at(h->limit, A) ==> granules{B}(h, p) == granules{A}(h, p);
    predicate carved_same{A,B}(heap_t *h) =
      \forall integer p; 0 <= p < \at(h->limit, A) ==> carved{B}(h, p) == carved{A}(h, p);
    predicate inverses_same{A,B}(heap_t *h) =
      \forall integer p; 0 <= p < \at(h->limit, A) ==> inverse{B}(h, p) == inverse{A}(h, p);
    predicate pools_same{A,B}(heap_t *h) =
      granules_same{A,B}(h) && carved_same{A,B}(h) && inverses_same{A,B}(h);
    predicate pools_kept{A,B}(heap_t *h) =
      granules_same{A,B}(h) && inverses_same{A,B}(h) &&
      \forall integer p; 0 <= p < \at(h->limit, A) ==> carved{A}(h, p) <= carved{B}(h, p);
    predicate classes_same{A,B}(heap_t *h) =
      (\forall integer c; 0 <= c < CLASSES ==> class_word{B}(h, c) == class_word{A}(h, c)) &&
      (\forall integer c; 0 <= c < CLASSES ==> class_first{B}(h, c) == class_first{A}(h, c)) &&
      (\forall integer c; 0 <= c < CLASSES ==> class_size{B}(h, c) == class_size{A}(h, c));
    predicate sets_same{A,B}(heap_t *h) = set_changed{A,B}(\at(&h->sets, A), SETS, 0);
*/

/* What is the same stays as it should be. */
/*@ predicate bounds_kept{A,B}(heap_t *h) =
      0 <= \at(h->first, A) == \at(h->first, B) && 0 <= \at(h->limit, A) == \at(h->limit, B) &&
      0 <= \at(h->opened, A) <= \at(h->opened, B) <= \at(h->limit, B) &&
      0 <= \at(h->sets.leaves, A) == \at(h->sets.leaves, B) <= 4096;
    predicate members_same{A,B}(heap_t *h) =
      \forall integer i, p; 0 <= i < SETS && 0 <= p < 64 * \at(h->sets.leaves, A) ==>
        (offered{B}(h, i, p) <==> offered{A}(h, i, p));
    predicate members_fewer{A,B}(heap_t *h) =
      \forall integer i, p; 0 <= i < SETS && 0 <= p < 64 * \at(h->sets.leaves, A) &&
        offered{B}(h, i, p) ==> offered{A}(h, i, p);
    predicate rooms_kept{A,B}(heap_t *h) =
      \forall integer c, p; 0 <= c < CLASSES && 0 <= p < 64 * \at(h->sets.leaves, A) &&
        offered{A}(h, c, p) ==> pool_room{B}(h, p);

    lemma pools_same_kept{A,B}: \forall heap_t *h; pools_same{A,B}(h) ==> pools_kept{A,B}(h);
    lemma members_kept{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && sets_same{A,B}(h) ==>
      members_same{A,B}(h) && members_fewer{A,B}(h);
    lemma sets_kept{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && sets_same{A,B}(h) && sets_ok{A}(\at(&h->sets, A)) &&
      sets_shape{B}(\at(&h->sets, B)) ==> sets_ok{B}(\at(&h->sets, B));
    lemma fit_kept{A,B}: \forall heap_t *h, integer p; granules{B}(h, p) == granules{A}(h, p) &&
      inverse{B}(h, p) == inverse{A}(h, p) && carved{B}(h, p) == carved{A}(h, p) &&
      pool_fit{A}(h, p) ==> pool_fit{B}(h, p);
    lemma nobodys_kept{A,B}: \forall heap_t *h, integer p; 0 <= p < \at(h->limit, A) &&
      \at(h->limit, A) <= 64 * \at(h->sets.leaves, A) && members_fewer{A,B}(h) &&
      classes_same{A,B}(h) && pool_nobodys{A}(h, p) ==> pool_nobodys{B}(h, p);
    lemma cut_kept{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && pools_same{A,B}(h) && pools_cut{A}(h) ==> pools_cut{B}(h);
    lemma out_kept{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && pools_same{A,B}(h) && pools_out{A}(h) ==> pools_out{B}(h);
    lemma untouched_kept{A,B}: \forall heap_t *h; \at(h->opened, A) == \at(h->opened, B) &&
      bounds_kept{A,B}(h) && pools_same{A,B}(h) && words_same{A,B}(h) && pools_untouched{A}(h) ==>
        pools_untouched{B}(h);
    lemma rooms_same_kept{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && pools_kept{A,B}(h) && words_same{A,B}(h) && offers_ok{A}(h) ==>
        rooms_kept{A,B}(h);
    lemma class_kept{A,B}: \forall heap_t *h, integer c; 0 <= c < CLASSES &&
      bounds_kept{A,B}(h) && pools_kept{A,B}(h) && class_word{B}(h, c) == class_word{A}(h, c) &&
      class_first{B}(h, c) == class_first{A}(h, c) && class_size{B}(h, c) == class_size{A}(h, c) &&
      class_ok{A}(h, c) ==> class_ok{B}(h, c);
    lemma class_pool_kept{A,B}: \forall heap_t *h, integer c, q; 0 <= c < CLASSES &&
      bounds_kept{A,B}(h) && q == class_word{A}(h, c) / 64 &&
      granules{B}(h, q) == granules{A}(h, q) && carved{A}(h, q) <= carved{B}(h, q) &&
      class_word{B}(h, c) == class_word{A}(h, c) && class_first{B}(h, c) == class_first{A}(h, c) &&
      class_size{B}(h, c) == class_size{A}(h, c) && class_ok{A}(h, c) ==> class_ok{B}(h, c);
    lemma classes_kept{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && pools_kept{A,B}(h) && classes_same{A,B}(h) && classes_ok{A}(h) ==>
        classes_ok{B}(h);
    lemma offers_kept{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && pools_kept{A,B}(h) && classes_same{A,B}(h) && members_fewer{A,B}(h) &&
      rooms_kept{A,B}(h) && offers_ok{A}(h) ==> offers_ok{B}(h);
    lemma offers_moved{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && pools_kept{A,B}(h) && members_fewer{A,B}(h) && rooms_kept{A,B}(h) &&
      offers_ok{A}(h) && (\forall integer c, p; 0 <= c < CLASSES &&
        0 <= p < 64 * \at(h->sets.leaves, B) && offered{B}(h, c, p) ==> class_word{B}(h, c) / 64 != p) ==>
        offers_ok{B}(h);
    lemma unused_kept{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && pools_same{A,B}(h) && members_fewer{A,B}(h) && unused_ok{A}(h) ==>
        unused_ok{B}(h);
    lemma once_kept{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && members_fewer{A,B}(h) && unused_once{A}(h) ==> unused_once{B}(h);
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

/* All is the same but the sets; and what follows for the live blocks. */
/*@ predicate heap_same{A,B}(heap_t *h) =
      bounds_kept{A,B}(h) && \at(h->opened, A) == \at(h->opened, B) &&
      \at(h->pools, A) == \at(h->pools, B) && words_same{A,B}(h) && pools_same{A,B}(h) &&
      classes_same{A,B}(h);
    lemma words_after{A,B,C}: \forall heap_t *h; \at(h->limit, A) == \at(h->limit, B) &&
      words_same{A,B}(h) && words_same{B,C}(h) ==> words_same{A,C}(h);
    lemma pools_after{A,B,C}: \forall heap_t *h; \at(h->limit, A) == \at(h->limit, B) &&
      pools_same{A,B}(h) && pools_same{B,C}(h) ==> pools_same{A,C}(h);
    lemma classes_after{A,B,C}: \forall heap_t *h;
      classes_same{A,B}(h) && classes_same{B,C}(h) ==> classes_same{A,C}(h);
    lemma heap_same_after{A,B,C}: \forall heap_t *h;
      heap_same{A,B}(h) && heap_same{B,C}(h) ==> heap_same{A,C}(h);
    lemma live_kept{A,B}: \forall heap_t *h;
      bounds_kept{A,B}(h) && words_same{A,B}(h) && granules_same{A,B}(h) ==>
        live_same{A,B}(h) && sizes_kept{A,B}(h);
    lemma live_same_after{A,B,C}: \forall heap_t *h;
      live_same{A,B}(h) && live_same{B,C}(h) ==> live_same{A,C}(h);
    lemma sizes_after{A,B,C}: \forall heap_t *h;
      live_same{A,B}(h) && sizes_kept{A,B}(h) && sizes_kept{B,C}(h) ==> sizes_kept{A,C}(h);
*/

/* The states in which a request of class c may fail: no pool is unused, nor is any
   class's current pool free of live blocks; none of the class is offered, and its
   current pool, if it has one, is full. */
/*@ predicate heap_spent{L}(heap_t *h) =
      h->opened == h->pools &&
      (\forall integer p; 0 <= p < 64 * h->sets.leaves ==>
        !offered(h, SET_IDLE, p) && !offered(h, SET_BARE, p)) &&
      (\forall integer c; 0 <= c < CLASSES && class_word(h, c) != 0 ==>
        !pool_blank(h, class_pool(h, c)));
    predicate exhausted{L}(heap_t *h, integer c) =
      heap_spent(h) &&
      (\forall integer p; 0 <= p < 64 * h->sets.leaves ==> !offered(h, c, p)) &&
      (class_word(h, c) != 0 ==> pool_full(h, class_pool(h, c)));
*/
