/* The logic of block numbers and sizes (alloc/block.h). */
#pragma once

/*@ logic integer class_bytes(integer c) = 16 * (c + 1);
    logic integer words_of(integer c) = 64 / (c + 1);
    logic integer class_inv(integer c) = (268435456 + c) / (c + 1);
*/
