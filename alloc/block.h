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

#include "alloc/bits.h"

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
    exits never: \false;
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

/* The offset of the first block of word w, of all the heap's words, in a pool of class c. */
/*@ requires range: w / 64 < 262144 && c < CLASSES;
    terminates \true;
    exits never: \false;
    assigns \nothing;
    ensures offset: \result == word_offset(w, c); */
static inline uint64_t word_start(uint32_t w, size_t c) {
  //@ assert range: 0 <= (w % 64) * class_bytes(c) <= 64 * 512;
  return (uint64_t)(w / POOL_WORDS) * POOL_SIZE + w % POOL_WORDS * WORD_BITS * class_size(c);
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
#define INVERSE_ONE 0x100000000u /* what stands for 1 in a product with it: 2^32 */
static inline uint32_t class_inverse(size_t c) {
  return ((1u << 28) + (uint32_t)c) / ((uint32_t)c + 1);
}

/* For the proof: why that is so, for blocks of k granules.  With o = size * q + r, the
   product is 2^32 * q + rest, and the rest is below inverse just when r is 0. */
/*@ ghost
  /@ requires some: 0 < d <= SMALL_MAX && q == o / d && r == o % d;
     terminates \true;
     assigns \nothing;
     ensures parts: o == q * d + r && 0 <= r < d && 0 <= q; @/
  void division(uint64_t o, uint64_t d, uint64_t q, uint64_t r) {}

  /@ requires order: a <= b;
     terminates \true;
     assigns \nothing;
     ensures product: 0 <= a * c <= b * c; @/
  void product_order(uint64_t a, uint64_t b, uint64_t c) {}

  /@ requires small: o < POOL_SIZE && 1 <= k <= CLASSES;
     terminates \true;
     assigns \nothing;
     ensures product: o * class_inv(k - 1) ==
       4294967296 * (o / class_bytes(k - 1)) + inverse_rest(o, k - 1);
     ensures rest: 0 <= inverse_rest(o, k - 1) < 4294967296 && 0 < class_inv(k - 1) <= 268435456;
     ensures start: inverse_rest(o, k - 1) < class_inv(k - 1) ==>
       o == o / class_bytes(k - 1) * class_bytes(k - 1);
     ensures none: inverse_rest(o, k - 1) >= class_inv(k - 1) ==>
       o != o / class_bytes(k - 1) * class_bytes(k - 1);
     ensures few: 0 <= o / class_bytes(k - 1) < POOL_BLOCKS; @/
  void inverse_divides(uint64_t o, uint64_t k) {
    uint64_t i = (268435456 + k - 1) / k, q = o / (16 * k), r = o % (16 * k);
    uint64_t e = i * k - 268435456;
    /@ assert size: 16 * k == class_bytes(k - 1) && i == class_inv(k - 1); @/
    /@ assert excess: i * k == 268435456 + e && 0 <= e < k; @/
    /@ assert inverse: 8388608 <= i <= 268435456; @/
    division(o, 16 * k, q, r);
    /@ assert product: q * (16 * k) * i == 4294967296 * q + 16 * (q * e); @/
    /@ assert whole: o * i == 4294967296 * q + 16 * (q * e) + r * i; @/
    product_order(e, k, q);
    product_order(r, 16 * k - 1, i);
    /@ assert little: 0 <= 16 * (q * e) <= q * (16 * k) < 65536; @/
    /@ assert most: 0 <= r * i <= (16 * k - 1) * i; @/
    /@ assert bound: (16 * k - 1) * i == 4294967296 + 16 * e - i; @/
    /@ assert some: r > 0 ==> r * i >= i; @/
    /@ assert value: inverse_rest(o, k - 1) == 16 * (q * e) + r * i; @/
    /@ assert zero: r == 0 ==> inverse_rest(o, k - 1) < i; @/
  }
*/

/* For the proof: block b of word w (of all words, 64 a pool), counted from that word's
   first block and from its pool's.  The only products of two unknowns that there are,
   kept away from everything else. */
/*@ ghost
  /@ requires small: w < 64 * 262144 && b < 64 && c < CLASSES;
     terminates \true;
     assigns \nothing;
     ensures step: word_offset(w, c) + b * class_bytes(c) ==
       block_offset(w / 64, 64 * (w % 64) + b, c);
     ensures block_range: 0 <= b * class_bytes(c) <= 64 * 512;
     ensures word_range: 0 <= word_offset(w, c) <= 65536 * 262144 + 64 * 64 * 512; @/
  void block_step(uint32_t w, uint32_t b, size_t c) {
    /@ assert range: 0 <= (w % 64) * class_bytes(c) <= 64 * 512; @/
  }
*/
