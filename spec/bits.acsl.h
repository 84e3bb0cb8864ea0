/* The logic of one word: which bits are set. */
#pragma once

/*@ predicate bit(integer w, integer i) = (w & (1 << i)) != 0; */
