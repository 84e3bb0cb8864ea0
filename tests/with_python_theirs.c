/* libpython's functions, under their names; its headers are not needed for that. */
#include "tests/with_python.h"

void *PyMem_Malloc(size_t n);
void PyMem_Free(void *p);
void Py_InitializeEx(int signals);
int PyRun_SimpleString(const char *text);
int Py_FinalizeEx(void);

void *python_malloc(size_t n) { return PyMem_Malloc(n); }
void python_free(void *p) { PyMem_Free(p); }
bool python_malloc_is_not(void (*f)(void)) { return f != (void (*)(void))PyMem_Malloc; }
void python_start(void) { Py_InitializeEx(0); }
int python_run(const char *text) { return PyRun_SimpleString(text); }
void python_stop(void) { Py_FinalizeEx(); }
