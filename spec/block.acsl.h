/* The logic of block numbers and sizes (alloc/block.h). */
#pragma once

/*@ logic integer class_bytes(integer c) = 16 * (c + 1);
    logic integer words_of(integer c) = 64 / (c + 1);
    logic integer word_offset(integer w, integer c) =
      65536 * (w / 64) + 64 * (w % 64) * class_bytes(c);
    logic integer block_offset(integer p, integer b, integer c) = 65536 * p + b * class_bytes(c);
    logic integer class_inv(integer c) = (268435456 + c) / (c + 1);
    logic integer inverse_rest(integer o, integer c) =
      o * class_inv(c) - 4294967296 * (o / class_bytes(c));
*/

/*@ lemma words_range: \forall integer c; 0 <= c < 32 ==> 2 <= words_of(c) <= 64; */
