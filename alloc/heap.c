/* The parts of the heap that are seldom needed: finding the next word for a
   class, and looking after a pool in which blocks were freed. */
#include "alloc/heap.h"

#define LEFT_NEVER UINT16_MAX /* `left` of a class's current pool: nothing to do for long */

void heap_init(heap_t *h, pool_t *pool, uint64_t *leaf, uint32_t first, uint32_t limit) {
  *h = (heap_t){.pool = pool, .first = first, .opened = first, .pools = first, .limit = limit};
  h->idle_max = IDLE_MAX;
  h->sets.leaf = leaf;
  h->sets.leaves = (limit + 63) / 64;
  /*@ loop invariant range: 0 <= c <= CLASSES;
      loop invariant none: \forall integer d; 0 <= d < c ==> class_none(h, d);
      loop assigns c, h->class_[0 .. CLASSES - 1].word;
      loop variant CLASSES - c; */
  for (size_t c = 0; c < CLASSES; c++) h->class_[c].word = &h->none;
}

/* How many blocks of a pool's carved words are free. */
/*@ requires memory: \valid_read(pool) && pool->carved <= POOL_WORDS;
    terminates \true;
    assigns \nothing;
    ensures range: \result <= 64 * pool->carved; */
static uint32_t pool_free(const pool_t *pool) {
  uint32_t n = 0;
  /*@ loop invariant range: 0 <= w <= pool->carved && n <= 64 * w;
      loop assigns w, n;
      loop variant pool->carved - w; */
  for (uint32_t w = 0; w < pool->carved; w++) n += bit_count(pool->free[w]);
  return n;
}

uint32_t heap_pool_live(const heap_t *h, uint32_t p) {
  return h->pool[p].carved * WORD_BITS - pool_free(&h->pool[p]);
}

/* Whether no block of a pool is live. */
/*@ requires memory: \valid_read(pool) && pool->carved <= POOL_WORDS;
    terminates \true;
    assigns \nothing;
    ensures empty: \result <==>
      \forall integer w; 0 <= w < pool->carved ==> pool->free[w] == WORD_ALL; */
static bool pool_empty(const pool_t *pool) {
  uint32_t w = 0;
  /*@ loop invariant range: 0 <= w <= pool->carved;
      loop invariant free: \forall integer v; 0 <= v < w ==> pool->free[v] == WORD_ALL;
      loop assigns w;
      loop variant pool->carved - w; */
  while (w < pool->carved && pool->free[w] == WORD_ALL) w++;
  return w == pool->carved;
}

/* The first word from w on that has a free block; the number of carved words
   when there is none. */
/*@ requires memory: \valid_read(pool) && w <= pool->carved <= POOL_WORDS;
    terminates \true;
    assigns \nothing;
    ensures range: w <= \result <= pool->carved;
    ensures found: \result < pool->carved ==> pool->free[\result] != 0;
    ensures first: \forall integer v; w <= v < \result ==> pool->free[v] == 0; */
static uint32_t pool_word(const pool_t *pool, uint32_t w) {
  /*@ loop invariant range: \at(w, Pre) <= w <= pool->carved;
      loop invariant none: \forall integer v; \at(w, Pre) <= v < w ==> pool->free[v] == 0;
      loop assigns w;
      loop variant pool->carved - w; */
  while (w < pool->carved && pool->free[w] == 0) w++;
  return w;
}

/* The word with which class c should go on in its current pool, after word w;
   POOL_WORDS when the pool is rather to be closed. */
/*@ requires pool: \valid(pool) && c < CLASSES && w < pool->carved <= words_of(c);
    terminates \true;
    assigns pool->carved;
    ensures carved: \old(pool->carved) <= pool->carved <= words_of(c);
    ensures word: \result <= pool->carved || \result == POOL_WORDS; */
static uint32_t pool_next(pool_t *pool, size_t c, uint32_t w) {
  w = pool_word(pool, w);
  if (w < pool->carved) return w;
  if (pool_free(pool) >= pool->carved * WORTH) return pool_word(pool, 0);
  if (pool->carved < class_words(c)) return pool->carved++;
  return POOL_WORDS;
}

/* Takes the lowest pool from a set: its number, or SET_NONE. */
/*@ requires ok: heap_ok(h) && set < SETS;
    terminates \true;
    assigns h->idle, h->sets.top[set], h->sets.mid[set * 64 .. set * 64 + 63],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1];
    ensures ok: heap_ok(h);
    ensures taken: \result != SET_NONE ==> offered{Pre}(h, set, \result) &&
      \forall integer i; 0 <= i < SETS ==> !offered(h, i, \result);
    ensures none: \result == SET_NONE ==>
      \forall integer p; 0 <= p < 64 * h->sets.leaves ==> !offered(h, set, p);
    ensures others: \forall integer i, p;
      0 <= i < SETS && i != set && 0 <= p < 64 * h->sets.leaves ==>
        (offered(h, i, p) <==> offered{Pre}(h, i, p)); */
static uint32_t heap_take(heap_t *h, size_t set) {
  uint32_t p = set_lowest(&h->sets, set);
  if (p == SET_NONE) return SET_NONE;
  set_remove(&h->sets, set, p);
  h->idle -= set == SET_IDLE;
  return p;
}

/* A pool that was never used, all its blocks free, or SET_NONE. */
/*@ requires ok: heap_ok(h);
    terminates \true;
    assigns h->opened, h->pool[h->opened];
    ensures ok: heap_ok(h);
    ensures fresh: \result != SET_NONE ==> \result == \old(h->opened) && h->opened == \result + 1 &&
      granules(h, \result) == 0;
    ensures none: \result == SET_NONE ==> h->opened == h->pools; */
static uint32_t heap_fresh(heap_t *h) {
  if (h->opened == h->pools) return SET_NONE;
  pool_t *pool = &h->pool[h->opened];
  /*@ loop invariant range: 0 <= w <= POOL_WORDS;
      loop invariant all: \forall integer v; 0 <= v < w ==> pool->free[v] == WORD_ALL;
      loop assigns w, pool->free[0 .. POOL_WORDS - 1];
      loop variant POOL_WORDS - w; */
  for (uint32_t w = 0; w < POOL_WORDS; w++) pool->free[w] = WORD_ALL;
  return h->opened++;
}

/* The current pool of a class, if it is empty, taken from the class; or SET_NONE. */
/*@ requires ok: heap_ok(h);
    terminates \true;
    assigns h->class_[0 .. CLASSES - 1];
    ensures ok: heap_ok(h);
    ensures empty: \result != SET_NONE ==> h->first <= \result < h->opened &&
      (\forall integer b; !live(h, \result, b)) &&
      (\forall integer c; 0 <= c < CLASSES ==> !current(h, c, \result));
    ensures none: \result == SET_NONE ==> \forall integer c; 0 <= c < CLASSES &&
      class_pool(h, c) != 0 ==> \exists integer b; live(h, class_pool(h, c), b); */
static uint32_t heap_reclaim(heap_t *h) {
  /*@ loop invariant range: 0 <= c <= CLASSES;
      loop invariant some: \forall integer d; 0 <= d < c && class_pool(h, d) != 0 ==>
        \exists integer b; live(h, class_pool(h, d), b);
      loop assigns c;
      loop variant CLASSES - c; */
  for (size_t c = 0; c < CLASSES; c++) {
    uint32_t p = h->class_[c].pool;
    if (p == 0 || !pool_empty(&h->pool[p])) continue;
    h->class_[c] = (class_t){.word = &h->none};
    return p;
  }
  return SET_NONE;
}

/* An unused pool, rather one that has memory, or SET_NONE. */
/*@ requires ok: heap_ok(h);
    terminates \true;
    assigns h->class_[0 .. CLASSES - 1], h->opened, h->idle, h->idle_max,
            h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1],
            h->pool[h->opened];
    ensures ok: heap_ok(h);
    ensures unused: \result != SET_NONE ==> h->first <= \result < h->opened &&
      granules(h, \result) == 0 && \forall integer i; 0 <= i < SETS ==> !offered(h, i, \result);
    ensures none: \result == SET_NONE ==> h->opened == h->pools; */
static uint32_t heap_unused(heap_t *h) {
  uint32_t p = heap_take(h, SET_IDLE);
  if (p != SET_NONE) return p;
  p = heap_take(h, SET_BARE);
  if (p != SET_NONE && h->idle_max < IDLE_MOST) h->idle_max *= 2;
  if (p == SET_NONE) p = heap_fresh(h);
  if (p == SET_NONE) p = heap_reclaim(h);
  return p;
}

/* A pool with room for class c that is nobody's current pool, or SET_NONE: the
   lowest one that is offered, else an unused one, cut for the class. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    terminates \true;
    assigns h->class_[0 .. CLASSES - 1], h->opened, h->idle, h->idle_max,
            h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1], h->pool[0 .. h->limit - 1];
    ensures ok: heap_ok(h);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures room: \result != SET_NONE ==> h->first <= \result < h->opened &&
      granules(h, \result) == c + 1 && pool_room(h, \result) &&
      \forall integer i; 0 <= i < SETS ==> !offered(h, i, \result); */
static uint32_t heap_pool(heap_t *h, size_t c) {
  uint32_t p = heap_take(h, c);
  if (p != SET_NONE) return p;
  p = heap_unused(h);
  if (p == SET_NONE) return SET_NONE;
  pool_t *pool = &h->pool[p];
  pool->inverse = class_inverse(c);
  pool->granules = (uint8_t)(c + 1);
  pool->carved = 1;
  return p;
}

/* Makes word w of pool p the current one of class c. */
/*@ requires memory: \valid(h) && c < CLASSES && p < SET_LIMIT && w < POOL_WORDS;
    terminates \true;
    assigns h->class_[c];
    ensures at: class_at(h, c) && class_pool(h, c) == p && class_index(h, c) == w; */
static void class_set(heap_t *h, size_t c, uint32_t p, uint32_t w) {
  class_t *k = &h->class_[c];
  k->word = &h->pool[p].free[w];
  k->size = class_size(c);
  k->first = (uint64_t)p * POOL_SIZE + w * WORD_BITS * k->size;
  k->pool = p;
  k->index = w;
}

uint64_t heap_refill(heap_t *h, size_t c) {
  class_t *k = &h->class_[c];
  uint32_t p = k->pool;
  uint32_t w = p == 0 ? POOL_WORDS : pool_next(&h->pool[p], c, k->index);
  if (w == POOL_WORDS) {
    p = heap_pool(h, c);
    if (p == SET_NONE)
      p = k->pool; /* little room is better than none */
    else if (k->pool != 0) /* closed */
      h->pool[k->pool].left = (uint16_t)(class_words(c) * WORTH - pool_free(&h->pool[k->pool]));
    if (p == 0) return HEAP_NONE;
    w = pool_word(&h->pool[p], 0);
    if (w == h->pool[p].carved) return HEAP_NONE;
    h->pool[p].left = LEFT_NEVER;
  }
  class_set(h, c, p, w);
  uint64_t offset = HEAP_NONE;
  heap_malloc_quick(h, c, &offset);
  return offset;
}

/* Gives up an empty pool; whoever needs one next may have it. */
/*@ requires ok: heap_ok(h) && h->first <= p < h->opened && granules(h, p) > 0;
    requires empty: \forall integer b; !live(h, p, b);
    requires free: \forall integer c; 0 <= c < CLASSES ==> !current(h, c, p);
    terminates \true;
    assigns h->idle, h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1], h->pool[p];
    ensures ok: heap_ok(h);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures unused: granules(h, p) == 0; */
static heap_freed_t pool_give_up(heap_t *h, uint32_t p) {
  pool_t *pool = &h->pool[p];
  set_remove(&h->sets, (size_t)pool->granules - 1, p);
  pool->inverse = 0;
  pool->granules = 0;
  pool->carved = 0;
  bool keep = h->idle < h->idle_max;
  set_add(&h->sets, keep ? SET_IDLE : SET_BARE, p);
  h->idle += keep;
  return keep ? HEAP_FREED : HEAP_FREED_RELEASE;
}

heap_freed_t heap_attend(heap_t *h, uint32_t p) {
  pool_t *pool = &h->pool[p];
  size_t c = (size_t)pool->granules - 1;
  if (h->class_[c].pool == p) {
    pool->left = LEFT_NEVER;
    return HEAP_FREED;
  }
  if (pool_empty(pool)) return pool_give_up(h, p);
  set_add(&h->sets, c, p);
  pool->left = (uint16_t)heap_pool_live(h, p);
  return HEAP_FREED;
}
