/* The functions of a target whose allocator is the public families. */
#pragma once

#include "alloc/types.h"
#include "fuzz/run.h"

/* The allocator of mem and obj that an operation chooses, over a space of its own, which
   has `raw` behind it; and the end of that space. */
PyMemAllocatorEx families_choose(const op_t *op, const PyMemAllocatorEx *raw);
void families_close_space(void);

void families_open(const op_t *op);
void *families_malloc(unsigned who, size_t n);
void *families_calloc(unsigned who, size_t nelem, size_t elsize);
void *families_realloc(unsigned who, void *p, size_t n);
void families_free(unsigned who, void *p);
size_t families_usable(unsigned who, const void *p);
void families_check(const op_t *op);
void families_fail(const op_t *op);
void families_misuse(const op_t *op);
void families_object(const op_t *op);
void families_hook(const op_t *op);
void families_close(void);

/* A target of them is this, its name, and the kinds of operations that it takes. */
#define FAMILIES_TARGET                                                               \
  .who = 3, .open = families_open, .malloc = families_malloc,                         \
  .calloc = families_calloc, .realloc = families_realloc, .free = families_free,      \
  .usable = families_usable, .check = families_check, .fail = families_fail,          \
  .misuse = families_misuse, .object = families_object, .hook = families_hook,        \
  .close = families_close
