/* Whatever the mutator makes is a row of whole operations of the kinds that it was given,
   within the bounds; the same seed makes the same row. */
#include "fuzz/mutate.h"
#include "fuzz/ops.h"
#include "tests/check.h"
#include "tests/random.h"

#define MOST 4096u

static void check_row(const uint8_t *data, size_t size, unsigned kinds) {
  CHECK_OF("ops", size <= MOST && size % OP_BYTES == 0, size, kinds);
  for (size_t i = 0; i < size; i += OP_BYTES) {
    op_t op = op_read(data + i);
    CHECK_OF("ops", (kinds >> op.kind & 1) != 0, op.kind, kinds);
  }
}

static void test_rounds(unsigned kinds) {
  static uint8_t data[MOST], again[MOST];
  size_t size = 0, longest = 0;
  for (uint64_t seed = 0; seed < 20000; seed++) {
    memcpy(again, data, size);
    size_t same = mutate(again, size, MOST, seed, kinds);
    size = mutate(data, size, MOST, seed, kinds);
    CHECK("ops", size == same && memcmp(data, again, size) == 0);
    check_row(data, size, kinds);
    longest = size > longest ? size : longest;
    if (size > MOST / 2 && random_below(50) == 0) size = MOST / 8;
  }
  CHECK_OF("ops", longest > MOST / 4, longest, kinds);
}

static void test_cross(void) {
  static uint8_t a[MOST], b[MOST], out[MOST];
  size_t a_size = 0, b_size = 0;
  for (uint64_t seed = 0; seed < 2000; seed++) {
    a_size = mutate(a, a_size, MOST, seed, ~0u);
    b_size = mutate(b, b_size, MOST, seed + 7, ~0u);
    check_row(out, mutate_cross(a, a_size, b, b_size, out, MOST, seed), ~0u);
  }
}

int main(void) {
  test_rounds(1u << OP_MALLOC | 1u << OP_FREE);
  test_rounds(~0u);
  test_cross();
  return check_done();
}
