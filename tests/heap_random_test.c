/* A heap by numbers under random operations of all classes: each changes one bit of
   what is live, and no other. */
#include "tests/invariant.h"
#include "tests/numbers.h"
#include "tests/random.h"

#define BLOCKS 6000u /* live at most */

static numbers_t n;
static uint64_t before[NUMBERS_MOST][POOL_WORDS];
static uint64_t block[BLOCKS];
static size_t class_of_block[BLOCKS];
static uint32_t count;

static void remember(void) {
  for (uint32_t p = 1; p < n.heap.pools; p++)
    for (uint32_t w = 0; w < POOL_WORDS; w++) before[p][w] = numbers_word(&n, p, w);
}

/* How many blocks are live now and were not before, or the reverse; *x is the offset
   of the last of them, if it is of class c. */
static unsigned changes(size_t c, uint64_t *x) {
  unsigned many = 0;
  for (uint32_t p = 1; p < n.heap.pools; p++)
    for (uint32_t w = 0; w < POOL_WORDS; w++) {
      uint64_t d = before[p][w] ^ numbers_word(&n, p, w);
      many += bit_count(d);
      if (d != 0) *x = p * (uint64_t)POOL_SIZE + (w * 64 + bit_lowest(d)) * class_size(c);
    }
  return many;
}

/* Whether there is nothing for class c: no pool without live blocks, none that is
   offered to it, and its current pool full. */
static bool exhausted(size_t c) {
  for (uint32_t p = 1; p < n.heap.pools; p++) {
    uint32_t live = heap_pool_live(&n.heap, p);
    bool current = n.heap.class_[c].word / POOL_WORDS == p;
    if (live == 0 || set_has(&n.heap.sets, c, p)) return false;
    if (current && live < class_words(c) * 64u) return false;
  }
  return true;
}

static void step_malloc(size_t c) {
  bool none = exhausted(c);
  uint64_t x = 0, o = numbers_malloc(&n, c);
  unsigned many = changes(c, &x);
  CHECK_OF("PM-MALLOC-06", none == (o == HEAP_NONE), o, c);
  CHECK_OF("PM-HEAP-01", many == (o != HEAP_NONE), o, many);
  if (o == HEAP_NONE) return;
  CHECK_EQ("PM-HEAP-01", x, o);
  CHECK_EQ("PM-HEAP-01", heap_size(&n.heap, o), class_size(c));
  block[count] = o;
  class_of_block[count++] = c;
}

static void step_free(uint32_t i) {
  uint64_t x = 0, o = block[i];
  numbers_free(&n, class_of_block[i], o);
  CHECK_EQ("PM-HEAP-01", changes(class_of_block[i], &x), 1);
  CHECK_EQ("PM-HEAP-01", x, o);
  block[i] = block[--count];
  class_of_block[i] = class_of_block[count];
}

/* Freeing what is not live changes nothing. */
static void step_misuse(uint64_t o) {
  uint64_t x;
  if (heap_size(&n.heap, o) != 0) return;
  heap_freed_t freed = heap_free(&n.heap, o);
  CHECK_OF("PM-MISUSE-01", freed == HEAP_NOT_LIVE || freed == HEAP_NOT_BLOCK, o, freed);
  CHECK_EQ("PM-MISUSE-01", changes(0, &x), 0);
}

static void test_pools(uint32_t pools, unsigned classes, int steps) {
  numbers_init(&n, pools);
  count = 0;
  for (int i = 0; i < steps; i++) {
    remember();
    bool growing = i / (steps / 6) % 2 == 0;
    uint32_t what = random_below(100);
    if (what < 5) step_misuse(random_below(pools * POOL_SIZE));
    else if (count == 0 || (count < BLOCKS && what < (growing ? 70 : 35)))
      step_malloc((size_t)random_below(classes) * (CLASSES / classes));
    else step_free(random_below(count));
    if (i % 20 == 0) check_invariant(&n);
  }
  while (count > 0) numbers_free(&n, class_of_block[count - 1], block[count - 1]), count--;
  CHECK_EQ("PM-FREE-03", numbers_live(&n), 0);
}

int main(void) {
  test_pools(3, 1, 60000);
  test_pools(6, 2, 60000);
  test_pools(10, 32, 60000);
  test_pools(66, 32, 30000);
  return check_done();
}
