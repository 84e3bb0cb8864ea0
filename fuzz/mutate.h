/* Changes to inputs that leave them rows of operations which have to do with each other:
   an operation that is put in takes a slot that others use, and sizes near where the
   allocator changes its ways. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Changes data[0 .. size - 1] in place, to at most `most` bytes; returns how many there
   are now.  kinds: bits of the kinds of operations that mean something. */
size_t mutate(uint8_t *data, size_t size, size_t most, uint64_t seed, unsigned kinds);

/* Makes one input of parts of two, at most `most` bytes of `out`; returns how many. */
size_t mutate_cross(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                    size_t most, uint64_t seed);
