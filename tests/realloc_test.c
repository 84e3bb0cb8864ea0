/* realloc over the whole grid of old and new sizes from 0 to 600: when a block stays
   where it is, and that its contents are kept. */
#include "alloc/select.h"
#include "tests/check.h"
#include "tests/families.h"
#include "tests/pattern.h"

#define MOST 600u

/* The rule, for a block of the pools that was asked for with n bytes. */
static bool stays(size_t old, size_t n) {
  size_t size = ((old == 0 ? 1 : old) + 15) / 16 * 16;
  return n <= size && 4 * n > 3 * size;
}

static void test_pair(int f, size_t old, size_t n) {
  const space_t *space = pymalloc_space();
  size_t keep = old < n ? old : n;
  void *p = families[f].malloc(old);
  bool small = space_owns(space, p);
  CHECK_OF("PM-MALLOC-05", small == (f != RAW && old <= 512), old, n);
  pattern_fill(p, old, old + n);
  uintptr_t before = (uintptr_t)p;
  void *q = families[f].realloc(p, n);
  CHECK_OF("PM-REALLOC-02", q != NULL, old, n);
  CHECK_OF("PM-ALIGN-01", (uintptr_t)q % 16 == 0, old, n);
  CHECK_OF("PM-REALLOC-03", pattern_kept(q, keep, old + n), old, n);
  if (small) {
    CHECK_OF("PM-REALLOC-04", ((uintptr_t)q == before) == stays(old, n), old, n);
    CHECK_OF("PM-MALLOC-05", space_owns(space, q) == (n <= 512), old, n);
  } else {
    CHECK_OF("PM-REALLOC-07", !space_owns(space, q), old, n);
  }
  memset(q, 0xa5, n == 0 ? 1 : n); /* all of it is ours */
  families[f].free(q);
}

/* A long chain of sizes, up and down, keeps what all of them had. */
static void test_chain(int f) {
  size_t least = MOST;
  char *p = families[f].realloc(NULL, MOST);
  CHECK("PM-REALLOC-01", p != NULL);
  pattern_fill(p, MOST, 3);
  for (size_t i = 1; i < 4000; i++) {
    size_t n = i * 7919 % (MOST - i * 100 / 1000) + 1;
    if (n < least) least = n;
    p = families[f].realloc(p, n);
    CHECK_OF("PM-REALLOC-03", p != NULL && pattern_kept(p, least, 3), f, n);
  }
  p = families[f].realloc(p, 0);
  CHECK("PM-REALLOC-02", p != NULL);
  families[f].free(p);
}

/* realloc(NULL, n) is malloc(n). */
static void test_null(int f) {
  for (size_t n = 0; n <= MOST; n++) {
    char *p = families[f].realloc(NULL, n);
    CHECK_OF("PM-REALLOC-01", p != NULL, f, n);
    CHECK_OF("PM-REALLOC-01", space_owns(pymalloc_space(), p) == (f != RAW && n <= 512), f, n);
    families[f].free(p);
  }
}

int main(void) {
  for (int f = 0; f < FAMILIES; f++) {
    families[MEM].free(NULL);
    test_null(f);
    test_chain(f);
    size_t step = f == MEM ? 1 : 7; /* the others: less often */
    for (size_t old = 0; old <= MOST; old++)
      for (size_t n = old % step; n <= MOST; n += step) test_pair(f, old, n);
  }
  return check_done();
}
