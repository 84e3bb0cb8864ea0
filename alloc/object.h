/* The object family: obj memory with an object's header in it.

   The types are CPython's, cut down to what this family uses; an embedding
   runtime has its own, and its own header to fill in.  Include this or Python.h,
   not both.

   Rules: PM-OBJECT in spec/semantics.md. */
#pragma once

#include "alloc/mem.h"
#include "alloc/types.h"

#include "spec/object.acsl.h"

typedef struct pymalloc_type PyTypeObject;

typedef struct {
  Py_ssize_t ob_refcnt;
  PyTypeObject *ob_type;
} PyObject;

typedef struct {
  PyObject ob_base;
  Py_ssize_t ob_size; /* how many items */
} PyVarObject;

struct pymalloc_type {
  PyVarObject ob_base;
  const char *tp_name;
  Py_ssize_t tp_basicsize; /* bytes of an object without items; at least its header */
  Py_ssize_t tp_itemsize;  /* bytes an item */
};

/* Called where CPython sets MemoryError: when there is no memory for an object,
   or Init is given NULL.  NULL, as it is at first: nothing is called.  (Contracts
   are about that case.) */
extern void (*pymalloc_no_memory)(void);

/* Fills in the header of fresh memory: reference count 1, the type, for InitVar
   also the number of items.  Returns op; NULL, after pymalloc_no_memory, when op
   is NULL.  Rules: PM-OBJECT-01, PM-OBJECT-02. */
/*@ requires memory: op == \null || (\valid(op) && \separated(op, &any_live[0 .. ANY_SIZE - 1]));
    requires nobody: op != \null || pymalloc_no_memory == \null;
    assigns *op;
    ensures PM_OBJECT_02_none: \result == op;
    ensures PM_OBJECT_01_header: \result != \null ==>
      \result->ob_refcnt == 1 && \result->ob_type == type; */
PyObject *PyObject_Init(PyObject *op, PyTypeObject *type);

/*@ requires memory: op == \null || (\valid(op) && \separated(op, &any_live[0 .. ANY_SIZE - 1]));
    requires nobody: op != \null || pymalloc_no_memory == \null;
    assigns *op;
    ensures PM_OBJECT_02_none: \result == op;
    ensures PM_OBJECT_01_header: \result != \null ==> \result->ob_base.ob_refcnt == 1 &&
      \result->ob_base.ob_type == type && \result->ob_size == size; */
PyVarObject *PyObject_InitVar(PyVarObject *op, PyTypeObject *type, Py_ssize_t size);

/* A new object of a type, without or with `size` items: its header is filled in,
   the rest is indeterminate.  NULL, after pymalloc_no_memory, when there is no
   memory, or (NewVar) the size is negative or too large.
   Rules: PM-OBJECT-03, PM-OBJECT-04. */
/*@ requires domains: domains_ok;
    requires type: \valid_read(type) && type->tp_basicsize >= (Py_ssize_t)sizeof(PyObject);
    requires nobody: pymalloc_no_memory == \null;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok && domains_stay{Pre,Post};
    ensures PM_OBJECT_03_header: \result != \null ==> \valid(\result) &&
      \result->ob_refcnt == 1 && \result->ob_type == type;
    ensures PM_OBJECT_03_done: malloc_done{Pre,Post}((char *)\result, \at(type->tp_basicsize, Pre)); */
PyObject *_PyObject_New(PyTypeObject *type);

/*@ requires domains: domains_ok;
    requires type: \valid_read(type) && type->tp_basicsize >= (Py_ssize_t)sizeof(PyVarObject) &&
      type->tp_itemsize >= 0;
    requires nobody: pymalloc_no_memory == \null;
    assigns ANY_BLOCKS, FIRST_USE;
    ensures domains: domains_ok && domains_stay{Pre,Post};
    ensures PM_OBJECT_04_negative: size < 0 ==> \result == \null;
    ensures PM_OBJECT_04_header: \result != \null ==> \valid(\result) &&
      \result->ob_base.ob_refcnt == 1 && \result->ob_base.ob_type == type && \result->ob_size == size;
    ensures PM_OBJECT_04_done: malloc_done{Pre,Post}((char *)\result,
      object_size(\at(type->tp_basicsize, Pre), \at(type->tp_itemsize, Pre), size)); */
PyVarObject *_PyObject_NewVar(PyTypeObject *type, Py_ssize_t size);

#define PyObject_New(type, typeobj) ((type *)_PyObject_New(typeobj))
#define PyObject_NewVar(type, typeobj, n) ((type *)_PyObject_NewVar((typeobj), (n)))

/* Gives an object's memory back; no destructor is run.  Rule: PM-OBJECT-05. */
#define PyObject_Del PyObject_Free
