/* Clients of a space (alloc/space.h), proved from its contracts alone: what programs know
   of the bytes of their blocks. */
#include "alloc/space.h"

/* The n bytes at p are in a live block: of a pool, or of the large allocator. */
/*@ predicate block_holds{L}(space_t *s, char *p, integer n, integer a, integer b) =
      block_at(s, p, a, b) && n <= block_size(&s->heap, a);
    predicate in_pool{L}(space_t *s, char *p, integer n) = \exists integer a, b; block_holds(s, p, n, a, b);
    predicate in_large{L}(char *p, integer n) = \exists integer o;
      0 <= o < ANY_SIZE - any_live[o] && p == any_byte(o) && 0 < any_live[o] && n <= any_live[o];
    predicate held{L}(space_t *s, char *p, integer n) = in_pool(s, p, n) || in_large(p, n);
    predicate bytes_same{A,B}(char *p, integer n) =
      \forall integer i; 0 <= i < n ==> \at(p[i], B) == \at(p[i], A);
    predicate live_more{A,B}(heap_t *h) = \forall integer p, b; live{A}(h, p, b) ==> live{B}(h, p, b);
    predicate blocks_stay{A,B}(space_t *s) = \forall integer p, b; live{A}(\at(&s->heap, A), p, b) ==>
      live{B}(\at(&s->heap, B), p, b) && block_start{B}(s, p, b) == block_start{A}(s, p, b) &&
      block_size{B}(\at(&s->heap, B), p) == block_size{A}(\at(&s->heap, A), p);

    lemma pool_apart{L}: \forall space_t *s, char *p, char *q, integer n, integer m;
      in_pool(s, p, n) && bytes_fresh(s, q, m) ==> \separated(q + (0 .. m - 1), p + (0 .. n - 1));
    lemma large_apart{L}: \forall char *p, char *q, integer n, integer m;
      in_large(p, n) && any_fresh(q, m) ==> \separated(q + (0 .. m - 1), p + (0 .. n - 1));
    lemma pool_holds{L}: \forall space_t *s, char *p, integer n, a, b; block_at(s, p, a, b) &&
      n <= block_size(&s->heap, a) ==> block_holds(s, p, n, a, b) && in_pool(s, p, n);
    lemma pool_held{A,B}: \forall space_t *s, char *q, integer n; q != \null && owned{A}(s, q) &&
      got_block{A,B}(s, q, n) ==> in_pool{B}(s, q, n);
    lemma large_held{A,B}: \forall space_t *s, char *q, integer n; q != \null && !owned{A}(s, q) &&
      got_large{A,B}(s, q, n) ==> in_large{B}(q, n);
    lemma blocks_stay{A,B}: \forall space_t *s; space_kept{A,B}(s) && live_more{A,B}(\at(&s->heap, A)) ==>
      blocks_stay{A,B}(s);
    lemma pool_block{A,B}: \forall space_t *s, char *p, integer n, a, b; blocks_stay{A,B}(s) &&
      block_holds{A}(s, p, n, a, b) ==> block_holds{B}(s, p, n, a, b);
    lemma pool_stays{A,B}: \forall space_t *s, char *p, integer n; in_pool{A}(s, p, n) &&
      blocks_stay{A,B}(s) ==> in_pool{B}(s, p, n);
    lemma pool_stays_bytes{A,B}: \forall space_t *s, char *p, integer n, a, b; block_holds{A}(s, p, n, a, b) &&
      live{B}(\at(&s->heap, A), a, b) && space_kept{A,B}(s) ==> bytes_same{A,B}(p, n);
    lemma pool_still{A,B}: \forall space_t *s, char *p, integer n; in_pool{A}(s, p, n) &&
      space_kept{A,B}(s) && live_more{A,B}(\at(&s->heap, A)) ==> bytes_same{A,B}(p, n);
    lemma byte_after: \forall integer o, i; any_byte(o) + i == any_byte(o + i);
    lemma large_stays{A,B}: \forall char *p, char *q, integer n; in_large{A}(p, n) &&
      any_rest{A,B}(q) && p != q ==> in_large{B}(p, n);
    lemma large_remains{A,B}: \forall char *p, integer n; in_large{A}(p, n) && any_same{A,B} ==> in_large{B}(p, n);
*/

/* malloc. */
/*@ requires ok: space_ok(s);
    assigns SPACE_NEW(s), ANY_BLOCKS;
    ensures ok: space_ok(s);
    ensures memory: got_memory(\result, any_bytes(n));
    ensures held: \result != \null ==> held(s, \result, any_bytes(n));
    ensures apart: \result != \null ==> \forall char *q, integer m; held{Pre}(s, q, m) ==>
      \separated(\result + (0 .. any_bytes(n) - 1), q + (0 .. m - 1));
    ensures pools: \forall char *q, integer m; in_pool{Pre}(s, q, m) ==>
      in_pool(s, q, m) && bytes_same{Pre,Post}(q, m);
    ensures others: \forall char *q, integer m; in_large{Pre}(q, m) && 0 < m ==>
      in_large(q, m) && bytes_same{Pre,Post}(q, m); */
static char *get_bytes(space_t *s, size_t n) {
  char *p = space_malloc(s, n);
  //@ assert more: live_more{Pre,Here}(&s->heap);
  //@ assert stay: blocks_stay{Pre,Here}(s);
  //@ assert at: \forall integer o, i; *any_byte(o + i) == any_content(o, i);
  //@ assert step: \forall integer o, i; any_byte(o) + i == any_byte(o + i);
  //@ assert here: \forall integer o, i; *(any_byte(o) + i) == any_content(o, i);
  /*@ assert contents: \forall integer o, i; 0 <= o < ANY_SIZE && 0 <= i < \at(any_live[o], Pre) < ANY_SIZE - o &&
        any_live[o] == \at(any_live[o], Pre) ==> any_content(o, i) == any_content{Pre}(o, i); */
  //@ assert was: \forall integer o, i; \at(*any_byte(o + i), Pre) == any_content{Pre}(o, i);
  /*@ assert there: \forall integer o, i; any_byte(o) + i == any_byte(o + i) &&
        \at(*(any_byte(o) + i), Pre) == any_content{Pre}(o, i); */
  /*@ assert now: \forall integer o, i; 0 <= o < ANY_SIZE && 0 <= i < \at(any_live[o], Pre) < ANY_SIZE - o &&
        any_live[o] == \at(any_live[o], Pre) ==> any_content(o, i) == any_content{Pre}(o, i) &&
        *(any_byte(o) + i) == any_content{Pre}(o, i); */
  /*@ assert bytes: \forall integer o, i; 0 <= o < ANY_SIZE && 0 <= i < \at(any_live[o], Pre) < ANY_SIZE - o &&
        any_live[o] == \at(any_live[o], Pre) ==> any_content{Pre}(o, i) == \at(*(any_byte(o) + i), Pre) &&
        *(any_byte(o) + i) == \at(*(any_byte(o) + i), Pre); */
  /*@ assert large_bytes: \forall char *q, integer m, i; in_large{Pre}(q, m) && in_large(q, m) && q != p &&
        0 <= i < m ==> q[i] == \at(q[i], Pre); */
  //@ assert same: \forall char *q, integer m; in_large{Pre}(q, m) && in_large(q, m) && q != p ==> bytes_same{Pre,Here}(q, m);
  //@ assert large: \forall char *q, integer m; in_large{Pre}(q, m) && q != p ==> in_large(q, m);
  //@ assert fresh: p != \null ==> \forall integer m; in_large{Pre}(p, m) ==> m <= 0;
  return p;
}

/* Nobody gets more than PY_SSIZE_T_MAX bytes, also where a product would be small again. */
/*@ requires ok: space_ok(s) && n > PY_SSIZE_T_MAX; */
void too_large(space_t *s, size_t n) {
  void *p = space_malloc(s, n), *q = space_calloc(s, n / 2, 4), *r = space_realloc(s, NULL, n);
  //@ assert none: p == \null && q == \null && r == \null;
}

/* Two live blocks have no byte in common. */
/*@ requires ok: space_ok(s); */
void two_blocks(space_t *s, size_t n, size_t m) {
  char *p = get_bytes(s, n);
  char *q = get_bytes(s, m);
  /*@ assert apart: p != \null && q != \null ==>
        \separated(p + (0 .. any_bytes(n) - 1), q + (0 .. any_bytes(m) - 1)); */
}

/* Neither getting another block nor writing to it changes what is in a block. */
/*@ requires ok: space_ok(s) && i < n && j < m; */
void two_contents(space_t *s, size_t n, size_t i, size_t m, size_t j) {
  char *p = get_bytes(s, n);
  if (p == NULL) return;
  p[i] = 'a';
  //@ ghost wrote: ;
  char *q = get_bytes(s, m);
  //@ assert block: in_pool{wrote}(s, p, n) || in_large{wrote}(p, n);
  //@ assert bytes: bytes_same{wrote,Here}(p, n);
  //@ assert kept: p[i] == 'a';
  if (q == NULL) return;
  q[j] = 'b';
  //@ assert still: p[i] == 'a';
  //@ assert other: q[j] == 'b';
}

/* A request that fails leaves what is live, and what is in it. */
/*@ requires ok: space_ok(s) && i < n; */
void after_failure(space_t *s, size_t n, size_t i, size_t m) {
  char *p = get_bytes(s, n);
  if (p == NULL) return;
  p[i] = 'a';
  //@ ghost got: ;
  char *q = space_malloc(s, m);
  if (q != NULL) return;
  //@ assert live: live_same{got,Here}(&s->heap);
  //@ assert large: any_same{got,Here};
  //@ assert more: live_more{got,Here}(&s->heap);
  //@ assert pools: in_pool{got}(s, p, n) ==> bytes_same{got,Here}(p, n);
  //@ assert content: in_pool{got}(s, p, n) ==> p[i] == 'a';
}

/* calloc gives zeros, or nothing when the size is none; its block is nobody else's, as malloc's is. */
/*@ requires ok: space_ok(s) && in_pool(s, q, m); */
void cleared(space_t *s, size_t n, size_t size, size_t i, char *q, size_t m) {
  char *p = space_calloc(s, n, size);
  //@ assert ok: space_ok(s);
  //@ assert much: p != \null && size != 0 ==> n <= PY_SSIZE_T_MAX / size;
  //@ assert zero: p != \null && i < n * size ==> p[i] == 0;
  //@ assert memory: p != \null ==> \valid(p + (0 .. any_bytes(n * size) - 1)) && aligned(p);
  //@ assert held: p != \null ==> held(s, p, any_bytes(n * size));
  //@ assert apart: p != \null ==> \separated(p + (0 .. any_bytes(n * size) - 1), q + (0 .. m - 1));
  //@ assert more: live_more{Pre,Here}(&s->heap);
  //@ assert stays: in_pool(s, q, m) && bytes_same{Pre,Here}(q, m);
}

/* Who gets none for a small request has used up the blocks of its class. */
/*@ requires ok: space_ok(s); */
void used_up(space_t *s) {
  void *p = space_malloc(s, 500);
  //@ assert malloc: p == \null ==> exhausted(&s->heap, CLASSES - 1);
  p = space_calloc(s, 500, 1);
  //@ assert bytes: any_bytes(500 * 1) == 500 && 500 <= PY_SSIZE_T_MAX / 1;
  //@ assert calloc: p == \null ==> exhausted(&s->heap, CLASSES - 1);
}

/* realloc keeps what a block of a pool begins with. */
/*@ requires ok: space_ok(s) && is_address(p) && in_pool(s, p, n) && \valid(p + (0 .. n - 1));
    requires inside: i < n && i < m; */
void resized(space_t *s, char *p, size_t n, size_t i, size_t m) {
  //@ ghost word_all();
  //@ assert in: blocks_in(&s->heap);
  //@ assert owned: owned(s, p);
  p[i] = 'a';
  //@ ghost wrote: ;
  //@ assert block: \exists integer a, b; block_at(s, p, a, b) && i < block_size(&s->heap, a);
  char *q = space_realloc(s, p, m);
  //@ assert like: begins_like{wrote,Here}(s, p, q, m);
  //@ assert same: q != \null ==> q[i] == \at(p[i], wrote);
  //@ assert kept: q != \null ==> q[i] == 'a';
}

/* realloc leaves a block where it is exactly when what is asked for fits, and needs more than three quarters of it. */
/*@ requires ok: space_ok(s) && n <= PY_SSIZE_T_MAX; */
void fits(space_t *s, size_t n) {
  char *p = space_malloc(s, 500);
  if (p == NULL || !space_owns(s, p)) return;
  //@ ghost word_all();
  //@ assert in: blocks_in(&s->heap);
  //@ assert block: \exists integer a, b; block_at(s, p, a, b) && block_size(&s->heap, a) == 512;
  char *q = space_realloc(s, p, n);
  //@ assert stays: q == p <==> 384 < n <= 512;
}

/* realloc of NULL gives a block of ours, as malloc does. */
/*@ requires ok: space_ok(s) && in_pool(s, q, m); */
void from_null(space_t *s, size_t n, char *q, size_t m) {
  char *p = space_realloc(s, NULL, n);
  //@ assert held: p != \null ==> held(s, p, any_bytes(n));
  //@ assert apart: p != \null ==> \separated(p + (0 .. any_bytes(n) - 1), q + (0 .. m - 1));
}

/* A block that realloc moves is apart from the others. */
/*@ requires ok: space_ok(s) && is_address(p) && in_pool(s, p, n) && in_pool(s, q, m) && p != q; */
void moves(space_t *s, char *p, size_t n, char *q, size_t m, size_t k) {
  //@ ghost word_all();
  //@ assert in: blocks_in(&s->heap);
  //@ assert owned: owned(s, p);
  char *r = space_realloc(s, p, k);
  //@ assert apart: r != \null && r != p ==> \separated(r + (0 .. any_bytes(k) - 1), q + (0 .. m - 1));
  //@ assert silent: !spoken{Pre,Here};
  //@ assert none: r == \null || r == p ==> given_none{Pre,Here};
  /*@ assert given: \forall integer o; p == s->region.base + o && !given_none{Pre,Here} ==>
        given_back{Pre,Here}(s->region.base + 65536 * (o / 65536), 65536); */
}

/* A realloc of what is in the pools and no live block does not return. */
/*@ requires ok: space_ok(s) && is_address(p) && owned(s, p) && n <= PY_SSIZE_T_MAX;
    requires none: \forall integer a, b; !block_at(s, p, a, b);
    ensures never: \false;
    exits told: spoken{Pre,Post} ==> said_of == p && (said_what == MISUSE_NOT_LIVE || said_what == MISUSE_NOT_BLOCK); */
void no_block_moves(space_t *s, char *p, size_t n) { space_realloc(s, p, n); }

/* The n bytes at p are a block of ours, and each of them is 'a'. */
/*@ predicate grown{L}(space_t *s, char *p, integer n) = is_address(p) && p != \null &&
      \valid(p + (0 .. n - 1)) && (owned(s, p) ==> in_pool(s, p, n)) && (!owned(s, p) ==> any_block(p, n));
    predicate all_a{L}(char *p, integer n) = \forall integer i; 0 <= i < n ==> p[i] == 'a';

    lemma stayed_in{A,B}: \forall space_t *s, char *p, integer n; stayed{A,B}(s, p, n) ==> in_pool{B}(s, p, n);
    lemma moved_in{A,B}: \forall space_t *s, char *p, char *q, integer n;
      moved_block{A,B}(s, p, q, n) ==> in_pool{B}(s, q, n);
    lemma resized_to{A,B}: \forall space_t *s, char *p, char *q, integer n; 0 < n && q != \null &&
      resized_large{A,B}(s, p, q, n) ==> any_block{B}(q, n);
    lemma large_elsewhere{L}: \forall space_t *s, char *q, integer n; region_ok(&s->region) &&
      any_block(q, n) ==> !owned(s, q);
    lemma in_place{L}: \forall space_t *s, char *q, integer n; blocks_in(&s->heap) && heap_bounds(&s->heap) &&
      space_sizes(s) && in_pool(s, q, n) ==>
        \exists integer o; 0 <= o && o + n <= region_size(s) && q == region_base(s) + o;
*/

/* A buffer that realloc makes one byte longer; NULL, and it is what it was, when it can't. */
/*@ requires ok: space_ok(s) && 0 < n < PY_SSIZE_T_MAX;
    requires buffer: grown(s, p, n) && all_a(p, n);
    assigns SPACE_NEW(s), ANY_BLOCKS, SPACE_BYTES(s), SAID, GIVEN;
    ensures ok: space_ok(s);
    ensures longer: \result != \null ==> grown(s, \result, n + 1) && all_a(\result, n + 1);
    ensures failed: \result == \null ==> grown(s, p, n) && all_a(p, n); */
static char *longer(space_t *s, char *p, size_t n) {
  //@ ghost word_all();
  //@ assert were: blocks_in(&s->heap);
  //@ assert block: owned(s, p) ==> \exists integer a, b; block_at(s, p, a, b) && n <= block_size(&s->heap, a);
  size_t m = n + 1;
  //@ assert more: m == n + 1 && any_bytes(m) == m;
  char *q = space_realloc(s, p, m);
  //@ ghost word_all();
  //@ assert in: blocks_in(&s->heap);
  //@ assert ours: owned{Pre}(s, p) <==> owned(s, p);
  if (q == NULL) {
    //@ assert same: live_same{Pre,Here}(&s->heap) && any_same{Pre,Here};
    //@ assert more: live_more{Pre,Here}(&s->heap);
    //@ assert pool: owned(s, p) ==> in_pool(s, p, n) && bytes_same{Pre,Here}(p, n);
    //@ assert large: !owned(s, p) ==> any_block(p, n) && bytes_same{Pre,Here}(p, n);
    return NULL;
  }
  //@ assert like: begins_like{Pre,Here}(s, p, q, m);
  //@ assert pool: owned(s, p) ==> \forall integer i; 0 <= i < n ==> q[i] == \at(p[i], Pre);
  //@ assert large: !owned(s, p) ==> \forall integer i; 0 <= i < n ==> q[i] == \at(p[i], Pre);
  //@ assert stayed: q == p && owned(s, p) ==> stayed{Pre,Here}(s, p, m);
  //@ assert same: q == p && owned(s, p) ==> in_pool(s, q, m);
  //@ assert block_moved: q != p && owned(s, p) && owned(s, q) ==> moved_block{Pre,Here}(s, p, q, m);
  //@ assert moved: q != p && owned(s, p) && owned(s, q) ==> in_pool(s, q, m);
  //@ assert resized: !owned(s, p) ==> any_block(q, m) && !owned(s, q);
  //@ assert new: owned(s, q) ==> in_pool(s, q, m);
  //@ assert new_large: !owned(s, q) ==> any_block(q, m);
  /*@ assert place: owned(s, q) ==> \exists integer o; 0 <= o && o + m <= region_size(s) &&
        q == region_base(s) + o; */
  //@ assert large_place: !owned(s, q) ==> \exists integer o; 0 <= o && o + m <= ANY_SIZE && q == any_byte(o);
  q[n] = 'a';
  //@ assert still: \forall integer i; 0 <= i < n ==> q[i] == 'a';
  return q;
}

/* A buffer that grows by realloc keeps what is in it, wherever it goes. */
/*@ requires ok: space_ok(s); */
void grows(space_t *s, size_t most) {
  char *p = space_malloc(s, 1);
  if (p == NULL) return;
  p[0] = 'a';
  size_t n = 1;
  /*@ loop invariant ok: space_ok(s) && 0 < n;
      loop invariant buffer: grown(s, p, n) && all_a(p, n);
      loop variant most - n; */
  while (n < most && n < PY_SSIZE_T_MAX) {
    char *q = longer(s, p, n);
    if (q == NULL) break;
    size_t m = n + 1;
    //@ assert more: m == n + 1;
    //@ assert longer: grown(s, q, m) && all_a(q, m);
    p = q;
    n = m;
  }
  //@ assert kept: all_a(p, n);
}

/* Freeing a block of a pool leaves the others, and what is in them. */
/*@ requires ok: space_ok(s) && is_address(q) && in_pool(s, p, n) && in_pool(s, q, m) && p != q;
    requires memory: \valid(p + (0 .. n - 1)) && i < n; */
void freed(space_t *s, char *p, size_t n, size_t i, char *q, size_t m) {
  //@ ghost word_all();
  //@ assert in: blocks_in(&s->heap);
  //@ assert owned: owned(s, q);
  p[i] = 'a';
  //@ ghost wrote: ;
  space_free(s, q);
  /*@ assert stays: \exists integer a, b; block_holds{wrote}(s, p, n, a, b) && live(&s->heap, a, b) &&
        block_holds(s, p, n, a, b); */
  /*@ assert each: \forall integer a, b, k; block_holds{wrote}(s, p, n, a, b) && live(&s->heap, a, b) &&
        0 <= k < n ==> block_byte(s, a, b, k) == block_byte{wrote}(s, a, b, k) && p[k] == \at(p[k], wrote); */
  //@ assert kept: p[i] == 'a';
  /*@ assert gone: \exists integer a, b; block_at{wrote}(s, q, a, b) && !live(&s->heap, a, b); */
  //@ assert silent: !spoken{Pre,Here};
}

/* So does freeing one of the large allocator's, and freeing nothing. */
/*@ requires ok: space_ok(s) && s->large != \null && any_block(q, m) && p != q;
    requires large: is_address(p) && (p != \null ==> any_held(p)); */
void freed_large(space_t *s, char *p, char *q, size_t m) {
  //@ assert elsewhere: p != \null ==> !owned(s, p);
  space_free(s, p);
  //@ assert block: any_block(q, m);
  /*@ assert contents: \forall integer o, i; q == any_byte(o) && 0 <= o < ANY_SIZE - m && \at(any_live[o], Pre) == m &&
        0 <= i < m ==> any_content(o, i) == any_content{Pre}(o, i); */
  //@ assert bytes: bytes_same{Pre,Here}(q, m);
  //@ assert pools: live_same{Pre,Here}(&s->heap);
  //@ assert gone: p != \null ==> !any_held(p);
  //@ assert nothing: p == \null ==> any_same{Pre,Here};
}

/* A free gives the memory of its block's pool back, or none: none while fewer unused pools are kept than may be. */
/*@ requires ok: space_ok(s) && is_address(p) && in_pool(s, p, n); */
void given(space_t *s, char *p, size_t n) {
  //@ ghost word_all();
  //@ assert in: blocks_in(&s->heap);
  //@ assert owned: owned(s, p);
  space_free(s, p);
  //@ assert kept: \at(s->heap.idle < s->heap.idle_max, Pre) ==> given_none{Pre,Here};
  /*@ assert its: \forall integer o; p == s->region.base + o && !given_none{Pre,Here} ==>
        given_back{Pre,Here}(s->region.base + 65536 * (o / 65536), 65536); */
}

/* All that was asked for can be used, and nothing of what is no block. */
/*@ requires ok: space_ok(s) && is_address(p); */
void usable(space_t *s, char *p, size_t n) {
  size_t size = space_usable(s, p);
  //@ ghost word_all();
  //@ assert in: blocks_in(&s->heap);
  /*@ assert one: \forall integer a, b, c, d; block_at(s, p, a, b) && block_at(s, p, c, d) ==> a == c && b == d; */
  //@ assert enough: in_pool(s, p, n) ==> n <= size;
  //@ assert none: (\forall integer a, b; !block_at(s, p, a, b)) ==> size == 0;
}

/* A second free of a block of a pool does not return; and what is said of it, if anything is, is that no block is there. */
/*@ requires ok: space_ok(s) && is_address(p) && in_pool(s, p, n);
    ensures never: \false;
    exits told: spoken{Pre,Post} ==> said_of == p && (said_what == MISUSE_NOT_LIVE || said_what == MISUSE_NOT_BLOCK); */
void freed_twice(space_t *s, char *p, size_t n) {
  //@ ghost word_all();
  //@ assert in: blocks_in(&s->heap);
  /*@ assert offset: \forall integer a, b, c, d; block_at(s, p, a, b) && block_at(s, p, c, d) ==>
        offset_of(&s->heap, a, b) == offset_of(&s->heap, c, d); */
  //@ assert one: \forall integer a, b, c, d; block_at(s, p, a, b) && block_at(s, p, c, d) ==> a == c && b == d;
  //@ assert owned: owned(s, p);
  space_free(s, p);
  //@ assert still: owned(s, p);
  //@ assert gone: \forall integer a, b; !block_at(s, p, a, b);
  space_free(s, p);
}

/* A fresh space has nothing in it, and no block of a fresh space is anywhere else. */
/*@ requires memory: \valid(s) && (large == \null || allocator_ok(large)) && \separated(s, large); */
void fresh(space_t *s, const PyMemAllocatorEx *large, size_t most, size_t n) {
  bool region = space_open(s, REGION_SYSTEM, most, NULL, large);
  //@ assert ok: space_ok(s) && s->large == large && s->large_blocks == 0;
  /*@ assert region: region ? 2 * POOL_SIZE <= s->region.size <= most && s->region.source == REGION_SYSTEM :
        s->region.size == 0; */
  //@ assert empty: \forall char *p, integer m; !in_pool(s, p, m);
  char *p = get_bytes(s, n);
  //@ assert memory: p != \null ==> \valid(p + (0 .. any_bytes(n) - 1)) && aligned(p);
  //@ ghost size_t blocks = s->large_blocks;
  space_close(s);
  //@ assert closed: s->region.source == REGION_NONE && s->region.size == 0 && s->large == large && s->large_blocks == blocks;
  //@ assert gone: space_ok(s) && (\forall char *q, integer m; !in_pool(s, q, m));
}

/*@ lemma steps: \forall char *from, *over, *to, integer a, b; over == from + a && to == over + b ==>
      to == from + (a + b); */

/* A space in a buffer keeps its blocks there. */
/*@ requires memory: \valid(buffer + (0 .. size - 1)) && addresses(buffer, size) && any_apart(buffer, size);
    requires size: size >= 163840; */
void buffered(char *buffer, size_t size, size_t n) {
  space_t *s = space_in_buffer(buffer, size);
  //@ assert serves: s != \null && (uintptr_t)s % 16 == 0;
  //@ assert source: s->region.source == REGION_BUFFER && s->large_blocks == 0;
  //@ assert empty: \forall char *q, integer m; !in_pool(s, q, m);
  char *p = space_malloc(s, n);
  //@ ghost word_all();
  //@ assert in: blocks_in(&s->heap);
  //@ assert ours: p != \null ==> in_pool(s, p, any_bytes(n));
  //@ assert region: \exists integer r; 0 <= r && r + region_size(s) <= size && region_base(s) == buffer + r;
  /*@ assert place: p != \null ==> \exists integer o; 0 <= o && o + any_bytes(n) <= region_size(s) &&
        p == region_base(s) + o; */
  //@ assert small: p != \null ==> n <= SMALL_MAX;
  //@ assert inside: p != \null ==> \exists integer o; 0 <= o && o + any_bytes(n) <= size && p == buffer + o;
}

/* A buffer that is too small for two pools makes no space. */
/*@ requires memory: \valid(buffer + (0 .. size - 1)) && addresses(buffer, size) && any_apart(buffer, size);
    requires small: size < sizeof(space_t) + 2 * POOL_SIZE; */
void too_small(char *buffer, size_t size) {
  space_t *s = space_in_buffer(buffer, size);
  //@ assert none: s == \null;
}

/* A space in a buffer takes no block that is not in its pools: the free does not return. */
/*@ requires ok: space_ok(s) && s->large == \null && is_address(p) && p != \null && !owned(s, p);
    ensures never: \false;
    exits told: spoken{Pre,Post} ==> said(MISUSE_FOREIGN, p, 'f'); */
void foreign(space_t *s, char *p) { space_free(s, p); }
