/* Where an allocator has its large blocks from.  A space has them from another allocator, which
   the debug layer over both must know (alloc/debug.c). */
#pragma once

#include "alloc/types.h"

/* The place in a space that says which allocator its large blocks come from; NULL when `allocator` is no space.
   What stands there may change: the space of a domain is opened at its first use.
   Never fails, and any thread may call it.  Rule: PM-DEBUG-02. */
/*@ requires memory: \valid_read(allocator);
    terminates \true;
    assigns \nothing; */
const PyMemAllocatorEx *const *large_place(const PyMemAllocatorEx *allocator);
