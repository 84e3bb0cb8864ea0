/* Many spaces at once, in buffers and in regions of their own: none knows of another. */
#include "alloc/space.h"
#include "tests/check.h"
#include "tests/pattern.h"
#include "tests/random.h"

#define SPACES 1000u
#define BUFFER ((size_t)256 << 10)
#define REGIONS 50u
#define BLOCKS 24u /* of each space at once */

typedef struct {
  space_t *space;
  const char *low, *high; /* its memory */
  char *block[BLOCKS];
  size_t size[BLOCKS];
} owner_t;

static owner_t owner[SPACES];

static size_t kind(size_t s, size_t b) { return s * 7 + b; }

static void step(size_t s, size_t b) {
  owner_t *o = &owner[s];
  if (o->block[b] != NULL) {
    CHECK_OF("PM-REGION-07", pattern_kept(o->block[b], o->size[b], kind(s, b)), s, b);
    space_free(o->space, o->block[b]);
    o->block[b] = NULL;
    return;
  }
  o->size[b] = 1 + (s % 32 + random_below(2) * 5) % 32 * 16; /* two classes: as many as pools */
  o->block[b] =
    b % 3 == 0 ? space_calloc(o->space, 1, o->size[b]) : space_malloc(o->space, o->size[b]);
  CHECK_OF("PM-MALLOC-01", o->block[b] != NULL, s, o->size[b]);
  CHECK_OF("PM-REGION-05", o->block[b] >= o->low && o->block[b] + o->size[b] <= o->high, s, b);
  if (b % 3 == 0) CHECK_OF("PM-CALLOC-02", all_zero(o->block[b], o->size[b]), s, b);
  pattern_fill(o->block[b], o->size[b], kind(s, b));
}

static size_t live_blocks(const space_t *space) {
  size_t live = 0;
  for (uint32_t p = space->heap.first; p < space->heap.opened; p++)
    live += heap_pool_live(&space->heap, p);
  return live;
}

static void test_all(size_t spaces, int steps) {
  for (int i = 0; i < steps; i++) step(random_below((uint32_t)spaces), random_below(BLOCKS));
  for (size_t s = 0; s < spaces; s++) {
    size_t live = 0;
    for (size_t b = 0; b < BLOCKS; b++) live += owner[s].block[b] != NULL;
    CHECK_OF("PM-REGION-07", live_blocks(owner[s].space) == live, s, live);
    /* Its blocks are nobody else's. */
    for (size_t b = 0; b < BLOCKS; b++)
      if (owner[s].block[b] != NULL)
        CHECK_EQ("PM-REGION-07", space_usable(owner[(s + 1) % spaces].space, owner[s].block[b]), 0);
    for (size_t b = 0; b < BLOCKS; b++)
      if (owner[s].block[b] != NULL) step(s, b);
    CHECK_OF("PM-FREE-03", live_blocks(owner[s].space) == 0, s, spaces);
  }
}

static void test_buffers(void) {
  char *memory = malloc(SPACES * BUFFER);
  CHECK("PM-REGION-05", memory != NULL);
  for (size_t s = 0; s < SPACES; s++) {
    owner[s].low = memory + s * BUFFER;
    owner[s].high = owner[s].low + BUFFER;
    owner[s].space = space_in_buffer(memory + s * BUFFER, BUFFER);
    CHECK_OF("PM-REGION-05", owner[s].space != NULL, s, BUFFER);
  }
  test_all(SPACES, 400000);
  free(memory);
}

static void test_regions(void) {
  static space_t space[REGIONS];
  for (size_t s = 0; s < REGIONS; s++) {
    region_source_t source = s % 5 == 0 ? REGION_LIBC : REGION_SYSTEM;
    CHECK_OF("PM-REGION-01", space_open(&space[s], source, (size_t)8 << 20, NULL, NULL), s, source);
    owner[s].space = &space[s];
    owner[s].low = space[s].region.base;
    owner[s].high = owner[s].low + space[s].region.size;
  }
  test_all(REGIONS, 200000);
  for (size_t s = 0; s < REGIONS; s++) {
    space_close(&space[s]);
    CHECK("PM-REGION-02", space_malloc(&space[s], 16) == NULL); /* closed: without pools */
  }
}

int main(void) {
  test_buffers();
  test_regions();
  return check_done();
}
