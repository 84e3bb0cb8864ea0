/* Records what a Python program asks of its allocator.  Preloaded (LD_PRELOAD)
   into CPython 3.11, this library stands around the allocator of the mem and obj
   domains from before main() on, and writes a trace (trace.h).

   Environment:
     PYMALLOC_TRACE        the file to write
     PYMALLOC_TRACE_STEPS  the process ends after so many steps (else: with the program)

   Each block is asked for with 16 bytes more, and its id is kept there. */
#define _DEFAULT_SOURCE
#include "bench/trace.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc/domain.h"

/* CPython's functions, by their symbols: alloc/names.h makes the usual names
   ours.  Weak, since programs that are not Python may be preloaded too. */
#define CPYTHON(symbol) __asm__(symbol) __attribute__((weak))

extern const unsigned long cpython_version CPYTHON("Py_Version");
void cpython_get_allocator(PyMemAllocatorDomain, PyMemAllocatorEx *) CPYTHON("PyMem_GetAllocator");
void cpython_set_allocator(PyMemAllocatorDomain, PyMemAllocatorEx *) CPYTHON("PyMem_SetAllocator");

#define HEADER 16u /* bytes: what blocks are aligned to */

static PyMemAllocatorEx served_by; /* by CPython, mem and obj are served alike */
static trace_ids_t ids;
static int file = -1; /* less than 0: not recording */
static uint64_t steps, steps_most = UINT64_MAX;
static uint8_t buffer[1 << 16];
static uint8_t *end = buffer;

/* Python calls mem and obj with its lock held, so none is needed here. */

static void flush(void) {
  if (file < 0) return;
  size_t size = (size_t)(end - buffer);
  end = buffer;
  if (write(file, buffer, size) == (ssize_t)size) return;
  perror("recorder: cannot write the trace");
  _exit(2);
}

static void record(trace_call_t call, uint32_t id, size_t size) {
  if (file < 0) return;
  if (size > TRACE_SIZE_MOST) size = TRACE_SIZE_MOST;
  if ((size_t)(end - buffer) > sizeof buffer - TRACE_STEP_MOST) flush();
  end = trace_put(end, trace_step(call, id, (uint32_t)size));
  if (++steps < steps_most) return;
  flush();
  _exit(0);
}

/* A block of the allocator below, with a new id. */
static void *taken(uint32_t *header, trace_call_t call, size_t n) {
  if (header == NULL) return NULL;
  if (trace_ids_full(&ids)) {
    fputs("recorder: too many live blocks\n", stderr);
    _exit(2);
  }
  *header = trace_id_take(&ids);
  record(call, *header, n);
  return (char *)header + HEADER;
}

static uint32_t *header_of(void *p) { return (uint32_t *)(void *)((char *)p - HEADER); }

static void *record_malloc(void *ctx, size_t n) {
  (void)ctx;
  if (n > PY_SSIZE_T_MAX - HEADER) return NULL;
  return taken(served_by.malloc(served_by.ctx, n + HEADER), TRACE_MALLOC, n);
}

static void *record_calloc(void *ctx, size_t nelem, size_t elsize) {
  (void)ctx;
  if (elsize != 0 && nelem > (PY_SSIZE_T_MAX - HEADER) / elsize) return NULL;
  size_t n = nelem * elsize;
  return taken(served_by.calloc(served_by.ctx, 1, n + HEADER), TRACE_CALLOC, n);
}

static void *record_realloc(void *ctx, void *p, size_t n) {
  if (p == NULL) return record_malloc(ctx, n);
  if (n > PY_SSIZE_T_MAX - HEADER) return NULL;
  uint32_t *header = served_by.realloc(served_by.ctx, header_of(p), n + HEADER);
  if (header == NULL) return NULL;
  record(TRACE_REALLOC, *header, n);
  return (char *)header + HEADER;
}

static void record_free(void *ctx, void *p) {
  (void)ctx;
  if (p == NULL) return;
  uint32_t *header = header_of(p);
  trace_id_give(&ids, *header);
  record(TRACE_FREE, *header, 0);
  served_by.free(served_by.ctx, header);
}

/* A forked child goes on without. */
static void stop(void) { file = -1; }

/* The environment is for this process only, not for those that it starts. */
static bool open_file(void) {
  const char *path = getenv("PYMALLOC_TRACE"), *most = getenv("PYMALLOC_TRACE_STEPS");
  if (path == NULL) return false;
  if (most != NULL) steps_most = strtoull(most, NULL, 10);
  file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) perror(path);
  unsetenv("PYMALLOC_TRACE");
  unsetenv("PYMALLOC_TRACE_STEPS");
  unsetenv("LD_PRELOAD");
  return file >= 0;
}

__attribute__((constructor)) static void install(void) {
  if (&cpython_version == NULL || cpython_version >> 16 != 0x030B || !open_file()) return;
  memcpy(end, TRACE_MAGIC, TRACE_MAGIC_SIZE);
  end += TRACE_MAGIC_SIZE;
  cpython_get_allocator(PYMEM_DOMAIN_OBJ, &served_by);
  PyMemAllocatorEx recording = {NULL, record_malloc, record_calloc, record_realloc, record_free};
  cpython_set_allocator(PYMEM_DOMAIN_MEM, &recording);
  cpython_set_allocator(PYMEM_DOMAIN_OBJ, &recording);
  pthread_atfork(NULL, NULL, stop);
  atexit(flush);
}
