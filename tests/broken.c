/* An extension module that does wrong, a function for each way: a sample for the debug
   layer to catch. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Through memory that the compiler does not follow. */
static void put(char *p, long offset) {
  char *volatile at = p + offset;
  *at = 'x';
}

#define BROKEN(name) \
  static PyObject *name(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(arg))

BROKEN(overrun) {
  char *p = PyMem_Malloc(16);
  put(p, 16);
  PyMem_Free(p);
  Py_RETURN_NONE;
}

BROKEN(underrun) {
  char *p = PyObject_Malloc(16);
  put(p, -1);
  PyObject_Free(p);
  Py_RETURN_NONE;
}

BROKEN(double_free) {
  void *p = PyMem_Malloc(16);
  PyMem_Free(p);
  PyMem_Free(p);
  Py_RETURN_NONE;
}

BROKEN(double_free_large) {
  void *p = PyObject_Malloc(100000);
  PyObject_Free(p);
  PyObject_Free(p);
  Py_RETURN_NONE;
}

BROKEN(realloc_freed) {
  void *p = PyMem_Malloc(16);
  PyMem_Free(p);
  p = PyMem_Realloc(p, 32);
  return PyLong_FromVoidPtr(p);
}

BROKEN(wrong_family) {
  PyMem_RawFree(PyMem_Malloc(16));
  Py_RETURN_NONE;
}

BROKEN(wrong_family_obj) {
  PyObject_Free(PyMem_Malloc(16));
  Py_RETURN_NONE;
}

BROKEN(wrong_family_raw) {
  PyMem_Free(PyMem_RawMalloc(16));
  Py_RETURN_NONE;
}

BROKEN(interior) {
  char *p = PyMem_Malloc(64);
  PyMem_Free(p + 16);
  Py_RETURN_NONE;
}

BROKEN(foreign) {
  static char global[64];
  PyMem_Free(global + 16);
  Py_RETURN_NONE;
}

BROKEN(late_write) {
  char *p = PyMem_Malloc(16);
  PyMem_Free(p);
  put(p, 5);
  for (int i = 0; i < 2000; i++) PyMem_Free(PyMem_Malloc(400));
  Py_RETURN_NONE;
}

BROKEN(without_lock) {
  Py_BEGIN_ALLOW_THREADS
  PyMem_Malloc(16);
  Py_END_ALLOW_THREADS
  Py_RETURN_NONE;
}

BROKEN(freed_object) {
  PyObject *list = PyList_New(3);
  PyObject_Free(list); /* its collector's header is before it */
  Py_RETURN_NONE;
}

BROKEN(leak) {
  PyMem_Malloc(12345);
  Py_RETURN_NONE;
}

BROKEN(nothing) { Py_RETURN_NONE; }

#define METHOD(name) {#name, name, METH_NOARGS, NULL}

static PyMethodDef methods[] = {
  METHOD(overrun), METHOD(underrun), METHOD(double_free), METHOD(double_free_large),
  METHOD(realloc_freed), METHOD(wrong_family), METHOD(wrong_family_obj), METHOD(wrong_family_raw),
  METHOD(interior), METHOD(foreign), METHOD(late_write), METHOD(without_lock),
  METHOD(freed_object), METHOD(leak), METHOD(nothing), {0},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "broken", .m_size = -1,
                                    .m_methods = methods};

PyMODINIT_FUNC PyInit_broken(void);

PyMODINIT_FUNC PyInit_broken(void) { return PyModule_Create(&module); }
