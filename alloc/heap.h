/* The heap: all pools of one range of addresses, by numbers.

   Nothing here touches user memory, the operating system or Python.  A heap
   says which blocks are live, hands out offsets of blocks that are not, and
   says when a pool's memory can go back.  heap_malloc and heap_free are the
   fast paths and stand here, in full; what they seldom need is in heap.c.

   How it works.  `live` has one bit a block, and is the truth about it.  Each
   size class has a current word, from which malloc takes the lowest block that
   is not live.  When the word is full, the class goes on to the next word of its
   current pool that has room; at the pool's end it starts again from the first
   word if enough blocks have been freed by then to make that worth while, else
   it takes a fresh word of the pool, else it closes the pool and takes another.
   A free only sets its bit back and counts: a closed pool is looked at again
   when `left` more blocks have been freed in it (heap_attend), and is then
   offered to its class, or found empty and given up, whatever class it had.

   That a pool must have some room before it is used again, rather than any, is
   what keeps both paths short when a large heap is in a steady state: blocks are
   then found several at a time.  See WORTH for what it costs. */
#pragma once

#include "alloc/bits.h"
#include "alloc/block.h"
#include "alloc/set.h"

/* A word is worth coming back to when on average this many of its 64 blocks
   are free: at most WORTH / 64 of a class's pools (half of it in a steady
   state) is the price of finding room quickly. */
#define WORTH 8u

/* So many pools that are in no class keep their memory, for the next class
   that needs one; the memory of further ones goes back at once. */
#define IDLE_MAX 16u

/* Two sets are not a class's: unused pools that have memory, and those whose
   memory went back. */
#define SET_IDLE 32u
#define SET_BARE 33u

#define BLOCK_NONE UINT64_MAX
#define HEAP_NONE 0u /* the offset of no block: pool 0 is never used */

typedef struct {
  uint32_t inverse; /* class_inverse of its class; 0 while unused */
  uint32_t left;    /* so many frees until heap_attend */
  uint32_t granules; /* of a block, 1 .. 32; 0 while unused */
  uint32_t carved;  /* words that have been in use; those above are untouched */
} pool_t;

typedef struct {
  uint64_t first; /* offset of the current word's first block */
  uint64_t size;  /* bytes a block */
  uint64_t word;  /* index of the current word in `live`; 0: none */
} class_t;

typedef struct {
  class_t class_[CLASSES];
  uint64_t *live;  /* live[x / 64]: bit x % 64 is set while block x is live */
  pool_t *pool;
  uint32_t first;  /* the pools below are not for use: they hold the metadata */
  uint32_t opened; /* pools from here on have never been used */
  uint32_t pools;  /* pools from here on can't be used yet */
  uint32_t limit;  /* pools from here on will never be; the arrays end there */
  uint32_t idle;   /* how many pools are in SET_IDLE */
  sets_t sets;
} heap_t;

typedef enum {
  HEAP_FREED,         /* done */
  HEAP_FREED_RELEASE, /* done, and the memory of the block's pool can go back */
  HEAP_NOT_LIVE,      /* misuse: a block, but not a live one (a double free) */
  HEAP_NOT_BLOCK      /* misuse: no block starts there */
} heap_freed_t;

#include "spec/heap.acsl.h"

/* Makes *h an empty heap that may use no pool yet: pools from `first` on can be
   given to it by raising h->pools, up to `limit`.  live and pool are for `limit`
   pools, leaf for so many arenas (a rest counts as one), and all of them zero. */
/*@ requires memory: \valid(h) && \valid(live);
    requires apart: \separated(h, live);
    requires bounds: 0 < first <= limit <= SET_LIMIT;
    terminates \true;
    assigns *h, live[0];
    ensures guard: heap_guard(h);
    ensures arrays: h->live == live && h->pool == pool && h->sets.leaf == leaf;
    ensures bounds: h->first == first && h->opened == first && h->pools == first &&
      h->limit == limit && limit <= 64 * h->sets.leaves < limit + 64; */
void heap_init(heap_t *h, uint64_t *live, pool_t *pool, uint64_t *leaf, uint32_t first,
               uint32_t limit);

/* Makes *h a heap that never has a pool. */
/*@ requires memory: \valid(h);
    terminates \true;
    assigns *h;
    ensures none: h->limit == 0 && h->opened == 0 && h->pools == 0 && h->sets.leaves == 0; */
void heap_init_empty(heap_t *h);

/* How many blocks of pool p are live. */
/*@ requires ok: heap_ok(h) && p < h->limit;
    terminates \true;
    assigns \nothing;
    ensures range: \result <= 64 * carved(h, p); */
uint32_t heap_pool_live(const heap_t *h, uint32_t p);

/* The parts that are seldom needed (heap.c). */

/* heap_malloc, when the class's current word is full. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    requires full: word_at(h, class_word(h, c)) == WORD_FULL;
    terminates \true;
    assigns h->class_[c], h->opened, h->idle, h->sets.top[0 .. SETS - 1],
            h->sets.mid[0 .. SETS * 64 - 1], h->sets.leaf[0 .. h->sets.leaves * SETS - 1],
            h->live[0 .. 64 * h->limit - 1], h->pool[0 .. h->limit - 1];
    ensures PM_HEAP_00_ok: heap_ok(h);
    behavior none:
      assumes exhausted: exhausted(h, c);
      ensures PM_MALLOC_06_none: \result == HEAP_NONE;
      ensures PM_MALLOC_07_same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    behavior some:
      assumes room: !exhausted(h, c);
      ensures PM_HEAP_01_added: \exists integer x; \result == block_offset(h, x) &&
        !live{Pre}(h, x) && live_added{Pre,Post}(h, x) && block_size(h, x) == class_bytes(c);
      ensures sizes: sizes_kept{Pre,Post}(h);
    complete behaviors;
    disjoint behaviors; */
uint64_t heap_refill(heap_t *h, unsigned c);

/* heap_free, when enough blocks of pool p have been freed to look at it. */
/*@ requires ok: heap_ok(h) && h->first <= p < h->opened && granules(h, p) > 0;
    requires room: pool_room(h, p);
    terminates \true;
    assigns h->idle, h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1], h->pool[p];
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_HEAP_01_same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures freed: \result == HEAP_FREED || \result == HEAP_FREED_RELEASE;
    ensures PM_HEAP_03_release: \result == HEAP_FREED_RELEASE ==>
      granules(h, p) == 0 && (\forall integer x; x / 4096 == p ==> !live(h, x)); */
heap_freed_t heap_attend(heap_t *h, uint32_t p);

/* The offset of a block of class c that was not live and now is, or HEAP_NONE. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    terminates \true;
    assigns h->class_[c], h->opened, h->idle, h->sets.top[0 .. SETS - 1],
            h->sets.mid[0 .. SETS * 64 - 1], h->sets.leaf[0 .. h->sets.leaves * SETS - 1],
            h->live[0 .. 64 * h->limit - 1], h->pool[0 .. h->limit - 1];
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_MALLOC_07_none: \result == HEAP_NONE ==>
      exhausted{Pre}(h, c) && live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures PM_HEAP_01_added: \result != HEAP_NONE ==>
      \exists integer x; \result == block_offset(h, x) && !live{Pre}(h, x) &&
        live_added{Pre,Post}(h, x) && block_size(h, x) == class_bytes(c);
    ensures sizes: sizes_kept{Pre,Post}(h); */
static inline uint64_t heap_malloc(heap_t *h, unsigned c) {
  const class_t *k = &h->class_[c];
  uint64_t *word = &h->live[k->word];
  if (*word == WORD_FULL) return heap_refill(h, c);
  unsigned b = bit_lowest_clear(*word);
  *word = bit_set(*word, b);
  return k->first + b * k->size;
}

/* The number of the block that starts at an offset of the heap's range, or
   BLOCK_NONE when no block starts there. */
/*@ requires ok: heap_ok(h) && offset < 65536 * h->limit;
    terminates \true;
    assigns \nothing;
    ensures PM_MISUSE_02_none: \result == BLOCK_NONE ==>
      \forall integer x; live(h, x) ==> block_offset(h, x) != offset;
    ensures block: \result != BLOCK_NONE ==>
      \result / 4096 == offset / 65536 && in_class(h, offset / 65536) &&
      block_offset(h, \result) == offset; */
static inline uint64_t heap_block(const heap_t *h, uint64_t offset) {
  uint64_t p = offset / POOL_SIZE;
  uint64_t inverse = h->pool[p].inverse;
  uint64_t product = offset % POOL_SIZE * inverse;
  if (product % (1ull << 32) >= inverse) return BLOCK_NONE;
  return p * POOL_BLOCKS + product / (1ull << 32);
}

/* Makes the block at an offset of the heap's range not live. */
/*@ requires ok: heap_ok(h) && offset < 65536 * h->limit;
    terminates \true;
    assigns h->idle, h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1],
            h->live[0 .. 64 * h->limit - 1], h->pool[offset / 65536];
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_HEAP_01_removed: \result == HEAP_FREED || \result == HEAP_FREED_RELEASE ==>
      \exists integer x; live{Pre}(h, x) && block_offset{Pre}(h, x) == offset &&
        live_removed{Pre,Post}(h, x);
    ensures PM_MISUSE_01_same: \result == HEAP_NOT_LIVE || \result == HEAP_NOT_BLOCK ==>
      live_same{Pre,Post}(h) &&
      \forall integer x; live{Pre}(h, x) ==> block_offset{Pre}(h, x) != offset;
    ensures sizes: sizes_kept{Pre,Post}(h); */
static inline heap_freed_t heap_free(heap_t *h, uint64_t offset) {
  uint64_t x = heap_block(h, offset);
  if (x == BLOCK_NONE) return HEAP_NOT_BLOCK;
  uint64_t *word = &h->live[x / WORD_BITS];
  if (!bit_test(*word, x % WORD_BITS)) return HEAP_NOT_LIVE;
  *word = bit_clear(*word, x % WORD_BITS);
  pool_t *pool = &h->pool[offset / POOL_SIZE];
  if (--pool->left == 0) return heap_attend(h, (uint32_t)(offset / POOL_SIZE));
  return HEAP_FREED;
}

/* The size of the live block at an offset of the heap's range; 0 when there is none. */
/*@ requires ok: heap_ok(h) && offset < 65536 * h->limit;
    terminates \true;
    assigns \nothing;
    ensures none: \result == 0 ==> \forall integer x; live(h, x) ==> block_offset(h, x) != offset;
    ensures size: \result != 0 ==>
      \exists integer x; live(h, x) && block_offset(h, x) == offset && \result == block_size(h, x); */
static inline uint32_t heap_size(const heap_t *h, uint64_t offset) {
  uint64_t x = heap_block(h, offset);
  if (x == BLOCK_NONE || !bit_test(h->live[x / WORD_BITS], x % WORD_BITS)) return 0;
  return h->pool[offset / POOL_SIZE].granules * GRANULE;
}
