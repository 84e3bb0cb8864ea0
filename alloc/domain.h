/* Domains: which allocator serves which family, as values that can be read,
   wrapped and replaced.

   At first use (the first call of a mem or obj function, or of a function here)
   the environment variable PYTHONMALLOC chooses, as in CPython:
     unset, empty, default, pymalloc   mem and obj from pools (this allocator)
     malloc                            mem and obj from the C library's malloc
     debug, pymalloc_debug             pools, with the debug layer over them (debug.h)
     malloc_debug                      the C library's malloc, with the debug layer
   Any other value ends the process with status 1 and CPython's message.  Built
   with --//alloc:pymalloc=False, default is malloc, and pymalloc is unknown.
   The raw domain is the C library's malloc; the layer is over it too if the variable
   asks for that when the program is loaded, and glibc then keeps up to 62 MiB of what
   is freed (PM-DEBUG-18).  Built with --//alloc:debug=True, default
   is with the layer.

   No function here is thread-safe: call them with the lock held, and
   PyMem_SetAllocator before other threads allocate.
   Rules: PM-SELECT, PM-DOMAIN in spec/semantics.md. */
#pragma once

#include "alloc/types.h"

#include "spec/domain.acsl.h"

typedef enum { PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ } PyMemAllocatorDomain;

/* Copies the allocator of a domain to *allocator; all NULL for an unknown
   domain.  Rule: PM-DOMAIN-01. */
/*@ requires domains: domains_ok;
    requires memory: \valid(allocator) && \separated(allocator, &domains[0 .. 2], &started);
    terminates \true;
    assigns FIRST_USE, *allocator;
    ensures domains: domains_ok && domains_started;
    ensures PM_DOMAIN_02_then: domains_stay{Pre,Post};
    ensures PM_DOMAIN_01_copy: domain <= 2 ==> allocator_same{Post,Post}(allocator, &domains[domain]) &&
      allocator_ok(allocator);
    ensures PM_DOMAIN_03_unknown: domain > 2 ==> allocator->ctx == \null && allocator->malloc == \null &&
      allocator->calloc == \null && allocator->realloc == \null && allocator->free == \null; */
void PyMem_GetAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator);

/* Makes a copy of *allocator the allocator of a domain; nothing for an unknown
   domain.  It must return distinct non-NULL pointers for 0 bytes too.  Blocks
   handed out before go to the new one's free: either it wraps the old allocator,
   or it is set before anything is allocated.  Rules: PM-DOMAIN-02, PM-DOMAIN-03. */
/*@ requires domains: domains_ok;
    requires allocator: allocator_ok(allocator) &&
      \separated(allocator, &domains[0 .. 2], &started);
    terminates \true;
    assigns FIRST_USE, domains[0];
    ensures domains: domains_ok && domains_started;
    ensures PM_DOMAIN_02_copy: domain <= 2 ==> allocator_same{Post,Pre}(&domains[domain], allocator);
    ensures PM_DOMAIN_02_raw: domain != 0 ==> allocator_same{Pre,Post}(&domains[0], &domains[0]);
    ensures PM_DOMAIN_02_mem: domain != 1 && \old(started) ==> allocator_same{Pre,Post}(&domains[1], &domains[1]);
    ensures PM_DOMAIN_02_obj: domain != 2 && \old(started) ==> allocator_same{Pre,Post}(&domains[2], &domains[2]);
    ensures PM_DOMAIN_03_unknown: domain > 2 ==>
      allocator_same{Pre,Post}(&domains[0], &domains[0]) && domains_stay{Pre,Post}; */
void PyMem_SetAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator);

/* Puts the debug layer (debug.h) over each domain whose allocator it is not already.  Blocks that
   are live then are not known to it: call it before anything is allocated.  Ends the process,
   with status 1, when there are 16 layers already, or no memory for what the layer knows of blocks.
   Rule: PM-DEBUG-01. */
/*@ requires domains: domains_ok;
    terminates \true;
    assigns FIRST_USE, domains[0];
    ensures domains: domains_ok && domains_started; */
void PyMem_SetupDebugHooks(void);
