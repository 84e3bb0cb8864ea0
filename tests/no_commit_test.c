/* A system that has address space but no memory to put there: mprotect, which is how
   the region asks for memory, fails at every call in turn, for a while or for good.
   The linker puts our mprotect in place of the system's. */
#include <sys/mman.h>

#include "alloc/stats.h"
#include "tests/check.h"
#include "tests/faulty.h"
#include "tests/pattern.h"

#define MOST ((size_t)32 << 20)
#define BLOCKS (MOST / 512) /* more than the pools have */

int __wrap_mprotect(void *p, size_t n, int access);
int __real_mprotect(void *p, size_t n, int access);

static unsigned long calls, fail_from, fail_to;

int __wrap_mprotect(void *p, size_t n, int access) {
  calls++;
  return calls >= fail_from && calls <= fail_to ? -1 : __real_mprotect(p, n, access);
}

static space_t space;
static faulty_t faulty;
static const PyMemAllocatorEx large = FAULTY_ALLOCATOR(&faulty);
static void *block[BLOCKS];

static void open_space(unsigned long from, unsigned long to) {
  calls = 0;
  fail_from = from;
  fail_to = to;
  faulty = (faulty_t){0, 0, 0, 0};
  space_open(&space, REGION_SYSTEM, MOST, NULL, &large);
}

static size_t fill(void) {
  size_t owned = 0;
  for (size_t i = 0; i < BLOCKS; i++) {
    block[i] = space_malloc(&space, 512);
    CHECK_OF("PM-MALLOC-06", block[i] != NULL, i, calls);
    pattern_fill(block[i], 512, i);
    owned += space_owns(&space, block[i]);
  }
  return owned;
}

static void drain(void) {
  pymalloc_stats stats;
  for (size_t i = 0; i < BLOCKS; i++)
    CHECK_OF("PM-REGION-03", pattern_kept(block[i], 512, i), i, block[i]);
  for (size_t i = 0; i < BLOCKS; i++) space_free(&space, block[i]);
  pymalloc_get_stats(&space, &stats);
  CHECK_EQ("PM-FREE-03", stats.live_blocks, 0);
  CHECK_EQ("PM-FREE-03", stats.large_blocks, 0);
  CHECK_EQ("PM-FREE-03", faulty.live, 0);
  space_close(&space);
}

/* From the k-th call on there is no memory: raw serves what pools can't. */
static void test_for_good(unsigned long k, size_t most) {
  open_space(k, ULONG_MAX);
  size_t owned = fill();
  CHECK_OF("PM-REGION-03", (owned == 0) == (k == 1), k, owned);
  CHECK_OF("PM-REGION-03", owned < most, k, owned);
  CHECK_OF("PM-REGION-03", space.region.usable <= space.region.size, k, space.region.usable);
  CHECK_OF("PM-REGION-03", owned * 512 <= space.region.usable, k, owned);
  drain();
}

/* Only the k-th call fails: one block is raw's, then pools go on. */
static void test_once(unsigned long k, size_t most) {
  open_space(k, k);
  size_t owned = fill();
  CHECK_OF("PM-REGION-03", k == 1 || owned == most || owned == most - 1, k, owned);
  drain();
}

/* A failure changes nothing, also where there is no one else to ask. */
static void test_unchanged(void) {
  pymalloc_stats before, after;
  open_space(3, ULONG_MAX);
  space.large = NULL;
  size_t count = 0;
  while ((block[count] = space_malloc(&space, 512)) != NULL) count++;
  pymalloc_get_stats(&space, &before);
  CHECK_EQ("PM-MALLOC-07", before.live_blocks, count);
  CHECK("PM-MALLOC-07", space_malloc(&space, 16) == NULL);
  CHECK("PM-MALLOC-07", space_calloc(&space, 3, 100) == NULL);
  CHECK("PM-REALLOC-05", space_realloc(&space, block[0], 100) == NULL);
  CHECK("PM-REALLOC-05", space_realloc(&space, block[0], 1000) == NULL);
  pymalloc_get_stats(&space, &after);
  CHECK("PM-MALLOC-07", memcmp(&before, &after, sizeof after) == 0);
  fail_from = fail_to = 0; /* now there is memory again */
  void *p = space_malloc(&space, 16);
  CHECK("PM-REGION-03", p != NULL && space_owns(&space, p));
  space_close(&space);
}

/* Memory is asked for as it is needed, an arena at a time. */
static void test_lazily(void) {
  open_space(0, 0);
  CHECK_EQ("PM-REGION-03", calls, 1);
  void *p = space_malloc(&space, 1);
  CHECK_EQ("PM-REGION-03", calls, 1);
  CHECK_OF("PM-REGION-03", space.region.usable < space.region.size, space.region.usable,
           space.region.size);
  space_free(&space, p);
  space_close(&space);
}

int main(void) {
  test_lazily();
  open_space(0, 0);
  size_t most = fill();
  unsigned long all = calls;
  drain();
  CHECK_OF("PM-REGION-03", all > 5, all, most);
  for (unsigned long k = 1; k <= all; k++) {
    test_for_good(k, most);
    test_once(k, most);
  }
  test_unchanged();
  return check_done();
}
