/* The families, given pointers that are wrong: each report is compared with what the
   model says is wrong, and the heap must be as it was. */
#include "fuzz/families.h"

const target_t target = {
  .name = "misuse",
  .kinds = KINDS_BASIC | KIND(OP_MISUSE),
  .who = 3,
  .open = families_open,
  .malloc = families_malloc,
  .calloc = families_calloc,
  .realloc = families_realloc,
  .free = families_free,
  .usable = families_usable,
  .check = families_check,
  .misuse = families_misuse,
  .close = families_close,
};
