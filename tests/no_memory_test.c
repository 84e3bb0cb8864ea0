/* Out of memory, at every call that asks for some: whichever of them fails, it says
   NULL, the blocks there are stay as they were, the figures too, and nothing is lost.

   Pools are there or not, or run full.  Each is done once with one call failing, and
   once with all from there on. */
#include "alloc/stats.h"
#include "tests/check.h"
#include "tests/faulty.h"
#include "tests/pattern.h"

#define BLOCKS 60u
#define SMALL_REGION ((size_t)4 << 20)

typedef struct {
  char *p;
  size_t size;
} block_t;

static space_t space;
static faulty_t faulty;
static const PyMemAllocatorEx large = FAULTY_ALLOCATOR(&faulty);
static block_t block[BLOCKS];
static unsigned long failures;

/* Mostly large, as those are who fail. */
static size_t size_of(size_t i) { return i % 4 == 0 ? i * 9 % 513 : 500 + i * 37; }

static void check_kept(void) {
  for (size_t i = 0; i < BLOCKS; i++)
    if (block[i].p != NULL)
      CHECK_OF("PM-MALLOC-07", pattern_kept(block[i].p, block[i].size, i), i, block[i].size);
}

/* After a call that failed. */
static void check_same(const pymalloc_stats *before) {
  pymalloc_stats now;
  failures++;
  pymalloc_get_stats(&space, &now);
  CHECK("PM-MALLOC-07", memcmp(before, &now, sizeof now) == 0);
  check_kept();
}

static void do_malloc(size_t i) {
  pymalloc_stats before;
  pymalloc_get_stats(&space, &before);
  size_t n = size_of(i);
  char *p = i % 3 == 0 ? space_calloc(&space, n, 1) : space_malloc(&space, n);
  if (p == NULL) {
    check_same(&before);
    return;
  }
  if (i % 3 == 0) CHECK_OF("PM-CALLOC-02", all_zero(p, n), i, n);
  pattern_fill(p, n, i);
  block[i] = (block_t){p, n};
}

static void do_realloc(size_t i, size_t n) {
  pymalloc_stats before;
  pymalloc_get_stats(&space, &before);
  char *p = space_realloc(&space, block[i].p, n);
  if (p == NULL) {
    check_same(&before); /* the old block, too: PM-REALLOC-05 */
    return;
  }
  size_t keep = block[i].size < n ? block[i].size : n;
  CHECK_OF("PM-REALLOC-03", pattern_kept(p, keep, i), block[i].size, n);
  pattern_fill(p, n, i);
  block[i] = (block_t){p, n};
}

static void do_all(void) {
  for (size_t i = 0; i < BLOCKS; i++) do_malloc(i);
  for (size_t i = 0; i < BLOCKS; i++) do_realloc(i, size_of((i + 7) % BLOCKS));
  for (size_t i = 0; i < BLOCKS; i += 2) do_realloc(i, size_of(i) / 3);
  check_kept();
  for (size_t i = 0; i < BLOCKS; i++) {
    space_free(&space, block[i].p);
    block[i] = (block_t){NULL, 0};
  }
}

typedef enum { NO_POOLS, POOLS, FULL_POOLS } kind_t;

/* Takes all blocks of 512 bytes that the pools have; frees them with false. */
static void fill_pools(bool fill) {
  static void *p[2 * SMALL_REGION / 512];
  static size_t count;
  if (fill)
    do p[count] = space_malloc(&space, 512);
    while (space_owns(&space, p[count]) && ++count);
  else
    while (count > 0) space_free(&space, p[--count]);
  if (fill) space_free(&space, p[count]); /* this one was large */
}

/* One run in which some calls fail; how many calls there were. */
static unsigned long run(kind_t kind, unsigned long from, unsigned long to) {
  pymalloc_stats stats;
  bool region = space_open(&space, kind == NO_POOLS ? REGION_NONE : REGION_SYSTEM, SMALL_REGION,
                           NULL, &large);
  CHECK_EQ("PM-REGION-02", region, kind != NO_POOLS);
  faulty = (faulty_t){0, 0, 0, 0};
  if (kind == FULL_POOLS) fill_pools(true);
  faulty = (faulty_t){0, from, to, 0};
  do_all();
  if (kind == FULL_POOLS) fill_pools(false);
  pymalloc_get_stats(&space, &stats);
  CHECK_OF("PM-FREE-03", stats.live_blocks == 0 && stats.large_blocks == 0, from, stats.live_blocks);
  CHECK_OF("PM-FREE-03", faulty.live == 0, kind, faulty.live);
  space_close(&space);
  return faulty.calls;
}

int main(void) {
  for (kind_t kind = NO_POOLS; kind <= FULL_POOLS; kind++) {
    unsigned long calls = run(kind, 0, 0);
    CHECK_OF("PM-MALLOC-05", calls > BLOCKS, kind, calls);
    for (unsigned long k = 1; k <= calls; k++) {
      failures = 0;
      run(kind, k, k);
      CHECK_EQ("PM-MALLOC-07", failures, 1);
      run(kind, k, ULONG_MAX);
    }
  }
  return check_done();
}
