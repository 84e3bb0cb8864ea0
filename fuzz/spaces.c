/* Many spaces at once, each with memory from another source, with a large allocator or
   without.  They share nothing: what happens in one changes no other. */
#include "alloc/domain.h"
#include "alloc/raw.h"
#include "alloc/select.h"
#include "fuzz/spaces.h"

#define SPACES 8u
#define BUFFER ((size_t)512 << 10)

static space_t opened[SPACES]; /* those that space_open made */
static space_t *space[SPACES];
static model_region_t region[SPACES];
static _Alignas(16) char buffer[SPACES][BUFFER];
static const PyMemAllocatorEx large = RAW_ALLOCATOR;

static void space_new(unsigned i, unsigned source, size_t most, bool has_large) {
  static const region_source_t sources[] = {REGION_SYSTEM, REGION_LIBC, REGION_HOOK, REGION_NONE};
  const PyMemAllocatorEx *its = has_large ? &large : NULL;
  space[i] = &opened[i];
  system_enter();
  if (source == 4) space[i] = space_in_buffer(buffer[i], BUFFER);
  else space_open(space[i], sources[source], most, &space_hook, its);
  system_leave();
  space_tell(i, 1, space[i], &region[i]);
}

/* A program may begin with this, and what it sets stays; other targets begin otherwise. */
static void begin(void) {
  static bool begun;
  if (begun) return;
  begun = true;
  PyMemAllocatorEx now, raw = RAW_ALLOCATOR;
  PyObject_SetArenaAllocator(&(PyObjectArenaAllocator){NULL, space_hook.alloc, space_hook.free});
  PyMem_SetAllocator(PYMEM_DOMAIN_MEM, &raw);
  PyMem_GetAllocator(PYMEM_DOMAIN_MEM, &now);
  RUN_EXPECT("PM-DOMAIN-02", now.malloc == raw.malloc, "what is set first is lost");
  RUN_EXPECT("PM-DOMAIN-04", pymalloc_space()->region.source == REGION_HOOK,
             "the region is not the hook's");
}

/* Sources in turn, beginning with `who`; the bits of `by` say which have no large
   allocator. */
static void spaces_open(const op_t *op) {
  begin();
  for (unsigned i = 0; i < SPACES; i++)
    space_new(i, (op->who + i) % 5, (1 + (op->arg + i) % 4) * ((size_t)4 << 20),
              (op->by >> i & 1) == 0);
}

static void *spaces_malloc(unsigned who, size_t n) { return space_malloc(space[who], n); }

static void *spaces_calloc(unsigned who, size_t nelem, size_t elsize) {
  return space_calloc(space[who], nelem, elsize);
}

static void *spaces_realloc(unsigned who, void *p, size_t n) {
  return space_realloc(space[who], p, n);
}

static void spaces_free(unsigned who, void *p) { space_free(space[who], p); }
static size_t spaces_usable(unsigned who, const void *p) { return space_usable(space[who], p); }

static void spaces_check(const op_t *op) {
  (void)op;
  for (unsigned i = 0; i < SPACES; i++) space_check(space[i], 1u << i);
}

static void spaces_misuse(const op_t *op) {
  if (space[op->who]->region.size != 0) space_misuse(op, space[op->who], "free", "realloc");
}

static void spaces_fail(const op_t *op) {
  system_fail(op->who % SYSTEM_SOURCES, op->by, op->times);
}

static void spaces_close(void) {
  system_enter();
  for (unsigned i = 0; i < SPACES; i++) space_close(space[i]);
  system_leave();
}

const target_t target = {
  .name = "spaces",
  .kinds = KINDS_BASIC | KIND(OP_MISUSE) | KIND(OP_FAIL),
  .who = SPACES,
  .open = spaces_open,
  .malloc = spaces_malloc,
  .calloc = spaces_calloc,
  .realloc = spaces_realloc,
  .free = spaces_free,
  .usable = spaces_usable,
  .check = spaces_check,
  .fail = spaces_fail,
  .misuse = spaces_misuse,
  .close = spaces_close,
};
