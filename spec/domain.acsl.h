/* The logic of the domains (alloc/domain.h): which allocators are in the table, which no
   program sees.  They are such as any_malloc and its relatives stand for
   (spec/allocator.acsl.h) or, for mem and obj until their first use, the functions that
   choose one. */
#pragma once

#include "spec/calls.acsl.h"
#include "spec/source.acsl.h"

#ifdef __FRAMAC__
#include <stdbool.h>

#include "spec/out.acsl.h"
#include "spec/setting.acsl.h"

/* What alloc/domain.c keeps to itself, for contracts to name. */
static PyMemAllocatorEx domains[3];
static bool started;
static void *first_malloc(void *ctx, size_t n);
static void *first_calloc(void *ctx, size_t nelem, size_t elsize);
static void *first_realloc(void *ctx, void *p, size_t n);
static void first_free(void *ctx, void *p);

/* What the first use of mem or obj changes, for `assigns`.  Of what alloc/select.c keeps to itself nothing is
   named where its logic is not read: all lemmas on heaps would come along. */
#ifndef SELECT_STATE
#define SELECT_STATE PRINTED, setting_given, REGION_BYTES
#endif
#define FIRST_USE started, domains[1 .. 2], SELECT_STATE

/*@ predicate domain_first{L}(integer d) = domains[d].ctx == (void *)&domains[d] &&
      domains[d].malloc == &first_malloc && domains[d].calloc == &first_calloc &&
      domains[d].realloc == &first_realloc && domains[d].free == &first_free;
    predicate allocator_same{A,B}(PyMemAllocatorEx *a, PyMemAllocatorEx *b) =
      \at(a->ctx, A) == \at(b->ctx, B) && \at(a->malloc, A) == \at(b->malloc, B) &&
      \at(a->calloc, A) == \at(b->calloc, B) && \at(a->realloc, A) == \at(b->realloc, B) &&
      \at(a->free, A) == \at(b->free, B);
    predicate domains_stay{A,B} = \at(started, A) ==>
      \at(started, B) && allocator_same{A,B}(\at(&domains[1], A), \at(&domains[1], A)) &&
      allocator_same{A,B}(\at(&domains[2], A), \at(&domains[2], A));
    predicate domains_started{L} = started && allocator_ok(&domains[1]) && allocator_ok(&domains[2]);
    predicate domains_ok{L} = allocator_ok(&domains[0]) && sources_apart &&
      (domains_started || (!started && domain_first(1) && domain_first(2)));
*/
#endif
