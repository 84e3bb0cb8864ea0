/* How much a call of the heap does at most, whatever the history: the compiler
   (clang -fsanitize-coverage=trace-loads,trace-stores) calls us at every access to
   memory, and we count the words of pools and sets among them. */
#include "tests/numbers.h"
#include "tests/random.h"

#define BLOCKS 200000u
#define MOST_MALLOC 320u
#define MOST_FREE 192u
#define UNCOUNTED __attribute__((no_sanitize("coverage")))

static numbers_t n;
static uint64_t block[BLOCKS];

/* Words of n that the call at hand has seen, each counted once. */
static uint32_t seen[(sizeof n.pool + sizeof n.free + sizeof n.leaf + sizeof n.heap.sets) / 8 + 4];
static uint32_t call_number, words, most_malloc, most_free;
static bool counting;

/* The number of the word at an address, if it is one of pools or sets. */
UNCOUNTED static bool word_number(const char *p, size_t *i) {
  const char *part[] = {(char *)n.pool, (char *)n.free, (char *)n.leaf, (char *)&n.heap.sets};
  const size_t size[] = {sizeof n.pool, sizeof n.free, sizeof n.leaf, sizeof n.heap.sets};
  size_t before = 0;
  for (int k = 0; k < 4; k++) {
    if (p >= part[k] && p < part[k] + size[k]) {
      *i = before + (size_t)(p - part[k]) / 8;
      return true;
    }
    before += size[k] / 8 + 1;
  }
  return false;
}

UNCOUNTED static void count(const void *p) {
  size_t i;
  if (!counting || !word_number(p, &i) || seen[i] == call_number) return;
  seen[i] = call_number;
  words++;
}

#define COUNTED(name, type)     \
  void name(type *p);           \
  UNCOUNTED void name(type *p) { count(p); }

COUNTED(__sanitizer_cov_load1, uint8_t)
COUNTED(__sanitizer_cov_load2, uint16_t)
COUNTED(__sanitizer_cov_load4, uint32_t)
COUNTED(__sanitizer_cov_load8, uint64_t)
COUNTED(__sanitizer_cov_load16, void)
COUNTED(__sanitizer_cov_store1, uint8_t)
COUNTED(__sanitizer_cov_store2, uint16_t)
COUNTED(__sanitizer_cov_store4, uint32_t)
COUNTED(__sanitizer_cov_store8, uint64_t)
COUNTED(__sanitizer_cov_store16, void)

static void start(void) {
  call_number++;
  words = 0;
  counting = true;
}

static uint64_t counted_malloc(size_t c) {
  start();
  uint64_t o = heap_malloc(&n.heap, c);
  counting = false;
  if (words > most_malloc) most_malloc = words;
  CHECK_OF("PM-HEAP-04", words >= 1 || o == HEAP_NONE, words, c); /* we do see them */
  CHECK_OF("PM-HEAP-04", words <= MOST_MALLOC, words, c);
  return o;
}

static void counted_free(uint64_t o) {
  start();
  heap_free(&n.heap, o);
  counting = false;
  if (words > most_free) most_free = words;
  CHECK_OF("PM-HEAP-04", words >= 2 && words <= MOST_FREE, words, o);
}

/* Fill, free all but every k-th, fill again, for many k: the bad case for whoever
   looks for room from the start. */
static void test_sparse(size_t c) {
  numbers_init(&n, NUMBERS_MOST);
  for (uint32_t k = 2; k < 400; k += 99) {
    uint32_t many = 0;
    uint64_t o;
    while (many < BLOCKS && (o = counted_malloc(c)) != HEAP_NONE) block[many++] = o;
    for (uint32_t i = 0; i < many; i++)
      if (i % k != 0) counted_free(block[i]);
    for (uint32_t i = 0; i < many; i += k) counted_free(block[i]);
  }
}

static void test_random(uint32_t classes) {
  uint32_t many = 0;
  numbers_init(&n, NUMBERS_MOST);
  for (int i = 0; i < 600000; i++) {
    if (many < BLOCKS && random_below(100) < (i / 100000 % 2 == 0 ? 70u : 40u)) {
      uint64_t o = counted_malloc(random_below(classes));
      if (o != HEAP_NONE) block[many++] = o;
    } else if (many > 0) {
      uint32_t j = random_below(many);
      counted_free(block[j]);
      block[j] = block[--many];
    }
  }
}

/* All pools are current, each with one live block, in the last of its words: whoever
   looks for an empty one has to look at them all. */
static void test_all_current(void) {
  numbers_init(&n, CLASSES + 1);
  for (size_t c = 0; c < CLASSES; c++) {
    size_t many = class_words(c) * (size_t)64;
    for (size_t i = 0; i < many; i++) block[i] = counted_malloc(c);
    for (size_t i = 0; i + 1 < many && c > 0; i++) counted_free(block[i]);
  }
  CHECK_EQ("PM-MALLOC-06", counted_malloc(0), HEAP_NONE);
}

int main(void) {
  test_all_current();
  for (size_t c = 0; c < CLASSES; c += 5) test_sparse(c);
  test_random(1);
  test_random(CLASSES);
  printf("at most %u words in a malloc, %u in a free\n", most_malloc, most_free);
  return check_done();
}
