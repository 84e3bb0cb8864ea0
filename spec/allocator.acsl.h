/* What every allocator promises that is given as a value (PyMemAllocatorEx,
   PyObjectArenaAllocator in alloc/types.h): the functions any_malloc and so on stand for
   its functions, whatever they are.  They have no body.  A proof about a call through a
   pointer names one of them (`calls any_malloc`), and so holds for each allocator that
   keeps its contract.

   The memory that such allocators hand out is thought of as one array, any_memory, that
   nothing else is in; any_live says which of it they have handed out: the number of bytes
   of the block that begins there, or 0; and any_asked, which of them was called last: its context. */
#pragma once

#include <stdint.h>

/* An address is a number, and those of n bytes from p on follow each other.  (So it is
   for every p; but it has to be said.) */
/*@ predicate is_address(char *p) = 0 <= (uintptr_t)p <= 0xffffffffffffffff;
    predicate addresses(char *p, integer n) =
      0 <= (uintptr_t)p && (uintptr_t)p + n <= 0xffffffffffffffff &&
      (\forall integer o; 0 <= o <= n ==> (uintptr_t)(p + o) == (uintptr_t)p + o);
    predicate aligned(char *p) = (uintptr_t)p % 16 == 0;
    predicate zeros{L}(char *p, integer n) = \forall integer i; 0 <= i < n ==> p[i] == 0;
*/

#ifdef __FRAMAC__
#define ANY_SIZE 0x1000000000000

extern char any_memory[ANY_SIZE];
extern int64_t any_live[ANY_SIZE];
extern const void *any_asked;
#define ANY_BLOCKS any_live[0 .. ANY_SIZE - 1], any_memory[0 .. ANY_SIZE - 1], any_asked /* for `assigns` */

/* The blocks in two states, compared.  A request of no bytes is one of one byte. */
/*@ logic char *any_byte(integer o) = &any_memory[o];
    logic integer any_bytes(integer n) = n == 0 ? 1 : n;
    logic integer any_content{L}(integer o, integer i) = *(any_byte(o) + i);
    predicate any_block{L}(char *p, integer n) =
      0 < n && \exists integer o; 0 <= o < ANY_SIZE - n && p == any_byte(o) && any_live[o] == n;
    predicate any_held{L}(char *p) = \exists integer n; any_block(p, n);
    predicate any_rest{A,B}(char *p) = \forall integer o; 0 <= o < ANY_SIZE &&
      \at(any_byte(o) != p, A) ==> \at(any_live[o], B) == \at(any_live[o], A);
    predicate any_same{A,B} = \forall integer o; 0 <= o < ANY_SIZE ==>
      \at(any_live[o], B) == \at(any_live[o], A);
    predicate any_kept{A,B} = \forall integer o, i; 0 <= o < ANY_SIZE &&
      0 <= i < \at(any_live[o], A) < ANY_SIZE - o && \at(any_live[o], B) == \at(any_live[o], A) ==>
        any_content{B}(o, i) == any_content{A}(o, i);
    predicate any_fresh{L}(char *p, integer n) = \forall integer o; 0 <= o < ANY_SIZE &&
      0 < any_live[o] < ANY_SIZE - o ==> \separated(p + (0 .. n - 1), any_byte(o) + (0 .. any_live[o] - 1));
    predicate any_fresh_but{L}(char *q, char *p, integer n) = \forall integer o; 0 <= o < ANY_SIZE &&
      0 < any_live[o] < ANY_SIZE - o && any_byte(o) != q ==>
        \separated(p + (0 .. n - 1), any_byte(o) + (0 .. any_live[o] - 1));
    predicate any_place(char *p, integer n) = addresses(p, n) && aligned(p);
    predicate any_apart(char *p, integer n) =
      \separated(p + (0 .. n - 1), any_byte(0) + (0 .. ANY_SIZE - 1));
*/

/*@ requires limit: n <= 0x7fffffffffffffff;
    terminates \true;
    assigns ANY_BLOCKS;
    assigns \result \from n, any_live[0 .. ANY_SIZE - 1];
    ensures asked: any_asked == ctx;
    ensures kept: any_kept{Pre,Post};
    ensures none: \result == \null ==> any_same{Pre,Post};
    ensures some: \result != \null ==> any_block((char *)\result, any_bytes(n)) &&
      any_place((char *)\result, any_bytes(n));
    ensures fresh: \result != \null ==> any_fresh{Pre}((char *)\result, any_bytes(n));
    ensures rest: \result != \null ==> any_rest{Pre,Post}((char *)\result); */
void *any_malloc(void *ctx, size_t n); /* trusted: every allocator's malloc does this */

/*@ requires limit: nelem * elsize <= 0x7fffffffffffffff;
    terminates \true;
    assigns ANY_BLOCKS;
    assigns \result \from nelem, elsize, any_live[0 .. ANY_SIZE - 1];
    ensures asked: any_asked == ctx;
    ensures kept: any_kept{Pre,Post};
    ensures none: \result == \null ==> any_same{Pre,Post};
    ensures some: \result != \null ==> any_block((char *)\result, any_bytes(nelem * elsize)) &&
      any_place((char *)\result, any_bytes(nelem * elsize));
    ensures fresh: \result != \null ==> any_fresh{Pre}((char *)\result, any_bytes(nelem * elsize));
    ensures rest: \result != \null ==> any_rest{Pre,Post}((char *)\result);
    ensures zero: \result != \null ==> zeros((char *)\result, any_bytes(nelem * elsize)); */
void *any_calloc(void *ctx, size_t nelem, size_t elsize); /* trusted: every allocator's calloc does this */

/*@ requires limit: n <= 0x7fffffffffffffff;
    requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS;
    assigns \result \from p, n, any_live[0 .. ANY_SIZE - 1];
    ensures asked: any_asked == ctx;
    ensures kept: any_kept{Pre,Post};
    ensures none: \result == \null ==> any_same{Pre,Post};
    ensures some: \result != \null ==> any_block((char *)\result, any_bytes(n)) &&
      any_place((char *)\result, any_bytes(n));
    ensures fresh: \result != \null ==> any_fresh_but{Pre}((char *)p, (char *)\result, any_bytes(n));
    ensures rest: \result != \null ==> \forall integer o; 0 <= o < ANY_SIZE &&
      any_byte(o) != (char *)p && any_byte(o) != (char *)\result ==>
        any_live[o] == \old(any_live[o]);
    ensures gone: \result != \null && \result != p && p != \null ==> !any_held((char *)p);
    ensures contents: \result != \null ==> \forall integer m, i; any_block{Pre}((char *)p, m) &&
      0 <= i < m && i < n ==> ((char *)\result)[i] == \old(((char *)p)[i]); */
void *any_realloc(void *ctx, void *p, size_t n); /* trusted: every allocator's realloc does this */

/*@ requires live: p == \null || any_held((char *)p);
    terminates \true;
    assigns ANY_BLOCKS;
    ensures asked: any_asked == ctx;
    ensures kept: any_kept{Pre,Post};
    ensures null: p == \null ==> any_same{Pre,Post};
    ensures gone: p != \null ==> !any_held((char *)p);
    ensures rest: any_rest{Pre,Post}((char *)p); */
void any_free(void *ctx, void *p); /* trusted: every allocator's free does this */

/*@ predicate allocator_ok{L}(PyMemAllocatorEx *a) = \valid_read(a) &&
      a->malloc == &any_malloc && a->calloc == &any_calloc &&
      a->realloc == &any_realloc && a->free == &any_free;
*/

#endif
