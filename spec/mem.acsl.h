/* The logic of the families (alloc/mem.h): what the first use of mem or obj changes, which chooses
   the allocators. */
#pragma once

#include "spec/domain.acsl.h"

#ifdef __FRAMAC__
#include "alloc/space.h"
#include "spec/select.acsl.h"

#define FIRST_USE started, domains[1 .. 2], process_space, selected, pools, *stderr, setting_given, REGION_BYTES /* for `assigns` */
#endif
