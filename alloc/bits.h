/* Bits of a 64-bit word: the bottom of the tree of sets that the allocator is.

   Everything here is pure: no function reads or writes memory. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "spec/bits.acsl.h"

#define WORD_BITS 64u
#define WORD_ALL UINT64_MAX /* all 64 bits */

/*@ requires index: i < 64;
    terminates \true;
    assigns \nothing;
    ensures test: \result <==> bit(w, i); */
static inline bool bit_test(uint64_t w, unsigned i) {
  return (w & ((uint64_t)1 << i)) != 0;
}

/*@ requires index: i < 64;
    terminates \true;
    assigns \nothing;
    ensures set: \forall integer j; 0 <= j < 64 ==>
      (bit(\result, j) <==> (bit(w, j) || j == i));
    ensures some: \result != 0; */
static inline uint64_t bit_set(uint64_t w, unsigned i) {
  uint64_t r = w | ((uint64_t)1 << i);
  //@ assert set: bit(r, i);
  return r;
}

/*@ requires index: i < 64;
    terminates \true;
    assigns \nothing;
    ensures clear: \forall integer j; 0 <= j < 64 ==>
      (bit(\result, j) <==> (bit(w, j) && j != i));
    ensures none: w == 0 ==> \result == 0; */
static inline uint64_t bit_clear(uint64_t w, unsigned i) {
  return w & ~((uint64_t)1 << i);
}

/* The index of the lowest bit that is set.  The program that ships uses the
   machine's instruction; Frama-C proves the loop under the same contract, and
   a test compares the two. */
/*@ requires some: w != 0;
    terminates \true;
    assigns \nothing;
    ensures index: \result < 64;
    ensures set: bit(w, \result);
    ensures lowest: \forall integer j; 0 <= j < \result ==> !bit(w, j); */
static inline unsigned bit_lowest(uint64_t w) {
#ifndef __FRAMAC__
  return (unsigned)__builtin_ctzll(w); /* trusted: bit_lowest */
#else
  unsigned i = 0;
  uint64_t v = w;
  /*@ loop invariant index: 0 <= i <= 63;
      loop invariant rest: v == (w >> i);
      loop invariant range: 0 < v < (1 << (64 - i));
      loop invariant below: \forall integer j; 0 <= j < i ==> !bit(w, j);
      loop assigns i, v;
      loop variant 64 - i; */
  while ((v & 1) == 0) {
    //@ assert dbl: ((1 << (63 - i)) << 1) == (1 << (64 - i));
    //@ assert dbl2: (1 << (64 - i)) == 2 * (1 << (63 - i));
    //@ assert one: i == 63 ==> v < (1 << 1);
    //@ assert notone: v != 1;
    //@ assert half: (v >> 1) == v / 2;
    //@ assert nb: !bit(w, i);
    //@ assert half2: ((w >> i) >> 1) == (w >> (i + 1));
    v >>= 1;
    i++;
  }
  return i;
#endif
}

/* How many bits are set.  Only policy counts, never safety: all that a proof
   may use is the range. */
/*@ terminates \true;
    assigns \nothing;
    ensures range: \result <= 64;
    ensures none: w == 0 ==> \result == 0; */
static inline unsigned bit_count(uint64_t w) {
#ifndef __FRAMAC__
  return (unsigned)__builtin_popcountll(w); /* trusted: bit_count */
#else
  unsigned n = 0;
  /*@ loop invariant range: 0 <= i <= 64 && 0 <= n <= i;
      loop invariant none: w == 0 ==> n == 0;
      loop assigns i, n;
      loop variant 64 - i; */
  for (unsigned i = 0; i < 64; i++)
    if (bit_test(w, i)) n++;
  return n;
#endif
}

/* For the proof: all bits of WORD_ALL are set.  (No prover knows, but each knows that
   none is set in 0.) */
/*@ ghost
  /@ terminates \true;
     assigns \nothing;
     ensures not: \forall integer i; 0 <= i < 64 ==> (bit(\result, i) <==> !bit(w, i));
     ensures none: w == WORD_ALL ==> \result == 0; @/
  uint64_t word_not(uint64_t w) { return ~w; }

  /@ terminates \true;
     assigns \nothing;
     ensures all: \forall integer i; 0 <= i < 64 ==> bit(WORD_ALL, i); @/
  void word_all(void) { word_not(WORD_ALL); }
*/
