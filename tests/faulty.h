/* A large allocator for spaces that fails when it is told to, and that counts its
   live blocks. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include "alloc/types.h"

typedef struct {
  unsigned long calls;          /* so far, that ask for memory */
  unsigned long fail_from, fail_to; /* calls that fail, counted from 1 */
  long live;
} faulty_t;

static inline bool faulty_fails(faulty_t *f) {
  f->calls++;
  return f->calls >= f->fail_from && f->calls <= f->fail_to;
}

static inline void *faulty_malloc(void *ctx, size_t n) {
  faulty_t *f = ctx;
  void *p = faulty_fails(f) ? NULL : malloc(n == 0 ? 1 : n);
  f->live += p != NULL;
  return p;
}

static inline void *faulty_calloc(void *ctx, size_t nelem, size_t elsize) {
  faulty_t *f = ctx;
  void *p = faulty_fails(f) ? NULL : calloc(nelem, elsize);
  f->live += p != NULL;
  return p;
}

static inline void *faulty_realloc(void *ctx, void *p, size_t n) {
  faulty_t *f = ctx;
  if (p == NULL) return faulty_malloc(ctx, n);
  return faulty_fails(f) ? NULL : realloc(p, n == 0 ? 1 : n);
}

static inline void faulty_free(void *ctx, void *p) {
  faulty_t *f = ctx;
  f->live -= p != NULL;
  free(p);
}

#define FAULTY_ALLOCATOR(f) {f, faulty_malloc, faulty_calloc, faulty_realloc, faulty_free}
