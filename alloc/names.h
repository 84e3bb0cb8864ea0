/* Symbol names.  The sources speak of PyMem_Malloc and its relatives by the
   names that everybody knows.  So that the library can live in one process with
   libpython, whose symbols are the same, each is given a prefix at link level.
   Built with PYMALLOC_PY_NAMES (//alloc:python_names) they are exported plain. */
#pragma once

#ifndef PYMALLOC_PY_NAMES

#define PyMem_RawMalloc pymalloc_PyMem_RawMalloc
#define PyMem_RawCalloc pymalloc_PyMem_RawCalloc
#define PyMem_RawRealloc pymalloc_PyMem_RawRealloc
#define PyMem_RawFree pymalloc_PyMem_RawFree
#define PyMem_Malloc pymalloc_PyMem_Malloc
#define PyMem_Calloc pymalloc_PyMem_Calloc
#define PyMem_Realloc pymalloc_PyMem_Realloc
#define PyMem_Free pymalloc_PyMem_Free
#define PyObject_Malloc pymalloc_PyObject_Malloc
#define PyObject_Calloc pymalloc_PyObject_Calloc
#define PyObject_Realloc pymalloc_PyObject_Realloc
#define PyObject_Free pymalloc_PyObject_Free

#define PyObject_Init pymalloc_PyObject_Init
#define PyObject_InitVar pymalloc_PyObject_InitVar
#define _PyObject_New pymalloc_PyObject_New
#define _PyObject_NewVar pymalloc_PyObject_NewVar

#define PyMem_GetAllocator pymalloc_PyMem_GetAllocator
#define PyMem_SetAllocator pymalloc_PyMem_SetAllocator
#define PyMem_SetupDebugHooks pymalloc_PyMem_SetupDebugHooks
#define PyObject_GetArenaAllocator pymalloc_PyObject_GetArenaAllocator
#define PyObject_SetArenaAllocator pymalloc_PyObject_SetArenaAllocator
#define _PyObject_DebugMallocStats pymalloc_PyObject_DebugMallocStats

#endif
