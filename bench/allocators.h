/* The allocators that are measured, each as the same kind of value: four
   functions and a context, the layout of CPython's PyMemAllocatorEx.

   A worker process loads one of them and no other, with dlopen, so that it stands
   in for nobody's malloc: the C library's own serves the worker itself. */
#pragma once

#include <stdbool.h>

#include "alloc/types.h"

/* Makes *a the allocator of a kind, from a shared library:
     floor      no library: functions that return at once, the price of the calls
     pymalloc   this project's obj domain (pymalloc_library.c)
     cpython    CPython's obj domain, as PyMem_GetAllocator says
     cpython_debug  the same, with its debug layer
     libc       any library that has malloc, calloc, realloc and free
   False, after a message on standard error, when that cannot be done. */
bool allocator_open(const char *kind, const char *library, PyMemAllocatorEx *a);
