#include "alloc/space.h"

#include <string.h>

#include "alloc/misuse.h"

static uint64_t no_word; /* the words of a heap without pools: always 0 */

/* Makes the space's heap an empty one over the whole region, whose first pools
   hold the metadata and are never handed out.  False when there is no memory
   for that. */
static bool space_attach(space_t *space) {
  region_t *region = &space->region;
  size_t n = region->size / POOL_SIZE;
  size_t pools = n * sizeof(pool_t), words = n * POOL_WORDS * sizeof(uint64_t);
  size_t leaves = (n + 63) / 64 * SETS * sizeof(uint64_t);
  size_t first = (pools + words + leaves + POOL_SIZE - 1) / POOL_SIZE;
  if (first >= n || !region_commit(region, first * POOL_SIZE)) return false;
  /* Fresh pages of the system are zero, and should stay untouched. */
  if (region->source != REGION_SYSTEM) memset(region->base, 0, pools + words + leaves);
  uint64_t *free = (uint64_t *)(void *)region->base;
  pool_t *pool = (pool_t *)(void *)(region->base + words);
  uint64_t *leaf = (uint64_t *)(void *)(region->base + words + pools);
  heap_init(&space->heap, pool, free, leaf, (uint32_t)first, (uint32_t)n);
  space->heap.pools = (uint32_t)(region->usable / POOL_SIZE);
  return true;
}

bool space_open(space_t *space, region_source_t source, size_t most,
                const PyObjectArenaAllocator *hook, const PyMemAllocatorEx *large) {
  memset(space, 0, sizeof *space);
  space->large = large;
  heap_init(&space->heap, NULL, &no_word, NULL, 0, 0);
  while (region_reserve(&space->region, source, most, hook)) {
    if (space_attach(space)) return true;
    most = space->region.size / 2; /* a smaller one has less metadata */
    region_release(&space->region);
  }
  return false;
}

space_t *space_in_buffer(void *buffer, size_t size) {
  size_t skip = (GRANULE - (uintptr_t)buffer % GRANULE) % GRANULE; /* trusted: an address as a number */
  if (buffer == NULL || size < skip + sizeof(space_t)) return NULL;
  space_t *space = (space_t *)(void *)((char *)buffer + skip);
  memset(space, 0, sizeof *space);
  char *rest = (char *)(space + 1);
  if (!region_use_buffer(&space->region, rest, size - skip - sizeof(space_t))) return NULL;
  return space_attach(space) ? space : NULL;
}

void space_close(space_t *space) {
  region_release(&space->region);
  heap_init(&space->heap, NULL, &no_word, NULL, 0, 0);
}

/* Lets the heap use another arena's worth of its region.  False at its end, or
   when the system has no memory. */
static bool space_grow(space_t *space) {
  heap_t *h = &space->heap;
  if (!region_commit(&space->region, ((size_t)h->pools + 1) * POOL_SIZE)) return false;
  h->pools = (uint32_t)(space->region.usable / POOL_SIZE);
  return true;
}

/* A new block of the large allocator, counted. */
static void *large_block(space_t *space, void *p) {
  space->large_blocks += p != NULL;
  return p;
}

/* What malloc's fast path can't serve: no bytes, many, or no room in the word. */
SELDOM static void *space_malloc_rest(space_t *space, size_t n) {
  if (n == 0) n = 1;
  if (n <= SMALL_MAX) {
    do {
      uint64_t offset = heap_refill(&space->heap, class_of(n));
      if (offset != HEAP_NONE) return space->region.base + offset;
    } while (space_grow(space));
  }
  if (space->large == NULL || n > PY_SSIZE_T_MAX) return NULL;
  /*@ calls any_malloc; */
  return large_block(space, space->large->malloc(space->large->ctx, n));
}

void *space_malloc(void *ctx, size_t n) {
  space_t *space = ctx;
  uint64_t offset;
  if (n - 1 < SMALL_MAX && heap_malloc_quick(&space->heap, class_of(n), &offset))
    return space->region.base + offset;
  return space_malloc_rest(space, n);
}

void *space_calloc(void *ctx, size_t nelem, size_t elsize) {
  space_t *space = ctx;
  if (elsize != 0 && nelem > PY_SSIZE_T_MAX / elsize) return NULL;
  size_t n = nelem * elsize;
  if (n > SMALL_MAX && space->large != NULL)
    /*@ calls any_calloc; */
    return large_block(space, space->large->calloc(space->large->ctx, nelem, elsize));
  void *p = space_malloc(space, n);
  if (p != NULL) memset(p, 0, n == 0 ? 1 : n);
  return p;
}

/* What free's fast path doesn't finish. */
SELDOM static void space_free_rest(space_t *space, void *p, heap_freed_t freed) {
  uint32_t pool = (uint32_t)((size_t)((char *)p - space->region.base) / POOL_SIZE);
  if (freed == HEAP_NOT_LIVE) misuse_report("free", p, MISUSE_NOT_LIVE);
  if (freed == HEAP_NOT_BLOCK) misuse_report("free", p, MISUSE_NOT_BLOCK);
  if (heap_attend(&space->heap, pool) == HEAP_FREED_RELEASE)
    region_discard(&space->region, (size_t)pool * POOL_SIZE, POOL_SIZE);
}

SELDOM static void large_free(space_t *space, void *p) {
  if (p == NULL) return;
  if (space->large == NULL) misuse_report("free", p, MISUSE_FOREIGN);
  //@ calls any_free;
  space->large->free(space->large->ctx, p);
  space->large_blocks -= space->large_blocks > 0;
}

void space_free(void *ctx, void *p) {
  space_t *space = ctx;
  size_t offset = (uintptr_t)p - (uintptr_t)space->region.base; /* trusted: as space_owns */
  if (offset >= space->region.size) {
    large_free(space, p);
    return;
  }
  heap_freed_t freed = heap_free_quick(&space->heap, offset);
  if (freed != HEAP_FREED) space_free_rest(space, p, freed);
}

size_t space_usable(const space_t *space, const void *p) {
  if (!space_owns(space, p)) return 0;
  return heap_size(&space->heap, (size_t)((const char *)p - space->region.base));
}

/* Whether a block of `size` bytes is kept for n: as long as n fits and needs
   more than three quarters of it.  Rule: PM-REALLOC-04. */
static inline bool realloc_stays(size_t size, size_t n) {
  return n <= size && 4 * n > 3 * size;
}

void *space_realloc(void *ctx, void *p, size_t n) {
  space_t *space = ctx;
  if (p == NULL) return space_malloc(space, n);
  if (n > PY_SSIZE_T_MAX) return NULL;
  if (n == 0) n = 1;
  if (!space_owns(space, p)) {
    if (space->large == NULL) misuse_report("realloc", p, MISUSE_FOREIGN);
    /*@ calls any_realloc; */
    return space->large->realloc(space->large->ctx, p, n);
  }
  size_t size = space_usable(space, p);
  if (size == 0) {
    size_t offset = (size_t)((char *)p - space->region.base);
    uint32_t b = pool_block(&space->heap.pool[offset / POOL_SIZE], offset % POOL_SIZE);
    misuse_report("realloc", p, b == BLOCK_NONE ? MISUSE_NOT_BLOCK : MISUSE_NOT_LIVE);
  }
  if (realloc_stays(size, n)) return p;
  void *q = space_malloc(space, n);
  if (q == NULL) return NULL;
  memcpy(q, p, size < n ? size : n);
  space_free(space, p);
  return q;
}
