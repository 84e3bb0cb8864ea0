/* The types that the whole interface shares: Python's own, where Python has them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "alloc/names.h"
#include "alloc/version.h"

/* A signed size, as in Python.h. */
typedef ptrdiff_t Py_ssize_t;
#define PY_SSIZE_T_MAX PTRDIFF_MAX

/* For functions off the fast path: inlined there, they would make it save
   registers that it does not use. */
#define SELDOM __attribute__((noinline, cold))

_Static_assert(sizeof(Py_ssize_t) == sizeof(size_t), "Py_ssize_t is size_t, signed");
_Static_assert(sizeof(void *) == 8, "64-bit platforms: blocks are aligned to 16 bytes");

/* An allocator as a value: four functions and the context that they are called
   with.  The layout is CPython's (3.5 and later). */
typedef struct {
  void *ctx;
  void *(*malloc)(void *ctx, size_t size);
  void *(*calloc)(void *ctx, size_t nelem, size_t elsize);
  void *(*realloc)(void *ctx, void *p, size_t new_size);
  void (*free)(void *ctx, void *p);
} PyMemAllocatorEx;

/* Where pools come from, as a value.  The layout is CPython's (3.4 and later). */
typedef struct {
  void *ctx;
  void *(*alloc)(void *ctx, size_t size);
  void (*free)(void *ctx, void *p, size_t size);
} PyObjectArenaAllocator;

#include "spec/allocator.acsl.h"
