/* The system allocator, as the raw domain uses it: the C library's malloc and
   its relatives, with 0 bytes as 1 (PM-MALLOC-02) and one check: memory of the
   pools that is given to it belongs to another family (PM-MISUSE-03).
   Thread-safe. */
#pragma once

#include "alloc/space.h"
#include "alloc/types.h"

/* The functions of the allocator; the context is not used. */
/*@ allocates \result;
    assigns \result \from n;
    ensures PM_MALLOC_01_size: \result != \null ==> \valid((char *)\result + (0 .. n - 1)); */
void *raw_malloc(void *ctx, size_t n);

/*@ allocates \result;
    assigns \result \from nelem, elsize;
    ensures PM_CALLOC_02_zero: \result != \null ==>
      \forall integer i; 0 <= i < nelem * elsize ==> ((char *)\result)[i] == 0; */
void *raw_calloc(void *ctx, size_t nelem, size_t elsize);

/*@ allocates \result;
    frees p;
    assigns \result \from p, n;
    ensures PM_MALLOC_01_size: \result != \null ==> \valid((char *)\result + (0 .. n - 1)); */
void *raw_realloc(void *ctx, void *p, size_t n);

/*@ frees p;
    assigns \nothing; */
void raw_free(void *ctx, void *p);

#define RAW_ALLOCATOR {NULL, raw_malloc, raw_calloc, raw_realloc, raw_free}

/* Tells the check which space has the pools of the process. */
/*@ requires space: \valid_read(space); */
void raw_set_pools(const space_t *space);
