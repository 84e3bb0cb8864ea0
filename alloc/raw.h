/* The system allocator, as the raw domain uses it: the C library's malloc and
   its relatives, with 0 bytes as 1 (PM-MALLOC-02) and one check: memory of the
   pools that is given to it belongs to another family (PM-MISUSE-03).
   Thread-safe. */
#pragma once

#include "alloc/space.h"
#include "alloc/types.h"

#include "spec/raw.acsl.h"

/* The functions of the allocator; the context is not used. */
/*@ requires limit: n <= PY_SSIZE_T_MAX;
    terminates \true;
    assigns ANY_BLOCKS;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, n); */
void *raw_malloc(void *ctx, size_t n);

/*@ requires limit: nelem * elsize <= PY_SSIZE_T_MAX;
    terminates \true;
    assigns ANY_BLOCKS;
    ensures PM_MALLOC_01_done: malloc_done{Pre,Post}((char *)\result, nelem * elsize);
    ensures PM_CALLOC_02_zero: \result != \null ==>
      \forall integer i; 0 <= i < any_bytes(nelem * elsize) ==> ((char *)\result)[i] == 0; */
void *raw_calloc(void *ctx, size_t nelem, size_t elsize);

/*@ requires limit: n <= PY_SSIZE_T_MAX;
    requires pools: raw_ok && is_address((char *)p);
    requires live: p == \null || any_held((char *)p) || raw_foreign((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, SAID;
    ensures PM_MISUSE_03_family: !raw_foreign{Pre}((char *)p);
    ensures PM_MISUSE_05_silent: !spoken{Pre,Post};
    ensures PM_REALLOC_03_done: realloc_done{Pre,Post}((char *)p, (char *)\result, n);
    exits PM_MISUSE_05_said: spoken{Pre,Post} ==> raw_foreign((char *)p) && said_what == MISUSE_FAMILY &&
      said_of == p && said_by[9] == 'R'; */
void *raw_realloc(void *ctx, void *p, size_t n);

/*@ requires pools: raw_ok && is_address((char *)p);
    requires live: p == \null || any_held((char *)p) || raw_foreign((char *)p);
    terminates \true;
    assigns ANY_BLOCKS, SAID;
    ensures PM_MISUSE_03_family: !raw_foreign{Pre}((char *)p);
    ensures PM_MISUSE_05_silent: !spoken{Pre,Post};
    ensures PM_FREE_01_done: free_done{Pre,Post}((char *)p);
    exits PM_MISUSE_05_said: spoken{Pre,Post} ==> raw_foreign((char *)p) && said_what == MISUSE_FAMILY &&
      said_of == p && said_by[9] == 'F'; */
void raw_free(void *ctx, void *p);

#define RAW_ALLOCATOR {NULL, raw_malloc, raw_calloc, raw_realloc, raw_free}

/* Tells the check which space has the pools of the process. */
/*@ requires space: \valid_read(space) && region_ok(&space->region);
    terminates \true;
    assigns pools;
    ensures ok: raw_ok && pools == space; */
void raw_set_pools(const space_t *space);
