/* The region: the one range of addresses that a space (space.h) has its pools
   in, and where it comes from.

   What asks the operating system for memory for pools is in region.c (and in
   select.c, the default arena hook); each such line is marked "trusted". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "alloc/block.h"
#include "alloc/types.h"

/* Addresses as numbers, and back; memory that gets another type goes through a number. */
#define ADDRESS(p) ((uintptr_t)(p)) /* trusted: an address is a number, the same one each time */
#define MEMORY(type, a) ((type *)(a)) /* trusted: a number that was an address is one, of whatever type */

#define REGION_MOST ((size_t)16 << 30) /* a region is never larger */

typedef enum {
  REGION_NONE,   /* there is no region: everything is the system allocator's */
  REGION_SYSTEM, /* address space from the system; pages as they are needed, given back when not */
  REGION_LIBC,   /* one block of the C library's malloc, as in Python 2.3 */
  REGION_HOOK,   /* one call of an arena allocator (PyObject_SetArenaAllocator) */
  REGION_BUFFER  /* memory that the caller owns; no system calls */
} region_source_t;

typedef struct {
  char *base;     /* aligned to 16 bytes at least */
  size_t size;    /* bytes, a multiple of the pool size */
  size_t usable;  /* bytes from base on that may be touched by now */
  region_source_t source;
  PyObjectArenaAllocator hook; /* REGION_HOOK: who gave it */
  void *block;    /* what was asked for and is to be given back */
  size_t block_size;
} region_t;

#include "spec/region.acsl.h"

/* Fills in *region with a new region of at most `most` bytes from a source
   (system, libc or hook), asking for half as much, again and again, where that
   is not to be had.  False, and *region is an empty region of source
   REGION_NONE, when not even the smallest useful one (4 MiB) is.
   Rules: PM-REGION-01, PM-REGION-02. */
/*@ requires memory: \valid(region) && (source == REGION_HOOK ==> \valid_read(hook));
    requires apart: \separated(region, hook);
    terminates \true;
    assigns *region;
    ensures ok: region_ok(region);
    ensures PM_REGION_01_some: \result ==> region->size >= 2 * POOL_SIZE && region->source == source;
    ensures PM_REGION_01_most: region->size <= most;
    ensures PM_REGION_01_zero: \result && source == REGION_SYSTEM ==>
      zeros(region->base, region->size);
    ensures source: \result ==> source != REGION_BUFFER && source != REGION_NONE &&
      from_source((char *)region->block, region->block_size) && from_source(region->base, region->size);
    ensures PM_REGION_03_all: \result && source != REGION_SYSTEM ==> region->usable == region->size;
    ensures PM_REGION_02_none: !\result ==> region->size == 0 && region->source == REGION_NONE; */
bool region_reserve(region_t *region, region_source_t source, size_t most,
                    const PyObjectArenaAllocator *hook);

/* Fills in *region with the memory of a caller, which must stay valid as long
   as the region is used.  False when it is too small (less than two pools).
   Rule: PM-REGION-05. */
/*@ requires memory: \valid(region) && \valid((char *)buffer + (0 .. size - 1));
    requires place: addresses((char *)buffer, size) && any_apart((char *)buffer, size);
    terminates \true;
    assigns *region;
    ensures ok: region_ok(region) && region->usable == region->size;
    ensures PM_REGION_05_inside: \result ==> region->source == REGION_BUFFER &&
      region->size >= 2 * POOL_SIZE && \exists integer o; 0 <= o < GRANULE &&
        region->base == (char *)buffer + o && o + region->size <= size;
    ensures PM_REGION_05_small: !\result ==> region->size == 0 && size < GRANULE + 2 * POOL_SIZE; */
bool region_use_buffer(region_t *region, void *buffer, size_t size);

/* Makes the first `size` bytes usable (never fewer than before).  False, and
   nothing has changed, when the system has no memory.  Rule: PM-REGION-03. */
/*@ requires ok: \valid(region) && region_ok(region);
    terminates \true;
    assigns region->usable;
    ensures ok: region_ok(region);
    ensures PM_REGION_03_last: !\result ==> size > region->size || region->source == REGION_SYSTEM;
    ensures PM_REGION_03_already: size <= \old(region->usable) ==> \result;
    ensures PM_REGION_03_done: \result ==>
      region->usable >= \old(region->usable) && region->usable >= size;
    ensures PM_REGION_03_step: \result && size > \old(region->usable) ==>
      region->usable == region->size || region->usable % 4194304 == 0;
    ensures PM_REGION_03_least: \result && size > \old(region->usable) ==> region->usable < size + 4194304;
    ensures PM_REGION_03_failed: !\result ==> region->usable == \old(region->usable); */
bool region_commit(region_t *region, size_t size);

/* Says that the contents of a usable part are no longer needed: the system may
   take its pages back, and it reads as whatever when next used.  Offset and
   size are multiples of the pool size.  Rule: PM-REGION-04. */
/*@ requires ok: \valid_read(region) && region_ok(region);
    requires pools: offset % POOL_SIZE == 0 && size % POOL_SIZE == 0;
    requires usable: offset + size <= region->usable;
    terminates \true;
    assigns region->base[offset .. offset + size - 1], GIVEN;
    ensures PM_REGION_04_given: region->source == REGION_SYSTEM ==> given_back{Pre,Post}(region->base + offset, size);
    ensures PM_REGION_04_none: region->source != REGION_SYSTEM ==> given_none{Pre,Post};
    ensures PM_REGION_04_system: region->source != REGION_SYSTEM ==>
      \forall integer i; region->base[i] == \old(region->base[i]); */
void region_discard(region_t *region, size_t offset, size_t size);

/* Gives the whole region back to where it came from, and makes it an empty one. */
/*@ requires memory: \valid(region);
    terminates \true;
    assigns *region, ((char *)region->block)[0 .. region->block_size - 1];
    ensures none: region->size == 0 && region->usable == 0 && region->source == REGION_NONE; */
void region_release(region_t *region);
