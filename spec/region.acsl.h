/* The logic of a region (alloc/region.h): its memory, and what may be touched is there. */
#pragma once

/*@ predicate region_bounds{L}(region_t *r) =
      r->usable <= r->size <= 17179869184 && r->size % 65536 == 0 &&
      (r->source != REGION_SYSTEM ==> r->usable == r->size);
    predicate region_place{L}(region_t *r) =
      addresses(r->base, r->size) && aligned(r->base) && any_apart(r->base, r->size);
    predicate region_ok{L}(region_t *r) =
      region_bounds(r) && \valid(r->base + (0 .. r->usable - 1)) &&
      (r->size > 0 ==> region_place(r));
*/

#ifdef __FRAMAC__
/* What the sources of regions give is thought of as parts of one range of bytes, in which
   nothing else is.  How much of it may be touched by now, only the regions say. */
#define REGION_SPACE 0x1000000000000
#define REGION_BYTES region_memory[0 .. REGION_SPACE - 1] /* for `assigns` */

extern char *region_memory;
/*@ predicate from_source{L}(char *p, integer n) =
      \subset(p + (0 .. n - 1), region_memory + (0 .. REGION_SPACE - 1));
*/
#endif
