#define _GNU_SOURCE /* program_invocation_short_name, syscall */
#include "python/counts.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "alloc/stats.h"

/* One domain's allocator and the calls it got. */
typedef struct {
  PyMemAllocatorEx served_by;
  size_t mallocs, callocs, reallocs, frees;
} family_t;

/* No locks: Python calls mem and obj with its lock held. */
static family_t mem_family, obj_family;
static size_t live_blocks, live_bytes, peak_blocks, peak_bytes;
static const space_t *served_from;
static bool layered; /* the debug layer is over raw */
static const char *where; /* PYMALLOC_STATS */
static pid_t counted;     /* the process whose figures these are; 0: none */

/* The bytes that a block has, which may be more than were asked for.  Large ones
   are the C library's: that is what CPython's raw domain is. */
static size_t usable(void *p) {
  if (space_owns(served_from, p)) return space_usable(served_from, p);
  return layered ? 0 : malloc_usable_size(p);
}

static void *taken(void *p) {
  if (p == NULL) return NULL;
  live_bytes += usable(p);
  if (live_bytes > peak_bytes) peak_bytes = live_bytes;
  if (++live_blocks > peak_blocks) peak_blocks = live_blocks;
  return p;
}

static void *count_malloc(void *ctx, size_t n) {
  family_t *f = ctx;
  f->mallocs++;
  return taken(f->served_by.malloc(f->served_by.ctx, n));
}

static void *count_calloc(void *ctx, size_t nelem, size_t elsize) {
  family_t *f = ctx;
  f->callocs++;
  return taken(f->served_by.calloc(f->served_by.ctx, nelem, elsize));
}

static void *count_realloc(void *ctx, void *p, size_t n) {
  family_t *f = ctx;
  f->reallocs++;
  size_t before = p == NULL ? 0 : usable(p);
  void *q = f->served_by.realloc(f->served_by.ctx, p, n);
  if (q != NULL && p != NULL) {
    live_bytes -= before;
    live_blocks--;
  }
  return taken(q);
}

static void count_free(void *ctx, void *p) {
  family_t *f = ctx;
  f->frees++;
  if (p != NULL) {
    live_bytes -= usable(p);
    live_blocks--;
  }
  f->served_by.free(f->served_by.ctx, p);
}

/* The report. */

static void print_number(FILE *out, size_t n) {
  char text[32];
  char *p = text + sizeof text;
  *--p = '\0';
  for (int digits = 0; digits == 0 || n != 0; digits++, n /= 10) {
    if (digits != 0 && digits % 3 == 0) *--p = ',';
    *--p = (char)('0' + n % 10);
  }
  fprintf(out, "%17s", p);
}

static void print_row(FILE *out, const char *label, const size_t *figures, size_t n) {
  fprintf(out, "%-18s", label);
  for (size_t i = 0; i < n; i++) print_number(out, figures[i]);
  fputc('\n', out);
}

static void print_table(FILE *out, size_t pools, size_t peak_pools) {
  const family_t *m = &mem_family, *o = &obj_family;
  fprintf(out, "\npymalloc " PYMALLOC_VERSION " in process %d (%s)\n", (int)getpid(),
          program_invocation_short_name);
  fprintf(out, "%35s%17s%17s%17s\n", "malloc", "calloc", "realloc", "free");
  print_row(out, "calls to mem", (size_t[]){m->mallocs, m->callocs, m->reallocs, m->frees}, 4);
  print_row(out, "calls to obj", (size_t[]){o->mallocs, o->callocs, o->reallocs, o->frees}, 4);
  fprintf(out, "%35s%17s\n", "at most", "at exit");
  print_row(out, "live blocks", (size_t[]){peak_blocks, live_blocks}, 2);
  print_row(out, "bytes in them", (size_t[]){peak_bytes, live_bytes}, 2);
  print_row(out, "pools of 64 KiB", (size_t[]){peak_pools, pools}, 2);
  if (m->mallocs + o->mallocs == 0)
    fputs("No calls: PYTHONMALLOC and -X dev make Python put its own allocator back.\n", out);
}

static void print_family(FILE *out, const char *name, const family_t *f) {
  fprintf(out, "\"%s\": {\"malloc\": %zu, \"calloc\": %zu, \"realloc\": %zu, \"free\": %zu}, ",
          name, f->mallocs, f->callocs, f->reallocs, f->frees);
}

static void print_json(FILE *out, size_t pools, size_t peak_pools) {
  fprintf(out, "{\"pymalloc\": \"" PYMALLOC_VERSION "\", \"pid\": %d, \"parent\": %d, ",
          (int)getpid(), (int)getppid());
  print_family(out, "mem", &mem_family);
  print_family(out, "obj", &obj_family);
  fprintf(out, "\"live_blocks\": %zu, \"peak_blocks\": %zu, \"live_bytes\": %zu, ", live_blocks,
          peak_blocks, live_bytes);
  fprintf(out, "\"peak_bytes\": %zu, \"pools\": %zu, \"peak_pools\": %zu}\n", peak_bytes, pools,
          peak_pools);
}

/* The whole report; how many bytes it has. */
static size_t compose(char *text, size_t size) {
  FILE *out = fmemopen(text, size, "w");
  if (out == NULL) return 0;
  pymalloc_stats now;
  pymalloc_get_stats(served_from, &now);
  size_t ever = now.pools + now.idle_pools + now.bare_pools;
  (strcmp(where, "1") == 0 ? print_table : print_json)(out, now.pools, ever);
  long length = ftell(out);
  fclose(out);
  return length < 0 ? 0 : (size_t)length;
}

/* Writes the report, in one piece, so that those of several processes don't mix. */
static void report(void) {
  if (getpid() != counted) return;
  counted = 0;
  char text[2048];
  size_t length = compose(text, sizeof text);
  int fd = STDERR_FILENO;
  if (where[0] == '/') fd = open(where, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0 || write(fd, text, length) != (ssize_t)length)
    fprintf(stderr, "pymalloc: cannot write statistics to %s: %s\n", where, strerror(errno));
}

/* Python's os._exit, which ends the children of multiprocessing, passes by
   everything else that happens at an exit.  In the child of a vfork it is still
   the parent's memory that this sees, and report does nothing. */
__attribute__((visibility("default"))) _Noreturn void _exit(int status) {
  report();
  for (;;) syscall(SYS_exit_group, status);
}

/* A forked child has its parent's blocks, but has made no calls of its own. */
static void count_for_child(void) {
  mem_family = (family_t){.served_by = mem_family.served_by};
  obj_family = (family_t){.served_by = obj_family.served_by};
  peak_blocks = live_blocks;
  peak_bytes = live_bytes;
  counted = getpid();
}

/* Starting. */

static bool wanted(void) {
  where = getenv("PYMALLOC_STATS");
  return where != NULL && (strcmp(where, "1") == 0 || strcmp(where, "json") == 0 || where[0] == '/');
}

static void count_calls(family_t *family, PyMemAllocatorEx *allocator) {
  family->served_by = *allocator;
  *allocator = (PyMemAllocatorEx){family, count_malloc, count_calloc, count_realloc, count_free};
}

void counts_start(const space_t *space, bool debug, PyMemAllocatorEx *mem, PyMemAllocatorEx *obj) {
  if (!wanted()) return;
  layered = debug;
  served_from = space;
  count_calls(&mem_family, mem);
  count_calls(&obj_family, obj);
  counted = getpid();
  pthread_atfork(NULL, NULL, count_for_child);
  /* Registered before main(), so run after all that Python does at its exit. */
  atexit(report);
}
