/* The system allocator, as the raw domain uses it: the C library's malloc and
   its relatives, with 0 bytes as 1 (PM-MALLOC-02) and one check: memory of the
   pools that is given to it belongs to another family (PM-MISUSE-03).
   Thread-safe. */
#pragma once

#include "alloc/space.h"
#include "alloc/types.h"

/* The functions of the allocator; the context is not used. */
void *raw_malloc(void *ctx, size_t n);
void *raw_calloc(void *ctx, size_t nelem, size_t elsize);
void *raw_realloc(void *ctx, void *p, size_t n);
void raw_free(void *ctx, void *p);

#define RAW_ALLOCATOR {NULL, raw_malloc, raw_calloc, raw_realloc, raw_free}

/* Tells the check which space has the pools of the process. */
void raw_set_pools(const space_t *space);
