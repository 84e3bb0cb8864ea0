/* The families, by pointers, with objects and with hooks in front of the domains. */
#include "fuzz/families.h"

const target_t target = {
  .name = "families",
  .kinds = KINDS_BASIC | KIND(OP_OBJECT) | KIND(OP_HOOK),
  .who = 3,
  .open = families_open,
  .malloc = families_malloc,
  .calloc = families_calloc,
  .realloc = families_realloc,
  .free = families_free,
  .usable = families_usable,
  .check = families_check,
  .object = families_object,
  .hook = families_hook,
  .close = families_close,
};
