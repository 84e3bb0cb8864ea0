/* A recorded trace as a workload. */
#pragma once

#include "bench/workloads.h"

/* Reads the trace (trace.h) in a file, and returns the workload that replays it,
   with free for what is live at its end.  NULL, after a message on standard
   error, when it can't. */
const workload_t *replay_open(const char *path);
