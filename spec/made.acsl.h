/* Lemmas for making a block (alloc/debug.c): what is true of new memory, and what a step that changes nothing
   of the books keeps.  They are known only where the functions are proved that need them (proofs/wp.py, PARTS):
   provers look at each lemma that they are given, and these are about all addresses. */
#pragma once

#include "spec/bytes.acsl.h"

/* Nothing of the books is changed, and each block's memory is still its own. */
/*@ predicate owned_kept{A,B} = \forall char *q, integer m; owned{A}(q, m) ==> owned{B}(q, m);
    lemma owned_same{A,B}: any_same{A,B} ==> owned_kept{A,B};
    lemma owned_new{A,B}: \forall char *p, integer n; memory_is_new{A,B}(p, n) ==> owned_kept{A,B};
    lemma own_kept{A,B}: \forall books_t *b, integer s; words_same{A,B}(b) && owned_kept{A,B} &&
      books_own{A}(\at(&b->registry, A), s) ==> books_own{B}(\at(&b->registry, A), s);
    lemma books_kept{A,B}: \forall books_t *b, integer notes, s; words_same{A,B}(b) && owned_kept{A,B} &&
      books_memory{B}(b) && books_ok{A}(b, notes, s) ==> books_ok{B}(b, notes, s);
    lemma raw_kept{A,B}: \forall books_t *b, layer_t *raw;
      known_same{A,B}(\at(&b->registry, A), -32) && layers_same{A,B}(b) &&
      raw_ok{A}(b, raw, \at(bytes.forbidden, A), \at(bytes.serials, A)) ==>
      raw_ok{B}(b, raw, \at(bytes.forbidden, B), \at(bytes.serials, B));
    lemma debug_kept{A,B}: \forall books_t *b; words_same{A,B}(b) && ring_same{A,B}(b) && setting_same{A,B} &&
      layers_same{A,B}(b) && owned_kept{A,B} && books_memory{B}(b) && registry_room{B}(\at(&b->registry, A)) &&
      entries_apart{B}(b) && debug_ok{A}(b) ==> debug_ok{B}(b);
*/

/* What is known of other addresses, step after step. */
/*@ lemma layers_trans{A,B,C}: \forall books_t *b; layers_same{A,B}(b) && layers_same{B,C}(b) ==> layers_same{A,C}(b);
    lemma known_before{A,B,C}: \forall registry_t *r, integer a; known_same{A,B}(r, -32) && known_same{B,C}(r, a) ==>
      known_same{A,C}(r, a);
    lemma known_after{A,B,C}: \forall registry_t *r, integer a; known_same{A,B}(r, a) && known_same{B,C}(r, -32) ==>
      known_same{A,C}(r, a);
    lemma lives_before{A,B,C}: \forall registry_t *r, integer a; lives_same{A,B}(r, -32) && lives_same{B,C}(r, a) ==>
      lives_same{A,C}(r, a);
    lemma new_kept{A,B}: \forall registry_t *r, integer a, n, s, char *start; known_same{A,B}(r, -32) &&
      is_new{A}(r, a, start, n, s) ==> is_new{B}(r, a, start, n, s);
    lemma new_unknown{L}: \forall registry_t *r, integer a, n, s, char *start; is_new(r, a, start, n, s) ==>
      none_in_chunk(r, a);
*/

/*@ lemma made_again{A,B,C}: \forall registry_t *r, char *p, integer api, n; lives_same{A,B}(r, -32) &&
      made{B,C}(r, api, p, n) ==> made{A,C}(r, api, p, n);
    lemma made_moved{A,B,C}: \forall registry_t *r, char *p, *q, integer api, n; q != \null &&
      made{A,B}(r, api, q, n) &&
      lives_same{B,C}(r, (uintptr_t)p) && !is_live{C}(r, (uintptr_t)p) && (uintptr_t)p / 32 != (uintptr_t)q / 32 ==>
      moved{A,C}(r, api, p, q, n);
    lemma known_here{A,B}: \forall registry_t *r, integer a; known_same{A,B}(r, -32) && is_live{A}(r, a) ==>
      is_live{B}(r, a) && slot_of{B}(r, a) == slot_of{A}(r, a) && entry_for{B}(r, a) == entry_for{A}(r, a);
    lemma room_end{L}: \forall registry_t *r; registry_room(r) ==> r->entry_end <= REGION_MOST / 8;
    lemma word_outside{A,B}: \forall unsigned char *p, *w, integer n; outside_kept{A,B}(p, n) &&
      \separated(w + (0 .. 7), p + (0 .. n - 1)) ==> word8_at{A}(w) == word8_at{B}(w);
    lemma intact_outside{A,B}: \forall unsigned char *p, *base, integer n, m, id, pad, serials, serial;
      outside_kept{A,B}(p, n) && intact{A}(base, m, id, pad, serials, serial) &&
      \separated(base + (0 .. 7), p + (0 .. n - 1)) && \separated((base + 8) + (0 .. 7), p + (0 .. n - 1)) &&
      \separated((base + (16 + m)) + (0 .. 7), p + (0 .. n - 1)) &&
      \separated((base + (24 + m)) + (0 .. 7), p + (0 .. n - 1)) ==>
      intact{B}(base, m, id, pad, serials, serial);
*/
