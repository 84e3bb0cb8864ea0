/* A region whose source fails: the k-th request for one, or all from there on.  Each
   failure halves what is asked for, down to 4 MiB; then there is no region, and the
   large allocator serves everything. */
#include "alloc/stats.h"
#include "tests/check.h"
#include "tests/faulty.h"
#include "tests/pattern.h"

#define MOST ((size_t)64 << 20)
#define LEAST ((size_t)4 << 20)
#define SLACK 4096u /* for alignment */

typedef struct {
  unsigned long calls, fail_to; /* the first fail_to calls fail */
  size_t asked[16];
  void *given;
  size_t given_size;
  unsigned long freed;
} source_t;

static void *source_alloc(void *ctx, size_t size) {
  source_t *s = ctx;
  s->asked[s->calls++] = size;
  if (s->calls <= s->fail_to) return NULL;
  s->given_size = size;
  return s->given = malloc(size);
}

static void source_free(void *ctx, void *p, size_t size) {
  source_t *s = ctx;
  CHECK_EQ("PM-DOMAIN-04", p, s->given);
  CHECK_EQ("PM-DOMAIN-04", size, s->given_size);
  s->freed++;
  free(p);
}

static faulty_t faulty;
static const PyMemAllocatorEx large = FAULTY_ALLOCATOR(&faulty);
static space_t space;

static void check_works(bool region) {
  void *p[200];
  for (size_t i = 0; i < 200; i++) {
    p[i] = space_malloc(&space, i * 3);
    CHECK_OF("PM-REGION-02", p[i] != NULL, i, region);
    CHECK_OF("PM-REGION-02", space_owns(&space, p[i]) == (region && i * 3 <= 512), i, region);
    pattern_fill(p[i], i * 3, i);
  }
  for (size_t i = 0; i < 200; i++) {
    p[i] = space_realloc(&space, p[i], i * 2);
    CHECK_OF("PM-REGION-02", p[i] != NULL && pattern_kept(p[i], i * 2, i), i, region);
  }
  for (size_t i = 0; i < 200; i++) space_free(&space, p[i]);
  CHECK_EQ("PM-FREE-03", faulty.live, 0);
}

/* Closing gives the region back; large blocks stay, and so does the space, without
   pools. */
static void check_close(bool region) {
  char *p = space_malloc(&space, 1000);
  pattern_fill(p, 1000, 5);
  if (region) CHECK("PM-REGION-08", space_malloc(&space, 16) != NULL); /* lost with it */
  space_close(&space);
  CHECK_EQ("PM-REGION-08", space.region.size, 0);
  CHECK("PM-REGION-08", pattern_kept(p, 1000, 5));
  CHECK_EQ("PM-REGION-08", space.large_blocks, 1);
  space_free(&space, p);
  check_works(false);
}

static void test_failing(unsigned long k) {
  source_t source = {0, k, {0}, NULL, 0, 0};
  PyObjectArenaAllocator hook = {&source, source_alloc, source_free};
  faulty = (faulty_t){0, 0, 0, 0};
  bool region = space_open(&space, REGION_HOOK, MOST, &hook, &large);
  CHECK_OF("PM-REGION-01", region == (MOST >> k >= LEAST), k, region);
  CHECK_OF("PM-REGION-01", source.calls == (region ? k + 1 : 5), k, source.calls);
  for (unsigned long i = 0; i < source.calls; i++)
    CHECK_OF("PM-REGION-01", source.asked[i] - (MOST >> i) <= SLACK, i, source.asked[i]);
  CHECK_OF("PM-REGION-02", (space.region.size > 0) == region, k, space.region.size);
  if (region) CHECK_OF("PM-REGION-01", space.region.size <= MOST >> k, k, space.region.size);
  check_works(region);
  check_close(region);
  CHECK_EQ("PM-DOMAIN-04", source.freed, region);
}

int main(void) {
  for (unsigned long k = 0; k < 8; k++) test_failing(k);
  return check_done();
}
