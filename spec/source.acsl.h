/* What the sources of regions give (alloc/region.h) is thought of as parts of one range of bytes,
   in which nothing else is.  How much of it may be touched by now, only the regions say. */
#pragma once

#include "spec/allocator.acsl.h"

#ifdef __FRAMAC__
#define REGION_SPACE 0x1000000000000
#define REGION_BYTES region_memory[0 .. REGION_SPACE - 1] /* for `assigns` */

extern char *region_memory;
/*@ predicate from_source{L}(char *p, integer n) =
      \subset(p + (0 .. n - 1), region_memory + (0 .. REGION_SPACE - 1));
    predicate sources_apart{L} = any_apart(region_memory, REGION_SPACE);
*/
#endif
