/* The functions of bits.h against loops that look at one bit at a time. */
#include "alloc/bits.h"
#include "tests/check.h"
#include "tests/random.h"

static unsigned naive_lowest(uint64_t w) {
  unsigned i = 0;
  while ((w >> i & 1) == 0) i++;
  return i;
}

static unsigned naive_count(uint64_t w) {
  unsigned n = 0;
  for (unsigned i = 0; i < 64; i++) n += w >> i & 1;
  return n;
}

static bool naive_bit(uint64_t w, unsigned i) {
  for (unsigned j = 0; j < i; j++) w /= 2;
  return w % 2 == 1;
}

static void test_index(uint64_t w, unsigned i) {
  uint64_t set = bit_set(w, i), clear = bit_clear(w, i);
  CHECK_OF("PM-HEAP-00", bit_test(w, i) == naive_bit(w, i), w, i);
  CHECK_OF("PM-HEAP-00", naive_bit(set, i) && !naive_bit(clear, i), w, i);
  CHECK_OF("PM-HEAP-00", (set ^ clear) == (uint64_t)1 << i && (set & clear) == clear, w, i);
  CHECK_OF("PM-HEAP-00", (naive_bit(w, i) ? set : clear) == w, w, i);
}

static void test_word(uint64_t w) {
  if (w != 0) CHECK_OF("PM-HEAP-00", bit_lowest(w) == naive_lowest(w), w, bit_lowest(w));
  CHECK_OF("PM-HEAP-00", bit_count(w) == naive_count(w), w, bit_count(w));
}

static void test_both(uint64_t w) {
  test_word(w);
  test_word(~w);
  for (unsigned i = 0; i < 64; i++) test_index(w, i);
}

static uint64_t one(unsigned i) { return (uint64_t)1 << i; }

int main(void) {
  test_both(0);
  test_both(WORD_ALL);
  for (unsigned i = 0; i < 64; i++)
    for (unsigned j = i; j < 64; j++) {
      test_both(one(i) | one(j));
      test_both(~(one(i) | one(j)));
      test_both(one(j) - one(i)); /* a run of bits */
    }
  for (int i = 0; i < 5000; i++) {
    uint64_t w = random_word();
    test_both(w);
    test_both(w & random_word() & random_word()); /* few bits */
    test_both(w | random_word() | random_word()); /* many */
  }
  return check_done();
}
