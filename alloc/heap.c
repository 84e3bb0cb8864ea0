/* The parts of the heap that are seldom needed: finding the next word for a
   class, and looking after a pool in which blocks were freed. */
#include "alloc/heap.h"

#define LEFT_NEVER UINT32_MAX /* `left` of a class's current pool: nothing to do for long */

void heap_init(heap_t *h, uint64_t *live, pool_t *pool, uint64_t *leaf, uint32_t first,
               uint32_t limit) {
  *h = (heap_t){.live = live, .pool = pool};
  h->first = h->opened = h->pools = first;
  h->limit = limit;
  h->sets.leaf = leaf;
  h->sets.leaves = (limit + 63) / 64;
  live[0] = WORD_FULL; /* the word of the classes that have none: always full */
}

void heap_init_empty(heap_t *h) {
  static uint64_t full = WORD_FULL; /* never written: there is no room in it */
  static pool_t none;
  *h = (heap_t){.live = &full, .pool = &none};
}

uint32_t heap_pool_live(const heap_t *h, uint32_t p) {
  uint32_t live = 0;
  /*@ loop invariant range: 0 <= w <= carved(h, p) && live <= 64 * w;
      loop assigns w, live;
      loop variant carved(h, p) - w; */
  for (uint32_t w = 0; w < h->pool[p].carved; w++)
    live += bit_count(h->live[p * POOL_WORDS + w]);
  return live;
}

/* The first word of pool p from `word` on that has room, or its carved words'
   number when there is none. */
/*@ requires memory: heap_ok(h) && usable(h, p);
    terminates \true;
    assigns \nothing;
    ensures found: \result < carved(h, p) ==>
      \result >= word && word_at(h, 64 * p + \result) != WORD_FULL;
    ensures none: \result >= carved(h, p) ==>
      \forall integer w; word <= w < carved(h, p) ==> word_at(h, 64 * p + w) == WORD_FULL;
    ensures from: \result >= word; */
static uint32_t pool_word(const heap_t *h, uint32_t p, uint32_t word) {
  /*@ loop invariant from: word >= \at(word, Pre);
      loop invariant full: \forall integer w; \at(word, Pre) <= w < word ==>
        word_at(h, 64 * p + w) == WORD_FULL || w >= carved(h, p);
      loop assigns word;
      loop variant carved(h, p) - word; */
  while (word < h->pool[p].carved && h->live[p * POOL_WORDS + word] == WORD_FULL) word++;
  return word;
}

/* The word that class c should go on with in its current pool p, or POOL_WORDS
   when the pool has too little room: *room says how much. */
/*@ requires ok: heap_ok(h) && c < CLASSES && class_word(h, c) / 64 == p && class_word(h, c) != 0;
    requires memory: \valid(room) && \separated(room, h, h->pool + (0 .. h->limit - 1));
    terminates \true;
    assigns *room, h->pool[p].carved;
    ensures ok: heap_ok(h);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures word: \result == POOL_WORDS ||
      \result < carved(h, p) && word_at(h, 64 * p + \result) != WORD_FULL; */
static uint32_t pool_next(heap_t *h, unsigned c, uint32_t p, uint32_t *room) {
  pool_t *pool = &h->pool[p];
  uint32_t word = pool_word(h, p, (uint32_t)(h->class_[c].word % POOL_WORDS));
  if (word < pool->carved) return word;
  word = pool_word(h, p, 0);
  *room = pool->carved * WORD_BITS - heap_pool_live(h, p);
  if (word < pool->carved && *room >= pool->carved * WORTH) return word;
  if (pool->carved < class_words_of(c)) return pool->carved++;
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
      \forall integer p; 0 <= p < 64 * h->sets.leaves ==> !offered(h, set, p); */
static uint32_t heap_take(heap_t *h, unsigned set) {
  uint32_t p = set_lowest(&h->sets, set);
  if (p == SET_NONE) return SET_NONE;
  set_remove(&h->sets, set, p);
  h->idle -= set == SET_IDLE;
  return p;
}

/* An unused pool, rather one that has memory, or SET_NONE. */
/*@ requires ok: heap_ok(h);
    terminates \true;
    assigns h->opened, h->idle, h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1];
    ensures ok: heap_ok(h);
    ensures unused: \result != SET_NONE ==>
      h->first <= \result < h->opened && granules(h, \result) == 0 &&
      \forall integer i; 0 <= i < SETS ==> !offered(h, i, \result);
    ensures none: \result == SET_NONE ==> h->opened == h->pools; */
static uint32_t heap_unused(heap_t *h) {
  uint32_t p = heap_take(h, SET_IDLE);
  if (p == SET_NONE) p = heap_take(h, SET_BARE);
  if (p == SET_NONE && h->opened < h->pools) p = h->opened++;
  return p;
}

/* A pool with room for class c that is nobody's current pool: the lowest one
   that is offered, else an unused one, cut for the class; or SET_NONE. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    terminates \true;
    assigns h->opened, h->idle, h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1], h->pool[0 .. h->limit - 1];
    ensures ok: heap_ok(h);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures room: \result != SET_NONE ==> h->first <= \result < h->opened &&
      granules(h, \result) == c + 1 && pool_room(h, \result) &&
      \forall integer i; 0 <= i < SETS ==> !offered(h, i, \result); */
static uint32_t heap_pool(heap_t *h, unsigned c) {
  uint32_t p = heap_take(h, c);
  if (p != SET_NONE) return p;
  p = heap_unused(h);
  if (p != SET_NONE)
    h->pool[p] = (pool_t){.inverse = class_inverse(c), .granules = c + 1, .carved = 1};
  return p;
}

/* Makes a word of pool p the current one of class c. */
/*@ requires memory: \valid(h) && c < CLASSES && p < SET_LIMIT && word < 64;
    terminates \true;
    assigns h->class_[c];
    ensures at: class_at(h, c) && class_word(h, c) == 64 * p + word; */
static void class_set(heap_t *h, unsigned c, uint32_t p, uint32_t word) {
  class_t *k = &h->class_[c];
  k->size = class_size(c);
  k->first = (uint64_t)p * POOL_SIZE + word * WORD_BITS * k->size;
  k->word = (uint64_t)p * POOL_WORDS + word;
}

uint64_t heap_refill(heap_t *h, unsigned c) {
  uint32_t current = (uint32_t)(h->class_[c].word / POOL_WORDS), p = current;
  uint32_t word = POOL_WORDS, room = 0;
  if (current != 0) word = pool_next(h, c, current, &room);
  if (word == POOL_WORDS) {
    p = heap_pool(h, c);
    if (p == SET_NONE)
      p = current; /* little room is better than none */
    else if (current != 0)
      h->pool[current].left = class_words_of(c) * WORTH - room; /* closed */
    word = pool_word(h, p, 0);
    if (word == h->pool[p].carved) return HEAP_NONE;
    h->pool[p].left = LEFT_NEVER;
  }
  class_set(h, c, p, word);
  return heap_malloc(h, c);
}

/* Gives up an empty pool; whoever needs one next may have it. */
/*@ requires ok: heap_ok(h) && h->first <= p < h->opened && granules(h, p) > 0;
    requires empty: \forall integer x; x / 4096 == p ==> !live(h, x);
    requires free: \forall integer c; 0 <= c < CLASSES ==> !current(h, c, p);
    terminates \true;
    assigns h->idle, h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1], h->pool[p];
    ensures ok: heap_ok(h);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures unused: granules(h, p) == 0; */
static heap_freed_t pool_give_up(heap_t *h, uint32_t p) {
  set_remove(&h->sets, h->pool[p].granules - 1, p);
  h->pool[p] = (pool_t){0};
  bool keep = h->idle < IDLE_MAX;
  set_add(&h->sets, keep ? SET_IDLE : SET_BARE, p);
  h->idle += keep;
  return keep ? HEAP_FREED : HEAP_FREED_RELEASE;
}

heap_freed_t heap_attend(heap_t *h, uint32_t p) {
  unsigned c = h->pool[p].granules - 1;
  if (h->class_[c].word / POOL_WORDS == p) {
    h->pool[p].left = LEFT_NEVER;
    return HEAP_FREED;
  }
  uint32_t live = heap_pool_live(h, p);
  if (live == 0) return pool_give_up(h, p);
  set_add(&h->sets, c, p);
  h->pool[p].left = live;
  return HEAP_FREED;
}
