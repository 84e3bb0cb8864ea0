/* Counts what a Python process asks of the allocator, and writes the figures
   when it exits.

   The environment variable PYMALLOC_STATS says where to:
     1           a table on standard error
     json        one line of JSON on standard error
     /path/file  the same line, appended to that file
   Unset, or anything else: nothing is counted. */
#ifndef PYMALLOC_PYTHON_COUNTS_H
#define PYMALLOC_PYTHON_COUNTS_H

#include "alloc/space.h"

/* If the figures of this process are wanted, replaces *mem and *obj, which serve
   those domains from `space`, by allocators that count and pass on to them.  With the
   debug layer below it, large blocks are not the C library's as they are, and count as
   0 bytes. */
void counts_start(const space_t *space, bool debug, PyMemAllocatorEx *mem, PyMemAllocatorEx *obj);

#endif
