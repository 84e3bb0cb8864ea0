#include "alloc/object.h"

#include <stdbool.h>

void (*pymalloc_no_memory)(void) = NULL;

PyObject *PyObject_Init(PyObject *op, PyTypeObject *type) {
  if (op == NULL) {
    if (pymalloc_no_memory != NULL) pymalloc_no_memory();
    return NULL;
  }
  op->ob_type = type;
  op->ob_refcnt = 1;
  return op;
}

PyVarObject *PyObject_InitVar(PyVarObject *op, PyTypeObject *type, Py_ssize_t size) {
  if (PyObject_Init((PyObject *)op, type) == NULL) return NULL;
  op->ob_size = size;
  return op;
}

PyObject *_PyObject_New(PyTypeObject *type) {
  return PyObject_Init((PyObject *)PyObject_Malloc((size_t)type->tp_basicsize), type);
}

/* The bytes of an object with n items, rounded up to whole pointers; 0 when that
   is more than PY_SSIZE_T_MAX. */
static size_t object_bytes(const PyTypeObject *type, Py_ssize_t n) {
  const size_t most = PY_SSIZE_T_MAX - (sizeof(void *) - 1);
  size_t basic = (size_t)type->tp_basicsize, item = (size_t)type->tp_itemsize;
  if (n < 0 || basic > most) return 0;
  if (item != 0 && (size_t)n > (most - basic) / item) return 0;
  return (basic + (size_t)n * item + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
}

PyVarObject *_PyObject_NewVar(PyTypeObject *type, Py_ssize_t size) {
  size_t bytes = object_bytes(type, size);
  return PyObject_InitVar(bytes == 0 ? NULL : (PyVarObject *)PyObject_Malloc(bytes), type, size);
}
