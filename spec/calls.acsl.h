/* The logic of calls: what a malloc, a realloc or a free has done, whatever serves it. */
#pragma once

#include "spec/allocator.acsl.h"

#ifdef __FRAMAC__
/* A malloc of n bytes has returned p; a realloc of q to n bytes has; a free of q is done. */
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
