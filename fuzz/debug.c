/* The debug layer as PYTHONMALLOC alone sets it up. */
#include "fuzz/debug_common.h"

const debug_setup_t debug_setup = {
  .pythonmalloc = "malloc_debug",
  .means = {.clean = 0xCD, .dead = 0xDD, .forbidden = 0xFD, .held_most = 256},
};

const target_t target = {DEBUG_TARGET, .name = "debug"};
