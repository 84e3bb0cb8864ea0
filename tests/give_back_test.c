/* Memory of pools that are empty goes back to the system: as the figures say, and as
   the system does (mincore). */
#define _DEFAULT_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "alloc/stats.h"
#include "tests/check.h"

#define MIB ((size_t)1 << 20)
#define MANY 400000u
#define SIZE 64u

static space_t space;
static char *block[MANY];

/* How many pages of the pools that have been opened are in memory. */
static size_t pages_in(void) {
  static unsigned char in[1 << 16];
  size_t page = (size_t)sysconf(_SC_PAGESIZE), count = 0;
  char *first = space.region.base + (size_t)space.heap.first * POOL_SIZE;
  size_t n = (size_t)(space.heap.opened - space.heap.first) * POOL_SIZE / page;
  CHECK_OF("PM-REGION-04", n <= sizeof in, n, page);
  CHECK("PM-REGION-04", mincore(first, n * page, in) == 0);
  for (size_t i = 0; i < n; i++) count += in[i] & 1;
  return count;
}

static void take(size_t many, size_t size) {
  for (size_t i = 0; i < many; i++) {
    block[i] = space_malloc(&space, size);
    CHECK_OF("PM-REGION-04", space_owns(&space, block[i]), i, size);
    memset(block[i], (int)i, size);
  }
}

/* What may stay: the pools that are kept on hand, and the class's current one. */
static size_t kept_bytes(void) { return (space.heap.idle_max + (size_t)1) * POOL_SIZE; }

/* All freed: but for what is kept on hand, all is back. */
static void test_all(void) {
  pymalloc_stats stats;
  const size_t many = 100000, size = 512, page = (size_t)sysconf(_SC_PAGESIZE);
  take(many, size);
  size_t before = pages_in();
  CHECK_OF("PM-REGION-04", before * page >= many * size, before, many * size);
  for (size_t i = 0; i < many; i++) space_free(&space, block[i]);
  pymalloc_get_stats(&space, &stats);
  CHECK_OF("PM-HEAP-03", stats.idle_pools <= IDLE_MAX && stats.pools <= 1, stats.idle_pools,
           stats.pools);
  CHECK_OF("PM-REGION-04", pages_in() * page <= kept_bytes(), pages_in(), before);
  take(many, size); /* and it can be used again */
  CHECK_EQ("PM-REGION-04", pages_in(), before);
  for (size_t i = 0; i < many; i++) CHECK_EQ("PM-REGION-04", block[i][size - 1], (char)i);
  for (size_t i = many; i-- > 0;) space_free(&space, block[i]);
  CHECK_OF("PM-REGION-04", pages_in() * page <= kept_bytes(), pages_in(), before);
}

/* One block in 4,000 stays: at least 70 % of the memory is back. */
static void test_fragments(void) {
  pymalloc_stats all, few;
  take(MANY, SIZE);
  pymalloc_get_stats(&space, &all);
  size_t before = pages_in();
  for (size_t i = 0; i < MANY; i++)
    if (i % 4000 != 0) space_free(&space, block[i]);
  pymalloc_get_stats(&space, &few);
  size_t unused = few.bare_pools + few.idle_pools, opened = few.pools + unused;
  CHECK_EQ("PM-HEAP-03", few.live_blocks, MANY / 4000);
  CHECK_OF("PM-HEAP-03", unused * 10 >= opened * 7, unused, opened);
  CHECK_OF("PM-REGION-04", pages_in() * 10 <= before * 3, pages_in(), before);
  printf("%zu of %zu pools unused, %zu of %zu pages in memory\n", unused, opened, pages_in(),
         before);
  for (size_t i = 0; i < MANY; i += 4000) {
    CHECK_EQ("PM-REGION-04", block[i][SIZE - 1], (char)i);
    space_free(&space, block[i]);
  }
}

int main(void) {
  CHECK("PM-REGION-01", space_open(&space, REGION_SYSTEM, 256 * MIB, NULL, NULL));
  test_fragments();
  space_close(&space);
  CHECK("PM-REGION-01", space_open(&space, REGION_SYSTEM, 256 * MIB, NULL, NULL));
  test_all();
  space_close(&space);
  return check_done();
}
