/* The debug layer with its options: numbers of calls in frames, call stacks, 2.3's bytes,
   fewer blocks held back, leaks at exit. */
#include "fuzz/debug_common.h"

const debug_setup_t debug_setup = {
  .at_load = "debug",
  .at_first_use = "debug",
  .raw = true,
  .variables = {"PYMALLOC_SERIALS", "1", "PYMALLOC_STACKS", "3", "PYMALLOC_BYTES", "2.3",
                "PYMALLOC_QUARANTINE", "20", "PYMALLOC_LEAKS", "1"},
  .means = {.clean = 0xCB, .dead = 0xDB, .forbidden = 0xFB, .serials = true, .held_most = 20},
  .stack_depth = 3,
};

const target_t target = {DEBUG_TARGET, .name = "debug_options"};
