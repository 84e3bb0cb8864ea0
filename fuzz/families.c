/* The families, by pointers, with objects and with hooks in front of the domains. */
#include "fuzz/families.h"

const target_t target = {
  FAMILIES_TARGET,
  .name = "families",
  .kinds = KINDS_BASIC | KIND(OP_OBJECT) | KIND(OP_HOOK),
};
