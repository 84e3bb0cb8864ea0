/* The heap as E-ACSL sees it: the memory of its bookkeeping, which E-ACSL must know of,
   and functions that take and return numbers, for what it knows nothing of. */
#include "fuzz/contracts/heap.h"

#include "alloc/heap.h"

#define POOLS CONTRACTS_POOLS

static heap_t heap;
static pool_t pool[POOLS];
static uint64_t words[POOLS * POOL_WORDS];
static uint64_t leaf[SETS];

void contracts_init(void) {
  for (unsigned i = 0; i < POOLS; i++) pool[i] = (pool_t){0};
  for (unsigned i = 0; i < POOLS * POOL_WORDS; i++) words[i] = 0;
  for (unsigned i = 0; i < SETS; i++) leaf[i] = 0;
  heap_init(&heap, pool, words, leaf, 1, POOLS);
  heap.pools = POOLS;
}

uint64_t contracts_malloc(size_t n) {
  uint64_t offset;
  size_t c = class_of(n);
  return heap_malloc_quick(&heap, c, &offset) ? offset : heap_refill(&heap, c);
}

bool contracts_free(uint64_t offset) {
  heap_freed_t freed = heap_free_quick(&heap, offset);
  if (freed == HEAP_FREED_ATTEND) freed = heap_attend(&heap, (uint32_t)(offset / POOL_SIZE));
  return freed == HEAP_FREED || freed == HEAP_FREED_RELEASE;
}

uint32_t contracts_size(uint64_t offset) { return heap_size(&heap, offset); }
