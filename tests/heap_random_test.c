/* A heap by numbers under random operations of all classes: each changes one bit of
   what is live, and no other. */
#include "tests/numbers.h"
#include "tests/random.h"

#define BLOCKS 6000u /* live at most */

static numbers_t n;
static uint64_t before[NUMBERS_MOST * POOL_WORDS];
static uint64_t block[BLOCKS];
static unsigned class_of_block[BLOCKS];
static uint32_t count;

/* Which bits of `live` differ from before: how many, and the last of them. */
static unsigned changes(uint64_t *x) {
  unsigned many = 0;
  for (size_t i = 0; i < (size_t)n.heap.pools * POOL_WORDS; i++) {
    uint64_t d = before[i] ^ n.live[i];
    many += bit_count(d);
    if (d != 0) *x = i * 64 + bit_lowest(d);
  }
  return many;
}

static void step_malloc(unsigned c) {
  uint64_t x = 0, o = numbers_malloc(&n, c);
  unsigned many = changes(&x);
  CHECK_OF("PM-HEAP-01", many == (o != HEAP_NONE), o, many);
  if (o == HEAP_NONE) return;
  CHECK_EQ("PM-HEAP-01", x, heap_block(&n.heap, o));
  CHECK_OF("PM-HEAP-01", bit_test(n.live[x / 64], x % 64), o, x);
  block[count] = o;
  class_of_block[count++] = c;
}

static void step_free(uint32_t i) {
  uint64_t x = 0, o = block[i], bit = heap_block(&n.heap, o);
  numbers_free(&n, class_of_block[i], o);
  CHECK_EQ("PM-HEAP-01", changes(&x), 1);
  CHECK_EQ("PM-HEAP-01", x, bit);
  CHECK_OF("PM-HEAP-01", !bit_test(n.live[x / 64], x % 64), o, x);
  block[i] = block[--count];
  class_of_block[i] = class_of_block[count];
}

/* Freeing what is not live changes nothing. */
static void step_misuse(uint64_t o) {
  uint64_t x;
  if (heap_size(&n.heap, o) != 0) return;
  heap_freed_t freed = heap_free(&n.heap, o);
  CHECK_OF("PM-MISUSE-01", freed == HEAP_NOT_LIVE || freed == HEAP_NOT_BLOCK, o, freed);
  CHECK_EQ("PM-MISUSE-01", changes(&x), 0);
}

static void test_pools(uint32_t pools, unsigned classes, int steps) {
  numbers_init(&n, pools);
  count = 0;
  for (int i = 0; i < steps; i++) {
    memcpy(before, n.live, pools * POOL_WORDS * sizeof before[0]);
    bool growing = i / (steps / 6) % 2 == 0;
    uint32_t what = random_below(100);
    if (what < 5) step_misuse(random_below(pools * POOL_SIZE));
    else if (count == 0 || (count < BLOCKS && what < (growing ? 70 : 35)))
      step_malloc(random_below(classes) * (CLASSES / classes));
    else step_free(random_below(count));
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
