/* Random operations on the public families against a small model: a list of what is
   live, with its contents, and a map of the granules of the pools. */
#include "alloc/select.h"
#include "tests/check.h"
#include "tests/families.h"
#include "tests/pattern.h"
#include "tests/random.h"

#define STEPS 300000
#define BLOCKS 2000u
#define MAP_GRANULES ((size_t)64 << 20 >> 4) /* of the first 64 MiB that have pools */

typedef struct {
  char *p;
  size_t size, kind;
  int family;
} block_t;

static block_t block[BLOCKS];
static uint32_t count;
static uint8_t taken[MAP_GRANULES];

static size_t bytes_of(size_t n) { return n == 0 ? 1 : n; }

static bool apart(const char *p, size_t n, const block_t *b) {
  return p + bytes_of(n) <= b->p || b->p + bytes_of(b->size) <= p;
}

/* A block that is not of the pools is compared with all others, one by one. */
static void check_apart(const block_t *b) {
  const block_t *other = NULL;
  for (uint32_t i = 0; i < count; i++)
    if (b != &block[i] && !apart(b->p, b->size, &block[i])) other = &block[i];
  CHECK_OF("PM-MALLOC-03", other == NULL, b->p, other->p);
}

/* Marks the granules of a block that is new (on), or gone. */
static void map_block(const block_t *b, bool on) {
  const space_t *space = pymalloc_space();
  if (!space_owns(space, b->p)) {
    if (on) check_apart(b);
    return;
  }
  size_t first = (size_t)(b->p - space->region.base) / 16 - space->heap.first * 4096ul;
  CHECK_OF("PM-HEAP-02", first < MAP_GRANULES - 32, first, b->size);
  size_t granules = (bytes_of(b->size) + 15) / 16, were = 0;
  for (size_t g = first; g < first + granules; g++) were += taken[g];
  CHECK_OF("PM-MALLOC-03", were == (on ? 0 : granules), b->p, b->size);
  memset(taken + first, on, granules);
}

static size_t some_size(void) {
  switch (random_below(20)) {
    case 0: return random_below(3);
    case 1: return 512 - 2 + random_below(5);
    case 2: return random_below(PATTERN_MAX);
    default: return random_below(512) >> random_below(5);
  }
}

static void check_kept(const block_t *b, size_t n) {
  CHECK_OF("PM-MALLOC-03", pattern_kept(b->p, n, b->kind), b->p, b->size);
}

static void block_new(block_t *b, void *p, size_t n) {
  b->p = p;
  b->size = n;
  b->kind = random_below(100000);
  CHECK_OF("PM-MALLOC-01", p != NULL, b->family, n);
  CHECK_OF("PM-ALIGN-01", (uintptr_t)p % 16 == 0, p, n);
  map_block(b, true);
  pattern_fill(p, n, b->kind);
}

static void step_malloc(void) {
  block_t *b = &block[count];
  size_t n = some_size();
  b->family = (int)random_below(FAMILIES);
  if (random_below(4) == 0) {
    size_t elsize = 1 + random_below(9), nelem = n / elsize;
    void *p = families[b->family].calloc(nelem, elsize);
    CHECK_OF("PM-CALLOC-02", p != NULL && all_zero(p, nelem * elsize), nelem, elsize);
    block_new(b, p, nelem * elsize);
  } else {
    block_new(b, families[b->family].malloc(n), n);
  }
  count++;
}

static void step_realloc(block_t *b) {
  size_t n = some_size(), keep = n < b->size ? n : b->size;
  check_kept(b, b->size);
  map_block(b, false);
  b->p = families[b->family].realloc(b->p, n);
  CHECK_OF("PM-REALLOC-02", b->p != NULL, b->size, n);
  check_kept(b, keep);
  block_new(b, b->p, n);
}

static void step_free(block_t *b) {
  check_kept(b, b->size);
  map_block(b, false);
  families[b->family].free(b->p);
  *b = block[--count];
}

static void step(int i) {
  uint32_t what = random_below(100), growing = i / 40000 % 2 == 0 ? 55 : 25;
  if (count == 0 || (what < growing && count < BLOCKS)) step_malloc();
  else if (what < 75) step_realloc(&block[random_below(count)]);
  else step_free(&block[random_below(count)]);
}

static void check_empty(void) {
  const heap_t *h = &pymalloc_space()->heap;
  for (uint32_t p = h->first; p < h->opened; p++)
    CHECK_OF("PM-FREE-03", heap_pool_live(h, p) == 0, p, heap_pool_live(h, p));
  CHECK_EQ("PM-FREE-03", pymalloc_space()->large_blocks, 0);
}

int main(void) {
  for (int i = 0; i < STEPS; i++) {
    step(i);
    if (i % 10000 == 0)
      for (uint32_t j = 0; j < count; j++) check_kept(&block[j], block[j].size);
  }
  while (count > 0) step_free(&block[count - 1]);
  CHECK("PM-FREE-03", memchr(taken, 1, sizeof taken) == NULL);
  check_empty();
  return check_done();
}
