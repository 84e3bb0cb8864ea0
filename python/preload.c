/* Puts pymalloc under an unmodified CPython.  Preloaded (LD_PRELOAD) into its
   process, this library makes one space serve the mem and obj domains; large
   requests go to CPython's own raw domain.  It does so before main(), when Python
   has not yet allocated anything in those domains.

   With PYMALLOC_DEBUG=1 the debug layer is over all three. */
#include <stdlib.h>
#include <string.h>

#include "alloc/debug.h"
#include "alloc/domain.h"
#include "alloc/space.h"
#include "python/counts.h"

/* CPython's functions.  They are named here by their symbols, since alloc/names.h
   makes the usual names ours.  Weak, since child processes are preloaded too, and
   most programs are not Python. */
#define CPYTHON(symbol) __asm__(symbol) __attribute__((weak))

extern const unsigned long cpython_version CPYTHON("Py_Version");
int cpython_holds_gil(void) CPYTHON("PyGILState_Check");
void cpython_get_allocator(PyMemAllocatorDomain, PyMemAllocatorEx *) CPYTHON("PyMem_GetAllocator");
void cpython_set_allocator(PyMemAllocatorDomain, PyMemAllocatorEx *) CPYTHON("PyMem_SetAllocator");
void *cpython_raw_malloc(size_t) CPYTHON("PyMem_RawMalloc");
void *cpython_raw_calloc(size_t, size_t) CPYTHON("PyMem_RawCalloc");
void *cpython_raw_realloc(void *, size_t) CPYTHON("PyMem_RawRealloc");
void cpython_raw_free(void *) CPYTHON("PyMem_RawFree");

static void *large_malloc(void *ctx, size_t n) {
  (void)ctx;
  return cpython_raw_malloc(n);
}

static void *large_calloc(void *ctx, size_t nelem, size_t elsize) {
  (void)ctx;
  return cpython_raw_calloc(nelem, elsize);
}

static void *large_realloc(void *ctx, void *p, size_t n) {
  (void)ctx;
  return cpython_raw_realloc(p, n);
}

static void large_free(void *ctx, void *p) {
  (void)ctx;
  cpython_raw_free(p);
}

/* With the debug layer it is the layer over CPython's raw domain. */
static PyMemAllocatorEx large = {NULL, large_malloc, large_calloc, large_realloc, large_free};
static space_t space;

/* Whether this process is CPython 3.11.  Later ones may call the allocators from
   several threads at once: interpreters with a GIL each (3.12), or no GIL. */
static bool is_cpython_311(void) {
  return &cpython_version != NULL && cpython_version >> 16 == 0x030B;
}

static bool debug_wanted(void) {
  const char *value = getenv("PYMALLOC_DEBUG");
  return value != NULL && strcmp(value, "1") == 0;
}

/* Gives CPython an allocator for a domain, with the layer over it if that is wanted. */
static void give(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator) {
  if (debug_wanted() && !pymalloc_debug_wrap(domain, allocator)) abort(); /* not so: three layers */
  cpython_set_allocator(domain, allocator);
}

__attribute__((constructor)) static void install(void) {
  if (!is_cpython_311()) return;
  space_open(&space, REGION_SYSTEM, REGION_MOST, NULL, &large);
  PyMemAllocatorEx mem = {&space, space_malloc, space_calloc, space_realloc, space_free};
  PyMemAllocatorEx obj = mem;
  counts_start(&space, debug_wanted(), &mem, &obj);
  if (debug_wanted()) {
    cpython_get_allocator(PYMEM_DOMAIN_RAW, &large);
    give(PYMEM_DOMAIN_RAW, &large);
  }
  give(PYMEM_DOMAIN_MEM, &mem);
  give(PYMEM_DOMAIN_OBJ, &obj);
  pymalloc_set_lock_check(cpython_holds_gil);
}
