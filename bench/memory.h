/* How much memory an allocator takes for what it serves. */
#pragma once

#include "bench/workloads.h"

/* In bytes.  resident: what the process has of the machine's memory, beyond what
   it had when the watch began; live: what was asked for and is not freed. */
typedef struct {
  size_t peak_resident, peak_live;
  size_t kept_resident, kept_live; /* when the workload had freed most of its blocks */
} memory_t;

/* Puts a layer round b's allocator that counts, and writes to every byte of a
   block, and begins to watch. */
void memory_watch(bench_t *b);

/* What there was to see. */
memory_t memory_seen(bench_t *b);
