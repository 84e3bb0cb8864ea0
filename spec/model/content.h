/* Contents of blocks, by which a block is known again.  What a block holds follows
   from its serial number and the offset in it, so that nobody keeps a copy: word i
   is a number drawn for the serial, plus i times an odd constant.  Another block's
   bytes, the block's own bytes shifted, zeroes and old bytes all differ from it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The first word of a serial's contents (the finaliser of splitmix64). */
static inline uint64_t content_seed(uint64_t serial) {
  uint64_t x = (serial + 1) * 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static inline uint64_t content_word(uint64_t seed, size_t i) {
  return seed + i * 0xd1342543de82ef95u;
}

/* Writes bytes from .. to - 1 of a block that begins at p. */
static inline void content_fill(void *p, size_t from, size_t to, uint64_t serial) {
  unsigned char *at = p;
  uint64_t seed = content_seed(serial), word;
  size_t i = from / 8;
  if (from % 8 != 0) {
    size_t end = i * 8 + 8 < to ? i * 8 + 8 : to;
    word = content_word(seed, i++);
    for (size_t j = from; j < end; j++) at[j] = (unsigned char)(word >> j % 8 * 8);
  }
  for (; i < to / 8; i++) {
    word = content_word(seed, i);
    memcpy(at + i * 8, &word, 8);
  }
  word = content_word(seed, i);
  if (i * 8 < to) memcpy(at + i * 8, &word, to - i * 8);
}

/* Whether the first n bytes at p are as filled. */
static inline bool content_kept(const void *p, size_t n, uint64_t serial) {
  const unsigned char *at = p;
  uint64_t seed = content_seed(serial), word, wrong = 0;
  for (size_t i = 0; i < n / 8; i++) {
    memcpy(&word, at + i * 8, 8);
    wrong |= word ^ content_word(seed, i);
  }
  word = content_word(seed, n / 8);
  return wrong == 0 && memcmp(at + n / 8 * 8, &word, n % 8) == 0;
}

/* The first of n bytes at p that is not as filled; n when all are. */
static inline size_t content_lost(const void *p, size_t n, uint64_t serial) {
  const unsigned char *at = p;
  size_t i = 0;
  while (i < n && at[i] == (unsigned char)(content_word(content_seed(serial), i / 8) >> i % 8 * 8))
    i++;
  return i;
}
