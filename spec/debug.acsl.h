/* The logic of the debug layer (alloc/debug.c): what its books say, and which memory is its own:
   blocks of the allocator below that it has and has not given back (any_block). */
#pragma once

#include "spec/calls.acsl.h"

/*@ logic unsigned char *at(integer a) = (unsigned char *)a;

    logic char *memory_at(integer a) = (char *)a;

    logic integer entry_for{L}(registry_t *r, integer a) = r->entry[slot_of(r, a)];
    logic integer size_of(integer entry) = entry / 65536;
    logic integer state_of(integer entry) = entry / 256 % 4;

    predicate known{L}(registry_t *r, integer a) =
      0 <= a < ADDRESS_END && slot_of(r, a) >= NODE &&
      state_of(entry_for(r, a)) != 0 && entry_for(r, a) / 1024 % 32 == a % 32;
    predicate begins{L}(registry_t *r, integer a) =
      known(r, a) && state_of(entry_for(r, a)) != 3;
    predicate is_live{L}(registry_t *r, integer a) =
      known(r, a) && state_of(entry_for(r, a)) == 1;
    lemma held_begins{L}: \forall registry_t *r, integer a; 0 <= a < ADDRESS_END && slot_of(r, a) >= NODE &&
      state_of(entry_for(r, a)) == 2 && entry_for(r, a) / 1024 % 32 == a % 32 ==> begins(r, a);
*/

/* A block's memory, with its frame, or with both; s: the bytes of a serial number, or 0. */
/*@ predicate owned{L}(char *p, integer n) = any_block(p, n) && any_place(p, n);
    predicate has_both(integer entry) = entry / 32768 % 2 == 1;
    logic char *start_at(integer a, integer entry) =
      entry / 32768 % 2 == 1 ? memory_at(a) - 32 : memory_at(a) - 16;
    logic integer bytes_at(integer entry, integer s) =
      entry / 32768 % 2 == 1 ? 48 + 2 * s + size_of(entry) : 24 + s + size_of(entry);
    logic integer before(integer entry) = entry / 32768 % 2 == 1 ? 32 : 16;
    logic integer behind(integer entry, integer s) = size_of(entry) + (entry / 32768 % 2 == 1 ? 16 + 2 * s : 8 + s);
    predicate mine{L}(integer a, integer entry, integer s) =
      size_of(entry) <= FRAME_MOST - FRAME_AROUND && owned(start_at(a, entry), bytes_at(entry, s));
    predicate apart(char *p, integer n, char *q, integer m) = \separated(p + (0 .. n - 1), q + (0 .. m - 1));
    predicate blocks_apart{L}(registry_t *r, integer s) =
      \forall integer a, c; begins(r, a) && begins(r, c) && a < c ==>
        apart(start_at(a, entry_for(r, a)), bytes_at(entry_for(r, a), s),
          start_at(c, entry_for(r, c)), bytes_at(entry_for(r, c), s));
    logic char *memory_below(integer a, integer outer) = outer == 0 ? memory_at(a) : memory_at(a) - 16;
    logic integer memory_bytes(integer total, integer outer, integer s) = outer == 0 ? total : total + 24 + s;
    predicate memory_is_new{A,B}(char *p, integer n) =
      owned{B}(p, n) && any_fresh{A}(p, n) && any_rest{A,B}(p);
    predicate books_own{L}(registry_t *r, integer s) =
      \forall integer a; begins(r, a) ==> mine(a, entry_for(r, a), s);

    logic integer serial_of{L}(books_t *b, integer slot, integer notes) =
      notes != 0 ? b->registry.entry[slot + NODE] / 0x100000 : 0;

    logic call_stack_t *stack_of{L}(books_t *b, integer slot, integer notes) =
      notes == 0 || b->registry.entry[slot + NODE] % 0x100000 == 0 ? (call_stack_t *)\null :
        b->stacks.place + (b->registry.entry[slot + NODE] % 0x100000 - 1);

    predicate front_intact{L}(unsigned char *base, integer n, integer id) =
      word8_at(base) == n && word8_at(base + 8) == id;
    predicate intact{L}(unsigned char *base, integer n, integer id, integer pad, integer serials, integer serial) =
      front_intact(base, n, id) && word8_at(base + (16 + n)) == pad &&
      (serials != 0 ==> word8_at(base + (24 + n)) == serial);
    predicate whole{L}(layer_t *layer, integer a) = \let entry = entry_for(&layer->books->registry, a);
      is_live(&layer->books->registry, a) && entry % 256 == (unsigned char)layer->api &&
      intact(at(a) - 16, size_of(entry), layer->frame.id, layer->frame.pad, bytes.serials,
        serial_of(layer->books, slot_of(&layer->books->registry, a), noted));
    predicate outer_written{L}(layer_t *layer, unsigned char *p, integer n) = \let r = &layer->books->registry;
      p != \null && has_both(entry_for(r, (uintptr_t)p)) ==>
        intact(p - 32, n + 24 + (bytes.serials ? 8 : 0), raw_layer->frame.id, raw_layer->frame.pad, bytes.serials,
          serial_of(layer->books, slot_of(r, (uintptr_t)p), noted));
    predicate sound{L}(books_t *b, integer a) = \let entry = entry_for(&b->registry, a);
      state_of(entry) == 1 ? intact(at(a) - 16, size_of(entry), id_word(entry % 256, bytes.forbidden),
          pad_word(bytes.forbidden), bytes.serials, serial_of(b, slot_of(&b->registry, a), noted)) :
        bytes_of(at(a) - 16, 0, 24 + (bytes.serials ? 8 : 0) + size_of(entry), bytes.dead);
    predicate all_sound{L}(books_t *b) = \forall integer a; 0 < a && begins(&b->registry, a) ==> sound(b, a);
    predicate kind_of{L}(integer kind, unsigned char *base, integer n, integer id) =
      front_intact(base, n, id) ? kind == PYMALLOC_OVERRUN : kind == PYMALLOC_UNDERRUN;

    predicate outside_kept{A,B}(unsigned char *p, integer n) =
      \forall unsigned char *q; \separated(q, p + (0 .. n - 1)) ==> \at(*q, A) == \at(*q, B);

    predicate note_ok{L}(books_t *b, integer note) =
      note % 0x100000 <= STACKS_MOST && (note % 0x100000 != 0 ==> b->stacks.depth > 0);
    predicate books_notes{L}(books_t *b) =
      b->registry.stride == 2 * NODE &&
      \forall integer a; 0 <= a < ADDRESS_END && slot_of(&b->registry, a) >= NODE ==>
        note_ok(b, b->registry.entry[slot_of(&b->registry, a) + NODE]);

    predicate books_ok{L}(books_t *b, integer notes, integer s) =
      \valid(b) && registry_ok(&b->registry) && registry_nodes_apart(&b->registry) &&
      stacks_ok(&b->stacks) && books_own(&b->registry, s) && (notes != 0 ==> books_notes(b));

    predicate layer_ok{L}(layer_t *layer, integer forbidden, integer serials) =
      \valid_read(layer) && \base_addr(layer) == \base_addr(&layers[0]) && allocator_ok(&layer->inner) &&
      layer->frame.serials == serials && layer->around == 24 + (serials != 0 ? 8 : 0) &&
      layer->frame.id == id_word((unsigned char)layer->api, forbidden) &&
      layer->frame.pad == pad_word(forbidden);

    predicate large_ok{L}(layer_t *layer) = layer->large != \null ==>
      \valid_read(layer->large) && (*layer->large != \null ==> \valid_read(*layer->large));

    predicate block_told{L}(pymalloc_misuse m, integer s) =
      (m.block != \null ==>
        m.size <= FRAME_MOST && \valid_read(m.block + (-16 .. 7 + s + m.size))) &&
      (m.stack != \null ==> \valid_read(m.stack) && stack_ok(m.stack));
    predicate misuse_told{L}(pymalloc_misuse m, integer s) =
      block_told(m, s) && 0 <= m.kind <= PYMALLOC_WITHOUT_LOCK &&
      (m.kind == PYMALLOC_UNDERRUN ==> 0 <= m.part <= FRAME_BAD_SIZE);

    predicate kind_for{L}(layer_t *layer, integer call, integer a, integer kind) =
      \let entry = entry_for(&layer->books->registry, a);
      kind != PYMALLOC_WITHOUT_LOCK && kind != PYMALLOC_LATE_WRITE &&
      (a % 16 == 0 && known(&layer->books->registry, a) ==> kind != PYMALLOC_NOT_A_BLOCK &&
        (state_of(entry) == 2 ==> kind == (call == CALL_REALLOC ? PYMALLOC_REALLOC_FREED : PYMALLOC_DOUBLE_FREE)) &&
        (state_of(entry) == 1 && entry % 256 != (unsigned char)layer->api ==> kind == PYMALLOC_WRONG_FAMILY) &&
        (state_of(entry) == 1 && entry % 256 == (unsigned char)layer->api && !sound(layer->books, a) ==>
          kind_of(kind, at(a) - 16, size_of(entry), id_word((unsigned char)layer->api, bytes.forbidden))));
    predicate blamed{A,B}(layer_t *layer, integer call, unsigned char *p) =
      \at(told_of, B) == p && kind_for{A}(layer, call, (uintptr_t)p, \at(told, B));
    predicate damage_told{L} =
      told == PYMALLOC_LATE_WRITE || told == PYMALLOC_OVERRUN || told == PYMALLOC_UNDERRUN;
    predicate told_right{A,B}(layer_t *layer, integer call, unsigned char *p) = reported{A,B} ==>
      (p != \null && !whole{A}(layer, (uintptr_t)p) ? blamed{A,B}(layer, call, p) : damage_told{B});

    predicate entries_apart{L}(books_t *b) =
      \base_addr(b) != \base_addr(&layers[0]) &&
      \base_addr(b) != \base_addr(&bytes) &&
      \base_addr(b) != \base_addr(&any_live[0]) &&
      \base_addr(b->stacks.place) != \base_addr(b) &&
      \base_addr(b->stacks.place) != \base_addr(&layers[0]) &&
      \base_addr(b->registry.tree) != \base_addr(b) &&
      \base_addr(b->registry.entry) != \base_addr(b) &&
      \base_addr(b->registry.entry) != \base_addr(&bytes) &&
      \base_addr(b->registry.entry) != \base_addr(&any_live[0]) &&
      \base_addr(b->registry.entry) != \base_addr(&layers[0]) &&
      \base_addr(b->registry.entry) != \base_addr(b->stacks.place);
    predicate world_ok{L}(layer_t *layer, integer notes, integer s) =
      (layer->books == &locked_books || layer->books == &raw_books) && layer->books->open &&
      ((&locked_books)->open ==> books_ok(&locked_books, notes, s)) &&
      ((&raw_books)->open ==> books_ok(&raw_books, notes, s));
*/

/* The blocks that are held back: a ring of most + 1 places, in which those from first to next
   are taken; each place that is taken has a block that the books say is held. */
/*@ predicate ring_shape{L}(books_t *b, integer most) =
      0 <= most <= HELD_MOST && -1 <= b->room <= most && 0 <= b->first <= most && 0 <= b->next <= most &&
      b->next == (b->first + (most - b->room) <= most ? b->first + (most - b->room) : b->first - b->room - 1);
    predicate is_held{L}(books_t *b, integer most, integer i) = 0 <= i <= most &&
      (i >= b->first ? i - b->first < most - b->room : i - b->first + 1 < -b->room);
    logic integer held_at{L}(books_t *b, integer i) = (uintptr_t)b->held[i].block;
    predicate held_ok{L}(books_t *b, uint64_t *entry, integer a) =
      begins(&b->registry, a) && state_of(entry_for(&b->registry, a)) == 2 &&
      entry == b->registry.entry + slot_of(&b->registry, a);
    predicate ring_known{L}(books_t *b, integer most) = \forall integer i; is_held(b, most, i) ==>
      held_ok(b, b->held[i].entry, held_at(b, i));
    predicate ring_apart{L}(books_t *b, integer most) = \forall integer i, j; i < j &&
      is_held(b, most, i) && is_held(b, most, j) ==> held_at(b, i) / 32 != held_at(b, j) / 32;
    predicate ring_layers{L}(books_t *b, integer most, integer forbidden, integer serials) =
      \forall integer i; is_held(b, most, i) ==>
        layer_ok(b->held[i].layer, forbidden, serials) && b->held[i].layer->books == b;
    predicate ring_bytes{L}(books_t *b) = -FRAME_MOST <= b->room_bytes <= HELD_BYTES;
    predicate settled{L}(books_t *b) = b->room >= 0 && b->room_bytes >= 0;
    predicate ring_ok{L}(books_t *b, integer most, integer forbidden, integer serials) =
      ring_shape(b, most) && ring_known(b, most) && ring_apart(b, most) &&
      ring_layers(b, most, forbidden, serials) && ring_bytes(b);

    predicate not_held{L}(books_t *b, integer most, integer a) =
      \forall integer i; is_held(b, most, i) ==> held_at(b, i) / 32 != a / 32;
    logic unsigned char *oldest{L}(layer_t *layer) = layer->books->held[layer->books->first].block;
    predicate oldest_fits{L}(layer_t *layer, integer n) = \let b = layer->books; \let held = &b->held[b->first];
      8 * b->room < held_most && held->layer == layer && size_of(*held->entry) == n && !has_both(*held->entry);
*/

/* What one set of books has to be between calls; and what a call does not change of it. */
/*@ predicate raw_ok{L}(books_t *b, layer_t *raw, integer forbidden, integer serials) =
      (raw != \null ==> layer_ok(raw, forbidden, serials)) &&
      (\forall integer a; begins(&b->registry, a) && has_both(entry_for(&b->registry, a)) ==> raw != \null);
    predicate debug_ok{L}(books_t *b) =
      books_ok(b, noted, bytes.serials ? 8 : 0) && registry_room(&b->registry) && entries_apart(b) &&
      blocks_apart(&b->registry, bytes.serials ? 8 : 0) && raw_ok(b, raw_layer, bytes.forbidden, bytes.serials) &&
      ring_ok(b, held_most, bytes.forbidden, bytes.serials) &&
      (bytes.serials ==> noted) && clean_word == pad_word(bytes.clean) && dead_word == pad_word(bytes.dead);

    predicate known_same{A,B}(registry_t *r, integer but) = \forall integer c; c / 32 != but / 32 ==>
      (known{A}(r, c) <==> known{B}(r, c)) &&
      (known{A}(r, c) ==> slot_of{B}(r, c) == slot_of{A}(r, c) && entry_for{B}(r, c) == entry_for{A}(r, c));
    predicate setting_same{A,B} = \at(noted, A) == \at(noted, B) && \at(held_most, A) == \at(held_most, B) &&
      \at(raw_layer, A) == \at(raw_layer, B) && \at(bytes.clean, A) == \at(bytes.clean, B) &&
      \at(bytes.dead, A) == \at(bytes.dead, B) && \at(bytes.forbidden, A) == \at(bytes.forbidden, B) &&
      \at(bytes.serials, A) == \at(bytes.serials, B) && \at(clean_word, A) == \at(clean_word, B) &&
      \at(dead_word, A) == \at(dead_word, B);
    predicate layers_same{A,B}(books_t *b) = setting_same{A,B} && \forall layer_t *l;
      layer_ok{A}(l, \at(bytes.forbidden, A), \at(bytes.serials, A)) ==>
      layer_ok{B}(l, \at(bytes.forbidden, B), \at(bytes.serials, B)) && \at(l->books, A) == \at(l->books, B) &&
      \at(l->api, A) == \at(l->api, B);
    predicate lives_same{A,B}(registry_t *r, integer but) = \forall integer c; c / 32 != but / 32 ==>
      (is_live{A}(r, c) <==> is_live{B}(r, c)) &&
      (is_live{A}(r, c) ==> slot_of{B}(r, c) == slot_of{A}(r, c) && entry_for{B}(r, c) == entry_for{A}(r, c));
    predicate none_in_chunk{L}(registry_t *r, integer a) = \forall integer c; c / 32 == a / 32 ==> !is_live(r, c);
    predicate made{A,B}(registry_t *r, integer api, char *p, integer n) =
      (p == \null ==> lives_same{A,B}(r, -32)) &&
      (p != \null ==> none_in_chunk{A}(r, (uintptr_t)p) && is_live{B}(r, (uintptr_t)p) &&
        size_of(entry_for{B}(r, (uintptr_t)p)) == n && entry_for{B}(r, (uintptr_t)p) % 256 == api &&
        lives_same{A,B}(r, (uintptr_t)p));

    predicate moved{A,B}(registry_t *r, integer api, char *p, char *q, integer n) =
      none_in_chunk{A}(r, (uintptr_t)q) && is_live{B}(r, (uintptr_t)q) && !is_live{B}(r, (uintptr_t)p) &&
      size_of(entry_for{B}(r, (uintptr_t)q)) == n && entry_for{B}(r, (uintptr_t)q) % 256 == api &&
      (\forall integer c; c / 32 != (uintptr_t)p / 32 && c / 32 != (uintptr_t)q / 32 ==>
        (is_live{A}(r, c) <==> is_live{B}(r, c)) &&
        (is_live{A}(r, c) ==> slot_of{B}(r, c) == slot_of{A}(r, c) && entry_for{B}(r, c) == entry_for{A}(r, c)));

    predicate ring_same{A,B}(books_t *b) =
      \at(b->first, A) == \at(b->first, B) && \at(b->next, A) == \at(b->next, B) &&
      \at(b->room, A) == \at(b->room, B) && \at(b->room_bytes, A) == \at(b->room_bytes, B) &&
      \at(b->registry.entry, A) == \at(b->registry.entry, B) &&
      \forall integer i; 0 <= i <= HELD_MOST ==>
        \at(b->held[i].block, A) == \at(b->held[i].block, B) &&
        \at(b->held[i].entry, A) == \at(b->held[i].entry, B) &&
        \at(b->held[i].layer, A) == \at(b->held[i].layer, B);
    lemma ring_kept{A,B}: \forall books_t *b, integer a, most, forbidden, serials;
      ring_same{A,B}(b) && layers_same{A,B}(b) && known_same{A,B}(\at(&b->registry, A), a) &&
      not_held{A}(b, most, a) && ring_ok{A}(b, most, forbidden, serials) &&
      forbidden == \at(bytes.forbidden, A) == \at(bytes.forbidden, B) &&
      serials == \at(bytes.serials, A) == \at(bytes.serials, B) ==> ring_ok{B}(b, most, forbidden, serials);
    predicate words_same{A,B}(books_t *b) =
      \at(b->registry.tree, A) == \at(b->registry.tree, B) && \at(b->registry.entry, A) == \at(b->registry.entry, B) &&
      \at(b->registry.tree_end, A) == \at(b->registry.tree_end, B) &&
      \at(b->registry.entry_end, A) == \at(b->registry.entry_end, B) &&
      \at(b->registry.stride, A) == \at(b->registry.stride, B) &&
      \at(b->registry.first, A) == \at(b->registry.first, B) && \at(b->registry.end, A) == \at(b->registry.end, B) &&
      \at(b->stacks.place, A) == \at(b->stacks.place, B) && \at(b->stacks.depth, A) == \at(b->stacks.depth, B) &&
      (\forall integer i; \at(b->registry.tree[i], A) == \at(b->registry.tree[i], B)) &&
      (\forall integer i; \at(b->registry.entry[i], A) == \at(b->registry.entry[i], B)) &&
      (\forall integer i; \at(b->stacks.place[i].depth, A) == \at(b->stacks.place[i].depth, B));
    predicate books_memory{L}(books_t *b) = \valid(b) && registry_memory(&b->registry) && \valid(&b->stacks) &&
      (b->stacks.depth > 0 ==> stacks_memory(&b->stacks));
    lemma words_known{A,B}: \forall books_t *b; words_same{A,B}(b) ==> known_same{A,B}(\at(&b->registry, A), -32);
    lemma words_registry{A,B}: \forall books_t *b; words_same{A,B}(b) && books_memory{B}(b) &&
      registry_ok{A}(\at(&b->registry, A)) ==> registry_ok{B}(\at(&b->registry, A));
    lemma words_nodes{A,B}: \forall books_t *b; words_same{A,B}(b) &&
      registry_nodes_apart{A}(\at(&b->registry, A)) ==> registry_nodes_apart{B}(\at(&b->registry, A));
    lemma words_stacks{A,B}: \forall books_t *b; words_same{A,B}(b) && books_memory{B}(b) &&
      stacks_ok{A}(\at(&b->stacks, A)) ==> stacks_ok{B}(\at(&b->stacks, A));
    lemma words_own{A,B}: \forall books_t *b, integer s; words_same{A,B}(b) && any_same{A,B} &&
      books_own{A}(\at(&b->registry, A), s) ==> books_own{B}(\at(&b->registry, A), s);
    lemma words_notes{A,B}: \forall books_t *b; words_same{A,B}(b) && books_notes{A}(b) ==> books_notes{B}(b);
    lemma words_kept{A,B}: \forall books_t *b, integer notes, s; words_same{A,B}(b) && any_same{A,B} &&
      books_memory{B}(b) && books_ok{A}(b, notes, s) ==> books_ok{B}(b, notes, s);
    lemma blocks_kept{A,B}: \forall registry_t *r, integer s; known_same{A,B}(r, -32) && blocks_apart{A}(r, s) ==>
      blocks_apart{B}(r, s);
    lemma one_in_chunk{L}: \forall registry_t *r, integer a, c; known(r, a) && known(r, c) && a / 32 == c / 32 ==>
      a == c;
    lemma blocks_changed{A,B}: \forall registry_t *r, integer a, s; known_same{A,B}(r, a) && begins{A}(r, a) &&
      begins{B}(r, a) && start_at(a, entry_for{A}(r, a)) == start_at(a, entry_for{B}(r, a)) &&
      bytes_at(entry_for{A}(r, a), s) == bytes_at(entry_for{B}(r, a), s) && blocks_apart{A}(r, s) ==>
      blocks_apart{B}(r, s);
    lemma lives_trans{A,B,C}: \forall registry_t *r, integer a; lives_same{A,B}(r, a) && lives_same{B,C}(r, -32) ==>
      lives_same{A,C}(r, a);
    lemma lives_gone{A,B}: \forall registry_t *r, integer a; 0 <= a && !is_live{A}(r, a) && lives_same{A,B}(r, -32) ==>
      !is_live{B}(r, a);
    lemma lives_known{A,B}: \forall registry_t *r, integer a; known_same{A,B}(r, a) ==> lives_same{A,B}(r, a);
    lemma none_held{L}: \forall books_t *b, integer most, forbidden, serials;
      ring_ok(b, most, forbidden, serials) ==> not_held(b, most, -32);
    logic integer entry_with(integer n, integer outer) = 65536 * n + (outer != 0 ? 32768 : 0);
    predicate is_new{L}(registry_t *r, integer a, char *start, integer n, integer s) =
      \forall integer c; begins(r, c) ==>
        c / 32 != a / 32 && apart(start_at(c, entry_for(r, c)), bytes_at(entry_for(r, c), s), start, n);
    lemma apart_both: \forall char *p, *q, integer n, m; apart(p, n, q, m) ==> apart(q, m, p, n);
    lemma blocks_new{A,B}: \forall registry_t *r, integer a, s; known_same{A,B}(r, a) && begins{B}(r, a) &&
      is_new{A}(r, a, start_at(a, entry_for{B}(r, a)), bytes_at(entry_for{B}(r, a), s), s) && blocks_apart{A}(r, s) ==>
      blocks_apart{B}(r, s);
    lemma entry_with_inner: \forall integer n; 0 <= n ==> (65536 * n) / 65536 == n && (65536 * n) / 32768 % 2 == 0;
    lemma entry_with_outer: \forall integer n; 0 <= n ==>
      (65536 * n + 32768) / 65536 == n && (65536 * n + 32768) / 32768 % 2 == 1;
    lemma entry_with_parts: \forall integer n, outer; 0 <= n ==>
      size_of(entry_with(n, outer)) == n && (has_both(entry_with(n, outer)) <==> outer != 0);
    predicate numbered{L}(books_t *b, integer slot) = serial_of(b, slot, 1) == b->serial % 0x100000000000;
    predicate in_layers{L}(layer_t *l) = \base_addr(l) == \base_addr(&layers[0]);
    predicate readable{L}(layer_t *l) = \valid_read(l) && \valid_read(&l->inner);
    predicate layers_still{A,B} = \forall layer_t *l; in_layers{A}(l) ==>
      (readable{A}(l) ==> readable{B}(l)) &&
      \at(l->inner.malloc, A) == \at(l->inner.malloc, B) && \at(l->inner.calloc, A) == \at(l->inner.calloc, B) &&
      \at(l->inner.realloc, A) == \at(l->inner.realloc, B) && \at(l->inner.free, A) == \at(l->inner.free, B) &&
      \at(l->frame.serials, A) == \at(l->frame.serials, B) && \at(l->frame.id, A) == \at(l->frame.id, B) &&
      \at(l->frame.pad, A) == \at(l->frame.pad, B) && \at(l->around, A) == \at(l->around, B) &&
      \at(l->api, A) == \at(l->api, B) && \at(l->books, A) == \at(l->books, B);
    lemma layers_kept{A,B}: \forall books_t *b; layers_still{A,B} && setting_same{A,B} ==> layers_same{A,B}(b);
    predicate bytes_same{A,B}(registry_t *r, integer but, integer s) = \forall integer c, i; c / 32 != but / 32 &&
      is_live{A}(r, c) && -before(entry_for{A}(r, c)) <= i < behind(entry_for{A}(r, c), s) ==>
      \at(memory_at(c)[i], A) == \at(memory_at(c)[i], B);
    predicate books_kept{A,B}(registry_t *r, integer a, integer s) = 0 <= s && any_kept{A,B} && books_own{A}(r, s) &&
      books_own{B}(r, s) && lives_same{A,B}(r, a);
    predicate wrote{A,B}(registry_t *r, integer a, integer s) =
      begins{A}(r, a) && books_own{A}(r, s) && blocks_apart{A}(r, s) &&
      outside_kept{A,B}((unsigned char *)start_at(a, entry_for{A}(r, a)), bytes_at(entry_for{A}(r, a), s));
    logic char *later(char *p, integer k) = p + k;
    predicate copied{A,B}(unsigned char *q, unsigned char *p, integer n) =
      \forall integer i; 0 <= i < n ==> \at(q[i], B) == \at(p[i], A);
    predicate kept_bytes{A,B}(unsigned char *q, unsigned char *p, integer old, integer n) =
      \forall integer i; 0 <= i < n && i < old ==> \at(q[i], B) == \at(p[i], A);
    predicate framed{L}(unsigned char *p, integer n, integer id, integer pad) = intact(p - 16, n, id, pad, 0, 0);
    lemma room_kept{A,B}: \forall registry_t *r;
      \at(r->tree, A) == \at(r->tree, B) && \at(r->entry, A) == \at(r->entry, B) &&
      \at(r->entry_end, A) == \at(r->entry_end, B) && \at(r->region.base, A) == \at(r->region.base, B) &&
      \at(r->region.size, A) == \at(r->region.size, B) && \at(r->region.usable, A) == \at(r->region.usable, B) &&
      region_ok{B}(\at(&r->region, A)) && registry_room{A}(r) ==> registry_room{B}(r);
*/

#include "spec/setup.acsl.h"

/* What the check of everything and the list of leaks ask of a set of books, and when the list is empty. */
/*@ predicate check_ok{L}(books_t *b) = b->open ==>
      books_ok(b, noted, bytes.serials ? 8 : 0) && dead_word == pad_word(bytes.dead) &&
      raw_ok(b, raw_layer, bytes.forbidden, bytes.serials) && (bytes.serials ==> noted);
    predicate leaks_ok{L}(books_t *b) = b->open ==> books_ok(b, noted, bytes.serials ? 8 : 0);
    predicate leaks_none{L}(books_t *b) = b->open ==> \forall integer a; !is_live(&b->registry, a);
*/

/* More lemmas, for some functions (proofs/wp.py, PARTS). */
#ifdef PROVES_BYTES
#include "spec/bytes.acsl.h"
#endif
#ifdef PROVES_MADE
#include "spec/made.acsl.h"
#endif
#ifdef PROVES_FRESH
#include "spec/fresh.acsl.h"
#endif
