/* bench_worker KIND LIBRARY: runs workloads on one allocator, as told.

   Reads commands, one a line, from standard input, and answers each by a line:
     list         every workload: its name, group and description, by tabs; then an empty line
     watch        watches memory from the next workload on (memory.h): ok
     begin NAME   sets a workload up; /NAME is a file with a trace to replay: ok
     run N        does N rounds of it: "CALLS NANOSECONDS" (of the processor's time)
     end          tears it down: ok
     memory       the four figures of memory_t
   Ends at the end of the input. */
#define _POSIX_C_SOURCE 200809L
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/allocators.h"
#include "bench/memory.h"
#include "bench/mix.h"
#include "bench/replay.h"
#include "bench/workloads.h"

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

_Noreturn static void fail(const char *message, const char *detail) {
  fprintf(stderr, "bench_worker: %s %s\n", message, detail);
  exit(1);
}

static void no_mark(bench_t *b) { (void)b; }

/* A function of its own, for callgrind to count what happens in it. */
__attribute__((noinline)) static void measured(bench_t *b, uint64_t rounds) {
  for (uint64_t i = 0; i < rounds; i++) b->workload->round(b);
}

static void list(void) {
  for (size_t i = 0; i < workloads_count; i++)
    printf("%s\t%s\t%s\n", workloads[i].name, workloads[i].group, workloads[i].what);
  puts("");
}

static bool watching;

static void watch(void) {
  watching = true;
  workloads_touch();
  puts("ok");
}

static void begin(bench_t *b, const char *name) {
  b->workload = name[0] == '/' ? replay_open(name) : workload_find(name);
  if (b->workload == NULL) fail("no workload", name);
  if (watching) memory_watch(b);
  b->random = 0x9e3779b97f4a7c15u;
  if (b->workload->setup != NULL) b->workload->setup(b);
  puts("ok");
}

static void run(bench_t *b, uint64_t rounds) {
  b->calls = 0;
  uint64_t start = now();
  measured(b, rounds);
  uint64_t nanoseconds = now() - start;
  printf("%llu %llu\n", (unsigned long long)b->calls, (unsigned long long)nanoseconds);
}

static void end(bench_t *b) {
  if (b->workload->teardown != NULL) b->workload->teardown(b);
  b->workload = NULL;
  puts("ok");
}

static void memory(bench_t *b) {
  memory_t m = memory_seen(b);
  printf("%zu %zu %zu %zu\n", m.peak_resident, m.peak_live, m.kept_resident, m.kept_live);
}

static void obey(bench_t *b, const char *line) {
  if (strcmp(line, "list") == 0) list();
  else if (strcmp(line, "watch") == 0) watch();
  else if (strncmp(line, "begin ", 6) == 0) begin(b, line + 6);
  else if (strcmp(line, "memory") == 0) memory(b);
  else if (b->workload == NULL) fail("not begun:", line);
  else if (strncmp(line, "run ", 4) == 0) run(b, strtoull(line + 4, NULL, 10));
  else if (strcmp(line, "end") == 0) end(b);
  else fail("no command", line);
}

int main(int argc, char **argv) {
  static char line[4096];
  static char in[1 << 12], out[1 << 16];
  setvbuf(stdin, in, _IOFBF, sizeof in);
  setvbuf(stdout, out, _IOLBF, sizeof out);
  if (argc != 3) fail("usage:", "bench_worker KIND LIBRARY");
  bench_t b = {.mark = no_mark};
  if (!allocator_open(argv[1], argv[2], &b.a)) return 1;
  mix_start();
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    obey(&b, line);
  }
}
