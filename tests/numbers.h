/* A heap by numbers: it has its metadata and no memory behind its offsets.  And a
   map of its granules, kept the naive way, that says who has which. */
#pragma once

#include <string.h>

#include "alloc/heap.h"
#include "tests/check.h"

#ifndef NUMBERS_FIRST
#define NUMBERS_FIRST 1u /* the lowest pool; those before it are not for use */
#endif
#define NUMBERS_MOST (NUMBERS_FIRST + 139u) /* pools: two arenas and a bit of a third */
#define NUMBERS_LEAVES ((NUMBERS_MOST + 63) / 64)
#define NUMBERS_GRANULES ((size_t)NUMBERS_MOST * POOL_BLOCKS)

typedef struct {
  heap_t heap;
  pool_t pool[NUMBERS_MOST];
  uint64_t free[NUMBERS_MOST * POOL_WORDS];
  uint64_t leaf[NUMBERS_LEAVES * SETS];
  uint8_t taken[NUMBERS_GRANULES]; /* 1 + class, while a live block has the granule */
} numbers_t;

/* Makes it an empty heap of so many pools (more can be given to it), of which those before
   the first are not for use; nothing of them is ever written, nor cleared here. */
static inline void numbers_init(numbers_t *n, uint32_t pools) {
  size_t used = NUMBERS_MOST - NUMBERS_FIRST;
  memset(n->pool + NUMBERS_FIRST, 0, used * sizeof(pool_t));
  memset(n->free + NUMBERS_FIRST * POOL_WORDS, 0, used * POOL_WORDS * sizeof(uint64_t));
  memset(n->leaf, 0, sizeof n->leaf);
  memset(n->taken + NUMBERS_FIRST * POOL_BLOCKS, 0, used * POOL_BLOCKS);
  heap_init(&n->heap, n->pool, n->free, n->leaf, NUMBERS_FIRST, NUMBERS_MOST);
  n->heap.pools = pools;
}

/* malloc and free of the heap, both paths together. */
static inline uint64_t heap_malloc(heap_t *h, size_t c) {
  uint64_t offset;
  return heap_malloc_quick(h, c, &offset) ? offset : heap_refill(h, c);
}

static inline heap_freed_t heap_free(heap_t *h, uint64_t offset) {
  heap_freed_t freed = heap_free_quick(h, offset);
  return freed == HEAP_FREED_ATTEND ? heap_attend(h, (uint32_t)(offset / POOL_SIZE)) : freed;
}

/* heap_malloc, checked against the map. */
static inline uint64_t numbers_malloc(numbers_t *n, size_t c) {
  uint64_t o = heap_malloc(&n->heap, c);
  if (o == HEAP_NONE) return o;
  CHECK_EQ("PM-ALIGN-01", o % GRANULE, 0);
  CHECK_OF("PM-MALLOC-01", o % POOL_SIZE + class_size(c) <= POOL_SIZE, o, c);
  CHECK_OF("PM-MALLOC-01", o >= POOL_SIZE && o < (uint64_t)n->heap.pools * POOL_SIZE, o, c);
  uint8_t *taken = n->taken + o / GRANULE;
  unsigned others = 0;
  for (size_t g = 0; g <= c; g++) others |= taken[g];
  CHECK_OF("PM-MALLOC-03", others == 0, o, others);
  memset(taken, (int)c + 1, c + 1);
  return o;
}

/* heap_free of a live block of class c, checked. */
static inline heap_freed_t numbers_free(numbers_t *n, size_t c, uint64_t o) {
  CHECK_EQ("PM-MALLOC-08", heap_size(&n->heap, o), class_size(c));
  heap_freed_t freed = heap_free(&n->heap, o);
  CHECK_OF("PM-FREE-02", freed == HEAP_FREED || freed == HEAP_FREED_RELEASE, freed, o);
  CHECK_EQ("PM-FREE-02", heap_size(&n->heap, o), 0);
  memset(n->taken + o / GRANULE, 0, c + 1);
  return freed;
}

/* Word w of pool p, the other way round: a bit is set while the block is live. */
static inline uint64_t numbers_word(const numbers_t *n, uint32_t p, uint32_t w) {
  return w < n->pool[p].carved ? ~n->free[p * POOL_WORDS + w] : 0;
}

/* How many blocks are live. */
static inline size_t numbers_live(const numbers_t *n) {
  size_t live = 0;
  for (uint32_t p = n->heap.first; p < n->heap.opened; p++)
    for (uint32_t w = 0; w < POOL_WORDS; w++) live += bit_count(numbers_word(n, p, w));
  return live;
}
