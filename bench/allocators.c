#define _GNU_SOURCE /* RTLD_DEEPBIND */
#include "bench/allocators.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define LIBC_MOST 8 /* libc-style allocators in one process */

/* The floor: as little as there can be behind a call.  Every block is this one;
   it is as large as the largest that a workload writes to. */

static char floor_block[1 << 16];

static void *floor_malloc(void *ctx, size_t n) {
  (void)ctx, (void)n;
  return floor_block;
}

static void *floor_calloc(void *ctx, size_t nelem, size_t elsize) {
  (void)ctx, (void)nelem, (void)elsize;
  return floor_block;
}

static void *floor_realloc(void *ctx, void *p, size_t n) {
  (void)ctx, (void)n;
  return p == NULL ? floor_block : p;
}

static void floor_free(void *ctx, void *p) { (void)ctx, (void)p; }

/* Libc-style allocators, whose functions take no context: here it is the functions'
   table.  Each of these is three instructions, two moves and a jump; CPython puts as much
   (and a test for 0 bytes) before the C library's malloc when it runs on that. */

typedef struct {
  void *(*malloc)(size_t);
  void *(*calloc)(size_t, size_t);
  void *(*realloc)(void *, size_t);
  void (*free)(void *);
} libc_t;

static void *libc_malloc(void *ctx, size_t n) {
  const libc_t *libc = ctx;
  return libc->malloc(n);
}

static void *libc_calloc(void *ctx, size_t nelem, size_t elsize) {
  const libc_t *libc = ctx;
  return libc->calloc(nelem, elsize);
}

static void *libc_realloc(void *ctx, void *p, size_t n) {
  const libc_t *libc = ctx;
  return libc->realloc(p, n);
}

static void libc_free(void *ctx, void *p) {
  const libc_t *libc = ctx;
  libc->free(p);
}

/* Sets *function, a pointer to a function, to a symbol of a library. */
static bool find(void *library, const char *name, void *function) {
  void *symbol = dlsym(library, name);
  if (symbol == NULL) fprintf(stderr, "bench: %s\n", dlerror());
  memcpy(function, &symbol, sizeof symbol); /* C has no cast between the two */
  return symbol != NULL;
}

static bool open_libc(void *library, PyMemAllocatorEx *a) {
  static libc_t tables[LIBC_MOST];
  static size_t used;
  if (used == LIBC_MOST) return false;
  libc_t *libc = &tables[used++];
  *a = (PyMemAllocatorEx){libc, libc_malloc, libc_calloc, libc_realloc, libc_free};
  return find(library, "malloc", &libc->malloc) && find(library, "calloc", &libc->calloc) &&
         find(library, "realloc", &libc->realloc) && find(library, "free", &libc->free);
}

static bool open_pymalloc(void *library, PyMemAllocatorEx *a) {
  void (*get)(PyMemAllocatorEx *);
  if (!find(library, "pymalloc_get", &get)) return false;
  get(a);
  return true;
}

static bool open_cpython(void *library, bool debug, PyMemAllocatorEx *a) {
  void (*get)(int, PyMemAllocatorEx *);
  void (*set_up_debug)(void);
  if (!find(library, "PyMem_GetAllocator", &get)) return false;
  if (!find(library, "PyMem_SetupDebugHooks", &set_up_debug)) return false;
  if (debug) set_up_debug();
  get(2 /* PYMEM_DOMAIN_OBJ */, a);
  return true;
}

bool allocator_open(const char *kind, const char *library, PyMemAllocatorEx *a) {
  *a = (PyMemAllocatorEx){NULL, floor_malloc, floor_calloc, floor_realloc, floor_free};
  if (strcmp(kind, "floor") == 0) return true;
  /* Local, and bound to itself first: its malloc is not the process's, and the
     process's is not its. */
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  if (handle == NULL) {
    fprintf(stderr, "bench: %s\n", dlerror());
    return false;
  }
  if (strcmp(kind, "pymalloc") == 0) return open_pymalloc(handle, a);
  if (strcmp(kind, "cpython") == 0) return open_cpython(handle, false, a);
  if (strcmp(kind, "cpython_debug") == 0) return open_cpython(handle, true, a);
  return open_libc(handle, a);
}
