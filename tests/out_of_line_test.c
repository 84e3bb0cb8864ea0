/* No bookkeeping is in blocks, and none reads them: pools work while nobody may touch
   their memory, and what a block holds is neither read nor changed by free or malloc. */
#define _DEFAULT_SOURCE
#include <sys/mman.h>

#include "alloc/space.h"
#include "tests/check.h"
#include "tests/pattern.h"

#define MIB ((size_t)1 << 20)
#define BLOCKS 3000u

static space_t space;
static char *block[BLOCKS];

static size_t size_of(size_t i) { return 1 + i * 37 % 512; }

static void protect(int access) {
  char *first = space.region.base + (size_t)space.heap.first * POOL_SIZE;
  size_t size = (size_t)(space.heap.opened - space.heap.first) * POOL_SIZE;
  CHECK("PM-HEAP-05", mprotect(first, size, access) == 0);
}

/* With all pools out of bounds, blocks come and go; a look at one would be the end. */
static void test_untouched(void) {
  CHECK("PM-HEAP-05", space_open(&space, REGION_SYSTEM, 64 * MIB, NULL, NULL));
  for (size_t i = 0; i < BLOCKS; i++) {
    block[i] = space_malloc(&space, size_of(i));
    pattern_fill(block[i], size_of(i), i);
  }
  protect(PROT_NONE);
  for (int round = 0; round < 20; round++) {
    for (size_t i = (size_t)round % 2; i < BLOCKS; i += 2) space_free(&space, block[i]);
    for (size_t i = (size_t)round % 2; i < BLOCKS; i += 2) {
      block[i] = space_malloc(&space, size_of(i));
      CHECK_OF("PM-HEAP-05", block[i] != NULL, i, round);
      CHECK_EQ("PM-HEAP-05", space_usable(&space, block[i]), (size_of(i) + 15) / 16 * 16);
    }
  }
  protect(PROT_READ | PROT_WRITE);
  for (size_t i = 0; i < BLOCKS; i++) space_free(&space, block[i]);
  space_close(&space);
}

/* Freed blocks hold what they held, as long as their memory is kept. */
static void test_unchanged(void) {
  CHECK("PM-HEAP-05", space_open(&space, REGION_LIBC, 16 * MIB, NULL, NULL));
  for (size_t i = 0; i < BLOCKS; i++) {
    block[i] = space_malloc(&space, size_of(i));
    pattern_fill(block[i], size_of(i), i);
  }
  for (size_t i = 0; i < BLOCKS; i++) space_free(&space, block[i]);
  for (size_t i = 0; i < 2 * BLOCKS; i++)
    CHECK_OF("PM-HEAP-05", space_malloc(&space, size_of(i)) != NULL, i, size_of(i));
  for (size_t i = 0; i < BLOCKS; i++)
    CHECK_OF("PM-HEAP-05", pattern_kept(block[i], size_of(i), i), i, size_of(i));
  space_close(&space);
}

/* A block that is overwritten, before and after it is free, breaks nothing. */
static void test_wild(void) {
  CHECK("PM-HEAP-05", space_open(&space, REGION_LIBC, 16 * MIB, NULL, NULL));
  for (size_t i = 0; i < BLOCKS; i++) block[i] = space_malloc(&space, size_of(i));
  char *pools = space.region.base + (size_t)space.heap.first * POOL_SIZE;
  memset(pools, 0xff, (size_t)(space.heap.opened - space.heap.first) * POOL_SIZE);
  for (size_t i = 0; i < BLOCKS; i += 3) space_free(&space, block[i]);
  memset(pools, 0x41, (size_t)(space.heap.opened - space.heap.first) * POOL_SIZE);
  for (size_t i = 0; i < BLOCKS; i += 3) block[i] = space_malloc(&space, size_of(i));
  for (size_t i = 0; i < BLOCKS; i++) pattern_fill(block[i], size_of(i), i);
  for (size_t i = 0; i < BLOCKS; i++)
    CHECK_OF("PM-HEAP-05", pattern_kept(block[i], size_of(i), i), i, size_of(i));
  for (size_t i = 0; i < BLOCKS; i++) space_free(&space, block[i]);
  space_close(&space);
}

int main(void) {
  test_untouched();
  test_unchanged();
  test_wild();
  return check_done();
}
