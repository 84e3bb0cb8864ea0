/* How much a call does at most: heap.c is compiled here with a count of the words
   that it looks at.  No history makes malloc or free look at more than a fixed
   number of them. */
#include "alloc/heap.h"

static unsigned long looks;

static inline unsigned counted_bit_count(uint64_t w) {
  looks++;
  return bit_count(w);
}
#define bit_count counted_bit_count
#include "alloc/heap.c"
#undef bit_count

#include "tests/numbers.h"
#include "tests/random.h"

#define BLOCKS 200000u

static numbers_t n;
static uint64_t block[BLOCKS];
static uint8_t class_of_block[BLOCKS];
static unsigned long most_malloc, most_free;

static uint64_t counted_malloc(unsigned c) {
  looks = 0;
  uint64_t o = heap_malloc(&n.heap, c);
  if (looks > most_malloc) most_malloc = looks;
  CHECK_OF("PM-HEAP-04", looks <= POOL_WORDS, looks, c);
  return o;
}

static void counted_free(uint64_t o) {
  looks = 0;
  heap_free(&n.heap, o);
  if (looks > most_free) most_free = looks;
  CHECK_OF("PM-HEAP-04", looks <= POOL_WORDS, looks, o);
}

/* Fill, free all but every k-th, fill again, for many k: the bad case for whoever
   looks for room from the start. */
static void test_sparse(unsigned c) {
  numbers_init(&n, NUMBERS_MOST);
  for (uint32_t k = 2; k < 300; k += 37) {
    uint32_t count = 0;
    uint64_t o;
    while (count < BLOCKS && (o = counted_malloc(c)) != HEAP_NONE) block[count++] = o;
    for (uint32_t i = 0; i < count; i++)
      if (i % k != 0) counted_free(block[i]);
    for (uint32_t i = 0; i < count; i += k) counted_free(block[i]);
  }
}

static void test_random(void) {
  uint32_t count = 0;
  numbers_init(&n, NUMBERS_MOST);
  for (int i = 0; i < 1000000; i++) {
    if (count < BLOCKS && random_below(100) < (i / 100000 % 2 == 0 ? 70u : 40u)) {
      uint8_t c = (uint8_t)random_below(CLASSES);
      uint64_t o = counted_malloc(c);
      if (o == HEAP_NONE) continue;
      class_of_block[count] = c;
      block[count++] = o;
    } else if (count > 0) {
      uint32_t j = random_below(count);
      counted_free(block[j]);
      block[j] = block[--count];
    }
  }
}

int main(void) {
  for (unsigned c = 0; c < CLASSES; c += 3) test_sparse(c);
  test_random();
  printf("at most %lu words counted in a malloc, %lu in a free\n", most_malloc, most_free);
  return check_done();
}
