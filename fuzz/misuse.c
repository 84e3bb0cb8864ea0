/* The families, given pointers that are wrong: each report is compared with what the
   model says is wrong, and the heap must be as it was. */
#include "fuzz/families.h"

const target_t target = {
  FAMILIES_TARGET,
  .name = "misuse",
  .kinds = KINDS_BASIC | KIND(OP_MISUSE),
};
