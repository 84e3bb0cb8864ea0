/* The domains, and the functions of the families (mem.h), which check the size
   and call their domain. */
#include "alloc/select.h" /* first: contracts of the others name what it changes, where that is known */

#include <stdbool.h>

#include "alloc/debug.h"
#include "alloc/domain.h"
#include "alloc/mem.h"
#include "alloc/raw.h"

/* mem and obj begin with functions that choose the real ones and go on with
   those, so that later calls find nothing to check.  Their context is the domain
   that they stand in. */

/*@ requires domains: domains_ok;
    terminates \true;
    assigns FIRST_USE;
    ensures domains: domains_ok && domains_started;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post}; */
static void domains_start(void);

/*@ requires domains: domains_ok;
    requires domain: ctx == (void *)&domains[1] || ctx == (void *)&domains[2];
    requires limit: n <= PY_SSIZE_T_MAX;
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: any_asked == ((PyMemAllocatorEx *)ctx)->ctx;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, n); */
static void *first_malloc(void *ctx, size_t n) {
  const PyMemAllocatorEx *domain = ctx;
  domains_start();
  //@ calls any_malloc;
  return domain->malloc(domain->ctx, n);
}

/*@ requires domains: domains_ok;
    requires domain: ctx == (void *)&domains[1] || ctx == (void *)&domains[2];
    requires limit: nelem * elsize <= PY_SSIZE_T_MAX;
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: any_asked == ((PyMemAllocatorEx *)ctx)->ctx;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, nelem * elsize);
    ensures PM_CALLOC_02_zero: \result != \null ==>
      \forall integer i; 0 <= i < any_bytes(nelem * elsize) ==> ((char *)\result)[i] == 0; */
static void *first_calloc(void *ctx, size_t nelem, size_t elsize) {
  const PyMemAllocatorEx *domain = ctx;
  domains_start();
  //@ calls any_calloc;
  return domain->calloc(domain->ctx, nelem, elsize);
}

/*@ requires domains: domains_ok;
    requires domain: ctx == (void *)&domains[1] || ctx == (void *)&domains[2];
    requires limit: n <= PY_SSIZE_T_MAX;
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: any_asked == ((PyMemAllocatorEx *)ctx)->ctx;
    ensures PM_REALLOC_03_kept: any_kept{Pre,Post};
    ensures PM_REALLOC_05_none: \result == \null ==> any_same{Pre,Post};
    ensures PM_REALLOC_03_moved: \result != \null ==> realloc_moved{Pre,Post}((char *)p, (char *)\result, n);
    ensures PM_REALLOC_03_contents: \result != \null ==>
      realloc_contents{Pre,Post}((char *)p, (char *)\result, n); */
static void *first_realloc(void *ctx, void *p, size_t n) {
  const PyMemAllocatorEx *domain = ctx;
  domains_start();
  //@ assert bytes: \forall integer o; 0 <= o < ANY_SIZE ==> any_memory[o] == \at(any_memory[o], Pre);
  /*@ assert block: \forall integer m, i; any_block{Pre}((char *)p, m) && 0 <= i < m ==>
        any_block((char *)p, m) && ((char *)p)[i] == \at(((char *)p)[i], Pre); */
  //@ calls any_realloc;
  return domain->realloc(domain->ctx, p, n);
}

/*@ requires domains: domains_ok;
    requires domain: ctx == (void *)&domains[1] || ctx == (void *)&domains[2];
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: any_asked == ((PyMemAllocatorEx *)ctx)->ctx;
    ensures PM_FREE_01_done: free_done{Pre,Post}((char *)p); */
static void first_free(void *ctx, void *p) {
  const PyMemAllocatorEx *domain = ctx;
  domains_start();
  //@ calls any_free;
  domain->free(domain->ctx, p);
}

static PyMemAllocatorEx domains[] = {
  [PYMEM_DOMAIN_RAW] = RAW_ALLOCATOR,
  [PYMEM_DOMAIN_MEM] = {&domains[PYMEM_DOMAIN_MEM], first_malloc, first_calloc, first_realloc,
                        first_free},
  [PYMEM_DOMAIN_OBJ] = {&domains[PYMEM_DOMAIN_OBJ], first_malloc, first_calloc, first_realloc,
                        first_free},
};

static bool started;

static void domains_start(void) {
  if (started) return;
  started = true;
  domains[PYMEM_DOMAIN_MEM] = domains[PYMEM_DOMAIN_OBJ] = select_allocator(domains);
  debug_put(PYMEM_DOMAIN_MEM, &domains[PYMEM_DOMAIN_MEM], select_debug());
  debug_put(PYMEM_DOMAIN_OBJ, &domains[PYMEM_DOMAIN_OBJ], select_debug());
}

/* Where 128 KiB are free at the end of its memory, the C library gives them to the system, and soon takes them again.
   The debug layer frees many blocks at once, and this would be most of its time.  glibc keeps twice the size of the
   largest block that was mapped by itself and freed; one of more than 32 MiB does not count. */
#define MAPPED_MOST ((size_t)31 << 20)

/* The raw domain cannot wait for a first use, since several threads may make it. */
/*@ requires pools: raw_ok;
    terminates \true;
    assigns domains[0], setting_given, ANY_BLOCKS, SAID;
    ensures raw: allocator_ok(&domains[0]);
    ensures PM_DEBUG_18_blocks: \forall char *q, integer n; any_block{Pre}(q, n) <==> any_block(q, n);
    ensures PM_DEBUG_18_kept: any_kept{Pre,Post}; */
__attribute__((constructor)) static void raw_start(void) {
  if (select_debug()) raw_free(NULL, raw_malloc(NULL, MAPPED_MOST));
  debug_put(PYMEM_DOMAIN_RAW, &domains[PYMEM_DOMAIN_RAW], select_debug());
}

/*@ terminates \true;
    assigns \nothing;
    ensures known: \result <==> 0 <= d <= 2; */
static bool domain_known(PyMemAllocatorDomain d) { return (unsigned)d <= PYMEM_DOMAIN_OBJ; }

void PyMem_GetAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator) {
  domains_start();
  *allocator = domain_known(domain) ? domains[domain] : (PyMemAllocatorEx){0};
  //@ assert raw: allocator_ok(&domains[0]);
  //@ assert mem: allocator_ok(&domains[1]);
  //@ assert obj: allocator_ok(&domains[2]);
}

void PyMem_SetAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator) {
  PyMemAllocatorEx copy = *allocator;
  domains_start();
  if (domain_known(domain)) domains[domain] = copy;
  //@ assert raw: allocator_ok(&domains[0]);
  //@ assert mem: allocator_ok(&domains[1]);
  //@ assert obj: allocator_ok(&domains[2]);
}

void PyMem_SetupDebugHooks(void) {
  domains_start();
  /*@ loop invariant domains: d <= 3 && domains_ok && domains_started;
      loop assigns d, domains[0], domains[1 .. 2];
      loop variant 3 - d; */
  for (PyMemAllocatorDomain d = PYMEM_DOMAIN_RAW; d <= PYMEM_DOMAIN_OBJ; d++) debug_put(d, &domains[d], true);
}

/* The families.  PM-MALLOC-04, PM-CALLOC-01, PM-REALLOC-06: no request above
   PY_SSIZE_T_MAX bytes reaches an allocator. */

/*@ requires domains: domains_ok && domain <= 2;
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: n <= PY_SSIZE_T_MAX ==> any_asked == domains[domain].ctx;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, n);
    ensures PM_MALLOC_04_most: n > PY_SSIZE_T_MAX ==> \result == \null && any_asked == \old(any_asked) &&
      started == \old(started); */
static inline void *domain_malloc(PyMemAllocatorDomain domain, size_t n) {
  if (n > (size_t)PY_SSIZE_T_MAX) return NULL;
  //@ calls any_malloc, first_malloc;
  return domains[domain].malloc(domains[domain].ctx, n);
}

/*@ requires domains: domains_ok && domain <= 2;
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: nelem * elsize <= PY_SSIZE_T_MAX ==> any_asked == domains[domain].ctx;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, nelem * elsize);
    ensures PM_CALLOC_02_zero: \result != \null ==>
      \forall integer i; 0 <= i < any_bytes(nelem * elsize) ==> ((char *)\result)[i] == 0;
    ensures PM_CALLOC_01_overflow: nelem * elsize > PY_SSIZE_T_MAX ==>
      \result == \null && any_asked == \old(any_asked) && started == \old(started); */
static inline void *domain_calloc(PyMemAllocatorDomain domain, size_t nelem, size_t elsize) {
  if (elsize != 0 && nelem > (size_t)PY_SSIZE_T_MAX / elsize) return NULL;
  //@ calls any_calloc, first_calloc;
  return domains[domain].calloc(domains[domain].ctx, nelem, elsize);
}

/*@ requires domains: domains_ok && domain <= 2;
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: n <= PY_SSIZE_T_MAX ==> any_asked == domains[domain].ctx;
    ensures PM_REALLOC_03_done: realloc_done{Pre,Post}((char *)p, (char *)\result, n);
    ensures PM_REALLOC_06_most: n > PY_SSIZE_T_MAX ==> \result == \null && any_asked == \old(any_asked) &&
      started == \old(started); */
static inline void *domain_realloc(PyMemAllocatorDomain domain, void *p, size_t n) {
  if (n > (size_t)PY_SSIZE_T_MAX) return NULL;
  //@ calls any_realloc, first_realloc;
  return domains[domain].realloc(domains[domain].ctx, p, n);
}

/*@ requires domains: domains_ok && domain <= 2;
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: any_asked == domains[domain].ctx;
    ensures PM_FREE_01_done: free_done{Pre,Post}((char *)p); */
static inline void domain_free(PyMemAllocatorDomain domain, void *p) {
  //@ calls any_free, first_free;
  domains[domain].free(domains[domain].ctx, p);
}

void *PyMem_RawMalloc(size_t n) { return domain_malloc(PYMEM_DOMAIN_RAW, n); }
void *PyMem_RawCalloc(size_t m, size_t n) { return domain_calloc(PYMEM_DOMAIN_RAW, m, n); }
void *PyMem_RawRealloc(void *p, size_t n) { return domain_realloc(PYMEM_DOMAIN_RAW, p, n); }
void PyMem_RawFree(void *p) { domain_free(PYMEM_DOMAIN_RAW, p); }

void *PyMem_Malloc(size_t n) { return domain_malloc(PYMEM_DOMAIN_MEM, n); }
void *PyMem_Calloc(size_t m, size_t n) { return domain_calloc(PYMEM_DOMAIN_MEM, m, n); }
void *PyMem_Realloc(void *p, size_t n) { return domain_realloc(PYMEM_DOMAIN_MEM, p, n); }
void PyMem_Free(void *p) { domain_free(PYMEM_DOMAIN_MEM, p); }

void *PyObject_Malloc(size_t n) { return domain_malloc(PYMEM_DOMAIN_OBJ, n); }
void *PyObject_Calloc(size_t m, size_t n) { return domain_calloc(PYMEM_DOMAIN_OBJ, m, n); }
void *PyObject_Realloc(void *p, size_t n) { return domain_realloc(PYMEM_DOMAIN_OBJ, p, n); }
void PyObject_Free(void *p) { domain_free(PYMEM_DOMAIN_OBJ, p); }
