/* The logic of a space (alloc/space.h): a heap, its region, and user memory. */
#pragma once

#include "spec/heap.acsl.h"
#include "spec/region.acsl.h"

/* The heap's arrays lie in the region, but are thought of as memory of their own (see
   region_arrays in alloc/space.c): apart from the space. */
/*@ predicate space_memory{L}(space_t *s) = \valid(s) &&
      \separated(s, s->heap.free) &&
      \separated(s, s->heap.pool + (0 .. s->heap.limit - 1),
                 s->heap.free + (0 .. 64 * s->heap.limit - 1),
                 s->heap.sets.leaf + (0 .. s->heap.sets.leaves * SETS - 1));
    predicate space_sizes{L}(space_t *s) =
      65536 * s->heap.limit == s->region.size && 65536 * s->heap.pools <= s->region.usable;
    predicate space_large{L}(space_t *s) = s->large == \null || allocator_ok(s->large);

    predicate space_ok{L}(space_t *s) =
      space_memory(s) && heap_ok(&s->heap) && region_ok(&s->region) && space_sizes(s) &&
      space_large(s);
*/

/* Addresses: which are of the region, where a live block is, and how large. */
/*@ predicate owned{L}(space_t *s, char *p) =
      \exists integer o; 0 <= o < s->region.size && p == s->region.base + o;
    logic char *block_start{L}(space_t *s, integer p, integer b) =
      s->region.base + offset_of(&s->heap, p, b);
    predicate block_at{L}(space_t *s, char *q, integer p, integer b) =
      live(&s->heap, p, b) && q == block_start(s, p, b);
    predicate space_empty{L}(space_t *s) = \forall integer p, b; !live(&s->heap, p, b);
*/

/* Bytes lie in no live block. */
/*@ predicate bytes_fresh{L}(space_t *s, char *q, integer n) =
      \forall integer p, b; live(&s->heap, p, b) ==>
        \separated(q + (0 .. n - 1), block_start(s, p, b) + (0 .. block_size(&s->heap, p) - 1));
*/

/* Where live blocks are: in their pools, and no two of them in the same place. */
/*@ predicate bits_all = \forall integer i; 0 <= i < 64 ==> bit(WORD_ALL, i);
    predicate block_in{L}(heap_t *h, integer p, integer b) =
      h->first <= p < h->pools && 1 <= granules(h, p) <= 32 && 65536 * p <= offset_of(h, p, b) &&
      offset_of(h, p, b) + block_size(h, p) <= 65536 * (p + 1);
    predicate blocks_in{L}(heap_t *h) = \forall integer p, b; live(h, p, b) ==> block_in(h, p, b);
    predicate blocks_apart{L}(heap_t *h, integer p, integer b) = \forall integer q, d;
      live(h, q, d) && !(q == p && d == b) ==>
        offset_of(h, q, d) + block_size(h, q) <= offset_of(h, p, b) ||
        offset_of(h, p, b) + block_size(h, p) <= offset_of(h, q, d);

    lemma block_carved{L}: \forall heap_t *h, integer p, b; bits_all && pools_cut(h) &&
      pools_out(h) && pools_untouched(h) && live(h, p, b) ==>
        opened(h, p) && 1 <= granules(h, p) <= 32 && b / 64 < carved(h, p);
    lemma carved_fits{L}: \forall heap_t *h, integer p, b; pool_fit(h, p) && 1 <= granules(h, p) &&
      b / 64 < carved(h, p) ==> b < 64 * words_of(granules(h, p) - 1);
    lemma live_block_in{L}: \forall heap_t *h, integer p, b; bits_all && heap_bounds(h) &&
      pools_cut(h) && pools_out(h) && pools_untouched(h) && live(h, p, b) ==> block_in(h, p, b);
    lemma apart_pools{L}: \forall heap_t *h, integer p, b, q, d; block_in(h, p, b) &&
      block_in(h, q, d) && p < q ==> offset_of(h, p, b) + block_size(h, p) <= offset_of(h, q, d);
    lemma live_blocks_apart{L}: \forall heap_t *h, integer p, b; blocks_in(h) && live(h, p, b) ==>
      blocks_apart(h, p, b);
*/

/* What is the same when a number of the space that is not the heap's changes. */
/*@ predicate heap_kept{A,B}(heap_t *h) = heap_same{A,B}(h) && sets_same{A,B}(h) && live_same{A,B}(h) &&
      sizes_kept{A,B}(h);
    predicate space_kept{A,B}(space_t *s) =
      \at(s->region.base, B) == \at(s->region.base, A) &&
      \at(s->region.size, B) == \at(s->region.size, A);
*/

/* The contents of all blocks that stay live are what they were. */
/*@ predicate contents_kept{A,B}(space_t *s) = \forall integer p, b, i;
      live{A}(\at(&s->heap, A), p, b) && live{B}(\at(&s->heap, B), p, b) &&
      0 <= i < block_size{A}(\at(&s->heap, A), p) ==>
        \at(*(block_start(s, p, b) + i), B) == \at(*(block_start(s, p, b) + i), A);
*/
