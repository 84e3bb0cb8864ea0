/* The debug layer over the space itself, as PYTHONMALLOC=debug has it: large blocks have two
   frames at once.  The linker (debug_pools.opts) has all others call these functions for
   the space's. */
#include "alloc/space.h"
#include "fuzz/debug_common.h"

void *__real_space_malloc(void *ctx, size_t n);
void *__real_space_calloc(void *ctx, size_t nelem, size_t elsize);
void *__real_space_realloc(void *ctx, void *p, size_t n);
void __real_space_free(void *ctx, void *p);

void *__wrap_space_malloc(void *ctx, size_t n);
void *__wrap_space_calloc(void *ctx, size_t nelem, size_t elsize);
void *__wrap_space_realloc(void *ctx, void *p, size_t n);
void __wrap_space_free(void *ctx, void *p);

const debug_setup_t debug_setup = {
  .at_load = "malloc",
  .at_first_use = "debug",
  .space = {NULL, __wrap_space_malloc, __wrap_space_calloc, __wrap_space_realloc, __wrap_space_free},
  .real = {NULL, __real_space_malloc, __real_space_calloc, __real_space_realloc, __real_space_free},
  .variables = {"PYMALLOC_SERIALS", "1"},
  .means = {.clean = 0xCD, .dead = 0xDD, .forbidden = 0xFD, .serials = true, .held_most = 256},
};

const target_t target = {DEBUG_TARGET, .name = "debug_pools"};

void *__wrap_space_malloc(void *ctx, size_t n) {
  (void)ctx; /* there is one space */
  return debug_space_new(n, false);
}

void *__wrap_space_calloc(void *ctx, size_t nelem, size_t elsize) {
  (void)ctx;
  return debug_space_new(nelem * elsize, true);
}

void *__wrap_space_realloc(void *ctx, void *p, size_t n) {
  (void)ctx, (void)p, (void)n;
  model_broken("PM-DEBUG-13", "the space is asked for a realloc");
  return NULL;
}

void __wrap_space_free(void *ctx, void *p) {
  (void)ctx;
  debug_space_free(p);
}
