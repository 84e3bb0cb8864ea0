/* The logic of reports (alloc/report.h): which misuses can be told, and what of a block may be
   read for that. */
#pragma once

/*@ predicate misuse_ok{L}(pymalloc_misuse *m) =
      \valid_read(m) && 0 <= m->kind <= PYMALLOC_WITHOUT_LOCK &&
      (m->kind == PYMALLOC_UNDERRUN ==> 0 <= m->part <= FRAME_BAD_SIZE) &&
      (m->stack != \null ==> \valid_read(m->stack) && stack_ok(m->stack));

    predicate block_readable{L}(pymalloc_misuse *m, debug_bytes_t *bytes) =
      \valid_read(bytes) && m->size <= FRAME_MOST &&
      \valid_read(m->block + (-16 .. m->size + (bytes->serials ? 15 : 7)));
*/
