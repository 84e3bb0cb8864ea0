/* A heap by numbers, filled to the last pool with one class and freed in three
   orders: no block is handed out twice, none overlaps another, and at the end the
   heap is empty. */
#include "tests/invariant.h"
#include "tests/numbers.h"
#include "tests/random.h"

#define USABLE (NUMBERS_MOST - 1) /* pool 0 is not for use */

static numbers_t n;
static uint64_t block[NUMBERS_GRANULES];

static size_t fill(size_t c) {
  size_t count = 0;
  uint64_t o;
  while ((o = numbers_malloc(&n, c)) != HEAP_NONE) block[count++] = o;
  return count;
}

static size_t pool_blocks(size_t c) { return 64 / (c + 1) * 64; }

enum { SAME, REVERSE, RANDOM, ORDERS };

static void drain(size_t c, size_t count, int order) {
  if (order == RANDOM) random_shuffle(block, count);
  for (size_t i = 0; i < count; i++)
    numbers_free(&n, c, block[order == REVERSE ? count - 1 - i : i]);
}

/* An empty heap: no block is live, no pool is in a class but a current one, and
   the rest are on hand for anyone. */
static void check_empty(size_t c) {
  uint32_t unused = 0;
  check_invariant(&n);
  CHECK_EQ("PM-FREE-03", numbers_live(&n), 0);
  for (uint32_t p = 1; p < n.heap.opened; p++) {
    bool idle = set_has(&n.heap.sets, SET_IDLE, p), bare = set_has(&n.heap.sets, SET_BARE, p);
    bool in_class = n.pool[p].granules != 0;
    CHECK_OF("PM-FREE-03", idle + bare + in_class == 1, p, c);
    CHECK_OF("PM-FREE-03", !in_class || n.pool[p].granules == c + 1, p, c);
    CHECK_OF("PM-FREE-03", !set_has(&n.heap.sets, c, p), p, c);
    unused += !in_class;
  }
  CHECK_OF("PM-FREE-03", unused >= USABLE - 1, c, unused);
  CHECK_OF("PM-HEAP-03", n.heap.idle <= n.heap.idle_max, c, n.heap.idle);
}

static void test_order(size_t c, int order) {
  size_t other = (c + 1 + 6 * (size_t)order) % CLASSES;
  numbers_init(&n, NUMBERS_MOST);
  size_t count = fill(c);
  CHECK_EQ("PM-HEAP-01", count, USABLE * pool_blocks(c));
  CHECK_EQ("PM-HEAP-01", numbers_live(&n), count);
  CHECK_EQ("PM-MALLOC-07", heap_malloc(&n.heap, c), HEAP_NONE);
  CHECK_EQ("PM-MALLOC-07", heap_malloc(&n.heap, other), HEAP_NONE);
  CHECK_EQ("PM-MALLOC-07", numbers_live(&n), count);
  drain(c, count, order);
  check_empty(c);
  /* All pools serve another class now. */
  count = fill(other);
  CHECK_EQ("PM-HEAP-02", count, USABLE * pool_blocks(other));
  drain(other, count, order);
  CHECK_EQ("PM-FREE-03", numbers_live(&n), 0);
}

int main(void) {
  for (size_t c = 0; c < CLASSES; c++)
    for (int order = 0; order < ORDERS; order++) test_order(c, order);
  return check_done();
}
