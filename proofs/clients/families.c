/* Clients of the families (alloc/mem.h), proved from their contracts alone, whatever allocators are in the domains:
   pools, the debug layer, a program's own.  What they can't know is when a request must succeed; clients of a space do
   (bytes.c). */
#include "alloc/domain.h"
#include "alloc/object.h"

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

/* For each call of a family the allocator of its domain is asked, and no call puts another there. */
/*@ requires domains: domains_ok && started && n <= PY_SSIZE_T_MAX;
    ensures stay: domains_stay{Pre,Post}; */
void raw_served(size_t n) {
  char *p = PyMem_RawMalloc(n);
  //@ assert malloc: any_asked == domains[0].ctx && (p != \null ==> any_block(p, any_bytes(n)));
  PyMem_RawFree(p);
  //@ assert free: any_asked == domains[0].ctx && (p != \null ==> !any_held(p));
  char *q = PyMem_RawCalloc(1, n);
  //@ assert calloc: any_asked == domains[0].ctx && (q != \null ==> any_block(q, any_bytes(n)));
  //@ assert zero: q != \null ==> zeros(q, any_bytes(n));
  PyMem_RawFree(q);
  char *r = PyMem_RawRealloc(NULL, n);
  //@ assert realloc: any_asked == domains[0].ctx && (r != \null ==> any_block(r, any_bytes(n)));
  PyMem_RawFree(r);
}

/*@ requires domains: domains_ok && started && n <= PY_SSIZE_T_MAX;
    ensures stay: domains_stay{Pre,Post}; */
void mem_served(size_t n) {
  char *p = PyMem_Malloc(n);
  //@ assert malloc: any_asked == domains[1].ctx && (p != \null ==> any_block(p, any_bytes(n)));
  PyMem_Free(p);
  //@ assert free: any_asked == domains[1].ctx && (p != \null ==> !any_held(p));
  char *q = PyMem_Calloc(1, n);
  //@ assert calloc: any_asked == domains[1].ctx && (q != \null ==> any_block(q, any_bytes(n)));
  //@ assert zero: q != \null ==> zeros(q, any_bytes(n));
  PyMem_Free(q);
  char *r = PyMem_Realloc(NULL, n);
  //@ assert realloc: any_asked == domains[1].ctx && (r != \null ==> any_block(r, any_bytes(n)));
  PyMem_Free(r);
}

/*@ requires domains: domains_ok && started && n <= PY_SSIZE_T_MAX;
    ensures stay: domains_stay{Pre,Post}; */
void obj_served(size_t n) {
  char *p = PyObject_Malloc(n);
  //@ assert malloc: any_asked == domains[2].ctx && (p != \null ==> any_block(p, any_bytes(n)));
  PyObject_Free(p);
  //@ assert free: any_asked == domains[2].ctx && (p != \null ==> !any_held(p));
  char *q = PyObject_Calloc(1, n);
  //@ assert calloc: any_asked == domains[2].ctx && (q != \null ==> any_block(q, any_bytes(n)));
  //@ assert zero: q != \null ==> zeros(q, any_bytes(n));
  PyObject_Free(q);
  char *r = PyObject_Realloc(NULL, n);
  //@ assert realloc: any_asked == domains[2].ctx && (r != \null ==> any_block(r, any_bytes(n)));
  PyObject_Free(r);
}

/* Nobody gets more than PY_SSIZE_T_MAX bytes, also where a product would be small again; and no allocator is asked. */
/*@ requires domains: domains_ok && n > PY_SSIZE_T_MAX;
    ensures asked: any_asked == \old(any_asked) && started == \old(started); */
void raw_too_large(size_t n) {
  void *p = PyMem_RawMalloc(n), *q = PyMem_RawCalloc(n / 2, 4), *r = PyMem_RawRealloc(NULL, n);
  //@ assert none: p == \null && q == \null && r == \null;
}

/*@ requires domains: domains_ok && n > PY_SSIZE_T_MAX;
    ensures asked: any_asked == \old(any_asked) && started == \old(started); */
void mem_too_large(size_t n) {
  void *p = PyMem_Malloc(n), *q = PyMem_Calloc(n / 2, 4), *r = PyMem_Realloc(NULL, n);
  //@ assert none: p == \null && q == \null && r == \null;
}

/*@ requires domains: domains_ok && n > PY_SSIZE_T_MAX;
    ensures asked: any_asked == \old(any_asked) && started == \old(started); */
void obj_too_large(size_t n) {
  void *p = PyObject_Malloc(n), *q = PyObject_Calloc(n / 2, 4), *r = PyObject_Realloc(NULL, n);
  //@ assert none: p == \null && q == \null && r == \null;
}

/* calloc gives zeros. */
/*@ requires domains: domains_ok && i < n * size; */
void cleared(size_t n, size_t size, size_t i) {
  char *p = PyMem_Calloc(n, size);
  //@ assert zero: p != \null ==> p[i] == 0;
  PyMem_Free(p);
}

/* A block is a new one. */
/*@ requires domains: domains_ok; */
void new_block(size_t n) {
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

/* Objects are apart, and are what they were made as, with all their items; and Del gives them back. */
/*@ requires domains: domains_ok && pymalloc_no_memory == \null;
    requires type: \valid_read(type) && \separated(type, &any_memory[0 .. ANY_SIZE - 1]) &&
      type->tp_basicsize >= (Py_ssize_t)sizeof(PyObject); */
void two_objects(PyTypeObject *type) {
  PyObject *p = _PyObject_New(type);
  if (p == NULL) return;
  //@ ghost L: ;
  //@ assert new: any_block((char *)p, type->tp_basicsize) && p->ob_refcnt == 1 && p->ob_type == type;
  PyObject *q = _PyObject_New(type);
  if (q != NULL) {
    //@ assert apart: \separated((char *)p + (0 .. type->tp_basicsize - 1), (char *)q + (0 .. type->tp_basicsize - 1));
    //@ assert both: q->ob_refcnt == 1 && q->ob_type == type;
  }
  //@ ghost M: ;
  //@ assert one: q != \null ==> !any_held{L}((char *)q);
  //@ assert others: any_rest{L,M}((char *)q);
  PyObject_Del(q);
  //@ assert rest: any_rest{L,Here}((char *)q);
  //@ assert left: blocks_same{L,Here};
  PyObject_Del(p);
}

/*@ requires domains: domains_ok && pymalloc_no_memory == \null;
    requires type: \valid_read(type) && type->tp_basicsize >= (Py_ssize_t)sizeof(PyVarObject) && type->tp_itemsize >= 0;
    ensures same: blocks_same{Pre,Post}; */
void items(PyTypeObject *type, Py_ssize_t n) {
  //@ assert product: n >= 0 ==> n * type->tp_itemsize >= 0;
  //@ assert some: n >= 0 ==> object_size(type->tp_basicsize, type->tp_itemsize, n) > 0;
  PyVarObject *p = _PyObject_NewVar(type, n);
  //@ assert negative: n < 0 ==> p == \null;
  if (p == NULL) return;
  //@ assert room: any_block((char *)p, \at(object_size(type->tp_basicsize, type->tp_itemsize, n), Pre));
  //@ assert items: p->ob_size == n && p->ob_base.ob_type == type && p->ob_base.ob_refcnt == 1;
  //@ ghost L: ;
  //@ assert new: !any_held{Pre}((char *)p);
  //@ assert others: any_rest{Pre,L}((char *)p);
  PyObject_Del(p);
  //@ assert rest: any_rest{Pre,Here}((char *)p);
}

/* What is set for a domain is what is there, and in no other is another; and there are three domains. */
/*@ requires domains: domains_ok && started && allocator_ok(a) && \separated(a, &domains[0 .. 2], &started);
    requires there: \valid(there) && \separated(there, a, &domains[0 .. 2], &started);
    ensures domains: domains_ok && domains_started; */
void domain_set(PyMemAllocatorDomain d, PyMemAllocatorEx *a, PyMemAllocatorEx *there) {
  PyMem_SetAllocator(d, a);
  PyMem_GetAllocator(d, there);
  //@ assert set: d <= 2 ==> allocator_same{Here,Pre}(there, a) && allocator_ok(there);
  /*@ assert none: d > 2 ==> there->ctx == \null && there->malloc == \null && there->calloc == \null &&
        there->realloc == \null && there->free == \null; */
  //@ assert others: \forall integer i; 0 <= i <= 2 && i != d ==> allocator_same{Pre,Here}(&domains[i], &domains[i]);
}

/* With the debug layer over all domains, the families are there. */
/*@ requires domains: domains_ok; */
void hooked(size_t n) {
  PyMem_SetupDebugHooks();
  //@ assert started: domains_started;
  void *p = PyMem_Malloc(n);
  PyMem_Free(p);
}
