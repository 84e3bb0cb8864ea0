/* The debug layer: an allocator around another one, that catches what programs do
   wrong with their blocks.

   It is put over a domain (domain.h)
     at run time      PYTHONMALLOC=debug, pymalloc_debug, malloc_debug, or a call of
                      PyMem_SetupDebugHooks() (domain.h)
     at build time    --//alloc:debug=True, for the default

   What it does: a frame of known bytes is put around each block (frame.h), and checked
   when the block is freed or moved; a fresh block is filled with clean bytes, a freed
   one with dead bytes; a freed block is held back for a while, and its dead bytes are
   checked before the allocator below gets it or a new block is made of it; and what is
   a block, of which size and family, is known apart from all that (registry.h), so that
   a wrong pointer is told before anything is read through it.  A realloc always moves.

   What it finds it reports (report.h), and ends the process, or calls a function.

   Environment variables, read once, when the layer is first put over a domain:
     PYMALLOC_QUARANTINE=N  so many freed blocks are held back (at most 1,023); 256 when not set
     PYMALLOC_SERIALS=1     calls are numbered, and frames bear the number (CPython's
                            PYMEM_DEBUG_SERIALNO)
     PYMALLOC_STACKS=N      call stacks of allocations are kept, N frames deep (at most 32)
     PYMALLOC_LEAKS=1       at exit, the blocks that were not freed are listed
     PYMALLOC_BYTES=2.3     byte values as in Python 2.3: CB, DB and FB for CD, DD and FD
   Other values than these end the process with status 1, and a line that says so.

   Threads: as without the layer (PM-FAMILY-03, PM-FAMILY-04).
   Rules: PM-DEBUG in spec/semantics.md. */
#pragma once

#include <stdbool.h>

#include "alloc/domain.h"
#include "alloc/report.h"

/* Makes *allocator the layer over what it was, for blocks of a domain; nothing
   if it is the layer.  For allocators that are not in our domains.  False, and *allocator
   is as it was, for an unknown domain, and for a 17th layer.  Ends the
   process, with status 1, without memory for what the layer knows of blocks.  Rule: PM-DEBUG-01. */
bool pymalloc_debug_wrap(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator);

/* The same for a domain of ours, if it is wanted; the process ends, with status 1, where that returns false. */
/*@ requires memory: \valid(allocator);
    requires place: domain <= 2 && allocator == &domains[domain];
    terminates \true;
    assigns *allocator;
    ensures allocator: allocator_ok(allocator); */
void debug_put(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator, bool wanted);

/* Checks every block that is live or held back, and reports each that is damaged.
   Returns how many are.  Rule: PM-DEBUG-12. */
size_t pymalloc_check_everything(void);

/* Has a function called for each misuse, instead of the report and abort(); NULL:
   again as it was.  When it returns, the call that found the misuse has no effect and
   returns NULL.  It may call the allocator, and pymalloc_report_misuse; a misuse that it makes
   itself is reported, and ends the process.
   Rule: PM-DEBUG-15. */
void pymalloc_set_misuse_handler(void (*handler)(const pymalloc_misuse *misuse));

/* Writes the report of a misuse to standard error. */
void pymalloc_report_misuse(const pymalloc_misuse *misuse);

/* Has a function asked at each call of mem and obj whether the caller holds the lock
   (in CPython: PyGILState_Check); NULL: nobody is asked.  Rule: PM-DEBUG-11. */
void pymalloc_set_lock_check(int (*held)(void));

/* Lists the blocks that are live, as at exit with PYMALLOC_LEAKS=1, on standard error.
   Returns how many there are.  Rule: PM-DEBUG-16. */
size_t pymalloc_report_leaks(void);
