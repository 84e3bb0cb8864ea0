/* The choice, at first use, of what serves the mem and obj domains, and the one
   space that serves them when that is pools. */
#pragma once

#include <stdbool.h>

#include "alloc/space.h"

#include "spec/select.acsl.h"

/* Reads PYTHONMALLOC, opens the space if it is wanted, and returns the allocator
   for mem and obj.  Large requests will go to *raw, whatever it is by then.  Ends
   the process for a value that it does not know.
   Rules: PM-SELECT-01 to PM-SELECT-05. */
/*@ requires raw: allocator_ok(raw) && \separated(raw, &process_space);
    terminates \true;
    assigns SELECT_STATE;
    ensures selected: selected; */
PyMemAllocatorEx select_allocator(const PyMemAllocatorEx *raw);

/* Whether PYTHONMALLOC or the build asks for the debug layer.  Rule: PM-SELECT-04. */
/*@ terminates \true;
    assigns setting_given; */
bool select_debug(void);

/* The space of mem and obj; an empty one without a region before first use, and
   when they are not served by pools. */
/*@ terminates \true;
    assigns \nothing;
    ensures space: \result == &process_space; */
const space_t *pymalloc_space(void);

/* Chooses, before first use, where the process's region comes from
   (REGION_SYSTEM is the default; REGION_LIBC, REGION_NONE) and how much address
   space is asked for at most, in bytes.  False, and nothing changes, after first
   use or for another source.  Rule: PM-REGION-06. */
/*@ terminates \true;
    assigns region_source, region_most;
    ensures PM_REGION_06_known: \result <==> !selected && region_known(source);
    ensures PM_REGION_06_set: \result ==> region_chosen(source, most);
    ensures PM_REGION_06_same: !\result ==> region_chosen(\old(region_source), \old(region_most)); */
bool pymalloc_set_region(region_source_t source, size_t most);

/* The hook that regions come from.  There is one region for the whole process,
   asked for at first use: first 256 MiB, then half, and so on down to 4 MiB.  So
   a hook counts if it is set before that; with alloc NULL there is no region, and
   the raw domain serves everything.  The default hook maps pages.
   Rule: PM-DOMAIN-04. */
/*@ requires memory: \valid(allocator) && \separated(allocator, &arena_hook);
    terminates \true;
    assigns *allocator;
    ensures PM_DOMAIN_04_copy: allocator->ctx == arena_hook.ctx &&
      allocator->alloc == arena_hook.alloc && allocator->free == arena_hook.free; */
void PyObject_GetArenaAllocator(PyObjectArenaAllocator *allocator);

/*@ requires memory: \valid_read(allocator) && \separated(allocator, &arena_hook);
    terminates \true;
    assigns arena_hook, region_source, region_most;
    ensures PM_DOMAIN_04_copy: arena_hook.ctx == allocator->ctx &&
      arena_hook.alloc == allocator->alloc && arena_hook.free == allocator->free;
    ensures PM_DOMAIN_04_late: selected ==> region_chosen(\old(region_source), \old(region_most));
    ensures PM_DOMAIN_04_none: !selected && allocator->alloc == \null ==>
      region_source == REGION_NONE;
    ensures PM_DOMAIN_04_hook: !selected && allocator->alloc != \null ==>
      region_chosen(REGION_HOOK, 268435456) || region_chosen(REGION_SYSTEM, 17179869184); */
void PyObject_SetArenaAllocator(PyObjectArenaAllocator *allocator);
