/* libFuzzer's custom mutator and cross-over. */
#include "fuzz/mutate.h"
#include "fuzz/run.h"

/* Other engines than libFuzzer have none. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t most, unsigned seed);

/* One time in eight the engine's own, which knows the dictionary. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
  if (seed % 8 == 0 && LLVMFuzzerMutate != NULL) return LLVMFuzzerMutate(data, size, most);
  return mutate(data, size, most, seed, target.kinds);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t most, unsigned seed) {
  return mutate_cross(a, a_size, b, b_size, out, most, seed);
}
