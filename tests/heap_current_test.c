/* Pools whose blocks are all free serve any class, also when they are the ones that
   another class took its last block from. */
#include "tests/numbers.h"

static numbers_t n;

/* In a heap with one pool for use, every class in turn has a block. */
static void test_one_pool(void) {
  numbers_init(&n, 2);
  for (size_t c = 0; c < CLASSES; c++) {
    uint64_t o = numbers_malloc(&n, c);
    CHECK_OF("PM-HEAP-02", o != HEAP_NONE, c, n.pool[1].granules);
    numbers_free(&n, c, o);
    CHECK_EQ("PM-FREE-03", numbers_live(&n), 0);
  }
}

/* After each class had a block, an empty heap serves as much as a new one. */
static void test_all_again(void) {
  numbers_init(&n, 40);
  for (size_t c = 0; c < CLASSES; c++) numbers_free(&n, c, numbers_malloc(&n, c));
  CHECK_EQ("PM-FREE-03", numbers_live(&n), 0);
  size_t count = 0;
  while (numbers_malloc(&n, 31) != HEAP_NONE) count++;
  CHECK_EQ("PM-HEAP-02", count, 39 * 128);
}

int main(void) {
  test_one_pool();
  test_all_again();
  return check_done();
}
