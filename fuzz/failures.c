/* The families, while the system refuses what it is asked for, as the input says. */
#include "fuzz/families.h"

const target_t target = {
  FAMILIES_TARGET,
  .name = "failures",
  .kinds = KINDS_BASIC | KIND(OP_OBJECT) | KIND(OP_FAIL),
};
