/* What becomes of pools: when their memory goes back, which are taken first, and
   that room in a pool is found again. */
#include "tests/invariant.h"
#include "tests/numbers.h"
#include "tests/random.h"

static numbers_t n;
static uint64_t block[NUMBERS_GRANULES];

/* Empty pools keep their memory up to idle_max; that of each further one goes back.
   What is kept is taken again first, and when it was too little, it is doubled. */
static void test_release(size_t c) {
  size_t count = 0, released = 0;
  uint64_t o;
  numbers_init(&n, NUMBERS_MOST);
  while ((o = numbers_malloc(&n, c)) != HEAP_NONE) block[count++] = o;
  for (size_t i = 0; i < count; i++) {
    bool release = numbers_free(&n, c, block[i]) == HEAP_FREED_RELEASE;
    if (!release) continue;
    uint32_t p = (uint32_t)(block[i] / POOL_SIZE);
    CHECK_OF("PM-HEAP-03", set_has(&n.heap.sets, SET_BARE, p), c, p);
    CHECK_EQ("PM-HEAP-03", heap_pool_live(&n.heap, p), 0);
    released++;
  }
  CHECK_EQ("PM-HEAP-03", n.heap.idle, IDLE_MAX);
  CHECK_OF("PM-HEAP-03", released >= NUMBERS_MOST - 2 - IDLE_MAX, c, released);
  o = numbers_malloc(&n, (c + 5) % CLASSES);
  CHECK_EQ("PM-HEAP-03", n.heap.idle, IDLE_MAX - 1);
  CHECK("PM-HEAP-03", !set_has(&n.heap.sets, SET_IDLE, (uint32_t)(o / POOL_SIZE)));
  for (size_t i = 0; n.heap.idle > 0; i = (i + 1) % CLASSES) numbers_malloc(&n, i);
  CHECK_EQ("PM-HEAP-03", n.heap.idle_max, IDLE_MAX);
  while (n.heap.idle_max == IDLE_MAX && numbers_malloc(&n, c) != HEAP_NONE) continue;
  CHECK_EQ("PM-HEAP-03", n.heap.idle_max, 2 * IDLE_MAX);
}

/* A closed pool is offered again from the moment on that an eighth is free. */
static void test_offered(size_t c) {
  size_t words = 64 / (c + 1), per_pool = words * 64;
  numbers_init(&n, NUMBERS_MOST);
  for (size_t i = 0; i < 2 * per_pool; i++) block[i] = numbers_malloc(&n, c);
  for (size_t i = 0; i < 8 * words; i++) {
    CHECK_OF("PM-FREE-02", !set_has(&n.heap.sets, c, 1), c, i);
    numbers_free(&n, c, block[i * 7 % per_pool]);
  }
  CHECK_OF("PM-FREE-02", set_has(&n.heap.sets, c, 1), c, words);
  CHECK_OF("PM-FREE-02", numbers_malloc(&n, c) / POOL_SIZE == 1, c, words);
  CHECK_OF("PM-FREE-02", !set_has(&n.heap.sets, c, 1), c, words); /* it is the current one */
  check_invariant(&n);
}

/* A full pool in which all blocks but one are freed has room for them all again,
   before another pool is opened. */
static void test_room_again(size_t c) {
  size_t per_pool = 64 / (c + 1) * 64, count = 3 * per_pool;
  numbers_init(&n, NUMBERS_MOST);
  for (size_t i = 0; i < count; i++) block[i] = numbers_malloc(&n, c);
  CHECK_EQ("PM-FREE-02", n.heap.opened, 4);
  for (size_t i = 0; i < per_pool - 1; i++) numbers_free(&n, c, block[i]);
  for (size_t i = 0; i < per_pool - 1; i++) CHECK("PM-FREE-02", numbers_malloc(&n, c) != HEAP_NONE);
  CHECK_EQ("PM-FREE-02", n.heap.opened, 4);
  CHECK_EQ("PM-FREE-02", numbers_live(&n), count);
}

/* Pools with room are filled from the lowest on, so that high ones drain. */
static void test_lowest_first(size_t c) {
  size_t per_pool = 64 / (c + 1) * 64;
  numbers_init(&n, 100);
  for (size_t i = 0; i < 99 * per_pool; i++) block[i] = numbers_malloc(&n, c);
  for (size_t i = 0; i < 99 * per_pool; i += 2) numbers_free(&n, c, block[i]);
  uint64_t o = 0;
  size_t half = per_pool / 2;
  for (size_t i = 0; i < 40 * half; i++) o = numbers_malloc(&n, c);
  /* 40 half pools: the current one, and the 39 or 40 lowest. */
  CHECK_OF("PM-HEAP-02", o / POOL_SIZE <= 41, c, o / POOL_SIZE);
}

/* A heap without pools serves nothing, and frees of it are no blocks. */
static void test_no_pools(void) {
  heap_t h;
  static uint64_t no_word;
  heap_init(&h, NULL, &no_word, NULL, 0, 0);
  for (size_t c = 0; c < CLASSES; c++) CHECK_EQ("PM-MALLOC-06", heap_malloc(&h, c), HEAP_NONE);
  numbers_init(&n, 1);
  for (size_t c = 0; c < CLASSES; c++) CHECK_EQ("PM-MALLOC-06", heap_malloc(&n.heap, c), HEAP_NONE);
  CHECK_EQ("PM-MISUSE-02", heap_free(&n.heap, 0), HEAP_NOT_BLOCK);
}

/* More pools may be given to a heap that was full. */
static void test_growth(size_t c) {
  size_t count = 0;
  numbers_init(&n, NUMBERS_MOST);
  for (uint32_t pools = 2; pools <= NUMBERS_MOST; pools += 16) {
    n.heap.pools = pools;
    while (numbers_malloc(&n, c) != HEAP_NONE) count++;
    CHECK_EQ("PM-MALLOC-06", count, (pools - 1) * (64 / (c + 1) * 64));
  }
}

int main(void) {
  for (size_t c = 0; c < CLASSES; c++) {
    test_release(c);
    test_offered(c);
    test_room_again(c);
    test_lowest_first(c);
    test_growth(c);
  }
  test_no_pools();
  return check_done();
}
