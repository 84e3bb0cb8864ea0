/* Random numbers, the same ones every time (xorshift64*). */
#pragma once

#include <stddef.h>
#include <stdint.h>

static uint64_t random_state = 0x9e3779b97f4a7c15u;

static inline uint64_t random_word(void) {
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return random_state * 0x2545f4914f6cdd1du;
}

/* One of 0 .. n - 1. */
static inline uint32_t random_below(uint32_t n) {
  return (uint32_t)((random_word() >> 32) * n >> 32);
}

/* Puts n numbers in an order of its own. */
static inline void random_shuffle(uint64_t *x, size_t n) {
  for (size_t i = n; i > 1; i--) {
    size_t j = random_below((uint32_t)i);
    uint64_t t = x[i - 1];
    x[i - 1] = x[j];
    x[j] = t;
  }
}
