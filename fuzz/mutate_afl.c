/* AFL++'s custom mutator, as a library that it loads (AFL_CUSTOM_MUTATOR_LIBRARY).
   FUZZ_KINDS in the environment says which kinds of operations mean something to the
   target, as a number whose bits they are; all, if it is not set. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/mutate.h"

#define MOST ((size_t)1 << 16)

typedef struct {
  uint64_t seed;
  unsigned kinds;
  uint8_t out[MOST];
} mutator_t;

void *afl_custom_init(void *afl, unsigned seed);
size_t afl_custom_fuzz(void *data, uint8_t *in, size_t size, uint8_t **out, uint8_t *other,
                       size_t other_size, size_t most);
void afl_custom_deinit(void *data);

void *afl_custom_init(void *afl, unsigned seed) {
  (void)afl;
  mutator_t *m = calloc(1, sizeof *m);
  const char *kinds = getenv("FUZZ_KINDS");
  if (m == NULL) return NULL;
  m->seed = seed;
  m->kinds = kinds == NULL ? ~0u : (unsigned)strtoul(kinds, NULL, 0);
  return m;
}

size_t afl_custom_fuzz(void *data, uint8_t *in, size_t size, uint8_t **out, uint8_t *other,
                       size_t other_size, size_t most) {
  mutator_t *m = data;
  if (most > MOST) most = MOST;
  if (size > most) size = most;
  memcpy(m->out, in, size);
  *out = m->out;
  m->seed++;
  if (other != NULL && m->seed % 8 == 0)
    return mutate_cross(in, size, other, other_size, m->out, most, m->seed);
  return mutate(m->out, size, most, m->seed, m->kinds);
}

void afl_custom_deinit(void *data) { free(data); }
