#include "tests/misuse_cases.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/pymalloc.h"
#include "alloc/raw.h"

/* The families. */

static void double_free(bool wrong) {
  void *p = PyMem_Malloc(64);
  PyMem_Free(p);
  if (wrong) PyMem_Free(misuse_at(p));
}

static void double_free_obj(bool wrong) {
  void *p = PyObject_Calloc(3, 100);
  PyObject_Free(p);
  if (wrong) PyObject_Free(misuse_at(p));
}

static void double_free_largest(bool wrong) {
  void *p = PyMem_Malloc(512);
  PyMem_Free(p);
  if (wrong) PyMem_Free(misuse_at(p));
}

static void double_free_zero(bool wrong) {
  void *p = PyMem_Malloc(0);
  PyMem_Free(p);
  if (wrong) PyMem_Free(misuse_at(p));
}

static void double_free_later(bool wrong) {
  void *p[300];
  for (int i = 0; i < 300; i++) p[i] = PyMem_Malloc(100);
  PyMem_Free(p[7]);
  for (int i = 0; i < 300; i++)
    if (i != 7) PyMem_Free(p[i]);
  for (int i = 0; i < 5; i++) PyMem_Free(PyMem_Malloc(200));
  if (wrong) PyMem_Free(misuse_at(p[7]));
}

static void double_free_across(bool wrong) {
  void *p = PyMem_Malloc(30);
  PyMem_Free(p);
  if (wrong) PyObject_Free(misuse_at(p));
}

static void double_free_moved(bool wrong) {
  void *p = PyMem_Malloc(16), *q = PyMem_Realloc(p, 300);
  if (wrong) PyMem_Free(misuse_at(p));
  PyMem_Free(q);
}

static void double_free_array(bool wrong) {
  int *p = PyMem_New(int, 10);
  PyMem_Del(p);
  if (wrong) PyMem_Del(misuse_at(p));
}

static void double_free_object(bool wrong) {
  PyTypeObject type = {.tp_basicsize = 40};
  PyObject *op = PyObject_New(PyObject, &type);
  PyObject_Del(op);
  if (wrong) PyObject_Del(misuse_at(op));
}

/* The pool of a block freed twice may be nobody's by then: all of its blocks, and those
   of enough other pools, are freed. */
static void double_free_gone(bool wrong) {
  enum { MANY = 128 * 40 };
  static void *p[MANY];
  for (int i = 0; i < MANY; i++) p[i] = PyMem_Malloc(512);
  for (int i = 0; i < MANY; i++) PyMem_Free(p[i]);
  if (wrong) PyMem_Free(misuse_at(p[1]));
}

static void free_never_allocated(bool wrong) {
  char *p = PyMem_Malloc(64);
  if (wrong) PyMem_Free(misuse_at(p + 64));
  PyMem_Free(p);
}

static void free_interior(bool wrong, size_t size, size_t by) {
  char *p = PyObject_Malloc(size);
  if (wrong) PyObject_Free(misuse_at(p + by));
  PyObject_Free(p);
}

static void free_interior_1(bool wrong) { free_interior(wrong, 64, 1); }
static void free_interior_8(bool wrong) { free_interior(wrong, 64, 8); }
static void free_interior_16(bool wrong) { free_interior(wrong, 64, 16); }
static void free_interior_48_32(bool wrong) { free_interior(wrong, 48, 32); }
static void free_interior_last(bool wrong) { free_interior(wrong, 512, 511); }
static void free_smallest_8(bool wrong) { free_interior(wrong, 1, 8); }

static void free_in_metadata(bool wrong) {
  void *p = PyMem_Malloc(1);
  if (wrong) PyMem_Free(misuse_at(pymalloc_space()->region.base));
  PyMem_Free(p);
}

static void free_last_of_metadata(bool wrong) {
  void *p = PyMem_Malloc(1);
  const space_t *space = pymalloc_space();
  if (wrong) PyMem_Free(misuse_at(space->region.base + (size_t)space->heap.first * POOL_SIZE - 16));
  PyMem_Free(p);
}

static void free_unopened_pool(bool wrong) {
  void *p = PyMem_Malloc(1);
  const space_t *space = pymalloc_space();
  if (wrong) PyMem_Free(misuse_at(space->region.base + (size_t)space->heap.opened * POOL_SIZE));
  PyMem_Free(p);
}

static void free_end_of_region(bool wrong) {
  void *p = PyMem_Malloc(1);
  const region_t *region = &pymalloc_space()->region;
  if (wrong) PyMem_Free(misuse_at(region->base + region->size - 16));
  PyMem_Free(p);
}

/* What is left at a pool's end is no block, but could be one by its place. */
static void free_rest_of_pool(bool wrong, size_t by) {
  char *p = PyMem_Malloc(48);
  const char *base = pymalloc_space()->region.base;
  size_t pool = (size_t)(p - base) / POOL_SIZE * POOL_SIZE;
  if (wrong) PyMem_Free(misuse_at(pymalloc_space()->region.base + pool + 64512 + by));
  PyMem_Free(p);
}

static void free_rest_0(bool wrong) { free_rest_of_pool(wrong, 0); }
static void free_rest_48(bool wrong) { free_rest_of_pool(wrong, 48); }
static void free_rest_960(bool wrong) { free_rest_of_pool(wrong, 960); }
static void free_rest_16(bool wrong) { free_rest_of_pool(wrong, 16); }

static void realloc_freed(bool wrong, size_t size, size_t to) {
  void *p = PyMem_Malloc(size);
  p = PyMem_Realloc(p, size);
  PyMem_Free(p);
  if (wrong) PyMem_Realloc(misuse_at(p), to);
}

static void realloc_freed_same(bool wrong) { realloc_freed(wrong, 100, 100); }
static void realloc_freed_more(bool wrong) { realloc_freed(wrong, 100, 1000); }
static void realloc_freed_less(bool wrong) { realloc_freed(wrong, 500, 1); }
static void realloc_freed_zero(bool wrong) { realloc_freed(wrong, 16, 0); }

static void realloc_freed_obj(bool wrong) {
  void *p = PyObject_Malloc(100);
  PyObject_Free(p);
  if (wrong) PyObject_Realloc(misuse_at(p), 50);
}

static void realloc_interior(bool wrong) {
  char *p = PyObject_Malloc(100);
  if (wrong) PyObject_Realloc(misuse_at(p + 16), 50);
  PyObject_Free(p);
}

static void realloc_unaligned(bool wrong) {
  char *p = PyMem_Malloc(100);
  if (wrong) PyMem_Realloc(misuse_at(p + 4), 100);
  PyMem_Free(p);
}

static void realloc_never_allocated(bool wrong) {
  char *p = PyMem_Malloc(32);
  if (wrong) PyMem_Realloc(misuse_at(p + 96), 10);
  PyMem_Free(p);
}

static void realloc_in_metadata(bool wrong) {
  void *p = PyMem_Malloc(1);
  if (wrong) PyMem_Realloc(misuse_at(pymalloc_space()->region.base + 64), 10);
  PyMem_Free(p);
}

static void raw_free_of_mem(bool wrong) {
  void *p = PyMem_Malloc(20), *q = PyMem_RawMalloc(20);
  if (wrong) PyMem_RawFree(misuse_at(p));
  PyMem_RawFree(q);
  PyMem_Free(p);
}

static void raw_free_of_obj(bool wrong) {
  void *p = PyObject_Malloc(512), *q = PyObject_Malloc(513);
  if (wrong) PyMem_RawFree(misuse_at(p));
  PyObject_Free(q);
  PyObject_Free(p);
}

static void raw_free_of_freed(bool wrong) {
  void *p = PyMem_Malloc(20);
  PyMem_Free(p);
  if (wrong) PyMem_RawFree(misuse_at(p));
}

static void raw_free_interior(bool wrong) {
  char *p = PyMem_Malloc(20);
  if (wrong) PyMem_RawFree(misuse_at(p + 3));
  PyMem_Free(p);
}

static void raw_realloc_of_mem(bool wrong) {
  void *p = PyMem_Malloc(20), *q = PyMem_RawRealloc(NULL, 20);
  if (wrong) PyMem_RawRealloc(misuse_at(p), 40);
  PyMem_RawFree(PyMem_RawRealloc(q, 40));
  PyMem_Free(p);
}

static void raw_realloc_of_obj_to_zero(bool wrong) {
  void *p = PyObject_Malloc(20);
  if (wrong) PyMem_RawRealloc(misuse_at(p), 0);
  PyObject_Free(p);
}

/* A space in a buffer. */

static char buffer[2][(size_t)256 << 10];

static space_t *in_buffer(int i) { return space_in_buffer(buffer[i], sizeof buffer[i]); }

static void buffer_double_free(bool wrong) {
  space_t *space = in_buffer(0);
  void *p = space_malloc(space, 100);
  space_free(space, p);
  if (wrong) space_free(space, misuse_at(p));
}

static void buffer_interior(bool wrong) {
  space_t *space = in_buffer(0);
  char *p = space_malloc(space, 100);
  if (wrong) space_free(space, misuse_at(p + 16));
  space_free(space, p);
}

static void buffer_realloc_freed(bool wrong) {
  space_t *space = in_buffer(0);
  void *p = space_malloc(space, 100);
  space_free(space, p);
  if (wrong) space_realloc(space, misuse_at(p), 10);
}

static void buffer_free_stack(bool wrong) {
  space_t *space = in_buffer(0);
  char local[64];
  memset(local, 0, sizeof local);
  if (wrong) space_free(space, misuse_at(local));
  space_free(space, space_malloc(space, 64));
}

static void buffer_free_of_libc(bool wrong) {
  space_t *space = in_buffer(0);
  void *p = malloc(64);
  if (wrong) space_free(space, misuse_at(p));
  free(p);
}

static void buffer_free_of_other(bool wrong) {
  space_t *space = in_buffer(0), *other = in_buffer(1);
  void *p = space_malloc(other, 64);
  if (wrong) space_free(space, misuse_at(p));
  space_free(other, p);
}

static void buffer_free_of_itself(bool wrong) {
  space_t *space = in_buffer(0);
  if (wrong) space_free(space, misuse_at(space)); /* before the region */
}

static void buffer_realloc_of_other(bool wrong) {
  space_t *space = in_buffer(0), *other = in_buffer(1);
  void *p = space_malloc(other, 64);
  if (wrong) space_realloc(space, misuse_at(p), 32);
  space_free(other, p);
}

/* A space with a region of its own. */
static void space_double_free(bool wrong) {
  static const PyMemAllocatorEx raw = RAW_ALLOCATOR;
  static space_t space;
  space_open(&space, REGION_LIBC, (size_t)8 << 20, NULL, &raw);
  void *p = space_malloc(&space, 333);
  space_free(&space, p);
  if (wrong) space_free(&space, misuse_at(p));
  space_close(&space);
}

static void closed_space_free(bool wrong) {
  static space_t space;
  space_open(&space, REGION_LIBC, (size_t)8 << 20, NULL, NULL);
  void *p = space_malloc(&space, 16);
  space_free(&space, p);
  space_close(&space);
  if (wrong) space_free(&space, misuse_at(p));
}

#define NOT_LIVE "the block is not live (freed twice, or never allocated)"
#define NOT_BLOCK "no block starts at this address (an interior or wild pointer)"
#define FAMILY "the block belongs to the mem or obj family, not to raw"
#define FOREIGN "the address is not of this heap"
#define CASE(name, rule, call, what) {#name, rule, name, call, what}

const misuse_case_t misuse_cases[] = {
  CASE(double_free, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(double_free_obj, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(double_free_largest, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(double_free_zero, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(double_free_later, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(double_free_across, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(double_free_moved, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(double_free_array, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(double_free_object, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(double_free_gone, "PM-MISUSE-01", "free", NOT_BLOCK),
  CASE(free_never_allocated, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(free_interior_1, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(free_interior_8, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(free_interior_16, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(free_interior_48_32, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(free_interior_last, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(free_smallest_8, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(free_in_metadata, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(free_last_of_metadata, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(free_unopened_pool, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(free_end_of_region, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(free_rest_0, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(free_rest_48, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(free_rest_960, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(free_rest_16, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(realloc_freed_same, "PM-MISUSE-01", "realloc", NOT_LIVE),
  CASE(realloc_freed_more, "PM-MISUSE-01", "realloc", NOT_LIVE),
  CASE(realloc_freed_less, "PM-MISUSE-01", "realloc", NOT_LIVE),
  CASE(realloc_freed_zero, "PM-MISUSE-01", "realloc", NOT_LIVE),
  CASE(realloc_freed_obj, "PM-MISUSE-01", "realloc", NOT_LIVE),
  CASE(realloc_interior, "PM-MISUSE-02", "realloc", NOT_BLOCK),
  CASE(realloc_unaligned, "PM-MISUSE-02", "realloc", NOT_BLOCK),
  CASE(realloc_never_allocated, "PM-MISUSE-01", "realloc", NOT_LIVE),
  CASE(realloc_in_metadata, "PM-MISUSE-02", "realloc", NOT_BLOCK),
  CASE(raw_free_of_mem, "PM-MISUSE-03", "PyMem_RawFree", FAMILY),
  CASE(raw_free_of_obj, "PM-FAMILY-02", "PyMem_RawFree", FAMILY),
  CASE(raw_free_of_freed, "PM-MISUSE-03", "PyMem_RawFree", FAMILY),
  CASE(raw_free_interior, "PM-MISUSE-03", "PyMem_RawFree", FAMILY),
  CASE(raw_realloc_of_mem, "PM-MISUSE-03", "PyMem_RawRealloc", FAMILY),
  CASE(raw_realloc_of_obj_to_zero, "PM-MISUSE-03", "PyMem_RawRealloc", FAMILY),
  CASE(buffer_double_free, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(buffer_interior, "PM-MISUSE-02", "free", NOT_BLOCK),
  CASE(buffer_realloc_freed, "PM-MISUSE-01", "realloc", NOT_LIVE),
  CASE(buffer_free_stack, "PM-MISUSE-04", "free", FOREIGN),
  CASE(buffer_free_of_libc, "PM-MISUSE-04", "free", FOREIGN),
  CASE(buffer_free_of_other, "PM-MISUSE-04", "free", FOREIGN),
  CASE(buffer_free_of_itself, "PM-MISUSE-04", "free", FOREIGN),
  CASE(buffer_realloc_of_other, "PM-MISUSE-04", "realloc", FOREIGN),
  CASE(space_double_free, "PM-MISUSE-01", "free", NOT_LIVE),
  CASE(closed_space_free, "PM-MISUSE-04", "free", FOREIGN),
  {NULL, NULL, NULL, NULL, NULL},
};
