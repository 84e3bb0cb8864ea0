/* The figures of a space add up, and agree with what is live. */
#include "alloc/stats.h"

#include "alloc/raw.h"
#include "tests/check.h"
#include "tests/random.h"

#define MIB ((size_t)1 << 20)
#define BLOCKS 20000u

static const PyMemAllocatorEx raw = RAW_ALLOCATOR;
static space_t space;
static void *block[BLOCKS];
static size_t size[BLOCKS];

/* What the figures must be among themselves. */
static void check_sums(const pymalloc_stats *s) {
  size_t pools = 0, live = 0, live_bytes = 0, bytes = 0;
  for (size_t c = 0; c < CLASSES; c++) {
    const pymalloc_class_stats *k = &s->class_[c];
    CHECK_OF("PM-STATS-01", k->blocks == k->pools * (64 / (c + 1) * 64), c, k->blocks);
    CHECK_OF("PM-STATS-01", k->live <= k->blocks, c, k->live);
    pools += k->pools;
    live += k->live;
    live_bytes += k->live * 16 * (c + 1);
    bytes += k->blocks * 16 * (c + 1);
  }
  CHECK_EQ("PM-STATS-01", s->pools, pools);
  CHECK_EQ("PM-STATS-01", s->live_blocks, live);
  CHECK_EQ("PM-STATS-01", s->live_bytes, live_bytes);
  CHECK_EQ("PM-STATS-01", s->free_bytes, bytes - live_bytes);
  CHECK_EQ("PM-STATS-01", s->lost_bytes, pools * POOL_SIZE - bytes);
  pools += s->idle_pools + s->bare_pools + s->fresh_pools;
  CHECK_EQ("PM-STATS-01", s->metadata + pools * POOL_SIZE, s->region);
  CHECK_OF("PM-STATS-01", s->usable <= s->region, s->usable, s->region);
  CHECK_OF("PM-STATS-01", s->idle_pools <= IDLE_MOST, s->idle_pools, s->bare_pools);
}

/* What the figures must be by what we hold. */
static void check_live(const pymalloc_stats *s) {
  size_t live[CLASSES] = {0}, large = 0;
  for (size_t i = 0; i < BLOCKS; i++) {
    if (block[i] == NULL) continue;
    if (size[i] > 512) large++;
    else live[(size[i] + 15) / 16 - 1]++;
  }
  for (size_t c = 0; c < CLASSES; c++)
    CHECK_OF("PM-STATS-01", s->class_[c].live == live[c], c, live[c]);
  CHECK_EQ("PM-STATS-01", s->large_blocks, large);
}

static void check_now(void) {
  pymalloc_stats stats;
  memset(&stats, 0xff, sizeof stats);
  pymalloc_get_stats(&space, &stats);
  check_sums(&stats);
  check_live(&stats);
}

static void toggle(size_t i) {
  if (block[i] != NULL) {
    space_free(&space, block[i]);
    block[i] = NULL;
  } else {
    size[i] = 1 + random_below(530);
    block[i] = space_malloc(&space, size[i]);
    CHECK_OF("PM-STATS-01", block[i] != NULL, i, size[i]);
  }
}

static void test_random(void) {
  CHECK("PM-STATS-01", space_open(&space, REGION_SYSTEM, 64 * MIB, NULL, &raw));
  check_now();
  for (size_t i = 0; i < 100000; i++) {
    toggle(random_below(BLOCKS));
    if (i % 5000 == 0) check_now();
  }
  for (size_t i = 0; i < BLOCKS; i++) {
    if (block[i] != NULL) toggle(i);
    if (i % 1000 == 0) check_now();
  }
  check_now();
  space_close(&space);
}

/* Without a region all is 0, but for large blocks. */
static void test_no_region(void) {
  pymalloc_stats s;
  CHECK("PM-STATS-01", !space_open(&space, REGION_NONE, 64 * MIB, NULL, &raw));
  toggle(0);
  pymalloc_get_stats(&space, &s);
  CHECK_EQ("PM-STATS-01", s.large_blocks, 1);
  s.large_blocks = 0;
  for (size_t i = 0; i < sizeof s; i++) CHECK_EQ("PM-STATS-01", ((unsigned char *)&s)[i], 0);
  toggle(0);
  pymalloc_get_stats(&space, &s);
  CHECK_EQ("PM-STATS-01", s.large_blocks, 0);
}

/* A new space has nothing but fresh pools. */
static void test_fresh(void) {
  pymalloc_stats s;
  CHECK("PM-STATS-01", space_open(&space, REGION_LIBC, 8 * MIB, NULL, NULL));
  pymalloc_get_stats(&space, &s);
  check_sums(&s);
  CHECK_EQ("PM-STATS-01", s.pools + s.idle_pools + s.bare_pools + s.live_blocks + s.large_blocks, 0);
  CHECK_EQ("PM-STATS-01", s.usable, s.region);
  CHECK_EQ("PM-STATS-01", s.fresh_pools * POOL_SIZE + s.metadata, s.region);
  space_close(&space);
}

int main(void) {
  test_fresh();
  test_random();
  test_no_region();
  return check_done();
}
