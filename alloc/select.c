#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "alloc/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "alloc/raw.h"

#ifndef PYMALLOC_WITH_PYMALLOC
#define PYMALLOC_WITH_PYMALLOC 1 /* 0: --//alloc:pymalloc=False */
#endif

#ifndef PYMALLOC_DEBUG
#define PYMALLOC_DEBUG 0 /* 1: --//alloc:debug=True */
#endif

#define HOOK_MOST ((size_t)256 << 20)

static space_t process_space;
static bool selected;
static region_source_t region_source = REGION_SYSTEM;
static size_t region_most = REGION_MOST;

const space_t *pymalloc_space(void) { return &process_space; }

bool pymalloc_set_region(region_source_t source, size_t most) {
  bool known = source == REGION_SYSTEM || source == REGION_LIBC || source == REGION_NONE;
  if (selected || !known) return false;
  region_source = source;
  region_most = most;
  return true;
}

/* The hook. */

static void *arena_map(void *ctx, size_t size) {
  (void)ctx;
  /* trusted */
  void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

/* trusted */
static void arena_unmap(void *ctx, void *p, size_t size) { (void)ctx; munmap(p, size); }

static PyObjectArenaAllocator arena_hook = {NULL, arena_map, arena_unmap};

void PyObject_GetArenaAllocator(PyObjectArenaAllocator *allocator) { *allocator = arena_hook; }

void PyObject_SetArenaAllocator(PyObjectArenaAllocator *allocator) {
  arena_hook = *allocator;
  if (selected) return;
  bool ours = allocator->alloc == arena_map;
  region_source = ours ? REGION_SYSTEM : allocator->alloc == NULL ? REGION_NONE : REGION_HOOK;
  region_most = ours ? REGION_MOST : HOOK_MOST;
}

/* The choice. */

/* What a value of PYTHONMALLOC means. */
typedef struct {
  const char *value;
  bool pools, debug;
} choice_t;

static const choice_t choices[] = {
  {"default", PYMALLOC_WITH_PYMALLOC, PYMALLOC_DEBUG},
  {"debug", PYMALLOC_WITH_PYMALLOC, true},
  {"malloc", false, false},
  {"malloc_debug", false, true},
#if PYMALLOC_WITH_PYMALLOC
  {"pymalloc", true, false},
  {"pymalloc_debug", true, true},
#endif
};

/* NULL: nothing. */
static const choice_t *select_choice(void) {
  const char *value = getenv("PYTHONMALLOC");
  if (value == NULL || *value == '\0') value = "default";
  for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
    if (strcmp(value, choices[i].value) == 0) return &choices[i];
  return NULL;
}

bool select_debug(void) {
  const choice_t *choice = select_choice();
  return choice != NULL && choice->debug;
}

PyMemAllocatorEx select_allocator(const PyMemAllocatorEx *raw) {
  const choice_t *choice = select_choice();
  if (choice == NULL) {
    fputs("Fatal Python error: preconfig_init_allocator: PYTHONMALLOC: unknown allocator\n"
          "Python runtime state: preinitializing\n\n", stderr);
    exit(1);
  }
  selected = true;
  if (!choice->pools) return (PyMemAllocatorEx)RAW_ALLOCATOR;
  space_open(&process_space, region_source, region_most, &arena_hook, raw);
  raw_set_pools(&process_space);
  return (PyMemAllocatorEx){&process_space, space_malloc, space_calloc, space_realloc, space_free};
}
