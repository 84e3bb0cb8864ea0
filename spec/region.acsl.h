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

#include "spec/source.acsl.h"
