/* Sets of pools, as a tree of words: 64 pools a leaf word, 64 leaves a middle
   word, 64 middle words a top word, so 262,144 pools and three steps to the
   lowest member.

   There are SETS of them side by side, one for each size class (its pools with
   room) and two for pools that are in no class.  The leaf words of all sets for
   the same 64 pools (an arena's worth) lie next to each other, and there are
   only as many as the heap has pools. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "alloc/bits.h"

#define SETS 34u
#define SET_LIMIT (64u * 64u * 64u) /* pool numbers stay below this */
#define SET_NONE SET_LIMIT

typedef struct {
  uint64_t top[SETS];
  uint64_t mid[SETS * 64];
  uint64_t *leaf; /* leaf[a * SETS + i]: pools 64a to 64a + 63 of set i */
  uint32_t leaves; /* how many a */
} sets_t;

#include "spec/set.acsl.h"

/*@ requires shape: sets_shape(s) && i < SETS && p / 64 < s->leaves;
    terminates \true;
    assigns \nothing;
    ensures has: \result <==> member(s, i, p); */
static inline bool set_has(const sets_t *s, size_t i, uint32_t p) {
  return bit_test(s->leaf[p / 64 * SETS + i], p % 64);
}

/*@ requires ok: sets_ok(s) && i < SETS && p / 64 < s->leaves;
    terminates \true;
    assigns s->top[i], s->mid[i * 64 + p / 4096], s->leaf[(p / 64) * SETS + i];
    ensures ok: sets_ok(s);
    ensures added: \forall integer j, q; 0 <= j < SETS && 0 <= q < 64 * s->leaves ==>
      (member(s, j, q) <==> (member{Pre}(s, j, q) || (j == i && q == p))); */
static inline void set_add(sets_t *s, size_t i, uint32_t p) {
  uint32_t a = p / 64, g = a / 64;
  s->leaf[a * SETS + i] = bit_set(s->leaf[a * SETS + i], p % 64);
  s->mid[i * 64 + g] = bit_set(s->mid[i * 64 + g], a % 64);
  s->top[i] = bit_set(s->top[i], g);
  //@ assert changed: set_changed{Pre,Here}(s, i, a);
  /*@ assert mid_bits: \forall integer j, b; 0 <= j < SETS && 0 <= b < 4096 ==>
        (mid_bit(s, j, b) <==> mid_bit{Pre}(s, j, b) || (j == i && b == a)); */
  //@ assert mids: mids_ok(s);
  //@ assert low: mids_low(s);
  //@ assert tops: tops_ok(s);
}

/*@ requires ok: sets_ok(s) && i < SETS && p / 64 < s->leaves;
    terminates \true;
    assigns s->top[i], s->mid[i * 64 + p / 4096], s->leaf[(p / 64) * SETS + i];
    ensures ok: sets_ok(s);
    ensures removed: \forall integer j, q; 0 <= j < SETS && 0 <= q < 64 * s->leaves ==>
      (member(s, j, q) <==> (member{Pre}(s, j, q) && !(j == i && q == p))); */
static inline void set_remove(sets_t *s, size_t i, uint32_t p) {
  uint32_t a = p / 64, g = a / 64;
  uint64_t leaf = bit_clear(s->leaf[a * SETS + i], p % 64);
  s->leaf[a * SETS + i] = leaf;
  if (leaf == 0) {
    uint64_t mid = bit_clear(s->mid[i * 64 + g], a % 64);
    s->mid[i * 64 + g] = mid;
    if (mid == 0) s->top[i] = bit_clear(s->top[i], g);
  }
  //@ assert changed: set_changed{Pre,Here}(s, i, a);
  /*@ assert mid_bits: \forall integer j, b; 0 <= j < SETS && 0 <= b < 4096 ==>
        (mid_bit(s, j, b) <==> mid_bit{Pre}(s, j, b) && (j == i && b == a ==> leaf_at(s, i, a) != 0)); */
  //@ assert mids: mids_ok(s);
  //@ assert low: mids_low(s);
  //@ assert tops: tops_ok(s);
}

/* The lowest member, or SET_NONE when there is none. */
/*@ requires ok: sets_ok(s) && i < SETS;
    terminates \true;
    assigns \nothing;
    ensures range: \result < 64 * s->leaves || \result == SET_NONE;
    ensures found: \result != SET_NONE ==> member(s, i, \result);
    ensures lowest: \forall integer q; 0 <= q < 64 * s->leaves && q < \result ==>
      !member(s, i, q); */
static inline uint32_t set_lowest(const sets_t *s, size_t i) {
  if (s->top[i] == 0) {
    //@ assert no_mid: \forall integer f; 0 <= f < 64 ==> mid_at(s, i, f) == 0;
    //@ assert no_leaf: \forall integer b; 0 <= b < s->leaves ==> leaf_at(s, i, b) == 0;
    return SET_NONE;
  }
  uint32_t g = bit_lowest(s->top[i]);
  //@ assert no_mid: \forall integer f; 0 <= f < g ==> mid_at(s, i, f) == 0;
  //@ assert mid: mid_at(s, i, g) != 0;
  uint32_t a = g * 64 + bit_lowest(s->mid[i * 64 + g]);
  //@ assert group: a / 64 == g;
  //@ assert bit: mid_bit(s, i, a);
  //@ assert arena: a < s->leaves && leaf_at(s, i, a) != 0;
  //@ assert no_bit: \forall integer b; 0 <= b < a ==> !mid_bit(s, i, b);
  //@ assert no_leaf: \forall integer b; 0 <= b < a ==> leaf_at(s, i, b) == 0;
  return a * 64 + bit_lowest(s->leaf[a * SETS + i]);
}
