/* The arithmetic of block.h, for every size, class and offset that there is, and the
   test for the start of a block that heap.h makes of it. */
#include "alloc/block.h"

#include "alloc/heap.h"
#include "tests/check.h"

static void test_class(size_t n) {
  size_t c = class_of(n);
  CHECK_OF("PM-CLASS-01", n <= class_size(c), n, c);
  CHECK_OF("PM-CLASS-02", c < CLASSES && class_size(c) - n < 16, n, c);
}

static void test_sizes(void) {
  CHECK_EQ("PM-CLASS-02", CLASSES, 32);
  CHECK_EQ("PM-MALLOC-05", SMALL_MAX, 512);
  for (size_t c = 0; c < CLASSES; c++) {
    CHECK_EQ("PM-CLASS-02", class_size(c), 16 * (c + 1));
    CHECK_EQ("PM-CLASS-01", class_of(class_size(c)), c);
    /* As many whole words as fit, and no more. */
    uint32_t word = 64 * class_size(c);
    CHECK_OF("PM-CLASS-01", class_words(c) * word <= POOL_SIZE, c, class_words(c));
    CHECK_OF("PM-CLASS-01", (class_words(c) + 1u) * word > POOL_SIZE, c, class_words(c));
  }
}

static void test_offset(const pool_t *pool, size_t c, uint32_t o) {
  uint32_t b = pool_block(pool, o), size = 16 * ((uint32_t)c + 1);
  if (o % size == 0)
    CHECK_OF("PM-MISUSE-01", b == o / size, c, o);
  else
    CHECK_OF("PM-MISUSE-02", b == BLOCK_NONE, c, o);
}

int main(void) {
  static pool_t pool;
  for (size_t n = 1; n <= SMALL_MAX; n++) test_class(n);
  test_sizes();
  /* A pool that is in no class has no blocks. */
  for (uint32_t o = 0; o < POOL_SIZE; o++)
    CHECK_OF("PM-MISUSE-02", pool_block(&pool, o) == BLOCK_NONE, o, pool_block(&pool, o));
  for (size_t c = 0; c < CLASSES; c++) {
    pool.inverse = class_inverse(c);
    pool.granules = (uint8_t)(c + 1);
    for (uint32_t o = 0; o < POOL_SIZE; o++) test_offset(&pool, c, o);
  }
  return check_done();
}
