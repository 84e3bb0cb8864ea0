/* The debug layer as PYTHONMALLOC alone sets it up, and a variable that says nothing. */
#include "fuzz/debug_common.h"

const debug_setup_t debug_setup = {
  .at_load = "malloc",
  .at_first_use = "malloc_debug",
  .variables = {"PYMALLOC_QUARANTINE", "", "PYMALLOC_BYTES", ""},
  .means = {.clean = 0xCD, .dead = 0xDD, .forbidden = 0xFD, .held_most = 256},
};

const target_t target = {DEBUG_TARGET, .name = "debug"};
