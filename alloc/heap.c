/* The parts of the heap that are seldom needed: finding the next word for a
   class, and looking after a pool in which blocks were freed. */
#include "alloc/heap.h"

#define LEFT_NEVER UINT16_MAX /* `left` of a class's current pool: nothing to do for long */

void heap_init(heap_t *h, pool_t *pool, uint64_t *free, uint64_t *leaf, uint32_t first,
               uint32_t limit) {
  h->free = free;
  h->pool = pool;
  h->first = h->opened = h->pools = first;
  h->limit = limit;
  h->idle = 0;
  h->idle_max = IDLE_MAX;
  h->sets.leaf = leaf;
  h->sets.leaves = (limit + 63) / 64;
  /*@ loop invariant range: 0 <= c <= CLASSES;
      loop invariant words: \forall integer d; 0 <= d < c ==> class_word(h, d) == 0;
      loop assigns c, h->class_[0 .. CLASSES - 1].word;
      loop variant CLASSES - c; */
  for (size_t c = 0; c < CLASSES; c++) h->class_[c].word = 0;
  /*@ loop invariant range: 0 <= i <= SETS;
      loop invariant tops: \forall integer j; 0 <= j < i ==> top_at(&h->sets, j) == 0;
      loop assigns i, h->sets.top[0 .. SETS - 1];
      loop variant SETS - i; */
  for (size_t i = 0; i < SETS; i++) h->sets.top[i] = 0;
  /*@ loop invariant range: 0 <= i <= 64 * SETS;
      loop invariant mids: \forall integer j; 0 <= j < i ==> h->sets.mid[j] == 0;
      loop assigns i, h->sets.mid[0 .. 64 * SETS - 1];
      loop variant 64 * SETS - i; */
  for (size_t i = 0; i < 64 * SETS; i++) h->sets.mid[i] = 0;
  //@ assert tops: \forall integer i; 0 <= i < SETS ==> top_at(&h->sets, i) == 0;
  //@ assert mids: \forall integer i, g; 0 <= i < SETS && 0 <= g < 64 ==> mid_at(&h->sets, i, g) == 0;
  //@ assert leaves: \forall integer i, a; 0 <= i < SETS && 0 <= a < h->sets.leaves ==> leaf_at(&h->sets, i, a) == 0;
  //@ assert words: \forall integer c; 0 <= c < CLASSES ==> class_word(h, c) == 0;
  /*@ assert granules: \forall integer p; 0 <= p < limit ==> granules(h, p) == 0 && carved(h, p) == 0 &&
        inverse(h, p) == 0; */
  //@ assert memory: heap_memory(h);
  //@ assert bounds: heap_bounds(h);
  //@ assert cut: pools_cut(h);
  //@ assert sets_ok: sets_ok(&h->sets);
  //@ assert offers: offers_ok(h);
  //@ assert unused: unused_ok(h);
  //@ assert once: unused_once(h);
}

/* How many blocks of a pool's carved words are free. */
/*@ requires ok: heap_ok(h) && p < h->limit;
    terminates \true;
    assigns \nothing;
    ensures range: \result <= 64 * carved(h, p);
    ensures none: pool_zeros(h, p, carved(h, p)) ==> \result == 0; */
static uint32_t pool_free(const heap_t *h, uint32_t p) {
  uint32_t n = 0;
  /*@ loop invariant range: 0 <= w <= carved(h, p) && n <= 64 * w;
      loop invariant none: pool_zeros(h, p, w) ==> n == 0;
      loop assigns w, n;
      loop variant carved(h, p) - w; */
  for (uint32_t w = 0; w < h->pool[p].carved; w++) {
    //@ assert step: pool_zeros(h, p, w + 1) ==> pool_zeros(h, p, w) && word_at(h, p, w) == 0;
    n += bit_count(h->free[p * POOL_WORDS + w]);
  }
  return n;
}

uint32_t heap_pool_live(const heap_t *h, uint32_t p) {
  return h->pool[p].carved * WORD_BITS - pool_free(h, p);
}

/* Whether no block of a pool is live. */
/*@ requires ok: heap_ok(h) && opened(h, p);
    terminates \true;
    assigns \nothing;
    ensures blank: \result <==> pool_blank(h, p); */
static bool pool_empty(const heap_t *h, uint32_t p) {
  //@ assert fit: pool_fit(h, p) && carved(h, p) <= POOL_WORDS;
  uint32_t w = 0;
  /*@ loop invariant range: 0 <= w <= carved(h, p);
      loop invariant free: \forall integer v; 0 <= v < w ==> word_at(h, p, v) == WORD_ALL;
      loop assigns w;
      loop variant carved(h, p) - w; */
  while (w < h->pool[p].carved && h->free[p * POOL_WORDS + w] == WORD_ALL) w++;
  //@ assert untouched: pool_untouched(h, p);
  //@ assert some: w < carved(h, p) ==> word_at(h, p, w) != WORD_ALL;
  return w == h->pool[p].carved;
}

/* The first word from w on that has a free block; the number of carved words
   when there is none. */
/*@ requires ok: heap_ok(h) && p < h->limit && w <= carved(h, p);
    terminates \true;
    assigns \nothing;
    ensures range: w <= \result <= carved(h, p) <= POOL_WORDS;
    ensures found: \result < carved(h, p) ==> word_at(h, p, \result) != 0;
    ensures first: \forall integer v; w <= v < \result ==> word_at(h, p, v) == 0;
    ensures none: w == 0 && \result == carved(h, p) ==> pool_zeros(h, p, carved(h, p)); */
static uint32_t pool_word(const heap_t *h, uint32_t p, uint32_t w) {
  //@ assert fit: pool_fit(h, p) && carved(h, p) <= POOL_WORDS;
  /*@ loop invariant range: \at(w, Pre) <= w <= carved(h, p);
      loop invariant none: \forall integer v; \at(w, Pre) <= v < w ==> word_at(h, p, v) == 0;
      loop assigns w;
      loop variant carved(h, p) - w; */
  while (w < h->pool[p].carved && h->free[p * POOL_WORDS + w] == 0) w++;
  return w;
}

/* Puts one more word of pool p to use: its number. */
/*@ requires ok: heap_ok(h) && opened(h, p) && granules(h, p) > 0;
    requires more: carved(h, p) < words_of(granules(h, p) - 1) <= POOL_WORDS;
    terminates \true;
    assigns h->pool[p].carved;
    ensures ok: heap_ok(h);
    ensures word: \result == carved{Pre}(h, p) == carved(h, p) - 1 &&
      word_at(h, p, \result) == WORD_ALL;
    ensures same: live_same{Pre,Post}(h) && granules_same{Pre,Post}(h); */
static uint32_t pool_carve(heap_t *h, uint32_t p) {
  uint32_t w = h->pool[p].carved++;
  //@ assert words: words_same{Pre,Here}(h);
  //@ assert more: carved(h, p) == carved{Pre}(h, p) + 1;
  //@ assert others: \forall integer q; 0 <= q < h->limit && q != p ==> carved(h, q) == carved{Pre}(h, q);
  //@ assert pools: pools_kept{Pre,Here}(h);
  //@ assert classes: classes_same{Pre,Here}(h);
  //@ assert sets: sets_same{Pre,Here}(h);
  //@ assert kept: bounds_kept{Pre,Here}(h) && members_fewer{Pre,Here}(h);
  //@ assert this_inverse: inverse(h, p) == class_inv(granules(h, p) - 1);
  //@ assert this_granules: pool_fit{Pre}(h, p) && granules(h, p) == granules{Pre}(h, p);
  //@ assert this_words: 1 <= carved(h, p) <= words_of(granules(h, p) - 1);
  //@ assert this_cut: pool_fit(h, p);
  /*@ assert others_cut: \forall integer q; 0 <= q < h->limit && q != p ==> pool_fit{Pre}(h, q) &&
        granules(h, q) == granules{Pre}(h, q) && inverse(h, q) == inverse{Pre}(h, q); */
  //@ assert others_fit: \forall integer q; 0 <= q < h->limit && q != p ==> pool_fit(h, q);
  //@ assert cut: pools_cut(h);
  //@ assert untouched: pools_untouched(h);
  //@ assert classes_ok: classes_ok(h);
  //@ assert sets_ok: sets_ok(&h->sets);
  //@ assert rooms: rooms_kept{Pre,Here}(h);
  //@ assert offers: offers_ok(h);
  //@ assert unused: unused_ok(h);
  //@ assert once: unused_once(h);
  return w;
}

/* The word with which class c should go on in its current pool, after word w;
   POOL_WORDS when the pool is rather to be closed. */
/*@ requires ok: heap_ok(h) && opened(h, p) && c < CLASSES && granules(h, p) == c + 1;
    requires word: w < carved(h, p);
    terminates \true;
    assigns h->pool[p].carved;
    ensures ok: heap_ok(h);
    ensures range: \result <= POOL_WORDS;
    ensures word: \result < carved(h, p) && word_at(h, p, \result) != 0 ||
      \result == POOL_WORDS && carved(h, p) == words_of(c);
    ensures same: live_same{Pre,Post}(h) && granules_same{Pre,Post}(h); */
static uint32_t pool_next(heap_t *h, uint32_t p, size_t c, uint32_t w) {
  //@ assert fit: pool_fit(h, p) && carved(h, p) <= words_of(c);
  w = pool_word(h, p, w);
  if (w < h->pool[p].carved) return w;
  if (pool_free(h, p) >= h->pool[p].carved * WORTH) return pool_word(h, p, 0);
  return h->pool[p].carved < class_words(c) ? pool_carve(h, p) : POOL_WORDS;
}

/* Takes pool p out of a set, if it is there. */
/*@ requires ok: heap_ok(h) && set < SETS && opened(h, p);
    terminates \true;
    assigns h->idle, h->idle_max, h->sets.top[set], h->sets.mid[set * 64 .. set * 64 + 63],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1];
    ensures ok: heap_ok(h);
    ensures same: heap_same{Pre,Post}(h);
    ensures idle: set != SET_IDLE ==> h->idle == \old(h->idle);
    ensures less: set == SET_IDLE && \old(h->idle) > 0 ==> h->idle == \old(h->idle) - 1;
    ensures most: set != SET_BARE ==> h->idle_max == \old(h->idle_max);
    ensures members: \forall integer i, q; 0 <= i < SETS && 0 <= q < 64 * h->sets.leaves ==>
      (offered(h, i, q) <==> offered{Pre}(h, i, q) && !(i == set && q == p)); */
static void pool_withdraw(heap_t *h, size_t set, uint32_t p) {
  set_remove(&h->sets, set, p);
  h->idle -= set == SET_IDLE;
  if (set == SET_BARE && h->idle_max < IDLE_MOST) h->idle_max *= 2;
  //@ assert words: words_same{Pre,Here}(h);
  //@ assert pools: pools_same{Pre,Here}(h);
  //@ assert firsts: \forall integer c; 0 <= c < CLASSES ==> class_first(h, c) == class_first{Pre}(h, c);
  //@ assert indices: \forall integer c; 0 <= c < CLASSES ==> class_word(h, c) == class_word{Pre}(h, c);
  //@ assert sizes: \forall integer c; 0 <= c < CLASSES ==> class_size(h, c) == class_size{Pre}(h, c);
  //@ assert classes: classes_same{Pre,Here}(h);
  //@ assert bounds: bounds_kept{Pre,Here}(h);
  /*@ assert members: \forall integer i, q; 0 <= i < SETS && 0 <= q < 64 * h->sets.leaves ==>
        (offered(h, i, q) <==> offered{Pre}(h, i, q) && !(i == set && q == p)); */
  //@ assert fewer: members_fewer{Pre,Here}(h) && pools_kept{Pre,Here}(h);
  //@ assert rooms: rooms_kept{Pre,Here}(h);
  //@ assert zero: h->free[0] == word_at(h, 0, 0) == 0;
  //@ assert memory: heap_memory(h) && heap_bounds(h);
  //@ assert sets_ok: sets_ok(&h->sets);
  //@ assert cut: pools_cut(h);
  //@ assert out: pools_out(h);
  //@ assert untouched: pools_untouched(h);
  //@ assert classes_ok: classes_ok(h);
  //@ assert offers: offers_ok(h);
  //@ assert unused: unused_ok(h);
  //@ assert once: unused_once(h);
}

/* Puts pool p into a set: with room, into that of its class; unused, into one of the
   other two. */
/*@ requires ok: heap_ok(h) && opened(h, p) && set < SETS;
    requires class: set < CLASSES ==> offer_ok(h, set, p);
    requires unused: set >= CLASSES ==> granules(h, p) == 0 && pool_nobodys(h, p);
    terminates \true;
    assigns h->idle, h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1];
    ensures ok: heap_ok(h);
    ensures idle: set != SET_IDLE ==> h->idle == \old(h->idle);
    ensures more: set == SET_IDLE && \old(h->idle) < 0xffffffff ==> h->idle == \old(h->idle) + 1;
    ensures PM_FREE_02_offered: offered(h, set, p);
    ensures same: heap_same{Pre,Post}(h); */
static void pool_offer(heap_t *h, size_t set, uint32_t p) {
  //@ assert range: p < 64 * h->sets.leaves;
  set_add(&h->sets, set, p);
  h->idle += set == SET_IDLE;
  //@ assert words: words_same{Pre,Here}(h);
  //@ assert pools: pools_same{Pre,Here}(h);
  //@ assert firsts: \forall integer c; 0 <= c < CLASSES ==> class_first(h, c) == class_first{Pre}(h, c);
  //@ assert indices: \forall integer c; 0 <= c < CLASSES ==> class_word(h, c) == class_word{Pre}(h, c);
  //@ assert sizes: \forall integer c; 0 <= c < CLASSES ==> class_size(h, c) == class_size{Pre}(h, c);
  //@ assert classes: classes_same{Pre,Here}(h);
  //@ assert bounds: bounds_kept{Pre,Here}(h) && pools_kept{Pre,Here}(h);
  /*@ assert members: \forall integer i, q; 0 <= i < SETS && 0 <= q < 64 * h->sets.leaves ==>
        (offered(h, i, q) <==> offered{Pre}(h, i, q) || (i == set && q == p)); */
  //@ assert cut: pools_cut(h);
  //@ assert out: pools_out(h);
  //@ assert untouched: pools_untouched(h);
  //@ assert classes_ok: classes_ok(h);
  //@ assert offer: \forall integer c, q; 0 <= c < CLASSES && offer_ok{Pre}(h, c, q) ==> offer_ok(h, c, q);
  //@ assert offers: offers_ok(h);
  //@ assert unused: unused_ok(h);
  //@ assert once: unused_once(h);
}

/* Takes the lowest pool from a set: its number, or SET_NONE. */
/*@ requires ok: heap_ok(h) && set < SETS;
    terminates \true;
    assigns h->idle, h->idle_max, h->sets.top[set], h->sets.mid[set * 64 .. set * 64 + 63],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1];
    ensures ok: heap_ok(h);
    ensures same: heap_same{Pre,Post}(h);
    ensures room: \result != SET_NONE && set < CLASSES ==>
      opened(h, \result) && granules(h, \result) == set + 1 && pool_room(h, \result);
    ensures unused: \result != SET_NONE && set >= SET_IDLE ==>
      opened(h, \result) && pool_blank(h, \result);
    ensures nobodys: \result != SET_NONE ==> pool_nobodys(h, \result);
    ensures none: \result == SET_NONE ==> members_same{Pre,Post}(h) &&
      \forall integer p; 0 <= p < 64 * h->sets.leaves ==> !offered(h, set, p); */
static uint32_t heap_take(heap_t *h, size_t set) {
  uint32_t p = set_lowest(&h->sets, set);
  if (p == SET_NONE) return SET_NONE;
  //@ assert room: set < CLASSES ==> offer_ok(h, set, p);
  //@ assert unused: set >= SET_IDLE ==> opened(h, p) && granules(h, p) == 0;
  //@ assert uncarved: set >= SET_IDLE ==> pool_fit(h, p) && pool_untouched(h, p) && carved(h, p) == 0;
  //@ assert single: \forall integer i; 0 <= i < SETS && i != set ==> !offered(h, i, p);
  //@ assert free: \forall integer c; 0 <= c < CLASSES ==> class_ok(h, c) && class_word(h, c) / 64 != p;
  pool_withdraw(h, set, p);
  //@ assert rooms: set < CLASSES ==> pool_room(h, p);
  //@ assert sets: \forall integer i; 0 <= i < SETS ==> !offered(h, i, p);
  //@ assert nobodys: pool_nobodys(h, p);
  return p;
}

/* A pool that was never used, all its blocks free, or SET_NONE. */
/*@ requires ok: heap_ok(h);
    terminates \true;
    assigns h->opened, h->free[0 .. 64 * h->limit - 1];
    ensures ok: heap_ok(h);
    ensures fresh: \result != SET_NONE ==> opened(h, \result) && pool_blank(h, \result) &&
      pool_nobodys(h, \result);
    ensures none: \result == SET_NONE ==> h->opened == h->pools && heap_same{Pre,Post}(h);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures members: members_same{Pre,Post}(h);
    ensures opened: \old(h->opened) <= h->opened <= \old(h->opened) + 1; */
static uint32_t heap_fresh(heap_t *h) {
  if (h->opened == h->pools) return SET_NONE;
  uint32_t p = h->opened;
  //@ assert sets: \forall integer i; 0 <= i < SETS ==> !offered(h, i, p);
  //@ assert free: \forall integer c; 0 <= c < CLASSES ==> class_ok(h, c) && class_word(h, c) / 64 != p;
  //@ assert nobodys: pool_nobodys(h, p);
  /*@ loop invariant range: 0 <= w <= POOL_WORDS;
      loop invariant all: \forall integer v; 0 <= v < w ==> word_at(h, p, v) == WORD_ALL;
      loop invariant others: \forall integer q, v; 0 <= q < h->limit && 0 <= v < 64 && q != p ==>
        word_at(h, q, v) == word_at{Pre}(h, q, v);
      loop assigns w, h->free[64 * p .. 64 * p + 63];
      loop variant POOL_WORDS - w; */
  for (uint32_t w = 0; w < POOL_WORDS; w++) h->free[p * POOL_WORDS + w] = WORD_ALL;
  h->opened++;
  //@ assert pools: pools_same{Pre,Here}(h);
  //@ assert firsts: \forall integer c; 0 <= c < CLASSES ==> class_first(h, c) == class_first{Pre}(h, c);
  //@ assert indices: \forall integer c; 0 <= c < CLASSES ==> class_word(h, c) == class_word{Pre}(h, c);
  //@ assert sizes: \forall integer c; 0 <= c < CLASSES ==> class_size(h, c) == class_size{Pre}(h, c);
  //@ assert classes: classes_same{Pre,Here}(h);
  //@ assert sets: sets_same{Pre,Here}(h);
  //@ assert kept: bounds_kept{Pre,Here}(h) && members_same{Pre,Here}(h) && members_fewer{Pre,Here}(h);
  //@ assert memory: heap_memory(h);
  //@ assert bounds: heap_bounds(h);
  //@ assert cut: pools_cut(h);
  //@ assert out: pools_out(h);
  //@ assert untouched: pools_untouched(h);
  //@ assert classes_ok: classes_ok(h);
  //@ assert shape: sets_shape(&h->sets);
  //@ assert sets_ok: sets_ok(&h->sets);
  /*@ assert room: \forall integer q; 0 <= q < h->limit && q != p && pool_room{Pre}(h, q) ==>
        pool_room(h, q); */
  //@ assert rooms: rooms_kept{Pre,Here}(h);
  //@ assert offers: offers_ok(h);
  //@ assert unused: unused_ok(h);
  //@ assert once: unused_once(h);
  //@ assert nobodys: pool_nobodys(h, p);
  return p;
}

/* The current pool of a class, if nothing in it is live, taken from the class; or
   SET_NONE. */
/*@ requires ok: heap_ok(h);
    terminates \true;
    assigns h->class_[0 .. CLASSES - 1].word;
    ensures ok: heap_ok(h);
    ensures blank: \result != SET_NONE ==> opened(h, \result) && pool_blank(h, \result) &&
      pool_nobodys(h, \result);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures members: members_same{Pre,Post}(h);
    ensures none: \result == SET_NONE ==> heap_same{Pre,Post}(h) &&
      \forall integer c; 0 <= c < CLASSES && class_word(h, c) != 0 ==>
        !pool_blank(h, class_pool(h, c)); */
static uint32_t heap_reclaim(heap_t *h) {
  /*@ loop invariant range: 0 <= c <= CLASSES;
      loop invariant some: \forall integer d; 0 <= d < c && class_word(h, d) != 0 ==>
        !pool_blank(h, class_pool(h, d));
      loop assigns c;
      loop variant CLASSES - c; */
  for (size_t c = 0; c < CLASSES; c++) {
    //@ assert class: class_ok(h, c);
    uint32_t p = h->class_[c].word / POOL_WORDS;
    if (p == 0 || !pool_empty(h, p)) continue;
    //@ assert sets: granules(h, p) == c + 1 && \forall integer i; 0 <= i < SETS ==> !offered(h, i, p);
    /*@ assert others: \forall integer d; 0 <= d < CLASSES && d != c ==>
          class_ok(h, d) && !current(h, d, p); */
    h->class_[c].word = 0;
    /*@ assert words: class_word(h, c) == 0 && \forall integer d; 0 <= d < CLASSES && d != c ==>
          class_word(h, d) == class_word{Pre}(h, d); */
    //@ assert firsts: \forall integer d; 0 <= d < CLASSES ==> class_first(h, d) == class_first{Pre}(h, d);
    //@ assert sizes: \forall integer d; 0 <= d < CLASSES ==> class_size(h, d) == class_size{Pre}(h, d);
    //@ assert pools: pools_same{Pre,Here}(h) && pools_kept{Pre,Here}(h) && words_same{Pre,Here}(h);
    //@ assert sets: sets_same{Pre,Here}(h);
    //@ assert kept: bounds_kept{Pre,Here}(h) && members_same{Pre,Here}(h) && members_fewer{Pre,Here}(h);
    //@ assert memory: heap_memory(h) && heap_bounds(h);
    //@ assert pools_ok: pools_cut(h) && pools_out(h) && pools_untouched(h);
    //@ assert others_ok: \forall integer d; 0 <= d < CLASSES && d != c ==> class_ok{Pre}(h, d) && class_ok(h, d);
    //@ assert classes_ok: classes_ok(h);
    //@ assert sets_ok: sets_ok(&h->sets);
    //@ assert offers: offers_ok(h);
    //@ assert unused: unused_ok(h);
    //@ assert once: unused_once(h);
    //@ assert no_class: \forall integer d; 0 <= d < CLASSES ==> class_word(h, d) / 64 != p;
    //@ assert nobodys: pool_nobodys(h, p);
    return p;
  }
  return SET_NONE;
}

/* An unused pool, rather one that has memory, or SET_NONE. */
/*@ requires ok: heap_ok(h);
    terminates \true;
    assigns h->class_[0 .. CLASSES - 1].word, h->opened, h->idle, h->idle_max,
            h->sets.top[SET_IDLE .. SET_BARE], h->sets.mid[SET_IDLE * 64 .. SET_BARE * 64 + 63],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1],
            h->free[0 .. 64 * h->limit - 1];
    ensures ok: heap_ok(h);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures unused: \result != SET_NONE ==> opened(h, \result) && pool_blank(h, \result) &&
      pool_nobodys(h, \result);
    ensures none: \result == SET_NONE ==>
      heap_same{Pre,Post}(h) && members_same{Pre,Post}(h) && heap_spent(h);
    ensures opened: \old(h->opened) <= h->opened <= \old(h->opened) + 1; */
static uint32_t heap_unused(heap_t *h) {
  uint32_t p = heap_take(h, SET_IDLE);
  if (p != SET_NONE) return p;
  p = heap_take(h, SET_BARE);
  if (p != SET_NONE) return p;
  //@ assert same: heap_same{Pre,Here}(h) && members_same{Pre,Here}(h);
  /*@ assert none: \forall integer q; 0 <= q < 64 * h->sets.leaves ==>
        !offered{Pre}(h, SET_IDLE, q) && !offered{Pre}(h, SET_BARE, q); */
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  p = heap_fresh(h);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  if (p != SET_NONE) return p;
  //@ assert same: heap_same{Pre,Here}(h) && members_same{Pre,Here}(h);
  p = heap_reclaim(h);
  //@ assert same: p == SET_NONE ==> heap_same{Pre,Here}(h) && members_same{Pre,Here}(h);
  //@ assert spent: p == SET_NONE ==> heap_spent(h);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  return p;
}

/* Cuts a pool in which nothing is live into blocks of k granules; 0: into none. */
/*@ requires ok: heap_ok(h) && k <= CLASSES && opened(h, p) && pool_blank(h, p) &&
      pool_nobodys(h, p);
    terminates \true;
    assigns h->pool[p];
    ensures ok: heap_ok(h);
    ensures cut: granules(h, p) == k && (k > 0 ==> pool_room(h, p)) && pool_nobodys(h, p);
    ensures blank: pool_blank(h, p) && opened(h, p);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h); */
static void pool_recut(heap_t *h, uint32_t p, uint8_t k) {
  pool_t *pool = &h->pool[p];
  //@ ghost word_all();
  //@ assert dead: \forall integer b; !live(h, p, b);
  //@ assert elsewhere: \forall integer d; 0 <= d < CLASSES ==> class_ok(h, d) && class_word(h, d) / 64 != p;
  pool->inverse = k == 0 ? 0 : class_inverse((size_t)k - 1);
  pool->granules = k;
  pool->carved = k != 0;
  //@ assert words: words_same{Pre,Here}(h);
  //@ assert granules: \forall integer q; 0 <= q < h->limit && q != p ==> granules(h, q) == granules{Pre}(h, q);
  //@ assert carved: \forall integer q; 0 <= q < h->limit && q != p ==> carved(h, q) == carved{Pre}(h, q);
  //@ assert inverses: \forall integer q; 0 <= q < h->limit && q != p ==> inverse(h, q) == inverse{Pre}(h, q);
  //@ assert classes: classes_same{Pre,Here}(h);
  //@ assert sets: sets_same{Pre,Here}(h);
  //@ assert kept: bounds_kept{Pre,Here}(h) && members_same{Pre,Here}(h) && members_fewer{Pre,Here}(h);
  //@ assert memory: heap_memory(h) && heap_bounds(h);
  //@ assert this: granules(h, p) == k && carved(h, p) == (k == 0 ? 0 : 1);
  //@ assert this_words: k > 0 ==> inverse(h, p) == class_inv(k - 1) && 1 <= words_of(k - 1);
  //@ assert this_fit: pool_fit(h, p);
  //@ assert others_fit: \forall integer q; 0 <= q < h->limit && q != p ==> pool_fit{Pre}(h, q) && pool_fit(h, q);
  //@ assert cut: pools_cut(h);
  //@ assert out: pools_out(h);
  //@ assert this_untouched: pool_untouched(h, p);
  //@ assert untouched: pools_untouched(h);
  //@ assert classes_ok: classes_ok(h);
  //@ assert sets_ok: sets_ok(&h->sets);
  /*@ assert offer: \forall integer d, q; 0 <= d < CLASSES && 0 <= q < 64 * h->sets.leaves &&
        offered(h, d, q) ==> q != p && offer_ok{Pre}(h, d, q); */
  //@ assert room: \forall integer q; 0 <= q < h->limit && q != p && pool_room{Pre}(h, q) ==> pool_room(h, q);
  //@ assert offers: offers_ok(h);
  /*@ assert idle: \forall integer i, q; SET_IDLE <= i < SETS && 0 <= q < 64 * h->sets.leaves &&
        offered(h, i, q) ==> q != p && opened(h, q) && granules{Pre}(h, q) == 0; */
  //@ assert unused: unused_ok(h);
  //@ assert once: unused_once(h);
  //@ assert first: word_at(h, p, 0) == WORD_ALL && (k > 0 ==> pool_room(h, p));
  //@ assert nobodys: pool_nobodys(h, p);
  //@ assert still_dead: \forall integer b; !live(h, p, b);
  //@ assert others: \forall integer q, b; q != p ==> (live(h, q, b) <==> live{Pre}(h, q, b));
}

/* A pool with room for class c that is nobody's current pool, or SET_NONE: the
   lowest one that is offered, else an unused one, cut for the class. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    terminates \true;
    assigns h->class_[0 .. CLASSES - 1].word, h->opened, h->idle, h->idle_max,
            h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1], h->pool[0 .. h->limit - 1],
            h->free[0 .. 64 * h->limit - 1];
    ensures ok: heap_ok(h);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures room: \result != SET_NONE ==> opened(h, \result) && granules(h, \result) == c + 1 &&
      pool_room(h, \result) && pool_nobodys(h, \result);
    ensures none: \result == SET_NONE ==> classes_same{Pre,Post}(h) && pools_same{Pre,Post}(h) &&
      words_same{Pre,Post}(h) && h->opened == \old(h->opened) && heap_spent(h) &&
      \forall integer p; 0 <= p < 64 * h->sets.leaves ==> !offered(h, c, p);
    ensures opened: \old(h->opened) <= h->opened <= \old(h->opened) + 1; */
static uint32_t heap_pool(heap_t *h, size_t c) {
  uint32_t p = heap_take(h, c);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  if (p != SET_NONE) return p;
  //@ assert none: \forall integer q; 0 <= q < 64 * h->sets.leaves ==> !offered{Pre}(h, c, q);
  p = heap_unused(h);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  //@ assert same: p == SET_NONE ==> heap_same{Pre,Here}(h) && members_same{Pre,Here}(h);
  if (p != SET_NONE) pool_recut(h, p, (uint8_t)(c + 1));
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  return p;
}

/* The number of a word that has a free block for class c, in its current pool or in one
   that becomes that; 0 when there is none. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    terminates \true;
    assigns h->class_[0 .. CLASSES - 1].word, h->opened, h->idle, h->idle_max,
            h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1], h->pool[0 .. h->limit - 1],
            h->free[0 .. 64 * h->limit - 1];
    ensures ok: heap_ok(h);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures none: \result == 0 ==> exhausted(h, c) && h->opened == \old(h->opened);
    ensures opened: \old(h->opened) <= h->opened <= \old(h->opened) + 1;
    ensures pool: \result != 0 ==> opened(h, \result / 64) && granules(h, \result / 64) == c + 1 &&
      (class_word(h, c) / 64 == \result / 64 || pool_nobodys(h, \result / 64));
    ensures word: \result != 0 ==> \result % 64 < carved(h, \result / 64) &&
      word_at(h, \result / 64, \result % 64) != 0; */
static uint32_t heap_word(heap_t *h, size_t c) {
  //@ assert class: class_ok(h, c);
  uint32_t word = h->class_[c].word, p = word / POOL_WORDS;
  //@ assert last: p != 0 ==> opened(h, p) && granules(h, p) == c + 1 && word % 64 < carved(h, p);
  //@ assert range: p != 0 ==> p < h->limit;
  //@ assert zero: p == 0 ==> class_word(h, c) == 0;
  uint32_t w = p == 0 ? POOL_WORDS : pool_next(h, p, c, word % POOL_WORDS);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  //@ assert closed: p != 0 && w == POOL_WORDS ==> carved(h, p) == words_of(c);
  //@ assert open: p != 0 ==> opened(h, p) && granules(h, p) == c + 1;
  if (w == POOL_WORDS) {
    uint32_t q = heap_pool(h, c);
    //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
    //@ assert none: q == SET_NONE ==> class_word(h, c) == word;
    //@ assert none_open: q == SET_NONE && p != 0 ==> opened(h, p);
    //@ assert none_class: q == SET_NONE && p != 0 ==> granules(h, p) == c + 1;
    //@ assert none_carved: q == SET_NONE && p != 0 ==> carved(h, p) == words_of(c);
    if (q != SET_NONE) {
      if (p != 0) h->pool[p].left = (uint16_t)(class_words(c) * WORTH - pool_free(h, p));
      p = q;
    } /* else: little room is better than none */
    if (p == 0) return 0;
    //@ assert ok: heap_ok(h) && opened(h, p) && granules(h, p) == c + 1 && p < h->limit;
    //@ assert room: q != SET_NONE ==> pool_room(h, p) && pool_nobodys(h, p);
    w = pool_word(h, p, 0);
    if (w == h->pool[p].carved) {
      //@ assert zeros: pool_zeros(h, p, carved(h, p));
      //@ assert exhausted: q == SET_NONE;
      //@ assert full: pool_full(h, p) && class_word(h, c) / 64 == p;
      return 0;
    }
  }
  //@ assert ok: heap_ok(h) && opened(h, p) && p < h->limit;
  //@ assert word: w < carved(h, p) && word_at(h, p, w) != 0;
  //@ assert fit: w < 64 && 0 < p < 262144;
  //@ assert index: 0 < p * 64 + w < 4294967296 && (p * 64 + w) / 64 == p && (p * 64 + w) % 64 == w;
  return p * POOL_WORDS + w;
}

/* Makes a word the current one of class c.  Frees in a current pool are not looked at for
   long. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    requires pool: opened(h, word / 64) && granules(h, word / 64) == c + 1;
    requires word: word % 64 < carved(h, word / 64);
    requires nobodys: class_word(h, c) / 64 == word / 64 || pool_nobodys(h, word / 64);
    terminates \true;
    exits never: \false;
    assigns h->class_[c].first, h->class_[c].size, h->class_[c].word, h->pool[word / 64].left;
    ensures ok: heap_ok(h);
    ensures number: class_word(h, c) == word;
    ensures kept: words_same{Pre,Post}(h) && h->limit == \old(h->limit);
    ensures live: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h); */
static void class_set(heap_t *h, size_t c, uint32_t word) {
  uint32_t p = word / POOL_WORDS;
  //@ assert range: pool_fit(h, p) && p < h->limit && p < 262144;
  //@ assert classes: \forall integer d; 0 <= d < CLASSES ==> class_ok(h, d);
  /*@ assert offer: \forall integer d, q; 0 <= d < CLASSES && 0 <= q < 64 * h->sets.leaves &&
        offered(h, d, q) ==> offer_ok(h, d, q) && q != p; */
  class_t *k = &h->class_[c];
  k->word = word;
  k->size = class_size(c);
  k->first = word_start(word, c);
  h->pool[p].left = LEFT_NEVER;
  //@ assert words: words_same{Pre,Here}(h);
  //@ assert inverses: inverses_same{Pre,Here}(h);
  //@ assert pools: pools_same{Pre,Here}(h) && pools_kept{Pre,Here}(h);
  /*@ assert leaves: \forall integer i, a; 0 <= i < SETS && 0 <= a < h->sets.leaves ==>
        leaf_at(&h->sets, i, a) == leaf_at{Pre}(&h->sets, i, a); */
  /*@ assert mids: \forall integer i, g; 0 <= i < SETS && 0 <= g < 64 ==>
        mid_at(&h->sets, i, g) == mid_at{Pre}(&h->sets, i, g); */
  //@ assert tops: \forall integer i; 0 <= i < SETS ==> top_at(&h->sets, i) == top_at{Pre}(&h->sets, i);
  //@ assert sets: sets_same{Pre,Here}(h);
  //@ assert kept: bounds_kept{Pre,Here}(h) && members_same{Pre,Here}(h) && members_fewer{Pre,Here}(h);
  //@ assert memory: heap_memory(h) && heap_bounds(h);
  //@ assert pools_ok: pools_cut(h) && pools_out(h) && pools_untouched(h);
  //@ assert number: class_word(h, c) == word && class_word(h, c) / 64 == p;
  //@ assert this: class_at(h, c) && class_in(h, c) && class_word(h, c) / 64 == p;
  /*@ assert others: \forall integer d; 0 <= d < CLASSES && d != c ==> class_word(h, d) == class_word{Pre}(h, d) &&
        class_first(h, d) == class_first{Pre}(h, d) && class_size(h, d) == class_size{Pre}(h, d); */
  //@ assert others_ok: \forall integer d; 0 <= d < CLASSES && d != c ==> class_ok(h, d);
  //@ assert classes_ok: classes_ok(h);
  //@ assert sets_ok: sets_ok(&h->sets);
  //@ assert rooms: rooms_kept{Pre,Here}(h);
  /*@ assert this_not: \forall integer q; 0 <= q < 64 * h->sets.leaves && offered(h, c, q) ==>
        class_word(h, c) / 64 != q; */
  /*@ assert not_current: \forall integer d, q; 0 <= d < CLASSES && 0 <= q < 64 * h->sets.leaves &&
        offered(h, d, q) ==> class_word(h, d) / 64 != q; */
  //@ assert offers: offers_ok(h);
  //@ assert unused: unused_ok(h);
  //@ assert once: unused_once(h);
}

uint64_t heap_refill(heap_t *h, size_t c) {
  uint64_t offset = HEAP_NONE;
  uint32_t word = heap_word(h, c);
  if (word == 0) return HEAP_NONE;
  //@ assert range: opened(h, word / 64) && 0 <= word / 64 < h->limit == \at(h->limit, Pre);
  //@ assert some: word_at(h, word / 64, word % 64) != 0 && h->free[word] != 0;
  class_set(h, c, word);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  //@ assert class: class_ok(h, c) && h->class_[c].word == word < 64 * h->limit;
  //@ assert some: word_at(h, word / 64, word % 64) != 0 && h->free[word] != 0;
  heap_malloc_quick(h, c, &offset);
  return offset;
}

/* Gives up an empty pool; whoever needs one next may have it. */
/*@ requires ok: heap_ok(h) && opened(h, p) && granules(h, p) > 0 && pool_blank(h, p);
    requires free: \forall integer c; 0 <= c < CLASSES ==> class_word(h, c) / 64 != p;
    terminates \true;
    assigns h->idle, h->idle_max, h->sets.top[0 .. SETS - 1], h->sets.mid[0 .. SETS * 64 - 1],
            h->sets.leaf[0 .. h->sets.leaves * SETS - 1], h->pool[p];
    ensures ok: heap_ok(h);
    ensures same: live_same{Pre,Post}(h) && sizes_kept{Pre,Post}(h);
    ensures unused: granules(h, p) == 0;
    ensures PM_HEAP_02_unused: \result == HEAP_FREED ? offered(h, SET_IDLE, p) : offered(h, SET_BARE, p);
    ensures PM_HEAP_03_kept: h->idle_max == \old(h->idle_max) &&
      h->idle == (\result == HEAP_FREED ? \old(h->idle) + 1 : \old(h->idle));
    ensures PM_HEAP_03_most: \result == (\old(h->idle) < \old(h->idle_max) ? HEAP_FREED : HEAP_FREED_RELEASE); */
static heap_freed_t pool_give_up(heap_t *h, uint32_t p) {
  size_t c = (size_t)h->pool[p].granules - 1;
  //@ assert fit: pool_fit(h, p) && c < CLASSES && p < 64 * h->sets.leaves;
  //@ assert single: \forall integer i; 0 <= i < SETS && i != c ==> !offered(h, i, p);
  //@ assert elsewhere: \forall integer d; 0 <= d < CLASSES ==> class_word(h, d) / 64 != p;
  pool_withdraw(h, c, p);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  //@ assert sets: \forall integer i; 0 <= i < SETS ==> !offered(h, i, p);
  //@ assert nobodys: pool_nobodys(h, p) && pool_blank(h, p) && opened(h, p);
  pool_recut(h, p, 0);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  //@ assert idle: h->idle == \at(h->idle, Pre) && h->idle_max == \at(h->idle_max, Pre);
  bool keep = h->idle < h->idle_max;
  pool_offer(h, keep ? SET_IDLE : SET_BARE, p);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  return keep ? HEAP_FREED : HEAP_FREED_RELEASE;
}

heap_freed_t heap_attend(heap_t *h, uint32_t p) {
  pool_t *pool = &h->pool[p];
  size_t c = (size_t)pool->granules - 1;
  //@ assert fit: pool_fit(h, p) && c < CLASSES;
  /*@ assert elsewhere: \forall integer d; 0 <= d < CLASSES && d != c ==> class_ok(h, d) &&
        class_word(h, d) / 64 != p; */
  if (h->class_[c].word / POOL_WORDS == p) {
    pool->left = LEFT_NEVER;
    return HEAP_FREED;
  }
  if (pool_empty(h, p)) return pool_give_up(h, p);
  pool_offer(h, c, p);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  pool->left = (uint16_t)heap_pool_live(h, p);
  return HEAP_FREED;
}
