/* Fuzzing without feedback: changes the inputs of a corpus at random and runs them, as
   fast as the machine goes, since nothing is instrumented.

     TARGET SECONDS SEED CURRENT FOLDER...

   CURRENT is the file that has the input that runs: after a crash it is the finding. */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzz/mutate.h"
#include "fuzz/run.h"

#define MOST 4096u    /* bytes of an input */
#define INPUTS 4096u

typedef struct {
  uint8_t data[MOST];
  size_t size;
} input_t;

static input_t *inputs;
static unsigned count;

static void fail(const char *what) {
  perror(what);
  exit(2);
}

static void load(const char *folder) {
  char path[4096];
  struct dirent *entry;
  DIR *dir = opendir(folder);
  if (dir == NULL) fail(folder);
  while ((entry = readdir(dir)) != NULL && count < INPUTS) {
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    FILE *in = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
    if (in == NULL) continue;
    inputs[count].size = fread(inputs[count].data, 1, MOST, in);
    fclose(in);
    count++;
  }
  closedir(dir);
}

/* One of the corpus, or one of parts of two, with a few changes. */
static size_t make(uint8_t *data, uint64_t n) {
  const input_t *a = &inputs[n % count], *b = &inputs[n / count % count];
  size_t size = a->size;
  if (n % 3 == 0) size = mutate_cross(a->data, a->size, b->data, b->size, data, MOST, n);
  else memcpy(data, a->data, size);
  for (uint64_t i = 0; i < n % 4 + 1; i++) size = mutate(data, size, MOST, 4 * n + i, target.kinds);
  return size;
}

int main(int argc, char **argv) {
  uint8_t data[MOST];
  if (argc < 5) {
    fprintf(stderr, "usage: %s SECONDS SEED CURRENT FOLDER...\n", argv[0]);
    return 2;
  }
  inputs = calloc(INPUTS, sizeof *inputs);
  int current = open(argv[3], O_RDWR | O_CREAT | O_TRUNC, 0666);
  if (inputs == NULL || current < 0) fail(argv[3]);
  for (int i = 4; i < argc; i++) load(argv[i]);
  if (count == 0) return 2;
  LLVMFuzzerInitialize(&argc, &argv);
  time_t end = time(NULL) + atoi(argv[1]);
  uint64_t n = strtoull(argv[2], NULL, 10) << 40, first = n;
  for (; time(NULL) < end; n++) {
    size_t size = make(data, n);
    if (pwrite(current, data, size, 0) < 0 || ftruncate(current, (off_t)size) != 0) fail(argv[3]);
    LLVMFuzzerTestOneInput(data, size);
  }
  close(current);
  unlink(argv[3]);
  printf("number_of_executed_units: %llu\n", (unsigned long long)(n - first));
  return 0;
}
