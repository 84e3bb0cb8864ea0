/* The logic of reports (alloc/report.h): which misuses can be told, and what of a block may be
   read for that. */
#pragma once

#ifdef __FRAMAC__ /* what a report changes: a value that turns; what was reported last, a kind of misuse, a leak or the
                     sum of leaks; and of which address a misuse was */
//@ ghost bool told_turn;
//@ ghost int told;
//@ ghost const void *told_of;
#define REPORTED PRINTED, told_turn, told, told_of
#define TOLD_LEAK (PYMALLOC_WITHOUT_LOCK + 1)
#define TOLD_LEAKS (PYMALLOC_WITHOUT_LOCK + 2)
#endif

/*@ predicate reported{A,B} = \at(told_turn, A) != \at(told_turn, B);

    predicate misuse_ok{L}(pymalloc_misuse *m) =
      \valid_read(m) && 0 <= m->kind <= PYMALLOC_WITHOUT_LOCK &&
      (m->kind == PYMALLOC_UNDERRUN ==> 0 <= m->part <= FRAME_BAD_SIZE) &&
      (m->stack != \null ==> \valid_read(m->stack) && stack_ok(m->stack));

    predicate block_readable{L}(pymalloc_misuse *m, debug_bytes_t *bytes) =
      \valid_read(bytes) && m->size <= FRAME_MOST &&
      \valid_read(m->block + (-16 .. m->size + (bytes->serials ? 15 : 7)));
*/
