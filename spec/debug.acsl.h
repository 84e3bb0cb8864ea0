/* The logic of the debug layer (alloc/debug.c): what its books say, and which memory is its own:
   blocks of the allocator below that it has and has not given back (any_block). */
#pragma once

/*@ logic unsigned char *at(integer a) = (unsigned char *)((uintptr_t)a);

    logic char *memory_at(integer a) = (char *)((uintptr_t)a);

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
*/

/* A block's memory, with its frame, or with both; s: the bytes of a serial number, or 0. */
/*@ predicate mine{L}(integer a, integer entry, integer s) =
      size_of(entry) <= FRAME_MOST &&
      (entry / 32768 % 2 == 0 ? any_block(memory_at(a) - 16, 24 + s + size_of(entry))
                              : any_block(memory_at(a) - 32, 48 + 2 * s + size_of(entry)));
    predicate books_own{L}(registry_t *r, integer s) =
      \forall integer a; begins(r, a) ==> mine(a, entry_for(r, a), s);

    logic integer serial_of{L}(books_t *b, integer slot, integer notes) =
      notes != 0 ? b->registry.entry[slot + NODE] / 0x100000 : 0;

    logic call_stack_t *stack_of{L}(books_t *b, integer slot, integer notes) =
      notes == 0 || b->registry.entry[slot + NODE] % 0x100000 == 0 ? (call_stack_t *)\null :
        b->stacks.place + (b->registry.entry[slot + NODE] % 0x100000 - 1);

    predicate intact{L}(unsigned char *base, integer n, integer id, integer pad, integer serials, integer serial) =
      word8_at(base) == n && word8_at(base + 8) == id && word8_at(base + (16 + n)) == pad &&
      (serials != 0 ==> word8_at(base + (24 + n)) == serial);

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
      \valid_read(layer) && allocator_ok(&layer->inner) &&
      layer->frame.serials == serials && layer->around == 24 + (serials != 0 ? 8 : 0) &&
      layer->frame.id == id_word((unsigned char)layer->api, forbidden) &&
      layer->frame.pad == pad_word(forbidden);

    predicate block_told{L}(pymalloc_misuse m, integer s) =
      (m.block != \null ==>
        m.size <= FRAME_MOST && \valid_read(m.block + (-16 .. 7 + s + m.size))) &&
      (m.stack != \null ==> \valid_read(m.stack) && stack_ok(m.stack));
    predicate misuse_told{L}(pymalloc_misuse m, integer s) =
      block_told(m, s) && 0 <= m.kind <= PYMALLOC_WITHOUT_LOCK &&
      (m.kind == PYMALLOC_UNDERRUN ==> 0 <= m.part <= FRAME_BAD_SIZE);

    predicate entries_apart{L}(books_t *b) =
      \base_addr(b->registry.entry) != \base_addr(b) &&
      \base_addr(b->registry.entry) != \base_addr(&bytes) &&
      \base_addr(b->registry.entry) != \base_addr(&any_live[0]) &&
      \base_addr(b->registry.entry) != \base_addr(b->stacks.place);
    predicate world_ok{L}(layer_t *layer, integer notes, integer s) =
      (layer->books == &locked_books || layer->books == &raw_books) && layer->books->open &&
      ((&locked_books)->open ==> books_ok(&locked_books, notes, s)) &&
      ((&raw_books)->open ==> books_ok(&raw_books, notes, s));
*/
