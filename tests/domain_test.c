/* Allocators as values: each domain's can be read, wrapped and replaced, and gets
   what its family was given.  Each case in a process of its own. */
#define _DEFAULT_SOURCE
#include "tests/child.h"
#include "alloc/domain.h"
#include "alloc/raw.h"
#include "alloc/select.h"
#include "tests/families.h"

/* An allocator that notes its last call, and passes it on if it has somebody. */
typedef struct {
  PyMemAllocatorEx inner;
  char call; /* m, c, r, f */
  void *ctx, *p, *result;
  size_t a, b;
  unsigned long calls;
} note_t;

static note_t note[FAMILIES];

static note_t *note_call(void *ctx, char call, void *p, size_t a, size_t b) {
  note_t *n = ctx;
  n->call = call;
  n->ctx = ctx;
  n->p = p;
  n->a = a;
  n->b = b;
  n->calls++;
  return n;
}

static void *note_malloc(void *ctx, size_t size) {
  note_t *n = note_call(ctx, 'm', NULL, size, 0);
  return n->result = n->inner.malloc(n->inner.ctx, size);
}

static void *note_calloc(void *ctx, size_t nelem, size_t elsize) {
  note_t *n = note_call(ctx, 'c', NULL, nelem, elsize);
  return n->result = n->inner.calloc(n->inner.ctx, nelem, elsize);
}

static void *note_realloc(void *ctx, void *p, size_t size) {
  note_t *n = note_call(ctx, 'r', p, size, 0);
  return n->result = n->inner.realloc(n->inner.ctx, p, size);
}

static void note_free(void *ctx, void *p) {
  note_t *n = note_call(ctx, 'f', p, 0, 0);
  n->inner.free(n->inner.ctx, p);
}

static void wrap(int f) {
  PyMem_GetAllocator(families[f].domain, &note[f].inner);
  PyMemAllocatorEx wrapper = {&note[f], note_malloc, note_calloc, note_realloc, note_free};
  PyMem_SetAllocator(families[f].domain, &wrapper);
  memset(&wrapper, 0, sizeof wrapper); /* it was copied: PM-DOMAIN-02 */
}

static void check_call(const char *rule, int f, char call, const void *p, size_t a, size_t b) {
  CHECK_OF(rule, note[f].call == call, f, note[f].call);
  CHECK_EQ(rule, note[f].ctx, &note[f]);
  CHECK_EQ(rule, note[f].p, p);
  CHECK_EQ(rule, note[f].a, a);
  CHECK_EQ(rule, note[f].b, b);
  note[f].call = 0;
}

static void check_note(int f, char call, const void *p, size_t a, size_t b) {
  check_call("PM-DOMAIN-02", f, call, p, a, b);
}

static void check_raw(char call, const void *p, size_t a, size_t b) {
  check_call("PM-DOMAIN-05", RAW, call, p, a, b);
}

/* All calls of a family reach its domain's allocator, and what that returns comes back. */
static void wrap_one(const void *arg) {
  int f = *(const int *)arg;
  wrap(f);
  void *p = families[f].malloc(42);
  check_note(f, 'm', NULL, 42, 0);
  CHECK_EQ("PM-DOMAIN-02", p, note[f].result);
  void *q = families[f].realloc(p, 200);
  check_note(f, 'r', p, 200, 0);
  CHECK_EQ("PM-DOMAIN-02", q, note[f].result);
  families[f].free(q);
  check_note(f, 'f', q, 0, 0);
  p = families[f].calloc(2, 5);
  check_note(f, 'c', NULL, 2, 5);
  CHECK_EQ("PM-DOMAIN-02", p, note[f].result);
  families[f].free(p);
  p = families[f].realloc(NULL, 0);
  check_note(f, 'r', NULL, 0, 0);
  families[f].free(p);
  families[f].free(NULL);
  check_note(f, 'f', NULL, 0, 0);
  /* No other family does. */
  unsigned long calls = note[f].calls;
  for (int g = 0; g < FAMILIES; g++)
    if (g != f) families[g].free(families[g].malloc(f == RAW ? 10 : 1000));
  CHECK_EQ("PM-DOMAIN-02", note[f].calls, calls);
  PyMem_SetAllocator(families[f].domain, &note[f].inner); /* back */
  families[f].free(families[f].malloc(1));
  CHECK_EQ("PM-DOMAIN-02", note[f].calls, calls);
}

/* Large requests of mem and obj reach the raw domain, as it is then. */
static void wrap_raw(const void *arg) {
  int f = *(const int *)arg;
  void *before = families[f].malloc(1000); /* from the raw domain as it was */
  wrap(RAW);
  void *p = families[f].malloc(513);
  check_raw( 'm', NULL, 513, 0);
  void *q = families[f].realloc(p, 5000);
  check_raw( 'r', p, 5000, 0);
  q = families[f].realloc(q, 5); /* PM-REALLOC-07 */
  CHECK_EQ("PM-REALLOC-07", note[RAW].call, 'r');
  check_raw( 'r', note[RAW].p, 5, 0);
  families[f].free(q);
  check_raw( 'f', q, 0, 0);
  p = families[f].calloc(100, 6);
  check_raw( 'c', NULL, 100, 6);
  families[f].free(p);
  p = families[f].malloc(512);
  p = families[f].realloc(p, 600); /* a pool's block becomes a raw one */
  check_raw( 'm', NULL, 600, 0);
  families[f].free(p);
  families[f].free(before);
  check_raw( 'f', before, 0, 0);
  unsigned long calls = note[RAW].calls;
  families[f].free(families[f].malloc(512));
  families[f].free(NULL);
  CHECK_EQ("PM-DOMAIN-05", note[RAW].calls, calls);
}

static void get_defaults(const void *arg) {
  PyMemAllocatorEx a[FAMILIES];
  (void)arg;
  for (int f = FAMILIES - 1; f >= 0; f--) PyMem_GetAllocator(families[f].domain, &a[f]);
  CHECK("PM-DOMAIN-01", a[RAW].malloc == raw_malloc && a[RAW].calloc == raw_calloc);
  CHECK("PM-DOMAIN-01", a[RAW].realloc == raw_realloc && a[RAW].free == raw_free);
  for (int f = MEM; f <= OBJ; f++) {
    CHECK("PM-DOMAIN-01", a[f].malloc == space_malloc && a[f].calloc == space_calloc);
    CHECK("PM-DOMAIN-01", a[f].realloc == space_realloc && a[f].free == space_free);
    CHECK_EQ("PM-DOMAIN-01", a[f].ctx, pymalloc_space());
    char *p = a[f].malloc(a[f].ctx, 100);
    CHECK("PM-DOMAIN-01", space_owns(pymalloc_space(), p));
    families[f].free(p);
  }
}

/* mem and obj have one space; raw is the C library. */
static void one_space(const void *arg) {
  char *p[100];
  size_t same = 0;
  (void)arg;
  for (size_t i = 0; i < 100; i++) p[i] = PyMem_Malloc(200);
  for (size_t i = 0; i < 100; i++) PyMem_Free(p[i]);
  char *q = PyObject_Malloc(200);
  for (size_t i = 0; i < 100; i++) same += p[i] == q;
  CHECK_EQ("PM-FAMILY-05", same, 1);
  CHECK_EQ("PM-FAMILY-05", space_usable(pymalloc_space(), q), 208);
  PyObject_Free(q);
  q = PyMem_RawMalloc(200);
  CHECK("PM-FAMILY-01", !space_owns(pymalloc_space(), q));
  free(q); /* it is the C library's */
  CHECK("PM-FAMILY-01", (q = malloc(200)) != NULL);
  PyMem_RawFree(q);
}

static void unknown(const void *arg) {
  static const int domains[] = {-1, 3, 4, 255, 1 << 30, INT32_MIN};
  (void)arg;
  wrap(MEM);
  for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++) {
    PyMemAllocatorDomain domain = (PyMemAllocatorDomain)domains[i];
    PyMemAllocatorEx a = {&a, note_malloc, note_calloc, note_realloc, note_free};
    PyMem_SetAllocator(domain, &note[MEM].inner);
    PyMem_GetAllocator(domain, &a);
    CHECK_OF("PM-DOMAIN-03", a.ctx == NULL && a.malloc == NULL && a.calloc == NULL, i, a.ctx);
    CHECK_OF("PM-DOMAIN-03", a.realloc == NULL && a.free == NULL, i, a.ctx);
  }
  families[MEM].free(families[MEM].malloc(1));
  CHECK_EQ("PM-DOMAIN-03", note[MEM].calls, 2); /* those of the real domains stay */
}

/* Whatever the first call is, the choice is made before it is served. */
static void first_call(const void *arg) {
  void *p = NULL;
  switch (*(const int *)arg) {
    case 0: p = PyMem_Malloc(10); break;
    case 1: p = PyMem_Calloc(2, 5); break;
    case 2: p = PyMem_Realloc(NULL, 10); break;
    case 3: p = PyObject_Malloc(10); break;
    case 4: p = PyObject_Calloc(2, 5); break;
    case 5: p = PyObject_Realloc(NULL, 10); break;
    case 6: PyMem_Free(NULL); p = PyObject_Malloc(1); break;
    case 7: PyObject_Free(NULL); p = PyMem_Malloc(1); break;
  }
  CHECK_OF("PM-SELECT-06", p != NULL && space_owns(pymalloc_space(), p), p, *(const int *)arg);
  PyMem_Free(p);
}

/* The raw domain makes no choice. */
static void raw_first(const void *arg) {
  (void)arg;
  void *p = PyMem_RawMalloc(10);
  CHECK("PM-SELECT-06", p != NULL && pymalloc_space()->region.size == 0);
  p = PyMem_RawRealloc(p, 100);
  PyMem_RawFree(p);
  PyMem_RawFree(PyMem_RawCalloc(1, 1));
  CHECK("PM-SELECT-06", pymalloc_space()->region.size == 0);
}

int main(void) {
  static const int number[] = {0, 1, 2, 3, 4, 5, 6, 7};
  child_must(get_defaults, NULL);
  child_must(one_space, NULL);
  child_must(unknown, NULL);
  child_must(raw_first, NULL);
  for (int i = 0; i < 8; i++) child_must(first_call, &number[i]);
  for (int f = 0; f < FAMILIES; f++) child_must(wrap_one, &number[f]);
  child_must(wrap_raw, &number[MEM]);
  child_must(wrap_raw, &number[OBJ]);
  return check_done();
}
