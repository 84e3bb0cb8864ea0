/* A space in a caller's buffer, of any size and alignment: it has no other memory, makes
   no request, and writes nothing outside. */
#include <string.h>

#include "alloc/domain.h"
#include "alloc/select.h"
#include "fuzz/spaces.h"

#define MOST ((size_t)2 << 20)
#define GUARD 64u  /* bytes before and after that must stay as they are */
#define SMALL_ENOUGH (160u << 10) /* so many bytes are enough for a space (PM-REGION-05) */

static _Alignas(16) unsigned char memory[GUARD + 16 + MOST + GUARD];
static unsigned char *buffer;
static size_t size;
static space_t *space;
static model_region_t region;

/* A program may begin with this: without a region it still has the allocator that was
   chosen.  Other targets begin otherwise. */
static void begin(void) {
  static bool begun;
  if (begun) return;
  begun = true;
  PyMemAllocatorEx now;
  PyObject_SetArenaAllocator(&(PyObjectArenaAllocator){0});
  PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &now);
  RUN_EXPECT("PM-DOMAIN-01", now.ctx == pymalloc_space(), "not the allocator that was chosen");
  RUN_EXPECT("PM-DOMAIN-04", pymalloc_space()->region.size == 0, "a region from nowhere");
}

static void buffer_open(const op_t *op) {
  begin();
  size = op->arg == 0 ? MOST / 2 : op->arg * (MOST >> 16);
  buffer = memory + GUARD + op->by % 16;
  memset(buffer - GUARD, 0xa5, GUARD);
  memset(buffer + size, 0xa5, GUARD);
  system_enter();
  space = space_in_buffer(buffer, size);
  system_leave();
  RUN_EXPECT("PM-REGION-05", space != NULL || size < SMALL_ENOUGH, "the buffer is large enough");
  RUN_EXPECT("PM-REGION-05", (uintptr_t)space % 16 == 0, "the space itself is not aligned");
  RUN_EXPECT("PM-REGION-05", space_in_buffer(NULL, size) == NULL, "there is no buffer");
  model.rules[0] = (model_rules_t){.no_large = true};
  if (space != NULL) space_tell(0, 1, space, &region);
}

static void *buffer_malloc(unsigned who, size_t n) {
  (void)who;
  return space == NULL ? NULL : space_malloc(space, n);
}

static void *buffer_calloc(unsigned who, size_t nelem, size_t elsize) {
  (void)who;
  return space == NULL ? NULL : space_calloc(space, nelem, elsize);
}

static void *buffer_realloc(unsigned who, void *p, size_t n) {
  (void)who;
  return space == NULL ? NULL : space_realloc(space, p, n);
}

static void buffer_free(unsigned who, void *p) {
  (void)who;
  if (space != NULL) space_free(space, p);
}

static size_t buffer_usable(unsigned who, const void *p) {
  (void)who;
  return space_usable(space, p);
}

static bool guard_kept(const unsigned char *p) {
  return p[0] == 0xa5 && memcmp(p, p + 1, GUARD - 1) == 0;
}

static void buffer_check(const op_t *op) {
  (void)op;
  RUN_EXPECT("PM-REGION-05", guard_kept(buffer - GUARD), "it writes before the buffer");
  RUN_EXPECT("PM-REGION-05", guard_kept(buffer + size), "it writes behind the buffer");
  RUN_EXPECT("PM-REGION-05", sys.asked == 0, "it asks the system for memory");
  if (space != NULL) space_check(space, 1);
}

static void buffer_misuse(const op_t *op) {
  if (space != NULL) space_misuse(op, space, "free", "realloc");
}

static void buffer_close(void) {
  system_enter();
  if (space != NULL) space_close(space);
  system_leave();
}

const target_t target = {
  .name = "buffer",
  .kinds = KINDS_BASIC | KIND(OP_MISUSE),
  .who = 1,
  .open = buffer_open,
  .malloc = buffer_malloc,
  .calloc = buffer_calloc,
  .realloc = buffer_realloc,
  .free = buffer_free,
  .usable = buffer_usable,
  .check = buffer_check,
  .misuse = buffer_misuse,
  .close = buffer_close,
};
