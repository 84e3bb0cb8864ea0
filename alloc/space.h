/* A space: a heap with addresses.  It joins a heap (numbers) to a region
   (memory), and has an allocator for what pools don't serve: the large
   requests, and the small ones when there is no room for another pool.

   A space is a value.  The public families use one for the whole process; a
   program can have as many more as it likes, in memory that it owns
   (space_in_buffer) or not (space_open).  A space is not thread-safe: its
   callers hold a lock, as those of PyMem_ and PyObject_ hold the GIL. */
#pragma once

#include "spec/place.acsl.h"

#include "alloc/heap.h"
#include "alloc/region.h"
#include "alloc/types.h"

typedef struct {
  heap_t heap;
  region_t region;               /* its size is 0 when there is none */
  const PyMemAllocatorEx *large; /* NULL: large requests fail */
  size_t large_blocks;           /* how many of its blocks are live, as far as seen here */
} space_t;

#include "spec/space.acsl.h"

_Static_assert(REGION_MOST == (size_t)SET_LIMIT * POOL_SIZE, "all pools of a region fit in a set");

/* Makes *space an empty space whose pools come from `source`, in a region of at
   most `most` bytes.  Without a region (no address space, or REGION_NONE) the
   space still works, and `large` serves everything.  `hook` is for REGION_HOOK.
   Returns whether there is a region.  Rules: PM-REGION-01, PM-REGION-02. */
/*@ requires memory: \valid(space) && (source == REGION_HOOK ==> \valid_read(hook));
    assigns *space;
    ensures ok: space_ok(space);
    ensures PM_FREE_03_empty: space_empty(space);
    ensures large: space->large == large;
    ensures PM_REGION_02_none: !\result ==> space->region.size == 0; */
bool space_open(space_t *space, region_source_t source, size_t most,
                const PyObjectArenaAllocator *hook, const PyMemAllocatorEx *large);

/* A space in memory that the caller owns: it and all its blocks are in
   buffer[0 .. size-1], and it makes no system calls.  NULL when the buffer is
   too small (160 KiB is enough) or NULL.  Requests above 512 bytes, and
   those that don't fit, return NULL; a pointer from elsewhere is a misuse.
   Rule: PM-REGION-05. */
/*@ requires memory: buffer == \null || \valid((char *)buffer + (0 .. size - 1));
    assigns ((char *)buffer)[0 .. size - 1];
    ensures PM_REGION_05_inside: \result != \null ==>
      space_ok(\result) && space_empty(\result); */
space_t *space_in_buffer(void *buffer, size_t size);

/* Gives back the region of a space, with all blocks in it. */
/*@ requires ok: space_ok(space);
    assigns *space;
    ensures ok: space_ok(space) && space->region.size == 0; */
void space_close(space_t *space);

/* The four functions of a PyMemAllocatorEx whose ctx is a space; what they promise
   is what PyObject_Malloc and its relatives do (mem.h).  A misuse is reported. */
/*@ requires ok: space_ok((space_t *)ctx);
    ensures ok: space_ok((space_t *)ctx);
    ensures PM_MALLOC_05_pools: 1 <= n <= SMALL_MAX && owned((space_t *)ctx, (char *)\result) ==>
      \exists integer p, b; block_at((space_t *)ctx, (char *)\result, p, b) &&
        live_added{Pre,Post}(&((space_t *)ctx)->heap, p, b) &&
        block_size(&((space_t *)ctx)->heap, p) >= n;
    ensures PM_MALLOC_07_same: \result == \null ==>
      live_same{Pre,Post}(&((space_t *)ctx)->heap); */
void *space_malloc(void *ctx, size_t n);

/*@ requires ok: space_ok((space_t *)ctx);
    ensures ok: space_ok((space_t *)ctx);
    ensures PM_CALLOC_01_overflow: elsize != 0 && nelem > PY_SSIZE_T_MAX / elsize ==>
      \result == \null;
    ensures PM_CALLOC_02_zero: \result != \null ==>
      \forall integer i; 0 <= i < nelem * elsize ==> ((char *)\result)[i] == 0;
    ensures PM_MALLOC_07_same: \result == \null ==>
      live_same{Pre,Post}(&((space_t *)ctx)->heap); */
void *space_calloc(void *ctx, size_t nelem, size_t elsize);

/*@ requires ok: space_ok((space_t *)ctx);
    ensures ok: space_ok((space_t *)ctx);
    ensures PM_REALLOC_04_same: \result == p && p != \null && owned((space_t *)ctx, (char *)p) ==>
      live_same{Pre,Post}(&((space_t *)ctx)->heap);
    ensures PM_REALLOC_05_failed: \result == \null ==>
      live_same{Pre,Post}(&((space_t *)ctx)->heap); */
void *space_realloc(void *ctx, void *p, size_t n);

/*@ requires ok: space_ok((space_t *)ctx);
    ensures ok: space_ok((space_t *)ctx);
    ensures PM_FREE_01_null: p == \null ==> live_same{Pre,Post}(&((space_t *)ctx)->heap); */
void space_free(void *ctx, void *p);

/* How many bytes the block at p really has: p must be live.  0 when it is not a
   block of the pools. */
/*@ requires ok: space_ok(space);
    assigns \nothing;
    ensures size: \result == 0 || \exists integer q, b; block_at(space, (char *)p, q, b) &&
      \result == block_size(&space->heap, q); */
size_t space_usable(const space_t *space, const void *p);

/* Whether an address is in the region: one subtraction and one comparison. */
/*@ requires ok: \valid_read(space) && region_ok(&space->region);
    terminates \true;
    assigns \nothing;
    ensures owned: \result <==> owned(space, (char *)p); */
static inline bool space_owns(const space_t *space, const void *p) {
  /* trusted: addresses as numbers; those of the region are its base and what follows */
  return (uintptr_t)p - (uintptr_t)space->region.base < space->region.size;
}
