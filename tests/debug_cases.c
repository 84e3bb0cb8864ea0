#include "tests/debug_cases.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { RAW, MEM, OBJ };

#define CASE_FUNCTION(name) \
  static void name(const debug_case_t *c, const subject_t *s, bool wrong)
#define F (&s->family[c->family])
#define G (&s->family[c->other])

/* A block, noted as the one that reports are about, and filled. */
static char *block_of(const debug_case_t *c, const subject_t *s) {
  char *p = F->malloc(c->size);
  s->at(p);
  memset(p, 'd', c->size);
  return p;
}

/* Through memory that the compiler does not follow. */
static void put(char *p, long offset) {
  char *volatile at = p + offset;
  *at = 'x';
}

/* Makes the layer give back what it holds, with blocks of another size. */
static void go_on(const debug_case_t *c, const subject_t *s) {
  for (int i = 0; i < 2000; i++) F->free(F->malloc(400));
}

/* Writes outside of the block. */

static void write_and_free(const debug_case_t *c, const subject_t *s, bool wrong, char *p) {
  s->at(p);
  if (wrong) put(p, c->offset);
  F->free(p);
}

CASE_FUNCTION(write_free) { write_and_free(c, s, wrong, block_of(c, s)); }
CASE_FUNCTION(write_calloc) { write_and_free(c, s, wrong, F->calloc(1, c->size)); }

CASE_FUNCTION(write_after_realloc) {
  write_and_free(c, s, wrong, F->realloc(block_of(c, s), c->size + 1));
}

CASE_FUNCTION(write_realloc) {
  char *p = block_of(c, s);
  if (wrong) put(p, c->offset);
  F->free(F->realloc(p, c->size + 100));
}

/* One of many blocks of a pool, which lie next to each other. */
CASE_FUNCTION(write_far) {
  char *p[64];
  for (int i = 0; i < 64; i++) p[i] = F->malloc(c->size);
  s->at(p[31]);
  if (wrong) put(p[31], c->offset);
  for (int i = 0; i < 64; i++) F->free(p[i]);
}

CASE_FUNCTION(write_check) {
  char *p = block_of(c, s);
  if (wrong) put(p, c->offset);
  if (s->check() != 0) abort();
  put(p, 0);
}

/* Blocks freed twice. */

CASE_FUNCTION(free_twice) {
  char *p = block_of(c, s);
  F->free(p);
  if (wrong) F->free(p);
}

CASE_FUNCTION(free_twice_between) {
  void *p[300];
  for (int i = 0; i < 300; i++) p[i] = F->malloc(c->size);
  s->at(p[290]);
  for (int i = 0; i < 300; i++) F->free(p[i]);
  if (wrong) F->free(p[290]);
}

CASE_FUNCTION(free_twice_reused) {
  void *p = block_of(c, s);
  F->free(p);
  void *q = F->malloc(c->size);
  if (wrong) F->free(p);
  F->free(q);
}

CASE_FUNCTION(free_twice_late) {
  void *p = block_of(c, s);
  F->free(p);
  go_on(c, s);
  if (wrong) F->free(p);
}

CASE_FUNCTION(free_moved) {
  void *p = block_of(c, s), *q = F->realloc(p, c->size * 20);
  if (wrong && p != q) F->free(p);
  F->free(q);
}

CASE_FUNCTION(realloc_freed) {
  void *p = block_of(c, s);
  F->free(p);
  if (wrong) F->realloc(p, (size_t)c->offset);
}

/* The wrong family. */

CASE_FUNCTION(free_other) {
  void *p = block_of(c, s), *q = G->malloc(16);
  if (wrong) G->free(p);
  else F->free(p);
  G->free(q);
}

CASE_FUNCTION(realloc_other) {
  void *p = block_of(c, s), *q = G->malloc(16);
  if (wrong) p = G->realloc(p, (size_t)c->offset);
  F->free(p);
  G->free(q);
}

/* Addresses that are no block's. */

CASE_FUNCTION(free_inside) {
  char *p = block_of(c, s);
  if (wrong) F->free(p + c->offset);
  F->free(p);
}

CASE_FUNCTION(realloc_inside) {
  char *p = block_of(c, s);
  if (wrong) p = F->realloc(p + c->offset, 64);
  F->free(p);
}

static char global[64];

CASE_FUNCTION(free_foreign) {
  char local[64];
  void *libc = malloc(64), *p = block_of(c, s);
  void *foreign[] = {libc, local, global, (void *)16, (void *)(uintptr_t)0xDDDDDDDDDDDDDDDD};
  memset(local, 0, sizeof local);
  if (wrong) s->at(foreign[c->offset]);
  if (wrong) F->free(foreign[c->offset]);
  F->free(p);
  free(libc);
}

/* Writes to a freed block. */

CASE_FUNCTION(write_late) {
  char *p = block_of(c, s);
  F->free(p);
  if (wrong) put(p, c->offset);
  go_on(c, s);
}

CASE_FUNCTION(write_late_check) {
  char *p = block_of(c, s);
  F->free(p);
  if (wrong) put(p, c->offset);
  if (s->check() != 0) abort();
}

CASE_FUNCTION(write_late_moved) {
  char *p = block_of(c, s), *q = F->realloc(p, c->size * 20);
  if (wrong && p != q) put(p, c->offset);
  F->free(q);
  go_on(c, s);
}

/* The lock. */

enum { MALLOC, CALLOC, REALLOC, FREE };

CASE_FUNCTION(without_lock) {
  bool fresh = c->offset == MALLOC || c->offset == CALLOC;
  char *p = fresh ? NULL : block_of(c, s);
  s->at(p);
  if (wrong) s->without_lock();
  if (c->offset == MALLOC) p = F->malloc(c->size);
  if (c->offset == CALLOC) p = F->calloc(1, c->size);
  if (c->offset == REALLOC) p = F->realloc(p, 100);
  if (c->offset == FREE || !wrong) F->free(p);
}

#define CASE(name, rule, run, family, other, size, offset, what) \
  {name, rule, run, family, other, size, offset, what}

const debug_case_t debug_cases[] = {
  CASE("overrun_raw", "PM-DEBUG-07", write_free, RAW, RAW, 16, 16, "p[n]"),
  CASE("overrun_mem", "PM-DEBUG-07", write_free, MEM, MEM, 16, 16, "p[n]"),
  CASE("overrun_obj", "PM-DEBUG-07", write_free, OBJ, OBJ, 16, 16, "p[n]"),
  CASE("overrun_last_of_pad", "PM-DEBUG-07", write_free, MEM, MEM, 16, 23, "p[n + 7]"),
  CASE("overrun_of_nothing", "PM-DEBUG-07", write_free, MEM, MEM, 0, 0, "p[0] of a block of 0 bytes"),
  CASE("overrun_odd", "PM-DEBUG-07", write_free, MEM, MEM, 13, 13, "p[n], n = 13"),
  CASE("overrun_600", "PM-DEBUG-07", write_free, OBJ, OBJ, 600, 600, "p[n], n = 600"),
  CASE("overrun_5000", "PM-DEBUG-07", write_free, MEM, MEM, 5000, 5003, "p[n + 3], n = 5000"),
  CASE("overrun_calloc", "PM-DEBUG-07", write_calloc, MEM, MEM, 40, 40, "p[n] after calloc"),
  CASE("overrun_realloc", "PM-DEBUG-07", write_realloc, MEM, MEM, 16, 16, "p[n], then realloc"),
  CASE("overrun_after_realloc", "PM-DEBUG-07", write_after_realloc, OBJ, OBJ, 16, 17, "p[n] after realloc"),
  CASE("overrun_checked", "PM-DEBUG-12", write_check, MEM, MEM, 16, 18, "p[n + 2], never freed"),
  CASE("underrun_raw", "PM-DEBUG-07", write_free, RAW, RAW, 16, -1, "p[-1]"),
  CASE("underrun_mem", "PM-DEBUG-07", write_free, MEM, MEM, 16, -1, "p[-1]"),
  CASE("underrun_obj", "PM-DEBUG-07", write_free, OBJ, OBJ, 16, -7, "p[-7]"),
  CASE("underrun_id", "PM-DEBUG-07", write_free, MEM, MEM, 16, -8, "p[-8], the API byte"),
  CASE("underrun_size_low", "PM-DEBUG-07", write_free, MEM, MEM, 16, -9, "p[-9], of the size"),
  CASE("underrun_size_high", "PM-DEBUG-07", write_free, MEM, MEM, 16, -16, "p[-16], of the size"),
  CASE("underrun_600", "PM-DEBUG-07", write_free, MEM, MEM, 600, -4, "p[-4], n = 600"),
  CASE("underrun_realloc", "PM-DEBUG-07", write_realloc, OBJ, OBJ, 100, -2, "p[-2], then realloc"),
  CASE("underrun_far", "PM-DEBUG-07", write_far, MEM, MEM, 24, -17, "p[-17], the pad of the block before"),
  CASE("underrun_checked", "PM-DEBUG-12", write_check, OBJ, OBJ, 16, -3, "p[-3], never freed"),
  CASE("far_overrun_size", "PM-DEBUG-07", write_far, MEM, MEM, 24, 32, "past the pad: the next block's size"),
  CASE("far_overrun_id", "PM-DEBUG-07", write_far, MEM, MEM, 24, 40, "past the pad: its API byte"),
  CASE("far_overrun_pad", "PM-DEBUG-07", write_far, OBJ, OBJ, 24, 45, "past the pad: its leading pad"),
  CASE("far_overrun_two", "PM-DEBUG-07", write_far, OBJ, OBJ, 24, 123, "past the next block: its trailing pad"),
  CASE("double_free_raw", "PM-DEBUG-09", free_twice, RAW, RAW, 16, 0, "16 bytes"),
  CASE("double_free_mem", "PM-DEBUG-09", free_twice, MEM, MEM, 16, 0, "16 bytes"),
  CASE("double_free_obj", "PM-DEBUG-09", free_twice, OBJ, OBJ, 16, 0, "16 bytes"),
  CASE("double_free_600", "PM-DEBUG-09", free_twice, MEM, MEM, 600, 0, "600 bytes"),
  CASE("double_free_5000", "PM-DEBUG-09", free_twice, OBJ, OBJ, 5000, 0, "5,000 bytes"),
  CASE("double_free_500k", "PM-DEBUG-09", free_twice, MEM, MEM, 500000, 0, "500,000 bytes"),
  CASE("double_free_2M", "PM-DEBUG-09", free_twice, MEM, MEM, 2000000, 0, "2,000,000 bytes, given back at once"),
  CASE("double_free_between", "PM-DEBUG-09", free_twice_between, OBJ, OBJ, 48, 0, "other frees between"),
  CASE("double_free_reused", "PM-DEBUG-09", free_twice_reused, MEM, MEM, 16, 0, "a malloc of the size between"),
  CASE("double_free_late", "PM-DEBUG-09", free_twice_late, MEM, MEM, 16, 0, "2,000 other blocks between"),
  CASE("double_free_moved", "PM-DEBUG-09", free_moved, MEM, MEM, 16, 0, "of a block that realloc moved"),
  CASE("realloc_freed_more", "PM-DEBUG-09", realloc_freed, MEM, MEM, 16, 100, "to more"),
  CASE("realloc_freed_less", "PM-DEBUG-09", realloc_freed, OBJ, OBJ, 100, 1, "to less"),
  CASE("realloc_freed_zero", "PM-DEBUG-09", realloc_freed, OBJ, OBJ, 16, 0, "to 0 bytes"),
  CASE("realloc_freed_raw", "PM-DEBUG-09", realloc_freed, RAW, RAW, 16, 32, "of raw"),
  CASE("realloc_freed_5000", "PM-DEBUG-09", realloc_freed, MEM, MEM, 5000, 6000, "5,000 bytes"),
  CASE("raw_freed_by_mem", "PM-DEBUG-10", free_other, RAW, MEM, 16, 0, "RawMalloc, Mem_Free"),
  CASE("raw_freed_by_obj", "PM-DEBUG-10", free_other, RAW, OBJ, 16, 0, "RawMalloc, Object_Free"),
  CASE("mem_freed_by_raw", "PM-DEBUG-10", free_other, MEM, RAW, 16, 0, "Mem_Malloc, RawFree"),
  CASE("mem_freed_by_obj", "PM-DEBUG-10", free_other, MEM, OBJ, 16, 0, "Mem_Malloc, Object_Free"),
  CASE("obj_freed_by_raw", "PM-DEBUG-10", free_other, OBJ, RAW, 16, 0, "Object_Malloc, RawFree"),
  CASE("obj_freed_by_mem", "PM-DEBUG-10", free_other, OBJ, MEM, 16, 0, "Object_Malloc, Mem_Free"),
  CASE("large_obj_freed_by_raw", "PM-DEBUG-10", free_other, OBJ, RAW, 600, 0, "the same, 600 bytes"),
  CASE("raw_moved_by_mem", "PM-DEBUG-10", realloc_other, RAW, MEM, 16, 32, "RawMalloc, Mem_Realloc"),
  CASE("raw_moved_by_obj", "PM-DEBUG-10", realloc_other, RAW, OBJ, 16, 32, "RawMalloc, Object_Realloc"),
  CASE("mem_moved_by_raw", "PM-DEBUG-10", realloc_other, MEM, RAW, 16, 32, "Mem_Malloc, RawRealloc"),
  CASE("mem_moved_by_obj", "PM-DEBUG-10", realloc_other, MEM, OBJ, 16, 8, "Mem_Malloc, Object_Realloc"),
  CASE("obj_moved_by_raw", "PM-DEBUG-10", realloc_other, OBJ, RAW, 16, 32, "Object_Malloc, RawRealloc"),
  CASE("obj_moved_by_mem", "PM-DEBUG-10", realloc_other, OBJ, MEM, 16, 32, "Object_Malloc, Mem_Realloc"),
  CASE("interior_1", "PM-DEBUG-14", free_inside, MEM, MEM, 64, 1, "free(p + 1)"),
  CASE("interior_8", "PM-DEBUG-14", free_inside, OBJ, OBJ, 64, 8, "free(p + 8)"),
  CASE("interior_16", "PM-DEBUG-14", free_inside, MEM, MEM, 64, 16, "free(p + 16)"),
  CASE("interior_32", "PM-DEBUG-14", free_inside, MEM, MEM, 64, 32, "free(p + 32)"),
  CASE("interior_raw", "PM-DEBUG-14", free_inside, RAW, RAW, 64, 16, "RawFree(p + 16)"),
  CASE("interior_5000", "PM-DEBUG-14", free_inside, OBJ, OBJ, 5000, 4096, "free(p + 4096), n = 5000"),
  CASE("interior_of_frame", "PM-DEBUG-14", free_inside, OBJ, OBJ, 64, -16, "free(p - 16)"),
  CASE("interior_realloc", "PM-DEBUG-14", realloc_inside, MEM, MEM, 64, 16, "realloc(p + 16)"),
  CASE("foreign_malloc", "PM-DEBUG-14", free_foreign, MEM, MEM, 16, 0, "memory of the C library's malloc"),
  CASE("foreign_stack", "PM-DEBUG-14", free_foreign, OBJ, OBJ, 16, 1, "memory of the stack"),
  CASE("foreign_global", "PM-DEBUG-14", free_foreign, RAW, RAW, 16, 2, "a global"),
  CASE("foreign_small", "PM-DEBUG-14", free_foreign, MEM, MEM, 16, 3, "the address 16"),
  CASE("foreign_dead", "PM-DEBUG-14", free_foreign, MEM, MEM, 16, 4, "dead bytes, as an address"),
  CASE("late_write_first", "PM-DEBUG-08", write_late, MEM, MEM, 16, 0, "p[0]"),
  CASE("late_write_last", "PM-DEBUG-08", write_late, OBJ, OBJ, 100, 99, "p[n - 1]"),
  CASE("late_write_raw", "PM-DEBUG-08", write_late, RAW, RAW, 100, 50, "of raw"),
  CASE("late_write_frame", "PM-DEBUG-08", write_late, OBJ, OBJ, 16, -5, "p[-5]"),
  CASE("late_write_5000", "PM-DEBUG-08", write_late, MEM, MEM, 5000, 2500, "p[2500], n = 5000"),
  CASE("late_write_moved", "PM-DEBUG-08", write_late_moved, MEM, MEM, 16, 3, "after realloc moved it"),
  CASE("late_write_checked", "PM-DEBUG-12", write_late_check, OBJ, OBJ, 16, 7, "p[7], and a check"),
  CASE("no_lock_mem_malloc", "PM-DEBUG-11", without_lock, MEM, MEM, 16, MALLOC, "Mem_Malloc"),
  CASE("no_lock_obj_malloc", "PM-DEBUG-11", without_lock, OBJ, OBJ, 16, MALLOC, "Object_Malloc"),
  CASE("no_lock_calloc", "PM-DEBUG-11", without_lock, MEM, MEM, 16, CALLOC, "Mem_Calloc"),
  CASE("no_lock_realloc", "PM-DEBUG-11", without_lock, OBJ, OBJ, 16, REALLOC, "Object_Realloc"),
  CASE("no_lock_free", "PM-DEBUG-11", without_lock, MEM, MEM, 16, FREE, "Mem_Free"),
  {0},
};
