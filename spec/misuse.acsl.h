/* The logic of misuse (alloc/misuse.h): how often one was said, and what was said last, of which
   address, for the call of which name. */
#pragma once

#ifdef __FRAMAC__
//@ ghost size_t said_times;
//@ ghost int said_what;
//@ ghost const void *said_of;
//@ ghost const char *said_by;
#define SAID said_times, said_what, said_of, said_by /* for `assigns` */
#endif

/* Whether one was; and that it is this one, of p, for a call whose name begins with this letter. */
/*@ predicate spoken{A,B} = \at(said_times, A) != \at(said_times, B);
    predicate said{L}(integer what, char *p, integer call) =
      said_what == what && said_of == p && *said_by == call;
*/
