/* The logic of a space (alloc/space.h): a heap, its region, and user memory. */
#pragma once

#include "spec/heap.acsl.h"
#include "spec/region.acsl.h"

/* space_ok: the heap's numbers are those of the region. */
/*@ predicate space_ok{L}(space_t *s) =
      \valid(s) && heap_ok(&s->heap) && region_ok(&s->region) &&
      65536 * s->heap.limit == s->region.size &&
      65536 * s->heap.pools <= s->region.usable;

    predicate owned{L}(space_t *s, char *p) =
      \exists integer o; 0 <= o < s->region.size && p == s->region.base + o;
    predicate block_at{L}(space_t *s, char *q, integer p, integer b) =
      live(&s->heap, p, b) && q == s->region.base + offset_of(&s->heap, p, b);
    predicate space_empty{L}(space_t *s) = \forall integer p, b; !live(&s->heap, p, b);
*/
