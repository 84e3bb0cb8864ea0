/* The debug layer as an allocator, and its own functions, each in a process of its own. */
#define _DEFAULT_SOURCE
#include "alloc/pymalloc.h"
#include "alloc/raw.h"
#include "tests/child.h"
#include "tests/families.h"
#include "tests/pattern.h"

#define REPORTS 8

static pymalloc_misuse told[REPORTS];
static unsigned tolds;

static void tell(const pymalloc_misuse *misuse) {
  if (tolds < REPORTS) told[tolds] = *misuse;
  tolds++;
  if (misuse->kind != PYMALLOC_WITHOUT_LOCK) PyMem_Free(PyMem_Malloc(30)); /* it may call the allocator */
  PyMem_RawFree(PyMem_RawMalloc(30));
}

static void begin(void) {
  PyMem_SetupDebugHooks();
  pymalloc_set_misuse_handler(tell);
}

/* Over each domain once, however often it is asked for. */
static void idempotent(const void *arg) {
  PyMemAllocatorEx before[FAMILIES], after;
  (void)arg;
  PyMem_SetupDebugHooks();
  for (int f = 0; f < FAMILIES; f++) PyMem_GetAllocator(families[f].domain, &before[f]);
  PyMem_SetupDebugHooks();
  for (int f = 0; f < FAMILIES; f++) {
    PyMem_GetAllocator(families[f].domain, &after);
    CHECK("PM-DEBUG-01", memcmp(&before[f], &after, sizeof after) == 0);
    CHECK("PM-DEBUG-01", after.malloc != raw_malloc && after.malloc != space_malloc);
    void *p = families[f].malloc(20);
    CHECK_EQ("PM-DEBUG-02", ((unsigned char *)p)[-8], "rmo"[f]);
    families[f].free(p);
  }
}

/* Bytes of fresh, of zeroed and of freed blocks; alignment; sizes. */
static void contents(const void *arg) {
  (void)arg;
  begin();
  for (int f = 0; f < FAMILIES; f++) {
    for (size_t n = 0; n < 3000; n += n < 100 ? 1 : 97) {
      unsigned char *p = families[f].malloc(n), *q = families[f].calloc(n, 1);
      CHECK_OF("PM-ALIGN-01", (uintptr_t)p % 16 == 0 && (uintptr_t)q % 16 == 0, p, q);
      CHECK_EQ("PM-DEBUG-05", bytes_other(p, 0, n, 0xCD), n);
      CHECK_EQ("PM-CALLOC-02", bytes_other(q, 0, n, 0), n);
      families[f].free(p);
      CHECK_EQ("PM-DEBUG-05", bytes_other(p - 16, 0, n + 24, 0xDD), n + 24);
      families[f].free(q);
    }
  }
  CHECK_EQ("PM-DEBUG-12", pymalloc_check_everything(), 0);
  CHECK_EQ("PM-DEBUG-16", tolds, 0);
}

/* realloc moves, keeps what it must, and leaves nothing behind. */
static void moves(const void *arg) {
  (void)arg;
  begin();
  for (size_t n = 0; n < 700; n += 13) {
    for (size_t to = 0; to < 1500; to += 37) {
      unsigned char *p = PyMem_Malloc(n);
      pattern_fill(p, n, n);
      unsigned char *q = PyMem_Realloc(p, to);
      CHECK_OF("PM-DEBUG-13", q != NULL && q != p, p, q);
      CHECK_OF("PM-REALLOC-03", pattern_kept(q, n < to ? n : to, n), n, to);
      if (to > n) CHECK_EQ("PM-DEBUG-05", bytes_other(q, n, to, 0xCD), to);
      CHECK_EQ("PM-DEBUG-05", bytes_other(p - 16, 0, n + 24, 0xDD), n + 24);
      PyMem_Free(q);
    }
  }
  CHECK_EQ("PM-DEBUG-12", pymalloc_check_everything(), 0);
}

/* An allocator below that fails when it is told to. */
static bool failing;
static unsigned long below; /* blocks of it that are live */

static void *below_malloc(void *ctx, size_t n) {
  (void)ctx;
  void *p = failing ? NULL : malloc(n);
  below += p != NULL;
  return p;
}

static void *below_calloc(void *ctx, size_t m, size_t n) {
  (void)ctx;
  void *p = failing ? NULL : calloc(m, n);
  below += p != NULL;
  return p;
}

static void *below_realloc(void *ctx, void *p, size_t n) {
  (void)ctx, (void)p, (void)n;
  abort(); /* it is never asked */
}

static void below_free(void *ctx, void *p) {
  (void)ctx;
  below--;
  free(p);
}

static void no_memory(const void *arg) {
  PyMemAllocatorEx a = {NULL, below_malloc, below_calloc, below_realloc, below_free};
  (void)arg;
  PyMem_SetAllocator(PYMEM_DOMAIN_MEM, &a);
  begin();
  unsigned char *p = PyMem_Malloc(100);
  pattern_fill(p, 100, 1);
  for (int i = 0; i < 10; i++) PyMem_Free(PyMem_Malloc(50));
  CHECK_EQ("PM-DEBUG-08", below, 11);
  failing = true;
  CHECK("PM-DEBUG-13", PyMem_Realloc(p, 200) == NULL && PyMem_Realloc(p, 10) == NULL);
  CHECK("PM-REALLOC-05", pattern_kept(p, 100, 1));
  CHECK_EQ("PM-DEBUG-08", below, 1); /* what was held back was given up for it */
  CHECK("PM-MALLOC-07", PyMem_Malloc(1) == NULL && PyMem_Calloc(1, 1) == NULL);
  CHECK("PM-MALLOC-04", PyMem_Malloc((size_t)PY_SSIZE_T_MAX) == NULL);
  failing = false;
  p = PyMem_Realloc(p, 200);
  CHECK("PM-REALLOC-03", pattern_kept(p, 100, 1));
  PyMem_Free(p);
  CHECK_EQ("PM-DEBUG-12", pymalloc_check_everything(), 0);
}

/* So many freed blocks are held back, and so many bytes. */
static void bounded(const void *arg) {
  PyMemAllocatorEx a = {NULL, below_malloc, below_calloc, below_realloc, below_free};
  (void)arg;
  setenv("PYMALLOC_QUARANTINE", "40", 1);
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &a);
  begin();
  for (int i = 0; i < 1000; i++) {
    PyObject_Free(PyObject_Malloc(100));
    CHECK_OF("PM-DEBUG-08", below <= 40, below, i);
    CHECK_OF("PM-DEBUG-08", i < 40 || below >= 35, below, i);
  }
  for (int i = 0; i < 100; i++) {
    PyObject_Free(PyObject_Malloc(200000));
    CHECK_OF("PM-DEBUG-08", i < 50 || below <= 5, below, i);
  }
}

/* A handler is told, and the call has no effect. */
static void handled(const void *arg) {
  (void)arg;
  begin();
  char *p = PyMem_Malloc(10);
  p[10] = 'x';
  PyMem_Free(p);
  CHECK_EQ("PM-DEBUG-15", tolds, 1);
  CHECK_EQ("PM-DEBUG-15", told[0].kind, PYMALLOC_OVERRUN);
  CHECK("PM-DEBUG-15", told[0].block == (unsigned char *)p && told[0].size == 10 && told[0].made_by == 'm');
  CHECK("PM-DEBUG-15", PyMem_Realloc(p, 20) == NULL && tolds == 2);
  CHECK_EQ("PM-DEBUG-12", pymalloc_check_everything(), 1);
  p[10] = (char)0xFD;
  PyMem_Free(p); /* it was still live */
  CHECK_EQ("PM-DEBUG-15", tolds, 3);
  PyMem_Free(p);
  CHECK("PM-DEBUG-15", tolds == 4 && told[3].kind == PYMALLOC_DOUBLE_FREE && told[3].freed);
  PyObject_Free(p + 4);
  CHECK("PM-DEBUG-15", tolds == 5 && told[4].kind == PYMALLOC_INTERIOR && told[4].family == 'o');
  PyMem_RawFree(&p);
  CHECK("PM-DEBUG-15", tolds == 6 && told[5].kind == PYMALLOC_NOT_A_BLOCK && told[5].block == NULL);
  p[3] = 1;
  CHECK_EQ("PM-DEBUG-12", pymalloc_check_everything(), 1);
  CHECK("PM-DEBUG-15", tolds == 7 && told[6].kind == PYMALLOC_LATE_WRITE && told[6].function == NULL);
}

static int held;
static int held_or_not(void) { return held; }

static void locked(const void *arg) {
  (void)arg;
  begin();
  pymalloc_set_lock_check(held_or_not);
  CHECK("PM-DEBUG-11", PyMem_RawMalloc(1) != NULL && tolds == 0);
  CHECK("PM-DEBUG-11", PyObject_Malloc(1) == NULL);
  CHECK("PM-DEBUG-11", tolds == 1 && told[0].kind == PYMALLOC_WITHOUT_LOCK && told[0].family == 'o');
  held = 1;
  tolds = 0;
  PyObject_Free(PyObject_Malloc(1));
  CHECK_EQ("PM-DEBUG-11", tolds, 0);
}

static void byte_values(const void *arg) {
  (void)arg;
  setenv("PYMALLOC_BYTES", "2.3", 1);
  begin();
  unsigned char *p = PyMem_Malloc(20);
  CHECK("PM-DEBUG-05", bytes_all(p, 20, word_of(0xCB)) && p[-1] == 0xFB && p[20] == 0xFB);
  PyMem_Free(p);
  CHECK("PM-DEBUG-05", bytes_all(p, 20, word_of(0xDB)));
}

/* Numbers of calls, in frames and in the list of leaks. */
static void serials(const void *arg) {
  (void)arg;
  setenv("PYMALLOC_SERIALS", "1", 1);
  begin();
  unsigned char *p = PyMem_Malloc(20), *q = PyObject_Malloc(7);
  CHECK_EQ("PM-DEBUG-02", word_get(p + 28), 1);
  CHECK_EQ("PM-DEBUG-02", word_get(q + 15), 2);
  p[29] = 1;
  PyMem_Free(p);
  CHECK("PM-DEBUG-07", tolds == 1 && told[0].kind == PYMALLOC_OVERRUN && told[0].serial == 1 &&
                       told[0].part == FRAME_BAD_SERIAL);
}

static void leaks(const void *arg) {
  (void)arg;
  setenv("PYMALLOC_SERIALS", "1", 1);
  PyMem_SetupDebugHooks();
  child_page()->address = PyMem_Malloc(20);
  PyMem_Free(PyMem_Malloc(30));
  CHECK_EQ("PM-DEBUG-16", pymalloc_report_leaks(), 1);
}

static void test_leaks(void) {
  char want[200];
  child_t child = child_run(leaks, NULL);
  snprintf(want, sizeof want, "Not freed: 0x%" PRIxPTR ": API 'm', 20 bytes, made by call #1\n"
           "Not freed in all: 1 blocks, 20 bytes\n", (uintptr_t)child_page()->address);
  CHECK_TEXT("PM-DEBUG-16", child.text, want);
}

/* With stacks: the function that made the block is in the report. */
__attribute__((noinline)) static void *made_here(void) {
  void *volatile p = PyMem_Malloc(33); /* no tail call */
  return p;
}

static void stacks(const void *arg) {
  (void)arg;
  setenv("PYMALLOC_STACKS", "8", 1);
  begin();
  char *p = made_here();
  p[33] = 1;
  PyMem_Free(p);
  CHECK("PM-DEBUG-16", tolds == 1 && told[0].stack != NULL && told[0].stack->depth >= 2);
  bool found = false;
  for (size_t i = 0; i < told[0].stack->depth; i++) {
    uintptr_t by = (uintptr_t)told[0].stack->frame[i] - (uintptr_t)made_here;
    found |= by < 200;
  }
  CHECK("PM-DEBUG-16", found);
}

int main(void) {
  child_must(idempotent, NULL);
  child_must(contents, NULL);
  child_must(moves, NULL);
  child_must(no_memory, NULL);
  child_must(bounded, NULL);
  child_must(handled, NULL);
  child_must(locked, NULL);
  child_must(byte_values, NULL);
  child_must(serials, NULL);
  child_must(stacks, NULL);
  test_leaks();
  return check_done();
}
