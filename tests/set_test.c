/* The sets of set.h against arrays of bool: random operations, and the edges of
   words on all three levels. */
#include "tests/check.h"
#include "alloc/set.h"
#include "tests/random.h"

#define MOST_LEAVES 4096u
#define SMALL_LEAVES 130u /* crosses from one middle word to another, twice */

static uint64_t leaf[MOST_LEAVES * SETS];
static bool naive[SETS][64 * SMALL_LEAVES];
static sets_t sets;

static void sets_start(uint32_t leaves) {
  memset(leaf, 0, sizeof leaf);
  memset(&sets, 0, sizeof sets);
  memset(naive, 0, sizeof naive);
  sets.leaf = leaf;
  sets.leaves = leaves;
}

static uint32_t naive_lowest(unsigned i) {
  const bool *p = memchr(naive[i], 1, sizeof naive[i]);
  return p == NULL ? SET_NONE : (uint32_t)(p - naive[i]);
}

/* A number near an edge of a word, or any. */
static uint32_t some_pool(void) {
  uint32_t limit = 64 * SMALL_LEAVES;
  switch (random_below(4)) {
    case 0: return random_below(limit);
    case 1: return random_below(limit / 64) * 64 + 63 * random_below(2);
    case 2: return random_below(3) * 4096 + random_below(2);
    default: return random_below(200);
  }
}

static void step(unsigned kinds) {
  unsigned i = random_below(kinds);
  uint32_t p = some_pool();
  bool add = random_below(5) < 2; /* so that sets are empty now and then */
  if (add) set_add(&sets, i, p);
  else set_remove(&sets, i, p);
  naive[i][p] = add;
  CHECK_OF("PM-HEAP-00", set_lowest(&sets, i) == naive_lowest(i), i, p);
  unsigned j = random_below(SETS);
  uint32_t q = some_pool();
  CHECK_OF("PM-HEAP-00", set_has(&sets, j, q) == naive[j][q], j, q);
}

/* Every member, and both upper levels: a bit is set where there is something below. */
static void sweep(void) {
  for (unsigned i = 0; i < SETS; i++) {
    CHECK_OF("PM-HEAP-00", set_lowest(&sets, i) == naive_lowest(i), i, naive_lowest(i));
    for (uint32_t p = 0; p < 64 * SMALL_LEAVES; p++)
      CHECK_OF("PM-HEAP-00", set_has(&sets, i, p) == naive[i][p], i, p);
    for (uint32_t a = 0; a < MOST_LEAVES; a++) {
      bool mid = bit_test(sets.mid[i * 64 + a / 64], a % 64);
      CHECK_OF("PM-HEAP-00", mid == (leaf[a * SETS + i] != 0), i, a);
    }
    for (unsigned g = 0; g < 64; g++)
      CHECK_OF("PM-HEAP-00", bit_test(sets.top[i], g) == (sets.mid[i * 64 + g] != 0), i, g);
  }
}

static void test_random(unsigned kinds, int steps) {
  sets_start(SMALL_LEAVES);
  for (int n = 0; n < steps; n++) step(kinds);
  sweep();
}

/* One member at a time, at each edge, in the first and the last set. */
static void test_edges(void) {
  static const uint32_t edges[] = {0, 1, 63, 64, 65, 127, 128, 4095, 4096, 4097, 8191, 8192,
                                   131071, 131072, SET_LIMIT - 4096, SET_LIMIT - 64, SET_LIMIT - 1};
  const size_t n = sizeof edges / sizeof edges[0];
  sets_start(MOST_LEAVES);
  for (unsigned i = 0; i < SETS; i += SETS - 1) {
    for (size_t e = n; e-- > 0;) {
      set_add(&sets, i, edges[e]);
      set_add(&sets, i, edges[e]); /* twice is as once */
      CHECK_EQ("PM-HEAP-00", set_lowest(&sets, i), edges[e]);
    }
    for (size_t e = 0; e < n; e++) {
      CHECK_EQ("PM-HEAP-00", set_lowest(&sets, i), edges[e]);
      set_remove(&sets, i, edges[e]);
      set_remove(&sets, i, edges[e]);
      CHECK("PM-HEAP-00", !set_has(&sets, i, edges[e]));
    }
    CHECK_EQ("PM-HEAP-00", set_lowest(&sets, i), SET_NONE);
    CHECK_EQ("PM-HEAP-00", sets.top[i], 0);
  }
}

/* Draining from below gives all members in order. */
static void test_drain(void) {
  sets_start(MOST_LEAVES);
  for (uint32_t p = 0; p < SET_LIMIT; p++) set_add(&sets, 7, p);
  for (uint32_t p = 0; p < SET_LIMIT; p++) {
    CHECK_EQ("PM-HEAP-00", set_lowest(&sets, 7), p);
    set_remove(&sets, 7, p);
  }
  CHECK_EQ("PM-HEAP-00", set_lowest(&sets, 7), SET_NONE);
}

int main(void) {
  test_edges();
  test_drain();
  test_random(1, 60000);
  test_random(3, 60000);
  test_random(SETS, 60000);
  return check_done();
}
