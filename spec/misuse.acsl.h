/* The logic of misuse (alloc/misuse.h): a value that turns when one is said, and what was said last, of which
   address, for the call of which name. */
#pragma once

#include "spec/out.acsl.h"

#ifdef __FRAMAC__
//@ ghost bool said_turn;
//@ ghost int said_what;
//@ ghost const void *said_of;
//@ ghost const char *said_by;
#define SAID said_turn, said_what, said_of, said_by, PRINTED /* for `assigns` */
#endif

/* Whether one was; and that it is this one, of p, for a call whose name begins with this letter. */
/*@ predicate spoken{A,B} = \at(said_turn, A) != \at(said_turn, B);
    predicate said{L}(integer what, char *p, integer call) =
      said_what == what && said_of == p && *said_by == call;
*/
