/* The raw family in several threads at once, without a lock, also while the first
   call of mem opens the pools and while mem and obj are used; and so with the debug layer. */
#include <pthread.h>

#include "alloc/debug.h"
#include "tests/check.h"
#include "tests/families.h"
#include "tests/pattern.h"

#define THREADS 4
#define ROUNDS 20000

static void *use_raw(void *arg) {
  size_t wrong = 0, kind = (size_t)(uintptr_t)arg;
  for (size_t i = 0; i < ROUNDS; i++) {
    size_t n = i * 31 % 700;
    char *p = i % 3 == 0 ? PyMem_RawCalloc(n, 1) : PyMem_RawMalloc(n);
    pattern_fill(p, n, kind + i);
    p = PyMem_RawRealloc(p, n / 2);
    wrong += !pattern_kept(p, n / 2, kind + i);
    PyMem_RawFree(p);
  }
  return (void *)(uintptr_t)wrong;
}

static void use_all(void) {
  pthread_t thread[THREADS];
  for (size_t t = 0; t < THREADS; t++) {
    void *kind = (void *)(uintptr_t)(t * 101);
    CHECK("PM-FAMILY-03", pthread_create(&thread[t], NULL, use_raw, kind) == 0);
  }
  for (size_t i = 0; i < ROUNDS; i++) {
    size_t n = i * 17 % 600;
    char *p = i % 2 ? PyMem_Malloc(n) : PyObject_Malloc(n);
    CHECK_OF("PM-FAMILY-03", p != NULL, i, n);
    pattern_fill(p, n, i);
    CHECK_OF("PM-FAMILY-03", pattern_kept(p, n, i), i, n);
    if (i % 2) PyMem_Free(p);
    else PyObject_Free(p);
    if (i % 10 == 0) CHECK_EQ("PM-DEBUG-12", pymalloc_check_everything(), 0);
  }
  for (size_t t = 0; t < THREADS; t++) {
    void *wrong;
    CHECK("PM-FAMILY-03", pthread_join(thread[t], &wrong) == 0);
    CHECK_OF("PM-FAMILY-03", wrong == NULL, t, wrong);
  }
}

int main(void) {
  pattern_of(0); /* makes the patterns before threads need them */
  use_all();
  PyMem_SetupDebugHooks();
  use_all();
  return check_done();
}
