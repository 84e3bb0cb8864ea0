/* The logic of a region (alloc/region.h): what may be touched is there. */
#pragma once

/*@ predicate region_ok{L}(region_t *r) =
      r->usable <= r->size <= 0x400000000 && r->size % 65536 == 0 &&
      (r->size > 0 ==> \valid(r->base + (0 .. r->usable - 1)));
*/
