/* calloc of no elements, or of elements of no bytes, is as of one byte: which is zero,
   however dirty the memory was. */
#include "tests/check.h"
#include "tests/families.h"

static void make_dirty(int f) {
  char *p[40];
  for (size_t i = 0; i < 40; i++) {
    p[i] = families[f].malloc(1);
    *p[i] = 0x5b;
  }
  for (size_t i = 0; i < 40; i++) families[f].free(p[i]);
}

static void test_none(int f, size_t nelem, size_t elsize) {
  char *p[60];
  make_dirty(f);
  for (size_t i = 0; i < 60; i++) {
    p[i] = families[f].calloc(nelem, elsize);
    CHECK_OF("PM-CALLOC-03", p[i] != NULL, nelem, elsize);
    CHECK_OF("PM-CALLOC-03", *p[i] == 0, f, *p[i]);
    for (size_t j = 0; j < i; j++) CHECK_OF("PM-CALLOC-03", p[i] != p[j], nelem, elsize);
    *p[i] = 1;
  }
  for (size_t i = 0; i < 60; i++) families[f].free(p[i]);
}

int main(void) {
  for (int f = 0; f < FAMILIES; f++) {
    test_none(f, 0, 0);
    test_none(f, 0, 7);
    test_none(f, 7, 0);
    test_none(f, SIZE_MAX, 0);
    test_none(f, 0, SIZE_MAX);
  }
  return check_done();
}
