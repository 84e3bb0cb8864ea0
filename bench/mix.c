#include "bench/mix.h"

uint16_t mix[MIX_DRAWS];

/* How often per 1,000 requests. */
static const struct {
  uint16_t size, per_mille;
} histogram[] = {
  {24, 40},  {32, 150}, {40, 60},  {48, 90},  {56, 160}, {64, 190}, {72, 80},
  {80, 50},  {88, 30},  {96, 30},  {104, 25}, {128, 30}, {160, 20}, {232, 15},
  {352, 10}, {456, 10}, {512, 10},
};

void mix_start(void) {
  uint32_t filled = 0, sum = 0;
  for (size_t i = 0; i < sizeof histogram / sizeof histogram[0]; i++) {
    sum += histogram[i].per_mille;
    while (filled < sum * MIX_DRAWS / 1000) mix[filled++] = histogram[i].size;
  }
  uint64_t random = 0x9e3779b97f4a7c15u;
  for (uint32_t i = MIX_DRAWS - 1; i > 0; i--) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    uint32_t j = (uint32_t)((random >> 32) * (i + 1) >> 32);
    uint16_t size = mix[i];
    mix[i] = mix[j];
    mix[j] = size;
  }
}
