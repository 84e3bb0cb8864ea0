/* A heap whose blocks have all been freed serves what a new one does, whatever was
   done with it before: to each class all its blocks, but for less than an eighth of
   one pool, the one that the class was in. */
#include "tests/numbers.h"
#include "tests/random.h"

#define USABLE 3u
#define MOST (USABLE * POOL_BLOCKS)

static numbers_t n;
static uint64_t block[MOST];

/* What the class may leave behind: less than WORTH blocks a word of one pool. */
static size_t least(size_t c) { return USABLE * (64 / (c + 1) * 64) - 64 / (c + 1) * WORTH + 1; }

static size_t pool_blocks(size_t c) { return 64 / (c + 1) * 64; }

/* Takes up to `most` blocks of class c: how many it got. */
static size_t take(size_t c, size_t most) {
  size_t many = 0;
  while (many < most && (block[many] = numbers_malloc(&n, c)) != HEAP_NONE) many++;
  return many;
}

static void give(size_t c, size_t many) {
  while (many > 0) numbers_free(&n, c, block[--many]);
}

/* A pool is filled, emptied, filled in part and emptied again: the class then stands
   somewhere in it. */
static void test_position(size_t c, size_t part) {
  numbers_init(&n, USABLE + 1);
  give(c, take(c, pool_blocks(c)));
  give(c, take(c, part));
  size_t many = take(c, MOST);
  CHECK_OF("PM-FREE-03", many >= least(c), many, part);
  CHECK_OF("PM-FREE-03", part > 1 || many == USABLE * pool_blocks(c), many, part);
  give(c, many);
}

/* The same after a random history of all classes. */
static void test_history(size_t c) {
  static size_t class_of_block[MOST];
  size_t many = 0;
  numbers_init(&n, USABLE + 1);
  for (int i = 0; i < 3000; i++) {
    if (many == 0 || random_below(100) < 60) {
      size_t other = random_below(4) == 0 ? random_below(CLASSES) : c;
      uint64_t o = numbers_malloc(&n, other);
      if (o == HEAP_NONE) continue;
      block[many] = o;
      class_of_block[many++] = other;
    } else {
      size_t j = random_below((uint32_t)many);
      numbers_free(&n, class_of_block[j], block[j]);
      block[j] = block[--many];
      class_of_block[j] = class_of_block[many];
    }
  }
  while (many > 0) many--, numbers_free(&n, class_of_block[many], block[many]);
  many = take(c, MOST);
  CHECK_OF("PM-FREE-03", many >= least(c), many, c);
}

int main(void) {
  for (size_t c = 0; c < CLASSES; c++) {
    for (size_t part = 1; part <= pool_blocks(c); part += 61) test_position(c, part);
    for (int i = 0; i < 10; i++) test_history(c);
  }
  return check_done();
}
