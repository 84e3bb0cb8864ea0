#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE, madvise */
#include "alloc/region.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef __FRAMAC__ /* its headers lack these */
#define MAP_NORESERVE 0
#define MADV_DONTNEED 4
/*@ assigns \result \from addr, len, advice; */
int madvise(void *addr, size_t len, int advice); /* trusted: it touches what it may */
#endif

#define REGION_MIN ((size_t)4 << 20)   /* less is not worth its while */
#define COMMIT_STEP ((size_t)4 << 20)  /* an arena */
#define REGION_ALIGN ((size_t)2 << 20) /* so that huge pages fit */

/* One block of `size` bytes from a source, or NULL. */
static void *source_take(region_source_t source, size_t size, const PyObjectArenaAllocator *hook) {
  if (source == REGION_LIBC) return malloc(size); /* trusted: malloc */
  if (source == REGION_HOOK) return hook->alloc(hook->ctx, size);
  if (source != REGION_SYSTEM) return NULL;
  /* trusted: mmap gives address space, or MAP_FAILED */
  void *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

/* Sets the part of a block that is the region: from its first aligned address, at
   most so much. */
static bool region_place(region_t *region, void *block, size_t size, size_t align, size_t most) {
  size_t skip = (align - (uintptr_t)block % align) % align; /* trusted: an address as a number */
  if (size < skip + 2 * POOL_SIZE) return false;
  region->base = (char *)block + skip;
  region->size = (size - skip < most ? size - skip : most) / POOL_SIZE * POOL_SIZE;
  region->usable = region->size;
  region->block = block;
  region->block_size = size;
  return true;
}

bool region_reserve(region_t *region, region_source_t source, size_t most,
                    const PyObjectArenaAllocator *hook) {
  memset(region, 0, sizeof *region);
  size_t align = source == REGION_SYSTEM ? REGION_ALIGN : GRANULE;
  for (size_t size = most < REGION_MOST ? most : REGION_MOST; size >= REGION_MIN; size /= 2) {
    size_t taken = size + align - GRANULE; /* malloc's and a hook's memory is aligned so far */
    void *block = source_take(source, taken, hook);
    if (block == NULL) continue;
    region_place(region, block, taken, align, size);
    region->source = source;
    if (source == REGION_HOOK) region->hook = *hook;
    if (source == REGION_SYSTEM) region->usable = 0;
    return true;
  }
  return false;
}

bool region_use_buffer(region_t *region, void *buffer, size_t size) {
  memset(region, 0, sizeof *region);
  if (!region_place(region, buffer, size, GRANULE, REGION_MOST)) return false;
  region->source = REGION_BUFFER;
  return true;
}

bool region_commit(region_t *region, size_t size) {
  if (size <= region->usable) return true;
  if (size > region->size) return false;
  size_t step = (COMMIT_STEP - size % COMMIT_STEP) % COMMIT_STEP;
  size_t usable = size + step < region->size ? size + step : region->size;
  /* trusted: what mprotect lets be touched is memory */
  if (mprotect(region->base, usable, PROT_READ | PROT_WRITE) != 0) return false;
  region->usable = usable;
  return true;
}

void region_discard(region_t *region, size_t offset, size_t size) {
  if (region->source == REGION_SYSTEM) madvise(region->base + offset, size, MADV_DONTNEED);
}

void region_release(region_t *region) {
  if (region->source == REGION_SYSTEM) munmap(region->block, region->block_size); /* trusted: munmap */
  if (region->source == REGION_LIBC) free(region->block); /* trusted: free */
  if (region->source == REGION_HOOK)
    region->hook.free(region->hook.ctx, region->block, region->block_size);
  memset(region, 0, sizeof *region);
}
