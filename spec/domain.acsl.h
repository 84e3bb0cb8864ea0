/* The logic of the domains and families (alloc/domain.h, alloc/mem.h): which allocators are
   in a table that no program sees, and what a call of a family does.  A domain's allocator
   is one that any_malloc and its relatives stand for (spec/allocator.acsl.h) or, of mem and
   obj until their first use, the functions that choose it. */
#pragma once

#include "spec/allocator.acsl.h"

#ifdef __FRAMAC__
#include <stdbool.h>

/* What alloc/domain.c keeps to itself, for contracts to name. */
static PyMemAllocatorEx domains[3];
static bool started;
static void *first_malloc(void *ctx, size_t n);
static void *first_calloc(void *ctx, size_t nelem, size_t elsize);
static void *first_realloc(void *ctx, void *p, size_t n);
static void first_free(void *ctx, void *p);

/*@ predicate domain_first{L}(integer d) = domains[d].ctx == (void *)&domains[d] &&
      domains[d].malloc == &first_malloc && domains[d].calloc == &first_calloc &&
      domains[d].realloc == &first_realloc && domains[d].free == &first_free;
    predicate domains_started{L} = started && allocator_ok(&domains[1]) && allocator_ok(&domains[2]);
    predicate domains_ok{L} = allocator_ok(&domains[0]) &&
      (domains_started || (!started && domain_first(1) && domain_first(2)));
*/

/* What has been done by a malloc of n bytes that returned p, by a realloc of q, and by a
   free of q. */
/*@ predicate malloc_done{A,B}(char *p, integer n) = any_kept{A,B} &&
      (p == \null ==> any_same{A,B}) &&
      (p != \null ==> any_block{B}(p, any_bytes(n)) && any_place(p, any_bytes(n)) &&
        any_fresh{A}(p, any_bytes(n)) && any_rest{A,B}(p));
    predicate realloc_moved{A,B}(char *q, char *p, integer n) =
      any_block{B}(p, any_bytes(n)) && any_place(p, any_bytes(n)) &&
      any_fresh_but{A}(q, p, any_bytes(n)) && (p != q && q != \null ==> !any_held{B}(q)) &&
      (\forall integer o; 0 <= o < ANY_SIZE && \at(any_byte(o) != q && any_byte(o) != p, A) ==>
        \at(any_live[o], B) == \at(any_live[o], A));
    predicate realloc_contents{A,B}(char *q, char *p, integer n) =
      \forall integer m, i; any_block{A}(q, m) && 0 <= i < m && i < n ==>
        \at(p[i], B) == \at(q[i], A);
    predicate realloc_done{A,B}(char *q, char *p, integer n) = any_kept{A,B} &&
      (p == \null ==> any_same{A,B}) &&
      (p != \null ==> realloc_moved{A,B}(q, p, n) && realloc_contents{A,B}(q, p, n));
    predicate free_done{A,B}(char *q) = any_kept{A,B} && any_rest{A,B}(q) &&
      (q == \null ==> any_same{A,B}) && (q != \null ==> !any_held{B}(q));
*/
#endif
