/* A space: a heap with addresses.  It joins a heap (numbers) to a region
   (memory), and has an allocator for what pools don't serve: the large
   requests, and the small ones when there is no room for another pool.

   A space is a value.  The public families use one for the whole process; a
   program can have as many more as it likes, in memory that it owns
   (space_in_buffer) or not (space_open).  A space is not thread-safe: its
   callers hold a lock, as those of PyMem_ and PyObject_ hold the GIL. */
#pragma once

#include "alloc/heap.h"
#include "alloc/region.h"
#include "alloc/types.h"

typedef struct {
  heap_t heap;
  region_t region;               /* its size is 0 when there is none */
  const PyMemAllocatorEx *large; /* NULL: large requests fail */
  size_t large_blocks;           /* how many of its blocks are live, as far as seen here */
} space_t;

/* The most address space that a space of the system's pages asks for. */
#define SPACE_MOST ((size_t)SET_LIMIT * POOL_SIZE)

/* Makes *space an empty space whose pools come from `source`, in a region of at
   most `most` bytes.  Without a region (no address space, or REGION_NONE) the
   space still works, and `large` serves everything.  `hook` is for REGION_HOOK.
   Returns whether there is a region.  Rules: PM-REGION-01, PM-REGION-02. */
bool space_open(space_t *space, region_source_t source, size_t most,
                const PyObjectArenaAllocator *hook, const PyMemAllocatorEx *large);

/* A space in memory that the caller owns: it and all its blocks are in
   buffer[0 .. size-1], and it makes no system calls.  NULL when the buffer is
   too small (about 100 KiB is the least) or NULL.  Requests above 512 bytes, and
   those that don't fit, return NULL; a pointer from elsewhere is a misuse.
   Rule: PM-REGION-05. */
space_t *space_in_buffer(void *buffer, size_t size);

/* Gives back the region of a space, with all blocks in it. */
void space_close(space_t *space);

/* The four functions of a PyMemAllocatorEx whose ctx is a space.  As
   PyObject_Malloc and its relatives (mem.h), which say what is promised. */
void *space_malloc(void *ctx, size_t n);
void *space_calloc(void *ctx, size_t nelem, size_t elsize);
void *space_realloc(void *ctx, void *p, size_t n);
void space_free(void *ctx, void *p);

/* How many bytes the block at p really has: p must be live.  0 when it is not a
   block of the pools. */
size_t space_usable(const space_t *space, const void *p);

/* Whether an address is in the region: one subtraction and one comparison. */
static inline bool space_owns(const space_t *space, const void *p) {
  return (uintptr_t)p - (uintptr_t)space->region.base < space->region.size;
}
