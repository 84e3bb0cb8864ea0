/* The logic of one word: which bits are set. */
#ifndef PYMALLOC_SPEC_BITS_ACSL_H
#define PYMALLOC_SPEC_BITS_ACSL_H

/*@ predicate bit(integer w, integer i) = (w & (1 << i)) != 0; */

#endif
