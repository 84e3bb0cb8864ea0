#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE, madvise */
#include "alloc/region.h"

#include <stdlib.h>
#include <sys/mman.h>

#define REGION_MIN ((size_t)4 << 20)   /* less is not worth its while */
#define COMMIT_STEP ((size_t)4 << 20)  /* an arena */
#define REGION_ALIGN ((size_t)2 << 20) /* so that huge pages fit */

/* One block of `size` bytes from a source, or NULL; and a region's, given back. */
#ifndef __FRAMAC__
static void *source_take(region_source_t source, size_t size, const PyObjectArenaAllocator *hook) {
  if (source == REGION_LIBC) return malloc(size);
  if (source == REGION_HOOK) return hook->alloc(hook->ctx, size);
  if (source != REGION_SYSTEM) return NULL;
  void *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

static void source_give(const region_t *r) {
  if (r->source == REGION_SYSTEM) munmap(r->block, r->block_size);
  if (r->source == REGION_LIBC) free(r->block);
  if (r->source == REGION_HOOK) r->hook.free(r->hook.ctx, r->block, r->block_size);
}
#else
#define MADV_DONTNEED 4 /* its headers lack this */
/*@ requires hook: source == REGION_HOOK ==> \valid_read(hook);
    terminates \true;
    assigns \result \from source, size;
    ensures none: source == REGION_NONE || source == REGION_BUFFER ==> \result == \null;
    ensures place: \result != \null ==>
      addresses((char *)\result, size) && any_apart((char *)\result, size);
    ensures source: \result != \null ==> from_source((char *)\result, size);
    ensures aligned: \result != \null ==> aligned((char *)\result);
    ensures memory: \result != \null && source != REGION_SYSTEM ==>
      \valid((char *)\result + (0 .. size - 1));
    ensures zero: \result != \null && source == REGION_SYSTEM ==>
      zeros((char *)\result, size); */
void *source_take(region_source_t source, size_t size, const PyObjectArenaAllocator *hook); /* trusted: a source gives fresh memory */
/*@ terminates \true;
    assigns ((char *)r->block)[0 .. r->block_size - 1]; */
void source_give(const region_t *r); /* trusted: a source takes its block back, and touches nothing else */
/*@ terminates \true;
    assigns \result \from addr, len;
    ensures memory: \result == 0 ==> \valid((char *)addr + (0 .. len - 1)); */
int mprotect(void *addr, size_t len, int prot); /* trusted: what mprotect lets be touched is memory */
/*@ requires memory: \valid((char *)addr + (0 .. len - 1));
    terminates \true;
    assigns ((char *)addr)[0 .. len - 1], GIVEN;
    ensures given: given_back{Pre,Post}((char *)addr, len); */
int madvise(void *addr, size_t len, int advice); /* trusted: the system is asked to take that back, and touches no more */
#endif

/*@ requires memory: \valid(region);
    terminates \true;
    assigns region->base, region->size, region->usable, region->source, region->block, region->block_size;
    ensures none: region->size == 0 && region->usable == 0 && region->source == REGION_NONE; */
static void region_clear(region_t *region) {
  region->base = region->block = NULL;
  region->size = region->usable = region->block_size = 0;
  region->source = REGION_NONE;
}

/* A part of a block. */
/*@ lemma zeros_part{L}: \forall char *p, integer n, o, m; zeros(p, n) && 0 <= o && o + m <= n ==>
      zeros(p + o, m);
*/

/* Sets the part of a block that is the region: from its first aligned address, at
   most so much.  False when that is less than two pools. */
/*@ requires memory: \valid(region);
    requires align: align == GRANULE || align == REGION_ALIGN;
    requires most: 2 * POOL_SIZE <= most <= REGION_MOST;
    requires place: addresses((char *)block, size) && any_apart((char *)block, size);
    terminates \true;
    assigns region->base, region->size, region->usable, region->block, region->block_size;
    ensures bounds: \result ==> region_bounds(region) && 2 * POOL_SIZE <= region->size <= most &&
      region->usable == region->size;
    ensures place: \result ==> region_place(region);
    ensures inside: \result ==> \exists integer o; 0 <= o < align &&
      region->base == (char *)block + o && o + region->size <= size;
    ensures block: \result ==> region->block == block && region->block_size == size;
    ensures zero: \result && zeros{Pre}((char *)block, size) ==> zeros(region->base, region->size);
    ensures small: !\result ==> size < align + 2 * POOL_SIZE && region->size == \old(region->size) &&
      region->usable == \old(region->usable); */
static bool region_place(region_t *region, void *block, size_t size, size_t align, size_t most) {
  size_t skip = (align - ADDRESS(block) % align) % align;
  //@ assert skip: skip < align && ((uintptr_t)block + skip) % align == 0;
  if (size < skip + 2 * POOL_SIZE) return false;
  //@ assert multiple: ((uintptr_t)block + skip) % 16 == 0;
  region->base = (char *)block + skip;
  //@ assert start: (uintptr_t)region->base == (uintptr_t)block + skip;
  region->size = (size - skip < most ? size - skip : most) / POOL_SIZE * POOL_SIZE;
  region->usable = region->size;
  region->block = block;
  region->block_size = size;
  //@ assert inside: 0 < region->size && skip + region->size <= size;
  /*@ assert shift: \forall integer o; 0 <= o <= region->size ==>
        (uintptr_t)((char *)block + (skip + o)) == (uintptr_t)block + (skip + o); */
  //@ assert same: \forall integer o; (char *)block + (skip + o) == region->base + o;
  //@ assert addresses: addresses(region->base, region->size);
  //@ assert aligned: aligned(region->base);
  //@ assert apart: any_apart(region->base, region->size);
  //@ assert bytes: \forall integer i; region->base[i] == *((char *)block + (skip + i));
  return true;
}

bool region_reserve(region_t *region, region_source_t source, size_t most,
                    const PyObjectArenaAllocator *hook) {
  region_clear(region);
  size_t align = source == REGION_SYSTEM ? REGION_ALIGN : GRANULE;
  /*@ loop invariant size: size <= most && size <= REGION_MOST;
      loop invariant none: region->size == 0 && region->usable == 0 && region->source == REGION_NONE;
      loop assigns size, *region;
      loop variant size; */
  for (size_t size = most < REGION_MOST ? most : REGION_MOST; size >= REGION_MIN; size /= 2) {
    size_t taken = size + align - GRANULE; /* malloc's and a hook's memory is aligned so far */
    void *block = source_take(source, taken, hook);
    if (block == NULL) continue;
    region_place(region, block, taken, align, size);
    region->source = source;
    if (source == REGION_HOOK) region->hook = *hook;
    if (source == REGION_SYSTEM) region->usable = 0;
    //@ assert block: region->block == block && region->block_size == taken;
    /*@ assert inside: \exists integer o; 0 <= o && region->base == (char *)block + o &&
          o + region->size <= taken; */
    //@ assert from: from_source((char *)block, taken);
    //@ assert source: from_source(region->base, region->size);
    //@ assert bounds: region_bounds(region);
    //@ assert place: region_place(region) && region_ok(region);
    return true;
  }
  return false;
}

bool region_use_buffer(region_t *region, void *buffer, size_t size) {
  region_clear(region);
  if (!region_place(region, buffer, size, GRANULE, REGION_MOST)) return false;
  region->source = REGION_BUFFER;
  return true;
}

bool region_commit(region_t *region, size_t size) {
  if (size <= region->usable) return true;
  if (size > region->size) return false;
  size_t step = (COMMIT_STEP - size % COMMIT_STEP) % COMMIT_STEP;
  size_t usable = size + step < region->size ? size + step : region->size;
  if (mprotect(region->base, usable, PROT_READ | PROT_WRITE) != 0) return false;
  region->usable = usable;
  return true;
}

void region_discard(region_t *region, size_t offset, size_t size) {
  if (region->source == REGION_SYSTEM) madvise(region->base + offset, size, MADV_DONTNEED);
}

void region_release(region_t *region) {
  source_give(region);
  region_clear(region);
}
