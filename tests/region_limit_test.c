/* A region is at most as large as was asked for, wherever the system puts it, and a
   space never has more pools than its sets have room for. */
#define _DEFAULT_SOURCE
#include <sys/mman.h>

#include "alloc/space.h"
#include "tests/check.h"

#define MIB ((size_t)1 << 20)
#define PAGE 4096u

/* Mappings of a page between ours move the next one: so all positions of a region in
   2 MiB come up. */
static void test_positions(size_t most) {
  enum { TIMES = 520 };
  static void *page[TIMES];
  for (int i = 0; i < TIMES; i++) {
    region_t region;
    page[i] = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK("PM-REGION-01", region_reserve(&region, REGION_SYSTEM, most, NULL));
    CHECK_OF("PM-REGION-01", region.size <= most, region.size, most);
    CHECK_OF("PM-REGION-01", region.size > most / 2, region.size, most);
    CHECK_OF("PM-REGION-01", region.size % POOL_SIZE == 0, region.size, most);
    CHECK_OF("PM-REGION-01", (uintptr_t)region.base % (2 * MIB) == 0, region.base, i);
    region_release(&region);
  }
  for (int i = 0; i < TIMES; i++) munmap(page[i], PAGE);
}

/* However much is asked for, a space has at most SET_LIMIT pools, and works. */
static void test_space(size_t most) {
  space_t space;
  CHECK_OF("PM-REGION-01", space_open(&space, REGION_SYSTEM, most, NULL, NULL), most, REGION_MOST);
  CHECK_OF("PM-REGION-01", space.region.size <= most, space.region.size, most);
  CHECK_OF("PM-REGION-01", space.region.size / POOL_SIZE <= SET_LIMIT,
           space.region.size / POOL_SIZE, SET_LIMIT);
  CHECK_OF("PM-HEAP-00", space.heap.limit <= SET_LIMIT, space.heap.limit, SET_LIMIT);
  CHECK_OF("PM-HEAP-00", space.heap.sets.leaves <= SET_LIMIT / 64, space.heap.sets.leaves, most);
  void *p = space_malloc(&space, 100);
  CHECK("PM-REGION-01", p != NULL);
  space_free(&space, p);
  space_close(&space);
}

int main(void) {
  test_space(8 * MIB);
  test_space(100 * MIB + 12345);
  test_positions(8 * MIB);
  test_positions(8 * MIB + 65535);
  test_space(REGION_MOST);
  test_space(REGION_MOST + POOL_SIZE);
  test_space(4 * REGION_MOST);
  test_space(SIZE_MAX);
  test_space(SIZE_MAX / 2 + 1);
  return check_done();
}
