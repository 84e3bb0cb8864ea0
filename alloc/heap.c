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
  for (uint32_t w = 0; w < h->pool[p].carved; w++)
    live += bit_count(h->live[p * POOL_WORDS + w]);
  return live;
}

/* The first word of pool p from `word` on that has room, or its carved words'
   number when there is none. */
static uint32_t pool_word(const heap_t *h, uint32_t p, uint32_t word) {
  while (word < h->pool[p].carved && h->live[p * POOL_WORDS + word] == WORD_FULL) word++;
  return word;
}

/* The word that class c should go on with in its current pool p, or POOL_WORDS
   when the pool has too little room: *room says how much. */
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
static uint32_t heap_take(heap_t *h, unsigned set) {
  uint32_t p = set_lowest(&h->sets, set);
  if (p == SET_NONE) return SET_NONE;
  set_remove(&h->sets, set, p);
  h->idle -= set == SET_IDLE;
  return p;
}

/* An unused pool, rather one that has memory, or SET_NONE. */
static uint32_t heap_unused(heap_t *h) {
  uint32_t p = heap_take(h, SET_IDLE);
  if (p == SET_NONE) p = heap_take(h, SET_BARE);
  if (p == SET_NONE && h->opened < h->pools) p = h->opened++;
  return p;
}

/* A pool with room for class c that is nobody's current pool: the lowest one
   that is offered, else an unused one, cut for the class; or SET_NONE. */
static uint32_t heap_pool(heap_t *h, unsigned c) {
  uint32_t p = heap_take(h, c);
  if (p != SET_NONE) return p;
  p = heap_unused(h);
  if (p != SET_NONE)
    h->pool[p] = (pool_t){.inverse = class_inverse(c), .granules = c + 1, .carved = 1};
  return p;
}

/* Makes a word of pool p the current one of class c. */
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
