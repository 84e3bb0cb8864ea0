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

/* 256, when no one says. */
static void usual(const void *arg) {
  PyMemAllocatorEx a = {NULL, below_malloc, below_calloc, below_realloc, below_free};
  unsigned long most = 0;
  (void)arg;
  unsetenv("PYMALLOC_QUARANTINE");
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &a);
  begin();
  for (unsigned i = 0; i < 1000; i++) { /* of other sizes each time, so that none is used again */
    PyObject_Free(PyObject_Malloc(100 + i));
    if (below > most) most = below;
  }
  CHECK_EQ("PM-DEBUG-08", most, 256);
}

/* The one that is held for longest is used again, when more than seven eighths are held. */
static void again(const void *arg) {
  PyMemAllocatorEx a = {NULL, below_malloc, below_calloc, below_realloc, below_free};
  unsigned char *p[16], *q;
  (void)arg;
  setenv("PYMALLOC_QUARANTINE", "16", 1);
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &a);
  begin();
  for (int i = 0; i < 16; i++) p[i] = PyObject_Malloc(i < 15 ? 100 : 50);
  for (int i = 0; i < 14; i++) PyObject_Free(p[i]);
  q = PyObject_Malloc(100);
  CHECK("PM-DEBUG-08", q != p[0] && below == 17); /* 14 are too few */
  PyObject_Free(p[14]);
  CHECK("PM-DEBUG-08", PyObject_Malloc(101) != p[0] && PyObject_Calloc(1, 100) != p[0] && below == 19);
  CHECK("PM-DEBUG-08", PyObject_Malloc(100) == p[0] && below == 19);
  for (int i = 0; i < 100; i++) CHECK_OF("PM-DEBUG-05", p[0][i] == 0xCD, i, p[0][i]);
  CHECK("PM-DEBUG-02", p[0][-8] == 'o' && p[0][-9] == 100 && p[0][100] == 0xFD);
  PyObject_Free(p[15]);
  p[1][7] = 1;
  CHECK("PM-DEBUG-08", PyObject_Realloc(q, 100) == p[1] && below == 19);
  CHECK("PM-DEBUG-08", tolds == 1 && told[0].kind == PYMALLOC_LATE_WRITE && told[0].block == p[1]);
  CHECK("PM-REALLOC-03", p[1][7] == 0xCD); /* as q's */
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

/* A function that goes on misusing the allocator is not called for that: it is reported. */
static void misuses_again(const pymalloc_misuse *misuse) { PyMem_Free((char *)misuse->block + 1); }

static void misuse_of_a_misuse(const void *arg) {
  (void)arg;
  PyMem_SetupDebugHooks();
  pymalloc_set_misuse_handler(misuses_again);
  char *p = PyMem_Malloc(10);
  p[10] = 'x';
  PyMem_Free(p);
}

/* A report when no memory is to be had, with stacks, and when nobody can read it. */
static void report_without_memory(const void *arg) {
  struct rlimit none = {0, 0};
  (void)arg;
  setenv("PYMALLOC_STACKS", "8", 1);
  PyMem_SetupDebugHooks();
  char *p = PyMem_Malloc(10);
  PyMem_Free(p);
#ifdef __has_feature /* MSan needs memory of its own for what it notes of each write */
#if __has_feature(memory_sanitizer)
  none.rlim_cur = none.rlim_max = RLIM_INFINITY;
#endif
#endif
  setrlimit(RLIMIT_AS, &none);
  PyMem_Free(p);
}

static void report_to_nobody(const void *arg) {
  (void)arg;
  PyMem_SetupDebugHooks();
  void *p = PyMem_Malloc(10);
  PyMem_Free(p);
  close(STDERR_FILENO);
  PyMem_Free(p);
}

static void test_reports(void) {
  child_t child = child_run(misuse_of_a_misuse, NULL);
  CHECK_OF("PM-DEBUG-15", child_killed(&child, SIGABRT), child.status, 0);
  CHECK("PM-DEBUG-15", strstr(child.text, "_PyMem_DebugRawFree: address inside a block\n") != NULL);
  CHECK("PM-DEBUG-15", strstr(child.text, "bad trailing pad byte") == NULL);
  child = child_run(report_without_memory, NULL);
  CHECK_OF("PM-DEBUG-04", child_killed(&child, SIGABRT), child.status, 0);
  CHECK("PM-DEBUG-04", strstr(child.text, "(most recent call first):\n") != NULL);
  CHECK("PM-DEBUG-04", strstr(child.text, "two owners that both free it, a pointer not set to NULL after free\n") != NULL);
  child = child_run(report_to_nobody, NULL);
  CHECK_OF("PM-DEBUG-04", child_killed(&child, SIGABRT), child.status, 0);
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
  PyMem_Free(NULL); /* each call asks, also one that has nothing to do */
  CHECK("PM-DEBUG-11", tolds == 2 && PyMem_Realloc(NULL, 1) == NULL && tolds == 3);
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

/* A large block is one leak, and none when it is freed, though raw has made it. */
static void large_leaks(const void *arg) {
  (void)arg;
  setenv("PYMALLOC_SERIALS", "1", 1);
  PyMem_SetupDebugHooks();
  PyMem_Free(PyMem_Malloc(1000));
  CHECK_EQ("PM-DEBUG-16", pymalloc_report_leaks(), 0);
  void *p = PyMem_Malloc(1000);
  CHECK("PM-DEBUG-02", p != NULL && ((unsigned char *)p)[-24] == 'r' && ((unsigned char *)p)[1016] == 0xFD);
  CHECK_EQ("PM-DEBUG-16", pymalloc_report_leaks(), 1);
}

/* Another allocator over raw's layer sees what large blocks ask for. */
static PyMemAllocatorEx raw_below;
static unsigned long raw_calls;

static void *counted_malloc(void *ctx, size_t n) {
  raw_calls++;
  return raw_below.malloc(ctx, n);
}

static void counted_free(void *ctx, void *p) {
  raw_calls++;
  raw_below.free(ctx, p);
}

static void raw_replaced(const void *arg) {
  (void)arg;
  begin();
  void *p = PyMem_Malloc(1000);
  PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &raw_below);
  PyMemAllocatorEx counted = raw_below;
  counted.malloc = counted_malloc, counted.free = counted_free;
  PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &counted);
  PyMem_Free(p); /* made without it, and given back without it */
  PyMem_Free(PyMem_Malloc(1000));
  CHECK_EQ("PM-DOMAIN-02", raw_calls, 1);
  for (int i = 0; i < 1000; i++) PyMem_Free(PyMem_Malloc(20));
  CHECK_EQ("PM-DOMAIN-02", raw_calls, 2);
  CHECK("PM-DEBUG-12", pymalloc_check_everything() == 0 && tolds == 0);
}

/* Damage to the outer frame of a large block is found by a check, and when it goes. */
static void outer_frame(const void *arg) {
  (void)arg;
  begin();
  char *p = PyMem_Malloc(1000);
  p[-17] = 1;
  CHECK("PM-DEBUG-12", pymalloc_check_everything() == 1 && tolds == 1);
  CHECK("PM-DEBUG-07", told[0].kind == PYMALLOC_UNDERRUN && told[0].made_by == 'r' && told[0].size == 1024);
  PyMem_Free(p);
  for (int i = 0; i < 1000; i++) PyMem_Free(PyMem_Malloc(20));
  CHECK("PM-DEBUG-07", tolds == 2 && told[1].part == FRAME_BAD_LEADING && told[1].address == p - 16);
}

static void many_leaks(const void *arg) {
  (void)arg;
  PyMem_SetupDebugHooks();
  for (int i = 0; i < 50000; i++) PyMem_Malloc((size_t)i % 600);
  CHECK_EQ("PM-DEBUG-16", pymalloc_report_leaks(), 50000);
}

/* Layers are of a number, and a caller is told when it is used up. */
static void too_many(const void *arg) {
  PyMemAllocatorEx a, before;
  (void)arg;
  begin();
  for (int i = 3; i <= 16; i++) {
    a = before = (PyMemAllocatorEx){NULL, below_malloc, below_calloc, below_realloc, below_free};
    CHECK_EQ("PM-DEBUG-01", pymalloc_debug_wrap(PYMEM_DOMAIN_MEM, &a), i < 16);
    CHECK_EQ("PM-DEBUG-01", memcmp(&a, &before, sizeof a) != 0, i < 16);
  }
  CHECK("PM-DEBUG-01", !pymalloc_debug_wrap((PyMemAllocatorDomain)3, &a));
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &a);
  PyMem_SetupDebugHooks();
}

typedef struct { const char *name, *value, *text; } variable_t;

static const variable_t wrong_variables[] = {
  {"PYMALLOC_QUARANTINE", "1024", "is \"1024\"; set it to a number from 0 to 1023"},
  {"PYMALLOC_QUARANTINE", "-1", "is \"-1\"; set it to a number from 0 to 1023"},
  {"PYMALLOC_QUARANTINE", "many", "is \"many\"; set it to a number from 0 to 1023"},
  {"PYMALLOC_QUARANTINE", "99999999999999999999", "is \"99999999999999999999\"; set it to a number from 0 to 1023"},
  {"PYMALLOC_STACKS", "33", "is \"33\"; set it to a number from 0 to 32"},
  {"PYMALLOC_SERIALS", "2", "is \"2\"; set it to a number from 0 to 1"},
  {"PYMALLOC_LEAKS", "yes", "is \"yes\"; set it to a number from 0 to 1"},
  {"PYMALLOC_BYTES", "2.4", "is \"2.4\"; set it to 2.3"},
};

static void variable(const void *arg) {
  const variable_t *v = arg;
  setenv(v->name, v->value, 1);
  PyMem_SetupDebugHooks();
}

static void test_start(void) {
  char want[200];
  child_t child = child_run(too_many, NULL);
  CHECK_TEXT("PM-DEBUG-01", child.text, "Fatal Python error: the debug layer is over 16 allocators already, and can be "
             "over no more; call PyMem_SetupDebugHooks once, when all allocators are set\n");
  CHECK_OF("PM-DEBUG-01", child_exited(&child, 1), child.status, 0);
  for (size_t i = 0; i < sizeof wrong_variables / sizeof wrong_variables[0]; i++) {
    const variable_t *v = &wrong_variables[i];
    child = child_run(variable, v);
    snprintf(want, sizeof want, "Fatal Python error: %s %s, or not at all\n", v->name, v->text);
    CHECK_TEXT("PM-DEBUG-17", child.text, want);
    CHECK_OF("PM-DEBUG-17", child_exited(&child, 1), i, child.status);
  }
  for (const char *q = "0\0001\0001023\0"; *q != '\0'; q += strlen(q) + 1)
    child_must(variable, &(variable_t){"PYMALLOC_QUARANTINE", q, NULL});
}

/* An address of one digit is written with one. */
static void low(const void *arg) {
  (void)arg;
  pymalloc_report_misuse(&(pymalloc_misuse){.kind = PYMALLOC_NOT_A_BLOCK, .address = (void *)8, .function = "f", .family = 'm'});
}

static void test_low(void) {
  child_t child = child_run(low, NULL);
  CHECK("PM-DEBUG-04", strstr(child.text, "\n    Address: 0x8\n    Used by: mem\n") != NULL);
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

/* With stacks: the function that made the block is near the beginning of its stack, with no
   functions of the layer before it. */
typedef void *maker_t(void);

static void *kept(void *p) {
  void *volatile q = p; /* no tail call */
  return q;
}

__attribute__((noinline)) static void *by_malloc(void) { return kept(PyMem_Malloc(33)); }
__attribute__((noinline)) static void *by_calloc(void) { return kept(PyObject_Calloc(1, 33)); }
__attribute__((noinline)) static void *by_realloc(void) { return kept(PyMem_Realloc(NULL, 33)); }
__attribute__((noinline)) static void *by_moving(void) { return kept(PyMem_Realloc(PyMem_Malloc(1), 33)); }
__attribute__((noinline)) static void *by_raw(void) { return kept(PyMem_RawMalloc(33)); }
__attribute__((noinline)) static void *by_large(void) { return kept(PyMem_Malloc(3333)); }

static void stacks(const void *arg) {
  static maker_t *const maker[] = {by_malloc, by_calloc, by_realloc, by_moving, by_raw, by_large};
  (void)arg;
  setenv("PYMALLOC_STACKS", "3", 1);
  begin();
  for (size_t i = 0; i < sizeof maker / sizeof maker[0]; i++) {
    bool found = false;
    tolds = 0;
    PyMem_Free((char *)maker[i]() + 1);
    CHECK("PM-DEBUG-16", tolds == 1 && told[0].stack != NULL && told[0].stack->depth == 3);
    for (size_t k = 0; k < 3; k++) found |= (uintptr_t)told[0].stack->frame[k] - (uintptr_t)maker[i] < 200;
    CHECK_OF("PM-DEBUG-16", found, i, 0);
  }
}

int main(void) {
  child_must(idempotent, NULL);
  child_must(contents, NULL);
  child_must(moves, NULL);
  child_must(no_memory, NULL);
  child_must(bounded, NULL);
  child_must(usual, NULL);
  child_must(again, NULL);
  child_must(handled, NULL);
  child_must(locked, NULL);
  child_must(byte_values, NULL);
  child_must(serials, NULL);
  child_must(stacks, NULL);
  child_must(large_leaks, NULL);
  child_must(many_leaks, NULL);
  child_must(raw_replaced, NULL);
  child_must(outer_frame, NULL);
  test_reports();
  test_start();
  test_low();
  test_leaks();
  return check_done();
}
