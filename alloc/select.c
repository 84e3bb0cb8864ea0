#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "alloc/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "alloc/mem.h"
#include "alloc/raw.h"

#ifndef PYMALLOC_WITH_PYMALLOC
#define PYMALLOC_WITH_PYMALLOC 1 /* 0: --//alloc:pymalloc=False */
#endif

#define HOOK_MOST ((size_t)256 << 20)

static space_t process_space;
static bool selected;
static region_source_t region_source = REGION_SYSTEM;
static size_t region_most = SPACE_MOST;

const space_t *pymalloc_space(void) { return &process_space; }

bool pymalloc_set_region(region_source_t source, size_t most) {
  bool known = source == REGION_SYSTEM || source == REGION_LIBC || source == REGION_NONE;
  if (selected || !known) return false;
  region_source = source;
  region_most = most < SPACE_MOST ? most : SPACE_MOST;
  return true;
}

/* The hook. */

static void *arena_map(void *ctx, size_t size) {
  (void)ctx;
  void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

static void arena_unmap(void *ctx, void *p, size_t size) {
  (void)ctx;
  munmap(p, size);
}

static PyObjectArenaAllocator arena_hook = {NULL, arena_map, arena_unmap};

void PyObject_GetArenaAllocator(PyObjectArenaAllocator *allocator) { *allocator = arena_hook; }

void PyObject_SetArenaAllocator(PyObjectArenaAllocator *allocator) {
  arena_hook = *allocator;
  if (selected) return;
  region_source = allocator->alloc == NULL ? REGION_NONE : REGION_HOOK;
  region_most = HOOK_MOST;
}

/* Large requests go to whatever the raw domain is at the time. */

static void *large_malloc(void *ctx, size_t n) {
  (void)ctx;
  return PyMem_RawMalloc(n);
}

static void *large_calloc(void *ctx, size_t nelem, size_t elsize) {
  (void)ctx;
  return PyMem_RawCalloc(nelem, elsize);
}

static void *large_realloc(void *ctx, void *p, size_t n) {
  (void)ctx;
  return PyMem_RawRealloc(p, n);
}

static void large_free(void *ctx, void *p) {
  (void)ctx;
  PyMem_RawFree(p);
}

static const PyMemAllocatorEx large_allocator = {NULL, large_malloc, large_calloc, large_realloc,
                                                 large_free};
static const PyMemAllocatorEx pool_allocator = {&process_space, space_malloc, space_calloc,
                                                space_realloc, space_free};

/* The choice. */

_Noreturn static void select_fail(const char *what) {
  fprintf(stderr, "Fatal Python error: preconfig_init_allocator: PYTHONMALLOC: %s\n"
                  "Python runtime state: preinitializing\n\n", what);
  exit(1);
}

typedef struct {
  const char *value;
  bool pools, debug;
} choice_t;

static const choice_t choices[] = {
  {"", PYMALLOC_WITH_PYMALLOC, false},
  {"default", PYMALLOC_WITH_PYMALLOC, false},
  {"malloc", false, false},
  {"debug", PYMALLOC_WITH_PYMALLOC, true},
  {"malloc_debug", false, true},
#if PYMALLOC_WITH_PYMALLOC
  {"pymalloc", true, false},
  {"pymalloc_debug", true, true},
#endif
};

static const choice_t *choice_named(const char *value) {
  for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
    if (strcmp(choices[i].value, value) == 0) return &choices[i];
  select_fail("unknown allocator");
}

PyMemAllocatorEx select_allocator(void) {
  selected = true;
  const char *value = getenv("PYTHONMALLOC");
  const choice_t *choice = choice_named(value == NULL ? "" : value);
  if (choice->debug) select_fail("the debug layer is not in this version");
  if (!choice->pools) return (PyMemAllocatorEx)RAW_ALLOCATOR;
  space_open(&process_space, region_source, region_most, &arena_hook, &large_allocator);
  raw_set_pools(&process_space);
  return pool_allocator;
}
