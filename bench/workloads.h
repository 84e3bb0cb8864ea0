/* The workloads: what an allocator is asked to do while it is measured. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "alloc/types.h"

/* One run of one workload on one allocator.  Every block has its request's size
   written to its first 8 bytes, as whoever asks for a block writes to it; nothing
   is read when it is freed (Python has an object's first bytes at hand then). */
typedef struct bench {
  PyMemAllocatorEx a;
  const struct workload *workload;
  uint64_t random;             /* state of the generator */
  uint64_t calls;              /* to the allocator so far */
  void (*mark)(struct bench *); /* called when a workload has freed most of its blocks */
} bench_t;

typedef struct workload {
  const char *name;
  const char *group; /* of workloads that have a mean of their own */
  const char *what;  /* one line */
  void (*setup)(bench_t *);    /* before the clock starts; may be NULL */
  void (*round)(bench_t *);    /* what is measured, again and again */
  void (*teardown)(bench_t *); /* after the clock has stopped; may be NULL */
  size_t size;                 /* of its blocks, where they have one */
  size_t blocks;               /* how many are live at most */
} workload_t;

extern const workload_t workloads[];
extern const size_t workloads_count;

/* The workload of a name, or NULL. */
const workload_t *workload_find(const char *name);

/* Has the workloads' own memory there, so that it is not taken for the allocator's. */
void workloads_touch(void);
