#define _POSIX_C_SOURCE 200809L
#include "bench/memory.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static PyMemAllocatorEx inner;
static size_t live, base;
static memory_t seen;
static bool marked;

/* A workload writes a block's size to its start, so it is there to read. */

static void *counted(size_t *p, size_t from, size_t n) {
  memset((char *)p + from, 1, n - from);
  live += n;
  if (live > seen.peak_live) seen.peak_live = live;
  return p;
}

static void *watch_malloc(void *ctx, size_t n) { return counted(inner.malloc(ctx, n), 0, n); }

static void *watch_calloc(void *ctx, size_t nelem, size_t elsize) {
  return counted(inner.calloc(ctx, nelem, elsize), 0, nelem * elsize);
}

static void *watch_realloc(void *ctx, void *p, size_t n) {
  size_t before = *(size_t *)p;
  live -= before;
  return counted(inner.realloc(ctx, p, n), before < n ? before : n, n);
}

static void watch_free(void *ctx, void *p) {
  live -= *(size_t *)p;
  inner.free(ctx, p);
}

/* The bytes that /proc says after a label.  No stdio: that would allocate. */
static size_t proc_bytes(const char *path, const char *label) {
  char text[4096];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
  close(file);
  if (size < 0) return 0;
  text[size] = '\0';
  const char *line = strstr(text, label);
  return line == NULL ? 0 : strtoull(line + strlen(label), NULL, 10) * 1024;
}

static size_t resident(void) {
  size_t now = proc_bytes("/proc/self/smaps_rollup", "\nRss:");
  return now > base ? now - base : 0;
}

static void mark(bench_t *b) {
  (void)b;
  marked = true;
  seen.kept_resident = resident();
  seen.kept_live = live;
}

void memory_watch(bench_t *b) {
  inner = b->a;
  b->a = (PyMemAllocatorEx){inner.ctx, watch_malloc, watch_calloc, watch_realloc, watch_free};
  b->mark = mark;
  int file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
  ssize_t reset = write(file, "5", 1); /* the peak begins here */
  (void)reset;
  close(file);
  base = resident();
}

memory_t memory_seen(bench_t *b) {
  size_t peak = proc_bytes("/proc/self/status", "\nVmHWM:");
  seen.peak_resident = peak > base ? peak - base : 0;
  if (!marked) mark(b);
  return seen;
}
