/* Where the process's pools come from: the arena hook, and pymalloc_set_region.  Both
   count before first use only, so each case has a process of its own. */
#define _DEFAULT_SOURCE
#include "alloc/pymalloc.h"
#include "tests/child.h"
#include "tests/families.h"
#include "tests/pattern.h"

#define MIB ((size_t)1 << 20)
#define SLACK 4096u /* for alignment */

typedef struct {
  unsigned long calls, fails;
  size_t size;
  void *p;
} arena_t;

static arena_t arena;

static void *arena_alloc(void *ctx, size_t size) {
  arena_t *a = ctx;
  CHECK_EQ("PM-DOMAIN-04", a, &arena);
  a->size = size;
  if (a->calls++ < a->fails) return NULL;
  return a->p = malloc(size);
}

static void arena_free(void *ctx, void *p, size_t size) {
  arena_t *a = ctx;
  CHECK("PM-DOMAIN-04", a == &arena && a->p == p && a->size == size);
  free(p);
}

static void set_arena(unsigned long fails) {
  PyObjectArenaAllocator hook = {&arena, arena_alloc, arena_free};
  arena.fails = fails;
  PyObject_SetArenaAllocator(&hook);
}

static void check_use(region_source_t source) {
  char *p[400];
  for (size_t i = 0; i < 400; i++) {
    p[i] = families[1 + i % 2].malloc(2 * i);
    CHECK_OF("PM-MALLOC-06", p[i] != NULL, i, source);
    bool owned = space_owns(pymalloc_space(), p[i]);
    CHECK_OF("PM-MALLOC-06", owned == (source != REGION_NONE && 2 * i <= 512), i, source);
    pattern_fill(p[i], 2 * i, i);
  }
  CHECK_EQ("PM-REGION-06", pymalloc_space()->region.source, source);
  for (size_t i = 0; i < 400; i++) {
    CHECK_OF("PM-MALLOC-03", pattern_kept(p[i], 2 * i, i), i, source);
    families[1 + i % 2].free(p[i]);
  }
}

static void hook_before(const void *arg) {
  (void)arg;
  set_arena(0);
  CHECK_EQ("PM-DOMAIN-04", arena.calls, 0); /* not before it is needed */
  check_use(REGION_HOOK);
  CHECK_EQ("PM-DOMAIN-04", arena.calls, 1);
  CHECK_OF("PM-DOMAIN-04", arena.size - 256 * MIB <= SLACK, arena.size, 256 * MIB);
  char *p = PyMem_Malloc(1), *base = arena.p;
  CHECK_OF("PM-DOMAIN-04", p >= base && p < base + arena.size, p, base);
  PyMem_Free(p);
}

static void hook_halves(const void *arg) {
  (void)arg;
  set_arena(3);
  check_use(REGION_HOOK);
  CHECK_EQ("PM-DOMAIN-04", arena.calls, 4);
  CHECK_OF("PM-DOMAIN-04", arena.size - 32 * MIB <= SLACK, arena.size, 32 * MIB);
}

static void hook_fails(const void *arg) {
  (void)arg;
  set_arena(1000);
  check_use(REGION_NONE);
  CHECK_EQ("PM-DOMAIN-04", arena.calls, 7); /* 256, 128, ... 4 MiB, and not again */
}

static void hook_null(const void *arg) {
  PyObjectArenaAllocator none = {NULL, NULL, NULL}, got;
  (void)arg;
  PyObject_SetArenaAllocator(&none);
  PyObject_GetArenaAllocator(&got);
  CHECK("PM-DOMAIN-04", got.alloc == NULL && got.free == NULL);
  check_use(REGION_NONE);
  CHECK_EQ("PM-DOMAIN-04", pymalloc_space()->region.size, 0);
}

static void hook_after(const void *arg) {
  PyObjectArenaAllocator got;
  (void)arg;
  PyMem_Free(PyMem_Malloc(1));
  set_arena(0);
  check_use(REGION_SYSTEM);
  CHECK_EQ("PM-DOMAIN-04", arena.calls, 0);
  PyObject_GetArenaAllocator(&got);
  CHECK("PM-DOMAIN-04", got.ctx == &arena && got.alloc == arena_alloc && got.free == arena_free);
}

/* The default hook can be called; to set it is to go back to the default. */
static void hook_default(const void *arg) {
  PyObjectArenaAllocator hook;
  (void)arg;
  PyObject_GetArenaAllocator(&hook);
  CHECK("PM-DOMAIN-04", hook.alloc != NULL && hook.free != NULL);
  char *p = hook.alloc(hook.ctx, MIB);
  CHECK("PM-DOMAIN-04", p != NULL && all_zero(p, MIB));
  memset(p, 1, MIB);
  hook.free(hook.ctx, p, MIB);
  CHECK("PM-DOMAIN-04", hook.alloc(hook.ctx, SIZE_MAX / 2) == NULL);
  PyObject_SetArenaAllocator(&hook); /* which is to take back what was set */
  check_use(REGION_SYSTEM);
}

static void region_libc(const void *arg) {
  (void)arg;
  CHECK("PM-REGION-06", pymalloc_set_region(REGION_LIBC, 8 * MIB));
  check_use(REGION_LIBC);
  CHECK_OF("PM-REGION-06", pymalloc_space()->region.size <= 8 * MIB, pymalloc_space()->region.size,
           8 * MIB);
}

static void region_none(const void *arg) {
  (void)arg;
  CHECK("PM-REGION-06", pymalloc_set_region(REGION_NONE, 0));
  check_use(REGION_NONE);
}

static void region_too_small(const void *arg) {
  (void)arg;
  CHECK("PM-REGION-06", pymalloc_set_region(REGION_SYSTEM, MIB));
  check_use(REGION_NONE);
}

/* It can be said again, before first use; the last one counts. */
static void region_again(const void *arg) {
  (void)arg;
  set_arena(0);
  CHECK("PM-REGION-06", pymalloc_set_region(REGION_NONE, 0));
  CHECK("PM-REGION-06", pymalloc_set_region(REGION_LIBC, 64 * MIB));
  CHECK("PM-REGION-06", pymalloc_set_region(REGION_SYSTEM, SIZE_MAX));
  check_use(REGION_SYSTEM);
  CHECK_EQ("PM-REGION-06", arena.calls, 0);
}

static void region_refused(const void *arg) {
  (void)arg;
  CHECK("PM-REGION-06", pymalloc_set_region(REGION_LIBC, 16 * MIB));
  CHECK("PM-REGION-06", !pymalloc_set_region(REGION_HOOK, 64 * MIB));
  CHECK("PM-REGION-06", !pymalloc_set_region(REGION_BUFFER, 64 * MIB));
  CHECK("PM-REGION-06", !pymalloc_set_region((region_source_t)99, 64 * MIB));
  check_use(REGION_LIBC);
  CHECK("PM-REGION-06", !pymalloc_set_region(REGION_NONE, 0)); /* too late */
  CHECK("PM-REGION-06", !pymalloc_set_region(REGION_LIBC, 16 * MIB));
  check_use(REGION_LIBC);
}

/* The region is too small for all: the rest is the raw domain's. */
static void region_full(const void *arg) {
  enum { MOST = 20000 };
  static char *p[MOST];
  size_t owned = 0;
  (void)arg;
  CHECK("PM-REGION-06", pymalloc_set_region(REGION_LIBC, 4 * MIB));
  for (size_t i = 0; i < MOST; i++) {
    p[i] = PyObject_Malloc(500);
    CHECK_OF("PM-MALLOC-06", p[i] != NULL, i, owned);
    owned += space_owns(pymalloc_space(), p[i]);
    pattern_fill(p[i], 500, i);
  }
  CHECK_OF("PM-MALLOC-06", owned > 7000 && owned <= 8192, owned, MOST);
  CHECK_EQ("PM-STATS-01", pymalloc_space()->large_blocks, MOST - owned);
  for (size_t i = 0; i < MOST; i++) {
    p[i] = PyObject_Realloc(p[i], 300);
    CHECK_OF("PM-REALLOC-03", p[i] != NULL && pattern_kept(p[i], 300, i), i, owned);
  }
  for (size_t i = 0; i < MOST; i++) PyObject_Free(p[i]);
  CHECK_EQ("PM-STATS-01", pymalloc_space()->large_blocks, 0);
}

int main(void) {
  static void (*const cases[])(const void *) = {
    hook_before, hook_halves, hook_fails,       hook_null,    hook_after,     hook_default,
    region_libc, region_none, region_too_small, region_again, region_refused, region_full,
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) child_must(cases[i], NULL);
  return check_done();
}
