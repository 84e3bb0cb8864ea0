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
    predicate block_at{L}(space_t *s, char *p, integer x) =
      live(&s->heap, x) && p == s->region.base + block_offset(&s->heap, x);
*/
