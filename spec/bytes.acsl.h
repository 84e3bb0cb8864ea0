/* Lemmas for the bytes of live blocks (alloc/debug.c): what keeps them, step after step.  They are known only where
   the functions are proved that need them (proofs/wp.py, PARTS).  Those of part "bytes" are given four; the others,
   which the four are proved by or which making and moving a block take, are for the other parts. */
#pragma once

#if defined PROVES_MADE || defined PROVES_FRESH
/* Bytes that are counted from another place.  `later` is a name for p + k: where the sum itself stands, provers
   put p + k + i together, and no longer see p. */
/*@ lemma stays_at{A,B}: \forall unsigned char *p, *q, integer from, to, i, j; stays{A,B}(p, from, to) &&
      from <= j < to &&
      q + i == p + j ==> \at(q[i], A) == \at(q[i], B);
    lemma later_step: \forall char *p, integer k, i; later(p, k) + i == p + (k + i);
    lemma stays_later{A,B}: \forall char *p, integer k, from, to; stays{A,B}((unsigned char *)p, from + k, to + k) ==>
      stays{A,B}((unsigned char *)later(p, k), from, to);
    lemma filled_later{L}: \forall char *p, integer k, from, to, byte;
      bytes_of((unsigned char *)p, from + k, to + k, byte) ==>
      bytes_of((unsigned char *)later(p, k), from, to, byte);
    lemma word_stays{A,B}: \forall unsigned char *p; stays{A,B}(p, 0, 8) ==> word8_at{A}(p) == word8_at{B}(p);
    lemma word_later{A,B}: \forall char *p, integer k, n; stays{A,B}((unsigned char *)p, 0, n) && 0 <= k &&
      k + 8 <= n ==>
      word8_at{A}((unsigned char *)later(p, k)) == word8_at{B}((unsigned char *)later(p, k));
    lemma intact_stays{A,B}: \forall unsigned char *p, integer n, id, pad; 0 <= n && stays{A,B}(p, 0, 24 + n) &&
      intact{A}(p, n, id, pad, 0, 0) ==> intact{B}(p, n, id, pad, 0, 0);
    lemma zeros_at{L}: \forall char *p, *q, integer n, i, j; zeros(p, n) && 0 <= j < n && q + i == p + j ==> q[i] == 0;
    lemma zeros_later{L}: \forall char *p, integer n, k, m; zeros(p, n) && 0 <= k && m + k <= n ==>
      zeros(later(p, k), m);
*/

/* Blocks that are apart. */
/*@ lemma mine_some{L}: \forall integer a, e, s; mine(a, e, s) ==> 0 < bytes_at(e, s);
    lemma apart_starts: \forall char *p, *q, integer n, m; apart(p, n, q, m) && 0 < n && 0 < m ==> p != q;
    lemma apart_inside: \forall integer a, e, c, f, s, n, m; 0 <= s && n <= size_of(e) && m <= size_of(f) &&
      apart(start_at(a, e), bytes_at(e, s), start_at(c, f), bytes_at(f, s)) ==>
      \separated(memory_at(a) + (0 .. n - 1), memory_at(c) + (0 .. m - 1));
*/

/* A byte of one block. */
/*@ lemma byte_of_start: \forall integer a, e, i;
      memory_at(a) + i == start_at(a, e) + (e / 32768 % 2 == 1 ? 32 + i : 16 + i);
    lemma any_byte_kept{A,B}: \forall char *p, integer n, i; any_kept{A,B} && any_block{A}(p, n) &&
      any_block{B}(p, n) &&
      0 <= i < n ==> \at(*(p + i), A) == \at(*(p + i), B);
    lemma byte_any{A,B}: \forall integer a, e, s, i; 0 <= s && any_kept{A,B} && mine{A}(a, e, s) && mine{B}(a, e, s) &&
      -before(e) <= i < behind(e, s) ==> \at(memory_at(a)[i], A) == \at(memory_at(a)[i], B);
    lemma byte_apart: \forall char *p, *q, integer n, m, i; apart(p, n, q, m) && 0 <= i < n ==>
      \separated(p + i, q + (0 .. m - 1));
    lemma byte_outside{A,B}: \forall integer a, e, s, i, m, char *q; 0 <= s && -before(e) <= i < behind(e, s) &&
      apart(start_at(a, e), bytes_at(e, s), q, m) && outside_kept{A,B}((unsigned char *)q, m) ==>
      \at(memory_at(a)[i], A) == \at(memory_at(a)[i], B);
*/
#endif

/* The frame and the bytes of each live block but one are as they were. */
/*@ lemma bytes_any{A,B}: \forall registry_t *r, integer a, s; books_kept{A,B}(r, a, s) ==> bytes_same{A,B}(r, a, s);
*/
#if defined PROVES_MADE || defined PROVES_FRESH
/*@ lemma others_apart{L}: \forall registry_t *r, integer a, c, s; blocks_apart(r, s) && begins(r, a) && begins(r, c) &&
      a != c ==> apart(start_at(a, entry_for(r, a)), bytes_at(entry_for(r, a), s),
        start_at(c, entry_for(r, c)), bytes_at(entry_for(r, c), s));
*/
#endif
/*@ lemma bytes_wrote{A,B}: \forall registry_t *r, integer a, s; 0 <= s && wrote{A,B}(r, a, s) ==>
      bytes_same{A,B}(r, a, s);
    lemma bytes_after{A,B,C}: \forall registry_t *r, integer a, s; lives_same{A,B}(r, a) && bytes_same{A,B}(r, a, s) &&
      bytes_same{B,C}(r, -32, s) ==> bytes_same{A,C}(r, a, s);
    lemma bytes_before{A,B,C}: \forall registry_t *r, integer a, s; lives_same{A,B}(r, -32) &&
      bytes_same{A,B}(r, -32, s) &&
      bytes_same{B,C}(r, a, s) ==> bytes_same{A,C}(r, a, s);
*/
#if defined PROVES_MADE || defined PROVES_FRESH
/*@ lemma stays_outside{A,B}: \forall unsigned char *p, integer k, n; 0 <= k && outside_kept{A,B}(p, k) ==>
      stays{A,B}(p, k, n);
    lemma intact_beside{A,B}: \forall unsigned char *p, integer k, n, id, pad; 0 <= k <= n && outside_kept{A,B}(p, k) &&
      intact{A}(p - 16, n, id, pad, 0, 0) ==> intact{B}(p - 16, n, id, pad, 0, 0);
    lemma bytes_moved{A,B,C}: \forall registry_t *r, integer a, c, s; none_in_chunk{A}(r, c) && lives_same{A,B}(r, c) &&
      bytes_same{A,B}(r, -32, s) && bytes_same{B,C}(r, a, s) ==> bytes_same{A,C}(r, a, s);
    lemma block_stays{A,B}: \forall registry_t *r, unsigned char *p, integer a, s, to; 0 <= s && bytes_same{A,B}(r, a, s) &&
      is_live{A}(r, (uintptr_t)p) && (uintptr_t)p / 32 != a / 32 &&
      to <= 8 + s + size_of(entry_for{A}(r, (uintptr_t)p)) ==> stays{A,B}(p, -16, to);
    lemma block_stays_all{A,B}: \forall registry_t *r, unsigned char *p, integer s, to; 0 <= s && bytes_same{A,B}(r, -32, s) &&
      is_live{A}(r, (uintptr_t)p) && to <= 8 + s + size_of(entry_for{A}(r, (uintptr_t)p)) ==> stays{A,B}(p, -16, to);
    lemma frame_base: \forall unsigned char *p; (unsigned char *)later((char *)p, -16) == p - 16;
    lemma frame_later{A,B}: \forall unsigned char *p, integer n, to; stays{A,B}(p, -16, to) && 8 + n <= to ==>
      stays{A,B}((unsigned char *)later((char *)p, -16), 0, 24 + n);
    lemma frame_stays{A,B}: \forall unsigned char *p, integer n, id, pad, to; 0 <= n && stays{A,B}(p, -16, to) &&
      8 + n <= to && framed{A}(p, n, id, pad) ==> framed{B}(p, n, id, pad);
    lemma copied_kept{A,B}: \forall unsigned char *q, *p, integer k, old, n; copied{A,B}(q, p, k) &&
      (k == old || k == n) ==>
      kept_bytes{A,B}(q, p, old, n);
    lemma copied_before{A,B,C}: \forall unsigned char *p, *q, integer n, to; n <= to && stays{A,B}(p, -16, to) &&
      copied{B,C}(q, p, n) ==> copied{A,C}(q, p, n);
    lemma copied_stays{A,B,C}: \forall unsigned char *p, *q, integer n, to; n <= to && copied{A,B}(q, p, n) &&
      stays{B,C}(q, -16, to) ==> copied{A,C}(q, p, n);
    lemma bytes_all{A,B}: \forall registry_t *r, integer a, s; none_in_chunk{A}(r, a) && bytes_same{A,B}(r, a, s) ==>
      bytes_same{A,B}(r, -32, s);
*/
#endif
