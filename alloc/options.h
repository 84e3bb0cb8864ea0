/* The options of the debug layer, from the environment.  debug.h says which there are. */
#pragma once

#include <stdbool.h>

#include "alloc/report.h"

#include "spec/setting.acsl.h"

#define HELD_MOST 1023u /* blocks that can be held back */
#define HELD_USUAL 256u

typedef struct {
  debug_bytes_t bytes;
  unsigned held_most;   /* so many blocks are held back */
  unsigned stack_depth; /* call stacks are kept so deep; 0: not at all */
  bool leaks;           /* they are listed at exit */
} options_t;

/* Reads them.  Ends the process, with status 1 and a line that says why, for a value that is not one
   of those in debug.h.  Rules: PM-DEBUG-05, PM-DEBUG-17. */
/*@ terminates \true;
    assigns PRINTED, setting_given;
    ensures PM_DEBUG_17_held: \result.held_most <= HELD_MOST;
    ensures PM_DEBUG_17_stacks: \result.stack_depth <= STACK_DEPTH_MOST;
    ensures PM_DEBUG_05_bytes: \result.bytes.clean == 0xCD && \result.bytes.dead == 0xDD && \result.bytes.forbidden == 0xFD ||
      \result.bytes.clean == 0xCB && \result.bytes.dead == 0xDB && \result.bytes.forbidden == 0xFB; */
options_t options_read(void);
