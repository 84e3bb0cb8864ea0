/* The logic of the raw domain's check (alloc/raw.h): which space it knows. */
#pragma once

#include "spec/calls.acsl.h"
#include "spec/space.acsl.h"

#ifdef __FRAMAC__
/* What alloc/raw.c keeps to itself, for contracts to name. */
static const space_t *pools;

/*@ predicate raw_ok{L} = pools == \null || (\valid_read(pools) && region_ok(&pools->region));
    predicate raw_foreign{L}(char *p) = pools != \null && owned(pools, p);
*/
#endif
