#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "bench/replay.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/trace.h"

/* Pages, since the C library's malloc may be the one that is measured. */
static trace_step_t *steps;
static size_t steps_count;
static void **blocks; /* by id */

static void *pages(size_t size) {
  void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

/* At least 8 bytes, since a block's size is written to it. */
static uint32_t size_replayed(uint32_t size) { return size < 8 ? 8 : size; }

/* Appends the frees of all blocks that are live. */
static void free_rest(const trace_ids_t *ids, uint8_t *is_free) {
  for (uint32_t i = 0; i < ids->freed; i++) is_free[ids->stack[i]] = 1;
  for (uint32_t id = 0; id < ids->ever; id++)
    if (!is_free[id]) steps[steps_count++] = trace_step(TRACE_FREE, id, 0);
}

static bool decode(const uint8_t *at, const uint8_t *end) {
  trace_ids_t *ids = pages(sizeof *ids);
  uint8_t *is_free = pages(TRACE_IDS_MOST);
  /* A step takes a byte at least, and a block that is live at the end one more. */
  steps = pages(2 * (size_t)(end - at) * sizeof *steps);
  blocks = pages(TRACE_IDS_MOST * sizeof *blocks);
  if (ids == NULL || is_free == NULL || steps == NULL || blocks == NULL) return false;
  at += TRACE_MAGIC_SIZE;
  while (at < end) {
    trace_step_t *step = &steps[steps_count++];
    at = trace_get(at, end, ids, step);
    if (at == NULL) return false;
    step->size = size_replayed(step->size);
  }
  free_rest(ids, is_free);
  memset(blocks, 1, ids->ever * sizeof *blocks); /* there before memory is watched */
  munmap(ids, sizeof *ids);
  munmap(is_free, TRACE_IDS_MOST);
  return true;
}

static void replay_round(bench_t *b) {
  PyMemAllocatorEx a = b->a;
  for (const trace_step_t *s = steps, *end = steps + steps_count; s < end; s++) {
    size_t *p;
    switch (s->call) {
      case TRACE_MALLOC: p = a.malloc(a.ctx, s->size); break;
      case TRACE_CALLOC: p = a.calloc(a.ctx, 1, s->size); break;
      case TRACE_REALLOC: p = a.realloc(a.ctx, blocks[s->id], s->size); break;
      default: a.free(a.ctx, blocks[s->id]); continue;
    }
    *p = s->size;
    blocks[s->id] = p;
  }
  b->calls += steps_count;
}

const workload_t *replay_open(const char *path) {
  static const workload_t replay = {"trace", "traces", "", NULL, replay_round, NULL, 0, 0};
  struct stat about;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0 || fstat(file, &about) != 0) {
    perror(path);
    return NULL;
  }
  size_t size = (size_t)about.st_size;
  const uint8_t *text = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
  close(file);
  if (text == MAP_FAILED || size < TRACE_MAGIC_SIZE ||
      memcmp(text, TRACE_MAGIC, TRACE_MAGIC_SIZE) != 0 || !decode(text, text + size)) {
    fprintf(stderr, "bench_worker: %s is not a trace\n", path);
    return NULL;
  }
  munmap((void *)(uintptr_t)text, size);
  return &replay;
}
