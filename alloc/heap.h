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
} pool_t;

_Static_assert(sizeof(pool_t) == 8, "a pool of 64 KiB costs 8 bytes and its words: 0.8 percent");

typedef struct {
  uint64_t first; /* offset of the current word's first block */
  uint32_t size;  /* bytes a block */
  uint32_t word;  /* the current word: where malloc takes blocks from; 0: none */
} class_t;

_Static_assert(sizeof(class_t) == GRANULE, "so a class is found by one mask of the size");

/* The words of pool p, which say which blocks are free, are free[64p .. 64p + 63].
   Word 0 is of a pool that is not for use: it is always 0, and stands for the word
   of a class that has none. */
typedef struct {
  class_t class_[CLASSES];
  uint64_t *free;
  pool_t *pool;
  uint32_t first;  /* the pools below are not for use: they hold the metadata */
  uint32_t opened; /* pools from here on have never been used */
  uint32_t pools;  /* pools from here on can't be used yet */
  uint32_t limit;  /* pools from here on will never be */
  uint32_t idle;   /* how many pools are in SET_IDLE: at most idle_max */
  uint32_t idle_max;
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
   given to it by raising h->pools, up to `limit`.  There are `limit` elements of pool,
   64 words of free for each (and always one), and SETS words of leaf for each 64 of
   them (a rest counts as 64); all are zero.  With a limit of 0 the heap never has a
   pool. */
/*@ requires memory: \valid(h) && \valid_read(free) && \valid(pool + (0 .. limit - 1)) &&
      \valid(free + (0 .. 64 * limit - 1)) && \valid(leaf + (0 .. (limit + 63) / 64 * SETS - 1));
    requires apart: \separated(h, pool + (0 .. limit - 1), free + (0 .. 64 * limit - 1),
      leaf + (0 .. (limit + 63) / 64 * SETS - 1));
    requires free_apart: \separated(h, free);
    requires bounds: 0 < first <= limit <= SET_LIMIT || limit == first == 0;
    requires pools: \forall integer p; 0 <= p < limit ==>
      pool[p].granules == 0 && pool[p].carved == 0 && pool[p].inverse == 0;
    requires words: free[0] == 0;
    requires leaves: \forall integer a; 0 <= a < (limit + 63) / 64 * SETS ==> leaf[a] == 0;
    terminates \true;
    assigns *h;
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_FREE_03_empty: \forall integer p, b; !live(h, p, b);
    ensures PM_HEAP_03_first: h->idle == 0 && h->idle_max == IDLE_MAX;
    ensures arrays: h->pool == pool && h->free == free && h->sets.leaf == leaf;
    ensures bounds: h->first == first && h->opened == first && h->pools == first &&
      h->limit == limit && limit <= 64 * h->sets.leaves < limit + 64; */
void heap_init(heap_t *h, pool_t *pool, uint64_t *free, uint64_t *leaf, uint32_t first,
               uint32_t limit);

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
            h->pool[0 .. h->limit - 1], h->free[0 .. 64 * h->limit - 1];
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_MALLOC_06_none: \result == HEAP_NONE ==> exhausted(h, c) && live_same{Pre,Post}(h) &&
      h->opened == \old(h->opened);
    ensures opened: \old(h->opened) <= h->opened <= \old(h->opened) + 1;
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
      h->free + (0 .. 64 * h->limit - 1), h->sets.leaf + (0 .. h->sets.leaves * SETS - 1));
    requires apart: \separated(offset, h->free);
    terminates \true;
    assigns *offset, h->free[h->class_[c].word];
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures some: \result <==> \old(h->free[h->class_[c].word]) != 0;
    ensures PM_HEAP_01_added: \result ==>
      \exists integer b; *offset == offset_of(h, class_pool(h, c), b) &&
        !live{Pre}(h, class_pool(h, c), b) && live_added{Pre,Post}(h, class_pool(h, c), b);
    ensures size: \result ==> block_size(h, class_pool(h, c)) == class_bytes(c);
    ensures PM_HEAP_01_same: !\result ==> words_same{Pre,Post}(h) && *offset == \old(*offset); */
static inline bool heap_malloc_quick(heap_t *h, size_t c, uint64_t *offset) {
  //@ assert class: class_ok(h, c);
  const class_t *k = &h->class_[c];
  uint32_t w = k->word;
  uint64_t free = h->free[w];
  if (free == 0) return false;
  //@ assert some: w != 0 && class_at(h, c) && class_in(h, c);
  /*@ assert apart: \forall integer i, q; 0 <= i < CLASSES && 0 <= q < 64 * h->sets.leaves &&
        offered(h, i, q) ==> offer_ok(h, i, q) && q != w / 64; */
  unsigned b = bit_lowest(free);
  //@ ghost block_step(w, b, c);
  //@ assert size: k->size == class_bytes(c) == block_size(h, w / 64);
  //@ assert product: b * k->size == b * class_bytes(c) <= 64 * 512;
  //@ assert offset: k->first + b * k->size == offset_of(h, w / 64, 64 * (w % 64) + b);
  h->free[w] = bit_clear(free, b);
  *offset = k->first + b * k->size;
  /*@ assert word: bit(word_at{Pre}(h, w / 64, w % 64), b) && \forall integer i; 0 <= i < 64 ==>
        (bit(word_at(h, w / 64, w % 64), i) <==> bit(word_at{Pre}(h, w / 64, w % 64), i) && i != b); */
  /*@ assert words: \forall integer q, v; 0 <= q < h->limit && 0 <= v < 64 &&
        !(q == w / 64 && v == w % 64) ==> word_at(h, q, v) == word_at{Pre}(h, q, v); */
  //@ assert pools: pools_same{Pre,Here}(h) && pools_kept{Pre,Here}(h);
  //@ assert classes: classes_same{Pre,Here}(h);
  /*@ assert leaves: \forall integer i, a; 0 <= i < SETS && 0 <= a < h->sets.leaves ==>
        leaf_at(&h->sets, i, a) == leaf_at{Pre}(&h->sets, i, a); */
  /*@ assert mids: \forall integer i, g; 0 <= i < SETS && 0 <= g < 64 ==>
        mid_at(&h->sets, i, g) == mid_at{Pre}(&h->sets, i, g); */
  //@ assert tops: \forall integer i; 0 <= i < SETS ==> top_at(&h->sets, i) == top_at{Pre}(&h->sets, i);
  //@ assert sets: sets_same{Pre,Here}(h);
  //@ assert kept: bounds_kept{Pre,Here}(h) && members_fewer{Pre,Here}(h);
  //@ assert memory: heap_memory(h);
  //@ assert bounds: heap_bounds(h);
  //@ assert cut: pools_cut(h);
  //@ assert out: pools_out(h);
  //@ assert untouched: pools_untouched(h);
  //@ assert classes_ok: classes_ok(h);
  //@ assert shape: sets_shape(&h->sets);
  //@ assert sets_ok: sets_ok(&h->sets);
  /*@ assert room: \forall integer q; 0 <= q < h->limit && q != w / 64 && pool_room{Pre}(h, q) ==>
        pool_room(h, q); */
  //@ assert rooms: rooms_kept{Pre,Here}(h);
  //@ assert offers: offers_ok(h);
  //@ assert unused: unused_ok(h);
  //@ assert once: unused_once(h);
  //@ assert offset: *offset == offset_of(h, w / 64, 64 * (w % 64) + b);
  //@ assert fresh: !live{Pre}(h, w / 64, 64 * (w % 64) + b);
  //@ assert added: live_added{Pre,Here}(h, w / 64, 64 * (w % 64) + b);
  return true;
}

/* Which block of its pool starts at an offset o < 65536 into it; BLOCK_NONE when
   none does, as is always so in an unused pool. */
/*@ requires pool: \valid_read(pool) && pool_cut(pool) && o < POOL_SIZE;
    terminates \true;
    assigns \nothing;
    ensures PM_MISUSE_02_none: \result == BLOCK_NONE ==> pool->granules == 0 ||
      o != o / class_bytes(pool->granules - 1) * class_bytes(pool->granules - 1);
    ensures block: \result != BLOCK_NONE ==> pool->granules > 0 && \result < POOL_BLOCKS &&
      \result == o / class_bytes(pool->granules - 1) &&
      o == \result * class_bytes(pool->granules - 1); */
static inline uint32_t pool_block(const pool_t *pool, uint64_t o) {
  //@ ghost if (pool->granules > 0) inverse_divides(o, pool->granules);
  uint64_t product = o * pool->inverse;
  //@ assert unused: pool->granules == 0 ==> pool->inverse == 0;
  //@ assert exact: product == o * pool->inverse;
  /*@ assert parts: pool->granules > 0 ==> product / 4294967296 == o / class_bytes(pool->granules - 1) &&
        product % 4294967296 == inverse_rest(o, pool->granules - 1); */
  if (product % INVERSE_ONE >= pool->inverse) return BLOCK_NONE;
  return (uint32_t)(product / INVERSE_ONE);
}

/* free's fast path: makes the block at an offset of the heap's range not live. */
/*@ requires ok: heap_ok(h) && offset < 65536 * h->limit;
    terminates \true;
    assigns h->pool[offset / 65536].left,
            h->free[64 * (offset / 65536) .. 64 * (offset / 65536) + 63];
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_HEAP_01_removed: \result == HEAP_FREED || \result == HEAP_FREED_ATTEND ==>
      \exists integer b; live_at{Pre}(h, offset, b) &&
        live_removed{Pre,Post}(h, offset / 65536, b);
    ensures PM_MISUSE_01_same: \result == HEAP_NOT_LIVE || \result == HEAP_NOT_BLOCK ==>
      words_same{Pre,Post}(h) && (\forall integer b; !live_at{Pre}(h, offset, b));
    ensures PM_MISUSE_02_block: \result == HEAP_NOT_LIVE ==> block_starts(h, offset);
    ensures PM_MISUSE_02_none: \result == HEAP_NOT_BLOCK ==> !block_starts(h, offset);
    ensures PM_FREE_02_left: \result == HEAP_FREED || \result == HEAP_FREED_ATTEND ==>
      h->pool[offset / 65536].left == (uint16_t)(\old(h->pool[offset / 65536].left) - 1) &&
      (\result == HEAP_FREED_ATTEND <==> h->pool[offset / 65536].left == 0);
    ensures attend: \result == HEAP_FREED_ATTEND ==>
      opened(h, offset / 65536) && granules(h, offset / 65536) > 0 && pool_room(h, offset / 65536);
    ensures results: \result == HEAP_FREED || \result == HEAP_FREED_ATTEND ||
      \result == HEAP_NOT_LIVE || \result == HEAP_NOT_BLOCK;
    ensures sizes: pools_same{Pre,Post}(h); */
static inline heap_freed_t heap_free_quick(heap_t *h, uint64_t offset) {
  uint64_t p = offset / POOL_SIZE;
  pool_t *pool = &h->pool[p];
  //@ assert fit: pool_fit(h, p) && pool_cut(pool);
  /*@ assert inside: \forall integer d; offset_of(h, p, d) == offset ==>
        d * class_bytes(granules(h, p) - 1) == offset % 65536; */
  uint32_t b = pool_block(pool, offset % POOL_SIZE);
  //@ assert none: b == BLOCK_NONE ==> \forall integer d; !live_at(h, offset, d);
  //@ assert starts: b != BLOCK_NONE ==> block_starts(h, offset);
  if (b == BLOCK_NONE) return HEAP_NOT_BLOCK;
  //@ assert open: opened(h, p) && b / 64 < 64;
  //@ assert block: offset == offset_of(h, p, b);
  uint64_t w = p * POOL_WORDS + b / WORD_BITS;
  //@ assert index: w / 64 == p && w % 64 == b / 64 && w < 64 * h->limit;
  //@ assert only: \forall integer d; live_at(h, offset, d) ==> d == b;
  if (bit_test(h->free[w], b % WORD_BITS)) return HEAP_NOT_LIVE;
  //@ assert live: live(h, p, b);
  //@ ghost word_all();
  //@ assert carved: b / 64 < carved(h, p);
  h->free[w] = bit_set(h->free[w], b % WORD_BITS);
  /*@ assert words: \forall integer q, v; 0 <= q < h->limit && 0 <= v < 64 && !(q == p && v == b / 64) ==>
        word_at(h, q, v) == word_at{Pre}(h, q, v); */
  /*@ assert word: word_at(h, p, b / 64) != 0 && \forall integer i; 0 <= i < 64 ==>
        (bit(word_at(h, p, b / 64), i) <==> bit(word_at{Pre}(h, p, b / 64), i) || i == b % 64); */
  //@ assert pools: pools_same{Pre,Here}(h) && pools_kept{Pre,Here}(h);
  //@ assert classes: classes_same{Pre,Here}(h);
  /*@ assert leaves: \forall integer i, a; 0 <= i < SETS && 0 <= a < h->sets.leaves ==>
        leaf_at(&h->sets, i, a) == leaf_at{Pre}(&h->sets, i, a); */
  //@ assert sets: sets_same{Pre,Here}(h);
  //@ assert kept: bounds_kept{Pre,Here}(h) && members_fewer{Pre,Here}(h);
  //@ assert memory: heap_memory(h) && heap_bounds(h);
  //@ assert cut: pools_cut(h) && pools_out(h);
  //@ assert untouched: pools_untouched(h);
  //@ assert classes_ok: classes_ok(h);
  //@ assert sets_ok: sets_ok(&h->sets);
  //@ assert room: \forall integer q; 0 <= q < h->limit && pool_room{Pre}(h, q) ==> pool_room(h, q);
  //@ assert rooms: rooms_kept{Pre,Here}(h);
  //@ assert offers: offers_ok(h);
  //@ assert unused: unused_ok(h);
  //@ assert once: unused_once(h);
  //@ assert removed: live_removed{Pre,Here}(h, p, b);
  return --pool->left == 0 ? HEAP_FREED_ATTEND : HEAP_FREED;
}

/* The rest of free, when enough blocks of pool p have been freed to look at it. */
/*@ requires ok: heap_ok(h) && opened(h, p) && granules(h, p) > 0;
    requires room: pool_room(h, p);
    terminates \true;
    assigns h->idle, h->idle_max, h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1], h->pool[p];
    ensures PM_HEAP_00_ok: heap_ok(h);
    ensures PM_HEAP_01_same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures freed: \result == HEAP_FREED || \result == HEAP_FREED_RELEASE;
    ensures PM_HEAP_03_none: \result == HEAP_FREED_RELEASE ==> \forall integer b; !live(h, p, b);
    ensures PM_FREE_02_offered: granules(h, p) > 0 ==>
      current(h, granules(h, p) - 1, p) || offered(h, granules(h, p) - 1, p);
    ensures PM_HEAP_02_unused: granules(h, p) == 0 ==>
      (\result == HEAP_FREED ? offered(h, SET_IDLE, p) : offered(h, SET_BARE, p));
    ensures PM_FREE_03_unused: \old(pool_blank(h, p) && !current(h, granules(h, p) - 1, p)) ==> granules(h, p) == 0;
    ensures PM_HEAP_03_kept: h->idle_max == \old(h->idle_max) &&
      h->idle == (granules(h, p) == 0 && \result == HEAP_FREED ? \old(h->idle) + 1 : \old(h->idle));
    ensures PM_HEAP_03_release: \result == HEAP_FREED_RELEASE <==>
      granules(h, p) == 0 && \old(h->idle) >= \old(h->idle_max); */
heap_freed_t heap_attend(heap_t *h, uint32_t p);

/* The size of the live block at an offset of the heap's range; 0 when there is none. */
/*@ requires ok: heap_ok(h) && offset < 65536 * h->limit;
    terminates \true;
    assigns \nothing;
    ensures none: \result == 0 ==> \forall integer b; !live_at(h, offset, b);
    ensures size: \result != 0 ==> \result == block_size(h, offset / 65536) &&
      \exists integer b; live_at(h, offset, b); */
static inline uint32_t heap_size(const heap_t *h, uint64_t offset) {
  uint64_t p = offset / POOL_SIZE;
  const pool_t *pool = &h->pool[p];
  //@ assert fit: pool_fit(h, p) && pool_cut(pool);
  /*@ assert inside: \forall integer d; offset_of(h, p, d) == offset ==>
        d * class_bytes(granules(h, p) - 1) == offset % 65536; */
  uint32_t b = pool_block(pool, offset % POOL_SIZE);
  //@ assert start: b != BLOCK_NONE ==> b * class_bytes(granules(h, p) - 1) == offset % 65536;
  //@ assert block: b != BLOCK_NONE ==> granules(h, p) > 0 && offset == offset_of(h, p, b) && b / 64 < 64;
  //@ assert none: b == BLOCK_NONE ==> \forall integer d; !live_at(h, offset, d);
  //@ assert only: \forall integer d; live_at(h, offset, d) ==> d == b;
  if (b == BLOCK_NONE || bit_test(h->free[p * POOL_WORDS + b / WORD_BITS], b % WORD_BITS)) return 0;
  //@ assert live: live_at(h, offset, b);
  return pool->granules * GRANULE;
}
