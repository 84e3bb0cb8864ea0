#include "alloc/raw.h"

#include <stdlib.h>

#include "alloc/misuse.h"

#ifdef __FRAMAC__ /* the C library's allocator is one that any_malloc and the others stand for */
#define malloc(n) any_malloc(NULL, n)
#define calloc(nelem, elsize) any_calloc(NULL, nelem, elsize)
#define realloc(p, n) any_realloc(NULL, p, n)
#define free(p) any_free(NULL, p)
#define _Atomic /* trusted: an atomic variable is a variable */
#endif

/* Other threads may be in the raw domain while the pools are set up, so this is
   read and written atomically: no pools yet, or all of them. */
static const space_t *_Atomic pools;

void raw_set_pools(const space_t *space) { pools = space; }

/*@ requires pools: raw_ok && is_address((char *)p) && valid_read_string(call);
    terminates \true;
    assigns SAID;
    ensures PM_MISUSE_03_family: !raw_foreign((char *)p);
    ensures PM_MISUSE_05_silent: !spoken{Pre,Post};
    exits PM_MISUSE_05_said: spoken{Pre,Post} ==>
      raw_foreign((char *)p) && said(MISUSE_FAMILY, (char *)p, *call) && said_by == call; */
static void raw_check(const char *call, const void *p) {
  const space_t *space = pools;
  if (space != NULL && space_owns(space, p)) misuse_report(call, p, MISUSE_FAMILY);
}

void *raw_malloc(void *ctx, size_t n) { (void)ctx; return malloc(n == 0 ? 1 : n); } /* trusted: as any_malloc */

void *raw_calloc(void *ctx, size_t nelem, size_t elsize) {
  (void)ctx;
  return nelem == 0 || elsize == 0 ? calloc(1, 1) : calloc(nelem, elsize); /* trusted: as any_calloc */
}

void *raw_realloc(void *ctx, void *p, size_t n) {
  (void)ctx;
  raw_check("PyMem_RawRealloc", p);
  return realloc(p, n == 0 ? 1 : n); /* trusted: as any_realloc */
}

void raw_free(void *ctx, void *p) {
  (void)ctx;
  raw_check("PyMem_RawFree", p);
  free(p); /* trusted: as any_free */
}
