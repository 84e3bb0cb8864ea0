/* The logic of a region (alloc/region.h): its memory, and what may be touched is there. */
#pragma once

#ifdef __FRAMAC__ /* how often the system was asked to take memory back, and which last */
//@ ghost size_t given_times;
//@ ghost const void *given_at;
//@ ghost size_t given_bytes;
#define GIVEN given_times, given_at, given_bytes /* for `assigns` */
#endif

/*@ predicate given_none{A,B} = \at(given_times, A) == \at(given_times, B);
    predicate given_back{A,B}(char *p, integer n) =
      \at(given_times, B) == (size_t)(\at(given_times, A) + 1) && \at(given_at == p && given_bytes == n, B);
*/

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
