/* Regions by themselves, from each source: where they are, how they grow, and how
   they go back. */
#include "alloc/region.h"

#include "alloc/block.h"
#include "tests/check.h"

#define MIB ((size_t)1 << 20)

static void *hook_alloc(void *ctx, size_t size) {
  ++*(int *)ctx;
  /* As unaligned as can be. */
  char *p = malloc(size + 1);
  return p == NULL ? NULL : p + 1;
}

static void hook_free(void *ctx, void *p, size_t size) {
  --*(int *)ctx;
  ((char *)p)[size - 1] = 0; /* all of it is still there */
  free((char *)p - 1);
}

static void check_shape(const region_t *r, region_source_t source, size_t most) {
  CHECK_EQ("PM-REGION-01", r->source, source);
  size_t align = source == REGION_SYSTEM ? 2 * MIB : 16;
  CHECK_OF("PM-REGION-01", (uintptr_t)r->base % align == 0, r->base, source);
  CHECK_OF("PM-REGION-01", r->size % POOL_SIZE == 0, r->size, source);
  CHECK_OF("PM-REGION-01", r->size > most / 2 && r->size <= most, r->size, most);
  CHECK_OF("PM-REGION-03", r->usable <= r->size, r->usable, r->size);
}

/* Growing makes more usable, never less, never more than there is. */
static void check_growth(region_t *r) {
  for (size_t size = POOL_SIZE; size <= r->size; size += 7 * POOL_SIZE) {
    size_t before = r->usable;
    CHECK("PM-REGION-03", region_commit(r, size));
    CHECK_OF("PM-REGION-03", r->usable >= size && r->usable >= before, r->usable, size);
    CHECK_OF("PM-REGION-03", r->usable <= r->size, r->usable, r->size);
    memset(r->base + size - POOL_SIZE, 1, POOL_SIZE);
  }
  CHECK("PM-REGION-03", region_commit(r, r->size));
  size_t before = r->usable;
  CHECK("PM-REGION-03", !region_commit(r, r->size + 1));
  CHECK("PM-REGION-03", !region_commit(r, SIZE_MAX));
  CHECK_EQ("PM-REGION-03", r->usable, before);
}

/* Discarding a pool's memory leaves that of others. */
static void check_discard(region_t *r) {
  memset(r->base, 5, 3 * POOL_SIZE);
  region_discard(r, POOL_SIZE, POOL_SIZE);
  for (size_t i = 0; i < POOL_SIZE; i++) {
    CHECK_EQ("PM-REGION-04", r->base[i], 5);
    CHECK_EQ("PM-REGION-04", r->base[2 * POOL_SIZE + i], 5);
    if (r->source == REGION_SYSTEM) CHECK_EQ("PM-REGION-04", r->base[POOL_SIZE + i], 0);
  }
  memset(r->base + POOL_SIZE, 6, POOL_SIZE); /* it can be used again */
  CHECK_EQ("PM-REGION-04", r->base[POOL_SIZE], 6);
}

static void test_source(region_source_t source, size_t most) {
  region_t r;
  int given = 0;
  PyObjectArenaAllocator hook = {&given, hook_alloc, hook_free};
  CHECK("PM-REGION-01", region_reserve(&r, source, most, &hook));
  CHECK_EQ("PM-DOMAIN-04", given, source == REGION_HOOK);
  check_shape(&r, source, most);
  check_growth(&r);
  check_discard(&r);
  region_release(&r);
  CHECK_EQ("PM-DOMAIN-04", given, 0);
  CHECK("PM-REGION-02", r.size == 0 && r.usable == 0 && r.source == REGION_NONE);
  region_release(&r); /* nothing is left to give back */
}

/* No source, or too little: an empty region. */
static void test_none(region_source_t source, size_t most) {
  region_t r;
  memset(&r, 1, sizeof r);
  CHECK_OF("PM-REGION-02", !region_reserve(&r, source, most, NULL), source, most);
  CHECK("PM-REGION-02", r.size == 0 && r.usable == 0 && r.source == REGION_NONE);
  region_release(&r);
}

int main(void) {
  static const size_t most[] = {4 * MIB, 5 * MIB + 4711, 64 * MIB};
  for (size_t i = 0; i < 3; i++) {
    test_source(REGION_SYSTEM, most[i]);
    test_source(REGION_LIBC, most[i]);
    test_source(REGION_HOOK, most[i]);
  }
  test_none(REGION_NONE, 64 * MIB);
  test_none(REGION_BUFFER, 64 * MIB);
  test_none(REGION_SYSTEM, 4 * MIB - 1);
  test_none(REGION_SYSTEM, 0);
  return check_done();
}
