/* The families of memory functions.

     raw   PyMem_Raw...   the system allocator's memory; may be called from any
                          thread, with or without the lock
     mem   PyMem_...      memory for Python's own buffers
     obj   PyObject_...   memory for objects (and, on it, object.h)

   Memory of one family goes back to that family.  mem and obj are served by
   pools up to 512 bytes and by raw above that; they are called with the lock (in
   CPython: the GIL) held, and so are not thread-safe by themselves.

   In each family:
     Malloc(n)      n bytes, n = 0 as 1.  Contents are indeterminate.
     Calloc(m, n)   m times n bytes, all zero; m * n = 0 as 1.
     Realloc(p, n)  the block at p with n bytes, n = 0 as 1, perhaps elsewhere;
                    the first min(old n, n) bytes are kept.  p = NULL: as Malloc.
     Free(p)        gives the block back; p = NULL: nothing.
   A block is aligned to 16 bytes and shares no byte with any live block.  On
   failure the first three return NULL and change nothing (Realloc: the block at
   p stays as it was).  Requests above PY_SSIZE_T_MAX bytes always fail.
   No function sets errno on purpose or raises an exception.

   A pointer that is not a live block of the family is a misuse.  Where the
   allocator can tell, it reports it and aborts (misuse.h); where it can't, the
   behaviour is undefined.

   Rules: PM-FAMILY, PM-MALLOC, PM-CALLOC, PM-REALLOC, PM-FREE, PM-MISUSE in
   spec/semantics.md. */
#pragma once

#include "alloc/types.h"

#include "spec/domain.acsl.h"

/*@ requires domains: domains_ok;
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: n <= PY_SSIZE_T_MAX ==> any_asked == domains[0].ctx;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, n);
    ensures PM_MALLOC_04_most: n > PY_SSIZE_T_MAX ==> \result == \null && any_asked == \old(any_asked) &&
      started == \old(started); */
void *PyMem_RawMalloc(size_t n);

/*@ requires domains: domains_ok;
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: nelem * elsize <= PY_SSIZE_T_MAX ==> any_asked == domains[0].ctx;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, nelem * elsize);
    ensures PM_CALLOC_01_overflow: nelem * elsize > PY_SSIZE_T_MAX ==>
      \result == \null && any_asked == \old(any_asked) && started == \old(started);
    ensures PM_CALLOC_02_zero: \result != \null ==>
      \forall integer i; 0 <= i < any_bytes(nelem * elsize) ==> ((char *)\result)[i] == 0; */
void *PyMem_RawCalloc(size_t nelem, size_t elsize);

/*@ requires domains: domains_ok;
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: n <= PY_SSIZE_T_MAX ==> any_asked == domains[0].ctx;
    ensures PM_REALLOC_03_done: realloc_done{Pre,Post}((char *)p, (char *)\result, n);
    ensures PM_REALLOC_06_most: n > PY_SSIZE_T_MAX ==> \result == \null && any_asked == \old(any_asked) &&
      started == \old(started); */
void *PyMem_RawRealloc(void *p, size_t n);

/*@ requires domains: domains_ok;
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: any_asked == domains[0].ctx;
    ensures PM_FREE_01_done: free_done{Pre,Post}((char *)p); */
void PyMem_RawFree(void *p);

/*@ requires domains: domains_ok;
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: n <= PY_SSIZE_T_MAX ==> any_asked == domains[1].ctx;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, n);
    ensures PM_MALLOC_04_most: n > PY_SSIZE_T_MAX ==> \result == \null && any_asked == \old(any_asked) &&
      started == \old(started); */
void *PyMem_Malloc(size_t n);

/*@ requires domains: domains_ok;
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: nelem * elsize <= PY_SSIZE_T_MAX ==> any_asked == domains[1].ctx;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, nelem * elsize);
    ensures PM_CALLOC_01_overflow: nelem * elsize > PY_SSIZE_T_MAX ==>
      \result == \null && any_asked == \old(any_asked) && started == \old(started);
    ensures PM_CALLOC_02_zero: \result != \null ==>
      \forall integer i; 0 <= i < any_bytes(nelem * elsize) ==> ((char *)\result)[i] == 0; */
void *PyMem_Calloc(size_t nelem, size_t elsize);

/*@ requires domains: domains_ok;
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: n <= PY_SSIZE_T_MAX ==> any_asked == domains[1].ctx;
    ensures PM_REALLOC_03_done: realloc_done{Pre,Post}((char *)p, (char *)\result, n);
    ensures PM_REALLOC_06_most: n > PY_SSIZE_T_MAX ==> \result == \null && any_asked == \old(any_asked) &&
      started == \old(started); */
void *PyMem_Realloc(void *p, size_t n);

/*@ requires domains: domains_ok;
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: any_asked == domains[1].ctx;
    ensures PM_FREE_01_done: free_done{Pre,Post}((char *)p); */
void PyMem_Free(void *p);

/*@ requires domains: domains_ok;
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: n <= PY_SSIZE_T_MAX ==> any_asked == domains[2].ctx;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, n);
    ensures PM_MALLOC_04_most: n > PY_SSIZE_T_MAX ==> \result == \null && any_asked == \old(any_asked) &&
      started == \old(started); */
void *PyObject_Malloc(size_t n);

/*@ requires domains: domains_ok;
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: nelem * elsize <= PY_SSIZE_T_MAX ==> any_asked == domains[2].ctx;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, nelem * elsize);
    ensures PM_CALLOC_01_overflow: nelem * elsize > PY_SSIZE_T_MAX ==>
      \result == \null && any_asked == \old(any_asked) && started == \old(started);
    ensures PM_CALLOC_02_zero: \result != \null ==>
      \forall integer i; 0 <= i < any_bytes(nelem * elsize) ==> ((char *)\result)[i] == 0; */
void *PyObject_Calloc(size_t nelem, size_t elsize);

/*@ requires domains: domains_ok;
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: n <= PY_SSIZE_T_MAX ==> any_asked == domains[2].ctx;
    ensures PM_REALLOC_03_done: realloc_done{Pre,Post}((char *)p, (char *)\result, n);
    ensures PM_REALLOC_06_most: n > PY_SSIZE_T_MAX ==> \result == \null && any_asked == \old(any_asked) &&
      started == \old(started); */
void *PyObject_Realloc(void *p, size_t n);

/*@ requires domains: domains_ok;
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_FAMILY_01_asked: any_asked == domains[2].ctx;
    ensures PM_FREE_01_done: free_done{Pre,Post}((char *)p); */
void PyObject_Free(void *p);

/* An array of n elements of a type; NULL when there is no memory or the size
   overflows.  Rule: PM-FAMILY-06. */
#define PyMem_New(type, n) \
  ((size_t)(n) > PY_SSIZE_T_MAX / sizeof(type) \
       ? NULL : (type *)PyMem_Malloc((size_t)(n) * sizeof(type)))

/* Makes the array at p one of n elements, and sets p; to NULL when it fails, so
   keep the old value: its block is still live then.  Rule: PM-FAMILY-07. */
#define PyMem_Resize(p, type, n) \
  ((p) = (size_t)(n) > PY_SSIZE_T_MAX / sizeof(type) \
             ? NULL : (type *)PyMem_Realloc((p), (size_t)(n) * sizeof(type)))

/* Gives an array back. */
#define PyMem_Del(p) PyMem_Free(p)
