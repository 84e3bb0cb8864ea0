/* The three families, as a table to go through. */
#pragma once

#include "alloc/domain.h"
#include "alloc/mem.h"

typedef struct {
  PyMemAllocatorDomain domain;
  void *(*malloc)(size_t n);
  void *(*calloc)(size_t nelem, size_t elsize);
  void *(*realloc)(void *p, size_t n);
  void (*free)(void *p);
} family_t;

enum { RAW, MEM, OBJ, FAMILIES };

static const family_t families[FAMILIES] = {
  [RAW] = {PYMEM_DOMAIN_RAW, PyMem_RawMalloc, PyMem_RawCalloc, PyMem_RawRealloc, PyMem_RawFree},
  [MEM] = {PYMEM_DOMAIN_MEM, PyMem_Malloc, PyMem_Calloc, PyMem_Realloc, PyMem_Free},
  [OBJ] = {PYMEM_DOMAIN_OBJ, PyObject_Malloc, PyObject_Calloc, PyObject_Realloc, PyObject_Free},
};
