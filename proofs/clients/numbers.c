/* Clients of the heap by numbers (alloc/heap.h), proved from its contracts alone: what
   programs know that only malloc and free.  A block is the offset where it begins. */
#include "alloc/space.h"

/* What malloc and free write; of the arrays, all that the largest heap has. */
#define HEAP_SETS(h) (h)->idle, (h)->idle_max, (h)->sets.top[0 .. SETS - 1], \
  (h)->sets.mid[0 .. SETS * 64 - 1], (h)->sets.leaf[0 .. SET_LIMIT / 64 * SETS - 1]
#define HEAP_STATE(h) (h)->class_[0 .. CLASSES - 1], (h)->opened, (h)->pool[0 .. SET_LIMIT - 1], \
  (h)->free[0 .. 64 * SET_LIMIT - 1], HEAP_SETS(h)

/* A live block begins at offset o; none does; and these, compared. */
/*@ predicate begins{L}(heap_t *h, integer o) = \exists integer b; live_at(h, o, b);
    logic integer bytes_at{L}(heap_t *h, integer o) = block_size(h, o / 65536);
    predicate begins_same{A,B}(heap_t *h) =
      \forall integer o; begins{B}(h, o) <==> begins{A}(h, o);
    predicate begins_added{A,B}(heap_t *h, integer n) =
      \forall integer o; begins{B}(h, o) <==> begins{A}(h, o) || o == n;
    predicate begins_removed{A,B}(heap_t *h, integer n) =
      \forall integer o; begins{B}(h, o) <==> begins{A}(h, o) && o != n;
    predicate bytes_kept{A,B}(heap_t *h) = \forall integer o;
      begins{A}(h, o) && begins{B}(h, o) ==> bytes_at{B}(h, o) == bytes_at{A}(h, o);
    predicate begins_apart{L}(heap_t *h, integer o, integer n) =
      o + bytes_at(h, o) <= n || n + bytes_at(h, n) <= o;

    lemma begins_at{L}: \forall heap_t *h, integer p, b; block_in(h, p, b) && live(h, p, b) ==>
      begins(h, offset_of(h, p, b)) && bytes_at(h, offset_of(h, p, b)) == block_size(h, p);
    lemma live_at_kept{A,B}: \forall heap_t *h, integer o, b; sizes_kept{A,B}(h) &&
      live{B}(h, o / 65536, b) && live_at{A}(h, o, b) ==>
        live_at{B}(h, o, b) && bytes_at{B}(h, o) == bytes_at{A}(h, o);
    lemma live_at_back{A,B}: \forall heap_t *h, integer o, b; sizes_kept{A,B}(h) &&
      live{A}(h, o / 65536, b) && live_at{B}(h, o, b) ==>
        live_at{A}(h, o, b) && bytes_at{B}(h, o) == bytes_at{A}(h, o);
    lemma begins_fresh{A,B}: \forall heap_t *h, integer p, b; sizes_kept{A,B}(h) && block_in{B}(h, p, b) &&
      live_added{A,B}(h, p, b) && !live{A}(h, p, b) ==> !begins{A}(h, offset_of{B}(h, p, b));
    lemma begins_still{A,B}: \forall heap_t *h, integer p, b, o; sizes_kept{A,B}(h) &&
      live_added{A,B}(h, p, b) && begins{A}(h, o) ==>
        begins{B}(h, o) && bytes_at{B}(h, o) == bytes_at{A}(h, o);
    lemma begins_only{A,B}: \forall heap_t *h, integer p, b, o; sizes_kept{A,B}(h) &&
      live_added{A,B}(h, p, b) && begins{B}(h, o) && o != offset_of{B}(h, p, b) ==> begins{A}(h, o);
    lemma begins_more{A,B}: \forall heap_t *h, integer p, b; sizes_kept{A,B}(h) && block_in{B}(h, p, b) &&
      live_added{A,B}(h, p, b) && !live{A}(h, p, b) ==> begins_added{A,B}(h, offset_of{B}(h, p, b));
    lemma begins_less{A,B}: \forall heap_t *h, integer o, b; sizes_kept{A,B}(h) && live_at{A}(h, o, b) &&
      live_removed{A,B}(h, o / 65536, b) ==> begins_removed{A,B}(h, o);
    lemma begins_like{A,B}: \forall heap_t *h; sizes_kept{A,B}(h) && live_same{A,B}(h) ==>
      begins_same{A,B}(h);
    lemma bytes_more{A,B}: \forall heap_t *h, integer p, b; sizes_kept{A,B}(h) &&
      live_added{A,B}(h, p, b) ==> bytes_kept{A,B}(h);
    lemma bytes_less{A,B}: \forall heap_t *h, integer p, b; sizes_kept{A,B}(h) &&
      live_removed{A,B}(h, p, b) ==> bytes_kept{A,B}(h);
    lemma bytes_like{A,B}: \forall heap_t *h; sizes_kept{A,B}(h) && live_same{A,B}(h) ==>
      bytes_kept{A,B}(h);
    lemma begins_disjoint{L}: \forall heap_t *h, integer o, n; blocks_in(h) && begins(h, o) &&
      begins(h, n) && o != n ==> begins_apart(h, o, n);
    lemma begins_inside{L}: \forall heap_t *h, integer o; blocks_in(h) && heap_bounds(h) && begins(h, o) ==>
      0 <= o < 65536 * h->limit;
    lemma begins_none{L}: \forall heap_t *h; blocks_in(h) && (\forall integer o; !begins(h, o)) ==>
      \forall integer p, b; !live(h, p, b);
    lemma none_begins{L}: \forall heap_t *h; (\forall integer p, b; !live(h, p, b)) ==>
      \forall integer o; !begins(h, o);
*/

/* malloc: a block of class c, or HEAP_NONE. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    terminates \true;
    assigns HEAP_STATE(h);
    ensures ok: heap_ok(h);
    ensures none: \result == HEAP_NONE ==> begins_same{Pre,Post}(h) && exhausted(h, c) && h->opened == \old(h->opened);
    ensures fresh: \result != HEAP_NONE ==> !begins{Pre}(h, \result);
    ensures size: \result != HEAP_NONE ==> bytes_at(h, \result) == class_bytes(c);
    ensures added: \result != HEAP_NONE ==> begins_added{Pre,Post}(h, \result);
    ensures sizes: bytes_kept{Pre,Post}(h);
    ensures opened: \old(h->opened) <= h->opened <= \old(h->opened) + 1 && h->pools == \old(h->pools); */
static uint64_t get(heap_t *h, size_t c) {
  uint64_t o = HEAP_NONE;
  //@ ghost word_all();
  //@ assert class: class_ok(h, c);
  if (heap_malloc_quick(h, c, &o)) {
    //@ assert sizes: sizes_kept{Pre,Here}(h);
    //@ assert in: blocks_in(h);
    /*@ assert one: \exists integer p, b; o == offset_of(h, p, b) && live_added{Pre,Here}(h, p, b) &&
          !live{Pre}(h, p, b) && block_in(h, p, b) && live(h, p, b) && block_size(h, p) == class_bytes(c); */
    //@ assert some: o != HEAP_NONE;
    return o;
  }
  //@ assert untouched: o == HEAP_NONE;
  //@ assert bounds: bounds_kept{Pre,Here}(h);
  //@ assert same: words_same{Pre,Here}(h) && granules_same{Pre,Here}(h);
  //@ assert live: live_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  //@ assert apart: \separated(&h->pools, h->pool + (0 .. h->limit - 1));
  o = heap_refill(h, c);
  //@ assert sizes: sizes_kept{Pre,Here}(h);
  //@ assert in: blocks_in(h);
  //@ assert none: o == HEAP_NONE ==> live_same{Pre,Here}(h) && begins_same{Pre,Here}(h);
  //@ assert spent: o == HEAP_NONE ==> exhausted(h, c) && h->opened == \at(h->opened, Pre);
  /*@ assert one: o != HEAP_NONE ==> \exists integer p, b; o == offset_of(h, p, b) && live_added{Pre,Here}(h, p, b) &&
        !live{Pre}(h, p, b) && block_in(h, p, b) && live(h, p, b) && block_size(h, p) == class_bytes(c); */
  return o;
}

/* free: whether a block was freed that began there. */
/*@ requires ok: heap_ok(h) && o < 65536 * h->limit;
    terminates \true;
    assigns h->pool[o / 65536], h->free[64 * (o / 65536) .. 64 * (o / 65536) + 63], HEAP_SETS(h);
    ensures ok: heap_ok(h);
    ensures told: \result <==> begins{Pre}(h, o);
    ensures freed: \result ==> begins_removed{Pre,Post}(h, o);
    ensures sizes: \result ==> bytes_kept{Pre,Post}(h);
    ensures limit: h->limit == \old(h->limit); */
static bool give(heap_t *h, uint64_t o) {
  heap_freed_t freed = heap_free_quick(h, o);
  //@ assert sizes: granules_same{Pre,Here}(h) && sizes_kept{Pre,Here}(h);
  /*@ assert quick: freed == HEAP_FREED || freed == HEAP_FREED_ATTEND ==> \exists integer b;
        live_at{Pre}(h, o, b) && live_removed{Pre,Here}(h, o / 65536, b); */
  if (freed == HEAP_FREED_ATTEND) {
    //@ assert apart: \separated(&h->limit, h->pool + (0 .. h->limit - 1));
    freed = heap_attend(h, (uint32_t)(o / POOL_SIZE));
    //@ assert kept: sizes_kept{Pre,Here}(h);
    /*@ assert attended: \exists integer b;
        live_at{Pre}(h, o, b) && live_removed{Pre,Here}(h, o / 65536, b); */
  }
  return freed == HEAP_FREED || freed == HEAP_FREED_RELEASE;
}

/* Two live blocks have no byte in common. */
/*@ requires ok: heap_ok(h) && c < CLASSES && d < CLASSES;
    assigns HEAP_STATE(h); */
void two_offsets(heap_t *h, size_t c, size_t d) {
  uint64_t a = get(h, c), b = get(h, d);
  //@ ghost word_all();
  //@ assert in: blocks_in(h);
  /*@ assert apart: a != HEAP_NONE && b != HEAP_NONE ==>
        a + class_bytes(c) <= b || b + class_bytes(d) <= a; */
  if (b == HEAP_NONE) return;
  uint32_t size = heap_size(h, b);
  //@ assert size: size == class_bytes(d);
}

/* Freeing a block again is told, and changes nothing. */
/*@ requires ok: heap_ok(h) && o < 65536 * h->limit;
    assigns h->pool[0 .. SET_LIMIT - 1], h->free[0 .. 64 * SET_LIMIT - 1], HEAP_SETS(h); */
void free_again(heap_t *h, uint64_t o) {
  bool first = give(h, o);
  //@ ghost after: ;
  heap_freed_t second = heap_free_quick(h, o);
  //@ assert told: first ==> second == HEAP_NOT_LIVE || second == HEAP_NOT_BLOCK;
  //@ assert live: first ==> live_same{after,Here}(h);
  //@ assert sizes: sizes_kept{after,Here}(h);
  //@ assert same: first ==> begins_same{after,Here}(h);
}

/* When enough blocks of a pool were freed it is looked at: it is one that malloc finds, of its class or of none; one with
   no live block that is no class's current one is of none, and its memory is to go back when enough such pools are kept. */
/*@ requires ok: heap_ok(h) && o < 65536 * h->limit;
    assigns h->pool[0 .. SET_LIMIT - 1], h->free[0 .. 64 * SET_LIMIT - 1], HEAP_SETS(h);
    ensures most: h->idle_max == \old(h->idle_max); */
void looked_at(heap_t *h, uint64_t o) {
  uint32_t p = (uint32_t)(o / POOL_SIZE);
  heap_freed_t freed = heap_free_quick(h, o);
  //@ assert counted: freed == HEAP_FREED ==> 0 < h->pool[p].left == (uint16_t)(\at(h->pool[o / 65536].left, Pre) - 1);
  if (freed != HEAP_FREED_ATTEND) return;
  //@ assert last: h->pool[p].left == 0 && (uint16_t)(\at(h->pool[o / 65536].left, Pre) - 1) == 0;
  //@ ghost quick: ;
  freed = heap_attend(h, p);
  //@ assert found: granules(h, p) > 0 ==> current(h, granules(h, p) - 1, p) || offered(h, granules(h, p) - 1, p);
  //@ assert unused: granules(h, p) == 0 ==> offered(h, SET_IDLE, p) || offered(h, SET_BARE, p);
  //@ assert blank: \at(pool_blank(h, p) && !current(h, granules(h, p) - 1, p), quick) ==> granules(h, p) == 0;
  /*@ assert kept: freed == HEAP_FREED && granules(h, p) == 0 ==>
        offered(h, SET_IDLE, p) && h->idle == \at(h->idle, quick) + 1; */
  /*@ assert back: freed == HEAP_FREED_RELEASE ==>
        offered(h, SET_BARE, p) && h->idle == \at(h->idle, quick) >= h->idle_max; */
  //@ assert none: freed == HEAP_FREED_RELEASE ==> \forall integer b; !live(h, p, b);
}

/* The blocks that begin are o[0 .. n - 1], each once. */
/*@ predicate all_begin{L}(heap_t *h, int64_t *o, integer n) =
      \forall integer i; 0 <= i < n ==> begins(h, o[i]);
    predicate no_other{L}(heap_t *h, int64_t *o, integer n) =
      \forall integer q; begins(h, q) ==> \exists integer i; 0 <= i < n && o[i] == q;
    predicate distinct{L}(int64_t *o, integer n) =
      \forall integer i, j; 0 <= i < j < n ==> o[i] != o[j];
    predicate blocks_are{L}(heap_t *h, int64_t *o, integer n) =
      all_begin(h, o, n) && no_other(h, o, n) && distinct(o, n);
*/

/* Gets n blocks of a class into o[0 .. n - 1]; how many it got. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    requires empty: \forall integer q; !begins(h, q);
    requires memory: \valid(o + (0 .. n - 1));
    terminates \true;
    assigns HEAP_STATE(h), o[0 .. n - 1];
    ensures ok: heap_ok(h);
    ensures blocks: \result <= n && blocks_are(h, o, \result); */
static uint32_t get_all(heap_t *h, size_t c, int64_t *o, uint32_t n) {
  uint32_t i = 0;
  /*@ loop invariant range: i <= n;
      loop invariant ok: heap_ok(h);
      loop invariant all: all_begin(h, o, i);
      loop invariant only: no_other(h, o, i);
      loop invariant distinct: distinct(o, i);
      loop assigns i, HEAP_STATE(h), o[0 .. n - 1];
      loop variant n - i; */
  for (; i < n; i++) {
    uint64_t q = get(h, c);
    if (q == HEAP_NONE) break;
    //@ ghost word_all();
    //@ assert small: blocks_in(h) && begins(h, q) && q < 65536 * h->limit;
    //@ assert all: all_begin(h, o, i);
    //@ assert this: begins(h, q) && !begins{LoopCurrent}(h, q);
    //@ assert new: \forall integer j; 0 <= j < i ==> o[j] != q;
    //@ assert only: \forall integer r; begins(h, r) && r != q ==> \exists integer j; 0 <= j < i && o[j] == r;
    //@ ghost got: ;
    o[i] = (int64_t)q;
    //@ assert value: o[i] == q;
    //@ assert others: \forall integer j; 0 <= j < i ==> o[j] == \at(o[j], got);
    //@ assert still: \forall integer r; begins(h, r) <==> begins{got}(h, r);
    //@ assert both: all_begin(h, o, i + 1);
    //@ assert no_more: no_other(h, o, i + 1);
  }
  return i;
}

/* Frees the n blocks in any order: pick[i] says which of the i + 1 that are left is next,
   and the last takes its place. */
/*@ requires ok: heap_ok(h);
    requires blocks: blocks_are(h, o, n);
    requires memory: \valid(o + (0 .. n - 1)) && \valid_read(pick + (0 .. n - 1));
    requires order: \forall integer i; 0 <= i < n ==> 0 <= pick[i] <= i;
    requires apart: \separated(o + (0 .. n - 1), pick + (0 .. n - 1));
    assigns h->pool[0 .. SET_LIMIT - 1], h->free[0 .. 64 * SET_LIMIT - 1], HEAP_SETS(h), o[0 .. n - 1];
    ensures ok: heap_ok(h);
    ensures empty: \forall integer q; !begins(h, q); */
static void give_all(heap_t *h, int64_t *o, const int64_t *pick, uint32_t n) {
  /*@ loop invariant range: n <= \at(n, Pre);
      loop invariant ok: heap_ok(h);
      loop invariant all: all_begin(h, o, n);
      loop invariant only: no_other(h, o, n);
      loop invariant distinct: distinct(o, n);
      loop assigns n, h->pool[0 .. SET_LIMIT - 1], h->free[0 .. 64 * SET_LIMIT - 1], HEAP_SETS(h),
                   o[0 .. \at(n, Pre) - 1];
      loop variant n; */
  while (n > 0) {
    n--;
    int64_t i = pick[n], q = o[i];
    //@ ghost word_all();
    //@ assert begins: blocks_in(h) && begins(h, q);
    //@ assert differ: \forall integer j; 0 <= j <= n && j != i ==> o[j] != q && begins(h, o[j]);
    give(h, (uint64_t)q);
    //@ assert others: \forall integer j; 0 <= j <= n && j != i ==> o[j] != q && begins(h, o[j]);
    /*@ assert only: \forall integer r; begins(h, r) ==> r != q &&
          \exists integer j; 0 <= j <= n && j != i && o[j] == r; */
    //@ ghost gave: ;
    o[i] = o[n];
    //@ assert moved: \forall integer j; 0 <= j < n ==> o[j] == (j == i ? \at(o[n], gave) : \at(o[j], gave));
    //@ assert still: \forall integer r; begins(h, r) <==> begins{gave}(h, r);
    //@ assert all: all_begin(h, o, n);
    //@ assert other: \forall integer j; 0 <= j < n && j != i && i < n ==> o[j] != o[i];
    //@ assert pairs: \forall integer j, k; 0 <= j < k < n && j != i && k != i ==> o[j] != o[k];
    //@ assert each: \forall integer j, k; 0 <= j < k < n ==> o[j] != o[k];
    //@ assert distinct: distinct(o, n);
    //@ assert no_more: no_other(h, o, n);
  }
}

/* A program that gets n blocks of any heap that is empty and frees them, in any order,
   leaves it empty. */
/*@ requires ok: heap_ok(h) && c < CLASSES;
    requires empty: \forall integer p, b; !live(h, p, b);
    requires memory: \valid(o + (0 .. n - 1)) && \valid_read(pick + (0 .. n - 1));
    requires order: \forall integer i; 0 <= i < n ==> 0 <= pick[i] <= i;
    requires apart: \separated(o + (0 .. n - 1), pick + (0 .. n - 1));
    ensures ok: heap_ok(h);
    ensures empty: \forall integer p, b; !live(h, p, b); */
void get_and_give(heap_t *h, size_t c, int64_t *o, const int64_t *pick, uint32_t n) {
  n = get_all(h, c, o, n);
  give_all(h, o, pick, n);
  //@ ghost word_all();
  //@ assert in: blocks_in(h);
}

/* A program of n requests never gets none, on a heap that has as many pools that were never used. */
/*@ requires ok: heap_ok(h);
    requires classes: \valid_read(c + (0 .. n - 1)) && \forall integer i; 0 <= i < n ==> 0 <= c[i] < CLASSES;
    requires room: n <= h->pools - h->opened;
    assigns HEAP_STATE(h);
    ensures ok: heap_ok(h);
    ensures some: \result; */
bool bounded(heap_t *h, const int64_t *c, uint32_t n) {
  bool all = true;
  /*@ loop invariant range: i <= n;
      loop invariant ok: heap_ok(h);
      loop invariant room: n - i <= h->pools - h->opened;
      loop invariant some: all;
      loop assigns i, all, HEAP_STATE(h);
      loop variant n - i; */
  for (uint32_t i = 0; i < n; i++) {
    //@ assert class: 0 <= c[i] < CLASSES;
    all &= get(h, (size_t)c[i]) != HEAP_NONE;
  }
  return all;
}

/* What heap_init makes, given its pools, is an empty heap. */
/*@ requires memory: \valid(h) && \valid_read(free) && \valid(pool + (0 .. limit - 1)) &&
      \valid(free + (0 .. 64 * limit - 1)) && \valid(leaf + (0 .. (limit + 63) / 64 * SETS - 1));
    requires apart: \separated(h, pool + (0 .. limit - 1), free + (0 .. 64 * limit - 1),
      leaf + (0 .. (limit + 63) / 64 * SETS - 1)) && \separated(h, free);
    requires bounds: 0 < first <= limit <= SET_LIMIT;
    requires pools: \forall integer p; 0 <= p < limit ==>
      pool[p].granules == 0 && pool[p].carved == 0 && pool[p].inverse == 0;
    requires words: free[0] == 0;
    requires leaves: \forall integer a; 0 <= a < (limit + 63) / 64 * SETS ==> leaf[a] == 0; */
void begin(heap_t *h, pool_t *pool, uint64_t *free, uint64_t *leaf, uint32_t first, uint32_t limit) {
  heap_init(h, pool, free, leaf, first, limit);
  /*@ assert none: h->idle == 0 && h->idle_max == IDLE_MAX && h->opened == h->pools == h->first == first &&
        h->limit == limit <= 64 * h->sets.leaves < limit + 64; */
  //@ ghost made: ;
  h->pools = limit;
  //@ assert shape: sets_shape(&h->sets);
  //@ assert words: words_same{made,Here}(h) && pools_same{made,Here}(h);
  //@ assert bounds_same: bounds_kept{made,Here}(h);
  //@ assert class_words: \forall integer c; 0 <= c < CLASSES ==> class_word(h, c) == class_word{made}(h, c);
  //@ assert class_sizes: \forall integer c; 0 <= c < CLASSES ==> class_size(h, c) == class_size{made}(h, c);
  //@ assert classes: classes_same{made,Here}(h);
  //@ assert sets: sets_same{made,Here}(h);
  //@ assert frame: heap_frame{made,Here}(h);
  //@ assert memory: heap_memory(h);
  //@ assert bounds: heap_bounds(h);
  //@ assert ok: heap_ok(h);
  //@ assert empty: \forall integer o; !begins(h, o);
}

/* Who has a block of the current word can free it and get one again, as often as he likes. */
/*@ requires ok: heap_ok(h) && c < CLASSES; */
void steady(heap_t *h, size_t c, uint32_t times) {
  uint64_t o;
  //@ assert class: class_ok(h, c);
  uint32_t w = h->class_[c].word;
  if (!heap_malloc_quick(h, c, &o)) return;
  /*@ loop invariant ok: heap_ok(h);
      loop invariant word: class_word(h, c) == w && 0 < w;
      loop invariant live: \exists integer b; o == offset_of(h, w / 64, b) && live(h, w / 64, b) && b / 64 == w % 64;
      loop assigns times, o, h->pool[w / 64], h->free[64 * (w / 64) .. 64 * (w / 64) + 63], HEAP_SETS(h);
      loop variant times; */
  for (; times > 0; times--) {
    //@ ghost word_all();
    //@ assert in: blocks_in(h) && begins(h, o) && o / 65536 == w / 64;
    //@ assert apart: \separated(h, h->pool + (0 .. h->limit - 1));
    //@ assert places: \separated(&h->class_[c].word, h->pool + (w / 64));
    //@ assert current: class_ok(h, c);
    //@ assert cut: granules(h, w / 64) == c + 1;
    //@ assert block: \exists integer b; o == offset_of(h, w / 64, b) && 0 <= b < POOL_BLOCKS && b / 64 == w % 64;
    //@ assert at: \forall integer b; offset_of(h, w / 64, b) == block_offset(w / 64, b, c);
    if (!give(h, o)) return;
    //@ assert word: class_word(h, c) == w;
    //@ assert class: class_ok(h, c) && granules(h, w / 64) == c + 1;
    //@ assert gone: blocks_in(h) && !begins(h, o);
    //@ assert dead: \forall integer b; o == offset_of(h, w / 64, b) ==> !live(h, w / 64, b);
    //@ assert usable: usable(h, w / 64);
    //@ assert still: \forall integer b; offset_of(h, w / 64, b) == block_offset(w / 64, b, c);
    /*@ assert there: \exists integer b; o == offset_of(h, w / 64, b) && 0 <= b < POOL_BLOCKS &&
          b / 64 == w % 64 && !live(h, w / 64, b); */
    /*@ assert free: \exists integer b; b / 64 == w % 64 && 0 <= b < POOL_BLOCKS &&
          bit(word_at(h, w / 64, w % 64), b % 64); */
    //@ assert some: h->free[w] != 0;
    //@ ghost gave: ;
    bool got = heap_malloc_quick(h, c, &o);
    //@ assert again: got;
    //@ assert others: \forall integer v; 0 <= v < 64 && v != w % 64 ==> word_at(h, w / 64, v) == word_at{gave}(h, w / 64, v);
    //@ assert here: \forall integer b; live(h, w / 64, b) && !live{gave}(h, w / 64, b) ==> b / 64 == w % 64;
  }
}
