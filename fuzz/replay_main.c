/* Runs the inputs in the files and folders that are named, each once: for tests, for
   coverage, and to see a finding again.  -r N: all of them N times, for measuring. */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "fuzz/run.h"

#define INPUT_MOST ((size_t)1 << 20)

static unsigned long inputs;

static void fail(const char *what) {
  perror(what);
  exit(2);
}

static void run_file(const char *name) {
  static uint8_t data[INPUT_MOST];
  FILE *in = fopen(name, "rb");
  if (in == NULL) fail(name);
  size_t n = fread(data, 1, sizeof data, in);
  if (ferror(in)) fail(name);
  fclose(in);
  /* A block of its own, so that a sanitizer sees a read beyond the end. */
  uint8_t *copy = malloc(n + 1);
  if (copy == NULL) fail("malloc");
  memcpy(copy, data, n);
  LLVMFuzzerTestOneInput(copy, n);
  free(copy);
  inputs++;
}

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static void run_any(const char *name) {
  struct stat st;
  struct dirent **entries;
  if (stat(name, &st) != 0) fail(name);
  if (!S_ISDIR(st.st_mode)) {
    run_file(name);
    return;
  }
  int n = scandir(name, &entries, NULL, by_name);
  if (n < 0) fail(name);
  for (int i = 0; i < n; i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", name, entries[i]->d_name);
    if (entries[i]->d_name[0] != '.') run_file(path);
    free(entries[i]);
  }
  free(entries);
}

int main(int argc, char **argv) {
  int first = 1, rounds = 1;
  if (argc > 2 && strcmp(argv[1], "-r") == 0) rounds = atoi(argv[2]), first = 3;
  if (first >= argc || strcmp(argv[1], "--help") == 0) {
    fprintf(stderr, "usage: %s [-r ROUNDS] FILE|FOLDER...\n", argv[0]);
    return 2;
  }
  LLVMFuzzerInitialize(&argc, &argv);
  for (int round = 0; round < rounds; round++)
    for (int i = first; i < argc; i++) run_any(argv[i]);
  double seconds = (double)clock() / CLOCKS_PER_SEC;
  printf("%s: %lu inputs, %llu calls, %.2f s of CPU\n", target.name, inputs,
         (unsigned long long)run_total(), seconds);
  return inputs == 0;
}
