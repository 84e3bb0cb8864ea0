/* The families with the debug layer over them, and bytes written where none should be. */
#pragma once

#include "alloc/types.h"
#include "fuzz/run.h"
#include "spec/model/layer.h"

/* What a target of it is: PYTHONMALLOC when the program is loaded, which is for raw, and at
   first use; the layer's own variables, and what they must mean. */
typedef struct {
  const char *at_load, *at_first_use;
  bool raw; /* so raw has the layer */
  PyMemAllocatorEx space, real; /* the functions that the layer is over, and those behind; none: the target's */
  const char *variables[10]; /* names and values in turn */
  layer_options_t means;
  unsigned stack_depth;
} debug_setup_t;

extern const debug_setup_t debug_setup;

/* What the functions must do that stand for the space's, when the layer is over the space
   itself: it knows them, and has a short way to raw's memory. */
void *debug_space_new(size_t n, bool zero);
void debug_space_free(void *p);

/* What setting up must refuse (debug_begin.c): when the program is loaded, with the
   variables set in the end; and when all is set up, without more layers in the end. */
void debug_begin_load(void);
void debug_begin_most(void);

void debug_open(const op_t *op);
void *debug_malloc(unsigned who, size_t n);
void *debug_calloc(unsigned who, size_t nelem, size_t elsize);
void *debug_realloc(unsigned who, void *p, size_t n);
void debug_free(unsigned who, void *p);
size_t debug_usable(unsigned who, const void *p);
void debug_check(const op_t *op);
void debug_fail(const op_t *op);
void debug_misuse(const op_t *op);
void debug_write(const op_t *op);
void debug_close(void);

#define DEBUG_TARGET                                                                     \
  .kinds = KINDS_BASIC | KIND(OP_FAIL) | KIND(OP_MISUSE) | KIND(OP_WRITE), .who = 3,     \
  .open = debug_open, .malloc = debug_malloc, .calloc = debug_calloc,                    \
  .realloc = debug_realloc, .free = debug_free, .usable = debug_usable,                  \
  .check = debug_check, .fail = debug_fail, .misuse = debug_misuse,                      \
  .write = debug_write, .close = debug_close
