/* Spaces in memory of the caller: all of a space is in its buffer, whatever the
   buffer's alignment and size, and nothing outside is written. */
#include "alloc/space.h"
#include "tests/check.h"
#include "tests/pattern.h"

#define MOST ((size_t)1 << 20)
#define ENOUGH ((size_t)160 << 10) /* a space, and its pools for one class */

static char memory[MOST + 64];

static void check_outside(const char *buffer, size_t size) {
  size_t changed = 0;
  for (const char *p = memory; p < buffer; p++) changed += *p != 0x77;
  for (const char *p = buffer + size; p < memory + sizeof memory; p++) changed += *p != 0x77;
  CHECK_OF("PM-REGION-05", changed == 0, buffer - memory, size);
}

static bool inside(const void *p, size_t n, const char *buffer, size_t size) {
  const char *c = p;
  return c >= buffer && n <= size && (size_t)(c - buffer) <= size - n;
}

/* Fills the space with blocks of n bytes; returns how many there were. */
static size_t fill(space_t *space, size_t n, const char *buffer, size_t size) {
  static void *block[MOST / 16];
  size_t count = 0;
  while ((block[count] = space_malloc(space, n)) != NULL) {
    CHECK_OF("PM-REGION-05", inside(block[count], n, buffer, size), count, n);
    CHECK_OF("PM-ALIGN-01", (uintptr_t)block[count] % 16 == 0, block[count], n);
    pattern_fill(block[count], n, count);
    count++;
  }
  for (size_t i = 0; i < count; i++)
    CHECK_OF("PM-MALLOC-03", pattern_kept(block[i], n, i), i, n);
  for (size_t i = 0; i < count; i++) space_free(space, block[i]);
  return count;
}

static void test_buffer(size_t skip, size_t size, size_t n) {
  char *buffer = memory + skip;
  memset(memory, 0x77, sizeof memory);
  space_t *space = space_in_buffer(buffer, size);
  if (space == NULL) {
    CHECK_OF("PM-REGION-05", size < ENOUGH, skip, size);
  } else {
    CHECK_OF("PM-REGION-05", inside(space, sizeof *space, buffer, size), skip, size);
    size_t count = fill(space, n, buffer, size);
    CHECK_OF("PM-REGION-05", count * n <= size, count, n);
    CHECK_OF("PM-REGION-05", size < ENOUGH || count > 0, count, n);
    CHECK("PM-REGION-05", fill(space, n, buffer, size) == count);
    /* What does not fit fails. */
    CHECK("PM-REGION-05", space_malloc(space, 513) == NULL);
    CHECK("PM-REGION-05", space_calloc(space, 2, 300) == NULL);
    CHECK("PM-MALLOC-04", space_malloc(space, SIZE_MAX) == NULL);
    void *p = space_malloc(space, n);
    CHECK("PM-REALLOC-05", space_realloc(space, p, 513) == NULL);
    CHECK_EQ("PM-REALLOC-05", space_usable(space, p), (n + 15) / 16 * 16);
    space_free(space, p);
    space_free(space, NULL); /* PM-FREE-01 */
  }
  check_outside(buffer, size);
}

int main(void) {
  CHECK("PM-REGION-05", space_in_buffer(NULL, MOST) == NULL);
  CHECK("PM-REGION-05", space_in_buffer(NULL, 0) == NULL);
  for (size_t size = 0; size <= 200 << 10; size += 4001) test_buffer(size % 64, size, 64);
  for (size_t skip = 0; skip < 33; skip++)
    test_buffer(skip, MOST / 4 + skip * 999, 16 * (skip % 32) + 1 + skip % 16);
  test_buffer(0, MOST, 1);
  test_buffer(1, MOST, 512);
  return check_done();
}
