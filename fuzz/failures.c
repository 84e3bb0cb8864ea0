/* The families, while the system refuses what it is asked for, as the input says. */
#include "fuzz/families.h"

const target_t target = {
  .name = "failures",
  .kinds = KINDS_BASIC | KIND(OP_OBJECT) | KIND(OP_FAIL),
  .who = 3,
  .open = families_open,
  .malloc = families_malloc,
  .calloc = families_calloc,
  .realloc = families_realloc,
  .free = families_free,
  .usable = families_usable,
  .check = families_check,
  .fail = families_fail,
  .object = families_object,
  .close = families_close,
};
