/* The domains, and the functions of the families (mem.h), which check the size
   and call their domain. */
#include "alloc/domain.h"

#include <stdbool.h>

#include "alloc/debug.h"
#include "alloc/mem.h"
#include "alloc/raw.h"
#include "alloc/select.h"

/* mem and obj begin with functions that choose the real ones and go on with
   those, so that later calls find nothing to check.  Their context is the domain
   that they stand in. */

static void domains_start(void);

static void *first_malloc(void *ctx, size_t n) {
  const PyMemAllocatorEx *domain = ctx;
  domains_start();
  return domain->malloc(domain->ctx, n);
}

static void *first_calloc(void *ctx, size_t nelem, size_t elsize) {
  const PyMemAllocatorEx *domain = ctx;
  domains_start();
  return domain->calloc(domain->ctx, nelem, elsize);
}

static void *first_realloc(void *ctx, void *p, size_t n) {
  const PyMemAllocatorEx *domain = ctx;
  domains_start();
  return domain->realloc(domain->ctx, p, n);
}

static void first_free(void *ctx, void *p) {
  const PyMemAllocatorEx *domain = ctx;
  domains_start();
  domain->free(domain->ctx, p);
}

static PyMemAllocatorEx domains[] = {
  [PYMEM_DOMAIN_RAW] = RAW_ALLOCATOR,
  [PYMEM_DOMAIN_MEM] = {&domains[PYMEM_DOMAIN_MEM], first_malloc, first_calloc, first_realloc,
                        first_free},
  [PYMEM_DOMAIN_OBJ] = {&domains[PYMEM_DOMAIN_OBJ], first_malloc, first_calloc, first_realloc,
                        first_free},
};

static void domains_start(void) {
  static bool started;
  if (started) return;
  started = true;
  domains[PYMEM_DOMAIN_MEM] = domains[PYMEM_DOMAIN_OBJ] = select_allocator(domains);
  debug_start(PYMEM_DOMAIN_MEM, &domains[PYMEM_DOMAIN_MEM]);
  debug_start(PYMEM_DOMAIN_OBJ, &domains[PYMEM_DOMAIN_OBJ]);
}

/* The raw domain cannot wait for a first use, since several threads may make it. */
__attribute__((constructor)) static void raw_start(void) {
  debug_start(PYMEM_DOMAIN_RAW, &domains[PYMEM_DOMAIN_RAW]);
}

static bool domain_known(PyMemAllocatorDomain d) { return (unsigned)d <= PYMEM_DOMAIN_OBJ; }

void PyMem_GetAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator) {
  domains_start();
  *allocator = domain_known(domain) ? domains[domain] : (PyMemAllocatorEx){0};
}

void PyMem_SetAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator) {
  domains_start();
  if (domain_known(domain)) domains[domain] = *allocator;
}

/* The families.  PM-MALLOC-04, PM-CALLOC-01, PM-REALLOC-06: no request above
   PY_SSIZE_T_MAX bytes reaches an allocator. */

static inline void *domain_malloc(PyMemAllocatorDomain domain, size_t n) {
  if (n > (size_t)PY_SSIZE_T_MAX) return NULL;
  return domains[domain].malloc(domains[domain].ctx, n);
}

static inline void *domain_calloc(PyMemAllocatorDomain domain, size_t nelem, size_t elsize) {
  if (elsize != 0 && nelem > (size_t)PY_SSIZE_T_MAX / elsize) return NULL;
  return domains[domain].calloc(domains[domain].ctx, nelem, elsize);
}

static inline void *domain_realloc(PyMemAllocatorDomain domain, void *p, size_t n) {
  if (n > (size_t)PY_SSIZE_T_MAX) return NULL;
  return domains[domain].realloc(domains[domain].ctx, p, n);
}

void *PyMem_RawMalloc(size_t n) { return domain_malloc(PYMEM_DOMAIN_RAW, n); }
void *PyMem_RawCalloc(size_t m, size_t n) { return domain_calloc(PYMEM_DOMAIN_RAW, m, n); }
void *PyMem_RawRealloc(void *p, size_t n) { return domain_realloc(PYMEM_DOMAIN_RAW, p, n); }
void PyMem_RawFree(void *p) { domains[PYMEM_DOMAIN_RAW].free(domains[PYMEM_DOMAIN_RAW].ctx, p); }

void *PyMem_Malloc(size_t n) { return domain_malloc(PYMEM_DOMAIN_MEM, n); }
void *PyMem_Calloc(size_t m, size_t n) { return domain_calloc(PYMEM_DOMAIN_MEM, m, n); }
void *PyMem_Realloc(void *p, size_t n) { return domain_realloc(PYMEM_DOMAIN_MEM, p, n); }
void PyMem_Free(void *p) { domains[PYMEM_DOMAIN_MEM].free(domains[PYMEM_DOMAIN_MEM].ctx, p); }

void *PyObject_Malloc(size_t n) { return domain_malloc(PYMEM_DOMAIN_OBJ, n); }
void *PyObject_Calloc(size_t m, size_t n) { return domain_calloc(PYMEM_DOMAIN_OBJ, m, n); }
void *PyObject_Realloc(void *p, size_t n) { return domain_realloc(PYMEM_DOMAIN_OBJ, p, n); }
void PyObject_Free(void *p) { domains[PYMEM_DOMAIN_OBJ].free(domains[PYMEM_DOMAIN_OBJ].ctx, p); }
