/* Requests that are too large, in every family: they fail, reach no allocator, and
   change nothing. */
#include "tests/check.h"
#include "tests/families.h"
#include "tests/pattern.h"
#include "tests/sanitizer.h"

#define MAX ((size_t)PY_SSIZE_T_MAX)

/* An allocator that passes all calls on, and counts them. */
static PyMemAllocatorEx inner[FAMILIES];
static unsigned long calls;

static void *counting_malloc(void *ctx, size_t n) {
  const PyMemAllocatorEx *a = ctx;
  calls++;
  return a->malloc(a->ctx, n);
}

static void *counting_calloc(void *ctx, size_t nelem, size_t elsize) {
  const PyMemAllocatorEx *a = ctx;
  calls++;
  return a->calloc(a->ctx, nelem, elsize);
}

static void *counting_realloc(void *ctx, void *p, size_t n) {
  const PyMemAllocatorEx *a = ctx;
  calls++;
  return a->realloc(a->ctx, p, n);
}

static void counting_free(void *ctx, void *p) {
  const PyMemAllocatorEx *a = ctx;
  calls++;
  a->free(a->ctx, p);
}

static void count_calls(int f) {
  PyMem_GetAllocator(families[f].domain, &inner[f]);
  PyMemAllocatorEx counting = {&inner[f], counting_malloc, counting_calloc, counting_realloc,
                               counting_free};
  PyMem_SetAllocator(families[f].domain, &counting);
}

static void test_above(int f, size_t n) {
  char *p = families[f].malloc(100);
  pattern_fill(p, 100, n);
  calls = 0;
  CHECK_OF("PM-MALLOC-04", families[f].malloc(n) == NULL, f, n);
  CHECK_OF("PM-REALLOC-06", families[f].realloc(NULL, n) == NULL, f, n);
  CHECK_OF("PM-REALLOC-06", families[f].realloc(p, n) == NULL, f, n);
  CHECK_OF("PM-CALLOC-01", families[f].calloc(n, 1) == NULL, f, n);
  CHECK_OF("PM-CALLOC-01", families[f].calloc(1, n) == NULL, f, n);
  CHECK_OF("PM-CALLOC-01", families[f].calloc(n, n) == NULL, f, n);
  CHECK_OF("PM-MALLOC-04", calls == 0, f, n);
  CHECK_OF("PM-REALLOC-05", pattern_kept(p, 100, n), f, n);
  families[f].free(p);
  calls = 0;
  CHECK_OF("PM-REALLOC-06", families[f].realloc(p, n) == NULL && calls == 0, f, n); /* and so no misuse */
}

/* Products that are too large, most of which would wrap round to something small. */
static void test_products(int f) {
  static const size_t factors[][2] = {
    {MAX / 2 + 1, 2},       {(size_t)1 << 32, (size_t)1 << 32},
    {(size_t)1 << 63, 2},   {SIZE_MAX / 16 + 2, 16},
    {MAX / 24 + 1, 24},     {((size_t)1 << 61) + 1, 8},
    {SIZE_MAX / 3 + 2, 3},  {0x100000001, 0x80000000},
    {SIZE_MAX, SIZE_MAX},   {MAX, 3},
  };
  calls = 0;
  for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
    size_t m = factors[i][0], n = factors[i][1];
    CHECK_OF("PM-CALLOC-01", families[f].calloc(m, n) == NULL, m, n);
    CHECK_OF("PM-CALLOC-01", families[f].calloc(n, m) == NULL, m, n);
  }
  CHECK_EQ("PM-CALLOC-01", calls, 0);
}

/* Just what is allowed reaches the allocator, which has no such memory either. */
static void test_below(int f, size_t n) {
  char *p = families[f].malloc(100);
  pattern_fill(p, 100, n);
  calls = 0;
  CHECK_OF("PM-MALLOC-07", families[f].malloc(n) == NULL, f, n);
  CHECK_OF("PM-REALLOC-05", families[f].realloc(p, n) == NULL, f, n);
  CHECK_OF("PM-MALLOC-07", families[f].calloc(1, n) == NULL, f, n);
  CHECK_OF("PM-MALLOC-04", calls >= 3, f, calls);
  CHECK_OF("PM-REALLOC-05", pattern_kept(p, 100, n), f, n);
  families[f].free(p);
}

/* The macros for arrays. */
static void test_arrays(void) {
  calls = 0;
  CHECK("PM-FAMILY-06", PyMem_New(double, MAX / sizeof(double) + 1) == NULL);
  CHECK("PM-FAMILY-06", PyMem_New(double, ((size_t)1 << 61) + 1) == NULL);
  CHECK("PM-FAMILY-06", PyMem_New(char, -1) == NULL);
  CHECK_EQ("PM-FAMILY-06", calls, 0);
  double *p = PyMem_New(double, 3), *old = p;
  CHECK("PM-FAMILY-06", p != NULL);
  for (int i = 0; i < 3; i++) p[i] = i + 0.5;
  calls = 0;
  PyMem_Resize(p, double, MAX / sizeof(double) + 1);
  CHECK("PM-FAMILY-07", p == NULL);
  CHECK_EQ("PM-FAMILY-07", calls, 0);
  p = old; /* it is live still */
  PyMem_Resize(p, double, 200);
  CHECK("PM-FAMILY-07", p != NULL);
  for (int i = 0; i < 3; i++) CHECK("PM-FAMILY-07", p[i] >= i + 0.4 && p[i] <= i + 0.6);
  for (int i = 0; i < 200; i++) p[i] = 0;
  PyMem_Resize(p, double, 0);
  CHECK("PM-FAMILY-07", p != NULL);
  PyMem_Del(p); /* PM-FAMILY-08 */
  short *none = PyMem_New(short, 0);
  CHECK("PM-FAMILY-06", none != NULL);
  PyMem_Del(none);
}

int main(void) {
  for (int f = FAMILIES - 1; f >= 0; f--) count_calls(f);
  for (int f = 0; f < FAMILIES; f++) {
    for (size_t i = 1; i <= 600; i++) test_above(f, MAX + i);
    for (size_t i = 0; i < 600; i++) test_above(f, SIZE_MAX - i);
    for (size_t i = 0; i < 2; i++) test_below(f, MAX - i);
    test_products(f);
  }
  test_arrays();
  return check_done();
}
