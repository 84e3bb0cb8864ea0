/* Every size from 0 to 513 and some larger ones, in every family: aligned, all of
   it usable, shared with nobody, and kept until freed. */
#include "alloc/select.h"
#include "tests/check.h"
#include "tests/families.h"
#include "tests/pattern.h"

static const size_t sizes[] = {600, 1023, 1024, 4095, 4096, 4097, 8192};
#define SIZES (514 + sizeof sizes / sizeof sizes[0])

static size_t size_of(size_t i) { return i < 514 ? i : sizes[i - 514]; }
static size_t bytes_of(size_t n) { return n == 0 ? 1 : n; } /* PM-MALLOC-02 */

static char *block[FAMILIES][SIZES];

static size_t kind(int f, size_t i) { return (size_t)f * 331 + i; }

/* Where a block comes from, and how large it is there. */
static void check_source(int f, const void *p, size_t n) {
  const space_t *space = pymalloc_space();
  bool small = f != RAW && n <= 512;
  CHECK_OF("PM-MALLOC-05", space_owns(space, p) == small, f, n);
  size_t size = small ? (bytes_of(n) + 15) / 16 * 16 : 0;
  CHECK_EQ("PM-MALLOC-08", space_usable(space, p), size);
}

static void *take(int f, size_t n, bool zeroed) {
  void *p = zeroed ? families[f].calloc(n, 1) : families[f].malloc(n);
  CHECK_OF("PM-MALLOC-01", p != NULL, f, n);
  CHECK_OF("PM-ALIGN-01", (uintptr_t)p % 16 == 0, p, n);
  if (zeroed) CHECK_OF("PM-CALLOC-02", all_zero(p, n), f, n);
  check_source(f, p, n);
  return p;
}

static void check_kept(int f) {
  for (size_t i = 0; i < SIZES; i++)
    CHECK_OF("PM-MALLOC-03", pattern_kept(block[f][i], bytes_of(size_of(i)), kind(f, i)), f, i);
}

/* All families and sizes live at once, each block filled to its last byte. */
static void test_all_live(bool zeroed) {
  for (int f = 0; f < FAMILIES; f++)
    for (size_t i = 0; i < SIZES; i++) {
      block[f][i] = take(f, size_of(i), zeroed);
      pattern_fill(block[f][i], bytes_of(size_of(i)), kind(f, i));
    }
  for (int f = 0; f < FAMILIES; f++) check_kept(f);
  for (size_t i = 0; i < SIZES; i += 2)
    for (int f = 0; f < FAMILIES; f++) families[f].free(block[f][i]);
  for (int f = 0; f < FAMILIES; f++)
    for (size_t i = 1; i < SIZES; i += 2)
      CHECK_OF("PM-FREE-02", pattern_kept(block[f][i], size_of(i), kind(f, i)), f, i);
  for (int f = 0; f < FAMILIES; f++)
    for (size_t i = 1; i < SIZES; i += 2) families[f].free(block[f][i]);
}

/* Blocks of no bytes are blocks: none is NULL, no two are the same. */
static void test_zero(int f) {
  enum { MANY = 200 };
  char *p[MANY];
  for (size_t i = 0; i < MANY; i++) {
    p[i] = i % 2 == 0 ? families[f].malloc(0) : families[f].calloc(i % 4 == 1, 0);
    CHECK_OF("PM-MALLOC-02", p[i] != NULL, f, i);
    for (size_t j = 0; j < i; j++) CHECK_OF("PM-MALLOC-02", p[i] != p[j], f, i);
    *p[i] = (char)i;
  }
  for (size_t i = 0; i < MANY; i++) CHECK_EQ("PM-MALLOC-02", *p[i], (char)i);
  for (size_t i = 0; i < MANY; i++) families[f].free(p[i]);
}

/* A block that is freed can be handed out again: memory does not grow. */
static void test_again(int f) {
  for (size_t n = 1; n <= 512; n++) {
    char *p = families[f].malloc(n);
    const char *low = p, *high = p;
    families[f].free(p);
    for (int i = 0; i < 5000; i++) {
      p = families[f].malloc(n);
      if (p < low) low = p;
      if (p > high) high = p;
      families[f].free(p);
    }
    CHECK_OF("PM-FREE-02", high - low <= 65536, f, n);
  }
}

int main(void) {
  for (int f = 0; f < FAMILIES; f++) {
    families[f].free(NULL); /* PM-FREE-01 */
    test_zero(f);
  }
  test_all_live(false);
  test_all_live(true);
  test_again(MEM);
  test_again(OBJ);
  return check_done();
}
