/* Contents of blocks, by which a block is known again: byte i of a pattern depends
   on i and on the number that the block was filled with. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PATTERN_MAX 8192u /* longest pattern */
#define PATTERN_KINDS 1021u

static inline const uint8_t *pattern_of(size_t kind) {
  static uint8_t row[PATTERN_MAX + PATTERN_KINDS];
  if (row[0] == 0)
    for (size_t i = 0; i < sizeof row; i++) row[i] = (uint8_t)((i + 1) * 2654435761u >> 11 | 1);
  return row + kind % PATTERN_KINDS;
}

static inline void pattern_fill(void *p, size_t n, size_t kind) {
  memcpy(p, pattern_of(kind), n);
}

/* Whether the first n bytes at p are as filled. */
static inline bool pattern_kept(const void *p, size_t n, size_t kind) {
  return memcmp(p, pattern_of(kind), n) == 0;
}

static inline bool all_zero(const void *p, size_t n) {
  const unsigned char *c = p;
  return n == 0 || (c[0] == 0 && memcmp(c, c + 1, n - 1) == 0);
}
