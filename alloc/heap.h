/* The heap: all pools of one range of addresses, by numbers.

   Nothing here touches user memory, the operating system or Python.  A heap
   knows which blocks are free, hands out their offsets, and says when a pool's
   memory can go back.  The fast paths of malloc and free stand here, in full;
   what they seldom need is in heap.c.

   How it works.  Each size class has a current word, from which malloc takes the
   lowest free block.  When the word has none left, the class goes on to the next
   word of its current pool that has; at the pool's end it starts again from the
   first word if enough blocks have been freed by then to make that worth while,
   else it takes a fresh word of the pool, else it closes the pool and takes
   another.  A free only sets the block's bit and counts: a closed pool is looked
   at again when `left` more blocks have been freed in it (heap_attend), and is
   then offered to its class, or found empty and given up, whatever class it had.

   That a pool must have some room before it is used again, rather than any, is
   what keeps both paths short when a large heap is in a steady state: blocks are
   then found several at a time.  See WORTH for what it costs. */
#pragma once

#include "alloc/bits.h"
#include "alloc/block.h"
#include "alloc/set.h"

/* A pool is worth coming back to when on average this many of the 64 blocks of
   its words are free: so at most WORTH / 64 of a class's pools (half of that in a
   steady state) is the price of finding room quickly. */
#define WORTH 8u

/* So many pools that are in no class keep their memory, for the next class that
   needs one; the memory of further ones goes back at once.  It begins with 1 MiB.
   Each time that a pool is needed whose memory went back, it was too few, and
   doubles, up to 64 MiB: a program that fills and frees over and over pays for
   the system's work a few times only. */
#define IDLE_MAX 16u
#define IDLE_MOST 1024u

/* Beside a set for each class there are two for unused pools: those that have
   memory, and those whose memory went back. */
#define SET_IDLE 32u
#define SET_BARE 33u

#define HEAP_NONE UINT64_MAX  /* the offset of no block */
#define BLOCK_NONE UINT32_MAX /* the number of no block */

typedef struct {
  uint32_t inverse; /* class_inverse of its class; 0 while unused */
  uint16_t left;    /* so many frees until heap_attend */
  uint8_t granules; /* of a block, 1 .. 32; 0 while unused */
  uint8_t carved;   /* words that have been in use; those above are untouched */
  uint64_t free[POOL_WORDS]; /* block b is free: bit b % 64 of word b / 64 */
} pool_t;

_Static_assert(sizeof(pool_t) == 520, "what a pool of 64 KiB costs: 0.8 percent");

typedef struct {
  uint64_t *word; /* the current word: where malloc takes blocks from */
  uint64_t first; /* offset of that word's first block */
  uint32_t size;  /* bytes a block */
  uint32_t pool;  /* the current pool; 0: none, and *word is 0 */
  uint32_t index; /* of the current word in that pool */
} class_t;

typedef struct {
  class_t class_[CLASSES];
  pool_t *pool;
  uint32_t first;  /* the pools below are not for use: they hold the metadata */
  uint32_t opened; /* pools from here on have never been used */
  uint32_t pools;  /* pools from here on can't be used yet */
  uint32_t limit;  /* pools from here on will never be */
  uint32_t idle;   /* how many pools are in SET_IDLE: at most idle_max */
  uint32_t idle_max;
  uint64_t none;   /* 0: the word of the classes that have no pool */
  sets_t sets;
} heap_t;

typedef enum {
  HEAP_FREED,         /* done */
  HEAP_FREED_ATTEND,  /* done, and heap_attend is to be called for the block's pool */
  HEAP_FREED_RELEASE, /* done, and the memory of the block's pool can go back */
  HEAP_NOT_LIVE,      /* misuse: a block, but not a live one (a double free) */
  HEAP_NOT_BLOCK      /* misuse: no block starts there */
} heap_freed_t;

#include "spec/heap.acsl.h"

/* Makes *h an empty heap that may use no pool yet: pools from `first` on can be
   given to it by raising h->pools, up to `limit`.  pool has `limit` elements, leaf
   SETS words for each 64 of them (a rest counts as 64), and all are zero.  With a
   limit of 0 the heap never has a pool, and the arrays may be NULL. */
/*@ requires memory: \valid(h);
    requires bounds: 0 < first <= limit <= SET_LIMIT || limit == first == 0;
    terminates \true;
    assigns *h;
    ensures none: \forall integer c; 0 <= c < CLASSES ==> class_none(h, c);
    ensures idle: h->idle == 0 && h->idle_max == IDLE_MAX;
    ensures arrays: h->pool == pool && h->sets.leaf == leaf;
    ensures bounds: h->first == first && h->opened == first && h->pools == first &&
      h->limit == limit && limit <= 64 * h->sets.leaves < limit + 64; */
void heap_init(heap_t *h, pool_t *pool, uint64_t *leaf, uint32_t first, uint32_t limit);

/* How many blocks of pool p are live. */
/*@ requires ok: heap_ok(h) && usable(h, p);
    terminates \true;
    assigns \nothing;
    ensures range: \result <= 64 * carved(h, p); */
uint32_t heap_pool_live(const heap_t *h, uint32_t p);

/* malloc, when the class's current word has no free block: the offset of a block
   of class c that was not live and now is, or HEAP_NONE. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    terminates \true;
    assigns h->class_[0 .. CLASSES - 1], h->opened, h->idle, h->idle_max,
            h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1],
            h->pool[0 .. h->limit - 1];
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_MALLOC_06_none: \result == HEAP_NONE ==>
      exhausted{Pre}(h, c) && live_same{Pre,Post}(h);
    ensures PM_HEAP_01_added: \result != HEAP_NONE ==>
      \exists integer p, b; \result == offset_of(h, p, b) && !live{Pre}(h, p, b) &&
        live_added{Pre,Post}(h, p, b) && block_size(h, p) == class_bytes(c);
    ensures sizes: sizes_kept{Pre,Post}(h); */
uint64_t heap_refill(heap_t *h, size_t c);

/* malloc's fast path.  True, and *offset is that of a block of class c that was
   not live and now is; false, and nothing has changed, when the current word of
   the class has no free block. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    requires memory: \valid(offset) && \separated(offset, h, h->pool + (0 .. h->limit - 1),
      h->sets.leaf + (0 .. h->sets.leaves * SETS - 1));
    terminates \true;
    assigns *offset, *h->class_[c].word;
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_HEAP_01_added: \result ==>
      \exists integer p, b; *offset == offset_of(h, p, b) && !live{Pre}(h, p, b) &&
        live_added{Pre,Post}(h, p, b) && block_size(h, p) == class_bytes(c);
    ensures PM_HEAP_01_same: !\result ==> live_same{Pre,Post}(h);
    ensures sizes: sizes_kept{Pre,Post}(h); */
static inline bool heap_malloc_quick(heap_t *h, size_t c, uint64_t *offset) {
  class_t *k = &h->class_[c];
  uint64_t free = *k->word;
  if (free == 0) return false;
  unsigned b = bit_lowest(free);
  *k->word = bit_clear(free, b);
  *offset = k->first + b * k->size;
  return true;
}

/* Which block of its pool starts at an offset o < 65536 into it; BLOCK_NONE when
   none does, as is always so in an unused pool. */
/*@ requires pool: \valid_read(pool) && pool_cut(pool) && o < POOL_SIZE;
    terminates \true;
    assigns \nothing;
    ensures PM_MISUSE_02_none: \result == BLOCK_NONE ==>
      pool->granules == 0 || o % (16 * pool->granules) != 0;
    ensures block: \result != BLOCK_NONE ==>
      pool->granules > 0 && \result < POOL_BLOCKS && o == \result * 16 * pool->granules; */
static inline uint32_t pool_block(const pool_t *pool, uint64_t o) {
  uint64_t product = o * pool->inverse;
  if ((uint32_t)product >= pool->inverse) return BLOCK_NONE;
  return (uint32_t)(product >> 32);
}

/* free's fast path: makes the block at an offset of the heap's range not live. */
/*@ requires ok: heap_ok(h) && offset < 65536 * h->limit;
    terminates \true;
    assigns h->pool[offset / 65536];
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_HEAP_01_removed: \result == HEAP_FREED || \result == HEAP_FREED_ATTEND ==>
      \exists integer p, b; live{Pre}(h, p, b) && offset_of{Pre}(h, p, b) == offset &&
        live_removed{Pre,Post}(h, p, b);
    ensures PM_MISUSE_01_same: \result == HEAP_NOT_LIVE || \result == HEAP_NOT_BLOCK ==>
      live_same{Pre,Post}(h) && !live_at{Pre}(h, offset);
    ensures PM_MISUSE_02_block: \result == HEAP_NOT_LIVE ==> granules(h, offset / 65536) > 0;
    ensures attend: \result == HEAP_FREED_ATTEND ==> pool_room(h, offset / 65536);
    ensures results: \result != HEAP_FREED_RELEASE;
    ensures sizes: sizes_kept{Pre,Post}(h); */
static inline heap_freed_t heap_free_quick(heap_t *h, uint64_t offset) {
  pool_t *pool = &h->pool[offset / POOL_SIZE];
  uint32_t b = pool_block(pool, offset % POOL_SIZE);
  if (b == BLOCK_NONE) return HEAP_NOT_BLOCK;
  uint64_t *word = &pool->free[b / WORD_BITS];
  uint64_t free = bit_set(*word, b % WORD_BITS);
  if (free == *word) return HEAP_NOT_LIVE;
  *word = free;
  return --pool->left == 0 ? HEAP_FREED_ATTEND : HEAP_FREED;
}

/* The rest of free, when enough blocks of pool p have been freed to look at it. */
/*@ requires ok: heap_ok(h) && h->first <= p < h->opened && granules(h, p) > 0;
    requires room: pool_room(h, p);
    terminates \true;
    assigns h->idle, h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1], h->pool[p];
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_HEAP_01_same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures freed: \result == HEAP_FREED || \result == HEAP_FREED_RELEASE;
    ensures PM_HEAP_03_release: \result == HEAP_FREED_RELEASE ==>
      granules(h, p) == 0 && (\forall integer b; !live(h, p, b)); */
heap_freed_t heap_attend(heap_t *h, uint32_t p);

/* The size of the live block at an offset of the heap's range; 0 when there is none. */
/*@ requires ok: heap_ok(h) && offset < 65536 * h->limit;
    terminates \true;
    assigns \nothing;
    ensures none: \result == 0 ==> !live_at(h, offset);
    ensures size: \result != 0 ==>
      live_at(h, offset) && \result == block_size(h, offset / 65536); */
static inline uint32_t heap_size(const heap_t *h, uint64_t offset) {
  const pool_t *pool = &h->pool[offset / POOL_SIZE];
  uint32_t b = pool_block(pool, offset % POOL_SIZE);
  if (b == BLOCK_NONE || bit_test(pool->free[b / WORD_BITS], b % WORD_BITS)) return 0;
  return pool->granules * GRANULE;
}
