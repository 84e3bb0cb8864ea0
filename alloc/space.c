#include "alloc/space.h"

#include <string.h>

#include "alloc/misuse.h"
#include "spec/kept.acsl.h"

static const uint64_t no_word; /* the words of a heap without pools: always 0 */

/* The arrays of a heap of n pools, at the beginning of a region.  No block is ever there:
   blocks are in pools from heap.first on.  Nor is the space: a source's memory is new. */
#ifndef __FRAMAC__
static void space_arrays(space_t *space, char *base, size_t n) {
  space->heap.free = (uint64_t *)(void *)base;
  space->heap.pool = (pool_t *)(void *)(space->heap.free + n * POOL_WORDS);
  space->heap.sets.leaf = (uint64_t *)(void *)(space->heap.pool + n);
}
#else
/*@ requires memory: \valid(space) && 0 < n <= SET_LIMIT && aligned(base) &&
      \valid(base + (0 .. 520 * n + (n + 63) / 64 * SETS * 8 - 1));
    requires zero: zeros(base, 520 * n + (n + 63) / 64 * SETS * 8);
    requires apart: space->region.source == REGION_BUFFER ==>
      \separated(space, base + (0 .. 520 * n + (n + 63) / 64 * SETS * 8 - 1));
    terminates \true;
    assigns space->heap.free, space->heap.pool, space->heap.sets.leaf;
    ensures memory: \valid(space->heap.pool + (0 .. n - 1)) && \valid_read(space->heap.free) &&
      \valid(space->heap.free + (0 .. 64 * n - 1)) &&
      \valid(space->heap.sets.leaf + (0 .. (n + 63) / 64 * SETS - 1));
    ensures apart: \separated(space, space->heap.pool + (0 .. n - 1), space->heap.free + (0 .. 64 * n - 1),
      space->heap.sets.leaf + (0 .. (n + 63) / 64 * SETS - 1)) && \separated(space, space->heap.free);
    ensures pools: \forall integer p; 0 <= p < n ==> space->heap.pool[p].granules == 0 &&
      space->heap.pool[p].carved == 0 && space->heap.pool[p].inverse == 0;
    ensures words: space->heap.free[0] == 0;
    ensures leaves: \forall integer a; 0 <= a < (n + 63) / 64 * SETS ==> space->heap.sets.leaf[a] == 0; */
void space_arrays(space_t *space, char *base, size_t n); /* trusted: zero bytes of the region, as arrays of their own */
#endif

/* Makes the space's heap an empty one of n pools, of which those below `first` hold the
   metadata, all zero, and no other may be used yet. */
/*@ requires memory: \valid(space) && 0 < first < n <= SET_LIMIT && aligned(space->region.base) &&
      \valid(space->region.base + (0 .. 520 * n + (n + 63) / 64 * SETS * 8 - 1));
    requires zero: zeros(space->region.base, 520 * n + (n + 63) / 64 * SETS * 8);
    requires apart: space->region.source == REGION_BUFFER ==>
      \separated(space, space->region.base + (0 .. 520 * n + (n + 63) / 64 * SETS * 8 - 1));
    requires large: space_large(space) && \separated(space, space->large);
    terminates \true;
    assigns space->heap;
    ensures ok: space_memory(space) && heap_ok(&space->heap) && space_empty(space);
    ensures large: space_large(space);
    ensures numbers: space->heap.limit == n && space->heap.pools == first; */
static void space_heap(space_t *space, uint32_t first, uint32_t n) {
  heap_t *h = &space->heap;
  space_arrays(space, space->region.base, n);
  heap_init(h, h->pool, h->free, h->sets.leaf, first, n);
}

/* Makes the space's heap an empty one over the whole region, whose first pools
   hold the metadata and are never handed out; the others it may use once it grows.
   False when there is no memory for that. */
/*@ requires memory: \valid(space) && space_large(space) && \separated(space, space->large);
    requires region: region_ok(&space->region) && space->region.size > 0;
    requires apart: space->region.source == REGION_BUFFER ==>
      \separated(space, space->region.base + (0 .. space->region.size - 1));
    requires zero: space->region.source == REGION_SYSTEM ==>
      zeros(space->region.base, space->region.size);
    terminates \true;
    assigns space->heap, space->region.usable, SPACE_BYTES(space);
    ensures ok: \result ==> space_ok(space) && space_empty(space);
    ensures large: space_large(space);
    ensures PM_REGION_05_serves: space->region.source != REGION_SYSTEM && space->region.size >= 2 * POOL_SIZE ==> \result; */
static bool space_attach(space_t *space) {
  region_t *region = &space->region;
  size_t n = region->size / POOL_SIZE;
  size_t pools = n * sizeof(pool_t), words = n * POOL_WORDS * sizeof(uint64_t);
  size_t leaves = (n + 63) / 64 * SETS * sizeof(uint64_t);
  size_t first = (pools + words + leaves + POOL_SIZE - 1) / POOL_SIZE;
  if (first >= n || !region_commit(region, first * POOL_SIZE)) return false;
  /* Fresh pages of the system are zero, and should stay untouched. */
  if (region->source != REGION_SYSTEM) memset(region->base, 0, pools + words + leaves);
  space_heap(space, (uint32_t)first, (uint32_t)n);
  //@ assert region: region_ok(region);
  //@ assert sizes: space_sizes(space);
  return true;
}

/* Makes the heap of a space without a region one that never has a pool. */
/*@ requires memory: \valid(space) && space_large(space) && \separated(space, space->large);
    requires region: region_ok(&space->region) && space->region.size == 0;
    terminates \true;
    assigns space->heap;
    ensures ok: space_ok(space) && space_empty(space); */
static void space_detach(space_t *space) {
  heap_init(&space->heap, NULL, (uint64_t *)&no_word, NULL, 0, 0);
  //@ assert memory: space_memory(space);
  //@ assert region: region_ok(&space->region);
  //@ assert sizes: space_sizes(space);
  //@ assert large: space_large(space);
}

bool space_open(space_t *space, region_source_t source, size_t most,
                const PyObjectArenaAllocator *hook, const PyMemAllocatorEx *large) {
  space->large = large;
  space->large_blocks = 0;
  /*@ loop invariant large: space->large == large && space_large(space);
      loop invariant numbers: most <= \at(most, Pre) && space->large_blocks == 0;
      loop assigns most, *space, REGION_BYTES;
      loop variant most; */
  while (region_reserve(&space->region, source, most, hook)) {
    //@ assert large: space->large == large;
    //@ assert allocator: large == \null || allocator_ok(large);
    if (space_attach(space)) return true;
    most = space->region.size / 2; /* a smaller one has less metadata */
    region_release(&space->region);
  }
  space_detach(space);
  return false;
}

space_t *space_in_buffer(void *buffer, size_t size) {
  size_t skip = (GRANULE - ADDRESS(buffer) % GRANULE) % GRANULE;
  if (buffer == NULL || size < skip + sizeof(space_t)) return NULL;
  space_t *space = (void *)((char *)buffer + skip);
  space->large = NULL, space->large_blocks = 0;
  char *rest = (char *)buffer + skip + sizeof(space_t);
  //@ assert start: (uintptr_t)rest == (uintptr_t)buffer + (skip + sizeof(space_t));
  /*@ assert shift: \forall integer o; 0 <= o <= size - skip - sizeof(space_t) ==>
        (uintptr_t)((char *)buffer + (skip + sizeof(space_t) + o)) ==
        (uintptr_t)buffer + (skip + sizeof(space_t) + o); */
  //@ assert same: \forall integer o; (char *)buffer + (skip + sizeof(space_t) + o) == rest + o;
  //@ assert addresses: addresses(rest, size - skip - sizeof(space_t));
  //@ assert apart: any_apart(rest, size - skip - sizeof(space_t));
  if (!region_use_buffer(&space->region, rest, size - skip - sizeof(space_t))) return NULL;
  space_attach(space); /* it has two pools at least, and need not ask for memory */
  return space;
}

void space_close(space_t *space) {
  region_release(&space->region);
  space_detach(space);
}

/* Says why free or realloc does not take a pointer, and ends the process: what the heap has found, or, when
   it was not asked (HEAP_FREED), that the pointer is not of this space. */
/*@ terminates \true;
    assigns SAID;
    ensures PM_MISUSE_01_ends: \false;
    exits PM_MISUSE_05_said: spoken{Pre,Post} && said(refusal_of(why), (char *)p, freed ? 'f' : 'r'); */
SELDOM _Noreturn static void refuse(heap_freed_t why, const void *p, bool freed) {
  misuse_t what = why == HEAP_FREED ? MISUSE_FOREIGN : why == HEAP_NOT_LIVE ? MISUSE_NOT_LIVE : MISUSE_NOT_BLOCK;
  if (freed) misuse_report("free", p, what); /* a call for each: a proof sees which text it is */
  misuse_report("realloc", p, what);
}

/* Lets the heap use another arena's worth of its region.  False at its end, or
   when the system has no memory. */
/*@ requires ok: space_ok(space);
    terminates \true;
    assigns space->heap.pools, space->region.usable;
    ensures ok: space_ok(space);
    ensures same: live_same{Pre,Post}(&space->heap) && any_same{Pre,Post};
    ensures kept: space_kept{Pre,Post}(space);
    ensures numbers: space->heap.limit == \old(space->heap.limit) &&
      space->heap.sets.leaves == \old(space->heap.sets.leaves);
    ensures PM_REGION_03_more: \result ==> space->heap.pools > \old(space->heap.pools);
    ensures PM_MALLOC_06_last: !\result ==> \forall integer c; 0 <= c < CLASSES && exhausted{Pre}(&space->heap, c) ==>
      no_room(space, c);
    ensures PM_REGION_03_last: !\result ==> space->heap.pools == space->heap.limit ||
      space->region.source == REGION_SYSTEM; */
static bool space_grow(space_t *space) {
  heap_t *h = &space->heap;
  bool more = region_commit(&space->region, ((size_t)h->pools + 1) * POOL_SIZE);
  //@ assert same: !more ==> heap_frame{Pre,Here}(&space->heap) && space->heap.pools == \at(space->heap.pools, Pre);
  if (!more) return false;
  h->pools = (uint32_t)(space->region.usable / POOL_SIZE);
  //@ assert pools: pools_same{Pre,Here}(h);
  //@ assert words: \forall integer c; 0 <= c < CLASSES ==> class_word(h, c) == class_word{Pre}(h, c);
  //@ assert bytes: \forall integer c; 0 <= c < CLASSES ==> class_size(h, c) == class_size{Pre}(h, c);
  //@ assert firsts: \forall integer c; 0 <= c < CLASSES ==> class_first(h, c) == class_first{Pre}(h, c);
  //@ assert classes: classes_same{Pre,Here}(h);
  //@ assert free: words_same{Pre,Here}(h);
  /*@ assert leaves: \forall integer i, a; 0 <= i < SETS && 0 <= a < h->sets.leaves ==>
        leaf_at(&h->sets, i, a) == leaf_at{Pre}(&h->sets, i, a); */
  /*@ assert mids: \forall integer i, g; 0 <= i < SETS && 0 <= g < 64 ==>
        mid_at(&h->sets, i, g) == mid_at{Pre}(&h->sets, i, g); */
  //@ assert tops: \forall integer i; 0 <= i < SETS ==> top_at(&h->sets, i) == top_at{Pre}(&h->sets, i);
  //@ assert sets: sets_same{Pre,Here}(h) && bounds_kept{Pre,Here}(h);
  //@ assert frame: heap_frame{Pre,Here}(h);
  //@ assert heap: heap_ok(h);
  //@ assert region: region_ok(&space->region);
  //@ assert sizes: space_sizes(space);
  return true;
}

/* A new block of the large allocator, counted. */
/*@ requires ok: space_ok(space);
    terminates \true;
    assigns space->large_blocks;
    ensures ok: space_ok(space);
    ensures same: space_same{Pre,Post}(space) && heap_frame{Pre,Post}(&space->heap) &&
      space->heap.pools == \old(space->heap.pools);
    ensures PM_STATS_01_large: \old(space->large_blocks) < 0xffffffffffffffff ==>
      space->large_blocks == \old(space->large_blocks) + (p != \null ? 1 : 0);
    ensures result: \result == p; */
static void *large_block(space_t *space, void *p) {
  space->large_blocks += p != NULL;
  //@ assert words: words_same{Pre,Here}(&space->heap);
  //@ assert pools: pools_same{Pre,Here}(&space->heap) && bounds_kept{Pre,Here}(&space->heap);
  //@ assert classes: classes_same{Pre,Here}(&space->heap);
  //@ assert sets: sets_same{Pre,Here}(&space->heap);
  //@ assert frame: heap_frame{Pre,Here}(&space->heap);
  //@ assert heap: heap_ok(&space->heap);
  return p;
}

/* A block of a class, if the heap has one. */
/*@ requires ok: space_ok(space) && c < CLASSES;
    terminates \true;
    assigns SPACE_CLASSES(space), SPACE_BLOCKS(space);
    ensures ok: space_ok(space);
    ensures numbers: space->heap.pools == \old(space->heap.pools) &&
      space->heap.limit == \old(space->heap.limit) &&
      space->heap.sets.leaves == \old(space->heap.sets.leaves);
    ensures kept: space_kept{Pre,Post}(space);
    ensures none: \result == \null ==> live_same{Pre,Post}(&space->heap) && exhausted(&space->heap, c);
    ensures memory: got_memory((char *)\result, class_bytes(c));
    ensures fresh: got_fresh{Pre}(space, (char *)\result, class_bytes(c));
    ensures block: got_block{Pre,Post}(space, (char *)\result, class_bytes(c));
    ensures inside: \result != \null ==> owned(space, (char *)\result); */
static void *space_refill(space_t *space, size_t c) {
  /*@ assert apart: \separated(space, space->heap.pool + (0 .. space->heap.limit - 1)) &&
        \separated(space, space->heap.free + (0 .. 64 * space->heap.limit - 1)) &&
        \separated(space, space->heap.sets.leaf + (0 .. space->heap.sets.leaves * SETS - 1)); */
  /*@ assert size_apart:
        \separated(&space->region.size, space->heap.free + (0 .. 64 * space->heap.limit - 1)) &&
        \separated(&space->region.size, space->heap.sets.leaf + (0 .. space->heap.sets.leaves * SETS - 1)); */
  /*@ assert source_apart:
        \separated(&space->region.source, space->heap.pool + (0 .. space->heap.limit - 1)); */
  /*@ assert usable_apart:
        \separated(&space->region.usable, space->heap.free + (0 .. 64 * space->heap.limit - 1)) &&
        \separated(&space->region.usable, space->heap.sets.leaf + (0 .. space->heap.sets.leaves * SETS - 1)); */
  /*@ assert size_sets: \separated(&space->region.size, &space->heap.sets.top[0 .. SETS - 1]) &&
        \separated(&space->region.size, &space->heap.sets.mid[0 .. SETS * 64 - 1]) &&
        \separated(&space->region.size, &space->heap.class_[0 .. CLASSES - 1]); */
  /*@ assert usable_sets: \separated(&space->region.usable, &space->heap.sets.top[0 .. SETS - 1]) &&
        \separated(&space->region.usable, &space->heap.sets.mid[0 .. SETS * 64 - 1]) &&
        \separated(&space->region.usable, &space->heap.class_[0 .. CLASSES - 1]); */
  uint64_t offset = heap_refill(&space->heap, c);
  //@ assert sizes_same: space->region.size == \at(space->region.size, Pre);
  //@ assert usable_same: space->region.usable == \at(space->region.usable, Pre);
  //@ assert size: region_size(space) == region_size{Pre}(space);
  //@ assert usable: region_usable(space) == region_usable{Pre}(space);
  //@ assert source: region_source(space) == region_source{Pre}(space);
  //@ assert limit: heap_limit(space) == heap_limit{Pre}(space);
  //@ assert pools: heap_pools(space) == heap_pools{Pre}(space);
  //@ assert leaves: heap_leaves(space) == heap_leaves{Pre}(space);
  //@ assert same: space_same{Pre,Here}(space);
  //@ assert region_ok: region_ok(&space->region);
  //@ assert sizes: space_sizes(space);
  //@ assert memory: space_memory(space);
  //@ assert ok: space_ok(space);
  //@ ghost word_all();
  //@ assert in: blocks_in(&space->heap);
  /*@ assert added: offset != HEAP_NONE ==> \exists integer p, b; block_in(&space->heap, p, b) &&
        offset == offset_of(&space->heap, p, b) && block_size(&space->heap, p) == class_bytes(c) &&
        live(&space->heap, p, b) && !live{Pre}(&space->heap, p, b) &&
        live_added{Pre,Here}(&space->heap, p, b); */
  //@ assert kept: sizes_kept{Pre,Here}(&space->heap);
  //@ assert contents: contents_kept{Pre,Here}(space);
  return offset == HEAP_NONE ? NULL : space->region.base + offset;
}

/* A block of a class that has no free block in its current word: NULL when no pool has
   one, and there is no memory for another pool. */
/*@ requires ok: space_ok(space) && c < CLASSES;
    terminates \true;
    assigns SPACE_NEW(space);
    ensures ok: space_ok(space);
    ensures memory: got_memory((char *)\result, class_bytes(c));
    ensures fresh: got_fresh{Pre}(space, (char *)\result, class_bytes(c));
    ensures block: got_block{Pre,Post}(space, (char *)\result, class_bytes(c));
    ensures inside: \result != \null ==> owned{Pre}(space, (char *)\result);
    ensures none: \result == \null ==> live_same{Pre,Post}(&space->heap);
    ensures PM_MALLOC_06_none: \result == \null ==> no_room(space, c);
    ensures kept: space_kept{Pre,Post}(space) && any_same{Pre,Post}; */
static inline void *space_block(space_t *space, size_t c) {
  /*@ loop invariant ok: space_ok(space);
      loop invariant same: live_same{Pre,Here}(&space->heap) && any_same{Pre,Here};
      loop invariant kept: space_kept{Pre,Here}(space);
      loop invariant numbers: space->heap.limit == \at(space->heap.limit, Pre) &&
        space->heap.sets.leaves == \at(space->heap.sets.leaves, Pre);
      loop assigns SPACE_CLASSES(space), SPACE_SETS(space), SPACE_MORE(space),
        SPACE_ARRAYS(space, \at(space->heap.limit, Pre), \at(space->heap.sets.leaves, Pre));
      loop variant space->heap.limit - space->heap.pools; */
  do {
    //@ assert pools: space->heap.pools <= space->heap.limit;
    void *p = space_refill(space, c);
    //@ assert kept: space_kept{Pre,Here}(space);
    if (p != NULL) return p;
    //@ assert kept: space_kept{Pre,Here}(space) && live_same{Pre,Here}(&space->heap);
    //@ assert spent: exhausted(&space->heap, c);
  } while (space_grow(space));
  return NULL;
}

/* A block of the large allocator. */
/*@ requires ok: space_ok(space) && 0 < n <= PY_SSIZE_T_MAX && space->large != \null;
    terminates \true;
    assigns space->large_blocks, ANY_BLOCKS;
    ensures ok: space_ok(space);
    ensures memory: got_memory((char *)\result, n);
    ensures fresh: got_fresh{Pre}(space, (char *)\result, n);
    ensures large: \result != \null ==> !owned{Pre}(space, (char *)\result) &&
      any_block((char *)\result, n) && any_rest{Pre,Post}((char *)\result);
    ensures none: \result == \null ==> any_same{Pre,Post};
    ensures room: \forall integer c; 0 <= c < CLASSES && no_room{Pre}(space, c) ==> no_room(space, c);
    ensures kept: space_kept{Pre,Post}(space) && live_same{Pre,Post}(&space->heap); */
static inline void *large_malloc(space_t *space, size_t n) {
  void *p;
  /*@ calls any_malloc; */
  p = space->large->malloc(space->large->ctx, n);
  //@ assert frame: heap_frame{Pre,Here}(&space->heap) && space->heap.pools == \at(space->heap.pools, Pre);
  return large_block(space, p);
}

/* What malloc's fast path can't serve: no bytes, many, or no room in the word. */
/*@ requires ok: space_ok(space);
    terminates \true;
    assigns SPACE_NEW(space), ANY_BLOCKS;
    ensures ok: space_ok(space);
    ensures PM_MALLOC_01_size: got_memory((char *)\result, any_bytes(n));
    ensures PM_MALLOC_03_fresh: got_fresh{Pre}(space, (char *)\result, any_bytes(n));
    ensures PM_MALLOC_04_limit: n > PY_SSIZE_T_MAX ==> \result == \null;
    ensures PM_MALLOC_05_pool: got_block{Pre,Post}(space, (char *)\result, any_bytes(n));
    ensures PM_MALLOC_05_large: got_large{Pre,Post}(space, (char *)\result, any_bytes(n));
    ensures PM_MALLOC_06_room: any_bytes(n) <= SMALL_MAX &&
      (\result == \null || !owned{Pre}(space, (char *)\result)) ==> no_room(space, (any_bytes(n) + 15) / 16 - 1);
    ensures PM_MALLOC_07_same: got_none{Pre,Post}(space, (char *)\result);
    ensures PM_MALLOC_07_kept: space_kept{Pre,Post}(space); */
SELDOM static void *space_malloc_rest(space_t *space, size_t n) {
  if (n == 0) n = 1;
  if (n <= SMALL_MAX) {
    void *p = space_block(space, class_of(n));
    //@ assert fresh: got_fresh{Pre}(space, (char *)p, n);
    //@ assert block: got_block{Pre,Here}(space, (char *)p, n);
    //@ assert room: p == \null ==> no_room(space, (n + 15) / 16 - 1);
    if (p != NULL) return p;
  }
  if (space->large == NULL || n > PY_SSIZE_T_MAX) return NULL;
  //@ assert same: space_same{Pre,Here}(space) && any_same{Pre,Here};
  //@ assert heap: live_same{Pre,Here}(&space->heap) && sizes_kept{Pre,Here}(&space->heap);
  //@ assert room_2: n <= SMALL_MAX ==> no_room(space, (n + 15) / 16 - 1);
  void *p = large_malloc(space, n);
  //@ assert fresh: got_fresh{Pre}(space, (char *)p, n);
  //@ assert outside: p != \null ==> !owned{Pre}(space, (char *)p);
  return p;
}

/* malloc's fast path.  *offset is a new block's; false, and nothing has changed, when the
   class's current word has no free block. */
/*@ requires ok: space_ok(space) && c < CLASSES;
    requires memory: \valid(offset) && \separated(offset, space, space->heap.pool + (0 .. space->heap.limit - 1),
      space->heap.free + (0 .. 64 * space->heap.limit - 1),
      space->heap.sets.leaf + (0 .. space->heap.sets.leaves * SETS - 1));
    requires apart: \separated(offset, space->heap.free);
    terminates \true;
    assigns *offset, space->heap.free[0 .. 64 * space->heap.limit - 1], *space->heap.free;
    ensures ok: space_ok(space);
    ensures none: !\result ==> live_same{Pre,Post}(&space->heap);
    ensures memory: \result ==> got_memory(space->region.base + *offset, class_bytes(c));
    ensures fresh: \result ==> got_fresh{Pre}(space, space->region.base + *offset, class_bytes(c));
    ensures block: \result ==> got_block{Pre,Post}(space, space->region.base + *offset, class_bytes(c));
    ensures inside: \result ==> owned{Pre}(space, space->region.base + *offset);
    ensures kept: space_kept{Pre,Post}(space); */
static inline bool space_take(space_t *space, size_t c, uint64_t *offset) {
  //@ assert class: class_ok(&space->heap, c);
  bool taken = heap_malloc_quick(&space->heap, c, offset);
  //@ assert size: region_size(space) == region_size{Pre}(space);
  //@ assert usable: region_usable(space) == region_usable{Pre}(space);
  //@ assert same: space_same{Pre,Here}(space);
  //@ assert region_ok: region_ok(&space->region);
  //@ assert sizes: space_sizes(space);
  //@ assert memory: space_memory(space);
  //@ assert ok: space_ok(space);
  //@ ghost word_all();
  //@ assert in: blocks_in(&space->heap);
  //@ assert kept: sizes_kept{Pre,Here}(&space->heap);
  /*@ assert added: taken ==> \exists integer p, b; block_in(&space->heap, p, b) &&
        *offset == offset_of(&space->heap, p, b) && block_size(&space->heap, p) == class_bytes(c) &&
        live(&space->heap, p, b) && !live{Pre}(&space->heap, p, b) &&
        live_added{Pre,Here}(&space->heap, p, b); */
  return taken;
}

void *space_malloc(void *ctx, size_t n) {
  space_t *space = ctx;
  uint64_t offset;
  //@ assert wraps: n == 0 ==> (size_t)(n - 1) == SIZE_MAX;
  //@ assert small: (size_t)(n - 1) < SMALL_MAX ==> 0 < n <= SMALL_MAX;
  if (n - 1 < SMALL_MAX && space_take(space, class_of(n), &offset)) {
    //@ assert fits: n <= class_bytes((n + 15) / 16 - 1);
    //@ assert block: got_block{Pre,Here}(space, space->region.base + offset, n);
    //@ assert inside: owned{Pre}(space, space->region.base + offset);
    return space->region.base + offset;
  }
  //@ assert kept: space_kept{Pre,Here}(space) && live_same{Pre,Here}(&space->heap) && any_same{Pre,Here};
  //@ assert owned: \forall char *q; owned(space, q) <==> owned{Pre}((space_t *)ctx, q);
  return space_malloc_rest(space, n);
}

/* A block of the large allocator, of zero bytes. */
/*@ requires ok: space_ok(space) && 0 < nelem * elsize <= PY_SSIZE_T_MAX && space->large != \null;
    terminates \true;
    assigns space->large_blocks, ANY_BLOCKS;
    ensures ok: space_ok(space);
    ensures memory: got_memory((char *)\result, nelem * elsize);
    ensures zero: \result != \null ==> zeros((char *)\result, nelem * elsize);
    ensures fresh: got_fresh{Pre}(space, (char *)\result, nelem * elsize);
    ensures large: \result != \null ==> !owned{Pre}(space, (char *)\result) &&
      any_block((char *)\result, nelem * elsize) && any_rest{Pre,Post}((char *)\result);
    ensures none: \result == \null ==> any_same{Pre,Post};
    ensures kept: space_kept{Pre,Post}(space) && live_same{Pre,Post}(&space->heap); */
static inline void *large_calloc(space_t *space, size_t nelem, size_t elsize) {
  /*@ calls any_calloc; */
  return large_block(space, space->large->calloc(space->large->ctx, nelem, elsize));
}

/*@ ghost
  /@ requires quotient: 0 < b && a <= m / b;
     terminates \true;
     assigns \nothing;
     ensures fits: 0 <= a * b <= m; @/
  void product_fits(size_t a, size_t b, size_t m) {
    /@ assert whole: m / b * b <= m; @/
    /@ assert part: 0 <= a * b <= m / b * b; @/
  }
*/

void *space_calloc(void *ctx, size_t nelem, size_t elsize) {
  space_t *space = ctx;
  if (elsize != 0 && nelem > PY_SSIZE_T_MAX / elsize) return NULL;
  //@ ghost if (elsize != 0) product_fits(nelem, elsize, PY_SSIZE_T_MAX);
  //@ assert product: 0 <= nelem * elsize <= PY_SSIZE_T_MAX;
  size_t n = nelem * elsize;
  //@ assert exact: n == nelem * elsize;
  if (n > SMALL_MAX && space->large != NULL) return large_calloc(space, nelem, elsize);
  void *p = space_malloc(space, n);
  //@ ghost got: ;
  //@ ghost word_all();
  //@ assert in: blocks_in(&space->heap);
  /*@ assert pool: p != \null && owned{Pre}(space, (char *)p) ==> \exists integer o; 0 <= o &&
        o + any_bytes(n) <= region_size{Pre}(space) && (char *)p == region_base{Pre}(space) + o; */
  /*@ assert large: p != \null && !owned{Pre}(space, (char *)p) ==>
        \exists integer o; 0 <= o && o + any_bytes(n) <= ANY_SIZE && (char *)p == any_byte(o); */
  if (p != NULL) memset(p, 0, n == 0 ? 1 : n);
  //@ assert elsewhere: p != \null ==> elsewhere_same{got,Here}((char *)p, any_bytes(n));
  //@ assert live: live_same{got,Here}(&space->heap) && sizes_kept{got,Here}(&space->heap);
  //@ assert same: space_same{got,Here}(space) && any_same{got,Here};
  //@ assert contents: contents_kept{Pre,Here}(space);
  //@ assert any: any_kept{Pre,Here};
  return p;
}

/* What free's fast path doesn't finish. */
/*@ requires ok: space_ok(space) && owned(space, (char *)p);
    requires PM_MISUSE_01_refused: freed != HEAP_FREED_ATTEND ==>
      freed != HEAP_FREED && no_block(space, (char *)p, freed);
    requires attend: freed == HEAP_FREED_ATTEND ==>
      opened(&space->heap, ((char *)p - space->region.base) / 65536) &&
      granules(&space->heap, ((char *)p - space->region.base) / 65536) > 0 &&
      pool_room(&space->heap, ((char *)p - space->region.base) / 65536);
    terminates \true;
    assigns SPACE_BLOCKS(space), SPACE_BYTES(space), SAID, GIVEN;
    ensures ok: space_ok(space);
    ensures PM_MISUSE_01_ends: freed == HEAP_FREED_ATTEND;
    ensures PM_HEAP_03_given: pool_given{Pre,Post}(space, ((char *)p - \old(space->region.base)) / 65536);
    ensures same: live_same{Pre,Post}(&space->heap);
    ensures PM_HEAP_05_kept: space_kept{Pre,Post}(space);
    ensures PM_MISUSE_05_silent: !spoken{Pre,Post};
    exits PM_MISUSE_05_said: spoken{Pre,Post} ==>
      freed != HEAP_FREED_ATTEND && refused_in{Pre,Post}(space, (char *)p, 'f'); */
SELDOM static void space_free_rest(space_t *space, void *p, heap_freed_t freed) {
  if (freed != HEAP_FREED_ATTEND) refuse(freed, p, true);
  /*@ assert offset: 0 <= (char *)p - space->region.base < space->region.size &&
        (char *)p == space->region.base + ((char *)p - space->region.base); */
  uint32_t pool = (uint32_t)((size_t)((char *)p - space->region.base) / POOL_SIZE);
  //@ assert source_apart: \separated(&space->region.source, space->heap.pool + pool);
  //@ assert pools_apart: \separated(&space->heap.pools, space->heap.pool + pool);
  heap_freed_t attended = heap_attend(&space->heap, pool);
  //@ assert size: region_size(space) == region_size{Pre}(space);
  //@ assert usable: region_usable(space) == region_usable{Pre}(space);
  //@ assert source: region_source(space) == region_source{Pre}(space);
  //@ assert limit: heap_limit(space) == heap_limit{Pre}(space);
  //@ assert pools: heap_pools(space) == heap_pools{Pre}(space);
  //@ assert leaves: heap_leaves(space) == heap_leaves{Pre}(space);
  //@ assert same: space_same{Pre,Here}(space);
  //@ assert region_ok: region_ok(&space->region);
  //@ assert sizes: space_sizes(space);
  //@ assert memory: space_memory(space);
  //@ assert ok: space_ok(space);
  //@ ghost word_all();
  //@ assert in: blocks_in(&space->heap);
  //@ assert fit: 65536 * pool + 65536 <= space->region.usable;
  /*@ assert others: \forall integer q, b; live(&space->heap, q, b) ==> block_in(&space->heap, q, b) &&
        (attended == HEAP_FREED_RELEASE ==> q < pool || q > pool); */
  /*@ assert fresh: attended == HEAP_FREED_RELEASE ==>
        bytes_fresh(space, space->region.base + 65536 * pool, 65536); */
  //@ assert before: space_kept{Pre,Here}(space);
  //@ ghost given: ;
  if (attended == HEAP_FREED_RELEASE)
    region_discard(&space->region, (size_t)pool * POOL_SIZE, POOL_SIZE);
  //@ assert contents: contents_kept{given,Here}(space);
  //@ assert any: any_kept{given,Here};
}

/* free's fast path: makes the block at an offset not live. */
/*@ requires ok: space_ok(space) && offset < space->region.size;
    terminates \true;
    assigns space->heap.pool[0 .. space->heap.limit - 1], space->heap.free[0 .. 64 * space->heap.limit - 1];
    ensures ok: space_ok(space);
    ensures removed: \result == HEAP_FREED || \result == HEAP_FREED_ATTEND ==>
      \exists integer q, b; live{Pre}(&space->heap, q, b) && offset == offset_of{Pre}(&space->heap, q, b) &&
        live_removed{Pre,Post}(&space->heap, q, b);
    ensures PM_MISUSE_01_refused: \result != HEAP_FREED && \result != HEAP_FREED_ATTEND ==>
      \forall integer b; !live_at{Pre}(&space->heap, offset, b) && !live_at(&space->heap, offset, b);
    ensures PM_MISUSE_02_block: \result == HEAP_NOT_LIVE ==> block_starts(&space->heap, offset);
    ensures PM_MISUSE_02_none: \result == HEAP_NOT_BLOCK ==> !block_starts(&space->heap, offset);
    ensures results: \result == HEAP_FREED || \result == HEAP_FREED_ATTEND || \result == HEAP_NOT_LIVE ||
      \result == HEAP_NOT_BLOCK;
    ensures granules: granules_same{Pre,Post}(&space->heap) &&
      (block_starts(&space->heap, offset) <==> block_starts{Pre}(&space->heap, offset));
    ensures attend: \result == HEAP_FREED_ATTEND ==> opened(&space->heap, offset / 65536) &&
      granules(&space->heap, offset / 65536) > 0 && pool_room(&space->heap, offset / 65536);
    ensures numbers: space->heap.limit == \old(space->heap.limit) &&
      space->heap.sets.leaves == \old(space->heap.sets.leaves);
    ensures kept: space_kept{Pre,Post}(space); */
static inline heap_freed_t space_drop(space_t *space, size_t offset) {
  heap_freed_t freed = heap_free_quick(&space->heap, offset);
  //@ assert size: region_size(space) == region_size{Pre}(space);
  //@ assert usable: region_usable(space) == region_usable{Pre}(space);
  //@ assert same: space_same{Pre,Here}(space);
  //@ assert region_ok: region_ok(&space->region);
  //@ assert sizes: space_sizes(space);
  //@ assert memory: space_memory(space);
  //@ assert ok: space_ok(space);
  //@ assert kept: sizes_kept{Pre,Here}(&space->heap);
  //@ assert contents: contents_kept{Pre,Here}(space);
  return freed;
}

/*@ requires ok: space_ok(space) && ours(space, (char *)p) && !owned(space, (char *)p);
    terminates \true;
    assigns space->large_blocks, ANY_BLOCKS, SAID;
    ensures ok: space_ok(space);
    ensures PM_FREE_01_null: gone_none{Pre,Post}(space, (char *)p);
    ensures large: gone_large{Pre,Post}(space, (char *)p);
    ensures PM_STATS_01_large: space->large_blocks ==
      \old(space->large_blocks) - (p != \null && \old(space->large_blocks) > 0 ? 1 : 0);
    ensures kept: space_kept{Pre,Post}(space) && live_same{Pre,Post}(&space->heap);
    ensures PM_MISUSE_05_silent: !spoken{Pre,Post};
    exits PM_MISUSE_05_said: spoken{Pre,Post} ==> refused_out{Pre,Post}(space, (char *)p, 'f'); */
SELDOM static void large_free(space_t *space, void *p) {
  if (p == NULL) return;
  if (space->large == NULL) refuse(HEAP_FREED, p, true);
  //@ calls any_free;
  space->large->free(space->large->ctx, p);
  space->large_blocks -= space->large_blocks > 0;
  //@ assert words: words_same{Pre,Here}(&space->heap);
  //@ assert pools: pools_same{Pre,Here}(&space->heap) && bounds_kept{Pre,Here}(&space->heap);
  //@ assert classes: classes_same{Pre,Here}(&space->heap);
  /*@ assert leaves: \forall integer i, a; 0 <= i < SETS && 0 <= a < space->heap.sets.leaves ==>
        leaf_at(&space->heap.sets, i, a) == leaf_at{Pre}(&space->heap.sets, i, a); */
  /*@ assert mids: \forall integer i, g; 0 <= i < SETS && 0 <= g < 64 ==>
        mid_at(&space->heap.sets, i, g) == mid_at{Pre}(&space->heap.sets, i, g); */
  /*@ assert tops: \forall integer i; 0 <= i < SETS ==>
        top_at(&space->heap.sets, i) == top_at{Pre}(&space->heap.sets, i); */
  //@ assert sets: sets_same{Pre,Here}(&space->heap);
  //@ assert frame: heap_frame{Pre,Here}(&space->heap);
  //@ assert heap: heap_ok(&space->heap);
}

void space_free(void *ctx, void *p) {
  space_t *space = ctx;
  size_t offset = space_offset(space, p);
  if (offset >= space->region.size) {
    large_free(space, p);
    return;
  }
  heap_freed_t freed = space_drop(space, offset);
  //@ assert gone: freed == HEAP_FREED || freed == HEAP_FREED_ATTEND ==> gone_block{Pre,Here}(space, (char *)p);
  //@ assert kept: space_kept{Pre,Here}(space) && any_same{Pre,Here};
  //@ assert at: p == space->region.base + offset && p == \at(((space_t *)ctx)->region.base, Pre) + offset;
  //@ assert was: freed != HEAP_FREED && freed != HEAP_FREED_ATTEND ==> no_block{Pre}((space_t *)ctx, (char *)p, freed);
  //@ assert refused: freed != HEAP_FREED && freed != HEAP_FREED_ATTEND ==> no_block(space, (char *)p, freed);
  /*@ assert before: freed != HEAP_FREED && freed != HEAP_FREED_ATTEND ==> \forall integer why;
        no_block(space, (char *)p, why) ==> no_block{Pre}((space_t *)ctx, (char *)p, why); */
  //@ assert granules: granules(&space->heap, offset / 65536) == granules{Pre}(&((space_t *)ctx)->heap, offset / 65536);
  /*@ assert idle: space->heap.idle == \at(((space_t *)ctx)->heap.idle, Pre) &&
        space->heap.idle_max == \at(((space_t *)ctx)->heap.idle_max, Pre) &&
        space->region.source == \at(((space_t *)ctx)->region.source, Pre); */
  //@ ghost dropped: ;
  if (freed != HEAP_FREED) space_free_rest(space, p, freed);
  //@ assert given: pool_given{dropped,Here}(space, offset / 65536);
  //@ assert given_all: pool_given{Pre,Here}((space_t *)ctx, offset / 65536);
}

size_t space_usable(const space_t *space, const void *p) {
  //@ ghost word_all();
  //@ assert in: blocks_in(&space->heap);
  /*@ assert inside: \forall integer q, b; block_at((space_t *)space, (char *)p, q, b) ==>
        0 <= offset_of(&space->heap, q, b) < space->region.size; */
  size_t offset = space_offset(space, p);
  if (offset >= space->region.size) return 0;
  /*@ assert at: \forall integer q, b; block_at((space_t *)space, (char *)p, q, b) ==>
        offset_of(&space->heap, q, b) == offset; */
  /*@ assert live_at: \forall integer q, b; block_at((space_t *)space, (char *)p, q, b) ==>
        q == offset / 65536 && live_at(&space->heap, offset, b); */
  /*@ assert block_at: \forall integer b; live_at(&space->heap, offset, b) ==>
        block_at((space_t *)space, (char *)p, offset / 65536, b); */
  return heap_size(&space->heap, offset);
}

/* Whether a block of `size` bytes is kept for n: as long as n fits and needs
   more than three quarters of it.  Rule: PM-REALLOC-04. */
/*@ requires range: size <= SMALL_MAX && n <= PY_SSIZE_T_MAX;
    terminates \true;
    assigns \nothing;
    ensures PM_REALLOC_04_stays: \result <==> n <= size && 4 * n > 3 * size; */
static inline bool realloc_stays(size_t size, size_t n) {
  return n <= size && 4 * n > 3 * size;
}

/* A new block of n bytes that begins as the block at p does, which has `size` bytes; or NULL. */
/*@ requires ok: space_ok(space) && 0 < n <= PY_SSIZE_T_MAX;
    requires block: \exists integer a, b; block_at(space, (char *)p, a, b) && size == block_size(&space->heap, a);
    terminates \true;
    assigns SPACE_NEW(space), ANY_BLOCKS, SPACE_BYTES(space);
    ensures ok: space_ok(space);
    ensures memory: got_memory((char *)\result, n);
    ensures fresh: got_fresh{Pre}(space, (char *)\result, n);
    ensures block: got_block{Pre,Post}(space, (char *)\result, n);
    ensures large: got_large{Pre,Post}(space, (char *)\result, n);
    ensures PM_REALLOC_03_contents: \result != \null ==> \forall integer i; 0 <= i < n && i < size ==>
      ((char *)\result)[i] == \old(((char *)p)[i]);
    ensures PM_REALLOC_05_failed: got_none{Pre,Post}(space, (char *)\result);
    ensures kept: space_kept{Pre,Post}(space); */
static inline void *space_copy(space_t *space, const void *p, size_t size, size_t n) {
  //@ ghost word_all();
  //@ assert was: blocks_in(&space->heap);
  //@ assert source: \valid_read((char *)p + (0 .. size - 1));
  void *q = space_malloc(space, n);
  //@ ghost got: ;
  if (q == NULL) return NULL;
  //@ ghost word_all();
  //@ assert in: blocks_in(&space->heap);
  /*@ assert pool: owned{Pre}(space, (char *)q) ==> \exists integer o; 0 <= o &&
        o + n <= region_size{Pre}(space) && (char *)q == region_base{Pre}(space) + o; */
  /*@ assert large: !owned{Pre}(space, (char *)q) ==>
        \exists integer o; 0 <= o && o + n <= ANY_SIZE && (char *)q == any_byte(o); */
  /*@ assert live: \exists integer a, b; block_at{Pre}(space, (char *)p, a, b) && live(&space->heap, a, b) &&
        size == block_size{Pre}(&space->heap, a); */
  /*@ assert bytes: \exists integer a, b; block_at{Pre}(space, (char *)p, a, b) && live(&space->heap, a, b) &&
        \forall integer i; 0 <= i < size ==> block_byte(space, a, b, i) == block_byte{Pre}(space, a, b, i) &&
          ((char *)p)[i] == \at(((char *)p)[i], Pre); */
  /*@ assert still: \forall integer i; 0 <= i < size ==> ((char *)p)[i] == \at(((char *)p)[i], Pre); */
  memcpy(q, p, size < n ? size : n);
  //@ assert copied: \forall integer i; 0 <= i < size && i < n ==> ((char *)q)[i] == \at(((char *)p)[i], got);
  //@ assert elsewhere: elsewhere_same{got,Here}((char *)q, n);
  //@ assert live: live_same{got,Here}(&space->heap) && sizes_kept{got,Here}(&space->heap);
  //@ assert same: space_same{got,Here}(space) && any_same{got,Here};
  //@ assert before: contents_kept{Pre,got}(space) && sizes_kept{Pre,got}(&space->heap);
  //@ assert fresh: bytes_fresh{Pre}(space, (char *)q, n);
  //@ assert contents: contents_kept{Pre,Here}(space);
  //@ assert any: any_kept{Pre,Here};
  return q;
}

/* Moves the block at p, which has `size` bytes, to a new one of n bytes; NULL, and nothing has
   changed, when there is none. */
/*@ requires ok: space_ok(space) && is_address((char *)p) && 0 < n <= PY_SSIZE_T_MAX;
    requires block: \exists integer a, b; block_at(space, (char *)p, a, b) && size == block_size(&space->heap, a);
    terminates \true;
    assigns SPACE_NEW(space), ANY_BLOCKS, SPACE_BYTES(space), SAID, GIVEN;
    ensures ok: space_ok(space);
    ensures memory: got_memory((char *)\result, n);
    ensures fresh: got_fresh{Pre}(space, (char *)\result, n);
    ensures PM_REALLOC_03_contents: \result != \null ==> \forall integer i; 0 <= i < n && i < size ==>
      ((char *)\result)[i] == \old(((char *)p)[i]);
    ensures PM_REALLOC_03_moved: moved{Pre,Post}(space, (char *)p, (char *)\result, n);
    ensures other: \result != \null ==> \result != p;
    ensures PM_REALLOC_05_failed: got_none{Pre,Post}(space, (char *)\result);
    ensures PM_HEAP_03_none: \result == \null ==> given_none{Pre,Post};
    ensures PM_HEAP_03_given: \result != \null ==>
      given_moved{Pre,Post}(space, ((char *)p - \old(space->region.base)) / 65536);
    ensures kept: space_kept{Pre,Post}(space);
    ensures silent: !spoken{Pre,Post};
    exits silent: !spoken{Pre,Post}; */
static inline void *space_move(space_t *space, void *p, size_t size, size_t n) {
  //@ ghost word_all();
  //@ assert was: blocks_in(&space->heap);
  //@ assert owned: owned(space, (char *)p);
  /*@ assert apart: \separated(&space->heap.limit, space->heap.pool + (0 .. space->heap.limit - 1)) &&
        \separated(&space->heap.sets.leaves, space->heap.pool + (0 .. space->heap.limit - 1)); */
  //@ assert apart_size: \separated(&space->region.size, space->heap.pool + (0 .. space->heap.limit - 1));
  void *q = space_copy(space, p, size, n);
  //@ ghost got: ;
  if (q == NULL) return NULL;
  //@ assert size: space->region.size == \at(space->region.size, Pre);
  //@ assert limit: heap_limit(space) == heap_limit{Pre}(space);
  //@ assert leaves: heap_leaves(space) == heap_leaves{Pre}(space);
  //@ assert limit_number: space->heap.limit == \at(space->heap.limit, Pre);
  //@ assert leaves_number: space->heap.sets.leaves == \at(space->heap.sets.leaves, Pre);
  //@ assert still: owned(space, (char *)p) && ours(space, (char *)p);
  //@ assert other: p != q;
  //@ assert in: blocks_in(&space->heap);
  //@ assert here: \exists integer a, b; block_at(space, (char *)p, a, b);
  /*@ assert at: \exists integer a, b; live_at(&space->heap, offset_of(&space->heap, a, b), b) &&
        (char *)p == space->region.base + offset_of(&space->heap, a, b); */
  //@ assert live: \forall integer why; !no_block(space, (char *)p, why);
  space_free(space, p);
  //@ assert given: pool_given{got,Here}(space, ((char *)p - space->region.base) / 65536);
  //@ assert kept: space_kept{Pre,got}(space) && space_kept{got,Here}(space);
  //@ assert pool: owned{Pre}(space, (char *)q) ==> moved_block{Pre,Here}(space, (char *)p, (char *)q, n);
  //@ assert large: !owned{Pre}(space, (char *)q) ==> moved_large{Pre,Here}(space, (char *)p, (char *)q, n);
  //@ assert pool_bytes: owned{Pre}(space, (char *)q) ==> bytes_stay{got,Here}((char *)q, n);
  //@ assert large_bytes: !owned{Pre}(space, (char *)q) ==> bytes_stay{got,Here}((char *)q, n);
  return q;
}

/* realloc of a block of the large allocator. */
/*@ requires ok: space_ok(space) && ours(space, (char *)p) && !owned(space, (char *)p) && p != \null;
    requires size: 0 < n <= PY_SSIZE_T_MAX;
    terminates \true;
    assigns ANY_BLOCKS, SAID;
    ensures ok: space_ok(space);
    ensures memory: got_memory((char *)\result, n);
    ensures PM_REALLOC_03_large: resized_large{Pre,Post}(space, (char *)p, (char *)\result, n);
    ensures kept: space_kept{Pre,Post}(space);
    ensures PM_MISUSE_05_silent: !spoken{Pre,Post};
    exits PM_MISUSE_05_said: spoken{Pre,Post} ==> refused_out{Pre,Post}(space, (char *)p, 'r'); */
SELDOM static void *large_realloc(space_t *space, void *p, size_t n) {
  if (space->large == NULL) refuse(HEAP_FREED, p, false);
  /*@ calls any_realloc; */
  return space->large->realloc(space->large->ctx, p, n);
}

/* Ends the process for a realloc of what is in the pools' memory but no live block. */
/*@ requires ok: space_ok(space) && owned(space, (char *)p);
    requires none: \forall integer a, b; !block_at(space, (char *)p, a, b);
    terminates \true;
    assigns SAID;
    ensures PM_MISUSE_01_ends: \false;
    exits PM_MISUSE_05_said: spoken{Pre,Post} ==> refused_in{Pre,Post}(space, (char *)p, 'r'); */
SELDOM _Noreturn static void refuse_realloc(space_t *space, void *p) {
  size_t offset = (size_t)((char *)p - space->region.base);
  //@ assert numbers: (size_t)(offset / POOL_SIZE) == offset / 65536 && (size_t)(offset % POOL_SIZE) == offset % 65536;
  //@ assert fit: pool_fit(&space->heap, offset / 65536);
  uint32_t b = pool_block(&space->heap.pool[offset / POOL_SIZE], offset % POOL_SIZE);
  //@ assert at: p == space->region.base + offset && 0 <= offset < space->region.size;
  //@ assert none: b == BLOCK_NONE ==> !block_starts(&space->heap, offset);
  /*@ assert product: b != BLOCK_NONE ==> offset % 65536 / class_bytes(space->heap.pool[offset / 65536].granules - 1) *
        class_bytes(space->heap.pool[offset / 65536].granules - 1) == offset % 65536; */
  //@ assert block: b != BLOCK_NONE ==> block_starts(&space->heap, offset);
  /*@ assert live: \forall integer d; live_at(&space->heap, offset, d) ==>
        block_at(space, (char *)p, offset / 65536, d); */
  //@ assert refused: no_block(space, (char *)p, b == BLOCK_NONE ? HEAP_NOT_BLOCK : HEAP_NOT_LIVE);
  refuse(b == BLOCK_NONE ? HEAP_NOT_BLOCK : HEAP_NOT_LIVE, p, false);
}

void *space_realloc(void *ctx, void *p, size_t n) {
  space_t *space = ctx;
  if (p == NULL) return space_malloc(space, n);
  if (n > PY_SSIZE_T_MAX) return NULL;
  if (n == 0) n = 1;
  //@ ghost word_all();
  //@ assert in: blocks_in(&space->heap);
  //@ assert pools: \forall integer a, b; block_at(space, (char *)p, a, b) ==> owned(space, (char *)p);
  if (!space_owns(space, p)) return large_realloc(space, p, n);
  size_t size = space_usable(space, p);
  if (size == 0) refuse_realloc(space, p);
  //@ assert block: \exists integer a, b; block_at(space, (char *)p, a, b) && size == block_size(&space->heap, a);
  //@ assert only: \forall integer a, b; block_at(space, (char *)p, a, b) ==> size == block_size(&space->heap, a);
  //@ assert memory: \valid((char *)p + (0 .. size - 1)) && aligned((char *)p);
  if (realloc_stays(size, n)) {
    //@ assert stayed: stayed{Pre,Here}(space, (char *)p, n) && begins_like{Pre,Here}(space, (char *)p, (char *)p, n);
    return p;
  }
  void *q = space_move(space, p, size, n);
  /*@ assert size: \forall integer a, b; block_at{Pre}(space, (char *)p, a, b) ==>
        size == block_size{Pre}(&space->heap, a); */
  //@ assert contents: begins_like{Pre,Here}(space, (char *)p, (char *)q, n);
  return q;
}
