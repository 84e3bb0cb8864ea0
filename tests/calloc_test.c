/* calloc's bytes are zero, however dirty the memory was. */
#include "tests/check.h"
#include "tests/families.h"
#include "tests/pattern.h"

/* Leaves freed blocks of n bytes behind that are not zero. */
static void make_dirty(int f, size_t n) {
  char *p[40];
  for (size_t i = 0; i < 40; i++) {
    p[i] = families[f].malloc(n);
    memset(p[i], 0xdb, n);
  }
  for (size_t i = 0; i < 40; i++) families[f].free(p[i]);
}

static void test_zeroed(int f, size_t nelem, size_t elsize) {
  char *p[60];
  make_dirty(f, nelem * elsize);
  for (size_t i = 0; i < 60; i++) {
    p[i] = families[f].calloc(nelem, elsize);
    CHECK_OF("PM-CALLOC-02", p[i] != NULL && all_zero(p[i], nelem * elsize), nelem, elsize);
    CHECK_OF("PM-ALIGN-01", (uintptr_t)p[i] % 16 == 0, nelem, elsize);
    memset(p[i], 0xdb, nelem * elsize);
  }
  for (size_t i = 0; i < 60; i++) families[f].free(p[i]);
}

int main(void) {
  for (int f = 0; f < FAMILIES; f++) {
    for (size_t n = 1; n <= 600; n++) {
      test_zeroed(f, n, 1);
      if (n % 8 == 0) test_zeroed(f, 8, n / 8);
    }
    test_zeroed(f, 100, 80);
  }
  return check_done();
}
