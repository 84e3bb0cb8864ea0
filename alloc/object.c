#include "alloc/object.h"

void (*pymalloc_no_memory)(void) = NULL;

/* What every function here ends with: where there is no object, that is told.  Contracts exclude that call, since nothing
   is known of what it does. */
/*@ requires nobody: op != \null || pymalloc_no_memory == \null;
    assigns \nothing;
    ensures PM_OBJECT_02_none: \result == op; */
static void *told_if_none(void *op) {
  if (op == NULL && pymalloc_no_memory != NULL) pymalloc_no_memory();
  return op;
}

PyObject *PyObject_Init(PyObject *op, PyTypeObject *type) {
  if (op != NULL) *op = (PyObject){1, type};
  return told_if_none(op);
}

PyVarObject *PyObject_InitVar(PyVarObject *op, PyTypeObject *type, Py_ssize_t size) {
  if (op != NULL) *op = (PyVarObject){{1, type}, size};
  return told_if_none(op);
}

PyObject *_PyObject_New(PyTypeObject *type) {
  PyObject *op = PyObject_Malloc((size_t)type->tp_basicsize);
  //@ assert apart: op != \null ==> \base_addr(op) == \base_addr(any_byte(0));
  return PyObject_Init(op, type);
}

/* The bytes of an object with n items, rounded up to whole pointers; 0 when that
   is more than PY_SSIZE_T_MAX. */
/*@ requires type: \valid_read(type) && type->tp_basicsize > 0 && type->tp_itemsize >= 0;
    terminates \true;
    assigns \nothing;
    ensures PM_OBJECT_04_negative: n < 0 ==> \result == 0;
    ensures PM_OBJECT_04_most: \result == 0 <==> n < 0 ||
      object_size(type->tp_basicsize, type->tp_itemsize, n) > PY_SSIZE_T_MAX;
    ensures PM_OBJECT_04_size: \result != 0 ==>
      \result == object_size(type->tp_basicsize, type->tp_itemsize, n); */
static size_t object_bytes(const PyTypeObject *type, Py_ssize_t n) {
  const size_t most = PY_SSIZE_T_MAX - (sizeof(void *) - 1);
  size_t basic = (size_t)type->tp_basicsize, item = (size_t)type->tp_itemsize;
  //@ assert items: n >= 0 ==> n * item >= 0;
  //@ assert basic: n >= 0 && basic > most ==> object_size(basic, item, n) > PY_SSIZE_T_MAX;
  if (n < 0 || basic > most) return 0;
  //@ assert over: item != 0 && n > (most - basic) / item ==> n * item > most - basic;
  //@ assert under: item != 0 && n <= (most - basic) / item ==> n * item <= most - basic;
  /*@ assert many: item != 0 && n > (most - basic) / item ==> object_size(basic, item, n) > PY_SSIZE_T_MAX; */
  if (item != 0 && (size_t)n > (most - basic) / item) return 0;
  //@ assert fits: basic + n * item <= most;
  //@ assert size: 0 < object_size(basic, item, n) <= PY_SSIZE_T_MAX;
  return (basic + (size_t)n * item + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
}

PyVarObject *_PyObject_NewVar(PyTypeObject *type, Py_ssize_t size) {
  size_t bytes = object_bytes(type, size);
  PyVarObject *op = bytes == 0 ? NULL : PyObject_Malloc(bytes);
  //@ assert domains: domains_ok && domains_stay{Pre,Here};
  //@ assert apart: op != \null ==> \base_addr(op) == \base_addr(any_byte(0));
  //@ ghost L: ;
  op = PyObject_InitVar(op, type, size);
  /*@ assert same: started == \at(started, L) &&
        \forall integer i; 0 <= i <= 2 ==> allocator_same{L,Here}(&domains[i], &domains[i]); */
  return op;
}
