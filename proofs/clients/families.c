/* Clients of the families (alloc/mem.h), proved from their contracts alone, whatever allocators are in the domains:
   pools, the debug layer, a program's own.  What they can't know is when a request must succeed; clients of a space do
   (bytes.c). */
#include "alloc/mem.h"

/*@ predicate all_a{L}(char *p, integer n) = \forall integer i; 0 <= i < n ==> p[i] == 'a';
    predicate blocks_same{A,B} = \forall char *p, integer n; any_block{A}(p, n) <==> any_block{B}(p, n); */

/* Blocks of two families have no byte in common, and getting one, writing to it and giving it back changes nothing in
   the other. */
/*@ requires domains: domains_ok && i < n && j < m; */
void two_families(size_t n, size_t i, size_t m, size_t j) {
  char *p = PyMem_RawMalloc(n);
  if (p == NULL) return;
  p[i] = 'a';
  char *q = PyObject_Malloc(m);
  //@ assert kept: p[i] == 'a';
  if (q != NULL) {
    //@ assert apart: \separated(p + (0 .. n - 1), q + (0 .. m - 1));
    q[j] = 'b';
    //@ assert still: p[i] == 'a' && q[j] == 'b';
  }
  PyObject_Free(q);
  //@ assert after: p[i] == 'a' && any_block(p, n);
  PyMem_RawFree(p);
}

/* Nobody gets more than PY_SSIZE_T_MAX bytes, also where a product would be small again. */
/*@ requires domains: domains_ok && n > PY_SSIZE_T_MAX; */
void too_large(size_t n) {
  void *p = PyMem_RawMalloc(n), *q = PyMem_Calloc(n / 2, 4), *r = PyObject_Realloc(NULL, n);
  //@ assert none: p == \null && q == \null && r == \null;
}

/* calloc gives zeros. */
/*@ requires domains: domains_ok && i < n * size; */
void cleared(size_t n, size_t size, size_t i) {
  char *p = PyMem_Calloc(n, size);
  //@ assert zero: p != \null ==> p[i] == 0;
  PyMem_Free(p);
}

/* A block that was got and given back leaves what was live, and no more. */
/*@ requires domains: domains_ok;
    ensures same: blocks_same{Pre,Post}; */
void given_back(size_t n) {
  char *p = PyObject_Malloc(n);
  //@ assert new: p != \null ==> \forall integer m; !any_block{Pre}(p, m);
  PyObject_Free(p);
}

/* A realloc that gets none leaves the block, and what is in it. */
/*@ requires domains: domains_ok && i < n <= PY_SSIZE_T_MAX; */
void not_longer(size_t n, size_t i, size_t more) {
  char *p = PyMem_Malloc(n);
  if (p == NULL) return;
  p[i] = 'a';
  char *q = PyMem_Realloc(p, more);
  if (q != NULL) return;
  //@ assert left: any_block(p, n) && p[i] == 'a';
  PyMem_Free(p);
}

/* A buffer that grows by realloc keeps what is in it. */
/*@ requires domains: domains_ok && 0 < most;
    ensures kept: \result != \null ==> any_block(\result, most) && all_a(\result, most); */
char *growth(size_t most) {
  char *p = NULL;
  /*@ loop invariant domains: domains_ok;
      loop invariant range: 0 <= n <= most;
      loop invariant block: n == 0 ? p == \null : any_block(p, n) && all_a(p, n);
      loop assigns n, p, ANY_BLOCKS, FIRST_USE;
      loop variant most - n; */
  for (size_t n = 0; n < most; n++) {
    char *q = PyMem_Realloc(p, n + 1);
    if (q == NULL) {
      //@ assert left: p == \null || any_block(p, n);
      PyMem_Free(p);
      return NULL;
    }
    //@ assert prefix: all_a(q, n);
    //@ assert gone: p != q ==> \forall integer m; !any_block(p, m);
    q[n] = 'a';
    p = q;
  }
  return p;
}
