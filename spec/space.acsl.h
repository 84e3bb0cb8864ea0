/* The logic of a space (alloc/space.h): a heap, its region, and user memory. */
#pragma once

#include "spec/calls.acsl.h"
#include "spec/heap.acsl.h"
#include "spec/region.acsl.h"

#ifdef __FRAMAC__ /* contracts name its kinds; who uses spaces need not see it */
#include "alloc/misuse.h"
#endif

/* Numbers of a space, each as a function. */
/*@ logic char *region_base{L}(space_t *s) = s->region.base;
    logic integer region_size{L}(space_t *s) = s->region.size;
    logic integer region_usable{L}(space_t *s) = s->region.usable;
    logic integer region_source{L}(space_t *s) = s->region.source;
    logic integer heap_limit{L}(space_t *s) = s->heap.limit;
    logic integer heap_pools{L}(space_t *s) = s->heap.pools;
    logic integer heap_leaves{L}(space_t *s) = s->heap.sets.leaves;
*/

/* What calls write of a space, for `assigns`: for any block, and for a new one too; and the
   bytes of blocks. */
#define SPACE_ARRAYS(s, limit, leaves) (s)->heap.sets.leaf[0 .. (leaves) * SETS - 1], \
  (s)->heap.pool[0 .. (limit) - 1], (s)->heap.free[0 .. 64 * (limit) - 1]
#define SPACE_SETS(s) (s)->heap.idle, (s)->heap.idle_max, (s)->heap.sets.top[0 .. SETS - 1], \
  (s)->heap.sets.mid[0 .. SETS * 64 - 1]
#define SPACE_BLOCKS(s) SPACE_SETS(s), SPACE_ARRAYS(s, (s)->heap.limit, (s)->heap.sets.leaves)
#define SPACE_CLASSES(s) (s)->heap.class_[0 .. CLASSES - 1], (s)->heap.opened
#define SPACE_MORE(s) (s)->heap.pools, (s)->region.usable, (s)->large_blocks
#define SPACE_NEW(s) SPACE_CLASSES(s), SPACE_BLOCKS(s), SPACE_MORE(s), \
  *(s)->heap.free /* the word of a class that has none */
#define SPACE_BYTES(s) (s)->region.base[0 .. (s)->region.size - 1]

/* The heap's arrays lie in the region, but are thought of as memory of their own (see
   space_arrays in alloc/space.c): apart from the space. */
/*@ predicate space_memory{L}(space_t *s) = \valid(s) &&
      \separated(s, s->heap.free) &&
      \separated(s, s->heap.pool + (0 .. heap_limit(s) - 1),
                 s->heap.free + (0 .. 64 * heap_limit(s) - 1),
                 s->heap.sets.leaf + (0 .. heap_leaves(s) * SETS - 1));
    predicate space_sizes{L}(space_t *s) =
      65536 * heap_limit(s) == region_size(s) && 65536 * heap_pools(s) <= region_usable(s);
    predicate space_large{L}(space_t *s) = s->large == \null || allocator_ok(s->large);

    predicate space_ok{L}(space_t *s) =
      space_memory(s) && heap_ok(&s->heap) && region_ok(&s->region) && space_sizes(s) &&
      space_large(s);
*/

/* Where a small request may go elsewhere, or fail: the heap has no block of the class, and its region no more
   memory.  Of one whose memory the system commits it is not said that the system was asked, and refused. */
/*@ predicate no_room{L}(space_t *s, integer c) = exhausted(&s->heap, c) &&
      (s->heap.pools == s->heap.limit || s->region.source == REGION_SYSTEM);
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
    lemma block_pool_at{L}: \forall heap_t *h, integer p, b; 0 <= p && 0 <= b && block_in(h, p, b) ==>
      offset_of(h, p, b) / 65536 == p;
    lemma block_number_at{L}: \forall heap_t *h, integer p, b, o, k; 0 <= p && 0 <= b && block_in(h, p, b) &&
      o == offset_of(h, p, b) && k == block_size(h, p) ==> o % 65536 / k == b;
    lemma live_block_at{L}: \forall heap_t *h, integer p, b; block_in(h, p, b) && live(h, p, b) ==>
      live_at(h, offset_of(h, p, b), b) && offset_of(h, p, b) / 65536 == p;
    lemma live_block_in{L}: \forall heap_t *h, integer p, b; bits_all && heap_bounds(h) &&
      pools_cut(h) && pools_out(h) && pools_untouched(h) && live(h, p, b) ==> block_in(h, p, b);
    lemma apart_pools{L}: \forall heap_t *h, integer p, b, q, d; block_in(h, p, b) &&
      block_in(h, q, d) && p < q ==> offset_of(h, p, b) + block_size(h, p) <= offset_of(h, q, d);
    lemma apart_blocks{L}: \forall heap_t *h, integer p, b, d; 1 <= granules(h, p) && b < d ==>
      offset_of(h, p, b) + block_size(h, p) <= offset_of(h, p, d);
    lemma live_blocks_apart{L}: \forall heap_t *h, integer p, b; blocks_in(h) && live(h, p, b) ==>
      blocks_apart(h, p, b);
*/

/* What is the same when a number changes that is none of the heap's, or h->pools. */
/*@ predicate heap_frame{A,B}(heap_t *h) =
      bounds_kept{A,B}(h) && \at(h->opened, A) == \at(h->opened, B) && words_same{A,B}(h) &&
      pools_same{A,B}(h) && classes_same{A,B}(h) && sets_same{A,B}(h);
    lemma frame_ok{A,B}: \forall heap_t *h; heap_frame{A,B}(h) && heap_ok{A}(h) &&
      heap_memory{B}(h) && heap_bounds{B}(h) && sets_shape{B}(\at(&h->sets, B)) ==> heap_ok{B}(h);
    lemma class_inside{L}: \forall heap_t *h, integer c; heap_bounds(h) && classes_ok(h) && pools_cut(h) &&
      0 <= c < CLASSES && class_word(h, c) != 0 ==>
        0 <= class_pool(h, c) < h->limit && 0 <= carved(h, class_pool(h, c)) <= 64;
    lemma frame_offered{A,B}: \forall heap_t *h, integer i, p; heap_frame{A,B}(h) && 0 <= i < SETS &&
      0 <= p < 64 * \at(h->sets.leaves, A) ==> (offered{B}(h, i, p) <==> offered{A}(h, i, p));
    lemma frame_blank{A,B}: \forall heap_t *h, integer p; heap_frame{A,B}(h) && 0 <= p < \at(h->limit, A) ==>
      (pool_blank{B}(h, p) <==> pool_blank{A}(h, p));
    lemma frame_full{A,B}: \forall heap_t *h, integer p; heap_frame{A,B}(h) && 0 <= p < \at(h->limit, A) &&
      0 <= carved{A}(h, p) <= 64 && pool_full{A}(h, p) ==> pool_full{B}(h, p);
    lemma frame_spent{A,B}: \forall heap_t *h, integer c; heap_bounds{A}(h) && classes_ok{A}(h) && pools_cut{A}(h) &&
      0 <= c < CLASSES && heap_frame{A,B}(h) && \at(h->pools, B) == \at(h->pools, A) && exhausted{A}(h, c) ==>
        exhausted{B}(h, c);
    lemma frame_live{A,B}: \forall heap_t *h; heap_frame{A,B}(h) ==>
      live_same{A,B}(h) && sizes_kept{A,B}(h);

    predicate space_same{A,B}(space_t *s) =
      \at(s->region.base, B) == \at(s->region.base, A) &&
      region_size{B}(s) == region_size{A}(s) && region_source{B}(s) == region_source{A}(s) &&
      \at(s->large, B) == \at(s->large, A);
*/

/* The contents of all blocks that stay live are what they were. */
/*@ logic integer block_byte{L}(space_t *s, integer p, integer b, integer i) =
      *(block_start(s, p, b) + i);
    predicate contents_kept{A,B}(space_t *s) = \forall integer p, b, i;
      live{A}(\at(&s->heap, A), p, b) && live{B}(\at(&s->heap, B), p, b) &&
      0 <= i < block_size{A}(\at(&s->heap, A), p) ==>
        block_byte{B}(s, p, b, i) == block_byte{A}(s, p, b, i);
*/

/* What a request of n > 0 bytes has led to, with q as its result. */
/*@ predicate got_memory{L}(char *q, integer n) =
      q != \null ==> \valid(q + (0 .. n - 1)) && aligned(q) && is_address(q);
    predicate got_fresh{L}(space_t *s, char *q, integer n) =
      q != \null ==> bytes_fresh(s, q, n) && any_fresh(q, n);
    predicate got_block{A,B}(space_t *s, char *q, integer n) =
      q != \null && owned{A}(s, q) ==> n <= SMALL_MAX && any_same{A,B} &&
        \exists integer p, b; block_at{B}(s, q, p, b) && n <= block_size{B}(\at(&s->heap, B), p) &&
          !live{A}(\at(&s->heap, A), p, b) && live_added{A,B}(\at(&s->heap, A), p, b);
    predicate got_large{A,B}(space_t *s, char *q, integer n) =
      q != \null && !owned{A}(s, q) ==> \at(s->large, A) != \null && live_same{A,B}(\at(&s->heap, A)) &&
        any_block{B}(q, n) && any_rest{A,B}(q);
    predicate got_none{A,B}(space_t *s, char *q) =
      q == \null ==> live_same{A,B}(\at(&s->heap, A)) && any_same{A,B};
    predicate space_kept{A,B}(space_t *s) =
      space_same{A,B}(s) && contents_kept{A,B}(s) && any_kept{A,B} &&
      sizes_kept{A,B}(\at(&s->heap, A));
*/

/* Why that is so for a block of a pool. */
/*@ lemma fresh_any{L}: \forall char *base, integer size, o, n;
      any_apart(base, size) && 0 <= o && o + n <= size ==> any_fresh(base + o, n);
    lemma offsets_kept{A,B}: \forall heap_t *h, integer p, b; live{A}(h, p, b) && live{B}(h, p, b) &&
      sizes_kept{A,B}(h) ==> offset_of{B}(h, p, b) == offset_of{A}(h, p, b) &&
        block_size{B}(h, p) == block_size{A}(h, p);
    lemma fresh_live{A,B}: \forall heap_t *h, integer p, b, q, d; blocks_in{B}(h) && sizes_kept{A,B}(h) &&
      !live{A}(h, p, b) && live_added{A,B}(h, p, b) && live{A}(h, q, d) ==>
        offset_of{A}(h, q, d) + block_size{A}(h, q) <= offset_of{B}(h, p, b) ||
        offset_of{B}(h, p, b) + block_size{B}(h, p) <= offset_of{A}(h, q, d);
    lemma fresh_block{A,B}: \forall space_t *s, integer p, b; blocks_in{B}(\at(&s->heap, B)) &&
      \at(s->region.base, A) == \at(s->region.base, B) && sizes_kept{A,B}(\at(&s->heap, A)) &&
      !live{A}(\at(&s->heap, A), p, b) && live_added{A,B}(\at(&s->heap, A), p, b) ==>
        bytes_fresh{A}(s, block_start{B}(s, p, b), block_size{B}(\at(&s->heap, B), p));
    lemma fresh_less{L}: \forall space_t *s, char *q, integer n, m; n <= m && bytes_fresh(s, q, m) ==>
      bytes_fresh(s, q, n);
    lemma block_memory{L}: \forall space_t *s, integer p, b; region_ok(&s->region) && space_sizes(s) &&
      block_in(&s->heap, p, b) ==>
        \valid(block_start(s, p, b) + (0 .. block_size(&s->heap, p) - 1)) &&
        aligned(block_start(s, p, b)) && is_address(block_start(s, p, b)) &&
        any_fresh(block_start(s, p, b), block_size(&s->heap, p));
*/

/* The bytes of a block that stays live, as those of an address. */
/*@ lemma block_bytes{A,B}: \forall space_t *s, char *p, integer a, b, i; block_at{A}(s, p, a, b) &&
      live{B}(\at(&s->heap, A), a, b) && space_kept{A,B}(s) && 0 <= i < block_size{A}(\at(&s->heap, A), a) ==>
        block_start{B}(s, a, b) == p && block_byte{B}(s, a, b, i) == block_byte{A}(s, a, b, i) &&
        \at(p[i], B) == \at(p[i], A);
*/

/* A state that differs from the one before in no live block stands for it. */
/*@ lemma fresh_back{A,B}: \forall space_t *s, char *q, integer n;
      \at(s->region.base, A) == \at(s->region.base, B) && live_same{A,B}(\at(&s->heap, A)) &&
      sizes_kept{A,B}(\at(&s->heap, A)) && bytes_fresh{B}(s, q, n) ==> bytes_fresh{A}(s, q, n);
    lemma any_kept_after{A,B,C}: any_same{A,B} && any_kept{A,B} && any_kept{B,C} ==> any_kept{A,C};
    lemma contents_after{A,B,C}: \forall space_t *s; live_same{A,B}(\at(&s->heap, A)) &&
      sizes_kept{A,B}(\at(&s->heap, A)) && contents_kept{A,B}(s) && contents_kept{B,C}(s) ==>
        contents_kept{A,C}(s);
*/

/* What free has done to a pointer that was not NULL. */
/*@ predicate gone_block{A,B}(space_t *s, char *p) = owned{A}(s, p) ==> any_same{A,B} &&
      \exists integer q, b; block_at{A}(s, p, q, b) && live_removed{A,B}(\at(&s->heap, A), q, b);
    predicate gone_large{A,B}(space_t *s, char *p) = p != \null && !owned{A}(s, p) ==>
      \at(s->large, A) != \null && live_same{A,B}(\at(&s->heap, A)) && !any_held{B}(p) && any_rest{A,B}(p);
    predicate gone_none{A,B}(space_t *s, char *p) = p == \null ==>
      live_same{A,B}(\at(&s->heap, A)) && any_same{A,B};
    predicate ours{L}(space_t *s, char *p) =
      is_address(p) && (p == \null || owned(s, p) || s->large == \null || any_held(p));
*/

/* The memory of a pool goes back when it becomes unused, and as many unused ones as may be kept are; so does that of
   the pool that a realloc moves a block out of, and of no other. */
/*@ predicate pool_given{A,B}(space_t *s, integer q) =
      granules{A}(\at(&s->heap, A), q) > 0 && granules{B}(\at(&s->heap, B), q) == 0 &&
        \at(s->heap.idle >= s->heap.idle_max && s->region.source == REGION_SYSTEM, A) ?
      given_back{A,B}(\at(s->region.base, A) + 65536 * q, 65536) : given_none{A,B};
    predicate given_moved{A,B}(space_t *s, integer q) = given_none{A,B} || granules{B}(\at(&s->heap, B), q) == 0 &&
      given_back{A,B}(\at(s->region.base, A) + 65536 * q, 65536);
*/

/* No block of a pool is at p, and the heap has found why; and what a space has said of an address that it refuses, for
   a call whose name begins with this letter. */
/*@ predicate no_block{L}(space_t *s, char *p, integer why) =
      \exists integer o; 0 <= o < s->region.size && p == s->region.base + o &&
        (\forall integer b; !live_at(&s->heap, o, b)) && (why == HEAP_NOT_LIVE <==> block_starts(&s->heap, o));
    logic integer refusal_of(integer why) = why == HEAP_FREED ? MISUSE_FOREIGN :
      why == HEAP_NOT_LIVE ? MISUSE_NOT_LIVE : MISUSE_NOT_BLOCK;
    predicate refused_in{A,B}(space_t *s, char *p, integer call) = \exists integer why;
      why != HEAP_FREED && no_block{A}(s, p, why) && said{B}(refusal_of(why), p, call);
    predicate refused_out{A,B}(space_t *s, char *p, integer call) =
      !owned{A}(s, p) && p != \null && \at(s->large, A) == \null && said{B}(MISUSE_FOREIGN, p, call);
    predicate refused{A,B}(space_t *s, char *p, integer call) =
      refused_in{A,B}(s, p, call) || refused_out{A,B}(s, p, call);
*/

/* What realloc has done to p, when it gave q for n > 0 bytes: a block of a pool is gone and
   another there, that begins as it did, or it stays; a large one was resized by its allocator. */
/*@ predicate live_moved{A,B}(heap_t *h, integer p, integer b, integer q, integer d) =
      live{A}(h, p, b) && !live{A}(h, q, d) && \forall integer x, y;
        live{B}(h, x, y) <==> live{A}(h, x, y) && !(x == p && y == b) || (x == q && y == d);
    predicate moved_block{A,B}(space_t *s, char *p, char *q, integer n) = any_same{A,B} &&
      \exists integer a, b, c, d; block_at{A}(s, p, a, b) && block_at{B}(s, q, c, d) &&
        n <= block_size{B}(\at(&s->heap, B), c) && live_moved{A,B}(\at(&s->heap, A), a, b, c, d);
    predicate moved_large{A,B}(space_t *s, char *p, char *q, integer n) =
      \at(s->large, A) != \null && any_block{B}(q, n) && any_rest{A,B}(q) &&
      \exists integer a, b; block_at{A}(s, p, a, b) && live_removed{A,B}(\at(&s->heap, A), a, b);
    predicate moved{A,B}(space_t *s, char *p, char *q, integer n) = q != \null ==>
      (owned{A}(s, q) ==> moved_block{A,B}(s, p, q, n)) &&
      (!owned{A}(s, q) ==> moved_large{A,B}(s, p, q, n));
    predicate stayed{A,B}(space_t *s, char *p, integer n) =
      live_same{A,B}(\at(&s->heap, A)) && any_same{A,B} &&
      \exists integer a, b; block_at{B}(s, p, a, b) && n <= block_size{B}(\at(&s->heap, B), a);
    predicate begins_like{A,B}(space_t *s, char *p, char *q, integer n) = p != \null && q != \null ==>
      \forall integer a, b, i; block_at{A}(s, p, a, b) && 0 <= i < n &&
        i < block_size{A}(\at(&s->heap, A), a) ==> \at(q[i], B) == \at(p[i], A);
    predicate resized_large{A,B}(space_t *s, char *p, char *q, integer n) =
      \at(s->large, A) != \null && live_same{A,B}(\at(&s->heap, A)) && realloc_done{A,B}(p, q, n) &&
      (q != \null ==> bytes_fresh{A}(s, q, any_bytes(n)));
*/
