/* Where blocks lie: offsets, pools, words and blocks as numbers.

     granule   16 bytes, the unit of alignment and of block sizes
     block     k granules, k = 1 .. 32; size class c = k - 1
     word      64 blocks, next to each other, with one 64-bit word that says
               which of them are free
     pool      64 KiB, cut into words of blocks of one class; it has 64 / k
               whole words (a rest at its end that is no whole word is not used)
     arena     64 pools, the unit in which sets of pools are kept
     heap      up to 4096 arenas (16 GiB), at one range of addresses

   An offset is counted in bytes from the start of the heap's range.  Block b of
   pool p has the bit b % 64 of the pool's word b / 64. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRANULE 16u
#define CLASSES 32u
#define SMALL_MAX (CLASSES * GRANULE) /* largest request that pools serve */
#define POOL_SIZE 65536u
#define POOL_BLOCKS 4096u /* blocks of one granule in a pool: the most there can be */
#define POOL_WORDS 64u

_Static_assert(POOL_SIZE == POOL_BLOCKS * GRANULE, "a pool is 4096 granules");
_Static_assert(POOL_BLOCKS == POOL_WORDS * 64, "a word is 64 blocks");

#include "spec/block.acsl.h"

/* The size class that serves a request of n bytes.  (Classes are size_t: as an
   index, that saves the compiler a conversion.) */
/*@ requires small: 1 <= n <= SMALL_MAX;
    terminates \true;
    assigns \nothing;
    ensures class: \result < CLASSES;
    ensures PM_CLASS_01_fits: n <= class_bytes(\result);
    ensures PM_CLASS_02_tight: class_bytes(\result) - n < GRANULE; */
static inline size_t class_of(size_t n) {
  return (n - 1) / GRANULE;
}

/* The size in bytes of the blocks of a class. */
/*@ requires class: c < CLASSES;
    terminates \true;
    assigns \nothing;
    ensures size: \result == class_bytes(c); */
static inline uint32_t class_size(size_t c) {
  return ((uint32_t)c + 1) * GRANULE;
}

/* How many whole words of blocks of a class a pool has. */
/*@ requires class: c < CLASSES;
    terminates \true;
    assigns \nothing;
    ensures words: \result == words_of(c);
    ensures range: 2 <= \result <= POOL_WORDS; */
static inline uint8_t class_words(size_t c) {
  return (uint8_t)(POOL_WORDS / (c + 1));
}

/* A number that turns a division by the class's block size into a
   multiplication: an offset o < 65536 is the start of a block if and only if
   the low half of o * inverse is below inverse, and then the high half is the
   number of that block.  It is 2^32 / size, rounded up. */
/*@ requires class: c < CLASSES;
    terminates \true;
    assigns \nothing;
    ensures inverse: \result == class_inv(c);
    ensures some: \result > 0; */
static inline uint32_t class_inverse(size_t c) {
  return ((1u << 28) + (uint32_t)c) / ((uint32_t)c + 1);
}
