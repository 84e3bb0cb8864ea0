/* The arithmetic of block.h, for every size, class and offset that there is, and
   the test for the start of a block that heap.h makes of it. */
#include "alloc/block.h"

#include "alloc/heap.h"
#include "tests/check.h"

static void test_class(size_t n) {
  unsigned c = class_of(n);
  CHECK_OF("PM-CLASS-01", n <= class_size(c), n, c);
  CHECK_OF("PM-CLASS-02", c < CLASSES && class_size(c) - n < 16, n, c);
}

static void test_sizes(void) {
  CHECK_EQ("PM-CLASS-02", CLASSES, 32);
  CHECK_EQ("PM-MALLOC-05", SMALL_MAX, 512);
  for (unsigned c = 0; c < CLASSES; c++) {
    CHECK_EQ("PM-CLASS-02", class_size(c), 16 * (c + 1));
    CHECK_EQ("PM-CLASS-01", class_of(class_size(c)), c);
    /* As many whole words as fit, and no more. */
    uint32_t word = 64 * class_size(c);
    CHECK_OF("PM-CLASS-01", class_words_of(c) * word <= POOL_SIZE, c, class_words_of(c));
    CHECK_OF("PM-CLASS-01", (class_words_of(c) + 1) * word > POOL_SIZE, c, class_words_of(c));
  }
}

/* Offset o of a pool, through heap_block, in a heap whose pool 1 is of class c. */
static void test_offset(const heap_t *h, unsigned c, uint32_t o) {
  uint64_t x = heap_block(h, POOL_SIZE + o);
  uint32_t size = 16 * (c + 1);
  if (o % size == 0)
    CHECK_OF("PM-MISUSE-01", x == POOL_BLOCKS + o / size, c, o);
  else
    CHECK_OF("PM-MISUSE-02", x == BLOCK_NONE, c, o);
}

int main(void) {
  static uint64_t live[2 * POOL_WORDS];
  pool_t pool[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
  heap_t h;
  heap_init_empty(&h);
  h.live = live;
  h.pool = pool;
  for (size_t n = 1; n <= SMALL_MAX; n++) test_class(n);
  test_sizes();
  for (unsigned c = 0; c < CLASSES; c++) {
    pool[1].inverse = class_inverse(c);
    for (uint32_t o = 0; o < POOL_SIZE; o++) test_offset(&h, c, o);
  }
  /* A pool that is in no class has no blocks. */
  for (uint32_t o = 0; o < POOL_SIZE; o++)
    CHECK_OF("PM-MISUSE-02", heap_block(&h, o) == BLOCK_NONE, o, heap_block(&h, o));
  return check_done();
}
