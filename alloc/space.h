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
    requires large: large == \null || allocator_ok(large);
    requires apart: \separated(space, hook) && \separated(space, large);
    terminates \true;
    assigns *space, REGION_BYTES;
    ensures ok: space_ok(space);
    ensures PM_FREE_03_empty: space_empty(space);
    ensures large: space->large == large;
    ensures PM_REGION_01_some: \result ==> space->region.size >= 2 * POOL_SIZE && space->region.source == source &&
      source != REGION_NONE;
    ensures PM_REGION_01_most: space->region.size <= most;
    ensures PM_STATS_01_none: space->large_blocks == 0;
    ensures PM_REGION_02_none: !\result ==> space->region.size == 0; */
bool space_open(space_t *space, region_source_t source, size_t most,
                const PyObjectArenaAllocator *hook, const PyMemAllocatorEx *large);

/* A space in memory that the caller owns: it and all its blocks are in
   buffer[0 .. size-1], and it makes no system calls.  NULL when the buffer is
   too small (160 KiB is enough) or NULL.  Requests above 512 bytes, and
   those that don't fit, return NULL; a pointer from elsewhere is a misuse.
   Rule: PM-REGION-05. */
/*@ requires memory: buffer == \null || (\valid((char *)buffer + (0 .. size - 1)) &&
      addresses((char *)buffer, size) && any_apart((char *)buffer, size));
    terminates \true;
    assigns ((char *)buffer)[0 .. size - 1];
    ensures ok: \result != \null ==> space_ok(\result) && space_empty(\result) && \result->large == \null;
    ensures PM_REGION_05_inside: \result != \null ==> \exists integer o, r; 0 <= o && o + sizeof(space_t) <= r &&
      r + \result->region.size <= size && (char *)\result == (char *)buffer + o &&
      \result->region.base == (char *)buffer + r;
    ensures PM_REGION_05_source: \result != \null ==> \result->region.source == REGION_BUFFER &&
      \result->large_blocks == 0;
    ensures PM_REGION_05_small: buffer == \null || size < sizeof(space_t) + 2 * POOL_SIZE ==> \result == \null;
    ensures PM_REGION_05_aligned: (uintptr_t)\result % 16 == 0;
    ensures PM_REGION_05_serves: buffer != \null && size >= 163840 ==> \result != \null; */
space_t *space_in_buffer(void *buffer, size_t size);

/* Gives back the region of a space, with all blocks in it. */
/*@ requires ok: space_ok(space) && \separated(space, space->large);
    terminates \true;
    assigns *space, ((char *)space->region.block)[0 .. space->region.block_size - 1];
    ensures ok: space_ok(space) && space_empty(space) && space->region.size == 0;
    ensures PM_REGION_08_none: space->region.source == REGION_NONE && space->large == \old(space->large) &&
      space->large_blocks == \old(space->large_blocks) && any_same{Pre,Post}; */
void space_close(space_t *space);

/* The four functions of a PyMemAllocatorEx whose ctx is a space; what they promise
   is what PyObject_Malloc and its relatives do (mem.h).  A misuse is reported, and then
   they don't return. */
/*@ requires ok: space_ok((space_t *)ctx);
    terminates \true;
    assigns SPACE_NEW((space_t *)ctx), ANY_BLOCKS;
    ensures ok: space_ok((space_t *)ctx);
    ensures PM_MALLOC_01_size: got_memory((char *)\result, any_bytes(n));
    ensures PM_MALLOC_03_fresh: got_fresh{Pre}((space_t *)ctx, (char *)\result, any_bytes(n));
    ensures PM_MALLOC_04_limit: n > PY_SSIZE_T_MAX ==> \result == \null;
    ensures PM_MALLOC_05_pool: got_block{Pre,Post}((space_t *)ctx, (char *)\result, any_bytes(n));
    ensures PM_MALLOC_05_large: got_large{Pre,Post}((space_t *)ctx, (char *)\result, any_bytes(n));
    ensures PM_MALLOC_06_room: any_bytes(n) <= SMALL_MAX &&
      (\result == \null || !owned{Pre}((space_t *)ctx, (char *)\result)) ==>
        no_room((space_t *)ctx, (any_bytes(n) + 15) / 16 - 1);
    ensures PM_MALLOC_07_same: got_none{Pre,Post}((space_t *)ctx, (char *)\result);
    ensures PM_MALLOC_07_kept: space_kept{Pre,Post}((space_t *)ctx); */
void *space_malloc(void *ctx, size_t n);

/*@ requires ok: space_ok((space_t *)ctx);
    terminates \true;
    assigns SPACE_NEW((space_t *)ctx), ANY_BLOCKS, SPACE_BYTES((space_t *)ctx);
    ensures ok: space_ok((space_t *)ctx);
    ensures PM_CALLOC_01_overflow: elsize != 0 && nelem > PY_SSIZE_T_MAX / elsize ==>
      \result == \null;
    ensures PM_CALLOC_02_zero: \result != \null ==>
      zeros((char *)\result, any_bytes(nelem * elsize));
    ensures PM_MALLOC_01_size: got_memory((char *)\result, any_bytes(nelem * elsize));
    ensures PM_MALLOC_03_fresh: got_fresh{Pre}((space_t *)ctx, (char *)\result, any_bytes(nelem * elsize));
    ensures PM_MALLOC_05_pool: got_block{Pre,Post}((space_t *)ctx, (char *)\result,
      any_bytes(nelem * elsize));
    ensures PM_MALLOC_05_large: got_large{Pre,Post}((space_t *)ctx, (char *)\result,
      any_bytes(nelem * elsize));
    ensures PM_MALLOC_06_room: (elsize == 0 || nelem <= PY_SSIZE_T_MAX / elsize) &&
      any_bytes(nelem * elsize) <= SMALL_MAX &&
      (\result == \null || !owned{Pre}((space_t *)ctx, (char *)\result)) ==>
        no_room((space_t *)ctx, (any_bytes(nelem * elsize) + 15) / 16 - 1);
    ensures PM_MALLOC_07_same: got_none{Pre,Post}((space_t *)ctx, (char *)\result);
    ensures PM_MALLOC_07_kept: space_kept{Pre,Post}((space_t *)ctx); */
void *space_calloc(void *ctx, size_t nelem, size_t elsize);

/*@ requires ok: space_ok((space_t *)ctx) && ours((space_t *)ctx, (char *)p);
    terminates \true;
    assigns SPACE_NEW((space_t *)ctx), ANY_BLOCKS, SPACE_BYTES((space_t *)ctx), SAID, GIVEN;
    ensures ok: space_ok((space_t *)ctx);
    ensures memory: got_memory((char *)\result, any_bytes(n));
    ensures PM_REALLOC_01_malloc: p == \null ==>
      got_fresh{Pre}((space_t *)ctx, (char *)\result, any_bytes(n)) &&
      got_block{Pre,Post}((space_t *)ctx, (char *)\result, any_bytes(n)) &&
      got_large{Pre,Post}((space_t *)ctx, (char *)\result, any_bytes(n));
    ensures PM_MISUSE_01_live: p != \null && n <= PY_SSIZE_T_MAX && owned{Pre}((space_t *)ctx, (char *)p) ==>
      \exists integer a, b; block_at{Pre}((space_t *)ctx, (char *)p, a, b);
    ensures PM_REALLOC_04_stays: p != \null && n <= PY_SSIZE_T_MAX ==>
      \forall integer a, b; block_at{Pre}((space_t *)ctx, (char *)p, a, b) ==> (\result == p <==>
        any_bytes(n) <= block_size{Pre}(\at(&((space_t *)ctx)->heap, Pre), a) &&
        4 * any_bytes(n) > 3 * block_size{Pre}(\at(&((space_t *)ctx)->heap, Pre), a));
    ensures PM_REALLOC_03_contents: begins_like{Pre,Post}((space_t *)ctx, (char *)p, (char *)\result, n);
    ensures PM_REALLOC_03_moved: \result != p && owned{Pre}((space_t *)ctx, (char *)p) ==>
      got_fresh{Pre}((space_t *)ctx, (char *)\result, any_bytes(n)) &&
      moved{Pre,Post}((space_t *)ctx, (char *)p, (char *)\result, any_bytes(n));
    ensures PM_REALLOC_03_large: p != \null && !owned{Pre}((space_t *)ctx, (char *)p) &&
      n <= PY_SSIZE_T_MAX ==> resized_large{Pre,Post}((space_t *)ctx, (char *)p, (char *)\result, n);
    ensures PM_REALLOC_04_same: \result == p && owned{Pre}((space_t *)ctx, (char *)p) ==>
      stayed{Pre,Post}((space_t *)ctx, (char *)p, any_bytes(n));
    ensures PM_REALLOC_05_failed: got_none{Pre,Post}((space_t *)ctx, (char *)\result);
    ensures PM_REALLOC_06_limit: n > PY_SSIZE_T_MAX ==> \result == \null;
    ensures PM_HEAP_03_none: \result == \null || \result == p || !owned{Pre}((space_t *)ctx, (char *)p) ==>
      given_none{Pre,Post};
    ensures PM_HEAP_03_given: owned{Pre}((space_t *)ctx, (char *)p) ==>
      given_moved{Pre,Post}((space_t *)ctx, ((char *)p - \old(((space_t *)ctx)->region.base)) / 65536);
    ensures kept: space_kept{Pre,Post}((space_t *)ctx);
    ensures PM_MISUSE_05_silent: !spoken{Pre,Post};
    exits PM_MISUSE_05_said: spoken{Pre,Post} ==> refused{Pre,Post}((space_t *)ctx, (char *)p, 'r'); */
void *space_realloc(void *ctx, void *p, size_t n);

/*@ requires ok: space_ok((space_t *)ctx) && ours((space_t *)ctx, (char *)p);
    terminates \true;
    assigns SPACE_BLOCKS((space_t *)ctx), ((space_t *)ctx)->large_blocks, SPACE_BYTES((space_t *)ctx), ANY_BLOCKS,
            SAID, GIVEN;
    ensures ok: space_ok((space_t *)ctx);
    ensures PM_FREE_01_null: gone_none{Pre,Post}((space_t *)ctx, (char *)p);
    ensures PM_HEAP_01_removed: gone_block{Pre,Post}((space_t *)ctx, (char *)p);
    ensures large: gone_large{Pre,Post}((space_t *)ctx, (char *)p);
    ensures PM_HEAP_03_given: owned{Pre}((space_t *)ctx, (char *)p) ==>
      pool_given{Pre,Post}((space_t *)ctx, ((char *)p - \old(((space_t *)ctx)->region.base)) / 65536);
    ensures PM_HEAP_05_kept: space_kept{Pre,Post}((space_t *)ctx);
    ensures PM_MISUSE_05_silent: !spoken{Pre,Post};
    exits PM_MISUSE_05_said: spoken{Pre,Post} ==> refused{Pre,Post}((space_t *)ctx, (char *)p, 'f'); */
void space_free(void *ctx, void *p);

/* How many bytes the block at p really has: p must be live.  0 when it is not a
   block of the pools. */
/*@ requires ok: space_ok((space_t *)space) && is_address((char *)p);
    terminates \true;
    assigns \nothing;
    ensures PM_MALLOC_08_none: \result == 0 ==>
      \forall integer q, b; !block_at((space_t *)space, (char *)p, q, b);
    ensures PM_MALLOC_08_size: \result != 0 ==> \exists integer q, b;
      block_at((space_t *)space, (char *)p, q, b) && \result == block_size(&space->heap, q); */
size_t space_usable(const space_t *space, const void *p);

/* How far an address is from the region's first; no less than its size when it is not
   in the region.  One subtraction. */
/*@ requires ok: \valid_read(space) && region_ok(&space->region) && is_address((char *)p);
    terminates \true;
    assigns \nothing;
    ensures in: \result < space->region.size ==> (char *)p == space->region.base + \result;
    ensures owned: \result < space->region.size <==> owned((space_t *)space, (char *)p); */
static inline size_t space_offset(const space_t *space, const void *p) {
#ifndef __FRAMAC__
  return (uintptr_t)p - (uintptr_t)space->region.base; /* trusted: space_offset, by wrapping round */
#else
  uintptr_t a = (uintptr_t)p, base = (uintptr_t)space->region.base;
  //@ assert number: \forall char *q; (char *)(uintptr_t)q == q;
  /*@ assert at: \forall integer o; 0 <= o < space->region.size ==>
        (a == base + o <==> (char *)p == space->region.base + o); */
  /*@ assert there: 0 <= a - base < space->region.size ==>
        (char *)p == space->region.base + (a - base); */
  /*@ assert in: owned((space_t *)space, (char *)p) <==> 0 <= a - base < space->region.size; */
  /*@ assert range: space->region.size > 0 ==> base + space->region.size <= UINTPTR_MAX; */
  return a >= base ? a - base : a + (UINTPTR_MAX - base) + 1;
#endif
}

/* Whether an address is in the region: that, and one comparison. */
/*@ requires ok: \valid_read(space) && region_ok(&space->region) && is_address((char *)p);
    terminates \true;
    assigns \nothing;
    ensures owned: \result <==> owned((space_t *)space, (char *)p); */
static inline bool space_owns(const space_t *space, const void *p) {
  return space_offset(space, p) < space->region.size;
}
