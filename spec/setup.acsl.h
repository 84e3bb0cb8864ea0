/* The logic of setting up the debug layer (alloc/debug.c): what its options and its books are before the first
   call, and that this is all that calls ask for (debug_ok), if raw's layer is one. */
#pragma once

/*@ predicate setting_ok{L} = held_most <= HELD_MOST && stack_depth <= STACK_DEPTH_MOST &&
      (bytes.serials || stack_depth > 0 ==> noted) && clean_word == pad_word(bytes.clean) &&
      dead_word == pad_word(bytes.dead);
    predicate raw_layer_ok{L} = raw_layer != \null ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    predicate books_new{L}(books_t *b) = b->open && (\forall integer a; !known(&b->registry, a)) &&
      books_ok(b, noted, bytes.serials ? 8 : 0) && registry_room(&b->registry) && entries_apart(b) &&
      ring_ok(b, held_most, bytes.forbidden, bytes.serials) && settled(b);
    lemma new_ok{L}: \forall books_t *b; books_new(b) && setting_ok && raw_layer_ok ==> debug_ok(b);
*/
