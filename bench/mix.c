#include "bench/mix.h"

#include <assert.h>

uint16_t mix[MIX_DRAWS];

/* How often each size is asked for, in 1,000 requests of 512 bytes at most; a rare
   size is counted with the next larger one.  The mean of the traces of the programs
   in bench/programs, a million calls each, on CPython 3.11: traces.py prints this. */
static const struct {
  uint16_t size, per_mille;
} histogram[] = {
  {8, 34}, {20, 4}, {24, 10}, {28, 12}, {32, 279}, {36, 13}, {37, 4}, {39, 5}, {40, 27},
  {48, 102}, {50, 7}, {51, 20}, {52, 44}, {53, 50}, {54, 9}, {55, 20}, {56, 66}, {57, 11},
  {58, 10}, {59, 8}, {60, 5}, {61, 4}, {63, 4}, {64, 27}, {67, 5}, {68, 5}, {72, 28}, {78, 4},
  {82, 4}, {88, 5}, {96, 7}, {106, 5}, {112, 4}, {120, 12}, {152, 14}, {185, 5}, {190, 6},
  {200, 57}, {208, 7}, {224, 28}, {232, 24}, {400, 4}, {512, 1},
};

void mix_start(void) {
  uint32_t filled = 0, sum = 0;
  for (size_t i = 0; i < sizeof histogram / sizeof histogram[0]; i++) {
    sum += histogram[i].per_mille;
    while (filled < sum * MIX_DRAWS / 1000) mix[filled++] = histogram[i].size;
  }
  assert(filled == MIX_DRAWS);
  uint64_t random = 0x9e3779b97f4a7c15u;
  for (uint32_t i = MIX_DRAWS - 1; i > 0; i--) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    uint32_t j = (uint32_t)((random >> 32) * (i + 1) >> 32);
    uint16_t size = mix[i];
    mix[i] = mix[j];
    mix[j] = size;
  }
}
