/* What holds of a heap between calls: heap_ok of spec/heap.acsl.h, executed, and that
   no pool is lost: each is on its way to be used again. */
#pragma once

#include "tests/numbers.h"

static inline void check_bounds(const numbers_t *n) {
  const heap_t *h = &n->heap;
  CHECK("PM-HEAP-00", h->first <= h->opened && h->opened <= h->pools && h->pools <= h->limit);
  CHECK("PM-HEAP-00", h->limit <= 64 * h->sets.leaves && h->sets.leaves <= 4096);
  CHECK("PM-HEAP-00", h->first > 0 && n->free[0] == 0 && h->idle <= h->idle_max);
}

static inline void check_class(const numbers_t *n, size_t c) {
  const class_t *k = &n->heap.class_[c];
  if (k->word == 0) return;
  uint32_t p = k->word / POOL_WORDS, w = k->word % POOL_WORDS;
  CHECK_OF("PM-HEAP-00", p >= n->heap.first && p < n->heap.opened, c, p);
  CHECK_OF("PM-HEAP-00", n->pool[p].granules == c + 1 && w < n->pool[p].carved, c, w);
  CHECK_OF("PM-HEAP-00", k->size == 16 * (c + 1), c, k->size);
  CHECK_OF("PM-HEAP-00", k->first == p * (uint64_t)POOL_SIZE + w * 64ul * k->size, c, k->first);
}

/* How many sets a pool is in; *set is the last of them. */
static inline unsigned check_sets_of(const numbers_t *n, uint32_t p, size_t *set) {
  unsigned in = 0;
  for (size_t i = 0; i < SETS; i++)
    if (set_has(&n->heap.sets, i, p)) in++, *set = i;
  return in;
}

/* A pool that serves a class: current, offered or closed. */
static inline void check_in_class(const numbers_t *n, uint32_t p, unsigned sets, size_t set) {
  const pool_t *pool = &n->pool[p];
  size_t c = pool->granules - 1u;
  uint32_t live = heap_pool_live(&n->heap, p), words = class_words(c);
  bool current = n->heap.class_[c].word / POOL_WORDS == p;
  CHECK_OF("PM-HEAP-00", pool->granules <= CLASSES && pool->inverse == class_inverse(c), p, c);
  CHECK_OF("PM-HEAP-00", pool->carved >= 1 && pool->carved <= words, p, pool->carved);
  for (uint32_t w = pool->carved; w < POOL_WORDS; w++)
    CHECK_OF("PM-HEAP-00", n->free[p * POOL_WORDS + w] == WORD_ALL, p, w);
  if (current) {
    CHECK_OF("PM-HEAP-00", sets == 0, p, set);
  } else if (sets > 0) { /* given up when the last block is freed */
    CHECK_OF("PM-HEAP-00", sets == 1 && set == c && live < words * 64, p, set);
    CHECK_OF("PM-HEAP-02", live > 0 && pool->left == live, p, pool->left);
  } else { /* offered when an eighth is free */
    CHECK_OF("PM-FREE-02", pool->carved == words && words * 64 - live < words * WORTH, p, live);
    CHECK_OF("PM-FREE-02", pool->left == words * WORTH - (words * 64 - live), p, pool->left);
  }
}

/* The upper words of a set have the bits of those below that are not 0. */
static inline void check_set(const numbers_t *n, size_t i) {
  const sets_t *s = &n->heap.sets;
  for (uint32_t a = NUMBERS_FIRST / 64; a < NUMBERS_LEAVES; a++)
    CHECK_OF("PM-HEAP-00", bit_test(s->mid[i * 64 + a / 64], a % 64) == (s->leaf[a * SETS + i] != 0), i, a);
  for (uint32_t g = 0; g < 64; g++)
    CHECK_OF("PM-HEAP-00", bit_test(s->top[i], g) == (s->mid[i * 64 + g] != 0), i, g);
}

static inline void check_invariant(const numbers_t *n) {
  uint32_t idle = 0;
  check_bounds(n);
  for (size_t i = 0; i < SETS; i++) check_set(n, i);
  for (size_t c = 0; c < CLASSES; c++) check_class(n, c);
  for (uint32_t p = NUMBERS_FIRST - 1; p < NUMBERS_MOST; p++) {
    size_t set = SETS;
    unsigned sets = check_sets_of(n, p, &set);
    if (n->pool[p].granules != 0) {
      CHECK_OF("PM-HEAP-00", p >= n->heap.first && p < n->heap.opened, p, n->heap.opened);
      check_in_class(n, p, sets, set);
      continue;
    }
    bool opened = p >= n->heap.first && p < n->heap.opened;
    CHECK_OF("PM-HEAP-00", n->pool[p].inverse == 0 && n->pool[p].carved == 0, p, set);
    CHECK_OF("PM-HEAP-00", sets == opened && (set >= SET_IDLE), p, set);
    idle += set == SET_IDLE;
  }
  CHECK_EQ("PM-HEAP-03", n->heap.idle, idle);
}
